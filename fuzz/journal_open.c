/* SPDX-License-Identifier: MIT */
/* Question: can any bytes in place of a journal or its index break opening, reading or going on writing it? What opens writable once
 * must open again afterwards with the same cores, and an index whose checksums nobody mended must not change what is there. Checksums
 * are keyed with the file's salt but not secret here: the target mends them, so that mutations reach what is behind them.
 * Input: what to mend (1 the journal, 2 the index, 4 take an index that fits before what is given), length of the index (2 bytes), index,
 * journal. */
#include <stdlib.h>

#include "lib/ledger/internal.h"

#define ROOM (1u << 20)

/* Mends the checksums of header and frames where they can be found. */
static void mend(vms_buffer *m) {
  uint8_t *bytes = (uint8_t *)m->data;
  uint8_t hash[VMS_HASH_LEN];
  uint32_t count;
  size_t at;
  if (m->len < 32) return;
  count = vms__get_u32(bytes + 12);
  if (count > VMS_JOURNAL_CORES_MAX) return;
  at = (size_t)vms__pad8(32 + count * VMS_MANIFEST_LEN);
  if (m->len < at + 16) return;
  vms__crypto_hash(bytes, at, hash);
  memcpy(bytes + at, hash, 16);
  at += 16;
  while (m->len - at >= VMS__FRAME_HEADER_LEN) {
    uint8_t *p = bytes + at;
    uint64_t len = vms__get_u64(p + 16), room = m->len - at - VMS__FRAME_HEADER_LEN;
    if (len > room || vms__pad8(len) > room) return;
    len = vms__pad8(len);
    vms__payload_checksum(bytes + 16, p, 48, &(vms_slice){ (const char *)p + VMS__FRAME_HEADER_LEN, (size_t)len }, 1, p + 48);
    vms__crypto_hash_keyed(bytes + 16, 16, p, 64, hash);
    memcpy(p + 64, hash, 16);
    at += VMS__FRAME_HEADER_LEN + (size_t)len;
  }
}

/* Mends the checksums of an index's segments, each in turn bound to the journal's frame that it names. */
static void mend_index(vms_buffer *index, const vms_buffer *journal) {
  uint8_t *bytes = (uint8_t *)index->data, chain[16], hash[VMS_HASH_LEN], header[112];
  const uint8_t *file = (const uint8_t *)journal->data;
  if (journal->len < 32 || vms__get_u32(file + 12) > VMS_JOURNAL_CORES_MAX) return;
  size_t header_len = (size_t)vms__pad8(32 + vms__get_u32(file + 12) * VMS_MANIFEST_LEN) + 16, at = 0;
  if (journal->len < header_len) return;
  memcpy(chain, file + header_len - 16, 16);
  while (index->len - at >= 112) {
    uint8_t *p = bytes + at;
    uint64_t offset = vms__get_u64(p + 40), len = vms__get_u64(p + 56);
    if (len > index->len - at - 112) return;
    if (offset < journal->len && journal->len - offset >= VMS__FRAME_HEADER_LEN) memcpy(p + 64, file + offset + 64, 16);
    vms__payload_checksum(file + 16, p, 80, &(vms_slice){ (const char *)p + 112, (size_t)len }, 1, p + 80);
    memcpy(header, p, 96);
    memcpy(header + 96, chain, 16);
    vms__crypto_hash_keyed(file + 16, 16, header, sizeof header, hash);
    memcpy(p + 96, hash, 16);
    memcpy(chain, hash, 16);
    at += 112 + (size_t)len;
  }
}

/* Every block is the one that its leaf promises, or is refused. */
static void read_some(vms_journal *journal) {
  for (uint32_t i = 0; i < vms_journal_count(journal); i++) {
    vms_core *core = vms_journal_core(journal, i);
    uint8_t leaf[VMS_HASH_LEN];
    for (uint64_t seq = 0; seq < vms_core_length(core); seq++) {
      vms_buffer block = VMS_BUFFER_INIT;
      vms__node node;
      int status = vms_core_read(core, seq, &block, NULL);
      if (status != VMS_OK && status != VMS_ERR_CORRUPT) abort();
      if (status == VMS_OK) {
        if (!vms__core_node(core, 2 * seq, &node)) abort();
        vms__tree_leaf(block.data, block.len, leaf);
        if (memcmp(leaf, node.hash, sizeof leaf) != 0 || block.len != node.size) abort();
      }
      vms_buffer_free(&block);
    }
  }
}

static int same(vms_journal *a, vms_journal *b) {
  if (vms_journal_torn(a) != vms_journal_torn(b) || vms_journal_count(a) != vms_journal_count(b) || a->end != b->end) return 0;
  for (uint32_t i = 0; i < vms_journal_count(a); i++) {
    uint8_t x[VMS_HASH_LEN], y[VMS_HASH_LEN];
    uint64_t length = vms_core_length(vms_journal_core(a, i));
    if (vms_core_length(vms_journal_core(b, i)) != length) return 0;
    vms_core_tree_hash(vms_journal_core(a, i), length, x);
    vms_core_tree_hash(vms_journal_core(b, i), length, y);
    if (memcmp(x, y, sizeof x) != 0) return 0;
  }
  return 1;
}

