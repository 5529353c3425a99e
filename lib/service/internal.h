/* SPDX-License-Identifier: MIT */
/* The rooms of lib/service: request and record texts, the machine that applies calls, the index of callers. */
#ifndef VMS_SERVICE_INTERNAL_H
#define VMS_SERVICE_INTERNAL_H

#include "lib/base/internal.h"
#include "vms/service.h"

#define VMS__CODE_LEN_MAX (4u << 20)     /* bytes of a script; must fit a block with room for escapes */
#define VMS__RESULT_DEPTH_MAX 1000u      /* nested arrays in a result; the engine's own limit is lower */
#define VMS__NONCE_AHEAD_US UINT64_C(86400000000) /* 24 hours */
#define VMS__CALLER_HISTORY 1024u        /* calls of each caller that are answered again */

/* --- verifiable randomness: ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381 (vrf.c) ----------------------- */

#define VMS__VRF_PROOF_LEN 80u
#define VMS__VRF_HASH_LEN 64u
/* The input comes in two pieces, laid end to end. */
/* False if the input has no point on the curve, which never happens. Constant-time as to the secret. */
bool vms__vrf_prove(const uint8_t seed[VMS_SEED_LEN], const vms_slice alpha[2], uint8_t proof[VMS__VRF_PROOF_LEN]);
/* What a proof that was verified, or is one's own, gives. False if it is not in the form of one. */
bool vms__vrf_hash(const uint8_t proof[VMS__VRF_PROOF_LEN], uint8_t hash[VMS__VRF_HASH_LEN]);
/* True if this key gives this hash for the input. Key and proof are hostile. */
bool vms__vrf_verify(const uint8_t key[VMS_KEY_LEN], const vms_slice alpha[2], const uint8_t proof[VMS__VRF_PROOF_LEN],
                     uint8_t hash[VMS__VRF_HASH_LEN]);

/* --- records: doc/ledger-format.md, "Records" ---------------------------------------------------- */

typedef struct vms__genesis {
  vms_slice engine, code, title; /* UTF-8 */
  uint8_t archive[VMS_KEY_LEN], vrf[VMS_KEY_LEN];
  vms_limits limits;
  uint64_t epoch, time_ms;
  bool anonymous, debug;
} vms__genesis;

enum { VMS__RECORD_START = 1, VMS__RECORD_CALL = 2 };
enum { VMS__CALLER_NONE = 0, VMS__CALLER_KEY = 1, VMS__CALLER_DEBUG = 2 };
enum { VMS__START_BOOT = 0, VMS__START_EVICTED, VMS__START_ROTATED, VMS__START_ABORTED, VMS__START_FAILED, VMS__START_COUNT };

/* What a record says, or is going to say. Slices are borrowed. */
typedef struct vms__record {
  uint32_t type;
  uint64_t time_ms;
  uint32_t reason;              /* start: VMS__START_... */
  uint8_t build[VMS_HASH_LEN];  /* start */
  uint32_t caller_kind;         /* call: VMS__CALLER_... */
  uint8_t caller[VMS_KEY_LEN];
  vms_slice caller_name;        /* "debug:<name>" */
  vms_slice request;            /* the text as signed */
  bool has_signature;
  uint8_t signature[VMS_SIGNATURE_LEN];
  bool signature_fits;          /* somebody checked it already */
  bool has_vrf;                 /* the call drew randomness, */
  uint8_t vrf[VMS__VRF_PROOF_LEN]; /* and this proves that it had to be this one */
  uint32_t outcome;             /* VMS_OUTCOME_RESULT, _ERROR or _ABORTED */
  vms_slice result;             /* raw JSON; len 0: undefined */
  vms_slice name, message;      /* of an error, UTF-8; name also of an abort */
  uint64_t steps;
  vms_archive_state files;
} vms__record;

extern const char *const vms__start_reasons[VMS__START_COUNT];

int vms__genesis_write(vms_buffer *text, const vms__genesis *genesis);
/* Reads block 0 strictly. Slices point into `scratch`, which must live as long. VMS_ERR_FORM, VMS_ERR_UNSUPPORTED
 * (another v or engine; `engine` is filled in then), VMS_ERR_NOMEM. */
int vms__genesis_read(vms_slice text, vms_buffer *scratch, vms__genesis *genesis, vms_error *error);
int vms__record_write(vms_buffer *text, const vms__record *record);
/* Reads a start or call record strictly: the text must be what vms__record_write makes of it. Slices point into text
 * and scratch (cleared first). VMS_ERR_FORM or VMS_ERR_NOMEM. */
