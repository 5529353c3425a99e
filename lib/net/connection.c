/* SPDX-License-Identifier: MIT */
/* One connection: moves bytes between a socket and its session, JSON-RPC or replication, and gives up on peers that do nothing. */
#define _GNU_SOURCE
#include "host.h"

#define DEAD_S 60u          /* of silence until the system asks whether the other machine is still there */
#define ACCEPT_AGAIN_MS 100u
#define ROOM_AGAIN_MS 20u
#define LINGER_MS 1000u     /* for the other side to read what was said last, before the connection goes */
#define LINGER_LEAVING_MS 200u /* the same, while the host shuts down */
#define SEAL_LEN ((size_t)128 << 10) /* encrypted at once: more would only wait in memory twice */
#define CONTROL_LEN ((size_t)64 << 10) /* of what TLS itself has to say: who asks for more without reading it is not read */
#define OUTPUT_KEPT ((size_t)64 << 10) /* memory that is kept for the next answers */

/* --- what the socket's bytes mean: a WebSocket session, or replication itself ------------------------------------ */

static int session_feed(vms__connection *connection, const void *bytes, size_t len, vms_error *error) {
  if (connection->session != NULL) return vms_rpc_session_feed(connection->session, bytes, len, error);
  return vms_buffer_append(&connection->input, bytes, len) == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}

static int session_take(vms__connection *connection, vms_error *error) {
  return connection->session == NULL ? vms_replication_take(connection->replication, &connection->output, error)
                                     : vms_rpc_session_take(connection->session, &connection->output, error);
}

static uint64_t session_pending(const vms__connection *connection) {
  return connection->session == NULL ? vms_replication_pending(connection->replication) : vms_rpc_session_pending(connection->session);
}

uint64_t vms__connection_waiting(const vms__connection *connection) {
  uint64_t unsealed = connection->tls == NULL ? 0 : connection->output.len - connection->sealed_at;
  return session_pending(connection) + unsealed + (connection->writing ? uv_stream_get_write_queue_size(&connection->wire.stream) : 0);
}

/* Both handshakes, where there are two. */
static bool session_is_open(const vms__connection *connection) {
  return (connection->session == NULL || vms_rpc_session_is_open(connection->session)) &&
         (connection->replication == NULL || vms_replication_is_open(connection->replication));
}

static bool session_wants_read(const vms__connection *connection) {
  if (connection->leaving || connection->over || connection->input.len > 0) return false;
  return (connection->session == NULL ? vms_replication_wants_read(connection->replication) : vms_rpc_session_wants_read(connection->session)) != 0;
}

/* Who has sent all that they will may still wait for answers. */
static bool session_wants_close(const vms__connection *connection) {
  if (connection->over && vms_rpc_session_held(connection->session) == 0) return true;
  return connection->session == NULL ? connection->leaving : vms_rpc_session_wants_close(connection->session) != 0;
}

/* --- the socket --------------------------------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle) {
  vms__connection *connection = handle->data;
  if (--connection->open_handles > 0) return;
  *connection->link = connection->next;
  if (connection->next != NULL) connection->next->link = connection->link;
  connection->host->connection_count--;
  vms__replicate_end(connection);
  vms_rpc_session_free(connection->session);
  vms_buffer_free(&connection->input);
  vms_buffer_free(&connection->output);
  vms_buffer_free(&connection->sealed);
  vms__tls_free(connection->tls);
  vms__free(connection->host->env, connection, sizeof *connection);
}

/* The memory goes once libuv lets go: those who walk the list may go on. */
void vms__connection_close(vms__connection *connection) {
  if (connection->closing) return;
  connection->closing = true;
  vms__crowd_leave(connection);
  vms__lane_drop(connection->lane);
  connection->lane = NULL;
  uv_close(&connection->wire.handle, on_closed);
  uv_close((uv_handle_t *)&connection->timer, on_closed);
}

static void on_timeout(uv_timer_t *timer) {
  vms__connection *connection = timer->data;
  size_t left = uv_stream_get_write_queue_size(&connection->wire.stream);
  if (connection->writing && connection->greeted && left < connection->left) { /* slow, but getting on */
    connection->left = left;
    uv_timer_start(timer, on_timeout, connection->host->times.stall, 0);
    return;
  }
  if (connection->replication != NULL) vms__replicate_complain(connection, connection->greeted ? "it takes nothing" : "it does not finish the handshake");
  else vms__host_log(connection->host, VMS_LOG_DEBUG, "", "a connection did nothing for too long");
  vms__connection_close(connection);
}

static void on_quiet(uv_timer_t *timer) {
  vms__connection *connection = timer->data;
  if (connection->replication == NULL) return;
  if (vms_replication_keepalive(connection->replication, NULL) != VMS_OK) vms__connection_close(connection);
  else vms__connection_pump(connection);
}

