/* SPDX-License-Identifier: MIT */
/* What the rooms of the front end share: tokens, tree, scopes, the parser's state.
 *
 * Everything lives in one arena that is dropped at the end; an error leaves by longjmp (js_error),
 * so no function here needs to look at a status. */
#ifndef VMS_SANDBOX_JS_AST_H
#define VMS_SANDBOX_JS_AST_H

#include <setjmp.h>

#include "lib/base/internal.h"
#include "lib/sandbox/js.h"

/* --- limits ------------------------------------------------------------------------------- */

#define JS_DEPTH_MAX 500u                /* nested statements, expressions and patterns          */
#define JS_HEIGHT_MAX 1500u              /* height of the tree: what the lowering recurses over   */
#define JS_ARENA_MAX ((size_t)320 << 20) /* bytes of tree                                         */
#define JS_OUTPUT_MAX ((size_t)64 << 20) /* bytes of lowered text                                 */
#define JS_NONE UINT32_MAX               /* no position                                           */

/* --- names -------------------------------------------------------------------------------- */

typedef struct js_binding js_binding;
typedef struct js_scope js_scope;
typedef struct js_func js_func;
typedef struct js_node js_node;

/* An interned name or string: code units as UTF-8, lone surrogates as three bytes. */
typedef struct js_atom {
  struct js_atom *next;   /* in its hash bucket                              */
  const char *text;
  uint32_t len, hash;
  uint8_t keyword;        /* K_... or 0                                      */
  bool identifier;        /* stands as an identifier somewhere               */
  bool global;            /* a reference to it found no declaration          */
  uint32_t declared;      /* how many bindings have this name                */
  js_binding *top;        /* innermost visible binding while resolving       */
} js_atom;

enum {
  K_NONE,
  /* reserved words */
  K_AWAIT, K_BREAK, K_CASE, K_CATCH, K_CLASS, K_CONST, K_CONTINUE, K_DEBUGGER, K_DEFAULT, K_DELETE, K_DO, K_ELSE,
  K_ENUM, K_EXPORT, K_EXTENDS, K_FALSE, K_FINALLY, K_FOR, K_FUNCTION, K_IF, K_IMPORT, K_IN, K_INSTANCEOF, K_NEW,
  K_NULL, K_RETURN, K_SUPER, K_SWITCH, K_THIS, K_THROW, K_TRUE, K_TRY, K_TYPEOF, K_VAR, K_VOID, K_WHILE, K_WITH,
  K_YIELD, K_IMPLEMENTS, K_INTERFACE, K_LET, K_PACKAGE, K_PRIVATE, K_PROTECTED, K_PUBLIC, K_STATIC,
  K_RESERVED_END = K_STATIC,
  /* words with a meaning in places */
  K_ASYNC, K_OF, K_GET, K_SET, K_EVAL, K_ARGUMENTS, K_TARGET, K_META, K_CONSTRUCTOR, K_PROTOTYPE, K_PROTO, K_USE_STRICT,
  K_VMS, K_COUNT
};

/* --- tokens ------------------------------------------------------------------------------- */

enum {
  T_EOF, T_NAME, T_PRIVATE, T_NUMBER, T_STRING, T_TEMPLATE, T_REGEXP,
  T_LBRACE, T_RBRACE, T_LPAREN, T_RPAREN, T_LBRACKET, T_RBRACKET, T_DOT, T_ELLIPSIS, T_SEMICOLON, T_COMMA,
  T_COLON, T_QUESTION, T_CHAIN, T_ARROW, T_TILDE, T_NOT, T_INC, T_DEC,
  /* binary operators, in the order of js_precedence */
  T_NULLISH, T_OR, T_AND, T_BITOR, T_BITXOR, T_BITAND, T_EQ, T_NE, T_SEQ, T_SNE, T_LT, T_GT, T_LE, T_GE,
  T_SHL, T_SHR, T_USHR, T_ADD, T_SUB, T_MUL, T_DIV, T_MOD, T_POW,
  /* assignment operators: T_ASSIGN alone, then one per binary operator that has one */
  T_ASSIGN, T_A_NULLISH, T_A_OR, T_A_AND, T_A_BITOR, T_A_BITXOR, T_A_BITAND, T_A_SHL, T_A_SHR, T_A_USHR, T_A_ADD,
  T_A_SUB, T_A_MUL, T_A_DIV, T_A_MOD, T_A_POW,
  T_IN, T_INSTANCEOF, T_TYPEOF, T_VOID, T_DELETE, /* only as js_node.op */
  T_COUNT
};

