/* SPDX-License-Identifier: MIT */
/* Goal: JSON-RPC 2.0 to the letter, RFC 6455's framing rules, replies held until durable, and nothing that hostile bytes could break.
 * Method: a session and a fake service in memory; the examples of the JSON-RPC specification; frames made by hand;
 * random bytes from a printed seed, each input given whole and byte by byte with equal output. */
#include "test/support/test.h"

#include "lib/rpc/internal.h"
#include "test/support/rpc_line.h"
#include "test/support/storage.h"

/* --- JSON-RPC --------------------------------------------------------------------------------------------- */

#define INVALID "\"error\":{\"code\":-32600,\"message\":\"this is no JSON-RPC 2.0 request\"}}"

static void requests_are_answered_as_the_specification_shows(void **state) {
  (void)state;
  ask("{\"jsonrpc\": \"2.0\", \"method\": \"echo\", \"params\": [42, 23], \"id\": 1}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[42,23]}");
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":\"a\\u0062\"}", "{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0062\",\"result\":[]}");
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":1.50e1}", "{\"jsonrpc\":\"2.0\",\"id\":1.50e1,\"result\":[]}");
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":null}", "{\"jsonrpc\":\"2.0\",\"id\":null,\"result\":[]}");
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"none\",\"id\":1}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}");
  ask("{\"jsonrpc\": \"2.0\", \"method\": \"foobar.x\", \"id\": \"1\"}", "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"error\":{\"code\":-32601,\"message\":\"no method foobar.x\"}}");
  ask("{\"jsonrpc\": \"2.0\", \"method\": \"foobar, \"params\": \"bar\", \"baz]", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"this is no JSON text\"}}");
  ask("{\"jsonrpc\": \"2.0\", \"method\": 1, \"params\": \"bar\"}", "{\"jsonrpc\":\"2.0\",\"id\":null," INVALID);
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":{}}", "{\"jsonrpc\":\"2.0\",\"id\":null," INVALID);
  ask("{\"jsonrpc\":\"1.0\",\"method\":\"echo\",\"id\":7}", "{\"jsonrpc\":\"2.0\",\"id\":7," INVALID);
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"id\":7,\"params\":3}", "{\"jsonrpc\":\"2.0\",\"id\":7," INVALID);
  ask("1", "{\"jsonrpc\":\"2.0\",\"id\":null," INVALID);
  ask("", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"this is no JSON text\"}}");
}

#define NO_METHOD(name) "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no method " name "\"}}"

static void what_json_lets_people_write_is_understood(void **state) {
  (void)state;
  ask("{\"jsonrpc\":\"1.0\",\"method\":\"boom\",\"id\":3,\"method\":\"echo\",\"id\":1,\"jsonrpc\":\"2.0\"}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}");
  ask("{\"\\u006asonrpc\":\"2.0\",\"m\\u0065thod\":\"ech\\u006F\",\"i\\u0064\":1,\"p\\u0061r\\u0061ms\":[\"\\u0061\"]}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[\"\\u0061\"]}");
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":null,\"id\":1}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[]}");
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1e999,-0,123456789012345678901234567890],\"id\":-1e-999}",
      "{\"jsonrpc\":\"2.0\",\"id\":-1e-999,\"result\":[1e999,-0,123456789012345678901234567890]}");
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"echo\\u0000\",\"id\":1}", NO_METHOD("echo?"));
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"a\\u001b[31m\",\"id\":1}", NO_METHOD("a?[31m"));
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"x.\\u009b31m\",\"id\":1}", NO_METHOD("x.\xc2\xbf" "31m"));
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"a\\\"b\",\"id\":1}", NO_METHOD("a\\\"b"));
}

static void refusals_show_no_control_characters(void **state) {
  (void)state;
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"odd\"}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32003,\"message\":\"not ?[31m\xc2\xbf\",\"data\":{\"message\":\"not ?[31m\xc2\xbf\"}}}");
}

static void notifications_run_without_an_answer(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  say(&l, "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1]}");
  say(&l, "{\"jsonrpc\":\"2.0\",\"method\":\"no.such\"}");
  assert_silent(&l);
  assert_int_equal(l.fake.calls, 1);
  hang_up(&l);
}

static void batches_are_answered_as_the_specification_shows(void **state) {
  (void)state;
  ask("[]", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"an empty batch\"}}");
  ask("[1]", "[{\"jsonrpc\":\"2.0\",\"id\":null," INVALID "]");
  ask("[1,2]", "[{\"jsonrpc\":\"2.0\",\"id\":null," INVALID ",{\"jsonrpc\":\"2.0\",\"id\":null," INVALID "]");
  ask("[{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1,2],\"id\":\"1\"},{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[7]},"
      "{\"foo\":\"boo\"},{\"jsonrpc\":\"2.0\",\"method\":\"foo.get\",\"id\":\"5\"}]",
      "[{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":[1,2]},{\"jsonrpc\":\"2.0\",\"id\":null," INVALID
      ",{\"jsonrpc\":\"2.0\",\"id\":\"5\",\"error\":{\"code\":-32601,\"message\":\"no method foo.get\"}}]");
  ask("[{\"jsonrpc\":\"2.0\",\"method\":\"echo\"},{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}]", NULL);
  ask("[1,2", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"this is no JSON text\"}}");
}

