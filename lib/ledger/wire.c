/* SPDX-License-Identifier: MIT */
/* Compact-encoding and the messages of replication (doc/replication.md). */
#include "wire.h"

#define UINT_LEN_MAX 9u
#define UINT_MAX_SAFE VMS__JSON_INT_MAX /* the peers count in doubles */
#define PROOF_FLAGS (VMS_PROOF_BLOCK | VMS_PROOF_HASH | VMS_PROOF_SEEK | VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST)
#define REQUEST_PRIORITY 32u /* of a request alone: another number, which is a hint */

/* --- compact-encoding ------------------------------------------------------------------------------ */

const uint8_t *vms__read_fixed(vms__reader *reader, size_t len) {
  const uint8_t *at = reader->at;
  if (reader->bad || len > reader->left) {
    reader->bad = true;
    return NULL;
  }
  reader->left -= len;
  if (len > 0) reader->at += len; /* bytes may be NULL when there are none */
  return at;
}

uint64_t vms__read_uint(vms__reader *reader) {
  const uint8_t *first = vms__read_fixed(reader, 1), *rest;
  uint64_t n = 0;
  size_t len;
  if (first == NULL) return 0;
  if (*first < 0xfd) return *first;
  len = (size_t)1 << (*first - 0xfc); /* fd: 2, fe: 4, ff: 8 */
  rest = vms__read_fixed(reader, len);
  if (rest == NULL) return 0;
  for (size_t i = 0; i < len; i++) n |= (uint64_t)rest[i] << 8 * i;
  if (n <= UINT_MAX_SAFE) return n;
  reader->bad = true;
  return 0;
}

vms_slice vms__read_buffer(vms__reader *reader) {
  uint64_t len = vms__read_uint(reader); /* below 2^53, so it fits size_t */
  const uint8_t *bytes = vms__read_fixed(reader, (size_t)len);
  return bytes == NULL ? (vms_slice){ NULL, 0 } : (vms_slice){ (const char *)bytes, (size_t)len };
}

size_t vms__uint_len(uint64_t n) { return n <= 0xfc ? 1 : n <= 0xffff ? 3 : n <= 0xffffffff ? 5 : UINT_LEN_MAX; }

static size_t put_uint(uint8_t *to, uint64_t n) {
  size_t len = vms__uint_len(n);
  to[0] = (uint8_t)(len == 1 ? n : len == 3 ? 0xfd : len == 5 ? 0xfe : 0xff);
  for (size_t i = 1; i < len; i++) to[i] = (uint8_t)(n >> 8 * (i - 1));
  return len;
}

int vms__write_uint(vms_buffer *out, uint64_t n) {
  uint8_t bytes[UINT_LEN_MAX];
  return vms_buffer_append(out, bytes, put_uint(bytes, n));
}

int vms__write_buffer(vms_buffer *out, const void *bytes, size_t len) {
  int status = vms__buf_reserve(out, UINT_LEN_MAX + len); /* no slice is so long that this wraps */
  if (status == VMS_OK) status = vms__write_uint(out, len);
  if (status == VMS_OK && len > 0) status = vms_buffer_append(out, bytes, len);
  return status;
}

int vms__write_node(vms_buffer *out, const vms__node *node) {
  uint8_t bytes[2 * UINT_LEN_MAX + VMS_HASH_LEN];
  size_t len = put_uint(bytes, node->index);
  len += put_uint(bytes + len, node->size);
  memcpy(bytes + len, node->hash, VMS_HASH_LEN);
  return vms_buffer_append(out, bytes, len + VMS_HASH_LEN);
}

/* --- lists of nodes --------------------------------------------------------------------------------- */

static bool node_read(vms__reader *reader, vms__node *node) {
  const uint8_t *hash;
  node->index = vms__read_uint(reader);
  node->size = vms__read_uint(reader);
  hash = vms__read_fixed(reader, VMS_HASH_LEN);
  if (hash != NULL) memcpy(node->hash, hash, VMS_HASH_LEN);
  return hash != NULL;
}

vms__node_list vms__read_nodes(vms__reader *reader) {
  uint64_t count = vms__read_uint(reader);
  vms__node_list list = { *reader, (size_t)count };
  vms__node node;
  if (count > VMS__PROOF_NODES_MAX) reader->bad = true;
  for (uint64_t i = 0; i < count && !reader->bad; i++) (void)node_read(reader, &node);
  return reader->bad ? (vms__node_list){ { NULL, 0, true }, 0 } : list;
}

