/* SPDX-License-Identifier: MIT */
/* Goal: the file calls' options, copy, rename and history do what doc/ledger-format.md ("File calls") says; lists are right page by page; limits
 * on answers and work hold; nothing stays of a call that throws. Method: one expectation per line; lists against a plain set of names. */
#include <stdio.h>
#include <stdlib.h>

#include "test/support/drives.h"

static uint64_t work; /* of the last call */

static void check(drive *d, int line, const vms_file_request *request, uint32_t kind, const char *body) {
  vms_file_reply reply;
  const char *text;
  int status;
  memset(&reply, 0, sizeof reply);
  vms_buffer_init(&reply.body, NULL);
  status = vms_archive_call(d->archive, request, &reply, NULL);
  if (status != VMS_OK) fail_msg("line %d: status %s", line, vms_status_name(status));
  text = kind == VMS_FILE_ERROR ? reply.error_name : reply.body.data == NULL ? "" : reply.body.data;
  if (reply.kind != kind) fail_msg("line %d: kind %u, %s %s", line, reply.kind, reply.error_name, reply.body.data);
  if (body != NULL && strcmp(text, body) != 0) fail_msg("line %d: %s %s", line, text, reply.body.data);
  work = reply.work;
  vms_buffer_free(&reply.body);
}

static vms_file_request request_of(const char *method, const char *params) {
  return (vms_file_request){ vms__slice_of(method), vms__slice_of(params), { NULL, 0 }, 0, 0, 0 };
}

#define GIVES(method, params, kind, body)                      \
  do {                                                         \
    vms_file_request request_ = request_of(method, params);    \
    check(&d, __LINE__, &request_, kind, body);                \
  } while (0)
#define JSON(method, params, body) GIVES(method, params, VMS_FILE_JSON, body)
#define TEXT(params, body) GIVES("readFile", params, VMS_FILE_TEXT, body)
#define DOES(method, params) GIVES(method, params, VMS_FILE_UNDEFINED, "")
#define THROWS(method, params, name) GIVES(method, params, VMS_FILE_ERROR, name)

static void begin(drive *d, uint64_t time_ms) { vms_archive_begin(d->archive, time_ms); }
static void commit(drive *d) { assert_ok(vms_archive_commit(d->archive, NULL)); }

/* An entry as other writers make it: no folder entries. */
static void put_raw(drive *d, const char *path) {
  vms__blob blob = { 0, 0, 0, 0 };
  vms__entry_form form = { false, { NULL, 0 }, &blob, { NULL, 0 } };
  assert_ok(vms__drive_put(&d->archive->bee, vms__slice_of(path), &form, NULL));
}

/* --- reading ---------------------------------------------------------------------------------------------- */

static void pieces_are_bytes_of_the_file(void **state) {
  drive d;
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  DOES("writeFile", "[\"a\",\"01234\\u00e967\"]");
  for (int round = 0; round < 2; round++) { /* staged, then committed */
    TEXT("[\"a\",{\"offset\":2,\"length\":2}]", "23");
    TEXT("[\"a\",{\"offset\":2}]", "234\xc3\xa9" "67");
    TEXT("[\"a\",{\"length\":3}]", "012");
    TEXT("[\"a\",{\"length\":0}]", "");
    TEXT("[\"a\",{\"offset\":9}]", "");
    TEXT("[\"a\",{\"offset\":10,\"length\":1}]", "");
    TEXT("[\"a\",{\"offset\":9007199254740991,\"length\":9007199254740991}]", "");
    TEXT("[\"a\",{\"offset\":8,\"length\":9007199254740991}]", "7");
    TEXT("[\"a\",{\"offset\":6,\"length\":2}]", "\xef\xbf\xbd" "6"); /* the second half of a character */
    TEXT("[\"a\",{\"offset\":5,\"length\":2,\"encoding\":\"hex\"}]", "c3a9");
    TEXT("[\"a\",{\"offset\":1,\"length\":3,\"encoding\":\"base64\"}]", "MTIz");
    GIVES("readFile", "[\"a\",{\"offset\":1,\"length\":3,\"encoding\":\"json\"}]", VMS_FILE_JSON, "123");
    GIVES("readFile", "[\"a\",{\"offset\":7,\"encoding\":\"binary\"}]", VMS_FILE_BYTES, "67");
    THROWS("readFile", "[\"a\",{\"offset\":5,\"encoding\":\"json\"}]", "SyntaxError");
    THROWS("readFile", "[\"a\",{\"offset\":-1}]", "TypeError");
    THROWS("readFile", "[\"a\",{\"offset\":1.5}]", "TypeError");
    THROWS("readFile", "[\"a\",{\"offset\":9007199254740992}]", "TypeError");
    THROWS("readFile", "[\"a\",{\"length\":\"1\"}]", "TypeError");
    THROWS("readFile", "[\"a\",{\"length\":true}]", "TypeError");
    TEXT("[\"a\",{\"offset\":null,\"length\":null,\"version\":null,\"encoding\":null,\"limit\":-1,\"other\":[1]}]", "01234\xc3\xa9" "67");
    if (round == 0) commit(&d);
  }
  drive_close(&d);
}