static void batches_have_a_largest_size(void **state) {
  vms_buffer text = VMS_BUFFER_INIT;
  (void)state;
  for (int i = 0; i < 1001; i++) assert_ok(vms__buf_text(&text, i == 0 ? "[1" : ",1"));
  assert_ok(vms__buf_text(&text, "]"));
  ask(text.data, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"a batch holds at most 1000 requests\"}}");
  vms_buffer_free(&text);
}

#define READ(id) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"method\":\"files.readFile\",\"params\":[\"/x\"]}"
#define READ_ANSWER(id) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"result\":\"a\\n\\\"b\\\"\"}"

static void a_batch_of_costly_reads_ends_early_whatever_they_answer(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  l.fake.work = 100000;
  say(&l, "[" READ(1) "," READ(2) "," READ(3) "," READ(4) "]");
  assert_frame(&l, "[" READ_ANSWER(1) "," READ_ANSWER(2) "," READ_ANSWER(3) ",{\"jsonrpc\":\"2.0\",\"id\":4,\"error\":{\"code\":-32004,"
           "\"message\":\"this batch is too much for one answer: ask in smaller batches\"}}]");
  hang_up(&l);
}

static void what_is_made_and_thrown_away_counts(void **state) {
  static const char too_long[] = "The answer is longer than 50331648 bytes of JSON: use offset and length";
  char wanted[600];
  line l;
  (void)state;
  connect_line(&l);
  l.fake.huge = 1;
  say(&l, "[" READ(1) "," READ(2) "]");
  snprintf(wanted, sizeof wanted, "[{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"%s\",\"data\":{\"name\":\"RangeError\",\"message\":\"%s\"}}},"
           "{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32004,\"message\":\"this batch is too much for one answer: ask in smaller batches\"}}]",
           too_long, too_long);
  assert_frame(&l, wanted);
  hang_up(&l);
}

static void costly_reads_leave_the_others_a_turn(void **state) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  line l;
  (void)state;
  connect_line(&l);
  l.fake.work = 300000;
  for (int i = 0; i < 3; i++) frame(&bytes, 0x81, READ(1), strlen(READ(1)), true);
  assert_ok(vms_rpc_session_feed(l.session, bytes.data, bytes.len, NULL));
  vms_buffer_free(&bytes);
  for (int i = 0; i < 3; i++) { /* one at a time */
    assert_int_equal(vms_rpc_session_wants_read(l.session), 0);
    assert_int_equal(vms_rpc_session_pending(l.session), strlen(READ_ANSWER(1)) + 2);
    assert_ok(vms_rpc_session_take(l.session, &l.out, NULL));
  }
  assert_int_equal(vms_rpc_session_wants_read(l.session), 1);
  for (int i = 0; i < 3; i++) assert_frame(&l, READ_ANSWER(1));
  hang_up(&l);
}

static void notifications_that_would_only_read_do_nothing(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  say(&l, "{\"jsonrpc\":\"2.0\",\"method\":\"files.readFile\",\"params\":[\"/x\"]}");
  assert_string_equal(l.fake.text, "");
  say(&l, "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1]}");
  assert_string_equal(l.fake.text, "[1]");
  hang_up(&l);
}

/* --- methods ------------------------------------------------------------------------------------------------ */

#define HEX64 "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
#define CALL(request) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.call\",\"params\":{\"request\":" request \
                      ",\"caller\":\"" HEX64 "\",\"signature\":\"" HEX64 HEX64 "\"}}"
#define INFO "{\"ledger\":\"00\",\"archive\":\"11\",\"methods\":[\"echo\",\"none\"]}"
#define ANSWER(result) "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" result "}"

static void ask_error(const char *question, const char *part) {
  line l;
  uint8_t opcode;
  const char *text;
  size_t len;
  connect_line(&l);
  say(&l, question);
  assert_true(next_frame(&l, &opcode, &text, &len));
  if (strstr(text, part) == NULL) fail_msg("%s: no %s in %s", question, part, text);
  hang_up(&l);
}

