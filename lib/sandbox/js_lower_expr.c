/* SPDX-License-Identifier: MIT */
/* Lowering of expressions, but for those that assign: js_lower_assign.c. */
#include "lib/sandbox/js_ast.h"

const char *js_temp(js *p) {
  uint32_t number = p->func->temps++;
  p->func->temps_max = VMS__MAX(p->func->temps_max, p->func->temps);
  return js_format(p, "%s%u", p->prefix, (unsigned)number);
}

static void put_node(js *p, js_node *node, int precedence) { js_lower_expression(p, node, precedence); }

/* --- names -------------------------------------------------------------------------------- */

/* A name of no declaration: a global, or nothing at all. */
void js_put_global(js *p, const js_atom *name) {
  uint32_t i;
  if (name->keyword == K_VMS) {
    js_put(p, js_unique(p, "missing"));
    return;
  }
  for (i = 0; i < name->len && (uint8_t)name->text[i] < 0x80; i++) {}
  if (i == name->len) {
    js_put_bytes(p, name->text, name->len);
    return;
  }
  js_put(p, js_unique(p, "missing")); /* no global has a name outside ASCII */
}

static bool is_arguments(const js_node *node) { return node->type == N_IDENT && node->atom->keyword == K_ARGUMENTS; }

static void put_arguments_name(js *p, const js_node *node) {
  const js_func *owner = node->u.func;
  if (owner->parent == NULL) js_put(p, js_unique(p, "arguments"));
  else js_put(p, node->flags & F_CROSS ? owner->arguments_name : "arguments");
}

void js_put_identifier(js *p, js_node *node) {
  js_binding *binding = node->u.binding;
  const char *out;
  if (is_arguments(node)) { /* made iterable only where it is more than looked into */
    js_put(p, "$vms.list(");
    put_arguments_name(p, node);
    js_put(p, ")");
    return;
  }
  if (binding == NULL) {
    if (node->atom->len == 9 && memcmp(node->atom->text, "undefined", 9) == 0) js_put(p, "void 0");
    else js_put_global(p, node->atom);
    return;
  }
  out = js_binding_out(p, binding);
  if (!(node->flags & F_CHECK)) {
    js_put(p, out);
    return;
  }
  js_put(p, "(");
  js_put(p, out);
  js_put(p, "===$vms.T?$vms.tdz(");
  js_put_string(p, binding->name);
  js_put(p, "):");
  js_put(p, out);
  js_put(p, ")");
}

static bool is_plain_name(const js_node *node) {
  return node->type == N_IDENT && node->u.binding != NULL && !node->u.binding->boxed && !(node->flags & F_CHECK) &&
         node->atom->keyword != K_ARGUMENTS;
}

/* `this`, for N_THIS and for what super means by it. */
const char *js_this_text(js *p, const js_node *node) {
  const js_func *owner = node->u.func;
  if (owner->constructor && owner->derived) return js_format(p, "$vms.self(%s)", owner->this_name); /* nothing until super() has run */
  return node->flags & F_CROSS ? owner->this_name : "this";
}

static void put_new_target(js *p, const js_node *node) {
  const js_func *owner = node->u.func;
  if (owner->async || owner->method) js_put(p, "(void 0)");
  else if (owner->constructor) js_put(p, owner->target_name);
  else js_put(p, node->flags & F_CROSS ? owner->target_name : "new.target");
}

/* --- lists -------------------------------------------------------------------------------- */

static bool has_spread(const js_node *list) {
  for (; list != NULL; list = list->next)
    if (list->type == N_SPREAD) return true;
  return false;
}

/* a,b,c up to `end`. */
static void put_items(js *p, js_node *list, const js_node *end) {
  bool first = true;
  for (; list != end; list = list->next) {
    if (!first) js_put(p, ",");
    js_sync(p, list->line);
    if (list->type != N_HOLE) put_node(p, list, PR_ASSIGN);
    else if (list->next == NULL) js_put(p, ","); /* [1,,] keeps its hole */
    first = false;
  }
}

