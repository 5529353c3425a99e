/* SPDX-License-Identifier: MIT */
/* Receipts and the answers to vms.proof: written by the host, read by whoever does not trust it. Format: doc/protocol.md, "Receipts".
 *
 * One text per meaning, as for records: what the reader accepts is in its members, their order and their spacing what the writer writes. */
#include "internal.h"

/* --- writing ------------------------------------------------------------------------------------------ */

static int node_write(vms_buffer *json, const vms_node *node, bool first) {
  int status = vms__buf_text(json, first ? "{\"index\":" : ",{\"index\":");
  if (status == VMS_OK) status = vms__buf_uint(json, node->index);
  if (status == VMS_OK) status = vms__buf_text(json, ",\"size\":");
  if (status == VMS_OK) status = vms__buf_uint(json, node->size);
  if (status == VMS_OK) status = vms__buf_text(json, ",\"hash\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, node->hash, VMS_HASH_LEN);
  return status == VMS_OK ? vms__buf_text(json, "\"}") : status;
}

int vms__nodes_write(vms_buffer *json, const vms_core *ledger, const uint64_t *cuts, size_t cut_count, uint64_t split, uint64_t length) {
  uint64_t from = 0;
  int status = vms__buf_text(json, "\"nodes\":[");
  for (size_t i = 0; i <= cut_count; i++) {
    uint64_t to = i < cut_count ? VMS__MIN(cuts[i], length) : length;
    while (from < to && status == VMS_OK) {
      vms_node node;
      uint64_t width = vms_core_subtree(ledger, from, to, &node);
      if (from + width == split && width > 1) width = vms_core_subtree(ledger, from, from + width / 2, &node);
      status = node_write(json, &node, from == 0);
      from += width;
    }
  }
  return status == VMS_OK ? vms__buf_byte(json, ']') : status;
}

/* Puts a few numbers in order. */
static void sort(uint64_t *numbers, size_t count) {
  for (size_t i = 1; i < count; i++)
    for (size_t k = i; k > 0 && numbers[k] < numbers[k - 1]; k--) {
      uint64_t other = numbers[k];
      numbers[k] = numbers[k - 1];
      numbers[k - 1] = other;
    }
}

/* Some of a hash. */
static bool skip_hex(vms__json *json, size_t digits) {
  if ((size_t)(json->end - json->at) < digits) return false;
  json->at += digits;
  return true;
}

/* What the signed request in a call record had seen, found without unescaping it; 0 if it is no such record. */
static uint64_t seen_length_of(vms_slice text) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  uint64_t number;
  bool fine = vms__json_literal(&json, "{\"type\":\"call\",\"time\":") && vms__json_uint(&json, &number) &&
              vms__json_literal(&json, ",\"caller\":\"") && skip_hex(&json, 2 * VMS_KEY_LEN) &&
              vms__json_literal(&json, "\",\"request\":\"{\\\"ledger\\\":\\\"") && skip_hex(&json, 2 * VMS_KEY_LEN) &&
              vms__json_literal(&json, "\\\",\\\"nonce\\\":") && vms__json_uint(&json, &number) &&
              vms__json_literal(&json, ",\\\"until\\\":") && vms__json_uint(&json, &number) &&
              vms__json_literal(&json, ",\\\"seen\\\":{\\\"length\\\":") && vms__json_uint(&json, &number);
  return fine ? number : 0;
}

static int record_write(vms_buffer *json, uint64_t seq, vms_slice text, vms_error *error) {
  if (!vms__utf8_valid(text.data, text.len)) /* in a copy of what somebody else wrote */
    return vms__fail(error, VMS_ERR_CORRUPT, seq, "record %llu is not UTF-8 text", (unsigned long long)seq);
  int status = vms__buf_format(json, "\"seq\":%llu,\"record\":", (unsigned long long)seq);
  if (status == VMS_OK) status = vms__buf_json_string(json, text.data, text.len);
  if (status == VMS_OK) status = vms__buf_byte(json, ',');
  return status;
}

static int head_write(vms_buffer *json, const vms_head *head) {
  int status = vms__buf_text(json, ",\"head\":");
  if (status == VMS_OK) status = vms_head_write(json, head);
  return status == VMS_OK ? vms__buf_byte(json, '}') : status;
}

/* Takes an unfinished text back. */
static int written(vms_buffer *json, size_t start, int status, vms_error *error) {
  if (status == VMS_OK) return VMS_OK;
  if (json->data != NULL) {
    json->len = start;
    json->data[start] = 0;
  }
  return status == VMS_ERR_NOMEM ? vms__fail(error, status, 0, "out of memory for a proof") : status;
}

