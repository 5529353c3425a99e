/* SPDX-License-Identifier: MIT */
/* Hyperbee: an append-only B-tree in a core (doc/ledger-format.md, "Archive"). Reading.
 *
 * Blocks are hostile: pointers must lead to blocks that are not newer, counts must fit, depth is bounded, and a walk
 * demands ascending keys, so that a tree which shares its subtrees is refused instead of being walked for ever. */
#include "internal.h"

static_assert(sizeof(vms__bee_block) % _Alignof(vms__bee_level) == 0, "levels lie behind the struct");

static int corrupt(uint64_t seq, const char *what, vms_error *error) {
  return vms__fail(error, VMS_ERR_CORRUPT, seq, "bee block %llu: %s", (unsigned long long)seq, what);
}

/* --- protobuf ------------------------------------------------------------------------------------- */

typedef struct { const uint8_t *at, *end; } reader;

typedef struct { uint64_t number; unsigned type; vms_slice bytes; } field; /* bytes of a field of type 2 */

static bool read_varint(reader *in, uint64_t *n) {
  *n = 0;
  for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
    uint8_t byte = *in->at++;
    if (shift == 63 && byte > 1) return false;
    *n |= (uint64_t)(byte & 127) << shift;
    if (byte < 128) return true;
  }
  return false;
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
  memset(level, 0, sizeof *level);
  while (read_field(&in, &part, &bad)) {
    if (part.number == 1 && (part.type != 2 || !parse_keys(part.bytes, level))) return false;
    if (part.number == 2 && (part.type != 2 || !parse_children(part.bytes, level))) return false;
  }
  return !bad && (level->child_count == 0 || level->child_count == level->key_count + 1);
}

/* Goes through the levels of an index; fills `levels` if it is not NULL. */
static bool parse_index(vms_slice index, vms__bee_level *levels, uint32_t *count) {
  reader in = over(index);
  field part;
  bool bad = false;
  *count = 0;
  while (read_field(&in, &part, &bad)) {
    if (part.number != 1) continue;
    if (part.type != 2 || *count == VMS__BEE_LEVELS_MAX) return false;
    if (levels != NULL && !parse_level(part.bytes, &levels[*count])) return false;
    (*count)++;
  }
  return !bad;
}

static bool parse_block(vms_slice bytes, vms_slice *index, vms_slice *key, vms_slice *value) {
  reader in = over(bytes);
  field part;
  bool bad = false, has_index = false;
  *key = VMS__TEXT("");
  *value = (vms_slice){ NULL, 0 };
  while (read_field(&in, &part, &bad)) {
    if (part.number < 1 || part.number > 3) continue;
    if (part.type != 2) return false;
    if (part.number == 1) {
      *index = part.bytes;
      has_index = true;
    } else if (part.number == 2) *key = part.bytes;
    else *value = part.bytes;
  }
  return !bad && has_index;
}

int vms__source_read(const vms__source *source, uint64_t seq, vms_buffer *block, vms_error *error) {
  int status;
  if (seq >= vms__source_length(source)) return corrupt(seq, "it is pointed to, but missing", error);
  if (source->core != NULL) return vms_core_read(source->core, seq, block, error);
  status = vms_replica_read(source->replica, seq, block, error);
  return status != VMS_ERR_NOT_FOUND ? status : vms__fail(error, VMS_ERR_MISSING, seq, "block %llu is not here", (unsigned long long)seq);
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
  return bad || !named ? corrupt(0, "it is not the header of a Hyperbee", error) : VMS_OK;
}

int vms__bee_header_append(vms_core *core, bool drive, vms_error *error) {
  static const char bytes[] = "\x0a\x08" "hyperbee" "\x12\x00";
  return vms_core_append(core, bytes, drive ? 12 : 10, NULL, error);
}

/* --- blocks ------------------------------------------------------------------------------------------ */

static void block_free(const vms_env *env, vms__bee_block *block) {
  if (block != NULL) vms__free(env, block, block->alloc_len);
}

int vms__bee_init(vms_bee *bee, vms__source source, const vms_env *env, vms_error *error) {
  *bee = (vms_bee){ .source = source, .env = env };
  bee->cache = vms__alloc(env, VMS__BEE_CACHE * sizeof *bee->cache);
  return bee->cache == NULL ? vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory") : VMS_OK;
}

