/* SPDX-License-Identifier: MIT */
/* Goal: whatever the calls, the archive behaves as a plain map of paths does, at every version, across restarts, aborts and rollbacks,
 * and its blocks depend on nothing but what was committed.
 * Method: random file calls on the archive and on the model (test/support/file_model.h) side by side; every answer and every error is
 * derived from the model alone. A second archive gets only the changes that succeeded and became durable, and must end with the same
 * blocks; what reading costs is the same on both. FILE_CALLS=1000000 asks for more calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/archive/internal.h"
#include "test/support/file_model.h"
#include "test/support/storage.h"

#define FILE_CALLS 100000u
#define FILES_CALL 60000u   /* limits small enough to be met now and then */
#define FILES_TOTAL 90000u
#define INDEX_STEP 200u     /* blocks to a segment of the journal's index: small, so that there are many */
#define TOO_MANY (UINT64_C(1) << 40)

/* --- an archive ---------------------------------------------------------------------------------------- */

typedef struct { vms_storage storage, index; bool with_index; vms_journal *journal; vms_archive *archive; } drive;

static void drive_open(drive *d, bool fresh, uint64_t files_call, uint64_t files_total) {
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  uint8_t seed[VMS_SEED_LEN], manifests[2][VMS_MANIFEST_LEN];
  sim_keys(seed, manifests);
  options.files_call_max = files_call;
  options.files_total_max = files_total;
  if (fresh) assert_int_equal(vms_memory_open(&d->storage, NULL, NULL), VMS_OK);
  if (fresh && d->with_index) assert_int_equal(vms_memory_open(&d->index, NULL, NULL), VMS_OK);
  if (d->with_index) journal_options.index = &d->index;
  if (fresh) assert_int_equal(vms_journal_create(&d->journal, &d->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, &journal_options, NULL), VMS_OK);
  else assert_int_equal(vms_journal_open(&d->journal, &d->storage, &journal_options, NULL), VMS_OK);
  d->journal->index.step_blocks = INDEX_STEP;
  d->journal->index.due_blocks = VMS__MIN(d->journal->index.due_blocks, INDEX_STEP);
  for (uint32_t i = 0; i < 2; i++) assert_int_equal(vms_journal_signer(d->journal, i, seed, NULL), VMS_OK);
  assert_int_equal(vms_archive_open(&d->archive, vms_journal_core(d->journal, 0), vms_journal_core(d->journal, 1), &options, NULL), VMS_OK);
}

static void drive_close(drive *d) {
  vms_archive_close(d->archive);
  vms_journal_close(d->journal);
}

/* --- a run --------------------------------------------------------------------------------------------------- */

/* A change that succeeded; of a transaction that is durable, once all of its are. */
typedef struct { uint64_t time_ms; const char *method; vms_buffer params, data; bool has_data; } deed;

typedef struct run {
  drive d, twin;
  file_model m;
  uint64_t random, calls, errors, aborts, restarts, rollbacks, old_reads;
  deed *deeds; /* since the journal's last commit; an empty method ends a transaction */
  size_t deed_count, deed_capacity, kept_count;
  bool staging;
  int last; /* written */
  vms_buffer params, data, expected;
  bool has_data;
  vms_file_reply reply;
} run;

static uint64_t draw(run *r, uint64_t below) { return sim_random(&r->random) % below; }

