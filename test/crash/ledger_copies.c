/* SPDX-License-Identifier: MIT */
/* Goal: a journal can be read, and its file copied, while it is being written.
 * Method: a copier takes a file page by page while the writer's writes reach it in pieces, in orders drawn at random; the copy has to open,
 * with the right bytes, and with everything that was durable when copying began. Then two processes and a real file. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/ledger/internal.h"
#include "test/support/storage.h"
#include "vms/net.h"

#define PAGE 4096u
#define PIECE 512u  /* what of a write can be seen without the rest */
#define STORIES 400u
#define COMMITS 60u

static uint8_t seed[VMS_SEED_LEN];
static uint8_t manifest[1][VMS_MANIFEST_LEN];

static void keys(void) {
  uint8_t key[VMS_KEY_LEN];
  memset(seed, 5, sizeof seed);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifest[0]);
}

/* Block number seq, the same in every test. Some are longer than a page, some full of zeros. */
static size_t block_of(uint64_t seq, uint8_t block[9000]) {
  uint64_t random = seq;
  size_t len = (size_t)(sim_random(&random) % (sim_random(&random) % 8 == 0 ? 9000 : 700));
  memset(block, sim_random(&random) % 6 == 0 ? 0 : (int)(seq % 255 + 1), len);
  return len;
}

static int append(vms_journal *journal, unsigned blocks, uint32_t flags) {
  uint8_t block[9000];
  vms_core *core = vms_journal_core(journal, 0);
  for (unsigned i = 0; i < blocks; i++) {
    size_t len = block_of(vms_core_length(core), block);
    assert_int_equal(vms_core_append(core, block, len, NULL, NULL), VMS_OK);
  }
  return vms_journal_commit(journal, flags, NULL);
}

static vms_journal *create(const vms_storage *storage, const vms_storage *index) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  options.index = index;
  assert_int_equal(vms_journal_create(&journal, storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, &options, NULL), VMS_OK);
  assert_int_equal(vms_journal_signer(journal, 0, seed, NULL), VMS_OK);
  return journal;
}

static void expect_blocks(vms_journal *journal) {
  vms_buffer block = VMS_BUFFER_INIT;
  uint8_t expected[9000];
  for (uint64_t seq = 0; seq < vms_core_length(vms_journal_core(journal, 0)); seq++) {
    size_t len = block_of(seq, expected);
    block.len = 0;
    assert_int_equal(vms_core_read(vms_journal_core(journal, 0), seq, &block, NULL), VMS_OK);
    assert_int_equal(block.len, len);
    if (len > 0) assert_memory_equal(block.data, expected, len);
  }
  vms_buffer_free(&block);
}

/* --- a copier, simulated ----------------------------------------------------------------------------------- */

typedef struct studio {
  sim_disk disk, copy;
  vms_storage storage; /* the disk, seen to be written in pieces */
  uint64_t random, pace;
  uint64_t at;         /* bytes copied */
  bool copying;
} studio;

static void copy_page(studio *s) {
  size_t len = s->at < s->disk.len ? (size_t)VMS__MIN(PAGE, s->disk.len - s->at) : 0;
  if (len > 0) assert_int_equal(s->copy.storage.write(&s->copy, s->at, s->disk.bytes + s->at, len, NULL), VMS_OK);
  s->at += len;
}

static int write_in_pieces(void *context, uint64_t offset, const void *bytes, size_t len, vms_error *error) {
  studio *s = context;
  for (size_t done = 0; done < len;) {
    size_t part = VMS__MIN(len - done, PIECE - (size_t)((offset + done) % PIECE));
    int status = s->disk.storage.write(&s->disk, offset + done, (const uint8_t *)bytes + done, part, error);
    if (status != VMS_OK) return status;
    done += part;
    while (s->copying && sim_random(&s->random) % s->pace == 0) copy_page(s);
  }
  return VMS_OK;
}

static int studio_read(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error) {
  studio *s = context;
  return s->disk.storage.read(&s->disk, offset, bytes, len, got, error);
}

