/* SPDX-License-Identifier: MIT */
/* The blocking client's connection: pumped while somebody waits for it, made again when it is lost. */
#define _GNU_SOURCE
#include "client.h"

#define TIMEOUT_MS_DEFAULT 30000u
#define GATHER_LEN ((size_t)16 << 10)
/* Between two attempts to connect: growing, and not for all clients of a host the same. */
#define PAUSE_MS_FIRST 50u
#define PAUSE_MS_MAX 2000u
/* With less than this left there is no further attempt. */
#define LAST_MS 10u

int vms__client_out_of_memory(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory"); }

uint64_t vms__client_deadline(const vms_client *client) { return vms__os_monotonic_ms() + client->options.timeout_ms; }

uint32_t vms__client_random(uint32_t below) {
  uint32_t number = 0;
  if (vms__os_entropy(&number, sizeof number) != VMS_OK) number = (uint32_t)vms__os_now_us();
  return below == 0 ? 0 : number % below;
}

static int timed_out(const vms_client *client, const char *what, vms_error *error) {
  return vms__fail(error, VMS_ERR_TIMEOUT, 0, "%s from %.48s within %g s", what, client->url.authority, client->options.timeout_ms / 1000.0);
}

/* --- one connection ------------------------------------------------------------------------------------------- */

static int closed_by_peer(const vms_client *client, vms_error *error) {
  return vms__fail(error, VMS_ERR_CLOSED, 0, "%.64s closed the connection", client->url.authority);
}

static int send_some(vms_client *client, vms_error *error) {
  client->gathered = 0;
  if (client->output_at == client->output.len) {
    client->output.len = client->output_at = 0;
    int status = vms_rpc_client_take(client->session, &client->output, error);
    if (status != VMS_OK) return status;
  }
  while (client->output_at < client->output.len) {
    size_t sent;
    int status = vms__socket_send(client->socket, client->output.data + client->output_at, client->output.len - client->output_at, &sent, error);
    if (status != VMS_OK || sent == 0) return status;
    client->output_at += sent;
  }
  return VMS_OK;
}

/* Reads once. A connection that ends in the handshake was no vms service's. */
static int receive_some(vms_client *client, vms_error *error) {
  char bytes[65536];
  size_t got;
  int status = vms__socket_receive(client->socket, bytes, sizeof bytes, &got, error);
  if (status == VMS_ERR_CLOSED && !vms_rpc_client_is_open(client->session))
    return vms__fail(error, VMS_ERR_REMOTE, 0, "%.64s hangs up during the handshake", client->url.authority);
  return status == VMS_OK && got > 0 ? vms_rpc_client_feed(client->session, bytes, got, error) : status;
}

/* Sends what waits and reads what is there, waiting at most until the deadline for something to happen. */
static int step(vms_client *client, uint64_t deadline, const char *what, vms_error *error) {
  int status = send_some(client, error);
  if (status != VMS_OK) return status;
  /* Also if there is something to read: a peer that never stops sending shall not keep anybody. */
  if (vms__os_monotonic_ms() >= deadline) return timed_out(client, what, error);
  status = vms__socket_wait(client->socket, client->output_at < client->output.len, deadline, error);
  if (status == VMS_ERR_TIMEOUT) return timed_out(client, what, error);
  return status == VMS_OK ? receive_some(client, error) : status;
}

static void disconnect(vms_client *client) {
  vms__socket_close(client->socket);
  vms_rpc_client_free(client->session);
  client->socket = NULL;
  client->session = NULL;
  client->output.len = client->output_at = client->gathered = 0;
}

/* Connects and waits until the WebSocket is open. protocol: NULL, or the subprotocol that is wanted. */
static int client_begin(vms_client *client, const char *protocol, uint64_t deadline, vms_error *error) {
  vms_rpc_client_options session_options = VMS_RPC_CLIENT_OPTIONS_INIT;
  int status;
  session_options.env = client->env;
  session_options.protocol = protocol;
  status = vms_rpc_client_new(&client->session, vms__slice_of(client->url.authority), vms__slice_of(client->url.target), &session_options, error);
  if (status == VMS_OK) status = vms__socket_open(&client->socket, &client->url, client->options.ca, client->env, deadline, error);
  if (status == VMS_ERR_TIMEOUT) timed_out(client, "no answer", error);
  while (status == VMS_OK && !vms_rpc_client_is_open(client->session)) status = step(client, deadline, "no answer", error);
  if (status != VMS_OK) disconnect(client);
  return status;
}

/* The next message; its text is in client->text. VMS_ERR_NOT_FOUND if there is none yet. */
static int next_message(vms_client *client, vms_error *error) {
  vms__buf_clear(&client->text);
  int status = vms_rpc_client_next(client->session, &client->text, error);
  if (status == VMS_ERR_NOT_FOUND && vms_rpc_client_is_closed(client->session)) return closed_by_peer(client, error);
  return status;
}

/* --- connecting again -------------------------------------------------------------------------------------------- */

/* True if another attempt may do better. */
static bool may_pass(int status) {
  return status == VMS_ERR_CLOSED || status == VMS_ERR_IO || status == VMS_ERR_TIMEOUT || status == VMS_ERR_REMOTE;
}

void vms__client_lose(vms_client *client, const vms_error *why) {
  uint32_t pause = client->failures == 0 ? 0 : PAUSE_MS_FIRST << VMS__MIN(client->failures - 1, 6u);
  disconnect(client);
  pause = VMS__MIN(pause, PAUSE_MS_MAX);
  client->retry_at = vms__os_monotonic_ms() + pause / 2 + vms__client_random(pause / 2 + 1);
  if (client->failures++ == 0) client->lost = *why; /* what comes of further attempts is told by that */
  vms__asked_lost(client);
}

static int still_lost(const vms_client *client, vms_error *error) {
  return vms__fail(error, VMS_ERR_CLOSED, client->lost.position, "%s%s", client->lost.message, client->failures > 1 ? ", again and again" : "");
}

int vms__client_late(const vms_client *client, vms_error *error) {
  return client->socket == NULL || client->failures > 1 ? still_lost(client, error) : timed_out(client, "no answer", error);
}

/* The first thing on a new connection: whether the same ledger is there. Nothing else is asked before. */
static int ask_who(vms_client *client, uint64_t deadline, vms_error *error) {
  vms_buffer request;
  vms_rpc_reply reply;
  uint64_t id = 0;
  int status;
  vms_buffer_init(&request, client->env);
  vms_rpc_reply_init(&reply, client->env);
  status = vms_rpc_request_write(&request, VMS__JSON_INT_MAX, VMS__TEXT("vms.head"), (vms_slice){ NULL, 0 });
  if (status != VMS_OK) vms__client_out_of_memory(error);
  else status = vms_rpc_client_send(client->session, vms__buf_view(&request), error);
  while (status == VMS_OK && (status = next_message(client, error)) == VMS_ERR_NOT_FOUND) status = step(client, deadline, "no answer", error);
  if (status == VMS_OK && (vms_rpc_reply_read(vms__buf_view(&client->text), &id, &reply, NULL) != VMS_OK || id != VMS__JSON_INT_MAX))
    status = vms__fail(error, VMS_ERR_REMOTE, 0, "%.48s does not answer as JSON-RPC 2.0 demands", client->url.authority);
  if (status == VMS_OK) status = vms__trust_return(client, &reply, error);
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&request);
  return status;
}

