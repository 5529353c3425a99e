/* SPDX-License-Identifier: MIT */
/* What a user keeps about services: DIR/pins, DIR/ledgers/<ledger key>/{head,receipts,receipts.old}, DIR/evidence/<name>.json. Files are replaced as
 * a whole or appended to, under a lock, so that several processes may do it; reading takes none. The folder is made by the first
 * thing that is kept. Format: doc/protocol.md, "What callers keep". */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <stdio.h>

/* A file that people write by hand is far below that. */
#define PINS_LEN_MAX ((size_t)16 << 20)
#define HEAD_LEN_MAX ((size_t)4096)
/* Of a busy ledger: the newest 64 to 128 MiB of receipts are kept, some 50,000 small ones. Older ones are under the newest head all the same. */
#define RECEIPTS_LEN_MAX ((uint64_t)64 << 20)
#define EVIDENCE_COUNT_MAX 1000u
/* Whoever has a lock has it for a few writes. */
#define LOCK_WAIT_MS 5000u
#define SEARCH_LEN 4096u

struct vms_keep {
  const vms__os_fs *fs;
  vms_buffer dir;  /* its path */
  vms_buffer path; /* scratch */
};

static int out_of_memory(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory"); }

int vms__keep_open_on(const vms__os_fs *fs, vms_keep **keep, const char *dir, vms_error *error) {
  vms_keep *opened = vms__alloc(NULL, sizeof *opened);
  int status;
  *keep = NULL;
  if (opened == NULL) return out_of_memory(error);
  opened->fs = fs;
  if (dir == NULL) status = vms__os_data_path(&opened->dir, error);
  else status = vms__buf_text(&opened->dir, dir) == VMS_OK ? VMS_OK : out_of_memory(error);
  if (status == VMS_OK) *keep = opened;
  else vms_keep_close(opened);
  return status;
}

int vms_keep_open(vms_keep **keep, const char *dir, vms_error *error) { return vms__keep_open_on(&vms__os_system, keep, dir, error); }

void vms_keep_close(vms_keep *keep) {
  if (keep == NULL) return;
  vms_buffer_free(&keep->dir);
  vms_buffer_free(&keep->path);
  vms__free(NULL, keep, sizeof *keep);
}

/* --- paths and locks ------------------------------------------------------------------------------------ */

/* Files that belong to one ledger, or with ledger NULL to none. name "": the folder. The path stays in keep->path. */
static int path_of(vms_keep *keep, const uint8_t *ledger, const char *name, vms_error *error) {
  vms__buf_clear(&keep->path);
  int status = vms__buf_text(&keep->path, keep->dir.data);
  if (status == VMS_OK && ledger != NULL) status = vms__buf_text(&keep->path, "/ledgers/");
  if (status == VMS_OK && ledger != NULL) status = vms__buf_hex(&keep->path, ledger, VMS_KEY_LEN);
  if (status == VMS_OK && name[0] != 0) status = vms__buf_format(&keep->path, "/%s", name);
  return status == VMS_OK ? VMS_OK : out_of_memory(error);
}

static int make_folder(vms_keep *keep, const uint8_t *ledger, const char *name, vms_error *error) {
  int status = path_of(keep, ledger, name, error);
  if (status != VMS_OK || vms__os_exists(keep->fs, keep->path.data)) return status;
  return vms__os_mkdirs(keep->fs, keep->path.data, NULL, error);
}

static int take_lock(vms_keep *keep, const uint8_t *ledger, int *lock, vms_error *error) {
  int status = path_of(keep, ledger, "lock", error);
  *lock = -1;
  return status == VMS_OK ? vms__os_lock_wait(keep->fs, keep->path.data, LOCK_WAIT_MS, lock, error) : status;
}

/* Takes the lock of a folder, which is made if it is not there. */
static int lock_folder(vms_keep *keep, const uint8_t *ledger, int *lock, vms_error *error) {
  int status = take_lock(keep, ledger, lock, error);
  if (status != VMS_ERR_NOT_FOUND) return status;
  /* One after the other: only the last one of a path is made for its owner alone. */
  status = make_folder(keep, NULL, "", error);
  if (status == VMS_OK && ledger != NULL) status = make_folder(keep, NULL, "ledgers", error);
  if (status == VMS_OK && ledger != NULL) status = make_folder(keep, ledger, "", error);
  if (status == VMS_OK) status = take_lock(keep, ledger, lock, error);
  if (status != VMS_ERR_NOT_FOUND) return status;
  return vms__fail(error, VMS_ERR_IO, 0, "cannot make the folder %.64s", keep->dir.data); /* "not found" would say that nothing is kept */
}

static int damaged(const vms_keep *keep, uint64_t position, vms_error *error) {
  const char *path = keep->path.data;
  size_t len = keep->path.len;
  return vms__fail(error, VMS_ERR_CORRUPT, position, "%s%s is damaged", len > 80 ? "…" : "", len > 80 ? path + len - 80 : path);
}

/* Reads the file at keep->path. What is too long is damage: nobody here writes that. */
static int read_file(vms_keep *keep, size_t limit, vms_buffer *text, vms_error *error) {
  int status;
  if (vms__os_irregular(keep->fs, keep->path.data)) return damaged(keep, 0, error);
  status = vms__os_read(keep->fs, keep->path.data, limit, text, error);
  return status == VMS_ERR_LIMIT ? damaged(keep, 0, error) : status;
}

/* --- pins ------------------------------------------------------------------------------------------------- */

/* Takes the next line off a text; its newline is not part of it. */
static bool next_line(vms_slice *text, vms_slice *line) {
  const char *end = text->len == 0 ? NULL : memchr(text->data, '\n', text->len);
  if (text->len == 0) return false;
  *line = (vms_slice){ text->data, end == NULL ? text->len : (size_t)(end - text->data) };
  size_t taken = line->len + (end != NULL);
  *text = (vms_slice){ text->data + taken, text->len - taken };
  return true;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* URL KEY, with blanks round them as an editor may leave them; an empty URL for a remark or an empty line. False: neither. */
static bool read_pin(vms_slice line, vms_slice *url, uint8_t ledger[VMS_KEY_LEN]) {
  const size_t digits = 2 * VMS_KEY_LEN;
  while (line.len > 0 && is_blank(line.data[line.len - 1])) line.len--;
  while (line.len > 0 && is_blank(line.data[0])) line.data++, line.len--;
  *url = (vms_slice){ line.data, 0 };
  if (line.len == 0 || line.data[0] == '#') return true;
  if (line.len < digits + 2 || !is_blank(line.data[line.len - digits - 1])) return false;
  if (!vms__hex_decode((vms_slice){ line.data + line.len - digits, digits }, ledger, VMS_KEY_LEN)) return false;
  url->len = line.len - digits;
  while (url->len > 0 && is_blank(url->data[url->len - 1])) url->len--;
  return url->len > 0;
}

/* How a URL is spelled among the pins: one spelling for what is one service. */
static int name_of_url(vms_slice text, vms_buffer *name, vms_error *error) {
  const char *key = text.len == 0 ? NULL : memchr(text.data, '#', text.len);
  vms_buffer copy = VMS_BUFFER_INIT;
  vms__url url;
  int status = vms__buf_slice(&copy, (vms_slice){ text.data, key == NULL ? text.len : (size_t)(key - text.data) });
  if (status == VMS_OK) status = copy.data == NULL || strlen(copy.data) != copy.len ? VMS_ERR_ARGUMENT : vms__url_read(copy.data, &url, error);
  if (status == VMS_OK) status = vms__url_name(&url, name);
  vms_buffer_free(&copy);
  return status == VMS_ERR_NOMEM ? out_of_memory(error) : status;
}

static int name_of(const char *url, vms_buffer *name, vms_error *error) {
  if (url[0] == 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "no URL");
  return name_of_url(vms__slice_of(url), name, error);
}

/* Whether a line is that of a name; people may have spelled its URL in their own way. */
static int is_pin_of(vms_slice line, vms_slice name, uint8_t ledger[VMS_KEY_LEN], bool *same) {
  vms_buffer spelled = VMS_BUFFER_INIT;
  vms_slice url;
  int status = read_pin(line, &url, ledger) ? VMS_OK : VMS_ERR_ARGUMENT;
  *same = false;
  if (status == VMS_OK && url.len > 0 && (status = name_of_url(url, &spelled, NULL)) == VMS_OK) *same = vms__slice_equal(vms__buf_view(&spelled), name);
  vms_buffer_free(&spelled);
  return status;
}

/* Looks a name up in the text of the pins; all of it has to be sound. */
static int find_pin(const vms_keep *keep, vms_slice text, vms_slice name, uint8_t ledger[VMS_KEY_LEN], vms_error *error) {
  vms_slice line;
  uint8_t key[VMS_KEY_LEN];
  bool found = false, same;
  for (uint64_t number = 1; next_line(&text, &line); number++) {
    int status = is_pin_of(line, name, key, &same);
    if (status == VMS_ERR_NOMEM) return out_of_memory(error);
    /* Two keys for one URL: nobody can say which of them is meant. */
    if (status != VMS_OK || (same && found && memcmp(ledger, key, VMS_KEY_LEN) != 0)) return damaged(keep, number, error);
    if (same) memcpy(ledger, key, VMS_KEY_LEN);
    found = found || same;
  }
  return found ? VMS_OK : vms__fail(error, VMS_ERR_NOT_FOUND, 0, "nothing is pinned for this URL");
}

/* The text of the pins without those of a name. */
static int drop_pin(vms_slice text, vms_slice name, vms_buffer *rest) {
  vms_slice line;
  uint8_t key[VMS_KEY_LEN];
  int status = VMS_OK;
  bool same;
  while (status == VMS_OK && next_line(&text, &line)) {
    status = is_pin_of(line, name, key, &same);
    if (status == VMS_OK && !same) status = vms__buf_slice(rest, line);
    if (status == VMS_OK && !same) status = vms__buf_byte(rest, '\n');
  }
  return status;
}

static int write_pin(const vms_keep *keep, vms_slice text, vms_slice name, const uint8_t ledger[VMS_KEY_LEN], vms_error *error) {
  vms_buffer made = VMS_BUFFER_INIT;
  int status = text.len > 0 ? VMS_OK : vms__buf_text(&made, "# Services and the ledgers that they had when they were met first. A line that is removed is met anew.\n");
  if (status == VMS_OK) status = drop_pin(text, name, &made);
  if (status == VMS_OK) status = vms__buf_slice(&made, name);
  if (status == VMS_OK) status = vms__buf_byte(&made, ' ');
  if (status == VMS_OK) status = vms__buf_hex(&made, ledger, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_byte(&made, '\n');
  if (status != VMS_OK) out_of_memory(error);
  else status = vms__os_replace(keep->fs, keep->path.data, vms__buf_view(&made), 0600, NULL, error);
  vms_buffer_free(&made);
  return status;
}

/* Pins a URL. `before` (may be NULL) receives what is pinned, and then nothing is replaced. */
static int pin(vms_keep *keep, const char *url, const uint8_t ledger[VMS_KEY_LEN], uint8_t *before, vms_error *error) {
  vms_buffer name = VMS_BUFFER_INIT, text = VMS_BUFFER_INIT;
  uint8_t pinned[VMS_KEY_LEN];
  int lock = -1, status = name_of(url, &name, error), known = VMS_ERR_NOT_FOUND;
  if (status == VMS_OK) status = lock_folder(keep, NULL, &lock, error);
  if (status == VMS_OK) status = path_of(keep, NULL, "pins", error);
  if (status == VMS_OK) status = read_file(keep, PINS_LEN_MAX, &text, error);
  if (status == VMS_OK) status = known = find_pin(keep, vms__buf_view(&text), vms__buf_view(&name), pinned, error);
  if (status == VMS_ERR_NOT_FOUND) status = VMS_OK;
  if (status == VMS_OK && (known != VMS_OK || (before == NULL && memcmp(pinned, ledger, VMS_KEY_LEN) != 0))) {
    status = write_pin(keep, vms__buf_view(&text), vms__buf_view(&name), ledger, error);
    memcpy(pinned, ledger, VMS_KEY_LEN);
  }
  if (status == VMS_OK && before != NULL) memcpy(before, pinned, VMS_KEY_LEN);
  vms__os_unlock(keep->fs, lock);
  vms_buffer_free(&text);
  vms_buffer_free(&name);
  return status;
}

int vms_keep_pin(vms_keep *keep, const char *url, uint8_t ledger[VMS_KEY_LEN], vms_error *error) {
  vms_buffer name = VMS_BUFFER_INIT, text = VMS_BUFFER_INIT;
  int status = name_of(url, &name, error);
  if (status == VMS_OK) status = path_of(keep, NULL, "pins", error);
  if (status == VMS_OK) status = read_file(keep, PINS_LEN_MAX, &text, error);
  if (status == VMS_OK) status = find_pin(keep, vms__buf_view(&text), vms__buf_view(&name), ledger, error);
  vms_buffer_free(&text);
  vms_buffer_free(&name);
  return status;
}

int vms_keep_set_pin(vms_keep *keep, const char *url, const uint8_t ledger[VMS_KEY_LEN], vms_error *error) {
  return pin(keep, url, ledger, NULL, error);
}

int vms_keep_forget(vms_keep *keep, const char *url, vms_error *error) {
  vms_buffer name = VMS_BUFFER_INIT, text = VMS_BUFFER_INIT, rest = VMS_BUFFER_INIT;
  uint8_t pinned[VMS_KEY_LEN];
  int lock = -1, status = vms_keep_pin(keep, url, pinned, error); /* nothing is made where there is nothing to forget */
  if (status == VMS_OK) status = name_of(url, &name, error);
  if (status == VMS_OK) status = lock_folder(keep, NULL, &lock, error);
  if (status == VMS_OK) status = path_of(keep, NULL, "pins", error);
  if (status == VMS_OK) status = read_file(keep, PINS_LEN_MAX, &text, error);
  if (status == VMS_OK) status = find_pin(keep, vms__buf_view(&text), vms__buf_view(&name), pinned, error);
  if (status == VMS_OK && drop_pin(vms__buf_view(&text), vms__buf_view(&name), &rest) != VMS_OK) status = out_of_memory(error);
  if (status == VMS_OK) status = vms__os_replace(keep->fs, keep->path.data, vms__buf_view(&rest), 0600, NULL, error);
  vms__os_unlock(keep->fs, lock);
  vms_buffer_free(&rest);
  vms_buffer_free(&text);
  vms_buffer_free(&name);
  return status;
}

int vms__keep_first_pin(vms_keep *keep, const char *url, const uint8_t ledger[VMS_KEY_LEN], uint8_t pinned[VMS_KEY_LEN], vms_error *error) {
  return pin(keep, url, ledger, pinned, error);
}

/* --- heads ------------------------------------------------------------------------------------------------- */

int vms_keep_head(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_head *head, vms_error *error) {
  vms_buffer text = VMS_BUFFER_INIT;
  int status = path_of(keep, ledger, "head", error);
  if (status == VMS_OK) status = read_file(keep, HEAD_LEN_MAX, &text, error);
  if (status == VMS_OK && (vms_head_read(vms__buf_view(&text), head, NULL) != VMS_OK || vms_head_verify(head, ledger, NULL) != VMS_OK))
    status = damaged(keep, 0, error);
  vms_buffer_free(&text);
  return status;
}

static int write_head(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], const vms_head *head, vms_error *error) {
  vms_buffer text = VMS_BUFFER_INIT;
  int status = vms_head_write(&text, head);
  if (status == VMS_OK) status = vms__buf_byte(&text, '\n');
  if (status != VMS_OK) out_of_memory(error);
  else status = path_of(keep, ledger, "head", error);
  if (status == VMS_OK) status = vms__os_replace(keep->fs, keep->path.data, vms__buf_view(&text), 0600, NULL, error);
  vms_buffer_free(&text);
  return status;
}

static bool same_head(const vms_head *a, const vms_head *b) {
  return a->length == b->length && memcmp(a->tree_hash, b->tree_hash, VMS_HASH_LEN) == 0;
}

/* Keeps `head`; with `kept` only in place of *from (NULL: of nothing), and else *kept receives what is there. */
static int move_head(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], const vms_head *from, const vms_head *head, vms_head *kept, vms_error *error) {
  vms_head now;
  int lock, status = vms_head_verify(head, ledger, error), known = VMS_OK;
  if (status == VMS_OK) status = lock_folder(keep, ledger, &lock, error);
  if (status != VMS_OK) return status;
  known = vms_keep_head(keep, ledger, &now, error);
  if (known != VMS_OK && known != VMS_ERR_NOT_FOUND) status = known;
  else if (known == VMS_OK && kept == NULL && now.length >= head->length) status = VMS_OK;
  else if (known == VMS_OK && kept != NULL && same_head(&now, head)) status = VMS_OK;
  else if (known == VMS_OK && kept != NULL && (from == NULL || !same_head(&now, from) || now.length > head->length)) {
    *kept = now;
    status = vms__fail(error, VMS_ERR_EXISTS, now.length, "another head of %llu records is kept", (unsigned long long)now.length);
  } else status = write_head(keep, ledger, head, error);
  vms__os_unlock(keep->fs, lock);
  return status;
}

int vms_keep_set_head(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], const vms_head *head, vms_error *error) {
  return move_head(keep, ledger, NULL, head, NULL, error);
}

