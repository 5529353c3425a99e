/* SPDX-License-Identifier: MIT */
/* Downloading: what a replica asks for next goes to the peers that have it; nothing is believed that was not proved. */
#include "session.h"

#define BLOCK_LEN_START (16u << 10) /* what is expected before the first answer */
#define CHECK_ID 0u                 /* npm asks for proofs of a conflict with this one too */
#define LOOKS_MAX 128u              /* searches for something to ask while nothing is under way: two million blocks, or chunks of them that the peer lacks */
#define NOTHING UINT64_MAX

static const uint64_t STRETCH = UINT64_C(1) << VMS__STRETCH_BITS; /* blocks */

vms__download *vms__download_new(vms_replica *replica, const vms_env *env) {
  vms__download *download = vms__alloc(env, sizeof *download);
  if (download == NULL) return NULL;
  download->replica = replica;
  download->env = env;
  return download;
}

void vms__download_free(vms__download *download) {
  vms__download_detach(download);
  vms__free(download->env, download, sizeof *download);
}

static void pages_free(vms__download *download) {
  for (unsigned i = 0; i < VMS__PAGES; i++) {
    vms__free(download->env, download->pages[i], VMS__PAGE_LEN);
    download->pages[i] = NULL;
  }
}

void vms__download_attach(vms__download *download, vms__channel *channel) {
  assert(download->channel == NULL && channel->download == NULL);
  download->channel = channel;
  channel->download = download;
  channel->deaf = false;
  download->ids = channel->ids;
  channel->ids += VMS__ASKED_MAX;
  download->asked_count = download->refused_count = 0;
  download->block_len = BLOCK_LEN_START;
  download->refused_upgrade = download->wanted = false;
  download->news = true;
  download->agreed = download->checking = download->contiguous = download->stretch = 0;
  for (unsigned i = 0; i < VMS__ASKED_MAX; i++) {
    download->free_slots[i] = (uint8_t)(VMS__ASKED_MAX - 1 - i);
    download->used[i] = false;
  }
  vms__channel_due(channel, true, false, true);
}

/* A request is not under way any more. */
static void under_way_end(vms__download *download, unsigned slot) {
  vms_replication *session = download->channel->session;
  download->used[slot] = false;
  if (download->large[slot]) session->large--;
  if (download->batched[slot] && --session->batched == 0) session->wake = session->due = true;
}

void vms__download_detach(vms__download *download) {
  if (download->channel == NULL) return;
  for (unsigned i = 0; i < VMS__ASKED_MAX; i++) {
    if (!download->used[i]) continue;
    under_way_end(download, i);
    vms__replica_lost(download->replica, &download->asked[i]);
  }
  pages_free(download);
  download->channel->download = NULL;
  download->channel = NULL;
}

/* --- what the peer has ------------------------------------------------------------------------------------------ */

static uint8_t *page_of(const vms__download *download, uint64_t seq) {
  return download->pages[(seq & (STRETCH - 1)) >> VMS__PAGE_BITS];
}

/* Where a block stands among those refused; refused_count if it does not. */
static unsigned refused_at(const vms__download *download, uint64_t seq) {
  unsigned i = 0;
  while (i < download->refused_count && download->refused[i] != seq) i++;
  return i;
}

static bool has(void *context, uint64_t seq) {
  vms__download *download = context;
  uint64_t stretch = seq >> VMS__STRETCH_BITS, bit = seq & ((1u << VMS__PAGE_BITS) - 1);
  const uint8_t *page;
  if (refused_at(download, seq) < download->refused_count) return false;
  if (seq < download->contiguous) return true;
  if (download->wanted && stretch == download->stretch) {
    page = page_of(download, seq);
    return page != NULL && (page[bit / 8] >> bit % 8 & 1) != 0;
  }
  if (seq >= download->channel->peer.length) return false;
  if (!download->wanted || stretch > download->stretch) download->missed_ahead = VMS__MIN(download->missed_ahead, stretch);
  else download->missed_behind = VMS__MIN(download->missed_behind, stretch);
  return false;
}

