/* SPDX-License-Identifier: MIT */
/* A lying host: takes a service's folder (a copy!) with the host's own secret, changes one thing, rebuilds records,
 * archive and all three heads so that they fit together again, and signs them anew. The auditor has to notice.
 *
 *   lie KIND FOLDER     FOLDER holds `journal` and `secret`; `lie` alone lists the kinds
 */
#define _GNU_SOURCE /* memmem */
#include "lib/base/internal.h"
#include "lib/service/internal.h"
#include "vms/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Its memory lives until it ends: under a sanitizer that is no leak. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }

typedef struct block { char *data; size_t len; } block;
typedef struct block_log { block *blocks; size_t count; } block_log;

/* The service as the liar holds it. */
typedef struct lies {
  block_log cores[VMS_CORE_COUNT];
  uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN];
  bool rehash; /* alter the records' file hashes to match the archive */
} lies;

static void die(const char *what) {
  fprintf(stderr, "lie: %s\n", what);
  exit(2);
}

static void must(int status, const vms_error *error) {
  if (status != VMS_OK) die(error->message);
}

static void insert(block_log *log, size_t at, const void *data, size_t len) {
  log->blocks = realloc(log->blocks, (log->count + 1) * sizeof(block));
  if (log->blocks == NULL || at > log->count) die("cannot insert");
  memmove(log->blocks + at + 1, log->blocks + at, (log->count - at) * sizeof(block));
  log->blocks[at] = (block){ malloc(len + 1), len };
  memcpy(log->blocks[at].data, data, len);
  log->count++;
}

static void drop(block_log *log, size_t at) {
  if (at >= log->count) die("no such block");
  memmove(log->blocks + at, log->blocks + at + 1, (log->count - at - 1) * sizeof(block));
  log->count--;
}

static void replace(block_log *log, size_t at, const void *data, size_t len) {
  insert(log, at, data, len);
  drop(log, at + 1);
}

static vms_slice text_of(const lies *l, size_t seq) {
  const block *b = &l->cores[VMS_CORE_LEDGER].blocks[seq];
  return (vms_slice){ b->data, b->len };
}

/* Reads record seq; its slices live until the process ends. */
static vms__record record_of(const lies *l, size_t seq) {
  vms_buffer scratch = VMS_BUFFER_INIT;
  vms__record record;
  vms_error error;
  must(vms__record_scan(text_of(l, seq), &scratch, &record, &error), &error);
  return record;
}

static void put_record(lies *l, size_t seq, const vms__record *record, bool append) {
  vms_buffer text = VMS_BUFFER_INIT;
  if (vms__record_write(&text, record) != VMS_OK) die("out of memory");
  if (append) insert(&l->cores[VMS_CORE_LEDGER], seq, text.data, text.len);
  else replace(&l->cores[VMS_CORE_LEDGER], seq, text.data, text.len);
}

static size_t last(const lies *l) { return l->cores[VMS_CORE_LEDGER].count - 1; }

/* Replaces the first `from` in the last record's text. */
static void edit_last(lies *l, const char *from, const char *to) {
  vms_slice text = text_of(l, last(l));
  vms_buffer out = VMS_BUFFER_INIT;
  char *at = memmem(text.data, text.len, from, strlen(from));
  if (at == NULL) die("the last record has no such text");
  (void)vms_buffer_append(&out, text.data, (size_t)(at - text.data));
  (void)vms__buf_text(&out, to);
  (void)vms_buffer_append(&out, at + strlen(from), text.len - (size_t)(at - text.data) - strlen(from));
  replace(&l->cores[VMS_CORE_LEDGER], last(l), out.data, out.len);
}

/* --- the lies ------------------------------------------------------------------------------------------ */

static void lie_result(lies *l) {
  vms__record record = record_of(l, last(l));
  record.outcome = VMS_OUTCOME_RESULT;
  record.result = VMS__TEXT("\"something else\"");
  put_record(l, last(l), &record, false);
}

/* A throw that suits the host better: its own key would have given another one for it. */
static void lie_vrf_other_key(lies *l) {
  vms__record record = record_of(l, last(l));
  uint8_t seed[VMS_SEED_LEN] = { 1 }, number[8] = { (uint8_t)last(l) };
  if (!vms__vrf_prove(seed, (const vms_slice[]){ { (const char *)number, 8 }, record.request }, record.vrf)) die("no proof");
  put_record(l, last(l), &record, false);
}

