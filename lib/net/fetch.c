/* SPDX-License-Identifier: MIT */
/* Gets hold of what an auditor judges: the signed heads by vms.head, the blocks under them by replication. Order matters for a live
 * service: first the archive's heads, then the ledger's, then the archive's again, so that an honest host that goes on working never looks
 * like a liar (doc/protocol.md, "Auditing a live service"). */
#include "internal.h"

#include <stdio.h>

#define MAX_BYTES_DEFAULT (UINT64_C(16) << 30)
#define TIMEOUT_MS_DEFAULT 30000u
#define COMMIT_LEN (UINT64_C(4) << 20) /* blocks that wait in memory to be written */
#define HEADS_TRIES 5u  /* how often a host is asked for heads that were published together, ... */
#define HEADS_ASKED 6u  /* ... and for how many each time                                   */
/* A large block on a slow line: so many bytes of it count as progress, until the largest frame must have come. */
#define PROGRESS_LEN (UINT64_C(1) << 20)
#define FRAME_LEN_MAX (UINT64_C(16) << 20)

/* A head that what is fetched must extend. */
typedef struct seen {
  vms_head head;
  int core;
  bool kept; /* it lay in the store: the user's own */
} seen;

typedef struct part {
  vms_head head;   /* that is fetched; length 0: nothing was signed */
  vms_core *core;
  uint64_t start;  /* blocks that lay in the store already */
  uint64_t kept;   /* so many of them under a signed head  */
} part;

typedef struct fetch {
  vms_client *client;
  vms_download_options options;
  const vms_audit_options *audit;
  const vms_env *env;
  vms_copy *copy;
  vms_journal *journal; /* the copy's */
  vms_verdict *verdict;
  part parts[VMS_CORE_COUNT];
  seen heads[HEADS_TRIES * HEADS_ASKED + VMS_CORE_COUNT];
  size_t head_count;
  uint64_t before[VMS_CORE_COUNT]; /* lengths of the archive's heads that were asked for before the ledger's */
  uint64_t bytes_max;
  uint64_t cost, committed; /* of the blocks fetched, and of those written */
  bool decided;
} fetch;

static const char *const core_names[VMS_CORE_COUNT] = { "ledger", "archive", "blobs" };

static int decide(fetch *f, uint32_t outcome, const char *kind, const char *message) {
  f->decided = true;
  return vms_verdict_set(f->verdict, outcome, kind, 0, message);
}

/* What nobody signed proves nothing: a man in the middle may have sent it. It is not what was asked for, though. */
static int withheld(fetch *f, const char *message) { return decide(f, VMS_VERDICT_INCOMPLETE, "withheld", message); }

static int over_budget(fetch *f) {
  return decide(f, VMS_VERDICT_INCOMPLETE, "budget", "the service is larger than what this auditor downloads (--max-bytes)");
}

static int contradiction(fetch *f, int core) {
  char text[96];
  snprintf(text, sizeof text, "two signed heads of the %s contradict each other", core_names[core]);
  return decide(f, VMS_VERDICT_FINDING, "fork", text);
}

/* The host signs what does not go with a head in the store: it broke its word to this user. */
static int broken_word(fetch *f, int core, uint64_t kept) {
  char text[160];
  f->verdict->conflict = 1;
  snprintf(text, sizeof text, "the host's %s contradicts the signed head of length %llu in the store", core_names[core], (unsigned long long)kept);
  return decide(f, VMS_VERDICT_FINDING, "fork", text);
}

/* --- heads ------------------------------------------------------------------------------------------------ */

static void remember(fetch *f, int core, const vms_head *head, bool kept) {
  assert(f->head_count < sizeof f->heads / sizeof f->heads[0]);
  f->heads[f->head_count++] = (seen){ *head, core, kept };
}

/* The archive's heads before, the ledger's, the archive's after. The very first only goes ahead: a client gathers what is asked while an
 * answer is due, so the others reach the host in one piece and find it at one moment. */
