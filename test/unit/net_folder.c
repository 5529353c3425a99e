/* SPDX-License-Identifier: MIT */
/* Goal: the data folder says what is wrong with it, removes nothing that could be anybody's, and its lock dies with the process.
 * Method: a simulated file system on which the n-th operation fails as wanted. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <errno.h>

#include "lib/net/internal.h"
#include "test/support/sim_fs.h"

#define DIR "/data"
#define KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static sim_fs sim;

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

static bool there(const char *path) { return vms__os_exists(&sim.fs, path); }

static void put(const char *path, const char *text) {
  char *folder = strdup(path);
  *strrchr(folder, '/') = 0;
  assert_ok(vms__os_mkdirs(&sim.fs, folder, NULL, NULL));
  assert_ok(vms__os_replace(&sim.fs, path, SLICE(text), 0600, NULL, NULL));
  free(folder);
}

static void open_and_close(uint32_t flags) {
  vms_folder *folder;
  vms_error error;
  if (vms__folder_open_on(&sim.fs, &folder, DIR, flags, &error) != VMS_OK) fail_msg("%s", error.message);
  vms_folder_close(folder);
}

static void fail_at(uint64_t operation, int number) {
  sim.operations = 0;
  sim.fail_at = operation;
  sim.fail_count = UINT64_MAX;
  sim.fail_errno = number;
}

static void a_start_removes_what_is_marked_and_not_named_and_nothing_else(void **state) {
  (void)state;
  put(DIR "/services.json", "{\"/\":\"" KEY "\"}\n");
  put(DIR "/services.json.new", "{\"/\":");
  put(DIR "/services/" KEY "/journal", "a");
  put(DIR "/services/" KEY "/new", "");
  put(DIR "/services/" OTHER "/new", "");
  put(DIR "/services/" OTHER "/secret", "b");
  put(DIR "/services/" OTHER "/index/journal", "c");
  put(DIR "/services/backup/new", "d");
  put(DIR "/services/aa" KEY "/new", "e");
  put(DIR "/new", "f");
  open_and_close(VMS_FOLDER_READ_ONLY);
  assert_true(there(DIR "/services/" OTHER "/index/journal"));
  open_and_close(0);
  assert_false(there(DIR "/services.json.new"));
  assert_false(there(DIR "/services/" OTHER));
  assert_false(there(DIR "/services/" KEY "/new"));
  assert_true(there(DIR "/services/" KEY "/journal"));
  assert_true(there(DIR "/services/backup/new"));
  assert_true(there(DIR "/services/aa" KEY "/new"));
  assert_true(there(DIR "/new"));
}

static void a_service_that_is_not_named_but_was_finished_stays(void **state) {
  (void)state;
  put(DIR "/services/" KEY "/secret", "a");
  assert_ok(vms__os_mkdirs(&sim.fs, DIR "/services/" OTHER, NULL, NULL)); /* its maker came no further */
  open_and_close(0);
  assert_true(there(DIR "/services/" KEY "/secret"));
  assert_false(there(DIR "/services/" OTHER));
}

static void a_damaged_list_of_services_is_an_error_and_removes_nothing(void **state) {
  static const char *const bad[] = { "", "{", "[]", "{\"/\":\"00\"}", "{\"/..\":\"" KEY "\"}", "{\"/\":7}", "{\"/\":\"" KEY "\"" };
  vms_folder *folder;
  vms_error error;
  (void)state;
  put(DIR "/services/" KEY "/new", "");
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    put(DIR "/services.json", bad[i]);
    assert_int_equal(vms__folder_open_on(&sim.fs, &folder, DIR, 0, &error), VMS_ERR_CORRUPT);
    assert_non_null(strstr(error.message, "services.json is damaged"));
    assert_null(folder);
    assert_true(there(DIR "/services/" KEY "/new"));
    assert_true(there(DIR "/services.json"));
  }
}