static int block_decode(vms_bee *bee, uint64_t seq, vms_slice bytes, vms__bee_block **decoded, vms_error *error) {
  vms_slice index, key, value;
  vms__bee_block *block;
  uint32_t count;
  size_t len;
  char *copy;
  if (!parse_block(bytes, &index, &key, &value) || !parse_index(index, NULL, &count))
    return corrupt(seq, "it is malformed", error);
  len = sizeof *block + count * sizeof block->levels[0] + key.len + value.len + 1; /* parts of one block: no wrap */
  block = vms__alloc(bee->env, len);
  if (block == NULL) return vms__fail(error, VMS_ERR_NOMEM, seq, "out of memory");
  block->seq = seq;
  block->alloc_len = len;
  if (!parse_index(index, block->levels, &block->level_count)) {
    block_free(bee->env, block);
    return corrupt(seq, "its index is malformed", error);
  }
  copy = (char *)&block->levels[count];
  if (key.len > 0) memcpy(copy, key.data, key.len);
  block->key = (vms_slice){ copy, key.len };
  if (value.data != NULL) {
    if (value.len > 0) memcpy(copy + key.len, value.data, value.len);
    block->value = (vms_slice){ copy + key.len, value.len };
  }
  *decoded = block;
  return VMS_OK;
}

/* A block of the tree; borrowed until the next load. */
static int block_load(vms_bee *bee, uint64_t seq, vms__bee_block **found, vms_error *error) {
  vms__bee_block **slot = &bee->cache[seq % VMS__BEE_CACHE], *block = NULL;
  vms_buffer bytes;
  vms__node leaf = { 0 }; /* a replica's blocks never change */
  int status;
  if (bee->trace != NULL) bee->trace(bee->trace_context, 0, seq, seq + 1);
  if (bee->source.core != NULL && !vms__core_node(bee->source.core, 2 * seq, &leaf))
    return corrupt(seq, "it is pointed to, but missing", error);
  if (*slot != NULL && (*slot)->seq == seq && memcmp((*slot)->hash, leaf.hash, sizeof leaf.hash) == 0) {
    *found = *slot;
    return VMS_OK;
  }
  vms_buffer_init(&bytes, bee->env);
  status = vms__source_read(&bee->source, seq, &bytes, error);
  if (status == VMS_OK) status = block_decode(bee, seq, vms__buf_view(&bytes), &block, error);
  vms_buffer_free(&bytes);
  if (status != VMS_OK) return status;
  memcpy(block->hash, leaf.hash, sizeof leaf.hash);
  block_free(bee->env, *slot);
  *slot = *found = block;
  return VMS_OK;
}

/* Copies the node that `pointer`, found in block `holder`, leads to. */
int vms__bee_level_load(vms_bee *bee, uint64_t holder, vms__bee_pointer pointer, vms__bee_level *level, vms_error *error) {
  vms__bee_block *block;
  int status;
  if (pointer.seq == 0 || pointer.seq > holder) return corrupt(holder, "a child that is not older", error);
  status = block_load(bee, pointer.seq, &block, error);
  if (status != VMS_OK) return status;
  if (pointer.offset >= block->level_count) return corrupt(holder, "a child that does not exist", error);
  *level = block->levels[pointer.offset];
  return VMS_OK;
}

int vms__bee_key_load(vms_bee *bee, uint64_t holder, uint64_t seq, vms_bee_entry *entry, vms_error *error) {
  vms__bee_block *block;
  int status;
  if (seq == 0 || seq > holder) return corrupt(holder, "a key that is not older", error);
  status = block_load(bee, seq, &block, error);
  if (status == VMS_OK) *entry = (vms_bee_entry){ seq, block->key, block->value };
  return status;
}

