/* SPDX-License-Identifier: MIT */
/* Texts that prove to a stranger that a host broke the rules: nothing in them counts but what the host's own signature covers. Format:
 * doc/protocol.md, "Evidence". */
#include "internal.h"

/* --- writing ------------------------------------------------------------------------------------------ */

/* Up to where the nodes begin. */
static int heads_begin(vms_buffer *json, const vms_head *shorter, const vms_head *longer) {
  uint8_t key[VMS_KEY_LEN];
  vms_manifest_key(longer->manifest, key);
  int status = vms__buf_text(json, "{\"evidence\":\"heads\",\"ledger\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, key, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_text(json, "\",\"heads\":[");
  if (status == VMS_OK) status = vms_head_write(json, shorter);
  if (status == VMS_OK) status = vms__buf_byte(json, ',');
  if (status == VMS_OK) status = vms_head_write(json, longer);
  return status == VMS_OK ? vms__buf_text(json, "],") : status;
}

int vms__evidence_of_heads(vms_buffer *json, const vms_core *ledger, const vms_head *shorter, const vms_head *longer) {
  uint64_t cut = shorter->length;
  int status = heads_begin(json, shorter, longer);
  if (status == VMS_OK && shorter->length == longer->length) status = vms__buf_text(json, "\"nodes\":[]");
  else if (status == VMS_OK) status = vms__nodes_write(json, ledger, &cut, 1, cut, longer->length);
  return status == VMS_OK ? vms__buf_byte(json, '}') : status;
}

int vms__evidence_of_receipts(vms_buffer *json, vms_slice one, vms_slice other) {
  int status = vms__buf_text(json, "{\"evidence\":\"receipts\",\"receipts\":[");
  if (status == VMS_OK) status = vms__buf_slice(json, one);
  if (status == VMS_OK) status = vms__buf_byte(json, ',');
  if (status == VMS_OK) status = vms__buf_slice(json, other);
  return status == VMS_OK ? vms__buf_text(json, "]}") : status;
}

static int no_conflict(vms_error *error) { return vms__fail(error, VMS_ERR_ARGUMENT, 0, "these two heads do not contradict each other"); }

/* What the answer to vms.proof shows has to be about these two. */
static int growth_check(const vms_head *shorter, const vms_head *longer, vms_slice text, vms__growth_read *growth, vms_error *error) {
  uint8_t hash[VMS_HASH_LEN];
  int status = vms__growth_take(text, growth, error);
  if (status != VMS_OK) return status;
  vms_cover_tree_hash(&growth->walk.cover, hash);
  if (growth->from != shorter->length || growth->length != longer->length || memcmp(hash, longer->tree_hash, VMS_HASH_LEN) != 0)
    return vms__fail(error, VMS_ERR_FORM, 0, "the answer to vms.proof is not about these two heads");
  if (vms_cover_judge(&growth->walk.covers[0], growth->walk.has_next[0] ? &growth->walk.next[0] : NULL, shorter->tree_hash) > 0)
    return no_conflict(error);
  return VMS_OK;
}

/* Two heads of one ledger that are not the same one. */
static int heads_check(const vms_head *shorter, const vms_head *longer, vms_error *error) {
  uint8_t key[VMS_KEY_LEN];
  vms_manifest_key(longer->manifest, key);
  int status = vms_head_verify(longer, key, error);
  if (status == VMS_OK) status = vms_head_verify(shorter, key, error);
  if (status != VMS_OK) return status;
  if (shorter->length == 0 || shorter->length > longer->length || shorter->fork != 0 || longer->fork != 0)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "two heads of fork 0 are wanted, the shorter one first");
  return shorter->length == longer->length && memcmp(shorter->tree_hash, longer->tree_hash, VMS_HASH_LEN) == 0 ? no_conflict(error) : VMS_OK;
}

/* Takes an unfinished text back. */
static int written(vms_buffer *json, size_t start, int status, vms_error *error) {
  if (status == VMS_OK) return VMS_OK;
  if (json->data != NULL) json->len = start;
  return vms__fail(error, status, 0, "out of memory for evidence");
}

