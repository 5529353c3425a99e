/* SPDX-License-Identifier: MIT */
/* Lowering of what assigns: operators, patterns, and the guards that close a pattern's iterators. */
#include "lib/sandbox/js_ast.h"

static void put_node(js *p, js_node *node, int precedence) { js_lower_expression(p, node, precedence); }

/* --- assignments -------------------------------------------------------------------------- */

/* Whether evaluating it can neither throw nor run other code. */
static bool is_harmless(const js_node *node) {
  switch (node->type) {
    case N_NUMBER: case N_STRING: case N_NULL: case N_TRUE: case N_FALSE: case N_FUNCTION: return true;
    case N_ARRAY: case N_OBJECT: return node->a == NULL;
    case N_IDENT: return node->u.binding != NULL && !(node->flags & F_CHECK) && node->atom->keyword != K_ARGUMENTS;
    default: return false;
  }
}

static bool is_constant(const js_node *target) {
  const js_binding *binding = target->u.binding;
  return binding != NULL && (binding->kind == BK_CONST || binding->kind == BK_FNAME || (binding->kind == BK_CLASS && binding->scope->kind == SC_CLASS));
}

static void put_constant(js *p, const js_node *target) {
  js_put(p, "$vms.constant(");
  js_put_string(p, target->atom);
  js_put(p, ")");
}

/* The check of a dead zone in front of a write: "(x===$vms.T&&$vms.tdz("x")," */
static void put_write_check(js *p, js_node *target) {
  if (!(target->flags & F_CHECK)) return;
  js_put(p, "(");
  js_put(p, js_binding_out(p, target->u.binding));
  js_put(p, "===$vms.T&&$vms.tdz(");
  js_put_string(p, target->atom);
  js_put(p, "),");
}

static void put_name_target(js *p, js_node *target) {
  if (target->u.binding != NULL) js_put(p, js_binding_out(p, target->u.binding));
  else js_put_global(p, target->atom);
}

/* o.#a and super.a are no targets for the engine: their object, or all that super.a stands for, is kept in a temporary. */
static bool is_special(const js_node *target) { return target->type == N_PRIVATE || js_is_super_member(target); }

static void put_special(js *p, js_node *target) {
  if (target->type == N_PRIVATE) {
    put_node(p, target->a, PR_ASSIGN);
    return;
  }
  js_put(p, "$vms.superRef(");
  js_put_super_parts(p, target);
  js_put(p, ")");
}

static void put_special_get(js *p, js_node *target, const char *kept) {
  js_put(p, target->type == N_PRIVATE ? "$vms.get(" : "$vms.superTake(");
  js_put(p, kept);
  if (target->type == N_PRIVATE) js_put_private_key(p, target);
  js_put(p, ")");
}

/* Up to the value, which the caller writes with a ) behind it. */
static void put_special_set(js *p, js_node *target, const char *kept) {
  js_put(p, target->type == N_PRIVATE ? "$vms.set(" : "$vms.superPut(");
  js_put(p, kept);
  if (target->type == N_PRIVATE) js_put_private_key(p, target);
  js_put(p, ",");
}

/* o.#a=, super.a=, written once: as it stands, unless the value may change where super looks, which is noted `early` then. */
static void put_special_store(js *p, js_node *target, bool early) {
  if (target->type == N_PRIVATE) {
    js_put(p, "$vms.set(");
    put_special(p, target);
    js_put_private_key(p, target);
  } else if (target->d != NULL) { /* noted already */
    js_put(p, js_format(p, "$vms.superPut(%s", target->d->u.text));
  } else if (early) {
    js_put(p, "$vms.superPut(");
    put_special(p, target);
  } else {
    js_put(p, "$vms.superSet(");
    js_put_super_parts(p, target);
  }
  js_put(p, ",");
}

/* o.#a++: (t=o,$vms.set(t,A,(u= +$vms.get(t,A))+1),u) */
static void put_special_update(js *p, js_node *node) {
  const char *kept = js_temp(p), *value = js_temp(p);
  js_put(p, js_format(p, "(%s=", kept));
  put_special(p, node->a);
  js_put(p, ",");
  put_special_set(p, node->a, kept);
  js_put(p, js_format(p, "(%s= +", value));
  put_special_get(p, node->a, kept);
  js_put(p, node->op == T_INC ? ")+1)," : ")-1),");
  js_put(p, value);
  js_put(p, !(node->flags & F_PREFIX) ? ")" : node->op == T_INC ? "+1)" : "-1)");
}

