/* SPDX-License-Identifier: MIT */
/* Object and Reflect. The engine's functions serve ordinary objects; in front of them stand ours, which take over when a proxy
 * or a receiver is involved (they return true), or altogether. */
#include "lib/sandbox/builtins.h"

static bool fail_unless(duk_context *duk, bool done, const char *what) {
  if (!done) (void)duk_type_error(duk, "object cannot be %s", what);
  return done;
}

/* --- in front of the engine's functions: true, with the result on top, if the object is a proxy --------- */

/* Object.getPrototypeOf, Reflect.getPrototypeOf, the getter __proto__: the object is at 0. */
int vms__object_get_prototype(duk_context *duk) {
  if (!vms__is_proxy(duk, 0)) return 0;
  vms__push_prototype_of(duk, 0);
  return 1;
}

/* All of [ object prototype ]; magic 0: __proto__, 1: Object, 2: Reflect. */
int vms__object_set_prototype(duk_context *duk, int magic) {
  if (!duk_is_object(duk, 0)) return 0;
  bool done = vms__set_prototype_of(duk, 0, 1);
  if (magic < 2) fail_unless(duk, done, "given this prototype");
  if (magic == 0) duk_push_undefined(duk);
  else if (magic == 1) duk_dup(duk, 0);
  else duk_push_boolean(duk, done);
  return 1;
}

int vms__object_get_own_descriptor(duk_context *duk) {
  if (!vms__is_proxy(duk, 0)) return 0;
  vms__to_key(duk, 1);
  vms__get_own(duk, 0, 1);
  vms__from_descriptor(duk);
  return 1;
}

/* [ object key descriptor ]; magic 1: Reflect */
int vms__object_define_property(duk_context *duk, int magic) {
  if (!vms__is_proxy(duk, 0)) return 0;
  vms__to_key(duk, 1);
  vms__to_descriptor(duk, 2);
  bool done = vms__define_own(duk, 0, 1, 2);
  if (magic == 0) fail_unless(duk, done, "given this property");
  if (magic == 0) duk_dup(duk, 0);
  else duk_push_boolean(duk, done);
  return 1;
}

/* ObjectDefineProperties: [ object properties ... ]; leaves the object alone on the stack. */
int vms__object_define_properties(duk_context *duk) {
  duk_set_top(duk, 2);
  duk_to_object(duk, 1);
  vms__own_keys(duk, 1); /* [ object properties keys descriptors ] */
  duk_push_bare_array(duk);
  duk_uarridx_t count = (duk_uarridx_t)duk_get_length(duk, 2), kept = 0;
  for (duk_uarridx_t i = 0; i < count; i++) {
    duk_get_prop_index(duk, 2, i);
    vms__get_own(duk, 1, -1);
    bool is = duk_is_object(duk, -1) && duk_get_prop_literal(duk, -1, "enumerable") && duk_get_boolean(duk, -1);
    duk_set_top(duk, 5);
    if (is) {
      duk_dup_top(duk);
      duk_get_prop(duk, 1);
      vms__to_descriptor(duk, -1);
      duk_put_prop_index(duk, 3, kept + 1);
      duk_put_prop_index(duk, 3, kept);
      kept += 2;
    }
    duk_set_top(duk, 4);
  }
  for (duk_uarridx_t i = 0; i < kept; i += 2) {
    duk_get_prop_index(duk, 3, i);
    duk_get_prop_index(duk, 3, i + 1);
    fail_unless(duk, vms__define_own(duk, 0, -2, -1), "given this property");
    duk_pop_2(duk);
  }
  duk_set_top(duk, 1);
  return 1;
}

/* magic 1: Reflect */
int vms__object_prevent_extensions(duk_context *duk, int magic) {
  if (!vms__is_proxy(duk, 0)) return 0;
  bool done = vms__prevent_extensions(duk, 0);
  if (magic == 0) fail_unless(duk, done, "made non-extensible");
  if (magic == 0) duk_dup(duk, 0);
  else duk_push_boolean(duk, done);
  return 1;
}

int vms__object_is_extensible(duk_context *duk) {
  if (!vms__is_proxy(duk, 0)) return 0;
  duk_push_boolean(duk, vms__is_extensible(duk, 0));
  return 1;
}

