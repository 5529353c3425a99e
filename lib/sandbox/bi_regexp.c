/* SPDX-License-Identifier: MIT */
/* RegExp: constructor, exec and what tells about a regular expression. Sections 21.2.3 to 21.2.6 of ECMAScript 2020. */
#include "lib/sandbox/bi_regexp.h"

#include <math.h>

#define CACHE_COUNT 128u          /* matchers of one generation */
#define CACHE_LEN (256u << 10)    /* bytes of their keys and matchers */
#define WORK_KEPT (16u << 10)     /* bytes of working memory that stay between searches */
#define AREA_MIN 256u
#define GETTER_SOURCE 16          /* magic of the getters; below: bits of the flags, as the engine numbers them */

static_assert(sizeof(vms__matcher) == 16, "the program behind it is aligned");

/* --- texts ------------------------------------------------------------------------------------- */

size_t vms__units(duk_context *duk, const char *text, size_t len) {
  size_t units = 0;
  vms__charge(&vms__of(duk)->meter, len / 32);
  for (size_t i = 0; i < len; i++) units += ((unsigned char)text[i] & 0xc0) != 0x80;
  return units;
}

double vms__to_length(duk_context *duk, duk_idx_t idx) {
  return fmin(fmax(vms__to_integer(duk, idx), 0), VMS__LENGTH_MAX);
}

double vms__advance(duk_context *duk, duk_idx_t text, double at, bool unicode) {
  if (!unicode || at + 1 >= (double)duk_get_length(duk, text)) return at + 1;
  duk_codepoint_t unit = duk_char_code_at(duk, text, (duk_size_t)at);
  if (unit < 0xd800 || unit > 0xdbff) return at + 1;
  unit = duk_char_code_at(duk, text, (duk_size_t)at + 1);
  return unit < 0xdc00 || unit > 0xdfff ? at + 1 : at + 2;
}

void vms__output_open(vms__output *out, duk_context *duk, size_t size) {
  out->duk = duk;
  out->data = duk_push_dynamic_buffer(duk, size);
  out->at = duk_get_top_index(duk);
  out->len = 0;
  out->size = size;
}

void vms__output_add(vms__output *out, const void *data, size_t len) {
  if (len > out->size - out->len) {
    if (len > UINT32_MAX / 2 || out->len > UINT32_MAX / 2) (void)duk_range_error(out->duk, "invalid string length");
    out->size = VMS__MAX(out->size * 2, out->len + len + AREA_MIN);
    out->data = duk_resize_buffer(out->duk, out->at, out->size);
  }
  vms__charge(&vms__of(out->duk)->meter, len / 64);
  if (len > 0) memcpy(out->data + out->len, data, len);
  out->len += len;
}

/* --- searching ------------------------------------------------------------------------------------ */

static void *grow(void *context, int area, size_t len) {
  vms__search *search = context;
  duk_size_t size;
  void *memory = duk_get_buffer(search->duk, search->areas[area], &size);
  if (memory != NULL && size >= len) return memory;
  return duk_resize_buffer(search->duk, search->areas[area], VMS__MAX(VMS__MAX(len, size + size / 2), AREA_MIN));
}

static void charge(void *context, uint64_t steps) {
  vms__search *search = context;
  vms__charge(&vms__of(search->duk)->meter, steps);
}

/* Pushes the working memory. */
static void open_host(vms__search *search, duk_context *duk) {
  search->duk = duk;
  search->host.context = search;
  search->host.grow = grow;
  search->host.charge = charge;
  vms__ref_push(vms__of(duk), duk, VMS__REF_REGEXP_WORK);
  search->areas[VMS__RE_WORK] = duk_get_top_index(duk);
}

static void close_host(vms__search *search) {
  duk_size_t size;
  (void)duk_get_buffer(search->duk, search->areas[VMS__RE_WORK], &size);
  if (size > WORK_KEPT) (void)duk_resize_buffer(search->duk, search->areas[VMS__RE_WORK], WORK_KEPT);
}

