/* SPDX-License-Identifier: MIT */
/* Goal: whatever a host writes that the rules forbid, the auditor names it with the right kind of finding, at the right record.
 * Method: an honest ledger is taken apart, one thing is changed, everything is put together and signed anew with the host's keys.
 * Its callers collude: their keys are the host's, so requests are signed anew as well. */
#include "lib/ledger/internal.h"
#include "lib/service/internal.h"
#include "test/support/forge.h"
#include "test/support/storage.h"

static const char script[] =
  "let n = 0\nexports.init = () => { n = 1; if (n === 0) throw 7 }\nexports.count = () => ++n\nexports.spin = () => { for (;;) n++ }\n"
  "exports.write = async x => { await System.files.writeFile('/' + x, 'content of ' + x) }\n";

/* 0 block 0, 1 start, 2 init, 3 unsigned count, 4 signed count, 5 signed write; */
static void honest(forged *f) {
  world_deploy(&f->w, script);
  assert_ok(vms_service_call_unsigned(f->w.service, (vms_slice){ NULL, 0 }, SLICE("count"), SLICE("[]"), &f->w.outcome));
  f->w.now_ms += 10;
  world_call(&f->w, 1, "count", "[]");
  world_call(&f->w, 2, "write", "[\"a\"]");
  assert_string_equal(world_audit(&f->w, NULL), "");
  take_apart(f);
}

/* --- tests ------------------------------------------------------------------------------------------------------ */

typedef struct lie { size_t seq; const char *from, *to, *kind; uint64_t at; } lie;

static void tell_all(forged *f, const lie *lies, size_t count) {
  for (size_t i = 0; i < count; i++) {
    take_apart(f);
    if (lies[i].from == NULL) set_block(f, lies[i].seq, lies[i].to);
    else edit(f, lies[i].seq, lies[i].from, lies[i].to);
    expect(f, lies[i].to, lies[i].kind, lies[i].at);
  }
}

static void block_0_cannot_be_bent(void **state) {
  forged *f = *state;
  static const lie lies[] = {
    { 0, "\"v\":1", "\"v\":2", "engine", 0 }, { 0, "vms-js/0", "vms-js/99", "engine", 0 }, { 0, "\"oracles\":[]", "\"oracles\":[\"a.b\"]", "engine", 0 },
    { 0, "\"owner\":null", "\"owner\":{}", "engine", 0 }, { 0, "\"owner\":null", "\"owner\":null,\"x\":1", "ledger", 0 },
    { 0, "\"epoch\":10000", "\"epoch\":0", "ledger", 0 }, { 0, "\"epoch\":10000", "\"epoch\":010000", "ledger", 0 },
    { 0, "\"epoch\":10000", "\"epoch\":1", "start", 3 }, { 0, "\"steps\":10000000", "\"steps\":0", "ledger", 0 },
    { 0, "\"memory\":67108864", "\"memory\":0", "ledger", 0 }, { 0, "\"files_call\":16777216", "\"files_call\":0", "ledger", 0 },
    { 0, "\"steps\":10000000", "\"steps\":9007199254740991", "budget", 0 }, { 0, "\"steps\":10000000", "\"steps\":9007199254740992", "ledger", 0 },
    { 0, "\"memory\":67108864", "\"memory\":9007199254740991", "budget", 0 }, { 0, "\"files_call\":16777216", "\"files_call\":9007199254740991", "budget", 0 },
    { 0, "\"steps\":10000000", "\"steps\":5", "result", 1 }, { 0, "\"title\":\"\"", "\"title\":\"\\u0061\"", "ledger", 0 },
    { 0, "\"title\":\"\"", "\"title\":\"\\ud800\"", "ledger", 0 }, { 0, "\\n", "\\u000a", "ledger", 0 }, { 0, "\"anonymous\":true", "\"anonymous\":false", "caller", 3 },
    { 0, "\"anonymous\":true", "\"anonymous\":1", "ledger", 0 }, { 0, "\"time\":1", "\"time\":2", "time", 1 }, { 0, "\"type\":\"init\"", "\"type\":\"start\"", "ledger", 0 },
    { 0, "\"archive\":\"", "\"archive\":\"0", "ledger", 0 }, { 0, "++n", "--n", "result", 3 },
    { 0, "let n = 0", "let n = (", "result", 1 }, { 0, NULL, "", "ledger", 0 }, { 0, NULL, "not JSON", "ledger", 0 }, { 0, NULL, "{\"type\":\"init\"", "ledger", 0 },
  };
  honest(f);
  tell_all(f, lies, sizeof lies / sizeof lies[0]);
  take_apart(f);
  char key[2 * VMS_KEY_LEN + 1] = "";
  memset(key, 'a', sizeof key - 1);
  memcpy(strstr(f->blocks[0][0].data, "\"archive\":\"") + 11, key, sizeof key - 1);
  expect(f, "another archive", "archive", 0);
}

