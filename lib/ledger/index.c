/* SPDX-License-Identifier: MIT */
/* The index: a journal's tree nodes and offsets, kept so that opening need not read every block (doc/ledger-format.md, "Index").
 *
 *   file    = segment...                one describes the journal's bytes from where the one before ends
 *   segment = magic 8, version 4, cores 4, number 8, journal offsets from 8 and to 8, last frame's offset 8, sequence 8,
 *             payload length 8, last frame's header checksum 16, payload checksum 16, header checksum 16, payload
 *   payload = for every core (length 8, head 76), zeros to a multiple of 8, memo 48,
 *             then for every core of what its new blocks added (places 8 each), (ends 8 each), (nodes 32 each)
 *
 * All of it is derived. Two rules make it safe to believe: a segment is written only when the frames that it describes are durable, so
 * that no power cut leaves an index of what the journal lost; and it holds the header checksum of the last of these frames, which is
 * looked for when opening. Checksums are keyed with the journal's salt, and that of a header covers the one before, back to
 * the journal's own. Whatever does not fit makes the rest of the index worthless and is overwritten. */
#include "internal.h"

#define MAGIC "vmsINDX\n"
#define MAGIC_LEN 8u
#define VERSION 3u
#define HEADER_LEN 112u
#define CHECKED_LEN (HEADER_LEN - VMS__CHECKSUM_LEN)
#define PAYLOAD_SUM_AT (CHECKED_LEN - VMS__CHECKSUM_LEN)
#define CORE_LEN (8u + VMS__FRAME_HEAD_LEN)
#define META_LEN_MAX (VMS_JOURNAL_CORES_MAX * CORE_LEN + VMS__MEMO_LEN)
#define STEP_BLOCKS 16384u            /* a segment is written every so many blocks    */
#define STEP_LEN (UINT64_C(32) << 20) /* or bytes of journal: that much an opening may have to read after a crash */
#define CLOSING_PART 256u             /* when closing, this part of either is worth a segment */

static_assert(HEADER_LEN == MAGIC_LEN + 2 * 4 + 6 * 8 + 3 * VMS__CHECKSUM_LEN, "doc/ledger-format.md, Index");
static_assert(META_LEN_MAX % 8 == 0 && sizeof(uint64_t[2]) == 16, "arrays follow each other as they lie in memory");

typedef struct segment {
  uint8_t header[HEADER_LEN], meta[META_LEN_MAX];
  size_t meta_len;
  uint64_t from, to;                            /* the journal's bytes */
  uint64_t before[VMS_JOURNAL_CORES_MAX], after[VMS_JOURNAL_CORES_MAX]; /* blocks */
  uint64_t payload_len;
} segment;

static size_t meta_len(const vms_journal *journal) { return (size_t)vms__pad8(journal->count * CORE_LEN) + VMS__MEMO_LEN; }

/* The payload as it lies in memory: meta, then three arrays of each core. Little-endian machines, as lib/base/internal.h demands. */
static size_t pieces(const vms_journal *journal, const segment *s, vms_slice parts[1 + 3 * VMS_JOURNAL_CORES_MAX]) {
  size_t count = 0;
  parts[count++] = (vms_slice){ (const char *)s->meta, s->meta_len };
  for (uint32_t i = 0; i < journal->count; i++) {
    const vms_core *core = &journal->cores[i];
    size_t before = (size_t)s->before[i], blocks = (size_t)(s->after[i] - s->before[i]);
    size_t nodes_before = (size_t)vms__tree_count(s->before[i]), nodes = (size_t)vms__tree_count(s->after[i]) - nodes_before;
    if (blocks == 0) continue; /* the arrays may be NULL */
    parts[count++] = (vms_slice){ (const char *)(core->places + before), blocks * sizeof *core->places };
    parts[count++] = (vms_slice){ (const char *)(core->ends + before), blocks * sizeof *core->ends };
    parts[count++] = (vms_slice){ (const char *)(core->nodes + nodes_before), nodes * VMS_HASH_LEN };
  }
  return count;
}

static void payload_checksum(const vms_journal *journal, const segment *s, uint8_t sum[VMS__CHECKSUM_LEN]) {
  vms_slice parts[1 + 3 * VMS_JOURNAL_CORES_MAX];
  size_t count = pieces(journal, s, parts);
  vms__payload_checksum(journal->salt, s->header, PAYLOAD_SUM_AT, parts, count, sum);
}