bool vms__next_node(vms__node_list *list, vms__node *node) {
  if (list->count == 0) return false;
  list->count--;
  return node_read(&list->nodes, node);
}

/* --- reading messages ------------------------------------------------------------------------------- */

/* Fields that newer peers write behind the others. */
static uint64_t read_optional(vms__reader *reader) { return reader->left > 0 ? vms__read_uint(reader) : 0; }

bool vms__handshake_core_read(vms__reader *reader, vms__handshake_core *message) {
  uint64_t flags = vms__read_uint(reader);
  const uint8_t *capability = vms__read_fixed(reader, sizeof message->capability);
  if (capability == NULL) return false;
  message->seeks = (flags & 1) != 0;
  memcpy(message->capability, capability, sizeof message->capability);
  return true;
}

bool vms__sync_read(vms__reader *reader, vms__sync *message) {
  message->flags = (uint32_t)(vms__read_uint(reader) & UINT32_MAX);
  message->fork = vms__read_uint(reader);
  message->length = vms__read_uint(reader);
  message->remote_length = vms__read_uint(reader);
  return !reader->bad;
}

static void upgrade_read(vms__reader *reader, vms__proof *message) {
  message->upgrade_start = vms__read_uint(reader);
  message->upgrade_length = vms__read_uint(reader);
  message->upgrade_nodes = vms__read_nodes(reader);
  message->additional_nodes = vms__read_nodes(reader);
  message->signature = vms__read_buffer(reader);
}

static void manifest_read(vms__reader *reader, vms__proof *message) {
  vms__manifest manifest;
  const uint8_t *start = reader->at;
  if (reader->bad || vms__manifest_parse(reader, &manifest, NULL) != VMS_OK) reader->bad = true;
  else message->manifest = (vms_slice){ (const char *)start, (size_t)(reader->at - start) };
}

bool vms__proof_read(vms__reader *reader, vms__proof *message) {
  memset(message, 0, sizeof *message);
  message->flags = (uint32_t)(vms__read_uint(reader) & PROOF_FLAGS);
  message->id = vms__read_uint(reader);
  message->fork = vms__read_uint(reader);
  if (message->flags & VMS_PROOF_BLOCK) {
    message->block_index = vms__read_uint(reader);
    message->block = vms__read_buffer(reader);
    message->block_nodes = vms__read_nodes(reader);
  }
  if (message->flags & VMS_PROOF_HASH) {
    message->hash_index = vms__read_uint(reader);
    message->hash_nodes = vms__read_nodes(reader);
  }
  if (message->flags & VMS_PROOF_SEEK) {
    message->seek_bytes = vms__read_uint(reader);
    message->seek_nodes = vms__read_nodes(reader);
  }
  if (message->flags & VMS_PROOF_UPGRADE) upgrade_read(reader, message);
  if (message->flags & VMS_PROOF_MANIFEST) manifest_read(reader, message);
  return !reader->bad;
}

bool vms__no_data_read(vms__reader *reader, vms__no_data *message) {
  message->id = vms__read_uint(reader);
  message->reason = read_optional(reader) & 1 ? vms__read_uint(reader) : 0;
  return !reader->bad;
}

bool vms__want_read(vms__reader *reader, vms__want *message) {
  message->start = vms__read_uint(reader);
  message->length = vms__read_uint(reader);
  message->any = (read_optional(reader) & 1) != 0;
  return !reader->bad;
}

bool vms__bitfield_read(vms__reader *reader, vms__bitfield *message) {
  uint64_t count;
  const uint8_t *words;
  message->start = vms__read_uint(reader);
  count = vms__read_uint(reader); /* below 2^53: four times as much fits */
  words = vms__read_fixed(reader, (size_t)count * 4);
  message->words = words == NULL ? (vms_slice){ NULL, 0 } : (vms_slice){ (const char *)words, (size_t)count * 4 };
  return !reader->bad;
}

bool vms__range_read(vms__reader *reader, vms__range *message) {
  uint64_t flags = vms__read_uint(reader);
  message->drop = (flags & 1) != 0;
  message->start = vms__read_uint(reader);
  message->length = flags & 2 ? 1 : vms__read_uint(reader);
  return !reader->bad;
}

/* --- writing messages ------------------------------------------------------------------------------- */

