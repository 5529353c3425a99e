/* SPDX-License-Identifier: MIT */
/* Node's Buffer: a Uint8Array whose prototype has more methods. Constructor and prototype are made when a script or
 * System.files first asks for them: the global is an accessor, as it is in Node. */
#include "lib/sandbox/buffer.h"

#include <math.h>

#define SIZE_MAX_BYTES 0x7fffffffu /* lengths inside Duktape are 32 bits */
#define OFFSET_MAX ((size_t)9007199254740991) /* of what may lie beyond the end */
#define CHUNK 65536u               /* bytes looked at between two charges */

static void need(vms_sandbox *sandbox, duk_context *duk);

/* --- arguments ----------------------------------------------------------------------------------- */

bool vms__bytes_of(duk_context *duk, duk_idx_t idx, vms__bytes *bytes) {
  static uint8_t none[1];
  duk_size_t len = 0;
  if (!duk_is_object(duk, idx) || !duk_is_buffer_data(duk, idx)) return false;
  bytes->at = duk_get_buffer_data(duk, idx, &len);
  bytes->len = bytes->at == NULL ? 0 : len;
  if (bytes->at == NULL) bytes->at = none;
  return true;
}

bool vms__is_uint8array(duk_context *duk, duk_idx_t idx) {
  return duk_is_object(duk, idx) && vms__class_of(duk_get_heapptr(duk, idx)) == VMS__CLASS_UINT8ARRAY;
}

static bool is_array_buffer(duk_context *duk, duk_idx_t idx) {
  return duk_is_object(duk, idx) && vms__class_of(duk_get_heapptr(duk, idx)) == VMS__CLASS_ARRAYBUFFER;
}

static bool is_text(duk_context *duk, duk_idx_t idx) { return duk_is_string(duk, idx) && !duk_is_symbol(duk, idx); }

/* The bytes of an argument that must be a Buffer or Uint8Array. */
static vms__bytes bytes_take(duk_context *duk, duk_idx_t idx, const char *name) {
  vms__bytes bytes;
  if (!vms__is_uint8array(duk, idx) || !vms__bytes_of(duk, idx, &bytes)) vms__throw_type(duk, name, "an instance of Buffer or Uint8Array");
  return bytes;
}

vms__bytes vms__buffer_this(duk_context *duk) {
  duk_push_this(duk);
  vms__bytes bytes = bytes_take(duk, -1, "this");
  duk_pop(duk); /* the call keeps it */
  return bytes;
}

void vms__refuse_offset(duk_context *duk, duk_idx_t idx, const char *name, double low, double high) {
  if (!duk_is_number(duk, idx)) vms__throw_type(duk, name, "of type number");
  double value = duk_get_number(duk, idx);
  duk_dup(duk, idx);
  const char *received = duk_to_string(duk, -1);
  if (value != floor(value) && strcmp(name, "value") != 0)
    vms__throw_code(duk, DUK_ERR_RANGE_ERROR, "ERR_OUT_OF_RANGE", "The value of \"%s\" is out of range. It must be an integer. Received %s", name, received);
  if (high < low)
    vms__throw_code(duk, DUK_ERR_RANGE_ERROR, "ERR_BUFFER_OUT_OF_BOUNDS", "Attempt to access memory outside buffer bounds");
  duk_push_number(duk, low);
  duk_push_number(duk, high);
  const char *least = duk_to_string(duk, -2), *most = duk_to_string(duk, -1);
  vms__throw_code(duk, DUK_ERR_RANGE_ERROR, "ERR_OUT_OF_RANGE", "The value of \"%s\" is out of range. It must be >= %s and <= %s. Received %s",
                  name, least, most, received);
}

/* An integer from low to high; undefined: `otherwise`. */
static size_t offset_take(duk_context *duk, duk_idx_t idx, const char *name, size_t high, size_t otherwise) {
  if (duk_is_undefined(duk, idx)) return otherwise;
  double value = duk_is_number(duk, idx) ? duk_get_number(duk, idx) : -1;
  if (value >= 0 && value <= (double)high && value == floor(value)) return (size_t)value;
  vms__refuse_offset(duk, idx, name, 0, (double)high);
}

/* The size of a new buffer. */
static size_t size_take(duk_context *duk, duk_idx_t idx, const char *name) {
  double value = duk_is_number(duk, idx) ? duk_get_number(duk, idx) : -1;
  if (value >= 0 && value <= (double)SIZE_MAX_BYTES) return (size_t)value;
  if (!duk_is_number(duk, idx)) vms__throw_type(duk, name, "of type number");
  vms__throw_code(duk, DUK_ERR_RANGE_ERROR, "ERR_OUT_OF_RANGE", "The value of \"%s\" is out of range. It must be >= 0 and <= %lu", name,
                  (unsigned long)SIZE_MAX_BYTES);
}

