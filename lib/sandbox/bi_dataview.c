/* SPDX-License-Identifier: MIT */
/* ArrayBuffer and DataView of ECMAScript 2020; TextEncoder and TextDecoder of the Encoding Standard, for UTF-8, UTF-16 and
 * windows-1252, which goes by the name of latin1 there. */
#include "lib/sandbox/builtins.h"

#include <string.h>

#define PIECE 65536u /* bytes of text between two charges */

/* --- ArrayBuffer -------------------------------------------------------------------------------------- */

static vms__view require_view(duk_context *duk, duk_idx_t idx, int kind) {
  vms__view view = { NULL, 0, 0, 0, 0 };
  if (vms__view_of(duk_get_heapptr(duk, idx), &view) != kind)
    (void)duk_type_error(duk, "not %s", kind == VMS__DATA_VIEW ? "a DataView" : "an ArrayBuffer");
  return view;
}

static void push_buffer(duk_context *duk, double length) {
  vms__push_bytes(duk, length);
  duk_push_buffer_object(duk, -1, 0, (duk_size_t)length, DUK_BUFOBJ_ARRAYBUFFER);
  duk_remove(duk, -2);
}

duk_ret_t vms__buffer_construct(duk_context *duk) {
  if (!duk_is_constructor_call(duk)) return duk_type_error(duk, "ArrayBuffer wants new");
  push_buffer(duk, vms__to_index(duk, 0));
  return 1;
}

static duk_ret_t buffer_length(duk_context *duk) {
  duk_push_this(duk);
  duk_push_uint(duk, require_view(duk, -1, VMS__ARRAY_BUFFER).length);
  return 1;
}

static duk_ret_t buffer_slice(duk_context *duk) { /* [ from to this ] */
  duk_push_this(duk);
  vms__view it = require_view(duk, 2, VMS__ARRAY_BUFFER), made;
  double from = vms__relative(duk, 0, it.length, 0), to = vms__relative(duk, 1, it.length, it.length), length = to > from ? to - from : 0;
  vms__push_species_constructor(duk, 2, VMS__REF_ARRAY_BUFFER);
  if (duk_get_heapptr(duk, 3) == vms__of(duk)->refs[VMS__REF_ARRAY_BUFFER]) {
    push_buffer(duk, length);
  } else {
    duk_push_number(duk, length);
    duk_new(duk, 1);
  }
  made = require_view(duk, 3 + (duk_get_top(duk) > 4), VMS__ARRAY_BUFFER);
  if (duk_strict_equals(duk, -1, 2)) return duk_type_error(duk, "slice is the same buffer");
  if (made.length < length) return duk_type_error(duk, "slice is too short");
  vms__move_bytes(duk, made.data, it.data + (size_t)from, (size_t)length);
  return 1;
}

/* --- DataView ------------------------------------------------------------------------------------------- */

duk_ret_t vms__dataview_construct(duk_context *duk) {
  if (!duk_is_constructor_call(duk)) return duk_type_error(duk, "DataView wants new");
  vms__view buffer = require_view(duk, 0, VMS__ARRAY_BUFFER);
  double offset = vms__to_index(duk, 1), length = buffer.length - offset;
  if (length < 0) return duk_range_error(duk, "offset is beyond the buffer");
  if (!duk_is_undefined(duk, 2)) {
    length = vms__to_index(duk, 2);
    if (offset + length > buffer.length) return duk_range_error(duk, "buffer is too short");
  }
  duk_push_buffer_object(duk, 0, (duk_size_t)offset, (duk_size_t)length, DUK_BUFOBJ_DATAVIEW);
  return 1;
}

enum { BUFFER = 0, BYTE_LENGTH, BYTE_OFFSET };

static duk_ret_t dataview_get(duk_context *duk) {
  duk_push_this(duk);
  vms__view it = require_view(duk, -1, VMS__DATA_VIEW);
  switch (duk_get_current_magic(duk)) {
    case BUFFER: vms__push_array_buffer(duk, -1); break;
    case BYTE_LENGTH: duk_push_uint(duk, it.length); break;
    default: duk_push_uint(duk, it.offset);
  }
  return 1;
}

