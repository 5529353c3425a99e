/* SPDX-License-Identifier: MIT */
/* Expressions, and the patterns that look like them. */
#include "lib/sandbox/js_ast.h"

/* --- small helpers ------------------------------------------------------------------------ */

bool js_is(const js *p, int type) { return p->tok.type == type; }
bool js_is_word(const js *p, int keyword) { return p->tok.type == T_NAME && p->tok.keyword == keyword; }

bool js_accept(js *p, int type) {
  if (!js_is(p, type)) return false;
  js_next(p);
  return true;
}

bool js_accept_word(js *p, int keyword) {
  if (!js_is_word(p, keyword)) return false;
  js_next(p);
  return true;
}

void js_unexpected(js *p) { js_error(p, p->tok.start, "unexpected %s", js_token_text(p, &p->tok)); }

void js_expect(js *p, int type) {
  if (!js_is(p, type)) {
    js_token wanted = { .type = (uint8_t)type };
    js_error(p, p->tok.start, "expected %s, found %s", js_token_text(p, &wanted), js_token_text(p, &p->tok));
  }
  js_next(p);
}

void js_expect_word(js *p, int keyword) {
  if (!js_is_word(p, keyword)) js_error(p, p->tok.start, "expected '%s', found %s", p->words[keyword]->text, js_token_text(p, &p->tok));
  js_next(p);
}

void js_enter(js *p) {
  if (++p->depth > JS_DEPTH_MAX) js_error(p, p->tok.start, "nested too deeply");
}

void js_leave(js *p) { p->depth--; }

static js_node *leaf(js *p, int type, js_atom *atom) {
  js_node *node = js_make(p, type, p->tok.start, p->tok.line, NULL, NULL, NULL, NULL);
  node->atom = atom;
  js_next(p);
  node->end = p->last_end;
  return node;
}

/* Refuses words that cannot name a variable in strict code. */
static void check_identifier(js *p, const js_token *t) {
  unsigned keyword = t->atom->keyword;
  if (keyword == K_AWAIT && !p->func->async) { /* a script, not a module */
    p->last_name_await = t->start + 1;
    return;
  }
  if (keyword == K_NONE || keyword > K_RESERVED_END) return;
  if (t->escaped) js_error(p, t->start, "'%s' is a keyword and must not contain escapes", t->atom->text);
  if (keyword >= K_YIELD) js_error(p, t->start, "'%s' is a reserved word in strict code", t->atom->text);
  js_unexpected(p);
}

/* Whether the name at hand may name a variable or label although it is a word of the language: await. */
bool js_is_await_name(const js *p) { return p->tok.atom->keyword == K_AWAIT && !p->func->async; }

js_atom *js_binding_name(js *p) {
  js_atom *name = p->tok.atom;
  if (!js_is(p, T_NAME)) js_unexpected(p);
  check_identifier(p, &p->tok);
  if (name->keyword == K_EVAL || name->keyword == K_ARGUMENTS)
    js_error(p, p->tok.start, "'%s' cannot be declared or assigned in strict code", name->text);
  js_next(p);
  return name;
}

static js_node *identifier(js *p) {
  js_node *node;
  check_identifier(p, &p->tok);
  if (p->tok.atom->keyword == K_ARGUMENTS) {
    const js_func *func = p->func;
    while (func->arrow && func->parent != NULL) func = func->parent;
    if (func->field) js_error(p, p->tok.start, "'arguments' is not allowed in a class field");
  }
  node = leaf(p, N_IDENT, p->tok.atom);
  js_reference(p, node);
  return node;
}

/* --- patterns out of expressions ---------------------------------------------------------- */

static void check_target(js *p, js_node *node) {
  if (node->type == N_IDENT) {
    if (node->atom->keyword == K_EVAL || node->atom->keyword == K_ARGUMENTS)
      js_error(p, node->start, "'%s' cannot be declared or assigned in strict code", node->atom->text);
    node->flags |= F_WRITE;
  } else if (node->type == N_CHAIN) {
    js_error(p, node->start, "an optional chain cannot be assigned to");
  } else if (node->type != N_MEMBER && node->type != N_INDEX && node->type != N_PRIVATE) {
    js_error(p, node->start, "invalid assignment target");
  }
}

/* Turns an expression into a pattern; kind < 0: of an assignment, else it declares names. */
static js_node *to_pattern(js *p, js_node *node, int kind);

static js_node *to_element(js *p, js_node *node, int kind) {
  if (node->type == N_ASSIGN && node->op == T_ASSIGN && !(node->flags & F_PAREN)) node->type = N_DEFAULT;
  if (node->type != N_DEFAULT) return to_pattern(p, node, kind);
  node->a = to_pattern(p, node->a, kind);
  node->flags |= node->a->flags & F_ITERATES;
  return node;
}

