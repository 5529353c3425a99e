/* SPDX-License-Identifier: MIT */
/* The journal's bytes: making, scanning and closing the file (doc/ledger-format.md, "Journal").
 *
 *   file   = header, frame...            every frame starts at a multiple of 8
 *   header = magic 8, version 4, cores 4, salt 16, manifests 70 each, zeros to a multiple of 8, checksum 16
 *   frame  = magic 8, sequence 8, payload length 8, synced 8, kind 4, flags 4, blocks 4, zero 4,
 *            payload checksum 16, header checksum 16, payload, zeros to a multiple of 8
 *   payload = (core 4, length 4, bytes)..., with flag HEADS for every core (length 8, envelope 68)
 *
 * The checksums of frames are keyed with the salt, so that block contents chosen by a stranger cannot pass for a frame
 * when the search for a frame behind a damaged one walks over them. */
#include "internal.h"

#define HEADER_MAGIC "vmsJRNL\n"
#define FRAME_MAGIC "vmsFRAM\n"
#define MAGIC_LEN 8u
#define VERSION 2u
#define HEADER_FIXED_LEN (MAGIC_LEN + 8u + VMS__SALT_LEN)
#define CHECKSUM_LEN VMS__CHECKSUM_LEN
#define HEADER_LEN_MAX (HEADER_FIXED_LEN + VMS_JOURNAL_CORES_MAX * VMS_MANIFEST_LEN + 8u + CHECKSUM_LEN)
#define SEARCH_LEN (64u << 10) /* bytes looked at in one go behind a damaged frame */
#define PAGE_LEN 4096u         /* who copies a file that is being written gets each page as of some moment */
#define GAP_LEN_MIN 16u        /* zeros in front of a page's end that make a gap of it */

static_assert(VMS__FRAME_HEADER_LEN == MAGIC_LEN + 3 * 8 + 4 * 4 + 2 * CHECKSUM_LEN, "doc/ledger-format.md, Frame");
static_assert(VMS__FRAME_HEADER_LEN % 8 == 0, "frames stay aligned");

void vms__journal_checksum(const vms_journal *journal, const void *bytes, size_t len, uint8_t sum[CHECKSUM_LEN]) {
  uint8_t hash[VMS_HASH_LEN];
  vms__crypto_hash_keyed(journal->salt, sizeof journal->salt, bytes, len, hash);
  memcpy(sum, hash, CHECKSUM_LEN);
}

void vms__payload_checksum(const uint8_t salt[VMS__SALT_LEN], const uint8_t *header, size_t header_len, const vms_slice *parts, size_t count,
                           uint8_t sum[CHECKSUM_LEN]) {
  uint8_t key[VMS_HASH_LEN];
  vms__crypto_hash_keyed(salt, VMS__SALT_LEN, header, header_len, key);
  vms__crypto_sum(key, parts, count, sum);
}

static void frame_checksum(const vms_journal *journal, const uint8_t *header, const void *payload, size_t len, uint8_t sum[CHECKSUM_LEN]) {
  const vms_slice part = { payload, len };
  vms__payload_checksum(journal->salt, header, 48, &part, 1, sum);
}

static size_t header_len(uint32_t count) {
  return (size_t)vms__pad8(HEADER_FIXED_LEN + count * VMS_MANIFEST_LEN) + CHECKSUM_LEN;
}

/* --- frames ------------------------------------------------------------------------------------- */

