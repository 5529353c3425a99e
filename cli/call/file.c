/* SPDX-License-Identifier: MIT */
/* A file's bytes, however many, printed as they are. */
#include "call.h"

#include <unistd.h>

#define PIECE_LEN 4194304u /* of a file that is printed whole */

int call_take_bytes(const vms_rpc_reply *reply, vms_buffer *bytes, vms_error *error) {
  int status = vms_rpc_reply_bytes(reply, bytes);
  if (status != VMS_ERR_FORM) return status;
  error->status = VMS_ERR_REMOTE;
  snprintf(error->message, sizeof error->message, "the host does not answer with a file's bytes");
  return error->status;
}

void call_print_bytes(const vms_buffer *bytes) {
  if (isatty(STDOUT_FILENO)) cli_print(stdout, bytes->len == 0 ? "" : bytes->data, bytes->len, 1);
  else if (bytes->len > 0) fwrite(bytes->data, 1, bytes->len, stdout);
}

static int is_text(vms_slice json, const char *text) { return json.len == strlen(text) && memcmp(json.data, text, json.len) == 0; }

static int has_member(vms_slice object, const char *name) {
  vms_slice value;
  return vms_json_member(object, name, &value) == VMS_OK;
}

int call_find_file(call_file *wanted, vms_slice params) {
  vms_slice given, encoding, version;
  char number[24];
  if (!wanted->args->raw || strcmp(wanted->method, "files.readFile") != 0) return 0;
  if (vms_json_element(params, 0, &wanted->path) != VMS_OK || vms_json_element(params, 1, &given) != VMS_OK) return 0;
  wanted->version = wanted->args->at;
  if (given.data[0] != '{') return is_text(given, "\"binary\"");
  if (vms_json_member(given, "encoding", &encoding) != VMS_OK || !is_text(encoding, "\"binary\"") || has_member(given, "proof")) return 0;
  wanted->part = has_member(given, "offset") || has_member(given, "length");
  if (wanted->version != 0 || vms_json_member(given, "version", &version) != VMS_OK) return 1;
  snprintf(number, sizeof number, "%.*s", (int)version.len, version.data);
  if (!cli_number(number, 0, VERSION_MAX, &wanted->version)) wanted->part = 1; /* the host says what is wrong with it */
  return 1;
}

static int ask_piece(const call_file *from, vms_rpc_reply *reply, vms_error *error) {
  vms_buffer params = VMS_BUFFER_INIT;
  char rest[112];
  snprintf(rest, sizeof rest, ",{\"encoding\":\"binary\",\"offset\":%llu,\"length\":%u}]", (unsigned long long)from->at, PIECE_LEN);
  int status = append(&params, "[");
  if (status == VMS_OK) status = vms_buffer_append(&params, from->path.data, from->path.len);
  if (status == VMS_OK) status = append(&params, rest);
  if (status == VMS_OK) status = call_ask_file(from->client, from->args, from->method, view(&params), from->version, reply, error);
  vms_buffer_free(&params);
  return status;
}

/* Fixes the version that all pieces come from: the newest one. */
static int fix_version(call_file *from, vms_rpc_reply *reply, vms_error *error) {
  static const char newest[] = "[\"/\",{\"reverse\":true,\"limit\":1}]";
  vms_slice change, version = { NULL, 0 };
  char number[24];
  int status = call_ask_file(from->client, from->args, "files.history", slice_of(newest), 0, reply, error);
  if (status != VMS_OK || reply->code != 0) return status;
  if (vms_json_element(view(&reply->result), 0, &change) == VMS_OK) (void)vms_json_member(change, "version", &version);
  snprintf(number, sizeof number, "%.*s", (int)version.len, version.data == NULL ? "" : version.data);
  if (cli_number(number, 1, VERSION_MAX, &from->version)) return VMS_OK;
  error->status = VMS_ERR_REMOTE;
  snprintf(error->message, sizeof error->message, "the host's files.history tells no version");
  return error->status;
}

/* What does not fit into one piece is read as of one version, whatever changes meanwhile. */
int call_print_file(call_file *from) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  int status, more;
  vms_rpc_reply_init(&reply, NULL);
  do {
    bytes.len = 0;
    status = ask_piece(from, &reply, &error);
    if (status == VMS_OK && reply.code == 0) status = call_take_bytes(&reply, &bytes, &error);
    more = status == VMS_OK && reply.code == 0 && bytes.len == PIECE_LEN;
    if (more && from->version == 0) {
      status = fix_version(from, &reply, &error);
      more = status == VMS_OK && reply.code == 0;
    } else if (status == VMS_OK && reply.code == 0) {
      call_print_bytes(&bytes);
      from->at += bytes.len;
    }
  } while (more && !ferror(stdout));
  int result = status != VMS_OK ? call_fail(&error, call_evidence(from->client)) : reply.code != 0 ? call_fail_reply(from->args, from->method, &reply) : CLI_FINE;
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&bytes);
  return result;
}
