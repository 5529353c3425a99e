/* SPDX-License-Identifier: MIT */
/* A Hypercore peer over TCP for tests: serves a core of known blocks, honestly or not, or downloads one.
 *
 *   hypercore serve [--port PORT] [--blocks N] [--seed HEX] [--append-every MS COUNT] [--dir FILE] [--lie block|node|size|signature|manifest]
 *                   [--form v1|compat|v0|multi] [--fork N] [--cores N] [--initiator HOST:PORT] [--sizes N,N...]
 *     prints "PORT KEY" and serves until standard input ends; a line "append N" there adds N blocks, "PORT KEY"'s PORT is 0 with --initiator.
 *     --sizes: the first blocks have these sizes, block i filled with i + 1.
 *     --cores serves several, with the same blocks, and prints all their keys; they are honest and of the form v1.
 *     --dir keeps the core in a journal; its blocks are made up to N.
 *   hypercore download KEY[,KEY...] HOST:PORT... [--blocks-to FILE] [--file JOURNAL] [--live] [--sparse 1,5,7]
 *     prints {"length":...,"treeHash":"...","blocks":...,"ms":...} when everything is here, with --live again whenever there is more, until
 *     standard input ends. --blocks-to: a line of hex for each block that is here, in order. --file keeps what is here also when the peer leaves.
 *     Exit 1 with the reason on standard error.
 *
 * Block i has (7*i mod 23) + 1 bytes; byte j is (31*i + 17*j + 7) mod 256. */
#define _DEFAULT_SOURCE
#define TOOL "hypercore"
#include "peers.h"

#define CORES_MAX VMS_JOURNAL_CORES_MAX

enum { FORM_V1, FORM_COMPAT, FORM_V0, FORM_MULTI };
enum { LIE_NONE, LIE_BLOCK, LIE_NODE, LIE_SIZE, LIE_SIGNATURE, LIE_MANIFEST };

static struct {
  vms_storage storage;
  bool in_file;
  vms_journal *journal;
  /* serving */
  int form, lie;
  uint64_t fork;
  uint8_t seeds[3][VMS_SEED_LEN];
  vms_buffer manifest, signature;
  uint64_t signed_length;
  uint8_t key[VMS_KEY_LEN], discovery[VMS_KEY_LEN];
  uint32_t cores;
  const char *sizes; /* those that were not used yet */
  int64_t every_ms, every_count, next_ms;
  /* downloading */
  vms_replica *replica, *scout; /* scout: finds the manifest, with which a journal can be made */
  vms_replica *more[CORES_MAX]; /* of the keys behind the first */
  uint64_t more_shown[CORES_MAX];
  size_t more_count;
  const char *file, *blocks_to, *sparse;
  bool live;
  uint64_t shown;
  int64_t start_ms;
} t;

/* --- the core that is served ----------------------------------------------------------------------------------- */

static vms_core *core(void) { return vms_journal_core(t.journal, 0); }

static void append_to(vms_core *to, uint64_t count) {
  vms_error error;
  for (uint64_t n = 0; n < count; n++) {
    uint64_t i = vms_core_length(to);
    uint8_t block[23];
    size_t len = (size_t)(7 * i % 23) + 1;
    for (size_t j = 0; j < len; j++) block[j] = (uint8_t)(31 * i + 17 * j + 7);
    must(vms_core_append(to, block, len, NULL, &error), &error);
  }
}

static void append_sizes(void) {
  vms_error error;
  while (*t.sizes != 0) {
    char *end;
    size_t len = (size_t)strtoull(t.sizes, &end, 10);
    uint8_t *block = malloc(len + 1);
    if (end == t.sizes || block == NULL) die("--sizes takes numbers with commas between them");
    memset(block, (int)vms_core_length(core()) + 1, len);
    must(vms_core_append(core(), block, len, NULL, &error), &error);
    free(block);
    t.sizes = *end == ',' ? end + 1 : end;
  }
  must(vms_journal_commit(t.journal, VMS_COMMIT_SIGN, &error), &error);
}

static void append(uint64_t count) {
  vms_error error;
  for (uint32_t i = 0; i < t.cores; i++) append_to(vms_journal_core(t.journal, i), count);
  must(vms_journal_commit(t.journal, VMS_COMMIT_SIGN, &error), &error);
}

