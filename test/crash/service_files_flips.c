/* SPDX-License-Identifier: MIT */
/* Goal: a disk that changes bytes under a service's archive is noticed at the latest when they are read: no call gives wrong contents.
 * Method: a service that was closed in order, its index beside it, so that opening does not read every block; bytes of the journal are
 * changed at random, one or several; whatever opens then has to answer every file call as before, or say that it is damaged. */
#include "test/support/storage.h"
#include "test/support/world.h"

#define ROUNDS 1200u

static const char code[] =
  "const f = System.files\n"
  "exports.fill = async n => { await f.mkdir('/d' + n); for (let i = 0; i < 30; i++) await f.writeFile('/d' + n + '/f' + i, ('<' + n + '.' + i + '>').repeat(i * i)) }\n"
  "exports.change = async n => { await f.copy('/d' + n, '/e' + n); await f.rename('/e' + n + '/f29', '/big' + n); await f.unlink('/d' + n + '/f3'); await f.writeFile('/big' + n, 'x'.repeat(70000 + n)) }\n"
  "exports.sum = async () => { let sum = 0; for (const name of await f.readdir('/', { recursive: true })) { const s = await f.stat(name)\n"
  "  if (s.size > 0) sum += (await f.readFile(name)).split('<').length } return sum }\n";

static const struct { const char *method, *params; } reads[] = {
  { "readdir", "[\"/\",{\"recursive\":true,\"stat\":true}]" }, { "readdir", "[\"/d1\",{\"after\":\"f2\",\"limit\":3}]" }, { "history", "[\"/e2\"]" }, { "getInfo", "[]" },
  { "stat", "[\"/big1\"]" }, { "readFile", "[\"/d0/f17\"]" }, { "readFile", "[\"/e1/f28\",{\"offset\":100,\"length\":5}]" }, { "readFile", "[\"/big2\",\"base64\"]" },
  { "readFile", "[\"/big2\",{\"offset\":65530,\"length\":20}]" }, { "readFile", "[\"/d2/f29\",{\"version\":90}]" }, { "stat", "[\"/d1/f3\"]" },
};
#define READS (sizeof reads / sizeof reads[0])

static vms_file_reply truths[READS];

static int ask(world *w, size_t i, vms_file_reply *reply) {
  vms_file_request request = { SLICE(reads[i].method), SLICE(reads[i].params), { NULL, 0 }, 0, 0, 0 };
  memset(reply, 0, sizeof *reply);
  return vms_service_file(w->service, &request, reply, &w->error);
}

static void call(world *w, const char *method, unsigned n) {
  char params[16];
  snprintf(params, sizeof params, "[%u]", n);
  assert_ok(vms_service_call_unsigned(w->service, (vms_slice){ NULL, 0 }, SLICE(method), SLICE(params), &w->outcome));
}

static void shut(world *w) {
  vms_service_close(w->service);
  w->service = NULL;
}

/* Every answer is the one of before, or none. Returns how many there were. */
static unsigned expect_truth(world *w, const char *sum) {
  unsigned answers = 0;
  for (size_t i = 0; i < READS; i++) {
    vms_file_reply reply;
    int status = ask(w, i, &reply);
    if (status == VMS_OK) {
      answers++;
      assert_int_equal(reply.kind, truths[i].kind);
      assert_int_equal(reply.body.len, truths[i].body.len);
      assert_memory_equal(reply.body.data, truths[i].body.data, reply.body.len);
    } else {
      assert_int_equal(status, VMS_ERR_CORRUPT);
    }
    vms_buffer_free(&reply.body);
  }
  call(w, "sum", 0);
  if (w->outcome.kind == VMS_OUTCOME_RESULT) assert_string_equal(w->outcome.result.data, sum);
  else assert_int_equal(w->outcome.code, VMS_CODE_STORAGE);
  return answers;
}

static void no_byte_of_a_service_changes_what_its_file_calls_answer(void **state) {
  world *w = *state;
  sim_disk journal, index, copy, index_copy;
  uint64_t random = sim_seed(), refused = 0, partly = 0, whole = 0;
  char sum[32];
  sim_disk_init(&journal);
  sim_disk_init(&index);
  vms_memory_close(&w->storage);
  w->storage = journal.storage;
  w->options.index = &index.storage;
  w->options.flags = VMS_SERVICE_ANONYMOUS;
  world_deploy(w, code);
  for (unsigned n = 0; n < 3; n++) {
    call(w, "fill", n);
    call(w, "change", n);
    assert_string_equal(world_outcome(w), "undefined");
    world_commit(w);
  }
  call(w, "sum", 0);
  if (w->outcome.kind != VMS_OUTCOME_RESULT) fail_msg("%s", world_outcome(w));
  snprintf(sum, sizeof sum, "%s", w->outcome.result.data);
  world_commit(w);
  for (size_t i = 0; i < READS; i++) assert_ok(ask(w, i, &truths[i]));
  shut(w);
  assert_true(index.len > 1000);
  for (unsigned round = 0; round < ROUNDS; round++) {
    sim_disk_init(&copy);
    sim_disk_init(&index_copy);
    sim_disk_load(&copy, journal.bytes, journal.len);
    sim_disk_load(&index_copy, index.bytes, index.len);
    for (uint64_t n = round == 0 ? 0 : 1 + sim_random(&random) % 3; n > 0; n--) copy.bytes[sim_random(&random) % copy.len] ^= (uint8_t)(1 + sim_random(&random) % 255);
    w->storage = copy.storage;
    w->options.index = &index_copy.storage;
    int status = vms_service_open(&w->service, &w->storage, w->secret, NULL, &w->options, &w->error);
    if (status == VMS_OK) {
      if (expect_truth(w, sum) == READS) whole++;
      else partly++;
      shut(w);
    } else {
      assert_true(status == VMS_ERR_CORRUPT || status == VMS_ERR_UNSUPPORTED || status == VMS_ERR_FOREIGN);
      assert_true(strlen(w->error.message) > 10);
      refused++;
    }
    sim_disk_deinit(&copy);
    sim_disk_deinit(&index_copy);
    if (round == 0) assert_int_equal(whole, 1);
  }
  print_message("%llu refused, %llu found when they were read, %llu in what nobody asked for\n", (unsigned long long)refused, (unsigned long long)partly,
                (unsigned long long)whole);
  assert_true(refused > 0 && partly > 10);
  for (size_t i = 0; i < READS; i++) vms_buffer_free(&truths[i].body);
  sim_disk_deinit(&journal);
  sim_disk_deinit(&index);
  assert_ok(vms_memory_open(&w->storage, NULL, NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(no_byte_of_a_service_changes_what_its_file_calls_answer, world_setup, world_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
