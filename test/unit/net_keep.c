/* SPDX-License-Identifier: MIT */
/* Goal: what a user keeps about services survives other processes, editors, crashes and full disks; what is damaged is said to be.
 * Method: a simulated file system on which every operation fails in turn or the power goes, and the system's own with several processes. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/net/internal.h"
#include "test/support/folder.h"
#include "test/support/sim_fs.h"

#define DIR "/home/vms"
#define HEADS 40

static sim_fs sim;
static uint8_t key[VMS_KEY_LEN], other[VMS_KEY_LEN] = { 9 };
static char key_text[2 * VMS_KEY_LEN + 1];
static vms_head heads[HEADS + 1], forked;

/* Heads of 1 to `count` blocks of one ledger; `word` is in every block. */
static void make_heads(const char *word, vms_head *made, unsigned count) {
  static const uint8_t seed[VMS_SEED_LEN] = { 3 };
  uint8_t public_key[VMS_KEY_LEN], manifest[1][VMS_MANIFEST_LEN];
  vms_storage storage;
  vms_journal *journal;
  vms_key_public(seed, public_key);
  vms_manifest_default(public_key, manifest[0]);
  vms_manifest_key(manifest[0], key);
  assert_ok(vms_memory_open(&storage, NULL, NULL));
  assert_ok(vms_journal_create(&journal, &storage, (const uint8_t (*)[VMS_MANIFEST_LEN])manifest, 1, NULL, NULL));
  assert_ok(vms_journal_signer(journal, 0, seed, NULL));
  for (unsigned i = 1; i <= count; i++) {
    assert_ok(vms_core_append(vms_journal_core(journal, 0), word, strlen(word), NULL, NULL));
    assert_ok(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL));
    assert_ok(vms_core_head(vms_journal_core(journal, 0), &made[i], NULL));
  }
  vms_journal_close(journal);
  vms_memory_close(&storage);
}

static int make_all(void **state) {
  vms_head others[6];
  make_heads("a", heads, HEADS);
  make_heads("b", others, 5);
  forked = others[5];
  for (size_t i = 0; i < VMS_KEY_LEN; i++) snprintf(key_text + 2 * i, 3, "%02x", key[i]);
  return make_folder(state);
}

static int begin(void **state) {
  (void)state;
  sim_fs_init(&sim);
  return 0;
}

static int end(void **state) {
  (void)state;
  sim_fs_deinit(&sim);
  return 0;
}

static vms_keep *open_sim(void) {
  vms_keep *keep;
  assert_ok(vms__keep_open_on(&sim.fs, &keep, DIR, NULL));
  return keep;
}

static void put(const char *path, vms_slice text) {
  char *parent = strdup(path);
  *strrchr(parent, '/') = 0;
  assert_ok(vms__os_mkdirs(&sim.fs, parent, NULL, NULL));
  assert_ok(vms__os_replace(&sim.fs, path, text, 0600, NULL, NULL));
  free(parent);
}

static void assert_holds(const char *path, const char *text) {
  vms_buffer found = VMS_BUFFER_INIT;
  assert_ok(vms__os_read(&sim.fs, path, 1 << 20, &found, NULL));
  assert_text(found, text);
  vms_buffer_free(&found);
}

static void assert_pin(vms_keep *keep, const char *url, const uint8_t *ledger) {
  uint8_t found[VMS_KEY_LEN];
  vms_error error;
  if (vms_keep_pin(keep, url, found, &error) != VMS_OK) fail_msg("%s: %s", url, error.message);
  assert_memory_equal(found, ledger, sizeof found);
}

static uint64_t kept_length(vms_keep *keep) {
  vms_head head;
  int status = vms_keep_head(keep, key, &head, NULL);
  if (status == VMS_ERR_NOT_FOUND) return 0;
  assert_ok(status);
  assert_memory_equal(head.tree_hash, heads[head.length].tree_hash, VMS_HASH_LEN);
  return head.length;
}

/* --- pins -------------------------------------------------------------------------------------------------------- */