int vms__frame_seal(const vms_journal *journal, vms_buffer *frame, uint32_t kind, uint32_t flags, uint32_t blocks) {
  size_t payload_len, padded;
  uint8_t *p;
  assert(frame->len >= VMS__FRAME_HEADER_LEN);
  payload_len = frame->len - VMS__FRAME_HEADER_LEN;
  padded = (size_t)vms__pad8(payload_len);
  if (vms__buf_reserve(frame, padded - payload_len) != VMS_OK) return VMS_ERR_NOMEM;
  p = (uint8_t *)frame->data;
  memset(p + frame->len, 0, padded - payload_len);
  frame->len = VMS__FRAME_HEADER_LEN + padded;
  memcpy(p, FRAME_MAGIC, MAGIC_LEN);
  vms__put_u64(p + 8, journal->sequence + 1);
  vms__put_u64(p + 16, payload_len);
  vms__put_u64(p + 24, journal->synced);
  vms__put_u32(p + 32, kind);
  vms__put_u32(p + 36, flags);
  vms__put_u32(p + 40, blocks);
  vms__put_u32(p + 44, 0);
  frame_checksum(journal, p, p + VMS__FRAME_HEADER_LEN, padded, p + 48);
  vms__journal_checksum(journal, p, 64, p + 64);
  return VMS_OK;
}

static bool frame_parse(const vms_journal *journal, const uint8_t *p, vms__frame *frame) {
  uint8_t sum[CHECKSUM_LEN];
  if (memcmp(p, FRAME_MAGIC, MAGIC_LEN) != 0) return false;
  vms__journal_checksum(journal, p, 64, sum);
  if (memcmp(sum, p + 64, sizeof sum) != 0) return false;
  frame->sequence = vms__get_u64(p + 8);
  frame->payload_len = vms__get_u64(p + 16);
  frame->synced = vms__get_u64(p + 24);
  frame->kind = vms__get_u32(p + 32);
  frame->flags = vms__get_u32(p + 36);
  frame->blocks = vms__get_u32(p + 40);
  memcpy(frame->checksum, p + 48, sizeof frame->checksum);
  memcpy(frame->header_checksum, sum, sizeof sum);
  return true;
}

/* Reads up to len bytes; what the storage does not have leaves *got short. */
static int read_at(const vms_journal *journal, uint64_t offset, void *bytes, size_t len, size_t *got,
                   vms_error *error) {
  *got = 0;
  return journal->storage->read(journal->storage->context, offset, bytes, len, got, error);
}

int vms__frame_load(const vms_journal *journal, uint64_t offset, uint64_t file_len, uint64_t sequence, vms__frame *frame,
                    vms_buffer *payload, bool *whole, vms_error *error) {
  uint8_t header[VMS__FRAME_HEADER_LEN], sum[CHECKSUM_LEN];
  uint64_t room;
  size_t got, len;
  int status;
  *whole = false;
  memset(frame, 0, sizeof *frame);
  vms__buf_clear(payload);
  if (file_len < sizeof header || offset > file_len - sizeof header) return VMS_OK;
  status = read_at(journal, offset, header, sizeof header, &got, error);
  if (status != VMS_OK || got < sizeof header) return status;
  room = file_len - offset - sizeof header;
  if (!frame_parse(journal, header, frame) || frame->payload_len > room || vms__pad8(frame->payload_len) > room)
    return VMS_OK;
  len = (size_t)vms__pad8(frame->payload_len);
  if (vms__buf_reserve(payload, len) != VMS_OK)
    return vms__fail(error, VMS_ERR_NOMEM, offset, "out of memory for a frame of %zu bytes", len);
  if (len > 0) status = read_at(journal, offset + sizeof header, payload->data, len, &got, error);
  else got = 0;
  if (status != VMS_OK || got < len) return status;
  frame_checksum(journal, header, payload->data, len, sum);
  if (memcmp(sum, frame->checksum, sizeof sum) != 0 || frame->sequence != sequence) return VMS_OK;
  payload->len = (size_t)frame->payload_len;
  *whole = true;
  return VMS_OK;
}

void vms__head_pack(const vms_head *head, bool has_head, uint8_t bytes[VMS__FRAME_HEAD_LEN]) {
  memset(bytes, 0, VMS__FRAME_HEAD_LEN);
  if (!has_head) return;
  vms__put_u64(bytes, head->length);
  memcpy(bytes + 8, head->signature, VMS_ENVELOPE_LEN);
}

