/* SPDX-License-Identifier: MIT */
/* Where a host listens: addresses of TCP, Unix sockets. */
#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4096 /* a crowd that knocks while a call runs: who is not heard tries again after a second, at the earliest */
#define ADDRESS_LEN 80u
#define SOCKET_LEN (sizeof ((struct sockaddr_un *)0)->sun_path) /* of a socket's path, with its NUL */

static int out_of_memory(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory"); }

/* --- listeners ------------------------------------------------------------------------------------------------------- */

static void on_connection(uv_stream_t *stream, int failed) {
  vms__listener *listener = stream->data;
  if (failed == 0) listener->accept(listener);
}

/* One that is there even after a failure: it goes with the host. */
static vms__listener *listener_new(vms_host *host, bool local, void (*accept)(vms__listener *listener)) {
  vms__listener *listener = vms__alloc(host->env, sizeof *listener);
  if (listener == NULL) return NULL;
  if (local) uv_pipe_init(&host->loop, &listener->wire.pipe, 0);
  else uv_tcp_init(&host->loop, &listener->wire.tcp);
  listener->wire.handle.data = listener;
  listener->host = host;
  listener->accept = accept;
  listener->next = host->listeners;
  host->listeners = listener;
  return listener;
}

void vms__listener_close(vms__listener *listener) {
  struct stat st;
  if (uv_is_closing(&listener->wire.handle)) return;
  /* While it is open nobody takes its name over, and no other file has its number. Not if somebody else put theirs in its place. */
  if (listener->path != NULL && lstat(listener->path, &st) == 0 && st.st_dev == listener->device && st.st_ino == listener->inode)
    (void)unlink(listener->path);
  uv_close(&listener->wire.handle, NULL);
}

void vms__listeners_free(vms_host *host) {
  while (host->listeners != NULL) {
    vms__listener *next = host->listeners->next;
    free(host->listeners->path);
    vms__free(host->env, host->listeners, sizeof *host->listeners);
    host->listeners = next;
  }
  vms_buffer_free(&host->base);
  vms__tls_context_free(host->tls);
}

/* --- certificates ------------------------------------------------------------------------------------------------------ */

static int read_certificate(vms_host *host, vms__tls_context **context, vms_error *error) {
  char date[24];
  int status = vms__tls_server(context, host->options.tls_cert, host->options.tls_key, error);
  if (status != VMS_OK) return status;
  if (vms__tls_expiry(*context, date)) vms__host_log(host, VMS_LOG_WARN, "", "the certificate in %s expired on %s", host->options.tls_cert, date);
  else vms__host_log(host, VMS_LOG_INFO, "", "the certificate in %s expires on %s", host->options.tls_cert, date);
  return VMS_OK;
}

void vms__listeners_reload(vms_host *host) {
  vms__tls_context *context;
  vms_error error;
  if (host->tls == NULL) return;
  if (read_certificate(host, &context, &error) != VMS_OK) {
    vms__host_log(host, VMS_LOG_ERROR, "", "the certificate stays as it was: %s", error.message);
    return;
  }
  vms__tls_context_free(host->tls);
  host->tls = context;
}

/* --- TCP ------------------------------------------------------------------------------------------------------------- */

static bool is_loopback(const struct sockaddr_storage *address) {
  const struct in6_addr *six = &((const struct sockaddr_in6 *)address)->sin6_addr;
  if (address->ss_family == AF_INET) return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == 127;
  return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
}

/* ADDR:PORT with the real port. loopback: that instead of a wildcard, for those who want to connect. */
static void name_address(const struct sockaddr_storage *address, bool loopback, char name[ADDRESS_LEN]) {
  char text[64] = { 0 };
  if (address->ss_family == AF_INET) {
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    uv_ip4_name(four, text, sizeof text);
    snprintf(name, ADDRESS_LEN, "%s:%u", loopback && strcmp(text, "0.0.0.0") == 0 ? "127.0.0.1" : text, ntohs(four->sin_port));
  } else {
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    uv_ip6_name(six, text, sizeof text);
    snprintf(name, ADDRESS_LEN, "[%s]:%u", loopback && strcmp(text, "::") == 0 ? "::1" : text, ntohs(six->sin6_port));
  }
}

static void name_listener(const vms__listener *listener, bool loopback, char name[ADDRESS_LEN]) {
  struct sockaddr_storage address;
  int len = sizeof address;
  name[0] = 0;
  if (uv_tcp_getsockname(&listener->wire.tcp, (struct sockaddr *)&address, &len) == 0) name_address(&address, loopback, name);
}

static int read_address(const char *text, struct sockaddr_storage *address, char name[64], uint16_t *port, vms_error *error) {
  int status = vms__address_read(text, name, port, error);
  if (status != VMS_OK) return status;
  memset(address, 0, sizeof *address);
  if (strcmp(name, "localhost") == 0) snprintf(name, 64, "127.0.0.1");
  if (uv_ip4_addr(name, *port, (struct sockaddr_in *)address) == 0 || uv_ip6_addr(name, *port, (struct sockaddr_in6 *)address) == 0) return VMS_OK;
  return vms__fail(error, VMS_ERR_ARGUMENT, 0, "%s is no IP address to listen on", name);
}

static int listen_tcp(vms_host *host, const char *text, void (*accept)(vms__listener *listener), vms__listener **made, vms_error *error) {
  struct sockaddr_storage address;
  vms__listener *listener;
  char name[64];
  uint16_t port;
  bool tls = accept == vms__connection_accept && host->options.tls_cert != NULL;
  int failed, status = read_address(text, &address, name, &port, error);
  if (status != VMS_OK) return status;
  if (accept == vms__connection_accept && (host->options.flags & VMS_HOST_DEBUG_USERS) != 0 && !is_loopback(&address))
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "debug users are for loopback addresses and Unix sockets only, %s is neither", name);
  if (tls && host->tls == NULL) status = read_certificate(host, &host->tls, error);
  if (status != VMS_OK) return status;
  *made = listener = listener_new(host, false, accept);
  if (listener == NULL) return out_of_memory(error);
  listener->tls = tls;
  listener->loopback = is_loopback(&address);
  failed = uv_tcp_bind(&listener->wire.tcp, (const struct sockaddr *)&address, 0);
  if (failed == 0) failed = uv_listen(&listener->wire.stream, BACKLOG, on_connection);
  if (failed == UV_EADDRINUSE) return vms__fail(error, VMS_ERR_EXISTS, port, "port %u is in use already at %s", port, name);
  if (failed != 0) return vms__fail(error, VMS_ERR_IO, port, "cannot listen on %s port %u: %s", name, port, uv_strerror(failed));
  return VMS_OK;
}

