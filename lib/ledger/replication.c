/* SPDX-License-Identifier: MIT */
/* A replication session: one stream, its channels, what is said on them when. Answers are upload.c's business, questions download.c's.
 *
 * What arrives is handled message by message. What follows from it for a core (telling of a new length, asking for more) is only marked then and done
 * once at the end, so that no flood of messages makes a flood of answers; requests alone are answered one by one, while the output has room. */
#include "session.h"

#define OUTPUT_LEN_MAX (1u << 20)     /* bytes, if the options do not say */
#define FRAME_LEN_SERVING (64u << 10) /* readers send nothing longer */
#define CHANNELS_MAX 64u

static const char PROTOCOL[] = "hypercore/alpha";

/* --- words ----------------------------------------------------------------------------------------------------- */

int vms__session_malformed(const char *what, vms_error *error) {
  return vms__fail(error, VMS_ERR_REMOTE, 0, "the peer sent a malformed %s message", what);
}

int vms__session_unasked(vms_error *error) {
  return vms__fail(error, VMS_ERR_REMOTE, 0, "the peer sent an answer that nobody asked for");
}

int vms__session_nomem(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a replication session"); }

/* --- sending ------------------------------------------------------------------------------------------------------ */

/* A batch: 0, 0, channel, then (length, type, payload) for each message; length 0 says that another channel follows. */

int vms__session_flush(vms_replication *session) {
  int status;
  if (session->outbox.len == 0) return VMS_OK;
  status = vms__stream_send(session->stream, vms__buf_view(&session->outbox), (vms_slice){ NULL, 0 });
  if (status == VMS_OK) vms__buf_clear(&session->outbox);
  return status;
}

static int batch_channel(vms_replication *session, uint32_t local) {
  static const char start[2] = { 0, 0 };
  size_t len = session->outbox.len == 0 ? 2 : 1;
  if (session->outbox.len > 0 && session->outbox_last == local) return VMS_OK;
  session->outbox_last = local;
  return vms_buffer_append(&session->outbox, start, len) != VMS_OK ? VMS_ERR_NOMEM : vms__write_uint(&session->outbox, local);
}

int vms__session_send(vms__channel *channel, uint64_t type, vms_slice payload) {
  vms_replication *session = channel->session;
  size_t len = vms__uint_len(type) + payload.len;
  bool alone = len > VMS__OUTBOX_LEN || session->careful > 0;
  if ((alone || session->outbox.len + len > VMS__OUTBOX_LEN) && vms__session_flush(session) != VMS_OK) return VMS_ERR_NOMEM;
  if (alone) return vms__mux_send(session->mux, channel->local, type, payload);
  if (batch_channel(session, channel->local) != VMS_OK || vms__write_uint(&session->outbox, len) != VMS_OK ||
      vms__write_uint(&session->outbox, type) != VMS_OK || vms__buf_slice(&session->outbox, payload) != VMS_OK)
    return VMS_ERR_NOMEM;
  return VMS_OK;
}

static uint64_t output_len(const vms_replication *session) {
  return vms__stream_output(session->stream)->len + session->outbox.len;
}

bool vms__session_has_room(const vms_replication *session) { return output_len(session) < session->options.output_len_max; }

/* --- channels ------------------------------------------------------------------------------------------------------- */

static vms__channel *channel_of(const vms_replication *session, uint32_t local) {
  return local < session->channel_capacity ? session->channels[local] : NULL;
}

/* Makes room for number `local` in the table. */
static int channel_room(vms_replication *session, uint32_t local) {
  size_t old = session->channel_capacity, more = local + 1 > old ? local + 1 - old : 0;
  if (more == 0) return VMS_OK;
  if (vms__grow(session->env, &session->channels, &session->channel_capacity, old, more, sizeof(vms__channel *)) != VMS_OK) return VMS_ERR_NOMEM;
  memset(session->channels + old, 0, (session->channel_capacity - old) * sizeof(vms__channel *));
  return VMS_OK;
}

/* What proves that we, or the peer, know the core's key. */
static void capability(const vms_replication *session, bool ours, const uint8_t key[VMS_KEY_LEN], uint8_t out[VMS_HASH_LEN]) {
  bool initiator = ((session->options.flags & VMS_REPLICATION_INITIATOR) != 0) == ours;
  uint8_t bytes[VMS__NAMESPACE_LEN + VMS_KEY_LEN];
  vms__namespace("hypercore", initiator ? 1 : 2, bytes);
  memcpy(bytes + VMS__NAMESPACE_LEN, key, VMS_KEY_LEN);
  vms__crypto_hash_keyed(vms__stream_handshake_hash(session->stream), 64, bytes, sizeof bytes, out);
}

static void channel_free(vms__channel *channel) {
  vms_replication *session = channel->session;
  vms__upload_drop(channel);
  if (channel->download != NULL) vms__download_detach(channel->download);
  if (channel->open) session->open_count--;
  session->channels[channel->local] = NULL;
  vms__free(session->env, channel, sizeof *channel);
}

/* Opens a channel, our side of it. VMS_OK, VMS_ERR_LIMIT, VMS_ERR_NOMEM. */
static int channel_open(vms_replication *session, const uint8_t discovery[VMS_KEY_LEN], const uint8_t key[VMS_KEY_LEN], vms__channel **made,
                        vms_error *error) {
  vms__handshake_core handshake = { true, { 0 } };
  vms_slice id = { (const char *)discovery, VMS_KEY_LEN };
  vms__channel *channel = vms__alloc(session->env, sizeof *channel);
  vms_buffer payload;
  int status = VMS_ERR_NOMEM;
  vms_buffer_init(&payload, session->env);
  capability(session, true, key, handshake.capability);
  /* What is in the batch may be for an earlier bearer of the same number. */
  if (channel == NULL || vms__session_flush(session) != VMS_OK || vms__handshake_core_write(&payload, &handshake) != VMS_OK)
    status = vms__session_nomem(error);
  else status = vms__mux_open(session->mux, vms__slice_of(PROTOCOL), id, vms__buf_view(&payload), &channel->local, error);
  vms_buffer_free(&payload);
  if (status == VMS_OK && channel_room(session, channel->local) != VMS_OK) {
    vms__mux_close(session->mux, channel->local);
    status = vms__session_nomem(error);
  }
  if (status != VMS_OK) {
    vms__free(session->env, channel, sizeof *channel);
    return status;
  }
  channel->session = session;
  memcpy(channel->discovery, discovery, VMS_KEY_LEN);
  session->channels[channel->local] = *made = channel;
  return VMS_OK;
}

static vms__download *download_of(const vms_replication *session, const uint8_t discovery[VMS_KEY_LEN]) {
  for (size_t i = 0; i < session->download_count; i++)
    if (memcmp(vms__replica_discovery(session->downloads[i]->replica), discovery, VMS_KEY_LEN) == 0) return session->downloads[i];
  return NULL;
}

static vms__channel *channel_find(const vms_replication *session, const uint8_t discovery[VMS_KEY_LEN]) {
  for (size_t i = 0; i < session->channel_capacity; i++)
    if (session->channels[i] != NULL && memcmp(session->channels[i]->discovery, discovery, VMS_KEY_LEN) == 0) return session->channels[i];
  return NULL;
}

static int download_open(vms_replication *session, vms__download *download, vms_error *error) {
  const uint8_t *discovery = vms__replica_discovery(download->replica);
  vms__channel *channel = channel_find(session, discovery);
  uint8_t key[VMS_KEY_LEN];
  if (channel == NULL) {
    vms_replica_key(download->replica, key);
    return channel_open(session, discovery, key, &channel, error);
  }
  if (channel->open && channel->download == NULL) vms__download_attach(download, channel);
  return VMS_OK;
}

/* --- what to tell --------------------------------------------------------------------------------------------------- */

static int send_sync(vms__channel *channel, uint64_t length, uint64_t fork) {
  vms_buffer *message = &channel->session->scratch;
  bool manifest = channel->serves ? channel->served.manifest.len > 0 : channel->download != NULL && vms_replica_manifest(channel->download->replica).len > 0;
  uint32_t flags = (channel->serves ? VMS__SYNC_CAN_UPGRADE | VMS__SYNC_UPLOADING : 0u) | (channel->download != NULL ? VMS__SYNC_DOWNLOADING : 0u) |
                   (manifest ? VMS__SYNC_HAS_MANIFEST : 0u);
  vms__sync sync = { flags, fork, length, channel->heard && channel->peer.fork == fork ? channel->peer.length : 0 };
  vms__buf_clear(message);
  if (vms__sync_write(message, &sync) != VMS_OK) return VMS_ERR_NOMEM;
  channel->due_sync = false;
  return vms__session_send(channel, VMS__MSG_SYNC, vms__buf_view(message));
}

static int send_range(vms__channel *channel, uint64_t length) {
  vms_buffer *message = &channel->session->scratch;
  vms__range range = { false, 0, length };
  vms__buf_clear(message);
  if (vms__range_write(message, &range) != VMS_OK) return VMS_ERR_NOMEM;
  channel->due_range = false;
  channel->told = length;
  return vms__session_send(channel, VMS__MSG_RANGE, vms__buf_view(message));
}

static void own_head(const vms__channel *channel, uint64_t *length, uint64_t *fork) {
  *length = *fork = 0;
  if (channel->serves) channel->served.head(channel->served.context, length, fork);
  else if (channel->download != NULL) {
    *length = vms_replica_length(channel->download->replica);
    *fork = vms_replica_fork(channel->download->replica);
  }
}

/* The first sync goes before the first range, as npm has it; later what is there is told before how long it is. */
static int tell(vms__channel *channel) {
  uint64_t length, fork;
  int status = VMS_OK;
  bool first = !channel->told_any;
  own_head(channel, &length, &fork);
  if (channel->due_sync && first) status = send_sync(channel, length, fork);
  channel->told_any = true;
  if (status == VMS_OK && channel->serves && length > 0 && (channel->due_range || length > channel->told)) status = send_range(channel, length);
  channel->due_range = false;
  if (status == VMS_OK && channel->due_sync) status = send_sync(channel, length, fork);
  return status;
}

static uint32_t order_of(const vms__channel *channel) { return channel->serves ? channel->served.order : 0; }

static void wake_all(vms_replication *session) {
  session->wake = false;
  for (size_t i = 0; i < session->channel_capacity; i++)
    if (session->channels[i] != NULL) session->channels[i]->due_ask = true;
}

/* Everything that is due: blobs before the metadata that speaks of them, by descending order. */
static int tell_all(vms_replication *session, vms_error *error) {
  uint32_t order = UINT32_MAX;
  session->due = false;
  if (session->wake) wake_all(session);
  while (order > 0) {
    uint32_t below = 0; /* 1 + the highest order under `order` */
    for (size_t i = 0; i < session->channel_capacity; i++) {
      const vms__channel *channel = session->channels[i];
      if (channel != NULL && channel->open && order_of(channel) < order) below = VMS__MAX(below, order_of(channel) + 1);
    }
    if (below == 0) return VMS_OK;
    order = below - 1;
    for (size_t i = 0; i < session->channel_capacity; i++) {
      vms__channel *channel = session->channels[i];
      int status = VMS_OK;
      if (channel == NULL || !channel->open || order_of(channel) != order) continue;
      if ((channel->due_sync || channel->due_range) && tell(channel) != VMS_OK) return vms__session_nomem(error);
      if (channel->due_ask && channel->download != NULL) status = vms__download_ask(channel->download, error);
      channel->due_ask = false;
      if (status != VMS_OK) return status;
    }
  }
  return VMS_OK;
}

/* --- what the peer says ------------------------------------------------------------------------------------------------ */

static int opened(void *context, uint32_t local, vms_slice protocol, vms_slice id, vms_slice payload, vms_error *error) {
  vms_replication *session = context;
  const uint8_t *discovery = (const uint8_t *)id.data;
  vms__channel *channel = channel_of(session, local);
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  vms__handshake_core handshake;
  vms__download *download;
  vms__served served;
  uint8_t expected[VMS_HASH_LEN];
  bool serves;
  int status = VMS_OK;
  if (!vms__slice_is(protocol, PROTOCOL) || id.len != VMS_KEY_LEN) return VMS_OK; /* rejected */
  serves = session->serve(session->serve_context, discovery, &served);
  download = download_of(session, discovery);
  if (download != NULL && download->channel != NULL) download = NULL; /* has one */
  if (!serves && download == NULL) return VMS_OK;
  if (!serves) vms_replica_key(download->replica, served.key);
  if (!vms__handshake_core_read(&reader, &handshake)) return vms__session_malformed("open", error);
  capability(session, false, served.key, expected);
  if (!vms__crypto_equal(handshake.capability, expected, sizeof expected))
    return vms__fail(error, VMS_ERR_REMOTE, 0, "the peer does not know the key of a core that it opened");
  if (channel == NULL) status = channel_open(session, discovery, served.key, &channel, error);
  if (status != VMS_OK) return status == VMS_ERR_LIMIT ? VMS_OK : status;
  channel->open = true;
  session->open_count++;
  channel->serves = serves;
  if (serves) channel->served = served;
  if (download != NULL) vms__download_attach(download, channel);
  vms__channel_due(channel, true, true, true);
  return VMS_OK;
}

static int closed(void *context, uint32_t local, vms_error *error) {
  vms__channel *channel = channel_of(context, local);
  (void)error;
  if (channel != NULL) channel_free(channel);
  return VMS_OK;
}

static int on_sync(vms__channel *channel, vms_slice payload, vms_error *error) {
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  vms__sync sync, *peer = &channel->peer;
  uint64_t length, fork;
  if (!vms__sync_read(&reader, &sync)) return vms__session_malformed("sync", error);
  if (channel->heard && (sync.fork < peer->fork || (sync.fork == peer->fork && sync.length < peer->length)))
    return vms__fail(error, VMS_ERR_REMOTE, sync.length, "the peer's head went back from fork %llu, length %llu to fork %llu, length %llu",
                     (unsigned long long)peer->fork, (unsigned long long)peer->length, (unsigned long long)sync.fork,
                     (unsigned long long)sync.length);
  *peer = sync;
  channel->heard = true;
  if (channel->download != NULL) vms__download_heard(channel->download);
  own_head(channel, &length, &fork);
  /* An npm reader asks for what is longer only when it was told its own length. */
  if (channel->serves && fork == sync.fork && length > sync.length) vms__channel_due(channel, true, false, false);
  return VMS_OK;
}

/* A data message on a channel where nothing is downloaded: late, or npm's proof that our core has two heads. */
static int stray_data(vms__channel *channel, vms_slice payload, vms_error *error) {
  const vms__served *served = &channel->served;
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  uint8_t hash[VMS_HASH_LEN];
  uint64_t length, fork;
  vms__proof proof;
  int status;
  if (!vms__proof_read(&reader, &proof)) return vms__session_malformed("data", error);
  if (channel->deaf) return VMS_OK;
  if (proof.id != 0 || !channel->serves || ++channel->session->unasked > VMS__UNASKED_MAX) return vms__session_unasked(error);
  own_head(channel, &length, &fork);
  if ((proof.flags & VMS_PROOF_UPGRADE) == 0 || proof.fork != fork || proof.upgrade_start != 0 || proof.upgrade_length == 0 ||
      proof.upgrade_length > length)
    return VMS_OK;
  served->tree_hash(served->context, proof.upgrade_length, hash);
  status = vms__conflict_check(channel->session->env, &proof, served->key, served->manifest, hash, error);
  return status == VMS_ERR_FOREIGN ? VMS_ERR_REMOTE : status; /* nothing is downloaded here: it only ends the session */
}

static int message(void *context, uint32_t local, uint64_t type, vms_slice payload, vms_error *error) {
  vms__channel *channel = channel_of(context, local);
  vms__download *download = channel == NULL ? NULL : channel->download;
  if (channel == NULL || !channel->open) return VMS_OK;
  switch (type) {
    case VMS__MSG_SYNC: return on_sync(channel, payload, error);
    case VMS__MSG_REQUEST: return vms__upload_request(channel, payload, error);
    case VMS__MSG_CANCEL: return vms__upload_cancel(channel, payload, error);
    case VMS__MSG_DATA: return download != NULL ? vms__download_data(download, payload, error) : stray_data(channel, payload, error);
    case VMS__MSG_NO_DATA: return download != NULL ? vms__download_no_data(download, payload, error) : VMS_OK;
    case VMS__MSG_WANT: vms__channel_due(channel, false, true, false); return VMS_OK; /* all of it, as far as the head goes */
    case VMS__MSG_BITFIELD: return download != NULL ? vms__download_bitfield(download, payload, error) : VMS_OK;
    case VMS__MSG_RANGE: return download != NULL ? vms__download_range(download, payload, error) : VMS_OK;
    default: return VMS_OK; /* unwant, extensions, and what later versions say */
  }
}

/* --- the session --------------------------------------------------------------------------------------------------- */

static bool serve_found(void *context, const uint8_t discovery[VMS_KEY_LEN], vms__served *served) {
  const vms_replication *session = context;
  vms_core *core = session->options.find == NULL ? NULL : session->options.find(session->options.context, discovery);
  if (core != NULL) vms__serve_core(core, served);
  return core != NULL;
}

void vms__replication_serve(vms_replication *session, vms__serve_fn *serve, void *context) {
  session->serve = serve;
  session->serve_context = context;
}

static uint32_t frame_max(const vms_replication *session) {
  if (session->options.frame_len_max != 0) return session->options.frame_len_max;
  return session->big_frames ? VMS__STREAM_FRAME_MAX : FRAME_LEN_SERVING;
}

/* The handshake is done: names the cores that we want. */
static int greet(vms_replication *session, vms_error *error) {
  int status = VMS_OK;
  session->greeted = true;
  for (size_t i = 0; status == VMS_OK && i < session->download_count; i++) status = download_open(session, session->downloads[i], error);
  return status;
}

static int handle_input(vms_replication *session, vms_error *error) {
  int status = vms__upload_continue(session, error);
  while (status == VMS_OK && vms__session_has_room(session)) {
    vms_slice input = { NULL, 0 };
    status = vms__stream_next(session->stream, frame_max(session), &input, error);
    if (status == VMS_OK && !session->greeted && vms__stream_is_open(session->stream)) status = greet(session, error);
    if (status != VMS_OK || input.data == NULL) break;
    status = vms__mux_handle(session->mux, input, error);
  }
  return status;
}

static int failed(vms_replication *session, int status, const vms_error *why, vms_error *error) {
  session->failure = *why;
  session->failure.status = status;
  if (error != NULL) *error = session->failure;
  return status;
}

/* Handles what is there, then does what became due: once there is room, since news of a peer that does not read must not pile up. */
static int pump(vms_replication *session, vms_error *error) {
  vms_error why = { 0 };
  int status = handle_input(session, &why);
  if (status == VMS_OK && session->due && vms__session_has_room(session)) status = tell_all(session, &why);
  if (status == VMS_OK && vms__session_flush(session) != VMS_OK) status = vms__session_nomem(&why);
  return status == VMS_OK ? VMS_OK : failed(session, status, &why, error);
}

int vms_replication_new(vms_replication **session, const vms_replication_options *options, vms_error *error) {
  static const vms__mux_events events = { NULL, opened, message, closed };
  vms_replication_options given = VMS_REPLICATION_OPTIONS_INIT;
  vms__mux_events own = events;
  vms_replication *made;
  int status;
  assert(session != NULL);
  *session = NULL;
  status = vms__options_load(&given, sizeof given, options, error);
  if (status != VMS_OK) return status;
  if (given.env == NULL || given.env->entropy == NULL || (given.flags & ~VMS_REPLICATION_INITIATOR) != 0)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a replication session needs an environment with entropy and known flags");
  if (given.output_len_max == 0) given.output_len_max = OUTPUT_LEN_MAX;
  if (given.channels_max == 0) given.channels_max = CHANNELS_MAX;
  made = vms__alloc(given.env, sizeof *made);
  if (made == NULL) return vms__session_nomem(error);
  made->options = given;
  made->env = given.env;
  vms_buffer_init(&made->outbox, made->env);
  vms_buffer_init(&made->scratch, made->env);
  vms__replication_serve(made, serve_found, made);
  own.context = made;
  status = vms__stream_new(&made->stream, (given.flags & VMS_REPLICATION_INITIATOR) != 0, made->env, error);
  if (status == VMS_OK) status = vms__mux_new(&made->mux, made->stream, &own, given.channels_max, made->env, error);
  if (status != VMS_OK) vms_replication_free(made);
  else *session = made;
  return status;
}

void vms_replication_free(vms_replication *session) {
  if (session == NULL) return;
  for (size_t i = 0; i < session->download_count; i++) vms__download_free(session->downloads[i]);
  for (size_t i = 0; i < session->channel_capacity; i++)
    if (session->channels[i] != NULL) channel_free(session->channels[i]);
  vms__free(session->env, session->downloads, session->download_capacity * sizeof(vms__download *));
  vms__free(session->env, session->channels, session->channel_capacity * sizeof(vms__channel *));
  vms__free(session->env, session->queue, session->queue_capacity * sizeof *session->queue);
  vms_buffer_free(&session->outbox);
  vms_buffer_free(&session->scratch);
  vms__mux_free(session->mux);
  vms__stream_free(session->stream);
  vms__free(session->env, session, sizeof *session);
}

/* The failure that ended the session, again. */
static int refuse(const vms_replication *session, vms_error *error) {
  if (error != NULL) *error = session->failure;
  return session->failure.status;
}

int vms_replication_feed(vms_replication *session, const void *bytes, size_t len, vms_error *error) {
  vms_error why;
  assert(session != NULL && (bytes != NULL || len == 0));
  if (session->failure.status != VMS_OK) return refuse(session, error);
  if (vms__stream_feed(session->stream, bytes, len) != VMS_OK) return failed(session, vms__session_nomem(&why), &why, error);
  return pump(session, error);
}

int vms_replication_take(vms_replication *session, vms_buffer *bytes, vms_error *error) {
  vms_buffer *output;
  assert(session != NULL && bytes != NULL);
  output = vms__stream_output(session->stream);
  if (vms_buffer_append(bytes, output->data, output->len) != VMS_OK) return vms__session_nomem(error); /* nothing is lost: again */
  vms__buf_clear(output);
  if (output->capacity > VMS__KEPT_LEN) vms_buffer_free(output);
  return session->failure.status != VMS_OK ? refuse(session, error) : pump(session, error);
}

uint64_t vms_replication_pending(const vms_replication *session) {
  assert(session != NULL);
  return vms__stream_output(session->stream)->len;
}

int vms_replication_wants_read(const vms_replication *session) {
  assert(session != NULL);
  return session->failure.status == VMS_OK && session->queue_first == session->queue_end && vms__session_has_room(session);
}

int vms_replication_is_open(const vms_replication *session) {
  assert(session != NULL);
  return vms__stream_is_open(session->stream);
}

uint32_t vms_replication_channels(const vms_replication *session) {
  assert(session != NULL);
  return session->open_count;
}

int vms_replication_download(vms_replication *session, vms_replica *replica, vms_error *error) {
  vms__download *download;
  int status = VMS_OK;
  assert(session != NULL && replica != NULL);
  if (session->failure.status != VMS_OK) return refuse(session, error);
  if (download_of(session, vms__replica_discovery(replica)) != NULL)
    return vms__fail(error, VMS_ERR_EXISTS, 0, "this core is being downloaded already");
  if (session->download_count >= session->options.channels_max)
    return vms__fail(error, VMS_ERR_LIMIT, session->download_count, "more than %u cores at once", session->options.channels_max);
  download = vms__download_new(replica, session->env);
  if (download == NULL) return vms__session_nomem(error);
  if (vms__grow(session->env, &session->downloads, &session->download_capacity, session->download_count, 1, sizeof(vms__download *)) != VMS_OK)
    status = vms__session_nomem(error);
  else if (session->greeted) status = download_open(session, download, error);
  if (status != VMS_OK) {
    vms__download_free(download);
    return status;
  }
  session->downloads[session->download_count++] = download;
  session->big_frames = true;
  return session->greeted ? vms_replication_update(session, error) : VMS_OK;
}

void vms_replication_stop(vms_replication *session, vms_replica *replica) {
  assert(session != NULL && replica != NULL);
  for (size_t i = 0; i < session->download_count; i++) {
    vms__download *download = session->downloads[i];
    vms__channel *channel = download->replica != replica ? NULL : download->channel != NULL ? download->channel
                                                         : channel_find(session, vms__replica_discovery(replica));
    if (download->replica != replica) continue;
    vms__download_free(download);
    session->downloads[i] = session->downloads[--session->download_count];
    if (channel == NULL) return;
    channel->deaf = true;
    if (channel->serves) vms__channel_due(channel, true, false, false);
    else {
      /* Without memory, or once the session has failed, the peer is not told; what it says is ignored then. */
      if (session->failure.status == VMS_OK && vms__session_flush(session) == VMS_OK && vms__mux_close(session->mux, channel->local) == VMS_OK) channel_free(channel);
    }
    return;
  }
}

int vms_replication_peer_length(const vms_replication *session, const vms_replica *replica, uint64_t *length) {
  assert(session != NULL && replica != NULL && length != NULL);
  for (size_t i = 0; i < session->download_count; i++) {
    const vms__download *download = session->downloads[i];
    if (download->replica != replica || download->channel == NULL || !download->channel->heard) continue;
    *length = download->channel->peer.length;
    return 1;
  }
  return 0;
}

int vms_replication_update(vms_replication *session, vms_error *error) {
  assert(session != NULL);
  if (session->failure.status != VMS_OK) return refuse(session, error);
  for (size_t i = 0; i < session->channel_capacity; i++) {
    vms__channel *channel = session->channels[i];
    uint64_t length, fork;
    if (channel == NULL || !channel->open) continue;
    own_head(channel, &length, &fork);
    if (channel->serves && length > channel->told) vms__channel_due(channel, true, true, false);
    if (channel->download != NULL) vms__channel_due(channel, false, false, true);
  }
  return session->greeted ? pump(session, error) : VMS_OK;
}

int vms_replication_keepalive(vms_replication *session, vms_error *error) {
  assert(session != NULL);
  if (session->failure.status != VMS_OK) return refuse(session, error);
  if (!vms__stream_is_open(session->stream) || output_len(session) > 0) return VMS_OK; /* what waits does as well */
  return vms__stream_send(session->stream, (vms_slice){ NULL, 0 }, (vms_slice){ NULL, 0 }) == VMS_OK ? VMS_OK : vms__session_nomem(error);
}
