/* SPDX-License-Identifier: MIT */
/* The data folder: DIR/lock, DIR/services.json, DIR/services/<ledger key>/{journal,secret}, and while a service is being
 * made DIR/services/<ledger key>/new. A service exists from the moment in which services.json names it; what has the mark
 * and no name there was never promised to anybody, and goes at the next start. Nothing else is ever removed. */
#define _GNU_SOURCE
#include "internal.h"

#include <stdlib.h>

#define LIST_LEN_MAX ((size_t)16 << 20)

typedef struct entry {
  char *mount, *key, *journal;
} entry;

struct vms_folder {
  const vms__os_fs *fs;
  char *dir;
  entry *entries;
  size_t count, capacity;
  int lock; /* -1: none */
  bool made;
  bool unsure; /* services.json may name more than the entries: the disk failed while it was replaced */
};

static int out_of_memory(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory"); }

/* DIR/NAME. NULL if there is no memory. */
static char *join(const char *dir, const char *name) {
  vms_buffer path = VMS_BUFFER_INIT;
  char *copy = vms__buf_format(&path, "%s/%s", dir, name) == VMS_OK ? strdup(path.data) : NULL;
  vms_buffer_free(&path);
  return copy;
}

bool vms__mount_valid(vms_slice mount) {
  if (mount.len == 0 || mount.data[0] != '/' || mount.len > 512) return false;
  if (mount.len == 1) return true;
  for (size_t start = 1, at = 1; at <= mount.len; at++) {
    char c = at < mount.len ? mount.data[at] : '/';
    if (c == '/') {
      size_t len = at - start;
      if (len == 0 || (mount.data[start] == '.' && (len == 1 || (len == 2 && mount.data[start + 1] == '.')))) return false;
      start = at + 1;
    } else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c) != NULL)) {
      return false;
    }
  }
  return true;
}

static int add_entry(vms_folder *folder, vms_slice mount, vms_slice key, const char *journal) {
  entry added = { strndup(mount.data, mount.len), strndup(key.data, key.len), NULL };
  vms_buffer path = VMS_BUFFER_INIT;
  int status = vms__grow(NULL, &folder->entries, &folder->capacity, folder->count, 1, sizeof added);
  if (status == VMS_OK && journal == NULL && added.key != NULL) {
    status = vms__folder_path(folder, added.key, "journal", &path, NULL);
    journal = path.data;
  }
  if (status == VMS_OK && journal != NULL) added.journal = strdup(journal);
  vms_buffer_free(&path);
  if (status == VMS_OK && added.mount != NULL && added.key != NULL && added.journal != NULL) {
    folder->entries[folder->count++] = added;
    return VMS_OK;
  }
  free(added.mount);
  free(added.key);
  free(added.journal);
  return VMS_ERR_NOMEM;
}

/* {"/":"<key>","/bob/party":"<key>"} */
static int read_list(vms_folder *folder, vms_slice text, vms_error *error) {
  const char *iterator = NULL;
  vms_slice mount, key;
  uint8_t bytes[VMS_KEY_LEN];
  if (!vms__json_valid(text, 1, VMS__JSON_ANY) || !(text.len > 0 && memchr(text.data, '{', text.len) != NULL))
    return vms__fail(error, VMS_ERR_CORRUPT, 0, "%s/services.json is damaged", folder->dir);
  while (vms__json_next(text, &iterator, &mount, &key)) {
    vms_slice digits = { key.data + 1, key.len - VMS__MIN(key.len, 2u) };
    if (!vms__mount_valid(mount) || key.data[0] != '"' || !vms__hex_decode(digits, bytes, sizeof bytes))
      return vms__fail(error, VMS_ERR_CORRUPT, 0, "%s/services.json is damaged", folder->dir);
    if (add_entry(folder, mount, digits, NULL) != VMS_OK) return out_of_memory(error);
  }
  return VMS_OK;
}

/* A folder that is one service's own: DIR/journal. */
static int read_single(vms_folder *folder, vms_error *error) {
  char *journal = join(folder->dir, "journal"), *real = realpath(folder->dir, NULL);
  const char *base = real == NULL ? NULL : strrchr(real, '/');
  uint8_t bytes[VMS_KEY_LEN];
  vms_slice key = { "", 0 };
  int status = VMS_ERR_NOT_FOUND;
  if (base != NULL && vms__hex_decode(vms__slice_of(base + 1), bytes, sizeof bytes)) key = vms__slice_of(base + 1);
  if (journal != NULL && vms__os_exists(folder->fs, journal)) status = add_entry(folder, (vms_slice){ "", 0 }, key, journal);
  free(journal);
  free(real);
  if (status == VMS_ERR_NOMEM) return out_of_memory(error);
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "%s holds no services", folder->dir);
}

