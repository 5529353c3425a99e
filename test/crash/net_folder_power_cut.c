/* SPDX-License-Identifier: MIT */
/* Goal: a host whose power goes, whose process dies or whose disk is full or broken at any moment loses nothing that it
 * acknowledged, and nothing half-made hinders the next start. Method: a fixed history (two deployments, calls, a restart) on a
 * simulated file system, ended at its n-th operation for every n; what was not durable is kept, lost or torn by seed; then the
 * folder is opened again, compared with what was acknowledged, used, cut again, and compared again. */
#include "test/support/test.h"

#include <errno.h>

#include "lib/net/internal.h"
#include "test/support/sim_fs.h"

#define DIR "/srv/vms/data"
#define TEARINGS 10u

static const char code[] = "let n=0;exports.add=async()=>{await System.files.writeFile('/n',String(++n));return n}";

/* What somebody was told about one service. */
typedef struct promise {
  const char *mount;
  bool deployed;
  char ledger[2 * VMS_KEY_LEN + 1], archive[2 * VMS_KEY_LEN + 1];
  uint64_t lengths[VMS_CORE_COUNT];
  vms_buffer blocks[VMS_CORE_COUNT]; /* as JSON */
} promise;

#define MOUNTS 2u
typedef struct promises { promise at[MOUNTS]; } promises;

typedef struct machine {
  sim_fs sim;
  vms_env env;
  uint64_t random, now_ms;
} machine;

/* --- the host's side ------------------------------------------------------------------------------------ */

static uint64_t now(void *context) { return ++((machine *)context)->now_ms; }

static int entropy(void *context, void *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) ((uint8_t *)bytes)[i] = (uint8_t)sim_random(&((machine *)context)->random);
  return VMS_OK;
}

static void machine_init(machine *m) {
  sim_fs_init(&m->sim);
  m->env = (vms_env){ sizeof m->env, 0, m, NULL, now, entropy };
  m->random = 1;
  m->now_ms = UINT64_C(1700000000000);
}

static void machine_copy(machine *copy, const machine *m) {
  machine_init(copy);
  sim_fs_deinit(&copy->sim);
  sim_fs_copy(&copy->sim, &m->sim);
  copy->random = m->random + 1;
  copy->now_ms = m->now_ms;
}

static vms_service_options options_of(machine *m) {
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  options.env = &m->env;
  options.flags = VMS_SERVICE_ANONYMOUS;
  return options;
}

static void promises_init(promises *all) {
  memset(all, 0, sizeof *all);
  all->at[0].mount = "/";
  all->at[1].mount = "/bob/b";
}

static void promises_free(promises *all) {
  for (size_t i = 0; i < MOUNTS; i++)
    for (size_t core = 0; core < VMS_CORE_COUNT; core++) vms_buffer_free(&all->at[i].blocks[core]);
}

static void promises_copy(promises *copy, const promises *all) {
  *copy = *all;
  for (size_t i = 0; i < MOUNTS; i++)
    for (size_t core = 0; core < VMS_CORE_COUNT; core++) {
      const vms_buffer *from = &all->at[i].blocks[core];
      vms_buffer *to = &copy->at[i].blocks[core];
      vms_buffer_init(to, NULL);
      assert_ok(vms_buffer_append(to, from->data, from->len));
    }
}

/* Length of a core and its first `limit` blocks, as the host shows them to anybody. */
static uint64_t show(vms_service *service, int core, uint64_t limit, vms_buffer *blocks) {
  vms_buffer json = VMS_BUFFER_INIT;
  vms_slice part = { "", 0 }, digits;
  vms_head head = { 0 };
  int status = vms_service_head(service, core, &json, NULL);
  if (status == VMS_OK) assert_ok(vms_head_read(vms__buf_view(&json), &head, NULL));
  vms__buf_clear(&json);
  vms__buf_clear(blocks);
  if (VMS__MIN(limit, head.length) > 0) {
    assert_ok(vms_service_blocks(service, core, 0, VMS__MIN(limit, head.length), &json, NULL));
    assert_true(vms__json_member(vms__buf_view(&json), "blocks", &part));
    assert_true(vms__json_member(vms__buf_view(&json), "to", &digits));
    assert_int_equal(strtoull(digits.data, NULL, 10), VMS__MIN(limit, head.length)); /* all on one page */
  }
  assert_ok(vms__buf_slice(blocks, part));
  vms_buffer_free(&json);
  return head.length;
}

