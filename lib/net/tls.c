/* SPDX-License-Identifier: MIT */
/* TLS for both ends, without a socket: bytes from the wire in, plain bytes out, and back. OpenSSL does the work, on buffers in memory. */
#define _GNU_SOURCE
#include "internal.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define FILE_LEN_MAX ((size_t)16 << 20) /* a system's store of certificates has a quarter of a MiB */
#define RECORD_LEN ((size_t)16 << 10)   /* of plain bytes, at most (RFC 8446, 5.1) */
#define NAME_LEN 64u                    /* of names from certificates, in messages */

struct vms__tls {
  const vms_env *env;
  SSL *ssl;
  bool opened;       /* the handshake was done */
  bool failed;       /* nothing more can be done with it */
  bool large;        /* what was fed made the buffer grow */
  char host[256];    /* client: who it has to be */
  vms_error reason;  /* why the certificate is not trusted */
  vms_error late;    /* what ended it, behind plain bytes that were given first */
};

/* --- names from certificates: written by anybody ----------------------------------------------------------------- */

static void copy_name(char name[NAME_LEN], const void *bytes, size_t len) {
  const char *text = bytes;
  size_t at = 0;
  for (; at < len && at + 1 < NAME_LEN; at++) name[at] = (char)(text[at] >= ' ' && text[at] <= '~' ? text[at] : '?');
  name[at] = 0;
}

/* Who issued it, as short as it can be told. */
static void issuer_name(X509 *certificate, char name[NAME_LEN]) {
  static const int kinds[] = { NID_commonName, NID_organizationalUnitName, NID_organizationName };
  X509_NAME *issuer = X509_get_issuer_name(certificate);
  snprintf(name, NAME_LEN, "somebody");
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    int at = X509_NAME_get_index_by_NID(issuer, kinds[i], -1);
    const ASN1_STRING *text = at < 0 ? NULL : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(issuer, at));
    if (text == NULL) continue;
    copy_name(name, ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
    return;
  }
}

static bool copy_general_name(const GENERAL_NAME *general, char name[NAME_LEN]) {
  int kind = 0;
  const ASN1_STRING *text = GENERAL_NAME_get0_value(general, &kind);
  if (kind == GEN_DNS) copy_name(name, ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text));
  else if (kind == GEN_IPADD && (ASN1_STRING_length(text) == 4 || ASN1_STRING_length(text) == 16))
    (void)inet_ntop(ASN1_STRING_length(text) == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(text), name, NAME_LEN);
  else return false;
  return true;
}

/* The first host that the certificate is for; returns how many there are. */
static size_t certified_name(X509 *certificate, char name[NAME_LEN]) {
  GENERAL_NAMES *list = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
  char ignored[NAME_LEN];
  size_t count = 0;
  name[0] = 0;
  for (int i = 0; list != NULL && i < sk_GENERAL_NAME_num(list); i++)
    if (copy_general_name(sk_GENERAL_NAME_value(list, i), count == 0 ? name : ignored)) count++;
  GENERAL_NAMES_free(list);
  return count;
}

static void write_date(const ASN1_TIME *time, char date[24]) {
  struct tm tm;
  if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1) snprintf(date, 24, "no date");
  else snprintf(date, 24, "%04d-%02d-%02d", (tm.tm_year + 1900) % 10000, (tm.tm_mon + 1) % 100, tm.tm_mday % 100);
}

/* --- why a certificate is not trusted ----------------------------------------------------------------------------- */

static void wrong_name(vms__tls *tls, X509 *certificate) {
  char name[NAME_LEN];
  size_t count = certified_name(certificate, name);
  if (count == 0) vms__fail(&tls->reason, VMS_ERR_SIGNATURE, 0, "the certificate of %.40s names no host (subjectAltName)", tls->host);
  else vms__fail(&tls->reason, VMS_ERR_SIGNATURE, 0, "the certificate is for %.36s%s, not for %.36s", name, count > 1 ? " and others" : "", tls->host);
}

