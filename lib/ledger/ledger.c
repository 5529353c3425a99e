/* SPDX-License-Identifier: MIT */
/* A journal in use: signers, marks, commits. The order of things: blocks and heads are packed and signed (begin), written
 * and synced (write, perhaps on another thread), and only then published (end). */
#include "internal.h"

#define ROOM_MIN (UINT64_C(64) << 10) /* zeros written ahead of the frames: an eighth of the file, at least and at most so many */
#define ROOM_MAX (UINT64_C(4) << 20)
#define PAGE_LEN 4096u
#define BUFFER_KEPT_MAX (1u << 20) /* bytes of buffer kept from one commit to the next */

int vms_journal_signer(vms_journal *journal, uint32_t index, const uint8_t seed[VMS_SEED_LEN], vms_error *error) {
  uint8_t secret[VMS__SECRET_LEN];
  vms_core *core;
  assert(journal != NULL && index < journal->count && seed != NULL);
  core = &journal->cores[index];
  vms__crypto_expand(seed, secret);
  if (memcmp(secret + VMS_SEED_LEN, vms__manifest_signer(core->manifest), VMS_KEY_LEN) != 0) {
    vms__crypto_wipe(secret, sizeof secret);
    return vms__fail(error, VMS_ERR_FOREIGN, index, "the seed is not the one of core %u's manifest", index);
  }
  memcpy(core->secret, secret, sizeof secret);
  core->has_secret = true;
  vms__crypto_wipe(secret, sizeof secret);
  return VMS_OK;
}

uint32_t vms_journal_count(const vms_journal *journal) {
  assert(journal != NULL);
  return journal->count;
}

vms_core *vms_journal_core(vms_journal *journal, uint32_t index) {
  assert(journal != NULL && index < journal->count);
  return &journal->cores[index];
}

uint64_t vms_journal_torn(const vms_journal *journal) {
  assert(journal != NULL);
  return journal->torn;
}

/* --- marks ------------------------------------------------------------------------------------------ */

void vms_journal_mark_take(const vms_journal *journal, vms_journal_mark *mark) {
  assert(journal != NULL && mark != NULL);
  memset(mark, 0, sizeof *mark);
  for (uint32_t i = 0; i < journal->count; i++) mark->lengths[i] = journal->cores[i].length;
}

/* A head that was set may cover blocks that are gone: the newest that the storage has counts again. */
static void head_fit(vms_core *core) {
  if (!core->has_head || core->head.length <= core->length) return;
  core->head = core->stored;
  core->has_head = core->head_stored = core->stored.length > 0;
  core->head_foreign = core->head_foreign && core->has_head;
}

void vms_journal_rollback(vms_journal *journal, const vms_journal_mark *mark) {
  assert(journal != NULL && mark != NULL);
  for (uint32_t i = 0; i < journal->count; i++) {
    vms_core *core = &journal->cores[i];
    uint64_t length = mark->lengths[i];
    assert(length <= core->length && length >= core->flying);
    if (length == core->length) continue;
    /* Blocks lie in the order of appending: everything from the first dropped one on goes. */
    journal->pending.len = VMS__MIN(journal->pending.len, (size_t)core->places[length] - VMS__BLOCK_PREFIX_LEN);
    core->length = length;
    core->cuts++;
    if (core->cached_length > length) core->cached_length = UINT64_MAX;
    head_fit(core);
  }
}

void vms_journal_drop_pending(vms_journal *journal) {
  assert(journal != NULL && journal->commit == NULL);
  for (uint32_t i = 0; i < journal->count; i++) {
    vms_core *core = &journal->cores[i];
    if (core->length > core->durable) core->cuts++;
    core->length = core->flying = core->durable;
    core->cached_length = UINT64_MAX;
    head_fit(core);
  }
  vms__buf_clear(&journal->pending);
  vms_buffer_free(&journal->returned);
}

/* --- commits ---------------------------------------------------------------------------------------- */

/* True if the core has blocks that no stored head covers, or a head that is not stored. */
static bool head_due(const vms_core *core) {
  if (core->has_head && !core->head_stored) return true;
  if (core->has_head) return core->head.length < core->length && (core->has_secret || !core->head_foreign);
  return core->length > 0;
}

