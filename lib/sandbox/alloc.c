/* SPDX-License-Identifier: MIT */
/* Memory of the script's heap: counts requested bytes against the cap, charges steps, and serves small blocks from free
 * lists. All of it can be dropped at once, whatever state the heap is in. */
#include "lib/sandbox/internal.h"

/* Every block is preceded by its requested length; a large one also by its neighbours in the list. */
struct vms__block {
  vms__block *next, **link;
  size_t len; /* of the block as taken from env */
  size_t requested;
};
#define HEADER_LEN sizeof(size_t)
static_assert(sizeof(vms__block) % 16 == 0, "what follows a block's header is aligned");

#define CHUNK_LEN ((size_t)64 * 1024)
#define TAKEN_SPARE ((size_t)4 << 20)

/* Lengths of small blocks, header included. Few classes: free memory of one class never serves another. */
static const uint16_t class_len[VMS__ALLOC_CLASSES] = { 16, 32, 48, 64, 96, 128, 160, 256, 320, 448, 640, 1024 };

/* Under AddressSanitizer every block is a real one, so that it sees what happens to each. */
#ifdef __SANITIZE_ADDRESS__
#define SMALL_MAX 0u
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SMALL_MAX 0u
#endif
#endif
#ifndef SMALL_MAX
#define SMALL_MAX (1024u - (unsigned)HEADER_LEN)
#endif

/* One step for every started 64 bytes. */
static uint64_t steps_for(size_t len) { return (len + 63) / 64; }

static unsigned class_of(size_t len) {
  unsigned class = 0;
  while (class_len[class] < len) class++;
  return class;
}

static size_t *requested_of(void *memory) { return (size_t *)memory - 1; }

/* What was freed in one class serves no other, so a script could hold far more than is counted: at three times its limit that
 * is a failure of the machinery, of which no script and no ledger learns. */
static void note_taken(vms_sandbox *sandbox, size_t len) {
  sandbox->taken += len;
  if (sandbox->taken <= 3 * sandbox->meter.cap + TAKEN_SPARE) return;
  vms__fail(sandbox->error, VMS_ERR_NOMEM, 0, "the script's heap is too scattered");
  vms__leave_status(sandbox, VMS_ERR_NOMEM);
}

static vms__block *block_take(vms_sandbox *sandbox, size_t len) {
  note_taken(sandbox, len - sizeof(vms__block));
  vms__block *block = vms__resize(sandbox->env, NULL, 0, len);
  if (block == NULL) vms__leave_status(sandbox, VMS_ERR_NOMEM);
  block->len = len;
  block->next = sandbox->blocks;
  block->link = &sandbox->blocks;
  if (block->next != NULL) block->next->link = &block->next;
  sandbox->blocks = block;
  return block;
}

static void block_drop(vms_sandbox *sandbox, vms__block *block) {
  sandbox->taken -= block->len - sizeof *block;
  *block->link = block->next;
  if (block->next != NULL) block->next->link = block->link;
  vms__free(sandbox->env, block, block->len);
}

static void *small_take(vms_sandbox *sandbox, size_t len) {
  unsigned class = class_of(len + HEADER_LEN);
  void *memory = sandbox->free_lists[class];
  if (memory != NULL) {
    memcpy(&sandbox->free_lists[class], memory, sizeof memory);
  } else {
    if ((size_t)(sandbox->fresh_end - sandbox->fresh) < class_len[class]) {
      vms__block *chunk = block_take(sandbox, CHUNK_LEN);
      sandbox->fresh = (char *)(chunk + 1) + HEADER_LEN;
      sandbox->fresh_end = (char *)chunk + CHUNK_LEN;
    }
    memory = sandbox->fresh + HEADER_LEN;
    sandbox->fresh += class_len[class];
  }
  *requested_of(memory) = len;
  return memory;
}

static void *large_take(vms_sandbox *sandbox, size_t len) {
  vms__block *block = block_take(sandbox, sizeof *block + len);
  block->requested = len;
  return block + 1;
}

