/* SPDX-License-Identifier: MIT */
/* copy and rename. First everything is looked at and checked, then everything is staged: a call that throws has changed nothing. */
#include "files.h"

/* What becomes of one entry of the source. */
typedef struct step {
  vms_buffer content;  /* of a file that is staged itself: its copy */
  bool skipped;        /* a folder that is there already */
  bool own;            /* an entry is there now */
} step;

typedef struct plan {
  vms__files *c;
  vms_buffer target, place; /* where to; where to with a name behind */
  bool slash, moves;
  bool fresh;               /* there is nothing at the target */
  vms__entry source;
  uint64_t charge, bytes, freed; /* for files_call; sizes of the files to come, and of those they replace */
  vms__names list;          /* what lies in the source */
  step *steps;              /* one for the source, then one for each of the list, in the order in which they were found */
  size_t count, capacity;
} plan;

static void plan_init(plan *p, vms__files *c, bool moves) {
  memset(p, 0, sizeof *p);
  p->c = c;
  p->moves = moves;
  vms_buffer_init(&p->target, c->archive->env);
  vms_buffer_init(&p->place, c->archive->env);
  vms__names_init(&p->list, c->archive->env);
}

static void plan_free(plan *p) {
  for (size_t i = 0; i < p->count; i++) vms_buffer_free(&p->steps[i].content);
  vms__free(p->c->archive->env, p->steps, p->capacity * sizeof *p->steps);
  vms_buffer_free(&p->target);
  vms_buffer_free(&p->place);
  vms__names_free(&p->list);
}

/* `path` becomes a folder's path with a name behind; an empty name is the folder itself. */
static int join(vms__files *c, vms_buffer *path, vms_slice folder, vms_slice name) {
  int status;
  vms__buf_clear(path);
  status = vms_buffer_append(path, folder.len == 0 ? "" : folder.data, folder.len);
  if (status == VMS_OK && name.len > 0) status = vms__buf_byte(path, '/');
  if (status == VMS_OK && name.len > 0) status = vms__buf_slice(path, name);
  return status == VMS_OK ? VMS_OK : vms__files_no_memory(c);
}

static bool is_too_long(vms_slice path) {
  unsigned depth = 0;
  for (size_t i = 0; i < path.len; i++) depth += path.data[i] == '/';
  return path.len > VMS_PATH_LEN_MAX || depth > VMS_PATH_DEPTH_MAX;
}

/* The staged change that holds a file's contents, NULL if they are stored. */
static const vms__change *staged_content(vms__files *c, vms_slice path, const vms__entry *entry) {
  const vms__change *change = entry->kind == VMS__ENTRY_FILE ? vms__stage_find(&c->archive->stage, path) : NULL;
  return change != NULL && !change->stored ? change : NULL;
}

/* What is at p->place may be replaced by the source's entry, or kept if both are folders. */
static int place_check(plan *p, const vms__entry *entry, step *each) {
  vms__files *c = p->c;
  vms_slice place = vms__buf_view(&p->place);
  vms__entry there;
  int status;
  if (entry->kind == VMS__ENTRY_LINK || entry->mapped)
    return vms__files_throw_path(c, "NotSupportedError", "What is stored in this way cannot be copied", place);
  if (is_too_long(place)) return vms__files_throw_path(c, "InvalidPathError", "The path is too long or deep", place);
  if (p->fresh) return VMS_OK;
  status = vms__view_find(&c->view, place, &there, c->error);
  if (status != VMS_OK) return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
  if (there.kind != entry->kind)
    return vms__files_throw_path(c, "EntryAlreadyExistsError", "Files and folders cannot replace each other", place);
  each->own = !there.implied;
  each->skipped = entry->kind == VMS__ENTRY_FOLDER;
  p->freed += there.blob.byte_len;
  return VMS_OK;
}

/* Plans one entry, `name` below the source; a callback of vms__names_collect(). */
static int plan_entry(void *context, vms_slice name, const vms__entry *entry) {
  plan *p = context;
  vms__files *c = p->c;
  const vms__change *change;
  step *each;
  int status = vms__view_work(&c->view, 1);
  if (status == VMS_OK) status = join(c, &p->place, vms__buf_view(&p->target), name);
  if (status != VMS_OK) return status;
  if (vms__grow(c->archive->env, &p->steps, &p->capacity, p->count, 1, sizeof *p->steps) != VMS_OK) return vms__files_no_memory(c);
  each = &p->steps[p->count++];
  memset(each, 0, sizeof *each);
  vms_buffer_init(&each->content, c->archive->env);
  status = place_check(p, entry, each);
  if (status != VMS_OK) return status;
  if (!each->skipped) p->charge += p->place.len;
  if (p->moves) p->charge += c->path.len + 1 + name.len - (name.len == 0);
  p->bytes += entry->blob.byte_len;
  status = vms__files_afford(c, p->charge); /* before more is kept */
  if (status != VMS_OK) return status;
  status = join(c, &p->place, vms__buf_view(&c->path), name);
  if (status != VMS_OK) return status;
  change = staged_content(c, vms__buf_view(&p->place), entry);
  if (change == NULL) return VMS_OK;
  if (!p->moves) p->charge += change->content.len;
  status = vms__files_afford(c, p->charge);
  if (status == VMS_OK) status = vms__view_work(&c->view, change->content.len / VMS__WORK_BYTES);
  if (status != VMS_OK) return status;
  return vms_buffer_append(&each->content, change->content.len == 0 ? "" : change->content.data, change->content.len) == VMS_OK
             ? VMS_OK : vms__files_no_memory(c);
}

