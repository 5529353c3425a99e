/* SPDX-License-Identifier: MIT */
/* An archive's life: open, state, staging, commit. The file calls are in files*.c. */
#include "internal.h"

#include <stdio.h>

#define FILES_CALL_MAX (UINT64_C(16) << 20) /* bytes, when the options say nothing */
#define FILES_TOTAL_MAX (UINT64_C(1) << 30)

/* An empty metadata core becomes a drive's; another one has to be one. */
static int header_check(vms_archive *archive, vms_error *error) {
  vms_buffer block;
  const uint8_t *feed;
  uint8_t key[VMS_KEY_LEN];
  int status;
  if (vms_core_length(archive->metadata.core) == 0) return vms__bee_header_append(archive->metadata.core, true, error);
  vms_buffer_init(&block, archive->env);
  status = vms__bee_header_read(&archive->metadata, &block, &feed, error);
  vms_core_key(archive->blobs.core, key);
  if (status == VMS_OK && feed != NULL && memcmp(feed, key, sizeof key) != 0)
    status = vms__fail(error, VMS_ERR_CORRUPT, 0, "the drive's header names another blobs core");
  vms_buffer_free(&block);
  return status;
}

static int archive_new(vms_archive **archive, vms__source metadata, vms__source blobs, const vms_archive_options *given, vms_error *error) {
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  vms_archive *made;
  int status;
  *archive = NULL;
  status = vms__options_load(&options, sizeof options, given, error);
  if (status != VMS_OK) return status;
  made = vms__alloc(options.env, sizeof *made);
  if (made == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for an archive");
  made->env = options.env;
  made->metadata = metadata;
  made->blobs = blobs;
  made->files_call_max = options.files_call_max != 0 ? options.files_call_max : FILES_CALL_MAX;
  made->files_total_max = options.files_total_max != 0 ? options.files_total_max : FILES_TOTAL_MAX;
  made->origin_context = options.origin_context;
  made->origin = options.origin;
  vms__stage_init(&made->stage, made->env);
  status = vms__bee_init(&made->bee, made->metadata, made->env, error);
  if (status == VMS_OK && options.cache_max != 0) made->bee.cache_max = options.cache_max;
  if (status == VMS_OK && metadata.core != NULL) status = header_check(made, error);
  if (status == VMS_OK) *archive = made;
  else vms_archive_close(made);
  return status;
}

int vms_archive_open(vms_archive **archive, vms_core *metadata, vms_core *blobs, const vms_archive_options *options, vms_error *error) {
  assert(archive != NULL && metadata != NULL && blobs != NULL && metadata != blobs);
  assert(vms__core_journal(metadata) == vms__core_journal(blobs));
  return archive_new(archive, (vms__source){ metadata, NULL }, (vms__source){ blobs, NULL }, options, error);
}

int vms_archive_open_replica(vms_archive **archive, vms_replica *metadata, vms_replica *blobs, const vms_archive_options *options,
                             vms_error *error) {
  assert(archive != NULL && metadata != NULL && metadata != blobs);
  return archive_new(archive, (vms__source){ NULL, metadata }, (vms__source){ NULL, blobs }, options, error);
}

void vms_archive_close(vms_archive *archive) {
  if (archive == NULL) return;
  vms__stage_clear(&archive->stage);
  vms__bee_deinit(&archive->bee);
  vms__free(archive->env, archive, sizeof *archive);
}

/* A core's length and tree hash; one that nobody has is empty. */
static uint64_t source_state(const vms__source *source, uint8_t bytes[8 + VMS_HASH_LEN]) {
  uint64_t length = vms__source_exists(source) ? vms__source_length(source) : 0;
  vms__put_u64(bytes, length);
  if (length > 0) vms__source_tree_hash(source, bytes + 8);
  else vms__tree_hash(NULL, 0, bytes + 8);
  return length;
}

void vms_archive_state_get(const vms_archive *archive, vms_archive_state *state) {
  uint8_t bytes[2 * (8 + VMS_HASH_LEN)];
  assert(archive != NULL && state != NULL);
  state->version = source_state(&archive->metadata, bytes);
  state->blobs = source_state(&archive->blobs, bytes + sizeof bytes / 2);
  vms__crypto_hash(bytes, sizeof bytes, state->hash);
}

/* --- the sum of the sizes ----------------------------------------------------------------------------- */

/* The journal's memo: version, size, tree hash (doc/ledger-format.md, "Index"). */
static void memo_write(vms_archive *archive, const vms__total *total) {
  uint8_t *memo = vms__journal_memo(vms__core_journal(archive->metadata.core));
  vms__put_u64(memo, total->version);
  vms__put_u64(memo + 8, total->size);
  memcpy(memo + 16, total->hash, sizeof total->hash);
}

/* True if the memo is about a version of this archive; *size is the sum at it. */
static bool memo_read(const vms_archive *archive, uint64_t *version, uint64_t *size) {
  const vms_core *core = archive->metadata.core;
  const uint8_t *memo;
  uint8_t hash[VMS_HASH_LEN];
  if (core == NULL) return false;
  memo = vms__journal_memo(vms__core_journal(core));
  *version = vms__get_u64(memo);
  *size = vms__get_u64(memo + 8);
  if (*version == 0 || *version > vms_core_length(core) || *size >= VMS__JSON_INT_MAX) return false; /* that one may have been cut off */
  vms_core_tree_hash(core, *version, hash);
  return memcmp(hash, memo + 16, sizeof hash) == 0;
}

/* Adds up, if possible only what changed since the memo was written: of a million files that is three seconds less. */
static int size_find(vms_archive *archive, uint64_t *size, vms_error *error) {
  uint64_t version, newest = vms__source_length(&archive->metadata);
  if (!memo_read(archive, &version, size)) return vms__drive_size(&archive->bee, newest, size, error);
  return version == newest ? VMS_OK : vms__drive_size_since(&archive->bee, version, newest, size, error);
}

void vms__archive_size_note(vms_archive *archive, uint64_t size) {
  vms__total *total = &archive->total;
  total->known = true;
  total->size = size;
  total->version = vms__source_length(&archive->metadata);
  vms__source_tree_hash(&archive->metadata, total->hash);
  if (archive->metadata.core != NULL) memo_write(archive, total);
}

int vms__archive_size(vms_archive *archive, uint64_t *size, vms_error *error) {
  const vms__total *totals[2] = { &archive->total, &archive->total_before };
  uint64_t version = vms__source_length(&archive->metadata);
  uint8_t hash[VMS_HASH_LEN];
  int status;
  vms__source_tree_hash(&archive->metadata, hash);
  for (int i = 0; i < 2; i++) /* the journal may have been rolled back behind us: what was noted has to fit */
    if (totals[i]->known && totals[i]->version == version && memcmp(totals[i]->hash, hash, sizeof hash) == 0) {
      *size = totals[i]->size;
      return VMS_OK;
    }
  status = size_find(archive, size, error);
  if (status == VMS_OK) vms__archive_size_note(archive, *size);
  return status;
}

/* --- staging ------------------------------------------------------------------------------------------- */

static void stage_reset(vms_archive *archive) {
  vms__stage_clear(&archive->stage);
  archive->staging = archive->stage_size_known = false;
  archive->stage_used = archive->stage_size = 0;
}

void vms_archive_begin(vms_archive *archive, uint64_t time_ms) {
  assert(archive != NULL && !archive->staging && archive->metadata.core != NULL);
  archive->staging = true;
  archive->time_ms = time_ms;
}

void vms_archive_abort(vms_archive *archive) {
  assert(archive != NULL);
  stage_reset(archive);
}

int vms__archive_put(vms_archive *archive, vms_slice path, const vms__blob *blob, bool executable, uint64_t time_ms, vms_error *error) {
  char metadata[64];
  int len = snprintf(metadata, sizeof metadata, "{\"mtime\":%llu%s}", (unsigned long long)time_ms, blob == NULL ? ",\"folder\":true" : "");
  vms__entry_form form = { executable, { NULL, 0 }, blob, { metadata, (size_t)len } };
  assert(len > 0 && (size_t)len < sizeof metadata);
  return vms__drive_put(&archive->bee, path, &form, error);
}

static int change_append(vms_archive *archive, const vms__change *change, vms_error *error) {
  const vms__blob *blob = change->kind == VMS__ENTRY_FILE ? &change->blob : NULL;
  if (change->kind != VMS__ENTRY_ABSENT) return vms__archive_put(archive, change->path, blob, change->executable, archive->time_ms, error);
  return change->existed ? vms__drive_del(&archive->bee, change->path, error) : VMS_OK;
}

/* Stores what is not stored yet, and gives up its memory: a commit needs no more than the largest file once again. */
static int content_append(vms_archive *archive, vms__change *change, vms_error *error) {
  int status;
  if (change->kind != VMS__ENTRY_FILE || change->stored) return VMS_OK;
  status = vms__blob_append(archive->blobs.core, vms__buf_view(&change->content), &change->blob, error);
  vms_buffer_free(&change->content);
  change->stored = status == VMS_OK;
  return status;
}

int vms_archive_commit(vms_archive *archive, vms_error *error) {
  vms_journal_mark mark;
  vms_journal *journal;
  int status = VMS_OK;
  assert(archive != NULL && archive->staging);
  journal = vms__core_journal(archive->metadata.core);
  vms_journal_mark_take(journal, &mark);
  /* The header may have been dropped with all that was pending. */
  if (vms_core_length(archive->metadata.core) == 0) status = vms__bee_header_append(archive->metadata.core, true, error);
  for (size_t i = 0; i < archive->stage.count && status == VMS_OK; i++)
    status = content_append(archive, &archive->stage.changes[i], error);
  if (status == VMS_OK) archive->total_before = archive->total;
  for (size_t i = 0; i < archive->stage.count && status == VMS_OK; i++)
    status = change_append(archive, &archive->stage.changes[i], error);
  if (status != VMS_OK) vms_journal_rollback(journal, &mark);
  else if (archive->stage_size_known) vms__archive_size_note(archive, archive->stage_size);
  stage_reset(archive);
  return status;
}