static void a_ledger_of_two_names_is_not_opened_twice(void **state) {
  vms_folder *folder;
  vms_error error;
  (void)state;
  put(DIR "/services.json", "{\"/\":\"" KEY "\",\"/a\":\"" OTHER "\",\"/b\":\"" KEY "\"}\n");
  assert_int_equal(vms__folder_open_on(&sim.fs, &folder, DIR, 0, &error), VMS_ERR_CORRUPT);
  assert_non_null(strstr(error.message, "services.json names ledger 0011223344556677… twice"));
  open_and_close(VMS_FOLDER_READ_ONLY);
}

static void a_lock_is_taken_once_and_dies_with_its_process(void **state) {
  vms_folder *one, *two;
  vms_error error;
  (void)state;
  put(DIR "/services.json", "{}");
  assert_ok(vms__folder_open_on(&sim.fs, &one, DIR, 0, &error));
  assert_int_equal(vms__folder_open_on(&sim.fs, &two, DIR, 0, &error), VMS_ERR_LOCKED);
  assert_non_null(strstr(error.message, "is served by process"));
  open_and_close(VMS_FOLDER_READ_ONLY);
  sim_fs_kill(&sim);
  open_and_close(0);
  vms_folder_close(one);
}

static void a_read_only_file_system_can_be_read_and_not_served(void **state) {
  vms_folder *folder;
  vms_error error;
  (void)state;
  put(DIR "/services.json", "{\"/\":\"" KEY "\"}\n");
  put(DIR "/services/" KEY "/journal", "a");
  fail_at(1, EROFS);
  assert_int_equal(vms__folder_open_on(&sim.fs, &folder, DIR, 0, &error), VMS_ERR_IO);
  assert_string_equal(error.message, "cannot lock /data/lock: Read-only file system");
  assert_ok(vms__folder_open_on(&sim.fs, &folder, DIR, VMS_FOLDER_READ_ONLY, &error));
  assert_int_equal(vms_folder_count(folder), 1);
  vms_folder_close(folder);
}

/* Opens a folder with the n-th operation failing, and all later ones if `count` says so, until n is behind the last one. */
static void open_with_every_error(int number, uint64_t count) {
  uint64_t at = 1;
  do {
    vms_folder *folder;
    vms_error error = { 0 };
    fail_at(at++, number);
    sim.fail_count = count;
    int status = vms__folder_open_on(&sim.fs, &folder, DIR, 0, &error);
    if (status == VMS_OK) {
      assert_int_equal(vms_folder_count(folder), 1);
    } else {
      assert_true(status == VMS_ERR_IO || status == VMS_ERR_FULL || status == VMS_ERR_LOCKED);
      assert_int_equal(error.status, status);
      assert_true(strlen(error.message) > 10);
    }
    vms_folder_close(folder);
  } while (at <= sim.operations + 1);
  sim.fail_at = 0;
  open_and_close(0);
  assert_true(there(DIR "/services/" KEY "/journal"));
}

static void every_error_of_the_system_is_told_and_harms_nothing(void **state) {
  static const int numbers[] = { EACCES, EPERM, EIO, EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, EROFS, ENAMETOOLONG, ELOOP };
  (void)state;
  put(DIR "/services.json", "{\"/\":\"" KEY "\"}\n");
  put(DIR "/services/" KEY "/journal", "a");
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    open_with_every_error(numbers[i], 1);
    open_with_every_error(numbers[i], UINT64_MAX);
  }
}

static void folders_above_that_may_not_be_opened_are_passed_over(void **state) {
  (void)state;
  assert_ok(vms__os_mkdirs(&sim.fs, "/a/b", NULL, NULL));
  fail_at(3, EACCES); /* mkdir and stat say that /a is there; then the root is opened, to be synced */
  sim.fail_count = 1;
  assert_ok(vms__os_mkdirs(&sim.fs, "/a/b", NULL, NULL));
  fail_at(3, EIO);
  sim.fail_count = 1;
  assert_int_equal(vms__os_mkdirs(&sim.fs, "/a/b", NULL, NULL), VMS_ERR_IO);
}

