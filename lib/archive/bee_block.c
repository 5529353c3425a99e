/* SPDX-License-Identifier: MIT */
/* Hyperbee: an append-only B-tree in a core (doc/ledger-format.md, "Archive"). Decoding its blocks, which are hostile: pointers must
 * lead to blocks that are not newer, counts must fit. */
#include "bee.h"

int vms__bee_corrupt(uint64_t seq, const char *what, vms_error *error) {
  return vms__fail(error, VMS_ERR_CORRUPT, seq, "bee block %llu: %s", (unsigned long long)seq, what);
}

/* --- protobuf ------------------------------------------------------------------------------------- */

typedef struct { const uint8_t *at, *end; } reader;

typedef struct { uint64_t number; unsigned type; vms_slice bytes; } field; /* bytes of a field of type 2 */

static bool read_long_varint(reader *in, uint64_t *n) {
  *n = 0;
  for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
    uint8_t byte = *in->at++;
    if (shift == 63 && byte > 1) return false;
    *n |= (uint64_t)(byte & 127) << shift;
    if (byte < 128) return true;
  }
  return false;
}

static inline bool read_varint(reader *in, uint64_t *n) {
  if (in->at < in->end && *in->at < 128) {
    *n = *in->at++;
    return true;
  }
  return read_long_varint(in, n);
}

/* The next field; false at the end and for malformed bytes, which set *bad. */
static bool read_field(reader *in, field *out, bool *bad) {
  uint64_t tag, len = 0;
  if (in->at == in->end) return false;
  *bad = true;
  if (!read_varint(in, &tag)) return false;
  out->number = tag >> 3;
  out->type = (unsigned)(tag & 7);
  switch (out->type) {
    case 0: if (!read_varint(in, &len)) return false; len = 0; break;
    case 1: len = 8; break;
    case 2: if (!read_varint(in, &len)) return false; break;
    case 5: len = 4; break;
    default: return false;
  }
  if (len > (uint64_t)(in->end - in->at)) return false;
  out->bytes = (vms_slice){ (const char *)in->at, (size_t)len };
  in->at += len;
  *bad = false;
  return true;
}

static reader over(vms_slice bytes) {
  const uint8_t *at = (const uint8_t *)bytes.data;
  return (reader){ at, bytes.len == 0 ? at : at + bytes.len };
}

static bool parse_keys(vms_slice bytes, vms__bee_level *level) {
  reader in = over(bytes);
  while (in.at < in.end) {
    if (level->key_count == VMS__BEE_KEYS_MAX || !read_varint(&in, &level->keys[level->key_count])) return false;
    level->key_count++;
  }
  return true;
}

static bool parse_children(vms_slice bytes, vms__bee_level *level) {
  reader in = over(bytes);
  while (in.at < in.end) {
    vms__bee_pointer *child = &level->children[level->child_count];
    if (level->child_count == VMS__BEE_KEYS_MAX + 1 || !read_varint(&in, &child->seq) || !read_varint(&in, &child->offset))
      return false;
    level->child_count++;
  }
  return true;
}

static bool parse_level(vms_slice bytes, vms__bee_level *level) {
  reader in = over(bytes);
  field part;
  bool bad = false;
  level->key_count = level->child_count = 0;
  while (read_field(&in, &part, &bad)) {
    if (part.number == 1 && (part.type != 2 || !parse_keys(part.bytes, level))) return false;
    if (part.number == 2 && (part.type != 2 || !parse_children(part.bytes, level))) return false;
  }
  return !bad && (level->child_count == 0 || level->child_count == level->key_count + 1);
}

/* The next level of an index. */
static bool next_level(reader *in, vms_slice *level, bool *bad) {
  field part;
  while (read_field(in, &part, bad)) {
    if (part.number != 1) continue;
    *bad = part.type != 2;
    *level = part.bytes;
    return !*bad;
  }
  return false;
}

/* What is decoded again whenever a node is needed has to be short. */
static bool index_is_whole(vms_slice index) {
  reader in = over(index);
  field part;
  bool bad = false;
  uint32_t count = 0;
  while (read_field(&in, &part, &bad))
    if (++count > VMS__BEE_LEVELS_MAX || (part.number == 1 && (part.type != 2 || part.bytes.len > VMS__BEE_LEVEL_LEN_MAX))) return false;
  return !bad;
}

