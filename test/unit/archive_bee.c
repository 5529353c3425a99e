/* SPDX-License-Identifier: MIT */
/* Goal: a bee keeps the promises of its header: statuses, how many blocks it reads and appends, how much memory it keeps, what it
 * leaves behind when something fails; also on replicas that hold little, and over hostile blocks.
 * Method: small bees by hand; larger ones whose reads are counted by the trace; replicas that are fed what the trace names. */
#include "lib/archive/bee.h"
#include "lib/ledger/replica.h"
#include "test/support/storage.h"
#include "test/support/test.h"

typedef struct { vms_storage storage; vms_journal *journal; vms_core *core; vms_bee *bee; } tree;

static const vms_slice none = { NULL, 0 };

static int tree_make(tree *t, const vms_env *env, uint64_t cache_max) {
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  vms_bee_options options = VMS_BEE_OPTIONS_INIT;
  uint8_t seed[VMS_SEED_LEN], manifests[2][VMS_MANIFEST_LEN];
  int status;
  memset(t, 0, sizeof *t);
  options.env = journal_options.env = env;
  options.cache_max = cache_max;
  sim_keys(seed, manifests);
  assert_ok(vms_memory_open(&t->storage, NULL, NULL));
  status = vms_journal_create(&t->journal, &t->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 1, &journal_options, NULL);
  if (status != VMS_OK) return status;
  t->core = vms_journal_core(t->journal, 0);
  assert_ok(vms_journal_signer(t->journal, 0, seed, NULL));
  return vms_bee_open(&t->bee, t->core, &options, NULL);
}

static void tree_open(tree *t) { assert_ok(tree_make(t, NULL, 0)); }

static void tree_close(tree *t) {
  vms_bee_close(t->bee);
  if (t->journal != NULL) vms_journal_close(t->journal);
  vms_memory_close(&t->storage);
}

static vms_slice number_key(unsigned i, char text[16]) {
  snprintf(text, 16, "%08u", i);
  return vms__slice_of(text);
}

static void fill(tree *t, unsigned count) {
  char key[16];
  for (unsigned i = 0; i < count; i++) {
    unsigned n = (unsigned)((uint64_t)i * 7919 % count);
    assert_ok(vms_bee_put(t->bee, number_key(n, key), number_key(n, key), NULL));
  }
}

static int get(tree *t, const char *key, vms_bee_entry *entry) { return vms_bee_get(t->bee, 0, SLICE(key), entry, NULL); }

/* --- statuses ------------------------------------------------------------------------------------------ */