int vms_evidence_heads(const vms_head *shorter, const vms_head *longer, vms_slice growth, vms_buffer *json, vms_error *error) {
  vms__growth_read read = { .env = json->env };
  size_t start = json->len;
  bool proved;
  assert(shorter != NULL && longer != NULL);
  int status = heads_check(shorter, longer, error);
  proved = growth.len > 0 && shorter->length < longer->length;
  if (status == VMS_OK && proved) status = growth_check(shorter, longer, growth, &read, error);
  if (status != VMS_OK) return status;
  status = heads_begin(json, shorter, longer);
  if (status == VMS_OK) status = vms__buf_slice(json, proved ? read.nodes : VMS__TEXT("\"nodes\":[]"));
  if (status == VMS_OK) status = vms__buf_byte(json, '}');
  return written(json, start, status, error);
}

int vms_evidence_core(const vms_core *ledger, const vms_head *shorter, const vms_head *longer, vms_buffer *json, vms_error *error) {
  uint8_t hash[VMS_HASH_LEN];
  size_t start = json->len;
  assert(ledger != NULL && shorter != NULL && longer != NULL);
  int status = heads_check(shorter, longer, error);
  if (status != VMS_OK) return status;
  if (longer->length <= vms_core_length(ledger)) vms_core_tree_hash(ledger, longer->length, hash);
  if (longer->length > vms_core_length(ledger) || memcmp(hash, longer->tree_hash, sizeof hash) != 0)
    return vms__fail(error, VMS_ERR_NOT_FOUND, longer->length, "the blocks of the longer head are not here");
  vms_core_tree_hash(ledger, shorter->length, hash);
  if (memcmp(hash, shorter->tree_hash, sizeof hash) == 0) return no_conflict(error);
  return written(json, start, vms__evidence_of_heads(json, ledger, shorter, longer), error);
}

/* --- judging ------------------------------------------------------------------------------------------ */

static int no_evidence(vms_error *error, const char *what) { return vms__fail(error, VMS_ERR_FORM, 0, "neither a receipt nor evidence: %s", what); }

static void take_head(vms_verdict *verdict, const uint8_t ledger[VMS_KEY_LEN], const vms_head *head) {
  memcpy(verdict->ledger, ledger, VMS_KEY_LEN);
  memcpy(verdict->tree_hash, head->tree_hash, VMS_HASH_LEN);
  verdict->length = head->length;
}

/* Signed requests that no honest host may record, whatever the rest of its ledger is. */
static int request_judge(const vms__promise *promise, vms_verdict *verdict) {
  const vms_receipt *receipt = &promise->receipt;
  uint64_t seq = receipt->seq;
  if (!promise->has_request) return vms__verdict_set(verdict, VMS_VERDICT_FINDING, "caller", seq, "the recorded request has not the form of one");
  if (!receipt->signature_fits) return vms__verdict_set(verdict, VMS_VERDICT_FINDING, "caller", seq, "the caller did not sign the request that is recorded");
  if (memcmp(promise->request.ledger, receipt->ledger, VMS_KEY_LEN) != 0)
    return vms__verdict_set(verdict, VMS_VERDICT_FINDING, "caller", seq, "the recorded request was made to another ledger");
  if (promise->request.until_ms < receipt->time_ms)
    return vms__verdict_set(verdict, VMS_VERDICT_FINDING, "caller", seq, "the recorded request had expired");
  if (promise->request.nonce > receipt->time_ms * 1000 + VMS__NONCE_AHEAD_US)
    return vms__verdict_set(verdict, VMS_VERDICT_FINDING, "caller", seq, "the nonce of the recorded request is more than 24 hours ahead of its time");
  if (promise->seen == VMS__SEEN_UNPROVED)
    return vms__verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "unproven", seq, "it does not show the sizes that tell whether the caller had seen this history");
  if (promise->seen == VMS__SEEN_FITS) return VMS_OK;
  return vms__verdict_set(verdict, VMS_VERDICT_FINDING, "fork", seq, "the caller had seen a history of %llu records that this one does not begin with",
                          (unsigned long long)receipt->seen_length);
}