/* An array of what a list with spreads stands for: $vms.concat([a,b],$vms.spread(c),[d]). */
static void put_spread_list(js *p, js_node *list) {
  bool first = true;
  if (list->next == NULL && list->type == N_SPREAD) {
    js_put(p, "$vms.spread(");
    put_node(p, list->a, PR_ASSIGN);
    js_put(p, ")");
    return;
  }
  js_put(p, "$vms.concat(");
  while (list != NULL) {
    js_node *end = list;
    if (!first) js_put(p, ",");
    first = false;
    if (list->type == N_SPREAD) {
      js_put(p, "$vms.spread(");
      put_node(p, list->a, PR_ASSIGN);
      js_put(p, ")");
      list = list->next;
      continue;
    }
    while (end != NULL && end->type != N_SPREAD) end = end->next;
    js_put(p, "[");
    for (; list != end; list = list->next) {
      js_sync(p, list->line);
      if (list->type != N_HOLE) put_node(p, list, PR_ASSIGN);
      js_put(p, list->next == end && list->type != N_HOLE ? "" : ",");
    }
    js_put(p, "]");
  }
  js_put(p, ")");
}

static void put_array(js *p, js_node *node) {
  if (has_spread(node->a)) {
    put_spread_list(p, node->a);
    return;
  }
  js_put(p, "[");
  put_items(p, node->a, NULL);
  js_put(p, "]");
}

/* Whether the value of an expression can be no object. */
bool js_is_primitive(const js_node *node) {
  switch (node->type) {
    case N_NUMBER: case N_STRING: case N_TEMPLATE: case N_NULL: case N_TRUE: case N_FALSE: case N_UNARY: case N_UPDATE: case N_BINARY: return true;
    case N_IDENT:
      if (node->atom->keyword == K_ARGUMENTS || node->u.binding == NULL || node->u.binding->object) return false;
      return node->u.binding->kind == BK_VAR || node->u.binding->kind == BK_LET || node->u.binding->kind == BK_CONST;
    default: return false;
  }
}

/* --- members and calls -------------------------------------------------------------------- */

/* Where the name of a.name is in the source. */
static uint32_t name_start(const js_node *node) {
  return node->end - node->start > node->atom->len ? node->end - node->atom->len : node->start;
}

/* What a stack trace shows of a call. */
static uint32_t call_start(const js_node *node) {
  const js_node *callee = node->a;
  return node->type == N_CALL && callee != NULL && callee->type == N_MEMBER ? name_start(callee) : node->start;
}

/* .name or [key] behind an object that is already out. */
void js_put_access(js *p, js_node *node) {
  if (node->type == N_INDEX) {
    js_put(p, "[");
    put_node(p, node->b, PR_COMMA);
    js_put(p, "]");
  } else if (js_text_is_name(node->atom->text, node->atom->len)) {
    js_put(p, ".");
    js_mark(p, name_start(node));
    js_put_bytes(p, node->atom->text, node->atom->len);
  } else {
    js_put(p, "[");
    js_mark(p, name_start(node));
    js_put_string(p, node->atom);
    js_put(p, "]");
  }
}

static void put_object(js *p, js_node *node) {
  if (node->type == N_NUMBER) { /* 1 .x */
    js_put(p, "(");
    put_node(p, node, PR_COMMA);
    js_put(p, ")");
    return;
  }
  put_node(p, node, PR_CALL);
}

void js_put_private_key(js *p, js_node *node) {
  js_put(p, ",");
  js_put(p, js_private_out(p, node->u.binding));
}

bool js_is_super_member(const js_node *node) { return (node->type == N_MEMBER || node->type == N_INDEX) && node->a->type == N_SUPER; }

/* "home,this,key" of super.key */
void js_put_super_parts(js *p, js_node *node) {
  assert(node->a->u.func->home_name != NULL);
  js_put(p, node->a->u.func->home_name);
  js_put(p, ",");
  js_put(p, js_this_text(p, node->a));
  js_put(p, ",");
  if (node->type == N_INDEX) put_node(p, node->b, PR_ASSIGN);
  else js_put_string(p, node->atom);
}

void js_put_member(js *p, js_node *node) {
  if (node->type == N_PRIVATE) {
    js_put(p, "$vms.get(");
    put_node(p, node->a, PR_ASSIGN);
    js_put_private_key(p, node);
    js_put(p, ")");
    return;
  }
  if (node->a->type == N_SUPER) {
    js_put(p, "$vms.superGet(");
    js_put_super_parts(p, node);
    js_put(p, ")");
    return;
  }
  if (is_arguments(node->a) && (node->type == N_MEMBER || node->b->type != N_MEMBER)) put_arguments_name(p, node->a);
  else put_object(p, node->a);
  js_sync(p, node->line);
  js_put_access(p, node);
}

