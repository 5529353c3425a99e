/* SPDX-License-Identifier: MIT */
/* Lowering of functions, objects and what a scope needs at its start. */
#include "lib/sandbox/js_ast.h"

#include <stdio.h>

/* --- scopes ------------------------------------------------------------------------------- */

/* Names that are declared at the end of a function: var works from anywhere in it. */
void js_late(js *p, js_func *func, const char *name) {
  js_late_name *item = js_alloc(p, sizeof *item);
  item->text = name;
  item->next = func->late;
  func->late = item;
}

static const char *box_of(js *p, js_scope *scope) {
  if (scope->box == NULL) scope->box = js_unique(p, "s");
  return scope->box;
}

void js_lower_boxes(js *p, const js_capture *captures) {
  for (; captures != NULL; captures = captures->next) {
    js_put(p, box_of(p, captures->scope));
    if (captures->next != NULL) js_put(p, ",");
  }
}

/* A declared function stays where it is if it can: Duktape hoists it to the top of its function. It is made by
 * a factory at the start of its block if it needs another name, a box, or a new identity per round. */
static bool needs_factory(js *p, js_binding *binding) {
  const js_func *func = binding->function->u.func;
  if (func->async || func->generator) return true; /* as methods they cannot be constructed */
  return binding->boxed || func->captures != NULL || binding->scope->in_loop || strcmp(js_binding_out(p, binding), binding->name->text) != 0;
}

static const char *factory_of(js *p, js_func *func) {
  if (func->make_name == NULL) func->make_name = js_unique(p, "make");
  return func->make_name;
}

/* Writes what happens when a scope is entered, as expressions that each end in a comma. */
void js_lower_scope_entry(js *p, js_scope *scope) {
  js_binding *binding;
  bool boxed = false;
  for (binding = scope->bindings; binding != NULL; binding = binding->next) boxed |= binding->boxed;
  if (boxed) {
    js_late(p, p->func, box_of(p, scope));
    js_put(p, box_of(p, scope));
    js_put(p, "={},");
  }
  for (binding = scope->bindings; binding != NULL; binding = binding->next) {
    if (binding->kind == BK_PASSING) continue;
    if (binding->beyond && !binding->boxed) js_late(p, p->func, js_binding_out(p, binding));
    if (binding->parameter != NULL) {
      js_put(p, js_format(p, "%s=%s,", js_binding_out(p, binding), js_binding_out(p, binding->parameter)));
      if (!binding->boxed) js_late(p, p->func, js_binding_out(p, binding));
    }
    if (binding->checked && binding->kind != BK_PARAM) {
      js_put(p, js_binding_out(p, binding));
      js_put(p, "=$vms.T,");
      if (!binding->boxed) js_late(p, p->func, js_binding_out(p, binding));
    }
    if (binding->kind == BK_FUNCTION && binding->function != NULL && needs_factory(p, binding)) {
      if (!binding->boxed) js_late(p, p->func, js_binding_out(p, binding));
      js_put(p, js_binding_out(p, binding));
      js_put(p, "=");
      js_put(p, factory_of(p, binding->function->u.func));
      js_put(p, "(");
      js_lower_boxes(p, binding->function->u.func->captures);
      js_put(p, "),");
    }
  }
}

void js_lower_scope_statement(js *p, js_scope *scope) {
  size_t before = p->out.len;
  js_lower_scope_entry(p, scope);
  if (p->out.len > before) p->out.data[p->out.len - 1] = ';';
}

/* --- parameters --------------------------------------------------------------------------- */

static bool is_plain_param(const js_node *item) { return item->type == N_IDENT; }

/* The names between the parentheses: as many as `length` says. */
static void put_param_names(js *p, js_func *func, bool dummies) {
  const js_node *item = func->params;
  uint32_t i;
  for (i = 0; i < func->length; i++, item = item->next) {
    if (i > 0) js_put(p, ",");
    if (!dummies && is_plain_param(item) && !item->u.binding->checked) js_put(p, js_binding_out(p, item->u.binding));
    else js_put(p, js_unique(p, "p"));
  }
}

