/* SPDX-License-Identifier: MIT */
/* Goal: an odd path works in every call (write, stat, list, read, history, copy, rename, remove), under one normal form, or is refused by every
 * call with the same name; none leads out of the root. Method: names, each written in several ways, each on a drive of its own. */
#include "test/support/drives.h"

static const char *const plain[] = {
  "a", " ", " a ", "a b", "...", "..a", "a..", ".hidden", "-rf", "--", "~", "*", "?", "#", "=", "+", "%2e%2e", "%2F", "%00", "C:", "con", "nul.txt", "a:b",
  "a|b", "<b>", "&amp;", "$HOME", "`id`", ";", "'", "\"", "\"]", "{\"path\":1}", "[]", "null", "undefined", "true", "0", "-0", "NaN", "__proto__",
  "constructor", "prototype", "toString", "hasOwnProperty", "files", "files0", "[object Object]", "dat.json", ".git", "thumbs.db",
  "\xc3\xa9", "e\xcc\x81",                               /* one letter, two normal forms: two names */
  "\xc2\xa0", "\xe2\x80\x8b", "\xe2\x80\xa8", "\xe2\x80\xaetxt.exe", "\xef\xbb\xbf", "\xef\xbf\xbd", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xee\x80\x80",
  "\xf0\x9f\x98\x80", "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", "\xf4\x8f\xbf\xbf", "\xe4\xb8\xad\xe6\x96\x87", "\xd7\xa9", "\xef\xbc\x8f", /* a fullwidth slash is none */
  "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789",
};

/* Ways to write a name: before, behind, the folder that it makes, whether it may be a file's. */
static const struct { const char *before, *behind, *folder; bool file; } ways[] = {
  { "", "", "", true },         { "/", "", "", true },       { "//", "", "", true },      { "./", "", "", true },       { "a/../", "", "", true },
  { "\\", "", "", true },       { "dir/", "", "/dir", true }, { "/dir//./", "", "/dir", true }, { "dir\\", "", "/dir", true }, { "", "/.", "", true },
  { "", "/x/..", "", true },    { "", "/", "", false },      { "/", "\\", "", false },    { "dir/", "//", "/dir", false },
};

typedef struct zoo { drive d; char params[9000]; } zoo;

/* `["path"]`, `["path",more]` or `["first","path"]`. */
static void params_write(zoo *z, const char *first, vms_slice path, const char *more) {
  vms_buffer json = VMS_BUFFER_INIT;
  assert_ok(vms__buf_format(&json, "[%s%s", first == NULL ? "" : first, first == NULL ? "" : ","));
  assert_ok(vms__buf_json_string(&json, path.data, path.len));
  assert_ok(vms__buf_format(&json, "%s%s]", more == NULL ? "" : ",", more == NULL ? "" : more));
  assert_true(json.len < sizeof z->params);
  memcpy(z->params, json.data, json.len + 1);
  vms_buffer_free(&json);
}

/* The reply's body, or the error's name. */
static void expect(zoo *z, const char *method, const char *first, vms_slice path, const char *more, uint32_t kind, const char *text) {
  vms_file_reply reply;
  const char *found;
  params_write(z, first, path, more);
  assert_ok(drive_call(z->d.archive, 0, method, z->params, &reply));
  found = reply.kind == VMS_FILE_ERROR ? reply.error_name : reply.body.data == NULL ? "" : reply.body.data;
  if (reply.kind != kind || (text != NULL && strcmp(found, text) != 0)) fail_msg("%s %s: %s", method, z->params, found);
  vms_buffer_free(&reply.body);
}

#define DOES(method, path, more) expect(&z, method, NULL, path, more, VMS_FILE_UNDEFINED, "")
#define THROWS(method, path, more, name) expect(&z, method, NULL, path, more, VMS_FILE_ERROR, name)

static void zoo_open(zoo *z) {
  drive_open(&z->d);
  vms_archive_begin(z->d.archive, 7);
}

/* ["name"] as readdir lists it, and the history's text of the only change at the path. */
static void listed(vms_slice path, const char *before, const char *behind, char *text, size_t max) {
  vms_buffer json = VMS_BUFFER_INIT;
  assert_ok(vms__buf_text(&json, before));
  assert_ok(vms__buf_json_string(&json, path.data, path.len));
  assert_ok(vms__buf_text(&json, behind));
  assert_true(json.len < max);
  memcpy(text, json.data, json.len + 1);
  vms_buffer_free(&json);
}

