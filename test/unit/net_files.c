/* SPDX-License-Identifier: MIT */
/* Goal: what a client is told about files with VMS_CLIENT_VERIFY is what the host would say without, and what its ledger says; whatever
 * else a host does, nothing of it reaches the caller.
 * Method: a real host on loopback, asked for everything twice; a fake host that proves one thing and says another, with a list of lies. */
#define _GNU_SOURCE
#include "test/support/fake_host.h"
#include "test/support/host.h"
#include "test/support/storage.h"
#include "test/support/world.h"

#include "lib/base/internal.h"

#define SCRIPT \
  "exports.put = async (path, text, encoding) => { await System.files.writeFile(path, text, encoding || 'utf8') }\n" \
  "exports.mkdir = async path => { await System.files.mkdir(path) }\n" \
  "exports.large = async (path, len) => { await System.files.writeFile(path, Buffer.alloc(len, 'blob')) }\n"

/* --- a host that keeps to the truth ---------------------------------------------------------------------------- */

static int ask(vms_client *client, const char *method, const char *params, uint64_t version, uint32_t flags, vms_rpc_reply *reply,
               vms_file_proven *proven, vms_error *error) {
  memset(error, 0, sizeof *error);
  return vms_client_file(client, method, SLICE(params), version, flags, reply, proven, error);
}

static void assert_same(vms_client *client, const char *method, const char *params, uint64_t version, int32_t code, const char *part) {
  vms_rpc_reply said, proved;
  vms_file_proven proven;
  vms_error error;
  vms_rpc_reply_init(&said, NULL);
  vms_rpc_reply_init(&proved, NULL);
  if (ask(client, method, params, version, 0, &said, NULL, &error) != VMS_OK) fail_msg("%s %s: %s", method, params, error.message);
  if (ask(client, method, params, version, VMS_CLIENT_VERIFY, &proved, &proven, &error) != VMS_OK)
    fail_msg("%s %s: %s", method, params, error.message);
  assert_int_equal(proved.code, code);
  assert_int_equal(said.code, code);
  assert_true(vms__slice_equal(vms__buf_view(&said.result), vms__buf_view(&proved.result)));
  assert_true(vms__slice_equal(vms__buf_view(&said.message), vms__buf_view(&proved.message)));
  assert_true(vms__slice_equal(vms__buf_view(&said.data), vms__buf_view(&proved.data)));
  if (strstr(code == 0 ? proved.result.data : proved.data.data, part) == NULL)
    fail_msg("%s %s: no %s in %s", method, params, part, code == 0 ? proved.result.data : proved.data.data);
  assert_true(proven.length > 0);
  vms_rpc_reply_free(&said);
  vms_rpc_reply_free(&proved);
}

