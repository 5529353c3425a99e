/* SPDX-License-Identifier: MIT */
/* What all of lib/ shares and nobody outside sees. */
#ifndef VMS_BASE_INTERNAL_H
#define VMS_BASE_INTERNAL_H

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "vms/base.h"

#if !defined(__x86_64__) && !defined(__aarch64__)
#error "libvms is built for 64-bit little-endian machines (x86-64, aarch64)"
#endif

#define VMS__MIN(a, b) ((a) < (b) ? (a) : (b))
#define VMS__MAX(a, b) ((a) > (b) ? (a) : (b))
/* A slice of a string literal. */
#define VMS__TEXT(literal) ((vms_slice){ "" literal, sizeof(literal) - 1 })

/* --- errors ------------------------------------------------------------------------------- */

/* Fills *error (if not NULL) with a message cut at a character boundary; returns status. */
int vms__fail(vms_error *error, int status, uint64_t position, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* --- options ------------------------------------------------------------------------------ */

/* Copies a caller's options struct (first member: uint32_t size) over `known`, whose size and
 * defaults are set. VMS_ERR_ARGUMENT if the caller's is larger and sets what this library
 * does not know, so an old library never ignores a new wish. `given` may be NULL. */
int vms__options_load(void *known, size_t known_len, const void *given, vms_error *error);

/* --- memory ------------------------------------------------------------------------------- */

void *vms__alloc(const vms_env *env, size_t len);  /* zeroed; NULL if there is none */
void *vms__resize(const vms_env *env, void *memory, size_t old_len, size_t new_len); /* new part not zeroed */
void vms__free(const vms_env *env, void *memory, size_t len);  /* accepts NULL */

/* Makes room for `more` elements behind `count` in an array whose capacity is counted in elements;
 * grows by half. Returns VMS_OK or VMS_ERR_NOMEM. */
int vms__grow(const vms_env *env, void *array_pointer, size_t *capacity, size_t count, size_t more, size_t element_len);

/* --- buffers ------------------------------------------------------------------------------ */
/* A failed append leaves the buffer as it was; callers check the status of each. */

int vms__buf_reserve(vms_buffer *buffer, size_t more);
/* NUL-terminated; here, so that the length of a literal is known where it is compiled. */
static inline int vms__buf_text(vms_buffer *buffer, const char *text) { return vms_buffer_append(buffer, text, strlen(text)); }
int vms__buf_slice(vms_buffer *buffer, vms_slice slice);
int vms__buf_byte(vms_buffer *buffer, uint8_t byte);
int vms__buf_format(vms_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
int vms__buf_uint(vms_buffer *buffer, uint64_t number);    /* decimal */
int vms__buf_hex(vms_buffer *buffer, const void *bytes, size_t len);
int vms__buf_base64(vms_buffer *buffer, const void *bytes, size_t len);
int vms__buf_json_string(vms_buffer *buffer, const void *utf8, size_t len); /* quoted, escaped as JSON.stringify does */
static inline void vms__buf_clear(vms_buffer *buffer) { buffer->len = 0; }
static inline vms_slice vms__buf_view(const vms_buffer *buffer) { return (vms_slice){ buffer->data, buffer->len }; }

/* --- text --------------------------------------------------------------------------------- */

static inline bool vms__slice_is(vms_slice slice, const char *text) {
  return slice.len == strlen(text) && (slice.len == 0 || memcmp(slice.data, text, slice.len) == 0);
}
static inline bool vms__slice_equal(vms_slice a, vms_slice b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
static inline vms_slice vms__slice_of(const char *text) { return (vms_slice){ text, strlen(text) }; }

bool vms__utf8_valid(const void *bytes, size_t len);
/* Lower-case hex of exactly 2*len digits. */
bool vms__hex_decode(vms_slice hex, void *bytes, size_t len);
/* Standard alphabet with padding, nothing else; appends to out. VMS_ERR_FORM or VMS_ERR_NOMEM. */
int vms__base64_decode(vms_slice text, vms_buffer *out);
/* Shortest decimal, no sign, no leading zero, at most 2^53-1. */
bool vms__uint_decode(vms_slice text, uint64_t *number);

/* --- JSON: a strict scanner over raw text (RFC 8259), nothing is built ---------------------- */

#define VMS__JSON_DEPTH_MAX 64u
#define VMS__JSON_INT_MAX UINT64_C(9007199254740991) /* 2^53-1 */

/* How strict a scan is. */
enum {
  VMS__JSON_ANY = 0,     /* white space between tokens is fine                */
  VMS__JSON_COMPACT = 1  /* no white space outside strings                    */
};

/* True if the whole slice is one JSON value (valid UTF-8, at most depth_max nested arrays/objects). */
bool vms__json_valid(vms_slice text, unsigned depth_max, int mode);

/* A cursor over text; every function moves on only when it succeeds. White space is skipped before
 * tokens only in mode ANY. */
typedef struct vms__json {
  const char *at, *end;
  unsigned depth_max;
  int mode;
} vms__json;

vms__json vms__json_over(vms_slice text, int mode);
vms_slice vms__json_trim(vms_slice text);                         /* without the white space round it */
bool vms__json_literal(vms__json *json, const char *text);        /* exactly these bytes */
bool vms__json_value(vms__json *json, vms_slice *raw);            /* any value, raw; raw may be NULL */
bool vms__json_string(vms__json *json, vms_slice *raw);           /* raw without the quotes, escapes kept */
bool vms__json_uint(vms__json *json, uint64_t *number);           /* as vms__uint_decode */
bool vms__json_hex(vms__json *json, void *bytes, size_t len);     /* a string of 2*len lower-case hex digits */
bool vms__json_end(vms__json *json);                              /* nothing left (but white space in ANY) */

/* Appends the text that a raw string slice (without quotes) stands for, as UTF-8; a lone surrogate escape
 * becomes U+FFFD. VMS_ERR_FORM cannot happen for a slice that the scanner returned. */
int vms__json_unescape(vms_slice raw, vms_buffer *out);

/* Finds a member of an object / an element of an array in valid JSON text. The last of several equal
 * names wins, as JSON.parse has it. False if there is none or `text` is no object / array. */
bool vms__json_member(vms_slice object, const char *name, vms_slice *value);
bool vms__json_element(vms_slice array, size_t index, vms_slice *value);
/* Walks an array or object: *iterator starts as NULL. For objects `name` (raw, without quotes) is filled. */
bool vms__json_next(vms_slice container, const char **iterator, vms_slice *name, vms_slice *value);

/* --- lent upward: signing often with one key, and checking ----------------------------------------------------- */

/* An expanded secret key: the seed, then the public key. Expanding costs as much as signing. */
#define VMS__SECRET_LEN 64u
void vms__crypto_expand(const uint8_t seed[32], uint8_t secret[VMS__SECRET_LEN]); /* lib/ledger/crypto.c */
void vms__crypto_sign(const uint8_t secret[VMS__SECRET_LEN], const void *bytes, size_t len, uint8_t signature[64]);
void vms__crypto_wipe(void *bytes, size_t len); /* not optimised away */
/* As vms_request_sign(). lib/service/request.c */
int vms__request_sign(vms_slice text, const uint8_t secret[VMS__SECRET_LEN], uint8_t signature[64]);
/* As vms_request_check(), with the caller's memory: VMS_ERR_NOMEM says nothing about the signature. */
int vms__request_check(vms_buffer *scratch, vms_slice text, const uint8_t caller[32], const uint8_t signature[64], bool *valid);

/* --- lent upward: hashes, and the curve edwards25519 (lib/ledger/crypto.c) ------------------------------ */
/* Points are the 32-byte encodings of RFC 8032, section 5.1.2; scalars 32 bytes, little-endian. */

/* BLAKE2b-256 over pieces laid end to end, with a key of 16..64 bytes; key_len 0: without. */
void vms__crypto_hash_parts(const void *key, size_t key_len, const vms_slice *parts, size_t count, uint8_t hash[32]);
/* SHA-512 of pieces laid end to end; in two halves: the first one may be ended in several ways. */
typedef struct vms__sha512 { uint64_t state[26]; } vms__sha512;
void vms__crypto_sha512_begin(vms__sha512 *first, const vms_slice *parts, size_t count);
void vms__crypto_sha512_end(const vms__sha512 *first, const vms_slice *parts, size_t count, uint8_t hash[64]);
void vms__crypto_sha512(const vms_slice *parts, size_t count, uint8_t hash[64]);
/* True if it decodes as RFC 8032, 5.1.3 wants it: a point of the curve, of whatever order, in its one encoding. */
bool vms__crypto_point_valid(const uint8_t point[32]);
bool vms__crypto_point_is_zero(const uint8_t point[32]); /* the neutral one */
/* Those that follow take valid points; results may be operands. */
void vms__crypto_point_sub(const uint8_t a[32], const uint8_t b[32], uint8_t difference[32]);
void vms__crypto_point_clear(const uint8_t point[32], uint8_t cleared[32]); /* times the cofactor, 8 */
/* Constant-time if the point is of prime order and the scalar is not zero; slower else. The scalar is below 2^255. */
void vms__crypto_point_mul(const uint8_t scalar[32], const uint8_t point[32], uint8_t product[32]);
void vms__crypto_base_mul(const uint8_t scalar[32], uint8_t product[32]); /* of the base point; constant-time */
bool vms__crypto_scalar_valid(const uint8_t scalar[32]);                   /* below the group's order */
void vms__crypto_scalar_reduce(const uint8_t wide[64], uint8_t scalar[32]);
void vms__crypto_scalar_mul_add(const uint8_t a[32], const uint8_t b[32], const uint8_t c[32], uint8_t result[32]); /* a*b+c */

#endif
