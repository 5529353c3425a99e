/* SPDX-License-Identifier: MIT */
#include "file_model.h"

#include <stdio.h>
#include <stdlib.h>

#define CHECKPOINT 128u /* changes from one kept tree to the next */
#define LONG_NAME "a name that is long \xe2\x82\xac 0123456789 0123456789 0123456789 0123456789 0123456789 012345678"

/* "a" lies before "a-", which lies before what is in "a". */
static const char *const names[FM_NAMES] = { "a", "a-", "q\" '.txt", "\xc3\xa9", LONG_NAME };

static char paths[FM_PLACES][FM_PATH_LEN];
static int parents[FM_PLACES], sorted[FM_PLACES];

static void must(bool fine) {
  if (!fine) abort();
}

static int compare_places(const void *a, const void *b) { return strcmp(paths[*(const int *)a], paths[*(const int *)b]); }

static void places_init(void) {
  int count = 0;
  for (int parent = FM_ROOT; count < (int)FM_PLACES; parent++)
    for (unsigned i = 0; i < FM_NAMES; i++, count++) {
      must(snprintf(paths[count], FM_PATH_LEN, "%s/%s", fm_path(parent), names[i]) < (int)FM_PATH_LEN);
      parents[count] = parent;
      sorted[count] = count;
    }
  qsort(sorted, FM_PLACES, sizeof sorted[0], compare_places);
}

void fm_init(file_model *m, uint64_t files_call, uint64_t files_total) {
  memset(m, 0, sizeof *m);
  m->files_call = files_call;
  m->files_total = files_total;
  if (paths[0][0] == 0) places_init();
}

void fm_deinit(file_model *m) {
  free(m->log);
  free(m->checkpoints);
}

const char *fm_path(int place) { return place < 0 ? "" : paths[place]; }
int fm_parent(int place) { return parents[place]; }

int fm_child(int folder, unsigned name) {
  int child = (folder + 1) * (int)FM_NAMES + (int)name;
  return child < (int)FM_PLACES ? child : -2;
}

static bool is_below(int place, int folder) {
  while (place > folder) place = parents[place];
  return place == folder;
}

static bool holds_something(const fm_tree *tree, int folder) {
  for (int i = folder + 1; i < (int)FM_PLACES; i++)
    if (tree->at[i].kind != FM_NOTHING && is_below(i, folder)) return true;
  return false;
}

int fm_kind(const fm_tree *tree, int place) {
  if (place < 0) return FM_FOLDER;
  if (tree->at[place].kind != FM_NOTHING) return tree->at[place].kind;
  return holds_something(tree, place) ? FM_FOLDER : FM_NOTHING;
}

/* --- contents ------------------------------------------------------------------------------------------ */

static uint32_t mixed(uint32_t seed, uint32_t at) {
  uint32_t x = seed * 2654435761u + at * 2246822519u;
  x ^= x >> 15;
  x *= 3266489917u;
  return x ^ x >> 16;
}

uint8_t fm_byte(fm_content content, uint32_t at) {
  static const char letters[] = "gkmopqvwxyz"; /* no JSON is made of them */
  uint32_t x = mixed(content.seed, at), pair = mixed(content.seed, at / 2);
  switch (content.seed % FM_CONTENTS) {
    case FM_JSON: if (at == 0 || at + 1 == content.len) return '"'; break;
    case FM_BYTES: if (x % 3 < 2) return x % 3 == 0 ? 0xff : 0; break;
    case FM_UTF8: if (pair % 2 == 0 && (at | 1) < content.len) return at % 2 == 0 ? 0xc3 : 0xa9; break;
    default: break;
  }
  return (uint8_t)letters[x % (sizeof letters - 1)];
}

uint64_t fm_size(const fm_tree *tree) {
  uint64_t size = 0;
  for (size_t i = 0; i < FM_PLACES; i++)
    if (tree->at[i].kind == FM_FILE) size += tree->at[i].content.len;
  return size;
}

/* --- versions -------------------------------------------------------------------------------------------- */

void fm_begin(file_model *m, uint64_t time_ms) {
  m->time_ms = time_ms;
  m->used = 0;
  m->touched_count = 0;
  memset(m->written, 0, sizeof m->written);
}

void fm_abort(file_model *m) {
  m->now = m->committed;
  m->touched_count = 0;
}