int vms__object_seal_freeze(duk_context *duk, int freeze) {
  if (!vms__is_proxy(duk, 0)) return 0;
  fail_unless(duk, vms__prevent_extensions(duk, 0), "sealed");
  vms__own_keys(duk, 0); /* [ object keys ] */
  for (duk_uarridx_t i = 0, n = (duk_uarridx_t)duk_get_length(duk, 1); i < n; i++) {
    duk_get_prop_index(duk, 1, i);
    duk_push_bare_object(duk);
    duk_push_false(duk);
    duk_put_prop_literal(duk, -2, "configurable");
    if (freeze) {
      vms__get_own(duk, 0, 2);
      bool none = duk_is_undefined(duk, -1) != 0;
      bool accessor = !none && (duk_has_prop_literal(duk, -1, "get") || duk_has_prop_literal(duk, -1, "set"));
      duk_pop(duk);
      if (!none && !accessor) {
        duk_push_false(duk);
        duk_put_prop_literal(duk, -2, "writable");
      }
      if (none) {
        duk_set_top(duk, 2);
        continue;
      }
    }
    fail_unless(duk, vms__define_own(duk, 0, 2, 3), freeze ? "frozen" : "sealed");
    duk_set_top(duk, 2);
  }
  duk_dup(duk, 0);
  return 1;
}

int vms__object_is_sealed_frozen(duk_context *duk, int frozen) {
  bool is = true;
  if (!vms__is_proxy(duk, 0)) return 0;
  if (vms__is_extensible(duk, 0)) {
    duk_push_false(duk);
    return 1;
  }
  vms__own_keys(duk, 0);
  for (duk_uarridx_t i = 0, n = (duk_uarridx_t)duk_get_length(duk, 1); is && i < n; i++) {
    duk_get_prop_index(duk, 1, i);
    vms__get_own(duk, 0, 2);
    if (duk_is_object(duk, -1)) {
      duk_get_prop_literal(duk, 3, "configurable");
      duk_get_prop_literal(duk, 3, "writable");
      is = !duk_get_boolean(duk, 4) && !(frozen && duk_get_boolean(duk, 5));
    }
    duk_set_top(duk, 2);
  }
  duk_push_boolean(duk, is);
  return 1;
}

/* magic 0: Object.keys, 1: getOwnPropertyNames, 2: getOwnPropertySymbols, 3: Reflect.ownKeys */
int vms__object_keys(duk_context *duk, int magic) {
  duk_uarridx_t kept = 0;
  if (!vms__is_proxy(duk, 0)) return 0;
  vms__own_keys(duk, 0);
  if (magic == 3) return 1;
  duk_push_array(duk); /* [ object keys result ] */
  for (duk_uarridx_t i = 0, n = (duk_uarridx_t)duk_get_length(duk, 1); i < n; i++) {
    duk_get_prop_index(duk, 1, i);
    bool take = (magic == 2) == (duk_is_symbol(duk, -1) != 0);
    if (take && magic == 0) {
      vms__get_own(duk, 0, -1);
      take = duk_is_object(duk, -1) && duk_get_prop_literal(duk, -1, "enumerable") && duk_get_boolean(duk, -1);
      duk_set_top(duk, 4);
    }
    if (take) vms__fresh_put(duk, 2, kept++);
    duk_set_top(duk, 3);
  }
  return 1;
}

/* hasOwnProperty, propertyIsEnumerable: [ key object ] */
int vms__object_has_own(duk_context *duk, int enumerable) {
  if (!vms__is_proxy(duk, 1)) return 0;
  vms__get_own(duk, 1, 0);
  bool has = duk_is_object(duk, -1) != 0;
  if (has && enumerable) has = duk_get_prop_literal(duk, -1, "enumerable") && duk_get_boolean(duk, -1);
  duk_push_boolean(duk, has);
  return 1;
}