static void records_cannot_be_bent(void **state) {
  forged *f = *state;
  static const lie lies[] = {
    { 5, NULL, "", "ledger", 5 }, { 5, NULL, "not JSON", "ledger", 5 }, { 5, NULL, "{}", "ledger", 5 }, { 5, NULL, "[[[[[[[[", "ledger", 5 },
    { 5, "\"type\":\"call\"", "\"type\":\"note\"", "ledger", 5 }, { 5, "}}", "},\"x\":1}", "ledger", 5 }, { 5, "\"blobs\":1", "\"blobs\":1,\"x\":2", "ledger", 5 },
    { 5, "\"blobs\":1", "\"blobs\":2", "files", 5 }, { 5, ",\"blobs\":1", "", "ledger", 5 }, { 5, "\"version\":2", "\"version\":9007199254740991", "files", 5 },
    { 5, "\"oracles\":[]", "\"oracles\":[],\"vrf\":\"00\"", "ledger", 5 }, { 5, ",\"steps\"", ",\"result\":1,\"aborted\":\"steps\",\"steps\"", "ledger", 5 },
    { 5, ",\"steps\"", ",\"aborted\":\"steps\",\"steps\"", "result", 5 }, { 5, ",\"steps\"", ",\"aborted\":\"time\",\"steps\"", "ledger", 5 },
    { 5, ",\"steps\"", ",\"result\":,\"steps\"", "ledger", 5 }, { 5, ",\"steps\"", ",\"result\":null,\"steps\"", "result", 5 },
    { 4, "\"result\":3", "\"result\":3.0", "result", 4 }, { 4, "\"result\":3", "\"result\": 3", "ledger", 4 }, { 4, "\"result\":3", "\"error\":{\"name\":\"Error\",\"message\":\"\"}", "result", 4 },
    { 4, "\"caller\":\"", "\"caller\":\"A", "ledger", 4 }, { 4, "\"time\":17", "\"time\":16", "time", 4 }, { 4, "\"time\":17", "\"time\":18", "caller", 4 },
    { 3, "\"caller\":null", "\"caller\":\"debug:bob\"", "caller", 3 }, { 3, "\"caller\":null", "\"caller\":\"debug:\"", "ledger", 3 },
    { 3, "\\\"count\\\"", "\\\"constructor\\\"", "caller", 3 }, { 3, "\\\"count\\\"", "\\\"init\\\"", "caller", 3 }, { 3, "\\\"count\\\"", "\\\"a.b\\\"", "caller", 3 },
    { 3, "\\\"params\\\":[]", "\\\"params\\\":{}", "caller", 3 }, { 3, "\\\"params\\\":[]", "\\\"params\\\":[ ]", "caller", 3 }, { 3, "\"oracles\"", "\"signature\":\"\",\"oracles\"", "ledger", 3 },
    { 2, "\\\"params\\\":[]", "\\\"params\\\":[1]", "caller", 2 }, { 2, "\\\"init\\\"", "\\\"count\\\"", "caller", 2 },
    { 1, "\"reason\":\"boot\"", "\"reason\":\"evicted\"", "start", 1 }, { 1, "\"reason\":\"boot\"", "\"reason\":\"moved\"", "ledger", 1 },
    { 1, ",\"steps\"", ",\"error\":{\"name\":\"Error\",\"message\":\"\"},\"steps\"", "result", 1 }, { 1, ",\"steps\"", ",\"aborted\":\"files\",\"steps\"", "ledger", 1 },
    { 1, ",\"steps\":", ",\"steps\":9", "steps", 1 }, { 1, "\"blobs\":0", "\"blobs\":1", "start", 1 }, { 1, "\"build\":\"", "\"build\":\"0", "ledger", 1 },
  };
  honest(f);
  tell_all(f, lies, sizeof lies / sizeof lies[0]);
}