static void explain(vms__tls *tls, int number, int depth, X509 *certificate) {
  char date[24], name[NAME_LEN];
  const char *whose = depth == 0 ? "certificate" : "issuer's certificate";
  switch (number) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      write_date(X509_get0_notAfter(certificate), date);
      vms__fail(&tls->reason, VMS_ERR_SIGNATURE, 0, "the %s of %.40s expired on %s", whose, tls->host, date);
      return;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      write_date(X509_get0_notBefore(certificate), date);
      vms__fail(&tls->reason, VMS_ERR_SIGNATURE, 0, "the %s of %.40s is not valid before %s", whose, tls->host, date);
      return;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: wrong_name(tls, certificate); return;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      vms__fail(&tls->reason, VMS_ERR_SIGNATURE, 0, "the certificate of %.40s is self-signed and not among those trusted here", tls->host);
      return;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      issuer_name(certificate, name);
      vms__fail(&tls->reason, VMS_ERR_SIGNATURE, 0, "the %s of %.28s is issued by %.28s, who is not trusted", whose, tls->host, name);
      return;
    default: vms__fail(&tls->reason, VMS_ERR_SIGNATURE, 0, "the %s of %.32s: %.50s", whose, tls->host, X509_verify_cert_error_string(number));
  }
}

/* Called for each certificate of the chain, and for what is wrong. */
static int on_verify(int fine, X509_STORE_CTX *store) {
  SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  X509 *certificate = X509_STORE_CTX_get_current_cert(store);
  if (!fine && certificate != NULL)
    explain(SSL_get_app_data(ssl), X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_error_depth(store), certificate);
  return fine;
}

/* --- files --------------------------------------------------------------------------------------------------------- */

/* Nobody is asked for a passphrase: a host starts on its own. */
static int no_passphrase(char *text, int len, int writing, void *asked) {
  (void)text, (void)len, (void)writing;
  if (asked != NULL) *(bool *)asked = true;
  return -1;
}

/* status: of whatever is wrong with the file. */
static int read_pem(const char *path, int status, vms_buffer *bytes, BIO **bio, vms_error *error) {
  vms_error why = { 0, 0, 0, "" };
  if (vms__os_irregular(&vms__os_system, path)) return vms__fail(error, status, 0, "%.80s is no file", path);
  if (vms__os_read(&vms__os_system, path, FILE_LEN_MAX, bytes, &why) != VMS_OK) return vms__fail(error, status, 0, "%s", why.message);
  *bio = BIO_new_mem_buf(bytes->len == 0 ? "" : bytes->data, (int)bytes->len);
  return *bio != NULL ? VMS_OK : vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}

static void close_pem(vms_buffer *bytes, BIO *bio) {
  BIO_free(bio);
  if (bytes->len > 0) vms__crypto_wipe(bytes->data, bytes->len);
  vms_buffer_free(bytes);
}

/* The next certificate, if there is one. *broken: there is something, but it cannot be read. */
static X509 *next_certificate(BIO *bio, bool *broken) {
  X509 *read = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
  *broken = read == NULL && ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE;
  if (read == NULL) ERR_clear_error();
  return read;
}

static int unreadable(const char *path, int status, bool broken, vms_error *error) {
  return vms__fail(error, status, 0, broken ? "a certificate in %.72s is damaged" : "there is no certificate (PEM) in %.64s", path);
}

/* Only these are trusted then, each of them, be it the server's own. */
static int trust_file(SSL_CTX *context, const char *path, vms_error *error) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  BIO *bio = NULL;
  X509_STORE *store = SSL_CTX_get_cert_store(context);
  X509 *each = NULL;
  size_t count = 0;
  bool broken = false, room = true;
  int status = read_pem(path, VMS_ERR_ARGUMENT, &bytes, &bio, error);
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  while (status == VMS_OK && room && (each = next_certificate(bio, &broken)) != NULL) {
    room = X509_STORE_add_cert(store, each) == 1;
    X509_free(each);
    count++;
  }
  if (!room) status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  if (status == VMS_OK && (broken || count == 0)) status = unreadable(path, VMS_ERR_ARGUMENT, broken, error);
  close_pem(&bytes, bio);
  return status;
}

static int cannot_use(const char *path, vms_error *error) {
  const char *reason = ERR_reason_error_string(ERR_peek_last_error());
  int status = vms__fail(error, VMS_ERR_SIGNATURE, 0, "%.56s cannot be used: %.36s", path, reason == NULL ? "out of memory" : reason);
  ERR_clear_error();
  return status;
}

