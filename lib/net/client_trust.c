/* SPDX-License-Identifier: MIT */
/* What the client believes about a ledger: its key, and one history. Whatever signed head it is shown has to be in one line with all those
 * before; a receipt shows that by itself for what its request had seen, and for the rest the host is asked for proofs (vms.proof),
 * one at a time. What is lost, late or garbled on the way is never held against the host. */
#include "client.h"

#include <stdio.h>

#define SAVE_MS 1000u

/* --- the host broke its word --------------------------------------------------------------------------------------- */

void vms__trust_warn(vms_client *client, const vms_error *why) { client->warning = *why; }

/* Nothing goes on after this, and `broken` says why. */
static int stop(vms_client *client, vms_error *error) {
  if (error != NULL) *error = client->broken;
  return client->broken.status;
}

/* The host broke its word: only with a text that convicts it, whoever reads it. False: it does not. */
static bool accuse(vms_client *client, vms_slice evidence, const char *what) {
  vms_error why;
  if (!vms__evidence_convicts(evidence, client->ledger, client->env)) return false;
  vms__fail(&client->broken, VMS_ERR_CONFLICT, 0, "%s", what);
  vms__buf_clear(&client->evidence);
  if (client->options.keep != NULL && vms_keep_evidence(client->options.keep, client->ledger, evidence, &client->evidence, &why) != VMS_OK) {
    vms__trust_warn(client, &why);
    vms__buf_clear(&client->evidence);
  }
  return true;
}

const char *vms_client_evidence(const vms_client *client) { return client->evidence.len > 0 ? client->evidence.data : NULL; }

/* The host does not answer for what was shown before. Whose fault that is nobody knows: a copy was put back, or somebody on the way changes what it
 * says. */
static int disown(vms_client *client, const vms__mark *a, const vms__mark *b, vms_error *error) {
  const vms__mark *shorter = a->length <= b->length ? a : b, *longer = shorter == a ? b : a;
  vms__fail(&client->broken, VMS_ERR_CONFLICT, longer->length, "the host does not show that its %llu records go on from %llu that it had signed",
            (unsigned long long)longer->length, (unsigned long long)shorter->length);
  return stop(client, error);
}

/* Two states that are of one history only if `growth` (the host's answer about them, may be empty) shows it. VMS_OK: it does. */
static int compare(vms_client *client, const vms__mark *a, const vms__mark *b, vms_slice growth, vms_error *error) {
  const vms__mark *shorter = a->length <= b->length ? a : b, *longer = shorter == a ? b : a;
  vms_buffer evidence;
  int status = VMS_ERR_MISSING;
  if (client->broken.status != VMS_OK) return stop(client, error); /* what was said first stands */
  vms_buffer_init(&evidence, client->env);
  if (shorter->is_signed && longer->is_signed && (growth.len > 0 || shorter->length == longer->length))
    status = vms_evidence_heads(&shorter->head, &longer->head, growth, &evidence, NULL);
  if (status == VMS_ERR_ARGUMENT && shorter->length > 0 && shorter->head.fork == 0 && longer->head.fork == 0) status = VMS_OK; /* sizes at the cut were moved on the way, and no hash was */
  else if (status == VMS_OK && accuse(client, vms__buf_view(&evidence), "the host signed two histories")) status = stop(client, error);
  else if (status == VMS_ERR_NOMEM) vms__client_out_of_memory(error);
  else status = disown(client, a, b, error);
  vms_buffer_free(&evidence);
  return status;
}

/* --- what is kept ------------------------------------------------------------------------------------------------------ */

static vms__mark mark_of(const vms_head *head) {
  vms__mark mark = { .length = head->length, .is_signed = true, .head = *head };
  memcpy(mark.hash, head->tree_hash, VMS_HASH_LEN);
  return mark;
}

static bool same_mark(const vms__mark *a, const vms__mark *b) { return a->length == b->length && memcmp(a->hash, b->hash, VMS_HASH_LEN) == 0; }

static int add_mark(vms_client *client, const vms__mark *mark, vms_error *error);

