/* SPDX-License-Identifier: MIT */
/* Goal: what goes in at one end comes out at the other, in pieces of any size; what was changed, cut off or comes from somebody else does
 * not, and the reason is told. Method: two wrappers whose wires are buffers; certificates of every kind; OpenSSL itself as a foreign
 * client that asks for what is not to be had. */
#define _GNU_SOURCE
#include "test/support/test.h"

#include <openssl/err.h>
#include <unistd.h>

#include "lib/net/internal.h"
#include "test/support/certificates.h"
#include "test/support/folder.h"

static identity root, server;
static char root_file[256], chain_file[256], key_file[256];

static void path_in(char path[256], const char *name) { snprintf(path, 256, "%s/%s", folder, name); }

/* Two ends and what is on its way. */
typedef struct pair {
  vms__tls *client, *server;
  vms_buffer to_server, to_client;
} pair;

static void pair_begin(pair *p, const char *ca, const char *chain, const char *key, const char *host) {
  vms__tls_context *ours = NULL, *theirs = NULL;
  vms_error error;
  memset(p, 0, sizeof *p);
  if (vms__tls_client(&ours, ca, &error) != VMS_OK || vms__tls_server(&theirs, chain, key, &error) != VMS_OK) fail_msg("%s", error.message);
  assert_ok(vms__tls_new(&p->client, ours, host, NULL, NULL));
  assert_ok(vms__tls_new(&p->server, theirs, NULL, NULL, NULL));
  vms__tls_context_free(ours); /* the connections have theirs */
  vms__tls_context_free(theirs);
}

static void pair_end(pair *p) {
  vms__tls_free(p->client);
  vms__tls_free(p->server);
  vms_buffer_free(&p->to_server);
  vms_buffer_free(&p->to_client);
}

/* Feeds `piece` bytes at a time. */
static int carry(vms__tls *tls, vms_buffer *wire, size_t piece, vms_error *error) {
  size_t at = 0;
  int status = VMS_OK;
  while (at < wire->len && status == VMS_OK) {
    size_t len = VMS__MIN(piece, wire->len - at);
    assert_ok(vms__tls_feed(tls, wire->data + at, len, NULL));
    at += len;
    if (!vms__tls_is_open(tls)) status = vms__tls_handshake(tls, error);
  }
  wire->len = 0;
  return status;
}

/* Until both are open or one gives up, whose status it is. */
static int greet(pair *p, size_t piece, vms_error *client_error, vms_error *server_error) {
  int ours = vms__tls_handshake(p->client, client_error), theirs = VMS_OK;
  for (int round = 0; round < 10 && ours == VMS_OK && theirs == VMS_OK; round++) {
    assert_ok(vms__tls_take(p->client, &p->to_server, NULL));
    theirs = carry(p->server, &p->to_server, piece, server_error);
    assert_ok(vms__tls_take(p->server, &p->to_client, NULL));
    if (ours == VMS_OK) ours = carry(p->client, &p->to_client, piece, client_error);
    if (vms__tls_is_open(p->client) && vms__tls_is_open(p->server)) break;
  }
  return ours != VMS_OK ? ours : theirs;
}

/* Sends text one way and checks what arrives. */
static void tell(vms__tls *from, vms__tls *to, size_t len, size_t piece) {
  vms_buffer wire = VMS_BUFFER_INIT, got = VMS_BUFFER_INIT;
  char *text = malloc(len), part[5000];
  size_t n;
  for (size_t i = 0; i < len; i++) text[i] = (char)(i * 31 + i / 251);
  assert_ok(vms__tls_send(from, text, len, &wire, NULL));
  for (size_t at = 0; at < wire.len; at += piece) {
    assert_ok(vms__tls_feed(to, wire.data + at, VMS__MIN(piece, wire.len - at), NULL));
    do {
      assert_ok(vms__tls_receive(to, part, sizeof part, &n, NULL));
      if (n > 0) assert_ok(vms_buffer_append(&got, part, n));
    } while (n == sizeof part);
  }
  assert_int_equal(got.len, len);
  assert_memory_equal(got.data, text, len);
  free(text);
  vms_buffer_free(&wire);
  vms_buffer_free(&got);
}

