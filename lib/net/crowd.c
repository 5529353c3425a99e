/* SPDX-License-Identifier: MIT */
/* Who may stay: how many connections there are, how much memory waits for them, how long they may take. What one of them holds is bounded by
 * its session; here all of them together are. */
#define _GNU_SOURCE
#include "host.h"

static const vms__times times = { .handshake = 10000, .stall = 60000, .quiet = 5000, .sweep = 1000, .message = 30000, .ping = 30000, .dead = 90000, .over = 10000, .window = 20 };
#define MESSAGE_RATE 32u      /* bytes of a message for which it has a millisecond more */
#define TAKEN_MS 1000u        /* who took nothing for so long goes, if somebody else cannot be answered for it */
#define GRACE_MS 300u         /* so long who has just come is given to say what for, or else a flood keeps everybody out; others wait at the door */
#define FRESH_PART 4u         /* so long those who have just come are at most this part of all, and nobody who talked goes for more of them */
#define CROWDED_PART 8u       /* an address with more than this part of all connections is the first to lose one */
#define ADDRESS_LISTS 256u    /* a power of two */

/* How many connections come from one place. An IPv6 place is a /64: whoever has one address there has them all. */
typedef struct vms__address {
  struct vms__address *next;
  uint8_t bytes[9];
  uint32_t count;
} vms__address;

/* --- addresses -------------------------------------------------------------------------------------------------------- */

static void read_address(const vms__connection *connection, uint8_t bytes[9]) {
  struct sockaddr_storage address;
  int len = sizeof address;
  memset(bytes, 0, 9);
  if (connection->listener->path != NULL || uv_tcp_getpeername(&connection->wire.tcp, (struct sockaddr *)&address, &len) != 0) return;
  const struct in6_addr *six = &((const struct sockaddr_in6 *)&address)->sin6_addr;
  bool mapped = address.ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(six); /* a socket for both kinds */
  if (mapped) memcpy(bytes + 1, six->s6_addr + 12, 4);
  else if (address.ss_family == AF_INET) memcpy(bytes + 1, &((const struct sockaddr_in *)&address)->sin_addr, 4);
  else memcpy(bytes + 1, six, 8);
  bytes[0] = mapped || address.ss_family == AF_INET ? 4 : 6;
}

static vms__address **find_address(vms_host *host, const uint8_t bytes[9]) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < 9; i++) hash = (hash ^ bytes[i]) * 16777619u;
  vms__address **link = &host->addresses[hash % ADDRESS_LISTS];
  while (*link != NULL && memcmp((*link)->bytes, bytes, 9) != 0) link = &(*link)->next;
  return link;
}

static bool count_address(vms__connection *connection) {
  uint8_t bytes[9];
  read_address(connection, bytes);
  vms__address **link = find_address(connection->host, bytes);
  if (*link == NULL) {
    *link = vms__alloc(connection->host->env, sizeof **link);
    if (*link == NULL) return false;
    memcpy((*link)->bytes, bytes, sizeof bytes);
  }
  (*link)->count++;
  connection->address = *link;
  return true;
}

static void uncount_address(vms__connection *connection) {
  vms__address *address = connection->address, **link;
  connection->address = NULL;
  if (address == NULL || --address->count > 0) return;
  link = find_address(connection->host, address->bytes);
  *link = address->next;
  vms__free(connection->host->env, address, sizeof *address);
}

/* --- how many ------------------------------------------------------------------------------------------------------------ */

/* How soon a connection goes that has to make room; 0: never, there are calls under way. */
static unsigned rank(const vms__connection *connection) {
  if ((connection->lane != NULL && connection->lane->slots > 0) || (connection->session != NULL && vms_rpc_session_held(connection->session) > 0)) return 0;
  if (connection->earned) return 1;
  if (connection->session == NULL || connection->replication != NULL || vms_rpc_session_follows(connection->session)) return 2;
  if (!connection->greeted) return 5;
  return connection->spoke && vms_rpc_session_is_websocket(connection->session) ? 3 : 4; /* who calls by POST can as well connect again */
}

/* Connections beyond its part of all that an address has: of a crowd, one of those that are most. */
static uint32_t crowd_of(const vms__connection *connection) {
  uint32_t count = connection->address->count;
  return count > connection->host->options.connections / CROWDED_PART ? count : 0;
}

static bool goes_before(const vms__connection *one, const vms__connection *other) {
  if (crowd_of(one) != crowd_of(other)) return crowd_of(one) > crowd_of(other);
  if (rank(one) != rank(other)) return rank(one) > rank(other);
  return one->done_ms < other->done_ms;
}