void vms__trust_save(vms_client *client) {
  vms_head now;
  vms_error why;
  vms__mark mark;
  int status;
  bool goes_on = client->broken.status == VMS_OK;
  if (client->options.keep == NULL || !client->known || client->newest.length == 0) return;
  client->saved_at = vms__os_monotonic_ms();
  if (client->other_kept && goes_on) {
    mark = mark_of(&client->kept);
    (void)add_mark(client, &mark, NULL);
  }
  if (client->other_kept || (client->has_kept && client->kept.length >= client->newest.length)) return;
  status = vms__keep_move_head(client->options.keep, client->ledger, client->has_kept ? &client->kept : NULL, &client->newest, &now, &why);
  if (status == VMS_OK) {
    client->kept = client->newest;
    client->has_kept = true;
  } else if (status == VMS_ERR_EXISTS) { /* another process was faster: is that one history with ours? */
    client->kept = now;
    client->has_kept = client->other_kept = true;
    mark = mark_of(&now);
    if (goes_on) (void)add_mark(client, &mark, NULL);
  } else vms__trust_warn(client, &why);
}

/* It was shown that a state is in one line with all others. */
static void accept(vms_client *client, const vms__mark *mark) {
  if (mark->length > client->tip.length) client->tip = *mark;
  if (mark->is_signed && mark->length > client->newest.length) client->newest = mark->head;
  if (!client->other_kept || mark->length != client->kept.length) return;
  client->other_kept = false; /* the same, or two of one length would have been seen */
}

/* --- states that were shown ------------------------------------------------------------------------------------------- */

static void remove_mark(vms_client *client, size_t index) {
  client->marks[index] = client->marks[--client->mark_count];
}

/* A state of which it is not known whether it is in one line with the tip. */
static int add_mark(vms_client *client, const vms__mark *mark, vms_error *error) {
  if (mark->length == client->tip.length) {
    if (memcmp(mark->hash, client->tip.hash, VMS_HASH_LEN) != 0)
      return compare(client, &client->tip, mark, (vms_slice){ NULL, 0 }, error);
    if (mark->is_signed) client->tip = *mark;
    accept(client, mark);
    return VMS_OK;
  }
  for (size_t i = 0; i < client->mark_count; i++) {
    if (client->marks[i].length != mark->length) continue;
    if (same_mark(&client->marks[i], mark)) return VMS_OK;
    return compare(client, &client->marks[i], mark, (vms_slice){ NULL, 0 }, error);
  }
  if (client->no_proofs) return VMS_OK;
  if (client->mark_count == VMS__MARKS_MAX) client->mark_count--;
  client->marks[client->mark_count++] = *mark;
  return VMS_OK;
}

int vms__trust_head(vms_client *client, const vms_head *head, const vms__mark *seen, vms_error *error) {
  vms__mark mark = mark_of(head);
  if (mark.length > client->tip.length && seen != NULL && same_mark(seen, &client->tip)) {
    accept(client, &mark);
    return VMS_OK;
  }
  return add_mark(client, &mark, error);
}

/* --- proofs -------------------------------------------------------------------------------------------------------------- */

/* The longest one first: what is below it is asked about then, and its history is what the next call has seen. */
static size_t longest_mark(const vms_client *client) {
  size_t longest = 0;
  for (size_t i = 1; i < client->mark_count; i++)
    if (client->marks[i].length > client->marks[longest].length) longest = i;
  return longest;
}

static int ask_for_proof(vms_client *client, vms_error *error) {
  vms__asked *asked = vms__ask_new(client, VMS__ASK_READ, true, error);
  const vms__mark *mark = &client->marks[longest_mark(client)];
  bool above = mark->length > client->tip.length;
  char params[96];
  if (asked == NULL) return VMS_ERR_NOMEM;
  client->lower = above ? client->tip : *mark;
  client->upper = above ? *mark : client->tip;
  snprintf(params, sizeof params, "{\"from\":%llu,\"length\":%llu}", (unsigned long long)client->lower.length, (unsigned long long)client->upper.length);
  if (vms_rpc_request_write(&asked->text, asked->id, VMS__TEXT("vms.proof"), vms__slice_of(params)) != VMS_OK) {
    vms__ask_drop(client, asked->id);
    return vms__client_out_of_memory(error);
  }
  client->proof_id = asked->id;
  return vms__ask_send(client, asked, error);
}

