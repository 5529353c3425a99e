/* SPDX-License-Identifier: MIT */
/* A file as a storage: positioned reads and writes that do not give up at a signal. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct os_file {
  const vms__os_fs *fs;
  int fd;
  char *path; /* for messages */
} os_file;

/* One write asks for at most this: what Linux does in one go. */
#define CHUNK_LEN_MAX ((size_t)1 << 30)

static int file_read(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error) {
  os_file *file = context;
  *got = 0;
  if (offset > INT64_MAX - len) return vms__fail(error, VMS_ERR_IO, offset, "offset beyond any file");
  while (*got < len) {
    ssize_t n = file->fs->pread(file->fs->context, file->fd, (char *)bytes + *got,
                                 VMS__MIN(len - *got, CHUNK_LEN_MAX), (off_t)(offset + *got));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return vms__os_fail(error, errno, "read", file->path);
    if (n == 0) break;
    *got += (size_t)n;
  }
  return VMS_OK;
}

static int file_write(void *context, uint64_t offset, const void *bytes, size_t len, vms_error *error) {
  os_file *file = context;
  size_t done = 0;
  if (offset > INT64_MAX - len) return vms__fail(error, VMS_ERR_FULL, offset, "offset beyond any file");
  while (done < len) {
    ssize_t n = file->fs->pwrite(file->fs->context, file->fd, (const char *)bytes + done,
                                  VMS__MIN(len - done, CHUNK_LEN_MAX), (off_t)(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return vms__os_fail(error, errno, "write", file->path);
    if (n == 0) return vms__os_fail(error, ENOSPC, "write", file->path);
    done += (size_t)n;
  }
  return VMS_OK;
}

static int file_sync(void *context, vms_error *error) {
  os_file *file = context;
  int failed;
  do failed = file->fs->fdatasync(file->fs->context, file->fd);
  while (failed != 0 && errno == EINTR);
  /* ENOSPC here means that pages were dropped: what is on the disk is unknown, unlike after a failed write. */
  if (failed != 0 && (errno == ENOSPC || errno == EDQUOT))
    return vms__fail(error, VMS_ERR_IO, 0, "cannot sync %s: no space left", file->path);
  return failed == 0 ? VMS_OK : vms__os_fail(error, errno, "sync", file->path);
}

static int file_length(void *context, uint64_t *len, vms_error *error) {
  os_file *file = context;
  struct stat st;
  if (file->fs->fstat(file->fs->context, file->fd, &st) != 0) return vms__os_fail(error, errno, "measure", file->path);
  *len = (uint64_t)st.st_size;
  return VMS_OK;
}

static int file_truncate(void *context, uint64_t len, vms_error *error) {
  os_file *file = context;
  int failed;
  if (len > INT64_MAX) return vms__fail(error, VMS_ERR_IO, len, "length beyond any file");
  do failed = file->fs->ftruncate(file->fs->context, file->fd, (off_t)len);
  while (failed != 0 && errno == EINTR);
  return failed == 0 ? VMS_OK : vms__os_fail(error, errno, "truncate", file->path);
}

/* A file without a name; where the file system has none, one that is unlinked at once. */
static int open_temporary(const char *folder) {
  static const char suffix[] = "/vms-XXXXXX";
  int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != ENOENT)) return fd;
  size_t len = strlen(folder);
  char *path = malloc(len + sizeof suffix);
  if (path == NULL) return -1;
  memcpy(path, folder, len);
  memcpy(path + len, suffix, sizeof suffix);
  fd = mkostemp(path, O_CLOEXEC);
  if (fd >= 0) unlink(path);
  free(path);
  return fd;
}

static int open_named(const vms__os_fs *fs, const char *path, uint32_t flags, bool *made) {
  int mode = (flags & VMS__OS_READ_ONLY) != 0 ? O_RDONLY : O_RDWR, fd = fs->open(fs->context, path, mode, 0);
  *made = false;
  if (fd >= 0 || errno != ENOENT || (flags & VMS__OS_CREATE) == 0) return fd;
  *made = true;
  return fs->open(fs->context, path, mode | O_CREAT | O_EXCL, 0600);
}

int vms__os_file_open(const vms__os_fs *fs, vms_storage *storage, const char *path, uint32_t flags, vms_error *error) {
  bool made = false;
  int status = VMS_OK;
  os_file *file;
  if (path == NULL) {
    if ((flags & VMS__OS_TEMPORARY) == 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "no path");
    path = getenv("TMPDIR");
    if (path == NULL || path[0] == 0) path = "/tmp";
  }
  if ((flags & VMS__OS_TEMPORARY) == 0 && vms__os_irregular(fs, path))
    return vms__fail(error, VMS_ERR_IO, 0, "cannot open %s: not a regular file", path);
  if ((flags & VMS__OS_TEMPORARY) != 0) fs = &vms__os_system; /* without a name there is nothing to be durable */
  file = calloc(1, sizeof *file);
  if (file == NULL || (file->path = strdup(path)) == NULL) {
    free(file);
    return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  }
  file->fs = fs;
  file->fd = (flags & VMS__OS_TEMPORARY) != 0 ? open_temporary(path) : open_named(fs, path, flags, &made);
  if (file->fd < 0) status = vms__os_fail(error, errno, "open", path);
  else if ((flags & VMS__OS_CREATE) != 0) status = vms__os_sync_parent(fs, path, made, error);
  if (status != VMS_OK) {
    if (file->fd >= 0) fs->close(fs->context, file->fd);
    free(file->path);
    free(file);
    return status;
  }
  *storage = (vms_storage){ sizeof(vms_storage), 0, file, file_read, file_write, file_sync, file_length, file_truncate };
  return VMS_OK;
}

void vms__os_file_close(vms_storage *storage) {
  os_file *file;
  if (storage == NULL || storage->context == NULL) return;
  file = storage->context;
  file->fs->close(file->fs->context, file->fd);
  free(file->path);
  free(file);
  memset(storage, 0, sizeof *storage);
}
