/* SPDX-License-Identifier: MIT */
/* Compiles the engine's own scripts when libvms is built, so that no VM has to: prints them as C tables of bytecode, which
 * is the same on every machine. Runs on the machine that builds; the natives that it is linked with are never called.
 *
 *   compile_scripts FILE.js...   ->   static const unsigned char FILE_code[] = { ... }; */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "duktape.h"
#include "lib/sandbox/internal.h"

static void give_up(const char *why) {
  fprintf(stderr, "compile_scripts: %s\n", why);
  exit(1);
}

static void fatal(void *context, const char *message) {
  (void)context;
  give_up(message == NULL ? "fatal error" : message);
}

static char *read_file(const char *path, size_t *len) {
  FILE *file = fopen(path, "rb");
  char *text = malloc(1 << 20);
  if (file == NULL || text == NULL) give_up(path);
  *len = fread(text, 1, 1 << 20, file);
  fclose(file);
  return text;
}

static void compile(duk_context *duk, const char *path) {
  const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
  const unsigned char *code;
  size_t len, i;
  char *text = read_file(path, &len);
  duk_push_literal(duk, ""); /* a file name that no stack trace shows */
  if (duk_pcompile_lstring_filename(duk, DUK_COMPILE_EVAL, text, len) != 0) give_up(duk_safe_to_string(duk, -1));
  duk_dump_function(duk);
  code = duk_get_buffer(duk, -1, &len);
  printf("static const unsigned char %.*s_code[] = {", (int)strcspn(name, "."), name);
  for (i = 0; i < len; i++) printf("%s%u,", i % 32 == 0 ? "\n  " : "", code[i]);
  printf("\n};\n");
  duk_pop(duk);
  free(text);
}

int main(int argc, char **argv) {
  static vms_sandbox sandbox; /* the collector keeps its stack in it */
  sandbox.meter.left = INT64_MAX;
  vms__hash_seed(&sandbox.meter, 0);
  duk_context *duk = duk_create_heap(NULL, NULL, NULL, &sandbox, fatal);
  int i;
  if (duk == NULL) give_up("no heap");
  printf("/* made by lib/sandbox/duktape/compile_scripts.c */\n");
  for (i = 1; i < argc; i++) compile(duk, argv[i]);
  duk_destroy_heap(duk);
  return 0;
}
