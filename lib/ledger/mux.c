/* SPDX-License-Identifier: MIT */
/* Several channels on one stream of messages: protomux (doc/replication.md). A message begins with a channel, numbered by
 * its sender, and a type. Channel 0 is for control: batches of messages, open, reject and close.
 *
 * A channel is open when both sides opened the same pair of protocol and id, each under a number of its own. Who closes a
 * channel that the peer did not open yet has to wait for the peer's open or reject until the number is free: that answer is
 * under way and would be taken for one to a newer open. */
#include "replication.h"

#define REJECTS_MAX 65536u    /* in answer to one message: each takes five times the bytes of a short open */
#define NAME_PART_MAX 64u     /* bytes in a protocol's name, and in an id: ours have 15 and 32 */

enum { CONTROL_BATCH = 0, CONTROL_OPEN = 1, CONTROL_REJECT = 2, CONTROL_CLOSE = 3 };

typedef struct channel {
  bool used;       /* the number is taken */
  bool closed;     /* we closed it; the peer's answer to our open is still to come */
  uint64_t remote; /* the peer's number; 0: it did not open it */
  uint64_t opened; /* counts our opens: the peer answers those of one pair in order */
  uint8_t protocol_len, id_len;
  uint8_t name[2 * NAME_PART_MAX]; /* protocol, then id */
} channel;

struct vms__mux {
  const vms_env *env;
  vms__stream *stream;
  vms__mux_events events;
  channel *channels; /* channel number n is at n - 1 */
  size_t count, capacity;
  uint32_t channels_max;
  uint64_t opens;      /* of ours */
  uint32_t rejects;    /* sent since the message that is handled began */
  uint64_t remote_top; /* the peer's highest number so far */
  size_t last;         /* where the last message went: the next likely goes there too */
  uint64_t offered;    /* while an open of the peer's is being offered to the owner: its number */
  vms_slice offered_protocol, offered_id;
  vms_buffer scratch;
};

