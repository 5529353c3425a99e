/* SPDX-License-Identifier: MIT */
/* Goal: what was acknowledged survives a power cut at any write or sync, in the same bytes, and nothing half-done does; an index
 * never changes what is there.
 * Method: run a fixed history on a simulated disk, cut the power at the n-th operation for every n, let each unsynced
 * write be lost, kept or torn by seed, open again, compare with a run in which nothing happened, and go on writing. Then lives
 * drawn at random, journal and index on disks of their own, several cuts one after the other. CUTS=20000 asks for more of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/ledger/internal.h"
#include "test/support/storage.h"

#define COMMITS 12u
#define CORES 2u
#define TEARINGS 4u /* ways in which one cut may tear the disk */
#define INDEX_STEP 5u /* blocks to a segment: small, so that there are many */

typedef struct { uint64_t lengths[CORES]; uint8_t hashes[CORES][VMS_HASH_LEN]; } moment;

/* A journal and its index, each on a disk of its own behind one plug. */
typedef struct { sim_disk journal, index; bool with_index; } machine;

static uint8_t seed[VMS_SEED_LEN];
static uint8_t manifests[CORES][VMS_MANIFEST_LEN];

static void machine_init(machine *m, bool with_index) {
  sim_disk_init(&m->journal);
  sim_disk_init(&m->index);
  m->index.mains = &m->journal;
  m->with_index = with_index;
}

static void machine_deinit(machine *m) {
  sim_disk_deinit(&m->journal);
  sim_disk_deinit(&m->index);
}

static void machine_restart(machine *m, uint64_t tearing) {
  sim_disk_restart(&m->index, ~tearing);
  sim_disk_restart(&m->journal, tearing);
}

/* The system writes an index to the disk when it likes. */
static void write_back(machine *m) {
  if (m->with_index) m->index.storage.sync(m->index.storage.context, NULL);
}

static void ready(vms_journal *journal) {
  for (uint32_t i = 0; i < CORES; i++) assert_int_equal(vms_journal_signer(journal, i, seed, NULL), VMS_OK);
  journal->index.step_blocks = INDEX_STEP;
  journal->index.due_blocks = VMS__MIN(journal->index.due_blocks, INDEX_STEP);
}

static int create(vms_journal **journal, machine *m) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  options.index = m->with_index ? &m->index.storage : NULL;
  int status = vms_journal_create(journal, &m->journal.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, CORES, &options, NULL);
  if (status == VMS_OK) ready(*journal);
  return status;
}

static int reopen(vms_journal **journal, machine *m, uint32_t flags, bool with_index, vms_error *error) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  options.index = with_index && m->with_index ? &m->index.storage : NULL;
  options.flags = flags;
  int status = vms_journal_open(journal, &m->journal.storage, &options, error);
  if (status == VMS_OK) ready(*journal);
  return status;
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

/* Opens as a reader without the index, then as a writer with it: both have to see the same, and every block whole. */
static void open_again(vms_journal **journal, machine *m, const char *when, uint64_t cut, uint64_t tearing) {
  vms_error error = { 0 };
  vms_journal *plain;
  moment a, b;
  int status = reopen(&plain, m, VMS_JOURNAL_READ_ONLY, false, &error);
  if (status == VMS_OK) status = reopen(journal, m, 0, true, &error);
  if (status != VMS_OK) print_error("%s, cut %u, tearing %u: %s\n", when, (unsigned)cut, (unsigned)tearing, error.message);
  assert_int_equal(status, VMS_OK);
  a = look(plain);
  b = look(*journal);
  assert_memory_equal(&a, &b, sizeof a);
  for (uint32_t i = 0; i < CORES; i++) {
    vms_core *with = vms_journal_core(*journal, i), *without = vms_journal_core(plain, i);
    vms_head x, y;
    memset(&x, 0, sizeof x);
    memset(&y, 0, sizeof y);
    assert_int_equal(vms_core_head(with, &x, NULL), vms_core_head(without, &y, NULL));
    assert_memory_equal(&x, &y, sizeof x);
    assert_memory_equal(with->ends, without->ends, a.lengths[i] * sizeof *with->ends);
    assert_memory_equal(with->places, without->places, a.lengths[i] * sizeof *with->places);
    assert_memory_equal(with->nodes, without->nodes, vms__tree_count(a.lengths[i]) * VMS_HASH_LEN);
    for (uint64_t seq = 0; seq < a.lengths[i]; seq++) { /* counting is not enough: ask for the bytes as well */
      vms_buffer block = VMS_BUFFER_INIT;
      assert_int_equal(vms_core_read(with, seq, &block, NULL), VMS_OK);
      vms_buffer_free(&block);
    }
  }
  vms_journal_close(plain);
}

/* --- a fixed history, cut everywhere ------------------------------------------------------------------------ */

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