/* Pushes the matcher of a regular expression. */
static const vms__matcher *push_matcher(duk_context *duk, duk_idx_t rx) {
  (void)vms__own_value(duk, duk_get_heapptr(duk, rx), vms__of(duk)->refs[VMS__REF_BOX]);
  return duk_require_buffer(duk, -1, NULL);
}

uint32_t vms__regexp_flags_of(duk_context *duk, duk_idx_t rx) {
  uint32_t flags = push_matcher(duk, rx)->flags;
  duk_pop(duk);
  return flags;
}

void vms__search_open(vms__search *search, duk_context *duk, duk_idx_t rx, duk_idx_t text) {
  search->text = vms__slice_at(duk, text);
  search->ascii = search->text.len == duk_get_length(duk, text);
  search->matcher = push_matcher(duk, rx);
  open_host(search, duk);
}

void vms__search_close(vms__search *search) { close_host(search); }

const uint32_t *vms__search_from(vms__search *search, size_t at, bool sticky) {
  vms__charge(&vms__of(search->duk)->meter, 1);
  return vms__re_match(&search->host, vms__program(search->matcher), search->text, at, sticky);
}

/* Whether a pair of surrogates has its halves on both sides of a place. */
static bool within_pair(const vms__search *search, size_t at) {
  const unsigned char *text = (const unsigned char *)search->text.data + at;
  return at >= 3 && search->text.len - at >= 3 && text[0] == 0xed && text[1] >= 0xb0 && text[-3] == 0xed &&
         text[-2] >= 0xa0 && text[-2] < 0xb0;
}

size_t vms__search_past(const vms__search *search, size_t at) {
  if (at >= search->text.len) return at + 1;
  unsigned char lead = (unsigned char)search->text.data[at];
  at += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : 3;
  return search->matcher->flags & VMS__RE_UNICODE && within_pair(search, at) ? at + 3 : at;
}

void vms__push_group(duk_context *duk, vms_slice text, const uint32_t *places, uint32_t group) {
  uint32_t from = places[2 * group], to = places[2 * group + 1];
  if (from == VMS__RE_UNSET) duk_push_undefined(duk);
  else duk_push_lstring(duk, text.data + from, to - from);
}

void vms__push_groups(duk_context *duk, vms_slice text, const void *program, const uint32_t *places) {
  vms_slice name;
  uint32_t group;
  if (!vms__re_name(program, 0, &name, &group)) {
    duk_push_undefined(duk);
    return;
  }
  duk_push_bare_object(duk);
  for (uint32_t i = 0; vms__re_name(program, i, &name, &group); i++) {
    duk_push_lstring(duk, name.data, name.len);
    vms__push_group(duk, text, places, group);
    vms__fresh_define(duk, -3);
  }
}

/* --- matchers --------------------------------------------------------------------------------------- */

/* [ ... flags/pattern ] -> [ ... flags/pattern matcher ] */
static void compile(duk_context *duk) {
  vms_slice key = vms__slice_at(duk, -1), pattern;
  vms__re_error error = { 0, NULL };
  vms__search search;
  uint32_t flags;
  size_t at;
  pattern.data = (const char *)memchr(key.data, '/', key.len) + 1;
  pattern.len = key.len - (size_t)(pattern.data - key.data);
  (void)vms__re_flags((vms_slice){ key.data, key.len - pattern.len - 1 }, &flags, &at);
  open_host(&search, duk);
  duk_push_dynamic_buffer(duk, 0);
  search.areas[VMS__RE_PROGRAM] = duk_get_top_index(duk);
  size_t len = vms__re_compile(&search.host, pattern, flags, &error);
  close_host(&search);
  if (len == 0) (void)duk_error(duk, DUK_ERR_SYNTAX_ERROR, "invalid regular expression: %s", error.message);
  char *made = duk_push_fixed_buffer(duk, sizeof(vms__matcher) + len + pattern.len);
  memcpy(made + sizeof(vms__matcher), duk_get_buffer(duk, -2, NULL), len);
  memcpy(made + sizeof(vms__matcher) + len, pattern.data, pattern.len);
  vms__matcher *matcher = (vms__matcher *)(void *)made;
  matcher->flags = flags;
  matcher->groups = vms__re_groups(matcher + 1);
  matcher->source_at = (uint32_t)(sizeof(vms__matcher) + len);
  matcher->source_len = (uint32_t)pattern.len;
  duk_remove(duk, -2);
  duk_remove(duk, -2);
}

