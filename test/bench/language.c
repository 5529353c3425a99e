/* SPDX-License-Identifier: MIT */
/* What the engine costs beside its budgets: a new VM, a contract's start, calls, awaits, generators, collections, native stack,
 * code size. Best and median of several rounds; a budget that is missed is marked and no failure, for machines differ.
 * Method: exported functions do n of a thing, and time for n less time for none is divided by n. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "lib/sandbox/internal.h"

#define ROUNDS 7
#define STACK_LEN ((size_t)16 << 20) /* as in lib/sandbox/stack.c */
#define PAGE_LEN ((size_t)4096)
#define HEAP_LEN ((uint64_t)50 << 20)

typedef struct figure { double best, median; } figure;

static double now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static figure figure_of(double *values) {
  qsort(values, ROUNDS, sizeof *values, by_size);
  return (figure){ values[0], values[ROUNDS / 2] };
}

static void row(const char *what, double must, const char *unit, figure f) {
  printf("%-58s %9.2f %9.2f %9.2f  %s%s\n", what, must, f.best, f.median, unit, f.best > must ? "  OVER" : "");
  fflush(stdout);
}

static void row_one(const char *what, double must, const char *unit, double value) { row(what, must, unit, (figure){ value, value }); }

/* --- one sandbox ------------------------------------------------------------------------------------------ */

static void die(const char *what, const vms_sandbox_outcome *outcome) {
  fprintf(stderr, "bench: %s: %s: %s\n", what, outcome->name.data == NULL ? "" : outcome->name.data,
          outcome->message.data == NULL ? "" : outcome->message.data);
  exit(1);
}

static vms_sandbox *sandbox_new(uint64_t memory_max) {
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox *sandbox;
  options.memory_max = memory_max;
  if (vms_sandbox_new(&sandbox, &options, NULL, NULL) != VMS_OK) exit(1);
  return sandbox;
}

static void outcome_free(vms_sandbox_outcome *outcome) {
  vms_buffer_free(&outcome->result);
  vms_buffer_free(&outcome->name);
  vms_buffer_free(&outcome->message);
}

/* Returns microseconds. */
static double start(vms_sandbox *sandbox, vms_slice code, unsigned flags, int must_end_well) {
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  call.flags = flags;
  call.steps_max = 100000000;
  double from = now_us();
  int status = vms_sandbox_start(sandbox, code, &call, &outcome, NULL);
  double took = now_us() - from;
  if (status != VMS_OK || (must_end_well && outcome.kind != VMS_SANDBOX_RESULT)) die("start", &outcome);
  outcome_free(&outcome);
  return took;
}

static double call(vms_sandbox *sandbox, const char *method, const char *params) {
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  call.steps_max = 1000000000;
  call.method = vms__slice_of(method);
  call.params = vms__slice_of(params);
  double from = now_us();
  int status = vms_sandbox_call_method(sandbox, &call, &outcome, NULL);
  double took = now_us() - from;
  if (status != VMS_OK || outcome.kind != VMS_SANDBOX_RESULT) die(method, &outcome);
  outcome_free(&outcome);
  return took;
}

/* --- start ------------------------------------------------------------------------------------------------- */

static void measure_new(void) {
  double us[ROUNDS];
  uint64_t bytes = 0;
  for (int i = 0; i < ROUNDS; i++) {
    double from = now_us();
    vms_sandbox *sandbox = sandbox_new(0);
    us[i] = (now_us() - from) / 1e3;
    bytes = sandbox->meter.used;
    vms_sandbox_free(sandbox);
  }
  row("new VM ready for a contract", 1, "ms", figure_of(us));
  row_one("  its heap", 450, "KiB", (double)bytes / 1024);
}

/* A contract of ten thousand bytes as people write them: the same page with other names, again and again. */
static void contract(vms_buffer *code) {
  for (int i = 0; code->len < 10000; i++)
    vms__buf_format(code,
                    "class Ledger%d {\n  #entries = new Map();\n  static limit = %d;\n"
                    "  add({ id, amount = 1, note = '' }, ...tags) {\n    if (amount < 0) throw new RangeError(`bad amount: ${amount}`);\n"
                    "    const entry = { id, amount, note, tags: [...tags], at: Date.now() };\n    this.#entries.set(id, entry);\n"
                    "    return entry;\n  }\n  get total() {\n    let sum = 0;\n"
                    "    for (const { amount } of this.#entries.values()) sum += amount;\n    return sum;\n  }\n}\n"
                    "const ledger%d = new Ledger%d();\n"
                    "exports.add%d = async (id, amount) => {\n  const known = await ledger%d;\n"
                    "  const { at, ...rest } = known.add({ id, amount }, 'new', System?.caller?.id ?? 'nobody');\n"
                    "  return { ...rest, total: known.total };\n};\n\n",
                    i, i * 10, i, i, i, i);
}