static void methods_answer_as_the_protocol_says(void **state) {
  (void)state;
  ask(CALL("\"{\\\"method\\\":\\\"echo\\\",\\\"params\\\":[1.0]}\""), ANSWER("{\"result\":[1.0],\"seq\":0}"));
  ask(CALL("\"{\\\"method\\\":\\\"none\\\",\\\"params\\\":[]}\""), ANSWER("{\"seq\":0}"));
  ask(CALL("\"{\\\"method\\\":\\\"boom\\\",\\\"params\\\":[]}\""),
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"say \\\"no\\\"\",\"data\":{\"name\":\"TypeError\",\"message\":\"say \\\"no\\\"\",\"seq\":0}}}");
  ask(CALL("\"{\\\"method\\\":\\\"gone\\\",\\\"params\\\":[]}\""),
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no such method\",\"data\":{\"message\":\"no such method\"}}}");
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.info\"}", ANSWER(INFO));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms\\u002einfo\",\"params\":[]}", ANSWER(INFO));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.head\"}", ANSWER("{\"core\":0}"));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.head\",\"params\":{\"core\":\"archive\"}}", ANSWER("{\"core\":1}"));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.head\",\"params\":[\"archive\"]}", ANSWER("{\"core\":1}"));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.blocks\",\"params\":{\"to\":9,\"from\":3,\"core\":\"blobs\"}}", ANSWER("[2,3,9]"));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files.readFile\",\"params\":[\"/x\"]}", ANSWER("\"a\\n\\\"b\\\"\""));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files.readFile\",\"params\":[\"/bytes\"]}", ANSWER("{\"base64\":\"YQoiYiI=\"}"));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files.readdir\"}", ANSWER("[\"x\"]"));
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files.stat\",\"params\":[\"/y\"]}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"no such file\",\"data\":{\"name\":\"NotFoundError\",\"message\":\"no such file\"}}}");
}

#define ASK(method, params) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" method "\",\"params\":" params "}"
#define PARAMS_ERROR(text) "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"" text "\"}}"

static void proofs_are_asked_for_by_position_or_by_name(void **state) {
  line l;
  (void)state;
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.proof\"}", ANSWER("[-1,0,0]"));
  ask(ASK("vms.proof", "{\"length\":9,\"from\":3}"), ANSWER("[-1,3,9]"));
  ask(ASK("vms.proof", "[4,3,9]"), ANSWER("[4,3,9]"));
  ask(ASK("vms.proof", "{\"seq\":\"4\"}"), PARAMS_ERROR("seq has to be a whole number, 0 or more"));
  ask(ASK("vms.proof", "{\"from\":101}"), PARAMS_ERROR("from is beyond the ledger"));
  ask(ASK("vms.proof", "[1,2,3,4]"), PARAMS_ERROR("at most 3 parameters are expected"));
  connect_line(&l);
  l.fake.table.proof = NULL;
  say(&l, ASK("vms.proof", "[]"));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no method vms.proof\"}}");
  hang_up(&l);
}

#define SHAKEN ANSWER("{\"methods\":[\"echo\",\"none\"],\"callLogUrl\":\"hyper://00/\",\"filesArchiveUrl\":\"hyper://11/\"}")

static void clients_of_the_original_find_their_way(void **state) {
  line l;
  (void)state;
  /* as rpc-websockets 3 writes it: the members in this order, null for no parameters */
  ask("{\"jsonrpc\":\"2.0\",\"method\":\"handshake\",\"params\":null,\"id\":1}", SHAKEN);
  ask(ASK("handshake", "[]"), SHAKEN);
  ask(ASK("handshake", "[1]"), PARAMS_ERROR("at most 0 parameters are expected"));
  connect_with(&l, "GET /b/p?user=bob HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n", 0);
  say(&l, "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1,\"two\"],\"id\":2}");
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":[1,\"two\"]}");
  assert_string_equal(l.fake.caller, "null"); /* the user counts where the host says so */
  hang_up(&l);
}

static void reading_is_refused_where_there_is_no_room(void **state) {
  static const char busy[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32004,\"message\":\"busy: too many answers wait to be taken, try again later\"}}";
  line l;
  (void)state;
  connect_line(&l);
  l.fake.no_room = 1;
  say(&l, ASK("files.readdir", "[]"));
  assert_frame(&l, busy);
  assert_string_equal(l.fake.text, ""); /* before anything was done */
  say(&l, ASK("rpc.discover", "[]"));
  assert_frame(&l, busy);
  say(&l, ASK("vms.head", "[]")); /* what every caller needs first is had all the same */
  assert_frame(&l, ANSWER("{\"core\":0}"));
  say(&l, ASK("echo", "[1]")); /* calls are counted elsewhere */
  assert_frame(&l, ANSWER("[1]"));
  l.fake.no_room = 2;
  say(&l, ASK("rpc.discover", "[]"));
  assert_frame(&l, busy);
  say(&l, ASK("vms.blocks", "[\"ledger\",0,1]"));
  assert_frame(&l, ANSWER("[0,0,1]"));
  hang_up(&l);
}

/* --- files ---------------------------------------------------------------------------------------------------- */

#define ASK_FILE(method, params) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files." method "\",\"params\":" params "}"
#define THROWN(name, text, more) "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"" text "\",\"data\":{\"name\":\"" name \
                                 "\",\"message\":\"" text "\"" more "}}}"

static void file_calls_reach_the_archive_with_their_options_and_bounds(void **state) {
  static const char *const calls[][2] = {
    { ASK_FILE("getInfo", "[{\"version\":3}]"), "getInfo[{\"version\":3}] 16777216 100000" },
    { ASK_FILE("stat", "[\"/x\", null]"), "stat[\"/x\", null] 16777216 100000" },
    { ASK_FILE("readFile", "[\"/x\",{\"offset\":5}]"), "readFile[\"/x\",{\"offset\":5}] 16777216 100000" },
    { ASK_FILE("readdir", "[]"), "readdir[] 16777216 100000" },
    { ASK_FILE("history", "[{\"limit\":2}]"), "history[{\"limit\":2}] 16777216 100000" },
    { ASK_FILE("getInfo", "{\"options\":{\"version\":3}}"), "getInfo[{\"version\":3}] 16777216 100000" },
    { ASK_FILE("readFile", "{\"options\":\"hex\",\"path\":\"/x\"}"), "readFile[\"/x\",\"hex\"] 16777216 100000" },
    { ASK_FILE("stat", "{\"p\\u0061th\":\"/x\"}"), "stat[\"/x\",null] 16777216 100000" },
    { ASK_FILE("readdir", "{}"), "readdir[null,null] 16777216 100000" },
    { ASK_FILE("history", "{\"options\":{\"limit\":2}}"), "history[null,{\"limit\":2}] 16777216 100000" },
  };
  line l;
  (void)state;
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    connect_line(&l);
    say(&l, calls[i][0]);
    assert_string_equal(l.fake.text, calls[i][1]);
    hang_up(&l);
  }
}