void vms__head_unpack(vms_core *core, const uint8_t bytes[VMS__FRAME_HEAD_LEN]) {
  core->head.length = vms__get_u64(bytes);
  core->has_head = core->head_stored = core->head.length > 0; /* 0: never signed */
  memcpy(core->head.signature, bytes + 8, VMS_ENVELOPE_LEN);
}

static int bad_payload(uint64_t offset, const char *what, vms_error *error) {
  return vms__fail(error, VMS_ERR_CORRUPT, offset, "frame at byte %llu: %s", (unsigned long long)offset, what);
}

/* Takes over the heads at the end of a frame's payload. Signatures are checked once, for the last ones. */
static int heads_apply(vms_journal *journal, uint64_t offset, const uint8_t *p, size_t len, vms_error *error) {
  if (len != journal->count * VMS__FRAME_HEAD_LEN) return bad_payload(offset, "heads of another size", error);
  for (uint32_t i = 0; i < journal->count; i++, p += VMS__FRAME_HEAD_LEN) {
    vms_core *core = &journal->cores[i];
    uint64_t length = vms__get_u64(p);
    if (length > core->length || (core->has_head && length < core->head.length))
      return bad_payload(offset, "a head of an impossible length", error);
    vms__head_unpack(core, p);
  }
  return VMS_OK;
}

static int payload_apply(vms_journal *journal, uint64_t offset, const vms__frame *frame, const vms_buffer *payload,
                         vms_error *error) {
  const uint8_t *bytes = (const uint8_t *)payload->data;
  size_t at = 0;
  for (uint32_t i = 0; i < frame->blocks; i++) {
    uint32_t index, len;
    if (payload->len - at < VMS__BLOCK_PREFIX_LEN) return bad_payload(offset, "a block is cut off", error);
    index = vms__get_u32(bytes + at);
    len = vms__get_u32(bytes + at + 4);
    at += VMS__BLOCK_PREFIX_LEN;
    if (index >= journal->count || len > VMS_BLOCK_LEN_MAX || len > payload->len - at)
      return bad_payload(offset, "a block of an impossible core or length", error);
    if (vms__core_push(&journal->cores[index], bytes + at, len, offset + VMS__FRAME_HEADER_LEN + at) != VMS_OK)
      return vms__fail(error, VMS_ERR_NOMEM, offset, "out of memory for the tree of core %u", index);
    at += len;
  }
  if ((frame->flags & VMS__FRAME_HEADS) != 0) return heads_apply(journal, offset, bytes + at, payload->len - at, error);
  return at == payload->len ? VMS_OK : bad_payload(offset, "bytes behind its blocks", error);
}

void vms__journal_note(vms_journal *journal, uint64_t offset, const uint8_t checksum[CHECKSUM_LEN]) {
  journal->last.offset = offset;
  journal->last.end = journal->end;
  journal->last.sequence = journal->sequence;
  memcpy(journal->last.checksum, checksum, CHECKSUM_LEN);
}

static int frame_apply(vms_journal *journal, uint64_t offset, const vms__frame *frame, const vms_buffer *payload,
                       vms_error *error) {
  int status = VMS_OK;
  if ((frame->kind != VMS__FRAME_DATA && frame->kind != VMS__FRAME_CLOSED) ||
      (frame->flags & ~(uint32_t)VMS__FRAME_HEADS) != 0)
    return vms__fail(error, VMS_ERR_UNSUPPORTED, offset, "frame at byte %llu is of a kind unknown here",
                     (unsigned long long)offset);
  if (frame->kind == VMS__FRAME_DATA) status = payload_apply(journal, offset, frame, payload, error);
  if (status != VMS_OK) return status;
  journal->closed = frame->kind == VMS__FRAME_CLOSED;
  journal->sequence = frame->sequence;
  journal->end = offset + VMS__FRAME_HEADER_LEN + vms__pad8(frame->payload_len);
  journal->synced = VMS__MAX(journal->synced, frame->synced);
  if (!journal->closed) vms__journal_note(journal, offset, frame->header_checksum);
  return VMS_OK;
}