/* Takes what is no plain name from `arguments`. */
static void put_param_prologue(js *p, js_func *func) {
  js_node *item = func->params;
  js_binding *binding;
  uint32_t index = 0;
  js_guard guard;
  for (binding = func->param_scope->bindings; binding != NULL; binding = binding->next)
    if (binding->kind == BK_PARAM && binding->checked) js_put(p, js_format(p, "var %s=$vms.T;", js_binding_out(p, binding)));
  for (; item != NULL; item = item->next, index++) {
    const char *value, *declared = "";
    js_node *target = item->type == N_IDENT ? item : item->a;
    if (is_plain_param(item) && index < func->length && !item->u.binding->checked) continue;
    if (item->type == N_ARRAY_PATTERN || item->type == N_OBJECT_PATTERN) target = item;
    if (target->type == N_IDENT && !target->u.binding->checked) {
      value = js_binding_out(p, target->u.binding);
      declared = "var ";
    } else {
      value = js_temp(p);
    }
    guard = js_guard_begin(p, js_leaves_open(item));
    js_put(p, declared);
    js_put(p, value);
    js_put(p, item->type == N_REST ? "=$vms.slice(arguments," : "=arguments[");
    js_put_uint(p, index);
    js_put(p, item->type == N_REST ? ");" : "];");
    if (item->type == N_DEFAULT) {
      js_put(p, "if(");
      js_put(p, value);
      js_put(p, "===void 0){");
      js_put(p, value);
      js_put(p, "=");
      js_sync(p, item->b->line);
      js_lower_named(p, item->b, target->type == N_IDENT ? target->atom : NULL, PR_ASSIGN);
      js_put(p, "}");
    }
    if (target->type != N_IDENT) {
      js_put(p, "0");
      js_late_pattern(p, target);
      js_lower_pattern(p, target, value);
      js_put(p, ";");
    } else if (target->u.binding->checked) {
      js_put(p, js_format(p, "%s=%s;", js_binding_out(p, target->u.binding), value));
    }
    js_guard_end(p, &guard);
  }
}

/* Makes the names of a pattern known to the function. */
void js_late_pattern(js *p, js_node *target) {
  js_node *item;
  switch (target->type) {
    case N_IDENT:
      if (target->u.binding != NULL && !target->u.binding->boxed) js_late(p, p->func, js_binding_out(p, target->u.binding));
      break;
    case N_DEFAULT: case N_REST: js_late_pattern(p, target->a); break;
    case N_PROPERTY: js_late_pattern(p, target->b); break;
    case N_ARRAY_PATTERN: case N_OBJECT_PATTERN:
      for (item = target->a; item != NULL; item = item->next) js_late_pattern(p, item);
      break;
    default: break;
  }
}

/* --- bodies ------------------------------------------------------------------------------- */

/* "var this$=this;": what functions without a `this` of their own see. */
void js_put_alias(js *p, const char **name, const char *stem, const char *value) {
  *name = js_unique(p, stem);
  js_put(p, "var ");
  js_put(p, *name);
  js_put(p, "=");
  js_put(p, value);
  js_put(p, ";");
}

/* The var at the end of a function. */
void js_lower_late(js *p, js_func *func) {
  const js_late_name *item = func->late;
  uint32_t i;
  const char *separator = "var ";
  for (; item != NULL; item = item->next) {
    js_put(p, separator);
    js_put(p, item->text);
    separator = ",";
  }
  for (i = 0; i < func->temps_max; i++) {
    js_put(p, separator);
    js_put(p, js_format(p, "%s%u", p->prefix, (unsigned)i));
    separator = ",";
  }
  if (func->late != NULL || func->temps_max > 0) js_put(p, ";");
}

/* (a,b){...} of the function that runs the body. */
static void put_body(js *p, js_func *func) {
  js_func *outer = p->func;
  bool kept = p->iterators_kept;
  js_iterator *iterators = p->iterators;
  unsigned makers = p->makers;
  p->func = func;
  p->makers = 0;
  p->iterators_kept = false;
  js_mark_function(p, func);
  js_put(p, "(");
  put_param_names(p, func, false);
  js_put(p, "){");
  if (func->constructor) js_lower_constructor(p, func, func->class_name);
  if (func->alias_this && !func->derived) js_put_alias(p, &func->this_name, "this", "this");
  if (func->alias_arguments) js_put_alias(p, &func->arguments_name, "arguments", "arguments");
  if (func->alias_target && !func->constructor) js_put_alias(p, &func->target_name, "target", func->async || func->method ? "void 0" : "new.target");
  put_param_prologue(p, func);
  if (func->generator && !func->simple) js_put(p, "$vms.yield();"); /* what follows waits for next() */
  js_lower_scope_statement(p, func->body_scope);
  if (func->concise) {
    js_guard guard = js_guard_begin(p, js_leaves_open(func->body));
    js_put(p, "return ");
    if (func->name_text != NULL) js_lower_named_by(p, func->body, func->name_text, PR_ASSIGN);
    else js_lower_named(p, func->body, func->field ? func->name : NULL, PR_ASSIGN);
    js_put(p, ";");
    js_guard_end(p, &guard);
  } else if (func->derived && func->returns_early) {
    func->body_name = js_unique(p, "body");
    func->result_name = js_unique(p, "r");
    js_late(p, func, func->result_name);
    js_put(p, js_format(p, "%s:{", func->body_name));
    js_lower_statements(p, func->body);
    js_put(p, js_format(p, "%s=void 0;}return $vms.result(%s,%s);", func->result_name, func->result_name, func->this_name));
  } else {
    js_lower_statements(p, func->body);
    if (func->derived) js_put(p, js_format(p, "return $vms.self(%s);", func->this_name));
  }
  js_lower_late(p, func);
  js_put(p, "}");
  p->func = outer;
  p->makers = makers;
  p->iterators_kept = kept;
  p->iterators = iterators;
}