static void signer_write(vms_buffer *out, const uint8_t space[VMS__NAMESPACE_LEN], const uint8_t seed[VMS_SEED_LEN]) {
  uint8_t public_key[VMS_KEY_LEN];
  vms_key_public(seed, public_key);
  vms__write_uint(out, 0);
  vms_buffer_append(out, space, VMS__NAMESPACE_LEN);
  vms_buffer_append(out, public_key, sizeof public_key);
}

/* The manifest and key of the form that was asked for. */
static void form_make(void) {
  static const uint8_t v0[] = { 0, 0, 1 }, multi[] = { 1, 0, 0, 2, 3 }, one[] = { 1, 0, 0, 1, 1 };
  uint8_t space[VMS__NAMESPACE_LEN];
  vms__namespace("hypercore", 4, space);
  if (t.form == FORM_V1) vms_buffer_append(&t.manifest, one, sizeof one);
  if (t.form == FORM_V0) vms_buffer_append(&t.manifest, v0, sizeof v0);
  if (t.form == FORM_MULTI) vms_buffer_append(&t.manifest, multi, sizeof multi);
  for (unsigned i = 0; i < (t.form == FORM_MULTI ? 3u : t.form == FORM_COMPAT ? 0u : 1u); i++) signer_write(&t.manifest, space, t.seeds[i]);
  if (t.form == FORM_COMPAT) vms_key_public(t.seeds[0], t.key);
  else vms__manifest_hash(t.manifest.data, t.manifest.len, t.key);
  vms_discovery_key(t.key, t.discovery);
}

/* What is signed: the tree, then what each form has between it and the head. */
static void form_sign(uint64_t length) {
  uint8_t space[VMS__NAMESPACE_LEN], hash[VMS_HASH_LEN], numbers[16], signature[VMS_SIGNATURE_LEN];
  vms_buffer signable = VMS_BUFFER_INIT;
  unsigned signers = t.form == FORM_MULTI ? 2 : 1;
  bool envelope = t.form == FORM_V1 || t.form == FORM_MULTI;
  vms__namespace("hypercore", 0, space);
  vms_buffer_append(&signable, space, sizeof space);
  vms__namespace("hypercore", 4, space);
  if (t.form == FORM_V0) vms_buffer_append(&signable, space, sizeof space);
  if (envelope) vms_buffer_append(&signable, t.key, sizeof t.key);
  vms_core_tree_hash(core(), length, hash);
  vms_buffer_append(&signable, hash, sizeof hash);
  vms__put_u64(numbers, length);
  vms__put_u64(numbers + 8, t.fork);
  vms_buffer_append(&signable, numbers, sizeof numbers);
  vms__buf_clear(&t.signature);
  if (envelope) vms__write_uint(&t.signature, signers);
  for (unsigned i = 0; i < signers; i++) {
    vms_sign(t.seeds[i], signable.data, signable.len, signature);
    if (envelope) vms__write_uint(&t.signature, i);
    vms_buffer_append(&t.signature, signature, sizeof signature);
    if (envelope) vms__write_uint(&t.signature, 0);
  }
  if (envelope) vms__write_uint(&t.signature, 0);
  t.signed_length = length;
  vms_buffer_free(&signable);
}

static void served_head(void *context, uint64_t *length, uint64_t *fork) {
  vms_head head = { 0 };
  (void)context;
  (void)vms_core_head(core(), &head, NULL);
  *length = head.length;
  *fork = t.fork;
}

static bool source_node(void *context, uint64_t index, vms__node *node) {
  (void)context;
  return vms__core_node(core(), index, node);
}

static int source_block(void *context, uint64_t seq, vms_buffer *block, vms_error *error) {
  (void)context;
  return vms_core_read(core(), seq, block, error);
}

