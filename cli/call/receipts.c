/* SPDX-License-Identifier: MIT */
/* The file that --receipt names: a receipt a line, in the order of the calls. */
#define _GNU_SOURCE
#include "call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct call_receipts {
  const char *path;
  int fd, made, failed; /* made: it was not there before. failed: errno */
  uint64_t written, missing;
};

int call_receipts_open(call_receipts **receipts, const char *path) {
  call_receipts *opened = calloc(1, sizeof *opened);
  if (opened == NULL) return call_out_of_memory();
  opened->path = path;
  opened->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  opened->made = opened->fd >= 0;
  if (opened->fd < 0 && errno == EEXIST) opened->fd = open(path, O_WRONLY | O_CLOEXEC);
  if (opened->fd >= 0) {
    *receipts = opened;
    return CLI_FINE;
  }
  free(opened);
  call_error(0, "cannot write to %s: %s", path, strerror(errno));
  cli_hint("--receipt FILE is where the receipt goes; nothing was called");
  return CLI_USAGE;
}

static int write_all(int fd, const char *bytes, size_t len) {
  while (len > 0) {
    ssize_t n = write(fd, bytes, len);
    if (n < 0 && errno != EINTR) return 0;
    if (n > 0) bytes += n, len -= (size_t)n;
  }
  return 1;
}

void call_receipts_write(call_receipts *receipts, vms_slice receipt) {
  if (receipt.len == 0) {
    receipts->missing++;
    return;
  }
  if (receipts->written++ == 0 && ftruncate(receipts->fd, 0) != 0) errno = 0; /* a pipe or a device has no length */
  if (!write_all(receipts->fd, receipt.data, receipt.len) || !write_all(receipts->fd, "\n", 1)) receipts->failed = errno;
}

int call_receipts_close(call_receipts *receipts) {
  int result = CLI_FINE;
  if (receipts == NULL) return CLI_FINE;
  if (close(receipts->fd) != 0 && receipts->failed == 0) receipts->failed = errno;
  if (receipts->made && receipts->written == 0) (void)unlink(receipts->path);
  if (receipts->failed != 0) {
    result = call_error(CLI_UNKNOWN, "cannot write to %s: %s", receipts->path, strerror(receipts->failed));
    cli_hint("the calls ran; what is kept about the service has their receipts too");
  } else if (receipts->missing > 0) {
    result = call_error(CLI_UNKNOWN, receipts->missing == 1 && receipts->written == 0 ? "the answer came without a receipt" : "some answers came without a receipt");
    cli_hint("the call ran, but the host can take it back: it runs with --durability os, or hides something");
  }
  free(receipts);
  return result;
}
