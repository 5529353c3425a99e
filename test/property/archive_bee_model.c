/* SPDX-License-Identifier: MIT */
/* Goal: whatever is done to a bee, it is what a plain sorted map is, in every version it ever had.
 * Method: OPS random changes (100,000 if the environment says nothing), alone and in batches, with snapshots, rollbacks and restarts in
 * between, on a bee with a small cache and on a table of keys in order. Gets, walks over ranges both ways and differences are
 * derived from the table alone. Keys are odd: empty, zero bytes, 255s, prefixes of each other, thousands of bytes. */
#include "lib/archive/bee.h"
#include "test/support/storage.h"
#include "test/support/test.h"

enum { KEYS = 1200, SNAPSHOTS = 12, BATCH_MAX = 80 };

typedef struct { uint64_t seq; uint32_t value; } cell; /* seq 0: not there */
typedef struct { uint64_t version; cell cells[KEYS]; } table;
typedef struct { uint32_t key, value; bool deleted, batched; } step; /* what a block did */

typedef struct {
  vms_storage storage;
  vms_journal *journal;
  vms_core *core;
  vms_bee *bee;
  uint8_t seed[VMS_SEED_LEN], manifests[2][VMS_MANIFEST_LEN];
  uint64_t random;
  table now, durable, marked, snapshots[SNAPSHOTS];
  uint32_t snapshot_count;
  bool has_mark;
  vms_journal_mark mark;
  step *steps; /* by block number */
  size_t steps_capacity;
  uint64_t done, batches, restarts, rollbacks, emptied, diffs, walks;
} world;

static vms_buffer keys[KEYS]; /* in order */

static uint64_t below(world *w, uint64_t n) { return sim_random(&w->random) % n; }

/* --- keys and values ----------------------------------------------------------------------------------- */

static int compare_keys(const void *a, const void *b) {
  return vms__bytes_compare(vms__buf_view(a), vms__buf_view(b));
}

static void add_odd_bytes(world *w, vms_buffer *key, size_t len) {
  static const uint8_t odd[] = { 0, 255, 1, 'a', '/', 128 };
  for (size_t i = 0; i < len; i++) assert_ok(vms__buf_byte(key, odd[below(w, sizeof odd)]));
}

static void make_key(world *w, uint32_t i, vms_buffer *key) {
  vms_buffer_init(key, NULL);
  assert_ok(vms_buffer_append(key, "", 0));
  if (i == 0) return; /* the empty key */
  switch (below(w, 8)) {
    case 0: add_odd_bytes(w, key, 1 + below(w, 6)); break;
    case 1: /* an earlier key and a little more */
      assert_ok(vms__buf_slice(key, vms__buf_view(&keys[below(w, i)])));
      add_odd_bytes(w, key, 1 + below(w, 3));
      break;
    case 2:
      if (below(w, 10) == 0) add_odd_bytes(w, key, 1000 + below(w, 4000));
      else add_odd_bytes(w, key, 20 + below(w, 40));
      break;
    default: assert_ok(vms__buf_format(key, "files/%06u", (unsigned)below(w, 1000000)));
  }
}

static void make_keys(world *w) {
  for (uint32_t i = 0; i < KEYS; i++) {
    bool taken = true;
    while (taken) {
      make_key(w, i, &keys[i]);
      taken = false;
      for (uint32_t k = 0; k < i && !taken; k++) taken = vms__slice_equal(vms__buf_view(&keys[k]), vms__buf_view(&keys[i]));
      if (taken) vms_buffer_free(&keys[i]);
    }
  }
  qsort(keys, KEYS, sizeof keys[0], compare_keys);
}

static vms_slice key_of(uint32_t i) { return vms__buf_view(&keys[i]); }

/* The bytes that a value's number stands for: absent, empty, short, now and then long. */
static vms_slice value_of(uint32_t number) {
  static char bytes[4096];
  size_t len = number % 64 == 0 ? 4096 : number % 8;
  if (number % 8 == 1) return (vms_slice){ NULL, 0 };
  if (number % 8 == 2) len = 0;
  memset(bytes, 'a' + (int)(number % 26), sizeof bytes);
  if (len >= 4) memcpy(bytes, &number, 4);
  return (vms_slice){ bytes, len };
}

static bool is_value(vms_slice found, uint32_t number) {
  vms_slice wanted = value_of(number);
  return (found.data == NULL) == (wanted.data == NULL) && vms__slice_equal(found, wanted);
}

