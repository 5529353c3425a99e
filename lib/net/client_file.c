/* SPDX-License-Identifier: MIT */
/* The client's file calls, proved if it is wanted. */
#include "client.h"

#include <stdio.h>

/* A state that an answer stands for, of which no head came: that it and the newest one that is known are of one history the host has to show. Whoever
 * does not, for whatever reason, has not proved it. Meanwhile receipts may move that one on: both are what they were at the beginning. */
static int prove_growth(vms_client *client, const vms__mark *mark, vms_error *error) {
  vms__mark tip = client->tip;
  const vms__mark *lower = mark->length < tip.length ? mark : &tip, *upper = lower == mark ? &tip : mark;
  char params[96];
  vms_rpc_reply reply;
  vms_growth growth;
  int status;
  snprintf(params, sizeof params, "{\"from\":%llu,\"length\":%llu}", (unsigned long long)lower->length, (unsigned long long)upper->length);
  vms_rpc_reply_init(&reply, client->env);
  status = vms__client_ask(client, "vms.proof", vms__slice_of(params), &reply, error);
  if (status == VMS_OK) status = reply.code != 0 ? VMS_ERR_SIGNATURE : vms_growth_read(vms__buf_view(&reply.result), &growth, error);
  if (status == VMS_OK && growth.from == lower->length && growth.length == upper->length && memcmp(growth.hash, upper->hash, VMS_HASH_LEN) == 0 &&
      memcmp(growth.from_hash, lower->hash, VMS_HASH_LEN) == 0) {
    if (mark->length > client->tip.length) client->tip = *mark;
  } else if (status == VMS_OK || status == VMS_ERR_FORM || status == VMS_ERR_SIGNATURE) {
    status = vms__fail(error, VMS_ERR_SIGNATURE, mark->length, "the host does not prove that its %llu records go on from the %llu that it told before",
                       (unsigned long long)upper->length, (unsigned long long)lower->length);
  }
  vms_rpc_reply_free(&reply);
  return status;
}

/* What is proved has to be at least as new as the newest state seen when it was asked for, and of one history with the newest one known by now. */
static int note_proven(vms_client *client, const vms_file_proven *proven, uint64_t seen, vms_error *error) {
  vms__mark mark = { .length = proven->length };
  memcpy(mark.hash, proven->tree_hash, VMS_HASH_LEN);
  if (mark.length < seen)
    return vms__fail(error, VMS_ERR_SIGNATURE, mark.length, "the host proves an older state than it told before: %llu records, after %llu",
                     (unsigned long long)mark.length, (unsigned long long)seen);
  if (mark.length == client->tip.length && memcmp(mark.hash, client->tip.hash, VMS_HASH_LEN) != 0)
    return vms__fail(error, VMS_ERR_SIGNATURE, mark.length, "the host signed two different heads for %llu records", (unsigned long long)mark.length);
  return mark.length == client->tip.length ? VMS_OK : prove_growth(client, &mark, error);
}

static int verify_file(vms_client *client, const char *method, vms_slice params, uint64_t seen, vms_rpc_reply *reply, vms_file_proven *proven,
                       vms_error *error) {
  vms_file_proven facts;
  int status = vms_rpc_file_verify(client->ledger, vms__slice_of(method), params, reply, &facts, error);
  if (status == VMS_OK && (status = note_proven(client, &facts, seen, error)) != VMS_OK) {
    vms_rpc_reply_free(reply);
    vms_rpc_reply_init(reply, client->env);
  }
  if (status == VMS_OK && proven != NULL) *proven = facts;
  return status;
}

int vms_client_file(vms_client *client, const char *method, vms_slice params, uint64_t version, uint32_t flags, vms_rpc_reply *reply,
                    vms_file_proven *proven, vms_error *error) {
  bool verify = (flags & VMS_CLIENT_VERIFY) != 0;
  vms_buffer text;
  uint64_t seen;
  int status;
  assert(verify || proven == NULL);
  if ((flags & ~VMS_CLIENT_VERIFY) != 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "this library does not know all of the flags");
  vms_buffer_init(&text, client->env);
  status = vms_rpc_file_params(vms__slice_of(method), params, version, verify, &text, error);
  if (status == VMS_OK && verify) status = vms__trust_learn(client, error);
  seen = client->tip.length; /* receipts may move it on before the answer is looked at */
  if (status == VMS_OK) status = vms_client_request(client, method, vms__buf_view(&text), reply, error);
  if (status == VMS_OK && verify) status = verify_file(client, method, vms__buf_view(&text), seen, reply, proven, error);
  vms_buffer_free(&text);
  return status;
}
