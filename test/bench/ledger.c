/* SPDX-License-Identifier: MIT */
/* How fast is the ledger, and how fast beside npm's hypercore? Appends, proofs, downloads and opening, then the same work done by
 * test/bench/ledger.mjs on the same machine, and ratios. Everything lies in files of a folder of its own.
 * BENCH_SECONDS is the time per figure (default 1, and the best of three rounds counts), BENCH_FOLDER where the files go (default /tmp). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "lib/ledger/replication.h"
#include "vms/net.h"

#define BLOCK_LEN 100u        /* about what a record of a small call takes */
#define PROOF_BLOCKS 20000u   /* in the core of proofs */
#define NPM_BLOCKS 20000u     /* in npm's, which is also what it downloads */
#define PROOFS_KEPT 10000u
#define DOWNLOAD_BLOCKS 200000u
#define COMMIT_BLOCKS 1000u   /* of a download, at least */
#define READ_LEN (256u << 10)
#define ROUNDS 3u             /* the best of so many counts: the machine may have other work */

static const uint8_t seed[VMS_SEED_LEN] = { 7 };
static char folder[256];
static double seconds = 1;
static unsigned round_number; /* part of every file's name */

static void ours(const char *name, rate value) { figure_note(name, false, value); }

static void ask_npm(unsigned blocks) {
  char command[600];
  snprintf(command, sizeof command, "node test/bench/ledger.mjs %s/%u %g %u %u", folder, round_number, seconds, BLOCK_LEN, blocks);
  figures_ask(command, "", true);
}

static void show(const char *name, const char *npm_name, const char *what) {
  rate own = figure(name)->ours, npm = figure(npm_name)->npm;
  printf("%-52s %8.0f/s  npm %6.0f/s  %5.1f times", what, own.clock, npm.clock, own.clock / npm.clock);
  if (npm.processor > 0) printf("; by processor time %8.0f  npm %6.0f  %5.1f times", own.processor, npm.processor, own.processor / npm.processor);
  putchar('\n');
}

static const char *path_of(const char *name) {
  static char path[300];
  snprintf(path, sizeof path, "%s/%u-%s", folder, round_number, name);
  return path;
}

static void book_new(book *b, const char *name, bool synced, bool with_index) { book_make(b, path_of(name), seed, 1, synced, with_index); }

static void append(book *b, unsigned count, uint32_t flags) {
  char block[BLOCK_LEN];
  vms_error error;
  for (unsigned i = 0; i < count; i++) {
    memset(block, (int)(i & 255), sizeof block);
    must(vms_core_append(b->core, block, sizeof block, NULL, &error), &error);
  }
  book_commit(b, flags);
}

static void fill(book *b, uint64_t blocks) {
  for (uint64_t at = 0; at < blocks; at += 1000) append(b, (unsigned)VMS__MIN(1000, blocks - at), at + 1000 < blocks ? VMS_COMMIT_NO_SYNC : VMS_COMMIT_SIGN);
}

/* --- appends -------------------------------------------------------------------------------------------------- */

static rate appends(const char *name, unsigned count, uint32_t flags, bool synced) {
  uint64_t done = 0;
  rate result;
  book b;
  book_new(&b, name, synced, true);
  for (int i = 0; i < 10; i++) append(&b, count, flags);
  watch since = watch_start();
  do {
    append(&b, count, flags);
    done += count;
  } while (now() - since.clock < seconds);
  result = watch_stop(since, done);
  book_close(&b);
  return result;
}

static rate syncs(void) {
  char block[512] = { 0 };
  vms_storage file;
  vms_error error;
  rate result;
  uint64_t count = 0;
  char path[300];
  snprintf(path, sizeof path, "%s/syncs", folder);
  must(vms_file_open(&file, path, VMS_FILE_CREATE, &error), &error);
  watch since = watch_start();
  do {
    must(file.write(file.context, 0, block, sizeof block, &error), &error);
    must(file.sync(file.context, &error), &error);
    count++;
  } while (now() - since.clock < 1);
  result = watch_stop(since, count);
  vms_file_close(&file);
  return result;
}