static void expect_entry(const vms_bee_entry *entry, uint32_t key, const cell *wanted) {
  if (entry->seq != wanted->seq || !vms__slice_equal(entry->key, key_of(key)) || !is_value(entry->value, wanted->value))
    fail_msg("key %u is of block %llu, not %llu", key, (unsigned long long)entry->seq, (unsigned long long)wanted->seq);
}

/* --- opening, closing ------------------------------------------------------------------------------------ */

static void bee_ready(world *w) {
  vms_bee_options options = VMS_BEE_OPTIONS_INIT;
  options.cache_max = below(w, 3) == 0 ? 4096 : below(w, 2) == 0 ? 100000 : 0;
  w->core = vms_journal_core(w->journal, 0);
  assert_ok(vms_journal_signer(w->journal, 0, w->seed, NULL));
  assert_ok(vms_bee_open(&w->bee, w->core, &options, NULL));
}

/* Only snapshots of blocks that are still there. */
static void snapshots_cut(world *w) {
  uint32_t kept = 0;
  for (uint32_t i = 0; i < w->snapshot_count; i++)
    if (w->snapshots[i].version <= w->now.version) w->snapshots[kept++] = w->snapshots[i];
  w->snapshot_count = kept;
}

static void restart(world *w) {
  vms_bee_close(w->bee);
  vms_journal_close(w->journal);
  assert_ok(vms_journal_open(&w->journal, &w->storage, NULL, NULL));
  bee_ready(w);
  w->now = w->durable;
  w->has_mark = false;
  w->restarts++;
  snapshots_cut(w);
  assert_int_equal(vms_bee_version(w->bee), w->now.version);
}

static void commit(world *w) {
  assert_ok(vms_journal_commit(w->journal, VMS_COMMIT_SIGN, NULL));
  w->durable = w->now;
  w->has_mark = false;
}

static void mark_or_return(world *w) {
  if (!w->has_mark) {
    vms_journal_mark_take(w->journal, &w->mark);
    w->marked = w->now;
  } else {
    vms_journal_rollback(w->journal, &w->mark);
    w->now = w->marked;
    w->rollbacks++;
    snapshots_cut(w);
  }
  w->has_mark = !w->has_mark;
}

static void snapshot(world *w) {
  if (w->now.version == 0) return; /* which stands for the newest */
  uint32_t i = w->snapshot_count < SNAPSHOTS ? w->snapshot_count++ : (uint32_t)below(w, SNAPSHOTS);
  w->snapshots[i] = w->now;
}

/* --- changing ----------------------------------------------------------------------------------------------- */

/* What it was before matters to the table alone: whether there will be a block. */
static void change(world *w, uint32_t key, bool put, bool batched) {
  uint32_t value = (uint32_t)sim_random(&w->random);
  cell *at = &w->now.cells[key];
  uint64_t seq = VMS__MAX(w->now.version, 1);
  w->done++;
  w->now.version = seq; /* the header comes with the first change, whatever it is */
  if (put) assert_ok(vms_bee_put(w->bee, key_of(key), value_of(value), NULL));
  else assert_ok(vms_bee_del(w->bee, key_of(key), NULL));
  if (!put && at->seq == 0) return;
  *at = put ? (cell){ seq, value } : (cell){ 0, 0 };
  w->now.version = seq + 1;
  if (seq >= w->steps_capacity) assert_ok(vms__grow(NULL, &w->steps, &w->steps_capacity, w->steps_capacity, 1, sizeof *w->steps));
  w->steps[seq] = (step){ key, value, !put, batched };
}

/* Keys that lie together now and then, so that nodes next to each other grow and shrink. */
static uint32_t some_key(world *w) {
  static uint32_t near;
  if (below(w, 40) == 0) near = (uint32_t)below(w, KEYS);
  return below(w, 3) == 0 ? (near + (uint32_t)below(w, 30)) % KEYS : (uint32_t)below(w, KEYS);
}

/* It grows, holds, shrinks to nothing, and again. */
static bool is_put(world *w) {
  static const unsigned puts[] = { 80, 50, 30, 90, 55, 10, 3, 50 };
  return below(w, 100) < puts[w->done / 1500 % (sizeof puts / sizeof puts[0])];
}

