/* SPDX-License-Identifier: MIT */
/* Calls: signed, sent again with the same bytes, and signed anew only where the first text can never run. */
#include "client.h"

/* How long after the time-out a signed request may still run: clocks differ. */
#define UNTIL_MARGIN_MS 60000u
#define NONCE_AHEAD_US (UINT64_C(86400) * 1000000)
/* To find a nonce above those of others who use the same key, within the time that the call has. */
#define TRIES_MAX 1000u

/* --- signing -------------------------------------------------------------------------------------------------- */

/* What `until` is measured by. */
static uint64_t now_ms(const vms_client *client) {
  return client->env->now_ms != NULL ? client->env->now_ms(client->env->context) : vms__os_now_us() / 1000;
}

/* Signs a text of its own for this call, in place of the one before. method and params may lie in that one. */
static int sign(vms_client *client, vms__asked *asked, vms_slice method, vms_slice params, vms_error *error) {
  vms_request request;
  vms_buffer text;
  int status;
  vms_buffer_init(&text, client->env);
  memset(&request, 0, sizeof request);
  memcpy(request.ledger, client->ledger, VMS_KEY_LEN);
  client->last_nonce = VMS__MAX(client->last_nonce + 1, vms__os_now_us());
  request.nonce = client->last_nonce;
  request.until_ms = now_ms(client) + client->options.timeout_ms + UNTIL_MARGIN_MS + client->spread_ms;
  request.seen_length = client->tip.length;
  memcpy(request.seen_hash, client->tip.hash, VMS_HASH_LEN);
  request.method = method;
  request.params = params;
  status = vms_request_write(&text, &request, error);
  if (status == VMS_OK && vms__request_sign(vms__buf_view(&text), asked->secret, asked->signature) != VMS_OK)
    status = vms__client_out_of_memory(error);
  if (status == VMS_OK) {
    vms_buffer old = asked->text;
    asked->text = text;
    asked->unsure = false;
    text = old;
  }
  vms_buffer_free(&text);
  return status;
}