/* A node that writes `text`, or (text=a). */
js_node *js_raw_node(js *p, int type, const char *text, js_node *a) {
  js_node *node = js_make(p, type, 0, 0, a, NULL, NULL, NULL);
  node->u.text = text;
  return node;
}

/* Makes a member expression keep its object in a temporary, whose name is returned; NULL if it is no member. */
const char *js_keep_object(js *p, js_node *node) {
  const char *object;
  if (node->type != N_MEMBER && node->type != N_INDEX && node->type != N_PRIVATE) return NULL;
  if (node->a->type == N_SUPER) return js_this_text(p, node->a);
  if (node->a->type == N_RAW || node->a->type == N_SAVE) return node->a->u.text;
  object = js_temp(p);
  node->a = js_raw_node(p, N_SAVE, object, node->a);
  return object;
}

static void put_list_array(js *p, js_node *list) {
  if (has_spread(list)) {
    put_spread_list(p, list);
    return;
  }
  js_put(p, "[");
  put_items(p, list, NULL);
  js_put(p, "]");
}

/* $vms.apply(callee,self,arguments) */
static void put_apply(js *p, js_node *callee, const char *self, js_node *list) {
  js_put(p, "$vms.apply(");
  put_node(p, callee, PR_ASSIGN);
  js_put(p, ",");
  js_put(p, self == NULL ? "void 0" : self);
  js_put(p, ",");
  put_list_array(p, list);
  js_put(p, ")");
}

static void put_arguments(js *p, js_node *list) {
  js_put(p, "(");
  put_items(p, list, NULL);
  js_put(p, ")");
}

static void put_callee(js *p, js_node *callee) {
  bool bare = callee->type == N_IDENT && callee->atom->keyword != K_ARGUMENTS && callee->u.binding != NULL && callee->u.binding->boxed &&
              !(callee->flags & F_CHECK);
  if (bare) { /* the box must not become `this` */
    js_put(p, "(0,");
    js_put_identifier(p, callee);
    js_put(p, ")");
  } else if (callee->type == N_FUNCTION && !callee->u.func->arrow) {
    js_put(p, callee->u.func->async || callee->u.func->generator ? "(0," : "("); /* an async function is taken out of an object */
    put_node(p, callee, PR_COMMA);
    js_put(p, ")");
  } else {
    put_node(p, callee, PR_CALL);
  }
}

/* super(...): what it returns is `this`, and gets the fields. */
static void put_super_call(js *p, js_node *node) {
  const js_func *owner = node->a->u.func;
  js_put(p, "(");
  js_put(p, owner->this_name);
  js_put(p, "=$vms.superCall($vms.parent(");
  js_put(p, owner->constructor_name);
  js_put(p, "),");
  js_put(p, owner->target_name);
  js_put(p, ",");
  put_list_array(p, node->b);
  js_put(p, ",function(){return ");
  js_put(p, owner->this_name);
  js_put(p, "})");
  if (owner->fields_name != NULL) {
    js_put(p, ",$vms.fields(");
    js_put(p, owner->this_name);
    js_put(p, ",");
    js_put(p, owner->fields_name);
    js_put(p, ")");
  }
  js_put(p, ",");
  js_put(p, owner->this_name);
  js_put(p, ")");
}

static void put_call(js *p, js_node *node) {
  js_node *callee = node->a;
  if (callee->type == N_SUPER) {
    put_super_call(p, node);
    return;
  }
  if (node->c == NULL && js_is_super_member(callee)) { /* super.f() */
    js_put(p, "$vms.apply(");
    js_put_member(p, callee);
    js_put(p, ",");
    js_put(p, js_this_text(p, callee->a));
    js_put(p, ",");
    put_list_array(p, node->b);
    js_put(p, ")");
    return;
  }
  if (node->c == NULL && callee->type == N_PRIVATE) {
    const char *object = js_keep_object(p, callee);
    put_apply(p, callee, object, node->b);
    return;
  }
  if (node->c != NULL) { /* an optional call: its `this` is in a temporary */
    put_apply(p, callee, node->c->u.text, node->b);
  } else if (callee->type == N_CHAIN && (callee->flags & F_PAREN)) { /* (a?.b)() keeps its `this` */
    const char *self = js_keep_object(p, callee->a);
    put_apply(p, callee, self, node->b);
  } else if (has_spread(node->b)) {
    const char *self = js_keep_object(p, callee);
    put_apply(p, callee, self, node->b);
  } else {
    put_callee(p, callee);
    js_sync(p, node->line);
    put_arguments(p, node->b);
  }
}