/* Matchers live in two generations: when the young one is full, the old one is given up. */
static void make_room(vms_sandbox *sandbox, duk_context *duk, size_t len) {
  if (sandbox->regexp_count >= CACHE_COUNT || sandbox->regexp_len > CACHE_LEN) {
    vms__ref_push(sandbox, duk, VMS__REF_REGEXPS);
    vms__ref_set(sandbox, duk, VMS__REF_REGEXPS_OLD);
    duk_push_bare_object(duk);
    vms__ref_set(sandbox, duk, VMS__REF_REGEXPS);
    sandbox->regexp_count = 0;
    sandbox->regexp_len = 0;
  }
  sandbox->regexp_count++;
  sandbox->regexp_len += len;
}

/* [ ... flags/pattern ] -> [ ... matcher ] */
static void to_matcher(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  void *key = duk_get_heapptr(duk, -1);
  vms__charge(&sandbox->meter, 1);
  if (!vms__own_value(duk, sandbox->refs[VMS__REF_REGEXPS], key)) {
    if (!vms__own_value(duk, sandbox->refs[VMS__REF_REGEXPS_OLD], key)) compile(duk);
    make_room(sandbox, duk, duk_get_length(duk, -1) + duk_get_length(duk, -2));
    vms__ref_push(sandbox, duk, VMS__REF_REGEXPS);
    duk_dup(duk, -3);
    duk_dup(duk, -3);
    vms__fresh_define(duk, -3);
    duk_pop(duk);
  }
  duk_remove(duk, -2);
}

/* [ ... pattern flags ] -> [ ... matcher ], both of any kind */
static void initialize(duk_context *duk) {
  for (duk_idx_t i = -2; i < 0; i++) {
    if (duk_is_undefined(duk, i)) {
      duk_push_literal(duk, "");
      duk_replace(duk, i - 1);
    }
    duk_to_string(duk, i);
  }
  uint32_t flags;
  size_t at;
  if (!vms__re_flags(vms__slice_at(duk, -1), &flags, &at)) (void)duk_error(duk, DUK_ERR_SYNTAX_ERROR, "invalid regular expression flags");
  duk_push_literal(duk, "/");
  duk_pull(duk, -3);
  duk_concat(duk, 3);
  to_matcher(duk);
}

void vms__regexp_create(duk_context *duk) {
  initialize(duk);
  vms__to_regexp(duk, vms__of(duk)->refs[VMS__REF_BOX]);
}

/* $vms.regexp("flags/pattern"): what a literal means. */
static duk_ret_t regexp_literal(duk_context *duk) {
  to_matcher(duk);
  vms__to_regexp(duk, vms__of(duk)->refs[VMS__REF_BOX]);
  return 1;
}

/* --- exec -------------------------------------------------------------------------------------------- */

static bool is_regexp(duk_context *duk, duk_idx_t idx) {
  return duk_is_object(duk, idx) && vms__is_regexp(duk_get_heapptr(duk, idx)) != 0;
}

static void push_this_regexp(duk_context *duk) {
  duk_push_this(duk);
  if (!is_regexp(duk, -1)) (void)duk_type_error(duk, "this is not a regular expression");
}

static void push_this_object(duk_context *duk) {
  duk_push_this(duk);
  if (!duk_is_object(duk, -1)) (void)duk_type_error(duk, "this is not an object");
}

/* Whether the first properties of an object are as they were when the engine started. */
static bool is_unchanged(duk_context *duk, const vms__shape *shape) {
  void *parts[3];
  for (uint32_t i = 0; i < shape->count; i++)
    if (!vms__property_at(duk, shape->object, i, parts) || memcmp(parts, shape->parts[i], sizeof parts) != 0) return false;
  return true;
}