static void a_proof_is_part_of_the_answer_where_it_is_asked_for(void **state) {
  static const char proved[] = ANSWER("{\"result\":[\"x\"],\"proof\":{\"ledger\":[]}}");
  line l;
  (void)state;
  ask(ASK_FILE("readdir", "[\"/\",{\"proof\":true}]"), proved);
  ask(ASK_FILE("readdir", "[null, {\"proof\":true}]"), proved);
  ask(ASK_FILE("history", "[{\"limit\":1,\"proof\":true}]"), proved);
  ask(ASK_FILE("history", "{\"options\":{\"limit\":1,\"proof\":true}}"), proved);
  ask(ASK_FILE("history", "[\"/\",{\"proof\":true}]"), proved);
  ask(ASK_FILE("readFile", "[\"/x\",{\"proof\":true}]"), ANSWER("{\"result\":\"a\\n\\\"b\\\"\",\"proof\":{\"ledger\":[]}}"));
  ask(ASK_FILE("stat", "[\"/x\",{\"proof\":true}]"), THROWN("NotFoundError", "no such file", ",\"proof\":{\"ledger\":[]}"));
  /* not asked for, or not there */
  ask(ASK_FILE("readdir", "[\"/\",{\"proof\":false}]"), ANSWER("[\"x\"]"));
  ask(ASK_FILE("readdir", "[\"/\",{\"proof\":1}]"), ANSWER("[\"x\"]"));
  ask(ASK_FILE("readdir", "[{\"proof\":true}]"), ANSWER("[\"x\"]"));
  ask(ASK_FILE("readFile", "[\"/x\",\"proof\"]"), ANSWER("\"a\\n\\\"b\\\"\""));
  ask(ASK_FILE("stat", "[\"/unproved\",{\"proof\":true}]"), THROWN("NotFoundError", "no such file", ""));
  /* a host that proves nothing, and one that was built before there were proofs */
  for (int i = 0; i < 2; i++) {
    connect_line(&l);
    if (i == 0) l.fake.table.file_prove = NULL;
    else l.fake.table.size = offsetof(vms_rpc_service, file_prove);
    say(&l, ASK_FILE("readdir", "[\"/\",{\"proof\":true}]"));
    assert_frame(&l, THROWN("NotSupportedError", "This host does not prove its answers", ""));
    hang_up(&l);
  }
}

static void clients_cannot_change_files(void **state) {
  (void)state;
#define READ_ONLY THROWN("ArchiveNotWritableError", "Only the contract can change files: call one of its methods", "")
  ask(ASK_FILE("writeFile", "[\"/x\",\"y\"]"), READ_ONLY);
  ask(ASK_FILE("mkdir", "[\"/x\"]"), READ_ONLY);
  ask(ASK_FILE("unlink", "[]"), READ_ONLY);
  ask(ASK_FILE("rmdir", "[\"/x\"]"), READ_ONLY);
  ask(ASK_FILE("copy", "[\"/x\",\"/y\"]"), READ_ONLY);
  ask(ASK_FILE("rename", "{\"a\":1}"), READ_ONLY);
}

static void an_answer_that_is_too_long_says_what_to_do(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  l.fake.huge = 1;
  say(&l, ASK_FILE("readFile", "[\"/x\"]"));
  assert_frame(&l, THROWN("RangeError", "The answer is longer than 50331648 bytes of JSON: use offset and length", ""));
  say(&l, ASK_FILE("readdir", "[\"/x\",{\"proof\":true}]"));
  assert_frame(&l, THROWN("RangeError", "The answer is longer than 50331648 bytes of JSON: use after and limit", ""));
  hang_up(&l);
}

