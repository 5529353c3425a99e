/* SPDX-License-Identifier: MIT */
/* Goal: an honest host never looks like a liar, and what it answered once it answers for ever. Whatever contracts, callers, the
 * disk, the memory and the clock do, an audit of the ledger passes.
 * Method: hosts whose memory and disk fail on demand; random calls, restarts, failures; then every single allocation fails once. */
#define _GNU_SOURCE /* open_memstream */
#include "test/support/file_model.h"
#include "test/support/storage.h"
#include "test/support/world.h"

typedef struct hostile {
  world w; /* first: the environment's context is both */
  sim_memory memory;
  uint64_t once_at; /* this allocation fails, the next works again; 0: none */
  sim_disk disk, callers; /* the journal; the index of callers */
} hostile;

static void *hostile_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  hostile *h = context;
  if (new_len > old_len && h->once_at != 0 && h->memory.calls + 1 == h->once_at) {
    h->memory.calls++;
    return NULL;
  }
  return h->memory.env.resize(&h->memory, memory, old_len, new_len);
}

static void open_world(hostile *h) {
  world_init(&h->w);
  sim_memory_init(&h->memory);
  sim_disk_init(&h->disk);
  sim_disk_init(&h->callers);
  h->w.options.callers_index = &h->callers.storage;
  h->once_at = 0;
  h->w.env.resize = hostile_resize;
  vms_memory_close(&h->w.storage);
  h->w.storage = h->disk.storage;
}

static void close_world(hostile *h) {
  vms_service_close(h->w.service);
  h->w.service = NULL;
  sim_disk_deinit(&h->disk);
  sim_disk_deinit(&h->callers);
  assert_int_equal(h->memory.live, 0);
  assert_ok(vms_memory_open(&h->w.storage, NULL, NULL));
  world_deinit(&h->w);
}

static int setup(void **state) {
  static hostile h;
  open_world(&h);
  *state = &h;
  return 0;
}

static int teardown(void **state) {
  close_world(*state);
  return 0;
}

/* Everything mends itself; the process is killed and comes back. */
static void restart(hostile *h, uint64_t seed) {
  h->memory.fail_at = 0;
  vms_service_close(h->w.service);
  h->w.service = NULL;
  sim_disk_restart(&h->disk, seed);
  sim_disk_restart(&h->callers, seed / 3);
  if (vms_service_open(&h->w.service, &h->w.storage, h->w.secret, NULL, &h->w.options, &h->w.error) != VMS_OK) fail_msg("%s", h->w.error.message);
}

static void assert_honest(hostile *h, const char *what) {
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  for (options.level = VMS_AUDIT_FULL; options.level <= VMS_AUDIT_CHAIN; options.level++) {
    const char *kind = world_audit(&h->w, &options);
    const vms_verdict *v = &h->w.verdict;
    if (v->verdict != VMS_VERDICT_OK)
      fail_msg("%s: level %u: %s at record %llu: %s (expected %s, found %s)", what, options.level, kind, (unsigned long long)v->seq, v->message.data,
               v->expected.len ? v->expected.data : "-", v->found.len ? v->found.data : "-");
    assert_int_equal(v->records, v->length);
  }
}

/* --- contracts ------------------------------------------------------------------------------------------- */

