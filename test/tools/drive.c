/* SPDX-License-Identifier: MIT */
/* A drive over TCP for tests: writes and serves one, or reads somebody's by sparse replication.
 *
 *   drive serve [--port PORT] [--seed HEX] [--file JOURNAL] [--lie metadata|blobs]
 *     prints "PORT KEY BEEKEY", then carries out the lines of standard input, until its end, and answers each with a line, "ok" if nothing else
 *     is said. BYTES are hex, "." for an empty text, "-" for none.
 *       call TIME BYTES METHOD PARAMS   one file call that changes something, committed alone; BYTES is what is to be written
 *       file BYTES LEN N TIME X         the file at path BYTES gets LEN bytes of noise number N, in pieces; X 1: executable
 *       many BYTES COUNT TIME           COUNT files "BYTES/0000000", 1,000 in a commit, each with its name as contents
 *       link BYTES BYTES                a symbolic link: path and target
 *       put BYTES BYTES, del BYTES, begin, end     a bee of its own: key and value
 *       commit                          shows the peers what was written
 *       state                           length and tree hash of metadata, blobs and bee
 *     --lie: one byte of every block of that core is not what was signed.
 *   drive read KEY HOST:PORT...
 *     carries out the lines of standard input on the drive with this key, and answers each with a line of JSON, with how many blocks came for it.
 *       call VERSION METHOD PARAMS      a file call; VERSION 0: the newest
 *       find VERSION BYTES              the entry at path BYTES, and where a link leads to
 *       save VERSION BYTES OFFSET LEN FILE   a piece of the file at path BYTES goes to FILE
 *       all CORE                        fetches everything of core 0 or 1
 *       length N                        waits until the drive's length is at least N
 *
 * Noise number N: s starts as 2654435761 * N + 12345; for each byte, s is 1664525 * s + 1013904223, modulo 2^32, and the byte is its highest. */
#define _DEFAULT_SOURCE
#define TOOL "drive"
#include "peers.h"

#include "vms/archive.h"

#define PIECE_LEN (1u << 20) /* of a large file */
#define WAIT_MS 60000        /* without a byte: the peer does not have it */

enum { METADATA, BLOBS, BEE, CORES };

static struct {
  /* serving */
  vms_storage storage;
  bool in_file;
  vms_journal *journal;
  vms_archive *archive;
  vms_bee *bee;
  int lie; /* a core, -1: none */
  /* reading */
  vms_replica *replicas[2];
  int status;      /* of what the trace wanted */
  bool wanted[2];  /* anything of this core */
  uint64_t rounds; /* how often something was missing */
} t = { .lie = -1 };

static vms_core *core(uint32_t i) { return vms_journal_core(t.journal, i); }

/* --- lines ------------------------------------------------------------------------------------------------- */

/* The next word of a line. */
static char *word(char **line) {
  char *start = *line, *end = strchr(start, ' ');
  if (*start == 0) die("a word is missing");
  if (end == NULL) *line = start + strlen(start);
  else {
    *end = 0;
    *line = end + 1;
  }
  return start;
}

static uint64_t number_in(char **line) { return number(word(line)); }

/* Bytes in hex, in place. */
static vms_slice bytes_in(char **line) {
  char *text = word(line);
  size_t len = strlen(text);
  if (strcmp(text, "-") == 0) return (vms_slice){ NULL, 0 };
  if (strcmp(text, ".") == 0) return (vms_slice){ text, 0 };
  if (!vms__hex_decode((vms_slice){ text, len }, text, len / 2)) die("not hex");
  return (vms_slice){ text, len / 2 };
}

/* Takes what is on standard input and hands on each whole line; false at its end. */
static bool lines_read(void (*handle)(char *line)) {
  static vms_buffer input = VMS_BUFFER_INIT;
  static char bytes[READ_LEN];
  ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
  size_t at = 0;
  if (n <= 0) {
    vms_buffer_free(&input);
    return false;
  }
  if (vms_buffer_append(&input, bytes, (size_t)n) != VMS_OK) die("out of memory");
  for (char *end; (end = memchr(input.data + at, '\n', input.len - at)) != NULL;) {
    char *line = input.data + at;
    *end = 0;
    at = (size_t)(end + 1 - input.data);
    handle(line);
    fflush(stdout);
  }
  memmove(input.data, input.data + at, input.len - at);
  input.len -= at;
  return true;
}

/* --- writing ----------------------------------------------------------------------------------------------- */