/* Parameters and body; an async function hands its body to $vms.async, a generator to $vms.generator. */
static void put_function_rest(js *p, js_func *func) {
  if (!func->async && !func->generator) {
    put_body(p, func);
    return;
  }
  js_mark_function(p, func);
  js_put(p, "(");
  put_param_names(p, func, true);
  js_put(p, "){return $vms.");
  if (func->generator) js_put(p, func->async ? "asyncGenerator" : "generator");
  else js_put(p, func->awaits ? "async" : "asyncPlain");
  js_put(p, "(function");
  put_body(p, func);
  js_put(p, func->arrow ? ",void 0,arguments" : ",this,arguments");
  if (func->generator) js_put(p, js_format(p, ",%s,%s", func->callee_name, func->simple ? "false" : "true"));
  js_put(p, ")}");
}

/* Whether {name(){}} gives a method that name: a trap in Duktape's get and set, and ES5's reserved words. */
static bool is_method_name(const js_atom *name) {
  return js_text_is_name(name->text, name->len) && (name->keyword == 0 || name->keyword > K_RESERVED_END) && name->keyword != K_GET &&
         name->keyword != K_SET && name->keyword != K_PROTO && name->keyword != K_USE_STRICT;
}

/* Methods and arrow functions have neither a prototype nor a construct of their own: an ES2015 method, which
 * Duktape has, is just that. */
static void put_method_value(js *p, js_func *func, const js_atom *name) {
  bool native = name != NULL && is_method_name(name), named = !native && name != NULL && name->len > 0;
  if (named) js_put(p, "$vms.name(");
  js_put(p, "({");
  if (native) js_put_bytes(p, name->text, name->len);
  else js_put(p, "\"\"");
  put_function_rest(p, func);
  js_put(p, "})");
  if (native) {
    js_put(p, ".");
    js_put_bytes(p, name->text, name->len);
  } else {
    js_put(p, "[\"\"]");
  }
  if (named) {
    js_put(p, ",");
    js_put_string(p, name);
    js_put(p, ")");
  }
}

/* A generator's function looks into itself for the prototype of its generators. */
static void put_generator(js *p, js_func *func, const js_atom *name) {
  func->callee_name = js_unique(p, "g");
  js_put(p, js_format(p, "(function(){var %s=$vms.%s(", func->callee_name, func->async ? "asyncGeneratorFunction" : "generatorFunction"));
  put_method_value(p, func, name);
  js_put(p, js_format(p, ");return %s})()", func->callee_name));
}

static void put_callable(js *p, js_func *func, const js_atom *name) {
  if (func->generator) {
    put_generator(p, func, name);
    return;
  }
  if (func->async) js_put(p, "$vms.asyncFunction(");
  put_method_value(p, func, name);
  if (func->async) js_put(p, ")");
}

/* The function as an expression, without the boxes around it. */
static void put_function(js *p, js_func *func, js_atom *name) {
  if (func->name_scope != NULL && (func->async || func->generator)) { /* not a constructor, yet it knows its name */
    js_binding *binding = func->name_scope->bindings;
    js_put(p, "(function(){var ");
    js_put(p, js_binding_out(p, binding));
    js_put(p, "=");
    put_callable(p, func, binding->name);
    js_put(p, ";return ");
    js_put(p, js_binding_out(p, binding));
    js_put(p, "})()");
    return;
  }
  if (func->arrow || func->method || func->async || func->generator) {
    put_callable(p, func, name);
    return;
  }
  if (func->name_scope != NULL) { /* its own name: Duktape binds it as the standard says */
    js_binding *binding = func->name_scope->bindings;
    const char *out = js_binding_out(p, binding);
    bool same = strcmp(out, binding->name->text) == 0;
    js_put(p, same ? "(" : "$vms.name(");
    js_put(p, "function ");
    js_put(p, out);
    put_function_rest(p, func);
    if (!same) {
      js_put(p, ",");
      js_put_string(p, binding->name);
    }
    js_put(p, ")");
    return;
  }
  if (name != NULL && name->len > 0) {
    js_put(p, "$vms.name(function");
    put_function_rest(p, func);
    js_put(p, ",");
    js_put_string(p, name);
    js_put(p, ")");
    return;
  }
  js_put(p, "function");
  put_function_rest(p, func);
}

