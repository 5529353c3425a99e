/* SPDX-License-Identifier: MIT */
/* Calls on their way: taken into their service's queue, their signatures checked on the thread pool, run in slices of the loop's time,
 * answered. */
#define _GNU_SOURCE
#include "host.h"

#include <stdio.h>

/* A round of the loop runs calls for this long and finishes the last one: then input, commits and peers have their turn. */
#define SLICE_NS UINT64_C(4000000)

static int refuse(vms_outcome *outcome, int32_t code, const char *message) {
  outcome->kind = VMS_OUTCOME_REFUSED;
  outcome->code = code;
  outcome->seq = 0;
  vms__buf_clear(&outcome->result);
  vms__buf_clear(&outcome->name);
  vms__buf_clear(&outcome->message);
  vms__buf_clear(&outcome->data);
  return vms__buf_text(&outcome->message, message);
}

static int refuse_busy(const vms__mount *mount, const vms__lane *lane, vms_outcome *outcome) {
  uint32_t own = lane->slots;
  char text[96];
  if (lane->forged && own > 0)
    return refuse(outcome, VMS_CODE_BUSY, "busy: the last signature from here did not fit, so one call at a time is taken until one fits: try again later");
  snprintf(text, sizeof text, "busy: %u calls are waiting already, %u of them from here: try again later", (unsigned)mount->queue.slots, (unsigned)own);
  return refuse(outcome, VMS_CODE_BUSY, text);
}

/* True, with a refusal in outcome, if no call may run now. *status is its. fresh: a record may come of it. Where the disk is full, who asks again
 * about a call that ran already waits with it: told that nothing was done, they would sign anew, and it would run twice. */
static bool refused(const vms__mount *mount, bool fresh, vms_outcome *outcome, int *status) {
  if (mount->host->stopping) *status = refuse(outcome, VMS_CODE_SHUTDOWN, "the host is shutting down: send the same request again later");
  else if (mount->broken) *status = refuse(outcome, VMS_CODE_STORAGE, "the host's storage failed: it takes no calls until it is restarted");
  else if (mount->full && fresh) *status = refuse(outcome, VMS_CODE_STORAGE, "the host's disk is full: nothing was done, try again later");
  else return false;
  return true;
}

static void answer(vms_host *host, const vms__call *call, const vms_outcome *outcome) {
  vms__connection *connection = call->lane->owner;
  if (connection == NULL) return; /* nobody waits for it */
  if (vms_rpc_session_answer(call->lane->session, call->ticket, outcome, NULL) != VMS_OK) {
    vms__connection_close(connection);
  } else if (!connection->answered) {
    connection->answered = true;
    connection->next_answered = host->answered;
    host->answered = connection;
  }
}

/* --- taking ------------------------------------------------------------------------------------------------------- */

static void on_idle(uv_idle_t *idle) { (void)idle; }

/* The connection's lane in the queue of this service. It has one at a time: over HTTP the next request may be for another service, once
 * the last one was answered; only notifications may wait then. */
static vms__lane *lane_of(vms__connection *connection, vms__mount *mount) {
  if (connection->lane != NULL && connection->lane->queue != &mount->queue) {
    vms__lane_leave(connection->lane);
    connection->lane = NULL;
  }
  if (connection->lane == NULL) connection->lane = vms__lane_new(&mount->queue, connection->session, connection);
  return connection->lane;
}

/* Somebody with many calls gives way to one who has none. */
static bool displace(vms__mount *mount, const vms__lane *lane) {
  vms__call *call = vms__queue_displace(lane);
  vms_outcome outcome;
  if (call == NULL) return false;
  vms_outcome_init(&outcome, mount->host->env);
  if (refuse_busy(mount, call->lane, &outcome) == VMS_OK) answer(mount->host, call, &outcome);
  else if (call->lane->owner != NULL) vms__connection_close(call->lane->owner);
  vms_outcome_free(&outcome);
  vms__queue_ran(&mount->queue, call, false, 0);
  return true;
}

