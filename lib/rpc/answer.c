/* SPDX-License-Identifier: MIT */
/* From a message to its answers: requests one by one, those whose outcome comes later, and groups of answers that wait until what
 * they say is durable, or published where a receipt is wanted. */
#include "internal.h"

#define BATCH_COUNT_MAX 1000u
#define PENDING_LEN ((uint64_t)16 << 10) /* an outcome that is awaited counts as this much: nobody knows how long it will be */
#define BESIDE_LEN ((uint64_t)256 << 10) /* of what was read beside calls: it waits with them, and no bound on all connections together knows of it */
#define HELD_FACTOR 16u                  /* above so many times output_len_max the connection is given up */

/* --- groups of answers ------------------------------------------------------------------------------------------ */

static void group_free(vms_rpc_session *session, vms__group *group) {
  if (group == NULL) return;
  for (size_t i = 0; i < group->count; i++) {
    vms_buffer_free(&group->answers[i].id);
    vms_buffer_free(&group->answers[i].text);
  }
  vms__free(session->env, group->answers, group->capacity * sizeof *group->answers);
  vms__free(session->env, group, sizeof *group);
}

static vms__answer *group_add(vms_rpc_session *session, vms__group *group) {
  if (vms__grow(session->env, &group->answers, &group->capacity, group->count, 1, sizeof *group->answers) != VMS_OK) return NULL;
  vms__answer *added = &group->answers[group->count++];
  memset(added, 0, sizeof *added);
  vms_buffer_init(&added->id, session->env);
  vms_buffer_init(&added->text, session->env);
  return added;
}

static uint64_t answer_weight(const vms__answer *answer) {
  return sizeof *answer + answer->id.len + answer->text.len + answer->extra + (answer->ticket != 0 ? PENDING_LEN : 0);
}

/* Looks again at what a group waits for and how much it holds. */
static void group_review(vms_rpc_session *session, vms__group *group) {
  uint64_t weight = 0;
  group->pending = 0;
  group->needs = group->published = 0;
  for (size_t i = 0; i < group->count; i++) {
    const vms__answer *each = &group->answers[i];
    weight += answer_weight(each);
    group->pending += each->ticket != 0;
    group->needs = VMS__MAX(group->needs, each->needs);
    if (each->receipt && each->ticket == 0) group->published = VMS__MAX(group->published, each->seq + 1);
  }
  if (group->waits) session->held_len = session->held_len - group->weight + weight;
  group->weight = weight;
}

static bool is_ready(const vms_rpc_session *session, const vms__group *group, uint64_t durable) {
  return group->pending == 0 && group->needs <= durable &&
         (group->published == 0 || group->published <= session->service->published(session->service->context));
}

static void hold(vms_rpc_session *session, vms__group *group) {
  assert(!group->waits);
  group->waits = true;
  group->link = session->end;
  *session->end = group;
  session->end = &group->next;
  session->held++;
  session->held_len += group->weight;
  session->beside += group->beside;
}

static void let_go(vms_rpc_session *session, vms__group *group) {
  assert(group->waits);
  group->waits = false;
  *group->link = group->next;
  if (group->next != NULL) group->next->link = group->link;
  else session->end = group->link;
  session->held--;
  session->held_len -= group->weight;
  session->beside -= group->beside;
}

/* --- tickets ------------------------------------------------------------------------------------------------------ */

/* Drops what is done at the front; tickets are answered about in the order in which they were given out. */
static void tickets_tidy(vms_rpc_session *session) {
  while (session->tickets_at < session->ticket_count && session->tickets[session->tickets_at].group == NULL) session->tickets_at++;
  if (session->tickets_at == 0 || session->tickets_at < session->ticket_count - session->tickets_at) return;
  session->ticket_count -= session->tickets_at;
  memmove(session->tickets, session->tickets + session->tickets_at, session->ticket_count * sizeof *session->tickets);
  session->tickets_at = 0;
}

static int ticket_add(vms_rpc_session *session, vms__group *group, size_t index) {
  int status = vms__grow(session->env, &session->tickets, &session->ticket_capacity, session->ticket_count, 1, sizeof *session->tickets);
  if (status == VMS_OK) session->tickets[session->ticket_count++] = (vms__ticket){ group->answers[index].ticket, group, index };
  return status;
}