/* Whether a callee must stand in parentheses behind new. */
static bool hides_call(const js_node *node) {
  for (; node->type == N_MEMBER || node->type == N_INDEX; node = node->a) {}
  return !((node->type == N_IDENT && !(node->flags & F_CHECK)) || (node->type == N_THIS && !node->u.func->derived));
}

static void put_new(js *p, js_node *node) {
  bool parens = hides_call(node->a);
  if (has_spread(node->b)) {
    js_put(p, "$vms.construct(");
    put_node(p, node->a, PR_ASSIGN);
    js_put(p, ",");
    put_spread_list(p, node->b);
    js_put(p, ")");
    return;
  }
  js_put(p, parens ? "new (" : "new ");
  put_node(p, node->a, parens ? PR_COMMA : PR_MEMBER);
  js_put(p, parens ? ")" : "");
  put_arguments(p, node->b);
}

/* Writes (t=a)==null?void 0: for each ?. from the innermost on, each going on from its temporary, then what
 * is left. `last` is written in front of the last part (delete), `none` is the value of a chain cut short. */
static void put_chain(js *p, js_node *chain, const char *none, const char *last) {
  js_node *node, **optional;
  size_t count = 0, i = 0;
  for (node = chain; node->type == N_MEMBER || node->type == N_INDEX || node->type == N_CALL || node->type == N_TAGGED || node->type == N_PRIVATE; node = node->a)
    count += (node->flags & F_OPTIONAL) != 0;
  optional = js_alloc(p, (count + 1) * sizeof *optional);
  for (node = chain; i < count; node = node->a)
    if (node->flags & F_OPTIONAL) optional[i++] = node;
  while (i-- > 0) {
    const char *value = js_temp(p), *self;
    node = optional[i];
    node->flags &= (uint16_t)~F_OPTIONAL;
    if (node->type == N_CALL) {
      self = js_keep_object(p, node->a->type == N_CHAIN ? node->a->a : node->a); /* (a?.b)?.() keeps its `this` */
      node->c = js_raw_node(p, N_RAW, self == NULL ? "void 0" : self, NULL);
    }
    js_put(p, "(");
    js_put(p, value);
    js_put(p, "=");
    put_node(p, node->a, PR_ASSIGN);
    js_put(p, ")==null?");
    js_put(p, none);
    js_put(p, ":");
    node->a = js_raw_node(p, N_RAW, value, NULL);
  }
  js_put(p, last);
  put_node(p, chain, PR_UNARY);
}

/* --- operators ---------------------------------------------------------------------------- */

typedef struct operator { const char *text; uint8_t precedence; } operator;

static operator operator_of(int op) {
  static const operator operators[T_COUNT] = {
    [T_OR] = { "||", PR_OR }, [T_AND] = { "&&", PR_AND }, [T_BITOR] = { "|", PR_BITOR }, [T_BITXOR] = { "^", PR_BITXOR },
    [T_BITAND] = { "&", PR_BITAND }, [T_EQ] = { "==", PR_EQUAL }, [T_NE] = { "!=", PR_EQUAL }, [T_SEQ] = { "===", PR_EQUAL },
    [T_SNE] = { "!==", PR_EQUAL }, [T_LT] = { "<", PR_RELATION }, [T_GT] = { ">", PR_RELATION }, [T_LE] = { "<=", PR_RELATION },
    [T_GE] = { ">=", PR_RELATION }, [T_SHL] = { "<<", PR_SHIFT }, [T_SHR] = { ">>", PR_SHIFT }, [T_USHR] = { ">>>", PR_SHIFT },
    [T_ADD] = { " + ", PR_ADD }, [T_SUB] = { " - ", PR_ADD }, [T_MUL] = { "*", PR_MUL }, [T_DIV] = { " / ", PR_MUL },
    [T_MOD] = { "%", PR_MUL }, [T_POW] = { "**", PR_POW }, [T_IN] = { " in ", PR_RELATION }, [T_INSTANCEOF] = { " instanceof ", PR_RELATION }
  };
  return operators[op];
}

/* Duktape reads a variable on the left of an operator after it has run the right side: such a variable is copied
 * first when the right side may change it. */
