/* SPDX-License-Identifier: MIT */
/* What the files of lib/sandbox share. Everything that runs on the engine's native stack may leave it for good at any
 * allocation, property access or charge (vms__leave): natives own nothing but what hangs on the sandbox or its heap. */
#ifndef VMS_SANDBOX_INTERNAL_H
#define VMS_SANDBOX_INTERNAL_H

#include <fenv.h>
#include <setjmp.h>

#include "lib/base/internal.h"
#include "lib/sandbox/meter.h"
#include "lib/sandbox/js.h"
#include "vms/sandbox.h"

#include "duktape.h"

/* Why the native stack was left. */
enum {
  VMS__LEFT_DONE = 0,   /* the work returned                    */
  VMS__LEFT_STEPS,      /* limits: the heap is not touched again */
  VMS__LEFT_MEMORY,
  VMS__LEFT_RESULT,
  VMS__LEFT_FILES,
  VMS__LEFT_STATUS      /* the machinery failed: see `status`   */
};

/* What the engine is doing. */
enum { VMS__BOOTING = 0, VMS__IDLE, VMS__STARTING, VMS__CALLING, VMS__DEAD };

/* Objects of the script's heap that C code needs at hand; each is kept alive by the heap's stash. */
enum {
  VMS__REF_QUEUE = 0,     /* jobs, five slots each                */
  VMS__REF_UNHANDLED,     /* records of rejected promises         */
  VMS__REF_TIMERS,        /* id -> [function, arguments...]       */
  VMS__REF_PROMISE,       /* the constructor                      */
  VMS__REF_PROMISE_PROTO,
  VMS__REF_THEN,          /* Promise.prototype.then               */
  VMS__REF_SLOT,          /* hidden key of a promise's record     */
  VMS__REF_BOX,           /* hidden key of what built-ins keep on objects */
  VMS__REF_SHARED,        /* hidden key of resolving functions    */
  VMS__REF_DRIVE,         /* prelude: goes on with a coroutine    */
  VMS__REF_ERROR_TEXT,    /* Error.prototype.toString as it was   */
  VMS__REF_ERROR,         /* the constructor                      */
  VMS__REF_AGGREGATE_PROTO,
  VMS__REF_REGEXP_GETTERS, /* source, global, ignoreCase and so on */
  VMS__REF_VMS,           /* $vms                                 */
  VMS__REF_SYSTEM,
  VMS__REF_CONSOLE,
  VMS__REF_COUNTS,        /* of console.count and console.time    */
  VMS__REF_CALLER,        /* System.caller of the running call    */
  VMS__REF_METHODS,       /* name -> exported function            */
  VMS__REF_ARRAY,         /* the constructor                      */
  VMS__REF_OBJECT_PROTO,
  VMS__REF_ARRAY_ITERATOR, /* prototypes of iterators             */
  VMS__REF_STRING_ITERATOR,
  VMS__REF_MAP_ITERATOR,
  VMS__REF_SET_ITERATOR,
  VMS__REF_ITERATOR,      /* %IteratorPrototype%                  */
  VMS__REF_NEXT,          /* "next"                               */
  VMS__REF_ARRAY_BUFFER,  /* the constructor                      */
  VMS__REF_TYPED,         /* the nine constructors, by VMS__UINT8 and its kin */
  VMS__REF_TYPED_LAST = VMS__REF_TYPED + 8,
  VMS__REF_INDEX_OF,      /* String.prototype.indexOf             */
  VMS__REF_SYMBOL_VALUE,  /* Symbol.prototype.valueOf             */
  VMS__REF_REVOKED,       /* handler of revoked proxies           */
  VMS__REF_BUFFER,        /* Node's Buffer, once it was asked for, and its prototype */
  VMS__REF_BUFFER_PROTO,
  VMS__REF_UINT8ARRAY,    /* the constructor and its prototype    */
  VMS__REF_UINT8ARRAY_PROTO,
  VMS__REF_REGEXP,        /* the constructor                      */
  VMS__REF_REGEXP_EXEC,   /* functions of RegExp.prototype        */
  VMS__REF_REGEXP_MATCH,
  VMS__REF_REGEXP_REPLACE,
  VMS__REF_REGEXP_SEARCH,
  VMS__REF_REGEXP_SPLIT,
  VMS__REF_REGEXP_WORK,   /* memory of the running search         */
  VMS__REF_REGEXPS,       /* flags/pattern -> matcher, two generations */
  VMS__REF_REGEXPS_OLD,
  VMS__REF_REGEXP_SHAPE,  /* of RegExp.prototype and of RegExp    */
  VMS__REF_REGEXP_SHAPE_2,
  VMS__REF_MATCH_ITERATOR,
  VMS__REF_EXPORTS,       /* module.exports: `this` of the calls  */
  VMS__REF_FAILURE,       /* [first uncaught error], if `failed`  */
  VMS__REF_COUNT
};

#define VMS__ALLOC_CLASSES 12u

typedef struct vms__block vms__block;

/* The properties that an object had when the engine started: key and functions of each. */
typedef struct vms__shape {
  void *object;
  void *(*parts)[3];
  uint32_t count;
} vms__shape;