/* Runs until something fails; returns how many commits are acknowledged. */
static unsigned run(machine *m, bool lazy, moment *moments, bool *created) {
  vms_journal *journal;
  unsigned acknowledged = 0;
  *created = create(&journal, m) == VMS_OK;
  if (!*created) return 0;
  if (moments != NULL) moments[0] = look(journal);
  for (unsigned n = 1; n <= COMMITS; n++) {
    if (commit(journal, n, flags_of(n, lazy)) != VMS_OK) break;
    write_back(m);
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
  for (uint32_t i = 0; i < CORES; i++) {
    vms_head head;
    if (acknowledged > 0 && moments[acknowledged].lengths[i] > 0) { /* no published head is forgotten */
      assert_int_equal(vms_core_head(vms_journal_core(journal, i), &head, NULL), VMS_OK);
      assert_true(head.length >= moments[acknowledged].lengths[i]);
    }
  }
}

static void cut_everywhere(bool lazy, bool with_index) {
  moment quiet[COMMITS + 1];
  machine m;
  bool created;
  uint64_t operations, base = sim_seed();
  machine_init(&m, with_index);
  assert_int_equal(run(&m, lazy, quiet, &created), COMMITS);
  operations = m.journal.operations;
  assert_true(m.index.operations > 10 || !with_index);
  machine_deinit(&m);
  assert_true(operations > COMMITS);
  for (uint64_t cut = 1; cut <= operations + 1; cut++)
    for (uint64_t tearing = 0; tearing < TEARINGS; tearing++) {
      vms_journal *journal;
      unsigned acknowledged;
      machine_init(&m, with_index);
      m.journal.power_cut_at = cut;
      acknowledged = run(&m, lazy, NULL, &created);
      machine_restart(&m, base + cut * 1000 + tearing);
      if (created) { /* else nobody was told that there is a journal */
        moment later, again;
        open_again(&journal, &m, "history", cut, tearing);
        expect_moment(journal, quiet, acknowledged, lazy);
        assert_int_equal(commit(journal, 2, VMS_COMMIT_SIGN), VMS_OK);
        later = look(journal);
        vms_journal_close(journal);
        open_again(&journal, &m, "afterwards", cut, tearing);
        assert_int_equal(vms_journal_torn(journal), 0);
        again = look(journal);
        assert_memory_equal(&later, &again, sizeof later);
        vms_journal_close(journal);
      }
      machine_deinit(&m);
    }
}

static void acknowledged_commits_survive_a_power_cut_anywhere(void **state) {
  (void)state;
  cut_everywhere(false, false);
  cut_everywhere(false, true);
}

static void commits_that_were_not_synced_may_vanish_but_never_look_damaged(void **state) {
  (void)state;
  cut_everywhere(true, false);
  cut_everywhere(true, true);
}

/* A writer is killed with frames that were never synced; the next one goes on behind them and loses power. */
static void a_killed_writers_frames_are_synced_before_others_build_on_them(void **state) {
  uint64_t base = sim_seed();
  (void)state;
  for (uint64_t cut = 1; cut <= 8; cut++)
    for (uint64_t tearing = 0; tearing < 8 * TEARINGS; tearing++) {
      machine m;
      vms_journal *journal;
      machine_init(&m, tearing % 2 == 0);
      assert_int_equal(create(&journal, &m), VMS_OK);
      for (unsigned n = 1; n <= 4; n++) assert_int_equal(commit(journal, n, VMS_COMMIT_NO_SYNC), VMS_OK);
      journal->broken = true; /* killed: nothing more is written */
      vms_journal_close(journal);
      m.journal.operations = 0;
      m.journal.power_cut_at = cut;
      if (reopen(&journal, &m, 0, true, NULL) == VMS_OK) {
        commit(journal, 5, VMS_COMMIT_SIGN);
        vms_journal_close(journal);
      }
      machine_restart(&m, base + cut * 1000 + tearing);
      open_again(&journal, &m, "killed", cut, tearing);
      vms_journal_close(journal);
      machine_deinit(&m);
    }
}

/* --- lives drawn at random ------------------------------------------------------------------------------------ */

#define LIVES 5u         /* of one journal, each ended by a cut, a kill or in order */
#define LIFE_COMMITS 10u
#define MOMENTS_MAX (LIVES * LIFE_COMMITS + 1)

typedef struct story {
  machine m;
  uint64_t random;
  moment moments[MOMENTS_MAX]; /* whatever the journal may be found in; moments[acknowledged] is the least */
  unsigned count, acknowledged, life;
  bool uniform; /* all blocks are of one size, so that frames of one life begin where those of another did */
  uint64_t heads[CORES]; /* lengths of the heads that were published */
} story;

static uint64_t draw(story *s, uint64_t below) { return sim_random(&s->random) % below; }

/* No two lives write the same bytes. */
static bool append_some(story *s, vms_journal *journal) {
  static uint8_t block[70000];
  for (uint64_t i = s->uniform ? 3 : draw(s, 4); i < 4; i++) {
    vms_core *core = vms_journal_core(journal, (uint32_t)draw(s, CORES));
    size_t len = s->uniform ? 300 : (size_t)draw(s, draw(s, 40) == 0 ? sizeof block : 1500);
    memset(block, (int)draw(s, 256), len);
    if (len > 8) vms__put_u32(block, s->life);
    if (vms_core_append(core, block, len, NULL, NULL) != VMS_OK) return false;
  }
  return true;
}

/* One commit, perhaps on a disk that is full for a while. False: the power is gone. */
static bool commit_one(story *s, vms_journal *journal) {
  uint32_t flags[3] = { VMS_COMMIT_SIGN, VMS_COMMIT_NO_SYNC, 0 };
  uint32_t flag = flags[draw(s, 3)];
  if (s->uniform && draw(s, 3) != 0) flag = VMS_COMMIT_NO_SYNC;
  bool full = draw(s, 6) == 0;
  int status;
  if (!append_some(s, journal)) return false;
  if (full) s->m.journal.full_at = s->m.journal.len + draw(s, 2000);
  if (draw(s, 6) == 0) s->m.index.full_at = s->m.index.len + draw(s, 500);
  s->moments[s->count] = look(journal); /* also if it fails: its bytes may get there */
  status = vms_journal_commit(journal, flag, NULL);
  s->m.journal.full_at = s->m.index.full_at = 0;
  if (status == VMS_ERR_FULL) {
    assert_true(full);
    if (draw(s, 2) == 0) vms_journal_drop_pending(journal);
    s->moments[s->count] = look(journal);
    status = vms_journal_commit(journal, flag, NULL);
  }
  if (flag == VMS_COMMIT_SIGN && status == VMS_OK)
    for (uint32_t i = 0; i < CORES; i++) s->heads[i] = s->moments[s->count].lengths[i];
  if (flag != VMS_COMMIT_NO_SYNC && status == VMS_OK) s->acknowledged = s->count;
  s->count++;
  if (draw(s, 2) == 0) write_back(&s->m);
  return status == VMS_OK;
}

/* What is found is one of the moments since the one acknowledged last, and from now on it is the only one. */
static void find_moment(story *s, vms_journal *journal) {
  moment now = look(journal);
  unsigned n = s->acknowledged;
  while (n + 1 < s->count && memcmp(&now, &s->moments[n], sizeof now) != 0) n++;
  assert_memory_equal(&now, &s->moments[n], sizeof now);
  for (uint32_t i = 0; i < CORES; i++) {
    vms_head head;
    if (s->heads[i] == 0) continue;
    assert_int_equal(vms_core_head(vms_journal_core(journal, i), &head, NULL), VMS_OK);
    assert_true(head.length >= s->heads[i]);
  }
  s->moments[s->acknowledged = 0] = now;
  s->count = 1;
}

/* One life; returns 1 if the power was cut in it. */
static unsigned live(story *s) {
  vms_journal *journal = NULL;
  uint64_t end = draw(s, 8); /* 0: killed, 1: closed in order, else the power is cut */
  bool on = true;
  s->m.journal.operations = 0;
  if (end > 1) s->m.journal.power_cut_at = 1 + draw(s, 36);
  if (s->life == 0) on = create(&journal, &s->m) == VMS_OK;
  else on = reopen(&journal, &s->m, 0, true, NULL) == VMS_OK;
  if (on && s->life == 0) s->moments[0] = look(journal);
  if (on) s->count = VMS__MAX(s->count, 1);
  for (unsigned i = 0; on && i < LIFE_COMMITS && s->count < MOMENTS_MAX; i++) on = commit_one(s, journal);
  if (journal != NULL && end == 0) journal->broken = true;
  vms_journal_close(journal);
  s->life++;
  if (end <= 1 || s->m.journal.operations < s->m.journal.power_cut_at) {
    s->m.journal.power_cut_at = 0;
    return 0;
  }
  machine_restart(&s->m, sim_random(&s->random));
  return 1;
}

static void many_lives_and_cuts_lose_nothing_that_was_acknowledged(void **state) {
  const char *text = getenv("CUTS");
  uint64_t wanted = text == NULL ? 2200 : strtoull(text, NULL, 10), cuts = 0, base = sim_seed(), restarts = 0;
  story *s = malloc(sizeof *s);
  (void)state;
  assert_non_null(s);
  for (uint64_t n = 0; cuts < wanted; n++) {
    memset(s, 0, sizeof *s);
    machine_init(&s->m, n % 4 != 0);
    s->random = base * 1000003 + n;
    s->uniform = n % 8 >= 4;
    while (s->life < LIVES) {
      vms_journal *journal;
      cuts += live(s);
      if (s->count == 0) break; /* cut before there was a journal */
      open_again(&journal, &s->m, "life", n, s->life);
      find_moment(s, journal);
      journal->broken = draw(s, 2) == 0; /* or closed in order */
      vms_journal_close(journal);
      restarts++;
    }
    machine_deinit(&s->m);
  }
  print_message("%u power cuts, %u restarts\n", (unsigned)cuts, (unsigned)restarts);
  free(s);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(acknowledged_commits_survive_a_power_cut_anywhere),
    cmocka_unit_test(commits_that_were_not_synced_may_vanish_but_never_look_damaged),
    cmocka_unit_test(a_killed_writers_frames_are_synced_before_others_build_on_them),
    cmocka_unit_test(many_lives_and_cuts_lose_nothing_that_was_acknowledged),
  };
  sim_keys(seed, manifests);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