int vms__keep_move_head(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], const vms_head *from, const vms_head *head, vms_head *kept, vms_error *error) {
  return move_head(keep, ledger, from, head, kept, error);
}

/* --- receipts ------------------------------------------------------------------------------------------------- */

/* Where the last whole line ends. */
static int end_of_lines(const vms_storage *storage, uint64_t len, uint64_t *end, vms_error *error) {
  char bytes[SEARCH_LEN];
  for (uint64_t at = len; at > 0;) {
    uint64_t start = at > SEARCH_LEN ? at - SEARCH_LEN : 0;
    /* Nearly always the last byte alone. */
    if (at == len) start = len - 1;
    size_t got;
    int status = storage->read(storage->context, start, bytes, (size_t)(at - start), &got, error);
    if (status != VMS_OK) return status;
    const char *newline = memrchr(bytes, '\n', got);
    if (newline != NULL) {
      *end = start + (uint64_t)(newline - bytes) + 1;
      return VMS_OK;
    }
    at = start;
  }
  *end = 0;
  return VMS_OK;
}

/* Appends a line behind the last whole one. What does not fit leaves the file as it was. */
static int append_line(const vms_storage *storage, vms_slice line, vms_error *error) {
  uint64_t len, end = 0;
  int status = storage->length(storage->context, &len, error);
  if (status == VMS_OK) status = end_of_lines(storage, len, &end, error);
  if (status == VMS_OK && end < len) status = storage->truncate(storage->context, end, error);
  if (status != VMS_OK) return status;
  status = storage->write(storage->context, end, line.data, line.len, error);
  if (status != VMS_OK) (void)storage->truncate(storage->context, end, NULL);
  return status;
}

