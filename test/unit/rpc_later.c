/* SPDX-License-Identifier: MIT */
/* Goal: calls whose outcomes come later are answered each with its own, in whatever order, once and only once what they say is durable (and
 * published, where a receipt is wanted); what waits is bounded; subscribers hear of every record and cost nothing that they do not take.
 * Method: a session and a fake service in memory that keeps its calls until the test runs them. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include "lib/rpc/internal.h"
#include "test/support/rpc_line.h"
#include "test/support/storage.h"

#define HEX64 "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"
#define ECHO(id, n) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"method\":\"echo\",\"params\":[" #n "]}"
#define ECHO_ANSWER(id, n) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"result\":[" #n "]}"
#define CALL(id, method, n) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"method\":\"vms.call\",\"params\":{\"request\":\"{\\\"method\\\":\\\"" method \
                            "\\\",\\\"params\\\":[" #n "]}\",\"caller\":\"" HEX64 "\",\"signature\":\"" HEX64 HEX64 "\",\"receipt\":true}}"

static void connect_later(line *l) {
  connect_line(l);
  l->fake.later = 1;
}

/* --- calls that come later ------------------------------------------------------------------------------------------ */

static void outcomes_find_their_requests_in_any_order(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  say(&l, ECHO(1, 10));
  say(&l, ECHO("b", 20));
  say(&l, ECHO(1, 30));
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"vms.head\"}");
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"core\":0}}"); /* who reads does not wait */
  assert_silent(&l);
  assert_int_equal(vms_rpc_session_held(l.session), 3);
  assert_ok(fake_run(&l.fake, 2));
  assert_frame(&l, ECHO_ANSWER(1, 30));
  assert_ok(fake_run(&l.fake, 0));
  assert_frame(&l, ECHO_ANSWER(1, 10));
  assert_ok(fake_run(&l.fake, 0)); /* nobody waits for it any more */
  assert_silent(&l);
  assert_ok(fake_run(&l.fake, 1));
  assert_frame(&l, ECHO_ANSWER("b", 20));
  assert_int_equal(vms_rpc_session_held(l.session), 0);
  hang_up(&l);
}

static void a_call_knows_its_session_and_the_sessions_owner(void **state) {
  vms_rpc_options options = VMS_RPC_OPTIONS_INIT;
  line l;
  (void)state;
  memset(&l, 0, sizeof l);
  fake_rpc_init(&l.fake);
  l.fake.later = 1;
  options.context = &l.fake;
  options.find = fake_find;
  options.owner = &l;
  assert_ok(vms_rpc_session_new(&l.session, &options, NULL));
  assert_ptr_equal(vms_rpc_session_owner(l.session), &l);
  assert_ok(vms_rpc_session_feed(l.session, UPGRADE ECHO(1, 2), strlen(UPGRADE), NULL));
  say(&l, ECHO(1, 2));
  assert_int_equal(l.fake.taken_count, 1);
  assert_ptr_equal(l.fake.taken[0].session, l.session);
  assert_int_not_equal(l.fake.taken[0].ticket, 0);
  hang_up(&l);
}

static void an_outcome_that_came_waits_until_it_is_durable(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  l.fake.immediately = 0;
  say(&l, ECHO(1, 10));
  say(&l, ECHO(2, 20));
  assert_ok(fake_run(&l.fake, 0));
  assert_ok(fake_run(&l.fake, 1));
  assert_silent(&l);
  assert_ok(vms_rpc_session_release(l.session, 1, NULL));
  assert_frame(&l, ECHO_ANSWER(1, 10));
  assert_silent(&l);
  assert_ok(vms_rpc_session_release(l.session, 2, NULL));
  assert_frame(&l, ECHO_ANSWER(2, 20));
  hang_up(&l);
}

static void a_batch_waits_for_all_of_its_calls(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  say(&l, "[" ECHO(1, 10) ",{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}," "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"vms.head\"}," ECHO(3, 30) "]");
  assert_int_equal(l.fake.taken_count, 3);
  assert_int_equal(vms_rpc_session_held(l.session), 1);
  assert_ok(fake_run(&l.fake, 2));
  assert_ok(fake_run(&l.fake, 1));
  assert_silent(&l);
  assert_ok(fake_run(&l.fake, 0));
  assert_frame(&l, "[" ECHO_ANSWER(1, 10) ",{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"core\":0}}," ECHO_ANSWER(3, 30) "]");
  hang_up(&l);
}

