/* SPDX-License-Identifier: MIT */
/* Hyperbee: what is kept of blocks in memory, counted in bytes.
 *
 * A kept block is its bytes; nodes are decoded when they are needed, which costs less than keeping them decoded, and so more fit. Most
 * blocks are needed for their key alone, which is compared, and not soon again: a block stays if it is used again while it is young (in
 * the last eighth of what is kept); else its key stays if it was compared, six of them where a block was. */
#include "bee.h"

#define BUCKETS_MIN 64u
#define YOUNG_SHARE 8u    /* of what is kept: so much of it for blocks that were used once */
#define KEY_KEPT_MAX 256u /* bytes of a key that stays when its block goes */
#define BLOCK_COST (2 * sizeof(vms__bee_block *)) /* a block's share of the buckets */

int vms__source_read(const vms__source *source, uint64_t seq, vms_buffer *block, vms_error *error) {
  int status;
  if (source->core != NULL) status = vms_core_read(source->core, seq, block, error);
  else status = vms_replica_read(source->replica, seq, block, error);
  if (status != VMS_ERR_NOT_FOUND) return status;
  if (seq < vms__source_length(source) || seq == 0)
    return vms__fail(error, VMS_ERR_MISSING, seq, "block %llu is not here", (unsigned long long)seq);
  return vms__bee_corrupt(seq, "it is pointed to, but missing", error);
}

