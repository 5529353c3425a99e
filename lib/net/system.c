/* SPDX-License-Identifier: MIT */
/* The system as lib/os has it, for everybody. */
#define _GNU_SOURCE
#include "internal.h"

#include <stdlib.h>

const vms_env *vms_env_system(void) { return vms__os_env(); }

int vms_file_open(vms_storage *storage, const char *path, uint32_t flags, vms_error *error) {
  _Static_assert(VMS_FILE_READ_ONLY == VMS__OS_READ_ONLY && VMS_FILE_CREATE == VMS__OS_CREATE &&
                 VMS_FILE_TEMPORARY == VMS__OS_TEMPORARY, "flags go through unchanged");
  return vms__os_file_open(&vms__os_system, storage, path, flags, error);
}

void vms_file_close(vms_storage *storage) { vms__os_file_close(storage); }

int vms_file_read(const char *path, size_t limit, vms_buffer *bytes, vms_error *error) {
  return vms__os_read(&vms__os_system, path, limit, bytes, error);
}

/* Makes a key. Somebody else may make it at the same time: then that one counts. */
static int make_key(const char *path, uint8_t seed[VMS_SEED_LEN], vms_error *error) {
  char *folder = strdup(path), *slash = folder == NULL ? NULL : strrchr(folder, '/');
  int status = folder == NULL ? vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory") : VMS_OK;
  if (status == VMS_OK && slash != NULL && slash != folder) {
    *slash = 0;
    status = vms__os_mkdirs(&vms__os_system, folder, NULL, error);
  }
  if (status == VMS_OK && vms__os_entropy(seed, VMS_SEED_LEN) != VMS_OK)
    status = vms__fail(error, VMS_ERR_IO, 0, "the system gives no random bytes");
  if (status == VMS_OK) status = vms__os_secret_write(&vms__os_system, path, seed, error);
  if (status == VMS_ERR_EXISTS) status = vms__os_secret_read(&vms__os_system, path, seed, error);
  free(folder);
  return status;
}

int vms_key_load(const char *path, uint8_t seed[VMS_SEED_LEN], vms_error *error) {
  vms_buffer own = VMS_BUFFER_INIT;
  int status = VMS_OK;
  if (path == NULL) {
    status = vms__os_config_path("key", &own, error);
    path = own.data;
  }
  if (status == VMS_OK) status = vms__os_secret_read(&vms__os_system, path, seed, error);
  if (status == VMS_ERR_NOT_FOUND && path != NULL) status = make_key(path, seed, error);
  vms_buffer_free(&own);
  return status;
}