int vms__calls_take(vms__mount *mount, const vms_rpc_call *call, vms_outcome *outcome) {
  vms__connection *connection = vms_rpc_session_owner(call->session);
  uint32_t fresh = 1;
  int status;
  if (refused(mount, false, outcome, &status)) return status;
  if (connection->closing) return refuse(outcome, VMS_CODE_BUSY, "busy: the connection ends"); /* for what came with this one: it has no lane any more */
  if (call->is_signed && !vms_service_screen(mount->deployed.service, call->request, call->caller, &fresh, outcome)) return VMS_OK;
  if (refused(mount, fresh != 0, outcome, &status)) return status;
  bool counts = call->is_signed && fresh != 0;
  vms__lane *lane = lane_of(connection, mount);
  if (lane == NULL) return VMS_ERR_NOMEM;
  status = vms__queue_add(lane, call, counts);
  if (status == VMS_ERR_LIMIT && displace(mount, lane)) status = vms__queue_add(lane, call, counts);
  if (status == VMS_ERR_LIMIT) return refuse_busy(mount, lane, outcome);
  if (status != VMS_OK) return status;
  uv_idle_start(&mount->host->calls_idle, on_idle); /* whatever this round began with, it comes to the turn below */
  return VMS_RPC_LATER;
}

/* --- checking ------------------------------------------------------------------------------------------------------- */

static void on_check_work(uv_work_t *work) {
  vms__check *check = work->data;
  vms_buffer bytes = VMS_BUFFER_INIT;
  for (size_t i = 0; i < check->count; i++) {
    const vms__call *call = check->calls[i];
    bool fits;
    int status = vms__request_check(&bytes, call->request, call->caller, call->signature, &fits);
    check->fits[i] = status == VMS_OK ? fits : -1;
  }
  vms_buffer_free(&bytes);
}

static void on_check_done(uv_work_t *work, int cancelled) {
  vms__check *check = work->data;
  vms_host *host = check->host;
  vms__mount *mount = check->mount;
  assert(cancelled == 0);
  (void)cancelled;
  check->mount = NULL;
  for (size_t i = 0; i < check->count; i++) vms__queue_checked(&mount->queue, check->calls[i], check->fits[i]);
  if (!host->stopping) return;
  vms__calls_drain(mount);
  vms__host_stop_step(host);
}

static vms__mount *next_unchecked(vms_host *host) {
  for (size_t i = 0; i < host->mount_count; i++) {
    vms__mount *mount = host->mounts[++host->check_turn % host->mount_count];
    if (mount->queue.unchecked > 0) return mount;
  }
  return NULL;
}

/* What there is to check is shared among the work items that are free. */
static void start_checks(vms_host *host) {
  for (size_t i = 0; i < VMS__CHECKS; i++) {
    vms__check *check = &host->checks[i];
    vms__mount *mount = check->mount == NULL ? next_unchecked(host) : NULL;
    if (mount == NULL) continue;
    size_t share = (mount->queue.unchecked + VMS__CHECKS - 1) / VMS__CHECKS;
    check->count = vms__queue_take(&mount->queue, check->calls, VMS__MIN(share, VMS__CHECK_CALLS));
    if (check->count == 0) continue;
    check->host = host;
    check->mount = mount;
    check->work.data = check;
    if (uv_queue_work(&host->loop, &check->work, on_check_work, on_check_done) == 0) continue;
    on_check_work(&check->work);
    on_check_done(&check->work, 0);
  }
}

/* --- running ---------------------------------------------------------------------------------------------------------- */