static void a_url_is_pinned_however_it_is_spelled(void **state) {
  vms_keep *keep = open_sim();
  uint8_t found[VMS_KEY_LEN];
  (void)state;
  assert_int_equal(vms_keep_pin(keep, "ws://host/", found, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_keep_set_pin(keep, "ws://Host:80", key, NULL));
  assert_pin(keep, "ws://host/", key);
  assert_pin(keep, "ws://HOST:80/?user=bob", key);
  assert_int_equal(vms_keep_pin(keep, "ws://host/Bob", found, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_keep_pin(keep, "ws://host:8080/", found, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_keep_pin(keep, "wss://host/", found, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_keep_set_pin(keep, "wss://[::1]:443/Bob", other, NULL));
  assert_pin(keep, "wss://[::1]/Bob#0011", other);
  assert_ok(vms_keep_set_pin(keep, "ws+unix:/run/my%20socket:/", other, NULL));
  assert_pin(keep, "ws+unix:/run/my%20socket:/", other);
  assert_pin(keep, "ws://host", key);
  assert_pin(keep, "HTTP://host:80#what is behind does not count", key);
  assert_int_equal(chdir("/"), 0);
  assert_ok(vms_keep_set_pin(keep, "ws+unix:tmp/s:/x", key, NULL));
  assert_int_equal(chdir("/tmp"), 0);
  assert_pin(keep, "ws+unix:s:/x", key);
  assert_int_equal(vms_keep_pin(keep, "ftp://host/", found, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_keep_pin(keep, "", found, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_keep_set_pin(keep, "ws://host/\nws://evil/", key, NULL), VMS_ERR_ARGUMENT);
  vms_keep_close(keep);
}

static void a_first_pin_does_not_replace_another(void **state) {
  vms_keep *keep = open_sim();
  uint8_t pinned[VMS_KEY_LEN] = { 0 };
  (void)state;
  assert_ok(vms__keep_first_pin(keep, "ws://a/", key, pinned, NULL));
  assert_memory_equal(pinned, key, sizeof pinned);
  assert_ok(vms__keep_first_pin(keep, "ws://a/", other, pinned, NULL));
  assert_memory_equal(pinned, key, sizeof pinned);
  assert_pin(keep, "ws://a/", key);
  assert_ok(vms_keep_set_pin(keep, "ws://a/", other, NULL));
  assert_pin(keep, "ws://a/", other);
  vms_keep_close(keep);
}

static void a_pin_can_be_forgotten(void **state) {
  vms_keep *keep = open_sim();
  uint8_t found[VMS_KEY_LEN];
  (void)state;
  assert_int_equal(vms_keep_forget(keep, "ws://a/", NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_keep_set_pin(keep, "ws://a/", key, NULL));
  assert_ok(vms_keep_set_pin(keep, "ws://b/", key, NULL));
  assert_ok(vms_keep_forget(keep, "ws://A:80", NULL));
  assert_int_equal(vms_keep_pin(keep, "ws://a/", found, NULL), VMS_ERR_NOT_FOUND);
  assert_pin(keep, "ws://b/", key);
  assert_int_equal(vms_keep_forget(keep, "ws://a/", NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_keep_forget(keep, "ftp://a/", NULL), VMS_ERR_ARGUMENT);
  vms_keep_close(keep);
}

static void what_people_write_among_the_pins_stays(void **state) {
  vms_keep *keep = open_sim();
  char text[512];
  (void)state;
  snprintf(text, sizeof text, "# mine\n\n  ws://a \t%s \r\nws://B:80/x %s", key_text, key_text);
  put(DIR "/pins", SLICE(text));
  assert_pin(keep, "ws://a/", key);
  assert_pin(keep, "ws://b/x", key);
  assert_ok(vms_keep_set_pin(keep, "ws://b/x", other, NULL));
  snprintf(text, sizeof text, "# mine\n\n  ws://a \t%s \r\nws://b/x 09%062d\n", key_text, 0);
  assert_holds(DIR "/pins", text);
  vms_keep_close(keep);
}

static void damaged_pins_are_said_to_be_and_left_alone(void **state) {
  static const char *const damages[] = { "ws://a/\n", "ws://a/ 0011\n", "\xff\xfe\n", "ws://a/ %s\nws://a 09%062d\n", "ws://b/ %s x\n", "file:///a %s\n", "%s\n" };
  vms_keep *keep = open_sim();
  uint8_t found[VMS_KEY_LEN];
  vms_error error;
  (void)state;
  for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
    char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
    if (strstr(damages[i], "%s") == NULL) snprintf(text, sizeof text, "%s", damages[i]);
    else snprintf(text, sizeof text, damages[i], key_text, 0);
#pragma GCC diagnostic pop
    put(DIR "/pins", SLICE(text));
    assert_int_equal(vms_keep_pin(keep, "ws://a/", found, &error), VMS_ERR_CORRUPT);
    assert_non_null(strstr(error.message, DIR "/pins"));
    assert_int_equal(vms_keep_set_pin(keep, "ws://a/", key, &error), VMS_ERR_CORRUPT);
    assert_holds(DIR "/pins", text);
  }
  vms_keep_close(keep);
}

/* --- heads -------------------------------------------------------------------------------------------------------- */

static void heads_move_forward_only(void **state) {
  vms_keep *keep = open_sim();
  vms_head kept, unsigned_head = heads[20];
  (void)state;
  assert_int_equal(vms_keep_head(keep, key, &kept, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_keep_set_head(keep, key, &heads[7], NULL));
  assert_ok(vms_keep_set_head(keep, key, &heads[5], NULL));
  assert_int_equal(kept_length(keep), 7);
  assert_ok(vms_keep_set_head(keep, key, &heads[9], NULL));
  assert_int_equal(kept_length(keep), 9);
  assert_int_equal(vms_keep_head(keep, other, &kept, NULL), VMS_ERR_NOT_FOUND);
  unsigned_head.length = 30;
  assert_int_not_equal(vms_keep_set_head(keep, key, &unsigned_head, NULL), VMS_OK);
  assert_int_not_equal(vms_keep_set_head(keep, other, &heads[20], NULL), VMS_OK);
  assert_int_equal(kept_length(keep), 9);
  vms_keep_close(keep);
}

static void a_head_takes_the_place_of_the_one_that_it_was_compared_with_alone(void **state) {
  vms_keep *keep = open_sim();
  vms_head kept = { 0 };
  (void)state;
  assert_ok(vms__keep_move_head(keep, key, NULL, &heads[3], &kept, NULL));
  assert_int_equal(vms__keep_move_head(keep, key, NULL, &heads[4], &kept, NULL), VMS_ERR_EXISTS);
  assert_int_equal(kept.length, 3);
  assert_ok(vms__keep_move_head(keep, key, &heads[3], &heads[8], &kept, NULL));
  assert_ok(vms__keep_move_head(keep, key, &heads[3], &heads[8], &kept, NULL)); /* somebody kept the same */
  assert_int_equal(vms__keep_move_head(keep, key, &heads[3], &heads[9], &kept, NULL), VMS_ERR_EXISTS);
  assert_int_equal(kept.length, 8);
  assert_int_equal(vms__keep_move_head(keep, key, &heads[8], &forked, &kept, NULL), VMS_ERR_EXISTS); /* backwards */
  assert_int_equal(kept_length(keep), 8);
  vms_keep_close(keep);
}

static void a_damaged_head_is_said_to_be_and_not_replaced(void **state) {
  vms_keep *keep = open_sim();
  vms_buffer text = VMS_BUFFER_INIT, bent = VMS_BUFFER_INIT;
  char path[160];
  vms_head kept;
  vms_error error;
  (void)state;
  snprintf(path, sizeof path, DIR "/ledgers/%s/head", key_text);
  assert_ok(vms_head_write(&text, &heads[6]));
  for (size_t i = 0; i < text.len; i += 7) {
    vms__buf_clear(&bent);
    assert_ok(vms__buf_slice(&bent, vms__buf_view(&text)));
    bent.data[i] = (char)(bent.data[i] == '0' ? '1' : '0');
    put(path, vms__buf_view(&bent));
    assert_int_equal(vms_keep_head(keep, key, &kept, &error), VMS_ERR_CORRUPT);
    assert_non_null(strstr(error.message, "/head"));
    assert_int_equal(vms_keep_set_head(keep, key, &heads[9], &error), VMS_ERR_CORRUPT);
  }
  put(path, SLICE(""));
  assert_int_equal(vms_keep_head(keep, key, &kept, &error), VMS_ERR_CORRUPT);
  vms__buf_clear(&bent);
  for (int i = 0; i < 600; i++) assert_ok(vms__buf_text(&bent, "          "));
  put(path, vms__buf_view(&bent));
  assert_int_equal(vms_keep_head(keep, key, &kept, &error), VMS_ERR_CORRUPT);
  vms_buffer_free(&text);
  vms_buffer_free(&bent);
  vms_keep_close(keep);
}

/* --- receipts ------------------------------------------------------------------------------------------------------ */

static void assert_receipts(vms_keep *keep, const char *wanted) {
  vms_buffer lines = VMS_BUFFER_INIT;
  assert_ok(vms_keep_receipts(keep, key, &lines, NULL));
  assert_text(lines, wanted);
  vms_buffer_free(&lines);
}

static void receipts_are_lines(void **state) {
  vms_keep *keep = open_sim();
  (void)state;
  assert_receipts(keep, "");
  assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":1}"), NULL));
  assert_ok(vms_keep_receipt(keep, key, SLICE("{ \"seq\" :\n 2,\"a\":\"\\n\" }\n"), NULL));
  assert_receipts(keep, "{\"seq\":1}\n{\"seq\":2,\"a\":\"\\n\"}\n");
  assert_int_equal(vms_keep_receipt(keep, key, SLICE("{\"seq\":"), NULL), VMS_ERR_FORM);
  vms_keep_close(keep);
}

static unsigned receipts_opened;

/* When the second file is to be read, another process makes the full one the older one. */
static int open_turning(void *context, const char *name, int flags, mode_t mode) {
  char from[160], to[180];
  if (strstr(name, "/receipts") != NULL && ++receipts_opened == 2) {
    snprintf(from, sizeof from, DIR "/ledgers/%s/receipts", key_text);
    snprintf(to, sizeof to, "%s.old", from);
    assert_int_equal(sim.fs.rename(context, from, to), 0);
  }
  return sim.fs.open(context, name, flags, mode);
}

static void receipts_that_turn_over_while_they_are_read_are_not_left_out(void **state) {
  vms_keep *keep = open_sim();
  vms__os_fs turning = sim.fs;
  vms_buffer lines = VMS_BUFFER_INIT;
  (void)state;
  assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":1}"), NULL));
  vms_keep_close(keep);
  turning.open = open_turning;
  receipts_opened = 0;
  assert_ok(vms__keep_open_on(&turning, &keep, DIR, NULL));
  assert_ok(vms_keep_receipts(keep, key, &lines, NULL));
  assert_int_equal(receipts_opened, 2);
  if (lines.data == NULL || strstr(lines.data, "{\"seq\":1}\n") == NULL) fail_msg("left out");
  vms_buffer_free(&lines);
  vms_keep_close(keep);
}

static void a_line_that_a_crash_tore_is_passed_over_and_written_over(void **state) {
  vms_keep *keep = open_sim();
  vms_buffer text = VMS_BUFFER_INIT;
  char path[160];
  (void)state;
  snprintf(path, sizeof path, DIR "/ledgers/%s/receipts", key_text);
  put(path, SLICE("{\"seq\":1}\n{\"seq\":2"));
  assert_receipts(keep, "{\"seq\":1}\n");
  assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":3}"), NULL));
  assert_holds(path, "{\"seq\":1}\n{\"seq\":3}\n");
  put(path, (vms_slice){ "{\"seq\":1}\n\0\0\0\0\n{\"seq\":4}\n", 25 });
  assert_receipts(keep, "{\"seq\":1}\n{\"seq\":4}\n");
  /* a torn line that is longer than what is looked through at once */
  assert_ok(vms__buf_text(&text, "{\"seq\":5}\n"));
  for (int i = 0; i < 2000; i++) assert_ok(vms__buf_text(&text, "{\"seq\":"));
  put(path, vms__buf_view(&text));
  assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":6}"), NULL));
  assert_holds(path, "{\"seq\":5}\n{\"seq\":6}\n");
  put(path, SLICE("{\"seq\":"));
  assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":7}"), NULL));
  assert_holds(path, "{\"seq\":7}\n");
  vms_buffer_free(&text);
  vms_keep_close(keep);
}