static void expired(forged *f, vms_request *request) { request->until_ms = f->w.now_ms - 1; }
static void too_far_ahead(forged *f, vms_request *request) { request->nonce = (f->w.now_ms + 86400001) * 1000; }
static void nonce_largest(forged *f, vms_request *request) { (void)f; request->nonce = VMS__JSON_INT_MAX; }
static void seen_beyond(forged *f, vms_request *request) { (void)f; request->seen_length = 6; }
static void seen_far_beyond(forged *f, vms_request *request) { (void)f; request->seen_length = VMS__JSON_INT_MAX; }
static void seen_other(forged *f, vms_request *request) { (void)f; request->seen_hash[31] ^= 1; }
static void other_ledger(forged *f, vms_request *request) { (void)f; request->ledger[0] ^= 1; }
static void not_exported(forged *f, vms_request *request) { (void)f; request->method = SLICE("toString"); }
static void dotted(forged *f, vms_request *request) { (void)f; request->method = SLICE("a.b"); }
static void handshake(forged *f, vms_request *request) { (void)f; request->method = SLICE("handshake"); }
static void init_again(forged *f, vms_request *request) { (void)f; request->method = SLICE("init"); }
static void as_it_was(forged *f, vms_request *request) { (void)f; (void)request; }
static void lower_nonce(forged *f, vms_request *request) { (void)f; request->nonce -= 5; }

static void requests_cannot_be_bent_even_by_those_who_signed_them(void **state) {
  forged *f = *state;
  static const struct { const char *name; void (*change)(forged *f, vms_request *request); const char *kind; int provable; } bends[] = {
    { "as it was", as_it_was, "ok", 0 }, { "expired", expired, "caller", 1 }, { "nonce too far ahead", too_far_ahead, "caller", 1 }, { "largest nonce", nonce_largest, "caller", 1 },
    { "seen beyond the record", seen_beyond, "fork", 1 }, { "seen far beyond", seen_far_beyond, "fork", 1 }, { "seen other", seen_other, "fork", 1 },
    { "other ledger", other_ledger, "caller", 1 }, { "not exported", not_exported, "caller", 0 }, { "dotted", dotted, "caller", 0 }, { "handshake", handshake, "caller", 0 },
    { "init again", init_again, "caller", 0 },
  };
  honest(f);
  for (size_t i = 0; i < sizeof bends / sizeof bends[0]; i++) {
    take_apart(f);
    sign_again(f, 5, 2, bends[i].change);
    expect(f, bends[i].name, bends[i].kind, strcmp(bends[i].kind, "ok") == 0 ? 0 : 5);
    if ((f->evidence.len > 0) != bends[i].provable) fail_msg("%s: evidence: %s", bends[i].name, f->evidence.len > 0 ? f->evidence.data : "none");
    if (bends[i].change == not_exported) continue; /* only a VM knows */
    f->options.level = VMS_AUDIT_CHAIN;
    expect(f, bends[i].name, bends[i].kind, strcmp(bends[i].kind, "ok") == 0 ? 0 : 5);
    f->options.level = VMS_AUDIT_FULL;
  }
  take_apart(f);
  copy_record(f, 4, 6); /* the same nonce with another text, and one below the last */
  sign_again(f, 6, 1, lower_nonce);
  expect(f, "lower nonce", "caller", 6);
  take_apart(f);
  copy_record(f, 4, 6);
  sign_again(f, 6, 1, not_exported);
  expect(f, "used nonce", "caller", 6);
}