/* The key of object[key], made a property key once and for all behind the check of the object, which comes first. */
static void put_key_once(js *p, js_node *target, const char *object) {
  const char *key;
  if (js_is_primitive(target->b)) {
    put_node(p, target->b, PR_COMMA);
    return;
  }
  key = js_temp(p);
  js_put(p, js_format(p, "typeof(%s=", key));
  put_node(p, target->b, PR_ASSIGN);
  js_put(p, js_format(p, ")===\"string\"||typeof %s===\"number\"?%s:$vms.keyOf(%s,%s)", key, key, object, key));
}

/* object[key] in front of ++ and operators with =: the engine would make a key of an object twice. */
static void put_read_write(js *p, js_node *target) {
  const char *object;
  if (target->type != N_INDEX || js_is_primitive(target->b)) {
    js_put_member(p, target);
    return;
  }
  object = js_temp(p);
  js_put(p, js_format(p, "(%s=", object));
  put_node(p, target->a, PR_ASSIGN);
  js_put(p, ")[");
  put_key_once(p, target, object);
  js_put(p, "]");
}

void js_lower_update(js *p, js_node *node, int precedence) {
  js_node *target = node->a;
  const char *op = node->op == T_INC ? "++" : "--";
  bool prefix = node->flags & F_PREFIX, check = target->type == N_IDENT && (target->flags & F_CHECK);
  if (target->type == N_IDENT && is_constant(target)) {
    js_put(p, "(");
    js_put_identifier(p, target);
    js_put(p, ",");
    put_constant(p, target);
    js_put(p, ")");
    return;
  }
  if (is_special(target)) {
    put_special_update(p, node);
    return;
  }
  js_put_open(p, (prefix ? PR_UNARY : PR_POSTFIX) < precedence);
  if (check) put_write_check(p, target);
  if (prefix) js_put(p, node->op == T_INC ? " ++" : " --");
  if (target->type == N_IDENT) put_name_target(p, target);
  else put_read_write(p, target);
  if (!prefix) js_put(p, op);
  if (check) js_put(p, ")");
  js_put_close(p, (prefix ? PR_UNARY : PR_POSTFIX) < precedence);
}

/* Makes a member target safe to be written twice: its object and key go into temporaries at the first one. */
static void put_target_twice(js *p, js_node *target, const char **object, const char **key) {
  *object = js_temp(p);
  *key = NULL;
  js_put(p, "(");
  js_put(p, *object);
  js_put(p, "=");
  put_node(p, target->a, PR_ASSIGN);
  js_put(p, ")");
  if (target->type == N_INDEX) {
    *key = js_temp(p);
    js_put(p, js_format(p, "[%s=", *key));
    put_key_once(p, target, *object);
    js_put(p, "]");
  } else {
    js_put_access(p, target);
  }
}

static void put_target_again(js *p, js_node *target, const char *object, const char *key) {
  if (target->type == N_IDENT) {
    put_name_target(p, target);
    return;
  }
  js_put(p, object);
  if (key == NULL) {
    js_put_access(p, target);
  } else {
    js_put(p, "[");
    js_put(p, key);
    js_put(p, "]");
  }
}

/* a ||= b, a &&= b, a ??= b */
static void put_logical_assign(js *p, js_node *node) {
  js_node *target = node->a;
  const char *object = NULL, *key = NULL, *value = NULL;
  js_put(p, "(");
  if (is_special(target)) {
    object = js_temp(p);
    js_put(p, object);
    js_put(p, "=");
    put_special(p, target);
    js_put(p, ",");
  }
  if (node->op == T_A_NULLISH) {
    value = js_temp(p);
    js_put(p, "(");
    js_put(p, value);
    js_put(p, "=");
  }
  if (target->type == N_IDENT) {
    js_put_identifier(p, target);
  } else if (is_special(target)) {
    put_special_get(p, target, object);
  } else {
    put_target_twice(p, target, &object, &key);
  }
  if (node->op == T_A_NULLISH) {
    js_put(p, ")!=null?");
    js_put(p, value);
    js_put(p, ":");
  } else {
    js_put(p, node->op == T_A_OR ? "||" : "&&");
  }
  js_put(p, "(");
  if (target->type == N_IDENT && is_constant(target)) {
    put_node(p, node->b, PR_ASSIGN);
    js_put(p, ",");
    put_constant(p, target);
  } else if (is_special(target)) {
    put_special_set(p, target, object);
    put_node(p, node->b, PR_ASSIGN);
    js_put(p, ")");
  } else {
    put_target_again(p, target, object, key);
    js_put(p, "=");
    js_lower_named(p, node->b, target->type == N_IDENT && !(target->flags & F_PAREN) ? target->atom : NULL, PR_ASSIGN);
  }
  js_put(p, "))");
}

