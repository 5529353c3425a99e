/* SPDX-License-Identifier: MIT */
/* Goal: what was acknowledged survives a power cut at any write or sync, in the same bytes, and nothing half-done does.
 * Method: run a fixed history on a simulated disk, cut the power at the n-th operation for every n, let each unsynced
 * write be lost, kept or torn by seed, open again, compare with a run in which nothing happened, and go on writing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/ledger/internal.h"
#include "test/support/storage.h"

#define COMMITS 12u
#define CORES 2u
#define TEARINGS 12u /* ways in which one cut may tear the disk */

typedef struct { uint64_t lengths[CORES]; uint8_t hashes[CORES][VMS_HASH_LEN]; } moment;

static uint8_t seed[VMS_SEED_LEN];
static uint8_t manifests[CORES][VMS_MANIFEST_LEN];

static void keys(void) {
  uint8_t key[VMS_KEY_LEN];
  memset(seed, 5, sizeof seed);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifests[0]);
  vms_manifest_blobs(manifests[0], manifests[1]);
}

static void signers(vms_journal *journal) {
  for (uint32_t i = 0; i < CORES; i++) assert_int_equal(vms_journal_signer(journal, i, seed, NULL), VMS_OK);
}

static moment look(vms_journal *journal) {
  moment now;
  memset(&now, 0, sizeof now);
  for (uint32_t i = 0; i < CORES; i++) {
    vms_core *core = vms_journal_core(journal, i);
    now.lengths[i] = vms_core_length(core);
    vms_core_tree_hash(core, now.lengths[i], now.hashes[i]);
  }
  return now;
}

/* Appends what belongs to commit number n and commits it. Some blocks span sectors. */
static int commit(vms_journal *journal, unsigned n, uint32_t flags) {
  uint8_t block[2000];
  for (unsigned i = 0; i < n % 3 + 1; i++) {
    size_t len = (size_t)(n * 131 + i * 37) % sizeof block;
    memset(block, (int)(n * 7 + i), len);
    if (vms_core_append(vms_journal_core(journal, (n + i) % CORES), block, len, NULL, NULL) != VMS_OK) return VMS_ERR_IO;
  }
  return vms_journal_commit(journal, flags, NULL);
}

/* Some commits are not synced; those are not acknowledged until a later one is. */
static uint32_t flags_of(unsigned n, bool lazy) {
  return lazy && n % 4 != 3 && n != COMMITS ? VMS_COMMIT_NO_SYNC : VMS_COMMIT_SIGN;
}

/* Runs until something fails; returns how many commits are acknowledged. COMMITS + 1: closed, too. */
static unsigned run(sim_disk *disk, bool lazy, moment *moments, bool *created) {
  vms_journal *journal;
  unsigned acknowledged = 0;
  *created = vms_journal_create(&journal, &disk->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, CORES, NULL, NULL) == VMS_OK;
  if (!*created) return 0;
  signers(journal);
  if (moments != NULL) moments[0] = look(journal);
  for (unsigned n = 1; n <= COMMITS; n++) {
    if (commit(journal, n, flags_of(n, lazy)) != VMS_OK) break;
    if (flags_of(n, lazy) == VMS_COMMIT_SIGN) acknowledged = n;
    if (moments != NULL) moments[n] = look(journal);
  }
  vms_journal_close(journal);
  return acknowledged;
}

static void expect_moment(vms_journal *journal, const moment *moments, unsigned acknowledged, bool lazy) {
  moment now = look(journal);
  unsigned n = acknowledged, last = lazy ? COMMITS : VMS__MIN(acknowledged + 1, COMMITS);
  while (n < last && memcmp(&now, &moments[n], sizeof now) != 0) n++;
  assert_memory_equal(&now, &moments[n], sizeof now);
  for (uint32_t i = 0; i < CORES; i++) { /* counting is not enough: ask for the bytes as well */
    vms_head head;
    for (uint64_t seq = 0; seq < now.lengths[i]; seq++) {
      vms_buffer block = VMS_BUFFER_INIT;
      assert_int_equal(vms_core_read(vms_journal_core(journal, i), seq, &block, NULL), VMS_OK);
      vms_buffer_free(&block);
    }
    if (acknowledged > 0 && moments[acknowledged].lengths[i] > 0) { /* no published head is forgotten */
      assert_int_equal(vms_core_head(vms_journal_core(journal, i), &head, NULL), VMS_OK);
      assert_true(head.length >= moments[acknowledged].lengths[i]);
    }
  }
}

