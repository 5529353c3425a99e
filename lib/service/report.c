/* SPDX-License-Identifier: MIT */
/* A verdict: how it is reached by hand, and as a report: JSON, what was not checked, whom it trusts. */
#include "internal.h"

#include <stdio.h>

void vms_verdict_init(vms_verdict *verdict, const vms_env *env) {
  memset(verdict, 0, sizeof *verdict);
  vms_buffer *texts[] = { &verdict->engine, &verdict->kind, &verdict->caller, &verdict->method, &verdict->expected, &verdict->found, &verdict->message };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) vms_buffer_init(texts[i], env);
}

void vms_verdict_free(vms_verdict *verdict) {
  if (verdict == NULL) return;
  vms_buffer *texts[] = { &verdict->engine, &verdict->kind, &verdict->caller, &verdict->method, &verdict->expected, &verdict->found, &verdict->message };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) vms_buffer_free(texts[i]);
}

int vms__verdict_vset(vms_verdict *verdict, uint32_t outcome, const char *kind, uint64_t seq, const char *format, va_list args) {
  char text[256];
  vsnprintf(text, sizeof text, format, args);
  return vms_verdict_set(verdict, outcome, kind, seq, text);
}

int vms__verdict_set(vms_verdict *verdict, uint32_t outcome, const char *kind, uint64_t seq, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int status = vms__verdict_vset(verdict, outcome, kind, seq, format, args);
  va_end(args);
  return status;
}

int vms__verdict_call(vms_verdict *verdict, const vms__record *record) {
  int status = VMS_OK;
  if (record->type != VMS__RECORD_CALL) return VMS_OK;
  vms_slice method = vms__request_method(record->request);
  if (record->caller_kind == VMS__CALLER_KEY) status = vms__buf_hex(&verdict->caller, record->caller, VMS_KEY_LEN);
  if (record->caller_kind == VMS__CALLER_DEBUG) status = vms__buf_slice(&verdict->caller, record->caller_name);
  return status == VMS_OK ? vms__buf_slice(&verdict->method, method) : status;
}

int vms__outcome_text(vms_buffer *text, const vms__record *record) {
  int status = VMS_OK;
  if (record->outcome == VMS_OUTCOME_RESULT)
    return record->result.len > 0 ? vms__buf_slice(text, record->result) : vms__buf_text(text, "undefined");
  status = vms__buf_text(text, record->outcome == VMS_OUTCOME_ERROR ? "{\"error\":{\"name\":" : "{\"aborted\":");
  if (status == VMS_OK) status = vms__buf_json_string(text, record->name.data, record->name.len);
  if (status == VMS_OK && record->outcome == VMS_OUTCOME_ERROR) {
    status = vms__buf_text(text, ",\"message\":");
    if (status == VMS_OK) status = vms__buf_json_string(text, record->message.data, record->message.len);
    if (status == VMS_OK) status = vms__buf_byte(text, '}');
  }
  return status == VMS_OK ? vms__buf_byte(text, '}') : status;
}

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
  const char *sentences[6];
  size_t count = 0;
  if (options == NULL) return index == 0 ? "anything but what this one text shows: the rest of the ledger, and whether its answers are right" : NULL;
  if (options->level == VMS_AUDIT_CHAIN) sentences[count++] = "results, steps and files: nothing was replayed (--level full)";
  if (options->seen_length == 0 && options->kept == NULL && verdict->receipts == 0)
    sentences[count++] = "whether records were dropped, reordered or cut off before this head was signed (--seen LENGTH:HASH of a head met earlier)";
  if (options->ledger == NULL) sentences[count++] = "whether this is the ledger you mean (--ledger KEY)";
  if (verdict->promised > 0) sentences[count++] = "what came later: the host signed for more records than this copy has, and you keep the proof";
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

/* What a journal's audit tells beside the verdict. */
static int put_audit(vms_buffer *json, const vms_verdict *verdict) {
  int status = put_hex(json, ",\"archive\":\"", verdict->archive, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_byte(json, '"');
  if (status == VMS_OK) status = put_text(json, "engine", &verdict->engine);
  if (status == VMS_OK) status = vms__buf_format(json, ",\"length\":%llu", (unsigned long long)verdict->length);
  if (status == VMS_OK) status = put_hex(json, ",\"treeHash\":\"", verdict->tree_hash, VMS_HASH_LEN);
  if (status == VMS_OK)
    status = vms__buf_format(json, "\",\"files\":{\"version\":%llu,\"blobs\":%llu", (unsigned long long)verdict->files.version, (unsigned long long)verdict->files.blobs);
  if (status == VMS_OK) status = put_hex(json, ",\"hash\":\"", verdict->files.hash, VMS_HASH_LEN);
  if (status == VMS_OK)
    status = vms__buf_format(json, "\"},\"checked\":{\"records\":%llu,\"calls\":%llu,\"signatures\":%llu,\"unsigned\":%llu,\"oracles\":%llu,\"starts\":%llu,\"epochs\":%llu,\"receipts\":%llu}",
                             (unsigned long long)verdict->records, (unsigned long long)verdict->calls, (unsigned long long)verdict->signatures,
                             (unsigned long long)verdict->unsigned_calls, (unsigned long long)verdict->oracles, (unsigned long long)verdict->starts,
                             (unsigned long long)verdict->epochs, (unsigned long long)verdict->receipts);
  return status;
}

/* What one text tells. */
static int put_check(vms_buffer *json, const vms_verdict *verdict) {
  int status = vms__buf_format(json, ",\"length\":%llu", (unsigned long long)verdict->length);
  if (status == VMS_OK) status = put_hex(json, ",\"treeHash\":\"", verdict->tree_hash, VMS_HASH_LEN);
  if (status == VMS_OK) status = vms__buf_format(json, "\",\"seq\":%llu,\"time\":%llu", (unsigned long long)verdict->seq, (unsigned long long)verdict->time_ms);
  if (status == VMS_OK) status = put_text(json, "caller", &verdict->caller);
  return status == VMS_OK ? put_text(json, "method", &verdict->method) : status;
}

int vms_verdict_write(vms_buffer *json, const vms_verdict *verdict, const vms_audit_options *options) {
  static const char *const verdicts[] = { "ok", "finding", "incomplete" };
  const char *sentence;
  assert(verdict->verdict <= VMS_VERDICT_INCOMPLETE);
  int status = vms__buf_format(json, "{\"verdict\":\"%s\"", verdicts[verdict->verdict]);
  if (status == VMS_OK) status = put_hex(json, ",\"ledger\":\"", verdict->ledger, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_byte(json, '"');
  if (status == VMS_OK) status = options == NULL ? put_check(json, verdict) : put_audit(json, verdict);
  if (status == VMS_OK) status = vms__buf_text(json, ",\"notChecked\":[");
  for (size_t i = 0; status == VMS_OK && (sentence = vms_verdict_unchecked(verdict, options, i)) != NULL; i++) {
    if (i > 0) status = vms__buf_byte(json, ',');
    if (status == VMS_OK) status = vms__buf_json_string(json, sentence, strlen(sentence));
  }
  if (status == VMS_OK) status = vms__buf_byte(json, ']');
  if (status == VMS_OK && options != NULL) status = vms__buf_format(json, ",\"trust\":\"%s\"", vms_verdict_trust(verdict));
  return status == VMS_OK ? put_finding(json, verdict) : status;
}
