/* SPDX-License-Identifier: MIT */
/* Lowering of statements and of the program. */
#include "lib/sandbox/js_ast.h"

static void put_statement(js *p, js_node *node);

static void put_expression(js *p, js_node *node) { js_lower_expression(p, node, PR_COMMA); }

/* The statement under an if or loop, always in braces. */
static void put_inner(js *p, js_node *node) {
  js_put(p, "{");
  put_statement(p, node);
  js_put(p, "}");
}

/* --- variables ---------------------------------------------------------------------------- */

static bool all_plain(const js_node *list) {
  for (; list != NULL; list = list->next)
    if (list->a->type != N_IDENT || list->a->u.binding == NULL || list->a->u.binding->boxed) return false;
  return true;
}

/* The value of a declarator: a let without one is undefined again each time it is reached. */
static void put_value(js *p, const js_node *list, const js_node *item, bool head) {
  if (item->b != NULL) {
    js_put(p, "=");
    js_sync(p, item->b->line);
    js_put(p, head ? "(" : "");
    js_lower_named(p, item->b, item->a->type == N_IDENT ? item->a->atom : NULL, PR_ASSIGN);
    js_put(p, head ? ")" : "");
  } else if (list->op != BK_VAR && (item->a->u.binding->scope->in_loop || item->a->u.binding->checked || item->a->u.binding->scope->kind == SC_SWITCH)) {
    js_put(p, "=void 0");
  }
}

/* The same as expressions, for names in boxes and for patterns. */
static void put_declarators(js *p, const js_node *node, bool head) {
  js_node *item;
  bool first = true;
  for (item = node->a; item != NULL; item = item->next) {
    const char *value;
    js_late_pattern(p, item->a);
    if (item->a->type == N_IDENT) {
      if (item->b == NULL && node->op == BK_VAR) continue;
      if (!first) js_put(p, ",");
      js_put(p, js_binding_out(p, item->a->u.binding));
      if (item->b == NULL) js_put(p, "=void 0");
      else put_value(p, node, item, head);
    } else {
      if (!first) js_put(p, ",");
      value = js_temp(p);
      js_put(p, value);
      put_value(p, node, item, head);
      js_lower_pattern(p, item->a, value);
    }
    first = false;
  }
  if (first) js_put(p, "0");
}

static void put_variables(js *p, const js_node *node, bool head) {
  const js_node *item;
  if (!all_plain(node->a)) {
    put_declarators(p, node, head);
    return;
  }
  js_put(p, "var ");
  for (item = node->a; item != NULL; item = item->next) {
    js_sync(p, item->line);
    js_put(p, js_binding_out(p, item->a->u.binding));
    put_value(p, node, item, head);
    if (item->next != NULL) js_put(p, ",");
  }
}

/* --- guards ------------------------------------------------------------------------------- */

/* Whether an expression of the statement itself, not of the statements in it, leaves iterators open. The heads of for-in
 * and for-of have their own guards. */
static bool needs_guard(const js_node *node) {
  const js_node *item;
  if (!(node->flags & F_ITERATES)) return false;
  while (node->type == N_LABELED) node = node->a;
  switch (node->type) {
    case N_VAR:
      for (item = node->a; item != NULL; item = item->next)
        if (js_leaves_open(item)) return true;
      return false;
    case N_FOR: return (node->a != NULL && (node->a->type == N_VAR ? needs_guard(node->a) : js_leaves_open(node->a))) || js_leaves_open(node->b) || js_leaves_open(node->c);
    case N_SWITCH:
      for (item = node->b; item != NULL; item = item->next)
        if (js_leaves_open(item->a)) return true;
      return js_leaves_open(node->a);
    case N_CLASS_STATEMENT: return js_leaves_open(node->b);
    case N_EXPRESSION: case N_IF: case N_WHILE: case N_DO: case N_RETURN: case N_THROW: return js_leaves_open(node->a);
    default: return false;
  }
}

/* --- loops -------------------------------------------------------------------------------- */

static void put_label(js *p, const js_atom *name) {
  if (js_text_is_name(name->text, name->len)) js_put_bytes(p, name->text, name->len);
  else js_put(p, js_format(p, "%sl%u_%u", p->prefix, (unsigned)name->hash, (unsigned)name->len));
}

