/* SPDX-License-Identifier: MIT */
/* The one place that calls the system: files, locks, clock, entropy. Knows lib/base alone; lib/net lends it to others. */
#ifndef VMS_OS_INTERNAL_H
#define VMS_OS_INTERNAL_H

#include <sys/stat.h>
#include <sys/types.h>

#include "lib/base/internal.h"

/* --- clock and entropy ----------------------------------------------------------------------- */

const vms_env *vms__os_env(void);
uint64_t vms__os_now_us(void);       /* microseconds since 1970-01-01 UTC */
uint64_t vms__os_monotonic_ms(void); /* for time-outs */
void vms__os_sleep_ms(uint32_t ms);  /* a signal ends it early */
int vms__os_entropy(void *bytes, size_t len);

/* --- the door to a file system ------------------------------------------------------------------ */

/* What files and folders are made of. Each function does what the system's function of that name does, errno included;
 * a test puts a simulated disk in their place (test/support/sim_fs.h). Folders are opened only to sync them. */
typedef struct vms__os_fs {
  void *context;
  int (*open)(void *context, const char *path, int flags, mode_t mode);
  int (*close)(void *context, int fd);
  ssize_t (*read)(void *context, int fd, void *bytes, size_t len);
  ssize_t (*pread)(void *context, int fd, void *bytes, size_t len, off_t offset);
  ssize_t (*pwrite)(void *context, int fd, const void *bytes, size_t len, off_t offset);
  int (*fsync)(void *context, int fd);
  int (*fdatasync)(void *context, int fd);
  int (*ftruncate)(void *context, int fd, off_t len);
  int (*fstat)(void *context, int fd, struct stat *st);
  int (*flock)(void *context, int fd, int operation);
  int (*stat)(void *context, const char *path, struct stat *st);
  int (*mkdir)(void *context, const char *path, mode_t mode);
  int (*link)(void *context, const char *from, const char *to);
  int (*rename)(void *context, const char *from, const char *to);
  int (*unlink)(void *context, const char *path);
  int (*rmdir)(void *context, const char *path);
  int (*list)(void *context, const char *path, vms_buffer *names); /* appends each name in a folder and a NUL; no "." and ".." */
} vms__os_fs;

extern const vms__os_fs vms__os_system; /* the system's own */

/* --- files as storage -------------------------------------------------------------------------- */

enum { VMS__OS_READ_ONLY = 1, VMS__OS_CREATE = 2, VMS__OS_TEMPORARY = 4 };
/* With CREATE the file's name is durable as well, whoever made it. */
int vms__os_file_open(const vms__os_fs *fs, vms_storage *storage, const char *path, uint32_t flags, vms_error *error);
void vms__os_file_close(vms_storage *storage);

/* --- small files and folders ------------------------------------------------------------------- */

/* Fills `error` from errno: "cannot VERB PATH: REASON"; returns VMS_ERR_NOT_FOUND, VMS_ERR_FULL or VMS_ERR_IO. */
int vms__os_fail(vms_error *error, int number, const char *verb, const char *path);

/* Appends a whole file. VMS_ERR_LIMIT if it is longer than limit; VMS_ERR_NOT_FOUND, VMS_ERR_IO, VMS_ERR_NOMEM. */
int vms__os_read(const vms__os_fs *fs, const char *path, size_t limit, vms_buffer *bytes, vms_error *error);
/* Replaces or makes a file so that after a crash it is the old or the new one, whole.
 * *replaced (may be NULL): it is the new one, or may be after a crash, although this failed. */
int vms__os_replace(const vms__os_fs *fs, const char *path, vms_slice bytes, mode_t mode, bool *replaced, vms_error *error);
/* Makes a folder and those above it, mode 0700 for what is new, all durable, whoever made them; *made (may be NULL): the
 * last one is new. */
int vms__os_mkdirs(const vms__os_fs *fs, const char *path, bool *made, vms_error *error);
/* Makes the names in a folder, or in the one that holds `path`, durable. What was made by others (`made` false) may lie in a folder
 * that cannot be opened: then there is nothing to do. */
int vms__os_sync_folder(const vms__os_fs *fs, const char *path, bool made, vms_error *error);
int vms__os_sync_parent(const vms__os_fs *fs, const char *path, bool made, vms_error *error);
bool vms__os_exists(const vms__os_fs *fs, const char *path);
/* True if something is there that is no regular file: to be asked before opening, which waits for ever at a pipe. */
bool vms__os_irregular(const vms__os_fs *fs, const char *path);
/* A file or an empty folder; errors do not matter to those who call it. */
void vms__os_remove(const vms__os_fs *fs, const char *path);
/* The same with everything in it. */
void vms__os_remove_all(const vms__os_fs *fs, const char *path);

/* "$XDG_CONFIG_HOME/vms/NAME", or below $HOME/.config. VMS_ERR_NOT_FOUND if neither variable is set. */
int vms__os_config_path(const char *name, vms_buffer *path, vms_error *error);

/* "$XDG_DATA_HOME/vms", or below $HOME/.local/share. VMS_ERR_NOT_FOUND if neither variable is set. */
int vms__os_data_path(vms_buffer *path, vms_error *error);

/* --- locks --------------------------------------------------------------------------------------- */

/* Takes the lock file, whose lock dies with the process. Returns the descriptor in *lock.
 * VMS_ERR_LOCKED names the process that has it, if it can be told. */
int vms__os_lock(const vms__os_fs *fs, const char *path, int *lock, vms_error *error);
/* The same for a moment, waiting for others that have it: nothing is written, so that it costs next to nothing. VMS_ERR_LOCKED if they
 * do not let go of it, VMS_ERR_NOT_FOUND if there is no such folder. */
int vms__os_lock_wait(const vms__os_fs *fs, const char *path, uint32_t timeout_ms, int *lock, vms_error *error);
void vms__os_unlock(const vms__os_fs *fs, int lock);

/* --- secrets -------------------------------------------------------------------------------------- */

/* Reads a file of 64 hex digits and a newline that nobody but its owner may read.
 * VMS_ERR_NOT_FOUND; VMS_ERR_FORM; VMS_ERR_SIGNATURE if others may read it; VMS_ERR_IO. */
int vms__os_secret_read(const vms__os_fs *fs, const char *path, uint8_t secret[32], vms_error *error);
/* Makes such a file, mode 0600; VMS_ERR_EXISTS if there is one. */
int vms__os_secret_write(const vms__os_fs *fs, const char *path, const uint8_t secret[32], vms_error *error);

#endif