/* Makes room for `more` bytes: a file that is full takes the place of the one before. */
static int turn_over(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_storage *storage, size_t more, vms_error *error) {
  uint64_t len;
  vms_buffer old = VMS_BUFFER_INIT;
  int status = storage->length(storage->context, &len, error);
  if (status != VMS_OK || len == 0 || len + more <= RECEIPTS_LEN_MAX) return status;
  vms__os_file_close(storage);
  status = path_of(keep, ledger, "receipts.old", error);
  if (status == VMS_OK && vms__buf_text(&old, keep->path.data) != VMS_OK) status = out_of_memory(error);
  if (status == VMS_OK) status = path_of(keep, ledger, "receipts", error);
  if (status == VMS_OK && keep->fs->rename(keep->fs->context, keep->path.data, old.data) != 0)
    status = vms__os_fail(error, errno, "replace", old.data);
  if (status == VMS_OK) status = vms__os_file_open(keep->fs, storage, keep->path.data, VMS__OS_CREATE, error);
  vms_buffer_free(&old);
  return status;
}

static int add_receipt(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_slice line, vms_error *error) {
  vms_storage storage = { 0 };
  int status = path_of(keep, ledger, "receipts", error);
  if (status != VMS_OK) return status;
  /* To make a file and its name durable costs more than all the rest: only where there is none. */
  status = vms__os_file_open(keep->fs, &storage, keep->path.data, 0, error);
  if (status == VMS_ERR_NOT_FOUND) status = vms__os_file_open(keep->fs, &storage, keep->path.data, VMS__OS_CREATE, error);
  if (status == VMS_OK) status = turn_over(keep, ledger, &storage, line.len, error);
  if (status == VMS_OK) status = append_line(&storage, line, error);
  vms__os_file_close(&storage);
  return status;
}