static int receipt_write(vms_buffer *json, const vms_core *ledger, const vms_head *head, uint64_t seq, vms_slice text, bool prove, vms_error *error) {
  size_t start = json->len;
  uint8_t key[VMS_KEY_LEN];
  uint64_t seen = seen_length_of(text), cuts[3] = { seq, seq + 1, seen };
  assert(seq < head->length);
  sort(cuts, 3);
  vms_core_key(ledger, key);
  int status = vms__buf_text(json, "{\"ledger\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, key, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_text(json, "\",");
  if (status == VMS_OK) status = record_write(json, seq, text, error);
  if (status == VMS_OK) status = vms__nodes_write(json, ledger, cuts, 3, prove ? seen : 0, head->length);
  if (status == VMS_OK) status = head_write(json, head);
  return written(json, start, status, error);
}

int vms__receipt_write(vms_buffer *json, const vms_core *ledger, const vms_head *head, uint64_t seq, vms_slice text, vms_error *error) {
  return receipt_write(json, ledger, head, seq, text, false, error);
}

int vms__receipt_write_proof(vms_buffer *json, const vms_core *ledger, const vms_head *head, uint64_t seq, vms_slice text, vms_error *error) {
  return receipt_write(json, ledger, head, seq, text, true, error);
}

int vms__proof_write(vms_buffer *json, const vms_core *ledger, const vms_head *head, const vms__proof_request *request, vms_error *error) {
  size_t start = json->len;
  bool has_record = request->seq != UINT64_MAX;
  uint64_t cuts[3] = { request->from, has_record ? request->seq : 0, has_record ? request->seq + 1 : 0 };
  sort(cuts, 3);
  int status = vms__buf_format(json, "{\"length\":%llu,", (unsigned long long)request->length);
  if (status == VMS_OK && request->from > 0) status = vms__buf_format(json, "\"from\":%llu,", (unsigned long long)request->from);
  if (status == VMS_OK && has_record) status = record_write(json, request->seq, request->text, error);
  if (status == VMS_OK) status = vms__nodes_write(json, ledger, cuts, 3, request->from, request->length);
  if (status == VMS_OK) status = head_write(json, head);
  return written(json, start, status, error);
}

/* --- reading ------------------------------------------------------------------------------------------ */

bool vms__head_take(vms__json *json, vms_head *head) {
  return vms__json_literal(json, "{\"length\":") && vms__json_uint(json, &head->length) && vms__json_literal(json, ",\"fork\":") &&
         vms__json_uint(json, &head->fork) && vms__json_literal(json, ",\"treeHash\":") && vms__json_hex(json, head->tree_hash, VMS_HASH_LEN) &&
         vms__json_literal(json, ",\"signature\":") && vms__json_hex(json, head->signature, VMS_ENVELOPE_LEN) &&
         vms__json_literal(json, ",\"manifest\":") && vms__json_hex(json, head->manifest, VMS_MANIFEST_LEN) && vms__json_literal(json, "}");
}

static bool node_take(vms__json *json, vms_node *node) {
  return vms__json_literal(json, "{\"index\":") && vms__json_uint(json, &node->index) && vms__json_literal(json, ",\"size\":") &&
         vms__json_uint(json, &node->size) && vms__json_literal(json, ",\"hash\":") && vms__json_hex(json, node->hash, VMS_HASH_LEN) &&
         vms__json_literal(json, "}");
}

static void note_cuts(vms__walk *walk, const vms_node *next) {
  for (size_t i = 0; i < walk->count; i++) {
    vms_cover *cut = &walk->covers[i];
    if (walk->cover.length != walk->cuts[i]) continue;
    walk->met[i] = true;
    *cut = walk->cover;
    walk->has_next[i] = next != NULL;
    if (next != NULL) walk->next[i] = *next;
    if (next != NULL && walk->leaf != NULL && next->index == walk->leaf->index) cut->proved = 1; /* by what it has together with that one */
  }
}