static void versions_show_what_was(void **state) {
  drive d;
  vms_file_request request;
  (void)state;
  drive_open(&d);
  begin(&d, 1000);
  DOES("writeFile", "[\"a\",\"one\"]");
  DOES("mkdir", "[\"dir\"]");
  commit(&d); /* versions 2 and 3 */
  begin(&d, 2000);
  DOES("writeFile", "[\"a\",\"two!\"]");
  DOES("rmdir", "[\"dir\"]");
  commit(&d); /* 4, 5 */
  begin(&d, 3000);
  DOES("writeFile", "[\"a\",\"staged\"]");
  TEXT("[\"a\"]", "staged");
  TEXT("[\"a\",{\"version\":0}]", "staged");
  TEXT("[\"a\",{\"version\":5}]", "two!"); /* with a version nothing staged is seen */
  TEXT("[\"a\",{\"version\":2}]", "one");
  THROWS("readFile", "[\"a\",{\"version\":1}]", "NotFoundError");
  THROWS("readFile", "[\"a\",{\"version\":6}]", "NotFoundError");
  THROWS("readFile", "[\"a\",{\"version\":-1}]", "TypeError");
  THROWS("stat", "[\"a\",{\"version\":\"2\"}]", "TypeError");
  THROWS("stat", "[\"a\",2]", "TypeError");
  THROWS("stat", "[\"a\",\"2\"]", "TypeError");
  JSON("stat", "[\"a\",{\"version\":3}]", "{\"type\":\"file\",\"size\":3,\"blocks\":1,\"mtime\":1000,\"isFile\":true,\"isDirectory\":false}");
  JSON("readdir", "[\"/\",{\"version\":3}]", "[\"a\",\"dir\"]");
  JSON("readdir", "[null,{\"version\":4,\"stat\":false}]", "[\"a\",\"dir\"]");
  JSON("readdir", "[\"\"]", "[\"a\"]");
  GIVES("getInfo", "[{\"version\":3}]", VMS_FILE_JSON, NULL);
  THROWS("getInfo", "[{\"version\":7}]", "NotFoundError");
  THROWS("getInfo", "[\"3\"]", "TypeError");
  THROWS("getInfo", "[3]", "TypeError");
  vms_archive_abort(d.archive);
  request = request_of("readFile", "[\"a\",{\"version\":3}]");
  request.version = 4; /* the owner's wish, and an older one */
  check(&d, __LINE__, &request, VMS_FILE_TEXT, "one");
  request.params = SLICE("[\"a\",{\"version\":5}]");
  check(&d, __LINE__, &request, VMS_FILE_ERROR, "NotFoundError");
  request.params = SLICE("[\"a\",{\"version\":0}]");
  check(&d, __LINE__, &request, VMS_FILE_TEXT, "two!");
  drive_close(&d);
}

static void info_tells_versions_and_sizes(void **state) {
  static const struct { const char *params; uint64_t version, size; const char *writable; } cases[] = {
    { "[]", 4, 14, "true" }, { "[{}]", 4, 14, "true" }, { "[null]", 4, 14, "true" }, { "[{\"version\":4}]", 4, 4, "false" },
    { "[{\"version\":3}]", 3, 8, "false" }, { "[{\"version\":2}]", 2, 3, "false" }, { "[{\"version\":1}]", 1, 0, "false" },
  };
  vms_file_request request = request_of("getInfo", "[]");
  drive d;
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  DOES("writeFile", "[\"a\",\"123\"]");
  DOES("writeFile", "[\"b\",\"12345\"]");
  commit(&d);
  begin(&d, 2);
  DOES("writeFile", "[\"b\",\"1\"]");
  commit(&d);
  begin(&d, 3);
  DOES("writeFile", "[\"c\",\"1234567890\"]");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char expected[320], key[65];
    uint8_t bytes[VMS_KEY_LEN];
    vms_core_key(d.cores[0], bytes);
    for (int n = 0; n < 32; n++) snprintf(key + 2 * n, 3, "%02x", bytes[n]);
    snprintf(expected, sizeof expected, "{\"key\":\"%s\",\"url\":\"hyper://%s/\",\"version\":%llu,\"writable\":%s,\"size\":%llu}", key, key,
             (unsigned long long)cases[i].version, cases[i].writable, (unsigned long long)cases[i].size);
    JSON("getInfo", cases[i].params, expected);
    request.version = cases[i].version; /* as the owner wishes */
    if (i > 2) check(&d, __LINE__, &request, VMS_FILE_JSON, expected);
  }
  drive_close(&d);
}

/* --- lists -------------------------------------------------------------------------------------------------- */

static void lists_come_in_pages(void **state) {
  drive d;
  (void)state;
  drive_open(&d);
  put_raw(&d, "/dir/x");
  put_raw(&d, "/dir-1");
  put_raw(&d, "/dir.txt");
  put_raw(&d, "/dir/sub/y");
  put_raw(&d, "/dir!");
  put_raw(&d, "/z");
  JSON("readdir", "[]", "[\"dir\",\"dir!\",\"dir-1\",\"dir.txt\",\"z\"]"); /* folders without entries, where their names belong */
  JSON("readdir", "[null,{\"limit\":1}]", "[\"dir\"]");
  JSON("readdir", "[null,{\"limit\":2}]", "[\"dir\",\"dir!\"]");
  JSON("readdir", "[null,{\"limit\":0}]", "[]");
  JSON("readdir", "[null,{\"after\":\"dir\",\"limit\":2}]", "[\"dir!\",\"dir-1\"]");
  JSON("readdir", "[null,{\"after\":\"dir.txt\"}]", "[\"z\"]");
  JSON("readdir", "[null,{\"after\":\"dir.tx\"}]", "[\"dir.txt\",\"z\"]");
  JSON("readdir", "[null,{\"after\":\"z\"}]", "[]");
  JSON("readdir", "[null,{\"after\":\"\"}]", "[\"dir\",\"dir!\",\"dir-1\",\"dir.txt\",\"z\"]");
  JSON("readdir", "[null,{\"after\":\"/\"}]", "[\"dir\",\"dir!\",\"dir-1\",\"dir.txt\",\"z\"]"); /* bytes, not a path */
  JSON("readdir", "[null,{\"recursive\":true}]", "[\"dir\",\"dir!\",\"dir-1\",\"dir.txt\",\"dir/sub\",\"dir/sub/y\",\"dir/x\",\"z\"]");
  JSON("readdir", "[null,{\"recursive\":1,\"after\":\"dir/sub\",\"limit\":2}]", "[\"dir/sub/y\",\"dir/x\"]");
  JSON("readdir", "[\"dir\",{\"recursive\":true,\"stat\":true,\"limit\":1}]",
       "[{\"name\":\"sub\",\"stat\":{\"type\":\"directory\",\"size\":0,\"blocks\":0,\"mtime\":0,\"isFile\":false,\"isDirectory\":true}}]");
  THROWS("readdir", "[null,{\"after\":5}]", "TypeError");
  THROWS("readdir", "[null,{\"limit\":-1}]", "TypeError");
  THROWS("readdir", "[{}]", "TypeError");
  drive_close(&d);
}