/* The first of size bytes at the index. */
static unsigned char *place(duk_context *duk, const vms__view *it, double index, int size) {
  if (index + size > it->length) (void)duk_range_error(duk, "index is beyond the view");
  return it->data + (size_t)index;
}

static void copy_swapped(unsigned char *to, const unsigned char *from, int size, bool swap) {
  for (int i = 0; i < size; i++) to[i] = from[swap ? size - 1 - i : i];
}

/* magic of both: the type, and above it the logarithm of its size */
static duk_ret_t element_get(duk_context *duk) { /* [ index little this ] */
  int type = duk_get_current_magic(duk) & 15, size = 1 << (duk_get_current_magic(duk) >> 4);
  unsigned char bytes[8];
  duk_push_this(duk);
  vms__view it = require_view(duk, 2, VMS__DATA_VIEW);
  double index = vms__to_index(duk, 0);
  copy_swapped(bytes, place(duk, &it, index, size), size, !duk_to_boolean(duk, 1));
  duk_push_number(duk, vms__load(bytes, type));
  return 1;
}

static duk_ret_t element_set(duk_context *duk) { /* [ index value little this ] */
  int type = duk_get_current_magic(duk) & 15, size = 1 << (duk_get_current_magic(duk) >> 4);
  unsigned char bytes[8];
  duk_push_this(duk);
  vms__view it = require_view(duk, 3, VMS__DATA_VIEW);
  double index = vms__to_index(duk, 0);
  vms__store(bytes, type, duk_to_number(duk, 1));
  copy_swapped(place(duk, &it, index, size), bytes, size, !duk_to_boolean(duk, 2));
  return 0;
}

/* --- TextEncoder ------------------------------------------------------------------------------------------ */

enum { ENCODER = 1, DECODER };
enum { UTF_8 = 0, UTF_16LE, UTF_16BE, WINDOWS_1252 };

/* What a coder keeps behind its hidden key. The names are those of the Encoding Standard. */
typedef struct coder {
  uint8_t kind, encoding, fatal, ignore_bom;
  uint8_t do_not_flush, bom_seen;
  uint8_t needed, seen, lower, upper; /* UTF-8 */
  uint8_t has_lead;                   /* UTF-16: a byte without its other half */
  uint8_t lead;
  uint32_t c; /* UTF-8: the code point so far; UTF-16: a high surrogate, or 0 */
} coder;

static coder *make_coder(duk_context *duk, int kind) {
  if (!duk_is_constructor_call(duk)) (void)duk_type_error(duk, "%s wants new", kind == ENCODER ? "TextEncoder" : "TextDecoder");
  duk_push_this(duk);
  vms__ref_push(vms__of(duk), duk, VMS__REF_BOX);
  coder *it = duk_push_fixed_buffer(duk, sizeof *it);
  it->kind = (uint8_t)kind;
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  duk_pop(duk);
  return it;
}

static coder *this_coder(duk_context *duk, int kind) {
  duk_size_t len;
  coder *it = NULL;
  duk_push_this(duk);
  if (duk_is_object(duk, -1) && vms__own_value(duk, duk_get_heapptr(duk, -1), vms__of(duk)->refs[VMS__REF_BOX])) {
    if (duk_is_buffer(duk, -1)) it = duk_get_buffer(duk, -1, &len);
    if (it != NULL && (len != sizeof *it || it->kind != kind)) it = NULL;
    duk_pop(duk);
  }
  duk_pop(duk);
  if (it == NULL) (void)duk_type_error(duk, "not a %s", kind == ENCODER ? "TextEncoder" : "TextDecoder");
  return it;
}

static duk_ret_t encoder_construct(duk_context *duk) {
  make_coder(duk, ENCODER);
  return 0;
}

typedef struct encoded {
  size_t read, written; /* UTF-16 units, bytes */
} encoded;

