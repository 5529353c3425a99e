/* SPDX-License-Identifier: MIT */
/* Goal: a URL is taken apart as people mean it, or refused with a reason; two spellings of one service have one name.
 * Method: tables. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <limits.h>
#include <unistd.h>

#include "lib/net/internal.h"

#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static void a_url_is_taken_apart(void **state) {
  static const struct {
    const char *text, *host, *port, *authority, *target, *socket;
    bool tls, local, pinned;
  } cases[] = {
    { "ws://h", "h", "80", "h", "/", "", false, false, false },
    { "wss://h", "h", "443", "h", "/", "", true, false, false },
    { "http://h/a", "h", "80", "h", "/a", "", false, false, false },
    { "https://h:8443/a", "h", "8443", "h:8443", "/a", "", true, false, false },
    { "WSS://H.example:1/", "H.example", "1", "H.example:1", "/", "", true, false, false },
    { "ws://[::1]:5555/a?user=x", "::1", "5555", "[::1]:5555", "/a?user=x", "", false, false, false },
    { "wss://[2001:db8::7]", "2001:db8::7", "443", "[2001:db8::7]", "/", "", true, false, false },
    { "ws://h?user=x", "h", "80", "h", "/?user=x", "", false, false, false },
    { "ws://h/a:/b?c=:/#" KEY, "h", "80", "h", "/a:/b?c=:/", "", false, false, true },
    { "ws://h#" KEY, "h", "80", "h", "/", "", false, false, true },
    { "ws+unix:/run/vms.sock:/bob/party", "", "", "localhost", "/bob/party", "/run/vms.sock", false, true, false },
    { "ws+unix:/a:/b:/c?user=x:/y", "", "", "localhost", "/c?user=x:/y", "/a:/b", false, true, false },
    { "ws+unix:./s", "", "", "localhost", "/", "./s", false, true, false },
    { "ws+unix:/s?user=x", "", "", "localhost", "/?user=x", "/s", false, true, false },
    { "ws+unix:/a%20b%25%c3%a9:/#" KEY, "", "", "localhost", "/", "/a b%\xc3\xa9", false, true, true },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vms__url url;
    vms_error error = { 0, 0, 0, "" };
    if (vms__url_read(cases[i].text, &url, &error) != VMS_OK) fail_msg("%s: %s", cases[i].text, error.message);
    assert_string_equal(url.host, cases[i].host);
    assert_string_equal(url.port, cases[i].port);
    assert_string_equal(url.authority, cases[i].authority);
    assert_string_equal(url.target, cases[i].target);
    assert_string_equal(url.socket, cases[i].socket);
    assert_int_equal(url.tls, cases[i].tls);
    assert_int_equal(url.local, cases[i].local);
    assert_int_equal(url.pinned, cases[i].pinned);
  }
}

static void what_is_no_url_is_refused_with_the_reason(void **state) {
  static const struct {
    const char *text, *reason;
  } cases[] = {
    { "", "a URL has the form" }, { "h:80", "a URL has the form" }, { "ftp://h/", "a URL has the form" }, { "ws:/h", "a URL has the form" },
    { "ws://", "host is missing" }, { "ws:///a", "host is missing" }, { "ws://:80/", "host is missing" }, { "ws://a b/", "host is missing" },
    { "ws://h:0/", "port is no number" }, { "ws://h:65536/", "port is no number" }, { "ws://h:/", "port is no number" },
    { "ws://h:+1/", "port is no number" }, { "ws://h:0x1/", "port is no number" }, { "ws://[::1]x/", "port is no number" },
    { "ws://::1/", "goes in brackets" }, { "ws://[::1/", "] is missing" }, { "ws://[h]/", "IPv6 address" }, { "ws://[]/", "IPv6 address" },
    { "ws://[fe80::1%eth0]/", "zone" }, { "ws://[fe80::1%25eth0]:80/", "zone" },
    { "ws://me@h/", "no user name" }, { "ws://me:secret@h/", "no user name" }, { "ws://h%41/", "malformed" }, { "ws://h\\/", "malformed" },
    { "ws://.h/", "malformed" }, { "ws://h..", "malformed" }, { "ws://./", "malformed" },
    { "ws://h/a b", "path is too long or malformed" }, { "ws://h/\r\nX: y", "path is too long or malformed" }, { "ws://h/\xc3\xa9", "path is too long or malformed" },
    { "ws://h/#00", "ledger key" }, { "ws://h/#", "ledger key" }, { "ws://h/#" KEY "0", "ledger key" },
    { "ws+unix:", "needs the path" }, { "ws+unix::/a", "needs the path" }, { "ws+unix:/a%:/", "malformed" }, { "ws+unix:/a%0:/", "malformed" },
    { "ws+unix:/a%00:/", "malformed" }, { "ws+unix:/a%g0:/", "malformed" }, { "ws+unix:/a b:/", "malformed" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vms__url url;
    vms_error error = { 0, 0, 0, "" };
    assert_int_equal(vms__url_read(cases[i].text, &url, &error), VMS_ERR_ARGUMENT);
    if (strstr(error.message, cases[i].reason) == NULL) fail_msg("%s: %s", cases[i].text, error.message);
  }
}

/* One byte less than what is too long, and what is. */
static void long_parts_are_refused_not_cut(void **state) {
  static const struct {
    const char *before, *after;
    size_t most;
  } cases[] = { { "ws://", "/", 255 }, { "ws://h/", "", 1022 }, { "ws+unix:/", ":/", 106 } };
  char text[2048];
  vms__url url;
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (size_t more = 0; more < 2; more++) {
      size_t at = strlen(cases[i].before), len = cases[i].most + more;
      memcpy(text, cases[i].before, at);
      memset(text + at, 'a', len);
      strcpy(text + at + len, cases[i].after);
      assert_int_equal(vms__url_read(text, &url, NULL), more == 0 ? VMS_OK : VMS_ERR_ARGUMENT);
    }
}

