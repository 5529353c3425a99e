/* SPDX-License-Identifier: MIT */
/* Goal: every rule of admission holds to the last bit, with a code of its own, for host and auditor alike.
 * Method: one table: requests just inside a rule and just outside of it. What the host takes an audit has to pass; what it refuses is put into its
 * ledger by force, signed by everybody concerned, and the auditor has to find it there. */
#include "lib/service/internal.h"
#include "test/support/forge.h"

#define DAY_US UINT64_C(86400000000)
#define REQUEST_MAX 1024u
#define NAME_128 "abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmn"
#define NAME_256 NAME_128 NAME_128
#define ARRAYS_8 "[[[[[[[["
#define ENDS_8 "]]]]]]]]"
#define ARRAYS_63 ARRAYS_8 ARRAYS_8 ARRAYS_8 ARRAYS_8 ARRAYS_8 ARRAYS_8 ARRAYS_8 "[[[[[[["
#define ENDS_63 ENDS_8 ENDS_8 ENDS_8 ENDS_8 ENDS_8 ENDS_8 ENDS_8 "]]]]]]]"

static_assert(sizeof NAME_256 == 257, "the longest method");
static_assert(sizeof ARRAYS_63 == 64, "the depth of params, but for one");

static const char contract[] =
  "exports.init = () => {}\nexports.f = x => x\nexports['a.b'] = exports.handshake = exports[''] = () => 1\nexports.value = 1\n"
  "exports['" NAME_256 "'] = exports['" NAME_256 "x'] = exports['\xc3\xa4'] = exports.toString = () => 1\n";

/* A request that is right: what a rule changes, or the text, in which `from` becomes `to`. */
typedef struct rule {
  const char *name;
  void (*change)(world *w, vms_request *request);
  const char *from, *to; /* in the text; NULL: nothing */
  int32_t code;          /* 0: admitted */
  const char *kind;      /* the finding that it is; "vm": one that only a replay can have */
  const char *says;      /* something in the message or the data */
} rule;

static void nonce_next(world *w, vms_request *r) { (void)w; (void)r; }
static void nonce_last(world *w, vms_request *r) { (void)w; r->nonce--; }
static void nonce_skipped(world *w, vms_request *r) { (void)w; r->nonce -= 2; }
static void nonce_one(world *w, vms_request *r) { (void)w; r->nonce = 1; }
static void nonce_day_ahead(world *w, vms_request *r) { r->nonce = w->now_ms * 1000 + DAY_US; }
static void nonce_later(world *w, vms_request *r) { r->nonce = w->now_ms * 1000 + DAY_US + 1; }
static void nonce_largest(world *w, vms_request *r) { (void)w; r->nonce = VMS__JSON_INT_MAX; }
static void until_now(world *w, vms_request *r) { r->until_ms = w->now_ms; }
static void until_past(world *w, vms_request *r) { r->until_ms = w->now_ms - 1; }
static void until_zero(world *w, vms_request *r) { (void)w; r->until_ms = 0; }
static void until_ever(world *w, vms_request *r) { (void)w; r->until_ms = VMS__JSON_INT_MAX; }
static void see(world *w, vms_request *r, uint64_t length) {
  vms_core *ledger = vms_service_core(w->service, VMS_CORE_LEDGER);
  r->seen_length = length;
  vms_core_tree_hash(ledger, VMS__MIN(length, vms_core_length(ledger)), r->seen_hash);
}
static void seen_first(world *w, vms_request *r) { see(w, r, 1); }
static void seen_all(world *w, vms_request *r) { see(w, r, vms_service_length(w->service)); }
static void seen_more(world *w, vms_request *r) { see(w, r, vms_service_length(w->service) + 1); }
static void seen_huge(world *w, vms_request *r) { see(w, r, VMS__JSON_INT_MAX); }
static void seen_mixed(world *w, vms_request *r) { see(w, r, 2); r->seen_length = 3; }
static void seen_bent(world *w, vms_request *r) { (void)w; r->seen_hash[31] ^= 0x80; }
static void other_ledger(world *w, vms_request *r) { (void)w; r->ledger[31] ^= 1; }
static void archives_key(world *w, vms_request *r) { vms_service_key(w->service, VMS_CORE_ARCHIVE, r->ledger); }
static void no_such(world *w, vms_request *r) { (void)w; r->method = SLICE("g"); }
static void no_function(world *w, vms_request *r) { (void)w; r->method = SLICE("value"); }
static void not_own(world *w, vms_request *r) { (void)w; r->method = SLICE("hasOwnProperty"); }
static void own(world *w, vms_request *r) { (void)w; r->method = SLICE("toString"); }
static void letters(world *w, vms_request *r) { (void)w; r->method = SLICE("\xc3\xa4"); }
static void init(world *w, vms_request *r) { (void)w; r->method = SLICE("init"); }
static void dotted(world *w, vms_request *r) { (void)w; r->method = SLICE("a.b"); }
static void handshake(world *w, vms_request *r) { (void)w; r->method = SLICE("handshake"); }
static void longest(world *w, vms_request *r) { (void)w; r->method = SLICE(NAME_256); }
static void deepest(world *w, vms_request *r) { (void)w; r->params = SLICE("[" ARRAYS_63 ENDS_63 "]"); }
static void filled(world *w, vms_request *r, size_t len) { /* so that the whole text has that length */
  static char params[REQUEST_MAX + 8];
  vms_buffer text = VMS_BUFFER_INIT;
  r->params = SLICE("[\"\"]");
  assert_ok(vms_request_write(&text, r, &w->error));
  memset(params, 'x', sizeof params);
  memcpy(params, "[\"", 2);
  memcpy(params + 2 + (len - text.len), "\"]", 2);
  r->params = (vms_slice){ params, 4 + (len - text.len) };
  vms_buffer_free(&text);
}
static void largest(world *w, vms_request *r) { filled(w, r, REQUEST_MAX); }
static void too_large(world *w, vms_request *r) { filled(w, r, REQUEST_MAX + 1); }