static int use_chain(SSL_CTX *context, const char *path, vms_error *error) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  BIO *bio = NULL;
  X509 *each = NULL;
  bool broken = false, first = true;
  int status = read_pem(path, VMS_ERR_SIGNATURE, &bytes, &bio, error);
  while (status == VMS_OK && (each = next_certificate(bio, &broken)) != NULL) {
    long used = first ? SSL_CTX_use_certificate(context, each) : SSL_CTX_add1_chain_cert(context, each);
    X509_free(each);
    if (used != 1) status = cannot_use(path, error);
    first = false;
  }
  if (status == VMS_OK && (broken || first)) status = unreadable(path, VMS_ERR_SIGNATURE, broken, error);
  close_pem(&bytes, bio);
  return status;
}

static int use_key(SSL_CTX *context, const char *path, const char *chain, vms_error *error) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  BIO *bio = NULL;
  EVP_PKEY *key = NULL;
  bool asked = false;
  int status = read_pem(path, VMS_ERR_SIGNATURE, &bytes, &bio, error);
  if (status == VMS_OK) key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &asked);
  if (status == VMS_OK && key == NULL)
    status = vms__fail(error, VMS_ERR_SIGNATURE, 0, asked ? "the key in %.64s needs a passphrase: it must have none" : "there is no key (PEM) in %.72s", path);
  if (status == VMS_OK && X509_check_private_key(SSL_CTX_get0_certificate(context), key) != 1)
    status = vms__fail(error, VMS_ERR_SIGNATURE, 0, "the key in %.36s is not that of the certificate in %.36s", path, chain);
  ERR_clear_error();
  if (status == VMS_OK && SSL_CTX_use_PrivateKey(context, key) != 1) status = cannot_use(path, error);
  EVP_PKEY_free(key);
  close_pem(&bytes, bio);
  return status;
}

/* --- contexts -------------------------------------------------------------------------------------------------------- */

static const unsigned char http[] = "\x08http/1.1"; /* what WebSocket begins as, where proxies speak several protocols */

/* Who offers nothing that is known here does without. */
static int on_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len, const unsigned char *in, unsigned in_len, void *context) {
  unsigned char *chosen = NULL;
  (void)ssl, (void)context;
  if (SSL_select_next_proto(&chosen, out_len, http, sizeof http - 1, in, in_len) != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

static int context_new(vms__tls_context **context, const SSL_METHOD *method, vms_error *error) {
  SSL_CTX *made = SSL_CTX_new(method);
  *context = made;
  if (made == NULL || SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION) != 1) {
    ERR_clear_error();
    return vms__fail(error, VMS_ERR_NOMEM, 0, "TLS cannot be set up: out of memory");
  }
  SSL_CTX_set_options(made, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(made, SSL_MODE_RELEASE_BUFFERS); /* thousands of connections are silent most of the time */
  SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF); /* tickets are kept by those who come back */
  return VMS_OK;
}

int vms__tls_client(vms__tls_context **context, const char *ca, vms_error *error) {
  int status = context_new(context, TLS_client_method(), error);
  if (status == VMS_OK && ca != NULL) status = trust_file(*context, ca, error);
  else if (status == VMS_OK && SSL_CTX_set_default_verify_paths(*context) != 1) status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  if (status == VMS_OK && SSL_CTX_set_alpn_protos(*context, http, sizeof http - 1) != 0) status = vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
  ERR_clear_error();
  if (status == VMS_OK) return VMS_OK;
  vms__tls_context_free(*context);
  *context = NULL;
  return status;
}

int vms__tls_server(vms__tls_context **context, const char *chain, const char *key, vms_error *error) {
  int status;
  ERR_clear_error();
  status = context_new(context, TLS_server_method(), error);
  if (status == VMS_OK) status = use_chain(*context, chain, error);
  if (status == VMS_OK) status = use_key(*context, key == NULL ? chain : key, chain, error);
  if (status == VMS_OK) {
    SSL_CTX_set_alpn_select_cb(*context, on_protocol, NULL);
    return VMS_OK;
  }
  vms__tls_context_free(*context);
  *context = NULL;
  return status;
}

void vms__tls_context_free(vms__tls_context *context) { SSL_CTX_free(context); }

bool vms__tls_expiry(const vms__tls_context *context, char date[24]) {
  const ASN1_TIME *end = X509_get0_notAfter(SSL_CTX_get0_certificate(context));
  write_date(end, date);
  return X509_cmp_current_time(end) < 0;
}

/* --- one connection ---------------------------------------------------------------------------------------------------- */

static int out_of_memory(vms_error *error) {
  ERR_clear_error();
  return vms__fail(error, VMS_ERR_NOMEM, 0, "out of memory");
}

/* Whom the certificate has to name; addresses are no names for SNI. */
static bool expect_host(vms__tls *tls, const char *host) {
  uint8_t address[16];
  size_t len = strlen(host);
  if (len >= sizeof tls->host) return false;
  memcpy(tls->host, host, len + 1);
  if (inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1)
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls->ssl), host) == 1;
  if (len > 1 && tls->host[len - 1] == '.') tls->host[len - 1] = 0; /* certificates leave it out */
  SSL_set_hostflags(tls->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  return SSL_set1_host(tls->ssl, tls->host) == 1 && SSL_set_tlsext_host_name(tls->ssl, tls->host) == 1;
}

