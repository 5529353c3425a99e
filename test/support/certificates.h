/* SPDX-License-Identifier: MIT */
/* Certificates of every kind, made when they are needed: keys on P-256, files in PEM. */
#ifndef VMS_TEST_CERTIFICATES_H
#define VMS_TEST_CERTIFICATES_H

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "test/support/test.h"

typedef struct identity {
  EVP_PKEY *key;
  X509 *certificate;
} identity;

typedef struct identity_options {
  const char *name;       /* the subject's common name */
  const char *names;      /* subjectAltName, "DNS:localhost,IP:127.0.0.1"; NULL: none */
  const identity *issuer; /* NULL: itself */
  int ca;                 /* may issue others */
  long from_days, to_days; /* from now; 0, 0: a day ago to tomorrow */
} identity_options;

static inline void add_extension(X509 *certificate, int kind, const char *value) {
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, kind, value);
  assert_non_null(extension);
  assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
  X509_EXTENSION_free(extension);
}

static inline identity identity_make(identity_options options) {
  static long serial = 1;
  identity made = { EVP_EC_gen("P-256"), X509_new() };
  const identity *issuer = options.issuer == NULL ? &made : options.issuer;
  X509_NAME *name;
  assert_non_null(made.key);
  assert_non_null(made.certificate);
  if (options.from_days == 0 && options.to_days == 0) options.from_days = -1, options.to_days = 1;
  X509_set_version(made.certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made.certificate), options.from_days * 86400);
  X509_gmtime_adj(X509_getm_notAfter(made.certificate), options.to_days * 86400);
  X509_set_pubkey(made.certificate, made.key);
  name = X509_get_subject_name(made.certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)options.name, -1, -1, 0);
  X509_set_issuer_name(made.certificate, X509_get_subject_name(issuer->certificate));
  if (options.ca) add_extension(made.certificate, NID_basic_constraints, "critical,CA:TRUE");
  if (options.names != NULL) add_extension(made.certificate, NID_subject_alt_name, options.names);
  assert_true(X509_sign(made.certificate, issuer->key, EVP_sha256()) > 0);
  return made;
}

static inline void identity_free(identity *made) {
  EVP_PKEY_free(made->key);
  X509_free(made->certificate);
}

/* Writes up to two certificates and, if it is not NULL, a key to a file. */
static inline void identity_write(const char *path, const X509 *first, const X509 *second, EVP_PKEY *key) {
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  if (first != NULL) assert_int_equal(PEM_write_X509(file, first), 1);
  if (second != NULL) assert_int_equal(PEM_write_X509(file, second), 1);
  if (key != NULL) assert_int_equal(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
  fclose(file);
}

#endif
