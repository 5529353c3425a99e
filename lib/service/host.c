/* SPDX-License-Identifier: MIT */
/* What the host does beyond apply: deploy, open, append records, commit, answer. */
#include "internal.h"

struct vms_service {
  const vms_env *env;
  vms_journal *journal;
  vms_core *cores[VMS_CORE_COUNT];
  vms_archive *archive;
  vms_service_options options;
  vms__genesis genesis;
  vms_buffer genesis_text;   /* what genesis points into */
  vms__machine machine;
  vms__callers_index callers_index;
  vms_buffer record, scratch, methods;
  vms_outcome outcome;       /* of starts */
  vms__recent recent;        /* texts of records, for receipts */
  uint64_t durable, durable_files;    /* lengths of the ledger and of the archive's metadata */
  uint64_t inflight, inflight_files;  /* the same for the commit under way */
  bool failed;               /* the machinery failed in the last call: the next start says so */
  bool broken;               /* a commit failed: nothing more is accepted */
  bool mirror;               /* a copy: read only */
};

/* --- secrets and keys --------------------------------------------------------------------------- */

static void seed_of(const uint8_t secret[VMS_SEED_LEN], int core, uint8_t seed[VMS_SEED_LEN]) {
  vms_key_derive(secret, core == VMS_CORE_LEDGER ? "vms ledger" : "vms archive", seed);
}

static void manifests_of(const uint8_t secret[VMS_SEED_LEN], uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN]) {
  uint8_t seed[VMS_SEED_LEN], public_key[VMS_KEY_LEN];
  for (int core = VMS_CORE_LEDGER; core <= VMS_CORE_ARCHIVE; core++) {
    seed_of(secret, core, seed);
    vms_key_public(seed, public_key);
    vms_manifest_default(public_key, manifests[core]);
  }
  vms__crypto_wipe(seed, sizeof seed);
  vms_manifest_blobs(manifests[VMS_CORE_ARCHIVE], manifests[VMS_CORE_BLOBS]);
}

void vms_service_keys_of(const uint8_t secret[VMS_SEED_LEN], uint8_t ledger_key[VMS_KEY_LEN], uint8_t archive_key[VMS_KEY_LEN]) {
  uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN];
  manifests_of(secret, manifests);
  if (ledger_key != NULL) vms_manifest_key(manifests[VMS_CORE_LEDGER], ledger_key);
  if (archive_key != NULL) vms_manifest_key(manifests[VMS_CORE_ARCHIVE], archive_key);
}

/* --- making and opening --------------------------------------------------------------------------- */

