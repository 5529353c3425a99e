/* SPDX-License-Identifier: MIT */
/* Question: do the readers of JSON-RPC messages agree with each other and with what is written? Whatever is read of a request, an answer or a
 * notification is written in the library's own way and has to be read as the same; and what is no JSON text is no message to anybody. */
#include <stdlib.h>

#include "lib/rpc/internal.h"

static void check(int good) {
  if (!good) abort();
}

static int same(const vms_buffer *a, const vms_buffer *b) { return vms__slice_equal(vms__buf_view(a), vms__buf_view(b)); }

static int inside(vms_slice part, const vms_buffer *whole) {
  return part.data == NULL || (part.data >= whole->data && part.data + part.len <= whole->data + whole->len);
}

/* A request that was read, written with a number as its id, is read as the same but for the id. */
static void request(vms_slice text, int valid) {
  vms__rpc_request found, again;
  vms_buffer written = VMS_BUFFER_INIT, name = VMS_BUFFER_INIT, name_again = VMS_BUFFER_INIT;
  vms_slice method, params;
  int good = valid && vms__rpc_request_read(text, &found), notified = vms_rpc_notification_read(text, &method, &params) == VMS_OK;
  check(!notified || valid);
  if (good && found.id.data == NULL) check(notified && vms__slice_equal(method, found.method));
  if (good && found.id.data != NULL) check(!notified);
  if (good && vms__json_unescape(found.method, &name) == VMS_OK && vms__utf8_valid(name.data, name.len)) {
    check(vms_rpc_request_write(&written, 42, vms__buf_view(&name), found.params) == VMS_OK);
    check(vms__rpc_request_read(vms__buf_view(&written), &again) && vms__slice_is(again.id, "42"));
    check(vms__json_unescape(again.method, &name_again) == VMS_OK && same(&name, &name_again));
    check(vms__slice_equal(again.params, found.params));
  }
  vms_buffer_free(&written);
  vms_buffer_free(&name);
  vms_buffer_free(&name_again);
}

/* What is taken out of an answer lies within it. */
static void parts(vms_rpc_reply *reply) {
  vms_buffer text = VMS_BUFFER_INIT;
  vms_outcome outcome;
  vms_error error;
  uint64_t seq = 0;
  vms_outcome_init(&outcome, NULL);
  check(inside(vms_rpc_reply_receipt(reply), reply->code == 0 ? &reply->result : &reply->data));
  check(vms_rpc_reply_name(reply, &text) == VMS_OK);
  vms__buf_clear(&text);
  (void)vms_rpc_reply_bytes(reply, &text);
  int told = vms_rpc_reply_outcome(reply, &outcome, &error);
  int unwrapped = vms_rpc_reply_unwrap(reply, &seq, &error);
  check(told == VMS_OK || told == VMS_ERR_FORM);
  check(reply->code != 0 || told == unwrapped);
  if (told == VMS_OK && reply->code == 0) check(outcome.kind == VMS_OUTCOME_RESULT && outcome.seq == seq && same(&outcome.result, &reply->result));
  if (told == VMS_OK && reply->code != 0) check(outcome.kind != VMS_OUTCOME_RESULT && outcome.code == reply->code && same(&outcome.message, &reply->message));
  vms_outcome_free(&outcome);
  vms_buffer_free(&text);
}

/* An answer that was read, written again, is read as the same. */
static void answer(vms_slice text, int valid) {
  vms_buffer written = VMS_BUFFER_INIT, id_text = VMS_BUFFER_INIT;
  vms_rpc_reply reply, again;
  vms_error error;
  uint64_t id = 0, id_again = 0;
  vms_rpc_reply_init(&reply, NULL);
  vms_rpc_reply_init(&again, NULL);
  int good = vms_rpc_reply_read(text, &id, &reply, &error) == VMS_OK;
  check(!good || valid);
  if (good && vms__utf8_valid(reply.message.data, reply.message.len)) {
    check(vms__buf_uint(&id_text, id) == VMS_OK);
    check(vms__rpc_response_write(&written, vms__buf_view(&id_text), &reply) == VMS_OK);
    check(vms_rpc_reply_read(vms__buf_view(&written), &id_again, &again, &error) == VMS_OK);
    check(id == id_again && reply.code == again.code && same(&reply.result, &again.result) && same(&reply.data, &again.data));
    check(same(&reply.message, &again.message));
  }
  if (good) parts(&reply);
  vms_rpc_reply_free(&reply);
  vms_rpc_reply_free(&again);
  vms_buffer_free(&written);
  vms_buffer_free(&id_text);
}

/* Compacting changes no text twice; what is quoted is unquoted as what it was. */
static void texts(vms_slice text) {
  vms_buffer once = VMS_BUFFER_INIT, twice = VMS_BUFFER_INIT;
  if (vms_json_compact(text, &once) == VMS_OK) check(once.len <= text.len && vms_json_compact(vms__buf_view(&once), &twice) == VMS_OK && same(&once, &twice));
  vms__buf_clear(&once);
  vms__buf_clear(&twice);
  if (vms_json_quote(text, &once) == VMS_OK)
    check(vms_json_unquote(vms__buf_view(&once), &twice) == VMS_OK && vms__slice_equal(vms__buf_view(&twice), text));
  vms_buffer_free(&once);
  vms_buffer_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  vms_slice text = { (const char *)data, size };
  int valid = vms__json_valid(text, VMS__RPC_DEPTH_MAX, VMS__JSON_ANY);
  request(text, valid);
  answer(text, valid);
  texts(text);
  return 0;
}