static int studio_sync(void *context, vms_error *error) {
  (void)context;
  (void)error;
  return VMS_OK;
}

static int studio_length(void *context, uint64_t *len, vms_error *error) {
  (void)error;
  *len = ((studio *)context)->disk.len;
  return VMS_OK;
}

static int studio_truncate(void *context, uint64_t len, vms_error *error) {
  studio *s = context;
  return s->disk.storage.truncate(&s->disk, len, error);
}

static void studio_init(studio *s, uint64_t random) {
  memset(s, 0, sizeof *s);
  sim_disk_init(&s->disk);
  sim_disk_init(&s->copy);
  s->random = random;
  s->storage = (vms_storage){ sizeof(vms_storage), 0, s, studio_read, write_in_pieces, studio_sync, studio_length, studio_truncate };
}

static void studio_deinit(studio *s) {
  sim_disk_deinit(&s->disk);
  sim_disk_deinit(&s->copy);
}

/* Writes while it is copied; returns how many blocks had a durable head when that began. */
static uint64_t write_and_copy(studio *s, bool lazy) {
  vms_journal *journal = create(&s->storage, NULL);
  unsigned begin = (unsigned)(sim_random(&s->random) % COMMITS);
  uint64_t least = 0;
  s->pace = 2 + sim_random(&s->random) % 12;
  for (unsigned n = 0; n < COMMITS; n++) {
    vms_head head;
    if (n == begin) {
      if (vms_core_head(vms_journal_core(journal, 0), &head, NULL) == VMS_OK) least = head.length;
      s->copying = true;
    }
    assert_int_equal(append(journal, 1 + n % 3, lazy && n % 5 != 0 ? VMS_COMMIT_NO_SYNC : VMS_COMMIT_SIGN), VMS_OK);
  }
  s->copying = false;
  while (s->at < s->disk.len) copy_page(s);
  journal->broken = true; /* it goes on running, as far as the copy knows */
  vms_journal_close(journal);
  return least;
}

static void a_copy_made_while_the_host_runs_holds_what_was_durable_before(void **state) {
  unsigned whole = 0, gaps = 0, torn = 0;
  uint64_t base = sim_seed();
  (void)state;
  for (uint64_t n = 0; n < STORIES; n++) {
    vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
    vms_journal *journal;
    vms_error error = { 0 };
    studio s;
    studio_init(&s, base * 7919 + n);
    uint64_t least = write_and_copy(&s, n % 3 == 0);
    options.flags = VMS_JOURNAL_READ_ONLY;
    int status = vms_journal_open(&journal, &s.copy.storage, &options, &error);
    if (status != VMS_OK) print_error("story %u: %s\n", (unsigned)n, error.message);
    assert_int_equal(status, VMS_OK);
    uint64_t length = vms_core_length(vms_journal_core(journal, 0)), was_torn = vms_journal_torn(journal);
    assert_true(length >= least);
    expect_blocks(journal);
    vms_journal_close(journal);
    status = vms_journal_open(&journal, &s.copy.storage, NULL, &error);
    if (status == VMS_OK) {
      assert_int_equal(vms_core_length(vms_journal_core(journal, 0)), length);
      assert_int_equal(vms_journal_torn(journal), was_torn);
      vms_journal_close(journal);
    } else {
      assert_int_equal(status, VMS_ERR_CORRUPT);
      assert_non_null(strstr(error.message, "a copy made while the host was writing"));
      assert_true(was_torn > 0);
      gaps++;
    }
    whole += was_torn == 0;
    torn += was_torn > 0 && status == VMS_OK;
    studio_deinit(&s);
  }
  print_message("%u copies whole, %u with a torn tail, %u with a gap\n", whole, torn, gaps);
  assert_true(whole > 0 && gaps > 0);
}

/* --- a writer that goes on between any two looks of a reader -------------------------------------------------- */

typedef struct busy { sim_disk disk; vms_journal *writer; uint64_t random; } busy;