bool vms__walk_read(vms__json *json, vms__walk *walk) {
  vms_node node;
  memset(&walk->cover, 0, sizeof walk->cover);
  if (!vms__json_literal(json, "\"nodes\":[")) return false;
  for (bool first = true; first ? !vms__json_literal(json, "]") : vms__json_literal(json, ","); first = false) {
    if (!node_take(json, &node)) return false;
    bool is_leaf = walk->leaf != NULL && node.index == walk->leaf->index;
    if (is_leaf && (node.size != walk->leaf->size || memcmp(node.hash, walk->leaf->hash, VMS_HASH_LEN) != 0)) return false;
    note_cuts(walk, &node);
    if (vms_cover_push(&walk->cover, &node, is_leaf, NULL) != VMS_OK) return false;
    walk->leaf_met |= is_leaf;
  }
  note_cuts(walk, NULL);
  for (size_t i = 0; i < walk->count; i++)
    if (!walk->met[i]) return false;
  if (walk->leaf != NULL && !walk->leaf_met) return false;
  return walk->cover.length == 0 || vms__json_literal(json, "]");
}

static int no_receipt(vms_error *error, const char *what) { return vms__fail(error, VMS_ERR_FORM, 0, "not a receipt: %s", what); }

/* Unescapes a record's text to the end of `scratch`, in front of which there is room for what a reader of the text wants to put there. */
static int text_take(vms_slice raw, vms_buffer *scratch, vms_slice *text, vms_error *error) {
  size_t room = raw.len + 32; /* an escape is never shorter than what it stands for */
  vms__buf_clear(scratch);
  if (raw.len > SIZE_MAX / 4 || vms__buf_reserve(scratch, 2 * room) != VMS_OK) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a receipt");
  scratch->len = room;
  if (vms__json_unescape(raw, scratch) != VMS_OK) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a receipt");
  *text = (vms_slice){ scratch->data + room, scratch->len - room };
  return VMS_OK;
}

/* What the record says, if it has the form of one. */
static int record_take(vms__promise *promise, vms_buffer *scratch, vms_error *error) {
  vms_receipt *receipt = &promise->receipt;
  vms__record *call = &promise->call;
  size_t len = scratch->len;
  int status = vms__record_read(receipt->record, scratch, call, error); /* clears scratch, but leaves its end where the text is alone */
  scratch->len = len;
  if (status == VMS_ERR_NOMEM) return status;
  if (status != VMS_OK) return VMS_OK;
  promise->readable = true;
  if (call->type != VMS__RECORD_CALL) return VMS_OK;
  receipt->time_ms = call->time_ms;
  receipt->kind = call->outcome;
  receipt->has_signature = call->has_signature;
  receipt->request = call->request;
  receipt->result = call->result;
  receipt->name = call->name;
  receipt->message = call->message;
  memcpy(receipt->caller, call->caller, VMS_KEY_LEN);
  memcpy(receipt->signature, call->signature, VMS_SIGNATURE_LEN);
  if (!call->has_signature) return VMS_OK;
  promise->has_request = vms_request_read(call->request, &promise->request, NULL) == VMS_OK;
  if (!promise->has_request) return VMS_OK;
  receipt->seen_length = promise->request.seen_length;
  memcpy(receipt->seen_hash, promise->request.seen_hash, VMS_HASH_LEN);
  return VMS_OK;
}

static int signature_take(vms_receipt *receipt, const vms_env *env, vms_error *error) {
  vms_buffer bytes;
  bool valid = false;
  int status = VMS_OK;
  vms_buffer_init(&bytes, env);
  if (receipt->has_signature) status = vms__request_check(&bytes, receipt->request, receipt->caller, receipt->signature, &valid);
  receipt->signature_fits = valid;
  vms_buffer_free(&bytes);
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory for a receipt");
}

/* A service's files are in cores that its host signs as well, and what lies in one of those blobs anybody may have chosen. */
static int head_verify(const vms_receipt *receipt, vms_error *error) {
  uint8_t manifest[VMS_MANIFEST_LEN];
  int status = vms_head_verify(&receipt->head, receipt->ledger, error);
  if (status == VMS_ERR_FORM) return VMS_ERR_SIGNATURE; /* an envelope that nobody signs */
  if (status != VMS_OK) return status;
  vms_manifest_default(receipt->head.manifest + VMS_MANIFEST_LEN - VMS_KEY_LEN, manifest);
  if (memcmp(manifest, receipt->head.manifest, sizeof manifest) == 0) return VMS_OK;
  return vms__fail(error, VMS_ERR_FOREIGN, receipt->head.length, "the head is that of files' contents, not of a ledger");
}