/* The text at idx as UTF-8, as much of it as there is room for; `to` may be NULL. */
static encoded encode(duk_context *duk, duk_idx_t idx, unsigned char *to, size_t room) {
  duk_size_t len;
  const uint8_t *p = (const uint8_t *)duk_get_lstring(duk, idx, &len), *end = p + len;
  encoded so_far = { 0, 0 };
  while (p < end) {
    const uint8_t *piece = (size_t)(end - p) > PIECE ? p + PIECE : end, *before;
    vms__charge(&vms__of(duk)->meter, (uint64_t)(piece - p) / 16);
    while (p < piece) {
      uint8_t bytes[4];
      int units;
      before = p;
      while (p < piece && *p < 0x80) p++;
      if (p > before) {
        size_t plain = VMS__MIN((size_t)(p - before), room - so_far.written);
        if (to != NULL) memcpy(to + so_far.written, before, plain);
        so_far.written += plain;
        so_far.read += plain;
        if (plain < (size_t)(p - before)) return so_far;
        continue;
      }
      size_t step = vms__cesu_step(&p, end, bytes, &units);
      if (step > room - so_far.written) return so_far;
      if (to != NULL) memcpy(to + so_far.written, bytes, step);
      so_far.written += step;
      so_far.read += (size_t)units;
    }
  }
  return so_far;
}

static duk_ret_t encoder_encode(duk_context *duk) {
  this_coder(duk, ENCODER);
  if (duk_is_undefined(duk, 0)) {
    duk_push_literal(duk, "");
    duk_replace(duk, 0);
  }
  duk_to_string(duk, 0);
  size_t length = encode(duk, 0, NULL, SIZE_MAX).written;
  vms__push_bytes(duk, (double)length);
  encode(duk, 0, duk_get_buffer(duk, -1, NULL), length);
  duk_push_buffer_object(duk, -1, 0, length, DUK_BUFOBJ_UINT8ARRAY);
  return 1;
}

static duk_ret_t encoder_encode_into(duk_context *duk) {
  vms__view view = { NULL, 0, 0, 0, 0 };
  this_coder(duk, ENCODER);
  duk_to_string(duk, 0);
  if (vms__view_of(duk_get_heapptr(duk, 1), &view) != VMS__TYPED_ARRAY || view.type != VMS__UINT8)
    return duk_type_error(duk, "destination is not a Uint8Array");
  encoded done = encode(duk, 0, view.data, view.length);
  duk_push_object(duk);
  duk_push_literal(duk, "read");
  duk_push_number(duk, (double)done.read);
  vms__fresh_define(duk, -3);
  duk_push_literal(duk, "written");
  duk_push_number(duk, (double)done.written);
  vms__fresh_define(duk, -3);
  return 1;
}

/* --- TextDecoder ---------------------------------------------------------------------------------------- */

static const char *const encoding_names[] = { "utf-8", "utf-16le", "utf-16be", "windows-1252" };

static const struct {
  const char *label;
  int encoding;
} labels[] = {
  { "utf-8", UTF_8 }, { "utf8", UTF_8 }, { "unicode-1-1-utf-8", UTF_8 }, { "unicode11utf8", UTF_8 },
  { "unicode20utf8", UTF_8 }, { "x-unicode20utf8", UTF_8 },
  { "utf-16", UTF_16LE }, { "utf-16le", UTF_16LE }, { "ucs-2", UTF_16LE }, { "unicode", UTF_16LE },
  { "csunicode", UTF_16LE }, { "iso-10646-ucs-2", UTF_16LE }, { "unicodefeff", UTF_16LE },
  { "utf-16be", UTF_16BE }, { "unicodefffe", UTF_16BE },
  { "latin1", WINDOWS_1252 }, { "iso-8859-1", WINDOWS_1252 }, { "windows-1252", WINDOWS_1252 }, { "ascii", WINDOWS_1252 },
  { "us-ascii", WINDOWS_1252 }, { "ansi_x3.4-1968", WINDOWS_1252 }, { "cp1252", WINDOWS_1252 }, { "cp819", WINDOWS_1252 },
  { "csisolatin1", WINDOWS_1252 }, { "ibm819", WINDOWS_1252 }, { "iso-ir-100", WINDOWS_1252 }, { "iso8859-1", WINDOWS_1252 },
  { "iso88591", WINDOWS_1252 }, { "iso_8859-1", WINDOWS_1252 }, { "iso_8859-1:1987", WINDOWS_1252 }, { "l1", WINDOWS_1252 },
  { "x-cp1252", WINDOWS_1252 },
};