/* Somebody may have edited the list: a ledger of two names would be opened, and written to, twice. */
static int check_names(const vms_folder *folder, vms_error *error) {
  for (size_t i = 0; i < folder->count; i++)
    for (size_t k = 0; k < i; k++)
      if (strcmp(folder->entries[i].key, folder->entries[k].key) == 0)
        return vms__fail(error, VMS_ERR_CORRUPT, 0, "services.json names ledger %.16s… twice", folder->entries[i].key);
  return VMS_OK;
}

static int load(vms_folder *folder, bool read_only, vms_error *error) {
  char *path = join(folder->dir, "services.json");
  vms_buffer text = VMS_BUFFER_INIT;
  int status;
  if (path == NULL) return out_of_memory(error);
  status = vms__os_read(folder->fs, path, LIST_LEN_MAX, &text, error);
  if (status == VMS_OK) status = read_list(folder, vms__buf_view(&text), error);
  else if (status == VMS_ERR_NOT_FOUND) status = read_only ? read_single(folder, error) : VMS_OK;
  if (status == VMS_OK && !read_only) status = check_names(folder, error);
  vms_buffer_free(&text);
  free(path);
  return status;
}

static int lock_folder(vms_folder *folder, vms_error *error) {
  char *path;
  int status = vms__os_mkdirs(folder->fs, folder->dir, &folder->made, error);
  if (status != VMS_OK) return status;
  path = join(folder->dir, "lock");
  status = path == NULL ? out_of_memory(error) : vms__os_lock(folder->fs, path, &folder->lock, error);
  free(path);
  if (status == VMS_ERR_LOCKED && error != NULL && error->position != 0)
    return vms__fail(error, status, error->position, "%s is served by process %llu already", folder->dir, (unsigned long long)error->position);
  return status == VMS_ERR_LOCKED ? vms__fail(error, status, 0, "%s is served by another process", folder->dir) : status;
}

static bool is_listed(const vms_folder *folder, const char *key) {
  size_t i = 0;
  while (i < folder->count && strcmp(folder->entries[i].key, key) != 0) i++;
  return i < folder->count;
}

/* The mark goes last, and only when all else is gone for good: without it nobody would dare to remove the rest. */
static void remove_marked(const vms_folder *folder, const char *path, const char *mark) {
  vms_buffer names = VMS_BUFFER_INIT;
  if (folder->fs->list(folder->fs->context, path, &names) == 0)
    for (const char *name = names.data; name != NULL && name < names.data + names.len; name += strlen(name) + 1) {
      char *inner = strcmp(name, "new") == 0 ? NULL : join(path, name);
      if (inner != NULL) vms__os_remove_all(folder->fs, inner);
      free(inner);
    }
  vms_buffer_free(&names);
  if (vms__os_sync_folder(folder->fs, path, true, NULL) != VMS_OK) return;
  vms__os_remove(folder->fs, mark);
  vms__os_remove(folder->fs, path);
}

void vms__folder_settle(const vms_folder *folder, const char *key) {
  vms_buffer path = VMS_BUFFER_INIT;
  char *mark = vms__folder_path(folder, key, "", &path, NULL) == VMS_OK ? join(path.data, "new") : NULL;
  if (mark == NULL) {
    vms_buffer_free(&path);
    return;
  }
  if (!vms__os_exists(folder->fs, mark)) {
    if (!is_listed(folder, key)) (void)folder->fs->rmdir(folder->fs->context, path.data); /* if it is empty */
  } else if (is_listed(folder, key)) {
    vms__os_remove(folder->fs, mark);
    (void)vms__os_sync_parent(folder->fs, mark, true, NULL);
  } else if (!folder->unsure) {
    remove_marked(folder, path.data, mark);
  }
  free(mark);
  vms_buffer_free(&path);
}

/* What a host that died has left: a list whose name is not durable yet, halves of lists and services. */
static int settle(vms_folder *folder, vms_error *error) {
  char *services = join(folder->dir, "services"), *list = join(folder->dir, "services.json.new");
  vms_buffer names = VMS_BUFFER_INIT;
  uint8_t key[VMS_KEY_LEN];
  int status = services == NULL || list == NULL ? out_of_memory(error) : VMS_OK;
  if (status == VMS_OK) {
    vms__os_remove(folder->fs, list);
    status = vms__os_sync_folder(folder->fs, folder->dir, false, error);
  }
  if (status == VMS_OK && folder->fs->list(folder->fs->context, services, &names) == 0)
    for (const char *name = names.data; name != NULL && name < names.data + names.len; name += strlen(name) + 1)
      if (vms__hex_decode(vms__slice_of(name), key, sizeof key)) vms__folder_settle(folder, name);
  vms_buffer_free(&names);
  free(services);
  free(list);
  return status;
}

