/* SPDX-License-Identifier: MIT */
/* Goal: files, locks and secrets keep what their header promises. Method: a fresh folder under the build, removed at the end. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/support/folder.h"
#include "lib/net/internal.h"


static const char *path_to(const char *name) {
  static char paths[4][160];
  static int next;
  char *path = paths[next++ % 4];
  snprintf(path, sizeof paths[0], "%s/%s", folder, name);
  return path;
}

static void a_file_is_a_storage(void **state) {
  vms_storage storage;
  vms_error error;
  char bytes[16];
  size_t got;
  uint64_t len;
  (void)state;
  assert_int_equal(vms_file_open(&storage, path_to("none"), 0, &error), VMS_ERR_NOT_FOUND);
  assert_non_null(strstr(error.message, "none"));
  assert_ok(vms_file_open(&storage, path_to("file"), VMS_FILE_CREATE, &error));
  assert_ok(storage.write(storage.context, 3, "hello", 5, &error));
  assert_ok(storage.sync(storage.context, &error));
  assert_ok(storage.length(storage.context, &len, &error));
  assert_int_equal(len, 8);
  assert_ok(storage.read(storage.context, 2, bytes, sizeof bytes, &got, &error));
  assert_int_equal(got, 6);
  assert_memory_equal(bytes, "\0hello", 6);
  assert_ok(storage.truncate(storage.context, 4, &error));
  assert_ok(storage.read(storage.context, 9, bytes, sizeof bytes, &got, &error));
  assert_int_equal(got, 0);
  assert_int_equal(storage.read(storage.context, UINT64_MAX, bytes, 1, &got, &error), VMS_ERR_IO);
  vms_file_close(&storage);
  assert_ok(vms_file_open(&storage, path_to("file"), VMS_FILE_READ_ONLY, &error));
  assert_int_equal(storage.write(storage.context, 0, "x", 1, &error), VMS_ERR_IO);
  vms_file_close(&storage);
  assert_int_equal(vms_file_open(&storage, folder, VMS_FILE_READ_ONLY, &error), VMS_ERR_IO);
}

/* Opening one waits for whoever writes to it. */
static void a_pipe_is_no_file_and_keeps_nobody_waiting(void **state) {
  vms_storage storage;
  uint8_t secret[32];
  (void)state;
  assert_int_equal(mkfifo(path_to("pipe"), 0600), 0);
  alarm(120);
  assert_int_equal(vms_file_open(&storage, path_to("pipe"), VMS_FILE_READ_ONLY, NULL), VMS_ERR_IO);
  assert_int_equal(vms_file_open(&storage, path_to("pipe"), VMS_FILE_CREATE, NULL), VMS_ERR_IO);
  assert_int_equal(vms__os_secret_read(&vms__os_system, path_to("pipe"), secret, NULL), VMS_ERR_FORM);
  alarm(0);
}

static void a_temporary_file_leaves_nothing_behind(void **state) {
  vms_storage storage;
  uint64_t len;
  (void)state;
  assert_ok(vms_file_open(&storage, folder, VMS_FILE_TEMPORARY, NULL));
  assert_ok(storage.write(storage.context, 0, "x", 1, NULL));
  assert_ok(storage.length(storage.context, &len, NULL));
  assert_int_equal(len, 1);
  vms_file_close(&storage);
}

