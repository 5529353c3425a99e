/* SPDX-License-Identifier: MIT */
/* What bi_regexp.c (RegExp) and bi_match.c (what matches, replaces and splits texts) share.
 *
 * A regular expression keeps its matcher behind the hidden key VMS__REF_BOX: a buffer that holds a vms__matcher, the program
 * and the pattern. Matchers never change, so that all objects of one pattern and one set of flags share one. Scripts count in
 * code units, the engine in bytes: in texts of ASCII alone these are the same. */
#ifndef VMS_SANDBOX_BI_REGEXP_H
#define VMS_SANDBOX_BI_REGEXP_H

#include "lib/sandbox/builtins.h"
#include "lib/sandbox/regexp.h"

typedef struct vms__matcher {
  uint32_t flags;
  uint32_t groups; /* with the whole match */
  uint32_t source_at, source_len;
} vms__matcher; /* behind it the program, behind that the pattern as it was given */

/* A text that is being searched. */
typedef struct vms__search {
  duk_context *duk;
  const vms__matcher *matcher; /* kept alive by the value stack */
  vms__re_host host;
  duk_idx_t areas[2];
  vms_slice text;
  bool ascii;
} vms__search;

/* A text in the making: a buffer on the value stack. */
typedef struct vms__output {
  duk_context *duk;
  duk_idx_t at;
  char *data;
  size_t len, size;
} vms__output;

/* --- in the patched engine --- */
void vms__to_regexp(duk_context *duk, void *key);
double *vms__last_index(duk_context *duk, void *object);
int vms__regexp_plain(duk_context *duk, void *object);
int vms__property_at(duk_context *duk, void *object, duk_uint32_t i, void *parts[3]);
void vms__push_list(duk_context *duk, duk_uint32_t length, duk_uint32_t others);
size_t vms__byte_offset(duk_context *duk, duk_idx_t idx, size_t at);

/* --- bi_regexp.c --- */
static inline const void *vms__program(const vms__matcher *matcher) { return matcher + 1; }

static inline vms_slice vms__slice_at(duk_context *duk, duk_idx_t idx) {
  vms_slice text;
  text.data = duk_get_lstring(duk, idx, &text.len);
  return text;
}

/* How many code units bytes of a text are. */
size_t vms__units(duk_context *duk, const char *text, size_t len);
/* ToLength */
double vms__to_length(duk_context *duk, duk_idx_t idx);
/* AdvanceStringIndex of the text at idx. */
double vms__advance(duk_context *duk, duk_idx_t text, double at, bool unicode);

/* Pushes two values that the search needs; rx is a regular expression, text a string. */
void vms__search_open(vms__search *search, duk_context *duk, duk_idx_t rx, duk_idx_t text);
/* The groups' places in bytes, or NULL; good until the next search of whatever text. */
const uint32_t *vms__search_from(vms__search *search, size_t at, bool sticky);
/* The place after an empty match. */
size_t vms__search_past(const vms__search *search, size_t at);
/* Gives back the memory that the search needed, if it was much. */
void vms__search_close(vms__search *search);
/* Pushes a group, or undefined. */
void vms__push_group(duk_context *duk, vms_slice text, const uint32_t *places, uint32_t group);
/* Pushes the object of the named groups, or undefined if the pattern has none. */
void vms__push_groups(duk_context *duk, vms_slice text, const void *program, const uint32_t *places);

/* Whether nobody could tell whether exec, flags and lastIndex of the value at idx are used: it is a regular expression as it was
 * made, with RegExp.prototype as it was made. `species`: so is RegExp itself. */
bool vms__is_plain(duk_context *duk, duk_idx_t idx, bool species);
uint32_t vms__regexp_flags_of(duk_context *duk, duk_idx_t rx);
/* lastIndex, as ToLength has it. */
double vms__get_last(duk_context *duk, duk_idx_t rx);
void vms__set_last(duk_context *duk, duk_idx_t rx, double at);
/* RegExpExec: pushes what exec gives, if that is wanted; whether it was a match. */
bool vms__regexp_run(duk_context *duk, duk_idx_t rx, duk_idx_t text, bool wanted);
/* RegExpCreate: [ ... pattern flags ] -> [ ... regexp ]; both may be undefined. */
void vms__regexp_create(duk_context *duk);

/* Pushes the buffer. */
void vms__output_open(vms__output *out, duk_context *duk, size_t size);
void vms__output_add(vms__output *out, const void *data, size_t len);

/* --- bi_match.c: RegExp.prototype[Symbol.match] and its kin --- */
duk_ret_t vms__regexp_match(duk_context *duk);
duk_ret_t vms__regexp_match_all(duk_context *duk);
duk_ret_t vms__regexp_replace(duk_context *duk);
duk_ret_t vms__regexp_search(duk_context *duk);
duk_ret_t vms__regexp_split(duk_context *duk);
void vms__match_open(vms_sandbox *sandbox, duk_context *duk);

#endif
