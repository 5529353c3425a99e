/* SPDX-License-Identifier: MIT */
/* The index of callers in a file, so that opening a service need not read every record (doc/ledger-format.md, "Index of callers").
 *
 *   file    = segment...            one describes the records from where the one before ends
 *   segment = magic 8, version 4, new callers 4, records from 8 and to 8, time 8, calls since the last start 8, flags 4, zero 4, callers before 8,
 *             checksum 32, then keys of the new callers (32 each), nonces (8 for each record), callers' numbers (4 for each record)
 *
 * All of it is derived. A checksum is keyed with the ledger's tree hash after `to` records, and covers the one before: so a segment counts
 * for this very history and no other, and may be written before its records are durable. If they are lost, it means nothing any more. */
#include "internal.h"

#define MAGIC "vmsCALL\n"
#define VERSION 1u
#define HEADER_LEN 64u
#define FRONT_LEN (HEADER_LEN + VMS_HASH_LEN)
#define PER_RECORD 12u
#define STEP_RECORDS 16384u /* a segment is written every so many records: that many an opening may have to read after a crash */
#define CLOSING_PART 256u   /* when closing, this part of what is described is worth a segment */
#define FLAG_ABORTED 1u

typedef struct segment {
  uint8_t front[FRONT_LEN];
  uint64_t from, to, payload_len;
  uint32_t keys;
} segment;

static void put_u32(uint8_t *p, uint32_t n) { memcpy(p, &n, sizeof n); } /* little-endian machines, as lib/base/internal.h demands */
static void put_u64(uint8_t *p, uint64_t n) { memcpy(p, &n, sizeof n); }
static uint32_t get_u32(const uint8_t *p) {
  uint32_t n;
  memcpy(&n, p, sizeof n);
  return n;
}
static uint64_t get_u64(const uint8_t *p) {
  uint64_t n;
  memcpy(&n, p, sizeof n);
  return n;
}

/* Of what the segment says, after all that was said before, in this ledger. */
static void checksum(const vms__callers_index *index, const segment *s, const vms_buffer *payload, uint8_t sum[VMS_HASH_LEN]) {
  uint8_t key[VMS_HASH_LEN];
  const vms_slice parts[] = { { (const char *)index->sum, VMS_HASH_LEN }, { (const char *)s->front, HEADER_LEN }, vms__buf_view(payload) };
  vms_core_tree_hash(index->ledger, s->to, key);
  vms__crypto_hash_parts(key, sizeof key, parts, sizeof parts / sizeof parts[0], sum);
}

static void adopt(vms__callers_index *index, const segment *s) {
  memcpy(index->sum, s->front + HEADER_LEN, VMS_HASH_LEN);
  index->len += FRONT_LEN + s->payload_len;
  index->covered = s->to;
  index->numbers += s->keys;
}

/* No more of it: neither is anything written, nor remembered to be. */
static void end(vms__callers_index *index) {
  vms__free(index->env, index->called, index->capacity * sizeof *index->called);
  index->called = NULL;
  index->count = index->capacity = 0;
  index->storage = NULL;
}

void vms__callers_index_init(vms__callers_index *index, const vms_env *env, const vms_storage *storage, vms_core *ledger) {
  memset(index, 0, sizeof *index);
  index->env = env;
  index->storage = storage;
  index->ledger = ledger;
  vms__callers_index_forget(index);
}

void vms__callers_index_deinit(vms__callers_index *index) { end(index); }

void vms__callers_index_forget(vms__callers_index *index) {
  index->len = index->count = index->numbers = 0;
  index->covered = 1; /* block 0 is nobody's call */
  index->trim = true;
  memset(index->sum, 0, sizeof index->sum);
}

/* --- reading ------------------------------------------------------------------------------------------- */

static bool read_exactly(const vms_storage *storage, uint64_t offset, void *bytes, size_t len) {
  size_t got = 0;
  return len == 0 || (storage->read(storage->context, offset, bytes, len, &got, NULL) == VMS_OK && got == len);
}

