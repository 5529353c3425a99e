/* SPDX-License-Identifier: MIT */
/* A service in a data folder: made, opened, closed. */
#include "internal.h"

static void show_key(const uint8_t key[VMS_KEY_LEN], char text[2 * VMS_KEY_LEN + 1]) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < VMS_KEY_LEN; i++) {
    text[2 * i] = digits[key[i] >> 4];
    text[2 * i + 1] = digits[key[i] & 15];
  }
}

static void take_keys(vms__deployed *deployed, const uint8_t secret[VMS_SEED_LEN]) {
  uint8_t ledger[VMS_KEY_LEN], archive[VMS_KEY_LEN];
  vms_service_keys_of(secret, ledger, archive);
  show_key(ledger, deployed->ledger);
  show_key(archive, deployed->archive);
}

/* Opens what is derived from the journal, or makes it. Without it all works as well, but for the time that opening takes. */
static const vms_storage *open_derived(const vms_folder *folder, const char *key, const char *name, vms_storage *storage) {
  const vms__os_fs *fs = vms__folder_fs(folder);
  vms_buffer path = VMS_BUFFER_INIT;
  int status = vms__folder_path(folder, key, "index", &path, NULL);
  if (status == VMS_OK) (void)fs->mkdir(fs->context, path.data, 0700);
  if (status == VMS_OK) status = vms__folder_path(folder, key, name, &path, NULL);
  if (status == VMS_OK) status = vms__os_file_open(fs, storage, path.data, VMS__OS_CREATE, NULL);
  vms_buffer_free(&path);
  return status == VMS_OK ? storage : NULL;
}

static void open_indexes(vms__deployed *deployed, const vms_folder *folder, const char *key, vms_service_options *options) {
  options->index = open_derived(folder, key, "index/journal", &deployed->index);
  options->callers_index = open_derived(folder, key, "index/callers", &deployed->callers);
}

int vms__deployed_open(vms__deployed *deployed, const vms_folder *folder, size_t index, const vms_slice *code,
                       const vms_service_options *options, vms_error *error) {
  vms_folder_entry entry = vms_folder_at(folder, index);
  vms_buffer path = VMS_BUFFER_INIT;
  uint8_t secret[VMS_SEED_LEN];
  vms_service_options with_index = *options;
  const vms__os_fs *fs = vms__folder_fs(folder);
  int status;
  memset(deployed, 0, sizeof *deployed);
  status = vms__folder_path(folder, entry.key, "secret", &path, error);
  if (status == VMS_OK) status = vms__os_secret_read(fs, path.data, secret, error);
  if (status == VMS_OK) take_keys(deployed, secret);
  if (status == VMS_OK && strcmp(deployed->ledger, entry.key) != 0)
    status = vms__fail(error, VMS_ERR_FOREIGN, 0, "the secret is not that of ledger %.16s…", entry.key);
  if (status == VMS_OK) status = vms__os_file_open(fs, &deployed->storage, entry.journal, 0, error);
  if (status == VMS_OK) open_indexes(deployed, folder, entry.key, &with_index);
  if (status == VMS_OK) status = vms_service_open(&deployed->service, &deployed->storage, secret, code, &with_index, error);
  vms__crypto_wipe(secret, sizeof secret);
  vms_buffer_free(&path);
  if (status != VMS_OK) vms__deployed_close(deployed);
  return status;
}

bool vms__deployed_is_mirror(const vms_folder *folder, size_t index) {
  vms_buffer path = VMS_BUFFER_INIT;
  bool known = vms__folder_path(folder, vms_folder_at(folder, index).key, "secret", &path, NULL) == VMS_OK;
  bool is_mirror = known && !vms__os_exists(vms__folder_fs(folder), path.data);
  vms_buffer_free(&path);
  return is_mirror;
}

int vms__deployed_mirror(vms__deployed *deployed, const vms_folder *folder, size_t index, const vms_service_options *options,
                         vms_error *error) {
  vms_folder_entry entry = vms_folder_at(folder, index);
  vms_service_options without_index = *options;
  uint8_t key[VMS_KEY_LEN];
  int status;
  memset(deployed, 0, sizeof *deployed);
  without_index.callers_index = NULL;
  without_index.index = NULL; /* whoever made the copy could put any blocks under a true head with one */
  status = vms__os_file_open(vms__folder_fs(folder), &deployed->storage, entry.journal, VMS__OS_READ_ONLY, error);
  if (status == VMS_OK) status = vms_service_mirror(&deployed->service, &deployed->storage, &without_index, error);
  if (status == VMS_OK) {
    vms_service_key(deployed->service, VMS_CORE_LEDGER, key);
    show_key(key, deployed->ledger);
    vms_service_key(deployed->service, VMS_CORE_ARCHIVE, key);
    show_key(key, deployed->archive);
    if (strcmp(deployed->ledger, entry.key) != 0) status = vms__fail(error, VMS_ERR_FOREIGN, 0, "the journal is not that of ledger %.16s…", entry.key);
  }
  if (status != VMS_OK) vms__deployed_close(deployed);
  return status;
}

int vms__deployed_make(vms__deployed *deployed, vms_folder *folder, const char *mount, vms_slice code,
                       const vms_service_options *options, vms_buffer *diagnostic, vms_error *error) {
  const vms_env *env = options->env != NULL && options->env->entropy != NULL ? options->env : vms__os_env();
  vms_service_options with_index = *options;
  const vms__os_fs *fs = vms__folder_fs(folder);
  vms_buffer path = VMS_BUFFER_INIT;
  uint8_t secret[VMS_SEED_LEN];
  char key[sizeof deployed->ledger];
  int status;
  memset(deployed, 0, sizeof *deployed);
  if (env->entropy(env->context, secret, sizeof secret) != VMS_OK) return vms__fail(error, VMS_ERR_IO, 0, "the system gives no random bytes");
  take_keys(deployed, secret);
  memcpy(key, deployed->ledger, sizeof key);
  status = vms__folder_begin(folder, key, error);
  if (status == VMS_OK) status = vms__folder_path(folder, key, "secret", &path, error);
  if (status == VMS_OK) status = vms__os_secret_write(fs, path.data, secret, error);
  if (status == VMS_OK) status = vms__folder_path(folder, key, "journal", &path, error);
  if (status == VMS_OK) status = vms__os_file_open(fs, &deployed->storage, path.data, VMS__OS_CREATE, error);
  if (status == VMS_OK) open_indexes(deployed, folder, key, &with_index);
  if (status == VMS_OK) status = vms_service_deploy(&deployed->service, &deployed->storage, secret, code, &with_index, diagnostic, error);
  if (status == VMS_OK) status = vms__folder_add(folder, mount, key, error);
  vms__crypto_wipe(secret, sizeof secret);
  vms_buffer_free(&path);
  if (status != VMS_OK) vms__deployed_close(deployed);
  vms__folder_settle(folder, key);
  return status;
}

void vms__deployed_close(vms__deployed *deployed) {
  vms_service_close(deployed->service);
  vms__os_file_close(&deployed->storage);
  vms__os_file_close(&deployed->index);
  vms__os_file_close(&deployed->callers);
  memset(deployed, 0, sizeof *deployed);
}