static void lie_vrf_other_call(lies *l) {
  vms__record record = record_of(l, last(l)), before = record_of(l, last(l) - 2);
  memcpy(record.vrf, before.vrf, sizeof record.vrf);
  put_record(l, last(l), &record, false);
}

static void lie_vrf_missing(lies *l) {
  vms__record record = record_of(l, last(l));
  record.has_vrf = false;
  put_record(l, last(l), &record, false);
}

static void lie_error(lies *l) {
  vms__record record = record_of(l, last(l));
  record.outcome = VMS_OUTCOME_ERROR;
  record.name = VMS__TEXT("Error");
  record.message = VMS__TEXT("not allowed");
  put_record(l, last(l), &record, false);
}

static void lie_steps(lies *l) {
  vms__record record = record_of(l, last(l));
  record.steps++;
  put_record(l, last(l), &record, false);
}

static void lie_archive(lies *l) {
  block_log *blobs = &l->cores[VMS_CORE_BLOBS];
  if (blobs->count == 0) die("no file has content");
  blobs->blocks[blobs->count - 1].data[0] ^= 1;
}

static void lie_files(lies *l) {
  lie_archive(l);
  l->rehash = true;
}

static void lie_metadata(lies *l) {
  block_log *metadata = &l->cores[VMS_CORE_ARCHIVE];
  block *b = &metadata->blocks[metadata->count - 1];
  char *at = memmem(b->data, b->len, "\"mtime\":", 8);
  if (at == NULL) die("the last change has no time");
  at[8] ^= 1;
  l->rehash = true;
}

static void lie_extra_block(lies *l) {
  block_log *metadata = &l->cores[VMS_CORE_ARCHIVE];
  insert(metadata, metadata->count, metadata->blocks[metadata->count - 1].data, metadata->blocks[metadata->count - 1].len);
}

static void lie_extra_blob(lies *l) { insert(&l->cores[VMS_CORE_BLOBS], l->cores[VMS_CORE_BLOBS].count, "more", 4); }

static void lie_signature(lies *l) {
  vms__record record = record_of(l, last(l));
  if (!record.has_signature) die("the last record is not signed");
  record.signature[0] ^= 1;
  put_record(l, last(l), &record, false);
}

static void lie_request(lies *l) {
  vms__record record = record_of(l, last(l));
  char *copy = malloc(record.request.len);
  memcpy(copy, record.request.data, record.request.len);
  copy[record.request.len - 3] ^= 1; /* inside the last parameter */
  record.request.data = copy;
  put_record(l, last(l), &record, false);
}

static void lie_caller(lies *l) { /* the same request, signed by a key of the liar's */
  static const uint8_t seed[VMS_SEED_LEN] = { 7 };
  vms__record record = record_of(l, last(l));
  vms_key_public(seed, record.caller);
  put_record(l, last(l), &record, false);
}

static void lie_unsigned(lies *l) {
  vms__record record = record_of(l, last(l));
  record.caller_kind = VMS__CALLER_NONE;
  record.has_signature = false;
  record.request = VMS__TEXT("{\"method\":\"RSVP\",\"params\":[true,\"me too\"]}");
  put_record(l, last(l) + 1, &record, true);
}

static void lie_repeat(lies *l) {
  vms__record record = record_of(l, last(l));
  put_record(l, last(l) + 1, &record, true);
}

static void lie_second_init(lies *l) {
  vms__record record = record_of(l, last(l));
  record.caller_kind = VMS__CALLER_NONE;
  record.has_signature = false;
  record.request = VMS__TEXT("{\"method\":\"init\",\"params\":[]}");
  record.outcome = VMS_OUTCOME_RESULT;
  record.result.len = 0;
  put_record(l, last(l) + 1, &record, true);
}

static void append_start(lies *l, uint32_t reason, uint64_t less_files) {
  vms__record start = record_of(l, 1), before = record_of(l, last(l));
  start.reason = reason;
  start.time_ms = before.time_ms;
  start.files = before.files;
  start.files.version -= less_files;
  l->rehash = less_files > 0;
  put_record(l, last(l) + 1, &start, true);
}

