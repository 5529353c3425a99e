/* SPDX-License-Identifier: MIT */
/* What the parts of vms-audit share: what the user keeps, and texts that are judged alone. */
#ifndef VMS_CLI_AUDIT_H
#define VMS_CLI_AUDIT_H

#include <inttypes.h>
#include <stdbool.h>

#include "cli/common.h"
#include "vms.h"

#define TEXT_LEN_MAX ((size_t)1 << 30) /* bytes of a file of receipts or evidence */

/* Says what is wrong and, if there is one, what to do next; returns the exit status. */
int audit_fail(int status, const char *message, const char *hint);
void audit_print_hex(const uint8_t *bytes, size_t len);
/* "2026-11-23 07:00:00 UTC" on stdout. */
void audit_print_time(uint64_t time_ms);
/* Prints a label and a value, cut if it is long: --json has it whole. Nothing if it is empty. */
void audit_print_value(const char *label, vms_slice value);
/* A JSON text as a line: to programs as it is, on a terminal with escapes in place of what that would obey. */
void audit_print_json(const vms_buffer *json);

/* --- lines.c: texts, one a line ----------------------------------------------------------------------------- */

/* Appends a file, "-" for stdin. An exit status; what is wrong was told. */
int audit_read(const char *option, const char *path, vms_buffer *bytes);
/* Takes the next line that is not empty off `rest`, without its end. False if there is none. */
bool audit_line(vms_slice *rest, vms_slice *line);

/* --- check.c: vms-audit --check FILE -------------------------------------------------------------------------- */

/* Judges each text in a file alone; the worst exit status wins. */
int audit_check(const char *path, bool json, bool quiet);

/* --- keep.c: what this user and --receipts have of a ledger ------------------------------------------------------ */

typedef struct audit_kept {
  bool use_own;          /* what vms-call keeps counts */
  vms_keep *keep;        /* opened on first use; NULL if there is none */
  vms_buffer given;      /* the file of --receipts */
  vms_buffer own;        /* of one ledger, as vms-call keeps them */
  vms_head head;
  vms_slice *receipts;   /* of both */
  size_t count, capacity;
} audit_kept;

/* Reads the file of --receipts; every line has to be a receipt. An exit status. */
int kept_read(audit_kept *k, const char *path);
/* The ledger that this user pinned for a URL, if there is one. */
bool kept_pin(audit_kept *k, const char *url, uint8_t ledger[VMS_KEY_LEN]);
/* Hands over what there is of a ledger: options->kept and the receipts. Before a live service is asked for its head: what it signed before
 * that it has to show. An exit status. */
int kept_take(audit_kept *k, const uint8_t ledger[VMS_KEY_LEN], vms_audit_options *options);
void kept_free(audit_kept *k);

/* Worst of two exit statuses: incomplete is worse than fine, a finding worse than incomplete, a broken promise worst of all. */
int audit_worse(int a, int b);

#endif