static void assert_params(const char *method, const char *params, uint64_t version, int prove, const char *expected) {
  vms_buffer out = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  assert_ok(vms__buf_text(&out, "> "));
  int status = vms_rpc_file_params(vms__slice_of(method), vms__slice_of(params), version, prove, &out, &error);
  assert_int_equal(status, expected[0] == '[' ? VMS_OK : VMS_ERR_ARGUMENT);
  if (status == VMS_OK) assert_string_equal(out.data + 2, expected);
  else assert_string_equal(error.message, expected);
  if (status != VMS_OK) assert_int_equal(out.len, 2);
  vms_buffer_free(&out);
}

static void version_and_proof_go_into_the_options(void **state) {
  (void)state;
  assert_params("files.stat", "[ \"/x\" , {} ]", 0, 0, "[ \"/x\" , {} ]");
  assert_params("files.stat", "[\"/x\"]", 7, 0, "[\"/x\",{\"version\":7}]");
  assert_params("files.stat", "[\"/x\",null,5]", 7, 1, "[\"/x\",{\"version\":7,\"proof\":true},5]");
  assert_params("files.stat", "[]", 7, 0, "[null,{\"version\":7}]");
  assert_params("files.getInfo", " []", 7, 0, "[{\"version\":7}]");
  assert_params("files.readFile", "[\"/x\",\"a\\u0022b\"]", 0, 1, "[\"/x\",{\"encoding\":\"a\\u0022b\",\"proof\":true}]");
  assert_params("files.readFile", "[\"/x\", {\"version\" : 3, \"length\":[1, 2], \"version\":4, \"proof\":0}]", 9007199254740991, 1,
                "[\"/x\",{\"length\":[1, 2],\"version\":9007199254740991,\"proof\":true}]");
  assert_params("files.readFile", "[\"/x\",{\"version\":3,\"proof\":0}]", 0, 1, "[\"/x\",{\"version\":3,\"proof\":true}]");
  assert_params("files.readdir", "[]", 1, 0, "[null,{\"version\":1}]");
  assert_params("files.history", "[]", 0, 1, "[null,{\"proof\":true}]");
  assert_params("files.history", "[{\"limit\":1}]", 2, 1, "[{\"limit\":1,\"version\":2,\"proof\":true}]");
  assert_params("files.history", "[\"/a\",{\"limit\":1}]", 2, 0, "[\"/a\",{\"limit\":1,\"version\":2}]");
  assert_params("files.getInfo", "[]", 0, 1, "files.getInfo cannot be proved");
  assert_params("files.writeFile", "[]", 0, 0, "files.writeFile is no call that reads files");
  assert_params("vms.info", "[]", 0, 0, "vms.info is no call that reads files");
  assert_params("file", "[]", 0, 0, "file is no call that reads files");
  assert_params("files.stat", "{\"a\":1}", 0, 0, "the parameters of files.stat have to be a JSON array");
  assert_params("files.stat", "[1", 0, 0, "the parameters of files.stat have to be a JSON array");
  assert_params("files.stat", "[] []", 0, 0, "the parameters of files.stat have to be a JSON array");
  assert_params("files.stat", "", 0, 0, "the parameters of files.stat have to be a JSON array");
  assert_params("files.stat", "[\"/x\",\"utf8\"]", 1, 0, "the options of files.stat have to be an object");
  assert_params("files.readFile", "[\"/x\",[]]", 1, 0, "the options of files.readFile have to be an object");
  assert_params("files.stat", "[]", UINT64_C(9007199254740992), 0, "a version is below 2^53");
}

static void assert_bytes(const char *result, const char *expected) {
  vms_rpc_reply reply;
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_rpc_reply_init(&reply, NULL);
  assert_ok(vms__buf_text(&reply.result, result));
  assert_int_equal(vms_rpc_reply_bytes(&reply, &bytes), expected == NULL ? VMS_ERR_FORM : VMS_OK);
  if (expected != NULL) assert_int_equal(bytes.len, strlen(expected));
  if (expected != NULL && bytes.len > 0) assert_memory_equal(bytes.data, expected, bytes.len);
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&bytes);
}

static void results_that_are_bytes_can_be_told(void **state) {
  (void)state;
  assert_bytes("{\"base64\":\"YQoiYiI=\"}", "a\n\"b\"");
  assert_bytes("{\"base64\":\"\"}", "");
  assert_bytes("{\"base64\":\"YQ\"}", NULL);
  assert_bytes("{\"base64\":5}", NULL);
  assert_bytes("{\"base64\":\"\",\"more\":1}", NULL);
  assert_bytes("\"YQ==\"", NULL);
  assert_bytes("", NULL);
}

/* --- parameters ---------------------------------------------------------------------------------------------- */

