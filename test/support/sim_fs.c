/* SPDX-License-Identifier: MIT */
/* The simulated file system. Bugs of tests end in abort(). */
#define _GNU_SOURCE
#include "sim_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

#define NAME_LEN_MAX 80u
#define NO_NODE SIZE_MAX

/* A name in a folder; node NO_NODE, in a list of changes: the name goes. */
typedef struct sim_name {
  char text[NAME_LEN_MAX];
  size_t node;
} sim_name;

typedef struct sim_names {
  sim_name *names;
  size_t count, capacity;
} sim_names;

typedef struct sim_node {
  bool folder;
  mode_t mode;
  sim_disk disk;                   /* of a file */
  sim_names names, synced, changes; /* of a folder: what a process sees, what is durable, what happened since then */
} sim_node;

typedef struct sim_fd {
  size_t node; /* NO_NODE: closed */
  int flags;
  uint64_t position;
  bool locked;
} sim_fd;

/* --- names ------------------------------------------------------------------------------------------ */

static void *must(void *memory) {
  if (memory == NULL) abort();
  return memory;
}

static sim_name *find(const sim_names *names, const char *text) {
  for (size_t i = 0; i < names->count; i++)
    if (strcmp(names->names[i].text, text) == 0) return &names->names[i];
  return NULL;
}

static void push(sim_names *names, const char *text, size_t node) {
  if (names->count == names->capacity) {
    names->capacity = names->capacity * 2 + 4;
    names->names = must(realloc(names->names, names->capacity * sizeof *names->names));
  }
  if (strlen(text) >= NAME_LEN_MAX) abort();
  strcpy(names->names[names->count].text, text);
  names->names[names->count++].node = node;
}

static void set(sim_names *names, const char *text, size_t node) {
  sim_name *there = find(names, text);
  if (there == NULL && node != NO_NODE) push(names, text, node);
  else if (there != NULL && node != NO_NODE) there->node = node;
  else if (there != NULL) *there = names->names[--names->count];
}

static void copy_names(sim_names *to, const sim_names *from) {
  to->count = 0;
  for (size_t i = 0; i < from->count; i++) push(to, from->names[i].text, from->names[i].node);
}

/* --- what fails, and when ------------------------------------------------------------------------------ */

enum { READS = 0, CHANGES = 1, NEEDS_ROOM = 2, MAY_WAIT = 4 };

static bool fails_here(const sim_fs *sim, int kind) {
  if (sim->fail_at == 0 || sim->operations < sim->fail_at || sim->operations - sim->fail_at >= sim->fail_count) return false;
  if (sim->fail_errno == ENOSPC || sim->fail_errno == EDQUOT) return (kind & NEEDS_ROOM) != 0;
  if (sim->fail_errno == EROFS) return (kind & CHANGES) != 0;
  return sim->fail_errno != EINTR || (kind & MAY_WAIT) != 0;
}

/* Begins an operation. False, with errno set, if it does not happen. *cut: the power goes in the middle of it. */
static bool begins(sim_fs *sim, int kind, bool *cut) {
  bool was_dead = sim->dead;
  sim->operations++;
  if ((kind & CHANGES) != 0) sim->changes++;
  if (sim->power_cut_at != 0 && sim->changes >= sim->power_cut_at) sim->dead = true;
  *cut = sim->dead && !was_dead;
  if (sim->dead || fails_here(sim, kind)) {
    errno = sim->dead ? EIO : sim->fail_errno;
    return false;
  }
  return true;
}

static int failed(int number) {
  errno = number;
  return -1;
}

/* --- paths and descriptors ------------------------------------------------------------------------------- */

/* Finds the folder that holds the last name of a path, and that name ("" for the root). NO_NODE with errno set. */
static size_t walk(const sim_fs *sim, const char *path, char last[NAME_LEN_MAX]) {
  size_t node = 0;
  last[0] = 0;
  for (path += strspn(path, "/"); *path != 0; path += strspn(path, "/")) {
    size_t len = strcspn(path, "/");
    const sim_name *next = last[0] == 0 ? NULL : find(&sim->nodes[node].names, last);
    if (last[0] != 0 && (next == NULL || !sim->nodes[next->node].folder)) {
      errno = next == NULL ? ENOENT : ENOTDIR;
      return NO_NODE;
    }
    if (next != NULL) node = next->node;
    if (len >= NAME_LEN_MAX) abort();
    memcpy(last, path, len);
    last[len] = 0;
    path += len;
  }
  return node;
}

