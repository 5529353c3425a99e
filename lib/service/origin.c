/* SPDX-License-Identifier: MIT */
/* Which record made a change of the files: the first one whose files.version reaches the change's. Versions never fall from record
 * to record, so it is found by bisection. Where a liar's do, some record comes out or none; the search ends all the same, and whoever
 * reads the same records finds the same one. Changes come in order, so the next one's record is looked for near the last one's. */
#include "internal.h"

#define BYTES_PER_WORK 512u /* of records that are read: as long as an entry looked at takes, and less for large ones */

/* Record `low` (0: block 0, before every change) ends at version `after`, short of what is sought; record `high` at `upto`, not short of
 * it. high may be the end of what counts: then no such record is known. */
typedef struct search {
  uint64_t version;
  uint64_t low, high, after, upto;
} search;

void vms__origin_init(vms__origin *origin, const vms_env *env) {
  memset(origin, 0, sizeof *origin);
  origin->env = env;
  vms_buffer_init(&origin->block, env);
  vms_buffer_init(&origin->scratch, env);
  vms_buffer_init(&origin->member, env);
}

void vms__origin_deinit(vms__origin *origin) {
  vms_buffer_free(&origin->block);
  vms_buffer_free(&origin->scratch);
  vms_buffer_free(&origin->member);
}

void vms__origin_set(vms__origin *origin, vms_core *core, vms_replica *replica, uint64_t length) {
  assert((core == NULL) != (replica == NULL));
  origin->core = core;
  origin->replica = replica;
  origin->length = length;
  origin->bytes = origin->bytes_max = origin->seq = 0;
}

static int record_load(vms__origin *origin, uint64_t seq, vms__record *record, vms_error *error) {
  int status;
  if (origin->trace != NULL) origin->trace(origin->trace_context, seq);
  vms__buf_clear(&origin->block);
  if (origin->core != NULL) status = vms_core_read(origin->core, seq, &origin->block, error);
  else status = vms_replica_read(origin->replica, seq, &origin->block, error);
  if (status == VMS_ERR_NOT_FOUND && origin->replica != NULL)
    return vms__fail(error, VMS_ERR_MISSING, seq, "record %llu of the ledger is not here", (unsigned long long)seq);
  origin->bytes += origin->block.len;
  if (status == VMS_OK && origin->bytes_max != 0 && origin->bytes > origin->bytes_max)
    return vms__fail(error, VMS_ERR_LIMIT, seq, "more than %llu bytes of records", (unsigned long long)origin->bytes_max);
  if (status == VMS_OK) status = vms__record_scan(vms__buf_view(&origin->block), &origin->scratch, record, error);
  if (status == VMS_ERR_FORM || status == VMS_ERR_NOT_FOUND)
    return vms__fail(error, VMS_ERR_CORRUPT, seq, "record %llu of the ledger is not readable", (unsigned long long)seq);
  return status;
}

static int probe(vms__origin *origin, uint64_t seq, search *s, vms_error *error) {
  vms__record record;
  int status = record_load(origin, seq, &record, error);
  if (status != VMS_OK) return status;
  if (record.files.version < s->version) {
    s->low = seq;
    s->after = record.files.version;
  } else {
    s->high = seq;
    s->upto = record.files.version;
  }
  return VMS_OK;
}

/* Narrows the search down from what was found last, in steps that double. */
static int search_nearby(vms__origin *origin, search *s, vms_error *error) {
  int status = VMS_OK;
  if (origin->seq == 0) return VMS_OK;
  if (s->version > origin->upto) {
    s->low = origin->seq;
    s->after = origin->upto;
    for (uint64_t step = 1; status == VMS_OK && s->high == origin->length && step < s->high - s->low; step *= 2)
      status = probe(origin, s->low + step, s, error);
    return status;
  }
  s->high = origin->seq - 1; /* at least 1: `after` would be 0 otherwise, and no version is below 1 */
  s->upto = origin->after;
  for (uint64_t step = 1; status == VMS_OK && s->low == 0 && step < s->high; step *= 2) status = probe(origin, s->high - step, s, error);
  return status;
}

/* Writes what is said of a record. */
static int describe(vms_buffer *json, uint64_t seq, const vms__record *record) {
  vms_slice method = record->type == VMS__RECORD_CALL ? vms__request_method(record->request) : (vms_slice){ NULL, 0 };
  int status = vms__buf_format(json, ",\"record\":{\"seq\":%llu,\"time\":%llu,\"caller\":", (unsigned long long)seq, (unsigned long long)record->time_ms);
  if (status == VMS_OK) status = vms__buf_text(json, record->caller_kind == VMS__CALLER_NONE ? "null" : "\"");
  if (status == VMS_OK && record->caller_kind == VMS__CALLER_KEY) status = vms__buf_hex(json, record->caller, VMS_KEY_LEN);
  if (status == VMS_OK && record->caller_kind == VMS__CALLER_DEBUG) status = vms__buf_slice(json, record->caller_name); /* of plain letters */
  if (status == VMS_OK) status = vms__buf_text(json, record->caller_kind == VMS__CALLER_NONE ? ",\"method\":" : "\",\"method\":");
  if (status == VMS_OK) status = method.len == 0 ? vms__buf_text(json, "null") : vms__buf_json_string(json, method.data, method.len);
  return status == VMS_OK ? vms__buf_byte(json, '}') : status;
}

static int find(vms__origin *origin, uint64_t version, vms_error *error) {
  search s = { version, 0, origin->length, 0, 0 };
  vms__record record;
  int status = search_nearby(origin, &s, error);
  while (status == VMS_OK && s.high - s.low > 1) status = probe(origin, s.low + (s.high - s.low) / 2, &s, error);
  origin->seq = 0;
  vms__buf_clear(&origin->member);
  if (status != VMS_OK || s.high == origin->length) return status;
  status = record_load(origin, s.high, &record, error);
  if (status != VMS_OK) return status;
  if (describe(&origin->member, s.high, &record) != VMS_OK) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a record's name");
  origin->seq = s.high;
  origin->after = s.after;
  origin->upto = s.upto;
  return VMS_OK;
}

int vms__origin_call(vms__origin *origin, vms_archive *archive, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  int status;
  origin->bytes_max = VMS__MIN(request->work_max, VMS__JSON_INT_MAX / BYTES_PER_WORK) * BYTES_PER_WORK;
  status = vms_archive_call(archive, request, reply, error);
  reply->work += origin->bytes / BYTES_PER_WORK;
  return status;
}

int vms__origin_write(void *context, uint64_t version, vms_buffer *json, vms_error *error) {
  vms__origin *origin = context;
  assert(origin->core != NULL || origin->replica != NULL);
  if (version == 0 || origin->length <= 1) return VMS_OK; /* block 0 made nothing */
  if (origin->seq == 0 || version <= origin->after || version > origin->upto) {
    int status = find(origin, version, error);
    if (status != VMS_OK) return status;
  }
  if (vms__buf_slice(json, vms__buf_view(&origin->member)) == VMS_OK) return VMS_OK;
  return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a record's name");
}