/* --- disks ----------------------------------------------------------------------------------------------------------- */

static int keep_more(vms_keep *keep) {
  vms_buffer path = VMS_BUFFER_INIT;
  int status[4];
  status[0] = vms_keep_set_pin(keep, "ws://b/", other, NULL);
  status[1] = vms_keep_set_head(keep, key, &heads[9], NULL);
  status[2] = vms_keep_receipt(keep, key, SLICE("{\"seq\":2}"), NULL);
  status[3] = vms_keep_evidence(keep, key, SLICE("{}"), &path, NULL);
  vms_buffer_free(&path);
  for (size_t i = 0; i < 4; i++)
    if (status[i] != VMS_OK) return status[i];
  return VMS_OK;
}

/* What was kept before is there, and what came later is whole or not there. */
static void assert_sound(const char *when, uint64_t at) {
  vms_keep *keep = open_sim();
  vms_buffer lines = VMS_BUFFER_INIT;
  uint8_t found[VMS_KEY_LEN];
  uint64_t length = kept_length(keep);
  int status = vms_keep_pin(keep, "ws://b/", found, NULL);
  assert_pin(keep, "ws://a/", key);
  if (status != VMS_OK && status != VMS_ERR_NOT_FOUND) fail_msg("%s %d: status %d", when, (int)at, status);
  if (length != 7 && length != 9) fail_msg("%s %d: a head of %d", when, (int)at, (int)length);
  assert_ok(vms_keep_receipts(keep, key, &lines, NULL));
  assert_true(strcmp(lines.data, "{\"seq\":1}\n") == 0 || strcmp(lines.data, "{\"seq\":1}\n{\"seq\":2}\n") == 0);
  assert_ok(keep_more(keep));
  assert_int_equal(kept_length(keep), 9);
  vms_buffer_free(&lines);
  vms_keep_close(keep);
}

