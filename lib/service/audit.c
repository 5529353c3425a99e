/* SPDX-License-Identifier: MIT */
/* The auditor: reads the ledger record by record, applies each as the host should have, compares. What it
 * finds is not an error: the function succeeds and the verdict says what is wrong. */
#include "internal.h"

#define SPILL_RECORDS 256u       /* how often replayed blocks go from memory to the scratch storage, */
#define SPILL_BYTES (16u << 20) /* or sooner, when there are that many bytes of them */

typedef struct audit {
  const vms_env *env;
  const vms_audit_options *options;
  vms_verdict *verdict;
  vms_core *cores[VMS_CORE_COUNT];     /* as published */
  vms_head heads[VMS_CORE_COUNT];
  vms__genesis genesis;
  vms_buffer genesis_text, block, scratch;
  vms_outcome outcome;
  vms_storage memory;                  /* scratch of our own */
  vms_journal *replay;                 /* the archive as replayed */
  vms_archive *archive;
  vms__machine machine;
  uint64_t spilled;                    /* bytes of the replayed archive that are out of memory */
  vms_archive_state compared;          /* the newest state that was compared with the published archive */
  bool withheld;                       /* the published archive ends before the records do */
  vms__kept kept;                      /* what the user has of this ledger */
  bool decided;                        /* the verdict is in */
} audit;

/* --- deciding ---------------------------------------------------------------------------------------- */