static void what_goes_in_comes_out_in_pieces_of_any_size(void **state) {
  static const size_t pieces[] = { 1, 2, 7, 1000, 16384, 70000, SIZE_MAX / 2 };
  (void)state;
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    pair p;
    vms_error error;
    pair_begin(&p, root_file, chain_file, key_file, "localhost");
    if (greet(&p, pieces[i], &error, &error) != VMS_OK) fail_msg("%s", error.message);
    for (int again = 0; again < 3; again++) {
      tell(p.client, p.server, i < 3 ? 3000 : 300000, pieces[i]);
      tell(p.server, p.client, i < 3 ? 3000 : 300000, pieces[i]);
    }
    tell(p.client, p.server, 1, 1);
    pair_end(&p);
  }
}

static void host_is(const char *chain, const char *key, const char *host, const char *reason) {
  pair p;
  vms_error error = { 0, 0, 0, "" }, theirs;
  pair_begin(&p, root_file, chain, key, host);
  assert_int_equal(greet(&p, 4096, &error, &theirs), reason == NULL ? VMS_OK : VMS_ERR_SIGNATURE);
  if (reason != NULL && strcmp(error.message, reason) != 0) fail_msg("%s: %s", host, error.message);
  assert_int_equal(vms__tls_is_open(p.client), reason == NULL);
  if (reason != NULL) { /* the other end is told, and nothing can be said to it any more */
    char byte;
    size_t n;
    assert_true(vms__tls_pending(p.client) > 0);
    assert_ok(vms__tls_take(p.client, &p.to_server, NULL));
    assert_int_equal(carry(p.server, &p.to_server, 4096, &theirs), VMS_ERR_REMOTE);
    assert_non_null(strstr(theirs.message, "alert"));
    assert_int_equal(vms__tls_receive(p.client, &byte, 1, &n, NULL), VMS_ERR_CORRUPT);
    assert_false(vms__tls_is_open(p.server));
  }
  pair_end(&p);
}

/* A server whose certificate is made by `options`, issued by the root unless it says otherwise. */
static void kind_is(identity_options options, const char *host, const char *reason) {
  char file[256];
  identity made = identity_make(options);
  path_in(file, "kind.pem");
  identity_write(file, made.certificate, NULL, made.key);
  host_is(file, NULL, host, reason);
  identity_free(&made);
}

static void the_certificate_has_to_name_the_host(void **state) {
  static const char *const good[] = { "localhost", "LOCALHOST", "localhost.", "a.example.org", "127.0.0.1", "::1", "0:0::1" };
  identity_options plain = { "localhost", NULL, &root, 0, 0, 0 }, one = { "x", "DNS:one.example", &root, 0, 0, 0 };
  identity_options hostile = { "x", "DNS:a\033[31mb", &root, 0, 0, 0 };
  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) host_is(chain_file, key_file, good[i], NULL);
  host_is(chain_file, key_file, "example.org", "the certificate is for localhost and others, not for example.org");
  host_is(chain_file, key_file, "a.b.example.org", "the certificate is for localhost and others, not for a.b.example.org");
  host_is(chain_file, key_file, "127.0.0.2", "the certificate is for localhost and others, not for 127.0.0.2");
  host_is(chain_file, key_file, "::2", "the certificate is for localhost and others, not for ::2");
  kind_is(one, "two.example", "the certificate is for one.example, not for two.example");
  kind_is(plain, "localhost", "the certificate of localhost names no host (subjectAltName)");
  kind_is(hostile, "two.example", "the certificate is for a?[31mb, not for two.example");
}

static void why_a_certificate_is_not_trusted_is_told(void **state) {
  identity stranger = identity_make((identity_options){ "Stranger", NULL, NULL, 1, 0, 0 });
  identity old = identity_make((identity_options){ "Old CA", NULL, &root, 1, -20, -10 });
  identity leaf = identity_make((identity_options){ "leaf", "DNS:localhost", &old, 0, 0, 0 });
  char file[256], text[112], date[16];
  time_t past = time(NULL) - 2 * 86400, future = time(NULL) + 2 * 86400, long_past = time(NULL) - 10 * 86400;
  (void)state;
  strftime(date, sizeof date, "%Y-%m-%d", gmtime(&past));
  snprintf(text, sizeof text, "the certificate of localhost expired on %s", date);
  kind_is((identity_options){ "x", "DNS:localhost", &root, 0, -9, -2 }, "localhost", text);
  strftime(date, sizeof date, "%Y-%m-%d", gmtime(&future));
  snprintf(text, sizeof text, "the certificate of localhost is not valid before %s", date);
  kind_is((identity_options){ "x", "DNS:localhost", &root, 0, 2, 9 }, "localhost", text);
  kind_is((identity_options){ "x", "DNS:localhost", NULL, 0, 0, 0 }, "localhost", "the certificate of localhost is self-signed and not among those trusted here");
  kind_is((identity_options){ "x", "DNS:localhost", &stranger, 0, 0, 0 }, "localhost", "the certificate of localhost is issued by Stranger, who is not trusted");
  path_in(file, "old.pem");
  identity_write(file, leaf.certificate, old.certificate, leaf.key);
  strftime(date, sizeof date, "%Y-%m-%d", gmtime(&long_past));
  snprintf(text, sizeof text, "the issuer's certificate of localhost expired on %s", date);
  host_is(file, NULL, "localhost", text);
  identity_free(&stranger);
  identity_free(&old);
  identity_free(&leaf);
}