static int read_and_write_on(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error) {
  busy *b = context;
  int status = b->disk.storage.read(&b->disk, offset, bytes, len, got, error);
  if (sim_random(&b->random) % 4 == 0) assert_int_equal(append(b->writer, 1, VMS_COMMIT_SIGN), VMS_OK);
  return status;
}

static int busy_length(void *context, uint64_t *len, vms_error *error) {
  (void)error;
  *len = ((busy *)context)->disk.len;
  return VMS_OK;
}

static void a_reader_takes_no_frame_for_damaged_that_was_not_there_a_moment_ago(void **state) {
  uint64_t base = sim_seed();
  (void)state;
  for (uint64_t n = 0; n < 200; n++) {
    busy b = { .random = base * 31 + n };
    vms_storage storage = { sizeof(vms_storage), 0, &b, read_and_write_on, NULL, NULL, busy_length, NULL };
    vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
    vms_journal *reader;
    vms_error error = { 0 };
    sim_disk_init(&b.disk);
    b.writer = create(&b.disk.storage, NULL);
    assert_int_equal(append(b.writer, 3, VMS_COMMIT_SIGN), VMS_OK);
    options.flags = VMS_JOURNAL_READ_ONLY;
    int status = vms_journal_open(&reader, &storage, &options, &error);
    if (status != VMS_OK) print_error("story %u: %s\n", (unsigned)n, error.message);
    assert_int_equal(status, VMS_OK);
    assert_int_equal(vms_journal_torn(reader), 0);
    assert_true(vms_core_length(vms_journal_core(reader, 0)) >= 3);
    expect_blocks(reader);
    vms_journal_close(reader);
    vms_journal_close(b.writer);
    sim_disk_deinit(&b.disk);
  }
}

/* --- damage that is none of a copy's ------------------------------------------------------------------------- */

static void make_disk(sim_disk *disk, bool closed) {
  sim_disk_init(disk);
  vms_journal *journal = create(&disk->storage, NULL);
  for (unsigned n = 0; n < COMMITS; n++) assert_int_equal(append(journal, 2, VMS_COMMIT_SIGN), VMS_OK);
  journal->broken = !closed;
  vms_journal_close(journal);
}

static int open_only(sim_disk *disk, uint32_t flags, vms_error *error, uint64_t *torn) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  options.flags = flags;
  int status = vms_journal_open(&journal, &disk->storage, &options, error);
  *torn = 0;
  if (status != VMS_OK) return status;
  *torn = vms_journal_torn(journal);
  expect_blocks(journal);
  journal->broken = true;
  vms_journal_close(journal);
  return status;
}

static void a_lost_page_is_a_gap_unless_the_journal_was_closed_behind_it(void **state) {
  (void)state;
  for (int closed = 0; closed < 2; closed++) {
    sim_disk disk;
    vms_error error = { 0 };
    uint64_t torn;
    make_disk(&disk, closed == 1);
    memset(disk.bytes + 2 * PAGE, 0, PAGE);
    int status = open_only(&disk, VMS_JOURNAL_READ_ONLY, &error, &torn);
    assert_int_equal(status, closed ? VMS_ERR_CORRUPT : VMS_OK);
    if (closed) assert_non_null(strstr(error.message, "damaged at byte"));
    else assert_true(torn > 2 * PAGE);
    assert_int_equal(open_only(&disk, 0, &error, &torn), VMS_ERR_CORRUPT);
    assert_true(error.position > 0 && error.position < 3 * PAGE);
    sim_disk_deinit(&disk);
  }
}

static void zeros_that_end_within_a_page_are_damage(void **state) {
  sim_disk disk;
  vms_error error = { 0 };
  uint64_t torn;
  (void)state;
  make_disk(&disk, false);
  memset(disk.bytes + 2 * PAGE, 0, PAGE / 2);
  assert_int_equal(open_only(&disk, VMS_JOURNAL_READ_ONLY, &error, &torn), VMS_ERR_CORRUPT);
  assert_non_null(strstr(error.message, "damaged at byte"));
  sim_disk_deinit(&disk);
}

