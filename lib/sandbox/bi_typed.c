/* SPDX-License-Identifier: MIT */
/* Typed arrays: %TypedArray%, its nine constructors and the methods that they share. Their elements, as properties, are the
 * patched engine's. What the script is asked for in between cannot take bytes away (view.h), so bounds are checked once;
 * everything that runs over elements is charged before each piece of it. */
#include "lib/sandbox/builtins.h"

#include <math.h>
#include <string.h>

#define BYTES_MAX 2147483647.0
#define PIECE 65536u /* elements between two charges */

static const struct {
  const char *name;
  int shift;
  duk_uint_t object;
} types[VMS__ELEMENT_TYPES] = {
  { "Uint8Array", 0, DUK_BUFOBJ_UINT8ARRAY },   { "Uint8ClampedArray", 0, DUK_BUFOBJ_UINT8CLAMPEDARRAY },
  { "Int8Array", 0, DUK_BUFOBJ_INT8ARRAY },     { "Uint16Array", 1, DUK_BUFOBJ_UINT16ARRAY },
  { "Int16Array", 1, DUK_BUFOBJ_INT16ARRAY },   { "Uint32Array", 2, DUK_BUFOBJ_UINT32ARRAY },
  { "Int32Array", 2, DUK_BUFOBJ_INT32ARRAY },   { "Float32Array", 2, DUK_BUFOBJ_FLOAT32ARRAY },
  { "Float64Array", 3, DUK_BUFOBJ_FLOAT64ARRAY },
};

/* --- bytes ----------------------------------------------------------------------------------------- */

double vms__to_index(duk_context *duk, duk_idx_t idx) {
  double it = vms__to_integer(duk, idx);
  if (it < 0 || it > VMS__LENGTH_MAX) (void)duk_range_error(duk, "not an index");
  return it;
}

void vms__push_bytes(duk_context *duk, double length) {
  if (length > BYTES_MAX) (void)duk_range_error(duk, "buffer is too long");
  duk_push_fixed_buffer(duk, (duk_size_t)length);
}

static void charge(duk_context *duk, uint64_t steps) { vms__charge(&vms__of(duk)->meter, steps); }

/* The end of the next piece of count - i elements, which is paid. */
static size_t next_piece(duk_context *duk, size_t i, size_t count) {
  size_t end = count - i > PIECE ? i + PIECE : count;
  charge(duk, end - i);
  return end;
}

void vms__move_bytes(duk_context *duk, unsigned char *to, const unsigned char *from, size_t length) {
  size_t piece = (size_t)PIECE * 16;
  bool backwards = to > from && to < from + length;
  for (size_t done = 0; done < length;) {
    size_t step = VMS__MIN(length - done, piece), at = backwards ? length - done - step : done;
    charge(duk, step / 64);
    memmove(to + at, from + at, step);
    done += step;
  }
}

/* --- making them ------------------------------------------------------------------------------------ */

static vms__view require_typed(duk_context *duk, duk_idx_t idx) {
  vms__view view = { NULL, 0, 0, 0, 0 };
  if (vms__view_of(duk_get_heapptr(duk, idx), &view) != VMS__TYPED_ARRAY) (void)duk_type_error(duk, "not a typed array");
  return view;
}

static vms__view push_this_typed(duk_context *duk) {
  duk_push_this(duk);
  return require_typed(duk, -1);
}

static vms__view push_typed(duk_context *duk, int type, double count) {
  double length = count * (1 << types[type].shift);
  vms__push_bytes(duk, length);
  duk_push_buffer_object(duk, -1, 0, (duk_size_t)length, types[type].object);
  duk_remove(duk, -2);
  return require_typed(duk, -1);
}

/* Pushes an array of the same type, whatever the species. */
static vms__view push_copy(duk_context *duk, const vms__view *of) {
  vms__view made = push_typed(duk, of->type, vms__view_count(of));
  vms__move_bytes(duk, made.data, of->data, of->length);
  return made;
}

/* TypedArrayCreate: [ ... constructor arguments ] -> [ ... array ] of at least so many elements. */
static vms__view create(duk_context *duk, duk_idx_t arguments, double count) {
  duk_new(duk, arguments);
  vms__view view = require_typed(duk, -1);
  if (vms__view_count(&view) < count) (void)duk_type_error(duk, "typed array is too short");
  return view;
}

/* Pushes the constructor for arrays made of the one at idx; true: it is the built-in one. */
static bool push_constructor(duk_context *duk, duk_idx_t idx, int type) {
  vms__push_species_constructor(duk, idx, VMS__REF_TYPED + type);
  return duk_get_heapptr(duk, -1) == vms__of(duk)->refs[VMS__REF_TYPED + type];
}