int vms__call_write(const vms__asked *asked, vms_buffer *text) {
  int status = vms__buf_format(text, "{\"jsonrpc\":\"2.0\",\"id\":%llu,\"method\":\"vms.call\",\"params\":{\"request\":", (unsigned long long)asked->id);
  if (status == VMS_OK) status = vms__buf_json_string(text, asked->text.data, asked->text.len);
  if (status == VMS_OK) status = vms__buf_text(text, ",\"caller\":\"");
  if (status == VMS_OK) status = vms__buf_hex(text, asked->secret + VMS_SEED_LEN, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_text(text, "\",\"signature\":\"");
  if (status == VMS_OK) status = vms__buf_hex(text, asked->signature, VMS_SIGNATURE_LEN);
  return status == VMS_OK ? vms__buf_text(text, asked->receipt ? "\",\"receipt\":true}}" : "\"}}") : status;
}

/* --- refusals --------------------------------------------------------------------------------------------------- */

/* Whoever else signs with the same key may be ahead: the next nonce goes beyond theirs. No host gets it to where no nonce is
 * left: what is more than a day ahead no honest one has accepted. */
static bool learn_nonce(vms_client *client, const vms_rpc_reply *reply, uint64_t *last) {
  vms_slice value;
  if (!vms__json_member(vms__buf_view(&reply->data), "last", &value) || !vms__uint_decode(value, last)) return false;
  if (*last > client->last_nonce && *last < vms__os_now_us() + NONCE_AHEAD_US) client->last_nonce = *last;
  return *last <= client->last_nonce;
}

/* True if a text whose nonce was refused never ran and never will: a request that ran is answered, not refused, and the caller's
 * newest nonce is above it. Null means forgotten: then nobody knows. A nonce that is too far ahead may still have its day. */
static bool is_void(vms_client *client, const vms_request *request, const vms_rpc_reply *reply) {
  vms_slice executed;
  uint64_t last;
  if (!learn_nonce(client, reply, &last) || last < request->nonce) return false;
  return vms__json_member(vms__buf_view(&reply->data), "executed", &executed) && (vms__slice_is(executed, "true") || vms__slice_is(executed, "false"));
}

/* True if a text can be signed anew: it did not run, and will not. */
static bool may_sign_again(vms_client *client, const vms_request *request, const vms_rpc_reply *reply) {
  if (reply->code == VMS_CODE_NONCE) return is_void(client, request, reply);
  /* Both clocks say so. If only the host's does, the next text would expire as well. */
  return reply->code == VMS_CODE_EXPIRED && now_ms(client) > request->until_ms;
}

/* Lets others who sign with the same key go first: longer each time, and not all of us equally long. */
static uint32_t pause_of(unsigned tries) { return tries < 2 ? 0 : vms__client_random(2u << VMS__MIN(tries - 2, 5u)); }

static bool sign_again(vms_client *client, vms__asked *asked, const vms_request *request) {
  return asked->tries < TRIES_MAX && sign(client, asked, request->method, request->params, NULL) == VMS_OK &&
         vms__ask_again(client, asked, pause_of(asked->tries));
}

/* The host does not know a state that it signed itself: what it has instead has to be compared. */
static void look_at_its_head(vms_client *client, const vms_rpc_reply *reply) {
  vms_slice value;
  vms_head head;
  if (vms__json_member(vms__buf_view(&reply->data), "head", &value) && vms_head_read(value, &head, NULL) == VMS_OK &&
      vms_head_verify(&head, client->ledger, NULL) == VMS_OK) (void)vms__trust_head(client, &head, NULL, NULL);
}

bool vms__call_answered(vms_client *client, vms__asked *asked, const vms_rpc_reply *reply) {
  vms_request request;
  /* A host of another version takes no member that it does not know. The text is the same one. */
  if (reply->code == VMS_CODE_PARAMS && asked->receipt) {
    asked->receipt = false;
    client->no_receipts = true;
    return !vms__ask_again(client, asked, 0);
  }
  if (vms_request_read(vms__buf_view(&asked->text), &request, NULL) != VMS_OK) return true; /* cannot be: it was written here */
  if (may_sign_again(client, &request, reply)) return !sign_again(client, asked, &request);
  if (reply->code == VMS_CODE_SEEN) look_at_its_head(client, reply);
  asked->status = vms__trust_receipt(client, asked, reply, &asked->error);
  return asked->state != VMS__ASKED_WAITS;
}

/* --- calls ---------------------------------------------------------------------------------------------------------- */

/* The caller's key, expanded: that takes as long as signing, and most sign often with one. */
static void use_key(vms_client *client, const uint8_t seed[VMS_SEED_LEN], vms__asked *asked) {
  static const uint8_t none[VMS_KEY_LEN];
  if (memcmp(client->secret, seed, VMS_SEED_LEN) != 0 || memcmp(client->secret + VMS_SEED_LEN, none, sizeof none) == 0)
    vms__crypto_expand(seed, client->secret);
  memcpy(asked->secret, client->secret, sizeof asked->secret);
}

/* A request with no answer to wait for: it was never sent. */
static int take_back(vms_client *client, vms__asked *asked, int status) {
  if (status != VMS_OK) vms__ask_drop(client, asked->id);
  return status;
}

int vms_client_call_send(vms_client *client, const uint8_t seed[VMS_SEED_LEN], const char *method, vms_slice params,
                         uint64_t *id, vms_error *error) {
  vms__asked *asked;
  uint64_t number;
  int status = vms__trust_learn(client, error);
  if (status != VMS_OK) return status;
  asked = vms__ask_new(client, VMS__ASK_SIGNED, false, error);
  if (asked == NULL) return VMS_ERR_NOMEM;
  use_key(client, seed, asked);
  asked->receipt = (client->options.flags & VMS_CLIENT_NO_RECEIPT) == 0 && !client->no_receipts;
  status = sign(client, asked, vms__slice_of(method), params, error);
  if (status == VMS_OK) status = vms__ask_check(client, asked, error);
  if (status != VMS_OK) return take_back(client, asked, status);
  number = asked->id;
  if (id != NULL) *id = number;
  status = vms__ask_send(client, asked, error);
  if (status != VMS_OK) vms__ask_drop(client, number); /* nobody waits for it, so it is not sent later either */
  return status;
}

int vms_client_call(vms_client *client, const uint8_t seed[VMS_SEED_LEN], const char *method, vms_slice params,
                    vms_rpc_reply *reply, vms_buffer *receipt, vms_error *error) {
  uint64_t id;
  int status = vms_client_call_send(client, seed, method, params, &id, error);
  if (status == VMS_OK) status = vms__ask_wait(client, id, vms__client_deadline(client), reply, error);
  if (status == VMS_OK) status = vms__ask_settle(client, error);
  if (status == VMS_OK && receipt != NULL && vms__buf_slice(receipt, vms_rpc_reply_receipt(reply)) != VMS_OK)
    status = vms__client_out_of_memory(error);
  if (status != VMS_OK) return status;
  status = vms_rpc_reply_unwrap(reply, NULL, error);
  if (status == VMS_ERR_FORM && error != NULL) error->status = VMS_ERR_REMOTE; /* the host's form, not the caller's */
  return status == VMS_ERR_FORM ? VMS_ERR_REMOTE : status;
}

int vms_client_call_send_unsigned(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error) {
  vms_buffer text, call;
  int status;
  if (!vms__utf8_valid(method, strlen(method))) return vms__fail(error, VMS_ERR_FORM, 0, "the method's name is not UTF-8");
  vms_buffer_init(&text, client->env);
  vms_buffer_init(&call, client->env);
  status = vms__buf_text(&text, "{\"method\":");
  if (status == VMS_OK) status = vms__buf_json_string(&text, method, strlen(method));
  if (status == VMS_OK) status = vms__buf_text(&text, ",\"params\":");
  if (status == VMS_OK) status = vms__buf_slice(&text, params);
  if (status == VMS_OK) status = vms__buf_byte(&text, '}');
  if (status == VMS_OK) status = vms__buf_text(&call, "{\"request\":");
  if (status == VMS_OK) status = vms__buf_json_string(&call, text.data, text.len);
  if (status == VMS_OK) status = vms__buf_byte(&call, '}');
  status = status == VMS_OK ? vms_client_send(client, "vms.call", vms__buf_view(&call), id, error) : vms__client_out_of_memory(error);
  vms_buffer_free(&text);
  vms_buffer_free(&call);
  return status;
}