static size_t lookup(const sim_fs *sim, const char *path) {
  char last[NAME_LEN_MAX];
  size_t parent = walk(sim, path, last);
  const sim_name *found;
  if (parent == NO_NODE || last[0] == 0) return parent;
  found = find(&sim->nodes[parent].names, last);
  if (found == NULL) errno = ENOENT;
  return found == NULL ? NO_NODE : found->node;
}

/* A change of a name: at once for the process, at the next sync for the disk. */
static void change(sim_fs *sim, size_t folder, const char *name, size_t node, bool seen) {
  push(&sim->nodes[folder].changes, name, node);
  if (seen) set(&sim->nodes[folder].names, name, node);
}

static size_t new_node(sim_fs *sim, bool folder, mode_t mode) {
  sim_node *node;
  /* A disk knows its own address: moved nodes get new ones. */
  sim->nodes = must(realloc(sim->nodes, (sim->node_count + 1) * sizeof *sim->nodes));
  for (size_t i = 0; i < sim->node_count; i++) sim->nodes[i].disk.storage.context = &sim->nodes[i].disk;
  node = &sim->nodes[sim->node_count];
  memset(node, 0, sizeof *node);
  node->folder = folder;
  node->mode = mode;
  sim_disk_init(&node->disk);
  return sim->node_count++;
}

static sim_fd *fd_at(const sim_fs *sim, int fd) {
  if (fd < 0 || (size_t)fd >= sim->fd_count || sim->fds[fd].node == NO_NODE) abort();
  return &sim->fds[fd];
}

static int new_fd(sim_fs *sim, size_t node, int flags) {
  size_t fd = 0;
  while (fd < sim->fd_count && sim->fds[fd].node != NO_NODE) fd++;
  if (fd == sim->fd_count) sim->fds = must(realloc(sim->fds, ++sim->fd_count * sizeof *sim->fds));
  sim->fds[fd] = (sim_fd){ node, flags, 0, false };
  return (int)fd;
}

/* --- the door ----------------------------------------------------------------------------------------------- */

static int sim_open(void *context, const char *path, int flags, mode_t mode) {
  sim_fs *sim = context;
  char last[NAME_LEN_MAX];
  size_t node = lookup(sim, path), parent;
  bool cut, makes = node == NO_NODE && (flags & O_CREAT) != 0;
  bool allowed = begins(sim, makes ? CHANGES | NEEDS_ROOM : READS, &cut);
  if (!allowed && !(makes && cut)) return -1;
  if (makes) {
    parent = walk(sim, path, last);
    if (parent == NO_NODE) return -1;
    node = new_node(sim, false, mode);
    change(sim, parent, last, node, allowed);
    if (!allowed) return failed(EIO);
  } else if (node == NO_NODE) {
    return failed(ENOENT);
  } else if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
    return failed(EEXIST);
  }
  if ((flags & O_DIRECTORY) != 0 && !sim->nodes[node].folder) return failed(ENOTDIR);
  if ((flags & O_DIRECTORY) == 0 && sim->nodes[node].folder && (flags & O_ACCMODE) != O_RDONLY) return failed(EISDIR);
  return new_fd(sim, node, flags);
}

static int sim_close(void *context, int fd) {
  sim_fs *sim = context;
  bool cut, allowed = begins(sim, READS, &cut); /* closed in any case, as on Linux */
  if ((size_t)fd >= sim->fd_count || sim->fds[fd].node == NO_NODE) return failed(EBADF); /* its process was killed */
  *fd_at(sim, fd) = (sim_fd){ NO_NODE, 0, 0, false };
  return allowed ? 0 : -1;
}

static size_t piece(const sim_fs *sim, size_t len) { return sim->piece_len == 0 ? len : VMS__MIN(len, sim->piece_len); }

static ssize_t sim_pread(void *context, int fd, void *bytes, size_t len, off_t offset) {
  sim_fs *sim = context;
  sim_disk *disk = &sim->nodes[fd_at(sim, fd)->node].disk;
  size_t got;
  bool cut;
  if (!begins(sim, READS | MAY_WAIT, &cut)) return -1;
  disk->storage.read(disk, (uint64_t)offset, bytes, piece(sim, len), &got, NULL);
  return (ssize_t)got;
}

static ssize_t sim_read(void *context, int fd, void *bytes, size_t len) {
  sim_fd *file = fd_at(context, fd);
  ssize_t got = sim_pread(context, fd, bytes, len, (off_t)file->position);
  if (got > 0) file->position += (uint64_t)got;
  return got;
}