/* The head that a signing commit stores for a core. A core without a seed keeps a head that came from elsewhere. */
static int head_make(vms_core *core, vms_head *head, vms_error *error) {
  if (core->has_head && (core->head.length == core->length || (core->head_foreign && !core->has_secret))) {
    *head = core->head;
    return VMS_OK;
  }
  if (!core->has_secret)
    return vms__fail(error, VMS_ERR_ARGUMENT, core->index, "core %u has no seed to sign with", core->index);
  memset(head, 0, sizeof *head);
  head->length = core->length;
  memcpy(head->manifest, core->manifest, sizeof head->manifest);
  vms_core_tree_hash(core, core->length, head->tree_hash);
  vms__head_sign(core->secret, core->key, head);
  return VMS_OK;
}

static int heads_pack(vms_journal *journal, vms_commit *commit, vms_buffer *heads, vms_error *error) {
  for (uint32_t i = 0; i < journal->count; i++) {
    vms_core *core = &journal->cores[i];
    uint8_t bytes[VMS__FRAME_HEAD_LEN];
    if (core->length > 0 || core->has_head) {
      int status = head_make(core, &commit->heads[i], error);
      if (status != VMS_OK) return status;
      commit->has_head[i] = true;
    }
    vms__head_pack(&commit->heads[i], commit->has_head[i], bytes);
    if (vms_buffer_append(heads, bytes, sizeof bytes) != VMS_OK)
      return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  }
  return VMS_OK;
}

static bool work_to_do(const vms_journal *journal, uint32_t flags, bool *frame_needed) {
  *frame_needed = false;
  for (uint32_t i = 0; i < journal->count; i++) {
    const vms_core *core = &journal->cores[i];
    if (core->length > core->durable || ((flags & VMS_COMMIT_SIGN) != 0 && head_due(core))) *frame_needed = true;
  }
  return *frame_needed || ((flags & VMS_COMMIT_NO_SYNC) == 0 && journal->synced < journal->end);
}

/* Fills the commit's frame with everything that is not durable, leaving the journal's buffers as they are. */
static int frame_pack(vms_journal *journal, vms_commit *commit, vms_error *error) {
  vms_buffer *frame = &commit->frame, heads;
  const vms_buffer *source[2] = { &journal->returned, &journal->pending };
  uint64_t blocks = 0;
  int status = VMS_OK;
  vms_buffer_init(&heads, journal->env);
  if ((commit->flags & VMS_COMMIT_SIGN) != 0) status = heads_pack(journal, commit, &heads, error);
  if (status != VMS_OK) goto done;
  for (uint32_t i = 0; i < journal->count; i++) blocks += journal->cores[i].length - journal->cores[i].durable;
  if (blocks > UINT32_MAX) {
    status = vms__fail(error, VMS_ERR_LIMIT, blocks, "%llu blocks in one commit", (unsigned long long)blocks);
    goto done;
  }
  /* The usual case takes the pending buffer itself; only after a commit that found no room two are joined. */
  if (journal->returned.len == 0 && journal->pending.len > 0) {
    if (vms__buf_reserve(&journal->pending, heads.len + 8) != VMS_OK) goto nomem;
    *frame = journal->pending;
    journal->pending = journal->spare;
    vms_buffer_init(&journal->spare, journal->env);
  } else {
    size_t len = VMS__FRAME_HEADER_LEN + heads.len + 8;
    for (int i = 0; i < 2; i++) len += source[i]->len;
    if (vms__buf_reserve(frame, len) != VMS_OK) goto nomem;
    frame->len = VMS__FRAME_HEADER_LEN;
    for (int i = 0; i < 2; i++)
      if (source[i]->len > VMS__FRAME_HEADER_LEN)
        vms_buffer_append(frame, source[i]->data + VMS__FRAME_HEADER_LEN, source[i]->len - VMS__FRAME_HEADER_LEN);
    /* Blocks of the second buffer now lie further back. */
    if (journal->returned.len > 0)
      for (uint32_t i = 0; i < journal->count; i++)
        for (uint64_t seq = journal->cores[i].flying; seq < journal->cores[i].length; seq++)
          journal->cores[i].places[seq] += journal->returned.len - VMS__FRAME_HEADER_LEN;
    vms_buffer_free(&journal->returned);
    vms__buf_clear(&journal->pending);
  }
  /* There is room for all that follows: it cannot fail. */
  vms_buffer_append(frame, heads.data == NULL ? "" : heads.data, heads.len);
  status = vms__frame_seal(journal, frame, VMS__FRAME_DATA,
                           (commit->flags & VMS_COMMIT_SIGN) != 0 ? VMS__FRAME_HEADS : 0, (uint32_t)blocks);
  assert(status == VMS_OK);
  goto done;
nomem:
  status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a commit");
done:
  vms_buffer_free(&heads);
  return status;
}

