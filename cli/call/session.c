/* SPDX-License-Identifier: MIT */
/* Connections, and what is kept about services: which ledger a URL stands for, and the newest head of each. */
#include "call.h"

int call_connect(call_session *session, const arguments *args, vms_error *error) {
  vms_client_options options = VMS_CLIENT_OPTIONS_INIT;
  uint8_t ledger[VMS_KEY_LEN];
  if (session->keep == NULL) (void)vms_keep_open(&session->keep, args->keep, NULL); /* without one nothing is kept; see call_check_keep() */
  options.timeout_ms = args->timeout_ms;
  options.flags = args->no_receipt ? VMS_CLIENT_NO_RECEIPT : 0;
  options.keep = session->keep;
  options.ca = args->ca;
  int status = vms_client_open(&session->client, args->url, &options, error);
  /* Calls are signed for the right ledger only; what is not signed is not asked of a wrong one either. */
  if (status == VMS_OK && (session->keep != NULL || strchr(args->url, '#') != NULL)) status = vms_client_ledger(session->client, ledger, error);
  return status;
}

void call_disconnect(call_session *session) {
  vms_client_close(session->client);
  vms_keep_close(session->keep);
  session->client = NULL;
  session->keep = NULL;
}

void call_check_keep(const arguments *args) {
  vms_keep *keep = NULL;
  vms_error error = { 0, 0, 0, "" };
  if (vms_keep_open(&keep, args->keep, &error) != VMS_OK) cli_hint("%s: nothing is kept about services; --keep DIR names a folder for it", error.message);
  vms_keep_close(keep);
}

/* The ledger that the URL says, or else stood for when it was met first. */
static int find_ledger(vms_keep *keep, const char *url, uint8_t ledger[VMS_KEY_LEN], vms_error *error) {
  const char *key = strchr(url, '#');
  if (key == NULL) return vms_keep_pin(keep, url, ledger, error);
  error->status = VMS_ERR_ARGUMENT;
  snprintf(error->message, sizeof error->message, "behind # a ledger key has %d lower-case hex digits", 2 * VMS_KEY_LEN);
  if (strlen(++key) != 2 * VMS_KEY_LEN) return VMS_ERR_ARGUMENT;
  for (size_t i = 0; i < 2 * VMS_KEY_LEN; i++) {
    int digit = key[i] >= '0' && key[i] <= '9' ? key[i] - '0' : key[i] >= 'a' && key[i] <= 'f' ? key[i] - 'a' + 10 : -1;
    if (digit < 0) return VMS_ERR_ARGUMENT;
    ledger[i / 2] = (uint8_t)((i % 2 == 0 ? 0 : ledger[i / 2]) << 4 | digit);
  }
  return VMS_OK;
}

/* Why something that was kept cannot be had. */
static int fail_kept(const vms_error *error, const char *missing, const char *hint) {
  if (error->status != VMS_ERR_NOT_FOUND) return call_fail(error, NULL);
  call_error(0, "%s", missing);
  cli_hint("%s", hint);
  return CLI_UNKNOWN;
}

int call_head(const arguments *args) {
  vms_keep *keep = NULL;
  vms_head head;
  uint8_t ledger[VMS_KEY_LEN];
  vms_error error = { 0, 0, 0, "" };
  int result = CLI_FINE, status = vms_keep_open(&keep, args->keep, &error);
  if (status == VMS_OK) status = find_ledger(keep, args->url, ledger, &error);
  if (status == VMS_OK) status = vms_keep_head(keep, ledger, &head, &error);
  if (status != VMS_OK) result = fail_kept(&error, "no head of this service is kept", "every call keeps the newest one; vms-call URL vms.head asks for it");
  else {
    printf("%llu:", (unsigned long long)head.length);
    for (size_t i = 0; i < sizeof head.tree_hash; i++) printf("%02x", head.tree_hash[i]);
    putchar('\n');
    if (!call_flushed()) result = CLI_UNKNOWN;
  }
  vms_keep_close(keep);
  return result;
}

int call_forget(const arguments *args) {
  vms_keep *keep = NULL;
  vms_error error = { 0, 0, 0, "" };
  int result = CLI_FINE, status = vms_keep_open(&keep, args->keep, &error);
  if (status == VMS_OK) status = vms_keep_forget(keep, args->url, &error);
  if (status != VMS_OK) result = fail_kept(&error, "nothing is kept about this URL", "give it as it was called, without #KEY");
  vms_keep_close(keep);
  return result;
}
