/* SPDX-License-Identifier: MIT */
/* Question: can whoever sends a proved answer crash its reader, or make it believe what no signed head says?
 *
 * The first byte says which question is asked and how the rest is meant:
 *   TEXT   the proof itself.
 *   EDITS  changes to a true proof, made of the messages of four signed states of a service: a new and an old one, a twin's with the same keys
 *          and another history, another service's. What is believed in the end must be what one of the states says, each known by its tree hash.
 *   LIAR   the blocks of a host that signs whatever it likes: ledger, archive and blobs, each behind two bytes of length. */
#include <stdlib.h>

#include "lib/service/internal.h"
#include "test/support/proofs.h"

enum { TEXT, EDITS, LIAR, MODES };
enum { STATES = 4, MESSAGES = 96 };

static const char *const questions[][2] = {
  { "readFile", "[\"/a\"]" }, { "readFile", "[\"/none\"]" }, { "readdir", "[\"/\",{\"recursive\":true,\"stat\":true}]" }, { "stat", "[\"/d/b\"]" },
  { "readFile", "[\"/big\",{\"offset\":70000,\"length\":9}]" }, { "history", "[]" }, { "history", "[\"/a\",{\"reverse\":true,\"limit\":2}]" }, { "readdir", "[\"/d\"]" },
};
#define QUESTIONS (sizeof questions / sizeof questions[0])

static const char *const names[VMS_CORE_COUNT] = { "ledger", "archive", "blobs" };

typedef struct parts {
  vms_buffer messages[VMS_CORE_COUNT][MESSAGES];
  size_t counts[VMS_CORE_COUNT];
} parts;

typedef struct state { /* of a service */
  uint8_t tree_hash[VMS_HASH_LEN];
  parts proofs[QUESTIONS];
  vms_file_reply replies[QUESTIONS];
} state;

static state states[STATES];
static uint8_t key[VMS_KEY_LEN];

static void check(bool holds) {
  if (!holds) abort();
}

/* --- messages ------------------------------------------------------------------------------------------------- */

static void insert(parts *p, unsigned core, size_t at, vms_slice bytes) {
  if (p->counts[core] == MESSAGES) return;
  memmove(&p->messages[core][at + 1], &p->messages[core][at], (p->counts[core] - at) * sizeof(vms_buffer));
  memset(&p->messages[core][at], 0, sizeof(vms_buffer));
  check(vms_buffer_append(&p->messages[core][at], bytes.data == NULL ? "" : bytes.data, bytes.len) == VMS_OK);
  p->counts[core]++;
}

static void drop(parts *p, unsigned core, size_t at) {
  vms_buffer_free(&p->messages[core][at]);
  p->counts[core]--;
  memmove(&p->messages[core][at], &p->messages[core][at + 1], (p->counts[core] - at) * sizeof(vms_buffer));
}

static void core_copy(parts *to, const parts *from, unsigned core) {
  while (to->counts[core] > 0) drop(to, core, to->counts[core] - 1);
  for (size_t i = 0; i < from->counts[core]; i++) insert(to, core, i, vms__buf_view(&from->messages[core][i]));
}

static void parts_read(parts *p, vms_slice proof) {
  for (unsigned core = 0; core < VMS_CORE_COUNT; core++) {
    const char *iterator = NULL;
    vms_slice list, name, each;
    vms_buffer message = VMS_BUFFER_INIT;
    check(vms__json_member(proof, names[core], &list));
    while (vms__json_next(list, &iterator, &name, &each)) {
      vms__buf_clear(&message);
      check(vms__base64_decode((vms_slice){ each.data + 1, each.len - 2 }, &message) == VMS_OK);
      insert(p, core, p->counts[core], vms__buf_view(&message));
    }
    vms_buffer_free(&message);
  }
}