/* Of blocks that fill bytes of one page: a quick look instead of one for each. */
static bool lacks(void *context, uint64_t from, uint64_t to) {
  const vms__download *download = context;
  const uint8_t *page;
  bool any = false;
  assert(from >> VMS__PAGE_BITS == (to - 1) >> VMS__PAGE_BITS && from % 8 == 0 && to % 8 == 0);
  if (from < download->contiguous || !download->wanted || from >> VMS__STRETCH_BITS != download->stretch) return false;
  page = page_of(download, from);
  if (page == NULL) return true;
  page += (from & ((1u << VMS__PAGE_BITS) - 1)) / 8;
  for (uint64_t i = 0; i < (to - from) / 8; i++) any |= page[i] != 0;
  return !any;
}

/* Bits from..to-1 of a page. */
static void bits_set(uint8_t *page, size_t from, size_t to, bool there) {
  size_t first = (from + 7) / 8, last = to / 8; /* whole bytes in between */
  uint8_t head = (uint8_t)(0xff << from % 8), tail = (uint8_t)~(0xff << to % 8);
  if (first > last) head &= tail; /* all in one byte */
  if (from % 8 != 0) page[from / 8] = (uint8_t)(there ? page[from / 8] | head : page[from / 8] & ~head);
  if (last > first) memset(page + first, there ? 0xff : 0, last - first);
  if (to % 8 != 0 && first <= last) page[last] = (uint8_t)(there ? page[last] | tail : page[last] & ~tail);
}

/* Notes what the peer has, or has not, in [start, end); only what lies in the stretch that we asked about. */
static int mark(vms__download *download, uint64_t start, uint64_t end, bool there, vms_error *error) {
  const uint64_t first = download->stretch << VMS__STRETCH_BITS, page_blocks = UINT64_C(1) << VMS__PAGE_BITS;
  if (!download->wanted) return VMS_OK;
  start = VMS__MAX(start, first);
  end = VMS__MIN(end, first + STRETCH);
  for (uint64_t next; start < end; start = next) {
    uint8_t **page = &download->pages[(start - first) >> VMS__PAGE_BITS];
    uint64_t base = start & ~(page_blocks - 1);
    next = VMS__MIN(end, base + page_blocks);
    if (*page == NULL && there && (*page = vms__alloc(download->env, VMS__PAGE_LEN)) == NULL) return vms__session_nomem(error);
    if (*page != NULL) bits_set(*page, (size_t)(start - base), (size_t)(next - base), there);
  }
  return VMS_OK;
}

/* From block `seq` on nothing is known any more but what the bitmap says. */
static int shorten(vms__download *download, uint64_t seq, vms_error *error) {
  uint64_t end = download->contiguous;
  if (seq >= end) return VMS_OK;
  download->contiguous = seq;
  return mark(download, seq, end, true, error);
}

static void refused_forget(vms__download *download, uint64_t seq) {
  unsigned at = refused_at(download, seq);
  if (at < download->refused_count) download->refused[at] = download->refused[--download->refused_count];
}

void vms__download_heard(vms__download *download) {
  download->refused_upgrade = false;
  download->news = true;
  vms__channel_due(download->channel, false, false, true);
}

int vms__download_range(vms__download *download, vms_slice payload, vms_error *error) {
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  vms__range range;
  uint64_t end;
  int status = VMS_OK;
  if (!vms__range_read(&reader, &range)) return vms__session_malformed("range", error);
  end = range.start + range.length; /* both below 2^53 */
  vms__download_heard(download);
  if (range.length == 1 && !range.drop) refused_forget(download, range.start); /* it was late */
  if (range.drop) status = shorten(download, range.start, error);
  else if (range.start <= download->contiguous) download->contiguous = VMS__MAX(download->contiguous, end);
  return status == VMS_OK ? mark(download, range.start, end, !range.drop, error) : status;
}