static void proved_answers_are_those_of_the_host(void **state) {
  running r;
  vms_client *client;
  (void)state;
  start(&r, "honest", SCRIPT, 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "put", "[\"/a\",\"one \\\" \\n \\u20ac\"]", 0, "");
  call(client, "put", "[\"/a\",\"two\"]", 0, "");
  call(client, "put", "[\"/n.json\",\"\\r\\n [1, {\\\"a\\\" :2}]\\t\\n\"]", 0, "");
  call(client, "put", "[\"/bytes\",\"AP+A\",\"base64\"]", 0, "");
  call(client, "mkdir", "[\"/dir\"]", 0, "");
  call(client, "mkdir", "[\"/dir/empty\"]", 0, "");
  call(client, "put", "[\"/dir/x\",\"\"]", 0, "");
  call(client, "large", "[\"/large\",200000]", 0, "");
  assert_same(client, "files.readFile", "[\"/a\"]", 0, 0, "\"two\"");
  assert_same(client, "files.readFile", "[\"/a\"]", 2, 0, "one \\\" \\n \xe2\x82\xac");
  assert_same(client, "files.readFile", "[\"/a\",{\"version\":2}]", 0, 0, "\"one ");
  assert_same(client, "files.readFile", "[\"/a\",\"hex\"]", 2, 0, "6f6e65");
  assert_same(client, "files.readFile", "[\"/a\",{\"offset\":1,\"length\":1}]", 0, 0, "\"w\"");
  assert_same(client, "files.readFile", "[\"/n.json\",\"json\"]", 0, 0, "\"a\"");
  assert_same(client, "files.readFile", "[\"/bytes\",\"binary\"]", 0, 0, "{\"base64\":\"AP+A\"}");
  assert_same(client, "files.readFile", "[\"/bytes\"]", 0, 0, "\xef\xbf\xbd");
  assert_same(client, "files.readFile", "[\"/large\"]", 0, 0, "blobblob");
  assert_same(client, "files.readFile", "[\"/large\",{\"offset\":199999,\"length\":70000}]", 0, 0, "\"b\"");
  assert_same(client, "files.readFile", "[\"/large\",{\"offset\":200000}]", 0, 0, "\"\"");
  assert_same(client, "files.readFile", "[\"/none\"]", 0, 1, "NotFoundError");
  assert_same(client, "files.readFile", "[\"/large\"]", 3, 1, "NotFoundError");
  assert_same(client, "files.readFile", "[\"/a\"]", 1000, 1, "NotFoundError");
  assert_same(client, "files.readFile", "[\"/dir\"]", 0, 1, "NotAFileError");
  assert_same(client, "files.readFile", "[\"/a\",\"morse\"]", 0, 1, "InvalidEncodingError");
  assert_same(client, "files.readFile", "[\"/../a\"]", 0, 1, "InvalidPathError");
  assert_same(client, "files.readFile", "[]", 0, 1, "TypeError");
  assert_same(client, "files.stat", "[\"/a\"]", 0, 0, "\"size\":3");
  assert_same(client, "files.stat", "[\"/dir\"]", 0, 0, "\"isDirectory\":true");
  assert_same(client, "files.stat", "[\"/dir/none\"]", 0, 1, "NotFoundError");
  assert_same(client, "files.readdir", "[]", 0, 0, "[\"a\",\"bytes\",\"dir\",\"large\",\"n.json\"]");
  assert_same(client, "files.readdir", "[\"/dir\",{\"stat\":true}]", 0, 0, "\"name\":\"empty\"");
  assert_same(client, "files.readdir", "[\"/\",{\"recursive\":true,\"after\":\"dir\",\"limit\":2}]", 0, 0, "[\"dir/empty\",\"dir/x\"]");
  assert_same(client, "files.readdir", "[\"/dir/empty\"]", 0, 0, "[]");
  assert_same(client, "files.readdir", "[\"/a\"]", 0, 1, "NotAFolderError");
  assert_same(client, "files.history", "[]", 0, 0, "\"method\":\"large\"");
  assert_same(client, "files.history", "[\"/a\"]", 0, 0, "\"version\":3");
  assert_same(client, "files.history", "[{\"limit\":1,\"reverse\":true}]", 0, 0, "\"path\":\"/large\"");
  assert_same(client, "files.history", "[\"/none\"]", 0, 0, "[]");
  vms_client_close(client);
  stop(&r);
}

static void a_client_of_a_pinned_ledger_proves_against_that_key(void **state) {
  running r;
  vms_client *client;
  vms_rpc_reply reply;
  vms_error error;
  char url[256];
  (void)state;
  start(&r, "pinned", SCRIPT, 0, 0);
  vms_rpc_reply_init(&reply, NULL);
  snprintf(url, sizeof url, "%s#%s", r.url, vms_host_at(r.host, 0).ledger);
  assert_ok(vms_client_open(&client, url, NULL, NULL));
  assert_same(client, "files.stat", "[\"/x\"]", 0, 1, "NotFoundError");
  vms_client_close(client);
  snprintf(url, sizeof url, "%s#%s", r.url, vms_host_at(r.host, 0).archive);
  assert_ok(vms_client_open(&client, url, NULL, NULL));
  assert_int_equal(ask(client, "files.stat", "[\"/x\"]", 0, VMS_CLIENT_VERIFY, &reply, NULL, &error), VMS_ERR_FOREIGN);
  vms_client_close(client);
  vms_rpc_reply_free(&reply);
  stop(&r);
}

static void what_cannot_be_asked_is_said_before_it_is_sent(void **state) {
  static const struct { const char *method, *params; uint64_t version; uint32_t flags; } bad[] = {
    { "vms.info", "[]", 0, 0 },
    { "put", "[]", 0, 0 },
    { "files.mkdir", "[\"/x\"]", 0, 0 },
    { "files.getInfo", "[]", 0, VMS_CLIENT_VERIFY },
    { "files.stat", "{\"path\":\"/x\"}", 0, 0 },
    { "files.stat", "[\"/x\",5]", 3, 0 },
    { "files.stat", "[\"/x\"", 0, 0 },
    { "files.stat", "[\"/x\"]", UINT64_MAX, 0 },
    { "files.stat", "[\"/x\"]", 0, 2 },
  };
  running r;
  vms_client *client;
  vms_rpc_reply reply;
  vms_error error;
  (void)state;
  start(&r, "bad", SCRIPT, 0, 0);
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
    assert_int_equal(ask(client, bad[i].method, bad[i].params, bad[i].version, bad[i].flags, &reply, NULL, &error), VMS_ERR_ARGUMENT);
  vms_client_close(client);
  vms_rpc_reply_free(&reply);
  stop(&r);
}

