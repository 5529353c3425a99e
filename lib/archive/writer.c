/* SPDX-License-Identifier: MIT */
/* One file in pieces: whole blocks go to the blobs core as they fill, the entry follows at the end. */
#include "internal.h"

struct vms_archive_writer {
  vms_archive *archive;
  vms_buffer path;
  vms__blob blob;
  uint64_t others; /* the sum of the sizes of all other files */
  uint64_t cuts;   /* of the blobs core, when the file was begun */
  size_t len;      /* bytes in `block` */
  int failed;      /* what an append failed with: some of its bytes may be stored */
  bool finished;
  uint8_t block[VMS__BLOB_BLOCK_LEN];
};

/* Nothing but a file may be in the way, at the path and above it. */
static int place_check(vms_archive_writer *writer, uint64_t *size, vms_error *error) {
  vms_archive *archive = writer->archive;
  vms__view view = { .archive = archive, .version = vms__source_length(&archive->metadata) };
  vms_slice path = vms__buf_view(&writer->path);
  vms__entry entry;
  int status;
  *size = 0;
  if (path.len == 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "the root is a folder");
  status = vms__view_find(&view, path, &entry, error);
  if (status == VMS_OK && entry.kind == VMS__ENTRY_FOLDER) return vms__fail(error, VMS_ERR_ARGUMENT, entry.seq, "a folder is there");
  if (status == VMS_OK) *size = entry.blob.byte_len;
  while (status == VMS_OK || status == VMS_ERR_NOT_FOUND) {
    do path.len--;
    while (path.data[path.len] != '/');
    if (path.len == 0) return VMS_OK;
    status = vms__drive_get(&archive->bee, view.version, path, &entry, error);
    if (status == VMS_OK && entry.kind != VMS__ENTRY_FOLDER) return vms__fail(error, VMS_ERR_ARGUMENT, entry.seq, "what holds it is no folder");
  }
  return status;
}

/* Whether the file may be there, and what all others come to, as things are now. */
static int place_take(vms_archive_writer *writer, vms_error *error) {
  uint64_t size, sum;
  int status = place_check(writer, &size, error);
  if (status == VMS_OK) status = vms__archive_size(writer->archive, &sum, error);
  if (status == VMS_OK) writer->others = sum - VMS__MIN(sum, size); /* a hostile sum may have been cut off */
  return status;
}

static int writer_begin(vms_archive_writer *writer, vms_slice path, vms_error *error) {
  const vms_core *blobs = writer->archive->blobs.core;
  int status = vms__path_normalise(path, &writer->path);
  if (status == VMS_ERR_NOMEM) return vms__fail(error, status, 0, "out of memory for a path");
  if (status != VMS_OK) return vms__fail(error, status, 0, "a path with control characters, out of the root, too long or too deep");
  status = place_take(writer, error);
  vms__blob_begin(blobs, &writer->blob);
  writer->cuts = vms__core_cuts(blobs);
  return status;
}

int vms_archive_writer_open(vms_archive_writer **writer, vms_archive *archive, vms_slice path, vms_error *error) {
  vms_archive_writer *made;
  int status;
  assert(writer != NULL && archive != NULL && !archive->staging);
  *writer = NULL;
  if (archive->metadata.core == NULL) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "an archive on replicas can only be read");
  made = vms__alloc(archive->env, sizeof *made);
  if (made == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a writer");
  made->archive = archive;
  vms_buffer_init(&made->path, archive->env);
  status = writer_begin(made, path, error);
  if (status == VMS_OK) *writer = made;
  else vms_archive_writer_close(made);
  return status;
}

/* Who rolled the journal back took blocks of this file away; others may have their numbers. */
static int writer_check(const vms_archive_writer *writer, vms_error *error) {
  assert(!writer->finished && !writer->archive->staging);
  if (writer->failed != VMS_OK) return vms__fail(error, writer->failed, 0, "an earlier append to this file failed");
  if (vms__core_cuts(writer->archive->blobs.core) != writer->cuts ||
      vms_core_length(writer->archive->blobs.core) != writer->blob.block_offset + writer->blob.block_count)
    return vms__fail(error, VMS_ERR_ARGUMENT, writer->blob.block_offset, "the blobs core was changed by others");
  return VMS_OK;
}

static int block_flush(vms_archive_writer *writer, vms_error *error) {
  int status = writer->len == 0 ? VMS_OK : vms__blob_add(writer->archive->blobs.core, &writer->blob, writer->block, writer->len, error);
  if (status == VMS_OK) writer->len = 0;
  else writer->failed = status;
  return status;
}

/* Whether there is room for so many bytes more. */
static int quota_check(const vms_archive_writer *writer, size_t len, vms_error *error) {
  uint64_t used = writer->others + writer->blob.byte_len + writer->len; /* no wrap: others and max are sums that fit, the file is below max */
  uint64_t max = writer->archive->files_total_max;
  if (used <= max && len <= max - used) return VMS_OK;
  return vms__fail(error, VMS_ERR_LIMIT, used, "the files together would exceed %llu bytes", (unsigned long long)max);
}

int vms_archive_writer_append(vms_archive_writer *writer, const void *bytes, size_t len, vms_error *error) {
  const uint8_t *from = bytes;
  int status;
  assert(writer != NULL && (bytes != NULL || len == 0));
  status = writer_check(writer, error);
  if (status == VMS_OK) status = quota_check(writer, len, error);
  if (status != VMS_OK) return status;
  while (len > 0) {
    size_t part = VMS__MIN(len, sizeof writer->block - writer->len);
    memcpy(writer->block + writer->len, from, part);
    writer->len += part;
    from += part;
    len -= part;
    if (writer->len == sizeof writer->block) status = block_flush(writer, error);
    if (status != VMS_OK) return status;
  }
  return VMS_OK;
}

static int entry_append(vms_archive_writer *writer, uint32_t flags, uint64_t time_ms, vms_error *error) {
  vms_archive *archive = writer->archive;
  bool executable = (flags & VMS_ARCHIVE_EXECUTABLE) != 0;
  int status = VMS_OK;
  /* The header may have been dropped with all that was pending. */
  if (vms_core_length(archive->metadata.core) == 0) status = vms__bee_header_append(archive->metadata.core, true, error);
  return status == VMS_OK ? vms__archive_put(archive, vms__buf_view(&writer->path), &writer->blob, executable, time_ms, error) : status;
}

int vms_archive_writer_finish(vms_archive_writer *writer, uint32_t flags, uint64_t time_ms, vms_error *error) {
  vms_archive *archive;
  int status;
  assert(writer != NULL && (flags & ~VMS_ARCHIVE_EXECUTABLE) == 0);
  archive = writer->archive;
  status = writer_check(writer, error);
  if (status == VMS_OK) status = place_take(writer, error); /* other entries may have come and gone */
  if (status == VMS_OK) status = quota_check(writer, 0, error);
  if (status == VMS_OK) status = block_flush(writer, error);
  if (status == VMS_OK) status = entry_append(writer, flags, time_ms, error);
  if (status != VMS_OK) return status;
  archive->total_before = archive->total;
  vms__archive_size_note(archive, writer->others + writer->blob.byte_len);
  writer->finished = true;
  return VMS_OK;
}

void vms_archive_writer_close(vms_archive_writer *writer) {
  if (writer == NULL) return;
  vms_buffer_free(&writer->path);
  vms__free(writer->archive->env, writer, sizeof *writer);
}
