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
#define VERSION 1u
#define HEADER_FIXED_LEN (MAGIC_LEN + 8u + VMS__SALT_LEN)
#define CHECKSUM_LEN 16u
#define HEADER_LEN_MAX (HEADER_FIXED_LEN + VMS_JOURNAL_CORES_MAX * VMS_MANIFEST_LEN + 8u + CHECKSUM_LEN)
#define SEARCH_LEN (64u << 10) /* bytes looked at in one go behind a damaged frame */

static_assert(VMS__FRAME_HEADER_LEN == MAGIC_LEN + 3 * 8 + 4 * 4 + 2 * CHECKSUM_LEN, "doc/ledger-format.md, Frame");
static_assert(VMS__FRAME_HEADER_LEN % 8 == 0, "frames stay aligned");

/* What a look at one frame found. */
enum { FRAME_WHOLE, FRAME_BAD };

static void checksum(const vms_journal *journal, const void *bytes, size_t len, uint8_t sum[CHECKSUM_LEN]) {
  uint8_t hash[VMS_HASH_LEN];
  vms__crypto_hash_keyed(journal->salt, sizeof journal->salt, bytes, len, hash);
  memcpy(sum, hash, CHECKSUM_LEN);
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
  checksum(journal, p + VMS__FRAME_HEADER_LEN, padded, p + 48);
  checksum(journal, p, 64, p + 64);
  return VMS_OK;
}

static bool frame_parse(const vms_journal *journal, const uint8_t *p, vms__frame *frame) {
  uint8_t sum[CHECKSUM_LEN];
  if (memcmp(p, FRAME_MAGIC, MAGIC_LEN) != 0) return false;
  checksum(journal, p, 64, sum);
  if (memcmp(sum, p + 64, sizeof sum) != 0) return false;
  frame->sequence = vms__get_u64(p + 8);
  frame->payload_len = vms__get_u64(p + 16);
  frame->synced = vms__get_u64(p + 24);
  frame->kind = vms__get_u32(p + 32);
  frame->flags = vms__get_u32(p + 36);
  frame->blocks = vms__get_u32(p + 40);
  memcpy(frame->checksum, p + 48, sizeof frame->checksum);
  return true;
}

/* Reads up to len bytes; what the storage does not have leaves *got short. */
static int read_at(const vms_journal *journal, uint64_t offset, void *bytes, size_t len, size_t *got,
                   vms_error *error) {
  *got = 0;
  return journal->storage->read(journal->storage->context, offset, bytes, len, got, error);
}

/* Reads and checks the frame at `offset`. Its padded payload replaces the contents of `payload`. */
static int frame_load(const vms_journal *journal, uint64_t offset, uint64_t file_len, vms__frame *frame,
                      vms_buffer *payload, int *found, vms_error *error) {
  uint8_t header[VMS__FRAME_HEADER_LEN], sum[CHECKSUM_LEN];
  uint64_t room;
  size_t got, len;
  int status;
  *found = FRAME_BAD;
  vms__buf_clear(payload);
  if (file_len - offset < sizeof header) return VMS_OK;
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
  checksum(journal, payload->data, len, sum);
  if (memcmp(sum, frame->checksum, sizeof sum) != 0 || frame->sequence != journal->sequence + 1) return VMS_OK;
  payload->len = (size_t)frame->payload_len;
  *found = FRAME_WHOLE;
  return VMS_OK;
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
    if (length == 0) continue; /* never signed */
    core->has_head = core->head_stored = true;
    core->head.length = length;
    memcpy(core->head.signature, p + 8, VMS_ENVELOPE_LEN);
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
  return VMS_OK;
}

/* --- opening ------------------------------------------------------------------------------------- */

/* Looks behind the bad bytes at journal->end for a frame that was begun when they were durable already: then they
 * are damage. Without one they were never promised to anybody: a torn tail. (Frames written without a sync in
 * between may reach the disk in any order; `synced` tells these apart.) */
static int later_frame(const vms_journal *journal, uint64_t file_len, uint64_t *later, vms_error *error) {
  uint8_t *bytes = vms__alloc(journal->env, SEARCH_LEN);
  int status = VMS_OK;
  *later = 0;
  if (bytes == NULL) return vms__fail(error, VMS_ERR_NOMEM, journal->end, "out of memory");
  for (uint64_t at = journal->end + 8; *later == 0 && at < file_len && file_len - at >= VMS__FRAME_HEADER_LEN;
       at += SEARCH_LEN - VMS__FRAME_HEADER_LEN + 8) {
    size_t got;
    status = read_at(journal, at, bytes, (size_t)VMS__MIN(SEARCH_LEN, file_len - at), &got, error);
    if (status != VMS_OK) break;
    for (size_t i = 0; i + VMS__FRAME_HEADER_LEN <= got; i += 8) {
      vms__frame frame;
      if (frame_parse(journal, bytes + i, &frame) && frame.sequence > journal->sequence &&
          frame.synced > journal->end) {
        *later = at + i;
        break;
      }
    }
  }
  vms__free(journal->env, bytes, SEARCH_LEN);
  return status;
}