#define FORM VMS_CODE_SIGNATURE, "caller", "of the form that must be signed"
static const rule rules[] = {
  { "as it should be", nonce_next, NULL, NULL, 0, NULL, NULL },
  { "the last nonce with another text", nonce_last, NULL, NULL, VMS_CODE_NONCE, "caller", "\"executed\":true" },
  { "a nonce that was left out", nonce_skipped, NULL, NULL, VMS_CODE_NONCE, "caller", "\"executed\":false" },
  { "the smallest nonce", nonce_one, NULL, NULL, VMS_CODE_NONCE, "caller", "\"last\":17" },
  { "a nonce a day ahead", nonce_day_ahead, NULL, NULL, 0, NULL, NULL },
  { "a nonce more than a day ahead", nonce_later, NULL, NULL, VMS_CODE_NONCE, "caller", "clock" },
  { "the largest nonce", nonce_largest, NULL, NULL, VMS_CODE_NONCE, "caller", "\"executed\":false" },
  { "nonce 0", nonce_one, "\"nonce\":1,", "\"nonce\":0,", FORM },
  { "a nonce of 2^53", nonce_largest, "9007199254740991", "9007199254740992", FORM },
  { "a nonce of 2^64 + 1", nonce_largest, "9007199254740991", "18446744073709551617", FORM },
  { "a nonce with a zero before it", NULL, "\"nonce\":", "\"nonce\":0", FORM },
  { "a nonce with a sign", NULL, "\"nonce\":", "\"nonce\":+", FORM },
  { "a nonce below zero", NULL, "\"nonce\":", "\"nonce\":-", FORM },
  { "a nonce with a fraction", NULL, ",\"until\"", ".0,\"until\"", FORM },
  { "a nonce with an exponent", nonce_one, "\"nonce\":1,", "\"nonce\":1e15,", FORM },
  { "a nonce in quotes", nonce_one, "\"nonce\":1,", "\"nonce\":\"1\",", FORM },
  { "good until now", until_now, NULL, NULL, 0, NULL, NULL },
  { "expired a millisecond ago", until_past, NULL, NULL, VMS_CODE_EXPIRED, "caller", "sign it again" },
  { "expired long ago", until_zero, NULL, NULL, VMS_CODE_EXPIRED, "caller", "sign it again" },
  { "good for ever", until_ever, NULL, NULL, 0, NULL, NULL },
  { "until 2^53", until_ever, "9007199254740991", "9007199254740992", FORM },
  { "block 0 seen", seen_first, NULL, NULL, 0, NULL, NULL },
  { "everything seen", seen_all, NULL, NULL, 0, NULL, NULL },
  { "more seen than there is", seen_more, NULL, NULL, VMS_CODE_SEEN, "fork", "\"head\":{\"length\":" },
  { "far more seen", seen_huge, NULL, NULL, VMS_CODE_SEEN, "fork", "\"treeHash\":" },
  { "another length's hash", seen_mixed, NULL, NULL, VMS_CODE_SEEN, "fork", "\"head\":{" },
  { "a bent hash", seen_bent, NULL, NULL, VMS_CODE_SEEN, "fork", "\"head\":{" },
  { "nothing seen", seen_first, "\"length\":1,", "\"length\":0,", FORM },
  { "another ledger", other_ledger, NULL, NULL, VMS_CODE_SIGNATURE, "caller", "another ledger" },
  { "the archive's key", archives_key, NULL, NULL, VMS_CODE_SIGNATURE, "caller", "another ledger" },
  { "no such method", no_such, NULL, NULL, VMS_CODE_NO_METHOD, "vm", "vms.info" },
  { "a value", no_function, NULL, NULL, VMS_CODE_NO_METHOD, "vm", "vms.info" },
  { "an inherited method", not_own, NULL, NULL, VMS_CODE_NO_METHOD, "vm", "vms.info" },
  { "an own method of that kind", own, NULL, NULL, 0, NULL, NULL },
  { "a method of any letters", letters, NULL, NULL, 0, NULL, NULL },
  { "init", init, NULL, NULL, VMS_CODE_NO_METHOD, "caller", "vms.info" },
  { "a name with a dot", dotted, NULL, NULL, VMS_CODE_NO_METHOD, "caller", "vms.info" },
  { "handshake", handshake, NULL, NULL, VMS_CODE_NO_METHOD, "caller", "vms.info" },
  { "the longest name", longest, NULL, NULL, 0, NULL, NULL },
  { "a longer name", longest, "\"abc", "\"xabc", FORM },
  { "a name of nothing", NULL, "\"f\"", "\"\"", FORM },
  { "a name with an escape", NULL, "\"f\"", "\"\\u0066\"", FORM },
  { "a name with a control character", NULL, "\"f\"", "\"f\x01\"", FORM },
  { "a name that is no UTF-8", NULL, "\"f\"", "\"\xff\"", FORM },
  { "params as deep as may be", deepest, NULL, NULL, 0, NULL, NULL },
  { "params a level deeper", deepest, "[[]]", "[[[]]]", FORM },
  { "params of every kind", NULL, "[7]", "[1E400,-0.0e-1,\"\\ud800\\/\",{\"a\":[],\"a\":null},true]", 0, NULL, NULL },
  { "no params", NULL, ",\"params\":[7]", "", FORM },
  { "params by name", NULL, "[7]", "{\"x\":7}", FORM },
  { "params of null", NULL, "[7]", "null", FORM },
  { "white space in params", NULL, "[7]", "[7 ]", FORM },
  { "a line feed in params", NULL, "[7]", "[\n7]", FORM },
  { "params that are no JSON", NULL, "[7]", "[07]", FORM },
  { "params that are no UTF-8", NULL, "[7]", "[\"\xc3\"]", FORM },
  { "two params", NULL, "[7]", "[7],\"params\":[7]", FORM },
  { "the largest request", largest, NULL, NULL, 0, NULL, NULL },
  { "a request a byte larger", too_large, NULL, NULL, VMS_CODE_INVALID_REQUEST, "caller", "the limit is 1024" },
  { "another order", NULL, "\"method\":\"f\",\"params\":[7]", "\"params\":[7],\"method\":\"f\"", FORM },
  { "a member more", NULL, "\"method\"", "\"x\":1,\"method\"", FORM },
  { "a member more in seen", NULL, "\"},\"method\"", "\",\"x\":1},\"method\"", FORM },
  { "a member less", NULL, "\"seen\":{", "\"s\":{", FORM },
  { "white space", NULL, "{\"ledger\":", "{\"ledger\": ", FORM },
  { "white space behind", NULL, "[7]}", "[7]} ", FORM },
  { "something behind", NULL, "[7]}", "[7]}{}", FORM },
  { "an end too early", NULL, "[7]}", "[7]", FORM },
  { "a longer key", NULL, "{\"ledger\":\"", "{\"ledger\":\"00", FORM },
  { "a key in capitals", NULL, "{\"ledger\":\"", "{\"ledger\":\"A", FORM },
};

