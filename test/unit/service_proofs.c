/* SPDX-License-Identifier: MIT */
/* Goal: an answer that comes with a proof can be believed without believing who sends it. Method: services in memory; every proved
 * answer is that of a plain call; thousands of proofs in which something was changed, exchanged, left out or signed by somebody else are
 * refused, or give the true answer all the same. */
#include "test/support/proofs.h"
#include "test/support/storage.h"
#include "test/support/world.h"

#include "lib/service/internal.h"

#define CONTRACT \
  "const f = System.files\n" \
  "exports.put = (path, data) => f.writeFile(path, data)\n" \
  "exports.mkdir = path => f.mkdir(path)\n" \
  "exports.del = path => f.unlink(path)\n" \
  "exports.big = (path, letter, n) => f.writeFile(path, letter.repeat(n))\n" \
  "exports.fill = async (from, to) => { for (let i = from; i < to; i++) await f.writeFile('/many/' + i + '.txt', 'file ' + i) }\n" \
  "exports.history = (...args) => f.history(...args)\n"

/* --- asking, proving, verifying ------------------------------------------------------------------------------ */

typedef struct question { const char *method, *params; uint64_t version; } question;

typedef struct answer {
  int status;
  vms_file_reply reply;
  vms_file_proven proven;
  vms_error error;
} answer;

static vms_file_request request_of(const question *q) {
  return (vms_file_request){ .method = SLICE(q->method), .params = SLICE(q->params), .version = q->version };
}

static void reply_init(vms_file_reply *reply) {
  memset(reply, 0, sizeof *reply);
  vms_buffer_init(&reply->body, NULL);
}

static void answer_free(answer *a) { vms_buffer_free(&a->reply.body); }

static answer plain(vms_service *service, const question *q) {
  vms_file_request request = request_of(q);
  answer a = { .status = 0 };
  reply_init(&a.reply);
  a.status = vms_service_file(service, &request, &a.reply, &a.error);
  return a;
}

static answer prove(vms_service *service, const question *q, vms_buffer *proof) {
  vms_file_request request = request_of(q);
  answer a = { .status = 0 };
  reply_init(&a.reply);
  a.status = vms_service_file_prove(service, &request, &a.reply, proof, &a.error);
  return a;
}

static answer verify(const uint8_t key[VMS_KEY_LEN], const question *q, vms_slice proof) {
  vms_file_request request = request_of(q);
  answer a = { .status = 0 };
  reply_init(&a.reply);
  a.status = vms_file_verify(key, &request, proof, NULL, &a.reply, &a.proven, &a.error);
  return a;
}

static bool same_answer(const answer *a, const answer *b) {
  return a->status == VMS_OK && b->status == VMS_OK && a->reply.kind == b->reply.kind && strcmp(a->reply.error_name, b->reply.error_name) == 0 &&
         vms__slice_equal(vms__buf_view(&a->reply.body), vms__buf_view(&b->reply.body));
}

/* Proves, verifies, compares with the plain call; gives the answer that a verifier gets. */
static answer check(world *w, const question *q, vms_buffer *proof) {
  uint8_t key[VMS_KEY_LEN];
  answer told = plain(w->service, q), proved, verified;
  vms__buf_clear(proof);
  proved = prove(w->service, q, proof);
  assert_ok(proved.status);
  assert_true(same_answer(&told, &proved));
  vms_service_key(w->service, VMS_CORE_LEDGER, key);
  verified = verify(key, q, vms__buf_view(proof));
  if (verified.status != VMS_OK) fail_msg("%s %s: %s", q->method, q->params, verified.error.message);
  if (!same_answer(&told, &verified)) fail_msg("%s %s: %s, verified %s", q->method, q->params, told.reply.body.data, verified.reply.body.data);
  answer_free(&told);
  answer_free(&proved);
  return verified;
}