static void what_was_put_is_found_and_nothing_else(void **state) {
  vms_bee_entry entry;
  int deleted;
  tree t;
  (void)state;
  tree_open(&t);
  assert_int_equal(vms_bee_version(t.bee), 0);
  assert_int_equal(get(&t, "a", &entry), VMS_ERR_NOT_FOUND);
  assert_ok(vms_bee_put(t.bee, SLICE("a"), SLICE("1"), NULL));
  assert_int_equal(vms_bee_version(t.bee), 2); /* the header, one block */
  assert_ok(vms_bee_put(t.bee, SLICE(""), none, NULL));
  assert_ok(vms_bee_put(t.bee, SLICE("b"), VMS__TEXT(""), NULL));
  assert_ok(vms_bee_del(t.bee, SLICE("a"), NULL));
  assert_ok(vms_bee_del(t.bee, SLICE("nothing"), NULL));
  assert_int_equal(vms_bee_version(t.bee), 5);
  assert_int_equal(get(&t, "a", &entry), VMS_ERR_NOT_FOUND);
  assert_ok(vms_bee_get(t.bee, 4, SLICE("a"), &entry, NULL));
  assert_true(entry.seq == 1 && vms__slice_is(entry.value, "1"));
  assert_int_equal(vms_bee_get(t.bee, 1, SLICE("a"), &entry, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(get(&t, "", &entry));
  assert_true(entry.seq == 2 && entry.key.len == 0 && entry.value.data == NULL);
  assert_ok(get(&t, "b", &entry));
  assert_true(entry.value.data != NULL && entry.value.len == 0);
  assert_ok(vms_bee_change(t.bee, 4, &entry, &deleted, NULL));
  assert_true(deleted == 1 && vms__slice_is(entry.key, "a") && entry.value.data == NULL);
  assert_ok(vms_bee_change(t.bee, 2, &entry, &deleted, NULL));
  assert_int_equal(deleted, 0);
  assert_int_equal(vms_bee_change(t.bee, 0, &entry, &deleted, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_bee_change(t.bee, 5, &entry, &deleted, NULL), VMS_ERR_NOT_FOUND);
  tree_close(&t);
}

static void a_core_that_is_no_bee_is_refused(void **state) {
  vms_bee *bee;
  tree t;
  (void)state;
  tree_open(&t);
  assert_ok(vms_core_append(t.core, "hello", 5, NULL, NULL));
  assert_int_equal(vms_bee_open(&bee, t.core, NULL, NULL), VMS_ERR_CORRUPT);
  assert_null(bee);
  tree_close(&t);
}

static void what_does_not_fit_into_a_block_leaves_no_trace(void **state) {
  char *large = calloc(1, VMS_BLOCK_LEN_MAX);
  vms_bee_entry entry;
  tree t;
  (void)state;
  assert_non_null(large);
  tree_open(&t);
  assert_int_equal(vms_bee_put(t.bee, SLICE("a"), (vms_slice){ large, VMS_BLOCK_LEN_MAX }, NULL), VMS_ERR_LIMIT);
  assert_int_equal(vms_bee_put(t.bee, SLICE("a"), (vms_slice){ large, VMS_BLOCK_LEN_MAX - 8 }, NULL), VMS_ERR_LIMIT);
  assert_int_equal(vms_core_length(t.core), 0); /* the header neither */
  assert_ok(vms_bee_put(t.bee, SLICE("a"), (vms_slice){ large, VMS_BLOCK_LEN_MAX - 40 }, NULL));
  assert_ok(get(&t, "a", &entry));
  assert_int_equal(entry.value.len, VMS_BLOCK_LEN_MAX - 40);
  free(large);
  tree_close(&t);
}

static void what_a_call_gave_may_be_handed_to_the_next(void **state) {
  vms_bee_entry entry;
  char key[16];
  tree t;
  (void)state;
  assert_ok(tree_make(&t, NULL, 1)); /* a cache that keeps nothing */
  fill(&t, 500);
  for (unsigned i = 0; i < 500; i++) {
    uint64_t version = vms_bee_version(t.bee);
    assert_ok(vms_bee_get(t.bee, 0, number_key(i, key), &entry, NULL));
    assert_ok(vms_bee_get(t.bee, 0, entry.key, &entry, NULL));
    assert_ok(vms_bee_put(t.bee, entry.key, entry.value, NULL));
    assert_ok(vms_bee_get(t.bee, 0, number_key(i, key), &entry, NULL));
    assert_true(entry.seq == version && vms__slice_is(entry.value, key));
  }
  tree_close(&t);
}

/* --- how much is read ------------------------------------------------------------------------------------- */

typedef struct { uint8_t seen[70000]; unsigned count; } tally;

static void note(void *context, uint32_t core, uint64_t from, uint64_t to) {
  tally *blocks = context;
  assert_true(core == 0 && to == from + 1 && from < sizeof blocks->seen);
  blocks->count += blocks->seen[from]++ == 0;
}

static tally *count_of(vms_bee *bee) {
  static tally blocks;
  memset(&blocks, 0, sizeof blocks);
  bee->trace = note;
  bee->trace_context = &blocks;
  return &blocks;
}

static unsigned diff_all(vms_bee *bee, uint64_t older, uint64_t newer) {
  vms_bee_entry was, is;
  vms_bee_diff *diff;
  unsigned count = 0;
  int status;
  assert_ok(vms_bee_diff_open(&diff, bee, older, newer, NULL, NULL));
  while ((status = vms_bee_diff_next(diff, &was, &is, NULL)) == VMS_OK) count++;
  assert_int_equal(status, VMS_ERR_NOT_FOUND);
  vms_bee_diff_close(diff);
  return count;
}

static void a_read_touches_as_many_blocks_as_the_tree_is_deep(void **state) {
  enum { KEYS = 30000, DEEP = 7 /* 4 keys in every node at least */, COMPARED = 4 /* of 8 keys */ };
  vms_bee_cursor *cursor;
  vms_bee_entry entry;
  char key[16];
  tree t;
  (void)state;
  tree_open(&t);
  fill(&t, KEYS);
  for (unsigned i = 0; i < KEYS; i += 997) {
    tally *blocks = count_of(t.bee);
    vms_bee_range range = VMS_BEE_RANGE_INIT;
    range.from = number_key(i, key);
    assert_ok(vms_bee_get(t.bee, 0, range.from, &entry, NULL));
    assert_in_range(blocks->count, 2, DEEP * (1 + COMPARED));
    blocks = count_of(t.bee);
    assert_ok(vms_bee_cursor_open(&cursor, t.bee, 0, &range, NULL));
    assert_int_equal(blocks->count, 0);
    for (unsigned n = 0; n < 3; n++) assert_ok(vms_bee_cursor_next(cursor, &entry, NULL));
    vms_bee_cursor_close(cursor);
    assert_in_range(blocks->count, 2, DEEP * (1 + COMPARED) + 3 + DEEP);
    blocks = count_of(t.bee);
    assert_ok(vms_bee_put(t.bee, range.from, SLICE("new"), NULL));
    assert_in_range(blocks->count, 2, DEEP * (1 + COMPARED));
  }
  t.bee->trace = NULL;
  tree_close(&t);
}

static void a_diff_does_not_read_what_both_share(void **state) {
  enum { KEYS = 30000 };
  char key[16];
  uint64_t version;
  tree t;
  (void)state;
  tree_open(&t);
  fill(&t, KEYS);
  version = vms_bee_version(t.bee);
  assert_ok(vms_bee_put(t.bee, number_key(12345, key), SLICE("new"), NULL));
  tally *blocks = count_of(t.bee);
  assert_int_equal(diff_all(t.bee, version, version + 1), 1);
  assert_in_range(blocks->count, 2, 20);
  for (unsigned i = 0; i < 50; i++) assert_ok(vms_bee_del(t.bee, number_key(i * 599, key), NULL));
  for (unsigned i = 0; i < 50; i++) assert_ok(vms_bee_put(t.bee, number_key(KEYS + i, key), SLICE("1"), NULL));
  blocks = count_of(t.bee);
  assert_int_equal(diff_all(t.bee, version, 0), 101);
  assert_in_range(blocks->count, 100, 3000);
  blocks = count_of(t.bee);
  assert_int_equal(diff_all(t.bee, version, version), 0);
  assert_int_equal(blocks->count, 0);
  t.bee->trace = NULL;
  tree_close(&t);
}

/* --- how much is kept -------------------------------------------------------------------------------------- */

static void large_blocks_are_read_and_not_kept(void **state) {
  enum { LEN = 1 << 20, KEYS = 40 };
  char *value = calloc(1, LEN), key[16];
  vms_bee_options options = VMS_BEE_OPTIONS_INIT;
  vms_bee_cursor *cursor;
  vms_bee_entry entry;
  sim_memory memory;
  vms_bee *bee;
  tree t;
  (void)state;
  assert_non_null(value);
  tree_open(&t);
  for (unsigned i = 0; i < KEYS; i++) {
    memset(value, (int)i, LEN);
    assert_ok(vms_bee_put(t.bee, number_key(i, key), (vms_slice){ value, LEN }, NULL));
  }
  sim_memory_init(&memory);
  options.env = &memory.env;
  options.cache_max = 100000;
  assert_ok(vms_bee_open(&bee, t.core, &options, NULL));
  assert_ok(vms_bee_cursor_open(&cursor, bee, 0, NULL, NULL));
  for (unsigned i = 0; i < KEYS; i++) {
    assert_ok(vms_bee_cursor_next(cursor, &entry, NULL));
    assert_true(entry.value.len == LEN && entry.value.data[0] == (char)i && entry.value.data[LEN - 1] == (char)i);
    assert_true(memory.live < options.cache_max + 4 * LEN);
  }
  vms_bee_cursor_close(cursor);
  assert_int_equal(diff_all(bee, 1, 0), KEYS);
  assert_true(memory.live < options.cache_max + 4 * LEN);
  vms_bee_close(bee);
  assert_int_equal(memory.live, 0);
  free(value);
  tree_close(&t);
}

static void what_is_kept_is_bounded_in_bytes(void **state) {
  vms_bee_options options = VMS_BEE_OPTIONS_INIT;
  vms_bee_entry entry;
  sim_memory memory;
  char key[16];
  vms_bee *bee;
  tree t;
  (void)state;
  tree_open(&t);
  fill(&t, 5000);
  sim_memory_init(&memory);
  options.env = &memory.env;
  options.cache_max = 50000;
  assert_ok(vms_bee_open(&bee, t.core, &options, NULL));
  for (unsigned i = 0; i < 5000; i++) {
    assert_ok(vms_bee_get(bee, 0, number_key(i, key), &entry, NULL));
    assert_true(memory.live < options.cache_max + 20000); /* and a few buckets, the bee itself, one block too many */
  }
  vms_bee_close(bee);
  tree_close(&t);
}

/* --- replicas ------------------------------------------------------------------------------------------------- */

typedef struct { vms_core *core; vms_replica *replica; vms_bee *bee; uint64_t wanted; unsigned fetched; } far;

static void want(void *context, uint32_t core, uint64_t from, uint64_t to) {
  (void)core;
  (void)to;
  ((far *)context)->wanted = from;
}

static bool has_all(void *context, uint64_t seq) {
  (void)context;
  (void)seq;
  return true;
}

/* Answers whatever the replica asks for: a longer head, blocks that it was told to want. */
static void feed(far *f) {
  vms__peer_has has = { NULL, has_all, 0, vms_core_length(f->core), NULL };
  vms_proof_request request;
  while (vms__replica_next(f->replica, &has, &request)) {
    vms_buffer proof = VMS_BUFFER_INIT;
    assert_ok(vms_core_prove(f->core, &request, &proof, NULL));
    assert_ok(vms_replica_feed(f->replica, proof.data, proof.len, NULL));
    vms_buffer_free(&proof);
  }
}

/* Fetches what was missing; gives back whether to try again. */
static bool fetch(far *f, int status) {
  if (status != VMS_ERR_MISSING) return false;
  assert_false(vms_replica_has(f->replica, f->wanted));
  assert_ok(vms_replica_want(f->replica, f->wanted, f->wanted + 1, NULL));
  feed(f);
  assert_true(vms_replica_has(f->replica, f->wanted));
  f->fetched++;
  return true;
}

static void far_open(far *f, vms_core *core, uint64_t cache_max) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_bee_options bee_options = VMS_BEE_OPTIONS_INIT;
  uint8_t key[VMS_KEY_LEN];
  options.flags = VMS_REPLICA_SPARSE;
  bee_options.cache_max = cache_max;
  vms_core_key(core, key);
  *f = (far){ .core = core };
  assert_ok(vms_replica_open(&f->replica, key, &options, NULL));
  assert_ok(vms_bee_open_replica(&f->bee, f->replica, &bee_options, NULL));
  f->bee->trace = want;
  f->bee->trace_context = f;
}

static void far_close(far *f) {
  vms_bee_close(f->bee);
  vms_replica_close(f->replica);
}

static void walks_on_replicas_go_on_where_a_block_was_missing(void **state) {
  enum { KEYS = 3000 };
  vms_bee_entry entry, was;
  char key[16];
  tree t;
  (void)state;
  tree_open(&t);
  fill(&t, KEYS);
  assert_ok(vms_journal_commit(t.journal, VMS_COMMIT_SIGN, NULL));
  for (unsigned reverse = 0; reverse < 2; reverse++) {
    vms_bee_range range = VMS_BEE_RANGE_INIT;
    char to[16];
    vms_bee_cursor *cursor;
    unsigned count = 0;
    int status;
    far f;
    far_open(&f, t.core, reverse * 2000);
    assert_int_equal(vms_bee_version(f.bee), 0);
    assert_int_equal(vms_bee_get(f.bee, 0, SLICE("a"), &entry, NULL), VMS_ERR_NOT_FOUND);
    assert_int_equal(vms_bee_put(f.bee, SLICE("a"), none, NULL), VMS_ERR_UNSUPPORTED);
    assert_int_equal(vms_bee_del(f.bee, SLICE("a"), NULL), VMS_ERR_UNSUPPORTED);
    assert_int_equal(vms_bee_batch_begin(f.bee, NULL), VMS_ERR_UNSUPPORTED);
    feed(&f);
    range.flags = reverse;
    range.from = number_key(100, key);
    range.to = number_key(200, to);
    assert_ok(vms_bee_cursor_open(&cursor, f.bee, 0, &range, NULL));
    while ((status = vms_bee_cursor_next(cursor, &entry, NULL)) != VMS_ERR_NOT_FOUND) {
      if (fetch(&f, status)) continue;
      assert_ok(status);
      assert_true(vms__slice_is(entry.key, number_key(reverse ? 199 - count : 100 + count, key).data));
      count++;
    }
    assert_int_equal(count, 100);
    assert_in_range(f.fetched, 100, 250);
    vms_bee_cursor_close(cursor);
    far_close(&f);
  }
  uint64_t before = vms_bee_version(t.bee);
  far f;
  far_open(&f, t.core, 0);
  feed(&f);
  assert_ok(vms_bee_put(t.bee, number_key(1234, key), SLICE("new"), NULL)); /* a longer head, the bee stays open */
  assert_ok(vms_journal_commit(t.journal, VMS_COMMIT_SIGN, NULL));
  feed(&f);
  vms_bee_diff *diff;
  int status;
  unsigned count = 0;
  assert_ok(vms_bee_diff_open(&diff, f.bee, before, 0, NULL, NULL));
  while ((status = vms_bee_diff_next(diff, &was, &entry, NULL)) != VMS_ERR_NOT_FOUND) {
    if (fetch(&f, status)) continue;
    assert_ok(status);
    assert_true(vms__slice_is(was.value, "00001234") && vms__slice_is(entry.value, "new"));
    count++;
  }
  assert_int_equal(count, 1);
  assert_in_range(f.fetched, 2, 16);
  vms_bee_diff_close(diff);
  int deleted;
  while (fetch(&f, status = vms_bee_change(f.bee, 7, &entry, &deleted, NULL))) {}
  assert_ok(status);
  while (fetch(&f, status = vms_bee_get(f.bee, 0, SLICE("nowhere"), &entry, NULL))) {}
  assert_int_equal(status, VMS_ERR_NOT_FOUND);
  far_close(&f);
  tree_close(&t);
}

/* --- batches ------------------------------------------------------------------------------------------------------ */

static void a_batch_is_all_or_nothing(void **state) {
  char *large = calloc(1, VMS_BLOCK_LEN_MAX + 1);
  vms_bee_entry entry;
  vms_journal_mark mark;
  tree t;
  (void)state;
  tree_open(&t);
  assert_ok(vms_bee_batch_begin(t.bee, NULL)); /* an empty one appends nothing */
  assert_ok(vms_bee_batch_end(t.bee, NULL));
  assert_int_equal(vms_core_length(t.core), 0);
  assert_ok(vms_bee_batch_begin(t.bee, NULL));
  assert_ok(vms_bee_put(t.bee, SLICE("a"), SLICE("1"), NULL));
  assert_ok(vms_bee_put(t.bee, SLICE("b"), none, NULL));
  assert_ok(vms_bee_del(t.bee, SLICE("a"), NULL));
  assert_int_equal(get(&t, "a", &entry), VMS_ERR_NOT_FOUND);
  assert_ok(get(&t, "b", &entry));
  assert_true(entry.seq == 2 && entry.value.data == NULL);
  assert_int_equal(vms_core_length(t.core), 0);
  assert_ok(vms_bee_batch_end(t.bee, NULL));
  assert_int_equal(vms_core_length(t.core), 4);
  assert_ok(vms_bee_batch_begin(t.bee, NULL));
  assert_ok(vms_bee_put(t.bee, SLICE("c"), SLICE("1"), NULL));
  assert_int_equal(vms_bee_put(t.bee, SLICE("d"), (vms_slice){ large, VMS_BLOCK_LEN_MAX + 1 }, NULL), VMS_ERR_LIMIT);
  assert_int_equal(vms_bee_put(t.bee, SLICE("e"), none, NULL), VMS_ERR_LIMIT); /* it cannot be ended any more */
  assert_int_equal(get(&t, "c", &entry), VMS_ERR_LIMIT);
  assert_int_equal(vms_bee_batch_end(t.bee, NULL), VMS_ERR_LIMIT);
  assert_int_equal(vms_core_length(t.core), 4);
  assert_int_equal(get(&t, "c", &entry), VMS_ERR_NOT_FOUND);
  vms_journal_mark_take(t.journal, &mark);
  assert_ok(vms_bee_put(t.bee, SLICE("f"), none, NULL));
  assert_ok(vms_bee_batch_begin(t.bee, NULL));
  assert_ok(vms_bee_put(t.bee, SLICE("g"), none, NULL));
  vms_journal_rollback(t.journal, &mark); /* what the batch builds upon is gone */
  assert_int_equal(vms_bee_batch_end(t.bee, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_core_length(t.core), 4);
  vms_bee_batch_abort(t.bee);
  assert_ok(get(&t, "b", &entry));
  free(large);
  tree_close(&t);
}

/* Numbers of changes that are not appended are those of blocks that others append. */
static void a_batch_does_not_hide_what_others_append(void **state) {
  tree t;
  vms_bee *other;
  vms_bee_entry entry;
  vms_bee_cursor *cursor;
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  char key[16];
  (void)state;
  tree_open(&t);
  assert_ok(vms_bee_open(&other, t.core, NULL, NULL));
  assert_ok(vms_bee_put(t.bee, SLICE("a"), none, NULL));
  assert_ok(vms_bee_batch_begin(t.bee, NULL));
  assert_ok(vms_bee_put(t.bee, SLICE("y"), none, NULL));
  assert_ok(vms_bee_put(t.bee, SLICE("z"), none, NULL));
  for (unsigned i = 0; i < 4; i++) assert_ok(vms_bee_put(other, number_key(i, key), none, NULL));
  for (unsigned i = 0; i < 4; i++) assert_ok(vms_bee_get(t.bee, vms_bee_version(t.bee), number_key(i, key), &entry, NULL));
  range.from = number_key(1, key);
  assert_ok(vms_bee_cursor_open(&cursor, t.bee, 0, &range, NULL));
  assert_ok(vms_bee_cursor_next(cursor, &entry, NULL));
  assert_int_equal(entry.seq, 3);
  vms_bee_cursor_close(cursor);
  assert_int_equal(get(&t, "y", &entry), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_bee_put(t.bee, SLICE("x"), none, NULL), VMS_ERR_ARGUMENT);
  assert_int_equal(vms_bee_batch_end(t.bee, NULL), VMS_ERR_ARGUMENT);
  assert_ok(get(&t, "a", &entry));
  assert_ok(vms_bee_put(t.bee, SLICE("x"), none, NULL));
  assert_int_equal(vms_bee_version(other), 7);
  vms_bee_close(other);
  tree_close(&t);
}

/* --- hostile blocks --------------------------------------------------------------------------------------------------- */

static void append_node(vms_core *core, const vms__bee_level *level, const char *key) {
  vms_buffer block = VMS_BUFFER_INIT;
  uint8_t keys[64], children[64], bytes[2];
  size_t key_len = 0, child_len = 0;
  for (uint32_t i = 0; i < level->key_count; i++) keys[key_len++] = (uint8_t)level->keys[i];
  for (uint32_t i = 0; i < level->child_count; i++) {
    children[child_len++] = (uint8_t)level->children[i].seq;
    children[child_len++] = (uint8_t)level->children[i].offset;
  }
  assert_ok(vms_buffer_append(&block, (uint8_t[]){ 0x0a, (uint8_t)(6 + key_len + child_len), 0x0a, (uint8_t)(4 + key_len + child_len) }, 4));
  assert_ok(vms_buffer_append(&block, (uint8_t[]){ 0x0a, (uint8_t)key_len }, 2));
  assert_ok(vms_buffer_append(&block, keys, key_len));
  assert_ok(vms_buffer_append(&block, (uint8_t[]){ 0x12, (uint8_t)child_len }, 2));
  assert_ok(vms_buffer_append(&block, children, child_len));
  bytes[0] = 0x12;
  bytes[1] = (uint8_t)strlen(key);
  assert_ok(vms_buffer_append(&block, bytes, 2));
  assert_ok(vms_buffer_append(&block, key, strlen(key)));
  assert_ok(vms_core_append(core, block.data, block.len, NULL, NULL));
  vms_buffer_free(&block);
}

static void count_loads(void *context, uint32_t core, uint64_t from, uint64_t to) {
  (void)core;
  *(unsigned *)context += (unsigned)(to - from);
}

static int walk_all(vms_bee *bee, uint64_t version, uint32_t flags, unsigned *count) {
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  vms_bee_cursor *cursor;
  vms_bee_entry entry;
  int status;
  range.flags = flags;
  assert_ok(vms_bee_cursor_open(&cursor, bee, version, &range, NULL));
  for (*count = 0; (status = vms_bee_cursor_next(cursor, &entry, NULL)) == VMS_OK; (*count)++) assert_true(*count < 1000);
  vms_bee_cursor_close(cursor);
  return status;
}

/* Each node has the node before as all of its nine children: 9^30 ways through it. */
static void a_tree_that_shares_its_subtrees_is_refused_at_once(void **state) {
  enum { HIGH = 30 };
  vms_bee_entry was, is;
  vms_bee_diff *diff;
  unsigned count;
  tree t;
  (void)state;
  tree_open(&t);
  assert_ok(vms__bee_header_append(t.core, false, NULL));
  for (int i = 0; i < 2; i++) append_node(t.core, &(vms__bee_level){ .key_count = 1, .keys = { 1 } }, "a");
  for (uint64_t seq = 3; seq < 3 + 2 * HIGH; seq++) {
    vms__bee_level level = { .key_count = 8, .child_count = 9 };
    for (int i = 0; i < 9; i++) level.children[i].seq = seq - 2;
    for (int i = 0; i < 8; i++) level.keys[i] = 1;
    append_node(t.core, &level, "x");
  }
  assert_int_equal(walk_all(t.bee, 0, 0, &count), VMS_ERR_CORRUPT);
  assert_true(count < 3);
  assert_int_equal(walk_all(t.bee, 0, VMS_BEE_REVERSE, &count), VMS_ERR_CORRUPT);
  assert_true(count < 3);
  assert_ok(vms_bee_diff_open(&diff, t.bee, 2 + 2 * HIGH, 0, NULL, NULL)); /* two such trees, which have only their keys in common */
  assert_int_equal(vms_bee_diff_next(diff, &was, &is, NULL), VMS_ERR_CORRUPT);
  vms_bee_diff_close(diff);
  for (int i = 0; i < 100000; i++) assert_ok(vms_core_append(t.core, "", 0, NULL, NULL)); /* on a replica a length costs nothing */
  for (uint64_t seq = 1 + 2 * HIGH; seq < 3 + 2 * HIGH; seq++)
    append_node(t.core, &(vms__bee_level){ .key_count = 1, .child_count = 2, .keys = { 1 }, .children = { { seq, 0 }, { seq, 0 } } }, "x");
  t.bee->trace = count_loads;
  t.bee->trace_context = &count;
  count = 0;
  assert_ok(vms_bee_diff_open(&diff, t.bee, vms_bee_version(t.bee) - 1, 0, NULL, NULL));
  assert_int_equal(vms_bee_diff_next(diff, &was, &is, NULL), VMS_ERR_CORRUPT);
  assert_true(count < 2000);
  vms_bee_diff_close(diff);
  tree_close(&t);
}

static void a_tree_deeper_than_any_is_refused(void **state) {
  vms_bee_entry entry;
  unsigned count;
  tree t;
  (void)state;
  tree_open(&t);
  assert_ok(vms__bee_header_append(t.core, false, NULL));
  append_node(t.core, &(vms__bee_level){ .key_count = 1, .keys = { 1 } }, "m");
  for (uint64_t seq = 2; seq < 60; seq++)
    append_node(t.core, &(vms__bee_level){ .child_count = 1, .children = { { seq - 1, 0 } } }, "m");
  assert_int_equal(get(&t, "m", &entry), VMS_ERR_CORRUPT);
  assert_int_equal(walk_all(t.bee, 0, 0, &count), VMS_ERR_CORRUPT);
  assert_int_equal(vms_bee_put(t.bee, SLICE("m"), none, NULL), VMS_ERR_CORRUPT);
  assert_int_equal(vms_bee_del(t.bee, SLICE("m"), NULL), VMS_ERR_CORRUPT);
  assert_int_equal(vms_core_length(t.core), 60);
  append_node(t.core, &(vms__bee_level){ .child_count = 1, .children = { { 60, 0 } } }, "m"); /* its own child */
  assert_int_equal(get(&t, "m", &entry), VMS_ERR_CORRUPT);
  assert_int_equal(vms_bee_put(t.bee, SLICE("m"), none, NULL), VMS_ERR_CORRUPT);
  assert_int_equal(vms_bee_get(t.bee, 20, SLICE("m"), &entry, NULL), VMS_OK); /* shallow enough */
  tree_close(&t);
}

/* A varint's bytes behind a tag. */
static void add_field(vms_buffer *to, uint8_t tag, const vms_buffer *bytes) {
  assert_true(bytes->len < 1 << 14);
  assert_ok(vms_buffer_append(to, (uint8_t[]){ tag, (uint8_t)((bytes->len & 127) | 128), (uint8_t)(bytes->len >> 7) }, 3));
  assert_ok(vms_buffer_append(to, bytes->len == 0 ? "" : bytes->data, bytes->len));
}

static void add_unknown(vms_buffer *to, size_t count) {
  for (size_t i = 0; i < count; i++) assert_ok(vms_buffer_append(to, "\x28\x01", 2));
}

/* The key of block 1 alone, with so many unknown fields in the block, in its index and in the level. */
static int get_padded(size_t in_block, size_t in_index, size_t in_level) {
  vms_buffer level = VMS_BUFFER_INIT, index = VMS_BUFFER_INIT, block = VMS_BUFFER_INIT;
  vms_bee_entry entry;
  tree t;
  tree_open(&t);
  assert_ok(vms__bee_header_append(t.core, false, NULL));
  add_unknown(&level, in_level);
  assert_ok(vms_buffer_append(&level, "\x0a\x01\x01", 3));
  add_unknown(&index, in_index);
  add_field(&index, 0x0a, &level);
  add_field(&block, 0x0a, &index);
  assert_ok(vms_buffer_append(&block, "\x12\x01k", 3));
  add_unknown(&block, in_block);
  assert_ok(vms_core_append(t.core, block.data, block.len, NULL, NULL));
  int status = get(&t, "k", &entry);
  tree_close(&t);
  vms_buffer_free(&level);
  vms_buffer_free(&index);
  vms_buffer_free(&block);
  return status;
}

/* Each visit of a node decodes it again: a block of megabytes that nothing is in would keep a walk for hours. */
static void blocks_of_nothing_but_unknown_fields_are_refused(void **state) {
  (void)state;
  assert_int_equal(get_padded(0, 0, 0), VMS_OK);
  assert_int_equal(get_padded(254, 0, 0), VMS_OK);
  assert_int_equal(get_padded(255, 0, 0), VMS_ERR_CORRUPT);
  assert_int_equal(get_padded(0, 255, 0), VMS_OK);
  assert_int_equal(get_padded(0, 256, 0), VMS_ERR_CORRUPT);
  assert_int_equal(get_padded(0, 0, 510), VMS_OK);
  assert_int_equal(get_padded(0, 0, 511), VMS_ERR_CORRUPT);
}

/* --- no memory --------------------------------------------------------------------------------------------------------- */

static int live(tree *t, sim_memory *memory) {
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  vms_bee_cursor *cursor = NULL;
  vms_bee_diff *diff = NULL;
  vms_bee_entry entry, was;
  char key[16];
  int deleted, status = tree_make(t, &memory->env, 600);
  for (unsigned i = 0; i < 40 && status == VMS_OK; i++) {
    uint64_t length = vms_core_length(t->core);
    status = vms_bee_put(t->bee, number_key(i * 7 % 40, key), SLICE("value"), NULL);
    if (status != VMS_OK) assert_int_equal(vms_core_length(t->core), length);
  }
  for (unsigned i = 0; i < 30 && status == VMS_OK; i++) {
    uint64_t length = vms_core_length(t->core);
    status = vms_bee_del(t->bee, number_key(i, key), NULL);
    if (status != VMS_OK) assert_int_equal(vms_core_length(t->core), length);
  }
  if (status == VMS_OK) status = vms_bee_batch_begin(t->bee, NULL);
  if (status == VMS_OK) {
    uint64_t length = vms_core_length(t->core);
    for (unsigned i = 0; i < 100 && status == VMS_OK; i++) status = vms_bee_put(t->bee, number_key(i * 3, key), SLICE("value"), NULL);
    if (status == VMS_OK) status = vms_bee_get(t->bee, 0, number_key(3, key), &entry, NULL);
    if (status == VMS_OK) status = vms_bee_batch_end(t->bee, NULL);
    else vms_bee_batch_abort(t->bee);
    assert_int_equal(vms_core_length(t->core), status == VMS_OK ? length + 100 : length);
  }
  range.from = SLICE("00000005");
  if (status == VMS_OK) status = vms_bee_cursor_open(&cursor, t->bee, 0, &range, NULL);
  while (status == VMS_OK) status = vms_bee_cursor_next(cursor, &entry, NULL);
  vms_bee_cursor_close(cursor);
  if (status == VMS_ERR_NOT_FOUND) status = vms_bee_diff_open(&diff, t->bee, 30, 0, &range, NULL);
  while (status == VMS_OK) status = vms_bee_diff_next(diff, &was, &entry, NULL);
  vms_bee_diff_close(diff);
  if (status == VMS_ERR_NOT_FOUND) status = vms_bee_change(t->bee, 3, &entry, &deleted, NULL);
  return status;
}

static void a_difference_for_which_memory_lacked_gives_nothing_more(void **state) {
  uint64_t fail_at = 1;
  int status = VMS_ERR_NOMEM;
  (void)state;
  for (; status == VMS_ERR_NOMEM; fail_at++) {
    vms_bee_options options = VMS_BEE_OPTIONS_INIT;
    vms_bee_entry was, is;
    vms_bee_diff *diff;
    sim_memory memory;
    vms_bee *bee;
    char key[16];
    tree t;
    tree_open(&t);
    sim_memory_init(&memory);
    options.env = &memory.env;
    assert_ok(vms_bee_open(&bee, t.core, &options, NULL));
    for (unsigned i = 0; i < 10; i++) assert_ok(vms_bee_put(bee, number_key(i % 5, key), none, NULL));
    assert_ok(vms_bee_diff_open(&diff, bee, 6, 0, NULL, NULL));
    memory.fail_at = memory.calls + fail_at;
    while ((status = vms_bee_diff_next(diff, &was, &is, NULL)) == VMS_OK) assert_true(was.seq != 0 && is.seq != 0);
    if (status == VMS_ERR_NOMEM) assert_int_equal(vms_bee_diff_next(diff, &was, &is, NULL), VMS_ERR_NOT_FOUND);
    vms_bee_diff_close(diff);
    vms_bee_close(bee);
    tree_close(&t);
  }
  assert_int_equal(status, VMS_ERR_NOT_FOUND);
  assert_true(fail_at > 3);
}

static void every_allocation_may_fail(void **state) {
  uint64_t calls;
  (void)state;
  for (uint64_t n = 0;; n++) {
    sim_memory memory;
    tree t;
    sim_memory_init(&memory);
    memory.fail_at = n;
    int status = live(&t, &memory);
    assert_int_equal(status, n == 0 || memory.calls < n ? VMS_OK : VMS_ERR_NOMEM);
    calls = memory.calls;
    memory.fail_at = 0;
    tree_close(&t);
    assert_int_equal(memory.live, 0);
    if (n > 0 && calls < n) break;
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_was_put_is_found_and_nothing_else),
    cmocka_unit_test(a_core_that_is_no_bee_is_refused),
    cmocka_unit_test(what_does_not_fit_into_a_block_leaves_no_trace),
    cmocka_unit_test(what_a_call_gave_may_be_handed_to_the_next),
    cmocka_unit_test(a_read_touches_as_many_blocks_as_the_tree_is_deep),
    cmocka_unit_test(a_diff_does_not_read_what_both_share),
    cmocka_unit_test(large_blocks_are_read_and_not_kept),
    cmocka_unit_test(what_is_kept_is_bounded_in_bytes),
    cmocka_unit_test(walks_on_replicas_go_on_where_a_block_was_missing),
    cmocka_unit_test(a_batch_is_all_or_nothing),
    cmocka_unit_test(a_batch_does_not_hide_what_others_append),
    cmocka_unit_test(a_tree_that_shares_its_subtrees_is_refused_at_once),
    cmocka_unit_test(a_tree_deeper_than_any_is_refused),
    cmocka_unit_test(blocks_of_nothing_but_unknown_fields_are_refused),
    cmocka_unit_test(a_difference_for_which_memory_lacked_gives_nothing_more),
    cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