int vms__trust_go_on(vms_client *client, vms_error *error) {
  /* What the tip reached meanwhile needs no proof. */
  for (size_t i = client->mark_count; i-- > 0;)
    if (client->marks[i].length == client->tip.length) {
      vms__mark mark = client->marks[i];
      remove_mark(client, i);
      int status = add_mark(client, &mark, error);
      if (status != VMS_OK) return status;
    }
  if (client->broken.status != VMS_OK) return stop(client, error);
  if (client->mark_count == 0 || client->proof_id != 0 || client->socket == NULL) return VMS_OK;
  return ask_for_proof(client, error);
}

/* No proof, and nobody's fault: an older host, a busy one, a disk. What was shown stays unproved and is not built upon. */
static bool is_excuse(int32_t code) {
  return code == VMS_CODE_NO_METHOD || code == VMS_CODE_BUSY || code == VMS_CODE_SHUTDOWN || code == VMS_CODE_STORAGE ||
         code == VMS_CODE_NO_SERVICE || code == VMS_CODE_INTERNAL;
}

/* What speaks against the host and is not signed may have been garbled on the way: it is asked once more before anybody is accused. */
static bool doubt(vms_client *client) {
  client->doubts = !client->doubts;
  return client->doubts;
}

/* False: to be asked once more. */
static bool judge_proof(vms_client *client, const vms_rpc_reply *reply) {
  vms_slice answer = vms__buf_view(&reply->result);
  vms_growth growth;
  if (reply->code != 0 && is_excuse(reply->code)) {
    client->no_proofs = client->no_proofs || reply->code == VMS_CODE_NO_METHOD;
    return true;
  }
  if (reply->code != 0) {
    if (doubt(client)) return false;
    disown(client, &client->lower, &client->upper, NULL);
    return true;
  }
  if (vms_growth_read(answer, &growth, NULL) != VMS_OK || growth.from != client->lower.length || growth.length != client->upper.length) return true;
  if (memcmp(growth.hash, client->upper.hash, VMS_HASH_LEN) != 0 || memcmp(growth.from_hash, client->lower.hash, VMS_HASH_LEN) != 0) {
    if (doubt(client)) return false;
    if (compare(client, &client->lower, &client->upper, answer, NULL) != VMS_OK) return true;
  }
  if (same_mark(&client->lower, &client->tip) || client->upper.length <= client->tip.length) {
    accept(client, &client->lower);
    accept(client, &client->upper);
  }
  return true;
}

void vms__trust_proof(vms_client *client, const vms_rpc_reply *reply) {
  bool from_tip;
  client->proof_id = 0;
  from_tip = same_mark(&client->lower, &client->tip) || client->upper.length <= client->tip.length;
  if (!judge_proof(client, reply)) return;
  client->doubts = false;
  /* Whatever came of it is settled; but one above a tip that moved on meanwhile is asked about again. */
  for (size_t i = client->mark_count; i-- > 0;)
    if (client->no_proofs || (from_tip && (same_mark(&client->marks[i], &client->lower) || same_mark(&client->marks[i], &client->upper))))
      remove_mark(client, i);
}

int vms__trust_settle(vms_client *client, uint64_t deadline, vms_error *error) {
  int status = vms__trust_go_on(client, error);
  while (status == VMS_OK && (client->proof_id != 0 || client->mark_count > 0) && client->socket != NULL && vms__os_monotonic_ms() < deadline) {
    status = vms__client_pump(client, deadline, NULL);
    /* What is on the way to other answers is theirs to say; but a broken word is for everybody. */
    if (status != VMS_OK && client->broken.status == VMS_OK) status = VMS_OK, deadline = 0;
    else if (status == VMS_OK) status = vms__trust_go_on(client, error);
  }
  if (client->broken.status != VMS_OK) return stop(client, error);
  if (client->saved_at == 0 || vms__os_monotonic_ms() >= client->saved_at + SAVE_MS) vms__trust_save(client);
  return status;
}

/* --- receipts ----------------------------------------------------------------------------------------------------------- */

/* The same for an answer that does not fit its receipt: the same bytes are answered with the same outcome again. It waits then. */
static bool ask_once_more(vms_client *client, vms__asked *asked) {
  if (asked->doubted) return false;
  asked->doubted = true;
  return vms__ask_again(client, asked, 0);
}