static void sign(world *w, int who) {
  uint8_t seed[VMS_SEED_LEN] = { (uint8_t)who };
  assert_ok(vms_request_sign(vms__buf_view(&w->request), seed, w->signature));
}

/* The request that is right, changed as the rule says, signed by caller 1. */
static void make_request(world *w, const rule *one) {
  vms_request request;
  vms_buffer text = VMS_BUFFER_INIT;
  const char *at;
  world_sign(w, 1, "f", "[7]");
  assert_ok(vms__buf_slice(&text, vms__buf_view(&w->request)));
  assert_ok(vms_request_read(vms__buf_view(&text), &request, NULL));
  if (one->change != NULL) one->change(w, &request);
  vms__buf_clear(&w->request);
  assert_ok(vms_request_write(&w->request, &request, &w->error));
  if (one->from != NULL) {
    vms__buf_clear(&text);
    assert_ok(vms__buf_slice(&text, vms__buf_view(&w->request)));
    at = strstr(text.data, one->from);
    if (at == NULL) fail_msg("%s: no %s in %s", one->name, one->from, text.data);
    vms__buf_clear(&w->request);
    assert_ok(vms_buffer_append(&w->request, text.data, (size_t)(at - text.data)));
    assert_ok(vms__buf_text(&w->request, one->to));
    assert_ok(vms__buf_text(&w->request, at + strlen(one->from)));
  }
  sign(w, 1);
  vms_buffer_free(&text);
}

