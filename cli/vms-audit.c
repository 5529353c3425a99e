/* SPDX-License-Identifier: MIT */
/* vms-audit: fetch, judge, report. */
#define _GNU_SOURCE /* gmtime_r, isatty */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/audit/audit.h"

typedef struct settings {
  const char *target, *store, *check, *evidence_path;
  bool json, log, quiet, evidence_written;
  vms_buffer code;
  uint8_t ledger[VMS_KEY_LEN], seen_hash[VMS_HASH_LEN];
  vms_client_options client;
  vms_audit_options audit;
  audit_kept kept;
  vms_buffer evidence;
} settings;

/* --- progress, on a terminal ----------------------------------------------------------------------------- */

static bool progress_shown;

static void progress_clear(void) {
  if (progress_shown) fprintf(stderr, "\r\033[K");
  progress_shown = false;
}

static void progress(void *context, uint64_t done, uint64_t total) {
  (void)context;
  if (done == total) progress_clear();
  else if (done % 256 == 0) progress_shown = fprintf(stderr, "\rreplayed %" PRIu64 " of %" PRIu64 " records", done, total) > 0;
}

static void progress_download(void *context, uint64_t done, uint64_t total) {
  static uint64_t last;
  (void)context;
  if (done == total) progress_clear();
  if (done == total || done - last < total / 256 + 1) return; /* not each of a million */
  last = done;
  progress_shown = fprintf(stderr, "\rdownloaded %" PRIu64 " of %" PRIu64 " blocks", done, total) > 0;
}

/* --- messages -------------------------------------------------------------------------------------------- */

int audit_fail(int status, const char *message, const char *hint) {
  progress_clear();
  fflush(stdout);
  cli_error("vms-audit", "%s", message);
  if (hint != NULL) cli_hint("%s", hint);
  return status;
}

static int fail_net(const char *url, const vms_error *error) {
  char message[400];
  const char *hint = NULL;
  if (error->status == VMS_ERR_ARGUMENT) hint = "a service's URL is ws://, wss:// or ws+unix:, as vms-host prints it";
  if (error->status == VMS_ERR_IO) hint = "is vms-host running there? it prints the URL that it serves";
  if (error->status == VMS_ERR_TIMEOUT) hint = "the host may be busy or unreachable: try again, or raise --timeout";
  if (error->status == VMS_ERR_REMOTE) hint = "what answers there is no vms-host, or not one that keeps to the protocol: compare the URL with the one it printed";
  if (error->status == VMS_ERR_SIGNATURE) hint = "--ca FILE trusts the certificates in FILE; nothing was downloaded";
  if (error->status == VMS_ERR_CLOSED) hint = "the host went away: try again";
  snprintf(message, sizeof message, "%.200s: %s", url, error->message);
  return audit_fail(error->status == VMS_ERR_ARGUMENT ? CLI_USAGE : CLI_UNKNOWN, message, hint);
}

/* What to do about a report that stands above. */
static void advise(const char *what, const char *text) {
  fflush(stdout);
  cli_hint("%s%s", what, text);
}

/* --- printing ------------------------------------------------------------------------------------------ */

void audit_print_hex(const uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) printf("%02x", bytes[i]);
}

void audit_print_time(uint64_t time_ms) {
  time_t seconds = (time_t)(time_ms / 1000);
  struct tm parts;
  char text[64] = "?";
  if (time_ms / 1000 < UINT64_C(253402300800) && gmtime_r(&seconds, &parts) != NULL) strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
  printf("%s", text);
}

void audit_print_value(const char *label, vms_slice value) {
  const size_t most = 600;
  if (value.len == 0) return;
  printf("  %s", label);
  cli_print(stdout, value.data, value.len < most ? value.len : most, 0);
  printf("%s\n", value.len > most ? " ..." : "");
}

void audit_print_json(const vms_buffer *json) {
  if (isatty(STDOUT_FILENO)) cli_print(stdout, json->data, json->len, 0);
  else fwrite(json->data, 1, json->len, stdout);
  putchar('\n');
}

static void print_value(const char *label, const vms_buffer *value) { audit_print_value(label, (vms_slice){ value->data, value->len }); }