/* The byte to spoil; the proof's slices are ours to change. NULL: not in this proof. */
static uint8_t *lie_place(const vms__proof *proof) {
  vms__node_list list = proof->block_nodes.count > 0 ? proof->block_nodes : proof->upgrade_nodes;
  vms__reader node = list.nodes;
  uint8_t *at;
  switch (t.lie) {
    case LIE_BLOCK: return proof->block.len == 0 ? NULL : (uint8_t *)(uintptr_t)proof->block.data;
    case LIE_SIGNATURE: return proof->signature.len == 0 ? NULL : (uint8_t *)(uintptr_t)proof->signature.data + 20;
    case LIE_MANIFEST: return proof->manifest.len == 0 ? NULL : (uint8_t *)(uintptr_t)proof->manifest.data + proof->manifest.len - 3;
    default: break;
  }
  if (list.count == 0) return NULL;
  vms__read_uint(&node);
  at = (uint8_t *)(uintptr_t)node.at;
  if (t.lie == LIE_SIZE) return *at < 0xfc ? at : at + 1;
  vms__read_uint(&node);
  return (uint8_t *)(uintptr_t)node.at;
}

static int served_prove(void *context, const vms_proof_request *request, vms_buffer *bytes, vms_error *error) {
  vms__proof_source source = { NULL, source_node, source_block, 0, 0, { NULL, 0 }, vms__buf_view(&t.manifest) };
  size_t start = bytes->len;
  vms__reader reader;
  vms__proof proof;
  uint8_t *place;
  int status;
  served_head(context, &source.length, &source.fork);
  if (source.length != t.signed_length) form_sign(source.length);
  source.signature = vms__buf_view(&t.signature);
  status = vms__proof_make(&source, request, bytes, error);
  reader = vms__reader_over(bytes->data + start, status == VMS_OK ? bytes->len - start : 0);
  if (status != VMS_OK || t.lie == LIE_NONE || !vms__proof_read(&reader, &proof)) return status;
  place = lie_place(&proof);
  if (place != NULL) *place ^= 1;
  return status;
}

static void served_tree_hash(void *context, uint64_t length, uint8_t hash[VMS_HASH_LEN]) {
  (void)context;
  vms_core_tree_hash(core(), length, hash);
}

static bool serve(void *context, const uint8_t discovery[VMS_KEY_LEN], vms__served *served) {
  (void)context;
  if (memcmp(discovery, t.discovery, VMS_KEY_LEN) != 0) return false;
  *served = (vms__served){ NULL, { 0 }, vms__buf_view(&t.manifest), 0, served_head, served_prove, served_tree_hash };
  memcpy(served->key, t.key, VMS_KEY_LEN);
  return true;
}

static vms_core *find(void *context, const uint8_t discovery[VMS_KEY_LEN]) {
  uint8_t key[VMS_KEY_LEN];
  (void)context;
  for (uint32_t i = 0; i < t.cores; i++) {
    vms_core_key(vms_journal_core(t.journal, i), key);
    vms_discovery_key(key, key);
    if (memcmp(discovery, key, sizeof key) == 0) return vms_journal_core(t.journal, i);
  }
  return NULL;
}

/* A journal in a file or in memory with cores of these manifests, new or as it was left. */
static void journal_open(const char *path, const uint8_t (*manifests)[VMS_MANIFEST_LEN], uint32_t count) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  uint64_t len = 0;
  vms_error error;
  t.in_file = path != NULL;
  if (path == NULL) must(vms_memory_open(&t.storage, NULL, &error), &error);
  else must(vms_file_open(&t.storage, path, VMS_FILE_CREATE, &error), &error);
  must(t.storage.length(t.storage.context, &len, &error), &error);
  if (len == 0) must(vms_journal_create(&t.journal, &t.storage, manifests, count, &options, &error), &error);
  else must(vms_journal_open(&t.journal, &t.storage, &options, &error), &error);
  t.cores = vms_journal_count(t.journal);
}

static void journal_close(void) {
  if (t.journal == NULL) return;
  vms_journal_close(t.journal);
  if (t.in_file) vms_file_close(&t.storage);
  else vms_memory_close(&t.storage);
}

/* --- connections ---------------------------------------------------------------------------------------------------- */

static void session_made(vms_replication *session) {
  vms_error error;
  if (net.find != NULL && (t.form != FORM_V1 || t.lie != LIE_NONE || t.fork != 0)) vms__replication_serve(session, serve, NULL);
  if (t.replica != NULL || t.scout != NULL)
    must(vms_replication_download(session, t.replica != NULL ? t.replica : t.scout, &error), &error);
  for (size_t i = 0; i < t.more_count; i++) must(vms_replication_download(session, t.more[i], &error), &error);
}

