/* SPDX-License-Identifier: MIT */
/* A request that can be left while it runs. */
#ifndef VMS_CLI_CALL_JOB_H
#define VMS_CLI_CALL_JOB_H

#include "call.h"

typedef struct call_job call_job;

/* What is done in the thread: call_ask_in_session(), call_follow_next()... */
typedef void call_work_fn(call_session *session, const arguments *args, const char *method, vms_slice params, call_answer *answer);

/* Asks in a thread.
 *
 *   work    on a session that is connected; fills in the answer.
 *   session not connected: it connects first. Not connected afterwards if the connection failed or is left behind.
 *   args    copied; its strings outlive what is left behind: the process's.
 *   wait    waits until the descriptor can be read: 1; 0 leaves the request behind, and it may run all the same.
 *
 * Returns 1 with an answer, 0 if it was left, -1 if there is no memory or thread for it. */
int call_job_run(call_session *session, call_work_fn *work, const arguments *args, const char *method, vms_slice params, int (*wait)(int fd), call_answer *answer);

#endif
