/* SPDX-License-Identifier: MIT */
/* Goal: a contract's file calls are calls of its archive: seen at once by the call that makes them, gone when it throws or is aborted, charged,
 * and the same for host and auditor, on every machine and with every compiler. Method: contracts in a world, audited; steps and state pinned. */
#include "test/support/world.h"

static void assert_honest(world *w) {
  const char *kind = world_audit(w, NULL);
  if (w->verdict.verdict != VMS_VERDICT_OK)
    fail_msg("%s at record %llu: %s", kind, (unsigned long long)w->verdict.seq, w->verdict.message.data);
}

static void expect(world *w, const char *method, const char *params, const char *outcome) {
  world_call(w, 1, method, params);
  assert_string_equal(world_outcome(w), outcome);
}

/* "steps" of the last call's record. */
static uint64_t steps_of(world *w) {
  vms_buffer json = VMS_BUFFER_INIT, record = VMS_BUFFER_INIT;
  vms_slice blocks, block, steps;
  uint64_t number = 0;
  world_commit(w);
  assert_ok(vms_service_blocks(w->service, 0, w->outcome.seq, w->outcome.seq + 1, &json, NULL));
  assert_true(vms__json_member((vms_slice){ json.data, json.len }, "blocks", &blocks) && vms__json_element(blocks, 0, &block));
  assert_ok(vms__base64_decode((vms_slice){ block.data + 1, block.len - 2 }, &record));
  assert_true(vms__json_member((vms_slice){ record.data, record.len }, "steps", &steps) && vms__uint_decode(steps, &number));
  vms_buffer_free(&json);
  vms_buffer_free(&record);
  return number;
}

static const char all[] =
  "const f = System.files\n"
  "exports.make = async () => {\n"
  "  await f.mkdir('/a')\n"
  "  for (let i = 0; i < 20; i++) await f.writeFile(`/a/${i}`, 'x'.repeat(i * 100))\n"
  "  await f.copy('/a', '/b')\n"
  "  await f.rename('/a/19', '/moved')\n"
  "  await f.rename('/a', '/c')\n"
  "  return [(await f.readdir('/', { recursive: true })).length, await f.readdir('/c', { after: '17', limit: 3 }), (await f.readFile('/b/3')).length]\n"
  "}\n"
  "exports.change = async () => {\n"
  "  await f.copy('/b', '/c')\n"
  "  await f.rmdir('/b', { recursive: true })\n"
  "  return [await f.readFile('/c/19', { offset: 1898, length: 5 }), (await f.readFile('/b/3', { version: 43 })).length,\n"
  "    await f.stat('/b').catch((e) => e.name), (await f.stat('/b/1', { version: 43 })).size, (await f.getInfo()).size, (await f.getInfo({ version: 10 })).size]\n"
  "}\n"
  "exports.past = async (...args) => (await f.history(...args)).map((c) => `${c.version} ${c.type} ${c.path}`)\n"
  "exports.spoil = async (how) => {\n"
  "  await f.writeFile('/spoilt', 'x')\n"
  "  await f.rename('/moved', '/gone')\n"
  "  await f.copy('/c', '/d')\n"
  "  if ((await f.readdir('/d')).length !== 19) throw new Error('not seen at once')\n"
  "  if (how === 'throw') throw new RangeError('no')\n"
  "  if (how === 'files') for (let i = 0; ; i++) await f.writeFile('/spoilt', 'x'.repeat(100000))\n"
  "  for (;;) await f.readdir('/', { recursive: true })\n"
  "}\n"
  "exports.look = async () => f.readdir('/')\n";

