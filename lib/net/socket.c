/* SPDX-License-Identifier: MIT */
/* The client's end of a connection, driven with poll(2): TCP, TLS over it, or a Unix socket. */
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SEND_LEN ((size_t)64 << 10) /* plain bytes that are encrypted ahead of what goes */

struct vms__socket {
  const vms_env *env;
  const vms__url *url; /* borrowed */
  int fd;
  vms__tls *tls;       /* NULL: none */
  vms_buffer wire;     /* encrypted, not sent yet */
  size_t wire_at;
  bool more;           /* there may be plain bytes that were not asked for yet */
};

static int timed_out(const vms__socket *opened, vms_error *error) {
  return vms__fail(error, VMS_ERR_TIMEOUT, 0, "no answer from %.64s in time", opened->url->authority);
}

static int closed_by_peer(const vms__socket *opened, vms_error *error) {
  return vms__fail(error, VMS_ERR_CLOSED, 0, "%.64s closed the connection", opened->url->authority);
}

/* Waits until the socket can be used or the deadline passes. 1, 0, or -1 with errno. */
static int wait_for(int fd, short events, uint64_t deadline) {
  for (;;) {
    uint64_t now = vms__os_monotonic_ms();
    struct pollfd wanted = { fd, events, 0 };
    int ready = poll(&wanted, 1, now >= deadline ? 0 : (int)VMS__MIN(deadline - now, (uint64_t)INT32_MAX));
    if (ready < 0 && errno == EINTR) continue;
    return ready;
  }
}

/* Waits until a connection is made. 0 or an error number. */
static int await_connection(int fd, uint64_t deadline) {
  int number = 0, ready = wait_for(fd, POLLOUT, deadline);
  socklen_t len = sizeof number;
  if (ready == 0) return ETIMEDOUT;
  if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &number, &len) != 0) return errno;
  return number;
}

static int connect_to(const struct sockaddr *address, socklen_t len, uint64_t deadline, int *number) {
  int fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
  if (fd < 0) {
    *number = errno;
    return -1;
  }
  *number = connect(fd, address, len) == 0 ? 0 : errno;
  if (*number == EINPROGRESS) *number = await_connection(fd, deadline);
  if (*number != 0) {
    close(fd);
    return -1;
  }
  if (address->sa_family != AF_UNIX) (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return fd;
}

/* A Unix socket whose queue is full says so at once: EAGAIN. */
static int open_local(vms__socket *opened, uint64_t deadline, vms_error *error) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  const char *path = opened->url->socket;
  int number = 0;
  _Static_assert(sizeof opened->url->socket <= sizeof address.sun_path, "what a URL may hold fits");
  memcpy(address.sun_path, path, strlen(path) + 1);
  opened->fd = connect_to((const struct sockaddr *)&address, sizeof address, deadline, &number);
  if (opened->fd >= 0) return VMS_OK;
  if (number == EAGAIN) return vms__fail(error, VMS_ERR_IO, 0, "too many wait at socket %.60s already: try again", path);
  if (number == ENOENT) return vms__fail(error, VMS_ERR_IO, 0, "there is no socket %.80s", path);
  return vms__fail(error, VMS_ERR_IO, 0, "nobody answers at socket %.64s: %s", path, strerror(number));
}

/* A name may have addresses that lead nowhere, IPv6 ones above all: each has its part of the time. */
static int open_tcp(vms__socket *opened, uint64_t deadline, vms_error *error) {
  const vms__url *url = opened->url;
  struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *list = NULL;
  int failed = getaddrinfo(url->host, url->port, &hints, &list), number = 0;
  uint64_t left = 0;
  if (failed != 0) return vms__fail(error, VMS_ERR_IO, 0, "no address for host %.64s: %s", url->host, gai_strerror(failed));
  for (struct addrinfo *each = list; each != NULL; each = each->ai_next) left++;
  for (struct addrinfo *each = list; each != NULL && opened->fd < 0; each = each->ai_next, left--) {
    uint64_t now = vms__os_monotonic_ms();
    opened->fd = connect_to(each->ai_addr, each->ai_addrlen, now >= deadline ? now : now + (deadline - now) / left, &number);
  }
  freeaddrinfo(list);
  if (opened->fd >= 0) return VMS_OK;
  if (number == ETIMEDOUT) return timed_out(opened, error);
  return vms__fail(error, VMS_ERR_IO, 0, "nobody answers at %.64s: %s", url->authority, strerror(number));
}