int vms__folder_open_on(const vms__os_fs *fs, vms_folder **folder, const char *dir, uint32_t flags, vms_error *error) {
  vms_folder *opened = calloc(1, sizeof *opened);
  bool read_only = (flags & VMS_FOLDER_READ_ONLY) != 0;
  int status = VMS_OK;
  *folder = NULL;
  if (opened == NULL) return out_of_memory(error);
  opened->fs = fs;
  opened->lock = -1;
  if (dir[0] == 0) status = vms__fail(error, VMS_ERR_ARGUMENT, 0, "the data folder has no name"); /* DIR/lock would be /lock */
  opened->dir = strdup(dir);
  if (status == VMS_OK && opened->dir == NULL) status = out_of_memory(error);
  if (status == VMS_OK && read_only && !vms__os_exists(fs, dir)) status = vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no folder %s", dir);
  if (status == VMS_OK && !read_only) status = lock_folder(opened, error);
  if (status == VMS_OK) status = load(opened, read_only, error);
  if (status == VMS_OK && !read_only) status = settle(opened, error);
  if (status == VMS_OK) *folder = opened;
  else vms_folder_close(opened);
  return status;
}

int vms_folder_open(vms_folder **folder, const char *dir, uint32_t flags, vms_error *error) {
  return vms__folder_open_on(&vms__os_system, folder, dir, flags, error);
}

/* A folder that was made for nothing goes again. */
static void remove_unused(vms_folder *folder) {
  static const char *const names[] = { "services", "lock" };
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *path = join(folder->dir, names[i]);
    if (path != NULL) vms__os_remove(folder->fs, path);
    free(path);
  }
  vms__os_remove(folder->fs, folder->dir);
}

void vms_folder_close(vms_folder *folder) {
  if (folder == NULL) return;
  if (vms__folder_is_new(folder) && folder->lock >= 0) remove_unused(folder);
  for (size_t i = 0; i < folder->count; i++) {
    free(folder->entries[i].mount);
    free(folder->entries[i].key);
    free(folder->entries[i].journal);
  }
  vms__free(NULL, folder->entries, folder->capacity * sizeof *folder->entries);
  vms__os_unlock(folder->fs, folder->lock);
  free(folder->dir);
  free(folder);
}

const vms__os_fs *vms__folder_fs(const vms_folder *folder) { return folder->fs; }

size_t vms_folder_count(const vms_folder *folder) { return folder->count; }

vms_folder_entry vms_folder_at(const vms_folder *folder, size_t index) {
  assert(index < folder->count);
  return (vms_folder_entry){ folder->entries[index].mount, folder->entries[index].key, folder->entries[index].journal };
}

bool vms__folder_is_new(const vms_folder *folder) { return folder->made && folder->count == 0; }

size_t vms__folder_find(const vms_folder *folder, const char *mount) {
  for (size_t i = 0; i < folder->count; i++)
    if (strcmp(folder->entries[i].mount, mount) == 0) return i;
  return SIZE_MAX;
}

int vms__folder_path(const vms_folder *folder, const char *key, const char *name, vms_buffer *path, vms_error *error) {
  vms__buf_clear(path);
  return vms__buf_format(path, "%s/services/%s%s%s", folder->dir, key, name[0] == 0 ? "" : "/", name) == VMS_OK ? VMS_OK : out_of_memory(error);
}

int vms__folder_begin(const vms_folder *folder, const char *key, vms_error *error) {
  vms_buffer path = VMS_BUFFER_INIT;
  vms_storage file = { 0 };
  int status = vms__folder_path(folder, key, "", &path, error);
  if (status == VMS_OK) status = vms__os_mkdirs(folder->fs, path.data, NULL, error);
  if (status == VMS_OK && vms__buf_text(&path, "/new") != VMS_OK) status = out_of_memory(error);
  if (status == VMS_OK) status = vms__os_file_open(folder->fs, &file, path.data, VMS__OS_CREATE, error);
  vms__os_file_close(&file);
  vms_buffer_free(&path);
  return status;
}

static int write_list(vms_folder *folder, vms_error *error) {
  char *path = join(folder->dir, "services.json");
  vms_buffer text = VMS_BUFFER_INIT;
  bool replaced = false;
  int status = path == NULL ? VMS_ERR_NOMEM : vms__buf_byte(&text, '{');
  for (size_t i = 0; i < folder->count && status == VMS_OK; i++)
    status = vms__buf_format(&text, "%s\"%s\":\"%s\"", i == 0 ? "" : ",", folder->entries[i].mount, folder->entries[i].key);
  if (status == VMS_OK) status = vms__buf_text(&text, "}\n");
  status = status != VMS_OK ? out_of_memory(error) : vms__os_replace(folder->fs, path, vms__buf_view(&text), 0644, &replaced, error);
  if (replaced) folder->unsure = status != VMS_OK;
  vms_buffer_free(&text);
  free(path);
  return status;
}

int vms__folder_add(vms_folder *folder, const char *mount, const char *key, vms_error *error) {
  int status;
  assert(vms__mount_valid(vms__slice_of(mount)) && vms__folder_find(folder, mount) == SIZE_MAX);
  if (add_entry(folder, vms__slice_of(mount), vms__slice_of(key), NULL) != VMS_OK) return out_of_memory(error);
  status = write_list(folder, error);
  if (status != VMS_OK) {
    entry *last = &folder->entries[--folder->count];
    free(last->mount);
    free(last->key);
    free(last->journal);
  }
  return status;
}
