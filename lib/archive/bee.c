/* SPDX-License-Identifier: MIT */
/* Hyperbee: opening, looking up. */
#include "bee.h"

static int open_on(vms_bee **bee, vms__source source, const vms_bee_options *given, vms_error *error) {
  vms_bee_options options = VMS_BEE_OPTIONS_INIT;
  vms_bee *made;
  int status;
  assert(bee != NULL);
  *bee = NULL;
  status = vms__options_load(&options, sizeof options, given, error);
  if (status != VMS_OK) return status;
  made = vms__alloc(options.env, sizeof *made);
  if (made == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a bee");
  status = vms__bee_init(made, source, options.env, error);
  if (status == VMS_OK && options.cache_max != 0) made->cache_max = options.cache_max;
  if (status == VMS_OK) *bee = made;
  else vms__free(options.env, made, sizeof *made);
  return status;
}

int vms_bee_open(vms_bee **bee, vms_core *core, const vms_bee_options *options, vms_error *error) {
  const uint8_t *feed;
  vms_buffer header;
  int status;
  assert(core != NULL);
  status = open_on(bee, (vms__source){ .core = core }, options, error);
  if (status != VMS_OK || vms_core_length(core) == 0) return status;
  vms_buffer_init(&header, (*bee)->env);
  status = vms__bee_header_read(&(*bee)->source, &header, &feed, error);
  vms_buffer_free(&header);
  if (status == VMS_OK) return VMS_OK;
  vms_bee_close(*bee);
  *bee = NULL;
  return status;
}

int vms_bee_open_replica(vms_bee **bee, vms_replica *replica, const vms_bee_options *options, vms_error *error) {
  assert(replica != NULL);
  return open_on(bee, (vms__source){ .replica = replica }, options, error);
}

void vms_bee_close(vms_bee *bee) {
  if (bee == NULL) return;
  const vms_env *env = bee->env;
  vms__bee_deinit(bee);
  vms__free(env, bee, sizeof *bee);
}

uint64_t vms_bee_version(const vms_bee *bee) {
  assert(bee != NULL);
  return vms__source_length(&bee->source);
}

/* The block that put a key, as of a version. */
static int find(vms_bee *bee, uint64_t version, vms_slice key, uint64_t *seq, vms_error *error) {
  vms__bee_pointer pointer = { version - 1, 0 };
  if (version < 2) return VMS_ERR_NOT_FOUND;
  for (uint32_t depth = 0; depth < VMS__BEE_DEPTH_MAX; depth++) {
    vms__bee_level level;
    uint32_t at;
    bool equal;
    int status = vms__bee_level_load(bee, pointer, &level, error);
    if (status == VMS_OK) status = vms__bee_search(bee, NULL, level.keys, level.key_count, key, &at, &equal, error);
    if (status != VMS_OK) return status;
    if (equal) {
      *seq = level.keys[at];
      return VMS_OK;
    }
    if (level.child_count == 0) return VMS_ERR_NOT_FOUND;
    pointer = level.children[at];
  }
  return vms__bee_corrupt(version - 1, "the tree is too deep", error);
}

int vms_bee_get(vms_bee *bee, uint64_t version, vms_slice key, vms_bee_entry *entry, vms_error *error) {
  vms__bee_block *block;
  uint64_t seq;
  int status;
  assert(bee != NULL && entry != NULL && version <= vms_bee_version(bee));
  if (version == 0 && bee->work != NULL && bee->work->batch) {
    status = vms__bee_work_find(bee, key, &seq, error);
    if (status == VMS_OK && seq >= bee->work->base) {
      const vms__bee_change *change = &bee->work->changes[seq - bee->work->base];
      *entry = (vms_bee_entry){ seq, change->key, change->value };
      return VMS_OK;
    }
  } else status = find(bee, version != 0 ? version : vms_bee_version(bee), key, &seq, error);
  if (status == VMS_OK) status = vms__bee_block_load(bee, seq, &block, error);
  if (status != VMS_OK) return status;
  *entry = vms__bee_entry_of(block);
  vms__bee_hold(bee, block, NULL);
  return VMS_OK;
}

int vms_bee_change(vms_bee *bee, uint64_t seq, vms_bee_entry *entry, int *deleted, vms_error *error) {
  vms__bee_block *block;
  bool named = false;
  int status;
  assert(bee != NULL && entry != NULL && deleted != NULL);
  if (seq == 0 || seq >= vms_bee_version(bee))
    return vms__fail(error, VMS_ERR_NOT_FOUND, seq, "no change %llu", (unsigned long long)seq);
  status = vms__bee_block_load(bee, seq, &block, error);
  if (status == VMS_OK && block->value_at == 0) status = vms__bee_block_names(block, seq, &named, error);
  if (status != VMS_OK) return status;
  *entry = vms__bee_entry_of(block);
  *deleted = block->value_at == 0 && !named;
  vms__bee_hold(bee, block, NULL);
  return VMS_OK;
}
