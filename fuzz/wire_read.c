/* SPDX-License-Identifier: MIT */
/* Question: can any bytes break reading a message of replication; is what was written read back?
 * Input: one byte that says which message, then its payload. */
#include <stdlib.h>

#include "lib/ledger/wire.h"

static void check(bool holds) {
  if (!holds) abort();
}

/* Every list lies inside the message, and gives as many nodes as it says; written again they are read again. */
static void walk(vms__node_list list, vms_slice whole) {
  vms_buffer out = VMS_BUFFER_INIT;
  vms__reader again;
  vms__node node, copy;
  size_t count = list.count, seen = 0;
  check(count <= VMS__PROOF_NODES_MAX);
  for (; vms__next_node(&list, &node); seen++) {
    check((const char *)list.nodes.at <= whole.data + whole.len);
    check(vms__write_node(&out, &node) == VMS_OK);
  }
  check(seen == count && !list.nodes.bad);
  again = vms__reader_over(out.data, out.len);
  list = (vms__node_list){ again, count };
  while (vms__next_node(&list, &copy)) {}
  check(list.nodes.left == 0 && !list.nodes.bad);
  check(count == 0 || memcmp(&copy, &node, sizeof copy) == 0);
  vms_buffer_free(&out);
}

static void inside(vms_slice part, vms_slice whole) {
  if (part.len == 0) return;
  check(part.data >= whole.data && part.len <= whole.len && part.data + part.len <= whole.data + whole.len);
}

static void use_proof(vms_slice whole) {
  vms__reader reader = vms__reader_over(whole.data, whole.len);
  vms__proof proof;
  uint8_t key[VMS_KEY_LEN];
  if (!vms__proof_read(&reader, &proof)) return;
  inside(proof.block, whole);
  inside(proof.signature, whole);
  inside(proof.manifest, whole);
  walk(proof.block_nodes, whole);
  walk(proof.hash_nodes, whole);
  walk(proof.seek_nodes, whole);
  walk(proof.upgrade_nodes, whole);
  walk(proof.additional_nodes, whole);
  check(proof.manifest.len == 0 || proof.manifest.len > VMS_MANIFEST_LEN_MAX || vms_manifest_read(proof.manifest.data, proof.manifest.len, key, NULL) == VMS_OK);
}

static void use_request(vms_slice whole) {
  vms_buffer out = VMS_BUFFER_INIT;
  vms_proof_request request, again;
  if (vms_proof_request_read(whole.data, whole.len, &request, NULL) != VMS_OK) return;
  check(vms_proof_request_write(&out, &request) == VMS_OK);
  check(vms_proof_request_read(out.data, out.len, &again, NULL) == VMS_OK);
  check(memcmp(&request, &again, sizeof again) == 0);
  vms_buffer_free(&out);
}

#define AGAIN(type, read, write, same) \
  do { \
    vms__reader reader = vms__reader_over(whole.data, whole.len); \
    vms_buffer out = VMS_BUFFER_INIT; \
    type first, second; \
    if (!read(&reader, &first)) break; \
    check(write(&out, &first) == VMS_OK); \
    reader = vms__reader_over(out.data, out.len); \
    check(read(&reader, &second) && reader.left == 0); \
    check(same); \
    vms_buffer_free(&out); \
  } while (0)

static void use_small(unsigned kind, vms_slice whole) {
  if (kind == 2) AGAIN(vms__handshake_core, vms__handshake_core_read, vms__handshake_core_write, memcmp(first.capability, second.capability, 32) == 0);
  if (kind == 3) AGAIN(vms__sync, vms__sync_read, vms__sync_write, first.flags == second.flags && first.remote_length == second.remote_length);
  if (kind == 4) AGAIN(vms__no_data, vms__no_data_read, vms__no_data_write, first.id == second.id && first.reason == second.reason);
  if (kind == 5) AGAIN(vms__want, vms__want_read, vms__want_write, first.length == second.length && first.any == second.any);
  if (kind == 6) AGAIN(vms__range, vms__range_read, vms__range_write, first.drop == second.drop && first.length == second.length);
}

static void use_bitfield(vms_slice whole) {
  vms__reader reader = vms__reader_over(whole.data, whole.len);
  vms__bitfield bitfield;
  if (!vms__bitfield_read(&reader, &bitfield)) return;
  check(bitfield.words.len % 4 == 0);
  inside(bitfield.words, whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_slice whole = { (const char *)data + 1, size - 1 };
  if (size == 0) return 0;
  switch (data[0] & 7) {
    case 0: use_proof(whole); break;
    case 1: use_request(whole); break;
    case 7: use_bitfield(whole); break;
    default: use_small(data[0] & 7, whole);
  }
  return 0;
}
