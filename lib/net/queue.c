/* SPDX-License-Identifier: MIT */
/* The queue of one service. */
#include "queue.h"

enum { TO_CHECK, TO_RUN };

#define KEY_LISTS_MAX 65536u

/* How many slots a key has. Only keys with slots have one of these. */
typedef struct vms__key_count {
  struct vms__key_count *next;
  uint8_t key[VMS_KEY_LEN];
  uint32_t slots;
} vms__key_count;

/* --- rings of lanes ------------------------------------------------------------------------------------------------ */

static void ring_push(vms__lane *lane, int which) {
  vms__ring *ring = &lane->queue->rings[which];
  if (lane->in[which]) return;
  lane->in[which] = true;
  lane->next[which] = NULL;
  *ring->end = lane;
  ring->end = &lane->next[which];
}

static vms__lane *ring_pop(vms__queue *queue, int which) {
  vms__ring *ring = &queue->rings[which];
  vms__lane *lane = ring->first;
  if (lane == NULL) return NULL;
  ring->first = lane->next[which];
  if (ring->first == NULL) ring->end = &ring->first;
  lane->in[which] = false;
  return lane;
}

static bool is_decided(const vms__call *call) { return call != NULL && call->state >= VMS__CALL_FITS; }

/* After any change of its calls: the lane is in the rings where it belongs, or goes once nothing needs it. A ring may still hold a lane that
 * has nothing for it any more: whoever takes it out sees to that. */
static void lane_settle(vms__lane *lane) {
  if (lane->unchecked != NULL) ring_push(lane, TO_CHECK);
  if (is_decided(lane->first)) ring_push(lane, TO_RUN);
  if (lane->session == NULL && lane->slots == 0 && !lane->in[TO_CHECK] && !lane->in[TO_RUN])
    vms__free(lane->queue->env, lane, sizeof *lane);
}

/* --- keys --------------------------------------------------------------------------------------------------------------- */

/* The link to the key's count, or to where it would be. */
static vms__key_count **key_find(const vms__queue *queue, const uint8_t key[VMS_KEY_LEN]) {
  uint64_t words[2];
  memcpy(words, key, sizeof words);
  uint64_t hash = (words[0] ^ queue->hash_seed) * UINT64_C(0x9e3779b97f4a7c15);
  hash = (hash ^ hash >> 32 ^ words[1]) * UINT64_C(0xd6e8feb86659fd93);
  vms__key_count **link = &queue->keys[(hash >> 40) & (queue->key_lists - 1)];
  while (*link != NULL && memcmp((*link)->key, key, VMS_KEY_LEN) != 0) link = &(*link)->next;
  return link;
}

static uint32_t key_slots(const vms__queue *queue, const uint8_t key[VMS_KEY_LEN]) {
  const vms__key_count *count = *key_find(queue, key);
  return count == NULL ? 0 : count->slots;
}

/* False: there is no memory to count with. */
static bool key_charge(vms__queue *queue, vms__call *call) {
  vms__key_count **link = key_find(queue, call->caller);
  if (*link == NULL) {
    *link = vms__alloc(queue->env, sizeof **link);
    if (*link == NULL) return false;
    memcpy((*link)->key, call->caller, VMS_KEY_LEN);
  }
  (*link)->slots++;
  call->charged = true;
  return true;
}

static void key_release(vms__queue *queue, vms__call *call) {
  if (!call->charged) return;
  vms__key_count **link = key_find(queue, call->caller), *count = *link;
  assert(count != NULL && count->slots > 0);
  call->charged = false;
  if (--count->slots > 0) return;
  *link = count->next;
  vms__free(queue->env, count, sizeof *count);
}

/* --- calls ---------------------------------------------------------------------------------------------------------------- */

/* Ends a call that is in no list: its slot is free. The lane is the caller's to settle. */
static void call_end(vms__queue *queue, vms__call *call) {
  key_release(queue, call);
  assert(queue->slots > 0 && call->lane->slots > 0 && queue->bytes->used >= call->len);
  queue->slots--;
  queue->bytes->used -= call->len;
  queue->bytes->held -= call->held;
  call->lane->slots--;
  call->lane->bytes -= call->len;
  vms__free(queue->env, call, sizeof *call + call->len);
}

static vms_slice keep(char **at, vms_slice slice) {
  if (slice.data == NULL) return slice;
  memcpy(*at, slice.data, slice.len);
  slice.data = *at;
  *at += slice.len;
  return slice;
}

static vms__call *call_new(const vms_env *env, const vms_rpc_call *given) {
  size_t len = given->is_signed ? given->request.len : given->user.len + given->method.len + given->params.len; /* of one message: cannot wrap */
  vms__call *call = vms__resize(env, NULL, 0, sizeof *call + len);
  if (call == NULL) return NULL;
  memset(call, 0, sizeof *call);
  call->len = len;
  call->ticket = given->ticket;
  call->is_signed = given->is_signed != 0;
  call->state = call->is_signed ? VMS__CALL_WAITS : VMS__CALL_FITS;
  char *at = call->text;
  if (call->is_signed) {
    call->request = keep(&at, given->request);
    memcpy(call->caller, given->caller, VMS_KEY_LEN);
    memcpy(call->signature, given->signature, VMS_SIGNATURE_LEN);
  } else {
    call->user = keep(&at, given->user);
    call->method = keep(&at, given->method);
    call->params = keep(&at, given->params);
  }
  return call;
}

