/* SPDX-License-Identifier: MIT */
/* vms/service.h - one auditable service: a contract, its ledger and its archive in one journal.
 *
 * A call is applied by one function, used by the host (vms_service_call) and by the auditor (vms_audit)
 * alike; records are as doc/ledger-format.md, "Records", says. No sockets, no clock of its own:
 * time comes from the environment once per call and goes into the record.
 *
 * Threads: a service belongs to one thread at a time, but for vms_commit_write() (vms/ledger.h).
 */
#ifndef VMS_SERVICE_H
#define VMS_SERVICE_H

#include "vms/archive.h"
#include "vms/base.h"
#include "vms/ledger.h"
#include "vms/sandbox.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The three cores of a service, as numbers of its journal's cores. */
enum { VMS_CORE_LEDGER = 0, VMS_CORE_ARCHIVE = 1, VMS_CORE_BLOBS = 2, VMS_CORE_COUNT = 3 };

/* JSON-RPC error codes of libvms, beside those of the JSON-RPC 2.0 specification. */
enum {
  VMS_CODE_PARSE = -32700,
  VMS_CODE_INVALID_REQUEST = -32600,
  VMS_CODE_NO_METHOD = -32601,
  VMS_CODE_PARAMS = -32602,
  VMS_CODE_INTERNAL = -32603,
  VMS_CODE_CONTRACT = 1,           /* the contract threw */
  VMS_CODE_ABORTED = 2,            /* the call met a limit */
  VMS_CODE_SIGNATURE = -32001,     /* bad signature or form */
  VMS_CODE_NONCE = -32002,
  VMS_CODE_NOT_ALLOWED = -32003,
  VMS_CODE_BUSY = -32004,
  VMS_CODE_SHUTDOWN = -32005,
  VMS_CODE_NO_SERVICE = -32006,
  VMS_CODE_STORAGE = -32007,       /* storage or machinery failed, nothing was done */
  VMS_CODE_SEEN = -32008,          /* `seen` is not this ledger's history */
  VMS_CODE_EXPIRED = -32009
};

/* --- signed requests -------------------------------------------------------------------------- */

/* The parts of a signed request. Slices are borrowed. */
typedef struct vms_request {
  uint8_t ledger[VMS_KEY_LEN];
  uint64_t nonce;                  /* 1..2^53-1 */
  uint64_t until_ms;
  uint64_t seen_length;
  uint8_t seen_hash[VMS_HASH_LEN];
  vms_slice method;                /* without escapes */
  vms_slice params;                /* JSON array, compact */
} vms_request;

/* Appends the text to sign. Returns VMS_OK, VMS_ERR_NOMEM, or VMS_ERR_FORM if method or params are not of the form
 * that a request must have. Format: doc/ledger-format.md, "Signed requests". */
VMS_API int vms_request_write(vms_buffer *text, const vms_request *request, vms_error *error);
/* Reads a text strictly; the slices point into it. Returns VMS_OK or VMS_ERR_FORM. */
VMS_API int vms_request_read(vms_slice text, vms_request *request, vms_error *error);
/* Signs / checks a text: Ed25519 over "vms-call-1\n" and the text. Check returns 1 or 0. */
VMS_API int vms_request_sign(vms_slice text, const uint8_t seed[VMS_SEED_LEN], uint8_t signature[VMS_SIGNATURE_LEN]);
VMS_API int vms_request_check(vms_slice text, const uint8_t caller[VMS_KEY_LEN],
                              const uint8_t signature[VMS_SIGNATURE_LEN]);

/* --- a service -------------------------------------------------------------------------------- */

typedef struct vms_service vms_service;

/* All limits are counted; they stand in block 0, so host and auditor agree. 0 means the default. */
typedef struct vms_limits {
  uint64_t steps;       /* 10,000,000 per call           */
  uint64_t memory;      /* 64 MiB of script heap         */
  uint64_t request;     /* 1 MiB of signed text          */
  uint64_t result;      /* 1 MiB of result JSON          */
  uint64_t files_call;  /* 16 MiB staged in one call     */
  uint64_t files_total; /* 1 GiB in all files            */
} vms_limits;