#define READ(id, path) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"method\":\"files.readFile\",\"params\":[\"" path "\"]}"
#define TOO_MUCH(id) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"error\":{\"code\":-32004,\"message\":\"this batch is too much for one answer: ask in smaller batches\"}}"

static void little_of_what_is_read_waits_for_calls(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  l.fake.big = 100000;
  say(&l, "[" READ(1, "/x") "," ECHO(2, 20) "," READ(3, "/x") "," READ(4, "/x") "]"); /* whether they come before the call or behind it */
  say(&l, "[" ECHO(5, 50) "," READ(6, "/x") ",{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"vms.head\"}]"); /* nor beside another one's */
  assert_in_range(l.session->held_len, 200000, 300000);
  assert_ok(fake_run(&l.fake, 1));
  assert_frame(&l, "[" ECHO_ANSWER(5, 50) "," TOO_MUCH(6) ",{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"core\":0}}]");
  assert_ok(fake_run(&l.fake, 0));
  take(&l);
  assert_non_null(memmem(l.out.data, l.out.len, TOO_MUCH(4), strlen(TOO_MUCH(4))));
  assert_null(memmem(l.out.data, l.out.len, TOO_MUCH(3), strlen(TOO_MUCH(3))));
  assert_in_range(l.out.len - l.at, 200000, 201000);
  l.at = l.out.len;
  say(&l, "[" ECHO(8, 80) "," READ(9, "/x") "]"); /* there is room again */
  assert_in_range(l.session->held_len, 100000, 150000);
  assert_ok(fake_run(&l.fake, 2));
  take(&l);
  assert_in_range(l.out.len - l.at, 100000, 101000);
  l.at = l.out.len;
  say(&l, "[" READ(1, "/x") "," READ(2, "/x") "," READ(3, "/x") "]"); /* what waits for nobody is all there */
  take(&l);
  assert_in_range(l.out.len - l.at, 300000, 301000);
  assert_int_equal(l.session->beside, 0);
  hang_up(&l);
}

static void notifications_of_calls_are_taken_and_never_answered(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  say(&l, "{\"jsonrpc\":\"2.0\",\"method\":\"echo\",\"params\":[1]}");
  say(&l, "[{\"jsonrpc\":\"2.0\",\"method\":\"boom\"},{\"jsonrpc\":\"2.0\",\"method\":\"echo\"}]");
  assert_int_equal(l.fake.taken_count, 3);
  assert_int_equal(vms_rpc_session_held(l.session), 0);
  for (size_t i = 0; i < 3; i++) assert_ok(fake_run(&l.fake, i));
  assert_silent(&l);
  assert_int_equal(l.fake.calls, 3);
  hang_up(&l);
}

static void refusals_that_come_later_are_answered_at_once(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  l.fake.immediately = 0;
  say(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"gone\"}");
  assert_ok(fake_run(&l.fake, 0));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no such method\",\"data\":{\"message\":\"no such method\"}}}");
  hang_up(&l);
}

static void what_waits_can_be_failed_and_its_outcome_is_too_late(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  say(&l, ECHO(1, 10));
  say(&l, "[" ECHO(2, 20) "," ECHO(3, 30) "]");
  assert_ok(fake_run(&l.fake, 1));
  assert_ok(vms_rpc_session_fail(l.session, VMS_CODE_SHUTDOWN, "bye", NULL));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32005,\"message\":\"bye\"}}");
  assert_frame(&l, "[" ECHO_ANSWER(2, 20) ",{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32005,\"message\":\"bye\"}}]");
  assert_ok(fake_run(&l.fake, 0));
  assert_ok(fake_run(&l.fake, 2));
  assert_silent(&l);
  say(&l, ECHO(4, 40)); /* and all goes on */
  assert_ok(fake_run(&l.fake, 3));
  assert_frame(&l, ECHO_ANSWER(4, 40));
  hang_up(&l);
}

