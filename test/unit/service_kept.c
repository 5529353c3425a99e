/* SPDX-License-Identifier: MIT */
/* Goal: a host that goes back on what it signed is convicted by the heads and receipts that its callers kept, with evidence that needs no
 * trust; an honest one never is, whatever they kept and whenever.
 * Method: a service's storage is copied, and both copies go on with the same keys: two histories with a common beginning. */
#include "lib/service/internal.h"
#include "test/support/storage.h"
#include "test/support/world.h"

#define RECEIPTS_MAX 64u
static const char counter[] = "let n = 0\nexports.add = x => n += x\n";

typedef struct history {
  world w;
  vms_buffer receipts[RECEIPTS_MAX];
  vms_slice slices[RECEIPTS_MAX];
  size_t count;
} history;

typedef struct pair {
  history a, b;
  vms_buffer evidence;
} pair;

static int setup(void **state) {
  static pair p;
  memset(&p, 0, sizeof p);
  world_init(&p.a.w);
  world_init(&p.b.w);
  *state = &p;
  return 0;
}

static void release(history *h) {
  while (h->count > 0) vms_buffer_free(&h->receipts[--h->count]);
  world_deinit(&h->w);
}

static int teardown(void **state) {
  pair *p = *state;
  release(&p->a);
  release(&p->b);
  vms_buffer_free(&p->evidence);
  return 0;
}

static void head_of(world *w, vms_head *head) { assert_ok(vms_core_head(vms_service_core(w->service, VMS_CORE_LEDGER), head, NULL)); }

/* A call, committed, whose receipt is kept. */
static void call(history *h, const char *params) {
  assert_true(h->count < RECEIPTS_MAX);
  world_call(&h->w, 1, "add", params);
  assert_int_equal(h->w.outcome.kind, VMS_OUTCOME_RESULT);
  world_commit(&h->w);
  vms_buffer *receipt = &h->receipts[h->count];
  vms_buffer_init(receipt, NULL);
  assert_ok(vms_service_receipt(h->w.service, h->w.outcome.seq, receipt, &h->w.error));
  h->slices[h->count++] = vms__buf_view(receipt);
}

/* The other history begins as a copy of this one. */
static void fork_off(pair *p) {
  uint64_t len;
  size_t got;
  const vms_storage *from = &p->a.w.storage, *to = &p->b.w.storage;
  world_commit(&p->a.w);
  assert_ok(from->length(from->context, &len, NULL));
  char *bytes = malloc((size_t)len);
  assert_ok(from->read(from->context, 0, bytes, (size_t)len, &got, NULL));
  assert_ok(to->write(to->context, 0, bytes, (size_t)len, NULL));
  free(bytes);
  p->b.w.nonce = p->a.w.nonce;
  assert_ok(vms_service_open(&p->b.w.service, to, p->b.w.secret, NULL, &p->b.w.options, &p->b.w.error));
}

static const char *audit(pair *p, world *w, vms_audit_options *options) {
  vms__buf_clear(&p->evidence);
  options->evidence = &p->evidence;
  const char *kind = world_audit(w, options);
  assert_true((w->verdict.verdict == VMS_VERDICT_FINDING) == (w->verdict.conflict == 1));
  if (w->verdict.verdict != VMS_VERDICT_FINDING) assert_int_equal(p->evidence.len, 0);
  return kind;
}

/* What a stranger makes of the evidence. */
static void assert_convicts(pair *p, const char *kind) {
  vms_verdict verdict;
  vms_error error;
  vms_verdict_init(&verdict, NULL);
  assert_true(p->evidence.len > 0);
  if (vms_evidence_check(vms__buf_view(&p->evidence), NULL, &verdict, &error) != VMS_OK) fail_msg("%s\n%s", error.message, p->evidence.data);
  if (verdict.verdict != VMS_VERDICT_FINDING) fail_msg("%s", verdict.message.data);
  assert_text(verdict.kind, kind);
  vms_verdict_free(&verdict);
}

