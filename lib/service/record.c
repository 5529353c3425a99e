/* SPDX-License-Identifier: MIT */
/* The text of the blocks in a ledger, written and read. One text per meaning: what the reader accepts is
 * byte for byte what the writer makes. Format: doc/ledger-format.md, "Records". */
#include "internal.h"

const char *const vms__start_reasons[VMS__START_COUNT] = { "boot", "evicted", "rotated", "aborted", "failed" };

/* A chain of appends with one check at its end. */
typedef struct writer {
  vms_buffer *text;
  int status;
} writer;

static void put(writer *out, const char *text) {
  if (out->status == VMS_OK) out->status = vms__buf_text(out->text, text);
}
static void put_uint(writer *out, const char *before, uint64_t number) {
  put(out, before);
  if (out->status == VMS_OK) out->status = vms__buf_uint(out->text, number);
}
static void put_hex(writer *out, const char *before, const void *bytes, size_t len) {
  put(out, before);
  put(out, "\"");
  if (out->status == VMS_OK) out->status = vms__buf_hex(out->text, bytes, len);
  put(out, "\"");
}
static void put_string(writer *out, const char *before, vms_slice utf8) {
  put(out, before);
  if (out->status == VMS_OK) out->status = vms__buf_json_string(out->text, utf8.data, utf8.len);
}
static void put_raw(writer *out, const char *before, vms_slice raw) {
  put(out, before);
  if (out->status == VMS_OK) out->status = vms__buf_slice(out->text, raw);
}
static void put_bool(writer *out, const char *before, bool value) {
  put(out, before);
  put(out, value ? "true" : "false");
}

static void put_files(writer *out, const vms_archive_state *files) {
  put_uint(out, ",\"files\":{\"version\":", files->version);
  put_uint(out, ",\"blobs\":", files->blobs);
  put_hex(out, ",\"hash\":", files->hash, VMS_HASH_LEN);
  put(out, "}");
}

static void put_outcome(writer *out, const vms__record *record) {
  if (record->outcome == VMS_OUTCOME_ERROR) {
    put_string(out, ",\"error\":{\"name\":", record->name);
    put_string(out, ",\"message\":", record->message);
    put(out, "}");
  } else if (record->outcome == VMS_OUTCOME_ABORTED) {
    put_string(out, ",\"aborted\":", record->name);
  } else if (record->type == VMS__RECORD_CALL && record->result.len > 0) {
    put_raw(out, ",\"result\":", record->result);
  }
}

int vms__genesis_write(vms_buffer *text, const vms__genesis *genesis) {
  writer out = { text, VMS_OK };
  put_string(&out, "{\"type\":\"init\",\"v\":1,\"engine\":", genesis->engine);
  put_string(&out, ",\"code\":", genesis->code);
  put_string(&out, ",\"title\":", genesis->title);
  put_hex(&out, ",\"archive\":", genesis->archive, VMS_KEY_LEN);
  put_hex(&out, ",\"vrf\":", genesis->vrf, VMS_KEY_LEN);
  put_uint(&out, ",\"limits\":{\"steps\":", genesis->limits.steps);
  put_uint(&out, ",\"memory\":", genesis->limits.memory);
  put_uint(&out, ",\"request\":", genesis->limits.request);
  put_uint(&out, ",\"result\":", genesis->limits.result);
  put_uint(&out, ",\"files_call\":", genesis->limits.files_call);
  put_uint(&out, ",\"files_total\":", genesis->limits.files_total);
  put_uint(&out, "},\"epoch\":", genesis->epoch);
  put_bool(&out, ",\"oracles\":[],\"anonymous\":", genesis->anonymous);
  put_bool(&out, ",\"debug\":", genesis->debug);
  put_uint(&out, ",\"owner\":null,\"time\":", genesis->time_ms);
  put(&out, "}");
  return out.status;
}

