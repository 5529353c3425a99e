/* SPDX-License-Identifier: MIT */
/* The internal methods of objects, [[Get]] and its kin, as the standard has them for proxies; for other objects they are the
 * engine's. Whatever walks a chain does so in a loop that costs steps; where it has to recurse, the engine counts the depth. */
#include "lib/sandbox/builtins.h"

/* [ ... ] -> [ ... trap handler target ] if the proxy has this trap, else [ ... target ]. */
static bool push_trap(duk_context *duk, duk_idx_t proxy, const char *name) {
  void *target, *handler;
  vms__charge(&vms__of(duk)->meter, 1);
  duk_require_stack(duk, 24);
  vms__proxy_parts(duk_get_heapptr(duk, proxy), &target, &handler);
  duk_push_heapptr(duk, handler);
  duk_push_heapptr(duk, target);
  duk_get_prop_string(duk, -2, name);
  if (duk_is_null_or_undefined(duk, -1)) {
    duk_pop(duk);
    duk_remove(duk, -2);
    return false;
  }
  vms__require_callable(duk, -1);
  duk_insert(duk, -3);
  return true;
}

static void refused(duk_context *duk, const char *trap) {
  (void)duk_type_error(duk, "proxy: the result of trap '%s' contradicts the target", trap);
}

/* Whether the descriptor at idx has the field; its value is pushed then. */
static bool field(duk_context *duk, duk_idx_t idx, const char *name) {
  if (duk_get_prop_string(duk, idx, name)) return true;
  duk_pop(duk);
  return false;
}

static bool flag(duk_context *duk, duk_idx_t idx, const char *name) {
  bool set = duk_get_prop_string(duk, idx, name) && duk_to_boolean(duk, -1);
  duk_pop(duk);
  return set;
}

static bool has_field(duk_context *duk, duk_idx_t idx, const char *name) {
  bool has = field(duk, idx, name);
  if (has) duk_pop(duk);
  return has;
}

static bool is_accessor(duk_context *duk, duk_idx_t idx) { return has_field(duk, idx, "get") || has_field(duk, idx, "set"); }

/* Whether the field of both descriptors is the same value. */
static bool same_field(duk_context *duk, duk_idx_t a, duk_idx_t b, const char *name) {
  duk_get_prop_string(duk, a, name);
  duk_get_prop_string(duk, b, name);
  bool same = duk_samevalue(duk, -1, -2) != 0;
  duk_pop_2(duk);
  return same;
}

void vms__to_descriptor(duk_context *duk, duk_idx_t idx) {
  static const char *const names[] = { "enumerable", "configurable", "value", "writable", "get", "set" };
  idx = duk_normalize_index(duk, idx);
  if (!duk_is_object(duk, idx)) (void)duk_type_error(duk, "property descriptor is not an object");
  duk_push_bare_object(duk);
  for (int i = 0; i < 6; i++) {
    if (!duk_has_prop_string(duk, idx, names[i])) continue;
    duk_get_prop_string(duk, idx, names[i]);
    if (i < 2 || i == 3) duk_to_boolean(duk, -1);
    if (i > 3 && !duk_is_undefined(duk, -1)) vms__require_callable(duk, -1);
    duk_put_prop_string(duk, -2, names[i]);
  }
  if (is_accessor(duk, -1) && (has_field(duk, -1, "value") || has_field(duk, -1, "writable")))
    (void)duk_type_error(duk, "property descriptor has both accessors and a value");
  duk_replace(duk, idx);
}

void vms__from_descriptor(duk_context *duk) {
  static const char *const names[] = { "value", "writable", "get", "set", "enumerable", "configurable" };
  if (duk_is_undefined(duk, -1)) return;
  duk_push_object(duk);
  for (int i = 0; i < 6; i++) {
    if (!field(duk, -2, names[i])) continue;
    duk_push_string(duk, names[i]);
    duk_insert(duk, -2);
    vms__fresh_define(duk, -3);
  }
  duk_remove(duk, -2);
}

/* A complete descriptor is made of the one at idx. */
static void complete(duk_context *duk, duk_idx_t idx) {
  static const char *const names[] = { "enumerable", "configurable", "writable", "value", "get", "set" };
  int accessor = is_accessor(duk, idx);
  for (int i = 0; i < 6; i++) {
    if (i > 1 && (i > 3) != accessor) continue;
    if (has_field(duk, idx, names[i])) continue;
    if (i < 3) duk_push_false(duk);
    else duk_push_undefined(duk);
    duk_put_prop_string(duk, idx, names[i]);
  }
}