#define VMS_SERVICE_ANONYMOUS 1u /* block 0 allows unsigned calls with caller null */
#define VMS_SERVICE_DEBUG 2u     /* block 0 allows unsigned calls with caller debug:<name> */

typedef struct vms_service_options {
  uint32_t size;          /* sizeof(vms_service_options), set by _INIT                                  */
  uint32_t flags;         /* VMS_SERVICE_..., used at deployment                                        */
  const vms_env *env;     /* borrowed, outlives the service; must have a clock                          */
  vms_limits limits;      /* at deployment; later values other than 0 must equal block 0's              */
  uint64_t epoch;         /* calls per VM life, 0 means 10,000; as limits                               */
  vms_slice title;        /* UTF-8; at deployment                                                       */
  void *console_context;
  void (*console)(void *context, const char *level, vms_slice text); /* may be NULL */
  const vms_storage *index; /* borrowed, outlives the service: the journal's index (vms_journal_options); NULL: none */
  const vms_storage *callers_index; /* likewise: which nonces each caller used, and where, so that opening need not read every record. Derived data,
                               never synced, rebuilt when missing, stale, damaged or another ledger's; NULL: none */
} vms_service_options;
#define VMS_SERVICE_OPTIONS_INIT { sizeof(vms_service_options), 0, NULL, { 0, 0, 0, 0, 0, 0 }, 0, { NULL, 0 }, NULL, NULL, NULL, NULL }

/* The ledger key and archive key that belong to a service's 32-byte secret. Either output may be NULL. */
VMS_API void vms_service_keys_of(const uint8_t secret[VMS_SEED_LEN], uint8_t ledger_key[VMS_KEY_LEN],
                                 uint8_t archive_key[VMS_KEY_LEN]);

/* Deploys: writes block 0, runs the first start and `init`, makes them durable.
 *
 *   storage     empty; borrowed, outlives the service.
 *   secret      copied.
 *   code        the script, UTF-8.
 *   diagnostic  receives what to print when the script does not parse or throws; may be NULL.
 *
 * Returns VMS_OK and a service to close, or VMS_ERR_SYNTAX, VMS_ERR_SCRIPT (the top level or init threw or met a limit),
 * VMS_ERR_EXISTS (storage not empty), VMS_ERR_LIMIT (code too long), VMS_ERR_IO, VMS_ERR_FULL, VMS_ERR_NOMEM. */
VMS_API int vms_service_deploy(vms_service **service, const vms_storage *storage, const uint8_t secret[VMS_SEED_LEN],
                               vms_slice code, const vms_service_options *options, vms_buffer *diagnostic,
                               vms_error *error);

/* Opens a deployed service: recovers the journal, brings the index of calls up to date, keeps everything.
 *
 *   code   the script it must hold, or NULL for whatever it holds.
 *
 * Returns VMS_OK, VMS_ERR_FOREIGN (another script, other limits, or the secret is another service's), VMS_ERR_CORRUPT,
 * VMS_ERR_UNSUPPORTED (another engine), VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_service_open(vms_service **service, const vms_storage *storage, const uint8_t secret[VMS_SEED_LEN],
                             const vms_slice *code, const vms_service_options *options, vms_error *error);

/* Opens a copy of somebody's service, as an auditor keeps it, for reading: the cores as of their signed heads, and the files. Calls are
 * refused (VMS_CODE_NOT_ALLOWED), commits have nothing to do, records are not looked at. The script runs once, with the
 * default limits at most, to tell its methods.
 * Returns VMS_OK, VMS_ERR_NOT_FOUND (no signed heads: the copy is not finished), VMS_ERR_FOREIGN (not the journal of a service),
 * VMS_ERR_CORRUPT, VMS_ERR_UNSUPPORTED (another engine), VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_service_mirror(vms_service **service, const vms_storage *storage, const vms_service_options *options,
                               vms_error *error);

/* Releases the service; what is not committed is dropped. Accepts NULL. */
VMS_API void vms_service_close(vms_service *service);

/* --- calls -------------------------------------------------------------------------------------- */

