/* SPDX-License-Identifier: MIT */
/* The blocking client: one connection, pumped while somebody waits for it. */
#define _GNU_SOURCE
#include "internal.h"

#define TIMEOUT_MS_DEFAULT 30000u
/* What a host takes in one message; it would hang up on more. */
#define MESSAGE_LEN_MAX ((size_t)2 << 20)
/* How long after the time-out a signed request may still run: clocks differ. */
#define UNTIL_MARGIN_MS 60000u
#define GATHER_LEN ((size_t)16 << 10)
#define NONCE_AHEAD_US (UINT64_C(86400) * 1000000)

struct vms_client {
  vms_client_options options;
  const vms_env *env;
  vms__url url;
  vms_rpc_client *session;
  vms_buffer output; /* not sent yet */
  size_t output_at;
  size_t gathered;   /* bytes of requests since the last attempt to send */
  vms_buffer text;   /* scratch */
  uint64_t last_id, last_nonce;
  uint64_t waiting;    /* requests that are not answered yet */
  vms_buffer *early;   /* answers to others that came while vms_client_request() waited; fewer than are waited for */
  size_t early_count, early_capacity;
  vms__socket *socket;
  uint8_t secret[VMS__SECRET_LEN]; /* the key that signed last, expanded; zero before */
  bool known;        /* ledger and head were asked for */
  uint8_t ledger[VMS_KEY_LEN];
  uint64_t seen_length;
  uint8_t seen_hash[VMS_HASH_LEN];
  uint16_t spread_ms; /* random: two clients with one key must never sign the same text for two calls by accident */
};