static void an_honest_host_stands_by_all_it_signed(void **state) {
  pair *p = *state;
  world *w = &p->a.w;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  vms_head heads[40];
  size_t count = 0;
  world_deploy(w, counter);
  for (int i = 0; i < 30; i++) {
    if (i % 5 == 4) world_restart(w);
    head_of(w, &heads[count++]);
    call(&p->a, "[1]");
  }
  options.receipts = p->a.slices;
  options.receipt_count = p->a.count;
  for (size_t i = 0; i < count; i++) {
    options.kept = &heads[i];
    assert_string_equal(audit(p, w, &options), "");
    assert_int_equal(w->verdict.receipts, 30);
  }
}

/* What the host signed after the head that is audited: a copy that is behind, a backup that has signed nothing new. */
static void who_is_behind_is_no_liar(void **state) {
  pair *p = *state;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  vms_head head;
  world_deploy(&p->a.w, counter);
  for (int i = 0; i < 5; i++) call(&p->a, "[1]");
  fork_off(p); /* a backup, which signs nothing */
  for (int i = 0; i < 5; i++) call(&p->a, "[1]");
  options.receipts = p->a.slices;
  options.receipt_count = 5;
  assert_string_equal(audit(p, &p->b.w, &options), "");
  assert_int_equal(p->b.w.verdict.receipts, 5);
  options.receipt_count = 6;
  assert_string_equal(audit(p, &p->b.w, &options), "withheld");
  assert_int_equal(p->b.w.verdict.verdict, VMS_VERDICT_INCOMPLETE);
  options.receipt_count = 0;
  head_of(&p->a.w, &head);
  options.kept = &head;
  assert_string_equal(audit(p, &p->b.w, &options), "withheld");
  assert_int_equal(p->b.w.verdict.conflict, 0);
  options.copy = 1; /* of then */
  assert_string_equal(audit(p, &p->b.w, &options), "");
  assert_true(p->b.w.verdict.promised == head.length);
  options.copy = 0;
  options.receipt_count = 10;
  assert_string_equal(audit(p, &p->a.w, &options), "");
  /* a record that both have, under a head that one of them has not */
  vms_buffer again = VMS_BUFFER_INIT;
  assert_ok(vms_service_receipt(p->a.w.service, 2, &again, &p->a.w.error));
  vms_slice slice = vms__buf_view(&again);
  options.kept = NULL;
  options.receipts = &slice;
  options.receipt_count = 1;
  for (options.copy = 0; options.copy < 2; options.copy++) {
    assert_string_equal(audit(p, &p->b.w, &options), ""); /* it stands, and what is missing is told */
    assert_true(p->b.w.verdict.promised == head.length);
    assert_int_equal(p->b.w.verdict.receipts, 1);
  }
  vms_buffer_free(&again);
}

static void a_fork_is_proved_by_a_kept_head(void **state) {
  pair *p = *state;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  vms_head heads[16];
  world_deploy(&p->a.w, counter);
  for (int i = 0; i < 3; i++) call(&p->a, "[1]");
  fork_off(p);
  for (int i = 0; i < 12; i++) {
    call(&p->a, "[2]");
    head_of(&p->a.w, &heads[i]);
  }
  uint64_t forked = heads[0].length;
  for (int i = 0; i < 12; i++) {
    call(&p->b, "[3]");
    for (int k = 0; k < 12; k++) {
      options.kept = &heads[k];
      const char *kind = audit(p, &p->b.w, &options);
      if (heads[k].length <= vms_service_length(p->b.w.service)) {
        assert_string_equal(kind, "fork");
        assert_convicts(p, "fork");
        assert_true(heads[k].length >= forked);
      } else {
        assert_string_equal(kind, "withheld");
      }
    }
  }
}