enum {
  VMS_OUTCOME_RESULT = 0,
  VMS_OUTCOME_ERROR = 1,   /* the contract threw: code VMS_CODE_CONTRACT             */
  VMS_OUTCOME_ABORTED = 2, /* met a limit: code VMS_CODE_ABORTED, name is the limit  */
  VMS_OUTCOME_REFUSED = 3  /* not admitted or not possible: no record, see code      */
};

/* What came of a call. Init before first use, free after last; reused by clearing. */
typedef struct vms_outcome {
  uint32_t kind;      /* VMS_OUTCOME_...                                                        */
  int32_t code;       /* JSON-RPC error code, 0 for a result                                    */
  uint64_t seq;       /* the record's number; 0 for refusals                                    */
  vms_buffer result;  /* JSON text, empty for undefined                                         */
  vms_buffer name;    /* UTF-8: the error's name, or the limit                                  */
  vms_buffer message; /* UTF-8                                                                  */
  vms_buffer data;    /* refusals: JSON members without braces for the error's data, or empty   */
} vms_outcome;
VMS_API void vms_outcome_init(vms_outcome *outcome, const vms_env *env);
VMS_API void vms_outcome_free(vms_outcome *outcome);

/* Applies a signed request and appends its record. The outcome may be shown to the caller only once the record is
 * durable: outcome->seq < vms_service_durable(). A request that stands in the ledger already gets its recorded outcome.
 * Returns VMS_OK with an outcome (also for refusals and machinery failures, VMS_CODE_STORAGE). */
VMS_API int vms_service_call(vms_service *service, vms_slice request, const uint8_t caller[VMS_KEY_LEN],
                             const uint8_t signature[VMS_SIGNATURE_LEN], vms_outcome *outcome);

/* The same for a request whose signature was found to fit by vms_request_check() already, perhaps on another thread. */
VMS_API int vms_service_call_checked(vms_service *service, vms_slice request, const uint8_t caller[VMS_KEY_LEN],
                                     const uint8_t signature[VMS_SIGNATURE_LEN], vms_outcome *outcome);

/* What can be told of a signed request at little cost, before its signature is checked: its form, its ledger, its length, whether it has expired.
 *
 *   fresh  receives 1 if a record may come of it; 0 if there is no answer to it but what the ledger holds already, or a refusal.
 *
 * Returns 1, or 0 with the refusal in outcome. */
VMS_API int vms_service_screen(const vms_service *service, vms_slice request, const uint8_t caller[VMS_KEY_LEN], uint32_t *fresh,
                               vms_outcome *outcome);

/* Applies an unsigned call, where block 0 allows it. caller: data NULL for null, else "debug:<name>". params: JSON array. */
VMS_API int vms_service_call_unsigned(vms_service *service, vms_slice caller, vms_slice method, vms_slice params,
                                      vms_outcome *outcome);

/* Records in the ledger, and how many of them are durable. */
VMS_API uint64_t vms_service_length(const vms_service *service);
VMS_API uint64_t vms_service_durable(const vms_service *service);

/* Records under the newest signed head: those that receipts are given for and that subscribers are told. */
VMS_API uint64_t vms_service_published(const vms_service *service);

/* Commits, as in vms/ledger.h; flags are VMS_COMMIT_... (with VMS_COMMIT_NO_SYNC a record counts as durable once written). */
VMS_API int vms_service_commit_begin(vms_service *service, uint32_t flags, vms_commit **commit, vms_error *error);
VMS_API void vms_service_commit_end(vms_service *service, vms_commit *commit, int status);
VMS_API int vms_service_commit(vms_service *service, uint32_t flags, vms_error *error);

/* --- reading ------------------------------------------------------------------------------------- */

VMS_API void vms_service_key(vms_service *service, int core, uint8_t key[VMS_KEY_LEN]);
/* One of its cores, to be read and replicated; borrowed. core is VMS_CORE_... */
VMS_API vms_core *vms_service_core(vms_service *service, int core);
/* Append JSON text as doc/protocol.md shows for vms.info, vms.head, vms.blocks. core is VMS_CORE_...
 * Only what is durable and signed is shown. Blocks are cut into pages: "to" in the answer tells how far it goes.
 * Return VMS_OK, VMS_ERR_NOT_FOUND (nothing signed yet, or from is beyond the head), VMS_ERR_IO, VMS_ERR_CORRUPT, VMS_ERR_NOMEM. */
