/* SPDX-License-Identifier: MIT */
/* Goal: the client of JSON text gives one JSON object for everything, whatever goes wrong and whatever it is given. Method: a host with two
 * faces; every answer is parsed. The same functions from Python: test/cli/client.bats. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <unistd.h>

#include "lib/net/internal.h"
#include "test/support/folder.h"
#include "test/support/two_faced.h"

static const char counter[] = "let n = 0; exports.add = x => n += x; exports.none = () => {}; exports.fail = () => { throw new RangeError('no') }";
static two_faced host;
static char options[256];

static int begin(void **state) {
  (void)state;
  two_faced_start(&host, counter);
  snprintf(options, sizeof options, "{\"keep\":\"%s/keep\",\"key\":\"%s/key\",\"timeout\":2.5}", folder, folder);
  return 0;
}

static int end(void **state) {
  char command[160];
  (void)state;
  two_faced_stop(&host);
  snprintf(command, sizeof command, "rm -rf '%s/keep'", folder);
  return system(command);
}

/* A valid object that has this in it; frees it. */
static void assert_object(char *text, const char *part) {
  assert_non_null(text);
  if (!vms__json_valid(SLICE(text), 64, VMS__JSON_ANY) || text[0] != '{' || strstr(text, part) == NULL) fail_msg("no %s in %s", part, text);
  vms_text_free(text);
}

static vms_client *connect_to(const char *url, const char *wanted) {
  vms_client *client;
  char *text;
  assert_ok(vms_client_connect(&client, url, wanted, &text));
  assert_object(text, "\"methods\":[");
  return client;
}

static void assert_call(vms_client *client, const char *method, const char *params, int wanted, const char *part) {
  char *text;
  int status = vms_client_call_text(client, method, params, &text);
  if (status != wanted) fail_msg("%s: status %d, %s", method, status, text);
  assert_object(text, part);
}

static void calls_give_one_object(void **state) {
  vms_client *client = connect_to(host.url, options);
  char *text;
  (void)state;
  assert_call(client, "add", "[ 1 ]", VMS_OK, "{\"result\":1,\"seq\":2,\"receipt\":{");
  assert_call(client, "none", NULL, VMS_OK, "{\"seq\":3,\"receipt\":{");
  assert_call(client, "fail", "[]", VMS_OK, "{\"error\":{\"code\":1,\"message\":\"no\",\"data\":{\"name\":\"RangeError\",\"message\":\"no\",\"seq\":4,\"receipt\":{");
  assert_call(client, "vms.head", "{\"core\":\"ledger\"}", VMS_OK, "{\"result\":{\"length\":5");
  assert_call(client, "vms.nothing", NULL, VMS_OK, "\"code\":-32601");
  assert_call(client, "add", "{}", VMS_ERR_FORM, "{\"error\":{\"status\":\"VMS_ERR_FORM\",\"message\":\"");
  assert_call(client, "add", "[1", VMS_ERR_FORM, "\"hint\":\"");
  assert_call(client, "a\"b\\", "[1]", VMS_ERR_FORM, "VMS_ERR_FORM");
  assert_call(client, "a\xff.b", "[1]", VMS_ERR_FORM, "VMS_ERR_FORM");
  assert_ok(vms_client_info_text(client, &text));
  assert_object(text, "{\"result\":{\"ledger\":\"");
  assert_ok(vms_client_subscribe_text(client, 4, &text));
  assert_object(text, "{}");
  assert_ok(vms_client_poll_text(client, 2000, &text));
  assert_object(text, "{\"result\":{\"seq\":4,\"record\":{\"type\":\"call\",");
  assert_ok(vms_client_poll_text(client, 0, &text));
  assert_object(text, "{}");
  vms_client_close(client);
  client = connect_to(host.url, "{\"keep\":false,\"anonymous\":true}");
  assert_call(client, "add", "[1]", VMS_OK, "{\"result\":2,\"seq\":5}");
  assert_call(client, "add\",\"params\":[5],\"x\":\"", "[1]", VMS_OK, "{\"error\":{\"code\":-32602"); /* a name, whatever is in it */
  assert_call(client, "a\xff", "[1]", VMS_ERR_FORM, "VMS_ERR_FORM");
  assert_int_equal(vms_client_poll_text(client, 0, &text), VMS_ERR_ARGUMENT);
  assert_object(text, "VMS_ERR_ARGUMENT");
  vms_client_close(client);
}

/* Looks again and again, without waiting, until there is a record. */
static void assert_polled(vms_client *client, const char *part) {
  char *text;
  for (int left = 60000; left > 0; left--) {
    assert_ok(vms_client_poll_text(client, 0, &text));
    if (strcmp(text, "{}") != 0) break;
    vms_text_free(text);
    text = NULL;
    usleep(1000);
  }
  assert_object(text, part);
}