static const int asked[] = { VMS_CORE_LEDGER, VMS_CORE_ARCHIVE, VMS_CORE_BLOBS, VMS_CORE_LEDGER, VMS_CORE_ARCHIVE, VMS_CORE_BLOBS };
#define ASKED_BEFORE 3u
static_assert(sizeof asked / sizeof asked[0] == HEADS_ASKED, "room for all of them");

/* Takes an answer to vms.head; a core of which nothing was signed has length 0. */
static int take_head(fetch *f, size_t number, const vms_rpc_reply *reply) {
  vms_head head = { .length = 0 };
  if (reply->code == 0 && vms_head_read(vms__buf_view(&reply->result), &head, NULL) != VMS_OK)
    return withheld(f, "the host shows no head of the form it must have");
  if (reply->code == 0) remember(f, asked[number], &head, false);
  if (number < ASKED_BEFORE) f->before[asked[number]] = head.length;
  else f->parts[asked[number]].head = head;
  return VMS_OK;
}

static int ask_heads(fetch *f, vms_rpc_reply *reply, vms_error *error) {
  uint64_t first = 0, id;
  bool answered[HEADS_ASKED] = { false };
  char params[32];
  int status = VMS_OK;
  for (size_t i = 0; i < HEADS_ASKED && status == VMS_OK; i++) {
    int len = snprintf(params, sizeof params, "{\"core\":\"%s\"}", core_names[asked[i]]);
    status = vms_client_send(f->client, "vms.head", (vms_slice){ params, (size_t)len }, i == 0 ? &first : &id, error);
  }
  for (size_t i = 0; i < HEADS_ASKED && status == VMS_OK && !f->decided; i++) {
    status = vms_client_receive(f->client, &id, reply, error);
    if (status != VMS_OK) break;
    if (id < first || id - first >= HEADS_ASKED || answered[id - first])
      return vms__fail(error, VMS_ERR_REMOTE, 0, "the host answers what nobody asked");
    answered[id - first] = true;
    status = take_head(f, (size_t)(id - first), reply);
  }
  return status;
}

/* Until the archive stood still while the ledger's head was asked for: then the heads were published together, and whoever judges the
 * copy later, without knowing what came when, finds nothing amiss. Without a store it does not matter. */
static int fetch_heads(fetch *f, vms_error *error) {
  vms_rpc_reply reply;
  bool still = false;
  int status = VMS_OK;
  vms_rpc_reply_init(&reply, f->env);
  for (unsigned i = 0; i < HEADS_TRIES && status == VMS_OK && !f->decided && !still; i++) {
    status = ask_heads(f, &reply, error);
    still = true;
    for (int core = VMS_CORE_ARCHIVE; core <= VMS_CORE_BLOBS; core++) still = still && f->before[core] == f->parts[core].head.length;
  }
  vms_rpc_reply_free(&reply);
  if (status == VMS_OK && !f->decided && (f->parts[VMS_CORE_LEDGER].head.length == 0 || f->parts[VMS_CORE_ARCHIVE].head.length == 0))
    return withheld(f, "the host shows no signed head of ledger and archive");
  if (status == VMS_OK && !f->decided && !still && f->options.store != NULL)
    return withheld(f, "the host never shows heads that were published together: no copy can be kept");
  return status;
}

/* Was it signed for its own manifest? If not, nobody knows who changed it: the host, or something on the way. */
static int check_signature(fetch *f, const vms_head *head) {
  uint8_t key[VMS_KEY_LEN];
  vms_manifest_key(head->manifest, key);
  return vms_head_verify(head, key, NULL) == VMS_OK ? VMS_OK : withheld(f, "the host shows a head that its key did not sign");
}

/* Is this a head of the core of which the newest one is? Another's is signed by others: anybody on the way has one. Of blobs the archive tells. */
static int check_same(fetch *f, int core, const vms_head *head) {
  char text[96];
  if (core == VMS_CORE_BLOBS || memcmp(head->manifest, f->parts[core].head.manifest, VMS_MANIFEST_LEN) == 0) return VMS_OK;
  snprintf(text, sizeof text, "the host shows heads of two services: the keys of the %s differ", core_names[core]);
  return withheld(f, text);
}