static void print_first_line(const vms_verdict *v, const settings *s) {
  if (v->verdict == VMS_VERDICT_OK)
    printf("ok: %" PRIu64 " records %s\n", v->records, s->audit.level == VMS_AUDIT_CHAIN ? "verified, not replayed" : "verified and replayed, all as the host recorded");
  else {
    printf("%s: %s", v->verdict == VMS_VERDICT_FINDING ? "finding" : "incomplete", v->kind.data);
    if (v->verdict == VMS_VERDICT_FINDING) printf(" at record %" PRIu64, v->seq);
    printf(": ");
    cli_print(stdout, v->message.data, v->message.len, 0);
    printf("\n");
  }
}

static void print_report(const vms_verdict *v, const settings *s, const char *where) {
  const char *sentence;
  progress_clear();
  print_first_line(v, s);
  printf("  service      ");
  cli_print(stdout, where, strlen(where), 0);
  printf("\n  ledger       ");
  audit_print_hex(v->ledger, VMS_KEY_LEN);
  printf("\n  head         %" PRIu64 ":", v->length);
  audit_print_hex(v->tree_hash, VMS_HASH_LEN);
  printf("\n  last record  ");
  if (v->time_ms == 0) printf("none was judged");
  else audit_print_time(v->time_ms);
  printf("\n  archive      ");
  audit_print_hex(v->archive, VMS_KEY_LEN);
  printf("\n  files        version %" PRIu64 ", blobs %" PRIu64 "\n", v->files.version, v->files.blobs);
  print_value("caller       ", &v->caller);
  print_value("method       ", &v->method);
  print_value("expected     ", &v->expected);
  print_value("found        ", &v->found);
  printf("  checked      %" PRIu64 " records: %" PRIu64 " calls, %" PRIu64 " signatures, %" PRIu64 " starts", v->records, v->calls, v->signatures, v->starts);
  if (s->audit.receipt_count > 0) printf("; %" PRIu64 " receipts", v->receipts);
  if (s->audit.kept != NULL) printf("; the head of length %" PRIu64 " that vms-call keeps", s->audit.kept->length);
  printf("\n");
  printf("  trust        %s", vms_verdict_trust(v));
  if (v->unsigned_calls > 0) printf(": %" PRIu64 " unsigned calls", v->unsigned_calls);
  for (size_t i = 0; (sentence = vms_verdict_unchecked(v, &s->audit, i)) != NULL; i++) printf("\n  %s %s", i == 0 ? "not checked " : "            ", sentence);
  printf("\n");
}

static int print_verdict(const vms_verdict *v, const settings *s, const char *where) {
  static const int statuses[] = { 0, 1, 3 };
  if (s->json) {
    vms_buffer json = VMS_BUFFER_INIT;
    if (vms_verdict_write(&json, v, &s->audit) != VMS_OK) return audit_fail(3, "out of memory", NULL);
    audit_print_json(&json);
    vms_buffer_free(&json);
  } else if (!s->quiet || v->verdict != VMS_VERDICT_OK) {
    print_report(v, s, where);
  }
  return v->verdict == VMS_VERDICT_FINDING && v->conflict ? 4 : statuses[v->verdict];
}

/* Exactly 2*len hex digits, either case. */
static bool read_hex(const char *text, uint8_t *bytes, size_t len) {
  if (strlen(text) != 2 * len || strspn(text, "0123456789abcdefABCDEF") != 2 * len) return false;
  for (size_t i = 0; i < len; i++) {
    const char pair[3] = { text[2 * i], text[2 * i + 1], 0 };
    bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
  }
  return true;
}

static const char temporary_hint[] = "TMPDIR names a folder for temporary files";

