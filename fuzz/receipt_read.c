/* SPDX-License-Identifier: MIT */
/* Question: can whoever sends a receipt, an answer to vms.proof or evidence crash its reader, make it say what the host did not sign, or make it
 * accuse an honest host?
 *
 * The first byte says how the rest is meant:
 *   TEXT   the text itself.
 *   EDITS  changes to the nodes of an honest host's receipt, answer or evidence, three bytes each: where, what, how much.
 *   LIAR   a record that a host signs although it may not: how many blocks come before and behind it, then its text. */
#include <stdlib.h>

#include "lib/service/internal.h"

enum { TEXT, EDITS, LIAR, MODES };
enum { NODES = 64, CALLS = 21 };

static vms_service *service;
static vms_storage storage;
static uint8_t secret[VMS_SEED_LEN] = { 9 };

static void check(bool holds) {
  if (!holds) abort();
}

static uint64_t now(void *context) {
  (void)context;
  return UINT64_C(1700000000000);
}
static const vms_env env = { sizeof env, 0, NULL, NULL, now, NULL };

/* --- an honest host --------------------------------------------------------------------------------------- */

static void call(uint64_t number, const vms_head *seen) {
  vms_request request = { .nonce = number + 1, .until_ms = now(NULL), .seen_length = seen->length, .method = VMS__TEXT("f"), .params = VMS__TEXT("[\"x\"]") };
  uint8_t seed[VMS_SEED_LEN] = { 1 }, key[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN];
  vms_buffer text = VMS_BUFFER_INIT;
  vms_outcome outcome;
  memcpy(request.seen_hash, seen->tree_hash, VMS_HASH_LEN);
  vms_service_key(service, VMS_CORE_LEDGER, request.ledger);
  vms_key_public(seed, key);
  check(vms_request_write(&text, &request, NULL) == VMS_OK && vms_request_sign(vms__buf_view(&text), seed, signature) == VMS_OK);
  vms_outcome_init(&outcome, NULL);
  check(vms_service_call(service, vms__buf_view(&text), key, signature, &outcome) == VMS_OK && outcome.kind == VMS_OUTCOME_RESULT);
  vms_outcome_free(&outcome);
  vms_buffer_free(&text);
}

static vms_core *ledger(void) { return vms_service_core(service, VMS_CORE_LEDGER); }

/* A ledger in which calls had seen what was long ago. */
static void begin(void) {
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms_head head;
  if (service != NULL) return;
  options.env = &env;
  check(vms_memory_open(&storage, NULL, NULL) == VMS_OK);
  check(vms_service_deploy(&service, &storage, secret, VMS__TEXT("exports.f = x => x\n"), &options, NULL, NULL) == VMS_OK);
  for (uint64_t i = 0; i < CALLS; i++) {
    check(vms_core_head(ledger(), &head, NULL) == VMS_OK);
    call(i, &head);
    if (i % 4 == 3) check(vms_service_commit(service, VMS_COMMIT_SIGN, NULL) == VMS_OK);
  }
  check(vms_service_commit(service, VMS_COMMIT_SIGN, NULL) == VMS_OK);
}

/* --- what must hold ---------------------------------------------------------------------------------------- */

/* Nobody has this host's key: whatever it is made to look like, it has not lied. */
static void no_accusation(vms_slice text) {
  uint8_t key[VMS_KEY_LEN];
  vms_verdict verdict;
  vms_service_key(service, VMS_CORE_LEDGER, key);
  vms_verdict_init(&verdict, NULL);
  if (vms_evidence_check(text, NULL, &verdict, NULL) == VMS_OK) check(verdict.verdict != VMS_VERDICT_FINDING || memcmp(verdict.ledger, key, sizeof key) != 0);
  vms_verdict_free(&verdict);
}

static void read_all(vms_slice text) {
  vms_buffer scratch = VMS_BUFFER_INIT;
  vms_receipt receipt;
  vms_growth growth;
  vms_error error;
  (void)vms_receipt_read(text, &scratch, &receipt, &error);
  (void)vms_growth_read(text, &growth, &error);
  no_accusation(text);
  vms_buffer_free(&scratch);
}