static vms__ticket *ticket_find(vms_rpc_session *session, uint64_t number) {
  size_t low = session->tickets_at, high = session->ticket_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (session->tickets[middle].number < number) low = middle + 1;
    else high = middle;
  }
  return low < session->ticket_count && session->tickets[low].number == number ? &session->tickets[low] : NULL;
}

/* --- sending -------------------------------------------------------------------------------------------------------- */

/* Writes the receipt into an answer. Where there is none, as with a record that cannot be read any more, the answer goes without. */
static int add_receipt(vms_rpc_session *session, vms__answer *answer) {
  static const char ends[] = "}}}"; /* of the response; of what the receipt goes into; and of an error between them */
  size_t len = answer->text.len, tail = answer->fails ? 3 : 2;
  vms_error error;
  int status;
  assert(len > tail && memcmp(answer->text.data + len - tail, ends, tail) == 0);
  answer->text.len = len - tail;
  status = vms__buf_text(&answer->text, ",\"receipt\":");
  if (status == VMS_OK) status = session->service->receipt(session->service->context, answer->seq, &answer->text, &error);
  if (status == VMS_ERR_NOMEM) return status;
  if (status != VMS_OK) answer->text.len = len - tail;
  return vms_buffer_append(&answer->text, ends, tail);
}

/* Sends a group that is ready. */
static int group_send(vms_rpc_session *session, vms__group *group) {
  vms_buffer text;
  size_t shown = 0;
  int status = VMS_OK;
  if (session->open && vms__ws_close_sent(&session->ws)) return VMS_OK; /* nobody takes it: no receipt need be made */
  vms_buffer_init(&text, session->env);
  for (size_t i = 0; i < group->count && status == VMS_OK; i++) {
    vms__answer *each = &group->answers[i];
    if (each->text.len == 0) continue;
    if (each->receipt) status = add_receipt(session, each);
    if (group->batch && status == VMS_OK) status = vms__buf_byte(&text, shown == 0 ? '[' : ',');
    if (group->batch && status == VMS_OK) status = vms__buf_slice(&text, vms__buf_view(&each->text));
    if (group->batch) vms_buffer_free(&each->text); /* with its receipt it may be three times as long as it was held: not all of that twice */
    shown++;
  }
  if (group->batch && status == VMS_OK && shown > 0) status = vms__buf_byte(&text, ']');
  if (status == VMS_OK) status = vms__rpc_session_send(session, vms__buf_view(group->batch ? &text : &group->answers[0].text));
  vms_buffer_free(&text);
  for (size_t i = 0; i < group->count && status == VMS_OK; i++)
    if (group->answers[i].follows) session->follows = true, session->next_seq = group->answers[i].seq;
  return status;
}

/* --- messages ----------------------------------------------------------------------------------------------------- */

static int answer_error(vms_rpc_session *session, vms__answer *out, vms_slice id, int32_t code, const char *message) {
  vms_rpc_reply reply;
  int status;
  vms_rpc_reply_init(&reply, session->env);
  vms__rpc_reply_error(&reply, code, "%s", message);
  vms__buf_clear(&out->text);
  status = vms__rpc_response_write(&out->text, id, &reply);
  vms_rpc_reply_free(&reply);
  return status;
}

/* Notes what came of a request; a notification, which has no id, has no text. */
static int answer_write(vms__answer *out, const vms__rpc_task *task, const vms_rpc_reply *reply) {
  bool shown = out->id.len > 0;
  vms__buf_clear(&out->text);
  out->needs = task->needs;
  out->effort = task->effort;
  out->seq = task->seq;
  out->receipt = task->receipt && shown;
  out->follows = task->follows;
  out->fails = reply->code != 0;
  if (!out->receipt) out->extra = 0;
  return !shown ? VMS_OK : vms__rpc_response_write(&out->text, vms__buf_view(&out->id), reply);
}

/* Carries out one request. Only what has an id is waited for; by POST a notification too: who got its 204 may hang up, and calls of who is
 * gone do not run. */