int vms__tls_new(vms__tls **tls, vms__tls_context *context, const char *host, const vms_env *env, vms_error *error) {
  vms__tls *made = vms__alloc(env, sizeof *made);
  BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());
  *tls = made;
  if (made != NULL) {
    made->env = env;
    made->ssl = in == NULL || out == NULL ? NULL : SSL_new(context);
  }
  if (made == NULL || made->ssl == NULL) {
    BIO_free(in);
    BIO_free(out);
    vms__tls_free(made);
    *tls = NULL;
    return out_of_memory(error);
  }
  SSL_set_bio(made->ssl, in, out);
  SSL_set_app_data(made->ssl, made);
  if (host == NULL) {
    SSL_set_accept_state(made->ssl);
    return VMS_OK;
  }
  SSL_set_connect_state(made->ssl);
  SSL_set_verify(made->ssl, SSL_VERIFY_PEER, on_verify);
  if (expect_host(made, host)) return VMS_OK;
  vms__tls_free(made);
  *tls = NULL;
  ERR_clear_error();
  return vms__fail(error, VMS_ERR_ARGUMENT, 0, "no certificate can be for host %.64s", host);
}

void vms__tls_free(vms__tls *tls) {
  if (tls == NULL) return;
  SSL_free(tls->ssl);
  vms__free(tls->env, tls, sizeof *tls);
}

bool vms__tls_is_open(const vms__tls *tls) { return tls->opened && !tls->failed; }
bool vms__tls_has_ended(const vms__tls *tls) { return (SSL_get_shutdown(tls->ssl) & SSL_RECEIVED_SHUTDOWN) != 0; }
size_t vms__tls_pending(const vms__tls *tls) { return BIO_ctrl_pending(SSL_get_wbio(tls->ssl)); }

