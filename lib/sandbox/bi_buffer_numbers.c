/* SPDX-License-Identifier: MIT */
/* Node's Buffer: numbers in bytes (readInt16LE and the like). */
#include "lib/sandbox/buffer.h"

#include <math.h>

/* What a function reads or writes, as its magic: the bytes of it (0: the script says, up to 6), and how. */
enum { BIG = 16, SIGNED = 32, REAL = 64, SIZE = 15 };
#define SIZE_MOST 6

/* The size from the argument at idx. */
static size_t size_take(duk_context *duk, duk_idx_t idx) {
  double size = duk_is_number(duk, idx) ? duk_get_number(duk, idx) : 0;
  if (size >= 1 && size <= SIZE_MOST && size == floor(size)) return (size_t)size;
  vms__refuse_offset(duk, idx, "byteLength", 1, SIZE_MOST);
}

/* The place of `size` bytes at the offset that is the argument at idx. */
static uint8_t *place_take(duk_context *duk, duk_idx_t idx, size_t size, bool required) {
  vms__bytes bytes = vms__buffer_this(duk);
  if (duk_is_undefined(duk, idx) && !required) {
    duk_push_int(duk, 0);
    duk_replace(duk, idx);
  }
  double offset = duk_is_number(duk, idx) ? duk_get_number(duk, idx) : -1;
  if (offset >= 0 && offset == floor(offset) && (double)bytes.len - (double)size >= offset) return bytes.at + (size_t)offset;
  vms__refuse_offset(duk, idx, "offset", 0, (double)bytes.len - (double)size);
}

static double read_real(uint64_t bits, size_t size) {
  double value;
  if (size == 4) {
    uint32_t low = (uint32_t)bits;
    float narrow;
    memcpy(&narrow, &low, sizeof narrow);
    value = (double)narrow;
  } else {
    memcpy(&value, &bits, sizeof value);
  }
  return value != value ? (double)NAN : value; /* no bits of it are seen */
}

static duk_ret_t number_read(duk_context *duk) { /* (offset), or (offset, byteLength) */
  int how = duk_get_current_magic(duk);
  size_t size = (size_t)(how & SIZE);
  bool any = size == 0;
  if (any && duk_is_undefined(duk, 0)) vms__throw_type(duk, "offset", "of type number");
  if (any) size = size_take(duk, 1);
  const uint8_t *at = place_take(duk, 0, size, any);
  uint64_t bits = 0;
  for (size_t i = 0; i < size; i++) bits = bits << 8 | at[how & BIG ? i : size - 1 - i];
  if (how & REAL) {
    duk_push_number(duk, read_real(bits, size));
  } else {
    double value = (double)bits; /* exact: at most 48 bits */
    if ((how & SIGNED) != 0 && bits >> (8 * size - 1) != 0) value -= ldexp(1, (int)(8 * size));
    duk_push_number(duk, value);
  }
  return 1;
}

static uint64_t real_bits(double value, size_t size) {
  uint64_t bits = 0;
  if (size == 4) {
    float narrow = (float)value;
    uint32_t low;
    memcpy(&low, &narrow, sizeof low);
    return value != value ? 0x7fc00000u : low;
  }
  memcpy(&bits, &value, sizeof bits);
  return value != value ? 0x7ff8000000000000u : bits;
}

/* The low bits of an integer; beyond 32, the upper ones are rounded down as Node does it. */
static uint64_t integer_bits(double value, size_t size) {
  if (value != value) return 0;
  uint64_t low = (uint32_t)(int64_t)value; /* in range: below 2^48 */
  return size <= 4 ? low : (uint64_t)(int64_t)floor(value * 0x1p-32) << 32 | low;
}

static duk_ret_t number_write(duk_context *duk) { /* (value, offset), or (value, offset, byteLength) */
  int how = duk_get_current_magic(duk);
  size_t size = (size_t)(how & SIZE);
  bool any = size == 0;
  if (any) size = size_take(duk, 2);
  double value = duk_to_number(duk, 0);
  uint64_t bits;
  if (size == 1 && (any || !duk_is_undefined(duk, 1)) && !duk_is_number(duk, 1)) vms__throw_type(duk, "offset", "of type number");
  if ((how & REAL) == 0) {
    double most = ldexp(1, (int)(8 * size) - (how & SIGNED ? 1 : 0));
    if (value > most - 1 || value < (how & SIGNED ? -most : 0)) vms__refuse_offset(duk, 0, "value", how & SIGNED ? -most : 0, most - 1);
  }
  uint8_t *at = place_take(duk, 1, size, any);
  bits = how & REAL ? real_bits(value, size) : integer_bits(value, size);
  for (size_t i = 0; i < size; i++) at[how & BIG ? size - 1 - i : i] = (uint8_t)(bits >> (8 * i));
  duk_push_number(duk, duk_get_number(duk, 1) + (double)size);
  return 1;
}

/* The names of integers with `Uint` are the same functions as those with `UInt`. */
static const struct { const char *name; int how; } kinds[] = {
  { "UIntLE", 0 },          { "UIntBE", BIG },          { "UInt8", 1 },
  { "UInt16LE", 2 },        { "UInt16BE", 2 | BIG },    { "UInt32LE", 4 },          { "UInt32BE", 4 | BIG },
  { "IntLE", SIGNED },      { "IntBE", SIGNED | BIG },  { "Int8", 1 | SIGNED },
  { "Int16LE", 2 | SIGNED }, { "Int16BE", 2 | SIGNED | BIG }, { "Int32LE", 4 | SIGNED }, { "Int32BE", 4 | SIGNED | BIG },
  { "FloatLE", 4 | REAL },  { "FloatBE", 4 | REAL | BIG }, { "DoubleLE", 8 | REAL }, { "DoubleBE", 8 | REAL | BIG },
};

void vms__buffer_numbers(duk_context *duk, duk_idx_t prototype) {
  char name[16];
  prototype = duk_normalize_index(duk, prototype);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    for (int write = 0; write < 2; write++) {
      int any = (kinds[i].how & SIZE) == 0;
      size_t len = (size_t)snprintf(name, sizeof name, "%s%s", write ? "write" : "read", kinds[i].name);
      vms__push_function(duk, name, write ? number_write : number_read, write ? 2 + any : 1 + any, write ? 1 + 2 * any : 2 * any, kinds[i].how);
      duk_dup_top(duk);
      vms__define_shown(duk, prototype, name);
      char *letter = memchr(name, 'U', len);
      if (letter == NULL) {
        duk_pop(duk);
        continue;
      }
      letter[1] = 'i';
      vms__define_shown(duk, prototype, name);
    }
}
