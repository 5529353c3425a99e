/* SPDX-License-Identifier: MIT */
/* Which nonces each caller used, and where: a hash table derived from the ledger. Nonces of one caller only grow,
 * so its history is sorted and found by bisection. */
#include "internal.h"

#define SLOTS_MIN 64u

typedef struct call_place { uint64_t nonce, seq; } call_place;

typedef struct caller {
  uint8_t key[VMS_KEY_LEN];
  uint64_t last;      /* newest nonce, 0: none */
  bool forgot;        /* older calls were dropped from the history */
  uint32_t number;    /* in the file that vms__callers_index keeps; 0: none */
  call_place *calls;  /* the newest ones, oldest first */
  size_t count, capacity;
} caller;

struct vms__callers {
  const vms_env *env;
  uint64_t seed;      /* keys are chosen by strangers: the table's order must not be guessable */
  caller *callers;
  size_t count, capacity;
  uint32_t *slots;    /* 0: empty, else index of a caller + 1 */
  size_t slot_count;  /* a power of two, or 0 */
};

vms__callers *vms__callers_new(const vms_env *env) {
  vms__callers *callers = vms__alloc(env, sizeof *callers);
  if (callers == NULL) return NULL;
  callers->env = env;
  if (env != NULL && env->entropy != NULL) (void)env->entropy(env->context, &callers->seed, sizeof callers->seed);
  return callers;
}

void vms__callers_free(vms__callers *callers) {
  if (callers == NULL) return;
  for (size_t i = 0; i < callers->count; i++)
    vms__free(callers->env, callers->callers[i].calls, callers->callers[i].capacity * sizeof(call_place));
  vms__free(callers->env, callers->callers, callers->capacity * sizeof(caller));
  vms__free(callers->env, callers->slots, callers->slot_count * sizeof(uint32_t));
  vms__free(callers->env, callers, sizeof *callers);
}

static size_t slot_of(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN]) {
  uint64_t hash = callers->seed, word;
  for (size_t i = 0; i < VMS_KEY_LEN; i += sizeof word) {
    memcpy(&word, key + i, sizeof word);
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 29;
  }
  return (size_t)hash & (callers->slot_count - 1);
}

/* The slot that holds the key, or the empty one where it belongs. */
static size_t find_slot(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN]) {
  size_t slot = slot_of(callers, key);
  while (callers->slots[slot] != 0 && memcmp(callers->callers[callers->slots[slot] - 1].key, key, VMS_KEY_LEN) != 0)
    slot = (slot + 1) & (callers->slot_count - 1);
  return slot;
}

static caller *find(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN]) {
  if (callers->slot_count == 0) return NULL;
  uint32_t index = callers->slots[find_slot(callers, key)];
  return index == 0 ? NULL : &callers->callers[index - 1];
}

/* Keeps at least half of the slots empty. */
static int grow_slots(vms__callers *callers) {
  size_t old = callers->slot_count, wanted = old == 0 ? SLOTS_MIN : old * 2;
  uint32_t *slots;
  if (callers->count * 2 < old) return VMS_OK;
  if (callers->count >= UINT32_MAX / 2 || (slots = vms__alloc(callers->env, wanted * sizeof *slots)) == NULL) return VMS_ERR_NOMEM;
  vms__free(callers->env, callers->slots, old * sizeof *slots);
  callers->slots = slots;
  callers->slot_count = wanted;
  for (size_t i = 0; i < callers->count; i++) slots[find_slot(callers, callers->callers[i].key)] = (uint32_t)i + 1;
  return VMS_OK;
}

static int make_room(vms__callers *callers, caller *who) {
  if (who->count == 2 * VMS__CALLER_HISTORY) { /* drop the older half at once: constant cost a call */
    memmove(who->calls, who->calls + VMS__CALLER_HISTORY, VMS__CALLER_HISTORY * sizeof *who->calls);
    who->count = VMS__CALLER_HISTORY;
    who->forgot = true;
  }
  return vms__grow(callers->env, &who->calls, &who->capacity, who->count, 1, sizeof(call_place));
}

int vms__callers_prepare(vms__callers *callers, const uint8_t key[VMS_KEY_LEN]) {
  caller *who = find(callers, key);
  if (who == NULL) {
    if (grow_slots(callers) != VMS_OK ||
        vms__grow(callers->env, &callers->callers, &callers->capacity, callers->count, 1, sizeof(caller)) != VMS_OK)
      return VMS_ERR_NOMEM;
    who = &callers->callers[callers->count];
    memset(who, 0, sizeof *who);
    memcpy(who->key, key, VMS_KEY_LEN);
    callers->slots[find_slot(callers, key)] = (uint32_t)++callers->count;
  }
  return make_room(callers, who);
}

static void note(caller *who, uint64_t nonce, uint64_t seq) {
  assert(who->count < who->capacity && nonce > who->last);
  who->calls[who->count++] = (call_place){ nonce, seq };
  who->last = nonce;
}

void vms__callers_note(vms__callers *callers, const uint8_t key[VMS_KEY_LEN], uint64_t nonce, uint64_t seq) {
  caller *who = find(callers, key);
  assert(who != NULL);
  note(who, nonce, seq);
}

uint32_t vms__callers_place(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN]) {
  const caller *who = find(callers, key);
  return who == NULL ? VMS__CALLER_NOWHERE : (uint32_t)(who - callers->callers);
}

size_t vms__callers_count(const vms__callers *callers) { return callers->count; }

const uint8_t *vms__callers_key(const vms__callers *callers, uint32_t place) {
  assert(place < callers->count);
  return callers->callers[place].key;
}

uint32_t *vms__callers_number(vms__callers *callers, uint32_t place) {
  assert(place < callers->count);
  return &callers->callers[place].number;
}

int vms__callers_note_at(vms__callers *callers, uint32_t place, uint64_t nonce, uint64_t seq) {
  if (place >= callers->count || nonce <= callers->callers[place].last) return VMS_ERR_CORRUPT;
  int status = make_room(callers, &callers->callers[place]);
  if (status == VMS_OK) note(&callers->callers[place], nonce, seq);
  return status;
}

uint64_t vms__callers_last(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN]) {
  const caller *who = find(callers, key);
  return who == NULL ? 0 : who->last;
}

int vms__callers_find(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN], uint64_t nonce, uint64_t *seq) {
  const caller *who = find(callers, key);
  size_t low = 0, high = who == NULL ? 0 : who->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (who->calls[middle].nonce < nonce) low = middle + 1;
    else high = middle;
  }
  if (who != NULL && low < who->count && who->calls[low].nonce == nonce) {
    *seq = who->calls[low].seq;
    return VMS__NONCE_USED;
  }
  return who != NULL && who->forgot && low == 0 ? VMS__NONCE_FORGOTTEN : VMS__NONCE_UNUSED;
}
