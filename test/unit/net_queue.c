/* SPDX-License-Identifier: MIT */
/* Goal: the queue of a service is fair, keeps each lane's order and loses no slot, whoever comes and goes.
 * Method: lanes and calls by hand, then at random with a model of what each lane waits for. Sessions are only told apart here. */
#include "test/support/test.h"

#include "lib/net/queue.h"
#include "test/support/storage.h"

#define SLOTS 12u

static vms__call_bytes bytes;
static vms__queue queue;
static int sessions[64]; /* addresses that stand for sessions */

static vms_rpc_session *session(size_t i) { return (vms_rpc_session *)&sessions[i]; }

static void begin(uint32_t slots) {
  bytes = (vms__call_bytes){ .max = 1000 };
  assert_ok(vms__queue_init(&queue, slots, &bytes, 42, NULL));
}

static void end(void) {
  vms__queue_deinit(&queue);
  assert_int_equal(bytes.used, 0);
  assert_int_equal(bytes.held, 0);
}

static int add_text(vms__lane *lane, uint64_t ticket, uint8_t key, bool counts, const char *text) {
  uint8_t caller[VMS_KEY_LEN] = { key }, signature[VMS_SIGNATURE_LEN] = { key };
  vms_rpc_call call = { .ticket = ticket, .is_signed = 1, .request = SLICE(text), .caller = caller, .signature = signature };
  return vms__queue_add(lane, &call, counts);
}

static int add(vms__lane *lane, uint64_t ticket, uint8_t key) { return add_text(lane, ticket, key, true, "text"); }

static int add_unsigned(vms__lane *lane, uint64_t ticket) {
  vms_rpc_call call = { .ticket = ticket, .method = SLICE("m"), .params = SLICE("[]"), .user = { NULL, 0 } };
  return vms__queue_add(lane, &call, false);
}

/* All that waits is found to fit. */
static void check_all(void) {
  vms__call *calls[64];
  size_t count = vms__queue_take(&queue, calls, 64);
  for (size_t i = 0; i < count; i++) vms__queue_checked(&queue, calls[i], true);
}

static uint64_t run_next(void) {
  vms__call *call = vms__queue_next(&queue);
  assert_non_null(call);
  assert_int_equal(call->state, VMS__CALL_FITS);
  uint64_t ticket = call->ticket;
  vms__queue_ran(&queue, call, false, 0);
  return ticket;
}

static uint32_t fill(vms__lane *lane, uint8_t key) {
  uint32_t count = 0;
  while (add(lane, count, key) == VMS_OK) count++;
  return count;
}

static void nobody_has_more_slots_than_are_free(void **state) {
  vms__lane *lanes[4];
  (void)state;
  begin(SLOTS);
  for (size_t i = 0; i < 4; i++) lanes[i] = vms__lane_new(&queue, session(i), NULL);
  assert_int_equal(fill(lanes[0], 1), SLOTS / 2);
  assert_int_equal(fill(lanes[1], 2), SLOTS / 4);
  for (size_t i = 0; i < 2; i++) vms__lane_drop(lanes[i]);
  lanes[0] = vms__lane_new(&queue, session(0), NULL);
  lanes[1] = vms__lane_new(&queue, session(1), NULL);
  for (uint32_t i = 0; i < SLOTS / 3; i++) { /* side by side: a third each, and a third stays */
    assert_ok(add(lanes[0], i, 1));
    assert_ok(add(lanes[1], i, 2));
  }
  assert_int_equal(add(lanes[0], 9, 1), VMS_ERR_LIMIT);
  assert_int_equal(add(lanes[1], 9, 2), VMS_ERR_LIMIT);
  assert_ok(add(lanes[2], 9, 3));
  for (size_t i = 0; i < 4; i++) vms__lane_drop(lanes[i]);
  end();
}

static void one_slot_is_enough_for_a_queue(void **state) {
  vms__lane *lane;
  (void)state;
  begin(1);
  lane = vms__lane_new(&queue, session(0), NULL);
  assert_ok(add(lane, 1, 1));
  assert_int_equal(add(lane, 2, 1), VMS_ERR_LIMIT);
  check_all();
  assert_int_equal(run_next(), 1);
  assert_ok(add(lane, 2, 1));
  vms__lane_drop(lane);
  end();
}

