/* SPDX-License-Identifier: MIT */
/* Small files read and replaced as a whole, folders, locks, secrets. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int vms__os_fail(vms_error *error, int number, const char *verb, const char *path) {
  char reason[64];
  int status = VMS_ERR_IO;
  if (number == ENOENT || number == ENOTDIR) status = VMS_ERR_NOT_FOUND;
  if (number == ENOSPC || number == EDQUOT || number == EFBIG) status = VMS_ERR_FULL;
  if (status == VMS_ERR_FULL) snprintf(reason, sizeof reason, "%s", number == EDQUOT ? "disk quota used up" : "no space left");
  else snprintf(reason, sizeof reason, "%s", strerror_r(number, (char[64]){ 0 }, 64));
  /* The reason must survive the cut of a long path: messages end after 111 bytes. */
  size_t room = 111 - VMS__MIN(strlen(verb) + strlen(reason) + 10, (size_t)100), len = strlen(path);
  return vms__fail(error, status, 0, "cannot %s %s%s: %s", verb, len > room ? "…" : "",
                   len > room ? path + (len - room + 3) : path, reason);
}

/* Returns 0 or an errno, as do the next ones. */
static int write_whole(const vms__os_fs *fs, int fd, vms_slice bytes) {
  size_t done = 0;
  while (done < bytes.len) {
    ssize_t n = fs->pwrite(fs->context, fd, bytes.data + done, bytes.len - done, (off_t)done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    if (n == 0) return ENOSPC;
    done += (size_t)n;
  }
  return 0;
}

static int sync_fd(const vms__os_fs *fs, int fd) {
  int failed;
  do failed = fs->fsync(fs->context, fd);
  while (failed != 0 && errno == EINTR);
  return failed == 0 ? 0 : errno;
}

int vms__os_read(const vms__os_fs *fs, const char *path, size_t limit, vms_buffer *bytes, vms_error *error) {
  int fd = fs->open(fs->context, path, O_RDONLY, 0), status = VMS_OK;
  size_t start = bytes->len;
  if (fd < 0) return vms__os_fail(error, errno, "read", path);
  for (;;) {
    if (vms__buf_reserve(bytes, 65536) != VMS_OK) {
      status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
      break;
    }
    ssize_t n = fs->read(fs->context, fd, bytes->data + bytes->len, 65536);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      status = vms__os_fail(error, errno, "read", path);
      break;
    }
    if (n == 0) break;
    bytes->len += (size_t)n;
    if (bytes->len - start > limit) {
      status = vms__fail(error, VMS_ERR_LIMIT, 0, "%s is longer than %zu bytes", path, limit);
      break;
    }
  }
  fs->close(fs->context, fd);
  if (status != VMS_OK) bytes->len = start;
  if (bytes->data != NULL) bytes->data[bytes->len] = 0; /* vms__buf_reserve keeps room for it */
  return status;
}

int vms__os_sync_folder(const vms__os_fs *fs, const char *path, bool made, vms_error *error) {
  int fd = fs->open(fs->context, path, O_RDONLY | O_DIRECTORY, 0), number = fd < 0 ? errno : sync_fd(fs, fd);
  if (fd >= 0) fs->close(fs->context, fd);
  if (fd >= 0 && number == EINVAL) number = 0; /* file systems that cannot sync a folder have no need to */
  if (!made && (number == EACCES || number == EPERM || number == EROFS)) number = 0;
  return number == 0 ? VMS_OK : vms__os_fail(error, number, "sync", path);
}

static char *parent_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return strdup(".");
  if (slash == path) return strdup("/");
  return strndup(path, (size_t)(slash - path));
}

int vms__os_sync_parent(const vms__os_fs *fs, const char *path, bool made, vms_error *error) {
  char *parent = parent_of(path);
  int status = parent == NULL ? vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory") : vms__os_sync_folder(fs, parent, made, error);
  free(parent);
  return status;
}

/* Writes and syncs a new file, over what a process that died may have left under its name; removes it when that fails. */
static int write_new(const vms__os_fs *fs, const char *path, vms_slice bytes, mode_t mode, vms_error *error) {
  int fd, number;
  (void)fs->unlink(fs->context, path);
  fd = fs->open(fs->context, path, O_WRONLY | O_CREAT | O_EXCL, mode);
  if (fd < 0) return vms__os_fail(error, errno, "write", path);
  number = write_whole(fs, fd, bytes);
  if (number == 0) number = sync_fd(fs, fd);
  fs->close(fs->context, fd);
  if (number == 0) return VMS_OK;
  (void)fs->unlink(fs->context, path);
  return vms__os_fail(error, number, "write", path);
}