static ssize_t sim_pwrite(void *context, int fd, const void *bytes, size_t len, off_t offset) {
  sim_fs *sim = context;
  sim_disk *disk = &sim->nodes[fd_at(sim, fd)->node].disk;
  bool cut, allowed = begins(sim, CHANGES | NEEDS_ROOM | MAY_WAIT, &cut);
  if ((fd_at(sim, fd)->flags & O_ACCMODE) == O_RDONLY) return failed(EBADF);
  if (cut) disk->power_cut_at = disk->operations + 1; /* it may reach the disk, in part, but nobody sees that */
  len = piece(sim, len);
  if (!allowed && !sim->dead && errno == ENOSPC && len > 1) len /= 2, allowed = true; /* what still fits */
  if (allowed || cut) disk->storage.write(disk, (uint64_t)offset, bytes, len, NULL);
  if (!allowed) return -1;
  return (ssize_t)len;
}

static int sim_fsync(void *context, int fd) {
  sim_fs *sim = context;
  sim_node *node = &sim->nodes[fd_at(sim, fd)->node];
  bool cut, allowed = begins(sim, CHANGES | MAY_WAIT, &cut);
  if (!allowed && !sim->dead && sim->drops && errno != EINTR && !node->folder) sim_disk_drop(&node->disk);
  if (!allowed) return -1;
  if (node->folder) {
    copy_names(&node->synced, &node->names);
    node->changes.count = 0;
  } else {
    node->disk.storage.sync(&node->disk, NULL);
  }
  return 0;
}

static int sim_ftruncate(void *context, int fd, off_t len) {
  sim_fs *sim = context;
  sim_disk *disk = &sim->nodes[fd_at(sim, fd)->node].disk;
  bool cut;
  if (!begins(sim, CHANGES | MAY_WAIT, &cut)) return -1;
  return disk->storage.truncate(disk, (uint64_t)len, NULL) == VMS_OK ? 0 : failed(EIO);
}

static int fill_stat(const sim_fs *sim, size_t node, struct stat *st) {
  memset(st, 0, sizeof *st);
  st->st_ino = node + 1;
  st->st_mode = (sim->nodes[node].folder ? S_IFDIR : S_IFREG) | sim->nodes[node].mode;
  st->st_size = (off_t)sim->nodes[node].disk.len;
  return 0;
}

static int sim_fstat(void *context, int fd, struct stat *st) {
  sim_fs *sim = context;
  bool cut;
  return begins(sim, READS, &cut) ? fill_stat(sim, fd_at(sim, fd)->node, st) : -1;
}

static int sim_stat(void *context, const char *path, struct stat *st) {
  sim_fs *sim = context;
  bool cut;
  size_t node;
  if (!begins(sim, READS, &cut)) return -1;
  node = lookup(sim, path);
  return node == NO_NODE ? -1 : fill_stat(sim, node, st);
}

static int sim_flock(void *context, int fd, int operation) {
  sim_fs *sim = context;
  bool cut;
  if (!begins(sim, READS, &cut)) return -1;
  if (operation != (LOCK_EX | LOCK_NB)) abort();
  for (size_t i = 0; i < sim->fd_count; i++)
    if (i != (size_t)fd && sim->fds[i].locked && sim->fds[i].node == fd_at(sim, fd)->node) return failed(EWOULDBLOCK);
  fd_at(sim, fd)->locked = true;
  return 0;
}

static int sim_mkdir(void *context, const char *path, mode_t mode) {
  sim_fs *sim = context;
  char last[NAME_LEN_MAX];
  size_t parent = walk(sim, path, last);
  bool cut, allowed;
  if (parent != NO_NODE && (last[0] == 0 || find(&sim->nodes[parent].names, last) != NULL)) {
    if (begins(sim, READS, &cut)) errno = EEXIST;
    return -1;
  }
  allowed = begins(sim, CHANGES | NEEDS_ROOM, &cut);
  if (parent == NO_NODE) return allowed ? failed(ENOENT) : -1;
  if (allowed || cut) change(sim, parent, last, new_node(sim, true, mode), allowed);
  return allowed ? 0 : failed(errno);
}

static int sim_link(void *context, const char *from, const char *to) {
  sim_fs *sim = context;
  char last[NAME_LEN_MAX];
  size_t node = lookup(sim, from), parent = walk(sim, to, last);
  bool cut, allowed = begins(sim, CHANGES | NEEDS_ROOM, &cut);
  if (!allowed && !cut) return -1;
  if (node == NO_NODE || parent == NO_NODE) return failed(ENOENT);
  if (find(&sim->nodes[parent].names, last) != NULL) return failed(EEXIST);
  change(sim, parent, last, node, allowed);
  return allowed ? 0 : failed(EIO);
}

