/* SPDX-License-Identifier: MIT */
/* An encrypted stream of messages over a stream of bytes: frames, Noise_XX_Ed25519_ChaChaPoly_BLAKE2b, secretstream
 * (doc/replication.md). Every frame is three bytes of length, little endian, and a body:
 *
 *   initiator                                responder
 *   e                          32  ->
 *                                  <-  96    e, ee, s, es
 *   s, se                      64  ->
 *   stream id, header          56  ->  <-    stream id, header
 *   secretstream               17+ ->  <-    secretstream ...
 *
 * Messages are encrypted and decrypted where they lie, one byte into their frame; libsodium's stream cipher does so, and
 * every npm peer uses it so. */
#include "replication.h"

#include <sodium.h>

#define LENGTH_LEN 3u
#define KEY_LEN 32u
#define HASH_LEN 64u  /* BLAKE2b-512 */
#define BLOCK_LEN 128u /* of BLAKE2b, as HMAC wants it */
#define MAC_LEN 16u
#define OVERHEAD 17u  /* tag and authentication of a message */
#define HEADER_LEN 24u
#define PEER_HEADER_LEN (KEY_LEN + HEADER_LEN) /* stream id, then secretstream's header */
#define HELLO_LEN KEY_LEN
#define ANSWER_LEN (KEY_LEN + KEY_LEN + MAC_LEN + MAC_LEN)
#define PROOF_LEN (KEY_LEN + MAC_LEN + MAC_LEN)
#define INPUT_KEPT_MAX (16u << 10) /* bytes of memory for input that a quiet stream keeps */

static_assert(OVERHEAD == crypto_secretstream_xchacha20poly1305_ABYTES, "what a message takes more");
static_assert(OVERHEAD + LENGTH_LEN == VMS__FRAME_OVERHEAD, "as replication.h has it");
static_assert(HEADER_LEN == crypto_secretstream_xchacha20poly1305_HEADERBYTES, "secretstream's header");
static_assert(KEY_LEN == crypto_secretstream_xchacha20poly1305_KEYBYTES && KEY_LEN == crypto_aead_chacha20poly1305_ietf_KEYBYTES, "keys");
static_assert(MAC_LEN == crypto_aead_chacha20poly1305_ietf_ABYTES, "Noise's authentication");
static_assert(HASH_LEN == crypto_generichash_BYTES_MAX, "Noise's hash");
static_assert(sizeof "Noise_XX_Ed25519_ChaChaPoly_BLAKE2b" - 1 <= HASH_LEN, "then h is the name, zero-padded");

typedef struct key_pair {
  uint8_t public_key[KEY_LEN];
  uint8_t scalar[KEY_LEN]; /* clamped */
} key_pair;

/* The symmetric state of Noise. */
typedef struct noise {
  uint8_t hash[HASH_LEN], chaining[HASH_LEN];
  uint8_t key[KEY_LEN];
  uint64_t nonce;
  bool has_key;
} noise;

/* What the peer's next frame has to be. */
enum { WANT_HELLO, WANT_ANSWER, WANT_PROOF, WANT_HEADER, WANT_MESSAGE };

struct vms__stream {
  const vms_env *env;
  bool initiator, open;
  unsigned want;
  uint64_t handled; /* bytes of input */
  vms_buffer input, output;
  size_t at; /* the first byte of input that was not handled */
  noise noise;
  key_pair own, ephemeral;
  uint8_t peer_ephemeral[KEY_LEN];
  uint8_t header[HEADER_LEN], peer_key[KEY_LEN];
  uint8_t handshake_hash[HASH_LEN];
  crypto_secretstream_xchacha20poly1305_state push, pull;
};

/* --- Noise ---------------------------------------------------------------------------------------------- */

