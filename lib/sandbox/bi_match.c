/* SPDX-License-Identifier: MIT */
/* match, matchAll, replace, replaceAll, search and split, of RegExp.prototype and of String.prototype: sections 21.1.3 and 21.2.5
 * of ECMAScript, where RegExp.prototype reads `flags` once, as newer editions say. Each has two ways: by the standard, step by
 * step, and a quick one over bytes for when nobody can tell the difference (vms__is_plain). */
#include "lib/sandbox/bi_regexp.h"

#include <math.h>

#define KIND_MATCHES 31 /* unlike that of other iterators */

enum { STATE_KIND = 0, STATE_REGEXP, STATE_TEXT, STATE_FLAGS };
enum { ITERATE_GLOBAL = 1, ITERATE_UNICODE = 2, ITERATE_DONE = 4 };

/* Pushes this, which must be an object, and makes a string of the text at 0: [ text ... ] -> [ this text ... ] */
static void open_method(duk_context *duk, duk_idx_t nargs) {
  duk_set_top(duk, nargs);
  duk_push_this(duk);
  if (!duk_is_object(duk, -1)) (void)duk_type_error(duk, "this is not an object");
  duk_insert(duk, 0);
  duk_to_string(duk, 1);
}

/* Pushes the flags of the object at 0. */
static void push_flags(duk_context *duk) {
  duk_get_prop_literal(duk, 0, "flags");
  duk_to_string(duk, -1);
}

static bool has_flag(duk_context *duk, duk_idx_t idx, char flag) {
  vms_slice flags = vms__slice_at(duk, idx);
  return memchr(flags.data, flag, flags.len) != NULL;
}

/* Pushes what was matched, of the result on top; behind an empty match the next search begins one place further on. */
static void push_matched(duk_context *duk, duk_idx_t rx, duk_idx_t text, bool unicode) {
  duk_get_prop_index(duk, -1, 0);
  duk_to_string(duk, -1);
  if (duk_get_length(duk, -1) > 0) return;
  double at = vms__get_last(duk, rx);
  vms__set_last(duk, rx, vms__advance(duk, text, at, unicode));
}

/* --- match --------------------------------------------------------------------------------------- */

/* [ rx text ] */
static duk_ret_t match_all_quickly(duk_context *duk, bool sticky) {
  vms__search search;
  const uint32_t *places;
  duk_uarridx_t count = 0;
  vms__set_last(duk, 0, 0);
  vms__search_open(&search, duk, 0, 1);
  duk_push_array(duk);
  for (size_t at = 0; at <= search.text.len && (places = vms__search_from(&search, at, sticky)) != NULL;) {
    at = places[1] > places[0] ? places[1] : vms__search_past(&search, places[1]);
    vms__push_group(duk, search.text, places, 0);
    vms__fresh_put(duk, -2, count++);
  }
  vms__search_close(&search);
  if (count == 0) duk_push_null(duk);
  return 1;
}

/* [ rx text ] */
static duk_ret_t match(duk_context *duk) {
  if (vms__is_plain(duk, 0, false)) {
    uint32_t flags = vms__regexp_flags_of(duk, 0);
    if (flags & VMS__RE_GLOBAL) return match_all_quickly(duk, (flags & VMS__RE_STICKY) != 0);
    (void)vms__regexp_run(duk, 0, 1, true);
    return 1;
  }
  push_flags(duk);
  if (!has_flag(duk, 2, 'g')) {
    (void)vms__regexp_run(duk, 0, 1, true);
    return 1;
  }
  bool unicode = has_flag(duk, 2, 'u');
  vms__set_last(duk, 0, 0);
  duk_push_array(duk);
  duk_uarridx_t count = 0;
  for (; vms__regexp_run(duk, 0, 1, true); count++) { /* [ rx text flags list result ] */
    push_matched(duk, 0, 1, unicode);
    vms__fresh_put(duk, 3, count);
    duk_set_top(duk, 4);
  }
  if (count > 0) duk_set_top(duk, 4);
  return 1;
}

duk_ret_t vms__regexp_match(duk_context *duk) {
  open_method(duk, 1);
  return match(duk);
}

/* --- matchAll ------------------------------------------------------------------------------------- */

