/* SPDX-License-Identifier: MIT */
/* A request that can be left while it runs: a thread of its own waits for the answer. What is left behind ends by itself, with its connection. */
#define _GNU_SOURCE
#include "job.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

struct call_job {
  arguments args;       /* its own: the prompt may end first */
  call_work_fn *work;
  call_session session;
  vms_buffer method, params;
  call_answer answer;
  int pipe[2];          /* a byte comes out when it is done */
  atomic_int abandoned; /* or done: who comes second frees it */
};

static void job_free(call_job *job) {
  call_disconnect(&job->session);
  vms_buffer_free(&job->method);
  vms_buffer_free(&job->params);
  call_answer_free(&job->answer);
  for (int i = 0; i < 2; i++) if (job->pipe[i] >= 0) close(job->pipe[i]);
  memset(job->args.seed, 0, sizeof job->args.seed);
  free(job);
}

static void *job_run(void *context) {
  call_job *job = context;
  call_answer *answer = &job->answer;
  if (job->session.client == NULL) answer->status = call_connect(&job->session, &job->args, &answer->error);
  if (answer->status == VMS_OK) job->work(&job->session, &job->args, job->method.data, view(&job->params), answer);
  const char *evidence = answer->status == VMS_OK ? NULL : call_evidence(job->session.client);
  if (evidence != NULL) (void)append(&answer->evidence, evidence); /* without memory for it the error is told alone */
  /* What failed says nothing about the next one: that gets a new connection. */
  if (answer->status != VMS_OK && answer->status != VMS_ERR_NOT_FOUND) call_disconnect(&job->session);
  if (atomic_exchange(&job->abandoned, 1)) job_free(job);
  else while (write(job->pipe[1], "", 1) < 0) {}
  return NULL;
}

static call_job *job_new(const arguments *args, const char *method, vms_slice params) {
  call_job *job = calloc(1, sizeof *job);
  if (job == NULL) return NULL;
  job->args = *args;
  job->pipe[0] = job->pipe[1] = -1;
  call_answer_init(&job->answer);
  if (append(&job->method, method) == VMS_OK && vms_buffer_append(&job->params, params.data, params.len) == VMS_OK && pipe2(job->pipe, O_CLOEXEC) == 0)
    return job;
  job_free(job);
  return NULL;
}

static int job_start(call_job *job) {
  pthread_attr_t detached;
  pthread_t thread;
  sigset_t all, before;
  sigfillset(&all);
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the prompt */
  int failed = pthread_create(&thread, &detached, job_run, job);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&detached);
  return failed == 0;
}

int call_job_run(call_session *session, call_work_fn *work, const arguments *args, const char *method, vms_slice params, int (*wait)(int fd), call_answer *answer) {
  call_job *job = job_new(args, method, params);
  if (job == NULL) return -1;
  job->work = work;
  job->session = *session;
  memset(session, 0, sizeof *session);
  if (!job_start(job)) {
    job_free(job);
    return -1;
  }
  if (!wait(job->pipe[0]) && !atomic_exchange(&job->abandoned, 1)) return 0;
  char byte;
  while (read(job->pipe[0], &byte, 1) < 0) {} /* from now on it is ours alone */
  *session = job->session;
  memset(&job->session, 0, sizeof job->session);
  call_answer_free(answer);
  *answer = job->answer;
  call_answer_init(&job->answer);
  job_free(job);
  return 1;
}
