/* SPDX-License-Identifier: MIT */
/* Gets hold of what an auditor judges: from a live host, block by block, or from a folder that a host may be
 * writing to. Order matters for a live service: first the archive's heads, then the ledger's, then the archive's
 * again, so that an honest host that goes on working never looks like a liar (doc/protocol.md, "Auditing"). */
#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "internal.h"

#include <time.h>

#define MAX_BYTES_DEFAULT (UINT64_C(16) << 30)
#define BLOCK_COST 128u /* what a block takes besides its bytes: without it empty blocks would be free */

typedef struct fetch {
  vms_client *client;
  vms_journal *journal;
  vms_verdict *verdict;
  vms_rpc_reply reply;
  vms_buffer params, block;
  uint64_t bytes_left;
  bool decided;
} fetch;

static const char *const core_names[VMS_CORE_COUNT] = { "ledger", "archive", "blobs" };

static int decide(fetch *f, uint32_t outcome, const char *kind, const char *message) {
  f->decided = true;
  return vms_verdict_set(f->verdict, outcome, kind, 0, message);
}

/* What nobody signed proves nothing: a man in the middle may have sent it. It is not what was asked for, though. */
static int withheld(fetch *f, const char *message) { return decide(f, VMS_VERDICT_INCOMPLETE, "withheld", message); }

/* Asks for a head; *there is false if nothing was signed yet. */
static int fetch_head(fetch *f, int core, vms_head *head, bool *there, vms_error *error) {
  vms__buf_clear(&f->params);
  int status = vms__buf_format(&f->params, "{\"core\":\"%s\"}", core_names[core]);
  if (status == VMS_OK) status = vms_client_request(f->client, "vms.head", vms__buf_view(&f->params), &f->reply, error);
  memset(head, 0, sizeof *head);
  *there = status == VMS_OK && f->reply.code == 0;
  if (status != VMS_OK || !*there) return status;
  if (vms_head_read(vms__buf_view(&f->reply.result), head, NULL) != VMS_OK) return withheld(f, "the host shows no head of the form it must have");
  return VMS_OK;
}

static int over_budget(fetch *f) {
  return decide(f, VMS_VERDICT_INCOMPLETE, "budget", "the service is larger than what this auditor downloads (--max-bytes)");
}

/* One page; *from moves on. A page that brings nothing is a host that does not deliver what it signed. */
static int fetch_page(fetch *f, int core, uint64_t *from, uint64_t to, vms_error *error) {
  vms_slice blocks, raw;
  const char *iterator = NULL;
  uint64_t start = *from;
  vms__buf_clear(&f->params);
  int status = vms__buf_format(&f->params, "{\"core\":\"%s\",\"from\":%llu,\"to\":%llu}", core_names[core], (unsigned long long)*from, (unsigned long long)to);
  if (status == VMS_OK) status = vms_client_request(f->client, "vms.blocks", vms__buf_view(&f->params), &f->reply, error);
  if (status != VMS_OK) return status;
  if (f->reply.code == 0 && vms__json_member(vms__buf_view(&f->reply.result), "blocks", &blocks))
    while (*from < to && vms__json_next(blocks, &iterator, NULL, &raw)) {
      vms__buf_clear(&f->block);
      if (raw.len < 2 || raw.data[0] != '"') break;
      status = vms__base64_decode((vms_slice){ raw.data + 1, raw.len - 2 }, &f->block);
      if (status == VMS_ERR_FORM || f->block.len > VMS_BLOCK_LEN_MAX) break;
      if (status == VMS_OK && f->block.len + BLOCK_COST > f->bytes_left) return over_budget(f);
      if (status == VMS_OK) f->bytes_left -= f->block.len + BLOCK_COST;
      if (status == VMS_OK)
        status = vms_core_append(vms_journal_core(f->journal, (uint32_t)core), f->block.data == NULL ? "" : f->block.data, f->block.len, NULL, error);
      if (status != VMS_OK) return status;
      ++*from;
    }
  if (*from == start) return withheld(f, "the host signed a head and does not deliver the blocks under it");
  return vms_journal_commit(f->journal, VMS_COMMIT_NO_SYNC, error); /* from memory to the storage */
}

