/* SPDX-License-Identifier: MIT */
/* Goal: drives are found and read as vms/archive.h says, from cores and from replicas that hold only what was asked for.
 * Method: a drive in a journal, proved block by block into sparse replicas by what the archive's trace tells; keys of blobs cores beside
 * those that npm's hyperdrive 13.2.1 derives. */
#include "test/support/drives.h"
#include "test/support/proofs.h"

#define BLOCK VMS__BLOB_BLOCK_LEN

/* Reads a piece from the drive, or from a copy, fetching until it is there. */
static void expect_piece(vms_archive *archive, drive_copy *copy, const char *path, uint64_t size, uint64_t offset, uint64_t len) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  uint64_t wanted = offset >= size ? 0 : VMS__MIN(len, size - offset);
  int status;
  assert_ok(vms_buffer_append(&bytes, "kept", 4)); /* it appends */
  if (copy != NULL) COPY_UNTIL(copy, status, vms_archive_read(archive, 0, SLICE(path), offset, len, &bytes, NULL));
  else status = vms_archive_read(archive, 0, SLICE(path), offset, len, &bytes, NULL);
  assert_int_equal(status, VMS_OK);
  assert_int_equal(bytes.len, 4 + wanted);
  assert_memory_equal(bytes.data, "kept", 4);
  for (uint64_t i = 0; i < wanted; i++)
    if ((uint8_t)bytes.data[4 + i] != drive_byte(offset + i)) fail_msg("%s: byte %llu of the piece at %llu", path, (unsigned long long)i, (unsigned long long)offset);
  vms_buffer_free(&bytes);
}

/* --- replicas --------------------------------------------------------------------------------------------- */

static void replicas_fetch_only_what_an_answer_needs(void **state) {
  drive d;
  drive_copy copy;
  vms_archive_entry entry;
  int status;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/big", 10 * BLOCK + 17);
  drive_write(&d, "/dir/small", 5);
  drive_sign(&d);
  copy_open(&copy, &d, NULL);
  assert_int_equal(vms_archive_find(copy.archive, 0, SLICE("/big"), &entry, NULL), VMS_ERR_MISSING); /* not even a head */
  assert_int_equal(vms_archive_find(copy.archive, 1, SLICE("/big"), &entry, NULL), VMS_ERR_MISSING);
  copy_fetch(&copy);
  assert_int_equal(vms_archive_find(copy.archive, 0, SLICE("/big"), &entry, NULL), VMS_ERR_MISSING);
  COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, 0, SLICE("/big"), &entry, NULL));
  assert_int_equal(status, VMS_OK);
  assert_int_equal(entry.kind, VMS_ENTRY_FILE);
  assert_int_equal(entry.size, 10 * BLOCK + 17);
  assert_int_equal(entry.block_offset, 0);
  assert_int_equal(entry.byte_offset, 0);
  assert_int_equal(entry.block_count, 11);
  assert_int_equal(entry.mtime, 1000);
  assert_int_equal(entry.executable, 0);
  assert_int_equal(entry.seq, 1);
  assert_int_equal(copy.fetched[1], 0);
  expect_piece(copy.archive, &copy, "big", entry.size, 3 * BLOCK - 1, 2);
  assert_int_equal(copy.fetched[1], 2);
  expect_piece(copy.archive, &copy, "big", entry.size, 7 * BLOCK, BLOCK);
  assert_int_equal(copy.fetched[1], 3);
  expect_piece(copy.archive, &copy, "big", entry.size, entry.size, 5); /* behind its end */
  expect_piece(copy.archive, &copy, "big", entry.size, UINT64_MAX, UINT64_MAX);
  expect_piece(copy.archive, &copy, "big", entry.size, 9 * BLOCK, 0);
  assert_int_equal(copy.fetched[1], 3);
  expect_piece(copy.archive, &copy, "big", entry.size, 0, UINT64_MAX);
  assert_int_equal(copy.fetched[1], 11);
  COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, 0, SLICE("/dir"), &entry, NULL));
  assert_int_equal(status, VMS_OK);
  assert_int_equal(entry.kind, VMS_ENTRY_FOLDER);
  assert_int_equal(entry.seq, 0);
  COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, 0, SLICE("/dir/none"), &entry, NULL));
  assert_int_equal(status, VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_archive_find(copy.archive, 4, SLICE("/big"), &entry, NULL), VMS_ERR_NOT_FOUND); /* no such version */
  copy_close(&copy);
  drive_close(&d);
}