static void a_connection_may_end_while_calls_are_under_way(void **state) {
  line l;
  (void)state;
  for (int how = 0; how < 2; how++) {
    connect_later(&l);
    say(&l, ECHO(1, 10));
    say(&l, "[" ECHO(2, 20) "," ECHO(3, 30) "]");
    if (how == 1) {
      assert_ok(vms_rpc_session_close(l.session, 1001, "bye", NULL));
      assert_closed(&l, 1001);
      assert_ok(fake_run(&l.fake, 0));
      assert_ok(fake_run(&l.fake, 2));
    }
    assert_silent(&l);
    hang_up(&l);
  }
}

static void who_says_goodbye_has_the_answers_first(void **state) {
  static char noise[20000];
  line l;
  (void)state;
  connect_later(&l);
  say(&l, ECHO(1, 10));
  say(&l, ECHO(2, 20));
  feed_frame(&l, 0x88, "\x03\xe8", 2);
  for (int i = 0; i < 500; i++) assert_ok(vms_rpc_session_feed(l.session, noise, sizeof noise, NULL)); /* behind it nothing counts */
  assert_silent(&l);
  assert_false(vms_rpc_session_wants_close(l.session));
  assert_ok(fake_run(&l.fake, 1));
  assert_frame(&l, ECHO_ANSWER(2, 20));
  assert_false(vms_rpc_session_wants_close(l.session));
  assert_ok(fake_run(&l.fake, 0));
  assert_frame(&l, ECHO_ANSWER(1, 10));
  assert_closed(&l, 1000);
  assert_true(vms_rpc_session_wants_close(l.session));
  hang_up(&l);
}

static void many_tickets_are_kept_apart(void **state) {
  uint64_t random = sim_seed();
  size_t open[64], count;
  char wanted[80];
  line l;
  (void)state;
  connect_later(&l);
  for (int round = 0; round < 200; round++) {
    l.fake.taken_count = 0;
    count = 1 + (size_t)(sim_random(&random) % 40);
    for (size_t i = 0; i < count; i++) {
      char text[96];
      snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":%zu,\"method\":\"echo\",\"params\":[%d]}", i, round);
      say(&l, text);
      open[i] = i;
    }
    while (count > 0) {
      size_t pick = (size_t)(sim_random(&random) % count), which = open[pick];
      assert_ok(fake_run(&l.fake, which));
      snprintf(wanted, sizeof wanted, "{\"jsonrpc\":\"2.0\",\"id\":%zu,\"result\":[%d]}", which, round);
      assert_frame(&l, wanted);
      open[pick] = open[--count];
    }
  }
  assert_int_equal(vms_rpc_session_held(l.session), 0);
  hang_up(&l);
}

/* --- what is held is bounded ----------------------------------------------------------------------------------------- */

static void input_waits_while_many_calls_are_under_way(void **state) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  size_t before;
  line l;
  (void)state;
  connect_with(&l, UPGRADE, 256 << 10);
  l.fake.later = 1;
  for (int i = 0; i < 100; i++) frame(&bytes, 0x81, ECHO(1, 10), strlen(ECHO(1, 10)), true);
  assert_ok(vms_rpc_session_feed(l.session, bytes.data, bytes.len, NULL));
  assert_int_equal(vms_rpc_session_wants_read(l.session), 0);
  before = l.fake.taken_count;
  assert_true(before > 8 && before < 32);
  assert_ok(fake_run(&l.fake, 0));
  assert_frame(&l, ECHO_ANSWER(1, 10)); /* taking it lets the next one in */
  assert_int_equal(l.fake.taken_count, before + 1);
  for (size_t i = 1; i < 100; i++) {
    assert_true(i < l.fake.taken_count);
    assert_ok(fake_run(&l.fake, i % 64));
    assert_frame(&l, ECHO_ANSWER(1, 10));
  }
  assert_int_equal(vms_rpc_session_wants_read(l.session), 1);
  hang_up(&l);
  vms_buffer_free(&bytes);
}