/* ToIntegerOrInfinity, NaN included, for an argument that Node converts so. */
static double integer_take(duk_context *duk, duk_idx_t idx) {
  double value = duk_to_number(duk, idx);
  return value != value ? 0 : trunc(value);
}

/* A place that may count from the end. */
static size_t relative_take(duk_context *duk, duk_idx_t idx, size_t len, size_t otherwise) {
  if (duk_is_undefined(duk, idx)) return otherwise;
  double value = integer_take(duk, idx);
  if (value < 0) value += (double)len;
  return value < 0 ? 0 : value < (double)len ? (size_t)value : len;
}

/* --- making -------------------------------------------------------------------------------------- */

/* [ ... object ]: its prototype becomes that of buffers. */
static void make_buffer(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  need(sandbox, duk);
  vms__ref_push(sandbox, duk, VMS__REF_BUFFER_PROTO);
  duk_set_prototype(duk, -2);
}

uint8_t *vms__push_buffer(duk_context *duk, size_t len) {
  if (len > SIZE_MAX_BYTES) (void)duk_range_error(duk, "invalid length of a buffer");
  uint8_t *bytes = duk_push_fixed_buffer(duk, len);
  duk_push_buffer_object(duk, -1, 0, len, DUK_BUFOBJ_UINT8ARRAY);
  duk_remove(duk, -2);
  make_buffer(duk);
  return bytes;
}

/* Pushes a Buffer that shares the memory of the ArrayBuffer at idx. */
static void push_view(duk_context *duk, duk_idx_t idx, size_t offset, size_t len) {
  duk_push_buffer_object(duk, idx, offset, len, DUK_BUFOBJ_UINT8ARRAY);
  make_buffer(duk);
}

static duk_ret_t from_text(duk_context *duk, duk_idx_t text, duk_idx_t given) {
  int encoding = VMS__UTF8;
  if (is_text(duk, given) && duk_get_length(duk, given) > 0) encoding = vms__encoding_take(duk, given);
  size_t len = vms__encode(duk, text, encoding, NULL, SIZE_MAX_BYTES);
  uint8_t *bytes = vms__push_buffer(duk, len);
  vms__encode(duk, text, encoding, bytes, len);
  return 1;
}

static duk_ret_t from_array_buffer(duk_context *duk) { /* [ buffer offset length ] */
  double offset = integer_take(duk, 1), len = duk_is_undefined(duk, 2) ? INFINITY : duk_to_number(duk, 2);
  vms__bytes all = { NULL, 0 };
  vms__bytes_of(duk, 0, &all);
  if (offset < 0) return duk_range_error(duk, "the offset is below 0");
  if (offset > (double)all.len)
    vms__throw_code(duk, DUK_ERR_RANGE_ERROR, "ERR_BUFFER_OUT_OF_BOUNDS", "\"offset\" is outside of buffer bounds");
  double most = (double)all.len - offset;
  if (duk_is_undefined(duk, 2)) len = most;
  if (len > most) vms__throw_code(duk, DUK_ERR_RANGE_ERROR, "ERR_BUFFER_OUT_OF_BOUNDS", "\"length\" is outside of buffer bounds");
  push_view(duk, 0, (size_t)offset, len > 0 ? (size_t)len : 0); /* NaN: 0 */
  return 1;
}

/* A copy of the elements of the object at idx, as many as the value on top says. */
static duk_ret_t from_list(duk_context *duk, duk_idx_t list) {
  vms_sandbox *sandbox = vms__of(duk);
  vms__bytes source;
  list = duk_normalize_index(duk, list);
  double wanted = duk_get_number(duk, -1);
  if (!(wanted > 0)) wanted = 0;
  if (wanted > (double)SIZE_MAX_BYTES) return duk_range_error(duk, "invalid length of a buffer");
  size_t len = (size_t)wanted, i = 0;
  uint8_t *bytes = vms__push_buffer(duk, len);
  if (vms__is_uint8array(duk, list) && vms__bytes_of(duk, list, &source)) {
    i = VMS__MIN(len, source.len);
    vms__charge(&sandbox->meter, i / 64);
    memcpy(bytes, source.at, i);
  }
  for (; i < len; i++) {
    vms__charge(&sandbox->meter, 1);
    vms__get_at(duk, list, (double)i);
    bytes[i] = (uint8_t)duk_to_uint32(duk, -1);
    duk_pop(duk);
  }
  return 1;
}

