/* SPDX-License-Identifier: MIT */
/* Goal: whatever a host answers to vms.head and on the replication stream, the auditor ends soon, with the right word and without much
 * memory; what a store holds is never fetched twice, and convicts a host that does not stand by it.
 * Method: a fake host in threads, over journals that are made with the host's own keys; one thing at a time is bent. */
#define _GNU_SOURCE
#include "test/support/fake_host.h"
#include "test/support/folder.h"
#include "test/support/patience.h"
#include "test/support/world.h"

#include "lib/ledger/internal.h"
#include "vms/net.h"

/* --- journals ------------------------------------------------------------------------------------------------ */

/* A journal in memory and what it stands on. */
typedef struct made {
  vms_storage storage;
  vms_journal *journal;
} made;

typedef struct stage {
  world w;
  made honest;
  fake_host host;
  unsigned bend;
  vms_audit_options options;
  vms_verdict verdict;
  vms_journal *older; /* that some bent heads come from */
  uint64_t lengths[VMS_CORE_COUNT]; /* of the copy downloaded last */
} stage;

static void sign_head(stage *s, int core, vms_head *head) {
  uint8_t seed[VMS_SEED_LEN], key[VMS_KEY_LEN], signable[VMS__SIGNABLE_LEN];
  vms_key_derive(s->w.secret, core == VMS_CORE_LEDGER ? "vms ledger" : "vms archive", seed);
  vms_manifest_key(head->manifest, key);
  vms__head_signable(key, head->tree_hash, head->length, head->fork, signable);
  vms_sign(seed, signable, sizeof signable, head->signature + 2);
}

/* The honest journal's first `lengths` blocks, signed by the host; from `changed` on the ledger's have other content. */
static void variant(stage *s, made *m, const uint64_t lengths[VMS_CORE_COUNT], uint64_t changed) {
  uint8_t manifests[VMS_CORE_COUNT][VMS_MANIFEST_LEN], seed[VMS_SEED_LEN];
  for (uint32_t i = 0; i < VMS_CORE_COUNT; i++) vms_core_manifest(vms_journal_core(s->honest.journal, i), manifests[i]);
  assert_ok(vms_memory_open(&m->storage, NULL, NULL));
  assert_ok(vms_journal_create(&m->journal, &m->storage, (const uint8_t(*)[VMS_MANIFEST_LEN])manifests, VMS_CORE_COUNT, NULL, NULL));
  for (uint32_t i = 0; i < VMS_CORE_COUNT; i++) {
    vms_core *from = vms_journal_core(s->honest.journal, i), *to = vms_journal_core(m->journal, i);
    vms_key_derive(s->w.secret, i == VMS_CORE_LEDGER ? "vms ledger" : "vms archive", seed);
    assert_ok(vms_journal_signer(m->journal, i, seed, NULL));
    for (uint64_t seq = 0; seq < lengths[i]; seq++) {
      vms_buffer block = VMS_BUFFER_INIT;
      if (seq < vms_core_length(from)) assert_ok(vms_core_read(from, seq, &block, NULL));
      else assert_ok(vms_buffer_append(&block, "more", 4));
      if (i == VMS_CORE_LEDGER && seq >= changed) block.data[0] ^= 1;
      assert_ok(vms_core_append(to, block.data, block.len, NULL, NULL));
      vms_buffer_free(&block);
    }
  }
  assert_ok(vms_journal_commit(m->journal, VMS_COMMIT_SIGN, NULL));
}

static void unmake(made *m) {
  vms_journal_close(m->journal);
  vms_memory_close(&m->storage);
}

static uint64_t honest_length(stage *s, int core) { return vms_core_length(vms_journal_core(s->honest.journal, (uint32_t)core)); }

/* The honest lengths, with another one for the ledger. */
static void of_length(stage *s, made *m, uint64_t ledger, uint64_t changed) {
  const uint64_t lengths[VMS_CORE_COUNT] = { ledger, honest_length(s, VMS_CORE_ARCHIVE), honest_length(s, VMS_CORE_BLOBS) };
  variant(s, m, lengths, changed);
}