static int fetch_core(fetch *f, int core, const vms_head *head, vms_error *error) {
  uint64_t from = 0;
  vms_error why;
  int status = VMS_OK;
  if (head->length > f->bytes_left / BLOCK_COST) return over_budget(f);
  while (status == VMS_OK && !f->decided && from < head->length) status = fetch_page(f, core, &from, head->length, error);
  if (status != VMS_OK || f->decided) return status;
  status = vms_core_set_head(vms_journal_core(f->journal, (uint32_t)core), head, &why);
  if (status == VMS_OK || status == VMS_ERR_NOMEM) return status;
  return withheld(f, "the blocks that were delivered are not those under the signed head");
}

/* Is this a head of the core with that manifest, as it must be? */
static int check_head(fetch *f, const vms_head *head, const uint8_t manifest[VMS_MANIFEST_LEN], const char *wrong) {
  uint8_t key[VMS_KEY_LEN];
  if (memcmp(head->manifest, manifest, VMS_MANIFEST_LEN) != 0) return decide(f, VMS_VERDICT_FINDING, "ledger", wrong);
  vms_manifest_key(manifest, key);
  if (vms_head_verify(head, key, NULL) != VMS_OK) return withheld(f, "the host shows a head that its key did not sign");
  if (head->fork != 0) return decide(f, VMS_VERDICT_FINDING, "ledger", "a head has another fork than 0");
  return VMS_OK;
}

/* Ledger and archive have default manifests, the blobs core the one that belongs to the archive. */
static int check_manifests(fetch *f, const vms_head heads[VMS_CORE_COUNT], bool blobs, uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN]) {
  static const char *const wrong[VMS_CORE_COUNT] = { "the ledger's manifest is not the default one", "the archive's manifest is not the default one",
                                                     "the blobs core is not the one that belongs to the archive" };
  int status = VMS_OK;
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_ARCHIVE; core++)
    vms_manifest_default(heads[core].manifest + VMS_MANIFEST_LEN - VMS_KEY_LEN, manifests[core]);
  vms_manifest_blobs(manifests[VMS_CORE_ARCHIVE], manifests[VMS_CORE_BLOBS]);
  for (int core = VMS_CORE_LEDGER; core <= (blobs ? VMS_CORE_BLOBS : VMS_CORE_ARCHIVE) && status == VMS_OK && !f->decided; core++)
    status = check_head(f, &heads[core], manifests[core], wrong[core]);
  return status;
}

/* The user's own pins need no download: a key from the options, or behind # in the URL. */
static int check_pins(fetch *f, const vms_audit_options *options) {
  const uint8_t *pins[] = { options->ledger, vms__client_pin(f->client) };
  for (size_t i = 0; i < sizeof pins / sizeof pins[0]; i++)
    if (pins[i] != NULL && memcmp(pins[i], f->verdict->ledger, VMS_KEY_LEN) != 0) {
      f->verdict->conflict = 1;
      return decide(f, VMS_VERDICT_FINDING, "ledger", "this is another ledger than the one asked for");
    }
  return VMS_OK;
}

static void note_heads(fetch *f, const vms_head heads[VMS_CORE_COUNT]) {
  vms_manifest_key(heads[VMS_CORE_LEDGER].manifest, f->verdict->ledger);
  vms_manifest_key(heads[VMS_CORE_ARCHIVE].manifest, f->verdict->archive);
  f->verdict->length = heads[VMS_CORE_LEDGER].length;
  memcpy(f->verdict->tree_hash, heads[VMS_CORE_LEDGER].tree_hash, VMS_HASH_LEN);
}

/* What was signed before must be the beginning of what is signed now. */
static int check_extends(fetch *f, int core, const vms_head *before) {
  uint8_t hash[VMS_HASH_LEN];
  vms_core *now = vms_journal_core(f->journal, (uint32_t)core);
  bool extends = before->length <= vms_core_length(now);
  if (extends) vms_core_tree_hash(now, before->length, hash);
  if (extends && memcmp(hash, before->tree_hash, VMS_HASH_LEN) == 0) return VMS_OK;
  return decide(f, VMS_VERDICT_FINDING, "fork", "two signed heads of the archive contradict each other");
}