int vms__download_bitfield(vms__download *download, vms_slice payload, vms_error *error) {
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  const uint64_t first = download->stretch << VMS__STRETCH_BITS;
  vms__bitfield bits;
  int status;
  if (!vms__bitfield_read(&reader, &bits) || bits.start % 32 != 0) return vms__session_malformed("bitfield", error);
  vms__channel_due(download->channel, false, false, true);
  if (!download->wanted) return VMS_OK;
  status = shorten(download, bits.start, error); /* a bitfield is the truth */
  for (size_t i = 0; status == VMS_OK && i < bits.words.len; i++) {
    uint64_t seq = bits.start + 8 * (uint64_t)i, bit = seq & ((1u << VMS__PAGE_BITS) - 1);
    uint8_t **page, byte = (uint8_t)bits.words.data[i];
    if (seq < first || seq >= first + STRETCH) continue;
    page = &download->pages[(seq - first) >> VMS__PAGE_BITS];
    if (*page == NULL && byte != 0 && (*page = vms__alloc(download->env, VMS__PAGE_LEN)) == NULL) return vms__session_nomem(error);
    if (*page != NULL) (*page)[bit / 8] = byte;
  }
  return status;
}

/* Asks what the peer has in the next stretch where that would help. Going back to an earlier one waits for news: two stretches in which the peer
 * has nothing for us would alternate for ever. */
static int want_more(vms__download *download, vms_error *error) {
  vms_buffer *message = &download->channel->session->scratch;
  bool back = download->missed_ahead == NOTHING;
  uint64_t stretch = back ? download->missed_behind : download->missed_ahead;
  vms__want want = { download->stretch << VMS__STRETCH_BITS, STRETCH, false };
  if (stretch == NOTHING || (back && !download->news)) return VMS_OK;
  if (back) download->news = false;
  vms__buf_clear(message);
  if (download->wanted && (vms__want_write(message, &want) != VMS_OK ||
                           vms__session_send(download->channel, VMS__MSG_UNWANT, vms__buf_view(message)) != VMS_OK))
    return vms__session_nomem(error);
  pages_free(download);
  download->wanted = true;
  download->stretch = stretch;
  want.start = stretch << VMS__STRETCH_BITS;
  vms__buf_clear(message);
  if (vms__want_write(message, &want) != VMS_OK ||
      vms__session_send(download->channel, VMS__MSG_WANT, vms__buf_view(message)) != VMS_OK)
    return vms__session_nomem(error);
  return VMS_OK;
}

/* --- asking ----------------------------------------------------------------------------------------------------------- */

static int send_request(vms__download *download, const vms_proof_request *request, vms_error *error) {
  vms_buffer *message = &download->channel->session->scratch;
  vms__buf_clear(message);
  if (vms_proof_request_write(message, request) != VMS_OK ||
      vms__session_send(download->channel, VMS__MSG_REQUEST, vms__buf_view(message)) != VMS_OK)
    return vms__session_nomem(error);
  return VMS_OK;
}

/* Once somebody else's head was taken over, or one is held since an earlier session: does this peer have the same blocks under it? If it signed
 * others, that is worth more than "a hash does not fit" of the first block that tells. */
static int ask_agreement(vms__download *download, vms_error *error) {
  const vms__sync *peer = &download->channel->peer;
  uint64_t length = vms_replica_length(download->replica);
  vms_proof_request request = { VMS_PROOF_UPGRADE, 0, CHECK_ID, peer->fork, 0, 0, 0, 0, 0, 0, 0, length };
  if (length == 0 || download->checking != 0 || download->agreed >= length || peer->length < length ||
      peer->fork != vms_replica_fork(download->replica))
    return VMS_OK;
  download->checking = length;
  vms_replica_tree_hash(download->replica, download->checking_hash);
  return send_request(download, &request, error);
}

