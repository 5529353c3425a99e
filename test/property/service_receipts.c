/* SPDX-License-Identifier: MIT */
/* Goal: whoever changes a receipt, an answer to vms.proof or a piece of evidence of an honest host is refused, or has changed nothing that it
 * says; nobody can make it accuse the host.
 * Method: texts of ledgers of many lengths are changed at random, in their bytes and in their parts; also by moving bytes between the sizes of
 * nodes, which no parent's hash notices. */
#include "lib/service/internal.h"
#include "test/support/storage.h"
#include "test/support/world.h"

#define TEXTS 24u
#define CHANGES 12000u

static uint64_t state_random;
static uint64_t pick(uint64_t below) { return sim_random(&state_random) % below; }

typedef struct texts {
  world w;
  vms_buffer receipts[TEXTS], growths[TEXTS], evidence[TEXTS];
  vms_head shorter[TEXTS], longer[TEXTS];
} texts;

static void head_at(world *w, vms_head *head) { assert_ok(vms_core_head(vms_service_core(w->service, VMS_CORE_LEDGER), head, NULL)); }

/* A ledger that grows, and texts from all its ages. */
static void prepare(texts *t) {
  world *w = &t->w;
  vms_head *heads = calloc(2000, sizeof *heads);
  size_t count = 0;
  world_init(w);
  world_deploy(w, "exports.echo = x => x\n");
  for (size_t i = 0; i < TEXTS; i++) {
    for (uint64_t calls = 1 + pick(i < 12 ? 4 : 60); calls > 0; calls--) {
      world_call(w, 1 + (int)pick(5), "echo", pick(2) != 0 ? "[\"\\u2028 \\\"x\\\"\"]" : "[{\"a\":[1,2,3]}]");
      if (pick(3) == 0) world_commit(w);
      head_at(w, &heads[count++]);
    }
    world_commit(w);
    head_at(w, &heads[count++]);
    t->longer[i] = heads[count - 1];
    do t->shorter[i] = heads[pick(count)];
    while (t->shorter[i].length == 0);
    assert_ok(vms_service_receipt(w->service, 2 + pick(t->longer[i].length - 2), &t->receipts[i], NULL));
    assert_ok(vms_service_proof(w->service, pick(2) != 0 ? UINT64_MAX : pick(t->longer[i].length), t->shorter[i].length, 0, &t->growths[i], NULL));
    assert_ok(vms__evidence_of_heads(&t->evidence[i], vms_service_core(w->service, VMS_CORE_LEDGER), &t->shorter[i], &t->longer[i]));
  }
  free(heads);
}

static void release(texts *t) {
  for (size_t i = 0; i < TEXTS; i++) {
    vms_buffer_free(&t->receipts[i]);
    vms_buffer_free(&t->growths[i]);
    vms_buffer_free(&t->evidence[i]);
  }
  world_deinit(&t->w);
}

/* --- changes ------------------------------------------------------------------------------------------- */

static void put(vms_buffer *text, size_t at, size_t gone, const char *bytes, size_t len) {
  vms_buffer out = VMS_BUFFER_INIT;
  assert_ok(vms_buffer_append(&out, "", 0)); /* the NUL, whatever is left */
  assert_ok(vms_buffer_append(&out, text->data, at));
  assert_ok(vms_buffer_append(&out, bytes, len));
  assert_ok(vms_buffer_append(&out, text->data + at + gone, text->len - at - gone));
  vms_buffer_free(text);
  *text = out;
}

typedef struct place { size_t at, len; } place;

/* Where the nodes stand; returns how many there are. */
static size_t nodes_of(const vms_buffer *text, place *places, size_t max) {
  size_t count = 0;
  for (const char *p = strstr(text->data, "{\"index\":"); p != NULL && count < max; p = strstr(p + 1, "{\"index\":")) {
    const char *size = strstr(p, "\"size\":"), *end = strchr(p, '}');
    if (size == NULL || end == NULL || size > end) break; /* it was changed already */
    places[count++] = (place){ (size_t)(p - text->data), (size_t)(end - p) + 1 };
  }
  return count;
}

static place size_of(const vms_buffer *text, place node) {
  const char *p = strstr(text->data + node.at, "\"size\":") + 7;
  return (place){ (size_t)(p - text->data), strspn(p, "0123456789") };
}

static void set_number(vms_buffer *text, place where, uint64_t number) {
  char digits[24];
  put(text, where.at, where.len, digits, (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)number));
}