bool vms__is_plain(duk_context *duk, duk_idx_t idx, bool species) {
  vms_sandbox *sandbox = vms__of(duk);
  if (!is_regexp(duk, idx)) return false;
  void *object = duk_get_heapptr(duk, idx);
  return vms__regexp_plain(duk, object) && vms__last_index(duk, object) != NULL &&
         is_unchanged(duk, &sandbox->regexp_shapes[0]) && (!species || is_unchanged(duk, &sandbox->regexp_shapes[1]));
}

double vms__get_last(duk_context *duk, duk_idx_t rx) {
  const double *at = is_regexp(duk, rx) ? vms__last_index(duk, duk_get_heapptr(duk, rx)) : NULL;
  if (at != NULL) return *at >= 0 ? fmin(trunc(*at), VMS__LENGTH_MAX) : 0; /* NaN is 0, too */
  duk_get_prop_literal(duk, rx, "lastIndex");
  double last = vms__to_length(duk, -1);
  duk_pop(duk);
  return last;
}

void vms__set_last(duk_context *duk, duk_idx_t rx, double at) {
  double *place;
  rx = duk_normalize_index(duk, rx);
  place = is_regexp(duk, rx) ? vms__last_index(duk, duk_get_heapptr(duk, rx)) : NULL;
  if (place != NULL) {
    *place = at;
    return;
  }
  duk_push_number(duk, at);
  duk_put_prop_literal(duk, rx, "lastIndex");
}

/* Pushes the array that exec gives. */
static void push_match(vms__search *search, duk_idx_t text, const uint32_t *places, double index) {
  duk_context *duk = search->duk;
  uint32_t groups = search->matcher->groups;
  vms__charge(&vms__of(duk)->meter, groups);
  vms__push_list(duk, groups, 3);
  for (uint32_t i = 0; i < groups; i++) {
    vms__push_group(duk, search->text, places, i);
    vms__fresh_put(duk, -2, i);
  }
  duk_push_literal(duk, "index");
  duk_push_number(duk, index);
  vms__fresh_define(duk, -3);
  duk_push_literal(duk, "input");
  duk_dup(duk, text);
  vms__fresh_define(duk, -3);
  duk_push_literal(duk, "groups");
  vms__push_groups(duk, search->text, vms__program(search->matcher), places);
  vms__fresh_define(duk, -3);
}

static double units_between(const vms__search *search, size_t from, size_t to) {
  return (double)(search->ascii ? to - from : vms__units(search->duk, search->text.data + from, to - from));
}

/* RegExpBuiltinExec. In a pattern with the flag u, a search that would begin within a pair begins before it. */
static bool builtin_exec(duk_context *duk, duk_idx_t rx, duk_idx_t text, bool wanted) {
  duk_idx_t top = duk_get_top(duk);
  double index = vms__get_last(duk, rx);
  const uint32_t *places = NULL;
  size_t at = 0;
  vms__search search;
  vms__search_open(&search, duk, rx, text);
  bool moves = (search.matcher->flags & (VMS__RE_GLOBAL | VMS__RE_STICKY)) != 0;
  if (!moves) index = 0;
  if (index <= (double)duk_get_length(duk, text)) {
    at = search.ascii ? (size_t)index : vms__byte_offset(duk, text, (size_t)index);
    if (search.matcher->flags & VMS__RE_UNICODE && within_pair(&search, at)) {
      at -= 3;
      index--;
    }
    places = vms__search_from(&search, at, (search.matcher->flags & VMS__RE_STICKY) != 0);
  }
  if (places == NULL) {
    if (moves) vms__set_last(duk, rx, 0);
  } else {
    index += units_between(&search, at, places[0]);
    if (moves) vms__set_last(duk, rx, index + units_between(&search, places[0], places[1]));
  }
  if (wanted) {
    if (places == NULL) duk_push_null(duk);
    else push_match(&search, text, places, index);
    duk_replace(duk, top);
    top++;
  }
  vms__search_close(&search);
  duk_set_top(duk, top);
  return places != NULL;
}

