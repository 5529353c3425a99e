/* SPDX-License-Identifier: MIT */
/* Goal: our B-tree is npm's Hyperbee, block for block, and reads what npm wrote.
 * Method: carry out the operations of hyperbee.json, batches too, compare length after each and every block at the end; copy the blocks
 * of every case into a core and walk it. The file is read with our own scanner: keys hold NUL characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "json.h"
#include "lib/archive/internal.h"
#include "test/support/storage.h"

typedef struct { sim_disk disk; vms_journal *journal; vms_core *core; vms_bee *bee; } tree;

static void tree_open(tree *t) {
  uint8_t seed[VMS_SEED_LEN], manifest[1][VMS_MANIFEST_LEN], key[VMS_KEY_LEN];
  memset(seed, 1, sizeof seed);
  vms_key_public(seed, key);
  vms_manifest_default(key, manifest[0]);
  sim_disk_init(&t->disk);
  assert_int_equal(vms_journal_create(&t->journal, &t->disk.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, NULL, NULL), VMS_OK);
  t->core = vms_journal_core(t->journal, 0);
  assert_int_equal(vms_bee_open(&t->bee, t->core, NULL, NULL), VMS_OK);
}

static void tree_close(tree *t) {
  vms_bee_close(t->bee);
  vms_journal_close(t->journal);
  sim_disk_deinit(&t->disk);
}

static vms_slice member(vms_slice object, const char *name) {
  vms_slice value = { NULL, 0 };
  if (!vms__json_member(object, name, &value)) fail_msg("no member %s", name);
  return value;
}

/* The text of element i; data is NULL for null. */
static vms_buffer text_of(vms_slice array, size_t i) {
  vms_buffer text = VMS_BUFFER_INIT;
  vms_slice raw;
  assert_true(vms__json_element(array, i, &raw));
  if (vms__slice_is(raw, "null")) return text;
  assert_int_equal(vms_buffer_append(&text, "", 0), VMS_OK); /* empty is not null */
  assert_int_equal(vms__json_unescape((vms_slice){ raw.data + 1, raw.len - 2 }, &text), VMS_OK);
  return text;
}

static void carry_out(tree *t, vms_slice op);

static void carry_out_batch(tree *t, vms_slice ops) {
  const char *at = NULL;
  vms_slice name, op;
  assert_int_equal(vms_bee_batch_begin(t->bee, NULL), VMS_OK);
  while (vms__json_next(ops, &at, &name, &op)) carry_out(t, op);
  assert_int_equal(vms_bee_batch_end(t->bee, NULL), VMS_OK);
}

static void carry_out(tree *t, vms_slice op) {
  vms_slice batch;
  if (op.data[0] == '{') {
    assert_true(vms__json_member(op, "batch", &batch));
    carry_out_batch(t, batch);
    return;
  }
  vms_buffer key = text_of(op, 1), value = VMS_BUFFER_INIT;
  vms_slice name;
  assert_true(vms__json_element(op, 0, &name));
  if (vms__slice_is(name, "\"put\"")) {
    value = text_of(op, 2);
    assert_int_equal(vms_bee_put(t->bee, vms__buf_view(&key), vms__buf_view(&value), NULL), VMS_OK);
  } else assert_int_equal(vms_bee_del(t->bee, vms__buf_view(&key), NULL), VMS_OK);
  vms_buffer_free(&key);
  vms_buffer_free(&value);
}

static void expect_blocks(vms_slice blocks, vms_core *core) {
  const char *at = NULL;
  vms_slice name, hex;
  uint64_t seq = 0;
  for (; vms__json_next(blocks, &at, &name, &hex); seq++) {
    vms_buffer block = VMS_BUFFER_INIT, found = VMS_BUFFER_INIT;
    assert_int_equal(vms_core_read(core, seq, &block, NULL), VMS_OK);
    assert_int_equal(vms__buf_hex(&found, block.data, block.len), VMS_OK);
    if (found.len != hex.len - 2 || memcmp(found.data, hex.data + 1, found.len) != 0)
      fail_msg("block %u is %s, not %.*s", (unsigned)seq, found.data, (int)hex.len, hex.data);
    vms_buffer_free(&block);
    vms_buffer_free(&found);
  }
  assert_int_equal(seq, vms_core_length(core));
}

