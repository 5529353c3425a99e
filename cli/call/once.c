/* SPDX-License-Identifier: MIT */
/* One call. */
#include "call.h"

static int print_answer(const arguments *args, const vms_client *client, call_answer *answer, int as_bytes) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_rpc_reply *reply = &answer->reply;
  int result = CLI_FINE;
  if (answer->status == VMS_OK && reply->code == 0 && as_bytes) answer->status = call_take_bytes(reply, &bytes, &answer->error);
  if (answer->status != VMS_OK) result = call_fail(&answer->error, call_evidence(client));
  else if (reply->code != 0) result = call_fail_reply(args, args->method, reply);
  else if (as_bytes) call_print_bytes(&bytes);
  else if (reply->result.len > 0) call_show(args, view(&reply->result));
  if (args->receipts != NULL && answer->status == VMS_OK && call_is_recorded(0, reply)) call_receipts_write(args->receipts, view(&answer->receipt));
  vms_buffer_free(&bytes);
  return result;
}

static int ask_and_print(const arguments *args, vms_client *client, vms_slice params) {
  call_file wanted = { .args = args, .client = client, .method = args->method };
  call_answer answer;
  int as_bytes = call_find_file(&wanted, params);
  if (as_bytes && !wanted.part) return call_print_file(&wanted);
  call_answer_init(&answer);
  call_ask(client, args, args->method, params, &answer);
  int result = print_answer(args, client, &answer, as_bytes);
  call_answer_free(&answer);
  return result;
}

/* Whose proof it is, if the URL does not say it: the host may have made up the whole ledger. */
static void hint_unpinned(const arguments *args, vms_client *client) {
  uint8_t ledger[VMS_KEY_LEN];
  char hex[2 * VMS_KEY_LEN + 1];
  if (!args->verify || strchr(args->url, '#') != NULL || vms_client_ledger(client, ledger, NULL) != VMS_OK) return;
  for (size_t i = 0; i < sizeof ledger; i++) snprintf(hex + 2 * i, 3, "%02x", ledger[i]);
  cli_hint("the ledger key is what the host told; if you know that it is the right one, put #%s behind the URL", hex);
}

int call_once(const arguments *args, call_session *session, vms_slice params) {
  vms_client *client = session->client;
  if (call_is_follow(args->method)) return call_follow(args, session, params);
  int result = ask_and_print(args, client, params);
  if (result == CLI_FINE || result == CLI_FAILED) hint_unpinned(args, client);
  call_print_warning(client);
  return !call_flushed() && result == CLI_FINE ? CLI_UNKNOWN : result;
}