int vms_keep_receipt(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_slice receipt, vms_error *error) {
  vms_buffer line = VMS_BUFFER_INIT;
  int lock = -1, status = vms_json_compact(receipt, &line);
  if (status == VMS_ERR_FORM) vms__fail(error, status, 0, "the receipt is no JSON text");
  else if (status != VMS_OK || vms__buf_byte(&line, '\n') != VMS_OK) status = out_of_memory(error);
  else if (line.len > RECEIPTS_LEN_MAX) status = vms__fail(error, VMS_ERR_LIMIT, 0, "the receipt is longer than what is kept of all");
  if (status == VMS_OK) status = lock_folder(keep, ledger, &lock, error);
  if (status == VMS_OK) status = add_receipt(keep, ledger, vms__buf_view(&line), error);
  vms__os_unlock(keep->fs, lock);
  vms_buffer_free(&line);
  return status;
}

/* Whole lines that can be receipts. */
static int take_lines(vms_slice text, vms_buffer *lines) {
  vms_slice line;
  int status = VMS_OK;
  while (status == VMS_OK && memchr(text.len == 0 ? "" : text.data, '\n', text.len) != NULL && next_line(&text, &line)) {
    if (line.len == 0 || line.data[0] != '{' || !vms__json_valid(line, VMS__JSON_DEPTH_MAX, VMS__JSON_COMPACT)) continue;
    status = vms__buf_slice(lines, line);
    if (status == VMS_OK) status = vms__buf_byte(lines, '\n');
  }
  return status;
}

