/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target over files without an engine: every file of the files and folders in argv. */
#define _GNU_SOURCE
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long inputs;

static int run_file(FILE *file, const char *path) {
  uint8_t *bytes = NULL;
  size_t len = 0, capacity = 0;
  for (;;) {
    if (len == capacity) {
      capacity = capacity * 2 + 65536;
      uint8_t *more = realloc(bytes, capacity);
      if (more == NULL) break;
      bytes = more;
    }
    size_t n = fread(bytes + len, 1, capacity - len, file);
    if (n == 0) break;
    len += n;
  }
  if (ferror(file)) fprintf(stderr, "%s: cannot read\n", path);
  /* An exact copy, so that a sanitizer sees a read past the end. */
  uint8_t *exact = malloc(len == 0 ? 1 : len);
  if (exact == NULL || ferror(file)) {
    free(bytes);
    free(exact);
    return 1;
  }
  if (len > 0) memcpy(exact, bytes, len);
  LLVMFuzzerTestOneInput(exact, len);
  inputs++;
  free(exact);
  free(bytes);
  return 0;
}

static int run(const char *path) {
  DIR *folder = opendir(path);
  FILE *file;
  int failed = 0;
  if (folder == NULL) {
    file = fopen(path, "rb");
    if (file == NULL) {
      fprintf(stderr, "%s: cannot open\n", path);
      return 1;
    }
    failed = run_file(file, path);
    fclose(file);
    return failed;
  }
  for (struct dirent *each; (each = readdir(folder)) != NULL;) {
    char *inner = NULL;
    if (each->d_name[0] == '.') continue;
    if (asprintf(&inner, "%s/%s", path, each->d_name) < 0) failed = 1;
    else failed |= run(inner);
    free(inner);
  }
  closedir(folder);
  return failed;
}

int main(int argc, char **argv) {
  int failed = 0;
  for (int i = 1; i < argc; i++) failed |= run(argv[i]);
  printf("%lu inputs, %s\n", inputs, failed ? "some could not be read" : "ok");
  return failed;
}
