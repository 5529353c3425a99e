/* SPDX-License-Identifier: MIT */
/* Goal: an auditor whose power goes at any moment of a download keeps every head that it was told is kept, and the next download into the same
 * store ends well. Method: two downloads into one store on a simulated file system, the second of a service that went on, ended at the
 * n-th change of the disk for every n; what was not durable is lost, kept or torn by seed; then the same download again. */
#include "test/support/fake_host.h"
#include "test/support/sim_fs.h"
#include "test/support/world.h"

#include "lib/net/internal.h"

#define DIR "/home/auditor/copies"
#define TEARINGS 2u

typedef struct stage {
  world w;
  fake_host host;
  vms_storage early_storage;
  vms_journal *early, *late; /* the service at two moments */
  char journal[256];
} stage;

/* The journal as it stands, on a storage of its own. */
static vms_journal *snapshot(stage *s, vms_storage *storage) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  vms_buffer bytes = VMS_BUFFER_INIT;
  uint64_t len;
  size_t got;
  assert_ok(s->w.storage.length(s->w.storage.context, &len, NULL));
  assert_ok(vms__buf_reserve(&bytes, (size_t)len));
  assert_ok(s->w.storage.read(s->w.storage.context, 0, bytes.data, (size_t)len, &got, NULL));
  assert_ok(vms_memory_open(storage, NULL, NULL));
  assert_ok(storage->write(storage->context, 0, bytes.data, got, NULL));
  vms_buffer_free(&bytes);
  options.flags = VMS_JOURNAL_READ_ONLY;
  assert_ok(vms_journal_open(&journal, storage, &options, NULL));
  return journal;
}

static void work(stage *s, const char *params) {
  for (int i = 0; i < 2; i++) world_call(&s->w, 1, "write", params);
  world_commit(&s->w);
}

static int setup(void **state) {
  static stage s;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_buffer path = VMS_BUFFER_INIT;
  uint8_t key[VMS_KEY_LEN];
  memset(&s, 0, sizeof s);
  world_init(&s.w);
  world_deploy(&s.w, "const text = '0123456789'.repeat(250000); exports.write = n => System.files.writeFile('/a', text.slice(0, n))\n");
  work(&s, "[10]");
  s.early = snapshot(&s, &s.early_storage);
  work(&s, "[2500000]"); /* 5 MB: more than one write of a download */
  options.flags = VMS_JOURNAL_READ_ONLY;
  assert_ok(vms_journal_open(&s.late, &s.w.storage, &options, NULL));
  vms_core_key(vms_journal_core(s.late, VMS_CORE_LEDGER), key);
  assert_ok(vms__buf_text(&path, DIR "/services/"));
  assert_ok(vms__buf_hex(&path, key, sizeof key));
  snprintf(s.journal, sizeof s.journal, "%s/journal", path.data);
  vms_buffer_free(&path);
  *state = &s;
  return fake_host_start(&s.host);
}

static int teardown(void **state) {
  stage *s = *state;
  fake_host_stop(&s->host);
  vms_journal_close(s->early);
  vms_journal_close(s->late);
  vms_memory_close(&s->early_storage);
  world_deinit(&s->w);
  return 0;
}

/* One run of vms-audit --store: true if it ended well. */
static bool keep(stage *s, sim_fs *sim, vms_journal *served) {
  vms_download_options options = VMS_DOWNLOAD_OPTIONS_INIT;
  vms_audit_options audit = VMS_AUDIT_OPTIONS_INIT;
  vms_client *client;
  vms_copy *copy = NULL;
  vms_verdict verdict;
  int status = vms__folder_open_on(&sim->fs, &options.store, DIR, 0, &s->w.error);
  if (status != VMS_OK) return false;
  s->host.heads = s->host.blocks = served;
  vms_verdict_init(&verdict, NULL);
  assert_ok(vms_client_open(&client, s->host.url, NULL, NULL));
  status = vms_download(&copy, client, &options, &audit, &verdict, &s->w.error);
  if (verdict.kind.len > 0) fail_msg("a verdict: %s: %s", verdict.kind.data, verdict.message.data);
  for (uint32_t i = 0; status == VMS_OK && i < VMS_CORE_COUNT; i++)
    assert_int_equal(vms_core_length(vms_journal_core(vms_copy_journal(copy), i)), vms_core_length(vms_journal_core(served, i)));
  vms_verdict_free(&verdict);
  vms_copy_close(copy);
  vms_client_close(client);
  vms_folder_close(options.store);
  return status == VMS_OK;
}

/* Length of the ledger's head in the store; 0 if there is none. */
static uint64_t kept_length(stage *s, sim_fs *sim) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_storage storage;
  vms_journal *journal = NULL;
  vms_head head = { .length = 0 };
  options.flags = VMS_JOURNAL_READ_ONLY;
  if (vms__os_file_open(&sim->fs, &storage, s->journal, VMS__OS_READ_ONLY, NULL) != VMS_OK) return 0;
  if (vms_journal_open(&journal, &storage, &options, NULL) == VMS_OK && vms_core_head(vms_journal_core(journal, VMS_CORE_LEDGER), &head, NULL) != VMS_OK) head.length = 0;
  vms_journal_close(journal);
  vms_file_close(&storage);
  return head.length;
}

static void a_store_survives_a_power_cut_at_every_change(void **state) {
  stage *s = *state;
  uint64_t seed = sim_seed(), cuts = 0;
  bool more = true;
  for (uint64_t cut = 1; more; cut++)
    for (uint64_t tearing = 0; tearing < TEARINGS; tearing++, cuts++) {
      sim_fs sim;
      uint64_t promised = 0;
      sim_fs_init(&sim);
      sim.power_cut_at = cut;
      if (keep(s, &sim, s->early)) promised = vms_core_length(vms_journal_core(s->early, VMS_CORE_LEDGER));
      if (promised > 0 && keep(s, &sim, s->late)) promised = vms_core_length(vms_journal_core(s->late, VMS_CORE_LEDGER));
      more = sim.dead;
      sim_fs_restart(&sim, tearing == 0 ? SIM_LOSE_ALL : seed + 1000 * cut + tearing);
      if (kept_length(s, &sim) < promised) fail_msg("cut %d, tearing %d: a head of length %d is gone", (int)cut, (int)tearing, (int)promised);
      if (!keep(s, &sim, s->late)) fail_msg("cut %d, tearing %d: %s", (int)cut, (int)tearing, s->w.error.message);
      sim_fs_deinit(&sim);
    }
  printf("%d power cuts\n", (int)cuts);
  assert_true(cuts > 60);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(a_store_survives_a_power_cut_at_every_change, setup, teardown) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
