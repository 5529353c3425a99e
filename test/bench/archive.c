/* SPDX-License-Identifier: MIT */
/* How fast is the archive, and how fast beside npm's hyperbee and hyperdrive? The same keys and values in the same order by both, each
 * phase in a process of its own, so that what it held at most is known too. Everything lies in files of a folder of its own.
 *
 * BENCH_FILES are the numbers of files (default "1000 100000 1000000 0"; 0 is a contract's), BENCH_NPM_FILES the most that npm is asked to hold (default
 * 100000; a million takes it several minutes), BENCH_SECONDS the time per figure of reading (default 1), BENCH_FOLDER where the
 * files go (default /tmp). With arguments it is one of the processes: PHASE FILES FOLDER SECONDS. */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "vms.h"

#define FOLDER_FILES 100u  /* files in one folder                             */
#define BATCH 1000u        /* puts in one commit, where there are several     */
#define CHANGES_MAX 5000u  /* changed one a commit, or a tenth of the files   */
#define COLD_GETS 1000u
#define SMALL_ROUNDS 3u     /* the best of so many counts, where a round is short */
#define CONTENT_LEN 100u   /* bytes of a file */
#define KEY_LEN 11u
#define TIME_MS UINT64_C(1700000000000)

static const uint8_t seed[VMS_SEED_LEN] = { 7 };
static uint64_t files;
static double seconds = 1;

static void say(const char *name, rate value) { printf("%s %.9g %.9g\n", name, value.clock, value.processor); }
static void say_one(const char *name, double value) { say(name, (rate){ value, value }); }

static void say_time(const char *name, watch since) { say(name, (rate){ now() - since.clock, processor() - since.processor }); }

static void say_memory(const char *name) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  say_one(name, (double)usage.ru_maxrss / 1024);
}

static void say_bytes(const char *name, const char *path) {
  char index[400];
  struct stat journal, beside = { 0 };
  snprintf(index, sizeof index, "%s.index", path);
  if (stat(path, &journal) != 0) die("no journal");
  stat(index, &beside);
  say_one(name, 512.0 * (double)(journal.st_blocks + beside.st_blocks) / (double)files);
}