/* [ value encoding-or-offset length ]: true if there is a result on top. */
static bool from_object(duk_context *duk) {
  duk_get_prop_literal(duk, 0, "length");
  if (!duk_is_undefined(duk, -1)) {
    if (!duk_is_number(duk, -1)) vms__push_buffer(duk, 0);
    else from_list(duk, 0);
    return true;
  }
  duk_get_prop_literal(duk, 0, "buffer");
  if (is_array_buffer(duk, -1)) {
    vms__push_buffer(duk, 0);
    return true;
  }
  duk_get_prop_literal(duk, 0, "type");
  if (is_text(duk, -1) && strcmp(duk_get_string(duk, -1), "Buffer") == 0) {
    duk_get_prop_literal(duk, 0, "data");
    if (vms__is_array(duk, -1)) {
      duk_push_number(duk, vms__length_of(duk, -1));
      from_list(duk, -2);
      return true;
    }
  }
  duk_set_top(duk, 3);
  return false;
}

/* Buffer.from(value, encodingOrOffset, length) */
static duk_ret_t buffer_from(duk_context *duk) {
  for (int turn = 0; duk_is_object(duk, 0) && !duk_is_callable(duk, 0); turn++) {
    if (turn > 1000) return duk_range_error(duk, "too many values of values");
    if (is_array_buffer(duk, 0)) return from_array_buffer(duk);
    duk_get_prop_literal(duk, 0, "valueOf");
    if (duk_to_boolean(duk, -1)) {
      duk_pop(duk);
      duk_get_prop_literal(duk, 0, "valueOf");
      duk_dup(duk, 0);
      duk_call_method(duk, 0);
      if (!duk_strict_equals(duk, 0, -1) && (is_text(duk, -1) || (duk_is_object(duk, -1) && !duk_is_callable(duk, -1)))) {
        duk_replace(duk, 0);
        duk_set_top(duk, 3);
        continue;
      }
    }
    duk_set_top(duk, 3);
    if (from_object(duk)) return 1;
    duk_get_prop_literal(duk, 0, DUK_WELLKNOWN_SYMBOL("Symbol.toPrimitive"));
    if (duk_is_callable(duk, -1)) {
      duk_dup(duk, 0);
      duk_push_literal(duk, "string");
      duk_call_method(duk, 1);
      if (is_text(duk, -1)) return from_text(duk, duk_get_top_index(duk), 1);
    }
    break;
  }
  if (is_text(duk, 0)) return from_text(duk, 0, 1);
  vms__throw_type(duk, "first", "of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object");
}

static duk_ret_t buffer_of(duk_context *duk) {
  duk_idx_t count = duk_get_top(duk);
  uint8_t *bytes = vms__push_buffer(duk, (size_t)count);
  vms__charge(&vms__of(duk)->meter, (uint64_t)count);
  for (duk_idx_t i = 0; i < count; i++) bytes[i] = (uint8_t)duk_to_uint32(duk, i);
  return 1;
}

/* The deprecated form: Buffer(size), else as Buffer.from. */
static duk_ret_t buffer_constructor(duk_context *duk) {
  if (!duk_is_number(duk, 0)) return buffer_from(duk);
  if (is_text(duk, 1)) vms__throw_type(duk, "string", "of type string");
  vms__push_buffer(duk, size_take(duk, 0, "size"));
  return 1;
}

/* --- fill ---------------------------------------------------------------------------------------- */

static void repeat(duk_context *duk, vms__bytes to, const uint8_t *unit, size_t len) {
  vms__charge(&vms__of(duk)->meter, to.len / 64);
  len = VMS__MIN(len, to.len);
  memmove(to.at, unit, len);
  while (len < to.len) { /* what is there already, again */
    size_t part = VMS__MIN(len, to.len - len);
    memcpy(to.at + len, to.at, part);
    len += part;
  }
}

/* Fills the bytes from start to end of the Buffer at idx with what the value stands for. The range holds for any buffer of the script. */
static void fill(duk_context *duk, duk_idx_t buffer, size_t start, size_t end, duk_idx_t value, int encoding) {
  vms__bytes unit, bytes;
  if (is_text(duk, value) && duk_get_length(duk, value) > 0) {
    unit.len = vms__encode(duk, value, encoding, NULL, SIZE_MAX_BYTES);
    unit.at = duk_push_fixed_buffer(duk, unit.len);
    vms__encode(duk, value, encoding, unit.at, unit.len);
  } else if (vms__bytes_of(duk, value, &unit) && !is_array_buffer(duk, value)) {
    duk_push_undefined(duk);
  } else {
    unit.at = duk_push_fixed_buffer(duk, 1);
    unit.len = 1;
    *unit.at = is_text(duk, value) ? 0 : (uint8_t)duk_to_uint32(duk, value);
  }
  if (unit.len == 0) vms__throw_code(duk, DUK_ERR_TYPE_ERROR, "ERR_INVALID_ARG_VALUE", "The argument 'value' is invalid");
  vms__bytes_of(duk, buffer, &bytes);
  end = VMS__MIN(end, bytes.len);
  if (start < end) repeat(duk, (vms__bytes){ bytes.at + start, end - start }, unit.at, unit.len);
  duk_pop(duk);
}