static uint32_t asked_max(const vms__download *download) {
  uint32_t count = VMS__ASKED_BYTES / VMS__MAX(download->block_len, 1u);
  return VMS__MAX(1u, VMS__MIN(count, VMS__ASKED_MAX));
}

static vms__peer_has peer_view(vms__download *download) {
  const vms__sync *peer = &download->channel->peer;
  uint64_t own = vms_replica_length(download->replica);
  vms__peer_has view = { download, has, peer->fork, peer->length, lacks };
  /* A peer that cannot give an upgrade, or just refused one, may still have blocks under our head. */
  if (download->refused_upgrade || (own > 0 && (peer->flags & VMS__SYNC_CAN_UPGRADE) == 0)) view.length = VMS__MIN(view.length, own);
  return view;
}

/* May the answer be large? */
static bool is_large(const vms__download *download, const vms_proof_request *next) {
  return (next->flags & VMS_PROOF_BLOCK) != 0 && vms__replica_block_max(download->replica, next->block_index) > VMS__LARGE_LEN;
}

static int ask_next(vms__download *download, const vms_proof_request *next, bool large, vms_error *error) {
  vms_replication *session = download->channel->session;
  unsigned slot = download->free_slots[VMS__ASKED_MAX - 1 - download->asked_count++];
  download->used[slot] = true;
  download->large[slot] = large;
  download->batched[slot] = session->careful == 0;
  if (large) session->large++;
  if (session->careful == 0) session->batched++;
  download->asked[slot] = *next;
  download->asked[slot].id = download->ids + slot + 1;
  return send_request(download, &download->asked[slot], error);
}

int vms__download_ask(vms__download *download, vms_error *error) {
  vms_replication *session = download->channel->session;
  uint32_t max = asked_max(download), looks = 0;
  vms_proof_request next;
  bool more = true;
  int status;
  if (!download->channel->heard || (download->channel->peer.flags & VMS__SYNC_UPLOADING) == 0 || download->refused_count == VMS__REFUSED_MAX)
    return VMS_OK;
  status = ask_agreement(download, error);
  /* Half a window at a time: so requests travel in batches and answers come back in batches. */
  if (status != VMS_OK || download->asked_count > max / 2) return status;
  download->missed_ahead = download->missed_behind = NOTHING;
  while (status == VMS_OK && download->asked_count < max) {
    vms__peer_has peer = peer_view(download);
    bool large;
    /* A search among what the peer does not have gives up after a while and goes on there the next time. */
    do more = vms__replica_next(download->replica, &peer, &next);
    while (!more && vms__replica_cut(download->replica) && download->asked_count == 0 && ++looks < LOOKS_MAX);
    if (!more) break;
    looks = 0;
    large = is_large(download, &next);
    if (large) session->careful = VMS__CAREFUL;
    if (large && session->batched > 0) { /* once those are answered */
      vms__replica_lost(download->replica, &next);
      break;
    }
    status = ask_next(download, &next, large, error);
  }
  if (status == VMS_OK && !more && (download->asked_count == 0 || !download->wanted)) status = want_more(download, error);
  return status;
}

/* --- answers ------------------------------------------------------------------------------------------------------- */