/* Bytes go from one node to another: the sum stays. */
static void move_size(vms_buffer *text, const place *nodes, size_t count) {
  size_t from = (size_t)pick(count - 1), to = pick(3) == 0 ? (size_t)pick(count) : from + 1;
  place a = size_of(text, nodes[from]), b = size_of(text, nodes[to]);
  uint64_t x = strtoull(text->data + a.at, NULL, 10), y = strtoull(text->data + b.at, NULL, 10), moved = pick(2) != 0 ? 1 : pick(x + 1);
  if (to == from || moved > x) return;
  if (from < to) set_number(text, b, y + moved); /* the later one first: places before it stay */
  set_number(text, a, x - moved);
  if (from > to) set_number(text, b, y + moved);
}

static void change_nodes(vms_buffer *text) {
  place nodes[200];
  size_t count = nodes_of(text, nodes, 200), i;
  if (count < 2) return;
  i = (size_t)pick(count - 1);
  vms_buffer both = VMS_BUFFER_INIT;
  switch (pick(6)) {
    case 0: put(text, nodes[i].at, nodes[i + 1].at - nodes[i].at, "", 0); break; /* one is gone */
    case 1: /* twice */
      assert_ok(vms_buffer_append(&both, text->data + nodes[i].at, nodes[i].len + 1));
      put(text, nodes[i].at, 0, both.data, both.len);
      break;
    case 2: /* changed places */
      assert_ok(vms_buffer_append(&both, text->data + nodes[i + 1].at, nodes[i + 1].len));
      assert_ok(vms_buffer_append(&both, ",", 1));
      assert_ok(vms_buffer_append(&both, text->data + nodes[i].at, nodes[i].len));
      put(text, nodes[i].at, nodes[i + 1].at + nodes[i + 1].len - nodes[i].at, both.data, both.len);
      break;
    case 3: set_number(text, size_of(text, nodes[i]), pick(2) != 0 ? VMS__JSON_INT_MAX : pick(1000)); break;
    default: move_size(text, nodes, count); break;
  }
  vms_buffer_free(&both);
}

/* Something of another text: what stands behind the same word there. */
static void graft(vms_buffer *text, const vms_buffer *other) {
  static const char *const words[] = { "\"record\":", "\"nodes\":", "\"head\":", "\"seq\":", "\"treeHash\":", "\"signature\":", "\"length\":", "\"heads\":" };
  const char *word = words[pick(sizeof words / sizeof words[0])], *here = strstr(text->data, word), *there = strstr(other->data, word);
  vms_slice a, b;
  if (here == NULL || there == NULL) return;
  here += strlen(word);
  there += strlen(word);
  vms__json x = vms__json_over((vms_slice){ here, text->len - (size_t)(here - text->data) }, VMS__JSON_COMPACT);
  vms__json y = vms__json_over((vms_slice){ there, other->len - (size_t)(there - other->data) }, VMS__JSON_COMPACT);
  if (!vms__json_value(&x, &a) || !vms__json_value(&y, &b)) return;
  put(text, (size_t)(a.data - text->data), a.len, b.data, b.len);
}

static void change_bytes(vms_buffer *text) {
  size_t at = (size_t)pick(text->len);
  char c = text->data[at], hex = "0123456789abcdef"[pick(16)];
  switch (pick(5)) {
    case 0: text->data[at] = (char)(c ^ (char)(1u << pick(8))); break;
    case 1: put(text, at, 1, "", 0); break;
    case 2: put(text, at, 0, &c, 1); break;
    case 3: put(text, at, text->len - at, "", 0); break;
    default: /* another digit */
      while (at > 0 && (c < '0' || (c > '9' && c < 'a') || c > 'f')) c = text->data[--at];
      text->data[at] = hex;
      break;
  }
}

static void change(vms_buffer *text, const vms_buffer *original, const vms_buffer *others) {
  vms__buf_clear(text);
  assert_ok(vms_buffer_append(text, original->data, original->len));
  for (uint64_t changes = 1 + pick(8) / 7; changes > 0 && text->len > 0; changes--) switch (pick(4)) {
    case 0: change_bytes(text); break;
    case 1: graft(text, &others[pick(TEXTS)]); break;
    default: change_nodes(text); break;
  }
}

/* --- laws ---------------------------------------------------------------------------------------------------- */