static void answers_that_outgrow_all_bounds_end_the_connection(void **state) {
  vms_outcome outcome;
  line l;
  (void)state;
  connect_with(&l, UPGRADE, 64 << 10);
  l.fake.later = 1;
  l.fake.immediately = 0;
  for (int i = 0; i < 3; i++) say(&l, ECHO(1, 10));
  vms_outcome_init(&outcome, NULL);
  assert_ok(vms__buf_byte(&outcome.result, '"'));
  for (int i = 0; i < 600000; i++) assert_ok(vms__buf_byte(&outcome.result, 'x'));
  assert_ok(vms__buf_byte(&outcome.result, '"'));
  for (size_t i = 0; i < 3; i++) {
    outcome.seq = i;
    assert_ok(vms_rpc_session_answer(l.session, l.fake.taken[i].ticket, &outcome, NULL));
  }
  assert_closed(&l, 1013);
  assert_int_equal(vms_rpc_session_held(l.session), 0);
  vms_outcome_free(&outcome);
  hang_up(&l);
}

/* --- receipts ------------------------------------------------------------------------------------------------------------ */

#define ERROR_OF(id, receipt) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"error\":{\"code\":1,\"message\":\"say \\\"no\\\"\",\"data\":{\"name\":\"TypeError\"," \
                              "\"message\":\"say \\\"no\\\"\",\"seq\":1" receipt "}}}"

static void receipts_are_written_into_results_and_errors(void **state) {
  line l;
  (void)state;
  for (int later = 0; later < 2; later++) {
    connect_line(&l);
    l.fake.later = later;
    say(&l, CALL(1, "echo", 7));
    say(&l, CALL(2, "boom", 7));
    say(&l, CALL(3, "none", 7));
    say(&l, CALL(4, "gone", 7));
    for (size_t i = 0; i < l.fake.taken_count; i++) assert_ok(fake_run(&l.fake, i));
    assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"result\":[7],\"seq\":0,\"receipt\":{\"of\":0}}}");
    assert_frame(&l, ERROR_OF(2, ",\"receipt\":{\"of\":1}"));
    assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"seq\":2,\"receipt\":{\"of\":2}}}");
    assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":4,\"error\":{\"code\":-32601,\"message\":\"no such method\",\"data\":{\"message\":\"no such method\"}}}");
    hang_up(&l);
  }
}

static void a_receipt_waits_until_its_record_is_published(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  l.fake.published_late = 1;
  say(&l, CALL(1, "echo", 7));
  say(&l, ECHO(2, 20));
  assert_ok(fake_run(&l.fake, 0));
  assert_ok(fake_run(&l.fake, 1));
  assert_frame(&l, ECHO_ANSWER(2, 20)); /* no receipt was asked for */
  assert_ok(vms_rpc_session_release(l.session, 2, NULL));
  assert_silent(&l);
  l.fake.published = 1;
  assert_ok(vms_rpc_session_release(l.session, 2, NULL));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"result\":[7],\"seq\":0,\"receipt\":{\"of\":0}}}");
  hang_up(&l);
}

static void no_receipt_is_no_obstacle(void **state) {
  static const char plain[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"result\":[7],\"seq\":0}}";
  line l;
  (void)state;
  connect_line(&l); /* it cannot be made */
  l.fake.fails = 1;
  say(&l, CALL(1, "echo", 7));
  assert_frame(&l, plain);
  say(&l, CALL(2, "boom", 7));
  assert_frame(&l, ERROR_OF(2, ""));
  hang_up(&l);
  connect_line(&l); /* the host gives none */
  l.fake.table.receipt = NULL;
  l.fake.published_late = 1;
  say(&l, CALL(1, "echo", 7));
  assert_frame(&l, plain);
  hang_up(&l);
  connect_line(&l); /* an older owner's table */
  l.fake.table.size = offsetof(vms_rpc_service, receipt);
  say(&l, CALL(1, "echo", 7));
  assert_frame(&l, plain);
  hang_up(&l);
  connect_later(&l); /* what did not run has none, whatever stands in its place */
  l.fake.length = l.fake.durable = 5;
  say(&l, CALL(1, "echo", 7));
  assert_ok(vms_rpc_session_fail(l.session, VMS_CODE_STORAGE, "gone", NULL));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32007,\"message\":\"gone\"}}");
  hang_up(&l);
  connect_later(&l); /* storage failed between the record and its head: the answer stands, the promise does not come */
  l.fake.published_late = 1;
  say(&l, CALL(1, "echo", 7));
  assert_ok(fake_run(&l.fake, 0));
  assert_ok(vms_rpc_session_fail(l.session, VMS_CODE_STORAGE, "gone", NULL));
  assert_frame(&l, plain);
  hang_up(&l);
}