/* --- opening ------------------------------------------------------------------------------------- */

/* What lies behind the last whole frame. */
typedef struct tail {
  uint64_t used;  /* bytes up to the last that is not zero                             */
  uint64_t later; /* a frame that was begun when what lies here was durable; 0: none    */
  bool closed;    /* one of these says that everything before it was in order           */
} tail;

static bool all_zero(const uint8_t *bytes, size_t len) {
  return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

static void search(const vms_journal *journal, uint64_t at, const uint8_t *bytes, size_t len, tail *found) {
  size_t used = len;
  if (all_zero(bytes, len)) return;
  while (bytes[used - 1] == 0) used--;
  found->used = at + used - journal->end;
  for (size_t i = at == journal->end ? 8 : 0; i + VMS__FRAME_HEADER_LEN <= len; i += 8) {
    vms__frame frame;
    if (!frame_parse(journal, bytes + i, &frame) || frame.sequence <= journal->sequence || frame.synced <= journal->end) continue;
    if (found->later == 0) found->later = at + i;
    if (frame.kind == VMS__FRAME_CLOSED) found->closed = true;
  }
}

/* Looks behind journal->end for bytes that are not zero, and for a frame that was begun when the bad ones were durable already: then
 * they are damage. Without one they were never promised to anybody. (Frames written without a sync in between may reach the
 * disk in any order; `synced` tells these apart.) */
static int tail_look(const vms_journal *journal, uint64_t file_len, tail *found, vms_error *error) {
  uint8_t *bytes = vms__alloc(journal->env, SEARCH_LEN);
  int status = VMS_OK;
  *found = (tail){ 0 };
  if (bytes == NULL) return vms__fail(error, VMS_ERR_NOMEM, journal->end, "out of memory");
  for (uint64_t at = journal->end; at < file_len; at += SEARCH_LEN - VMS__FRAME_HEADER_LEN + 8) {
    size_t got;
    status = read_at(journal, at, bytes, (size_t)VMS__MIN(SEARCH_LEN, file_len - at), &got, error);
    if (status != VMS_OK) break;
    search(journal, at, bytes, got, found);
  }
  vms__free(journal->env, bytes, SEARCH_LEN);
  return status;
}

/* True if the bad frame at the journal's end, of `extent` bytes, is bad because it is zeros up to where a page ends: whoever copies a
 * file while it is being written reads some page before a frame is written and the next one after that. */
static int gap_look(const vms_journal *journal, uint64_t file_len, uint64_t extent, bool *gap, vms_error *error) {
  uint64_t start = journal->end, end = start + extent; /* both within the file */
  *gap = false;
  for (uint64_t page = start - start % PAGE_LEN; page < end && !*gap; page += PAGE_LEN) {
    uint8_t bytes[PAGE_LEN];
    uint64_t low = VMS__MAX(page, start), high = VMS__MIN(page + PAGE_LEN, file_len);
    uint64_t from = VMS__MAX(low, VMS__MIN(high, end + GAP_LEN_MIN - 1) - GAP_LEN_MIN); /* begins within the frame */
    size_t got;
    int status = read_at(journal, from, bytes, (size_t)(high - from), &got, error);
    if (status != VMS_OK) return status;
    *gap = got == high - from && all_zero(bytes, got);
  }
  return VMS_OK;
}

/* There is a later frame: says which damage it is, or lets a reader of a copy pass. */
static int judge_damage(vms_journal *journal, uint64_t file_len, const vms__frame *frame, const tail *found, vms_error *error) {
  uint64_t extent = VMS__FRAME_HEADER_LEN, room = file_len - journal->end - extent; /* the later frame lies behind it */
  bool gap = false;
  if (frame->sequence == journal->sequence + 1 && frame->payload_len <= room) extent += frame->payload_len;
  int status = found->closed ? VMS_OK : gap_look(journal, file_len, extent, &gap, error);
  if (status != VMS_OK) return status;
  if (gap && journal->read_only) return VMS_OK;
  if (gap)
    return vms__fail(error, VMS_ERR_CORRUPT, journal->end,
                     "bytes from %llu on are missing: a copy made while the host was writing, or a disk that lost writes",
                     (unsigned long long)journal->end);
  return vms__fail(error, VMS_ERR_CORRUPT, journal->end,
                   "journal damaged at byte %llu: that frame is bad, a later one at byte %llu is whole",
                   (unsigned long long)journal->end, (unsigned long long)found->later);
}

/* Decides what the bytes behind the last whole frame are. *whole: a frame after all, which was being written a moment ago. */
static int judge_tail(vms_journal *journal, uint64_t file_len, vms__frame *frame, vms_buffer *payload, bool *whole, vms_error *error) {
  tail found;
  int status = tail_look(journal, file_len, &found, error);
  if (status == VMS_OK && found.used > 0)
    status = vms__frame_load(journal, journal->end, file_len, journal->sequence + 1, frame, payload, whole, error);
  if (status == VMS_OK && !*whole && found.later != 0) status = judge_damage(journal, file_len, frame, &found, error);
  if (status != VMS_OK || *whole) return status;
  journal->torn = found.used;
  if (journal->read_only || found.used == 0) return VMS_OK; /* zeros are room */
  status = journal->storage->truncate(journal->storage->context, journal->end, error);
  journal->room = journal->end;
  return status;
}

static int heads_check(vms_journal *journal, vms_error *error) {
  for (uint32_t i = 0; i < journal->count; i++) {
    vms_core *core = &journal->cores[i];
    vms_error detail;
    if (!core->has_head) continue;
    vms_core_tree_hash(core, core->head.length, core->head.tree_hash);
    memcpy(core->head.manifest, core->manifest, sizeof core->manifest);
    if (vms_head_verify(&core->head, core->key, &detail) != VMS_OK)
      return vms__fail(error, VMS_ERR_CORRUPT, journal->end, "core %u: %s", i, detail.message);
    core->stored = core->head;
  }
  return VMS_OK;
}

static int scan(vms_journal *journal, uint64_t file_len, vms_error *error) {
  vms_buffer payload;
  int status = VMS_OK;
  vms_buffer_init(&payload, journal->env);
  journal->room = file_len;
  while (status == VMS_OK && journal->end < file_len) {
    vms__frame frame;
    bool whole;
    status = vms__frame_load(journal, journal->end, file_len, journal->sequence + 1, &frame, &payload, &whole, error);
    if (status == VMS_OK && !whole) status = judge_tail(journal, file_len, &frame, &payload, &whole, error);
    if (status != VMS_OK || !whole) break;
    status = frame_apply(journal, journal->end, &frame, &payload, error);
  }
  vms_buffer_free(&payload);
  return status == VMS_OK ? heads_check(journal, error) : status;
}

/* Forgets what was read, down to the header. */
static void rewind_to_header(vms_journal *journal) {
  for (uint32_t i = 0; i < journal->count; i++) {
    vms_core *core = &journal->cores[i];
    core->length = 0;
    core->cached_length = UINT64_MAX;
    core->has_head = core->head_stored = false;
    memset(&core->head, 0, sizeof core->head);
    memset(&core->stored, 0, sizeof core->stored);
  }
  memset(&journal->last, 0, sizeof journal->last);
  journal->end = journal->synced = journal->header_len;
  journal->sequence = journal->torn = 0;
  journal->closed = false;
  vms__index_forget(journal);
}

/* Reads the journal behind what the index describes; all of it if that comes to anything but a journal in order, since the
 * index may be what is wrong. */
static int load(vms_journal *journal, uint64_t index_len, uint64_t file_len, vms_error *error) {
  int status = vms__index_load(journal, index_len, file_len, error);
  bool used = journal->index.number > 0;
  if (status == VMS_OK) status = scan(journal, file_len, error);
  if (!used || (status != VMS_ERR_CORRUPT && status != VMS_ERR_UNSUPPORTED)) return status;
  rewind_to_header(journal);
  return scan(journal, file_len, error);
}

static void core_init(vms_journal *journal, uint32_t index, const uint8_t manifest[VMS_MANIFEST_LEN]) {
  vms_core *core = &journal->cores[index];
  core->journal = journal;
  core->index = index;
  core->cached_length = UINT64_MAX;
  memcpy(core->manifest, manifest, VMS_MANIFEST_LEN);
  vms_manifest_key(manifest, core->key);
}

static int header_load(vms_journal *journal, uint64_t file_len, vms_error *error) {
  uint8_t bytes[HEADER_LEN_MAX], hash[VMS_HASH_LEN];
  size_t got, len;
  int status = read_at(journal, 0, bytes, (size_t)VMS__MIN(sizeof bytes, file_len), &got, error);
  if (status != VMS_OK) return status;
  if (got < HEADER_FIXED_LEN)
    return vms__fail(error, VMS_ERR_CORRUPT, got, "%zu bytes are too few for a journal's header", got);
  if (memcmp(bytes, HEADER_MAGIC, MAGIC_LEN) != 0)
    return vms__fail(error, VMS_ERR_CORRUPT, 0, "not a journal: it does not start as one");
  if (vms__get_u32(bytes + 8) != VERSION)
    return vms__fail(error, VMS_ERR_UNSUPPORTED, 8, "journal of version %u, known is %u", vms__get_u32(bytes + 8),
                     VERSION);
  journal->count = vms__get_u32(bytes + 12);
  if (journal->count < 1 || journal->count > VMS_JOURNAL_CORES_MAX)
    return vms__fail(error, VMS_ERR_CORRUPT, 12, "journal header at byte 12: %u cores", journal->count);
  len = header_len(journal->count);
  if (got < len) return vms__fail(error, VMS_ERR_CORRUPT, got, "%zu bytes are too few for a journal's header", got);
  vms__crypto_hash(bytes, len - CHECKSUM_LEN, hash);
  if (memcmp(hash, bytes + len - CHECKSUM_LEN, CHECKSUM_LEN) != 0)
    return vms__fail(error, VMS_ERR_CORRUPT, 0, "the journal's header (bytes 0 to %zu) is damaged", len - 1);
  memcpy(journal->salt, bytes + 16, VMS__SALT_LEN);
  for (uint32_t i = 0; i < journal->count; i++) core_init(journal, i, bytes + HEADER_FIXED_LEN + i * VMS_MANIFEST_LEN);
  memcpy(journal->index.root, bytes + len - CHECKSUM_LEN, CHECKSUM_LEN);
  journal->end = journal->synced = journal->header_len = len;
  vms__index_forget(journal);
  return VMS_OK;
}

/* Makes durable what a writer before this one has left, before a frame says that it is. Syncing is not enough: if the sync of that
 * writer failed, the system may have given up what it could not write, shows it from its cache all the same, and says from
 * then on that all is well. So what no frame calls durable is written once more. */
static int make_durable(vms_journal *journal, vms_error *error) {
  const vms_storage *storage = journal->storage;
  uint8_t *bytes = vms__alloc(journal->env, SEARCH_LEN);
  int status = VMS_OK;
  if (bytes == NULL) return vms__fail(error, VMS_ERR_NOMEM, journal->synced, "out of memory");
  for (uint64_t at = journal->synced; status == VMS_OK && at < journal->end; at += SEARCH_LEN) {
    size_t len = (size_t)VMS__MIN(SEARCH_LEN, journal->end - at), got = 0;
    status = read_at(journal, at, bytes, len, &got, error);
    if (status == VMS_OK && got < len) status = vms__fail(error, VMS_ERR_IO, at, "the journal became shorter while it was opened");
    if (status == VMS_OK) status = storage->write(storage->context, at, bytes, len, error);
  }
  vms__free(journal->env, bytes, SEARCH_LEN);
  /* No room to write where something is already: a file system that never writes in place. It can be read at least. */
  if (status == VMS_OK || status == VMS_ERR_FULL) status = storage->sync(storage->context, error);
  return status;
}

static void journal_free(vms_journal *journal) {
  const vms_env *env = journal->env;
  for (uint32_t i = 0; i < VMS_JOURNAL_CORES_MAX; i++) {
    vms_core *core = &journal->cores[i];
    vms__free(env, core->nodes, core->nodes_capacity * VMS_HASH_LEN);
    vms__free(env, core->ends, core->ends_capacity * sizeof *core->ends);
    vms__free(env, core->places, core->places_capacity * sizeof *core->places);
    while (core->subscriptions != NULL) vms_core_unsubscribe(core->subscriptions);
  }
  vms_buffer_free(&journal->pending);
  vms_buffer_free(&journal->returned);
  vms_buffer_free(&journal->spare);
  vms__crypto_wipe(journal, sizeof *journal); /* seeds */
  vms__free(env, journal, sizeof *journal);
}

static int journal_new(vms_journal **journal, const vms_storage *storage, const vms_journal_options *given,
                       vms_error *error) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  int status = vms__options_load(&options, sizeof options, given, error);
  if (status != VMS_OK) return status;
  if ((options.flags & ~VMS_JOURNAL_READ_ONLY) != 0)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "unknown journal flags 0x%x", options.flags);
  *journal = vms__alloc(options.env, sizeof **journal);
  if (*journal == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  (*journal)->env = options.env;
  (*journal)->storage = storage;
  (*journal)->index.storage = options.index;
  (*journal)->read_only = (options.flags & VMS_JOURNAL_READ_ONLY) != 0;
  vms_buffer_init(&(*journal)->pending, options.env);
  vms_buffer_init(&(*journal)->returned, options.env);
  vms_buffer_init(&(*journal)->spare, options.env);
  return VMS_OK;
}