static void folders_are_made_listed_and_removed_with_all_that_is_in_them(void **state) {
  vms_buffer names = VMS_BUFFER_INIT;
  bool made;
  (void)state;
  assert_ok(vms__os_mkdirs(&vms__os_system, path_to("tree/a//b/"), &made, NULL));
  assert_true(made);
  assert_ok(vms__os_mkdirs(&vms__os_system, path_to("tree/a/b"), &made, NULL));
  assert_false(made);
  assert_ok(vms__os_replace(&vms__os_system, path_to("tree/a/file"), SLICE("1"), 0600, NULL, NULL));
  assert_ok(vms__os_replace(&vms__os_system, path_to("precious"), SLICE("2"), 0600, NULL, NULL));
  assert_int_equal(symlink(folder, path_to("tree/a/up")), 0);
  assert_int_equal(vms__os_mkdirs(&vms__os_system, path_to("tree/a/file/c"), NULL, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms__os_system.list(NULL, path_to("tree/a"), &names), 0);
  assert_int_equal(names.len, strlen("b") + strlen("file") + strlen("up") + 3);
  assert_int_equal(vms__os_system.list(NULL, path_to("none"), &names), -1);
  vms__os_remove_all(&vms__os_system, path_to("tree"));
  assert_false(vms__os_exists(&vms__os_system, path_to("tree")));
  assert_true(vms__os_exists(&vms__os_system, path_to("precious"))); /* links are removed, not followed */
  vms_buffer_free(&names);
}

static void a_full_disk_is_told_from_a_broken_one(void **state) {
  vms_error error;
  (void)state;
  assert_int_equal(vms__os_fail(&error, ENOSPC, "write", "/a"), VMS_ERR_FULL);
  assert_string_equal(error.message, "cannot write /a: no space left");
  assert_int_equal(vms__os_fail(&error, EDQUOT, "write", "/a"), VMS_ERR_FULL);
  assert_int_equal(vms__os_fail(&error, EIO, "write", "/a"), VMS_ERR_IO);
}

static void reading_stops_at_the_limit(void **state) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  (void)state;
  assert_ok(vms__os_replace(&vms__os_system, path_to("small"), SLICE("12345"), 0600, NULL, NULL));
  assert_ok(vms_file_read(path_to("small"), 5, &bytes, NULL));
  assert_text(bytes, "12345");
  assert_int_equal(vms_file_read(path_to("small"), 4, &bytes, NULL), VMS_ERR_LIMIT);
  assert_text(bytes, "12345");
  assert_ok(vms__os_replace(&vms__os_system, path_to("small"), SLICE("6"), 0600, NULL, NULL));
  bytes.len = 0;
  assert_ok(vms_file_read(path_to("small"), 5, &bytes, NULL));
  assert_text(bytes, "6");
  vms_buffer_free(&bytes);
}

typedef struct maker {
  pthread_t thread;
  pthread_barrier_t *all;
  const char *path;
  int status;
  uint8_t seed[VMS_SEED_LEN];
} maker;

static void *load_key(void *context) {
  maker *one = context;
  pthread_barrier_wait(one->all);
  one->status = vms_key_load(one->path, one->seed, NULL);
  return NULL;
}