static void measure_start(void) {
  vms_buffer code = VMS_BUFFER_INIT;
  double checked[ROUNDS], started[ROUNDS];
  contract(&code);
  for (int i = 0; i < ROUNDS; i++) {
    double from = now_us();
    if (vms_sandbox_check(vms__buf_view(&code), NULL, NULL, NULL) != VMS_OK) exit(1);
    checked[i] = (now_us() - from) / 1e3;
    vms_sandbox *sandbox = sandbox_new(0);
    started[i] = start(sandbox, vms__buf_view(&code), 0, 1) / 1e3;
    vms_sandbox_free(sandbox);
  }
  row("contract of 10 KB: lowered, compiled, top level run", 5, "ms", figure_of(started));
  row("  lowered alone", 5, "ms", figure_of(checked));
  vms_buffer_free(&code);
}

/* --- calls and steps of loops ------------------------------------------------------------------------------ */

static const char calls_code[] =
    "exports.sync=(name,o)=>({text:'hello '+name,n:o.n+1});exports.plain=async n=>n;"
    "exports.nothing=n=>0;exports.nothingAsync=async n=>{for(let i=0;i<n;i++);};"
    "exports.awaits=async n=>{for(let i=0;i<n;i++)await i;};"
    "const kept=[],never=new Promise(()=>{});async function wait(i){await never;return i}"
    "exports.suspend=n=>{kept.length=0;for(let i=0;i<n;i++)kept.push(wait(i))};"
    "function*count(n){for(let i=0;i<n;i++)yield i}"
    "exports.generator=n=>{let s=0;for(const i of count(n))s+=i;return s};"
    "let list=[];exports.fill=n=>{list=Array.from({length:n},(_,i)=>i)};"
    "exports.forOf=n=>{let s=0;for(const i of list)s+=i;return s};"
    "exports.loop=n=>{let s=0;for(let i=0;i<n;i++)s+=i;return s};"
    "const map=new Map();exports.mapSet=n=>{for(let i=0;i<n;i++)map.set('key'+(i&1023),i)};"
    "exports.keys=n=>{let k;for(let i=0;i<n;i++)k='key'+(i&1023)};"
    "exports.mapGet=n=>{let s=0;for(let i=0;i<n;i++)s+=map.get('key'+(i&1023));return s};"
    "exports.mapNumbers=n=>{const m=new Map();for(let i=0;i<n;i++)m.set(i&1023,i)};";

/* Microseconds of one `method`: many calls, best is that of the quietest round. */
static figure each_call(vms_sandbox *sandbox, const char *method, const char *params) {
  double us[ROUNDS];
  for (int i = 0; i < ROUNDS; i++) {
    double from = now_us();
    for (int k = 0; k < 2000; k++) call(sandbox, method, params);
    us[i] = (now_us() - from) / 2000;
  }
  return figure_of(us);
}

/* Microseconds of one of the n things that `method` does, beside what `without` takes for as many. */
static figure each_step(vms_sandbox *sandbox, const char *method, const char *without, unsigned n) {
  char params[32];
  double us[ROUNDS];
  snprintf(params, sizeof params, "[%u]", n);
  for (int i = 0; i < ROUNDS; i++) {
    double other = call(sandbox, without, params), least = call(sandbox, method, params);
    us[i] = (least - other) / n;
  }
  return figure_of(us);
}

static void measure_calls(void) {
  vms_sandbox *sandbox = sandbox_new(0);
  start(sandbox, (vms_slice){ calls_code, sizeof calls_code - 1 }, 0, 1);
  row("exported sync call, JSON in and out", 8, "us", each_call(sandbox, "sync", "[\"bob\",{\"n\":1}]"));
  row("async call without await", 10, "us", each_call(sandbox, "plain", "[1]"));
  row("each await", 4, "us", each_step(sandbox, "awaits", "nothingAsync", 2000));
  uint64_t before = sandbox->meter.used;
  call(sandbox, "suspend", "[1000]");
  row_one("suspended async call", 5, "KiB", (double)(sandbox->meter.used - before) / 1000 / 1024);
  call(sandbox, "suspend", "[0]");
  row("generator step in for-of", 3, "us", each_step(sandbox, "generator", "nothing", 5000));
  call(sandbox, "fill", "[20000]");
  row("for-of step over an array", 0.6, "us", each_step(sandbox, "forOf", "nothing", 20000));
  call(sandbox, "mapSet", "[2000]");
  row("Map set, texts as keys", 1.5, "us", each_step(sandbox, "mapSet", "keys", 20000));
  row("Map get, texts as keys", 1.5, "us", each_step(sandbox, "mapGet", "keys", 20000));
  row("Map set, numbers as keys", 1.5, "us", each_step(sandbox, "mapNumbers", "nothing", 20000));
  vms_sandbox_free(sandbox);
}

