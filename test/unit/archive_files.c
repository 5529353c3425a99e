/* SPDX-License-Identifier: MIT */
/* Goal: archives and file calls do what vms/archive.h says: results, every error name, limits, staging, failing memory.
 * Method: calls as a script makes them on a fresh drive, one expectation per line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lib/archive/internal.h"
#include "test/support/storage.h"

typedef struct { sim_disk disk; vms_journal *journal; vms_archive *archive; } drive;

static uint8_t seed[VMS_SEED_LEN];

static int journal_make(drive *d, const vms_env *env) {
  uint8_t key[VMS_KEY_LEN], manifests[2][VMS_MANIFEST_LEN];
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  int status;
  options.env = env;
  memset(seed, 3, sizeof seed);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifests[0]);
  vms_manifest_blobs(manifests[0], manifests[1]);
  sim_disk_init(&d->disk);
  d->archive = NULL;
  status = vms_journal_create(&d->journal, &d->disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, &options, NULL);
  for (uint32_t i = 0; status == VMS_OK && i < 2; i++) assert_int_equal(vms_journal_signer(d->journal, i, seed, NULL), VMS_OK);
  return status;
}

static int archive_make(drive *d, const vms_env *env, uint64_t call_max, uint64_t total_max) {
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  options.env = env;
  options.files_call_max = call_max;
  options.files_total_max = total_max;
  return vms_archive_open(&d->archive, vms_journal_core(d->journal, 0), vms_journal_core(d->journal, 1), &options, NULL);
}

static void drive_open(drive *d, uint64_t call_max, uint64_t total_max) {
  assert_int_equal(journal_make(d, NULL), VMS_OK);
  assert_int_equal(archive_make(d, NULL, call_max, total_max), VMS_OK);
}

static void drive_close(drive *d) {
  vms_archive_close(d->archive);
  vms_journal_close(d->journal);
  sim_disk_deinit(&d->disk);
}

static void check(drive *d, int line, uint64_t version, const char *method, const char *params, vms_slice data, uint32_t kind, const char *body) {
  vms_file_request request = { vms__slice_of(method), vms__slice_of(params), data, version, 0, 0 };
  vms_file_reply reply;
  const char *text;
  int status;
  memset(&reply, 0, sizeof reply);
  vms_buffer_init(&reply.body, NULL);
  status = vms_archive_call(d->archive, &request, &reply, NULL);
  if (status != VMS_OK) fail_msg("line %d: status %s", line, vms_status_name(status));
  text = kind == VMS_FILE_ERROR ? reply.error_name : reply.body.data == NULL ? "" : reply.body.data;
  if (reply.kind != kind) fail_msg("line %d: kind %u, %s %s", line, reply.kind, reply.error_name, reply.body.data);
  if (body != NULL && strcmp(text, body) != 0) fail_msg("line %d: %s", line, text);
  if (kind == VMS_FILE_ERROR) assert_true(reply.body.len > 0);
  vms_buffer_free(&reply.body);
}

#define NONE ((vms_slice){ NULL, 0 })
#define GIVES(method, params, kind, body) check(&d, __LINE__, 0, method, params, NONE, kind, body)
#define JSON(method, params, body) GIVES(method, params, VMS_FILE_JSON, body)
#define TEXT(params, body) GIVES("readFile", params, VMS_FILE_TEXT, body)
#define DOES(method, params) GIVES(method, params, VMS_FILE_UNDEFINED, "")
#define THROWS(method, params, name) GIVES(method, params, VMS_FILE_ERROR, name)

static void commit(drive *d) { assert_int_equal(vms_archive_commit(d->archive, NULL), VMS_OK); }

static void results_have_their_documented_forms(void **state) {
  drive d;
  (void)state;
  drive_open(&d, 0, 0);
  vms_archive_begin(d.archive, 1000);
  DOES("writeFile", "[\"/a.txt\",\"h\\u00e9llo\"]");
  DOES("mkdir", "[\"dir\"]");
  DOES("writeFile", "[\"dir//./b\",\"AAH/\",\"base64\"]");
  DOES("writeFile", "[\"dir/c\",\"00fF\",{\"encoding\":\"hex\"}]");
  DOES("writeFile", "[\"dir/../j.json\",{\"x\":[1,2]},\"json\"]");
  check(&d, __LINE__, 0, "writeFile", "[\"bytes\",null]", (vms_slice){ "\0\x01\xff", 3 }, VMS_FILE_UNDEFINED, "");
  check(&d, __LINE__, 0, "writeFile", "[\"empty\",null]", (vms_slice){ "", 0 }, VMS_FILE_UNDEFINED, "");
  for (int round = 0; round < 2; round++) { /* staged, then committed */
    TEXT("[\"a.txt\"]", "h\xc3\xa9llo");
    TEXT("[\"/a.txt\",\"hex\"]", "68c3a96c6c6f");
    TEXT("[\"dir/b\",\"base64\"]", "AAH/");
    TEXT("[\"dir/b\",\"hex\"]", "0001ff");
    TEXT("[\"dir/c\",{\"encoding\":\"hex\"}]", "00ff");
    TEXT("[\"empty\"]", "");
    TEXT("[\"bytes\",\"hex\"]", "0001ff");
    GIVES("readFile", "[\"j.json\",\"json\"]", VMS_FILE_JSON, "{\"x\":[1,2]}");
    GIVES("readFile", "[\"a.txt\",\"binary\"]", VMS_FILE_BYTES, "h\xc3\xa9llo");
    GIVES("readFile", "[\"dir/c\"]", VMS_FILE_TEXT, NULL);
    JSON("stat", "[\"a.txt\"]", "{\"type\":\"file\",\"size\":6,\"blocks\":1,\"mtime\":1000,\"isFile\":true,\"isDirectory\":false}");
    JSON("stat", "[\"dir\"]", "{\"type\":\"directory\",\"size\":0,\"blocks\":0,\"mtime\":1000,\"isFile\":false,\"isDirectory\":true}");
    JSON("stat", "[\"/\"]", "{\"type\":\"directory\",\"size\":0,\"blocks\":0,\"mtime\":0,\"isFile\":false,\"isDirectory\":true}");
    JSON("readdir", "[\"/\"]", "[\"a.txt\",\"bytes\",\"dir\",\"empty\",\"j.json\"]");
    JSON("readdir", "[]", "[\"a.txt\",\"bytes\",\"dir\",\"empty\",\"j.json\"]");
    JSON("readdir", "[\"dir\",{\"stat\":true}]",
         "[{\"name\":\"b\",\"stat\":{\"type\":\"file\",\"size\":3,\"blocks\":1,\"mtime\":1000,\"isFile\":true,\"isDirectory\":false}},"
         "{\"name\":\"c\",\"stat\":{\"type\":\"file\",\"size\":2,\"blocks\":1,\"mtime\":1000,\"isFile\":true,\"isDirectory\":false}}]");
    JSON("readdir", "[\"\",{\"recursive\":true}]", "[\"a.txt\",\"bytes\",\"dir\",\"dir/b\",\"dir/c\",\"empty\",\"j.json\"]");
    if (round == 0) commit(&d);
  }
  assert_int_equal(vms_core_length(vms_journal_core(d.journal, 0)), 8); /* header, seven changed paths */
  check(&d, __LINE__, 0, "getInfo", "[]", NONE, VMS_FILE_JSON, NULL);
  vms_archive_begin(d.archive, 2000);
  DOES("unlink", "[\"dir/b\"]");
  JSON("readdir", "[\"dir\"]", "[\"c\"]");
  DOES("rmdir", "[\"dir\",{\"recursive\":true}]");
  THROWS("stat", "[\"dir\"]", "NotFoundError");
  commit(&d);
  JSON("readdir", "[]", "[\"a.txt\",\"bytes\",\"empty\",\"j.json\"]");
  check(&d, __LINE__, 8, "readdir", "[\"dir\"]", NONE, VMS_FILE_JSON, "[\"b\",\"c\"]"); /* history */
  check(&d, __LINE__, 1, "readdir", "[]", NONE, VMS_FILE_JSON, "[]");
  check(&d, __LINE__, 99, "readdir", "[]", NONE, VMS_FILE_ERROR, "NotFoundError");
  drive_close(&d);
}