static void lanes_take_turns_and_keep_their_order(void **state) {
  static const uint64_t expected[] = { 10, 20, 30, 11, 21, 12, 22 };
  vms__lane *lanes[3];
  (void)state;
  begin(100);
  for (size_t i = 0; i < 3; i++) lanes[i] = vms__lane_new(&queue, session(i), NULL);
  for (uint64_t i = 0; i < 3; i++) assert_ok(add(lanes[0], 10 + i, 1));
  for (uint64_t i = 0; i < 3; i++) assert_ok(i == 1 ? add_unsigned(lanes[1], 20 + i) : add(lanes[1], 20 + i, 2));
  assert_ok(add(lanes[2], 30, 3));
  assert_false(vms__queue_can_run(&queue));
  check_all();
  for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) assert_int_equal(run_next(), expected[i]);
  assert_null(vms__queue_next(&queue));
  for (size_t i = 0; i < 3; i++) vms__lane_drop(lanes[i]);
  end();
}

static void signatures_are_checked_by_turns_and_may_come_back_in_any_order(void **state) {
  vms__lane *lanes[2];
  vms__call *calls[8];
  (void)state;
  begin(100);
  for (size_t i = 0; i < 2; i++) lanes[i] = vms__lane_new(&queue, session(i), NULL);
  for (uint64_t i = 0; i < 3; i++) assert_ok(add(lanes[0], 10 + i, 1));
  assert_ok(add(lanes[1], 20, 2));
  assert_int_equal(vms__queue_take(&queue, calls, 3), 3);
  assert_int_equal(calls[0]->ticket, 10);
  assert_int_equal(calls[1]->ticket, 20); /* not behind all of the first one's */
  assert_int_equal(calls[2]->ticket, 11);
  assert_int_equal(vms__queue_take(&queue, calls + 3, 3), 1);
  vms__queue_checked(&queue, calls[3], true);
  vms__queue_checked(&queue, calls[2], false);
  assert_null(vms__queue_next(&queue)); /* the first of each lane is not checked */
  vms__queue_checked(&queue, calls[0], true);
  assert_int_equal(run_next(), 10);
  vms__call *forged = vms__queue_next(&queue);
  assert_int_equal(forged->ticket, 11);
  assert_int_equal(forged->state, VMS__CALL_FORGED);
  vms__queue_ran(&queue, forged, false, 0);
  assert_int_equal(run_next(), 12);
  vms__queue_checked(&queue, calls[1], true);
  assert_int_equal(run_next(), 20);
  for (size_t i = 0; i < 2; i++) vms__lane_drop(lanes[i]);
  end();
}

static void a_key_has_one_share_however_many_connections(void **state) {
  vms__lane *lanes[6];
  uint32_t fit = 0, busy = 0;
  vms__call *call;
  (void)state;
  begin(SLOTS);
  for (size_t i = 0; i < 6; i++) lanes[i] = vms__lane_new(&queue, session(i), NULL);
  for (size_t i = 0; i < 5; i++) assert_ok(add(lanes[i], i, 1));
  for (size_t i = 0; i < 5; i++) assert_ok(add(lanes[i], i, 1)); /* 10 of 12, one key */
  check_all();
  while ((call = vms__queue_next(&queue)) != NULL) {
    if (call->state == VMS__CALL_FITS) vms__queue_ran(&queue, call, true, fit++);
    else vms__queue_ran(&queue, call, false, busy++);
  }
  assert_int_equal(fit + busy, 10);
  assert_in_range(fit, 3, SLOTS / 2);
  while (add(lanes[5], 1, 1) == VMS_OK) { /* what is free now is that key's up to its share */
    check_all();
    call = vms__queue_next(&queue);
    assert_int_equal(call->state, VMS__CALL_FITS);
    vms__queue_ran(&queue, call, true, fit++);
  }
  assert_int_equal(fit, SLOTS / 2);
  assert_ok(add(lanes[5], 2, 2)); /* another key */
  vms__queue_durable(&queue, fit);
  for (size_t i = 0; i < 6; i++) vms__lane_drop(lanes[i]);
  end();
}

static void forgers_and_repeaters_take_nothing_from_a_key(void **state) {
  vms__lane *bad = NULL, *good;
  vms__call *calls[SLOTS];
  (void)state;
  begin(SLOTS);
  bad = vms__lane_new(&queue, session(0), NULL);
  good = vms__lane_new(&queue, session(1), NULL);
  while (add_text(bad, 1, 1, false, "t") == VMS_OK) continue; /* in the ledger already, sent again by somebody */
  check_all();
  assert_ok(add(good, 1, 1));
  assert_int_equal(vms__queue_take(&queue, calls, SLOTS), 1);
  vms__queue_checked(&queue, calls[0], true);
  assert_int_equal(calls[0]->state, VMS__CALL_FITS);
  vms__lane_drop(bad);
  bad = vms__lane_new(&queue, session(0), NULL);
  fill(bad, 1);
  size_t count = vms__queue_take(&queue, calls, SLOTS);
  for (size_t i = 0; i < count; i++) vms__queue_checked(&queue, calls[i], false);
  assert_ok(add(good, 2, 1));
  vms__lane_drop(bad);
  vms__lane_drop(good);
  end();
}