/* --- Unix sockets ------------------------------------------------------------------------------------------------------ */

/* True if somebody listens there; a socket whose process died refuses. */
static bool somebody_listens(const struct sockaddr_un *address) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  bool refused = fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof *address) != 0 && errno == ECONNREFUSED;
  if (fd >= 0) close(fd);
  return !refused;
}

/* Held from before a socket is made until somebody listens there: of two hosts that find the same dead socket, the second one would
 * remove the first one's. Who cannot have it within a second goes on without. Returns a file descriptor, or -1. */
static int lock_folder(const char *path) {
  char folder[SOCKET_LEN + 2] = ".";
  const char *slash = strrchr(path, '/');
  int fd;
  if (slash != NULL) snprintf(folder, sizeof folder, "%.*s", (int)(slash - path + 1), path);
  fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (unsigned i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK && i < 20; i++) vms__os_sleep_ms(50);
  return fd;
}

/* Who may connect is who may write to the socket: the mode is what the process's umask leaves of 0777, as for every file. With the usual
 * one, 022, that is the owner alone; a group, such as that of a proxy, gets in with 007, or with the folder that the socket lies in. */
static int bind_local(int fd, const struct sockaddr_un *address, vms_error *error) {
  const char *path = address->sun_path;
  struct stat st;
  if (bind(fd, (const struct sockaddr *)address, sizeof *address) == 0) return VMS_OK;
  if (errno == EADDRINUSE && lstat(path, &st) == 0) {
    if (!S_ISSOCK(st.st_mode)) return vms__fail(error, VMS_ERR_EXISTS, 0, "%.64s is there already, and is no socket", path);
    if (somebody_listens(address)) return vms__fail(error, VMS_ERR_EXISTS, 0, "somebody listens at socket %.64s already", path);
    if (unlink(path) == 0 && bind(fd, (const struct sockaddr *)address, sizeof *address) == 0) return VMS_OK;
  }
  if (errno == ENOENT || errno == ENOTDIR) return vms__fail(error, VMS_ERR_IO, 0, "cannot make socket %.60s: its folder is not there", path);
  return vms__fail(error, VMS_ERR_IO, 0, "cannot make socket %.60s: %s", path, strerror(errno));
}