static void starts_stand_where_they_must(void **state) {
  forged *f = *state;
  f->w.options.epoch = 3;
  f->w.options.limits.steps = 100000;
  world_deploy(&f->w, script); /* 1 start, 2 init */
  world_call(&f->w, 1, "count", "[]");
  world_call(&f->w, 1, "count", "[]");
  world_call(&f->w, 1, "count", "[]"); /* 5 start: rotated, 6 count */
  world_call(&f->w, 1, "spin", "[]");
  world_call(&f->w, 1, "count", "[]"); /* 8 start: aborted, 9 count */
  world_commit(&f->w);
  world_restart(&f->w);
  world_call(&f->w, 1, "count", "[]"); /* 10 start: boot, 11 count */
  assert_string_equal(world_audit(&f->w, NULL), "");
  static const lie reasons[] = {
    { 5, "rotated", "boot", "start", 5 }, { 5, "rotated", "aborted", "start", 5 }, { 8, "aborted", "rotated", "start", 8 }, { 8, "aborted", "boot", "start", 8 },
    { 8, "aborted", "failed", "start", 8 }, { 10, "boot", "rotated", "start", 10 }, { 10, "boot", "aborted", "start", 10 }, { 7, "\"aborted\":\"steps\"", "\"aborted\":\"memory\"", "result", 7 },
  };
  for (f->options.level = VMS_AUDIT_FULL; f->options.level <= VMS_AUDIT_CHAIN; f->options.level++) {
    tell_all(f, reasons, sizeof reasons / sizeof reasons[0] - (f->options.level == VMS_AUDIT_CHAIN ? 1 : 0));
    for (size_t seq = 5; seq <= 8; seq += 3) {
      take_apart(f);
      drop_record(f, seq);
      expect(f, "a start left out", "start", seq);
    }
    take_apart(f);
    copy_record(f, 5, 6);
    expect(f, "rotated twice", "start", 6);
    take_apart(f);
    while (f->count[VMS_CORE_LEDGER] > 1) drop_record(f, 1);
    expect(f, "no start at all", "start", 0);
  }
  f->options.level = VMS_AUDIT_FULL;
  take_apart(f);
  copy_record(f, 1, 2);
  expect(f, "a second start before init", "start", 2);
  take_apart(f);
  drop_record(f, 2);
  expect(f, "no init", "caller", 2);
  while (f->count[VMS_CORE_LEDGER] > 2) drop_record(f, 2);
  expect(f, "published before init", "start", 1);
  while (f->count[VMS_CORE_LEDGER] > 0) drop_record(f, 0);
  expect(f, "nothing", "withheld", 0);
}

static void a_service_whose_init_or_start_failed_is_not_published(void **state) {
  forged *f = *state;
  honest(f);
  edit(f, 0, "n === 0", "n === 1");
  while (f->count[VMS_CORE_LEDGER] > 3) drop_record(f, 3);
  edit(f, 2, ",\"steps\"", ",\"error\":{\"name\":\"Error\",\"message\":\"7\"},\"steps\"");
  for (int i = 0; i < 3; i++) { /* whatever steps replay takes are what the liar records */
    judge(f);
    if (strcmp(f->w.verdict.kind.data, "steps") != 0) break;
    char found[48], expected[48];
    snprintf(found, sizeof found, "\"steps\":%s,", f->w.verdict.found.data);
    snprintf(expected, sizeof expected, "\"steps\":%s,", f->w.verdict.expected.data);
    edit(f, f->w.verdict.seq, found, expected);
  }
  expect(f, "init failed", "start", 2);
  f->options.level = VMS_AUDIT_CHAIN;
  expect(f, "init failed", "start", 2);
  take_apart(f);
  edit(f, 1, ",\"steps\"", ",\"error\":{\"name\":\"Error\",\"message\":\"7\"},\"steps\"");
  expect(f, "the start failed", "start", 1);
}

static void the_archive_cannot_be_bent(void **state) {
  forged *f = *state;
  honest(f);
  f->blocks[VMS_CORE_ARCHIVE][0].data[4] ^= 1;
  expect(f, "the header", "archive", 1);
  take_apart(f);
  vms__buf_clear(&f->blocks[VMS_CORE_ARCHIVE][0]);
  expect(f, "no header", "archive", 1);
  take_apart(f);
  vms__buf_clear(&f->blocks[VMS_CORE_BLOBS][0]);
  expect(f, "no content", "archive", 5);
  take_apart(f);
  vms_buffer_free(&f->blocks[VMS_CORE_BLOBS][--f->count[VMS_CORE_BLOBS]]);
  expect(f, "withheld content", "withheld", 5);
  take_apart(f);
  vms_buffer_free(&f->blocks[VMS_CORE_ARCHIVE][--f->count[VMS_CORE_ARCHIVE]]);
  expect(f, "withheld entries", "withheld", 5);
  edit(f, 4, "\"result\":3", "\"result\":4");
  expect(f, "a lie beside what is withheld", "result", 4);
}

