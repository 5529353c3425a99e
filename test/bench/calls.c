/* SPDX-License-Identifier: MIT */
/* How fast is the whole loop? Calls per second of hello and RSVP from one pipelining client, with --durability sync and os,
 * replayed calls per second, and beside them, from the same run, what the machine gives: Ed25519 verifications per second on
 * one core and fdatasync per second. BUILD names the build directory; CALLS the calls per figure (default 20000). */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "vms.h"

#define WINDOW 256u /* requests under way */

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

typedef struct host { pid_t pid; char url[256]; char dir[512]; } host;

static host host_start(const char *build, const char *folder, const char *script, const char *durability) {
  host h;
  int ready[2];
  char program[512];
  snprintf(program, sizeof program, "%s/vms-host", build);
  snprintf(h.dir, sizeof h.dir, "%s/%s-%s", folder, strrchr(script, '/') + 1, durability);
  if (pipe(ready) != 0 || (h.pid = fork()) < 0) die("cannot start the host", NULL);
  if (h.pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* it does not outlive a measurement that failed */
    dup2(ready[1], STDOUT_FILENO);
    execl(program, program, script, "--dir", h.dir, "--listen", "127.0.0.1:0", "--quiet", "--durability", durability, "--max-queue", "1000", (char *)NULL);
    _exit(127);
  }
  close(ready[1]);
  FILE *line = fdopen(ready[0], "r");
  if (fscanf(line, "%255s", h.url) != 1) die("the host did not start", NULL);
  fclose(line);
  return h;
}

static double calls_per_second(const host *h, const char *method, vms_slice params, unsigned calls) {
  static const uint8_t seed[VMS_SEED_LEN] = { 3 };
  vms_client *client;
  vms_rpc_reply reply;
  vms_error error;
  uint64_t id;
  if (vms_client_open(&client, h->url, NULL, &error) != VMS_OK) die(h->url, &error);
  vms_rpc_reply_init(&reply, NULL);
  double start = now();
  for (unsigned sent = 0, got = 0; got < calls; got++) {
    for (; sent < calls && sent - got < WINDOW; sent++)
      if (vms_client_call_send(client, seed, method, params, &id, &error) != VMS_OK) die("send", &error);
    if (vms_client_receive(client, &id, &reply, &error) != VMS_OK) die("receive", &error);
    if (reply.code != 0) die(reply.message.data, NULL);
  }
  double rate = calls / (now() - start);
  vms_rpc_reply_free(&reply);
  vms_client_close(client);
  return rate;
}

static void host_stop(const host *h) {
  int status;
  kill(h->pid, SIGTERM);
  if (waitpid(h->pid, &status, 0) != h->pid || status != 0) die("the host did not end well", NULL);
}

static double replays_per_second(const host *h, unsigned calls) {
  vms_folder *folder;
  vms_copy *copy;
  vms_verdict verdict;
  vms_error error;
  double start = now();
  if (vms_folder_open(&folder, h->dir, VMS_FOLDER_READ_ONLY, &error) != VMS_OK) die("folder", &error);
  if (vms_copy_open(&copy, vms_folder_at(folder, 0).journal, &error) != VMS_OK) die("journal", &error);
  vms_verdict_init(&verdict, NULL);
  if (vms_audit(vms_copy_journal(copy), NULL, &verdict, &error) != VMS_OK) die("audit", &error);
  if (verdict.verdict != VMS_VERDICT_OK || verdict.calls < calls) die("the audit found something", NULL);
  double rate = (double)verdict.calls / (now() - start);
  vms_verdict_free(&verdict);
  vms_copy_close(copy);
  vms_folder_close(folder);
  return rate;
}

int main(void) {
  const char *build = getenv("BUILD") != NULL ? getenv("BUILD") : "build";
  unsigned calls = getenv("CALLS") != NULL ? (unsigned)atoi(getenv("CALLS")) : 20000;
  static const struct { const char *script, *method, *params; } works[] = {
    { "examples/hello.js", "hello", "[\"world\"]" }, { "examples/rsvp.js", "RSVP", "[true,\"see you\"]" },
  };
  static const char *const durabilities[] = { "sync", "os" };
  char folder[] = "/tmp/vms-bench-XXXXXX", command[64];
  if (mkdtemp(folder) == NULL) die("no temporary folder", NULL);
  double verify = verifications_per_second();
  printf("machine: %.0f Ed25519 verifications/s on one core, %.0f fdatasync/s\n", verify, syncs_per_second(folder));
  for (size_t w = 0; w < sizeof works / sizeof works[0]; w++)
    for (size_t d = 0; d < 2; d++) {
      host h = host_start(build, folder, works[w].script, durabilities[d]);
      vms_slice params = { works[w].params, strlen(works[w].params) };
      calls_per_second(&h, works[w].method, params, calls / 10); /* warm */
      double rate = calls_per_second(&h, works[w].method, params, calls);
      host_stop(&h);
      double replay = replays_per_second(&h, calls);
      printf("%-6s --durability %-4s  %7.0f calls/s (%.2f of verifications)  %7.0f replayed calls/s (%.2f)\n", works[w].method, durabilities[d], rate,
             rate / verify, replay, replay / verify);
      fflush(stdout);
    }
  snprintf(command, sizeof command, "rm -rf %s", folder);
  return system(command) == 0 ? 0 : 1;
}