int vms_journal_open(vms_journal **journal, const vms_storage *storage, const vms_journal_options *options,
                     vms_error *error) {
  vms_journal *made = NULL;
  uint64_t file_len = 0, index_len = 0;
  int status;
  assert(journal != NULL && storage != NULL);
  *journal = NULL;
  status = journal_new(&made, storage, options, error);
  if (status != VMS_OK) return status;
  /* The index is measured first: whatever it says by then lies in the journal. Without its length it is not used. */
  if (made->index.storage != NULL && made->index.storage->length(made->index.storage->context, &index_len, NULL) != VMS_OK)
    made->index.storage = NULL;
  status = storage->length(storage->context, &file_len, error);
  if (status == VMS_OK) status = header_load(made, file_len, error);
  if (status == VMS_OK) status = load(made, index_len, file_len, error);
  if (status == VMS_OK && !made->read_only) status = make_durable(made, error);
  if (status != VMS_OK) {
    journal_free(made);
    return status;
  }
  made->synced = made->end;
  for (uint32_t i = 0; i < made->count; i++) made->cores[i].durable = made->cores[i].flying = made->cores[i].length;
  vms__index_save(made, false);
  *journal = made;
  return VMS_OK;
}

/* --- making -------------------------------------------------------------------------------------- */

static int header_store(vms_journal *journal, vms_error *error) {
  const vms_storage *storage = journal->storage;
  uint8_t bytes[HEADER_LEN_MAX] = { 0 }, hash[VMS_HASH_LEN];
  size_t len = header_len(journal->count);
  int status;
  memcpy(bytes, HEADER_MAGIC, MAGIC_LEN);
  vms__put_u32(bytes + 8, VERSION);
  vms__put_u32(bytes + 12, journal->count);
  memcpy(bytes + 16, journal->salt, VMS__SALT_LEN);
  for (uint32_t i = 0; i < journal->count; i++)
    memcpy(bytes + HEADER_FIXED_LEN + i * VMS_MANIFEST_LEN, journal->cores[i].manifest, VMS_MANIFEST_LEN);
  vms__crypto_hash(bytes, len - CHECKSUM_LEN, hash);
  memcpy(bytes + len - CHECKSUM_LEN, hash, CHECKSUM_LEN);
  memcpy(journal->index.root, hash, CHECKSUM_LEN);
  status = storage->write(storage->context, 0, bytes, len, error);
  if (status != VMS_OK) {
    storage->truncate(storage->context, 0, NULL); /* so that the place can be used again; failing that, it is damaged */
    return status;
  }
  journal->end = journal->synced = journal->room = journal->header_len = len;
  vms__index_forget(journal);
  return storage->sync(storage->context, error);
}