/* Methods that end in every way there is. `n` lives in memory: a VM that lost a call or knows one too many shows. */
static const char wild[] =
  "let n = 0\n"
  "if (Date.now() % 7 === 3) throw new Error('not at this hour ' + Date.now())\n"
  "const deep = (d) => { let x = []; for (; d > 1; d--) x = [x]; return x }\n"
  "exports.count = () => ++n\n"
  "exports.echo = (...x) => { n++; return x.length === 1 ? x[0] : x }\n"
  "exports.once = async () => { n++; const had = Number(await System.files.readFile('/n').catch(() => '0'))\n"
  "  await System.files.writeFile('/n', String(had + 1)); return [n, had + 1] }\n"
  "exports.files = async (name, size) => { n++; await System.files.writeFile('/' + name, 'x'.repeat(size))\n"
  "  if (size % 3 === 0) throw new RangeError(name); if (size % 3 === 1) await System.files.unlink('/' + name); return System.files.readdir('/') }\n"
  "exports.fill = async () => { for (let i = 0; ; i++) await System.files.writeFile('/f' + i, 'y'.repeat(5000)) }\n"
  "exports.total = async () => { n++; for (let i = 0; i < 40; i++) await System.files.writeFile('/g' + n + '-' + i, 'z'.repeat(900)) }\n"
  "exports.spin = () => { for (;;) try { n++ } catch (e) { } finally { n++ } }\n"
  "exports.hog = () => { const a = []; for (;;) a.push(new Array(1000).join('abc' + n++)) }\n"
  "exports.big = () => 'b'.repeat(20000 + n)\n"
  "exports.deep = d => { n++; return deep(d) }\n"
  "exports.late = () => new Promise(resolve => { setTimeout(() => resolve([Date.now(), ++n]), 1000) })\n"
  "exports.never = () => new Promise(() => { n++ })\n"
  "exports.roll = (...x) => { n += Math.random(); if (x[0] === 1) throw new Error('rolled ' + n); for (; x[0] === 2; ) Math.random(); return [n, Math.random()] }\n"
  "exports.lost = () => { Promise.reject(new TypeError('lost ' + ++n)) }\n"
  "exports.odd = k => { n++; switch (k % 14) {\n"
  "  case 0: throw undefined; case 1: throw null; case 2: throw { name: 'x', toString() { return 'y' + n } }\n"
  "  case 3: throw Symbol('s'); case 4: { const e = new Error(''); e.name = ''; throw e }\n"
  "  case 5: { const e = new Error('\\ud800 lone \\udfff \\u0000 \\u2028'); e.name = '\\udbff'; throw e }\n"
  "  case 6: throw new Error('\\u20ac'.repeat(3000)); case 7: throw new Error('\\u0001\"\\\\'.repeat(3000))\n"
  "  case 8: { const e = new Error('x'); Object.defineProperty(e, 'message', { get() { throw 1 } }); throw e }\n"
  "  case 9: { const e = new Error('x'); Object.defineProperty(e, 'name', { get() { for (;;) n++ } }); throw e }\n"
  "  case 10: { const e = new Error('x'); Object.defineProperty(e, 'message', { get() { setTimeout(() => n += 100, 0); Promise.resolve().then(() => n += 1000); return 'g' } }); throw e }\n"
  "  case 11: return { toJSON() { setTimeout(() => n += 10, 5); return '\\ud800\\u2028\\u007f' + n } }\n"
  "  case 12: return { get x() { throw new Error('in stringify') } }\n"
  "  default: return [NaN, -0, 1e400, undefined, () => 1, Symbol(), '\\udc00', { a: undefined }, new Date(NaN), [, 1]] } }\n"
  "exports['\\u00e4\\u6f22 \\ud83d\\ude00'] = () => ++n\n"
  "Object.defineProperty(exports, '__proto__', { value: () => 'proto ' + ++n, enumerable: true, configurable: true })\n"
  "exports.constructor = () => ++n\n"
  "exports.toString = () => ++n\n"
  "exports['\\ud800'] = () => ++n\n";

static const struct { const char *method, *params; } calls[] = {
  { "count", "[]" }, { "count", "[]" }, { "once", "[]" }, { "once", "[]" }, { "echo", "[{\"a\":1,\"a\":2,\"__proto__\":3}]" },
  { "echo", "[1e400,-0,-1e-400,0.1e+2,123456789012345678901234567890]" }, { "echo", "[\"\\ud800\\u0000\",\"\\ud83d\\ude00\"]" },
  { "files", "[\"a\",10]" }, { "files", "[\"b\",11]" }, { "files", "[\"c\",12]" }, { "files", "[\"../d\",2]" }, { "fill", "[]" }, { "total", "[]" },
  { "spin", "[]" }, { "hog", "[]" }, { "big", "[]" }, { "deep", "[990]" }, { "deep", "[999]" }, { "deep", "[1000]" }, { "deep", "[1001]" }, { "deep", "[5000]" },
  { "late", "[]" }, { "never", "[]" }, { "roll", "[]" }, { "roll", "[1]" }, { "roll", "[2]" }, { "lost", "[]" }, { "odd", "[0]" }, { "odd", "[1]" }, { "odd", "[2]" }, { "odd", "[3]" }, { "odd", "[4]" },
  { "odd", "[5]" }, { "odd", "[6]" }, { "odd", "[7]" }, { "odd", "[8]" }, { "odd", "[9]" }, { "odd", "[10]" }, { "odd", "[11]" }, { "odd", "[12]" }, { "odd", "[13]" },
  { "\xc3\xa4\xe6\xbc\xa2 \xf0\x9f\x98\x80", "[]" }, { "__proto__", "[]" }, { "constructor", "[]" }, { "toString", "[]" }, { "valueOf", "[]" },
  { "\xef\xbf\xbd", "[]" }, { "hasOwnProperty", "[\"x\"]" }, { "a.b", "[]" }, { "init", "[]" },
};