static void to_rest(js *p, js_node *node, int kind, bool object) {
  if (node->next != NULL || (node->flags & F_TRAILING)) js_error(p, node->start, "a rest element must be the last one");
  node->type = N_REST;
  if (object && node->a->type != N_IDENT && (kind >= 0 || (node->a->type != N_MEMBER && node->a->type != N_INDEX && node->a->type != N_PRIVATE)))
    js_error(p, node->a->start, "a rest element of an object must be a name");
  node->a = to_pattern(p, node->a, kind);
  node->flags |= node->a->flags & F_ITERATES;
}

static js_node *to_pattern(js *p, js_node *node, int kind) {
  js_node *item;
  js_enter(p);
  if (node->type == N_ARRAY || node->type == N_ARRAY_PATTERN || node->type == N_OBJECT || node->type == N_OBJECT_PATTERN) {
    bool object = node->type == N_OBJECT || node->type == N_OBJECT_PATTERN;
    if (node->flags & F_PAREN) js_error(p, node->start, "a pattern cannot stand in parentheses");
    node->type = object ? N_OBJECT_PATTERN : N_ARRAY_PATTERN;
    for (item = node->a; item != NULL; item = item->next) {
      if (item->type == N_SPREAD || item->type == N_REST) {
        to_rest(p, item, kind, object);
      } else if (item->type == N_PROPERTY) {
        if (item->op != PK_VALUE) js_error(p, item->start, "a method cannot stand in a pattern");
        item->b = to_element(p, item->b, kind);
        item->flags |= item->b->flags & F_ITERATES;
      } else if (item->type != N_HOLE) {
        js_node *next = item->next; /* conversion keeps the node, so the list stays whole */
        js_node *same = to_element(p, item, kind);
        assert(same == item && same->next == next);
        (void)same;
        (void)next;
      }
      node->flags |= item->flags & F_ITERATES;
    }
    if (!object) node->flags |= F_ITERATES;
  } else if (kind >= 0) {
    if (node->type != N_IDENT || (node->flags & F_PAREN)) js_error(p, node->start, "expected a name or pattern");
    check_target(p, node);
    node->flags = (uint16_t)((node->flags & ~F_WRITE) | F_DECL);
    js_declare(p, node->atom, kind, node->start);
  } else {
    check_target(p, node);
  }
  js_leave(p);
  return node;
}

js_node *js_to_assign_target(js *p, js_node *node) { return to_pattern(p, node, -1); }
js_node *js_to_binding(js *p, js_node *node, int kind) { return to_element(p, node, kind); }

/* --- literals ----------------------------------------------------------------------------- */

static js_node *regexp(js *p) {
  js_regexp(p);
  js_check_regexp(p, p->tok.raw, p->tok.atom, p->tok.start + 1);
  return leaf(p, N_REGEXP, NULL);
}

static js_node *template_literal(js *p, bool tagged) {
  js_list parts = { NULL, NULL };
  uint32_t start = p->tok.start, line = p->tok.line;
  for (;;) {
    bool tail = p->tok.tail;
    js_node *part, *raw;
    if (p->tok.bad_escape && !tagged)
      js_error(p, p->tok.bad_at, p->tok.octal ? "octal escapes are not allowed in templates" : "invalid escape in a template");
    raw = js_make(p, N_STRING, p->tok.start, p->tok.line, NULL, NULL, NULL, NULL);
    raw->atom = p->tok.raw;
    part = js_make(p, N_STRING, p->tok.start, p->tok.line, NULL, raw, NULL, NULL);
    part->atom = p->tok.bad_escape ? NULL : p->tok.atom;
    js_append(p, &parts, part);
    js_next(p);
    if (tail) break;
    js_append(p, &parts, js_expression(p, true));
    if (!js_is(p, T_RBRACE)) js_unexpected(p);
    js_template(p);
  }
  return js_make(p, N_TEMPLATE, start, line, parts.first, NULL, NULL, NULL);
}

static js_node *spread(js *p, bool cover) {
  uint32_t start = p->tok.start, line = p->tok.line;
  js_node *node;
  js_expect(p, T_ELLIPSIS);
  node = js_make(p, N_SPREAD, start, line, js_assignment(p, true, cover), NULL, NULL, NULL);
  if (js_is(p, T_COMMA)) node->flags |= F_TRAILING;
  return node;
}