/* A finding that others can check for themselves. */
static int write_evidence(settings *s, const vms_verdict *verdict) {
  char message[400];
  FILE *file;
  if (verdict->verdict != VMS_VERDICT_FINDING) return CLI_FINE;
  fflush(stdout);
  if (s->evidence.len == 0) {
    if (s->evidence_path != NULL) cli_error("vms-audit", "no evidence written: one text does not prove this finding to others, but anybody can repeat the audit on a copy of the service");
    return CLI_FINE;
  }
  if (s->evidence_path == NULL) {
    if (!s->json) cli_hint("with --evidence FILE the proof of this is written to a file that anybody can judge, with vms-audit --check FILE");
    return CLI_FINE;
  }
  file = fopen(s->evidence_path, s->evidence_written ? "a" : "w"); /* a folder may hold several liars' services */
  s->evidence_written = true;
  bool fine = file != NULL && fwrite(s->evidence.data, 1, s->evidence.len, file) == s->evidence.len && fputc('\n', file) != EOF;
  if (file != NULL && fclose(file) != 0) fine = false;
  if (!fine) {
    snprintf(message, sizeof message, "the evidence cannot be written to %.200s: %s", s->evidence_path, strerror(errno));
    return audit_fail(CLI_UNKNOWN, message, "the finding stands: give the same command again with an --evidence FILE that can be written");
  }
  cli_error("vms-audit", "the evidence is in %s: vms-audit --check judges it anywhere", s->evidence_path);
  return CLI_FINE;
}

/* --- judging -------------------------------------------------------------------------------------------- */

static int print_log(vms_journal *journal) {
  vms_core *core = vms_journal_core(journal, VMS_CORE_LEDGER);
  vms_buffer block = VMS_BUFFER_INIT;
  vms_error error;
  vms_head head;
  int exit_status = 0;
  if (vms_core_head(core, &head, &error) != VMS_OK) return audit_fail(3, "the ledger has no signed head", NULL);
  for (uint64_t seq = 0; seq < head.length && exit_status == 0; seq++) {
    block.len = 0;
    if (vms_core_read(core, seq, &block, &error) != VMS_OK) exit_status = audit_fail(3, error.message, NULL);
    else if (isatty(STDOUT_FILENO)) cli_print(stdout, block.data, block.len, 0);
    else fwrite(block.data, 1, block.len, stdout);
    putchar('\n');
  }
  vms_buffer_free(&block);
  return exit_status;
}

/* What is whole was judged; that is not all there was. */
static bool note_torn(const vms_copy *copy, vms_verdict *verdict) {
  char text[160];
  if (vms_copy_torn(copy) == 0 || verdict->verdict != VMS_VERDICT_OK) return true;
  snprintf(text, sizeof text, "the journal ends in %" PRIu64 " bytes of a frame that is not whole; the %" PRIu64 " records before it are fine",
           vms_copy_torn(copy), verdict->records);
  return vms_verdict_set(verdict, VMS_VERDICT_INCOMPLETE, "torn", verdict->length, text) == VMS_OK;
}

static int judge(const vms_copy *copy, settings *s, const char *where, vms_verdict *verdict) {
  static const char torn_hint[] = "the host died while writing, or the file was cut: start vms-host on the folder once, or get a whole copy";
  vms_storage scratch;
  vms_error error;
  int exit_status;
  if (s->log) {
    exit_status = print_log(vms_copy_journal(copy));
    return exit_status == 0 && vms_copy_torn(copy) > 0 ? audit_fail(3, "the journal ends in a frame that is not whole", torn_hint) : exit_status;
  }
  if (vms_file_open(&scratch, NULL, VMS_FILE_TEMPORARY, &error) != VMS_OK) return audit_fail(3, error.message, temporary_hint);
  s->audit.scratch = &scratch;
  s->audit.evidence = &s->evidence;
  s->evidence.len = 0;
  if (vms_audit(vms_copy_journal(copy), &s->audit, verdict, &error) != VMS_OK)
    exit_status = audit_fail(3, error.message, error.status == VMS_ERR_CORRUPT ? "the files are damaged: get a new copy of the folder" : NULL);
  else if (!note_torn(copy, verdict)) exit_status = audit_fail(3, "out of memory", NULL);
  else exit_status = print_verdict(verdict, s, where);
  if (exit_status == 3 && vms_copy_torn(copy) > 0) advise("", torn_hint);
  if (exit_status == CLI_FAILED || exit_status == CLI_BROKEN_WORD) exit_status = audit_worse(exit_status, write_evidence(s, verdict));
  s->audit.scratch = NULL;
  vms_file_close(&scratch);
  return exit_status;
}

/* --- a live service -------------------------------------------------------------------------------------- */