/* [ rx text ] */
duk_ret_t vms__regexp_match_all(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  open_method(duk, 1);
  vms__push_species_constructor(duk, 0, VMS__REF_REGEXP);
  push_flags(duk); /* [ rx text C flags ] */
  duk_dup(duk, 2);
  duk_dup(duk, 0);
  duk_dup(duk, 3);
  duk_new(duk, 2);
  vms__set_last(duk, 4, vms__get_last(duk, 0));
  int state = (has_flag(duk, 3, 'g') ? ITERATE_GLOBAL : 0) | (has_flag(duk, 3, 'u') ? ITERATE_UNICODE : 0);
  duk_push_object(duk);
  vms__ref_push(sandbox, duk, VMS__REF_MATCH_ITERATOR);
  duk_set_prototype(duk, 5);
  vms__ref_push(sandbox, duk, VMS__REF_BOX);
  duk_push_bare_array(duk);
  duk_push_int(duk, KIND_MATCHES);
  vms__fresh_put(duk, 7, STATE_KIND);
  duk_dup(duk, 4);
  vms__fresh_put(duk, 7, STATE_REGEXP);
  duk_dup(duk, 1);
  vms__fresh_put(duk, 7, STATE_TEXT);
  duk_push_int(duk, state);
  vms__fresh_put(duk, 7, STATE_FLAGS);
  duk_def_prop(duk, 5, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  return 1;
}

/* Pushes this and its state. */
static void push_state(duk_context *duk) {
  duk_push_this(duk);
  if (duk_is_object(duk, -1) && vms__own_value(duk, duk_get_heapptr(duk, -1), vms__of(duk)->refs[VMS__REF_BOX])) {
    if (duk_is_array(duk, -1)) {
      duk_get_prop_index(duk, -1, STATE_KIND);
      bool is = duk_get_int(duk, -1) == KIND_MATCHES;
      duk_pop(duk);
      if (is) return;
    }
  }
  (void)duk_type_error(duk, "not an iterator of this kind");
}

static void set_state(duk_context *duk, int state) {
  duk_push_int(duk, state);
  duk_put_prop_index(duk, 1, STATE_FLAGS);
}

static duk_ret_t match_iterator_next(duk_context *duk) {
  push_state(duk); /* [ this state ] */
  duk_get_prop_index(duk, 1, STATE_REGEXP);
  duk_get_prop_index(duk, 1, STATE_TEXT);
  duk_get_prop_index(duk, 1, STATE_FLAGS);
  int state = duk_get_int(duk, 4);
  bool found = (state & ITERATE_DONE) == 0 && vms__regexp_run(duk, 2, 3, true);
  if (!found) {
    set_state(duk, state | ITERATE_DONE);
    duk_push_undefined(duk);
  } else if (state & ITERATE_GLOBAL) {
    push_matched(duk, 2, 3, (state & ITERATE_UNICODE) != 0);
    duk_pop(duk);
  } else {
    set_state(duk, state | ITERATE_DONE);
  }
  vms__to_result(duk, !found);
  return 1;
}

/* --- replace --------------------------------------------------------------------------------------- */

/* What a template is filled from. The groups are places in the text, or else strings in an array. */
typedef struct filling {
  vms_slice text, matched, by;
  size_t at, end;         /* of the match, in the text */
  uint32_t groups;        /* with the whole match */
  const uint32_t *places;
  const void *program;    /* NULL: no names */
  duk_idx_t list;         /* groups[i] is list[i - 1] */
  duk_idx_t named;        /* their object; with names alone */
} filling;

/* Pushes a named group or undefined. */
static void push_named(duk_context *duk, const filling *f, vms_slice name) {
  vms_slice other;
  uint32_t group;
  if (f->program == NULL) {
    duk_push_lstring(duk, name.data, name.len);
    duk_get_prop(duk, f->named);
    return;
  }
  for (uint32_t i = 0; vms__re_name(f->program, i, &other, &group); i++) {
    vms__charge(&vms__of(duk)->meter, 1);
    if (vms__slice_equal(name, other)) {
      vms__push_group(duk, f->text, f->places, group);
      return;
    }
  }
  duk_push_undefined(duk);
}

/* Adds what is on top, unless it is undefined. */
static void add_top(vms__output *out) {
  if (!duk_is_undefined(out->duk, -1)) {
    duk_to_string(out->duk, -1);
    vms_slice text = vms__slice_at(out->duk, -1);
    vms__output_add(out, text.data, text.len);
  }
  duk_pop(out->duk);
}

static void add_group(vms__output *out, const filling *f, uint32_t group) {
  if (f->places == NULL) {
    duk_get_prop_index(out->duk, f->list, group - 1);
    add_top(out);
  } else if (f->places[2 * group] != VMS__RE_UNSET) {
    vms__output_add(out, f->text.data + f->places[2 * group], f->places[2 * group + 1] - f->places[2 * group]);
  }
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Fills in what begins with the $ at `at`; returns where the rest begins. */
static size_t fill_one(vms__output *out, const filling *f, size_t at) {
  vms_slice by = f->by;
  char c = at + 1 < by.len ? by.data[at + 1] : 0;
  switch (c) {
    case '$': vms__output_add(out, "$", 1); return at + 2;
    case '&': vms__output_add(out, f->matched.data, f->matched.len); return at + 2;
    case '`': vms__output_add(out, f->text.data, f->at); return at + 2;
    case '\'': vms__output_add(out, f->text.data + f->end, f->text.len - f->end); return at + 2;
    case '<': {
      const char *end = memchr(by.data + at, '>', by.len - at);
      if ((f->named == DUK_INVALID_INDEX && f->program == NULL) || end == NULL) break;
      push_named(out->duk, f, (vms_slice){ by.data + at + 2, (size_t)(end - by.data) - at - 2 });
      add_top(out);
      return (size_t)(end - by.data) + 1;
    }
    default:
      if (is_digit(c)) {
        uint32_t one = (uint32_t)(c - '0');
        if (at + 2 < by.len && is_digit(by.data[at + 2])) {
          uint32_t two = one * 10 + (uint32_t)(by.data[at + 2] - '0');
          if (two > 0 && two < f->groups) {
            add_group(out, f, two);
            return at + 3;
          }
        }
        if (one > 0 && one < f->groups) {
          add_group(out, f, one);
          return at + 2;
        }
      }
  }
  vms__output_add(out, "$", 1);
  return at + 1;
}

/* GetSubstitution */
static void fill(vms__output *out, const filling *f) {
  vms_slice by = f->by;
  for (size_t at = 0; at < by.len;) {
    const char *next = memchr(by.data + at, '$', by.len - at);
    size_t len = next == NULL ? by.len - at : (size_t)(next - by.data) - at;
    vms__output_add(out, by.data + at, len);
    at += len;
    if (next != NULL) {
      vms__charge(&vms__of(out->duk)->meter, 1);
      at = fill_one(out, f, at);
    }
  }
}

/* Replacing of matches whose places are known, as they are found; a function of the script is called when all are. */
typedef struct replacer {
  filling filling;
  vms__output out, list; /* the list: of places, for the function */
  duk_idx_t text, by;
  uint32_t names;        /* there are named groups */
  bool functional, ascii;
  size_t copied;         /* so far */
} replacer;

/* Pushes two values. The text and what replaces are strings; program may be NULL. */
static void replacer_open(replacer *r, duk_context *duk, duk_idx_t text, duk_idx_t by, uint32_t groups, const void *program) {
  vms_slice name;
  uint32_t group;
  memset(r, 0, sizeof *r);
  r->text = text;
  r->by = by;
  r->filling.text = vms__slice_at(duk, text);
  r->filling.groups = groups;
  r->filling.program = program != NULL && vms__re_name(program, 0, &name, &group) ? program : NULL;
  r->filling.named = DUK_INVALID_INDEX;
  r->ascii = r->filling.text.len == duk_get_length(duk, text);
  r->functional = duk_is_callable(duk, by) != 0;
  if (!r->functional) r->filling.by = vms__slice_at(duk, by);
  vms__output_open(&r->list, duk, 0);
  vms__output_open(&r->out, duk, 0);
}

static void replacer_copy_to(replacer *r, size_t at) {
  vms__output_add(&r->out, r->filling.text.data + r->copied, at - r->copied);
}

static void replacer_found(replacer *r, const uint32_t *places) {
  if (r->functional) {
    vms__output_add(&r->list, places, r->filling.groups * 2 * sizeof *places);
    return;
  }
  filling *f = &r->filling;
  f->places = places;
  f->at = places[0];
  f->end = places[1];
  f->matched = (vms_slice){ f->text.data + f->at, f->end - f->at };
  replacer_copy_to(r, f->at);
  fill(&r->out, f);
  r->copied = f->end;
}

/* Calls the function for each match. */
static void replacer_call(replacer *r, duk_context *duk) {
  uint32_t groups = r->filling.groups;
  const uint32_t *places = (const uint32_t *)(const void *)r->list.data;
  size_t count = r->list.len / (groups * 2 * sizeof *places), counted = 0, units = 0;
  duk_require_stack(duk, (duk_idx_t)groups + 8);
  for (; count > 0; count--, places += 2 * groups) {
    units += r->ascii ? places[0] - counted : vms__units(duk, r->filling.text.data + counted, places[0] - counted);
    counted = places[0];
    vms__charge(&vms__of(duk)->meter, groups);
    duk_dup(duk, r->by);
    duk_push_undefined(duk);
    for (uint32_t i = 0; i < groups; i++) vms__push_group(duk, r->filling.text, places, i);
    duk_push_number(duk, (double)units);
    duk_dup(duk, r->text);
    if (r->filling.program != NULL) vms__push_groups(duk, r->filling.text, r->filling.program, places);
    duk_call_method(duk, (duk_idx_t)groups + (r->filling.program != NULL ? 3 : 2));
    duk_to_string(duk, -1);
    replacer_copy_to(r, places[0]);
    add_top(&r->out);
    r->copied = places[1];
  }
}

/* Pushes the new text. */
static duk_ret_t replacer_close(replacer *r, duk_context *duk) {
  if (r->functional && r->list.len > 0) replacer_call(r, duk);
  if (r->copied == 0 && r->out.len == 0 && (!r->functional || r->list.len == 0)) {
    duk_dup(duk, r->text); /* nothing, or nothing at its beginning that became nothing */
    return 1;
  }
  replacer_copy_to(r, r->filling.text.len);
  duk_push_lstring(duk, r->out.data, r->out.len);
  return 1;
}

/* [ rx text by ] */
static duk_ret_t replace_quickly(duk_context *duk, uint32_t flags) {
  bool global = (flags & VMS__RE_GLOBAL) != 0;
  vms__search search;
  replacer r;
  const uint32_t *places;
  if (global) vms__set_last(duk, 0, 0);
  vms__search_open(&search, duk, 0, 1);
  replacer_open(&r, duk, 1, 2, search.matcher->groups, vms__program(search.matcher));
  for (size_t at = 0; at <= search.text.len && (places = vms__search_from(&search, at, (flags & VMS__RE_STICKY) != 0)) != NULL;) {
    at = places[1] > places[0] ? places[1] : vms__search_past(&search, places[1]);
    replacer_found(&r, places);
    if (!global) break;
  }
  vms__search_close(&search);
  return replacer_close(&r, duk);
}

/* The next part of a replacing by the standard: [ rx text by flags results out list result ], the latter from a script perhaps. */
static size_t replace_result(duk_context *duk, vms__output *out, size_t copied, bool functional) {
  double count = fmax(vms__length_of(duk, 7) - 1, 0), units;
  filling f = { .text = vms__slice_at(duk, 1), .named = DUK_INVALID_INDEX, .list = 6 };
  duk_get_prop_index(duk, 7, 0);
  duk_to_string(duk, 8);
  f.matched = vms__slice_at(duk, 8);
  duk_get_prop_literal(duk, 7, "index");
  units = fmax(fmin(vms__to_integer(duk, 9), (double)duk_get_length(duk, 1)), 0);
  f.at = vms__byte_offset(duk, 1, (size_t)units);
  double end = units + (double)duk_get_length(duk, 8);
  f.end = end >= (double)duk_get_length(duk, 1) ? f.text.len : vms__byte_offset(duk, 1, (size_t)end);
  for (double i = 1; i <= count; i++) {
    vms__get_at(duk, 7, i);
    if (!duk_is_undefined(duk, -1)) duk_to_string(duk, -1);
    duk_put_prop_index(duk, 6, (duk_uarridx_t)(i - 1));
  }
  f.groups = (uint32_t)fmin(count, UINT32_MAX - 1) + 1;
  duk_get_prop_literal(duk, 7, "groups"); /* at 10 */
  if (functional) {
    if (count > 100000) (void)duk_range_error(duk, "too many arguments");
    duk_require_stack(duk, (duk_idx_t)count + 8);
    duk_dup(duk, 2);
    duk_push_undefined(duk);
    duk_dup(duk, 8);
    for (duk_uarridx_t i = 0; i + 1 < f.groups; i++) duk_get_prop_index(duk, 6, i);
    duk_push_number(duk, units);
    duk_dup(duk, 1);
    if (!duk_is_undefined(duk, 10)) duk_dup(duk, 10);
    duk_call_method(duk, (duk_idx_t)count + (duk_is_undefined(duk, 10) ? 3 : 4));
    duk_to_string(duk, -1);
  } else if (!duk_is_undefined(duk, 10)) {
    duk_to_object(duk, 10);
    f.named = 10;
  }
  vms__output made;
  if (functional) {
    made.data = (char *)(uintptr_t)duk_get_lstring(duk, -1, &made.len); /* only read from */
  } else {
    f.by = vms__slice_at(duk, 2);
    vms__output_open(&made, duk, 0);
    fill(&made, &f);
  }
  if (f.at < copied) return copied;
  vms__output_add(out, f.text.data + copied, f.at - copied);
  vms__output_add(out, made.data, made.len);
  return end > (double)duk_get_length(duk, 1) ? f.text.len + 1 : f.end;
}

/* [ rx text by ] */
static duk_ret_t replace(duk_context *duk) {
  bool functional = duk_is_callable(duk, 2) != 0;
  if (!functional) duk_to_string(duk, 2);
  if (vms__is_plain(duk, 0, false)) {
    uint32_t known = vms__regexp_flags_of(duk, 0);
    if (known & VMS__RE_GLOBAL || (known & VMS__RE_STICKY) == 0) return replace_quickly(duk, known);
  }
  push_flags(duk);
  bool global = has_flag(duk, 3, 'g'), unicode = has_flag(duk, 3, 'u');
  if (global) vms__set_last(duk, 0, 0);
  duk_push_bare_array(duk);
  duk_uarridx_t count = 0;
  while (vms__regexp_run(duk, 0, 1, true)) {
    if (global) push_matched(duk, 0, 1, unicode);
    duk_set_top(duk, 6);
    vms__fresh_put(duk, 4, count++);
    if (!global) break;
  }
  duk_set_top(duk, 5);
  vms__output out;
  vms__output_open(&out, duk, 0); /* [ rx text by flags results out ] */
  size_t copied = 0;
  vms_slice text = vms__slice_at(duk, 1);
  for (duk_uarridx_t i = 0; i < count; i++) {
    duk_push_bare_array(duk);
    duk_get_prop_index(duk, 4, i);
    copied = replace_result(duk, &out, copied, functional);
    duk_set_top(duk, 6);
  }
  if (copied < text.len) vms__output_add(&out, text.data + copied, text.len - copied);
  duk_push_lstring(duk, out.data, out.len);
  return 1;
}

duk_ret_t vms__regexp_replace(duk_context *duk) {
  open_method(duk, 2);
  return replace(duk);
}

/* --- search ------------------------------------------------------------------------------------------ */

/* [ rx text ] */
static duk_ret_t search(duk_context *duk) {
  if (vms__is_plain(duk, 0, false)) {
    vms__search it;
    vms__search_open(&it, duk, 0, 1);
    const uint32_t *places = vms__search_from(&it, 0, (it.matcher->flags & VMS__RE_STICKY) != 0);
    duk_push_number(duk, places == NULL ? -1 : (double)(it.ascii ? places[0] : vms__units(duk, it.text.data, places[0])));
    vms__search_close(&it);
    return 1;
  }
  duk_get_prop_literal(duk, 0, "lastIndex"); /* at 2 */
  duk_push_int(duk, 0);
  if (!duk_samevalue(duk, 2, 3)) vms__set_last(duk, 0, 0);
  bool found = vms__regexp_run(duk, 0, 1, true); /* at 4 */
  duk_get_prop_literal(duk, 0, "lastIndex");
  if (!duk_samevalue(duk, 2, 5)) {
    duk_dup(duk, 2);
    duk_put_prop_literal(duk, 0, "lastIndex");
  }
  if (found) duk_get_prop_literal(duk, 4, "index");
  else duk_push_int(duk, -1);
  return 1;
}

duk_ret_t vms__regexp_search(duk_context *duk) {
  open_method(duk, 1);
  return search(duk);
}

/* --- split --------------------------------------------------------------------------------------------- */

static uint32_t limit_of(duk_context *duk, duk_idx_t idx) {
  return duk_is_undefined(duk, idx) ? UINT32_MAX : duk_to_uint32(duk, idx);
}

/* [ rx text limit ]: the next match instead of an attempt at each place. */
static duk_ret_t split_quickly(duk_context *duk) {
  uint32_t limit = limit_of(duk, 2), count = 0;
  size_t done = 0, at = 0;
  const uint32_t *places;
  vms__search search;
  vms__search_open(&search, duk, 0, 1); /* at 3 and 4 */
  duk_push_array(duk);
  if (limit == 0) return 1;
  vms_slice text = search.text;
  if (text.len == 0) {
    bool found = vms__search_from(&search, 0, true) != NULL;
    vms__search_close(&search);
    if (found) return 1;
  }
  while (at < text.len && (places = vms__search_from(&search, at, false)) != NULL && places[0] < text.len) {
    if (places[1] == done) { /* nothing at all, where the last one ended */
      at = vms__search_past(&search, places[0]);
      continue;
    }
    duk_push_lstring(duk, text.data + done, places[0] - done);
    vms__fresh_put(duk, 5, count++);
    for (uint32_t i = 1; i < search.matcher->groups && count < limit; i++) {
      vms__push_group(duk, text, places, i);
      vms__fresh_put(duk, 5, count++);
    }
    if (count >= limit) {
      vms__search_close(&search);
      return 1;
    }
    done = at = places[1];
  }
  vms__search_close(&search);
  duk_push_lstring(duk, text.data + done, text.len - done);
  vms__fresh_put(duk, 5, count);
  return 1;
}

/* Pushes a part of the text at 1. */
static void push_part(duk_context *duk, double from, double to) {
  duk_dup(duk, 1);
  duk_substring(duk, -1, (duk_size_t)from, (duk_size_t)to);
}

/* [ rx text limit ] */
static duk_ret_t split(duk_context *duk) {
  if (!duk_is_object(duk, 2) && vms__is_plain(duk, 0, true)) return split_quickly(duk); /* an object might change things */
  vms__push_species_constructor(duk, 0, VMS__REF_REGEXP); /* at 3 */
  push_flags(duk);
  bool unicode = has_flag(duk, 4, 'u');
  if (!has_flag(duk, 4, 'y')) {
    duk_push_literal(duk, "y");
    duk_concat(duk, 2);
  }
  duk_dup(duk, 3);
  duk_dup(duk, 0);
  duk_dup(duk, 4);
  duk_new(duk, 2); /* the splitter, at 5 */
  duk_push_array(duk); /* at 6 */
  uint32_t limit = limit_of(duk, 2), count = 0;
  double size = (double)duk_get_length(duk, 1), done = 0, at = 0;
  if (limit == 0) return 1;
  if (size == 0 && vms__regexp_run(duk, 5, 1, false)) return 1;
  while (at < size) {
    vms__set_last(duk, 5, at);
    double end = vms__regexp_run(duk, 5, 1, true) ? fmin(vms__get_last(duk, 5), size) : done; /* the result is at 7 */
    if (end == done) {
      at = vms__advance(duk, 1, at, unicode);
      duk_set_top(duk, 7);
      continue;
    }
    push_part(duk, done, at);
    vms__fresh_put(duk, 6, count++);
    if (count == limit) break;
    done = end;
    double groups = fmax(vms__length_of(duk, 7) - 1, 0);
    for (double i = 1; i <= groups && count < limit; i++) {
      vms__get_at(duk, 7, i);
      vms__fresh_put(duk, 6, count++);
    }
    if (count == limit) break;
    at = done;
    duk_set_top(duk, 7);
  }
  duk_set_top(duk, 7);
  if (count == limit) return 1;
  push_part(duk, done, size);
  vms__fresh_put(duk, 6, count);
  return 1;
}

duk_ret_t vms__regexp_split(duk_context *duk) {
  open_method(duk, 2);
  return split(duk);
}

/* --- String.prototype --------------------------------------------------------------------------------------- */

/* The methods of String that hand on to one of their argument's. */
static const struct {
  const char *symbol;
  int ref; /* the function of RegExp.prototype that is run in place */
  duk_ret_t (*run)(duk_context *duk);
} ways[] = {
  { DUK_WELLKNOWN_SYMBOL("Symbol.match"), VMS__REF_REGEXP_MATCH, match },
  { DUK_WELLKNOWN_SYMBOL("Symbol.replace"), VMS__REF_REGEXP_REPLACE, replace },
  { DUK_WELLKNOWN_SYMBOL("Symbol.search"), VMS__REF_REGEXP_SEARCH, search },
  { DUK_WELLKNOWN_SYMBOL("Symbol.split"), VMS__REF_REGEXP_SPLIT, split },
};
enum { WAY_MATCH = 0, WAY_REPLACE, WAY_SEARCH, WAY_SPLIT };

/* [ it ... ] -> [ it this ... ]: all arguments are there. */
static void open_string_method(duk_context *duk, duk_idx_t nargs) {
  duk_set_top(duk, nargs);
  duk_push_this(duk);
  if (duk_is_null_or_undefined(duk, -1)) (void)duk_type_error(duk, "this is null or undefined");
  duk_insert(duk, 1);
}

/* [ it this ... ] -> [ ... result ] and true, if the argument has a way of its own. */
static bool by_its_way(duk_context *duk, int way) {
  if (!duk_is_object(duk, 0)) return false;
  vms__get_method(duk, 0, ways[way].symbol);
  if (duk_is_undefined(duk, -1)) {
    duk_pop(duk);
    return false;
  }
  if (duk_get_heapptr(duk, -1) == vms__of(duk)->refs[ways[way].ref]) {
    duk_pop(duk);
    duk_to_string(duk, 1);
    (void)ways[way].run(duk);
    return true;
  }
  duk_insert(duk, 0);
  duk_call_method(duk, duk_get_top(duk) - 2);
  return true;
}

/* [ pattern text ]: with a regular expression made of the pattern. */
static duk_ret_t with_new(duk_context *duk, const char *symbol, const char *flags) {
  duk_to_string(duk, 1);
  duk_dup(duk, 0);
  duk_push_string(duk, flags);
  vms__regexp_create(duk);
  duk_get_prop_string(duk, -1, symbol);
  duk_insert(duk, -2);
  duk_dup(duk, 1);
  duk_call_method(duk, 1);
  return 1;
}

duk_ret_t vms__string_match(duk_context *duk) {
  open_string_method(duk, 1);
  return by_its_way(duk, WAY_MATCH) ? 1 : with_new(duk, ways[WAY_MATCH].symbol, "");
}

duk_ret_t vms__string_search(duk_context *duk) {
  open_string_method(duk, 1);
  return by_its_way(duk, WAY_SEARCH) ? 1 : with_new(duk, ways[WAY_SEARCH].symbol, "");
}

/* What handles all matches wants a global regular expression. */
static void require_global(duk_context *duk) {
  if (!duk_is_object(duk, 0) || !vms__acts_as_regexp(duk, 0)) return;
  duk_get_prop_literal(duk, 0, "flags");
  if (duk_is_null_or_undefined(duk, -1)) (void)duk_type_error(duk, "flags are null or undefined");
  duk_to_string(duk, -1);
  if (!has_flag(duk, -1, 'g')) (void)duk_type_error(duk, "the regular expression is not global");
  duk_pop(duk);
}

static duk_ret_t string_match_all(duk_context *duk) {
  static const char *const symbol = DUK_WELLKNOWN_SYMBOL("Symbol.matchAll");
  open_string_method(duk, 1);
  require_global(duk);
  if (duk_is_object(duk, 0)) {
    vms__get_method(duk, 0, symbol);
    if (!duk_is_undefined(duk, -1)) {
      duk_insert(duk, 0);
      duk_call_method(duk, 1);
      return 1;
    }
    duk_pop(duk);
  }
  return with_new(duk, symbol, "g");
}

/* Where a text is found in another from a place on, or SIZE_MAX. */
static size_t find(duk_context *duk, vms_slice text, vms_slice wanted, size_t at) {
  vms__meter *meter = &vms__of(duk)->meter;
  size_t start = at;
  if (wanted.len == 0) return at <= text.len ? at : SIZE_MAX;
  while (text.len >= wanted.len && at <= text.len - wanted.len) {
    const char *next = memchr(text.data + at, wanted.data[0], text.len - wanted.len - at + 1);
    if (next == NULL) break;
    at = (size_t)(next - text.data);
    vms__charge(meter, 1); /* there may be one at each place */
    if (next[wanted.len - 1] == wanted.data[wanted.len - 1]) {
      vms__charge(meter, wanted.len / 64);
      if (memcmp(next, wanted.data, wanted.len) == 0) {
        vms__charge(meter, (at - start) / 32);
        return at;
      }
    }
    at++;
    if (at - start >= 4096) {
      vms__charge(meter, (at - start) / 32);
      start = at;
    }
  }
  vms__charge(meter, text.len > start ? (text.len - start) / 32 : 0);
  return SIZE_MAX;
}

/* [ wanted text by ]: one replacement, or all of them. */
static duk_ret_t replace_text(duk_context *duk, bool all) {
  replacer r;
  duk_to_string(duk, 1);
  duk_to_string(duk, 0);
  if (!duk_is_callable(duk, 2)) duk_to_string(duk, 2);
  vms_slice text = vms__slice_at(duk, 1), wanted = vms__slice_at(duk, 0);
  replacer_open(&r, duk, 1, 2, 1, NULL);
  for (size_t at = 0; (at = find(duk, text, wanted, at)) != SIZE_MAX;) {
    uint32_t places[2] = { (uint32_t)at, (uint32_t)(at + wanted.len) };
    vms__charge(&vms__of(duk)->meter, 1);
    replacer_found(&r, places);
    if (!all) break;
    if (wanted.len > 0) {
      at += wanted.len;
    } else {
      do at++;
      while (at < text.len && ((unsigned char)text.data[at] & 0xc0) == 0x80);
    }
  }
  return replacer_close(&r, duk);
}

duk_ret_t vms__string_replace(duk_context *duk) {
  open_string_method(duk, 2);
  return by_its_way(duk, WAY_REPLACE) ? 1 : replace_text(duk, false);
}

static duk_ret_t string_replace_all(duk_context *duk) {
  open_string_method(duk, 2);
  require_global(duk);
  return by_its_way(duk, WAY_REPLACE) ? 1 : replace_text(duk, true);
}

/* [ separator text limit ] */
static duk_ret_t split_text(duk_context *duk) {
  duk_to_string(duk, 1);
  uint32_t limit = limit_of(duk, 2), count = 0;
  bool whole = duk_is_undefined(duk, 0) != 0;
  duk_to_string(duk, 0);
  vms_slice text = vms__slice_at(duk, 1), separator = vms__slice_at(duk, 0);
  duk_push_array(duk);
  if (limit == 0) return 1;
  if (whole) {
    duk_dup(duk, 1);
    vms__fresh_put(duk, 3, 0);
    return 1;
  }
  if (separator.len == 0 && text.len == 0) return 1;
  size_t done = 0;
  for (size_t at; count < limit; done = at + separator.len) {
    if (separator.len == 0) {
      for (at = done + 1; at < text.len && ((unsigned char)text.data[at] & 0xc0) == 0x80;) at++;
      if (at >= text.len) break;
    } else if ((at = find(duk, text, separator, done)) == SIZE_MAX) {
      break;
    }
    vms__charge(&vms__of(duk)->meter, 1);
    duk_push_lstring(duk, text.data + done, at - done);
    vms__fresh_put(duk, 3, count++);
  }
  if (count == limit) return 1;
  duk_push_lstring(duk, text.data + done, text.len - done);
  vms__fresh_put(duk, 3, count);
  return 1;
}

duk_ret_t vms__string_split(duk_context *duk) {
  open_string_method(duk, 2);
  return by_its_way(duk, WAY_SPLIT) ? 1 : split_text(duk);
}

/* --- boot ------------------------------------------------------------------------------------------------------ */

void vms__match_open(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method next = { "next", match_iterator_next, 0, 0, 0 };
  static const vms__method methods[] = { { "matchAll", string_match_all, 1, 1, 0 }, { "replaceAll", string_replace_all, 2, 2, 0 } };
  duk_get_global_literal(duk, "String");
  duk_get_prop_literal(duk, -1, "prototype");
  vms__define_methods(duk, -1, methods, 2);
  duk_pop_2(duk);
  duk_push_object(duk);
  vms__ref_push(sandbox, duk, VMS__REF_ITERATOR);
  duk_set_prototype(duk, -2);
  vms__define_methods(duk, -1, &next, 1);
  vms__define_tag(duk, -1, "RegExp String Iterator");
  vms__ref_set(sandbox, duk, VMS__REF_MATCH_ITERATOR);
}