/* Reads a segment's front; it describes no more than ledger and file hold. */
static bool front_read(const vms__callers_index *index, uint64_t file_len, segment *s) {
  const uint8_t *p = s->front;
  if (file_len < index->len || file_len - index->len < FRONT_LEN || !read_exactly(index->storage, index->len, s->front, FRONT_LEN)) return false;
  s->keys = get_u32(p + 12);
  s->from = get_u64(p + 16);
  s->to = get_u64(p + 24);
  if (memcmp(p, MAGIC, 8) != 0 || get_u32(p + 8) != VERSION || s->from != index->covered || s->to <= s->from ||
      s->to > vms_core_length(index->ledger) || s->keys > s->to - s->from || get_u64(p + 56) != index->numbers)
    return false;
  s->payload_len = (uint64_t)s->keys * VMS_KEY_LEN + (s->to - s->from) * PER_RECORD; /* cannot wrap: a ledger's length is below 2^53 */
  return s->payload_len <= file_len - index->len - FRONT_LEN;
}

/* Reads the rest, straight to where it belongs. *good: the checksum fits. */
static int payload_read(const vms__callers_index *index, const segment *s, vms_buffer *payload, bool *good) {
  uint8_t sum[VMS_HASH_LEN];
  vms__buf_clear(payload);
  *good = false;
  if (vms__buf_reserve(payload, (size_t)s->payload_len) != VMS_OK) return VMS_ERR_NOMEM;
  if (!read_exactly(index->storage, index->len + FRONT_LEN, payload->data, (size_t)s->payload_len)) return VMS_OK;
  payload->len = (size_t)s->payload_len;
  checksum(index, s, payload, sum);
  *good = memcmp(sum, s->front + HEADER_LEN, sizeof sum) == 0;
  return VMS_OK;
}

static int take_keys(const segment *s, const uint8_t *keys, vms__callers *callers) {
  for (uint32_t i = 0; i < s->keys; i++) {
    size_t before = vms__callers_count(callers);
    if (vms__callers_prepare(callers, keys + (size_t)i * VMS_KEY_LEN) != VMS_OK) return VMS_ERR_NOMEM;
    if (vms__callers_count(callers) != before + 1) return VMS_ERR_CORRUPT; /* known already */
    *vms__callers_number(callers, (uint32_t)before) = (uint32_t)before + 1;
  }
  return VMS_OK;
}

/* Since the table was empty, a caller's number in the file is its place in the table + 1. */
static int take_calls(const segment *s, const uint8_t *nonces, vms__callers *callers) {
  const uint8_t *numbers = nonces + 8 * (size_t)(s->to - s->from);
  for (uint64_t i = 0; i < s->to - s->from; i++) {
    uint32_t number = get_u32(numbers + 4 * i);
    int status = number == 0 ? VMS_OK : vms__callers_note_at(callers, number - 1, get_u64(nonces + 8 * i), s->from + i);
    if (status != VMS_OK) return status;
  }
  return VMS_OK;
}