/* Is this a head of the core with that manifest, as it must be? */
static int check_head(fetch *f, const vms_head *head, const uint8_t manifest[VMS_MANIFEST_LEN], const char *wrong) {
  if (memcmp(head->manifest, manifest, VMS_MANIFEST_LEN) != 0) return decide(f, VMS_VERDICT_FINDING, "ledger", wrong);
  if (head->fork != 0) return decide(f, VMS_VERDICT_FINDING, "ledger", "a head has another fork than 0");
  return VMS_OK;
}

/* Ledger and archive have default manifests, the blobs core the one that belongs to the archive. Every head that was shown counts. */
static int check_heads(fetch *f, uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN]) {
  static const char *const wrong[VMS_CORE_COUNT] = { "the ledger's manifest is not the default one", "the archive's manifest is not the default one",
                                                     "the blobs core is not the one that belongs to the archive" };
  int status = VMS_OK;
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_ARCHIVE; core++)
    vms_manifest_default(f->parts[core].head.manifest + VMS_MANIFEST_LEN - VMS_KEY_LEN, manifests[core]);
  vms_manifest_blobs(manifests[VMS_CORE_ARCHIVE], manifests[VMS_CORE_BLOBS]);
  for (size_t i = 0; i < f->head_count && status == VMS_OK && !f->decided; i++) status = check_signature(f, &f->heads[i].head);
  for (size_t i = 0; i < f->head_count && status == VMS_OK && !f->decided; i++) status = check_same(f, f->heads[i].core, &f->heads[i].head);
  for (size_t i = 0; i < f->head_count && status == VMS_OK && !f->decided; i++)
    status = check_head(f, &f->heads[i].head, manifests[f->heads[i].core], wrong[f->heads[i].core]);
  return status;
}

/* The user's own pins need no download: a key from the options, or behind # in the URL. */
static int check_pins(fetch *f) {
  const uint8_t *pins[] = { f->audit->ledger, vms__client_pin(f->client) };
  for (size_t i = 0; i < sizeof pins / sizeof pins[0]; i++)
    if (pins[i] != NULL && memcmp(pins[i], f->verdict->ledger, VMS_KEY_LEN) != 0) {
      f->verdict->conflict = 1;
      return decide(f, VMS_VERDICT_FINDING, "ledger", "this is another ledger than the one asked for");
    }
  return VMS_OK;
}

static void note_heads(fetch *f) {
  const vms_head *ledger = &f->parts[VMS_CORE_LEDGER].head;
  vms_manifest_key(ledger->manifest, f->verdict->ledger);
  vms_manifest_key(f->parts[VMS_CORE_ARCHIVE].head.manifest, f->verdict->archive);
  f->verdict->length = ledger->length;
  memcpy(f->verdict->tree_hash, ledger->tree_hash, VMS_HASH_LEN);
}

/* --- the copy ------------------------------------------------------------------------------------------------ */

static bool tree_hash_is(const vms_core *core, uint64_t length, const uint8_t wanted[VMS_HASH_LEN]) {
  uint8_t hash[VMS_HASH_LEN];
  vms_core_tree_hash(core, length, hash);
  return memcmp(hash, wanted, VMS_HASH_LEN) == 0;
}

static int open_copy(fetch *f, const uint8_t (*manifests)[VMS_MANIFEST_LEN], vms_error *error) {
  vms_buffer mount = VMS_BUFFER_INIT, key = VMS_BUFFER_INIT;
  int status;
  if (f->options.store == NULL) {
    status = vms__copy_temporary(&f->copy, manifests, VMS_CORE_COUNT, f->env, error);
  } else {
    status = vms__buf_slice(&mount, vms__client_path(f->client));
    if (status == VMS_OK) status = vms__buf_hex(&key, f->verdict->ledger, VMS_KEY_LEN);
    if (status == VMS_OK) status = vms__copy_store(&f->copy, f->options.store, mount.data, key.data, manifests, VMS_CORE_COUNT, f->env, error);
  }
  vms_buffer_free(&mount);
  vms_buffer_free(&key);
  if (status == VMS_OK) f->journal = vms_copy_journal(f->copy);
  return status;
}