static void expect_entries(vms_slice entries, tree *t) {
  const char *at = NULL;
  vms_slice name, row;
  vms_bee_cursor *cursor;
  vms_bee_entry entry;
  uint64_t version = vms_core_length(t->core);
  assert_int_equal(vms_bee_cursor_open(&cursor, t->bee, version, NULL, NULL), VMS_OK);
  while (vms__json_next(entries, &at, &name, &row)) {
    vms_buffer key = text_of(row, 0), value = text_of(row, 1);
    vms_slice seq;
    uint64_t number = 0;
    assert_true(vms__json_element(row, 2, &seq) && vms__uint_decode(seq, &number));
    for (int way = 0; way < 2; way++) { /* by walking, by looking up */
      if (way == 0) assert_int_equal(vms_bee_cursor_next(cursor, &entry, NULL), VMS_OK);
      else assert_int_equal(vms_bee_get(t->bee, version, vms__buf_view(&key), &entry, NULL), VMS_OK);
      assert_int_equal(entry.seq, number);
      assert_true(vms__slice_equal(entry.key, vms__buf_view(&key)));
      assert_true((entry.value.data == NULL) == (value.data == NULL));
      assert_true(vms__slice_equal(entry.value, vms__buf_view(&value)));
    }
    vms_buffer_free(&key);
    vms_buffer_free(&value);
  }
  assert_int_equal(vms_bee_cursor_next(cursor, &entry, NULL), VMS_ERR_NOT_FOUND);
  vms_bee_cursor_close(cursor);
}

static void expect_tree_hash(vms_slice hash, vms_core *core) {
  uint8_t found[VMS_HASH_LEN], wanted[VMS_HASH_LEN];
  vms_core_tree_hash(core, vms_core_length(core), found);
  assert_true(vms__hex_decode((vms_slice){ hash.data + 1, hash.len - 2 }, wanted, sizeof wanted));
  assert_memory_equal(found, wanted, sizeof found);
}

static void each_case(void (*check)(vms_slice one)) {
  size_t len, count = 0;
  char *text = vector_text("test/vectors/hyperbee.json", &len);
  vms_slice name, one, cases = member((vms_slice){ text, len }, "cases");
  const char *at = NULL;
  for (; vms__json_next(cases, &at, &name, &one); count++) check(one);
  assert_int_equal(count, 14);
  free(text);
}

static void write_one(vms_slice one) {
  const char *op_at = NULL, *length_at = NULL;
  vms_slice name, op, length, ops = member(one, "ops"), lengths = member(one, "lengths");
  tree t;
  tree_open(&t);
  if (vms__slice_is(member(one, "name"), "\"metadata\"")) { /* its header names a core of contents */
    uint8_t header[64];
    vms_slice hex;
    assert_true(vms__json_element(member(one, "blocks"), 0, &hex) && hex.len / 2 - 1 <= sizeof header);
    assert_true(vms__hex_decode((vms_slice){ hex.data + 1, hex.len - 2 }, header, hex.len / 2 - 1));
    assert_int_equal(vms_core_append(t.core, header, hex.len / 2 - 1, NULL, NULL), VMS_OK);
  }
  while (vms__json_next(ops, &op_at, &name, &op)) {
    uint64_t wanted = 0;
    carry_out(&t, op);
    assert_true(vms__json_next(lengths, &length_at, &name, &length) && vms__uint_decode(length, &wanted));
    assert_int_equal(vms_core_length(t.core), wanted);
  }
  expect_blocks(member(one, "blocks"), t.core);
  expect_tree_hash(member(one, "treeHash"), t.core);
  expect_entries(member(one, "entries"), &t);
  tree_close(&t);
}

static void read_one(vms_slice one) {
  const char *at = NULL;
  vms_slice name, hex, blocks = member(one, "blocks");
  const uint8_t *feed;
  vms_buffer header = VMS_BUFFER_INIT;
  tree t;
  tree_open(&t);
  while (vms__json_next(blocks, &at, &name, &hex)) {
    uint8_t block[4096];
    assert_true(hex.len / 2 - 1 <= sizeof block);
    assert_true(vms__hex_decode((vms_slice){ hex.data + 1, hex.len - 2 }, block, hex.len / 2 - 1));
    assert_int_equal(vms_core_append(t.core, block, hex.len / 2 - 1, NULL, NULL), VMS_OK);
  }
  expect_entries(member(one, "entries"), &t);
  assert_int_equal(vms__bee_header_read(&t.bee->source, &header, &feed, NULL), VMS_OK);
  assert_true((feed != NULL) == vms__slice_is(member(one, "name"), "\"metadata\""));
  vms_buffer_free(&header);
  tree_close(&t);
}

static void every_operation_appends_the_blocks_of_npm(void **state) {
  (void)state;
  each_case(write_one);
}

static void trees_written_by_npm_can_be_read(void **state) {
  (void)state;
  each_case(read_one);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_operation_appends_the_blocks_of_npm),
    cmocka_unit_test(trees_written_by_npm_can_be_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