static void hmac(const uint8_t key[HASH_LEN], const void *a, size_t a_len, const void *b, size_t b_len, uint8_t mac[HASH_LEN]) {
  uint8_t pad[BLOCK_LEN], inner[HASH_LEN];
  crypto_generichash_state state;
  for (size_t i = 0; i < sizeof pad; i++) pad[i] = (uint8_t)((i < HASH_LEN ? key[i] : 0) ^ 0x36);
  crypto_generichash_init(&state, NULL, 0, HASH_LEN);
  crypto_generichash_update(&state, pad, sizeof pad);
  if (a_len > 0) crypto_generichash_update(&state, a, a_len);
  if (b_len > 0) crypto_generichash_update(&state, b, b_len);
  crypto_generichash_final(&state, inner, sizeof inner);
  for (size_t i = 0; i < sizeof pad; i++) pad[i] ^= 0x36 ^ 0x5c;
  crypto_generichash_init(&state, NULL, 0, HASH_LEN);
  crypto_generichash_update(&state, pad, sizeof pad);
  crypto_generichash_update(&state, inner, sizeof inner);
  crypto_generichash_final(&state, mac, HASH_LEN);
  vms__crypto_wipe(pad, sizeof pad);
  vms__crypto_wipe(inner, sizeof inner);
  vms__crypto_wipe(&state, sizeof state);
}

/* Noise's HKDF with two outputs; `first` may be the chaining key. */
static void derive(const uint8_t chaining[HASH_LEN], const void *input, size_t len, uint8_t first[HASH_LEN], uint8_t second[HASH_LEN]) {
  static const uint8_t one = 1, two = 2;
  uint8_t extracted[HASH_LEN];
  hmac(chaining, input, len, NULL, 0, extracted);
  hmac(extracted, &one, 1, NULL, 0, first);
  hmac(extracted, first, HASH_LEN, &two, 1, second);
  vms__crypto_wipe(extracted, sizeof extracted);
}

static void mix_hash(noise *state, const void *bytes, size_t len) {
  crypto_generichash_state hash;
  crypto_generichash_init(&hash, NULL, 0, HASH_LEN);
  crypto_generichash_update(&hash, state->hash, HASH_LEN);
  if (len > 0) crypto_generichash_update(&hash, bytes, len);
  crypto_generichash_final(&hash, state->hash, HASH_LEN);
}

/* Mixes in what the pair and the peer's public key have in common. False for a point that is none, or of small order. */
static bool mix_key(noise *state, const key_pair *pair, const uint8_t public_key[KEY_LEN]) {
  uint8_t shared[KEY_LEN], key[HASH_LEN];
  bool good = crypto_scalarmult_ed25519_noclamp(shared, pair->scalar, public_key) == 0;
  if (good) {
    derive(state->chaining, shared, sizeof shared, state->chaining, key);
    memcpy(state->key, key, KEY_LEN);
    state->nonce = 0;
    state->has_key = true;
  }
  vms__crypto_wipe(shared, sizeof shared);
  vms__crypto_wipe(key, sizeof key);
  return good;
}

static void next_nonce(noise *state, uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES]) {
  memset(nonce, 0, 4);
  vms__put_u64(nonce + 4, state->nonce++);
}

/* Encrypts len bytes; sealed has room for MAC_LEN more. */
static void seal(noise *state, const uint8_t *bytes, size_t len, uint8_t *sealed) {
  uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
  assert(state->has_key);
  next_nonce(state, nonce);
  crypto_aead_chacha20poly1305_ietf_encrypt(sealed, NULL, bytes, len, state->hash, HASH_LEN, NULL, nonce, state->key);
  mix_hash(state, sealed, len + MAC_LEN);
}

/* The other way; len counts the plain bytes. */
static bool unseal(noise *state, const uint8_t *sealed, size_t len, uint8_t *bytes) {
  uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
  assert(state->has_key);
  next_nonce(state, nonce);
  if (crypto_aead_chacha20poly1305_ietf_decrypt(bytes, NULL, NULL, sealed, len + MAC_LEN, state->hash, HASH_LEN, nonce, state->key) != 0)
    return false;
  mix_hash(state, sealed, len + MAC_LEN);
  return true;
}

