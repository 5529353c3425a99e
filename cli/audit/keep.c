/* SPDX-License-Identifier: MIT */
/* What this user's vms-call keeps of a ledger, and the receipts of --receipts. */
#include "cli/audit/audit.h"

#include <stdlib.h>
#include <string.h>

/* VMS_OK, or why a line can be no receipt that an audit goes by. */
static int line_check(vms_slice line, vms_error *error) {
  vms_verdict verdict;
  vms_verdict_init(&verdict, NULL);
  int status = line.len >= 10 && memcmp(line.data, "{\"ledger\":", 10) == 0 ? vms_evidence_check(line, NULL, &verdict, error) : VMS_ERR_FORM;
  vms_verdict_free(&verdict);
  return status;
}

static int add(audit_kept *k, vms_slice line) {
  if (k->count == k->capacity) {
    size_t capacity = k->capacity * 2 + 64;
    vms_slice *grown = realloc(k->receipts, capacity * sizeof *grown);
    if (grown == NULL) return audit_fail(CLI_UNKNOWN, "out of memory", NULL);
    k->receipts = grown;
    k->capacity = capacity;
  }
  k->receipts[k->count++] = line;
  return CLI_FINE;
}

int kept_read(audit_kept *k, const char *path) {
  vms_slice rest = { NULL, 0 }, line;
  vms_error error;
  unsigned number = 0;
  size_t before = k->given.len;
  int status = audit_read("--receipts", path, &k->given);
  if (status == CLI_FINE && vms_buffer_append(&k->given, "\n", 1) != VMS_OK) status = audit_fail(CLI_UNKNOWN, "out of memory", NULL);
  if (status == CLI_FINE) rest = (vms_slice){ k->given.data + before, k->given.len - before };
  while (status == CLI_FINE && audit_line(&rest, &line)) {
    int checked = line_check(line, &error);
    number++;
    if (checked == VMS_ERR_FORM) return cli_usage("vms-audit", "--receipts %s: text %u in it is no receipt", path, number);
    if (checked != VMS_OK) {
      char message[400];
      snprintf(message, sizeof message, "--receipts %.150s: receipt %u was changed or never given: %s", path, number, error.message);
      return audit_fail(CLI_UNKNOWN, message, "no host signed it: leave it out");
    }
  }
  return status;
}

static bool keep_open(audit_kept *k) {
  vms_error error;
  if (!k->use_own) return false;
  if (k->keep != NULL) return true;
  if (vms_keep_open(&k->keep, NULL, &error) == VMS_OK) return true;
  k->keep = NULL;
  k->use_own = false; /* said once */
  if (error.status != VMS_ERR_NOT_FOUND) cli_error("vms-audit", "what vms-call keeps is left out: %s", error.message);
  return false;
}

bool kept_pin(audit_kept *k, const char *url, uint8_t ledger[VMS_KEY_LEN]) {
  vms_error error;
  if (!keep_open(k) || strchr(url, '#') != NULL) return false;
  int status = vms_keep_pin(k->keep, url, ledger, &error);
  if (status != VMS_OK && status != VMS_ERR_NOT_FOUND) cli_error("vms-audit", "the ledger that vms-call keeps for this URL is left out: %s", error.message);
  return status == VMS_OK;
}

/* A line that a crash cut short is no reason to judge nothing. */
static int own_take(audit_kept *k, const uint8_t ledger[VMS_KEY_LEN], vms_audit_options *options) {
  vms_slice rest, line;
  vms_error error;
  unsigned bad = 0;
  int status = CLI_FINE;
  if (!keep_open(k)) return CLI_FINE;
  int got = vms_keep_head(k->keep, ledger, &k->head, &error);
  if (got == VMS_OK) options->kept = &k->head;
  else if (got != VMS_ERR_NOT_FOUND) cli_error("vms-audit", "the head that vms-call keeps is left out: %s", error.message);
  k->own.len = 0;
  if (vms_keep_receipts(k->keep, ledger, &k->own, &error) != VMS_OK) cli_error("vms-audit", "the receipts that vms-call keeps are left out: %s", error.message);
  for (rest = (vms_slice){ k->own.data, k->own.len }; status == CLI_FINE && audit_line(&rest, &line);) {
    if (line_check(line, &error) == VMS_OK) status = add(k, line);
    else bad++;
  }
  if (bad > 0) cli_error("vms-audit", "%u texts among the receipts that vms-call keeps are none and were left out", bad);
  return status;
}

int kept_take(audit_kept *k, const uint8_t ledger[VMS_KEY_LEN], vms_audit_options *options) {
  vms_slice rest = { k->given.data, k->given.len }, line;
  int status = CLI_FINE;
  k->count = 0;
  options->kept = NULL;
  while (status == CLI_FINE && audit_line(&rest, &line)) status = add(k, line);
  if (status == CLI_FINE) status = own_take(k, ledger, options);
  options->receipts = k->receipts;
  options->receipt_count = k->count;
  return status;
}

void kept_free(audit_kept *k) {
  vms_keep_close(k->keep);
  vms_buffer_free(&k->given);
  vms_buffer_free(&k->own);
  free(k->receipts);
}