static void a_chain_leads_to_the_root_and_a_server_may_be_trusted_by_itself(void **state) {
  identity middle = identity_make((identity_options){ "Middle", NULL, &root, 1, 0, 0 });
  identity leaf = identity_make((identity_options){ "leaf", "DNS:localhost", &middle, 0, 0, 0 });
  char whole[256], alone[256];
  pair p;
  vms_error error;
  (void)state;
  path_in(whole, "whole.pem");
  path_in(alone, "alone.pem");
  identity_write(whole, leaf.certificate, middle.certificate, leaf.key);
  identity_write(alone, leaf.certificate, NULL, leaf.key);
  host_is(whole, NULL, "localhost", NULL);
  host_is(alone, NULL, "localhost", "the certificate of localhost is issued by Middle, who is not trusted");
  pair_begin(&p, alone, alone, NULL, "localhost");
  assert_ok(greet(&p, 4096, &error, &error));
  pair_end(&p);
  pair_begin(&p, NULL, whole, NULL, "localhost"); /* the system has never heard of it */
  assert_int_equal(greet(&p, 4096, &error, &error), VMS_ERR_SIGNATURE);
  pair_end(&p);
  identity_free(&middle);
  identity_free(&leaf);
}

/* Whatever bit of the server's answer is changed: either it did not matter and both talk, or one of them gives up. */
static void no_changed_byte_of_the_handshake_makes_an_open_connection_lie(void **state) {
  size_t len = 1;
  (void)state;
  for (size_t at = 0; at < len; at += 1 + at / 40) {
    pair p;
    vms_error error;
    int status;
    pair_begin(&p, root_file, chain_file, key_file, "localhost");
    assert_ok(vms__tls_handshake(p.client, &error));
    assert_ok(vms__tls_take(p.client, &p.to_server, NULL));
    assert_ok(carry(p.server, &p.to_server, SIZE_MAX / 2, &error));
    assert_ok(vms__tls_take(p.server, &p.to_client, NULL));
    len = p.to_client.len;
    p.to_client.data[at] = (char)(p.to_client.data[at] ^ 1 << at % 8);
    status = carry(p.client, &p.to_client, SIZE_MAX / 2, &error);
    if (status == VMS_OK) status = greet(&p, SIZE_MAX / 2, &error, &error);
    if (vms__tls_is_open(p.client) && vms__tls_is_open(p.server)) tell(p.client, p.server, 100, 100);
    else if (status != VMS_OK) assert_true(status == VMS_ERR_REMOTE || status == VMS_ERR_SIGNATURE);
    pair_end(&p);
  }
  assert_true(len > 500);
}

static void no_changed_byte_of_a_message_comes_out(void **state) {
  size_t len = 1;
  (void)state;
  for (size_t at = 0; at < len; at++) {
    pair p;
    vms_error error;
    char got[64];
    size_t n;
    pair_begin(&p, root_file, chain_file, key_file, "localhost");
    assert_ok(greet(&p, 4096, &error, &error));
    assert_ok(vms__tls_send(p.client, "pay 5 to Bob", 12, &p.to_server, NULL));
    len = p.to_server.len;
    p.to_server.data[at] = (char)(p.to_server.data[at] ^ 1);
    assert_ok(vms__tls_feed(p.server, p.to_server.data, len, NULL));
    int status = vms__tls_receive(p.server, got, sizeof got, &n, &error);
    if (status == VMS_OK && n > 0) fail_msg("byte %zu", at);
    assert_true(status == VMS_ERR_CORRUPT || (status == VMS_OK && at >= 3 && at <= 4)); /* a length: it waits for more */
    if (status != VMS_OK) assert_int_equal(vms__tls_send(p.server, "x", 1, &p.to_client, NULL), VMS_ERR_CORRUPT);
    pair_end(&p);
  }
}