VMS_API int vms_service_info(vms_service *service, vms_buffer *json, vms_error *error);
VMS_API int vms_service_head(vms_service *service, int core, vms_buffer *json, vms_error *error);
VMS_API int vms_service_blocks(vms_service *service, int core, uint64_t from, uint64_t to, vms_buffer *json,
                               vms_error *error);
/* Appends a JSON array of the callable methods' names. */
VMS_API int vms_service_methods(vms_service *service, vms_buffer *json, vms_error *error);
/* A file call on the files as last made durable; changes are refused. See vms_archive_call(); answer_max and work_max of 0 mean 16 MiB and
 * 100,000 here. */
VMS_API int vms_service_file(vms_service *service, const vms_file_request *request, vms_file_reply *reply,
                             vms_error *error);

/* The same, and appends what proves the answer (an error to throw included, such as that there is no such file): JSON text of at most
 * a few kilobytes and the blocks that the answer depends on, O(log n) of each core. The answer is as of the newest signed heads. getInfo
 * cannot be proved, and request->work_max bounds what can: there NotSupportedError or RangeError is the reply, and nothing is appended.
 * Returns as vms_service_file(), and VMS_ERR_NOT_FOUND (nothing signed yet, or a copy's heads are not of one commit). Format: doc/protocol.md, "Proved answers". */
VMS_API int vms_service_file_prove(vms_service *service, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof,
                                   vms_error *error);

/* What a proved answer stands for. */
typedef struct vms_file_proven {
  uint8_t archive[VMS_KEY_LEN];   /* its key, as block 0 of the ledger names it                              */
  uint64_t length;                /* of the ledger's signed head                                             */
  uint8_t tree_hash[VMS_HASH_LEN];/* of that head                                                            */
  uint64_t time_ms;               /* of the last record under it                                             */
  vms_archive_state files;        /* what that record says about the archive; the signed heads agree with it */
} vms_file_proven;

/* Answers a file call from a proof alone: the one who made it cannot make the answer differ from what the service's signed heads and its
 * ledger's last record commit to. No network, no trust in who sent it.
 *
 *   ledger  the key that the ledger must have.
 *   proof   as vms_service_file_prove() wrote it; hostile.
 *   reply   receives the answer, as vms_archive_call() gives it. `proven` may be NULL.
 *
 * Returns VMS_OK with a reply, an error to throw included; VMS_ERR_FORM (no proof), VMS_ERR_SIGNATURE, VMS_ERR_CORRUPT, VMS_ERR_FOREIGN (of another
 * ledger, or parts that do not belong together), VMS_ERR_MISSING (it leaves out what the answer depends on), VMS_ERR_UNSUPPORTED (another
 * engine's block 0; a call that cannot be proved), VMS_ERR_LIMIT, VMS_ERR_NOMEM. */
VMS_API int vms_file_verify(const uint8_t ledger[VMS_KEY_LEN], const vms_file_request *request, vms_slice proof, const vms_env *env,
                            vms_file_reply *reply, vms_file_proven *proven, vms_error *error);

/* Appends the text of record `seq`, which has to be below vms_service_published(). VMS_OK, VMS_ERR_NOT_FOUND, VMS_ERR_CORRUPT, VMS_ERR_IO, VMS_ERR_NOMEM. */
VMS_API int vms_service_record(vms_service *service, uint64_t seq, vms_buffer *text, vms_error *error);

/* Appends the receipt of record `seq` as JSON text: the host's signed promise that this record stands at this place, and that the signed
 * history goes on from what the record's own request had `seen`. As vms_service_record(). Format: doc/protocol.md, "Receipts". */
VMS_API int vms_service_receipt(vms_service *service, uint64_t seq, vms_buffer *json, vms_error *error);