static void unsigned_call(forged *f, const char *method, const char *params) {
  assert_ok(vms_service_call_unsigned(f->w.service, (vms_slice){ NULL, 0 }, SLICE(method), SLICE(params), &f->w.outcome));
}

/* Stands for both of the archive's cores as they are now. */
static void archive_hash(forged *f, uint8_t hash[VMS_HASH_LEN]) {
  vms_storage storage;
  vms_journal *journal = put_together(f, &storage);
  uint8_t hashes[2 * VMS_HASH_LEN];
  for (uint32_t c = VMS_CORE_ARCHIVE; c <= VMS_CORE_BLOBS; c++)
    vms_core_tree_hash(vms_journal_core(journal, c), f->count[c], hashes + (c - VMS_CORE_ARCHIVE) * VMS_HASH_LEN);
  vms__crypto_hash(hashes, sizeof hashes, hash);
  vms_journal_close(journal);
  vms_memory_close(&storage);
}

/* --- archives made by an enemy: signed and hashed as they must be, and nonsense within ------------------------------- */

static const char filer[] =
  "const f = System.files\n"
  "exports.fill = async () => { for (let i = 0; i < 60; i++) { if (i % 20 === 0) await f.mkdir('/d' + i)\n"
  "  await f.writeFile('/d' + (i - i % 20) + '/n' + i, 'content '.repeat(i * 40)) } }\n"
  "exports.undo = async () => { for (let i = 0; i < 60; i += 3) await f.unlink('/d' + (i - i % 20) + '/n' + i); await f.copy('/d20', '/e') }\n"
  "exports.more = async () => { await f.rename('/d20', '/x'); await f.writeFile('/d0/n1', 'again'); await f.rmdir('/d40', { recursive: true }); return f.readdir('/', { recursive: true }) }\n";

static void spoil_text(vms_buffer *block, uint64_t *random) {
  static const struct { const char *from, *to; } bends[] = {
    { "\"byteLength\":", "\"byteLength\":9" }, { "\"byteLength\":", "\"byteLength\":-" }, { "\"blockOffset\":", "\"blockOffset\":9007199254740991,\"x\":" },
    { "\"byteOffset\":", "\"byteOffset\":9007199254740990,\"x\":" }, { "\"blockLength\":", "\"blockLength\":9007199254740991,\"x\":" }, { "\"blob\":{", "\"blob\":[{" },
    { "\"linkname\":null", "\"linkname\":\"/d0\"" }, { "\"metadata\":{", "\"metadata\":{\"folder\":true," }, { "\"blob\":{", "\"blob\":{\"blockMap\":true," },
    { "files", "filez" }, { "/d", "//" }, { "/n", "/\xff" }, { "/n", "/." }, { "\"mtime\":1", "\"mtime\":1e9" }, { "}}", "}" },
  };
  size_t which = sim_random(random) % (sizeof bends / sizeof bends[0]), len = strlen(bends[which].from);
  for (size_t i = 0; i + len <= block->len; i++) {
    if (memcmp(block->data + i, bends[which].from, len) != 0) continue;
    vms_buffer bent = VMS_BUFFER_INIT; /* lengths in front of it do not follow: that is one more thing to notice */
    assert_ok(vms_buffer_append(&bent, block->data, i));
    assert_ok(vms__buf_text(&bent, bends[which].to));
    assert_ok(vms_buffer_append(&bent, block->data + i + len, block->len - i - len));
    if (bent.len > block->len && sim_random(random) % 2 == 0) bent.len = block->len;
    vms_buffer_free(block);
    *block = bent;
    return;
  }
}