/* 0 block 0, 1 start, 2 init, 3 f(7) with the last nonce */
static void open_world(forged *f) {
  f->w.options.flags = 0;
  f->w.options.limits.request = REQUEST_MAX;
  world_deploy(&f->w, contract);
  f->w.nonce++; /* one is left out */
  world_call(&f->w, 1, "f", "[7]");
  assert_string_equal(world_outcome(&f->w), "7");
  world_commit(&f->w);
}

static void close_world(forged *f) {
  vms_service_close(f->w.service);
  f->w.service = NULL;
  vms_memory_close(&f->w.storage);
  assert_ok(vms_memory_open(&f->w.storage, NULL, NULL));
}

static bool says(const vms_outcome *outcome, const char *text) {
  return strstr(outcome->message.data, text) != NULL || (outcome->data.len > 0 && strstr(outcome->data.data, text) != NULL);
}

/* A call like the last one, but with this request: put into the ledger by a host that does not care. */
static void force(forged *f, const vms__record *call) {
  vms_buffer scratch = VMS_BUFFER_INIT, copy = VMS_BUFFER_INIT;
  vms__record record;
  take_apart(f);
  size_t seq = f->count[VMS_CORE_LEDGER];
  copy_record(f, seq - 1, seq);
  assert_ok(vms__buf_slice(&copy, vms__buf_view(&f->blocks[VMS_CORE_LEDGER][seq])));
  assert_ok(vms__record_scan(vms__buf_view(&copy), &scratch, &record, NULL));
  record.time_ms = f->w.now_ms;
  record.caller_kind = call->caller_kind;
  memcpy(record.caller, call->caller, sizeof record.caller);
  record.caller_name = call->caller_name;
  record.request = call->request;
  record.has_signature = call->has_signature;
  memcpy(record.signature, call->signature, sizeof record.signature);
  vms__buf_clear(&f->blocks[VMS_CORE_LEDGER][seq]);
  assert_ok(vms__record_write(&f->blocks[VMS_CORE_LEDGER][seq], &record));
  vms_buffer_free(&scratch);
  vms_buffer_free(&copy);
}

static void force_signed(forged *f, int who) {
  vms__record call = { .caller_kind = VMS__CALLER_KEY, .request = vms__buf_view(&f->w.request), .has_signature = true };
  world_key(who, call.caller);
  memcpy(call.signature, f->w.signature, sizeof call.signature);
  force(f, &call);
}