/* isPrototypeOf of a value (0) with a proxy anywhere above it: [ value this ] */
int vms__object_is_prototype_of(duk_context *duk) {
  duk_dup(duk, 0);
  for (;;) {
    vms__charge(&vms__of(duk)->meter, 1);
    vms__push_prototype_of(duk, -1);
    duk_replace(duk, -2);
    if (duk_is_null(duk, -1)) break;
    if (duk_strict_equals(duk, -1, 1)) {
      duk_push_true(duk);
      return 1;
    }
  }
  duk_push_false(duk);
  return 1;
}

/* --- Object.assign and its kin --------------------------------------------------------------------------- */

static bool own_enumerable(duk_context *duk, duk_idx_t obj, duk_idx_t key) {
  duk_idx_t top = duk_get_top(duk);
  if (!vms__is_proxy(duk, obj)) return vms__own_enumerable(duk, obj, key) == 1;
  vms__get_own(duk, obj, key);
  bool is = duk_is_object(duk, -1) && duk_get_prop_literal(duk, -1, "enumerable") && duk_get_boolean(duk, -1);
  duk_set_top(duk, top);
  return is;
}

duk_ret_t vms__object_assign(duk_context *duk) {
  duk_idx_t given = duk_get_top(duk);
  if (given == 0) return duk_type_error(duk, "cannot convert undefined to an object");
  duk_to_object(duk, 0);
  for (duk_idx_t from = 1; from < given; from++) {
    if (duk_is_null_or_undefined(duk, from)) continue;
    duk_to_object(duk, from);
    vms__own_keys(duk, from);
    duk_idx_t keys = duk_get_top_index(duk);
    for (duk_uarridx_t i = 0, n = (duk_uarridx_t)duk_get_length(duk, keys); i < n; i++) {
      duk_get_prop_index(duk, keys, i);
      if (own_enumerable(duk, from, -1)) {
        duk_dup_top(duk);
        duk_get_prop(duk, from);
        duk_put_prop(duk, 0);
      } else {
        duk_pop(duk);
      }
    }
    duk_pop(duk);
  }
  duk_dup(duk, 0);
  return 1;
}

/* [ ... object ] -> [ ... names ]: of its enumerable properties; unless own_only, also of those that it inherits. */
void vms__enumerable_names(duk_context *duk, int own_only) {
  duk_idx_t obj = duk_get_top_index(duk), result = obj + 1, seen = obj + 2, keys = obj + 3;
  duk_uarridx_t kept = 0;
  duk_require_stack(duk, 16);
  duk_push_array(duk);
  duk_push_bare_object(duk);
  do {
    vms__charge(&vms__of(duk)->meter, 1);
    vms__own_keys(duk, obj);
    for (duk_uarridx_t i = 0, n = (duk_uarridx_t)duk_get_length(duk, keys); i < n; i++) {
      duk_get_prop_index(duk, keys, i);
      duk_dup_top(duk);
      bool take = !duk_is_symbol(duk, -1) && (own_only || !duk_has_prop(duk, seen));
      duk_set_top(duk, keys + 2);
      bool enumerable = take && own_enumerable(duk, obj, -1);
      if (take && !own_only) {
        duk_dup_top(duk);
        duk_push_true(duk);
        duk_put_prop(duk, seen);
      }
      if (enumerable) vms__fresh_put(duk, result, kept++);
      duk_set_top(duk, keys + 1);
    }
    duk_set_top(duk, keys);
    if (own_only) break;
    vms__push_prototype_of(duk, obj);
    duk_replace(duk, obj);
  } while (!duk_is_null(duk, obj));
  duk_pop(duk);
  duk_replace(duk, obj);
}

/* Object.values: magic 0, entries: 1 */
static duk_ret_t object_values(duk_context *duk) {
  int entries = duk_get_current_magic(duk);
  duk_uarridx_t kept = 0;
  duk_to_object(duk, 0);
  vms__own_keys(duk, 0);
  duk_push_array(duk); /* [ object keys result ] */
  for (duk_uarridx_t i = 0, n = (duk_uarridx_t)duk_get_length(duk, 1); i < n; i++) {
    duk_get_prop_index(duk, 1, i);
    if (duk_is_symbol(duk, -1) || !own_enumerable(duk, 0, -1)) {
      duk_pop(duk);
      continue;
    }
    if (!entries) {
      duk_get_prop(duk, 0);
    } else {
      duk_push_array(duk);
      duk_dup(duk, -2);
      vms__fresh_put(duk, -2, 0);
      duk_dup(duk, -2);
      duk_get_prop(duk, 0);
      vms__fresh_put(duk, -2, 1);
      duk_remove(duk, -2);
    }
    vms__fresh_put(duk, 2, kept++);
  }
  return 1;
}