/* A call between begin and commit. */
static void staged_call(vms_slice method, vms_slice params, vms_slice data) {
  vms_file_request request = { method, params, data, 0, 0, 0 };
  vms_file_reply reply;
  vms_error error;
  memset(&reply, 0, sizeof reply);
  must(vms_archive_call(t.archive, &request, &reply, &error), &error);
  if (reply.kind == VMS_FILE_ERROR) die(reply.body.data);
  vms_buffer_free(&reply.body);
}

static void run_call(char *line) {
  uint64_t time_ms = number_in(&line);
  vms_slice data = bytes_in(&line), method = vms__slice_of(word(&line));
  vms_error error;
  vms_archive_begin(t.archive, time_ms);
  staged_call(method, vms__slice_of(line), data);
  must(vms_archive_commit(t.archive, &error), &error);
}

static void noise(uint32_t *state, uint8_t *bytes, size_t len) {
  for (size_t i = 0; i < len; i++) {
    *state = *state * 1664525u + 1013904223u;
    bytes[i] = (uint8_t)(*state >> 24);
  }
}

static void run_file(char *line) {
  static uint8_t piece[PIECE_LEN];
  vms_slice path = bytes_in(&line);
  uint64_t len = number_in(&line), time_ms;
  uint32_t state = (uint32_t)number_in(&line) * 2654435761u + 12345u;
  vms_archive_writer *writer;
  vms_error error;
  time_ms = number_in(&line);
  must(vms_archive_writer_open(&writer, t.archive, path, &error), &error);
  for (uint64_t at = 0; at < len; at += sizeof piece) {
    size_t n = (size_t)VMS__MIN(len - at, (uint64_t)sizeof piece);
    noise(&state, piece, n);
    must(vms_archive_writer_append(writer, piece, n, &error), &error);
    must(vms_journal_commit(t.journal, 0, &error), &error); /* the file may be larger than memory */
  }
  must(vms_archive_writer_finish(writer, number_in(&line) != 0 ? VMS_ARCHIVE_EXECUTABLE : 0, time_ms, &error), &error);
  vms_archive_writer_close(writer);
}

static void run_many(char *line) {
  vms_slice folder = bytes_in(&line);
  uint64_t count = number_in(&line), time_ms = number_in(&line);
  vms_buffer params = VMS_BUFFER_INIT;
  vms_error error;
  vms_archive_begin(t.archive, time_ms);
  for (uint64_t i = 0; i < count; i++) {
    char name[16];
    int len = snprintf(name, sizeof name, "%07llu", (unsigned long long)i);
    vms__buf_clear(&params);
    if (vms__buf_format(&params, "[\"%.*s/%s\",null]", (int)folder.len, folder.data, name) != VMS_OK) die("out of memory");
    staged_call(VMS__TEXT("writeFile"), vms__buf_view(&params), (vms_slice){ name, (size_t)len });
    if (i % 1000 != 999) continue;
    must(vms_archive_commit(t.archive, &error), &error);
    vms_archive_begin(t.archive, time_ms);
  }
  must(vms_archive_commit(t.archive, &error), &error);
  vms_buffer_free(&params);
}

/* What the archive itself never writes: a bee of its own on the same core does. */
static void run_link(char *line) {
  vms_slice path = bytes_in(&line), target = bytes_in(&line);
  vms_buffer key = VMS_BUFFER_INIT, value = VMS_BUFFER_INIT;
  vms_bee *bee;
  vms_error error;
  must(vms_bee_open(&bee, core(METADATA), NULL, &error), &error);
  if (vms_buffer_append(&key, "files", 6) != VMS_OK || vms__buf_slice(&key, path) != VMS_OK ||
      vms__buf_text(&value, "{\"executable\":false,\"linkname\":") != VMS_OK || vms__buf_json_string(&value, target.data, target.len) != VMS_OK ||
      vms__buf_text(&value, ",\"blob\":null,\"metadata\":null}") != VMS_OK)
    die("out of memory");
  must(vms_bee_put(bee, vms__buf_view(&key), vms__buf_view(&value), &error), &error);
  vms_bee_close(bee);
  vms_buffer_free(&key);
  vms_buffer_free(&value);
}

static void show_state(void) {
  for (uint32_t i = 0; i < CORES; i++) {
    uint8_t hash[VMS_HASH_LEN];
    uint64_t length = vms_core_length(core(i));
    vms_core_tree_hash(core(i), length, hash);
    printf("%s%llu ", i == 0 ? "" : " ", (unsigned long long)length);
    hex_of(hash, sizeof hash, stdout);
  }
  printf("\n");
}

