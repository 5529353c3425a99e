/* SPDX-License-Identifier: MIT */
/* Question: can any bytes in place of a journal break opening, reading or going on writing it? What opens writable once
 * must open again afterwards with the same cores. Frame checksums are keyed with the file's salt but not secret here:
 * the target mends them, so that mutations reach what is behind them. */
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
    vms__crypto_hash_keyed(bytes + 16, 16, p + VMS__FRAME_HEADER_LEN, (size_t)len, hash);
    memcpy(p + 48, hash, 16);
    vms__crypto_hash_keyed(bytes + 16, 16, p, 64, hash);
    memcpy(p + 64, hash, 16);
    at += VMS__FRAME_HEADER_LEN + (size_t)len;
  }
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_storage storage;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  uint64_t len;
  if (size < 1 || size > ROOM / 2) return 0;
  if (vms_memory_open(&storage, NULL, NULL) != VMS_OK) abort();
  if (storage.write(storage.context, 0, data + 1, size - 1, NULL) != VMS_OK) abort();
  if (data[0] != 0) mend(storage.context); /* the first byte of the input says whether to; the context is the bytes */
  options.flags = VMS_JOURNAL_READ_ONLY;
  if (vms_journal_open(&journal, &storage, &options, NULL) == VMS_OK) {
    read_all(journal);
    vms_journal_close(journal);
    if (storage.length(storage.context, &len, NULL) != VMS_OK || len != size - 1) abort();
  }
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
  return 0;
}