/* IsCompatiblePropertyDescriptor; `current` may be undefined. */
static bool compatible(duk_context *duk, bool extensible, duk_idx_t desc, duk_idx_t current) {
  if (duk_is_undefined(duk, current)) return extensible;
  if (flag(duk, current, "configurable")) return true;
  if (flag(duk, desc, "configurable")) return false;
  if (has_field(duk, desc, "enumerable") && flag(duk, desc, "enumerable") != flag(duk, current, "enumerable")) return false;
  if (is_accessor(duk, current)) {
    if (has_field(duk, desc, "value") || has_field(duk, desc, "writable")) return false;
    if (has_field(duk, desc, "get") && !same_field(duk, desc, current, "get")) return false;
    return !has_field(duk, desc, "set") || same_field(duk, desc, current, "set");
  }
  if (is_accessor(duk, desc)) return false;
  if (flag(duk, current, "writable")) return true;
  return !flag(duk, desc, "writable") && (!has_field(duk, desc, "value") || same_field(duk, desc, current, "value"));
}

/* --- prototypes, extensibility --------------------------------------------------------------------- */

bool vms__is_extensible(duk_context *duk, duk_idx_t obj) {
  bool is;
  duk_dup(duk, obj);
  while (vms__is_proxy(duk, -1)) {
    duk_idx_t proxy = duk_get_top_index(duk);
    if (push_trap(duk, proxy, "isExtensible")) {
      duk_dup_top(duk);
      duk_insert(duk, proxy + 1);
      duk_call_method(duk, 1); /* [ ... proxy target result ] */
      is = duk_to_boolean(duk, -1) != 0;
      duk_pop(duk);
      if (is != vms__is_extensible(duk, -1)) refused(duk, "isExtensible");
      duk_pop_2(duk);
      return is;
    }
    duk_remove(duk, proxy);
  }
  is = vms__extensible(duk_get_heapptr(duk, -1)) != 0;
  duk_pop(duk);
  return is;
}

bool vms__prevent_extensions(duk_context *duk, duk_idx_t obj) {
  bool done = true;
  duk_dup(duk, obj);
  while (vms__is_proxy(duk, -1)) {
    duk_idx_t proxy = duk_get_top_index(duk);
    if (push_trap(duk, proxy, "preventExtensions")) {
      duk_dup_top(duk);
      duk_insert(duk, proxy + 1);
      duk_call_method(duk, 1);
      done = duk_to_boolean(duk, -1) != 0;
      duk_pop(duk);
      if (done && vms__is_extensible(duk, -1)) refused(duk, "preventExtensions");
      duk_pop_2(duk);
      return done;
    }
    duk_remove(duk, proxy);
  }
  vms__close_object(duk, -1);
  duk_pop(duk);
  return done;
}

void vms__push_prototype_of(duk_context *duk, duk_idx_t obj) {
  duk_dup(duk, obj);
  while (vms__is_proxy(duk, -1)) {
    duk_idx_t proxy = duk_get_top_index(duk);
    if (push_trap(duk, proxy, "getPrototypeOf")) {
      duk_dup_top(duk);
      duk_insert(duk, proxy + 1);
      duk_call_method(duk, 1); /* [ ... proxy target result ] */
      if (!duk_is_object(duk, -1) && !duk_is_null(duk, -1)) (void)duk_type_error(duk, "prototype is neither an object nor null");
      if (!vms__is_extensible(duk, -2)) {
        vms__push_prototype_of(duk, -2);
        if (!duk_samevalue(duk, -1, -2)) refused(duk, "getPrototypeOf");
        duk_pop(duk);
      }
      duk_replace(duk, proxy);
      duk_set_top(duk, proxy + 1);
      return;
    }
    duk_remove(duk, proxy);
  }
  duk_get_prototype(duk, -1);
  if (duk_is_undefined(duk, -1)) {
    duk_pop(duk);
    duk_push_null(duk);
  }
  duk_remove(duk, -2);
}