/* Looks at what the store holds. Its own heads were verified when it was opened. */
static int take_stock(fetch *f, const uint8_t (*manifests)[VMS_MANIFEST_LEN], vms_error *error) {
  if (vms_journal_count(f->journal) != VMS_CORE_COUNT) return vms__fail(error, VMS_ERR_CORRUPT, 0, "the store's journal is not that of a service");
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_BLOBS; core++) {
    part *p = &f->parts[core];
    uint8_t manifest[VMS_MANIFEST_LEN];
    vms_head kept;
    p->core = vms_journal_core(f->journal, (uint32_t)core);
    vms_core_manifest(p->core, manifest);
    if (memcmp(manifest, manifests[core], sizeof manifest) != 0) {
      if (core == VMS_CORE_LEDGER) return vms__fail(error, VMS_ERR_CORRUPT, 0, "the store's journal is that of another ledger");
      return withheld(f, "the host shows another archive than the one in the store");
    }
    p->start = vms_core_length(p->core);
    if (vms_core_head(p->core, &kept, NULL) != VMS_OK) continue;
    p->kept = kept.length;
    remember(f, core, &kept, true);
  }
  return VMS_OK;
}

/* A head can only grow, for the user whose store has a longer one. That somebody on the way shows an old head, or none, proves nothing. What a
 * shorter one says is compared with what is here, if it is. */
static int check_lengths(fetch *f) {
  char text[200];
  for (size_t i = 0; i < f->head_count; i++) {
    const seen *s = &f->heads[i];
    const part *p = &f->parts[s->core];
    if (s->head.length <= p->head.length) continue;
    if (!s->kept || p->head.length == 0) {
      snprintf(text, sizeof text, p->head.length == 0 ? "the host shows no head of the %s, of which there was one before" : "the host showed a longer head of the %s a moment before",
               core_names[s->core]);
      return withheld(f, text);
    }
    if (p->head.length > 0 && !tree_hash_is(p->core, p->head.length, p->head.tree_hash)) return broken_word(f, s->core, s->head.length);
    snprintf(text, sizeof text, "the store has a signed head of the %s of length %llu, the host's has length %llu: %s were taken away, or this is a mirror that is behind", core_names[s->core],
             (unsigned long long)s->head.length, (unsigned long long)p->head.length, s->core == VMS_CORE_LEDGER ? "records" : "blocks");
    f->verdict->conflict = 1;
    int status = decide(f, VMS_VERDICT_FINDING, "fork", text);
    f->verdict->seq = s->core == VMS_CORE_LEDGER ? p->head.length : 0;
    return status;
  }
  return VMS_OK;
}

/* What is here must be what every head said, those in the store included. */
static int check_hashes(fetch *f) {
  for (size_t i = 0; i < f->head_count; i++) {
    const seen *s = &f->heads[i];
    if (tree_hash_is(f->parts[s->core].core, s->head.length, s->head.tree_hash)) continue;
    return s->kept ? broken_word(f, s->core, s->head.length) : contradiction(f, s->core);
  }
  return VMS_OK;
}

/* --- the blocks -------------------------------------------------------------------------------------------------- */

/* The store's blocks are not those under the host's head. Which of the two is wrong is proved only by a head in the store. */
static int mismatch(fetch *f, int core, vms_error *error) {
  const part *p = &f->parts[core];
  if (p->kept > 0 && (p->kept == p->start || p->kept >= p->head.length)) return broken_word(f, core, p->kept);
  return vms__fail(error, VMS_ERR_CORRUPT, p->kept, "the %s in the store is not the one that the host signs", core_names[core]);
}

