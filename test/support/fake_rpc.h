/* SPDX-License-Identifier: MIT */
/* A service for tests of sessions: a table of functions over a counter. Calls become durable when the test says so.
 * The method "echo" returns its params, "none" undefined, "boom" throws, "gone" is refused, "odd" with control characters. With `later` set, calls wait until the test
 * says that they run. */
#ifndef VMS_TEST_FAKE_RPC_H
#define VMS_TEST_FAKE_RPC_H

#include <stdio.h>

#include "lib/base/internal.h"
#include "vms/rpc.h"

typedef struct fake_rpc {
  vms_rpc_service table;
  uint64_t length, durable; /* records */
  int immediately;          /* durable follows length */
  int published_late;       /* published is what `published` says, else as durable */
  uint64_t published;
  int later;                /* calls are taken for later: kept here, by their tickets */
  struct { vms_rpc_session *session; uint64_t ticket; char method[16], params[112]; } taken[64];
  size_t taken_count;
  uint64_t reads;           /* records read */
  int fails;                /* records and receipts cannot be read */
  int no_room;              /* 1: at all, 2: for more than 10 bytes */
  int huge;                 /* files are: 9 MiB, six times that as JSON */
  size_t big;               /* 0, or files are so long */
  uint64_t work;            /* that a file call takes */
  uint64_t calls;
  char caller[80];          /* of the last unsigned call; "null" */
  char text[256];           /* of the last request or params, cut */
} fake_rpc;

static inline int fake_outcome(fake_rpc *fake, vms_slice method, vms_slice params, vms_outcome *outcome) {
  fake->calls++;
  snprintf(fake->text, sizeof fake->text, "%.*s", (int)params.len, params.data);
  if (vms__slice_is(method, "gone")) {
    outcome->kind = VMS_OUTCOME_REFUSED;
    outcome->code = VMS_CODE_NO_METHOD;
    return vms__buf_text(&outcome->message, "no such method");
  }
  if (vms__slice_is(method, "odd")) {
    outcome->kind = VMS_OUTCOME_REFUSED;
    outcome->code = VMS_CODE_NOT_ALLOWED;
    return vms__buf_text(&outcome->message, "not \x1b[31m\xc2\x9b");
  }
  outcome->seq = fake->length++;
  if (fake->immediately) fake->durable = fake->length;
  if (vms__slice_is(method, "boom")) {
    outcome->kind = VMS_OUTCOME_ERROR;
    outcome->code = VMS_CODE_CONTRACT;
    int status = vms__buf_text(&outcome->name, "TypeError");
    return status == VMS_OK ? vms__buf_text(&outcome->message, "say \"no\"") : status;
  }
  outcome->kind = VMS_OUTCOME_RESULT;
  return vms__slice_is(method, "none") ? VMS_OK : vms__buf_slice(&outcome->result, params);
}

/* Keeps a call for later. */
static inline int fake_take(fake_rpc *fake, const vms_rpc_call *call, vms_slice method, vms_slice params, vms_outcome *outcome) {
  if (!fake->later) return fake_outcome(fake, method, params, outcome);
  size_t at = fake->taken_count++ % 64;
  fake->taken[at].session = call->session;
  fake->taken[at].ticket = call->ticket;
  snprintf(fake->taken[at].method, sizeof fake->taken[at].method, "%.*s", (int)method.len, method.data);
  snprintf(fake->taken[at].params, sizeof fake->taken[at].params, "%.*s", (int)params.len, params.data);
  return VMS_RPC_LATER;
}

/* Runs the call that was taken as number `at`, and answers it. */
static inline int fake_run(fake_rpc *fake, size_t at) {
  vms_outcome outcome;
  vms_outcome_init(&outcome, NULL);
  int status = fake_outcome(fake, vms__slice_of(fake->taken[at].method), vms__slice_of(fake->taken[at].params), &outcome);
  if (status == VMS_OK) status = vms_rpc_session_answer(fake->taken[at].session, fake->taken[at].ticket, &outcome, NULL);
  vms_outcome_free(&outcome);
  return status;
}

static inline int fake_call(void *context, const vms_rpc_call *call, vms_outcome *outcome) {
  fake_rpc *fake = context;
  vms_slice method = VMS__TEXT("echo"), name, params = VMS__TEXT("[]");
  if (!call->is_signed) {
    snprintf(fake->caller, sizeof fake->caller, "%.*s", call->user.data == NULL ? 4 : (int)call->user.len, call->user.data == NULL ? "null" : call->user.data);
    return fake_take(fake, call, call->method, call->params, outcome);
  }
  if (vms__json_member(call->request, "method", &name) && name.len >= 2) method = (vms_slice){ name.data + 1, name.len - 2 };
  (void)vms__json_member(call->request, "params", &params);
  return fake_take(fake, call, method, params, outcome);
}

