/* SPDX-License-Identifier: MIT */
/* Goal: a call that changes many files has happened or has not, whenever the power goes or the disk is full: after a restart the files
 * are exactly those behind some call, no earlier one than the last that was acknowledged; the audit passes and the calls that are missing
 * go on as if nothing had been.
 * Method: a fixed history of calls, on a simulated disk, its files noted after each; then the same history cut at every write and sync,
 * and with a disk that is full at every so many bytes, frames torn in several ways, and several cuts one after the other. */
#include "test/support/storage.h"
#include "test/support/world.h"

#define CALLS 16u
#define TEARINGS 6u  /* ways in which one cut may tear the disk */
#define LIVES 4u     /* of one service, each ended by a cut */
#define FULL_STEPS 60u /* sizes of the disk that are tried */
#define TIME UINT64_C(1700000000000)

static const char code[] =
  "const f = System.files, body = (n, size) => ('<' + n + '>').repeat(Math.ceil(size / 3)).slice(0, size)\n"
  "const bytes = (n, size) => { const b = new Uint8Array(size); for (let i = 0; i < size; i += 97) b[i] = n + i; return b }\n"
  "const calls = [\n"
  "  async n => { if (n > 0) await f.rmdir('/d', { recursive: true }); await f.mkdir('/d'); await f.mkdir('/d/e'); await f.writeFile('/d/e/one', body(n, 700)); await f.writeFile('/d/two', '') },\n"
  "  async n => { await f.writeFile('/big', body(n, 200000)); await f.writeFile('/small', body(n, 11)); await f.unlink('/d/two') },\n"
  "  async n => { for (let i = 0; i < 40; i++) await f.writeFile('/d/f' + i, body(i, i * 37)) },\n"
  "  async n => { await f.writeFile('/big', body(n, 65536)); await f.writeFile('/d/f7', body(n, 65537)); throw new Error('no') },\n"
  "  async n => { await f.writeFile('/big', bytes(n, 131072)); await f.rmdir('/d', { recursive: true }); await f.writeFile('/d', 'a file now') },\n"
  "  async n => { for (let i = 0; ; i++) await f.writeFile('/much', body(n, 100000)) },\n" /* aborted */
  "  async n => { await f.unlink('/d'); await f.mkdir('/d'); for (let i = 0; i < 9; i++) await f.writeFile('/d/' + i, bytes(n, 9000)); await f.unlink('/small') },\n"
  "  async n => { if (n > 8) await f.rmdir('/moved', { recursive: true }); await f.copy('/d', '/copy'); await f.rename('/d', '/moved')\n"
  "    await f.mkdir('/d'); await f.rename('/moved/7', '/d/seven'); await f.copy('/copy/8', '/copy/again') },\n"
  "]\n"
  "exports.step = async n => { await calls[n % calls.length](n) ; return n }\n"
  "exports.init = async () => { await f.writeFile('/small', 'first'); await f.mkdir('/d'); await f.rmdir('/d') }\n";

/* How everything was behind a call. */
typedef struct moment { vms_archive_state state; vms_buffer files; uint32_t kind; } moment;

static moment moments[CALLS + 1];

typedef struct machine {
  world w;
  sim_disk disk, index; /* behind one plug */
  unsigned applied, acknowledged; /* calls */
} machine;

static void machine_init(machine *m) {
  memset(m, 0, sizeof *m);
  world_init(&m->w);
  vms_memory_close(&m->w.storage);
  sim_disk_init(&m->disk);
  sim_disk_init(&m->index);
  m->index.mains = &m->disk;
  m->w.storage = m->disk.storage;
  m->w.options.index = &m->index.storage;
  m->w.options.flags = VMS_SERVICE_ANONYMOUS;
  m->w.options.epoch = 5;
  m->w.options.limits.files_call = 600000;
}

static void machine_deinit(machine *m) {
  vms_service_close(m->w.service);
  m->w.service = NULL;
  sim_disk_deinit(&m->disk);
  sim_disk_deinit(&m->index);
  assert_ok(vms_memory_open(&m->w.storage, NULL, NULL));
  world_deinit(&m->w);
}

static void deploy(machine *m) {
  machine_init(m);
  m->w.now_ms = TIME - 1;
  world_deploy(&m->w, code);
}