static int open_store(const settings *s, vms_folder **store) {
  vms_error error;
  *store = NULL;
  if (s->store == NULL || vms_folder_open(store, s->store, 0, &error) == VMS_OK) return CLI_FINE;
  return audit_fail(CLI_UNKNOWN, error.message, error.status == VMS_ERR_LOCKED ? "a vms-host or another vms-audit uses that folder: wait for it, or give another DIR to --store"
                                                                         : "--store wants a folder that it may write to, or the name of a new one");
}

/* The file in the store that holds this ledger; the store's name if there is none yet. */
static const char *store_file(const settings *s, const vms_folder *store, const uint8_t ledger[VMS_KEY_LEN]) {
  uint8_t key[VMS_KEY_LEN];
  for (size_t i = 0; store != NULL && i < vms_folder_count(store); i++)
    if (read_hex(vms_folder_at(store, i).key, key, sizeof key) && memcmp(key, ledger, sizeof key) == 0) return vms_folder_at(store, i).journal;
  return s->store;
}

static int fail_download(const settings *s, const vms_folder *store, const uint8_t ledger[VMS_KEY_LEN], const vms_error *error) {
  char hint[512];
  const char *file = store_file(s, store, ledger);
  bool kept = store != NULL && (error->status == VMS_ERR_CLOSED || error->status == VMS_ERR_TIMEOUT || error->status == VMS_ERR_IO);
  switch (error->status) {
    case VMS_ERR_UNSUPPORTED: return audit_fail(CLI_UNKNOWN, error->message, "the vms-host there is too old, or something on the way drops the subprotocol: it has to be updated");
    case VMS_ERR_FULL: return audit_fail(CLI_UNKNOWN, error->message, store != NULL ? "make room and give the same command again: it goes on where it stopped" : temporary_hint);
    case VMS_ERR_EXISTS: return audit_fail(CLI_UNKNOWN, error->message, "give --store a folder of its own");
    case VMS_ERR_CORRUPT:
      snprintf(hint, sizeof hint, "%.400s is damaged or not what it was: take another --store DIR, or remove it", file);
      return audit_fail(CLI_UNKNOWN, error->message, hint);
    default: break;
  }
  if (store == NULL && error->status == VMS_ERR_NOT_FOUND) return audit_fail(CLI_UNKNOWN, error->message, temporary_hint);
  if (store == NULL && error->status == VMS_ERR_IO)
    return audit_fail(CLI_UNKNOWN, error->message, "is vms-host still running there? what is downloaded goes into a temporary file, in the folder that TMPDIR names");
  return kept ? audit_fail(CLI_UNKNOWN, error->message, "what came is in the store: the same command goes on where it stopped") : fail_net(s->target, error);
}

/* What the store holds can convict the host. */
static void hint_store(const settings *s, const vms_folder *store, const vms_verdict *verdict) {
  if (store != NULL && verdict->conflict && verdict->verdict == VMS_VERDICT_FINDING && strcmp(verdict->kind.data, "fork") == 0)
    advise(store_file(s, store, verdict->ledger), " holds what the host signed before and does not stand by now: keep it");
}

static int judge_client(settings *s, vms_client *client, vms_folder *store) {
  vms_download_options options = VMS_DOWNLOAD_OPTIONS_INIT;
  vms_copy *copy = NULL;
  vms_verdict verdict;
  vms_error error;
  int exit_status;
  options.timeout_ms = s->client.timeout_ms;
  options.store = store;
  s->audit.evidence = &s->evidence;
  if (s->audit.progress != NULL) options.progress = progress_download;
  vms_verdict_init(&verdict, NULL);
  if (vms_download(&copy, client, &options, &s->audit, &verdict, &error) != VMS_OK) exit_status = fail_download(s, store, verdict.ledger, &error);
  else if (copy == NULL) exit_status = audit_worse(print_verdict(&verdict, s, s->target), write_evidence(s, &verdict));
  else exit_status = judge(copy, s, s->target, &verdict);
  hint_store(s, store, &verdict);
  vms_verdict_free(&verdict);
  vms_copy_close(copy);
  return exit_status;
}

/* Another ledger than vms-call met there first. */
static int tell_pin(const settings *s, const uint8_t ledger[VMS_KEY_LEN]) {
  vms_verdict verdict;
  vms_verdict_init(&verdict, NULL);
  memcpy(verdict.ledger, ledger, VMS_KEY_LEN);
  verdict.conflict = 1;
  int status = vms_verdict_set(&verdict, VMS_VERDICT_FINDING, "ledger", 0, "this is another ledger than the one that vms-call met at this URL");
  int exit_status = status == VMS_OK ? print_verdict(&verdict, s, s->target) : audit_fail(CLI_UNKNOWN, "out of memory", NULL);
  vms_verdict_free(&verdict);
  return exit_status;
}