static inline uint64_t fake_length(void *context) { return ((fake_rpc *)context)->length; }
static inline uint64_t fake_durable(void *context) { return ((fake_rpc *)context)->durable; }
static inline uint64_t fake_published(void *context) {
  const fake_rpc *fake = context;
  return fake->published_late ? fake->published : fake->durable;
}
static inline int fake_info(void *context, vms_buffer *json, vms_error *error) {
  (void)context, (void)error;
  return vms__buf_text(json, "{\"ledger\":\"00\",\"archive\":\"11\",\"methods\":[\"echo\",\"none\"]}");
}
static inline int fake_head(void *context, int core, vms_buffer *json, vms_error *error) {
  (void)context;
  if (core == VMS_CORE_BLOBS) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "nothing is signed yet");
  return vms__buf_format(json, "{\"core\":%d}", core);
}
static inline int fake_blocks(void *context, int core, uint64_t from, uint64_t to, vms_buffer *json, vms_error *error) {
  (void)context, (void)error;
  return vms__buf_format(json, "[%d,%llu,%llu]", core, (unsigned long long)from, (unsigned long long)to);
}
static inline int fake_methods(void *context, vms_buffer *json, vms_error *error) {
  (void)context, (void)error;
  return vms__buf_text(json, "[\"echo\",\"none\"]");
}
static inline int fake_file(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  fake_rpc *fake = context;
  (void)error;
  reply->work = fake->work;
  snprintf(fake->text, sizeof fake->text, "%.*s%.*s %llu %llu", (int)request->method.len, request->method.data, (int)request->params.len,
           request->params.data, (unsigned long long)request->answer_max, (unsigned long long)request->work_max);
  if (fake->huge || fake->big > 0) {
    size_t len = fake->huge ? (size_t)9 << 20 : fake->big;
    reply->kind = VMS_FILE_TEXT;
    int status = vms__buf_reserve(&reply->body, len);
    if (status == VMS_OK) memset(reply->body.data, fake->huge ? 1 : 'x', reply->body.len = len);
    return status;
  }
  if (vms__slice_is(request->method, "readFile")) {
    reply->kind = vms__slice_is(request->params, "[\"/bytes\"]") ? VMS_FILE_BYTES : VMS_FILE_TEXT;
    return vms__buf_text(&reply->body, "a\n\"b\"");
  }
  if (vms__slice_is(request->method, "readdir") || vms__slice_is(request->method, "history")) {
    reply->kind = VMS_FILE_JSON;
    return vms__buf_text(&reply->body, "[\"x\"]");
  }
  reply->kind = VMS_FILE_ERROR;
  strcpy(reply->error_name, "NotFoundError");
  return vms__buf_text(&reply->body, "no such file");
}

/* Of what is at "/unproved" nothing is proved. */
static inline int fake_file_prove(void *context, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error) {
  int status = fake_file(context, request, reply, error);
  vms_slice path;
  if (status != VMS_OK || (vms__json_element(request->params, 0, &path) && vms__slice_is(path, "\"/unproved\""))) return status;
  return vms__buf_text(proof, "{\"ledger\":[]}");
}

static inline int fake_record(void *context, uint64_t seq, vms_buffer *text, vms_error *error) {
  fake_rpc *fake = context;
  fake->reads++;
  if (fake->fails) return vms__fail(error, VMS_ERR_IO, 0, "the disk is gone");
  return vms__buf_format(text, "{\"n\":%llu}", (unsigned long long)seq);
}
static inline int fake_receipt(void *context, uint64_t seq, vms_buffer *json, vms_error *error) {
  fake_rpc *fake = context;
  if (fake->fails) return vms__fail(error, VMS_ERR_IO, 0, "the disk is gone");
  return vms__buf_format(json, "{\"of\":%llu}", (unsigned long long)seq);
}
static inline int fake_proof(void *context, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error) {
  (void)context;
  if (from > 100) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "from is beyond the ledger");
  return vms__buf_format(json, "[%lld,%llu,%llu]", (long long)seq, (unsigned long long)from, (unsigned long long)length);
}
static inline int fake_room(void *context, uint64_t len) {
  const fake_rpc *fake = context;
  return fake->no_room == 0 || (fake->no_room == 2 && len <= 10);
}

static inline void fake_rpc_init(fake_rpc *fake) {
  memset(fake, 0, sizeof *fake);
  fake->immediately = 1;
  fake->table = (vms_rpc_service){ sizeof fake->table, 0, fake, fake_call, fake_length, fake_durable, fake_published,
                                   fake_info, fake_head, fake_blocks, fake_methods, fake_file, fake_file_prove,
                                   fake_record, fake_receipt, fake_proof, fake_room };
}

/* The table at "/" and at "/b/p", nothing elsewhere. */
static inline const vms_rpc_service *fake_find(void *context, vms_slice path) {
  fake_rpc *fake = context;
  return vms__slice_is(path, "/") || vms__slice_is(path, "/b/p") ? &fake->table : NULL;
}

#endif
