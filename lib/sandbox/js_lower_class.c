/* SPDX-License-Identifier: MIT */
/* Lowering of classes: one function that makes the class, from the heritage on in the order of the standard.
 *
 *   (function(){var N=$vms.privateName("#x"),P=Parent,c=$vms.name(function(a){...},"A");$vms.extend(c,P,1);
 *    $vms.member(c.prototype,0,"m",...);var A=c;return c})()
 *
 * Its variables are what each evaluation of the class has for itself: private names, computed keys, its own name. Awaits
 * and yields of the heritage and of keys may stand in it, as in any function of the engine.
 * new.target travels through $vms.enter, since an engine of ES5 can only give it to `new`. */
#include "lib/sandbox/js_ast.h"

/* A private name is a key of its own in each evaluation of its class: a variable of the function that makes the class. */
const char *js_private_out(js *p, js_binding *binding) {
  if (binding->out == NULL) binding->out = js_unique(p, "n");
  return binding->out;
}

/* The start of a constructor: who is being made, and from where `this` comes. */
void js_lower_constructor(js *p, js_func *func, const js_atom *name) {
  func->target_name = js_unique(p, "target");
  js_put(p, "var ");
  js_put(p, func->target_name);
  js_put(p, "=$vms.enter(new.target,");
  if (name != NULL) js_put_string(p, name);
  else js_put(p, "\"\"");
  js_put(p, ")");
  if (func->derived) {
    func->this_name = js_unique(p, "this");
    js_put(p, ",");
    js_put(p, func->this_name);
  }
  js_put(p, ";");
  if (!func->derived && func->fields_name != NULL) {
    js_put(p, "$vms.fields(this,");
    js_put(p, func->fields_name);
    js_put(p, ");");
  }
}

static void put_default_constructor(js *p, const js_node *node, const char *class_name, const char *fields, const js_atom *name) {
  js_func shown = { .constructor = true, .class_name = name, .start = node->start, .end = node->end };
  bool derived = node->a != NULL;
  js_put(p, "function");
  js_mark_function(p, &shown);
  js_put(p, "(){var t=$vms.enter(new.target,");
  if (name != NULL) js_put_string(p, name);
  else js_put(p, "\"\"");
  js_put(p, ")");
  if (derived) js_put(p, js_format(p, ",o=$vms.superCall($vms.parent(%s),t,arguments)", class_name));
  js_put(p, ";");
  if (fields != NULL) {
    js_put(p, derived ? "$vms.fields(o," : "$vms.fields(this,");
    js_put(p, fields);
    js_put(p, ");");
  }
  js_put(p, derived ? "return o;}" : "}");
}

/* Whether a member is kept in the list of what each new object (or the class itself) gets. */
static bool is_element(const js_node *item) { return item->op == PK_FIELD || (item->flags & F_OPTIONAL); }

static void put_computed(js *p, const js_node *item) {
  js_put(p, "$vms.key(");
  js_lower_expression(p, item->a, PR_ASSIGN);
  js_put(p, ")");
}

static void put_key(js *p, const js_node *item) {
  if (item->flags & F_OPTIONAL) js_put(p, js_private_out(p, js_scope_find(p, p->class_scope, item->a->atom)));
  else if ((item->flags & F_COMPUTED) && item->op == PK_FIELD) js_put(p, item->u.text);
  else if (item->flags & F_COMPUTED) put_computed(p, item);
  else js_lower_expression(p, item->a, PR_ASSIGN);
}

/* kind,key,function: 0 field, 1 private field, 2 private method, 3 private getter, 4 private setter */
static void put_element(js *p, js_node *item, const char *home) {
  static const char *const kinds[] = { [PK_METHOD] = "2,", [PK_GET] = "3,", [PK_SET] = "4,", [PK_FIELD] = "1," };
  js_sync(p, item->line);
  js_put(p, item->flags & F_OPTIONAL ? kinds[item->op] : "0,");
  put_key(p, item);
  js_put(p, ",");
  if (item->b == NULL) {
    js_put(p, "null");
    return;
  }
  item->b->u.func->home_name = home;
  if (item->flags & F_COMPUTED) item->b->u.func->name_text = item->u.text;
  js_lower_function(p, item->b->u.func, item->op == PK_METHOD ? item->a->atom : NULL);
}

/* Methods of the prototype or the class; private ones are elements of each object. */
static void put_member(js *p, js_node *item, const char *home) {
  static const char *const kinds[] = { [PK_METHOD] = ",0,", [PK_GET] = ",1,", [PK_SET] = ",2," };
  js_func *func = item->b->u.func;
  js_sync(p, item->line);
  func->home_name = home;
  js_put(p, "$vms.member(");
  js_put(p, home);
  js_put(p, kinds[item->op]);
  put_key(p, item);
  js_put(p, ",");
  js_lower_function(p, func, item->op == PK_METHOD && !(item->flags & F_COMPUTED) && item->a->type == N_STRING ? item->a->atom : NULL);
  js_put(p, ");");
}