/* A set of names, and what a list of them has to be. */
typedef struct model { char names[400][16]; size_t count; } model;

static int by_bytes(const void *a, const void *b) { return strcmp(a, b); }

static void model_add(model *m, const char *name) {
  for (size_t i = 0; i < m->count; i++)
    if (strcmp(m->names[i], name) == 0) return;
  snprintf(m->names[m->count++], sizeof m->names[0], "%s", name);
}

static void model_path(model *m, const char *path, bool recursive) {
  char name[16];
  for (size_t len = 1; path[len - 1] != 0; len++) {
    if (path[len] != '/' && path[len] != 0) continue;
    snprintf(name, sizeof name, "%.*s", (int)len, path);
    model_add(m, name);
    if (!recursive) return;
  }
}

static void expect_page(drive *d, const model *m, bool recursive, const char *after, size_t limit) {
  char params[120], expected[8000] = "[";
  size_t given = 0;
  for (size_t i = 0; i < m->count && given < limit; i++) {
    if (strcmp(m->names[i], after) <= 0) continue;
    if (given++ > 0) strcat(expected, ",");
    strcat(strcat(strcat(expected, "\""), m->names[i]), "\"");
  }
  strcat(expected, "]");
  snprintf(params, sizeof params, "[\"\",{\"recursive\":%s,\"after\":\"%s\",\"limit\":%zu}]", recursive ? "true" : "false", after, limit);
  vms_file_request request = request_of("readdir", params);
  check(d, __LINE__, &request, VMS_FILE_JSON, expected);
}

/* "-", "." and "!" sort before "/", letters behind it. */
static void random_path(uint64_t *random, char path[16]) {
  static const char letters[] = "ab-.!/";
  size_t len = 1 + sim_random(random) % 6, n = 0;
  while (n < len) {
    char c = letters[sim_random(random) % 6];
    bool ends = n == 0 || path[n - 1] == '/';
    if (c == '/' && (ends || n + 1 == len)) continue;
    if (c == '.' && ends) continue; /* "." and ".." are no names */
    path[n++] = c;
  }
  path[n] = 0;
}

static void pages_agree_with_a_plain_set_of_names(void **state) {
  uint64_t random = sim_seed();
  (void)state;
  for (int round = 0; round < 60; round++) {
    drive d;
    model m[2] = { { .count = 0 }, { .count = 0 } };
    char path[20] = "/", names[24][16];
    size_t count = sim_random(&random) % 24, staged = count == 0 ? 0 : sim_random(&random) % count;
    drive_open(&d);
    for (size_t i = 0; i < count; i++) {
      random_path(&random, names[i]);
      strcpy(path + 1, names[i]);
      put_raw(&d, path);
    }
    begin(&d, 1);
    for (size_t i = 0; i < staged; i++) { /* gone again, as the call sees it */
      vms__change *change = vms__stage_find(&d.archive->stage, vms__slice_of((strcpy(path + 1, names[i]), path)));
      if (change == NULL) assert_non_null(vms__stage_add(&d.archive->stage, vms__slice_of(path), true));
    }
    for (size_t i = staged; i < count; i++) {
      bool gone = false;
      for (size_t n = 0; n < staged; n++) gone = gone || strcmp(names[n], names[i]) == 0;
      for (int recursive = 0; recursive < 2 && !gone; recursive++) model_path(&m[recursive], names[i], recursive);
    }
    for (int recursive = 0; recursive < 2; recursive++) {
      qsort(m[recursive].names, m[recursive].count, sizeof m[recursive].names[0], by_bytes);
      expect_page(&d, &m[recursive], recursive, "", 1000);
      for (size_t limit = 1; limit < 5; limit++) {
        expect_page(&d, &m[recursive], recursive, "", limit);
        for (size_t i = 0; i < m[recursive].count; i++) expect_page(&d, &m[recursive], recursive, m[recursive].names[i], limit);
        random_path(&random, path);
        expect_page(&d, &m[recursive], recursive, path, limit);
      }
    }
    drive_close(&d);
  }
}

/* --- history ----------------------------------------------------------------------------------------------- */

static int origin(void *context, uint64_t version, vms_buffer *json, vms_error *error) {
  int *status = context;
  (void)error;
  return *status != VMS_OK ? *status : vms__buf_format(json, ",\"record\":%llu", (unsigned long long)(version / 2));
}