static int out_of_memory(vms_error *error) { return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a service"); }

static int service_new(vms_service **out, const vms_service_options *given, vms_error *error) {
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms_service *service;
  int status = vms__options_load(&options, sizeof options, given, error);
  if (status != VMS_OK) return status;
  if (options.env == NULL || options.env->now_ms == NULL)
    return vms__fail(error, VMS_ERR_ARGUMENT, 0, "a service needs an environment with a clock");
  service = vms__alloc(options.env, sizeof *service);
  if (service == NULL) return out_of_memory(error);
  service->env = options.env;
  service->options = options;
  vms_buffer_init(&service->genesis_text, options.env);
  vms_buffer_init(&service->record, options.env);
  vms_buffer_init(&service->scratch, options.env);
  vms_buffer_init(&service->methods, options.env);
  vms_outcome_init(&service->outcome, options.env);
  vms__recent_init(&service->recent, options.env);
  vms__machine_init(&service->machine, options.env);
  *out = service;
  return VMS_OK;
}

static int open_archive(vms_service *service, vms_error *error) {
  vms_archive_options options = VMS_ARCHIVE_OPTIONS_INIT;
  vms_archive_close(service->archive);
  service->archive = NULL;
  service->machine.archive = NULL;
  options.env = service->env;
  options.files_call_max = service->genesis.limits.files_call;
  options.files_total_max = service->genesis.limits.files_total;
  options.origin_context = &service->machine.origin;
  options.origin = vms__origin_write;
  int status = vms_archive_open(&service->archive, service->cores[VMS_CORE_ARCHIVE], service->cores[VMS_CORE_BLOBS], &options, error);
  service->machine.archive = service->archive;
  return status;
}

static int set_signers(vms_service *service, const uint8_t secret[VMS_SEED_LEN], vms_error *error) {
  uint8_t seed[VMS_SEED_LEN];
  int status = VMS_OK;
  for (int core = 0; core < VMS_CORE_COUNT && status == VMS_OK; core++) {
    seed_of(secret, core, seed);
    status = vms_journal_signer(service->journal, (uint32_t)core, seed, error);
  }
  vms__crypto_wipe(seed, sizeof seed);
  return status;
}

static void attach_machine(vms_service *service) {
  vms__machine *machine = &service->machine;
  machine->ledger = service->cores[VMS_CORE_LEDGER];
  machine->genesis = &service->genesis;
  vms_core_key(machine->ledger, machine->ledger_key);
  machine->console_context = service->options.console_context;
  machine->console = service->options.console;
}

/* An empty table, which nothing but block 0 went into. */
static int forget_callers(vms_service *service, vms_error *error) {
  vms__machine *machine = &service->machine;
  vms__callers_free(machine->callers);
  machine->callers = vms__callers_new(service->env);
  machine->callers_wrong = false;
  return machine->callers != NULL ? VMS_OK : out_of_memory(error);
}

/* Once the journal is there and genesis is known. */
static int attach(vms_service *service, const uint8_t secret[VMS_SEED_LEN], vms_error *error) {
  int status = set_signers(service, secret, error);
  if (status != VMS_OK) return status;
  attach_machine(service);
  vms_key_derive(secret, "vms vrf", service->machine.vrf_seed);
  service->machine.has_vrf_seed = true;
  vms__callers_index_init(&service->callers_index, service->env, service->options.callers_index, service->cores[VMS_CORE_LEDGER]);
  status = forget_callers(service, error);
  return status == VMS_OK ? open_archive(service, error) : status;
}

static void take_cores(vms_service *service) {
  for (uint32_t core = 0; core < VMS_CORE_COUNT; core++) service->cores[core] = vms_journal_core(service->journal, core);
}

static void limits_default(vms_limits *limits) {
  static const vms_limits defaults = { 10000000, 64u << 20, 1u << 20, 1u << 20, 16u << 20, 1u << 30 };
  if (limits->steps == 0) limits->steps = defaults.steps;
  if (limits->memory == 0) limits->memory = defaults.memory;
  if (limits->request == 0) limits->request = defaults.request;
  if (limits->result == 0) limits->result = defaults.result;
  if (limits->files_call == 0) limits->files_call = defaults.files_call;
  if (limits->files_total == 0) limits->files_total = defaults.files_total;
}

/* Whatever a call makes of these limits has to fit into a block: the request is escaped once more in its record. */
static int limits_check(const vms_limits *limits, vms_error *error) {
  const uint64_t most = VMS_BLOCK_LEN_MAX - (64u << 10); /* the rest of a record, a long error included */
  if (limits->request <= most / 2 && limits->result <= most - 2 * limits->request) return VMS_OK;
  return vms__fail(error, VMS_ERR_LIMIT, 0, "a request of %llu bytes with a result of %llu may not fit into a block",
                   (unsigned long long)limits->request, (unsigned long long)limits->result);
}

static void undo(vms_service *service, const vms_journal_mark *mark) {
  vms__recent_forget(&service->recent);
  vms_journal_rollback(service->journal, mark);
  if (open_archive(service, NULL) != VMS_OK) service->broken = true;
}

/* Notes a record that stands in the ledger now. */
static void note_record(vms_service *service, const vms__record *record, uint64_t nonce) {
  vms__machine *machine = &service->machine;
  vms__machine_note(machine, record, nonce);
  vms__callers_index_note(&service->callers_index, nonce,
                          record->caller_kind == VMS__CALLER_KEY ? vms__callers_place(machine->callers, record->caller) : VMS__CALLER_NOWHERE);
}

static void save_callers(vms_service *service, bool closing) {
  const vms__machine *machine = &service->machine;
  const vms__callers_state state = { machine->length, machine->time_ms, machine->epoch_calls, machine->aborted };
  vms__callers_index_save(&service->callers_index, machine->callers, &state, closing);
}

/* Appends the text of a record that was applied. */
static int append_record(vms_service *service, const vms__record *record, uint64_t nonce, vms_error *error) {
  vms__buf_clear(&service->record);
  if (vms__record_write(&service->record, record) != VMS_OK) return out_of_memory(error);
  int status = vms_core_append(service->cores[VMS_CORE_LEDGER], service->record.data, service->record.len, NULL, error);
  if (status != VMS_OK) return status;
  vms__recent_note(&service->recent, service->machine.length, vms__buf_view(&service->record));
  note_record(service, record, nonce);
  return VMS_OK;
}

/* What this build of the engine was made of and with: information, nothing more. */
static void build_hash(uint8_t hash[VMS_HASH_LEN]) {
  static const char text[] = VMS_ENGINE " " VMS_VERSION " " __VERSION__;
  static const uint8_t zero[VMS_SEED_LEN];
  vms_key_derive(zero, text, hash);
}

static int run_start(vms_service *service, uint64_t time_ms, vms_error *error) {
  vms__machine *machine = &service->machine;
  vms__record record = { .type = VMS__RECORD_START, .time_ms = time_ms };
  vms_journal_mark mark;
  int status;
  record.reason = vms__machine_due(machine);
  if (record.reason == VMS__START_COUNT) record.reason = service->failed ? VMS__START_FAILED : VMS__START_BOOT;
  build_hash(record.build);
  vms_journal_mark_take(service->journal, &mark);
  status = vms__apply_start(machine, &record, &service->outcome, error);
  if (status == VMS_OK) status = append_record(service, &record, 0, error);
  if (status != VMS_OK) {
    undo(service, &mark);
    vms__machine_stop(machine); /* a VM without a start in the ledger must not be called */
  } else {
    service->failed = false;
  }
  return status;
}

/* Runs an admitted call and appends its record, or changes nothing. */
static int run_call(vms_service *service, vms__record *record, const vms__admission *admission, vms_outcome *outcome,
                    vms_error *error) {
  vms__machine *machine = &service->machine;
  vms_journal_mark mark;
  int status = VMS_OK;
  vms_journal_mark_take(service->journal, &mark);
  if (record->caller_kind == VMS__CALLER_KEY && vms__callers_prepare(machine->callers, record->caller) != VMS_OK)
    return out_of_memory(error);
  status = vms__apply_call(machine, record, admission, outcome, error);
  if (status == VMS_OK) {
    outcome->seq = machine->length;
    status = append_record(service, record, admission->request.nonce, error);
  }
  if (status != VMS_OK) {
    undo(service, &mark);
    vms__machine_stop(machine); /* the script's memory knows of a call that never was */
    service->failed = true;
  }
  return status;
}

static int deploy_failed(const vms_outcome *outcome, const char *what, vms_buffer *diagnostic, vms_error *error) {
  const char *name = outcome->name.len > 0 ? outcome->name.data : "Error";
  const char *message = outcome->message.len > 0 ? outcome->message.data : "";
  bool aborted = outcome->kind == VMS_OUTCOME_ABORTED;
  if (diagnostic != NULL && aborted) (void)vms__buf_format(diagnostic, "contract.js: %s met the limit of %s", what, name);
  else if (diagnostic != NULL) (void)vms__buf_format(diagnostic, "contract.js: %s threw %s: %s", what, name, message);
  return vms__fail(error, VMS_ERR_SCRIPT, 0, aborted ? "%s met the limit of %s" : "%s threw %s", what, name);
}

static int deploy_run(vms_service *service, uint64_t time_ms, vms_buffer *diagnostic, vms_error *error) {
  vms__machine *machine = &service->machine;
  vms__record record = { .type = VMS__RECORD_CALL, .time_ms = time_ms };
  vms__admission admission;
  const char *finding;
  int status;
  machine->length = 1;
  machine->time_ms = time_ms;
  status = run_start(service, time_ms, error);
  if (status != VMS_OK) return status;
  if (machine->top_failed) return deploy_failed(&service->outcome, "the script", diagnostic, error);
  if (!vms_sandbox_exports(machine->sandbox, VMS__TEXT("init"))) return VMS_OK;
  machine->init_due = true;
  record.request = VMS__TEXT("{\"method\":\"init\",\"params\":[]}");
  if (!vms__admit(machine, &record, machine->length, &admission, &service->outcome, &finding) ||
      !vms__admit_method(machine, &admission, &service->outcome))
    return vms__fail(error, VMS_ERR_SCRIPT, 0, "init cannot be called");
  status = run_call(service, &record, &admission, &service->outcome, error);
  if (status != VMS_OK) return status;
  return service->outcome.kind == VMS_OUTCOME_RESULT ? VMS_OK : deploy_failed(&service->outcome, "init", diagnostic, error);
}

int vms_service_deploy(vms_service **out, const vms_storage *storage, const uint8_t secret[VMS_SEED_LEN], vms_slice code,
                       const vms_service_options *options, vms_buffer *diagnostic, vms_error *error) {
  vms_service *service = NULL;
  vms_journal_options journal_options = VMS_JOURNAL_OPTIONS_INIT;
  uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN], vrf_seed[VMS_SEED_LEN];
  vms__genesis *genesis;
  int status;
  assert(out != NULL && storage != NULL && secret != NULL);
  if (code.len > VMS__CODE_LEN_MAX)
    return vms__fail(error, VMS_ERR_LIMIT, 0, "a script of %zu bytes, the limit is %u", code.len, VMS__CODE_LEN_MAX);
  if (!vms__utf8_valid(code.data, code.len)) return vms__fail(error, VMS_ERR_SYNTAX, 0, "the script is not UTF-8 text");
  status = service_new(&service, options, error);
  if (status != VMS_OK) return status;
  limits_default(&service->options.limits);
  status = limits_check(&service->options.limits, error);
  if (status == VMS_OK) status = vms_sandbox_check(code, diagnostic, service->env, error);
  if (status != VMS_OK) goto done;
  manifests_of(secret, manifests);
  journal_options.env = service->env;
  journal_options.index = service->options.index;
  status = vms_journal_create(&service->journal, storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, VMS_CORE_COUNT, &journal_options, error);
  if (status != VMS_OK) goto done;
  take_cores(service);

  genesis = &service->genesis;
  genesis->engine = VMS__TEXT(VMS_ENGINE);
  genesis->code = code;
  genesis->title = service->options.title;
  vms_core_key(service->cores[VMS_CORE_ARCHIVE], genesis->archive);
  vms_key_derive(secret, "vms vrf", vrf_seed);
  vms_key_public(vrf_seed, genesis->vrf);
  vms__crypto_wipe(vrf_seed, sizeof vrf_seed);
  genesis->limits = service->options.limits;
  genesis->epoch = service->options.epoch == 0 ? 10000 : service->options.epoch;
  genesis->anonymous = (service->options.flags & VMS_SERVICE_ANONYMOUS) != 0;
  genesis->debug = (service->options.flags & VMS_SERVICE_DEBUG) != 0;
  genesis->time_ms = service->env->now_ms(service->env->context);
  status = vms__genesis_write(&service->record, genesis) == VMS_OK ? VMS_OK : out_of_memory(error);
  if (status == VMS_OK) /* from here on the copy that the ledger holds is what counts */
    status = vms__genesis_read(vms__buf_view(&service->record), &service->genesis_text, genesis, error);
  if (status == VMS_OK)
    status = vms_core_append(service->cores[VMS_CORE_LEDGER], service->record.data, service->record.len, NULL, error);
  if (status == VMS_OK) status = attach(service, secret, error);
  if (status == VMS_OK) status = deploy_run(service, genesis->time_ms, diagnostic, error);
  if (status == VMS_OK) status = vms_service_commit(service, VMS_COMMIT_SIGN, error);
done:
  if (status != VMS_OK) {
    vms_service_close(service);
    service = NULL;
  }
  *out = service;
  return status;
}