/* The labels in front of a loop stand directly in front of what it becomes. */
static void put_labels(js *p, const js_node *labels, const js_node *loop) {
  for (; labels != NULL && labels != loop; labels = labels->a) {
    put_label(p, labels->atom);
    js_put(p, ":");
  }
}

static bool has_box(const js_scope *scope) {
  const js_binding *binding;
  for (binding = scope->bindings; binding != NULL; binding = binding->next)
    if (binding->boxed) return true;
  return false;
}

/* s={i:s.i}: the next round's own copy. */
static void put_copy(js *p, js_scope *scope) {
  js_binding *binding;
  bool first = true;
  js_put(p, scope->box);
  js_put(p, "={");
  for (binding = scope->bindings; binding != NULL; binding = binding->next) {
    const char *out;
    if (!binding->boxed) continue;
    out = js_binding_out(p, binding);
    if (!first) js_put(p, ",");
    js_put(p, strchr(out, '.') + 1);
    js_put(p, ":");
    js_put(p, out);
    first = false;
  }
  js_put(p, "}");
}

/* Whether the first part of a for makes functions: they keep the variables as they are before the first round. */
static bool makes_functions(const js_node *node) {
  const js_scope *child;
  uint32_t end = node->b != NULL ? node->b->start : node->c != NULL ? node->c->start : node->d->start;
  for (child = node->u.scope->first; child != NULL; child = child->next)
    if (child->start < end) return true;
  return false;
}

static void put_for(js *p, js_node *node, const js_node *labels) {
  js_scope *scope = node->u.scope;
  bool boxed;
  put_labels(p, labels, node);
  js_put(p, "for(");
  boxed = has_box(scope);
  if (node->a != NULL && node->a->type == N_VAR) {
    size_t before = p->out.len;
    js_lower_scope_entry(p, scope);
    if (p->out.len > before && all_plain(node->a->a)) { /* marks of dead zones in front: no var then */
      put_declarators(p, node->a, true);
    } else {
      put_variables(p, node->a, true);
    }
  } else if (node->a != NULL) {
    js_put(p, "(");
    put_expression(p, node->a);
    js_put(p, ")");
  }
  if (boxed && makes_functions(node)) {
    js_put(p, ",");
    put_copy(p, scope);
  }
  js_put(p, ";");
  if (node->b != NULL) put_expression(p, node->b);
  js_put(p, ";");
  if (boxed) put_copy(p, scope);
  if (boxed && node->c != NULL) js_put(p, ",");
  if (node->c != NULL) put_expression(p, node->c);
  js_put(p, ")");
  put_inner(p, node->d);
}

/* At the start of a round: the variable of the loop takes the value in `text`. */
static void put_round(js *p, js_node *node, const char *text) {
  js_node *target = node->a;
  js_guard guard = js_guard_begin(p, js_leaves_open(target->type == N_VAR ? target->a->a : target));
  js_put(p, "0,");
  if (target->type == N_VAR) {
    js_lower_scope_entry(p, node->u.scope);
    target = target->a->a;
    js_late_pattern(p, target);
  }
  js_put(p, "0");
  js_lower_pattern(p, target, text);
  js_put(p, ";");
  js_guard_end(p, &guard);
}

/* What the object of a loop may see of the loop's own variables: their dead zone. */
static void put_each_object(js *p, js_node *node) {
  js_binding *binding;
  js_put(p, "(");
  for (binding = node->u.scope->bindings; binding != NULL; binding = binding->next)
    if (binding->checked) {
      js_lower_scope_entry(p, node->u.scope);
      break;
    }
  put_expression(p, node->b);
  js_put(p, ")");
}

static void put_for_in(js *p, js_node *node, const js_node *labels) {
  js_node *target = node->a;
  if (js_leaves_open(node->b)) { /* evaluated in front of the loop, where a guard can stand */
    js_guard guard = js_guard_begin(p, true);
    const char *object = js_temp(p);
    js_put(p, js_format(p, "%s=", object));
    put_each_object(p, node);
    js_put(p, ";");
    js_guard_end(p, &guard);
    node->b = js_raw_node(p, N_RAW, object, NULL);
  }
  put_labels(p, labels, node);
  js_put(p, "for(");
  if (target->type == N_VAR && all_plain(target->a) && !target->a->a->u.binding->checked) {
    js_put(p, "var ");
    js_put(p, js_binding_out(p, target->a->a->u.binding));
    js_put(p, " in ");
    put_each_object(p, node);
    js_put(p, ")");
    put_inner(p, node->d);
  } else {
    const char *key = js_temp(p);
    js_put(p, key);
    js_put(p, " in ");
    put_each_object(p, node);
    js_put(p, "){");
    put_round(p, node, key);
    put_statement(p, node->d);
    js_put(p, "}");
  }
}