/* --- a host that lies ------------------------------------------------------------------------------------------- */

typedef enum lie {
  HONEST,
  NO_PROOF,         /* it just says it                                        */
  OTHER_ANSWER,     /* says something else than it proves                     */
  OTHER_KIND,       /* ... bytes for text                                     */
  DENIES,           /* says that there is no such file, and proves that there is */
  DENIES_BARELY,    /* ... and proves nothing                                 */
  OTHER_WORDS,      /* throws the right error with another message            */
  OTHER_NAME,       /* ... with another name                                  */
  OTHER_PATH,       /* answers and proves what is elsewhere                   */
  OTHER_VERSION,    /* ... what was earlier                                   */
  OTHER_METHOD,
  OTHER_LEDGER,     /* ... what a ledger of its own says                      */
  OLD,              /* ... what was true before the head that it told         */
  EMPTY_PROOF,
  WRONG_PROOF,      /* JSON that is no proof                                  */
  HUGE_PROOF,       /* ... of 8 MiB                                           */
  LONG_LIST,        /* ... with half a million blocks                         */
  TAMPERED,         /* a digit of the proof is another one                    */
  FAILS,            /* it has trouble with its disk                           */
  HIDES_GROWTH,     /* does not show that the ledger goes on from what it told */
  FAILS_GROWTH,     /* ... because of its disk                                */
  OTHER_GROWTH      /* ... shows less than it was asked for                   */
} lie;

typedef struct liar {
  world w, other;
  fake_host host;
  vms_journal *journal;
  lie lie;
  size_t tamper_at;
  uint64_t asked;
  vms_buffer old_proof, old_body;
} liar;

static int replace(vms_file_reply *reply, uint32_t kind, const char *name, const char *body) {
  vms__buf_clear(&reply->body);
  reply->kind = kind;
  snprintf(reply->error_name, sizeof reply->error_name, "%s", name);
  return vms__buf_text(&reply->body, body);
}

static int fill(vms_buffer *proof, const char *item, size_t times) {
  int status = vms__buf_text(proof, "{\"ledger\":[\"");
  for (size_t i = 0; i < times && status == VMS_OK; i++) status = vms__buf_text(proof, item);
  return status == VMS_OK ? vms__buf_text(proof, "\"],\"archive\":[],\"blobs\":[]}") : status;
}

/* Puts another digit in the place of one. */
static void tamper(vms_buffer *proof, size_t at) {
  while (strchr("\"[]{}:,=", proof->data[at % proof->len]) != NULL) at++;
  char *digit = &proof->data[at % proof->len];
  *digit = *digit == 'A' ? 'B' : 'A';
}