static void noise_init(noise *state) {
  static const char name[] = "Noise_XX_Ed25519_ChaChaPoly_BLAKE2b";
  memset(state, 0, sizeof *state);
  memcpy(state->hash, name, sizeof name - 1);
  memcpy(state->chaining, state->hash, HASH_LEN);
  mix_hash(state, NULL, 0); /* the prologue, which is empty */
}

/* --- frames --------------------------------------------------------------------------------------------------- */

/* Room for a frame at the end of the output, its length filled in; NULL if there is no memory. */
static uint8_t *frame_begin(vms__stream *stream, size_t len) {
  uint8_t *frame;
  assert(len <= VMS__STREAM_FRAME_MAX);
  if (vms__buf_reserve(&stream->output, LENGTH_LEN + len) != VMS_OK) return NULL;
  frame = (uint8_t *)stream->output.data + stream->output.len;
  for (unsigned i = 0; i < LENGTH_LEN; i++) frame[i] = (uint8_t)(len >> 8 * i);
  return frame + LENGTH_LEN;
}

static void frame_end(vms__stream *stream, size_t len) {
  stream->output.len += LENGTH_LEN + len;
  stream->output.data[stream->output.len] = 0;
}

/* --- the handshake: each step reads a frame of ours and may answer --------------------------------------------------- */

static int send_hello(vms__stream *stream) {
  uint8_t *body = frame_begin(stream, HELLO_LEN);
  if (body == NULL) return VMS_ERR_NOMEM;
  memcpy(body, stream->ephemeral.public_key, KEY_LEN);
  mix_hash(&stream->noise, body, KEY_LEN);
  mix_hash(&stream->noise, NULL, 0); /* the payload, which is empty */
  frame_end(stream, HELLO_LEN);
  return VMS_OK;
}

static void stream_id(const vms__stream *stream, bool initiator, uint8_t id[KEY_LEN]) {
  uint8_t space[VMS__NAMESPACE_LEN];
  vms__namespace("hyperswarm/secret-stream", initiator ? 0 : 1, space);
  vms__crypto_hash_keyed(stream->handshake_hash, HASH_LEN, space, sizeof space, id);
}

/* Ends the handshake: keys for both directions, and our header. */
static int send_header(vms__stream *stream) {
  uint8_t keys[2][HASH_LEN], *body = frame_begin(stream, PEER_HEADER_LEN);
  if (body == NULL) return VMS_ERR_NOMEM;
  memcpy(stream->handshake_hash, stream->noise.hash, HASH_LEN);
  derive(stream->noise.chaining, NULL, 0, keys[0], keys[1]);
  memcpy(stream->peer_key, keys[stream->initiator ? 1 : 0], KEY_LEN);
  stream_id(stream, stream->initiator, body);
  memcpy(body + KEY_LEN, stream->header, HEADER_LEN);
  /* init_push would draw the header itself. Beyond that both make the same state of it, so the sender may pull too: and what
   * is sent depends on env's entropy alone. */
  crypto_secretstream_xchacha20poly1305_init_pull(&stream->push, stream->header, keys[stream->initiator ? 0 : 1]);
  frame_end(stream, PEER_HEADER_LEN);
  vms__crypto_wipe(keys, sizeof keys);
  vms__crypto_wipe(&stream->noise, sizeof stream->noise);
  vms__crypto_wipe(&stream->own, sizeof stream->own);
  vms__crypto_wipe(&stream->ephemeral, sizeof stream->ephemeral);
  stream->open = true;
  stream->want = WANT_HEADER;
  return VMS_OK;
}

static int broken(const vms__stream *stream, vms_error *error, const char *what) {
  return vms__fail(error, VMS_ERR_REMOTE, stream->handled, "the handshake failed: %s", what);
}

static int no_memory(const vms__stream *stream, vms_error *error) {
  return vms__fail(error, VMS_ERR_NOMEM, stream->handled, "out of memory for an encrypted stream");
}

