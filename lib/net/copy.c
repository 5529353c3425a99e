/* SPDX-License-Identifier: MIT */
/* A service's journal as an auditor holds it: read from a folder that a host may be writing to, or written by a download, into a store
 * (a data folder without secrets) or into a file that ends with the process.
 *
 * The index that a host keeps beside its journal is never used here. It holds tree nodes whose inner hashes nobody checks when it is read: who
 * hands over a folder could put any blocks under a true head with it. */
#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "internal.h"

#include <stdlib.h>
#include <time.h>

struct vms_copy {
  vms_storage storage;
  vms_journal *journal;
  uint64_t torn;
};

#define TORN_MS 1000 /* a host that is alive finishes a frame well within it */
#define TORN_WAIT_MS 50

static vms_copy *copy_new(vms_error *error) {
  vms_copy *copy = calloc(1, sizeof *copy);
  if (copy == NULL) vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  return copy;
}

int vms_copy_open(vms_copy **copy, const char *path, vms_error *error) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_copy *made = copy_new(error);
  uint64_t opened = 0; /* for the first time: a long journal is not read over and over */
  int status;
  *copy = NULL;
  if (made == NULL) return VMS_ERR_NOMEM;
  status = vms__os_file_open(&vms__os_system, &made->storage, path, VMS__OS_READ_ONLY, error);
  options.flags = VMS_JOURNAL_READ_ONLY;
  while (status == VMS_OK) {
    status = vms_journal_open(&made->journal, &made->storage, &options, error);
    if (status != VMS_OK) break;
    made->torn = vms_journal_torn(made->journal);
    if (opened == 0) opened = vms__os_monotonic_ms();
    if (made->torn == 0 || vms__os_monotonic_ms() - opened >= TORN_MS) break;
    vms_journal_close(made->journal);
    made->journal = NULL;
    nanosleep(&(struct timespec){ 0, TORN_WAIT_MS * 1000000L }, NULL);
  }
  if (status == VMS_OK) *copy = made;
  else vms_copy_close(made);
  return status;
}

int vms__copy_temporary(vms_copy **copy, const uint8_t (*manifests)[VMS_MANIFEST_LEN], uint32_t count, const vms_env *env, vms_error *error) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_copy *made = copy_new(error);
  int status;
  *copy = NULL;
  if (made == NULL) return VMS_ERR_NOMEM;
  options.env = env;
  status = vms__os_file_open(&vms__os_system, &made->storage, NULL, VMS__OS_TEMPORARY, error);
  if (status == VMS_OK) status = vms_journal_create(&made->journal, &made->storage, manifests, count, &options, error);
  if (status == VMS_OK) *copy = made;
  else vms_copy_close(made);
  return status;
}

static bool is_listed(const vms_folder *folder, const char *key) {
  for (size_t i = 0; i < vms_folder_count(folder); i++)
    if (strcmp(vms_folder_at(folder, i).key, key) == 0) return true;
  return false;
}

/* Enters a ledger in services.json: under the URL's path, unless that is no good or another ledger's. */
static int list(vms_folder *folder, const char *mount, const char *key, vms_error *error) {
  char own[2 + 2 * VMS_KEY_LEN];
  own[0] = '/';
  strcpy(own + 1, key); /* 64 digits */
  if (!vms__mount_valid(vms__slice_of(mount)) || vms__folder_find(folder, mount) != SIZE_MAX) mount = own;
  if (vms__folder_find(folder, mount) != SIZE_MAX) return vms__fail(error, VMS_ERR_CORRUPT, 0, "services.json has another ledger at %.20s…", mount);
  return vms__folder_add(folder, mount, key, error);
}

static int store_open(vms_copy *made, vms_folder *folder, const char *mount, const char *key, const uint8_t (*manifests)[VMS_MANIFEST_LEN],
                      uint32_t count, const vms_env *env, vms_buffer *path, vms_error *error) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  const vms__os_fs *fs = vms__folder_fs(folder);
  uint64_t len = 0;
  int status = vms__folder_path(folder, key, "secret", path, error);
  if (status == VMS_OK && vms__os_exists(fs, path->data)) status = vms__fail(error, VMS_ERR_EXISTS, 0, "this is a host's own folder: it holds the secret of the ledger");
  if (status == VMS_OK) status = vms__folder_path(folder, key, "journal", path, error);
  if (status == VMS_OK && !vms__os_exists(fs, path->data)) status = vms__folder_begin(folder, key, error);
  if (status == VMS_OK) status = vms__os_file_open(fs, &made->storage, path->data, VMS__OS_CREATE, error);
  if (status == VMS_OK) status = made->storage.length(made->storage.context, &len, error);
  if (status != VMS_OK) return status;
  options.env = env;
  status = len == 0 ? vms_journal_create(&made->journal, &made->storage, manifests, count, &options, error)
                    : vms_journal_open(&made->journal, &made->storage, &options, error);
  return status == VMS_OK && !is_listed(folder, key) ? list(folder, mount, key, error) : status;
}

int vms__copy_store(vms_copy **copy, vms_folder *folder, const char *mount, const char *key, const uint8_t (*manifests)[VMS_MANIFEST_LEN],
                    uint32_t count, const vms_env *env, vms_error *error) {
  vms_buffer path = VMS_BUFFER_INIT;
  vms_copy *made = copy_new(error);
  int status;
  *copy = NULL;
  if (made == NULL) return VMS_ERR_NOMEM;
  status = store_open(made, folder, mount, key, manifests, count, env, &path, error);
  vms_buffer_free(&path);
  if (status == VMS_OK) *copy = made;
  else vms_copy_close(made);
  vms__folder_settle(folder, key);
  return status;
}

void vms_copy_close(vms_copy *copy) {
  if (copy == NULL) return;
  vms_journal_close(copy->journal);
  vms_file_close(&copy->storage);
  free(copy);
}

vms_journal *vms_copy_journal(const vms_copy *copy) { return copy->journal; }
uint64_t vms_copy_torn(const vms_copy *copy) { return copy->torn; }
