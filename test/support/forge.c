/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* strdup */
#include "forge.h"

#include "lib/ledger/internal.h"
#include "lib/service/internal.h"

int forged_setup(void **state) {
  static forged f;
  memset(&f, 0, sizeof f);
  world_init(&f.w);
  f.w.options.flags = VMS_SERVICE_ANONYMOUS;
  f.options = (vms_audit_options)VMS_AUDIT_OPTIONS_INIT;
  *state = &f;
  return 0;
}

static void release(forged *f) {
  for (size_t c = 0; c < VMS_CORE_COUNT; c++)
    while (f->count[c] > 0) vms_buffer_free(&f->blocks[c][--f->count[c]]);
}

int forged_teardown(void **state) {
  release(*state);
  vms_buffer_free(&((forged *)*state)->evidence);
  world_deinit(&((forged *)*state)->w);
  return 0;
}

/* --- taking apart, putting together ------------------------------------------------------------------------ */

void take_apart(forged *f) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  release(f);
  options.flags = VMS_JOURNAL_READ_ONLY;
  assert_ok(vms_journal_open(&journal, &f->w.storage, &options, NULL));
  for (uint32_t c = 0; c < VMS_CORE_COUNT; c++) {
    vms_core *core = vms_journal_core(journal, c);
    for (uint64_t seq = 0; seq < vms_core_length(core); seq++) {
      vms_buffer *block = &f->blocks[c][f->count[c]++];
      vms_buffer_init(block, NULL);
      assert_ok(vms_core_read(core, seq, block, NULL));
    }
  }
  vms_journal_close(journal);
}

vms_journal *put_together(forged *f, vms_storage *storage) {
  static const char *const purposes[] = { "vms ledger", "vms archive", "vms archive" };
  uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN], seed[VMS_SEED_LEN], key[VMS_KEY_LEN];
  vms_journal *journal;
  for (uint32_t c = 0; c < 2; c++) {
    vms_key_derive(f->w.secret, purposes[c], seed);
    vms_key_public(seed, key);
    vms_manifest_default(key, manifests[c]);
  }
  vms_manifest_blobs(manifests[1], manifests[2]);
  assert_ok(vms_memory_open(storage, NULL, NULL));
  assert_ok(vms_journal_create(&journal, storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, VMS_CORE_COUNT, NULL, NULL));
  for (uint32_t c = 0; c < VMS_CORE_COUNT; c++) {
    vms_key_derive(f->w.secret, purposes[c], seed);
    assert_ok(vms_journal_signer(journal, c, seed, NULL));
    for (size_t i = 0; i < f->count[c]; i++)
      assert_ok(vms_core_append(vms_journal_core(journal, c), f->blocks[c][i].data == NULL ? "" : f->blocks[c][i].data, f->blocks[c][i].len, NULL, NULL));
  }
  assert_ok(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL));
  return journal;
}

/* Evidence, if there is any, tells a stranger that this record breaks a rule, perhaps another one that it breaks as well. */
static void check_evidence(forged *f) {
  vms_verdict alone;
  if (f->evidence.len == 0) return;
  vms_verdict_init(&alone, NULL);
  if (vms_evidence_check(vms__buf_view(&f->evidence), NULL, &alone, &f->w.error) != VMS_OK) fail_msg("%s", f->w.error.message);
  assert_int_equal(alone.verdict, VMS_VERDICT_FINDING);
  assert_true(alone.seq == f->w.verdict.seq);
  vms_verdict_free(&alone);
}

void judge(forged *f) {
  vms_storage storage;
  vms_journal *journal = put_together(f, &storage);
  vms_verdict_free(&f->w.verdict);
  vms_verdict_init(&f->w.verdict, NULL);
  vms__buf_clear(&f->evidence);
  f->options.evidence = &f->evidence;
  if (vms_audit(journal, &f->options, &f->w.verdict, &f->w.error) != VMS_OK) fail_msg("%s", f->w.error.message);
  check_evidence(f);
  vms_journal_close(journal);
  vms_memory_close(&storage);
}

void expect(forged *f, const char *lie, const char *kind, uint64_t seq) {
  judge(f);
  const vms_verdict *v = &f->w.verdict;
  if (strcmp(v->kind.len == 0 ? "ok" : v->kind.data, kind) != 0 || v->seq != seq)
    fail_msg("%s: %s at %llu (%s; expected %s, found %s) instead of %s at %llu", lie, v->kind.len == 0 ? "ok" : v->kind.data, (unsigned long long)v->seq,
             v->message.len == 0 ? "" : v->message.data, v->expected.len == 0 ? "-" : v->expected.data, v->found.len == 0 ? "-" : v->found.data, kind,
             (unsigned long long)seq);
}

/* --- changing ------------------------------------------------------------------------------------------------ */

void set_block(forged *f, size_t seq, const char *text) {
  vms_buffer *block = &f->blocks[VMS_CORE_LEDGER][seq];
  vms__buf_clear(block);
  assert_ok(vms__buf_text(block, text));
}

void drop_record(forged *f, size_t seq) {
  vms_buffer *blocks = f->blocks[VMS_CORE_LEDGER];
  vms_buffer_free(&blocks[seq]);
  memmove(&blocks[seq], &blocks[seq + 1], (--f->count[VMS_CORE_LEDGER] - seq) * sizeof blocks[0]);
}

void copy_record(forged *f, size_t from, size_t to) {
  vms_buffer *blocks = f->blocks[VMS_CORE_LEDGER], copy = VMS_BUFFER_INIT;
  assert_ok(vms__buf_slice(&copy, vms__buf_view(&blocks[from])));
  memmove(&blocks[to + 1], &blocks[to], (f->count[VMS_CORE_LEDGER]++ - to) * sizeof blocks[0]);
  blocks[to] = copy;
}

/* Replaces the first `from`. */
void edit(forged *f, size_t seq, const char *from, const char *to) {
  vms_buffer *block = &f->blocks[VMS_CORE_LEDGER][seq];
  const char *at = strstr(block->data, from);
  if (at == NULL) fail_msg("record %zu has no %s: %s", seq, from, block->data);
  char *rest = strdup(at + strlen(from));
  block->len = (size_t)(at - block->data);
  assert_ok(vms__buf_text(block, to));
  assert_ok(vms__buf_text(block, rest));
  free(rest);
}

/* Signs record seq's request anew, as caller number `who`, after a change. */
void sign_again(forged *f, size_t seq, int who, void (*change)(forged *f, vms_request *request)) {
  vms_buffer scratch = VMS_BUFFER_INIT, text = VMS_BUFFER_INIT, copy = VMS_BUFFER_INIT;
  vms__record record;
  vms_request request;
  uint8_t seed[VMS_SEED_LEN] = { (uint8_t)who };
  assert_ok(vms__buf_slice(&copy, vms__buf_view(&f->blocks[VMS_CORE_LEDGER][seq])));
  assert_ok(vms__record_scan(vms__buf_view(&copy), &scratch, &record, NULL));
  assert_ok(vms_request_read(record.request, &request, NULL));
  change(f, &request);
  assert_ok(vms_request_write(&text, &request, NULL));
  record.request = vms__buf_view(&text);
  assert_ok(vms_request_sign(record.request, seed, record.signature));
  vms__buf_clear(&f->blocks[VMS_CORE_LEDGER][seq]);
  assert_ok(vms__record_write(&f->blocks[VMS_CORE_LEDGER][seq], &record));
  vms_buffer_free(&scratch);
  vms_buffer_free(&text);
  vms_buffer_free(&copy);
}