/* What the host signed so far, before it is asked for the newest. */
static int take_kept_live(settings *s, vms_client *client) {
  uint8_t key[VMS_KEY_LEN], pinned[VMS_KEY_LEN];
  vms_error error;
  if (s->log) return CLI_FINE;
  int status = vms_client_ledger(client, key, &error);
  if (status == VMS_ERR_FOREIGN) return CLI_FINE; /* what is behind # in the URL: the download says so */
  if (status == VMS_OK && kept_pin(&s->kept, s->target, pinned) && memcmp(pinned, key, sizeof key) != 0) return tell_pin(s, key);
  return status == VMS_OK ? kept_take(&s->kept, key, &s->audit) : fail_net(s->target, &error);
}

static int judge_url(settings *s) {
  vms_client *client = NULL;
  vms_folder *store;
  vms_error error;
  int exit_status = open_store(s, &store);
  if (exit_status != CLI_FINE) return exit_status;
  if (vms_client_open(&client, s->target, &s->client, &error) != VMS_OK) exit_status = fail_net(s->target, &error);
  else exit_status = take_kept_live(s, client);
  if (exit_status == CLI_FINE) exit_status = judge_client(s, client, store);
  vms_client_close(client);
  vms_folder_close(store);
  return exit_status;
}

/* --- a folder ---------------------------------------------------------------------------------------------- */

static int take_kept(settings *s, const vms_core *ledger) {
  uint8_t key[VMS_KEY_LEN];
  vms_core_key(ledger, key);
  return s->log ? CLI_FINE : kept_take(&s->kept, key, &s->audit);
}

static int judge_file(settings *s, const char *path, const char *where) {
  vms_copy *copy;
  vms_head head;
  vms_verdict verdict;
  vms_error error;
  if (vms_copy_open(&copy, path, &error) != VMS_OK)
    return audit_fail(3, error.message, error.status == VMS_ERR_CORRUPT ? "the file is damaged: get another copy, or audit the live service by its URL" : NULL);
  vms_verdict_init(&verdict, NULL);
  int exit_status = take_kept(s, vms_journal_core(vms_copy_journal(copy), VMS_CORE_LEDGER));
  if (exit_status == CLI_FINE) exit_status = judge(copy, s, where, &verdict);
  if (exit_status == CLI_UNKNOWN && vms_copy_torn(copy) == 0 && vms_core_head(vms_journal_core(vms_copy_journal(copy), VMS_CORE_LEDGER), &head, NULL) != VMS_OK)
    advise("", "a download that did not finish: vms-audit --store DIR URL goes on where it stopped");
  vms_verdict_free(&verdict);
  vms_copy_close(copy);
  return exit_status;
}

static int judge_folder(settings *s) {
  vms_folder *folder;
  vms_error error;
  int exit_status = 0;
  if (vms_folder_open(&folder, s->target, VMS_FOLDER_READ_ONLY, &error) != VMS_OK)
    return audit_fail(3, error.message, error.status == VMS_ERR_NOT_FOUND ? "give a service's URL (ws://...) or the data folder of a vms-host" : NULL);
  if (vms_folder_count(folder) == 0) exit_status = audit_fail(3, "there is no service in that folder", NULL);
  for (size_t i = 0; i < vms_folder_count(folder); i++) {
    vms_folder_entry entry = vms_folder_at(folder, i);
    exit_status = audit_worse(exit_status, judge_file(s, entry.journal, entry.journal));
  }
  vms_folder_close(folder);
  return exit_status;
}

/* --- options --------------------------------------------------------------------------------------------- */

enum { LEDGER, SEEN, CODE, MIN_LENGTH, LEVEL, MAX_STEPS, MAX_MEMORY, MAX_BYTES, STORE, RECEIPTS, EVIDENCE, NO_KEPT, CHECK, CA, LOG, JSON, QUIET, TIMEOUT, HELP, VERSION };

