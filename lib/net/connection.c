/* SPDX-License-Identifier: MIT */
/* One connection: moves bytes between a socket and its session, and gives up on peers that do nothing. */
#define _GNU_SOURCE
#include "host.h"

#define HANDSHAKE_MS 10000u /* to finish the upgrade */
#define STALL_MS 60000u     /* for one write to get through */

static void on_closed(uv_handle_t *handle) {
  vms__connection *connection = handle->data;
  if (--connection->open_handles > 0) return;
  *connection->link = connection->next;
  if (connection->next != NULL) connection->next->link = connection->link;
  connection->host->connection_count--;
  vms_rpc_session_free(connection->session);
  vms_buffer_free(&connection->output);
  vms__free(connection->host->env, connection, sizeof *connection);
}

/* The memory goes once libuv lets go: those who walk the list may go on. */
void vms__connection_close(vms__connection *connection) {
  if (connection->closing) return;
  connection->closing = true;
  uv_close((uv_handle_t *)&connection->tcp, on_closed);
  uv_close((uv_handle_t *)&connection->timer, on_closed);
}

static void on_timeout(uv_timer_t *timer) {
  vms__connection *connection = timer->data;
  vms__host_log(connection->host, VMS_LOG_DEBUG, "", "a connection did nothing for too long");
  vms__connection_close(connection);
}

static void on_written(uv_write_t *write, int failed) {
  vms__connection *connection = write->data;
  connection->writing = false;
  connection->output.len = 0;
  if (failed != 0) vms__connection_close(connection);
  else vms__connection_pump(connection);
}

static void on_shutdown(uv_shutdown_t *request, int failed) {
  (void)failed;
  vms__connection_close(request->data);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  vms__connection *connection = handle->data;
  (void)suggested;
  *buffer = uv_buf_init(connection->host->input, sizeof connection->host->input);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *buffer) {
  vms__connection *connection = stream->data;
  vms_error error;
  if (len == 0) return;
  if (len < 0) {
    vms__connection_close(connection);
    return;
  }
  if (vms_rpc_session_feed(connection->session, buffer->base, (size_t)len, &error) != VMS_OK) {
    vms__host_log(connection->host, VMS_LOG_WARN, "", "connection dropped: %s", error.message);
    vms__connection_close(connection);
    return;
  }
  vms__connection_pump(connection);
}

static bool start_write(vms__connection *connection) {
  uv_buf_t buffer;
  if (vms_rpc_session_take(connection->session, &connection->output, NULL) != VMS_OK) return false;
  buffer = uv_buf_init(connection->output.data, (unsigned)connection->output.len);
  connection->write.data = connection;
  connection->writing = true;
  uv_timer_start(&connection->timer, on_timeout, STALL_MS, 0);
  return uv_write(&connection->write, (uv_stream_t *)&connection->tcp, &buffer, 1, on_written) == 0;
}

/* Brings reading, writing and closing in line with what the session wants. */
void vms__connection_pump(vms__connection *connection) {
  bool wants_read;
  if (connection->closing || connection->ending) return;
  if (!connection->writing && vms_rpc_session_pending(connection->session) > 0 && !start_write(connection)) {
    vms__connection_close(connection);
    return;
  }
  if (!connection->writing && connection->greeted) uv_timer_stop(&connection->timer);
  if (!connection->greeted && vms_rpc_session_is_open(connection->session)) connection->greeted = true;
  if (!connection->writing && vms_rpc_session_wants_close(connection->session)) {
    connection->ending = true;
    connection->shutdown.data = connection;
    if (uv_shutdown(&connection->shutdown, (uv_stream_t *)&connection->tcp, on_shutdown) != 0) vms__connection_close(connection);
    return;
  }
  wants_read = vms_rpc_session_wants_read(connection->session) != 0;
  if (wants_read == connection->reading) return;
  connection->reading = wants_read;
  if (!wants_read) uv_read_stop((uv_stream_t *)&connection->tcp);
  else if (uv_read_start((uv_stream_t *)&connection->tcp, on_alloc, on_read) != 0) vms__connection_close(connection);
}

static const vms_rpc_service *find(void *context, vms_slice path) {
  vms_host *host = context;
  for (size_t i = 0; i < host->mount_count; i++)
    if (vms__slice_is(path, host->mounts[i]->path)) return &host->mounts[i]->table;
  return NULL;
}

void vms__connection_accept(vms_host *host, uv_stream_t *listener) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  vms__connection *connection = vms__alloc(host->env, sizeof *connection);
  if (connection == NULL) return; /* it stays in the backlog */
  options.env = host->env;
  options.context = host;
  options.find = find;
  if (vms_rpc_session_new(&connection->session, &options, NULL) != VMS_OK) {
    vms__free(host->env, connection, sizeof *connection);
    return;
  }
  vms_buffer_init(&connection->output, host->env);
  connection->host = host;
  connection->open_handles = 2;
  connection->tcp.data = connection->timer.data = connection;
  uv_tcp_init(&host->loop, &connection->tcp);
  uv_timer_init(&host->loop, &connection->timer);
  connection->next = host->connections;
  connection->link = &host->connections;
  if (connection->next != NULL) connection->next->link = &connection->next;
  host->connections = connection;
  host->connection_count++;
  if (uv_accept(listener, (uv_stream_t *)&connection->tcp) != 0 || host->connection_count > host->options.connections) {
    vms__connection_close(connection);
    return;
  }
  uv_tcp_nodelay(&connection->tcp, 1);
  uv_timer_start(&connection->timer, on_timeout, HANDSHAKE_MS, 0);
  vms__connection_pump(connection);
}
