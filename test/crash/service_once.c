/* SPDX-License-Identifier: MIT */
/* Goal: exactly once. Whenever the power goes, and whatever becomes of the indexes, who sends the same request again gets the outcome that was
 * answered, or, if nothing was answered, one that stands from then on; the contract's own count says how often each request ran.
 * Method: lives of one service on simulated disks behind one plug, each ended by a cut at some write or sync; between them the two indexes stay,
 * vanish, lose their end, get a byte bent or go back to what they were some lives ago. CUTS cuts in all (default 120). */
#define _GNU_SOURCE /* strdup */
#include "test/support/storage.h"
#include "test/support/world.h"

#define CALLERS 4
#define REQUESTS_MAX 4096u
#define DISKS 3u /* journal, its index, the index of callers */

/* Each request has a number of its own. `ran` in its result is how often it ran, `order` which one it was of all that ran. */
static const char contract[] =
  "const f = System.files, read = p => f.readFile(p).then(Number, () => 0)\n"
  "exports.run = async (number, way) => {\n"
  "  const ran = await read('/ran-' + number) + 1, order = await read('/order') + 1\n"
  "  await f.writeFile('/ran-' + number, String(ran)); await f.writeFile('/order', String(order))\n"
  "  if (way === 1) throw new Error('after all ' + order); if (way === 2) for (;;); return [ran, order, Math.random()] }\n"
  "exports.ran = async number => [await read('/ran-' + number), await read('/order')]\n";

typedef struct sent {
  int who, way;
  char *request, *answer; /* answer NULL: nothing was told yet */
  uint8_t signature[VMS_SIGNATURE_LEN];
} sent;

typedef struct host {
  world w;
  sim_disk disks[DISKS], olds[DISKS];
  sent sent[REQUESTS_MAX];
  size_t count, told;
  uint64_t random;
} host;

static uint64_t below(host *h, uint64_t n) { return sim_random(&h->random) % n; }

static void host_init(host *h, uint64_t seed) {
  memset(h, 0, sizeof *h);
  world_init(&h->w);
  vms_memory_close(&h->w.storage);
  h->random = seed;
  for (size_t i = 0; i < DISKS; i++) {
    sim_disk_init(&h->disks[i]);
    sim_disk_init(&h->olds[i]);
    if (i > 0) h->disks[i].mains = &h->disks[0];
  }
  h->w.storage = h->disks[0].storage;
  h->w.options.index = &h->disks[1].storage;
  h->w.options.callers_index = &h->disks[2].storage;
  h->w.options.epoch = 7;
  h->w.options.limits.steps = 60000;
}

static void host_deinit(host *h) {
  vms_service_close(h->w.service);
  h->w.service = NULL;
  for (size_t i = 0; i < DISKS; i++) {
    sim_disk_deinit(&h->disks[i]);
    sim_disk_deinit(&h->olds[i]);
  }
  for (size_t i = 0; i < h->count; i++) {
    free(h->sent[i].request);
    free(h->sent[i].answer);
  }
  assert_ok(vms_memory_open(&h->w.storage, NULL, NULL));
  world_deinit(&h->w);
}

/* --- calls ------------------------------------------------------------------------------------------------ */

static bool answered(const host *h) { return h->w.outcome.kind != VMS_OUTCOME_REFUSED; }

static void send_again(host *h, size_t which) {
  sent *s = &h->sent[which];
  vms__buf_clear(&h->w.request);
  assert_ok(vms__buf_text(&h->w.request, s->request));
  memcpy(h->w.signature, s->signature, sizeof s->signature);
  world_resend(&h->w, s->who);
}

/* What is durable is told: from then on it is promised. */
static void tell(host *h, char **outcomes, size_t from) {
  for (size_t i = from; i < h->count; i++) {
    if (h->sent[i].answer == NULL) h->sent[i].answer = outcomes[i - from];
    else free(outcomes[i - from]);
  }
  h->told = h->count;
}

/* A group of new calls, and a commit. False once the power is gone. */
static bool group(host *h) {
  char *outcomes[4] = { NULL, NULL, NULL, NULL };
  size_t from = h->count, calls = 1 + (size_t)below(h, 4);
  for (size_t i = 0; i < calls; i++) {
    char params[48];
    sent *s = &h->sent[h->count];
    assert_true(h->count < REQUESTS_MAX);
    s->who = 1 + (int)below(h, CALLERS);
    s->way = below(h, 6) < 4 ? 0 : (int)below(h, 3);
    snprintf(params, sizeof params, "[%zu,%d]", h->count, s->way);
    h->w.now_ms++;
    world_sign(&h->w, s->who, "run", params);
    s->request = strdup(h->w.request.data);
    memcpy(s->signature, h->w.signature, sizeof s->signature);
    h->count++;
    world_resend(&h->w, s->who);
    if (!answered(h)) fail_msg("%s", world_outcome(&h->w));
    outcomes[i] = strdup(world_outcome(&h->w));
  }
  if (vms_service_commit(h->w.service, VMS_COMMIT_SIGN, NULL) != VMS_OK) {
    for (size_t i = 0; i < calls; i++) free(outcomes[i]); /* nobody was told */
    return false;
  }
  tell(h, outcomes, from);
  return true;
}

