/* SPDX-License-Identifier: MIT */
/* Goal: whatever the operations, the archive behaves as a plain map of paths does, across restarts and aborts, and its
 * blocks do not depend on when it was restarted.
 * Method: thousands of random calls on the archive and on a table of paths side by side. What must happen is derived from
 * the table alone. A second archive in memory gets only what was committed and must end with the same state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/archive/internal.h"
#include "test/support/storage.h"

#define ROUNDS 3000u  /* transactions */
#define NAMES 4u     /* names per folder */
#define PATHS (NAMES + NAMES * NAMES + NAMES * NAMES * NAMES)
#define VALUE_MAX 40u

/* One path of the model: /n, /n/n or /n/n/n. Parents have lower numbers. */
typedef struct { char path[16]; int parent; int kind; char value[VALUE_MAX + 1]; } place;
typedef struct { place places[PATHS]; } model;

static void model_init(model *m) {
  static const char *const names[NAMES] = { "a", "a-", "b", "\xc3\xa9" };
  size_t count = 0;
  memset(m, 0, sizeof *m);
  for (unsigned i = 0; i < NAMES; i++, count++) {
    snprintf(m->places[count].path, sizeof m->places[count].path, "/%s", names[i]);
    m->places[count].parent = -1;
  }
  for (size_t parent = 0; count < PATHS; parent++)
    for (unsigned i = 0; i < NAMES; i++, count++) {
      snprintf(m->places[count].path, sizeof m->places[count].path, "%.10s/%s", m->places[parent].path, names[i]);
      m->places[count].parent = (int)parent;
    }
}

static bool is_folder(const model *m, int i) { return i < 0 || m->places[i].kind == VMS__ENTRY_FOLDER; }

static bool is_below(const model *m, size_t i, int folder) {
  int at = m->places[i].parent;
  while (at > folder) at = m->places[at].parent;
  return at == folder;
}

static bool is_empty(const model *m, int folder) {
  for (size_t i = 0; i < PATHS; i++)
    if (m->places[i].kind != VMS__ENTRY_ABSENT && is_below(m, i, folder)) return false;
  return true;
}

/* What the call must give, and the change to the model; "" is success. */
static const char *model_write(model *m, int i, const char *value) {
  place *p = &m->places[i];
  if (p->kind == VMS__ENTRY_FOLDER) return "EntryAlreadyExistsError";
  if (p->kind == VMS__ENTRY_ABSENT && !is_folder(m, p->parent)) return "ParentFolderDoesntExistError";
  p->kind = VMS__ENTRY_FILE;
  snprintf(p->value, sizeof p->value, "%s", value);
  return "";
}

static const char *model_mkdir(model *m, int i) {
  place *p = &m->places[i];
  if (p->kind != VMS__ENTRY_ABSENT) return "EntryAlreadyExistsError";
  if (!is_folder(m, p->parent)) return "ParentFolderDoesntExistError";
  p->kind = VMS__ENTRY_FOLDER;
  return "";
}

static const char *model_unlink(model *m, int i) {
  if (m->places[i].kind == VMS__ENTRY_ABSENT) return "NotFoundError";
  if (m->places[i].kind == VMS__ENTRY_FOLDER) return "NotAFileError";
  m->places[i].kind = VMS__ENTRY_ABSENT;
  return "";
}

static const char *model_rmdir(model *m, int folder, bool recursive) {
  if (m->places[folder].kind == VMS__ENTRY_ABSENT) return "NotFoundError";
  if (m->places[folder].kind == VMS__ENTRY_FILE) return "NotAFolderError";
  if (!recursive && !is_empty(m, folder)) return "DestDirectoryNotEmpty";
  for (size_t i = 0; i < PATHS; i++)
    if (is_below(m, i, folder)) m->places[i].kind = VMS__ENTRY_ABSENT;
  m->places[folder].kind = VMS__ENTRY_ABSENT;
  return "";
}

/* --- the archive --------------------------------------------------------------------------------------- */

typedef struct { sim_disk disk; vms_journal *journal; vms_archive *archive; } drive;