static js_node *array_literal(js *p) {
  js_list items = { NULL, NULL };
  uint32_t start = p->tok.start, line = p->tok.line;
  js_expect(p, T_LBRACKET);
  while (!js_is(p, T_RBRACKET)) {
    if (js_is(p, T_COMMA)) {
      js_append(p, &items, leaf(p, N_HOLE, NULL));
      continue;
    }
    js_append(p, &items, js_is(p, T_ELLIPSIS) ? spread(p, true) : js_assignment(p, true, true));
    if (!js_is(p, T_RBRACKET)) js_expect(p, T_COMMA);
  }
  js_next(p);
  return js_make(p, N_ARRAY, start, line, items.first, NULL, NULL, NULL);
}

/* --- object literals ---------------------------------------------------------------------- */

/* A property name; F_COMPUTED for [expression]. Private names come as N_PRIVATE without object. */
js_node *js_property_key(js *p, uint16_t *flags) {
  js_node *key;
  if (js_is(p, T_NAME)) return leaf(p, N_STRING, p->tok.atom);
  if (js_is(p, T_STRING)) return leaf(p, N_STRING, p->tok.atom);
  if (js_is(p, T_NUMBER) && p->tok.big) return leaf(p, N_STRING, js_big_text(p, p->tok.atom));
  if (js_is(p, T_NUMBER)) return leaf(p, N_NUMBER, p->tok.atom);
  if (!js_is(p, T_LBRACKET)) js_unexpected(p);
  js_next(p);
  key = js_assignment(p, true, false);
  js_expect(p, T_RBRACKET);
  *flags |= F_COMPUTED;
  return key;
}

static js_node *property(js *p, bool *proto) {
  js_token first = p->tok;
  js_node *key, *value, *node;
  js_func *func;
  uint16_t flags = 0;
  int kind = PK_VALUE;
  bool word = false, async = false, generator = false; /* word: `first` is a prefix such as get, not the name */
  if (js_is(p, T_NAME) && (p->tok.keyword == K_GET || p->tok.keyword == K_SET || p->tok.keyword == K_ASYNC)) {
    js_token after = js_peek(p);
    if (after.type != T_COMMA && after.type != T_COLON && after.type != T_LPAREN && after.type != T_RBRACE && after.type != T_ASSIGN &&
        !(first.keyword == K_ASYNC && after.newline)) {
      word = true;
      js_next(p);
    }
  }
  if (word && first.keyword == K_GET) kind = PK_GET;
  else if (word && first.keyword == K_SET) kind = PK_SET;
  else if (word) kind = PK_METHOD, async = true;
  if ((kind == PK_VALUE || async) && js_accept(p, T_MUL)) kind = PK_METHOD, generator = true;
  if (kind == PK_VALUE && js_is(p, T_NAME)) {
    js_token name = p->tok, after = js_peek(p);
    if (after.type == T_COMMA || after.type == T_RBRACE || after.type == T_ASSIGN) {
      key = js_make(p, N_STRING, name.start, name.line, NULL, NULL, NULL, NULL);
      key->atom = name.atom;
      value = identifier(p);
      if (js_is(p, T_ASSIGN)) { /* { a = 1 }: only good as a pattern */
        if (p->cover == JS_NONE) p->cover = p->tok.start;
        js_next(p);
        value = js_make(p, N_DEFAULT, name.start, name.line, value, js_assignment(p, true, false), NULL, NULL);
      }
      node = js_make(p, N_PROPERTY, first.start, first.line, key, value, NULL, NULL);
      node->flags |= F_SHORTHAND;
      node->op = PK_VALUE;
      return node;
    }
  }
  key = js_property_key(p, &flags);
  if (kind == PK_VALUE && js_is(p, T_LPAREN)) kind = PK_METHOD;
  if (kind == PK_VALUE) {
    bool is_proto = !(flags & F_COMPUTED) && key->type == N_STRING && key->atom->keyword == K_PROTO;
    js_expect(p, T_COLON);
    value = js_assignment(p, true, true);
    if (is_proto && *proto) {
      if (p->cover == JS_NONE) p->cover = key->start; /* fine in a pattern */
    }
    *proto |= is_proto;
  } else {
    func = js_func_new(p, first.start, first.line);
    if (!(flags & F_COMPUTED)) func->shown = key->atom;
    func->async = async;
    func->generator = generator;
    func->getter = kind == PK_GET;
    func->setter = kind == PK_SET;
    value = js_method(p, func);
  }
  node = js_make(p, N_PROPERTY, first.start, first.line, key, value, NULL, NULL);
  node->flags |= flags;
  node->op = (uint8_t)kind;
  return node;
}