bool vms__set_prototype_of(duk_context *duk, duk_idx_t obj, duk_idx_t prototype) {
  bool done = false;
  prototype = duk_normalize_index(duk, prototype);
  duk_dup(duk, obj);
  while (vms__is_proxy(duk, -1)) {
    duk_idx_t proxy = duk_get_top_index(duk);
    if (push_trap(duk, proxy, "setPrototypeOf")) {
      duk_dup_top(duk);
      duk_insert(duk, proxy + 1);
      duk_dup(duk, prototype);
      duk_call_method(duk, 2);
      done = duk_to_boolean(duk, -1) != 0;
      duk_pop(duk);
      if (done && !vms__is_extensible(duk, -1)) {
        vms__push_prototype_of(duk, -1);
        if (!duk_samevalue(duk, -1, prototype)) refused(duk, "setPrototypeOf");
        duk_pop(duk);
      }
      duk_pop_2(duk);
      return done;
    }
    duk_remove(duk, proxy);
  }
  vms__push_prototype_of(duk, -1);
  done = duk_samevalue(duk, -1, prototype) != 0;
  duk_pop(duk);
  if (!done && vms__extensible(duk_get_heapptr(duk, -1)) &&
      duk_get_heapptr(duk, -1) != vms__of(duk)->refs[VMS__REF_OBJECT_PROTO]) { /* its prototype is immutable */
    void *self = duk_get_heapptr(duk, -1), *at = duk_get_heapptr(duk, prototype), *target, *handler;
    while (at != NULL && at != self && !vms__proxy_parts(at, &target, &handler)) {
      vms__charge(&vms__of(duk)->meter, 1);
      duk_push_heapptr(duk, at);
      duk_get_prototype(duk, -1);
      at = duk_get_heapptr(duk, -1);
      duk_pop_2(duk);
    }
    if (at != self) {
      if (duk_is_null(duk, prototype)) duk_push_undefined(duk);
      else duk_dup(duk, prototype);
      duk_set_prototype(duk, -2);
      done = true;
    }
  }
  duk_pop(duk);
  return done;
}

/* --- properties ---------------------------------------------------------------------------------------- */

void vms__get_own(duk_context *duk, duk_idx_t obj, duk_idx_t key) {
  key = duk_normalize_index(duk, key);
  duk_dup(duk, obj);
  while (vms__is_proxy(duk, -1)) {
    duk_idx_t proxy = duk_get_top_index(duk), target = proxy + 1, result = proxy + 2, current = proxy + 3;
    if (!push_trap(duk, proxy, "getOwnPropertyDescriptor")) {
      duk_remove(duk, proxy);
      continue;
    }
    duk_dup_top(duk);
    duk_insert(duk, target);
    duk_dup(duk, key);
    duk_call_method(duk, 2); /* [ ... proxy target result ] */
    if (!duk_is_object(duk, result) && !duk_is_undefined(duk, result)) refused(duk, "getOwnPropertyDescriptor");
    vms__get_own(duk, target, key);
    if (duk_is_undefined(duk, result)) {
      if (!duk_is_undefined(duk, current) && (!flag(duk, current, "configurable") || !vms__is_extensible(duk, target)))
        refused(duk, "getOwnPropertyDescriptor");
    } else {
      bool extensible = vms__is_extensible(duk, target);
      vms__to_descriptor(duk, result);
      complete(duk, result);
      if (!compatible(duk, extensible, result, current)) refused(duk, "getOwnPropertyDescriptor");
      if (!flag(duk, result, "configurable")) {
        if (duk_is_undefined(duk, current) || flag(duk, current, "configurable")) refused(duk, "getOwnPropertyDescriptor");
        if (has_field(duk, result, "writable") && !flag(duk, result, "writable") && flag(duk, current, "writable"))
          refused(duk, "getOwnPropertyDescriptor");
      }
    }
    duk_set_top(duk, current);
    duk_replace(duk, proxy);
    duk_set_top(duk, target);
    return;
  }
  duk_dup(duk, key);
  duk_get_prop_desc(duk, -2, 0);
  duk_remove(duk, -2);
  if (duk_is_undefined(duk, -1)) return;
  duk_push_undefined(duk); /* it shall have its own fields only */
  duk_set_prototype(duk, -2);
}

