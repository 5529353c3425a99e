/* SPDX-License-Identifier: MIT */
/* Answers of file calls with what proves them: made by a host that watches what the call reads, checked by running the call again on replicas
 * that hold nothing else. Format: doc/protocol.md, "Proved answers". */
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

#define PROOF_LEN_MAX (16u << 20) /* bytes of JSON text */
#define NONE UINT64_MAX

static const char *const core_names[VMS_CORE_COUNT] = { "ledger", "archive", "blobs" };

/* What depends on few blocks. (getInfo adds the sizes of all files up.) */
static bool is_provable(vms_slice method) {
  return vms__slice_is(method, "stat") || vms__slice_is(method, "readFile") || vms__slice_is(method, "readdir") ||
         vms__slice_is(method, "history");
}

/* --- which blocks ---------------------------------------------------------------------------------------- */

typedef struct span { uint64_t from, to; } span; /* blocks, half open */

typedef struct spans {
  const vms_env *env;
  span *list;
  size_t count, capacity;
  bool failed; /* there was no memory for one of them */
} spans;

static int compare_spans(const void *a, const void *b) {
  const span *x = a, *y = b;
  return (x->from > y->from) - (x->from < y->from);
}

/* Puts them in order, apart from each other. */
static void spans_tidy(spans *blocks) {
  size_t kept = 0;
  if (blocks->count == 0) return;
  qsort(blocks->list, blocks->count, sizeof *blocks->list, compare_spans);
  for (size_t i = 1; i < blocks->count; i++) {
    if (blocks->list[i].from > blocks->list[kept].to) blocks->list[++kept] = blocks->list[i];
    else blocks->list[kept].to = VMS__MAX(blocks->list[kept].to, blocks->list[i].to);
  }
  blocks->count = kept + 1;
}

/* A walk over many entries meets the same few blocks again and again: room is taken only for those that differ. */
static void spans_add(spans *blocks, uint64_t from, uint64_t to) {
  if (blocks->failed || from >= to) return;
  if (blocks->count == blocks->capacity) {
    spans_tidy(blocks);
    if (blocks->count >= blocks->capacity / 2) /* few were the same */
      blocks->failed = vms__grow(blocks->env, &blocks->list, &blocks->capacity, blocks->count, blocks->capacity / 2 + 16, sizeof *blocks->list) != VMS_OK;
    if (blocks->failed) return;
  }
  blocks->list[blocks->count++] = (span){ from, to };
}

/* --- proving ----------------------------------------------------------------------------------------------- */

typedef struct proving {
  const vms__file_source *source;
  vms_head heads[VMS_CORE_COUNT]; /* length 0: nothing was signed yet */
  spans blocks[VMS_CORE_COUNT];
  vms_buffer scratch;             /* one message */
} proving;

static void note_file_block(void *context, uint32_t core, uint64_t from, uint64_t to) {
  proving *p = context;
  spans_add(&p->blocks[VMS_CORE_ARCHIVE + core], from, to);
}

static void note_record(void *context, uint64_t seq) {
  proving *p = context;
  spans_add(&p->blocks[VMS_CORE_LEDGER], seq, seq + 1);
}

/* A proof shows one commit: what the ledger's last record says of the files has to be what the other heads cover. In a copy that was fetched
 * piece by piece it may not be. */