static char *at(const char *folder, const char *name) {
  static char path[300];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

/* --- keys and values, the same as in archive.mjs ------------------------------------------------------------------ */

/* The i-th to be put: all of them, in an order in which neighbours are far apart. 7919 is prime and no divisor of a power of ten. */
static uint64_t shuffled(uint64_t i) { return (i * 7919 + 1) % files; }

static vms_slice key_of(uint64_t number, char text[32]) {
  snprintf(text, 32, "/d%05u/f%02u", (unsigned)(number / FOLDER_FILES), (unsigned)(number % FOLDER_FILES));
  return (vms_slice){ text, KEY_LEN };
}

static vms_slice value_of(uint64_t i, char text[200]) {
  int len = snprintf(text, 200, "{\"executable\":false,\"linkname\":null,\"blob\":{\"blockOffset\":%llu,\"byteOffset\":%llu,\"blockLength\":1,\"byteLength\":%u},"
                     "\"metadata\":{\"mtime\":%llu}}", (unsigned long long)i, (unsigned long long)i * CONTENT_LEN, CONTENT_LEN, (unsigned long long)TIME_MS);
  return (vms_slice){ text, (size_t)len };
}

static uint64_t changes(void) { return VMS__MIN(files / 10, CHANGES_MAX); }

/* --- the map, beside hyperbee -------------------------------------------------------------------------------------- */

typedef struct tree { book book; vms_bee *bee; } tree;

static void tree_over(tree *t) {
  vms_error error;
  must(vms_bee_open(&t->bee, t->book.core, NULL, &error), &error);
}

static void tree_make(tree *t, const char *path) {
  book_make(&t->book, path, seed, 1, false, true);
  tree_over(t);
}

static void tree_close(tree *t) {
  vms_bee_close(t->bee);
  book_close(&t->book);
}

static void put(tree *t, uint64_t i) {
  char key[32], value[200];
  vms_error error;
  must(vms_bee_put(t->bee, key_of(shuffled(i), key), value_of(i, value), &error), &error);
}

/* Both sides have the same blocks: else their figures are not of the same work. */
static void say_tree(const char *name, const tree *t) {
  uint8_t hash[VMS_HASH_LEN];
  uint64_t number = 0;
  vms_core_tree_hash(t->book.core, vms_core_length(t->book.core), hash);
  for (int i = 0; i < 6; i++) number = number << 8 | hash[i]; /* as much as a double holds */
  printf("%s %llu %llu\n", name, (unsigned long long)number, (unsigned long long)number);
}

static void map_fill_1(const char *folder) {
  char *path = at(folder, "map-1");
  tree t;
  tree_make(&t, path);
  watch since = watch_start();
  for (uint64_t i = 0; i < files; i++) {
    put(&t, i);
    book_commit(&t.book, VMS_COMMIT_SIGN);
  }
  say("fill_1", watch_stop(since, files));
  say_tree("tree_fill_1", &t);
  tree_close(&t);
  say_bytes("bytes_fill_1", path);
  say_memory("memory_fill_1");
}

static void map_fill(const char *folder) {
  char *path = at(folder, "map");
  vms_error error;
  tree t;
  tree_make(&t, path);
  watch since = watch_start();
  for (uint64_t i = 0; i < files; i++) {
    if (i % BATCH == 0) must(vms_bee_batch_begin(t.bee, &error), &error);
    put(&t, i);
    if ((i + 1) % BATCH != 0) continue;
    must(vms_bee_batch_end(t.bee, &error), &error);
    book_commit(&t.book, VMS_COMMIT_SIGN);
  }
  say("fill", watch_stop(since, files));
  say_tree("tree_fill", &t);
  tree_close(&t);
  say_bytes("bytes_fill", path);
  say_memory("memory_fill");
}

static void get(tree *t, uint64_t number, bool there) {
  char key[32];
  vms_slice wanted = key_of(number, key);
  vms_bee_entry entry;
  vms_error error;
  if (!there) key[wanted.len++] = 'x';
  int status = vms_bee_get(t->bee, 0, wanted, &entry, &error);
  if (there) must(status, &error);
  if (there ? entry.value.len < CONTENT_LEN : status != VMS_ERR_NOT_FOUND) die("another answer");
}

/* Gets of keys that lie apart, `count` different ones again and again. */
static rate gets(tree *t, uint64_t count, bool there) {
  uint64_t done = 0;
  watch since = watch_start();
  do get(t, shuffled(done++ % count), there);
  while (done % 64 != 0 || now() - since.clock < seconds);
  return watch_stop(since, done);
}

static uint64_t walk(tree *t, const vms_bee_range *range) {
  vms_bee_cursor *cursor;
  vms_bee_entry entry;
  vms_error error;
  uint64_t count = 0;
  int status;
  must(vms_bee_cursor_open(&cursor, t->bee, 0, range, &error), &error);
  while ((status = vms_bee_cursor_next(cursor, &entry, &error)) == VMS_OK) count++;
  if (status != VMS_ERR_NOT_FOUND) must(status, &error);
  vms_bee_cursor_close(cursor);
  return count;
}

static rate walks(tree *t, uint32_t flags) {
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  uint64_t done = 0;
  watch since = watch_start();
  range.flags = flags;
  do {
    if (walk(t, &range) != files) die("another walk");
    done += files;
  } while (now() - since.clock < seconds);
  return watch_stop(since, done);
}

static rate lists(tree *t) {
  vms_bee_range range = VMS_BEE_RANGE_INIT;
  char key[32], end[32];
  uint64_t done = 0;
  watch since = watch_start();
  do {
    range.from = key_of(shuffled(done++), key);
    range.from.len = KEY_LEN - 3; /* up to the slash */
    memcpy(end, key, sizeof end);
    range.to = (vms_slice){ end, range.from.len };
    end[range.to.len - 1]++;
    if (walk(t, &range) != FOLDER_FILES) die("another folder");
  } while (now() - since.clock < seconds);
  return watch_stop(since, done);
}

/* What was deleted, told from the difference between two versions and from the blocks in between. */
static void map_history(tree *t, uint64_t before, uint64_t after) {
  vms_bee_entry was, is;
  vms_bee_diff *diff;
  vms_error error;
  uint64_t done = 0;
  int status, deleted;
  watch since = watch_start();
  do {
    must(vms_bee_diff_open(&diff, t->bee, before, after, NULL, &error), &error);
    while ((status = vms_bee_diff_next(diff, &was, &is, &error)) == VMS_OK) done++;
    if (status != VMS_ERR_NOT_FOUND) must(status, &error);
    vms_bee_diff_close(diff);
  } while (now() - since.clock < seconds);
  if (done % changes() != 0) die("another difference");
  say("diff", watch_stop(since, done));
  done = 0;
  since = watch_start();
  do
    for (uint64_t seq = before; seq < after; seq++, done++) {
      must(vms_bee_change(t->bee, seq, &is, &deleted, &error), &error);
      if (!deleted) die("another history");
    }
  while (now() - since.clock < seconds);
  say("history", watch_stop(since, done));
}

static void map_changes(tree *t) {
  uint64_t before = vms_bee_version(t->bee), deleted;
  char key[32];
  vms_error error;
  watch since = watch_start();
  for (uint64_t i = 0; i < changes(); i++) {
    must(vms_bee_del(t->bee, key_of(shuffled(3 * i), key), &error), &error);
    book_commit(&t->book, VMS_COMMIT_SIGN);
  }
  say("del", watch_stop(since, changes()));
  deleted = vms_bee_version(t->bee);
  since = watch_start();
  for (uint64_t i = 0; i < changes(); i++) {
    put(t, 3 * i);
    book_commit(&t->book, VMS_COMMIT_SIGN);
  }
  say("put", watch_stop(since, changes()));
  say_tree("tree_changed", t);
  map_history(t, before, deleted);
}

/* What npm has no like of: commits that are synced, and such that another one signs later. */
static void map_own_puts(tree *t) {
  watch since = watch_start();
  for (uint64_t i = 0; i < changes(); i++) {
    put(t, 3 * i);
    book_commit(&t->book, VMS_COMMIT_NO_SYNC);
  }
  say("put_unsigned", watch_stop(since, changes()));
  t->book.lazy.sync = t->book.file.sync;
  since = watch_start();
  for (uint64_t i = 0; i < changes(); i++) {
    put(t, 3 * i);
    book_commit(&t->book, VMS_COMMIT_SIGN);
  }
  say("put_synced", watch_stop(since, changes()));
}

static void map_read(const char *folder) {
  tree t;
  watch since = watch_start();
  book_open(&t.book, at(folder, "map"), true);
  tree_over(&t);
  get(&t, files / 2, true);
  say_time("open", since);
  since = watch_start();
  for (uint64_t i = 0; i < COLD_GETS; i++) get(&t, shuffled(i % files), true);
  say("get_cold", watch_stop(since, COLD_GETS));
  say("get_warm", gets(&t, VMS__MIN(COLD_GETS, files), true));
  say("get", gets(&t, files, true));
  say("absent", gets(&t, files, false));
  say("list", lists(&t));
  say("walk", walks(&t, 0));
  say("back", walks(&t, VMS_BEE_REVERSE));
  book_signers(&t.book, seed);
  map_changes(&t);
  say_memory("memory_read");
  map_own_puts(&t);
  tree_close(&t);
}

/* --- files, beside hyperdrive ---------------------------------------------------------------------------------------- */

typedef struct drive { book book; vms_archive *archive; vms_file_reply reply; uint64_t work; } drive; /* work: of all calls */

static void drive_over(drive *d) {
  vms_error error;
  must(vms_archive_open(&d->archive, d->book.core, vms_journal_core(d->book.journal, 1), NULL, &error), &error);
  memset(&d->reply, 0, sizeof d->reply);
  d->work = 0;
}

static void drive_close(drive *d) {
  vms_buffer_free(&d->reply.body);
  vms_archive_close(d->archive);
  book_close(&d->book);
}

static void file_call(drive *d, const char *method, const char *params, const char *content) {
  vms_file_request request = { .method = vms__slice_of(method), .params = vms__slice_of(params) };
  vms_error error;
  if (content != NULL) request.data = (vms_slice){ content, CONTENT_LEN };
  vms__buf_clear(&d->reply.body);
  must(vms_archive_call(d->archive, &request, &d->reply, &error), &error);
  if (d->reply.kind == VMS_FILE_ERROR) die(d->reply.body.data);
  d->work += d->reply.work;
}

/* What a unit of vms_file_reply.work takes, in nanoseconds: the sandbox charges steps for it. */
static void say_unit(const char *name, watch since, drive *d) {
  double per = 1e9 / (double)VMS__MAX(d->work, 1);
  say(name, (rate){ (now() - since.clock) * per, (processor() - since.processor) * per });
  d->work = 0;
}

/* One about a file: its number, and what stands behind the path. */
static void path_call(drive *d, const char *method, uint64_t number, const char *more, const char *content) {
  char key[32], params[100];
  key_of(number, key);
  snprintf(params, sizeof params, "[\"%s\"%s]", key, more);
  file_call(d, method, params, content);
}

static void commit_files(drive *d) {
  vms_error error;
  must(vms_archive_commit(d->archive, &error), &error);
  book_commit(&d->book, VMS_COMMIT_SIGN);
}

static void write_file(drive *d, uint64_t i) {
  char content[CONTENT_LEN];
  memset(content, (int)(i & 255), sizeof content);
  path_call(d, "writeFile", shuffled(i), ",null", content);
}

static void make_folders(drive *d) {
  vms_archive_begin(d->archive, TIME_MS);
  for (uint64_t i = 0; i < files / FOLDER_FILES; i++) {
    char params[40];
    snprintf(params, sizeof params, "[\"/d%05u\"]", (unsigned)i);
    file_call(d, "mkdir", params, NULL);
  }
  commit_files(d);
}

static void files_fill(const char *folder) {
  char *path = at(folder, "files");
  drive d;
  book_make(&d.book, path, seed, 2, false, true);
  drive_over(&d);
  watch since = watch_start();
  make_folders(&d);
  for (uint64_t i = 0; i < files; i++) {
    if (i % BATCH == 0) vms_archive_begin(d.archive, TIME_MS);
    write_file(&d, i);
    if ((i + 1) % BATCH == 0) commit_files(&d);
  }
  say("f_fill", watch_stop(since, files));
  drive_close(&d);
  say_bytes("bytes_f_fill", path);
  say_memory("memory_f_fill");
}

/* Calls of one kind about files that lie apart, as long as there is time: their rate, and the time of their work. */
static void path_calls(drive *d, const char *name, const char *method, const char *unit) {
  uint64_t done = 0;
  watch since = watch_start();
  d->work = 0;
  do path_call(d, method, shuffled(done++ % files), "", NULL);
  while (now() - since.clock < seconds);
  say(name, watch_stop(since, done));
  say_unit(unit, since, d);
}

static void folder_calls(drive *d, const char *name, const char *method, const char *options, const char *unit) {
  uint64_t done = 0;
  watch since = watch_start();
  d->work = 0;
  do {
    char params[60];
    snprintf(params, sizeof params, "[\"/d%05u\"%s]", (unsigned)(shuffled(done++) / FOLDER_FILES), options);
    vms_archive_begin(d->archive, TIME_MS);
    file_call(d, method, params, NULL);
    vms_archive_abort(d->archive);
  } while (now() - since.clock < seconds);
  say(name, watch_stop(since, done));
  say_unit(unit, since, d);
}

/* One call about everything. */
static void long_call(drive *d, const char *name, const char *method, const char *params, uint64_t count, const char *unit) {
  watch since = watch_start();
  d->work = 0;
  file_call(d, method, params, NULL);
  say(name, watch_stop(since, count));
  say_unit(unit, since, d);
}

static void files_change(drive *d) {
  watch since = watch_start();
  for (uint64_t i = 0; i < changes(); i++) {
    vms_archive_begin(d->archive, TIME_MS);
    path_call(d, "unlink", shuffled(3 * i), "", NULL);
    commit_files(d);
  }
  say("f_del", watch_stop(since, changes()));
  since = watch_start();
  for (uint64_t i = 0; i < changes(); i++) {
    vms_archive_begin(d->archive, TIME_MS);
    write_file(d, 3 * i);
    commit_files(d);
  }
  say("f_put", watch_stop(since, changes()));
}

static void files_read(const char *folder) {
  drive d;
  watch since = watch_start();
  book_open(&d.book, at(folder, "files"), true);
  drive_over(&d);
  path_call(&d, "readFile", files / 2, "", NULL);
  say_time("open_f", since);
  book_signers(&d.book, seed);
  since = watch_start();
  vms_archive_begin(d.archive, TIME_MS);
  write_file(&d, 0);
  commit_files(&d);
  say_time("open_f_write", since);
  path_calls(&d, "f_get", "readFile", "unit_get");
  path_calls(&d, "f_stat", "stat", "unit_stat");
  folder_calls(&d, "f_list", "readdir", "", "unit_list");
  folder_calls(&d, "f_list_stat", "readdir", ",{\"stat\":true}", "unit_list_stat");
  folder_calls(&d, "f_rmdir", "rmdir", ",{\"recursive\":true}", "unit_rmdir");
  long_call(&d, "f_walk", "readdir", "[null,{\"recursive\":true}]", files, "unit_walk");
  long_call(&d, "f_history", "history", "[{\"limit\":100000}]", VMS__MIN(files, 100000), "unit_history");
  files_change(&d);
  say_memory("memory_f_read");
  drive_close(&d);
}

/* --- through a contract ------------------------------------------------------------------------------------------------ */

#define SERVICE_CALLS 20000u
#define PROOFS 100u
#define SERVICE_COMMIT 64u /* calls in one commit: about what a host under load comes to */

static const char contract[] =
  "exports.init = async () => { await System.files.mkdir('/f') }\n"
  "exports.write = async (n, text) => { await System.files.writeFile('/f/' + n, text) }\n"
  "exports.read = n => System.files.readFile('/f/' + n)\n"
  "exports.list = () => System.files.readdir('/f')\n"
  "exports.nothing = () => {}\n";

typedef struct signed_call { vms_buffer text; uint8_t signature[VMS_SIGNATURE_LEN]; } signed_call;

static uint64_t next_nonce;

static void call_sign(vms_service *service, signed_call *call, const char *method, const char *params) {
  uint64_t nonce = ++next_nonce;
  vms_request request = { .nonce = nonce, .until_ms = nonce / 1000 + 3600000, .method = vms__slice_of(method), .params = vms__slice_of(params) };
  vms_core *ledger = vms_service_core(service, VMS_CORE_LEDGER);
  vms_error error;
  vms_service_key(service, VMS_CORE_LEDGER, request.ledger);
  request.seen_length = 1;
  vms_core_tree_hash(ledger, 1, request.seen_hash);
  vms_buffer_init(&call->text, NULL);
  must(vms_request_write(&call->text, &request, &error), &error);
  vms_request_sign(vms__buf_view(&call->text), seed, call->signature);
}

/* Signed before the clock starts, as a client does it. */
static rate service_calls(vms_service *service, const char *method, const char *params, unsigned count) {
  signed_call *calls = calloc(count, sizeof *calls);
  uint8_t caller[VMS_KEY_LEN];
  vms_outcome outcome;
  vms_error error;
  char text[200];
  if (calls == NULL) die("no memory");
  for (unsigned i = 0; i < count; i++) {
    snprintf(text, sizeof text, params, i % 1000);
    call_sign(service, &calls[i], method, text);
  }
  vms_key_public(seed, caller);
  vms_outcome_init(&outcome, NULL);
  watch since = watch_start();
  for (unsigned i = 0; i < count; i++) {
    must(vms_service_call(service, vms__buf_view(&calls[i].text), caller, calls[i].signature, &outcome), &error);
    if (outcome.kind != VMS_OUTCOME_RESULT) die(outcome.message.data);
    if ((i + 1) % SERVICE_COMMIT == 0) must(vms_service_commit(service, VMS_COMMIT_NO_SYNC, &error), &error);
  }
  rate result = watch_stop(since, count);
  for (unsigned i = 0; i < count; i++) vms_buffer_free(&calls[i].text);
  vms_outcome_free(&outcome);
  free(calls);
  return result;
}

static rate client_reads(vms_service *service, const char *method, const char *params) {
  vms_file_reply reply = { 0 };
  vms_error error;
  char text[200];
  unsigned done = 0;
  watch since = watch_start();
  do {
    snprintf(text, sizeof text, params, done++ % 1000);
    vms_file_request request = { .method = vms__slice_of(method), .params = vms__slice_of(text) };
    vms__buf_clear(&reply.body);
    must(vms_service_file(service, &request, &reply, &error), &error);
    if (reply.kind == VMS_FILE_ERROR) die(reply.body.data);
  } while (now() - since.clock < seconds);
  rate result = watch_stop(since, done);
  vms_buffer_free(&reply.body);
  return result;
}

/* Answers with their proofs, and what it takes to check one. Every tenth is about a file that is not there. */
static void say_proofs(vms_service *service, const char *name, const char *check_name, const char *bytes_name, const char *method, const char *params) {
  vms_buffer proofs[PROOFS];
  char texts[PROOFS][60];
  uint8_t ledger[VMS_KEY_LEN];
  vms_file_reply reply = { 0 };
  vms_error error;
  uint64_t done = 0, bytes = 0;
  vms_service_key(service, VMS_CORE_LEDGER, ledger);
  for (unsigned i = 0; i < PROOFS; i++) {
    vms_buffer_init(&proofs[i], NULL);
    snprintf(texts[i], sizeof texts[i], params, i % 10 == 9 ? 1000000 + i : i * 7 % 1000);
  }
  watch since = watch_start();
  do {
    vms_file_request request = { .method = vms__slice_of(method), .params = vms__slice_of(texts[done % PROOFS]) };
    vms__buf_clear(&proofs[done % PROOFS]);
    vms__buf_clear(&reply.body);
    must(vms_service_file_prove(service, &request, &reply, &proofs[done % PROOFS], &error), &error);
  } while (++done < PROOFS || now() - since.clock < seconds);
  say(name, watch_stop(since, done));
  done = 0;
  since = watch_start();
  do {
    vms_file_request request = { .method = vms__slice_of(method), .params = vms__slice_of(texts[done % PROOFS]) };
    vms__buf_clear(&reply.body);
    must(vms_file_verify(ledger, &request, vms__buf_view(&proofs[done % PROOFS]), NULL, &reply, NULL, &error), &error);
  } while (++done < PROOFS || now() - since.clock < seconds);
  say(check_name, watch_stop(since, done));
  for (unsigned i = 0; i < PROOFS; i++) {
    bytes += proofs[i].len;
    vms_buffer_free(&proofs[i]);
  }
  say_one(bytes_name, (double)bytes / PROOFS);
  vms_buffer_free(&reply.body);
}

static void service_phase(const char *folder) {
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms_storage file, index;
  vms_service *service;
  vms_error error;
  must(vms_file_open(&file, at(folder, "service"), VMS_FILE_CREATE, &error), &error);
  must(vms_file_open(&index, at(folder, "service.index"), VMS_FILE_CREATE, &error), &error);
  options.env = vms_env_system();
  options.index = &index;
  must(vms_service_deploy(&service, &file, seed, vms__slice_of(contract), &options, NULL, &error), &error);
  next_nonce = options.env->now_ms(options.env->context) * 1000;
  say("s_write", service_calls(service, "write", "[%u,\"0123456789012345678901234567890123456789012345678901234567890123456789\"]", SERVICE_CALLS));
  say("s_read", service_calls(service, "read", "[%u]", SERVICE_CALLS));
  say("s_list", service_calls(service, "list", "[]", SERVICE_CALLS / 40));
  say("s_nothing", service_calls(service, "nothing", "[]", SERVICE_CALLS));
  must(vms_service_commit(service, VMS_COMMIT_SIGN, &error), &error);
  say("c_read", client_reads(service, "readFile", "[\"/f/%u\"]"));
  say("c_stat", client_reads(service, "stat", "[\"/f/%u\"]"));
  say("c_list", client_reads(service, "readdir", "[\"/f\"]"));
  say_proofs(service, "p_read", "p_read_check", "bytes_p_read", "readFile", "[\"/f/%u\"]");
  say_proofs(service, "p_stat", "p_stat_check", "bytes_p_stat", "stat", "[\"/f/%u\"]");
  vms_service_close(service);
  vms_file_close(&file);
  vms_file_close(&index);
}

/* --- all of it ------------------------------------------------------------------------------------------------------------ */

static const struct { const char *name; void (*run)(const char *folder); uint64_t npm_factor, npm_most; } phases[] = { /* npm: so many times slower than the first, and never asked above this */
  { "map-fill-1", map_fill_1, 1, 100000 }, { "map-fill", map_fill, 1, UINT64_MAX }, { "map-read", map_read, 1, UINT64_MAX },
  { "files-fill", files_fill, 10, UINT64_MAX }, { "files-read", files_read, 10, UINT64_MAX }, { "service", service_phase, 0, 0 },
};

/* One of the processes. */
static int phase(char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  files = strtoull(argv[2], NULL, 10);
  seconds = atof(argv[4]);
  for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++)
    if (strcmp(argv[1], phases[i].name) == 0) {
      phases[i].run(argv[3]);
      return 0;
    }
  die("no such phase");
  return 1;
}

