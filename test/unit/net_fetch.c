/* SPDX-License-Identifier: MIT */
/* Goal: whatever a host answers to vms.head and vms.blocks, the auditor ends soon, with the right word and without much memory.
 * Method: a real service behind a session in a thread; one answer at a time is bent, heads are signed anew with the host's keys. */
#define _GNU_SOURCE
#include "test/support/world.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/ledger/internal.h"
#include "vms/net.h"

typedef enum bend {
  HONEST, NOTHING, TOO_MUCH, WRONG_TYPES, AN_OBJECT, NO_BLOCKS, GARBAGE, NO_BASE64, TOO_LARGE, OTHER_BLOCK, HUGE_HEAD, HUGE_EMPTY, FORK, LEDGER_MANIFEST,
  ARCHIVE_MANIFEST, BLOBS_MANIFEST, FORGED_HEAD, HEAD_OF_NOTHING, NO_HEADS, NO_BLOBS_HEAD, EARLIER_CONTRADICTS, EARLIER_LONGER, EARLIER_FORGED, FLOOD
} bend;

typedef struct server {
  world w;
  bend bend;
  unsigned heads; /* asked for so far */
  int listener;
  pthread_t thread;
  vms_rpc_service table;
  char url[160];
} server;

static void sign_head(server *s, int core, vms_head *head) {
  uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN], signable[VMS__SIGNABLE_LEN];
  vms_key_derive(s->w.secret, core == VMS_CORE_LEDGER ? "vms ledger" : "vms archive", seed);
  vms_manifest_key(head->manifest, key);
  vms__head_signable(key, head->tree_hash, head->length, head->fork, signable);
  vms_sign(seed, signable, sizeof signable, head->signature + 2);
}

static int serve_head(void *context, int core, vms_buffer *json, vms_error *error) {
  server *s = context;
  vms_buffer text = VMS_BUFFER_INIT;
  vms_head head;
  unsigned number = ++s->heads; /* 1 archive, 2 blobs, 3 ledger, 4 archive, 5 blobs */
  int status = vms_service_head(s->w.service, core, &text, error);
  if (status == VMS_OK) status = vms_head_read(vms__buf_view(&text), &head, error);
  vms_buffer_free(&text);
  if (status != VMS_OK) return status;
  bool again = true;
  if (s->bend == NO_HEADS || (s->bend == NO_BLOBS_HEAD && core == VMS_CORE_BLOBS)) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no");
  if (s->bend == HEAD_OF_NOTHING) return vms__buf_text(json, "[{\"length\":-1}]");
  if (s->bend == FORK) head.fork = 1;
  else if ((s->bend == HUGE_HEAD || s->bend == HUGE_EMPTY) && core == VMS_CORE_LEDGER) head.length = s->bend == HUGE_HEAD ? VMS__JSON_INT_MAX : 20000000;
  else if (s->bend == LEDGER_MANIFEST && core == VMS_CORE_LEDGER) vms_manifest_blobs(head.manifest, head.manifest);
  else if (s->bend == ARCHIVE_MANIFEST && core == VMS_CORE_ARCHIVE) vms_manifest_blobs(head.manifest, head.manifest);
  else if (s->bend == BLOBS_MANIFEST && core == VMS_CORE_BLOBS) vms_manifest_default(head.manifest + VMS_MANIFEST_LEN - VMS_KEY_LEN, head.manifest);
  else if (s->bend == EARLIER_CONTRADICTS && number == 1) head.tree_hash[0] ^= 1;
  else if (s->bend == EARLIER_LONGER && number == 1) head.length++;
  else again = false;
  if (again) sign_head(s, core, &head);
  if (s->bend == FORGED_HEAD || (s->bend == EARLIER_FORGED && number == 2)) head.signature[9] ^= 1;
  return vms_head_write(json, &head);
}

