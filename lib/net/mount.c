/* SPDX-License-Identifier: MIT */
/* One service of a host: what its sessions may do, and commits. What calls appended is committed in groups: while one group is written on
 * the thread pool, the next one gathers. */
#define _GNU_SOURCE
#include "host.h"

#define RETRY_MS 1000u /* after a full disk */
#define SIGN_MS 100u   /* durability os: heads are this much behind, at least */

static uint64_t pending(const vms__mount *mount) {
  return vms_service_length(mount->deployed.service) - vms_service_durable(mount->deployed.service);
}

/* --- what sessions may do ------------------------------------------------------------------------------ */

static int mount_call(void *context, const vms_rpc_call *call, vms_outcome *outcome) { return vms__calls_take(context, call, outcome); }
static uint64_t mount_length(void *context) { return vms_service_length(((vms__mount *)context)->deployed.service); }
static uint64_t mount_durable(void *context) { return vms_service_durable(((vms__mount *)context)->deployed.service); }
static uint64_t mount_published(void *context) { return vms_service_published(((vms__mount *)context)->deployed.service); }
static int mount_info(void *context, vms_buffer *json, vms_error *error) {
  return vms_service_info(((vms__mount *)context)->deployed.service, json, error);
}
static int mount_head(void *context, int core, vms_buffer *json, vms_error *error) {
  return vms_service_head(((vms__mount *)context)->deployed.service, core, json, error);
}
static int mount_blocks(void *context, int core, uint64_t from, uint64_t to, vms_buffer *json, vms_error *error) {
  return vms_service_blocks(((vms__mount *)context)->deployed.service, core, from, to, json, error);
}
static int mount_methods(void *context, vms_buffer *json, vms_error *error) {
  return vms_service_methods(((vms__mount *)context)->deployed.service, json, error);
}
static int mount_file(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  return vms_service_file(((vms__mount *)context)->deployed.service, request, reply, error);
}
static int mount_file_prove(void *context, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error) {
  return vms_service_file_prove(((vms__mount *)context)->deployed.service, request, reply, proof, error);
}

static int mount_record(void *context, uint64_t seq, vms_buffer *text, vms_error *error) {
  return vms_service_record(((vms__mount *)context)->deployed.service, seq, text, error);
}
static int mount_receipt(void *context, uint64_t seq, vms_buffer *json, vms_error *error) {
  return vms_service_receipt(((vms__mount *)context)->deployed.service, seq, json, error);
}
static int mount_proof(void *context, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error) {
  return vms_service_proof(((vms__mount *)context)->deployed.service, seq, from, length, json, error);
}

static int mount_room(void *context, uint64_t len) { return vms__crowd_room(((vms__mount *)context)->host, len); }

void vms__mount_init_table(vms__mount *mount) {
  mount->table = (vms_rpc_service){ sizeof mount->table,
                                    VMS_RPC_STREAM | ((mount->host->options.flags & VMS_HOST_DEBUG_USERS) != 0 ? VMS_RPC_DEBUG : 0),
                                    mount, mount_call, mount_length, mount_durable, mount_published, mount_info,
                                    mount_head, mount_blocks, mount_methods, mount_file, mount_file_prove, mount_record,
                                    (mount->host->options.flags & VMS_HOST_NO_SYNC) != 0 ? NULL : mount_receipt, mount_proof, mount_room };
}

/* --- replies that wait ------------------------------------------------------------------------------------ */

static bool waits(const vms__mount *mount, const vms__connection *connection) {
  return !connection->closing && connection->session != NULL && vms_rpc_session_service(connection->session) == &mount->table &&
         (vms_rpc_session_held(connection->session) > 0 || vms_rpc_session_follows(connection->session));
}

static void release(vms__mount *mount) {
  uint64_t durable = vms_service_durable(mount->deployed.service);
  for (vms__connection *each = mount->host->connections; each != NULL; each = each->next) {
    if (!waits(mount, each)) continue;
    if (vms_rpc_session_release(each->session, durable, NULL) != VMS_OK) vms__connection_close(each);
    else vms__connection_pump(each);
  }
}

static void fail_waiting(vms__mount *mount, const char *message) {
  for (vms__connection *each = mount->host->connections; each != NULL; each = each->next) {
    if (!waits(mount, each)) continue;
    if (vms_rpc_session_fail(each->session, VMS_CODE_STORAGE, message, NULL) != VMS_OK) vms__connection_close(each);
    else vms__connection_pump(each);
  }
}

/* --- commits ------------------------------------------------------------------------------------------------ */

static void note_failure(vms__mount *mount, int status, const vms_error *error) {
  if (mount->host->result == VMS_OK && mount->host->stopping) {
    mount->host->result = status;
    mount->host->result_error = *error;
  }
}

