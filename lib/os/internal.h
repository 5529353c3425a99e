/* SPDX-License-Identifier: MIT */
/* The one place that calls the system: files, locks, clock, entropy. Knows lib/base alone; lib/net lends it to others. */
#ifndef VMS_OS_INTERNAL_H
#define VMS_OS_INTERNAL_H

#include <sys/types.h>

#include "lib/base/internal.h"

/* --- clock and entropy ----------------------------------------------------------------------- */

const vms_env *vms__os_env(void);
uint64_t vms__os_now_us(void);       /* microseconds since 1970-01-01 UTC */
uint64_t vms__os_monotonic_ms(void); /* for time-outs */
int vms__os_entropy(void *bytes, size_t len);

/* --- files as storage -------------------------------------------------------------------------- */

enum { VMS__OS_READ_ONLY = 1, VMS__OS_CREATE = 2, VMS__OS_TEMPORARY = 4 };
int vms__os_file_open(vms_storage *storage, const char *path, uint32_t flags, vms_error *error);
void vms__os_file_close(vms_storage *storage);

/* --- small files and folders ------------------------------------------------------------------- */

/* Fills `error` from errno: "cannot VERB PATH: REASON"; returns VMS_ERR_NOT_FOUND, VMS_ERR_FULL or VMS_ERR_IO. */
int vms__os_fail(vms_error *error, int number, const char *verb, const char *path);

/* Appends a whole file. VMS_ERR_LIMIT if it is longer than limit; VMS_ERR_NOT_FOUND, VMS_ERR_IO, VMS_ERR_NOMEM. */
int vms__os_read(const char *path, size_t limit, vms_buffer *bytes, vms_error *error);
/* Replaces or makes a file so that after a crash it is the old or the new one, whole. */
int vms__os_replace(const char *path, vms_slice bytes, mode_t mode, vms_error *error);
/* Makes a folder and those above it, mode 0700 for what is new; *made (may be NULL): the last one is new. */
int vms__os_mkdirs(const char *path, bool *made, vms_error *error);
/* Makes the names in the folder that holds `path` durable. */
int vms__os_sync_parent(const char *path, vms_error *error);
bool vms__os_exists(const char *path);
void vms__os_remove(const char *path); /* a file or an empty folder; errors do not matter to those who call it */

/* "$XDG_CONFIG_HOME/vms/NAME", or below $HOME/.config. VMS_ERR_NOT_FOUND if neither variable is set. */
int vms__os_config_path(const char *name, vms_buffer *path, vms_error *error);

/* --- locks --------------------------------------------------------------------------------------- */

/* Takes the lock file, whose lock dies with the process. Returns the descriptor in *lock.
 * VMS_ERR_LOCKED names the process that has it, if it can be told. */
int vms__os_lock(const char *path, int *lock, vms_error *error);
void vms__os_unlock(int lock);

/* --- secrets -------------------------------------------------------------------------------------- */

/* Reads a file of 64 hex digits and a newline that nobody but its owner may read.
 * VMS_ERR_NOT_FOUND; VMS_ERR_FORM; VMS_ERR_SIGNATURE if others may read it; VMS_ERR_IO. */
int vms__os_secret_read(const char *path, uint8_t secret[32], vms_error *error);
/* Makes such a file, mode 0600; VMS_ERR_EXISTS if there is one. */
int vms__os_secret_write(const char *path, const uint8_t secret[32], vms_error *error);

#endif
