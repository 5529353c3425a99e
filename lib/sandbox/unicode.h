/* SPDX-License-Identifier: MIT */
/* Unicode 15.0: what is known about characters. The tables are made when the library is built, from Debian's unicode-data
 * (pkgconfig/install-deps.sh pins it by hash). Code points up to 0x10ffff; surrogates and whatever is larger have no properties. */
#ifndef VMS_SANDBOX_UNICODE_H
#define VMS_SANDBOX_UNICODE_H

#include "lib/base/internal.h"

bool vms__unicode_id_start(uint32_t c);    /* ID_Start: without $ and _ */
bool vms__unicode_id_continue(uint32_t c); /* ID_Continue */

/* Full case mapping, without what depends on language or neighbours (SpecialCasing.txt). Returns how many, 1 to 3. */
unsigned vms__unicode_upper(uint32_t c, uint32_t out[3]);
unsigned vms__unicode_lower(uint32_t c, uint32_t out[3]);
/* Cased and Case_Ignorable, which the sigma at the end of a word depends on. */
bool vms__unicode_cased(uint32_t c);
bool vms__unicode_case_ignorable(uint32_t c);

/* Canonicalize of section 21.2.2.8.2: with the flag u simple case folding (CaseFolding.txt, C and S), without it the upper
 * case letter if that is one code unit (and not ASCII for a letter that is not). */
uint32_t vms__unicode_fold(uint32_t c);
uint32_t vms__unicode_canonicalize(uint32_t c);

/* A set of code points, handed out as ascending ranges. */
typedef struct vms__unicode_set {
  const uint8_t *at, *end; /* private */
  uint32_t next, flags;
} vms__unicode_set;

/* The set that \p{name} (value.data NULL) or \p{name=value} means by tables 54 to 56 of the standard: General_Category, Script
 * and Script_Extensions with their aliases, and the binary properties; false if it means nothing. */
bool vms__unicode_property(vms_slice name, vms_slice value, vms__unicode_set *set);
bool vms__unicode_range(vms__unicode_set *set, uint32_t *first, uint32_t *last); /* false: no more */

/* Decomposition: one step of it, canonical or (compatible) either; 0 if c has none. Hangul included. At most 18. */
unsigned vms__unicode_decompose(uint32_t c, bool compatible, uint32_t out[18]);
uint32_t vms__unicode_compose(uint32_t first, uint32_t second); /* 0: they stay two */
uint8_t vms__unicode_combining_class(uint32_t c);

#endif