static void write_line(char *line) {
  const char *command = word(&line);
  vms_error error;
  if (strcmp(command, "state") == 0) {
    show_state();
    return;
  }
  if (strcmp(command, "call") == 0) run_call(line);
  else if (strcmp(command, "file") == 0) run_file(line);
  else if (strcmp(command, "many") == 0) run_many(line);
  else if (strcmp(command, "link") == 0) run_link(line);
  else if (strcmp(command, "put") == 0) {
    vms_slice key = bytes_in(&line), value = bytes_in(&line);
    must(vms_bee_put(t.bee, key, value, &error), &error);
  } else if (strcmp(command, "del") == 0) must(vms_bee_del(t.bee, bytes_in(&line), &error), &error);
  else if (strcmp(command, "begin") == 0) must(vms_bee_batch_begin(t.bee, &error), &error);
  else if (strcmp(command, "end") == 0) must(vms_bee_batch_end(t.bee, &error), &error);
  else if (strcmp(command, "commit") == 0) {
    must(vms_journal_commit(t.journal, VMS_COMMIT_SIGN, &error), &error);
    update_all();
  } else die("unknown command");
  printf("ok\n");
}

/* --- serving ------------------------------------------------------------------------------------------------ */

static vms_core *find(void *context, const uint8_t discovery[VMS_KEY_LEN]) {
  uint8_t key[VMS_KEY_LEN];
  (void)context;
  for (uint32_t i = 0; i < CORES; i++) {
    vms_core_key(core(i), key);
    vms_discovery_key(key, key);
    if (memcmp(discovery, key, sizeof key) == 0) return core(i);
  }
  return NULL;
}

static void served_head(void *context, uint64_t *length, uint64_t *fork) {
  vms_head head = { 0 };
  (void)vms_core_head(context, &head, NULL);
  *length = head.length;
  *fork = 0;
}

static int served_prove(void *context, const vms_proof_request *request, vms_buffer *bytes, vms_error *error) {
  size_t start = bytes->len;
  vms__reader reader;
  vms__proof proof;
  int status = vms_core_prove(context, request, bytes, error);
  if (status != VMS_OK || context != core((uint32_t)t.lie)) return status;
  reader = vms__reader_over(bytes->data + start, bytes->len - start);
  if (vms__proof_read(&reader, &proof) && proof.block.len > 0) ((char *)(uintptr_t)proof.block.data)[proof.block.len / 2] ^= 1;
  return status;
}

static void served_tree_hash(void *context, uint64_t length, uint8_t hash[VMS_HASH_LEN]) { vms_core_tree_hash(context, length, hash); }

/* All cores, one of which is lied about. */
static bool serve(void *context, const uint8_t discovery[VMS_KEY_LEN], vms__served *served) {
  static uint8_t manifests[CORES][VMS_MANIFEST_LEN];
  vms_core *of = find(context, discovery);
  uint32_t i = 0;
  if (of == NULL) return false;
  while (core(i) != of) i++;
  vms_core_manifest(of, manifests[i]);
  *served = (vms__served){ of, { 0 }, { (const char *)manifests[i], VMS_MANIFEST_LEN }, i, served_head, served_prove, served_tree_hash };
  vms_core_key(of, served->key);
  return true;
}

static void session_made(vms_replication *session) {
  vms_error error;
  if (net.find != NULL && t.lie >= 0) vms__replication_serve(session, serve, NULL);
  if (t.replicas[METADATA] != NULL) must(vms_replication_download(session, t.replicas[METADATA], &error), &error);
}

