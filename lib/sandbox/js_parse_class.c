/* SPDX-License-Identifier: MIT */
/* Classes. */
#include "lib/sandbox/js_ast.h"

/* #name as a string with its #; the current token is the private name. */
js_node *js_private_name(js *p) {
  const js_atom *name = p->tok.atom;
  js_node *node;
  char *text = js_alloc(p, name->len + 1);
  text[0] = '#';
  memcpy(text + 1, name->text, name->len);
  node = js_make(p, N_STRING, p->tok.start, p->tok.line, NULL, NULL, NULL, NULL);
  node->atom = js_intern(p, text, name->len + 1);
  js_next(p);
  return node;
}

static void declare_private(js *p, const js_node *key, int kind, bool is_static) {
  static const uint8_t kinds[] = { [PK_VALUE] = BK_PRIVATE, [PK_METHOD] = BK_PRIVATE_METHOD, [PK_GET] = BK_PRIVATE_GET, [PK_SET] = BK_PRIVATE_SET };
  js_binding *binding = js_scope_find(p, p->scope, key->atom);
  if (vms__slice_is((vms_slice){ key->atom->text, key->atom->len }, "#constructor")) js_error(p, key->start, "#constructor is not a valid private name");
  if (binding != NULL && binding->is_static != is_static) js_error(p, key->start, "'%.*s' has already been declared", js_shown(key->atom), key->atom->text);
  binding = js_declare(p, key->atom, kinds[kind], key->start);
  binding->is_static = is_static;
}

/* Whether the word at hand is a prefix of a member and not its name. */
static bool is_prefix(js *p, bool same_line) {
  js_token after = js_peek(p);
  return after.type != T_LPAREN && after.type != T_ASSIGN && after.type != T_SEMICOLON && after.type != T_RBRACE && !(same_line && after.newline);
}

static void end_of_field(js *p) {
  if (js_accept(p, T_SEMICOLON) || js_is(p, T_RBRACE) || p->tok.newline) return;
  js_unexpected(p);
}

/* One member; the constructor goes to *constructor instead of being returned. */
static js_node *member(js *p, bool derived, js_node **constructor) {
  js_token first = p->tok;
  js_func *func = js_func_new(p, first.start, first.line);
  js_node *key, *value, *node;
  uint16_t flags = 0;
  int kind = PK_VALUE;
  bool private, named_constructor;
  func->class_scope = p->scope;
  if (js_is_word(p, K_STATIC) && is_prefix(p, false)) {
    flags |= F_STATIC;
    js_next(p);
    func->start = p->tok.start;
    if (js_is(p, T_LBRACE)) js_unsupported(p, first.start, "static blocks are");
  }
  if (js_is_word(p, K_GET) && is_prefix(p, false) && js_peek(p).type != T_MUL) kind = PK_GET;
  else if (js_is_word(p, K_SET) && is_prefix(p, false) && js_peek(p).type != T_MUL) kind = PK_SET;
  else if (js_is_word(p, K_ASYNC) && is_prefix(p, true)) kind = PK_METHOD;
  if (kind != PK_VALUE) js_next(p);
  func->async = kind == PK_METHOD;
  func->getter = kind == PK_GET;
  func->setter = kind == PK_SET;
  if ((kind == PK_VALUE || kind == PK_METHOD) && js_accept(p, T_MUL)) kind = PK_METHOD, func->generator = true;
  private = js_is(p, T_PRIVATE);
  key = private ? js_private_name(p) : js_property_key(p, &flags);
  if (kind == PK_VALUE && js_is(p, T_LPAREN)) kind = PK_METHOD;
  if (!(flags & F_COMPUTED)) func->shown = key->atom;
  named_constructor = !private && !(flags & (F_COMPUTED | F_STATIC)) && key->type == N_STRING && key->atom->keyword == K_CONSTRUCTOR;
  if ((flags & F_STATIC) && !private && !(flags & F_COMPUTED) && key->type == N_STRING && key->atom->keyword == K_PROTOTYPE)
    js_error(p, key->start, "a static member cannot be called 'prototype'");
  if (private) declare_private(p, key, kind, flags & F_STATIC);
  if (kind == PK_VALUE) {
    if (!private && !(flags & F_COMPUTED) && key->type == N_STRING && key->atom->keyword == K_CONSTRUCTOR)
      js_error(p, key->start, "a field cannot be called 'constructor'");
    value = js_field(p, func);
    if (value != NULL && key->type == N_STRING) func->name = key->atom;
    end_of_field(p);
    kind = PK_FIELD;
  } else {
    if (named_constructor && (kind != PK_METHOD || func->async || func->generator))
      js_error(p, key->start, "a constructor cannot be an accessor, async or a generator");
    if (named_constructor && *constructor != NULL) js_error(p, key->start, "a class has only one constructor");
    func->constructor = named_constructor;
    func->derived = named_constructor && derived;
    value = js_method(p, func);
    if (named_constructor) {
      func->method = false;
      *constructor = value;
      return NULL;
    }
  }
  node = js_make(p, N_PROPERTY, first.start, first.line, key, value, NULL, NULL);
  node->flags |= flags;
  node->op = (uint8_t)kind;
  if (private) node->flags |= F_OPTIONAL; /* the mark of a private member */
  return node;
}

/* A class, with the current token at `class`. */
js_node *js_class(js *p, bool statement) {
  js_token first = p->tok, name;
  js_list items = { NULL, NULL };
  js_node *heritage = NULL, *constructor = NULL, *ident = NULL, *node;
  js_scope *names, *scope;
  js_atom *atom = NULL;
  js_enter(p);
  js_next(p);
  name = p->tok;
  if (statement || (js_is(p, T_NAME) && !js_is_word(p, K_EXTENDS))) atom = js_binding_name(p);
  if (statement) {
    js_declare(p, atom, BK_CLASS, name.start);
    ident = js_make(p, N_IDENT, name.start, name.line, NULL, NULL, NULL, NULL);
    ident->atom = atom;
    ident->flags |= F_DECL;
    js_reference(p, ident);
  }
  names = js_scope_open(p, SC_CLASS, NULL);
  if (atom != NULL) js_declare(p, atom, BK_CLASS, name.start);
  if (js_accept_word(p, K_EXTENDS)) {
    p->arrow_at = JS_NONE;
    heritage = js_left_side(p);
  }
  if (!js_is(p, T_LBRACE)) js_expect(p, T_LBRACE);
  scope = js_scope_open(p, SC_CLASS, NULL); /* private names: the heritage does not see them */
  js_next(p);
  while (!js_is(p, T_RBRACE)) {
    js_node *item;
    if (js_accept(p, T_SEMICOLON)) continue;
    item = member(p, heritage != NULL, &constructor);
    if (item != NULL) js_append(p, &items, item);
  }
  if (atom != NULL) js_scope_find(p, names, atom)->ready = p->tok.end;
  js_scope_close(p);
  js_scope_close(p);
  js_next(p);
  node = js_make(p, N_CLASS, first.start, first.line, heritage, items.first, constructor, NULL);
  node->atom = atom;
  node->u.scope = scope;
  js_leave(p);
  if (!statement) return node;
  js_scope_find(p, p->scope, atom)->ready = p->last_end;
  return js_make(p, N_CLASS_STATEMENT, first.start, first.line, ident, node, NULL, NULL);
}