static uint64_t cost_of(const part *p) {
  uint64_t length = vms_core_length(p->core);
  return vms_core_byte_length(p->core, length) - vms_core_byte_length(p->core, p->start) + (length - p->start) * VMS_REPLICA_BLOCK_COST;
}

/* Counts what came and writes it when it is much. */
static int take_in(fetch *f, vms_error *error) {
  uint64_t done = 0, total = 0;
  f->cost = 0;
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_BLOBS; core++) {
    const part *p = &f->parts[core];
    f->cost += cost_of(p);
    done += vms_core_length(p->core) - p->start;
    if (p->head.length > p->start) total += p->head.length - p->start;
  }
  if (f->options.progress != NULL && total > 0) f->options.progress(f->options.context, VMS__MIN(done, total), total);
  if (f->cost > f->bytes_max) return over_budget(f);
  if (f->cost - f->committed < COMMIT_LEN) return VMS_OK;
  f->committed = f->cost;
  return vms_journal_commit(f->journal, VMS_COMMIT_NO_SYNC, error);
}

/* What a failed step of the session means. */
static int explain(fetch *f, int core, int status, bool open, vms_error *error) {
  uint64_t kept = f->parts[core].kept;
  char text[200];
  switch (status) {
    case VMS_ERR_EXISTS: return mismatch(f, core, error);
    case VMS_ERR_FOREIGN: /* proved by its own signatures; position: how many blocks of the replica's head it was */
      return kept > 0 && error->position == kept ? broken_word(f, core, kept) : contradiction(f, core);
    case VMS_ERR_LIMIT: return decide(f, VMS_VERDICT_INCOMPLETE, "budget", error->message);
    case VMS_ERR_TIMEOUT: case VMS_ERR_REMOTE: case VMS_ERR_UNSUPPORTED: break;
    default: return status;
  }
  if (!open) return status;
  if (status == VMS_ERR_TIMEOUT) snprintf(text, sizeof text, "the host signed a head of the %s and does not deliver the blocks under it", core_names[core]);
  else snprintf(text, sizeof text, "what the host delivers is not the %s that it signed: %s", core_names[core], error->message);
  return withheld(f, text);
}

/* The connection that blocks come over. */
typedef struct line {
  vms_client *stream;
  vms_replication *session;
  vms_buffer in, out;
} line;

static int line_open(line *l, fetch *f, vms_error *error) {
  vms_replication_options options = VMS_REPLICATION_OPTIONS_INIT;
  int status = vms__client_stream(&l->stream, f->client, error);
  if (status == VMS_ERR_REMOTE) /* it answered as a vms service a moment ago */
    return vms__fail(error, VMS_ERR_UNSUPPORTED, 0, "the host does not replicate: no subprotocol hypercore at this path");
  options.flags = VMS_REPLICATION_INITIATOR;
  options.env = f->env;
  return status == VMS_OK ? vms_replication_new(&l->session, &options, error) : status;
}

static void line_close(line *l) {
  vms_replication_free(l->session);
  vms_client_close(l->stream);
  vms_buffer_free(&l->in);
  vms_buffer_free(&l->out);
}