/* A drive's two cores with one key, and the bee's with another. */
static void journal_open(const char *path, const uint8_t seed[VMS_SEED_LEN]) {
  uint8_t manifests[CORES][VMS_MANIFEST_LEN], seeds[CORES][VMS_SEED_LEN], public_key[VMS_KEY_LEN];
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  uint64_t len;
  vms_error error;
  memcpy(seeds[METADATA], seed, VMS_SEED_LEN);
  memcpy(seeds[BLOBS], seed, VMS_SEED_LEN);
  vms_key_derive(seed, "bee", seeds[BEE]);
  vms_key_public(seed, public_key);
  vms_manifest_default(public_key, manifests[METADATA]);
  vms_manifest_blobs(manifests[METADATA], manifests[BLOBS]);
  vms_key_public(seeds[BEE], public_key);
  vms_manifest_default(public_key, manifests[BEE]);
  t.in_file = path != NULL;
  if (path == NULL) must(vms_memory_open(&t.storage, NULL, &error), &error);
  else must(vms_file_open(&t.storage, path, VMS_FILE_CREATE, &error), &error);
  must(t.storage.length(t.storage.context, &len, &error), &error);
  if (len == 0) must(vms_journal_create(&t.journal, &t.storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, CORES, NULL, &error), &error);
  else must(vms_journal_open(&t.journal, &t.storage, NULL, &error), &error);
  for (uint32_t i = 0; i < CORES; i++) must(vms_journal_signer(t.journal, i, seeds[i], &error), &error);
  options.files_call_max = 1u << 30;
  options.files_total_max = UINT64_C(1) << 40;
  must(vms_archive_open(&t.archive, core(METADATA), core(BLOBS), &options, &error), &error);
  must(vms_bee_open(&t.bee, core(BEE), NULL, &error), &error);
}

static _Noreturn void usage(void) {
  fprintf(stderr, "usage: drive serve [--port PORT] [--seed HEX] [--file JOURNAL] [--lie metadata|blobs]\n"
                  "       drive read KEY HOST:PORT...\n");
  exit(2);
}

static int serve_main(int argc, char **argv) {
  uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN];
  const char *file = NULL;
  uint64_t port = 0;
  memset(seed, 7, sizeof seed);
  for (int i = 2; i < argc; i += 2) {
    const char *name = argv[i], *value = argv[i + 1];
    if (value == NULL) usage();
    if (strcmp(name, "--port") == 0) port = number(value);
    else if (strcmp(name, "--file") == 0) file = value;
    else if (strcmp(name, "--lie") == 0) t.lie = strcmp(value, "metadata") == 0 ? METADATA : BLOBS;
    else if (strcmp(name, "--seed") != 0 || !vms__hex_decode(vms__slice_of(value), seed, sizeof seed)) usage();
  }
  journal_open(file, seed);
  net.find = find;
  listen_on((uint16_t)port);
  vms_core_key(core(METADATA), key);
  hex_of(key, sizeof key, stdout);
  printf(" ");
  vms_core_key(core(BEE), key);
  hex_of(key, sizeof key, stdout);
  printf("\n");
  fflush(stdout);
  for (;;) {
    if (peers_wait(true, -1) && !lines_read(write_line)) break;
    peers_write();
  }
  peers_end();
  vms_bee_close(t.bee);
  vms_archive_close(t.archive);
  vms_journal_close(t.journal);
  if (t.in_file) vms_file_close(&t.storage);
  else vms_memory_close(&t.storage);
  return 0;
}

/* --- reading ------------------------------------------------------------------------------------------------- */

static void wanted(void *context, uint32_t which, uint64_t from, uint64_t to) {
  vms_replica *replica = t.replicas[which];
  int status;
  (void)context;
  while (replica != NULL && from < to && vms_replica_has(replica, from)) from++;
  if (replica == NULL || from == to) return;
  status = vms_replica_want(replica, from, to, NULL);
  t.wanted[which] = true;
  if (status != VMS_OK) t.status = status;
}

/* Lets the wire move until `done` says so. Keepalives are no progress. */
static void pump(bool (*done)(uint64_t), uint64_t argument) {
  uint64_t seen = net.received;
  int64_t last_ms = now_ms();
  update_all();
  peers_write();
  while (!done(argument)) {
    if (!any_peer()) exit(1); /* it was said why */
    peers_wait(false, 1000);
    if (net.peer_count > 1) update_all(); /* what one peer told, another may be asked for */
    peers_write();
    if (net.received > seen + 512) {
      seen = net.received;
      last_ms = now_ms();
    } else if (now_ms() > last_ms + WAIT_MS) die("the peer does not send what is missing");
  }
}

static bool all_here(uint64_t unused) {
  (void)unused;
  for (uint32_t i = 0; i < 2; i++)
    if (t.wanted[i] && t.replicas[i] != NULL && !vms_replica_is_complete(t.replicas[i])) return false;
  return true;
}

static bool came(uint64_t before) { return net.received > before; }

static bool has_length(uint64_t length) { return vms_replica_length(t.replicas[METADATA]) >= length; }

static bool core_has_head(uint64_t which) { return vms_replica_length(t.replicas[which]) > 0; }

/* What one answer cost. */
typedef struct cost { uint64_t rounds, blocks[2], received; int64_t start_ms; } cost;