/* Finds the first key of a node that is >= key. */
int vms__bee_search(vms_bee *bee, uint64_t holder, const uint64_t *keys, uint32_t count, vms_slice key, uint32_t *at,
                    bool *equal, vms_error *error) {
  uint32_t low = 0, high = count;
  *equal = false;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    vms_bee_entry entry;
    int status = vms__bee_key_load(bee, holder, keys[middle], &entry, error), order;
    if (status != VMS_OK) return status;
    order = vms__bytes_compare(entry.key, key);
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

int vms_bee_get(vms_bee *bee, uint64_t version, vms_slice key, vms_bee_entry *entry, vms_error *error) {
  vms__bee_pointer pointer = { version - 1, 0 };
  uint64_t holder = version - 1;
  assert(version <= vms__source_length(&bee->source));
  if (version < 2) return VMS_ERR_NOT_FOUND;
  for (uint32_t depth = 0; depth < VMS__BEE_DEPTH_MAX; depth++) {
    vms__bee_level level;
    uint32_t at;
    bool equal;
    int status = vms__bee_level_load(bee, holder, pointer, &level, error);
    if (status != VMS_OK) return status;
    holder = pointer.seq;
    status = vms__bee_search(bee, holder, level.keys, level.key_count, key, &at, &equal, error);
    if (status != VMS_OK) return status;
    if (equal) return vms__bee_key_load(bee, holder, level.keys[at], entry, error);
    if (level.child_count == 0) return VMS_ERR_NOT_FOUND;
    pointer = level.children[at];
  }
  return corrupt(version - 1, "the tree is too deep", error);
}

/* --- walking ------------------------------------------------------------------------------------------- */

/* Pushes the node behind `pointer` and the ones below it on the way to the first key >= from. */
static int descend(vms__bee_cursor *cursor, uint64_t holder, vms__bee_pointer pointer, vms_slice from, vms_error *error) {
  for (;;) {
    bool equal;
    int status;
    if (cursor->depth == VMS__BEE_DEPTH_MAX) return corrupt(holder, "the tree is too deep", error);
    vms__bee_level *level = &cursor->stack[cursor->depth].level;
    uint32_t *at = &cursor->stack[cursor->depth].at;
    status = vms__bee_level_load(cursor->bee, holder, pointer, level, error);
    if (status != VMS_OK) return status;
    cursor->stack[cursor->depth].seq = holder = pointer.seq;
    status = vms__bee_search(cursor->bee, holder, level->keys, level->key_count, from, at, &equal, error);
    if (status != VMS_OK) return status;
    cursor->depth++;
    if (equal || level->child_count == 0) return VMS_OK;
    pointer = level->children[*at];
  }
}

int vms__bee_seek(vms__bee_cursor *cursor, vms_bee *bee, uint64_t version, vms_slice from, vms_error *error) {
  assert(version <= vms__source_length(&bee->source));
  cursor->bee = bee;
  cursor->depth = 0;
  cursor->started = false;
  vms_buffer_init(&cursor->last, bee->env);
  if (version < 2) return VMS_OK;
  return descend(cursor, version - 1, (vms__bee_pointer){ version - 1, 0 }, from, error);
}

int vms__bee_next(vms__bee_cursor *cursor, vms_bee_entry *entry, vms_error *error) {
  int status;
  while (cursor->depth > 0) {
    uint32_t top = cursor->depth - 1, at = cursor->stack[top].at;
    const vms__bee_level *level = &cursor->stack[top].level;
    uint64_t seq = cursor->stack[top].seq, key = level->keys[VMS__MIN(at, VMS__BEE_KEYS_MAX - 1)];
    if (at >= level->key_count) {
      cursor->depth--;
      continue;
    }
    cursor->stack[top].at++;
    if (level->child_count > 0) { /* an empty key comes before every other: go to the leftmost leaf */
      status = descend(cursor, seq, level->children[at + 1], VMS__TEXT(""), error);
      if (status != VMS_OK) return status;
    }
    status = vms__bee_key_load(cursor->bee, seq, key, entry, error);
    if (status != VMS_OK) return status;
    if (cursor->started && vms__bytes_compare(vms__buf_view(&cursor->last), entry->key) >= 0)
      return corrupt(seq, "its keys do not ascend", error);
    cursor->started = true;
    vms__buf_clear(&cursor->last);
    if (vms__buf_slice(&cursor->last, entry->key) != VMS_OK)
      return vms__fail(error, VMS_ERR_NOMEM, seq, "out of memory");
    return VMS_OK;
  }
  return VMS_ERR_NOT_FOUND;
}

void vms__bee_cursor_deinit(vms__bee_cursor *cursor) { vms_buffer_free(&cursor->last); }
