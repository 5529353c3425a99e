/* SPDX-License-Identifier: MIT */
/* A host for tests of callers: real services in memory behind real sockets, which cuts connections, stalls, refuses, forgets and lies when
 * it is told to. It may have two histories of one ledger. */
#ifndef VMS_TEST_TWO_FACED_H
#define VMS_TEST_TWO_FACED_H

#include <pthread.h>
#include <stdatomic.h>

#include "vms/net.h"

/* What happens to a message. Each is counted down: it happens to so many, after `pass` others went through. */
typedef struct two_faced_fate {
  _Atomic int pass, cut_before, cut_after, stall, refuse;
  int32_t code;      /* refuse: with this */
  const char *data;  /* ... and this error data; NULL: none */
} two_faced_fate;

typedef struct two_faced {
  char url[64];
  uint16_t port;
  vms_env env;              /* the host's: its clock is the system's and `ahead_ms` */
  _Atomic int64_t ahead_ms;
  _Atomic uint64_t frozen_ms; /* not 0: the clock stands there */
  vms_storage storages[2];
  vms_service *services[2]; /* of one secret */
  _Atomic int face;         /* which one is shown */
  two_faced_fate calls;     /* signed or not */
  two_faced_fate reads;     /* vms.proof */
  _Atomic int no_receipts;  /* as with --durability os */
  _Atomic int old;          /* knows neither receipts nor proofs */
  _Atomic int other_receipt;/* gives the receipt of this record, whatever was called */
  _Atomic int other_result; /* 1: answers something else than it records; 2: gives a false receipt with it, whoever asked for one */
  _Atomic int old_head;     /* shows the head as it was when this was set to 1 */
  vms_head head;
  _Atomic int garbage;      /* proofs are no proofs */
  _Atomic int altered;      /* on the way to the caller: 1: the sizes on both sides of a proof's cut, in sum the same; 2: a hash */
  _Atomic int garbled_results, garbled_receipts, garbled_proofs; /* so many are garbled on the way */
  _Atomic int together;     /* answers once vms.head was asked as often as vms.info */
  _Atomic unsigned connections, calls_seen, proofs_asked, heads_asked, infos_asked, receipts_given;
  _Atomic int refuse_connections; /* hangs up at once */
  vms_rpc_service table;
  pthread_mutex_t lock;
  _Atomic int listener;
  pthread_t acceptor, handlers[4096];
  size_t handler_count;
} two_faced;

/* Deploys one script twice, with the same secret at the same moment, and listens on a free port. */
void two_faced_start(two_faced *host, const char *code);
/* The same for another ledger (number 0 to 255), on a port that is free: 0 picks one. */
void two_faced_start_on(two_faced *host, const char *code, uint8_t number, uint16_t port);
void two_faced_stop(two_faced *host);
/* Stops listening and serving, and goes on later on the same port: the services stay as they are. */
void two_faced_pause(two_faced *host);
void two_faced_resume(two_faced *host);
/* Calls a method of one history without a caller's client, so that it grows. */
void two_faced_call(two_faced *host, int face, const char *method, const char *params);
uint64_t two_faced_length(two_faced *host, int face);

#endif