/* The encoding of a fill; "" and what is no text at all are utf8. */
static int fill_encoding(duk_context *duk, duk_idx_t idx) {
  if (duk_is_null_or_undefined(duk, idx)) return VMS__UTF8;
  if (!is_text(duk, idx)) vms__throw_type(duk, "encoding", "of type string");
  return duk_get_length(duk, idx) == 0 ? VMS__UTF8 : vms__encoding_take(duk, idx);
}

static duk_ret_t buffer_alloc(duk_context *duk) { /* (size, fill, encoding); magic 1: allocUnsafe(size) */
  size_t len = size_take(duk, 0, "size");
  vms__push_buffer(duk, len);
  if (duk_get_current_magic(duk) == 0 && len > 0 && !duk_is_undefined(duk, 1) && !(duk_is_number(duk, 1) && duk_get_number(duk, 1) == 0))
    fill(duk, 3, 0, len, 1, is_text(duk, 1) ? fill_encoding(duk, 2) : VMS__UTF8);
  return 1;
}

static duk_ret_t buffer_fill(duk_context *duk) { /* (value, offset, end, encoding) */
  size_t len = vms__buffer_this(duk).len;
  int encoding = VMS__UTF8;
  bool whole = duk_is_undefined(duk, 1), rest = whole;
  if (is_text(duk, 0)) {
    duk_idx_t given = whole || is_text(duk, 1) ? 1 : is_text(duk, 2) ? 2 : 3;
    encoding = fill_encoding(duk, given);
    whole = given == 1;
    rest = given < 3;
  }
  size_t start = whole ? 0 : offset_take(duk, 1, "offset", OFFSET_MAX, 0), end = rest ? len : offset_take(duk, 2, "end", len, len);
  duk_push_this(duk);
  if (start < end) fill(duk, 4, start, end, 0, encoding);
  return 1;
}

/* --- statics ------------------------------------------------------------------------------------- */

static duk_ret_t buffer_is_buffer(duk_context *duk) {
  void *proto = vms__of(duk)->refs[VMS__REF_BUFFER_PROTO];
  bool is = false;
  while (duk_is_object(duk, 0) && !is) {
    vms__charge(&vms__of(duk)->meter, 1);
    vms__push_prototype_of(duk, 0);
    duk_replace(duk, 0);
    is = duk_get_heapptr(duk, 0) == proto;
  }
  duk_push_boolean(duk, is);
  return 1;
}

static duk_ret_t buffer_is_encoding(duk_context *duk) {
  duk_push_boolean(duk, is_text(duk, 0) && vms__encoding_find(duk, 0) >= 0);
  return 1;
}

static duk_ret_t buffer_byte_length(duk_context *duk) {
  vms__bytes bytes;
  if (vms__bytes_of(duk, 0, &bytes)) {
    duk_push_number(duk, (double)bytes.len);
    return 1;
  }
  if (!is_text(duk, 0)) vms__throw_type(duk, "string", "of type string or an instance of Buffer or ArrayBuffer");
  int encoding = VMS__UTF8;
  if (!duk_is_undefined(duk, 1)) {
    duk_to_string(duk, 1);
    encoding = VMS__MAX(vms__encoding_find(duk, 1), 0);
  }
  duk_size_t len, units = duk_get_length(duk, 0);
  const char *text = duk_get_lstring(duk, 0, &len);
  size_t marks = len > 0 && text[len - 1] == '=' ? len > 1 && text[len - 2] == '=' ? 2 : 1 : 0;
  switch (encoding) {
    case VMS__HEX: units /= 2; break;
    case VMS__BASE64:
    case VMS__BASE64URL: units = (units - marks) * 3 / 4; break;
    case VMS__UTF16LE: units *= 2; break;
    case VMS__UTF8: units = vms__encode(duk, 0, VMS__UTF8, NULL, SIZE_MAX); break;
    default: break;
  }
  duk_push_number(duk, (double)units);
  return 1;
}