static int serve_blocks(void *context, int core, uint64_t from, uint64_t to, vms_buffer *json, vms_error *error) {
  server *s = context;
  int status = VMS_OK;
  switch (s->bend) {
    case NOTHING: return vms__buf_text(json, "{\"blocks\":[]}");
    case WRONG_TYPES: return vms__buf_text(json, "{\"blocks\":[null,1,{\"a\":[]}]}");
    case AN_OBJECT: return vms__buf_text(json, "{\"blocks\":\"QQ==\"}");
    case NO_BLOCKS: return vms__buf_text(json, "null");
    case NO_BASE64: return vms__buf_text(json, "{\"blocks\":[\"Q\\u0051==\"]}");
    case GARBAGE: return vms__buf_text(json, "{\"blocks\":[\"QQ==\",\"QUE=\",\"QUFB\",\"\",\"\",\"\",\"\"]}");
    case OTHER_BLOCK:
      if (core == VMS_CORE_BLOBS) return vms__buf_text(json, "{\"blocks\":[\"QQ==\"]}");
      break;
    case TOO_LARGE: {
      static char zeros[VMS_BLOCK_LEN_MAX + 1];
      status = vms__buf_text(json, "{\"blocks\":[\"");
      if (status == VMS_OK) status = vms__buf_base64(json, zeros, sizeof zeros);
      return status == VMS_OK ? vms__buf_text(json, "\"]}") : status;
    }
    case HUGE_EMPTY:
      status = vms__buf_text(json, "{\"blocks\":[\"\"");
      for (int i = 0; i < 100000 && status == VMS_OK; i++) status = vms__buf_text(json, ",\"\"");
      return status == VMS_OK ? vms__buf_text(json, "]}") : status;
    case TOO_MUCH:
      status = vms_service_blocks(s->w.service, core, from, to, json, error);
      if (status == VMS_OK) { /* {"core":…,"blocks":[…  two of them more */
        char *end = strstr(json->data, "],\"head\"");
        char *rest = strdup(end);
        json->len = (size_t)(end - json->data);
        status = vms__buf_text(json, ",\"QQ==\",\"QQ==\"");
        if (status == VMS_OK) status = vms__buf_text(json, rest);
        free(rest);
      }
      return status;
    default: break;
  }
  return vms_service_blocks(s->w.service, core, from, to, json, error);
}

static int serve_info(void *context, vms_buffer *json, vms_error *error) { return vms_service_info(((server *)context)->w.service, json, error); }
static uint64_t serve_length(void *context) { return vms_service_length(((server *)context)->w.service); }
static const vms_rpc_service *serve_find(void *context, vms_slice path) {
  (void)path;
  return &((server *)context)->table;
}

static void flood(int fd) {
  static const char text[] = "{\"jsonrpc\":\"2.0\",\"id\":99999,\"result\":1}";
  char frame[64] = { (char)0x81, sizeof text - 1 };
  memcpy(frame + 2, text, sizeof text - 1);
  while (send(fd, frame, sizeof text + 1, MSG_NOSIGNAL) > 0) usleep(1000);
}

static void *serve(void *context) {
  server *s = context;
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  vms_rpc_session *session;
  vms_buffer out = VMS_BUFFER_INIT;
  char bytes[65536];
  ssize_t n;
  int fd = accept(s->listener, NULL, NULL);
  options.context = s;
  options.find = serve_find;
  assert_ok(vms_rpc_session_new(&session, &options, NULL));
  while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0) {
    if (s->bend == FLOOD && vms_rpc_session_is_open(session)) {
      flood(fd);
      break;
    }
    if (vms_rpc_session_feed(session, bytes, (size_t)n, NULL) != VMS_OK || vms_rpc_session_take(session, &out, NULL) != VMS_OK) break;
    for (size_t at = 0; at < out.len; at += (size_t)n)
      if ((n = send(fd, out.data + at, out.len - at, MSG_NOSIGNAL)) <= 0) goto done;
    vms__buf_clear(&out);
    if (vms_rpc_session_wants_close(session)) break;
  }
done:
  close(fd);
  vms_buffer_free(&out);
  vms_rpc_session_free(session);
  return NULL;
}

static int setup(void **state) {
  static server s;
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
  socklen_t len = sizeof address;
  memset(&s, 0, sizeof s);
  world_init(&s.w);
  world_deploy(&s.w, "exports.write = async x => { await System.files.writeFile('/' + x, 'content') }\n");
  world_call(&s.w, 1, "write", "[\"a\"]");
  world_commit(&s.w);
  s.table = (vms_rpc_service){ .size = sizeof s.table, .context = &s, .length = serve_length, .durable = serve_length, .info = serve_info,
                               .head = serve_head, .blocks = serve_blocks };
  s.listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(s.listener, (struct sockaddr *)&address, len) != 0 || getsockname(s.listener, (struct sockaddr *)&address, &len) != 0) return -1;
  snprintf(s.url, sizeof s.url, "ws://127.0.0.1:%u/", ntohs(address.sin_port));
  *state = &s;
  return listen(s.listener, 1);
}

static int teardown(void **state) {
  server *s = *state;
  close(s->listener);
  world_deinit(&s->w);
  return 0;
}

/* Downloads and judges; returns the verdict's kind, "ok", or the name of a status. */
static const char *audit(server *s, bend how, vms_audit_options *options, vms_verdict *verdict) {
  vms_client_options client_options = VMS_CLIENT_OPTIONS_INIT;
  vms_client *client;
  vms_journal *journal = NULL;
  vms_storage storage;
  s->bend = how;
  s->heads = 0;
  assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
  client_options.timeout_ms = how == FLOOD ? 300 : 20000;
  assert_ok(vms_client_open(&client, s->url, &client_options, &s->w.error));
  assert_ok(vms_memory_open(&storage, NULL, NULL));
  int status = vms_download(client, &storage, options, &journal, verdict, &s->w.error);
  if (status == VMS_OK && journal != NULL) status = vms_audit(journal, options, verdict, &s->w.error);
  vms_client_close(client);
  pthread_join(s->thread, NULL);
  vms_journal_close(journal);
  vms_memory_close(&storage);
  return status != VMS_OK ? vms_status_name(status) : verdict->kind.len == 0 ? "ok" : verdict->kind.data;
}

