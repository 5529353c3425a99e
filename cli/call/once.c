/* SPDX-License-Identifier: MIT */
/* One call. */
#include "call.h"

static int ask_and_print(const arguments *args, vms_client *client, vms_slice params) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  call_file wanted = { .args = args, .client = client, .method = args->method };
  int result = CLI_FINE, as_bytes = call_find_file(&wanted, params);
  if (as_bytes && !wanted.part) return call_print_file(&wanted);
  vms_rpc_reply_init(&reply, NULL);
  int status = call_ask(client, args, args->method, params, &reply, &error);
  if (status == VMS_OK && reply.code == 0 && as_bytes) status = call_take_bytes(&reply, &bytes, &error);
  if (status != VMS_OK) result = call_fail(&error);
  else if (reply.code != 0) result = call_fail_reply(args, args->method, &reply);
  else if (as_bytes) call_print_bytes(&bytes);
  else if (reply.result.len > 0) call_show(args, view(&reply.result));
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&bytes);
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

int call_once(const arguments *args, vms_client *client, vms_slice params) {
  int result = ask_and_print(args, client, params);
  if (result == CLI_FINE || result == CLI_FAILED) hint_unpinned(args, client);
  return !call_flushed() && result == CLI_FINE ? CLI_UNKNOWN : result;
}