/* --- standard input --------------------------------------------------------------------------------------------------- */

/* False at its end. */
static bool command_read(void) {
  static char line[256];
  static size_t len;
  char *end;
  ssize_t n = read(STDIN_FILENO, line + len, sizeof line - 1 - len);
  if (n <= 0) return false;
  len += (size_t)n;
  line[len] = 0;
  while ((end = strchr(line, '\n')) != NULL) {
    *end = 0;
    if (strncmp(line, "append ", 7) != 0 || net.listener < 0) die("unknown command");
    append(number(line + 7));
    len -= (size_t)(end + 1 - line);
    memmove(line, end + 1, len + 1);
  }
  update_all();
  return true;
}

/* --- downloading ----------------------------------------------------------------------------------------------------------- */

static void scout_done(void) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_slice manifest = vms_replica_manifest(t.scout);
  vms_error error;
  if (manifest.len != VMS_MANIFEST_LEN) die("a journal holds cores with one signer and a manifest only");
  journal_open(t.file, (const uint8_t(*)[VMS_MANIFEST_LEN])(const void *)manifest.data, 1);
  options.core = core();
  must(vms_replica_open(&t.replica, t.key, &options, &error), &error);
  for (size_t i = 0; i < net.peer_count; i++) {
    if (net.peers[i].fd < 0) continue;
    vms_replication_stop(net.peers[i].session, t.scout);
    must(vms_replication_download(net.peers[i].session, t.replica, &error), &error);
  }
  vms_replica_close(t.scout);
  t.scout = NULL;
}

static uint64_t show_blocks(vms_replica *of) {
  FILE *to = t.blocks_to == NULL ? NULL : fopen(t.blocks_to, "w");
  vms_buffer block = VMS_BUFFER_INIT;
  uint64_t count = 0;
  vms_error error;
  if (t.blocks_to != NULL && to == NULL) die("cannot write the blocks");
  for (uint64_t i = 0; i < vms_replica_length(of); i++) {
    if (!vms_replica_has(of, i)) continue;
    count++;
    if (to == NULL) continue;
    vms__buf_clear(&block);
    must(vms_replica_read(of, i, &block, &error), &error);
    hex_of((const uint8_t *)block.data, block.len, to);
    fputc('\n', to);
  }
  if (to != NULL) fclose(to);
  vms_buffer_free(&block);
  return count;
}

static void show(vms_replica *of) {
  uint8_t hash[VMS_HASH_LEN];
  int64_t ms = now_ms() - t.start_ms;
  vms_error error;
  vms_replica_tree_hash(of, hash);
  if (t.journal != NULL) must(vms_journal_commit(t.journal, VMS_COMMIT_SIGN, &error), &error); /* with the head that came */
  printf("{\"length\":%llu,\"treeHash\":\"", (unsigned long long)vms_replica_length(of));
  hex_of(hash, sizeof hash, stdout);
  printf("\",\"blocks\":%llu,\"ms\":%lld}\n", (unsigned long long)show_blocks(of), (long long)ms);
  fflush(stdout);
}

/* Is everything of it here that the peers say they have? */
static bool is_done(const vms_replica *of) {
  uint64_t length, most = 0;
  bool heard = false;
  for (size_t i = 0; i < net.peer_count; i++) {
    if (net.peers[i].fd < 0 || !vms_replication_peer_length(net.peers[i].session, of, &length)) continue;
    heard = true;
    most = VMS__MAX(most, length);
  }
  return heard && vms_replica_length(of) >= most && (most == 0 || vms_replica_is_complete(of));
}

/* Shows it once at each length; true if there is no more of it to come. */
static bool show_done(vms_replica *of, uint64_t *shown) {
  if (!is_done(of)) return false;
  if (vms_replica_length(of) + 1 != *shown) {
    *shown = vms_replica_length(of) + 1;
    show(of);
  }
  return true;
}

static bool show_all_done(void) {
  bool done;
  if (t.scout != NULL && vms_replica_length(t.scout) > 0) scout_done();
  done = t.replica != NULL && show_done(t.replica, &t.shown);
  for (size_t i = 0; i < t.more_count; i++) done = show_done(t.more[i], &t.more_shown[i]) && done;
  return done;
}