typedef struct js_token {
  uint8_t type, keyword;   /* keyword: K_... of a name written without escapes     */
  bool newline;            /* a line ends between it and the token before          */
  bool escaped;            /* a name or string written with escapes                */
  bool octal, bad_escape;  /* a string with \01; a template part with a bad escape */
  bool tail;               /* the last part of a template                          */
  bool big;                /* a number with an n behind it                         */
  uint32_t start, end, line;
  uint32_t bad_at;         /* position of the octal or bad escape                  */
  js_atom *atom;           /* name, string value, cooked template part, regexp flags */
  js_atom *raw;            /* raw template part, regexp body                       */
} js_token;

/* --- tree --------------------------------------------------------------------------------- */

enum {
  N_NONE,
  /* expressions */
  N_IDENT,      /* atom, binding                                                  */
  N_NUMBER,     /* atom: text without separators                                  */
  N_BIGINT,     /* a BigInt literal, which throws                                 */
  N_STRING,     /* atom                                                           */
  N_TEMPLATE,   /* a: list alternating N_STRING (atom cooked, b raw) and expressions */
  N_TAGGED,     /* a: tag, b: N_TEMPLATE                                          */
  N_REGEXP,     /* text from start to end                                         */
  N_THIS, N_SUPER, N_NEW_TARGET, N_NULL, N_TRUE, N_FALSE,
  N_ARRAY,      /* a: list with N_HOLE and N_SPREAD                               */
  N_HOLE,
  N_OBJECT,     /* a: list of N_PROPERTY and N_SPREAD                             */
  N_PROPERTY,   /* a: key, b: value; op: PK_...; F_COMPUTED, F_SHORTHAND, F_STATIC */
  N_FUNCTION,   /* func                                                           */
  N_CLASS,      /* atom or NULL, a: heritage, b: list of N_PROPERTY, scope, func: constructor */
  N_UNARY,      /* op, a                                                          */
  N_UPDATE,     /* op, a; F_PREFIX                                                */
  N_BINARY,     /* op, a, b                                                       */
  N_LOGICAL,    /* op (&& || ??), a, b                                            */
  N_ASSIGN,     /* op, a: target or pattern, b                                    */
  N_CONDITIONAL,/* a ? b : c                                                      */
  N_CALL,       /* a, b: list; F_OPTIONAL                                         */
  N_NEW,        /* a, b: list                                                     */
  N_MEMBER,     /* a.atom; F_OPTIONAL                                             */
  N_INDEX,      /* a[b]; F_OPTIONAL                                               */
  N_PRIVATE,    /* a.#atom; F_OPTIONAL                                            */
  N_PRIVATE_IN, /* #atom in a                                                     */
  N_CHAIN,      /* a: everything one ?. can cut short                             */
  N_SEQUENCE,   /* a: list                                                        */
  N_SPREAD,     /* a                                                              */
  N_YIELD,      /* a or NULL; F_DELEGATE                                          */
  N_AWAIT,      /* a                                                              */
  /* patterns */
  N_ARRAY_PATTERN,  /* a: list with N_HOLE, N_DEFAULT, N_REST                      */
  N_OBJECT_PATTERN, /* a: list of N_PROPERTY (b a target or N_DEFAULT) and N_REST  */
  N_DEFAULT,        /* a = b                                                       */
  N_REST,           /* ...a                                                        */
  /* made by the lowering */
  N_RAW,            /* u.text                                                      */
  N_SAVE,           /* (u.text=a)                                                  */
  /* statements */
  N_VAR,        /* op: BK_VAR, BK_LET, BK_CONST; a: list of N_DECLARATOR          */
  N_DECLARATOR, /* a: target, b: value or NULL                                    */
  N_FUNCTION_STATEMENT, /* func, binding via a: N_IDENT                           */
  N_CLASS_STATEMENT,    /* a: N_IDENT, b: N_CLASS                                 */
  N_EXPRESSION, /* a                                                              */
  N_BLOCK,      /* a: list, scope                                                 */
  N_EMPTY, N_DEBUGGER,
  N_IF,         /* a, b, c                                                        */
  N_FOR,        /* a; b; c  d: body, scope                                        */
  N_FOR_IN,     /* a: N_VAR or target, b, d: body, scope                          */
  N_FOR_OF,     /* same; F_AWAIT                                                  */
  N_WHILE,      /* a, d                                                           */
  N_DO,         /* d, a                                                           */
  N_CONTINUE, N_BREAK, /* atom or NULL                                            */
  N_RETURN, N_THROW,   /* a                                                       */
  N_SWITCH,     /* a, b: list of N_CASE, scope                                    */
  N_CASE,       /* a or NULL for default, b: list                                 */
  N_LABELED,    /* atom, a                                                        */
  N_TRY,        /* a: block, b: N_CATCH or NULL, c: block or NULL                 */
  N_CATCH       /* a: parameter or NULL, b: block, scope                          */
};

