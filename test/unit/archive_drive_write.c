/* SPDX-License-Identifier: MIT */
/* Goal: files written in pieces, and staged files, give the cores of npm's put of the whole file, within their limits and in little memory;
 * the sum of all sizes stays right whatever is taken back.
 * Method: the writer beside one append of the same bytes; counted memory; one expectation per line. */
#include "test/support/drives.h"

#define BLOCK VMS__BLOB_BLOCK_LEN
#define MIB (UINT64_C(1) << 20)

static void fill(uint8_t *bytes, uint64_t from, size_t len) {
  for (size_t i = 0; i < len; i++) bytes[i] = drive_byte(from + i);
}

static void expect_same_cores(const drive *a, const drive *b) {
  vms_archive_state one, other;
  vms_archive_state_get(a->archive, &one);
  vms_archive_state_get(b->archive, &other);
  assert_int_equal(one.version, other.version);
  assert_int_equal(one.blobs, other.blobs);
  assert_memory_equal(one.hash, other.hash, sizeof one.hash);
}

static uint64_t size_of(vms_archive *archive) {
  uint64_t size;
  assert_ok(vms__archive_size(archive, &size, NULL));
  return size;
}

/* --- the writer ------------------------------------------------------------------------------------------------ */

static void pieces_of_any_size_give_the_cores_of_one_put(void **state) {
  static const size_t lens[] = { 0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 3 * BLOCK + 5 };
  static const size_t steps[] = { 1000, BLOCK - 1, BLOCK, BLOCK + 1, 4 * BLOCK };
  uint8_t *bytes = malloc(4 * BLOCK);
  (void)state;
  assert_non_null(bytes);
  fill(bytes, 0, 4 * BLOCK);
  for (size_t l = 0; l < sizeof lens / sizeof lens[0]; l++)
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
      drive whole, pieces;
      vms__blob blob;
      vms__entry_form form = { true, { NULL, 0 }, &blob, VMS__TEXT("{\"mtime\":77}") };
      vms_archive_writer *writer;
      vms_archive_entry entry;
      drive_open(&whole);
      drive_open(&pieces);
      for (int round = 0; round < 2; round++) { /* the second does not begin at 0 */
        assert_ok(vms__blob_append(whole.cores[1], (vms_slice){ (char *)bytes, lens[l] }, &blob, NULL));
        assert_ok(vms__drive_put(&whole.archive->bee, VMS__TEXT("/a/b"), &form, NULL));
        assert_ok(vms_archive_writer_open(&writer, pieces.archive, SLICE("a//b"), NULL));
        for (size_t at = 0; at < lens[l]; at += steps[s])
          assert_ok(vms_archive_writer_append(writer, bytes + at, VMS__MIN(steps[s], lens[l] - at), NULL));
        assert_ok(vms_archive_writer_append(writer, NULL, 0, NULL));
        assert_ok(vms_archive_writer_finish(writer, VMS_ARCHIVE_EXECUTABLE, 77, NULL));
        vms_archive_writer_close(writer);
      }
      expect_same_cores(&whole, &pieces);
      assert_ok(vms_archive_find(pieces.archive, 0, SLICE("/a/b"), &entry, NULL));
      assert_int_equal(entry.executable, 1);
      assert_int_equal(entry.mtime, 77);
      assert_int_equal(entry.size, lens[l]);
      assert_int_equal(size_of(pieces.archive), lens[l]);
      drive_close(&whole);
      drive_close(&pieces);
    }
  free(bytes);
}