static const cli_option options[] = {
  [LEDGER] = { "--ledger", "KEY", "it must be this ledger" },
  [SEEN] = { "--seen", "LENGTH:HASH", "it must extend this head, met earlier" },
  [CODE] = { "--code", "FILE", "block 0 must hold exactly this script" },
  [MIN_LENGTH] = { "--min-length", "N", "fewer records are incomplete" },
  [LEVEL] = { "--level", "full|chain", "replay too (default), or signatures and structure only" },
  [MAX_STEPS] = { "--max-steps", "N", "do not judge contracts that may use more per call (10000000000)" },
  [MAX_MEMORY] = { "--max-memory", "BYTES", "likewise (1073741824)" },
  [MAX_BYTES] = { "--max-bytes", "BYTES", "do not download more; each block counts 128 extra (17179869184)" },
  [STORE] = { "--store", "DIR", "keep what is downloaded in DIR, and next time fetch only what is new" },
  [RECEIPTS] = { "--receipts", "FILE", "the receipts in FILE, one a line, must stand in the ledger" },
  [EVIDENCE] = { "--evidence", "FILE", "write what proves a finding to others, if one text can" },
  [NO_KEPT] = { "--no-kept", NULL, "leave out the heads and receipts that vms-call keeps for this user" },
  [CHECK] = { "--check", "FILE", "judge the receipts or the evidence in FILE, offline; no URL is needed" },
  [CA] = { "--ca", "FILE", "trust the certificates in FILE instead of the system's" },
  [LOG] = { "--log", NULL, "print the records instead" },
  [JSON] = { "--json", NULL, "the report as one JSON object" },
  [QUIET] = { "--quiet", NULL, "print nothing when all is well" },
  [TIMEOUT] = { "--timeout", "SECONDS", "to connect and for each answer (default 30)" },
  [HELP] = { "--help", NULL, "print this and exit" },
  [VERSION] = { "--version", NULL, "print the version and exit" },
  { NULL, NULL, NULL },
};

#define CODE_LEN_MAX (16u << 20) /* no block is larger */

/* ws://, wss://, ws+unix:SOCKET:/PATH */
static bool is_url(const char *target) { return strstr(target, "://") != NULL || strncmp(target, "ws+unix:", 8) == 0; }

static int bad_value(const char *option, const char *value, const char *wanted) {
  char text[256];
  snprintf(text, sizeof text, "%s %s: %s", option, value, wanted);
  return audit_fail(2, text, "vms-audit --help lists the options");
}

static int read_seen(settings *s, const char *value) {
  const char *colon = strchr(value, ':');
  char number[24];
  if (colon == NULL || (size_t)(colon - value) >= sizeof number || !read_hex(colon + 1, s->seen_hash, sizeof s->seen_hash)) return 2;
  memcpy(number, value, (size_t)(colon - value));
  number[colon - value] = 0;
  if (!cli_number(number, 1, UINT64_C(9007199254740991), &s->audit.seen_length)) return 2;
  s->audit.seen_hash = s->seen_hash;
  return 0;
}

static int read_code(settings *s, const char *path) {
  vms_error error;
  s->code.len = 0;
  if (vms_file_read(path, CODE_LEN_MAX, &s->code, &error) != VMS_OK) return cli_usage("vms-audit", "--code: %s", error.message);
  s->audit.code = (vms_slice){ s->code.len > 0 ? s->code.data : "", s->code.len };
  return -1;
}