static void value_show(const char *unit, double value, int digits) { printf("%12.*f %-3s", digits, value, unit); }

/* A line of the table; npm's is left out where it was not asked. What is less better for (time, memory, bytes) has the ratio turned round. */
static void show(const char *what, const char *name, const char *unit, double factor, bool less) {
  char whole[48];
  snprintf(whole, sizeof whole, "%s@%llu", name, (unsigned long long)files);
  rate own = figure(whole)->ours, npm = figure(whole)->npm;
  int digits = less ? 1 : 0;
  if (own.clock == 0) return;
  printf("  %-54s", what);
  value_show(unit, own.clock * factor, digits);
  if (npm.clock > 0) {
    printf("   npm");
    value_show(unit, npm.clock * factor, digits);
    printf("  %6.1f times", less ? npm.clock / own.clock : own.clock / npm.clock);
  }
  if (own.processor != own.clock) {
    printf("; by processor time");
    value_show(unit, own.processor * factor, digits);
    if (npm.processor > 0) printf("  %6.1f times", less ? npm.processor / own.processor : own.processor / npm.processor);
  }
  putchar('\n');
}

static void check_same(const char *name) {
  char whole[48];
  snprintf(whole, sizeof whole, "%s@%llu", name, (unsigned long long)files);
  rate own = figure(whole)->ours, npm = figure(whole)->npm;
  if (npm.clock != 0 && own.clock != npm.clock) die("npm's blocks differ from ours");
}