static js_node *object_literal(js *p) {
  js_list items = { NULL, NULL };
  uint32_t start = p->tok.start, line = p->tok.line;
  bool proto = false;
  js_expect(p, T_LBRACE);
  while (!js_is(p, T_RBRACE)) {
    js_append(p, &items, js_is(p, T_ELLIPSIS) ? spread(p, true) : property(p, &proto));
    if (!js_is(p, T_RBRACE)) js_expect(p, T_COMMA);
  }
  js_next(p);
  return js_make(p, N_OBJECT, start, line, items.first, NULL, NULL, NULL);
}

/* --- primary expressions ------------------------------------------------------------------ */

static _Noreturn void bad_cover(js *p) { js_error(p, p->cover, "invalid shorthand or repeated __proto__ in an object"); }

/* ( ... ): an expression, or the parameters of an arrow function. */
static js_node *parenthesised(js *p) {
  js_token open = p->tok;
  bool may_arrow = p->arrow_at == open.start, only_params = false;
  js_node *ref_mark = p->scope->refs_last, *node, *item;
  js_scope *child_mark = p->scope->last;
  js_list items = { NULL, NULL };
  uint32_t cover = p->cover, trailing = 0;
  p->cover = JS_NONE;
  js_next(p);
  while (!js_is(p, T_RPAREN)) {
    if (js_is(p, T_ELLIPSIS)) {
      if (!may_arrow) js_unexpected(p);
      only_params = true;
      js_append(p, &items, spread(p, true));
      trailing = items.last->start;
      break;
    }
    js_append(p, &items, js_assignment(p, true, true));
    if (js_is(p, T_RPAREN)) break;
    if (!js_is(p, T_COMMA)) js_expect(p, T_RPAREN);
    trailing = p->tok.start;
    js_next(p);
    if (js_is(p, T_RPAREN)) only_params = true;
  }
  if (js_is(p, T_COMMA) && only_params) js_error(p, trailing, "a rest parameter must be the last one");
  if (items.first == NULL) only_params = true;
  js_expect(p, T_RPAREN);
  if (may_arrow && js_is(p, T_ARROW) && !p->tok.newline) {
    js_func *func = js_func_new(p, open.start, open.line);
    if (p->last_await > open.start) js_error(p, p->last_await, "await is not allowed in parameters");
    if (p->last_yield > open.start) js_error(p, p->last_yield, "yield is not allowed in parameters");
    p->cover = cover;
    return js_arrow(p, items.first, func, ref_mark, child_mark);
  }
  if (only_params) {
    if (items.first == NULL) js_unexpected(p);
    js_error(p, trailing, "unexpected %s", items.last->type == N_SPREAD ? "'...'" : "','");
  }
  if (p->cover != JS_NONE) bad_cover(p);
  p->cover = cover;
  item = items.first;
  if (item->next == NULL) node = item;
  else node = js_make(p, N_SEQUENCE, item->start, item->line, item, NULL, NULL, NULL);
  node->flags |= F_PAREN;
  return node;
}

static js_node *super_expression(js *p) {
  js_node *node = leaf(p, N_SUPER, NULL);
  js_func *func = p->func;
  while (func->arrow && func->parent != NULL) func = func->parent;
  if (js_is(p, T_LPAREN)) {
    if (!func->constructor || !func->derived) js_error(p, node->start, "super() is only valid in the constructor of a derived class");
  } else if (js_is(p, T_DOT) || js_is(p, T_LBRACKET)) {
    if (!func->method && !func->field && !func->constructor) js_error(p, node->start, "super is only valid in methods");
  } else {
    js_error(p, node->start, "super must be called or followed by a property");
  }
  func->uses_super = true;
  js_reference(p, node);
  return node;
}

static js_node *primary(js *p) {
  js_node *node;
  switch (p->tok.type) {
    case T_NUMBER: return leaf(p, p->tok.big ? N_BIGINT : N_NUMBER, p->tok.atom);
    case T_STRING: return leaf(p, N_STRING, p->tok.atom);
    case T_TEMPLATE: return template_literal(p, false);
    case T_DIV: case T_A_DIV: return regexp(p);
    case T_LPAREN: return parenthesised(p);
    case T_LBRACKET: return array_literal(p);
    case T_LBRACE: return object_literal(p);
    case T_NAME: break;
    default: js_unexpected(p);
  }
  switch (p->tok.keyword) {
    case K_THIS:
      node = leaf(p, N_THIS, NULL);
      js_reference(p, node);
      return node;
    case K_NULL: return leaf(p, N_NULL, NULL);
    case K_TRUE: return leaf(p, N_TRUE, NULL);
    case K_FALSE: return leaf(p, N_FALSE, NULL);
    case K_FUNCTION: return js_function_expression(p, false);
    case K_CLASS: return js_class(p, false);
    case K_SUPER: return super_expression(p);
    case K_IMPORT: js_error(p, p->tok.start, "import is not available in contracts");
    case K_ASYNC: {
      js_token after = js_peek(p);
      if (after.type == T_NAME && after.keyword == K_FUNCTION && !after.newline) return js_function_expression(p, true);
      return identifier(p);
    }
    default: return identifier(p);
  }
}