/* [[DefineOwnProperty]] of what is no proxy. */
static bool define_ordinary(duk_context *duk, duk_idx_t obj, duk_idx_t key, duk_idx_t desc) {
  static const char *const names[] = { "writable", "enumerable", "configurable" };
  static const duk_uint_t have[] = { DUK_DEFPROP_HAVE_WRITABLE, DUK_DEFPROP_HAVE_ENUMERABLE, DUK_DEFPROP_HAVE_CONFIGURABLE };
  static const duk_uint_t set[] = { DUK_DEFPROP_WRITABLE, DUK_DEFPROP_ENUMERABLE, DUK_DEFPROP_CONFIGURABLE };
  duk_uint_t flags = 0;
  for (int i = 0; i < 3; i++)
    if (has_field(duk, desc, names[i])) flags |= have[i] | (flag(duk, desc, names[i]) ? set[i] : 0);
  if (has_field(duk, desc, "value")) flags |= DUK_DEFPROP_HAVE_VALUE;
  if (has_field(duk, desc, "get")) flags |= DUK_DEFPROP_HAVE_GETTER;
  if (has_field(duk, desc, "set")) flags |= DUK_DEFPROP_HAVE_SETTER;
  duk_get_prop_literal(duk, desc, "value");
  duk_get_prop_literal(duk, desc, "get");
  duk_get_prop_literal(duk, desc, "set");
  bool done = vms__try_define(duk, obj, key, flags, duk_get_top(duk) - 3, duk_get_heapptr(duk, -2), duk_get_heapptr(duk, -1)) != 0;
  duk_pop_3(duk);
  return done;
}

bool vms__define_own(duk_context *duk, duk_idx_t obj, duk_idx_t key, duk_idx_t desc) {
  bool done;
  key = duk_normalize_index(duk, key);
  desc = duk_normalize_index(duk, desc);
  duk_dup(duk, obj);
  while (vms__is_proxy(duk, -1)) {
    duk_idx_t proxy = duk_get_top_index(duk), target = proxy + 1;
    if (!push_trap(duk, proxy, "defineProperty")) {
      duk_remove(duk, proxy);
      continue;
    }
    duk_dup_top(duk);
    duk_insert(duk, target);
    duk_dup(duk, key);
    duk_dup(duk, desc);
    vms__from_descriptor(duk);
    duk_call_method(duk, 3);
    done = duk_to_boolean(duk, -1) != 0;
    duk_pop(duk);
    if (done) {
      vms__get_own(duk, target, key); /* [ ... proxy target current ] */
      bool extensible = vms__is_extensible(duk, target);
      bool fixed = has_field(duk, desc, "configurable") && !flag(duk, desc, "configurable");
      if (!compatible(duk, extensible, desc, target + 1)) refused(duk, "defineProperty");
      if (fixed && (duk_is_undefined(duk, -1) || flag(duk, -1, "configurable"))) refused(duk, "defineProperty");
      if (!duk_is_undefined(duk, -1) && has_field(duk, -1, "writable") && !flag(duk, -1, "configurable") &&
          flag(duk, -1, "writable") && has_field(duk, desc, "writable") && !flag(duk, desc, "writable"))
        refused(duk, "defineProperty");
    }
    duk_set_top(duk, proxy);
    return done;
  }
  done = define_ordinary(duk, duk_get_top_index(duk), key, desc);
  duk_pop(duk);
  return done;
}

bool vms__try_create(duk_context *duk, duk_idx_t obj) {
  obj = duk_normalize_index(duk, obj);
  duk_push_bare_object(duk);
  duk_insert(duk, -2);
  duk_put_prop_literal(duk, -2, "value");
  duk_push_true(duk);
  duk_put_prop_literal(duk, -2, "writable");
  duk_push_true(duk);
  duk_put_prop_literal(duk, -2, "enumerable");
  duk_push_true(duk);
  duk_put_prop_literal(duk, -2, "configurable");
  bool done = vms__define_own(duk, obj, -2, -1);
  duk_pop_2(duk);
  return done;
}

void vms__create_data(duk_context *duk, duk_idx_t obj) {
  obj = duk_normalize_index(duk, obj);
  if (!vms__is_proxy(duk, obj)) {
    duk_def_prop(duk, obj, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WEC);
    return;
  }
  vms__to_key(duk, -2);
  if (!vms__try_create(duk, obj)) (void)duk_type_error(duk, "property cannot be defined");
}