/* --- bytes of the wire ------------------------------------------------------------------------------------------------ */

static int raw_send(vms__socket *opened, const void *bytes, size_t len, size_t *sent, vms_error *error) {
  *sent = 0;
  while (*sent < len) {
    ssize_t n = send(opened->fd, (const char *)bytes + *sent, len - *sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return VMS_OK;
    if (n < 0) return closed_by_peer(opened, error);
    *sent += (size_t)n;
  }
  return VMS_OK;
}

/* *got 0 with VMS_OK: nothing is there. */
static int raw_receive(vms__socket *opened, void *bytes, size_t len, size_t *got, vms_error *error) {
  ssize_t n = recv(opened->fd, bytes, len, 0);
  *got = 0;
  if (n < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)) return VMS_OK;
  if (n <= 0) return closed_by_peer(opened, error);
  *got = (size_t)n;
  return VMS_OK;
}

static int wait_until(vms__socket *opened, bool sending, uint64_t deadline, vms_error *error) {
  int ready = wait_for(opened->fd, (short)(sending ? POLLIN | POLLOUT : POLLIN), deadline);
  if (ready > 0) return VMS_OK;
  if (ready == 0) return timed_out(opened, error);
  return vms__fail(error, VMS_ERR_IO, 0, "cannot wait for %.64s: %s", opened->url->authority, strerror(errno));
}

/* --- TLS over it ------------------------------------------------------------------------------------------------------- */

static bool is_flushed(const vms__socket *opened) { return opened->wire_at == opened->wire.len; }

static int tls_flush(vms__socket *opened, vms_error *error) {
  size_t sent;
  int status = vms__tls_take(opened->tls, &opened->wire, error);
  if (status != VMS_OK || opened->wire.len == 0) return status;
  status = raw_send(opened, opened->wire.data + opened->wire_at, opened->wire.len - opened->wire_at, &sent, error);
  if (status != VMS_OK) return status;
  opened->wire_at += sent;
  if (is_flushed(opened)) opened->wire.len = opened->wire_at = 0;
  return VMS_OK;
}

/* One read from the wire. *any: something came. */
static int tls_fill(vms__socket *opened, bool *any, vms_error *error) {
  char bytes[32768];
  size_t got;
  int status = raw_receive(opened, bytes, sizeof bytes, &got, error);
  *any = got > 0;
  return status == VMS_OK ? vms__tls_feed(opened->tls, bytes, got, error) : status;
}

/* Afterwards a connection is as good as one that was lost: it is made again. */
static int tls_receive(vms__socket *opened, void *bytes, size_t len, size_t *got, vms_error *error) {
  vms_error why = { 0, 0, 0, "" };
  bool any = false;
  int status = vms__tls_receive(opened->tls, bytes, len, got, &why);
  /* Once: who sends without end what holds no bytes shall not keep anybody here beyond the deadline. */
  if (status == VMS_OK && *got == 0) {
    status = tls_fill(opened, &any, &why);
    if (status == VMS_ERR_CLOSED) return vms__fail(error, VMS_ERR_CLOSED, 0, "the connection to %.64s was cut off", opened->url->authority);
    if (status == VMS_OK && any) status = vms__tls_receive(opened->tls, bytes, len, got, &why);
  }
  opened->more = *got == len;
  if (status == VMS_OK && vms__tls_pending(opened->tls) > 0) status = tls_flush(opened, &why);
  if (status == VMS_ERR_CLOSED) return closed_by_peer(opened, error);
  return status == VMS_OK ? VMS_OK : vms__fail(error, status == VMS_ERR_CORRUPT ? VMS_ERR_CLOSED : status, 0, "%s", why.message);
}

