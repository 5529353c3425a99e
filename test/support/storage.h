/* SPDX-License-Identifier: MIT */
/* A simulated disk and a simulated memory for tests: both can be told when to fail. */
#ifndef VMS_TEST_STORAGE_H
#define VMS_TEST_STORAGE_H

#include <stdbool.h>

#include "vms/ledger.h"

/* A storage in memory. Writes are durable once synced; a power cut loses, keeps or tears the others. */
typedef struct sim_disk {
  vms_storage storage; /* hand this to the library */
  uint8_t *bytes;      /* what a running process sees */
  size_t len, capacity;
  uint8_t *synced; /* what the last sync made durable */
  size_t synced_len;
  struct sim_disk_op *ops; /* writes and truncations since then */
  size_t op_count, op_capacity;
  uint64_t operations;   /* writes, syncs and truncations so far                              */
  struct sim_disk *mains; /* the disk whose count of operations cuts the power of both; NULL: its own */
  uint64_t power_cut_at; /* 1: the first of them does not happen, nor any later; 0: never     */
  uint64_t full_at;      /* bytes beyond which it does not grow; 0: no limit                  */
  bool fail_read, fail_write, fail_sync, fail_truncate, fail_length;
  bool dropped; /* a sync failed: what was written before it is seen, but will not become durable, whatever later syncs say */
  uint64_t syncs;
} sim_disk;

void sim_disk_init(sim_disk *disk);
void sim_disk_deinit(sim_disk *disk);
/* A second disk with the same contents, durable and not. `copy` was initialised. */
void sim_disk_copy(sim_disk *copy, const sim_disk *disk);
/* Power comes back: unsynced writes are lost, kept or torn as `seed` has it (SIM_DISK_LOSE_ALL: lost); nothing fails any more. */
#define SIM_DISK_LOSE_ALL UINT64_MAX
void sim_disk_restart(sim_disk *disk, uint64_t seed);
/* What a failed sync may do to a file: see `dropped`. */
void sim_disk_drop(sim_disk *disk);
/* Replaces the contents. */
void sim_disk_load(sim_disk *disk, const void *bytes, size_t len);

/* Memory that counts what is out and fails on demand. */
typedef struct sim_memory {
  vms_env env;
  uint64_t calls;   /* allocations and growths so far                      */
  uint64_t fail_at; /* 1: the first of them fails, and every later; 0: none */
  uint64_t live;    /* bytes handed out                                    */
} sim_memory;

void sim_memory_init(sim_memory *memory);

/* A small generator (splitmix64), the same everywhere. */
uint64_t sim_random(uint64_t *state);
/* SEED from the environment, 1 if there is none; printed so that it can be repeated. */
uint64_t sim_seed(void);

/* A seed, and the manifests of a metadata core and its blobs core that it signs for. */
void sim_keys(uint8_t seed[VMS_SEED_LEN], uint8_t manifests[2][VMS_MANIFEST_LEN]);

#endif