int vms__record_write(vms_buffer *text, const vms__record *record) {
  writer out = { text, VMS_OK };
  if (record->type == VMS__RECORD_START) {
    assert(record->reason < VMS__START_COUNT);
    put_uint(&out, "{\"type\":\"start\",\"time\":", record->time_ms);
    put_string(&out, ",\"reason\":", vms__slice_of(vms__start_reasons[record->reason]));
    put_hex(&out, ",\"build\":", record->build, VMS_HASH_LEN);
  } else {
    assert(record->type == VMS__RECORD_CALL);
    put_uint(&out, "{\"type\":\"call\",\"time\":", record->time_ms);
    if (record->caller_kind == VMS__CALLER_KEY) put_hex(&out, ",\"caller\":", record->caller, VMS_KEY_LEN);
    else if (record->caller_kind == VMS__CALLER_DEBUG) put_string(&out, ",\"caller\":", record->caller_name);
    else put(&out, ",\"caller\":null");
    put_string(&out, ",\"request\":", record->request);
    if (record->has_signature) put_hex(&out, ",\"signature\":", record->signature, VMS_SIGNATURE_LEN);
    if (record->has_vrf) put_hex(&out, ",\"vrf\":", record->vrf, VMS__VRF_PROOF_LEN);
    put(&out, ",\"oracles\":[]");
  }
  put_outcome(&out, record);
  put_uint(&out, ",\"steps\":", record->steps);
  put_files(&out, &record->files);
  put(&out, "}");
  return out.status;
}

/* Reads a JSON string into scratch, which has room for it already, so earlier slices stay where they are. */
static bool take_string(vms__json *json, vms_buffer *scratch, vms_slice *utf8) {
  vms_slice raw;
  size_t start = scratch->len;
  if (!vms__json_string(json, &raw)) return false;
  assert(scratch->capacity - scratch->len > raw.len); /* an escape is never shorter than what it stands for */
  if (vms__json_unescape(raw, scratch) != VMS_OK) return false;
  *utf8 = (vms_slice){ scratch->data + start, scratch->len - start };
  return true;
}

static bool take_bool(vms__json *json, bool *value) {
  *value = vms__json_literal(json, "true");
  return *value || vms__json_literal(json, "false");
}

static bool take_files(vms__json *json, vms_archive_state *files) {
  return vms__json_literal(json, ",\"files\":{\"version\":") && vms__json_uint(json, &files->version) &&
         vms__json_literal(json, ",\"blobs\":") && vms__json_uint(json, &files->blobs) &&
         vms__json_literal(json, ",\"hash\":") && vms__json_hex(json, files->hash, VMS_HASH_LEN) &&
         vms__json_literal(json, "}");
}

static bool take_limits(vms__json *json, vms_limits *limits) {
  return vms__json_literal(json, ",\"limits\":{\"steps\":") && vms__json_uint(json, &limits->steps) &&
         vms__json_literal(json, ",\"memory\":") && vms__json_uint(json, &limits->memory) &&
         vms__json_literal(json, ",\"request\":") && vms__json_uint(json, &limits->request) &&
         vms__json_literal(json, ",\"result\":") && vms__json_uint(json, &limits->result) &&
         vms__json_literal(json, ",\"files_call\":") && vms__json_uint(json, &limits->files_call) &&
         vms__json_literal(json, ",\"files_total\":") && vms__json_uint(json, &limits->files_total) &&
         vms__json_literal(json, "}") && limits->steps > 0 && limits->memory > 0 && limits->request > 0 && limits->result > 0 &&
         limits->files_call > 0 && limits->files_total > 0;
}

/* Clears scratch and makes room for every string of `text`, each with its NUL. */
static int prepare(vms_slice text, vms_buffer *scratch, vms_error *error) {
  vms__buf_clear(scratch);
  if (vms__buf_reserve(scratch, text.len + 16) == VMS_OK) return VMS_OK;
  return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a record of %zu bytes", text.len);
}

static int malformed(vms_slice text, const vms__json *json, vms_error *error) {
  uint64_t at = text.len == 0 ? 0 : (uint64_t)(json->at - text.data);
  return vms__fail(error, VMS_ERR_FORM, at, "the record is not of the form it must have, from byte %llu on",
                   (unsigned long long)at);
}