/* Whether one more call of this length goes beyond its lane's share. */
static bool is_busy(const vms__lane *lane, const vms__call *call) {
  const vms__queue *queue = lane->queue;
  uint32_t slots = queue->slots_max - queue->slots;
  uint64_t bytes = queue->bytes->max - queue->bytes->used;
  if (lane->slots >= slots || (lane->forged && lane->slots > 0) || call->len > bytes || (lane->bytes > 0 && lane->bytes + call->len > bytes)) return true;
  return call->counts && key_slots(queue, call->caller) >= slots;
}

int vms__queue_add(vms__lane *lane, const vms_rpc_call *given, bool counts) {
  vms__queue *queue = lane->queue;
  vms__call *call = call_new(queue->env, given);
  assert(lane->session != NULL);
  if (call == NULL) return VMS_ERR_NOMEM;
  call->lane = lane;
  call->counts = counts;
  if (is_busy(lane, call)) {
    vms__free(queue->env, call, sizeof *call + call->len);
    return VMS_ERR_LIMIT;
  }
  queue->slots++;
  queue->bytes->used += call->len;
  lane->slots++;
  lane->bytes += call->len;
  *lane->end = call;
  lane->end = &call->next;
  queue->waiting++;
  if (call->state == VMS__CALL_WAITS) {
    queue->unchecked++;
    if (lane->unchecked == NULL) lane->unchecked = call;
  }
  lane_settle(lane);
  return VMS_OK;
}

/* --- checking ---------------------------------------------------------------------------------------------------------------- */

static vms__call *take_one(vms__lane *lane) {
  vms__call *call = lane->unchecked, *next;
  if (call == NULL) return NULL;
  call->state = VMS__CALL_CHECKING;
  for (next = call->next; next != NULL && next->state != VMS__CALL_WAITS;) next = next->next;
  lane->unchecked = next;
  lane->queue->unchecked--;
  lane->queue->checking++;
  return call;
}

size_t vms__queue_take(vms__queue *queue, vms__call **calls, size_t max) {
  size_t count = 0;
  while (count < max) {
    vms__lane *lane = ring_pop(queue, TO_CHECK);
    if (lane == NULL) break;
    calls[count] = take_one(lane);
    if (calls[count] != NULL) count++;
    lane_settle(lane);
  }
  return count;
}

/* A signature fits: its key answers for the slot, if it may have one more. */
static void decide(vms__queue *queue, vms__call *call) {
  uint32_t others = queue->slots - 1; /* this call's own slot is not another's */
  call->state = VMS__CALL_FITS;
  if (!call->counts) return;
  if (key_slots(queue, call->caller) >= queue->slots_max - others || !key_charge(queue, call)) call->state = VMS__CALL_BUSY;
}

void vms__queue_checked(vms__queue *queue, vms__call *call, int fits) {
  vms__lane *lane = call->lane;
  assert(call->state == VMS__CALL_CHECKING && queue->checking > 0);
  queue->checking--;
  if (fits == 0 || fits == 1) lane->forged = fits == 0;
  if (call->dropped) call_end(queue, call);
  else if (fits == 1) decide(queue, call);
  else call->state = fits == 0 ? VMS__CALL_FORGED : VMS__CALL_UNSURE;
  lane_settle(lane);
}

/* --- running --------------------------------------------------------------------------------------------------------------------- */

static vms__call *lane_shift(vms__lane *lane) {
  vms__call *call = lane->first;
  lane->first = call->next;
  if (lane->first == NULL) lane->end = &lane->first;
  call->next = NULL;
  lane->queue->waiting--;
  return call;
}

vms__call *vms__queue_next(vms__queue *queue) {
  vms__lane *lane;
  while ((lane = ring_pop(queue, TO_RUN)) != NULL) {
    vms__call *call = is_decided(lane->first) ? lane_shift(lane) : NULL;
    lane_settle(lane);
    if (call != NULL) return call;
  }
  return NULL;
}

bool vms__queue_can_run(const vms__queue *queue) { return queue->rings[TO_RUN].first != NULL; }

void vms__queue_ran(vms__queue *queue, vms__call *call, bool recorded, uint64_t seq) {
  vms__lane *lane = call->lane;
  if (!recorded) {
    call->held = 0;
    call_end(queue, call);
    lane_settle(lane);
    return;
  }
  call->seq = seq;
  call->next = NULL;
  queue->bytes->held += call->held;
  *queue->ran_end = call;
  queue->ran_end = &call->next;
}