static void want_listed(void) {
  vms_error error;
  for (const char *at = t.sparse; at != NULL && *at != 0;) {
    char *end;
    uint64_t seq = strtoull(at, &end, 10);
    must(vms_replica_want(t.replica, seq, seq + 1, &error), &error);
    at = *end == ',' ? end + 1 : end;
    if (end == at) break;
  }
}

/* --- the loop ---------------------------------------------------------------------------------------------------------------- */

static int timer_run(void) {
  int64_t now = now_ms();
  if (t.every_count <= 0) return -1;
  if (now >= t.next_ms) {
    t.every_count--;
    t.next_ms = now + t.every_ms;
    append(1);
    update_all();
  }
  return t.every_count > 0 ? (int)VMS__MAX(t.next_ms - now, 0) : -1;
}

static int run(bool downloads) {
  for (;;) {
    if (peers_wait(!downloads || t.live, timer_run()) && !command_read()) return 0;
    if (downloads && net.peer_count > 1) update_all(); /* what one peer told, another may be asked for */
    peers_write();
    if (downloads && show_all_done() && !t.live) return 0;
    if (downloads && !any_peer()) return 1;
  }
}

/* --- the command line ------------------------------------------------------------------------------------------------------- */

static _Noreturn void usage(void) {
  fprintf(stderr, "usage: hypercore serve [--port PORT] [--blocks N] [--seed HEX] [--append-every MS COUNT] [--dir FILE]\n"
                  "                       [--lie block|node|size|signature|manifest] [--form v1|compat|v0|multi] [--fork N]\n"
                  "                       [--cores N] [--initiator HOST:PORT] [--sizes N,N...]\n"
                  "       hypercore download KEY[,KEY...] HOST:PORT... [--blocks-to FILE] [--file JOURNAL] [--live] [--sparse 1,5,7]\n");
  exit(2);
}

static int choice(const char *text, const char *const *names) {
  for (int i = 0; names[i] != NULL; i++)
    if (text != NULL && strcmp(text, names[i]) == 0) return i;
  usage();
}

/* The first core has the seed itself, the others have seeds made from it. */
static void cores_open(const char *path, uint32_t count) {
  uint8_t manifests[CORES_MAX][VMS_MANIFEST_LEN], seeds[CORES_MAX][VMS_SEED_LEN], public_key[VMS_KEY_LEN];
  vms_error error;
  for (uint32_t i = 0; i < count; i++) {
    char purpose[] = { 'c', 'o', 'r', 'e', ' ', (char)('0' + i), 0 };
    if (i == 0) memcpy(seeds[i], t.seeds[0], VMS_SEED_LEN);
    else vms_key_derive(t.seeds[0], purpose, seeds[i]);
    vms_key_public(seeds[i], public_key);
    vms_manifest_default(public_key, manifests[i]);
  }
  journal_open(path, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, count);
  for (uint32_t i = 0; i < count; i++) must(vms_journal_signer(t.journal, i, seeds[i], &error), &error);
}