static duk_ret_t object_descriptors(duk_context *duk) {
  duk_to_object(duk, 0);
  vms__own_keys(duk, 0);
  duk_push_object(duk);
  for (duk_uarridx_t i = 0, n = (duk_uarridx_t)duk_get_length(duk, 1); i < n; i++) {
    duk_get_prop_index(duk, 1, i);
    vms__get_own(duk, 0, -1);
    vms__from_descriptor(duk);
    if (duk_is_undefined(duk, -1)) duk_pop_2(duk);
    else vms__create_data(duk, 2);
  }
  return 1;
}

/* [ iterable made ... entry ] */
static duk_ret_t entry_step(duk_context *duk, void *unused) {
  (void)unused;
  if (!duk_is_object(duk, -1)) return duk_type_error(duk, "entry is not an object");
  vms__get_at(duk, -1, 0);
  vms__get_at(duk, -2, 1);
  duk_insert(duk, -2);
  vms__to_key(duk, -1);
  duk_insert(duk, -2);
  vms__create_data(duk, 1);
  return 0;
}

static duk_ret_t object_from_entries(duk_context *duk) {
  if (duk_is_null_or_undefined(duk, 0)) return duk_type_error(duk, "object is not iterable");
  duk_push_object(duk);
  vms__iterate(duk, 0, entry_step, NULL);
  duk_dup(duk, 1);
  return 1;
}

/* --- Reflect --------------------------------------------------------------------------------------------------- */

static void require_object(duk_context *duk) {
  if (!duk_is_object(duk, 0)) (void)duk_type_error(duk, "target is not an object");
}

duk_ret_t vms__reflect_get(duk_context *duk) {
  duk_idx_t given = duk_get_top(duk);
  duk_set_top(duk, 3);
  require_object(duk);
  vms__to_key(duk, 1);
  if (given < 3) {
    duk_dup(duk, 0);
    duk_replace(duk, 2);
  }
  vms__proxy_get(duk);
  return 1;
}

duk_ret_t vms__reflect_set(duk_context *duk) {
  duk_idx_t given = duk_get_top(duk);
  duk_set_top(duk, 4);
  require_object(duk);
  vms__to_key(duk, 1);
  if (given < 4) {
    duk_dup(duk, 0);
    duk_replace(duk, 3);
  }
  duk_push_boolean(duk, vms__proxy_set(duk));
  return 1;
}

static duk_ret_t reflect_key(duk_context *duk, bool (*ask)(duk_context *)) {
  duk_set_top(duk, 2);
  require_object(duk);
  vms__to_key(duk, 1);
  duk_push_boolean(duk, ask(duk));
  return 1;
}

duk_ret_t vms__reflect_has(duk_context *duk) { return reflect_key(duk, vms__proxy_has); }
duk_ret_t vms__reflect_delete(duk_context *duk) { return reflect_key(duk, vms__proxy_delete); }

void vms__object_open(duk_context *duk) {
  static const vms__method methods[] = { { "values", object_values, 1, 1, 0 },
                                         { "entries", object_values, 1, 1, 1 },
                                         { "fromEntries", object_from_entries, 1, 1, 0 },
                                         { "getOwnPropertyDescriptors", object_descriptors, 1, 1, 0 } };
  duk_get_global_literal(duk, "Object");
  vms__define_methods(duk, -1, methods, sizeof methods / sizeof methods[0]);
  duk_get_prop_literal(duk, -1, "prototype");
  vms__ref_set(vms__of(duk), duk, VMS__REF_OBJECT_PROTO);
  duk_pop(duk);
  duk_get_global_literal(duk, "Reflect");
  vms__define_tag(duk, -1, "Reflect");
  duk_pop(duk);
  duk_get_global_literal(duk, "JSON");
  vms__define_tag(duk, -1, "JSON");
  duk_pop(duk);
}