static void cut_everywhere(bool lazy) {
  moment quiet[COMMITS + 1];
  sim_disk disk;
  bool created;
  uint64_t operations, base = sim_seed();
  sim_disk_init(&disk);
  assert_int_equal(run(&disk, lazy, quiet, &created), COMMITS);
  operations = disk.operations;
  sim_disk_deinit(&disk);
  assert_true(operations > COMMITS);
  for (uint64_t cut = 1; cut <= operations + 1; cut++)
    for (uint64_t tearing = 0; tearing < TEARINGS; tearing++) {
      vms_journal *journal;
      unsigned acknowledged;
      sim_disk_init(&disk);
      disk.power_cut_at = cut;
      acknowledged = run(&disk, lazy, NULL, &created);
      sim_disk_restart(&disk, base + cut * 1000 + tearing);
      if (created) { /* else nobody was told that there is a journal */
        vms_error error = { 0 };
        int status = vms_journal_open(&journal, &disk.storage, NULL, &error);
        if (status != VMS_OK) print_error("cut %u, tearing %u: %s\n", (unsigned)cut, (unsigned)tearing, error.message);
        assert_int_equal(status, VMS_OK);
        expect_moment(journal, quiet, acknowledged, lazy);
        signers(journal);
        assert_int_equal(commit(journal, 2, VMS_COMMIT_SIGN), VMS_OK);
        moment later = look(journal), again;
        vms_journal_close(journal);
        assert_int_equal(vms_journal_open(&journal, &disk.storage, NULL, NULL), VMS_OK);
        assert_int_equal(vms_journal_torn(journal), 0);
        again = look(journal);
        assert_memory_equal(&later, &again, sizeof later);
        vms_journal_close(journal);
      }
      sim_disk_deinit(&disk);
    }
}

static void acknowledged_commits_survive_a_power_cut_anywhere(void **state) {
  (void)state;
  cut_everywhere(false);
}

static void commits_that_were_not_synced_may_vanish_but_never_look_damaged(void **state) {
  (void)state;
  cut_everywhere(true);
}

/* A writer is killed with frames that were never synced; the next one goes on behind them and loses power. */
static void a_killed_writers_frames_are_synced_before_others_build_on_them(void **state) {
  uint64_t base = sim_seed();
  (void)state;
  for (uint64_t cut = 1; cut <= 4; cut++)
    for (uint64_t tearing = 0; tearing < 4 * TEARINGS; tearing++) {
      sim_disk disk;
      vms_journal *journal;
      vms_error error = { 0 };
      sim_disk_init(&disk);
      assert_int_equal(vms_journal_create(&journal, &disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, CORES, NULL, NULL), VMS_OK);
      for (unsigned n = 1; n <= 4; n++) assert_int_equal(commit(journal, n, VMS_COMMIT_NO_SYNC), VMS_OK);
      journal->broken = true; /* killed: nothing more is written */
      vms_journal_close(journal);
      disk.operations = 0;
      disk.power_cut_at = cut;
      if (vms_journal_open(&journal, &disk.storage, NULL, NULL) == VMS_OK) {
        signers(journal);
        commit(journal, 5, VMS_COMMIT_SIGN);
        vms_journal_close(journal);
      }
      sim_disk_restart(&disk, base + cut * 1000 + tearing);
      int status = vms_journal_open(&journal, &disk.storage, NULL, &error);
      if (status != VMS_OK) print_error("cut %u, tearing %u: %s\n", (unsigned)cut, (unsigned)tearing, error.message);
      assert_int_equal(status, VMS_OK);
      vms_journal_close(journal);
      sim_disk_deinit(&disk);
    }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(acknowledged_commits_survive_a_power_cut_anywhere),
    cmocka_unit_test(commits_that_were_not_synced_may_vanish_but_never_look_damaged),
    cmocka_unit_test(a_killed_writers_frames_are_synced_before_others_build_on_them),
  };
  keys();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
