/* SPDX-License-Identifier: MIT */
/* Map, Set and their iterators; WeakMap and WeakSet.
 *
 * A Map keeps behind its hidden key a bare array [kind, keys, values, table]: keys and values are bare arrays in the order of
 * insertion, the table is a buffer that tells a key's place in them. Objects and strings are known by their address: none moves,
 * equal strings are one, and the keys are kept alive. Neither addresses nor hashes decide anything that a script can see: the
 * order is that of insertion, each operation costs the same steps. A removed entry leaves a gap until the table is made anew. An
 * iterator remembers the number of the next entry it wants, since places change then. */
#include "lib/sandbox/builtins.h"

#include "lib/sandbox/bits.h"

enum { STATE_KIND = 0, STATE_KEYS, STATE_VALUES, STATE_TABLE, STATE_COUNT };
enum { KIND_MAP = 11, KIND_SET, KIND_MAP_ITERATOR, KIND_SET_ITERATOR, KIND_WEAK_MAP, KIND_WEAK_SET };
/* Of an iterator, after its kind: the collection's state (undefined: it has ended), the number of the next entry, what it gives. */
enum { ITERATOR_STATE = 1, ITERATOR_NEXT, ITERATOR_WHAT };
enum { GIVE_KEY = 0, GIVE_VALUE, GIVE_BOTH };

#define NONE UINT32_MAX
#define CAPACITY_MIN 8u
#define CAPACITY_MAX (1u << 26)

typedef struct entry {
  uint64_t word;   /* the key: address, bits of the number, or which constant */
  uint64_t number; /* counts up over the collection's life */
  uint32_t type;   /* DUK_TYPE_..., DUK_TYPE_NONE: removed */
  uint32_t next;   /* of the same bucket */
} entry;

typedef struct table {
  uint64_t numbers; /* given so far */
  uint32_t capacity, used, live, first; /* before the first: gaps only */
  entry entries[]; /* capacity of them, then as many uint32_t: first entry of each bucket */
} table;

static uint32_t *buckets(table *it) { return (uint32_t *)(void *)(it->entries + it->capacity); }

static const char *name_of(int kind) {
  static const char *const names[] = { "Map", "Set", "Map Iterator", "Set Iterator", "WeakMap", "WeakSet" };
  return names[kind - KIND_MAP];
}

/* [ ... ] -> [ ... table ]: a fresh one. */
static table *push_table(duk_context *duk, uint32_t capacity, uint64_t numbers) {
  size_t len = sizeof(table) + capacity * (sizeof(entry) + sizeof(uint32_t));
  table *it = duk_push_fixed_buffer(duk, len);
  it->numbers = numbers;
  it->capacity = capacity;
  memset(buckets(it), 0xff, capacity * sizeof(uint32_t));
  return it;
}

/* The table of the state at idx; it lives as long as nobody replaces it. */
static table *table_of(duk_context *duk, duk_idx_t state) {
  vms__push_element(duk, state, STATE_TABLE);
  table *it = duk_get_buffer(duk, -1, NULL);
  duk_pop(duk);
  return it;
}

/* Pushes the state of `this`, which must be of this kind. */
static void push_state(duk_context *duk, int kind) {
  duk_push_this(duk);
  if (duk_is_object(duk, -1) && vms__own_value(duk, duk_get_heapptr(duk, -1), vms__of(duk)->refs[VMS__REF_BOX])) {
    duk_replace(duk, -2);
    if (duk_is_array(duk, -1)) {
      vms__push_element(duk, -1, STATE_KIND);
      bool right = duk_get_int(duk, -1) == kind;
      duk_pop(duk);
      if (right) return;
    }
  }
  (void)duk_type_error(duk, "not a %s", name_of(kind));
}

/* [ ... object state ] -> [ ... object ] */
static void attach(duk_context *duk) {
  vms__ref_push(vms__of(duk), duk, VMS__REF_BOX);
  duk_insert(duk, -2);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
}

/* What stands for the value at idx: equal for SameValueZero, different otherwise. */
static uint64_t word_of(duk_context *duk, duk_idx_t idx, uint32_t *type) {
  double number;
  *type = (uint32_t)duk_get_type(duk, idx);
  switch (*type) {
    case DUK_TYPE_BOOLEAN: return (uint64_t)duk_get_boolean(duk, idx);
    case DUK_TYPE_NUMBER:
      number = duk_get_number(duk, idx);
      if (number == 0) number = 0; /* -0 */
      if (number != number) return 0x7ff8000000000000u;
      return vms__bits_of(number);
    case DUK_TYPE_STRING:
    case DUK_TYPE_OBJECT: return (uint64_t)(uintptr_t)duk_get_heapptr(duk, idx);
    default: return 0;
  }
}