/* Everything that is durable now is shown to the world, which remembers it whatever becomes of the host. */
static void note(machine *m, promise *p, const vms__deployed *deployed) {
  bool dead = m->sim.dead;
  uint64_t operations = m->sim.operations, fail_at = m->sim.fail_at, cut = m->sim.power_cut_at;
  m->sim.dead = false;
  m->sim.fail_at = m->sim.power_cut_at = 0;
  p->deployed = true;
  memcpy(p->ledger, deployed->ledger, sizeof p->ledger);
  memcpy(p->archive, deployed->archive, sizeof p->archive);
  for (int core = 0; core < VMS_CORE_COUNT; core++) p->lengths[core] = show(deployed->service, core, UINT64_MAX, &p->blocks[core]);
  m->sim.dead = dead;
  m->sim.operations = operations;
  m->sim.fail_at = fail_at;
  m->sim.power_cut_at = cut;
}

static int call(machine *m, vms__deployed *deployed, promise *p, vms_error *error) {
  static const vms_slice nobody = { NULL, 0 };
  vms_outcome outcome;
  int status;
  vms_outcome_init(&outcome, NULL);
  status = vms_service_call_unsigned(deployed->service, nobody, VMS__TEXT("add"), VMS__TEXT("[]"), &outcome);
  if (status == VMS_OK && outcome.kind != VMS_OUTCOME_RESULT) status = vms__fail(error, VMS_ERR_IO, 0, "%s", outcome.message.data);
  if (status == VMS_OK) status = vms_service_commit(deployed->service, VMS_COMMIT_SIGN, error);
  if (status == VMS_ERR_FULL) status = vms_service_commit(deployed->service, VMS_COMMIT_SIGN, error); /* a host tries again */
  if (status == VMS_OK) note(m, p, deployed);
  vms_outcome_free(&outcome);
  return status;
}

/* Opens the service at a mount, or deploys it; then some calls. */
static int serve(machine *m, vms_folder *folder, promise *p, unsigned calls, vms_error *error) {
  static const vms_slice text = { code, sizeof code - 1 };
  vms_service_options options = options_of(m);
  vms__deployed deployed;
  size_t index = vms__folder_find(folder, p->mount);
  int status = index == SIZE_MAX ? vms__deployed_make(&deployed, folder, p->mount, text, &options, NULL, error)
                                 : vms__deployed_open(&deployed, folder, index, &text, &options, error);
  if (status != VMS_OK) return status;
  note(m, p, &deployed);
  for (; calls > 0 && status == VMS_OK; calls--) status = call(m, &deployed, p, error);
  vms__deployed_close(&deployed);
  return status;
}

/* One life of a host. */
static int live(machine *m, promises *all, unsigned mounts, unsigned calls, vms_error *error) {
  vms_folder *folder;
  int status = vms__folder_open_on(&m->sim.fs, &folder, DIR, 0, error);
  for (size_t i = 0; i < mounts && status == VMS_OK; i++) status = serve(m, folder, &all->at[i], calls, error);
  vms_folder_close(folder);
  return status;
}

/* The history; ends at the first failure. */
static int history(machine *m, promises *all, vms_error *error) {
  int status = live(m, all, 1, 2, error);
  return status == VMS_OK ? live(m, all, 2, 1, error) : status;
}

/* --- the world's side --------------------------------------------------------------------------------------- */

