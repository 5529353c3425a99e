/* SPDX-License-Identifier: MIT */
/* The system's own file system, as the door has it. */
#define _GNU_SOURCE
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

static int system_open(void *context, const char *path, int flags, mode_t mode) {
  (void)context;
  return open(path, flags | O_CLOEXEC, mode);
}

static int system_close(void *context, int fd) {
  (void)context;
  return close(fd);
}

static ssize_t system_read(void *context, int fd, void *bytes, size_t len) {
  (void)context;
  return read(fd, bytes, len);
}

static ssize_t system_pread(void *context, int fd, void *bytes, size_t len, off_t offset) {
  (void)context;
  return pread(fd, bytes, len, offset);
}

static ssize_t system_pwrite(void *context, int fd, const void *bytes, size_t len, off_t offset) {
  (void)context;
  return pwrite(fd, bytes, len, offset);
}

static int system_fsync(void *context, int fd) {
  (void)context;
  return fsync(fd);
}

static int system_fdatasync(void *context, int fd) {
  (void)context;
  return fdatasync(fd);
}

static int system_ftruncate(void *context, int fd, off_t len) {
  (void)context;
  return ftruncate(fd, len);
}

static int system_fstat(void *context, int fd, struct stat *st) {
  (void)context;
  return fstat(fd, st);
}

static int system_flock(void *context, int fd, int operation) {
  (void)context;
  return flock(fd, operation);
}

static int system_stat(void *context, const char *path, struct stat *st) {
  (void)context;
  return stat(path, st);
}

static int system_mkdir(void *context, const char *path, mode_t mode) {
  (void)context;
  return mkdir(path, mode);
}

static int system_link(void *context, const char *from, const char *to) {
  (void)context;
  return link(from, to);
}

static int system_rename(void *context, const char *from, const char *to) {
  (void)context;
  return rename(from, to);
}

static int system_unlink(void *context, const char *path) {
  (void)context;
  return unlink(path);
}

static int system_rmdir(void *context, const char *path) {
  (void)context;
  return rmdir(path);
}

static int system_list(void *context, const char *path, vms_buffer *names) {
  DIR *folder = opendir(path);
  const struct dirent *entry;
  int number = 0;
  (void)context;
  if (folder == NULL) return -1;
  while (number == 0 && (errno = 0, entry = readdir(folder)) != NULL)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
        vms_buffer_append(names, entry->d_name, strlen(entry->d_name) + 1) != VMS_OK) number = ENOMEM;
  if (number == 0) number = errno;
  closedir(folder);
  errno = number;
  return number == 0 ? 0 : -1;
}

const vms__os_fs vms__os_system = { NULL, system_open, system_close, system_read, system_pread, system_pwrite, system_fsync,
                                    system_fdatasync, system_ftruncate, system_fstat, system_flock, system_stat, system_mkdir,
                                    system_link, system_rename, system_unlink, system_rmdir, system_list };
