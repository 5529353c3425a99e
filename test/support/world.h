/* SPDX-License-Identifier: MIT */
/* A whole host, its callers and its auditor in one process: storage in memory, a clock that is set by hand. */
#ifndef VMS_TEST_WORLD_H
#define VMS_TEST_WORLD_H

#include "test/support/test.h"
#include "vms/service.h"

typedef struct world {
  vms_env env;            /* malloc, the clock below, no entropy */
  uint64_t now_ms;
  vms_storage storage;    /* of the journal */
  uint8_t secret[VMS_SEED_LEN];
  vms_service_options options;
  vms_service *service;
  vms_outcome outcome;    /* of the last call */
  uint64_t nonce;         /* of the last request */
  vms_buffer request;     /* its text */
  uint8_t signature[VMS_SIGNATURE_LEN];
  vms_verdict verdict;
  vms_error error;
} world;

void world_init(world *w);
void world_deinit(world *w);
/* For cmocka: a world for each test, as its state. */
int world_setup(void **state);
int world_teardown(void **state);
/* Deploys a script; fails the test if that fails. */
void world_deploy(world *w, const char *code);
/* Drops the service without committing and opens the journal again, as after kill -9. */
void world_restart(world *w);
/* Signs and applies a call by caller number `who`; the outcome is in w->outcome. Does not commit. */
void world_call(world *w, int who, const char *method, const char *params);
/* Only signs it: the text is in w->request. */
void world_sign(world *w, int who, const char *method, const char *params);
/* Applies the text in w->request again, unchanged. */
void world_resend(world *w, int who);
void world_key(int who, uint8_t key[VMS_KEY_LEN]);
void world_commit(world *w);
/* Commits and audits what is on the storage; the verdict is in w->verdict. Returns its kind ("" if fine). */
const char *world_audit(world *w, const vms_audit_options *options);
/* The outcome as text: the result, "undefined", or "code NAME: MESSAGE". Valid until the next use. */
const char *world_outcome(world *w);

#endif