/* --- calls and members -------------------------------------------------------------------- */

static js_node *arguments(js *p, bool cover, uint32_t *rest) {
  js_list items = { NULL, NULL };
  js_expect(p, T_LPAREN);
  while (!js_is(p, T_RPAREN)) {
    if (js_is(p, T_ELLIPSIS)) {
      js_append(p, &items, spread(p, cover));
      if (rest != NULL && *rest == JS_NONE && js_is(p, T_COMMA)) *rest = items.last->start;
    } else {
      js_append(p, &items, js_assignment(p, true, cover));
    }
    if (!js_is(p, T_RPAREN)) js_expect(p, T_COMMA);
  }
  js_next(p);
  return items.first;
}

/* .name, [key], #name or a template behind `object`; NULL if none follows. */
static js_node *member_step(js *p, js_node *object, bool *chain) {
  js_node *node = NULL;
  bool optional = false;
  uint32_t line = p->tok.line;
  if (js_is(p, T_CHAIN)) {
    if (object->type == N_SUPER) js_unexpected(p);
    optional = *chain = true;
    js_next(p);
  }
  if (js_is(p, T_TEMPLATE)) {
    if (*chain) js_error(p, p->tok.start, "a template cannot follow an optional chain");
    node = js_make(p, N_TAGGED, object->start, line, object, template_literal(p, true), NULL, NULL);
  } else if (js_is(p, T_LBRACKET)) {
    js_node *key;
    js_next(p);
    key = js_expression(p, true);
    js_expect(p, T_RBRACKET);
    node = js_make(p, N_INDEX, object->start, line, object, key, NULL, NULL);
  } else if (optional ? js_is(p, T_NAME) || js_is(p, T_PRIVATE) : js_accept(p, T_DOT)) {
    bool private = js_is(p, T_PRIVATE);
    js_node *name;
    if (!private && !js_is(p, T_NAME)) js_unexpected(p);
    if (private && object->type == N_SUPER) js_unexpected(p);
    name = private ? js_private_name(p) : leaf(p, N_STRING, p->tok.atom);
    node = js_make(p, private ? N_PRIVATE : N_MEMBER, object->start, line, object, NULL, NULL, private ? name : NULL);
    node->atom = name->atom;
    if (private) js_reference(p, node);
  }
  if (node != NULL && optional) node->flags |= F_OPTIONAL;
  if (node == NULL && optional && !js_is(p, T_LPAREN)) js_unexpected(p);
  return node;
}

static js_node *new_expression(js *p) {
  js_token first = p->tok;
  js_node *callee, *items = NULL, *step;
  bool chain = false;
  js_enter(p);
  js_next(p);
  if (js_accept(p, T_DOT)) {
    const js_func *func = p->func;
    js_node *node;
    if (!js_is_word(p, K_TARGET)) js_error(p, p->tok.start, "expected 'new.target'");
    while (func->arrow && func->parent != NULL) func = func->parent;
    if (func->parent == NULL) js_error(p, first.start, "new.target is only valid in functions");
    js_next(p);
    node = js_make(p, N_NEW_TARGET, first.start, first.line, NULL, NULL, NULL, NULL);
    js_reference(p, node);
    js_leave(p);
    return node;
  }
  callee = js_is_word(p, K_NEW) ? new_expression(p) : primary(p);
  while (!js_is(p, T_CHAIN) && (step = member_step(p, callee, &chain)) != NULL) callee = step;
  if (js_is(p, T_CHAIN)) js_error(p, p->tok.start, "an optional chain cannot follow new");
  if (js_is(p, T_LPAREN)) items = arguments(p, false, NULL);
  js_leave(p);
  return js_make(p, N_NEW, first.start, first.line, callee, items, NULL, NULL);
}

static bool is_arrow(const js_node *node) {
  return node->type == N_FUNCTION && node->u.func->arrow && !(node->flags & F_PAREN);
}

