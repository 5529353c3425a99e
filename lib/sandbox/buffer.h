/* SPDX-License-Identifier: MIT */
/* Node's Buffer: what its files share. Every operation coerces its arguments first, which may run script code, and takes the
 * addresses of bytes after that. */
#ifndef VMS_SANDBOX_BUFFER_H
#define VMS_SANDBOX_BUFFER_H

#include "lib/sandbox/builtins.h"

typedef struct vms__bytes {
  uint8_t *at; /* never NULL */
  size_t len;
} vms__bytes;

enum { VMS__UTF8 = 0, VMS__HEX, VMS__BASE64, VMS__BASE64URL, VMS__ASCII, VMS__LATIN1, VMS__UTF16LE };

/* --- bi_buffer_text.c ---------------------------------------------------------------------------- */
/* Throws an error with Node's `code`. */
duk_ret_t vms__throw_code(duk_context *duk, duk_errcode_t kind, const char *code, const char *format, ...)
    __attribute__((noreturn, format(printf, 4, 5)));
duk_ret_t vms__throw_type(duk_context *duk, const char *name, const char *wanted) __attribute__((noreturn));
/* The encoding that the string at idx names, in any case; -1: none of them. */
int vms__encoding_find(duk_context *duk, duk_idx_t idx);
/* The same for an argument: undefined is utf8, the rest is converted to a string; what is unknown throws. */
int vms__encoding_take(duk_context *duk, duk_idx_t idx);
/* Writes what the string at idx stands for, whole characters only, at most `max` bytes; returns how many. out NULL: counts them. */
size_t vms__encode(duk_context *duk, duk_idx_t idx, int encoding, uint8_t *out, size_t max);
/* Pushes the text that the bytes stand for. */
void vms__push_decoded(duk_context *duk, vms__bytes bytes, int encoding);

/* --- bi_buffer.c --------------------------------------------------------------------------------- */
/* The bytes of the view or ArrayBuffer at idx; false if it is none. */
bool vms__bytes_of(duk_context *duk, duk_idx_t idx, vms__bytes *bytes);
bool vms__is_uint8array(duk_context *duk, duk_idx_t idx);
vms__bytes vms__buffer_this(duk_context *duk); /* a Uint8Array */
/* Pushes a Buffer of zeros. */
uint8_t *vms__push_buffer(duk_context *duk, size_t len);
/* Refuses an offset for what it is, since there are no `size` bytes there (boundsError in Node). */
void vms__refuse_offset(duk_context *duk, duk_idx_t idx, const char *name, double low, double high) __attribute__((noreturn));

/* --- bi_buffer_numbers.c ------------------------------------------------------------------------- */
void vms__buffer_numbers(duk_context *duk, duk_idx_t prototype);

#endif