int vms__os_replace(const vms__os_fs *fs, const char *path, vms_slice bytes, mode_t mode, bool *replaced, vms_error *error) {
  char *temporary = NULL;
  int status;
  if (replaced != NULL) *replaced = false;
  if (asprintf(&temporary, "%s.new", path) < 0) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  status = write_new(fs, temporary, bytes, mode, error);
  if (status == VMS_OK && fs->rename(fs->context, temporary, path) != 0) {
    status = vms__os_fail(error, errno, "replace", path);
    (void)fs->unlink(fs->context, temporary);
  } else if (status == VMS_OK) {
    if (replaced != NULL) *replaced = true;
    status = vms__os_sync_parent(fs, path, true, error);
  }
  free(temporary);
  return status;
}

static bool is_folder(const vms__os_fs *fs, const char *path) {
  struct stat st;
  return fs->stat(fs->context, path, &st) == 0 && S_ISDIR(st.st_mode);
}

int vms__os_mkdirs(const vms__os_fs *fs, const char *path, bool *made, vms_error *error) {
  char *copy = strdup(path);
  int status = VMS_OK;
  if (made != NULL) *made = false;
  if (copy == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  for (char *at = copy; status == VMS_OK && *at != 0;) {
    char *slash = strchr(at + 1, '/'), kept = 0;
    if (slash != NULL) kept = *slash, *slash = 0;
    bool last = slash == NULL || slash[strspn(slash + 1, "/") + 1] == 0;
    bool new = fs->mkdir(fs->context, copy, last ? 0700 : 0755) == 0;
    if (last && made != NULL) *made = new;
    if (!new && (errno != EEXIST || !is_folder(fs, copy))) status = vms__os_fail(error, errno == EEXIST ? ENOTDIR : errno, "make folder", copy);
    /* Not new: whoever made it may have died before it was durable. */
    else status = vms__os_sync_parent(fs, copy, new, error);
    if (last) break;
    *slash = kept;
    at = slash;
  }
  free(copy);
  return status;
}

bool vms__os_exists(const vms__os_fs *fs, const char *path) {
  struct stat st;
  return fs->stat(fs->context, path, &st) == 0;
}

bool vms__os_irregular(const vms__os_fs *fs, const char *path) {
  struct stat st;
  return fs->stat(fs->context, path, &st) == 0 && !S_ISREG(st.st_mode);
}

/* True if there was no folder of that name. */
static bool unlinked(const vms__os_fs *fs, const char *path) {
  return fs->unlink(fs->context, path) == 0 || (errno != EISDIR && errno != EPERM);
}

void vms__os_remove(const vms__os_fs *fs, const char *path) {
  if (!unlinked(fs, path)) (void)fs->rmdir(fs->context, path);
}

void vms__os_remove_all(const vms__os_fs *fs, const char *path) {
  vms_buffer names = VMS_BUFFER_INIT, inner = VMS_BUFFER_INIT;
  if (unlinked(fs, path)) return;
  if (fs->list(fs->context, path, &names) == 0)
    for (const char *name = names.data; name != NULL && name < names.data + names.len; name += strlen(name) + 1) {
      vms__buf_clear(&inner);
      if (vms__buf_format(&inner, "%s/%s", path, name) == VMS_OK) vms__os_remove_all(fs, inner.data);
    }
  vms_buffer_free(&inner);
  vms_buffer_free(&names);
  (void)fs->rmdir(fs->context, path);
}

/* The XDG specification: a path that is not absolute is to be ignored. */
static int xdg_path(const char *variable, const char *fallback, const char *name, vms_buffer *path, vms_error *error) {
  const char *folder = getenv(variable), *home = getenv("HOME");
  int status;
  if (folder != NULL && folder[0] == '/') status = vms__buf_format(path, "%s/vms%s", folder, name);
  else if (home != NULL && home[0] != 0) status = vms__buf_format(path, "%s/%s/vms%s", home, fallback, name);
  else return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "neither HOME nor %s is set", variable);
  return status == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}

int vms__os_config_path(const char *name, vms_buffer *path, vms_error *error) {
  char file[64];
  snprintf(file, sizeof file, "/%s", name);
  return xdg_path("XDG_CONFIG_HOME", ".config", file, path, error);
}

int vms__os_data_path(vms_buffer *path, vms_error *error) { return xdg_path("XDG_DATA_HOME", ".local/share", "", path, error); }

/* --- locks --------------------------------------------------------------------------------------- */

