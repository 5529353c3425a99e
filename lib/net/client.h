/* SPDX-License-Identifier: MIT */
/* What the parts of the client share: its connection (client.c), its requests (client_ask.c), its signed calls (client_call.c) and what it
 * believes about the ledger (client_trust.c). */
#ifndef VMS_NET_CLIENT_H
#define VMS_NET_CLIENT_H

#include "internal.h"

/* What may be done with a request whose connection was lost before the answer came. */
enum {
  VMS__ASK_READ,   /* nothing changes by asking again                                              */
  VMS__ASK_SIGNED, /* a call that this client signed: the same bytes run once                      */
  VMS__ASK_SAME,   /* a call that somebody else signed: likewise, but nobody here can sign it anew */
  VMS__ASK_ONCE    /* an unsigned call: nobody knows whether it ran                                */
};

enum { VMS__ASKED_WAITS, VMS__ASKED_SENT, VMS__ASKED_DONE };

/* A request until its answer was handed out. */
typedef struct vms__asked {
  struct vms__asked *next; /* among those that are done, in the order in which the answers came */
  uint64_t id;
  uint8_t kind, state;
  bool mine;        /* the client's own question: nobody receives the answer                    */
  bool dropped;     /* nobody waits for the answer any more                                     */
  bool receipt;     /* a receipt was asked for                                                  */
  bool doubted;     /* the answer did not fit its receipt, and was asked for once more          */
  bool unsure;      /* it was under way when a connection was lost: it may have run             */
  unsigned tries;   /* how often it was refused for now, or signed anew                         */
  uint64_t deadline, not_before; /* until when it is tried again, and when next                 */
  vms_buffer text;  /* the message; of a signed call the signed text                            */
  vms_rpc_reply reply; /* once done: the answer                                                 */
  uint8_t secret[VMS__SECRET_LEN], signature[VMS_SIGNATURE_LEN]; /* of a signed call            */
  int status;       /* once done: VMS_OK, or why there is no answer, and the error              */
  vms_error error;
} vms__asked;

/* A state of the ledger that somebody showed. */
typedef struct vms__mark {
  uint64_t length;
  uint8_t hash[VMS_HASH_LEN];
  bool is_signed; /* the head is here */
  vms_head head;
} vms__mark;

/* Of more than that only the newest is compared. */
#define VMS__MARKS_MAX 64u

struct vms_client {
  vms_client_options options;
  const vms_env *env;
  vms__url url;
  vms_buffer address, ca; /* the URL and the option, copied */
  /* the connection */
  vms__socket *socket; /* NULL: lost */
  vms_rpc_client *session;
  vms_buffer output;   /* not sent yet */
  size_t output_at;
  size_t gathered;     /* bytes of requests since the last attempt to send */
  vms_buffer text;     /* scratch */
  unsigned failures;   /* connections in a row that were lost, or not made, before anything was answered */
  uint64_t retry_at;   /* not to be connected before */
  vms_error lost;      /* why it is not connected */
  vms_error broken;    /* status not VMS_OK: the host broke its word, and nothing goes on */
  /* requests */
  vms__asked **asked;  /* by id, from first_id on; NULL: handed out */
  size_t asked_count, asked_capacity, asked_from;
  uint64_t first_id, last_id;
  size_t waiting;      /* of the caller's, not done yet */
  size_t due;          /* of all, to be sent when their time comes */
  vms__asked *done, **done_end;
  /* signed calls */
  uint8_t secret[VMS__SECRET_LEN]; /* the key that signed last, expanded; zero before */
  uint64_t last_nonce;
  uint16_t spread_ms;  /* random: two clients with one key must never sign the same text for two calls by accident */
  bool no_receipts;    /* the host does not know of them */
  /* what is believed */
  bool known;          /* ledger and head were asked for */
  bool mirror;         /* it says that it is one: it signs nothing, and may be behind */
  uint8_t ledger[VMS_KEY_LEN];
  vms__mark tip;       /* the newest state of which it was shown that it goes on from all those before */
  vms_head newest;     /* the newest signed head among them */
  vms__mark shown;     /* the newest state that a proved answer stood for */
  vms__mark marks[VMS__MARKS_MAX]; /* shown, and not known yet to be of one history with the tip */
  size_t mark_count;
  uint64_t proof_id;   /* the question for a proof that is under way; 0: none */
  vms__mark lower, upper; /* ... and of what */
  bool no_proofs;      /* the host does not know of them */
  bool doubts;         /* the last proof spoke against the host, and is asked for once more */
  bool has_kept, other_kept;
  vms_head kept;       /* what the keep holds, as far as is known; other_kept: somebody else's, not compared yet */
  uint64_t saved_at;
  vms_error warning;   /* what could not be kept */
  vms_buffer evidence; /* path of the file that proves what `broken` says; empty: none */
  /* records that are followed (client_follow.c) */
  bool follows, skips; /* skips: too much waits to be taken, what comes is asked for again later */
  uint64_t follow_id;  /* the question that is not answered yet; 0: none */
  uint64_t follow_next, taken_next; /* the next record to come, and to be taken */
  vms_buffer records;  /* 8 bytes of length and the text of each; taken up to records_at */
  size_t records_at;
  vms_error unfollowed; /* why no more come */
  /* of a client of text (text.c) */
  vms_keep *own_keep;
  vms_buffer key;      /* path of the key file; empty: the user's own */
  bool anonymous, has_seed;
  uint8_t seed[VMS_SEED_LEN];
};

