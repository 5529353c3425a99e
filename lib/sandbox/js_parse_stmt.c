/* SPDX-License-Identifier: MIT */
/* Statements and programs. */
#include "lib/sandbox/js_ast.h"

static js_node *statement(js *p);

/* The end of a statement: ; or what may stand for it. */
static void semicolon(js *p) {
  if (js_accept(p, T_SEMICOLON) || js_is(p, T_RBRACE) || js_is(p, T_EOF) || p->tok.newline) return;
  js_unexpected(p);
}

/* --- declarations ------------------------------------------------------------------------- */

/* let name = ..., with the current token behind the keyword. `in` is false in the head of a for. */
static js_node *declarators(js *p, int kind, const js_token *first, bool in) {
  js_list items = { NULL, NULL };
  js_node *node;
  do {
    uint32_t start = p->tok.start, line = p->tok.line;
    js_node *target = js_declared_target(p, kind), *value = NULL;
    if (js_accept(p, T_ASSIGN)) {
      value = js_assignment(p, in, false);
    } else if (in || !(js_is_word(p, K_IN) || js_is_word(p, K_OF))) {
      if (target->type != N_IDENT) js_error(p, p->tok.start, "a pattern needs a value");
      if (kind == BK_CONST) js_error(p, p->tok.start, "a constant needs a value");
    }
    if (target->type == N_IDENT && (value == NULL ? in : js_is_primitive(value))) target->op = 1;
    if (kind != BK_VAR) js_set_ready(p, target, value != NULL && value->type == N_FUNCTION ? value->u.func->start : p->last_end);
    js_append(p, &items, js_make(p, N_DECLARATOR, start, line, target, value, NULL, NULL));
  } while (js_accept(p, T_COMMA));
  node = js_make(p, N_VAR, first->start, first->line, items.first, NULL, NULL, NULL);
  node->op = (uint8_t)kind;
  return node;
}

static int declaration_kind(js *p) {
  if (js_is_word(p, K_VAR)) return BK_VAR;
  if (js_is_word(p, K_LET)) return BK_LET;
  if (js_is_word(p, K_CONST)) return BK_CONST;
  return -1;
}

static js_node *variable_statement(js *p) {
  js_token first = p->tok;
  int kind = declaration_kind(p);
  js_node *node;
  js_next(p);
  node = declarators(p, kind, &first, true);
  semicolon(p);
  return node;
}

static js_node *function_statement(js *p, bool is_async) {
  js_token first = p->tok, name;
  js_node *ident, *node, *function;
  js_binding *binding;
  uint32_t at = p->at, line = p->line;
  js_token tok = p->tok;
  /* the name stands in the surrounding scope: looked at first, so that it is declared before the body is read */
  if (is_async) js_next(p);
  js_next(p);
  js_accept(p, T_MUL);
  name = p->tok;
  js_binding_name(p);
  binding = js_declare(p, name.atom, BK_FUNCTION, name.start);
  ident = js_make(p, N_IDENT, name.start, name.line, NULL, NULL, NULL, NULL);
  ident->atom = name.atom;
  ident->flags |= F_DECL;
  js_reference(p, ident);
  p->at = at;
  p->line = line;
  p->tok = tok;
  function = js_function_declaration(p, is_async);
  function->u.func->name = name.atom;
  function->u.func->hoisted = true;
  function->u.func->hoisted_at = VMS__MAX(p->scope->start, p->func->body_at); /* the scope may start with the parameters */
  node = js_make(p, N_FUNCTION_STATEMENT, first.start, first.line, ident, function, NULL, NULL);
  node->u.func = function->u.func;
  binding->function = node;
  return node;
}

/* --- simple statements -------------------------------------------------------------------- */

static js_node *block(js *p, int kind) {
  js_token first = p->tok;
  js_scope *scope;
  js_node *node;
  if (!js_is(p, T_LBRACE)) js_expect(p, T_LBRACE);
  scope = js_scope_open(p, kind, NULL);
  js_next(p);
  node = js_make(p, N_BLOCK, first.start, first.line, js_statement_list(p, T_RBRACE), NULL, NULL, NULL);
  js_scope_close(p);
  js_next(p);
  node->u.scope = scope;
  return node;
}