int vms__conflict_check(const vms_env *env, const vms__proof *proof, const uint8_t key[VMS_KEY_LEN], vms_slice manifest,
                        const uint8_t tree_hash[VMS_HASH_LEN], vms_error *error) {
  vms__verifier verifier = { NULL, NULL, key, manifest, proof->fork, 0, { { 0 } }, 0 };
  vms__node roots[VMS__ROOTS_MAX];
  vms__node_list list = proof->upgrade_nodes;
  vms__verified verified;
  vms_error why;
  uint8_t hash[VMS_HASH_LEN];
  unsigned count = 0;
  int status;
  memset(&verified, 0, sizeof verified);
  vms_buffer_init(&verified.nodes, env);
  status = vms__proof_verify(&verifier, proof, &verified, &why);
  vms_buffer_free(&verified.nodes);
  if (status == VMS_ERR_NOMEM) return vms__session_nomem(error);
  if (status != VMS_OK) return vms__fail(error, VMS_ERR_REMOTE, 0, "the peer's proof of its head is wrong: %s", why.message);
  while (count < VMS__ROOTS_MAX && vms__next_node(&list, &roots[count])) count++;
  vms__tree_hash(roots, count, hash);
  if (memcmp(hash, tree_hash, sizeof hash) == 0) return VMS_OK;
  return vms__fail(error, VMS_ERR_FOREIGN, proof->upgrade_length,
                   "two signed heads contradict each other: fork %llu, the first %llu blocks",
                   (unsigned long long)proof->fork, (unsigned long long)proof->upgrade_length);
}

/* A proof of the peer's head from the first block on: asked for by ask_agreement(), or sent by an npm peer that saw two heads. */
static int data_agreement(vms__download *download, const vms__proof *proof, vms_error *error) {
  uint64_t length = download->checking;
  uint8_t key[VMS_KEY_LEN];
  bool asked = length != 0, whole;
  int status;
  if (!asked) {
    if (++download->channel->session->unasked > VMS__UNASKED_MAX) return vms__session_unasked(error);
    length = vms_replica_length(download->replica);
    vms_replica_tree_hash(download->replica, download->checking_hash);
  }
  download->checking = 0;
  whole = (proof->flags & VMS_PROOF_UPGRADE) != 0 && proof->upgrade_start == 0 && proof->upgrade_length == length;
  if (!whole || length == 0 || proof->fork != vms_replica_fork(download->replica)) {
    if (asked) download->agreed = VMS__MAX(download->agreed, length); /* it cannot tell: its blocks will */
    return VMS_OK;
  }
  vms_replica_key(download->replica, key);
  status = vms__conflict_check(download->env, proof, key, vms_replica_manifest(download->replica), download->checking_hash, error);
  if (status == VMS_OK) download->agreed = VMS__MAX(download->agreed, length);
  return status;
}

/* The slot of a request under way; VMS__ASKED_MAX if there is none with this id. */
static unsigned slot_of(const vms__download *download, uint64_t id) {
  uint64_t slot = id - download->ids - 1;
  return id > download->ids && slot < VMS__ASKED_MAX && download->used[slot] ? (unsigned)slot : VMS__ASKED_MAX;
}

static void slot_release(vms__download *download, unsigned slot) {
  vms_replication *session = download->channel->session;
  under_way_end(download, slot);
  if (session->careful > 0 && session->large == 0 && session->batched == 0) session->careful--;
  download->free_slots[VMS__ASKED_MAX - download->asked_count--] = (uint8_t)slot;
}

#define QUESTIONS (VMS_PROOF_BLOCK | VMS_PROOF_HASH | VMS_PROOF_SEEK | VMS_PROOF_UPGRADE)

/* Does the answer hold nothing but what was asked? It may hold less; of a core with a prologue, npm upgrades to that first, and to the rest by
 * additional nodes. */
static bool fits(const vms_proof_request *request, const vms__proof *proof) {
  uint32_t given = proof->flags & QUESTIONS;
  return (given & ~request->flags) == 0 && proof->fork == request->fork &&
         ((given & VMS_PROOF_BLOCK) == 0 || proof->block_index == request->block_index) &&
         ((given & VMS_PROOF_HASH) == 0 || proof->hash_index == request->hash_index) &&
         ((given & VMS_PROOF_SEEK) == 0 || proof->seek_bytes == request->seek_bytes) &&
         ((given & VMS_PROOF_UPGRADE) == 0 || (proof->upgrade_start == request->upgrade_start && proof->upgrade_length <= request->upgrade_length));
}