static int out_of_memory(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory"); }

static int timed_out(const vms_client *client, const char *what, vms_error *error) {
  return vms__fail(error, VMS_ERR_TIMEOUT, 0, "%s from %.48s within %g s", what, client->url.authority, client->options.timeout_ms / 1000.0);
}

/* --- pumping ---------------------------------------------------------------------------------------------- */

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

/* A connection with nothing on it yet. */
static vms_client *client_new(const vms_client_options *options, const vms__url *url, vms_error *error) {
  vms_client *made = vms__alloc(options->env, sizeof *made);
  if (made == NULL) {
    out_of_memory(error);
    return NULL;
  }
  made->options = *options;
  made->env = options->env;
  made->url = *url;
  vms_buffer_init(&made->output, options->env);
  vms_buffer_init(&made->text, options->env);
  return made;
}

/* Connects and waits until the WebSocket is open. protocol: NULL, or the subprotocol that is wanted. */
static int client_begin(vms_client *client, const char *protocol, vms_error *error) {
  vms_rpc_client_options session_options = VMS_RPC_CLIENT_OPTIONS_INIT;
  uint64_t deadline = vms__os_monotonic_ms() + client->options.timeout_ms;
  int status;
  session_options.env = client->env;
  session_options.protocol = protocol;
  status = vms_rpc_client_new(&client->session, vms__slice_of(client->url.authority), vms__slice_of(client->url.target), &session_options, error);
  if (status == VMS_OK) status = vms__socket_open(&client->socket, &client->url, client->options.ca, client->env, deadline, error);
  if (status == VMS_ERR_TIMEOUT) return timed_out(client, "no answer", error);
  while (status == VMS_OK && !vms_rpc_client_is_open(client->session)) status = step(client, deadline, "no answer", error);
  return status;
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
  status = client_begin(opened, NULL, error);
  if (status == VMS_OK) *client = opened;
  else vms_client_close(opened);
  return status;
}

void vms_client_close(vms_client *client) {
  if (client == NULL) return;
  if (client->socket != NULL && vms_rpc_client_close(client->session, 1000, NULL) == VMS_OK)
    (void)send_some(client, NULL); /* a goodbye, if it fits */
  vms__socket_close(client->socket);
  vms_rpc_client_free(client->session);
  for (size_t i = 0; i < client->early_count; i++) vms_buffer_free(&client->early[i]);
  vms__free(client->env, client->early, client->early_capacity * sizeof *client->early);
  vms_buffer_free(&client->output);
  vms_buffer_free(&client->text);
  vms__crypto_wipe(client->secret, sizeof client->secret);
  vms__free(client->env, client, sizeof *client);
}

/* --- requests ------------------------------------------------------------------------------------------------ */

int vms_client_send(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error) {
  int status;
  uint64_t number = client->last_id + 1;
  vms__buf_clear(&client->text);
  if (!vms__utf8_valid(method, strlen(method))) return vms__fail(error, VMS_ERR_FORM, 0, "the method's name is not UTF-8");
  if (vms_rpc_request_write(&client->text, number, vms__slice_of(method), params) != VMS_OK) return out_of_memory(error);
  if (client->text.len > MESSAGE_LEN_MAX) return vms__fail(error, VMS_ERR_LIMIT, 0, "the request is longer than 2 MiB, which no host takes");
  status = vms_rpc_client_send(client->session, vms__buf_view(&client->text), error);
  client->gathered += client->text.len;
  /* While there are answers to receive, what is small goes out together: a host answers eighty calls at once for the price of two. */
  if (status == VMS_OK && (client->waiting == 0 || client->gathered >= GATHER_LEN)) status = send_some(client, error);
  if (status != VMS_OK) return status;
  client->last_id = number;
  client->waiting++;
  if (id != NULL) *id = number;
  return VMS_OK;
}

/* Whoever else signs with the same key may be ahead: the next nonce goes beyond theirs. No host gets it to where no nonce is
 * left: what is more than a day ahead no honest one has accepted. */
static void learn_nonce(vms_client *client, const vms_rpc_reply *reply) {
  vms_slice value;
  uint64_t last;
  if (reply->code == VMS_CODE_NONCE && vms__json_member(vms__buf_view(&reply->data), "last", &value) && vms__uint_decode(value, &last) &&
      last > client->last_nonce && last < vms__os_now_us() + NONCE_AHEAD_US) client->last_nonce = last;
}

/* Waits for a message and reads it; its text stays in client->text. */
static int receive(vms_client *client, uint64_t deadline, uint64_t *id, vms_rpc_reply *reply, vms_error *error) {
  int status;
  for (;;) {
    vms__buf_clear(&client->text);
    status = vms_rpc_client_next(client->session, &client->text, error);
    if (status != VMS_ERR_NOT_FOUND) break;
    if (vms_rpc_client_is_closed(client->session)) return closed_by_peer(client, error);
    status = step(client, deadline, "no answer", error);
    if (status != VMS_OK) return status;
  }
  if (status == VMS_OK && vms_rpc_reply_read(vms__buf_view(&client->text), id, reply, error) != VMS_OK)
    return vms__fail(error, VMS_ERR_REMOTE, 0, "%.48s does not answer as JSON-RPC 2.0 demands", client->url.authority);
  /* Without an id there can only be an error, about a request that was not understood. */
  if (status == VMS_OK && (client->waiting == 0 || *id > client->last_id || (*id == 0 && reply->code == 0)))
    return vms__fail(error, VMS_ERR_REMOTE, 0, "%.48s answers what nobody asked", client->url.authority);
  if (status == VMS_OK) learn_nonce(client, reply);
  return status;
}

static uint64_t deadline_of(const vms_client *client) { return vms__os_monotonic_ms() + client->options.timeout_ms; }

int vms_client_receive(vms_client *client, uint64_t *id, vms_rpc_reply *reply, vms_error *error) {
  uint64_t number;
  int status = VMS_OK;
  if (client->early_count > 0) {
    vms_buffer text = client->early[0];
    memmove(client->early, client->early + 1, --client->early_count * sizeof text);
    status = vms_rpc_reply_read(vms__buf_view(&text), &number, reply, error);
    vms_buffer_free(&text);
  } else {
    status = receive(client, deadline_of(client), &number, reply, error);
    if (status == VMS_OK) client->waiting--;
  }
  if (status == VMS_OK && id != NULL) *id = number;
  return status;
}

/* Waits for the answer to one request; what comes for others is kept for vms_client_receive(). */
static int receive_for(vms_client *client, uint64_t id, vms_rpc_reply *reply, vms_error *error) {
  uint64_t deadline = deadline_of(client), got;
  for (;;) {
    int status = receive(client, deadline, &got, reply, error);
    if (status != VMS_OK) return status;
    client->waiting--;
    if (got == id || got == 0) return VMS_OK;
    if (vms__grow(client->env, &client->early, &client->early_capacity, client->early_count, 1, sizeof client->text) != VMS_OK)
      return out_of_memory(error);
    client->early[client->early_count++] = client->text;
    vms_buffer_init(&client->text, client->env);
  }
}

int vms_client_request(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply, vms_error *error) {
  uint64_t id;
  int status = vms_client_send(client, method, params, &id, error);
  return status == VMS_OK ? receive_for(client, id, reply, error) : status;
}

/* --- calls ----------------------------------------------------------------------------------------------------- */

static int ask(vms_client *client, const char *method, vms_rpc_reply *reply, vms_error *error) {
  int status = vms_client_request(client, method, (vms_slice){ NULL, 0 }, reply, error);
  if (status != VMS_OK || reply->code == 0) return status;
  return vms__fail(error, VMS_ERR_REMOTE, 0, "%s: %s", method, reply->message.len > 0 ? reply->message.data : "error");
}

/* Takes the ledger's key and newest head. The head is verified: it goes into what the user signs. */
static int learn(vms_client *client, vms_error *error) {
  vms_rpc_reply reply;
  vms_slice value;
  vms_head head;
  int status;
  if (client->known) return VMS_OK;
  vms_rpc_reply_init(&reply, client->env);
  status = ask(client, "vms.info", &reply, error);
  if (status == VMS_OK) {
    vms__json json = { NULL, NULL, 0, 0 };
    if (vms__json_member(vms__buf_view(&reply.result), "ledger", &value)) json = vms__json_over(value, VMS__JSON_COMPACT);
    if (json.at == NULL || !vms__json_hex(&json, client->ledger, VMS_KEY_LEN))
      status = vms__fail(error, VMS_ERR_REMOTE, 0, "vms.info does not tell the ledger's key");
  }
  if (status == VMS_OK && client->url.pinned && memcmp(client->ledger, client->url.ledger, VMS_KEY_LEN) != 0)
    status = vms__fail(error, VMS_ERR_FOREIGN, 0, "another ledger than the URL's #KEY answers there");
  if (status == VMS_OK) status = ask(client, "vms.head", &reply, error);
  if (status == VMS_OK && (vms_head_read(vms__buf_view(&reply.result), &head, NULL) != VMS_OK ||
                           vms_head_verify(&head, client->ledger, NULL) != VMS_OK))
    status = vms__fail(error, VMS_ERR_REMOTE, 0, "the host's head is not signed by its ledger's key");
  if (status == VMS_OK) {
    client->seen_length = head.length;
    memcpy(client->seen_hash, head.tree_hash, VMS_HASH_LEN);
    if (vms__os_entropy(&client->spread_ms, sizeof client->spread_ms) != VMS_OK) client->spread_ms = 0;
    client->known = true;
  }
  vms_rpc_reply_free(&reply);
  return status;
}

const uint8_t *vms__client_pin(const vms_client *client) { return client->url.pinned ? client->url.ledger : NULL; }
vms_slice vms__client_path(const vms_client *client) { return (vms_slice){ client->url.target, strcspn(client->url.target, "?") }; }

int vms_client_ledger(vms_client *client, uint8_t ledger[VMS_KEY_LEN], vms_error *error) {
  int status = learn(client, error);
  if (status == VMS_OK) memcpy(ledger, client->ledger, VMS_KEY_LEN);
  return status;
}

static int write_call(vms_client *client, vms_buffer *params, vms_slice text, const uint8_t seed[VMS_SEED_LEN]) {
  static const uint8_t none[VMS_KEY_LEN];
  const uint8_t *caller = client->secret + VMS_SEED_LEN;
  uint8_t signature[VMS_SIGNATURE_LEN];
  if (memcmp(client->secret, seed, VMS_SEED_LEN) != 0 || memcmp(caller, none, sizeof none) == 0) vms__crypto_expand(seed, client->secret);
  int status = vms__request_sign(text, client->secret, signature);
  if (status == VMS_OK) status = vms__buf_text(params, "{\"request\":");
  if (status == VMS_OK) status = vms__buf_json_string(params, text.data, text.len);
  if (status == VMS_OK) status = vms__buf_text(params, ",\"caller\":\"");
  if (status == VMS_OK) status = vms__buf_hex(params, caller, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_text(params, "\",\"signature\":\"");
  if (status == VMS_OK) status = vms__buf_hex(params, signature, sizeof signature);
  return status == VMS_OK ? vms__buf_text(params, "\"}") : status;
}

int vms_client_call_send(vms_client *client, const uint8_t seed[VMS_SEED_LEN], const char *method, vms_slice params,
                         uint64_t *id, vms_error *error) {
  vms_request request;
  vms_buffer text, call;
  int status = learn(client, error);
  if (status != VMS_OK) return status;
  vms_buffer_init(&text, client->env);
  vms_buffer_init(&call, client->env);
  memset(&request, 0, sizeof request);
  memcpy(request.ledger, client->ledger, VMS_KEY_LEN);
  client->last_nonce = VMS__MAX(client->last_nonce + 1, vms__os_now_us());
  request.nonce = client->last_nonce;
  request.until_ms = vms__os_now_us() / 1000 + client->options.timeout_ms + UNTIL_MARGIN_MS + client->spread_ms;
  request.seen_length = client->seen_length;
  memcpy(request.seen_hash, client->seen_hash, VMS_HASH_LEN);
  request.method = vms__slice_of(method);
  request.params = params;
  status = vms_request_write(&text, &request, error);
  if (status == VMS_OK && write_call(client, &call, vms__buf_view(&text), seed) != VMS_OK) status = out_of_memory(error);
  if (status == VMS_OK) status = vms_client_send(client, "vms.call", vms__buf_view(&call), id, error);
  vms_buffer_free(&text);
  vms_buffer_free(&call);
  return status;
}

int vms_client_call(vms_client *client, const uint8_t seed[VMS_SEED_LEN], const char *method, vms_slice params,
                    vms_rpc_reply *reply, vms_buffer *receipt, vms_error *error) {
  uint64_t id;
  int status = vms_client_call_send(client, seed, method, params, &id, error);
  (void)receipt;
  if (status == VMS_OK) status = receive_for(client, id, reply, error);
  return status == VMS_OK ? vms_rpc_reply_unwrap(reply, NULL, error) : status;
}

int vms_client_call_send_unsigned(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error) {
  vms_buffer text, call;
  int status;
  vms_buffer_init(&text, client->env);
  vms_buffer_init(&call, client->env);
  status = vms__buf_format(&text, "{\"method\":\"%s\",\"params\":", method);
  if (status == VMS_OK) status = vms__buf_slice(&text, params);
  if (status == VMS_OK) status = vms__buf_byte(&text, '}');
  if (status == VMS_OK) status = vms__buf_text(&call, "{\"request\":");
  if (status == VMS_OK) status = vms__buf_json_string(&call, text.data, text.len);
  if (status == VMS_OK) status = vms__buf_byte(&call, '}');
  status = status == VMS_OK ? vms_client_send(client, "vms.call", vms__buf_view(&call), id, error) : out_of_memory(error);
  vms_buffer_free(&text);
  vms_buffer_free(&call);
  return status;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* What is proved has to be at least as new as the newest head seen so far, which it becomes. */
static int note_proven(vms_client *client, const vms_file_proven *proven, vms_error *error) {
  if (proven->length < client->seen_length)
    return vms__fail(error, VMS_ERR_SIGNATURE, proven->length, "the host proves an older state than it told before: %llu records, after %llu",
                     (unsigned long long)proven->length, (unsigned long long)client->seen_length);
  if (proven->length == client->seen_length && memcmp(proven->tree_hash, client->seen_hash, VMS_HASH_LEN) != 0)
    return vms__fail(error, VMS_ERR_SIGNATURE, proven->length, "the host signed two different heads for %llu records",
                     (unsigned long long)proven->length);
  client->seen_length = proven->length;
  memcpy(client->seen_hash, proven->tree_hash, VMS_HASH_LEN);
  return VMS_OK;
}

static int verify_file(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply, vms_file_proven *proven, vms_error *error) {
  vms_file_proven facts;
  int status = vms_rpc_file_verify(client->ledger, vms__slice_of(method), params, reply, &facts, error);
  if (status == VMS_OK && (status = note_proven(client, &facts, error)) != VMS_OK) {
    vms_rpc_reply_free(reply);
    vms_rpc_reply_init(reply, client->env);
  }
  if (status == VMS_OK && proven != NULL) *proven = facts;
  return status;
}

int vms_client_file(vms_client *client, const char *method, vms_slice params, uint64_t version, uint32_t flags, vms_rpc_reply *reply,
                    vms_file_proven *proven, vms_error *error) {
  bool verify = (flags & VMS_CLIENT_VERIFY) != 0;
  vms_buffer text;
  int status;
  assert(verify || proven == NULL);
  if ((flags & ~VMS_CLIENT_VERIFY) != 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "this library does not know all of the flags");
  vms_buffer_init(&text, client->env);
  status = vms_rpc_file_params(vms__slice_of(method), params, version, verify, &text, error);
  if (status == VMS_OK && verify) status = learn(client, error);
  if (status == VMS_OK) status = vms_client_request(client, method, vms__buf_view(&text), reply, error);
  if (status == VMS_OK && verify) status = verify_file(client, method, vms__buf_view(&text), reply, proven, error);
  vms_buffer_free(&text);
  return status;
}

/* --- a stream of bytes ------------------------------------------------------------------------------------------ */

int vms__client_stream(vms_client **stream, const vms_client *client, vms_error *error) {
  vms_client *opened = client_new(&client->options, &client->url, error);
  int status;
  *stream = NULL;
  if (opened == NULL) return VMS_ERR_NOMEM;
  status = client_begin(opened, "hypercore", error);
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