static int heads_take(proving *p, vms_error *error) {
  vms_buffer scratch;
  vms__record last;
  int status = VMS_OK;
  for (int core = 0; core < VMS_CORE_COUNT && status == VMS_OK; core++) {
    status = vms_core_head(p->source->cores[core], &p->heads[core], error);
    if (status == VMS_ERR_NOT_FOUND && core == VMS_CORE_BLOBS) {
      p->heads[core].length = 0;
      status = VMS_OK;
    }
  }
  if (status == VMS_OK && p->heads[VMS_CORE_LEDGER].length < 2)
    status = vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no record is signed yet");
  if (status != VMS_OK) return status;
  vms_buffer_init(&scratch, p->source->env);
  vms__buf_clear(&p->scratch);
  status = vms_core_read(p->source->cores[VMS_CORE_LEDGER], p->heads[VMS_CORE_LEDGER].length - 1, &p->scratch, error);
  if (status == VMS_OK) status = vms__record_scan(vms__buf_view(&p->scratch), &scratch, &last, error);
  vms_buffer_free(&scratch);
  if (status == VMS_OK && (last.files.version != p->heads[VMS_CORE_ARCHIVE].length || last.files.blobs != p->heads[VMS_CORE_BLOBS].length))
    status = vms__fail(error, VMS_ERR_NOT_FOUND, 0, "the signed heads that are here are not of one commit");
  return status == VMS_ERR_FORM ? VMS_ERR_CORRUPT : status;
}

/* How far above its leaf the proof of a block has to reach for somebody to whom block `before` (NONE: none), and others before that, were
 * proved: up to a node that came with it, or to a root. */
static uint64_t levels(uint64_t length, uint64_t seq, uint64_t before) {
  uint64_t level = 0;
  assert(seq < length && length <= VMS__JSON_INT_MAX);
  for (;; level++) {
    uint64_t parent = seq >> (level + 1); /* counted among those of its height; the next one begins behind it */
    if ((parent + 1) << (level + 1) > length) return level;
    if (before != NONE && before >> (level + 1) == parent) return level;
  }
}

static int message_write(proving *p, int core, const vms_proof_request *request, vms_buffer *json, vms_error *error) {
  int status;
  vms__buf_clear(&p->scratch);
  status = vms_core_prove(p->source->cores[core], request, &p->scratch, error);
  if (status != VMS_OK) return status;
  status = vms__buf_text(json, request->flags == VMS_PROOF_BLOCK ? ",\"" : "\"");
  if (status == VMS_OK) status = vms__buf_base64(json, p->scratch.data, p->scratch.len);
  if (status == VMS_OK) status = vms__buf_byte(json, '"');
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory for a proof");
}

/* The signed head, then the blocks in their order. VMS_ERR_LIMIT if it gets too long. */
static int core_write(proving *p, int core, size_t start, vms_buffer *json, vms_error *error) {
  const vms_head *head = &p->heads[core];
  vms_proof_request request = { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST, .fork = head->fork, .upgrade_length = head->length };
  uint64_t before = NONE;
  int status = message_write(p, core, &request, json, error);
  request = (vms_proof_request){ .flags = VMS_PROOF_BLOCK, .fork = head->fork };
  for (size_t i = 0; i < p->blocks[core].count && status == VMS_OK; i++) {
    span blocks = p->blocks[core].list[i];
    for (uint64_t seq = blocks.from; seq < VMS__MIN(blocks.to, head->length) && status == VMS_OK; before = seq++) {
      request.block_index = seq;
      request.block_nodes = levels(head->length, seq, before);
      status = message_write(p, core, &request, json, error);
      if (status == VMS_OK && json->len - start > PROOF_LEN_MAX) return VMS_ERR_LIMIT;
    }
  }
  return status;
}

/* By the blocks alone, before any work goes into them: whoever asks too much must not keep the host busy. */
static bool is_too_long(const proving *p) {
  uint64_t bytes = 0;
  for (int core = 0; core < VMS_CORE_COUNT; core++)
    for (size_t i = 0; i < p->blocks[core].count; i++) {
      uint64_t from = p->blocks[core].list[i].from, to = VMS__MIN(p->blocks[core].list[i].to, p->heads[core].length);
      if (from < to) bytes += vms_core_byte_length(p->source->cores[core], to) - vms_core_byte_length(p->source->cores[core], from);
    }
  return bytes / 3 * 4 > PROOF_LEN_MAX;
}