/* What was asked for does not come from this peer, whatever it said before. */
static int refused(vms__download *download, const vms_proof_request *request) {
  if ((request->flags & VMS_PROOF_UPGRADE) != 0) download->refused_upgrade = true;
  if ((request->flags & VMS_PROOF_BLOCK) != 0 && download->refused_count < VMS__REFUSED_MAX)
    download->refused[download->refused_count++] = request->block_index;
  vms__replica_lost(download->replica, request);
  return VMS_OK;
}

/* A status of vms_replica_feed() in the session's words: whose fault is it? */
static int judge(int status, const vms_error *why, vms_error *error) {
  switch (status) {
    case VMS_OK: return VMS_OK;
    case VMS_ERR_EXISTS: case VMS_ERR_LIMIT: case VMS_ERR_UNSUPPORTED: case VMS_ERR_IO: case VMS_ERR_FULL: case VMS_ERR_NOMEM:
      return vms__fail(error, status, why->position, "%s", why->message);
    default: return vms__fail(error, VMS_ERR_REMOTE, why->position, "the peer's proof is wrong: %s", why->message);
  }
}

static int take_over(vms__download *download, const vms_proof_request *request, const vms__proof *proof, vms_slice payload, vms_error *error) {
  uint32_t missing = request->flags & QUESTIONS & ~proof->flags;
  uint64_t length = vms_replica_length(download->replica);
  vms_error why = { 0 };
  int status;
  if ((proof->flags & QUESTIONS) == 0) return refused(download, request);
  status = vms_replica_feed(download->replica, payload.data, payload.len, &why);
  if (status != VMS_OK) {
    vms__replica_lost(download->replica, request);
    return judge(status, &why, error);
  }
  if ((proof->flags & VMS_PROOF_UPGRADE) != 0) {
    download->agreed = vms_replica_length(download->replica);
    if (download->agreed == length) download->refused_upgrade = true; /* nothing new: asking again would bring the same */
    vms__channel_due(download->channel, true, false, true);
  }
  if (missing != 0) return refused(download, request);
  /* A mean that follows quickly: large blocks come in rows. */
  download->block_len = (uint32_t)((3 * (uint64_t)download->block_len + VMS__MIN(payload.len, VMS__ASKED_BYTES)) / 4);
  return VMS_OK;
}

int vms__download_data(vms__download *download, vms_slice payload, vms_error *error) {
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  vms_proof_request request;
  vms__proof proof;
  unsigned slot;
  if (!vms__proof_read(&reader, &proof)) return vms__session_malformed("data", error);
  vms__channel_due(download->channel, false, false, true);
  if (proof.id == CHECK_ID) return data_agreement(download, &proof, error);
  slot = slot_of(download, proof.id);
  if (proof.id <= download->ids) return VMS_OK; /* to a download that was stopped */
  if (slot == VMS__ASKED_MAX) return vms__session_unasked(error);
  request = download->asked[slot];
  slot_release(download, slot);
  if (!fits(&request, &proof)) {
    vms__replica_lost(download->replica, &request);
    return vms__fail(error, VMS_ERR_REMOTE, proof.id, "the peer answered another question than request %llu", (unsigned long long)proof.id);
  }
  return take_over(download, &request, &proof, payload, error);
}

int vms__download_no_data(vms__download *download, vms_slice payload, vms_error *error) {
  vms__reader reader = vms__reader_over(payload.data, payload.len);
  vms__no_data message;
  unsigned slot;
  if (!vms__no_data_read(&reader, &message)) return vms__session_malformed("noData", error);
  vms__channel_due(download->channel, false, false, true);
  if (message.id == CHECK_ID) {
    download->agreed = VMS__MAX(download->agreed, download->checking);
    download->checking = 0;
    return VMS_OK;
  }
  slot = slot_of(download, message.id);
  if (message.id <= download->ids) return VMS_OK;
  if (slot == VMS__ASKED_MAX) return vms__session_unasked(error);
  slot_release(download, slot);
  return refused(download, &download->asked[slot]);
}