static void expect_on_both_levels(forged *f, const char *name, const char *kind, uint64_t seq) {
  bool vm = strcmp(kind, "vm") == 0;
  f->options.level = VMS_AUDIT_FULL;
  expect(f, name, vm ? "caller" : kind, seq);
  f->options.level = VMS_AUDIT_CHAIN;
  expect(f, name, vm ? "ok" : kind, vm ? 0 : seq);
}

/* UTF-8 is what a record holds: what is none cannot even be written. */
static bool recordable(const world *w) { return vms__utf8_valid(w->request.data, w->request.len); }

static void check(forged *f, const rule *one, bool fresh) {
  world *w = &f->w;
  open_world(f);
  if (fresh) world_restart(w); /* a start comes first: the record's number is one more */
  w->now_ms += 10;
  make_request(w, one);
  uint64_t length = vms_service_length(w->service);
  world_resend(w, 1);
  if (one->code == 0) {
    if (w->outcome.kind != VMS_OUTCOME_RESULT) fail_msg("%s: %s", one->name, world_outcome(w));
    assert_string_equal(world_audit(w, NULL), "");
  } else {
    bool started = fresh && one->code == VMS_CODE_NO_METHOD; /* only a VM knows its methods */
    if (w->outcome.kind != VMS_OUTCOME_REFUSED || w->outcome.code != one->code || !says(&w->outcome, one->says))
      fail_msg("%s: %s (%s)", one->name, world_outcome(w), w->outcome.data.len > 0 ? w->outcome.data.data : "");
    assert_int_equal(vms_service_length(w->service), length + (started ? 1 : 0));
    if (!fresh && recordable(w)) {
      force_signed(f, 1);
      expect_on_both_levels(f, one->name, one->kind, 4);
    }
  }
  close_world(f);
}

static void every_rule_holds_to_the_last_bit(void **state) {
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) check(*state, &rules[i], false);
}

static void every_rule_holds_when_a_start_comes_first(void **state) {
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) check(*state, &rules[i], true);
}

static void signatures_are_those_of_the_caller(void **state) {
  static const uint8_t order[16] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14 };
  forged *f = *state;
  world *w = &f->w;
  for (int way = 0; way < 6; way++) {
    int who = way == 4 ? 2 : 1;
    open_world(f);
    make_request(w, &rules[0]);
    unsigned carry = 0;
    if (way < 3) w->signature[way * 31] ^= 1;                      /* R, and s */
    for (size_t i = 0; way == 3 && i < sizeof order; i++) {        /* s plus the order: the same for who does not look closely */
      carry += (unsigned)w->signature[32 + i] + order[i];
      w->signature[32 + i] = (uint8_t)carry;
      carry >>= 8;
    }
    for (size_t i = 48; way == 3 && i < 64; i++) {
      carry += (unsigned)w->signature[i] + (i == 63 ? 0x10u : 0u);
      w->signature[i] = (uint8_t)carry;
      carry >>= 8;
    }
    if (way == 5) memset(w->signature, 0, sizeof w->signature);
    world_resend(w, who);
    assert_int_equal(w->outcome.code, VMS_CODE_SIGNATURE);
    assert_true(says(&w->outcome, "does not fit"));
    force_signed(f, who);
    expect_on_both_levels(f, "a signature", "caller", 4);
    close_world(f);
  }
}

static void whoever_checked_the_signature_need_not_check_it_twice(void **state) {
  forged *f = *state;
  world *w = &f->w;
  uint8_t key[VMS_KEY_LEN];
  world_key(1, key);
  open_world(f);
  make_request(w, &rules[0]);
  assert_ok(vms_service_call_checked(w->service, vms__buf_view(&w->request), key, w->signature, &w->outcome));
  assert_string_equal(world_outcome(w), "7");
  assert_ok(vms_service_call_checked(w->service, vms__buf_view(&w->request), key, w->signature, &w->outcome)); /* the recorded outcome */
  assert_string_equal(world_outcome(w), "7");
  assert_int_equal(vms_service_length(w->service), 5);
  w->now_ms++;
  make_request(w, &rules[1]);
  assert_ok(vms_service_call_checked(w->service, vms__buf_view(&w->request), key, w->signature, &w->outcome)); /* everything else counts */
  assert_int_equal(w->outcome.code, VMS_CODE_NONCE);
  assert_string_equal(world_audit(w, NULL), "");
  assert_int_equal(vms_service_published(w->service), 5);
}