static int lying_file(void *context, const vms_file_request *given, vms_file_reply *reply, vms_buffer *proof, vms_error *error) {
  liar *l = context;
  vms_file_request request = *given;
  vms_service *service = l->lie == OTHER_LEDGER ? l->other.service : l->w.service;
  int status;
  l->asked++;
  if (proof == NULL) return vms_service_file(service, &request, reply, error);
  if (l->lie == FAILS) return vms__fail(error, VMS_ERR_IO, 0, "the disk has gone");
  if (l->lie == OTHER_PATH) request.params = VMS__TEXT("[\"/b\"]");
  if (l->lie == OTHER_VERSION) request.params = VMS__TEXT("[\"/a\",{\"version\":2}]");
  if (l->lie == OTHER_METHOD) request.method = VMS__TEXT("stat");
  status = vms_service_file_prove(service, &request, reply, proof, error);
  if (status != VMS_OK) return status;
  switch (l->lie) {
    case NO_PROOF: vms__buf_clear(proof); break;
    case OTHER_ANSWER: return replace(reply, VMS_FILE_TEXT, "", "tree");
    case OTHER_KIND: return replace(reply, VMS_FILE_BYTES, "", "three");
    case DENIES_BARELY: vms__buf_clear(proof); return replace(reply, VMS_FILE_ERROR, "NotFoundError", "No such file or folder: /a");
    case DENIES: return replace(reply, VMS_FILE_ERROR, "NotFoundError", "No such file or folder: /a");
    case OTHER_WORDS: return replace(reply, VMS_FILE_ERROR, "NotFoundError", "send money");
    case OTHER_NAME: snprintf(reply->error_name, sizeof reply->error_name, "QuotaExceededError"); break;
    case OLD:
      vms__buf_clear(proof);
      status = replace(reply, VMS_FILE_TEXT, "", l->old_body.data);
      return status == VMS_OK ? vms__buf_slice(proof, vms__buf_view(&l->old_proof)) : status;
    case EMPTY_PROOF: vms__buf_clear(proof); return vms__buf_text(proof, "{}");
    case WRONG_PROOF: vms__buf_clear(proof); return vms__buf_text(proof, "[[[[{\"ledger\":5}]]]]");
    case HUGE_PROOF: vms__buf_clear(proof); return fill(proof, "AAAA", (size_t)2 << 20);
    case LONG_LIST: vms__buf_clear(proof); return fill(proof, "AAAA\",\"", (size_t)1 << 19);
    case TAMPERED: tamper(proof, l->tamper_at); break;
    default: break;
  }
  return VMS_OK;
}

static int lying_growth(void *context, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error) {
  liar *l = context;
  if (l->lie == HIDES_GROWTH) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "why do you ask?");
  if (l->lie == FAILS_GROWTH) return vms__fail(error, VMS_ERR_IO, 0, "the disk has gone");
  return vms_service_proof(l->w.service, seq, from, l->lie == OTHER_GROWTH ? from : length, json, error);
}

static void take_old(liar *l) {
  vms_file_request request = { .method = VMS__TEXT("readFile"), .params = VMS__TEXT("[\"/a\",{\"proof\":true}]") };
  vms_file_reply reply;
  memset(&reply, 0, sizeof reply);
  assert_ok(vms_service_file_prove(l->w.service, &request, &reply, &l->old_proof, &l->w.error));
  l->old_body = reply.body;
}

static int setup(void **state) {
  static liar l;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  memset(&l, 0, sizeof l);
  world_init(&l.w);
  world_init(&l.other);
  memset(l.other.secret, 3, sizeof l.other.secret);
  for (world *w = &l.w; w != NULL; w = w == &l.w ? &l.other : NULL) {
    world_deploy(w, SCRIPT);
    world_call(w, 1, "put", "[\"/a\",\"one\"]");
    world_call(w, 1, "put", "[\"/b\",\"two\"]");
    world_commit(w);
    if (w == &l.w) take_old(&l);
    world_call(w, 1, "put", "[\"/a\",\"three\"]");
    world_commit(w);
  }
  options.flags = VMS_JOURNAL_READ_ONLY;
  assert_ok(vms_journal_open(&l.journal, &l.w.storage, &options, NULL));
  l.host.heads = l.host.blocks = l.journal;
  l.host.context = &l;
  l.host.file = lying_file;
  l.host.proof = lying_growth;
  *state = &l;
  return fake_host_start(&l.host);
}

static int teardown(void **state) {
  liar *l = *state;
  fake_host_stop(&l->host);
  vms_journal_close(l->journal);
  vms_buffer_free(&l->old_proof);
  vms_buffer_free(&l->old_body);
  world_deinit(&l->w);
  world_deinit(&l->other);
  return 0;
}

/* Asks on a connection of its own. */
static int ask_liar(liar *l, lie told, const char *path, vms_rpc_reply *reply, vms_error *error) {
  vms_client *client;
  char params[64];
  l->lie = told;
  snprintf(params, sizeof params, "[\"%s\"]", path);
  vms_rpc_reply_free(reply);
  vms_rpc_reply_init(reply, NULL);
  assert_ok(vms_client_open(&client, l->host.url, NULL, NULL));
  int status = ask(client, "files.readFile", params, 0, VMS_CLIENT_VERIFY, reply, NULL, error);
  vms_client_close(client);
  return status;
}