static void an_end_is_told_from_a_wire_that_was_cut(void **state) {
  pair p;
  vms_error error;
  char got[64];
  size_t n;
  (void)state;
  pair_begin(&p, root_file, chain_file, key_file, "localhost");
  assert_ok(greet(&p, 4096, &error, &error));
  assert_ok(vms__tls_send(p.client, "last words", 10, &p.to_server, NULL));
  size_t before = p.to_server.len;
  vms__tls_close(p.client);
  assert_ok(vms__tls_take(p.client, &p.to_server, NULL));
  assert_true(p.to_server.len > before);
  for (size_t at = 0; at < p.to_server.len; at++) {
    assert_false(vms__tls_has_ended(p.server));
    assert_ok(vms__tls_feed(p.server, p.to_server.data + at, 1, NULL));
    int status = vms__tls_receive(p.server, got, sizeof got, &n, &error);
    assert_int_equal(status, at + 1 < p.to_server.len ? VMS_OK : VMS_ERR_CLOSED);
    assert_int_equal(n, at + 1 == before ? 10 : 0);
  }
  assert_true(vms__tls_has_ended(p.server));
  pair_end(&p);

  pair_begin(&p, root_file, chain_file, key_file, "localhost"); /* all at once: the words first, the end the next time */
  assert_ok(greet(&p, 4096, &error, &error));
  assert_ok(vms__tls_send(p.client, "last words", 10, &p.to_server, NULL));
  vms__tls_close(p.client);
  assert_ok(vms__tls_take(p.client, &p.to_server, NULL));
  assert_ok(vms__tls_feed(p.server, p.to_server.data, p.to_server.len, NULL));
  assert_ok(vms__tls_receive(p.server, got, sizeof got, &n, &error));
  assert_int_equal(n, 10);
  for (int again = 0; again < 2; again++) assert_int_equal(vms__tls_receive(p.server, got, sizeof got, &n, &error), VMS_ERR_CLOSED);
  pair_end(&p);
}

static void damage_behind_good_bytes_is_told_after_them(void **state) {
  pair p;
  vms_error error;
  char got[64];
  size_t n;
  (void)state;
  pair_begin(&p, root_file, chain_file, key_file, "localhost");
  assert_ok(greet(&p, 4096, &error, &error));
  assert_ok(vms__tls_send(p.client, "good", 4, &p.to_server, NULL));
  assert_ok(vms__tls_send(p.client, "bad", 3, &p.to_server, NULL));
  p.to_server.data[p.to_server.len - 1] ^= 1;
  assert_ok(vms__tls_feed(p.server, p.to_server.data, p.to_server.len, NULL));
  assert_ok(vms__tls_receive(p.server, got, sizeof got, &n, &error));
  assert_int_equal(n, 4);
  for (int again = 0; again < 2; again++) {
    assert_int_equal(vms__tls_receive(p.server, got, sizeof got, &n, &error), VMS_ERR_CORRUPT);
    assert_non_null(strstr(error.message, "bad record mac"));
  }
  pair_end(&p);
}

/* --- a foreign client --------------------------------------------------------------------------------------------------- */

typedef struct foreign {
  SSL_CTX *context;
  SSL *ssl;
  vms__tls *server;
} foreign;