/* Decides what the bytes behind the last whole frame are. */
static int judge_tail(vms_journal *journal, uint64_t file_len, vms_error *error) {
  uint64_t later;
  int status = later_frame(journal, file_len, &later, error);
  if (status != VMS_OK) return status;
  if (later != 0)
    return vms__fail(error, VMS_ERR_CORRUPT, journal->end,
                     "journal damaged at byte %llu: that frame is bad, a later one at byte %llu is whole",
                     (unsigned long long)journal->end, (unsigned long long)later);
  journal->torn = file_len - journal->end;
  if (journal->read_only) return VMS_OK;
  return journal->storage->truncate(journal->storage->context, journal->end, error);
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
  }
  return VMS_OK;
}

static int scan(vms_journal *journal, uint64_t file_len, vms_error *error) {
  vms_buffer payload;
  int status = VMS_OK;
  vms_buffer_init(&payload, journal->env);
  while (status == VMS_OK && journal->end < file_len) {
    vms__frame frame;
    int found;
    status = frame_load(journal, journal->end, file_len, &frame, &payload, &found, error);
    if (status != VMS_OK) break;
    if (found == FRAME_BAD) {
      status = judge_tail(journal, file_len, error);
      break;
    }
    status = frame_apply(journal, journal->end, &frame, &payload, error);
  }
  vms_buffer_free(&payload);
  return status == VMS_OK ? heads_check(journal, error) : status;
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
  journal->end = len;
  return VMS_OK;
}

static void journal_free(vms_journal *journal) {
  const vms_env *env = journal->env;
  for (uint32_t i = 0; i < VMS_JOURNAL_CORES_MAX; i++) {
    vms_core *core = &journal->cores[i];
    vms__free(env, core->nodes, core->nodes_capacity * VMS_HASH_LEN);
    vms__free(env, core->ends, core->ends_capacity * sizeof *core->ends);
    vms__free(env, core->places, core->places_capacity * sizeof *core->places);
  }
  vms_buffer_free(&journal->pending);
  vms_buffer_free(&journal->returned);
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
  (*journal)->read_only = (options.flags & VMS_JOURNAL_READ_ONLY) != 0;
  vms_buffer_init(&(*journal)->pending, options.env);
  vms_buffer_init(&(*journal)->returned, options.env);
  return VMS_OK;
}

int vms_journal_open(vms_journal **journal, const vms_storage *storage, const vms_journal_options *options,
                     vms_error *error) {
  vms_journal *made = NULL;
  uint64_t file_len = 0;
  int status;
  assert(journal != NULL && storage != NULL);
  *journal = NULL;
  status = journal_new(&made, storage, options, error);
  if (status != VMS_OK) return status;
  status = storage->length(storage->context, &file_len, error);
  if (status == VMS_OK) status = header_load(made, file_len, error);
  if (status == VMS_OK) status = scan(made, file_len, error);
  /* What a killed writer left in the system's cache has to be durable before a frame says so. */
  if (status == VMS_OK && !made->read_only) status = storage->sync(storage->context, error);
  if (status != VMS_OK) {
    journal_free(made);
    return status;
  }
  made->synced = made->end;
  for (uint32_t i = 0; i < made->count; i++) made->cores[i].durable = made->cores[i].flying = made->cores[i].length;
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
  status = storage->write(storage->context, 0, bytes, len, error);
  if (status != VMS_OK) {
    storage->truncate(storage->context, 0, NULL); /* so that the place can be used again; failing that, it is damaged */
    return status;
  }
  journal->end = journal->synced = len;
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
  if (storage->write(storage->context, journal->end, frame->data, frame->len, NULL) != VMS_OK)
    storage->truncate(storage->context, journal->end, NULL);
  else storage->sync(storage->context, NULL);
}

void vms_journal_close(vms_journal *journal) {
  if (journal == NULL) return;
  assert(journal->commit == NULL);
  if (!journal->read_only && !journal->broken && !journal->closed) mark_closed(journal);
  journal_free(journal);
}
