/* SPDX-License-Identifier: MIT */
/* How fast is the whole loop? Signed calls per second, and how long an answer takes, with 1, 16 and 256 callers that wait for each answer,
 * durable or not, with receipts or without; replayed calls per second, downloaded blocks per second; and beside them, from the same run, what
 * the machine gives: Ed25519 verifications per second on one core and fdatasync per second. Requests are signed before the clock starts; the host
 * is one process with a real file. BUILD names the build directory; SECONDS_EACH how long a figure takes (default 2); CALLERS one
 * number of callers instead of the three. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "test/support/callers.h"

#define CALLS_PREPARED 60000u /* for each figure */

static void die(const char *what, const vms_error *error) {
  fprintf(stderr, "bench: %s%s%s\n", what, error != NULL ? ": " : "", error != NULL ? error->message : "");
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* --- the machine ------------------------------------------------------------------------------------------ */

static double verifications_per_second(void) {
  uint8_t seed[VMS_SEED_LEN] = { 1 }, key[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN];
  char text[300];
  unsigned count = 0;
  memset(text, 'x', sizeof text);
  vms_key_public(seed, key);
  vms_sign(seed, text, sizeof text, signature);
  double start = now();
  while (now() - start < 1) {
    for (int i = 0; i < 100; i++, count++)
      if (!vms_verify(key, text, sizeof text, signature)) die("verification failed", NULL);
  }
  return count / (now() - start);
}

static double syncs_per_second(const char *folder) {
  char path[512], block[512] = { 0 };
  unsigned count = 0;
  snprintf(path, sizeof path, "%s/sync", folder);
  int file = open(path, O_CREAT | O_WRONLY, 0600);
  double start = now();
  while (now() - start < 1) {
    if (pwrite(file, block, sizeof block, (off_t)(count++ * sizeof block)) < 0 || fdatasync(file) != 0) die("cannot sync", NULL);
  }
  double rate = count / (now() - start);
  close(file);
  return rate;
}

/* --- the loop --------------------------------------------------------------------------------------------- */

static size_t callers_so_far; /* no two have the same key */

typedef struct host { pid_t pid; char url[256]; char dir[512]; } host;

static host host_start(const char *build, const char *folder, const char *script, const char *durability) {
  host h;
  int ready[2];
  char program[512];
  snprintf(program, sizeof program, "%s/vms-host", build);
  snprintf(h.dir, sizeof h.dir, "%s/%s-%zu", folder, strrchr(script, '/') + 1, callers_so_far);
  if (pipe(ready) != 0 || (h.pid = fork()) < 0) die("cannot start the host", NULL);
  if (h.pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* it does not outlive a measurement that failed */
    dup2(ready[1], STDOUT_FILENO);
    execl(program, program, script, "--dir", h.dir, "--listen", "127.0.0.1:0", "--quiet", "--durability", durability, (char *)NULL);
    _exit(127);
  }
  close(ready[1]);
  FILE *line = fdopen(ready[0], "r");
  if (fscanf(line, "%255s", h.url) != 1) die("the host did not start", NULL);
  fclose(line);
  return h;
}

static double processor_of(pid_t pid) {
  char path[64], text[512], *at;
  unsigned long user = 0, system = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  FILE *file = fopen(path, "r");
  if (file == NULL) return 0;
  size_t len = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[len] = 0;
  at = strrchr(text, ')');
  if (at == NULL || sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) return 0;
  return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* One line of figures. */
static void measure(const host *h, const char *what, size_t callers, const char *method, const char *params, bool receipt, double seconds, double verify) {
  vms_head seen;
  load l;
  uint16_t port = (uint16_t)atoi(strrchr(h->url, ':') + 1);
  load_head(h->url, &seen);
  load_begin(&l, port, "/", &seen, callers_so_far, callers, CALLS_PREPARED / callers, method, params, receipt);
  callers_so_far += callers;
  double before = processor_of(h->pid), own = processor_of(getpid());
  load_run(&l, seconds);
  own = processor_of(getpid()) - own;
  double rate = (double)l.answered / l.seconds, processor = processor_of(h->pid) - before;
  if (l.errors > 0) die(l.error, NULL);
  printf("%-6s %-22s %3zu callers  %7.0f calls/s (%.2f of verifications)  ms: p50 %6.2f  p90 %6.2f  p99 %6.2f  p99.9 %6.2f  us of processor a call: host %.0f, callers %.0f\n",
         method, what, callers, rate, rate / verify, load_percentile(&l, .5), load_percentile(&l, .9), load_percentile(&l, .99), load_percentile(&l, .999),
         1e6 * processor / (double)l.answered, 1e6 * own / (double)l.answered);
  fflush(stdout);
  load_end(&l);
}

static void host_stop(const host *h) {
  int status;
  kill(h->pid, SIGTERM);
  if (waitpid(h->pid, &status, 0) != h->pid || status != 0) die("the host did not end well", NULL);
}

static double replays_per_second(const host *h) {
  vms_folder *folder;
  vms_copy *copy;
  vms_verdict verdict;
  vms_error error;
  double start = now();
  if (vms_folder_open(&folder, h->dir, VMS_FOLDER_READ_ONLY, &error) != VMS_OK) die("folder", &error);
  if (vms_copy_open(&copy, vms_folder_at(folder, 0).journal, &error) != VMS_OK) die("journal", &error);
  vms_verdict_init(&verdict, NULL);
  if (vms_audit(vms_copy_journal(copy), NULL, &verdict, &error) != VMS_OK) die("audit", &error);
  if (verdict.verdict != VMS_VERDICT_OK) die("the audit found something", NULL);
  double rate = (double)verdict.calls / (now() - start);
  vms_verdict_free(&verdict);
  vms_copy_close(copy);
  vms_folder_close(folder);
  return rate;
}

/* As vms-audit does it: every block with its proof, into a file. */
static double downloads_per_second(const host *h, uint64_t *blocks) {
  vms_client *client;
  vms_copy *copy;
  vms_verdict verdict;
  vms_audit_options audit = VMS_AUDIT_OPTIONS_INIT;
  vms_error error;
  double start = now();
  if (vms_client_open(&client, h->url, NULL, &error) != VMS_OK) die("connect", &error);
  vms_verdict_init(&verdict, NULL);
  if (vms_download(&copy, client, NULL, &audit, &verdict, &error) != VMS_OK || copy == NULL) die("download", &error);
  *blocks = 0;
  for (uint32_t i = 0; i < VMS_CORE_COUNT; i++) *blocks += vms_core_length(vms_journal_core(vms_copy_journal(copy), i));
  double rate = (double)*blocks / (now() - start);
  vms_verdict_free(&verdict);
  vms_copy_close(copy);
  vms_client_close(client);
  return rate;
}

int main(void) {
  const char *build = getenv("BUILD") != NULL ? getenv("BUILD") : "build";
  double seconds = getenv("SECONDS_EACH") != NULL ? atof(getenv("SECONDS_EACH")) : 2;
  static const struct { const char *script, *method, *params; } works[] = {
    { "examples/hello.js", "hello", "[\"world\"]" }, { "examples/rsvp.js", "RSVP", "[true,\"see you\"]" },
  };
  static const struct { const char *durability, *what; bool receipt; } ways[] = {
    { "sync", "sync, with receipts", true }, { "sync", "sync, without receipts", false }, { "os", "os", false },
  };
  static const size_t callers[] = { 1, 16, 256 };
  size_t only = getenv("CALLERS") != NULL ? (size_t)atoi(getenv("CALLERS")) : 0;
  char folder[] = "/tmp/vms-bench-XXXXXX", command[64];
  if (mkdtemp(folder) == NULL) die("no temporary folder", NULL);
  double verify = verifications_per_second();
  printf("machine: %.0f Ed25519 verifications/s on one core, %.0f fdatasync/s\n", verify, syncs_per_second(folder));
  for (size_t w = 0; w < sizeof works / sizeof works[0]; w++)
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
      uint64_t blocks;
      host h = host_start(build, folder, works[w].script, ways[i].durability);
      for (size_t c = 0; c < sizeof callers / sizeof callers[0]; c++)
        if (only == 0 || only == callers[c]) measure(&h, ways[i].what, callers[c], works[w].method, works[w].params, ways[i].receipt, seconds, verify);
      double download = i == 1 ? downloads_per_second(&h, &blocks) : 0;
      host_stop(&h);
      if (i != 1) continue;
      double replay = replays_per_second(&h);
      printf("%-6s %7.0f replayed calls/s (%.2f of verifications)  %7.0f downloaded blocks/s\n", works[w].method, replay, replay / verify, download);
    }
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command) == 0 ? 0 : 1;
}
