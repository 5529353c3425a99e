/* SPDX-License-Identifier: MIT */
/* A verdict as a report: JSON, what was not checked, whom it trusts. */
#include "internal.h"

int vms_verdict_set(vms_verdict *verdict, uint32_t outcome, const char *kind, uint64_t seq, const char *message) {
  verdict->verdict = outcome;
  verdict->seq = seq;
  vms__buf_clear(&verdict->kind);
  vms__buf_clear(&verdict->message);
  int status = vms__buf_text(&verdict->kind, kind);
  return status == VMS_OK ? vms__buf_text(&verdict->message, message) : status;
}

const char *vms_verdict_trust(const vms_verdict *verdict) {
  return verdict->unsigned_calls == 0 && verdict->oracles == 0 ? "trustless" : "semi-trusted";
}

const char *vms_verdict_unchecked(const vms_verdict *verdict, const vms_audit_options *options, size_t index) {
  const char *sentences[5];
  size_t count = 0;
  if (options->level == VMS_AUDIT_CHAIN) sentences[count++] = "results, steps and files: nothing was replayed (--level full)";
  if (options->seen_length == 0)
    sentences[count++] = "whether records were dropped, reordered or cut off before this head was signed (--seen LENGTH:HASH of a head met earlier)";
  if (options->ledger == NULL) sentences[count++] = "whether this is the ledger you mean (--ledger KEY)";
  sentences[count++] = "the host's clock, and why it restarted";
  if (verdict->verdict != VMS_VERDICT_OK) sentences[count++] = "anything behind the record named above";
  return index < count ? sentences[index] : NULL;
}

static int put_text(vms_buffer *json, const char *name, const vms_buffer *text) {
  int status = vms__buf_format(json, ",\"%s\":", name);
  if (status != VMS_OK) return status;
  if (text->len == 0) return vms__buf_text(json, "null");
  /* what a hostile host wrote need not be UTF-8; records that are not were refused, so this is belt and braces */
  if (!vms__utf8_valid(text->data, text->len)) return vms__buf_text(json, "\"(not UTF-8)\"");
  return vms__buf_json_string(json, text->data, text->len);
}

static int put_hex(vms_buffer *json, const char *before, const void *bytes, size_t len) {
  int status = vms__buf_text(json, before);
  return status == VMS_OK ? vms__buf_hex(json, bytes, len) : status;
}

static int put_finding(vms_buffer *json, const vms_verdict *verdict) {
  if (verdict->verdict == VMS_VERDICT_OK) return vms__buf_text(json, ",\"finding\":null}");
  int status = vms__buf_text(json, ",\"finding\":{\"kind\":");
  if (status == VMS_OK) status = vms__buf_json_string(json, verdict->kind.data, verdict->kind.len);
  if (status == VMS_OK) status = vms__buf_format(json, ",\"seq\":%llu", (unsigned long long)verdict->seq);
  if (status == VMS_OK) status = put_text(json, "caller", &verdict->caller);
  if (status == VMS_OK) status = put_text(json, "method", &verdict->method);
  if (status == VMS_OK) status = put_text(json, "expected", &verdict->expected);
  if (status == VMS_OK) status = put_text(json, "found", &verdict->found);
  if (status == VMS_OK) status = put_text(json, "message", &verdict->message);
  return status == VMS_OK ? vms__buf_text(json, "}}") : status;
}

int vms_verdict_write(vms_buffer *json, const vms_verdict *verdict, const vms_audit_options *options) {
  static const char *const verdicts[] = { "ok", "finding", "incomplete" };
  assert(verdict->verdict <= VMS_VERDICT_INCOMPLETE);
  int status = vms__buf_format(json, "{\"verdict\":\"%s\"", verdicts[verdict->verdict]);
  if (status == VMS_OK) status = put_hex(json, ",\"ledger\":\"", verdict->ledger, VMS_KEY_LEN);
  if (status == VMS_OK) status = put_hex(json, "\",\"archive\":\"", verdict->archive, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_byte(json, '"');
  if (status == VMS_OK) status = put_text(json, "engine", &verdict->engine);
  if (status == VMS_OK) status = vms__buf_format(json, ",\"length\":%llu", (unsigned long long)verdict->length);
  if (status == VMS_OK) status = put_hex(json, ",\"treeHash\":\"", verdict->tree_hash, VMS_HASH_LEN);
  if (status == VMS_OK)
    status = vms__buf_format(json, "\",\"files\":{\"version\":%llu,\"blobs\":%llu", (unsigned long long)verdict->files.version, (unsigned long long)verdict->files.blobs);
  if (status == VMS_OK) status = put_hex(json, ",\"hash\":\"", verdict->files.hash, VMS_HASH_LEN);
  if (status == VMS_OK)
    status = vms__buf_format(json, "\"},\"checked\":{\"records\":%llu,\"calls\":%llu,\"signatures\":%llu,\"unsigned\":%llu,\"oracles\":%llu,\"starts\":%llu,\"epochs\":%llu},\"notChecked\":[",
                             (unsigned long long)verdict->records, (unsigned long long)verdict->calls, (unsigned long long)verdict->signatures,
                             (unsigned long long)verdict->unsigned_calls, (unsigned long long)verdict->oracles, (unsigned long long)verdict->starts,
                             (unsigned long long)verdict->epochs);
  const char *sentence;
  for (size_t i = 0; status == VMS_OK && (sentence = vms_verdict_unchecked(verdict, options, i)) != NULL; i++) {
    if (i > 0) status = vms__buf_byte(json, ',');
    if (status == VMS_OK) status = vms__buf_json_string(json, sentence, strlen(sentence));
  }
  if (status == VMS_OK) status = vms__buf_format(json, "],\"trust\":\"%s\"", vms_verdict_trust(verdict));
  return status == VMS_OK ? put_finding(json, verdict) : status;
}