/* A record that is not readable may be one of a later version, which a receipt does not tell. */
static int record_judge(const vms__promise *promise, vms_verdict *verdict) {
  const vms_receipt *receipt = &promise->receipt;
  if (!promise->readable) {
    if (receipt->seq == 0) return VMS_OK;
    return vms__verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "unproven", receipt->seq, "the record has not the form that records have in this version");
  }
  if (promise->call.type != VMS__RECORD_CALL) return VMS_OK;
  if (promise->call.has_signature != (promise->call.caller_kind == VMS__CALLER_KEY))
    return vms__verdict_set(verdict, VMS_VERDICT_FINDING, "caller", receipt->seq, "a call of a key without its signature, or the other way round");
  return promise->call.has_signature ? request_judge(promise, verdict) : VMS_OK;
}

int vms__promise_judge(const vms__promise *promise, vms_verdict *verdict) {
  const vms_receipt *receipt = &promise->receipt;
  take_head(verdict, receipt->ledger, &receipt->head);
  verdict->seq = receipt->seq;
  verdict->time_ms = receipt->time_ms;
  int status = vms__buf_text(&verdict->message, "the host signed that this is the record at this place");
  if (status == VMS_OK) status = record_judge(promise, verdict);
  if (status == VMS_OK && promise->readable) status = vms__verdict_call(verdict, &promise->call);
  if (status != VMS_OK || verdict->verdict != VMS_VERDICT_FINDING || strcmp(verdict->kind.data, "fork") != 0) return status;
  return vms__buf_hex(&verdict->expected, receipt->seen_hash, VMS_HASH_LEN);
}

static int receipt_judge(vms_slice json, const vms_env *env, vms_verdict *verdict, vms_error *error) {
  vms__promise promise;
  vms_buffer scratch;
  vms_buffer_init(&scratch, env);
  int status = vms__promise_read(json, &scratch, &promise, error);
  if (status == VMS_OK) status = vms__promise_judge(&promise, verdict);
  vms_buffer_free(&scratch);
  return status;
}

static int heads_decide(const vms_head heads[2], const uint8_t found[VMS_HASH_LEN], vms_verdict *verdict) {
  int status = vms__verdict_set(verdict, VMS_VERDICT_FINDING, "fork", heads[0].length - 1,
                                "the host signed two histories: the first %llu records of the one are not those of the other", (unsigned long long)heads[0].length);
  if (status == VMS_OK) status = vms__buf_hex(&verdict->expected, heads[0].tree_hash, VMS_HASH_LEN);
  return status == VMS_OK ? vms__buf_hex(&verdict->found, found, VMS_HASH_LEN) : status;
}

/* The longer head's tree against the shorter head. */
static int cut_judge(const vms_head heads[2], const vms__walk *walk, vms_verdict *verdict, vms_error *error) {
  uint8_t hash[VMS_HASH_LEN];
  vms_cover_tree_hash(&walk->cover, hash);
  if (walk->cover.length != heads[1].length || memcmp(hash, heads[1].tree_hash, VMS_HASH_LEN) != 0)
    return vms__fail(error, VMS_ERR_CORRUPT, heads[1].length, "the nodes are not those of the longer head");
  int fits = vms_cover_judge(&walk->covers[0], walk->has_next[0] ? &walk->next[0] : NULL, heads[0].tree_hash);
  if (fits > 0) return vms__verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "unproven", heads[0].length - 1, "the longer head extends the shorter one: they do not contradict each other");
  if (fits < 0) return vms__verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "unproven", heads[0].length - 1, "the nodes leave sizes open: they do not prove that the two heads contradict each other");
  vms_cover_tree_hash(&walk->covers[0], hash);
  return heads_decide(heads, hash, verdict);
}

static int heads_verify(const vms_head heads[2], const uint8_t ledger[VMS_KEY_LEN], vms_error *error) {
  for (int i = 0; i < 2; i++) {
    int status = vms_head_verify(&heads[i], ledger, error);
    if (status != VMS_OK) return status == VMS_ERR_FORM ? VMS_ERR_SIGNATURE : status;
  }
  return VMS_OK;
}