static void keep_some(void) {
  vms_keep *keep = open_sim();
  assert_ok(vms_keep_set_pin(keep, "ws://a/", key, NULL));
  assert_ok(vms_keep_set_head(keep, key, &heads[7], NULL));
  assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":1}"), NULL));
  vms_keep_close(keep);
}

static void a_disk_that_fails_or_is_full_takes_nothing_away(void **state) {
  static const int numbers[] = { EIO, ENOSPC, EROFS, EACCES };
  (void)state;
  for (size_t k = 0; k < 4; k++) {
    bool met = true;
    for (uint64_t at = 1; met; at++) {
      sim_fs_deinit(&sim);
      sim_fs_init(&sim);
      keep_some();
      vms_keep *keep = open_sim();
      sim.operations = 0;
      sim.fail_at = at;
      sim.fail_count = UINT64_MAX;
      sim.fail_errno = numbers[k];
      int status = keep_more(keep);
      met = sim.operations >= at;
      sim.fail_at = 0;
      if (status == VMS_OK) { /* what may fail unseen is what is done for messages */
        assert_pin(keep, "ws://b/", other);
        assert_int_equal(kept_length(keep), 9);
        assert_receipts(keep, "{\"seq\":1}\n{\"seq\":2}\n");
      }
      vms_keep_close(keep);
      assert_sound("failure", at);
      if (at > 500) fail_msg("no end of operations");
    }
  }
}