static bool put_elements(js *p, js_node *list, bool is_static, const char *home) {
  js_node *item;
  bool first = true;
  int pass;
  for (pass = 0; pass < 2; pass++) /* methods are there before the first field is set */
    for (item = list; item != NULL; item = item->next) {
      if (!is_element(item) || ((item->flags & F_STATIC) != 0) != is_static || (item->op == PK_FIELD) != (pass == 1)) continue;
      if (!first) js_put(p, ",");
      first = false;
      put_element(p, item, home);
    }
  return !first;
}

static bool has_elements(const js_node *list, bool is_static) {
  for (; list != NULL; list = list->next)
    if (is_element(list) && ((list->flags & F_STATIC) != 0) == is_static) return true;
  return false;
}

static void put_constructor(js *p, js_node *node, const js_atom *name, const char *class_name, const char *fields, const char *prototype) {
  js_func *func;
  if (node->c == NULL) {
    put_default_constructor(p, node, class_name, fields, name);
    return;
  }
  func = node->c->u.func;
  func->start = node->start;
  func->end = node->end;
  func->constructor_name = class_name;
  func->fields_name = fields;
  func->class_name = name;
  func->home_name = prototype;
  js_lower_function(p, func, NULL);
}

static void put_class_name(js *p, const js_atom *name, const char *text) {
  if (text != NULL) js_put(p, text);
  else if (name != NULL) js_put_string(p, name);
  else js_put(p, "\"\"");
}

/* Methods and accessors as they come; keys of fields are kept. */
static void put_members(js *p, js_node *list, const char *class_name, const char *prototype) {
  js_node *item;
  for (item = list; item != NULL; item = item->next) {
    if (!is_element(item)) {
      put_member(p, item, item->flags & F_STATIC ? class_name : prototype);
    } else if (item->flags & F_COMPUTED) {
      item->u.text = js_unique(p, "k");
      js_put(p, js_format(p, "var %s=", item->u.text));
      put_computed(p, item);
      js_put(p, ";");
    }
  }
}

/* A class that is called `name`, or what the variable `text` says. */
void js_lower_class(js *p, js_node *node, js_atom *name, const char *text) {
  const char *class_name = js_unique(p, "c"), *parent = node->a != NULL ? js_unique(p, "p") : NULL, *fields = NULL;
  const char *prototype = js_format(p, "%s.prototype", class_name);
  js_scope *scope = node->u.scope, *outer = p->class_scope;
  js_binding *binding;
  if (node->atom != NULL) name = node->atom;
  js_put(p, "(function(){");
  p->makers++;
  p->class_scope = scope;
  for (binding = scope->bindings; binding != NULL; binding = binding->next) {
    if (binding->kind < BK_PRIVATE || binding->kind == BK_PASSING) continue;
    js_put(p, "var ");
    js_put(p, js_private_out(p, binding));
    js_put(p, "=$vms.privateName(");
    js_put_string(p, binding->name);
    js_put(p, ");");
  }
  binding = node->atom == NULL ? NULL : js_scope_find(p, scope->parent, node->atom); /* the name as the class itself sees it */
  if (binding != NULL && binding->checked) js_put(p, js_format(p, "var %s=$vms.T;", js_binding_out(p, binding)));
  js_put(p, "var ");
  if (node->a != NULL) {
    js_put(p, parent);
    js_put(p, "=");
    js_lower_expression(p, node->a, PR_ASSIGN);
    js_put(p, ",");
  }
  if (has_elements(node->b, false)) fields = js_unique(p, "f");
  js_put(p, class_name);
  js_put(p, "=$vms.name(");
  put_constructor(p, node, name, class_name, fields, prototype);
  js_put(p, ",");
  put_class_name(p, name, text);
  js_put(p, ");$vms.extend(");
  js_put(p, class_name);
  js_put(p, ",");
  js_put(p, parent == NULL ? "void 0,0);" : parent);
  js_put(p, parent == NULL ? "" : ",1);");
  put_members(p, node->b, class_name, prototype);
  if (fields != NULL) {
    js_put(p, "var ");
    js_put(p, fields);
    js_put(p, "=[");
    put_elements(p, node->b, false, prototype);
    js_put(p, "];");
  }
  if (binding != NULL) js_put(p, js_format(p, "var %s=%s;", js_binding_out(p, binding), class_name));
  if (has_elements(node->b, true)) {
    js_put(p, "$vms.fields(");
    js_put(p, class_name);
    js_put(p, ",[");
    put_elements(p, node->b, true, class_name);
    js_put(p, "]);");
  }
  js_put(p, "return ");
  js_put(p, class_name);
  js_put(p, "})()");
  p->makers--;
  p->class_scope = outer;
}