static void limits_small(hostile *h) {
  h->w.options.limits = (vms_limits){ .steps = 200000, .memory = 1 << 20, .request = 4096, .result = 16384, .files_call = 65536, .files_total = 80000 };
  h->w.options.flags = VMS_SERVICE_ANONYMOUS | VMS_SERVICE_DEBUG;
}

/* --- requests that were answered ------------------------------------------------------------------------- */

#define SENT_MAX 256u
typedef struct sent {
  int who;
  char *request, *answer;
  uint8_t signature[VMS_SIGNATURE_LEN];
  uint64_t seq;
} sent;
typedef struct log_of { sent calls[SENT_MAX]; size_t count; } log_of;

static char *answer_of(const vms_outcome *o) {
  char *text = NULL;
  size_t len;
  FILE *out = open_memstream(&text, &len);
  fprintf(out, "%u %d %llu [%s] [%s] [%s]", o->kind, o->code, (unsigned long long)o->seq, o->result.len ? o->result.data : "", o->name.len ? o->name.data : "",
          o->message.len ? o->message.data : "");
  fclose(out);
  return text;
}

static void forget_from(log_of *log, uint64_t seq) {
  while (log->count > 0 && log->calls[log->count - 1].seq >= seq) {
    log->count--;
    free(log->calls[log->count].request);
    free(log->calls[log->count].answer);
  }
}

static void remember(log_of *log, hostile *h, int who) {
  if (h->w.outcome.kind == VMS_OUTCOME_REFUSED || log->count == SENT_MAX) return;
  sent *s = &log->calls[log->count++];
  *s = (sent){ who, strdup(h->w.request.data), answer_of(&h->w.outcome), { 0 }, h->w.outcome.seq };
  memcpy(s->signature, h->w.signature, sizeof s->signature);
}

/* The same text gets the same answer and changes nothing. */
static void resend(log_of *log, hostile *h, size_t index) {
  const sent *s = &log->calls[index];
  uint64_t length = vms_service_length(h->w.service);
  uint8_t key[VMS_KEY_LEN];
  world_key(s->who, key);
  assert_ok(vms_service_call(h->w.service, SLICE(s->request), key, s->signature, &h->w.outcome));
  char *answer = answer_of(&h->w.outcome);
  assert_string_equal(answer, s->answer);
  free(answer);
  assert_int_equal(vms_service_length(h->w.service), length);
}

/* --- tests ----------------------------------------------------------------------------------------------- */

static void unsigned_call(hostile *h, uint64_t pick, const char *method, const char *params) {
  vms_slice caller = { NULL, 0 };
  if (pick % 2 == 0) caller = SLICE("debug:bob");
  assert_ok(vms_service_call_unsigned(h->w.service, caller, SLICE(method), SLICE(params), &h->w.outcome));
}

static void one_step(hostile *h, log_of *log, uint64_t *random) {
  uint64_t what = sim_random(random) % 20, pick = sim_random(random);
  size_t c = sim_random(random) % (sizeof calls / sizeof calls[0]);
  int who = (int)(pick % 3) + 1;
  bool broken = false;
  if (what == 0 || what == 1) { /* killed: what was not durable is gone, unless it reached the disk all the same */
    restart(h, pick);
    forget_from(log, vms_service_length(h->w.service));
  } else if (what == 2 && log->count > 0) {
    resend(log, h, pick % log->count);
  } else if (what == 3 || what == 4) {
    assert_ok(vms_service_commit(h->w.service, pick % 3 == 0 ? VMS_COMMIT_NO_SYNC : VMS_COMMIT_SIGN, &h->w.error));
  } else if (what == 5) {
    h->w.now_ms = pick % 4 == 0 ? h->w.now_ms - 50 : h->w.now_ms + pick % 50;
  } else if (what == 6) {
    unsigned_call(h, pick, calls[c].method, calls[c].params);
  } else if (what == 7) { /* a commit that the disk refuses */
    h->disk.fail_sync = pick % 2 == 0;
    h->disk.fail_write = pick % 2 == 1;
    broken = vms_service_commit(h->w.service, VMS_COMMIT_SIGN, &h->w.error) != VMS_OK;
    h->disk.fail_sync = h->disk.fail_write = false;
  } else if (what == 8) {
    h->disk.full_at = h->disk.len + pick % 300;
    (void)vms_service_commit(h->w.service, VMS_COMMIT_SIGN, &h->w.error);
    h->disk.full_at = 0;
  } else {
    if (what == 9) *(pick % 2 == 0 ? &h->once_at : &h->memory.fail_at) = h->memory.calls + 1 + pick / 2 % 60;
    if (what == 10) h->disk.fail_read = true;
    world_call(&h->w, who, calls[c].method, calls[c].params);
    h->memory.fail_at = h->once_at = 0;
    h->disk.fail_read = false;
    remember(log, h, who);
    if (what == 11 && log->count > 0) resend(log, h, log->count - 1);
    if (what == 9 || what == 10) { /* it may have ended for good: then it says so to everybody */
      unsigned_call(h, 1, "a.b", "[]");
      broken = h->w.outcome.code == VMS_CODE_STORAGE;
    }
  }
  if (broken) {
    restart(h, pick);
    forget_from(log, vms_service_length(h->w.service));
  }
}