static void give_up(vms__mount *mount, int status, const vms_error *error) {
  mount->broken = true;
  vms__queue_durable(&mount->queue, UINT64_MAX); /* nothing of it waits any more: it is answered below */
  note_failure(mount, status, error);
  vms__host_log(mount->host, VMS_LOG_ERROR, mount->path, "storage failed, no more calls are taken: %s", error->message);
  fail_waiting(mount, "the host's storage failed: whether this call stands is known once it is restarted; send the same request again then");
}

/* The commit ended, on whichever thread it was written. */
static void commit_ended(vms__mount *mount, vms_commit *commit, uint32_t flags, int status, const vms_error *error) {
  vms_service_commit_end(mount->deployed.service, commit, status);
  if (status == VMS_OK) {
    if (mount->full) vms__host_log(mount->host, VMS_LOG_INFO, mount->path, "there is room on the disk again");
    mount->full = false;
    mount->unsigned_records = (flags & VMS_COMMIT_SIGN) == 0;
    if (mount->unsigned_records && mount->sign_after_ms == 0) mount->sign_after_ms = vms__os_monotonic_ms() + SIGN_MS;
    if (mount->unsigned_records) vms__host_tick_in(mount->host, SIGN_MS);
    else mount->sign_after_ms = 0;
    vms__queue_durable(&mount->queue, vms_service_durable(mount->deployed.service));
    release(mount);
    if (!mount->unsigned_records) vms__replicate_published(mount);
  } else if (status == VMS_ERR_FULL && !mount->host->stopping) {
    /* The blocks stay appended: what was applied cannot be undone in the script's memory. The callers wait. */
    if (!mount->full)
      vms__host_log(mount->host, VMS_LOG_ERROR, mount->path, "disk full: %llu calls wait, trying again each second: %s",
                    (unsigned long long)pending(mount), error->message);
    mount->full = true;
    vms__host_tick_in(mount->host, RETRY_MS);
  } else {
    give_up(mount, status, error);
  }
}

static void on_work(uv_work_t *work) {
  vms__mount *mount = work->data;
  mount->write_status = vms_commit_write(mount->commit, &mount->write_error);
}

static void on_work_done(uv_work_t *work, int cancelled) {
  vms__mount *mount = work->data;
  vms_commit *commit = mount->commit;
  assert(cancelled == 0);
  (void)cancelled;
  mount->in_flight = false;
  mount->commit = NULL;
  commit_ended(mount, commit, VMS_COMMIT_SIGN, mount->write_status, &mount->write_error);
  if (mount->host->stopping) vms__host_stop_step(mount->host);
}

/* Begins a signing commit on the thread pool. */
static void commit_signed(vms__mount *mount) {
  vms_commit *commit = NULL;
  vms_error error;
  int status = vms_service_commit_begin(mount->deployed.service, VMS_COMMIT_SIGN, &commit, &error);
  if (status == VMS_ERR_NOMEM && !mount->host->stopping) vms__host_tick_in(mount->host, RETRY_MS); /* who stops has no later */
  else if (status != VMS_OK) give_up(mount, status, &error);
  if (status != VMS_OK || commit == NULL) {
    if (status == VMS_OK) mount->unsigned_records = false;
    return;
  }
  mount->commit = commit;
  mount->in_flight = true;
  mount->work.data = mount;
  memset(&mount->write_error, 0, sizeof mount->write_error);
  if (uv_queue_work(&mount->host->loop, &mount->work, on_work, on_work_done) == 0) return;
  on_work(&mount->work);
  on_work_done(&mount->work, 0);
}

/* Durability os: written at once, without waiting for the disk. */
static void commit_written(vms__mount *mount) {
  vms_commit *commit = NULL;
  vms_error error;
  int status = vms_service_commit_begin(mount->deployed.service, VMS_COMMIT_NO_SYNC, &commit, &error);
  if (status == VMS_ERR_NOMEM) vms__host_tick_in(mount->host, RETRY_MS);
  else if (status != VMS_OK) give_up(mount, status, &error);
  if (status != VMS_OK || commit == NULL) return;
  memset(&error, 0, sizeof error);
  status = vms_commit_write(commit, &error);
  commit_ended(mount, commit, VMS_COMMIT_NO_SYNC, status, &error);
}

void vms__mount_kick(vms__mount *mount, bool retry) {
  bool no_sync = (mount->host->options.flags & VMS_HOST_NO_SYNC) != 0;
  if (mount->in_flight || mount->broken || (mount->full && !retry)) return;
  if (pending(mount) > 0 && no_sync) commit_written(mount);
  else if (pending(mount) > 0) commit_signed(mount);
  if (mount->in_flight || mount->broken || mount->full || !mount->unsigned_records) return;
  if (vms__os_monotonic_ms() >= mount->sign_after_ms) commit_signed(mount);
}

bool vms__mount_finish(vms__mount *mount) {
  if (mount->in_flight || mount->queue.checking > 0) return false;
  if (mount->finished || mount->broken) return true;
  mount->finished = true; /* one commit more, of everything; if it fails for good, so be it */
  commit_signed(mount);
  return !mount->in_flight;
}
