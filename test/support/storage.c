/* SPDX-License-Identifier: MIT */
/* The simulated disk and memory. Bugs of tests end in abort(). */
#include "storage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR_LEN 512u /* a disk writes these whole or not at all */

typedef struct sim_disk_op {
  uint64_t offset;
  uint8_t *bytes; /* NULL: a truncation to offset */
  size_t len;
} sim_disk_op;

uint64_t sim_random(uint64_t *state) {
  uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

uint64_t sim_seed(void) {
  const char *text = getenv("SEED");
  uint64_t seed = text == NULL ? 1 : strtoull(text, NULL, 10);
  printf("SEED=%llu\n", (unsigned long long)seed);
  return seed;
}

void sim_keys(uint8_t seed[VMS_SEED_LEN], uint8_t manifests[2][VMS_MANIFEST_LEN]) {
  uint8_t key[VMS_KEY_LEN];
  memset(seed, 5, VMS_SEED_LEN);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifests[0]);
  vms_manifest_blobs(manifests[0], manifests[1]);
}

static void *must(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

static int fail(vms_error *error, int status, const char *message) {
  if (error != NULL) {
    memset(error, 0, sizeof *error);
    error->status = status;
    snprintf(error->message, sizeof error->message, "%s", message);
  }
  return status;
}

/* Counts an operation; false if there is no power for it. */
static bool powered(sim_disk *disk) {
  sim_disk *mains = disk->mains == NULL ? disk : disk->mains;
  disk->operations++;
  if (mains != disk) mains->operations++;
  return mains->power_cut_at == 0 || mains->operations < mains->power_cut_at;
}

/* True if the operation counted last is the one that the power was cut in. */
static bool cut_now(const sim_disk *disk) {
  const sim_disk *mains = disk->mains == NULL ? disk : disk->mains;
  return mains->operations == mains->power_cut_at;
}

static void remember(sim_disk *disk, uint64_t offset, const void *bytes, size_t len) {
  sim_disk_op *op;
  if (disk->op_count == disk->op_capacity) {
    disk->op_capacity = disk->op_capacity * 2 + 8;
    disk->ops = must(realloc(disk->ops, disk->op_capacity * sizeof *disk->ops));
  }
  op = &disk->ops[disk->op_count++];
  *op = (sim_disk_op){ offset, NULL, len };
  if (bytes != NULL) memcpy(op->bytes = must(malloc(len + 1)), bytes, len);
}

static void forget(sim_disk *disk) {
  for (size_t i = 0; i < disk->op_count; i++) free(disk->ops[i].bytes);
  disk->op_count = 0;
}

static void resize(sim_disk *disk, size_t len) {
  if (len > disk->capacity) {
    disk->capacity = len * 2;
    disk->bytes = must(realloc(disk->bytes, disk->capacity));
  }
  if (len > disk->len) memset(disk->bytes + disk->len, 0, len - disk->len);
  disk->len = len;
}

static void put(sim_disk *disk, uint64_t offset, const uint8_t *bytes, size_t len) {
  if (len == 0) return;
  if (offset + len > disk->len) resize(disk, (size_t)offset + len);
  memcpy(disk->bytes + offset, bytes, len);
}

static int disk_read(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error) {
  sim_disk *disk = context;
  *got = 0;
  if (disk->fail_read) return fail(error, VMS_ERR_IO, "simulated read error");
  if (offset >= disk->len) return VMS_OK;
  *got = len < disk->len - offset ? len : disk->len - (size_t)offset;
  if (*got > 0) memcpy(bytes, disk->bytes + offset, *got);
  return VMS_OK;
}

static int disk_write(void *context, uint64_t offset, const void *bytes, size_t len, vms_error *error) {
  sim_disk *disk = context;
  bool power = powered(disk);
  if (disk->fail_write) return fail(error, VMS_ERR_IO, "simulated write error");
  if (!power) {
    if (cut_now(disk)) remember(disk, offset, bytes, len); /* cut in the middle of it */
    return fail(error, VMS_ERR_IO, "no power");
  }
  if (disk->full_at != 0 && offset + len > disk->full_at && offset + len > disk->len) {
    uint64_t room = disk->full_at > disk->len ? disk->full_at : disk->len; /* what it holds it goes on holding */
    size_t part = offset < room ? (size_t)(room - offset) : 0;
    put(disk, offset, bytes, part);
    remember(disk, offset, bytes, part);
    return fail(error, VMS_ERR_FULL, "simulated full disk");
  }
  put(disk, offset, bytes, len);
  remember(disk, offset, bytes, len);
  return VMS_OK;
}

static void make_durable(sim_disk *disk, const uint8_t *bytes, size_t len) {
  uint8_t *copy = must(malloc(len + 1));
  if (len > 0) memcpy(copy, bytes, len);
  free(disk->synced);
  disk->synced = copy;
  disk->synced_len = len;
}

static void apply(sim_disk *disk, const sim_disk_op *op) {
  if (op->bytes == NULL) resize(disk, (size_t)op->offset);
  else put(disk, op->offset, op->bytes, op->len);
}

/* What was dropped stays as it was before, whatever is written around it. */
static void sync_around(sim_disk *disk) {
  sim_disk real = { 0 };
  put(&real, 0, disk->synced, disk->synced_len);
  for (size_t i = 0; i < disk->op_count; i++) apply(&real, &disk->ops[i]);
  make_durable(disk, real.bytes, real.len);
  free(real.bytes);
}

static int disk_sync(void *context, vms_error *error) {
  sim_disk *disk = context;
  if (!powered(disk)) return fail(error, VMS_ERR_IO, "no power");
  if (disk->fail_sync) return fail(error, VMS_ERR_IO, "simulated sync error");
  if (disk->dropped) sync_around(disk);
  else make_durable(disk, disk->bytes, disk->len);
  disk->syncs++;
  forget(disk);
  return VMS_OK;
}

static int disk_length(void *context, uint64_t *len, vms_error *error) {
  sim_disk *disk = context;
  if (disk->fail_length) return fail(error, VMS_ERR_IO, "simulated error of length");
  *len = disk->len;
  return VMS_OK;
}

static int disk_truncate(void *context, uint64_t len, vms_error *error) {
  sim_disk *disk = context;
  if (!powered(disk)) return fail(error, VMS_ERR_IO, "no power");
  if (disk->fail_truncate) return fail(error, VMS_ERR_IO, "simulated error of truncate");
  resize(disk, (size_t)len);
  remember(disk, len, NULL, 0);
  return VMS_OK;
}

void sim_disk_init(sim_disk *disk) {
  memset(disk, 0, sizeof *disk);
  disk->storage = (vms_storage){ sizeof(vms_storage), 0, disk, disk_read, disk_write, disk_sync, disk_length,
                                 disk_truncate };
}

void sim_disk_deinit(sim_disk *disk) {
  forget(disk);
  free(disk->ops);
  free(disk->bytes);
  free(disk->synced);
  memset(disk, 0, sizeof *disk);
}

void sim_disk_drop(sim_disk *disk) {
  forget(disk);
  disk->dropped = true;
}

void sim_disk_load(sim_disk *disk, const void *bytes, size_t len) {
  forget(disk);
  resize(disk, 0);
  put(disk, 0, bytes, len);
  disk_sync(disk, NULL);
}

void sim_disk_copy(sim_disk *copy, const sim_disk *disk) {
  forget(copy);
  resize(copy, 0);
  put(copy, 0, disk->bytes, disk->len);
  make_durable(copy, disk->synced, disk->synced_len);
  copy->dropped = disk->dropped;
  for (size_t i = 0; i < disk->op_count; i++) remember(copy, disk->ops[i].offset, disk->ops[i].bytes, disk->ops[i].len);
}

/* Each sector of an unsynced write reaches the disk or not. */
static void tear(sim_disk *disk, const sim_disk_op *op, uint64_t *random) {
  for (size_t at = 0; at < op->len;) {
    size_t part = SECTOR_LEN - (size_t)((op->offset + at) % SECTOR_LEN);
    if (part > op->len - at) part = op->len - at;
    if (sim_random(random) % 2 == 0) put(disk, op->offset + at, op->bytes + at, part);
    at += part;
  }
}

void sim_disk_restart(sim_disk *disk, uint64_t seed) {
  uint64_t random = seed;
  resize(disk, 0);
  put(disk, 0, disk->synced, disk->synced_len);
  for (size_t i = 0; i < disk->op_count && seed != SIM_DISK_LOSE_ALL; i++) {
    const sim_disk_op *op = &disk->ops[i];
    uint64_t fate = sim_random(&random) % 3;
    if (fate == 1 || (fate == 2 && op->bytes == NULL)) apply(disk, op);
    else if (fate == 2) tear(disk, op, &random);
  }
  disk->power_cut_at = 0;
  disk->full_at = 0;
  disk->dropped = false;
  disk->fail_read = disk->fail_write = disk->fail_sync = disk->fail_truncate = disk->fail_length = false;
  disk->operations = 0;
  disk_sync(disk, NULL);
}

static void *memory_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  sim_memory *sim = context;
  void *moved;
  if ((memory == NULL) != (old_len == 0) || old_len > sim->live) abort();
  if (new_len > old_len && ++sim->calls >= sim->fail_at && sim->fail_at != 0) return NULL;
  sim->live += new_len - old_len;
  if (new_len == 0) {
    free(memory);
    return NULL;
  }
  /* Always moves, so that stale pointers are found. */
  moved = must(malloc(new_len));
  if (old_len > 0) memcpy(moved, memory, old_len < new_len ? old_len : new_len);
  free(memory);
  return moved;
}

void sim_memory_init(sim_memory *memory) {
  memset(memory, 0, sizeof *memory);
  memory->env = (vms_env){ sizeof(vms_env), 0, memory, memory_resize, NULL, NULL };
}
