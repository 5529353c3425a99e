/* SPDX-License-Identifier: MIT */
/* Functions and classes. */
#include "lib/sandbox/js_ast.h"

/* What a function's text must not see of its surroundings, and gets back afterwards. */
typedef struct outside {
  js_func *func;
  js_label *labels;
  uint32_t cover;
  bool in_params;
  unsigned in_try;
  uint32_t last_await, last_yield, last_name_await;
} outside;

static outside enter_function(js *p, js_func *func) {
  outside saved = { p->func, p->labels, p->cover, p->in_params, p->in_try, p->last_await, p->last_yield, p->last_name_await };
  p->func = func;
  p->labels = NULL;
  p->cover = JS_NONE;
  p->in_params = false;
  p->in_try = 0;
  return saved;
}

static void leave_function(js *p, const outside *saved) {
  p->func = saved->func;
  p->labels = saved->labels;
  p->cover = saved->cover;
  p->in_params = saved->in_params;
  p->in_try = saved->in_try;
  p->last_await = saved->last_await;
  p->last_yield = saved->last_yield;
  p->last_name_await = saved->last_name_await;
}

js_func *js_func_new(js *p, uint32_t start, uint32_t line) {
  js_func *func = js_alloc(p, sizeof *func);
  func->parent = p->func;
  func->start = start;
  func->line = line;
  func->simple = true;
  return func;
}

/* Height of a function's node: that of what is in it. */
static js_node *function_node(js *p, js_func *func) {
  js_node *node, *lists[2] = { func->params, func->body }, *item;
  unsigned i, height = 0;
  for (i = 0; i < 2; i++)
    for (item = lists[i]; item != NULL; item = item->next) height = VMS__MAX(height, item->height + 1u);
  if (height + 1 > JS_HEIGHT_MAX) js_error(p, func->start, "nested too deeply");
  node = js_make(p, N_FUNCTION, func->start, func->line, NULL, NULL, NULL, NULL);
  node->height = (uint16_t)(height + 1);
  node->u.func = func;
  func->end = p->last_end;
  func->end_line = p->last_line;
  return node;
}

/* --- parameters and bodies ---------------------------------------------------------------- */

/* A name or pattern that is declared. */
static js_node *binding_target(js *p, int kind) {
  uint32_t start = p->tok.start, line = p->tok.line;
  js_node *node;
  if (js_is(p, T_LBRACE) || js_is(p, T_LBRACKET)) {
    uint32_t cover = p->cover;
    p->cover = JS_NONE;
    p->arrow_at = JS_NONE;
    node = js_left_side(p);
    if (node->type != N_ARRAY && node->type != N_OBJECT) js_error(p, start, "expected a name or pattern");
    p->cover = cover;
    return js_to_binding(p, node, kind);
  }
  if (js_is_word(p, K_LET) && kind != BK_VAR && kind != BK_PARAM) js_error(p, start, "'let' cannot be declared by let or const");
  js_binding_name(p);
  node = js_make(p, N_IDENT, start, line, NULL, NULL, NULL, NULL);
  return node;
}

js_node *js_declared_target(js *p, int kind) {
  js_token name = p->tok;
  js_node *node = binding_target(p, kind);
  if (node->type == N_IDENT && node->atom == NULL) {
    node->atom = name.atom;
    node->flags |= F_DECL;
    js_declare(p, node->atom, kind, node->start);
    js_reference(p, node);
  }
  return node;
}

/* Says from where on the names that a pattern declares are initialised. */
void js_set_ready(js *p, js_node *target, uint32_t at) {
  js_node *item;
  if (target == NULL) return;
  switch (target->type) {
    case N_IDENT: {
      js_binding *binding = js_scope_find(p, p->scope, target->atom);
      if (binding != NULL) binding->ready = at;
      break;
    }
    case N_DEFAULT: case N_REST: js_set_ready(p, target->a, at); break;
    case N_PROPERTY: js_set_ready(p, target->b, at); break;
    case N_ARRAY_PATTERN: case N_OBJECT_PATTERN:
      for (item = target->a; item != NULL; item = item->next) js_set_ready(p, item, at);
      break;
    default: break;
  }
}

static void count_params(js_func *func) {
  const js_node *item;
  func->length = 0;
  for (item = func->params; item != NULL && item->type != N_DEFAULT && item->type != N_REST; item = item->next) func->length++;
}

static void parameters(js *p, js_func *func) {
  js_list items = { NULL, NULL };
  p->in_params = true;
  js_expect(p, T_LPAREN);
  while (!js_is(p, T_RPAREN)) {
    uint32_t start = p->tok.start, line = p->tok.line;
    js_node *item;
    if (js_accept(p, T_ELLIPSIS)) {
      item = js_make(p, N_REST, start, line, js_declared_target(p, BK_PARAM), NULL, NULL, NULL);
      js_set_ready(p, item, p->last_end);
      func->simple = false;
      js_append(p, &items, item);
      if (!js_is(p, T_RPAREN)) js_error(p, start, "a rest parameter must be the last one");
      break;
    }
    item = js_declared_target(p, BK_PARAM);
    if (js_accept(p, T_ASSIGN)) item = js_make(p, N_DEFAULT, start, line, item, js_assignment(p, true, false), NULL, NULL);
    if (item->type != N_IDENT) func->simple = false;
    js_set_ready(p, item, p->last_end);
    js_append(p, &items, item);
    if (!js_is(p, T_RPAREN)) js_expect(p, T_COMMA);
  }
  js_next(p);
  p->in_params = false;
  func->params = items.first;
  count_params(func);
}