static int connected(vms_client *client, vms_error *error) {
  uint64_t next = UINT64_MAX;
  client->no_receipts = client->no_proofs = false; /* it may be another version of the host */
  int status = vms__asked_send_due(client, &next, error);
  return status == VMS_OK ? vms__follow_again(client, error) : status;
}

static int connect_again(vms_client *client, uint64_t deadline, vms_error *error) {
  uint64_t now = vms__os_monotonic_ms();
  vms_error why = { 0, 0, 0, "" };
  int status;
  if ((client->options.flags & VMS_CLIENT_NO_RETRY) != 0 || now + LAST_MS > deadline) return still_lost(client, error);
  /* Whoever has no time for the whole pause gets another attempt all the same. */
  if (client->retry_at > now) vms__os_sleep_ms((uint32_t)(client->retry_at < deadline ? client->retry_at - now : (deadline - now) / 2));
  status = client_begin(client, NULL, deadline, &why);
  if (status == VMS_OK && client->known) {
    status = ask_who(client, deadline, &why);
    /* It is there and answers, so pauses need not go on growing; but a host that is lost at each request is not to be called without any. */
    if (status == VMS_OK) client->failures = VMS__MIN(client->failures, 1u);
  }
  if (status == VMS_OK) return connected(client, error);
  vms__client_lose(client, &why);
  if (may_pass(status)) return VMS_OK;
  if (error != NULL) *error = why;
  return status;
}