static int read_record(vms_service *service, uint64_t seq, vms__record *record, vms_error *error) {
  vms__buf_clear(&service->record);
  int status = vms_core_read(service->cores[VMS_CORE_LEDGER], seq, &service->record, error);
  if (status == VMS_OK) status = vms__record_scan(vms__buf_view(&service->record), &service->scratch, record, error);
  return status;
}

/* Brings the machine to where the index of callers ends. */
static int load_callers(vms_service *service, vms_error *error) {
  vms__machine *machine = &service->machine;
  vms__callers_state state = { 1, service->genesis.time_ms, 0, false };
  int status = vms__callers_index_load(&service->callers_index, machine->callers, &state);
  if (status == VMS_ERR_CORRUPT) {
    vms__callers_index_forget(&service->callers_index);
    state = (vms__callers_state){ 1, service->genesis.time_ms, 0, false };
    status = forget_callers(service, error);
  }
  if (status != VMS_OK) return out_of_memory(error);
  machine->length = state.length;
  machine->time_ms = state.time_ms;
  machine->epoch_calls = state.epoch_calls;
  machine->aborted = state.aborted;
  machine->started = state.length > 1; /* record 1 is a start */
  return VMS_OK;
}

/* Brings the machine from there to where the ledger ends: nonces, times, what the next start must be. Nothing runs. */
static int catch_up(vms_service *service, vms_error *error) {
  vms__machine *machine = &service->machine;
  uint64_t length = vms_core_length(service->cores[VMS_CORE_LEDGER]);
  vms__record record;
  vms_request request = { .nonce = 0 };
  while (machine->length < length) {
    int status = read_record(service, machine->length, &record, error);
    if (status == VMS_ERR_FORM)
      return vms__fail(error, VMS_ERR_CORRUPT, machine->length, "record %llu of the ledger is not readable", (unsigned long long)machine->length);
    if (status != VMS_OK) return status;
    if (record.caller_kind == VMS__CALLER_KEY) {
      if (vms_request_read(record.request, &request, NULL) != VMS_OK || request.nonce <= vms__callers_last(machine->callers, record.caller))
        return vms__fail(error, VMS_ERR_CORRUPT, machine->length, "record %llu of the ledger breaks the rules", (unsigned long long)machine->length);
      if (vms__callers_prepare(machine->callers, record.caller) != VMS_OK) return out_of_memory(error);
    }
    note_record(service, &record, request.nonce);
    save_callers(service, false);
  }
  if (!machine->started)
    return vms__fail(error, VMS_ERR_CORRUPT, 0, "the ledger ends before its first start");
  return VMS_OK;
}