/* The iterator is closed whichever way the loop is left. */
static void put_for_of(js *p, js_node *node, const js_node *labels) {
  const char *iterator = js_temp(p), *value, *thrown;
  bool waits = node->flags & F_AWAIT;
  js_guard guard;
  value = js_temp(p);
  thrown = js_unique(p, "e");
  js_put(p, "{");
  guard = js_guard_begin(p, js_leaves_open(node->b));
  js_put(p, iterator);
  js_put(p, waits ? "=$vms.iterateAsync(" : "=$vms.iterate(");
  put_each_object(p, node);
  js_put(p, ");");
  js_guard_end(p, &guard);
  js_put(p, "try{");
  put_labels(p, labels, node);
  js_put(p, waits ? "for(;$vms.stepAsync(" : "for(;$vms.step(");
  js_put(p, iterator);
  if (waits) js_put(p, js_format(p, ",$vms.await($vms.nextAsync(%s))", iterator));
  js_put(p, ");){");
  js_put(p, value);
  js_put(p, "=");
  js_put(p, iterator);
  js_put(p, ".value;");
  put_round(p, node, value);
  put_statement(p, node->d);
  js_put(p, "}}catch(");
  js_put(p, thrown);
  if (waits) { /* the same with an await in it, which only the function itself may do */
    js_put(p, js_format(p, "){if($vms.mustClose(%s))", iterator));
    if (p->func->generator) js_put(p, js_format(p, "if(%s===$vms.closing)$vms.checkClosed($vms.await($vms.closeAsync(%s)));else ", thrown, iterator));
    js_put(p, js_format(p, "try{$vms.await($vms.closeAsync(%s))}catch(%s){}throw %s}", iterator, js_unique(p, "e"), thrown));
    js_put(p, js_format(p, "finally{if($vms.mustClose(%s))$vms.checkClosed($vms.await($vms.closeAsync(%s)))}}", iterator, iterator));
    return;
  }
  js_put(p, "){$vms.abort(");
  js_put(p, iterator);
  js_put(p, ",");
  js_put(p, thrown);
  js_put(p, ")}finally{$vms.close(");
  js_put(p, iterator);
  js_put(p, ")}}");
}

static void put_while(js *p, js_node *node, const js_node *labels) {
  put_labels(p, labels, node);
  js_put(p, "while(");
  put_expression(p, node->a);
  js_put(p, ")");
  put_inner(p, node->d);
}

static void put_do(js *p, js_node *node, const js_node *labels) {
  put_labels(p, labels, node);
  js_put(p, "do");
  put_inner(p, node->d);
  js_put(p, "while(");
  js_sync(p, node->a->line);
  put_expression(p, node->a);
  js_put(p, ");");
}

/* --- other statements --------------------------------------------------------------------- */

static void put_block(js *p, js_node *node) {
  js_put(p, "{");
  js_lower_scope_statement(p, node->u.scope);
  js_lower_statements(p, node->a);
  js_put(p, "}");
}

static void put_if(js *p, js_node *node) {
  for (;;) {
    js_put(p, "if(");
    put_expression(p, node->a);
    js_put(p, ")");
    put_inner(p, node->b);
    if (node->c == NULL) return;
    js_put(p, "else ");
    js_sync(p, node->c->line);
    if (node->c->type != N_IF || needs_guard(node->c)) break;
    node = node->c;
  }
  put_inner(p, node->c);
}