/* o.#a = b, super.a = b, o.#a += b, super.a += b */
static void put_special_assign(js *p, js_node *node, const char *op) {
  js_node *target = node->a;
  const char *kept;
  if (node->op == T_ASSIGN) {
    put_special_store(p, target, node->b->flags & F_CALLS);
    put_node(p, node->b, PR_ASSIGN);
    js_put(p, ")");
    return;
  }
  kept = js_temp(p);
  js_put(p, js_format(p, "(%s=", kept));
  put_special(p, target);
  js_put(p, ",");
  put_special_set(p, target, kept);
  put_special_get(p, target, kept);
  js_put_bytes(p, op, strlen(op) - 1);
  js_put(p, " ");
  put_node(p, node->b, PR_UNARY);
  js_put(p, "))");
}

void js_lower_assign(js *p, js_node *node, int precedence) {
  static const char *const texts[T_COUNT] = {
    [T_ASSIGN] = "=", [T_A_BITOR] = "|=", [T_A_BITXOR] = "^=", [T_A_BITAND] = "&=", [T_A_SHL] = "<<=", [T_A_SHR] = ">>=",
    [T_A_USHR] = ">>>=", [T_A_ADD] = "+=", [T_A_SUB] = "-=", [T_A_MUL] = "*=", [T_A_DIV] = "/=", [T_A_MOD] = "%=", [T_A_POW] = "**="
  };
  js_node *target = node->a;
  js_atom *name;
  const char *kept = NULL;
  bool check;
  if (node->op == T_A_NULLISH || node->op == T_A_OR || node->op == T_A_AND) {
    put_logical_assign(p, node);
    return;
  }
  if (target->type == N_ARRAY_PATTERN || target->type == N_OBJECT_PATTERN) {
    const char *value = js_temp(p);
    js_put(p, "(");
    js_put(p, value);
    js_put(p, "=");
    put_node(p, node->b, PR_ASSIGN);
    js_lower_pattern(p, target, value);
    js_put(p, ",");
    js_put(p, value);
    js_put(p, ")");
    return;
  }
  if (target->type == N_IDENT && is_constant(target)) { /* an operator reads the name before its right side runs */
    js_put(p, "(");
    if (node->op != T_ASSIGN) {
      js_put_identifier(p, target);
      js_put(p, ",");
    }
    put_node(p, node->b, PR_ASSIGN);
    if (node->op == T_ASSIGN) {
      js_put(p, ",");
      js_put_identifier(p, target);
    }
    js_put(p, ",");
    put_constant(p, target);
    js_put(p, ")");
    return;
  }
  if (is_special(target)) {
    put_special_assign(p, node, texts[node->op]);
    return;
  }
  js_put_open(p, PR_ASSIGN < precedence);
  check = target->type == N_IDENT && (target->flags & F_CHECK);
  name = target->type == N_IDENT && node->op == T_ASSIGN && !(target->flags & F_PAREN) ? target->atom : NULL;
  if (check && node->op == T_ASSIGN && !is_harmless(node->b)) { /* what the right side throws or does comes first */
    kept = js_temp(p);
    js_put(p, js_format(p, "(%s=", kept));
    js_lower_named(p, node->b, name, PR_ASSIGN);
    js_put(p, ",");
  }
  if (check) put_write_check(p, target);
  if (target->type == N_IDENT) put_name_target(p, target);
  else if (node->op == T_ASSIGN) js_put_member(p, target);
  else put_read_write(p, target);
  js_put(p, texts[node->op]);
  js_sync(p, node->b->line);
  if (kept == NULL) js_lower_named(p, node->b, name, PR_ASSIGN);
  else js_put(p, js_format(p, "%s)", kept));
  if (check) js_put(p, ")");
  js_put_close(p, PR_ASSIGN < precedence);
}

/* --- patterns ----------------------------------------------------------------------------- */

