/* SPDX-License-Identifier: MIT */
/* Nodes and scopes: what the parser builds, and which declaration each name means. */
#include "lib/sandbox/js_ast.h"

/* --- nodes -------------------------------------------------------------------------------- */

/* What running a node of this type may do, apart from its children. */
static unsigned effects(int type) {
  switch (type) {
    case N_IDENT: case N_NUMBER: case N_STRING: case N_REGEXP: case N_THIS: case N_NULL: case N_TRUE: case N_FALSE:
    case N_FUNCTION: case N_LOGICAL: case N_CONDITIONAL: case N_SEQUENCE: case N_ARRAY: case N_HOLE: return 0;
    case N_ASSIGN: case N_UPDATE: return F_ASSIGNS | F_CALLS;
    default: return F_CALLS;
  }
}

js_node *js_make(js *p, int type, uint32_t start, uint32_t line, js_node *a, js_node *b, js_node *c, js_node *d) {
  js_node *node = js_alloc(p, sizeof *node), *children[4] = { a, b, c, d };
  unsigned i, flags = effects(type), height = 0;
  for (i = 0; i < 4; i++) {
    const js_node *child = children[i];
    for (; child != NULL; child = child->next) {
      unsigned above = child->height;
      flags |= child->flags & (F_CALLS | F_ASSIGNS | F_ITERATES);
      /* the left side of a binary operator is walked in a loop, so it does not make the tree higher */
      if (!(i == 0 && (type == N_BINARY || type == N_LOGICAL) && child->type == type)) above++;
      height = VMS__MAX(height, above);
    }
  }
  if (height > JS_HEIGHT_MAX) js_error(p, start, "nested too deeply");
  node->type = (uint8_t)type;
  node->flags = (uint16_t)flags;
  node->height = (uint16_t)height;
  node->start = start;
  node->end = p->last_end;
  node->line = line;
  node->a = a;
  node->b = b;
  node->c = c;
  node->d = d;
  return node;
}

void js_append(js *p, js_list *list, js_node *node) {
  (void)p;
  assert(node != NULL && node->next == NULL);
  if (list->last == NULL) list->first = node;
  else list->last->next = node;
  list->last = node;
}

/* --- scopes ------------------------------------------------------------------------------- */

js_scope *js_scope_open(js *p, int kind, js_func *func) {
  js_scope *scope = js_alloc(p, sizeof *scope);
  scope->kind = (uint8_t)kind;
  scope->func = func;
  scope->start = p->tok.start;
  scope->parent = p->scope;
  if (p->scope != NULL) {
    if (p->scope->last == NULL) p->scope->first = scope;
    else p->scope->last->next = scope;
    p->scope->last = scope;
  }
  p->scope = scope;
  return scope;
}

void js_scope_close(js *p) { p->scope = p->scope->parent; }

void js_reference(js *p, js_node *node) {
  js_scope *scope = p->scope;
  node->link = NULL;
  if (scope->refs_last == NULL) scope->refs = node;
  else scope->refs_last->link = node;
  scope->refs_last = node;
}

/* Moves what was noted in the current scope after the marks into `scope`, its latest child: what looked like
 * a parenthesised expression were parameters. */
void js_scope_adopt(js *p, js_scope *scope, js_node *ref_mark, js_scope *child_mark) {
  js_scope *from = p->scope, *child;
  js_node *refs = ref_mark == NULL ? from->refs : ref_mark->link;
  assert(scope->parent == from && from->last == scope && scope->refs == NULL);
  if (refs != NULL) {
    scope->refs = refs;
    scope->refs_last = from->refs_last;
    if (ref_mark == NULL) from->refs = NULL;
    else ref_mark->link = NULL;
    from->refs_last = ref_mark;
  }
  child = child_mark == NULL ? from->first : child_mark->next;
  if (child == scope) return;
  scope->first = child;
  for (; child->next != scope; child = child->next) child->parent = scope;
  child->parent = scope;
  child->next = NULL;
  scope->last = child;
  if (child_mark == NULL) from->first = scope;
  else child_mark->next = scope;
}

/* --- declarations ------------------------------------------------------------------------- */

static size_t table_slot(const js *p, const js_scope *scope, const js_atom *name) {
  uint64_t mix = ((uint64_t)(uintptr_t)scope * UINT64_C(0x9e3779b97f4a7c15)) ^ ((uint64_t)(uintptr_t)name * UINT64_C(0xc2b2ae3d27d4eb4f));
  return (size_t)(mix >> 29) & (p->table_len - 1);
}

js_binding *js_scope_find(js *p, const js_scope *scope, const js_atom *name) {
  js_binding *binding;
  if (p->table_len == 0) return NULL;
  for (binding = p->table[table_slot(p, scope, name)]; binding != NULL; binding = binding->chain)
    if (binding->scope == scope && binding->name == name) return binding;
  return NULL;
}

