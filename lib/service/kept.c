/* SPDX-License-Identifier: MIT */
/* What somebody keeps of a ledger, heads and receipts, held against the ledger as it is shown now. An honest host is never accused: what
 * it signed later than the head that is shown is not there to be judged (VMS_VERDICT_INCOMPLETE, "withheld"), and everything else it stands by. */
#include "internal.h"

static int decide(vms__kept *k, const char *kind, uint64_t seq, const char *format, ...) __attribute__((format(printf, 4, 5)));
static int decide(vms__kept *k, const char *kind, uint64_t seq, const char *format, ...) {
  va_list args;
  k->decided = true;
  k->verdict->conflict = 1;
  va_start(args, format);
  int status = vms__verdict_vset(k->verdict, VMS_VERDICT_FINDING, kind, seq, format, args);
  va_end(args);
  return status;
}

/* A head that the host signed once, at most as long as the one that is judged. */
static int head_stands(vms__kept *k, const vms_head *kept) {
  uint8_t hash[VMS_HASH_LEN];
  vms_core_tree_hash(k->ledger, kept->length, hash);
  if (memcmp(hash, kept->tree_hash, sizeof hash) == 0) return VMS_OK;
  int status = vms__buf_hex(&k->verdict->expected, kept->tree_hash, VMS_HASH_LEN);
  if (status == VMS_OK) status = vms__buf_hex(&k->verdict->found, hash, VMS_HASH_LEN);
  if (status == VMS_OK && k->options->evidence != NULL) status = vms__evidence_of_heads(k->options->evidence, k->ledger, kept, k->head);
  if (status != VMS_OK) return status;
  return decide(k, "fork", kept->length - 1, "the first %llu records are not those of a head that the host signed and you kept", (unsigned long long)kept->length);
}

static int head_judge(vms__kept *k, const vms_head *kept, vms_error *error) {
  uint8_t key[VMS_KEY_LEN];
  vms_core_key(k->ledger, key);
  int status = vms_head_verify(kept, key, error);
  if (status != VMS_OK) return status;
  if (kept->length == 0 || kept->fork != 0) return vms__fail(error, VMS_ERR_FORM, 0, "the head that was kept is none of a ledger");
  if (kept->length <= k->head->length) return head_stands(k, kept);
  k->withheld = VMS__MAX(k->withheld, kept->length);
  return VMS_OK;
}

/* The record that is at a receipt's place is another one. */
static int record_differs(vms__kept *k, const vms__promise *promise, vms_slice text, const vms_buffer *here) {
  uint64_t seq = promise->receipt.seq;
  vms_buffer own;
  int status = VMS_OK;
  vms_buffer_init(&own, k->env);
  if (k->options->evidence != NULL) {
    status = vms__receipt_write(&own, k->ledger, k->head, seq, vms__buf_view(here), NULL);
    if (status == VMS_OK) status = vms__evidence_of_receipts(k->options->evidence, text, vms__buf_view(&own));
    if (status == VMS_ERR_CORRUPT) status = VMS_OK; /* what is there is no text: that cannot be shown in one */
  }
  vms_buffer_free(&own);
  if (status == VMS_OK) status = vms__buf_slice(&k->verdict->expected, promise->receipt.record);
  if (status == VMS_OK) status = vms__buf_slice(&k->verdict->found, vms__buf_view(here));
  if (status == VMS_OK && promise->readable) status = vms__verdict_call(k->verdict, &promise->call);
  return status == VMS_OK ? decide(k, "receipt", seq, "the record is not the one that the host gave a receipt for") : status;
}