static uint32_t hash(vms_sandbox *sandbox, uint64_t word, uint32_t type) {
  word ^= sandbox->meter.hash_seed * 0x9e3779b97f4a7c15u ^ ((uint64_t)type << 56);
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9u;
  word = (word ^ (word >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)(word ^ (word >> 31));
}

/* The place of the key at idx, or NONE. */
static uint32_t find(duk_context *duk, table *it, duk_idx_t key) {
  vms_sandbox *sandbox = vms__of(duk);
  uint32_t type;
  uint64_t word = word_of(duk, key, &type);
  vms__charge(&sandbox->meter, 1);
  uint32_t at = buckets(it)[hash(sandbox, word, type) & (it->capacity - 1)];
  while (at != NONE && (it->entries[at].word != word || it->entries[at].type != type)) at = it->entries[at].next;
  return at;
}

static void link_entry(vms_sandbox *sandbox, table *it, uint32_t at) {
  uint32_t *first = &buckets(it)[hash(sandbox, it->entries[at].word, it->entries[at].type) & (it->capacity - 1)];
  it->entries[at].next = *first;
  *first = at;
}

static void move(duk_context *duk, duk_idx_t list, uint32_t from, uint32_t to) {
  vms__push_element(duk, list, from);
  duk_put_prop_index(duk, list, to);
}

/* A table without gaps and with room for more; the lists are closed up. */
static table *make_room(duk_context *duk, duk_idx_t state, table *old) {
  vms_sandbox *sandbox = vms__of(duk);
  uint32_t capacity = old->capacity;
  if (old->live > capacity / 4 * 3) capacity *= 2;
  if (capacity > CAPACITY_MAX) (void)duk_range_error(duk, "collection is too large");
  state = duk_normalize_index(duk, state);
  table *it = push_table(duk, capacity, old->numbers);
  duk_get_prop_index(duk, state, STATE_KEYS);
  duk_get_prop_index(duk, state, STATE_VALUES);
  duk_idx_t keys = duk_get_top(duk) - 2;
  for (uint32_t from = 0; from < old->used; from++) {
    if (old->entries[from].type == DUK_TYPE_NONE) continue;
    it->entries[it->used] = old->entries[from];
    link_entry(sandbox, it, it->used);
    if (from != it->used) {
      move(duk, keys, from, it->used);
      move(duk, keys + 1, from, it->used);
    }
    it->used++;
  }
  vms__charge(&sandbox->meter, old->used);
  it->live = it->used;
  duk_set_length(duk, keys, it->used);
  duk_set_length(duk, keys + 1, it->used);
  duk_pop_2(duk);
  duk_put_prop_index(duk, state, STATE_TABLE);
  return it;
}

/* [ ... key value ] -> [ ... ] */
static void put(duk_context *duk, duk_idx_t state) {
  duk_idx_t key = duk_get_top(duk) - 2;
  table *it = table_of(duk, state);
  uint32_t at = find(duk, it, key);
  if (at == NONE) {
    if (it->used == it->capacity) it = make_room(duk, state, it);
    at = it->used;
    entry *fresh = &it->entries[at];
    fresh->word = word_of(duk, key, &fresh->type);
    fresh->number = it->numbers;
    vms__push_element(duk, state, STATE_KEYS);
    duk_dup(duk, key);
    if (duk_is_number(duk, -1) && duk_get_number(duk, -1) == 0) { /* -0 becomes 0 */
      duk_pop(duk);
      duk_push_int(duk, 0);
    }
    duk_put_prop_index(duk, -2, at);
    duk_pop(duk);
    it->used++;
    it->live++;
    it->numbers++;
    link_entry(vms__of(duk), it, at);
  }
  vms__push_element(duk, state, STATE_VALUES);
  duk_insert(duk, -2);
  duk_put_prop_index(duk, -2, at);
  duk_pop_2(duk);
}

int vms__collection_look(duk_context *duk, duk_idx_t obj, uint32_t *live) {
  static const int kinds[] = { VMS__IS_MAP, VMS__IS_SET, VMS__IS_NONE, VMS__IS_NONE, VMS__IS_WEAK_MAP, VMS__IS_WEAK_SET };
  if (!vms__own_value(duk, duk_get_heapptr(duk, obj), vms__of(duk)->refs[VMS__REF_BOX])) return VMS__IS_NONE;
  int kind = -1;
  if (duk_is_array(duk, -1)) {
    duk_get_prop_index(duk, -1, STATE_KIND);
    kind = duk_is_number(duk, -1) ? duk_get_int(duk, -1) : -1;
    duk_pop(duk);
  }
  if (kind < KIND_MAP || kind > KIND_WEAK_SET || kinds[kind - KIND_MAP] == VMS__IS_NONE) {
    duk_pop(duk);
    return VMS__IS_NONE;
  }
  if (kind == KIND_MAP || kind == KIND_SET) *live = table_of(duk, -1)->live;
  return kinds[kind - KIND_MAP];
}

bool vms__collection_next(duk_context *duk, duk_idx_t state, uint32_t *place) {
  state = duk_normalize_index(duk, state);
  const table *it = table_of(duk, state);
  while (*place < it->used && it->entries[*place].type == DUK_TYPE_NONE) {
    vms__charge(&vms__of(duk)->meter, 1);
    ++*place;
  }
  if (*place >= it->used) return false;
  for (duk_uarridx_t slot = STATE_KEYS; slot <= STATE_VALUES; slot++) {
    duk_get_prop_index(duk, state, slot);
    duk_get_prop_index(duk, -1, *place);
    duk_remove(duk, -2);
  }
  ++*place;
  return true;
}

/* The place of the first entry whose number is not below this one, gaps skipped; NONE: there is none. */
static uint32_t place_of(duk_context *duk, const table *it, uint64_t number) {
  uint32_t low = it->first, high = it->used;
  if (number < it->numbers) {
    while (low < high) {
      uint32_t middle = low + (high - low) / 2;
      if (it->entries[middle].number < number) low = middle + 1;
      else high = middle;
    }
    for (; low < it->used; low++) {
      if (it->entries[low].type != DUK_TYPE_NONE) return low;
      vms__charge(&vms__of(duk)->meter, 1);
    }
  }
  return NONE;
}

/* Pushes what the list in this slot has at this place. */
static void push_at(duk_context *duk, duk_idx_t state, duk_uarridx_t slot, uint32_t at) {
  vms__push_element(duk, state, slot);
  vms__push_element(duk, -1, at);
  duk_replace(duk, -2);
}

/* --- Map and Set ----------------------------------------------------------------------------------------- */

/* [ iterable this adder ... entry ] */
static duk_ret_t fill_step(duk_context *duk, void *udata) {
  int kind = *(int *)udata;
  duk_idx_t item = duk_get_top_index(duk);
  if (kind == KIND_MAP && !duk_is_object(duk, item)) return duk_type_error(duk, "entry is not an object");
  duk_dup(duk, 2);
  duk_dup(duk, 1);
  if (kind == KIND_MAP) {
    vms__get_at(duk, item, 0);
    vms__get_at(duk, item, 1);
  } else {
    duk_dup(duk, item);
  }
  duk_call_method(duk, kind == KIND_MAP ? 2 : 1);
  return 0;
}

static void fill(duk_context *duk, int kind, const char *adder) {
  if (duk_is_null_or_undefined(duk, 0)) return;
  int entries = kind == KIND_MAP || kind == KIND_WEAK_MAP ? KIND_MAP : KIND_SET;
  duk_get_prop_string(duk, 1, adder);
  vms__require_callable(duk, 2);
  vms__iterate(duk, 0, fill_step, &entries);
}

static duk_ret_t construct(duk_context *duk, int kind) {
  if (!duk_is_constructor_call(duk)) return duk_type_error(duk, "constructor %s requires 'new'", name_of(kind));
  duk_push_this(duk);
  duk_push_bare_array(duk);
  duk_push_int(duk, kind);
  duk_put_prop_index(duk, -2, STATE_KIND);
  duk_push_bare_array(duk);
  duk_put_prop_index(duk, -2, STATE_KEYS);
  duk_push_bare_array(duk);
  duk_put_prop_index(duk, -2, STATE_VALUES);
  push_table(duk, CAPACITY_MIN, 0);
  duk_put_prop_index(duk, -2, STATE_TABLE);
  attach(duk);
  fill(duk, kind, kind == KIND_MAP ? "set" : "add");
  return 0;
}

static duk_ret_t map_constructor(duk_context *duk) { return construct(duk, KIND_MAP); }

static duk_ret_t set_constructor(duk_context *duk) { return construct(duk, KIND_SET); }

static duk_ret_t map_get(duk_context *duk) {
  push_state(duk, KIND_MAP);
  uint32_t at = find(duk, table_of(duk, 1), 0);
  if (at == NONE) return 0;
  push_at(duk, 1, STATE_VALUES, at);
  return 1;
}

static duk_ret_t map_set(duk_context *duk) {
  push_state(duk, KIND_MAP); /* [ key value state ] */
  duk_insert(duk, 0);
  put(duk, 0);
  duk_push_this(duk);
  return 1;
}

static duk_ret_t set_add(duk_context *duk) {
  push_state(duk, KIND_SET); /* [ key state ] */
  duk_insert(duk, 0);
  duk_push_true(duk);
  put(duk, 0);
  duk_push_this(duk);
  return 1;
}

/* has, delete, clear, size of both: the magic is the kind. */
static duk_ret_t collection_has(duk_context *duk) {
  push_state(duk, duk_get_current_magic(duk));
  duk_push_boolean(duk, find(duk, table_of(duk, 1), 0) != NONE);
  return 1;
}

static duk_ret_t collection_delete(duk_context *duk) {
  push_state(duk, duk_get_current_magic(duk));
  table *it = table_of(duk, 1);
  uint32_t at = find(duk, it, 0);
  if (at != NONE) {
    entry *gone = &it->entries[at];
    uint32_t *link = &buckets(it)[hash(vms__of(duk), gone->word, gone->type) & (it->capacity - 1)];
    while (*link != at) link = &it->entries[*link].next;
    *link = gone->next;
    gone->type = DUK_TYPE_NONE;
    it->live--;
    for (; it->first < it->used && it->entries[it->first].type == DUK_TYPE_NONE; it->first++) vms__charge(&vms__of(duk)->meter, 1);
    for (duk_uarridx_t slot = STATE_KEYS; slot <= STATE_VALUES; slot++) {
      duk_get_prop_index(duk, 1, slot);
      duk_push_undefined(duk);
      duk_put_prop_index(duk, -2, at);
      duk_pop(duk);
    }
  }
  duk_push_boolean(duk, at != NONE);
  return 1;
}

static duk_ret_t collection_clear(duk_context *duk) {
  push_state(duk, duk_get_current_magic(duk));
  uint64_t numbers = table_of(duk, 0)->numbers;
  for (duk_uarridx_t slot = STATE_KEYS; slot <= STATE_VALUES; slot++) {
    duk_push_bare_array(duk);
    duk_put_prop_index(duk, 0, slot);
  }
  push_table(duk, CAPACITY_MIN, numbers);
  duk_put_prop_index(duk, 0, STATE_TABLE);
  return 0;
}

static duk_ret_t collection_size(duk_context *duk) {
  push_state(duk, duk_get_current_magic(duk));
  duk_push_uint(duk, table_of(duk, 0)->live);
  return 1;
}

static duk_ret_t collection_for_each(duk_context *duk) {
  int kind = duk_get_current_magic(duk);
  uint64_t number = 0;
  push_state(duk, kind); /* [ fn self state ] */
  vms__require_callable(duk, 0);
  for (;;) {
    const table *it = table_of(duk, 2);
    uint32_t at = place_of(duk, it, number);
    if (at == NONE) return 0;
    number = it->entries[at].number + 1;
    duk_dup(duk, 0);
    duk_dup(duk, 1);
    push_at(duk, 2, kind == KIND_MAP ? STATE_VALUES : STATE_KEYS, at);
    push_at(duk, 2, STATE_KEYS, at);
    duk_push_this(duk);
    duk_call_method(duk, 3);
    duk_pop(duk);
  }
}

/* --- iterators -------------------------------------------------------------------------------------------- */

static duk_ret_t iterator(duk_context *duk, int kind) {
  push_state(duk, kind); /* [ state ] */
  duk_push_object(duk);
  vms__ref_push(vms__of(duk), duk, kind == KIND_MAP ? VMS__REF_MAP_ITERATOR : VMS__REF_SET_ITERATOR);
  duk_set_prototype(duk, -2);
  duk_push_bare_array(duk);
  duk_push_int(duk, kind == KIND_MAP ? KIND_MAP_ITERATOR : KIND_SET_ITERATOR);
  duk_put_prop_index(duk, -2, STATE_KIND);
  duk_dup(duk, 0);
  duk_put_prop_index(duk, -2, ITERATOR_STATE);
  duk_push_int(duk, 0);
  duk_put_prop_index(duk, -2, ITERATOR_NEXT);
  duk_push_int(duk, duk_get_current_magic(duk));
  duk_put_prop_index(duk, -2, ITERATOR_WHAT);
  attach(duk);
  return 1;
}

static duk_ret_t map_iterator(duk_context *duk) { return iterator(duk, KIND_MAP); }

static duk_ret_t set_iterator(duk_context *duk) { return iterator(duk, KIND_SET); }

static duk_ret_t iterator_next(duk_context *duk) {
  int kind = duk_get_current_magic(duk);
  push_state(duk, kind);
  vms__push_element(duk, 0, ITERATOR_STATE); /* [ iterator state ] */
  uint32_t at = NONE;
  if (!duk_is_undefined(duk, 1)) {
    const table *it = table_of(duk, 1);
    vms__push_element(duk, 0, ITERATOR_NEXT);
    at = place_of(duk, it, (uint64_t)duk_get_number(duk, -1));
    if (at != NONE) {
      duk_push_number(duk, (double)(it->entries[at].number + 1));
      duk_put_prop_index(duk, 0, ITERATOR_NEXT);
    }
  }
  if (at == NONE) {
    duk_push_undefined(duk);
    duk_put_prop_index(duk, 0, ITERATOR_STATE);
    duk_push_undefined(duk);
    vms__to_result(duk, true);
    return 1;
  }
  vms__push_element(duk, 0, ITERATOR_WHAT);
  int what = duk_get_int(duk, -1);
  duk_uarridx_t values = kind == KIND_MAP_ITERATOR ? STATE_VALUES : STATE_KEYS;
  if (what == GIVE_BOTH) {
    duk_push_array(duk);
    push_at(duk, 1, STATE_KEYS, at);
    vms__fresh_put(duk, -2, 0);
    push_at(duk, 1, values, at);
    vms__fresh_put(duk, -2, 1);
  } else {
    push_at(duk, 1, what == GIVE_KEY ? STATE_KEYS : values, at);
  }
  vms__to_result(duk, false);
  return 1;
}

/* --- weak collections: a value is hidden on its key, so that both go together -------------------------------- */

static duk_ret_t construct_weak(duk_context *duk, int kind) {
  if (!duk_is_constructor_call(duk)) return duk_type_error(duk, "constructor %s requires 'new'", name_of(kind));
  duk_push_this(duk);
  duk_push_bare_array(duk);
  duk_push_int(duk, kind);
  duk_put_prop_index(duk, -2, STATE_KIND);
  duk_push_sprintf(duk, DUK_HIDDEN_SYMBOL("weak%lu"), (unsigned long)++vms__of(duk)->object_id);
  duk_put_prop_index(duk, -2, STATE_KEYS); /* the hidden name */
  attach(duk);
  fill(duk, kind, kind == KIND_WEAK_MAP ? "set" : "add");
  return 0;
}

static duk_ret_t weak_map_constructor(duk_context *duk) { return construct_weak(duk, KIND_WEAK_MAP); }

static duk_ret_t weak_set_constructor(duk_context *duk) { return construct_weak(duk, KIND_WEAK_SET); }

/* Pushes the hidden name, and the value if the key (at 0) has one. */
static bool push_weak(duk_context *duk, int kind) {
  push_state(duk, kind);
  duk_get_prop_index(duk, -1, STATE_KEYS);
  duk_remove(duk, -2);
  return duk_is_object(duk, 0) && vms__own_value(duk, duk_get_heapptr(duk, 0), duk_get_heapptr(duk, -1));
}

static duk_ret_t weak_get(duk_context *duk) { return push_weak(duk, KIND_WEAK_MAP); }

static duk_ret_t weak_has(duk_context *duk) {
  duk_push_boolean(duk, push_weak(duk, duk_get_current_magic(duk)));
  return 1;
}

static duk_ret_t weak_put(duk_context *duk) {
  int kind = duk_get_current_magic(duk);
  push_state(duk, kind); /* [ key value? state ] */
  if (!duk_is_object(duk, 0)) return duk_type_error(duk, "key is not an object");
  duk_get_prop_index(duk, -1, STATE_KEYS);
  if (kind == KIND_WEAK_MAP) duk_dup(duk, 1);
  else duk_push_true(duk);
  duk_def_prop(duk, 0, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WRITABLE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
  duk_push_this(duk);
  return 1;
}

static duk_ret_t weak_delete(duk_context *duk) {
  bool has = push_weak(duk, duk_get_current_magic(duk));
  if (has) {
    duk_pop(duk);
    vms__hidden_delete(duk, 0);
  }
  duk_push_boolean(duk, has);
  return 1;
}

/* --- boot -------------------------------------------------------------------------------------------------------- */

/* Pushes the constructor and its prototype. */
static void push_class(duk_context *duk, int kind, duk_c_function constructor) {
  vms__push_constructor(duk, name_of(kind), constructor, 1, 0);
  duk_push_object(duk);
  duk_push_literal(duk, "prototype");
  duk_dup(duk, -2);
  duk_def_prop(duk, -4, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  duk_dup(duk, -2);
  vms__define(duk, -2, "constructor");
  vms__define_tag(duk, -1, name_of(kind));
}

/* [ ... constructor prototype ] -> [ ... ] */
static void finish_class(duk_context *duk, int kind) {
  duk_pop(duk);
  duk_push_global_object(duk);
  duk_insert(duk, -2);
  vms__define(duk, -2, name_of(kind));
  duk_pop(duk);
}

static void iterator_class(vms_sandbox *sandbox, duk_context *duk, int kind, int ref) {
  const vms__method next = { "next", iterator_next, 0, 0, kind };
  vms__ref_push(sandbox, duk, VMS__REF_ITERATOR);
  duk_push_object(duk);
  duk_insert(duk, -2);
  duk_set_prototype(duk, -2);
  vms__define_methods(duk, -1, &next, 1);
  vms__define_tag(duk, -1, name_of(kind));
  vms__ref_set(sandbox, duk, ref);
}

void vms__collection_open(vms_sandbox *sandbox, duk_context *duk) {
  for (int kind = KIND_MAP; kind <= KIND_SET; kind++) {
    bool map = kind == KIND_MAP;
    const vms__method methods[] = { { map ? "get" : "add", map ? map_get : set_add, 1, 1, 0 },
                                    { "has", collection_has, 1, 1, kind },
                                    { "delete", collection_delete, 1, 1, kind },
                                    { "clear", collection_clear, 0, 0, kind },
                                    { "forEach", collection_for_each, 2, 1, kind },
                                    { "values", map ? map_iterator : set_iterator, 0, 0, GIVE_VALUE },
                                    { "entries", map ? map_iterator : set_iterator, 0, 0, GIVE_BOTH } };
    const vms__method of_map[] = { { "set", map_set, 2, 2, 0 }, { "keys", map_iterator, 0, 0, GIVE_KEY } };
    iterator_class(sandbox, duk, map ? KIND_MAP_ITERATOR : KIND_SET_ITERATOR, map ? VMS__REF_MAP_ITERATOR : VMS__REF_SET_ITERATOR);
    push_class(duk, kind, map ? map_constructor : set_constructor);
    vms__define_species(duk, -2);
    vms__define_methods(duk, -1, methods, sizeof methods / sizeof methods[0]);
    if (map) {
      vms__define_methods(duk, -1, of_map, 2);
    } else {
      duk_get_prop_literal(duk, -1, "values");
      vms__define(duk, -2, "keys");
    }
    duk_push_literal(duk, "size");
    vms__define_getter(duk, -2, "get size", collection_size, kind);
    duk_get_prop_string(duk, -1, map ? "entries" : "values");
    vms__define(duk, -2, DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
    finish_class(duk, kind);
  }
  for (int kind = KIND_WEAK_MAP; kind <= KIND_WEAK_SET; kind++) {
    bool map = kind == KIND_WEAK_MAP;
    const vms__method methods[] = { { map ? "set" : "add", weak_put, map ? 2 : 1, map ? 2 : 1, kind },
                                    { "has", weak_has, 1, 1, kind },
                                    { "delete", weak_delete, 1, 1, kind },
                                    { "get", weak_get, 1, 1, kind } };
    push_class(duk, kind, map ? weak_map_constructor : weak_set_constructor);
    vms__define_methods(duk, -1, methods, map ? 4 : 3);
    finish_class(duk, kind);
  }
}