/* What was read must be what the writer writes. */
static int canonical(vms_slice text, vms_buffer *written, int status, vms_error *error) {
  if (status != VMS_OK) status = vms__fail(error, status, 0, "out of memory for a record");
  else if (!vms__slice_equal(text, vms__buf_view(written)))
    status = vms__fail(error, VMS_ERR_FORM, 0, "the record is spelled in another way than its one canonical text");
  vms_buffer_free(written);
  return status;
}

int vms__genesis_read(vms_slice text, vms_buffer *scratch, vms__genesis *genesis, vms_error *error) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  vms_buffer written;
  uint64_t v;
  int status = prepare(text, scratch, error);
  if (status != VMS_OK) return status;
  memset(genesis, 0, sizeof *genesis);
  if (!vms__json_literal(&json, "{\"type\":\"init\",\"v\":") || !vms__json_uint(&json, &v)) return malformed(text, &json, error);
  if (v != 1) {
    genesis->engine = VMS__TEXT("?");
    return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "records of version %llu are not known here", (unsigned long long)v);
  }
  if (!vms__json_literal(&json, ",\"engine\":") || !take_string(&json, scratch, &genesis->engine)) return malformed(text, &json, error);
  if (!vms__slice_is(genesis->engine, VMS_ENGINE))
    return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "the contract needs another engine than %s", VMS_ENGINE);
  if (!(vms__json_literal(&json, ",\"code\":") && take_string(&json, scratch, &genesis->code) && genesis->code.len <= VMS__CODE_LEN_MAX &&
        vms__json_literal(&json, ",\"title\":") && take_string(&json, scratch, &genesis->title) &&
        vms__json_literal(&json, ",\"archive\":") && vms__json_hex(&json, genesis->archive, VMS_KEY_LEN) &&
        vms__json_literal(&json, ",\"vrf\":") && vms__json_hex(&json, genesis->vrf, VMS_KEY_LEN) &&
        take_limits(&json, &genesis->limits) && vms__json_literal(&json, ",\"epoch\":") &&
        vms__json_uint(&json, &genesis->epoch) && genesis->epoch > 0 && vms__json_literal(&json, ",\"oracles\":[")))
    return malformed(text, &json, error);
  if (!vms__json_literal(&json, "]"))
    return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "the contract uses oracles, which this version does not know");
  if (!(vms__json_literal(&json, ",\"anonymous\":") && take_bool(&json, &genesis->anonymous) &&
        vms__json_literal(&json, ",\"debug\":") && take_bool(&json, &genesis->debug) && vms__json_literal(&json, ",\"owner\":")))
    return malformed(text, &json, error);
  if (!vms__json_literal(&json, "null"))
    return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "the service has an owner, which this version does not know");
  if (!(vms__json_literal(&json, ",\"time\":") && vms__json_uint(&json, &genesis->time_ms) &&
        vms__json_literal(&json, "}") && vms__json_end(&json)))
    return malformed(text, &json, error);
  vms_buffer_init(&written, scratch->env);
  return canonical(text, &written, vms__genesis_write(&written, genesis), error);
}

static bool take_error(vms__json *json, vms_buffer *scratch, vms__record *record) {
  if (!vms__json_literal(json, ",\"error\":{\"name\":")) return false;
  record->outcome = VMS_OUTCOME_ERROR;
  return take_string(json, scratch, &record->name) && vms__json_literal(json, ",\"message\":") &&
         take_string(json, scratch, &record->message) && vms__json_literal(json, "}");
}

static bool take_aborted(vms__json *json, vms__record *record) {
  if (!vms__json_literal(json, ",\"aborted\":") || !vms__json_string(json, &record->name)) return false;
  record->outcome = VMS_OUTCOME_ABORTED;
  return vms__slice_is(record->name, "steps") || vms__slice_is(record->name, "memory") ||
         (record->type == VMS__RECORD_CALL &&
          (vms__slice_is(record->name, "result") || vms__slice_is(record->name, "files")));
}