/* Another machine that finds this one's disk. */
static void machine_copy(machine *copy, const machine *m) {
  machine_init(copy);
  sim_disk_copy(&copy->disk, &m->disk);
  sim_disk_copy(&copy->index, &m->index);
  copy->applied = m->applied;
  copy->acknowledged = m->acknowledged;
}

/* --- looking --------------------------------------------------------------------------------------------- */

static void file_call(machine *m, const char *method, const char *params, vms_file_reply *reply) {
  vms_file_request request = { SLICE(method), SLICE(params), { NULL, 0 }, 0, 0, 0 };
  memset(reply, 0, sizeof *reply);
  if (vms_service_file(m->w.service, &request, reply, &m->w.error) != VMS_OK) fail_msg("%s%s: %s", method, params, m->w.error.message);
  assert_int_not_equal(reply->kind, VMS_FILE_ERROR);
}

static void look_at(machine *m, vms_slice entry, vms_buffer *files, uint64_t *sum) {
  vms_slice name = { NULL, 0 }, stat = name, type = name, size = name;
  vms_buffer params = VMS_BUFFER_INIT;
  vms_file_reply content;
  assert_true(vms__json_member(entry, "name", &name) && vms__json_member(entry, "stat", &stat));
  assert_true(vms__json_member(stat, "type", &type) && vms__json_member(stat, "size", &size));
  *sum += strtoull(size.data, NULL, 10);
  if (!vms__slice_is(type, "\"file\"")) return;
  assert_ok(vms__buf_format(&params, "[%.*s,\"base64\"]", (int)name.len, name.data));
  file_call(m, "readFile", params.data, &content);
  assert_ok(vms__buf_slice(files, vms__buf_view(&content.body)));
  assert_ok(vms__buf_byte(files, '\n'));
  vms_buffer_free(&params);
  vms_buffer_free(&content.body);
}

/* All files as anybody sees them, whole; that the sum of their sizes is right is checked on the way. */
static void look(machine *m, vms_buffer *files) {
  vms_file_reply list, info;
  vms_slice entry;
  uint64_t sum = 0;
  char end[64];
  vms__buf_clear(files);
  file_call(m, "readdir", "[\"/\",{\"recursive\":true,\"stat\":true}]", &list);
  assert_ok(vms__buf_slice(files, vms__buf_view(&list.body)));
  for (size_t i = 0; vms__json_element(vms__buf_view(&list.body), i, &entry); i++) look_at(m, entry, files, &sum);
  file_call(m, "getInfo", "[]", &info);
  snprintf(end, sizeof end, "\"size\":%llu}", (unsigned long long)sum);
  assert_non_null(strstr(info.body.data, end));
  vms_buffer_free(&list.body);
  vms_buffer_free(&info.body);
}

static vms_archive_state state_of(machine *m) {
  vms_archive_state state;
  vms_archive *archive;
  memset(&state, 0, sizeof state);
  assert_ok(vms_archive_open(&archive, vms_service_core(m->w.service, VMS_CORE_ARCHIVE), vms_service_core(m->w.service, VMS_CORE_BLOBS), NULL, NULL));
  vms_archive_state_get(archive, &state);
  vms_archive_close(archive);
  return state;
}

/* Calls that stand in the ledger, `init` apart. */
static unsigned calls_recorded(machine *m) {
  vms_core *ledger = vms_service_core(m->w.service, VMS_CORE_LEDGER);
  unsigned calls = 0;
  for (uint64_t seq = 3; seq < vms_core_length(ledger); seq++) {
    vms_buffer block = VMS_BUFFER_INIT;
    assert_ok(vms_core_read(ledger, seq, &block, NULL));
    calls += strncmp(block.data, "{\"type\":\"call\"", 14) == 0;
    vms_buffer_free(&block);
  }
  return calls;
}

static void expect_files(machine *m, const moment *then) {
  vms_buffer files = VMS_BUFFER_INIT;
  look(m, &files);
  assert_int_equal(files.len, then->files.len);
  assert_memory_equal(files.data, then->files.data, files.len);
  vms_buffer_free(&files);
}

/* The files are those behind call number m->applied. */
static void expect_moment(machine *m) {
  vms_archive_state state = state_of(m);
  assert_memory_equal(&state, &moments[m->applied].state, sizeof state);
  expect_files(m, &moments[m->applied]);
}

/* --- living ----------------------------------------------------------------------------------------------- */