bool vms__regexp_run(duk_context *duk, duk_idx_t rx, duk_idx_t text, bool wanted) {
  rx = duk_normalize_index(duk, rx);
  text = duk_normalize_index(duk, text);
  duk_get_prop_literal(duk, rx, "exec");
  if (!duk_is_callable(duk, -1) || (duk_get_heapptr(duk, -1) == vms__of(duk)->refs[VMS__REF_REGEXP_EXEC] && is_regexp(duk, rx))) {
    duk_pop(duk);
    if (!is_regexp(duk, rx)) (void)duk_type_error(duk, "not a regular expression");
    return builtin_exec(duk, rx, text, wanted);
  }
  duk_dup(duk, rx);
  duk_dup(duk, text);
  duk_call_method(duk, 1);
  bool found = duk_is_object(duk, -1) != 0;
  if (!found && !duk_is_null(duk, -1)) (void)duk_type_error(duk, "exec gave neither an object nor null");
  if (!wanted) duk_pop(duk);
  return found;
}

duk_ret_t vms__regexp_exec(duk_context *duk) {
  duk_set_top(duk, 1);
  push_this_regexp(duk);
  duk_to_string(duk, 0);
  (void)builtin_exec(duk, 1, 0, true);
  return 1;
}

duk_ret_t vms__regexp_test(duk_context *duk) {
  duk_set_top(duk, 1);
  push_this_object(duk);
  duk_to_string(duk, 0);
  duk_push_boolean(duk, vms__regexp_run(duk, 1, 0, false));
  return 1;
}

/* --- the constructor ----------------------------------------------------------------------------------- */

/* Pushes the pattern of a regular expression as it was given, and its flags. */
static void push_pattern(duk_context *duk, duk_idx_t rx) {
  static const char letters[] = "gimsuy"; /* in the order of their bits */
  char flags[8];
  size_t count = 0;
  const vms__matcher *matcher = push_matcher(duk, rx);
  for (uint32_t i = 0; letters[i] != 0; i++)
    if (matcher->flags >> i & 1) flags[count++] = letters[i];
  duk_push_lstring(duk, (const char *)matcher + matcher->source_at, matcher->source_len);
  duk_remove(duk, -2);
  duk_push_lstring(duk, flags, count);
}

/* [ pattern flags ]; the instance that the engine made has the prototype. */
duk_ret_t vms__regexp_constructor(duk_context *duk) {
  duk_set_top(duk, 2);
  bool is = vms__acts_as_regexp(duk, 0), made = duk_is_constructor_call(duk) != 0;
  if (!made && is && duk_is_undefined(duk, 1)) {
    duk_get_prop_literal(duk, 0, "constructor");
    duk_push_current_function(duk);
    if (duk_samevalue(duk, -1, -2)) {
      duk_set_top(duk, 1);
      return 1;
    }
    duk_set_top(duk, 2);
  }
  if (is_regexp(duk, 0)) {
    push_pattern(duk, 0);
  } else if (is) {
    duk_get_prop_literal(duk, 0, "source");
    if (duk_is_undefined(duk, 1)) duk_get_prop_literal(duk, 0, "flags");
    else duk_push_undefined(duk);
  } else {
    duk_dup(duk, 0);
    duk_push_undefined(duk);
  }
  if (!duk_is_undefined(duk, 1)) {
    duk_dup(duk, 1);
    duk_replace(duk, 3);
  }
  vms__regexp_create(duk);
  if (made) {
    duk_push_this(duk);
    duk_get_prototype(duk, -1);
    duk_set_prototype(duk, -3);
    duk_pop(duk);
  }
  return 1;
}

