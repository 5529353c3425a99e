/* SPDX-License-Identifier: MIT */
/* Goal: whatever scripts and strangers write, a line of the log is one line, harms no terminal and loses nothing.
 * Method: texts and what has to come of them; then a contract whose console says them. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <pthread.h>
#include <signal.h>

#include "lib/net/host.h"
#include "test/support/folder.h"
#include "test/support/host.h"

static void what_could_fool_a_terminal_is_escaped(void **state) {
  static const struct { const char *text; size_t len; const char *escaped; } cases[] = {
    { "plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x8e\x89", 17, "plain \xc3\xa4 \xe2\x82\xac \xf0\x9f\x8e\x89" },
    { "\x1b[31mred\r\n", 10, "\\u001b[31mred\\u000d\\u000a" },
    { "a\0b", 3, "a\\u0000b" },
    { "\x7f\xc2\x9b", 3, "\\u007f\\u009b" },
    { "\xe2\x80\xae\xe2\x81\xa6\xef\xbb\xbf", 9, "\\u202e\\u2066\\ufeff" },
    { "\xf3\xa0\x80\xa1", 4, "\\udb40\\udc21" },
    { "\xff\xc0\x80\xed\xa0\x80\xe2\x82", 8, "\\xff\\xc0\\x80\\xed\\xa0\\x80\\xe2\\x82" },
    { "", 0, "" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms_buffer out = VMS_BUFFER_INIT;
    assert_ok(vms__log_escape((vms_slice){ cases[i].text, cases[i].len }, &out));
    assert_text(out, cases[i].escaped);
    vms_buffer_free(&out);
  }
}

static void a_console_neither_cuts_nor_loses_text(void **state) {
  running r;
  vms_client *client;
  (void)state;
  start(&r, "console", "exports.say = x => console.warn(x)", 0, 0);
  assert_ok(vms_client_open(&client, r.url, NULL, NULL));
  call(client, "say", "[\"before\\u0000after\\u001b[2J\\u202e.\"]", 0, "");
  vms_client_close(client);
  stop(&r);
  assert_string_equal(r.warning, "console: before\\u0000after\\u001b[2J\\u202e.");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_could_fool_a_terminal_is_escaped),
    cmocka_unit_test(a_console_neither_cuts_nor_loses_text),
  };
  signal(SIGPIPE, SIG_IGN); /* as programs do that run a host */
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