static void spoil(forged *f, uint64_t *random) {
  uint64_t core = sim_random(random) % 8 == 0 ? VMS_CORE_BLOBS : VMS_CORE_ARCHIVE, n = f->count[core], at = sim_random(random) % n;
  vms_buffer *block = &f->blocks[core][at], *other = &f->blocks[core][sim_random(random) % n], kept;
  switch (sim_random(random) % 6) {
    case 0: if (block->len > 0) block->data[sim_random(random) % block->len] ^= (char)(1 << sim_random(random) % 8); break;
    case 1: if (block->len > 0) block->data[sim_random(random) % VMS__MIN(block->len, 40u)] = (char)sim_random(random); break; /* the index */
    case 2: kept = *block; *block = *other; *other = kept; break;
    case 3: block->len = sim_random(random) % (block->len + 1); break;
    default: spoil_text(block, random);
  }
}

/* Every way to read; what it may come to is an answer, an error to throw, or "damaged". */
static void read_everything(vms_service *service, uint64_t version) {
  static const struct { const char *method, *params; } reads[] = {
    { "readdir", "[\"/\",{\"recursive\":true,\"stat\":true}]" }, { "readdir", "[\"/\",{\"after\":\"d\",\"limit\":3}]" }, { "readdir", "[\"/d20\"]" },
    { "history", "[]" }, { "history", "[\"/d0\",{\"reverse\":true,\"limit\":5}]" }, { "getInfo", "[]" }, { "stat", "[\"/d0/n1\"]" },
    { "readFile", "[\"/d0/n1\"]" }, { "readFile", "[\"/d20/n31\",{\"encoding\":\"hex\",\"offset\":100,\"length\":50}]" }, { "readFile", "[\"/d40/n59\"]" },
    { "readFile", "[\"/e/n22\",\"base64\"]" }, { "stat", "[\"/x/n22\"]" },
  };
  for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
    vms_file_request request = { SLICE(reads[i].method), SLICE(reads[i].params), { NULL, 0 }, version, 1 << 20, 100000 };
    vms_file_reply reply = { .kind = 0 };
    vms_error error = { 0 };
    int status = vms_service_file(service, &request, &reply, &error);
    bool fine = status == VMS_OK || status == VMS_ERR_CORRUPT || (status == VMS_ERR_IO && strcmp(error.message, "the files of this copy cannot be read") == 0);
    if (!fine) fail_msg("%s%s: %d %s", reads[i].method, reads[i].params, status, error.message);
    assert_true(reply.body.len <= 1 << 20);
    assert_in_range(reply.work, 0, 100000);
    vms_buffer_free(&reply.body);
  }
}

/* Somebody serves a copy of it; somebody who was handed the whole folder goes on with it. */
static void use(forged *f, uint64_t versions) {
  vms_storage storage;
  vms_service *service;
  vms_error error;
  vms_journal_close(put_together(f, &storage));
  int status = vms_service_mirror(&service, &storage, &f->w.options, &error);
  if (status != VMS_OK) assert_int_equal(status, VMS_ERR_CORRUPT);
  else
    for (uint64_t version = 0; version <= versions; version += versions / 3) read_everything(service, version);
  vms_service_close(service);
  status = vms_service_open(&service, &storage, f->w.secret, NULL, &f->w.options, &error);
  if (status == VMS_OK) {
    static const char *const methods[] = { "more", "fill", "undo" };
    for (size_t i = 0; i < 3; i++)
      assert_ok(vms_service_call_unsigned(service, (vms_slice){ NULL, 0 }, SLICE(methods[i]), SLICE("[]"), &f->w.outcome));
  } else {
    assert_int_equal(status, VMS_ERR_CORRUPT);
  }
  vms_service_close(service);
  vms_memory_close(&storage);
}

