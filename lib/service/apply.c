/* SPDX-License-Identifier: MIT */
/* What a start and a call do. The host and the auditor run exactly this; it reads neither clock nor entropy:
 * everything that can influence an outcome stands in the record. */
#include "internal.h"

#include <stdio.h>

void vms__machine_init(vms__machine *machine, const vms_env *env) {
  memset(machine, 0, sizeof *machine);
  machine->env = env;
  vms_buffer_init(&machine->top_name, env);
  vms_buffer_init(&machine->top_message, env);
  vms_buffer_init(&machine->request, env);
  vms__origin_init(&machine->origin, env);
}

void vms__machine_deinit(vms__machine *machine) {
  vms_sandbox_free(machine->sandbox);
  vms__callers_free(machine->callers);
  vms__crypto_wipe(machine->vrf_seed, sizeof machine->vrf_seed);
  vms_buffer_free(&machine->top_name);
  vms_buffer_free(&machine->top_message);
  vms_buffer_free(&machine->request);
  vms__origin_deinit(&machine->origin);
  machine->sandbox = NULL;
  machine->callers = NULL;
}

void vms__outcome_clear(vms_outcome *outcome) {
  outcome->kind = VMS_OUTCOME_RESULT;
  outcome->code = 0;
  outcome->seq = 0;
  vms__buf_clear(&outcome->result);
  vms__buf_clear(&outcome->name);
  vms__buf_clear(&outcome->message);
  vms__buf_clear(&outcome->data);
}

vms_slice vms__slice_cut(vms_slice text, size_t max) {
  if (text.len <= max) return text;
  while (max > 0 && ((uint8_t)text.data[max] & 0xc0) == 0x80) max--;
  return (vms_slice){ text.data, max };
}

bool vms__refuse(vms_outcome *outcome, int code, const char *format, ...) {
  char text[256];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  vms__outcome_clear(outcome);
  outcome->kind = VMS_OUTCOME_REFUSED;
  outcome->code = code;
  (void)vms__buf_text(&outcome->message, text); /* without memory the code alone has to do */
  return false;
}

uint32_t vms__machine_due(const vms__machine *machine) {
  if (!machine->started) return VMS__START_BOOT;
  if (machine->aborted) return VMS__START_ABORTED;
  if (machine->epoch_calls >= machine->genesis->epoch) return VMS__START_ROTATED;
  return VMS__START_COUNT;
}

bool vms__machine_needs_start(const vms__machine *machine) {
  return machine->sandbox == NULL || vms__machine_due(machine) != VMS__START_COUNT;
}

static int files_door(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  vms__machine *machine = context;
  vms_file_request bounded = *request;
  bounded.answer_max = machine->genesis->limits.memory; /* more than that the script could not hold */
  vms__origin_set(&machine->origin, machine->ledger, NULL, machine->length);
  return vms__origin_call(&machine->origin, machine->archive, &bounded, reply, error);
}

/* u64le(seq) || request: the caller does not know the one when it signs the other, and the host can choose neither. */
static void vrf_input(uint8_t number[8], uint64_t seq, const vms__record *record, vms_slice alpha[2]) {
  for (unsigned i = 0; i < 8; i++) number[i] = (uint8_t)(seq >> 8 * i);
  alpha[0] = (vms_slice){ (const char *)number, 8 };
  alpha[1] = record->request;
}

bool vms__record_vrf_verify(const vms__genesis *genesis, const vms__record *record, uint64_t seq, uint8_t hash[VMS__VRF_HASH_LEN]) {
  uint8_t number[8];
  vms_slice alpha[2];
  assert(record->has_vrf);
  vrf_input(number, seq, record, alpha);
  return vms__vrf_verify(genesis->vrf, alpha, record->vrf, hash);
}

static int seed_door(void *context, uint8_t seed[32], vms_error *error) {
  vms__machine *machine = context;
  vms__record *record = machine->running;
  uint8_t number[8], hash[VMS__VRF_HASH_LEN];
  vms_slice alpha[2];
  assert(record != NULL);
  machine->drew = true;
  if (machine->has_vrf_seed) {
    vrf_input(number, machine->length, record, alpha);
    record->has_vrf = vms__vrf_prove(machine->vrf_seed, alpha, record->vrf);
  }
  if (!record->has_vrf || !vms__vrf_hash(record->vrf, hash))
    return vms__fail(error, VMS_ERR_MISSING, machine->length, "there is no proof of the randomness that the call draws");
  memcpy(seed, hash, 32);
  return VMS_OK;
}