static void drive_ready(drive *d, bool fresh) {
  uint8_t seed[VMS_SEED_LEN] = { 9 }, key[VMS_KEY_LEN], manifests[2][VMS_MANIFEST_LEN];
  vms_key_public(seed, key);
  vms_manifest_default(key, manifests[0]);
  vms_manifest_blobs(manifests[0], manifests[1]);
  if (fresh) sim_disk_init(&d->disk);
  if (fresh) assert_int_equal(vms_journal_create(&d->journal, &d->disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, NULL, NULL), VMS_OK);
  else assert_int_equal(vms_journal_open(&d->journal, &d->disk.storage, NULL, NULL), VMS_OK);
  for (uint32_t i = 0; i < 2; i++) assert_int_equal(vms_journal_signer(d->journal, i, seed, NULL), VMS_OK);
  assert_int_equal(vms_archive_open(&d->archive, vms_journal_core(d->journal, 0), vms_journal_core(d->journal, 1), NULL, NULL), VMS_OK);
}

static void drive_shut(drive *d) {
  vms_archive_close(d->archive);
  vms_journal_close(d->journal);
}

static void ask(drive *d, const char *method, const char *params, uint64_t version, vms_file_reply *reply) {
  vms_file_request request = { vms__slice_of(method), vms__slice_of(params), { NULL, 0 }, version, 0, 0 };
  memset(reply, 0, sizeof *reply);
  vms_buffer_init(&reply->body, NULL);
  assert_int_equal(vms_archive_call(d->archive, &request, reply, NULL), VMS_OK);
}

static void expect(drive *d, const char *method, const char *params, uint64_t version, const char *error, const char *body) {
  vms_file_reply reply;
  ask(d, method, params, version, &reply);
  if (strcmp(reply.error_name, error) != 0) fail_msg("%s%s: %s, not %s", method, params, reply.error_name, error);
  if (body != NULL) assert_string_equal(reply.body.data == NULL ? "" : reply.body.data, body);
  vms_buffer_free(&reply.body);
}