int vms__record_read(vms_slice text, vms_buffer *scratch, vms__record *record, vms_error *error);
/* The same without the proof that the text is canonical: for a ledger of our own. */
int vms__record_scan(vms_slice text, vms_buffer *scratch, vms__record *record, vms_error *error);

/* The text of an unsigned call, and its parts. */
int vms__unsigned_write(vms_buffer *text, vms_slice method, vms_slice params, vms_error *error);
bool vms__unsigned_read(vms_slice text, vms_slice *method, vms_slice *params);
bool vms__caller_name_valid(vms_slice name);
/* The method in a request's text, signed or not; empty if it is of neither form. */
vms_slice vms__request_method(vms_slice text);

/* --- the index of callers: derived from the ledger, never trusted -------------------------------- */

typedef struct vms__callers vms__callers;
vms__callers *vms__callers_new(const vms_env *env);
void vms__callers_free(vms__callers *callers);
/* Prepares for one more call of `key`, so that the next note of it cannot fail. */
int vms__callers_prepare(vms__callers *callers, const uint8_t key[VMS_KEY_LEN]);
void vms__callers_note(vms__callers *callers, const uint8_t key[VMS_KEY_LEN], uint64_t nonce, uint64_t seq);
/* The caller's newest nonce, 0 if it never called. */
uint64_t vms__callers_last(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN]);
/* The same by place: callers in the order in which they were first prepared. */
#define VMS__CALLER_NOWHERE UINT32_MAX
size_t vms__callers_count(const vms__callers *callers);
uint32_t vms__callers_place(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN]);
const uint8_t *vms__callers_key(const vms__callers *callers, uint32_t place);
uint32_t *vms__callers_number(vms__callers *callers, uint32_t place); /* the file's, 0 until it has one */
/* Prepares and notes. VMS_OK, VMS_ERR_NOMEM, VMS_ERR_CORRUPT (no such place, or the nonce is not above the last). */
int vms__callers_note_at(vms__callers *callers, uint32_t place, uint64_t nonce, uint64_t seq);
enum { VMS__NONCE_UNUSED, VMS__NONCE_USED, VMS__NONCE_FORGOTTEN };
int vms__callers_find(const vms__callers *callers, const uint8_t key[VMS_KEY_LEN], uint64_t nonce, uint64_t *seq);

/* --- the file that it is kept in (callers_index.c): doc/ledger-format.md, "Index of callers" ------- */

/* Where the machine was after a record. */
typedef struct vms__callers_state {
  uint64_t length, time_ms, epoch_calls;
  bool aborted;
} vms__callers_state;

typedef struct vms__called { uint64_t nonce; uint32_t place; } vms__called; /* place VMS__CALLER_NOWHERE: no signed call */

typedef struct vms__callers_index {
  const vms_env *env;
  const vms_storage *storage;  /* NULL: there is none, or it failed */
  vms_core *ledger;
  uint64_t len;                /* bytes that are believed */
  uint64_t covered;            /* records that they describe, block 0 included */
  uint8_t sum[VMS_HASH_LEN];   /* of the newest segment */
  uint32_t numbers;            /* callers that they number */
  bool trim;                   /* there may be something behind them */
  vms__called *called;         /* one for each record since */
  size_t count, capacity;
} vms__callers_index;
/* storage may be NULL. Both are borrowed. */
void vms__callers_index_init(vms__callers_index *index, const vms_env *env, const vms_storage *storage, vms_core *ledger);
void vms__callers_index_deinit(vms__callers_index *index);
/* Reads into an empty table what the file knows of this ledger, as far as it is believed; *state is how things stood there, and stays as it is if nothing
 * is known. VMS_OK, VMS_ERR_CORRUPT (believed, and impossible all the same: the table has to be thrown away), VMS_ERR_NOMEM. */
int vms__callers_index_load(vms__callers_index *index, vms__callers *callers, vms__callers_state *state);
/* Believes nothing of the file any more: the next segment is the first. The table's callers have no numbers yet. */
void vms__callers_index_forget(vms__callers_index *index);
/* Notes the next record, of whatever kind. */
void vms__callers_index_note(vms__callers_index *index, uint64_t nonce, uint32_t place);
/* Writes what was noted if it is worth it; `closing`: a little is. A failure ends the index until the service is opened again. */
void vms__callers_index_save(vms__callers_index *index, vms__callers *callers, const vms__callers_state *state, bool closing);

/* --- where changes of files come from (origin.c) --------------------------------------------------- */

