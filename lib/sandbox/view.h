/* SPDX-License-Identifier: MIT */
/* The bytes behind ArrayBuffers, typed arrays and DataViews, for our built-ins and the patched Duktape: knows nothing but
 * standard types. Such bytes never move and never get fewer while the object is reachable: nothing detaches or resizes a
 * buffer. So a view, once taken, holds across calls into the script. */
#ifndef VMS_SANDBOX_VIEW_H
#define VMS_SANDBOX_VIEW_H

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { VMS__NO_VIEW = 0, VMS__ARRAY_BUFFER, VMS__DATA_VIEW, VMS__TYPED_ARRAY };

/* What the elements are: Duktape's numbers. */
enum {
  VMS__UINT8 = 0, VMS__UINT8_CLAMPED, VMS__INT8, VMS__UINT16, VMS__INT16, VMS__UINT32, VMS__INT32, VMS__FLOAT32, VMS__FLOAT64,
  VMS__ELEMENT_TYPES
};

typedef struct vms__view {
  unsigned char *data;
  uint32_t offset, length; /* bytes: where in the buffer it begins, how many it has */
  uint8_t type, shift;     /* of a typed array: what its elements are, the logarithm of their size */
} vms__view;

/* In the patched engine: fills in the view, returns its kind. The object may be NULL. */
int vms__view_of(void *object, vms__view *view);

static inline uint32_t vms__view_count(const vms__view *view) { return view->length >> view->shift; }

static inline uint32_t vms__to_uint32(double number) {
  if (number > -9e18 && number < 9e18) return (uint32_t)(int64_t)number;
  if (!(fabs(number) < INFINITY)) return 0;
  number = fmod(trunc(number), 4294967296.0); /* exact */
  return number < 0 ? (uint32_t)(4294967296.0 + number) : (uint32_t)number;
}

/* Ties go to the even neighbour. */
static inline unsigned char vms__to_clamped(double number) {
  if (!(number > 0)) return 0;
  if (number >= 255) return 255;
  double below = floor(number);
  unsigned char whole = (unsigned char)below;
  return (unsigned char)(whole + (number - below > 0.5 || (number - below == 0.5 && (whole & 1))));
}

static inline double vms__load(const unsigned char *at, int type) {
  union { uint16_t u16; int16_t i16; uint32_t u32; int32_t i32; float f32; double f64; } it;
  switch (type) {
    case VMS__UINT8:
    case VMS__UINT8_CLAMPED: return *at;
    case VMS__INT8: return (int8_t)*at;
    case VMS__UINT16: memcpy(&it, at, 2); return it.u16;
    case VMS__INT16: memcpy(&it, at, 2); return it.i16;
    case VMS__UINT32: memcpy(&it, at, 4); return it.u32;
    case VMS__INT32: memcpy(&it, at, 4); return it.i32;
    case VMS__FLOAT32: memcpy(&it, at, 4); return (double)it.f32;
    default: memcpy(&it, at, 8); return it.f64;
  }
}

/* All NaNs become the same one. */
static inline void vms__store(unsigned char *at, int type, double number) {
  union { uint16_t u16; uint32_t u32; uint64_t u64; float f32; double f64; } it;
  switch (type) {
    case VMS__UINT8:
    case VMS__INT8: *at = (unsigned char)vms__to_uint32(number); return;
    case VMS__UINT8_CLAMPED: *at = vms__to_clamped(number); return;
    case VMS__UINT16:
    case VMS__INT16: it.u16 = (uint16_t)vms__to_uint32(number); memcpy(at, &it, 2); return;
    case VMS__UINT32:
    case VMS__INT32: it.u32 = vms__to_uint32(number); memcpy(at, &it, 4); return;
    case VMS__FLOAT32:
      it.f32 = (float)number;
      if (number != number) it.u32 = UINT32_C(0x7fc00000);
      memcpy(at, &it, 4);
      return;
    default:
      it.f64 = number;
      if (number != number) it.u64 = UINT64_C(0x7ff8000000000000);
      memcpy(at, &it, 8);
  }
}

static inline double vms__element(const vms__view *view, size_t index) {
  return vms__load(view->data + (index << view->shift), view->type);
}

static inline void vms__element_set(const vms__view *view, size_t index, double number) {
  vms__store(view->data + (index << view->shift), view->type, number);
}

#endif