enum { PK_VALUE, PK_METHOD, PK_GET, PK_SET, PK_FIELD };

enum {
  F_PAREN = 1,       /* in parentheses                                           */
  F_COMPUTED = 2, F_SHORTHAND = 4, F_STATIC = 8,
  F_OPTIONAL = 16, F_PREFIX = 32, F_DELEGATE = 64, F_AWAIT = 128,
  F_WRITE = 256,     /* an identifier that is assigned to                        */
  F_DECL = 512,      /* an identifier that is declared here                      */
  F_CHECK = 1024,    /* may be read before it is initialised                     */
  F_CROSS = 2048,    /* used in another function than the one that owns it, or in the head of a class */
  F_TRAILING = 4096, /* a comma follows the spread                               */
  F_CALLS = 8192,    /* something in it may run other code                       */
  F_ASSIGNS = 16384, /* something in it assigns a variable                       */
  F_ITERATES = 32768 /* an array pattern stands in it                           */
};

struct js_node {
  uint8_t type, op;        /* op of N_IDENT that is written: 1 if the value is no object */
  uint16_t flags, height;
  uint32_t start, end, line;
  js_node *a, *b, *c, *d;
  js_node *next;           /* in a list                                        */
  js_node *link;           /* in a scope's list of references                  */
  js_atom *atom;
  union {
    js_binding *binding;
    js_func *func;
    js_scope *scope;
    const char *text;
  } u;
};

/* A list under construction. */
typedef struct js_list { js_node *first, *last; } js_list;

/* --- scopes ------------------------------------------------------------------------------- */

enum { BK_VAR, BK_LET, BK_CONST, BK_FUNCTION, BK_CLASS, BK_PARAM, BK_CATCH, BK_FNAME, BK_PRIVATE, BK_PRIVATE_METHOD,
       BK_PRIVATE_GET, BK_PRIVATE_SET, BK_PRIVATE_PAIR, BK_PASSING };

struct js_binding {
  js_binding *next, *chain; /* in its scope; in the hash table         */
  js_binding *shadowed;     /* while resolving                         */
  js_atom *name;
  js_scope *scope;
  js_node *function;        /* N_FUNCTION_STATEMENT of BK_FUNCTION     */
  const char *out;          /* emitted name, made on first use         */
  uint32_t start, ready;    /* declared at; initialised once past here */
  uint8_t kind;
  bool captured;            /* used in an inner function               */
  bool assigned;            /* written after its initialisation        */
  bool checked;             /* needs the mark of the dead zone; a private name: its variable can be reached */
  bool object;              /* may hold an object                      */
  bool beyond;              /* declared by var in a catch clause whose parameter has the name: no declarator shows it */
  js_binding *parameter;    /* what a var of the body starts as        */
  bool boxed;               /* lives in its scope's object             */
  bool is_static;           /* of a private name                       */
};