static void console_door(void *context, const char *level, vms_slice text) {
  vms__machine *machine = context;
  if (machine->console != NULL) machine->console(machine->console_context, level, text);
}

/* The sandbox writes straight into the caller's buffers. */
static void outcome_lend(vms_outcome *outcome, vms_sandbox_outcome *ran) {
  memset(ran, 0, sizeof *ran);
  ran->result = outcome->result;
  ran->name = outcome->name;
  ran->message = outcome->message;
}

static void outcome_take(vms_outcome *outcome, const vms_sandbox_outcome *ran) {
  static const int codes[] = { 0, VMS_CODE_CONTRACT, VMS_CODE_ABORTED };
  static_assert(VMS_SANDBOX_ERROR == (int)VMS_OUTCOME_ERROR && VMS_SANDBOX_ABORTED == (int)VMS_OUTCOME_ABORTED, "same numbers");
  assert(ran->kind <= VMS_SANDBOX_ABORTED);
  outcome->kind = ran->kind;
  outcome->code = codes[ran->kind];
  outcome->result = ran->result;
  outcome->name = ran->name;
  outcome->message = ran->message;
}

/* What the record says about how it went; its texts stay in the outcome. */
static void record_outcome(vms__record *record, const vms_outcome *outcome, uint64_t steps) {
  record->outcome = outcome->kind;
  record->result = outcome->kind == VMS_OUTCOME_RESULT ? vms__buf_view(&outcome->result) : (vms_slice){ NULL, 0 };
  record->name = vms__buf_view(&outcome->name);
  record->message = vms__buf_view(&outcome->message);
  record->steps = steps;
}

void vms__machine_stop(vms__machine *machine) {
  vms_sandbox_free(machine->sandbox);
  machine->sandbox = NULL;
  machine->top_failed = false;
}

int vms__apply_start(vms__machine *machine, vms__record *record, vms_outcome *outcome, vms_error *error) {
  const vms_limits *limits = &machine->genesis->limits;
  vms_sandbox_options options = VMS_SANDBOX_OPTIONS_INIT;
  vms_sandbox_host host = VMS_SANDBOX_HOST_INIT;
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome ran;
  int status;
  assert(record->type == VMS__RECORD_START && record->time_ms >= machine->time_ms);
  vms__machine_stop(machine);
  vms__outcome_clear(outcome);
  options.env = machine->env;
  host.context = machine;
  host.files = files_door;
  host.console = console_door;
  host.seed = seed_door;
  options.memory_max = limits->memory;
  call.time_ms = record->time_ms;
  call.steps_max = limits->steps;
  call.result_max = limits->result;
  status = vms_sandbox_new(&machine->sandbox, &options, &host, error);
  if (status != VMS_OK) return status;
  outcome_lend(outcome, &ran);
  status = vms_sandbox_start(machine->sandbox, machine->genesis->code, &call, &ran, error);
  outcome_take(outcome, &ran);
  if (status != VMS_OK) {
    vms__machine_stop(machine);
    return status;
  }
  vms__buf_clear(&outcome->result); /* a top level has no result */
  record_outcome(record, outcome, ran.steps);
  vms_archive_state_get(machine->archive, &record->files);
  machine->top_failed = outcome->kind != VMS_OUTCOME_RESULT;
  machine->top_outcome = outcome->kind;
  vms__buf_clear(&machine->top_name);
  vms__buf_clear(&machine->top_message);
  if (machine->top_failed && (vms__buf_slice(&machine->top_name, record->name) != VMS_OK ||
                              vms__buf_slice(&machine->top_message, record->message) != VMS_OK)) {
    vms__machine_stop(machine);
    return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for the outcome of a start");
  }
  return VMS_OK;
}