/* Appends the answer to vms.proof as JSON text: what shows that the ledger's first `length` records begin with its first `from`, and what
 * stands at `seq`.
 *
 *   seq     a record below length; UINT64_MAX: none.
 *   from    1..length; 0: nothing about growth.
 *   length  at most vms_service_published(); 0: that.
 *
 * Returns as vms_service_record(). Format: doc/protocol.md, "vms.proof". */
VMS_API int vms_service_proof(vms_service *service, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error);

/* Head as JSON text, and back (strictly). Format: design of vms.head. */
VMS_API int vms_head_write(vms_buffer *json, const vms_head *head);
VMS_API int vms_head_read(vms_slice json, vms_head *head, vms_error *error);

/* --- receipts and evidence: checked offline --------------------------------------------------------- */

/* A receipt that holds what it says: its record is the one at `seq` under `head`, and the head is signed by the ledger's key. Slices point
 * into the JSON text or into scratch. */
typedef struct vms_receipt {
  uint8_t ledger[VMS_KEY_LEN];
  uint64_t seq;
  vms_head head;
  uint64_t time_ms;                     /* of the record */
  vms_slice record;                     /* its text */
  uint32_t kind;                        /* VMS_OUTCOME_RESULT, _ERROR or _ABORTED */
  uint32_t has_signature;               /* 1: a signed call; the members down to `seen_fits` count for those alone */
  uint8_t caller[VMS_KEY_LEN];
  uint8_t signature[VMS_SIGNATURE_LEN];
  uint64_t seen_length;
  uint8_t seen_hash[VMS_HASH_LEN];
  uint32_t seen_fits;                   /* 1: the head extends what the request had seen. 0: it does not, and the receipt is evidence of it */
  uint32_t signature_fits;              /* 1: the caller signed it. 0: it did not, and the receipt is evidence of that */
  vms_slice request;                    /* the signed text; {"method","params"} of an unsigned call */
  vms_slice result, name, message;      /* of the outcome */
  uint8_t before[VMS_HASH_LEN];         /* tree hash of the first `seq` records; proved, as all of it */
} vms_receipt;

/* Reads and checks a receipt of a call; no network, no trust in who made it.
 *
 *   json     hostile.
 *   scratch  cleared; holds what the slices point into.
 *
 * Returns VMS_OK; VMS_ERR_FORM (no receipt of a call), VMS_ERR_CORRUPT (the record is not the one at this place under this head, or the nodes leave open whether
 * `seen` fits), VMS_ERR_SIGNATURE (the head is not signed), VMS_ERR_FOREIGN (signed by another ledger's key, or for no ledger), VMS_ERR_NOMEM. Format: doc/protocol.md, "Receipts". */
VMS_API int vms_receipt_read(vms_slice json, vms_buffer *scratch, vms_receipt *receipt, vms_error *error);

/* Checks that a receipt is that of this very call with this very answer.
 *
 *   ledger   the ledger that was called; the others as they were sent.
 *   outcome  as it was answered: kind, seq, result, name and message count.
 *
 * Returns VMS_OK, or VMS_ERR_CONFLICT with the difference in error->message. */
VMS_API int vms_receipt_matches(const vms_receipt *receipt, const uint8_t ledger[VMS_KEY_LEN], vms_slice request,
                                const uint8_t caller[VMS_KEY_LEN], const uint8_t signature[VMS_SIGNATURE_LEN], const vms_outcome *outcome,
                                vms_error *error);

/* What an answer to vms.proof shows: whatever tree hashes these are, one tree of `length` blocks has both, the first one after `from` blocks. A first hash
 * that is not the one expected proves no lie alone, since whoever handled the answer may have moved bytes between two sizes: vms_evidence_heads() tells. */
typedef struct vms_growth {
  uint64_t from, length;
  uint8_t from_hash[VMS_HASH_LEN]; /* zero if from is 0 */
  uint8_t hash[VMS_HASH_LEN];
} vms_growth;
/* Reads and checks an answer to vms.proof; hostile. Returns VMS_OK, VMS_ERR_FORM or VMS_ERR_NOMEM. */
VMS_API int vms_growth_read(vms_slice json, vms_growth *growth, vms_error *error);