static void batch(world *w) {
  static table before;
  uint64_t count = below(w, 10) == 0 ? 1 : below(w, BATCH_MAX), version = vms_bee_version(w->bee);
  bool abort = below(w, 6) == 0;
  before = w->now;
  assert_ok(vms_bee_batch_begin(w->bee, NULL));
  for (uint64_t i = 0; i < count; i++) {
    vms_bee_entry entry;
    uint32_t key = some_key(w);
    change(w, key, is_put(w), true);
    if (below(w, 4) != 0) continue;
    key = some_key(w);
    int status = vms_bee_get(w->bee, 0, key_of(key), &entry, NULL);
    assert_int_equal(status, w->now.cells[key].seq == 0 ? VMS_ERR_NOT_FOUND : VMS_OK);
    if (status == VMS_OK) expect_entry(&entry, key, &w->now.cells[key]);
    assert_int_equal(vms_bee_version(w->bee), version);
  }
  w->batches++;
  if (!abort) {
    assert_ok(vms_bee_batch_end(w->bee, NULL));
    return;
  }
  vms_bee_batch_abort(w->bee);
  w->now = before;
}

/* --- asking -------------------------------------------------------------------------------------------------- */

static const table *some_version(world *w) {
  return w->snapshot_count == 0 || below(w, 2) == 0 ? &w->now : &w->snapshots[below(w, w->snapshot_count)];
}

static uint64_t version_of(world *w, const table *t) { return t == &w->now && below(w, 2) == 0 ? 0 : t->version; }

static void expect_get(world *w) {
  const table *t = some_version(w);
  vms_bee_entry entry;
  uint32_t key = some_key(w);
  int status = vms_bee_get(w->bee, version_of(w, t), key_of(key), &entry, NULL);
  assert_int_equal(status, t->cells[key].seq == 0 ? VMS_ERR_NOT_FOUND : VMS_OK);
  if (status == VMS_OK) expect_entry(&entry, key, &t->cells[key]);
}

static void expect_change(world *w) {
  vms_bee_entry entry;
  int deleted;
  uint64_t seq = below(w, w->now.version + 2);
  int status = vms_bee_change(w->bee, seq, &entry, &deleted, NULL);
  assert_int_equal(status, seq == 0 || seq >= w->now.version ? VMS_ERR_NOT_FOUND : VMS_OK);
  if (status != VMS_OK) return;
  const step *made = &w->steps[seq];
  cell wanted = { seq, made->deleted ? 1 : made->value }; /* 1: no value */
  expect_entry(&entry, made->key, &wanted);
  if (!made->batched || value_of(wanted.value).data != NULL) assert_int_equal(deleted, made->deleted);
}

/* A range, and from it which keys belong to it: low..high-1. A bound may lie between two keys. */
static vms_bee_range some_range(world *w, uint32_t *low, uint32_t *high) {
  static vms_buffer between[2];
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  uint32_t a = some_key(w), b = below(w, 3) == 0 ? some_key(w) : (a + (uint32_t)below(w, 60)) % KEYS;
  range.flags = (uint32_t)below(w, 8);
  *low = 0;
  *high = KEYS;
  for (int end = 0; end < 2; end++) {
    uint32_t key = end == 0 ? a : b;
    bool exact = below(w, 4) != 0, included = end == 0 ? (range.flags & VMS_BEE_AFTER) == 0 : (range.flags & VMS_BEE_THROUGH) != 0;
    if (below(w, 8) == 0) continue; /* open */
    vms__buf_clear(&between[end]);
    assert_ok(vms_buffer_append(&between[end], keys[key].data, keys[key].len));
    if (!exact) assert_ok(vms__buf_byte(&between[end], 0)); /* right behind it */
    exact = exact || (key + 1 < KEYS && vms__slice_equal(vms__buf_view(&between[end]), key_of(key + 1)) && ++key > 0);
    if (end == 0) *low = exact && included ? key : key + 1;
    else *high = exact && !included ? key : key + 1;
    *(end == 0 ? &range.from : &range.to) = vms__buf_view(&between[end]);
  }
  return range;
}

static void expect_walk(world *w) {
  const table *t = some_version(w);
  uint32_t low, high, seen = 0;
  vms_bee_range range = some_range(w, &low, &high);
  bool reverse = (range.flags & VMS_BEE_REVERSE) != 0;
  vms_bee_cursor *cursor;
  vms_bee_entry entry;
  assert_ok(vms_bee_cursor_open(&cursor, w->bee, version_of(w, t), &range, NULL));
  for (uint32_t n = low; n < high; n++) {
    uint32_t key = reverse ? high - 1 - (n - low) : n;
    if (t->cells[key].seq == 0) continue;
    if (seen++ > 100 && below(w, 500) == 0) goto enough;
    assert_ok(vms_bee_cursor_next(cursor, &entry, NULL));
    expect_entry(&entry, key, &t->cells[key]);
  }
  assert_int_equal(vms_bee_cursor_next(cursor, &entry, NULL), VMS_ERR_NOT_FOUND);
  assert_int_equal(vms_bee_cursor_next(cursor, &entry, NULL), VMS_ERR_NOT_FOUND);
enough:
  vms_bee_cursor_close(cursor);
  w->walks++;
}