static void a_power_cut_takes_nothing_away_that_was_there(void **state) {
  bool cut = true;
  (void)state;
  for (uint64_t at = 1; cut; at++) {
    sim_fs_deinit(&sim);
    sim_fs_init(&sim);
    keep_some();
    /* receipts are not synced by themselves: let the system have done it meanwhile */
    char path[160];
    snprintf(path, sizeof path, DIR "/ledgers/%s/receipts", key_text);
    put(path, SLICE("{\"seq\":1}\n"));
    vms_keep *keep = open_sim();
    sim.changes = 0;
    sim.power_cut_at = at;
    (void)keep_more(keep);
    cut = sim.dead;
    vms_keep_close(keep);
    sim_fs_restart(&sim, at);
    assert_sound("power cut", at);
    if (at > 500) fail_msg("no end of changes");
  }
}

static void nothing_is_written_by_looking(void **state) {
  vms_keep *keep = open_sim();
  uint8_t found[VMS_KEY_LEN];
  vms_head head;
  vms_buffer lines = VMS_BUFFER_INIT;
  (void)state;
  assert_int_equal(vms_keep_pin(keep, "ws://a/", found, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_keep_head(keep, key, &head, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_keep_receipts(keep, key, &lines, NULL));
  assert_int_equal(sim.changes, 0);
  vms_buffer_free(&lines);
  vms_keep_close(keep);
}

static void the_same_evidence_is_written_once(void **state) {
  vms_keep *keep = open_sim();
  vms_buffer first = VMS_BUFFER_INIT, again = VMS_BUFFER_INIT, second = VMS_BUFFER_INIT;
  (void)state;
  assert_ok(vms_keep_evidence(keep, key, SLICE("{\"a\":1}"), &first, NULL));
  assert_ok(vms_keep_evidence(keep, key, SLICE("{\"a\":2}"), &second, NULL));
  assert_ok(vms_keep_evidence(keep, key, SLICE("{\"a\":1}"), &again, NULL));
  assert_text(again, first.data);
  assert_string_not_equal(first.data, second.data);
  assert_holds(first.data, "{\"a\":1}");
  assert_holds(second.data, "{\"a\":2}");
  vms_buffer_free(&first);
  vms_buffer_free(&again);
  vms_buffer_free(&second);
  vms_keep_close(keep);
}

/* --- the system's own files ------------------------------------------------------------------------------------------ */

static vms_keep *open_real(const char *name, char dir[128]) {
  vms_keep *keep;
  snprintf(dir, 128, "%s/%s", folder, name);
  assert_ok(vms_keep_open(&keep, dir, NULL));
  return keep;
}

static mode_t mode_of(const char *dir, const char *name) {
  char path[256];
  struct stat st;
  snprintf(path, sizeof path, "%s/%s", dir, name);
  assert_int_equal(stat(path, &st), 0);
  return st.st_mode & 0777;
}

static void nobody_else_may_read_it(void **state) {
  char dir[128], name[128];
  vms_keep *keep = open_real("private/share/vms", dir);
  (void)state;
  assert_ok(vms_keep_set_pin(keep, "ws://a/", key, NULL));
  assert_ok(vms_keep_set_head(keep, key, &heads[1], NULL));
  assert_ok(vms_keep_receipt(keep, key, SLICE("{}"), NULL));
  assert_int_equal(mode_of(dir, ""), 0700);
  assert_int_equal(mode_of(dir, "pins"), 0600);
  assert_int_equal(mode_of(dir, "ledgers"), 0700);
  snprintf(name, sizeof name, "ledgers/%s", key_text);
  assert_int_equal(mode_of(dir, name), 0700);
  snprintf(name, sizeof name, "ledgers/%s/head", key_text);
  assert_int_equal(mode_of(dir, name), 0600);
  snprintf(name, sizeof name, "ledgers/%s/receipts", key_text);
  assert_int_equal(mode_of(dir, name), 0600);
  vms_keep_close(keep);
}

static void receipts_of_a_busy_ledger_turn_over(void **state) {
  static const size_t most = (size_t)64 << 20;
  char dir[128], path[256], old[272];
  vms_keep *keep = open_real("busy", dir);
  struct stat st;
  (void)state;
  assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":1}"), NULL));
  snprintf(path, sizeof path, "%s/ledgers/%s/receipts", dir, key_text);
  snprintf(old, sizeof old, "%s.old", path);
  for (int round = 0; round < 2; round++) {
    int fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "\n", 1, (off_t)most - 11), 1); /* the rest is a hole: a line that is passed over */
    close(fd);
    assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":2}"), NULL)); /* just fits */
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, most);
    assert_ok(vms_keep_receipt(keep, key, SLICE("{\"seq\":3}"), NULL));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 10);
    assert_int_equal(stat(old, &st), 0);
    assert_int_equal(st.st_size, most);
    assert_receipts(keep, round == 0 ? "{\"seq\":1}\n{\"seq\":2}\n{\"seq\":3}\n" : "{\"seq\":3}\n{\"seq\":2}\n{\"seq\":3}\n");
  }
  vms_keep_close(keep);
}