static bool limit_differs(uint64_t wanted, uint64_t recorded) { return wanted != 0 && wanted != recorded; }

static int check_same(const vms_service *service, const vms_slice *code, vms_error *error) {
  const vms_limits *wanted = &service->options.limits, *recorded = &service->genesis.limits;
  if (code != NULL && !vms__slice_equal(*code, service->genesis.code))
    return vms__fail(error, VMS_ERR_FOREIGN, 0, "the folder holds a service of another script");
  if (limit_differs(wanted->steps, recorded->steps) || limit_differs(wanted->memory, recorded->memory) ||
      limit_differs(wanted->request, recorded->request) || limit_differs(wanted->result, recorded->result) ||
      limit_differs(wanted->files_call, recorded->files_call) || limit_differs(wanted->files_total, recorded->files_total) ||
      limit_differs(service->options.epoch, service->genesis.epoch))
    return vms__fail(error, VMS_ERR_FOREIGN, 0, "the folder holds a service deployed with other limits");
  if (((service->options.flags & VMS_SERVICE_ANONYMOUS) != 0 && !service->genesis.anonymous) ||
      ((service->options.flags & VMS_SERVICE_DEBUG) != 0 && !service->genesis.debug))
    return vms__fail(error, VMS_ERR_FOREIGN, 0, "the folder holds a service deployed for signed calls only");
  return VMS_OK;
}

/* Opens the journal and reads block 0. */
static int open_ledger(vms_service *service, const vms_storage *storage, uint32_t flags, vms_error *error) {
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  int status;
  options.env = service->env;
  options.flags = flags;
  options.index = service->options.index;
  status = vms_journal_open(&service->journal, storage, &options, error);
  if (status != VMS_OK) return status;
  if (vms_journal_count(service->journal) != VMS_CORE_COUNT)
    return vms__fail(error, VMS_ERR_FOREIGN, 0, "the journal is not that of a service");
  take_cores(service);
  vms__buf_clear(&service->record);
  status = vms_core_read(service->cores[VMS_CORE_LEDGER], 0, &service->record, error);
  if (status == VMS_ERR_NOT_FOUND && !service->mirror)
    status = vms__fail(error, VMS_ERR_CORRUPT, 0, "the ledger is empty: the service was never deployed");
  if (status == VMS_OK) status = vms__genesis_read(vms__buf_view(&service->record), &service->genesis_text, &service->genesis, error);
  if (status == VMS_ERR_FORM) status = vms__fail(error, VMS_ERR_CORRUPT, 0, "block 0 of the ledger is not readable");
  return status;
}

int vms_service_open(vms_service **out, const vms_storage *storage, const uint8_t secret[VMS_SEED_LEN], const vms_slice *code,
                     const vms_service_options *options, vms_error *error) {
  vms_service *service = NULL;
  int status;
  assert(out != NULL && storage != NULL && secret != NULL);
  status = service_new(&service, options, error);
  if (status != VMS_OK) return status;
  status = open_ledger(service, storage, 0, error);
  if (status == VMS_OK) status = check_same(service, code, error);
  if (status == VMS_OK) status = attach(service, secret, error);
  if (status == VMS_OK) status = load_callers(service, error);
  if (status == VMS_OK) status = catch_up(service, error);
  if (status == VMS_OK) { /* a crash may have left blocks without a head: sign them, they are durable once synced */
    status = vms_service_commit(service, VMS_COMMIT_SIGN, error);
    service->durable = service->machine.length;
    service->durable_files = vms_core_length(service->cores[VMS_CORE_ARCHIVE]);
  }
  if (status != VMS_OK) {
    vms_service_close(service);
    service = NULL;
  }
  *out = service;
  return status;
}

/* What the copy's heads cover, whatever else a download has left behind them. */
static int take_heads(vms_service *service, vms_error *error) {
  uint8_t archive[VMS_KEY_LEN];
  vms_head ledger, files;
  if (vms_core_head(service->cores[VMS_CORE_LEDGER], &ledger, NULL) != VMS_OK || vms_core_head(service->cores[VMS_CORE_ARCHIVE], &files, NULL) != VMS_OK)
    return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "the copy is not finished: it has no signed head yet");
  vms_core_key(service->cores[VMS_CORE_ARCHIVE], archive);
  if (memcmp(archive, service->genesis.archive, VMS_KEY_LEN) != 0)
    return vms__fail(error, VMS_ERR_FOREIGN, 0, "the archive is not the one that block 0 names");
  service->machine.length = service->durable = ledger.length;
  service->durable_files = files.length;
  service->machine.time_ms = service->genesis.time_ms;
  return VMS_OK;
}

