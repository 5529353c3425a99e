/* SPDX-License-Identifier: MIT */
/* The client's requests, from when they are made until their answers were handed out. */
#include "client.h"

/* What a host takes in one message; it would hang up on more. */
#define MESSAGE_LEN_MAX ((size_t)2 << 20)
/* How long an answer waits for what others have to show first. */
#define SETTLE_MS_MAX 2000u
/* Between attempts of what was refused for now. */
#define BUSY_MS_FIRST 20u
#define BUSY_MS_MAX 1000u

/* --- the table ---------------------------------------------------------------------------------------------- */

static vms__asked **slot_of(const vms_client *client, uint64_t id) {
  if (id < client->first_id || id > client->last_id) return NULL;
  return &client->asked[client->asked_from + (size_t)(id - client->first_id)];
}

static vms__asked *find(const vms_client *client, uint64_t id) {
  vms__asked **slot = slot_of(client, id);
  return slot == NULL ? NULL : *slot;
}

static void asked_free(vms_client *client, vms__asked *asked) {
  vms_buffer_free(&asked->text);
  vms_rpc_reply_free(&asked->reply);
  vms__crypto_wipe(asked->secret, sizeof asked->secret);
  vms__free(client->env, asked, sizeof *asked);
}

static void set_state(vms_client *client, vms__asked *asked, uint8_t state) {
  bool waited = asked->state != VMS__ASKED_DONE, waits = state != VMS__ASKED_DONE;
  if (asked->state == VMS__ASKED_WAITS) client->due--;
  if (state == VMS__ASKED_WAITS) client->due++;
  if (waited && !waits && !asked->mine && !asked->dropped) client->waiting--;
  if (!waited && waits && !asked->mine && !asked->dropped) client->waiting++;
  asked->state = state;
}

/* Takes it out of the table. */
static void forget(vms_client *client, vms__asked *asked) {
  vms__asked **slot = slot_of(client, asked->id);
  set_state(client, asked, VMS__ASKED_DONE);
  if (slot != NULL && *slot == asked) *slot = NULL;
  while (client->first_id <= client->last_id && client->asked[client->asked_from] == NULL) {
    client->asked_from++;
    client->first_id++;
  }
  asked_free(client, asked);
}

/* An id's place at the end of the table. */
static int make_slot(vms_client *client) {
  size_t count = (size_t)(client->last_id + 1 - client->first_id);
  if (client->asked_from > 64 && client->asked_from >= count) {
    memmove(client->asked, client->asked + client->asked_from, count * sizeof *client->asked);
    client->asked_from = 0;
  }
  return vms__grow(client->env, &client->asked, &client->asked_capacity, client->asked_from + count, 1, sizeof *client->asked);
}

vms__asked *vms__ask_new(vms_client *client, uint8_t kind, bool mine, vms_error *error) {
  vms__asked *made = vms__alloc(client->env, sizeof *made);
  if (made == NULL || make_slot(client) != VMS_OK) {
    vms__free(client->env, made, sizeof *made);
    vms__client_out_of_memory(error);
    return NULL;
  }
  vms_buffer_init(&made->text, client->env);
  vms_rpc_reply_init(&made->reply, client->env);
  made->kind = kind;
  made->mine = mine;
  made->state = VMS__ASKED_DONE;
  made->deadline = vms__client_deadline(client);
  made->id = ++client->last_id;
  *slot_of(client, made->id) = made;
  set_state(client, made, VMS__ASKED_WAITS);
  return made;
}

void vms__asked_free_all(vms_client *client) {
  for (vms__asked *each = client->done, *next; each != NULL; each = next) {
    next = each->next;
    if (find(client, each->id) != each) asked_free(client, each);
  }
  for (uint64_t id = client->first_id; id <= client->last_id; id++)
    if (find(client, id) != NULL) asked_free(client, find(client, id));
  vms__free(client->env, client->asked, client->asked_capacity * sizeof *client->asked);
}

/* --- sending -------------------------------------------------------------------------------------------------- */

int vms__ask_send(vms_client *client, vms__asked *asked, vms_error *error) {
  vms_error why = { 0, 0, 0, "" };
  vms_buffer message;
  int status = VMS_OK;
  if (client->socket == NULL) return VMS_OK;
  vms_buffer_init(&message, client->env);
  if (asked->kind == VMS__ASK_SIGNED) status = vms__call_write(asked, &message);
  if (status != VMS_OK) vms__client_out_of_memory(error);
  else {
    set_state(client, asked, VMS__ASKED_SENT); /* before it is: then a connection that is lost takes it along */
    status = vms__client_write(client, asked->kind == VMS__ASK_SIGNED ? vms__buf_view(&message) : vms__buf_view(&asked->text), &why);
    if (status != VMS_OK) { /* half a message may be in front of all others on this connection */
      if (error != NULL) *error = why;
      set_state(client, asked, VMS__ASKED_WAITS);
      vms__client_lose(client, &why);
    }
  }
  vms_buffer_free(&message);
  return status;
}