static int proof_write(proving *p, vms_buffer *json, vms_error *error) {
  size_t start = json->len;
  int status = VMS_OK;
  spans_add(&p->blocks[VMS_CORE_LEDGER], 0, 1);
  spans_add(&p->blocks[VMS_CORE_LEDGER], p->heads[VMS_CORE_LEDGER].length - 1, p->heads[VMS_CORE_LEDGER].length);
  for (int core = 0; core < VMS_CORE_COUNT; core++) {
    if (p->blocks[core].failed) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a proof");
    spans_tidy(&p->blocks[core]);
  }
  if (is_too_long(p)) return VMS_ERR_LIMIT;
  for (int core = 0; core < VMS_CORE_COUNT && status == VMS_OK; core++) {
    if (p->heads[core].length == 0) continue;
    status = vms__buf_format(json, "%s\"%s\":[", core == 0 ? "{" : ",", core_names[core]);
    if (status == VMS_OK) status = core_write(p, core, start, json, error);
    if (status == VMS_OK) status = vms__buf_byte(json, ']');
  }
  return status == VMS_OK ? vms__buf_byte(json, '}') : status;
}

/* Makes the reply an error to throw. */
static int throw_instead(vms_file_reply *reply, const char *name, const char *message, vms_error *error) {
  vms__buf_clear(&reply->body);
  reply->kind = VMS_FILE_ERROR;
  snprintf(reply->error_name, sizeof reply->error_name, "%s", name);
  if (vms__buf_text(&reply->body, message) == VMS_OK) return VMS_OK;
  return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for an answer");
}

static int call_and_prove(proving *p, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error) {
  const vms__file_source *source = p->source;
  size_t start = proof->len;
  int status;
  vms__origin_set(source->origin, source->cores[VMS_CORE_LEDGER], NULL, p->heads[VMS_CORE_LEDGER].length);
  source->origin->trace = note_record;
  source->origin->trace_context = p;
  vms_archive_trace(source->archive, note_file_block, p);
  status = vms__file_read(source->archive, source->origin, request, p->heads[VMS_CORE_ARCHIVE].length, reply, error);
  vms_archive_trace(source->archive, NULL, NULL);
  source->origin->trace = NULL;
  if (status != VMS_OK) return status;
  if (reply->kind == VMS_FILE_ERROR && strcmp(reply->error_name, "RangeError") == 0) return VMS_OK; /* too much to prove */
  status = proof_write(p, proof, error);
  if (status != VMS_OK) proof->len = start;
  if (status != VMS_ERR_LIMIT) return status;
  return throw_instead(reply, "RangeError", "A proof has at most 16 MiB: use offset and length, after and limit, or start and end", error);
}