static void the_wish_for_a_receipt_is_true_or_false(void **state) {
  (void)state;
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.call\",\"params\":{\"request\":\"x\",\"receipt\":1}}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"receipt has to be true or false\"}}");
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.call\",\"params\":{\"request\":\"x\",\"caller\":1,\"receipt\":true}}", /* there is none of what did not run */
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"caller has to be a string\"}}");
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.call\",\"params\":{\"request\":\"{\\\"method\\\":\\\"echo\\\",\\\"params\\\":[]}\",\"receipt\":false}}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"result\":[],\"seq\":0}}");
  ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.call\",\"params\":{\"request\":\"{\\\"method\\\":\\\"echo\\\",\\\"params\\\":[]}\",\"receipt\":true}}",
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"result\":[],\"seq\":0,\"receipt\":{\"of\":0}}}");
}

/* --- subscribers ------------------------------------------------------------------------------------------------------------ */

#define SUBSCRIBE(params) "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"vms.subscribe\",\"params\":" params "}"
#define FOLLOWS(from, length) "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"from\":" #from ",\"length\":" #length "}}"

static void assert_told(line *l, unsigned seq) {
  char wanted[128];
  snprintf(wanted, sizeof wanted, "{\"jsonrpc\":\"2.0\",\"method\":\"vms.appended\",\"params\":{\"seq\":%u,\"record\":\"{\\\"n\\\":%u}\"}}", seq, seq);
  assert_frame(l, wanted);
}

static void subscribers_catch_up_and_then_follow(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  l.fake.length = l.fake.durable = 5;
  assert_int_equal(vms_rpc_session_follows(l.session), 0);
  say(&l, SUBSCRIBE("{\"from\":3}"));
  assert_int_equal(vms_rpc_session_follows(l.session), 1);
  assert_frame(&l, FOLLOWS(3, 5));
  assert_told(&l, 3);
  assert_told(&l, 4);
  assert_silent(&l);
  l.fake.length = 8, l.fake.durable = 7;
  assert_ok(vms_rpc_session_release(l.session, 7, NULL));
  assert_told(&l, 5);
  assert_told(&l, 6);
  assert_silent(&l);
  say(&l, SUBSCRIBE("[]")); /* a second one moves it */
  assert_frame(&l, FOLLOWS(7, 7));
  l.fake.durable = 8;
  assert_ok(vms_rpc_session_release(l.session, 8, NULL));
  assert_told(&l, 7);
  assert_silent(&l);
  say(&l, SUBSCRIBE("[0]"));
  assert_frame(&l, FOLLOWS(0, 8));
  for (unsigned i = 0; i < 8; i++) assert_told(&l, i);
  assert_silent(&l);
  hang_up(&l);
}

static void what_is_not_published_is_not_told(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  l.fake.length = l.fake.durable = 3;
  l.fake.published_late = 1;
  l.fake.published = 1;
  say(&l, SUBSCRIBE("{\"from\":0}"));
  assert_frame(&l, FOLLOWS(0, 1));
  assert_told(&l, 0);
  assert_ok(vms_rpc_session_release(l.session, 3, NULL));
  assert_silent(&l);
  l.fake.published = 3;
  assert_ok(vms_rpc_session_release(l.session, 3, NULL));
  assert_told(&l, 1);
  assert_told(&l, 2);
  hang_up(&l);
}

static void who_takes_nothing_costs_nothing(void **state) {
  uint64_t reads;
  line l;
  (void)state;
  connect_line(&l);
  l.fake.length = l.fake.durable = 100000;
  say(&l, SUBSCRIBE("{\"from\":0}"));
  reads = l.fake.reads;
  assert_true(reads > 10 && vms_rpc_session_pending(l.session) < 34 << 10);
  for (unsigned i = 0; i < 1000; i++) {
    l.fake.length = ++l.fake.durable;
    assert_ok(vms_rpc_session_release(l.session, l.fake.durable, NULL));
  }
  assert_int_equal(l.fake.reads, reads);
  assert_ok(vms_rpc_session_take(l.session, &l.out, NULL)); /* what is taken makes room */
  assert_true(l.fake.reads > reads && l.fake.reads <= 2 * reads);
  assert_frame(&l, FOLLOWS(0, 100000));
  for (unsigned i = 0; i < 500; i++) assert_told(&l, i); /* in order, none left out */
  hang_up(&l);
}