static void log_change(file_model *m, int place) {
  if (m->log_count % CHECKPOINT == 0) {
    m->checkpoint_count = m->log_count / CHECKPOINT;
    must((m->checkpoints = realloc(m->checkpoints, (m->checkpoint_count + 1) * sizeof *m->checkpoints)) != NULL);
    m->checkpoints[m->checkpoint_count++] = m->committed;
  }
  if (m->log_count == m->log_capacity) {
    m->log_capacity = m->log_capacity * 2 + 64;
    must((m->log = realloc(m->log, m->log_capacity * sizeof *m->log)) != NULL);
  }
  m->log[m->log_count++] = (fm_change){ place, m->now.at[place] };
  m->committed.at[place] = m->now.at[place];
}

void fm_commit(file_model *m) {
  for (size_t i = 0; i < m->touched_count; i++) {
    int place = m->touched[i];
    if (m->now.at[place].kind != FM_NOTHING || m->committed.at[place].kind != FM_NOTHING) log_change(m, place);
  }
  m->touched_count = 0;
}

void fm_at(file_model *m, uint64_t version, fm_tree *tree) {
  size_t changes = (size_t)version - 1, from = changes / CHECKPOINT;
  must(version >= 1 && changes <= m->log_count);
  if (from >= m->checkpoint_count) from = m->checkpoint_count == 0 ? 0 : m->checkpoint_count - 1;
  if (m->checkpoint_count == 0) memset(tree, 0, sizeof *tree);
  else *tree = m->checkpoints[from];
  for (size_t n = from * CHECKPOINT; n < changes; n++) tree->at[m->log[n].place] = m->log[n].entry;
}

void fm_rollback(file_model *m, size_t changes) {
  fm_tree tree;
  fm_at(m, changes + 1, &tree);
  m->log_count = changes;
  m->checkpoint_count = (changes + CHECKPOINT - 1) / CHECKPOINT;
  m->now = m->committed = tree;
  m->touched_count = 0;
}

/* --- changes ----------------------------------------------------------------------------------------------- */

static bool charge(file_model *m, uint64_t len) {
  if (len > m->files_call - m->used) return false;
  m->used += len;
  return true;
}

static void touch(file_model *m, int place, int kind, fm_content content) {
  size_t i = 0;
  while (i < m->touched_count && m->touched[i] != place) i++;
  if (i == m->touched_count) m->touched[m->touched_count++] = place;
  m->written[place] = false;
  m->now.at[place] = (fm_entry){ kind, content, kind == FM_NOTHING ? 0 : m->time_ms };
}

const char *fm_write(file_model *m, int place, fm_content content) {
  int kind = fm_kind(&m->now, place);
  uint64_t others;
  if (place == FM_ROOT) return "InvalidPathError";
  if (kind == FM_FOLDER) return "EntryAlreadyExistsError";
  if (kind == FM_NOTHING && fm_kind(&m->now, parents[place]) != FM_FOLDER) return "ParentFolderDoesntExistError";
  others = fm_size(&m->now) - (kind == FM_FILE ? m->now.at[place].content.len : 0);
  if (others + content.len > m->files_total) return "QuotaExceededError";
  if (!charge(m, strlen(paths[place]) + content.len)) return FM_ABORT;
  touch(m, place, FM_FILE, content);
  m->written[place] = true;
  return "";
}

const char *fm_mkdir(file_model *m, int place) {
  if (fm_kind(&m->now, place) != FM_NOTHING) return "EntryAlreadyExistsError";
  if (fm_kind(&m->now, parents[place]) != FM_FOLDER) return "ParentFolderDoesntExistError";
  if (!charge(m, strlen(paths[place]))) return FM_ABORT;
  touch(m, place, FM_FOLDER, (fm_content){ 0, 0 });
  return "";
}

const char *fm_unlink(file_model *m, int place) {
  int kind = fm_kind(&m->now, place);
  if (kind == FM_NOTHING) return "NotFoundError";
  if (kind == FM_FOLDER) return "NotAFileError";
  if (!charge(m, strlen(paths[place]))) return FM_ABORT;
  touch(m, place, FM_NOTHING, (fm_content){ 0, 0 });
  return "";
}

const char *fm_rmdir(file_model *m, int place, bool recursive) {
  if (place == FM_ROOT) return "InvalidPathError";
  if (fm_kind(&m->now, place) == FM_NOTHING) return "NotFoundError";
  if (fm_kind(&m->now, place) == FM_FILE) return "NotAFolderError";
  if (!recursive && holds_something(&m->now, place)) return "DestDirectoryNotEmpty";
  for (size_t n = 0; n < FM_PLACES; n++) {
    int i = sorted[n];
    if (i == place || !is_below(i, place) || m->now.at[i].kind == FM_NOTHING) continue;
    if (!charge(m, strlen(paths[i]))) return FM_ABORT;
    touch(m, i, FM_NOTHING, (fm_content){ 0, 0 });
  }
  if (!charge(m, strlen(paths[place]))) return FM_ABORT;
  touch(m, place, FM_NOTHING, (fm_content){ 0, 0 });
  return "";
}