static int run(vms__mount *mount, const vms__call *call, vms_outcome *outcome) {
  vms_service *service = mount->deployed.service;
  uint32_t fresh = 1;
  int status;
  if (refused(mount, false, outcome, &status)) return status;
  if (call->state == VMS__CALL_FORGED) return refuse(outcome, VMS_CODE_SIGNATURE, "the signature does not fit the caller's key and the request");
  if (call->state == VMS__CALL_BUSY) return refuse_busy(mount, call->lane, outcome);
  if (call->state == VMS__CALL_UNSURE) return refuse(outcome, VMS_CODE_STORAGE, "the host is out of memory: nothing was done, try again later");
  if (mount->full && call->is_signed && !vms_service_screen(service, call->request, call->caller, &fresh, outcome)) return VMS_OK;
  if (refused(mount, fresh != 0, outcome, &status)) return status;
  if (!call->is_signed) return vms_service_call_unsigned(service, call->user, call->method, call->params, outcome);
  return vms_service_call_checked(service, call->request, call->caller, call->signature, outcome);
}

/* Runs a call, or refuses it, and says so to whoever asked. */
static void finish(vms__mount *mount, vms__call *call) {
  vms_outcome *outcome = &mount->host->outcome;
  uint64_t length = vms_service_length(mount->deployed.service);
  int status = run(mount, call, outcome);
  vms__connection *connection = call->lane->owner;
  if (connection != NULL) connection->earned = connection->earned || (status == VMS_OK && outcome->kind != VMS_OUTCOME_REFUSED);
  if (status == VMS_OK) answer(mount->host, call, outcome);
  else if (connection != NULL) vms__connection_close(connection);
  call->held = call->len + outcome->result.len + outcome->name.len + outcome->message.len + outcome->data.len;
  vms__queue_ran(&mount->queue, call, outcome->kind != VMS_OUTCOME_REFUSED && outcome->seq >= length, outcome->seq);
}

/* Those who were answered get it all in one piece. */
static void flush(vms_host *host) {
  while (host->answered != NULL) {
    vms__connection *connection = host->answered;
    host->answered = connection->next_answered;
    connection->answered = false;
    vms__connection_pump(connection);
  }
}

/* Too much waits for a commit: the next one lets it out. One answer alone may be longer than all may be together. */
static bool is_paused(const vms_host *host) { return host->call_bytes.held >= host->call_bytes.held_max; }

/* One call of each service after the other, until the time is up. */
static void run_slice(vms_host *host) {
  uint64_t end = uv_hrtime() + SLICE_NS;
  size_t idle = 0;
  while (idle < host->mount_count && !is_paused(host)) {
    vms__mount *mount = host->mounts[++host->run_turn % host->mount_count];
    vms__call *call = vms__queue_next(&mount->queue);
    if (call == NULL) {
      idle++;
      continue;
    }
    idle = 0;
    finish(mount, call);
    if (uv_hrtime() >= end) break;
  }
}

/* True if the next turn has something to do that nobody will call for. */
static bool is_left(const vms_host *host) {
  bool unchecked = false, free_check = false;
  for (size_t i = 0; i < host->mount_count; i++) {
    if (vms__queue_can_run(&host->mounts[i]->queue) && !is_paused(host)) return true;
    unchecked = unchecked || host->mounts[i]->queue.unchecked > 0;
  }
  for (size_t i = 0; i < VMS__CHECKS; i++) free_check = free_check || host->checks[i].mount == NULL;
  return unchecked && free_check;
}

void vms__calls_turn(vms_host *host) {
  start_checks(host); /* they go on meanwhile */
  run_slice(host);
  for (size_t i = 0; i < host->mount_count; i++) vms__mount_kick(host->mounts[i], false);
  flush(host);
  if (is_left(host)) uv_idle_start(&host->calls_idle, on_idle);
  else uv_idle_stop(&host->calls_idle);
}

void vms__calls_drain(vms__mount *mount) {
  vms__call *call;
  while ((call = vms__queue_drain(&mount->queue)) != NULL) finish(mount, call);
  flush(mount->host);
}

int vms__calls_init(vms_host *host, vms__mount *mount) {
  uint64_t seed = 0;
  if (host->env->entropy != NULL) (void)host->env->entropy(host->env->context, &seed, sizeof seed); /* without it only lists get longer */
  return vms__queue_init(&mount->queue, host->options.max_queue, &host->call_bytes, seed, host->env);
}
