/* SPDX-License-Identifier: MIT */
/* The host: a data folder, its services, the addresses it listens on, and one loop for all of them. */
#define _GNU_SOURCE
#include "host.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_QUEUE_DEFAULT 1000u
#define CONNECTIONS_DEFAULT 1000u
#define MAX_OUTPUT_DEFAULT (UINT64_C(256) << 20)
#define CALL_BYTES_MAX (UINT64_C(64) << 20) /* of calls that wait, of all services */
#define HELD_BYTES_MAX (UINT64_C(64) << 20) /* of calls that wait for their commit, and of what came of them; above it none runs until one has let them out */
#define LEAVE_MS 2000u /* for the last bytes to get through */

static int out_of_memory(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory"); }

/* --- the loop's own events ------------------------------------------------------------------------------ */

static void on_check(uv_check_t *check) {
  vms_host *host = check->data;
  if (!host->stopping) vms__calls_turn(host);
}

static void on_tick(uv_timer_t *timer) {
  vms_host *host = timer->data;
  if (host->leaving) {
    for (vms__connection *each = host->connections; each != NULL; each = each->next) vms__connection_close(each);
    return;
  }
  for (vms__listener *each = host->listeners; each != NULL && !host->stopping; each = each->next)
    if (each->waiting) each->accept(each);
  for (size_t i = 0; i < host->mount_count && !host->stopping; i++) {
    vms__mount *mount = host->mounts[i];
    vms__mount_kick(mount, true);
    if (!mount->full && mount->unsigned_records && !mount->in_flight) vms__host_tick_in(host, 20);
  }
}

void vms__host_tick_in(vms_host *host, uint64_t ms) {
  if (uv_is_closing((uv_handle_t *)&host->tick)) return;
  if (!uv_is_active((uv_handle_t *)&host->tick) || uv_timer_get_due_in(&host->tick) > ms) uv_timer_start(&host->tick, on_tick, ms, 0);
}

static void close_handle(uv_handle_t *handle) {
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

static void close_listeners(vms_host *host) {
  for (vms__listener *each = host->listeners; each != NULL; each = each->next) vms__listener_close(each);
}

static void close_handles(vms_host *host) {
  close_listeners(host);
  close_handle((uv_handle_t *)&host->wake);
  close_handle((uv_handle_t *)&host->reload);
  close_handle((uv_handle_t *)&host->check);
  close_handle((uv_handle_t *)&host->calls_idle);
}

/* --- stopping --------------------------------------------------------------------------------------------- */

/* Everything is committed: say goodbye, and give the last bytes some time. */
static void leave(vms_host *host) {
  host->leaving = true;
  close_handles(host);
  for (size_t i = 0; i < 3; i++) uv_unref((uv_handle_t *)&host->signals[i]); /* one more is for those who do not get through, not for the process */
  for (vms__connection *each = host->connections; each != NULL; each = each->next) vms__connection_leave(each);
  uv_timer_start(&host->tick, on_tick, LEAVE_MS, 0);
  uv_unref((uv_handle_t *)&host->tick); /* nobody waits for it alone */
}

void vms__host_stop_step(vms_host *host) {
  bool finished = true;
  if (host->leaving) return;
  for (size_t i = 0; i < host->mount_count; i++) finished = vms__mount_finish(host->mounts[i]) && finished;
  if (finished && !host->leaving) leave(host);
}

static void stop(vms_host *host) {
  if (host->stopping) return;
  host->stopping = true;
  vms__host_log(host, VMS_LOG_INFO, "", "stopping");
  close_listeners(host);
  uv_idle_stop(&host->calls_idle);
  for (size_t i = 0; i < host->mount_count; i++) vms__calls_drain(host->mounts[i]);
  vms__host_stop_step(host);
}

static void on_wake(uv_async_t *wake) { stop(wake->data); }
static void on_reload(uv_async_t *reload) { vms__listeners_reload(reload->data); }

static void on_signal(uv_signal_t *handle, int number) {
  vms_host *host = handle->data;
  if (number == SIGHUP) vms__listeners_reload(host);
  else if (host->leaving) on_tick(&host->tick);
  else stop(host);
}

void vms_host_stop(vms_host *host) { uv_async_send(&host->wake); }
void vms_host_reload(vms_host *host) { uv_async_send(&host->reload); }

/* --- making ------------------------------------------------------------------------------------------------ */

int vms_host_new(vms_host **host, const char *dir, const vms_host_options *options, vms_error *error) {
  vms_host_options known = VMS_HOST_OPTIONS_INIT;
  vms_host *made;
  int status = vms__options_load(&known, sizeof known, options, error);
  assert(host != NULL && dir != NULL);
  *host = NULL;
  if (status != VMS_OK) return status;
  if (known.tls_key != NULL && known.tls_cert == NULL) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a key without a certificate");
  if (known.env == NULL) known.env = vms__os_env();
  if (known.max_queue == 0) known.max_queue = MAX_QUEUE_DEFAULT;
  if (known.connections == 0) known.connections = CONNECTIONS_DEFAULT;
  if (known.max_output == 0) known.max_output = MAX_OUTPUT_DEFAULT;
  made = vms__alloc(known.env, sizeof *made);
  if (made == NULL) return out_of_memory(error);
  made->options = known;
  made->env = known.env;
  vms_buffer_init(&made->base, made->env);
  if ((known.flags & VMS_HOST_SIGNALS) != 0) {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* before the first file is written: a size limit is a full disk, no reason to die */
  }
  status = vms_folder_open(&made->folder, dir, 0, error);
  if (status == VMS_OK && uv_loop_init(&made->loop) != 0) status = out_of_memory(error);
  /* The first one is what takes descriptors; the second one finds them there. */
  if (status == VMS_OK && (uv_async_init(&made->loop, &made->wake, on_wake) != 0 || uv_async_init(&made->loop, &made->reload, on_reload) != 0)) {
    uv_loop_close(&made->loop);
    status = vms__fail(error, VMS_ERR_IO, 0, "out of file descriptors");
  }
  if (status != VMS_OK) {
    vms_folder_close(made->folder);
    vms__free(known.env, made, sizeof *made);
    return status;
  }
  uv_check_init(&made->loop, &made->check);
  uv_idle_init(&made->loop, &made->calls_idle);
  made->call_bytes.max = CALL_BYTES_MAX;
  made->call_bytes.held_max = VMS__MIN(HELD_BYTES_MAX, known.max_output);
  vms_outcome_init(&made->outcome, made->env);
  uv_timer_init(&made->loop, &made->tick);
  vms__replicate_init(made);
  status = vms__crowd_init(made) == VMS_OK ? VMS_OK : out_of_memory(error);
  for (size_t i = 0; i < 3; i++) uv_signal_init(&made->loop, &made->signals[i]);
  made->wake.data = made->reload.data = made->check.data = made->tick.data = made->signals[0].data = made->signals[1].data = made->signals[2].data = made;
  if (status == VMS_OK) *host = made;
  else vms_host_free(made);
  return status;
}

/* --- services --------------------------------------------------------------------------------------------------- */

static void mount_free(vms__mount *mount) {
  vms__queue_deinit(&mount->queue);
  vms__deployed_close(&mount->deployed);
  free(mount->path);
  free(mount->url);
  vms__free(mount->host->env, mount, sizeof *mount);
}

static size_t mount_find(const vms_host *host, const char *path) {
  size_t i = 0;
  while (i < host->mount_count && strcmp(host->mounts[i]->path, path) != 0) i++;
  return i;
}

/* Opens what the folder has at `index`, or makes it there. */
static int open_mount(vms_host *host, vms__mount *mount, size_t index, const vms_slice *code, const vms_service_options *options,
                      vms_buffer *diagnostic, vms_error *error) {
  if (index == SIZE_MAX) return vms__deployed_make(&mount->deployed, host->folder, mount->path, *code, options, diagnostic, error);
  if (!vms__deployed_is_mirror(host->folder, index)) return vms__deployed_open(&mount->deployed, host->folder, index, code, options, error);
  if (code != NULL)
    return vms__fail(error, VMS_ERR_FOREIGN, 0, "%.64s is the copy of somebody's service, without the secret: no script can be served there", mount->path);
  return vms__deployed_mirror(&mount->deployed, host->folder, index, options, error);
}

/* code NULL: whatever is there. */
static int add(vms_host *host, const char *path, const vms_slice *code, vms_buffer *diagnostic, vms_error *error) {
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms__mount *mount = vms__alloc(host->env, sizeof *mount);
  size_t index = vms__folder_find(host->folder, path);
  int status;
  if (mount == NULL) return out_of_memory(error);
  mount->host = host;
  mount->path = strdup(path);
  options.env = host->env;
  options.console_context = mount;
  options.console = vms__mount_console;
  if (code != NULL) {
    if ((host->options.flags & VMS_HOST_ANONYMOUS) != 0) options.flags |= VMS_SERVICE_ANONYMOUS;
    if ((host->options.flags & VMS_HOST_DEBUG_USERS) != 0) options.flags |= VMS_SERVICE_DEBUG;
    options.limits = host->options.limits;
    options.epoch = host->options.epoch;
    options.title = host->options.title;
  }
  if (mount->path == NULL || vms__grow(host->env, &host->mounts, &host->mount_capacity, host->mount_count, 1, sizeof mount) != VMS_OK)
    status = out_of_memory(error);
  else status = open_mount(host, mount, index, code, &options, diagnostic, error);
  if (status == VMS_OK && vms__calls_init(host, mount) != VMS_OK) status = out_of_memory(error);
  if (status == VMS_OK) status = vms__replicate_share(host, mount);
  if (status != VMS_OK) {
    mount_free(mount);
    return status;
  }
  vms__mount_init_table(mount);
  size_t at = host->mount_count++;
  for (; at > 0 && strcmp(host->mounts[at - 1]->path, path) > 0; at--) host->mounts[at] = host->mounts[at - 1];
  host->mounts[at] = mount; /* in the order of their paths, "/" first */
  return VMS_OK;
}

int vms_host_add(vms_host *host, const char *mount, vms_slice code, vms_buffer *diagnostic, vms_error *error) {
  if (!vms__mount_valid(vms__slice_of(mount)))
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "%.48s is no path to mount at, such as / or /bob/party", mount);
  if (mount_find(host, mount) < host->mount_count) return vms__fail(error, VMS_ERR_EXISTS, 0, "%.64s is mounted twice", mount);
  return add(host, mount, &code, diagnostic, error);
}

/* A copy that is not finished, or that is somebody's trouble, keeps nobody from serving the rest. */
static int add_mirror(vms_host *host, const char *path, vms_error *error) {
  vms_error why = { 0, 0, 0, "" };
  int status = add(host, path, NULL, NULL, &why);
  if (status == VMS_OK) vms__host_log(host, VMS_LOG_INFO, path, "a mirror: no secret is here, calls are refused");
  if (status == VMS_ERR_NOT_FOUND || status == VMS_ERR_CORRUPT || status == VMS_ERR_FOREIGN || status == VMS_ERR_UNSUPPORTED) {
    vms__host_log(host, VMS_LOG_WARN, path, "this copy is passed over: %s", why.message);
    return VMS_OK;
  }
  if (status != VMS_OK && error != NULL) *error = why;
  return status;
}

static void watch_signals(vms_host *host) {
  if ((host->options.flags & VMS_HOST_SIGNALS) == 0) return;
  uv_signal_start(&host->signals[0], on_signal, SIGTERM);
  uv_signal_start(&host->signals[1], on_signal, SIGINT);
  if (host->options.tls_cert != NULL) uv_signal_start(&host->signals[2], on_signal, SIGHUP); /* else it ends what its terminal started */
}

int vms_host_add_rest(vms_host *host, vms_error *error) {
  int status = VMS_OK;
  for (size_t i = 0; i < vms_folder_count(host->folder) && status == VMS_OK; i++) {
    const char *path = vms_folder_at(host->folder, i).mount;
    if (mount_find(host, path) < host->mount_count) continue;
    status = vms__deployed_is_mirror(host->folder, i) ? add_mirror(host, path, error) : add(host, path, NULL, NULL, error);
  }
  if (status == VMS_OK) watch_signals(host); /* from here on whoever started the host may say that it is up, and somebody may stop it */
  return status;
}

size_t vms_host_count(const vms_host *host) { return host->mount_count; }

vms_host_entry vms_host_at(const vms_host *host, size_t index) {
  vms__mount *mount;
  assert(index < host->mount_count);
  mount = host->mounts[index];
  if (mount->url == NULL && host->base.len > 0 && asprintf(&mount->url, "%s%s", host->base.data, mount->path) < 0) mount->url = NULL;
  return (vms_host_entry){ mount->path, mount->url == NULL ? "" : mount->url, mount->deployed.ledger, mount->deployed.archive };
}

/* --- writing to who is gone ------------------------------------------------------------------------------------- */

/* libuv's writes raise SIGPIPE then, which would end the process of whoever embeds a host: while the loop runs, this thread does without
 * it, whatever the process does about it elsewhere. */
typedef struct quiet_pipe {
  sigset_t before;
  bool pending; /* somebody else's */
} quiet_pipe;

static quiet_pipe quiet_begin(void) {
  quiet_pipe quiet;
  sigset_t pipe, waiting;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  quiet.pending = sigpending(&waiting) == 0 && sigismember(&waiting, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe, &quiet.before);
  return quiet;
}

static void quiet_end(const quiet_pipe *quiet) {
  static const struct timespec at_once = { 0, 0 };
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  if (!quiet->pending) (void)sigtimedwait(&pipe, NULL, &at_once);
  pthread_sigmask(SIG_SETMASK, &quiet->before, NULL);
}

/* --- running -------------------------------------------------------------------------------------------------------- */

int vms_host_run(vms_host *host, vms_error *error) {
  uv_check_start(&host->check, on_check);
  vms__crowd_begin(host);
  watch_signals(host);
  quiet_pipe quiet = quiet_begin();
  uv_run(&host->loop, UV_RUN_DEFAULT);
  quiet_end(&quiet);
  if (host->result != VMS_OK && error != NULL) *error = host->result_error;
  return host->result;
}

void vms_host_free(vms_host *host) {
  if (host == NULL) return;
  for (vms__connection *each = host->connections; each != NULL; each = each->next) vms__connection_close(each);
  close_handles(host);
  for (size_t i = 0; i < 3; i++) close_handle((uv_handle_t *)&host->signals[i]);
  close_handle((uv_handle_t *)&host->tick);
  close_handle((uv_handle_t *)&host->sweep);
  vms__replicate_deinit(host);
  uv_run(&host->loop, UV_RUN_DEFAULT);
  int failed = uv_loop_close(&host->loop);
  assert(failed == 0);
  (void)failed;
  vms__listeners_free(host);
  for (size_t i = 0; i < host->mount_count; i++) mount_free(host->mounts[i]);
  vms__free(host->env, host->mounts, host->mount_capacity * sizeof *host->mounts);
  vms__free(host->env, host->shared, host->shared_capacity * sizeof *host->shared);
  vms_folder_close(host->folder);
  vms_outcome_free(&host->outcome);
  vms__crowd_deinit(host);
  vms__free(host->env, host, sizeof *host);
}