static void assert_caught(liar *l, lie told, const char *path, const char *words) {
  vms_rpc_reply reply;
  vms_error error;
  vms_rpc_reply_init(&reply, NULL);
  int status = ask_liar(l, told, path, &reply, &error);
  if (status != VMS_ERR_SIGNATURE) fail_msg("lie %d: %s %s", (int)told, vms_status_name(status), error.message);
  if (strstr(error.message, words) == NULL) fail_msg("lie %d: no \"%s\" in \"%s\"", (int)told, words, error.message);
  assert_int_equal(reply.code, 0);
  assert_int_equal(reply.result.len + reply.message.len + reply.data.len, 0);
  vms_rpc_reply_free(&reply);
}

static void nothing_that_is_not_proved_gets_through(void **state) {
  static const struct { lie lie; const char *path, *words; } lies[] = {
    { NO_PROOF, "/a", "the host answers without a proof" },
    { NO_PROOF, "/none", "not proved: NotFoundError: " },
    { OTHER_ANSWER, "/a", "the host says something else than its proof" },
    { OTHER_ANSWER, "/none", "the host says something else than its proof" },
    { OTHER_KIND, "/a", "the host says something else than its proof" },
    { DENIES, "/a", "the host says something else than its proof" },
    { DENIES_BARELY, "/a", "not proved: NotFoundError: No such file or folder: /a" },
    { OTHER_WORDS, "/none", "the host says something else than its proof" },
    { OTHER_NAME, "/none", "the host says something else than its proof" },
    { OTHER_PATH, "/a", "" },
    { OTHER_PATH, "/none", "" },
    { OTHER_VERSION, "/a", "" },
    { OTHER_METHOD, "/a", "" },
    { OTHER_LEDGER, "/a", "the proof does not hold: " },
    { OTHER_LEDGER, "/none", "the proof does not hold: " },
    { OLD, "/a", "the host proves an older state than it told before: 4 records, after 5" },
    { EMPTY_PROOF, "/a", "the proof does not hold: " },
    { WRONG_PROOF, "/a", "the proof does not hold: " },
    { HUGE_PROOF, "/a", "the proof does not hold: " },
    { LONG_LIST, "/a", "the proof does not hold: " },
    { FAILS, "/a", "not proved: error -32007: the disk has gone" },
  };
  liar *l = *state;
  vms_rpc_reply reply;
  vms_error error;
  vms_rpc_reply_init(&reply, NULL);
  assert_int_equal(ask_liar(l, HONEST, "/a", &reply, &error), VMS_OK);
  assert_text(reply.result, "\"three\"");
  assert_int_equal(ask_liar(l, HONEST, "/none", &reply, &error), VMS_OK);
  assert_int_equal(reply.code, VMS_CODE_CONTRACT);
  vms_rpc_reply_free(&reply);
  for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) assert_caught(l, lies[i].lie, lies[i].path, lies[i].words);
}

static void a_proof_with_another_digit_does_not_hold(void **state) {
  liar *l = *state;
  for (l->tamper_at = 20; l->tamper_at < 2000; l->tamper_at += 97) assert_caught(l, TAMPERED, "/a", "");
}

/* The client remembers what it was told: the head that is proved becomes the newest one that it knows. */
static void the_newest_head_is_the_one_proved_last(void **state) {
  liar *l = *state;
  vms_client *client;
  vms_rpc_reply reply;
  vms_file_proven proven;
  vms_error error;
  vms_rpc_reply_init(&reply, NULL);
  l->lie = HONEST;
  assert_ok(vms_client_open(&client, l->host.url, NULL, NULL));
  assert_ok(ask(client, "files.stat", "[\"/a\"]", 0, VMS_CLIENT_VERIFY, &reply, &proven, &error));
  assert_int_equal(proven.length, 5);
  vms_buffer_free(&l->old_proof);
  vms_buffer_free(&l->old_body);
  take_old(l); /* as of now: no older than what vms.head tells, but older than what is proved next */
  world_call(&l->w, 1, "put", "[\"/a\",\"four\"]");
  world_commit(&l->w);
  for (lie growth = HIDES_GROWTH; growth <= OTHER_GROWTH; growth++) {
    l->lie = growth;
    assert_int_equal(ask(client, "files.stat", "[\"/a\"]", 0, VMS_CLIENT_VERIFY, &reply, NULL, &error), VMS_ERR_SIGNATURE);
    assert_string_equal(error.message, "the host does not prove that its 6 records go on from the 5 that it told before");
    assert_int_equal(reply.result.len, 0);
  }
  l->lie = HONEST;
  assert_ok(ask(client, "files.stat", "[\"/a\"]", 0, VMS_CLIENT_VERIFY, &reply, &proven, &error));
  assert_int_equal(proven.length, 6);
  l->lie = OLD;
  assert_int_equal(ask(client, "files.readFile", "[\"/a\"]", 0, VMS_CLIENT_VERIFY, &reply, NULL, &error), VMS_ERR_SIGNATURE);
  assert_string_equal(error.message, "the host proves an older state than it told before: 5 records, after 6");
  assert_int_equal(reply.result.len, 0);
  vms_client_close(client);
  vms_rpc_reply_free(&reply);
}