static void one_service_has_one_name(void **state) {
  static const char *const cases[][2] = {
    { "ws://Host.Example:80/a?user=x#" KEY, "ws://host.example/a" },
    { "http://host.example./a", "ws://host.example/a" },
    { "https://HOST:443", "wss://host/" },
    { "wss://h:80/", "wss://h:80/" },
    { "ws://h:443/A", "ws://h:443/A" },
    { "ws://[0:0::0001]:5555/", "ws://[::1]:5555/" },
    { "ws://[2001:DB8::A]/", "ws://[2001:db8::a]/" },
    { "ws+unix:/run/a%20b.sock:/x?y", "ws+unix:/run/a%20b.sock:/x" },
    { "ws+unix:/a%3f%2Db", "ws+unix:/a%3F-b:/" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    vms_buffer name = VMS_BUFFER_INIT;
    vms__url url;
    for (size_t again = 0; again < 2; again++) { /* the name of a name is the name */
      assert_ok(vms__url_read(again == 0 ? cases[i][0] : cases[i][1], &url, NULL));
      name.len = 0;
      assert_ok(vms__url_name(&url, &name));
      assert_string_equal(name.data, cases[i][1]);
    }
    vms_buffer_free(&name);
  }
}

static void a_relative_socket_is_named_in_full(void **state) {
  static const char *const urls[] = { "ws+unix:s:/a", "ws+unix:./s:/a", "ws+unix:.//./s:/a?user=x" };
  char folder[PATH_MAX], wanted[PATH_MAX + 32];
  (void)state;
  assert_non_null(getcwd(folder, sizeof folder));
  snprintf(wanted, sizeof wanted, "ws+unix:%s/s:/a", strcmp(folder, "/") == 0 ? "" : folder);
  for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
    vms_buffer name = VMS_BUFFER_INIT;
    vms__url url;
    assert_ok(vms__url_read(urls[i], &url, NULL));
    assert_ok(vms__url_name(&url, &name));
    if (strpbrk(folder, " %?#") == NULL) assert_string_equal(name.data, wanted);
    vms_buffer_free(&name);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_url_is_taken_apart),
    cmocka_unit_test(what_is_no_url_is_refused_with_the_reason),
    cmocka_unit_test(long_parts_are_refused_not_cut),
    cmocka_unit_test(one_service_has_one_name),
    cmocka_unit_test(a_relative_socket_is_named_in_full),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
