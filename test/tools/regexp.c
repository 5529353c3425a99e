/* SPDX-License-Identifier: MIT */
/* Runs regular expressions of the engine in lib/sandbox/regexp.h without a script around them. One line of input is
 *   PATTERN \t FLAGS \t TEXT \t START
 * with pattern and text as hexadecimal code units (4 digits each), START in code units (the flag y included).
 * One line of output: "error", "null", or the captures as START,END in code units ("-" for none). */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

#include "test/support/regexp_host.h"

/* Code units to CESU-8; offsets[i] is where unit i begins. */
static size_t decode(const char *hex, size_t len, uint8_t *out, uint32_t *offsets) {
  size_t count = len / 4, i, to = 0;
  for (i = 0; i < count; i++) {
    char digits[5] = { hex[4 * i], hex[4 * i + 1], hex[4 * i + 2], hex[4 * i + 3], 0 };
    unsigned long c = strtoul(digits, NULL, 16);
    if (offsets != NULL) offsets[i] = (uint32_t)to;
    if (c < 0x80) {
      out[to++] = (uint8_t)c;
    } else if (c < 0x800) {
      out[to++] = (uint8_t)(0xc0 | c >> 6);
      out[to++] = (uint8_t)(0x80 | (c & 63));
    } else {
      out[to++] = (uint8_t)(0xe0 | c >> 12);
      out[to++] = (uint8_t)(0x80 | (c >> 6 & 63));
      out[to++] = (uint8_t)(0x80 | (c & 63));
    }
  }
  if (offsets != NULL) offsets[count] = (uint32_t)to;
  return to;
}

static size_t unit_of(const uint32_t *offsets, size_t count, uint32_t offset) {
  size_t low = 0, high = count;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (offsets[middle] < offset) low = middle + 1;
    else high = middle;
  }
  if (offsets[low] != offset) abort();
  return low;
}

static void one(host *h, char *line) {
  char *pattern = line, *flags = strchr(pattern, '\t'), *text = flags != NULL ? strchr(flags + 1, '\t') : NULL;
  char *start = text != NULL ? strchr(text + 1, '\t') : NULL;
  vms__re_error error = { 0, NULL };
  uint32_t bits, *offsets;
  const uint32_t *captures;
  uint8_t *source, *subject;
  size_t source_len, subject_len, count, at;
  if (start == NULL) abort();
  *flags++ = *text++ = *start++ = 0;
  source = malloc(strlen(pattern) + 1);
  subject = malloc(strlen(text) + 1);
  offsets = malloc((strlen(text) / 4 + 1) * sizeof *offsets);
  if (source == NULL || subject == NULL || offsets == NULL) abort();
  source_len = decode(pattern, strlen(pattern), source, NULL);
  count = strlen(text) / 4;
  subject_len = decode(text, strlen(text), subject, offsets);
  h->steps = 0;
  if (!vms__re_flags((vms_slice){ flags, strlen(flags) }, &bits, &at)) {
    printf("error flags\n");
  } else if (vms__re_compile(&h->re, (vms_slice){ (const char *)source, source_len }, bits, &error) == 0) {
    printf("error %zu %s\n", error.at, error.message);
  } else {
    captures = vms__re_match(&h->re, h->memory[VMS__RE_PROGRAM], (vms_slice){ (const char *)subject, subject_len },
                             offsets[strtoul(start, NULL, 10)], (bits & VMS__RE_STICKY) != 0);
    if (captures == NULL) printf("null");
    for (uint32_t i = 0; captures != NULL && i < vms__re_groups(h->memory[VMS__RE_PROGRAM]); i++) {
      if (captures[2 * i] == VMS__RE_UNSET) printf("-");
      else printf("%zu,%zu", unit_of(offsets, count, captures[2 * i]), unit_of(offsets, count, captures[2 * i + 1]));
      printf(" ");
    }
    printf("\n");
  }
  free(source);
  free(subject);
  free(offsets);
}

int main(void) {
  static host h;
  char *line = NULL;
  size_t capacity = 0;
  ssize_t len;
  host_init(&h, 0);
  if (setjmp(h.limit) != 0) abort();
  while ((len = getline(&line, &capacity, stdin)) > 0) {
    line[strcspn(line, "\n")] = 0;
    one(&h, line);
    fflush(stdout);
  }
  free(line);
  host_deinit(&h);
  return 0;
}
