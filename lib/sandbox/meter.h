/* SPDX-License-Identifier: MIT */
/* The counters that the patched Duktape and our own natives share. Included by Duktape's configuration, so it
 * knows nothing but standard types. The heap's udata points to a vms__meter. */
#ifndef VMS_SANDBOX_METER_H
#define VMS_SANDBOX_METER_H

#include <stddef.h>
#include <stdint.h>

#define VMS__HASH_KEYS 32

typedef struct vms__meter {
  int64_t left;          /* steps that may still be taken; below 0 the engine is left for good */
  uint64_t used;         /* requested bytes the heap holds */
  uint64_t peak;         /* most of `used` since the call began */
  uint64_t cap;          /* most that `used` may become */
  uint32_t hash_seed;    /* of interned strings; cannot be observed */
  uint32_t reserved;
  double now_ms;         /* Date.now(): time of the call plus virtual time */
  const char *stack_low; /* the engine's native stack must not grow below this */
  uint64_t hash_place, hash_keys[VMS__HASH_KEYS]; /* made of hash_seed */
} vms__meter;

/* Each of these leaves the engine and never returns: no handler, finally block or native clean-up runs. */
void vms__meter_out_of_steps(vms__meter *meter) __attribute__((noreturn));
void vms__meter_out_of_memory(vms__meter *meter) __attribute__((noreturn));
void vms__meter_out_of_stack(vms__meter *meter) __attribute__((noreturn));

/* Remembers an object whose references the garbage collector still has to mark; 0 if there is no room. */
int vms__mark_push(vms__meter *meter, void *object);
void *vms__mark_pop(vms__meter *meter); /* NULL: none left */

/* The hash of a text, for whoever does not know the seed as good as random. The seed comes before any text. */
void vms__hash_seed(vms__meter *meter, uint32_t seed);
uint32_t vms__hash_bytes(const vms__meter *meter, const void *bytes, size_t len);

static inline void vms__charge(vms__meter *meter, uint64_t steps) {
  if (__builtin_expect((meter->left -= (int64_t)steps) < 0, 0)) vms__meter_out_of_steps(meter);
}

static inline int vms__stack_short(vms__meter *meter) {
  if ((const char *)__builtin_frame_address(0) < meter->stack_low) vms__meter_out_of_stack(meter);
  return 0;
}

#endif