/* Where something in `from` lies once that is at `to`; -2 if that is too deep. */
static int moved(int place, int from, int to) {
  int folder;
  if (place == from) return to;
  folder = moved(parents[place], from, to);
  return folder == -2 ? -2 : fm_child(folder, (unsigned)place % FM_NAMES);
}

bool fm_copy_fits(const file_model *m, int from, int to) {
  for (int i = 0; i < (int)FM_PLACES; i++)
    if (m->now.at[i].kind != FM_NOTHING && is_below(i, from) && moved(i, from, to) == -2) return false;
  return true;
}

/* What a copy has to do: what there is, in the order of paths, and what it costs. */
typedef struct copying { int list[FM_PLACES]; size_t count; uint64_t charge, bytes, freed; } copying;

static const char *copy_plan(const file_model *m, int from, int to, bool moves, copying *plan) {
  for (size_t n = 0; n < FM_PLACES; n++) {
    int i = sorted[n], target, there;
    if (!is_below(i, from) || m->now.at[i].kind == FM_NOTHING) continue;
    target = moved(i, from, to);
    there = fm_kind(&m->now, target);
    if (there != FM_NOTHING && there != m->now.at[i].kind) return "EntryAlreadyExistsError";
    if (there == FM_FILE) plan->freed += m->now.at[target].content.len;
    if (there != FM_FOLDER) plan->charge += strlen(paths[target]);
    if (moves) plan->charge += strlen(paths[i]);
    if (!moves && m->written[i]) plan->charge += m->now.at[i].content.len;
    plan->bytes += m->now.at[i].content.len;
    if (plan->charge > m->files_call - m->used) return FM_ABORT;
    plan->list[plan->count++] = i;
  }
  return "";
}

const char *fm_copy(file_model *m, int from, int to, bool moves) {
  copying plan = { .count = 0 };
  file_model before;
  const char *error;
  uint64_t others;
  if (moves && fm_kind(&m->now, to) != FM_NOTHING) return "EntryAlreadyExistsError";
  if (is_below(to, from)) return "InvalidPathError";
  if (to != FM_ROOT && fm_kind(&m->now, parents[to]) != FM_FOLDER) return "ParentFolderDoesntExistError";
  if (fm_kind(&m->now, from) == FM_NOTHING) return "NotFoundError";
  error = copy_plan(m, from, to, moves, &plan);
  if (error[0] != 0) return error;
  others = fm_size(&m->now) - plan.freed - (moves ? plan.bytes : 0);
  if (others + plan.bytes > m->files_total) return "QuotaExceededError";
  must(charge(m, plan.charge));
  before = *m;
  for (size_t n = 0; n < plan.count; n++) {
    int i = plan.list[n], target = moved(i, from, to);
    if (fm_kind(&before.now, target) == FM_FOLDER) continue;
    touch(m, target, before.now.at[i].kind, before.now.at[i].content);
    m->written[target] = before.written[i];
  }
  for (size_t n = 0; n < plan.count && moves; n++) touch(m, plan.list[n], FM_NOTHING, (fm_content){ 0, 0 });
  return "";
}

/* --- reads --------------------------------------------------------------------------------------------------- */

static void text(vms_buffer *body, const char *piece) { must(vms__buf_text(body, piece) == VMS_OK); }

void fm_quote(vms_buffer *json, const char *string) {
  text(json, "\"");
  for (; *string != 0; string++) {
    if (*string == '"') text(json, "\\");
    must(vms__buf_byte(json, (uint8_t)*string) == VMS_OK);
  }
  text(json, "\"");
}

/* Bytes as text: what is not UTF-8 becomes U+FFFD. Contents know one character of two bytes, and bytes that start none. */
static void decode(const uint8_t *bytes, size_t len, vms_buffer *body) {
  for (size_t i = 0; i < len; i++) {
    bool pair = bytes[i] == 0xc3 && i + 1 < len && bytes[i + 1] == 0xa9;
    if (bytes[i] >= 0x80 && !pair) text(body, "\xef\xbf\xbd");
    else must(vms_buffer_append(body, bytes + i, pair ? 2 : 1) == VMS_OK);
    i += pair;
  }
}