typedef struct vms__timer {
  double due;      /* virtual time, milliseconds */
  uint64_t order;  /* ties go by this            */
  double period;   /* 0: not an interval         */
  uint32_t id;
  uint32_t reserved;
} vms__timer;

struct vms_sandbox {
  vms__meter meter; /* first: the heap's udata points here */
  const vms_env *env;
  vms_sandbox_host host;
  duk_context *duk;
  int state;

  /* alloc.c */
  void *free_lists[VMS__ALLOC_CLASSES];
  vms__block *blocks; /* everything taken from env */
  char *fresh, *fresh_end;
  size_t taken; /* bytes in blocks, without their headers */
  void **marks;
  size_t mark_count, mark_capacity;

  /* stack.c */
  char *stack;
  jmp_buf host_jump, engine_jump;
  void (*work)(vms_sandbox *sandbox);
  int left;       /* VMS__LEFT_... */
  int status;     /* with VMS__LEFT_STATUS */
  vms_error *error;
  fenv_t fenv;
  const void *host_stack;
  size_t host_stack_len;
  void *fake_stack;

  /* the running call */
  const vms_sandbox_call *call;
  vms_sandbox_outcome *outcome;
  vms_slice code;
  uint64_t result_max;
  bool started; /* the top level gave a result */
  bool waiting; /* the call's result is a promise */
  bool failed;  /* VMS__REF_FAILURE holds the first uncaught error */

  /* Math.random */
  uint64_t random[4];
  bool seeded; /* by the running call */

  /* jobs and timers */
  uint32_t queue_head, queue_tail, unhandled_count;
  vms__timer *timers;
  size_t timer_count, timer_capacity, timeout_count;
  uint64_t timer_order;
  uint32_t timer_id;

  void *refs[VMS__REF_COUNT];
  uint64_t object_id; /* for hidden keys */
  vms__shape regexp_shapes[2]; /* RegExp.prototype, RegExp */
  uint32_t regexp_count;       /* matchers of the young generation */
  size_t regexp_len;
  vms_buffer names;   /* JSON array of callable methods */
  vms_buffer exports; /* names of all exported functions, each after its length */
  vms_buffer scratch; /* text on its way in or out      */
  vms_buffer console, console_marks; /* text for the host's log, and where its entries begin */
  uint32_t console_indent;
  vms_buffer params, data; /* of a file call or an oracle, on their way to the host */
  vms_buffer source;  /* the contract, and the way back to it from its lowered text */
  vms__js_map map;
  vms_buffer lowered;
  vms_buffer diagnostic;
  vms_file_reply reply;
};

static inline vms_sandbox *vms__of(duk_context *duk) {
  duk_memory_functions functions;
  duk_get_memory_functions(duk, &functions);
  return functions.udata;
}

/* In the patched engine: pushes the value of an object's own property; 0, and nothing pushed, if it has none. */
int vms__own_value(duk_context *duk, void *object, void *key);

/* Where the parameters of a function begin in the lowered text; 0 if it is none of the contract's. */
duk_uint32_t vms__function_place(void *function);
/* Where in the lowered text the instruction of the function at idx stands. */
duk_uint32_t vms__instruction_place(duk_context *duk, duk_idx_t idx, duk_uint32_t pc);

/* --- alloc.c ------------------------------------------------------------------------------- */
void *vms__heap_alloc(void *udata, duk_size_t len);
void *vms__heap_realloc(void *udata, void *memory, duk_size_t len);
void vms__heap_free(void *udata, void *memory);
void vms__heap_release(vms_sandbox *sandbox); /* all blocks at once */

/* --- stack.c ------------------------------------------------------------------------------- */
int vms__stack_open(vms_sandbox *sandbox);
void vms__stack_close(vms_sandbox *sandbox);
/* Runs `work` on the engine's stack until it returns or leaves; returns VMS__LEFT_... */
int vms__enter(vms_sandbox *sandbox, void (*work)(vms_sandbox *sandbox));
/* Ends the running work; only on the engine's stack. Nothing on that stack is ever looked at again. */
void vms__leave(vms_sandbox *sandbox, int left) __attribute__((noreturn));
void vms__leave_status(vms_sandbox *sandbox, int status) __attribute__((noreturn));

/* --- utf.c: the one door for text ------------------------------------------------------------ */
/* Pushes UTF-8 as a string; what is not UTF-8 becomes U+FFFD. */
void vms__push_utf8(vms_sandbox *sandbox, duk_context *duk, vms_slice text);
/* Appends the string at idx to `out` as UTF-8; a lone surrogate becomes U+FFFD. Leaves when memory runs out. */
void vms__take_utf8(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, vms_buffer *out);
/* The same for at most `max` bytes, cut at a character. */
void vms__take_utf8_max(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, size_t max, vms_buffer *out);
/* Reads a character of a string's bytes, of one or two UTF-16 units, and gives it in UTF-8; returns its length. */
size_t vms__cesu_step(const uint8_t **at, const uint8_t *end, uint8_t out[4], int *units);
/* The other way: a character as a string's bytes. */
size_t vms__cesu_put(uint8_t out[6], uint32_t c);
void vms__cesu_to_utf8(vms_sandbox *sandbox, const char *cesu, size_t len, size_t max, vms_buffer *out);
/* Writes the engine's text as UTF-8, whole characters only, at most `max` bytes; returns how many. out NULL: counts
 * them. meter NULL: the caller has paid. */