/* Appends evidence that two signed heads of one ledger cannot both be honest.
 *
 *   shorter, longer  verified here; lengths may be equal.
 *   growth           answer to vms.proof from the shorter one's length to the longer one's, as who signed the longer one gave it. Empty if
 *                    the lengths are equal, or if there was none: then the evidence tells the story and proves nothing.
 *
 * Returns VMS_OK; VMS_ERR_ARGUMENT (they do not contradict each other); VMS_ERR_SIGNATURE, VMS_ERR_FOREIGN, VMS_ERR_FORM, VMS_ERR_NOMEM.
 * Format: doc/protocol.md, "Evidence". */
VMS_API int vms_evidence_heads(const vms_head *shorter, const vms_head *longer, vms_slice growth, vms_buffer *json, vms_error *error);

/* The same, where the blocks of the longer one are at hand. As vms_evidence_heads(), and VMS_ERR_NOT_FOUND (the core has fewer blocks, or others). */
VMS_API int vms_evidence_core(const vms_core *ledger, const vms_head *shorter, const vms_head *longer, vms_buffer *json, vms_error *error);

/* --- audit --------------------------------------------------------------------------------------- */

enum { VMS_VERDICT_OK = 0, VMS_VERDICT_FINDING = 1, VMS_VERDICT_INCOMPLETE = 2 };
enum { VMS_AUDIT_FULL = 0, VMS_AUDIT_CHAIN = 1 }; /* replay too, or signatures and structure only */

typedef struct vms_audit_options {
  uint32_t size;            /* sizeof(vms_audit_options), set by _INIT                                 */
  uint32_t level;           /* VMS_AUDIT_...                                                           */
  const vms_env *env;       /* memory; NULL: malloc                                                    */
  const vms_storage *scratch; /* empty storage for the replayed files; NULL: memory                    */
  const uint8_t *ledger;    /* 32-byte key that it must be, or NULL                                    */
  uint64_t seen_length;     /* a head that it must extend; 0: none                                     */
  const uint8_t *seen_hash; /* its 32-byte tree hash                                                   */
  uint64_t min_length;      /* fewer records than this are incomplete; 0: no minimum                   */
  vms_slice code;           /* block 0 must hold exactly this; data NULL: any                          */
  uint64_t archive_before;  /* a live service: lengths of the archive's and the blobs' head fetched before the */
  uint64_t blobs_before;    /* ledger's head; only surplus against them is a finding. 0: the journal's heads   */
  uint64_t max_steps;       /* block 0 may allow at most this per call, else "budget"; 0: 10^10        */
  uint64_t max_memory;      /* likewise bytes of script heap; 0: 1 GiB                                 */
  void *progress_context;
  void (*progress)(void *context, uint64_t done, uint64_t total); /* after each record; may be NULL    */
  uint64_t max_bytes;       /* most that is downloaded, with 128 bytes for each block; 0: 16 GiB       */
  const vms_head *kept;     /* a signed head of this ledger that it must extend, or NULL: with it a fork can be proved.
                               One that is longer than what is shown is "withheld", as a receipt from there is  */
  const vms_slice *receipts; /* texts of receipts, each of which has to stand in this ledger as promised; those of
                               other ledgers are passed over                                            */
  size_t receipt_count;
  vms_buffer *evidence;     /* receives what proves a finding to others (vms_evidence_check()), if one text can; may be NULL */
  uint32_t copy;            /* 1: what is judged is as of some earlier time: kept heads and receipts that are newer are left, and told of
                               (vms_verdict_unchecked()), in place of "withheld"                                */
  uint32_t reserved;        /* 0                                                                       */
} vms_audit_options;
#define VMS_AUDIT_OPTIONS_INIT { sizeof(vms_audit_options), 0, NULL, NULL, NULL, 0, NULL, 0, { NULL, 0 }, 0, 0, 0, 0, NULL, NULL, 0, NULL, NULL, 0, NULL, 0, 0 }

/* What an audit found. Init before, free after. Texts are UTF-8 and may hold anything a hostile host wrote:
 * escape them before they reach a terminal. */