/* Returns -1 to go on, else the exit status. */
static int take_option(settings *s, int id, const char *value) {
  const uint64_t most = UINT64_C(9007199254740991);
  int status;
  switch (id) {
    case LEDGER:
      s->audit.ledger = s->ledger;
      return read_hex(value, s->ledger, sizeof s->ledger) ? -1 : bad_value("--ledger", value, "a key is 64 hex digits");
    case SEEN: return read_seen(s, value) == 0 ? -1 : bad_value("--seen", value, "a head is LENGTH:HASH, the hash 64 hex digits");
    case CODE: return read_code(s, value);
    case MIN_LENGTH: return cli_number(value, 0, most, &s->audit.min_length) ? -1 : bad_value("--min-length", value, "a number is wanted");
    case LEVEL:
      if (strcmp(value, "full") != 0 && strcmp(value, "chain") != 0) return bad_value("--level", value, "full or chain");
      s->audit.level = strcmp(value, "chain") == 0 ? VMS_AUDIT_CHAIN : VMS_AUDIT_FULL;
      return -1;
    case MAX_STEPS: return cli_number(value, 1, most, &s->audit.max_steps) ? -1 : bad_value("--max-steps", value, "a number is wanted");
    case MAX_MEMORY: return cli_number(value, 1, most, &s->audit.max_memory) ? -1 : bad_value("--max-memory", value, "a number of bytes is wanted");
    case MAX_BYTES: return cli_number(value, 1, most, &s->audit.max_bytes) ? -1 : bad_value("--max-bytes", value, "a number of bytes is wanted");
    case STORE: s->store = value; return value[0] != 0 ? -1 : cli_usage("vms-audit", "--store needs the name of a folder");
    case RECEIPTS: status = kept_read(&s->kept, value); return status == CLI_FINE ? -1 : status;
    case EVIDENCE: s->evidence_path = value; return value[0] != 0 ? -1 : cli_usage("vms-audit", "--evidence needs the name of a file");
    case NO_KEPT: s->kept.use_own = false; return -1;
    case CHECK: s->check = value; return -1;
    case CA: s->client.ca = value; return -1;
    case LOG: s->log = true; return -1;
    case JSON: s->json = true; return -1;
    case QUIET: s->quiet = true; return -1;
    case TIMEOUT: return cli_timeout(value, &s->client.timeout_ms) ? -1 : bad_value("--timeout", value, "seconds, 0.001 to 86400");
    default: return -1;
  }
}

/* Fills the settings; returns an exit status, or -1 to go on. */
static int parse(settings *s, cli *args) {
  int id, exit_status;
  while ((id = cli_next(args)) != CLI_END) {
    if (id == CLI_BAD) return CLI_USAGE;
    if (id == HELP || id == VERSION) {
      if (id == HELP) cli_help(args);
      else cli_version(args);
      return CLI_FINE;
    }
    if (id == CLI_OPERAND && s->target != NULL) return cli_usage("vms-audit", "one URL or folder at a time");
    if (id == CLI_OPERAND) s->target = args->value;
    else if ((exit_status = take_option(s, id, args->value)) >= 0) return exit_status;
  }
  if (s->check != NULL && s->target != NULL) return cli_usage("vms-audit", "--check judges a file alone: give no URL or folder with it");
  if (s->check == NULL && s->target == NULL) return cli_usage("vms-audit", "give the URL or the folder of a service");
  if (s->store != NULL && s->target != NULL && !is_url(s->target)) return cli_usage("vms-audit", "--store keeps what comes from a URL, and this is a folder");
  return -1;
}

static int run(settings *s) {
  (void)signal(SIGXFSZ, SIG_IGN); /* a file that cannot grow is a full disk */
  if (!s->quiet && !s->json && !s->log && isatty(STDERR_FILENO)) s->audit.progress = progress;
  s->audit.copy = s->target != NULL && !is_url(s->target) && s->kept.given.len == 0; /* a folder may be old; what a user shows receipts for may not */
  if (s->check != NULL) return audit_check(s->check, s->json, s->quiet);
  return is_url(s->target) ? judge_url(s) : judge_folder(s);
}

int main(int argc, char **argv) {
  settings s = { .client = VMS_CLIENT_OPTIONS_INIT, .audit = VMS_AUDIT_OPTIONS_INIT, .kept = { .use_own = true } };
  cli args = cli_begin("vms-audit", "[OPTION...] URL|DIR",
                       "Proves that the host of a service told the truth, or that it lied: verifies the ledger,\n"
                       "runs the contract again and compares every result and every file.\n"
                       "Exit status: 0 fine, 1 a finding, 2 wrong usage, 3 could not tell, 4 not what you demanded.",
                       options, argc, argv);
  int exit_status;
  s.audit.env = vms_env_system();
  exit_status = parse(&s, &args);
  if (exit_status < 0) exit_status = run(&s);
  vms_buffer_free(&s.code);
  vms_buffer_free(&s.evidence);
  kept_free(&s.kept);
  if (fflush(stdout) != 0 || ferror(stdout)) return audit_fail(CLI_UNKNOWN, "cannot write the report", NULL);
  return exit_status;
}