static void history_tells_every_change(void **state) {
  drive d;
  vms_file_request request;
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  DOES("writeFile", "[\"a\",\"one\"]");
  DOES("mkdir", "[\"dir\"]");
  DOES("writeFile", "[\"dir/b\",\"\"]");
  commit(&d);
  begin(&d, 2);
  DOES("unlink", "[\"a\"]");
  DOES("writeFile", "[\"dir2\",\"12\"]");
  commit(&d);
  begin(&d, 3);
  DOES("writeFile", "[\"c\",\"never told\"]");
#define A1 "{\"version\":2,\"type\":\"put\",\"path\":\"/a\",\"isDirectory\":false,\"size\":3}"
#define DIR "{\"version\":3,\"type\":\"put\",\"path\":\"/dir\",\"isDirectory\":true,\"size\":0}"
#define B "{\"version\":4,\"type\":\"put\",\"path\":\"/dir/b\",\"isDirectory\":false,\"size\":0}"
#define A2 "{\"version\":5,\"type\":\"del\",\"path\":\"/a\"}"
#define DIR2 "{\"version\":6,\"type\":\"put\",\"path\":\"/dir2\",\"isDirectory\":false,\"size\":2}"
  JSON("history", "[]", "[" A1 "," DIR "," B "," A2 "," DIR2 "]");
  JSON("history", "[\"/\"]", "[" A1 "," DIR "," B "," A2 "," DIR2 "]");
  JSON("history", "[null,{\"reverse\":true}]", "[" DIR2 "," A2 "," B "," DIR "," A1 "]");
  JSON("history", "[{\"reverse\":true,\"limit\":2}]", "[" DIR2 "," A2 "]");
  JSON("history", "[\"a\"]", "[" A1 "," A2 "]");
  JSON("history", "[\"a\",{\"reverse\":1,\"limit\":1}]", "[" A2 "]");
  JSON("history", "[\"dir\"]", "[" DIR "," B "]"); /* and what lies in it, but not what begins alike */
  JSON("history", "[\"none\"]", "[]");
  JSON("history", "[{\"start\":3,\"end\":5}]", "[" DIR "," B "]");
  JSON("history", "[{\"start\":3,\"end\":5,\"reverse\":true}]", "[" B "," DIR "]");
  JSON("history", "[{\"start\":6}]", "[" DIR2 "]");
  JSON("history", "[{\"start\":7}]", "[]");
  JSON("history", "[{\"start\":5,\"end\":3}]", "[]");
  JSON("history", "[{\"end\":2}]", "[]");
  JSON("history", "[{\"end\":0}]", "[]");
  JSON("history", "[{\"end\":9007199254740991,\"start\":5}]", "[" A2 "," DIR2 "]");
  JSON("history", "[{\"version\":4}]", "[" A1 "," DIR "," B "]");
  JSON("history", "[\"a\",{\"version\":4,\"reverse\":true}]", "[" A1 "]");
  JSON("history", "[{\"version\":1}]", "[]");
  JSON("history", "[{\"limit\":0}]", "[]");
  JSON("history", "[\"none\",{\"limit\":1}]", "[]");
  assert_int_equal(work, 5); /* every change was looked at */
  JSON("history", "[\"a\",{\"limit\":1}]", "[" A1 "]");
  assert_int_equal(work, 1);
  THROWS("history", "[{\"version\":7}]", "NotFoundError");
  THROWS("history", "[{\"start\":-1}]", "TypeError");
  THROWS("history", "[{\"end\":\"x\"}]", "TypeError");
  THROWS("history", "[5]", "TypeError");
  THROWS("history", "[\"a\",5]", "TypeError");
  THROWS("history", "[\"..\"]", "InvalidPathError");
  request = request_of("history", "[]");
  request.version = 3;
  check(&d, __LINE__, &request, VMS_FILE_JSON, "[" A1 "," DIR "]");
  drive_close(&d);
}

static void history_tells_where_a_change_comes_from(void **state) {
  drive d;
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  vms_file_request request = request_of("history", "[]");
  vms_file_reply reply;
  int status = VMS_OK;
  (void)state;
  options.origin = origin;
  options.origin_context = &status;
  assert_ok(drive_try(&d, NULL, &options));
  begin(&d, 1);
  DOES("mkdir", "[\"dir\"]");
  commit(&d);
  JSON("history", "[]", "[{\"version\":2,\"type\":\"put\",\"path\":\"/dir\",\"isDirectory\":true,\"size\":0,\"record\":1}]");
  status = VMS_ERR_IO; /* ends the call */
  memset(&reply, 0, sizeof reply);
  assert_int_equal(vms_archive_call(d.archive, &request, &reply, NULL), VMS_ERR_IO);
  vms_buffer_free(&reply.body);
  drive_close(&d);
}

/* --- copy and rename --------------------------------------------------------------------------------------- */

static void tree(drive *given) {
  drive d = *given;
  begin(given, 1);
  DOES("mkdir", "[\"from\"]");
  DOES("mkdir", "[\"from/empty\"]");
  DOES("mkdir", "[\"from/sub\"]");
  DOES("writeFile", "[\"from/sub/x\",\"xx\"]");
  DOES("writeFile", "[\"from/y\",\"y\"]");
  DOES("writeFile", "[\"from2\",\"z\"]");
}

static void copies_share_what_is_stored(void **state) {
  drive d;
  vms_archive_state before, after;
  (void)state;
  for (int staged = 0; staged < 2; staged++) {
    drive_open(&d);
    tree(&d);
    if (!staged) {
      commit(&d);
      begin(&d, 2);
    }
    vms_archive_state_get(d.archive, &before);
    DOES("copy", "[\"from\",\"to\"]");
    JSON("readdir", "[null,{\"recursive\":true}]",
         "[\"from\",\"from/empty\",\"from/sub\",\"from/sub/x\",\"from/y\",\"from2\",\"to\",\"to/empty\",\"to/sub\",\"to/sub/x\",\"to/y\"]");
    DOES("copy", "[\"to/y\",\"y2\"]");
    DOES("writeFile", "[\"from/y\",\"other\"]"); /* copies stay */
    DOES("rmdir", "[\"from/sub\",{\"recursive\":true}]");
    TEXT("[\"to/sub/x\"]", "xx");
    commit(&d);
    vms_archive_state_get(d.archive, &after);
    assert_int_equal(after.blobs - before.blobs, staged ? 5 : 1); /* what is stored is not stored again */
    TEXT("[\"to/sub/x\"]", "xx");
    TEXT("[\"to/y\"]", "y");
    TEXT("[\"y2\"]", "y");
    TEXT("[\"from/y\"]", "other");
    JSON("readdir", "[\"to/empty\"]", "[]");
    drive_close(&d);
  }
}

static void renames_leave_nothing_behind(void **state) {
  drive d;
  (void)state;
  for (int staged = 0; staged < 2; staged++) {
    drive_open(&d);
    tree(&d);
    if (!staged) {
      commit(&d);
      begin(&d, 2);
    }
    DOES("rename", "[\"from\",\"to\"]");
    THROWS("stat", "[\"from\"]", "NotFoundError");
    DOES("rename", "[\"to/sub/x\",\"to/sub/x2\"]");
    DOES("rename", "[\"to/sub/\",\"sub/\"]"); /* folders may be written so */
    DOES("rename", "[\"from2\",\"to/from\"]");
    JSON("readdir", "[null,{\"recursive\":true}]", "[\"sub\",\"sub/x2\",\"to\",\"to/empty\",\"to/from\",\"to/y\"]");
    GIVES("getInfo", "[]", VMS_FILE_JSON, NULL);
    commit(&d);
    JSON("readdir", "[null,{\"recursive\":true}]", "[\"sub\",\"sub/x2\",\"to\",\"to/empty\",\"to/from\",\"to/y\"]");
    TEXT("[\"sub/x2\"]", "xx");
    TEXT("[\"to/from\"]", "z");
    assert_int_equal(d.archive->total.size, 4);
    drive_close(&d);
  }
}