/* --- bent heads -------------------------------------------------------------------------------------------------- */

enum {
  HONEST, FORK, HUGE_HEAD, HUGE_EMPTY, LEDGER_MANIFEST, ARCHIVE_MANIFEST, BLOBS_MANIFEST, FORGED_HEAD, HEAD_OF_NOTHING, NO_HEADS,
  EARLIER_CONTRADICTS, EARLIER_LONGER, EARLIER_FORGED, EARLIER_SHORTER, LEDGER_CONTRADICTS, NEVER_STILL, OLD_LATER,
  NO_BLOBS_LATER, OTHERS_LEDGER, OTHERS_ARCHIVE
};

/* A head of somebody else's core, and honest as such. */
static void another_head(vms_head *head) {
  static const uint8_t seed[VMS_SEED_LEN] = { 9 };
  uint8_t key[VMS_KEY_LEN], signable[VMS__SIGNABLE_LEN];
  vms_key_public(seed, key);
  vms_manifest_default(key, head->manifest);
  vms_manifest_key(head->manifest, key);
  vms__head_signable(key, head->tree_hash, head->length, head->fork, signable);
  vms_sign(seed, signable, sizeof signable, head->signature + 2);
}

/* number: 1 ledger, 2 archive, 3 blobs, 4 ledger, 5 archive, 6 blobs */
static int bend_head(void *context, unsigned number, int core, vms_head *head, vms_buffer *json, vms_error *error) {
  stage *s = context;
  bool again = true;
  switch (s->bend) {
    case NO_HEADS: return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no");
    case HEAD_OF_NOTHING: return vms__buf_text(json, "[{\"length\":-1}]");
    case FORK: head->fork = 1; break;
    case HUGE_HEAD: if (core == VMS_CORE_LEDGER) head->length = VMS__JSON_INT_MAX; break;
    case HUGE_EMPTY: if (core == VMS_CORE_LEDGER) head->length = 20000000; break;
    case LEDGER_MANIFEST: if (core == VMS_CORE_LEDGER) vms_manifest_blobs(head->manifest, head->manifest); break;
    case ARCHIVE_MANIFEST: if (core == VMS_CORE_ARCHIVE) vms_manifest_blobs(head->manifest, head->manifest); break;
    case BLOBS_MANIFEST: if (core == VMS_CORE_BLOBS) vms_manifest_default(head->manifest + VMS_MANIFEST_LEN - VMS_KEY_LEN, head->manifest); break;
    case LEDGER_CONTRADICTS: if (number == 4) head->tree_hash[0] ^= 1; break;
    case EARLIER_CONTRADICTS: if (number == 2) head->tree_hash[0] ^= 1; break;
    case EARLIER_LONGER: if (number == 2) head->length++; break;
    case EARLIER_SHORTER: case NEVER_STILL:
      if (number == 2 || (s->bend == NEVER_STILL && number % 6 == 2)) {
        head->length--;
        vms_core_tree_hash(vms_journal_core(s->host.heads, VMS_CORE_ARCHIVE), head->length, head->tree_hash);
      }
      break;
    case OLD_LATER: /* honest heads, the longer one first: as a man in the middle has them */
      again = false;
      if (number == 4) return vms_core_head(vms_journal_core(s->older, VMS_CORE_LEDGER), head, error);
      break;
    case OTHERS_LEDGER: case OTHERS_ARCHIVE: /* as whoever sits on the way, or a host that begins with another folder just then */
      if (number == (s->bend == OTHERS_LEDGER ? 1 : 2)) another_head(head);
      again = false;
      break;
    case NO_BLOBS_LATER:
      if (number % 6 == 0) return vms__fail(error, VMS_ERR_NOT_FOUND, 0, "no");
      again = false;
      break;
    default: again = false;
  }
  if (again) sign_head(s, core, head);
  if (s->bend == FORGED_HEAD || (s->bend == EARLIER_FORGED && number == 3)) head->signature[9] ^= 1;
  return VMS_OK;
}