static void calls_on_replicas_answer_as_on_the_drive(void **state) {
  static const struct { const char *method, *params; uint64_t version; } cases[] = {
    { "readdir", "[\"/\",{\"recursive\":true}]", 0 }, { "readdir", "[\"/a\",{\"stat\":true}]", 0 }, { "stat", "[\"/a/b\"]", 0 },
    { "stat", "[\"/nowhere\"]", 0 }, { "readFile", "[\"/a/b/c\",\"hex\"]", 0 }, { "readFile", "[\"/top\",\"hex\"]", 0 },
    { "readFile", "[\"/top\",\"hex\"]", 2 }, { "readdir", "[\"/\"]", 2 }, { "readdir", "[\"/\"]", 1 }, { "readdir", "[\"/\"]", 99 },
    { "writeFile", "[\"/x\",\"\"]", 0 }, { "unlink", "[\"/top\"]", 0 }, { "getInfo", "[]", 0 },
    { "readFile", "[\"/a/b/c\",{\"encoding\":\"hex\",\"offset\":65530,\"length\":7}]", 0 }, { "readFile", "[\"/top\",{\"offset\":99}]", 2 },
    { "readdir", "[\"/\",{\"after\":\"a\",\"limit\":1}]", 0 }, { "history", "[\"/\"]", 0 }, { "history", "[\"/top\",{\"reverse\":true,\"limit\":1}]", 0 },
    { "history", "[\"/a\",{\"start\":2,\"end\":4}]", 4 },
  };
  drive d;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/top", 100);
  drive_write(&d, "/a/b/c", BLOCK + 1);
  drive_write(&d, "/a/d", 0);
  drive_write(&d, "/top", 7);
  drive_sign(&d);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    vms_file_reply ours, theirs;
    drive_copy copy;
    int status;
    copy_open(&copy, &d, NULL);
    copy_fetch(&copy);
    assert_ok(drive_call(d.archive, cases[i].version, cases[i].method, cases[i].params, &ours));
    do {
      status = drive_call(copy.archive, cases[i].version, cases[i].method, cases[i].params, &theirs);
      if (status != VMS_ERR_MISSING) break;
      assert_true(copy.told[0] + copy.told[1] > 0);
      vms_buffer_free(&theirs.body);
      copy_fetch(&copy);
    } while (true);
    assert_int_equal(status, VMS_OK);
    assert_int_equal(theirs.kind, ours.kind);
    assert_string_equal(theirs.error_name, ours.error_name);
    assert_int_equal(theirs.body.len, ours.body.len);
    if (ours.body.len > 0) assert_memory_equal(theirs.body.data, ours.body.data, ours.body.len);
    vms_buffer_free(&ours.body);
    vms_buffer_free(&theirs.body);
    copy_close(&copy);
  }
  drive_close(&d);
}

static void without_a_head_nothing_is_said(void **state) {
  static const struct { const char *method, *params; } calls[] = {
    { "readdir", "[]" }, { "readdir", "[\"/x\"]" }, { "stat", "[\"/x\"]" }, { "readFile", "[\"/x\"]" }, { "getInfo", "[]" },
  };
  drive d;
  drive_copy copy;
  vms_archive_entry entry;
  (void)state;
  drive_open(&d);
  copy_open(&copy, &d, NULL);
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    vms_file_reply reply;
    if (drive_call(copy.archive, 0, calls[i].method, calls[i].params, &reply) != VMS_ERR_MISSING) fail_msg("%s %s", calls[i].method, calls[i].params);
    vms_buffer_free(&reply.body);
  }
  assert_int_equal(vms_archive_find(copy.archive, 0, SLICE("/"), &entry, NULL), VMS_ERR_MISSING);
  copy_close(&copy);
  drive_close(&d);
}

static void without_blobs_all_but_contents_is_read(void **state) {
  drive d;
  drive_copy copy;
  vms_archive *bare;
  vms_archive_entry entry;
  vms_buffer bytes = VMS_BUFFER_INIT;
  int status;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/a", 5);
  drive_write(&d, "/empty", 0);
  drive_sign(&d);
  copy_open(&copy, &d, NULL);
  copy_fetch(&copy);
  COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, 0, SLICE("/a"), &entry, NULL));
  assert_ok(vms_archive_open_replica(&bare, copy.replicas[0], NULL, NULL, NULL));
  assert_ok(vms_archive_find(bare, 0, SLICE("/a"), &entry, NULL));
  assert_int_equal(entry.size, 5);
  assert_int_equal(vms_archive_read(bare, 0, SLICE("/a"), 0, 5, &bytes, NULL), VMS_ERR_MISSING);
  COPY_UNTIL(&copy, status, vms_archive_find(copy.archive, 0, SLICE("/empty"), &entry, NULL));
  assert_ok(vms_archive_read(bare, 0, SLICE("/empty"), 0, 5, &bytes, NULL)); /* needs none */
  assert_int_equal(bytes.len, 0);
  vms_buffer_free(&bytes);
  vms_archive_close(bare);
  copy_close(&copy);
  drive_close(&d);
}