int vms_journal_create(vms_journal **journal, const vms_storage *storage, const uint8_t (*manifests)[VMS_MANIFEST_LEN],
                       uint32_t count, const vms_journal_options *options, vms_error *error) {
  vms_journal *made = NULL;
  uint64_t file_len = 0;
  int status;
  assert(journal != NULL && storage != NULL && manifests != NULL);
  *journal = NULL;
  if (count < 1 || count > VMS_JOURNAL_CORES_MAX)
    return vms__fail(error, VMS_ERR_ARGUMENT, count, "%u cores, 1 to %u fit in a journal", count, VMS_JOURNAL_CORES_MAX);
  status = journal_new(&made, storage, options, error);
  if (status != VMS_OK) return status;
  if (made->read_only) {
    status = vms__fail(error, VMS_ERR_ARGUMENT, 0, "a new journal cannot be read-only");
    goto done;
  }
  status = storage->length(storage->context, &file_len, error);
  if (status == VMS_OK && file_len != 0)
    status = vms__fail(error, VMS_ERR_EXISTS, file_len, "the storage holds %llu bytes already",
                       (unsigned long long)file_len);
  if (status != VMS_OK) goto done;
  made->count = count;
  for (uint32_t i = 0; i < count; i++) core_init(made, i, manifests[i]);
  /* Without entropy the salt is zero: fine for tests and downloads, guessable for a host. */
  if (made->env != NULL && made->env->entropy != NULL &&
      made->env->entropy(made->env->context, made->salt, sizeof made->salt) != VMS_OK) {
    status = vms__fail(error, VMS_ERR_IO, 0, "no entropy");
    goto done;
  }
  status = header_store(made, error);
done:
  if (status == VMS_OK) *journal = made;
  else journal_free(made);
  return status;
}