static void header_checksum(const vms_journal *journal, const uint8_t *header, uint8_t sum[VMS__CHECKSUM_LEN]) {
  uint8_t bytes[HEADER_LEN];
  memcpy(bytes, header, CHECKED_LEN);
  memcpy(bytes + CHECKED_LEN, journal->index.chain, VMS__CHECKSUM_LEN);
  vms__journal_checksum(journal, bytes, sizeof bytes, sum);
}

void vms__index_forget(vms_journal *journal) {
  vms__index *index = &journal->index;
  index->len = index->number = 0;
  index->covered = journal->header_len;
  if (index->step_blocks == 0) index->step_blocks = STEP_BLOCKS;
  index->due_blocks = index->step_blocks;
  index->due_end = index->covered + STEP_LEN;
  index->trim = true;
  memset(index->lengths, 0, sizeof index->lengths);
  memset(index->memo, 0, sizeof index->memo);
  memcpy(index->chain, index->root, sizeof index->chain);
}

/* Takes a segment in that is in the arrays and in the file. */
static void adopt(vms_journal *journal, const segment *s) {
  vms__index *index = &journal->index;
  uint64_t blocks = 0;
  for (uint32_t i = 0; i < journal->count; i++) blocks += index->lengths[i] = s->after[i];
  index->len += HEADER_LEN + s->payload_len;
  index->covered = s->to;
  index->number++;
  index->due_blocks = blocks + index->step_blocks;
  index->due_end = index->covered + STEP_LEN;
  memcpy(index->chain, s->header + CHECKED_LEN, sizeof index->chain);
}

/* --- reading ------------------------------------------------------------------------------------------- */

static bool read_exactly(const vms_storage *storage, uint64_t offset, void *bytes, size_t len) {
  size_t got = 0;
  return len == 0 || (storage->read(storage->context, offset, bytes, len, &got, NULL) == VMS_OK && got == len);
}

/* Reads a segment's header and checks it against what came before it. */
static bool header_read(const vms_journal *journal, uint64_t index_len, uint64_t file_len, segment *s) {
  const vms__index *index = &journal->index;
  const uint8_t *p = s->header;
  uint8_t sum[VMS__CHECKSUM_LEN];
  if (index_len < index->len || index_len - index->len < HEADER_LEN || !read_exactly(index->storage, index->len, s->header, HEADER_LEN))
    return false;
  header_checksum(journal, p, sum);
  s->from = vms__get_u64(p + 24);
  s->to = vms__get_u64(p + 32);
  s->payload_len = vms__get_u64(p + 56);
  s->meta_len = meta_len(journal);
  return memcmp(p, MAGIC, MAGIC_LEN) == 0 && memcmp(sum, p + CHECKED_LEN, sizeof sum) == 0 && vms__get_u32(p + 8) == VERSION &&
         vms__get_u32(p + 12) == journal->count && vms__get_u64(p + 16) == index->number && s->from == index->covered &&
         s->to > s->from && s->to <= file_len && s->payload_len >= s->meta_len &&
         s->payload_len <= index_len - index->len - HEADER_LEN;
}

/* Reads which blocks it adds: no more than the journal's bytes that it describes can hold. */
static bool meta_read(const vms_journal *journal, segment *s) {
  uint64_t room = (s->to - s->from) / VMS__BLOCK_PREFIX_LEN, left = s->payload_len - s->meta_len;
  if (!read_exactly(journal->index.storage, journal->index.len + HEADER_LEN, s->meta, s->meta_len)) return false;
  for (uint32_t i = 0; i < journal->count; i++) {
    uint64_t before = s->before[i] = journal->index.lengths[i], after = s->after[i] = vms__get_u64(s->meta + i * CORE_LEN);
    if (after < before || after - before > room || vms__get_u64(s->meta + i * CORE_LEN + 8) > after) return false;
    uint64_t len = 16 * (after - before) + VMS_HASH_LEN * (vms__tree_count(after) - vms__tree_count(before));
    if (len > left) return false;
    room -= after - before;
    left -= len;
  }
  return left == 0;
}

static int make_room(const vms_journal *journal, vms_core *core, uint64_t before, uint64_t after) {
  const vms_env *env = journal->env;
  size_t blocks = (size_t)(after - before), nodes = (size_t)vms__tree_count(before);
  if (vms__grow(env, &core->places, &core->places_capacity, (size_t)before, blocks, sizeof *core->places) != VMS_OK ||
      vms__grow(env, &core->ends, &core->ends_capacity, (size_t)before, blocks, sizeof *core->ends) != VMS_OK ||
      vms__grow(env, &core->nodes, &core->nodes_capacity, nodes, (size_t)vms__tree_count(after) - nodes, VMS_HASH_LEN) != VMS_OK)
    return VMS_ERR_NOMEM;
  return VMS_OK;
}