static rate signatures(void) {
  uint8_t secret[VMS__SECRET_LEN], text[VMS__SIGNABLE_LEN] = { 0 }, signature[VMS_SIGNATURE_LEN];
  uint64_t count = 0;
  vms__crypto_expand(seed, secret);
  watch since = watch_start();
  do {
    vms__crypto_sign(secret, text, sizeof text, signature);
    count++;
  } while (now() - since.clock < 0.5);
  return watch_stop(since, count);
}

static void measure_appends(void) {
  ours("syncs", syncs());
  ours("signatures", signatures());
  ours("append_1", appends("append-1", 1, VMS_COMMIT_SIGN, false));
  ours("append_1000", appends("append-1000", 1000, VMS_COMMIT_SIGN, false));
  ours("append_1_synced", appends("append-1-synced", 1, VMS_COMMIT_SIGN, true));
  ours("append_1000_synced", appends("append-1000-synced", 1000, VMS_COMMIT_SIGN, true));
  ours("append_1_unsigned", appends("append-1-unsigned", 1, VMS_COMMIT_NO_SYNC, true));
  ours("append_1000_unsigned", appends("append-1000-unsigned", 1000, VMS_COMMIT_NO_SYNC, true));
}

/* --- proofs --------------------------------------------------------------------------------------------------- */

/* The proof of a block under the first root, with every node up to that root. */
static vms_proof_request request_of(uint64_t number) {
  vms_proof_request request = { .flags = VMS_PROOF_BLOCK, .id = 1 };
  while (UINT64_C(2) << request.block_nodes <= PROOF_BLOCKS) request.block_nodes++;
  request.block_index = number * 7919 % (UINT64_C(1) << request.block_nodes);
  return request;
}

static void measure_proofs(void) {
  vms_buffer *made = calloc(PROOFS_KEPT, sizeof *made);
  uint64_t indices[VMS__ROOTS_MAX], done = 0;
  vms__verified verified;
  vms__verifier known = { .length = PROOF_BLOCKS };
  uint8_t key[VMS_KEY_LEN];
  vms_error error;
  book b;
  if (made == NULL) die("no memory");
  book_new(&b, "proofs", false, false);
  fill(&b, PROOF_BLOCKS);
  watch since = watch_start();
  do {
    for (unsigned i = 0; i < PROOFS_KEPT; i++, done++) {
      vms_proof_request request = request_of(i);
      made[i].len = 0;
      must(vms_core_prove(b.core, &request, &made[i], &error), &error);
    }
  } while (now() - since.clock < seconds);
  ours("prove", watch_stop(since, done));
  vms_core_key(b.core, key);
  known.key = key;
  known.root_count = vms__tree_roots(PROOF_BLOCKS, indices);
  for (unsigned i = 0; i < known.root_count; i++)
    if (!vms__core_node(b.core, indices[i], &known.roots[i])) die("a root is missing");
  vms_buffer_init(&verified.nodes, NULL);
  done = 0;
  since = watch_start();
  do {
    for (unsigned i = 0; i < PROOFS_KEPT; i++, done++) {
      vms__reader reader = vms__reader_over(made[i].data, made[i].len);
      vms__proof proof;
      if (!vms__proof_read(&reader, &proof)) die("a proof that does not parse");
      must(vms__proof_verify(&known, &proof, &verified, &error), &error);
    }
  } while (now() - since.clock < seconds);
  ours("check", watch_stop(since, done));
  vms_buffer_free(&verified.nodes);
  for (unsigned i = 0; i < PROOFS_KEPT; i++) vms_buffer_free(&made[i]);
  free(made);
  book_close(&b);
}

/* --- downloads: everything under the head, each block checked against the signed tree, into a journal --------------------- */

static vms_core *find_core(void *context, const uint8_t discovery[VMS_KEY_LEN]) {
  (void)discovery;
  return context;
}

static vms_replication *session_new(bool initiator, vms_core *served) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  vms_replication *session;
  vms_error error;
  options.env = vms_env_system();
  options.flags = initiator ? VMS_REPLICATION_INITIATOR : 0;
  options.context = served;
  options.find = served != NULL ? find_core : NULL;
  must(vms_replication_new(&session, &options, &error), &error);
  return session;
}

typedef struct download {
  book b;
  vms_replica *replica;
  vms_replication *session;
  uint64_t committed;
  watch since;
} download;

