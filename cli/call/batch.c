/* SPDX-License-Identifier: MIT */
/* Many calls: a line of stdin each, pipelined, one outcome per line in the same order. */
#define _GNU_SOURCE
#include "call.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#define WINDOW 64u /* requests under way */

/* A line of input and its outcome. */
typedef struct slot {
  uint64_t id;       /* 0 if no answer is waited for */
  int plain;
  int missing;       /* there is no outcome, and it is over */
  int recorded;      /* a receipt can be expected */
  vms_buffer method, params, outcome, receipt;
} slot;

typedef struct batch {
  const arguments *args;
  vms_client *client;
  slot slots[WINDOW]; /* a ring: first..first+count are under way, in the order of the lines */
  size_t first, count;
  size_t sent; /* requests under way */
  vms_buffer input;
  size_t input_at;
  int ended, failed;
  vms_error error; /* that ended it */
} batch;

/* JSON of the host's in the middle of a line: without white space, or a line would be two. */
static int append_json(vms_buffer *out, const char *before, const vms_buffer *json) {
  int status = append(out, before);
  return status == VMS_OK ? vms_json_compact(view(json), out) : status;
}

/* Writes {"result":…}, {} or {"error":…}. VMS_ERR_FORM: what the host says is nested too deep for anybody. */
static int write_outcome(vms_buffer *out, const vms_rpc_reply *reply) {
  char code[64];
  int status;
  out->len = 0;
  if (reply->code == 0 && reply->result.len == 0) return append(out, "{}");
  if (reply->code == 0) {
    status = append_json(out, "{\"result\":", &reply->result);
    return status == VMS_OK ? append(out, "}") : status;
  }
  snprintf(code, sizeof code, "{\"error\":{\"code\":%d,\"message\":", (int)reply->code);
  status = append(out, code);
  if (status == VMS_OK) status = vms_json_quote(view(&reply->message), out);
  if (status == VMS_OK && reply->data.len > 0) status = append_json(out, ",\"data\":", &reply->data);
  return status == VMS_OK ? append(out, "}}") : status;
}

/* The outcome of a line that has none: {"error":{"status":"VMS_ERR_…","message":…}}. */
static int write_failure(vms_buffer *out, const vms_error *error) {
  out->len = 0;
  int status = append(out, "{\"error\":{\"status\":\"");
  if (status == VMS_OK) status = append(out, vms_status_name(error->status));
  if (status == VMS_OK) status = append(out, "\",\"message\":");
  if (status == VMS_OK) status = vms_json_quote(slice_of(error->message), out);
  return status == VMS_OK ? append(out, "}}") : status;
}

static void print_finished(batch *run) {
  while (run->count > 0 && run->slots[run->first].id == 0 && !run->slots[run->first].missing) {
    slot *done = &run->slots[run->first];
    fwrite(done->outcome.data, 1, done->outcome.len, stdout);
    putchar('\n');
    if (run->args->receipts != NULL && done->recorded) call_receipts_write(run->args->receipts, view(&done->receipt));
    run->first = (run->first + 1) % WINDOW;
    run->count--;
  }
}

/* It is over, and these lines were sent or about to be: whoever counts lines finds each of them, and those that were answered out of turn. */
static void print_unfinished(batch *run) {
  for (size_t i = 0; i < run->count; i++) {
    slot *each = &run->slots[(run->first + i) % WINDOW];
    if ((each->id != 0 || each->missing) && write_failure(&each->outcome, &run->error) != VMS_OK) return;
    each->id = 0;
    each->missing = 0;
  }
  print_finished(run);
}

static int end(batch *run, const vms_error *error) {
  run->error = *error;
  return call_fail(error, call_evidence(run->client));
}

static int refuse_line(batch *run, slot *added, const char *message) {
  vms_rpc_reply reply;
  vms_rpc_reply_init(&reply, NULL);
  reply.code = VMS_CODE_INVALID_REQUEST;
  int status = append(&reply.message, message);
  if (status == VMS_OK) status = write_outcome(&added->outcome, &reply);
  vms_rpc_reply_free(&reply);
  run->failed = 1;
  return status == VMS_OK ? CLI_FINE : call_out_of_memory();
}

static int send_slot(batch *run, slot *each) {
  vms_error error = { 0, 0, 0, "" };
  int status = call_send(run->client, run->args, each->method.data, view(&each->params), &each->id, &error);
  if (status == VMS_ERR_FORM) return refuse_line(run, each, error.message);
  if (status != VMS_OK) {
    each->missing = 1;
    return end(run, &error);
  }
  run->sent++;
  return CLI_FINE;
}