static void copies_onto_what_exists_merge_or_throw(void **state) {
  drive d;
  (void)state;
  drive_open(&d);
  tree(&d);
  DOES("mkdir", "[\"to\"]");
  DOES("mkdir", "[\"to/sub\"]");
  DOES("writeFile", "[\"to/y\",\"old\"]");
  DOES("writeFile", "[\"to/own\",\"own\"]");
  DOES("copy", "[\"from\",\"to\"]"); /* a folder into a folder, a file onto a file */
  JSON("readdir", "[\"to\",{\"recursive\":true}]", "[\"empty\",\"own\",\"sub\",\"sub/x\",\"y\"]");
  TEXT("[\"to/y\"]", "y");
  DOES("copy", "[\"from2\",\"to/y\"]");
  TEXT("[\"to/y\"]", "z");
  THROWS("copy", "[\"from2\",\"to/sub\"]", "EntryAlreadyExistsError");
  THROWS("copy", "[\"from2\",\"/\"]", "EntryAlreadyExistsError");
  THROWS("copy", "[\"from\",\"from2\"]", "EntryAlreadyExistsError");
  DOES("mkdir", "[\"clash\"]");
  DOES("mkdir", "[\"clash/y\"]"); /* from/y is a file */
  THROWS("copy", "[\"from\",\"clash\"]", "EntryAlreadyExistsError");
  JSON("readdir", "[\"clash\"]", "[\"y\"]"); /* nothing was copied before it threw */
  DOES("copy", "[\"from\",\"/\"]");
  TEXT("[\"sub/x\"]", "xx");
  /* upward, over what is being copied: it copies what was there at first */
  DOES("mkdir", "[\"up\"]");
  DOES("mkdir", "[\"up/s\"]");
  DOES("mkdir", "[\"up/s/s\"]");
  DOES("writeFile", "[\"up/s/s/f\",\"inner\"]");
  DOES("writeFile", "[\"up/s/f\",\"outer\"]");
  DOES("copy", "[\"up/s\",\"up\"]");
  TEXT("[\"up/f\"]", "outer");
  TEXT("[\"up/s/f\"]", "inner");
  TEXT("[\"up/s/s/f\"]", "inner");
  drive_close(&d);
}

static void copy_and_rename_throw_by_name(void **state) {
  static const char *const both[] = { "copy", "rename" };
  drive d;
  (void)state;
  drive_open(&d);
  THROWS("copy", "[\"a\",\"b\"]", "ArchiveNotWritableError");
  THROWS("rename", "[\"a\",\"b\"]", "ArchiveNotWritableError");
  tree(&d);
  for (int i = 0; i < 2; i++) {
    THROWS(both[i], "[\"nope\",\"b\"]", "NotFoundError");
    THROWS(both[i], "[\"from\",\"nope/b\"]", "ParentFolderDoesntExistError");
    THROWS(both[i], "[\"nope\",\"nope/b\"]", "InvalidPathError");
    THROWS(both[i], "[\"from\",\"from2/b\"]", "ParentFolderDoesntExistError"); /* a file */
    THROWS(both[i], "[\"from\",\"from/b\"]", "InvalidPathError");
    THROWS(both[i], "[\"from\",\"from/sub/b\"]", "InvalidPathError");
    THROWS(both[i], "[\"/\",\"b\"]", "InvalidPathError");
    THROWS(both[i], "[\"from2\",\"b/\"]", "InvalidPathError");
    THROWS(both[i], "[\"from2/\",\"b\"]", "InvalidPathError");
    THROWS(both[i], "[\"from2\",\"../b\"]", "InvalidPathError");
    THROWS(both[i], "[\"../from2\",\"b\"]", "InvalidPathError");
    THROWS(both[i], "[\"from2\"]", "TypeError");
    THROWS(both[i], "[\"from2\",null]", "TypeError");
    THROWS(both[i], "[\"from2\",5]", "TypeError");
    THROWS(both[i], "[null,\"b\"]", "TypeError");
  }
  THROWS("copy", "[\"from2\",\"from2\"]", "InvalidPathError");
  THROWS("copy", "[\"from\",\"from\"]", "InvalidPathError");
  THROWS("rename", "[\"from2\",\"from2\"]", "EntryAlreadyExistsError");
  THROWS("rename", "[\"from2\",\"from/y\"]", "EntryAlreadyExistsError");
  THROWS("rename", "[\"from\",\"from2\"]", "EntryAlreadyExistsError");
  THROWS("rename", "[\"from2\",\"from\"]", "EntryAlreadyExistsError");
  THROWS("rename", "[\"from2\",\"/\"]", "EntryAlreadyExistsError");
  THROWS("rename", "[\"nope\",\"from2\"]", "EntryAlreadyExistsError");
  THROWS("rename", "[\"/\",\"/\"]", "EntryAlreadyExistsError");
  JSON("readdir", "[null,{\"recursive\":true}]", "[\"from\",\"from/empty\",\"from/sub\",\"from/sub/x\",\"from/y\",\"from2\"]");
  drive_close(&d);
}

static void paths_that_become_too_long_are_refused_before_anything_is_copied(void **state) {
  drive d;
  char params[2200], name[600];
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  memset(name, 'n', sizeof name);
  name[sizeof name - 1] = 0;
  DOES("mkdir", "[\"a\"]");
  DOES("writeFile", "[\"a/0\",\"first\"]");
  snprintf(params, sizeof params, "[\"a/%s\",\"x\"]", name);
  DOES("writeFile", params);
  snprintf(params, sizeof params, "[\"%s\"]", name);
  DOES("mkdir", params);
  snprintf(params, sizeof params, "[\"a\",\"%s/a\"]", name); /* 599 + 599 bytes */
  THROWS("copy", params, "InvalidPathError");
  THROWS("rename", params, "InvalidPathError");
  snprintf(params, sizeof params, "[\"%s\"]", name);
  JSON("readdir", params, "[]");
  drive_close(&d);
}