static js_binding *scope_add(js *p, js_scope *scope, js_atom *name, int kind, uint32_t at) {
  js_binding *binding;
  size_t slot, i;
  if (p->table_count >= p->table_len) {
    size_t old_len = p->table_len;
    js_binding **old = p->table;
    p->table_len = old_len == 0 ? 256 : old_len * 4;
    p->table = js_alloc(p, p->table_len * sizeof *p->table);
    for (i = 0; i < old_len; i++)
      while (old[i] != NULL) {
        binding = old[i];
        old[i] = binding->chain;
        slot = table_slot(p, binding->scope, binding->name);
        binding->chain = p->table[slot];
        p->table[slot] = binding;
      }
  }
  binding = js_alloc(p, sizeof *binding);
  binding->name = name;
  binding->scope = scope;
  binding->kind = (uint8_t)kind;
  binding->start = at;
  binding->ready = at;
  slot = table_slot(p, scope, name);
  binding->chain = p->table[slot];
  p->table[slot] = binding;
  p->table_count++;
  if (scope->bindings_last == NULL) scope->bindings = binding;
  else scope->bindings_last->next = binding;
  scope->bindings_last = binding;
  if (kind != BK_PASSING) name->declared++;
  return binding;
}

static _Noreturn void declared_twice(js *p, const js_atom *name, uint32_t at) {
  js_error(p, at, "'%.*s' has already been declared", js_shown(name), name->text);
}

static bool opens_function(const js_scope *scope) {
  return scope->kind == SC_PROGRAM || scope->kind == SC_PARAMS || scope->kind == SC_BODY;
}

/* var goes to its function, and shuts its name for let in every block on the way. */
static js_binding *declare_var(js *p, js_atom *name, uint32_t at) {
  js_scope *scope = p->scope;
  js_binding *binding;
  bool caught = false;
  for (; !opens_function(scope); scope = scope->parent) {
    binding = js_scope_find(p, scope, name);
    if (binding == NULL) scope_add(p, scope, name, BK_PASSING, at);
    else if (binding->kind == BK_CATCH && scope->kind == SC_CATCH && binding->is_static) caught = true;
    else if (binding->kind != BK_PASSING) declared_twice(p, name, at);
  }
  binding = js_scope_find(p, scope, name);
  if (binding == NULL && scope->kind == SC_BODY && js_scope_find(p, scope->parent, name) != NULL) {
    /* another variable than the parameter, which functions in the parameters may know */
    binding = scope_add(p, scope, name, BK_VAR, at);
    binding->parameter = js_scope_find(p, scope->parent, name);
    binding->parameter->object = binding->object = true;
  }
  if (binding == NULL && scope->kind == SC_PROGRAM && scope->parent != NULL) binding = js_scope_find(p, scope->parent, name);
  if (binding == NULL) binding = scope_add(p, scope, name, BK_VAR, at);
  binding->beyond |= caught;
  if (binding->kind != BK_VAR && binding->kind != BK_PARAM && !(binding->kind == BK_FUNCTION && opens_function(binding->scope)))
    declared_twice(p, name, at);
  return binding;
}

/* Two halves of a private accessor may share a name. */
static js_binding *declare_private(js *p, js_atom *name, int kind, uint32_t at) {
  js_binding *binding = js_scope_find(p, p->scope, name);
  if (binding == NULL) return scope_add(p, p->scope, name, kind, at);
  if (!((binding->kind == BK_PRIVATE_GET && kind == BK_PRIVATE_SET) || (binding->kind == BK_PRIVATE_SET && kind == BK_PRIVATE_GET)))
    declared_twice(p, name, at);
  binding->kind = BK_PRIVATE_PAIR;
  return binding;
}

/* Declares a name in the current scope. A simple catch parameter is marked by `is_static`: var may repeat it. */
js_binding *js_declare(js *p, js_atom *name, int kind, uint32_t at) {
  js_scope *scope = p->scope;
  js_binding *binding;
  if (kind == BK_VAR) return declare_var(p, name, at);
  if (kind >= BK_PRIVATE) return declare_private(p, name, kind, at);
  binding = js_scope_find(p, scope, name);
  if (binding != NULL) {
    /* function f() twice, or over var f, at the top of a function: the last one counts */
    if (kind == BK_FUNCTION && opens_function(scope) &&
        (binding->kind == BK_VAR || binding->kind == BK_FUNCTION || binding->kind == BK_PARAM)) {
      if (binding->kind == BK_VAR) binding->kind = BK_FUNCTION;
      return binding;
    }
    declared_twice(p, name, at);
  }
  if (kind != BK_FUNCTION && scope->kind == SC_BODY && js_scope_find(p, scope->parent, name) != NULL) declared_twice(p, name, at);
  if (scope->kind == SC_BLOCK && scope->parent->kind == SC_CATCH && js_scope_find(p, scope->parent, name) != NULL &&
      js_scope_find(p, scope->parent, name)->kind == BK_CATCH)
    declared_twice(p, name, at);
  return scope_add(p, scope, name, kind, at);
}