static void show_size(void) {
  printf("%llu files\n", (unsigned long long)files);
  check_same("tree_fill_1");
  check_same("tree_fill");
  check_same("tree_changed");
  show("puts to fill it, 1 a commit, signed, not synced", "fill_1", "/s", 1, false);
  show("puts to fill it, 1000 a commit, signed, not synced", "fill", "/s", 1, false);
  show("puts into it, 1 a commit, signed, not synced", "put", "/s", 1, false);
  show("puts into it, 1 a commit, signed later, not synced", "put_unsigned", "/s", 1, false);
  show("puts into it, 1 a commit, signed and synced", "put_synced", "/s", 1, false);
  show("deletes, 1 a commit, signed, not synced", "del", "/s", 1, false);
  show("gets, the first 1000 after opening", "get_cold", "/s", 1, false);
  show("gets, the same 1000 again", "get_warm", "/s", 1, false);
  show("gets, all keys", "get", "/s", 1, false);
  show("gets of what is absent", "absent", "/s", 1, false);
  show("lists of a folder of 100", "list", "/s", 1, false);
  show("entries in a walk of everything", "walk", "/s", 1, false);
  show("the same from the last to the first", "back", "/s", 1, false);
  show("differences between two versions", "diff", "/s", 1, false);
  show("changes in the order in which they were made", "history", "/s", 1, false);
  show("opening and the first get", "open", "ms", 1000, true);
  show("bytes on disk a put, 1 a commit", "bytes_fill_1", "B", 1, true);
  show("bytes on disk a put, 1000 a commit", "bytes_fill", "B", 1, true);
  show("peak memory, filling 1 a commit", "memory_fill_1", "MiB", 1, true);
  show("peak memory, filling 1000 a commit", "memory_fill", "MiB", 1, true);
  show("peak memory, all of the reading", "memory_read", "MiB", 1, true);
  show("files: writeFile to fill it, 1000 a commit", "f_fill", "/s", 1, false);
  show("files: writeFile, 1 a commit, signed, not synced", "f_put", "/s", 1, false);
  show("files: unlink, 1 a commit, signed, not synced", "f_del", "/s", 1, false);
  show("files: readFile", "f_get", "/s", 1, false);
  show("files: stat", "f_stat", "/s", 1, false);
  show("files: readdir of a folder of 100", "f_list", "/s", 1, false);
  show("files: the same with stat", "f_list_stat", "/s", 1, false);
  show("files: names of a recursive readdir of everything", "f_walk", "/s", 1, false);
  show("files: changes of a history", "f_history", "/s", 1, false);
  show("files: recursive rmdir of a folder of 100, staged", "f_rmdir", "/s", 1, false);
  show("files: opening and the first readFile", "open_f", "ms", 1000, true);
  show("files: the first writeFile after opening", "open_f_write", "ms", 1000, true);
  show("files: bytes on disk a file of 100 bytes", "bytes_f_fill", "B", 1, true);
  show("files: a unit of work in a stat", "unit_stat", "ns", 1, true);
  show("files: a unit of work in a readFile", "unit_get", "ns", 1, true);
  show("files: a unit of work in a readdir", "unit_list", "ns", 1, true);
  show("files: a unit of work in a recursive readdir", "unit_walk", "ns", 1, true);
  show("files: a unit of work in a history", "unit_history", "ns", 1, true);
  show("files: a unit of work in a recursive rmdir", "unit_rmdir", "ns", 1, true);
  show("files: peak memory, filling", "memory_f_fill", "MiB", 1, true);
  show("files: peak memory, all of the reading", "memory_f_read", "MiB", 1, true);
}