static void a_fork_is_proved_by_a_receipt(void **state) {
  pair *p = *state;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  world_deploy(&p->a.w, counter);
  for (int i = 0; i < 3; i++) call(&p->a, "[1]");
  fork_off(p);
  for (int i = 0; i < 8; i++) call(&p->a, "[2]");
  uint64_t common = vms_service_length(p->b.w.service);
  for (int i = 0; i < 8; i++) {
    call(&p->b, "[3]");
    for (size_t k = 0; k < p->a.count; k++) {
      options.receipts = &p->a.slices[k];
      options.receipt_count = 1;
      const char *kind = audit(p, &p->b.w, &options);
      if (k < 3) assert_string_equal(kind, "");
      else if (common + (k - 3) >= vms_service_length(p->b.w.service)) assert_string_equal(kind, "withheld"); /* a start came before in b alone */
      else assert_string_equal(kind, "receipt");
      if (p->b.w.verdict.verdict == VMS_VERDICT_FINDING) assert_convicts(p, "receipt");
    }
  }
  /* an old record, promised again by the other history */
  vms_buffer again = VMS_BUFFER_INIT;
  vms_slice slice;
  assert_ok(vms_service_receipt(p->a.w.service, 2, &again, &p->a.w.error));
  slice = vms__buf_view(&again);
  options.receipts = &slice;
  while (vms_service_length(p->b.w.service) < vms_service_length(p->a.w.service)) call(&p->b, "[3]");
  assert_string_equal(audit(p, &p->b.w, &options), "fork");
  assert_convicts(p, "fork");
  vms_buffer_free(&again);
}

/* Kept texts that are none say so, those of other ledgers are passed over. */
static void what_is_no_receipt_is_no_finding(void **state) {
  pair *p = *state;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  vms_verdict verdict;
  world_deploy(&p->a.w, counter);
  call(&p->a, "[1]");
  memset(p->b.w.secret, 8, sizeof p->b.w.secret);
  world_deploy(&p->b.w, counter);
  call(&p->b, "[1]");
  options.receipts = p->b.slices;
  options.receipt_count = 1;
  assert_string_equal(audit(p, &p->a.w, &options), "");
  assert_int_equal(p->a.w.verdict.receipts, 0);
  options.receipts = p->a.slices;
  vms_buffer *mine = &p->a.receipts[0];
  journal_options.flags = VMS_JOURNAL_READ_ONLY;
  assert_ok(vms_journal_open(&journal, &p->a.w.storage, &journal_options, NULL));
  static const struct { const char *where; int status; } bad[] = { { "\"seq\":2", VMS_ERR_FORM }, { "\"signature\":\"0100", VMS_ERR_SIGNATURE }, { "result", VMS_ERR_CORRUPT } };
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    char *at = strstr(mine->data, bad[i].where) + strlen(bad[i].where) - 1, was = *at;
    *at = bad[i].status == VMS_ERR_FORM ? 'x' : *at == '0' ? '1' : '0';
    vms_verdict_init(&verdict, NULL);
    assert_int_equal(vms_audit(journal, &options, &verdict, &p->a.w.error), bad[i].status);
    vms_verdict_free(&verdict);
    *at = was;
  }
  vms_journal_close(journal);
}