static void links_and_block_maps_cannot_be_copied(void **state) {
  drive d;
  vms__entry_form form = { false, { "/target", 7 }, NULL, { NULL, 0 } };
  static const char mapped[] = "{\"executable\":false,\"linkname\":null,\"blob\":{\"blockOffset\":0,\"byteOffset\":0,\"blockLength\":1,"
                               "\"byteLength\":1,\"blockMap\":true},\"metadata\":null}";
  (void)state;
  drive_open(&d);
  assert_ok(vms__drive_put(&d.archive->bee, SLICE("/dir/link"), &form, NULL));
  assert_ok(vms_bee_put(&d.archive->bee, (vms_slice){ "files\0/map", 10 }, SLICE(mapped), NULL));
  begin(&d, 1);
  THROWS("copy", "[\"dir/link\",\"b\"]", "NotSupportedError");
  THROWS("copy", "[\"dir\",\"b\"]", "NotSupportedError");
  THROWS("rename", "[\"map\",\"b\"]", "NotSupportedError");
  THROWS("readFile", "[\"map\"]", "NotSupportedError");
  THROWS("readFile", "[\"dir/link\"]", "NotAFileError");
  THROWS("readdir", "[\"dir/link\"]", "NotAFolderError");
  THROWS("writeFile", "[\"dir/link\",\"x\"]", "EntryAlreadyExistsError");
  JSON("stat", "[\"dir/link\"]", "{\"type\":\"symlink\",\"size\":0,\"blocks\":0,\"mtime\":0,\"isFile\":false,\"isDirectory\":false}");
  DOES("unlink", "[\"dir/link\"]");
  THROWS("stat", "[\"dir\"]", "NotFoundError"); /* a folder only as long as something lies in it */
  drive_close(&d);
}

static void folders_without_entries_are_folders(void **state) {
  drive d;
  (void)state;
  drive_open(&d);
  put_raw(&d, "/a/b/c");
  put_raw(&d, "/f");
  put_raw(&d, "/s/dir/x");
  put_raw(&d, "/f/g"); /* a file with something in it, as nobody of us writes */
  begin(&d, 1);
  JSON("stat", "[\"a\"]", "{\"type\":\"directory\",\"size\":0,\"blocks\":0,\"mtime\":0,\"isFile\":false,\"isDirectory\":true}");
  DOES("writeFile", "[\"s/dir-1\",\"staged\"]");
  DOES("copy", "[\"s\",\"t\"]"); /* its folder is met behind the file, and listed before it */
  TEXT("[\"t/dir-1\"]", "staged");
  TEXT("[\"t/dir/x\"]", "");
  DOES("rename", "[\"t\",\"s/t\"]");
  TEXT("[\"s/t/dir-1\"]", "staged");
  DOES("rmdir", "[\"s\",{\"recursive\":true}]");
  JSON("readdir", "[null,{\"recursive\":true}]", "[\"a\",\"a/b\",\"a/b/c\",\"f\",\"f/g\"]");
  JSON("readdir", "[]", "[\"a\",\"f\"]");
  THROWS("mkdir", "[\"a\"]", "EntryAlreadyExistsError");
  THROWS("rmdir", "[\"a\"]", "DestDirectoryNotEmpty");
  THROWS("unlink", "[\"a/b\"]", "NotAFileError");
  DOES("writeFile", "[\"a/b/d\",\"\"]");
  DOES("copy", "[\"a\",\"a2\"]"); /* each folder gets an entry */
  DOES("unlink", "[\"a2/b/c\"]");
  DOES("unlink", "[\"a2/b/d\"]");
  JSON("readdir", "[\"a2\"]", "[\"b\"]");
  DOES("rename", "[\"a/b\",\"b\"]");
  THROWS("stat", "[\"a\"]", "NotFoundError"); /* nothing lies there any more */
  DOES("rmdir", "[\"b\",{\"recursive\":true}]");
  THROWS("readdir", "[\"f\"]", "NotAFolderError");
  DOES("unlink", "[\"f\"]");
  JSON("readdir", "[\"f\"]", "[\"g\"]");
  DOES("rmdir", "[\"f\",{\"recursive\":true}]");
  DOES("mkdir", "[\"empty\"]");
  commit(&d);
  JSON("readdir", "[null,{\"recursive\":true}]", "[\"a2\",\"a2/b\",\"empty\"]"); /* and survives */
  drive_close(&d);
}

/* --- limits -------------------------------------------------------------------------------------------------- */

static void charges_count_paths_and_staged_contents(void **state) {
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  drive d;
  (void)state;
  options.files_call_max = 60;
  options.files_total_max = 25;
  assert_ok(drive_try(&d, NULL, &options));
  begin(&d, 1);
  DOES("mkdir", "[\"d\"]");                     /* 2 */
  DOES("writeFile", "[\"d/f\",\"1234567890\"]"); /* 4 + 10 */
  assert_int_equal(d.archive->stage_used, 16);
  DOES("copy", "[\"d\",\"e\"]"); /* "/e" and "/e/f", and what is staged */
  assert_int_equal(d.archive->stage_used, 32);
  THROWS("copy", "[\"d\",\"g\"]", "QuotaExceededError"); /* and is not charged */
  assert_int_equal(d.archive->stage_used, 32);
  DOES("copy", "[\"d\",\"e\"]"); /* the folder is there, the file is replaced */
  assert_int_equal(d.archive->stage_used, 46);
  DOES("rename", "[\"e/f\",\"h\"]"); /* "/h", "/e/f"; not more than before in all */
  assert_int_equal(d.archive->stage_used, 52);
  GIVES("rename", "[\"h\",\"longer\"]", VMS_FILE_ABORT, "");
  commit(&d);
  begin(&d, 2);
  DOES("rename", "[\"h\",\"i\"]"); /* stored: only paths count */
  assert_int_equal(d.archive->stage_used, 4);
  TEXT("[\"i\"]", "1234567890");
  DOES("rename", "[\"d\",\"longer\"]"); /* "/longer" "/longer/f" "/d" "/d/f" */
  assert_int_equal(d.archive->stage_used, 4 + 7 + 9 + 2 + 4);
  for (int i = 0; i < 40; i++) {
    vms_file_reply reply;
    assert_ok(drive_call(d.archive, 0, "copy", "[\"longer\",\"i\"]", &reply)); /* throws: onto a file */
    assert_int_equal(reply.kind, VMS_FILE_ERROR);
    vms_buffer_free(&reply.body);
  }
  GIVES("copy", "[\"longer/f\",\"a-name-that-is-longer-than-what-is-left\"]", VMS_FILE_ABORT, "");
  commit(&d);
  drive_close(&d);
}