/* 0x80 to 0x9f of windows-1252 */
static const uint16_t windows_1252[32] = {
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
  0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
};

static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }

static int find_encoding(const char *label, size_t len) {
  while (len > 0 && is_space(label[len - 1])) len--;
  for (; len > 0 && is_space(*label); len--) label++;
  for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
    size_t k = 0;
    if (strlen(labels[i].label) != len) continue;
    while (k < len && (label[k] >= 'A' && label[k] <= 'Z' ? label[k] + 32 : label[k]) == labels[i].label[k]) k++;
    if (k == len) return labels[i].encoding;
  }
  return -1;
}

static bool option(duk_context *duk, duk_idx_t options, const char *name) {
  if (duk_is_null_or_undefined(duk, options)) return false;
  if (!duk_is_object(duk, options)) (void)duk_type_error(duk, "options are not an object");
  duk_get_prop_string(duk, options, name);
  bool is = duk_to_boolean(duk, -1) != 0;
  duk_pop(duk);
  return is;
}

static duk_ret_t decoder_construct(duk_context *duk) { /* [ label options ] */
  duk_size_t len;
  int encoding = UTF_8;
  if (!duk_is_constructor_call(duk)) return duk_type_error(duk, "TextDecoder wants new");
  if (!duk_is_undefined(duk, 0)) {
    const char *label = (duk_to_string(duk, 0), duk_get_lstring(duk, 0, &len));
    encoding = find_encoding(label, len);
  }
  bool fatal = option(duk, 1, "fatal"), ignore_bom = option(duk, 1, "ignoreBOM");
  if (encoding < 0) return duk_range_error(duk, "encoding is not known");
  coder *it = make_coder(duk, DECODER);
  it->encoding = (uint8_t)encoding;
  it->fatal = fatal;
  it->ignore_bom = ignore_bom;
  return 0;
}

/* A place for the text, with room for what a piece may become. */
typedef struct sink {
  duk_context *duk;
  coder *it;
  uint8_t *at;
} sink;

static void emit(sink *out, uint32_t c) {
  coder *it = out->it;
  bool first = !it->bom_seen && it->encoding != WINDOWS_1252;
  it->bom_seen = 1;
  if (first && c == 0xfeff && !it->ignore_bom) return;
  out->at += vms__cesu_put(out->at, c);
}

static void wrong(sink *out) {
  coder *it = out->it;
  if (it->fatal) {
    it->do_not_flush = 0;
    (void)duk_type_error(out->duk, "bytes are not %s", encoding_names[it->encoding]);
  }
  emit(out, 0xfffd);
}

static void utf8_reset(coder *it) {
  it->needed = it->seen = 0;
  it->lower = 0x80;
  it->upper = 0xbf;
}

static void utf8_begin(sink *out, uint8_t byte) {
  coder *it = out->it;
  utf8_reset(it);
  if (byte < 0x80) emit(out, byte);
  else if (byte >= 0xc2 && byte <= 0xdf) it->needed = 1, it->c = byte & 0x1fu;
  else if (byte >= 0xe0 && byte <= 0xef) it->needed = 2, it->c = byte & 0x0fu;
  else if (byte >= 0xf0 && byte <= 0xf4) it->needed = 3, it->c = byte & 0x07u;
  else wrong(out);
  if (byte == 0xe0) it->lower = 0xa0; /* shortest form only */
  if (byte == 0xed) it->upper = 0x9f; /* no surrogates */
  if (byte == 0xf0) it->lower = 0x90;
  if (byte == 0xf4) it->upper = 0x8f; /* up to U+10FFFF */
}

static void utf8_bytes(sink *out, const uint8_t *p, const uint8_t *end) {
  coder *it = out->it;
  for (; p < end; p++) {
    if (it->needed == 0) {
      while (it->bom_seen && p < end && *p < 0x80) *out->at++ = *p++;
      if (p == end) return;
      utf8_begin(out, *p);
    } else if (*p < it->lower || *p > it->upper) {
      utf8_reset(it);
      wrong(out);
      utf8_begin(out, *p);
    } else {
      it->lower = 0x80;
      it->upper = 0xbf;
      it->c = it->c << 6 | (*p & 0x3fu);
      if (++it->seen == it->needed) {
        utf8_reset(it);
        emit(out, it->c);
      }
    }
  }
}

