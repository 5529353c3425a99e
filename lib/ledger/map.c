/* SPDX-License-Identifier: MIT */
/* A hash table with open addressing and linear probing; removal moves the entries behind, so it leaves no marks. */
#include "replica.h"

#define CAPACITY_MIN 64u

static uint64_t tag_at(const vms__map *map, size_t at) {
  uint64_t tag;
  memcpy(&tag, map->entries + at * map->entry_len, sizeof tag);
  return tag;
}

/* Fibonacci hashing: the upper bits of a product mix all of the number. */
static size_t home(const vms__map *map, uint64_t tag) {
  return (size_t)((tag * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (map->capacity - 1);
}

/* Where the tag is, or the free place where it would go. */
static size_t place(const vms__map *map, uint64_t tag) {
  size_t at = home(map, tag);
  for (uint64_t here = tag_at(map, at); here != 0 && here != tag; here = tag_at(map, at)) at = (at + 1) & (map->capacity - 1);
  return at;
}

void *vms__map_find(const vms__map *map, uint64_t number) {
  size_t at;
  assert(number < UINT64_MAX);
  if (map->count == 0) return NULL;
  at = place(map, number + 1);
  return tag_at(map, at) == 0 ? NULL : map->entries + at * map->entry_len;
}

int vms__map_reserve(vms__map *map, size_t more) {
  vms__map larger = *map;
  assert(map->entry_len >= sizeof(uint64_t) && more < SIZE_MAX / 8 - map->count);
  if (map->capacity >= CAPACITY_MIN && (map->count + more) <= map->capacity / 4 * 3) return VMS_OK;
  larger.capacity = VMS__MAX(map->capacity, (size_t)CAPACITY_MIN);
  while (larger.capacity / 4 * 3 < map->count + more) larger.capacity *= 2;
  if (larger.capacity > (UINT32_MAX >> 1) || larger.capacity > SIZE_MAX / 2 / map->entry_len) return VMS_ERR_NOMEM; /* home() has 32 bits */
  larger.entries = vms__alloc(map->env, larger.capacity * map->entry_len);
  if (larger.entries == NULL) return VMS_ERR_NOMEM;
  for (size_t i = 0; i < map->capacity; i++) {
    uint64_t tag = tag_at(map, i);
    if (tag != 0) memcpy(larger.entries + place(&larger, tag) * map->entry_len, map->entries + i * map->entry_len, map->entry_len);
  }
  vms__free(map->env, map->entries, map->capacity * map->entry_len);
  *map = larger;
  return VMS_OK;
}

void *vms__map_add(vms__map *map, uint64_t number) {
  uint64_t tag = number + 1;
  size_t at;
  uint8_t *entry;
  assert(number < UINT64_MAX && map->count < map->capacity);
  at = place(map, tag);
  entry = map->entries + at * map->entry_len;
  if (tag_at(map, at) == 0) {
    memset(entry, 0, map->entry_len);
    memcpy(entry, &tag, sizeof tag);
    map->count++;
  }
  return entry;
}

void vms__map_remove(vms__map *map, uint64_t number) {
  uint8_t *entry = vms__map_find(map, number);
  size_t hole, mask = map->capacity - 1;
  uint64_t tag;
  if (entry == NULL) return;
  hole = (size_t)(entry - map->entries) / map->entry_len;
  /* Whoever probed past the hole on the way to its place moves into it. */
  for (size_t at = (hole + 1) & mask; (tag = tag_at(map, at)) != 0; at = (at + 1) & mask) {
    if (((at - home(map, tag)) & mask) < ((at - hole) & mask)) continue;
    memcpy(map->entries + hole * map->entry_len, map->entries + at * map->entry_len, map->entry_len);
    hole = at;
  }
  memset(map->entries + hole * map->entry_len, 0, sizeof tag);
  map->count--;
}

void vms__map_deinit(vms__map *map) {
  vms__free(map->env, map->entries, map->capacity * map->entry_len);
  map->entries = NULL;
  map->capacity = map->count = 0;
}