/* A function expression. Inside a loop it is made by a wrapper that holds on to the round's boxes, and a method of an
 * object by one that holds on to the object if it uses super. */
void js_lower_function(js *p, js_func *func, js_atom *name) {
  const char *separator = func->home_value != NULL && func->captures != NULL ? "," : "";
  if (func->shown == NULL) func->shown = name;
  if (func->captures == NULL && func->home_value == NULL) {
    put_function(p, func, name);
    return;
  }
  if (p->makers == 0) { /* it knows nothing but the function around it and what it is given: one does for all rounds */
    const char *wrapper = js_unique(p, "f");
    js_late(p, p->func, wrapper);
    js_put(p, js_format(p, "(%s||(%s=", wrapper, wrapper));
  }
  js_put(p, p->makers == 0 ? "function(" : "(function(");
  if (func->home_value != NULL) js_put(p, func->home_name);
  js_put(p, separator);
  js_lower_boxes(p, func->captures);
  js_put(p, "){return ");
  put_function(p, func, name);
  js_put(p, p->makers == 0 ? "}))(" : "})(");
  if (func->home_value != NULL) js_put(p, func->home_value);
  js_put(p, separator);
  js_lower_boxes(p, func->captures);
  js_put(p, ")");
}

void js_lower_function_statement(js *p, js_node *node) {
  js_func *func = node->u.func;
  js_binding *binding = node->a->u.binding;
  if (binding->function != node) return; /* declared again further down */
  if (!needs_factory(p, binding)) {
    js_put(p, "function ");
    js_put(p, js_binding_out(p, binding));
    put_function_rest(p, func);
    return;
  }
  js_put(p, "function ");
  js_put(p, factory_of(p, func));
  js_put(p, "(");
  js_lower_boxes(p, func->captures);
  js_put(p, "){return ");
  put_function(p, func, func->name);
  js_put(p, "}");
}

/* --- objects ------------------------------------------------------------------------------ */

static bool is_proto(const js_node *item) {
  return item->type == N_PROPERTY && item->op == PK_VALUE && !(item->flags & (F_COMPUTED | F_SHORTHAND)) && item->a->type == N_STRING &&
         item->a->atom->keyword == K_PROTO;
}

/* Whether a value takes its name from a property, and so needs its key before itself. */
static bool is_anonymous(const js_node *value) {
  return (value->type == N_FUNCTION && value->u.func->name == NULL) || (value->type == N_CLASS && value->atom == NULL);
}

/* What Duktape's own literals can hold. */
static bool is_simple_property(const js_node *item) {
  if (item->type != N_PROPERTY || is_proto(item)) return false;
  if (item->op == PK_GET || item->op == PK_SET) return false; /* their functions are called "get x" */
  if (item->op == PK_METHOD && item->b->u.func->uses_super) return false;
  if (item->flags & F_COMPUTED) return item->op == PK_VALUE && !is_anonymous(item->b);
  return true;
}

static void put_key(js *p, const js_node *key) {
  if (key->type == N_NUMBER) js_put_bytes(p, key->atom->text, key->atom->len);
  else if (js_text_is_name(key->atom->text, key->atom->len)) js_put_bytes(p, key->atom->text, key->atom->len);
  else js_put_string(p, key->atom);
}

/* Whether an expression is a string or number for sure. */
static bool is_key(const js_node *node) { return node->type == N_STRING || node->type == N_NUMBER || node->type == N_TEMPLATE; }

/* A value that may take the name of its key; numbers are named as they are written out again. */
static void put_named_by_key(js *p, js_node *value, const js_node *key) {
  if (key->type != N_NUMBER || !is_anonymous(value)) js_lower_named(p, value, key->type == N_NUMBER ? NULL : key->atom, PR_ASSIGN);
  else js_lower_named_by(p, value, js_format(p, "\"\"+%.*s", (int)key->atom->len, key->atom->text), PR_ASSIGN);
}