/* The next call. false if the machinery failed. */
static bool step(machine *m) {
  vms_buffer params = VMS_BUFFER_INIT;
  assert_ok(vms__buf_format(&params, "[%u]", m->applied));
  m->w.now_ms = TIME + m->applied;
  assert_ok(vms_service_call_unsigned(m->w.service, (vms_slice){ NULL, 0 }, SLICE("step"), vms__buf_view(&params), &m->w.outcome));
  vms_buffer_free(&params);
  if (m->w.outcome.code == VMS_CODE_STORAGE) return false;
  m->applied++;
  if (moments[m->applied].files.len > 0) assert_int_equal(m->w.outcome.kind, moments[m->applied].kind);
  return true;
}

static int commit(machine *m) {
  int status = vms_service_commit(m->w.service, VMS_COMMIT_SIGN, &m->w.error);
  if (status == VMS_OK) m->acknowledged = m->applied;
  return status;
}

/* Goes on until all is done or something fails; some calls share a commit. */
static int live(machine *m) {
  int status = VMS_OK;
  while (m->applied < CALLS && status == VMS_OK) {
    if (!step(m)) return VMS_ERR_IO;
    if (m->applied % 3 != 1 || m->applied == CALLS) status = commit(m);
  }
  return status;
}

/* Power comes back: what is found is some call's end, and none that was acknowledged is missing. */
static void restart(machine *m, uint64_t tearing) {
  unsigned applied = m->applied;
  vms_service_close(m->w.service);
  m->w.service = NULL;
  sim_disk_restart(&m->index, ~tearing);
  sim_disk_restart(&m->disk, tearing);
  world_restart(&m->w);
  m->applied = calls_recorded(m);
  assert_in_range(m->applied, m->acknowledged, applied);
  m->acknowledged = m->applied;
  expect_moment(m);
}

static void expect_rest_goes_well(machine *m) {
  if (live(m) != VMS_OK) fail_msg("call %u: %s", m->applied, m->w.error.message);
  m->applied = CALLS;
  expect_moment(m);
  if (strcmp(world_audit(&m->w, NULL), "") != 0) fail_msg("%s at record %llu", m->w.verdict.message.data, (unsigned long long)m->w.verdict.seq);
}

/* Nothing happens to the first run: it tells how it has to be. */
static uint64_t quiet_run(uint64_t *deployed, uint64_t *end) {
  machine m;
  deploy(&m);
  *deployed = m.disk.operations;
  *end = m.disk.len;
  for (;;) {
    moment *now = &moments[m.applied];
    assert_ok(commit(&m));
    now->state = state_of(&m);
    look(&m, &now->files);
    now->kind = m.w.outcome.kind;
    if (now->kind != VMS_OUTCOME_RESULT) expect_files(&m, now - 1); /* no trace */
    if (m.applied == CALLS) break;
    assert_true(step(&m));
    if (m.applied % 8 == 4) assert_int_equal(m.w.outcome.kind, VMS_OUTCOME_ERROR);
    else if (m.applied % 8 == 6) assert_string_equal(m.w.outcome.name.data, "files");
    else if (m.w.outcome.kind != VMS_OUTCOME_RESULT) fail_msg("call %u: %s", m.applied, world_outcome(&m.w));
  }
  machine_deinit(&m);
  deploy(&m);
  assert_ok(live(&m));
  uint64_t operations = m.disk.operations;
  machine_deinit(&m);
  return operations;
}

static void forget_all(void) {
  for (size_t i = 0; i <= CALLS; i++) {
    vms_buffer_free(&moments[i].files);
    memset(&moments[i], 0, sizeof moments[i]);
  }
}

/* --- tests ------------------------------------------------------------------------------------------------- */

static void a_power_cut_anywhere_leaves_the_files_of_some_call_and_none_that_was_acknowledged_is_lost(void **state) {
  uint64_t deployed, end, operations = quiet_run(&deployed, &end), base = sim_seed(), cuts = 0;
  (void)state;
  for (uint64_t cut = deployed + 1; cut <= operations + 1; cut++) {
    machine m;
    deploy(&m);
    m.disk.power_cut_at = cut;
    assert_true(live(&m) != VMS_OK || cut > operations);
    for (uint64_t tearing = 0; tearing < TEARINGS; tearing++, cuts++) {
      machine copy;
      machine_copy(&copy, &m);
      restart(&copy, tearing == 0 ? SIM_DISK_LOSE_ALL : base + cut * 1000 + tearing);
      if (tearing % 3 == 1) expect_rest_goes_well(&copy);
      machine_deinit(&copy);
    }
    machine_deinit(&m);
  }
  print_message("%llu power cuts at %llu operations\n", (unsigned long long)cuts, (unsigned long long)(operations - deployed));
  forget_all();
}