/* async (...) that turns out to be an arrow function. */
static js_node *async_arrow(js *p, js_node *callee, js_node *items, uint32_t line, js_node *ref_mark, js_scope *child_mark, uint32_t rest) {
  js_func *func = js_func_new(p, callee->start, line);
  if (rest != JS_NONE) js_error(p, rest, "a rest parameter must be the last one");
  if (p->last_name_await > callee->start) js_error(p, p->last_name_await - 1, "await is not allowed in parameters");
  if (p->last_await > callee->start) js_error(p, p->last_await, "await is not allowed in parameters");
  if (p->last_yield > callee->start) js_error(p, p->last_yield, "yield is not allowed in parameters");
  func->async = true;
  return js_arrow(p, items, func, ref_mark, child_mark);
}

js_node *js_left_side(js *p) {
  js_token first = p->tok;
  js_node *ref_mark = p->scope->refs_last, *node, *step;
  js_scope *child_mark = p->scope->last;
  bool chain = false, async = js_is_word(p, K_ASYNC) && p->arrow_at == first.start;
  node = js_is_word(p, K_NEW) ? new_expression(p) : primary(p);
  if (is_arrow(node)) return node;
  async = async && node->type == N_IDENT && !p->tok.newline;
  for (;;) {
    bool optional = js_is(p, T_CHAIN);
    step = member_step(p, node, &chain);
    if (step == NULL) {
      uint32_t cover = p->cover, rest = JS_NONE, line = p->tok.line;
      js_node *items;
      if (!js_is(p, T_LPAREN)) break;
      if (async) p->cover = JS_NONE;
      items = arguments(p, async, &rest);
      if (async && js_is(p, T_ARROW) && !p->tok.newline) {
        p->cover = cover;
        return async_arrow(p, node, items, first.line, ref_mark == NULL ? NULL : ref_mark, child_mark, rest);
      }
      if (async && p->cover != JS_NONE) bad_cover(p);
      if (async) p->cover = cover;
      step = js_make(p, N_CALL, node->start, line, node, items, NULL, NULL);
      if (optional) step->flags |= F_OPTIONAL;
    }
    async = false;
    node = step;
  }
  return chain ? js_make(p, N_CHAIN, node->start, node->line, node, NULL, NULL, NULL) : node;
}

/* --- operators ---------------------------------------------------------------------------- */

/* Outside of async functions await is a name; what cannot follow a name says what was meant. */
static bool is_await(js *p) {
  js_token after;
  if (!js_is_word(p, K_AWAIT)) return false;
  if (p->func->async) return true;
  after = js_peek(p);
  if (!after.newline && (after.type == T_NUMBER || after.type == T_STRING || after.type == T_LBRACE || after.type == T_NOT || after.type == T_TILDE ||
                         (after.type == T_NAME && after.keyword != K_IN && after.keyword != K_OF && after.keyword != K_INSTANCEOF)))
    js_error(p, p->tok.start, "await is only valid in async functions%s", p->func->parent == NULL ? ", not at the top level" : "");
  return false;
}

static js_node *await_expression(js *p) {
  js_token first = p->tok;
  js_node *node;
  if (p->in_params) js_error(p, first.start, "await is not allowed in parameters");
  js_next(p);
  p->func->awaits = true;
  js_enter(p);
  node = js_make(p, N_AWAIT, first.start, first.line, js_unary(p), NULL, NULL, NULL);
  js_leave(p);
  p->last_await = first.start;
  return node;
}

static js_node *update(js *p, js_token *op, js_node *target, bool prefix) {
  js_node *node;
  if (target->type == N_ARRAY || target->type == N_OBJECT) js_error(p, target->start, "invalid assignment target");
  check_target(p, target);
  if (target->type == N_IDENT) target->op = 1;
  node = js_make(p, N_UPDATE, VMS__MIN(op->start, target->start), target->line, target, NULL, NULL, NULL);
  node->op = op->type;
  if (prefix) node->flags |= F_PREFIX;
  return node;
}