static void lie_start_place(lies *l) { append_start(l, VMS__START_ROTATED, 0); }
static void lie_start_files(lies *l) { append_start(l, VMS__START_BOOT, 1); }

static void lie_start_missing(lies *l) { /* block 1 is the first start */
  drop(&l->cores[VMS_CORE_LEDGER], 1);
}

static void lie_time(lies *l) {
  vms__record record = record_of(l, last(l)), before = record_of(l, last(l) - 1);
  record.time_ms = before.time_ms - 1;
  put_record(l, last(l), &record, false);
}

static void lie_unknown_member(lies *l) { edit_last(l, ",\"steps\":", ",\"note\":1,\"steps\":"); }
static void lie_duplicate_member(lies *l) { edit_last(l, ",\"steps\":", ",\"steps\":1,\"steps\":"); }
static void lie_white_space(lies *l) { edit_last(l, ",\"steps\":", ", \"steps\":"); }
static void lie_escape(lies *l) { edit_last(l, "{\\\"ledger\\\":", "\\u007b\\\"ledger\\\":"); } /* same meaning, other bytes */
static void lie_oracle(lies *l) { edit_last(l, "\"oracles\":[]", "\"oracles\":[{\"name\":\"stocks.quote\",\"params\":[],\"result\":1}]"); }
/* Replaces the first `from` in block 0. */
static void edit_first(lies *l, const char *from, const char *to) {
  vms_slice text = text_of(l, 0);
  vms_buffer out = VMS_BUFFER_INIT;
  char *at = memmem(text.data, text.len, from, strlen(from));
  if (at == NULL) die("block 0 has no such text");
  (void)vms_buffer_append(&out, text.data, (size_t)(at - text.data));
  (void)vms__buf_text(&out, to);
  (void)vms_buffer_append(&out, at + strlen(from), text.len - (size_t)(at - text.data) - strlen(from));
  replace(&l->cores[VMS_CORE_LEDGER], 0, out.data, out.len);
}