/* What callers keep: every head that was shown, and the receipt of some record after each step. */
#define KEPT_MAX 128u
typedef struct kept_of { vms_head heads[KEPT_MAX]; vms_buffer receipts[KEPT_MAX]; size_t count; } kept_of;

static void keep(kept_of *kept, hostile *h, uint64_t pick) {
  uint64_t published = vms_service_published(h->w.service);
  vms_buffer *receipt = &kept->receipts[kept->count];
  assert_true(kept->count < KEPT_MAX);
  assert_true(published <= vms_service_durable(h->w.service));
  vms_buffer_init(receipt, NULL);
  assert_ok(vms_core_head(vms_service_core(h->w.service, VMS_CORE_LEDGER), &kept->heads[kept->count], NULL));
  assert_int_equal(vms_service_receipt(h->w.service, published, receipt, NULL), VMS_ERR_NOT_FOUND);
  assert_ok(vms_service_receipt(h->w.service, pick % 2 == 0 ? published - 1 : pick % published, receipt, NULL));
  kept->count++;
}

/* The host stands by all of it. */
static void assert_stands(kept_of *kept, hostile *h) {
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  vms_slice receipts[KEPT_MAX];
  options.level = VMS_AUDIT_CHAIN;
  options.receipts = receipts;
  options.receipt_count = kept->count;
  for (size_t i = 0; i < kept->count; i++) receipts[i] = vms__buf_view(&kept->receipts[i]);
  for (size_t i = 0; i < kept->count; i += 9) {
    options.kept = &kept->heads[i];
    const char *kind = world_audit(&h->w, &options);
    if (h->w.verdict.verdict != VMS_VERDICT_OK) fail_msg("kept %zu: %s: %s", i, kind, h->w.verdict.message.data);
    assert_int_equal(h->w.verdict.receipts, kept->count);
  }
  while (kept->count > 0) vms_buffer_free(&kept->receipts[--kept->count]);
}

static void whatever_happens_the_audit_passes(void **state) {
  hostile *h = *state;
  static log_of log;
  static kept_of kept;
  uint64_t random = sim_seed();
  for (int round = 0; round < 12; round++) {
    close_world(h);
    open_world(h);
    limits_small(h);
    h->w.options.epoch = 1 + sim_random(&random) % 9;
    h->w.now_ms -= h->w.now_ms % 7; /* a time at which the script starts */
    world_deploy(&h->w, wild);
    for (int i = 0; i < 90; i++) {
      one_step(h, &log, &random);
      keep(&kept, h, sim_random(&random));
    }
    if (vms_service_commit(h->w.service, VMS_COMMIT_SIGN, &h->w.error) != VMS_OK) restart(h, random);
    char what[64];
    snprintf(what, sizeof what, "round %d", round);
    assert_honest(h, what);
    assert_stands(&kept, h);
    for (size_t i = 0; i < log.count; i++)
      if (log.calls[i].seq < vms_service_length(h->w.service)) resend(&log, h, i);
    restart(h, 0);
    for (size_t i = 0; i < log.count; i++) resend(&log, h, i);
    forget_from(&log, 0);
  }
}

/* --- files, beside a model of them ----------------------------------------------------------------------- */

static const char filer[] =
  "const f = System.files\nlet n = 0\n"
  "const reads = { size: async p => (await f.stat(p)).size, changes: async (...x) => (await f.history(...x)).map(c => [c.version, c.type, c.path]) }\n"
  "const sizes = async () => {\n"
  "  const is = (await f.getInfo()).size, sum = (await f.readdir('/', { recursive: true, stat: true })).reduce((s, e) => s + e.stat.size, 0)\n"
  "  if (is !== sum) throw new Error(`${is} bytes are said to be there, and ${sum} are`) }\n"
  "exports.run = async (steps, end) => {\n"
  "  const out = []; n++\n"
  "  for (const [method, ...params] of steps)\n"
  "    try { const r = await (reads[method] || f[method])(...params); out.push(r === undefined ? '' : r) } catch (e) { out.push(e.name) }\n"
  "  await sizes()\n"
  "  if (end === 'throw') throw new Error('as asked, ' + n)\n"
  "  if (end === 'steps') for (;;) n++\n"
  "  return out }\n"
  "exports.all = (version, after) => Promise.all([f.history(), f.history('a', { version, reverse: true, limit: 5 }), f.getInfo(), f.getInfo({ version }),\n"
  "  f.readdir('/', { recursive: true, stat: true, version }), f.readdir('/', { after, limit: 3, get stat() { f.stat('/a').catch(() => 0); return 1 } })])\n";