bool vms__bee_block_parse(vms_slice bytes, vms__bee_block *block) {
  reader in = over(bytes);
  field part;
  bool bad = false, has_index = false;
  uint32_t count = 0;
  if (bytes.len > UINT32_MAX) return false;
  while (read_field(&in, &part, &bad)) {
    uint32_t at = (uint32_t)(part.bytes.data - bytes.data), len = (uint32_t)part.bytes.len; /* behind a tag: above 0 */
    if (++count > VMS__BEE_LEVELS_MAX) return false;
    if (part.number < 1 || part.number > 3) continue;
    if (part.type != 2) return false;
    if (part.number == 1) {
      block->index_at = at;
      block->index_len = len;
      has_index = true;
    } else if (part.number == 2) {
      block->key_at = at;
      block->key_len = len;
    } else {
      block->value_at = at;
      block->value_len = len;
    }
  }
  return !bad && has_index && index_is_whole(vms__bee_block_index(block));
}

int vms__bee_header_read(const vms__source *source, vms_buffer *block, const uint8_t **content_feed, vms_error *error) {
  reader in;
  field part;
  bool bad = false, named = false;
  int status = vms__source_read(source, 0, block, error);
  *content_feed = NULL;
  if (status != VMS_OK) return status;
  in = over(vms__buf_view(block));
  while (read_field(&in, &part, &bad)) {
    if (part.number == 1) named = part.type == 2 && vms__slice_is(part.bytes, "hyperbee");
    if (part.number == 2 && part.type == 2) {
      reader inner = over(part.bytes);
      field feed;
      while (read_field(&inner, &feed, &bad))
        if (feed.number == 1 && feed.type == 2 && feed.bytes.len == VMS_KEY_LEN)
          *content_feed = (const uint8_t *)feed.bytes.data;
    }
  }
  return bad || !named ? vms__bee_corrupt(0, "it is not the header of a Hyperbee", error) : VMS_OK;
}

int vms__bee_header_append(vms_core *core, bool drive, vms_error *error) {
  static const char bytes[] = "\x0a\x08" "hyperbee" "\x12\x00";
  return vms_core_append(core, bytes, drive ? 12 : 10, NULL, error);
}

/* What stands in block seq leads to older ones, or to itself. */
static bool leads_back(const vms__bee_level *level, uint64_t seq) {
  for (uint32_t i = 0; i < level->key_count; i++)
    if (level->keys[i] - 1 >= seq) return false; /* 0 wraps */
  for (uint32_t i = 0; i < level->child_count; i++)
    if (level->children[i].seq - 1 >= seq) return false;
  return true;
}

int vms__bee_level_load(vms_bee *bee, vms__bee_pointer pointer, vms__bee_level *level, vms_error *error) {
  vms__bee_block *block;
  vms_slice bytes;
  reader in;
  bool bad = false;
  int status = vms__bee_block_load(bee, pointer.seq, &block, error);
  if (status != VMS_OK) return status;
  in = over(vms__bee_block_index(block));
  for (uint64_t i = 0; next_level(&in, &bytes, &bad); i++) {
    if (i < pointer.offset) continue;
    if (!parse_level(bytes, level)) return vms__bee_corrupt(pointer.seq, "its index is malformed", error);
    return leads_back(level, pointer.seq) ? VMS_OK : vms__bee_corrupt(pointer.seq, "it leads to a block that is not older", error);
  }
  return vms__bee_corrupt(pointer.seq, "a node that is pointed to is not there", error);
}

int vms__bee_block_names(const vms__bee_block *block, uint64_t seq, bool *named, vms_error *error) {
  reader in = over(vms__bee_block_index(block));
  vms_slice bytes;
  bool bad = false;
  *named = false;
  while (next_level(&in, &bytes, &bad)) {
    vms__bee_level level;
    if (!parse_level(bytes, &level)) return vms__bee_corrupt(block->seq, "its index is malformed", error);
    for (uint32_t i = 0; i < level.key_count; i++)
      if (level.keys[i] == seq) *named = true;
  }
  return VMS_OK;
}

int vms__bee_search(vms_bee *bee, const struct vms__bee_work *work, const uint64_t *keys, uint32_t count, vms_slice key, uint32_t *at,
                    bool *equal, vms_error *error) {
  uint32_t low = 0, high = count;
  *equal = false;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    vms_slice found;
    int status = vms__bee_key_load(bee, work, keys[middle], &found, error), order;
    if (status != VMS_OK) return status;
    order = vms__bytes_compare(found, key);
    if (order == 0) {
      *equal = true;
      *at = middle;
      return VMS_OK;
    }
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  *at = low;
  return VMS_OK;
}