/* TypedArraySpeciesCreate with a count. */
static vms__view push_species(duk_context *duk, duk_idx_t idx, const vms__view *of, double count) {
  if (push_constructor(duk, idx, of->type)) {
    duk_pop(duk);
    return push_typed(duk, of->type, count);
  }
  duk_push_number(duk, count);
  return create(duk, 1, count);
}

/* Whether elements of the one type are copied to the other as they are. */
static bool alike(int to, int from) {
  if (to == from) return true;
  if (to >= VMS__FLOAT32 || from >= VMS__FLOAT32 || types[to].shift != types[from].shift) return false;
  return !(to == VMS__UINT8_CLAMPED && from == VMS__INT8);
}

/* SetTypedArrayFromTypedArray: as if `from` had been copied first. The caller has checked that there is room. */
static void copy_elements(duk_context *duk, const vms__view *to, size_t at, const vms__view *from, size_t count) {
  unsigned char *target = to->data + (at << to->shift);
  const unsigned char *source = from->data;
  size_t target_len = count << to->shift, source_len = count << from->shift;
  if (alike(to->type, from->type)) {
    vms__move_bytes(duk, target, source, source_len);
    return;
  }
  bool overlap = count > 0 && target < source + source_len && source < target + target_len;
  if (overlap) {
    unsigned char *copy = duk_push_fixed_buffer(duk, source_len);
    vms__move_bytes(duk, copy, source, source_len);
    source = copy;
  }
  for (size_t i = 0; i < count;)
    for (size_t end = next_piece(duk, i, count); i < end; i++)
      vms__store(target + (i << to->shift), to->type, vms__load(source + (i << from->shift), from->type));
  if (overlap) duk_pop(duk);
}

/* [ ... value ] -> [ ... ] */
static void put(duk_context *duk, const vms__view *view, double index) {
  double number = duk_to_number(duk, -1);
  duk_pop(duk);
  if (index < vms__view_count(view)) vms__element_set(view, (size_t)index, number);
}

/* --- constructors ------------------------------------------------------------------------------------- */

static duk_ret_t abstract_construct(duk_context *duk) { return duk_type_error(duk, "TypedArray cannot be constructed"); }

static duk_ret_t construct_of_buffer(duk_context *duk, int type, const vms__view *buffer) {
  double offset = vms__to_index(duk, 1), length;
  int size = 1 << types[type].shift;
  if (fmod(offset, size) != 0) return duk_range_error(duk, "offset is not a multiple of %d", size);
  if (duk_is_undefined(duk, 2)) {
    if (buffer->length % (unsigned)size != 0) return duk_range_error(duk, "length of the buffer is not a multiple of %d", size);
    length = buffer->length - offset;
    if (length < 0) return duk_range_error(duk, "offset is beyond the buffer");
  } else {
    length = vms__to_index(duk, 2) * size;
    if (offset + length > buffer->length) return duk_range_error(duk, "buffer is too short");
  }
  duk_push_buffer_object(duk, 0, (duk_size_t)offset, (duk_size_t)length, types[type].object);
  return 1;
}

/* [ ... list ... value ] */
static duk_ret_t list_step(duk_context *duk, void *udata) {
  duk_idx_t list = *(duk_idx_t *)udata;
  vms__fresh_put(duk, list, (duk_uarridx_t)duk_get_length(duk, list));
  return 0;
}

/* An array of numbers that is iterated as it was at first: pushes the typed array, or nothing. */
static bool push_of_numbers(duk_context *duk, duk_idx_t source, int type) {
  void *array = duk_get_heapptr(duk, source);
  size_t count = duk_get_length(duk, source), i = 0;
  vms__view made = push_typed(duk, type, (double)count);
  double number;
  while (i < count) {
    size_t end = next_piece(duk, i, count);
    for (; i < end; i++) {
      if (!vms__dense_number(array, (duk_uarridx_t)i, &number)) {
        duk_pop(duk);
        return false;
      }
      vms__element_set(&made, i, number);
    }
  }
  return true;
}

/* [ ... method ] -> [ ... ]: replaces the source (an index from 0) by the list of what the method that makes its iterator gives,
 * by an object if there is none. */