/* --- downloading ---------------------------------------------------------------------------------------------------- */

static int setup(void **state) {
  static stage s;
  vms_journal_options options = VMS_JOURNAL_OPTIONS_INIT;
  memset(&s, 0, sizeof s);
  world_init(&s.w);
  world_deploy(&s.w, "exports.write = async x => { await System.files.writeFile('/' + x, 'content '.repeat(100)) }\n");
  for (int i = 0; i < 20; i++) world_call(&s.w, 1, "write", "[\"a\"]");
  world_commit(&s.w);
  options.flags = VMS_JOURNAL_READ_ONLY;
  assert_ok(vms_journal_open(&s.honest.journal, &s.w.storage, &options, NULL));
  s.host.heads = s.host.blocks = s.honest.journal;
  s.host.context = &s;
  s.host.bend = bend_head;
  s.options = (vms_audit_options)VMS_AUDIT_OPTIONS_INIT;
  vms_verdict_init(&s.verdict, NULL);
  *state = &s;
  if (make_folder(state) != 0) return -1;
  *state = &s;
  return fake_host_start(&s.host);
}

static int teardown(void **state) {
  stage *s = *state;
  fake_host_stop(&s->host);
  vms_journal_close(s->honest.journal);
  world_deinit(&s->w);
  vms_verdict_free(&s->verdict);
  return remove_folder(state);
}

/* Downloads and judges; returns the verdict's kind, "ok", or the name of a status. store: NULL or a folder's name. */
static const char *audit_into(stage *s, const char *store, unsigned bend, uint32_t timeout_ms) {
  vms_client_options client_options = VMS_CLIENT_OPTIONS_INIT;
  vms_download_options options = VMS_DOWNLOAD_OPTIONS_INIT;
  vms_client *client;
  vms_copy *copy;
  char dir[128];
  s->bend = bend;
  s->host.heads_asked = 0;
  vms_verdict_free(&s->verdict);
  vms_verdict_init(&s->verdict, NULL);
  options.timeout_ms = timeout_ms;
  snprintf(dir, sizeof dir, "%s/%s", folder, store == NULL ? "" : store);
  if (store != NULL) assert_ok(vms_folder_open(&options.store, dir, 0, &s->w.error));
  assert_ok(vms_client_open(&client, s->host.url, &client_options, &s->w.error));
  int status = vms_download(&copy, client, &options, &s->options, &s->verdict, &s->w.error);
  for (uint32_t i = 0; i < VMS_CORE_COUNT && copy != NULL; i++) s->lengths[i] = vms_core_length(vms_journal_core(vms_copy_journal(copy), i));
  if (status == VMS_OK && copy != NULL) status = vms_audit(vms_copy_journal(copy), &s->options, &s->verdict, &s->w.error);
  vms_client_close(client);
  vms_copy_close(copy);
  vms_folder_close(options.store);
  return status != VMS_OK ? vms_status_name(status) : s->verdict.kind.len == 0 ? "ok" : s->verdict.kind.data;
}

static const char *audit(stage *s, unsigned bend) { return audit_into(s, NULL, bend, PATIENCE_MS); }

/* Of a host that lets time run out: there is little of it, or more if what has to come before took too long. */
static const char *audit_in_vain(stage *s, const char *wanted) {
  const char *kind = "";
  for (uint32_t ms = 800; ms < PATIENCE_MS && strcmp(kind, wanted) != 0; ms *= 6) kind = audit_into(s, NULL, HONEST, ms);
  return kind;
}

static const char *words(const stage *s) { return s->verdict.message.len == 0 ? "" : s->verdict.message.data; }

