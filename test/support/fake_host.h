/* SPDX-License-Identifier: MIT */
/* A host for tests of clients: vms.head answers from one journal, replication serves another, and it may have bad manners. */
#ifndef VMS_TEST_FAKE_HOST_H
#define VMS_TEST_FAKE_HOST_H

#include <pthread.h>
#include <stdatomic.h>

#include "vms/rpc.h"

typedef enum fake_manners {
  FAKE_HONEST,
  FAKE_NO_STREAM,     /* does not know the subprotocol                           */
  FAKE_SILENT,        /* agrees to it and says nothing                           */
  FAKE_GARBAGE,       /* sends noise instead of a handshake                      */
  FAKE_GARBAGE_LATER, /* ... behind it                                           */
  FAKE_NO_CORES,      /* knows none of the cores                                 */
  FAKE_NO_DATA,       /* refuses every request                                   */
  FAKE_MUTE,          /* answers none, but keeps the connection alive            */
  FAKE_CLOSES,        /* hangs up once it sent close_after bytes of a stream     */
  FAKE_TAMPERS,       /* flips byte tamper_at of every proof                     */
  FAKE_FLOOD          /* answers to JSON-RPC what nobody asked                   */
} fake_manners;

typedef struct fake_host {
  char url[160];
  fake_manners manners;
  uint64_t close_after, tamper_at;
  vms_journal *heads, *blocks; /* borrowed */
  void *context;
  /* Changes what vms.head answers (number counts from 1) or sets status and error; may be NULL. */
  int (*bend)(void *context, unsigned number, int core, vms_head *head, vms_buffer *json, vms_error *error);
  /* Answers file calls, and appends a proof if it was asked for one; may be NULL. */
  int (*file)(void *context, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error);
  /* Answers vms.proof; NULL: the host does not know it. */
  int (*proof)(void *context, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error);
  _Atomic unsigned heads_asked, streams; /* connections with replication */
  _Atomic uint64_t blocks_sent;          /* proofs of a block            */
  _Atomic int listener;
  pthread_t acceptor, handlers[1024];
  size_t handler_count;
  vms_rpc_service table;
} fake_host;

/* Listens on a free port; threads of its own serve who comes. */
int fake_host_start(fake_host *host);
void fake_host_stop(fake_host *host);

#endif