/* True if every new block has a possible size and lies where the segment's frames are. */
static bool blocks_possible(const vms_core *core, const segment *s, uint32_t i) {
  uint64_t end = s->before[i] == 0 ? 0 : core->ends[s->before[i] - 1];
  for (uint64_t seq = s->before[i]; seq < s->after[i]; seq++) {
    uint64_t len = core->ends[seq] - end, place = core->places[seq];
    if (core->ends[seq] < end || len > VMS_BLOCK_LEN_MAX || place < s->from || place > s->to || len > s->to - place) return false;
    end = core->ends[seq];
  }
  return true;
}

/* Reads what stands behind the header straight to where it belongs. */
static int payload_read(vms_journal *journal, segment *s, bool *good) {
  vms_slice parts[1 + 3 * VMS_JOURNAL_CORES_MAX];
  uint64_t offset = journal->index.len + HEADER_LEN;
  uint8_t sum[VMS__CHECKSUM_LEN];
  *good = true;
  for (uint32_t i = 0; i < journal->count; i++)
    if (make_room(journal, &journal->cores[i], s->before[i], s->after[i]) != VMS_OK) return VMS_ERR_NOMEM;
  size_t count = pieces(journal, s, parts);
  for (size_t i = 0; i < count && *good; offset += parts[i++].len)
    if (i > 0) *good = read_exactly(journal->index.storage, offset, (char *)parts[i].data, parts[i].len);
  if (*good) payload_checksum(journal, s, sum);
  *good = *good && memcmp(sum, s->header + PAYLOAD_SUM_AT, sizeof sum) == 0;
  for (uint32_t i = 0; i < journal->count && *good; i++) *good = blocks_possible(&journal->cores[i], s, i);
  return VMS_OK;
}

/* True if the frame that a segment ends with stands in the journal, whole, with the same heads. */
static int is_bound(const vms_journal *journal, const segment *s, uint64_t file_len, bool *bound, vms_error *error) {
  uint64_t offset = vms__get_u64(s->header + 40), sequence = vms__get_u64(s->header + 48);
  size_t heads_len = journal->count * VMS__FRAME_HEAD_LEN;
  vms__frame frame;
  vms_buffer payload;
  *bound = false;
  if (offset < s->from || offset >= s->to) return VMS_OK;
  vms_buffer_init(&payload, journal->env);
  int status = vms__frame_load(journal, offset, file_len, sequence, &frame, &payload, bound, error);
  *bound = *bound && frame.kind == VMS__FRAME_DATA && memcmp(frame.header_checksum, s->header + 64, sizeof frame.header_checksum) == 0 &&
           offset + VMS__FRAME_HEADER_LEN + vms__pad8(frame.payload_len) == s->to;
  if (*bound && (frame.flags & VMS__FRAME_HEADS) != 0) {
    *bound = payload.len >= heads_len;
    for (uint32_t i = 0; i < journal->count && *bound; i++)
      *bound = memcmp(payload.data + payload.len - heads_len + i * VMS__FRAME_HEAD_LEN, s->meta + i * CORE_LEN + 8, VMS__FRAME_HEAD_LEN) == 0;
  }
  vms_buffer_free(&payload);
  return status == VMS_ERR_NOMEM ? status : VMS_OK;
}

/* The journal as it was where the last segment ends. */
static void restore(vms_journal *journal, const segment *s) {
  for (uint32_t i = 0; i < journal->count; i++) {
    journal->cores[i].length = s->after[i];
    vms__head_unpack(&journal->cores[i], s->meta + i * CORE_LEN + 8);
  }
  memcpy(journal->index.memo, s->meta + s->meta_len - VMS__MEMO_LEN, VMS__MEMO_LEN);
  journal->end = journal->synced = s->to;
  journal->sequence = vms__get_u64(s->header + 48);
  vms__journal_note(journal, vms__get_u64(s->header + 40), s->header + 64);
}