static void lie_limit(lies *l) { edit_first(l, "\"steps\":", "\"steps\":9"); }
static void lie_limit_zero(lies *l) { edit_first(l, "\"result\":1048576", "\"result\":0"); }
static void lie_limit_huge(lies *l) { edit_first(l, "\"steps\":10000000", "\"steps\":9007199254740991"); }
static void lie_engine(lies *l) { edit_first(l, VMS_ENGINE, "vms-js/77"); }
static void lie_other_archive(lies *l) {
  block *b = &l->cores[VMS_CORE_LEDGER].blocks[0];
  char *at = memmem(b->data, b->len, "\"archive\":\"", 11);
  if (at == NULL) die("block 0 names no archive");
  at[12] = at[12] == '0' ? '1' : '0';
}
static void lie_code_escape(lies *l) { edit_first(l, "\\n", "\\u000a"); } /* the same script, other bytes */
static void lie_no_json(lies *l) { replace(&l->cores[VMS_CORE_LEDGER], last(l), "not JSON", 8); }
static void lie_empty_block(lies *l) { replace(&l->cores[VMS_CORE_LEDGER], last(l), "", 0); }
static void lie_deep(lies *l) {
  vms_buffer text = VMS_BUFFER_INIT;
  for (int i = 0; i < 1 << 20; i++) (void)vms__buf_byte(&text, '[');
  replace(&l->cores[VMS_CORE_LEDGER], last(l), text.data, text.len);
}
static void lie_huge(lies *l) { /* 15 MiB of a string */
  vms__record record = record_of(l, last(l));
  vms_buffer text = VMS_BUFFER_INIT;
  (void)vms__buf_byte(&text, '"');
  while (text.len < VMS_BLOCK_LEN_MAX - 2048) (void)vms__buf_byte(&text, 'x');
  (void)vms__buf_byte(&text, '"');
  record.result = vms__buf_view(&text);
  put_record(l, last(l), &record, false);
}
static void lie_empty_ledger(lies *l) { while (l->cores[VMS_CORE_LEDGER].count > 0) drop(&l->cores[VMS_CORE_LEDGER], last(l)); }
static void lie_only_block_0(lies *l) { while (last(l) > 0) drop(&l->cores[VMS_CORE_LEDGER], last(l)); }
static void lie_init_missing(lies *l) { drop(&l->cores[VMS_CORE_LEDGER], 2); }
static void lie_init_params(lies *l) {
  vms__record record = record_of(l, 2);
  record.request = VMS__TEXT("{\"method\":\"init\",\"params\":[1]}");
  put_record(l, 2, &record, false);
}
static void lie_start_error(lies *l) {
  vms__record record = record_of(l, 1);
  record.outcome = VMS_OUTCOME_ERROR;
  record.name = record.message = VMS__TEXT("Error");
  put_record(l, 1, &record, false);
}
static void lie_start_aborted(lies *l) { append_start(l, VMS__START_ABORTED, 0); }
static void lie_start_boot(lies *l) { append_start(l, VMS__START_BOOT, 0); } /* no lie: hosts may restart at any time */
static void lie_late(lies *l) { /* the call was run a day after it was signed */
  vms__record record = record_of(l, last(l));
  record.time_ms += 86400000;
  put_record(l, last(l), &record, false);
}
static void lie_files_member(lies *l) { edit_last(l, "\"files\":{", "\"files\":{\"note\":1,"); }
static void lie_blobs(lies *l) {
  vms__record record = record_of(l, last(l));
  record.files.blobs++;
  put_record(l, last(l), &record, false);
}
static void lie_archive_header(lies *l) { l->cores[VMS_CORE_ARCHIVE].blocks[0].data[4] ^= 1; }
static void lie_archive_garbage(lies *l) {
  for (size_t i = 0; i < l->cores[VMS_CORE_ARCHIVE].count; i++) replace(&l->cores[VMS_CORE_ARCHIVE], i, "\xff\xff\xff\xff\xff", 5);
}
static void lie_archive_short(lies *l) { drop(&l->cores[VMS_CORE_ARCHIVE], l->cores[VMS_CORE_ARCHIVE].count - 1); }
static void lie_blobs_short(lies *l) { while (l->cores[VMS_CORE_BLOBS].count > 0) drop(&l->cores[VMS_CORE_BLOBS], l->cores[VMS_CORE_BLOBS].count - 1); }

static void lie_code(lies *l) {
  block *b = &l->cores[VMS_CORE_LEDGER].blocks[0];
  char *at = memmem(b->data, b->len, "hello", 5);
  if (at == NULL) at = memmem(b->data, b->len, "isAttending", 11);
  if (at == NULL) die("block 0 has no such text");
  at[1] ^= 1;
}

/* What a consistent liar can do unseen: nothing in the rest of the ledger contradicts it. */
static void cut(lies *l, size_t records) {
  for (; records > 0; records--) drop(&l->cores[VMS_CORE_LEDGER], last(l));
  vms__record record = record_of(l, last(l));
  while (l->cores[VMS_CORE_ARCHIVE].count > record.files.version) drop(&l->cores[VMS_CORE_ARCHIVE], l->cores[VMS_CORE_ARCHIVE].count - 1);
  while (l->cores[VMS_CORE_BLOBS].count > record.files.blobs) drop(&l->cores[VMS_CORE_BLOBS], l->cores[VMS_CORE_BLOBS].count - 1);
}
static void lie_cut(lies *l) { cut(l, 1); }
static void lie_drop(lies *l) { drop(&l->cores[VMS_CORE_LEDGER], last(l) - 1); }
static void lie_reorder(lies *l) {
  vms__record a = record_of(l, last(l) - 1), b = record_of(l, last(l));
  uint64_t time_ms = a.time_ms;
  a.time_ms = b.time_ms;
  b.time_ms = time_ms;
  put_record(l, last(l), &a, false);
  put_record(l, last(l) - 1, &b, false);
}
static void lie_nothing(lies *l) { (void)l; }