static void show_service(void) {
  printf("a service, calls signed by one caller, %u a commit, not synced; in process, no socket\n", SERVICE_COMMIT);
  show("calls that do nothing", "s_nothing", "/s", 1, false);
  show("calls that write a file", "s_write", "/s", 1, false);
  show("calls that read a file", "s_read", "/s", 1, false);
  show("calls that list a folder of 1000", "s_list", "/s", 1, false);
  show("a client's readFile", "c_read", "/s", 1, false);
  show("a client's stat", "c_stat", "/s", 1, false);
  show("a client's readdir of 1000", "c_list", "/s", 1, false);
  show("a client's readFile with its proof made", "p_read", "/s", 1, false);
  show("such proofs checked", "p_read_check", "/s", 1, false);
  show("bytes of such a proof", "bytes_p_read", "B", 1, true);
  show("a client's stat with its proof made", "p_stat", "/s", 1, false);
  show("such proofs checked", "p_stat_check", "/s", 1, false);
  show("bytes of such a proof", "bytes_p_stat", "B", 1, true);
}

/* Runs a phase in a process of its own, in a folder of its round's own. */
static void run(const char *program, const char *folder, size_t i, bool npm) {
  char command[1000], suffix[32];
  snprintf(suffix, sizeof suffix, "@%llu", (unsigned long long)files);
  snprintf(command, sizeof command, "%s %s %llu %s %g", npm ? "node test/bench/archive.mjs" : program, phases[i].name, (unsigned long long)files, folder, seconds);
  figures_ask(command, suffix, npm);
}

