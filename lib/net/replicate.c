/* SPDX-License-Identifier: MIT */
/* Connections that replicate: any Hypercore peer may follow the cores of the services here, over plain TCP those of all, over
 * WebSocket those of the service at its path. */
#define _GNU_SOURCE
#include "host.h"

/* What waits for a peer before more is read and encrypted for it: little enough that a crowd of them does not keep a call waiting. */
#define OUTPUT_LEN ((uint64_t)128 << 10)
/* Proofs and encryption for peers take at most this much of each round of the loop, and a turn more: calls come first. */
#define TURNS_NS UINT64_C(5000000)

/* --- turns ---------------------------------------------------------------------------------------------------------- */

static void on_idle(uv_idle_t *idle) { (void)idle; }

void vms__replicate_queue(vms__connection *connection) {
  vms_host *host = connection->host;
  if (connection->queued) return;
  connection->queued = true;
  connection->next_turn = NULL;
  *host->turns_end = connection;
  host->turns_end = &connection->next_turn;
  uv_idle_start(&host->turn_idle, on_idle);
}

/* Takes the connection that *link names out of the queue. */
static void unqueue(vms_host *host, vms__connection **link) {
  vms__connection *connection = *link;
  *link = connection->next_turn;
  if (host->turns_end == &connection->next_turn) host->turns_end = link;
  connection->queued = false;
}

static void on_turns(uv_check_t *check) {
  vms_host *host = check->data;
  uint64_t end = uv_hrtime() + TURNS_NS;
  while (host->turns != NULL && uv_hrtime() < end) {
    vms__connection *connection = host->turns;
    unqueue(host, &host->turns);
    vms__connection_turn(connection);
  }
  if (host->turns == NULL) uv_idle_stop(&host->turn_idle);
}

void vms__replicate_init(vms_host *host) {
  host->turns_end = &host->turns;
  host->turn_check.data = host;
  uv_check_init(&host->loop, &host->turn_check);
  uv_idle_init(&host->loop, &host->turn_idle);
  uv_check_start(&host->turn_check, on_turns);
  uv_unref((uv_handle_t *)&host->turn_check); /* connections keep the loop alive, not these */
  uv_unref((uv_handle_t *)&host->turn_idle);
}

void vms__replicate_deinit(vms_host *host) {
  uv_close((uv_handle_t *)&host->turn_check, NULL);
  uv_close((uv_handle_t *)&host->turn_idle, NULL);
}

/* --- the cores, by the names that the wire gives them ---------------------------------------------------------- */