int vms__index_load(vms_journal *journal, uint64_t index_len, uint64_t file_len, vms_error *error) {
  segment s, last;
  bool good = true, bound = false;
  int status = VMS_OK;
  if (journal->index.storage == NULL) return VMS_OK;
  memset(&s, 0, sizeof s);
  memset(&last, 0, sizeof last);
  while (good && header_read(journal, index_len, file_len, &s) && meta_read(journal, &s)) {
    status = payload_read(journal, &s, &good);
    if (status != VMS_OK) return vms__fail(error, status, 0, "out of memory for the index");
    if (!good) break;
    adopt(journal, &s);
    last = s;
  }
  journal->index.trim = index_len > journal->index.len;
  if (journal->index.number == 0) return VMS_OK;
  status = is_bound(journal, &last, file_len, &bound, error);
  if (status == VMS_OK && bound) restore(journal, &last);
  else vms__index_forget(journal);
  return status;
}

/* --- writing ---------------------------------------------------------------------------------------------- */

/* Fills in what belongs into the next segment. False if there is nothing that may be described now. */
static bool plan(const vms_journal *journal, segment *s) {
  const vms__index *index = &journal->index;
  memset(s, 0, sizeof *s);
  s->from = index->covered;
  s->to = journal->last.end;
  s->meta_len = meta_len(journal);
  if (s->to <= s->from || s->to > journal->synced) return false;
  s->payload_len = s->meta_len;
  for (uint32_t i = 0; i < journal->count; i++) {
    const vms_core *core = &journal->cores[i];
    if (core->has_head && !core->head_stored) return false; /* which one is stored is not known any more */
    s->before[i] = index->lengths[i];
    s->after[i] = core->durable;
    s->payload_len += 16 * (s->after[i] - s->before[i]) + VMS_HASH_LEN * (vms__tree_count(s->after[i]) - vms__tree_count(s->before[i]));
    vms__put_u64(s->meta + i * CORE_LEN, core->durable);
    vms__head_pack(&core->head, core->has_head, s->meta + i * CORE_LEN + 8);
  }
  memcpy(s->meta + s->meta_len - VMS__MEMO_LEN, index->memo, VMS__MEMO_LEN);
  return true;
}

static void seal(const vms_journal *journal, segment *s) {
  uint8_t *p = s->header;
  memcpy(p, MAGIC, MAGIC_LEN);
  vms__put_u32(p + 8, VERSION);
  vms__put_u32(p + 12, journal->count);
  vms__put_u64(p + 16, journal->index.number);
  vms__put_u64(p + 24, s->from);
  vms__put_u64(p + 32, s->to);
  vms__put_u64(p + 40, journal->last.offset);
  vms__put_u64(p + 48, journal->last.sequence);
  vms__put_u64(p + 56, s->payload_len);
  memcpy(p + 64, journal->last.checksum, VMS__CHECKSUM_LEN);
  payload_checksum(journal, s, p + PAYLOAD_SUM_AT);
  header_checksum(journal, p, p + CHECKED_LEN);
}

/* Header last: until then there is no segment. */
static int store(const vms_journal *journal, const segment *s) {
  const vms_storage *storage = journal->index.storage;
  vms_slice parts[1 + 3 * VMS_JOURNAL_CORES_MAX];
  size_t count = pieces(journal, s, parts);
  uint64_t offset = journal->index.len + HEADER_LEN;
  int status = VMS_OK;
  for (size_t i = 0; i < count && status == VMS_OK; offset += parts[i++].len)
    status = storage->write(storage->context, offset, parts[i].data, parts[i].len, NULL);
  if (status == VMS_OK) status = storage->write(storage->context, journal->index.len, s->header, HEADER_LEN, NULL);
  return status;
}

static void save(vms_journal *journal) {
  vms__index *index = &journal->index;
  segment s;
  if (!plan(journal, &s)) return;
  if (index->trim && index->storage->truncate(index->storage->context, index->len, NULL) != VMS_OK) {
    index->storage = NULL;
    return;
  }
  index->trim = false;
  seal(journal, &s);
  if (store(journal, &s) == VMS_OK) {
    adopt(journal, &s);
    return;
  }
  /* No room, most likely: leave it to the journal, and try again later. */
  if (index->storage->truncate(index->storage->context, index->len, NULL) != VMS_OK) index->storage = NULL;
  index->due_blocks += index->step_blocks;
  index->due_end += STEP_LEN;
}

void vms__index_save(vms_journal *journal, bool closing) {
  const vms__index *index = &journal->index;
  uint64_t part = closing ? CLOSING_PART : 1, step = index->step_blocks, blocks = 0;
  if (index->storage == NULL || journal->read_only || journal->broken) return;
  for (uint32_t i = 0; i < journal->count; i++) blocks += journal->cores[i].durable;
  if (blocks + step - step / part >= index->due_blocks || journal->last.end + STEP_LEN - STEP_LEN / part >= index->due_end) save(journal);
}