void vms__to_key(duk_context *duk, duk_idx_t idx) {
  if (duk_is_object(duk, idx)) duk_to_primitive(duk, idx, DUK_HINT_STRING);
  if (!duk_is_symbol(duk, idx)) duk_to_string(duk, idx);
}

/* [ ... object key receiver ] -> [ ... value ] */
void vms__proxy_get(duk_context *duk) {
  duk_idx_t at = duk_get_top(duk) - 3, key = at + 1, receiver = at + 2;
  vms__to_key(duk, key);
  for (;;) {
    vms__charge(&vms__of(duk)->meter, 1);
    if (vms__is_proxy(duk, at)) {
      if (!push_trap(duk, at, "get")) {
        duk_replace(duk, at);
        continue;
      }
      duk_dup_top(duk);
      duk_insert(duk, receiver + 1); /* [ object key receiver target trap handler target ] */
      duk_dup(duk, key);
      duk_dup(duk, receiver);
      duk_call_method(duk, 3);
      vms__get_own(duk, receiver + 1, key); /* [ object key receiver target result current ] */
      if (!duk_is_undefined(duk, -1) && !flag(duk, -1, "configurable")) {
        if (is_accessor(duk, -1)) {
          duk_get_prop_literal(duk, -1, "get");
          if (duk_is_undefined(duk, -1) && !duk_is_undefined(duk, -3)) refused(duk, "get");
        } else {
          duk_get_prop_literal(duk, -1, "value");
          if (!flag(duk, -2, "writable") && !duk_samevalue(duk, -1, -3)) refused(duk, "get");
        }
        duk_pop(duk);
      }
      duk_pop(duk);
      break;
    }
    if (duk_strict_equals(duk, at, receiver)) {
      duk_dup(duk, key);
      duk_get_prop(duk, at);
      break;
    }
    vms__get_own(duk, at, key);
    int has;
    if (duk_is_undefined(duk, -1) && vms__element_key(duk, at, key, &has)) break;
    if (!duk_is_undefined(duk, -1)) {
      if (!field(duk, -1, "value")) {
        duk_get_prop_literal(duk, -1, "get");
        if (!duk_is_undefined(duk, -1)) {
          duk_dup(duk, receiver);
          duk_call_method(duk, 0);
        }
      }
      break;
    }
    duk_pop(duk);
    vms__push_prototype_of(duk, at);
    if (duk_is_null(duk, -1)) {
      duk_push_undefined(duk);
      break;
    }
    duk_replace(duk, at);
  }
  duk_replace(duk, at);
  duk_set_top(duk, at + 1);
}

/* The last step of [[Set]]: the value goes to the receiver. */
static bool set_on_receiver(duk_context *duk, duk_idx_t key, duk_idx_t value, duk_idx_t receiver) {
  bool done = false;
  if (!duk_is_object(duk, receiver)) return false;
  vms__get_own(duk, receiver, key);
  if (duk_is_undefined(duk, -1)) {
    duk_dup(duk, key);
    duk_dup(duk, value);
    done = vms__try_create(duk, receiver);
  } else if (!is_accessor(duk, -1) && flag(duk, -1, "writable")) {
    duk_push_bare_object(duk);
    duk_dup(duk, value);
    duk_put_prop_literal(duk, -2, "value");
    done = vms__define_own(duk, receiver, key, -1);
    duk_pop(duk);
  }
  duk_pop(duk);
  return done;
}