static const struct { const char *name; void (*tell)(lies *l); } kinds[] = {
  { "nothing", lie_nothing },       { "result", lie_result },           { "error", lie_error },
  { "steps", lie_steps },           { "archive", lie_archive },         { "files", lie_files },
  { "metadata", lie_metadata },     { "extra-block", lie_extra_block }, { "extra-blob", lie_extra_blob },
  { "signature", lie_signature },   { "request", lie_request },         { "caller", lie_caller },
  { "unsigned", lie_unsigned },     { "repeat", lie_repeat },           { "second-init", lie_second_init },
  { "start-place", lie_start_place }, { "start-files", lie_start_files }, { "start-missing", lie_start_missing },
  { "time", lie_time },             { "unknown-member", lie_unknown_member }, { "duplicate-member", lie_duplicate_member },
  { "white-space", lie_white_space }, { "escape", lie_escape },         { "oracle", lie_oracle },
  { "code", lie_code },             { "cut", lie_cut },                 { "drop", lie_drop },
  { "reorder", lie_reorder },       { "limit", lie_limit },             { "limit-zero", lie_limit_zero },
  { "limit-huge", lie_limit_huge }, { "engine", lie_engine },           { "other-archive", lie_other_archive },
  { "code-escape", lie_code_escape }, { "no-json", lie_no_json },       { "empty-block", lie_empty_block },
  { "deep", lie_deep },             { "huge", lie_huge },               { "empty-ledger", lie_empty_ledger },
  { "only-block-0", lie_only_block_0 }, { "init-missing", lie_init_missing }, { "init-params", lie_init_params },
  { "start-error", lie_start_error }, { "start-aborted", lie_start_aborted }, { "start-boot", lie_start_boot },
  { "late", lie_late },             { "files-member", lie_files_member }, { "blobs", lie_blobs },
  { "archive-header", lie_archive_header }, { "archive-garbage", lie_archive_garbage }, { "archive-short", lie_archive_short },
  { "blobs-short", lie_blobs_short }, { "vrf-other-key", lie_vrf_other_key }, { "vrf-other-call", lie_vrf_other_call },
  { "vrf-missing", lie_vrf_missing },
};

/* --- taking apart and putting together ------------------------------------------------------------------ */

static void load(lies *l, const char *path) {
  vms_storage storage;
  vms_journal *journal;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_error error;
  options.flags = VMS_JOURNAL_READ_ONLY;
  must(vms_file_open(&storage, path, VMS_FILE_READ_ONLY, &error), &error);
  must(vms_journal_open(&journal, &storage, &options, &error), &error);
  for (uint32_t c = 0; c < VMS_CORE_COUNT; c++) {
    vms_core *core = vms_journal_core(journal, c);
    vms_core_manifest(core, l->manifests[c]);
    for (uint64_t seq = 0; seq < vms_core_length(core); seq++) {
      vms_buffer data = VMS_BUFFER_INIT;
      must(vms_core_read(core, seq, &data, &error), &error);
      insert(&l->cores[c], l->cores[c].count, data.data == NULL ? "" : data.data, data.len);
    }
  }
  vms_journal_close(journal);
  vms_file_close(&storage);
}

static void append_all(const block_log *log, vms_core *core) {
  vms_error error;
  for (size_t i = 0; i < log->count; i++) must(vms_core_append(core, log->blocks[i].data, log->blocks[i].len, NULL, &error), &error);
}

/* The hash that a record has to state for files of these lengths. */
static void files_hash(vms_core *metadata, vms_core *blobs, vms_archive_state *files) {
  vms_archive *archive;
  vms_storage memory;
  vms_journal *part;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_error error;
  uint8_t manifests[2][VMS_MANIFEST_LEN];
  vms_core *whole[] = { metadata, blobs };
  uint64_t lengths[] = { files->version, files->blobs };
  vms_core_manifest(metadata, manifests[0]);
  vms_core_manifest(blobs, manifests[1]);
  must(vms_memory_open(&memory, NULL, &error), &error);
  must(vms_journal_create(&part, &memory, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, &options, &error), &error);
  for (uint32_t c = 0; c < 2; c++)
    for (uint64_t seq = 0; seq < lengths[c]; seq++) {
      vms_buffer data = VMS_BUFFER_INIT;
      must(vms_core_read(whole[c], seq, &data, &error), &error);
      must(vms_core_append(vms_journal_core(part, c), data.data == NULL ? "" : data.data, data.len, NULL, &error), &error);
      vms_buffer_free(&data);
    }
  must(vms_archive_open(&archive, vms_journal_core(part, 0), vms_journal_core(part, 1), NULL, &error), &error);
  vms_archive_state_get(archive, files);
  vms_archive_close(archive);
  vms_journal_close(part);
  vms_memory_close(&memory);
}