static void count_trace(void *context, uint32_t core, uint64_t from, uint64_t to) { ((uint64_t *)context)[core] += to - from; }

static void the_trace_ends_when_told(void **state) {
  drive d;
  vms_archive_entry entry;
  vms_buffer bytes = VMS_BUFFER_INIT;
  uint64_t told[2] = { 0, 0 }, before[2];
  (void)state;
  drive_open(&d);
  drive_write(&d, "/a", 3 * BLOCK);
  vms_archive_trace(d.archive, count_trace, told);
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/a"), &entry, NULL));
  assert_true(told[0] > 0 && told[1] == 0);
  memcpy(before, told, sizeof told);
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/a"), &entry, NULL)); /* from what is cached, too */
  assert_int_equal(told[0], 2 * before[0]);
  assert_ok(vms_archive_read(d.archive, 0, SLICE("/a"), BLOCK, BLOCK + 1, &bytes, NULL));
  assert_int_equal(told[1], 2);
  vms_archive_trace(d.archive, NULL, NULL);
  memcpy(before, told, sizeof told);
  assert_ok(vms_archive_read(d.archive, 0, SLICE("/a"), 0, 9, &bytes, NULL));
  assert_memory_equal(before, told, sizeof told);
  vms_buffer_free(&bytes);
  drive_close(&d);
}

/* --- pieces ----------------------------------------------------------------------------------------------- */

static void pieces_are_right_at_every_boundary(void **state) {
  static const uint64_t sizes[] = { 0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 1, 3 * BLOCK };
  static const uint64_t edges[] = { 0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 1, 3 * BLOCK - 1 };
  static const uint64_t lens[] = { 0, 1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, UINT64_MAX };
  drive d;
  drive_copy copy;
  (void)state;
  drive_open(&d);
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    char path[16];
    snprintf(path, sizeof path, "/%zu", i);
    drive_write(&d, path, sizes[i]);
  }
  drive_sign(&d);
  copy_open(&copy, &d, NULL);
  copy_fetch(&copy);
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
    for (size_t e = 0; e < sizeof edges / sizeof edges[0]; e++)
      for (size_t l = 0; l < sizeof lens / sizeof lens[0]; l++) {
        char path[16];
        snprintf(path, sizeof path, "/%zu", i);
        expect_piece(d.archive, NULL, path, sizes[i], edges[e], lens[l]);
        expect_piece(copy.archive, &copy, path, sizes[i], edges[e], lens[l]);
      }
  copy_close(&copy);
  drive_close(&d);
}

/* What pieces rely on: the proof of a block tells where it begins, in whatever order blocks and heads came. */
static void replicas_know_where_every_block_begins(void **state) {
  uint64_t seed = sim_seed();
  (void)state;
  for (int round = 0; round < 30; round++) {
    drive d;
    drive_copy copy;
    drive_open(&d);
    copy_open(&copy, &d, NULL);
    for (int head = 0; head < 4; head++) {
      uint64_t length = vms_core_length(d.cores[1]) + 1 + sim_random(&seed) % 40;
      while (vms_core_length(d.cores[1]) < length) {
        uint8_t block[64] = { 0 };
        assert_ok(vms_core_append(d.cores[1], block, (size_t)(sim_random(&seed) % sizeof block), NULL, NULL));
      }
      drive_sign(&d);
      for (int want = 0; want < 6; want++) {
        uint64_t seq = sim_random(&seed) % length;
        assert_ok(vms_replica_want(copy.replicas[1], seq, seq + 1 + sim_random(&seed) % 3, NULL));
        if (sim_random(&seed) % 2 == 0) copy_fetch(&copy);
      }
      for (uint64_t seq = 0; seq < vms_replica_length(copy.replicas[1]); seq++) {
        uint64_t offset;
        bool known = vms__replica_byte_offset(copy.replicas[1], seq, &offset);
        if (vms_replica_has(copy.replicas[1], seq)) assert_true(known);
        if (known) assert_int_equal(offset, vms_core_byte_length(d.cores[1], seq));
      }
    }
    copy_close(&copy);
    drive_close(&d);
  }
}