int vms__mux_new(vms__mux **made, vms__stream *stream, const vms__mux_events *events, uint32_t channels_max, const vms_env *env, vms_error *error) {
  vms__mux *mux;
  assert(made != NULL && stream != NULL && events != NULL && channels_max > 0);
  mux = vms__alloc(env, sizeof *mux);
  if (mux == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for channels");
  mux->env = env;
  mux->stream = stream;
  mux->events = *events;
  mux->channels_max = channels_max;
  vms_buffer_init(&mux->scratch, env);
  *made = mux;
  return VMS_OK;
}

void vms__mux_free(vms__mux *mux) {
  if (mux == NULL) return;
  const vms_env *env = mux->env;
  vms__free(env, mux->channels, mux->capacity * sizeof *mux->channels);
  vms_buffer_free(&mux->scratch);
  vms__free(env, mux, sizeof *mux);
}

/* --- finding channels --------------------------------------------------------------------------------- */

static bool has_name(const channel *each, vms_slice protocol, vms_slice id) {
  return each->protocol_len == protocol.len && each->id_len == id.len && (protocol.len == 0 || memcmp(each->name, protocol.data, protocol.len) == 0) &&
         (id.len == 0 || memcmp(each->name + protocol.len, id.data, id.len) == 0);
}

/* The channel of a pair that is not closed; NULL if there is none. */
static channel *find_live(const vms__mux *mux, vms_slice protocol, vms_slice id) {
  for (size_t i = 0; i < mux->count; i++)
    if (mux->channels[i].used && !mux->channels[i].closed && has_name(&mux->channels[i], protocol, id)) return &mux->channels[i];
  return NULL;
}

/* The oldest channel of a pair that waits for the peer's open. */
static channel *find_waiting(const vms__mux *mux, vms_slice protocol, vms_slice id) {
  channel *oldest = NULL;
  for (size_t i = 0; i < mux->count; i++) {
    channel *each = &mux->channels[i];
    if (each->used && each->remote == 0 && has_name(each, protocol, id) && (oldest == NULL || each->opened < oldest->opened)) oldest = each;
  }
  return oldest;
}

static channel *find_remote(vms__mux *mux, uint64_t remote) {
  assert(remote != 0);
  if (mux->last < mux->count && mux->channels[mux->last].used && mux->channels[mux->last].remote == remote) return &mux->channels[mux->last];
  for (size_t i = 0; i < mux->count; i++)
    if (mux->channels[i].used && mux->channels[i].remote == remote) {
      mux->last = i;
      return &mux->channels[i];
    }
  return NULL;
}

/* Every number below the highest that was ever used is in the array: the lowest free one is what npm's rule allows. */
static size_t lowest_free(const vms__mux *mux) {
  size_t i = 0;
  while (i < mux->count && mux->channels[i].used) i++;
  return i;
}

static uint32_t number_of(const vms__mux *mux, const channel *each) { return (uint32_t)(each - mux->channels) + 1; }

static channel *live_at(const vms__mux *mux, uint32_t local) {
  assert(local > 0 && local <= mux->count && mux->channels[local - 1].used && !mux->channels[local - 1].closed);
  return &mux->channels[local - 1];
}

/* --- what we send ---------------------------------------------------------------------------------------- */

/* Begins a control message in the scratch buffer. */
static int control_begin(vms__mux *mux, unsigned type, uint64_t number) {
  const uint8_t head[] = { 0, (uint8_t)type };
  int status;
  vms__buf_clear(&mux->scratch);
  status = vms_buffer_append(&mux->scratch, head, sizeof head);
  return status == VMS_OK ? vms__write_uint(&mux->scratch, number) : status;
}

static int control_send(vms__mux *mux, unsigned type, uint64_t number) {
  int status = control_begin(mux, type, number);
  return status == VMS_OK ? vms__stream_send(mux->stream, vms__buf_view(&mux->scratch), (vms_slice){ NULL, 0 }) : status;
}

int vms__mux_open(vms__mux *mux, vms_slice protocol, vms_slice id, vms_slice handshake, uint32_t *local, vms_error *error) {
  size_t at = lowest_free(mux);
  channel *made;
  int status;
  assert(protocol.len <= NAME_PART_MAX && id.len <= NAME_PART_MAX && find_live(mux, protocol, id) == NULL);
  if (at >= mux->channels_max) return vms__fail(error, VMS_ERR_LIMIT, at, "%u channels are in use", (unsigned)mux->channels_max);
  status = vms__grow(mux->env, &mux->channels, &mux->capacity, mux->count, 1, sizeof *mux->channels);
  if (status == VMS_OK) status = control_begin(mux, CONTROL_OPEN, at + 1);
  if (status == VMS_OK) status = vms__write_buffer(&mux->scratch, protocol.data, protocol.len);
  if (status == VMS_OK) status = vms__write_buffer(&mux->scratch, id.data, id.len);
  if (status == VMS_OK) status = vms__stream_send(mux->stream, vms__buf_view(&mux->scratch), handshake);
  if (status != VMS_OK) return vms__fail(error, status, 0, "out of memory for a channel");
  if (at == mux->count) mux->count++;
  made = &mux->channels[at];
  *made = (channel){ .used = true, .opened = mux->opens++, .protocol_len = (uint8_t)protocol.len, .id_len = (uint8_t)id.len };
  if (protocol.len > 0) memcpy(made->name, protocol.data, protocol.len);
  if (id.len > 0) memcpy(made->name + protocol.len, id.data, id.len);
  if (mux->offered != 0 && has_name(made, mux->offered_protocol, mux->offered_id)) {
    made->remote = mux->offered;
    mux->offered = 0;
  }
  *local = (uint32_t)at + 1;
  return VMS_OK;
}

bool vms__mux_is_open(const vms__mux *mux, uint32_t local) { return live_at(mux, local)->remote != 0; }

int vms__mux_close(vms__mux *mux, uint32_t local) {
  channel *each = live_at(mux, local);
  int status = control_send(mux, CONTROL_CLOSE, local);
  if (status != VMS_OK) return status;
  each->closed = true;
  each->used = each->remote == 0;
  return VMS_OK;
}

int vms__mux_send(vms__mux *mux, uint32_t local, uint64_t type, vms_slice payload) {
  int status;
  (void)live_at(mux, local);
  vms__buf_clear(&mux->scratch);
  status = vms__write_uint(&mux->scratch, local);
  if (status == VMS_OK) status = vms__write_uint(&mux->scratch, type);
  return status == VMS_OK ? vms__stream_send(mux->stream, vms__buf_view(&mux->scratch), payload) : status;
}

/* --- what the peer sends -------------------------------------------------------------------------------------- */

static int wrong(vms_error *error, const char *what) { return vms__fail(error, VMS_ERR_REMOTE, 0, "not how channels are used: %s", what); }

static int no_memory(vms_error *error, int status) {
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory for a channel");
}

static vms_slice rest_of(const vms__reader *reader) { return (vms_slice){ (const char *)reader->at, reader->left }; }

/* Asks the owner whether it wants what the peer opened; rejects it otherwise. */
static int offer(vms__mux *mux, uint64_t remote, vms_slice protocol, vms_slice id, vms_slice handshake, vms_error *error) {
  bool room = protocol.len <= NAME_PART_MAX && id.len <= NAME_PART_MAX && lowest_free(mux) < mux->channels_max;
  int status = VMS_OK;
  if (room && find_live(mux, protocol, id) == NULL) { /* not a second time */
    mux->offered = remote;
    mux->offered_protocol = protocol;
    mux->offered_id = id;
    status = mux->events.opened(mux->events.context, 0, protocol, id, handshake, error);
    if (mux->offered == 0 || status != VMS_OK) return status;
    mux->offered = 0;
  }
  if (++mux->rejects > REJECTS_MAX) return wrong(error, "too many opens at once");
  return no_memory(error, control_send(mux, CONTROL_REJECT, remote));
}

static int take_open(vms__mux *mux, vms__reader *reader, vms_error *error) {
  uint64_t remote = vms__read_uint(reader);
  vms_slice protocol = vms__read_buffer(reader), id = vms__read_buffer(reader);
  channel *waiting;
  if (reader->bad) return wrong(error, "an open that does not parse");
  if (remote == 0 || remote > mux->remote_top + 1 || find_remote(mux, remote) != NULL) return wrong(error, "an open with a number that is not free");
  mux->remote_top = VMS__MAX(mux->remote_top, remote);
  waiting = find_waiting(mux, protocol, id);
  if (waiting == NULL) return offer(mux, remote, protocol, id, rest_of(reader), error);
  if (waiting->closed) { /* our close is behind our open: to the peer too it is over */
    waiting->used = false;
    return VMS_OK;
  }
  waiting->remote = remote;
  return mux->events.opened(mux->events.context, number_of(mux, waiting), protocol, id, rest_of(reader), error);
}

static int gone(vms__mux *mux, channel *each, vms_error *error) {
  bool known = each->closed;
  each->used = false;
  return known ? VMS_OK : mux->events.closed(mux->events.context, number_of(mux, each), error);
}

static int take_reject(vms__mux *mux, vms__reader *reader, vms_error *error) {
  uint64_t local = vms__read_uint(reader);
  if (reader->bad || local == 0 || local > mux->count) return wrong(error, "a reject of nothing");
  channel *each = &mux->channels[local - 1];
  if (!each->used || each->remote != 0) return wrong(error, "a reject of what is not being opened");
  return gone(mux, each, error);
}

static int take_close(vms__mux *mux, vms__reader *reader, vms_error *error) {
  uint64_t remote = vms__read_uint(reader);
  channel *each;
  if (reader->bad) return wrong(error, "a close that does not parse");
  each = remote == 0 ? NULL : find_remote(mux, remote);
  return each == NULL ? VMS_OK : gone(mux, each, error); /* both sides may close at once */
}

/* A message but for batches, from where its type stands. */
static int take(vms__mux *mux, uint64_t from, vms__reader *reader, vms_error *error) {
  uint64_t type = vms__read_uint(reader);
  channel *each;
  if (reader->bad) return wrong(error, "a message without a type");
  if (from == 0 && type == CONTROL_BATCH) return wrong(error, "a batch in a batch");
  if (from == 0 && type == CONTROL_OPEN) return take_open(mux, reader, error);
  if (from == 0 && type == CONTROL_REJECT) return take_reject(mux, reader, error);
  if (from == 0 && type == CONTROL_CLOSE) return take_close(mux, reader, error);
  if (from == 0) return VMS_OK; /* of a later version */
  each = find_remote(mux, from);
  if (each == NULL) return VMS_OK; /* sent before our close or reject arrived */
  return mux->events.message(mux->events.context, number_of(mux, each), type, rest_of(reader), error);
}

static int take_batch(vms__mux *mux, vms__reader *reader, vms_error *error) {
  uint64_t from = vms__read_uint(reader);
  int status = VMS_OK;
  while (status == VMS_OK && reader->left > 0 && !reader->bad) {
    vms_slice item = vms__read_buffer(reader);
    vms__reader inside = vms__reader_over(item.data, item.len);
    if (reader->bad) break;
    if (item.len == 0) from = vms__read_uint(reader); /* the items that follow are this channel's */
    else status = take(mux, from, &inside, error);
  }
  return status == VMS_OK && reader->bad ? wrong(error, "a batch that does not parse") : status;
}

int vms__mux_handle(vms__mux *mux, vms_slice message, vms_error *error) {
  vms__reader reader = vms__reader_over(message.data, message.len), ahead;
  uint64_t from = vms__read_uint(&reader), type;
  mux->rejects = 0;
  ahead = reader;
  type = vms__read_uint(&ahead);
  if (reader.bad || ahead.bad) return wrong(error, "a message without channel and type");
  if (from == 0 && type == CONTROL_BATCH) return take_batch(mux, &ahead, error);
  return take(mux, from, &reader, error);
}