static void the_longest_lane_gives_way_to_a_newcomer(void **state) {
  vms__lane *lanes[SLOTS + 1];
  vms__call *calls[2];
  (void)state;
  begin(SLOTS);
  for (size_t i = 0; i <= SLOTS; i++) lanes[i] = vms__lane_new(&queue, session(i), NULL);
  for (uint64_t i = 0; i < 3; i++) assert_ok(add(lanes[0], i, 0));
  for (size_t i = 1; i <= SLOTS - 3; i++) assert_ok(add(lanes[i], 10 + i, (uint8_t)i));
  assert_int_equal(add(lanes[SLOTS], 50, 50), VMS_ERR_LIMIT);
  assert_null(vms__queue_displace(lanes[1])); /* who has something has to wait */
  assert_int_equal(vms__queue_take(&queue, calls, 1), 1);
  vms__queue_checked(&queue, calls[0], true);
  calls[1] = vms__queue_displace(lanes[SLOTS]);
  assert_non_null(calls[1]);
  assert_int_equal(calls[1]->ticket, 2); /* the newest one of the longest lane */
  vms__queue_ran(&queue, calls[1], false, 0);
  assert_ok(add(lanes[SLOTS], 50, 50));
  check_all();
  assert_int_equal(run_next(), 0);
  assert_int_equal(run_next(), 11);
  for (size_t i = 0; i <= SLOTS; i++) vms__lane_drop(lanes[i]);
  end();
}

static void who_forges_has_one_slot_until_a_signature_fits(void **state) {
  vms__lane *lane;
  vms__call *calls[2], *call;
  (void)state;
  begin(SLOTS);
  lane = vms__lane_new(&queue, session(0), NULL);
  for (int fits = 0; fits < 2; fits++) {
    assert_ok(add(lane, 1, 1));
    assert_int_equal(vms__queue_take(&queue, calls, 2), 1);
    vms__queue_checked(&queue, calls[0], fits != 0);
    assert_int_equal(add(lane, 2, 1), fits ? VMS_OK : VMS_ERR_LIMIT);
    call = vms__queue_next(&queue);
    vms__queue_ran(&queue, call, false, 0);
  }
  vms__lane_drop(lane);
  end();
}

static void what_cannot_be_checked_is_nobodys_fault(void **state) {
  vms__lane *lane;
  vms__call *calls[2];
  (void)state;
  begin(SLOTS);
  lane = vms__lane_new(&queue, session(0), NULL);
  for (uint64_t i = 0; i < 2; i++) assert_ok(add(lane, i, 1));
  assert_int_equal(vms__queue_take(&queue, calls, 2), 2);
  vms__queue_checked(&queue, calls[0], -1);
  vms__queue_checked(&queue, calls[1], 1);
  assert_ok(add(lane, 2, 1)); /* it has more than one slot still */
  vms__call *call = vms__queue_next(&queue);
  assert_int_equal(call->state, VMS__CALL_UNSURE);
  vms__queue_ran(&queue, call, false, 0);
  assert_int_equal(run_next(), 1);
  vms__lane_drop(lane);
  end();
}

static void what_came_of_a_call_counts_until_it_is_durable(void **state) {
  vms__lane *lane;
  (void)state;
  begin(SLOTS);
  lane = vms__lane_new(&queue, session(0), NULL);
  for (uint64_t seq = 0; seq < 3; seq++) {
    assert_ok(add_unsigned(lane, seq));
    vms__call *call = vms__queue_next(&queue);
    call->held = 100;
    vms__queue_ran(&queue, call, seq < 2, seq); /* the third was refused */
  }
  assert_int_equal(bytes.held, 200);
  vms__queue_durable(&queue, 1);
  assert_int_equal(bytes.held, 100);
  vms__lane_drop(lane);
  end();
}