static void an_enemys_archive_does_no_harm_and_is_found(void **state) {
  forged *f = *state;
  uint64_t random = sim_seed(), findings = 0, same = 0;
  world_deploy(&f->w, filer);
  unsigned_call(f, "fill", "[]");
  unsigned_call(f, "undo", "[]");
  assert_int_equal(f->w.outcome.kind, VMS_OUTCOME_RESULT);
  assert_string_equal(world_audit(&f->w, NULL), "");
  for (int round = 0; round < 200; round++) {
    uint8_t was[VMS_HASH_LEN], is[VMS_HASH_LEN];
    take_apart(f);
    archive_hash(f, was);
    for (uint64_t n = 1 + sim_random(&random) % 3; n > 0; n--) spoil(f, &random);
    archive_hash(f, is);
    use(f, f->count[VMS_CORE_ARCHIVE]);
    judge(f);
    if (memcmp(was, is, sizeof was) == 0) same++;
    else {
      assert_int_equal(f->w.verdict.verdict, VMS_VERDICT_FINDING);
      findings++;
    }
  }
  print_message("%llu findings, %llu times nothing was changed\n", (unsigned long long)findings, (unsigned long long)same);
  assert_true(findings > 150);
}

static const char greedy[] =
  "exports.write = async (path, size) => { try { await System.files.writeFile(path, 'x'.repeat(size)) } catch (e) { return e.name } }\n"
  "exports.copy = (from, to) => System.files.copy(from, to)\n";

/* A host that ran with other limits than block 0 names, to the byte. */
static void quotas_cannot_be_ignored(void **state) {
  forged *f = *state;
  f->w.options.limits.files_total = 2000;
  f->w.options.limits.files_call = 1500;
  world_deploy(&f->w, greedy); /* 0 block 0, 1 start */
  unsigned_call(f, "write", "[\"/a\",998]"); /* 2: 1,000 bytes of the call */
  unsigned_call(f, "copy", "[\"/a\",\"/b\"]"); /* 3: 1,996 in all, the call stages a path */
  unsigned_call(f, "write", "[\"/c\",5]"); /* 4: one byte too many */
  assert_string_equal(world_outcome(&f->w), "\"QuotaExceededError\"");
  unsigned_call(f, "write", "[\"/c\",4]"); /* 5 */
  assert_string_equal(world_outcome(&f->w), "undefined");
  assert_string_equal(world_audit(&f->w, NULL), "");
  static const lie lies[] = {
    { 0, "\"files_total\":2000", "\"files_total\":2001", "result", 4 }, { 0, "\"files_total\":2000", "\"files_total\":1999", "result", 5 },
    { 0, "\"files_total\":2000", "\"files_total\":1995", "result", 3 }, { 0, "\"files_total\":2000", "\"files_total\":997", "result", 2 },
    { 0, "\"files_call\":1500", "\"files_call\":1000", "ok", 0 }, { 0, "\"files_call\":1500", "\"files_call\":999", "result", 2 },
    { 0, "\"files_call\":1500", "\"files_call\":9007199254740991", "budget", 0 },
  };
  tell_all(f, lies, sizeof lies / sizeof lies[0]);
}

static const char drawing[] =
  "exports.roll = () => Math.random() < 2\nexports.rolls = x => { if (x) Math.random() }\nexports.fail = () => { Math.random(); throw 1 }\n"
  "exports.spin = () => { Math.random(); for (;;); }\n";

/* The proof that a key gives for a record, as if it stood at seq. */
static void prove_again(forged *f, size_t at, uint64_t seq, const char *purpose) {
  vms_buffer *block = &f->blocks[VMS_CORE_LEDGER][at], copy = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  uint8_t seed[VMS_SEED_LEN], number[8] = { (uint8_t)seq };
  vms__record record;
  assert_ok(vms__buf_slice(&copy, vms__buf_view(block)));
  assert_ok(vms__record_scan(vms__buf_view(&copy), &scratch, &record, NULL));
  vms_key_derive(f->w.secret, purpose, seed);
  record.has_vrf = vms__vrf_prove(seed, (const vms_slice[]){ { (const char *)number, 8 }, record.request }, record.vrf);
  vms__buf_clear(block);
  assert_ok(vms__record_write(block, &record));
  vms_buffer_free(&copy);
  vms_buffer_free(&scratch);
}

static void take_vrf(forged *f, size_t seq, char member[200]) {
  const char *at = strstr(f->blocks[VMS_CORE_LEDGER][seq].data, ",\"vrf\":\"");
  assert_non_null(at);
  snprintf(member, 200, "%.*s", (int)(8 + 2 * VMS__VRF_PROOF_LEN + 1), at);
}