/* Pumps until all blocks of one core are here. */
static int pump(fetch *f, line *l, int core, vms_replica *replica, vms_error *error) {
  const part *p = &f->parts[core];
  uint64_t deadline = 0, here = UINT64_MAX, since = 0, counted = 0, length;
  int status = VMS_OK;
  while (status == VMS_OK && !f->decided && vms_replica_contiguous(replica) < p->head.length) {
    length = vms_replica_contiguous(replica) + vms_replica_length(replica);
    if (length != here) since = counted = 0;
    if (length != here || (since - counted >= PROGRESS_LEN && since <= FRAME_LEN_MAX)) {
      deadline = vms__os_monotonic_ms() + f->options.timeout_ms;
      here = length;
      counted = since;
    }
    status = vms_replication_take(l->session, &l->out, error);
    if (status == VMS_OK) status = vms__client_stream_step(l->stream, &l->out, &l->in, deadline, error);
    since += l->in.len;
    if (status == VMS_OK && l->in.len > 0) status = vms_replication_feed(l->session, l->in.data, l->in.len, error);
    vms__buf_clear(&l->in);
    if (status != VMS_OK) return explain(f, core, status, vms_replication_is_open(l->session) != 0, error);
    length = vms_replica_length(replica);
    if (length >= p->head.length) vms_replica_follow(replica, 0);
    if (length == p->head.length) {
      uint8_t hash[VMS_HASH_LEN];
      vms_replica_tree_hash(replica, hash);
      if (memcmp(hash, p->head.tree_hash, sizeof hash) != 0) return contradiction(f, core);
    }
    status = take_in(f, error);
  }
  return status;
}

static int fetch_core(fetch *f, line *l, int core, vms_error *error) {
  part *p = &f->parts[core];
  vms_replica_options options = VMS_REPLICA_OPTIONS_INIT;
  vms_replica *replica = NULL;
  uint8_t key[VMS_KEY_LEN];
  int status = l->stream == NULL ? line_open(l, f, error) : VMS_OK;
  options.env = f->env;
  options.core = p->core;
  options.manifest = p->head.manifest;
  options.manifest_len = VMS_MANIFEST_LEN;
  options.bytes_max = vms_core_byte_length(p->core, p->start) + p->start * VMS_REPLICA_BLOCK_COST + f->bytes_max - f->cost;
  options.length_max = p->start < p->head.length ? p->head.length : 0;
  vms_core_key(p->core, key);
  if (status == VMS_OK) status = vms_replica_open(&replica, key, &options, error);
  if (status == VMS_OK) status = vms_replication_download(l->session, replica, error);
  if (status == VMS_OK) status = pump(f, l, core, replica, error);
  if (l->session != NULL && replica != NULL) vms_replication_stop(l->session, replica);
  vms_replica_close(replica);
  return status;
}

/* Is there anything to fetch of it? */
static int look_at(fetch *f, int core, bool *needed, vms_error *error) {
  const part *p = &f->parts[core];
  *needed = p->start < p->head.length;
  if (*needed || p->head.length == 0) return VMS_OK;
  if (!tree_hash_is(p->core, p->head.length, p->head.tree_hash)) {
    *needed = p->kept > 0 && p->kept < p->head.length; /* the host's own proofs tell which part it is */
    return *needed && p->kept < p->start ? VMS_OK : mismatch(f, core, error);
  }
  if (p->start > p->head.length) return withheld(f, "the host shows a shorter head than the one under which the blocks in the store came");
  return VMS_OK;
}

static int fetch_blocks(fetch *f, vms_error *error) {
  line l = { .stream = NULL };
  uint64_t missing = 0;
  bool needed[VMS_CORE_COUNT] = { false };
  int status = VMS_OK;
  vms_buffer_init(&l.in, f->env);
  vms_buffer_init(&l.out, f->env);
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_BLOBS && status == VMS_OK && !f->decided; core++) {
    status = look_at(f, core, &needed[core], error);
    if (needed[core] && f->parts[core].head.length > f->parts[core].start) missing += f->parts[core].head.length - f->parts[core].start; /* each below 2^53 */
  }
  if (status == VMS_OK && !f->decided && missing > f->bytes_max / VMS_REPLICA_BLOCK_COST) status = over_budget(f);
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_BLOBS && status == VMS_OK && !f->decided; core++)
    if (needed[core]) status = fetch_core(f, &l, core, error);
  line_close(&l);
  return status;
}

