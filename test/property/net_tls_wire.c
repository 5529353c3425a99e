/* SPDX-License-Identifier: MIT */
/* Goal: whatever happens to the bytes on the wire, what comes out of TLS at one end is a beginning of what went in at the other: nothing is
 * changed, left out, repeated or put in another order. Method: two ends that send at random, through a wire that delivers any number of bytes and
 * now and then flips a bit, drops, repeats or invents some. SEED repeats a run, ROUNDS makes it longer. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include "lib/net/internal.h"
#include "test/support/certificates.h"
#include "test/support/folder.h"
#include "test/support/storage.h"

static uint64_t state_of_numbers;

static uint64_t draw(uint64_t below) { return sim_random(&state_of_numbers) % below; }

/* One direction: what was said, what came out so far, what is on its way. */
typedef struct way {
  vms__tls *from, *to;
  vms_buffer said, wire;
  size_t heard;
  bool over; /* the receiving end gave up */
} way;

static void damage(vms_buffer *wire) {
  size_t at = draw(wire->len), len = 1 + draw(VMS__MIN(wire->len - at, (size_t)64));
  char copy[64];
  memcpy(copy, wire->data + at, len);
  switch (draw(4)) {
    case 0: wire->data[at] = (char)(wire->data[at] ^ 1 << draw(8)); break;
    case 1: /* lost */
      memmove(wire->data + at, wire->data + at + len, wire->len - at - len);
      wire->len -= len;
      break;
    case 2: assert_ok(vms_buffer_append(wire, copy, len)); break; /* again, later */
    default: /* invented */
      for (size_t i = 0; i < len; i++) wire->data[at + i] = (char)draw(256);
  }
}

static void say(way *w) {
  char text[40000];
  size_t len = draw(8) == 0 ? draw(sizeof text) : draw(200);
  if (!vms__tls_is_open(w->from)) return;
  for (size_t i = 0; i < len; i++) text[i] = (char)draw(256);
  if (vms__tls_send(w->from, text, len, &w->wire, NULL) == VMS_OK) assert_ok(vms_buffer_append(&w->said, text, len));
}

/* Delivers some of the wire and takes what comes out. */
static void deliver(way *w) {
  char plain[5000];
  size_t len = draw(w->wire.len + 1), n = 1;
  vms_error error;
  assert_ok(vms__tls_feed(w->to, w->wire.data, len, NULL));
  memmove(w->wire.data, w->wire.data + len, w->wire.len - len);
  w->wire.len -= len;
  while (n > 0 && !w->over) {
    w->over = vms__tls_receive(w->to, plain, 1 + draw(sizeof plain - 1), &n, &error) != VMS_OK;
    assert_true(n <= w->said.len - w->heard);
    if (n > 0) assert_memory_equal(plain, w->said.data + w->heard, n);
    w->heard += n;
  }
}

/* Returns true if all that was said was heard. harm: one step in so many does some; 0: none. */
static bool play(vms__tls_context *client, vms__tls_context *server, uint64_t harm) {
  way there = { 0 }, back = { 0 };
  assert_ok(vms__tls_new(&there.from, client, "localhost", NULL, NULL));
  assert_ok(vms__tls_new(&there.to, server, NULL, NULL, NULL));
  back.from = there.to;
  back.to = there.from;
  (void)vms__tls_handshake(there.from, NULL);
  for (int step = 0; step < 120; step++) {
    way *w = draw(2) == 0 ? &there : &back;
    assert_ok(vms__tls_take(w->from, &w->wire, NULL));
    if (draw(3) == 0 && step < 100) say(w);
    if (harm > 0 && w->wire.len > 0 && draw(harm) == 0) damage(&w->wire);
    if (w->wire.len > 0) deliver(w);
  }
  for (int step = 0; step < 200 && harm == 0; step++) { /* what is left */
    way *w = step % 2 == 0 ? &there : &back;
    assert_ok(vms__tls_take(w->from, &w->wire, NULL));
    if (w->wire.len > 0) deliver(w);
  }
  bool whole = there.heard == there.said.len && back.heard == back.said.len && there.said.len > 0;
  vms_buffer_free(&there.said);
  vms_buffer_free(&there.wire);
  vms_buffer_free(&back.said);
  vms_buffer_free(&back.wire);
  vms__tls_free(there.from);
  vms__tls_free(there.to);
  return whole;
}

static void what_comes_out_is_a_beginning_of_what_went_in(void **state) {
  const char *seed = getenv("SEED"), *more = getenv("ROUNDS");
  uint64_t rounds = more == NULL ? 1000 : strtoull(more, NULL, 10), whole = 0, unharmed = 0;
  identity made = identity_make((identity_options){ "x", "DNS:localhost", NULL, 0, 0, 0 });
  vms__tls_context *client = NULL, *server = NULL;
  char file[128];
  (void)state;
  state_of_numbers = seed == NULL ? 1 : strtoull(seed, NULL, 10);
  snprintf(file, sizeof file, "%s/x.pem", folder);
  identity_write(file, made.certificate, NULL, made.key);
  assert_ok(vms__tls_client(&client, file, NULL));
  assert_ok(vms__tls_server(&server, file, NULL, NULL));
  for (uint64_t i = 0; i < rounds; i++) {
    uint64_t harm = i % 3 == 0 ? 0 : 1 + draw(200);
    bool all = play(client, server, harm);
    if (harm == 0) unharmed++;
    if (harm == 0 && all) whole++;
  }
  assert_int_equal(whole, unharmed);
  vms__tls_context_free(client);
  vms__tls_context_free(server);
  identity_free(&made);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(what_comes_out_is_a_beginning_of_what_went_in) };
  return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