static int serve_main(int argc, char **argv) {
  static const char *const forms[] = { "v1", "compat", "v0", "multi", NULL };
  static const char *const lies[] = { "none", "block", "node", "size", "signature", "manifest", NULL };
  const char *dir = NULL, *initiator = NULL;
  uint64_t blocks = 11, port = 0, cores = 1;
  memset(t.seeds[0], 7, VMS_SEED_LEN);
  for (int i = 2; i < argc; i++) {
    const char *name = argv[i], *value = i + 1 < argc ? argv[++i] : NULL;
    if (strcmp(name, "--port") == 0) port = number(value);
    else if (strcmp(name, "--blocks") == 0) blocks = number(value);
    else if (strcmp(name, "--dir") == 0) dir = value;
    else if (strcmp(name, "--initiator") == 0) initiator = value;
    else if (strcmp(name, "--fork") == 0) t.fork = number(value);
    else if (strcmp(name, "--cores") == 0) cores = number(value);
    else if (strcmp(name, "--sizes") == 0) t.sizes = value;
    else if (strcmp(name, "--form") == 0) t.form = choice(value, forms);
    else if (strcmp(name, "--lie") == 0) t.lie = choice(value, lies);
    else if (strcmp(name, "--append-every") == 0) {
      t.every_ms = (int64_t)number(value);
      t.every_count = (int64_t)number(i + 1 < argc ? argv[++i] : NULL);
    } else if (strcmp(name, "--seed") != 0 || value == NULL || !vms__hex_decode(vms__slice_of(value), t.seeds[0], VMS_SEED_LEN)) usage();
  }
  vms_key_derive(t.seeds[0], "second", t.seeds[1]);
  vms_key_derive(t.seeds[0], "third", t.seeds[2]);
  if (cores < 1 || cores > CORES_MAX) usage();
  form_make();
  t.signed_length = UINT64_MAX;
  cores_open(dir, (uint32_t)cores);
  net.find = find;
  if (t.sizes != NULL) append_sizes();
  if (blocks > vms_core_length(core())) append(blocks - vms_core_length(core()));
  if (initiator != NULL) {
    peer_connect(initiator);
    printf("0 ");
  } else listen_on((uint16_t)port);
  hex_of(t.key, sizeof t.key, stdout);
  for (uint32_t i = 1; i < t.cores; i++) {
    uint8_t key[VMS_KEY_LEN];
    vms_core_key(vms_journal_core(t.journal, i), key);
    printf(" ");
    hex_of(key, sizeof key, stdout);
  }
  printf("\n");
  fflush(stdout);
  t.next_ms = now_ms() + t.every_ms;
  return run(false);
}

/* KEY[,KEY...]: a replica for each; the first may be kept in a file. */
static void keys_open(const char *keys, const vms_replica_options *options) {
  uint8_t key[VMS_KEY_LEN];
  vms_error error;
  bool first = true;
  for (const char *at = keys; ; at += 2 * VMS_KEY_LEN + 1, first = false) {
    vms_replica **place = !first ? &t.more[t.more_count++] : t.file != NULL ? &t.scout : &t.replica;
    if (strlen(at) < 2 * VMS_KEY_LEN || !vms__hex_decode((vms_slice){ at, 2 * VMS_KEY_LEN }, key, sizeof key)) usage();
    if (first) memcpy(t.key, key, sizeof key);
    must(vms_replica_open(place, key, options, &error), &error);
    if (at[2 * VMS_KEY_LEN] == 0) return;
    if (at[2 * VMS_KEY_LEN] != ',' || t.more_count == CORES_MAX || t.file != NULL) usage();
  }
}

static int download_main(int argc, char **argv) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  const char *peers[PEERS_MAX];
  size_t peer_count = 0;
  vms_error error;
  int status;
  if (argc < 4) usage();
  for (int i = 3; i < argc; i++) {
    if (strcmp(argv[i], "--live") == 0) t.live = true;
    else if (strcmp(argv[i], "--blocks-to") == 0 && i + 1 < argc) t.blocks_to = argv[++i];
    else if (strcmp(argv[i], "--file") == 0 && i + 1 < argc) t.file = argv[++i];
    else if (strcmp(argv[i], "--sparse") == 0 && i + 1 < argc) t.sparse = argv[++i];
    else if (argv[i][0] == '-' || peer_count == PEERS_MAX) usage();
    else peers[peer_count++] = argv[i];
  }
  if (peer_count == 0 || (t.file != NULL && t.sparse != NULL)) usage();
  t.start_ms = now_ms();
  if (t.file != NULL || t.sparse != NULL) options.flags = VMS_REPLICA_SPARSE;
  keys_open(argv[2], &options);
  want_listed();
  for (size_t i = 0; i < peer_count; i++) peer_connect(peers[i]);
  status = run(true);
  if (t.journal != NULL) must(vms_journal_commit(t.journal, 0, &error), &error); /* what is here is kept for the next time */
  peers_end();
  for (size_t i = 0; i < t.more_count; i++) vms_replica_close(t.more[i]);
  vms_replica_close(t.scout);
  vms_replica_close(t.replica);
  return status;
}

int main(int argc, char **argv) {
  int status;
  if (argc >= 2 && strcmp(argv[1], "serve") == 0) status = serve_main(argc, argv);
  else if (argc >= 2 && strcmp(argv[1], "download") == 0) status = download_main(argc, argv);
  else usage();
  peers_end();
  journal_close();
  vms_buffer_free(&t.manifest);
  vms_buffer_free(&t.signature);
  return status;
}