int vms_service_mirror(vms_service **out, const vms_storage *storage, const vms_service_options *options, vms_error *error) {
  vms_service *service = NULL;
  int status;
  assert(out != NULL && storage != NULL);
  *out = NULL;
  status = service_new(&service, options, error);
  if (status != VMS_OK) return status;
  service->mirror = true;
  status = open_ledger(service, storage, VMS_JOURNAL_READ_ONLY, error);
  if (status == VMS_ERR_NOT_FOUND) status = vms__fail(error, status, 0, "the copy is not finished: it holds nothing yet");
  if (status == VMS_OK) status = take_heads(service, error);
  if (status == VMS_OK) attach_machine(service);
  if (status == VMS_OK) (void)open_archive(service, NULL); /* what a liar wrote there is replicated all the same */
  if (status == VMS_OK) *out = service;
  else vms_service_close(service);
  return status;
}

void vms_service_close(vms_service *service) {
  if (service == NULL) return;
  if (!service->broken && service->durable > 0 && service->durable == service->machine.length) save_callers(service, true);
  vms__callers_index_deinit(&service->callers_index);
  vms__machine_deinit(&service->machine);
  vms_archive_close(service->archive);
  vms_journal_close(service->journal);
  vms_buffer_free(&service->genesis_text);
  vms_buffer_free(&service->record);
  vms_buffer_free(&service->scratch);
  vms_buffer_free(&service->methods);
  vms_outcome_free(&service->outcome);
  vms__recent_deinit(&service->recent);
  vms__free(service->env, service, sizeof *service);
}

/* --- calls ------------------------------------------------------------------------------------------ */

void vms_outcome_init(vms_outcome *outcome, const vms_env *env) {
  memset(outcome, 0, sizeof *outcome);
  vms_buffer_init(&outcome->result, env);
  vms_buffer_init(&outcome->name, env);
  vms_buffer_init(&outcome->message, env);
  vms_buffer_init(&outcome->data, env);
}

void vms_outcome_free(vms_outcome *outcome) {
  if (outcome == NULL) return;
  vms_buffer_free(&outcome->result);
  vms_buffer_free(&outcome->name);
  vms_buffer_free(&outcome->message);
  vms_buffer_free(&outcome->data);
}

static void refuse_machinery(vms_outcome *outcome, const vms_error *error) {
  vms__refuse(outcome, VMS_CODE_STORAGE, "the host failed and nothing was done: %s", error->message);
}

/* The outcome as it stands in record seq. */
static void recorded_outcome(vms_service *service, uint64_t seq, vms_outcome *outcome) {
  vms__record record;
  vms_error error;
  int status = read_record(service, seq, &record, &error);
  if (status != VMS_OK) { /* not that nothing was done: whoever believes that calls again */
    vms__refuse(outcome, VMS_CODE_STORAGE, "the call stands in the ledger as record %llu, which cannot be read: %s", (unsigned long long)seq, error.message);
    return;
  }
  vms__outcome_clear(outcome);
  outcome->kind = record.outcome;
  outcome->code = record.outcome == VMS_OUTCOME_RESULT ? 0 : record.outcome == VMS_OUTCOME_ERROR ? VMS_CODE_CONTRACT : VMS_CODE_ABORTED;
  outcome->seq = seq;
  status = vms__buf_slice(&outcome->result, record.result);
  if (status == VMS_OK) status = vms__buf_slice(&outcome->name, record.name);
  if (status == VMS_OK) status = vms__buf_slice(&outcome->message, record.message);
  if (status == VMS_OK && record.outcome == VMS_OUTCOME_ABORTED) /* not in the record: the words of the first answer */
    status = vms__buf_format(&outcome->message, "the call met its limit of %.*s", (int)record.name.len, record.name.data);
  if (status != VMS_OK)
    vms__refuse(outcome, VMS_CODE_STORAGE, "out of memory; the call stands in the ledger as record %llu", (unsigned long long)seq);
}

static bool refuse_mirror(vms_outcome *outcome) {
  return vms__refuse(outcome, VMS_CODE_NOT_ALLOWED, "this is a mirror: it has no key to sign with; call the original host");
}

/* The index of callers is wrong: the ledger tells all anew. The VM goes as well, since a later record may end it. */
static int relearn_callers(vms_service *service, vms_error *error) {
  vms__callers_index_forget(&service->callers_index);
  vms__machine_stop(&service->machine);
  service->failed = true;
  int status = forget_callers(service, error);
  if (status == VMS_OK) {
    service->machine.length = 1;
    status = catch_up(service, error);
  }
  if (status != VMS_OK) service->broken = true; /* half a table refuses nobody */
  return status;
}

static bool admit(vms_service *service, vms__record *record, vms__admission *admission, vms_outcome *outcome) {
  vms__machine *machine = &service->machine;
  vms_error error;
  const char *finding;
  if (vms__admit(machine, record, machine->length + (vms__machine_needs_start(machine) ? 1 : 0), admission, outcome, &finding)) return true;
  if (!machine->callers_wrong) return false;
  if (relearn_callers(service, &error) != VMS_OK) {
    refuse_machinery(outcome, &error);
    return false;
  }
  record->time_ms = VMS__MAX(record->time_ms, machine->time_ms); /* the index told that as well */
  return vms__admit(machine, record, machine->length + 1, admission, outcome, &finding);
}