/* The records that count, and what was found last. */
typedef struct vms__origin {
  const vms_env *env;
  vms_core *core;            /* the ledger, */
  vms_replica *replica;      /* or a replica of it: one of the two */
  uint64_t length;           /* records before this number count */
  uint64_t bytes, bytes_max; /* read of records so far, and at most, 0 for any number */
  uint64_t seq, after, upto; /* record seq (0: none) made the versions after+1..upto, */
  vms_buffer member;         /* and this is said of it */
  vms_buffer block, scratch;
  void *trace_context;
  void (*trace)(void *context, uint64_t seq); /* told of every record that is looked at; NULL: nobody is */
} vms__origin;
void vms__origin_init(vms__origin *origin, const vms_env *env);
void vms__origin_deinit(vms__origin *origin);
/* From now on these records count, nothing is remembered and bytes_max is 0. Exactly one of core and replica is not NULL; both are borrowed. */
void vms__origin_set(vms__origin *origin, vms_core *core, vms_replica *replica, uint64_t length);
/* vms_archive_call(), for which vms__origin_set() was called: the records that it reads count as work, and are bounded by what the request bounds it to. */
int vms__origin_call(vms__origin *origin, vms_archive *archive, const vms_file_request *request, vms_file_reply *reply, vms_error *error);
/* For vms_archive_options.origin: appends `,"record":{…}` of the first record whose files.version is at least `version`, nothing if there is
 * none. Reads O(log n) records, one or none for the changes next to the last one. VMS_OK, VMS_ERR_MISSING (not in the replica), VMS_ERR_CORRUPT (a record that is
 * none), VMS_ERR_LIMIT (bytes_max), VMS_ERR_IO, VMS_ERR_NOMEM. */
int vms__origin_write(void *origin, uint64_t version, vms_buffer *json, vms_error *error);

/* --- the machine: applies starts and calls, for host and auditor alike --------------------------- */

typedef struct vms__machine {
  const vms_env *env;
  vms_core *ledger;           /* the history that `seen` must be part of */
  vms_archive *archive;       /* where changes of files go */
  const vms__genesis *genesis;
  uint8_t ledger_key[VMS_KEY_LEN];
  vms__callers *callers;
  vms__origin origin;         /* of the archive's changes, as files.history tells them */
  vms_sandbox *sandbox;       /* NULL: a start is due */
  bool top_failed;            /* the last start failed: every call is answered with that, unlogged */
  uint32_t top_outcome;       /* VMS_OUTCOME_ERROR or _ABORTED */
  vms_buffer top_name, top_message;
  uint64_t length;            /* records so far: the next one's number */
  uint64_t time_ms;           /* of the last record */
  uint64_t epoch_calls;       /* calls since the last start */
  bool started;               /* there has been a start */
  bool aborted;               /* the last call met a limit */
  bool init_due;              /* the next record must be the call of init */
  bool callers_wrong;         /* the index of callers named a record that is another call: nothing that it says counts */
  void *console_context;
  void (*console)(void *context, const char *level, vms_slice text);
  vms_buffer request;         /* scratch: what was signed, the caller's key */
  bool has_vrf_seed;          /* the host: it makes the proofs; an auditor takes those that are recorded */
  uint8_t vrf_seed[VMS_SEED_LEN];
  vms__record *running;       /* the record of the call that runs */
  bool drew;                  /* it drew randomness */
} vms__machine;

void vms__machine_init(vms__machine *machine, const vms_env *env);
void vms__machine_deinit(vms__machine *machine);
/* Drops the VM: the next call finds a fresh one behind a start. */
void vms__machine_stop(vms__machine *machine);

/* The reason that the next start must have, or VMS__START_COUNT if boot, evicted and failed are all fine. */
uint32_t vms__machine_due(const vms__machine *machine);
/* True if a start must come before the next call. */
bool vms__machine_needs_start(const vms__machine *machine);

/* Makes a fresh VM, runs the top level, fills in record's outcome, steps and files. record->type, time_ms, reason and
 * build are given. `outcome` holds the record's texts. A status other than VMS_OK is a failure of the machinery. */
int vms__apply_start(vms__machine *machine, vms__record *record, vms_outcome *outcome, vms_error *error);

/* The parts of a call to admit. */
typedef struct vms__admission {
  vms_request request;  /* filled in for signed calls; method and params for all */
  bool duplicate;       /* stands in the ledger already, at seq */
  uint64_t seq;
} vms__admission;

/* Decides whether a call (record's time, caller, request, signature) may be record number machine->length. One function
 * for host and auditor. Returns true, or false with the refusal in `outcome`. `finding` names the kind of finding
 * that it would be in a ledger: "caller" or "fork". With VMS_CODE_STORAGE nothing was decided: memory or disk failed. */