js_node *js_unary(js *p) {
  js_token first = p->tok;
  js_node *node;
  int op = 0;
  if (js_is(p, T_NOT) || js_is(p, T_TILDE) || js_is(p, T_ADD) || js_is(p, T_SUB)) op = first.type;
  else if (js_is_word(p, K_TYPEOF)) op = T_TYPEOF;
  else if (js_is_word(p, K_VOID)) op = T_VOID;
  else if (js_is_word(p, K_DELETE)) op = T_DELETE;
  else if (js_is(p, T_INC) || js_is(p, T_DEC)) op = first.type;
  if (op != 0) {
    js_next(p);
    js_enter(p);
    node = js_unary(p);
    js_leave(p);
    if (op == T_INC || op == T_DEC) return update(p, &first, node, true);
    if (op == T_DELETE && node->type == N_IDENT) js_error(p, first.start, "a variable cannot be deleted in strict code");
    if (op == T_DELETE && (node->type == N_PRIVATE || (node->type == N_CHAIN && node->a->type == N_PRIVATE)))
      js_error(p, first.start, "a private name cannot be deleted");
    node = js_make(p, N_UNARY, first.start, first.line, node, NULL, NULL, NULL);
    node->op = (uint8_t)op;
    return node;
  }
  if (is_await(p)) return await_expression(p);
  node = js_left_side(p);
  if ((js_is(p, T_INC) || js_is(p, T_DEC)) && !p->tok.newline && !is_arrow(node)) {
    js_token after = p->tok;
    js_next(p);
    return update(p, &after, node, false);
  }
  return node;
}

/* The binary operator at hand and how tightly it binds, 0 if there is none. */
static int operator_at(const js *p, bool in, int *op) {
  static const uint8_t precedence[] = { 1, 2, 3, 4, 5, 6, 7, 7, 7, 7, 8, 8, 8, 8, 9, 9, 9, 10, 10, 11, 11, 11, 12 };
  *op = p->tok.type;
  if (p->tok.type >= T_NULLISH && p->tok.type <= T_POW) return precedence[p->tok.type - T_NULLISH];
  if (js_is_word(p, K_INSTANCEOF)) return *op = T_INSTANCEOF, 8;
  if (in && js_is_word(p, K_IN)) return *op = T_IN, 8;
  return 0;
}

static bool is_logical(const js_node *node, bool nullish) {
  return node->type == N_LOGICAL && !(node->flags & F_PAREN) && (node->op == T_NULLISH) == nullish;
}

static js_node *binary(js *p, int min, bool in);

/* #name in object */
static js_node *private_in(js *p, int min, bool in) {
  js_node *name = js_private_name(p), *node;
  if (!in || min > 8 || !js_is_word(p, K_IN)) js_error(p, name->start, "a private name stands only behind a dot or in front of in");
  js_next(p);
  node = js_make(p, N_PRIVATE_IN, name->start, name->line, binary(p, 9, in), NULL, NULL, name);
  node->atom = name->atom;
  js_reference(p, node);
  return node;
}

static js_node *binary(js *p, int min, bool in) {
  js_node *left, *right;
  int op, level;
  js_enter(p);
  left = js_is(p, T_PRIVATE) ? private_in(p, min, in) : js_unary(p);
  while (!is_arrow(left) && (level = operator_at(p, in, &op)) != 0 && level >= min) {
    js_token at = p->tok;
    if (op == T_POW && (left->type == N_UNARY || left->type == N_AWAIT) && !(left->flags & F_PAREN))
      js_error(p, at.start, "the left side of ** needs parentheses");
    js_next(p);
    right = binary(p, op == T_POW ? level : level + 1, in);
    if (is_arrow(right)) js_error(p, right->start, "an arrow function needs parentheses here");
    if (op <= T_AND) {
      if (is_logical(left, op != T_NULLISH) || is_logical(right, op != T_NULLISH))
        js_error(p, at.start, "?? cannot be mixed with || or && without parentheses");
    }
    left = js_make(p, op <= T_AND ? N_LOGICAL : N_BINARY, left->start, at.line, left, right, NULL, NULL);
    left->op = (uint8_t)op;
  }
  js_leave(p);
  return left;
}

static js_node *conditional(js *p, bool in) {
  js_node *test = binary(p, 1, in), *yes, *no;
  if (is_arrow(test) || !js_is(p, T_QUESTION)) return test;
  js_next(p);
  yes = js_assignment(p, true, false);
  js_expect(p, T_COLON);
  no = js_assignment(p, in, false);
  return js_make(p, N_CONDITIONAL, test->start, test->line, test, yes, no, NULL);
}

static js_node *yield_expression(js *p, bool in) {
  js_token first = p->tok;
  js_node *value = NULL, *node;
  bool delegate = false;
  if (p->in_params) js_error(p, first.start, "yield is not allowed in parameters");
  js_next(p);
  if (!p->tok.newline) {
    delegate = js_accept(p, T_MUL);
    if (delegate || !(js_is(p, T_RPAREN) || js_is(p, T_RBRACKET) || js_is(p, T_RBRACE) || js_is(p, T_COMMA) || js_is(p, T_SEMICOLON) ||
                      js_is(p, T_COLON) || js_is(p, T_EOF) || js_is_word(p, K_IN) || js_is_word(p, K_OF)))
      value = js_assignment(p, in, false);
  }
  node = js_make(p, N_YIELD, first.start, first.line, value, NULL, NULL, NULL);
  if (delegate) node->flags |= F_DELEGATE;
  p->last_yield = first.start;
  return node;
}