static int order(duk_context *duk, vms__bytes a, vms__bytes b) {
  size_t len = VMS__MIN(a.len, b.len);
  vms__charge(&vms__of(duk)->meter, len / 64);
  int found = memcmp(a.at, b.at, len);
  if (found == 0) return a.len < b.len ? -1 : a.len > b.len;
  return found < 0 ? -1 : 1;
}

static duk_ret_t buffer_compare_two(duk_context *duk) {
  vms__bytes a = bytes_take(duk, 0, "buf1"), b = bytes_take(duk, 1, "buf2");
  duk_push_int(duk, order(duk, a, b));
  return 1;
}

/* [ list length ], the list's elements are looked at once each: [ list length elements ] */
static size_t concat_take(duk_context *duk, duk_uarridx_t count) {
  double sum = 0;
  size_t given = offset_take(duk, 1, "length", SIZE_MAX_BYTES, 0);
  duk_push_array(duk);
  for (duk_uarridx_t i = 0; i < count; i++) {
    vms__charge(&vms__of(duk)->meter, 1);
    vms__get_at(duk, 0, i);
    sum += (double)bytes_take(duk, -1, "list[i]").len;
    vms__fresh_put(duk, 2, i);
  }
  if (duk_is_undefined(duk, 1) && sum > (double)SIZE_MAX_BYTES) (void)duk_range_error(duk, "invalid length of a buffer");
  return duk_is_undefined(duk, 1) ? (size_t)sum : given;
}

static duk_ret_t buffer_concat(duk_context *duk) {
  if (!vms__is_array(duk, 0)) vms__throw_type(duk, "list", "an instance of Array");
  double items = vms__length_of(duk, 0); /* of a proxy: up to 2^53 - 1 */
  if (items > VMS__INDEX_MAX) return duk_range_error(duk, "invalid length of a list");
  duk_uarridx_t count = (duk_uarridx_t)items;
  size_t len = count == 0 ? 0 : concat_take(duk, count), at = 0;
  uint8_t *bytes = vms__push_buffer(duk, len);
  for (duk_uarridx_t i = 0; i < count && at < len; i++) {
    vms__bytes part = { NULL, 0 };
    duk_get_prop_index(duk, 2, i);
    vms__bytes_of(duk, -1, &part);
    part.len = VMS__MIN(part.len, len - at);
    vms__charge(&vms__of(duk)->meter, 1 + part.len / 64);
    memcpy(bytes + at, part.at, part.len);
    at += part.len;
    duk_pop(duk);
  }
  return 1;
}

/* --- text ---------------------------------------------------------------------------------------- */

static duk_ret_t buffer_to_string(duk_context *duk) { /* (encoding, start, end) */
  double len = (double)vms__buffer_this(duk).len;
  double start = duk_is_undefined(duk, 1) ? 0 : integer_take(duk, 1), end = duk_is_undefined(duk, 2) ? len : integer_take(duk, 2);
  if (start < 0) start = 0;
  if (end > len) end = len;
  if (start >= len || end <= start) {
    duk_push_literal(duk, "");
    return 1;
  }
  int encoding = vms__encoding_take(duk, 0);
  vms__bytes bytes = vms__buffer_this(duk);
  end = fmin(end, (double)bytes.len);
  vms__push_decoded(duk, (vms__bytes){ bytes.at + (size_t)start, end > start ? (size_t)(end - start) : 0 }, encoding);
  return 1;
}

static duk_ret_t buffer_to_json(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  vms__bytes bytes = vms__buffer_this(duk);
  duk_push_object(duk);
  duk_push_literal(duk, "type");
  duk_push_literal(duk, "Buffer");
  vms__fresh_define(duk, -3);
  duk_push_literal(duk, "data");
  duk_push_array(duk);
  for (size_t i = 0; i < bytes.len; i++) {
    vms__charge(&sandbox->meter, 1);
    duk_push_uint(duk, bytes.at[i]);
    vms__fresh_put(duk, -2, (duk_uarridx_t)i);
  }
  vms__fresh_define(duk, -3);
  return 1;
}

static duk_ret_t buffer_write(duk_context *duk) { /* (string, offset, length, encoding) */
  size_t len = vms__buffer_this(duk).len, offset = 0, count = len;
  duk_idx_t given = 3;
  if (duk_is_undefined(duk, 1)) {
    given = -1; /* as Node: what follows is not looked at */
  } else if (duk_is_undefined(duk, 2) && is_text(duk, 1)) {
    given = 1;
  } else {
    offset = offset_take(duk, 1, "offset", len, 0);
    count = len - offset;
    if (is_text(duk, 2)) given = 2;
    else count = VMS__MIN(offset_take(duk, 2, "length", len, count), count);
  }
  int encoding = VMS__UTF8;
  if (given >= 0) {
    duk_dup(duk, given);
    if (duk_to_boolean(duk, -1)) encoding = vms__encoding_take(duk, given);
  }
  if (!is_text(duk, 0)) vms__throw_type(duk, "string", "of type string");
  duk_push_number(duk, (double)vms__encode(duk, 0, encoding, vms__buffer_this(duk).at + offset, count));
  return 1;
}