/* The lock is waited for, but not for ever: on a machine that stands still it is asked for again. */
#define PATIENTLY(call) \
  do status = (call); \
  while (status == VMS_ERR_LOCKED)

/* What one of several processes does: every receipt and pin of its own, and heads that others move as well. */
static int work(const char *dir, int number) {
  vms_keep *keep;
  char text[64], url[64];
  int status = vms_keep_open(&keep, dir, NULL);
  for (int i = 1; i <= HEADS && status == VMS_OK; i++) {
    snprintf(text, sizeof text, "{\"from\":%d,\"seq\":%d}", number, i);
    snprintf(url, sizeof url, "ws://%d/%d", number, i);
    PATIENTLY(vms_keep_receipt(keep, key, SLICE(text), NULL));
    if (status == VMS_OK) PATIENTLY(vms_keep_set_head(keep, key, &heads[i], NULL));
    if (status == VMS_OK && i % 10 == 0) PATIENTLY(vms_keep_set_pin(keep, url, key, NULL));
  }
  vms_keep_close(keep);
  return status;
}

static void processes_at_once_lose_nothing(void **state) {
  enum { PROCESSES = 4 };
  char dir[128], wanted[64], url[64];
  vms_keep *keep = open_real("shared", dir);
  vms_buffer lines = VMS_BUFFER_INIT;
  pid_t children[PROCESSES];
  (void)state;
  for (int p = 0; p < PROCESSES; p++)
    if ((children[p] = fork()) == 0) _exit(work(dir, p));
  for (int p = 0; p < PROCESSES; p++) {
    int result;
    assert_int_equal(waitpid(children[p], &result, 0), children[p]);
    assert_int_equal(result, 0);
  }
  assert_ok(vms_keep_receipts(keep, key, &lines, NULL));
  for (int p = 0; p < PROCESSES; p++)
    for (int i = 1; i <= HEADS; i++) {
      snprintf(wanted, sizeof wanted, "{\"from\":%d,\"seq\":%d}\n", p, i);
      if (strstr(lines.data, wanted) == NULL) fail_msg("lost: %s", wanted);
      snprintf(url, sizeof url, "ws://%d/%d", p, i);
      if (i % 10 == 0) assert_pin(keep, url, key);
    }
  assert_int_equal(kept_length(keep), HEADS);
  vms_buffer_free(&lines);
  vms_keep_close(keep);
}