static void expect_kept(machine *m, const vms_folder *folder, const promise *p) {
  vms_service_options options = options_of(m);
  vms_buffer blocks = VMS_BUFFER_INIT;
  vms__deployed deployed;
  vms_error error = { 0 };
  size_t index = vms__folder_find(folder, p->mount);
  if (index == SIZE_MAX) {
    assert_false(p->deployed);
    return;
  }
  if (vms__deployed_open(&deployed, folder, index, NULL, &options, &error) != VMS_OK) fail_msg("%s: %s", p->mount, error.message);
  if (p->deployed) {
    assert_string_equal(deployed.ledger, p->ledger);
    assert_string_equal(deployed.archive, p->archive);
  }
  for (int core = 0; core < VMS_CORE_COUNT && p->deployed; core++) {
    assert_true(show(deployed.service, core, p->lengths[core], &blocks) >= p->lengths[core]);
    assert_int_equal(blocks.len, p->blocks[core].len);
    if (blocks.len > 0) assert_memory_equal(blocks.data, p->blocks[core].data, blocks.len);
  }
  vms_buffer_free(&blocks);
  vms__deployed_close(&deployed);
}

static size_t names_in(machine *m, const char *path, vms_buffer *names) {
  size_t count = 0;
  vms__buf_clear(names);
  if (m->sim.fs.list(&m->sim, path, names) != 0) return 0;
  for (size_t i = 0; i < names->len; i++) count += names->data[i] == 0;
  return count;
}

/* Nothing half-made is left beside what services.json names. */
static void expect_tidy(machine *m, const vms_folder *folder) {
  vms_buffer names = VMS_BUFFER_INIT, path = VMS_BUFFER_INIT;
  assert_false(vms__os_exists(&m->sim.fs, DIR "/services.json.new"));
  assert_int_equal(names_in(m, DIR "/services", &names), vms_folder_count(folder));
  for (size_t i = 0; i < vms_folder_count(folder); i++) {
    vms__buf_clear(&path);
    assert_ok(vms__folder_path(folder, vms_folder_at(folder, i).key, "new", &path, NULL));
    assert_false(vms__os_exists(&m->sim.fs, path.data));
  }
  vms_buffer_free(&path);
  vms_buffer_free(&names);
}

/* A start finds all that was promised. */
static void expect_start(machine *m, const promises *all) {
  vms_folder *folder;
  vms_error error = { 0 };
  if (vms__folder_open_on(&m->sim.fs, &folder, DIR, 0, &error) != VMS_OK) fail_msg("%s", error.message);
  expect_tidy(m, folder);
  for (size_t i = 0; i < MOUNTS; i++) expect_kept(m, folder, &all->at[i]);
  vms_folder_close(folder);
}

/* ... and a whole new life goes well, whose promises survive the worst of all power cuts. */
static void expect_life(machine *m, promises *all) {
  vms_error error = { 0 };
  if (live(m, all, MOUNTS, 1, &error) != VMS_OK) fail_msg("%s", error.message);
  sim_fs_restart(&m->sim, SIM_LOSE_ALL);
  expect_start(m, all);
}

/* What a run that ended left behind, and what somebody may do with it. */
enum { POWER_CUT, KILLED };

static void expect_recovery(const machine *m, const promises *all, int end, uint64_t seed, bool whole_life) {
  machine copy;
  promises kept;
  machine_copy(&copy, m);
  promises_copy(&kept, all);
  if (end == POWER_CUT) sim_fs_restart(&copy.sim, seed);
  else sim_fs_kill(&copy.sim);
  if (!whole_life) { /* the power goes again while the next host tidies up */
    vms_folder *folder;
    copy.sim.power_cut_at = seed % 8 + 1;
    (void)vms__folder_open_on(&copy.sim.fs, &folder, DIR, 0, NULL);
    vms_folder_close(folder);
    sim_fs_restart(&copy.sim, seed + 1);
    expect_start(&copy, &kept);
  } else {
    expect_life(&copy, &kept);
  }
  promises_free(&kept);
  sim_fs_deinit(&copy.sim);
}

/* --- the tests ------------------------------------------------------------------------------------------------ */