/* A path that is fine: `normal` is what it is called. */
static void works(vms_slice path, vms_slice normal, size_t folder_len, bool file) {
  static char text[9000];
  vms_slice folder = { normal.data, folder_len }, name = { normal.data + folder_len + 1, normal.len - folder_len - 1 };
  vms_archive_entry entry;
  zoo z;
  zoo_open(&z);
  if (folder_len > 0) DOES("mkdir", folder, NULL);
  THROWS("stat", path, NULL, "NotFoundError");
  if (file) DOES("writeFile", path, "\"x\"");
  else {
    THROWS("writeFile", path, "\"x\"", "InvalidPathError");
    DOES("mkdir", path, NULL);
  }
  THROWS("mkdir", path, NULL, "EntryAlreadyExistsError");
  THROWS("mkdir", normal, NULL, "EntryAlreadyExistsError");
  assert_ok(vms_archive_commit(z.d.archive, NULL));
  vms_archive_begin(z.d.archive, 8);
  for (int i = 0; i < 2; i++) {
    vms_slice each = i == 0 ? path : normal;
    expect(&z, "stat", NULL, each, NULL, VMS_FILE_JSON, NULL);
    assert_ok(vms_archive_find(z.d.archive, 0, each, &entry, NULL));
    assert_int_equal(entry.kind, file ? VMS_ENTRY_FILE : VMS_ENTRY_FOLDER);
    if (file) expect(&z, "readFile", NULL, each, NULL, VMS_FILE_TEXT, "x");
    else expect(&z, "readdir", NULL, each, NULL, VMS_FILE_JSON, "[]");
    listed(normal, folder_len > 0 ? "[{\"version\":3,\"type\":\"put\",\"path\":" : "[{\"version\":2,\"type\":\"put\",\"path\":",
           file ? ",\"isDirectory\":false,\"size\":1}]" : ",\"isDirectory\":true,\"size\":0}]", text, sizeof text);
    expect(&z, "history", NULL, each, NULL, VMS_FILE_JSON, text);
  }
  listed(name, "[", "]", text, sizeof text);
  expect(&z, "readdir", NULL, folder, NULL, VMS_FILE_JSON, text);
  expect(&z, "copy", NULL, path, "\"the copy\"", VMS_FILE_UNDEFINED, "");
  expect(&z, "rename", NULL, path, "\"elsewhere\"", VMS_FILE_UNDEFINED, "");
  THROWS("stat", normal, NULL, "NotFoundError");
  expect(&z, "rename", "\"elsewhere\"", path, NULL, VMS_FILE_UNDEFINED, "");
  expect(&z, "readdir", NULL, folder, "{\"limit\":1}", VMS_FILE_JSON, NULL);
  DOES(file ? "unlink" : "rmdir", path, NULL);
  THROWS("stat", normal, NULL, "NotFoundError");
  THROWS("unlink", path, NULL, "NotFoundError");
  drive_close(&z.d);
}

/* A path that no call takes. */
static void is_refused(vms_slice path) {
  static const char *const methods[] = { "stat", "readFile", "readdir", "history", "mkdir", "unlink", "rmdir" };
  vms_archive_entry entry;
  zoo z;
  zoo_open(&z);
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) THROWS(methods[i], path, NULL, "InvalidPathError");
  THROWS("writeFile", path, "\"x\"", "InvalidPathError");
  for (int i = 0; i < 2; i++) {
    THROWS(i == 0 ? "copy" : "rename", path, "\"x\"", "InvalidPathError");
    expect(&z, i == 0 ? "copy" : "rename", "\"x\"", path, NULL, VMS_FILE_ERROR, "InvalidPathError");
  }
  assert_int_equal(vms_archive_find(z.d.archive, 0, path, &entry, NULL), VMS_ERR_FORM);
  assert_int_equal(z.d.archive->stage.count, 0);
  drive_close(&z.d);
}

static size_t way_write(char *path, size_t way, vms_slice name) {
  size_t before = strlen(ways[way].before), behind = strlen(ways[way].behind);
  memcpy(path, ways[way].before, before);
  memcpy(path + before, name.data, name.len);
  memcpy(path + before + name.len, ways[way].behind, behind);
  return before + name.len + behind;
}

static void odd_names_are_names_like_any_other(void **state) {
  char path[400], normal[400];
  (void)state;
  for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
    for (size_t way = 0; way < sizeof ways / sizeof ways[0]; way++) {
      size_t len = way_write(path, way, vms__slice_of(plain[i]));
      int normal_len = snprintf(normal, sizeof normal, "%s/%s", ways[way].folder, plain[i]);
      works((vms_slice){ path, len }, (vms_slice){ normal, (size_t)normal_len }, strlen(ways[way].folder), ways[way].file);
    }
}

