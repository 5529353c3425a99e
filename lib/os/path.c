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

static int write_whole(int fd, vms_slice bytes) {
  size_t done = 0;
  while (done < bytes.len) {
    ssize_t n = write(fd, bytes.data + done, bytes.len - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    done += (size_t)n;
  }
  return 0;
}

int vms__os_read(const char *path, size_t limit, vms_buffer *bytes, vms_error *error) {
  int fd = open(path, O_RDONLY | O_CLOEXEC), status = VMS_OK;
  size_t start = bytes->len;
  if (fd < 0) return vms__os_fail(error, errno, "read", path);
  for (;;) {
    if (vms__buf_reserve(bytes, 65536) != VMS_OK) {
      status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
      break;
    }
    ssize_t n = read(fd, bytes->data + bytes->len, 65536);
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
  close(fd);
  if (status != VMS_OK) bytes->len = start;
  if (bytes->data != NULL) bytes->data[bytes->len] = 0; /* vms__buf_reserve keeps room for it */
  return status;
}

static char *parent_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return strdup(".");
  if (slash == path) return strdup("/");
  return strndup(path, (size_t)(slash - path));
}

int vms__os_sync_parent(const char *path, vms_error *error) {
  char *parent = parent_of(path);
  int fd, status = VMS_OK;
  if (parent == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  /* Some file systems cannot sync a folder and say EINVAL; they have no need to. */
  if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL)) status = vms__os_fail(error, errno, "sync", parent);
  if (fd >= 0) close(fd);
  free(parent);
  return status;
}

/* Writes and syncs a new file; removes it when that fails. */
static int write_new(const char *path, int fd, vms_slice bytes, vms_error *error) {
  int number = write_whole(fd, bytes);
  if (number == 0 && fsync(fd) != 0) number = errno;
  if (close(fd) != 0 && number == 0) number = errno;
  if (number == 0) return VMS_OK;
  unlink(path);
  return vms__os_fail(error, number, "write", path);
}

int vms__os_replace(const char *path, vms_slice bytes, mode_t mode, vms_error *error) {
  char *temporary = NULL;
  int fd, status;
  if (asprintf(&temporary, "%s.new", path) < 0) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
  status = fd < 0 ? vms__os_fail(error, errno, "write", temporary) : write_new(temporary, fd, bytes, error);
  if (status == VMS_OK && rename(temporary, path) != 0) {
    status = vms__os_fail(error, errno, "replace", path);
    unlink(temporary);
  }
  if (status == VMS_OK) status = vms__os_sync_parent(path, error);
  free(temporary);
  return status;
}

static bool is_folder(const char *path) {
  struct stat st;
  return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int vms__os_mkdirs(const char *path, bool *made, vms_error *error) {
  char *copy = strdup(path);
  int status = VMS_OK;
  if (made != NULL) *made = false;
  if (copy == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  for (char *at = copy; status == VMS_OK && *at != 0;) {
    char *slash = strchr(at + 1, '/'), kept = 0;
    if (slash != NULL) kept = *slash, *slash = 0;
    bool last = slash == NULL || slash[strspn(slash + 1, "/") + 1] == 0;
    if (mkdir(copy, last ? 0700 : 0755) == 0) {
      if (last && made != NULL) *made = true;
      status = vms__os_sync_parent(copy, error);
    } else if (errno != EEXIST || !is_folder(copy)) {
      status = vms__os_fail(error, errno == EEXIST ? ENOTDIR : errno, "make folder", copy);
    }
    if (slash == NULL) break;
    *slash = kept;
    at = slash;
  }
  free(copy);
  return status;
}

bool vms__os_exists(const char *path) { return access(path, F_OK) == 0; }

void vms__os_remove(const char *path) {
  if (unlink(path) != 0 && (errno == EISDIR || errno == EPERM)) (void)rmdir(path);
}

int vms__os_config_path(const char *name, vms_buffer *path, vms_error *error) {
  const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
  int status;
  /* The XDG specification: a path that is not absolute is to be ignored. */
  if (config != NULL && config[0] == '/') status = vms__buf_format(path, "%s/vms/%s", config, name);
  else if (home != NULL && home[0] != 0) status = vms__buf_format(path, "%s/.config/vms/%s", home, name);
  else return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "neither HOME nor XDG_CONFIG_HOME is set");
  return status == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}

/* --- locks --------------------------------------------------------------------------------------- */

/* flock: it belongs to the open file, so that a second folder in the same process meets it too (fcntl's would not). */
int vms__os_lock(const char *path, int *lock, vms_error *error) {
  struct stat held, named;
  char text[24] = { 0 };
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600), len;
  if (fd < 0) return vms__os_fail(error, errno, "lock", path);
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    int number = errno;
    ssize_t got = pread(fd, text, sizeof text - 1, 0);
    long pid = got > 0 ? strtol(text, NULL, 10) : 0;
    close(fd);
    if (number != EWOULDBLOCK) return vms__os_fail(error, number, "lock", path);
    if (pid > 0) return vms__fail(error, VMS_ERR_LOCKED, (uint64_t)pid, "%s is locked by process %ld", path, pid);
    return vms__fail(error, VMS_ERR_LOCKED, 0, "%s is locked by another process", path);
  }
  /* Whoever found nothing to serve removes its folder, lock included: the lock of a file without a name locks nothing. */
  if (fstat(fd, &held) != 0 || stat(path, &named) != 0 || held.st_ino != named.st_ino || held.st_dev != named.st_dev) {
    close(fd);
    return vms__fail(error, VMS_ERR_LOCKED, 0, "%s is being removed by another process", path);
  }
  len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
  /* For messages only: a full disk must not keep anybody from serving what is there. */
  if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len) len = 0;
  (void)len;
  *lock = fd;
  return VMS_OK;
}

