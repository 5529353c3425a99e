/* SPDX-License-Identifier: MIT */
/* Records as they come (vms.subscribe): one after the other, whatever happens to the connection. They come without proof: who wants to know
 * whether they are true asks for receipts or audits. */
#include "client.h"

#include <stdio.h>

/* More than this does not wait to be taken: it is asked for again once there is room. */
#define RECORDS_LEN_MAX ((size_t)32 << 20)
/* Whoever waits for less than that, or not at all, looks all the same at what came, and tries to connect again when it is time. */
#define LOOK_MS 1u
#define CONNECT_MS 1000u

int vms__follow_again(vms_client *client, vms_error *error) {
  vms__asked *asked;
  char params[48];
  if (!client->follows || client->follow_id != 0 || client->unfollowed.status != VMS_OK || client->socket == NULL) return VMS_OK;
  if ((asked = vms__ask_new(client, VMS__ASK_READ, true, error)) == NULL) return VMS_ERR_NOMEM;
  client->skips = false;
  snprintf(params, sizeof params, "{\"from\":%llu}", (unsigned long long)client->follow_next);
  if (vms_rpc_request_write(&asked->text, asked->id, VMS__TEXT("vms.subscribe"), vms__slice_of(params)) != VMS_OK) {
    vms__ask_drop(client, asked->id);
    return vms__client_out_of_memory(error);
  }
  client->follow_id = asked->id;
  return vms__ask_send(client, asked, error);
}

void vms__follow_answered(vms_client *client, const vms_rpc_reply *reply) {
  client->follow_id = 0;
  if (reply->code == VMS_CODE_BUSY || reply->code == VMS_CODE_SHUTDOWN) client->skips = true; /* for as long as an answer may take: later, then */
  else if (reply->code != 0)
    vms__fail(&client->unfollowed, VMS_ERR_REMOTE, 0, "vms.subscribe: %s", reply->message.len > 0 ? reply->message.data : "error");
}

static int keep_record(vms_client *client, vms_slice record) {
  uint64_t len = 0;
  if (client->records_at > 0 && client->records_at >= client->records.len / 2) { /* what was taken makes room */
    client->records.len -= client->records_at;
    memmove(client->records.data, client->records.data + client->records_at, client->records.len);
    client->records_at = 0;
  }
  size_t start = client->records.len;
  int status = vms_buffer_append(&client->records, &len, sizeof len);
  if (status == VMS_OK) status = vms__json_unescape((vms_slice){ record.data + 1, record.len - 2 }, &client->records);
  len = client->records.len - start - sizeof len;
  if (status == VMS_OK) memcpy(client->records.data + start, &len, sizeof len);
  else client->records.len = start;
  return status;
}

int vms__follow_notice(vms_client *client, vms_slice method, vms_slice params, vms_error *error) {
  vms_slice seq, record;
  uint64_t number;
  if (!vms__slice_is(method, "vms.appended") || !client->follows || client->skips || client->follow_id != 0) return VMS_OK;
  if (!vms__json_member(params, "seq", &seq) || !vms__uint_decode(seq, &number) || !vms__json_member(params, "record", &record) ||
      record.data[0] != '"')
    return vms__fail(error, VMS_ERR_REMOTE, 0, "%.48s tells of a record in no form that is known", client->url.authority);
  if (number < client->follow_next) return VMS_OK; /* from before the last question */
  if (number > client->follow_next)
    return vms__fail(error, VMS_ERR_REMOTE, client->follow_next, "%.48s leaves out record %llu", client->url.authority,
                     (unsigned long long)client->follow_next);
  if (client->records.len - client->records_at > RECORDS_LEN_MAX) {
    client->skips = true;
    return VMS_OK;
  }
  if (keep_record(client, record) != VMS_OK) return vms__client_out_of_memory(error);
  client->follow_next++;
  return VMS_OK;
}

int vms_client_subscribe(vms_client *client, uint64_t from, vms_error *error) {
  uint64_t deadline = vms__client_deadline(client);
  int status;
  if (client->follow_id != 0) vms__ask_drop(client, client->follow_id);
  client->follow_id = 0;
  client->follows = true;
  client->follow_next = client->taken_next = from;
  client->records.len = client->records_at = 0;
  memset(&client->unfollowed, 0, sizeof client->unfollowed);
  status = vms__follow_again(client, error);
  while (status == VMS_OK && (client->follow_id != 0 || client->socket == NULL) && client->unfollowed.status == VMS_OK) {
    if (vms__os_monotonic_ms() >= deadline) status = vms__client_late(client, error);
    else status = vms__client_pump(client, deadline, error);
  }
  if (status == VMS_OK && client->unfollowed.status != VMS_OK) {
    status = client->unfollowed.status;
    if (error != NULL) *error = client->unfollowed;
  }
  if (status != VMS_OK) client->follows = false;
  return status;
}

static int take_record(vms_client *client, uint64_t *seq, vms_buffer *record, vms_error *error) {
  uint64_t len;
  memcpy(&len, client->records.data + client->records_at, sizeof len);
  vms_slice text = { client->records.data + client->records_at + sizeof len, (size_t)len };
  if (vms__buf_slice(record, text) != VMS_OK) return vms__client_out_of_memory(error);
  client->records_at += sizeof len + text.len;
  if (client->records_at == client->records.len) client->records.len = client->records_at = 0;
  if (seq != NULL) *seq = client->taken_next;
  client->taken_next++;
  return VMS_OK;
}

/* Until when something may be waited for in one go. */
static uint64_t patience_of(const vms_client *client, uint64_t deadline) {
  uint64_t now = vms__os_monotonic_ms();
  if (client->socket != NULL) return VMS__MAX(deadline, now + LOOK_MS);
  return client->retry_at > now ? deadline : VMS__MAX(deadline, now + CONNECT_MS);
}

int vms_client_next(vms_client *client, uint32_t timeout_ms, uint64_t *seq, vms_buffer *record, vms_error *error) {
  uint64_t deadline = vms__os_monotonic_ms() + timeout_ms, patience = vms__client_deadline(client);
  if (!client->follows) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "nothing was subscribed to");
  for (bool looked = false; client->records.len == 0; looked = true) {
    int status = client->unfollowed.status;
    if (status != VMS_OK && error != NULL) *error = client->unfollowed;
    if (status == VMS_OK && client->skips) status = vms__follow_again(client, error);
    if (status != VMS_OK) return status;
    if (looked && vms__os_monotonic_ms() >= deadline) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no record yet");
    status = vms__client_pump(client, patience_of(client, deadline), error);
    /* Without a connection until then: that is for whoever waits longer than an answer may take. */
    if (status == VMS_ERR_CLOSED && (client->options.flags & VMS_CLIENT_NO_RETRY) == 0 && vms__os_monotonic_ms() < patience)
      return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no record yet");
    if (status != VMS_OK) return status;
  }
  return take_record(client, seq, record, error);
}