/* A member that is assigned to: its object and key are evaluated before the value is taken. */
static void put_target_first(js *p, js_node *target) {
  if (target->type != N_MEMBER && target->type != N_INDEX && target->type != N_PRIVATE) return;
  if (target->a->type == N_SUPER) {
    target->d = js_raw_node(p, N_RAW, js_temp(p), NULL);
    js_put(p, js_format(p, ",%s=", target->d->u.text));
    put_special(p, target);
    return;
  }
  target->a = js_raw_node(p, N_SAVE, js_temp(p), target->a);
  js_put(p, ",");
  put_node(p, target->a, PR_ASSIGN);
  target->a = js_raw_node(p, N_RAW, target->a->u.text, NULL);
  if (target->type != N_INDEX) return;
  target->b = js_raw_node(p, N_SAVE, js_temp(p), target->b);
  js_put(p, ",");
  put_node(p, target->b, PR_ASSIGN);
  target->b = js_raw_node(p, N_RAW, target->b->u.text, NULL);
}

/* Writes ",target=text". */
static void put_store(js *p, js_node *target, const char *text) {
  if (target->type == N_ARRAY_PATTERN || target->type == N_OBJECT_PATTERN) {
    js_lower_pattern(p, target, text);
    return;
  }
  js_put(p, ",");
  if (is_special(target)) {
    put_special_store(p, target, false);
    js_put(p, js_format(p, "%s)", text));
    return;
  }
  if (target->type == N_IDENT) {
    if (!(target->flags & F_DECL) && is_constant(target)) { /* reading it first tells whether it is dead */
      if (target->flags & F_CHECK) {
        js_put_identifier(p, target);
        js_put(p, ",");
      }
      put_constant(p, target);
      return;
    }
    if (target->flags & F_CHECK) put_write_check(p, target);
    put_name_target(p, target);
  } else {
    js_put_member(p, target);
  }
  js_put(p, "=");
  js_put(p, text);
  if (target->type == N_IDENT && (target->flags & F_CHECK)) js_put(p, ")");
}

/* Writes ",target=value" for a value that stands in the temporary `text` and may be replaced by a default. */
static void put_element(js *p, js_node *item, const char *text) {
  if (item->type == N_DEFAULT) {
    js_put(p, ",");
    js_put(p, text);
    js_put(p, "===void 0&&(");
    js_put(p, text);
    js_put(p, "=");
    js_sync(p, item->b->line);
    js_lower_named(p, item->b, item->a->type == N_IDENT && !(item->a->flags & F_PAREN) ? item->a->atom : NULL, PR_ASSIGN);
    js_put(p, ")");
    item = item->a;
  }
  put_store(p, item, text);
}

static js_node *target_of(js_node *item) { return item->type == N_DEFAULT || item->type == N_REST ? item->a : item; }

/* Whether a part of an array pattern may throw while its iterator is open. */
static bool may_throw(const js_node *pattern) {
  const js_node *item, *target;
  for (item = pattern->a; item != NULL; item = item->next) {
    if (item->type == N_HOLE) continue;
    target = item->type == N_DEFAULT || item->type == N_REST ? item->a : item;
    if (target->type != N_IDENT || (target->flags & F_CHECK) || target->u.binding == NULL) return true;
    if (!(target->flags & F_DECL) && is_constant(target)) return true;
    if (item->type == N_DEFAULT && !is_harmless(item->b)) return true;
  }
  return false;
}

/* Whether running an expression or pattern may leave an iterator open when something throws: then the statement needs a
 * guard. Left sides are walked in a loop, since they may be as long as the program. */
bool js_leaves_open(const js_node *node) {
  const js_node *child;
  unsigned i;
  for (; node != NULL && (node->flags & F_ITERATES); node = node->a) {
    const js_node *lists[4] = { node->a == NULL ? NULL : node->a->next, node->b, node->c, node->d };
    if (node->type == N_ARRAY_PATTERN && may_throw(node)) return true;
    for (i = 0; i < 4; i++)
      for (child = lists[i]; child != NULL; child = child->next)
        if (js_leaves_open(child)) return true;
  }
  return false;
}