static void measure_steps(void) {
  vms_sandbox_call given = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome outcome = { 0, 0, 0, 0, VMS_BUFFER_INIT, VMS_BUFFER_INIT, VMS_BUFFER_INIT };
  static const char code[] = "let s=0;const o={n:1};function f(x){return x+o.n}for(let i=0;i<500000;i++)s+=f(i)%7";
  double best = 1e18;
  for (int i = 0; i < ROUNDS; i++) {
    vms_sandbox *sandbox = sandbox_new(0);
    double from = now_us();
    given.steps_max = 100000000;
    if (vms_sandbox_start(sandbox, (vms_slice){ code, sizeof code - 1 }, &given, &outcome, NULL) != VMS_OK) exit(1);
    best = VMS__MIN(best, now_us() - from);
    vms_sandbox_free(sandbox);
  }
  printf("%-58s %9s %9.1f\n", "millions of steps a second", "", (double)outcome.steps / best);
  outcome_free(&outcome);
}

/* --- collections ------------------------------------------------------------------------------------------- */

/* Each shape grows by some of itself per call, until the heap has its size. */
static const struct { const char *name, *code; } shapes[] = {
  { "list, newest first", "let l=null;exports.grow=n=>{while(n--)l={next:l}}" },
  { "list, oldest first", "const l={};let t=l;exports.grow=n=>{while(n--)t=t.next={}}" },
  { "list in both directions", "const l={};let t=l;exports.grow=n=>{while(n--){t.next={prev:t};t=t.next}}" },
  { "one array of objects", "const a=[];exports.grow=n=>{while(n--)a.push({n})}" },
  { "one array of numbers", "const a=[];exports.grow=n=>{while(n--)a.push(n)}" },
  { "arrays in arrays", "let a=[];exports.grow=n=>{while(n--)a=[a,n]}" },
  { "tree", "let q=[{}],at=0;exports.grow=n=>{while(n--){const t=q[at++];q.push(t.a={},t.b={});if(at>9999){q=q.slice(at);at=0}}};exports.root=q[0]" },
  { "one object of many keys", "const o={};let i=0;exports.grow=n=>{while(n--)o['key'+i++]=i}" },
  { "many texts", "const a=[];let i=0;exports.grow=n=>{while(n--)a.push('text number '+i++)}" },
  { "Map of texts", "const m=new Map();let i=0;exports.grow=n=>{while(n--)m.set('k'+i++,{n})}" },
  { "closures that hold each other", "let f=()=>0;exports.grow=n=>{while(n--){const g=f;f=()=>g}}" },
  { "objects made from each other", "let o={};let i=0;exports.kept=[];exports.grow=n=>{while(n--){if(i++%1000===0){exports.kept.push(o);o={}}o=Object.create(o)}}" },
  { "suspended async calls", "const a=[],p=new Promise(()=>{});async function w(){await p}exports.grow=n=>{n/=10;while(n-->0)a.push(w())}" },
  { "suspended generators", "const a=[];function*g(){yield 1}exports.grow=n=>{n/=10;while(n-->0){const i=g();i.next();a.push(i)}}" },
  { "promises that wait for each other", "const first=new Promise(()=>{});let p=first;exports.grow=n=>{while(n--)p=p.then()};exports.first=first" },
};

static void work_collect(vms_sandbox *sandbox) { duk_gc(sandbox->duk, 0); }
static void work_collect_compact(vms_sandbox *sandbox) { duk_gc(sandbox->duk, DUK_GC_COMPACT); }

static double collect(vms_sandbox *sandbox, void (*work)(vms_sandbox *sandbox)) {
  double best = 1e18;
  for (int i = 0; i < 3; i++) {
    double from = now_us();
    if (vms__enter(sandbox, work) != VMS__LEFT_DONE) exit(1);
    double took = (now_us() - from) / 1e3;
    if (took < best) best = took;
  }
  return best;
}