static int verify_here(const liar *l, const vms_env *env, vms_slice answer) {
  static const char method[] = "files.readFile", params[] = "[\"/a\"]";
  uint8_t ledger[VMS_KEY_LEN];
  vms_rpc_reply reply;
  vms_buffer sent;
  vms_core_key(vms_journal_core(l->journal, VMS_CORE_LEDGER), ledger);
  vms_rpc_reply_init(&reply, env);
  vms_buffer_init(&sent, env);
  int status = vms_rpc_file_params(SLICE(method), SLICE(params), 0, 1, &sent, NULL);
  if (status == VMS_OK) status = vms__buf_slice(&reply.result, answer);
  if (status == VMS_OK) status = vms_rpc_file_verify(ledger, SLICE(method), vms__buf_view(&sent), &reply, NULL, NULL);
  if (status == VMS_OK) assert_text(reply.result, "\"three\"");
  else assert_int_equal(reply.result.len, 0);
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&sent);
  return status;
}

static void every_allocation_may_fail(void **state) {
  vms_file_request request = { .method = VMS__TEXT("readFile"), .params = VMS__TEXT("[\"/a\",{\"proof\":true}]") };
  liar *l = *state;
  vms_file_reply file;
  vms_buffer proof = VMS_BUFFER_INIT, answer = VMS_BUFFER_INIT;
  sim_memory memory;
  int status;
  memset(&file, 0, sizeof file);
  assert_ok(vms_service_file_prove(l->w.service, &request, &file, &proof, &l->w.error));
  assert_ok(vms__buf_format(&answer, "{\"result\":\"three\",\"proof\":%s}", proof.data));
  sim_memory_init(&memory);
  assert_ok(verify_here(l, &memory.env, vms__buf_view(&answer)));
  for (uint64_t at = 1; ; at++) {
    sim_memory_init(&memory);
    memory.fail_at = at;
    status = verify_here(l, &memory.env, vms__buf_view(&answer));
    assert_int_equal(memory.live, 0);
    if (status == VMS_OK) break;
    assert_int_equal(status, VMS_ERR_NOMEM);
    assert_true(at < 10000);
  }
  vms_buffer_free(&file.body);
  vms_buffer_free(&proof);
  vms_buffer_free(&answer);
}

/* Who does not verify gets what the host says. */
static void without_verification_the_host_is_believed(void **state) {
  liar *l = *state;
  vms_client *client;
  vms_rpc_reply reply;
  vms_error error;
  vms_rpc_reply_init(&reply, NULL);
  l->lie = OTHER_ANSWER;
  assert_ok(vms_client_open(&client, l->host.url, NULL, NULL));
  assert_ok(ask(client, "files.readFile", "[\"/a\",{\"proof\":true}]", 0, 0, &reply, NULL, &error));
  assert_non_null(strstr(reply.result.data, "{\"result\":\"tree\",\"proof\":{"));
  vms_client_close(client);
  vms_rpc_reply_free(&reply);
}

int main(void) {
  const struct CMUnitTest honest[] = {
    cmocka_unit_test(proved_answers_are_those_of_the_host),
    cmocka_unit_test(a_client_of_a_pinned_ledger_proves_against_that_key),
    cmocka_unit_test(what_cannot_be_asked_is_said_before_it_is_sent),
  };
  const struct CMUnitTest lying[] = {
    cmocka_unit_test(nothing_that_is_not_proved_gets_through),
    cmocka_unit_test(a_proof_with_another_digit_does_not_hold),
    cmocka_unit_test(without_verification_the_host_is_believed),
    cmocka_unit_test(every_allocation_may_fail),
    cmocka_unit_test(the_newest_head_is_the_one_proved_last),
  };
  int failed = cmocka_run_group_tests(honest, make_folder, remove_folder);
  return cmocka_run_group_tests(lying, setup, teardown) + failed;
}