static void every_bent_head_has_its_word(void **state) {
  stage *s = *state;
  static const struct { unsigned bend; const char *kind; uint32_t verdict; } cases[] = {
    { HONEST, "ok", VMS_VERDICT_OK }, { EARLIER_SHORTER, "ok", VMS_VERDICT_OK }, { HUGE_HEAD, "budget", VMS_VERDICT_INCOMPLETE }, { FORK, "ledger", VMS_VERDICT_FINDING },
    { LEDGER_MANIFEST, "ledger", VMS_VERDICT_FINDING }, { ARCHIVE_MANIFEST, "ledger", VMS_VERDICT_FINDING }, { BLOBS_MANIFEST, "ledger", VMS_VERDICT_FINDING },
    { FORGED_HEAD, "withheld", VMS_VERDICT_INCOMPLETE }, { HEAD_OF_NOTHING, "withheld", VMS_VERDICT_INCOMPLETE }, { NO_HEADS, "withheld", VMS_VERDICT_INCOMPLETE },
    { EARLIER_CONTRADICTS, "fork", VMS_VERDICT_FINDING }, { EARLIER_LONGER, "withheld", VMS_VERDICT_INCOMPLETE }, { LEDGER_CONTRADICTS, "fork", VMS_VERDICT_FINDING },
    { EARLIER_FORGED, "withheld", VMS_VERDICT_INCOMPLETE }, { OLD_LATER, "withheld", VMS_VERDICT_INCOMPLETE },
    { NO_BLOBS_LATER, "withheld", VMS_VERDICT_INCOMPLETE }, { OTHERS_LEDGER, "withheld", VMS_VERDICT_INCOMPLETE }, { OTHERS_ARCHIVE, "withheld", VMS_VERDICT_INCOMPLETE },
  };
  made older;
  of_length(s, &older, honest_length(s, VMS_CORE_LEDGER) - 2, UINT64_MAX);
  s->older = older.journal;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const char *kind = audit(s, cases[i].bend);
    if (strcmp(kind, cases[i].kind) != 0 || s->verdict.verdict != cases[i].verdict) fail_msg("case %zu: %s (%s) instead of %s", i, kind, words(s), cases[i].kind);
  }
  unmake(&older);
}

static void every_bad_manner_has_its_word(void **state) {
  stage *s = *state;
  static const struct { fake_manners manners; const char *kind, *words; } cases[] = {
    { FAKE_NO_STREAM, "VMS_ERR_UNSUPPORTED", "" }, { FAKE_SILENT, "VMS_ERR_TIMEOUT", "" }, { FAKE_GARBAGE, "VMS_ERR_REMOTE", "" },
    { FAKE_GARBAGE_LATER, "withheld", "not the ledger that it signed" }, { FAKE_NO_CORES, "withheld", "does not deliver" }, { FAKE_NO_DATA, "withheld", "does not deliver" },
    { FAKE_MUTE, "withheld", "does not deliver" }, { FAKE_CLOSES, "VMS_ERR_CLOSED", "" }, { FAKE_FLOOD, "VMS_ERR_REMOTE", "" },
  };
  s->host.close_after = 4000;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    s->host.manners = cases[i].manners;
    const char *kind = audit_in_vain(s, cases[i].kind);
    if (strcmp(kind, cases[i].kind) != 0 || strstr(words(s), cases[i].words) == NULL) fail_msg("case %zu: %s (%s, %s) instead of %s", i, kind, words(s), s->w.error.message, cases[i].kind);
  }
}

static void no_byte_of_a_proof_can_be_changed(void **state) {
  stage *s = *state;
  s->host.manners = FAKE_TAMPERS;
  for (uint64_t at = 0; at < 400; at += 7) {
    s->host.tamper_at = at;
    const char *kind = audit_into(s, NULL, HONEST, PATIENCE_MS);
    if (strcmp(kind, "withheld") != 0) fail_msg("byte %d: %s (%s)", (int)at, kind, words(s));
  }
}