/* Whether what was promised is here. */
static int promise_stands(vms__kept *k, const vms__promise *promise, vms_slice text, vms_error *error) {
  const vms_receipt *receipt = &promise->receipt;
  vms_buffer here;
  bool same = false;
  if (receipt->seq >= k->head->length) {
    k->withheld = VMS__MAX(k->withheld, receipt->head.length);
    return VMS_OK;
  }
  vms_buffer_init(&here, k->env);
  int status = vms_core_read(k->ledger, receipt->seq, &here, error);
  if (status == VMS_OK) same = vms__slice_equal(vms__buf_view(&here), receipt->record);
  if (status == VMS_OK && !same) status = record_differs(k, promise, text, &here);
  vms_buffer_free(&here);
  if (status != VMS_OK || k->decided) return status;
  if (receipt->head.length <= k->head->length) status = head_stands(k, &receipt->head);
  else k->verdict->promised = VMS__MAX(k->verdict->promised, receipt->head.length); /* it stands; that not all is here that was signed with it is told */
  if (status == VMS_OK && !k->decided) k->verdict->receipts++;
  return status;
}

/* A record that no host may sign, wherever it is. */
static int promise_breaks(vms__kept *k, const vms__promise *promise, vms_slice text) {
  vms_verdict alone;
  int status;
  vms_verdict_init(&alone, k->env);
  status = vms__promise_judge(promise, &alone);
  if (status == VMS_OK && alone.verdict == VMS_VERDICT_FINDING) {
    status = decide(k, alone.kind.data, alone.seq, "%s", alone.message.data);
    if (status == VMS_OK) status = vms__verdict_call(k->verdict, &promise->call);
    if (status == VMS_OK) status = vms__buf_slice(&k->verdict->expected, vms__buf_view(&alone.expected));
    if (status == VMS_OK && k->options->evidence != NULL) status = vms__buf_slice(k->options->evidence, text);
  }
  vms_verdict_free(&alone);
  return status;
}

/* Of which ledger a receipt is, before anything else is known of it. */
static bool is_foreign(const vms__kept *k, vms_slice text) {
  uint8_t own[VMS_KEY_LEN], ledger[VMS_KEY_LEN];
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  vms_core_key(k->ledger, own);
  return vms__json_literal(&json, "{\"ledger\":") && vms__json_hex(&json, ledger, VMS_KEY_LEN) && memcmp(own, ledger, VMS_KEY_LEN) != 0;
}

static int receipt_judge(vms__kept *k, vms_slice text, vms_error *error) {
  vms__promise promise;
  vms_buffer scratch;
  if (is_foreign(k, text)) return VMS_OK;
  vms_buffer_init(&scratch, k->env);
  int status = vms__promise_read(text, &scratch, &promise, error);
  if (status == VMS_OK) status = promise_breaks(k, &promise, text);
  if (status == VMS_OK && !k->decided) status = promise_stands(k, &promise, text, error);
  vms_buffer_free(&scratch);
  return status;
}

int vms__kept_judge(vms__kept *k, vms_error *error) {
  const vms_audit_options *options = k->options;
  int status = options->kept == NULL ? VMS_OK : head_judge(k, options->kept, error);
  for (size_t i = 0; i < options->receipt_count && status == VMS_OK && !k->decided; i++) status = receipt_judge(k, options->receipts[i], error);
  k->verdict->promised = VMS__MAX(k->verdict->promised, k->withheld);
  if (options->copy) k->withheld = 0;
  return status;
}

int vms__kept_prove(const vms__kept *k, uint64_t seq) {
  vms_buffer text, receipt;
  vms_verdict verdict;
  int status;
  if (k->options->evidence == NULL || k->options->evidence->len > 0) return VMS_OK;
  vms_buffer_init(&text, k->env);
  vms_buffer_init(&receipt, k->env);
  vms_verdict_init(&verdict, k->env);
  status = vms_core_read(k->ledger, seq, &text, NULL);
  if (status == VMS_OK) status = vms__receipt_write_proof(&receipt, k->ledger, k->head, seq, vms__buf_view(&text), NULL);
  if (status == VMS_OK) status = vms_evidence_check(vms__buf_view(&receipt), k->env, &verdict, NULL);
  if (status == VMS_OK && verdict.verdict == VMS_VERDICT_FINDING) status = vms__buf_slice(k->options->evidence, vms__buf_view(&receipt));
  vms_verdict_free(&verdict);
  vms_buffer_free(&receipt);
  vms_buffer_free(&text);
  return status == VMS_ERR_NOMEM ? status : VMS_OK; /* it cannot be shown in one text */
}