static bool read_too_late(const js_node *left, const js_node *right) {
  while (left->type == N_SEQUENCE) /* its value is its last part's */
    for (left = left->a; left->next != NULL; left = left->next) {}
  if (!is_plain_name(left) || !left->u.binding->assigned) return false;
  return (right->flags & F_ASSIGNS) || (left->u.binding->captured && (right->flags & F_CALLS));
}

static void put_left(js *p, js_node *left, js_node *right, int precedence) {
  if (!read_too_late(left, right)) {
    put_node(p, left, precedence);
    return;
  }
  js_put(p, "(");
  js_put(p, js_temp(p));
  js_put_bytes(p, "=", 1);
  put_node(p, left, PR_ASSIGN);
  js_put(p, ")");
}

/* a op b op c ...: the left side is walked in a loop, since it may be as long as the program. */
static void put_binary(js *p, js_node *node, int precedence) {
  js_node *at = node, **spine;
  size_t count = 0, i;
  for (; at->type == N_BINARY; at = at->a) count++;
  spine = js_alloc(p, count * sizeof *spine);
  for (at = node, i = 0; i < count; at = at->a) spine[i++] = at;
  for (i = 0; i < count; i++) {
    int outer = i == 0 ? precedence : operator_of(spine[i - 1]->op).precedence + (spine[i - 1]->op == T_POW);
    if (operator_of(spine[i]->op).precedence < outer) {
      js_put(p, "(");
      spine[i]->flags |= F_PAREN;
    } else {
      spine[i]->flags &= (uint16_t)~F_PAREN;
    }
  }
  while (count-- > 0) {
    operator op = operator_of(spine[count]->op);
    js_node *right = spine[count]->b;
    bool pow = spine[count]->op == T_POW;
    if (spine[count]->a == at) put_left(p, at, right, pow ? PR_POSTFIX : op.precedence);
    js_put(p, op.text);
    js_sync(p, right->line);
    put_node(p, right, pow ? PR_POSTFIX : op.precedence + 1);
    if (spine[count]->flags & F_PAREN) js_put(p, ")");
  }
}

void js_put_open(js *p, bool parens) { if (parens) js_put(p, "("); }
void js_put_close(js *p, bool parens) { if (parens) js_put(p, ")"); }

static void put_logical(js *p, js_node *node, int precedence) {
  js_node *at = node, **spine;
  size_t count = 0, i;
  int op = node->op;
  for (; at->type == N_LOGICAL && at->op == op; at = at->a) count++;
  spine = js_alloc(p, count * sizeof *spine);
  for (at = node, i = 0; i < count; at = at->a) spine[i++] = at;
  if (op != T_NULLISH) {
    operator text = operator_of(op);
    js_put_open(p, text.precedence < precedence);
    put_node(p, at, text.precedence);
    while (count-- > 0) {
      js_put(p, text.text);
      js_sync(p, spine[count]->b->line);
      put_node(p, spine[count]->b, text.precedence + 1);
    }
    js_put_close(p, text.precedence < precedence);
    return;
  }
  /* a ?? b ?? c: (t=a)!=null?t:(u=b)!=null?u:c */
  js_put_open(p, PR_CONDITIONAL < precedence);
  while (count-- > 0) {
    const char *value = js_temp(p);
    js_put(p, "(");
    js_put(p, value);
    js_put(p, "=");
    put_node(p, at, PR_ASSIGN);
    js_put(p, ")!=null?");
    js_put(p, value);
    js_put(p, ":");
    at = spine[count]->b;
    js_sync(p, at->line);
  }
  put_node(p, at, PR_ASSIGN);
  js_put_close(p, PR_CONDITIONAL < precedence);
}

static void put_unary(js *p, js_node *node, int precedence) {
  static const char *const texts[T_COUNT] = { [T_NOT] = "!", [T_TILDE] = "~", [T_ADD] = " +", [T_SUB] = " -", [T_TYPEOF] = "typeof ",
                                              [T_VOID] = "void ", [T_DELETE] = "delete " };
  js_node *operand = node->a;
  if (node->op == T_DELETE && operand->type == N_CHAIN) {
    js_put_open(p, PR_CONDITIONAL < precedence);
    put_chain(p, operand->a, "true", "delete ");
    js_put_close(p, PR_CONDITIONAL < precedence);
    return;
  }
  if (node->op == T_DELETE && js_is_super_member(operand)) {
    js_put(p, "$vms.superDelete(");
    js_put_super_parts(p, operand);
    js_put(p, ")");
    return;
  }
  if (node->op == T_DELETE && operand->type != N_MEMBER && operand->type != N_INDEX) { /* delete f(): true */
    js_put(p, "(");
    put_node(p, operand, PR_ASSIGN);
    js_put(p, ",true)");
    return;
  }
  js_put_open(p, PR_UNARY < precedence);
  js_put(p, texts[node->op]);
  if (node->op == T_TYPEOF && operand->type == N_IDENT && operand->u.binding == NULL && operand->atom->keyword != K_ARGUMENTS)
    js_put_global(p, operand->atom);
  else
    put_node(p, operand, PR_UNARY);
  js_put_close(p, PR_UNARY < precedence);
}

