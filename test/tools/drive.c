/* SPDX-License-Identifier: MIT */
/* A drive over TCP for tests: writes and serves one.
 *
 *   drive serve [--port PORT] [--seed HEX] [--file JOURNAL] [--lie metadata|blobs]
 *     prints "PORT KEY BEEKEY", then carries out the lines of standard input, until its end, and answers each with a line, "ok" if nothing else
 *     is said. BYTES are hex, "." for an empty text, "-" for none.
 *       call TIME BYTES METHOD PARAMS   one file call that changes something, committed alone; BYTES is what is to be written
 *       many BYTES COUNT TIME           COUNT files "BYTES/0000000", 1,000 in a commit, each with its name as contents
 *       link BYTES BYTES                a symbolic link: path and target
 *       put BYTES BYTES, del BYTES, begin, end     a bee of its own: key and value
 *       commit                          shows the peers what was written
 *       state                           length and tree hash of metadata, blobs and bee
 *     --lie: one byte of every block of that core is not what was signed. */
#define _DEFAULT_SOURCE
#define TOOL "drive"
#include "peers.h"

#include "vms/archive.h"

enum { METADATA, BLOBS, BEE, CORES };

static struct {
  /* serving */
  vms_storage storage;
  bool in_file;
  vms_journal *journal;
  vms_archive *archive;
  vms_bee *bee;
  int lie; /* a core, -1: none */
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
  if (net.find != NULL && t.lie >= 0) vms__replication_serve(session, serve, NULL);
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
  fprintf(stderr, "usage: drive serve [--port PORT] [--seed HEX] [--file JOURNAL] [--lie metadata|blobs]\n");
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

int main(int argc, char **argv) {
  if (argc >= 2 && strcmp(argv[1], "serve") == 0) return serve_main(argc, argv);
  usage();
}