static void lower_array_pattern(js *p, js_node *pattern, const char *value) {
  const char *state = p->iterators_kept ? js_unique(p, "it") : js_temp(p), *element;
  js_node *item;
  js_iterator *open;
  if (p->iterators_kept) {
    js_late(p, p->func, state);
    open = js_alloc(p, sizeof *open);
    open->name = state;
    open->next = p->iterators;
    p->iterators = open;
  }
  assert(p->iterators_kept || !may_throw(pattern));
  js_put(p, ",");
  js_put(p, state);
  js_put(p, "=$vms.iterate(");
  js_put(p, value);
  js_put(p, ")");
  for (item = pattern->a; item != NULL; item = item->next) {
    if (item->type != N_HOLE) put_target_first(p, target_of(item));
    element = js_temp(p);
    js_put(p, ",");
    js_put(p, element);
    js_put(p, item->type == N_REST ? "=$vms.takeRest(" : "=$vms.take(");
    js_put(p, state);
    js_put(p, ")");
    if (item->type != N_HOLE) put_element(p, item->type == N_REST ? item->a : item, element);
  }
  if (!p->iterators_kept) {
    js_put(p, ",$vms.close(");
    js_put(p, state);
    js_put(p, ")");
    return;
  }
  element = js_temp(p); /* closed: no longer in the list, even if closing throws */
  js_put(p, js_format(p, ",%s=%s,%s=void 0,$vms.close(%s)", element, state, state, element));
}

static void lower_object_pattern(js *p, js_node *pattern, const char *value) {
  js_node *item;
  const char *element, *keys = NULL, *name;
  js_put(p, ",$vms.object(");
  js_put(p, value);
  js_put(p, ")");
  for (item = pattern->a; item != NULL; item = item->next)
    if (item->type == N_REST) keys = js_temp(p);
  if (keys != NULL) {
    js_put(p, ",");
    js_put(p, keys);
    js_put(p, "=[]");
  }
  for (item = pattern->a; item != NULL; item = item->next) {
    js_node *key = item->a;
    if (item->type == N_REST) {
      put_target_first(p, item->a);
      element = js_temp(p);
      js_put(p, js_format(p, ",%s=$vms.rest(%s,%s)", element, value, keys));
      put_store(p, item->a, element);
      continue;
    }
    name = NULL;
    if (keys != NULL || (item->flags & F_COMPUTED)) {
      name = js_temp(p);
      js_put(p, js_format(p, ",%s=", name));
      js_put(p, keys != NULL ? js_format(p, "$vms.noteKey(%s,", keys) : "$vms.key(");
      put_node(p, key, PR_ASSIGN);
      js_put(p, ")");
    }
    put_target_first(p, target_of(item->b));
    element = js_temp(p);
    js_put(p, js_format(p, ",%s=%s[", element, value));
    if (name != NULL) js_put(p, name);
    else put_node(p, key, PR_ASSIGN);
    js_put(p, "]");
    put_element(p, item->b, element);
  }
}

/* Writes ",a=...,b=..." for what a pattern takes out of the value that stands in `value`. */
void js_lower_pattern(js *p, js_node *pattern, const char *value) {
  if (pattern->type == N_ARRAY_PATTERN) lower_array_pattern(p, pattern, value);
  else if (pattern->type == N_OBJECT_PATTERN) lower_object_pattern(p, pattern, value);
  else put_element(p, pattern, value);
}

/* In front of and behind a statement: iterators that it leaves open are closed when something in it throws. No other code
 * of the function runs in between, so that one try per statement does for every pattern inside its expressions, whatever
 * they await. */
js_guard js_guard_begin(js *p, bool needed) {
  js_guard guard = { needed, p->iterators_kept, p->iterators };
  if (!needed) return guard;
  p->iterators_kept = true;
  p->iterators = NULL;
  js_put(p, "try{");
  return guard;
}

void js_guard_end(js *p, const js_guard *guard) {
  const char *thrown, *separator = "";
  const js_iterator *open;
  if (!guard->on) return;
  thrown = js_unique(p, "e");
  js_put(p, js_format(p, "}catch(%s){$vms.unwind([", thrown));
  for (open = p->iterators; open != NULL; open = open->next) { /* the latest stands first */
    js_put(p, separator);
    js_put(p, open->name);
    separator = ",";
  }
  js_put(p, js_format(p, "],%s", thrown));
  separator = ","; /* the list is made; the next round starts without them */
  for (open = p->iterators; open != NULL; open = open->next) {
    js_put(p, separator);
    js_put(p, open->name);
    separator = "=";
  }
  js_put(p, p->iterators == NULL ? ")}" : "=void 0)}");
  p->iterators_kept = guard->outer_kept;
  p->iterators = guard->outer;
}