/* What was told is told again; what was not runs now, or has run: then it is told. False once the power is gone. */
static bool catch_up(host *h) {
  char *outcomes[4] = { NULL, NULL, NULL, NULL };
  size_t untold = h->told;
  for (size_t i = 0; i < h->count; i++) {
    uint64_t length = vms_service_length(h->w.service);
    send_again(h, i);
    if (!answered(h)) fail_msg("request %zu of %zu: %s", i, h->count, world_outcome(&h->w));
    if (i >= untold) {
      outcomes[i - untold] = strdup(world_outcome(&h->w));
      continue;
    }
    assert_string_equal(world_outcome(&h->w), h->sent[i].answer);
    assert_int_equal(vms_service_length(h->w.service), length);
  }
  if (vms_service_commit(h->w.service, VMS_COMMIT_SIGN, NULL) != VMS_OK) {
    for (size_t i = untold; i < h->count; i++) free(outcomes[i - untold]);
    return false;
  }
  tell(h, outcomes, untold);
  return true;
}

/* --- lives -------------------------------------------------------------------------------------------------- */

static void harm(host *h, size_t which) {
  sim_disk *disk = &h->disks[which];
  switch (below(h, 8)) {
    case 0: sim_disk_load(disk, "", 0); break;
    case 1: sim_disk_load(disk, disk->bytes, disk->len - (size_t)below(h, disk->len + 1)); break;
    case 2: if (disk->len > 0) disk->bytes[below(h, disk->len)] ^= (uint8_t)(1u << below(h, 8)); break;
    case 3: sim_disk_load(disk, h->olds[which].bytes, h->olds[which].len); break;
    case 4: sim_disk_load(&h->olds[which], disk->bytes, disk->len); break;
    default: break;
  }
}

static void reopen(host *h) {
  vms_service_close(h->w.service);
  h->w.service = NULL;
  for (size_t i = 0; i < DISKS; i++) sim_disk_restart(&h->disks[i], sim_random(&h->random));
  h->disks[0].power_cut_at = 0;
  for (size_t i = 1; i < DISKS; i++) harm(h, i);
  if (vms_service_open(&h->w.service, &h->w.storage, h->w.secret, NULL, &h->w.options, &h->w.error) != VMS_OK) fail_msg("%s", h->w.error.message);
}

/* Every request ran once: the contract counted. Those that threw or were aborted left nothing in its files. */
static void expect_once(host *h) {
  char numbers[64];
  uint64_t ran = 0;
  assert_true(catch_up(h));
  for (size_t i = 0; i < h->count; i++) {
    char params[32];
    bool kept = h->sent[i].way == 0;
    ran += kept;
    snprintf(params, sizeof params, "[%zu]", i);
    if (i % 16 != 0 && i + 1 != h->count) continue;
    world_call(&h->w, 9, "ran", params);
    snprintf(numbers, sizeof numbers, "[%d,", kept ? 1 : 0);
    assert_memory_equal(world_outcome(&h->w), numbers, strlen(numbers));
  }
  snprintf(numbers, sizeof numbers, ",%llu]", (unsigned long long)ran);
  assert_non_null(strstr(world_outcome(&h->w), numbers));
  assert_string_equal(world_audit(&h->w, NULL), "");
}

static void whatever_is_sent_runs_once_through_cuts_of_the_power(void **state) {
  const char *wanted = getenv("CUTS");
  uint64_t cuts = wanted == NULL ? 120 : strtoull(wanted, NULL, 10), seed = sim_seed(), done = 0, again = 0;
  static host h;
  (void)state;
  for (uint64_t service = 0; done < cuts; service++) {
    host_init(&h, seed * 1000003 + service);
    world_deploy(&h.w, contract);
    for (int life = 0; life < 20; life++, done++) {
      if (below(&h, 4) == 0) reopen(&h); /* also closed in peace, now and then */
      h.disks[0].power_cut_at = h.disks[0].operations + 1 + below(&h, 24);
      bool fine = catch_up(&h);
      again += h.count;
      while (fine) fine = group(&h);
      reopen(&h);
    }
    expect_once(&h);
    host_deinit(&h);
  }
  print_message("%llu cuts, %llu requests sent again\n", (unsigned long long)done, (unsigned long long)again);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(whatever_is_sent_runs_once_through_cuts_of_the_power),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