static void expect_text(const char *path, const char *one, const char *other) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  assert_ok(vms__os_read(&sim.fs, path, 100, &bytes, NULL));
  if (strcmp(bytes.data, one) != 0) assert_text(bytes, other);
  vms_buffer_free(&bytes);
}

static void a_replaced_file_is_the_old_or_the_new_one_whatever_fails(void **state) {
  static const int numbers[] = { ENOSPC, EDQUOT, EIO, EACCES };
  uint64_t at;
  (void)state;
  put("/file", "old");
  for (size_t i = 0; i < 4; i++)
    for (at = 1, sim.operations = UINT64_MAX; at <= sim.operations; at++) {
      vms_error error;
      bool replaced;
      fail_at(at, numbers[i]);
      int status = vms__os_replace(&sim.fs, "/file", SLICE("new"), 0600, &replaced, &error);
      uint64_t operations = sim.operations;
      if (status != VMS_OK) assert_int_equal(status, i < 2 ? VMS_ERR_FULL : VMS_ERR_IO);
      else assert_true(replaced);
      sim.fail_at = 0;
      if (status != VMS_OK && !replaced) expect_text("/file", "old", "old");
      else expect_text("/file", "new", "new");
      if (i < 2) assert_false(there("/file.new")); /* else it could not be removed either */
      put("/file", "old");
      sim.operations = operations;
    }
}

static void a_secret_is_whole_or_not_there_after_a_power_cut(void **state) {
  static const uint8_t secret[32] = { 1, 2, 3 };
  int written = VMS_ERR_IO;
  (void)state;
  for (uint64_t cut = 1; written != VMS_OK; cut++)
    for (uint64_t seed = 0; seed < 20; seed++) {
      uint8_t again[32];
      sim_fs_deinit(&sim);
      sim_fs_init(&sim);
      sim.power_cut_at = cut;
      written = vms__os_secret_write(&sim.fs, "/secret", secret, NULL);
      sim_fs_restart(&sim, seed);
      int status = vms__os_secret_read(&sim.fs, "/secret", again, NULL);
      if (status == VMS_OK) assert_memory_equal(again, secret, sizeof secret);
      else assert_true(status == VMS_ERR_NOT_FOUND && written != VMS_OK);
    }
  assert_int_equal(vms__os_secret_write(&sim.fs, "/secret", secret, NULL), VMS_ERR_EXISTS);
}

/* --- services ---------------------------------------------------------------------------------------------- */

static const char counter[] = "exports.get=()=>1";

static int make(vms_folder *folder, vms__deployed *deployed, const char *code, vms_error *error) {
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms_buffer diagnostic = VMS_BUFFER_INIT;
  options.env = vms_env_system();
  options.flags = VMS_SERVICE_ANONYMOUS;
  int status = vms__deployed_make(deployed, folder, "/", SLICE(code), &options, &diagnostic, error);
  vms_buffer_free(&diagnostic);
  return status;
}

static void a_script_that_fails_at_deployment_leaves_nothing(void **state) {
  static const char *const bad[] = { "exports.init=()=>{throw Error('no')}", "throw 1", "(" };
  vms__deployed deployed;
  vms_folder *folder;
  vms_error error;
  (void)state;
  for (size_t i = 0; i < 3; i++) {
    assert_ok(vms__folder_open_on(&sim.fs, &folder, DIR, 0, &error));
    assert_int_equal(make(folder, &deployed, bad[i], &error), i < 2 ? VMS_ERR_SCRIPT : VMS_ERR_SYNTAX);
    vms_folder_close(folder);
    assert_false(there(DIR));
  }
}

/* Opens the one service in the folder. */
static void expect_service(void) {
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms__deployed deployed;
  vms_folder *folder;
  vms_error error;
  options.env = vms_env_system();
  assert_ok(vms__folder_open_on(&sim.fs, &folder, DIR, 0, &error));
  if (vms__deployed_open(&deployed, folder, 0, NULL, &options, &error) != VMS_OK) fail_msg("%s", error.message);
  assert_int_equal(vms_service_length(deployed.service), 2);
  vms__deployed_close(&deployed);
  vms_folder_close(folder);
}