static uint64_t blocks_of(const vms_replica *replica) {
  uint64_t count = 0;
  for (uint64_t i = 0; replica != NULL && i < vms_replica_length(replica); i++) count += vms_replica_has(replica, i) != 0;
  return count;
}

static cost cost_now(void) { return (cost){ t.rounds, { blocks_of(t.replicas[0]), blocks_of(t.replicas[1]) }, net.received, now_ms() }; }

static void show_end(int status, const vms_error *error, const cost *before) {
  cost now = cost_now();
  vms_buffer json = VMS_BUFFER_INIT;
  if (vms__buf_format(&json, "\"status\":\"%s\",\"rounds\":%llu,\"blocks\":[%llu,%llu],\"received\":%llu,\"ms\":%lld", vms_status_name(status),
                      (unsigned long long)(now.rounds - before->rounds), (unsigned long long)(now.blocks[0] - before->blocks[0]),
                      (unsigned long long)(now.blocks[1] - before->blocks[1]), (unsigned long long)(now.received - before->received),
                      (long long)(now.start_ms - before->start_ms)) != VMS_OK ||
      (status != VMS_OK && (vms__buf_text(&json, ",\"message\":") != VMS_OK ||
                            vms__buf_json_string(&json, error->message, strlen(error->message)) != VMS_OK)))
    die("out of memory");
  printf("%s}\n", json.data);
  vms_buffer_free(&json);
}

/* Does it again and again, until nothing is missing any more. */
static int until_here(int (*attempt)(void *context, vms_error *error), void *context, vms_error *error) {
  for (;;) {
    int status = attempt(context, error);
    uint64_t before;
    if (status != VMS_ERR_MISSING) return status;
    if (t.status != VMS_OK) return vms__fail(error, t.status, 0, "more is wanted than a replica can note");
    t.rounds++;
    before = net.received;
    pump(all_here, 0);
    if (net.received == before) pump(came, before); /* it lies behind a head that is still to come */
  }
}

static int blobs_key_attempt(void *key, vms_error *error) { return vms_archive_blobs_key(t.archive, key, error); }

/* The metadata core's key is the drive's; its first block or manifest leads to the blobs core's. */
static void drive_open(void) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  uint8_t key[VMS_KEY_LEN];
  vms_error error;
  if (t.replicas[BLOBS] != NULL) return;
  pump(core_has_head, METADATA);
  must(vms_archive_open_replica(&t.archive, t.replicas[METADATA], NULL, NULL, &error), &error);
  vms_archive_trace(t.archive, wanted, NULL);
  must(until_here(blobs_key_attempt, key, &error), &error);
  vms_archive_close(t.archive);
  options.flags = VMS_REPLICA_SPARSE;
  options.bytes_max = 1u << 30;
  must(vms_replica_open(&t.replicas[BLOBS], key, &options, &error), &error);
  for (size_t i = 0; i < net.peer_count; i++)
    if (net.peers[i].fd >= 0) must(vms_replication_download(net.peers[i].session, t.replicas[BLOBS], &error), &error);
  must(vms_archive_open_replica(&t.archive, t.replicas[METADATA], t.replicas[BLOBS], NULL, &error), &error);
  vms_archive_trace(t.archive, wanted, NULL);
}

typedef struct asked {
  vms_file_request request;
  vms_file_reply reply;
} asked;

static int call_attempt(void *context, vms_error *error) {
  asked *a = context;
  vms__buf_clear(&a->reply.body);
  return vms_archive_call(t.archive, &a->request, &a->reply, error);
}

static void read_call(char *line) {
  asked a;
  cost before = cost_now();
  vms_error error;
  int status;
  memset(&a, 0, sizeof a);
  a.request.version = number_in(&line);
  a.request.method = vms__slice_of(word(&line));
  a.request.params = vms__slice_of(line);
  status = until_here(call_attempt, &a, &error);
  printf("{\"kind\":%u,\"error\":\"%s\",\"body\":\"", (unsigned)a.reply.kind, a.reply.error_name);
  hex_of((const uint8_t *)a.reply.body.data, a.reply.body.len, stdout);
  printf("\",");
  show_end(status, &error, &before);
  vms_buffer_free(&a.reply.body);
}

typedef struct found {
  uint64_t version;
  vms_slice path;
  vms_archive_entry entry;
  vms_buffer target;
} found;

