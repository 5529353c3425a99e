/* SPDX-License-Identifier: MIT */
/* Memory that is counted: the resize of an environment whose context is a size_t, the bytes that live. */
#ifndef VMS_TEST_COUNTED_H
#define VMS_TEST_COUNTED_H

#include <stddef.h>
#include <stdlib.h>

static inline void *counted_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  size_t *live = context;
  void *moved = NULL;
  if (new_len == 0) free(memory);
  else moved = realloc(memory, new_len);
  if (new_len != 0 && moved == NULL) return NULL;
  *live += new_len - old_len;
  return moved;
}

#endif