/* --- two processes, one file ----------------------------------------------------------------------------------- */

#define LIVE_COMMITS 3000u

/* Writes so much, and on until it was read some times meanwhile. */
static void write_live(const char *journal_path, const char *index_path, const _Atomic unsigned *opened) {
  vms_storage file, index;
  if (vms_file_open(&file, journal_path, VMS_FILE_CREATE, NULL) != VMS_OK || vms_file_open(&index, index_path, VMS_FILE_CREATE, NULL) != VMS_OK) _exit(2);
  vms_journal *journal = create(&file, &index);
  journal->index.step_blocks = journal->index.due_blocks = 100;
  for (unsigned n = 0; n < LIVE_COMMITS || *opened <= 3; n++)
    if (append(journal, 1 + n % 3, n % 50 == 49 ? VMS_COMMIT_SIGN : n % 7 == 0 ? 0 : VMS_COMMIT_NO_SYNC) != VMS_OK) _exit(3);
  vms_journal_close(journal);
  _exit(0);
}

/* Opens until the writer is done; returns how often. */
static void read_live(pid_t writer, const char *journal_path, const char *index_path, _Atomic unsigned *opened) {
  vms_storage file, index;
  uint64_t before = 0;
  int done = 0, how;
  while (vms_file_open(&file, journal_path, VMS_FILE_READ_ONLY, NULL) != VMS_OK) usleep(500);
  while (vms_file_open(&index, index_path, VMS_FILE_READ_ONLY, NULL) != VMS_OK) usleep(500);
  while (!done) {
    vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
    vms_journal *journal;
    vms_error error = { 0 };
    done = waitpid(writer, &how, WNOHANG) == writer;
    options.flags = VMS_JOURNAL_READ_ONLY;
    options.index = *opened % 2 == 0 ? &index : NULL;
    int status = vms_journal_open(&journal, &file, &options, &error);
    if (status == VMS_ERR_CORRUPT && before == 0 && strstr(error.message, "too few") != NULL) continue; /* not made yet */
    if (status != VMS_OK) print_error("after %u openings: %s\n", *opened, error.message);
    assert_int_equal(status, VMS_OK);
    uint64_t length = vms_core_length(vms_journal_core(journal, 0));
    assert_true(length >= before);
    if (*opened % 16 == 0 || done) expect_blocks(journal);
    before = length;
    ++*opened;
    if (done) assert_int_equal(vms_journal_torn(journal), 0);
    vms_journal_close(journal);
  }
  assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
  assert_true(before >= 2 * LIVE_COMMITS);
  vms_file_close(&file);
  vms_file_close(&index);
}

static void another_process_reads_while_one_writes(void **state) {
  char folder[] = "/tmp/vms-live-XXXXXX", journal_path[64], index_path[64];
  (void)state;
  assert_non_null(mkdtemp(folder));
  snprintf(journal_path, sizeof journal_path, "%s/journal", folder);
  snprintf(index_path, sizeof index_path, "%s/index", folder);
  _Atomic unsigned *opened = mmap(NULL, sizeof *opened, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  assert_ptr_not_equal(opened, MAP_FAILED);
  pid_t writer = fork();
  assert_true(writer >= 0);
  if (writer == 0) write_live(journal_path, index_path, opened);
  read_live(writer, journal_path, index_path, opened);
  print_message("opened %u times\n", *opened);
  munmap(opened, sizeof *opened);
  unlink(journal_path);
  unlink(index_path);
  rmdir(folder);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_copy_made_while_the_host_runs_holds_what_was_durable_before),
    cmocka_unit_test(a_reader_takes_no_frame_for_damaged_that_was_not_there_a_moment_ago),
    cmocka_unit_test(a_lost_page_is_a_gap_unless_the_journal_was_closed_behind_it),
    cmocka_unit_test(zeros_that_end_within_a_page_are_damage),
    cmocka_unit_test(another_process_reads_while_one_writes),
  };
  keys();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
