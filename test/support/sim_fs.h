/* SPDX-License-Identifier: MIT */
/* A simulated file system for tests: folders, files, locks. As POSIX allows, and no kinder: what a file holds is durable once the
 * file was synced, a name once the folder that holds it was. A power cut keeps or loses each change of a name since then by
 * itself (of a rename, that the new name is there and that the old one is gone), and tears files as sim_disk does. */
#ifndef VMS_TEST_SIM_FS_H
#define VMS_TEST_SIM_FS_H

#include "lib/os/internal.h"
#include "test/support/storage.h"

typedef struct sim_fs {
  vms__os_fs fs; /* hand this to the library */
  struct sim_node *nodes;
  size_t node_count;
  struct sim_fd *fds;
  size_t fd_count;
  uint64_t changes;      /* operations so far that change or sync something                             */
  uint64_t power_cut_at; /* 1: the first of them does not happen, nor any operation after it; 0: never   */
  bool dead;             /* the power is gone, or the process: nothing works until sim_fs_restart() or _kill() */
  uint64_t operations;   /* of any kind so far                                                          */
  uint64_t fail_at;      /* 1: the first of them fails; 0: none                                         */
  uint64_t fail_count;   /* ... and as many that follow, this one included                              */
  int fail_errno;        /* with this. ENOSPC and EDQUOT meet only what needs room; EINTR only what may be interrupted */
  bool drops;            /* a failed sync of a file gives up what was written before it: later syncs say that all is well */
  size_t piece_len;      /* reads and writes do at most this many bytes; 0: all                         */
} sim_fs;

void sim_fs_init(sim_fs *sim);
void sim_fs_deinit(sim_fs *sim);
/* A second disk like this one, open files apart. */
void sim_fs_copy(sim_fs *copy, const sim_fs *sim);
/* The process is gone, what it did is there; nothing fails any more. */
void sim_fs_kill(sim_fs *sim);
/* Power comes back. What was not durable is kept, lost or torn as `seed` has it; SIM_LOSE_ALL: lost. */
#define SIM_LOSE_ALL UINT64_MAX
void sim_fs_restart(sim_fs *sim, uint64_t seed);

#endif