static int call(vms_service *service, vms__record *record, vms_outcome *outcome) {
  vms__machine *machine = &service->machine;
  vms__admission admission;
  vms_error error;
  if (service->mirror) {
    refuse_mirror(outcome);
    return VMS_OK;
  }
  if (service->broken) {
    vms__refuse(outcome, VMS_CODE_STORAGE, "the host's storage failed: it takes no calls until it is restarted");
    return VMS_OK;
  }
  record->type = VMS__RECORD_CALL;
  record->time_ms = VMS__MAX(service->env->now_ms(service->env->context), machine->time_ms);
  if (!admit(service, record, &admission, outcome)) return VMS_OK;
  if (admission.duplicate) {
    recorded_outcome(service, admission.seq, outcome);
    return VMS_OK;
  }
  if (vms__machine_needs_start(machine) && run_start(service, record->time_ms, &error) != VMS_OK) {
    refuse_machinery(outcome, &error);
    return VMS_OK;
  }
  if (!vms__admit_method(machine, &admission, outcome)) return VMS_OK;
  if (run_call(service, record, &admission, outcome, &error) != VMS_OK) refuse_machinery(outcome, &error);
  return VMS_OK;
}

static int call_signed(vms_service *service, vms__record *record, const uint8_t caller[VMS_KEY_LEN], const uint8_t signature[VMS_SIGNATURE_LEN],
                       vms_outcome *outcome) {
  memcpy(record->caller, caller, VMS_KEY_LEN);
  memcpy(record->signature, signature, VMS_SIGNATURE_LEN);
  return call(service, record, outcome);
}

int vms_service_call(vms_service *service, vms_slice request, const uint8_t caller[VMS_KEY_LEN],
                     const uint8_t signature[VMS_SIGNATURE_LEN], vms_outcome *outcome) {
  vms__record record = { .caller_kind = VMS__CALLER_KEY, .request = request, .has_signature = true };
  assert(service != NULL && outcome != NULL);
  return call_signed(service, &record, caller, signature, outcome);
}

int vms_service_call_checked(vms_service *service, vms_slice request, const uint8_t caller[VMS_KEY_LEN],
                             const uint8_t signature[VMS_SIGNATURE_LEN], vms_outcome *outcome) {
  vms__record record = { .caller_kind = VMS__CALLER_KEY, .request = request, .has_signature = true, .signature_fits = true };
  assert(service != NULL && outcome != NULL);
  return call_signed(service, &record, caller, signature, outcome);
}

int vms_service_screen(const vms_service *service, vms_slice request, const uint8_t caller[VMS_KEY_LEN], uint32_t *fresh, vms_outcome *outcome) {
  uint64_t time_ms = VMS__MAX(service->env->now_ms(service->env->context), service->machine.time_ms);
  bool is_fresh = false;
  *fresh = 0;
  if (service->mirror) return refuse_mirror(outcome);
  bool fine = vms__screen(&service->machine, request, caller, time_ms, &is_fresh, outcome);
  *fresh = is_fresh;
  return fine;
}

int vms_service_call_unsigned(vms_service *service, vms_slice caller, vms_slice method, vms_slice params, vms_outcome *outcome) {
  vms__record record = { .caller_kind = caller.data == NULL ? VMS__CALLER_NONE : VMS__CALLER_DEBUG, .caller_name = caller };
  vms_buffer text;
  vms_error error;
  int status;
  assert(service != NULL && outcome != NULL);
  if (caller.data != NULL && !vms__caller_name_valid(caller)) {
    vms__refuse(outcome, VMS_CODE_NOT_ALLOWED, "a debug user's name is 1 to 64 letters, digits, dots, dashes or underscores");
    return VMS_OK;
  }
  vms_buffer_init(&text, service->env);
  status = vms__unsigned_write(&text, method, params, &error);
  if (status != VMS_OK) {
    vms__refuse(outcome, VMS_CODE_PARAMS, "%s", error.message);
  } else {
    record.request = vms__buf_view(&text);
    status = call(service, &record, outcome);
  }
  vms_buffer_free(&text);
  return VMS_OK;
}

uint64_t vms_service_length(const vms_service *service) { return service->machine.length; }
uint64_t vms_service_durable(const vms_service *service) { return service->durable; }

uint64_t vms_service_published(const vms_service *service) {
  vms_head head;
  return vms_core_head(service->cores[VMS_CORE_LEDGER], &head, NULL) == VMS_OK ? head.length : 0;
}

int vms_service_commit_begin(vms_service *service, uint32_t flags, vms_commit **commit, vms_error *error) {
  *commit = NULL;
  if (service->mirror) return VMS_OK; /* nothing to do, ever */
  service->inflight = vms_core_length(service->cores[VMS_CORE_LEDGER]);
  service->inflight_files = vms_core_length(service->cores[VMS_CORE_ARCHIVE]);
  return vms_journal_commit_begin(service->journal, flags, commit, error);
}

void vms_service_commit_end(vms_service *service, vms_commit *commit, int status) {
  vms_journal_commit_end(service->journal, commit, status);
  if (status == VMS_OK) {
    service->durable = service->inflight;
    service->durable_files = service->inflight_files;
    save_callers(service, false);
  } else if (status != VMS_ERR_FULL) {
    service->broken = true;
  }
}

int vms_service_commit(vms_service *service, uint32_t flags, vms_error *error) {
  vms_commit *commit;
  int status = vms_service_commit_begin(service, flags, &commit, error);
  if (status != VMS_OK || commit == NULL) return status;
  status = vms_commit_write(commit, error);
  vms_service_commit_end(service, commit, status);
  return status;
}

/* --- reading ------------------------------------------------------------------------------------- */

vms_core *vms_service_core(vms_service *service, int core) {
  assert(core >= 0 && core < VMS_CORE_COUNT);
  return service->cores[core];
}

void vms_service_key(vms_service *service, int core, uint8_t key[VMS_KEY_LEN]) {
  assert(core >= 0 && core < VMS_CORE_COUNT);
  vms_core_key(service->cores[core], key);
}