static int fetch_all(fetch *f, const vms_storage *storage, vms_audit_options *options, vms_error *error) {
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN];
  vms_head before[VMS_CORE_COUNT], head[VMS_CORE_COUNT];
  bool earlier[VMS_CORE_COUNT] = { false }, there[VMS_CORE_COUNT] = { false };
  int status = VMS_OK;
  for (int core = VMS_CORE_ARCHIVE; core <= VMS_CORE_BLOBS && status == VMS_OK && !f->decided; core++)
    status = fetch_head(f, core, &before[core], &earlier[core], error);
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_BLOBS && status == VMS_OK && !f->decided; core++)
    status = fetch_head(f, core, &head[core], &there[core], error);
  if (status != VMS_OK || f->decided) return status;
  if (!there[VMS_CORE_LEDGER] || !there[VMS_CORE_ARCHIVE]) return withheld(f, "the host shows no signed head of ledger and archive");
  note_heads(f, head);
  status = check_manifests(f, head, there[VMS_CORE_BLOBS], manifests);
  for (int core = VMS_CORE_ARCHIVE; core <= VMS_CORE_BLOBS && status == VMS_OK && !f->decided; core++)
    if (earlier[core]) status = check_head(f, &before[core], manifests[core], "the archive's heads are not of one core");
  if (status == VMS_OK && !f->decided) status = check_pins(f, options);
  if (status != VMS_OK || f->decided) return status;
  journal_options.env = options->env;
  status = vms_journal_create(&f->journal, storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, VMS_CORE_COUNT, &journal_options, error);
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_BLOBS && status == VMS_OK && !f->decided; core++) {
    if (there[core]) status = fetch_core(f, core, &head[core], error);
    if (status == VMS_OK && !f->decided && core != VMS_CORE_LEDGER && earlier[core]) status = check_extends(f, core, &before[core]);
  }
  options->archive_before = VMS__MAX(before[VMS_CORE_ARCHIVE].length, 1);
  options->blobs_before = before[VMS_CORE_BLOBS].length;
  return status;
}

int vms_download(vms_client *client, const vms_storage *storage, vms_audit_options *options, vms_journal **journal,
                 vms_verdict *verdict, vms_error *error) {
  fetch f = { .client = client, .verdict = verdict };
  assert(client != NULL && storage != NULL && options != NULL && journal != NULL && verdict != NULL);
  vms_rpc_reply_init(&f.reply, options->env);
  vms_buffer_init(&f.params, options->env);
  vms_buffer_init(&f.block, options->env);
  f.bytes_left = options->max_bytes == 0 ? MAX_BYTES_DEFAULT : options->max_bytes;
  int status = fetch_all(&f, storage, options, error);
  if (status == VMS_ERR_NOMEM) vms__fail(error, status, 0, "out of memory while downloading");
  if (status != VMS_OK || f.decided) {
    vms_journal_close(f.journal);
    f.journal = NULL;
  }
  vms_rpc_reply_free(&f.reply);
  vms_buffer_free(&f.params);
  vms_buffer_free(&f.block);
  *journal = f.journal;
  return status;
}

#define TORN_TRIES 20      /* a host that is alive finishes a frame well within a second */
#define TORN_WAIT_MS 50

int vms_folder_journal(const char *path, vms_storage *storage, vms_journal **journal, vms_error *error) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  int status = vms_file_open(storage, path, VMS_FILE_READ_ONLY, error);
  *journal = NULL;
  if (status != VMS_OK) return status;
  options.flags = VMS_JOURNAL_READ_ONLY;
  for (int i = 0; i < TORN_TRIES; i++) {
    uint64_t torn;
    status = vms_journal_open(journal, storage, &options, error);
    if (status != VMS_OK) break;
    torn = vms_journal_torn(*journal);
    if (torn == 0) return VMS_OK;
    status = vms__fail(error, VMS_ERR_CORRUPT, 0, "the journal ends in a frame that is not whole (%llu bytes)", (unsigned long long)torn);
    vms_journal_close(*journal);
    *journal = NULL;
    nanosleep(&(struct timespec){ 0, TORN_WAIT_MS * 1000000L }, NULL);
  }
  vms_file_close(storage);
  return status;
}