/* A caller holds two heads that contradict each other and asks who signed the longer one for the proof. */
static void two_heads_convict_with_the_hosts_own_answer(void **state) {
  pair *p = *state;
  vms_head shorter, longer;
  vms_buffer growth = VMS_BUFFER_INIT;
  vms_error error;
  world_deploy(&p->a.w, counter);
  for (int i = 0; i < 3; i++) call(&p->a, "[1]");
  fork_off(p);
  for (int i = 0; i < 14; i++) {
    call(&p->a, "[2]");
    head_of(&p->a.w, &shorter);
    while (vms_service_length(p->b.w.service) < shorter.length + (uint64_t)(i % 7)) call(&p->b, "[3]");
    head_of(&p->b.w, &longer);
    if (longer.length < shorter.length) continue;
    vms__buf_clear(&growth);
    vms__buf_clear(&p->evidence);
    if (longer.length > shorter.length) {
      assert_ok(vms_evidence_heads(&shorter, &longer, (vms_slice){ NULL, 0 }, &p->evidence, &error));
      vms_verdict verdict; /* a story that proves nothing */
      vms_verdict_init(&verdict, NULL);
      assert_ok(vms_evidence_check(vms__buf_view(&p->evidence), NULL, &verdict, &error));
      assert_int_equal(verdict.verdict, VMS_VERDICT_INCOMPLETE);
      assert_text(verdict.kind, "unproven");
      vms_verdict_free(&verdict);
      vms__buf_clear(&p->evidence);
      assert_ok(vms_service_proof(p->b.w.service, UINT64_MAX, shorter.length, longer.length, &growth, &error));
    }
    if (vms_evidence_heads(&shorter, &longer, vms__buf_view(&growth), &p->evidence, &error) != VMS_OK) fail_msg("%s", error.message);
    assert_convicts(p, "fork");
  }
  /* an honest host's heads give no evidence */
  head_of(&p->a.w, &shorter);
  call(&p->a, "[2]");
  head_of(&p->a.w, &longer);
  vms__buf_clear(&growth);
  vms__buf_clear(&p->evidence);
  assert_ok(vms_service_proof(p->a.w.service, UINT64_MAX, shorter.length, longer.length, &growth, &error));
  assert_int_equal(vms_evidence_heads(&shorter, &longer, vms__buf_view(&growth), &p->evidence, &error), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_evidence_heads(&longer, &longer, (vms_slice){ NULL, 0 }, &p->evidence, &error), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_evidence_heads(&longer, &shorter, (vms_slice){ NULL, 0 }, &p->evidence, &error), VMS_ERR_ARGUMENT);
  shorter.signature[9] ^= 1;
  assert_int_equal(vms_evidence_heads(&shorter, &longer, vms__buf_view(&growth), &p->evidence, &error), VMS_ERR_SIGNATURE);
  assert_int_equal(p->evidence.len, 0);
  vms_buffer_free(&growth);
}

/* Whoever may write a file chooses blocks that the host signs, in the core of the files' contents: they are no records. */
static void a_file_that_looks_like_a_record_accuses_nobody(void **state) {
  pair *p = *state;
  world *w = &p->a.w;
  vms_buffer record = VMS_BUFFER_INIT, params = VMS_BUFFER_INIT, receipt = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  vms_receipt read;
  vms_verdict verdict;
  vms_head head;
  world_deploy(w, "exports.put = x => System.files.writeFile('/x', x)\n");
  world_call(w, 1, "put", "[\"x\"]");
  world_commit(w);
  assert_ok(vms_service_record(w->service, w->outcome.seq, &record, &w->error));
  char *digit = strstr(record.data, "\"signature\":\"") + strlen("\"signature\":\"");
  *digit = *digit == '0' ? '1' : '0';
  assert_ok(vms__buf_byte(&params, '['));
  assert_ok(vms__buf_json_string(&params, record.data, record.len));
  assert_ok(vms__buf_byte(&params, ']'));
  world_call(w, 1, "put", params.data);
  assert_int_equal(w->outcome.kind, VMS_OUTCOME_RESULT);
  world_commit(w);
  vms_core *blobs = vms_service_core(w->service, VMS_CORE_BLOBS);
  assert_ok(vms_core_head(blobs, &head, &w->error));
  assert_ok(vms__receipt_write_proof(&receipt, blobs, &head, head.length - 1, vms__buf_view(&record), &w->error));
  vms_verdict_init(&verdict, NULL);
  assert_int_equal(vms_evidence_check(vms__buf_view(&receipt), NULL, &verdict, &w->error), VMS_ERR_FOREIGN);
  assert_int_equal(vms_receipt_read(vms__buf_view(&receipt), &scratch, &read, &w->error), VMS_ERR_FOREIGN);
  vms_verdict_free(&verdict);
  vms_buffer_free(&record);
  vms_buffer_free(&params);
  vms_buffer_free(&receipt);
  vms_buffer_free(&scratch);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
    TEST(an_honest_host_stands_by_all_it_signed), TEST(who_is_behind_is_no_liar), TEST(a_fork_is_proved_by_a_kept_head),
    TEST(a_fork_is_proved_by_a_receipt), TEST(what_is_no_receipt_is_no_finding), TEST(two_heads_convict_with_the_hosts_own_answer),
    TEST(a_file_that_looks_like_a_record_accuses_nobody),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