static void heads_that_contradict_the_blocks_are_a_finding(void **state) {
  stage *s = *state;
  uint64_t length = honest_length(s, VMS_CORE_LEDGER);
  for (uint64_t more = 0; more < 3; more++) {
    made other;
    of_length(s, &other, length + more, 5);
    s->host.blocks = other.journal;
    assert_string_equal(audit(s, HONEST), "fork");
    assert_int_equal(s->verdict.verdict, VMS_VERDICT_FINDING);
    assert_int_equal(s->verdict.conflict, 0);
    assert_non_null(strstr(words(s), "two signed heads of the ledger"));
    s->host.blocks = s->honest.journal;
    unmake(&other);
  }
}

static void a_head_shorter_than_the_one_shown_is_withheld(void **state) {
  stage *s = *state;
  made other;
  of_length(s, &other, honest_length(s, VMS_CORE_LEDGER) - 2, UINT64_MAX);
  s->host.blocks = other.journal;
  assert_string_equal(audit_in_vain(s, "withheld"), "withheld");
  unmake(&other);
}

static void a_host_that_goes_on_is_judged_by_the_heads_it_showed(void **state) {
  stage *s = *state;
  made shorter;
  of_length(s, &shorter, honest_length(s, VMS_CORE_LEDGER) - 3, UINT64_MAX);
  s->host.heads = shorter.journal;
  s->options.archive_before = 0;
  (void)audit_into(s, "grows", HONEST, PATIENCE_MS); /* the archive is ahead: that is another test's matter */
  assert_int_equal(s->verdict.length, honest_length(s, VMS_CORE_LEDGER) - 3);
  assert_int_equal(s->lengths[VMS_CORE_LEDGER], honest_length(s, VMS_CORE_LEDGER) - 3);
  unmake(&shorter);
}

static void empty_blocks_are_not_free(void **state) {
  stage *s = *state;
  s->options.max_bytes = 128 * 1000000;
  assert_string_equal(audit(s, HUGE_EMPTY), "budget");
  s->options.max_bytes = 8000; /* the honest ledger is larger */
  assert_string_equal(audit(s, HONEST), "budget");
}

static void the_key_in_a_url_is_a_pin(void **state) {
  stage *s = *state;
  vms_buffer url = VMS_BUFFER_INIT;
  uint8_t key[VMS_KEY_LEN];
  for (int wrong = 0; wrong < 2; wrong++) {
    vms_core_key(vms_journal_core(s->honest.journal, VMS_CORE_LEDGER), key);
    key[3] ^= (uint8_t)wrong;
    vms__buf_clear(&url);
    assert_ok(vms__buf_slice(&url, (vms_slice){ s->host.url, strcspn(s->host.url, "#") }));
    assert_ok(vms__buf_text(&url, "#"));
    assert_ok(vms__buf_hex(&url, key, sizeof key));
    snprintf(s->host.url, sizeof s->host.url, "%s", url.data);
    assert_string_equal(audit(s, HONEST), wrong ? "ledger" : "ok");
    assert_int_equal(s->verdict.conflict, wrong);
  }
  vms_buffer_free(&url);
}

/* --- stores ---------------------------------------------------------------------------------------------------------- */

static uint64_t all_blocks(stage *s) {
  return honest_length(s, VMS_CORE_LEDGER) + honest_length(s, VMS_CORE_ARCHIVE) + honest_length(s, VMS_CORE_BLOBS);
}

static void what_is_in_a_store_is_not_fetched_again(void **state) {
  stage *s = *state;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
  assert_int_equal(s->host.blocks_sent, all_blocks(s));
  assert_int_equal(s->host.streams, 1);
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
  assert_int_equal(s->host.blocks_sent, all_blocks(s));
  assert_int_equal(s->host.streams, 1);
}