bool vms__admit(vms__machine *machine, const vms__record *record, uint64_t number, vms__admission *admission,
                vms_outcome *outcome, const char **finding);
/* The part of it that costs little, for a signed request before its signature is checked. *fresh: a record may come of it; else all there is for it
 * is what stands in the ledger. */
bool vms__screen(const vms__machine *machine, vms_slice text, const uint8_t caller[VMS_KEY_LEN], uint64_t time_ms, bool *fresh, vms_outcome *outcome);
/* The rest of admission: names that nobody may call from outside, and, with the VM, what may be called. */
bool vms__method_reserved(const vms__machine *machine, vms_slice method);
bool vms__admit_method(vms__machine *machine, const vms__admission *admission, vms_outcome *outcome);

/* True if the record's proof is what block 0's key gives for it, as record number `seq`; `hash` is what the call draws from. */
bool vms__record_vrf_verify(const vms__genesis *genesis, const vms__record *record, uint64_t seq, uint8_t hash[VMS__VRF_HASH_LEN]);

/* Runs an admitted call: the files change or not, the record's outcome, steps and files are filled in. If it draws randomness, a host's machine
 * makes the proof; an auditor's has a record whose proof was verified. Without either VMS_ERR_MISSING, with machine->drew. */
int vms__apply_call(vms__machine *machine, vms__record *record, const vms__admission *admission, vms_outcome *outcome,
                    vms_error *error);

/* Notes a record that is now part of the ledger: numbers, times, nonces. vms__callers_prepare() went before. */
void vms__machine_note(vms__machine *machine, const vms__record *record, uint64_t nonce);

/* --- receipts and proofs (recent.c, receipt.c) ---------------------------------------------------------- */

typedef struct vms__recent_half {
  const vms_env *env;
  uint64_t first;    /* number of the first text */
  size_t count, capacity;
  uint32_t *ends;    /* of the texts, in */
  vms_buffer texts;
} vms__recent_half;
/* Texts of the newest records: [0] the newer ones. */
typedef struct vms__recent { vms__recent_half halves[2]; } vms__recent;
void vms__recent_init(vms__recent *recent, const vms_env *env);
void vms__recent_deinit(vms__recent *recent);
void vms__recent_forget(vms__recent *recent);
/* Keeps the text of a record that was appended, if there is memory. */
void vms__recent_note(vms__recent *recent, uint64_t seq, vms_slice text);
bool vms__recent_find(const vms__recent *recent, uint64_t seq, vms_slice *text);

/* As vms_service_receipt() and vms_service_proof(), of the ledger whose newest head is given; `text` is the record's. */
int vms__receipt_write(vms_buffer *json, const vms_core *ledger, const vms_head *head, uint64_t seq, vms_slice text, vms_error *error);
/* The same, and it proves the sizes that show that the record had seen another history. */
int vms__receipt_write_proof(vms_buffer *json, const vms_core *ledger, const vms_head *head, uint64_t seq, vms_slice text, vms_error *error);
typedef struct vms__proof_request {
  uint64_t seq, from, length; /* as vms_service_proof(), checked; UINT64_MAX, 0: none; length is not 0 */
  vms_slice text;             /* of record seq */
} vms__proof_request;
int vms__proof_write(vms_buffer *json, const vms_core *ledger, const vms_head *head, const vms__proof_request *request, vms_error *error);
/* Appends the nodes that cover the first `length` blocks, cut at `cut_count` ascending lengths. The one that ends at `split`, one of them or 0, is taken
 * apart, so that its size is proved (vms_cover_judge()). */
int vms__nodes_write(vms_buffer *json, const vms_core *ledger, const uint64_t *cuts, size_t cut_count, uint64_t split, uint64_t length);