enum { SC_PROGRAM, SC_PARAMS, SC_BODY, SC_BLOCK, SC_CATCH, SC_FOR, SC_SWITCH, SC_CLASS, SC_NAME };

struct js_scope {
  js_scope *parent, *first, *last, *next; /* tree */
  js_func *func;                          /* the function whose scope this opens, NULL for a block */
  js_func *owner;                         /* the function it lies in; known after resolving        */
  js_binding *bindings, *bindings_last;
  js_node *refs, *refs_last;
  uint32_t start;
  uint8_t kind;
  bool loop;      /* opens a new set of bindings per round              */
  bool in_loop;   /* may be entered more than once per call             */
  const char *box; /* emitted name of its object, NULL if it has none   */
};

typedef struct js_capture { struct js_capture *next; js_scope *scope; } js_capture;

typedef struct js_late_name { struct js_late_name *next; const char *text; } js_late_name;

struct js_func {
  js_func *parent;
  js_atom *name;
  js_node *params;        /* list of targets, N_DEFAULT, N_REST                */
  js_node *body;          /* list of statements, or an expression (concise)    */
  js_scope *name_scope, *param_scope, *body_scope;
  js_capture *captures;   /* boxes of the parent that it uses                  */
  uint32_t start, end, line, end_line, length;
  uint32_t hoisted_at;    /* of a declaration: start of the block that declares it */
  uint32_t body_at;       /* where the body starts                              */
  bool arrow, async, generator, method, getter, setter, constructor, derived, field, concise, hoisted;
  bool simple;            /* only plain names as parameters                    */
  bool awaits;            /* an await or for-await stands in it                */
  bool returns_early;     /* a return stands in a try or for-of                */
  bool alias_this, alias_arguments, alias_target, uses_super;
  const char *this_name, *arguments_name, *target_name;
  const char *home_name, *fields_name; /* of a method: object that super starts from; of a constructor */
  const char *home_value;  /* what home_name gets, if the method is made by a function around it */
  const char *constructor_name;
  const char *body_name;   /* label of a body that returns out of a try */
  const char *result_name; /* what such a body returns */
  const char *name_text;   /* of a field: variable with the name that its value may get */
  const js_atom *class_name;
  const js_atom *shown;    /* name in stack traces                             */
  js_scope *class_scope;  /* of a member of a class: the scope of the class */
  const char *callee_name; /* of a generator: the function itself              */
  const char *make_name;  /* of the factory a function in a block is made by   */
  uint32_t temps, temps_max;
  js_late_name *late;     /* names to declare at the end                       */
};

/* --- state -------------------------------------------------------------------------------- */

typedef struct js_arena_block { struct js_arena_block *next; size_t len; } js_arena_block;

/* A label, or an unlabelled target of break and continue. */
typedef struct js_label {
  struct js_label *outer;
  js_atom *atom;
  bool loop, jump;      /* continue may go there; break may go there without a label */
  bool direct;          /* nothing but labels stands between it and the statement */
} js_label;

/* An iterator that a pattern has opened and not yet closed. */
typedef struct js_iterator { struct js_iterator *next; const char *name; } js_iterator;

/* A try around the text of a statement, and what it hides until its end. */
typedef struct js_guard { bool on, outer_kept; js_iterator *outer; } js_guard;