#define MIRROR_STEPS_MAX UINT64_C(10000000) /* somebody else's script, whatever its own limits */
#define MIRROR_MEMORY_MAX (UINT64_C(64) << 20)

/* Methods are what a VM exports; before the first call after opening there is none, so one is made for the question. */
static int learn_methods(vms_service *service, vms_error *error) {
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox_host host = VMS_SANDBOX_HOST_INIT;
  vms_sandbox_call run = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome ran = { .kind = 0 };
  vms_sandbox *sandbox = service->machine.sandbox;
  int status = VMS_OK;
  if (sandbox != NULL && !service->machine.top_failed) return vms_sandbox_methods(sandbox, &service->methods);
  options.env = service->env;
  options.memory_max = service->genesis.limits.memory;
  run.time_ms = service->machine.time_ms;
  run.steps_max = service->genesis.limits.steps;
  if (service->mirror) options.memory_max = VMS__MIN(options.memory_max, MIRROR_MEMORY_MAX);
  if (service->mirror) run.steps_max = VMS__MIN(run.steps_max, MIRROR_STEPS_MAX);
  vms_buffer_init(&ran.result, service->env);
  vms_buffer_init(&ran.name, service->env);
  vms_buffer_init(&ran.message, service->env);
  sandbox = NULL;
  status = vms_sandbox_new(&sandbox, &options, &host, error);
  if (status == VMS_OK) status = vms_sandbox_start(sandbox, service->genesis.code, &run, &ran, error);
  if (status == VMS_OK && ran.kind == VMS_SANDBOX_RESULT) status = vms_sandbox_methods(sandbox, &service->methods);
  vms_sandbox_free(sandbox);
  vms_buffer_free(&ran.result);
  vms_buffer_free(&ran.name);
  vms_buffer_free(&ran.message);
  return status;
}

int vms_service_methods(vms_service *service, vms_buffer *json, vms_error *error) {
  if (service->methods.len == 0) {
    int status = learn_methods(service, error);
    if (status != VMS_OK) vms__buf_clear(&service->methods);
    if (service->mirror && service->methods.len == 0) status = vms__buf_text(&service->methods, "[]"); /* tried once: it costs steps */
    if (status != VMS_OK) return status;
  }
  vms_slice methods = service->methods.len > 0 ? vms__buf_view(&service->methods) : VMS__TEXT("[]"); /* none while the top level fails */
  return vms__buf_slice(json, methods) == VMS_OK ? VMS_OK : out_of_memory(error);
}

int vms_service_head(vms_service *service, int core, vms_buffer *json, vms_error *error) {
  vms_head head;
  assert(core >= 0 && core < VMS_CORE_COUNT);
  int status = vms_core_head(service->cores[core], &head, error);
  if (status != VMS_OK) return status;
  return vms_head_write(json, &head) == VMS_OK ? VMS_OK : out_of_memory(error);
}

static int write_info(vms_service *service, vms_buffer *json) {
  const vms__genesis *genesis = &service->genesis;
  uint8_t key[VMS_KEY_LEN];
  vms_service_key(service, VMS_CORE_LEDGER, key);
  int status = vms__buf_text(json, "{\"ledger\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, key, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_text(json, "\",\"archive\":\"");
  if (status == VMS_OK) status = vms__buf_hex(json, genesis->archive, VMS_KEY_LEN);
  if (status == VMS_OK) status = vms__buf_text(json, "\",\"title\":");
  if (status == VMS_OK) status = vms__buf_json_string(json, genesis->title.data, genesis->title.len);
  if (status == VMS_OK) status = vms__buf_text(json, ",\"engine\":\"" VMS_ENGINE "\",\"methods\":");
  if (status == VMS_OK) status = vms_service_methods(service, json, NULL);
  if (status == VMS_OK)
    status = vms__buf_format(json, ",\"limits\":{\"steps\":%llu,\"memory\":%llu,\"request\":%llu,\"result\":%llu,\"files_call\":%llu,"
                             "\"files_total\":%llu},\"epoch\":%llu,\"oracles\":[],\"anonymous\":%s,\"debug\":%s,%s\"head\":",
                             (unsigned long long)genesis->limits.steps, (unsigned long long)genesis->limits.memory,
                             (unsigned long long)genesis->limits.request, (unsigned long long)genesis->limits.result,
                             (unsigned long long)genesis->limits.files_call, (unsigned long long)genesis->limits.files_total,
                             (unsigned long long)genesis->epoch, genesis->anonymous ? "true" : "false", genesis->debug ? "true" : "false",
                             service->mirror ? "\"mirror\":true," : "");
  return status;
}

int vms_service_info(vms_service *service, vms_buffer *json, vms_error *error) {
  if (write_info(service, json) != VMS_OK) return out_of_memory(error);
  int status = vms_service_head(service, VMS_CORE_LEDGER, json, error);
  if (status != VMS_OK) return status;
  return vms__buf_byte(json, '}') == VMS_OK ? VMS_OK : out_of_memory(error);
}

#define PAGE_BYTES_MAX (1u << 20) /* of blocks, before base64; a single larger block makes a page of its own */
#define PAGE_COUNT_MAX 4096u