/* --- comparing and searching --------------------------------------------------------------------- */

static duk_ret_t buffer_equals(duk_context *duk) {
  vms__bytes a = vms__buffer_this(duk), b = bytes_take(duk, 0, "otherBuffer");
  duk_push_boolean(duk, a.len == b.len && order(duk, a, b) == 0);
  return 1;
}

static duk_ret_t buffer_compare(duk_context *duk) { /* (target, targetStart, targetEnd, sourceStart, sourceEnd) */
  vms__bytes a = vms__buffer_this(duk), b = bytes_take(duk, 0, "target");
  size_t b_start = offset_take(duk, 1, "targetStart", OFFSET_MAX, 0), b_end = offset_take(duk, 2, "targetEnd", b.len, b.len);
  size_t a_start = offset_take(duk, 3, "sourceStart", OFFSET_MAX, 0), a_end = offset_take(duk, 4, "sourceEnd", a.len, a.len);
  if (a_start >= a_end) duk_push_int(duk, b_start >= b_end ? 0 : -1);
  else if (b_start >= b_end) duk_push_int(duk, 1);
  else duk_push_int(duk, order(duk, (vms__bytes){ a.at + a_start, a_end - a_start }, (vms__bytes){ b.at + b_start, b_end - b_start }));
  return 1;
}

/* Whether the needle lies at this place. */
static bool matches(duk_context *duk, const uint8_t *at, vms__bytes needle) {
  vms__charge(&vms__of(duk)->meter, 1 + needle.len / 64);
  return memcmp(at, needle.at, needle.len) == 0;
}

/* The first place from `from` on, or the last one up to it, that is a multiple of `step`; -1: none. */
static double search(duk_context *duk, vms__bytes hay, vms__bytes needle, size_t from, size_t step, bool forward) {
  vms_sandbox *sandbox = vms__of(duk);
  size_t last = hay.len - needle.len, at = from;
  if (!forward) {
    for (at = VMS__MIN(from, last); ; at--) {
      if (at % 32 == 0) vms__charge(&sandbox->meter, 1);
      if (hay.at[at] == needle.at[0] && at % step == 0 && matches(duk, hay.at + at, needle)) return (double)at;
      if (at == 0) return -1;
    }
  }
  while (at <= last) {
    size_t part = VMS__MIN(last - at + 1, CHUNK);
    const uint8_t *found = memchr(hay.at + at, needle.at[0], part);
    size_t seen = found == NULL ? part : (size_t)(found - hay.at) - at;
    vms__charge(&sandbox->meter, 1 + seen / 32);
    at += seen;
    if (found == NULL) continue;
    if (at % step == 0 && matches(duk, found, needle)) return (double)at;
    at++;
  }
  return -1;
}

/* Where the search starts, as Node reckons: -1: nothing can be found. */
static double search_start(double offset, double hay, double needle, bool forward) {
  if (offset < 0) {
    if (offset + hay >= 0) return hay + offset;
    return forward || needle == 0 ? 0 : -1;
  }
  if (offset + needle <= hay) return offset;
  if (needle == 0) return hay;
  return forward ? -1 : hay - 1;
}

enum { FIND_FIRST = 0, FIND_LAST, FIND_ANY };