static int judge_receipt(vms_client *client, vms__asked *asked, const vms_rpc_reply *reply, vms_slice text, const vms_receipt *receipt, vms_error *error) {
  vms_outcome outcome;
  vms_error why = { 0, 0, 0, "" };
  int status;
  vms_outcome_init(&outcome, client->env);
  status = vms_rpc_reply_outcome(reply, &outcome, &why);
  if (status == VMS_OK)
    status = vms_receipt_matches(receipt, client->ledger, vms__buf_view(&asked->text), asked->secret + VMS_SEED_LEN, asked->signature, &outcome, &why);
  vms_outcome_free(&outcome);
  if (status == VMS_ERR_NOMEM) return vms__client_out_of_memory(error);
  if (receipt->has_signature && (!receipt->signature_fits || !receipt->seen_fits) &&
      accuse(client, text, receipt->seen_fits ? "the host recorded what nobody signed" : "the host signed two histories")) return stop(client, error);
  if (status == VMS_OK && receipt->signature_fits && receipt->seen_fits) return VMS_OK;
  if (ask_once_more(client, asked)) return VMS_OK;
  if (status == VMS_ERR_FORM) return vms__fail(error, VMS_ERR_REMOTE, 0, "%s", why.message);
  vms__fail(&client->broken, VMS_ERR_CONFLICT, receipt->seq, "%s", status == VMS_OK ? "the receipt's record does not hold" : why.message);
  return stop(client, error);
}

int vms__trust_receipt(vms_client *client, vms__asked *asked, const vms_rpc_reply *reply, vms_error *error) {
  vms_slice text = vms_rpc_reply_receipt(reply);
  vms__mark seen = { .length = 0 };
  vms_receipt receipt;
  vms_buffer scratch;
  vms_error why = { 0, 0, 0, "" };
  int status;
  bool keeps = client->options.keep != NULL && (client->options.flags & VMS_CLIENT_NO_RECEIPT) == 0;
  /* A host that is not durable gives none. One that nobody asked for has to hold as well: it is handed out with the answer. */
  if (text.data == NULL) return VMS_OK;
  vms_buffer_init(&scratch, client->env);
  status = vms_receipt_read(text, &scratch, &receipt, &why);
  if (status == VMS_ERR_NOMEM) vms__client_out_of_memory(error);
  else if (status == VMS_OK) status = judge_receipt(client, asked, reply, text, &receipt, error);
  else if (ask_once_more(client, asked)) status = VMS_OK;
  else status = vms__fail(error, VMS_ERR_REMOTE, 0, "the call's receipt does not hold: %s", why.message);
  if (status != VMS_OK || asked->state == VMS__ASKED_WAITS) {
    vms_buffer_free(&scratch);
    return status;
  }
  if (keeps && vms_keep_receipt(client->options.keep, client->ledger, text, &why) != VMS_OK) vms__trust_warn(client, &why);
  seen.length = receipt.seen_length;
  memcpy(seen.hash, receipt.seen_hash, VMS_HASH_LEN);
  status = vms__trust_head(client, &receipt.head, &seen, error);
  vms_buffer_free(&scratch);
  return status;
}

/* --- who is there --------------------------------------------------------------------------------------------------------- */

static int foreign(const uint8_t found[VMS_KEY_LEN], const uint8_t wanted[VMS_KEY_LEN], const char *who, vms_error *error) {
  vms_buffer a = VMS_BUFFER_INIT, b = VMS_BUFFER_INIT;
  int status = vms__buf_hex(&a, found, 8) == VMS_OK && vms__buf_hex(&b, wanted, 8) == VMS_OK ? VMS_ERR_FOREIGN : VMS_ERR_NOMEM;
  if (status == VMS_ERR_FOREIGN) vms__fail(error, status, 0, "ledger %s… answers there, and not %s…, %s", a.data, b.data, who);
  else vms__client_out_of_memory(error);
  vms_buffer_free(&a);
  vms_buffer_free(&b);
  return status;
}

/* What cannot be read counts as nothing kept; what is damaged stops everything, lest somebody damages it to be believed. */
static int if_readable(vms_client *client, int status, const vms_error *why, vms_error *error) {
  if (status == VMS_ERR_IO) {
    vms__trust_warn(client, why);
    return VMS_ERR_NOT_FOUND;
  }
  if (status != VMS_OK && status != VMS_ERR_NOT_FOUND && error != NULL) *error = *why;
  return status;
}