/* Clients in several threads, all for the first time: each signs with the key that the file holds in the end. */
static void threads_that_make_a_key_at_once_have_the_same_one(void **state) {
  enum { THREADS = 8, ROUNDS = 20 };
  pthread_barrier_t all;
  maker makers[THREADS];
  uint8_t seed[VMS_SEED_LEN];
  char name[32];
  (void)state;
  assert_int_equal(pthread_barrier_init(&all, NULL, THREADS), 0);
  for (int round = 0; round < ROUNDS; round++) {
    snprintf(name, sizeof name, "together%d", round);
    const char *path = path_to(name);
    for (int i = 0; i < THREADS; i++) {
      makers[i] = (maker){ .all = &all, .path = path };
      assert_int_equal(pthread_create(&makers[i].thread, NULL, load_key, &makers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(makers[i].thread, NULL);
    assert_ok(vms_key_load(path, seed, NULL));
    for (int i = 0; i < THREADS; i++) {
      assert_ok(makers[i].status);
      assert_memory_equal(makers[i].seed, seed, sizeof seed);
    }
  }
  pthread_barrier_destroy(&all);
}

static void secrets_are_strict_and_private(void **state) {
  static const char *const bad[] = { "", "00", "0000000000000000000000000000000000000000000000000000000000000000\n\n",
                                     "000000000000000000000000000000000000000000000000000000000000000G\n" };
  uint8_t secret[32] = { 1, 2, 255 }, again[32] = { 0 };
  struct stat st;
  (void)state;
  assert_int_equal(vms__os_secret_read(&vms__os_system, path_to("key"), again, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms__os_secret_write(&vms__os_system, path_to("key"), secret, NULL));
  assert_int_equal(stat(path_to("key"), &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  assert_int_equal(st.st_size, 65);
  assert_ok(vms_key_load(path_to("key"), again, NULL));
  assert_memory_equal(secret, again, 32);
  assert_int_equal(vms__os_secret_write(&vms__os_system, path_to("key"), again, NULL), VMS_ERR_EXISTS);
  assert_int_equal(chmod(path_to("key"), 0640), 0);
  assert_int_equal(vms_key_load(path_to("key"), again, NULL), VMS_ERR_SIGNATURE);
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_ok(vms__os_replace(&vms__os_system, path_to("bad"), SLICE(bad[i]), 0600, NULL, NULL));
    assert_int_equal(vms_key_load(path_to("bad"), again, NULL), VMS_ERR_FORM);
  }
}

static void the_users_key_is_made_on_first_use(void **state) {
  uint8_t first[32], second[32];
  (void)state;
  assert_int_equal(setenv("XDG_CONFIG_HOME", path_to("config"), 1), 0);
  assert_ok(vms_key_load(NULL, first, NULL));
  assert_ok(vms_key_load(NULL, second, NULL));
  assert_memory_equal(first, second, 32);
  assert_int_equal(access(path_to("config/vms/key"), R_OK), 0);
}

static void a_folder_has_one_owner(void **state) {
  vms_folder *one, *two;
  vms_error error;
  (void)state;
  assert_ok(vms_folder_open(&one, path_to("deep/data"), 0, &error));
  assert_int_equal(vms_folder_open(&two, path_to("deep/data"), 0, &error), VMS_ERR_LOCKED);
  assert_int_equal(error.position, getpid());
  vms_folder_close(one);
  assert_false(vms__os_exists(&vms__os_system, path_to("deep/data"))); /* made for nothing */
  assert_int_equal(vms_folder_open(&one, path_to("deep/data"), VMS_FOLDER_READ_ONLY, &error), VMS_ERR_NOT_FOUND);
}

static void a_lock_dies_with_its_process(void **state) {
  int lock, status;
  pid_t child = fork();
  (void)state;
  if (child == 0) _exit(vms__os_lock(&vms__os_system, path_to("lock"), &lock, NULL) == VMS_OK ? 0 : 1);
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_ok(vms__os_lock(&vms__os_system, path_to("lock"), &lock, NULL));
  vms__os_unlock(&vms__os_system, lock);
}

static void services_are_found_again(void **state) {
  static const char key[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
  vms_folder *opened;
  vms_folder_entry entry;
  (void)state;
  assert_ok(vms_folder_open(&opened, path_to("data"), 0, NULL));
  assert_ok(vms__folder_add(opened, "/bob/party", key, NULL));
  vms_folder_close(opened);
  assert_ok(vms_folder_open(&opened, path_to("data"), VMS_FOLDER_READ_ONLY, NULL));
  assert_int_equal(vms_folder_count(opened), 1);
  entry = vms_folder_at(opened, 0);
  assert_string_equal(entry.mount, "/bob/party");
  assert_string_equal(entry.key, key);
  assert_non_null(strstr(entry.journal, "/services/00112233"));
  vms_folder_close(opened);
  assert_ok(vms__os_replace(&vms__os_system, path_to("data/services.json"), SLICE("{\"/../x\":\"00\"}"), 0600, NULL, NULL));
  assert_int_equal(vms_folder_open(&opened, path_to("data"), 0, NULL), VMS_ERR_CORRUPT);
}

static void mounts_and_addresses_are_checked(void **state) {
  static const char *const good[] = { "/", "/a", "/bob/my-party.2" }, *const bad[] = { "", "a", "/a/", "//", "/a/../b", "/.", "/a b", "/\"" };
  static const char *const addresses[] = { "5555", "127.0.0.1:0", "[::1]:80" }, *const wrong[] = { "", "x", "::1:80", "1.2.3.4:", ":80", "1:70000" };
  char host[64];
  uint16_t port;
  (void)state;
  for (size_t i = 0; i < 3; i++) assert_true(vms__mount_valid(SLICE(good[i])));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) assert_false(vms__mount_valid(SLICE(bad[i])));
  for (size_t i = 0; i < 3; i++) assert_ok(vms__address_read(addresses[i], host, &port, NULL));
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) assert_int_equal(vms__address_read(wrong[i], host, &port, NULL), VMS_ERR_ARGUMENT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_file_is_a_storage),
    cmocka_unit_test(a_pipe_is_no_file_and_keeps_nobody_waiting),
    cmocka_unit_test(a_temporary_file_leaves_nothing_behind),
    cmocka_unit_test(folders_are_made_listed_and_removed_with_all_that_is_in_them),
    cmocka_unit_test(a_full_disk_is_told_from_a_broken_one),
    cmocka_unit_test(reading_stops_at_the_limit),
    cmocka_unit_test(secrets_are_strict_and_private),
    cmocka_unit_test(threads_that_make_a_key_at_once_have_the_same_one),
    cmocka_unit_test(the_users_key_is_made_on_first_use),
    cmocka_unit_test(a_folder_has_one_owner),
    cmocka_unit_test(a_lock_dies_with_its_process),
    cmocka_unit_test(services_are_found_again),
    cmocka_unit_test(mounts_and_addresses_are_checked),
  };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