/* What a call asks for, and what it has to give. */
typedef struct filing { file_model m; size_t kept; vms_buffer steps, results; const char *error; uint64_t calls; } filing;

static void put(vms_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(vms_buffer *buffer, const char *format, ...) {
  char text[1024];
  va_list args;
  va_start(args, format);
  assert_in_range(vsnprintf(text, sizeof text, format, args), 0, sizeof text - 1);
  va_end(args);
  assert_ok(vms__buf_text(buffer, text));
}

static int some_place(filing *f, uint64_t *random) {
  int place = FM_ROOT, child;
  while ((child = fm_child(place, (unsigned)(sim_random(random) % FM_NAMES))) >= 0) {
    place = child;
    if (sim_random(random) % 3 == 0 || fm_kind(&f->m.now, place) != FM_FOLDER) break;
  }
  return place;
}

static void begin_step(filing *f, const char *method, int place) {
  put(&f->steps, "%s[\"%s\",", f->steps.len > 1 ? "," : "", method);
  fm_quote(&f->steps, place == FM_ROOT ? "/" : fm_path(place));
  if (f->results.len > 1) put(&f->results, ",");
}

static void end_step(filing *f, const char *error) {
  put(&f->steps, "]");
  f->calls++;
  f->error = error;
  fm_quote(&f->results, error);
}

static void write_step(filing *f, int place, uint64_t *random) {
  static const uint32_t most[] = { 40, 40, 40, 40, 3000 };
  uint32_t seed = (uint32_t)(sim_random(random) % 5000), limit = most[sim_random(random) % 5];
  fm_content content = { seed * FM_CONTENTS + FM_TEXT, (uint32_t)(sim_random(random) % limit) };
  begin_step(f, "writeFile", place);
  put(&f->steps, ",\"");
  for (uint32_t i = 0; i < content.len; i++) assert_ok(vms__buf_byte(&f->steps, fm_byte(content, i)));
  put(&f->steps, "\"");
  end_step(f, fm_write(&f->m, place, content));
}

static void copy_step(filing *f, int from, int to, bool moves) {
  if (!fm_copy_fits(&f->m, from, to)) return;
  begin_step(f, moves ? "rename" : "copy", from);
  put(&f->steps, ",");
  fm_quote(&f->steps, fm_path(to));
  end_step(f, fm_copy(&f->m, from, to, moves));
}

/* Of now, what the call itself has changed included, or of an old version. */
static void read_step(filing *f, int place, uint64_t *random, bool content) {
  static fm_tree old;
  const fm_tree *tree = &f->m.now;
  const fm_list all = { true, false, NULL, UINT64_MAX };
  vms_buffer body = VMS_BUFFER_INIT;
  const char *error;
  begin_step(f, content ? "readFile" : "readdir", place);
  put(&f->steps, ",{\"recursive\":true,\"encoding\":\"utf8\"");
  if (sim_random(random) % 2 == 0) {
    uint64_t version = 1 + sim_random(random) % fm_version(&f->m);
    put(&f->steps, ",\"version\":%llu", (unsigned long long)version);
    fm_at(&f->m, version, &old);
    tree = &old;
  }
  put(&f->steps, "}]");
  f->calls++;
  error = content ? fm_read(tree, place, "utf8", 0, UINT64_MAX, &body) : fm_readdir(tree, place, &all, &body);
  if (error[0] != 0 || content) fm_quote(&f->results, error[0] != 0 ? error : body.len == 0 ? "" : body.data);
  else assert_ok(vms__buf_slice(&f->results, vms__buf_view(&body)));
  vms_buffer_free(&body);
}

static void history_step(filing *f, int place, uint64_t *random) {
  uint64_t newest = fm_version(&f->m), start = newest - sim_random(random) % VMS__MIN(newest, 30u);
  fm_changes which = { newest, start, UINT64_MAX, UINT64_MAX, sim_random(random) % 2 == 0 };
  vms_buffer body = VMS_BUFFER_INIT;
  vms_slice change, version, type, path;
  begin_step(f, "changes", place);
  put(&f->steps, ",{\"start\":%llu,\"reverse\":%s}]", (unsigned long long)start, which.reverse ? "true" : "false");
  f->calls++;
  fm_history(&f->m, place, &which, &body);
  put(&f->results, "[");
  for (size_t i = 0; vms__json_element(vms__buf_view(&body), i, &change); i++) {
    assert_true(vms__json_member(change, "version", &version) && vms__json_member(change, "type", &type) && vms__json_member(change, "path", &path));
    put(&f->results, "%s[%.*s,%.*s,%.*s]", i > 0 ? "," : "", (int)version.len, version.data, (int)type.len, type.data, (int)path.len, path.data);
  }
  put(&f->results, "]");
  vms_buffer_free(&body);
}

static void file_step(filing *f, uint64_t *random) {
  int place = some_place(f, random), other = some_place(f, random);
  uint64_t what = sim_random(random) % 20;
  f->error = "";
  if (what < 6) write_step(f, place, random);
  else if (what < 10) {
    begin_step(f, what < 9 ? "mkdir" : "unlink", place);
    end_step(f, what < 9 ? fm_mkdir(&f->m, place) : fm_unlink(&f->m, place));
  } else if (what < 12) {
    begin_step(f, "rmdir", place);
    put(&f->steps, ",{\"recursive\":%s}", what == 10 ? "true" : "false");
    end_step(f, fm_rmdir(&f->m, place, what == 10));
  } else if (what < 15) copy_step(f, place, other, what == 12);
  else if (what < 19) read_step(f, what == 18 ? FM_ROOT : place, random, what < 17);
  else history_step(f, place, random);
}

/* One call: its files change as the model says if it returns, not at all if it throws or meets a limit. */
static void file_call(hostile *h, filing *f, uint64_t *random) {
  static const char *const ends[] = { "throw", "steps", "", "", "", "", "", "" };
  const char *end = ends[sim_random(random) % 8];
  h->w.now_ms += sim_random(random) % 3;
  fm_begin(&f->m, h->w.now_ms);
  vms__buf_clear(&f->steps);
  vms__buf_clear(&f->results);
  put(&f->steps, "[");
  put(&f->results, "[");
  f->error = "";
  for (uint64_t i = sim_random(random) % 9; i > 0 && strcmp(f->error, FM_ABORT) != 0; i--) file_step(f, random);
  put(&f->steps, "]");
  put(&f->results, "]");
  vms_buffer params = VMS_BUFFER_INIT;
  put(&params, "[");
  assert_ok(vms__buf_slice(&params, vms__buf_view(&f->steps)));
  put(&params, ",\"%s\"]", end);
  world_call(&h->w, 1 + (int)(sim_random(random) % 2), "run", params.data);
  bool aborted = strcmp(f->error, FM_ABORT) == 0;
  if (aborted) assert_string_equal(h->w.outcome.name.data, "files");
  else if (strcmp(end, "throw") == 0) assert_int_equal(h->w.outcome.kind, VMS_OUTCOME_ERROR);
  else if (strcmp(end, "steps") == 0) assert_string_equal(h->w.outcome.name.data, "steps");
  else if (h->w.outcome.kind != VMS_OUTCOME_RESULT || strcmp(h->w.outcome.result.data, f->results.data) != 0)
    fail_msg("%s\ngives %s\nnot %s", params.data, h->w.outcome.kind == VMS_OUTCOME_RESULT ? h->w.outcome.result.data : world_outcome(&h->w), f->results.data);
  if (aborted || end[0] != 0) fm_abort(&f->m);
  else fm_commit(&f->m);
  vms_buffer_free(&params);
}

/* What the model does not know, such as records and the number of blobs: whatever it is, the auditor has to see the same. */
static void ask_for_all(hostile *h, filing *f, uint64_t *random) {
  char params[64], after = (char)('a' + sim_random(random) % 26);
  snprintf(params, sizeof params, "[%llu,\"%c\"]", (unsigned long long)(sim_random(random) % fm_version(&f->m) + 1), after);
  world_call(&h->w, 1, "all", params);
  assert_int_equal(h->w.outcome.kind, VMS_OUTCOME_RESULT);
}

/* What clients see is what is durable. */
static void expect_files(hostile *h, filing *f) {
  vms_file_request request = { SLICE("readdir"), SLICE("[\"/\",{\"recursive\":true,\"stat\":true}]"), { NULL, 0 }, 0, 0, 0 };
  const fm_list all = { true, true, NULL, UINT64_MAX };
  vms_file_reply reply = { .kind = 0 };
  vms_buffer body = VMS_BUFFER_INIT;
  fm_tree tree;
  fm_at(&f->m, f->kept + 1, &tree);
  (void)fm_readdir(&tree, FM_ROOT, &all, &body);
  assert_ok(vms_service_file(h->w.service, &request, &reply, &h->w.error));
  assert_text(reply.body, body.data);
  vms_buffer_free(&reply.body);
  vms_buffer_free(&body);
}

static void files_are_what_the_calls_that_returned_made_of_them_and_the_audit_agrees(void **state) {
  hostile *h = *state;
  uint64_t random = sim_seed();
  filing f;
  memset(&f, 0, sizeof f);
  for (int round = 0; round < 6; round++) {
    close_world(h);
    open_world(h);
    h->w.options.epoch = 1 + sim_random(&random) % 9;
    h->w.options.limits = (vms_limits){ .steps = 3000000, .files_call = 3000, .files_total = 4500 };
    fm_init(&f.m, 3000, 4500);
    world_deploy(&h->w, filer);
    f.kept = 0;
    for (int i = 0; i < 120; i++) {
      file_call(h, &f, &random);
      if (sim_random(&random) % 4 == 0) {
        world_commit(&h->w);
        f.kept = f.m.log_count;
      }
      if (sim_random(&random) % 4 == 0) expect_files(h, &f);
      if (sim_random(&random) % 20 == 0) { /* killed: what was not committed is gone */
        world_restart(&h->w);
        fm_rollback(&f.m, f.kept);
      }
      if (sim_random(&random) % 10 == 0) ask_for_all(h, &f, &random);
    }
    assert_honest(h, "files");
    fm_deinit(&f.m);
  }
  print_message("%llu file calls\n", (unsigned long long)f.calls);
  vms_buffer_free(&f.steps);
  vms_buffer_free(&f.results);
}

/* All of the first and last numbers up to `most`, some of those between. */
static uint64_t next_number(uint64_t n, uint64_t most) {
  return n < 12 || n + 12 >= most ? n + 1 : VMS__MIN(n + 1 + most / 25, most - 12);
}

typedef struct trial { const char *method; int before; bool once; } trial; /* before: calls in the same epoch; 0: after a restart */

/* Fails allocation number n of a call, alone or with every one behind it. Returns how many there were. */
static uint64_t one_allocation(hostile *h, const char *code, const trial *t, uint64_t n) {
  char what[64];
  close_world(h);
  open_world(h);
  h->w.options.epoch = 3;
  world_deploy(&h->w, code);
  world_call(&h->w, 1, "count", "[]");
  world_commit(&h->w);
  if (t->before == 0) world_restart(&h->w);
  for (int i = 0; i < t->before - 1; i++) world_call(&h->w, 1, "count", "[]");
  uint64_t used = h->memory.calls;
  *(t->once ? &h->once_at : &h->memory.fail_at) = used + n;
  world_call(&h->w, 1, t->method, "[]");
  used = h->memory.calls - used;
  h->memory.fail_at = h->once_at = 0;
  if (h->w.outcome.kind == VMS_OUTCOME_REFUSED) { /* nothing was done: the same text may be sent again */
    assert_int_equal(h->w.outcome.code, VMS_CODE_STORAGE);
    world_resend(&h->w, 1);
    if (h->w.outcome.kind == VMS_OUTCOME_REFUSED) world_restart(&h->w); /* it may say that it has to be restarted */
    world_resend(&h->w, 1);
  }
  assert_int_not_equal(h->w.outcome.kind, VMS_OUTCOME_REFUSED);
  uint64_t seq = h->w.outcome.seq;
  world_resend(&h->w, 1);
  assert_int_equal(h->w.outcome.seq, seq);
  world_call(&h->w, 2, "count", "[]");
  snprintf(what, sizeof what, "%s: allocation %llu%s", t->method, (unsigned long long)n, t->once ? " alone" : "");
  assert_honest(h, what);
  return used;
}

static void each_allocation(hostile *h, const char *code, const char *method, int before) {
  for (int once = 0; once < 2; once++) {
    trial t = { method, before, once == 1 };
    uint64_t most = one_allocation(h, code, &t, UINT64_MAX / 2);
    for (uint64_t n = 1; n <= most; n = next_number(n, most)) one_allocation(h, code, &t, n);
  }
}

static const char counter[] =
  "let n = 0\nexports.count = () => ++n\n"
  "exports.write = async () => { await System.files.mkdir('/d').catch(() => 0); await System.files.writeFile('/d/' + ++n, 'x'.repeat(70000)); return System.files.readdir('/d') }\n"
  "exports.boom = () => { throw new Error('boom ' + ++n) }\n"
  "exports.roll = () => [++n, Math.random()]\n";

static void any_allocation_may_fail_in_a_call(void **state) {
  each_allocation(*state, counter, "write", 1);
  each_allocation(*state, counter, "boom", 1);
  each_allocation(*state, counter, "roll", 1);
}

static void any_allocation_may_fail_in_a_start(void **state) {
  each_allocation(*state, counter, "write", 0);
  each_allocation(*state, counter, "count", 3); /* a rotation */
}

static void a_resent_request_is_not_refused_for_want_of_memory_or_disk(void **state) {
  hostile *h = *state;
  world_deploy(&h->w, counter);
  world_call(&h->w, 1, "count", "[]");
  world_commit(&h->w);
  for (uint64_t n = 1; n < 20; n++) {
    h->memory.fail_at = h->memory.calls + n;
    world_resend(&h->w, 1);
    h->memory.fail_at = 0;
    if (h->w.outcome.kind == VMS_OUTCOME_REFUSED) assert_int_equal(h->w.outcome.code, VMS_CODE_STORAGE); /* never "sign again" */
  }
  h->disk.fail_read = true;
  world_resend(&h->w, 1);
  assert_int_equal(h->w.outcome.code, VMS_CODE_STORAGE);
  h->disk.fail_read = false;
  world_resend(&h->w, 1);
  assert_string_equal(world_outcome(&h->w), "1");
}

static void files_cannot_be_asked_for_when_the_archive_could_not_be_opened_again(void **state) {
  hostile *h = *state;
  vms_file_request request = { SLICE("readdir"), SLICE("[\"/\"]"), { NULL, 0 }, 0, 0, 0 };
  vms_file_reply reply = { .kind = 0 };
  vms_buffer json = VMS_BUFFER_INIT;
  world_deploy(&h->w, counter);
  world_call(&h->w, 1, "write", "[]");
  world_commit(&h->w);
  world_restart(&h->w); /* now the archive has to be read from the disk */
  h->disk.fail_read = true;
  world_call(&h->w, 1, "write", "[]");
  assert_int_equal(h->w.outcome.kind, VMS_OUTCOME_REFUSED);
  assert_int_not_equal(vms_service_file(h->w.service, &request, &reply, &h->w.error), VMS_OK);
  h->disk.fail_read = false;
  (void)vms_service_file(h->w.service, &request, &reply, &h->w.error);
  world_call(&h->w, 1, "count", "[]");
  (void)vms_service_info(h->w.service, &json, &h->w.error);
  vms_buffer_free(&json);
  vms_buffer_free(&reply.body);
  restart(h, 1);
  world_call(&h->w, 1, "count", "[]");
  assert_honest(h, "after a restart");
}

/* The auditor has to say that it could not tell, never that the host lied. */
static void an_auditor_without_memory_accuses_nobody(void **state) {
  hostile *h = *state;
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  vms_journal *journal;
  world_deploy(&h->w, counter);
  world_call(&h->w, 1, "write", "[]");
  world_call(&h->w, 2, "boom", "[]");
  world_commit(&h->w);
  journal_options.flags = VMS_JOURNAL_READ_ONLY;
  uint64_t step = 1;
  for (uint64_t n = 1;; n += step) {
    sim_memory memory;
    vms_verdict verdict;
    sim_memory_init(&memory);
    options.env = &memory.env;
    vms_verdict_init(&verdict, NULL);
    assert_ok(vms_journal_open(&journal, &h->w.storage, &journal_options, &h->w.error));
    memory.fail_at = n;
    int status = vms_audit(journal, &options, &verdict, &h->w.error);
    bool failed = memory.calls >= n;
    memory.fail_at = 0;
    if (status == VMS_OK && verdict.verdict == VMS_VERDICT_FINDING) fail_msg("allocation %llu: %s", (unsigned long long)n, verdict.message.data);
    if (!failed) assert_int_equal(status, VMS_OK);
    assert_int_equal(memory.live, 0);
    vms_verdict_free(&verdict);
    vms_journal_close(journal);
    if (!failed) break;
    step = 1 + n / 60;
  }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
    TEST(whatever_happens_the_audit_passes), TEST(files_are_what_the_calls_that_returned_made_of_them_and_the_audit_agrees), TEST(any_allocation_may_fail_in_a_call), TEST(any_allocation_may_fail_in_a_start),
    TEST(a_resent_request_is_not_refused_for_want_of_memory_or_disk),
    TEST(files_cannot_be_asked_for_when_the_archive_could_not_be_opened_again), TEST(an_auditor_without_memory_accuses_nobody),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