size_t vms__utf8_write(vms__meter *meter, const char *cesu, size_t len, uint8_t *out, size_t max);
/* Reads one unit of the engine's text at *at < end. */
uint32_t vms__unit_next(const uint8_t **at, const uint8_t *end);
/* Scratch memory for a text of `len` bytes that is about to be pushed; leaves if the heap has no room for it. */
char *vms__text_room(vms_sandbox *sandbox, size_t len);
/* Pushes bytes as a string of as many units (`mask` is applied to each), or of half as many. Charge it themselves. */
void vms__push_latin1(vms_sandbox *sandbox, duk_context *duk, const uint8_t *bytes, size_t len, uint8_t mask);
void vms__push_utf16le(vms_sandbox *sandbox, duk_context *duk, const uint8_t *bytes, size_t len);

/* --- globals.c, prelude.js ------------------------------------------------------------------- */
void vms__globals_open(vms_sandbox *sandbox, duk_context *duk);

/* --- promise.c ----------------------------------------------------------------------------- */
void vms__promise_open(vms_sandbox *sandbox, duk_context *duk, duk_idx_t native);
void vms__promise_push_new(vms_sandbox *sandbox, duk_context *duk);
/* [ ... promise value ] -> [ ... promise ] */
void vms__promise_resolve(vms_sandbox *sandbox, duk_context *duk);
void vms__promise_reject(vms_sandbox *sandbox, duk_context *duk);
/* Pushes the record of the promise at idx; false, and nothing pushed, if it is none. */
bool vms__promise_record(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx);
/* [ ... value ] -> [ ... promise ]: Promise.resolve(value), marked as handled. */
void vms__promise_of(vms_sandbox *sandbox, duk_context *duk);
/* Adds a job that calls the function on top, which is popped. */
void vms__job_push_function(vms_sandbox *sandbox, duk_context *duk);
void vms__jobs_run(vms_sandbox *sandbox, duk_context *duk);
/* Notes the first rejection that nobody handles as the failure. */
void vms__jobs_finish(vms_sandbox *sandbox, duk_context *duk);
/* Takes the value on top as the failure of the call, unless there is one. */
void vms__fail_with_top(vms_sandbox *sandbox, duk_context *duk);

/* Slots of a promise's record. */
enum { VMS__PROMISE_STATE = 0, VMS__PROMISE_VALUE, VMS__PROMISE_HANDLED, VMS__PROMISE_REACTIONS };
enum { VMS__PENDING = 0, VMS__FULFILLED, VMS__REJECTED };

/* --- timers.c ------------------------------------------------------------------------------ */
void vms__timers_open(vms_sandbox *sandbox, duk_context *duk);
/* Runs the timer that is due next and the jobs after it; false if there is none. */
bool vms__timers_run_next(vms_sandbox *sandbox, duk_context *duk);
void vms__timers_clear(vms_sandbox *sandbox, duk_context *duk);

/* --- random.c ------------------------------------------------------------------------------ */
void vms__random_open(duk_context *duk);

/* --- bi_math.c ----------------------------------------------------------------------------- */
void vms__math_open(duk_context *duk);

/* --- console.c ----------------------------------------------------------------------------- */
void vms__console_open(vms_sandbox *sandbox, duk_context *duk);
void vms__console_print(duk_context *duk); /* adds the global `print` */

/* --- system.c ------------------------------------------------------------------------------ */
void vms__system_open(vms_sandbox *sandbox, duk_context *duk);
void vms__system_caller(vms_sandbox *sandbox, duk_context *duk, vms_slice id);

/* --- trace.c ------------------------------------------------------------------------------- */
void vms__trace_open(vms_sandbox *sandbox, duk_context *duk);
/* [ ... value ]: appends the stack frames of an error, each "\n    at ...", those below the function `from` if it is not NULL. */
void vms__trace_frames(vms_sandbox *sandbox, duk_context *duk, void *from, vms_buffer *out);

/* The author's text of the function at idx; false if it is none of the contract's. */
bool vms__function_source(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, vms_slice *source);

/* --- engine.c ------------------------------------------------------------------------------ */
/* Keeps the value on top (popped) alive and at hand. */
void vms__ref_set(vms_sandbox *sandbox, duk_context *duk, int ref);
static inline void vms__ref_push(vms_sandbox *sandbox, duk_context *duk, int ref) {
  duk_push_heapptr(duk, sandbox->refs[ref]);
}
/* Defines the value on top (popped) as a writable, configurable, not enumerable property of obj. */
void vms__define(duk_context *duk, duk_idx_t obj, const char *name);
void vms__define_shown(duk_context *duk, duk_idx_t obj, const char *name); /* enumerable */
void vms__define_function(duk_context *duk, duk_idx_t obj, const char *name, duk_c_function function, duk_idx_t nargs,
                          int magic);

#endif