bool vms__ask_again(vms_client *client, vms__asked *asked, uint32_t pause) {
  uint64_t at = vms__os_monotonic_ms() + pause;
  if (at >= asked->deadline) return false;
  asked->tries++;
  asked->not_before = at;
  set_state(client, asked, VMS__ASKED_WAITS);
  return true;
}

int vms__asked_send_due(vms_client *client, uint64_t *next, vms_error *error) {
  uint64_t now = vms__os_monotonic_ms();
  for (uint64_t id = client->first_id; client->due > 0 && client->socket != NULL && id <= client->last_id; id++) {
    vms__asked *asked = find(client, id);
    if (asked == NULL || asked->state != VMS__ASKED_WAITS) continue;
    if (asked->not_before <= now) {
      int status = vms__ask_send(client, asked, error);
      if (status != VMS_OK) return status;
    } else *next = VMS__MIN(*next, asked->not_before);
  }
  return VMS_OK;
}

/* It is done: whoever receives next gets it, and the client's own whoever waits for it. */
static void finish(vms_client *client, vms__asked *asked) {
  set_state(client, asked, VMS__ASKED_DONE);
  if (asked->dropped) {
    forget(client, asked);
  } else if (!asked->mine) {
    asked->next = NULL;
    *client->done_end = asked;
    client->done_end = &asked->next;
  }
}