/* Every sync that finds the file longer than before has to write its length as well, which costs as much again. So zeros are
 * written ahead: measured on ext4, a synced frame took 131 us at the end of the file, 130 us with room reserved behind the end
 * (FALLOC_FL_KEEP_SIZE), 94 us with room reserved before the end, one in ten above 140, and 102 us with zeros, nine in ten below 120.
 * Large frames do not gain by it: they would only be written twice. */
static void plan_room(const vms_journal *journal, vms_commit *commit) {
  uint64_t end = commit->offset + commit->frame.len, ahead = VMS__MIN(VMS__MAX(end / 8, ROOM_MIN), ROOM_MAX);
  if ((commit->flags & VMS_COMMIT_NO_SYNC) != 0 || commit->frame.len > ROOM_MIN) return;
  if (end <= journal->room || end < journal->room_from) return;
  ahead += (PAGE_LEN - (end + ahead) % PAGE_LEN) % PAGE_LEN;
  commit->zeros = vms__alloc(journal->env, (size_t)ahead);
  if (commit->zeros != NULL) commit->zeros_len = (size_t)ahead;
}

int vms_journal_commit_begin(vms_journal *journal, uint32_t flags, vms_commit **commit, vms_error *error) {
  vms_commit *made;
  bool frame_needed;
  int status = VMS_OK;
  assert(journal != NULL && commit != NULL);
  *commit = NULL;
  assert(journal->commit == NULL);
  if ((flags & ~(VMS_COMMIT_SIGN | VMS_COMMIT_NO_SYNC)) != 0 || flags == (VMS_COMMIT_SIGN | VMS_COMMIT_NO_SYNC))
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "commit flags 0x%x: a head is signed only for what is synced", flags);
  if (journal->broken) return vms__fail(error, VMS_ERR_IO, journal->end, "an earlier commit failed: open the journal again");
  if (!work_to_do(journal, flags, &frame_needed)) return VMS_OK;
  if (journal->read_only) return vms__fail(error, VMS_ERR_IO, journal->end, "the journal was opened for reading only");
  made = vms__alloc(journal->env, sizeof *made);
  if (made == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a commit");
  made->storage = journal->storage;
  made->offset = journal->end;
  made->flags = flags;
  vms_buffer_init(&made->frame, journal->env);
  if (frame_needed) status = frame_pack(journal, made, error);
  if (status != VMS_OK) {
    vms_buffer_free(&made->frame);
    vms__free(journal->env, made, sizeof *made);
    return status;
  }
  plan_room(journal, made);
  for (uint32_t i = 0; i < journal->count; i++) journal->cores[i].flying = journal->cores[i].length;
  journal->commit = *commit = made;
  return VMS_OK;
}

/* Room for later frames is welcome, not needed: where there is none for zeros they are taken back. */
static int zeros_write(vms_commit *commit, vms_error *error) {
  const vms_storage *storage = commit->storage;
  uint64_t end = commit->offset + commit->frame.len;
  int status = storage->write(storage->context, end, commit->zeros, commit->zeros_len, error);
  if (status != VMS_ERR_FULL) return status;
  commit->zeros_failed = true;
  storage->truncate(storage->context, end, NULL); /* what stays is zeros */
  return VMS_OK;
}

int vms_commit_write(vms_commit *commit, vms_error *error) {
  const vms_storage *storage;
  int status = VMS_OK;
  assert(commit != NULL);
  storage = commit->storage;
  if (commit->frame.len > 0)
    status = storage->write(storage->context, commit->offset, commit->frame.data, commit->frame.len, error);
  if (status == VMS_ERR_FULL && storage->truncate(storage->context, commit->offset, NULL) != VMS_OK)
    return vms__fail(error, VMS_ERR_IO, commit->offset, "no room, and the partial frame cannot be taken back");
  if (status == VMS_OK && commit->zeros_len > 0) status = zeros_write(commit, error);
  if (status == VMS_OK && (commit->flags & VMS_COMMIT_NO_SYNC) == 0) {
    status = storage->sync(storage->context, error);
    /* Whatever a sync says, after it failed nobody knows what the disk holds. */
    if (status != VMS_OK) status = vms__fail(error, VMS_ERR_IO, commit->offset, "the storage failed to sync");
  }
  return status;
}