static void control_characters_are_refused_wherever_they_stand(void **state) {
  char path[400];
  (void)state;
  for (unsigned c = 0; c < 0xa0; c++) {
    char name[8] = "files";
    size_t len = 5;
    if (c >= 0x20 && c < 0x7f) continue;
    if (c >= 0x80) name[len++] = '\xc2';
    name[len++] = (char)c;
    if (c % 2 == 1) name[len++] = 'x';
    for (size_t way = c % 4; way < sizeof ways / sizeof ways[0]; way += 4)
      is_refused((vms_slice){ path, way_write(path, way, (vms_slice){ name, len }) });
  }
}

static void nothing_is_above_the_root(void **state) {
  static const char *const paths[] = { "..", "/..", "../a", "a/../..", "a/../../a", "\\..\\a", "./..", "a/b/../../../c", "..\\..", "/../", "a//..//..", "dir/..\\.." };
  (void)state;
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) is_refused(vms__slice_of(paths[i]));
}

static void the_root_has_many_names(void **state) {
  static const char *const paths[] = { "", "/", "//", ".", "./", "/.", "\\", "a/..", "/a/b/../..", "a\\..\\", "./././." };
  (void)state;
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    vms_slice path = vms__slice_of(paths[i]);
    zoo z;
    zoo_open(&z);
    expect(&z, "stat", NULL, path, NULL, VMS_FILE_JSON, NULL);
    expect(&z, "readdir", NULL, path, NULL, VMS_FILE_JSON, "[]");
    expect(&z, "history", NULL, path, NULL, VMS_FILE_JSON, "[]");
    THROWS("readFile", path, NULL, "NotAFileError");
    THROWS("writeFile", path, "\"x\"", "InvalidPathError");
    THROWS("mkdir", path, NULL, "EntryAlreadyExistsError");
    THROWS("unlink", path, NULL, "NotAFileError");
    THROWS("rmdir", path, "{\"recursive\":true}", "InvalidPathError");
    THROWS("copy", path, "\"x\"", "InvalidPathError");
    THROWS("rename", path, "\"x\"", "InvalidPathError");
    DOES("mkdir", SLICE("x"), NULL);
    expect(&z, "rename", "\"x\"", path, NULL, VMS_FILE_ERROR, "EntryAlreadyExistsError");
    expect(&z, "copy", "\"x\"", path, NULL, VMS_FILE_UNDEFINED, ""); /* all of x, into the root */
    drive_close(&z.d);
  }
}

static void paths_have_a_longest_and_a_deepest(void **state) {
  char path[VMS_PATH_LEN_MAX + 2];
  (void)state;
  memset(path, 'n', sizeof path);
  path[0] = '/';
  works((vms_slice){ path, VMS_PATH_LEN_MAX }, (vms_slice){ path, VMS_PATH_LEN_MAX }, 0, true);
  works((vms_slice){ path + 1, VMS_PATH_LEN_MAX - 1 }, (vms_slice){ path, VMS_PATH_LEN_MAX }, 0, true);
  is_refused((vms_slice){ path, VMS_PATH_LEN_MAX + 1 });
  is_refused((vms_slice){ path + 1, VMS_PATH_LEN_MAX });
  for (size_t i = 0; i < 2 * VMS_PATH_DEPTH_MAX + 2; i += 2) memcpy(path + i, "/d", 2);
  is_refused((vms_slice){ path, 2 * VMS_PATH_DEPTH_MAX + 2 });
  zoo z;
  zoo_open(&z);
  for (size_t len = 2; len <= 2 * VMS_PATH_DEPTH_MAX; len += 2) DOES("mkdir", ((vms_slice){ path, len }), NULL);
  expect(&z, "copy", NULL, SLICE("/d"), "\"/e\"", VMS_FILE_UNDEFINED, "");
  DOES("mkdir", SLICE("/f"), NULL);
  expect(&z, "copy", NULL, SLICE("/d"), "\"/f/d\"", VMS_FILE_ERROR, "InvalidPathError"); /* one deeper */
  drive_close(&z.d);
}

static void what_is_no_utf_8_is_no_path(void **state) {
  static const char *const bytes[] = { "\xff", "\xc0\x80", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\xc3", "\x80", "\xf0\x9f\x98" };
  (void)state;
  for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++) {
    vms_archive_entry entry;
    zoo z;
    zoo_open(&z);
    assert_int_equal(vms_archive_find(z.d.archive, 0, vms__slice_of(bytes[i]), &entry, NULL), VMS_ERR_FORM);
    THROWS("stat", vms__slice_of(bytes[i]), NULL, "TypeError"); /* the parameters are no JSON */
    THROWS("writeFile", vms__slice_of(bytes[i]), "\"x\"", "TypeError");
    drive_close(&z.d);
  }
}

