/* SPDX-License-Identifier: MIT */
/* What a receipt costs: its host, which makes one for each call, and whoever reads it. Beside one check of an Ed25519 signature on this machine, of
 * which a reader needs two. The ledger is in memory; its last records are those of calls that were just answered. */
#define _GNU_SOURCE
#include "test/bench/bench.h"

#include "lib/base/internal.h"
#include "vms/service.h"

#define CALLS 20000u
#define BATCH 64u    /* calls in one commit: as many have seen the head before */
#define ROUNDS 20000u
#define READS 2000u

static uint64_t clock_ms(void *context) {
  (void)context;
  return UINT64_C(1700000000000);
}

static void call_once(vms_service *service, const uint8_t seed[VMS_SEED_LEN], uint64_t nonce, const vms_head *seen) {
  vms_request request = { .nonce = nonce, .until_ms = clock_ms(NULL), .seen_length = seen->length, .method = VMS__TEXT("echo"), .params = VMS__TEXT("[\"see you\"]") };
  uint8_t key[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN] = { 0 };
  vms_buffer text = VMS_BUFFER_INIT;
  vms_outcome outcome;
  vms_error error;
  memcpy(request.seen_hash, seen->tree_hash, VMS_HASH_LEN);
  vms_service_key(service, VMS_CORE_LEDGER, request.ledger);
  vms_key_public(seed, key);
  must(vms_request_write(&text, &request, &error), &error);
  must(vms_request_sign((vms_slice){ text.data, text.len }, seed, signature), &error);
  vms_outcome_init(&outcome, NULL);
  must(vms_service_call_checked(service, (vms_slice){ text.data, text.len }, key, signature, &outcome), &error);
  if (outcome.kind != VMS_OUTCOME_RESULT) die(outcome.message.data);
  vms_outcome_free(&outcome);
  vms_buffer_free(&text);
}

/* Microseconds each, of the processor's time. */
static double receipts_of(vms_service *service, uint64_t from, uint64_t count, vms_buffer *json) {
  vms_error error;
  double since = processor();
  for (unsigned i = 0; i < ROUNDS; i++) {
    json->len = 0;
    must(vms_service_receipt(service, from + i % count, json, &error), &error);
  }
  return (processor() - since) / ROUNDS * 1e6;
}

static double read_of(vms_slice json) {
  vms_buffer scratch = VMS_BUFFER_INIT;
  vms_receipt receipt;
  vms_error error;
  double since = processor();
  for (unsigned i = 0; i < READS; i++) must(vms_receipt_read(json, &scratch, &receipt, &error), &error);
  vms_buffer_free(&scratch);
  return (processor() - since) / READS * 1e6;
}

static double verify_of(const uint8_t seed[VMS_SEED_LEN]) {
  uint8_t key[VMS_KEY_LEN], signature[VMS_SIGNATURE_LEN];
  vms_key_public(seed, key);
  vms_sign(seed, "message", 7, signature);
  double since = processor();
  for (unsigned i = 0; i < READS; i++)
    if (!vms_verify(key, "message", 7, signature)) die("a signature does not fit");
  return (processor() - since) / READS * 1e6;
}

int main(void) {
  static const uint8_t seed[VMS_SEED_LEN] = { 3 };
  const vms_env env = { sizeof env, 0, NULL, NULL, clock_ms, NULL };
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms_service *service;
  vms_storage storage;
  vms_head head;
  vms_buffer json = VMS_BUFFER_INIT;
  vms_error error;
  options.env = &env;
  must(vms_memory_open(&storage, NULL, &error), &error);
  must(vms_service_deploy(&service, &storage, seed, VMS__TEXT("exports.echo = x => x\n"), &options, NULL, &error), &error);
  for (unsigned i = 0; i < CALLS; i++) {
    must(vms_core_head(vms_service_core(service, VMS_CORE_LEDGER), &head, &error), &error);
    call_once(service, seed, i + 1, &head);
    if (i % BATCH == BATCH - 1) must(vms_service_commit(service, VMS_COMMIT_SIGN, &error), &error);
  }
  must(vms_service_commit(service, VMS_COMMIT_SIGN, &error), &error);
  uint64_t length = vms_service_length(service);
  printf("ledger of %llu records\n", (unsigned long long)length);
  printf("receipt made, of a new record    %6.2f us\n", receipts_of(service, length - BATCH, BATCH, &json));
  printf("               its length        %6zu bytes\n", json.len);
  printf("receipt made, of an old record   %6.2f us\n", receipts_of(service, length / 2, length / 4, &json));
  printf("receipt read and checked         %6.2f us\n", read_of((vms_slice){ json.data, json.len }));
  printf("one Ed25519 signature checked    %6.2f us\n", verify_of(seed));
  vms_buffer_free(&json);
  vms_service_close(service);
  vms_memory_close(&storage);
  return 0;
}