static void measure_collections(void) {
  printf("%-58s %9s %9s %9s\n", "one full collection of a heap of 50 MiB", "must", "as usual", "compacts");
  for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    vms_sandbox *sandbox = sandbox_new((uint64_t)512 << 20);
    start(sandbox, vms__slice_of(shapes[i].code), 0, 1);
    for (int k = 0; sandbox->meter.used < HEAP_LEN; k++) {
      assert(k < 10000); /* else the shape is garbage and never gets there */
      call(sandbox, "grow", "[5000]");
    }
    double plain = collect(sandbox, work_collect), compact = collect(sandbox, work_collect_compact);
    char what[96];
    snprintf(what, sizeof what, "  %s", shapes[i].name);
    row(what, 300, "ms", (figure){ plain, compact });
    vms_sandbox_free(sandbox);
  }
}

/* --- native stack ------------------------------------------------------------------------------------------ */

/* Bytes from the lowest page of the stack that was ever touched to its top. */
static double stack_used(vms_sandbox *sandbox) {
  static unsigned char present[STACK_LEN / PAGE_LEN];
  if (mincore(sandbox->stack, STACK_LEN, present) != 0) return -1;
  size_t page = 0;
  while (page < sizeof present && !(present[page] & 1)) page++;
  return (double)(STACK_LEN - page * PAGE_LEN);
}

static double deepest;
static char deepest_name[128];

static void measure_stack(vms_slice name, vms_slice code) {
  vms_sandbox *sandbox = sandbox_new(0);
  madvise(sandbox->stack, STACK_LEN, MADV_NOHUGEPAGE);
  start(sandbox, code, VMS_SANDBOX_SCRIPT, 0);
  double used = stack_used(sandbox);
  if (used > deepest) {
    deepest = used;
    snprintf(deepest_name, sizeof deepest_name, "%.*s", (int)VMS__MIN(name.len, (size_t)100), name.data);
  }
  if (getenv("ALL") != NULL) printf("  %8.0f KiB  %.*s\n", used / 1024, (int)name.len, name.data);
  vms_sandbox_free(sandbox);
}

/* The programs of a corpus file. */
static void measure_stacks_of(const char *path) {
  vms_buffer text = VMS_BUFFER_INIT;
  char part[4096];
  size_t got;
  FILE *file = fopen(path, "rb");
  if (file == NULL) exit(1);
  while ((got = fread(part, 1, sizeof part, file)) > 0) vms_buffer_append(&text, part, got);
  fclose(file);
  for (const char *at = strstr(text.data, "//// "), *next; at != NULL; at = next) {
    const char *code = strchr(at, '\n');
    next = strstr(at + 1, "\n//// ");
    const char *end = next == NULL ? text.data + text.len : next;
    measure_stack((vms_slice){ at + 5, (size_t)(code - at) - 5 }, (vms_slice){ code, (size_t)(end - code) });
    if (next != NULL) next++;
  }
  vms_buffer_free(&text);
}

static void measure_stacks(void) {
  static const char *const parts[] = { "(", "[", "{", "!", "-", "a?", "if(1)", "function f(){", "x={a:", "f(", "/a/.test(", "`${", "a=>", "a.b(", "a||(",
    "class A{[", "async()=>{await ", "for(;;)", "try{", "x=[...", "({a:", "a,", "a+(", "new (", "switch(1){case ", "l:{" };
  deepest = 0;
  measure_stacks_of("test/language/matrix/deep_recursion.js");
  for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
    vms_buffer code = VMS_BUFFER_INIT;
    while (code.len < 100000) vms__buf_text(&code, parts[i]);
    measure_stack(vms__slice_of(parts[i]), vms__buf_view(&code));
    vms_buffer_free(&code);
  }
  char what[160];
  snprintf(what, sizeof what, "native stack at its deepest, %.30s", deepest_name);
  row_one(what, 8, "MiB", deepest / 1048576);
}

/* With the argument "stack" only that is measured: as it is meant for builds with sanitizers, which need more of it. ALL=1 in the
 * environment names what each program needs. */
int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "stack") == 0) {
    measure_stacks();
    return 0;
  }
  printf("%-58s %9s %9s %9s\n", "", "must", "best", "median");
  measure_new();
  measure_start();
  measure_calls();
  measure_steps();
  measure_collections();
  measure_stacks();
  return 0;
}