/* check(), and the answer is this text (of an error: its name). */
static void expect(world *w, const char *method, const char *params, const char *text) {
  question q = { method, params, 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  answer a = check(w, &q, &proof);
  assert_string_equal(a.reply.kind == VMS_FILE_ERROR ? a.reply.error_name : a.reply.body.data, text);
  answer_free(&a);
  vms_buffer_free(&proof);
}

static void call(world *w, const char *method, const char *params) {
  world_call(w, 1, method, params);
  if (w->outcome.kind != VMS_OUTCOME_RESULT) fail_msg("%s%s: %s", method, params, world_outcome(w));
}

/* A few files, a folder, a large file of three letters' blocks, changes, deletions. */
static void populate(world *w) {
  world_deploy(w, CONTRACT);
  call(w, "put", "[\"/a.txt\",\"first\"]");
  call(w, "put", "[\"/a.txt\",\"second\"]");
  call(w, "mkdir", "[\"/d\"]");
  call(w, "put", "[\"/d/one\",\"1\"]");
  call(w, "put", "[\"/d/two\",\"\"]");
  call(w, "big", "[\"/big\",\"x\",400000]");
  call(w, "put", "[\"/gone\",\"away\"]");
  call(w, "del", "[\"/gone\"]");
  call(w, "mkdir", "[\"/many\"]");
  call(w, "fill", "[0,40]");
  world_commit(w);
}

/* --- what can be proved ---------------------------------------------------------------------------------------- */

static void every_kind_of_answer_is_proved(void **state) {
  world *w = *state;
  populate(w);
  expect(w, "readFile", "[\"/a.txt\"]", "second");
  expect(w, "readFile", "[\"/a.txt\",\"base64\"]", "c2Vjb25k");
  expect(w, "readFile", "[\"/d/two\"]", "");
  expect(w, "readFile", "[\"/none\"]", "NotFoundError");
  expect(w, "readFile", "[\"/gone\"]", "NotFoundError");
  expect(w, "readFile", "[\"/d\"]", "NotAFileError");
  expect(w, "readFile", "[\"/a.txt\",{\"encoding\":\"nonsense\"}]", "InvalidEncodingError");
  expect(w, "readFile", "[7]", "TypeError");
  expect(w, "stat", "[\"/none/deeper\"]", "NotFoundError");
  expect(w, "readdir", "[\"/d\"]", "[\"one\",\"two\"]");
  expect(w, "readdir", "[\"/none\"]", "NotFoundError");
  expect(w, "readdir", "[\"/a.txt\"]", "NotAFolderError");
}

static void answers_carry_what_they_stand_for(void **state) {
  world *w = *state;
  question q = { "stat", "[\"/big\"]", 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  uint8_t hash[VMS_HASH_LEN];
  answer a;
  vms_archive_state files;
  populate(w);
  a = check(w, &q, &proof);
  assert_int_equal(a.proven.length, vms_service_length(w->service));
  vms_core_tree_hash(vms_service_core(w->service, VMS_CORE_LEDGER), a.proven.length, hash);
  assert_memory_equal(a.proven.tree_hash, hash, sizeof hash);
  vms_service_key(w->service, VMS_CORE_ARCHIVE, hash);
  assert_memory_equal(a.proven.archive, hash, sizeof hash);
  assert_int_equal(a.proven.time_ms, w->now_ms);
  files = a.proven.files;
  assert_string_equal(world_audit(w, NULL), "");
  assert_memory_equal(&files, &w->verdict.files, sizeof files);
  answer_free(&a);
  vms_buffer_free(&proof);
}

static void before_any_content_there_are_no_blobs_to_prove(void **state) {
  world *w = *state;
  question q = { "readdir", "[\"/\"]", 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  answer a;
  world_deploy(w, CONTRACT);
  a = check(w, &q, &proof);
  assert_text(a.reply.body, "[]");
  assert_null(strstr(proof.data, "\"blobs\""));
  answer_free(&a);
  call(w, "mkdir", "[\"/x\"]");
  world_commit(w);
  expect(w, "readdir", "[\"/\"]", "[\"x\"]");
  expect(w, "readFile", "[\"/y\"]", "NotFoundError");
  vms_buffer_free(&proof);
}

static void what_is_not_durable_is_not_proved(void **state) {
  world *w = *state;
  populate(w);
  call(w, "put", "[\"/later\",\"x\"]");
  expect(w, "readFile", "[\"/later\"]", "NotFoundError");
  assert_ok(vms_service_commit(w->service, VMS_COMMIT_NO_SYNC, &w->error)); /* written, but nobody signed it yet */
  {
    question q = { "readFile", "[\"/later\"]", 0 };
    vms_buffer proof = VMS_BUFFER_INIT;
    answer told = plain(w->service, &q), proved = prove(w->service, &q, &proof);
    assert_text(told.reply.body, "x");
    assert_string_equal(proved.reply.error_name, "NotFoundError");
    answer_free(&told);
    answer_free(&proved);
    vms_buffer_free(&proof);
  }
  world_commit(w);
  expect(w, "readFile", "[\"/later\"]", "x");
}

static void old_versions_are_proved(void **state) {
  world *w = *state;
  vms_buffer proof = VMS_BUFFER_INIT;
  populate(w);
  for (uint64_t version = 1; version < 16; version++) {
    question questions[] = { { "readFile", "[\"/a.txt\"]", version }, { "readFile", "[\"/gone\"]", version }, { "readdir", "[\"/\",{\"recursive\":true}]", version } };
    for (unsigned i = 0; i < 3; i++) {
      answer a = check(w, &questions[i], &proof);
      if (i == 0) assert_string_equal(a.reply.kind == VMS_FILE_ERROR ? a.reply.error_name : a.reply.body.data, version < 2 ? "NotFoundError" : version < 3 ? "first" : "second");
      answer_free(&a);
    }
  }
  vms_buffer_free(&proof);
}

static void a_piece_of_a_large_file_needs_its_blocks_only(void **state) {
  world *w = *state;
  question piece = { "readFile", "[\"/big\",{\"offset\":131000,\"length\":100}]", 0 }, whole = { "readFile", "[\"/big\"]", 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  answer a;
  populate(w);
  a = check(w, &whole, &proof);
  assert_int_equal(a.reply.body.len, 400000);
  assert_in_range(proof.len, 400000 * 4 / 3, 400000 * 4 / 3 + 20000);
  answer_free(&a);
  a = check(w, &piece, &proof);
  assert_int_equal(a.reply.body.len, 100); /* of two blocks of 64 KiB */
  for (unsigned i = 0; i < 100; i++) assert_int_equal(a.reply.body.data[i], 'x');
  assert_in_range(proof.len, 131072 * 4 / 3, 131072 * 4 / 3 + 20000);
  answer_free(&a);
  vms_buffer_free(&proof);
}

static void what_cannot_be_proved_says_so(void **state) {
  static const question none[] = { { "getInfo", "[]", 0 }, { "writeFile", "[\"/x\",\"y\"]", 0 }, { "nonsense", "[]", 0 } };
  world *w = *state;
  vms_buffer proof = VMS_BUFFER_INIT;
  answer a;
  populate(w);
  for (unsigned i = 0; i < 3; i++) {
    a = prove(w->service, &none[i], &proof);
    assert_ok(a.status);
    assert_string_equal(a.reply.error_name, "NotSupportedError");
    assert_int_equal(proof.len, 0);
    answer_free(&a);
    a = verify(w->secret, &none[i], SLICE("{}"));
    assert_int_equal(a.status, VMS_ERR_UNSUPPORTED);
    answer_free(&a);
  }
}

static void a_proof_is_bounded(void **state) {
  world *w = *state;
  question q = { "readFile", "[\"/huge\"]", 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  answer a;
  w->options.limits.memory = 256u << 20;
  w->options.limits.files_call = 32u << 20;
  world_deploy(w, CONTRACT);
  call(w, "big", "[\"/huge\",\"y\",14000000]");
  world_commit(w);
  a = prove(w->service, &q, &proof);
  assert_ok(a.status);
  assert_int_equal(a.reply.kind, VMS_FILE_ERROR);
  assert_string_equal(a.reply.error_name, "RangeError");
  assert_int_equal(proof.len, 0);
  answer_free(&a);
  vms_buffer_free(&proof);
}

static void a_mirror_proves_as_its_original_does(void **state) {
  world *w = *state;
  question q = { "readFile", "[\"/a.txt\"]", 0 };
  vms_buffer original = VMS_BUFFER_INIT, copy = VMS_BUFFER_INIT;
  vms_service *mirror;
  answer a, b;
  populate(w);
  a = check(w, &q, &original);
  assert_ok(vms_service_mirror(&mirror, &w->storage, &w->options, NULL));
  b = prove(mirror, &q, &copy);
  assert_true(same_answer(&a, &b));
  assert_string_equal(original.data, copy.data);
  answer_free(&a);
  answer_free(&b);
  vms_service_close(mirror);
  vms_buffer_free(&original);
  vms_buffer_free(&copy);
}

/* --- size --------------------------------------------------------------------------------------------------------- */

typedef struct parts {
  vms_buffer messages[VMS_CORE_COUNT][512];
  size_t counts[VMS_CORE_COUNT];
} parts;

static const char *const names[VMS_CORE_COUNT] = { "ledger", "archive", "blobs" };

static void parts_free(parts *p) {
  for (int core = 0; core < VMS_CORE_COUNT; core++)
    for (size_t i = 0; i < p->counts[core]; i++) vms_buffer_free(&p->messages[core][i]);
  memset(p, 0, sizeof *p);
}

static void parts_read(parts *p, vms_slice proof) {
  memset(p, 0, sizeof *p);
  for (int core = 0; core < VMS_CORE_COUNT; core++) {
    const char *iterator = NULL;
    vms_slice list, name, each;
    if (!vms__json_member(proof, names[core], &list)) continue;
    while (vms__json_next(list, &iterator, &name, &each)) {
      assert_in_range(p->counts[core], 0, 511);
      assert_ok(vms__base64_decode((vms_slice){ each.data + 1, each.len - 2 }, &p->messages[core][p->counts[core]++]));
    }
  }
}

static void parts_write(const parts *p, vms_buffer *proof) {
  vms__buf_clear(proof);
  for (int core = 0; core < VMS_CORE_COUNT; core++) {
    if (p->counts[core] == 0 && core == VMS_CORE_BLOBS) continue;
    assert_ok(vms__buf_format(proof, "%s\"%s\":[", core == 0 ? "{" : ",", names[core]));
    for (size_t i = 0; i < p->counts[core]; i++) {
      assert_ok(vms__buf_text(proof, i == 0 ? "\"" : ",\""));
      assert_ok(vms__buf_base64(proof, p->messages[core][i].data, p->messages[core][i].len));
      assert_ok(vms__buf_byte(proof, '"'));
    }
    assert_ok(vms__buf_byte(proof, ']'));
  }
  assert_ok(vms__buf_byte(proof, '}'));
}

/* Hashes in the messages of a core, and blocks. */
static void count_hashes(const parts *p, int core, size_t *hashes, size_t *blocks) {
  static loose_proof loose;
  *hashes = *blocks = 0;
  for (size_t i = 0; i < p->counts[core]; i++) {
    assert_true(loose_read(&loose, p->messages[core][i].data, p->messages[core][i].len));
    for (unsigned list = 0; list < LOOSE_LISTS; list++) *hashes += loose.counts[list];
    *blocks += (loose.proof.flags & VMS_PROOF_BLOCK) != 0;
  }
}

static unsigned log2_of(uint64_t n) {
  unsigned bits = 0;
  while (n >> bits != 0) bits++;
  return bits;
}

static void measure(world *w, unsigned files, const question *q) {
  static parts p;
  vms_buffer proof = VMS_BUFFER_INIT;
  size_t hashes[VMS_CORE_COUNT], blocks[VMS_CORE_COUNT], all = 0, block_count = 0;
  answer a = check(w, q, &proof);
  parts_read(&p, vms__buf_view(&proof));
  for (int core = 0; core < VMS_CORE_COUNT; core++) {
    count_hashes(&p, core, &hashes[core], &blocks[core]);
    all += hashes[core];
    block_count += blocks[core];
  }
  print_message("%6u files, %-8s %-22s proof of %6zu bytes: %3zu blocks, %3zu hashes (ledger %zu, archive %zu, blobs %zu)\n", files, q->method, q->params,
                proof.len, block_count, all, hashes[0], hashes[1], hashes[2]);
  /* A tree of at least five branches, at most four keys looked at in each node; what one path shares with another is sent once. */
  assert_in_range(blocks[VMS_CORE_ARCHIVE], 1, 4 + 2 * 5 * log2_of(files) / 2);
  assert_in_range(hashes[VMS_CORE_ARCHIVE], 1, 12 * log2_of(files) + 40);
  assert_in_range(hashes[VMS_CORE_LEDGER], 1, 4 * log2_of(vms_service_length(w->service)) + 4);
  assert_in_range(hashes[VMS_CORE_BLOBS], 1, 3 * log2_of(files) + 4);
  answer_free(&a);
  parts_free(&p);
  vms_buffer_free(&proof);
}

static void proofs_grow_with_the_logarithm(void **state) {
  static const unsigned counts[] = { 10, 1000, 20000 };
  world *w = *state;
  unsigned done = 0;
  w->options.limits.steps = UINT64_C(1) << 40;
  w->options.limits.files_call = 64u << 20;
  world_deploy(w, CONTRACT);
  call(w, "mkdir", "[\"/many\"]");
  for (unsigned i = 0; i < 3; i++) {
    char params[32];
    for (; done < counts[i]; done += VMS__MIN(500u, counts[i] - done)) {
      snprintf(params, sizeof params, "[%u,%u]", done, done + VMS__MIN(500u, counts[i] - done));
      call(w, "fill", params);
      world_commit(w);
    }
    measure(w, counts[i], &(question){ "readFile", "[\"/many/7.txt\"]", 0 });
    measure(w, counts[i], &(question){ "stat", "[\"/many/none\"]", 0 });
    measure(w, counts[i], &(question){ "stat", "[\"/zzz\"]", 0 });
  }
}

/* --- lies ------------------------------------------------------------------------------------------------------------ */

typedef struct tally { unsigned tampered, refused, same; } tally;

/* A tampered proof is refused, or harmless. */
static bool judge(const uint8_t key[VMS_KEY_LEN], const question *q, const answer *truth, vms_slice proof, tally *t) {
  answer a = verify(key, q, proof);
  bool refused = a.status != VMS_OK;
  t->tampered++;
  if (refused) {
    t->refused++;
    assert_int_equal(a.reply.body.len, 0);
    assert_true(a.status == VMS_ERR_FORM || a.status == VMS_ERR_SIGNATURE || a.status == VMS_ERR_CORRUPT || a.status == VMS_ERR_FOREIGN ||
                a.status == VMS_ERR_MISSING || a.status == VMS_ERR_UNSUPPORTED || a.status == VMS_ERR_LIMIT);
  } else {
    t->same++;
    if (!same_answer(&a, truth)) fail_msg("a lie was believed: %s %s", q->method, q->params);
    if (memcmp(a.proven.tree_hash, truth->proven.tree_hash, VMS_HASH_LEN) != 0 || a.proven.time_ms != truth->proven.time_ms ||
        memcmp(&a.proven.files, &truth->proven.files, sizeof a.proven.files) != 0)
      fail_msg("a lie about what was proved was believed: %s %s", q->method, q->params);
  }
  answer_free(&a);
  return refused;
}

static const question questions[] = {
  { "readFile", "[\"/a.txt\"]", 0 },
  { "readFile", "[\"/none\"]", 0 },
  { "readdir", "[\"/d\"]", 0 },
  { "stat", "[\"/d/two\"]", 0 },
  { "readFile", "[\"/big\",{\"offset\":70000,\"length\":10}]", 0 },
  { "readFile", "[\"/a.txt\"]", 2 },
  { "readdir", "[\"/many\",{\"recursive\":true}]", 0 },
  { "history", "[\"/a.txt\"]", 0 },
};
#define QUESTIONS (sizeof questions / sizeof questions[0])

/* What two honest services, and an older state of the first, have to say: the material of lies. */
typedef struct material {
  uint8_t key[VMS_KEY_LEN];
  answer truth[QUESTIONS];
  vms_buffer proofs[QUESTIONS], older[QUESTIONS], foreign[QUESTIONS], twin[QUESTIONS];
  parts true_parts[QUESTIONS];
} material;

static void proofs_of(world *w, vms_buffer proofs[QUESTIONS], answer *truth) {
  for (unsigned i = 0; i < QUESTIONS; i++) {
    answer a = check(w, &questions[i], &proofs[i]);
    if (truth != NULL) truth[i] = a;
    else answer_free(&a);
  }
}

/* The same service (same keys) with another content of the same size, and another service. */
static void material_make(material *m, world *w) {
  static world other;
  memset(m, 0, sizeof *m);
  populate(w);
  proofs_of(w, m->older, NULL);
  call(w, "put", "[\"/a.txt\",\"third!\"]");
  world_commit(w);
  proofs_of(w, m->proofs, m->truth);
  vms_service_key(w->service, VMS_CORE_LEDGER, m->key);
  for (int twin = 0; twin < 2; twin++) {
    world_init(&other);
    if (!twin) memset(other.secret, 5, sizeof other.secret);
    populate(&other);
    call(&other, "put", twin ? "[\"/a.txt\",\"fourth\"]" : "[\"/a.txt\",\"third!\"]");
    world_commit(&other);
    proofs_of(&other, twin ? m->twin : m->foreign, NULL);
    world_deinit(&other);
  }
  for (unsigned i = 0; i < QUESTIONS; i++) parts_read(&m->true_parts[i], vms__buf_view(&m->proofs[i]));
}

static void material_free(material *m) {
  for (unsigned i = 0; i < QUESTIONS; i++) {
    answer_free(&m->truth[i]);
    vms_buffer_free(&m->proofs[i]);
    vms_buffer_free(&m->older[i]);
    vms_buffer_free(&m->foreign[i]);
    vms_buffer_free(&m->twin[i]);
    parts_free(&m->true_parts[i]);
  }
}

static void parts_copy(parts *to, const parts *from) {
  memset(to, 0, sizeof *to);
  for (int core = 0; core < VMS_CORE_COUNT; core++)
    for (size_t i = 0; i < from->counts[core]; i++) assert_ok(vms__buf_slice(&to->messages[core][to->counts[core]++], vms__buf_view(&from->messages[core][i])));
}

static void message_drop(parts *p, int core, size_t i) {
  vms_buffer_free(&p->messages[core][i]);
  p->counts[core]--;
  memmove(&p->messages[core][i], &p->messages[core][i + 1], (p->counts[core] - i) * sizeof(vms_buffer));
  memset(&p->messages[core][p->counts[core]], 0, sizeof(vms_buffer));
}

static void message_insert(parts *p, int core, size_t i, vms_slice bytes) {
  if (p->counts[core] == 512) return;
  memmove(&p->messages[core][i + 1], &p->messages[core][i], (p->counts[core] - i) * sizeof(vms_buffer));
  memset(&p->messages[core][i], 0, sizeof(vms_buffer));
  p->counts[core]++;
  assert_ok(vms__buf_slice(&p->messages[core][i], bytes));
}

/* One message taken apart, something in it changed. */
static void message_warp(vms_buffer *message, uint64_t *seed) {
  static loose_proof loose;
  vms_buffer old = *message;
  unsigned list = (unsigned)(sim_random(seed) % LOOSE_LISTS);
  uint8_t *byte;
  if (!loose_read(&loose, old.data, old.len)) return;
  memset(message, 0, sizeof *message);
  switch (sim_random(seed) % 7) {
    case 0: loose.proof.block_index += 1 + sim_random(seed) % 4; break;
    case 1: loose.proof.upgrade_length += sim_random(seed) % 2 == 0 ? 1 : UINT64_MAX; break;
    case 2: loose.proof.fork++; break;
    case 3: if (loose.counts[list] > 0) loose.counts[list]--; break;
    case 4: if (loose.counts[list] > 0) loose.nodes[list][0].size ^= 1; break;
    case 5: if (loose.counts[list] > 1) loose.nodes[list][0] = loose.nodes[list][1]; break;
    default:
      if (loose.proof.block.len == 0) break;
      byte = (uint8_t *)(uintptr_t)loose.proof.block.data + sim_random(seed) % loose.proof.block.len;
      *byte ^= (uint8_t)(1u << sim_random(seed) % 8);
  }
  loose_write(&loose, message);
  vms_buffer_free(&old);
}

enum { FLIP, WARP, DROP, DOUBLE, SWAP, MOVE, OF_OLDER, OF_FOREIGN, OF_TWIN, OF_OTHER_PATH, CORE_OF_OTHER, CUT, GROW, HOWS };
static const char *const how_names[HOWS] = { "a bit flipped", "a field changed", "a message dropped", "a message doubled", "messages exchanged", "a message in another core's list",
                                             "a message of an older head", "a message of another service", "a message of a twin's history", "a message about another path",
                                             "a core of somebody else", "a message cut", "a message with more behind it" };

static const vms_buffer *others(const material *m, unsigned how, unsigned q) {
  return how == OF_OLDER ? &m->older[q] : how == OF_FOREIGN ? &m->foreign[q] : how == OF_TWIN ? &m->twin[q] : &m->proofs[(q + 1 + how) % QUESTIONS];
}

static void tamper(parts *p, const material *m, unsigned q, unsigned how, uint64_t *seed) {
  static parts other;
  int core = (int)(sim_random(seed) % VMS_CORE_COUNT), to = (core + 1) % VMS_CORE_COUNT;
  size_t i = p->counts[core] == 0 ? 0 : sim_random(seed) % p->counts[core], j;
  vms_buffer *message = &p->messages[core][i], swap;
  if (p->counts[core] == 0) return;
  switch (how) {
    case FLIP: message->data[sim_random(seed) % message->len] ^= (char)(1u << sim_random(seed) % 8); break;
    case WARP: message_warp(message, seed); break;
    case DROP: message_drop(p, core, i); break;
    case DOUBLE: message_insert(p, core, sim_random(seed) % (p->counts[core] + 1), vms__buf_view(message)); break;
    case SWAP:
      j = sim_random(seed) % p->counts[core];
      swap = *message;
      *message = p->messages[core][j];
      p->messages[core][j] = swap;
      break;
    case MOVE:
      message_insert(p, to, sim_random(seed) % (p->counts[to] + 1), vms__buf_view(message));
      if (sim_random(seed) % 2 == 0) message_drop(p, core, i);
      break;
    case CUT: message->len = sim_random(seed) % message->len; break;
    case GROW: assert_ok(vms__buf_byte(message, (uint8_t)sim_random(seed))); break;
    default:
      parts_read(&other, vms__buf_view(others(m, how == CORE_OF_OTHER ? (unsigned)(OF_OLDER + sim_random(seed) % 3) : how, q)));
      if (other.counts[core] > 0 && how != CORE_OF_OTHER) {
        j = sim_random(seed) % 2 == 0 ? VMS__MIN(i, other.counts[core] - 1) : sim_random(seed) % other.counts[core];
        if (sim_random(seed) % 2 == 0) message_drop(p, core, i);
        message_insert(p, core, i, vms__buf_view(&other.messages[core][j]));
      } else if (how == CORE_OF_OTHER) {
        while (p->counts[core] > 0) message_drop(p, core, p->counts[core] - 1);
        for (j = 0; j < other.counts[core]; j++) message_insert(p, core, j, vms__buf_view(&other.messages[core][j]));
      }
      parts_free(&other);
  }
}

static void no_tampered_proof_gives_another_answer(void **state) {
  static material m;
  static parts p;
  world *w = *state;
  uint64_t seed = sim_seed();
  vms_buffer proof = VMS_BUFFER_INIT;
  tally all = { 0, 0, 0 };
  material_make(&m, w);
  for (unsigned how = 0; how < HOWS; how++) {
    tally t = { 0, 0, 0 };
    for (unsigned round = 0; round < 24; round++)
      for (unsigned q = 0; q < QUESTIONS; q++) {
        parts_copy(&p, &m.true_parts[q]);
        tamper(&p, &m, q, how, &seed);
        parts_write(&p, &proof);
        if (!vms__slice_equal(vms__buf_view(&proof), vms__buf_view(&m.proofs[q]))) (void)judge(m.key, &questions[q], &m.truth[q], vms__buf_view(&proof), &t);
        parts_free(&p);
      }
    print_message("%-34s %4u tampered, %4u refused, %4u gave the true answer\n", how_names[how], t.tampered, t.refused, t.same);
    all.tampered += t.tampered;
    all.refused += t.refused;
    all.same += t.same;
    if (how == OF_FOREIGN || how == CORE_OF_OTHER) assert_true(t.refused > 0);
  }
  print_message("%u tampered proofs: %u refused, %u gave the true answer\n", all.tampered, all.refused, all.same);
  assert_true(all.tampered >= 1000);
  vms_buffer_free(&proof);
  material_free(&m);
}

/* Every region of the text, as it goes over the wire. */
static void no_changed_text_gives_another_answer(void **state) {
  static material m;
  world *w = *state;
  uint64_t seed = sim_seed();
  tally t = { 0, 0, 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  material_make(&m, w);
  for (unsigned q = 0; q < QUESTIONS; q++) {
    vms_slice text = vms__buf_view(&m.proofs[q]);
    size_t step = text.len / 150 + 1;
    for (size_t at = sim_random(&seed) % step; at < text.len; at += step) {
      vms__buf_clear(&proof);
      assert_ok(vms__buf_slice(&proof, text));
      if (at % 5 == 0) proof.len = at; /* cut off */
      else if (at % 5 == 1) proof.data[at] = (char)sim_random(&seed);
      else proof.data[at] ^= (char)(1u << sim_random(&seed) % 7);
      if (!vms__slice_equal(vms__buf_view(&proof), text)) (void)judge(m.key, &questions[q], &m.truth[q], vms__buf_view(&proof), &t);
    }
  }
  print_message("%u changed texts: %u refused, %u gave the true answer\n", t.tampered, t.refused, t.same);
  vms_buffer_free(&proof);
  material_free(&m);
}

/* What would mean something else has to be refused, not only give the same answer. */
static void proofs_of_something_else_are_refused(void **state) {
  static material m;
  world *w = *state;
  tally t = { 0, 0, 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  material_make(&m, w);
  for (unsigned q = 0; q < QUESTIONS; q++) {
    answer a = verify(m.key, &questions[q], vms__buf_view(&m.foreign[q]));
    assert_int_equal(a.status, VMS_ERR_FOREIGN); /* another service */
    answer_free(&a);
    for (int core = 0; core < VMS_CORE_COUNT; core++) /* parts of an older head, of another history under the same keys, of another service */
      for (unsigned from = OF_OLDER; from <= OF_TWIN; from++) {
        parts p, other;
        parts_copy(&p, &m.true_parts[q]);
        parts_read(&other, vms__buf_view(others(&m, from, q)));
        while (p.counts[core] > 0) message_drop(&p, core, p.counts[core] - 1);
        for (size_t j = 0; j < other.counts[core]; j++) message_insert(&p, core, j, vms__buf_view(&other.messages[core][j]));
        parts_write(&p, &proof);
        /* (The twin's archive may be the same: a content of the same size lies in other blobs.) */
        if (!vms__slice_equal(vms__buf_view(&proof), vms__buf_view(&m.proofs[q]))) assert_true(judge(m.key, &questions[q], &m.truth[q], vms__buf_view(&proof), &t));
        parts_free(&p);
        parts_free(&other);
      }
  }
  assert_in_range(t.refused, 8 * QUESTIONS, 9 * QUESTIONS);
  /* An older head is a true one: it gives the older answer, and says so. */
  answer old = verify(m.key, &questions[0], vms__buf_view(&m.older[0]));
  assert_ok(old.status);
  assert_text(old.reply.body, "second");
  assert_int_equal(old.proven.length, m.truth[0].proven.length - 1);
  answer_free(&old);
  vms_buffer_free(&proof);
  material_free(&m);
}

/* A proof about one thing used for another: what is asked is answered truly, or a block is missing. */
static void a_proof_of_another_question_answers_the_one_that_is_asked(void **state) {
  static material m;
  world *w = *state;
  unsigned missing = 0;
  tally t = { 0, 0, 0 };
  material_make(&m, w);
  for (unsigned asked = 0; asked < QUESTIONS; asked++)
    for (unsigned given = 0; given < QUESTIONS; given++) missing += judge(m.key, &questions[asked], &m.truth[asked], vms__buf_view(&m.proofs[given]), &t);
  assert_true(missing > 0 && missing <= QUESTIONS * (QUESTIONS - 1));
  material_free(&m);
}

/* --- a host that lies with its own keys --------------------------------------------------------------------------------- */

/* All of a core: its head, and every block up to a root. */
static void prove_core(vms_core *core, parts *p, int index) {
  vms_proof_request request = { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST };
  vms_buffer message = VMS_BUFFER_INIT;
  vms_head head;
  assert_ok(vms_core_head(core, &head, NULL));
  request.upgrade_length = head.length;
  assert_ok(vms_core_prove(core, &request, &message, NULL));
  message_insert(p, index, 0, vms__buf_view(&message));
  for (uint64_t seq = 0; seq < head.length; seq++) {
    request = (vms_proof_request){ .flags = VMS_PROOF_BLOCK, .block_index = seq };
    while (((seq >> (request.block_nodes + 1)) + 1) << (request.block_nodes + 1) <= head.length) request.block_nodes++;
    vms__buf_clear(&message);
    assert_ok(vms_core_prove(core, &request, &message, NULL));
    message_insert(p, index, p->counts[index], vms__buf_view(&message));
  }
  vms_buffer_free(&message);
}

/* Opens the world's journal with its keys, behind the service's back. */
static vms_journal *steal(world *w) {
  static const char *const purposes[VMS_CORE_COUNT] = { "vms ledger", "vms archive", "vms archive" };
  vms_journal *journal;
  uint8_t seed[VMS_SEED_LEN];
  vms_service_close(w->service);
  w->service = NULL;
  assert_ok(vms_journal_open(&journal, &w->storage, NULL, &w->error));
  for (uint32_t core = 0; core < VMS_CORE_COUNT; core++) {
    vms_key_derive(w->secret, purposes[core], seed);
    assert_ok(vms_journal_signer(journal, core, seed, NULL));
  }
  return journal;
}

static void append_signed(vms_journal *journal, vms_slice block) {
  assert_ok(vms_core_append(vms_journal_core(journal, VMS_CORE_LEDGER), block.data, block.len, NULL, NULL));
  assert_ok(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL));
}

/* Signs one more record that says this of the files. Spelled otherwise than records are if `escaped`. */
static void lie(vms_journal *journal, const vms_archive_state *files, bool escaped) {
  vms_buffer text = VMS_BUFFER_INIT, other = VMS_BUFFER_INIT;
  vms__record record = { .type = VMS__RECORD_CALL, .time_ms = UINT64_C(1700000000001), .request = SLICE("{\"method\":\"m\",\"params\":[]}") };
  record.files = *files;
  assert_ok(vms__record_write(&text, &record));
  if (escaped) {
    const char *at = strstr(text.data, "method");
    assert_ok(vms_buffer_append(&other, text.data, (size_t)(at - text.data)));
    assert_ok(vms__buf_format(&other, "\\u006d%s", at + 1));
  }
  append_signed(journal, vms__buf_view(escaped ? &other : &text));
  vms_buffer_free(&other);
  vms_buffer_free(&text);
}

static int verify_all(vms_journal *journal, const question *q, answer *a) {
  static parts p;
  vms_buffer proof = VMS_BUFFER_INIT;
  uint8_t key[VMS_KEY_LEN];
  memset(&p, 0, sizeof p);
  for (int core = 0; core < VMS_CORE_COUNT; core++) prove_core(vms_journal_core(journal, (uint32_t)core), &p, core);
  parts_write(&p, &proof);
  vms_core_key(vms_journal_core(journal, 0), key);
  *a = verify(key, q, vms__buf_view(&proof));
  answer_free(a);
  parts_free(&p);
  vms_buffer_free(&proof);
  return a->status;
}

static void a_record_that_does_not_agree_with_the_heads_is_refused(void **state) {
  world *w = *state;
  question q = { "readFile", "[\"/a.txt\"]", 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  vms_archive_state files;
  vms_journal *journal;
  answer a;
  populate(w);
  a = check(w, &q, &proof);
  files = a.proven.files;
  answer_free(&a);
  vms_buffer_free(&proof);
  journal = steal(w);
  assert_ok(verify_all(journal, &q, &a));
  lie(journal, &files, false); /* the truth once more: fine */
  assert_ok(verify_all(journal, &q, &a));
  for (unsigned i = 0; i < 5; i++) {
    vms_archive_state other = files;
    if (i == 0) other.version++;
    if (i == 1) other.version--;
    if (i == 2) other.blobs++;
    if (i == 3) other.blobs = 0;
    if (i == 4) other.hash[31] ^= 1;
    lie(journal, &other, false);
    assert_int_equal(verify_all(journal, &q, &a), VMS_ERR_FOREIGN);
  }
  lie(journal, &files, true); /* not as records are written */
  assert_int_equal(verify_all(journal, &q, &a), VMS_ERR_FORM);
  lie(journal, &files, false);
  assert_ok(verify_all(journal, &q, &a));
  append_signed(journal, SLICE("no record"));
  assert_int_equal(verify_all(journal, &q, &a), VMS_ERR_FORM);
  vms_journal_close(journal);
}

/* Files that no record tells, under the host's own signature. */
static void files_behind_the_last_record_are_refused(void **state) {
  world *w = *state;
  question q = { "readFile", "[\"/a.txt\"]", 0 };
  vms_journal *journal;
  vms_archive *archive;
  vms_file_request write = { .method = SLICE("writeFile"), .params = SLICE("[\"/a.txt\",\"a lie\"]") };
  vms_file_reply reply;
  answer a;
  populate(w);
  journal = steal(w);
  assert_ok(vms_archive_open(&archive, vms_journal_core(journal, VMS_CORE_ARCHIVE), vms_journal_core(journal, VMS_CORE_BLOBS), NULL, NULL));
  vms_archive_begin(archive, 5);
  reply_init(&reply);
  assert_ok(vms_archive_call(archive, &write, &reply, NULL));
  vms_buffer_free(&reply.body);
  assert_ok(vms_archive_commit(archive, NULL));
  assert_ok(vms_journal_commit(journal, VMS_COMMIT_SIGN, NULL));
  assert_int_equal(verify_all(journal, &q, &a), VMS_ERR_FOREIGN);
  vms_archive_close(archive);
  vms_journal_close(journal);
}

/* The right tree, signed by whoever likes. */
static void a_head_that_is_signed_by_another_key_is_refused(void **state) {
  static material m;
  static loose_proof loose;
  static parts p;
  world *w = *state;
  vms_buffer proof = VMS_BUFFER_INIT;
  material_make(&m, w);
  for (int core = 0; core < VMS_CORE_COUNT; core++)
    for (unsigned how = 0; how < 3; how++) {
      uint8_t seed[VMS_SEED_LEN] = { 42 }, public_key[VMS_KEY_LEN], manifest[VMS_MANIFEST_LEN], hash[VMS_HASH_LEN], key[VMS_KEY_LEN];
      uint8_t signable[VMS__SIGNABLE_LEN], envelope[VMS_ENVELOPE_LEN] = { 1 };
      vms_core *of = vms_service_core(w->service, core);
      vms_head head;
      answer a;
      assert_ok(vms_core_head(of, &head, NULL));
      vms_core_key(of, key);
      vms_key_public(seed, public_key);
      vms_manifest_default(public_key, manifest);
      if (how == 2) vms_manifest_key(manifest, key); /* even for a core of that key */
      memcpy(hash, head.tree_hash, sizeof hash);
      vms__head_signable(key, hash, head.length, 0, signable);
      vms_sign(seed, signable, sizeof signable, envelope + 2);
      parts_copy(&p, &m.true_parts[0]);
      assert_true(loose_read(&loose, m.true_parts[0].messages[core][0].data, m.true_parts[0].messages[core][0].len));
      loose.proof.signature = (vms_slice){ (const char *)envelope, sizeof envelope };
      if (how > 0) loose.proof.manifest = (vms_slice){ (const char *)manifest, sizeof manifest };
      vms__buf_clear(&p.messages[core][0]);
      loose_write(&loose, &p.messages[core][0]);
      parts_write(&p, &proof);
      a = verify(m.key, &questions[0], vms__buf_view(&proof));
      assert_int_equal(a.status, how == 0 ? VMS_ERR_SIGNATURE : VMS_ERR_FOREIGN);
      answer_free(&a);
      parts_free(&p);
    }
  vms_buffer_free(&proof);
  material_free(&m);
}

enum { OTHER_NAMESPACE = TABLE_MULTI + 1 }; /* a manifest like the default one, but for that */

/* Three cores made by hand: a ledger of block 0 and one record, an archive of a header, blobs of one block. */
typedef struct handmade {
  table_core tables[VMS_CORE_COUNT];
  int kinds[VMS_CORE_COUNT]; /* manifests, TABLE_..., or: */
  uint64_t forks[VMS_CORE_COUNT];
  const char *genesis;       /* in the place of block 0; NULL: what is right */
} handmade;

static void handmade_blocks(handmade *h) {
  table_core *ledger = &h->tables[VMS_CORE_LEDGER], *archive = &h->tables[VMS_CORE_ARCHIVE], *blobs = &h->tables[VMS_CORE_BLOBS];
  vms__genesis genesis = { .engine = VMS__TEXT(VMS_ENGINE), .limits = { 1, 1, 1, 1, 1, 1 }, .epoch = 1 };
  vms__record record = { .type = VMS__RECORD_CALL, .request = SLICE("{\"method\":\"m\",\"params\":[]}"), .files = { 1, 1, { 0 } } };
  uint8_t bytes[2 * (8 + VMS_HASH_LEN)];
  vms_buffer text = VMS_BUFFER_INIT;
  table_append(archive, "\x0a\x08hyperbee\x12\x00", 12);
  table_append(blobs, "x", 1);
  memcpy(genesis.archive, archive->key, VMS_KEY_LEN);
  assert_ok(h->genesis != NULL ? vms__buf_text(&text, h->genesis) : vms__genesis_write(&text, &genesis));
  table_append(ledger, text.data, text.len);
  vms__put_u64(bytes, 1);
  table_tree_hash(archive, bytes + 8);
  vms__put_u64(bytes + 8 + VMS_HASH_LEN, 1);
  table_tree_hash(blobs, bytes + 16 + VMS_HASH_LEN);
  vms__crypto_hash(bytes, sizeof bytes, record.files.hash);
  vms__buf_clear(&text);
  assert_ok(vms__record_write(&text, &record));
  table_append(ledger, text.data, text.len);
  vms_buffer_free(&text);
}

static void handmade_prove(const handmade *h, parts *p) {
  memset(p, 0, sizeof *p);
  for (int core = 0; core < VMS_CORE_COUNT; core++) {
    const table_core *table = &h->tables[core];
    vms_proof_request request = { .flags = VMS_PROOF_UPGRADE | VMS_PROOF_MANIFEST, .fork = table->fork, .upgrade_length = table->length };
    for (uint64_t seq = 0; seq <= table->length; seq++) {
      vms_buffer message = VMS_BUFFER_INIT;
      assert_ok(vms__proof_make(&table->source, &request, &message, NULL));
      message_insert(p, core, p->counts[core], vms__buf_view(&message));
      request = (vms_proof_request){ .flags = VMS_PROOF_BLOCK, .fork = table->fork, .block_index = seq, .block_nodes = table->length - 1 };
      vms_buffer_free(&message);
    }
  }
}

static int handmade_verify(handmade *h) {
  static parts p;
  vms_buffer proof = VMS_BUFFER_INIT;
  uint8_t blobs[VMS_MANIFEST_LEN];
  answer a;
  for (int core = 0; core < VMS_CORE_COUNT; core++) {
    table_init(&h->tables[core], 4);
    table_manifest(&h->tables[core], h->kinds[core] == OTHER_NAMESPACE ? TABLE_DEFAULT : h->kinds[core], 7);
    if (h->kinds[core] == OTHER_NAMESPACE) {
      h->tables[core].manifest[10] ^= 1;
      vms_manifest_key(h->tables[core].manifest, h->tables[core].key);
    }
    h->tables[core].fork = h->forks[core];
  }
  vms_manifest_blobs(h->tables[VMS_CORE_ARCHIVE].manifest, blobs);
  if (h->kinds[VMS_CORE_BLOBS] == TABLE_DEFAULT) {
    memcpy(h->tables[VMS_CORE_BLOBS].manifest, blobs, sizeof blobs);
    vms_manifest_key(blobs, h->tables[VMS_CORE_BLOBS].key);
  }
  handmade_blocks(h);
  for (int core = 0; core < VMS_CORE_COUNT; core++) table_sign(&h->tables[core]);
  handmade_prove(h, &p);
  parts_write(&p, &proof);
  a = verify(h->tables[VMS_CORE_LEDGER].key, &(question){ "readdir", "[\"/\"]", 0 }, vms__buf_view(&proof));
  if (a.status == VMS_OK) assert_text(a.reply.body, "[]");
  answer_free(&a);
  for (int core = 0; core < VMS_CORE_COUNT; core++) table_deinit(&h->tables[core]);
  parts_free(&p);
  vms_buffer_free(&proof);
  return a.status;
}

static void only_cores_of_a_services_form_are_taken(void **state) {
  handmade right = { .genesis = NULL }, h;
  (void)state;
  assert_ok(handmade_verify(&right));
  for (int core = 0; core < VMS_CORE_COUNT; core++) {
    h = (handmade){ .genesis = NULL };
    h.forks[core] = 1;
    assert_int_equal(handmade_verify(&h), VMS_ERR_FOREIGN);
    for (int kind = TABLE_COMPAT; kind <= OTHER_NAMESPACE; kind++) {
      h = (handmade){ .genesis = NULL };
      h.kinds[core] = kind; /* (the blobs core's key is derived: nobody else signs for that) */
      assert_int_equal(handmade_verify(&h), core == VMS_CORE_BLOBS && kind == TABLE_COMPAT ? VMS_ERR_SIGNATURE : VMS_ERR_FOREIGN);
    }
  }
  h = (handmade){ .genesis = "{\"type\":\"init\",\"v\":1,\"engine\":\"vms-js/999\"}" };
  assert_int_equal(handmade_verify(&h), VMS_ERR_UNSUPPORTED);
  h = (handmade){ .genesis = "{\"type\":\"init\"}" };
  assert_int_equal(handmade_verify(&h), VMS_ERR_FORM);
}

static void what_is_no_proof_is_refused(void **state) {
  static const char *const texts[] = {
    "", "null", "[]", "{}", "7", "{\"ledger\":[]}", "{\"ledger\":7}", "{\"ledger\":{\"0\":\"\"}}", "{\"ledger\":[7]}", "{\"ledger\":[\"\"]}", "{\"ledger\":[\"AAAA\"]}",
    "{\"ledger\":[\"A\"]}", "{\"ledger\":[\"AA==\\u0041\"]}", "{\"ledger\":[[]]}", "{\"ledger\":[],\"archive\":[],\"blobs\":[]}", "{\"ledger\":[\"AAAA\"],", "\xff",
  };
  world *w = *state;
  uint8_t key[VMS_KEY_LEN] = { 1 };
  vms_buffer huge = VMS_BUFFER_INIT;
  answer a;
  (void)w;
  for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    a = verify(key, &questions[0], SLICE(texts[i]));
    assert_int_equal(a.status, VMS_ERR_FORM);
    answer_free(&a);
  }
  assert_ok(vms__buf_reserve(&huge, 20u << 20));
  memset(huge.data, ' ', 20u << 20);
  huge.len = 20u << 20;
  a = verify(key, &questions[0], vms__buf_view(&huge));
  assert_int_equal(a.status, VMS_ERR_LIMIT);
  answer_free(&a);
  vms_buffer_free(&huge);
}

/* --- history ----------------------------------------------------------------------------------------------------------------- */

static void changes_are_told_with_their_records(void **state) {
  world *w = *state;
  question q = { "history", "[\"/a.txt\"]", 0 };
  vms_buffer proof = VMS_BUFFER_INIT;
  char caller[65] = "", wanted[256];
  uint8_t key[VMS_KEY_LEN];
  answer a;
  populate(w);
  a = check(w, &q, &proof);
  world_key(1, key);
  for (unsigned i = 0; i < 32; i++) snprintf(caller + 2 * i, 3, "%02x", key[i]);
  for (unsigned seq = 2; seq <= 3; seq++) {
    snprintf(wanted, sizeof wanted, "\"record\":{\"seq\":%u,\"time\":%llu,\"caller\":\"%s\",\"method\":\"put\"}", seq, (unsigned long long)w->now_ms, caller);
    assert_non_null(strstr(a.reply.body.data, wanted));
  }
  answer_free(&a);
  for (unsigned i = 0; i < 9; i++) call(w, "put", "[\"/a.txt\",\"not durable\"]"); /* these records do not count yet */
  a = check(w, &q, &proof);
  assert_null(strstr(a.reply.body.data, "\"size\":11"));
  answer_free(&a);
  vms_buffer_free(&proof);
  expect(w, "history", "[\"/a.txt\",{\"start\":4}]", "[]");
  world_commit(w);
  assert_string_equal(world_audit(w, NULL), "");
}

/* The contract's own view: records before the one that is being made, the same when it is replayed. */
static void a_contract_that_looks_at_its_history_is_replayed_alike(void **state) {
  world *w = *state;
  populate(w);
  for (unsigned i = 0; i < 3; i++) {
    call(w, "history", "[]");
    assert_non_null(strstr(w->outcome.result.data, "\"method\":\"fill\""));
    call(w, "history", "[\"/a.txt\",{\"reverse\":true,\"limit\":1}]");
    assert_non_null(strstr(w->outcome.result.data, "\"record\":{\"seq\":"));
    call(w, "put", "[\"/a.txt\",\"again\"]");
    call(w, "history", "[\"/a.txt\",{\"reverse\":true,\"limit\":1}]"); /* of what no disk holds yet */
    if (i == 1) world_restart(w); /* and takes it back */
    if (i == 0) world_commit(w);
  }
  assert_string_equal(world_audit(w, NULL), "");
}

static void proving_survives_every_allocation_failure(void **state) {
  world *w = *state;
  sim_memory memory;
  vms_service *service;
  vms_service_options options = w->options;
  vms_env env;
  question q = { "readFile", "[\"/a.txt\"]", 0 };
  vms_buffer proof;
  uint8_t key[VMS_KEY_LEN];
  answer a;
  populate(w);
  vms_service_key(w->service, VMS_CORE_LEDGER, key);
  sim_memory_init(&memory);
  env = memory.env;
  env.now_ms = w->env.now_ms;
  options.env = &env;
  assert_ok(vms_service_mirror(&service, &w->storage, &options, NULL));
  for (int status = VMS_ERR_NOMEM, at = 1; status != VMS_OK; at++) {
    vms_file_request request = request_of(&q);
    vms_file_reply reply = { .kind = 0 };
    vms_buffer_init(&proof, &env);
    vms_buffer_init(&reply.body, &env);
    memory.calls = 0;
    memory.fail_at = (uint64_t)at;
    status = vms_service_file_prove(service, &request, &reply, &proof, NULL);
    memory.fail_at = 0;
    assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
    if (status != VMS_OK) assert_int_equal(proof.len, 0);
    vms_buffer_free(&reply.body);
    if (status != VMS_OK) vms_buffer_free(&proof);
  }
  for (int status = VMS_ERR_NOMEM, at = 1; status != VMS_OK; at++) {
    vms_file_request request = request_of(&q);
    uint64_t live = memory.live;
    reply_init(&a.reply);
    memory.calls = 0;
    memory.fail_at = (uint64_t)at;
    status = vms_file_verify(key, &request, vms__buf_view(&proof), &env, &a.reply, NULL, NULL);
    memory.fail_at = 0;
    assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
    assert_int_equal(memory.live, live);
    answer_free(&a);
  }
  vms_buffer_free(&proof);
  vms_service_close(service);
  assert_int_equal(memory.live, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(every_kind_of_answer_is_proved), TEST(answers_carry_what_they_stand_for), TEST(before_any_content_there_are_no_blobs_to_prove),
    TEST(what_is_not_durable_is_not_proved), TEST(old_versions_are_proved), TEST(a_piece_of_a_large_file_needs_its_blocks_only),
    TEST(what_cannot_be_proved_says_so), TEST(a_proof_is_bounded), TEST(a_mirror_proves_as_its_original_does), TEST(proofs_grow_with_the_logarithm),
    TEST(no_tampered_proof_gives_another_answer), TEST(no_changed_text_gives_another_answer), TEST(proofs_of_something_else_are_refused),
    TEST(a_proof_of_another_question_answers_the_one_that_is_asked), TEST(a_record_that_does_not_agree_with_the_heads_is_refused),
    TEST(files_behind_the_last_record_are_refused), TEST(a_head_that_is_signed_by_another_key_is_refused),
    TEST(only_cores_of_a_services_form_are_taken), TEST(what_is_no_proof_is_refused),
    TEST(changes_are_told_with_their_records), TEST(a_contract_that_looks_at_its_history_is_replayed_alike), TEST(proving_survives_every_allocation_failure),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