static void put_property(js *p, js_node *item) {
  js_node *key = item->a, *value = item->b;
  js_sync(p, item->line);
  if (item->op == PK_METHOD && key->type == N_STRING && is_method_name(key->atom) && value->u.func->captures == NULL &&
      !value->u.func->generator && !value->u.func->async) {
    put_key(p, key);
    put_function_rest(p, value->u.func);
    return;
  }
  if (item->flags & F_COMPUTED) { /* Duktape makes a property key of it only after the value */
    bool early = !is_key(key) && (value->flags & (F_CALLS | F_ASSIGNS) || value->type == N_IDENT);
    js_put(p, early ? "[$vms.key(" : "[");
    js_lower_expression(p, key, PR_ASSIGN);
    js_put(p, early ? ")]" : "]");
  } else if (key->type == N_STRING && (key->atom->keyword == K_GET || key->atom->keyword == K_SET || key->atom->keyword == K_PROTO)) {
    js_put(p, key->atom->keyword == K_PROTO ? "[" : "");
    js_put_string(p, key->atom);
    js_put(p, key->atom->keyword == K_PROTO ? "]" : "");
  } else {
    put_key(p, key);
  }
  js_put(p, ":");
  if (item->flags & F_COMPUTED) js_lower_expression(p, value, PR_ASSIGN);
  else put_named_by_key(p, value, key);
}

/* The rest of an object behind the first property that a literal cannot hold, in the order of the source. */
static void put_define(js *p, js_node *item, const char *object) {
  const char *helper = "define", *name = NULL;
  bool proto = is_proto(item), accessor;
  if (item->type == N_SPREAD) {
    js_put(p, js_format(p, ",$vms.assign(%s,", object));
    js_sync(p, item->line);
    js_lower_expression(p, item->a, PR_ASSIGN);
    js_put(p, ")");
    return;
  }
  accessor = item->op == PK_GET || item->op == PK_SET;
  if (accessor) helper = item->op == PK_GET ? "getter" : "setter";
  else if (proto) helper = "proto";
  if (item->op != PK_VALUE && item->b->u.func->uses_super) {
    item->b->u.func->home_name = js_unique(p, "h");
    item->b->u.func->home_value = object;
  }
  js_put(p, js_format(p, ",$vms.%s(%s,", helper, object));
  js_sync(p, item->line);
  if (item->flags & F_COMPUTED) {
    if (!accessor && is_anonymous(item->b)) name = js_temp(p);
    js_put(p, name == NULL ? "$vms.key(" : js_format(p, "(%s=$vms.key(", name));
    js_lower_expression(p, item->a, PR_ASSIGN);
    js_put(p, name == NULL ? ")," : ")),");
  } else if (!proto) {
    js_lower_expression(p, item->a, PR_ASSIGN);
    js_put(p, ",");
  }
  if (name != NULL) js_lower_named_by(p, item->b, name, PR_ASSIGN);
  else if (accessor || proto || (item->flags & F_COMPUTED)) js_lower_expression(p, item->b, PR_ASSIGN);
  else put_named_by_key(p, item->b, item->a);
  js_put(p, ")");
}

void js_lower_object(js *p, js_node *node) {
  js_node *item, *stop;
  const char *object = NULL;
  for (stop = node->a; stop != NULL && is_simple_property(stop); stop = stop->next) {}
  if (stop != NULL) {
    object = js_temp(p);
    js_put(p, "(");
    js_put(p, object);
    js_put(p, "=");
  }
  js_put(p, "{");
  for (item = node->a; item != stop; item = item->next) {
    put_property(p, item);
    if (item->next != stop) js_put(p, ",");
  }
  js_put(p, "}");
  if (stop == NULL) return;
  for (; item != NULL; item = item->next) put_define(p, item, object);
  js_put(p, ",");
  js_put(p, object);
  js_put(p, ")");
}

/* A regular expression literal makes an object each time: $vms.regexp("flags/pattern"). */
void js_put_regexp(js *p, const js_node *node) {
  uint32_t end = node->end - 1, flags; /* the slash at the end of the pattern: no flag is one */
  while (p->text[end] != '/') end--;
  assert(end > node->start);
  flags = node->end - end - 1;
  char *text = js_alloc(p, node->end - node->start);
  memcpy(text, p->text + end + 1, flags);
  memcpy(text + flags, p->text + node->start, end - node->start);
  js_put(p, "$vms.regexp(");
  js_put_string(p, js_intern(p, text, flags + end - node->start));
  js_put(p, ")");
}