static void a_subscription_in_a_batch_begins_with_its_answer(void **state) {
  line l;
  (void)state;
  connect_later(&l);
  l.fake.length = l.fake.durable = 2;
  say(&l, "[" SUBSCRIBE("{\"from\":1}") "," ECHO(2, 20) "]");
  assert_ok(vms_rpc_session_release(l.session, 2, NULL));
  assert_silent(&l);
  assert_ok(fake_run(&l.fake, 0));
  assert_frame(&l, "[" FOLLOWS(1, 2) "," ECHO_ANSWER(2, 20) "]");
  assert_told(&l, 1);
  assert_told(&l, 2);
  assert_silent(&l);
  hang_up(&l);
}

static void bad_subscriptions_are_refused(void **state) {
  line l;
  (void)state;
  ask(SUBSCRIBE("{\"from\":1}"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"from is beyond the ledger's 0 records\"}}");
  ask(SUBSCRIBE("{\"from\":-1}"), "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":\"from has to be a whole number, 0 or more\"}}");
  connect_line(&l);
  say(&l, "{\"jsonrpc\":\"2.0\",\"method\":\"vms.subscribe\"}"); /* nobody asked for an answer, nor for more */
  assert_int_equal(vms_rpc_session_follows(l.session), 0);
  l.fake.table.record = NULL;
  say(&l, SUBSCRIBE("[]"));
  assert_frame(&l, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32601,\"message\":\"no method vms.subscribe\"}}");
  hang_up(&l);
}

static void a_record_that_cannot_be_read_ends_the_subscription(void **state) {
  line l;
  (void)state;
  connect_line(&l);
  l.fake.length = l.fake.durable = 2;
  l.fake.fails = 1;
  say(&l, SUBSCRIBE("{\"from\":0}"));
  assert_frame(&l, FOLLOWS(0, 2));
  assert_closed(&l, 1011);
  assert_int_equal(l.fake.reads, 1);
  hang_up(&l);
}

/* --- what the other end reads ------------------------------------------------------------------------------------------------- */

static void reply_of(const char *text, vms_rpc_reply *reply) {
  uint64_t id;
  vms_rpc_reply_init(reply, NULL);
  assert_ok(vms_rpc_reply_read(vms__slice_of(text), &id, reply, NULL));
}

static void outcomes_are_read_back(void **state) {
  static const struct { const char *text; uint32_t kind; int code; unsigned seq; const char *result, *name, *message, *receipt; } cases[] = {
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"result\":[7, 8],\"seq\":5,\"receipt\":{\"of\":5}}}", 0, 0, 5, "[7, 8]", "", "", "{\"of\":5}" },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"seq\":5}}", 0, 0, 5, "", "", "", NULL },
    { ERROR_OF(1, ",\"receipt\":[]"), 1, 1, 1, "", "TypeError", "say \"no\"", "[]" },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":2,\"message\":\"too long\",\"data\":{\"name\":\"steps\",\"message\":\"too long\",\"seq\":3}}}", 2, 2, 3, "", "steps", "too long", NULL },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"top\",\"data\":{\"name\":\"E\",\"message\":\"top\"}}}", 3, 1, 0, "", "E", "top", NULL },
    { "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32004,\"message\":\"busy\"}}", 3, -32004, 0, "", "", "busy", NULL },
  };
  vms_rpc_reply reply;
  vms_outcome outcome;
  (void)state;
  vms_outcome_init(&outcome, NULL);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    reply_of(cases[i].text, &reply);
    assert_ok(vms_rpc_reply_outcome(&reply, &outcome, NULL));
    assert_int_equal(outcome.kind, cases[i].kind);
    assert_int_equal(outcome.code, cases[i].code);
    assert_int_equal(outcome.seq, cases[i].seq);
    assert_true(vms__slice_is(vms__buf_view(&outcome.result), cases[i].result));
    assert_true(vms__slice_is(vms__buf_view(&outcome.name), cases[i].name));
    assert_true(vms__slice_is(vms__buf_view(&outcome.message), cases[i].message));
    if (cases[i].receipt == NULL) assert_null(vms_rpc_reply_receipt(&reply).data);
    else assert_true(vms__slice_is(vms_rpc_reply_receipt(&reply), cases[i].receipt));
    vms_rpc_reply_free(&reply);
  }
  reply_of("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"result\":1}}", &reply);
  assert_int_equal(vms_rpc_reply_outcome(&reply, &outcome, NULL), VMS_ERR_FORM);
  vms_rpc_reply_free(&reply);
  reply_of("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"m\",\"data\":{\"seq\":-1}}}", &reply);
  assert_int_equal(vms_rpc_reply_outcome(&reply, &outcome, NULL), VMS_ERR_FORM);
  vms_rpc_reply_free(&reply);
  vms_outcome_free(&outcome);
}