static void parts_write(const parts *p, vms_buffer *proof) {
  int status = VMS_OK;
  for (unsigned core = 0; core < VMS_CORE_COUNT; core++) {
    if (p->counts[core] == 0 && core == VMS_CORE_BLOBS) continue;
    status |= vms__buf_format(proof, "%s\"%s\":[", core == 0 ? "{" : ",", names[core]);
    for (size_t i = 0; i < p->counts[core]; i++) {
      status |= vms__buf_text(proof, i == 0 ? "\"" : ",\"");
      status |= vms__buf_base64(proof, p->messages[core][i].data, p->messages[core][i].len);
      status |= vms__buf_byte(proof, '"');
    }
    status |= vms__buf_byte(proof, ']');
  }
  check((status | vms__buf_byte(proof, '}')) == VMS_OK);
}

/* --- services to lie about ---------------------------------------------------------------------------------------- */

static uint64_t now(void *context) {
  (void)context;
  return UINT64_C(1700000000000);
}

static void call(vms_service *service, const char *method, const char *params) {
  vms_outcome outcome;
  vms_outcome_init(&outcome, NULL);
  check(vms_service_call_unsigned(service, (vms_slice){ NULL, 0 }, vms__slice_of(method), vms__slice_of(params), &outcome) == VMS_OK);
  check(outcome.kind == VMS_OUTCOME_RESULT);
  vms_outcome_free(&outcome);
}

static vms_file_request request_of(size_t q) {
  return (vms_file_request){ .method = vms__slice_of(questions[q][0]), .params = vms__slice_of(questions[q][1]) };
}

static void state_take(state *s, vms_service *service) {
  vms_head head;
  check(vms_service_commit(service, VMS_COMMIT_SIGN, NULL) == VMS_OK);
  check(vms_core_head(vms_service_core(service, VMS_CORE_LEDGER), &head, NULL) == VMS_OK);
  memcpy(s->tree_hash, head.tree_hash, sizeof s->tree_hash);
  for (size_t q = 0; q < QUESTIONS; q++) {
    vms_file_request request = request_of(q);
    vms_buffer proof = VMS_BUFFER_INIT;
    check(vms_service_file_prove(service, &request, &s->replies[q], &proof, NULL) == VMS_OK && proof.len > 0);
    parts_read(&s->proofs[q], vms__buf_view(&proof));
    vms_buffer_free(&proof);
  }
}

/* A service with a secret and a history; states[0] and states[1] are one service's at two times. */
static void service_run(uint8_t secret, const char *content, state *older, state *newer) {
  static const char code[] = "const f = System.files\n"
                             "exports.put = (path, data) => f.writeFile(path, data)\n"
                             "exports.mkdir = path => f.mkdir(path)\n"
                             "exports.big = n => f.writeFile('/big', 'x'.repeat(n))\n";
  static vms_env env = { sizeof env, 0, NULL, NULL, now, NULL };
  uint8_t seed[VMS_SEED_LEN];
  vms_service_options options = VMS_SERVICE_OPTIONS_INIT;
  vms_storage storage;
  vms_service *service;
  options.flags = VMS_SERVICE_ANONYMOUS;
  options.env = &env;
  memset(seed, secret, sizeof seed);
  check(vms_memory_open(&storage, NULL, NULL) == VMS_OK);
  check(vms_service_deploy(&service, &storage, seed, vms__slice_of(code), &options, NULL, NULL) == VMS_OK);
  call(service, "put", "[\"/a\",\"first\"]");
  call(service, "mkdir", "[\"/d\"]");
  call(service, "put", "[\"/d/b\",\"\"]");
  call(service, "big", "[140000]");
  if (older != NULL) state_take(older, service);
  call(service, "put", content);
  state_take(newer, service);
  if (secret == 1) vms_service_key(service, VMS_CORE_LEDGER, key);
  vms_service_close(service);
  vms_memory_close(&storage);
}

static void states_make(void) {
  service_run(1, "[\"/a\",\"second\"]", &states[1], &states[0]);
  service_run(1, "[\"/a\",\"twins'\"]", NULL, &states[2]);
  service_run(2, "[\"/a\",\"second\"]", NULL, &states[3]);
}

/* --- what is believed --------------------------------------------------------------------------------------------- */

static bool same_reply(const vms_file_reply *a, const vms_file_reply *b) {
  return a->kind == b->kind && strcmp(a->error_name, b->error_name) == 0 && vms__slice_equal(vms__buf_view(&a->body), vms__buf_view(&b->body));
}