/* Annex B: [ pattern flags ] */
static duk_ret_t regexp_compile(duk_context *duk) {
  push_this_regexp(duk);
  vms__ref_push(vms__of(duk), duk, VMS__REF_BOX); /* [ pattern flags this key ] */
  if (is_regexp(duk, 0)) {
    if (!duk_is_undefined(duk, 1)) return duk_type_error(duk, "flags besides a regular expression");
    push_pattern(duk, 0);
  } else {
    duk_dup(duk, 0);
    duk_dup(duk, 1);
  }
  initialize(duk);
  duk_def_prop(duk, 2, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  vms__set_last(duk, 2, 0);
  return 1;
}

/* --- what tells about one ------------------------------------------------------------------------------ */

duk_ret_t vms__regexp_to_string(duk_context *duk) {
  duk_set_top(duk, 0);
  push_this_object(duk);
  duk_push_literal(duk, "/");
  duk_get_prop_literal(duk, 0, "source");
  duk_to_string(duk, -1);
  duk_push_literal(duk, "/");
  duk_get_prop_literal(duk, 0, "flags");
  duk_concat(duk, 4);
  return 1;
}

duk_ret_t vms__regexp_flags(duk_context *duk) {
  static const char *const names[] = { "global", "ignoreCase", "multiline", "dotAll", "unicode", "sticky" };
  char flags[8];
  size_t count = 0;
  duk_set_top(duk, 0);
  push_this_object(duk);
  for (size_t i = 0; i < 6; i++) {
    duk_get_prop_string(duk, 0, names[i]);
    if (duk_to_boolean(duk, -1)) flags[count++] = "gimsuy"[i];
    duk_pop(duk);
  }
  duk_push_lstring(duk, flags, count);
  return 1;
}

/* Pushes a pattern as it could stand in a literal. */
static void push_source(duk_context *duk, vms_slice pattern) {
  bool escaped = false, in_class = false;
  vms__output out;
  if (pattern.len == 0) {
    duk_push_literal(duk, "(?:)");
    return;
  }
  vms__charge(&vms__of(duk)->meter, pattern.len / 2);
  vms__output_open(&out, duk, pattern.len + 16);
  for (size_t i = 0; i < pattern.len; i++) {
    char c = pattern.data[i];
    bool separator = pattern.len - i >= 3 && (memcmp(pattern.data + i, "\xe2\x80\xa8", 3) == 0 || memcmp(pattern.data + i, "\xe2\x80\xa9", 3) == 0);
    if (!escaped && (c == '\n' || c == '\r' || separator || (c == '/' && !in_class))) vms__output_add(&out, "\\", 1);
    if (c == '\n' || c == '\r') {
      vms__output_add(&out, c == '\n' ? "n" : "r", 1);
    } else if (separator) {
      i += 2;
      vms__output_add(&out, (unsigned char)pattern.data[i] == 0xa8 ? "u2028" : "u2029", 5);
    } else {
      vms__output_add(&out, &c, 1);
    }
    if (!escaped && c == '[') in_class = true;
    if (!escaped && c == ']') in_class = false;
    escaped = !escaped && c == '\\';
  }
  duk_push_lstring(duk, out.data, out.len);
}

duk_ret_t vms__regexp_getter(duk_context *duk) {
  int what = duk_get_current_magic(duk);
  duk_set_top(duk, 0);
  push_this_object(duk);
  if (!is_regexp(duk, 0)) {
    if (duk_get_heapptr(duk, 0) != vms__of(duk)->regexp_shapes[0].object) return duk_type_error(duk, "this is not a regular expression");
    if (what != GETTER_SOURCE) return 0;
    duk_push_literal(duk, "(?:)");
    return 1;
  }
  const vms__matcher *matcher = push_matcher(duk, 0);
  if (what == GETTER_SOURCE) push_source(duk, (vms_slice){ (const char *)matcher + matcher->source_at, matcher->source_len });
  else duk_push_boolean(duk, matcher->flags >> what & 1);
  return 1;
}

/* --- boot -------------------------------------------------------------------------------------------------- */

/* Remembers what the properties of the object at idx are, and keeps them: nothing new may come to lie at their addresses. */
static void take_shape(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, int which, int ref) {
  vms__shape *shape = &sandbox->regexp_shapes[which];
  duk_uarridx_t kept = 0;
  void *parts[3];
  shape->object = duk_get_heapptr(duk, idx);
  shape->count = 0;
  while (vms__property_at(duk, shape->object, shape->count, parts)) shape->count++;
  duk_push_bare_array(duk);
  shape->parts = duk_push_fixed_buffer(duk, shape->count * sizeof *shape->parts);
  vms__fresh_put(duk, -2, kept++);
  for (uint32_t i = 0; i < shape->count; i++) {
    (void)vms__property_at(duk, shape->object, i, shape->parts[i]);
    for (int part = 0; part < 3; part++) {
      if (shape->parts[i][part] == NULL) continue;
      duk_push_heapptr(duk, shape->parts[i][part]);
      vms__fresh_put(duk, -2, kept++);
    }
  }
  vms__ref_set(sandbox, duk, ref);
}

void vms__regexp_open(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method methods[] = {
    { "compile", regexp_compile, 2, 2, 0 },
    { DUK_WELLKNOWN_SYMBOL("Symbol.match"), vms__regexp_match, 1, 1, 0 },
    { DUK_WELLKNOWN_SYMBOL("Symbol.matchAll"), vms__regexp_match_all, 1, 1, 0 },
    { DUK_WELLKNOWN_SYMBOL("Symbol.replace"), vms__regexp_replace, 2, 2, 0 },
    { DUK_WELLKNOWN_SYMBOL("Symbol.search"), vms__regexp_search, 1, 1, 0 },
    { DUK_WELLKNOWN_SYMBOL("Symbol.split"), vms__regexp_split, 2, 2, 0 },
  };
  static const char *const names[] = { "compile", "[Symbol.match]", "[Symbol.matchAll]", "[Symbol.replace]", "[Symbol.search]", "[Symbol.split]" };
  static const char *const getters[] = { "dotAll", "unicode", "sticky" };
  static const int refs[] = { 0, VMS__REF_REGEXP_MATCH, 0, VMS__REF_REGEXP_REPLACE, VMS__REF_REGEXP_SEARCH, VMS__REF_REGEXP_SPLIT };
  duk_push_bare_object(duk);
  vms__ref_set(sandbox, duk, VMS__REF_REGEXPS);
  duk_push_bare_object(duk);
  vms__ref_set(sandbox, duk, VMS__REF_REGEXPS_OLD);
  duk_push_dynamic_buffer(duk, AREA_MIN);
  vms__ref_set(sandbox, duk, VMS__REF_REGEXP_WORK);
  duk_get_global_literal(duk, "RegExp");
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_REGEXP);
  vms__define_species(duk, -1);
  duk_get_prop_literal(duk, -1, "prototype");
  duk_push_literal(duk, "lastIndex"); /* it was a regular expression once */
  vms__hidden_delete(duk, -2);
  for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
    vms__push_function(duk, names[i], methods[i].function, methods[i].nargs, methods[i].length, 0);
    if (refs[i] != 0) {
      duk_dup_top(duk);
      vms__ref_set(sandbox, duk, refs[i]);
    }
    vms__define(duk, -2, methods[i].name);
  }
  for (int i = 0; i < 3; i++) {
    char name[16] = "get ";
    duk_push_string(duk, getters[i]);
    vms__define_getter(duk, -2, strcat(name, getters[i]), vms__regexp_getter, 3 + i);
  }
  duk_get_prop_literal(duk, -1, "exec");
  vms__ref_set(sandbox, duk, VMS__REF_REGEXP_EXEC);
  take_shape(sandbox, duk, -1, 0, VMS__REF_REGEXP_SHAPE);
  take_shape(sandbox, duk, -2, 1, VMS__REF_REGEXP_SHAPE_2);
  duk_pop_2(duk);
  vms__match_open(sandbox, duk);
  vms__ref_push(sandbox, duk, VMS__REF_VMS);
  vms__define_function(duk, -1, "regexp", regexp_literal, 1, 0);
  duk_pop(duk);
}