/* The signed head, the nodes under it, and the record among them. */
static int proof_take(vms__json *json, vms__promise *promise, vms_error *error) {
  vms_receipt *receipt = &promise->receipt;
  vms__walk walk;
  vms_node leaf;
  uint8_t hash[VMS_HASH_LEN];
  bool sees = promise->has_request && receipt->seen_length <= receipt->seq;
  int status;
  memset(&walk, 0, sizeof walk);
  if (receipt->record.len > VMS_BLOCK_LEN_MAX) return no_receipt(error, "the record is too long");
  vms_node_leaf(receipt->seq, receipt->record.data, receipt->record.len, &leaf);
  walk.leaf = &leaf;
  walk.count = sees ? 2 : 1;
  walk.cuts[0] = receipt->seq;
  walk.cuts[1] = receipt->seen_length;
  if (!vms__walk_read(json, &walk))
    return vms__fail(error, VMS_ERR_CORRUPT, receipt->seq, "the nodes do not show this record at this place and what it had seen");
  if (!vms__json_literal(json, ",\"head\":") || !vms__head_take(json, &receipt->head) || !vms__json_literal(json, "}") || !vms__json_end(json))
    return no_receipt(error, "its head");
  status = head_verify(receipt, error);
  if (status != VMS_OK) return status;
  vms_cover_tree_hash(&walk.cover, hash);
  if (receipt->head.fork != 0 || receipt->head.length != walk.cover.length || memcmp(hash, receipt->head.tree_hash, VMS_HASH_LEN) != 0)
    return vms__fail(error, VMS_ERR_CORRUPT, receipt->seq, "the nodes are not those of the signed head");
  vms_cover_tree_hash(&walk.covers[0], receipt->before);
  if (promise->has_request) promise->seen = VMS__SEEN_DIFFERS;
  if (!sees) return VMS_OK;
  int fits = vms_cover_judge(&walk.covers[1], walk.has_next[1] ? &walk.next[1] : NULL, receipt->seen_hash);
  promise->seen = fits > 0 ? VMS__SEEN_FITS : fits == 0 ? VMS__SEEN_DIFFERS : VMS__SEEN_UNPROVED;
  receipt->seen_fits = fits > 0;
  return VMS_OK;
}

int vms__promise_read(vms_slice text, vms_buffer *scratch, vms__promise *promise, vms_error *error) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  vms_receipt *receipt = &promise->receipt;
  vms_slice raw;
  int status;
  memset(promise, 0, sizeof *promise);
  if (!(vms__json_literal(&json, "{\"ledger\":") && vms__json_hex(&json, receipt->ledger, VMS_KEY_LEN) && vms__json_literal(&json, ",\"seq\":") &&
        vms__json_uint(&json, &receipt->seq) && receipt->seq < VMS_COVER_LENGTH_MAX && vms__json_literal(&json, ",\"record\":") &&
        vms__json_string(&json, &raw) && vms__json_literal(&json, ",")))
    return no_receipt(error, "ledger, seq and record are wanted in front");
  status = text_take(raw, scratch, &receipt->record, error);
  if (status == VMS_OK) status = record_take(promise, scratch, error);
  if (status == VMS_OK) status = proof_take(&json, promise, error);
  if (status == VMS_OK) status = signature_take(receipt, scratch->env, error);
  return status;
}

int vms_receipt_read(vms_slice json, vms_buffer *scratch, vms_receipt *receipt, vms_error *error) {
  vms__promise promise;
  assert(scratch != NULL && receipt != NULL);
  int status = vms__promise_read(json, scratch, &promise, error);
  *receipt = promise.receipt;
  if (status != VMS_OK) return status;
  if (!promise.readable || promise.call.type != VMS__RECORD_CALL || promise.call.has_signature != (promise.call.caller_kind == VMS__CALLER_KEY) ||
      (promise.call.has_signature && !promise.has_request))
    return no_receipt(error, "the record is not that of a call");
  if (promise.seen == VMS__SEEN_UNPROVED)
    return vms__fail(error, VMS_ERR_CORRUPT, receipt->seq, "the nodes do not prove the sizes that would show whether the call's history is this one");
  return VMS_OK;
}

static int differs(vms_error *error, const vms_receipt *receipt, const char *what) {
  return vms__fail(error, VMS_ERR_CONFLICT, receipt->seq, "the receipt is not that of this call: another %s", what);
}