static int read_messages(vms_client *client, vms_error *error) {
  int status = VMS_OK;
  while (status == VMS_OK && client->socket != NULL && (status = next_message(client, error)) == VMS_OK) {
    client->failures = 0;
    status = vms__asked_message(client, vms__buf_view(&client->text), error);
  }
  return status == VMS_ERR_NOT_FOUND ? VMS_OK : status;
}

int vms__client_pump(vms_client *client, uint64_t deadline, vms_error *error) {
  vms_error why = { 0, 0, 0, "" };
  uint64_t next = deadline;
  int status;
  if (client->broken.status != VMS_OK) {
    if (error != NULL) *error = client->broken;
    return client->broken.status;
  }
  if (client->socket == NULL) return connect_again(client, deadline, error);
  status = vms__asked_send_due(client, &next, error);
  if (status != VMS_OK || client->socket == NULL) return status;
  status = step(client, next, "no answer", &why);
  if (status == VMS_OK) status = read_messages(client, &why);
  if (status == VMS_ERR_TIMEOUT) return VMS_OK;
  if (status == VMS_ERR_CLOSED || status == VMS_ERR_IO) {
    vms__client_lose(client, &why);
    return VMS_OK;
  }
  if (status == VMS_ERR_REMOTE) vms__client_lose(client, &why); /* what else comes on this connection is not to be trusted either */
  if (status != VMS_OK && error != NULL) *error = why;
  return status;
}

int vms__client_write(vms_client *client, vms_slice text, vms_error *error) {
  vms_error why = { 0, 0, 0, "" };
  int status = vms_rpc_client_send(client->session, text, &why);
  client->gathered += text.len;
  /* While there are answers to receive, what is small goes out together: a host answers eighty calls at once for the price of two. */
  if (status == VMS_OK && (client->waiting <= 1 || client->gathered >= GATHER_LEN)) status = send_some(client, &why);
  if (status == VMS_ERR_CLOSED) {
    vms__client_lose(client, &why);
    return VMS_OK;
  }
  if (status != VMS_OK && error != NULL) *error = why;
  return status;
}

/* --- opening and closing ---------------------------------------------------------------------------------------------- */

/* A client with nothing on it yet. */
static vms_client *client_new(const vms_client_options *options, const vms__url *url, vms_error *error) {
  vms_client *made = vms__alloc(options->env, sizeof *made);
  if (made == NULL) {
    vms__client_out_of_memory(error);
    return NULL;
  }
  made->options = *options;
  made->env = options->env;
  made->url = *url;
  made->first_id = 1;
  made->done_end = &made->done;
  made->spread_ms = (uint16_t)vms__client_random(UINT16_MAX);
  vms_buffer_init(&made->address, options->env);
  vms_buffer_init(&made->ca, options->env);
  vms_buffer_init(&made->records, options->env);
  vms_buffer_init(&made->output, options->env);
  vms_buffer_init(&made->text, options->env);
  vms_buffer_init(&made->evidence, options->env);
  return made;
}