static int heads_judge(vms__json *json, vms_verdict *verdict, vms_error *error) {
  uint8_t ledger[VMS_KEY_LEN];
  vms_head heads[2];
  vms__walk walk;
  memset(&walk, 0, sizeof walk);
  if (!(vms__json_literal(json, ",\"ledger\":") && vms__json_hex(json, ledger, VMS_KEY_LEN) && vms__json_literal(json, ",\"heads\":[") &&
        vms__head_take(json, &heads[0]) && vms__json_literal(json, ",") && vms__head_take(json, &heads[1]) && vms__json_literal(json, "],")))
    return no_evidence(error, "two heads are wanted");
  bool empty = vms__json_literal(json, "\"nodes\":[]");
  walk.count = 1;
  walk.cuts[0] = heads[0].length;
  if (!empty && !vms__walk_read(json, &walk)) return no_evidence(error, "nodes with a cut at the shorter head's length");
  if (!vms__json_literal(json, "}") || !vms__json_end(json) || heads[0].length == 0 || heads[0].length > heads[1].length)
    return no_evidence(error, "the shorter head comes first, and the nodes are the end");
  int status = heads_verify(heads, ledger, error);
  if (status != VMS_OK) return status;
  take_head(verdict, ledger, &heads[1]);
  for (int i = 0; i < 2; i++)
    if (heads[i].fork != 0) return vms__verdict_set(verdict, VMS_VERDICT_FINDING, "ledger", heads[i].length - 1, "the host signed a head of another fork than 0");
  if (heads[0].length < heads[1].length && !empty) return cut_judge(heads, &walk, verdict, error);
  if (heads[0].length < heads[1].length)
    return vms__verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "unproven", heads[0].length - 1, "two heads, and nothing that shows whether the longer one extends the shorter one");
  if (memcmp(heads[0].tree_hash, heads[1].tree_hash, VMS_HASH_LEN) == 0)
    return vms__verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "unproven", heads[0].length - 1, "twice the same head");
  return heads_decide(heads, heads[1].tree_hash, verdict);
}

static int pair_decide(const vms__promise *one, const vms__promise *other, vms_verdict *verdict, vms_error *error) {
  const vms_receipt *a = &one->receipt, *b = &other->receipt;
  if (memcmp(a->ledger, b->ledger, VMS_KEY_LEN) != 0) return vms__fail(error, VMS_ERR_FOREIGN, a->seq, "the receipts are of two ledgers");
  take_head(verdict, a->ledger, &b->head);
  if (a->seq != b->seq || vms__slice_equal(a->record, b->record))
    return vms__verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "unproven", a->seq, "these two receipts do not contradict each other");
  int status = vms__verdict_set(verdict, VMS_VERDICT_FINDING, "receipt", a->seq, "the host signed two different records for one place");
  if (status == VMS_OK && one->readable) status = vms__verdict_call(verdict, &one->call);
  if (status == VMS_OK) status = vms__buf_slice(&verdict->expected, a->record);
  return status == VMS_OK ? vms__buf_slice(&verdict->found, b->record) : status;
}

static int pair_judge(vms__json *json, const vms_env *env, vms_verdict *verdict, vms_error *error) {
  vms__promise promises[2];
  vms_buffer scratch[2];
  vms_slice raw[2];
  int status = VMS_OK;
  if (!(vms__json_literal(json, ",\"receipts\":[") && vms__json_value(json, &raw[0]) && vms__json_literal(json, ",") && vms__json_value(json, &raw[1]) &&
        vms__json_literal(json, "]}") && vms__json_end(json)))
    return no_evidence(error, "two receipts are wanted");
  for (int i = 0; i < 2; i++) vms_buffer_init(&scratch[i], env);
  for (int i = 0; i < 2 && status == VMS_OK; i++) status = vms__promise_read(raw[i], &scratch[i], &promises[i], error);
  if (status == VMS_OK) status = pair_decide(&promises[0], &promises[1], verdict, error);
  for (int i = 0; i < 2; i++) vms_buffer_free(&scratch[i]);
  return status;
}

int vms_evidence_check(vms_slice text, const vms_env *env, vms_verdict *verdict, vms_error *error) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  int status;
  assert(verdict != NULL && (text.data != NULL || text.len == 0));
  if (vms__json_literal(&json, "{\"evidence\":\"heads\"")) status = heads_judge(&json, verdict, error);
  else if (vms__json_literal(&json, "{\"evidence\":\"receipts\"")) status = pair_judge(&json, env, verdict, error);
  else if (vms__json_literal(&json, "{\"ledger\":")) status = receipt_judge(text, env, verdict, error);
  else status = no_evidence(error, "it begins with neither");
  return status == VMS_ERR_NOMEM ? vms__fail(error, status, 0, "out of memory for evidence") : status;
}