/* --- resolving ---------------------------------------------------------------------------- */

static js_func *function_of_this(js_func *func) {
  while (func->arrow) func = func->parent;
  return func;
}

/* Notes that `func`, made in the owner of `scope`, needs the current object of that scope. */
static void capture(js *p, js_func *func, js_scope *scope) {
  js_capture *item;
  for (item = func->captures; item != NULL; item = item->next)
    if (item->scope == scope) return;
  item = js_alloc(p, sizeof *item);
  item->scope = scope;
  item->next = func->captures;
  func->captures = item;
}

/* Whether a use in `scope` of a binding with a dead zone may come before its initialisation. `made` is the
 * function in the binding's own function that the use lies in, or NULL. */
static bool too_early(const js_binding *binding, const js_node *node, const js_func *made) {
  if (made != NULL) {
    if (binding->scope->kind == SC_CLASS && made->class_scope != NULL && made->class_scope->parent == binding->scope) return false; /* members run later */
    /* a hoisted function may be called from the start of the block that declares it */
    uint32_t at = made->hoisted ? made->hoisted_at : made->start;
    return at < binding->ready || binding->scope->kind == SC_SWITCH; /* a case may be jumped over */
  }
  return node->start < binding->ready || binding->scope->kind == SC_SWITCH;
}

static void resolve_name(js *p, js_scope *scope, js_node *node) {
  js_binding *binding = node->atom->top;
  js_func *func = scope->owner, *made = NULL;
  if (binding == NULL) {
    node->atom->global = true;
    return;
  }
  node->u.binding = binding;
  while (func != binding->scope->owner) {
    assert(func != NULL);
    made = func;
    func = func->parent;
  }
  if (node->flags & F_WRITE) binding->assigned = true;
  if ((node->flags & (F_WRITE | F_DECL)) && node->op == 0) binding->object = true;
  if (made != NULL) {
    node->flags |= F_CROSS;
    binding->captured = true;
    if (binding->scope->in_loop && binding->kind != BK_FNAME && binding->scope->kind != SC_CLASS) {
      binding->boxed = true;
      capture(p, made, binding->scope);
    }
  }
  if ((binding->kind == BK_PARAM || binding->kind == BK_LET || binding->kind == BK_CONST || binding->kind == BK_CLASS ||
       (binding->kind == BK_CATCH && !binding->is_static)) && !(node->flags & F_DECL) &&
      too_early(binding, node, made)) {
    node->flags |= F_CHECK;
    binding->checked = true;
  }
}

static void resolve_implicit(js_scope *scope, js_node *node) {
  js_func *func = function_of_this(scope->owner);
  bool cross = func != scope->owner || scope->kind == SC_CLASS; /* a class is made by a function of its own */
  if (cross) node->flags |= F_CROSS;
  node->u.func = func;
  if (!cross) return;
  if (node->type == N_THIS || node->type == N_SUPER) func->alias_this = true;
  else if (node->type == N_IDENT) func->alias_arguments = true;
  else if (node->type == N_NEW_TARGET) func->alias_target = true;
}

static void resolve_reference(js *p, js_scope *scope, js_node *node) {
  if (node->type == N_PRIVATE || node->type == N_PRIVATE_IN) {
    if (node->atom->top == NULL)
      js_error(p, node->d->start, "private name '%.*s' is not declared", js_shown(node->atom), node->atom->text);
    node->u.binding = node->atom->top;
  } else if (node->type != N_IDENT || node->atom->keyword == K_ARGUMENTS) {
    resolve_implicit(scope, node);
  } else {
    resolve_name(p, scope, node);
  }
}

static void resolve(js *p, js_scope *scope) {
  js_scope *child;
  js_binding *binding;
  js_node *node;
  if (scope->func != NULL) {
    scope->owner = scope->func;
    scope->func->parent = scope->parent == NULL ? NULL : scope->parent->owner;
  } else {
    scope->owner = scope->parent->owner;
  }
  scope->in_loop = scope->loop || (scope->func == NULL && scope->parent->in_loop);
  for (binding = scope->bindings; binding != NULL; binding = binding->next) {
    if (binding->kind == BK_PASSING) continue;
    binding->shadowed = binding->name->top;
    binding->name->top = binding;
  }
  for (node = scope->refs; node != NULL; node = node->link) resolve_reference(p, scope, node);
  for (child = scope->first; child != NULL; child = child->next) resolve(p, child);
  for (binding = scope->bindings; binding != NULL; binding = binding->next)
    if (binding->kind != BK_PASSING) binding->name->top = binding->shadowed;
}

void js_resolve(js *p, js_scope *program) { resolve(p, program); }