static int read_receipts(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], const char *name, vms_buffer *lines, vms_error *error) {
  vms_buffer text = VMS_BUFFER_INIT;
  int status = path_of(keep, ledger, name, error);
  if (status == VMS_OK) status = read_file(keep, 2 * (size_t)RECEIPTS_LEN_MAX, &text, error);
  if (status == VMS_OK && take_lines(vms__buf_view(&text), lines) != VMS_OK) status = out_of_memory(error);
  vms_buffer_free(&text);
  return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
}

int vms_keep_receipts(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_buffer *lines, vms_error *error) {
  vms_buffer newest = VMS_BUFFER_INIT;
  size_t before = lines->len;
  /* The newer file first: when it takes the other's place meanwhile it is read twice, and not left out. */
  int status = read_receipts(keep, ledger, "receipts", &newest, error);
  if (status == VMS_OK) status = read_receipts(keep, ledger, "receipts.old", lines, error);
  if (status == VMS_OK && vms__buf_slice(lines, vms__buf_view(&newest)) != VMS_OK) status = out_of_memory(error);
  vms_buffer_free(&newest);
  if (status != VMS_OK) lines->len = before;
  return status;
}

/* --- evidence --------------------------------------------------------------------------------------------------- */

/* True if the file at keep->path holds just this. */
static bool holds(vms_keep *keep, vms_slice text) {
  vms_buffer found = VMS_BUFFER_INIT;
  bool same = read_file(keep, text.len, &found, NULL) == VMS_OK && vms__slice_equal(vms__buf_view(&found), text);
  vms_buffer_free(&found);
  return same;
}