static int compare_texts(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

/* The archive shows exactly what the model holds: by looking up, by listing. */
static void expect_model(drive *d, const model *m, uint64_t version) {
  char params[64], list[4096] = "[";
  const char *names[PATHS];
  size_t count = 0, size = 0;
  for (size_t i = 0; i < PATHS; i++) {
    const place *p = &m->places[i];
    snprintf(params, sizeof params, "[\"%s\"]", p->path);
    expect(d, "readFile", params, version,
           p->kind == VMS__ENTRY_FILE ? "" : p->kind == VMS__ENTRY_FOLDER ? "NotAFileError" : "NotFoundError",
           p->kind == VMS__ENTRY_FILE ? p->value : NULL);
    if (p->kind != VMS__ENTRY_ABSENT) names[count++] = p->path + 1;
    if (p->kind == VMS__ENTRY_FILE) size += strlen(p->value);
  }
  qsort(names, count, sizeof names[0], compare_texts);
  for (size_t i = 0; i < count; i++) {
    size_t len = strlen(list);
    snprintf(list + len, sizeof list - len, "%s\"%s\"", i == 0 ? "" : ",", names[i]);
  }
  strcat(list, "]");
  expect(d, "readdir", "[\"/\",{\"recursive\":true}]", version, "", list);
  vms_file_reply info;
  ask(d, "getInfo", "[]", version, &info);
  snprintf(params, sizeof params, "\"size\":%zu}", size);
  assert_non_null(strstr(info.body.data, params));
  vms_buffer_free(&info.body);
}

/* One random call on the archive and the model; the twin gets the same. */
static void step(drive *d, model *m, drive *twin, uint64_t *random) {
  int i = (int)(sim_random(random) % PATHS);
  char params[128], value[VALUE_MAX + 1];
  const char *method, *error;
  if (sim_random(random) % 3 == 0) i %= (int)NAMES; /* folders near the root matter most */
  snprintf(params, sizeof params, "[\"%s\"]", m->places[i].path);
  switch (sim_random(random) % 8) {
    case 0: case 1: case 2: case 3:
      method = "writeFile";
      snprintf(value, sizeof value, "%0*u", (int)(sim_random(random) % VALUE_MAX), (unsigned)(sim_random(random) % 7));
      snprintf(params, sizeof params, "[\"%s\",\"%s\"]", m->places[i].path, value);
      error = model_write(m, i, value);
      break;
    case 4: case 5:
      method = "mkdir";
      error = model_mkdir(m, i);
      break;
    case 6:
      method = "unlink";
      error = model_unlink(m, i);
      break;
    default: {
      bool recursive = sim_random(random) % 2 == 0;
      method = "rmdir";
      snprintf(params, sizeof params, "[\"%s\",{\"recursive\":%s}]", m->places[i].path, recursive ? "true" : "false");
      error = model_rmdir(m, i, recursive);
    }
  }
  expect(d, method, params, 0, error, NULL);
  if (twin != NULL) expect(twin, method, params, 0, error, NULL);
}

static void archives_behave_like_a_map(void **state) {
  static model now, before, old;
  drive d, twin;
  uint64_t random = sim_seed(), old_version = 1;
  vms_archive_state one, other;
  (void)state;
  model_init(&now);
  old = now;
  drive_ready(&d, true);
  drive_ready(&twin, true);
  for (unsigned round = 0; round < ROUNDS; round++) {
    unsigned steps = (unsigned)(sim_random(&random) % 12), fate = (unsigned)(sim_random(&random) % 10);
    vms_journal_mark mark;
    before = now;
    vms_archive_begin(d.archive, round);
    if (fate > 2) vms_archive_begin(twin.archive, round);
    for (unsigned n = 0; n < steps; n++) step(&d, &now, fate > 2 ? &twin : NULL, &random);
    if (round % 10 == 0) expect_model(&d, &now, 0); /* staged changes are seen */
    vms_journal_mark_take(d.journal, &mark);
    if (fate == 0) vms_archive_abort(d.archive);
    else assert_int_equal(vms_archive_commit(d.archive, NULL), VMS_OK);
    if (fate == 1 || fate == 2) vms_journal_rollback(d.journal, &mark); /* the record failed */
    if (fate <= 2) now = before;
    else assert_int_equal(vms_archive_commit(twin.archive, NULL), VMS_OK);
    if (fate == 3) {
      old = now;
      old_version = vms_core_length(d.archive->metadata.core);
    }
    if (fate == 4) { /* restart; what was not committed to the journal goes, so commit first */
      assert_int_equal(vms_journal_commit(d.journal, VMS_COMMIT_SIGN, NULL), VMS_OK);
      drive_shut(&d);
      drive_ready(&d, false);
    }
    if (round % 10 == 0) {
      expect_model(&d, &now, 0);
      expect_model(&d, &old, old_version);
    }
    vms_archive_state_get(d.archive, &one);
    vms_archive_state_get(twin.archive, &other);
    assert_memory_equal(&one, &other, sizeof one);
  }
  print_message("%u blocks of metadata\n", (unsigned)one.version);
  assert_true(one.version > ROUNDS / 2);
  drive_shut(&d);
  drive_shut(&twin);
  sim_disk_deinit(&d.disk);
  sim_disk_deinit(&twin.disk);
}

/* The tree alone, with many keys: three levels, splits, merges. */
static void bees_behave_like_a_sorted_list(void **state) {
  enum { KEYS = 700, STEPS = 6000 };
  static int64_t values[KEYS];
  uint64_t random = sim_seed() + 1;
  drive d;
  (void)state;
  for (int i = 0; i < KEYS; i++) values[i] = -1;
  drive_ready(&d, true);
  vms_bee *bee = &d.archive->bee;
  for (int n = 0; n < STEPS; n++) {
    unsigned i = (unsigned)(sim_random(&random) % KEYS);
    char key[8], value[16];
    bool put = sim_random(&random) % 100 < (n / 1000 % 2 == 0 ? 70u : 25u); /* it grows, then shrinks */
    snprintf(key, sizeof key, "%04u", i);
    snprintf(value, sizeof value, "%d", n);
    if (put) assert_int_equal(vms_bee_put(bee, vms__slice_of(key), vms__slice_of(value), NULL), VMS_OK);
    else assert_int_equal(vms_bee_del(bee, vms__slice_of(key), NULL), VMS_OK);
    values[i] = put ? n : -1;
    if (n % 200 != 0) continue;
    vms_bee_range range = VMS_BEE_RANGE_INIT;
    vms_bee_cursor *cursor;
    vms_bee_entry entry;
    range.from = vms__slice_of(key);
    assert_int_equal(vms_bee_cursor_open(&cursor, bee, 0, &range, NULL), VMS_OK);
    for (unsigned k = i; k < KEYS; k++) {
      if (values[k] < 0) continue;
      snprintf(key, sizeof key, "%04u", k);
      snprintf(value, sizeof value, "%d", (int)values[k]);
      assert_int_equal(vms_bee_cursor_next(cursor, &entry, NULL), VMS_OK);
      assert_true(vms__slice_is(entry.key, key) && vms__slice_is(entry.value, value));
    }
    assert_int_equal(vms_bee_cursor_next(cursor, &entry, NULL), VMS_ERR_NOT_FOUND);
    vms_bee_cursor_close(cursor);
  }
  drive_shut(&d);
  sim_disk_deinit(&d.disk);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(archives_behave_like_a_map),
    cmocka_unit_test(bees_behave_like_a_sorted_list),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