static void store(lies *l, const char *path, const uint8_t secret[VMS_SEED_LEN]) {
  vms_storage storage;
  vms_journal *journal;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_core *cores[VMS_CORE_COUNT];
  uint8_t seed[VMS_SEED_LEN];
  vms_error error;
  if (unlink(path) != 0) die("cannot remove the old journal");
  must(vms_file_open(&storage, path, VMS_FILE_CREATE, &error), &error);
  must(vms_journal_create(&journal, &storage, (const uint8_t(*)[VMS_MANIFEST_LEN])l->manifests, VMS_CORE_COUNT, &options, &error), &error);
  for (uint32_t c = 0; c < VMS_CORE_COUNT; c++) {
    cores[c] = vms_journal_core(journal, c);
    vms_key_derive(secret, c == VMS_CORE_LEDGER ? "vms ledger" : "vms archive", seed);
    must(vms_journal_signer(journal, c, seed, &error), &error);
  }
  append_all(&l->cores[VMS_CORE_ARCHIVE], cores[VMS_CORE_ARCHIVE]);
  append_all(&l->cores[VMS_CORE_BLOBS], cores[VMS_CORE_BLOBS]);
  for (size_t seq = 1; l->rehash && seq <= last(l); seq++) {
    vms__record record = record_of(l, seq);
    files_hash(cores[VMS_CORE_ARCHIVE], cores[VMS_CORE_BLOBS], &record.files);
    put_record(l, seq, &record, false);
  }
  append_all(&l->cores[VMS_CORE_LEDGER], cores[VMS_CORE_LEDGER]);
  must(vms_journal_commit(journal, VMS_COMMIT_SIGN, &error), &error);
  vms_journal_close(journal);
  vms_file_close(&storage);
}

/* A clever liar asks the auditor before the auditor is asked: whatever steps replay would take are what it records. */
static bool mend_steps(lies *l, const char *path) {
  vms_storage storage;
  vms_journal *journal;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  vms_verdict verdict;
  vms_error error;
  bool mended = false;
  options.flags = VMS_JOURNAL_READ_ONLY;
  vms_verdict_init(&verdict, NULL);
  must(vms_file_open(&storage, path, VMS_FILE_READ_ONLY, &error), &error);
  must(vms_journal_open(&journal, &storage, &options, &error), &error);
  must(vms_audit(journal, NULL, &verdict, &error), &error);
  if (verdict.verdict == VMS_VERDICT_FINDING && strcmp(verdict.kind.data, "steps") == 0) {
    vms__record record = record_of(l, verdict.seq);
    record.steps = strtoull(verdict.expected.data, NULL, 10);
    put_record(l, verdict.seq, &record, false);
    mended = true;
  }
  vms_verdict_free(&verdict);
  vms_journal_close(journal);
  vms_file_close(&storage);
  return mended;
}

int main(int argc, char **argv) {
  lies l = { .rehash = false };
  uint8_t secret[VMS_SEED_LEN];
  char path[4096], hex[2 * VMS_SEED_LEN];
  if (argc != 3) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) puts(kinds[i].name);
    return 2;
  }
  snprintf(path, sizeof path, "%s/secret", argv[2]);
  FILE *file = fopen(path, "r");
  if (file == NULL || fread(hex, 1, sizeof hex, file) != sizeof hex || !vms__hex_decode((vms_slice){ hex, sizeof hex }, secret, sizeof secret))
    die("cannot read the host's secret");
  fclose(file);
  snprintf(path, sizeof path, "%s/journal", argv[2]);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if (strcmp(kinds[i].name, argv[1]) == 0) {
      load(&l, path);
      kinds[i].tell(&l);
      store(&l, path, secret);
      if (kinds[i].tell == lie_drop || kinds[i].tell == lie_reorder)
        while (mend_steps(&l, path)) store(&l, path, secret);
      return 0;
    }
  die("no such lie");
}