/* Whoever judges a copy later does not know what was asked when. */
static void no_copy_is_kept_of_heads_that_were_not_published_together(void **state) {
  stage *s = *state;
  assert_string_equal(audit(s, NEVER_STILL), "ok");
  assert_int_equal(s->host.heads_asked, 30);
  assert_string_equal(audit_into(s, "store", NEVER_STILL, PATIENCE_MS), "withheld");
  assert_non_null(strstr(words(s), "published together"));
}

static void only_what_is_new_travels(void **state) {
  stage *s = *state;
  const uint64_t lengths[VMS_CORE_COUNT] = { 12, 11, 10 };
  made shorter;
  variant(s, &shorter, lengths, UINT64_MAX);
  s->host.heads = s->host.blocks = shorter.journal;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
  assert_int_equal(s->host.blocks_sent, 33);
  s->host.heads = s->host.blocks = s->honest.journal;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
  assert_int_equal(s->host.blocks_sent, all_blocks(s));
  unmake(&shorter);
}

/* Blocks that lie in a store. */
static uint64_t stored(stage *s, const char *store) {
  vms_buffer path = VMS_BUFFER_INIT;
  vms_copy *copy;
  uint8_t key[VMS_KEY_LEN];
  uint64_t blocks = 0;
  vms_core_key(vms_journal_core(s->honest.journal, VMS_CORE_LEDGER), key);
  assert_ok(vms__buf_format(&path, "%s/%s/services/", folder, store));
  assert_ok(vms__buf_hex(&path, key, sizeof key));
  assert_ok(vms__buf_text(&path, "/journal"));
  assert_ok(vms_copy_open(&copy, path.data, &s->w.error));
  for (uint32_t i = 0; i < VMS_CORE_COUNT; i++) blocks += vms_core_length(vms_journal_core(vms_copy_journal(copy), i));
  vms_copy_close(copy);
  vms_buffer_free(&path);
  return blocks;
}

static void a_download_goes_on_where_it_stopped(void **state) {
  stage *s = *state;
  uint64_t here, before;
  unsigned tries = 0;
  s->host.manners = FAKE_CLOSES;
  for (s->host.close_after = 2000; tries < 100; tries++, s->host.close_after += 1000) {
    const char *kind = audit_into(s, "store", HONEST, PATIENCE_MS);
    if (strcmp(kind, "ok") == 0) break;
    assert_string_equal(kind, "VMS_ERR_CLOSED");
  }
  assert_in_range(tries, 2, 99);
  s->host.close_after = 8000;
  assert_string_equal(audit_into(s, "other", HONEST, PATIENCE_MS), "VMS_ERR_CLOSED");
  here = stored(s, "other");
  assert_in_range(here, 1, all_blocks(s) - 1);
  before = s->host.blocks_sent;
  s->host.manners = FAKE_HONEST;
  assert_string_equal(audit_into(s, "other", HONEST, PATIENCE_MS), "ok");
  assert_int_equal(s->host.blocks_sent - before, all_blocks(s) - here);
}

static void a_store_convicts_a_host_that_takes_records_away(void **state) {
  stage *s = *state;
  made shorter;
  of_length(s, &shorter, honest_length(s, VMS_CORE_LEDGER) - 1, UINT64_MAX);
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
  s->host.heads = s->host.blocks = shorter.journal;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "fork");
  assert_int_equal(s->verdict.verdict, VMS_VERDICT_FINDING);
  assert_int_equal(s->verdict.conflict, 1);
  assert_int_equal(s->verdict.seq, honest_length(s, VMS_CORE_LEDGER) - 1);
  assert_non_null(strstr(words(s), "records were taken away"));
  unmake(&shorter);
}

/* Anybody on the way can leave an answer out. */
static void a_head_that_is_not_shown_convicts_nobody(void **state) {
  stage *s = *state;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
  assert_string_equal(audit_into(s, "store", NO_BLOBS_LATER, PATIENCE_MS), "withheld");
  assert_int_equal(s->verdict.verdict, VMS_VERDICT_INCOMPLETE);
  assert_int_equal(s->verdict.conflict, 0);
}