static int find_attempt(void *context, vms_error *error) {
  found *f = context;
  int status = vms_archive_find(t.archive, f->version, f->path, &f->entry, error);
  vms__buf_clear(&f->target);
  if (status != VMS_OK || f->entry.kind != VMS_ENTRY_LINK) return status;
  return vms_archive_link(t.archive, f->version, f->path, &f->target, error);
}

static void read_find(char *line) {
  found f = { 0 };
  cost before = cost_now();
  vms_error error;
  int status;
  f.version = number_in(&line);
  f.path = bytes_in(&line);
  status = until_here(find_attempt, &f, &error);
  printf("{\"kind\":%u,\"executable\":%u,\"size\":%llu,\"seq\":%llu,\"target\":\"", (unsigned)f.entry.kind, (unsigned)f.entry.executable,
         (unsigned long long)f.entry.size, (unsigned long long)f.entry.seq);
  hex_of((const uint8_t *)f.target.data, f.target.len, stdout);
  printf("\",");
  show_end(status, &error, &before);
  vms_buffer_free(&f.target);
}

typedef struct piece {
  uint64_t version, offset, len;
  vms_slice path;
  vms_buffer bytes;
} piece;

static int piece_attempt(void *context, vms_error *error) {
  piece *p = context;
  vms__buf_clear(&p->bytes);
  return vms_archive_read(t.archive, p->version, p->path, p->offset, VMS__MIN(p->len, (uint64_t)PIECE_LEN), &p->bytes, error);
}

static void read_save(char *line) {
  piece p = { 0 };
  cost before = cost_now();
  uint64_t saved = 0;
  vms_error error;
  FILE *to;
  int status;
  p.version = number_in(&line);
  p.path = bytes_in(&line);
  p.offset = number_in(&line);
  p.len = number_in(&line);
  to = fopen(line, "w");
  if (to == NULL) die("cannot write the file");
  while ((status = until_here(piece_attempt, &p, &error)) == VMS_OK && p.bytes.len > 0) {
    if (fwrite(p.bytes.data, 1, p.bytes.len, to) != p.bytes.len) die("cannot write the file");
    saved += p.bytes.len;
    p.offset += p.bytes.len;
    p.len -= p.bytes.len;
  }
  if (fclose(to) != 0) die("cannot write the file");
  printf("{\"saved\":%llu,", (unsigned long long)saved);
  show_end(status, &error, &before);
  vms_buffer_free(&p.bytes);
}

static void read_line(char *line) {
  const char *command = word(&line);
  drive_open();
  if (strcmp(command, "call") == 0) read_call(line);
  else if (strcmp(command, "find") == 0) read_find(line);
  else if (strcmp(command, "save") == 0) read_save(line);
  else if (strcmp(command, "all") == 0) {
    uint64_t which = number_in(&line);
    cost before = cost_now();
    if (which > BLOBS) die("core 0 or 1");
    pump(core_has_head, which);
    wanted(NULL, (uint32_t)which, 0, vms_replica_length(t.replicas[which]));
    pump(all_here, 0);
    printf("{\"length\":%llu,", (unsigned long long)vms_replica_length(t.replicas[which]));
    show_end(t.status, NULL, &before);
  } else if (strcmp(command, "length") == 0) {
    cost before = cost_now();
    pump(has_length, number_in(&line));
    printf("{\"length\":%llu,", (unsigned long long)vms_replica_length(t.replicas[METADATA]));
    show_end(VMS_OK, NULL, &before);
  } else die("unknown command");
}

static int read_main(int argc, char **argv) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  uint8_t key[VMS_KEY_LEN];
  vms_error error;
  bool more = true;
  if (!vms__hex_decode(vms__slice_of(argv[2]), key, sizeof key)) usage();
  options.flags = VMS_REPLICA_SPARSE;
  options.bytes_max = 1u << 30;
  must(vms_replica_open(&t.replicas[METADATA], key, &options, &error), &error);
  for (int i = 3; i < argc; i++) peer_connect(argv[i]);
  while (more && any_peer()) {
    if (peers_wait(true, -1)) more = lines_read(read_line);
    peers_write();
  }
  vms_archive_close(t.archive);
  peers_end();
  vms_replica_close(t.replicas[BLOBS]);
  vms_replica_close(t.replicas[METADATA]);
  return more ? 1 : 0;
}

int main(int argc, char **argv) {
  if (argc >= 2 && strcmp(argv[1], "serve") == 0) return serve_main(argc, argv);
  if (argc >= 4 && strcmp(argv[1], "read") == 0) return read_main(argc, argv);
  usage();
}
