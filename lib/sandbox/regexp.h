/* SPDX-License-Identifier: MIT */
/* Regular expressions of ECMAScript 2020, section 21.2, with annex B for patterns without the flag u: a pattern becomes a
 * program, a program is matched by backtracking. Knows nothing of the engine: memory and charges are the caller's.
 *
 * Text is CESU-8 as the engine keeps it (each code unit of its own, surrogates too), patterns may be UTF-8 as well. All places
 * are offsets of bytes. Both callbacks may leave for good, so nothing is owned here. */
#ifndef VMS_SANDBOX_REGEXP_H
#define VMS_SANDBOX_REGEXP_H

#include "lib/base/internal.h"

#define VMS__RE_GLOBAL 1u
#define VMS__RE_IGNORE_CASE 2u
#define VMS__RE_MULTILINE 4u
#define VMS__RE_DOT_ALL 8u
#define VMS__RE_UNICODE 16u
#define VMS__RE_STICKY 32u

enum { VMS__RE_PROGRAM = 0, VMS__RE_WORK = 1 }; /* areas of memory */
#define VMS__RE_UNSET UINT32_MAX

typedef struct vms__re_host {
  void *context;
  /* The area, with at least len bytes, its content kept; may have moved. Never NULL. */
  void *(*grow)(void *context, int area, size_t len);
  void (*charge)(void *context, uint64_t steps);
} vms__re_host;

typedef struct vms__re_error {
  size_t at;           /* in the pattern */
  const char *message; /* lower case, a constant: "nothing to repeat" */
} vms__re_error;

/* The flags of a text such as "gi"; false if a letter is no flag or stands twice (*at: which one). */
bool vms__re_flags(vms_slice text, uint32_t *flags, size_t *at);

/* Compiles into the area VMS__RE_PROGRAM, which may then be kept and copied as it is. Returns its length, or 0 with *error.
 * global and sticky leave no trace in the program. */
size_t vms__re_compile(const vms__re_host *host, vms_slice pattern, uint32_t flags, vms__re_error *error);

uint32_t vms__re_groups(const void *program); /* with group 0, the whole match */
/* The i-th named group, in the order of the pattern; false if there are no more. name is CESU-8 and part of the program. */
bool vms__re_name(const void *program, uint32_t i, vms_slice *name, uint32_t *group);

/* Searches from byte `at` onwards; sticky: tries there only. Returns NULL, or 2 * groups offsets, start and end of each
 * group (both VMS__RE_UNSET if it took no part), which lie in the area VMS__RE_WORK until it is used again. The program must
 * not lie in that area. */
const uint32_t *vms__re_match(const vms__re_host *host, const void *program, vms_slice text, size_t at, bool sticky);

#endif