static void utf16_bytes(sink *out, const uint8_t *p, const uint8_t *end) {
  coder *it = out->it;
  for (; p < end; p++) {
    if (!it->has_lead) {
      it->has_lead = 1;
      it->lead = *p;
      continue;
    }
    it->has_lead = 0;
    uint32_t high = it->c, unit = it->encoding == UTF_16BE ? (uint32_t)it->lead << 8 | *p : (uint32_t)*p << 8 | it->lead;
    it->c = 0;
    if (high != 0) {
      if (unit >= 0xdc00 && unit <= 0xdfff) {
        emit(out, 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
        continue;
      }
      wrong(out);
    }
    if (unit >= 0xd800 && unit <= 0xdbff) it->c = unit;
    else if (unit >= 0xdc00 && unit <= 0xdfff) wrong(out);
    else emit(out, unit);
  }
}

static void decode_bytes(sink *out, const uint8_t *p, const uint8_t *end) {
  if (out->it->encoding == UTF_8) utf8_bytes(out, p, end);
  else if (out->it->encoding != WINDOWS_1252) utf16_bytes(out, p, end);
  else
    for (; p < end; p++) emit(out, *p >= 0x80 && *p <= 0x9f ? windows_1252[*p - 0x80] : *p);
}

static duk_ret_t decoder_decode(duk_context *duk) { /* [ bytes options out ] */
  sink out = { duk, this_coder(duk, DECODER), NULL };
  coder *it = out.it;
  vms__view view = { NULL, 0, 0, 0, 0 };
  size_t room = 64, used = 0;
  if (!duk_is_undefined(duk, 0) && vms__view_of(duk_get_heapptr(duk, 0), &view) == VMS__NO_VIEW)
    return duk_type_error(duk, "neither a buffer nor a view of one");
  bool stream = option(duk, 1, "stream");
  if (!it->do_not_flush) {
    utf8_reset(it);
    it->bom_seen = it->has_lead = 0;
    it->c = 0;
  }
  it->do_not_flush = stream;
  uint8_t *text = duk_push_dynamic_buffer(duk, room);
  for (size_t i = 0; i < view.length || i == 0;) {
    size_t step = VMS__MIN(view.length - i, PIECE), most = step * 3 + 16; /* a byte ends as three at most, and what was left before */
    if (most > room - used) {
      room = VMS__MIN(room, view.length) + used + most;
      text = duk_resize_buffer(duk, 2, room);
    }
    vms__charge(&vms__of(duk)->meter, 1 + step / 16);
    out.at = text + used;
    if (step > 0) decode_bytes(&out, view.data + i, view.data + i + step);
    used = (size_t)(out.at - text);
    i += step;
    if (step == 0) break;
  }
  if (!stream) {
    bool rest = it->needed != 0 || it->has_lead || (it->encoding != UTF_8 && it->c != 0);
    utf8_reset(it);
    it->has_lead = 0;
    it->c = 0;
    out.at = text + used;
    if (rest) wrong(&out);
    used = (size_t)(out.at - text);
  }
  duk_push_lstring(duk, (const char *)text, used);
  return 1;
}

static duk_ret_t encoder_encoding(duk_context *duk) {
  this_coder(duk, ENCODER);
  duk_push_literal(duk, "utf-8");
  return 1;
}

enum { ENCODING = 0, FATAL, IGNORE_BOM };

static duk_ret_t decoder_get(duk_context *duk) {
  coder *it = this_coder(duk, DECODER);
  int what = duk_get_current_magic(duk);
  if (what == ENCODING) duk_push_string(duk, encoding_names[it->encoding]);
  else duk_push_boolean(duk, what == FATAL ? it->fatal : it->ignore_bom);
  return 1;
}

/* --- the objects ------------------------------------------------------------------------------------------- */

static void getter(duk_context *duk, const char *key, duk_c_function function, int magic) {
  char name[32] = "get ";
  strncat(name, key, sizeof name - 5);
  duk_push_string(duk, key);
  vms__define_getter(duk, -2, name, function, magic);
}

/* What browsers' interfaces have is enumerable. [ prototype ] */
static void show(duk_context *duk, const char *const *names, size_t count) {
  for (size_t i = 0; i < count; i++) {
    duk_push_string(duk, names[i]);
    duk_def_prop(duk, -2, DUK_DEFPROP_SET_ENUMERABLE | DUK_DEFPROP_FORCE);
  }
}

/* Pushes the prototype of the new global constructor. */
static void push_interface(duk_context *duk, const char *name, duk_c_function construct, int nargs) {
  duk_push_global_object(duk);
  vms__push_constructor(duk, name, construct, nargs, 0);
  duk_push_object(duk);
  duk_dup(duk, -2);
  vms__define(duk, -2, "constructor");
  vms__define_tag(duk, -1, name);
  duk_push_literal(duk, "prototype");
  duk_dup(duk, -2);
  duk_def_prop(duk, -4, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  duk_insert(duk, -3);
  vms__define(duk, -2, name);
  duk_pop(duk);
}

void vms__dataview_open(vms_sandbox *sandbox, duk_context *duk) {
  static const char *const getters[] = { "buffer", "byteLength", "byteOffset" };
  static const struct {
    const char *get, *set;
    int magic;
  } elements[] = {
    { "getInt8", "setInt8", VMS__INT8 },
    { "getUint8", "setUint8", VMS__UINT8 },
    { "getInt16", "setInt16", VMS__INT16 | 1 << 4 },
    { "getUint16", "setUint16", VMS__UINT16 | 1 << 4 },
    { "getInt32", "setInt32", VMS__INT32 | 2 << 4 },
    { "getUint32", "setUint32", VMS__UINT32 | 2 << 4 },
    { "getFloat32", "setFloat32", VMS__FLOAT32 | 2 << 4 },
    { "getFloat64", "setFloat64", VMS__FLOAT64 | 3 << 4 },
  };
  static const vms__method slice = { "slice", buffer_slice, 2, 2, 0 };
  static const vms__method of_encoder[] = { { "encode", encoder_encode, 1, 0, 0 }, { "encodeInto", encoder_encode_into, 2, 2, 0 } };
  static const vms__method of_decoder = { "decode", decoder_decode, 2, 0, 0 };
  static const char *const encoder_names[] = { "encode", "encodeInto", "encoding" };
  static const char *const decoder_names[] = { "decode", "encoding", "fatal", "ignoreBOM" };

  duk_get_global_literal(duk, "ArrayBuffer");
  duk_dup_top(duk);
  vms__ref_set(sandbox, duk, VMS__REF_ARRAY_BUFFER);
  vms__define_species(duk, -1);
  duk_get_prop_literal(duk, -1, "prototype");
  getter(duk, "byteLength", buffer_length, 0);
  vms__define_methods(duk, -1, &slice, 1);
  vms__define_tag(duk, -1, "ArrayBuffer");

  duk_get_global_literal(duk, "DataView");
  duk_push_literal(duk, "length");
  duk_push_int(duk, 1);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
  duk_get_prop_literal(duk, -1, "prototype");
  for (int i = 0; i < 3; i++) getter(duk, getters[i], dataview_get, i);
  for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
    vms__method methods[2] = { { elements[i].get, element_get, 2, 1, elements[i].magic },
                               { elements[i].set, element_set, 3, 2, elements[i].magic } };
    vms__define_methods(duk, -1, methods, 2);
  }
  vms__define_tag(duk, -1, "DataView");
  duk_pop_n(duk, 4);

  push_interface(duk, "TextEncoder", encoder_construct, 0);
  vms__define_methods(duk, -1, of_encoder, 2);
  getter(duk, "encoding", encoder_encoding, 0);
  show(duk, encoder_names, sizeof encoder_names / sizeof encoder_names[0]);
  duk_pop(duk);
  push_interface(duk, "TextDecoder", decoder_construct, 2);
  vms__define_methods(duk, -1, &of_decoder, 1);
  getter(duk, "encoding", decoder_get, ENCODING);
  getter(duk, "fatal", decoder_get, FATAL);
  getter(duk, "ignoreBOM", decoder_get, IGNORE_BOM);
  show(duk, decoder_names, sizeof decoder_names / sizeof decoder_names[0]);
  duk_pop(duk);
}