static bool admit_unsigned(vms__machine *machine, const vms__record *record, vms__admission *admission, vms_outcome *outcome) {
  bool first = machine->init_due && record->caller_kind == VMS__CALLER_NONE;
  if (record->has_signature) return vms__refuse(outcome, VMS_CODE_SIGNATURE, "a signature without a caller's key");
  if (!vms__unsigned_read(record->request, &admission->request.method, &admission->request.params))
    return vms__refuse(outcome, VMS_CODE_SIGNATURE, "not a request: {\"method\",\"params\"} without white space");
  if (first && vms__slice_is(admission->request.method, "init") && vms__slice_is(admission->request.params, "[]")) return true;
  if (record->caller_kind == VMS__CALLER_NONE ? machine->genesis->anonymous : machine->genesis->debug) return true;
  return vms__refuse(outcome, VMS_CODE_NOT_ALLOWED, "this service takes %s: use vms.call, as vms-call does",
                     record->caller_kind == VMS__CALLER_NONE && machine->genesis->debug ? "no calls without a signature or a debug user's name"
                     : machine->genesis->anonymous ? "no debug users: call it without a name, or sign" : "signed calls only");
}

static bool refuse_nonce(vms_outcome *outcome, uint64_t nonce, uint64_t last, const char *executed, const char *why) {
  char data[96];
  vms__refuse(outcome, VMS_CODE_NONCE, "nonce %llu %s", (unsigned long long)nonce, why);
  snprintf(data, sizeof data, "\"last\":%llu,\"executed\":%s", (unsigned long long)last, executed);
  (void)vms__buf_text(&outcome->data, data);
  return false;
}

/* Whether record seq holds this very text. It has to be a call of this caller with this nonce: the index may be wrong, the ledger is not. */
static int same_text(vms__machine *machine, uint64_t seq, const vms__record *wanted, uint64_t nonce, bool *same, vms_error *error) {
  vms_buffer block, scratch;
  vms__record record;
  vms_request request;
  vms_buffer_init(&block, machine->env);
  vms_buffer_init(&scratch, machine->env);
  int status = vms_core_read(machine->ledger, seq, &block, error);
  if (status == VMS_OK) status = vms__record_scan(vms__buf_view(&block), &scratch, &record, error);
  if (status == VMS_ERR_FORM || (status == VMS_OK && (record.type != VMS__RECORD_CALL || record.caller_kind != VMS__CALLER_KEY || memcmp(record.caller, wanted->caller, VMS_KEY_LEN) != 0 ||
                           vms_request_read(record.request, &request, NULL) != VMS_OK || request.nonce != nonce))) {
    machine->callers_wrong = true;
    status = vms__fail(error, VMS_ERR_CORRUPT, seq, "record %llu is another call than the index of callers has it", (unsigned long long)seq);
  }
  *same = status == VMS_OK && vms__slice_equal(record.request, wanted->request);
  vms_buffer_free(&block);
  vms_buffer_free(&scratch);
  return status;
}

static bool admit_nonce(vms__machine *machine, const vms__record *record, vms__admission *admission, vms_outcome *outcome) {
  uint64_t nonce = admission->request.nonce, last = vms__callers_last(machine->callers, record->caller);
  if (nonce <= last) {
    int found = vms__callers_find(machine->callers, record->caller, nonce, &admission->seq);
    vms_error error;
    if (found == VMS__NONCE_USED) {
      if (same_text(machine, admission->seq, record, nonce, &admission->duplicate, &error) != VMS_OK)
        return vms__refuse(outcome, VMS_CODE_STORAGE, "cannot look up the earlier call: %s", error.message);
      if (admission->duplicate) return true;
    }
    return refuse_nonce(outcome, nonce, last, found == VMS__NONCE_USED ? "true" : found == VMS__NONCE_UNUSED ? "false" : "null",
                        found == VMS__NONCE_USED ? "was used for another request: sign again with a larger one"
                                                 : "is not above the last one: sign again with a larger one");
  }
  if (nonce / 1000 > record->time_ms && nonce - record->time_ms * 1000 > VMS__NONCE_AHEAD_US)
    return refuse_nonce(outcome, nonce, last, "false", "is more than 24 hours ahead: is this machine's clock right?");
  return true;
}

/* The newest signed head, for who was refused; without one, or without memory, nothing. */
static void show_head(const vms__machine *machine, vms_buffer *data) {
  vms_head head;
  if (vms_core_head(machine->ledger, &head, NULL) != VMS_OK) return;
  int status = vms__buf_text(data, "\"head\":");
  if (status == VMS_OK) status = vms_head_write(data, &head);
  if (status != VMS_OK) vms__buf_clear(data);
}