typedef struct js {
  const vms_env *env;
  const char *text;
  uint32_t len, at, line;
  js_token tok;
  uint32_t last_end, last_line; /* of the token before */
  /* memory */
  js_arena_block *blocks;
  char *arena_at, *arena_end;
  size_t arena_len;
  js_atom **atoms;
  size_t atom_buckets, atom_count;
  js_binding **table;
  size_t table_len, table_count;
  js_atom *words[K_COUNT];
  /* parser */
  unsigned depth;
  js_scope *scope;
  js_func *func;
  js_label *labels;
  uint32_t cover;       /* first {a = 1} that must still become a pattern, or JS_NONE */
  uint32_t last_name_await; /* one past the start of the latest await that is a name, 0 if none */
  uint32_t last_await, last_yield; /* start of the latest in this function, 0 if none  */
  unsigned in_try;      /* try statements and for-of loops around, in this function */
  bool in_params;       /* in the parameters of a function                          */
  uint32_t arrow_at;    /* where an arrow function may start                   */
  uint32_t dollars;     /* longest run of $ in an identifier */
  /* regular expression literals */
  vms_buffer regexp[2]; /* memory to compile them in */
  uint64_t regexp_steps;
  /* lowering */
  vms_buffer out;
  vms__js_map *map; /* or NULL */
  const char *prefix;
  uint32_t serial, out_line;
  js_func *program;
  js_scope *class_scope;
  unsigned makers;      /* functions that make a class, around in the current function */
  js_iterator *iterators; /* of the patterns in the current statement, latest first  */
  bool iterators_kept;    /* a try around the statement closes them                  */
  /* failure */
  jmp_buf escape;
  int status;
  uint32_t error_at;
  char message[160];
} js;