int vms_service_blocks(vms_service *service, int core, uint64_t from, uint64_t to, vms_buffer *json, vms_error *error) {
  static const char *const names[VMS_CORE_COUNT] = { "ledger", "archive", "blobs" };
  vms_core *from_core = service->cores[core];
  vms_head head;
  uint64_t seq = from, bytes = 0;
  int status = vms_core_head(from_core, &head, error);
  if (status != VMS_OK) return status;
  to = VMS__MIN(to, head.length);
  if (from > to)
    return vms__fail(error, VMS_ERR_NOT_FOUND, from, "there are %llu blocks, none from %llu on", (unsigned long long)head.length, (unsigned long long)from);
  to = VMS__MIN(to, from + PAGE_COUNT_MAX); /* from <= 2^53: cannot wrap */
  vms__buf_clear(&service->scratch);
  for (; seq < to && status == VMS_OK; seq++) {
    uint64_t size = vms_core_byte_length(from_core, seq + 1) - vms_core_byte_length(from_core, seq);
    if (seq > from && bytes + size > PAGE_BYTES_MAX) break;
    bytes += size;
    vms__buf_clear(&service->record);
    status = vms_core_read(from_core, seq, &service->record, error);
    if (status == VMS_OK && seq > from) status = vms__buf_byte(&service->scratch, ',');
    if (status == VMS_OK) status = vms__buf_byte(&service->scratch, '"');
    if (status == VMS_OK) status = vms__buf_base64(&service->scratch, service->record.data, service->record.len);
    if (status == VMS_OK) status = vms__buf_byte(&service->scratch, '"');
  }
  if (status == VMS_OK)
    status = vms__buf_format(json, "{\"core\":\"%s\",\"from\":%llu,\"to\":%llu,\"blocks\":[", names[core], (unsigned long long)from, (unsigned long long)seq);
  if (status == VMS_OK) status = vms__buf_slice(json, vms__buf_view(&service->scratch));
  if (status == VMS_OK) status = vms__buf_text(json, "],\"head\":");
  if (status == VMS_OK) status = vms_head_write(json, &head);
  if (status == VMS_OK) status = vms__buf_byte(json, '}');
  if (status == VMS_ERR_NOMEM) return out_of_memory(error);
  return status;
}

#define ANSWER_MAX (UINT64_C(16) << 20) /* bytes that a file call of a client answers at most, */
#define WORK_MAX UINT64_C(100000)       /* and entries that it looks at, if the client says nothing */

int vms__file_read(vms_archive *archive, vms__origin *origin, const vms_file_request *request, uint64_t newest, vms_file_reply *reply, vms_error *error) {
  vms_file_request read = *request;
  if (read.answer_max == 0) read.answer_max = ANSWER_MAX;
  if (read.work_max == 0) read.work_max = WORK_MAX;
  if (read.version == 0 || read.version > newest) read.version = newest;
  return vms__origin_call(origin, archive, &read, reply, error);
}

static int check_files(const vms_service *service, vms_error *error) {
  if (service->archive != NULL) return VMS_OK;
  return vms__fail(error, VMS_ERR_IO, 0, service->mirror ? "the files of this copy cannot be read"
                   : "the archive could not be opened again after a failure: restart the host");
}

int vms_service_file(vms_service *service, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  int status = check_files(service, error);
  if (status != VMS_OK) return status;
  vms__origin_set(&service->machine.origin, service->cores[VMS_CORE_LEDGER], NULL, service->durable);
  return vms__file_read(service->archive, &service->machine.origin, request, service->durable_files, reply, error);
}

int vms_service_file_prove(vms_service *service, const vms_file_request *request, vms_file_reply *reply, vms_buffer *proof, vms_error *error) {
  vms__file_source source = { service->env, service->cores, service->archive, &service->machine.origin };
  int status = check_files(service, error);
  return status == VMS_OK ? vms__file_prove(&source, request, reply, proof, error) : status;
}

/* --- records, receipts and proofs ------------------------------------------------------------------------ */

/* The head that everything is shown under, and record seq's text under it; seq UINT64_MAX: no record. The text may lie in service->record. */
static int published_record(vms_service *service, uint64_t seq, vms_head *head, vms_slice *text, vms_error *error) {
  vms_core *ledger = service->cores[VMS_CORE_LEDGER];
  int status = vms_core_head(ledger, head, error);
  if (status != VMS_OK || seq == UINT64_MAX) return status;
  if (seq >= head->length)
    return vms__fail(error, VMS_ERR_NOT_FOUND, seq, "there is no record %llu: %llu are published", (unsigned long long)seq, (unsigned long long)head->length);
  if (vms__recent_find(&service->recent, seq, text)) return VMS_OK;
  vms__buf_clear(&service->record);
  status = vms_core_read(ledger, seq, &service->record, error);
  *text = vms__buf_view(&service->record);
  return status;
}

int vms_service_record(vms_service *service, uint64_t seq, vms_buffer *text, vms_error *error) {
  vms_head head;
  vms_slice record = { NULL, 0 };
  assert(service != NULL && text != NULL);
  if (seq == UINT64_MAX) seq--; /* a number like any other here */
  int status = published_record(service, seq, &head, &record, error);
  if (status == VMS_OK && vms__buf_slice(text, record) != VMS_OK) status = out_of_memory(error);
  return status;
}

int vms_service_receipt(vms_service *service, uint64_t seq, vms_buffer *json, vms_error *error) {
  vms_head head;
  vms_slice record = { NULL, 0 };
  assert(service != NULL && json != NULL);
  if (seq == UINT64_MAX) seq--;
  int status = published_record(service, seq, &head, &record, error);
  return status == VMS_OK ? vms__receipt_write(json, service->cores[VMS_CORE_LEDGER], &head, seq, record, error) : status;
}

int vms_service_proof(vms_service *service, uint64_t seq, uint64_t from, uint64_t length, vms_buffer *json, vms_error *error) {
  vms__proof_request request = { seq, from, length, { NULL, 0 } };
  vms_head head;
  assert(service != NULL && json != NULL);
  int status = published_record(service, seq, &head, &request.text, error);
  if (status != VMS_OK) return status;
  if (length == 0) request.length = head.length;
  if (request.length > head.length || from > request.length || (seq != UINT64_MAX && seq >= request.length))
    return vms__fail(error, VMS_ERR_NOT_FOUND, head.length, "%llu records are published: from and length may be at most that, and seq below length",
                     (unsigned long long)head.length);
  return vms__proof_write(json, service->cores[VMS_CORE_LEDGER], &head, &request, error);
}
