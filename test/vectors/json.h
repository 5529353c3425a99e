/* SPDX-License-Identifier: MIT */
/* Reading the golden vectors: files, hex and members that have to be there. */
#ifndef VMS_TEST_VECTORS_JSON_H
#define VMS_TEST_VECTORS_JSON_H

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/base/internal.h"

/* The file's text, NUL-terminated; free() it. */
static inline char *vector_text(const char *path, size_t *len) {
  FILE *file = fopen(path, "rb");
  char *text = NULL;
  assert_non_null(file);
  assert_int_equal(fseek(file, 0, SEEK_END), 0);
  long end = ftell(file);
  assert_true(end > 0);
  rewind(file);
  text = malloc((size_t)end + 1);
  assert_non_null(text);
  *len = fread(text, 1, (size_t)end, file);
  assert_int_equal(*len, end);
  text[*len] = 0;
  fclose(file);
  return text;
}

static inline cJSON *vector_load(const char *path) {
  size_t len;
  char *text = vector_text(path, &len);
  cJSON *root = cJSON_ParseWithLength(text, len);
  assert_non_null(root);
  free(text);
  return root;
}

static inline const cJSON *vector_get(const cJSON *object, const char *name) {
  const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);
  if (item == NULL) print_error("no member %s\n", name);
  assert_non_null(item);
  return item;
}

static inline uint64_t vector_number(const cJSON *object, const char *name) {
  const cJSON *item = vector_get(object, name);
  assert_true(cJSON_IsNumber(item));
  return (uint64_t)item->valuedouble;
}

static inline const char *vector_string(const cJSON *object, const char *name) {
  const cJSON *item = vector_get(object, name);
  assert_true(cJSON_IsString(item));
  return item->valuestring;
}

/* Decodes hex of any length; returns how many bytes there are. */
static inline size_t vector_hex(const char *hex, uint8_t *bytes, size_t room) {
  size_t len = strlen(hex) / 2;
  assert_true(len <= room);
  assert_true(vms__hex_decode(vms__slice_of(hex), bytes, len));
  return len;
}

static inline void vector_bytes(const cJSON *object, const char *name, uint8_t *bytes, size_t len) {
  assert_int_equal(vector_hex(vector_string(object, name), bytes, len), len);
}

/* Fails unless the member is the hex of these bytes. */
static inline void vector_expect(const cJSON *object, const char *name, const void *bytes, size_t len) {
  uint8_t wanted[256];
  assert_true(len <= sizeof wanted);
  vector_bytes(object, name, wanted, len);
  assert_memory_equal(bytes, wanted, len);
}

#endif