static duk_ret_t buffer_index_of(duk_context *duk) { /* (value, byteOffset, encoding); magic FIND_... */
  int what = duk_get_current_magic(duk), encoding = VMS__UTF8;
  bool forward = what != FIND_LAST;
  uint8_t byte;
  vms__bytes needle = { &byte, 1 };
  (void)vms__buffer_this(duk);
  if (is_text(duk, 1)) {
    duk_dup(duk, 1);
    duk_replace(duk, 2);
    duk_push_undefined(duk);
    duk_replace(duk, 1);
  }
  double offset = duk_to_number(duk, 1);
  if (duk_is_number(duk, 0)) {
    byte = (uint8_t)duk_to_uint32(duk, 0);
  } else if (is_text(duk, 0)) {
    encoding = vms__encoding_take(duk, 2);
    needle.len = vms__encode(duk, 0, encoding, NULL, SIZE_MAX_BYTES);
    needle.at = duk_push_fixed_buffer(duk, needle.len);
    vms__encode(duk, 0, encoding, needle.at, needle.len);
  } else {
    if (!duk_is_undefined(duk, 2)) encoding = VMS__MAX(vms__encoding_find(duk, 2), 0);
    needle = bytes_take(duk, 0, "value");
  }
  vms__bytes hay = vms__buffer_this(duk);
  offset = offset != offset ? (forward ? 0 : (double)hay.len) : trunc(fmin(fmax(offset, -2147483648.0), 2147483647.0));
  double start = search_start(offset, (double)hay.len, (double)needle.len, forward), found = -1;
  size_t step = encoding == VMS__UTF16LE ? 2 : 1;
  if (needle.len == 0) {
    found = start;
  } else if (start >= 0 && needle.len <= hay.len && needle.len >= step) {
    if (step == 2) needle.len &= ~(size_t)1;
    found = search(duk, hay, needle, (size_t)start & ~(step - 1), step, forward);
  }
  if (what == FIND_ANY) duk_push_boolean(duk, found >= 0);
  else duk_push_number(duk, found);
  return 1;
}

/* --- moving -------------------------------------------------------------------------------------- */

static duk_ret_t buffer_copy(duk_context *duk) { /* (target, targetStart, sourceStart, sourceEnd) */
  static const char *const names[] = { "target", "targetStart", "sourceStart", "sourceEnd" };
  double given[4] = { 0, 0, 0, INFINITY };
  size_t len = vms__buffer_this(duk).len;
  (void)bytes_take(duk, 0, names[0]);
  for (duk_idx_t i = 1; i < 4; i++) {
    if (duk_is_undefined(duk, i)) continue;
    given[i] = floor(duk_to_number(duk, i));
    if (!(fabs(given[i]) <= (double)OFFSET_MAX)) given[i] = 0; /* as Node */
    if (given[i] < 0 || (i == 2 && given[i] > (double)len)) {
      duk_push_number(duk, given[i]);
      vms__refuse_offset(duk, -1, names[i], 0, i == 2 ? (double)len : (double)SIZE_MAX_BYTES);
    }
  }
  vms__bytes from = vms__buffer_this(duk), to = bytes_take(duk, 0, names[0]);
  double count = fmin(fmin(given[3], (double)from.len) - given[2], (double)to.len - given[1]);
  if (count > 0) {
    vms__charge(&vms__of(duk)->meter, (uint64_t)count / 64);
    memmove(to.at + (size_t)given[1], from.at + (size_t)given[2], (size_t)count);
  }
  duk_push_number(duk, fmax(count, 0));
  return 1;
}

static duk_ret_t buffer_slice(duk_context *duk) { /* (start, end), also as subarray: the memory is shared */
  size_t len = vms__buffer_this(duk).len;
  size_t start = relative_take(duk, 0, len, 0), end = relative_take(duk, 1, len, len);
  vms__bytes own = vms__buffer_this(duk), all = { NULL, 0 };
  duk_push_this(duk);
  vms__push_array_buffer(duk, -1);
  vms__bytes_of(duk, -1, &all);
  size_t base = all.len == 0 || own.len == 0 ? 0 : (size_t)(own.at - all.at);
  push_view(duk, -1, base + (own.len == 0 ? 0 : start), end > start && own.len > 0 ? end - start : 0);
  return 1;
}

static duk_ret_t buffer_swap(duk_context *duk) { /* magic: bytes of a group */
  size_t size = (size_t)duk_get_current_magic(duk);
  vms__bytes bytes = vms__buffer_this(duk);
  if (bytes.len % size != 0)
    vms__throw_code(duk, DUK_ERR_RANGE_ERROR, "ERR_INVALID_BUFFER_SIZE", "Buffer size must be a multiple of %lu-bits", (unsigned long)size * 8);
  for (size_t i = 0; i < bytes.len; i += size) {
    if (i % CHUNK == 0) vms__charge(&vms__of(duk)->meter, VMS__MIN(bytes.len - i, CHUNK) / 32);
    for (size_t n = 0; n < size / 2; n++) {
      uint8_t byte = bytes.at[i + n];
      bytes.at[i + n] = bytes.at[i + size - 1 - n];
      bytes.at[i + size - 1 - n] = byte;
    }
  }
  duk_push_this(duk);
  return 1;
}

/* --- the global ---------------------------------------------------------------------------------- */

static void define_shown_methods(duk_context *duk, const vms__method *methods, size_t count) {
  for (size_t i = 0; i < count; i++) {
    vms__push_function(duk, methods[i].name, methods[i].function, methods[i].nargs, methods[i].length, methods[i].magic);
    vms__define_shown(duk, -2, methods[i].name);
  }
}