static void every_bent_answer_has_its_word(void **state) {
  server *s = *state;
  static const struct { bend bend; const char *kind; uint32_t verdict; } cases[] = {
    { HONEST, "ok", VMS_VERDICT_OK }, { TOO_MUCH, "ok", VMS_VERDICT_OK }, { NOTHING, "withheld", VMS_VERDICT_INCOMPLETE },
    { WRONG_TYPES, "withheld", VMS_VERDICT_INCOMPLETE }, { AN_OBJECT, "withheld", VMS_VERDICT_INCOMPLETE }, { NO_BLOCKS, "withheld", VMS_VERDICT_INCOMPLETE },
    { NO_BASE64, "withheld", VMS_VERDICT_INCOMPLETE }, { TOO_LARGE, "withheld", VMS_VERDICT_INCOMPLETE }, { GARBAGE, "withheld", VMS_VERDICT_INCOMPLETE },
    { OTHER_BLOCK, "withheld", VMS_VERDICT_INCOMPLETE }, { HUGE_HEAD, "budget", VMS_VERDICT_INCOMPLETE }, { FORK, "ledger", VMS_VERDICT_FINDING },
    { LEDGER_MANIFEST, "ledger", VMS_VERDICT_FINDING }, { ARCHIVE_MANIFEST, "ledger", VMS_VERDICT_FINDING }, { BLOBS_MANIFEST, "ledger", VMS_VERDICT_FINDING },
    { FORGED_HEAD, "withheld", VMS_VERDICT_INCOMPLETE }, { HEAD_OF_NOTHING, "withheld", VMS_VERDICT_INCOMPLETE }, { NO_HEADS, "withheld", VMS_VERDICT_INCOMPLETE },
    { NO_BLOBS_HEAD, "withheld", VMS_VERDICT_INCOMPLETE }, { EARLIER_CONTRADICTS, "fork", VMS_VERDICT_FINDING }, { EARLIER_LONGER, "fork", VMS_VERDICT_FINDING },
    { EARLIER_FORGED, "withheld", VMS_VERDICT_INCOMPLETE }, { FLOOD, "VMS_ERR_REMOTE", VMS_VERDICT_OK },
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
    vms_verdict verdict;
    vms_verdict_init(&verdict, NULL);
    const char *kind = audit(s, cases[i].bend, &options, &verdict);
    if (strcmp(kind, cases[i].kind) != 0 || verdict.verdict != cases[i].verdict)
      fail_msg("case %zu: %s (%s) instead of %s", i, kind, verdict.message.len == 0 ? "" : verdict.message.data, cases[i].kind);
    vms_verdict_free(&verdict);
  }
}

static void empty_blocks_are_not_free(void **state) {
  server *s = *state;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  vms_verdict verdict;
  vms_verdict_init(&verdict, NULL);
  options.max_bytes = 128 * 1000000;
  assert_string_equal(audit(s, HUGE_EMPTY, &options, &verdict), "budget");
  options.max_bytes = 400; /* the honest ledger is larger */
  assert_string_equal(audit(s, HONEST, &options, &verdict), "budget");
  vms_verdict_free(&verdict);
}

static void the_key_in_a_url_is_a_pin(void **state) {
  server *s = *state;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  vms_verdict verdict;
  vms_buffer url = VMS_BUFFER_INIT;
  uint8_t key[VMS_KEY_LEN];
  for (int wrong = 0; wrong < 2; wrong++) {
    vms_verdict_init(&verdict, NULL);
    vms_service_key(s->w.service, VMS_CORE_LEDGER, key);
    key[3] ^= (uint8_t)wrong;
    vms__buf_clear(&url);
    assert_ok(vms__buf_slice(&url, (vms_slice){ s->url, strcspn(s->url, "#") }));
    assert_ok(vms__buf_text(&url, "#"));
    assert_ok(vms__buf_hex(&url, key, sizeof key));
    snprintf(s->url, sizeof s->url, "%s", url.data);
    assert_string_equal(audit(s, HONEST, &options, &verdict), wrong ? "ledger" : "ok");
    assert_int_equal(verdict.conflict, wrong);
    vms_verdict_free(&verdict);
  }
  vms_buffer_free(&url);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = { TEST(every_bent_answer_has_its_word), TEST(empty_blocks_are_not_free), TEST(the_key_in_a_url_is_a_pin) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
