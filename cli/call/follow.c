/* SPDX-License-Identifier: MIT */
/* vms.subscribe: records as they come, one a line, until somebody has enough. */
#include "call.h"

#define NEXT_MS 1000u /* how long is waited in one go */

/* Where to begin: {"from":N}, [N], or at the end. */
static int read_from(vms_slice params, uint64_t *from) {
  vms_slice value = { NULL, 0 };
  char number[24];
  *from = UINT64_MAX;
  int status = params.data[0] == '{' ? vms_json_member(params, "from", &value) : vms_json_element(params, 0, &value);
  if (status != VMS_OK) return params.len == 2;
  snprintf(number, sizeof number, "%.*s", value.len < sizeof number ? (int)value.len : 0, value.data);
  return cli_number(number, 0, VERSION_MAX, from);
}

int call_is_follow(const char *method) { return strcmp(method, "vms.subscribe") == 0; }

int call_follow_check(vms_slice params) {
  uint64_t from;
  return read_from(params, &from) ? CLI_FINE : call_usage("vms.subscribe takes the number of the first record: a whole number, or nothing");
}

static int length_now(vms_client *client, const arguments *args, uint64_t *length, call_answer *answer) {
  vms_slice value;
  char number[24];
  int status = call_ask(client, args, "vms.head", slice_of("[]"), answer);
  if (status != VMS_OK) return status;
  if (answer->reply.code != 0 || vms_json_member(view(&answer->reply.result), "length", &value) != VMS_OK) return call_stray(&answer->error);
  snprintf(number, sizeof number, "%.*s", value.len < sizeof number ? (int)value.len : 0, value.data);
  return cli_number(number, 0, VERSION_MAX, length) ? VMS_OK : call_stray(&answer->error);
}

void call_follow_begin(call_session *session, const arguments *args, const char *method, vms_slice params, call_answer *answer) {
  uint64_t from;
  (void)method;
  (void)read_from(params, &from);
  answer->status = from == UINT64_MAX ? length_now(session->client, args, &from, answer) : VMS_OK;
  if (answer->status == VMS_OK) answer->status = vms_client_subscribe(session->client, from, &answer->error);
}

/* {"seq":N,"record":{…}}, or with --raw the record as it stands in the ledger. */
static int write_record(const arguments *args, uint64_t seq, const vms_buffer *record, vms_buffer *out) {
  char before[48];
  out->len = 0;
  if (args->raw) return vms_buffer_append(out, record->data, record->len);
  snprintf(before, sizeof before, "{\"seq\":%llu,\"record\":", (unsigned long long)seq);
  int status = append(out, before);
  if (status == VMS_OK) status = vms_json_compact(view(record), out);
  return status == VMS_OK ? append(out, "}") : status;
}

void call_follow_next(call_session *session, const arguments *args, const char *method, vms_slice params, call_answer *answer) {
  vms_buffer record = VMS_BUFFER_INIT;
  uint64_t seq = 0;
  (void)method;
  (void)params;
  answer->status = vms_client_next(session->client, NEXT_MS, &seq, &record, &answer->error);
  if (answer->status == VMS_OK) answer->status = write_record(args, seq, &record, &answer->reply.result);
  if (answer->status == VMS_ERR_FORM) { /* it may be anything: nobody has checked it */
    answer->error.status = answer->status = VMS_ERR_REMOTE;
    snprintf(answer->error.message, sizeof answer->error.message, "record %llu is no JSON", (unsigned long long)seq);
  }
  vms_buffer_free(&record);
}

int call_follow(const arguments *args, call_session *session, vms_slice params) {
  call_answer answer;
  uint64_t count = 0;
  int result = CLI_FINE;
  call_answer_init(&answer);
  call_follow_begin(session, args, args->method, params, &answer);
  while (answer.status == VMS_OK && (args->count == 0 || count < args->count) && result == CLI_FINE) {
    do call_follow_next(session, args, args->method, params, &answer); while (answer.status == VMS_ERR_NOT_FOUND);
    if (answer.status != VMS_OK) break;
    call_show_line(view(&answer.reply.result));
    if (!call_flushed()) result = CLI_UNKNOWN;
    count++;
  }
  if (answer.status != VMS_OK) result = call_fail(&answer.error, call_evidence(session->client));
  call_answer_free(&answer);
  return result;
}