/* Numbers of one message, gathered so that it is appended whole or not at all. */
typedef struct numbers {
  uint8_t bytes[12 * UINT_LEN_MAX]; /* a request has 11 */
  size_t len;
} numbers;

static void add(numbers *to, uint64_t n) {
  assert(to->len + UINT_LEN_MAX <= sizeof to->bytes);
  to->len += put_uint(to->bytes + to->len, n);
}

static void add_pair(numbers *to, bool wanted, uint64_t a, uint64_t b) {
  if (!wanted) return;
  add(to, a);
  add(to, b);
}

static int flush(const numbers *from, vms_buffer *out) { return vms_buffer_append(out, from->bytes, from->len); }

int vms__handshake_core_write(vms_buffer *out, const vms__handshake_core *message) {
  uint8_t bytes[1 + sizeof message->capability];
  bytes[0] = message->seeks ? 1 : 0;
  memcpy(bytes + 1, message->capability, sizeof message->capability);
  return vms_buffer_append(out, bytes, sizeof bytes);
}

int vms__sync_write(vms_buffer *out, const vms__sync *message) {
  numbers all = { { 0 }, 0 };
  add_pair(&all, true, message->flags, message->fork);
  add_pair(&all, true, message->length, message->remote_length);
  return flush(&all, out);
}

int vms__no_data_write(vms_buffer *out, const vms__no_data *message) {
  numbers all = { { 0 }, 0 };
  add_pair(&all, true, message->id, message->reason != 0 ? 1 : 0);
  if (message->reason != 0) add(&all, message->reason);
  return flush(&all, out);
}

int vms__want_write(vms_buffer *out, const vms__want *message) {
  numbers all = { { 0 }, 0 };
  add_pair(&all, true, message->start, message->length);
  if (message->any) add(&all, 1);
  return flush(&all, out);
}

int vms__range_write(vms_buffer *out, const vms__range *message) {
  numbers all = { { 0 }, 0 };
  add_pair(&all, true, (message->drop ? 1u : 0u) | (message->length == 1 ? 2u : 0u), message->start);
  if (message->length != 1) add(&all, message->length);
  return flush(&all, out);
}

int vms_proof_request_write(vms_buffer *bytes, const vms_proof_request *request) {
  numbers all = { { 0 }, 0 };
  assert(bytes != NULL && request != NULL);
  assert((request->flags & ~PROOF_FLAGS) == 0);
  add(&all, request->flags);
  add_pair(&all, true, request->id, request->fork);
  add_pair(&all, (request->flags & VMS_PROOF_BLOCK) != 0, request->block_index, request->block_nodes);
  add_pair(&all, (request->flags & VMS_PROOF_HASH) != 0, request->hash_index, request->hash_nodes);
  add_pair(&all, (request->flags & VMS_PROOF_SEEK) != 0, request->seek_bytes, request->seek_padding);
  add_pair(&all, (request->flags & VMS_PROOF_UPGRADE) != 0, request->upgrade_start, request->upgrade_length);
  return flush(&all, bytes);
}

static void read_pair(vms__reader *reader, bool wanted, uint64_t *a, uint64_t *b) {
  if (!wanted) return;
  *a = vms__read_uint(reader);
  *b = vms__read_uint(reader);
}

int vms_proof_request_read(const void *bytes, size_t len, vms_proof_request *request, vms_error *error) {
  vms__reader reader = vms__reader_over(bytes, len);
  vms_proof_request read = { 0 };
  uint64_t flags = vms__read_uint(&reader);
  assert(request != NULL && (bytes != NULL || len == 0));
  read.flags = (uint32_t)(flags & PROOF_FLAGS);
  read_pair(&reader, true, &read.id, &read.fork);
  read_pair(&reader, (flags & VMS_PROOF_BLOCK) != 0, &read.block_index, &read.block_nodes);
  read_pair(&reader, (flags & VMS_PROOF_HASH) != 0, &read.hash_index, &read.hash_nodes);
  read_pair(&reader, (flags & VMS_PROOF_SEEK) != 0, &read.seek_bytes, &read.seek_padding);
  read_pair(&reader, (flags & VMS_PROOF_UPGRADE) != 0, &read.upgrade_start, &read.upgrade_length);
  if (flags & REQUEST_PRIORITY) (void)vms__read_uint(&reader);
  if (reader.bad) return vms__fail(error, VMS_ERR_FORM, (uint64_t)(len - reader.left), "not a request of Hypercore's protocol");
  *request = read;
  return VMS_OK;
}