/* flock: it belongs to the open file, so that a second folder in the same process meets it too (fcntl's would not). */
static int take_lock(const vms__os_fs *fs, const char *path, int *lock, vms_error *error) {
  struct stat held, named;
  char text[24] = { 0 };
  int fd = fs->open(fs->context, path, O_RDWR | O_CREAT, 0600);
  if (fd < 0) return vms__os_fail(error, errno, "lock", path);
  if (fs->flock(fs->context, fd, LOCK_EX | LOCK_NB) != 0) {
    int number = errno;
    ssize_t got = fs->pread(fs->context, fd, text, sizeof text - 1, 0);
    long pid = got > 0 ? strtol(text, NULL, 10) : 0;
    fs->close(fs->context, fd);
    if (number != EWOULDBLOCK) return vms__os_fail(error, number, "lock", path);
    if (pid > 0) return vms__fail(error, VMS_ERR_LOCKED, (uint64_t)pid, "%s is locked by process %ld", path, pid);
    return vms__fail(error, VMS_ERR_LOCKED, 0, "%s is locked by another process", path);
  }
  /* Whoever found nothing to serve removes its folder, lock included: the lock of a file without a name locks nothing. */
  if (fs->fstat(fs->context, fd, &held) != 0 || fs->stat(fs->context, path, &named) != 0 || held.st_ino != named.st_ino ||
      held.st_dev != named.st_dev) {
    fs->close(fs->context, fd);
    return vms__fail(error, VMS_ERR_LOCKED, 0, "%s is being removed by another process", path);
  }
  *lock = fd;
  return VMS_OK;
}

int vms__os_lock(const vms__os_fs *fs, const char *path, int *lock, vms_error *error) {
  char text[24];
  int status = take_lock(fs, path, lock, error), len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
  if (status != VMS_OK) return status;
  /* For messages only: a full disk must not keep anybody from serving what is there. */
  if (fs->ftruncate(fs->context, *lock, 0) != 0 || fs->pwrite(fs->context, *lock, text, (size_t)len, 0) != len) len = 0;
  (void)len;
  return VMS_OK;
}

int vms__os_lock_wait(const vms__os_fs *fs, const char *path, uint32_t timeout_ms, int *lock, vms_error *error) {
  uint64_t deadline = vms__os_monotonic_ms() + timeout_ms;
  int status;
  for (uint32_t pause = 1; (status = take_lock(fs, path, lock, error)) == VMS_ERR_LOCKED && vms__os_monotonic_ms() < deadline;
       pause = VMS__MIN(2 * pause, 16u)) vms__os_sleep_ms(pause);
  return status;
}

void vms__os_unlock(const vms__os_fs *fs, int lock) {
  if (lock >= 0) fs->close(fs->context, lock);
}

/* --- secrets -------------------------------------------------------------------------------------- */

int vms__os_secret_read(const vms__os_fs *fs, const char *path, uint8_t secret[32], vms_error *error) {
  char text[67];
  size_t got = 0;
  struct stat st;
  int fd, status = VMS_OK;
  if (vms__os_irregular(fs, path)) return vms__fail(error, VMS_ERR_FORM, 0, "%s is not a regular file", path);
  fd = fs->open(fs->context, path, O_RDONLY, 0);
  if (fd < 0) return vms__os_fail(error, errno, "read", path);
  if (fs->fstat(fs->context, fd, &st) != 0) status = vms__os_fail(error, errno, "read", path);
  else if ((st.st_mode & 077) != 0) status = vms__fail(error, VMS_ERR_SIGNATURE, 0, "others may read the secret in %s", path);
  while (status == VMS_OK && got < sizeof text) {
    ssize_t n = fs->read(fs->context, fd, text + got, sizeof text - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) status = vms__os_fail(error, errno, "read", path);
    if (n <= 0) break;
    got += (size_t)n;
  }
  fs->close(fs->context, fd);
  if (status == VMS_OK && got == 65 && text[64] == '\n') got = 64;
  if (status == VMS_OK && (got != 64 || !vms__hex_decode((vms_slice){ text, got }, secret, 32)))
    status = vms__fail(error, VMS_ERR_FORM, 0, "%s does not hold 64 hex digits and a newline", path);
  explicit_bzero(text, sizeof text);
  return status;
}

int vms__os_secret_write(const vms__os_fs *fs, const char *path, const uint8_t secret[32], vms_error *error) {
  static const char digits[] = "0123456789abcdef";
  char text[65], *temporary = NULL;
  uint32_t number = 0; /* nobody else's, thread of this process or not: what is written there is given a name below */
  int status;
  if (vms__os_entropy(&number, sizeof number) != VMS_OK) return vms__fail(error, VMS_ERR_IO, 0, "the system gives no random bytes");
  for (size_t i = 0; i < 32; i++) {
    text[2 * i] = digits[secret[i] >> 4];
    text[2 * i + 1] = digits[secret[i] & 15];
  }
  text[64] = '\n';
  if (asprintf(&temporary, "%s.%ld-%08x", path, (long)getpid(), (unsigned)number) < 0) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  /* Whole or not at all, and never over another secret: written aside, then linked to its name. */
  status = write_new(fs, temporary, (vms_slice){ text, 65 }, 0600, error);
  if (status == VMS_OK && fs->link(fs->context, temporary, path) != 0)
    status = errno == EEXIST ? vms__fail(error, VMS_ERR_EXISTS, 0, "%s is there already", path) : vms__os_fail(error, errno, "write", path);
  (void)fs->unlink(fs->context, temporary);
  if (status == VMS_OK) status = vms__os_sync_parent(fs, path, true, error);
  explicit_bzero(text, sizeof text);
  free(temporary);
  return status;
}