/* The session cannot go on. */
static void drop(vms__connection *connection, const vms_error *error) {
  if (connection->replication != NULL) vms__replicate_complain(connection, error->message);
  else if (vms__host_may_complain(connection->host)) vms__host_log(connection->host, VMS_LOG_WARN, "", "connection dropped: %s", error->message);
  vms__connection_close(connection);
}

static void empty(vms_buffer *buffer) {
  buffer->len = 0;
  if (buffer->capacity > OUTPUT_KEPT) vms_buffer_free(buffer);
}

static void on_written(uv_write_t *write, int failed) {
  vms__connection *connection = write->data;
  connection->writing = false;
  empty(&connection->sealed);
  if (connection->tls == NULL || connection->sealed_at == connection->output.len) {
    connection->sealed_at = 0;
    empty(&connection->output);
  }
  if (failed != 0) vms__connection_close(connection);
  else vms__connection_pump(connection);
}

static void on_lingered(uv_timer_t *timer) { vms__connection_close(timer->data); }

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  vms__connection *connection = handle->data;
  (void)suggested;
  *buffer = uv_buf_init(connection->host->input, sizeof connection->host->input);
}

/* The other side ended in good order: what it asked for runs, and is answered if that does not take long. False: there is nothing to wait for. */
static bool end_input(vms__connection *connection) {
  if (connection->session == NULL || connection->replication != NULL || !connection->greeted || connection->ending) return false;
  connection->over = true;
  connection->over_ms = uv_now(&connection->host->loop);
  return true;
}

/* TLS broke, or the other side ended it: what there is to say about it is sent, then it is over. */
static void end_tls(vms__connection *connection, const vms_error *error) {
  if (error->status == VMS_ERR_CLOSED && end_input(connection)) return;
  if (error->status != VMS_ERR_CLOSED) vms__host_log(connection->host, VMS_LOG_DEBUG, "", "a connection ended: %s", error->message);
  connection->failed = true;
}

/* Gives the session what TLS has for it, as far as it wants it. The host's input is free again: TLS has its own copy. */
static int unseal(vms__connection *connection, vms_error *error) {
  char *plain = connection->host->input;
  size_t got = 1;
  int status = VMS_OK;
  vms_error why;
  connection->unread = false;
  if (!vms__tls_is_open(connection->tls)) status = vms__tls_handshake(connection->tls, &why);
  while (status == VMS_OK && got > 0 && !connection->closing && vms__tls_is_open(connection->tls)) {
    connection->unread = !session_wants_read(connection);
    if (connection->unread) return VMS_OK;
    status = vms__tls_receive(connection->tls, plain, sizeof connection->host->input, &got, &why);
    if (status == VMS_OK && got > 0 && session_feed(connection, plain, got, error) != VMS_OK) return error->status;
  }
  if (status != VMS_OK) end_tls(connection, &why);
  return VMS_OK;
}

static int arrived(vms__connection *connection, const char *bytes, size_t len, vms_error *error) {
  int status;
  if (connection->tls == NULL) return session_feed(connection, bytes, len, error);
  status = vms__tls_feed(connection->tls, bytes, len, error);
  return status == VMS_OK ? unseal(connection, error) : status;
}

static uint64_t begun(const vms__connection *connection) { return connection->session == NULL ? 0 : vms_rpc_session_begun(connection->session); }
static void heard(vms__connection *connection, uint64_t came) { vms__crowd_heard(connection, came, begun(connection)); }

static bool wants_read(const vms__connection *connection) {
  if (connection->tls != NULL && (connection->failed || connection->unread || vms__tls_pending(connection->tls) > CONTROL_LEN)) return false;
  return session_wants_read(connection);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buffer);

static void set_reading(vms__connection *connection, bool on) {
  if (on == connection->reading) return;
  connection->reading = on;
  if (!on) uv_read_stop(&connection->wire.stream);
  else if (uv_read_start(&connection->wire.stream, on_alloc, on_read) != 0) vms__connection_close(connection);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buffer) {
  vms__connection *connection = stream->data;
  vms_error error;
  if (len == 0 || (len > 0 && connection->ending)) return;
  if (len == UV_EOF && connection->tls == NULL && end_input(connection)) {
    set_reading(connection, false);
    vms__connection_pump(connection);
    return;
  }
  if (len < 0) {
    if (connection->tls != NULL && !vms__tls_has_ended(connection->tls)) vms__host_log(connection->host, VMS_LOG_DEBUG, "", "a connection was cut off");
    vms__connection_close(connection);
    return;
  }
  if (arrived(connection, buffer->base, (size_t)len, &error) != VMS_OK) {
    drop(connection, &error);
    return;
  }
  heard(connection, (uint64_t)len);
  if (connection->closing) return;
  if (!wants_read(connection)) { /* at once: a peer's turn may come later */
    uv_read_stop(stream);
    connection->reading = false;
  }
  vms__connection_pump(connection);
}