static void foreign_begin(foreign *f, int least, int most) {
  vms__tls_context *theirs;
  assert_ok(vms__tls_server(&theirs, chain_file, key_file, NULL));
  assert_ok(vms__tls_new(&f->server, theirs, NULL, NULL, NULL));
  vms__tls_context_free(theirs);
  f->context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_security_level(f->context, 0);
  SSL_CTX_set_min_proto_version(f->context, least);
  SSL_CTX_set_max_proto_version(f->context, most);
  SSL_CTX_clear_options(f->context, SSL_OP_NO_COMPRESSION);
  f->ssl = SSL_new(f->context);
  SSL_set_bio(f->ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(f->ssl);
}

static void foreign_end(foreign *f) {
  SSL_free(f->ssl);
  SSL_CTX_free(f->context);
  vms__tls_free(f->server);
  ERR_clear_error();
}

/* Carries once in both directions; the server's status. */
static int foreign_carry(foreign *f, vms_error *error) {
  vms_buffer wire = VMS_BUFFER_INIT;
  char bytes[20000];
  size_t n;
  int len = BIO_read(SSL_get_wbio(f->ssl), bytes, sizeof bytes), status = VMS_OK;
  if (len > 0) assert_ok(vms__tls_feed(f->server, bytes, (size_t)len, NULL));
  status = vms__tls_is_open(f->server) ? vms__tls_receive(f->server, bytes, sizeof bytes, &n, error) : vms__tls_handshake(f->server, error);
  assert_ok(vms__tls_take(f->server, &wire, NULL));
  if (wire.len > 0) BIO_write(SSL_get_rbio(f->ssl), wire.data, (int)wire.len);
  vms_buffer_free(&wire);
  return status;
}

static int foreign_greet(foreign *f, vms_error *error) {
  int status = VMS_OK;
  for (int round = 0; round < 6 && status == VMS_OK; round++) {
    (void)SSL_do_handshake(f->ssl);
    ERR_clear_error();
    status = foreign_carry(f, error);
  }
  return status;
}

static void older_versions_compression_and_renegotiation_are_refused(void **state) {
  foreign f;
  vms_error error;
  char byte;
  (void)state;
  foreign_begin(&f, TLS1_VERSION, TLS1_1_VERSION);
  assert_int_equal(foreign_greet(&f, &error), VMS_ERR_REMOTE);
  assert_string_equal(error.message, "no agreement on TLS: unsupported protocol");
  foreign_end(&f);

  foreign_begin(&f, TLS1_2_VERSION, TLS1_2_VERSION);
  assert_ok(foreign_greet(&f, &error));
  assert_true(SSL_is_init_finished(f.ssl));
  assert_null(SSL_get_current_compression(f.ssl));
  assert_int_equal(SSL_renegotiate(f.ssl), 1);
  (void)SSL_do_handshake(f.ssl);
  assert_ok(foreign_carry(&f, &error));
  assert_true(SSL_read(f.ssl, &byte, 1) <= 0);
  assert_int_equal(ERR_GET_REASON(ERR_peek_error()), SSL_R_NO_RENEGOTIATION);
  foreign_end(&f);

  foreign_begin(&f, TLS1_3_VERSION, TLS1_3_VERSION);
  assert_ok(foreign_greet(&f, &error));
  assert_true(SSL_is_init_finished(f.ssl));
  foreign_end(&f);
}

static void whoever_speaks_no_tls_is_told(void **state) {
  static const char *const ours[] = { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\x16\x03\x01\xff\xff garbage", "SSH-2.0-x\r\n" };
  static const char *const theirs[] = { "HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-x\r\n", "\x16\x03\x03\xff\xff garbage" };
  vms_error error;
  pair p;
  (void)state;
  for (size_t i = 0; i < 3; i++) {
    pair_begin(&p, root_file, chain_file, key_file, "localhost");
    assert_ok(vms__tls_feed(p.server, ours[i], strlen(ours[i]), NULL));
    assert_int_equal(vms__tls_handshake(p.server, &error), VMS_ERR_REMOTE);
    assert_ok(vms__tls_take(p.server, &p.to_client, NULL));
    if (i == 0) assert_memory_equal(p.to_client.data, "HTTP/1.1 400 ", 13);
    if (i == 0) assert_non_null(strstr(p.to_client.data, "wss://"));
    assert_ok(vms__tls_handshake(p.client, &error));
    assert_ok(vms__tls_feed(p.client, theirs[i], strlen(theirs[i]), NULL));
    assert_int_equal(vms__tls_handshake(p.client, &error), VMS_ERR_REMOTE);
    assert_string_equal(error.message, "what answers there does not speak TLS");
    assert_int_equal(vms__tls_handshake(p.client, &error), VMS_ERR_CORRUPT);
    pair_end(&p);
  }
}

/* --- files ----------------------------------------------------------------------------------------------------------------- */

static void refused(const char *chain, const char *key, const char *reason) {
  vms__tls_context *context;
  vms_error error = { 0, 0, 0, "" };
  assert_int_equal(vms__tls_server(&context, chain, key, &error), VMS_ERR_SIGNATURE);
  assert_null(context);
  if (strstr(error.message, reason) == NULL) fail_msg("no \"%s\": %s", reason, error.message);
}

static void write_text(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static void files_that_cannot_be_used_are_named(void **state) {
  identity other = identity_make((identity_options){ "other", "DNS:localhost", &root, 0, 0, 0 });
  char wrong[256], empty[256], damaged[256], locked[256], combined[256];
  vms__tls_context *context;
  vms_error error;
  FILE *file;
  (void)state;
  path_in(wrong, "wrong.key");
  path_in(empty, "empty.pem");
  path_in(damaged, "damaged.pem");
  path_in(locked, "locked.key");
  path_in(combined, "combined.pem");
  identity_write(wrong, NULL, NULL, other.key);
  write_text(empty, "nothing here\n");
  write_text(damaged, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  file = fopen(locked, "w");
  assert_int_equal(PEM_write_PrivateKey(file, server.key, EVP_aes_128_cbc(), (const unsigned char *)"secret", 6, NULL, NULL), 1);
  fclose(file);
  refused("/no/such.pem", key_file, "/no/such.pem");
  refused(folder, key_file, "is no file");
  refused(empty, key_file, "there is no certificate (PEM) in ");
  refused(empty, key_file, empty);
  refused(key_file, key_file, "there is no certificate (PEM) in ");
  refused(damaged, key_file, "a certificate in ");
  refused(chain_file, "/no/such.key", "/no/such.key");
  refused(chain_file, empty, "there is no key (PEM) in ");
  refused(chain_file, NULL, "there is no key (PEM) in "); /* it holds the certificate alone */
  refused(chain_file, wrong, "is not that of the certificate in ");
  refused(chain_file, locked, "needs a passphrase");
  identity_write(combined, server.certificate, NULL, server.key);
  assert_ok(vms__tls_server(&context, combined, NULL, &error));
  assert_false(vms__tls_expiry(context, (char[24]){ 0 }));
  vms__tls_context_free(context);
  assert_int_equal(vms__tls_client(&context, empty, &error), VMS_ERR_ARGUMENT);
  assert_int_equal(vms__tls_client(&context, "/no/such.pem", &error), VMS_ERR_ARGUMENT);
  assert_null(context);
  assert_int_equal(ERR_peek_error(), 0); /* nothing is left for whoever uses OpenSSL next in this thread */
  identity_free(&other);
}

static void *no_memory(void *context, void *memory, size_t old_len, size_t new_len) {
  (void)context, (void)old_len;
  if (new_len == 0) free(memory);
  return NULL;
}

static void without_memory_there_is_no_connection(void **state) {
  vms_env env = { sizeof env, 0, NULL, no_memory, NULL, NULL };
  vms__tls_context *context;
  vms__tls *tls;
  (void)state;
  assert_ok(vms__tls_server(&context, chain_file, key_file, NULL));
  assert_int_equal(vms__tls_new(&tls, context, NULL, &env, NULL), VMS_ERR_NOMEM);
  assert_null(tls);
  vms__tls_free(tls);
  vms__tls_context_free(context);
}

static int make_identities(void **state) {
  int status = make_folder(state);
  root = identity_make((identity_options){ "Test Root", NULL, NULL, 1, 0, 0 });
  server = identity_make((identity_options){ "server", "DNS:localhost,DNS:*.example.org,IP:127.0.0.1,IP:::1", &root, 0, 0, 0 });
  path_in(root_file, "root.pem");
  path_in(chain_file, "chain.pem");
  path_in(key_file, "key.pem");
  identity_write(root_file, root.certificate, NULL, NULL);
  identity_write(chain_file, server.certificate, NULL, NULL);
  identity_write(key_file, NULL, NULL, server.key);
  return status;
}

static int free_identities(void **state) {
  identity_free(&root);
  identity_free(&server);
  return remove_folder(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_goes_in_comes_out_in_pieces_of_any_size),
    cmocka_unit_test(the_certificate_has_to_name_the_host),
    cmocka_unit_test(why_a_certificate_is_not_trusted_is_told),
    cmocka_unit_test(a_chain_leads_to_the_root_and_a_server_may_be_trusted_by_itself),
    cmocka_unit_test(no_changed_byte_of_the_handshake_makes_an_open_connection_lie),
    cmocka_unit_test(no_changed_byte_of_a_message_comes_out),
    cmocka_unit_test(an_end_is_told_from_a_wire_that_was_cut),
    cmocka_unit_test(damage_behind_good_bytes_is_told_after_them),
    cmocka_unit_test(older_versions_compression_and_renegotiation_are_refused),
    cmocka_unit_test(whoever_speaks_no_tls_is_told),
    cmocka_unit_test(files_that_cannot_be_used_are_named),
    cmocka_unit_test(without_memory_there_is_no_connection),
  };
  return cmocka_run_group_tests(tests, make_identities, free_identities);
}