static void malformed_text_becomes_replacement_characters(void **state) {
  static const struct { const char *bytes, *text; } cases[] = {
    { "a\xff" "b", "a\xef\xbf\xbd" "b" },
    { "\xf0\x9f\x98", "\xef\xbf\xbd" },                                           /* one maximal start */
    { "\xe0\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },                   /* overlong */
    { "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },                   /* surrogate */
    { "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },   /* above U+10FFFF */
    { "\xc3\xa9\xc3", "\xc3\xa9\xef\xbf\xbd" },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms_buffer text = VMS_BUFFER_INIT;
    assert_int_equal(vms__text_decode(vms__slice_of(cases[i].bytes), &text), VMS_OK);
    assert_string_equal(text.data, cases[i].text);
    vms_buffer_free(&text);
  }
}

static void errors_have_their_names(void **state) {
  drive d;
  char deep[200] = "[\"", longest[1100];
  (void)state;
  drive_open(&d, 0, 0);
  THROWS("writeFile", "[\"a\",\"x\"]", "ArchiveNotWritableError"); /* nothing is staged */
  vms_archive_begin(d.archive, 1);
  DOES("writeFile", "[\"file\",\"x\"]");
  DOES("mkdir", "[\"full\"]");
  DOES("mkdir", "[\"full/sub\"]");
  check(&d, __LINE__, 1, "writeFile", "[\"a\",\"x\"]", NONE, VMS_FILE_ERROR, "ArchiveNotWritableError");
  THROWS("readFile", "[\"nope\"]", "NotFoundError");
  THROWS("stat", "[\"nope\"]", "NotFoundError");
  THROWS("readdir", "[\"nope\"]", "NotFoundError");
  THROWS("unlink", "[\"nope\"]", "NotFoundError");
  THROWS("rmdir", "[\"nope\"]", "NotFoundError");
  THROWS("readFile", "[\"full\"]", "NotAFileError");
  THROWS("readFile", "[\"/\"]", "NotAFileError");
  THROWS("unlink", "[\"full\"]", "NotAFileError");
  THROWS("readdir", "[\"file\"]", "NotAFolderError");
  THROWS("rmdir", "[\"file\"]", "NotAFolderError");
  THROWS("rmdir", "[\"full\"]", "DestDirectoryNotEmpty");
  THROWS("rmdir", "[\"/\"]", "InvalidPathError");
  THROWS("mkdir", "[\"full\"]", "EntryAlreadyExistsError");
  THROWS("mkdir", "[\"file\"]", "EntryAlreadyExistsError");
  THROWS("mkdir", "[\"/\"]", "EntryAlreadyExistsError");
  THROWS("writeFile", "[\"full\",\"x\"]", "EntryAlreadyExistsError");
  THROWS("writeFile", "[\"nope/x\",\"x\"]", "ParentFolderDoesntExistError");
  THROWS("writeFile", "[\"file/x\",\"x\"]", "ParentFolderDoesntExistError");
  THROWS("mkdir", "[\"nope/x\"]", "ParentFolderDoesntExistError");
  THROWS("writeFile", "[\"full/\",\"x\"]", "InvalidPathError");
  THROWS("writeFile", "[\"../x\",\"x\"]", "InvalidPathError");
  THROWS("stat", "[\"a/../../b\"]", "InvalidPathError");
  THROWS("stat", "[\"a\\u0000b\"]", "InvalidPathError");
  THROWS("stat", "[\"a\\nb\"]", "InvalidPathError");
  THROWS("stat", "[\"a\\u0085b\"]", "InvalidPathError");
  for (size_t i = 2; i < 2 + 65 * 2; i += 2) memcpy(deep + i, "/a", 3);
  strcat(deep, "\"]");
  THROWS("stat", deep, "InvalidPathError");
  snprintf(longest, sizeof longest, "[\"%01024d\"]", 0);
  THROWS("stat", longest, "InvalidPathError");
  snprintf(longest, sizeof longest, "[\"%01023d\"]", 0);
  THROWS("stat", longest, "NotFoundError");
  THROWS("readFile", "[\"file\",\"latin1\"]", "InvalidEncodingError");
  THROWS("writeFile", "[\"x\",\"y\",\"latin1\"]", "InvalidEncodingError");
  THROWS("writeFile", "[\"x\",\"YQ=\",\"base64\"]", "InvalidEncodingError");
  THROWS("writeFile", "[\"x\",\"abc\",\"hex\"]", "InvalidEncodingError");
  THROWS("readFile", "[\"file\",\"json\"]", "SyntaxError");
  THROWS("readFile", "[5]", "TypeError");
  THROWS("readFile", "[]", "TypeError");
  THROWS("readFile", "{}", "TypeError");
  THROWS("readFile", "[", "TypeError");
  THROWS("readFile", "", "TypeError");
  THROWS("readFile", "[\"file\",7]", "TypeError");
  THROWS("writeFile", "[\"x\",{}]", "TypeError");
  THROWS("writeFile", "[\"x\"]", "TypeError");
  THROWS("readdir", "[\"/\",\"x\"]", "TypeError");
  DOES("rmdir", "[\"full/sub\"]");
  DOES("rmdir", "[\"full\"]");
  JSON("readdir", "[]", "[\"file\"]");
  drive_close(&d); /* staged changes go with it */
}

static void limits_abort_or_throw(void **state) {
  drive d;
  (void)state;
  drive_open(&d, 20, 10);
  vms_archive_begin(d.archive, 1);
  DOES("writeFile", "[\"a\",\"12345\"]"); /* 2 + 5 */
  DOES("writeFile", "[\"a\",\"123456\"]"); /* 2 + 6: overwriting is charged again */
  THROWS("writeFile", "[\"b\",\"12345\"]", "QuotaExceededError"); /* and not charged */
  DOES("writeFile", "[\"b\",\"123\"]"); /* 20 bytes now */
  GIVES("writeFile", "[\"c\",\"\"]", VMS_FILE_ABORT, "");
  GIVES("mkdir", "[\"c\"]", VMS_FILE_ABORT, "");
  GIVES("unlink", "[\"a\"]", VMS_FILE_ABORT, "");
  commit(&d);
  vms_archive_begin(d.archive, 2);
  THROWS("writeFile", "[\"c\",\"12\"]", "QuotaExceededError");
  DOES("writeFile", "[\"c\",\"1\"]");
  DOES("unlink", "[\"a\"]");
  DOES("writeFile", "[\"a\",\"123456\"]");
  commit(&d);
  drive_close(&d);
}

static void limits_are_checked_before_bytes_are_copied(void **state) {
  drive d;
  vms_slice huge = { "x", (size_t)1 << 40 }; /* of which one may be looked at */
  (void)state;
  drive_open(&d, 20, 10);
  vms_archive_begin(d.archive, 1);
  check(&d, __LINE__, 0, "writeFile", "[\"a\",null]", huge, VMS_FILE_ERROR, "QuotaExceededError");
  commit(&d);
  drive_close(&d);
  drive_open(&d, 20, UINT64_C(1) << 50);
  vms_archive_begin(d.archive, 1);
  check(&d, __LINE__, 0, "writeFile", "[\"a\",null]", huge, VMS_FILE_ABORT, "");
  check(&d, __LINE__, 0, "writeFile", "[\"no/a\",null]", huge, VMS_FILE_ERROR, "ParentFolderDoesntExistError");
  check(&d, __LINE__, 0, "writeFile", "[\"a\",null,\"nope\"]", huge, VMS_FILE_ERROR, "InvalidEncodingError");
  check(&d, __LINE__, 0, "writeFile", "[\"a\",null]", (vms_slice){ "\0\xff", 2 }, VMS_FILE_UNDEFINED, "");
  TEXT("[\"a\",{\"encoding\":\"hex\"}]", "00ff");
  drive_close(&d);
}

static void commits_append_one_block_per_path_that_changed(void **state) {
  drive d;
  vms_archive_state before, after;
  vms_journal_mark mark;
  (void)state;
  drive_open(&d, 0, 0);
  vms_archive_begin(d.archive, 5);
  DOES("writeFile", "[\"new\",\"x\"]");
  DOES("unlink", "[\"new\"]"); /* was not there, is not there */
  DOES("writeFile", "[\"b\",\"1\"]");
  DOES("writeFile", "[\"a\",\"2\"]");
  DOES("writeFile", "[\"b\",\"3\"]");
  commit(&d);
  vms_archive_state_get(d.archive, &before);
  assert_int_equal(before.version, 3);
  assert_int_equal(before.blobs, 2);
  vms_bee_entry entry;
  assert_int_equal(vms_bee_get(&d.archive->bee, 3, (vms_slice){ "files\0/b", 8 }, &entry, NULL), VMS_OK);
  assert_int_equal(entry.seq, 1); /* the order of the first changes */
  assert_true(vms__slice_is(entry.value, "{\"executable\":false,\"linkname\":null,\"blob\":{\"blockOffset\":0,\"byteOffset\":0,"
                                         "\"blockLength\":1,\"byteLength\":1},\"metadata\":{\"mtime\":5}}"));
  vms_journal_mark_take(d.journal, &mark);
  vms_archive_begin(d.archive, 6);
  DOES("writeFile", "[\"b\",\"3\"]"); /* the same contents still are a change */
  DOES("mkdir", "[\"f\"]");
  DOES("unlink", "[\"a\"]");
  commit(&d);
  vms_archive_state_get(d.archive, &after);
  assert_int_equal(after.version, 6);
  assert_memory_not_equal(before.hash, after.hash, sizeof before.hash);
  vms_journal_rollback(d.journal, &mark); /* the record could not be appended: all goes back */
  vms_archive_state_get(d.archive, &after);
  assert_memory_equal(&before, &after, sizeof before);
  JSON("readdir", "[]", "[\"a\",\"b\"]");
  vms_archive_begin(d.archive, 7);
  DOES("writeFile", "[\"b\",\"other\"]");
  JSON("readdir", "[]", "[\"a\",\"b\"]");
  commit(&d);
  TEXT("[\"b\"]", "other");
  vms_archive_begin(d.archive, 8);
  DOES("writeFile", "[\"z\",\"never\"]");
  vms_archive_abort(d.archive);
  THROWS("stat", "[\"z\"]", "NotFoundError");
  vms_archive_begin(d.archive, 9);
  commit(&d); /* nothing */
  vms_archive_state_get(d.archive, &after);
  assert_int_equal(after.version, 4);
  drive_close(&d);
}

static void a_failing_core_leaves_nothing_behind(void **state) {
  drive d;
  vms_archive_state before, after;
  (void)state;
  drive_open(&d, 0, 0);
  vms_archive_begin(d.archive, 5);
  DOES("writeFile", "[\"a\",\"1\"]");
  vms_archive_state_get(d.archive, &before);
  d.disk.fail_write = true;
  assert_int_equal(vms_journal_commit(d.journal, VMS_COMMIT_SIGN, NULL), VMS_ERR_IO); /* the header block was pending */
  assert_int_equal(vms_archive_commit(d.archive, NULL), VMS_ERR_IO);
  vms_archive_state_get(d.archive, &after);
  assert_memory_equal(&before, &after, sizeof before);
  THROWS("stat", "[\"a\"]", "NotFoundError");
  drive_close(&d);
}

static void a_header_that_was_dropped_is_written_again(void **state) {
  drive d;
  (void)state;
  drive_open(&d, 0, 0);
  vms_journal_drop_pending(d.journal);
  JSON("readdir", "[]", "[]");
  vms_archive_begin(d.archive, 5);
  DOES("writeFile", "[\"a\",\"1\"]");
  commit(&d);
  vms_archive_close(d.archive);
  assert_int_equal(archive_make(&d, NULL, 0, 0), VMS_OK);
  TEXT("[\"a\"]", "1");
  vms_buffer block = VMS_BUFFER_INIT;
  assert_int_equal(vms_core_read(vms_journal_core(d.journal, 0), 0, &block, NULL), VMS_OK);
  assert_int_equal(block.len, 12); /* a drive's, not a plain bee's */
  vms_buffer_free(&block);
  drive_close(&d);
}

static unsigned depth_of(const vms__stage *stage, uint32_t number) {
  if (number == 0) return 0;
  const vms__change *change = &stage->changes[number - 1];
  unsigned left = depth_of(stage, change->left), right = depth_of(stage, change->right);
  return 1 + VMS__MAX(left, right);
}

static void staged_changes_stay_balanced_and_sorted(void **state) {
  vms__stage stage;
  char path[16];
  (void)state;
  for (int order = 0; order < 3; order++) { /* ascending, descending, mixed */
    vms__stage_init(&stage, NULL);
    for (unsigned i = 0; i < 5000; i++) {
      snprintf(path, sizeof path, "/%05u", order == 0 ? i : order == 1 ? 4999 - i : i * 1777 % 5000);
      assert_non_null(vms__stage_add(&stage, vms__slice_of(path), false));
    }
    assert_true(depth_of(&stage, stage.root) <= 26); /* 2 * log2(5000) */
    for (unsigned i = 0; i < 5000; i++) {
      snprintf(path, sizeof path, "/%05u", i);
      assert_non_null(vms__stage_find(&stage, vms__slice_of(path)));
      strcat(path, "!"); /* between this one and the next */
      assert_null(vms__stage_find(&stage, vms__slice_of(path)));
      vms__change *next = vms__stage_from(&stage, vms__slice_of(path));
      snprintf(path, sizeof path, "/%05u", i + 1);
      if (i == 4999) assert_null(next);
      else assert_true(vms__slice_is(next->path, path));
    }
    vms__stage_clear(&stage);
  }
}

static void opening_wants_a_drive(void **state) {
  static const char *const headers[] = { "", "\x0a\x03" "abc", "\x0a\x08" "hyperbee" "\x12", "\xff\xff" };
  drive d;
  (void)state;
  for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
    assert_int_equal(journal_make(&d, NULL), VMS_OK);
    assert_int_equal(vms_core_append(vms_journal_core(d.journal, 0), headers[i], strlen(headers[i]), NULL, NULL), VMS_OK);
    assert_int_equal(archive_make(&d, NULL, 0, 0), VMS_ERR_CORRUPT);
    drive_close(&d);
  }
  /* a header that names the blobs core is fine if it names ours */
  for (int own = 0; own < 2; own++) {
    uint8_t header[46] = "\x0a\x08" "hyperbee" "\x12\x22\x0a\x20";
    assert_int_equal(journal_make(&d, NULL), VMS_OK);
    if (own) vms_core_key(vms_journal_core(d.journal, 1), header + 14);
    assert_int_equal(vms_core_append(vms_journal_core(d.journal, 0), header, sizeof header, NULL, NULL), VMS_OK);
    assert_int_equal(archive_make(&d, NULL, 0, 0), own ? VMS_OK : VMS_ERR_CORRUPT);
    drive_close(&d);
  }
}

static void hostile_trees_are_refused(void **state) {
  static const struct { const char *bytes; size_t len; } blocks[] = {
#define BLOCK(text) { text, sizeof text - 1 }
    BLOCK(""),                                                        /* no index */
    BLOCK("\x0a\x00\x12\x01" "a"),                                    /* no levels */
    BLOCK("\x0a\x05\x0a\x03\x0a\x01\x05\x12\x01" "a\x1a\x01" "1"),    /* a key from the future */
    BLOCK("\x0a\x05\x0a\x03\x0a\x01\x00\x12\x01" "a\x1a\x01" "1"),    /* a key in the header */
    BLOCK("\x0a\x06\x0a\x04\x12\x02\x01\x00\x12\x01" "a"),            /* its own child */
    BLOCK("\x0a\x06\x0a\x04\x12\x02\x01\x09\x12\x01" "a"),            /* a child that does not exist */
    BLOCK("\x0a\x07\x0a\x05\x12\x03\x01\x00\x01\x12\x01" "a"),        /* half a pointer */
    BLOCK("\x0a\x0d\x0a\x0b\x0a\x09\x01\x01\x01\x01\x01\x01\x01\x01\x01\x12\x01" "a"), /* nine keys */
    BLOCK("\x0a\x06\x0a\x04\x0a\x02\x01\x01\x12\x01" "a\x1a\x01" "1"), /* the same key twice */
    BLOCK("\x0a\x05\x0a\x03\x0a\x01\x01\x12\x08" "files\0/a\x1a\x01" "1"), /* no entry */
    BLOCK("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),            /* a length that wraps */
    BLOCK("\x0f"),
  };
  (void)state;
  for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
    drive d;
    vms_bee_cursor *cursor;
    vms_bee_entry entry;
    int status;
    uint64_t size;
    drive_open(&d, 0, 0);
    assert_int_equal(vms_core_append(vms_journal_core(d.journal, 0), blocks[i].bytes, blocks[i].len, NULL, NULL), VMS_OK);
    status = vms_bee_cursor_open(&cursor, &d.archive->bee, 2, NULL, NULL);
    for (int n = 0; status == VMS_OK; n++) {
      assert_true(n < 10);
      status = vms_bee_cursor_next(cursor, &entry, NULL);
    }
    vms_bee_cursor_close(cursor);
    assert_true(status == VMS_ERR_CORRUPT || (status == VMS_ERR_NOT_FOUND && i == 9));
    if (i == 9) assert_int_equal(vms__drive_size(&d.archive->bee, 2, &size, NULL), VMS_ERR_CORRUPT);
    status = vms_bee_put(&d.archive->bee, VMS__TEXT("b"), VMS__TEXT("2"), NULL);
    status = vms_bee_del(&d.archive->bee, VMS__TEXT("a"), NULL);
    drive_close(&d);
  }
}

/* A small history under a memory that fails at the n-th allocation. */
static int live(drive *d, sim_memory *memory) {
  static const char *const calls[][2] = {
    { "mkdir", "[\"d\"]" }, { "writeFile", "[\"d/x\",\"0123456789\"]" }, { "writeFile", "[\"y\",\"AAAA\",\"base64\"]" },
    { "readFile", "[\"d/x\"]" }, { "readdir", "[\"/\",{\"recursive\":true,\"stat\":true}]" }, { "unlink", "[\"y\"]" },
    { "stat", "[\"d/nope\"]" }, { "getInfo", "[]" }, { "rmdir", "[\"d\",{\"recursive\":true}]" }, { "writeFile", "[\"z\",\"1\"]" },
  };
  vms_archive_state before, after;
  int status = archive_make(d, &memory->env, 0, 0);
  for (int round = 0; round < 2 && status == VMS_OK; round++) {
    vms_archive_begin(d->archive, 1);
    for (size_t i = 0; i < sizeof calls / sizeof calls[0] && status == VMS_OK; i++) {
      vms_file_request request = { vms__slice_of(calls[i][0]), vms__slice_of(calls[i][1]), NONE, 0, 0, 0 };
      vms_file_reply reply;
      memset(&reply, 0, sizeof reply);
      vms_buffer_init(&reply.body, &memory->env);
      status = vms_archive_call(d->archive, &request, &reply, NULL);
      vms_buffer_free(&reply.body);
    }
    vms_archive_state_get(d->archive, &before);
    if (status == VMS_OK) status = vms_archive_commit(d->archive, NULL);
    else vms_archive_abort(d->archive);
    vms_archive_state_get(d->archive, &after);
    if (status != VMS_OK) assert_memory_equal(&before, &after, sizeof before); /* all or nothing */
  }
  return status;
}

static void everything_survives_allocation_failures(void **state) {
  int status = VMS_ERR_NOMEM;
  (void)state;
  for (uint64_t fail = 1; status != VMS_OK; fail++) {
    drive d;
    sim_memory memory;
    sim_memory_init(&memory);
    assert_int_equal(journal_make(&d, &memory.env), VMS_OK);
    memory.calls = 0;
    memory.fail_at = fail;
    status = live(&d, &memory);
    assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
    assert_true(fail < 2000);
    memory.fail_at = 0;
    drive_close(&d);
    assert_int_equal(memory.live, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(results_have_their_documented_forms),
    cmocka_unit_test(malformed_text_becomes_replacement_characters),
    cmocka_unit_test(errors_have_their_names),
    cmocka_unit_test(limits_abort_or_throw),
    cmocka_unit_test(limits_are_checked_before_bytes_are_copied),
    cmocka_unit_test(commits_append_one_block_per_path_that_changed),
    cmocka_unit_test(a_failing_core_leaves_nothing_behind),
    cmocka_unit_test(a_header_that_was_dropped_is_written_again),
    cmocka_unit_test(staged_changes_stay_balanced_and_sorted),
    cmocka_unit_test(opening_wants_a_drive),
    cmocka_unit_test(hostile_trees_are_refused),
    cmocka_unit_test(everything_survives_allocation_failures),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