static void answers_have_a_limit(void **state) {
  static const char *const calls[][3] = { /* each with the longest answer that is refused, and the answer's length */
    { "readFile", "[\"f\"]", "10" },          { "readFile", "[\"f\",\"hex\"]", "20" }, { "readFile", "[\"f\",\"base64\"]", "16" },
    { "readFile", "[\"bad\"]", "9" },         { "readdir", "[]", "11" },               { "readdir", "[null,{\"limit\":1}]", "7" },
    { "history", "[{\"start\":3}]", "71" },
  };
  drive d;
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  DOES("writeFile", "[\"f\",\"0123456789\"]");
  DOES("writeFile", "[\"bad\",\"ffffff\",\"hex\"]"); /* three times as long as text */
  commit(&d);
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    vms_file_request request = request_of(calls[i][0], calls[i][1]);
    request.answer_max = strtoull(calls[i][2], NULL, 10);
    check(&d, __LINE__, &request, i > 3 ? VMS_FILE_JSON : VMS_FILE_TEXT, NULL);
    request.answer_max--;
    check(&d, __LINE__, &request, VMS_FILE_ERROR, "RangeError");
    request.answer_max = 1;
    check(&d, __LINE__, &request, VMS_FILE_ERROR, "RangeError");
  }
  drive_close(&d);
}

static void work_is_counted_and_has_a_limit(void **state) {
  static const char *const calls[][2] = {
    { "readdir", "[]" }, { "readdir", "[null,{\"recursive\":true}]" }, { "history", "[\"none\"]" }, { "getInfo", "[{\"version\":50}]" },
    { "rmdir", "[\"d\",{\"recursive\":true}]" }, { "copy", "[\"d\",\"e\"]" }, { "rename", "[\"d\",\"e\"]" }, { "stat", "[\"d\"]" },
  };
  drive d;
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  DOES("mkdir", "[\"d\"]");
  for (int i = 0; i < 100; i++) {
    char params[64];
    snprintf(params, sizeof params, "[\"d/%d\",\"x\"]", i);
    DOES("writeFile", params);
  }
  commit(&d);
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    vms_file_request request = request_of(calls[i][0], calls[i][1]);
    uint64_t whole;
    begin(&d, 2);
    check(&d, __LINE__, &request, i < 4 || i == 7 ? VMS_FILE_JSON : VMS_FILE_UNDEFINED, NULL);
    whole = work;
    vms_archive_abort(d.archive);
    if (i == 1 || (i > 3 && i < 7)) assert_true(whole >= 101 && whole < 600);
    for (uint64_t max = 1; max <= whole; max += max < 6 ? 1 : whole / 5) {
      begin(&d, 2);
      request.work_max = max;
      check(&d, __LINE__, &request, max < whole ? VMS_FILE_ERROR : i < 4 || i == 7 ? VMS_FILE_JSON : VMS_FILE_UNDEFINED, max < whole ? "RangeError" : NULL);
      if (max < whole) assert_in_range(work, max + 1, max + 40);
      vms_archive_abort(d.archive);
    }
  }
  /* A folder below which nothing is left but what was removed: looked through each time, and counted each time. */
  begin(&d, 3);
  for (int i = 0; i < 100; i++) {
    char params[64];
    snprintf(params, sizeof params, "[\"d/%d\"]", i);
    DOES("unlink", params);
  }
  put_raw(&d, "/d2/x");
  DOES("rmdir", "[\"d\"]");
  assert_true(work >= 100);
  THROWS("stat", "[\"d\"]", "NotFoundError");
  assert_true(work >= 100);
  drive_close(&d);
}

/* --- replicas ----------------------------------------------------------------------------------------------- */

/* Who verifies an answer repeats the call on what it was sent: everything has to be the same, what it costs included. */
/* Also of what comes to nothing in the end. */
static void what_is_read_of_a_file_is_work(void **state) {
  drive d;
  char *params = malloc(200100);
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  snprintf(params, 200100, "[\"a\",\"%0200000d\"]", 1);
  DOES("writeFile", params);
  commit(&d);
  GIVES("readFile", "[\"a\"]", VMS_FILE_TEXT, NULL);
  assert_int_equal(work, 2 + 200000 / 8192);
  THROWS("readFile", "[\"a\",\"json\"]", "SyntaxError");
  assert_int_equal(work, 2 + 200000 / 8192);
  TEXT("[\"a\",{\"offset\":65536,\"length\":1}]", "0");
  assert_int_equal(work, 2 + 8);
  TEXT("[\"a\",{\"offset\":65535,\"length\":2}]", "00");
  assert_int_equal(work, 2 + 16);
  TEXT("[\"a\",{\"offset\":199999,\"length\":9}]", "1");
  assert_int_equal(work, 2); /* of the last block, which is short */
  TEXT("[\"a\",{\"offset\":200000}]", "");
  assert_int_equal(work, 2);
  drive_close(&d);
  free(params);
}