static void gather(duk_context *duk, duk_idx_t source) {
  if (duk_is_undefined(duk, -1)) {
    duk_pop(duk);
    duk_to_object(duk, source);
    return;
  }
  vms__view view;
  if (vms__view_of(duk_get_heapptr(duk, source), &view) == VMS__TYPED_ARRAY && vms__plain_iteration(duk, -1, true)) {
    duk_pop(duk);
    push_copy(duk, &view); /* its elements are all that there is to see */
    duk_replace(duk, source);
    return;
  }
  duk_push_bare_array(duk);
  duk_insert(duk, -2);
  duk_idx_t list = duk_get_top(duk) - 2;
  vms__iterate_by(duk, source, list_step, &list);
  duk_replace(duk, source);
}

/* magic: the type; or-ed with the bits of the engine's table of built-ins. */
duk_ret_t vms__typed_construct(duk_context *duk) {
  int type = duk_get_current_magic(duk) >> 2;
  vms__view source, made;
  if (!duk_is_constructor_call(duk)) return duk_type_error(duk, "%s wants new", types[type].name);
  if (!duk_is_object(duk, 0)) {
    push_typed(duk, type, vms__to_index(duk, 0));
    return 1;
  }
  int kind = vms__view_of(duk_get_heapptr(duk, 0), &source);
  if (kind == VMS__ARRAY_BUFFER) return construct_of_buffer(duk, type, &source);
  if (kind == VMS__TYPED_ARRAY) {
    made = push_typed(duk, type, vms__view_count(&source));
    copy_elements(duk, &made, 0, &source, vms__view_count(&source));
    return 1;
  }
  duk_set_top(duk, 1);
  vms__get_method(duk, 0, DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
  bool plain = duk_is_array(duk, 0) && !vms__is_proxy(duk, 0) && vms__plain_iteration(duk, 1, false);
  if (plain && push_of_numbers(duk, 0, type)) return 1;
  gather(duk, 0);
  double count = vms__length_of(duk, 0);
  made = push_typed(duk, type, count);
  for (double i = 0; i < count; i++) {
    vms__get_at(duk, 0, i);
    put(duk, &made, i);
  }
  return 1;
}

static duk_ret_t typed_from(duk_context *duk) { /* [ source fn self ] */
  bool map = !duk_is_undefined(duk, 1);
  duk_push_this(duk);
  if (!duk_is_constructable(duk, 3)) return duk_type_error(duk, "this is not a constructor");
  if (map) vms__require_callable(duk, 1);
  vms__get_method(duk, 0, DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
  gather(duk, 0);
  double count = vms__length_of(duk, 0);
  duk_push_number(duk, count);
  vms__view made = create(duk, 1, count);
  for (double i = 0; i < count; i++) {
    if (map) {
      duk_dup(duk, 1);
      duk_dup(duk, 2);
    }
    vms__get_at(duk, 0, i);
    if (map) {
      duk_push_number(duk, i);
      duk_call_method(duk, 2);
    }
    put(duk, &made, i);
  }
  return 1;
}

static duk_ret_t typed_of(duk_context *duk) {
  duk_idx_t count = duk_get_top(duk);
  duk_push_this(duk);
  if (!duk_is_constructable(duk, -1)) return duk_type_error(duk, "this is not a constructor");
  duk_push_int(duk, count);
  vms__view made = create(duk, 1, count);
  for (duk_idx_t i = 0; i < count; i++) {
    duk_dup(duk, i);
    put(duk, &made, i);
  }
  return 1;
}

/* --- what they are ------------------------------------------------------------------------------------- */

/* The engine asks for lengths without calling this; both have to agree. */
duk_ret_t vms__typed_length(duk_context *duk) {
  vms__view it = push_this_typed(duk);
  duk_push_uint(duk, vms__view_count(&it));
  return 1;
}

duk_ret_t vms__typed_count(duk_context *duk) {
  vms__view it;
  bool plain = vms__view_of(duk_get_heapptr(duk, 0), &it) == VMS__TYPED_ARRAY && vms__plain_iteration(duk, 1, true);
  if (plain) {
    vms__ref_push(vms__of(duk), duk, VMS__REF_ARRAY_ITERATOR);
    plain = !duk_get_prop_literal(duk, -1, "return"); /* a loop that ends early would ask for it */
  }
  if (plain) duk_push_uint(duk, vms__view_count(&it));
  else duk_push_int(duk, -1);
  return 1;
}

enum { BUFFER = 0, BYTE_LENGTH, BYTE_OFFSET };

static duk_ret_t typed_get(duk_context *duk) {
  vms__view it = push_this_typed(duk);
  switch (duk_get_current_magic(duk)) {
    case BUFFER: vms__push_array_buffer(duk, -1); break;
    case BYTE_LENGTH: duk_push_uint(duk, it.length); break;
    default: duk_push_uint(duk, it.offset);
  }
  return 1;
}

static duk_ret_t typed_tag(duk_context *duk) {
  vms__view it;
  duk_push_this(duk);
  if (vms__view_of(duk_get_heapptr(duk, -1), &it) != VMS__TYPED_ARRAY) return 0;
  duk_push_string(duk, types[it.type].name);
  return 1;
}

/* --- whole pieces ------------------------------------------------------------------------------------------ */

static duk_ret_t typed_set(duk_context *duk) { /* [ source offset this ] */
  vms__view it = push_this_typed(duk), source;
  double at = vms__to_integer(duk, 1), count = vms__view_count(&it), len, number;
  if (at < 0) return duk_range_error(duk, "offset is negative");
  if (vms__view_of(duk_get_heapptr(duk, 0), &source) == VMS__TYPED_ARRAY) {
    if (at + vms__view_count(&source) > count) return duk_range_error(duk, "source is too long");
    copy_elements(duk, &it, (size_t)at, &source, vms__view_count(&source));
    return 0;
  }
  duk_to_object(duk, 0);
  len = vms__length_of(duk, 0);
  if (at + len > count) return duk_range_error(duk, "source is too long");
  void *array = duk_get_heapptr(duk, 0);
  bool plain = !vms__is_proxy(duk, 0) && duk_is_array(duk, 0);
  for (double i = 0; i < len; i++) {
    if (plain && vms__dense_number(array, (duk_uarridx_t)i, &number)) {
      charge(duk, 1);
      vms__element_set(&it, (size_t)(at + i), number);
      continue;
    }
    vms__get_at(duk, 0, i);
    put(duk, &it, at + i);
  }
  return 0;
}

static duk_ret_t typed_fill(duk_context *duk) { /* [ value from to this ] */
  vms__view it = push_this_typed(duk);
  double number = duk_to_number(duk, 0), count = vms__view_count(&it), from = vms__relative(duk, 1, count, 0);
  double to = vms__relative(duk, 2, count, count);
  if (from < to) {
    unsigned char *start = it.data + ((size_t)from << it.shift);
    size_t length = (size_t)(to - from) << it.shift, done = (size_t)1 << it.shift;
    vms__store(start, it.type, number);
    for (size_t step; done < length; done += step) {
      step = VMS__MIN(VMS__MIN(done, length - done), (size_t)PIECE * 16);
      charge(duk, step / 64);
      memcpy(start + done, start, step);
    }
  }
  return 1;
}

static duk_ret_t typed_copy_within(duk_context *duk) { /* [ to from end this ] */
  vms__view it = push_this_typed(duk);
  double len = vms__view_count(&it), to = vms__relative(duk, 0, len, 0), from = vms__relative(duk, 1, len, 0);
  double count = fmin(vms__relative(duk, 2, len, len) - from, len - to);
  if (count > 0)
    vms__move_bytes(duk, it.data + ((size_t)to << it.shift), it.data + ((size_t)from << it.shift), (size_t)count << it.shift);
  return 1;
}

static duk_ret_t typed_subarray(duk_context *duk) { /* [ from to this ] */
  vms__view it = push_this_typed(duk);
  double len = vms__view_count(&it), from = vms__relative(duk, 0, len, 0), count = fmax(vms__relative(duk, 1, len, len) - from, 0);
  double offset = it.offset + from * (1 << it.shift);
  vms__push_array_buffer(duk, 2);
  if (push_constructor(duk, 2, it.type)) {
    duk_push_buffer_object(duk, 3, (duk_size_t)offset, (duk_size_t)count << it.shift, types[it.type].object);
    return 1;
  }
  duk_dup(duk, 3);
  duk_push_number(duk, offset);
  duk_push_number(duk, count);
  create(duk, 3, 0);
  return 1;
}

static duk_ret_t typed_slice(duk_context *duk) { /* [ from to this ] */
  vms__view it = push_this_typed(duk);
  double len = vms__view_count(&it), from = vms__relative(duk, 0, len, 0), count = fmax(vms__relative(duk, 1, len, len) - from, 0);
  vms__view made = push_species(duk, 2, &it, count), part = it;
  part.data += (size_t)from << it.shift;
  size_t length = (size_t)count << it.shift;
  if (made.type != it.type) {
    for (size_t i = 0; i < (size_t)count;)
      for (size_t end = next_piece(duk, i, (size_t)count); i < end; i++) vms__element_set(&made, i, vms__element(&part, i));
  } else if (made.data > part.data && made.data < part.data + length) { /* byte by byte, what was copied is copied again */
    for (size_t i = 0; i < length;)
      for (size_t end = next_piece(duk, i, length); i < end; i++) made.data[i] = part.data[i];
  } else {
    vms__move_bytes(duk, made.data, part.data, length);
  }
  return 1;
}

static void reverse(duk_context *duk, const vms__view *it) {
  size_t count = vms__view_count(it), size = (size_t)1 << it->shift;
  for (size_t i = 0; i < count / 2;)
    for (size_t end = next_piece(duk, i, count / 2); i < end; i++) {
      unsigned char kept[8], *low = it->data + (i << it->shift), *high = it->data + ((count - 1 - i) << it->shift);
      memcpy(kept, low, size);
      memcpy(low, high, size);
      memcpy(high, kept, size);
    }
}

static duk_ret_t typed_reverse(duk_context *duk) {
  vms__view it = push_this_typed(duk);
  reverse(duk, &it);
  return 1;
}

static duk_ret_t typed_to_reversed(duk_context *duk) {
  vms__view it = push_this_typed(duk), made = push_copy(duk, &it);
  reverse(duk, &made);
  return 1;
}

/* --- single elements ------------------------------------------------------------------------------------------ */

static duk_ret_t typed_at(duk_context *duk) { /* [ index this ] */
  vms__view it = push_this_typed(duk);
  double len = vms__view_count(&it), i = vms__to_integer(duk, 0);
  if (i < 0) i += len;
  if (i < 0 || i >= len) return 0;
  duk_push_number(duk, vms__element(&it, (size_t)i));
  return 1;
}

static duk_ret_t typed_with(duk_context *duk) { /* [ index value this ] */
  vms__view it = push_this_typed(duk);
  double len = vms__view_count(&it), i = vms__to_integer(duk, 0), number = duk_to_number(duk, 1);
  if (i < 0) i += len;
  if (i < 0 || i >= len) return duk_range_error(duk, "not an index of the array");
  vms__view made = push_copy(duk, &it);
  vms__element_set(&made, (size_t)i, number);
  return 1;
}

enum { INDEX_OF = 0, LAST_INDEX_OF, INCLUDES };

static duk_ret_t typed_index_of(duk_context *duk) {
  int what = duk_get_current_magic(duk);
  duk_idx_t given = duk_get_top(duk);
  duk_set_top(duk, 2);
  vms__view it = push_this_typed(duk); /* [ wanted from this ] */
  double len = vms__view_count(&it), from, found = -1;
  if (len > 0) {
    if (what == LAST_INDEX_OF) {
      from = given > 1 ? vms__to_integer(duk, 1) : len - 1;
      from = from < 0 ? len + from : fmin(from, len - 1);
    } else {
      from = vms__relative(duk, 1, len, 0);
    }
    double wanted = duk_get_number(duk, 0);
    bool number = duk_is_number(duk, 0) && (what == INCLUDES || wanted == wanted), nan = wanted != wanted;
    if (number && what == LAST_INDEX_OF) {
      for (size_t left = from < 0 ? 0 : (size_t)from + 1; left > 0 && found < 0;)
        for (size_t low = left - (next_piece(duk, 0, left)); left > low && found < 0; left--)
          if (vms__element(&it, left - 1) == wanted) found = (double)(left - 1);
    } else if (number) {
      for (size_t i = (size_t)from, count = (size_t)len; i < count && found < 0;)
        for (size_t end = next_piece(duk, i, count); i < end && found < 0; i++) {
          double element = vms__element(&it, i);
          if (element == wanted || (nan && element != element)) found = (double)i;
        }
    }
  }
  if (what == INCLUDES) duk_push_boolean(duk, found >= 0);
  else duk_push_number(duk, found);
  return 1;
}

/* --- with a callback --------------------------------------------------------------------------------------------- */

enum { EVERY = 0, SOME, FOR_EACH, MAP, FILTER, FIND, FIND_INDEX, FIND_LAST, FIND_LAST_INDEX };

/* Pushes element i, then what the callback says of it. */
static void ask(duk_context *duk, const vms__view *it, size_t i) {
  duk_push_number(duk, vms__element(it, i));
  vms__call_back(duk, (double)i);
}

static duk_ret_t typed_each(duk_context *duk) { /* [ callback self this ] */
  int what = duk_get_current_magic(duk);
  vms__view it = push_this_typed(duk);
  vms__require_callable(duk, 0);
  for (size_t i = 0, count = vms__view_count(&it); i < count; i++) {
    ask(duk, &it, i);
    bool yes = what != FOR_EACH && duk_to_boolean(duk, -1);
    if (what == EVERY ? !yes : yes) {
      duk_push_boolean(duk, what == SOME);
      return 1;
    }
    duk_pop_2(duk);
  }
  if (what == FOR_EACH) return 0;
  duk_push_boolean(duk, what == EVERY);
  return 1;
}

static duk_ret_t typed_map(duk_context *duk) {
  vms__view it = push_this_typed(duk);
  size_t count = vms__view_count(&it);
  vms__require_callable(duk, 0);
  vms__view made = push_species(duk, 2, &it, (double)count);
  for (size_t i = 0; i < count; i++) {
    ask(duk, &it, i);
    put(duk, &made, (double)i);
    duk_pop(duk);
  }
  return 1;
}

static duk_ret_t typed_filter(duk_context *duk) {
  vms__view it = push_this_typed(duk), kept = it, made;
  vms__require_callable(duk, 0);
  size_t count = vms__view_count(&it), n = 0;
  kept.data = duk_push_fixed_buffer(duk, it.length);
  for (size_t i = 0; i < count; i++) {
    ask(duk, &it, i);
    if (duk_to_boolean(duk, -1)) vms__element_set(&kept, n++, duk_get_number(duk, -2));
    duk_pop_2(duk);
  }
  made = push_species(duk, 2, &it, (double)n);
  copy_elements(duk, &made, 0, &kept, n);
  return 1;
}

static duk_ret_t typed_find(duk_context *duk) {
  int what = duk_get_current_magic(duk);
  bool last = what == FIND_LAST || what == FIND_LAST_INDEX, value = what == FIND || what == FIND_LAST;
  vms__view it = push_this_typed(duk);
  vms__require_callable(duk, 0);
  for (size_t i = 0, count = vms__view_count(&it); i < count; i++) {
    size_t at = last ? count - 1 - i : i;
    ask(duk, &it, at);
    bool yes = duk_to_boolean(duk, -1) != 0;
    duk_pop(duk);
    if (yes && !value) duk_push_number(duk, (double)at);
    if (yes) return 1;
    duk_pop(duk);
  }
  if (!value) duk_push_int(duk, -1);
  return !value;
}

static duk_ret_t typed_reduce(duk_context *duk) {
  bool right = duk_get_current_magic(duk) != 0, has = duk_get_top(duk) > 1;
  duk_set_top(duk, 2);
  vms__view it = push_this_typed(duk);
  vms__require_callable(duk, 0);
  for (size_t i = 0, count = vms__view_count(&it); i < count; i++, has = true) {
    size_t at = right ? count - 1 - i : i;
    if (has) {
      duk_dup(duk, 0);
      duk_push_undefined(duk);
      duk_dup(duk, 1);
    }
    duk_push_number(duk, vms__element(&it, at));
    if (has) {
      duk_push_number(duk, (double)at);
      duk_dup(duk, 2);
      duk_call_method(duk, 4);
    }
    duk_replace(duk, 1);
  }
  if (!has) return duk_type_error(duk, "reduce of an empty array with no initial value");
  duk_dup(duk, 1);
  return 1;
}

/* --- text --------------------------------------------------------------------------------------------------------- */

/* Appends the text at idx to the dynamic buffer at `out`, of which `len` bytes are used; gives what is used then. */
static size_t append(duk_context *duk, duk_idx_t out, size_t len, duk_idx_t idx) {
  duk_size_t more, room;
  const char *text = duk_get_lstring(duk, idx, &more);
  unsigned char *to = duk_get_buffer(duk, out, &room);
  if (more > room - len) {
    if (len + more > (size_t)BYTES_MAX / 2) (void)duk_range_error(duk, "text is too long");
    to = duk_resize_buffer(duk, out, (len + more) * 2);
  }
  charge(duk, more / 64);
  memcpy(to + len, text, more);
  return len + more;
}

/* magic 1: toLocaleString */
static duk_ret_t typed_join(duk_context *duk) {
  bool locale = duk_get_current_magic(duk) != 0;
  size_t len = 0;
  duk_set_top(duk, 1);
  vms__view it = push_this_typed(duk); /* [ separator this out ] */
  if (locale || duk_is_undefined(duk, 0)) {
    duk_push_literal(duk, ",");
    duk_replace(duk, 0);
  }
  duk_to_string(duk, 0);
  duk_push_dynamic_buffer(duk, 64);
  for (size_t i = 0, count = vms__view_count(&it); i < count; i++) {
    charge(duk, 1);
    if (i > 0) len = append(duk, 2, len, 0);
    duk_push_number(duk, vms__element(&it, i));
    if (locale) {
      duk_get_prop_literal(duk, -1, "toLocaleString");
      duk_insert(duk, -2);
      duk_call_method(duk, 0);
    }
    duk_to_string(duk, -1);
    len = append(duk, 2, len, 3);
    duk_pop(duk);
  }
  duk_push_lstring(duk, duk_get_buffer(duk, 2, NULL), len);
  return 1;
}

/* --- sort ------------------------------------------------------------------------------------------------------------ */

/* What orders elements as their unsigned bits do, and back. */
static uint64_t sort_key(uint64_t bits, int type, int width) {
  uint64_t sign = UINT64_C(1) << (width - 1);
  if (type == VMS__INT8 || type == VMS__INT16 || type == VMS__INT32) return bits ^ sign;
  if (type < VMS__FLOAT32) return bits;
  return bits & sign ? ~bits & (sign | (sign - 1)) : bits | sign;
}

static uint64_t sort_bits(uint64_t key, int type, int width) {
  uint64_t sign = UINT64_C(1) << (width - 1);
  if (type < VMS__FLOAT32) return sort_key(key, type, width);
  return key & sign ? key ^ sign : ~key & (sign | (sign - 1));
}

static uint64_t load_bits(const unsigned char *at, size_t size) {
  uint64_t bits = 0;
  memcpy(&bits, at, size); /* little-endian, as the engine is */
  return bits;
}

/* By numbers: byte after byte of what they are in order, the least first. Nothing of the script runs meanwhile. */
static void sort_numbers(duk_context *duk, const vms__view *it) {
  size_t count = vms__view_count(it), size = (size_t)1 << it->shift;
  int width = 8 << it->shift;
  unsigned char *from = it->data, *to = duk_push_fixed_buffer(duk, it->length);
  for (size_t i = 0; i < count;)
    for (size_t end = next_piece(duk, i, count); i < end; i++) {
      if (it->type >= VMS__FLOAT32) vms__element_set(it, i, vms__element(it, i)); /* NaN without a sign comes last */
      uint64_t key = sort_key(load_bits(from + i * size, size), it->type, width);
      memcpy(from + i * size, &key, size);
    }
  for (size_t byte = 0; byte < size; byte++) {
    size_t starts[256] = { 0 }, sum = 0;
    for (size_t i = 0; i < count;)
      for (size_t end = next_piece(duk, i, count); i < end; i++) starts[from[i * size + byte]]++;
    for (int b = 0; b < 256; b++) {
      size_t n = starts[b];
      starts[b] = sum;
      sum += n;
    }
    for (size_t i = 0; i < count;)
      for (size_t end = next_piece(duk, i, count); i < end; i++) memcpy(to + starts[from[i * size + byte]]++ * size, from + i * size, size);
    unsigned char *other = from;
    from = to;
    to = other;
  }
  for (size_t i = 0; i < count;)
    for (size_t end = next_piece(duk, i, count); i < end; i++) {
      uint64_t bits = sort_bits(load_bits(from + i * size, size), it->type, width);
      memcpy(it->data + i * size, &bits, size);
    }
  duk_pop(duk);
}

/* Merges of what the function at index 0 orders; stable. `spare` has room for half of them. */
static void sort_merge(duk_context *duk, double *list, double *spare, size_t count) {
  if (count < 2) return;
  size_t half = count / 2, i = 0, j = half, k = 0;
  sort_merge(duk, list, spare, half);
  sort_merge(duk, list + half, spare, count - half);
  charge(duk, count);
  memcpy(spare, list, half * sizeof *list);
  while (i < half && j < count) {
    duk_dup(duk, 0);
    duk_push_number(duk, spare[i]);
    duk_push_number(duk, list[j]);
    duk_call(duk, 2);
    list[k++] = duk_to_number(duk, -1) > 0 ? list[j++] : spare[i++];
    duk_pop(duk);
  }
  memcpy(list + k, spare + i, (half - i) * sizeof *list);
}

/* [ compare ... ] */
static void sort(duk_context *duk, const vms__view *it) {
  size_t count = vms__view_count(it);
  if (duk_is_undefined(duk, 0)) {
    sort_numbers(duk, it);
    return;
  }
  if ((double)count > BYTES_MAX / sizeof(double)) (void)duk_range_error(duk, "array is too long");
  double *list = duk_push_fixed_buffer(duk, count * sizeof *list), *spare = duk_push_fixed_buffer(duk, count / 2 * sizeof *list);
  for (size_t i = 0; i < count;)
    for (size_t end = next_piece(duk, i, count); i < end; i++) list[i] = vms__element(it, i);
  sort_merge(duk, list, spare, count);
  for (size_t i = 0; i < count;)
    for (size_t end = next_piece(duk, i, count); i < end; i++) vms__element_set(it, i, list[i]);
  duk_pop_2(duk);
}

/* magic 1: toSorted */
static duk_ret_t typed_sort(duk_context *duk) { /* [ compare this ] */
  if (!duk_is_undefined(duk, 0)) vms__require_callable(duk, 0);
  vms__view it = push_this_typed(duk);
  if (duk_get_current_magic(duk)) it = push_copy(duk, &it);
  sort(duk, &it);
  return 1;
}

/* --- the objects -------------------------------------------------------------------------------------------------------- */

void vms__typed_open(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method of_constructor[] = { { "from", typed_from, 3, 1, 0 }, { "of", typed_of, DUK_VARARGS, 0, 0 } };
  static const vms__method of_prototype[] = {
    { "at", typed_at, 1, 1, 0 },
    { "copyWithin", typed_copy_within, 3, 2, 0 },
    { "every", typed_each, 2, 1, EVERY },
    { "fill", typed_fill, 3, 1, 0 },
    { "filter", typed_filter, 2, 1, 0 },
    { "find", typed_find, 2, 1, FIND },
    { "findIndex", typed_find, 2, 1, FIND_INDEX },
    { "findLast", typed_find, 2, 1, FIND_LAST },
    { "findLastIndex", typed_find, 2, 1, FIND_LAST_INDEX },
    { "forEach", typed_each, 2, 1, FOR_EACH },
    { "includes", typed_index_of, DUK_VARARGS, 1, INCLUDES },
    { "indexOf", typed_index_of, DUK_VARARGS, 1, INDEX_OF },
    { "join", typed_join, DUK_VARARGS, 1, 0 },
    { "lastIndexOf", typed_index_of, DUK_VARARGS, 1, LAST_INDEX_OF },
    { "map", typed_map, 2, 1, 0 },
    { "reduce", typed_reduce, DUK_VARARGS, 1, 0 },
    { "reduceRight", typed_reduce, DUK_VARARGS, 1, 1 },
    { "reverse", typed_reverse, 0, 0, 0 },
    { "set", typed_set, 2, 1, 0 },
    { "slice", typed_slice, 2, 2, 0 },
    { "some", typed_each, 2, 1, SOME },
    { "sort", typed_sort, 1, 1, 0 },
    { "subarray", typed_subarray, 2, 2, 0 },
    { "toLocaleString", typed_join, DUK_VARARGS, 0, 1 },
    { "toReversed", typed_to_reversed, 0, 0, 0 },
    { "toSorted", typed_sort, 1, 1, 1 },
    { "with", typed_with, 2, 2, 0 },
  };
  static const char *const getters[] = { "buffer", "byteLength", "byteOffset" };
  vms__push_constructor(duk, "TypedArray", abstract_construct, 0, 0);
  vms__define_methods(duk, -1, of_constructor, 2);
  vms__define_species(duk, -1);
  duk_get_global_literal(duk, "Uint8Array");
  duk_get_prop_literal(duk, -1, "prototype");
  duk_get_prototype(duk, -1);
  duk_replace(duk, -3);
  duk_pop(duk); /* [ TypedArray prototype ] */
  duk_push_literal(duk, "length");
  vms__define_getter(duk, -2, "get length", vms__typed_length, 0);
  vms__define_methods(duk, -1, of_prototype, sizeof of_prototype / sizeof of_prototype[0]);
  vms__typed_iterators(duk, -1);
  for (int i = 0; i < 3; i++) {
    char name[16] = "get ";
    strcpy(name + 4, getters[i]);
    duk_push_string(duk, getters[i]);
    vms__define_getter(duk, -2, name, typed_get, i);
  }
  duk_push_literal(duk, DUK_WELLKNOWN_SYMBOL("Symbol.toStringTag"));
  vms__define_getter(duk, -2, "get [Symbol.toStringTag]", typed_tag, 0);
  duk_get_global_literal(duk, "Array");
  duk_get_prop_literal(duk, -1, "prototype");
  duk_get_prop_literal(duk, -1, "toString");
  vms__define(duk, -4, "toString");
  duk_pop_2(duk);
  duk_dup(duk, -2);
  vms__define(duk, -2, "constructor");
  duk_push_literal(duk, "prototype");
  duk_insert(duk, -2);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE); /* [ TypedArray ] */
  for (int i = 0; i < VMS__ELEMENT_TYPES; i++) {
    duk_get_global_string(duk, types[i].name);
    duk_dup(duk, -2);
    duk_set_prototype(duk, -2);
    vms__ref_set(sandbox, duk, VMS__REF_TYPED + i);
  }
  duk_pop(duk);
}