static bool admit_seen(vms__machine *machine, uint64_t number, const vms_request *request, vms_outcome *outcome) {
  uint8_t hash[VMS_HASH_LEN];
  if (request->seen_length >= 1 && request->seen_length <= number && request->seen_length <= vms_core_length(machine->ledger)) {
    vms_core_tree_hash(machine->ledger, request->seen_length, hash);
    if (memcmp(hash, request->seen_hash, VMS_HASH_LEN) == 0) return true;
  }
  vms__refuse(outcome, VMS_CODE_SEEN, "the head that the caller saw (length %llu) is not part of this ledger's history: compare it with the head "
              "in this answer, and if both are signed keep both as evidence", (unsigned long long)request->seen_length);
  show_head(machine, &outcome->data);
  return false;
}

/* What can be told of a signed request alone. */
static bool admit_form(const vms__machine *machine, vms_slice text, vms_request *request, vms_outcome *outcome) {
  if (vms_request_read(text, request, NULL) != VMS_OK)
    return vms__refuse(outcome, VMS_CODE_SIGNATURE, "the request is not of the form that must be signed: {\"ledger\",\"nonce\",\"until\",\"seen\","
                       "\"method\",\"params\"} in this order, without white space");
  if (memcmp(request->ledger, machine->ledger_key, VMS_KEY_LEN) == 0) return true;
  return vms__refuse(outcome, VMS_CODE_SIGNATURE, "the request was signed for another ledger: sign it with the key that vms.info tells");
}

static bool admit_until(uint64_t time_ms, const vms_request *request, vms_outcome *outcome) {
  if (time_ms <= request->until_ms) return true;
  return vms__refuse(outcome, VMS_CODE_EXPIRED, "the request was good until %llu and it is %llu: sign it again",
                     (unsigned long long)request->until_ms, (unsigned long long)time_ms);
}

static bool admit_len(const vms__machine *machine, vms_slice text, vms_outcome *outcome) {
  if (text.len <= machine->genesis->limits.request) return true;
  return vms__refuse(outcome, VMS_CODE_INVALID_REQUEST, "a request of %zu bytes, the limit is %llu: send it in parts", text.len,
                     (unsigned long long)machine->genesis->limits.request);
}

bool vms__screen(const vms__machine *machine, vms_slice text, const uint8_t caller[VMS_KEY_LEN], uint64_t time_ms, bool *fresh,
                 vms_outcome *outcome) {
  vms_request request;
  *fresh = false;
  if (!admit_len(machine, text, outcome) || !admit_form(machine, text, &request, outcome)) return false;
  *fresh = request.nonce > vms__callers_last(machine->callers, caller);
  return !*fresh || admit_until(time_ms, &request, outcome); /* what stands in the ledger is answered for ever */
}

static bool admit_signed(vms__machine *machine, const vms__record *record, uint64_t number, vms__admission *admission,
                         vms_outcome *outcome, const char **finding) {
  vms_request *request = &admission->request;
  bool valid;
  if (!record->has_signature) return vms__refuse(outcome, VMS_CODE_SIGNATURE, "the signature is missing");
  if (!admit_form(machine, record->request, request, outcome)) return false;
  valid = record->signature_fits;
  if (!valid && vms__request_check(&machine->request, record->request, record->caller, record->signature, &valid) != VMS_OK)
    return vms__refuse(outcome, VMS_CODE_STORAGE, "out of memory for a request");
  if (!valid)
    return vms__refuse(outcome, VMS_CODE_SIGNATURE, "the signature does not fit the caller's key and the request: sign \"vms-call-1\", a line feed and "
                       "the text, and send the text as it was signed");
  if (!admit_nonce(machine, record, admission, outcome)) return false;
  if (admission->duplicate) return true;
  if (!admit_until(record->time_ms, request, outcome)) return false;
  *finding = "fork";
  return admit_seen(machine, number, request, outcome);
}

bool vms__admit(vms__machine *machine, const vms__record *record, uint64_t number, vms__admission *admission,
                vms_outcome *outcome, const char **finding) {
  assert(record->type == VMS__RECORD_CALL);
  memset(admission, 0, sizeof *admission);
  *finding = "caller";
  if (!admit_len(machine, record->request, outcome)) return false;
  if (record->caller_kind == VMS__CALLER_KEY) return admit_signed(machine, record, number, admission, outcome, finding);
  return admit_unsigned(machine, record, admission, outcome);
}