static void notifications_are_told_from_responses(void **state) {
  static const char *const none[] = { "", "1", "[]", "{}", "{\"jsonrpc\":\"2.0\"}", "{\"jsonrpc\":\"2.0\",\"method\":1}", "{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"id\":1}",
                                      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}", "{\"jsonrpc\":\"1.0\",\"method\":\"x\"}", "{\"jsonrpc\":\"2.0\",\"method\":\"x\"} 1" };
  vms_slice method, params;
  (void)state;
  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
    assert_int_equal(vms_rpc_notification_read(vms__slice_of(none[i]), &method, &params), VMS_ERR_FORM);
  assert_ok(vms_rpc_notification_read(SLICE(" {\"jsonrpc\":\"2.0\",\"method\":\"vms.appended\",\"params\":{\"seq\":1}}"), &method, &params));
  assert_true(vms__slice_is(method, "vms.appended"));
  assert_true(vms__slice_is(params, "{\"seq\":1}"));
  assert_ok(vms_rpc_notification_read(SLICE("{\"jsonrpc\":\"2.0\",\"m\\u0065thod\":\"x\"}"), &method, &params));
  assert_null(params.data);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(outcomes_find_their_requests_in_any_order),
    cmocka_unit_test(a_call_knows_its_session_and_the_sessions_owner),
    cmocka_unit_test(an_outcome_that_came_waits_until_it_is_durable),
    cmocka_unit_test(a_batch_waits_for_all_of_its_calls),
    cmocka_unit_test(little_of_what_is_read_waits_for_calls),
    cmocka_unit_test(notifications_of_calls_are_taken_and_never_answered),
    cmocka_unit_test(refusals_that_come_later_are_answered_at_once),
    cmocka_unit_test(what_waits_can_be_failed_and_its_outcome_is_too_late),
    cmocka_unit_test(a_connection_may_end_while_calls_are_under_way),
    cmocka_unit_test(who_says_goodbye_has_the_answers_first),
    cmocka_unit_test(many_tickets_are_kept_apart),
    cmocka_unit_test(input_waits_while_many_calls_are_under_way),
    cmocka_unit_test(answers_that_outgrow_all_bounds_end_the_connection),
    cmocka_unit_test(receipts_are_written_into_results_and_errors),
    cmocka_unit_test(a_receipt_waits_until_its_record_is_published),
    cmocka_unit_test(no_receipt_is_no_obstacle),
    cmocka_unit_test(the_wish_for_a_receipt_is_true_or_false),
    cmocka_unit_test(subscribers_catch_up_and_then_follow),
    cmocka_unit_test(what_is_not_published_is_not_told),
    cmocka_unit_test(who_takes_nothing_costs_nothing),
    cmocka_unit_test(a_subscription_in_a_batch_begins_with_its_answer),
    cmocka_unit_test(bad_subscriptions_are_refused),
    cmocka_unit_test(a_record_that_cannot_be_read_ends_the_subscription),
    cmocka_unit_test(outcomes_are_read_back),
    cmocka_unit_test(notifications_are_told_from_responses),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