static bool take_result(vms__json *json, vms__record *record) {
  record->outcome = VMS_OUTCOME_RESULT;
  record->result = (vms_slice){ NULL, 0 };
  if (!vms__json_literal(json, ",\"result\":")) return true; /* undefined */
  return record->type == VMS__RECORD_CALL && vms__json_value(json, &record->result);
}

static bool take_caller(vms__json *json, vms__record *record) {
  if (vms__json_literal(json, "null")) {
    record->caller_kind = VMS__CALLER_NONE;
    return true;
  }
  record->caller_kind = VMS__CALLER_KEY;
  if (vms__json_hex(json, record->caller, VMS_KEY_LEN)) return true;
  record->caller_kind = VMS__CALLER_DEBUG;
  return vms__json_string(json, &record->caller_name) && vms__caller_name_valid(record->caller_name);
}

static bool take_start(vms__json *json, vms__record *record) {
  vms_slice reason;
  if (!vms__json_literal(json, ",\"reason\":") || !vms__json_string(json, &reason)) return false;
  for (record->reason = 0; record->reason < VMS__START_COUNT; record->reason++)
    if (vms__slice_is(reason, vms__start_reasons[record->reason])) break;
  return record->reason < VMS__START_COUNT && vms__json_literal(json, ",\"build\":") &&
         vms__json_hex(json, record->build, VMS_HASH_LEN);
}

static bool take_call(vms__json *json, vms_buffer *scratch, vms__record *record) {
  if (!vms__json_literal(json, ",\"caller\":") || !take_caller(json, record) || !vms__json_literal(json, ",\"request\":") ||
      !take_string(json, scratch, &record->request))
    return false;
  record->has_signature = vms__json_literal(json, ",\"signature\":");
  if (record->has_signature && !vms__json_hex(json, record->signature, VMS_SIGNATURE_LEN)) return false;
  record->has_vrf = vms__json_literal(json, ",\"vrf\":");
  return (!record->has_vrf || vms__json_hex(json, record->vrf, VMS__VRF_PROOF_LEN)) && vms__json_literal(json, ",\"oracles\":[]");
}

int vms__record_scan(vms_slice text, vms_buffer *scratch, vms__record *record, vms_error *error) {
  vms__json json = vms__json_over(text, VMS__JSON_COMPACT);
  bool fine;
  int status = prepare(text, scratch, error);
  if (status != VMS_OK) return status;
  json.depth_max = VMS__RESULT_DEPTH_MAX;
  memset(record, 0, sizeof *record);
  if (vms__json_literal(&json, "{\"type\":\"start\"")) record->type = VMS__RECORD_START;
  else if (vms__json_literal(&json, "{\"type\":\"call\"")) record->type = VMS__RECORD_CALL;
  else return malformed(text, &json, error);
  fine = vms__json_literal(&json, ",\"time\":") && vms__json_uint(&json, &record->time_ms) &&
         (record->type == VMS__RECORD_START ? take_start(&json, record) : take_call(&json, scratch, record));
  if (fine) {
    const char *here = json.at;
    fine = take_error(&json, scratch, record);
    if (!fine && json.at == here) fine = take_aborted(&json, record);
    if (!fine && json.at == here) fine = take_result(&json, record);
  }
  fine = fine && vms__json_literal(&json, ",\"steps\":") && vms__json_uint(&json, &record->steps) &&
         take_files(&json, &record->files) && vms__json_literal(&json, "}") && vms__json_end(&json);
  return fine ? VMS_OK : malformed(text, &json, error);
}

int vms__record_read(vms_slice text, vms_buffer *scratch, vms__record *record, vms_error *error) {
  vms_buffer written;
  int status = vms__record_scan(text, scratch, record, error);
  if (status != VMS_OK) return status;
  vms_buffer_init(&written, scratch->env);
  return canonical(text, &written, vms__record_write(&written, record), error);
}