bool vms__method_reserved(const vms__machine *machine, vms_slice method) {
  return (vms__slice_is(method, "init") && !machine->init_due) || vms__slice_is(method, "handshake") ||
         memchr(method.data, '.', method.len) != NULL;
}

bool vms__admit_method(vms__machine *machine, const vms__admission *admission, vms_outcome *outcome) {
  vms_slice method = admission->request.method, shown = vms__slice_cut(method, 128);
  assert(machine->sandbox != NULL);
  if (machine->top_failed) {
    vms__refuse(outcome, machine->top_outcome == VMS_OUTCOME_ABORTED ? VMS_CODE_ABORTED : VMS_CODE_CONTRACT, "%s", "");
    (void)vms__buf_slice(&outcome->name, vms__buf_view(&machine->top_name));
    (void)vms__buf_slice(&outcome->message, vms__buf_view(&machine->top_message));
    return false;
  }
  if (vms__method_reserved(machine, method) || !vms_sandbox_exports(machine->sandbox, method))
    return vms__refuse(outcome, VMS_CODE_NO_METHOD, "no method \"%.*s\": vms.info lists the methods there are", (int)shown.len, shown.data);
  return true;
}

static vms_slice caller_text(const vms__record *record, vms_buffer *hex) {
  if (record->caller_kind == VMS__CALLER_NONE) return (vms_slice){ NULL, 0 };
  if (record->caller_kind == VMS__CALLER_DEBUG) return record->caller_name;
  return vms__buf_hex(hex, record->caller, VMS_KEY_LEN) == VMS_OK ? vms__buf_view(hex) : (vms_slice){ NULL, 0 };
}

int vms__apply_call(vms__machine *machine, vms__record *record, const vms__admission *admission, vms_outcome *outcome,
                    vms_error *error) {
  const vms_limits *limits = &machine->genesis->limits;
  vms_sandbox_call call = VMS_SANDBOX_CALL_INIT;
  vms_sandbox_outcome ran;
  int status;
  assert(record->type == VMS__RECORD_CALL && machine->sandbox != NULL && !machine->top_failed);
  assert(!admission->duplicate && record->time_ms >= machine->time_ms);
  vms__outcome_clear(outcome);
  vms__buf_clear(&machine->request);
  call.time_ms = record->time_ms;
  call.steps_max = limits->steps;
  call.result_max = limits->result;
  call.caller = caller_text(record, &machine->request);
  call.method = admission->request.method;
  call.params = admission->request.params;
  if (record->caller_kind == VMS__CALLER_KEY && call.caller.data == NULL)
    return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for a call");
  machine->drew = false;
  machine->running = record;
  vms_archive_begin(machine->archive, record->time_ms);
  outcome_lend(outcome, &ran);
  status = vms_sandbox_call_method(machine->sandbox, &call, &ran, error);
  outcome_take(outcome, &ran);
  machine->running = NULL;
  if (status == VMS_OK && ran.kind == VMS_SANDBOX_RESULT) status = vms_archive_commit(machine->archive, error);
  else vms_archive_abort(machine->archive); /* a call is atomic in its files */
  if (status != VMS_OK) {
    vms__machine_stop(machine); /* its memory may have gone on: the next call finds a fresh VM */
    return status;
  }
  record_outcome(record, outcome, ran.steps);
  vms_archive_state_get(machine->archive, &record->files);
  return VMS_OK;
}

void vms__machine_note(vms__machine *machine, const vms__record *record, uint64_t nonce) {
  if (record->type == VMS__RECORD_START) {
    machine->started = true;
    machine->aborted = false;
    machine->epoch_calls = 0;
  } else {
    machine->epoch_calls++;
    machine->init_due = false;
    machine->aborted = record->outcome == VMS_OUTCOME_ABORTED;
    if (machine->aborted) vms__machine_stop(machine);
    if (record->caller_kind == VMS__CALLER_KEY) vms__callers_note(machine->callers, record->caller, nonce, machine->length);
  }
  machine->time_ms = record->time_ms;
  machine->length++;
}