static void add(run *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(run *r, const char *format, ...) {
  char piece[1200];
  va_list args;
  va_start(args, format);
  assert_in_range(vsnprintf(piece, sizeof piece, format, args), 0, sizeof piece - 1);
  va_end(args);
  assert_int_equal(vms__buf_text(&r->params, piece), VMS_OK);
}

static void ask(run *r, drive *d, const char *method, uint64_t version) {
  vms_file_request request = { vms__slice_of(method), vms__buf_view(&r->params), { NULL, 0 }, version, 0, 0 };
  if (r->has_data) request.data = (vms_slice){ r->data.data == NULL ? "" : r->data.data, r->data.len };
  vms__buf_clear(&r->reply.body);
  if (vms_archive_call(d->archive, &request, &r->reply, NULL) != VMS_OK) fail_msg("%s%.300s failed", method, r->params.data);
}

static void remember(run *r, const char *method) {
  if (r->deed_count == r->deed_capacity) {
    r->deed_capacity = r->deed_capacity * 2 + 64;
    r->deeds = realloc(r->deeds, r->deed_capacity * sizeof *r->deeds);
    assert_non_null(r->deeds);
  }
  deed *made = &r->deeds[r->deed_count++];
  *made = (deed){ r->m.time_ms, method, VMS_BUFFER_INIT, VMS_BUFFER_INIT, r->has_data };
  assert_int_equal(vms__buf_slice(&made->params, vms__buf_view(&r->params)), VMS_OK);
  if (r->data.len > 0) assert_int_equal(vms__buf_slice(&made->data, vms__buf_view(&r->data)), VMS_OK);
}

static void forget(run *r, size_t from) {
  for (; r->deed_count > from; r->deed_count--) {
    deed *last = &r->deeds[r->deed_count - 1];
    vms_buffer_free(&last->params);
    vms_buffer_free(&last->data);
  }
}

/* Asks the archive what is in params, and compares with what the model says: an error's name, or "" and r->expected. */
static void expect(run *r, const char *method, uint64_t version, const char *error) {
  const vms_file_reply *reply = &r->reply;
  const char *got;
  ask(r, &r->d, method, version);
  r->calls++;
  got = reply->kind == VMS_FILE_ERROR ? reply->error_name : reply->kind == VMS_FILE_ABORT ? FM_ABORT : "";
  if (strcmp(got, error) != 0)
    fail_msg("call %llu: %s%.300s at version %llu gives \"%s\", not \"%s\"", (unsigned long long)r->calls, method, r->params.data, (unsigned long long)version, got, error);
  if (error[0] != 0) r->errors++;
  else if (reply->body.len != r->expected.len || (reply->body.len > 0 && memcmp(reply->body.data, r->expected.data, reply->body.len) != 0))
    fail_msg("call %llu: %s%.300s at version %llu gives\n%.2000s\nnot\n%.2000s", (unsigned long long)r->calls, method, r->params.data, (unsigned long long)version,
             reply->body.len == 0 ? "" : reply->body.data, r->expected.len == 0 ? "" : r->expected.data);
}

/* --- parameters ------------------------------------------------------------------------------------------------ */

/* Begins the parameters with a path, written in one of the ways in which it may be. */
static void begin_with(run *r, int place, bool folder) {
  static const char *const heads[] = { "/", "", "//", "./", "\\\\", "/x/../", "/./", "/\xc3\xa9/y/../../" };
  const char *rest = fm_path(place);
  vms_buffer quoted = VMS_BUFFER_INIT;
  vms__buf_clear(&r->params);
  vms__buf_clear(&r->data);
  vms__buf_clear(&r->expected);
  r->has_data = false;
  fm_quote(&quoted, *rest == '/' ? rest + 1 : rest);
  quoted.data[quoted.len - 1] = 0;
  add(r, "[\"%s%s%s\"", heads[draw(r, 3) > 0 ? 0 : draw(r, sizeof heads / sizeof heads[0])], quoted.data + 1, folder && draw(r, 8) == 0 ? "/" : "");
  vms_buffer_free(&quoted);
}

/* A place: mostly one that is there or could be, now and then any. */
static int pick(run *r) {
  int place = FM_ROOT;
  if (draw(r, 10) == 0) return (int)draw(r, FM_PLACES);
  for (;;) {
    int child = fm_child(place, (unsigned)draw(r, FM_NAMES));
    if (child < 0) return place;
    place = child;
    if (draw(r, 3) == 0 || fm_kind(&r->m.now, place) != FM_FOLDER) return place;
  }
}

static int pick_or_root(run *r) { return draw(r, 12) == 0 ? FM_ROOT : pick(r); }

/* --- changes ----------------------------------------------------------------------------------------------------- */

static bool changed(run *r, const char *method, const char *error) {
  expect(r, method, 0, error);
  if (error[0] == 0) remember(r, method);
  return strcmp(error, FM_ABORT) != 0;
}

/* Mostly a few bytes; blocks and their neighbours; exactly as much as a limit leaves, or a byte more. */
static fm_content some_content(run *r, int place) {
  fm_content content = { (uint32_t)draw(r, 60000), (uint32_t)draw(r, 60) };
  uint64_t room = r->m.files_total - fm_size(&r->m.now), call = r->m.files_call - r->m.used, path = strlen(fm_path(place));
  if (place >= 0 && r->m.now.at[place].kind == FM_FILE) room += r->m.now.at[place].content.len;
  switch (draw(r, 300)) {
    case 0: content.len = (uint32_t)(room + draw(r, 2)); break;
    case 1: content.len = (uint32_t)(call > path ? call - path + draw(r, 2) : 0); break;
    case 2: content.len = (uint32_t)(65535 + draw(r, 3)); break;
    case 3: case 4: content.len = (uint32_t)draw(r, 3000); break;
    case 5: content.len = 0; break;
    case 6: case 7: content.len = (uint32_t)(call / 2); break; /* a copy is too much */
    default: break;
  }
  return content;
}

/* Adds contents to params in one of the forms that writeFile takes. */
static void add_content(run *r, fm_content content) {
  vms_buffer *bytes = &r->data;
  uint64_t form = draw(r, 4), type = content.seed % FM_CONTENTS;
  for (uint32_t i = 0; i < content.len; i++) assert_int_equal(vms__buf_byte(bytes, fm_byte(content, i)), VMS_OK);
  r->has_data = form == 0 || (form == 1 && type == FM_BYTES) || content.len == 0;
  if (r->has_data) {
    add(r, ",null]");
    return;
  }
  if (form == 1 && (type != FM_JSON || content.len < 2)) { /* text without quotes */
    add(r, ",\"");
    assert_int_equal(vms__buf_slice(&r->params, vms__buf_view(bytes)), VMS_OK);
    add(r, draw(r, 2) == 0 ? "\"]" : "\",{\"encoding\":\"utf8\",\"x\":[]}]");
  } else if (form == 1) {
    add(r, ",");
    assert_int_equal(vms__buf_slice(&r->params, vms__buf_view(bytes)), VMS_OK);
    add(r, ",\"json\"]");
  } else {
    add(r, ",\"");
    assert_int_equal(form == 2 ? vms__buf_base64(&r->params, bytes->data, bytes->len) : vms__buf_hex(&r->params, bytes->data, bytes->len), VMS_OK);
    add(r, form == 2 ? "\",\"base64\"]" : "\",{\"encoding\":\"hex\"}]");
  }
  vms__buf_clear(bytes);
}

static bool write_file(run *r) {
  int place = pick_or_root(r);
  fm_content content = some_content(r, place);
  if (content.len == 1 && content.seed % FM_CONTENTS == FM_JSON) content.len = 2; /* one quote is no text without quotes */
  begin_with(r, place, false);
  add_content(r, content);
  r->last = place;
  return changed(r, "writeFile", fm_write(&r->m, place, content));
}

static bool make_folder(run *r) {
  int place = pick_or_root(r);
  begin_with(r, place, true);
  add(r, "]");
  return changed(r, "mkdir", fm_mkdir(&r->m, place));
}

static bool unlink_file(run *r) {
  int place = pick_or_root(r);
  begin_with(r, place, false);
  add(r, "]");
  return changed(r, "unlink", fm_unlink(&r->m, place));
}

static bool copy_or_rename(run *r, bool moves) {
  int from = draw(r, 3) == 0 ? r->last : pick_or_root(r), to = pick_or_root(r);
  vms_buffer first = VMS_BUFFER_INIT;
  if (!fm_copy_fits(&r->m, from, to)) return true;
  if (to == FM_ROOT && fm_kind(&r->m.now, from) == FM_FILE) return true; /* a slash at the end or an entry there: either is an error */
  begin_with(r, from, fm_kind(&r->m.now, from) == FM_FOLDER);
  assert_int_equal(vms__buf_slice(&first, vms__buf_view(&r->params)), VMS_OK);
  begin_with(r, to, fm_kind(&r->m.now, from) == FM_FOLDER);
  r->params.data[0] = ',';
  assert_int_equal(vms__buf_slice(&first, vms__buf_view(&r->params)), VMS_OK);
  vms_buffer_free(&r->params);
  r->params = first;
  add(r, "]");
  return changed(r, moves ? "rename" : "copy", fm_copy(&r->m, from, to, moves));
}

static bool remove_folder(run *r) {
  static const char *const options[] = { "]", ",{}]", ",{\"recursive\":false,\"stat\":true}]", ",null]", ",{\"recursive\":true}]", ",{\"recursive\":1}]" };
  uint64_t how = draw(r, sizeof options / sizeof options[0]);
  int place = pick_or_root(r);
  begin_with(r, place, true);
  add(r, "%s", options[how]);
  return changed(r, "rmdir", fm_rmdir(&r->m, place, how >= 4));
}

/* --- reads ---------------------------------------------------------------------------------------------------------- */

/* Where a piece of a file may begin, or how long it may be. */
static uint64_t some_bytes(run *r) {
  static const uint64_t edges[] = { 0, 1, 65535, 65536, 65537, 131072, VMS__JSON_INT_MAX };
  return draw(r, 3) == 0 ? edges[draw(r, sizeof edges / sizeof edges[0])] : draw(r, 70);
}

/* What a read is about: the files as of now, or as of an old version, and how that is asked for. */
typedef struct sight { const fm_tree *tree; uint64_t version, request; char option[40]; } sight;

static sight look(run *r) {
  static fm_tree old;
  sight s = { r->staging ? &r->m.now : &r->m.committed, fm_version(&r->m), 0, "" };
  if (draw(r, 3) > 0) return s;
  s.version = 1 + draw(r, fm_version(&r->m));
  fm_at(&r->m, s.version, &old);
  s.tree = &old;
  r->old_reads++;
  if (draw(r, 2) == 0) s.request = s.version;
  else snprintf(s.option, sizeof s.option, ",\"version\":%llu", (unsigned long long)s.version);
  if (s.option[0] != 0 && draw(r, 4) == 0) s.request = s.version + draw(r, fm_version(&r->m) - s.version + 1); /* the older one counts */
  return s;
}

static void read_file(run *r) {
  static const char *const encodings[] = { "utf8", "base64", "hex", "json", "binary" };
  const char *encoding = encodings[draw(r, 5)];
  int place = pick_or_root(r);
  sight s = look(r);
  uint64_t offset = 0, length = UINT64_MAX;
  begin_with(r, place, false);
  if (s.option[0] == 0 && draw(r, 2) == 0) {
    add(r, ",\"%s\"]", encoding);
  } else {
    add(r, ",{\"encoding\":\"%s\"%s", encoding, s.option);
    if (draw(r, 2) == 0) add(r, ",\"offset\":%llu", (unsigned long long)(offset = some_bytes(r)));
    if (draw(r, 2) == 0) add(r, ",\"length\":%llu", (unsigned long long)(length = some_bytes(r)));
    add(r, "}]");
  }
  expect(r, "readFile", s.request, fm_read(s.tree, place, encoding, offset, length, &r->expected));
}

static void stat_path(run *r) {
  int place = pick_or_root(r);
  sight s = look(r);
  begin_with(r, place, true);
  if (s.option[0] != 0) add(r, ",{%s}]", s.option + 1);
  else add(r, "]");
  expect(r, "stat", s.request, fm_stat(s.tree, place, &r->expected));
}

/* A name or relative path behind which a list may begin: often one that is in it, or nearly. */
static const char *some_name(run *r, int folder) {
  static const char *const others[] = { "", "a/", "a/a-", "b", "zz", "\xc3\xa8", "\xef\xbf\xbd", "a-/q\" '.txt" };
  int place = fm_child(folder, (unsigned)draw(r, FM_NAMES));
  if (draw(r, 3) == 0) return others[draw(r, sizeof others / sizeof others[0])];
  if (place >= 0 && draw(r, 2) == 0 && fm_child(place, 0) >= 0) place = fm_child(place, (unsigned)draw(r, FM_NAMES));
  return place < 0 ? "a" : fm_path(place) + strlen(fm_path(folder)) + 1;
}

static void read_folder(run *r) {
  fm_list list = { draw(r, 2) == 0, draw(r, 2) == 0, NULL, UINT64_MAX };
  int place = draw(r, 3) == 0 ? FM_ROOT : pick(r);
  sight s = look(r);
  begin_with(r, place, true);
  add(r, ",{\"recursive\":%s,\"stat\":%s%s", list.recursive ? "true" : "false", list.stat ? "true" : "false", s.option);
  if (draw(r, 2) == 0) {
    list.after = some_name(r, place);
    add(r, ",\"after\":");
    fm_quote(&r->params, list.after);
  }
  if (draw(r, 2) == 0) add(r, ",\"limit\":%llu", (unsigned long long)(list.limit = draw(r, 7)));
  add(r, "}]");
  expect(r, "readdir", s.request, fm_readdir(s.tree, place, &list, &r->expected));
}

static void read_history(run *r) {
  int place = draw(r, 4) == 0 ? FM_ROOT : pick(r);
  sight s = look(r);
  fm_changes which = { s.version, 0, UINT64_MAX, UINT64_MAX, draw(r, 2) == 0 };
  uint64_t newest = fm_version(&r->m);
  begin_with(r, place, true);
  if (place == FM_ROOT && draw(r, 2) == 0) r->params.len = 0;
  add(r, "%s{\"reverse\":%s%s", r->params.len == 0 ? "[" : ",", which.reverse ? "true" : "false", s.option);
  if (newest > 50 || draw(r, 2) == 0) add(r, ",\"start\":%llu", (unsigned long long)(which.start = newest > 60 ? newest - draw(r, 60) : draw(r, 60)));
  if (draw(r, 2) == 0) add(r, ",\"end\":%llu", (unsigned long long)(which.end = which.start + draw(r, 60)));
  if (draw(r, 2) == 0) add(r, ",\"limit\":%llu", (unsigned long long)(which.limit = draw(r, 9)));
  add(r, "}]");
  fm_history(&r->m, place, &which, &r->expected);
  expect(r, "history", s.request, "");
}

static void get_info(run *r) {
  char end[100];
  sight s = look(r);
  vms__buf_clear(&r->params);
  r->has_data = false;
  if (s.option[0] != 0) add(r, "[{%s}]", s.option + 1);
  else add(r, "[]");
  ask(r, &r->d, "getInfo", s.request);
  snprintf(end, sizeof end, "\"version\":%llu,\"writable\":%s,\"size\":%llu}", (unsigned long long)s.version,
           r->staging && s.request == 0 && s.option[0] == 0 ? "true" : "false", (unsigned long long)fm_size(s.tree));
  if (r->reply.kind != VMS_FILE_JSON || strstr(r->reply.body.data, end) == NULL) fail_msg("getInfo gives %s, not %s", r->reply.body.data, end);
  r->calls++;
}

/* Calls that no state of the files makes good. */
static void hostile(run *r) {
  static const struct { const char *method, *params, *error; } calls[] = {
    { "writeFile", "[\"/a/\",\"x\"]", "InvalidPathError" }, { "writeFile", "[\"/../x\",\"x\"]", "InvalidPathError" }, { "stat", "[\"/\\u0001\"]", "InvalidPathError" },
    { "readFile", "[\"..\"]", "InvalidPathError" }, { "rmdir", "[\"/\"]", "InvalidPathError" }, { "writeFile", "[\"\",\"x\"]", "InvalidPathError" },
    { "mkdir", "[\"/a/../..\"]", "InvalidPathError" }, { "readdir", "[\"/\\u0085\"]", "InvalidPathError" }, { "unlink", "[7]", "TypeError" },
    { "stat", "[]", "TypeError" }, { "readFile", "[[\"/a\"]]", "TypeError" }, { "readdir", "[\"/\",\"x\"]", "TypeError" }, { "writeFile", "[\"/new\"]", "TypeError" },
    { "writeFile", "[\"/new\",{}]", "TypeError" }, { "writeFile", "[\"/new\",\"x\",\"binary\"]", "TypeError" }, { "writeFile", "[\"/new\",\"x\",\"base64\"]", "InvalidEncodingError" },
    { "writeFile", "[\"/new\",\"abc\",\"hex\"]", "InvalidEncodingError" }, { "writeFile", "[\"/new\",\"x\",\"latin1\"]", "InvalidEncodingError" },
    { "readFile", "[\"/a\",\"latin1\"]", "InvalidEncodingError" }, { "readFile", "[\"/a\",7]", "TypeError" }, { "stat", "{}", "TypeError" }, { "stat", "[\"/a\"", "TypeError" },
    { "stat", "", "TypeError" }, { "stat", "[\"/nobody\"]", "NotFoundError" }, { "readFile", "[\"/a/a/a/a/a\"]", "NotFoundError" }, { "watch", "[\"/a\"]", "NotSupportedError" },
    { "writeFile", "[\"/nobody/x\",\"y\"]", "ParentFolderDoesntExistError" }, { "mkdir", "[\"/nobody/x/y\"]", "ParentFolderDoesntExistError" },
  };
  uint64_t which = draw(r, sizeof calls / sizeof calls[0] + 4);
  vms__buf_clear(&r->params);
  r->has_data = false;
  if (which < sizeof calls / sizeof calls[0]) {
    add(r, "%s", calls[which].params);
    if (r->staging || strcmp(calls[which].error, "NotFoundError") == 0) expect(r, calls[which].method, 0, calls[which].error);
    return;
  }
  which -= sizeof calls / sizeof calls[0];
  if (which == 3) { /* a version that is yet to come */
    add(r, "[\"/a\"]");
    expect(r, "stat", fm_version(&r->m) + 1 + draw(r, 2) * TOO_MANY, "NotFoundError");
    return;
  }
  add(r, "[\"");
  if (which == 0) add(r, "%01025d", 0);
  for (int i = 0; i < 65 && which > 0; i++) add(r, which == 1 ? "/x" : "/\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac");
  add(r, "\"]");
  expect(r, "stat", 0, "InvalidPathError");
}

/* One random call; false if it ended the whole transaction. */
static bool one_call(run *r) {
  uint64_t what = draw(r, 100);
  if (what < 26) return write_file(r);
  if (what < 40) return make_folder(r);
  if (what < 48) return unlink_file(r);
  if (what < 54) return remove_folder(r);
  if (what < 64) return copy_or_rename(r, what < 59);
  if (what < 73) read_file(r);
  else if (what < 80) stat_path(r);
  else if (what < 87) read_folder(r);
  else if (what < 92) read_history(r);
  else if (what < 95) get_info(r);
  else hostile(r);
  return true;
}

/* --- transactions ------------------------------------------------------------------------------------------------------ */

/* Everything that can be seen at once. */
static void expect_all(run *r) {
  const fm_list all = { true, true, NULL, UINT64_MAX };
  vms__buf_clear(&r->params);
  vms__buf_clear(&r->expected);
  r->has_data = false;
  add(r, "[\"/\",{\"recursive\":true,\"stat\":true}]");
  expect(r, "readdir", 0, fm_readdir(r->staging ? &r->m.now : &r->m.committed, FM_ROOT, &all, &r->expected));
}

static void expect_history(run *r) {
  const fm_changes all = { fm_version(&r->m), 0, UINT64_MAX, UINT64_MAX, false };
  vms__buf_clear(&r->params);
  vms__buf_clear(&r->expected);
  add(r, "[]");
  fm_history(&r->m, FM_ROOT, &all, &r->expected);
  expect(r, "history", 0, "");
}

/* The second archive gets what is durable: no failed call, nothing that was dropped, no reads. */
static void twin_follows(run *r) {
  bool begun = false;
  for (size_t i = 0; i < r->deed_count; i++) {
    deed *next = &r->deeds[i];
    vms_file_request request = { vms__slice_of(next->method), vms__buf_view(&next->params), { NULL, 0 }, 0, 0, 0 };
    if (!begun) vms_archive_begin(r->twin.archive, next->time_ms);
    begun = next->method[0] != 0;
    if (!begun) {
      assert_int_equal(vms_archive_commit(r->twin.archive, NULL), VMS_OK);
      continue;
    }
    if (next->has_data) request.data = (vms_slice){ next->data.data == NULL ? "" : next->data.data, next->data.len };
    vms__buf_clear(&r->reply.body);
    assert_int_equal(vms_archive_call(r->twin.archive, &request, &r->reply, NULL), VMS_OK);
    assert_int_equal(r->reply.kind, VMS_FILE_UNDEFINED);
  }
  forget(r, 0);
}

static void expect_twins(run *r) {
  vms_archive_state one, other;
  vms_archive_state_get(r->d.archive, &one);
  vms_archive_state_get(r->twin.archive, &other);
  assert_int_equal(one.version, fm_version(&r->m));
  assert_memory_equal(&one, &other, sizeof one);
}

static void ask_within(run *r, const char *method, uint64_t version, uint64_t answer_max, uint64_t work_max) {
  vms_file_request request = { vms__slice_of(method), vms__buf_view(&r->params), { NULL, 0 }, version, answer_max, work_max };
  vms__buf_clear(&r->reply.body);
  assert_int_equal(vms_archive_call(r->d.archive, &request, &r->reply, NULL), VMS_OK);
}

/* Limits of an answer are met to the byte and to the entry. */
static void expect_limits(run *r, const char *method, uint64_t version) {
  uint64_t len = r->reply.body.len, work = r->reply.work;
  if (r->reply.kind == VMS_FILE_ERROR || len < 2 || work < 2) return;
  ask_within(r, method, version, len, work);
  assert_int_not_equal(r->reply.kind, VMS_FILE_ERROR);
  assert_int_equal(r->reply.body.len, len);
  ask_within(r, method, version, len - 1, 0);
  assert_string_equal(r->reply.error_name, "RangeError");
  ask_within(r, method, version, 0, work - 1);
  assert_string_equal(r->reply.error_name, "RangeError");
}

/* What a call costs depends on the files and the call alone: a contract's steps are charged for it. */
static void expect_same_work(run *r) {
  for (int i = 0; i < 5; i++) {
    static const char *const methods[] = { "stat", "readFile", "readdir", "history" };
    const char *method = methods[draw(r, 4)];
    uint64_t version = draw(r, 2) == 0 ? 0 : 1 + draw(r, fm_version(&r->m)), work;
    begin_with(r, pick_or_root(r), false);
    if (strcmp(method, "history") == 0) add(r, ",{\"start\":%llu}]", (unsigned long long)(fm_version(&r->m) - VMS__MIN(fm_version(&r->m), 90)));
    else add(r, "]");
    ask(r, &r->d, method, version);
    work = r->reply.work;
    ask(r, &r->twin, method, version);
    assert_int_equal(r->reply.work, work);
    expect_limits(r, method, version);
  }
}

/* Makes everything durable. The twin follows. */
static void make_durable(run *r) {
  assert_int_equal(vms_journal_commit(r->d.journal, draw(r, 2) == 0 ? VMS_COMMIT_SIGN : VMS_COMMIT_NO_SYNC, NULL), VMS_OK);
  r->kept_count = r->m.log_count;
  twin_follows(r);
  expect_twins(r);
  expect_same_work(r);
}

/* The process dies: what is not in the journal is gone. */
static void restart(run *r) {
  r->d.journal->broken = draw(r, 2) == 0; /* killed: nothing more is written, not even an index */
  drive_close(&r->d);
  drive_open(&r->d, false, FILES_CALL, FILES_TOTAL);
  fm_rollback(&r->m, r->kept_count);
  forget(r, 0);
  expect_twins(r);
  expect_all(r);
  r->restarts++;
}

enum { ABORTED, ROLLED_BACK }; /* how a transaction may end, if not well */

static void transaction(run *r, uint64_t time_ms) {
  size_t steps = (size_t)draw(r, 18), deeds = r->deed_count, changes = r->m.log_count;
  uint64_t fate = draw(r, 12);
  vms_journal_mark mark;
  bool alive = true;
  vms_archive_begin(r->d.archive, time_ms);
  fm_begin(&r->m, time_ms);
  r->staging = true;
  for (; steps > 0 && alive; steps--) alive = one_call(r);
  if (alive && draw(r, 20) == 0) expect_all(r);
  r->staging = false;
  r->aborts += !alive;
  vms_journal_mark_take(r->d.journal, &mark);
  if (!alive || fate == ABORTED) { /* a limit was met, or the contract threw */
    vms_archive_abort(r->d.archive);
    fm_abort(&r->m);
    forget(r, deeds);
    return;
  }
  assert_int_equal(vms_archive_commit(r->d.archive, NULL), VMS_OK);
  fm_commit(&r->m);
  vms__buf_clear(&r->params);
  vms__buf_clear(&r->data);
  r->has_data = false;
  remember(r, "");
  if (fate == ROLLED_BACK) { /* the record could not be appended */
    vms_journal_rollback(r->d.journal, &mark);
    fm_rollback(&r->m, changes);
    forget(r, deeds);
    r->rollbacks++;
  }
}

static void archives_behave_like_a_map(void **state) {
  static run r;
  const char *wanted = getenv("FILE_CALLS");
  uint64_t calls = wanted == NULL ? FILE_CALLS : strtoull(wanted, NULL, 10);
  (void)state;
  r.random = sim_seed();
  fm_init(&r.m, FILES_CALL, FILES_TOTAL);
  r.d.with_index = true;
  drive_open(&r.d, true, FILES_CALL, FILES_TOTAL);
  drive_open(&r.twin, true, TOO_MANY, TOO_MANY);
  for (uint64_t round = 0; r.calls < calls; round++) {
    transaction(&r, 1000 + round);
    if (draw(&r, 8) == 0) for (int i = 0; i < 4; i++) draw(&r, 2) == 0 ? stat_path(&r) : read_folder(&r); /* as clients see it */
    if (draw(&r, 12) == 0) make_durable(&r);
    if (draw(&r, 150) == 0) restart(&r);
  }
  make_durable(&r);
  restart(&r);
  expect_history(&r);
  print_message("%llu calls, %llu errors, %llu aborts, %llu versions, %llu reads of old ones, %llu restarts, %llu rollbacks\n", (unsigned long long)r.calls,
                (unsigned long long)r.errors, (unsigned long long)r.aborts, (unsigned long long)fm_version(&r.m), (unsigned long long)r.old_reads,
                (unsigned long long)r.restarts, (unsigned long long)r.rollbacks);
  assert_true(r.calls >= calls && r.aborts > 10 && r.restarts > 10 && r.rollbacks > 10);
  drive_close(&r.d);
  drive_close(&r.twin);
  vms_memory_close(&r.d.storage);
  vms_memory_close(&r.d.index);
  vms_memory_close(&r.twin.storage);
  vms_buffer_free(&r.params);
  vms_buffer_free(&r.data);
  vms_buffer_free(&r.expected);
  vms_buffer_free(&r.reply.body);
  free(r.deeds);
  fm_deinit(&r.m);
}

/* The tree alone, with many keys: three levels, splits, merges. */
static void bees_behave_like_a_sorted_list(void **state) {
  enum { KEYS = 700, STEPS = 6000 };
  static int64_t values[KEYS];
  uint64_t random = sim_seed() + 1;
  drive d = { .with_index = false };
  (void)state;
  for (int i = 0; i < KEYS; i++) values[i] = -1;
  drive_open(&d, true, 0, 0);
  vms_bee *bee = &d.archive->bee;
  for (int n = 0; n < STEPS; n++) {
    unsigned i = (unsigned)(sim_random(&random) % KEYS);
    char key[8], value[16];
    bool put = sim_random(&random) % 100 < (n / 1000 % 2 == 0 ? 70u : 25u); /* it grows, then shrinks */
    snprintf(key, sizeof key, "%04u", i);
    snprintf(value, sizeof value, "%d", n);
    if (put) assert_int_equal(vms_bee_put(bee, vms__slice_of(key), vms__slice_of(value), NULL), VMS_OK);
    else assert_int_equal(vms_bee_del(bee, vms__slice_of(key), NULL), VMS_OK);
    values[i] = put ? n : -1;
    if (n % 200 != 0) continue;
    vms_bee_range range = VMS_BEE_RANGE_INIT;
    vms_bee_cursor *cursor;
    vms_bee_entry entry;
    range.from = vms__slice_of(key);
    assert_int_equal(vms_bee_cursor_open(&cursor, bee, 0, &range, NULL), VMS_OK);
    for (unsigned k = i; k < KEYS; k++) {
      if (values[k] < 0) continue;
      snprintf(key, sizeof key, "%04u", k);
      snprintf(value, sizeof value, "%d", (int)values[k]);
      assert_int_equal(vms_bee_cursor_next(cursor, &entry, NULL), VMS_OK);
      assert_true(vms__slice_is(entry.key, key) && vms__slice_is(entry.value, value));
    }
    assert_int_equal(vms_bee_cursor_next(cursor, &entry, NULL), VMS_ERR_NOT_FOUND);
    vms_bee_cursor_close(cursor);
  }
  drive_close(&d);
  vms_memory_close(&d.storage);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(archives_behave_like_a_map),
    cmocka_unit_test(bees_behave_like_a_sorted_list),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