static bool same_receipt(const vms_receipt *a, const vms_receipt *b) {
  return memcmp(a->ledger, b->ledger, VMS_KEY_LEN) == 0 && a->seq == b->seq && vms__slice_equal(a->record, b->record) && a->time_ms == b->time_ms && a->kind == b->kind &&
         a->head.length == b->head.length && memcmp(a->head.tree_hash, b->head.tree_hash, VMS_HASH_LEN) == 0 && a->has_signature == b->has_signature &&
         vms__slice_equal(a->request, b->request) && vms__slice_equal(a->result, b->result) && vms__slice_equal(a->name, b->name) && vms__slice_equal(a->message, b->message) &&
         a->seen_fits == b->seen_fits && a->signature_fits == b->signature_fits && a->seen_length == b->seen_length &&
         memcmp(a->before, b->before, VMS_HASH_LEN) == 0;
}

/* Nobody makes an honest host look like a liar. */
static void assert_no_accusation(vms_slice text) {
  vms_verdict verdict;
  vms_verdict_init(&verdict, NULL);
  if (vms_evidence_check(text, NULL, &verdict, NULL) == VMS_OK && verdict.verdict == VMS_VERDICT_FINDING)
    fail_msg("%s: %s\n%.*s", verdict.kind.data, verdict.message.data, (int)text.len, text.data);
  vms_verdict_free(&verdict);
}

static void receipts_say_the_same_or_nothing(void **state) {
  texts *t = *state;
  vms_buffer text = VMS_BUFFER_INIT, scratch[2] = { VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  unsigned refused = 0, same = 0;
  for (unsigned i = 0; i < CHANGES; i++) {
    vms_receipt right, changed;
    const vms_buffer *original = &t->receipts[pick(TEXTS)];
    vms_slice view = vms__buf_view(original);
    change(&text, original, t->receipts);
    if (vms_receipt_read(vms__buf_view(&text), &scratch[0], &changed, NULL) != VMS_OK) {
      refused++;
    } else if (!vms__slice_equal(view, vms__buf_view(&text))) {
      bool found = false; /* what it says is what one of them said */
      for (size_t k = 0; k < TEXTS && !found; k++) {
        assert_ok(vms_receipt_read(vms__buf_view(&t->receipts[k]), &scratch[1], &right, NULL));
        found = same_receipt(&right, &changed);
      }
      if (!found) fail_msg("%s", text.data);
      same++;
    }
    assert_no_accusation(vms__buf_view(&text));
  }
  printf("%u refused, %u say the same\n", refused, same);
  assert_true(refused > 2000 && same > 10);
  vms_buffer_free(&text);
  vms_buffer_free(&scratch[0]);
  vms_buffer_free(&scratch[1]);
}

static void evidence_of_honest_heads_never_accuses(void **state) {
  texts *t = *state;
  vms_buffer text = VMS_BUFFER_INIT;
  for (size_t i = 0; i < TEXTS; i++) assert_no_accusation(vms__buf_view(&t->evidence[i]));
  for (unsigned i = 0; i < CHANGES; i++) {
    change(&text, &t->evidence[pick(TEXTS)], t->evidence);
    assert_no_accusation(vms__buf_view(&text));
  }
  vms_buffer_free(&text);
}

static void answers_about_growth_give_no_false_evidence(void **state) {
  texts *t = *state;
  vms_buffer text = VMS_BUFFER_INIT, json = VMS_BUFFER_INIT;
  vms_growth growth;
  unsigned refused = 0, taken = 0;
  for (unsigned i = 0; i < CHANGES; i++) {
    size_t which = (size_t)pick(TEXTS);
    const vms_head *shorter = &t->shorter[which], *longer = &t->longer[which];
    change(&text, &t->growths[which], t->growths);
    if (vms_growth_read(vms__buf_view(&text), &growth, NULL) != VMS_OK) refused++;
    else taken++;
    vms__buf_clear(&json);
    if (vms_evidence_heads(shorter, longer, vms__buf_view(&text), &json, NULL) == VMS_OK) assert_no_accusation(vms__buf_view(&json));
  }
  printf("%u refused, %u read\n", refused, taken);
  assert_true(refused > 2000);
  vms_buffer_free(&text);
  vms_buffer_free(&json);
}

static int setup(void **state) {
  static texts t;
  state_random = sim_seed();
  prepare(&t);
  *state = &t;
  return 0;
}

static int teardown(void **state) {
  release(*state);
  return 0;
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(receipts_say_the_same_or_nothing),
    cmocka_unit_test(evidence_of_honest_heads_never_accuses),
    cmocka_unit_test(answers_about_growth_give_no_false_evidence),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