static int tls_send(vms__socket *opened, const void *bytes, size_t len, size_t *sent, vms_error *error) {
  size_t n = VMS__MIN(len, SEND_LEN);
  int status = tls_flush(opened, error);
  *sent = 0;
  if (status != VMS_OK || !is_flushed(opened)) return status;
  status = vms__tls_send(opened->tls, bytes, n, &opened->wire, error);
  if (status == VMS_ERR_CORRUPT) return closed_by_peer(opened, error);
  if (status != VMS_OK) return status;
  *sent = n;
  return tls_flush(opened, error);
}

static int tls_greet(vms__socket *opened, uint64_t deadline, vms_error *error) {
  bool any;
  int status = VMS_OK;
  while (status == VMS_OK && !vms__tls_is_open(opened->tls)) {
    status = vms__tls_handshake(opened->tls, error);
    if (tls_flush(opened, status == VMS_OK ? error : NULL) != VMS_OK && status == VMS_OK) status = VMS_ERR_CLOSED; /* an alert goes out if it can */
    if (status != VMS_OK || vms__tls_is_open(opened->tls)) break;
    status = wait_until(opened, !is_flushed(opened), deadline, error);
    if (status == VMS_OK) status = tls_fill(opened, &any, error);
  }
  if (status == VMS_ERR_CLOSED) return vms__fail(error, VMS_ERR_REMOTE, 0, "%.64s hangs up during the handshake of TLS", opened->url->authority);
  return status;
}

static int open_tls(vms__socket *opened, const char *ca, uint64_t deadline, vms_error *error) {
  vms__tls_context *context;
  int status = vms__tls_client(&context, ca, error);
  if (status != VMS_OK) return status;
  status = vms__tls_new(&opened->tls, context, opened->url->host, opened->env, error);
  vms__tls_context_free(context);
  opened->more = true; /* what came with the end of the handshake */
  return status == VMS_OK ? tls_greet(opened, deadline, error) : status;
}

/* --- sockets ------------------------------------------------------------------------------------------------------------- */

int vms__socket_open(vms__socket **opened, const vms__url *url, const char *ca, const vms_env *env, uint64_t deadline, vms_error *error) {
  vms__socket *made = vms__alloc(env, sizeof *made);
  int status;
  *opened = NULL;
  if (made == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  made->env = env;
  made->url = url;
  made->fd = -1;
  vms_buffer_init(&made->wire, env);
  status = url->local ? open_local(made, deadline, error) : open_tcp(made, deadline, error);
  if (status == VMS_OK && url->tls) status = open_tls(made, ca, deadline, error);
  if (status == VMS_OK) *opened = made;
  else vms__socket_close(made);
  return status;
}

void vms__socket_close(vms__socket *opened) {
  if (opened == NULL) return;
  if (opened->tls != NULL && vms__tls_is_open(opened->tls)) {
    vms__tls_close(opened->tls);
    (void)tls_flush(opened, NULL); /* a goodbye, if it fits */
  }
  vms__tls_free(opened->tls);
  vms_buffer_free(&opened->wire);
  if (opened->fd >= 0) close(opened->fd);
  vms__free(opened->env, opened, sizeof *opened);
}

int vms__socket_send(vms__socket *opened, const void *bytes, size_t len, size_t *sent, vms_error *error) {
  return opened->tls == NULL ? raw_send(opened, bytes, len, sent, error) : tls_send(opened, bytes, len, sent, error);
}

int vms__socket_receive(vms__socket *opened, void *bytes, size_t len, size_t *got, vms_error *error) {
  return opened->tls == NULL ? raw_receive(opened, bytes, len, got, error) : tls_receive(opened, bytes, len, got, error);
}

int vms__socket_wait(vms__socket *opened, bool sending, uint64_t deadline, vms_error *error) {
  return opened->more ? VMS_OK : wait_until(opened, sending || !is_flushed(opened), deadline, error);
}