static int run_request(vms_rpc_session *session, vms__group *group, const vms__rpc_request *request, size_t len, vms__answer *out) {
  bool awaited = request->id.data != NULL || !session->open;
  vms__rpc_task task = { .service = session->service, .session = session, .ticket = ++session->ticket, .user = vms__buf_view(&session->user),
                         .posted = !session->open };
  vms_rpc_reply reply;
  int status;
  vms_rpc_reply_init(&reply, session->env);
  status = vms__rpc_dispatch(&task, request, &reply);
  if (status == VMS_OK && awaited && task.later) {
    out->ticket = task.ticket;
    out->wrapped = task.wrapped;
    out->receipt = task.wish;
    status = ticket_add(session, group, group->count - 1);
  } else if (status == VMS_OK && awaited) {
    status = answer_write(out, &task, &reply);
    session->effort += out->effort; /* so whoever has to wait has an answer to take */
  }
  out->extra = out->ticket != 0 || task.receipt ? 2 * (uint64_t)len : 0; /* the owner's copy of the call; a receipt repeats it */
  vms_rpc_reply_free(&reply);
  return status;
}

static int too_much_for_one(vms_rpc_session *session, vms__answer *out, vms_slice id) {
  return answer_error(session, out, id, VMS_CODE_BUSY, "this batch is too much for one answer: ask in smaller batches");
}

static int answer_request(vms_rpc_session *session, vms__group *group, vms_slice text, bool too_much) {
  vms__answer *out = group_add(session, group);
  vms__rpc_request request;
  bool valid = vms__rpc_request_read(text, &request);
  int status;
  if (out == NULL) return VMS_ERR_NOMEM;
  if (!valid) return answer_error(session, out, request.id, VMS_CODE_INVALID_REQUEST, "this is no JSON-RPC 2.0 request");
  if (too_much && request.id.data == NULL) return VMS_OK;
  if (too_much) return too_much_for_one(session, out, request.id);
  if (request.id.data != NULL && (status = vms__buf_slice(&out->id, request.id)) != VMS_OK) return status;
  return run_request(session, group, &request, text.len, out);
}

/* A batch with calls waits for them, and what it read meanwhile with it: of that little is kept. Reading can be had again. */
static int limit_beside(vms_rpc_session *session, vms__group *group) {
  bool waits = false;
  int status = VMS_OK;
  for (size_t i = 0; i < group->count; i++) waits = waits || group->answers[i].ticket != 0;
  for (size_t i = 0; waits && i < group->count && status == VMS_OK; i++) {
    vms__answer *each = &group->answers[i];
    if (each->ticket != 0 || each->needs != 0 || each->follows || each->id.len == 0) continue;
    if (each->text.len > BESIDE_LEN - VMS__MIN(session->beside + group->beside, BESIDE_LEN)) {
      vms_buffer_free(&each->text);
      status = too_much_for_one(session, each, vms__buf_view(&each->id));
    }
    group->beside += each->text.len;
  }
  return status;
}

static int answer_batch(vms_rpc_session *session, vms__group *group, vms_slice text) {
  const char *iterator = NULL;
  vms_slice name, each;
  size_t count = 0;
  uint64_t len = 0;
  int status = VMS_OK;
  while (vms__json_next(text, &iterator, &name, &each)) count++;
  if (count == 0 || count > BATCH_COUNT_MAX) {
    vms__answer *out = group_add(session, group);
    return out == NULL ? VMS_ERR_NOMEM
                       : answer_error(session, out, VMS__TEXT("null"), VMS_CODE_INVALID_REQUEST,
                                      count == 0 ? "an empty batch" : "a batch holds at most 1000 requests");
  }
  group->batch = true;
  for (iterator = NULL; status == VMS_OK && vms__json_next(text, &iterator, &name, &each);) {
    status = answer_request(session, group, each, len > session->options.output_len_max);
    if (status == VMS_OK) len += group->answers[group->count - 1].text.len + group->answers[group->count - 1].effort;
  }
  if (status == VMS_OK) status = limit_beside(session, group);
  return status;
}

static int read_message(vms_rpc_session *session, vms__group *group, vms_slice text) {
  const char *at = text.data, *end = text.len == 0 ? at : at + text.len;
  while (at < end && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) at++;
  text = (vms_slice){ at, (size_t)(end - at) };
  if (!vms__json_valid(text, VMS__RPC_DEPTH_MAX, VMS__JSON_ANY)) {
    vms__answer *out = group_add(session, group);
    return out == NULL ? VMS_ERR_NOMEM : answer_error(session, out, VMS__TEXT("null"), VMS_CODE_PARSE, "this is no JSON text");
  }
  return *at == '[' ? answer_batch(session, group, text) : answer_request(session, group, text, false);
}