void vms__asked_lost(vms_client *client) {
  vms__ask_drop(client, client->proof_id); /* asked anew, of what is known by then */
  vms__ask_drop(client, client->follow_id);
  client->proof_id = client->follow_id = 0;
  for (uint64_t id = client->first_id; id <= client->last_id; id++) {
    vms__asked *asked = find(client, id);
    if (asked == NULL || asked->state == VMS__ASKED_DONE) continue;
    if (asked->dropped || asked->mine) {
      asked->dropped = asked->dropped || asked->kind != VMS__ASK_READ;
      if (asked->dropped) forget(client, asked);
      else set_state(client, asked, VMS__ASKED_WAITS);
    } else if (asked->state == VMS__ASKED_SENT && asked->kind == VMS__ASK_ONCE) {
      asked->status = vms__fail(&asked->error, VMS_ERR_CLOSED, 0, "%.64s closed the connection; whether the call ran is not known", client->url.authority);
      finish(client, asked);
    } else if (asked->state == VMS__ASKED_SENT) {
      asked->unsure = asked->kind != VMS__ASK_READ;
      set_state(client, asked, VMS__ASKED_WAITS);
    }
  }
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* True if it was refused for now and will be sent again. Nothing was done then, whatever it was. */
static bool wait_for_room(vms_client *client, vms__asked *asked, const vms_rpc_reply *reply) {
  uint32_t pause = VMS__MIN(BUSY_MS_FIRST << VMS__MIN(asked->tries, 6u), BUSY_MS_MAX);
  if (reply->code != VMS_CODE_BUSY && reply->code != VMS_CODE_SHUTDOWN) return false;
  return vms__ask_again(client, asked, pause / 2 + vms__client_random(pause / 2 + 1));
}

/* A host that takes nothing now has not looked whether it knows the text: then its refusal says nothing about the time before. */
static int add_doubt(const vms__asked *asked, vms_rpc_reply *reply) {
  if (!asked->unsure || (reply->code != VMS_CODE_BUSY && reply->code != VMS_CODE_SHUTDOWN && reply->code != VMS_CODE_STORAGE)) return VMS_OK;
  return vms__buf_text(&reply->message, " (it was sent before, and whether it ran then is not known)");
}

static int nobody_asked(const vms_client *client, vms_error *error) {
  return vms__fail(error, VMS_ERR_REMOTE, 0, "%.48s answers what nobody asked", client->url.authority);
}

/* An error about a request that was not understood: about the only one that is under way, or about nobody knows which. */
static int answer_to_none(vms_client *client, vms_rpc_reply *reply, vms_error *error) {
  vms__asked *made;
  if (reply->code == 0 || client->waiting == 0) return nobody_asked(client, error);
  made = vms__alloc(client->env, sizeof *made);
  if (made == NULL) return vms__client_out_of_memory(error);
  for (uint64_t id = client->first_id; client->waiting == 1 && id <= client->last_id; id++) {
    vms__asked *asked = find(client, id);
    if (asked != NULL && asked->state == VMS__ASKED_SENT && !asked->mine && !asked->dropped) forget(client, asked);
  }
  made->state = VMS__ASKED_DONE;
  made->reply = *reply;
  vms_rpc_reply_init(reply, client->env);
  finish(client, made);
  return VMS_OK;
}

static int answered(vms_client *client, vms__asked *asked, vms_rpc_reply *reply, vms_error *error) {
  if (!asked->dropped && wait_for_room(client, asked, reply)) return VMS_OK;
  if (asked->id == client->proof_id || asked->id == client->follow_id) {
    if (asked->id == client->proof_id) vms__trust_proof(client, reply);
    else vms__follow_answered(client, reply);
    forget(client, asked);
  } else if (asked->dropped) {
    finish(client, asked);
  } else if (asked->kind != VMS__ASK_SIGNED || vms__call_answered(client, asked, reply)) {
    if (add_doubt(asked, reply) != VMS_OK) return vms__client_out_of_memory(error);
    vms_rpc_reply empty = asked->reply;
    asked->reply = *reply;
    *reply = empty;
    finish(client, asked);
  }
  return vms__trust_go_on(client, error);
}

int vms__asked_message(vms_client *client, vms_slice text, vms_error *error) {
  vms_slice method, params;
  vms_rpc_reply reply;
  vms__asked *asked;
  uint64_t id;
  int status;
  vms_rpc_reply_init(&reply, client->env);
  status = vms_rpc_reply_read(text, &id, &reply, NULL);
  if (status == VMS_ERR_NOMEM) vms__client_out_of_memory(error);
  else if (status != VMS_OK && vms_rpc_notification_read(text, &method, &params) == VMS_OK) status = vms__follow_notice(client, method, params, error);
  else if (status != VMS_OK) status = vms__fail(error, VMS_ERR_REMOTE, 0, "%.48s does not answer as JSON-RPC 2.0 demands", client->url.authority);
  else if (id == 0) status = answer_to_none(client, &reply, error);
  else if ((asked = find(client, id)) == NULL || asked->state != VMS__ASKED_SENT) status = nobody_asked(client, error);
  else status = answered(client, asked, &reply, error);
  vms_rpc_reply_free(&reply);
  return status;
}

/* --- handing out ------------------------------------------------------------------------------------------------------ */

/* Moves an answer to whoever gets it. */
static int take(vms_client *client, vms__asked *asked, uint64_t *id, vms_rpc_reply *reply, vms_error *error) {
  vms__asked **link = &client->done;
  vms_rpc_reply old = *reply;
  int status = asked->status;
  while (*link != NULL && *link != asked) link = &(*link)->next;
  if (*link == asked) {
    *link = asked->next;
    if (asked->next == NULL) client->done_end = link;
  }
  *reply = asked->reply;
  asked->reply = old;
  if (id != NULL) *id = asked->id;
  if (status != VMS_OK && error != NULL) *error = asked->error;
  forget(client, asked);
  return status;
}

int vms__ask_settle(vms_client *client, vms_error *error) {
  if (client->broken.status == VMS_OK && (client->waiting > 0 || client->done != NULL)) return VMS_OK;
  return vms__trust_settle(client, vms__os_monotonic_ms() + VMS__MIN(client->options.timeout_ms, SETTLE_MS_MAX), error);
}

void vms__ask_drop(vms_client *client, uint64_t id) {
  vms__asked *asked = find(client, id);
  if (asked == NULL || (asked->state == VMS__ASKED_DONE && !asked->mine)) return;
  if (asked->state == VMS__ASKED_DONE) {
    forget(client, asked);
    return;
  }
  if (!asked->mine && !asked->dropped) client->waiting--;
  asked->dropped = true;
  if (asked->state == VMS__ASKED_WAITS) forget(client, asked);
}

int vms__ask_wait(vms_client *client, uint64_t id, uint64_t deadline, vms_rpc_reply *reply, vms_error *error) {
  for (;;) {
    vms__asked *asked = find(client, id);
    int status;
    /* About a request that was not understood: it may have been this one. */
    for (vms__asked *each = client->done; each != NULL && (asked == NULL || asked->state != VMS__ASKED_DONE); each = each->next)
      if (each->id == 0) asked = each;
    if (asked == NULL) return vms__fail(error, VMS_ERR_CLOSED, 0, "%.64s closed the connection", client->url.authority);
    if (asked->state == VMS__ASKED_DONE) {
      status = take(client, asked, NULL, reply, error);
      vms__ask_drop(client, id);
      return status;
    }
    status = vms__os_monotonic_ms() >= deadline ? vms__client_late(client, error) : vms__client_pump(client, deadline, error);
    if (status != VMS_OK) {
      vms__ask_drop(client, id);
      return status;
    }
  }
}

int vms_client_receive(vms_client *client, uint64_t *id, vms_rpc_reply *reply, vms_error *error) {
  uint64_t deadline = vms__client_deadline(client);
  int status = VMS_OK, settled;
  if (id != NULL) *id = 0;
  reply->code = 0;
  vms__buf_clear(&reply->result);
  vms__buf_clear(&reply->message);
  vms__buf_clear(&reply->data);
  while (client->done == NULL) {
    if (client->waiting == 0) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "no request is under way");
    status = vms__os_monotonic_ms() >= deadline ? vms__client_late(client, error) : vms__client_pump(client, deadline, error);
    if (status != VMS_OK && client->done == NULL) return status;
  }
  status = take(client, client->done, id, reply, error);
  settled = vms__ask_settle(client, status == VMS_OK ? error : NULL);
  return status == VMS_OK ? settled : status;
}