typedef struct vms_verdict {
  uint32_t verdict;            /* VMS_VERDICT_...                                                 */
  uint32_t conflict;           /* 1 if the finding contradicts options (key, seen, code): the user's own pin */
  uint8_t ledger[VMS_KEY_LEN];
  uint8_t archive[VMS_KEY_LEN];
  uint64_t length;             /* records judged, those of the signed head                        */
  uint64_t time_ms;            /* time of the last record                                         */
  uint8_t tree_hash[VMS_HASH_LEN];
  vms_archive_state files;     /* as replayed                                                     */
  uint64_t records, calls, signatures, unsigned_calls, oracles, starts, epochs; /* checked        */
  uint64_t seq;                /* of the finding: first bad record                                */
  vms_buffer engine;           /* of block 0                                                      */
  vms_buffer kind;             /* "result", "ledger", … ; for INCOMPLETE "engine", "withheld", …  */
  vms_buffer caller, method;   /* of the bad record, empty if none; caller is a key or debug:name */
  vms_buffer expected, found;  /* what replay computed, what the host recorded                    */
  vms_buffer message;          /* one sentence                                                    */
  uint64_t receipts;           /* of those given: how many stand in this ledger as promised       */
  uint64_t promised;           /* records that the host signed for by what was given, if more than `length`; else 0 */
} vms_verdict;
VMS_API void vms_verdict_init(vms_verdict *verdict, const vms_env *env);
VMS_API void vms_verdict_free(vms_verdict *verdict);

/* Decides a verdict by hand, for whoever fetches what is to be audited: kind and message are NUL-terminated UTF-8.
 * Returns VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_verdict_set(vms_verdict *verdict, uint32_t outcome, const char *kind, uint64_t seq, const char *message);

/* Appends the report as one JSON object (vms-audit --json). `options` are those of the audit: they say what was not checked. NULL: of
 * vms_evidence_check().
 * Returns VMS_OK or VMS_ERR_NOMEM. */
VMS_API int vms_verdict_write(vms_buffer *json, const vms_verdict *verdict, const vms_audit_options *options);

/* What an audit with these options and this verdict did not check: sentence number `index` from 0, NULL behind the last. options NULL: what
 * vms_evidence_check() did not. */
VMS_API const char *vms_verdict_unchecked(const vms_verdict *verdict, const vms_audit_options *options, size_t index);

/* Returns "trustless", or "semi-trusted" if unsigned calls or oracle answers had to be believed. */
VMS_API const char *vms_verdict_trust(const vms_verdict *verdict);

/* Judges a journal as it was downloaded or read from disk: its cores are ledger, archive and blobs, each with
 * a head (vms_core_head). Verifies heads, records, signatures, nonces; replays every call; compares.
 *
 * Returns VMS_OK with *verdict filled in (a finding is no error), or why it could not tell: VMS_ERR_NOMEM,
 * VMS_ERR_IO, VMS_ERR_CORRUPT (local storage); VMS_ERR_FORM, VMS_ERR_CORRUPT, VMS_ERR_SIGNATURE, VMS_ERR_FOREIGN of a kept head or
 * receipt that is none (vms_evidence_check() tells before). */
VMS_API int vms_audit(vms_journal *journal, const vms_audit_options *options, vms_verdict *verdict, vms_error *error);

/* Judges a receipt or a piece of evidence alone, with no network and no trust in who made it.
 *
 *   json     hostile. Format: doc/protocol.md, "Evidence".
 *   verdict  OK: a receipt that holds what it says. FINDING: it proves that the host broke the rules; kind, seq, caller, method, expected, found and
 *            message say how. INCOMPLETE, kind "unproven": sound, but it proves nothing alone.
 *
 * Returns VMS_OK with *verdict filled in, VMS_ERR_FORM (neither of the two), VMS_ERR_CORRUPT, VMS_ERR_SIGNATURE, VMS_ERR_FOREIGN (a forged one: the host's
 * signature is not under it), VMS_ERR_NOMEM. */
VMS_API int vms_evidence_check(vms_slice json, const vms_env *env, vms_verdict *verdict, vms_error *error);

#ifdef __cplusplus
}
#endif

#endif