static void copies_give_the_same_answers_for_the_same_work(void **state) {
  static const char *const calls[][2] = {
    { "getInfo", "[]" },          { "getInfo", "[{\"version\":3}]" },      { "stat", "[\"a/b\"]" },       { "stat", "[\"imp\"]" },       { "stat", "[\"none\"]" },
    { "stat", "[\"/\"]" },        { "readFile", "[\"big\",\"hex\"]" },     { "readdir", "[]" },          { "readdir", "[\"imp\",{\"limit\":1,\"stat\":true}]" },
    { "readFile", "[\"a\"]" },    { "readFile", "[\"big\",{\"offset\":65530,\"length\":10,\"encoding\":\"hex\"}]" },
    { "readdir", "[null,{\"recursive\":true,\"after\":\"a\",\"limit\":4}]" }, { "readdir", "[null,{\"version\":3}]" }, { "history", "[]" },
    { "history", "[\"a\",{\"reverse\":true,\"limit\":1}]" }, { "readFile", "[\"a/b\",{\"version\":99}]" }, { "writeFile", "[\"a\",\"x\"]" },
  };
  drive d;
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  DOES("mkdir", "[\"a\"]");
  DOES("writeFile", "[\"a/b\",\"text\"]");
  DOES("writeFile", "[\"c\",\"\"]");
  commit(&d);
  put_raw(&d, "/imp/-/x");
  put_raw(&d, "/imp/--");
  drive_write(&d, "/big", 3 * VMS__BLOB_BLOCK_LEN + 5);
  drive_sign(&d);
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    vms_file_reply reply, copied;
    drive_copy copy;
    int status;
    copy_open(&copy, &d, NULL);
    assert_ok(drive_call(d.archive, 0, calls[i][0], calls[i][1], &reply));
    memset(&copied, 0, sizeof copied);
    do {
      vms_buffer_free(&copied.body);
      status = drive_call(copy.archive, 0, calls[i][0], calls[i][1], &copied);
      if (status == VMS_ERR_MISSING) copy_fetch(&copy);
    } while (status == VMS_ERR_MISSING);
    assert_int_equal(status, VMS_OK);
    if (copied.kind != reply.kind || copied.work != reply.work || strcmp(copied.error_name, reply.error_name) != 0 ||
        !vms__slice_equal(vms__buf_view(&copied.body), vms__buf_view(&reply.body)))
      fail_msg("%s %s: %s for %llu, not %s for %llu", calls[i][0], calls[i][1], copied.body.data, (unsigned long long)copied.work, reply.body.data,
               (unsigned long long)reply.work);
    vms_buffer_free(&reply.body);
    vms_buffer_free(&copied.body);
    copy_close(&copy);
  }
  drive_close(&d);
}

/* --- failing memory ------------------------------------------------------------------------------------------ */

static void every_call_survives_allocation_failures(void **state) {
  static const char *const calls[][2] = {
    { "mkdir", "[\"d\"]" }, { "writeFile", "[\"d/x\",\"0123456789\"]" }, { "writeFile", "[\"y\",\"AAAA\",{\"encoding\":\"base64\"}]" },
    { "copy", "[\"d\",\"e\"]" }, { "copy", "[\"old\",\"e\"]" }, { "rename", "[\"e\",\"f\"]" }, { "history", "[\"old\",{\"reverse\":true}]" },
    { "readdir", "[\"/\",{\"recursive\":true,\"stat\":true,\"limit\":3,\"after\":\"d\"}]" }, { "readdir", "[\"imp\"]" }, { "readdir", "[null,{\"limit\":1}]" },
    { "readFile", "[\"f/x\",{\"offset\":2,\"length\":3}]" }, { "readFile", "[\"old/1\",{\"version\":3}]" }, { "stat", "[\"imp\",{\"version\":4}]" },
    { "getInfo", "[{\"version\":3}]" }, { "rmdir", "[\"f\",{\"recursive\":true}]" }, { "unlink", "[\"y\"]" },
  };
  drive d;
  sim_memory memory;
  vms_archive *archive;
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  int status = VMS_ERR_NOMEM;
  (void)state;
  drive_open(&d);
  begin(&d, 1);
  DOES("mkdir", "[\"old\"]");
  DOES("writeFile", "[\"old/1\",\"one\"]");
  commit(&d);
  put_raw(&d, "/imp/-/x");
  put_raw(&d, "/imp/--");
  sim_memory_init(&memory);
  options.env = &memory.env;
  for (uint64_t fail = 1; status != VMS_OK; fail++) {
    memory.calls = 0;
    memory.fail_at = fail;
    status = vms_archive_open(&archive, d.cores[0], d.cores[1], &options, NULL);
    if (status == VMS_OK) vms_archive_begin(archive, 1);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0] && status == VMS_OK; i++) {
      vms_file_request request = request_of(calls[i][0], calls[i][1]);
      vms_file_reply reply;
      memset(&reply, 0, sizeof reply);
      vms_buffer_init(&reply.body, &memory.env);
      status = vms_archive_call(archive, &request, &reply, NULL);
      if (status == VMS_OK && reply.kind == VMS_FILE_ERROR) fail_msg("%s %s: %s", calls[i][0], calls[i][1], reply.error_name);
      vms_buffer_free(&reply.body);
    }
    assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
    assert_true(fail < 3000);
    vms_archive_close(archive);
    assert_int_equal(memory.live, 0);
  }
  drive_close(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(pieces_are_bytes_of_the_file),
    cmocka_unit_test(versions_show_what_was),
    cmocka_unit_test(info_tells_versions_and_sizes),
    cmocka_unit_test(lists_come_in_pages),
    cmocka_unit_test(pages_agree_with_a_plain_set_of_names),
    cmocka_unit_test(history_tells_every_change),
    cmocka_unit_test(history_tells_where_a_change_comes_from),
    cmocka_unit_test(copies_share_what_is_stored),
    cmocka_unit_test(renames_leave_nothing_behind),
    cmocka_unit_test(copies_onto_what_exists_merge_or_throw),
    cmocka_unit_test(copy_and_rename_throw_by_name),
    cmocka_unit_test(paths_that_become_too_long_are_refused_before_anything_is_copied),
    cmocka_unit_test(links_and_block_maps_cannot_be_copied),
    cmocka_unit_test(folders_without_entries_are_folders),
    cmocka_unit_test(charges_count_paths_and_staged_contents),
    cmocka_unit_test(answers_have_a_limit),
    cmocka_unit_test(work_is_counted_and_has_a_limit),
    cmocka_unit_test(what_is_read_of_a_file_is_work),
    cmocka_unit_test(copies_give_the_same_answers_for_the_same_work),
    cmocka_unit_test(every_call_survives_allocation_failures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