static void parameters_are_checked(void **state) {
  static const char *const bad[] = {
    "\"method\":\"vms.call\"",
    "\"method\":\"vms.call\",\"params\":{\"request\":5,\"caller\":\"" HEX64 "\",\"signature\":\"" HEX64 HEX64 "\"}",
    "\"method\":\"vms.call\",\"params\":{\"request\":\"x\",\"caller\":\"" HEX64 "\"}",
    "\"method\":\"vms.call\",\"params\":{\"request\":\"x\",\"caller\":\"" HEX64 "\",\"signature\":\"" HEX64 "\"}",
    "\"method\":\"vms.call\",\"params\":{\"request\":\"x\",\"caller\":\"0A" HEX64 "\",\"signature\":\"" HEX64 HEX64 "\"}",
    "\"method\":\"vms.call\",\"params\":{\"request\":\"x\",\"caller\":\"" HEX64 "\",\"signature\":\"" HEX64 HEX64 "\",\"more\":1}",
    "\"method\":\"vms.call\",\"params\":{\"request\":\"{\\\"method\\\": \\\"echo\\\",\\\"params\\\":[]}\"}",
    "\"method\":\"vms.info\",\"params\":[1]",
    "\"method\":\"vms.head\",\"params\":[\"other\"]",
    "\"method\":\"vms.head\",\"params\":[\"ledger\",1]",
    "\"method\":\"vms.head\",\"params\":[\"blobs\"]",
    "\"method\":\"vms.blocks\",\"params\":[\"ledger\",-1,5]",
    "\"method\":\"vms.blocks\",\"params\":[\"ledger\",1.5,5]",
    "\"method\":\"vms.blocks\",\"params\":[\"ledger\",5,4]",
    "\"method\":\"vms.blocks\",\"params\":[\"ledger\",5,9007199254740992]",
    "\"method\":\"vms.blocks\",\"params\":[\"ledger\",5]",
    "\"method\":\"files.stat\",\"params\":{\"file\":\"/x\"}",
    "\"method\":\"files.getInfo\",\"params\":{\"path\":\"/x\"}",
    "\"method\":\"vms.proof\",\"params\":{\"length\":0}",
    "\"method\":\"echo\",\"params\":{\"a\":1}",
  };
  char text[1024];
  (void)state;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":1,%s}", bad[i]);
    ask_error(text, "\"code\":-32602");
  }
  ask_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files.chmod\",\"params\":[\"/x\",\"y\"]}", "\"code\":-32601");
  ask_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"files.\",\"params\":[]}", "\"code\":-32601");
  ask_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"disks.stat\",\"params\":[]}", "\"code\":-32601");
  ask_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}", "\"code\":-32601");
}

static void params_of_calls_travel_as_raw_text(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[ 1.00, 1e400 , 12345678901234567890, \"a b\\u00e9\\\"\", {\"x\" : 1, \"x\":2} ]}");
  assert_frame(&l, ANSWER("[1.00,1e400,12345678901234567890,\"a b\\u00e9\\\"\",{\"x\":1,\"x\":2}]"));
  hang_up(&l);
}

static void depth_is_bounded(void **state) {
  vms_buffer text = VMS_BUFFER_INIT;
  (void)state;
  for (int depth = 64; depth <= 65; depth++) {
    vms__buf_clear(&text);
    assert_ok(vms__buf_text(&text, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":"));
    for (int i = 0; i < depth; i++) assert_ok(vms__buf_byte(&text, '['));
    for (int i = 0; i < depth; i++) assert_ok(vms__buf_byte(&text, ']'));
    assert_ok(vms__buf_byte(&text, '}'));
    ask_error(text.data, depth == 64 ? "\"result\":[[" : "\"code\":-32602");
  }
  vms__buf_clear(&text);
  for (int i = 0; i < 60000; i++) assert_ok(vms__buf_byte(&text, '['));
  ask_error(text.data, "\"code\":-32700");
  vms_buffer_free(&text);
}

static void discovery_lists_own_methods_and_the_contracts(void **state) {
  (void)state;
  ask_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.discover\"}", "\"openrpc\":\"1.2.6\"");
  ask_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.discover\"}", "\"name\":\"vms.call\"");
  ask_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.discover\"}", "\"name\":\"echo\"");
  ask_error("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"rpc.discover\"}",
            "\"params\":[{\"name\":\"path\",\"required\":false,\"schema\":{}},{\"name\":\"options\",\"required\":false,\"schema\":{\"properties\":"
            "{\"start\":{},\"end\":{},\"reverse\":{},\"limit\":{},\"version\":{},\"proof\":{}}}}]");
}

static void debug_users_come_from_the_url_if_the_service_says_so(void **state) {
  static const char *const upgrade = "GET /?x=1&user=bob%2d1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  line l;
  (void)state;
  connect_with(&l, upgrade, 0);
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}");
  assert_string_equal(l.fake.caller, "null");
  l.fake.table.flags = VMS_RPC_DEBUG;
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}");
  assert_string_equal(l.fake.caller, "debug:bob-1");
  hang_up(&l);
}

/* --- holding ------------------------------------------------------------------------------------------------- */