void vms__os_unlock(int lock) {
  if (lock >= 0) close(lock);
}

/* --- secrets -------------------------------------------------------------------------------------- */

int vms__os_secret_read(const char *path, uint8_t secret[32], vms_error *error) {
  char text[67];
  size_t got = 0;
  struct stat st;
  int fd = open(path, O_RDONLY | O_CLOEXEC), status = VMS_OK;
  if (fd < 0) return vms__os_fail(error, errno, "read", path);
  if (fstat(fd, &st) != 0) status = vms__os_fail(error, errno, "read", path);
  else if (!S_ISREG(st.st_mode)) status = vms__fail(error, VMS_ERR_FORM, 0, "%s is not a regular file", path);
  else if ((st.st_mode & 077) != 0) status = vms__fail(error, VMS_ERR_SIGNATURE, 0, "others may read the secret in %s", path);
  while (status == VMS_OK && got < sizeof text) {
    ssize_t n = read(fd, text + got, sizeof text - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) status = vms__os_fail(error, errno, "read", path);
    if (n <= 0) break;
    got += (size_t)n;
  }
  close(fd);
  if (status == VMS_OK && got == 65 && text[64] == '\n') got = 64;
  if (status == VMS_OK && (got != 64 || !vms__hex_decode((vms_slice){ text, got }, secret, 32)))
    status = vms__fail(error, VMS_ERR_FORM, 0, "%s does not hold 64 hex digits and a newline", path);
  explicit_bzero(text, sizeof text);
  return status;
}

int vms__os_secret_write(const char *path, const uint8_t secret[32], vms_error *error) {
  static const char digits[] = "0123456789abcdef";
  char text[65], *temporary = NULL;
  int fd, status;
  for (size_t i = 0; i < 32; i++) {
    text[2 * i] = digits[secret[i] >> 4];
    text[2 * i + 1] = digits[secret[i] & 15];
  }
  text[64] = '\n';
  if (asprintf(&temporary, "%s.%ld", path, (long)getpid()) < 0) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  /* Whole or not at all, and never over another secret: written aside, then linked to its name. */
  unlink(temporary);
  fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  status = fd < 0 ? vms__os_fail(error, errno, "write", temporary) : write_new(temporary, fd, (vms_slice){ text, 65 }, error);
  if (status == VMS_OK && link(temporary, path) != 0)
    status = errno == EEXIST ? vms__fail(error, VMS_ERR_EXISTS, 0, "%s is there already", path) : vms__os_fail(error, errno, "write", path);
  if (fd >= 0) unlink(temporary);
  if (status == VMS_OK) status = vms__os_sync_parent(path, error);
  explicit_bzero(text, sizeof text);
  free(temporary);
  return status;
}
