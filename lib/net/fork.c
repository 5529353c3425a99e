/* SPDX-License-Identifier: MIT */
/* A host that signed two heads which do not go together, asked to prove it. */
#include "internal.h"

#include <stdio.h>

#define QUESTIONS_MAX 4u /* to a host that has no reason to answer */

/* What the host says about how the shorter one became the longer one. */
static int ask(vms_client *client, const vms_head *shorter, const vms_head *longer, vms_buffer *evidence) {
  vms_rpc_reply reply;
  char params[80];
  int len = snprintf(params, sizeof params, "{\"from\":%llu,\"length\":%llu}", (unsigned long long)shorter->length, (unsigned long long)longer->length);
  vms_rpc_reply_init(&reply, evidence->env);
  int status = vms_client_request(client, "vms.proof", (vms_slice){ params, (size_t)len }, &reply, NULL);
  if (status == VMS_OK && reply.code != 0) status = VMS_ERR_REMOTE;
  if (status == VMS_OK) status = vms_evidence_heads(shorter, longer, vms__buf_view(&reply.result), evidence, NULL);
  vms_rpc_reply_free(&reply);
  return status;
}

bool vms__evidence_convicts(vms_slice evidence, const uint8_t ledger[VMS_KEY_LEN], const vms_env *env) {
  vms_verdict verdict;
  vms_verdict_init(&verdict, env);
  int status = vms_evidence_check(evidence, env, &verdict, NULL);
  bool is_finding = status == VMS_OK && verdict.verdict == VMS_VERDICT_FINDING && memcmp(verdict.ledger, ledger, VMS_KEY_LEN) == 0;
  vms_verdict_free(&verdict);
  return is_finding;
}

void vms__fork_prove(vms_client *client, const vms_head *heads, size_t count, const vms_core *core, vms_buffer *evidence) {
  unsigned questions = 0;
  uint8_t ledger[VMS_KEY_LEN];
  for (size_t i = 0; i < count; i++)
    for (size_t k = 0; k < i; k++) {
      const vms_head *shorter = heads[i].length < heads[k].length ? &heads[i] : &heads[k], *longer = shorter == &heads[i] ? &heads[k] : &heads[i];
      int status = core != NULL ? vms_evidence_core(core, shorter, longer, evidence, NULL) : VMS_ERR_NOT_FOUND;
      if (status == VMS_ERR_NOT_FOUND && shorter->length == longer->length) status = vms_evidence_heads(shorter, longer, (vms_slice){ NULL, 0 }, evidence, NULL);
      else if (status == VMS_ERR_NOT_FOUND && shorter->length > 0 && ++questions <= QUESTIONS_MAX) status = ask(client, shorter, longer, evidence);
      vms_manifest_key(longer->manifest, ledger);
      if (status == VMS_OK && vms__evidence_convicts(vms__buf_view(evidence), ledger, evidence->env)) return;
      evidence->len = 0;
    }
}