static int decide(audit *a, uint32_t verdict, const char *kind, uint64_t seq, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
static int decide(audit *a, uint32_t verdict, const char *kind, uint64_t seq, const char *format, ...) {
  va_list args;
  assert(!a->decided);
  a->decided = true;
  va_start(args, format);
  int status = vms__verdict_vset(a->verdict, verdict, kind, seq, format, args);
  va_end(args);
  return status;
}

static int files_text(vms_buffer *text, const vms_archive_state *files) {
  int status = vms__buf_format(text, "{\"version\":%llu,\"blobs\":%llu,\"hash\":\"", (unsigned long long)files->version, (unsigned long long)files->blobs);
  if (status == VMS_OK) status = vms__buf_hex(text, files->hash, VMS_HASH_LEN);
  return status == VMS_OK ? vms__buf_text(text, "\"}") : status;
}

static bool same_files(const vms_archive_state *a, const vms_archive_state *b) {
  return a->version == b->version && a->blobs == b->blobs && memcmp(a->hash, b->hash, VMS_HASH_LEN) == 0;
}

/* --- before the first record --------------------------------------------------------------------------- */

static int check_heads(audit *a, vms_journal *journal) {
  static const char *const names[VMS_CORE_COUNT] = { "ledger", "archive", "blobs" };
  uint8_t key[VMS_KEY_LEN], wanted[VMS_MANIFEST_LEN], blobs[VMS_MANIFEST_LEN], public_key[VMS_KEY_LEN];
  if (vms_journal_count(journal) != VMS_CORE_COUNT)
    return decide(a, VMS_VERDICT_INCOMPLETE, "withheld", 0, "this is not the journal of a service");
  for (uint32_t i = 0; i < VMS_CORE_COUNT; i++) {
    a->cores[i] = vms_journal_core(journal, i);
    vms_core_key(a->cores[i], key);
    if (vms_core_head(a->cores[i], &a->heads[i], NULL) != VMS_OK) {
      if (i == VMS_CORE_BLOBS) continue; /* no file has content yet: nothing was ever signed */
      return decide(a, VMS_VERDICT_INCOMPLETE, "withheld", 0, "there is no signed head of the %s", names[i]);
    }
    if (vms_head_verify(&a->heads[i], key, NULL) != VMS_OK || a->heads[i].fork != 0)
      return decide(a, VMS_VERDICT_FINDING, "ledger", 0, "the head of the %s is not signed as it must be", names[i]);
  }
  memcpy(public_key, a->heads[VMS_CORE_LEDGER].manifest + VMS_MANIFEST_LEN - VMS_KEY_LEN, VMS_KEY_LEN);
  vms_manifest_default(public_key, wanted);
  if (memcmp(wanted, a->heads[VMS_CORE_LEDGER].manifest, VMS_MANIFEST_LEN) != 0)
    return decide(a, VMS_VERDICT_FINDING, "ledger", 0, "the ledger's manifest is not the default one");
  vms_core_manifest(a->cores[VMS_CORE_ARCHIVE], wanted);
  memcpy(public_key, wanted + VMS_MANIFEST_LEN - VMS_KEY_LEN, VMS_KEY_LEN);
  vms_manifest_default(public_key, wanted);
  vms_manifest_key(wanted, key);
  vms_core_key(a->cores[VMS_CORE_ARCHIVE], a->verdict->archive);
  if (memcmp(key, a->verdict->archive, VMS_KEY_LEN) != 0)
    return decide(a, VMS_VERDICT_FINDING, "ledger", 0, "the archive's manifest is not the default one");
  vms_manifest_blobs(wanted, blobs);
  vms_manifest_key(blobs, key);
  vms_core_key(a->cores[VMS_CORE_BLOBS], public_key);
  if (memcmp(key, public_key, VMS_KEY_LEN) != 0)
    return decide(a, VMS_VERDICT_FINDING, "ledger", 0, "the blobs core is not the one that belongs to the archive");
  vms_core_key(a->cores[VMS_CORE_LEDGER], a->verdict->ledger);
  a->verdict->length = a->heads[VMS_CORE_LEDGER].length;
  memcpy(a->verdict->tree_hash, a->heads[VMS_CORE_LEDGER].tree_hash, VMS_HASH_LEN);
  return VMS_OK;
}

/* What the user knows of the ledger comes first: whatever else is wrong, the host broke its word to this user. */
static int check_pins(audit *a) {
  const vms_audit_options *options = a->options;
  uint8_t hash[VMS_HASH_LEN];
  a->verdict->conflict = 1;
  if (options->ledger != NULL && memcmp(options->ledger, a->verdict->ledger, VMS_KEY_LEN) != 0)
    return decide(a, VMS_VERDICT_FINDING, "ledger", 0, "this is another ledger than the one asked for");
  if (options->seen_length > 0) {
    if (options->seen_length > a->verdict->length)
      return decide(a, VMS_VERDICT_FINDING, "fork", a->verdict->length, "a head of length %llu was seen, this one has length %llu: records were taken away",
                    (unsigned long long)options->seen_length, (unsigned long long)a->verdict->length);
    vms_core_tree_hash(a->cores[VMS_CORE_LEDGER], options->seen_length, hash);
    if (memcmp(hash, options->seen_hash, VMS_HASH_LEN) != 0)
      return decide(a, VMS_VERDICT_FINDING, "fork", options->seen_length - 1, "the first %llu records are not those of the head that was seen",
                    (unsigned long long)options->seen_length);
  }
  a->verdict->conflict = 0;
  return VMS_OK;
}

/* Heads and receipts that the user kept. */
static int check_kept(audit *a, vms_error *error) {
  a->kept = (vms__kept){ a->env, a->cores[VMS_CORE_LEDGER], &a->heads[VMS_CORE_LEDGER], a->options, a->verdict, false, 0 };
  int status = vms__kept_judge(&a->kept, error);
  a->decided = a->kept.decided;
  return status;
}

static int check_code(audit *a) {
  if (a->options->code.data == NULL || vms__slice_equal(a->options->code, a->genesis.code)) return VMS_OK;
  a->verdict->conflict = 1;
  return decide(a, VMS_VERDICT_FINDING, "ledger", 0, "block 0 holds another script than the one asked for");
}

static int read_block(audit *a, uint64_t seq, vms_error *error) {
  vms__buf_clear(&a->block);
  return vms_core_read(a->cores[VMS_CORE_LEDGER], seq, &a->block, error);
}

static int check_genesis(audit *a, vms_error *error) {
  vms_error why;
  int status;
  if (a->verdict->length == 0) return decide(a, VMS_VERDICT_INCOMPLETE, "withheld", 0, "the ledger is empty");
  status = read_block(a, 0, error);
  if (status != VMS_OK) return status;
  status = vms__genesis_read(vms__buf_view(&a->block), &a->genesis_text, &a->genesis, &why);
  if (status == VMS_ERR_NOMEM) return vms__fail(error, status, 0, "%s", why.message);
  if (a->genesis.engine.len > 0 && vms__buf_slice(&a->verdict->engine, a->genesis.engine) != VMS_OK) return VMS_ERR_NOMEM;
  if (status == VMS_ERR_UNSUPPORTED) return decide(a, VMS_VERDICT_INCOMPLETE, "engine", 0, "%s", why.message);
  if (status != VMS_OK) return decide(a, VMS_VERDICT_FINDING, "ledger", 0, "%s", why.message);
  if (memcmp(a->genesis.archive, a->verdict->archive, VMS_KEY_LEN) != 0)
    return decide(a, VMS_VERDICT_FINDING, "archive", 0, "block 0 names another archive than the one that was published");
  uint64_t max_steps = a->options->max_steps == 0 ? UINT64_C(10000000000) : a->options->max_steps;
  uint64_t max_memory = a->options->max_memory == 0 ? UINT64_C(1) << 30 : a->options->max_memory;
  a->verdict->records = 1;
  a->verdict->time_ms = a->genesis.time_ms;
  if (check_code(a) != VMS_OK) return VMS_ERR_NOMEM;
  /* what a call stages lies in memory as well */
  if (!a->decided && a->options->level == VMS_AUDIT_FULL &&
      (a->genesis.limits.steps > max_steps || a->genesis.limits.memory > max_memory || a->genesis.limits.files_call > max_memory))
    return decide(a, VMS_VERDICT_INCOMPLETE, "budget", 0, "block 0 allows a call more steps or memory than this auditor grants");
  return VMS_OK;
}

/* The replay has an archive of its own, with the published keys, from nothing. */
static int open_replay(audit *a, vms_error *error) {
  uint8_t manifests[2][VMS_MANIFEST_LEN];
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  vms_archive_options archive_options = VMS_ARCHIVE_OPTIONS_INIT;
  const vms_storage *scratch = a->options->scratch;
  int status = VMS_OK;
  vms_core_manifest(a->cores[VMS_CORE_ARCHIVE], manifests[0]);
  vms_core_manifest(a->cores[VMS_CORE_BLOBS], manifests[1]);
  if (scratch == NULL) {
    status = vms_memory_open(&a->memory, a->env, error);
    scratch = &a->memory;
  }
  journal_options.env = archive_options.env = a->env;
  archive_options.origin_context = &a->machine.origin;
  archive_options.origin = vms__origin_write;
  archive_options.files_call_max = a->genesis.limits.files_call;
  archive_options.files_total_max = a->genesis.limits.files_total;
  if (status == VMS_OK)
    status = vms_journal_create(&a->replay, scratch, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, 2, &journal_options, error);
  if (status == VMS_OK)
    status = vms_archive_open(&a->archive, vms_journal_core(a->replay, 0), vms_journal_core(a->replay, 1), &archive_options, error);
  if (status != VMS_OK) return status;
  a->machine.ledger = a->cores[VMS_CORE_LEDGER];
  a->machine.archive = a->archive;
  a->machine.genesis = &a->genesis;
  memcpy(a->machine.ledger_key, a->verdict->ledger, VMS_KEY_LEN);
  a->machine.callers = vms__callers_new(a->env);
  a->machine.length = 1;
  a->machine.time_ms = a->genesis.time_ms;
  return a->machine.callers != NULL ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for an audit");
}

/* --- one record ---------------------------------------------------------------------------------------- */

/* Compares what replay computed with what the host recorded. */
static int compare(audit *a, const vms__record *found, const vms__record *expected) {
  uint64_t seq = a->machine.length;
  bool start = found->type == VMS__RECORD_START;
  int status = vms__outcome_text(&a->verdict->expected, expected);
  if (status == VMS_OK) status = vms__outcome_text(&a->verdict->found, found);
  if (status != VMS_OK) return status;
  if (!vms__slice_equal(vms__buf_view(&a->verdict->expected), vms__buf_view(&a->verdict->found)))
    return decide(a, VMS_VERDICT_FINDING, "result", seq, start ? "the script's top level ends in another way" : "the call gives another result");
  vms__buf_clear(&a->verdict->expected);
  vms__buf_clear(&a->verdict->found);
  if (found->steps != expected->steps) {
    status = vms__buf_uint(&a->verdict->expected, expected->steps);
    if (status == VMS_OK) status = vms__buf_uint(&a->verdict->found, found->steps);
    return status == VMS_OK ? decide(a, VMS_VERDICT_FINDING, "steps", seq, "it takes another number of steps") : status;
  }
  if (!same_files(&found->files, &expected->files)) {
    status = files_text(&a->verdict->expected, &expected->files);
    if (status == VMS_OK) status = files_text(&a->verdict->found, &found->files);
    if (status != VMS_OK) return status;
    return decide(a, VMS_VERDICT_FINDING, start ? "start" : "files", seq, start ? "the epoch begins with other files" : "the call leaves other files behind");
  }
  return VMS_OK;
}

/* Compares the published archive, as far as it goes, with what this record commits to. */
static int compare_archive(audit *a, const vms_archive_state *files) {
  uint8_t published[VMS_HASH_LEN], replayed[VMS_HASH_LEN];
  vms_core *ours[] = { vms_journal_core(a->replay, 0), vms_journal_core(a->replay, 1) };
  uint64_t lengths[] = { files->version, files->blobs };
  static const char *const names[] = { "metadata", "blobs" };
  if (same_files(files, &a->compared)) return VMS_OK;
  a->compared = *files;
  for (uint32_t i = 0; i < 2; i++) {
    vms_core *theirs = a->cores[VMS_CORE_ARCHIVE + i];
    if (vms_core_length(theirs) < lengths[i]) {
      a->withheld = true;
      continue;
    }
    vms_core_tree_hash(theirs, lengths[i], published);
    vms_core_tree_hash(ours[i], lengths[i], replayed);
    if (memcmp(published, replayed, VMS_HASH_LEN) == 0) continue;
    int status = vms__buf_hex(&a->verdict->expected, replayed, VMS_HASH_LEN);
    if (status == VMS_OK) status = vms__buf_hex(&a->verdict->found, published, VMS_HASH_LEN);
    if (status != VMS_OK) return status;
    return decide(a, VMS_VERDICT_FINDING, "archive", a->machine.length, "the published archive's %s differ from what the records leave behind", names[i]);
  }
  return VMS_OK;
}

static int judge_start(audit *a, const vms__record *found, vms_error *error) {
  vms__machine *machine = &a->machine;
  vms__record expected = *found;
  uint64_t seq = machine->length;
  uint32_t due = vms__machine_due(machine);
  bool first = !machine->started;
  bool right = due == VMS__START_COUNT ? found->reason == VMS__START_BOOT || found->reason == VMS__START_EVICTED || found->reason == VMS__START_FAILED
                                       : found->reason == due;
  bool chain = a->options->level == VMS_AUDIT_CHAIN;
  a->verdict->starts++;
  if (machine->init_due && !chain) return decide(a, VMS_VERDICT_FINDING, "start", seq, "a start where the call of init had to be");
  if (!right) {
    int status = vms__buf_text(&a->verdict->expected, due == VMS__START_COUNT ? "boot, evicted or failed" : vms__start_reasons[due]);
    if (status == VMS_OK) status = vms__buf_text(&a->verdict->found, vms__start_reasons[found->reason]);
    return status == VMS_OK ? decide(a, VMS_VERDICT_FINDING, "start", seq, "a start with a reason that does not hold here") : status;
  }
  int status = VMS_OK;
  if (chain) machine->top_failed = found->outcome != VMS_OUTCOME_RESULT;
  else status = vms__apply_start(machine, &expected, &a->outcome, error);
  if (status == VMS_OK && !chain) status = compare(a, found, &expected);
  if (status != VMS_OK || a->decided) return status;
  if (first && machine->top_failed) return decide(a, VMS_VERDICT_FINDING, "start", seq, "the script failed at deployment and was published all the same");
  if (!chain) status = compare_archive(a, &expected.files);
  if (status != VMS_OK || a->decided) return status;
  /* without a VM nobody knows whether there is an init: it may come, once, directly behind the first start */
  machine->init_due = first && (chain || vms_sandbox_exports(machine->sandbox, VMS__TEXT("init")));
  vms__machine_note(machine, found, 0);
  return VMS_OK;
}

static int refused(audit *a, const char *kind) {
  vms_slice message = vms__slice_cut(vms__buf_view(&a->outcome.message), 200);
  return decide(a, VMS_VERDICT_FINDING, kind, a->machine.length, "this call had to be refused: %.*s", (int)message.len, message.data == NULL ? "" : message.data);
}

static bool is_init_call(const vms__record *record) {
  return record->caller_kind == VMS__CALLER_NONE && !record->has_signature && vms__slice_is(record->request, "{\"method\":\"init\",\"params\":[]}");
}

/* The recorded proof, if there is one, has to be that of this call. It also is what the replay draws from. */
static int check_vrf(audit *a, const vms__record *found) {
  uint8_t hash[VMS__VRF_HASH_LEN];
  if (!found->has_vrf || vms__record_vrf_verify(&a->genesis, found, a->machine.length, hash)) return VMS_OK;
  int status = vms__buf_hex(&a->verdict->found, found->vrf, VMS__VRF_PROOF_LEN);
  if (status != VMS_OK) return status;
  return decide(a, VMS_VERDICT_FINDING, "vrf", a->machine.length, "the randomness is not what the key of block 0 gives for this call");
}

/* Applies a call as recorded, and compares. */
static int replay_call(audit *a, const vms__record *found, const vms__admission *admission, vms_error *error) {
  vms__record expected = *found;
  int status = vms__apply_call(&a->machine, &expected, admission, &a->outcome, error);
  if (status == VMS_ERR_MISSING && a->machine.drew && !found->has_vrf)
    return decide(a, VMS_VERDICT_FINDING, "vrf", a->machine.length, "the call draws randomness and the record has no proof of it");
  if (status == VMS_OK && found->has_vrf && !a->machine.drew)
    return decide(a, VMS_VERDICT_FINDING, "vrf", a->machine.length, "the record proves randomness, which the call does not draw");
  if (status == VMS_OK) status = compare(a, found, &expected);
  return status == VMS_OK && !a->decided ? compare_archive(a, &expected.files) : status;
}

static int judge_call(audit *a, const vms__record *found, vms_error *error) {
  vms__machine *machine = &a->machine;
  vms__admission admission;
  uint64_t seq = machine->length;
  bool chain = a->options->level == VMS_AUDIT_CHAIN, init = machine->init_due && is_init_call(found);
  const char *kind;
  if (vms__machine_due(machine) != VMS__START_COUNT) return decide(a, VMS_VERDICT_FINDING, "start", seq, "a call where a start had to be");
  if (machine->init_due && !init && !chain) return decide(a, VMS_VERDICT_FINDING, "caller", seq, "another call came before init");
  if (!vms__admit(machine, found, seq, &admission, &a->outcome, &kind)) {
    if (a->outcome.code != VMS_CODE_STORAGE) return refused(a, kind);
    return vms__fail(error, VMS_ERR_IO, seq, "cannot judge record %llu: out of memory, or the storage failed", (unsigned long long)seq);
  }
  if (admission.duplicate)
    return decide(a, VMS_VERDICT_FINDING, "caller", seq, "the same request stands in the ledger already, as record %llu", (unsigned long long)admission.seq);
  if (found->caller_kind == VMS__CALLER_KEY) {
    a->verdict->signatures++;
    if (vms__callers_prepare(machine->callers, found->caller) != VMS_OK) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for an audit");
  } else if (!init) {
    a->verdict->unsigned_calls++;
  }
  a->verdict->calls++;
  if (machine->top_failed) return decide(a, VMS_VERDICT_FINDING, "start", seq, "a call was recorded though the script's start failed");
  if (chain && vms__method_reserved(machine, admission.request.method))
    return decide(a, VMS_VERDICT_FINDING, "caller", seq, "this call had to be refused: nobody may call that method");
  if (!chain && !vms__admit_method(machine, &admission, &a->outcome)) return refused(a, "caller");
  int status = check_vrf(a, found);
  if (status == VMS_OK && !a->decided && !chain) status = replay_call(a, found, &admission, error);
  if (status != VMS_OK || a->decided) return status;
  if (init && found->outcome != VMS_OUTCOME_RESULT)
    return decide(a, VMS_VERDICT_FINDING, "start", seq, "init failed at deployment and the service was published all the same");
  vms__machine_note(machine, found, admission.request.nonce);
  return VMS_OK;
}

/* Moves replayed blocks from memory to the scratch storage. */
static int spill(audit *a, uint64_t seq, vms_error *error) {
  uint64_t bytes = 0;
  if (a->options->scratch == NULL) return VMS_OK;
  for (uint32_t i = 0; i < 2; i++) {
    vms_core *core = vms_journal_core(a->replay, i);
    bytes += vms_core_byte_length(core, vms_core_length(core));
  }
  if (seq % SPILL_RECORDS != 0 && bytes - a->spilled < SPILL_BYTES) return VMS_OK;
  a->spilled = bytes;
  return vms_journal_commit(a->replay, VMS_COMMIT_NO_SYNC, error);
}

static int judge(audit *a, vms_error *error) {
  uint64_t seq = a->machine.length;
  vms__record record;
  vms_error why;
  int status = read_block(a, seq, error);
  if (status != VMS_OK) return status;
  status = vms__record_read(vms__buf_view(&a->block), &a->scratch, &record, &why);
  if (status == VMS_ERR_FORM) return decide(a, VMS_VERDICT_FINDING, "ledger", seq, "%s", why.message);
  if (status != VMS_OK) return vms__fail(error, status, seq, "%s", why.message);
  if (record.time_ms < a->machine.time_ms) {
    status = vms__buf_format(&a->verdict->expected, "%llu or later", (unsigned long long)a->machine.time_ms);
    if (status == VMS_OK) status = vms__buf_uint(&a->verdict->found, record.time_ms);
    if (status == VMS_OK) status = decide(a, VMS_VERDICT_FINDING, "time", seq, "time runs backwards");
  } else {
    status = record.type == VMS__RECORD_START ? judge_start(a, &record, error) : judge_call(a, &record, error);
  }
  if (status == VMS_OK && a->decided) return vms__verdict_call(a->verdict, &record);
  if (status != VMS_OK) return status;
  a->verdict->records++;
  a->verdict->time_ms = record.time_ms;
  return spill(a, seq, error);
}

/* Who is not there cannot be judged: the host signed for more than it shows, as a copy that is behind does, or a backup. */
static int check_withheld(audit *a) {
  return decide(a, VMS_VERDICT_INCOMPLETE, "withheld", a->verdict->length, "the host signed for %llu records, of which you keep the proof, and only %llu are shown",
                (unsigned long long)a->kept.withheld, (unsigned long long)a->verdict->length);
}

/* --- after the last record ------------------------------------------------------------------------------ */

static int check_length(audit *a) {
  if (a->verdict->length >= a->options->min_length) return VMS_OK;
  return decide(a, VMS_VERDICT_INCOMPLETE, "short", 0, "the ledger has %llu records, at least %llu were expected",
                (unsigned long long)a->verdict->length, (unsigned long long)a->options->min_length);
}

static int check_end(audit *a) {
  const vms_archive_state *files = &a->verdict->files;
  uint64_t archive = a->options->archive_before != 0 ? a->options->archive_before : a->heads[VMS_CORE_ARCHIVE].length;
  uint64_t blobs = a->options->archive_before != 0 ? a->options->blobs_before : a->heads[VMS_CORE_BLOBS].length;
  if (a->machine.init_due && a->options->level == VMS_AUDIT_FULL)
    return decide(a, VMS_VERDICT_FINDING, "start", a->machine.length - 1, "the service was published before its init had run");
  if (a->options->level == VMS_AUDIT_CHAIN) return a->kept.withheld > 0 ? check_withheld(a) : check_length(a);
  if (archive > files->version || blobs > files->blobs) {
    int status = vms__buf_format(&a->verdict->expected, "{\"version\":%llu,\"blobs\":%llu}", (unsigned long long)files->version, (unsigned long long)files->blobs);
    if (status == VMS_OK)
      status = vms__buf_format(&a->verdict->found, "{\"version\":%llu,\"blobs\":%llu}", (unsigned long long)archive, (unsigned long long)blobs);
    return status == VMS_OK ? decide(a, VMS_VERDICT_FINDING, "archive", a->machine.length - 1, "the archive has blocks that no record accounts for") : status;
  }
  if (a->withheld) return decide(a, VMS_VERDICT_INCOMPLETE, "withheld", a->machine.length - 1, "the published archive ends before the records do");
  return a->kept.withheld > 0 ? check_withheld(a) : check_length(a);
}

static int run(audit *a, vms_journal *journal, vms_error *error) {
  int status = check_heads(a, journal);
  if (status == VMS_OK && !a->decided) status = check_pins(a);
  if (status == VMS_OK && !a->decided) status = check_kept(a, error);
  if (status == VMS_OK && !a->decided) status = check_genesis(a, error);
  if (status == VMS_OK && !a->decided) status = open_replay(a, error);
  while (status == VMS_OK && !a->decided && a->machine.length < a->verdict->length) {
    status = judge(a, error);
    if (a->options->progress != NULL) a->options->progress(a->options->progress_context, a->machine.length, a->verdict->length);
  }
  a->verdict->epochs = a->verdict->starts;
  if (a->archive != NULL) vms_archive_state_get(a->archive, &a->verdict->files);
  if (status == VMS_OK && !a->decided && !a->machine.started)
    status = decide(a, VMS_VERDICT_FINDING, "start", 0, "the service was published before its first start");
  if (status == VMS_OK && !a->decided) status = check_end(a);
  if (status == VMS_OK && a->verdict->verdict == VMS_VERDICT_FINDING && !a->verdict->conflict && a->kept.ledger != NULL)
    status = vms__kept_prove(&a->kept, a->verdict->seq);
  return status;
}

int vms_audit(vms_journal *journal, const vms_audit_options *given, vms_verdict *verdict, vms_error *error) {
  vms_audit_options options = VMS_AUDIT_OPTIONS_INIT;
  audit *a;
  int status = vms__options_load(&options, sizeof options, given, error);
  assert(journal != NULL && verdict != NULL);
  if (status != VMS_OK) return status;
  if (options.seen_length > 0 && options.seen_hash == NULL)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "seen_length needs seen_hash");
  a = vms__alloc(options.env, sizeof *a);
  if (a == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for an audit");
  a->env = options.env;
  a->options = &options;
  a->verdict = verdict;
  vms_buffer *texts[] = { &a->genesis_text, &a->block, &a->scratch };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) vms_buffer_init(texts[i], options.env);
  vms_outcome_init(&a->outcome, options.env);
  vms__machine_init(&a->machine, options.env);
  status = run(a, journal, error);
  if (status == VMS_ERR_NOMEM) vms__fail(error, status, 0, "out of memory for an audit");
  vms__machine_deinit(&a->machine);
  vms_archive_close(a->archive);
  vms_journal_close(a->replay);
  vms_memory_close(&a->memory);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) vms_buffer_free(texts[i]);
  vms_outcome_free(&a->outcome);
  vms__free(options.env, a, sizeof *a);
  return status;
}