static void judge(size_t q, vms_slice proof) {
  vms_file_request request = request_of(q);
  vms_file_reply reply = { .kind = 0 };
  vms_file_proven proven;
  if (vms_file_verify(key, &request, proof, NULL, &reply, &proven, NULL) == VMS_OK) {
    size_t i = 0;
    while (i < STATES && memcmp(states[i].tree_hash, proven.tree_hash, VMS_HASH_LEN) != 0) i++;
    check(i < 3 && same_reply(&reply, &states[i].replies[q]));
  }
  vms_buffer_free(&reply.body);
}

typedef struct input { const uint8_t *at; size_t left; } input;

static unsigned take(input *in) {
  if (in->left == 0) return 0;
  in->left--;
  return *in->at++;
}

static vms_slice take_block(input *in) {
  size_t len = take(in);
  len |= (size_t)take(in) << 8;
  len = VMS__MIN(len, in->left);
  in->at += len;
  in->left -= len;
  return (vms_slice){ (const char *)in->at - len, len };
}

static void edit(parts *p, input *in) {
  unsigned how = take(in), core = take(in) % VMS_CORE_COUNT, at = take(in);
  const parts *other = &states[how / 16 % STATES].proofs[take(in) % QUESTIONS];
  size_t count = p->counts[core], i = count == 0 ? 0 : at % count;
  vms_buffer swap;
  vms_slice bytes;
  if (how % 8 == 7) core_copy(p, other, core);
  if (how % 8 == 6 && other->counts[core] > 0) insert(p, core, i, vms__buf_view(&other->messages[core][take(in) % other->counts[core]]));
  if (how % 8 == 5) insert(p, core, i, take_block(in));
  if (count == 0) return;
  switch (how % 8) {
    case 0: drop(p, core, i); break;
    case 1: insert(p, take(in) % VMS_CORE_COUNT, 0, vms__buf_view(&p->messages[core][i])); break;
    case 2:
      swap = p->messages[core][i];
      p->messages[core][i] = p->messages[core][count - 1];
      p->messages[core][count - 1] = swap;
      break;
    case 3:
      at = take(in);
      p->messages[core][i].len -= VMS__MIN(p->messages[core][i].len, at);
      break;
    case 4:
      bytes = take_block(in);
      at = take(in) * 251;
      for (size_t k = 0; k < bytes.len && p->messages[core][i].len > 0; k++) p->messages[core][i].data[(at + k) % p->messages[core][i].len] ^= bytes.data[k];
  }
}

static void edits(size_t q, input *in) {
  static parts p;
  vms_buffer proof = VMS_BUFFER_INIT;
  for (unsigned core = 0; core < VMS_CORE_COUNT; core++) core_copy(&p, &states[0].proofs[q], core);
  while (in->left > 0) edit(&p, in);
  parts_write(&p, &proof);
  judge(q, vms__buf_view(&proof));
  vms_buffer_free(&proof);
}

/* --- a host that signs anything ------------------------------------------------------------------------------------- */

static void table_prove(const table_core *table, parts *p, unsigned core) {
  vms_buffer message = VMS_BUFFER_INIT;
  vms_proof_request request = { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST, .upgrade_length = table->length };
  check(vms__proof_make(&table->source, &request, &message, NULL) == VMS_OK);
  insert(p, core, 0, vms__buf_view(&message));
  for (uint64_t seq = 0; seq < table->length; seq++) {
    request = (vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_index = seq };
    while (((seq >> (request.block_nodes + 1)) + 1) << (request.block_nodes + 1) <= table->length) request.block_nodes++;
    vms__buf_clear(&message);
    check(vms__proof_make(&table->source, &request, &message, NULL) == VMS_OK);
    insert(p, core, p->counts[core], vms__buf_view(&message));
  }
  vms_buffer_free(&message);
}

static void record_append(table_core *ledger, vms__record *record) {
  vms_buffer text = VMS_BUFFER_INIT;
  check(vms__record_write(&text, record) == VMS_OK);
  table_append(ledger, text.data, text.len);
  vms_buffer_free(&text);
}