static js_node *jump(js *p, int type) {
  js_token first = p->tok;
  js_node *node;
  js_label *label;
  js_atom *name = NULL;
  js_next(p);
  if (js_is(p, T_NAME) && !p->tok.newline && (p->tok.keyword == 0 || p->tok.keyword > K_RESERVED_END || js_is_await_name(p))) {
    name = p->tok.atom;
    for (label = p->labels; label != NULL && label->atom != name; label = label->outer) {}
    if (label == NULL) js_error(p, p->tok.start, "undefined label '%.*s'", js_shown(name), name->text);
    if (type == N_CONTINUE && !label->loop) js_error(p, p->tok.start, "continue needs the label of a loop");
    js_next(p);
  } else {
    for (label = p->labels; label != NULL && !(type == N_BREAK ? label->jump : label->jump && label->loop); label = label->outer) {}
    if (label == NULL) js_error(p, first.start, type == N_BREAK ? "break outside of a loop or switch" : "continue outside of a loop");
  }
  semicolon(p);
  node = js_make(p, type, first.start, first.line, NULL, NULL, NULL, NULL);
  node->atom = name;
  return node;
}

static js_node *return_statement(js *p) {
  js_token first = p->tok;
  js_node *value = NULL;
  if (p->func->parent == NULL) js_error(p, first.start, "return is only valid in functions");
  p->func->returns_early |= p->in_try > 0;
  js_next(p);
  if (!js_is(p, T_SEMICOLON) && !js_is(p, T_RBRACE) && !js_is(p, T_EOF) && !p->tok.newline) value = js_expression(p, true);
  semicolon(p);
  return js_make(p, N_RETURN, first.start, first.line, value, NULL, NULL, NULL);
}

static js_node *throw_statement(js *p) {
  js_token first = p->tok;
  js_node *value;
  js_next(p);
  if (p->tok.newline) js_error(p, p->tok.start, "throw needs a value on its line");
  value = js_expression(p, true);
  semicolon(p);
  return js_make(p, N_THROW, first.start, first.line, value, NULL, NULL, NULL);
}

/* The statement under an if, a loop or a label: no declaration. */
static js_node *sub_statement(js *p) {
  if (js_is_word(p, K_CLASS) || js_is_word(p, K_CONST) || js_is_word(p, K_LET) || js_is_word(p, K_FUNCTION))
    js_error(p, p->tok.start, "a declaration cannot stand here; put it in a block");
  if (js_is_word(p, K_ASYNC)) {
    js_token after = js_peek(p);
    if (after.type == T_NAME && after.keyword == K_FUNCTION && !after.newline)
      js_error(p, p->tok.start, "a declaration cannot stand here; put it in a block");
  }
  return statement(p);
}

static js_node *if_statement(js *p) {
  js_token first = p->tok;
  js_node *test, *yes, *no = NULL;
  js_next(p);
  js_expect(p, T_LPAREN);
  test = js_expression(p, true);
  js_expect(p, T_RPAREN);
  yes = sub_statement(p);
  if (js_accept_word(p, K_ELSE)) no = sub_statement(p);
  return js_make(p, N_IF, first.start, first.line, test, yes, no, NULL);
}

/* --- loops -------------------------------------------------------------------------------- */

static js_node *loop_body(js *p) {
  js_label label = { p->labels, NULL, true, true, false };
  js_scope *scope = js_scope_open(p, SC_BLOCK, NULL);
  js_node *node;
  scope->loop = true; /* what a body declares is new in every round */
  p->labels = &label;
  node = sub_statement(p);
  p->labels = label.outer;
  js_scope_close(p);
  return node;
}

static js_node *while_statement(js *p) {
  js_token first = p->tok;
  js_node *test, *node;
  js_next(p);
  js_expect(p, T_LPAREN);
  test = js_expression(p, true);
  js_expect(p, T_RPAREN);
  node = loop_body(p);
  return js_make(p, N_WHILE, first.start, first.line, test, NULL, NULL, node);
}

