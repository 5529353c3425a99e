/* SPDX-License-Identifier: MIT */
/* One request and its answer. */
#include "call.h"

void call_answer_init(call_answer *answer) {
  memset(answer, 0, sizeof *answer);
  vms_rpc_reply_init(&answer->reply, NULL);
}

void call_answer_free(call_answer *answer) {
  vms_rpc_reply_free(&answer->reply);
  vms_buffer_free(&answer->receipt);
  vms_buffer_free(&answer->evidence);
}

void call_print_warning(vms_client *client) {
  vms_error warning = { 0, 0, 0, "" };
  if (vms_client_warning(client, &warning) != VMS_OK) cli_hint("not kept: %s", warning.message);
}

int call_send(vms_client *client, const arguments *args, const char *method, vms_slice params, uint64_t *id, vms_error *error) {
  if (is_plain(method)) return vms_client_send(client, method, params, id, error);
  if (args->anonymous) return vms_client_call_send_unsigned(client, method, params, id, error);
  return vms_client_call_send(client, args->seed, method, params, id, error);
}

int call_stray(vms_error *error) {
  error->status = VMS_ERR_REMOTE;
  snprintf(error->message, sizeof error->message, "the host answers what nobody asked");
  return error->status;
}

int call_unwrap(int plain, vms_rpc_reply *reply, vms_buffer *receipt, vms_error *error) {
  if (plain) return VMS_OK;
  vms_slice found = vms_rpc_reply_receipt(reply);
  if (receipt != NULL && found.len > 0 && vms_json_compact(found, receipt) == VMS_ERR_NOMEM) return error->status = VMS_ERR_NOMEM;
  int status = vms_rpc_reply_unwrap(reply, NULL, error);
  if (status == VMS_ERR_FORM) error->status = status = VMS_ERR_REMOTE; /* the host's form, not the user's */
  return status;
}

int call_is_recorded(int plain, const vms_rpc_reply *reply) {
  vms_slice seq;
  if (plain || reply->code == 0) return !plain;
  /* Where the script's top level failed the answer is an error of the same kind, and no record was made. */
  return (reply->code == VMS_CODE_CONTRACT || reply->code == VMS_CODE_ABORTED) && vms_json_member(view(&reply->data), "seq", &seq) == VMS_OK;
}

int call_ask_file(vms_client *client, const arguments *args, const char *method, vms_slice params, uint64_t version, vms_rpc_reply *reply,
                  vms_error *error) {
  return vms_client_file(client, method, params, version, args->verify ? VMS_CLIENT_VERIFY : 0, reply, NULL, error);
}

int call_ask(vms_client *client, const arguments *args, const char *method, vms_slice params, call_answer *answer) {
  uint64_t id = 0, got = 0;
  vms_error *error = &answer->error;
  vms_rpc_reply *reply = &answer->reply;
  int status;
  if (is_file(method) && (args->at != 0 || args->verify)) return answer->status = call_ask_file(client, args, method, params, args->at, reply, error);
  status = call_send(client, args, method, params, &id, error);
  if (status == VMS_OK) status = vms_client_receive(client, &got, reply, error);
  if (status == VMS_OK && got != id && got != 0) status = call_stray(error);
  return answer->status = status == VMS_OK ? call_unwrap(is_plain(method), reply, &answer->receipt, error) : status;
}