static void genesis_append(table_core *ledger, const table_core *archive) {
  vms__genesis genesis = { .engine = VMS__TEXT(VMS_ENGINE), .limits = { 1, 1, 1, 1, 1, 1 }, .epoch = 1 };
  vms_buffer text = VMS_BUFFER_INIT;
  memcpy(genesis.archive, archive->key, VMS_KEY_LEN);
  check(vms__genesis_write(&text, &genesis) == VMS_OK);
  table_append(ledger, text.data, text.len);
  vms_buffer_free(&text);
}

/* The last record agrees with the heads, so that the files are looked at. */
static void last_append(table_core *ledger, const table_core *archive, const table_core *blobs) {
  vms__record record = { .type = VMS__RECORD_CALL, .request = VMS__TEXT("{\"method\":\"m\",\"params\":[]}") };
  uint8_t bytes[2 * (8 + VMS_HASH_LEN)];
  record.files.version = archive->length;
  record.files.blobs = blobs->length;
  vms__put_u64(bytes, archive->length);
  table_tree_hash(archive, bytes + 8);
  vms__put_u64(bytes + 8 + VMS_HASH_LEN, blobs->length);
  table_tree_hash(blobs, bytes + 16 + VMS_HASH_LEN);
  vms__crypto_hash(bytes, sizeof bytes, record.files.hash);
  record_append(ledger, &record);
}

/* A byte before each block says whose it is. For the ledger also a record with any version. */
static void blocks_take(table_core tables[VMS_CORE_COUNT], input *in) {
  for (unsigned i = 0; i < 60 && in->left > 0; i++) {
    unsigned to = take(in);
    vms__record record = { .type = VMS__RECORD_CALL, .request = VMS__TEXT("{\"method\":\"x\",\"params\":[]}") };
    vms_slice block = take_block(in);
    if (to % 4 == 3) {
      record.files.version = block.len;
      record_append(&tables[VMS_CORE_LEDGER], &record);
    } else table_append(&tables[to % 4], block.data, block.len);
  }
}

static void liar(size_t q, input *in) {
  static parts p;
  table_core tables[VMS_CORE_COUNT];
  uint8_t blobs[VMS_MANIFEST_LEN];
  vms_buffer proof = VMS_BUFFER_INIT;
  vms_file_reply reply = { .kind = 0 };
  vms_file_request request = request_of(q);
  for (unsigned core = 0; core < VMS_CORE_COUNT; core++) {
    table_init(&tables[core], 64);
    table_manifest(&tables[core], TABLE_DEFAULT, 7);
    while (p.counts[core] > 0) drop(&p, core, 0);
  }
  vms_manifest_blobs(tables[VMS_CORE_ARCHIVE].manifest, blobs);
  memcpy(tables[VMS_CORE_BLOBS].manifest, blobs, sizeof blobs);
  vms_manifest_key(blobs, tables[VMS_CORE_BLOBS].key);
  genesis_append(&tables[VMS_CORE_LEDGER], &tables[VMS_CORE_ARCHIVE]);
  blocks_take(tables, in);
  last_append(&tables[VMS_CORE_LEDGER], &tables[VMS_CORE_ARCHIVE], &tables[VMS_CORE_BLOBS]);
  for (unsigned core = 0; core < VMS_CORE_COUNT; core++) {
    if (tables[core].length == 0) continue;
    table_sign(&tables[core]);
    table_prove(&tables[core], &p, core);
  }
  parts_write(&p, &proof);
  (void)vms_file_verify(tables[VMS_CORE_LEDGER].key, &request, vms__buf_view(&proof), NULL, &reply, NULL, NULL);
  for (unsigned core = 0; core < VMS_CORE_COUNT; core++) table_deinit(&tables[core]);
  vms_buffer_free(&reply.body);
  vms_buffer_free(&proof);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static bool made;
  input in;
  if (!made) states_make();
  made = true;
  if (size == 0) return 0;
  in = (input){ data + 1, size - 1 };
  switch (data[0] % MODES) {
    case TEXT: judge(data[0] / MODES % QUESTIONS, (vms_slice){ (const char *)data + 1, size - 1 }); break;
    case EDITS: edits(data[0] / MODES % QUESTIONS, &in); break;
    default: liar(data[0] / MODES % QUESTIONS, &in);
  }
  return 0;
}