static void who_never_waits_gets_every_record_all_the_same(void **state) {
  vms_client *client = connect_to(host.url, "{\"keep\":false}");
  char *text;
  (void)state;
  assert_ok(vms_client_subscribe_text(client, 2, &text));
  assert_object(text, "{}");
  two_faced_call(&host, 0, "add", "[1]");
  assert_polled(client, "{\"result\":{\"seq\":2,");
  two_faced_pause(&host); /* nor does a lost connection stay lost */
  assert_ok(vms_client_poll_text(client, 0, &text));
  assert_object(text, "{}");
  two_faced_resume(&host);
  two_faced_call(&host, 0, "add", "[1]");
  assert_polled(client, "{\"result\":{\"seq\":3,");
  vms_client_close(client);
}

static void what_cannot_be_wished_for_is_said_to(void **state) {
  static const char *const wrong[] = { "[]", "{", "", "{\"timeouts\":1}", "{\"timeout\":0}", "{\"timeout\":\"5\"}", "{\"timeout\":1e3}", "{\"timeout\":1.2345}", "{\"timeout\":-1}",
    "{\"timeout\":100000}", "{\"keep\":1}", "{\"keep\":\"\"}", "{\"key\":null}", "{\"key\":\"a\\u0000b\"}", "{\"receipts\":1}", "{\"retry\":\"no\"}", "{\"anonymous\":null}", "\xff" };
  (void)state;
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    vms_client *client;
    char *text;
    if (vms_client_connect(&client, host.url, wrong[i], &text) != VMS_ERR_ARGUMENT) fail_msg("%s", wrong[i]);
    assert_null(client);
    assert_object(text, "VMS_ERR_ARGUMENT");
  }
}

static void failures_are_objects_too(void **state) {
  vms_client *client;
  char *text, url[160];
  (void)state;
  assert_int_equal(vms_client_connect(&client, "ws://127.0.0.1:1/", options, &text), VMS_ERR_IO);
  assert_object(text, "nobody answers");
  assert_int_equal(vms_client_connect(&client, "ftp://a\xff/", options, &text), VMS_ERR_ARGUMENT);
  assert_object(text, "VMS_ERR_ARGUMENT");
  snprintf(url, sizeof url, "%s#%064d", host.url, 0);
  assert_int_equal(vms_client_connect(&client, url, options, &text), VMS_ERR_FOREIGN);
  assert_object(text, "VMS_ERR_FOREIGN");
  client = connect_to(host.url, options);
  assert_call(client, "add", "[1]", VMS_OK, "\"seq\":2");
  for (int i = 0; i < 9; i++) two_faced_call(&host, 1, "add", "[2]");
  host.face = 1;
  snprintf(url, sizeof url, "\",\"evidence\":\"%s/keep/evidence/", folder);
  assert_call(client, "add", "[1]", VMS_ERR_CONFLICT, url);
  assert_int_equal(vms_client_info_text(client, &text), VMS_ERR_CONFLICT);
  assert_object(text, "vms-audit --check");
  vms_client_close(client);
  assert_int_equal(vms_client_connect(&client, host.url, options, &text), VMS_ERR_CONFLICT); /* no client is left to ask for it */
  assert_null(client);
  assert_object(text, url);
}

static void what_cannot_be_kept_stands_beside_the_answer(void **state) {
  vms_client *client;
  char *text, wanted[256];
  (void)state;
  snprintf(wanted, sizeof wanted, "{\"keep\":\"/dev/null/vms\",\"key\":\"%s/key\"}", folder);
  assert_ok(vms_client_connect(&client, host.url, wanted, &text));
  assert_object(text, "\"warning\":\"");
  assert_call(client, "add", "[1]", VMS_OK, ",\"warning\":\"");
  vms_client_close(client);
}

static void every_status_and_code_has_its_words(void **state) {
  vms_error error = { 0, 0, 0, "" };
  (void)state;
  for (error.status = VMS_ERR_NOMEM; error.status <= VMS_ERR_CONFLICT; error.status++)
    if (error.status != VMS_ERR_EXISTS && error.status != VMS_ERR_SYNTAX && error.status != VMS_ERR_SCRIPT) assert_true(strlen(vms_client_hint(&error)) > 10);
  error.status = 99;
  assert_string_equal(vms_client_hint(&error), "");
  assert_string_equal(vms_code_name(VMS_CODE_BUSY), "Busy");
  assert_string_equal(vms_code_name(VMS_CODE_CONTRACT), "");
  assert_string_equal(vms_code_name(12345), "");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(calls_give_one_object, begin, end),
    cmocka_unit_test_setup_teardown(who_never_waits_gets_every_record_all_the_same, begin, end),
    cmocka_unit_test_setup_teardown(what_cannot_be_wished_for_is_said_to, begin, end),
    cmocka_unit_test_setup_teardown(failures_are_objects_too, begin, end),
    cmocka_unit_test_setup_teardown(what_cannot_be_kept_stands_beside_the_answer, begin, end),
    cmocka_unit_test(every_status_and_code_has_its_words),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