/* --- templates ---------------------------------------------------------------------------- */

static void put_template(js *p, js_node *node, int precedence) {
  js_node *item;
  bool first = true, parens = node->a->next != NULL && PR_ADD < precedence;
  js_put_open(p, parens);
  for (item = node->a; item != NULL; item = item->next) {
    bool text = item->type == N_STRING && item->b != NULL;
    if (text && item->atom->len == 0 && node->a->next != NULL) continue;
    if (!first) js_put(p, " + ");
    first = false;
    if (text) {
      js_put_string(p, item->atom);
    } else {
      js_put(p, "$vms.str(");
      js_sync(p, item->line);
      put_node(p, item, PR_ASSIGN);
      js_put(p, ")");
    }
  }
  js_put_close(p, parens);
}

/* tag`a${b}c`: the object for the tag is made once per place in the program. */
static void put_tagged(js *p, js_node *node) {
  js_node *item, *callee = node->a;
  const char *self = js_keep_object(p, callee), *site;
  bool first = true;
  site = js_unique(p, "site");
  js_late(p, p->program, site);
  js_put(p, "$vms.apply(");
  put_node(p, callee, PR_ASSIGN);
  js_put(p, ",");
  js_put(p, self == NULL ? "void 0" : self);
  js_put(p, ",[");
  js_put(p, site);
  js_put(p, "||(");
  js_put(p, site);
  js_put(p, "=$vms.template([");
  for (item = node->b->a; item != NULL; item = item->next) {
    if (item->type != N_STRING || item->b == NULL) continue;
    if (!first) js_put(p, ",");
    first = false;
    if (item->atom == NULL) js_put(p, "void 0");
    else js_put_string(p, item->atom);
  }
  js_put(p, "],[");
  first = true;
  for (item = node->b->a; item != NULL; item = item->next) {
    if (item->type != N_STRING || item->b == NULL) continue;
    if (!first) js_put(p, ",");
    first = false;
    js_put_string(p, item->b->atom);
  }
  js_put(p, "]))");
  for (item = node->b->a; item != NULL; item = item->next) {
    if (item->type == N_STRING && item->b != NULL) continue;
    js_put(p, ",");
    js_sync(p, item->line);
    put_node(p, item, PR_ASSIGN);
  }
  js_put(p, "])");
}

/* --- dispatch ----------------------------------------------------------------------------- */

static void put_number(js *p, const js_node *node) { js_put_bytes(p, node->atom->text, node->atom->len); }

static void put_sequence(js *p, js_node *node) {
  js_put(p, "(");
  put_items(p, node->a, NULL);
  js_put(p, ")");
}

static void put_conditional(js *p, js_node *node, int precedence) {
  js_put_open(p, PR_CONDITIONAL < precedence);
  put_node(p, node->a, PR_OR);
  js_put(p, "?");
  js_sync(p, node->b->line);
  put_node(p, node->b, PR_ASSIGN);
  js_put(p, ":");
  js_sync(p, node->c->line);
  put_node(p, node->c, PR_ASSIGN);
  js_put_close(p, PR_CONDITIONAL < precedence);
}

static void put_await(js *p, js_node *node) {
  js_put(p, "$vms.await(");
  put_node(p, node->a, PR_ASSIGN);
  js_put(p, ")");
}

static void put_yield(js *p, js_node *node) {
  js_put(p, node->flags & F_DELEGATE ? "$vms.delegate" : "$vms.yield");
  js_put(p, p->func->async ? "Async(" : "(");
  if (node->a != NULL) put_node(p, node->a, PR_ASSIGN);
  else js_put(p, "void 0");
  js_put(p, ")");
}