static int take_hello(vms__stream *stream, const uint8_t *body, vms_error *error) {
  noise *state = &stream->noise;
  uint8_t *answer = frame_begin(stream, ANSWER_LEN);
  if (answer == NULL) return no_memory(stream, error);
  memcpy(stream->peer_ephemeral, body, KEY_LEN);
  mix_hash(state, body, KEY_LEN);
  mix_hash(state, NULL, 0);
  memcpy(answer, stream->ephemeral.public_key, KEY_LEN);
  mix_hash(state, answer, KEY_LEN);
  if (!mix_key(state, &stream->ephemeral, stream->peer_ephemeral)) return broken(stream, error, "no good ephemeral key");
  seal(state, stream->own.public_key, KEY_LEN, answer + KEY_LEN);
  if (!mix_key(state, &stream->own, stream->peer_ephemeral)) return broken(stream, error, "no good ephemeral key");
  seal(state, NULL, 0, answer + ANSWER_LEN - MAC_LEN);
  frame_end(stream, ANSWER_LEN);
  stream->want = WANT_PROOF;
  return VMS_OK;
}

static int take_answer(vms__stream *stream, const uint8_t *body, vms_error *error) {
  noise *state = &stream->noise;
  uint8_t peer_static[KEY_LEN], *proof;
  mix_hash(state, body, KEY_LEN);
  if (!mix_key(state, &stream->ephemeral, body)) return broken(stream, error, "no good ephemeral key");
  if (!unseal(state, body + KEY_LEN, KEY_LEN, peer_static)) return broken(stream, error, "the peer's key does not decrypt");
  if (!mix_key(state, &stream->ephemeral, peer_static)) return broken(stream, error, "no good key");
  if (!unseal(state, body + ANSWER_LEN - MAC_LEN, 0, peer_static)) return broken(stream, error, "the peer does not have its key");
  proof = frame_begin(stream, PROOF_LEN);
  if (proof == NULL) return no_memory(stream, error);
  seal(state, stream->own.public_key, KEY_LEN, proof);
  if (!mix_key(state, &stream->own, body)) return broken(stream, error, "no good ephemeral key");
  seal(state, NULL, 0, proof + PROOF_LEN - MAC_LEN);
  frame_end(stream, PROOF_LEN);
  return send_header(stream) == VMS_OK ? VMS_OK : no_memory(stream, error);
}

static int take_proof(vms__stream *stream, const uint8_t *body, vms_error *error) {
  uint8_t peer_static[KEY_LEN];
  if (!unseal(&stream->noise, body, KEY_LEN, peer_static)) return broken(stream, error, "the peer's key does not decrypt");
  if (!mix_key(&stream->noise, &stream->ephemeral, peer_static)) return broken(stream, error, "no good key");
  if (!unseal(&stream->noise, body + PROOF_LEN - MAC_LEN, 0, peer_static)) return broken(stream, error, "the peer does not have its key");
  return send_header(stream) == VMS_OK ? VMS_OK : no_memory(stream, error);
}

static int take_header(vms__stream *stream, const uint8_t *body, vms_error *error) {
  uint8_t id[KEY_LEN];
  stream_id(stream, !stream->initiator, id);
  if (!vms__crypto_equal(id, body, sizeof id)) return broken(stream, error, "another stream's id");
  crypto_secretstream_xchacha20poly1305_init_pull(&stream->pull, body + KEY_LEN, stream->peer_key);
  vms__crypto_wipe(stream->peer_key, sizeof stream->peer_key);
  stream->want = WANT_MESSAGE;
  return VMS_OK;
}

/* Every step of the handshake: how long its frame is, and what to do with it. */
static const struct {
  size_t len;
  int (*take)(vms__stream *stream, const uint8_t *body, vms_error *error);
} steps[] = {
  [WANT_HELLO] = { HELLO_LEN, take_hello },
  [WANT_ANSWER] = { ANSWER_LEN, take_answer },
  [WANT_PROOF] = { PROOF_LEN, take_proof },
  [WANT_HEADER] = { PEER_HEADER_LEN, take_header },
};