void vms__queue_durable(vms__queue *queue, uint64_t durable) {
  while (queue->ran != NULL && queue->ran->seq < durable) {
    vms__call *call = queue->ran;
    vms__lane *lane = call->lane;
    queue->ran = call->next;
    if (queue->ran == NULL) queue->ran_end = &queue->ran;
    call_end(queue, call);
    lane_settle(lane);
  }
}

/* The longest lane of a ring whose newest call can be taken away, if it is longer than `longest` is. */
static vms__lane *longer(const vms__queue *queue, int which, vms__lane *longest) {
  for (vms__lane *each = queue->rings[which].first; each != NULL; each = each->next[which])
    if (each->first != NULL && each->slots > (longest == NULL ? 1 : longest->slots)) longest = each;
  return longest;
}

vms__call *vms__queue_displace(const vms__lane *lane) {
  vms__queue *queue = lane->queue;
  if (lane->slots > 0 || queue->slots < queue->slots_max) return NULL;
  vms__lane *longest = longer(queue, TO_RUN, longer(queue, TO_CHECK, NULL));
  if (longest == NULL) return NULL;
  vms__call **link = &longest->first;
  while ((*link)->next != NULL) link = &(*link)->next;
  vms__call *call = *link;
  if (call->state == VMS__CALL_CHECKING) return NULL; /* all of it is being checked: a matter of a millisecond */
  *link = NULL;
  longest->end = link;
  if (call->state == VMS__CALL_WAITS) queue->unchecked--;
  if (longest->unchecked == call) longest->unchecked = NULL;
  queue->waiting--;
  call->state = VMS__CALL_BUSY;
  return call;
}

/* A signature that nobody looked at will not be looked at any more. */
static vms__call *drain_unchecked(vms__lane *lane) {
  vms__call *call = take_one(lane), **link = &lane->first;
  if (call == NULL) return NULL;
  while (*link != call) link = &(*link)->next;
  *link = call->next;
  if (*link == NULL) lane->end = link;
  call->next = NULL;
  call->state = VMS__CALL_BUSY;
  lane->queue->waiting--;
  lane->queue->checking--;
  return call;
}

vms__call *vms__queue_drain(vms__queue *queue) {
  vms__lane *lane;
  while ((lane = ring_pop(queue, TO_CHECK)) != NULL) {
    vms__call *call = drain_unchecked(lane);
    lane_settle(lane);
    if (call != NULL) return call;
  }
  return vms__queue_next(queue);
}

/* --- making, leaving -------------------------------------------------------------------------------------------------------------- */

vms__lane *vms__lane_new(vms__queue *queue, vms_rpc_session *session, void *owner) {
  vms__lane *lane = vms__alloc(queue->env, sizeof *lane);
  assert(session != NULL);
  if (lane == NULL) return NULL;
  lane->queue = queue;
  lane->session = session;
  lane->owner = owner;
  lane->end = &lane->first;
  return lane;
}

void vms__lane_drop(vms__lane *lane) {
  if (lane == NULL) return;
  vms__queue *queue = lane->queue;
  lane->session = NULL;
  lane->owner = NULL;
  lane->unchecked = NULL;
  while (lane->first != NULL) {
    vms__call *call = lane_shift(lane);
    if (call->state == VMS__CALL_WAITS) queue->unchecked--;
    if (call->state == VMS__CALL_CHECKING) call->dropped = true;
    else call_end(queue, call);
  }
  lane_settle(lane);
}

void vms__lane_leave(vms__lane *lane) {
  if (lane == NULL) return;
  lane->session = NULL;
  lane->owner = NULL;
  lane_settle(lane);
}

int vms__queue_init(vms__queue *queue, uint32_t slots_max, vms__call_bytes *bytes, uint64_t seed, const vms_env *env) {
  memset(queue, 0, sizeof *queue);
  assert(slots_max > 0);
  queue->env = env;
  queue->bytes = bytes;
  queue->slots_max = slots_max;
  queue->hash_seed = seed;
  for (int i = 0; i < 2; i++) queue->rings[i].end = &queue->rings[i].first;
  queue->ran_end = &queue->ran;
  queue->key_lists = 64;
  while (queue->key_lists < slots_max && queue->key_lists < KEY_LISTS_MAX) queue->key_lists *= 2;
  queue->keys = vms__alloc(env, queue->key_lists * sizeof *queue->keys);
  return queue->keys == NULL ? VMS_ERR_NOMEM : VMS_OK;
}

void vms__queue_deinit(vms__queue *queue) {
  vms__lane *lane;
  vms__call *call;
  if (queue->keys == NULL) return;
  while ((call = vms__queue_drain(queue)) != NULL) vms__queue_ran(queue, call, false, 0); /* of lanes that were left */
  vms__queue_durable(queue, UINT64_MAX);
  for (int which = TO_CHECK; which <= TO_RUN; which++)
    while ((lane = ring_pop(queue, which)) != NULL) lane_settle(lane);
  assert(queue->slots == 0 && queue->waiting == 0 && queue->checking == 0);
  vms__free(queue->env, queue->keys, queue->key_lists * sizeof *queue->keys);
  queue->keys = NULL;
}