static uint64_t changes_of_history(uint64_t *operations) {
  machine m;
  promises all;
  uint64_t changes;
  machine_init(&m);
  promises_init(&all);
  assert_ok(history(&m, &all, NULL));
  changes = m.sim.changes;
  if (operations != NULL) *operations = m.sim.operations;
  assert_int_equal(all.at[0].lengths[VMS_CORE_LEDGER], 2 + 2 + 2); /* init and start, two calls, a start and a call */
  assert_int_equal(all.at[1].lengths[VMS_CORE_LEDGER], 2 + 1);
  promises_free(&all);
  sim_fs_deinit(&m.sim);
  return changes;
}

/* Runs the history until the power goes at change number `cut`. */
static void run_to(machine *m, promises *all, uint64_t cut, uint64_t changes) {
  machine_init(m);
  promises_init(all);
  m->sim.power_cut_at = cut;
  assert_true(history(m, all, NULL) == VMS_OK || cut <= changes);
}

static void a_power_cut_anywhere_loses_nothing_that_was_acknowledged(void **state) {
  uint64_t changes = changes_of_history(NULL), base = sim_seed(), cuts = 0;
  (void)state;
  for (uint64_t cut = 1; cut <= changes + 1; cut++) {
    machine m;
    promises all;
    run_to(&m, &all, cut, changes);
    for (uint64_t tearing = 0; tearing < TEARINGS; tearing++, cuts++)
      expect_recovery(&m, &all, POWER_CUT, tearing == 0 ? SIM_LOSE_ALL : base + cut * 1000 + tearing, tearing % 4 < 2);
    promises_free(&all);
    sim_fs_deinit(&m.sim);
  }
  print_message("%llu power cuts, %llu operations\n", (unsigned long long)cuts, (unsigned long long)changes);
  assert_true(cuts >= 1000);
}

static void a_host_that_is_killed_anywhere_is_followed_by_one_that_makes_all_durable(void **state) {
  uint64_t changes = changes_of_history(NULL);
  (void)state;
  for (uint64_t cut = 1; cut <= changes + 1; cut++) {
    machine m;
    promises all;
    run_to(&m, &all, cut, changes);
    expect_recovery(&m, &all, KILLED, 0, true);
    promises_free(&all);
    sim_fs_deinit(&m.sim);
  }
}

/* Runs the history with errors from operation `at` on. */
static void fail_from(uint64_t at, uint64_t count, int number, uint64_t seed) {
  machine m;
  promises all;
  vms_error error = { 0 };
  machine_init(&m);
  promises_init(&all);
  m.sim.fail_at = at;
  m.sim.fail_count = count;
  m.sim.fail_errno = number;
  m.sim.drops = true;
  int status = history(&m, &all, &error);
  if (status != VMS_OK) {
    assert_true(status == VMS_ERR_IO || status == VMS_ERR_FULL || status == VMS_ERR_LOCKED || status == VMS_ERR_NOT_FOUND);
    assert_int_equal(error.status, status);
    assert_true(strlen(error.message) > 10);
    if (number == ENOSPC) assert_non_null(strstr(error.message, "no space left"));
  }
  if (number == EINTR) assert_ok(status);
  else if ((at + (count == 1)) % 2 == 0) expect_recovery(&m, &all, KILLED, 0, true);
  else expect_recovery(&m, &all, POWER_CUT, seed, true);
  promises_free(&all);
  sim_fs_deinit(&m.sim);
}

static void fail_everywhere(int number) {
  uint64_t operations, base = sim_seed();
  (void)changes_of_history(&operations);
  for (uint64_t at = 1; at <= operations; at++) {
    fail_from(at, 1, number, base + at);
    if (number != EINTR) fail_from(at, UINT64_MAX, number, base + at);
  }
}

static void a_full_disk_anywhere_is_an_error_and_leaves_nothing_half_made(void **state) {
  (void)state;
  fail_everywhere(ENOSPC);
}

static void a_broken_disk_anywhere_is_an_error_and_leaves_nothing_half_made(void **state) {
  (void)state;
  fail_everywhere(EIO);
}

