/* SPDX-License-Identifier: MIT */
/* Serving: requests are answered at once or, while the output is full, wait in a bounded queue. */
#include "session.h"

/* --- a core ---------------------------------------------------------------------------------------------------- */

static void core_head(void *context, uint64_t *length, uint64_t *fork) {
  vms_head head;
  *length = *fork = 0;
  if (vms_core_head(context, &head, NULL) != VMS_OK) return; /* nothing is published yet */
  *length = head.length;
  *fork = head.fork;
}

static int core_prove(void *context, const vms_proof_request *request, vms_buffer *proof, vms_error *error) {
  return vms_core_prove(context, request, proof, error);
}

static void core_tree_hash(void *context, uint64_t length, uint8_t hash[VMS_HASH_LEN]) {
  vms_core_tree_hash(context, length, hash);
}

void vms__serve_core(vms_core *core, vms__served *served) {
  *served = (vms__served){ core, { 0 }, { (const char *)core->manifest, VMS_MANIFEST_LEN }, core->index, core_head, core_prove, core_tree_hash };
  vms_core_key(core, served->key);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static int send_no_data(vms__channel *channel, uint64_t id, uint64_t reason) {
  vms_buffer *message = &channel->session->scratch;
  vms__no_data no_data = { id, reason };
  vms__buf_clear(message);
  if (vms__no_data_write(message, &no_data) != VMS_OK) return VMS_ERR_NOMEM;
  return vms__session_send(channel, VMS__MSG_NO_DATA, vms__buf_view(message));
}

static int answer(vms__channel *channel, const vms_proof_request *request, vms_error *error) {
  vms_buffer *proof = &channel->session->scratch;
  int status;
  vms__buf_clear(proof);
  status = channel->serves ? channel->served.prove(channel->served.context, request, proof, NULL) : VMS_ERR_NOT_FOUND;
  /* A block that cannot be read any more is, for the peer, one that is not here. */
  if (status == VMS_OK) status = vms__session_send(channel, VMS__MSG_DATA, vms__buf_view(proof));
  else if (status == VMS_ERR_ARGUMENT) status = send_no_data(channel, request->id, VMS__NO_DATA_INVALID);
  else if (status != VMS_ERR_NOMEM) status = send_no_data(channel, request->id, VMS__NO_DATA_MISSING);
  if (proof->capacity > VMS__KEPT_LEN) vms_buffer_free(proof);
  return status == VMS_OK ? VMS_OK : vms__session_nomem(error);
}

/* --- the queue ---------------------------------------------------------------------------------------------------- */

static bool queue_is_empty(const vms_replication *session) { return session->queue_first == session->queue_end; }

/* Moves what is left to the front once that frees half of the room. */
static void queue_pack(vms_replication *session) {
  size_t count = session->queue_end - session->queue_first;
  if (session->queue_first < count || session->queue_first == 0) return;
  if (count > 0) memmove(session->queue, session->queue + session->queue_first, count * sizeof *session->queue);
  session->queue_first = 0;
  session->queue_end = count;
}

static int queue_push(vms__channel *channel, const vms_proof_request *request, vms_error *error) {
  vms_replication *session = channel->session;
  if (channel->queued >= VMS__CHANNEL_QUEUE_MAX || session->queue_end - session->queue_first >= VMS__SESSION_QUEUE_MAX)
    return vms__fail(error, VMS_ERR_REMOTE, channel->queued, "the peer has more than %u unanswered requests",
                     channel->queued >= VMS__CHANNEL_QUEUE_MAX ? VMS__CHANNEL_QUEUE_MAX : VMS__SESSION_QUEUE_MAX);
  queue_pack(session);
  if (vms__grow(session->env, &session->queue, &session->queue_capacity, session->queue_end, 1, sizeof *session->queue) != VMS_OK)
    return vms__session_nomem(error);
  session->queue[session->queue_end++] = (vms__queued){ channel, *request };
  channel->queued++;
  channel->cancels++;
  return VMS_OK;
}

int vms__upload_continue(vms_replication *session, vms_error *error) {
  while (!queue_is_empty(session) && vms__session_has_room(session)) {
    vms__queued next = session->queue[session->queue_first++];
    int status;
    if (next.channel == NULL) continue;
    next.channel->queued--;
    status = answer(next.channel, &next.request, error);
    if (status != VMS_OK) return status;
  }
  if (queue_is_empty(session) && session->queue_capacity > 0) {
    vms__free(session->env, session->queue, session->queue_capacity * sizeof *session->queue);
    session->queue = NULL;
    session->queue_first = session->queue_end = session->queue_capacity = 0;
  }
  return VMS_OK;
}

int vms__upload_request(vms__channel *channel, vms_slice payload, vms_error *error) {
  vms_proof_request request;
  if (vms_proof_request_read(payload.data, payload.len, &request, NULL) != VMS_OK) return vms__session_malformed("request", error);
  if (queue_is_empty(channel->session) && vms__session_has_room(channel->session)) return answer(channel, &request, error);
  return queue_push(channel, &request, error);
}

int vms__upload_cancel(vms__channel *channel, vms_slice payload, vms_error *error) {
  vms_replication *session = channel->session;
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  uint64_t id = vms__read_uint(&reader);
  if (reader.bad) return vms__session_malformed("cancel", error);
  /* One look through the queue for each request that ever was in it: cancels beyond that cannot hit anything. */
  if (channel->queued == 0) channel->cancels = 0;
  if (channel->cancels == 0) return VMS_OK;
  channel->cancels--;
  for (size_t i = session->queue_first; i < session->queue_end; i++) {
    if (session->queue[i].channel != channel || session->queue[i].request.id != id) continue;
    session->queue[i].channel = NULL;
    channel->queued--;
    break;
  }
  return VMS_OK;
}

void vms__upload_drop(vms__channel *channel) {
  vms_replication *session = channel->session;
  for (size_t i = session->queue_first; channel->queued > 0 && i < session->queue_end; i++) {
    if (session->queue[i].channel != channel) continue;
    session->queue[i].channel = NULL;
    channel->queued--;
  }
}
