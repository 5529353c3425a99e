/* SPDX-License-Identifier: MIT */
/* A storage in memory. */
#include "internal.h"

static int memory_read(void *context, uint64_t offset, void *bytes, size_t len, size_t *got, vms_error *error) {
  const vms_buffer *buffer = context;
  (void)error;
  *got = offset >= buffer->len ? 0 : VMS__MIN(len, buffer->len - (size_t)offset);
  if (*got > 0) memcpy(bytes, buffer->data + offset, *got);
  return VMS_OK;
}

static int memory_resize(vms_buffer *buffer, uint64_t len, vms_error *error) {
  if (len > SIZE_MAX / 4 || (len > buffer->len && vms__buf_reserve(buffer, (size_t)len - buffer->len) != VMS_OK))
    return vms__fail(error, VMS_ERR_FULL, len, "no memory for %llu bytes of storage", (unsigned long long)len);
  if (len > buffer->len) memset(buffer->data + buffer->len, 0, (size_t)len - buffer->len);
  buffer->len = (size_t)len;
  return VMS_OK;
}

static int memory_write(void *context, uint64_t offset, const void *bytes, size_t len, vms_error *error) {
  vms_buffer *buffer = context;
  if (offset > SIZE_MAX / 8 || len > SIZE_MAX / 8) return vms__fail(error, VMS_ERR_FULL, offset, "no memory for that storage");
  if (offset + len > buffer->len) {
    int status = memory_resize(buffer, offset + len, error);
    if (status != VMS_OK) return status;
  }
  if (len > 0) memcpy(buffer->data + offset, bytes, len);
  return VMS_OK;
}

static int memory_sync(void *context, vms_error *error) {
  (void)context;
  (void)error;
  return VMS_OK;
}

static int memory_length(void *context, uint64_t *len, vms_error *error) {
  (void)error;
  *len = ((const vms_buffer *)context)->len;
  return VMS_OK;
}

static int memory_truncate(void *context, uint64_t len, vms_error *error) { return memory_resize(context, len, error); }

int vms_memory_open(vms_storage *storage, const vms_env *env, vms_error *error) {
  vms_buffer *buffer = vms__alloc(env, sizeof *buffer);
  assert(storage != NULL);
  if (buffer == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a storage");
  vms_buffer_init(buffer, env);
  *storage = (vms_storage){ sizeof *storage, 0, buffer, memory_read, memory_write, memory_sync, memory_length, memory_truncate };
  return VMS_OK;
}

void vms_memory_close(vms_storage *storage) {
  vms_buffer *buffer = storage == NULL ? NULL : storage->context;
  if (buffer == NULL) return;
  const vms_env *env = buffer->env;
  vms_buffer_free(buffer);
  vms__free(env, buffer, sizeof *buffer);
  storage->context = NULL;
}