int vms__bee_init(vms_bee *bee, vms__source source, const vms_env *env, vms_error *error) {
  *bee = (vms_bee){ .source = source, .env = env, .cache_max = UINT64_C(16) << 20, .bucket_count = BUCKETS_MIN };
  bee->buckets = vms__alloc(env, BUCKETS_MIN * sizeof *bee->buckets);
  if (bee->buckets == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a bee");
  if (source.core != NULL) bee->cuts = vms__core_cuts(source.core);
  return VMS_OK;
}

static vms__bee_block **bucket_of(const vms_bee *bee, uint64_t seq) { return &bee->buckets[seq & (bee->bucket_count - 1)]; }

static void block_release(vms_bee *bee, vms__bee_block *block) {
  if (block != NULL && --block->holds == 0 && !block->cached) vms__free(bee->env, block, block->alloc_len);
}

void vms__bee_hold(vms_bee *bee, vms__bee_block *one, vms__bee_block *other) {
  vms__bee_block *before[2] = { bee->held[0], bee->held[1] };
  bee->held[0] = one;
  bee->held[1] = other;
  if (one != NULL) one->holds++;
  if (other != NULL) other->holds++;
  block_release(bee, before[0]);
  block_release(bee, before[1]);
}

static vms__bee_block *queue_pop(vms__bee_queue *queue) {
  vms__bee_block *block = queue->oldest;
  queue->oldest = block->newer;
  if (queue->oldest == NULL) queue->newest = NULL;
  queue->bytes -= block->alloc_len + BLOCK_COST;
  block->newer = NULL;
  return block;
}

static void queue_push(vms__bee_queue *queue, vms__bee_block *block) {
  if (queue->newest != NULL) queue->newest->newer = block;
  else queue->oldest = block;
  queue->newest = block;
  queue->bytes += block->alloc_len + BLOCK_COST;
}

/* Takes a block that is in no queue any more out of the cache. */
static void block_drop(vms_bee *bee, vms__bee_block *block) {
  vms__bee_block **link = bucket_of(bee, block->seq);
  while (*link != block) link = &(*link)->chain;
  *link = block->chain;
  bee->block_count--;
  block->cached = false;
  if (block->holds == 0) vms__free(bee->env, block, block->alloc_len);
}

static void cache_insert(vms_bee *bee, vms__bee_queue *queue, vms__bee_block *block) {
  vms__bee_block **link = bucket_of(bee, block->seq);
  block->chain = *link;
  *link = block;
  queue_push(queue, block);
  bee->block_count++;
}

/* Keeps a block's key, if there is memory for it. */
static void key_keep(vms_bee *bee, const vms__bee_block *block) {
  uint32_t len = (uint32_t)sizeof *block + block->key_len;
  vms__bee_block *kept = *bucket_of(bee, block->seq);
  while (kept != NULL && (kept->seq != block->seq || kept->whole)) kept = kept->chain;
  if (kept != NULL || block->key_len > KEY_KEPT_MAX) return;
  kept = vms__resize(bee->env, NULL, 0, len);
  if (kept == NULL) return;
  *kept = (vms__bee_block){ .seq = block->seq, .alloc_len = len, .key_len = block->key_len, .cached = true };
  memcpy(kept + 1, vms__bee_block_key(block).data, block->key_len);
  cache_insert(bee, &bee->kept, kept);
}

/* Makes room: whoever was used since the last time stays. */
static void cache_shrink(vms_bee *bee, const vms__bee_block *keep) {
  for (size_t left = 2 * bee->block_count; left > 0 && bee->young.bytes + bee->kept.bytes > bee->cache_max; left--) {
    bool young = bee->young.bytes > bee->cache_max / YOUNG_SHARE || bee->kept.oldest == NULL;
    vms__bee_block *block = queue_pop(young ? &bee->young : &bee->kept);
    if (block == keep || block->used || block->holds > 0) {
      block->used = false;
      queue_push(&bee->kept, block);
      continue;
    }
    if (block->whole && block->compared) key_keep(bee, block);
    block_drop(bee, block);
  }
}

static void cache_clear(vms_bee *bee) {
  while (bee->young.oldest != NULL) block_drop(bee, queue_pop(&bee->young));
  while (bee->kept.oldest != NULL) block_drop(bee, queue_pop(&bee->kept));
}

static void rehash(vms_bee *bee, const vms__bee_queue *queue) {
  for (vms__bee_block *block = queue->oldest; block != NULL; block = block->newer) {
    vms__bee_block **link = bucket_of(bee, block->seq);
    block->chain = *link;
    *link = block;
  }
}

/* More buckets, if there is memory for them; it works without. */
static void buckets_double(vms_bee *bee) {
  size_t before = bee->bucket_count;
  vms__bee_block **old = bee->buckets, **made = vms__alloc(bee->env, 2 * before * sizeof *made);
  if (made == NULL) return;
  bee->buckets = made;
  bee->bucket_count = 2 * before;
  rehash(bee, &bee->young);
  rehash(bee, &bee->kept);
  vms__free(bee->env, old, before * sizeof *old);
}

void vms__bee_deinit(vms_bee *bee) {
  vms__bee_work_free(bee);
  vms__bee_hold(bee, NULL, NULL);
  if (bee->buckets != NULL) cache_clear(bee);
  vms__free(bee->env, bee->buckets, bee->bucket_count * sizeof *bee->buckets);
  memset(bee, 0, sizeof *bee);
}

int vms__bee_block_adopt(vms_bee *bee, uint64_t seq, vms_buffer *bytes, vms__bee_block **adopted, vms_error *error) {
  vms__bee_block *block = (vms__bee_block *)(void *)bytes->data;
  assert(bytes->len >= sizeof *block && bytes->capacity <= UINT32_MAX);
  *block = (vms__bee_block){ .seq = seq, .alloc_len = (uint32_t)bytes->capacity, .cached = true, .whole = true };
  if (!vms__bee_block_parse((vms_slice){ bytes->data + sizeof *block, bytes->len - sizeof *block }, block))
    return vms__bee_corrupt(seq, "it is malformed", error);
  vms_buffer_init(bytes, bee->env); /* from here on it is the block's memory */
  if (bee->block_count >= bee->bucket_count) buckets_double(bee);
  cache_insert(bee, &bee->young, block);
  cache_shrink(bee, block);
  if (adopted != NULL) *adopted = block;
  return VMS_OK;
}

/* How long a block is, if that is known before it is read. */
static uint64_t block_len(const vms__source *source, uint64_t seq) {
  if (source->core == NULL || seq >= vms_core_length(source->core)) return 0;
  return vms_core_byte_length(source->core, seq + 1) - vms_core_byte_length(source->core, seq);
}

/* A block, or whatever has its key, if it is in the cache. */
static vms__bee_block *cache_find(vms_bee *bee, uint64_t seq, bool whole) {
  vms__bee_block *block;
  if (bee->trace != NULL) bee->trace(bee->trace_context, 0, seq, seq + 1);
  if (bee->source.core != NULL && bee->cuts != vms__core_cuts(bee->source.core)) {
    cache_clear(bee); /* blocks were dropped, others may have their numbers; a replica's never change */
    bee->cuts = vms__core_cuts(bee->source.core);
  }
  block = *bucket_of(bee, seq);
  while (block != NULL && (block->seq != seq || (whole && !block->whole))) block = block->chain;
  if (block != NULL) block->used = true;
  return block;
}

static int block_read(vms_bee *bee, uint64_t seq, vms__bee_block **block, vms_error *error) {
  vms_buffer bytes;
  int status = VMS_OK;
  vms_buffer_init(&bytes, bee->env);
  if (vms__buf_reserve(&bytes, sizeof **block + (size_t)block_len(&bee->source, seq)) != VMS_OK) /* a block's length: at most 15 MiB */
    status = vms__fail(error, VMS_ERR_NOMEM, seq, "out of memory for bee block %llu", (unsigned long long)seq);
  bytes.len = status == VMS_OK ? sizeof **block : 0;
  if (status == VMS_OK) status = vms__source_read(&bee->source, seq, &bytes, error);
  if (bytes.len >= VMS__BEE_LARGE_LEN) bee->large_read += bytes.len;
  if (status == VMS_OK) status = vms__bee_block_adopt(bee, seq, &bytes, block, error);
  vms_buffer_free(&bytes);
  return status;
}

int vms__bee_block_load(vms_bee *bee, uint64_t seq, vms__bee_block **block, vms_error *error) {
  *block = cache_find(bee, seq, true);
  return *block != NULL ? VMS_OK : block_read(bee, seq, block, error);
}

int vms__bee_key_load(vms_bee *bee, const vms__bee_work *work, uint64_t seq, vms_slice *key, vms_error *error) {
  vms__bee_block *block;
  int status;
  if (work != NULL && seq >= work->base && seq - work->base < work->count) {
    *key = work->changes[seq - work->base].key;
    return VMS_OK;
  }
  block = cache_find(bee, seq, false);
  status = block != NULL ? VMS_OK : block_read(bee, seq, &block, error);
  if (status != VMS_OK) return status;
  block->compared = true;
  *key = vms__bee_block_key(block);
  return VMS_OK;
}