/* [ ... object key value receiver ] -> [ ... ] */
bool vms__proxy_set(duk_context *duk) {
  duk_idx_t at = duk_get_top(duk) - 4, key = at + 1, value = at + 2, receiver = at + 3, target = at + 4;
  bool done = false;
  vms__to_key(duk, key);
  for (;;) {
    vms__charge(&vms__of(duk)->meter, 1);
    if (vms__is_proxy(duk, at)) {
      if (!push_trap(duk, at, "set")) {
        duk_replace(duk, at);
        continue;
      }
      duk_dup_top(duk);
      duk_insert(duk, target);
      duk_dup(duk, key);
      duk_dup(duk, value);
      duk_dup(duk, receiver);
      duk_call_method(duk, 4);
      done = duk_to_boolean(duk, -1) != 0;
      duk_pop(duk);
      if (!done) break;
      vms__get_own(duk, target, key);
      if (!duk_is_undefined(duk, -1) && !flag(duk, -1, "configurable")) {
        if (is_accessor(duk, -1)) {
          duk_get_prop_literal(duk, -1, "set");
          if (duk_is_undefined(duk, -1)) refused(duk, "set");
        } else {
          duk_get_prop_literal(duk, -1, "value");
          if (!flag(duk, -2, "writable") && !duk_samevalue(duk, -1, value)) refused(duk, "set");
        }
      }
      break;
    }
    int has;
    if (vms__element_key(duk, at, key, &has) && (!has || duk_strict_equals(duk, at, receiver))) {
      done = true; /* elements that are not there are ignored, the value made a number if it is for this array */
      if (duk_strict_equals(duk, at, receiver)) {
        duk_dup(duk, key);
        duk_dup(duk, value);
        duk_put_prop(duk, at);
      }
      break;
    }
    vms__get_own(duk, at, key);
    if (duk_is_undefined(duk, -1)) {
      duk_pop(duk);
      vms__push_prototype_of(duk, at);
      if (duk_is_null(duk, -1)) {
        done = set_on_receiver(duk, key, value, receiver);
        break;
      }
      duk_replace(duk, at);
      continue;
    }
    if (is_accessor(duk, -1)) {
      duk_get_prop_literal(duk, -1, "set");
      done = !duk_is_undefined(duk, -1);
      if (done) {
        duk_dup(duk, receiver);
        duk_dup(duk, value);
        duk_call_method(duk, 1);
      }
    } else if (flag(duk, -1, "writable")) {
      done = set_on_receiver(duk, key, value, receiver);
    }
    break;
  }
  duk_set_top(duk, at);
  return done;
}

/* [ ... object key ] -> [ ... ]: "no" and "deleted" are the answers that the target may not allow. */
static bool ask_about_key(duk_context *duk, const char *trap, bool deleting) {
  duk_idx_t at = duk_get_top(duk) - 2, key = at + 1, target = at + 2;
  bool answer;
  vms__to_key(duk, key);
  while (vms__is_proxy(duk, at)) {
    if (!push_trap(duk, at, trap)) {
      duk_replace(duk, at);
      continue;
    }
    duk_dup_top(duk);
    duk_insert(duk, target);
    duk_dup(duk, key);
    duk_call_method(duk, 2);
    answer = duk_to_boolean(duk, -1) != 0;
    duk_pop(duk);
    if (answer == deleting) {
      vms__get_own(duk, target, key);
      if (!duk_is_undefined(duk, -1) && (!flag(duk, -1, "configurable") || !vms__is_extensible(duk, target))) refused(duk, trap);
    }
    duk_set_top(duk, at);
    return answer;
  }
  answer = deleting ? vms__try_delete(duk, at, key) != 0 : duk_has_prop(duk, at) != 0;
  duk_set_top(duk, at);
  return answer;
}

bool vms__proxy_has(duk_context *duk) { return ask_about_key(duk, "has", false); }
bool vms__proxy_delete(duk_context *duk) { return ask_about_key(duk, "deleteProperty", true); }

/* Checks the trap's list of keys (on top) against the target below it. */
static void check_keys(duk_context *duk) {
  duk_idx_t list = duk_get_top_index(duk), target = list - 1, seen = list + 1, keys = list + 2;
  duk_uarridx_t count = (duk_uarridx_t)duk_get_length(duk, list), left = count;
  duk_push_bare_object(duk);
  for (duk_uarridx_t i = 0; i < count; i++) {
    duk_get_prop_index(duk, list, i);
    duk_dup_top(duk);
    if (duk_has_prop(duk, seen)) (void)duk_type_error(duk, "proxy: trap 'ownKeys' gave a key twice");
    duk_push_true(duk);
    duk_put_prop(duk, seen);
  }
  bool extensible = vms__is_extensible(duk, target), closed = !extensible;
  vms__own_keys(duk, target);
  for (duk_uarridx_t i = 0, n = (duk_uarridx_t)duk_get_length(duk, keys); i < n; i++) {
    duk_get_prop_index(duk, keys, i); /* [ ... key ] */
    duk_dup_top(duk);
    bool has = duk_has_prop(duk, seen) != 0;
    if (extensible) {
      vms__get_own(duk, target, -1);
      bool fixed = !duk_is_undefined(duk, -1) && !flag(duk, -1, "configurable");
      duk_pop(duk);
      if (fixed && !has) refused(duk, "ownKeys");
    } else if (!has) {
      refused(duk, "ownKeys");
    }
    left -= has;
    duk_pop(duk);
  }
  if (closed && left > 0) refused(duk, "ownKeys");
  duk_pop_2(duk);
}

