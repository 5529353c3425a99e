/* SPDX-License-Identifier: MIT */
/* vms-audit --check FILE: what a receipt or a piece of evidence proves, with no network and no trust in who made it. */
#include "cli/audit/audit.h"

#include <string.h>

static bool begins(vms_slice text, const char *with) { return text.len >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0; }

/* A text that looks like one of ours and holds nothing: somebody changed it, or made it up. */
static int judge(vms_slice text, vms_verdict *verdict, vms_error *error) {
  char message[200];
  int status = vms_evidence_check(text, NULL, verdict, error);
  if (status == VMS_OK || status == VMS_ERR_NOMEM || !(begins(text, "{\"ledger\":") || begins(text, "{\"evidence\":"))) return status;
  snprintf(message, sizeof message, "the host did not sign this: %s", error->message);
  return vms_verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "forged", 0, message);
}

static void print_outcome(const vms_receipt *receipt) {
  if (receipt->kind == VMS_OUTCOME_RESULT) audit_print_value("result       ", receipt->result.len > 0 ? receipt->result : (vms_slice){ "undefined", 9 });
  if (receipt->kind == VMS_OUTCOME_ERROR) audit_print_value("error        ", receipt->name);
  if (receipt->kind == VMS_OUTCOME_ERROR) audit_print_value("message      ", receipt->message);
  if (receipt->kind == VMS_OUTCOME_ABORTED) audit_print_value("aborted by   ", receipt->name);
}

/* What a receipt of a call says more than a verdict. */
static void print_receipt(vms_slice text) {
  vms_buffer scratch = VMS_BUFFER_INIT;
  vms_receipt receipt;
  if (begins(text, "{\"ledger\":") && vms_receipt_read(text, &scratch, &receipt, NULL) == VMS_OK) {
    audit_print_value("request      ", receipt.request);
    print_outcome(&receipt);
  }
  vms_buffer_free(&scratch);
}

static void print_text(const vms_verdict *v, vms_slice text) {
  static const char *const words[] = { "ok: receipt of record %" PRIu64 ": ", "finding: %s at record %" PRIu64 ": ", "incomplete: %s: " };
  if (v->verdict == VMS_VERDICT_OK) printf(words[0], v->seq);
  else if (v->verdict == VMS_VERDICT_FINDING) printf(words[1], v->kind.data, v->seq);
  else printf(words[2], v->kind.data);
  cli_print(stdout, v->message.data, v->message.len, 0);
  if (v->length > 0) {
    printf("\n  ledger       ");
    audit_print_hex(v->ledger, VMS_KEY_LEN);
    printf("\n  head         %" PRIu64 ":", v->length);
    audit_print_hex(v->tree_hash, VMS_HASH_LEN);
  }
  if (v->time_ms > 0) {
    printf("\n  time         ");
    audit_print_time(v->time_ms);
  }
  printf("\n");
  audit_print_value("caller       ", (vms_slice){ v->caller.data, v->caller.len });
  audit_print_value("method       ", (vms_slice){ v->method.data, v->method.len });
  audit_print_value("expected     ", (vms_slice){ v->expected.data, v->expected.len });
  audit_print_value("found        ", (vms_slice){ v->found.data, v->found.len });
  print_receipt(text);
}

static int report(const vms_verdict *v, vms_slice text, bool json, bool quiet) {
  static const int statuses[] = { CLI_FINE, CLI_FAILED, CLI_UNKNOWN };
  if (json) {
    vms_buffer out = VMS_BUFFER_INIT;
    if (vms_verdict_write(&out, v, NULL) != VMS_OK) return audit_fail(CLI_UNKNOWN, "out of memory", NULL);
    audit_print_json(&out);
    vms_buffer_free(&out);
  } else if (!quiet || v->verdict != VMS_VERDICT_OK) {
    print_text(v, text);
  }
  return statuses[v->verdict];
}

static int check_text(vms_slice text, const char *path, bool json, bool quiet) {
  vms_verdict verdict;
  vms_error error;
  int exit_status;
  vms_verdict_init(&verdict, NULL);
  if (judge(text, &verdict, &error) == VMS_OK) exit_status = report(&verdict, text, json, quiet);
  else if (error.status == VMS_ERR_NOMEM) exit_status = audit_fail(CLI_UNKNOWN, "out of memory", NULL);
  else exit_status = cli_usage("vms-audit", "--check %s: that is neither a receipt nor evidence", path);
  vms_verdict_free(&verdict);
  return exit_status;
}

int audit_check(const char *path, bool json, bool quiet) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_slice rest, text;
  int exit_status = audit_read("--check", path, &bytes);
  bool any = false;
  rest = (vms_slice){ bytes.data, bytes.len };
  for (; exit_status != CLI_USAGE && audit_line(&rest, &text); any = true) {
    int one = check_text(text, path, json, quiet);
    exit_status = one == CLI_USAGE ? CLI_USAGE : audit_worse(exit_status, one);
  }
  if (exit_status == CLI_FINE && !any) exit_status = cli_usage("vms-audit", "--check %s: the file is empty", path);
  vms_buffer_free(&bytes);
  return exit_status;
}