static int send_line(batch *run, vms_slice line) {
  slot *added = &run->slots[(run->first + run->count++) % WINDOW];
  vms_slice value = { "[]", 2 }, name = { NULL, 0 };
  int found = vms_json_member(line, "method", &name);
  added->id = 0;
  added->missing = 0;
  added->recorded = 0;
  added->outcome.len = added->method.len = added->params.len = added->receipt.len = 0;
  if (found != VMS_OK || vms_json_unquote(name, &added->method) != VMS_OK || added->method.len == 0 || strlen(added->method.data) != added->method.len)
    return refuse_line(run, added, "a line has to be {\"method\":\"...\",\"params\":[...]}");
  added->plain = is_plain(added->method.data);
  if (strcmp(added->method.data, "vms.subscribe") == 0) return refuse_line(run, added, "vms.subscribe is for the command line: vms-call URL vms.subscribe");
  (void)vms_json_member(line, "params", &value);
  if (vms_json_compact(value, &added->params) != VMS_OK || (added->params.data[0] != '[' && (added->params.data[0] != '{' || !added->plain)))
    return refuse_line(run, added, "params has to be an array");
  return send_slot(run, added);
}

static slot *find_slot(batch *run, uint64_t id) {
  for (size_t i = 0; i < run->count; i++) {
    slot *each = &run->slots[(run->first + i) % WINDOW];
    if (each->id == id) return each;
  }
  return NULL;
}

static void too_deep(vms_error *error) {
  error->status = VMS_ERR_REMOTE;
  snprintf(error->message, sizeof error->message, "the host answers with JSON that is nested too deep");
}

static int receive_one(batch *run) {
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  slot *answered = NULL;
  uint64_t id = 0;
  int result = CLI_FINE, status;
  vms_rpc_reply_init(&reply, NULL);
  status = vms_client_receive(run->client, &id, &reply, &error);
  if (status == VMS_OK && (id == 0 || (answered = find_slot(run, id)) == NULL)) status = call_stray(&error);
  if (status == VMS_OK) status = call_unwrap(answered->plain, &reply, &answered->receipt, &error);
  if (status == VMS_OK) {
    answered->id = 0;
    answered->recorded = call_is_recorded(answered->plain, &reply);
    run->sent--;
    if (reply.code != 0) run->failed = 1;
    status = write_outcome(&answered->outcome, &reply);
    answered->missing = status != VMS_OK;
    if (status == VMS_ERR_FORM) too_deep(&error);
    else if (status != VMS_OK) result = call_out_of_memory();
  }
  if (status != VMS_OK && result == CLI_FINE) result = end(run, &error);
  vms_rpc_reply_free(&reply);
  return result;
}

/* Finds a whole line in what was read; the last one needs no newline. */
static int next_line(batch *run, vms_slice *line) {
  const char *start = run->input.data + run->input_at;
  size_t left = run->input.len - run->input_at;
  const char *end = left == 0 ? NULL : memchr(start, '\n', left);
  if (end == NULL && (!run->ended || left == 0)) return 0;
  line->data = start;
  line->len = end == NULL ? left : (size_t)(end - start);
  run->input_at += line->len + (end == NULL ? 0 : 1);
  return 1;
}

static int read_input(batch *run) {
  char bytes[65536];
  ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
  if (n < 0 && errno == EINTR) return CLI_FINE;
  if (n <= 0) {
    run->ended = 1;
    return CLI_FINE;
  }
  if (run->input_at > 0) {
    memmove(run->input.data, run->input.data + run->input_at, run->input.len - run->input_at);
    run->input.len -= run->input_at;
    run->input_at = 0;
  }
  if (run->input.len > INPUT_LEN_MAX) return call_usage("a line of more than %zu bytes", INPUT_LEN_MAX);
  return vms_buffer_append(&run->input, bytes, (size_t)n) == VMS_OK ? CLI_FINE : call_out_of_memory();
}

static int input_is_ready(void) {
  struct pollfd wanted = { STDIN_FILENO, POLLIN, 0 };
  return poll(&wanted, 1, 0) > 0;
}

/* Sends as long as there are lines and room; waits for answers when there are none, so that whoever writes the
 * lines may wait for an outcome before the next one. */
int call_many(const arguments *args, vms_client *client) {
  static batch run; /* too large for a stack; the process has one */
  vms_slice line;
  int result = CLI_FINE;
  run.args = args;
  run.client = client;
  for (;;) {
    print_finished(&run);
    if (result != CLI_FINE) {
      if (run.error.status != VMS_OK) print_unfinished(&run);
      break;
    }
    int room = run.count < WINDOW;
    if (room && next_line(&run, &line)) {
      size_t blank = 0;
      while (blank < line.len && strchr(" \t\r", line.data[blank]) != NULL) blank++;
      if (blank < line.len) result = send_line(&run, line);
    } else if (room && !run.ended && (run.count == 0 || input_is_ready())) {
      if (run.count == 0 && !call_flushed()) break;
      result = read_input(&run);
    } else if (run.sent > 0) {
      if (!input_is_ready() && !call_flushed()) break;
      result = receive_one(&run);
    } else {
      break;
    }
  }
  if (!call_flushed() && result == CLI_FINE) result = CLI_UNKNOWN;
  call_print_warning(client);
  for (size_t i = 0; i < WINDOW; i++) {
    vms_buffer_free(&run.slots[i].method);
    vms_buffer_free(&run.slots[i].params);
    vms_buffer_free(&run.slots[i].outcome);
    vms_buffer_free(&run.slots[i].receipt);
  }
  vms_buffer_free(&run.input);
  return result == CLI_FINE && run.failed ? CLI_FAILED : result;
}