void *vms__heap_alloc(void *udata, duk_size_t len) {
  vms_sandbox *sandbox = udata;
  if (len == 0) return NULL;
  if (len > sandbox->meter.cap - sandbox->meter.used) return NULL; /* the collector gets its chance */
  vms__charge(&sandbox->meter, steps_for(len));
  sandbox->meter.used += len;
  if (sandbox->meter.used > sandbox->meter.peak) sandbox->meter.peak = sandbox->meter.used;
  return len <= SMALL_MAX ? small_take(sandbox, len) : large_take(sandbox, len);
}

void vms__heap_free(void *udata, void *memory) {
  vms_sandbox *sandbox = udata;
  if (memory == NULL) return;
  size_t len = *requested_of(memory);
  sandbox->meter.used -= len;
  if (len <= SMALL_MAX) {
    unsigned class = class_of(len + HEADER_LEN);
    memcpy(memory, &sandbox->free_lists[class], sizeof memory);
    sandbox->free_lists[class] = memory;
  } else {
    block_drop(sandbox, (vms__block *)memory - 1);
  }
}

void *vms__heap_realloc(void *udata, void *memory, duk_size_t len) {
  vms_sandbox *sandbox = udata;
  if (memory == NULL) return vms__heap_alloc(udata, len);
  if (len == 0) {
    vms__heap_free(udata, memory);
    return NULL;
  }
  size_t old = *requested_of(memory);
  if (len > old) {
    if (len - old > sandbox->meter.cap - sandbox->meter.used) return NULL;
    vms__charge(&sandbox->meter, steps_for(len - old) + old / 512); /* the old part may have to be copied */
  }
  sandbox->meter.used = sandbox->meter.used - old + len;
  if (sandbox->meter.used > sandbox->meter.peak) sandbox->meter.peak = sandbox->meter.used;
  if (len <= SMALL_MAX && old <= SMALL_MAX && class_of(len + HEADER_LEN) == class_of(old + HEADER_LEN)) {
    *requested_of(memory) = len;
    return memory;
  }
  if (len > SMALL_MAX && old > SMALL_MAX) {
    vms__block *block = (vms__block *)memory - 1;
    sandbox->taken -= old;
    note_taken(sandbox, len);
    vms__block *moved = vms__resize(sandbox->env, block, block->len, sizeof *block + len);
    if (moved == NULL) vms__leave_status(sandbox, VMS_ERR_NOMEM);
    *moved->link = moved;
    if (moved->next != NULL) moved->next->link = &moved->next;
    moved->len = sizeof *moved + len;
    moved->requested = len;
    return moved + 1;
  }
  void *moved = len <= SMALL_MAX ? small_take(sandbox, len) : large_take(sandbox, len);
  memcpy(moved, memory, VMS__MIN(old, len));
  sandbox->meter.used += old; /* the free below takes it off again */
  vms__heap_free(udata, memory);
  return moved;
}

void vms__heap_release(vms_sandbox *sandbox) {
  while (sandbox->blocks != NULL) block_drop(sandbox, sandbox->blocks);
  vms__free(sandbox->env, sandbox->marks, sandbox->mark_capacity * sizeof *sandbox->marks);
  sandbox->marks = NULL;
}

/* The collector's stack lies outside the cap: a script cannot see how it marks. */
int vms__mark_push(vms__meter *meter, void *object) {
  vms_sandbox *sandbox = (vms_sandbox *)meter;
  if (vms__grow(sandbox->env, &sandbox->marks, &sandbox->mark_capacity, sandbox->mark_count, 1,
                sizeof *sandbox->marks) != VMS_OK)
    return 0;
  sandbox->marks[sandbox->mark_count++] = object;
  return 1;
}

void *vms__mark_pop(vms__meter *meter) {
  vms_sandbox *sandbox = (vms_sandbox *)meter;
  return sandbox->mark_count == 0 ? NULL : sandbox->marks[--sandbox->mark_count];
}