/* Keeps what the socket is called, as absolute path where that is not too long to be connected to. */
static int keep_name(vms__listener *listener, const char *path, vms_error *error) {
  struct stat st;
  char *real = realpath(path, NULL);
  if (real != NULL && strlen(real) >= SOCKET_LEN) {
    free(real);
    real = NULL;
  }
  listener->path = real != NULL ? real : strdup(path);
  if (listener->path == NULL) return out_of_memory(error);
  if (lstat(path, &st) != 0) return vms__os_fail(error, errno, "find", path);
  listener->device = st.st_dev;
  listener->inode = st.st_ino;
  return VMS_OK;
}

static int listen_local(vms_host *host, const char *path, vms__listener **made, vms_error *error) {
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  vms__listener *listener;
  int fd, lock, failed, status;
  if (path[0] == 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "unix: needs the path of a socket: unix:PATH");
  if (strlen(path) >= SOCKET_LEN)
    return vms__fail(error, VMS_ERR_ARGUMENT, strlen(path), "the path of a socket has at most %zu bytes, this one has %zu", SOCKET_LEN - 1, strlen(path));
  memcpy(address.sun_path, path, strlen(path) + 1);
  *made = listener = listener_new(host, true, vms__connection_accept);
  if (listener == NULL) return out_of_memory(error);
  fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return vms__fail(error, VMS_ERR_IO, 0, "out of file descriptors");
  lock = lock_folder(path);
  status = bind_local(fd, &address, error);
  if (status == VMS_OK) status = keep_name(listener, path, error);
  failed = status == VMS_OK ? uv_pipe_open(&listener->wire.pipe, fd) : 0;
  if (status != VMS_OK || failed != 0) close(fd);
  if (status == VMS_OK && failed == 0) failed = uv_listen(&listener->wire.stream, BACKLOG, on_connection);
  if (lock >= 0) close(lock);
  return failed == 0 ? status : vms__fail(error, VMS_ERR_IO, 0, "cannot listen at socket %.60s: %s", path, uv_strerror(failed));
}

/* --- what the host offers ------------------------------------------------------------------------------------------------ */

/* What URLs of the host's services begin with. */
static int keep_base(vms_host *host, const vms__listener *listener, vms_error *error) {
  char name[ADDRESS_LEN];
  int status;
  if (host->base.len > 0) return VMS_OK;
  if (listener->path != NULL) {
    status = vms__url_socket_write(&host->base, listener->path);
  } else {
    name_listener(listener, true, name);
    status = vms__buf_format(&host->base, "%s://%s", listener->tls ? "wss" : "ws", name);
  }
  return status == VMS_OK ? VMS_OK : out_of_memory(error);
}

int vms_host_listen(vms_host *host, const char *address, vms_error *error) {
  static const char local[] = "unix:";
  vms__listener *listener;
  int status = strncmp(address, local, strlen(local)) == 0 ? listen_local(host, address + strlen(local), &listener, error)
                                                            : listen_tcp(host, address, vms__connection_accept, &listener, error);
  return status == VMS_OK ? keep_base(host, listener, error) : status;
}

int vms_host_replicate(vms_host *host, const char *address, vms_error *error) {
  vms__listener *listener;
  char name[ADDRESS_LEN];
  int status = listen_tcp(host, address, vms__connection_accept_peer, &listener, error);
  if (status != VMS_OK) return status;
  name_listener(listener, false, name);
  vms__host_log(host, VMS_LOG_INFO, "", "replicating on %s", name);
  return VMS_OK;
}