/* A receipt whose signature and hashes fit: whatever its record says, the host signed it. */
enum { VMS__SEEN_NONE, VMS__SEEN_FITS, VMS__SEEN_DIFFERS, VMS__SEEN_UNPROVED };
typedef struct vms__promise {
  vms_receipt receipt;
  bool readable;        /* the record has the form that it must have: else only ledger, seq, head, record and before are filled in */
  vms__record call;     /* its record, a start perhaps */
  vms_request request;  /* of a signed call, if has_request */
  bool has_request;
  int seen;             /* VMS__SEEN_... */
} vms__promise;
/* As vms_receipt_read(), whatever the record. */
int vms__promise_read(vms_slice json, vms_buffer *scratch, vms__promise *promise, vms_error *error);
/* Reads nodes and takes a copy of the cover where it has `cuts[i]` blocks; `leaf` (NULL: none) has to be among the nodes. VMS_ERR_FORM. */
typedef struct vms__walk {
  vms_cover cover;             /* at the end */
  const vms_node *leaf;
  size_t count;                /* of cuts */
  uint64_t cuts[2];
  vms_cover covers[2];         /* at the cuts */
  vms_node next[2];            /* the node behind each */
  bool met[2], has_next[2], leaf_met;
} vms__walk;
bool vms__walk_read(vms__json *json, vms__walk *walk);
/* An answer to vms.proof. */
typedef struct vms__growth_read {
  const vms_env *env;
  uint64_t from, length, seq; /* from 0: none */
  vms_head head;
  vms_node leaf;
  vms_slice nodes;            /* their text */
  vms__walk walk;             /* its cut is `from`, if there is one */
} vms__growth_read;
/* As vms_growth_read(). */
int vms__growth_take(vms_slice text, vms__growth_read *growth, vms_error *error);
/* Reads a head strictly: the text that vms_head_write() makes. */
bool vms__head_take(vms__json *json, vms_head *head);

/* --- verdicts (report.c), evidence (evidence.c), what a user keeps (kept.c) --------------------------------- */

int vms__verdict_set(vms_verdict *verdict, uint32_t outcome, const char *kind, uint64_t seq, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int vms__verdict_vset(vms_verdict *verdict, uint32_t outcome, const char *kind, uint64_t seq, const char *format, va_list args)
    __attribute__((format(printf, 5, 0)));
/* Who called what in a record. */
int vms__verdict_call(vms_verdict *verdict, const vms__record *record);
/* What came of it: a result, "undefined", {"error"…} or {"aborted"…}. */
int vms__outcome_text(vms_buffer *text, const vms__record *record);

/* Judges what a host signed by the record alone: OK, FINDING, or INCOMPLETE where that cannot be judged alone. */
int vms__promise_judge(const vms__promise *promise, vms_verdict *verdict);
/* Evidence of two heads of this ledger, of which the longer one is that of its first blocks. */
int vms__evidence_of_heads(vms_buffer *json, const vms_core *ledger, const vms_head *shorter, const vms_head *longer);
/* Evidence of two receipts for one place. */
int vms__evidence_of_receipts(vms_buffer *json, vms_slice one, vms_slice other);

/* A ledger against which it is held what somebody kept of it. */
typedef struct vms__kept {
  const vms_env *env;
  vms_core *ledger;
  const vms_head *head;              /* that is judged: the core has all blocks under it */
  const vms_audit_options *options;  /* kept, receipts, evidence */
  vms_verdict *verdict;
  bool decided;                      /* the verdict is in */
  uint64_t withheld;                 /* 0, or how many records the host signed for, more than are here */
} vms__kept;
/* Holds heads and receipts against the ledger. VMS_OK, VMS_ERR_FORM, VMS_ERR_CORRUPT, VMS_ERR_SIGNATURE, VMS_ERR_FOREIGN (of what was kept: it is no receipt),
 * or why it could not tell. */
int vms__kept_judge(vms__kept *kept, vms_error *error);
/* After a finding at record seq: appends its receipt to the evidence if that proves the finding to others. */
int vms__kept_prove(const vms__kept *kept, uint64_t seq);

/* --- what clients may ask of files ------------------------------------------------------------------- */

/* Carries out a client's file call, of which vms__origin_set() knows. What bounds the answer is filled in where the request leaves it open; version
 * 0, or one above `newest`, becomes that. Otherwise as vms_archive_call(). */
int vms__file_read(vms_archive *archive, vms__origin *origin, const vms_file_request *request, uint64_t newest, vms_file_reply *reply, vms_error *error);

/* What a proved answer is made of (file_proof.c). Borrowed. */
typedef struct vms__file_source {
  const vms_env *env;
  vms_core *const *cores; /* VMS_CORE_COUNT of them */
  vms_archive *archive;   /* on two of them, with this origin: */
  vms__origin *origin;
} vms__file_source;
/* As vms_service_file_prove(). */
int vms__file_prove(const vms__file_source *source, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error);

/* --- outcomes --------------------------------------------------------------------------------------- */

void vms__outcome_clear(vms_outcome *outcome);
/* Makes a refusal; returns false, so that `return vms__refuse(...)` reads well. */
bool vms__refuse(vms_outcome *outcome, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The first max bytes of UTF-8 text, or less so that no character is cut. */
vms_slice vms__slice_cut(vms_slice text, size_t max);

#endif