static int check_pin(vms_client *client, vms_error *error) {
  uint8_t pinned[VMS_KEY_LEN];
  vms_error why = { 0, 0, 0, "" };
  int status;
  if (client->url.pinned && memcmp(client->ledger, client->url.ledger, VMS_KEY_LEN) != 0)
    return foreign(client->ledger, client->url.ledger, "as the URL says", error);
  if (client->url.pinned || client->options.keep == NULL) return VMS_OK;
  status = if_readable(client, vms_keep_pin(client->options.keep, client->address.data, pinned, &why), &why, error);
  if (status == VMS_ERR_NOT_FOUND) return VMS_OK;
  if (status == VMS_OK && memcmp(pinned, client->ledger, VMS_KEY_LEN) != 0) status = foreign(client->ledger, pinned, "as before", error);
  return status;
}

/* Once it is known that the host can sign for the ledger. */
static int write_pin(vms_client *client, vms_error *error) {
  uint8_t pinned[VMS_KEY_LEN];
  vms_error why = { 0, 0, 0, "" };
  int status;
  if (client->options.keep == NULL) return VMS_OK;
  memcpy(pinned, client->ledger, VMS_KEY_LEN);
  if (client->url.pinned) {
    status = vms_keep_pin(client->options.keep, client->address.data, pinned, &why);
    if (status != VMS_OK || memcmp(pinned, client->ledger, VMS_KEY_LEN) != 0)
      status = vms_keep_set_pin(client->options.keep, client->address.data, client->ledger, &why);
  } else {
    status = vms__keep_first_pin(client->options.keep, client->address.data, client->ledger, pinned, &why);
    if (status == VMS_OK && memcmp(pinned, client->ledger, VMS_KEY_LEN) != 0) return foreign(client->ledger, pinned, "as before", error);
  }
  if (status != VMS_OK) vms__trust_warn(client, &why);
  return VMS_OK;
}

/* Whether it is the right ledger: the answer to vms.info. */
static int take_ledger(vms_client *client, const vms_rpc_reply *reply, vms_error *error) {
  vms__json json = { NULL, NULL, 0, 0 };
  vms_slice value;
  if (reply->code != 0) return vms__fail(error, VMS_ERR_REMOTE, 0, "vms.info: %s", reply->message.len > 0 ? reply->message.data : "error");
  if (vms__json_member(vms__buf_view(&reply->result), "ledger", &value)) json = vms__json_over(value, VMS__JSON_COMPACT);
  if (json.at == NULL || !vms__json_hex(&json, client->ledger, VMS_KEY_LEN))
    return vms__fail(error, VMS_ERR_REMOTE, 0, "vms.info does not tell the ledger's key");
  client->mirror = vms__json_member(vms__buf_view(&reply->result), "mirror", &value) && vms__slice_is(value, "true");
  return check_pin(client, error);
}

/* A copy of the service that was put back shows as much, and so does whoever repeats an old answer on the way: it proves nothing. */
static int miss_records(vms_client *client, uint64_t shown, vms_error *error) {
  vms__fail(&client->broken, VMS_ERR_CONFLICT, shown, "the host shows %llu records and had signed %llu: an old copy, or it hides some",
            (unsigned long long)shown, (unsigned long long)client->tip.length);
  return stop(client, error);
}

/* A head that was just asked for: it cannot be older than what was known before that. */
static int take_head(vms_client *client, const vms_rpc_reply *reply, vms_error *error) {
  uint8_t key[VMS_KEY_LEN];
  vms__mark mark;
  vms_head head;
  if (reply->code != 0) return vms__fail(error, VMS_ERR_REMOTE, 0, "vms.head: %s", reply->message.len > 0 ? reply->message.data : "error");
  if (vms_head_read(vms__buf_view(&reply->result), &head, NULL) == VMS_OK) vms_manifest_key(head.manifest, key);
  else return vms__fail(error, VMS_ERR_REMOTE, 0, "vms.head does not answer with a signed head");
  if (memcmp(key, client->ledger, VMS_KEY_LEN) != 0 && vms_head_verify(&head, key, NULL) == VMS_OK) return foreign(key, client->ledger, "as before", error);
  if (vms_head_verify(&head, client->ledger, NULL) != VMS_OK)
    return vms__fail(error, VMS_ERR_REMOTE, 0, "the host's head is not signed by its ledger's key");
  mark = mark_of(&head);
  if (client->tip.length == 0) accept(client, &mark);
  if (mark.length < client->tip.length && client->mirror) /* an old copy, which nobody has to bring up to date */
    return vms__fail(error, VMS_ERR_MISSING, mark.length, "this mirror is behind: it shows %llu of %llu records", (unsigned long long)mark.length,
                     (unsigned long long)client->tip.length);
  if (mark.length < client->tip.length) return miss_records(client, mark.length, error);
  return vms__trust_head(client, &head, NULL, error);
}