static bool is_fresh(const vms__connection *connection) {
  return !connection->spoke && uv_now(&connection->host->loop) - connection->came_ms < GRACE_MS;
}

bool vms__crowd_make_room(vms_host *host) {
  vms__connection *victim = NULL;
  uint32_t fresh = 0;
  if (host->inside < host->options.connections) return true;
  for (vms__connection *each = host->connections; each != NULL; each = each->next) {
    if (each->closing || each->address == NULL || rank(each) == 0) continue;
    if (is_fresh(each)) fresh++;
    else if (victim == NULL || goes_before(each, victim)) victim = each;
  }
  if (victim == NULL || (fresh > host->options.connections / FRESH_PART && rank(victim) <= 3)) return false; /* let them show first what they are */
  vms__host_log(host, VMS_LOG_DEBUG, "", "a connection makes room for another one");
  vms__connection_close(victim);
  return true;
}

bool vms__crowd_make_room_for_peer(const vms__connection *connection) {
  vms_host *host = connection->host;
  vms__connection *victim = NULL;
  if (connection->address == NULL) return false; /* not in yet */
  for (vms__connection *each = host->connections; each != NULL; each = each->next)
    if (each->peer && !each->closing && each->address != NULL && crowd_of(each) > crowd_of(connection) && (victim == NULL || goes_before(each, victim)))
      victim = each;
  if (victim == NULL) return false;
  vms__host_log(host, VMS_LOG_DEBUG, "", "a peer of a crowd makes room for another one");
  vms__connection_close(victim);
  vms__replicate_end(victim); /* its place is free now, not when the loop lets go of it */
  return true;
}

bool vms__crowd_enter(vms__connection *connection) {
  vms_host *host = connection->host;
  connection->came_ms = connection->heard_ms = connection->done_ms = uv_now(&host->loop);
  if (!count_address(connection)) return false;
  host->inside++;
  return true;
}

void vms__crowd_leave(vms__connection *connection) {
  vms_host *host = connection->host;
  if (connection->address == NULL) return; /* never came in */
  host->inside--;
  host->waiting -= connection->waiting;
  host->begun -= connection->begun;
  connection->waiting = connection->begun = 0;
  uncount_address(connection);
}

/* --- how much ------------------------------------------------------------------------------------------------------------- */

/* What each has waiting, of one kind; and since when nothing of it got on. */
typedef struct holding { uint64_t bytes, since_ms; } holding;

static holding output_of(const vms__connection *connection) { return (holding){ connection->waiting, connection->taken_ms }; }
static holding input_of(const vms__connection *connection) { return (holding){ connection->begun, connection->begun_ms }; }

static void note_waiting(vms__connection *connection) {
  if (connection->closing || connection->address == NULL) return;
  uint64_t waiting = vms__connection_waiting(connection);
  if (waiting < connection->waiting || connection->waiting == 0) connection->taken_ms = uv_now(&connection->host->loop);
  connection->host->waiting += waiting - connection->waiting;
  connection->waiting = waiting;
}

/* All together hold more than max: of those that hold at least as much as all do on average, and did not get on since before_ms, the one that
 * got on least goes. True if that is enough. */
static bool relieve(vms_host *host, uint64_t max, uint64_t before_ms, holding (*of)(const vms__connection *), const char *what) {
  vms__connection *victim = NULL;
  uint64_t holders = 0, total = 0;
  for (vms__connection *each = host->connections; each != NULL; each = each->next) {
    note_waiting(each); /* perhaps it got on */
    holders += of(each).bytes > 0;
    total += of(each).bytes;
  }
  if (total <= max) return true;
  for (vms__connection *each = host->connections; each != NULL; each = each->next)
    if (!each->closing && of(each).bytes > 0 && of(each).bytes >= total / holders && of(each).since_ms < before_ms && (victim == NULL || of(each).since_ms < of(victim).since_ms)) victim = each;
  if (victim == NULL) return false;
  total -= of(victim).bytes;
  if (vms__host_may_complain(host)) vms__host_log(host, VMS_LOG_WARN, "", "a connection was dropped: %s", what);
  vms__connection_close(victim);
  return total <= max;
}

void vms__crowd_account(vms__connection *connection) {
  vms_host *host = connection->host;
  note_waiting(connection);
  if (host->waiting > host->options.max_output) (void)relieve(host, host->options.max_output, UINT64_MAX, output_of, "too much waits for it and others to take it");
}

