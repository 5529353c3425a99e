/* SPDX-License-Identifier: MIT */
/* Status names, errors, options, memory, buffers. */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

const char *vms_version(void) { return VMS_VERSION; }

const char *vms_status_name(int status) {
  static const char *const names[] = {
    "VMS_OK",          "VMS_ERR_NOMEM",     "VMS_ERR_ARGUMENT", "VMS_ERR_LIMIT",   "VMS_ERR_IO",
    "VMS_ERR_CORRUPT", "VMS_ERR_NOT_FOUND", "VMS_ERR_EXISTS",   "VMS_ERR_LOCKED",  "VMS_ERR_FORM",
    "VMS_ERR_SYNTAX",  "VMS_ERR_SCRIPT",    "VMS_ERR_SIGNATURE","VMS_ERR_FOREIGN", "VMS_ERR_FULL",
    "VMS_ERR_TIMEOUT", "VMS_ERR_CLOSED",    "VMS_ERR_REMOTE",   "VMS_ERR_UNSUPPORTED",
    "VMS_ERR_MISSING",
    "VMS_ERR_CONFLICT",
  };
  static_assert(sizeof names / sizeof names[0] == VMS_ERR_CONFLICT + 1, "one name per status in vms/base.h");
  return status >= 0 && status <= VMS_ERR_CONFLICT ? names[status] : "VMS_ERR_?";
}

int vms__fail(vms_error *error, int status, uint64_t position, const char *format, ...) {
  assert(status != VMS_OK);
  if (error != NULL) {
    char text[sizeof error->message + 4];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t keep = len < 0 ? 0 : VMS__MIN((size_t)len, sizeof error->message - 1);
    while (keep > 0 && (size_t)len > keep && ((uint8_t)text[keep] & 0xc0) == 0x80) keep--; /* not inside a character */
    memset(error, 0, sizeof *error);
    error->status = status;
    error->position = position;
    memcpy(error->message, text, keep);
  }
  return status;
}

int vms__options_load(void *known, size_t known_len, const void *given, vms_error *error) {
  uint32_t given_len;
  assert(known != NULL);
  if (given == NULL) return VMS_OK;
  memcpy(&given_len, given, sizeof given_len);
  if (given_len < sizeof given_len || given_len > 4096)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "options of size %u: initialise them with their _INIT", given_len);
  for (size_t i = known_len; i < given_len; i++)
    if (((const uint8_t *)given)[i] != 0)
      return vms__fail(error, VMS_ERR_ARGUMENT, i, "an option at byte %zu is newer than this library", i);
  memcpy((uint8_t *)known + sizeof given_len, (const uint8_t *)given + sizeof given_len,
         VMS__MIN(known_len, (size_t)given_len) - sizeof given_len);
  return VMS_OK;
}

void *vms__resize(const vms_env *env, void *memory, size_t old_len, size_t new_len) {
  assert((memory == NULL) == (old_len == 0));
  if (env != NULL && env->resize != NULL) return env->resize(env->context, memory, old_len, new_len);
  if (new_len == 0) {
    free(memory);
    return NULL;
  }
  return realloc(memory, new_len);
}

void *vms__alloc(const vms_env *env, size_t len) {
  assert(len > 0);
  void *memory = vms__resize(env, NULL, 0, len);
  if (memory != NULL) memset(memory, 0, len);
  return memory;
}

void vms__free(const vms_env *env, void *memory, size_t len) {
  if (memory != NULL) vms__resize(env, memory, len, 0);
}