static void replies_wait_until_their_record_is_durable(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  l.fake.immediately = 0;
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[1]}");
  say(&l, "[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"vms.info\"},{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"boom\"}]");
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"vms.head\"}");
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{\"core\":0}}");
  assert_silent(&l);
  assert_int_equal(vms_rpc_session_held(l.session), 2);
  assert_ok(vms_rpc_session_release(l.session, 0, NULL));
  assert_silent(&l);
  assert_ok(vms_rpc_session_release(l.session, 1, NULL));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[1]}");
  assert_silent(&l);
  assert_ok(vms_rpc_session_release(l.session, 2, NULL));
  assert_frame(&l, "[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":" INFO "},{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":1,"
                   "\"message\":\"say \\\"no\\\"\",\"data\":{\"name\":\"TypeError\",\"message\":\"say \\\"no\\\"\",\"seq\":1}}}]");
  assert_int_equal(vms_rpc_session_held(l.session), 0);
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"echo\"}"); /* the list still works once it was empty */
  assert_ok(vms_rpc_session_release(l.session, 3, NULL));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":[]}");
  hang_up(&l);
}

static void held_replies_can_be_failed(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  l.fake.immediately = 0;
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"echo\"}");
  say(&l, "[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"vms.info\"},{\"jsonrpc\":\"2.0\",\"method\":\"echo\"},{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"echo\"}]");
  assert_ok(vms_rpc_session_fail(l.session, VMS_CODE_STORAGE, "gone", NULL));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"error\":{\"code\":-32007,\"message\":\"gone\"}}");
  assert_frame(&l, "[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":" INFO "},{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32007,\"message\":\"gone\"}}]");
  assert_silent(&l);
  hang_up(&l);
}

static void input_waits_while_output_is_not_taken(void **state) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  line l;
  uint8_t opcode;
  const char *text;
  size_t len, answers = 0;
  (void)state;
  connect_with(&l, UPGRADE, 1000);
  for (int i = 0; i < 500; i++) frame(&bytes, 0x81, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[\"0123456789\"]}", 65, true);
  assert_ok(vms_rpc_session_feed(l.session, bytes.data, bytes.len, NULL));
  assert_true(vms_rpc_session_pending(l.session) < 1200);
  assert_true(l.fake.calls < 30);
  assert_int_equal(vms_rpc_session_wants_read(l.session), 0);
  while (next_frame(&l, &opcode, &text, &len)) answers++;
  assert_int_equal(answers, 500);
  assert_int_equal(vms_rpc_session_wants_read(l.session), 1);
  hang_up(&l);
  vms_buffer_free(&bytes);
}

/* --- frames ---------------------------------------------------------------------------------------------------- */

static void fragments_and_pings_work_together(void **state) {
  static const char text[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}";
  line l;
  uint8_t opcode;
  const char *pong;
  size_t len;
  (void)state;
  connect_line(&l);
  feed_frame(&l, 0x01, text, 10);
  feed_frame(&l, 0x89, "are you there", 13);
  feed_frame(&l, 0x00, text + 10, 20);
  feed_frame(&l, 0x00, "", 0);
  feed_frame(&l, 0x80, text + 30, strlen(text) - 30);
  assert_true(next_frame(&l, &opcode, &pong, &len));
  assert_int_equal(opcode, 10);
  assert_string_equal(pong, "are you there");
  assert_frame(&l, ANSWER("[]"));
  hang_up(&l);
}

static void closing_is_answered_with_the_same_code(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  feed_frame(&l, 0x88, "\x03\xe8", 2);
  assert_closed(&l, 1000);
  hang_up(&l);
}

static void a_host_says_goodbye(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  assert_ok(vms_rpc_session_close(l.session, 1001, "bye", NULL));
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}");
  assert_closed(&l, 1001);
  assert_int_equal(l.fake.calls, 0);
  hang_up(&l);
}