/* Forgets the tickets of a group that is given up. */
static void forget(vms_rpc_session *session, const vms__group *group) {
  for (size_t i = session->tickets_at; i < session->ticket_count; i++)
    if (session->tickets[i].group == group) session->tickets[i].group = NULL;
  tickets_tidy(session);
}

int vms__rpc_session_message(vms_rpc_session *session, vms_slice text) {
  vms__group *group = vms__alloc(session->env, sizeof *group);
  int status;
  if (group == NULL) return VMS_ERR_NOMEM;
  status = read_message(session, group, text);
  group_review(session, group);
  if (status == VMS_OK && !is_ready(session, group, session->service->durable(session->service->context))) {
    hold(session, group);
    return VMS_OK;
  }
  if (status == VMS_OK) status = group_send(session, group);
  else forget(session, group);
  group_free(session, group);
  return status;
}

/* --- what was held --------------------------------------------------------------------------------------------------- */

void vms__rpc_session_drop(vms_rpc_session *session) {
  while (session->first != NULL) {
    vms__group *group = session->first;
    let_go(session, group);
    group_free(session, group);
  }
  vms__free(session->env, session->tickets, session->ticket_capacity * sizeof *session->tickets);
  session->tickets = NULL;
  session->tickets_at = session->ticket_count = session->ticket_capacity = 0;
}

static int group_release(vms_rpc_session *session, vms__group *group) {
  int status = group_send(session, group);
  let_go(session, group);
  group_free(session, group);
  return status;
}

int vms__rpc_session_release(vms_rpc_session *session, uint64_t durable) {
  int status = VMS_OK;
  for (vms__group *each = session->first, *next; each != NULL && status == VMS_OK; each = next) {
    next = each->next;
    if (is_ready(session, each, durable)) status = group_release(session, each);
  }
  return status;
}

/* The outcome of a call becomes the answer that waits for it. */
static int take_outcome(vms_rpc_session *session, vms__answer *answer, const vms_outcome *outcome) {
  vms__rpc_task task = { .service = session->service, .session = session, .wrapped = answer->wrapped, .wish = answer->receipt };
  vms_rpc_reply reply;
  int status;
  vms_rpc_reply_init(&reply, session->env);
  status = vms__rpc_outcome(&task, outcome, &reply);
  if (status == VMS_OK) status = answer_write(answer, &task, &reply);
  vms_rpc_reply_free(&reply);
  return status;
}

int vms__rpc_session_answer(vms_rpc_session *session, uint64_t number, const vms_outcome *outcome) {
  vms__ticket *ticket = ticket_find(session, number);
  vms__group *group = ticket == NULL ? NULL : ticket->group;
  int status;
  if (group == NULL) return VMS_OK; /* of a notification, or nobody waits for it any more */
  vms__answer *answer = &group->answers[ticket->index];
  ticket->group = NULL;
  tickets_tidy(session);
  answer->ticket = 0;
  status = take_outcome(session, answer, outcome);
  group_review(session, group);
  if (status != VMS_OK) return status;
  if (is_ready(session, group, session->service->durable(session->service->context))) return group_release(session, group);
  if (session->held_len <= HELD_FACTOR * session->options.output_len_max) return VMS_OK;
  vms__rpc_session_drop(session);
  return vms__rpc_session_overflow(session);
}

int vms__rpc_session_fail(vms_rpc_session *session, int32_t code, const char *message) {
  uint64_t durable = session->service == NULL ? 0 : session->service->durable(session->service->context);
  int status = VMS_OK;
  for (vms__group *group = session->first; group != NULL && status == VMS_OK; group = group->next) {
    for (size_t i = 0; i < group->count && status == VMS_OK; i++) {
      vms__answer *each = &group->answers[i];
      bool stands = each->ticket == 0 && each->needs <= durable;
      each->receipt = each->receipt && stands && each->seq < session->service->published(session->service->context);
      each->ticket = each->needs = each->extra = 0;
      if (!stands && each->id.len > 0) status = answer_error(session, each, vms__buf_view(&each->id), code, message);
    }
    group_review(session, group);
  }
  session->tickets_at = session->ticket_count = 0;
  return status == VMS_OK ? vms__rpc_session_release(session, UINT64_MAX) : status;
}