/* A call without a signature: who may make it, and what it looks like. */
static void unsigned_calls_are_for_those_whom_block_0_allows(void **state) {
  static const struct { uint32_t flags; const char *caller; int32_t code; } calls[] = {
    { 0, NULL, VMS_CODE_NOT_ALLOWED }, { 0, "debug:bob", VMS_CODE_NOT_ALLOWED },
    { VMS_SERVICE_ANONYMOUS, NULL, 0 }, { VMS_SERVICE_ANONYMOUS, "debug:bob", VMS_CODE_NOT_ALLOWED },
    { VMS_SERVICE_DEBUG, NULL, VMS_CODE_NOT_ALLOWED }, { VMS_SERVICE_DEBUG, "debug:bob", 0 },
    { VMS_SERVICE_ANONYMOUS | VMS_SERVICE_DEBUG, NULL, 0 }, { VMS_SERVICE_ANONYMOUS | VMS_SERVICE_DEBUG, "debug:bob", 0 },
  };
  forged *f = *state;
  world *w = &f->w;
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    vms_slice caller = calls[i].caller == NULL ? (vms_slice){ NULL, 0 } : SLICE(calls[i].caller);
    vms__record record = { .caller_kind = calls[i].caller == NULL ? VMS__CALLER_NONE : VMS__CALLER_DEBUG, .caller_name = caller,
                           .request = SLICE("{\"method\":\"f\",\"params\":[7]}") };
    w->options.flags = calls[i].flags;
    world_deploy(w, contract);
    world_call(w, 1, "f", "[7]");
    assert_ok(vms_service_call_unsigned(w->service, caller, SLICE("f"), SLICE("[7]"), &w->outcome));
    assert_int_equal(w->outcome.code, calls[i].code);
    if (calls[i].code == 0) {
      assert_string_equal(world_audit(w, NULL), "");
      assert_int_equal(w->verdict.unsigned_calls, 1);
    } else {
      assert_true(says(&w->outcome, "sign"));
      world_commit(w);
      force(f, &record);
      expect_on_both_levels(f, "not allowed", "caller", 4);
    }
    close_world(f);
  }
}

static void a_name_and_a_signature_belong_to_who_called(void **state) {
  forged *f = *state;
  world *w = &f->w;
  vms__record without = { .caller_kind = VMS__CALLER_KEY, .request = SLICE("{\"method\":\"f\",\"params\":[7]}") };
  vms__record with = { .caller_kind = VMS__CALLER_NONE, .request = SLICE("{\"method\":\"f\",\"params\":[7]}"), .has_signature = true };
  world_key(1, without.caller);
  w->options.flags = VMS_SERVICE_ANONYMOUS | VMS_SERVICE_DEBUG;
  world_deploy(w, contract);
  world_call(w, 1, "f", "[7]");
  world_commit(w);
  force(f, &without);
  expect_on_both_levels(f, "a key without a signature", "caller", 4);
  force(f, &with);
  expect_on_both_levels(f, "a signature without a key", "caller", 4);
  world_sign(w, 1, "f", "[7]");
  with.request = vms__buf_view(&w->request);
  with.has_signature = false;
  force(f, &with);
  expect_on_both_levels(f, "a signed text from nobody", "caller", 4);
  static const char *const names[] = { "debug:", "debug:a b", "bob", "debug:\xc3\xa4", ("debug:" NAME_128) };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    assert_ok(vms_service_call_unsigned(w->service, SLICE(names[i]), SLICE("f"), SLICE("[7]"), &w->outcome));
    assert_int_equal(w->outcome.code, VMS_CODE_NOT_ALLOWED);
  }
  close_world(f);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, forged_setup, forged_teardown)
  const struct CMUnitTest tests[] = {
    TEST(every_rule_holds_to_the_last_bit),
    TEST(every_rule_holds_when_a_start_comes_first),
    TEST(signatures_are_those_of_the_caller),
    TEST(whoever_checked_the_signature_need_not_check_it_twice),
    TEST(unsigned_calls_are_for_those_whom_block_0_allows),
    TEST(a_name_and_a_signature_belong_to_who_called),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