int vms__grow(const vms_env *env, void *array_pointer, size_t *capacity, size_t count, size_t more, size_t element_len) {
  void *array, *grown;
  size_t wanted;
  assert(element_len > 0 && count <= *capacity);
  if (more <= *capacity - count) return VMS_OK;
  if (more > SIZE_MAX / 2 / element_len - count) return VMS_ERR_NOMEM; /* count*element_len fits: it is allocated */
  wanted = VMS__MAX(count + more, *capacity + *capacity / 2);
  if (wanted < 8) wanted = 8;
  if (wanted > SIZE_MAX / 2 / element_len) wanted = count + more;
  memcpy(&array, array_pointer, sizeof array);
  grown = vms__resize(env, array, *capacity * element_len, wanted * element_len);
  if (grown == NULL) return VMS_ERR_NOMEM;
  memcpy(array_pointer, &grown, sizeof grown);
  *capacity = wanted;
  return VMS_OK;
}

void vms_buffer_init(vms_buffer *buffer, const vms_env *env) {
  assert(buffer != NULL);
  *buffer = (vms_buffer){ NULL, 0, 0, env };
}

void vms_buffer_free(vms_buffer *buffer) {
  if (buffer == NULL) return;
  vms__free(buffer->env, buffer->data, buffer->capacity);
  vms_buffer_init(buffer, buffer->env);
}

int vms__buf_reserve(vms_buffer *buffer, size_t more) {
  if (more > SIZE_MAX / 4) return VMS_ERR_NOMEM;
  if (vms__grow(buffer->env, &buffer->data, &buffer->capacity, buffer->len, more + 1, 1) != VMS_OK) return VMS_ERR_NOMEM;
  buffer->data[buffer->len] = 0; /* the 1 more: always there, never counted */
  return VMS_OK;
}

int vms_buffer_append(vms_buffer *buffer, const void *bytes, size_t len) {
  assert(buffer != NULL && (bytes != NULL || len == 0));
  if (len >= buffer->capacity - buffer->len && vms__buf_reserve(buffer, len) != VMS_OK) return VMS_ERR_NOMEM; /* >=: the zero behind it */
  if (len > 0) memcpy(buffer->data + buffer->len, bytes, len);
  buffer->len += len;
  buffer->data[buffer->len] = 0;
  return VMS_OK;
}

int vms__buf_slice(vms_buffer *buffer, vms_slice slice) { return vms_buffer_append(buffer, slice.data, slice.len); }
int vms__buf_byte(vms_buffer *buffer, uint8_t byte) { return vms_buffer_append(buffer, &byte, 1); }

int vms__buf_format(vms_buffer *buffer, const char *format, ...) {
  va_list args;
  size_t room = buffer->capacity - buffer->len, len;
  va_start(args, format);
  int printed = vsnprintf(room == 0 ? NULL : buffer->data + buffer->len, room, format, args);
  va_end(args);
  assert(printed >= 0);
  len = (size_t)printed;
  if (len >= room) { /* again, with room for all of it */
    if (room > 0) buffer->data[buffer->len] = 0;
    if (vms__buf_reserve(buffer, len) != VMS_OK) return VMS_ERR_NOMEM;
    va_start(args, format);
    vsnprintf(buffer->data + buffer->len, len + 1, format, args);
    va_end(args);
  }
  buffer->len += len;
  return VMS_OK;
}

int vms__buf_uint(vms_buffer *buffer, uint64_t number) {
  char digits[20];
  size_t at = sizeof digits;
  do digits[--at] = (char)('0' + number % 10);
  while ((number /= 10) != 0);
  return vms_buffer_append(buffer, digits + at, sizeof digits - at);
}

int vms__buf_hex(vms_buffer *buffer, const void *bytes, size_t len) {
  static const char digits[] = "0123456789abcdef";
  if (len > SIZE_MAX / 8 || vms__buf_reserve(buffer, 2 * len) != VMS_OK) return VMS_ERR_NOMEM;
  const uint8_t *from = bytes;
  char *to = buffer->data + buffer->len;
  for (size_t i = 0; i < len; i++, to += 2) {
    to[0] = digits[from[i] >> 4];
    to[1] = digits[from[i] & 15];
  }
  *to = 0;
  buffer->len += 2 * len;
  return VMS_OK;
}