/* Encrypts a part of the output. While the handshake goes on, and after a failure, TLS alone has something to say. */
static int seal(vms__connection *connection, vms_error *error) {
  int status = vms__tls_take(connection->tls, &connection->sealed, error);
  if (status != VMS_OK || connection->failed || connection->goodbye || !vms__tls_is_open(connection->tls)) return status;
  if (connection->output.len == 0) status = session_take(connection, error);
  if (status != VMS_OK || connection->output.len == 0) return status;
  size_t len = VMS__MIN(connection->output.len - connection->sealed_at, SEAL_LEN);
  status = vms__tls_send(connection->tls, connection->output.data + connection->sealed_at, len, &connection->sealed, error);
  connection->sealed_at += len;
  return status;
}

static bool has_output(const vms__connection *connection) {
  if (connection->tls == NULL) return session_pending(connection);
  if (vms__tls_pending(connection->tls) > 0) return true;
  return !connection->failed && !connection->goodbye && vms__tls_is_open(connection->tls) && (connection->output.len > 0 || session_pending(connection));
}

/* Writes what there is; false: the connection was closed. */
static bool start_write(vms__connection *connection) {
  const vms_buffer *bytes = connection->tls == NULL ? &connection->output : &connection->sealed;
  vms_error error;
  uv_buf_t buffer;
  if ((connection->tls == NULL ? session_take(connection, &error) : seal(connection, &error)) != VMS_OK) {
    drop(connection, &error);
    return false;
  }
  buffer = uv_buf_init(bytes->data, (unsigned)bytes->len);
  connection->write.data = connection;
  connection->writing = true;
  connection->quiet = false;
  connection->left = bytes->len;
  if (connection->greeted) uv_timer_start(&connection->timer, on_timeout, connection->host->times.stall, 0);
  if (uv_write(&connection->write, &connection->wire.stream, &buffer, 1, on_written) != 0) vms__connection_close(connection);
  return !connection->closing;
}

/* Everything was written: from now on silence counts. */
static void rest(vms__connection *connection) {
  if (connection->replication == NULL) uv_timer_stop(&connection->timer);
  else if (!connection->quiet) uv_timer_start(&connection->timer, on_quiet, connection->host->times.quiet, connection->host->times.quiet);
  connection->quiet = connection->replication != NULL;
}

static bool wants_close(const vms__connection *connection) {
  if (connection->tls != NULL && (connection->failed || connection->goodbye)) return true;
  return session_wants_close(connection);
}

/* Everything was sent. To close now, with input unread, would reset the connection, and what was said last (why a body was too long, a close
 * code) would be lost on who is still sending: what comes is thrown away until they have heard. */
static void on_shutdown(uv_shutdown_t *request, int failed) {
  vms__connection *connection = request->data;
  if (failed != 0 || connection->closing || connection->over) {
    vms__connection_close(connection);
    return;
  }
  uv_timer_start(&connection->timer, on_lingered, connection->host->leaving ? LINGER_LEAVING_MS : LINGER_MS, 0);
  set_reading(connection, true);
}

/* Everything was sent: TLS says so, then the socket. Notifications still run. */
static void finish(vms__connection *connection) {
  vms__lane_leave(connection->lane);
  connection->lane = NULL;
  if (connection->tls != NULL && !connection->goodbye) {
    connection->goodbye = true;
    vms__tls_close(connection->tls);
    if (has_output(connection)) {
      (void)start_write(connection);
      return;
    }
  }
  connection->ending = true;
  connection->shutdown.data = connection;
  if (uv_shutdown(&connection->shutdown, &connection->wire.stream, on_shutdown) != 0) vms__connection_close(connection);
}

/* Input that TLS holds back is first in line once the session wants more. False: everything else was done on the way. */
static bool catch_up(vms__connection *connection) {
  vms_error error;
  if (!connection->unread || connection->failed || !session_wants_read(connection)) return true;
  if (unseal(connection, &error) != VMS_OK) {
    drop(connection, &error);
    return false;
  }
  heard(connection, UINT64_MAX); /* whatever TLS had */
  vms__connection_pump(connection);
  return false;
}

/* Brings reading, writing and closing in line with what the session wants. */
static void pump(vms__connection *connection) {
  connection->greeted = connection->greeted || session_is_open(connection);
  if (!connection->writing && has_output(connection) && !start_write(connection)) return;
  vms__crowd_account(connection);
  if (connection->closing) return;
  vms__crowd_caught_up(connection, begun(connection));
  if (!connection->writing && connection->greeted) rest(connection);
  if (!connection->writing && wants_close(connection)) {
    finish(connection);
    return;
  }
  if (catch_up(connection)) set_reading(connection, wants_read(connection));
}