/* A file of drive_byte()s in blocks of these sizes, 0 ends them, as other writers may make it. */
static void foreign_write(drive *d, const char *path, const size_t *sizes, int64_t shift) {
  uint8_t *block = malloc(4 * BLOCK);
  vms__blob blob;
  vms__entry_form form = { false, { NULL, 0 }, &blob, { NULL, 0 } };
  assert_non_null(block);
  vms__blob_begin(d->cores[1], &blob);
  for (; *sizes > 0; sizes++) {
    for (size_t i = 0; i < *sizes; i++) block[i] = drive_byte(blob.byte_len + i);
    assert_ok(vms_core_append(d->cores[1], block, *sizes, NULL, NULL));
    blob.byte_len += *sizes;
    blob.block_count++;
  }
  blob.byte_offset += (uint64_t)shift;
  assert_ok(vms__drive_put(&d->archive->bee, SLICE(path), &form, NULL));
  free(block);
}

static void blobs_of_other_blocks_are_read_from_their_first_one(void **state) {
  static const size_t layouts[][8] = {
    { 10, 20, 30, 0 },                            /* more blocks than needed */
    { 4 * BLOCK, 1, 0 },                          /* larger ones             */
    { BLOCK - 1, BLOCK, 2, 0 },                   /* as many as full ones would be: 131,073 bytes */
    { BLOCK, BLOCK - 5, BLOCK + 5, BLOCK, 3, 0 }, /* back in step behind the third */
    { BLOCK + 7, BLOCK - 7, BLOCK, 9, 0 },
    { 1, BLOCK, 0 },
  };
  drive d;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/before", 12345);
  for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++) foreign_write(&d, "/f", layouts[i], 0);
  drive_sign(&d);
  for (uint64_t version = 3, i = 0; i < sizeof layouts / sizeof layouts[0]; i++, version++) {
    uint64_t size = 0;
    for (const size_t *s = layouts[i]; *s > 0; s++) size += *s;
    for (uint64_t offset = 0; offset < size + 9; offset += offset % 5 == 0 ? 9973 : 12001) {
      vms_buffer here = VMS_BUFFER_INIT, there = VMS_BUFFER_INIT;
      drive_copy copy;
      int status;
      copy_open(&copy, &d, NULL);
      copy_fetch(&copy);
      assert_ok(vms_archive_read(d.archive, version, SLICE("/f"), offset, 30, &here, NULL));
      COPY_UNTIL(&copy, status, vms_archive_read(copy.archive, version, SLICE("/f"), offset, 30, &there, NULL));
      assert_int_equal(status, VMS_OK);
      assert_int_equal(here.len, offset >= size ? 0 : VMS__MIN(30, size - offset));
      assert_int_equal(there.len, here.len);
      for (size_t n = 0; n < here.len; n++) {
        assert_int_equal((uint8_t)here.data[n], drive_byte(offset + n));
        assert_int_equal((uint8_t)there.data[n], drive_byte(offset + n));
      }
      vms_buffer_free(&here);
      vms_buffer_free(&there);
      copy_close(&copy);
    }
  }
  drive_close(&d);
}

static void contents_that_begin_elsewhere_are_refused(void **state) {
  static const size_t full[] = { BLOCK, BLOCK, 5, 0 };
  drive d;
  drive_copy copy;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/before", 100);
  foreign_write(&d, "/f", full, 1);
  drive_sign(&d);
  copy_open(&copy, &d, NULL);
  for (uint64_t offset = 0; offset < 2 * BLOCK + 5; offset += BLOCK)
    for (uint64_t len = 1; len <= 4 * BLOCK; len *= 4 * BLOCK) {
      vms_buffer bytes = VMS_BUFFER_INIT;
      int status;
      assert_int_equal(vms_archive_read(d.archive, 0, SLICE("/f"), offset, len, &bytes, NULL), VMS_ERR_CORRUPT);
      COPY_UNTIL(&copy, status, vms_archive_read(copy.archive, 0, SLICE("/f"), offset, len, &bytes, NULL));
      assert_int_equal(status, VMS_ERR_CORRUPT);
      assert_int_equal(bytes.len, 0);
      vms_buffer_free(&bytes);
    }
  copy_close(&copy);
  drive_close(&d);
}