/* As text becomes UTF-8 everywhere on the web: half a character is U+FFFD. */
static void halves_of_characters_become_replacement_characters(void **state) {
  vms_file_reply reply;
  zoo z;
  (void)state;
  zoo_open(&z);
  assert_ok(drive_call(z.d.archive, 0, "writeFile", "[\"a\\ud800\",\"x\"]", &reply));
  assert_int_equal(reply.kind, VMS_FILE_UNDEFINED);
  vms_buffer_free(&reply.body);
  expect(&z, "readdir", NULL, SLICE("/"), NULL, VMS_FILE_JSON, "[\"a\xef\xbf\xbd\"]");
  expect(&z, "readFile", NULL, SLICE("a\xef\xbf\xbd"), NULL, VMS_FILE_TEXT, "x");
  assert_ok(drive_call(z.d.archive, 0, "unlink", "[\"a\\udfff\"]", &reply));
  assert_int_equal(reply.kind, VMS_FILE_UNDEFINED);
  vms_buffer_free(&reply.body);
  drive_close(&z.d);
}

/* Keys that are no paths of ours, in somebody else's drive: seen where they can be, in the way of nothing. */
static void paths_of_other_writers_do_no_harm(void **state) {
  static const struct { const char *key; size_t len; } keys[] = {
    { "files\0", 6 }, { "files\0/", 7 }, { "files\0//", 8 }, { "files\0/a//b", 11 }, { "files\0/a/../b", 13 }, { "files\0/\xff\xfe", 9 }, { "files\0/a\0b", 10 },
    { "files\0none", 10 }, { "files\0/\n", 8 }, { "filesX", 6 }, { "other\0/x", 8 }, { "files\0/ok", 9 },
  };
  static const char value[] = "{\"executable\":false,\"linkname\":null,\"blob\":null,\"metadata\":null}";
  static char long_key[40000] = "files\0/";
  vms_file_reply reply;
  zoo z;
  (void)state;
  zoo_open(&z);
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
    assert_ok(vms_bee_put(&z.d.archive->bee, (vms_slice){ keys[i].key, keys[i].len }, SLICE(value), NULL));
  for (size_t i = 7; i < sizeof long_key; i++) long_key[i] = i % 2 == 1 ? 'q' : '/';
  assert_ok(vms_bee_put(&z.d.archive->bee, (vms_slice){ long_key, sizeof long_key }, SLICE(value), NULL));
  expect(&z, "readdir", NULL, SLICE("/"), NULL, VMS_FILE_JSON, "[\"\",\"\\n\",\"a\",\"a\\u0000b\",\"ok\",\"q\",\"\xef\xbf\xbd\xef\xbf\xbd\"]");
  expect(&z, "stat", NULL, SLICE("/ok"), NULL, VMS_FILE_JSON, NULL);
  expect(&z, "stat", NULL, SLICE("/a"), NULL, VMS_FILE_JSON, NULL);
  assert_ok(drive_call(z.d.archive, 0, "readdir", "[\"q\",{\"recursive\":true,\"limit\":2000}]", &reply));
  assert_int_equal(reply.kind, VMS_FILE_JSON);
  assert_true(vms__json_valid(vms__buf_view(&reply.body), VMS__JSON_DEPTH_MAX, VMS__JSON_ANY));
  assert_true(reply.body.len < 2000000);
  vms_buffer_free(&reply.body);
  assert_ok(drive_call(z.d.archive, 0, "history", "[]", &reply));
  assert_int_equal(reply.kind, VMS_FILE_JSON);
  assert_true(vms__json_valid(vms__buf_view(&reply.body), VMS__JSON_DEPTH_MAX, VMS__JSON_ANY));
  vms_buffer_free(&reply.body);
  DOES("rmdir", SLICE("/a"), "{\"recursive\":true}");
  THROWS("stat", SLICE("/a"), NULL, "NotFoundError");
  drive_close(&z.d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(odd_names_are_names_like_any_other),
    cmocka_unit_test(control_characters_are_refused_wherever_they_stand),
    cmocka_unit_test(nothing_is_above_the_root),
    cmocka_unit_test(the_root_has_many_names),
    cmocka_unit_test(paths_have_a_longest_and_a_deepest),
    cmocka_unit_test(what_is_no_utf_8_is_no_path),
    cmocka_unit_test(halves_of_characters_become_replacement_characters),
    cmocka_unit_test(paths_of_other_writers_do_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