static void put_save(js *p, js_node *node) {
  js_put(p, "(");
  js_put(p, node->u.text);
  js_put(p, "=");
  put_node(p, node->a, PR_ASSIGN);
  js_put(p, ")");
}

static void put_optional(js *p, js_node *node, int precedence) {
  js_put_open(p, PR_CONDITIONAL < precedence);
  put_chain(p, node->a, "void 0", "");
  js_put_close(p, PR_CONDITIONAL < precedence);
}

void js_lower_expression(js *p, js_node *node, int precedence) {
  if (node->type != N_RAW && node->type != N_SAVE) js_mark(p, node->start);
  switch (node->type) {
    case N_IDENT:
      if (node->atom->keyword == K_ARGUMENTS || node->u.binding != NULL || node->atom->len != 9) js_put_identifier(p, node);
      else { js_put_open(p, PR_UNARY < precedence); js_put_identifier(p, node); js_put_close(p, PR_UNARY < precedence); }
      break;
    case N_NUMBER: put_number(p, node); break;
    case N_BIGINT: js_put(p, "$vms.bigint()"); break;
    case N_STRING: js_put_string(p, node->atom); break;
    case N_TEMPLATE: put_template(p, node, precedence); break;
    case N_TAGGED: put_tagged(p, node); break;
    case N_REGEXP: js_put_regexp(p, node); break;
    case N_THIS: js_put(p, js_this_text(p, node)); break;
    case N_NEW_TARGET: js_put_open(p, true); put_new_target(p, node); js_put_close(p, true); break;
    case N_NULL: js_put(p, "null"); break;
    case N_TRUE: js_put(p, "true"); break;
    case N_FALSE: js_put(p, "false"); break;
    case N_ARRAY: put_array(p, node); break;
    case N_OBJECT: js_lower_object(p, node); break;
    case N_FUNCTION: js_lower_function(p, node->u.func, NULL); break;
    case N_CLASS: js_lower_class(p, node, NULL, NULL); break;
    case N_UNARY: put_unary(p, node, precedence); break;
    case N_UPDATE: js_lower_update(p, node, precedence); break;
    case N_BINARY: put_binary(p, node, precedence); break;
    case N_LOGICAL: put_logical(p, node, precedence); break;
    case N_ASSIGN: js_lower_assign(p, node, precedence); break;
    case N_CONDITIONAL: put_conditional(p, node, precedence); break;
    case N_CALL: put_call(p, node); break;
    case N_NEW: put_new(p, node); break;
    case N_MEMBER: case N_INDEX: case N_PRIVATE: js_put_member(p, node); break;
    case N_PRIVATE_IN:
      js_put(p, "$vms.has(");
      put_node(p, node->a, PR_ASSIGN);
      js_put_private_key(p, node);
      js_put(p, ")");
      break;
    case N_CHAIN: put_optional(p, node, precedence); break;
    case N_SEQUENCE: put_sequence(p, node); break;
    case N_AWAIT: put_await(p, node); break;
    case N_RAW: js_put(p, node->u.text); break;
    case N_SAVE: put_save(p, node); break;
    case N_YIELD: put_yield(p, node); break;
    default: js_unsupported(p, node->start, "this expression is");
  }
  if ((node->type == N_CALL || node->type == N_NEW || node->type == N_TAGGED) && p->out.data[p->out.len - 1] == ')')
    js_mark_before(p, call_start(node), 1); /* Duktape calls when it has seen the ) */
}

/* An expression whose value gets a name if it is an anonymous function or class. */
void js_lower_named(js *p, js_node *node, js_atom *name, int precedence) {
  if (name != NULL && node->type == N_FUNCTION && node->u.func->name == NULL) js_lower_function(p, node->u.func, name);
  else if (name != NULL && node->type == N_CLASS && node->atom == NULL) js_lower_class(p, node, name, NULL);
  else js_lower_expression(p, node, precedence);
}

/* The same with a name that only a variable knows. */
void js_lower_named_by(js *p, js_node *node, const char *text, int precedence) {
  if (node->type == N_CLASS && node->atom == NULL) {
    js_lower_class(p, node, NULL, text);
  } else if (node->type == N_FUNCTION && node->u.func->name == NULL) {
    js_put(p, "$vms.name(");
    js_lower_function(p, node->u.func, NULL);
    js_put(p, ",");
    js_put(p, text);
    js_put(p, ")");
  } else {
    js_lower_expression(p, node, precedence);
  }
}
