/* SPDX-License-Identifier: MIT */
/* The client's file calls, proved if it is wanted. */
#include "client.h"

#include <stdio.h>

/* A state that an answer stands for, of which no head came: whether it goes on from the newest one that is known the host has to show. Whoever does
 * not, for whatever reason, has not proved it. */
static int prove_growth(vms_client *client, const vms__mark *mark, vms_error *error) {
  char params[96];
  vms_rpc_reply reply;
  vms_growth growth;
  int status;
  snprintf(params, sizeof params, "{\"from\":%llu,\"length\":%llu}", (unsigned long long)client->tip.length, (unsigned long long)mark->length);
  vms_rpc_reply_init(&reply, client->env);
  status = vms__client_ask(client, "vms.proof", vms__slice_of(params), &reply, error);
  if (status == VMS_OK) status = reply.code != 0 ? VMS_ERR_SIGNATURE : vms_growth_read(vms__buf_view(&reply.result), &growth, error);
  if (status == VMS_OK && growth.from == client->tip.length && growth.length == mark->length && memcmp(growth.hash, mark->hash, VMS_HASH_LEN) == 0 &&
      memcmp(growth.from_hash, client->tip.hash, VMS_HASH_LEN) == 0)
    client->tip = *mark;
  else if (status == VMS_OK || status == VMS_ERR_FORM || status == VMS_ERR_SIGNATURE)
    status = vms__fail(error, VMS_ERR_SIGNATURE, mark->length, "the host does not prove that its %llu records go on from the %llu that it told before",
                       (unsigned long long)mark->length, (unsigned long long)client->tip.length);
  vms_rpc_reply_free(&reply);
  return status;
}

/* What is proved has to be at least as new as the newest state seen so far, which it becomes. */
static int note_proven(vms_client *client, const vms_file_proven *proven, vms_error *error) {
  const vms__mark *seen = client->shown.length > client->tip.length ? &client->shown : &client->tip;
  vms__mark mark = { .length = proven->length };
  memcpy(mark.hash, proven->tree_hash, VMS_HASH_LEN);
  if (mark.length < seen->length)
    return vms__fail(error, VMS_ERR_SIGNATURE, mark.length, "the host proves an older state than it told before: %llu records, after %llu",
                     (unsigned long long)mark.length, (unsigned long long)seen->length);
  if (mark.length == seen->length && memcmp(mark.hash, seen->hash, VMS_HASH_LEN) != 0)
    return vms__fail(error, VMS_ERR_SIGNATURE, mark.length, "the host signed two different heads for %llu records", (unsigned long long)mark.length);
  if (mark.length > client->tip.length) {
    int status = prove_growth(client, &mark, error);
    if (status != VMS_OK) return status;
  }
  client->shown = mark;
  return VMS_OK;
}

static int verify_file(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply, vms_file_proven *proven,
                       vms_error *error) {
  vms_file_proven facts;
  int status = vms_rpc_file_verify(client->ledger, vms__slice_of(method), params, reply, &facts, error);
  if (status == VMS_OK && (status = note_proven(client, &facts, error)) != VMS_OK) {
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
  int status;
  assert(verify || proven == NULL);
  if ((flags & ~VMS_CLIENT_VERIFY) != 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "this library does not know all of the flags");
  vms_buffer_init(&text, client->env);
  status = vms_rpc_file_params(vms__slice_of(method), params, version, verify, &text, error);
  if (status == VMS_OK && verify) status = vms__trust_learn(client, error);
  if (status == VMS_OK) status = vms_client_request(client, method, vms__buf_view(&text), reply, error);
  if (status == VMS_OK && verify) status = verify_file(client, method, vms__buf_view(&text), reply, proven, error);
  vms_buffer_free(&text);
  return status;
}