static void writers_open_only_where_a_file_may_be(void **state) {
  drive d;
  drive_copy copy;
  vms_archive_writer *writer;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/file", 3);
  drive_write(&d, "/dir/in", 3);
  assert_ok(vms__drive_put(&d.archive->bee, VMS__TEXT("/link"), &(vms__entry_form){ false, VMS__TEXT("/file"), NULL, { NULL, 0 } }, NULL));
  drive_sign(&d);
  assert_int_equal(vms_archive_writer_open(&writer, d.archive, SLICE("/"), NULL), VMS_ERR_ARGUMENT);
  assert_null(writer);
  assert_int_equal(vms_archive_writer_open(&writer, d.archive, SLICE("/dir"), NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_writer_open(&writer, d.archive, SLICE("/file/x"), NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_writer_open(&writer, d.archive, SLICE("/file/x/y"), NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_writer_open(&writer, d.archive, SLICE("/link/x"), NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_writer_open(&writer, d.archive, SLICE("/../x"), NULL), VMS_ERR_FORM);
  assert_int_equal(vms_archive_writer_open(&writer, d.archive, SLICE("/x\n"), NULL), VMS_ERR_FORM);
  assert_ok(vms_archive_writer_open(&writer, d.archive, SLICE("/new/folders/x"), NULL));
  vms_archive_writer_close(writer);
  assert_ok(vms_archive_writer_open(&writer, d.archive, SLICE("/link"), NULL)); /* replaced */
  vms_archive_writer_close(writer);
  copy_open(&copy, &d, NULL);
  assert_int_equal(vms_archive_writer_open(&writer, copy.archive, SLICE("/x"), NULL), VMS_ERR_UNSUPPORTED);
  copy_close(&copy);
  vms_archive_writer_close(NULL);
  drive_close(&d);
}

static void files_that_are_never_finished_are_nowhere(void **state) {
  drive d;
  vms_archive_writer *writer;
  vms_archive_entry entry;
  vms_journal_mark mark;
  uint8_t bytes[1000] = { 0 };
  (void)state;
  drive_open(&d);
  drive_write(&d, "/old", 10);
  drive_sign(&d);
  vms_journal_mark_take(d.journal, &mark);
  assert_ok(vms_archive_writer_open(&writer, d.archive, SLICE("/old"), NULL));
  for (int i = 0; i < 200; i++) assert_ok(vms_archive_writer_append(writer, bytes, sizeof bytes, NULL));
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/old"), &entry, NULL));
  assert_int_equal(entry.size, 10); /* what lay there stays until finish */
  assert_int_equal(vms_core_length(d.cores[1]), 1 + 200000 / BLOCK);
  vms_journal_rollback(d.journal, &mark);
  assert_int_equal(vms_archive_writer_append(writer, bytes, 1, NULL), VMS_ERR_ARGUMENT); /* its blocks are gone */
  assert_int_equal(vms_archive_writer_finish(writer, 0, 0, NULL), VMS_ERR_ARGUMENT);
  vms_archive_writer_close(writer);
  assert_int_equal(size_of(d.archive), 10);
  drive_write(&d, "/old", 20);
  assert_int_equal(size_of(d.archive), 20);
  drive_close(&d);
}

static void writers_keep_to_files_total(void **state) {
  drive d;
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  vms_archive_writer *writer;
  uint8_t *bytes = calloc(1, 2 * BLOCK);
  (void)state;
  assert_non_null(bytes);
  options.files_total_max = 2 * BLOCK;
  assert_ok(drive_try(&d, NULL, &options));
  drive_write(&d, "/a", 10);
  drive_write(&d, "/b", BLOCK);
  assert_ok(vms_archive_writer_open(&writer, d.archive, SLICE("/b"), NULL)); /* what it replaces does not count */
  assert_int_equal(vms_archive_writer_append(writer, bytes, 2 * BLOCK - 9, NULL), VMS_ERR_LIMIT);
  assert_int_equal(vms_core_length(d.cores[1]), 2);
  assert_ok(vms_archive_writer_append(writer, bytes, BLOCK + 3, NULL)); /* it may go on */
  assert_int_equal(vms_archive_writer_append(writer, bytes, BLOCK - 12, NULL), VMS_ERR_LIMIT);
  assert_ok(vms_archive_writer_append(writer, bytes, BLOCK - 13, NULL));
  assert_int_equal(vms_archive_writer_append(writer, bytes, 1, NULL), VMS_ERR_LIMIT);
  assert_ok(vms_archive_writer_finish(writer, 0, 0, NULL));
  vms_archive_writer_close(writer);
  assert_int_equal(size_of(d.archive), 2 * BLOCK);
  free(bytes);
  drive_close(&d);
}

/* 64 MiB go through memory for about one; the journal keeps some 150 bytes for each block and core. */
static void files_larger_than_memory_pass_through(void **state) {
  drive d;
  sim_memory memory;
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  vms_archive_writer *writer;
  uint8_t *piece = malloc(MIB);
  uint64_t most = 0, at;
  (void)state;
  assert_non_null(piece);
  sim_memory_init(&memory);
  options.env = &memory.env;
  assert_ok(drive_try(&d, &memory.env, &options));
  assert_ok(vms_archive_writer_open(&writer, d.archive, SLICE("/large"), NULL));
  for (at = 0; at < 64 * MIB; at += MIB) {
    fill(piece, at, MIB);
    assert_ok(vms_archive_writer_append(writer, piece, MIB, NULL));
    most = VMS__MAX(most, memory.live);
    assert_ok(vms_journal_commit(d.journal, VMS_COMMIT_SIGN, NULL));
  }
  assert_ok(vms_archive_writer_finish(writer, 0, 1, NULL));
  vms_archive_writer_close(writer);
  drive_sign(&d);
  assert_true(most < 5 * MIB);
  for (most = 0, at = 0; at < 64 * MIB; at += MIB) {
    vms_buffer bytes;
    vms_buffer_init(&bytes, &memory.env);
    assert_ok(vms_archive_read(d.archive, 0, SLICE("/large"), at, MIB, &bytes, NULL));
    most = VMS__MAX(most, memory.live);
    fill(piece, at, MIB);
    assert_int_equal(bytes.len, MIB);
    assert_memory_equal(bytes.data, piece, MIB);
    vms_buffer_free(&bytes);
  }
  assert_true(most < 5 * MIB);
  assert_int_equal(size_of(d.archive), 64 * MIB);
  free(piece);
  drive_close(&d);
  assert_int_equal(memory.live, 0);
}

static void the_writer_survives_every_allocation_failure(void **state) {
  uint8_t *bytes = calloc(1, 2 * BLOCK);
  int status = VMS_ERR_NOMEM;
  (void)state;
  assert_non_null(bytes);
  for (uint64_t fail_at = 1; status != VMS_OK; fail_at++) {
    vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
    vms_archive_writer *writer = NULL;
    vms_archive_entry entry;
    vms_journal_mark mark;
    sim_memory memory;
    drive d;
    assert_true(fail_at < 300);
    sim_memory_init(&memory);
    options.env = &memory.env;
    assert_ok(drive_try(&d, &memory.env, &options));
    drive_write(&d, "/a", 10);
    vms_journal_mark_take(d.journal, &mark);
    memory.fail_at = memory.calls + fail_at;
    status = vms_archive_writer_open(&writer, d.archive, SLICE("/a"), NULL);
    if (status == VMS_OK) status = vms_archive_writer_append(writer, bytes, 2 * BLOCK, NULL);
    if (status == VMS_OK) status = vms_archive_writer_append(writer, bytes, 7, NULL);
    if (status == VMS_OK) status = vms_archive_writer_finish(writer, 0, 2, NULL);
    memory.fail_at = 0;
    if (status != VMS_OK) assert_int_equal(status, VMS_ERR_NOMEM);
    assert_ok(vms_archive_find(d.archive, 0, SLICE("/a"), &entry, NULL));
    assert_int_equal(entry.size, status == VMS_OK ? 2 * BLOCK + 7 : 10);
    assert_int_equal(size_of(d.archive), entry.size);
    vms_archive_writer_close(writer);
    vms_journal_rollback(d.journal, &mark);
    assert_int_equal(size_of(d.archive), 10);
    drive_close(&d);
    assert_int_equal(memory.live, 0);
  }
  free(bytes);
}

/* --- staged files ---------------------------------------------------------------------------------------------- */

static vms__change *stage_file(vms_archive *archive, const char *path, const char *text) {
  vms__change *change = vms__stage_add(&archive->stage, SLICE(path), false);
  assert_non_null(change);
  change->kind = VMS__ENTRY_FILE;
  if (text != NULL) assert_ok(vms__buf_text(&change->content, text));
  return change;
}

/* As copy and rename stage it. */
static void stage_stored(vms_archive *archive, const char *path, const char *from) {
  vms__view view = { .archive = archive, .version = vms__source_length(&archive->metadata) };
  vms__change *change = stage_file(archive, path, NULL);
  vms__entry entry;
  assert_ok(vms__view_find(&view, SLICE(from), &entry, NULL));
  change->stored = true;
  change->blob = entry.blob;
  change->executable = entry.executable;
}

static void expect_view(vms_archive *archive, const char *path, uint64_t offset, uint64_t len, const char *text) {
  vms__view view = { .archive = archive, .version = vms__source_length(&archive->metadata), .staged = archive->staging };
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms__entry entry;
  assert_ok(vms__view_find(&view, SLICE(path), &entry, NULL));
  assert_ok(vms__view_read(&view, SLICE(path), &entry, offset, len, &bytes, NULL));
  assert_text(bytes, text);
  vms_buffer_free(&bytes);
}

static void what_is_stored_already_is_not_stored_again(void **state) {
  drive d;
  vms_archive_entry entry;
  (void)state;
  drive_open(&d);
  vms_archive_begin(d.archive, 5);
  stage_file(d.archive, "/a", "hello");
  assert_ok(vms_archive_commit(d.archive, NULL));
  assert_int_equal(vms_core_length(d.cores[1]), 1);
  vms_archive_begin(d.archive, 6);
  stage_stored(d.archive, "/copy", "/a");
  stage_file(d.archive, "/b", "other");
  stage_stored(d.archive, "/c", "/a");
  for (int round = 0; round < 2; round++) {
    expect_view(d.archive, "/copy", 0, UINT64_MAX, "hello");
    expect_view(d.archive, "/copy", 1, 3, "ell");
    expect_view(d.archive, "/c", 4, 3, "o");
    expect_view(d.archive, "/b", 1, 2, "th");
    expect_view(d.archive, "/b", 5, 2, "");
    expect_view(d.archive, "/b", UINT64_MAX, UINT64_MAX, "");
    if (round == 0) assert_ok(vms_archive_commit(d.archive, NULL));
  }
  assert_int_equal(vms_core_length(d.cores[1]), 2);
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/c"), &entry, NULL));
  assert_int_equal(entry.block_offset, 0);
  assert_int_equal(entry.mtime, 6);
  assert_int_equal(size_of(d.archive), 20);
  drive_close(&d);
}

/* Memory that remembers how much was out at most. */
typedef struct { sim_memory memory; vms_env env; uint64_t most; } watched;

static void *watched_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  watched *w = context;
  void *moved = w->memory.env.resize(w->memory.env.context, memory, old_len, new_len);
  w->most = VMS__MAX(w->most, w->memory.live);
  return moved;
}

/* Each staged content is given back as soon as it is stored: the journal's pending bytes, which grow by half, take its place. */
static void a_commit_gives_contents_back_as_it_stores_them(void **state) {
  drive d;
  watched w = { .most = 0 };
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  (void)state;
  sim_memory_init(&w.memory);
  w.env = (vms_env){ sizeof w.env, 0, &w, watched_resize, NULL, NULL };
  options.env = &w.env;
  assert_ok(drive_try(&d, &w.env, &options));
  vms_archive_begin(d.archive, 1);
  for (int i = 0; i < 8; i++) {
    char path[8];
    vms__change *change;
    snprintf(path, sizeof path, "/%d", i);
    change = stage_file(d.archive, path, NULL);
    assert_ok(vms__buf_reserve(&change->content, MIB));
    memset(change->content.data, i, MIB);
    change->content.len = MIB;
  }
  assert_true(w.memory.live > 8 * MIB);
  assert_ok(vms_archive_commit(d.archive, NULL));
  assert_in_range(w.most, 9 * MIB, 14 * MIB);
  assert_int_equal(vms_core_length(d.cores[1]), 8 * 16);
  drive_close(&d);
  assert_int_equal(w.memory.live, 0);
}

/* --- the sum of all sizes ---------------------------------------------------------------------------------------- */

/* One file call, in a commit of its own. */
static void call(drive *d, const char *method, const char *params) {
  vms_file_request request = { .method = SLICE(method), .params = SLICE(params) };
  vms_file_reply reply = { 0 };
  vms_archive_begin(d->archive, 3);
  assert_ok(vms_archive_call(d->archive, &request, &reply, NULL));
  assert_int_equal(reply.kind, VMS_FILE_UNDEFINED);
  assert_ok(vms_archive_commit(d->archive, NULL));
  vms_buffer_free(&reply.body);
}

static vms_archive_writer *write_some(drive *d, const char *path, size_t len) {
  static const uint8_t bytes[2 * BLOCK];
  vms_archive_writer *writer;
  assert_ok(vms_archive_writer_open(&writer, d->archive, SLICE(path), NULL));
  assert_ok(vms_archive_writer_append(writer, bytes, len, NULL));
  return writer;
}

static void sums_are_right_though_others_change_while_a_file_is_written(void **state) {
  drive d;
  vms_archive_writer *writer;
  uint64_t added;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/a", 100);
  drive_write(&d, "/b", 1000);
  writer = write_some(&d, "/new", 7);
  call(&d, "copy", "[\"/a\",\"/c\"]"); /* these append to the metadata core alone */
  call(&d, "copy", "[\"/b\",\"/new\"]");
  call(&d, "unlink", "[\"/b\"]");
  assert_ok(vms_archive_writer_finish(writer, 0, 1, NULL));
  vms_archive_writer_close(writer);
  assert_int_equal(size_of(d.archive), 207);
  assert_ok(vms__drive_size(&d.archive->bee, 0, &added, NULL));
  assert_int_equal(added, 207);
  drive_close(&d);
}

static void what_came_in_a_writers_way_stays(void **state) {
  drive d;
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  vms_archive_writer *writers[3];
  vms_archive_entry entry;
  uint64_t version;
  (void)state;
  options.files_total_max = 1000;
  assert_ok(drive_try(&d, NULL, &options));
  drive_write(&d, "/a", 500);
  writers[0] = write_some(&d, "/x", 5);
  writers[1] = write_some(&d, "/y/z", 5);
  writers[2] = write_some(&d, "/z", 200);
  call(&d, "mkdir", "[\"/x\"]");
  call(&d, "copy", "[\"/a\",\"/y\"]");
  version = vms_core_length(d.cores[0]);
  assert_int_equal(vms_archive_writer_finish(writers[0], 0, 1, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_writer_finish(writers[1], 0, 1, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_writer_finish(writers[2], 0, 1, NULL), VMS_ERR_LIMIT);
  assert_int_equal(vms_core_length(d.cores[0]), version);
  assert_int_equal(size_of(d.archive), 1000);
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/x"), &entry, NULL));
  assert_int_equal(entry.kind, VMS_ENTRY_FOLDER);
  call(&d, "rmdir", "[\"/x\"]");
  call(&d, "unlink", "[\"/a\"]");
  assert_ok(vms_archive_writer_finish(writers[0], 0, 1, NULL)); /* the way is free again */
  assert_int_equal(size_of(d.archive), 505);
  for (int i = 0; i < 3; i++) vms_archive_writer_close(writers[i]);
  drive_close(&d);
}

static void other_blocks_of_the_same_number_are_not_a_writers(void **state) {
  drive d;
  vms_journal_mark mark;
  vms_archive_writer *writer;
  (void)state;
  drive_open(&d);
  vms_journal_mark_take(d.journal, &mark);
  writer = write_some(&d, "/x", BLOCK + 1);
  vms_journal_rollback(d.journal, &mark);
  drive_write(&d, "/other", 10); /* one block, as the writer's */
  assert_int_equal(vms_archive_writer_append(writer, "", 1, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_writer_finish(writer, 0, 1, NULL), VMS_ERR_ARGUMENT);
  vms_archive_writer_close(writer);
  drive_close(&d);
}

static void sums_follow_what_is_taken_back(void **state) {
  drive d;
  vms_journal_mark marks[4];
  (void)state;
  drive_open(&d);
  for (unsigned i = 0; i < 4; i++) {
    char path[8];
    vms_journal_mark_take(d.journal, &marks[i]);
    snprintf(path, sizeof path, "/%u", i);
    drive_write(&d, path, 10 + i);
    assert_int_equal(size_of(d.archive), 10 * (i + 1) + i * (i + 1) / 2);
  }
  vms_journal_rollback(d.journal, &marks[3]);
  assert_int_equal(size_of(d.archive), 33);
  drive_write(&d, "/other", 5); /* as long as before, but another core */
  assert_int_equal(size_of(d.archive), 38);
  vms_journal_rollback(d.journal, &marks[1]);
  assert_int_equal(size_of(d.archive), 10);
  vms_journal_rollback(d.journal, &marks[0]);
  assert_int_equal(size_of(d.archive), 0);
  vms_journal_drop_pending(d.journal);
  assert_int_equal(size_of(d.archive), 0);
  drive_write(&d, "/x", 1); /* writes the header again */
  assert_int_equal(size_of(d.archive), 1);
  drive_close(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(pieces_of_any_size_give_the_cores_of_one_put),
    cmocka_unit_test(writers_open_only_where_a_file_may_be),
    cmocka_unit_test(files_that_are_never_finished_are_nowhere),
    cmocka_unit_test(writers_keep_to_files_total),
    cmocka_unit_test(files_larger_than_memory_pass_through),
    cmocka_unit_test(the_writer_survives_every_allocation_failure),
    cmocka_unit_test(what_is_stored_already_is_not_stored_again),
    cmocka_unit_test(a_commit_gives_contents_back_as_it_stores_them),
    cmocka_unit_test(sums_are_right_though_others_change_while_a_file_is_written),
    cmocka_unit_test(what_came_in_a_writers_way_stays),
    cmocka_unit_test(other_blocks_of_the_same_number_are_not_a_writers),
    cmocka_unit_test(sums_follow_what_is_taken_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