static void download_begin(download *d, const char *name) {
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  uint8_t key[VMS_KEY_LEN];
  vms_error error;
  book_new(&d->b, name, false, true);
  vms_core_key(d->b.core, key);
  options.core = d->b.core;
  must(vms_replica_open(&d->replica, key, &options, &error), &error);
  d->committed = 0;
  d->since = watch_start();
  d->session = session_new(true, NULL);
  must(vms_replication_download(d->session, d->replica, &error), &error);
}

/* Keeps what arrived; true when everything is here. */
static bool download_keep(download *d) {
  uint64_t here = vms_replica_contiguous(d->replica);
  bool whole = vms_replica_length(d->replica) > 0 && vms_replica_is_complete(d->replica);
  vms_error error;
  if (here - d->committed >= COMMIT_BLOCKS || whole) {
    must(vms_journal_commit(d->b.journal, VMS_COMMIT_NO_SYNC, &error), &error);
    d->committed = here;
  }
  return whole;
}

static rate download_end(download *d, uint64_t length) {
  rate result = watch_stop(d->since, length);
  if (vms_core_length(d->b.core) != length || vms_replica_contiguous(d->replica) != length) die("not everything arrived");
  vms_replication_free(d->session);
  vms_replica_close(d->replica);
  book_close(&d->b);
  return result;
}

static void move(vms_replication *from, vms_replication *to, vms_buffer *bytes) {
  vms_error error;
  vms__buf_clear(bytes);
  must(vms_replication_take(from, bytes, &error), &error);
  must(vms_replication_feed(to, bytes->data, bytes->len, &error), &error);
}

static rate download_in_process(book *source) {
  vms_replication *serving = session_new(false, source->core);
  vms_buffer bytes = VMS_BUFFER_INIT;
  download d;
  download_begin(&d, "download");
  while (!download_keep(&d)) {
    move(d.session, serving, &bytes);
    move(serving, d.session, &bytes);
  }
  vms_buffer_free(&bytes);
  vms_replication_free(serving);
  return download_end(&d, DOWNLOAD_BLOCKS);
}

/* Runs a session over a socket until everything is here or, for who serves (d NULL), the other side is gone. */
static void converse(int fd, vms_replication *session, download *d) {
  static char bytes[READ_LEN];
  vms_buffer out = VMS_BUFFER_INIT;
  size_t sent = 0;
  vms_error error;
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) die("cannot use a socket");
  while (d == NULL || !download_keep(d)) {
    struct pollfd each = { .fd = fd };
    if (sent == out.len) {
      vms__buf_clear(&out);
      sent = 0;
      must(vms_replication_take(session, &out, &error), &error);
    }
    each.events = (short)((vms_replication_wants_read(session) ? POLLIN : 0) | (sent < out.len ? POLLOUT : 0));
    if (poll(&each, 1, -1) < 0) die("cannot wait");
    if ((each.revents & POLLOUT) != 0) {
      ssize_t n = send(fd, out.data + sent, out.len - sent, MSG_NOSIGNAL);
      if (n < 0) break;
      sent += (size_t)n;
    }
    if ((each.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      ssize_t n = recv(fd, bytes, sizeof bytes, 0);
      if (n <= 0) break;
      must(vms_replication_feed(session, bytes, (size_t)n, &error), &error);
    }
  }
  vms_buffer_free(&out);
}

/* The serving process: one connection, then it ends. */
static void serve(int port_to, book *source) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t len = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (bind(listener, (struct sockaddr *)&address, len) != 0 || listen(listener, 1) != 0) die("cannot listen");
  if (getsockname(listener, (struct sockaddr *)&address, &len) != 0) die("no port");
  if (write(port_to, &address, sizeof address) != sizeof address) die("nobody wants to know the port");
  fd = accept(listener, NULL, NULL);
  if (fd < 0) die("nobody came");
  converse(fd, session_new(false, source->core), NULL);
  _exit(0);
}

