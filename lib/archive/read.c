/* SPDX-License-Identifier: MIT */
/* Reading a drive from C: what is at a path, pieces of files, where its contents are. */
#include "internal.h"

void vms_archive_trace(vms_archive *archive, void (*trace)(void *context, uint32_t core, uint64_t from, uint64_t to), void *context) {
  assert(archive != NULL);
  archive->trace = archive->bee.trace = trace;
  archive->trace_context = archive->bee.trace_context = context;
}

/* --- the blobs core's key ---------------------------------------------------------------------------------- */

/* What npm does without a contentFeed: the blobs core is signed by whom the metadata core's manifest names. */
static int key_derive(const vms_archive *archive, uint8_t key[VMS_KEY_LEN], vms_error *error) {
  uint8_t own[VMS_MANIFEST_LEN];
  vms_slice manifest = { (const char *)own, sizeof own };
  if (archive->metadata.core != NULL) vms_core_manifest(archive->metadata.core, own);
  else manifest = vms_replica_manifest(archive->metadata.replica);
  return vms__manifest_blobs_key(manifest, key, error);
}

int vms_archive_blobs_key(vms_archive *archive, uint8_t key[VMS_KEY_LEN], vms_error *error) {
  const uint8_t *feed;
  vms_buffer block;
  int status;
  assert(archive != NULL && key != NULL);
  if (archive->trace != NULL) archive->trace(archive->trace_context, 0, 0, 1);
  if (vms__source_length(&archive->metadata) == 0) return vms__fail(error, VMS_ERR_MISSING, 0, "block 0 of the drive is not here");
  vms_buffer_init(&block, archive->env);
  status = vms__bee_header_read(&archive->metadata, &block, &feed, error);
  if (status == VMS_OK && feed != NULL) memcpy(key, feed, VMS_KEY_LEN);
  else if (status == VMS_OK) status = key_derive(archive, key, error);
  vms_buffer_free(&block);
  return status;
}

/* --- entries ----------------------------------------------------------------------------------------------- */

/* Finds the entry at a path from outside, of which `view` receives the version and `path` the normal form. */
static int find(vms__view *view, vms_slice text, vms_buffer *path, vms__entry *entry, vms_error *error) {
  uint64_t version = view->version, newest = vms__source_length(&view->archive->metadata);
  int status = vms__path_normalise(text, path);
  if (status == VMS_ERR_NOMEM) return vms__fail(error, status, 0, "out of memory for a path");
  if (status != VMS_OK) return vms__fail(error, status, 0, "a path with control characters, out of the root, too long or too deep");
  if (newest == 0 && view->archive->metadata.core == NULL) return vms__fail(error, VMS_ERR_MISSING, 0, "no head of the archive is here");
  if (version > newest) return vms__fail(error, VMS_ERR_NOT_FOUND, version, "there is no version %llu", (unsigned long long)version);
  if (version == 0) view->version = newest;
  status = vms__view_find(view, vms__buf_view(path), entry, error);
  return status == VMS_ERR_NOT_FOUND ? vms__fail(error, status, 0, "no such file or folder") : status;
}

int vms_archive_find(vms_archive *archive, uint64_t version, vms_slice path, vms_archive_entry *entry, vms_error *error) {
  vms__view view = { .archive = archive, .version = version };
  vms__entry found;
  vms_buffer normal;
  int status;
  assert(archive != NULL && entry != NULL);
  vms_buffer_init(&normal, archive->env);
  status = find(&view, path, &normal, &found, error);
  vms_buffer_free(&normal);
  if (status == VMS_OK)
    *entry = (vms_archive_entry){ (uint32_t)found.kind, found.executable, found.seq, found.blob.byte_len, found.mtime,
                                  found.blob.block_offset, found.blob.block_count, found.blob.byte_offset };
  return status;
}

int vms_archive_link(vms_archive *archive, uint64_t version, vms_slice path, vms_buffer *target, vms_error *error) {
  vms__view view = { .archive = archive, .version = version };
  vms__entry found;
  vms_buffer normal;
  int status;
  assert(archive != NULL && target != NULL);
  vms_buffer_init(&normal, archive->env);
  status = find(&view, path, &normal, &found, error);
  if (status == VMS_OK && found.kind != VMS__ENTRY_LINK) status = vms__fail(error, VMS_ERR_ARGUMENT, found.seq, "not a link");
  if (status == VMS_OK) status = vms__drive_link(&archive->bee, view.version, vms__buf_view(&normal), target, error);
  vms_buffer_free(&normal);
  return status;
}

int vms_archive_read(vms_archive *archive, uint64_t version, vms_slice path, uint64_t offset, uint64_t len, vms_buffer *bytes, vms_error *error) {
  vms__view view = { .archive = archive, .version = version };
  vms__entry found;
  vms_buffer normal;
  int status;
  assert(archive != NULL && bytes != NULL);
  vms_buffer_init(&normal, archive->env);
  status = find(&view, path, &normal, &found, error);
  vms_buffer_free(&normal);
  if (status != VMS_OK) return status;
  if (found.kind != VMS__ENTRY_FILE) return vms__fail(error, VMS_ERR_ARGUMENT, found.seq, "not a file");
  if (found.mapped) return vms__fail(error, VMS_ERR_UNSUPPORTED, found.seq, "the file's contents are a block map");
  return vms__blob_read(archive, &found.blob, offset, len, bytes, error);
}