static void randomness_is_what_the_key_gives_for_the_call(void **state) {
  forged *f = *state;
  static const char *const kinds[] = { "result", "error", "aborted" };
  char good[200], other[200], bent[200];
  f->w.options.limits.steps = 10000;
  world_deploy(&f->w, drawing); /* 0 block 0, 1 start */
  world_call(&f->w, 1, "roll", "[]");
  world_call(&f->w, 1, "fail", "[]");
  world_call(&f->w, 1, "spin", "[]"); /* 4, then 5: start */
  world_call(&f->w, 1, "rolls", "[0]");
  world_call(&f->w, 1, "rolls", "[1]");
  assert_string_equal(world_audit(&f->w, NULL), "");
  for (f->options.level = VMS_AUDIT_FULL; f->options.level <= VMS_AUDIT_CHAIN; f->options.level++) {
    bool full = f->options.level == VMS_AUDIT_FULL;
    for (size_t seq = 2; seq <= 4; seq++) {
      take_apart(f);
      take_vrf(f, seq, good);
      take_vrf(f, seq == 2 ? 3 : 2, other);
      edit(f, seq, good, other);
      expect(f, "another call's proof", "vrf", seq);
      edit(f, seq, other, "");
      expect(f, kinds[seq - 2], full ? "vrf" : "ok", full ? seq : 0); /* without replay nobody knows that it drew */
      edit(f, seq, ",\"oracles\"", ",\"vrf\":\"00\",\"oracles\"");
      expect(f, "a short proof", "ledger", seq);
      for (size_t digit = 8; digit < 8 + 2 * VMS__VRF_PROOF_LEN; digit += 13) { /* some are no points, or no scalars */
        take_apart(f);
        memcpy(bent, good, sizeof bent);
        bent[digit] = bent[digit] == '7' ? 'f' : '7';
        edit(f, seq, good, bent);
        expect(f, "a bent proof", "vrf", seq);
      }
      take_apart(f);
      prove_again(f, seq, seq, "vms ledger");
      expect(f, "another key's proof", "vrf", seq);
      prove_again(f, seq, seq + 1, "vms vrf");
      expect(f, "the proof for another place", "vrf", seq);
      prove_again(f, seq, seq, "vms vrf");
      expect(f, "as it was", "ok", 0);
    }
    take_apart(f);
    prove_again(f, 6, 6, "vms vrf");
    expect(f, "a proof where nothing was drawn", full ? "vrf" : "ok", full ? 6 : 0);
    take_apart(f);
    edit(f, 5, ",\"steps\"", ",\"vrf\":\"00\",\"steps\"");
    expect(f, "a start with a proof", "ledger", 5);
    take_apart(f);
    take_vrf(f, 2, good);
    edit(f, 2, good, "");
    edit(f, 2, ",\"oracles\":[]", ",\"oracles\":[],\"vrf\":\"\"");
    edit(f, 2, ",\"vrf\":\"\"", good);
    expect(f, "a proof in another place", "ledger", 2);
  }
}

static void what_the_user_knows_comes_first(void **state) {
  forged *f = *state;
  uint8_t key[VMS_KEY_LEN] = { 1 };
  honest(f);
  set_block(f, 0, "not JSON");
  f->options.ledger = key;
  expect(f, "another ledger", "ledger", 0);
  assert_int_equal(f->w.verdict.conflict, 1);
  take_apart(f);
  f->options.ledger = NULL;
  f->options.min_length = 100;
  expect(f, "short", "short", 0);
  edit(f, 4, "\"result\":3", "\"result\":4");
  expect(f, "short and wrong", "result", 4);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, forged_setup, forged_teardown)
  const struct CMUnitTest tests[] = {
    TEST(block_0_cannot_be_bent), TEST(records_cannot_be_bent), TEST(requests_cannot_be_bent_even_by_those_who_signed_them),
    TEST(starts_stand_where_they_must), TEST(a_service_whose_init_or_start_failed_is_not_published), TEST(the_archive_cannot_be_bent), TEST(quotas_cannot_be_ignored),
    TEST(an_enemys_archive_does_no_harm_and_is_found), TEST(randomness_is_what_the_key_gives_for_the_call),
    TEST(what_the_user_knows_comes_first),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
