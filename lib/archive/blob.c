/* SPDX-License-Identifier: MIT */
/* Hyperblobs: contents as blocks of the blobs core (doc/ledger-format.md, "Archive").
 *
 * Where a blob lies is what an entry says, so it is checked as an enemy's. A piece is looked for where it has to be if all blocks but the
 * last are full; that it is there follows from the block's place in the core's bytes, which cores and proofs know. Other writers' blobs, of
 * other blocks, are read from their first block on. Cores and replicas go the same way: who proves an answer needs what its checker needs. */
#include "internal.h"

void vms__blob_begin(const vms_core *blobs, vms__blob *blob) {
  uint64_t length = vms_core_length(blobs);
  *blob = (vms__blob){ length, vms_core_byte_length(blobs, length), 0, 0 };
}

int vms__blob_add(vms_core *blobs, vms__blob *blob, const void *block, size_t len, vms_error *error) {
  int status;
  assert(len > 0 && len <= VMS__BLOB_BLOCK_LEN && vms_core_length(blobs) == blob->block_offset + blob->block_count);
  status = vms_core_append(blobs, block, len, NULL, error);
  if (status != VMS_OK) return status;
  blob->block_count++;
  blob->byte_len += len;
  return VMS_OK;
}

int vms__blob_append(vms_core *blobs, vms_slice content, vms__blob *blob, vms_error *error) {
  int status = VMS_OK;
  vms__blob_begin(blobs, blob);
  for (size_t at = 0; at < content.len && status == VMS_OK; at += VMS__BLOB_BLOCK_LEN)
    status = vms__blob_add(blobs, blob, content.data + at, VMS__MIN(content.len - at, (size_t)VMS__BLOB_BLOCK_LEN), error);
  return status;
}

/* --- reading -------------------------------------------------------------------------------------------- */

/* A piece of a blob on its way into `content`. */
typedef struct piece {
  const vms_archive *archive;
  const vms__blob *blob;
  uint64_t offset, end; /* bytes of the blob: what is wanted, half open, not empty */
  uint64_t first, last; /* blocks of the core: which are read for it, half open */
  uint64_t at;          /* the byte of the blob at which block `first` begins */
  vms_buffer block;
  vms_buffer *content;
  vms_error *error;
} piece;

static int corrupt(const piece *p, const char *what) {
  return vms__fail(p->error, VMS_ERR_CORRUPT, p->blob->block_offset, "a file's contents from block %llu on: %s",
                   (unsigned long long)p->blob->block_offset, what);
}

/* Where a block begins in the bytes of the core, if that is known here. */
static bool byte_offset(const vms__source *source, uint64_t seq, uint64_t *offset) {
  if (source->core == NULL) return vms__replica_byte_offset(source->replica, seq, offset);
  *offset = vms_core_byte_length(source->core, seq);
  return true;
}

/* A core knows all of its blocks; a replica has to wait for a head over them. */
static int bounds_check(const piece *p) {
  const vms__blob *blob = p->blob;
  const vms__source *blobs = &p->archive->blobs;
  uint64_t end = blob->block_offset + blob->block_count; /* both below 2^53 */
  if ((blob->byte_len - 1) / VMS_BLOCK_LEN_MAX >= blob->block_count) return corrupt(p, "more than its blocks can hold");
  if (blobs->core == NULL) return VMS_OK;
  if (end > vms_core_length(blobs->core)) return corrupt(p, "they lie behind the blobs core's end");
  if (vms_core_byte_length(blobs->core, blob->block_offset) != blob->byte_offset ||
      vms_core_byte_length(blobs->core, end) - blob->byte_offset != blob->byte_len)
    return corrupt(p, "their size is not that of its blocks");
  return VMS_OK;
}

/* Says which blocks are needed, and whether they are here. */
static int announce(const piece *p) {
  const vms_archive *archive = p->archive;
  const vms__source *blobs = &archive->blobs;
  if (archive->trace != NULL) archive->trace(archive->trace_context, 1, p->first, p->last);
  if (blobs->core != NULL) return VMS_OK;
  for (uint64_t seq = p->first; seq < p->last; seq++)
    if (blobs->replica == NULL || !vms_replica_has(blobs->replica, seq))
      return vms__fail(p->error, VMS_ERR_MISSING, seq, "block %llu of the contents is not here", (unsigned long long)seq);
  return VMS_OK;
}