int vms_receipt_matches(const vms_receipt *receipt, const uint8_t ledger[VMS_KEY_LEN], vms_slice request, const uint8_t caller[VMS_KEY_LEN],
                        const uint8_t signature[VMS_SIGNATURE_LEN], const vms_outcome *outcome, vms_error *error) {
  assert(receipt != NULL && ledger != NULL && caller != NULL && signature != NULL && outcome != NULL);
  if (memcmp(receipt->ledger, ledger, VMS_KEY_LEN) != 0) return differs(error, receipt, "ledger");
  if (!receipt->has_signature || memcmp(receipt->caller, caller, VMS_KEY_LEN) != 0) return differs(error, receipt, "caller");
  if (!vms__slice_equal(receipt->request, request)) return differs(error, receipt, "request");
  if (memcmp(receipt->signature, signature, VMS_SIGNATURE_LEN) != 0) return differs(error, receipt, "signature");
  if (receipt->seq != outcome->seq) return differs(error, receipt, "number than the answer has");
  if (receipt->kind != outcome->kind) return differs(error, receipt, "kind of outcome than the answer has");
  if (!vms__slice_equal(receipt->result, vms__buf_view(&outcome->result))) return differs(error, receipt, "result than the answer has");
  if (!vms__slice_equal(receipt->name, vms__buf_view(&outcome->name))) return differs(error, receipt, "name of the error than the answer has");
  /* an abort's message is the host's own wording: it does not stand in the record */
  if (receipt->kind == VMS_OUTCOME_ERROR && !vms__slice_equal(receipt->message, vms__buf_view(&outcome->message)))
    return differs(error, receipt, "message than the answer has");
  return VMS_OK;
}

static int no_growth(vms_error *error, const char *what) { return vms__fail(error, VMS_ERR_FORM, 0, "not an answer to vms.proof: %s", what); }

/* The optional record in front of the nodes. */
static int leaf_take(vms__json *json, vms__growth_read *growth, vms_error *error) {
  vms_buffer text;
  vms_slice raw;
  int status;
  if (!vms__json_literal(json, "\"seq\":")) return VMS_OK;
  if (!vms__json_uint(json, &growth->seq) || growth->seq >= VMS_COVER_LENGTH_MAX || !vms__json_literal(json, ",\"record\":") ||
      !vms__json_string(json, &raw) || !vms__json_literal(json, ","))
    return no_growth(error, "its record");
  vms_buffer_init(&text, growth->env);
  status = vms__json_unescape(raw, &text);
  if (status != VMS_OK) {
    status = vms__fail(error, status, 0, "out of memory for a proof");
  } else if (text.len > VMS_BLOCK_LEN_MAX) {
    status = no_growth(error, "the record is too long");
  } else {
    vms_node_leaf(growth->seq, text.data, text.len, &growth->leaf);
    growth->walk.leaf = &growth->leaf;
  }
  vms_buffer_free(&text);
  return status;
}

int vms__growth_take(vms_slice text, vms__growth_read *growth, vms_error *error) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  vms__walk *walk = &growth->walk;
  memset(walk, 0, sizeof *walk);
  growth->from = 0;
  if (!vms__json_literal(&json, "{\"length\":") || !vms__json_uint(&json, &growth->length) || !vms__json_literal(&json, ",")) return no_growth(error, "its length");
  if (vms__json_literal(&json, "\"from\":") && (!vms__json_uint(&json, &growth->from) || growth->from == 0 || !vms__json_literal(&json, ",")))
    return no_growth(error, "where it begins");
  int status = leaf_take(&json, growth, error);
  if (status != VMS_OK) return status;
  walk->count = growth->from > 0 ? 1 : 0;
  walk->cuts[0] = growth->from;
  growth->nodes.data = json.at;
  if (!vms__walk_read(&json, walk) || walk->cover.length != growth->length) return no_growth(error, "nodes that do not cover its records");
  growth->nodes.len = (size_t)(json.at - growth->nodes.data);
  if (!vms__json_literal(&json, ",\"head\":") || !vms__head_take(&json, &growth->head) || !vms__json_literal(&json, "}") || !vms__json_end(&json))
    return no_growth(error, "its head");
  return VMS_OK;
}

int vms_growth_read(vms_slice json, vms_growth *growth, vms_error *error) {
  vms__growth_read read = { .env = NULL };
  assert(growth != NULL);
  memset(growth, 0, sizeof *growth);
  int status = vms__growth_take(json, &read, error);
  if (status != VMS_OK) return status;
  growth->from = read.from;
  growth->length = read.length;
  if (read.from > 0) vms_cover_tree_hash(&read.walk.covers[0], growth->from_hash);
  vms_cover_tree_hash(&read.walk.cover, growth->hash);
  return VMS_OK;
}