int vms__callers_index_load(vms__callers_index *index, vms__callers *callers, vms__callers_state *state) {
  vms_buffer payload;
  segment s;
  uint64_t file_len = 0;
  bool good = true;
  int status = VMS_OK;
  assert(index->covered == 1 && vms__callers_count(callers) == 0);
  if (index->storage == NULL || index->storage->length(index->storage->context, &file_len, NULL) != VMS_OK) return VMS_OK;
  vms_buffer_init(&payload, index->env);
  while (status == VMS_OK && front_read(index, file_len, &s)) {
    status = payload_read(index, &s, &payload, &good);
    if (status != VMS_OK || !good) break;
    status = take_keys(&s, (const uint8_t *)payload.data, callers);
    if (status == VMS_OK) status = take_calls(&s, (const uint8_t *)payload.data + (size_t)s.keys * VMS_KEY_LEN, callers);
    if (status != VMS_OK) break;
    adopt(index, &s);
    *state = (vms__callers_state){ s.to, get_u64(s.front + 32), get_u64(s.front + 40), (get_u32(s.front + 48) & FLAG_ABORTED) != 0 };
  }
  index->trim = file_len > index->len;
  vms_buffer_free(&payload);
  return status;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

void vms__callers_index_note(vms__callers_index *index, uint64_t nonce, uint32_t place) {
  if (index->storage == NULL) return;
  if (vms__grow(index->env, &index->called, &index->capacity, index->count, 1, sizeof *index->called) != VMS_OK) {
    end(index); /* what is in the file stays right; the next opening reads the rest from the ledger */
    return;
  }
  index->called[index->count++] = (vms__called){ place == VMS__CALLER_NOWHERE ? 0 : nonce, place };
}

/* Numbers the callers that the file does not know yet, and takes their keys down. */
static int put_keys(const vms__callers_index *index, vms__callers *callers, segment *s, vms_buffer *payload) {
  int status = VMS_OK;
  for (size_t i = 0; i < index->count && status == VMS_OK; i++) {
    uint32_t place = index->called[i].place, *number = place == VMS__CALLER_NOWHERE ? NULL : vms__callers_number(callers, place);
    if (number == NULL || *number != 0) continue;
    *number = index->numbers + ++s->keys;
    status = vms_buffer_append(payload, vms__callers_key(callers, place), VMS_KEY_LEN);
  }
  return status;
}

static int put_calls(const vms__callers_index *index, vms__callers *callers, vms_buffer *payload) {
  uint8_t bytes[8];
  int status = vms__buf_reserve(payload, index->count * PER_RECORD);
  for (size_t i = 0; i < index->count && status == VMS_OK; i++) {
    put_u64(bytes, index->called[i].nonce);
    status = vms_buffer_append(payload, bytes, 8);
  }
  for (size_t i = 0; i < index->count && status == VMS_OK; i++) {
    uint32_t place = index->called[i].place;
    put_u32(bytes, place == VMS__CALLER_NOWHERE ? 0 : *vms__callers_number(callers, place));
    status = vms_buffer_append(payload, bytes, 4);
  }
  return status;
}

static void seal(const vms__callers_index *index, const vms__callers_state *state, segment *s, const vms_buffer *payload) {
  uint8_t *p = s->front;
  memset(p, 0, FRONT_LEN);
  memcpy(p, MAGIC, 8);
  put_u32(p + 8, VERSION);
  put_u32(p + 12, s->keys);
  put_u64(p + 16, s->from);
  put_u64(p + 24, s->to);
  put_u64(p + 32, state->time_ms);
  put_u64(p + 40, state->epoch_calls);
  put_u32(p + 48, state->aborted ? FLAG_ABORTED : 0);
  put_u64(p + 56, index->numbers);
  checksum(index, s, payload, p + HEADER_LEN);
}

/* The front last: until then there is no segment. */
static int store(vms__callers_index *index, const segment *s, const vms_buffer *payload) {
  const vms_storage *storage = index->storage;
  int status = index->trim ? storage->truncate(storage->context, index->len, NULL) : VMS_OK;
  if (status != VMS_OK) return status;
  index->trim = true; /* until it is written, and known to be */
  if (payload->len > 0) status = storage->write(storage->context, index->len + FRONT_LEN, payload->data, payload->len, NULL);
  if (status == VMS_OK) status = storage->write(storage->context, index->len, s->front, FRONT_LEN, NULL);
  if (status == VMS_OK) index->trim = false;
  else (void)storage->truncate(storage->context, index->len, NULL); /* no room, most likely: leave it to the journal */
  return status;
}

void vms__callers_index_save(vms__callers_index *index, vms__callers *callers, const vms__callers_state *state, bool closing) {
  segment s;
  vms_buffer payload;
  if (index->storage == NULL || index->count == 0) return;
  if (index->count < STEP_RECORDS && (!closing || index->count < index->covered / CLOSING_PART)) return;
  assert(index->covered + index->count == state->length);
  memset(&s, 0, sizeof s);
  s.from = index->covered;
  s.to = state->length;
  vms_buffer_init(&payload, index->env);
  int status = put_keys(index, callers, &s, &payload);
  if (status == VMS_OK) status = put_calls(index, callers, &payload);
  if (status == VMS_OK) {
    s.payload_len = payload.len;
    seal(index, state, &s, &payload);
    status = store(index, &s, &payload);
  }
  vms_buffer_free(&payload);
  if (status != VMS_OK) {
    end(index); /* numbers were given that the file does not have */
    return;
  }
  adopt(index, &s);
  index->count = 0;
}