/* The first of the ledger's files that is free or holds the same already. */
static int place_evidence(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_slice text, vms_error *error) {
  char name[64];
  size_t at = 0;
  for (size_t i = 0; i < 8; i++) at += (size_t)snprintf(name + at, sizeof name - at, i == 0 ? "evidence/%02x" : "%02x", ledger[i]);
  for (unsigned number = 1; number <= EVIDENCE_COUNT_MAX; number++) {
    snprintf(name + at, sizeof name - at, "-%u.json", number);
    int status = path_of(keep, NULL, name, error);
    if (status != VMS_OK) return status;
    if (!vms__os_exists(keep->fs, keep->path.data)) return vms__os_replace(keep->fs, keep->path.data, text, 0600, NULL, error);
    if (holds(keep, text)) return VMS_OK;
  }
  return vms__fail(error, VMS_ERR_FULL, 0, "%u pieces of evidence against this ledger are kept already", EVIDENCE_COUNT_MAX);
}

int vms_keep_evidence(vms_keep *keep, const uint8_t ledger[VMS_KEY_LEN], vms_slice evidence, vms_buffer *path, vms_error *error) {
  int lock, status = lock_folder(keep, NULL, &lock, error);
  if (status == VMS_OK) status = make_folder(keep, NULL, "evidence", error);
  if (status == VMS_OK) status = place_evidence(keep, ledger, evidence, error); /* byte for byte: one text per meaning */
  if (status == VMS_OK && vms__buf_text(path, keep->path.data) != VMS_OK) status = out_of_memory(error);
  vms__os_unlock(keep->fs, lock);
  return status;
}