/* --- client.c: the connection ------------------------------------------------------------------------- */

int vms__client_out_of_memory(vms_error *error);
uint64_t vms__client_deadline(const vms_client *client);
/* A number below `below`: for pauses. */
uint32_t vms__client_random(uint32_t below);
/* Goes on until something happened or the deadline passed: connects where it has to, sends, receives, hands every message to
 * vms__asked_answered(). VMS_OK also if nothing came. VMS_ERR_CLOSED if there is no connection by then, or may be none. */
int vms__client_pump(vms_client *client, uint64_t deadline, vms_error *error);
/* The connection is lost, or could not be made. What is not answered waits for the next one. */
void vms__client_lose(vms_client *client, const vms_error *why);
/* The deadline passed: VMS_ERR_TIMEOUT, or VMS_ERR_CLOSED without a connection. */
int vms__client_late(const vms_client *client, vms_error *error);
/* Queues a message; what is small waits for more while other answers are to come. If the connection is lost by that: VMS_OK, and
 * vms__asked_lost() was told. */
int vms__client_write(vms_client *client, vms_slice text, vms_error *error);

/* --- client_ask.c: requests ------------------------------------------------------------------------------ */

/* A new request, not sent yet; it belongs to the client. NULL if memory lacks. */
vms__asked *vms__ask_new(vms_client *client, uint8_t kind, bool mine, vms_error *error);
/* Sends it now if there is a connection, else once there is one. */
int vms__ask_send(vms_client *client, vms__asked *asked, vms_error *error);
/* Sends it later, not before `pause` ms. False: not within the time that it has. */
bool vms__ask_again(vms_client *client, vms__asked *asked, uint32_t pause);
/* VMS_ERR_LIMIT if its message is longer than any host takes; also if nothing is to be sent at all. */
int vms__ask_check(vms_client *client, const vms__asked *asked, vms_error *error);
/* Before the last answer goes out: what was shown has to fit. */
int vms__ask_settle(vms_client *client, vms_error *error);
/* Waits for one answer and takes it. */
int vms__ask_wait(vms_client *client, uint64_t id, uint64_t deadline, vms_rpc_reply *reply, vms_error *error);
/* Nobody wants the answer any more. */
void vms__ask_drop(vms_client *client, uint64_t id);
/* The client's own question: asked, to be waited for, and both at once. */
int vms__client_ask_begin(vms_client *client, const char *method, vms_slice params, uint64_t *id, vms_error *error);
int vms__client_ask(vms_client *client, const char *method, vms_slice params, vms_rpc_reply *reply, vms_error *error);
/* A message came. VMS_ERR_REMOTE if it is none that may come. */
int vms__asked_message(vms_client *client, vms_slice text, vms_error *error);
/* The connection is lost: what can be asked again waits for the next one. */
void vms__asked_lost(vms_client *client);
/* Sends what waits for its time or for the connection; *next receives when the next one is due. */
int vms__asked_send_due(vms_client *client, uint64_t *next, vms_error *error);
void vms__asked_free_all(vms_client *client);

/* --- client_call.c: signed calls -------------------------------------------------------------------------- */

/* Appends the message of a signed call. */
int vms__call_write(const vms__asked *asked, vms_buffer *text);
/* Judges the answer to a call. True: it is final. False: it was sent again, or will be. */
bool vms__call_answered(vms_client *client, vms__asked *asked, const vms_rpc_reply *reply);

/* --- client_trust.c: what is believed ---------------------------------------------------------------------- */

/* Asks for the ledger and its head, on first use. */
int vms__trust_learn(vms_client *client, vms_error *error);
/* A new connection: the same ledger has to be there, and not an older state of it. The answer to vms.head is `reply`. */
int vms__trust_return(vms_client *client, const vms_rpc_reply *reply, vms_error *error);
/* Somebody showed a signed head; `seen` (NULL: nothing) is a state of which it was shown that the head goes on from it. */
int vms__trust_head(vms_client *client, const vms_head *head, const vms__mark *seen, vms_error *error);
/* The answer to the question for a proof. */
void vms__trust_proof(vms_client *client, const vms_rpc_reply *reply);
/* Asks for the next proof that is wanted, if any. */
int vms__trust_go_on(vms_client *client, vms_error *error);
/* Waits for the proofs that are wanted, as long as there is a connection; writes the newest head down when it is time. */
int vms__trust_settle(vms_client *client, uint64_t deadline, vms_error *error);
/* Checks and keeps the receipt of a call's answer. */
int vms__trust_receipt(vms_client *client, vms__asked *asked, const vms_rpc_reply *reply, vms_error *error);
/* Writes the newest head down. */
void vms__trust_save(vms_client *client);
/* Says that something could not be kept. */
void vms__trust_warn(vms_client *client, const vms_error *why);

/* --- client_follow.c: records as they come -------------------------------------------------------------------- */

/* A notification came. */
int vms__follow_notice(vms_client *client, vms_slice method, vms_slice params, vms_error *error);
/* The answer to the question to be told about records. */
void vms__follow_answered(vms_client *client, const vms_rpc_reply *reply);
/* There is a new connection, or room again. */
int vms__follow_again(vms_client *client, vms_error *error);

#endif