static const vms__method statics[] = {
  { "from", buffer_from, 3, 3, 0 },          { "of", buffer_of, DUK_VARARGS, 0, 0 },   { "alloc", buffer_alloc, 3, 3, 0 },
  { "allocUnsafe", buffer_alloc, 3, 1, 1 },  { "allocUnsafeSlow", buffer_alloc, 3, 1, 1 }, { "isBuffer", buffer_is_buffer, 1, 1, 0 },
  { "compare", buffer_compare_two, 2, 2, 0 }, { "isEncoding", buffer_is_encoding, 1, 1, 0 }, { "concat", buffer_concat, 2, 2, 0 },
  { "byteLength", buffer_byte_length, 2, 2, 0 },
};

static const vms__method methods[] = {
  { "copy", buffer_copy, 4, 4, 0 },          { "toString", buffer_to_string, 3, 3, 0 }, { "equals", buffer_equals, 1, 1, 0 },
  { "compare", buffer_compare, 5, 5, 0 },    { "indexOf", buffer_index_of, 3, 3, FIND_FIRST },
  { "lastIndexOf", buffer_index_of, 3, 3, FIND_LAST }, { "includes", buffer_index_of, 3, 3, FIND_ANY },
  { "fill", buffer_fill, 4, 4, 0 },          { "write", buffer_write, 4, 4, 0 },       { "toJSON", buffer_to_json, 0, 0, 0 },
  { "subarray", buffer_slice, 2, 2, 0 },     { "slice", buffer_slice, 2, 2, 0 },       { "swap16", buffer_swap, 0, 0, 2 },
  { "swap32", buffer_swap, 0, 0, 4 },        { "swap64", buffer_swap, 0, 0, 8 },
};

/* Makes constructor and prototype, if they are not there yet. Looks up nothing that a script may have changed. */
static void need(vms_sandbox *sandbox, duk_context *duk) {
  if (sandbox->refs[VMS__REF_BUFFER] != NULL) return;
  duk_push_object(duk);
  vms__ref_push(sandbox, duk, VMS__REF_UINT8ARRAY_PROTO);
  duk_set_prototype(duk, -2);
  vms__push_constructor(duk, "Buffer", buffer_constructor, 3, 3);
  vms__ref_push(sandbox, duk, VMS__REF_UINT8ARRAY);
  duk_set_prototype(duk, -2); /* [ prototype constructor ] */
  duk_push_literal(duk, "prototype");
  duk_dup(duk, -3);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WRITABLE | DUK_DEFPROP_FORCE);
  duk_dup_top(duk);
  vms__define(duk, -3, "constructor");
  define_shown_methods(duk, statics, sizeof statics / sizeof statics[0]);
  duk_push_int(duk, 8192);
  vms__define_shown(duk, -2, "poolSize");
  vms__define_species(duk, -1);
  vms__ref_set(sandbox, duk, VMS__REF_BUFFER);
  define_shown_methods(duk, methods, sizeof methods / sizeof methods[0]);
  vms__buffer_numbers(duk, -1);
  duk_push_literal(duk, "toString");
  vms__own_value(duk, duk_get_heapptr(duk, -2), duk_get_heapptr(duk, -1));
  vms__define_shown(duk, -3, "toLocaleString");
  duk_pop(duk);
  vms__ref_set(sandbox, duk, VMS__REF_BUFFER_PROTO);
}

static duk_ret_t get_buffer(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  need(sandbox, duk);
  vms__ref_push(sandbox, duk, VMS__REF_BUFFER);
  return 1;
}

/* A script may put something else in its place. */
static duk_ret_t set_buffer(duk_context *duk) {
  duk_push_global_object(duk);
  duk_dup(duk, 0);
  vms__define(duk, -2, "Buffer");
  return 0;
}

void vms__buffer_open(vms_sandbox *sandbox, duk_context *duk) {
  duk_get_global_literal(duk, "Uint8Array");
  duk_get_prop_literal(duk, -1, "prototype");
  vms__ref_set(sandbox, duk, VMS__REF_UINT8ARRAY_PROTO);
  vms__ref_set(sandbox, duk, VMS__REF_UINT8ARRAY);
  duk_push_global_object(duk);
  duk_push_literal(duk, "Buffer");
  vms__push_function(duk, "get", get_buffer, 0, 0, 0);
  vms__push_function(duk, "set", set_buffer, 1, 1, 0);
  duk_def_prop(duk, -4, DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_HAVE_SETTER | DUK_DEFPROP_CLEAR_ENUMERABLE |
                            DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
  duk_pop(duk);
  vms__buffer_text_open(duk);
}