static js_node *do_statement(js *p) {
  js_token first = p->tok;
  js_node *test, *node;
  js_next(p);
  node = loop_body(p);
  js_expect_word(p, K_WHILE);
  js_expect(p, T_LPAREN);
  test = js_expression(p, true);
  js_expect(p, T_RPAREN);
  js_accept(p, T_SEMICOLON);
  return js_make(p, N_DO, first.start, first.line, test, NULL, NULL, node);
}

/* The head of a for-in or for-of behind its left side. */
static js_node *for_each(js *p, const js_token *first, js_node *left, js_scope *scope, bool is_await) {
  bool of = js_is_word(p, K_OF);
  js_node *right, *node;
  js_next(p);
  right = of ? js_assignment(p, true, false) : js_expression(p, true);
  if (!of && left->type == N_VAR && left->a->a->type == N_IDENT) left->a->a->op = 1; /* a string */
  if (left->type == N_VAR && left->op != BK_VAR) js_set_ready(p, left->a->a, p->last_end); /* in the body, not before */
  js_expect(p, T_RPAREN);
  p->in_try += of;
  node = loop_body(p);
  p->in_try -= of;
  js_scope_close(p);
  node = js_make(p, of ? N_FOR_OF : N_FOR_IN, first->start, first->line, left, right, NULL, node);
  node->u.scope = scope;
  if (is_await) node->flags |= F_AWAIT;
  return node;
}

static js_node *for_statement(js *p) {
  js_token first = p->tok, start;
  js_node *init = NULL, *test = NULL, *step = NULL, *node;
  js_scope *scope;
  bool is_await = false;
  int kind;
  js_next(p);
  if (js_is_word(p, K_AWAIT)) {
    if (!p->func->async) js_error(p, p->tok.start, "for await is only valid in async functions");
    is_await = p->func->awaits = true;
    js_next(p);
  }
  js_expect(p, T_LPAREN);
  scope = js_scope_open(p, SC_FOR, NULL);
  start = p->tok;
  kind = declaration_kind(p);
  scope->loop = kind == BK_LET || kind == BK_CONST;
  if (kind >= 0) {
    js_next(p);
    init = declarators(p, kind, &start, false);
    if (js_is_word(p, K_OF) || js_is_word(p, K_IN)) {
      js_node *only = init->a;
      if (only->next != NULL) js_error(p, only->next->start, "only one variable can be declared in this loop");
      if (only->b != NULL) js_error(p, only->b->start, "the variable of this loop cannot have a value");
      if (is_await && !js_is_word(p, K_OF)) js_unexpected(p);
      return for_each(p, &first, init, scope, is_await);
    }
  } else if (!js_is(p, T_SEMICOLON)) {
    bool starts_async = js_is_word(p, K_ASYNC);
    js_token after = js_peek(p);
    uint32_t cover = p->cover;
    p->cover = JS_NONE;
    init = js_assignment(p, false, true);
    if (js_is_word(p, K_OF) || js_is_word(p, K_IN)) {
      if (js_is_word(p, K_OF) && starts_async && !is_await && init->type == N_IDENT && after.keyword == K_OF)
        js_error(p, start.start, "'async of' cannot start a for-of loop");
      if (init->type == N_ASSIGN) js_error(p, init->start, "invalid target of a loop");
      if (is_await && !js_is_word(p, K_OF)) js_unexpected(p);
      p->cover = cover;
      init = js_to_assign_target(p, init);
      return for_each(p, &first, init, scope, is_await);
    }
    if (p->cover != JS_NONE) js_error(p, p->cover, "invalid shorthand or repeated __proto__ in an object");
    p->cover = cover;
    if (js_is(p, T_COMMA)) {
      js_list items = { NULL, NULL };
      js_append(p, &items, init);
      while (js_accept(p, T_COMMA)) js_append(p, &items, js_assignment(p, false, false));
      init = js_make(p, N_SEQUENCE, start.start, start.line, items.first, NULL, NULL, NULL);
    }
  }
  if (is_await) js_unexpected(p);
  js_expect(p, T_SEMICOLON);
  if (!js_is(p, T_SEMICOLON)) test = js_expression(p, true);
  js_expect(p, T_SEMICOLON);
  if (!js_is(p, T_RPAREN)) step = js_expression(p, true);
  js_expect(p, T_RPAREN);
  node = loop_body(p);
  js_scope_close(p);
  node = js_make(p, N_FOR, first.start, first.line, init, test, step, node);
  node->u.scope = scope;
  return node;
}