static void note_room(vms_journal *journal, const vms_commit *commit) {
  uint64_t end = commit->offset + commit->frame.len;
  journal->room = VMS__MAX(journal->room, end);
  if (commit->zeros_failed) journal->room_from = end + ROOM_MIN;
  else journal->room = VMS__MAX(journal->room, end + commit->zeros_len);
}

/* The commit's frame is in the storage: its blocks and heads are what is durable now. */
static void publish(vms_journal *journal, const vms_commit *commit, bool newer[VMS_JOURNAL_CORES_MAX]) {
  for (uint32_t i = 0; i < journal->count; i++) {
    vms_core *core = &journal->cores[i];
    for (uint64_t seq = core->durable; seq < core->flying; seq++) core->places[seq] += commit->offset;
    core->durable = core->flying;
    if (commit->has_head[i]) core->stored = commit->heads[i];
    /* A head set meanwhile may be newer. */
    if (!commit->has_head[i] || (core->has_head && core->head.length > commit->heads[i].length)) continue;
    newer[i] = !core->has_head || core->head.length < commit->heads[i].length;
    core->head = commit->heads[i];
    core->has_head = core->head_stored = true;
  }
  if (commit->frame.len > 0) {
    journal->end = commit->offset + commit->frame.len;
    journal->sequence++;
    journal->closed = false;
    vms__journal_note(journal, commit->offset, (const uint8_t *)commit->frame.data + 64);
    note_room(journal, commit);
  }
  if ((commit->flags & VMS_COMMIT_NO_SYNC) == 0) journal->synced = journal->end;
}

/* The blocks of a commit that failed stay readable, and join the next one. Heads and padding at the end are cut off. */
static void take_back(vms_journal *journal, vms_commit *commit) {
  size_t end = VMS__FRAME_HEADER_LEN;
  for (uint32_t i = 0; i < journal->count; i++) {
    const vms_core *core = &journal->cores[i];
    if (core->flying > core->durable)
      end = VMS__MAX(end, (size_t)(core->places[core->flying - 1] + vms_core_byte_length(core, core->flying) -
                                   vms_core_byte_length(core, core->flying - 1)));
  }
  if (end == VMS__FRAME_HEADER_LEN) return; /* it held no blocks */
  journal->returned = commit->frame;
  journal->returned.len = end;
  vms_buffer_init(&commit->frame, journal->env);
}

/* A later commit will be about as long as this one: its buffer is used again, unless it is a large one. */
static void buffer_reuse(vms_journal *journal, vms_buffer *frame) {
  if (journal->spare.data != NULL || frame->capacity > BUFFER_KEPT_MAX) return;
  journal->spare = *frame;
  vms__buf_clear(&journal->spare);
  vms_buffer_init(frame, journal->env);
}

void vms_journal_commit_end(vms_journal *journal, vms_commit *commit, int status) {
  bool newer[VMS_JOURNAL_CORES_MAX] = { false };
  assert(journal != NULL && commit != NULL && journal->commit == commit);
  journal->commit = NULL;
  if (status == VMS_OK) {
    publish(journal, commit, newer);
    buffer_reuse(journal, &commit->frame);
  } else {
    if (status == VMS_ERR_FULL) journal->room = commit->offset;
    else journal->broken = true;
    take_back(journal, commit);
  }
  vms_buffer_free(&commit->frame);
  vms__free(journal->env, commit->zeros, commit->zeros_len);
  vms__free(journal->env, commit, sizeof *commit);
  if (status == VMS_OK) vms__index_save(journal, false);
  for (uint32_t i = 0; i < journal->count; i++)
    if (newer[i]) vms__core_notify(&journal->cores[i]);
}

int vms_journal_commit(vms_journal *journal, uint32_t flags, vms_error *error) {
  vms_commit *commit;
  int status = vms_journal_commit_begin(journal, flags, &commit, error);
  if (status != VMS_OK || commit == NULL) return status;
  status = vms_commit_write(commit, error);
  vms_journal_commit_end(journal, commit, status);
  return status;
}