/* What stands here may change only with the engine's version. */
static void steps_and_files_are_the_same_everywhere(void **state) {
  world *w = *state;
  char hash[2 * VMS_HASH_LEN + 1];
  world_deploy(w, all);
  expect(w, "make", "[]", "[42,[\"18\",\"2\",\"3\"],300]");
  assert_int_equal(steps_of(w), 48960);
  expect(w, "change", "[]", "[\"xx\",300,\"NotFoundError\",100,20900,7600]");
  assert_int_equal(steps_of(w), 24172);
  expect(w, "past", "[\"/moved\"]", "[\"23 put /moved\"]");
  expect(w, "past", "[{\"start\":2,\"end\":4}]", "[\"2 put /b\",\"3 put /b/0\"]");
  assert_honest(w);
  assert_int_equal(w->verdict.files.version, 84);
  for (size_t i = 0; i < sizeof w->verdict.files.hash; i++) snprintf(hash + 2 * i, 3, "%02x", w->verdict.files.hash[i]);
  assert_string_equal(hash, "06212e5e4ddacf1a9ac05190366c09c9ff74bbfcf2049f173edcffb41161956f");
}

static void a_call_that_ends_badly_leaves_no_files(void **state) {
  world *w = *state;
  static const char *const ways[] = { "[\"throw\"]", "[\"files\"]", "[\"steps\"]" };
  world_deploy(w, all);
  world_call(w, 1, "make", "[]");
  for (int i = 0; i < 3; i++) {
    world_call(w, 1, "spoil", ways[i]);
    if (i == 0) assert_string_equal(world_outcome(w), "1 RangeError: no");
    else assert_text(w->outcome.name, i == 1 ? "files" : "steps");
    expect(w, "look", "[]", "[\"b\",\"c\",\"moved\"]");
  }
  assert_honest(w);
}

/* A list that there are not enough steps for is not made. */
static void work_beyond_the_steps_ends_the_call(void **state) {
  world *w = *state;
  w->options.limits.steps = 60000;
  world_deploy(w, "exports.make = async (from, to) => { for (let i = from; i < to; i++) await System.files.writeFile(`/${i}`, '') }\n"
                  "exports.list = async (o) => (await System.files.readdir('/', o)).length\n");
  for (int i = 0; i < 1000; i += 50) {
    char params[32];
    snprintf(params, sizeof params, "[%d,%d]", i, i + 50);
    expect(w, "make", params, "undefined");
  }
  expect(w, "list", "[{\"limit\":400}]", "400");
  expect(w, "list", "[{\"limit\":400,\"after\":\"9\"}]", "110");
  world_call(w, 1, "list", "[{}]");
  assert_int_equal(w->outcome.code, VMS_CODE_ABORTED);
  assert_text(w->outcome.name, "steps");
  assert_honest(w);
}

/* Who made a change is read from the ledger, where records may be large. */
static void records_that_a_history_reads_are_paid_for(void **state) {
  world *w = *state;
  char *params = calloc(1, 100001);
  w->options.limits.steps = 100000;
  world_deploy(w, "exports.put = async (path, text) => { await System.files.writeFile(path, 'x') }\n"
                  "exports.last = async n => (await System.files.history('/', { reverse: true, limit: n })).length\n");
  memset(params, 'y', 100000);
  memcpy(params, "[\"/a\",\"", 7);
  memcpy(params + 99998, "\"]", 2);
  for (int i = 0; i < 6; i++) expect(w, "put", params, "undefined");
  expect(w, "last", "[1]", "1");
  world_call(w, 1, "last", "[6]");
  assert_int_equal(w->outcome.code, VMS_CODE_ABORTED);
  assert_text(w->outcome.name, "steps");
  assert_honest(w);
  free(params);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(steps_and_files_are_the_same_everywhere, world_setup, world_teardown),
    cmocka_unit_test_setup_teardown(a_call_that_ends_badly_leaves_no_files, world_setup, world_teardown),
    cmocka_unit_test_setup_teardown(work_beyond_the_steps_ends_the_call, world_setup, world_teardown),
    cmocka_unit_test_setup_teardown(records_that_a_history_reads_are_paid_for, world_setup, world_teardown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