/* --- switch, try, labels ------------------------------------------------------------------ */

static js_node *switch_statement(js *p) {
  js_token first = p->tok;
  js_label label = { p->labels, NULL, false, true, false };
  js_list cases = { NULL, NULL };
  js_node *value, *node;
  js_scope *scope;
  bool has_default = false;
  js_next(p);
  js_expect(p, T_LPAREN);
  value = js_expression(p, true);
  js_expect(p, T_RPAREN);
  if (!js_is(p, T_LBRACE)) js_expect(p, T_LBRACE);
  scope = js_scope_open(p, SC_SWITCH, NULL);
  js_next(p);
  p->labels = &label;
  while (!js_is(p, T_RBRACE)) {
    js_token at = p->tok;
    js_node *test = NULL;
    js_list items = { NULL, NULL };
    if (js_is_word(p, K_DEFAULT)) {
      if (has_default) js_error(p, at.start, "a switch has only one default");
      has_default = true;
      js_next(p);
    } else {
      js_expect_word(p, K_CASE);
      test = js_expression(p, true);
    }
    js_expect(p, T_COLON);
    while (!js_is(p, T_RBRACE) && !js_is_word(p, K_CASE) && !js_is_word(p, K_DEFAULT)) js_append(p, &items, js_statement_item(p));
    js_append(p, &cases, js_make(p, N_CASE, at.start, at.line, test, items.first, NULL, NULL));
  }
  p->labels = label.outer;
  js_scope_close(p);
  js_next(p);
  node = js_make(p, N_SWITCH, first.start, first.line, value, cases.first, NULL, NULL);
  node->u.scope = scope;
  return node;
}

static js_node *catch_clause(js *p) {
  js_token first = p->tok;
  js_scope *scope = js_scope_open(p, SC_CATCH, NULL);
  js_node *target = NULL, *node;
  js_next(p);
  if (js_accept(p, T_LPAREN)) {
    bool simple = js_is(p, T_NAME);
    target = js_declared_target(p, BK_CATCH);
    if (simple) js_scope_find(p, scope, target->atom)->is_static = true; /* var may repeat a plain name */
    else js_set_ready(p, target, p->last_end);
    js_expect(p, T_RPAREN);
  }
  node = block(p, SC_BLOCK);
  js_scope_close(p);
  node = js_make(p, N_CATCH, first.start, first.line, target, node, NULL, NULL);
  node->u.scope = scope;
  return node;
}

static js_node *try_statement(js *p) {
  js_token first = p->tok;
  js_node *body, *handler = NULL, *last = NULL;
  js_next(p);
  p->in_try++;
  body = block(p, SC_BLOCK);
  if (js_is_word(p, K_CATCH)) handler = catch_clause(p);
  if (js_accept_word(p, K_FINALLY)) last = block(p, SC_BLOCK);
  p->in_try--;
  if (handler == NULL && last == NULL) js_error(p, p->tok.start, "expected 'catch' or 'finally', found %s", js_token_text(p, &p->tok));
  return js_make(p, N_TRY, first.start, first.line, body, handler, last, NULL);
}

static js_node *labelled(js *p) {
  js_token first = p->tok;
  js_label label = { p->labels, first.atom, false, false, true };
  const js_label *outer;
  js_node *node;
  for (outer = p->labels; outer != NULL; outer = outer->outer)
    if (outer->atom == first.atom)
      js_error(p, first.start, "label '%.*s' has already been declared", js_shown(first.atom), first.atom->text);
  if (first.atom->keyword != 0 && first.atom->keyword <= K_RESERVED_END && !js_is_await_name(p)) js_unexpected(p);
  js_next(p);
  js_expect(p, T_COLON);
  if (js_is_word(p, K_FOR) || js_is_word(p, K_WHILE) || js_is_word(p, K_DO)) {
    js_label *direct = &label; /* labels of labels belong to the same loop */
    for (; direct != NULL && direct->direct; direct = direct->outer) direct->loop = true;
  } else if (!js_is(p, T_NAME) || js_peek(p).type != T_COLON) {
    js_label *direct = &label;
    for (; direct != NULL && direct->direct; direct = direct->outer) direct->direct = false;
  }
  p->labels = &label;
  node = sub_statement(p);
  p->labels = label.outer;
  node = js_make(p, N_LABELED, first.start, first.line, node, NULL, NULL, NULL);
  node->atom = first.atom;
  return node;
}

