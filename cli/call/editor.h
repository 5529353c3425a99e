/* SPDX-License-Identifier: MIT */
/* The line editor of the prompt: history, completion, Ctrl-C. */
#ifndef VMS_CLI_CALL_EDITOR_H
#define VMS_CLI_CALL_EDITOR_H

#include "call.h"

typedef struct editor editor;

typedef struct editor_options {
  const char *history; /* path of the file, or NULL */
  /* Fills in what the last word of `line`, which begins at `start`, may be. Borrowed until the next call. */
  void (*complete)(void *context, const char *line, size_t start, const char *const **words, size_t *count);
  void *context;
} editor_options;

/* NULL if there is no memory. */
editor *editor_open(const editor_options *options);
/* The next line without its end, borrowed until the next call; NULL at the end of input. Ctrl-C gives an empty one. */
const char *editor_line(editor *ed);
/* Remembers a line. */
void editor_remember(editor *ed, const char *line);
void editor_close(editor *ed);

/* 1 once after Ctrl-C: what runs is to be left. */
int editor_interrupted(void);
/* Waits until fd can be read: 1, or 0 after Ctrl-C. */
int editor_wait(int fd);

#endif