void vms__own_keys(duk_context *duk, duk_idx_t obj) {
  duk_dup(duk, obj);
  while (vms__is_proxy(duk, -1)) {
    duk_idx_t proxy = duk_get_top_index(duk);
    if (!push_trap(duk, proxy, "ownKeys")) {
      duk_remove(duk, proxy);
      continue;
    }
    duk_dup_top(duk);
    duk_insert(duk, proxy + 1);
    duk_call_method(duk, 1); /* [ ... proxy target result ] */
    if (!duk_is_object(duk, -1)) (void)duk_type_error(duk, "proxy: trap 'ownKeys' gave no object");
    double len = vms__length_of(duk, -1);
    duk_push_array(duk);
    for (double i = 0; i < len; i++) {
      vms__get_at(duk, -2, i);
      if (!duk_is_string(duk, -1)) (void)duk_type_error(duk, "proxy: trap 'ownKeys' gave what is no key");
      vms__fresh_put(duk, -2, (duk_uarridx_t)i);
    }
    duk_remove(duk, -2);
    check_keys(duk);
    duk_replace(duk, proxy);
    duk_set_top(duk, proxy + 1);
    return;
  }
  vms__ordinary_keys(duk);
}

/* --- Proxy.revocable ------------------------------------------------------------------------------------- */

static duk_ret_t revoked(duk_context *duk) { return duk_type_error(duk, "proxy is revoked"); }

/* A revoked proxy keeps its target, which decides whether it can be called, and gets a handler that fails whatever is asked. */
static duk_ret_t revoke(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  duk_push_current_function(duk);
  if (!vms__own_value(duk, duk_get_heapptr(duk, 0), sandbox->refs[VMS__REF_BOX]) || !duk_is_object(duk, 1)) return 0;
  vms__ref_push(sandbox, duk, VMS__REF_REVOKED);
  vms__set_handler(duk, 1);
  duk_push_undefined(duk);
  vms__ref_push(sandbox, duk, VMS__REF_BOX);
  duk_insert(duk, -2);
  duk_def_prop(duk, 0, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  return 0;
}

static duk_ret_t proxy_revocable(duk_context *duk) {
  if (!duk_is_object(duk, 0) || !duk_is_object(duk, 1)) return duk_type_error(duk, "target and handler must be objects");
  duk_push_proxy(duk, 0);
  duk_push_object(duk); /* [ proxy result ] */
  duk_push_literal(duk, "proxy");
  duk_dup(duk, 0);
  vms__fresh_define(duk, 1);
  duk_push_literal(duk, "revoke");
  vms__push_function(duk, "", revoke, 0, 0, 0);
  vms__ref_push(vms__of(duk), duk, VMS__REF_BOX);
  duk_dup(duk, 0);
  duk_def_prop(duk, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_FORCE);
  vms__fresh_define(duk, 1);
  return 1;
}

void vms__proxy_open(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method method = { "revocable", proxy_revocable, 2, 2, 0 };
  static const char *const traps[] = { "apply", "construct", "defineProperty", "deleteProperty", "get", "getOwnPropertyDescriptor",
                                       "getPrototypeOf", "has", "isExtensible", "ownKeys", "preventExtensions", "set",
                                       "setPrototypeOf" };
  duk_push_bare_object(duk);
  duk_push_c_function(duk, revoked, 0);
  for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++) {
    duk_push_string(duk, traps[i]);
    duk_dup(duk, -2);
    duk_def_prop(duk, -4, DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_FORCE);
  }
  duk_pop(duk);
  vms__ref_set(sandbox, duk, VMS__REF_REVOKED);
  duk_get_global_literal(duk, "Proxy");
  vms__define_methods(duk, -1, &method, 1);
  duk_pop(duk);
}