/* One call's frame holds contents, entries and record: of every beginning of it that reaches the disk, only the whole of it counts. */
static void a_frame_that_ends_anywhere_is_no_call(void **state) {
  uint64_t deployed, end, seed = sim_seed();
  (void)state;
  (void)quiet_run(&deployed, &end);
  for (unsigned call = 4; call < 6; call++) { /* many files; one that throws */
    machine m, copy;
    deploy(&m);
    while (m.applied + 1 < call) assert_true(step(&m));
    assert_ok(commit(&m));
    sim_disk before;
    sim_disk_init(&before);
    sim_disk_copy(&before, &m.disk);
    assert_true(step(&m));
    assert_ok(commit(&m));
    size_t first = 0, last = m.disk.len;
    while (first < before.len && before.bytes[first] == m.disk.bytes[first]) first++;
    while (last > 0 && last <= before.len && before.bytes[last - 1] == m.disk.bytes[last - 1]) last--;
    while (last > before.len && m.disk.bytes[last - 1] == 0) last--;
    for (size_t at = first; at <= last; at += VMS__MIN(1 + (last - first) / 150, at < last ? last - at : 1)) {
      machine_copy(&copy, &m);
      copy.acknowledged = at == last ? m.applied : m.applied - 1;
      sim_disk_load(&copy.disk, m.disk.bytes, m.disk.len);
      memset(copy.disk.bytes + at, 0, copy.disk.len - at);
      if (at < before.len) memcpy(copy.disk.bytes + at, before.bytes + at, before.len - at);
      assert_ok(copy.disk.storage.sync(&copy.disk, NULL));
      copy.applied = copy.acknowledged;
      restart(&copy, seed);
      machine_deinit(&copy);
    }
    sim_disk_deinit(&before);
    machine_deinit(&m);
  }
  forget_all();
}

static void power_cuts_one_after_the_other_do_no_more(void **state) {
  uint64_t deployed, end, operations = quiet_run(&deployed, &end), random = sim_seed();
  (void)state;
  for (unsigned round = 0; round < 40; round++) {
    machine m;
    deploy(&m);
    for (unsigned life = 0; life < LIVES; life++) {
      m.disk.power_cut_at = m.disk.operations + 1 + sim_random(&random) % (operations - deployed);
      (void)live(&m);
      restart(&m, sim_random(&random));
    }
    expect_rest_goes_well(&m);
    machine_deinit(&m);
  }
  forget_all();
}

/* The disk has no room for what was done: nobody was told of it and nobody sees it. */
static void expect_full(machine *m) {
  unsigned applied = m->applied;
  assert_int_equal(m->w.error.status, VMS_ERR_FULL);
  assert_true(strlen(m->w.error.message) > 10);
  expect_files(m, &moments[m->acknowledged]);
  assert_int_equal(commit(m), VMS_ERR_FULL); /* trying again does no harm */
  if (applied < CALLS) assert_true(step(m)); /* nor do more calls */
  assert_int_equal(commit(m), VMS_ERR_FULL);
  expect_files(m, &moments[m->acknowledged]);
}

static void full_at(uint64_t room, uint64_t seed) {
  machine m, copy;
  int status;
  deploy(&m);
  m.disk.full_at = room;
  status = live(&m);
  if (status == VMS_OK) {
    machine_deinit(&m);
    return;
  }
  assert_int_equal(status, VMS_ERR_FULL);
  expect_full(&m);
  machine_copy(&copy, &m);
  m.disk.full_at = 0; /* somebody makes room */
  assert_ok(commit(&m));
  expect_moment(&m);
  expect_rest_goes_well(&m);
  machine_deinit(&m);
  restart(&copy, seed); /* or somebody loses patience first: the disk is full still */
  copy.disk.full_at = room;
  status = live(&copy);
  assert_true(status == VMS_ERR_FULL || status == VMS_OK);
  expect_files(&copy, &moments[copy.acknowledged]);
  copy.disk.full_at = 0;
  assert_ok(commit(&copy));
  expect_rest_goes_well(&copy);
  machine_deinit(&copy);
}