static void what_a_lane_that_was_left_asked_for_still_runs(void **state) {
  vms__lane *lane;
  vms__call *calls[3], *call;
  (void)state;
  begin(SLOTS);
  lane = vms__lane_new(&queue, session(0), NULL);
  for (uint64_t i = 0; i < 3; i++) assert_ok(add(lane, i, 1));
  assert_int_equal(vms__queue_take(&queue, calls, 1), 1);
  vms__lane_leave(lane);
  vms__queue_checked(&queue, calls[0], 1);
  call = vms__queue_next(&queue);
  assert_null(call->lane->owner);
  vms__queue_ran(&queue, call, true, 7);
  check_all();
  assert_int_equal(run_next(), 1);
  vms__queue_durable(&queue, 8);
  assert_int_equal(queue.slots, 1);
  end(); /* one never ran: nothing of it is left */
}

static void a_slot_is_free_once_its_record_is_durable(void **state) {
  vms__lane *lane;
  (void)state;
  begin(SLOTS);
  lane = vms__lane_new(&queue, session(0), NULL);
  for (uint64_t seq = 100; seq < 100 + SLOTS / 2; seq++) {
    assert_ok(add(lane, seq, 1));
    check_all();
    vms__queue_ran(&queue, vms__queue_next(&queue), true, seq);
  }
  assert_int_equal(add(lane, 1, 1), VMS_ERR_LIMIT);
  vms__queue_durable(&queue, 100);
  assert_int_equal(add(lane, 1, 1), VMS_ERR_LIMIT);
  vms__queue_durable(&queue, 101);
  assert_ok(add(lane, 1, 1));
  vms__lane_drop(lane); /* what ran keeps its slots beyond that */
  assert_int_equal(queue.slots, SLOTS / 2 - 1);
  vms__queue_durable(&queue, 200);
  assert_int_equal(queue.slots, 0);
  end();
}

static void bytes_are_shared_like_slots(void **state) {
  vms__lane *lanes[2];
  char text[501];
  (void)state;
  begin(SLOTS);
  memset(text, 'x', 500);
  text[500] = 0;
  for (size_t i = 0; i < 2; i++) lanes[i] = vms__lane_new(&queue, session(i), NULL);
  assert_ok(add_text(lanes[0], 1, 1, true, text));
  assert_int_equal(add_text(lanes[0], 2, 1, true, "x"), VMS_ERR_LIMIT);
  assert_ok(add_text(lanes[1], 2, 2, true, text + 1));
  assert_int_equal(add_text(lanes[1], 2, 2, true, "xx"), VMS_ERR_LIMIT);
  for (size_t i = 0; i < 2; i++) vms__lane_drop(lanes[i]);
  end();
}

static void who_leaves_is_forgotten_with_all_that_did_not_run(void **state) {
  vms__lane *lane, *other;
  vms__call *calls[2];
  (void)state;
  begin(100);
  lane = vms__lane_new(&queue, session(0), NULL);
  other = vms__lane_new(&queue, session(1), NULL);
  for (uint64_t i = 0; i < 6; i++) assert_ok(add(lane, i, 1));
  assert_ok(add_unsigned(lane, 6));
  assert_ok(add(other, 50, 2));
  assert_int_equal(vms__queue_take(&queue, calls, 2), 2);
  vms__queue_checked(&queue, calls[1], true);
  vms__lane_drop(lane);
  assert_int_equal(queue.slots, 2); /* one of them is at the pool still */
  assert_int_equal(run_next(), 50);
  vms__queue_checked(&queue, calls[0], true);
  assert_int_equal(queue.slots, 0);
  assert_int_equal(queue.unchecked + queue.checking + queue.waiting, 0);
  assert_null(vms__queue_next(&queue));
  assert_int_equal(vms__queue_take(&queue, calls, 2), 0);
  vms__lane_drop(other);
  end();
}

static void draining_gives_back_all_but_what_is_being_checked(void **state) {
  vms__lane *lane;
  vms__call *calls[2], *call;
  uint64_t drained = 0;
  (void)state;
  begin(100);
  lane = vms__lane_new(&queue, session(0), NULL);
  for (uint64_t i = 0; i < 6; i++) assert_ok(i == 4 ? add_unsigned(lane, i) : add(lane, i, 1));
  assert_int_equal(vms__queue_take(&queue, calls, 2), 2);
  vms__queue_checked(&queue, calls[0], true);
  while ((call = vms__queue_drain(&queue)) != NULL) {
    drained |= 1u << call->ticket;
    vms__queue_ran(&queue, call, false, 0);
  }
  assert_int_equal(drained, 1 | 4 | 8 | 32); /* the unsigned one waits behind 1 */
  vms__queue_checked(&queue, calls[1], true);
  assert_int_equal(vms__queue_drain(&queue)->ticket, 1);
  vms__queue_ran(&queue, calls[1], false, 0);
  call = vms__queue_drain(&queue);
  assert_int_equal(call->ticket, 4);
  vms__queue_ran(&queue, call, false, 0);
  assert_null(vms__queue_drain(&queue));
  vms__lane_drop(lane);
  end();
}