/* --- closing --------------------------------------------------------------------------------------- */

/* From now on damage in the last data frame is told from a torn tail. Failing is harmless. */
static void mark_closed(vms_journal *journal) {
  const vms_storage *storage = journal->storage;
  vms_buffer *frame = &journal->pending;
  if (journal->synced < journal->end) {
    if (storage->sync(storage->context, NULL) != VMS_OK) return;
    journal->synced = journal->end;
  }
  vms__buf_clear(frame);
  if (vms__buf_reserve(frame, VMS__FRAME_HEADER_LEN) != VMS_OK) return;
  frame->len = VMS__FRAME_HEADER_LEN;
  if (vms__frame_seal(journal, frame, VMS__FRAME_CLOSED, 0, 0) != VMS_OK) return;
  if (storage->write(storage->context, journal->end, frame->data, frame->len, NULL) != VMS_OK) {
    storage->truncate(storage->context, journal->end, NULL);
    return;
  }
  journal->end += frame->len;
  if (journal->room > journal->end) storage->truncate(storage->context, journal->end, NULL);
  storage->sync(storage->context, NULL);
}

void vms_journal_close(vms_journal *journal) {
  if (journal == NULL) return;
  assert(journal->commit == NULL);
  if (!journal->read_only && !journal->broken) {
    if (!journal->closed) mark_closed(journal);
    else if (journal->room > journal->end) journal->storage->truncate(journal->storage->context, journal->end, NULL);
    vms__index_save(journal, true);
  }
  journal_free(journal);
}