/* --- checks ------------------------------------------------------------------------------------------------------ */

static bool is_within(vms_slice path, vms_slice folder) {
  return path.len >= folder.len && (folder.len == 0 || memcmp(path.data, folder.data, folder.len) == 0) &&
         (path.len == folder.len || path.data[folder.len] == '/');
}

/* In the order in which DatArchive throws. */
static int plan_check(plan *p) {
  vms__files *c = p->c;
  vms_slice target = vms__buf_view(&p->target), path = vms__buf_view(&c->path);
  vms__entry there;
  int status = vms__view_find(&c->view, target, &there, c->error);
  if (status != VMS_OK && status != VMS_ERR_NOT_FOUND) return status;
  p->fresh = status == VMS_ERR_NOT_FOUND;
  if (p->moves && !p->fresh) return vms__files_throw_path(c, "EntryAlreadyExistsError", "It exists already", target);
  if (is_within(target, path)) return vms__files_throw_path(c, "InvalidPathError", "Nothing can be put into itself", target);
  if (target.len > 0) {
    status = vms__files_parent_check(c, target);
    if (status != VMS_OK) return status;
  }
  status = vms__files_find(c, path, &p->source);
  if (status != VMS_OK) return status;
  if (p->source.kind == VMS__ENTRY_FILE && ((p->slash && target.len > 0) || c->path_slash))
    return vms__files_throw_path(c, "InvalidPathError", "A file's path cannot end in a slash", p->slash ? target : path);
  return VMS_OK;
}

/* --- carrying out ------------------------------------------------------------------------------------------------ */

static int step_stage(plan *p, step *each, const vms__entry *entry) {
  vms__change *change;
  int status;
  if (each->skipped) return VMS_OK;
  status = vms__files_change(p->c, vms__buf_view(&p->place), each->own, &change);
  if (status != VMS_OK) return status;
  vms_buffer_free(&change->content);
  change->kind = entry->kind;
  change->stored = entry->kind == VMS__ENTRY_FILE && each->content.data == NULL;
  change->executable = entry->executable;
  change->blob = entry->blob;
  change->content = each->content;
  vms_buffer_init(&each->content, p->c->archive->env);
  return VMS_OK;
}

static vms_slice name_at(const plan *p, size_t i) { return i == 0 ? (vms_slice){ NULL, 0 } : vms__names_at(&p->list, i - 1); }

static const vms__entry *entry_at(const plan *p, size_t i) { return i == 0 ? &p->source : vms__names_entry(&p->list, i - 1); }

static step *step_at(plan *p, size_t i) { return &p->steps[i == 0 ? 0 : p->list.items[i - 1].found + 1]; }

static int plan_run(plan *p) {
  vms__files *c = p->c;
  uint64_t others;
  int status = vms__files_quota(c, p->freed + (p->moves ? p->bytes : 0), p->bytes, &others);
  if (status == VMS_OK) status = vms__files_charge(c, p->charge);
  for (size_t i = 0; i < p->count && status == VMS_OK; i++) {
    status = join(c, &p->place, vms__buf_view(&p->target), name_at(p, i));
    if (status == VMS_OK) status = step_stage(p, step_at(p, i), entry_at(p, i));
  }
  if (status == VMS_OK) c->archive->stage_size = others + p->bytes + (p->moves ? p->bytes : 0);
  for (size_t i = 0; i < p->count && p->moves && status == VMS_OK; i++) {
    status = join(c, &p->place, vms__buf_view(&c->path), name_at(p, i));
    if (status == VMS_OK) status = vms__files_stage(c, vms__buf_view(&p->place), entry_at(p, i), VMS__ENTRY_ABSENT);
  }
  return status;
}

static int copy_or_move(vms__files *c, bool moves) {
  vms__names_wish wish = { true, true, { NULL, 0 }, UINT64_MAX, plan_entry, NULL };
  plan p;
  int status = vms__files_path(c, 0, &c->path, &c->path_slash);
  plan_init(&p, c, moves);
  wish.context = &p;
  if (status == VMS_OK) status = vms__files_path(c, 1, &p.target, &p.slash);
  if (status == VMS_OK) status = plan_check(&p);
  if (status == VMS_OK) status = plan_entry(&p, (vms_slice){ NULL, 0 }, &p.source);
  if (status == VMS_OK && p.source.kind == VMS__ENTRY_FOLDER)
    status = vms__names_collect(c, vms__buf_view(&c->path), &wish, &p.list);
  if (status == VMS_OK) status = plan_run(&p);
  plan_free(&p);
  return status;
}

int vms__files_copy(vms__files *c) { return copy_or_move(c, false); }
int vms__files_rename(vms__files *c) { return copy_or_move(c, true); }