/* --- old versions, paths ------------------------------------------------------------------------------------ */

static void versions_and_paths_are_those_asked_for(void **state) {
  static const char *const same[] = { "/a/b", "a/b", "//a/./b", "\\a\\b", "/a/c/../b/", "./a//b" };
  static const char *const none[] = { "/..", "a/../../b", "/a\x01", "/\xff", "/a\xc2\x80", "\x7f" };
  drive d;
  vms_archive_entry entry;
  vms_buffer bytes = VMS_BUFFER_INIT;
  char deep[2 * VMS_PATH_DEPTH_MAX + 4], longest[VMS_PATH_LEN_MAX + 2];
  (void)state;
  drive_open(&d);
  drive_write(&d, "/a/b", 10);
  drive_write(&d, "/a/b", 20);
  vms_archive_begin(d.archive, 5);
  {
    vms_file_reply reply;
    assert_ok(drive_call(d.archive, 0, "unlink", "[\"/a/b\"]", &reply));
    vms_buffer_free(&reply.body);
  }
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/a/b"), &entry, NULL)); /* what is staged is not seen */
  assert_ok(vms_archive_commit(d.archive, NULL));
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
    assert_int_equal(vms_archive_find(d.archive, 0, SLICE(same[i]), &entry, NULL), VMS_ERR_NOT_FOUND);
    assert_ok(vms_archive_find(d.archive, 2, SLICE(same[i]), &entry, NULL));
    assert_int_equal(entry.size, 10);
    assert_ok(vms_archive_find(d.archive, 3, SLICE(same[i]), &entry, NULL));
    assert_int_equal(entry.size, 20);
    assert_int_equal(vms_archive_find(d.archive, 1, SLICE(same[i]), &entry, NULL), VMS_ERR_NOT_FOUND);
    assert_int_equal(vms_archive_find(d.archive, 5, SLICE(same[i]), &entry, NULL), VMS_ERR_NOT_FOUND);
  }
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    assert_int_equal(vms_archive_find(d.archive, 0, SLICE(none[i]), &entry, NULL), VMS_ERR_FORM);
    assert_int_equal(vms_archive_read(d.archive, 0, SLICE(none[i]), 0, 1, &bytes, NULL), VMS_ERR_FORM);
  }
  for (size_t i = 0; i < sizeof deep - 1; i++) deep[i] = i % 2 == 0 ? '/' : 'x';
  deep[2 * VMS_PATH_DEPTH_MAX + 2] = 0;
  assert_int_equal(vms_archive_find(d.archive, 0, SLICE(deep), &entry, NULL), VMS_ERR_FORM);
  deep[2 * VMS_PATH_DEPTH_MAX] = 0;
  assert_int_equal(vms_archive_find(d.archive, 0, SLICE(deep), &entry, NULL), VMS_ERR_NOT_FOUND);
  memset(longest, 'y', sizeof longest);
  longest[0] = '/';
  longest[VMS_PATH_LEN_MAX + 1] = 0;
  assert_int_equal(vms_archive_find(d.archive, 0, SLICE(longest), &entry, NULL), VMS_ERR_FORM);
  longest[VMS_PATH_LEN_MAX] = 0;
  assert_int_equal(vms_archive_find(d.archive, 0, SLICE(longest), &entry, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_archive_find(d.archive, 0, SLICE("/"), &entry, NULL));
  assert_int_equal(entry.kind, VMS_ENTRY_FOLDER);
  assert_int_equal(entry.seq, 0);
  assert_int_equal(vms_archive_read(d.archive, 0, SLICE("/"), 0, 1, &bytes, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_read(d.archive, 2, SLICE("/a"), 0, 1, &bytes, NULL), VMS_ERR_ARGUMENT);
  vms_buffer_free(&bytes);
  drive_close(&d);
}

static void links_say_where_they_lead(void **state) {
  static const char *const targets[] = { "/file", "../x", "", "a\"b\\\n\xc3\xa9" };
  drive d;
  vms_buffer target = VMS_BUFFER_INIT;
  (void)state;
  drive_open(&d);
  drive_write(&d, "/file", 3);
  for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
    assert_ok(vms__drive_put(&d.archive->bee, VMS__TEXT("/link"), &(vms__entry_form){ false, SLICE(targets[i]), NULL, { NULL, 0 } }, NULL));
    vms__buf_clear(&target);
    assert_ok(vms_buffer_append(&target, "kept", 4));
    assert_ok(vms_archive_link(d.archive, 0, SLICE("link"), &target, NULL));
    assert_int_equal(target.len, 4 + strlen(targets[i]));
    assert_memory_equal(target.data + 4, targets[i], strlen(targets[i]));
  }
  vms__buf_clear(&target);
  assert_ok(vms_archive_link(d.archive, 3, SLICE("link"), &target, NULL)); /* the first */
  assert_text(target, "/file");
  assert_int_equal(vms_archive_link(d.archive, 2, SLICE("link"), &target, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_archive_link(d.archive, 0, SLICE("/file"), &target, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_link(d.archive, 0, SLICE("/"), &target, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_archive_link(d.archive, 0, SLICE("/.."), &target, NULL), VMS_ERR_FORM);
  vms_buffer_free(&target);
  drive_close(&d);
}

/* --- many files --------------------------------------------------------------------------------------------- */

#define FILES 20000u

static void a_look_touches_a_logarithm_of_blocks(void **state) {
  drive d;
  vms__blob none = { 0, 0, 0, 0 };
  vms__entry_form form = { false, { NULL, 0 }, &none, { NULL, 0 } };
  uint64_t told[2] = { 0, 0 }, most = 0;
  (void)state;
  drive_open(&d);
  for (unsigned i = 0; i < FILES; i++) {
    char path[32];
    snprintf(path, sizeof path, "/d%u/f%u", i * 7919u % FILES / 100, i);
    assert_ok(vms__drive_put(&d.archive->bee, SLICE(path), &form, NULL));
  }
  vms_archive_trace(d.archive, count_trace, told);
  for (unsigned i = 0; i < FILES; i += 97)
    for (unsigned present = 0; present < 2; present++) {
      vms_archive_entry entry;
      char path[32];
      snprintf(path, sizeof path, "/d%u/f%u%s", i * 7919u % FILES / 100, i, present ? "" : "-");
      told[0] = 0;
      assert_int_equal(vms_archive_find(d.archive, 0, SLICE(path), &entry, NULL), present ? VMS_OK : VMS_ERR_NOT_FOUND);
      most = VMS__MAX(most, told[0]);
    }
  /* At most 7 levels of 5 children or more; in each the node and 4 of its keys, twice for what is not there. */
  assert_in_range(most, 5, 2 * 7 * 5);
  drive_close(&d);
}

/* --- where the contents are ----------------------------------------------------------------------------------- */

/* A manifest, and the key that npm's Hyperdrive.getContentKey() gives for it; NULL: none. */
#define SPACE_1 "4141414141414141414141414141414141414141414141414141414141414141"
#define SPACE_2 "4242424242424242424242424242424242424242424242424242424242424242"
#define SPACE_3 "4343434343434343434343434343434343434343434343434343434343434343"
#define KEY_1 "0101010101010101010101010101010101010101010101010101010101010101"
#define KEY_2 "0202020202020202020202020202020202020202020202020202020202020202"
#define KEY_3 "0303030303030303030303030303030303030303030303030303030303030303"
#define HASH_7 "0707070707070707070707070707070707070707070707070707070707070707"
#define LINK_9 "0909090909090909090909090909090909090909090909090909090909090909"
static const struct { const char *manifest, *blobs; } manifests[] = {
  { "0100000203" "00" SPACE_1 KEY_1 "00" SPACE_2 KEY_2 "00" SPACE_3 KEY_3, "bcd73d8b25415f6223ec852fbfacab7198d6e0d353d037553d5d69221f22f972" },
  { "0101000101" "00" SPACE_1 KEY_1, "961f8eae09dc602f886151870857a63b341af330130f8551bca822516b011d31" },
  { "0102000101" "00" SPACE_1 KEY_1 HASH_7 "03", "49a8e475d0120330a3ee278da05d2d995981d94a979607170d41b876e7b0e150" },
  { "020c000102" "00" SPACE_1 KEY_1 "00" SPACE_2 KEY_2 "01" LINK_9 "0568656c6c6f", "57e792ee4dc181cf16ff01789348eaf6a7259ad925225d2182060282bff7a864" },
  { "0102000000" HASH_7 "03", "b74e60b516064a7b2b837d7e9d633fbad9dcd966259d7e06c3b6043d2bde74ba" },
  { "00000100" SPACE_1 KEY_1, NULL },
  { "", NULL },
};

static void every_manifest_gives_the_blobs_key_of_npm(void **state) {
  uint8_t key[VMS_KEY_LEN], wanted[VMS_KEY_LEN];
  (void)state;
  for (size_t i = 0; i < sizeof manifests / sizeof manifests[0]; i++) {
    uint8_t bytes[256];
    size_t len = strlen(manifests[i].manifest) / 2;
    vms_slice manifest = { (const char *)bytes, len };
    assert_true(len <= sizeof bytes && vms__hex_decode(SLICE(manifests[i].manifest), bytes, len));
    if (manifests[i].blobs == NULL) {
      assert_int_equal(vms__manifest_blobs_key(manifest, key, NULL), VMS_ERR_UNSUPPORTED);
      continue;
    }
    assert_ok(vms__manifest_blobs_key(manifest, key, NULL));
    assert_true(vms__hex_decode(SLICE(manifests[i].blobs), wanted, sizeof wanted));
    assert_memory_equal(key, wanted, sizeof key);
    manifest.len--;
    assert_int_equal(vms__manifest_blobs_key(manifest, key, NULL), VMS_ERR_FORM);
  }
}

/* Feeds a replica with the head of a table, and with block 0 if asked to. */
static void table_prove(table_core *table, vms_replica *replica, bool block) {
  vms_proof_request request = { 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  request.flags = VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST | (block ? VMS_PROOF_BLOCK : 0);
  request.upgrade_length = table->length;
  assert_ok(vms__proof_make(&table->source, &request, &proof, NULL));
  assert_ok(vms_replica_feed(replica, proof.data, proof.len, NULL));
  vms_buffer_free(&proof);
}

#define HEADER "\x0a\x08" "hyperbee"
#define FEED "fffffffffffffffffffffffffffffff1"

static void the_blobs_key_is_named_or_derived(void **state) {
  static const struct { const char *block; size_t len; bool named; int status; } headers[] = {
    { HEADER "\x12\x00", 12, false, VMS_OK }, { HEADER, 10, false, VMS_OK }, { HEADER "\x12\x22\x0a\x20" FEED, 46, true, VMS_OK },
    { "", 0, false, VMS_ERR_CORRUPT }, { "\x0a\x08" "hyperbus", 10, false, VMS_ERR_CORRUPT }, { HEADER "\x12\x09", 12, false, VMS_ERR_CORRUPT },
  };
  (void)state;
  for (int kind = TABLE_DEFAULT; kind <= TABLE_MULTI; kind++)
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
      table_core table;
      vms_replica *replica;
      vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
      vms_archive *archive;
      uint8_t key[VMS_KEY_LEN], derived[VMS_KEY_LEN];
      uint64_t told[2] = { 0, 0 };
      bool derivable = kind == TABLE_DEFAULT || kind == TABLE_MULTI;
      int wanted = headers[i].status != VMS_OK || headers[i].named || derivable ? headers[i].status : VMS_ERR_UNSUPPORTED;
      table_init(&table, 1);
      table_manifest(&table, kind, 40);
      table_append(&table, headers[i].block, headers[i].len);
      table_sign(&table);
      options.flags = VMS_REPLICA_SPARSE;
      assert_ok(vms_replica_open(&replica, table.key, &options, NULL));
      assert_ok(vms_replica_want(replica, 0, 1, NULL));
      assert_ok(vms_archive_open_replica(&archive, replica, NULL, NULL, NULL));
      vms_archive_trace(archive, count_trace, told);
      assert_int_equal(vms_archive_blobs_key(archive, key, NULL), VMS_ERR_MISSING);
      assert_int_equal(told[0], 1);
      table_prove(&table, replica, false);
      assert_int_equal(vms_archive_blobs_key(archive, key, NULL), VMS_ERR_MISSING);
      vms_replica_close(replica);
      assert_ok(vms_replica_open(&replica, table.key, &options, NULL));
      assert_ok(vms_replica_want(replica, 0, 1, NULL));
      vms_archive_close(archive);
      assert_ok(vms_archive_open_replica(&archive, replica, NULL, NULL, NULL));
      table_prove(&table, replica, true);
      assert_int_equal(vms_archive_blobs_key(archive, key, NULL), wanted);
      if (wanted == VMS_OK && headers[i].named) assert_memory_equal(key, FEED, sizeof key);
      if (wanted == VMS_OK && !headers[i].named) {
        assert_ok(vms__manifest_blobs_key((vms_slice){ (const char *)table.manifest, table.manifest_len }, derived, NULL));
        assert_memory_equal(key, derived, sizeof key);
      }
      vms_archive_close(archive);
      vms_replica_close(replica);
      table_deinit(&table);
    }
}

static void drives_on_cores_know_their_blobs_key(void **state) {
  drive d;
  uint8_t key[VMS_KEY_LEN], wanted[VMS_KEY_LEN];
  (void)state;
  drive_open(&d);
  vms_core_key(d.cores[1], wanted);
  assert_ok(vms_archive_blobs_key(d.archive, key, NULL));
  assert_memory_equal(key, wanted, sizeof key);
  vms_journal_drop_pending(d.journal); /* with the header */
  assert_int_equal(vms_archive_blobs_key(d.archive, key, NULL), VMS_ERR_MISSING);
  drive_close(&d);
}

/* --- memory -------------------------------------------------------------------------------------------------- */

static void reading_survives_every_allocation_failure(void **state) {
  drive d;
  drive_copy copy;
  sim_memory memory;
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  int status = VMS_ERR_NOMEM;
  (void)state;
  drive_open(&d);
  assert_ok(vms__drive_put(&d.archive->bee, VMS__TEXT("/link"), &(vms__entry_form){ false, VMS__TEXT("/a/b"), NULL, { NULL, 0 } }, NULL));
  drive_write(&d, "/a/b", 2 * BLOCK + 3);
  drive_sign(&d);
  copy_open(&copy, &d, NULL);
  expect_piece(copy.archive, &copy, "/a/b", 2 * BLOCK + 3, 0, UINT64_MAX);
  assert_ok(vms_replica_want(copy.replicas[0], 0, 3, NULL));
  copy_fetch(&copy); /* all of it is here */
  for (uint64_t fail_at = 1; status != VMS_OK; fail_at++) {
    vms_archive *archive;
    vms_archive_entry entry;
    uint8_t key[VMS_KEY_LEN];
    vms_buffer bytes, link;
    assert_true(fail_at < 200);
    sim_memory_init(&memory);
    memory.fail_at = fail_at;
    options.env = &memory.env;
    vms_buffer_init(&bytes, &memory.env);
    vms_buffer_init(&link, &memory.env);
    status = vms_archive_open_replica(&archive, copy.replicas[0], copy.replicas[1], &options, NULL);
    if (status == VMS_OK) {
      status = vms_archive_blobs_key(archive, key, NULL);
      if (status == VMS_OK) status = vms_archive_find(archive, 0, SLICE("/a"), &entry, NULL);
      if (status == VMS_OK) status = vms_archive_link(archive, 0, SLICE("/link"), &link, NULL);
      if (status == VMS_OK) status = vms_archive_find(archive, 0, SLICE("/a/b"), &entry, NULL);
      if (status == VMS_OK) status = vms_archive_read(archive, 0, SLICE("/a/b"), BLOCK - 5, BLOCK, &bytes, NULL);
      assert_int_equal(bytes.len, status == VMS_OK ? BLOCK : 0);
      vms_archive_close(archive);
    }
    if (status != VMS_OK) assert_int_equal(status, VMS_ERR_NOMEM);
    vms_buffer_free(&bytes);
    vms_buffer_free(&link);
    assert_int_equal(memory.live, 0);
  }
  copy_close(&copy);
  drive_close(&d);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(replicas_fetch_only_what_an_answer_needs),
    cmocka_unit_test(calls_on_replicas_answer_as_on_the_drive),
    cmocka_unit_test(without_a_head_nothing_is_said),
    cmocka_unit_test(without_blobs_all_but_contents_is_read),
    cmocka_unit_test(the_trace_ends_when_told),
    cmocka_unit_test(replicas_know_where_every_block_begins),
    cmocka_unit_test(pieces_are_right_at_every_boundary),
    cmocka_unit_test(blobs_of_other_blocks_are_read_from_their_first_one),
    cmocka_unit_test(contents_that_begin_elsewhere_are_refused),
    cmocka_unit_test(versions_and_paths_are_those_asked_for),
    cmocka_unit_test(links_say_where_they_lead),
    cmocka_unit_test(a_look_touches_a_logarithm_of_blocks),
    cmocka_unit_test(every_manifest_gives_the_blobs_key_of_npm),
    cmocka_unit_test(the_blobs_key_is_named_or_derived),
    cmocka_unit_test(drives_on_cores_know_their_blobs_key),
    cmocka_unit_test(reading_survives_every_allocation_failure),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