/* Nothing is known of where in the blob the blocks behind p->first begin. */
static int widen(piece *p) {
  p->last = p->blob->block_offset + p->blob->block_count;
  return announce(p);
}

/* Decides which blocks to read. */
static int plan(piece *p) {
  const vms__blob *blob = p->blob;
  uint64_t full = p->offset / VMS__BLOB_BLOCK_LEN, begins;
  int status;
  p->first = blob->block_offset;
  p->last = blob->block_offset + blob->block_count;
  p->at = 0;
  if ((p->offset == 0 && p->end == blob->byte_len) || blob->block_count != (blob->byte_len - 1) / VMS__BLOB_BLOCK_LEN + 1) return announce(p);
  p->first += full;
  p->last = blob->block_offset + (p->end - 1) / VMS__BLOB_BLOCK_LEN + 1;
  p->at = full * VMS__BLOB_BLOCK_LEN;
  status = announce(p);
  if (status != VMS_OK) return status;
  if (byte_offset(&p->archive->blobs, p->first, &begins) && begins == blob->byte_offset + p->at) return VMS_OK;
  p->first = blob->block_offset; /* blocks of other sizes */
  p->at = 0;
  return widen(p);
}

/* Takes what is wanted of one block. */
static int take(piece *p, uint64_t seq) {
  uint64_t from, to;
  int status;
  vms__buf_clear(&p->block);
  status = vms__source_read(&p->archive->blobs, seq, &p->block, p->error);
  if (status != VMS_OK) return status;
  if (p->block.len > p->blob->byte_len - p->at) return corrupt(p, "their size is not that of its blocks");
  from = VMS__MIN(p->block.len, p->offset - VMS__MIN(p->offset, p->at));
  to = VMS__MIN(p->block.len, p->end - VMS__MIN(p->end, p->at));
  p->at += p->block.len;
  if (from >= to || vms_buffer_append(p->content, p->block.data + from, (size_t)(to - from)) == VMS_OK) return VMS_OK;
  return vms__fail(p->error, VMS_ERR_NOMEM, seq, "out of memory for a piece of a file");
}

static int run(piece *p) {
  uint64_t begins, blob_end = p->blob->block_offset + p->blob->block_count;
  int status = bounds_check(p);
  if (status == VMS_OK) status = plan(p);
  if (status != VMS_OK) return status;
  if (byte_offset(&p->archive->blobs, p->first, &begins) && begins != p->blob->byte_offset + p->at)
    return corrupt(p, "they begin elsewhere");
  /* All of these bytes are there in a core. What a replica's blocks come to shows when they are read. */
  if (p->archive->blobs.core != NULL && (p->end - p->offset > SIZE_MAX / 4 || vms__buf_reserve(p->content, (size_t)(p->end - p->offset)) != VMS_OK))
    return vms__fail(p->error, VMS_ERR_NOMEM, p->first, "out of memory for %llu bytes of a file", (unsigned long long)(p->end - p->offset));
  for (uint64_t seq = p->first; status == VMS_OK && seq < blob_end && (p->at < p->end || p->end == p->blob->byte_len); seq++) {
    if (seq == p->last) status = widen(p); /* shorter blocks than full ones */
    if (status == VMS_OK) status = take(p, seq);
  }
  if (status == VMS_OK && p->at < p->end) return corrupt(p, "their size is not that of its blocks");
  return status;
}

int vms__blob_read(const vms_archive *archive, const vms__blob *blob, uint64_t offset, uint64_t len, vms_buffer *content, vms_error *error) {
  size_t before = content->len;
  piece p = { .archive = archive, .blob = blob, .offset = offset, .content = content, .error = error };
  int status;
  if (offset >= blob->byte_len || len == 0) return VMS_OK;
  p.end = offset + VMS__MIN(len, blob->byte_len - offset);
  vms_buffer_init(&p.block, archive->env);
  status = run(&p);
  vms_buffer_free(&p.block);
  if (status != VMS_OK) content->len = before;
  return status;
}