/* The heads go into the copy; in a store, what was fetched and they become durable together. */
static int finish(fetch *f, vms_error *error) {
  vms_error why;
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_BLOBS; core++) {
    int status = f->parts[core].head.length == 0 ? VMS_OK : vms_core_set_head(f->parts[core].core, &f->parts[core].head, &why);
    if (status == VMS_ERR_NOMEM) return status;
    if (status != VMS_OK) return withheld(f, "the blocks that were delivered are not those under the signed head");
  }
  return vms_journal_commit(f->journal, f->options.store != NULL ? VMS_COMMIT_SIGN : VMS_COMMIT_NO_SYNC, error);
}

static int fetch_all(fetch *f, vms_error *error) {
  uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN];
  const uint8_t(*all)[VMS_MANIFEST_LEN] = (const uint8_t(*)[VMS_MANIFEST_LEN])manifests;
  int status = fetch_heads(f, error);
  if (status != VMS_OK || f->decided) return status;
  note_heads(f);
  status = check_heads(f, manifests);
  if (status == VMS_OK && !f->decided) status = check_pins(f);
  if (status == VMS_OK && !f->decided) status = open_copy(f, all, error);
  if (status == VMS_OK && !f->decided) status = take_stock(f, all, error);
  if (status == VMS_OK && !f->decided) status = check_lengths(f);
  if (status == VMS_OK && !f->decided) status = fetch_blocks(f, error);
  if (status == VMS_OK && !f->decided) status = check_hashes(f);
  if (status == VMS_OK && !f->decided) status = finish(f, error);
  /* what came is kept, whatever became of the rest; that it cannot be is not what the user has to hear of */
  if ((status != VMS_OK || f->decided) && f->journal != NULL && f->options.store != NULL) (void)vms_journal_commit(f->journal, 0, NULL);
  return status;
}

/* A fork of the ledger, for others to see. */
static void prove(fetch *f) {
  vms_head heads[sizeof f->heads / sizeof f->heads[0]];
  size_t count = 0;
  if (!f->decided || f->verdict->verdict != VMS_VERDICT_FINDING || strcmp(f->verdict->kind.data, "fork") != 0 || f->audit->evidence == NULL) return;
  for (size_t i = 0; i < f->head_count; i++)
    if (f->heads[i].core == VMS_CORE_LEDGER) heads[count++] = f->heads[i].head;
  vms__fork_prove(f->client, heads, count, f->parts[VMS_CORE_LEDGER].core, f->audit->evidence);
}

int vms_download(vms_copy **copy, vms_client *client, const vms_download_options *options, vms_audit_options *audit,
                 vms_verdict *verdict, vms_error *error) {
  vms_download_options known = VMS_DOWNLOAD_OPTIONS_INIT;
  vms_error why;
  fetch *f;
  int status;
  assert(copy != NULL && client != NULL && audit != NULL && verdict != NULL);
  if (error == NULL) error = &why; /* what went wrong is looked at in here, too */
  status = vms__options_load(&known, sizeof known, options, error);
  *copy = NULL;
  if (status != VMS_OK) return status;
  f = vms__alloc(audit->env, sizeof *f);
  if (f == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory while downloading");
  f->client = client;
  f->options = known;
  f->audit = audit;
  f->env = audit->env != NULL && audit->env->entropy != NULL ? audit->env : vms__os_env();
  f->verdict = verdict;
  if (known.timeout_ms == 0) f->options.timeout_ms = TIMEOUT_MS_DEFAULT;
  f->bytes_max = audit->max_bytes == 0 ? MAX_BYTES_DEFAULT : audit->max_bytes;
  status = fetch_all(f, error);
  if (status == VMS_OK) prove(f);
  if (status == VMS_ERR_NOMEM) vms__fail(error, status, 0, "out of memory while downloading");
  audit->archive_before = VMS__MAX(f->before[VMS_CORE_ARCHIVE], 1);
  audit->blobs_before = f->before[VMS_CORE_BLOBS];
  if (status == VMS_OK && !f->decided) *copy = f->copy;
  else vms_copy_close(f->copy);
  vms__free(audit->env, f, sizeof *f);
  return status;
}