static void an_index_that_is_missing_or_cannot_be_one_is_no_hindrance(void **state) {
  char index[160], file[192];
  vms__deployed deployed;
  vms_folder *folder;
  (void)state;
  assert_ok(vms__folder_open_on(&sim.fs, &folder, DIR, 0, NULL));
  assert_ok(make(folder, &deployed, counter, NULL));
  snprintf(index, sizeof index, DIR "/services/%s/index", deployed.ledger);
  snprintf(file, sizeof file, "%s/journal", index);
  vms__deployed_close(&deployed);
  vms_folder_close(folder);
  assert_true(there(file));
  vms__os_remove_all(&sim.fs, index);
  expect_service();
  assert_true(there(file));
  put(file, "no index");
  expect_service();
  vms__os_remove_all(&sim.fs, index);
  put(index, "not even a folder");
  expect_service();
  vms__os_remove_all(&sim.fs, index);
  assert_ok(vms__os_mkdirs(&sim.fs, file, NULL, NULL));
  expect_service();
}

/* Flips a bit of a file, where `text` begins for the first time. */
static void flip(const char *path, const char *text) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  assert_ok(vms__os_read(&sim.fs, path, 1 << 20, &bytes, NULL));
  char *at = memmem(bytes.data, bytes.len, text, strlen(text));
  assert_non_null(at);
  *at ^= 1;
  assert_ok(vms__os_replace(&sim.fs, path, vms__buf_view(&bytes), 0600, NULL, NULL));
  vms_buffer_free(&bytes);
}

/* The index describes the frame that is damaged: who believes it does not look at that frame. */
static void a_copy_is_read_whole_whatever_index_came_with_it(void **state) {
  static char code[200001];
  char path[160];
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms__deployed deployed;
  vms_folder *folder;
  vms_outcome outcome;
  vms_error error;
  (void)state;
  memset(code, '\n', sizeof code - 1); /* long enough for an index at the end */
  memcpy(code, counter, sizeof counter - 1);
  options.env = vms_env_system();
  assert_ok(vms__folder_open_on(&sim.fs, &folder, DIR, 0, NULL));
  assert_ok(make(folder, &deployed, code, NULL));
  snprintf(path, sizeof path, "%s", vms_folder_at(folder, 0).journal);
  vms_outcome_init(&outcome, NULL);
  assert_ok(vms_service_call_unsigned(deployed.service, (vms_slice){ NULL, 0 }, SLICE("get"), SLICE("[]"), &outcome));
  assert_ok(vms_service_commit(deployed.service, VMS_COMMIT_SIGN, NULL)); /* another frame, which the index is bound to */
  vms_outcome_free(&outcome);
  vms__deployed_close(&deployed);
  assert_ok(vms__deployed_mirror(&deployed, folder, 0, &options, NULL));
  vms__deployed_close(&deployed);
  flip(path, "\"boot\"");
  assert_int_equal(vms__deployed_mirror(&deployed, folder, 0, &options, &error), VMS_ERR_CORRUPT);
  vms_folder_close(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(a_start_removes_what_is_marked_and_not_named_and_nothing_else),
    TEST(a_service_that_is_not_named_but_was_finished_stays),
    TEST(a_damaged_list_of_services_is_an_error_and_removes_nothing),
    TEST(a_ledger_of_two_names_is_not_opened_twice),
    TEST(a_lock_is_taken_once_and_dies_with_its_process),
    TEST(a_read_only_file_system_can_be_read_and_not_served),
    TEST(every_error_of_the_system_is_told_and_harms_nothing),
    TEST(folders_above_that_may_not_be_opened_are_passed_over),
    TEST(a_replaced_file_is_the_old_or_the_new_one_whatever_fails),
    TEST(a_secret_is_whole_or_not_there_after_a_power_cut),
    TEST(a_script_that_fails_at_deployment_leaves_nothing),
    TEST(an_index_that_is_missing_or_cannot_be_one_is_no_hindrance),
    TEST(a_copy_is_read_whole_whatever_index_came_with_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