static void bad_frames_end_the_connection_with_the_right_code(void **state) {
  static const struct { const char *bytes; size_t len; unsigned code; } cases[] = {
    { "\x82\x81\0\0\0\0x", 7, 1003 },                        /* binary */
    { "\x81\x82\0\0\0\0\xc3\x28", 8, 1007 },                 /* not UTF-8 */
    { "\x81\x01x", 3, 1002 },                                /* no mask */
    { "\x81\x7e\x01\x00", 4, 1002 },                         /* no mask, longer */
    { "\xc1\x80\0\0\0\0", 6, 1002 },                         /* a reserved bit */
    { "\x83\x80\0\0\0\0", 6, 1002 },                         /* an opcode that is none */
    { "\x80\x80\0\0\0\0", 6, 1002 },                         /* a continuation of nothing */
    { "\x09\x80\0\0\0\0", 6, 1002 },                         /* a fragmented ping */
    { "\x89\xfe\x00\x7e\0\0\0\0", 8, 1002 },                 /* a long ping */
    { "\x81\xfe\x00\x05\0\0\0\0", 8, 1002 },                 /* a length not in its shortest form */
    { "\x88\x81\0\0\0\0\x03", 7, 1002 },                     /* half a close code */
    { "\x88\x85\0\0\0\0\x03\xe8" "ab\xff", 11, 1007 },    /* a reason that is not UTF-8 */
    { "\x88\x86\0\0\0\0\x03\xe8" "ab\xc3\xa9", 12, 1000 }, /* and one that is */
    { "\x81\xff\x00\x00\x00\x00\x00\x20\x00\x01\0\0\0\0x", 15, 1009 }, /* 2 MiB and one byte */
    { "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0x", 15, 1009 },
    { "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14, 1002 }, /* more than a length may be */
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (size_t step = 1; step <= 64; step += 63) {
      line l;
      connect_line(&l);
      for (size_t at = 0; at < cases[i].len; at += step)
        assert_ok(vms_rpc_session_feed(l.session, cases[i].bytes + at, VMS__MIN(step, cases[i].len - at), NULL));
      assert_closed(&l, cases[i].code);
      say(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}");
      assert_int_equal(l.fake.calls, 0);
      hang_up(&l);
    }
}

/* Feeds bytes in pieces and collects what comes back. */
static void play(const vms_buffer *bytes, size_t step, vms_buffer *out, uint64_t *calls) {
  line l;
  connect_line(&l);
  for (size_t at = 0; at < bytes->len; at += step) {
    assert_ok(vms_rpc_session_feed(l.session, bytes->data + at, VMS__MIN(step, bytes->len - at), NULL));
    take(&l);
  }
  assert_ok(vms__buf_slice(out, vms__buf_view(&l.out)));
  *calls = l.fake.calls;
  hang_up(&l);
}

static void output_does_not_depend_on_how_input_is_cut(void **state) {
  static const char *const texts[] = { "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[1]}", "[]", "{", "\xff", "[1,2,3]" };
  uint64_t random = sim_seed();
  (void)state;
  for (int round = 0; round < 300; round++) {
    vms_buffer bytes = VMS_BUFFER_INIT, whole = VMS_BUFFER_INIT, drip = VMS_BUFFER_INIT;
    uint64_t calls[2];
    for (uint64_t i = 0, count = sim_random(&random) % 12; i < count; i++) {
      const char *text = texts[sim_random(&random) % 5];
      static const uint8_t kinds[] = { 0x81, 0x81, 0x81, 0x89, 0x01, 0x80, 0x8a, 0x82 };
      uint64_t kind = sim_random(&random);
      frame(&bytes, kinds[kind % 8], text, strlen(text), kind % 31 != 0);
    }
    for (uint64_t i = 0, count = sim_random(&random) % 40; i < count && round % 3 == 0; i++)
      assert_ok(vms__buf_byte(&bytes, (uint8_t)sim_random(&random)));
    play(&bytes, SIZE_MAX / 2, &whole, &calls[0]);
    play(&bytes, 1, &drip, &calls[1]);
    assert_int_equal(whole.len, drip.len);
    if (whole.len > 0) assert_memory_equal(whole.data, drip.data, whole.len);
    assert_int_equal(calls[0], calls[1]);
    vms_buffer_free(&bytes);
    vms_buffer_free(&whole);
    vms_buffer_free(&drip);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(requests_are_answered_as_the_specification_shows),
    cmocka_unit_test(what_json_lets_people_write_is_understood),
    cmocka_unit_test(refusals_show_no_control_characters),
    cmocka_unit_test(notifications_run_without_an_answer),
    cmocka_unit_test(batches_are_answered_as_the_specification_shows),
    cmocka_unit_test(batches_have_a_largest_size),
    cmocka_unit_test(a_batch_of_costly_reads_ends_early_whatever_they_answer),
    cmocka_unit_test(what_is_made_and_thrown_away_counts),
    cmocka_unit_test(costly_reads_leave_the_others_a_turn),
    cmocka_unit_test(notifications_that_would_only_read_do_nothing),
    cmocka_unit_test(methods_answer_as_the_protocol_says),
    cmocka_unit_test(proofs_are_asked_for_by_position_or_by_name),
    cmocka_unit_test(clients_of_the_original_find_their_way),
    cmocka_unit_test(reading_is_refused_where_there_is_no_room),
    cmocka_unit_test(file_calls_reach_the_archive_with_their_options_and_bounds),
    cmocka_unit_test(a_proof_is_part_of_the_answer_where_it_is_asked_for),
    cmocka_unit_test(clients_cannot_change_files),
    cmocka_unit_test(an_answer_that_is_too_long_says_what_to_do),
    cmocka_unit_test(version_and_proof_go_into_the_options),
    cmocka_unit_test(results_that_are_bytes_can_be_told),
    cmocka_unit_test(parameters_are_checked),
    cmocka_unit_test(params_of_calls_travel_as_raw_text),
    cmocka_unit_test(depth_is_bounded),
    cmocka_unit_test(discovery_lists_own_methods_and_the_contracts),
    cmocka_unit_test(debug_users_come_from_the_url_if_the_service_says_so),
    cmocka_unit_test(replies_wait_until_their_record_is_durable),
    cmocka_unit_test(held_replies_can_be_failed),
    cmocka_unit_test(input_waits_while_output_is_not_taken),
    cmocka_unit_test(fragments_and_pings_work_together),
    cmocka_unit_test(closing_is_answered_with_the_same_code),
    cmocka_unit_test(a_host_says_goodbye),
    cmocka_unit_test(bad_frames_end_the_connection_with_the_right_code),
    cmocka_unit_test(output_does_not_depend_on_how_input_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