/* With a hostile index: as a reader, then as a writer, which goes on and opens again. */
static void try_index(const vms_storage *storage, const vms_storage *index, bool mended, vms_journal *plain) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  uint64_t length;
  options.index = index;
  options.flags = VMS_JOURNAL_READ_ONLY;
  if (vms_journal_open(&journal, storage, &options, NULL) != VMS_OK) {
    if (plain != NULL) abort(); /* whatever an index says, the journal is what counts */
    return;
  }
  read_some(journal);
  if (!mended && (plain == NULL || !same(plain, journal))) abort();
  vms_journal_close(journal);
  options.flags = 0;
  if (vms_journal_open(&journal, storage, &options, NULL) != VMS_OK) return;
  journal->index.due_blocks = 0;
  if (vms_core_append(vms_journal_core(journal, 0), "more", 4, &length, NULL) != VMS_OK) abort();
  int status = vms_journal_commit(journal, 0, NULL);
  vms_journal_close(journal);
  if (status != VMS_OK || vms_journal_open(&journal, storage, &options, NULL) != VMS_OK) return;
  read_some(journal);
  vms_journal_close(journal);
}

static void read_all(vms_journal *journal) {
  vms_buffer block = VMS_BUFFER_INIT;
  for (uint32_t i = 0; i < vms_journal_count(journal); i++) {
    vms_core *core = vms_journal_core(journal, i);
    for (uint64_t seq = 0; seq < vms_core_length(core); seq++) {
      vms__buf_clear(&block);
      if (vms_core_read(core, seq, &block, NULL) != VMS_OK) abort(); /* it was whole a moment ago */
    }
  }
  vms_buffer_free(&block);
}

/* An index as a writer of this very journal makes it, in front of the hostile bytes. */
static void make_index(const vms_storage *index, const vms_buffer *bytes) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  vms_storage copy;
  if (vms_memory_open(&copy, NULL, NULL) != VMS_OK || copy.write(copy.context, 0, bytes->data, bytes->len, NULL) != VMS_OK) abort();
  options.index = index;
  if (vms_journal_open(&journal, &copy, &options, NULL) == VMS_OK) {
    journal->index.due_blocks = journal->index.step_blocks = 1;
    vms_journal_close(journal);
  }
  vms_memory_close(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_storage storage, other, index;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal, *plain = NULL;
  uint64_t len, index_len = 0;
  size_t given;
  if (size < 4 || size > ROOM / 2) return 0;
  given = VMS__MIN((size_t)data[1] | (size_t)data[2] << 8, size - 3);
  if (vms_memory_open(&storage, NULL, NULL) != VMS_OK || vms_memory_open(&other, NULL, NULL) != VMS_OK ||
      vms_memory_open(&index, NULL, NULL) != VMS_OK) abort();
  size -= 3 + given; /* from here on the journal's */
  if (storage.write(storage.context, 0, data + 3 + given, size, NULL) != VMS_OK) abort();
  if ((data[0] & 1) != 0) mend(storage.context); /* the context is the bytes */
  const vms_buffer *bytes = storage.context;
  if (other.write(other.context, 0, bytes->data == NULL ? "" : bytes->data, bytes->len, NULL) != VMS_OK) abort();
  if ((data[0] & 4) != 0) make_index(&index, bytes);
  if (index.length(index.context, &index_len, NULL) != VMS_OK) abort();
  if ((data[0] & 8) != 0 && index_len > given) index_len = index_len - given; /* over its end instead of behind it */
  if (index.write(index.context, index_len, data + 3, given, NULL) != VMS_OK) abort();
  if ((data[0] & 2) != 0) mend_index(index.context, bytes);

  options.flags = VMS_JOURNAL_READ_ONLY;
  if (vms_journal_open(&plain, &storage, &options, NULL) == VMS_OK) {
    read_all(plain);
    if (storage.length(storage.context, &len, NULL) != VMS_OK || len != size) abort();
  }
  try_index(&other, &index, (data[0] & 2) != 0, plain);
  vms_journal_close(plain);
  if (vms_journal_open(&journal, &storage, NULL, NULL) == VMS_OK) {
    uint64_t length;
    read_all(journal);
    if (vms_core_append(vms_journal_core(journal, 0), "more", 4, &length, NULL) != VMS_OK) abort();
    int status = vms_journal_commit(journal, 0, NULL);
    vms_journal_close(journal);
    if (status == VMS_OK) {
      if (vms_journal_open(&journal, &storage, NULL, NULL) != VMS_OK) abort();
      if (vms_core_length(vms_journal_core(journal, 0)) != length + 1) abort();
      vms_journal_close(journal);
    }
  }
  vms_memory_close(&storage);
  vms_memory_close(&other);
  vms_memory_close(&index);
  return 0;
}