static void a_disk_that_is_full_anywhere_is_an_error_and_room_is_all_that_is_needed(void **state) {
  uint64_t deployed, end, seed = sim_seed();
  machine m;
  (void)state;
  (void)quiet_run(&deployed, &end);
  deploy(&m);
  assert_ok(live(&m));
  uint64_t last = m.disk.len;
  machine_deinit(&m);
  for (uint64_t i = 0; i <= FULL_STEPS; i++) full_at(end + (last - end) * i / FULL_STEPS + i * 8 % 101, seed + i);
  forget_all();
}

/* --- quotas ---------------------------------------------------------------------------------------------------- */

static const char greedy[] =
  "exports.one = async (path, size) => { await System.files.writeFile(path, 'x'.repeat(size)); return size }\n"
  "exports.many = async (...sizes) => { let i = 0; for (const size of sizes) await System.files.writeFile('/m' + i++, 'x'.repeat(size)) }\n"
  "exports.caught = async (path, size) => { try { await System.files.writeFile(path, 'x'.repeat(size)) } catch (e) { return e.name } }\n"
  "exports.unlink = path => System.files.unlink(path)\n"
  "exports.size = async () => (await System.files.getInfo()).size\n";

static void expect_outcome(machine *m, const char *method, const char *params, const char *outcome) {
  assert_ok(vms_service_call_unsigned(m->w.service, (vms_slice){ NULL, 0 }, SLICE(method), SLICE(params), &m->w.outcome));
  if (strncmp(world_outcome(&m->w), outcome, strlen(outcome)) != 0) fail_msg("%s%s: %s", method, params, world_outcome(&m->w));
}

static void a_quota_is_met_to_the_byte(void **state) {
  machine m;
  (void)state;
  machine_init(&m);
  m.w.options.limits.files_total = 1000;
  world_deploy(&m.w, greedy);
  expect_outcome(&m, "one", "[\"/a\",600]", "600");
  expect_outcome(&m, "one", "[\"/b\",401]", "1 QuotaExceededError");
  expect_outcome(&m, "size", "[]", "600");
  expect_outcome(&m, "one", "[\"/b\",400]", "400");
  expect_outcome(&m, "one", "[\"/c\",0]", "0");
  expect_outcome(&m, "caught", "[\"/c\",1]", "\"QuotaExceededError\"");
  expect_outcome(&m, "one", "[\"/b\",400]", "400"); /* in its own place */
  expect_outcome(&m, "caught", "[\"/b\",401]", "\"QuotaExceededError\"");
  world_commit(&m.w);
  world_restart(&m.w);
  expect_outcome(&m, "size", "[]", "1000");
  expect_outcome(&m, "caught", "[\"/c\",1]", "\"QuotaExceededError\"");
  expect_outcome(&m, "unlink", "[\"/b\"]", "undefined");
  expect_outcome(&m, "one", "[\"/c\",400]", "400");
  assert_string_equal(world_audit(&m.w, NULL), "");
  machine_deinit(&m);
}

static void what_one_call_may_stage_is_met_to_the_byte(void **state) {
  machine m;
  (void)state;
  machine_init(&m);
  m.w.options.limits.files_call = 700;
  world_deploy(&m.w, greedy);
  expect_outcome(&m, "one", "[\"/a\",698]", "698"); /* the path counts as well */
  expect_outcome(&m, "one", "[\"/a\",699]", "2 files");
  expect_outcome(&m, "caught", "[\"/a\",699]", "2 files"); /* a script cannot catch it */
  expect_outcome(&m, "many", "[300,394]", "undefined");
  expect_outcome(&m, "many", "[300,395]", "2 files");
  expect_outcome(&m, "size", "[]", "1392");
  assert_string_equal(world_audit(&m.w, NULL), "");
  machine_deinit(&m);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_power_cut_anywhere_leaves_the_files_of_some_call_and_none_that_was_acknowledged_is_lost),
    cmocka_unit_test(a_frame_that_ends_anywhere_is_no_call),
    cmocka_unit_test(power_cuts_one_after_the_other_do_no_more),
    cmocka_unit_test(a_disk_that_is_full_anywhere_is_an_error_and_room_is_all_that_is_needed),
    cmocka_unit_test(a_quota_is_met_to_the_byte),
    cmocka_unit_test(what_one_call_may_stage_is_met_to_the_byte),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
