/* SPDX-License-Identifier: MIT */
/* Math.random: xoshiro256** over the call's seed (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number
 * generators", 2018). Equal seeds give equal numbers on every machine. */
#include "lib/sandbox/internal.h"

static uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

static uint64_t next(uint64_t s[4]) {
  uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

static void take_seed(vms_sandbox *sandbox) {
  uint8_t seed[32];
  int status = sandbox->host.seed(sandbox->host.context, seed, sandbox->error);
  if (status != VMS_OK) vms__leave_status(sandbox, status);
  memset(sandbox->random, 0, sizeof sandbox->random);
  for (size_t i = 0; i < sizeof seed; i++) sandbox->random[i / 8] |= (uint64_t)seed[i] << 8 * (i % 8);
  if ((sandbox->random[0] | sandbox->random[1] | sandbox->random[2] | sandbox->random[3]) == 0) sandbox->random[0] = 1;
  sandbox->seeded = true;
}

static duk_ret_t math_random(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  if (sandbox->state != VMS__CALLING) return duk_generic_error(duk, "Math.random cannot be used while the script loads");
  if (sandbox->host.seed == NULL) return duk_generic_error(duk, "Math.random: randomness is not available here");
  if (!sandbox->seeded) take_seed(sandbox);
  duk_push_number(duk, (double)(next(sandbox->random) >> 11) * 0x1p-53);
  return 1;
}

void vms__random_open(duk_context *duk) {
  duk_get_global_literal(duk, "Math");
  vms__define_function(duk, -1, "random", math_random, 0, 0);
  duk_pop(duk);
}