static void run_round(const char *program, const char *folder, unsigned number, uint64_t npm_most) {
  char own[300];
  snprintf(own, sizeof own, "%s/%llu-%u", folder, (unsigned long long)files, number);
  if (mkdir(own, 0700) != 0) die("no folder for the files");
  for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
    if ((phases[i].npm_factor == 0) != (files == 0)) continue; /* the service has its own number of files */
    run(program, own, i, false);
    if (files > 0 && files * phases[i].npm_factor <= npm_most && files <= phases[i].npm_most) run(program, own, i, true);
  }
  snprintf(own, sizeof own, "rm -rf %s/%llu-%u", folder, (unsigned long long)files, number);
  if (system(own) != 0) die("cannot remove files");
}

int main(int argc, char **argv) {
  const char *where = getenv("BENCH_FOLDER"), *sizes = getenv("BENCH_FILES"), *most = getenv("BENCH_NPM_FILES");
  uint64_t npm_most = most != NULL ? strtoull(most, NULL, 10) : 100000;
  char folder[200], *end;
  if (argc == 5) return phase(argv);
  if (getenv("BENCH_SECONDS") != NULL) seconds = atof(getenv("BENCH_SECONDS"));
  snprintf(folder, sizeof folder, "%s/vms-bench-XXXXXX", where != NULL ? where : "/tmp");
  if (mkdtemp(folder) == NULL) die("no folder for the files");
  printf("npm's hyperbee signs every append or batch and never syncs: RocksDB's log, as the system likes. A get is waited for before the next.\n");
  sizes = sizes != NULL ? sizes : "1000 100000 1000000 0";
  do {
    files = strtoull(sizes, &end, 10);
    sizes = end;
    for (unsigned n = 0; n < (files <= 1000 ? SMALL_ROUNDS : 1); n++) run_round(argv[0], folder, n, npm_most);
    if (files > 0) show_size();
    else show_service();
    fflush(stdout);
  } while (*sizes != 0);
  return rmdir(folder) == 0 ? 0 : 1;
}