/* --- messages ------------------------------------------------------------------------------------------------------------ */

/* The next whole frame's body; NULL if it is not all there yet. */
static int next_frame(vms__stream *stream, uint32_t frame_max, uint8_t **body, size_t *len, vms_error *error) {
  const uint8_t *frame;
  size_t left = vms__stream_held(stream);
  *body = NULL;
  if (left < LENGTH_LEN) return VMS_OK;
  frame = (const uint8_t *)stream->input.data + stream->at;
  *len = (size_t)frame[0] | (size_t)frame[1] << 8 | (size_t)frame[2] << 16;
  if (stream->want != WANT_MESSAGE && *len != steps[stream->want].len)
    return vms__fail(error, VMS_ERR_REMOTE, stream->handled, "not a Hypercore peer: a frame of %zu bytes where the handshake has %zu", *len,
                     steps[stream->want].len);
  if (stream->want == WANT_MESSAGE && *len < OVERHEAD)
    return vms__fail(error, VMS_ERR_REMOTE, stream->handled, "a frame of %zu bytes is too short", *len);
  if (stream->want == WANT_MESSAGE && *len > frame_max)
    return vms__fail(error, VMS_ERR_REMOTE, stream->handled, "a frame of %zu bytes, the limit is %u", *len, (unsigned)frame_max);
  if (left - LENGTH_LEN < *len) return VMS_OK;
  *body = (uint8_t *)stream->input.data + stream->at + LENGTH_LEN;
  return VMS_OK;
}

static int decrypt(vms__stream *stream, uint8_t *body, size_t len, vms_slice *message, vms_error *error) {
  unsigned long long plain_len;
  unsigned char tag;
  if (crypto_secretstream_xchacha20poly1305_pull(&stream->pull, body + 1, &plain_len, &tag, body, len, NULL, 0) != 0)
    return vms__fail(error, VMS_ERR_REMOTE, stream->handled, "a frame that does not decrypt");
  assert(plain_len == len - OVERHEAD);
  if (tag != crypto_secretstream_xchacha20poly1305_TAG_MESSAGE)
    return vms__fail(error, VMS_ERR_REMOTE, stream->handled, "a frame of kind %u, which nobody sends", (unsigned)tag);
  if (plain_len > 0) *message = (vms_slice){ (const char *)body + 1, (size_t)plain_len };
  return VMS_OK;
}

static int draw(const vms_env *env, uint8_t *bytes, size_t len) {
  return env->entropy(env->context, bytes, len) == VMS_OK ? VMS_OK : VMS_ERR_IO;
}

/* Draws an Ed25519 key pair. Its scalar is what signing would use: RFC 8032, 5.1.5. */
static int draw_pair(const vms_env *env, key_pair *pair) {
  uint8_t seed[VMS_SEED_LEN] = { 0 }, secret[VMS__SECRET_LEN], expanded[crypto_hash_sha512_BYTES];
  int status = draw(env, seed, sizeof seed);
  vms__crypto_expand(seed, secret);
  memcpy(pair->public_key, secret + VMS_SEED_LEN, KEY_LEN);
  crypto_hash_sha512(expanded, seed, sizeof seed);
  memcpy(pair->scalar, expanded, KEY_LEN);
  pair->scalar[0] &= 248;
  pair->scalar[31] = (uint8_t)((pair->scalar[31] & 127) | 64);
  vms__crypto_wipe(seed, sizeof seed);
  vms__crypto_wipe(secret, sizeof secret);
  vms__crypto_wipe(expanded, sizeof expanded);
  return status;
}