static void expect_side(const vms_bee_entry *entry, uint32_t key, const cell *wanted) {
  if (wanted->seq != 0) expect_entry(entry, key, wanted);
  else assert_true(entry->seq == 0 && entry->key.data == NULL && entry->value.data == NULL);
}

static void expect_diff(world *w) {
  const table *older = some_version(w), *newer = some_version(w);
  uint32_t low, high;
  vms_bee_range range = some_range(w, &low, &high);
  bool reverse = (range.flags & VMS_BEE_REVERSE) != 0;
  vms_bee_diff *diff;
  vms_bee_entry was, is;
  assert_ok(vms_bee_diff_open(&diff, w->bee, version_of(w, older), version_of(w, newer), &range, NULL));
  for (uint32_t n = low; n < high; n++) {
    uint32_t key = reverse ? high - 1 - (n - low) : n;
    if (older->cells[key].seq == newer->cells[key].seq) continue;
    assert_ok(vms_bee_diff_next(diff, &was, &is, NULL));
    expect_side(&was, key, &older->cells[key]);
    expect_side(&is, key, &newer->cells[key]);
  }
  assert_int_equal(vms_bee_diff_next(diff, &was, &is, NULL), VMS_ERR_NOT_FOUND);
  vms_bee_diff_close(diff);
  w->diffs++;
}

/* --- the test ---------------------------------------------------------------------------------------------------- */

static void world_open(world *w) {
  memset(w, 0, sizeof *w);
  w->random = sim_seed() + 11;
  sim_keys(w->seed, w->manifests);
  make_keys(w);
  assert_ok(vms_memory_open(&w->storage, NULL, NULL));
  assert_ok(vms_journal_create(&w->journal, &w->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])w->manifests, 1, NULL, NULL));
  bee_ready(w);
}

static void world_close(world *w) {
  vms_bee_close(w->bee);
  vms_journal_close(w->journal);
  vms_memory_close(&w->storage);
  free(w->steps);
  for (uint32_t i = 0; i < KEYS; i++) vms_buffer_free(&keys[i]);
}

static bool is_empty(const world *w) {
  for (uint32_t i = 0; i < KEYS; i++)
    if (w->now.cells[i].seq != 0) return false;
  return true;
}

static void one_round(world *w) {
  switch (below(w, 100)) {
    case 0: case 1: batch(w); break;
    case 2: snapshot(w); break;
    case 3: mark_or_return(w); break;
    case 4: commit(w); break;
    case 5: if (below(w, 30) == 0) restart(w); break;
    case 6: case 7: case 8: expect_walk(w); break;
    case 9: case 10: expect_diff(w); break;
    case 11: expect_change(w); break;
    default:
      if (below(w, 3) == 0) expect_get(w);
      change(w, some_key(w), is_put(w), false);
      assert_int_equal(vms_bee_version(w->bee), w->now.version);
  }
}

static void empty_it(world *w) {
  for (uint32_t i = 0; i < KEYS; i++)
    if (w->now.cells[i].seq != 0) change(w, i, false, false);
  assert_true(is_empty(w));
  w->emptied++;
}

static void bees_are_sorted_maps_in_every_version(void **state) {
  static world w;
  const char *ops = getenv("OPS");
  uint64_t wanted = ops != NULL ? strtoull(ops, NULL, 10) : 100000, due = 12000;
  (void)state;
  world_open(&w);
  while (w.done < wanted) {
    one_round(&w);
    if (w.done < due) continue;
    due += 12000;
    empty_it(&w);
  }
  print_message("%llu changes, %llu blocks, %llu batches, %llu walks, %llu diffs, %llu rollbacks, %llu restarts, %llu times empty\n",
                (unsigned long long)w.done, (unsigned long long)w.now.version, (unsigned long long)w.batches, (unsigned long long)w.walks,
                (unsigned long long)w.diffs, (unsigned long long)w.rollbacks, (unsigned long long)w.restarts, (unsigned long long)w.emptied);
  world_close(&w);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(bees_are_sorted_maps_in_every_version) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