void vms__crowd_heard(vms__connection *connection, uint64_t came, uint64_t begun) {
  vms_host *host = connection->host;
  if (connection->address == NULL) return;
  /* Of one message there is never less than there was. Nor is it another one that is as long if less than that came: pings between its
   * fragments, or empty ones, do not make it young. */
  bool another = begun < connection->begun || (begun == connection->begun && came >= begun);
  connection->spoke = connection->spoke || connection->greeted;
  connection->heard_ms = uv_now(&host->loop);
  connection->pinged = false;
  if (connection->begun == 0 || another) connection->begun_ms = connection->heard_ms;
  if (begun == 0 || (connection->begun > 0 && another)) connection->done_ms = connection->heard_ms;
  host->begun += begun - connection->begun;
  connection->begun = begun;
  if (host->begun > host->options.max_output) (void)relieve(host, host->options.max_output, UINT64_MAX, input_of, "too much of messages that never end");
}

void vms__crowd_caught_up(vms__connection *connection, uint64_t begun) {
  if (connection->address == NULL || begun == connection->begun) return;
  connection->begun_ms = uv_now(&connection->host->loop);
  connection->host->begun += begun - connection->begun;
  connection->begun = begun;
}

static bool calls_wait(const vms_host *host) {
  for (size_t i = 0; i < host->mount_count; i++)
    if (host->mounts[i]->queue.slots > 0) return true;
  return false;
}

/* While there are calls, what only reads has half of the time: with nothing to answer (len 0) a request is about to be carried out, with
 * something it was. */
static bool has_time(vms_host *host, uint64_t len) {
  uint64_t now = uv_hrtime(), window_ns = host->times.window * UINT64_C(1000000);
  if (len > 0) {
    host->read_ns += now - host->read_at_ns;
    return true;
  }
  if (now - host->window_at_ns > window_ns) host->window_at_ns = now, host->read_ns = 0;
  host->read_at_ns = now;
  return host->read_ns < window_ns / 2 || !calls_wait(host);
}

bool vms__crowd_room(vms_host *host, uint64_t len) {
  if (!has_time(host, len)) return false;
  if (len > host->options.max_output) return false;
  if (host->waiting <= host->options.max_output - len) return true;
  return relieve(host, host->options.max_output - len, uv_now(&host->loop) - VMS__MIN(uv_now(&host->loop), TAKEN_MS), output_of,
                 "it does not take its answers, and others wait for theirs");
}

/* --- how long ---------------------------------------------------------------------------------------------------------------- */

static void look_after(vms__connection *connection, uint64_t now) {
  const vms__times *limits = &connection->host->times;
  uint64_t quiet_ms = now - connection->heard_ms;
  if (!connection->reading) connection->begun_ms = now; /* not read: nobody can be blamed for what does not come */
  if (connection->over && now - connection->over_ms > limits->over) {
    vms__host_log(connection->host, VMS_LOG_DEBUG, "", "a connection was dropped: what it asked for before it ended takes too long");
    vms__connection_close(connection);
  } else if (connection->begun > 0 && now - connection->begun_ms > limits->message + connection->begun / MESSAGE_RATE) {
    vms__host_log(connection->host, VMS_LOG_DEBUG, "", "a connection was dropped: its message takes too long");
    vms__connection_close(connection);
  } else if (connection->reading && quiet_ms > limits->dead && (vms_rpc_session_is_websocket(connection->session) || vms_rpc_session_held(connection->session) == 0)) {
    vms__host_log(connection->host, VMS_LOG_DEBUG, "", "a connection was dropped: nobody is there any more");
    vms__connection_close(connection);
  } else if (quiet_ms > limits->ping && !connection->pinged) {
    connection->pinged = true;
    if (vms_rpc_session_ping(connection->session, NULL) != VMS_OK) vms__connection_close(connection);
    else vms__connection_pump(connection);
  }
}

/* Replication has keepalives of its own, and who is not greeted has little time anyway. */
static void on_sweep(uv_timer_t *timer) {
  vms_host *host = timer->data;
  for (vms__connection *each = host->connections; each != NULL; each = each->next)
    if (!each->closing && each->greeted && each->session != NULL && each->replication == NULL) look_after(each, uv_now(&host->loop));
}

int vms__crowd_init(vms_host *host) {
  host->addresses = vms__alloc(host->env, ADDRESS_LISTS * sizeof *host->addresses);
  host->times = times;
  uv_timer_init(&host->loop, &host->sweep);
  host->sweep.data = host;
  return host->addresses == NULL ? VMS_ERR_NOMEM : VMS_OK;
}

void vms__crowd_begin(vms_host *host) {
  uv_timer_start(&host->sweep, on_sweep, host->times.sweep, host->times.sweep);
  uv_unref((uv_handle_t *)&host->sweep);
}

void vms__crowd_deinit(vms_host *host) {
  vms__free(host->env, host->addresses, ADDRESS_LISTS * sizeof *host->addresses);
  host->addresses = NULL;
}