int vms__file_prove(const vms__file_source *source, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error) {
  proving *p;
  int status;
  if (!is_provable(request->method)) return throw_instead(reply, "NotSupportedError", "Only stat, readFile, readdir and history can be proved", error);
  p = vms__alloc(source->env, sizeof *p);
  if (p == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a proof");
  p->source = source;
  vms_buffer_init(&p->scratch, source->env);
  for (int core = 0; core < VMS_CORE_COUNT; core++) p->blocks[core].env = source->env;
  status = heads_take(p, error);
  if (status == VMS_OK) status = call_and_prove(p, request, reply, proof, error);
  for (int core = 0; core < VMS_CORE_COUNT; core++)
    vms__free(source->env, p->blocks[core].list, p->blocks[core].capacity * sizeof(span));
  vms_buffer_free(&p->scratch);
  vms__free(source->env, p, sizeof *p);
  return status;
}

/* --- verifying --------------------------------------------------------------------------------------------- */

typedef struct verifying {
  const vms_env *env;
  vms_slice proof;
  vms_replica *replicas[VMS_CORE_COUNT]; /* of blobs NULL if nothing was ever signed */
  vms_archive *archive;
  vms__origin origin;
  vms_buffer block, scratch;
  vms_file_proven proven;
} verifying;

static int malformed(vms_error *error, const char *what) {
  return vms__fail(error, VMS_ERR_FORM, 0, "not a proof of a file call: %s", what);
}

static int feed_all(verifying *v, int core, vms_slice parts, vms_error *error) {
  const char *iterator = NULL;
  vms_slice name, part;
  int status = VMS_OK;
  while (status == VMS_OK && vms__json_next(parts, &iterator, &name, &part)) {
    if (part.data[0] != '"') return malformed(error, "a message that is no string");
    vms__buf_clear(&v->block);
    status = vms__base64_decode((vms_slice){ part.data + 1, part.len - 2 }, &v->block);
    if (status == VMS_ERR_FORM) return malformed(error, "a message that is not base64");
    if (status != VMS_OK) return vms__fail(error, status, 0, "out of memory for a proof");
    status = vms_replica_feed(v->replicas[core], v->block.data, v->block.len, error);
  }
  return status;
}

/* Every core of a service has fork 0 and the default manifest, that of the blobs derived from the archive's. */
static int head_check(const verifying *v, int core, vms_error *error) {
  const vms_replica *replica = v->replicas[core];
  vms_slice given = vms_replica_manifest(replica);
  uint8_t manifest[VMS_MANIFEST_LEN];
  if (vms_replica_length(replica) == 0) return malformed(error, "a signed head is missing");
  if (core != VMS_CORE_BLOBS && given.len == sizeof manifest) vms_manifest_default((const uint8_t *)given.data + VMS_MANIFEST_LEN - VMS_KEY_LEN, manifest);
  if (vms_replica_fork(replica) == 0 && (core == VMS_CORE_BLOBS || (given.len == sizeof manifest && memcmp(manifest, given.data, sizeof manifest) == 0)))
    return VMS_OK;
  return vms__fail(error, VMS_ERR_FOREIGN, 0, "the %s has another fork or manifest than a service's", core_names[core]);
}

/* Takes in what the proof has of a core. VMS_ERR_NOT_FOUND: nothing. */
static int core_take(verifying *v, int core, const uint8_t key[VMS_KEY_LEN], vms_error *error) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_slice parts;
  int status;
  if (!vms__json_member(v->proof, core_names[core], &parts)) return VMS_ERR_NOT_FOUND;
  if (parts.data[0] != '[') return malformed(error, "messages that are no array");
  options.flags = VMS_REPLICA_SPARSE;
  options.env = v->env;
  status = vms_replica_open(&v->replicas[core], key, &options, error);
  if (status == VMS_OK) status = vms_replica_want(v->replicas[core], 0, VMS__JSON_INT_MAX, error);
  if (status == VMS_OK) status = feed_all(v, core, parts, error);
  return status == VMS_OK ? head_check(v, core, error) : status;
}

static int block_take(verifying *v, uint64_t seq, vms_error *error) {
  vms__buf_clear(&v->block);
  int status = vms_replica_read(v->replicas[VMS_CORE_LEDGER], seq, &v->block, error);
  return status == VMS_ERR_NOT_FOUND ? vms__fail(error, VMS_ERR_MISSING, seq, "block %llu of the ledger is not in the proof", (unsigned long long)seq) : status;
}

/* The ledger names the archive, and its last record what the archive is. */
static int ledger_take(verifying *v, const uint8_t key[VMS_KEY_LEN], vms_error *error) {
  vms_file_proven *proven = &v->proven;
  vms__genesis genesis;
  vms__record last;
  int status = core_take(v, VMS_CORE_LEDGER, key, error);
  if (status == VMS_ERR_NOT_FOUND) return malformed(error, "it has nothing of the ledger");
  if (status == VMS_OK) status = block_take(v, 0, error);
  if (status == VMS_OK) status = vms__genesis_read(vms__buf_view(&v->block), &v->scratch, &genesis, error);
  if (status != VMS_OK) return status;
  memcpy(proven->archive, genesis.archive, sizeof proven->archive);
  proven->length = vms_replica_length(v->replicas[VMS_CORE_LEDGER]);
  vms_replica_tree_hash(v->replicas[VMS_CORE_LEDGER], proven->tree_hash);
  if (proven->length < 2) return malformed(error, "the ledger has no record");
  status = block_take(v, proven->length - 1, error);
  if (status == VMS_OK) status = vms__record_read(vms__buf_view(&v->block), &v->scratch, &last, error);
  if (status != VMS_OK) return status;
  proven->time_ms = last.time_ms;
  proven->files = last.files;
  return VMS_OK;
}