int vms_client_open(vms_client **client, const char *url, const vms_client_options *options, vms_error *error) {
  vms_client_options known = VMS_CLIENT_OPTIONS_INIT;
  vms__url parts;
  vms_client *opened;
  int status = vms__options_load(&known, sizeof known, options, error);
  *client = NULL;
  if (status != VMS_OK) return status;
  if (known.timeout_ms == 0) known.timeout_ms = TIMEOUT_MS_DEFAULT;
  if (known.env == NULL) known.env = vms__os_env();
  status = vms__url_read(url, &parts, error);
  if (status != VMS_OK) return status;
  opened = client_new(&known, &parts, error);
  if (opened == NULL) return VMS_ERR_NOMEM;
  if (vms__buf_text(&opened->address, url) != VMS_OK || (known.ca != NULL && vms__buf_text(&opened->ca, known.ca) != VMS_OK))
    status = vms__client_out_of_memory(error);
  opened->options.ca = opened->ca.data;
  /* Not again and again: whoever mistyped a URL wants to know at once. */
  if (status == VMS_OK) status = client_begin(opened, NULL, vms__client_deadline(opened), error);
  if (status == VMS_OK) *client = opened;
  else vms_client_close(opened);
  return status;
}

void vms_client_close(vms_client *client) {
  if (client == NULL) return;
  vms__trust_save(client);
  if (client->socket != NULL && vms_rpc_client_close(client->session, 1000, NULL) == VMS_OK)
    (void)send_some(client, NULL); /* a goodbye, if it fits */
  disconnect(client);
  vms__asked_free_all(client);
  vms_buffer_free(&client->address);
  vms_buffer_free(&client->ca);
  vms_buffer_free(&client->records);
  vms_buffer_free(&client->output);
  vms_buffer_free(&client->text);
  vms_buffer_free(&client->key);
  vms_buffer_free(&client->evidence);
  vms_keep_close(client->own_keep);
  vms__crypto_wipe(client->secret, sizeof client->secret);
  vms__crypto_wipe(client->seed, sizeof client->seed);
  vms__free(client->env, client, sizeof *client);
}

const uint8_t *vms__client_pin(const vms_client *client) { return client->url.pinned ? client->url.ledger : NULL; }
vms_slice vms__client_path(const vms_client *client) { return (vms_slice){ client->url.target, strcspn(client->url.target, "?") }; }

/* --- a stream of bytes ------------------------------------------------------------------------------------------ */

int vms__client_stream(vms_client **stream, const vms_client *client, vms_error *error) {
  vms_client *opened = client_new(&client->options, &client->url, error);
  int status;
  *stream = NULL;
  if (opened == NULL) return VMS_ERR_NOMEM;
  status = client_begin(opened, "hypercore", vms__client_deadline(client), error);
  if (status == VMS_OK) *stream = opened;
  else vms_client_close(opened);
  return status;
}

int vms__client_stream_step(vms_client *stream, vms_buffer *out, vms_buffer *in, uint64_t deadline, vms_error *error) {
  int status = out->len == 0 ? VMS_OK : vms_rpc_client_stream_send(stream->session, out->data, out->len, error);
  if (status != VMS_OK) return status;
  vms__buf_clear(out);
  status = vms_rpc_client_stream_take(stream->session, in, error); /* it may have come with the upgrade */
  if (status == VMS_OK && in->len > 0) return send_some(stream, error);
  if (status == VMS_OK) status = step(stream, deadline, "nothing that was asked for came", error);
  if (status == VMS_OK) status = vms_rpc_client_stream_take(stream->session, in, error);
  if (status == VMS_OK && in->len == 0 && vms_rpc_client_is_closed(stream->session)) status = closed_by_peer(stream, error);
  return status;
}