/* A receipt that is read says what the ledger says. */
static void receipt_is_true(vms_slice text) {
  vms_buffer scratch = VMS_BUFFER_INIT, record = VMS_BUFFER_INIT;
  vms_receipt receipt;
  uint8_t hash[VMS_HASH_LEN];
  if (vms_receipt_read(text, &scratch, &receipt, NULL) == VMS_OK) {
    check(vms_service_record(service, receipt.seq, &record, NULL) == VMS_OK && vms__slice_equal(vms__buf_view(&record), receipt.record));
    vms_core_tree_hash(ledger(), receipt.seq, hash);
    check(memcmp(hash, receipt.before, sizeof hash) == 0 && receipt.seen_fits && receipt.signature_fits);
  }
  vms_buffer_free(&scratch);
  vms_buffer_free(&record);
}

/* Two heads of an honest host, and an answer that somebody changed. */
static void growth_is_no_evidence(vms_slice text, uint64_t from) {
  vms_head longer;
  vms_growth growth;
  uint8_t hash[VMS_HASH_LEN];
  check(vms_core_head(ledger(), &longer, NULL) == VMS_OK);
  if (vms_growth_read(text, &growth, NULL) == VMS_OK && memcmp(growth.hash, longer.tree_hash, VMS_HASH_LEN) == 0 && growth.length == longer.length) {
    vms_core_tree_hash(ledger(), from, hash);
    vms__growth_read read = { .env = NULL };
    check(vms__growth_take(text, &read, NULL) == VMS_OK);
    if (read.from == from) check(vms_cover_judge(&read.walk.covers[0], read.walk.has_next[0] ? &read.walk.next[0] : NULL, hash) != 0);
  }
}

/* --- EDITS --------------------------------------------------------------------------------------------------- */

typedef struct list { vms_node nodes[NODES]; size_t count; } list;

static void edit(list *l, size_t at, unsigned what, unsigned much) {
  vms_node kept;
  if (l->count < 2) return;
  at %= l->count;
  size_t next = (at + 1) % l->count;
  switch (what % 8) {
    case 0: memmove(&l->nodes[at], &l->nodes[at + 1], (l->count - at - 1) * sizeof kept); l->count--; break;
    case 1:
      if (l->count == NODES) return;
      memmove(&l->nodes[at + 1], &l->nodes[at], (l->count - at) * sizeof kept);
      l->count++;
      break;
    case 2: kept = l->nodes[at]; l->nodes[at] = l->nodes[next]; l->nodes[next] = kept; break;
    case 3: l->nodes[at].index = (UINT64_C(1) << much % 53) + much / 53 - 1; break;
    case 4: l->nodes[at].size = (UINT64_C(1) << much % 54) - 1; break;
    case 5: l->nodes[at].hash[much % VMS_HASH_LEN] ^= (uint8_t)much; break;
    case 6: l->nodes[at] = l->nodes[much % l->count]; break;
    default: /* no parent's hash notices */
      if (l->nodes[at].size < much) return;
      l->nodes[at].size -= much;
      l->nodes[next].size += much;
      break;
  }
}

/* The text with its nodes changed. */
static void edited(vms_slice text, const uint8_t *edits, size_t count, vms_buffer *out) {
  const char *iterator = NULL;
  vms_slice nodes, each, value, name;
  list l = { .count = 0 };
  check(vms__json_member(text, "nodes", &nodes));
  while (l.count < NODES && vms__json_next(nodes, &iterator, &name, &each)) {
    vms_node *node = &l.nodes[l.count++];
    check(vms__json_member(each, "index", &value) && vms__uint_decode(value, &node->index) && vms__json_member(each, "size", &value) && vms__uint_decode(value, &node->size));
    check(vms__json_member(each, "hash", &value) && vms__hex_decode((vms_slice){ value.data + 1, value.len - 2 }, node->hash, VMS_HASH_LEN));
  }
  for (; count >= 3; count -= 3, edits += 3) edit(&l, edits[0], edits[1], edits[2]);
  check(vms_buffer_append(out, text.data, (size_t)(nodes.data - text.data)) == VMS_OK);
  for (size_t i = 0; i < l.count; i++) {
    check(vms__buf_format(out, "%s{\"index\":%llu,\"size\":%llu,\"hash\":\"", i == 0 ? "[" : ",", (unsigned long long)l.nodes[i].index, (unsigned long long)l.nodes[i].size) == VMS_OK);
    check(vms__buf_hex(out, l.nodes[i].hash, VMS_HASH_LEN) == VMS_OK && vms__buf_text(out, "\"}") == VMS_OK);
  }
  check(vms__buf_text(out, l.count == 0 ? "[]" : "]") == VMS_OK);
  check(vms_buffer_append(out, nodes.data + nodes.len, text.len - (size_t)(nodes.data + nodes.len - text.data)) == VMS_OK);
}