/* The heads of archive and blobs have to be the state that the last record tells: doc/ledger-format.md, "Records". */
static int files_check(const verifying *v, vms_error *error) {
  const vms_archive_state *files = &v->proven.files;
  vms_archive_state shown;
  vms_archive_state_get(v->archive, &shown);
  if (shown.version != files->version || shown.blobs != files->blobs)
    return vms__fail(error, VMS_ERR_FOREIGN, shown.version, "the head of the %s is not the one that the ledger's last record tells",
                     core_names[shown.version != files->version ? VMS_CORE_ARCHIVE : VMS_CORE_BLOBS]);
  if (memcmp(shown.hash, files->hash, sizeof shown.hash) == 0) return VMS_OK;
  return vms__fail(error, VMS_ERR_FOREIGN, 0, "the files are not those that the ledger's last record commits to");
}

static int files_take(verifying *v, vms_error *error) {
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  uint8_t manifest[VMS_MANIFEST_LEN], key[VMS_KEY_LEN];
  int status = core_take(v, VMS_CORE_ARCHIVE, v->proven.archive, error);
  if (status == VMS_ERR_NOT_FOUND) return malformed(error, "it has nothing of the archive");
  if (status != VMS_OK) return status;
  vms_manifest_blobs((const uint8_t *)vms_replica_manifest(v->replicas[VMS_CORE_ARCHIVE]).data, manifest);
  vms_manifest_key(manifest, key);
  status = core_take(v, VMS_CORE_BLOBS, key, error);
  if (status != VMS_OK && status != VMS_ERR_NOT_FOUND) return status;
  options.env = v->env;
  options.origin_context = &v->origin;
  options.origin = vms__origin_write;
  status = vms_archive_open_replica(&v->archive, v->replicas[VMS_CORE_ARCHIVE], v->replicas[VMS_CORE_BLOBS], &options, error);
  return status == VMS_OK ? files_check(v, error) : status;
}

int vms_file_verify(const uint8_t ledger[VMS_KEY_LEN], const vms_file_request *request, vms_slice proof, const vms_env *env, vms_file_reply *reply,
                    vms_file_proven *proven, vms_error *error) {
  verifying v = { .env = env, .proof = proof };
  int status;
  assert(ledger != NULL && request != NULL && reply != NULL && (proof.data != NULL || proof.len == 0));
  if (!is_provable(request->method)) return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "only stat, readFile, readdir and history can be proved");
  if (proof.len > PROOF_LEN_MAX + 4096) return vms__fail(error, VMS_ERR_LIMIT, proof.len, "a proof of %zu bytes", proof.len);
  if (!vms__json_valid(proof, VMS__JSON_DEPTH_MAX, VMS__JSON_ANY)) return malformed(error, "no JSON text");
  vms__origin_init(&v.origin, env);
  vms_buffer_init(&v.block, env);
  vms_buffer_init(&v.scratch, env);
  status = ledger_take(&v, ledger, error);
  if (status == VMS_OK) status = files_take(&v, error);
  if (status == VMS_OK) {
    vms__origin_set(&v.origin, NULL, v.replicas[VMS_CORE_LEDGER], v.proven.length);
    status = vms__file_read(v.archive, &v.origin, request, v.proven.files.version, reply, error);
  }
  if (status == VMS_OK && proven != NULL) *proven = v.proven;
  if (status != VMS_OK) vms__buf_clear(&reply->body);
  vms_archive_close(v.archive);
  for (int core = 0; core < VMS_CORE_COUNT; core++) vms_replica_close(v.replicas[core]);
  vms__origin_deinit(&v.origin);
  vms_buffer_free(&v.block);
  vms_buffer_free(&v.scratch);
  return status;
}