/* Whether => stands behind the next token: tells `async of => 1` from the head of a for-of. */
static bool arrow_after_next(js *p) {
  js_token tok = p->tok;
  uint32_t at = p->at, line = p->line, last_end = p->last_end, last_line = p->last_line;
  bool found;
  js_next(p);
  found = js_peek(p).type == T_ARROW;
  p->tok = tok;
  p->at = at;
  p->line = line;
  p->last_end = last_end;
  p->last_line = last_line;
  return found;
}

/* name => ... and async name => ...; NULL if it is neither. */
static js_node *name_arrow(js *p) {
  js_token first = p->tok, after;
  js_node *ref_mark = p->scope->refs_last, *name;
  js_scope *child_mark = p->scope->last;
  js_func *func;
  if (!js_is(p, T_NAME)) return NULL;
  after = js_peek(p);
  if (after.type == T_ARROW && !after.newline) {
    name = identifier(p);
    func = js_func_new(p, first.start, first.line);
    return js_arrow(p, name, func, ref_mark, child_mark);
  }
  if (first.keyword == K_ASYNC && after.type == T_NAME && !after.newline && after.keyword != K_FUNCTION && after.keyword != K_IN &&
      after.keyword != K_INSTANCEOF && (after.keyword != K_OF || arrow_after_next(p))) {
    js_next(p);
    if (p->tok.atom->keyword == K_AWAIT) js_error(p, p->tok.start, "await is not allowed in parameters");
    name = identifier(p);
    if (!js_is(p, T_ARROW) || p->tok.newline) js_unexpected(p);
    func = js_func_new(p, first.start, first.line);
    func->async = true;
    return js_arrow(p, name, func, ref_mark, child_mark);
  }
  return NULL;
}

/* A function that gets no name of its own by being assigned to a member is shown under that member's in stack traces. */
static void show_as(js *p, const js_node *target, js_node *value) {
  if (target->type != N_MEMBER || value->type != N_FUNCTION || target->a->type != N_IDENT || target->end - target->start > 100) return;
  if (value->u.func->name == NULL) value->u.func->shown = js_intern(p, p->text + target->start, target->end - target->start);
}

static js_node *assignment_to(js *p, js_node *left, bool in) {
  js_token at = p->tok;
  js_node *node, *value;
  if (at.type == T_ASSIGN && (left->type == N_ARRAY || left->type == N_OBJECT) && !(left->flags & F_PAREN)) {
    p->cover = JS_NONE;
    left = js_to_assign_target(p, left);
  } else {
    check_target(p, left);
  }
  js_next(p);
  value = js_assignment(p, in, false);
  show_as(p, left, value);
  node = js_make(p, N_ASSIGN, left->start, left->line, left, value, NULL, NULL);
  node->op = at.type;
  if (left->type == N_IDENT && (at.type > T_A_AND || js_is_primitive(node->b))) left->op = 1; /* arithmetic makes no objects */
  return node;
}

/* An assignment expression. With `cover` an object such as {a = 1} may stay pending in p->cover: the caller
 * may still find that it is a pattern. */
js_node *js_assignment(js *p, bool in, bool cover) {
  uint32_t pending = p->cover;
  js_node *node;
  js_enter(p);
  p->cover = JS_NONE;
  p->arrow_at = p->tok.start;
  if (js_is_word(p, K_YIELD) && p->func->generator) node = yield_expression(p, in);
  else if ((node = name_arrow(p)) == NULL) node = conditional(p, in);
  if (p->tok.type >= T_ASSIGN && p->tok.type <= T_A_POW && !is_arrow(node) && node->type != N_YIELD) node = assignment_to(p, node, in);
  if (p->cover != JS_NONE && !(cover && (node->type == N_ARRAY || node->type == N_OBJECT) && !(node->flags & F_PAREN))) bad_cover(p);
  if (pending != JS_NONE) p->cover = pending;
  js_leave(p);
  return node;
}

js_node *js_expression(js *p, bool in) {
  js_node *first = js_assignment(p, in, false);
  js_list items = { NULL, NULL };
  if (!js_is(p, T_COMMA)) return first;
  js_append(p, &items, first);
  while (js_accept(p, T_COMMA)) js_append(p, &items, js_assignment(p, in, false));
  return js_make(p, N_SEQUENCE, first->start, first->line, items.first, NULL, NULL, NULL);
}