int vms__trust_return(vms_client *client, const vms_rpc_reply *reply, vms_error *error) { return take_head(client, reply, error); }

/* What this user's programs were shown before. */
static int take_kept(vms_client *client, vms_error *error) {
  vms_error why = { 0, 0, 0, "" };
  int status;
  if (client->options.keep == NULL) return VMS_OK;
  status = if_readable(client, vms_keep_head(client->options.keep, client->ledger, &client->kept, &why), &why, error);
  if (status == VMS_ERR_NOT_FOUND) return VMS_OK;
  if (status != VMS_OK) return status;
  vms__mark mark = mark_of(&client->kept);
  client->has_kept = true;
  accept(client, &mark);
  return VMS_OK;
}

/* True if the answer to vms.head is from before what is kept. */
static bool is_behind(const vms_client *client, const vms_rpc_reply *reply) {
  vms_head head;
  return reply->code == 0 && vms_head_read(vms__buf_view(&reply->result), &head, NULL) == VMS_OK && head.length < client->tip.length;
}

/* Both questions at once: that is one way there and back. */
static int ask_both(vms_client *client, vms_rpc_reply *info, vms_rpc_reply *head, vms_error *error) {
  vms_slice none = { NULL, 0 };
  uint64_t deadline = vms__client_deadline(client), info_id, head_id;
  int status = vms__client_ask_begin(client, "vms.info", none, &info_id, error);
  if (status != VMS_OK) return status;
  status = vms__client_ask_begin(client, "vms.head", none, &head_id, error);
  if (status != VMS_OK) {
    vms__ask_drop(client, info_id);
    return status;
  }
  status = vms__ask_wait(client, info_id, deadline, info, error);
  if (status == VMS_OK) status = vms__ask_wait(client, head_id, deadline, head, error);
  else vms__ask_drop(client, head_id);
  return status;
}

/* An attempt that failed may have been at another ledger. */
static void forget_all(vms_client *client) {
  vms__ask_drop(client, client->proof_id);
  client->proof_id = 0;
  client->mark_count = 0;
  client->has_kept = client->other_kept = false;
  memset(&client->tip, 0, sizeof client->tip);
  memset(&client->newest, 0, sizeof client->newest);
}

static int learn(vms_client *client, vms_rpc_reply *info, vms_rpc_reply *head, vms_error *error) {
  int status = ask_both(client, info, head, error);
  forget_all(client);
  if (status == VMS_OK) status = take_ledger(client, info, error);
  if (status == VMS_OK) status = take_kept(client, error);
  /* Another process may have kept what is newer than the answer, while that was on its way. */
  if (status == VMS_OK && is_behind(client, head)) status = vms__client_ask(client, "vms.head", (vms_slice){ NULL, 0 }, head, error);
  if (status == VMS_OK) status = take_head(client, head, error);
  if (status == VMS_OK) status = write_pin(client, error);
  return status;
}

int vms__trust_learn(vms_client *client, vms_error *error) {
  vms_rpc_reply info, head;
  int status;
  if (client->known) return VMS_OK;
  vms_rpc_reply_init(&info, client->env);
  vms_rpc_reply_init(&head, client->env);
  status = learn(client, &info, &head, error);
  client->known = status == VMS_OK;
  if (status == VMS_OK) status = vms__trust_settle(client, vms__client_deadline(client), error);
  vms_rpc_reply_free(&info);
  vms_rpc_reply_free(&head);
  return status;
}

int vms_client_ledger(vms_client *client, uint8_t ledger[VMS_KEY_LEN], vms_error *error) {
  int status = vms__trust_learn(client, error);
  if (status == VMS_OK) memcpy(ledger, client->ledger, VMS_KEY_LEN);
  return status;
}

int vms_client_warning(vms_client *client, vms_error *error) {
  int status = client->warning.status;
  if (status != VMS_OK && error != NULL) *error = client->warning;
  memset(&client->warning, 0, sizeof client->warning);
  return status;
}