/* --- at random ------------------------------------------------------------------------------------------------------- */

#define LANES 8u

typedef struct model {
  vms__lane *lane;
  uint64_t sent, got; /* tickets */
} model;

static uint64_t seq, dice = 1;

/* Below `limit`. */
static uint32_t draw(uint32_t limit) {
  return (uint32_t)(sim_random(&dice) % limit);
}

static void step(model *models, vms__call **away, size_t *away_count) {
  model *m = &models[draw(LANES)];
  vms__call *call;
  size_t at;
  switch (draw(8)) {
    case 0: case 1: case 2:
      if ((draw(4) == 0 ? add_unsigned(m->lane, m->sent) : add(m->lane, m->sent, (uint8_t)draw(4))) == VMS_OK) m->sent++;
      break;
    case 3: *away_count += vms__queue_take(&queue, away + *away_count, VMS__MIN(64 - *away_count, (size_t)draw(6))); break;
    case 4: case 5:
      if (*away_count == 0) break;
      at = draw((uint32_t)*away_count);
      vms__queue_checked(&queue, away[at], draw(8) != 0);
      away[at] = away[--*away_count];
      break;
    case 6:
      if ((call = vms__queue_next(&queue)) == NULL) break;
      m = &models[(int *)call->lane->session - sessions];
      assert_ptr_equal(m->lane, call->lane);
      assert_int_equal(call->ticket, m->got++); /* in order, none lost, none twice */
      vms__queue_ran(&queue, call, call->state == VMS__CALL_FITS, call->state == VMS__CALL_FITS ? seq++ : 0);
      break;
    default:
      vms__queue_durable(&queue, seq - draw(4));
      if (draw(10) != 0) break;
      vms__lane_drop(m->lane);
      *m = (model){ vms__lane_new(&queue, session((size_t)(m - models)), NULL), 0, 0 };
  }
}

static void any_mix_keeps_order_and_loses_no_slot(void **state) {
  model models[LANES];
  vms__call *away[64];
  size_t away_count = 0;
  (void)state;
  if (getenv("SEED") != NULL) dice = strtoull(getenv("SEED"), NULL, 10);
  print_message("seed %llu\n", (unsigned long long)dice);
  begin(40);
  bytes.max = 100000;
  seq = 10;
  for (size_t i = 0; i < LANES; i++) models[i] = (model){ vms__lane_new(&queue, session(i), NULL), 0, 0 };
  for (int i = 0; i < 200000; i++) step(models, away, &away_count);
  for (size_t i = 0; i < LANES; i++) vms__lane_drop(models[i].lane);
  while (away_count > 0) vms__queue_checked(&queue, away[--away_count], true);
  vms__queue_durable(&queue, seq);
  assert_int_equal(queue.slots, 0);
  end();
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(nobody_has_more_slots_than_are_free),
    cmocka_unit_test(one_slot_is_enough_for_a_queue),
    cmocka_unit_test(lanes_take_turns_and_keep_their_order),
    cmocka_unit_test(signatures_are_checked_by_turns_and_may_come_back_in_any_order),
    cmocka_unit_test(a_key_has_one_share_however_many_connections),
    cmocka_unit_test(forgers_and_repeaters_take_nothing_from_a_key),
    cmocka_unit_test(the_longest_lane_gives_way_to_a_newcomer),
    cmocka_unit_test(who_forges_has_one_slot_until_a_signature_fits),
    cmocka_unit_test(what_cannot_be_checked_is_nobodys_fault),
    cmocka_unit_test(what_came_of_a_call_counts_until_it_is_durable),
    cmocka_unit_test(what_a_lane_that_was_left_asked_for_still_runs),
    cmocka_unit_test(a_slot_is_free_once_its_record_is_durable),
    cmocka_unit_test(bytes_are_shared_like_slots),
    cmocka_unit_test(who_leaves_is_forgotten_with_all_that_did_not_run),
    cmocka_unit_test(draining_gives_back_all_but_what_is_being_checked),
    cmocka_unit_test(any_mix_keeps_order_and_loses_no_slot),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