static void the_users_own_folder_is_where_xdg_says(void **state) {
  char home[128], wanted[160];
  vms_keep *keep;
  (void)state;
  snprintf(home, sizeof home, "%s/home", folder);
  setenv("HOME", home, 1);
  unsetenv("XDG_DATA_HOME");
  assert_ok(vms_keep_open(&keep, NULL, NULL));
  assert_ok(vms_keep_set_pin(keep, "ws://a/", key, NULL));
  vms_keep_close(keep);
  snprintf(wanted, sizeof wanted, "%s/.local/share/vms/pins", home);
  assert_int_equal(access(wanted, F_OK), 0);
  setenv("XDG_DATA_HOME", home, 1);
  assert_ok(vms_keep_open(&keep, NULL, NULL));
  assert_ok(vms_keep_set_pin(keep, "ws://a/", key, NULL));
  vms_keep_close(keep);
  snprintf(wanted, sizeof wanted, "%s/vms/pins", home);
  assert_int_equal(access(wanted, F_OK), 0);
  unsetenv("HOME");
  unsetenv("XDG_DATA_HOME");
  assert_int_equal(vms_keep_open(&keep, NULL, NULL), VMS_ERR_NOT_FOUND);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_url_is_pinned_however_it_is_spelled, begin, end),
    cmocka_unit_test_setup_teardown(a_first_pin_does_not_replace_another, begin, end),
    cmocka_unit_test_setup_teardown(a_pin_can_be_forgotten, begin, end),
    cmocka_unit_test_setup_teardown(what_people_write_among_the_pins_stays, begin, end),
    cmocka_unit_test_setup_teardown(damaged_pins_are_said_to_be_and_left_alone, begin, end),
    cmocka_unit_test_setup_teardown(heads_move_forward_only, begin, end),
    cmocka_unit_test_setup_teardown(a_head_takes_the_place_of_the_one_that_it_was_compared_with_alone, begin, end),
    cmocka_unit_test_setup_teardown(a_damaged_head_is_said_to_be_and_not_replaced, begin, end),
    cmocka_unit_test_setup_teardown(receipts_are_lines, begin, end),
    cmocka_unit_test_setup_teardown(receipts_that_turn_over_while_they_are_read_are_not_left_out, begin, end),
    cmocka_unit_test_setup_teardown(a_line_that_a_crash_tore_is_passed_over_and_written_over, begin, end),
    cmocka_unit_test_setup_teardown(a_disk_that_fails_or_is_full_takes_nothing_away, begin, end),
    cmocka_unit_test_setup_teardown(a_power_cut_takes_nothing_away_that_was_there, begin, end),
    cmocka_unit_test_setup_teardown(nothing_is_written_by_looking, begin, end),
    cmocka_unit_test_setup_teardown(the_same_evidence_is_written_once, begin, end),
    cmocka_unit_test(nobody_else_may_read_it),
    cmocka_unit_test(receipts_of_a_busy_ledger_turn_over),
    cmocka_unit_test(processes_at_once_lose_nothing),
    cmocka_unit_test(the_users_own_folder_is_where_xdg_says),
  };
  return cmocka_run_group_tests(tests, make_all, remove_folder);
}