static void run_edits(const uint8_t *data, size_t size) {
  vms_buffer text = VMS_BUFFER_INIT, changed = VMS_BUFFER_INIT;
  uint64_t length = vms_service_length(service), which;
  if (size < 2) return;
  which = data[1] % length;
  if (data[0] % 2 == 0) check(vms_service_receipt(service, VMS__MAX(which, 2), &text, NULL) == VMS_OK);
  else check(vms_service_proof(service, data[0] % 4 == 1 ? UINT64_MAX : which, which + 1, 0, &text, NULL) == VMS_OK);
  edited(vms__buf_view(&text), data + 2, size - 2, &changed);
  read_all(vms__buf_view(&changed));
  if (data[0] % 2 == 0) receipt_is_true(vms__buf_view(&changed));
  else growth_is_no_evidence(vms__buf_view(&changed), which + 1);
  vms_buffer_free(&text);
  vms_buffer_free(&changed);
}

/* --- LIAR -------------------------------------------------------------------------------------------------------- */

/* It signs, and has to answer for it: its receipt is read, or is no receipt of a call, and is judged. */
static void run_liar(const uint8_t *data, size_t size) {
  uint8_t seed[VMS_SEED_LEN] = { 5 }, public_key[VMS_KEY_LEN], manifest[1][VMS_MANIFEST_LEN];
  vms_storage memory;
  vms_journal *journal;
  vms_buffer json = VMS_BUFFER_INIT, scratch = VMS_BUFFER_INIT;
  vms_receipt receipt;
  vms_verdict verdict;
  vms_head head;
  if (size < 2) return;
  uint64_t before = data[0] % 20, behind = data[1] % 20;
  vms_slice record = { (const char *)data + 2, size - 2 };
  vms_key_public(seed, public_key);
  vms_manifest_default(public_key, manifest[0]);
  check(vms_memory_open(&memory, NULL, NULL) == VMS_OK);
  check(vms_journal_create(&journal, &memory, (const uint8_t(*)[VMS_MANIFEST_LEN])manifest, 1, NULL, NULL) == VMS_OK);
  check(vms_journal_signer(journal, 0, seed, NULL) == VMS_OK);
  vms_core *core = vms_journal_core(journal, 0);
  for (uint64_t i = 0; i <= before + behind; i++) check(vms_core_append(core, i == before ? record.data : "block", i == before ? record.len : 5, NULL, NULL) == VMS_OK);
  check(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL) == VMS_OK && vms_core_head(core, &head, NULL) == VMS_OK);
  int status = vms__receipt_write_proof(&json, core, &head, before, record, NULL);
  check(status == VMS_OK || (status == VMS_ERR_CORRUPT && !vms__utf8_valid(record.data, record.len)));
  if (status == VMS_OK) {
    status = vms_receipt_read(vms__buf_view(&json), &scratch, &receipt, NULL);
    check(status == VMS_OK || status == VMS_ERR_FORM);
    vms_verdict_init(&verdict, NULL);
    check(vms_evidence_check(vms__buf_view(&json), NULL, &verdict, NULL) == VMS_OK);
    if (status == VMS_OK && receipt.has_signature) check((receipt.seen_fits && receipt.signature_fits) || verdict.verdict == VMS_VERDICT_FINDING);
    vms_verdict_free(&verdict);
  }
  vms_journal_close(journal);
  vms_memory_close(&memory);
  vms_buffer_free(&json);
  vms_buffer_free(&scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  begin();
  switch (data[0] % MODES) {
    case TEXT: read_all((vms_slice){ (const char *)data + 1, size - 1 }); break;
    case EDITS: run_edits(data + 1, size - 1); break;
    default: run_liar(data + 1, size - 1); break;
  }
  return 0;
}