/* Where the key is among those shared, or would be. */
static size_t shared_at(const vms_host *host, const uint8_t discovery[VMS_KEY_LEN]) {
  size_t low = 0, high = host->shared_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (memcmp(host->shared[middle].discovery, discovery, VMS_KEY_LEN) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

int vms__replicate_share(vms_host *host, vms__mount *mount) {
  if (vms__grow(host->env, &host->shared, &host->shared_capacity, host->shared_count, VMS_CORE_COUNT, sizeof *host->shared) != VMS_OK)
    return VMS_ERR_NOMEM;
  for (int core = 0; core < VMS_CORE_COUNT; core++) {
    vms__shared added = { { 0 }, vms_service_core(mount->deployed.service, core), mount };
    uint8_t key[VMS_KEY_LEN];
    vms_core_key(added.core, key);
    vms_discovery_key(key, added.discovery);
    size_t at = shared_at(host, added.discovery);
    memmove(host->shared + at + 1, host->shared + at, (host->shared_count - at) * sizeof *host->shared);
    host->shared[at] = added;
    host->shared_count++;
  }
  return VMS_OK;
}

/* Two mounts may have copies of one service. */
static vms_core *find(void *context, const uint8_t discovery[VMS_KEY_LEN]) {
  const vms__connection *connection = context;
  const vms_host *host = connection->host;
  for (size_t at = shared_at(host, discovery); at < host->shared_count; at++) {
    const vms__shared *each = &host->shared[at];
    if (memcmp(each->discovery, discovery, VMS_KEY_LEN) != 0) break;
    if (connection->mount == NULL || each->mount == connection->mount) return each->core;
  }
  return NULL;
}

/* --- beginning and ending -------------------------------------------------------------------------------------------- */

int vms__replicate_begin(vms__connection *connection) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  vms_host *host = connection->host;
  int status;
  if (host->peer_count >= VMS__MAX(host->options.connections / 2, 1u) && !vms__crowd_make_room_for_peer(connection)) return VMS_ERR_LIMIT; /* the rest is for callers */
  options.env = host->env;
  options.output_len_max = OUTPUT_LEN;
  options.context = connection;
  options.find = find;
  status = vms_replication_new(&connection->replication, &options, NULL);
  connection->peer = status == VMS_OK;
  if (connection->peer) host->peer_count++;
  return status;
}

void vms__replicate_end(vms__connection *connection) {
  vms__connection **link = &connection->host->turns;
  while (connection->queued && *link != connection) link = &(*link)->next_turn;
  if (connection->queued) unqueue(connection->host, link);
  vms_replication_free(connection->replication);
  connection->replication = NULL;
  if (connection->peer) connection->host->peer_count--;
  connection->peer = false;
}

/* --- saying why --------------------------------------------------------------------------------------------------------- */

static void peer_name(const vms__connection *connection, char name[64]) {
  struct sockaddr_storage address;
  int len = sizeof address;
  snprintf(name, 64, "somebody");
  if (connection->listener->path != NULL) snprintf(name, 64, "at the Unix socket");
  else if (uv_tcp_getpeername(&connection->wire.tcp, (struct sockaddr *)&address, &len) == 0) uv_ip_name((struct sockaddr *)&address, name, 64);
}

void vms__replicate_complain(const vms__connection *connection, const char *reason) {
  char name[64], text[sizeof((vms_error *)0)->message];
  size_t len = 0;
  if (!vms__host_may_complain(connection->host)) return;
  for (; reason[len] != 0 && len < sizeof text - 1; len++) /* some of it may be the peer's words */
    text[len] = (char)(reason[len] < ' ' || reason[len] > '~' ? '?' : reason[len]);
  text[len] = 0;
  peer_name(connection, name);
  vms__host_log(connection->host, VMS_LOG_WARN, connection->mount == NULL ? "" : connection->mount->path, "peer %s was dropped: %s", name, text);
}

/* --- over WebSocket -------------------------------------------------------------------------------------------------------- */

static void say_goodbye(vms__connection *connection, uint16_t code, const char *reason) {
  vms__replicate_complain(connection, reason);
  vms__replicate_end(connection);
  if (vms_rpc_session_close(connection->session, code, reason, NULL) != VMS_OK) vms__connection_close(connection);
}

/* Moves what there is, once, in both directions. *moved: there may be more. */
static int exchange_once(vms__connection *connection, vms_buffer *bytes, bool *moved, vms_error *error) {
  uint64_t waiting = vms_rpc_session_pending(connection->session);
  int status = VMS_OK;
  *moved = false;
  bytes->len = 0;
  if (vms_replication_wants_read(connection->replication)) status = vms_rpc_session_stream_take(connection->session, bytes, error);
  if (status == VMS_OK && bytes->len > 0) {
    *moved = true;
    status = vms_replication_feed(connection->replication, bytes->data, bytes->len, error);
  }
  /* a block on its way to the peer and one behind it are enough */
  if (connection->writing) waiting += connection->output.len;
  if (status != VMS_OK || vms_replication_pending(connection->replication) == 0 || waiting >= OUTPUT_LEN) return status;
  *moved = true;
  bytes->len = 0;
  status = vms_replication_take(connection->replication, bytes, error);
  return status == VMS_OK ? vms_rpc_session_stream_send(connection->session, bytes->data, bytes->len, error) : status;
}

void vms__replicate_exchange(vms__connection *connection) {
  vms_error error = { 0, 0, 0, "" };
  vms_buffer bytes;
  bool moved = true;
  int status = VMS_OK;
  if (!vms_rpc_session_is_stream(connection->session) || vms_rpc_session_wants_close(connection->session)) return;
  if (connection->replication == NULL) {
    connection->mount = vms_rpc_session_service(connection->session)->context;
    status = vms__replicate_begin(connection);
    if (status != VMS_OK) say_goodbye(connection, 1013, status == VMS_ERR_LIMIT ? "too many peers replicate already: try again later" : "out of memory");
  }
  if (status != VMS_OK) return;
  vms_buffer_init(&bytes, connection->host->env);
  while (status == VMS_OK && moved) status = exchange_once(connection, &bytes, &moved, &error);
  vms_buffer_free(&bytes);
  if (status != VMS_OK) say_goodbye(connection, status == VMS_ERR_REMOTE ? 1002 : 1011, error.message);
}

/* --- following ----------------------------------------------------------------------------------------------------------------- */

void vms__replicate_published(vms__mount *mount) {
  for (vms__connection *each = mount->host->connections; each != NULL; each = each->next) {
    if (each->closing || each->replication == NULL || (each->mount != NULL && each->mount != mount)) continue;
    if (vms_replication_update(each->replication, NULL) != VMS_OK) vms__connection_close(each);
    else vms__connection_pump(each);
  }
}