int vms__stream_new(vms__stream **made, bool initiator, const vms_env *env, vms_error *error) {
  vms__stream *stream;
  int status;
  assert(made != NULL);
  if (env == NULL || env->entropy == NULL) return vms__fail(error, VMS_ERR_ARGUMENT, 0, "replication needs entropy");
  stream = vms__alloc(env, sizeof *stream);
  if (stream == NULL) return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory for an encrypted stream");
  stream->env = env;
  stream->initiator = initiator;
  stream->want = initiator ? WANT_ANSWER : WANT_HELLO;
  vms_buffer_init(&stream->input, env);
  vms_buffer_init(&stream->output, env);
  noise_init(&stream->noise);
  status = draw_pair(env, &stream->own);
  if (status == VMS_OK) status = draw_pair(env, &stream->ephemeral);
  if (status == VMS_OK) status = draw(env, stream->header, sizeof stream->header);
  if (status != VMS_OK) vms__fail(error, status, 0, "no entropy for a handshake");
  if (status == VMS_OK && initiator && send_hello(stream) != VMS_OK) status = no_memory(stream, error);
  if (status == VMS_OK) *made = stream;
  else vms__stream_free(stream);
  return status;
}

void vms__stream_free(vms__stream *stream) {
  if (stream == NULL) return;
  const vms_env *env = stream->env;
  vms_buffer_free(&stream->input);
  vms_buffer_free(&stream->output);
  vms__crypto_wipe(stream, sizeof *stream);
  vms__free(env, stream, sizeof *stream);
}

int vms__stream_feed(vms__stream *stream, const void *bytes, size_t len) {
  size_t held = vms__stream_held(stream);
  assert(bytes != NULL || len == 0);
  if (stream->at >= held) { /* as many bytes are moved as were handled, at most: cheap however the input is cut */
    if (held > 0) memmove(stream->input.data, stream->input.data + stream->at, held);
    stream->input.len = held;
    stream->at = 0;
  }
  return vms_buffer_append(&stream->input, bytes, len);
}

/* Nothing is left to handle: a quiet stream gives large buffers back. */
static void rest(vms__stream *stream) {
  if (vms__stream_held(stream) > 0 || stream->input.capacity <= INPUT_KEPT_MAX) return;
  vms_buffer_free(&stream->input);
  stream->at = 0;
}

int vms__stream_next(vms__stream *stream, uint32_t frame_max, vms_slice *message, vms_error *error) {
  int status = VMS_OK;
  assert(stream != NULL && message != NULL);
  *message = (vms_slice){ NULL, 0 };
  while (status == VMS_OK && message->data == NULL) {
    uint8_t *body;
    size_t len;
    status = next_frame(stream, frame_max, &body, &len, error);
    if (status == VMS_OK && body == NULL) rest(stream);
    if (status != VMS_OK || body == NULL) return status;
    if (stream->want == WANT_MESSAGE) status = decrypt(stream, body, len, message, error);
    else status = steps[stream->want].take(stream, body, error);
    stream->at += LENGTH_LEN + len;
    stream->handled += LENGTH_LEN + len;
  }
  return status;
}

int vms__stream_send(vms__stream *stream, vms_slice head, vms_slice body) {
  size_t len = head.len + body.len;
  uint8_t *frame;
  assert(stream->open && head.len <= VMS__MESSAGE_MAX && body.len <= VMS__MESSAGE_MAX - head.len);
  frame = frame_begin(stream, len + OVERHEAD);
  if (frame == NULL) return VMS_ERR_NOMEM;
  if (head.len > 0) memcpy(frame + 1, head.data, head.len);
  if (body.len > 0) memcpy(frame + 1 + head.len, body.data, body.len);
  crypto_secretstream_xchacha20poly1305_push(&stream->push, frame, NULL, frame + 1, len, NULL, 0, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
  frame_end(stream, len + OVERHEAD);
  return VMS_OK;
}

bool vms__stream_is_open(const vms__stream *stream) { return stream->open; }

const uint8_t *vms__stream_handshake_hash(const vms__stream *stream) {
  assert(stream->open);
  return stream->handshake_hash;
}

vms_buffer *vms__stream_output(vms__stream *stream) { return &stream->output; }

size_t vms__stream_held(const vms__stream *stream) { return stream->input.len - stream->at; }