/* A body in braces, behind the parameters; its own scope only where parameters hold expressions. */
static void body(js *p, js_func *func) {
  js_scope *open = NULL;
  if (!js_is(p, T_LBRACE)) js_expect(p, T_LBRACE);
  if (!func->simple) open = js_scope_open(p, SC_BODY, NULL);
  func->body_scope = p->scope;
  func->body_at = p->tok.start;
  js_next(p);
  while (js_is(p, T_STRING)) { /* directives */
    js_token directive = p->tok, after = js_peek(p);
    if (after.type != T_SEMICOLON && after.type != T_RBRACE && !after.newline) break;
    if (directive.atom->keyword == K_USE_STRICT && !directive.escaped && !func->simple &&
        directive.end - directive.start == p->words[K_USE_STRICT]->len + 2)
      js_error(p, directive.start, "'use strict' is not allowed in a function with such parameters");
    if (after.type != T_SEMICOLON && after.type != T_RBRACE) break;
    js_next(p);
    js_accept(p, T_SEMICOLON);
  }
  func->body = js_statement_list(p, T_RBRACE);
  func->end_line = p->tok.line;
  if (open != NULL) js_scope_close(p);
}

/* Parameters and body, with the current token at the (. */
static js_node *rest_of_function(js *p, js_func *func) {
  outside saved = enter_function(p, func);
  js_node *node;
  js_enter(p);
  func->param_scope = js_scope_open(p, SC_PARAMS, func);
  parameters(p, func);
  if (func->getter && func->params != NULL) js_error(p, func->params->start, "a getter has no parameters");
  if (func->setter && (func->params == NULL || func->params->next != NULL || func->params->type == N_REST)) {
    uint32_t at = func->params == NULL ? func->start : func->params->next != NULL ? func->params->end : func->params->start;
    js_error(p, at, "a setter has exactly one parameter");
  }
  body(p, func);
  js_scope_close(p);
  leave_function(p, &saved);
  js_next(p); /* the brace, read with the outer function's rules */
  node = function_node(p, func);
  js_leave(p);
  return node;
}

js_node *js_method(js *p, js_func *func) {
  func->method = true;
  return rest_of_function(p, func);
}

js_node *js_arrow(js *p, js_node *params, js_func *func, js_node *ref_mark, js_scope *child_mark) {
  js_node *item, *node;
  outside saved;
  js_enter(p);
  func->arrow = true;
  func->param_scope = js_scope_open(p, SC_PARAMS, func);
  p->scope = func->param_scope->parent;
  js_scope_adopt(p, func->param_scope, ref_mark, child_mark);
  p->scope = func->param_scope;
  func->params = params;
  for (item = params; item != NULL; item = item->next) {
    if (item->type == N_SPREAD) {
      if (item->next != NULL || (item->flags & F_TRAILING)) js_error(p, item->start, "a rest parameter must be the last one");
      item->type = N_REST;
      item->a = js_to_binding(p, item->a, BK_PARAM);
      if (item->a->type == N_DEFAULT) js_error(p, item->a->start, "a rest parameter has no default");
    } else {
      js_to_binding(p, item, BK_PARAM);
    }
    if (item->type != N_IDENT) func->simple = false;
    js_set_ready(p, item, item->end);
  }
  count_params(func);
  saved = enter_function(p, func);
  js_next(p); /* => */
  if (js_is(p, T_LBRACE)) {
    body(p, func);
    js_scope_close(p);
    leave_function(p, &saved);
    js_next(p);
  } else {
    js_scope *open = func->simple ? NULL : js_scope_open(p, SC_BODY, NULL);
    func->body_scope = p->scope;
    func->concise = true;
    func->body = js_assignment(p, true, false);
    func->end_line = p->last_line;
    if (open != NULL) js_scope_close(p);
    js_scope_close(p);
    leave_function(p, &saved);
  }
  node = function_node(p, func);
  js_leave(p);
  return node;
}

/* function, with the current token at `async` or `function`. */
static js_node *function_keyword(js *p, bool is_async, bool statement) {
  js_func *func = js_func_new(p, p->tok.start, p->tok.line);
  js_scope *names = NULL;
  js_node *node;
  if (is_async) js_next(p);
  js_next(p);
  func->async = is_async;
  func->generator = js_accept(p, T_MUL);
  if (statement) {
    js_next(p); /* the name, declared by the caller */
  } else if (js_is(p, T_NAME)) {
    uint32_t at = p->tok.start;
    if (p->tok.atom->keyword == K_YIELD && func->generator) js_unexpected(p);
    names = func->name_scope = js_scope_open(p, SC_NAME, NULL);
    if (p->tok.atom->keyword == K_AWAIT) { /* its own kind decides, not the function around it */
      if (is_async) js_unexpected(p);
      func->name = p->tok.atom;
      js_next(p);
    } else {
      func->name = js_binding_name(p);
    }
    js_declare(p, func->name, BK_FNAME, at);
  }
  node = rest_of_function(p, func);
  if (names != NULL) js_scope_close(p);
  return node;
}

js_node *js_function_declaration(js *p, bool is_async) { return function_keyword(p, is_async, true); }
js_node *js_function_expression(js *p, bool is_async) { return function_keyword(p, is_async, false); }

/* The value of a class field: a method without parameters. NULL if there is none. */
js_node *js_field(js *p, js_func *func) {
  outside saved;
  js_node *node;
  if (!js_accept(p, T_ASSIGN)) return NULL;
  saved = enter_function(p, func);
  func->method = func->field = func->concise = true;
  func->param_scope = func->body_scope = js_scope_open(p, SC_PARAMS, func);
  func->body = js_assignment(p, true, false);
  js_scope_close(p);
  leave_function(p, &saved);
  node = function_node(p, func);
  return node;
}