static void put_switch(js *p, js_node *node, const js_node *labels) {
  js_node *item;
  put_labels(p, labels, node);
  js_put(p, "switch(");
  if (node->u.scope->bindings == NULL && node->a->type != N_IDENT) {
    put_expression(p, node->a);
  } else if (node->u.scope->bindings == NULL) { /* the engine would read the variable again at each case, which may change it */
    js_put(p, js_format(p, "%s=", js_temp(p)));
    js_lower_expression(p, node->a, PR_ASSIGN);
  } else { /* the value is read outside of the scope of the cases */
    const char *value = js_temp(p);
    js_put(p, value);
    js_put(p, "=");
    js_lower_expression(p, node->a, PR_ASSIGN);
    js_put(p, ",");
    js_lower_scope_entry(p, node->u.scope);
    js_put(p, value);
  }
  js_put(p, "){");
  for (item = node->b; item != NULL; item = item->next) {
    js_sync(p, item->line);
    if (item->a != NULL) {
      js_put(p, "case ");
      put_expression(p, item->a);
      js_put(p, ":");
    } else {
      js_put(p, "default:");
    }
    js_lower_statements(p, item->b);
  }
  js_put(p, "}");
}

/* What return() throws into a generator is not for its catch clauses. */
static void put_pass_on(js *p, const char *thrown) {
  if (!p->func->generator) return;
  js_put(p, "if(");
  js_put(p, thrown);
  js_put(p, "===$vms.closing)throw ");
  js_put(p, thrown);
  js_put(p, ";");
}

static void put_try(js *p, js_node *node) {
  js_put(p, "try");
  put_block(p, node->a);
  if (node->b != NULL) {
    js_node *target = node->b->a;
    js_sync(p, node->b->line);
    js_put(p, "catch(");
    if (target != NULL && target->type == N_IDENT && !target->u.binding->boxed) {
      js_put(p, js_binding_out(p, target->u.binding));
      js_put(p, "){");
      put_pass_on(p, js_binding_out(p, target->u.binding));
    } else {
      const char *thrown = js_unique(p, "e");
      js_put(p, thrown);
      js_put(p, "){");
      put_pass_on(p, thrown);
      if (target != NULL) {
        js_guard guard = js_guard_begin(p, js_leaves_open(target));
        js_put(p, "0,");
        js_lower_scope_entry(p, node->b->u.scope);
        js_late_pattern(p, target);
        js_put(p, "0");
        if (target->type != N_IDENT) { /* a pattern may replace the value by a default: not in the catch variable */
          const char *value = js_temp(p);
          js_put(p, ",");
          js_put(p, value);
          js_put(p, "=");
          js_put(p, thrown);
          thrown = value;
        }
        js_lower_pattern(p, target, thrown);
        js_put(p, ";");
        js_guard_end(p, &guard);
      }
    }
    put_block(p, node->b->b);
    js_put(p, "}");
  }
  if (node->c != NULL) {
    js_put(p, "finally");
    put_block(p, node->c);
  }
}

/* Whether the text of an expression may start with { or function. */
static bool starts_badly(const js_node *node) {
  for (;;) switch (node->type) {
      case N_OBJECT: return true;
      case N_FUNCTION: return !node->u.func->arrow;
      case N_MEMBER: case N_INDEX: case N_CALL: case N_BINARY: case N_LOGICAL: case N_CONDITIONAL: case N_ASSIGN: case N_TAGGED:
      case N_CHAIN: node = node->a; break;
      case N_UPDATE:
        if (node->flags & F_PREFIX) return false;
        node = node->a;
        break;
      default: return false;
    }
}

static void put_expression_statement(js *p, js_node *node) {
  bool parens = starts_badly(node->a);
  js_put(p, parens ? "(" : "");
  put_expression(p, node->a);
  js_put(p, parens ? ");" : ";");
}

static void put_jump(js *p, const js_node *node) {
  js_put(p, node->type == N_BREAK ? "break" : "continue");
  if (node->atom != NULL) {
    js_put(p, " ");
    put_label(p, node->atom);
  }
  js_put(p, ";");
}

static void put_value_statement(js *p, const char *word, js_node *value) {
  js_put(p, word);
  if (value != NULL) {
    js_put(p, " ");
    js_lower_expression(p, value, PR_COMMA);
  }
  js_put(p, ";");
}

/* A derived constructor returns what super() made unless the author returns an object. No part of its body may see what
 * this check throws: out of a try the value goes to the end of the body. */