const char *fm_read(const fm_tree *tree, int place, const char *encoding, uint64_t offset, uint64_t length, vms_buffer *body) {
  int kind = fm_kind(tree, place);
  fm_content content;
  uint8_t *bytes;
  size_t len;
  if (kind == FM_NOTHING) return "NotFoundError";
  if (kind == FM_FOLDER) return "NotAFileError";
  content = tree->at[place].content;
  offset = VMS__MIN(offset, content.len);
  len = (size_t)VMS__MIN(length, content.len - offset);
  if (strcmp(encoding, "json") == 0 && (content.seed % FM_CONTENTS != FM_JSON || content.len < 2 || len < content.len)) return "SyntaxError";
  must((bytes = malloc(len + 1)) != NULL);
  for (size_t i = 0; i < len; i++) bytes[i] = fm_byte(content, (uint32_t)(offset + i));
  if (strcmp(encoding, "utf8") == 0) decode(bytes, len, body);
  else if (strcmp(encoding, "base64") == 0) must(vms__buf_base64(body, bytes, len) == VMS_OK);
  else if (strcmp(encoding, "hex") == 0) must(vms__buf_hex(body, bytes, len) == VMS_OK);
  else must(vms_buffer_append(body, bytes, len) == VMS_OK);
  free(bytes);
  return "";
}

const char *fm_stat(const fm_tree *tree, int place, vms_buffer *body) {
  int kind = fm_kind(tree, place);
  fm_entry entry = { FM_FOLDER, { 0, 0 }, 0 };
  if (kind == FM_NOTHING) return "NotFoundError";
  if (place >= 0 && tree->at[place].kind != FM_NOTHING) entry = tree->at[place];
  must(vms__buf_format(body, "{\"type\":\"%s\",\"size\":%u,\"blocks\":%u,\"mtime\":%llu,\"isFile\":%s,\"isDirectory\":%s}",
                       kind == FM_FILE ? "file" : "directory", (unsigned)entry.content.len, (unsigned)((entry.content.len + 65535) / 65536),
                       (unsigned long long)entry.mtime, kind == FM_FILE ? "true" : "false", kind == FM_FOLDER ? "true" : "false") == VMS_OK);
  return "";
}

const char *fm_readdir(const fm_tree *tree, int folder, const fm_list *list, vms_buffer *body) {
  uint64_t count = 0;
  if (fm_kind(tree, folder) == FM_NOTHING) return "NotFoundError";
  if (fm_kind(tree, folder) == FM_FILE) return "NotAFolderError";
  text(body, "[");
  for (size_t n = 0; n < FM_PLACES && count < list->limit; n++) {
    int i = sorted[n];
    const char *name = paths[i] + strlen(fm_path(folder)) + 1;
    if (i == folder || !is_below(i, folder) || (!list->recursive && parents[i] != folder) || fm_kind(tree, i) == FM_NOTHING) continue;
    if (list->after != NULL && strcmp(name, list->after) <= 0) continue;
    if (count++ > 0) text(body, ",");
    if (list->stat) text(body, "{\"name\":");
    fm_quote(body, name);
    if (list->stat) text(body, ",\"stat\":");
    if (list->stat) (void)fm_stat(tree, i, body);
    if (list->stat) text(body, "}");
  }
  text(body, "]");
  return "";
}

void fm_history(const file_model *m, int folder, const fm_changes *which, vms_buffer *body) {
  uint64_t count = 0;
  text(body, "[");
  for (uint64_t n = 0; n + 1 < which->version && count < which->limit; n++) {
    uint64_t version = which->reverse ? which->version - n : n + 2;
    const fm_change *change = &m->log[version - 2];
    if (version < which->start || version >= which->end || !is_below(change->place, folder)) continue;
    must(vms__buf_format(body, "%s{\"version\":%llu,\"type\":\"%s\",\"path\":", count++ > 0 ? "," : "", (unsigned long long)version,
                         change->entry.kind == FM_NOTHING ? "del" : "put") == VMS_OK);
    fm_quote(body, paths[change->place]);
    if (change->entry.kind != FM_NOTHING)
      must(vms__buf_format(body, ",\"isDirectory\":%s,\"size\":%u", change->entry.kind == FM_FOLDER ? "true" : "false",
                           (unsigned)change->entry.content.len) == VMS_OK);
    text(body, "}");
  }
  text(body, "]");
}