void vms__connection_pump(vms__connection *connection) {
  if (connection->closing || connection->ending) return;
  if (connection->session == NULL || vms_rpc_session_is_stream(connection->session)) vms__replicate_queue(connection);
  else pump(connection);
}

void vms__connection_turn(vms__connection *connection) {
  vms_error error;
  int status = VMS_OK;
  if (connection->closing || connection->ending) return;
  if (connection->session != NULL) vms__replicate_exchange(connection);
  else if (connection->input.len > 0) status = vms_replication_feed(connection->replication, connection->input.data, connection->input.len, &error);
  connection->input.len = 0;
  if (status != VMS_OK) drop(connection, &error);
  if (!connection->closing) pump(connection);
}

static const vms_rpc_service *find(void *context, vms_slice path) {
  vms_host *host = context;
  for (size_t i = 0; i < host->mount_count; i++)
    if (vms__slice_is(path, host->mounts[i]->path)) return &host->mounts[i]->table;
  return NULL;
}

/* No web page gets to a Unix socket under a name of its own, nor through TLS, which asks for a certificate of that name: what the Host header
 * says matters for plain TCP alone. */
static int begin_session(vms__connection *connection) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  const vms__listener *listener = connection->listener;
  options.env = connection->host->env;
  options.context = connection->host;
  options.find = find;
  options.owner = connection;
  options.origins = connection->host->options.origins;
  options.hosts = listener->path == NULL ? connection->host->options.hosts : NULL;
  options.flags = listener->loopback && !listener->tls ? VMS_RPC_LOOPBACK : 0;
  return vms_rpc_session_new(&connection->session, &options, NULL);
}

void vms__connection_leave(vms__connection *connection) {
  connection->leaving = connection->session == NULL;
  if (connection->session != NULL && vms_rpc_session_close(connection->session, 1001, "the host is shutting down", NULL) != VMS_OK)
    vms__connection_close(connection);
  else vms__connection_pump(connection);
}

/* No memory or no room for who is at the door: tried again in a moment, since libuv does not call for the same one twice. */
static void accept_later(vms__listener *listener, uint64_t ms) {
  listener->waiting = true;
  vms__host_tick_in(listener->host, ms);
}

/* begin gives the connection what it speaks. */
static void accept_one(vms__listener *listener, int (*begin)(vms__connection *connection)) {
  vms_host *host = listener->host;
  bool room = vms__crowd_make_room(host);
  vms__connection *connection = room ? vms__alloc(host->env, sizeof *connection) : NULL;
  int status;
  listener->waiting = false;
  if (connection == NULL) {
    accept_later(listener, room ? ACCEPT_AGAIN_MS : ROOM_AGAIN_MS);
    return;
  }
  connection->host = host;
  connection->listener = listener;
  vms_buffer_init(&connection->input, host->env);
  vms_buffer_init(&connection->output, host->env);
  vms_buffer_init(&connection->sealed, host->env);
  status = listener->tls ? vms__tls_new(&connection->tls, host->tls, NULL, host->env, NULL) : VMS_OK;
  if (status == VMS_OK) status = begin(connection);
  if (status == VMS_ERR_NOMEM) {
    vms__tls_free(connection->tls);
    vms__free(host->env, connection, sizeof *connection);
    accept_later(listener, ACCEPT_AGAIN_MS);
    return;
  }
  connection->open_handles = 2;
  if (listener->path != NULL) uv_pipe_init(&host->loop, &connection->wire.pipe, 0);
  else uv_tcp_init(&host->loop, &connection->wire.tcp);
  uv_timer_init(&host->loop, &connection->timer);
  connection->wire.handle.data = connection->timer.data = connection;
  connection->next = host->connections;
  connection->link = &host->connections;
  if (connection->next != NULL) connection->next->link = &connection->next;
  host->connections = connection;
  host->connection_count++;
  if (uv_accept(&listener->wire.stream, &connection->wire.stream) != 0 || status != VMS_OK || !vms__crowd_enter(connection)) {
    vms__connection_close(connection);
    return;
  }
  if (listener->path == NULL) {
    uv_tcp_nodelay(&connection->wire.tcp, 1);
    uv_tcp_keepalive(&connection->wire.tcp, 1, DEAD_S);
  }
  uv_timer_start(&connection->timer, on_timeout, host->times.handshake, 0);
  vms__connection_pump(connection);
}

void vms__connection_accept(vms__listener *listener) { accept_one(listener, begin_session); }
void vms__connection_accept_peer(vms__listener *listener) { accept_one(listener, vms__replicate_begin); }