static void put_return(js *p, js_node *node) {
  if (p->func->async && p->func->generator && node->a != NULL) {
    js_put(p, "return $vms.await(");
    js_lower_expression(p, node->a, PR_ASSIGN);
    js_put(p, ");");
    return;
  }
  if (!p->func->constructor || !p->func->derived) {
    put_value_statement(p, "return", node->a);
    return;
  }
  if (p->func->body_name != NULL) {
    js_put(p, js_format(p, "{%s=", p->func->result_name));
    if (node->a != NULL) js_lower_expression(p, node->a, PR_ASSIGN);
    else js_put(p, "void 0");
    js_put(p, js_format(p, ";break %s;}", p->func->body_name));
    return;
  }
  js_put(p, "return $vms.result(");
  if (node->a != NULL) js_lower_expression(p, node->a, PR_ASSIGN);
  else js_put(p, "void 0");
  js_put(p, ",");
  js_put(p, p->func->this_name);
  js_put(p, ");");
}

static void put_class_statement(js *p, js_node *node) {
  js_binding *binding = node->a->u.binding;
  js_put(p, binding->boxed ? "" : "var ");
  js_put(p, js_binding_out(p, binding));
  js_put(p, "=");
  js_lower_class(p, node->b, node->b->atom, NULL);
  js_put(p, ";");
}

static void put_labelled(js *p, js_node *node) {
  const js_node *labels = node;
  js_node *inner = node->a;
  while (inner->type == N_LABELED) inner = inner->a;
  js_sync(p, inner->line);
  switch (inner->type) {
    case N_FOR: put_for(p, inner, labels); break;
    case N_FOR_IN: put_for_in(p, inner, labels); break;
    case N_FOR_OF: put_for_of(p, inner, labels); break;
    case N_WHILE: put_while(p, inner, labels); break;
    case N_DO: put_do(p, inner, labels); break;
    case N_SWITCH: put_switch(p, inner, labels); break;
    default:
      put_labels(p, labels, inner);
      put_inner(p, inner);
  }
}

static void put_statement(js *p, js_node *node) {
  uint32_t temps = p->func->temps;
  bool kept = p->iterators_kept;
  js_iterator *iterators = p->iterators;
  js_guard guard;
  js_sync(p, node->line);
  p->iterators_kept = false; /* a guard around a loop is not for the statements in it */
  guard = js_guard_begin(p, needs_guard(node));
  switch (node->type) {
    case N_VAR:
      put_variables(p, node, false);
      js_put(p, ";");
      break;
    case N_FUNCTION_STATEMENT: js_lower_function_statement(p, node); break;
    case N_CLASS_STATEMENT: put_class_statement(p, node); break;
    case N_EXPRESSION: put_expression_statement(p, node); break;
    case N_BLOCK: put_block(p, node); break;
    case N_EMPTY: js_put(p, ";"); break;
    case N_IF: put_if(p, node); break;
    case N_FOR: put_for(p, node, NULL); break;
    case N_FOR_IN: put_for_in(p, node, NULL); break;
    case N_FOR_OF: put_for_of(p, node, NULL); break;
    case N_WHILE: put_while(p, node, NULL); break;
    case N_DO: put_do(p, node, NULL); break;
    case N_BREAK: case N_CONTINUE: put_jump(p, node); break;
    case N_RETURN: put_return(p, node); break;
    case N_THROW: put_value_statement(p, "throw", node->a); break;
    case N_SWITCH: put_switch(p, node, NULL); break;
    case N_LABELED: put_labelled(p, node); break;
    case N_TRY: put_try(p, node); break;
    default: js_unsupported(p, node->start, "this statement is");
  }
  js_guard_end(p, &guard);
  p->iterators_kept = kept;
  p->iterators = iterators;
  p->func->temps = temps; /* what a statement needed, the next one may use again */
}

void js_lower_statements(js *p, js_node *list) {
  for (; list != NULL; list = list->next) put_statement(p, list);
}

void js_lower_program(js *p, js_func *program) {
  char *prefix;
  uint32_t dollars = p->dollars + 1;
  if (dollars > 16) js_error(p, 0, "a name with that many $ is not supported");
  prefix = js_alloc(p, dollars + 1);
  memset(prefix, '$', dollars);
  p->prefix = prefix;
  p->program = program;
  p->func = program;
  p->out_line = 1;
  program->end = p->len;
  js_put(p, "(function");
  js_mark_function(p, program);
  js_put(p, "(exports,module,System,console,$vms){\"use strict\";");
  if (program->alias_this) js_put_alias(p, &program->this_name, "this", "this");
  js_lower_scope_statement(p, program->body_scope);
  js_lower_statements(p, program->body);
  js_lower_late(p, program);
  js_put(p, "})");
}
