/* SPDX-License-Identifier: MIT */
/* Parameters as JSON, from the command line. */
#include "call.h"

static int append_string(vms_buffer *json, vms_slice text, const char *what) {
  int status = vms_json_quote(text, json);
  if (status == VMS_ERR_FORM) return call_usage("%s is not UTF-8 text", what);
  return status == VMS_OK ? CLI_FINE : call_out_of_memory();
}

static int append_file(vms_buffer *json, const char *path) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  int result;
  if (vms_file_read(path, INPUT_LEN_MAX, &bytes, &error) != VMS_OK) {
    result = call_error(CLI_USAGE, "%s", error.message);
    cli_hint("@FILE stands for a file's content; '\"@...\"', a JSON string, for itself");
  } else result = append_string(json, view(&bytes), path);
  vms_buffer_free(&bytes);
  return result;
}

int call_append_arg(vms_buffer *json, const char *arg) {
  if (arg[0] == '@') return append_file(json, arg + 1);
  int status = vms_json_compact(slice_of(arg), json);
  if (status == VMS_ERR_FORM) return append_string(json, slice_of(arg), arg);
  return status == VMS_OK ? CLI_FINE : call_out_of_memory();
}

static int params_from_args(const arguments *args, vms_buffer *json) {
  int result = append(json, "[") == VMS_OK ? CLI_FINE : call_out_of_memory();
  for (int i = 0; i < args->arg_count && result == CLI_FINE; i++) {
    if (i > 0 && append(json, ",") != VMS_OK) return call_out_of_memory();
    result = call_append_arg(json, args->args[i]);
  }
  if (result == CLI_FINE && append(json, "]") != VMS_OK) result = call_out_of_memory();
  return result;
}

static int params_from_option(const arguments *args, vms_buffer *json) {
  vms_buffer input = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  vms_slice text = slice_of(args->params);
  int status = VMS_OK, result = CLI_FINE;
  if (strcmp(args->params, "-") == 0) {
    status = vms_file_read("/dev/stdin", INPUT_LEN_MAX, &input, &error);
    text = view(&input);
  }
  if (status != VMS_OK) result = call_usage("%s", error.message);
  else if ((status = vms_json_compact(text, json)) == VMS_ERR_FORM) result = call_usage("--params is no JSON text");
  else if (status != VMS_OK) result = call_out_of_memory();
  else if (json->data[0] != '[' && json->data[0] != '{') result = call_usage("--params has to be a JSON array or object");
  vms_buffer_free(&input);
  return result;
}

int call_params(const arguments *args, vms_buffer *json) {
  int result = args->params != NULL ? params_from_option(args, json) : params_from_args(args, json);
  if (result == CLI_FINE && !is_plain(args->method) && json->data[0] != '[')
    result = call_usage("the parameters of a contract's methods are an array");
  return result;
}