/* Somebody speaks HTTP to a port of TLS: they are told, in the clear. */
static void answer_http(vms__tls *tls) {
  static const char body[] = "this port speaks TLS: use wss:// or https://\n";
  BIO *out = SSL_get_wbio(tls->ssl);
  (void)BIO_reset(out);
  (void)BIO_printf(out, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s", sizeof body - 1, body);
}

static int failed_handshake(const vms__tls *tls, unsigned long number, vms_error *error) {
  const char *reason = ERR_reason_error_string(number);
  switch (ERR_GET_REASON(number)) {
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return vms__fail(error, VMS_ERR_SIGNATURE, 0, "%s", tls->reason.status != VMS_OK ? tls->reason.message : "the certificate is not trusted");
    case SSL_R_WRONG_VERSION_NUMBER: case SSL_R_PACKET_LENGTH_TOO_LONG: case SSL_R_UNEXPECTED_MESSAGE: case SSL_R_BAD_RECORD_TYPE:
      return vms__fail(error, VMS_ERR_REMOTE, 0, "what answers there does not speak TLS");
    case SSL_R_HTTP_REQUEST: case SSL_R_HTTPS_PROXY_REQUEST: return vms__fail(error, VMS_ERR_REMOTE, 0, "somebody speaks HTTP without TLS");
    default: return vms__fail(error, VMS_ERR_REMOTE, 0, "no agreement on TLS: %.80s", reason == NULL ? "unknown reason" : reason);
  }
}

/* What OpenSSL's answer means. VMS_OK: it waits for more from the wire. */
static int judge(vms__tls *tls, int answer, vms_error *error) {
  int kind = SSL_get_error(tls->ssl, answer), status;
  unsigned long number = ERR_peek_error();
  if (kind == SSL_ERROR_WANT_READ) return VMS_OK;
  if (kind == SSL_ERROR_ZERO_RETURN) return vms__fail(error, VMS_ERR_CLOSED, 0, "the other side closed the connection");
  tls->failed = true;
  if (ERR_GET_REASON(number) == ERR_R_MALLOC_FAILURE) return out_of_memory(error);
  if (tls->opened) {
    const char *reason = ERR_reason_error_string(number);
    status = vms__fail(error, VMS_ERR_CORRUPT, 0, "the TLS connection broke: %.72s", reason == NULL ? "it was cut off" : reason);
  } else {
    status = failed_handshake(tls, number, error);
    if (ERR_GET_REASON(number) == SSL_R_HTTP_REQUEST) answer_http(tls);
  }
  ERR_clear_error();
  return status;
}

static int broken(vms_error *error) { return vms__fail(error, VMS_ERR_CORRUPT, 0, "the TLS connection is broken already"); }

int vms__tls_handshake(vms__tls *tls, vms_error *error) {
  int answer;
  if (tls->failed) return broken(error);
  ERR_clear_error();
  answer = SSL_do_handshake(tls->ssl);
  if (answer != 1) return judge(tls, answer, error);
  tls->opened = true;
  return VMS_OK;
}

int vms__tls_feed(vms__tls *tls, const void *wire, size_t len, vms_error *error) {
  assert(len <= INT32_MAX);
  if (len > RECORD_LEN) tls->large = true;
  return len == 0 || BIO_write(SSL_get_rbio(tls->ssl), wire, (int)len) == (int)len ? VMS_OK : out_of_memory(error);
}

/* A buffer keeps what it grew to: one that became large goes once it is empty. */
static void shrink(vms__tls *tls) {
  BIO *fresh = NULL;
  if (!tls->large || BIO_ctrl_pending(SSL_get_rbio(tls->ssl)) > 0) return;
  fresh = BIO_new(BIO_s_mem());
  if (fresh == NULL) return;
  SSL_set0_rbio(tls->ssl, fresh);
  tls->large = false;
}

int vms__tls_receive(vms__tls *tls, void *plain, size_t len, size_t *got, vms_error *error) {
  vms_error *late = &tls->late;
  *got = 0;
  if (!tls->opened) {
    int status = vms__tls_handshake(tls, error);
    if (status != VMS_OK || !tls->opened) return status;
  }
  while (*got < len && late->status == VMS_OK) {
    size_t n = 0;
    int answer;
    if (tls->failed) return broken(error);
    ERR_clear_error();
    answer = SSL_read_ex(tls->ssl, (char *)plain + *got, len - *got, &n);
    if (answer != 1 && judge(tls, answer, late) == VMS_OK) break;
    *got += n;
  }
  shrink(tls);
  return *got > 0 || late->status == VMS_OK ? VMS_OK : vms__fail(error, late->status, 0, "%s", late->message);
}

int vms__tls_take(vms__tls *tls, vms_buffer *wire, vms_error *error) {
  BIO *out = SSL_get_wbio(tls->ssl);
  size_t len = BIO_ctrl_pending(out), got = 0;
  if (len == 0) return VMS_OK;
  if (vms__buf_reserve(wire, len + 1) != VMS_OK || BIO_read_ex(out, wire->data + wire->len, len, &got) != 1) return out_of_memory(error);
  wire->len += got;
  wire->data[wire->len] = 0;
  return VMS_OK;
}

int vms__tls_send(vms__tls *tls, const void *plain, size_t len, vms_buffer *wire, vms_error *error) {
  size_t at = 0;
  if (tls->failed) return broken(error);
  assert(vms__tls_is_open(tls));
  while (at < len) {
    size_t n = 0;
    int status;
    ERR_clear_error();
    if (SSL_write_ex(tls->ssl, (const char *)plain + at, VMS__MIN(len - at, RECORD_LEN), &n) != 1) {
      status = judge(tls, 0, error);
      return status != VMS_OK ? status : broken(error);
    }
    at += n;
    status = vms__tls_take(tls, wire, error);
    if (status != VMS_OK) return status;
  }
  return VMS_OK;
}

void vms__tls_close(vms__tls *tls) {
  if (!vms__tls_is_open(tls)) return;
  ERR_clear_error();
  (void)SSL_shutdown(tls->ssl);
  ERR_clear_error();
}
