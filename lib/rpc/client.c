/* SPDX-License-Identifier: MIT */
/* The client's end of one connection. */
#include "internal.h"

#define MESSAGE_LEN_MAX ((uint64_t)64 << 20)
#define PONG_LEN_MAX ((size_t)1 << 20) /* of answers to pings that the server does not take */

struct vms_rpc_client {
  const vms_env *env;
  uint64_t message_len_max;
  vms__http http;
  vms__ws ws;
  vms_buffer early; /* the upgrade request */
  char key[25];
  size_t pong_len;  /* what was said without being asked to since the last take */
  bool open, failed, stream;
};

static bool is_plain(vms_slice text) {
  if (text.len == 0) return false;
  for (size_t i = 0; i < text.len; i++)
    if ((uint8_t)text.data[i] <= ' ' || text.data[i] == 0x7f) return false;
  return true;
}

static int make_key(vms_rpc_client *client, vms_error *error) {
  uint8_t bytes[16];
  vms_buffer key;
  int status = client->env->entropy(client->env->context, bytes, sizeof bytes);
  if (status != VMS_OK) return vms__fail(error, VMS_ERR_IO, 0, "the system gives no random bytes");
  vms_buffer_init(&key, client->env);
  status = vms__buf_base64(&key, bytes, sizeof bytes);
  if (status == VMS_OK) memcpy(client->key, key.data, 25);
  vms_buffer_free(&key);
  return status == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}

int vms_rpc_client_new(vms_rpc_client **client, vms_slice host, vms_slice target, const vms_rpc_client_options *options, vms_error *error) {
  vms_rpc_client_options known = VMS_RPC_CLIENT_OPTIONS_INIT;
  vms_rpc_client *made;
  int status = vms__options_load(&known, sizeof known, options, error);
  *client = NULL;
  if (status != VMS_OK) return status;
  if (known.env == NULL || known.env->entropy == NULL) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a client needs entropy");
  if (!is_plain(host) || !is_plain(target) || target.data[0] != '/') return vms__fail(error, VMS_ERR_ARGUMENT, 0, "malformed host or path");
  if (known.protocol != NULL && strcmp(known.protocol, "hypercore") != 0)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "hypercore is the only subprotocol that is known");
  made = vms__alloc(known.env, sizeof *made);
  if (made == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  made->env = known.env;
  made->stream = known.protocol != NULL;
  made->message_len_max = known.message_len_max == 0 ? MESSAGE_LEN_MAX : known.message_len_max;
  vms__http_init(&made->http, false, known.env);
  vms_buffer_init(&made->early, known.env);
  status = make_key(made, error);
  if (status == VMS_OK && vms__handshake_request(host, target, made->key, made->stream, &made->early) != VMS_OK)
    status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  if (status == VMS_OK) *client = made;
  else vms_rpc_client_free(made);
  return status;
}

void vms_rpc_client_free(vms_rpc_client *client) {
  if (client == NULL) return;
  vms__ws_free(&client->ws);
  vms__http_free(&client->http);
  vms_buffer_free(&client->early);
  vms__free(client->env, client, sizeof *client);
}

/* A server that pings and takes no pong is given up: they would gather here. */
static int read_messages(vms_rpc_client *client) {
  size_t before = client->ws.output.len;
  int status = vms__ws_read(&client->ws);
  client->pong_len += client->ws.output.len - before;
  client->failed = client->failed || status != VMS_OK || client->pong_len > PONG_LEN_MAX;
  return status;
}

int vms_rpc_client_feed(vms_rpc_client *client, const void *bytes, size_t len, vms_error *error) {
  int status = VMS_OK;
  if (len == 0 || client->failed) return VMS_OK;
  if (!client->open) {
    size_t used;
    vms__http_feed(&client->http, bytes, len, &used);
    if (!client->http.done) return VMS_OK;
    status = vms__handshake_check(&client->http, client->key, client->stream, error);
    client->failed = status != VMS_OK;
    if (client->failed) return status;
    status = vms__ws_init(&client->ws, client->stream ? VMS__WS_STREAM : 0, client->message_len_max, client->env);
    client->open = status == VMS_OK;
    bytes = (const char *)bytes + used;
    len -= used;
  }
  if (status == VMS_OK) status = vms__ws_feed(&client->ws, bytes, len);
  if (status == VMS_OK) status = read_messages(client);
  client->failed = client->failed || status != VMS_OK;
  return status == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a message");
}

int vms_rpc_client_take(vms_rpc_client *client, vms_buffer *bytes, vms_error *error) {
  int status = vms__rpc_move(&client->early, bytes);
  if (status == VMS_OK) status = vms__rpc_move(&client->ws.output, bytes);
  if (status == VMS_OK) client->pong_len = 0;
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory");
}

int vms_rpc_client_is_open(const vms_rpc_client *client) { return client->open; }

int vms_rpc_client_is_closed(const vms_rpc_client *client) {
  return client->failed || (client->open && client->ws.first == NULL && (!client->stream || client->ws.arrived.len == 0) &&
                            (vms__ws_close_received(&client->ws) || vms__ws_close_sent(&client->ws)));
}

int vms_rpc_client_send(vms_rpc_client *client, vms_slice text, vms_error *error) {
  assert(!client->stream);
  if (!client->open || vms_rpc_client_is_closed(client)) return vms__fail(error, VMS_ERR_CLOSED, 0, "the connection is closed");
  return vms__ws_send(&client->ws, text) == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a message");
}

int vms_rpc_client_stream_send(vms_rpc_client *client, const void *bytes, size_t len, vms_error *error) {
  assert(client->stream && (bytes != NULL || len == 0));
  if (!client->open || vms_rpc_client_is_closed(client)) return vms__fail(error, VMS_ERR_CLOSED, 0, "the connection is closed");
  return vms__ws_stream_send(&client->ws, bytes, len) == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a message");
}

int vms_rpc_client_stream_take(vms_rpc_client *client, vms_buffer *bytes, vms_error *error) {
  int status = client->stream && client->open ? vms__ws_stream_take(&client->ws, bytes) : VMS_OK;
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory");
}

int vms_rpc_client_next(vms_rpc_client *client, vms_buffer *text, vms_error *error) {
  vms_buffer message;
  int status;
  vms_buffer_init(&message, client->env);
  if (!client->open) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no message");
  if (client->ws.first == NULL && !client->failed && read_messages(client) != VMS_OK) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  if (!vms__ws_next(&client->ws, &message)) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no message");
  status = vms__buf_slice(text, vms__buf_view(&message));
  vms_buffer_free(&message);
  return status == VMS_OK ? VMS_OK : vms__fail(error, status, 0, "out of memory for a message");
}

int vms_rpc_client_close(vms_rpc_client *client, uint16_t code, vms_error *error) {
  if (!client->open) return VMS_OK;
  return vms__ws_close(&client->ws, code, "") == VMS_OK ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}