static void a_store_convicts_a_host_that_signs_another_history(void **state) {
  stage *s = *state;
  uint64_t length = honest_length(s, VMS_CORE_LEDGER);
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
  for (uint64_t other = length - 1; other < length + 3; other++) {
    made forked;
    of_length(s, &forked, other, 7);
    s->host.heads = s->host.blocks = forked.journal;
    assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "fork");
    assert_int_equal(s->verdict.verdict, VMS_VERDICT_FINDING);
    assert_int_equal(s->verdict.conflict, 1);
    assert_non_null(strstr(words(s), "contradicts the signed head of length"));
    unmake(&forked);
  }
  s->host.heads = s->host.blocks = s->honest.journal; /* and the store is as good as before */
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
}

/* What came under no head that is in the store proves nothing against the host. */
static void an_unfinished_store_convicts_nobody(void **state) {
  stage *s = *state;
  made forked;
  of_length(s, &forked, honest_length(s, VMS_CORE_LEDGER), 0);
  s->host.manners = FAKE_CLOSES;
  s->host.close_after = 12000;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "VMS_ERR_CLOSED");
  s->host.manners = FAKE_HONEST;
  s->host.heads = s->host.blocks = forked.journal;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "VMS_ERR_CORRUPT");
  unmake(&forked);
}

/* A store with a head, and behind it what an update left that did not finish. */
static void an_unfinished_update_does_not_hide_the_head_before_it(void **state) {
  stage *s = *state;
  const uint64_t lengths[VMS_CORE_COUNT] = { 12, 11, 10 };
  static const struct { uint64_t changed; const char *kind; } cases[] = { { 5, "fork" }, { 12, "VMS_ERR_CORRUPT" }, { UINT64_MAX, "ok" } };
  made shorter, forked;
  variant(s, &shorter, lengths, UINT64_MAX);
  s->host.heads = s->host.blocks = shorter.journal;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "ok");
  s->host.heads = s->host.blocks = s->honest.journal;
  s->host.manners = FAKE_CLOSES;
  s->host.close_after = 6000;
  assert_string_equal(audit_into(s, "store", HONEST, PATIENCE_MS), "VMS_ERR_CLOSED");
  s->host.manners = FAKE_HONEST;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    of_length(s, &forked, honest_length(s, VMS_CORE_LEDGER), cases[i].changed);
    s->host.heads = s->host.blocks = forked.journal;
    const char *kind = audit_into(s, "store", HONEST, PATIENCE_MS);
    if (strcmp(kind, cases[i].kind) != 0) fail_msg("case %zu: %s (%s, %s)", i, kind, words(s), s->w.error.message);
    s->host.heads = s->host.blocks = s->honest.journal;
    unmake(&forked);
  }
  unmake(&shorter);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest tests[] = {
    TEST(every_bent_head_has_its_word), TEST(every_bad_manner_has_its_word), TEST(no_byte_of_a_proof_can_be_changed),
    TEST(heads_that_contradict_the_blocks_are_a_finding), TEST(a_head_shorter_than_the_one_shown_is_withheld),
    TEST(a_host_that_goes_on_is_judged_by_the_heads_it_showed), TEST(empty_blocks_are_not_free), TEST(the_key_in_a_url_is_a_pin),
    TEST(what_is_in_a_store_is_not_fetched_again), TEST(no_copy_is_kept_of_heads_that_were_not_published_together),
    TEST(only_what_is_new_travels), TEST(a_download_goes_on_where_it_stopped),
    TEST(a_head_that_is_not_shown_convicts_nobody), TEST(a_store_convicts_a_host_that_takes_records_away), TEST(a_store_convicts_a_host_that_signs_another_history),
    TEST(an_unfinished_store_convicts_nobody), TEST(an_unfinished_update_does_not_hide_the_head_before_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
