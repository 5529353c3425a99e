/* SPDX-License-Identifier: MIT */
/* What went wrong, for people: message, hint, exit status. */
#define _GNU_SOURCE
#include "call.h"

#include <stdarg.h>
#include <stdlib.h>

/* Bytes of a stranger's message that are shown. */
#define MESSAGE_SHOWN 2000u

static const char *prefix = "vms-call";
static const char *usage_hint = "vms-call --help lists the options";

void call_at_prompt(void) {
  prefix = "error";
  usage_hint = ".help tells how a line is written";
}

/* The host answered vms.subscribe with an error. */
static int is_refusal(const vms_error *error) {
  return error->status == VMS_ERR_REMOTE && strncmp(error->message, "vms.subscribe: ", strlen("vms.subscribe: ")) == 0;
}

/* What helps: on the command line that may be more than the library knows. */
static const char *hint_for(const vms_error *error) {
  const char *said = error->message;
  if (is_refusal(error)) return "vms.head tells how many records there are";
  switch (error->status) {
    case VMS_ERR_FOREIGN:
      return strstr(said, "as before") != NULL ? "the host's ledger key changed: do not go on unless you know why; then vms-call --forget URL takes the new one"
                                               : "compare #KEY with what vms-host printed; do not go on unless you know why it differs";
    case VMS_ERR_TIMEOUT: return "--timeout SECONDS waits longer; if it was a call, ask the service whether it ran before you call again";
    case VMS_ERR_CLOSED: return "is vms-host still running there? if it was a call, ask the service whether it ran before you call again";
    /* A host that has too much to prove says so without a proof. */
    case VMS_ERR_SIGNATURE: return strstr(said, "RangeError") != NULL ? "ask for less; " WHOLE_FILE : vms_client_hint(error);
    default: return vms_client_hint(error);
  }
}

const char *call_evidence(const vms_client *client) { return client == NULL ? NULL : vms_client_evidence(client); }

int call_fail(const vms_error *error, const char *evidence) {
  const char *hint = hint_for(error);
  if (error->status != VMS_ERR_CONFLICT) evidence = NULL;
  cli_error(prefix, "%s%s%s", error->message, evidence == NULL ? "" : ", evidence: ", evidence == NULL ? "" : evidence);
  if (evidence != NULL) cli_hint("do not rely on this service; vms-audit --check '%s' judges the evidence", evidence);
  else if (hint[0] != 0) cli_hint("%s", hint);
  /* Status 404 stands for error -32006: something answered. */
  if (is_refusal(error) || (error->status == VMS_ERR_REMOTE && error->position == 404)) return CLI_FAILED;
  switch (error->status) {
    case VMS_ERR_ARGUMENT: case VMS_ERR_FORM: case VMS_ERR_UNSUPPORTED: return CLI_USAGE;
    case VMS_ERR_FOREIGN: case VMS_ERR_CONFLICT: return CLI_BROKEN_WORD;
    case VMS_ERR_LIMIT: return CLI_FAILED;
    default: return CLI_UNKNOWN;
  }
}

int call_out_of_memory(void) {
  cli_error(prefix, "out of memory");
  return CLI_UNKNOWN;
}

static int say(const char *format, va_list list) {
  char *text = NULL;
  if (vasprintf(&text, format, list) < 0) return call_out_of_memory();
  cli_error(prefix, "%s", text);
  free(text);
  return CLI_FINE;
}

int call_error(int result, const char *format, ...) {
  va_list list;
  va_start(list, format);
  (void)say(format, list);
  va_end(list);
  return result;
}

int call_usage(const char *format, ...) {
  va_list list;
  va_start(list, format);
  (void)say(format, list);
  va_end(list);
  cli_hint("%s", usage_hint);
  return CLI_USAGE;
}

/* True if a nonce was refused that the host once knew: it says {"executed":null}. */
static int is_forgotten(const vms_rpc_reply *reply) {
  vms_slice executed;
  return vms_json_member(view(&reply->data), "executed", &executed) == VMS_OK && executed.len == 4 && memcmp(executed.data, "null", 4) == 0;
}

/* What helps against a refusal; NULL: what a contract says is for the contract to explain. */
static const char *hint_for_reply(const arguments *args, const char *method, const vms_rpc_reply *reply, vms_slice name) {
  if (!is_plain(method) && strstr(reply->message.data, "whether it ran then is not known") != NULL)
    return "ask the service whether the call ran before you call again";
  switch (reply->code) {
    case VMS_CODE_NO_METHOD: return strstr(reply->message.data, "vms.info") != NULL ? NULL : "vms.info lists the methods that there are";
    case VMS_CODE_PARAMS: return "rpc.discover tells which parameters there are";
    case VMS_CODE_ABORTED: return "vms.info tells the limits; nothing that the call did stands";
    case VMS_CODE_SIGNATURE: return "the request did not arrive as it was signed; is something in between that changes it?";
    case VMS_CODE_NONCE:
      return is_forgotten(reply) ? "the host no longer knows whether the call ran: ask the service before you call again"
                                 : "others sign with the same key, or the clock is wrong; nothing was done";
    case VMS_CODE_NOT_ALLOWED:
      if (strstr(reply->message.data, "mirror") != NULL) return NULL;
      return args->anonymous ? "without --anonymous the call is signed with your key" : "the service decides who may call; --whoami prints your key";
    case VMS_CODE_BUSY: return "nothing was done; try again in a moment";
    case VMS_CODE_SHUTDOWN: return "nothing was done; try again when the host is back";
    case VMS_CODE_NO_SERVICE: return "compare the URL with the one that vms-host printed";
    case VMS_CODE_STORAGE: /* it may have failed behind a call that ran */
      return strstr(reply->message.data, "nothing was done") != NULL || is_plain(method)
               ? "nothing was done; tell whoever runs the host, whose log has more"
               : "tell whoever runs the host; ask the service whether the call ran before you call again";
    case VMS_CODE_SEEN: return "the host does not know the history that it showed before; vms-audit judges it";
    case VMS_CODE_EXPIRED: return "nothing was done; compare your clock with the host's, or --timeout SECONDS waits longer";
    default: break;
  }
  if (strcmp(method, "files.readFile") == 0 && name.len == 10 && memcmp(name.data, "RangeError", 10) == 0) return WHOLE_FILE;
  return NULL;
}

int call_fail_reply(const arguments *args, const char *method, const vms_rpc_reply *reply) {
  vms_buffer name = VMS_BUFFER_INIT;
  if (vms_rpc_reply_name(reply, &name) != VMS_OK || name.len == 0) append(&name, vms_code_name(reply->code));
  size_t len = cli_cut(reply->message.data, reply->message.len, MESSAGE_SHOWN);
  size_t name_len = cli_cut(name.data, name.len, MESSAGE_SHOWN / 10);
  cli_error(prefix, "%.*s%s%.*s%s", (int)(name_len == 0 ? 5 : name_len), name_len == 0 ? "Error" : name.data, len == 0 ? "" : ": ", (int)len,
            len == 0 ? "" : reply->message.data, len < reply->message.len ? " ..." : "");
  const char *hint = hint_for_reply(args, method, reply, view(&name));
  if (hint != NULL) cli_hint("%s", hint);
  vms_buffer_free(&name);
  return CLI_FAILED;
}