static js_node *expression_statement(js *p) {
  js_token first = p->tok;
  js_node *node = js_expression(p, true);
  semicolon(p);
  return js_make(p, N_EXPRESSION, first.start, first.line, node, NULL, NULL, NULL);
}

/* --- dispatch ----------------------------------------------------------------------------- */

static js_node *word_statement(js *p) {
  js_token first = p->tok;
  js_node *node;
  switch (first.keyword) {
    case K_VAR: return variable_statement(p);
    case K_IF: return if_statement(p);
    case K_FOR: return for_statement(p);
    case K_WHILE: return while_statement(p);
    case K_DO: return do_statement(p);
    case K_CONTINUE: return jump(p, N_CONTINUE);
    case K_BREAK: return jump(p, N_BREAK);
    case K_RETURN: return return_statement(p);
    case K_SWITCH: return switch_statement(p);
    case K_THROW: return throw_statement(p);
    case K_TRY: return try_statement(p);
    case K_DEBUGGER:
      js_next(p);
      semicolon(p);
      node = js_make(p, N_EMPTY, first.start, first.line, NULL, NULL, NULL, NULL);
      return node;
    case K_WITH: js_error(p, first.start, "with is not allowed in strict code");
    case K_IMPORT: js_error(p, first.start, "import is not available in contracts");
    case K_EXPORT: js_error(p, first.start, "export is not available in contracts; assign to exports");
    case K_CLASS: case K_DELETE: case K_FALSE: case K_FUNCTION: case K_NEW: case K_NULL: case K_SUPER:
    case K_THIS: case K_TRUE: case K_TYPEOF: case K_VOID: return expression_statement(p);
    default: break;
  }
  if (js_peek(p).type == T_COLON && first.keyword != K_YIELD && (first.keyword != K_AWAIT || js_is_await_name(p))) return labelled(p);
  return expression_statement(p);
}

static js_node *statement(js *p) {
  js_token first = p->tok;
  js_node *node;
  js_enter(p);
  if (js_is(p, T_LBRACE)) {
    node = block(p, SC_BLOCK);
  } else if (js_accept(p, T_SEMICOLON)) {
    node = js_make(p, N_EMPTY, first.start, first.line, NULL, NULL, NULL, NULL);
  } else if (js_is(p, T_NAME)) {
    node = word_statement(p);
  } else {
    node = expression_statement(p);
  }
  js_leave(p);
  return node;
}

js_node *js_statement_item(js *p) {
  if (js_is_word(p, K_LET) || js_is_word(p, K_CONST)) return variable_statement(p);
  if (js_is_word(p, K_FUNCTION)) return function_statement(p, false);
  if (js_is_word(p, K_CLASS)) return js_class(p, true);
  if (js_is_word(p, K_ASYNC)) {
    js_token after = js_peek(p);
    if (after.type == T_NAME && after.keyword == K_FUNCTION && !after.newline) return function_statement(p, true);
  }
  return statement(p);
}

js_node *js_statement_list(js *p, int end) {
  js_list items = { NULL, NULL };
  while (!js_is(p, end)) {
    if (js_is(p, T_EOF)) js_unexpected(p);
    js_append(p, &items, js_statement_item(p));
  }
  return items.first;
}

js_func *js_parse_program(js *p) {
  static const char *const given[] = { "exports", "module", "System", "console" };
  js_func *program = js_func_new(p, 0, 1);
  unsigned i;
  p->func = program;
  program->param_scope = js_scope_open(p, SC_PARAMS, program);
  for (i = 0; i < sizeof given / sizeof *given; i++)
    js_declare(p, js_intern(p, given[i], strlen(given[i])), BK_PARAM, 0);
  program->body_scope = js_scope_open(p, SC_PROGRAM, NULL);
  js_next(p);
  program->body = js_statement_list(p, T_EOF);
  program->end_line = p->line;
  js_resolve(p, program->param_scope);
  return program;
}