static void signals_and_short_writes_anywhere_do_not_show(void **state) {
  machine m;
  promises all;
  vms_error error = { 0 };
  (void)state;
  fail_everywhere(EINTR);
  machine_init(&m);
  promises_init(&all);
  m.sim.piece_len = 7;
  if (history(&m, &all, &error) != VMS_OK) fail_msg("%s", error.message);
  sim_fs_restart(&m.sim, SIM_LOSE_ALL);
  expect_start(&m, &all);
  promises_free(&all);
  sim_fs_deinit(&m.sim);
}

/* --- a store of copies: a data folder without secrets -------------------------------------------------------- */

/* Opens the copy of a ledger, or begins it, and appends a block. *length: what it held, and then what is durable. */
static int store(machine *m, uint64_t *length, vms_error *error) {
  static const uint8_t seed[VMS_SEED_LEN] = { 7 };
  uint8_t manifest[1][VMS_MANIFEST_LEN], key[VMS_KEY_LEN];
  vms_buffer digits = VMS_BUFFER_INIT;
  vms_folder *folder;
  vms_copy *copy = NULL;
  vms_key_public(seed, key);
  vms_manifest_default(key, manifest[0]);
  vms_manifest_key(manifest[0], key);
  assert_ok(vms__buf_hex(&digits, key, sizeof key));
  int status = vms__folder_open_on(&m->sim.fs, &folder, DIR, 0, error);
  if (status == VMS_OK) expect_tidy(m, folder);
  if (status == VMS_OK) status = vms__copy_store(&copy, folder, "/", digits.data, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, &m->env, error);
  if (status == VMS_OK) {
    vms_journal *journal = vms_copy_journal(copy);
    vms_core *core = vms_journal_core(journal, 0);
    assert_true(vms_core_length(core) >= *length);
    *length = vms_core_length(core);
    assert_ok(vms_journal_signer(journal, 0, seed, NULL));
    assert_ok(vms_core_append(core, "block", 5, NULL, NULL));
    status = vms_journal_commit(journal, VMS_COMMIT_SIGN, error);
    if (status == VMS_OK) ++*length;
  }
  vms_copy_close(copy);
  vms_folder_close(folder);
  vms_buffer_free(&digits);
  return status;
}

static void a_store_whose_power_is_cut_anywhere_is_taken_up_again(void **state) {
  uint64_t base = sim_seed(), cuts = 0;
  bool whole = false;
  (void)state;
  for (uint64_t cut = 1; !whole; cut++)
    for (uint64_t tearing = 0; tearing < TEARINGS; tearing++, cuts++) {
      machine m;
      uint64_t length = 0;
      vms_error error = { 0 };
      machine_init(&m);
      m.sim.power_cut_at = cut;
      whole = store(&m, &length, NULL) == VMS_OK && store(&m, &length, NULL) == VMS_OK && !m.sim.dead;
      for (unsigned life = 0; life < 2; life++) {
        sim_fs_restart(&m.sim, tearing == 0 || life == 1 ? SIM_LOSE_ALL : base + cut * 1000 + tearing);
        if (store(&m, &length, &error) != VMS_OK) fail_msg("cut %u, tearing %u: %s", (unsigned)cut, (unsigned)tearing, error.message);
      }
      sim_fs_deinit(&m.sim);
    }
  print_message("%llu power cuts\n", (unsigned long long)cuts);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_power_cut_anywhere_loses_nothing_that_was_acknowledged),
    cmocka_unit_test(a_host_that_is_killed_anywhere_is_followed_by_one_that_makes_all_durable),
    cmocka_unit_test(a_full_disk_anywhere_is_an_error_and_leaves_nothing_half_made),
    cmocka_unit_test(a_broken_disk_anywhere_is_an_error_and_leaves_nothing_half_made),
    cmocka_unit_test(signals_and_short_writes_anywhere_do_not_show),
    cmocka_unit_test(a_store_whose_power_is_cut_anywhere_is_taken_up_again),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