/* --- asking ---------------------------------------------------------------------------------------------------------------- */

static uint8_t kind_of(const char *method, vms_slice params) {
  vms_slice signature;
  if (strcmp(method, "vms.call") == 0)
    return vms_json_member(params, "signature", &signature) == VMS_OK ? VMS__ASK_SAME : VMS__ASK_ONCE;
  return strchr(method, '.') != NULL ? VMS__ASK_READ : VMS__ASK_ONCE;
}

int vms__ask_check(vms_client *client, const vms__asked *asked, vms_error *error) {
  size_t len = asked->text.len;
  if (client->broken.status != VMS_OK) return vms__client_pump(client, 0, error); /* says why */
  if (client->socket == NULL && (client->options.flags & VMS_CLIENT_NO_RETRY) != 0) return vms__client_pump(client, 0, error);
  /* A signed text travels as a string: with its escapes it is at most six times as long. */
  if (asked->kind == VMS__ASK_SIGNED && len > MESSAGE_LEN_MAX / 8) {
    vms_buffer message;
    vms_buffer_init(&message, client->env);
    int status = vms__call_write(asked, &message);
    len = message.len;
    vms_buffer_free(&message);
    if (status != VMS_OK) return vms__client_out_of_memory(error);
  }
  return len <= MESSAGE_LEN_MAX ? VMS_OK : vms__fail(error, VMS_ERR_LIMIT, 0, "the request is longer than 2 MiB, which no host takes");
}

static int send_new(vms_client *client, const char *method, vms_slice params, bool mine, uint64_t *id, vms_error *error) {
  vms__asked *asked;
  int status;
  if (!vms__utf8_valid(method, strlen(method))) return vms__fail(error, VMS_ERR_FORM, 0, "the method's name is not UTF-8");
  if ((asked = vms__ask_new(client, kind_of(method, params), mine, error)) == NULL) return VMS_ERR_NOMEM;
  if (vms_rpc_request_write(&asked->text, asked->id, vms__slice_of(method), params) != VMS_OK) status = vms__client_out_of_memory(error);
  else if ((status = vms__ask_check(client, asked, error)) == VMS_OK) {
    *id = asked->id;
    status = vms__ask_send(client, asked, error);
  }
  if (status != VMS_OK && find(client, client->last_id) == asked) forget(client, asked);
  return status;
}

int vms_client_send(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error) {
  uint64_t number;
  return send_new(client, method, params, false, id == NULL ? &number : id, error);
}

int vms_client_request(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply, vms_error *error) {
  uint64_t id;
  int status = vms_client_send(client, method, params, &id, error);
  return status == VMS_OK ? vms__ask_wait(client, id, vms__client_deadline(client), reply, error) : status;
}

int vms__client_ask_begin(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error) {
  return send_new(client, method, params, true, id, error);
}

int vms__client_ask(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply, vms_error *error) {
  uint64_t id;
  int status = vms__client_ask_begin(client, method, params, &id, error);
  return status == VMS_OK ? vms__ask_wait(client, id, vms__client_deadline(client), reply, error) : status;
}