static rate download_over_tcp(book *source) {
  struct sockaddr_in address;
  int port[2], fd, status;
  download d;
  if (pipe(port) != 0) die("no pipe");
  pid_t child = fork();
  if (child < 0) die("no process");
  if (child == 0) serve(port[1], source);
  if (read(port[0], &address, sizeof address) != sizeof address) die("the serving process did not start");
  fd = socket(AF_INET, SOCK_STREAM, 0);
  download_begin(&d, "download-tcp");
  if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) die("cannot connect");
  converse(fd, d.session, &d);
  rate result = download_end(&d, DOWNLOAD_BLOCKS);
  close(fd);
  if (waitpid(child, &status, 0) != child || status != 0) die("the serving process did not end well");
  close(port[0]);
  close(port[1]);
  return result;
}

static void measure_downloads(void) {
  book source;
  book_new(&source, "source", false, false);
  fill(&source, DOWNLOAD_BLOCKS);
  ours("download_memory", download_in_process(&source));
  ours("download_tcp", download_over_tcp(&source));
  book_close(&source);
}

/* --- opening ----------------------------------------------------------------------------------------------------- */

static rate opening(const char *name, bool with_index, uint64_t length) {
  double best = 1e9;
  for (int i = 0; i < 3; i++) {
    book b;
    double start = now();
    book_open(&b, path_of(name), with_index);
    best = VMS__MIN(best, now() - start);
    if (vms_core_length(b.core) != length) die("another length");
    book_close(&b);
  }
  return (rate){ best, best };
}

static void measure_opening(void) {
  for (uint64_t length = 1000; length <= 1000000; length *= 10) {
    char name[32], with_index[32];
    book b;
    snprintf(name, sizeof name, "open_%llu", (unsigned long long)length);
    snprintf(with_index, sizeof with_index, "open_%llu_indexed", (unsigned long long)length);
    book_new(&b, name, false, true);
    fill(&b, length);
    book_close(&b);
    ours(with_index, opening(name, true, length));
    ours(name, opening(name, false, length));
  }
}

static void show_opening(void) {
  for (uint64_t length = 1000; length <= 1000000; length *= 10) {
    char name[32], with_index[32];
    snprintf(name, sizeof name, "open_%llu", (unsigned long long)length);
    snprintf(with_index, sizeof with_index, "open_%llu_indexed", (unsigned long long)length);
    printf("opening %8llu blocks: %9.2f ms with the index, %9.2f ms without", (unsigned long long)length, 1e3 * figure(with_index)->ours.clock,
           1e3 * figure(name)->ours.clock);
    if (figure(name)->npm.clock > 0) printf("   npm %9.2f ms", 1e3 * figure(name)->npm.clock);
    putchar('\n');
  }
}

int main(void) {
  const char *where = getenv("BENCH_FOLDER") != NULL ? getenv("BENCH_FOLDER") : "/tmp";
  char command[300];
  if (getenv("BENCH_SECONDS") != NULL) seconds = atof(getenv("BENCH_SECONDS"));
  snprintf(folder, sizeof folder, "%s/vms-bench-XXXXXX", where);
  if (mkdtemp(folder) == NULL) die("no folder for the files");
  for (round_number = 1; round_number <= ROUNDS; round_number++) {
    measure_appends();
    measure_proofs();
    measure_downloads();
    measure_opening();
    ask_npm(NPM_BLOCKS);
  }
  printf("machine: %.0f fdatasync/s, %.0f Ed25519 signatures/s on one core\n", figure("syncs")->ours.clock, figure("signatures")->ours.clock);
  printf("blocks of %u bytes, the best of %u rounds; npm's hypercore signs every append and never syncs: RocksDB's log, as the system likes\n", BLOCK_LEN, ROUNDS);
  show("append_1", "append_1", "appends, 1 a commit, signed, not synced");
  show("append_1_unsigned", "append_1", "appends, 1 a commit, to be signed with a later sync");
  show("append_1_synced", "append_1", "appends, 1 a commit, signed and synced");
  show("append_1000", "append_1000", "appends, 1000 a commit, signed, not synced");
  show("append_1000_unsigned", "append_1000", "appends, 1000 a commit, to be signed with a later sync");
  show("append_1000_synced", "append_1000", "appends, 1000 a commit, signed and synced");
  show("prove", "prove", "proofs made");
  show("check", "check", "proofs checked");
  show("download_memory", "download_memory", "blocks downloaded, both ends in one process");
  show("download_tcp", "download_tcp", "blocks downloaded over TCP, two processes"); /* processor time: the downloading one's */
  show_opening();
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command) == 0 ? 0 : 1;
}