static int sim_rename(void *context, const char *from, const char *to) {
  sim_fs *sim = context;
  char old_name[NAME_LEN_MAX], new_name[NAME_LEN_MAX];
  size_t node = lookup(sim, from), old_parent = walk(sim, from, old_name), new_parent = walk(sim, to, new_name);
  bool cut, allowed = begins(sim, CHANGES | NEEDS_ROOM, &cut);
  if (!allowed && !cut) return -1;
  if (node == NO_NODE || new_parent == NO_NODE) return failed(ENOENT);
  change(sim, new_parent, new_name, node, allowed);
  change(sim, old_parent, old_name, NO_NODE, allowed);
  return allowed ? 0 : failed(EIO);
}

static int take_away(sim_fs *sim, const char *path, bool folder) {
  char last[NAME_LEN_MAX];
  size_t node = lookup(sim, path), parent = walk(sim, path, last);
  bool cut, allowed = begins(sim, CHANGES, &cut);
  if (!allowed && !cut) return -1;
  if (node == NO_NODE) return failed(ENOENT);
  if (sim->nodes[node].folder != folder) return failed(folder ? ENOTDIR : EISDIR);
  if (folder && sim->nodes[node].names.count > 0) return failed(ENOTEMPTY);
  change(sim, parent, last, NO_NODE, allowed);
  return allowed ? 0 : failed(EIO);
}

static int sim_unlink(void *context, const char *path) { return take_away(context, path, false); }
static int sim_rmdir(void *context, const char *path) { return take_away(context, path, true); }

static int sim_list(void *context, const char *path, vms_buffer *names) {
  sim_fs *sim = context;
  size_t node = lookup(sim, path);
  bool cut;
  if (!begins(sim, READS, &cut)) return -1;
  if (node == NO_NODE || !sim->nodes[node].folder) return failed(node == NO_NODE ? ENOENT : ENOTDIR);
  for (size_t i = 0; i < sim->nodes[node].names.count; i++) {
    const char *name = sim->nodes[node].names.names[i].text;
    if (vms_buffer_append(names, name, strlen(name) + 1) != VMS_OK) abort();
  }
  return 0;
}

/* --- life and death --------------------------------------------------------------------------------------------- */

static vms__os_fs door(sim_fs *sim) {
  return (vms__os_fs){ sim, sim_open, sim_close, sim_read, sim_pread, sim_pwrite, sim_fsync, sim_fsync, sim_ftruncate, sim_fstat,
                       sim_flock, sim_stat, sim_mkdir, sim_link, sim_rename, sim_unlink, sim_rmdir, sim_list };
}

void sim_fs_init(sim_fs *sim) {
  memset(sim, 0, sizeof *sim);
  sim->fs = door(sim);
  new_node(sim, true, 0755);
}

void sim_fs_deinit(sim_fs *sim) {
  for (size_t i = 0; i < sim->node_count; i++) {
    sim_disk_deinit(&sim->nodes[i].disk);
    free(sim->nodes[i].names.names);
    free(sim->nodes[i].synced.names);
    free(sim->nodes[i].changes.names);
  }
  free(sim->nodes);
  free(sim->fds);
  memset(sim, 0, sizeof *sim);
}

void sim_fs_copy(sim_fs *copy, const sim_fs *sim) {
  sim_fs_init(copy);
  for (size_t i = 0; i < sim->node_count; i++) {
    const sim_node *from = &sim->nodes[i];
    size_t node = i == 0 ? 0 : new_node(copy, from->folder, from->mode);
    sim_node *to = &copy->nodes[node];
    sim_disk_copy(&to->disk, &from->disk);
    copy_names(&to->names, &from->names);
    copy_names(&to->synced, &from->synced);
    copy_names(&to->changes, &from->changes);
  }
  copy->dead = sim->dead;
}

void sim_fs_kill(sim_fs *sim) {
  sim->fd_count = 0;
  sim->changes = sim->operations = 0;
  sim->power_cut_at = sim->fail_at = 0;
  sim->piece_len = 0;
  sim->drops = false;
  sim->dead = false;
}

void sim_fs_restart(sim_fs *sim, uint64_t seed) {
  uint64_t random = seed;
  sim_fs_kill(sim);
  for (size_t i = 0; i < sim->node_count; i++) {
    sim_node *node = &sim->nodes[i];
    for (size_t n = 0; n < node->changes.count; n++)
      if (seed != SIM_LOSE_ALL && sim_random(&random) % 2 == 0) set(&node->synced, node->changes.names[n].text, node->changes.names[n].node);
    node->changes.count = 0;
    copy_names(&node->names, &node->synced);
    sim_disk_restart(&node->disk, seed == SIM_LOSE_ALL ? SIM_DISK_LOSE_ALL : sim_random(&random));
  }
}