_Noreturn void js_error(js *p, uint32_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));
_Noreturn void js_no_memory(js *p);
void *js_alloc(js *p, size_t len); /* zeroed */
js_atom *js_intern(js *p, const char *text, size_t len);
int js_shown(const js_atom *atom); /* how many bytes of a name a message shows, for %.*s */
const char *js_format(js *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
_Noreturn void js_unsupported(js *p, uint32_t at, const char *what); /* "what are not supported yet" */

/* js_lex.c */
void js_next(js *p);
js_token js_peek(js *p);
void js_regexp(js *p);             /* reads the current / or /= again as a regular expression */
void js_template(js *p);           /* reads on after the } of a template                       */
js_atom *js_big_text(js *p, const js_atom *digits);
const char *js_token_text(js *p, const js_token *token);
bool js_text_is_name(const char *text, size_t len);

/* js_regexp.c */
void js_check_regexp(js *p, const js_atom *body, const js_atom *flags, uint32_t start);

/* js_tree.c: nodes, scopes */
js_node *js_make(js *p, int type, uint32_t start, uint32_t line, js_node *a, js_node *b, js_node *c, js_node *d);
void js_append(js *p, js_list *list, js_node *node);
js_scope *js_scope_open(js *p, int kind, js_func *func);
void js_scope_close(js *p);
void js_scope_adopt(js *p, js_scope *scope, js_node *ref_mark, js_scope *child_mark);
void js_reference(js *p, js_node *node);
js_binding *js_declare(js *p, js_atom *name, int kind, uint32_t at);
js_binding *js_scope_find(js *p, const js_scope *scope, const js_atom *name);
void js_resolve(js *p, js_scope *program);

/* js_map.c */
void js_mark(js *p, uint32_t at);
void js_mark_before(js *p, uint32_t at, size_t back);
void js_mark_function(js *p, const js_func *func);

/* js_parse_*.c */
bool js_is(const js *p, int type);
bool js_is_word(const js *p, int keyword);
bool js_accept(js *p, int type);
bool js_accept_word(js *p, int keyword);
void js_expect(js *p, int type);
void js_expect_word(js *p, int keyword);
_Noreturn void js_unexpected(js *p);
void js_enter(js *p);
void js_leave(js *p);
js_atom *js_binding_name(js *p);
bool js_is_await_name(const js *p);
js_node *js_expression(js *p, bool in);
js_node *js_assignment(js *p, bool in, bool cover);
js_node *js_declared_target(js *p, int kind);
void js_set_ready(js *p, js_node *target, uint32_t at);
js_node *js_function_declaration(js *p, bool is_async);
js_node *js_statement_item(js *p);
js_node *js_to_assign_target(js *p, js_node *node);
js_node *js_to_binding(js *p, js_node *node, int kind);
js_node *js_class(js *p, bool statement);
js_node *js_private_name(js *p);
js_node *js_field(js *p, js_func *func);
js_node *js_arrow(js *p, js_node *params, js_func *func, js_node *ref_mark, js_scope *child_mark);
js_node *js_function_expression(js *p, bool is_async);
js_node *js_method(js *p, js_func *func);
js_node *js_left_side(js *p);
js_node *js_unary(js *p);
js_node *js_property_key(js *p, uint16_t *flags);
js_func *js_func_new(js *p, uint32_t start, uint32_t line);
js_node *js_statement_list(js *p, int end);
js_func *js_parse_program(js *p);

/* js_emit.c */
void js_put(js *p, const char *text);
void js_put_bytes(js *p, const char *text, size_t len);
void js_put_string(js *p, const js_atom *atom);
void js_put_uint(js *p, uint32_t number);
void js_sync(js *p, uint32_t line);
const char *js_unique(js *p, const char *stem);
const char *js_binding_out(js *p, js_binding *binding);

/* js_lower*.c */
void js_lower_program(js *p, js_func *program);
void js_lower_statements(js *p, js_node *list);
void js_lower_scope_entry(js *p, js_scope *scope);
void js_lower_expression(js *p, js_node *node, int precedence);
void js_put_open(js *p, bool parens);
void js_put_close(js *p, bool parens);
void js_put_global(js *p, const js_atom *name);
void js_put_identifier(js *p, js_node *node);
void js_put_access(js *p, js_node *node);
void js_put_member(js *p, js_node *node);
void js_put_private_key(js *p, js_node *node);
bool js_is_primitive(const js_node *node);
bool js_is_super_member(const js_node *node);
void js_put_super_parts(js *p, js_node *node);
js_node *js_raw_node(js *p, int type, const char *text, js_node *a);
const char *js_keep_object(js *p, js_node *node);
void js_lower_update(js *p, js_node *node, int precedence);
void js_lower_assign(js *p, js_node *node, int precedence);
void js_lower_named(js *p, js_node *node, js_atom *name, int precedence);
void js_lower_named_by(js *p, js_node *node, const char *text, int precedence);
void js_lower_function(js *p, js_func *func, js_atom *name);
void js_lower_function_statement(js *p, js_node *node);
void js_put_alias(js *p, const char **name, const char *stem, const char *value);
void js_lower_pattern(js *p, js_node *pattern, const char *value);
void js_lower_object(js *p, js_node *node);
void js_late_pattern(js *p, js_node *target);
void js_lower_boxes(js *p, const js_capture *captures);
void js_lower_late(js *p, js_func *func);
void js_lower_scope_statement(js *p, js_scope *scope);
void js_put_regexp(js *p, const js_node *node);
void js_late(js *p, js_func *func, const char *name);
void js_lower_class(js *p, js_node *node, js_atom *name, const char *text);
const char *js_this_text(js *p, const js_node *node);
const char *js_private_out(js *p, js_binding *binding);
void js_lower_constructor(js *p, js_func *func, const js_atom *name);
const char *js_temp(js *p);
bool js_leaves_open(const js_node *node);
js_guard js_guard_begin(js *p, bool needed);
void js_guard_end(js *p, const js_guard *guard);

/* Precedences of the lowered text. */
enum { PR_COMMA, PR_ASSIGN, PR_CONDITIONAL, PR_OR, PR_AND, PR_BITOR, PR_BITXOR, PR_BITAND, PR_EQUAL, PR_RELATION,
       PR_SHIFT, PR_ADD, PR_MUL, PR_POW, PR_UNARY, PR_POSTFIX, PR_CALL, PR_MEMBER, PR_PRIMARY };

#endif
