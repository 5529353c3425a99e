/* SPDX-License-Identifier: MIT */
/* The line editor of the prompt, on libedit. Its own interface and not the one that looks like readline: that one keeps everything in globals,
 * splits words by rules of its own, and prints what can be completed as it is, whatever a host called its methods. Here the list is ours. */
#define _GNU_SOURCE
#include "editor.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define LINES_KEPT 1000
#define HISTORY_LEN_MAX ((size_t)1 << 20) /* bytes of the file, above which it is cut */
#define LISTED_MAX 200u
#define CTRL_D 4

struct editor {
  EditLine *el;
  History *history;
  editor_options options;
  vms_buffer line;
  int interrupted; /* the line that was begun is given up */
  mbstate_t half;  /* of a character */
};

/* --- signals ------------------------------------------------------------------------------------------------------- */

static volatile sig_atomic_t interrupts, redraw, ending; /* ending: the signal that ends the process */
static const int caught[] = { SIGINT, SIGWINCH, SIGCONT, SIGTERM, SIGHUP };

static void on_signal(int number) {
  if (number == SIGINT) interrupts = 1;
  else if (number == SIGTERM || number == SIGHUP) ending = number;
  else redraw = 1;
}

/* They are blocked but for the moments in which something is waited for: no handler runs in the middle of anything. */
static sigset_t signals_begin(void) {
  struct sigaction action;
  sigset_t ours, before;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigemptyset(&ours);
  for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++) {
    sigaction(caught[i], &action, NULL);
    sigaddset(&ours, caught[i]);
  }
  sigprocmask(SIG_BLOCK, &ours, &before);
  return before;
}

static sigset_t unblocked; /* the process's mask before */

int editor_interrupted(void) {
  int was = interrupts;
  interrupts = 0;
  return was;
}

/* 1: it can be read; 0: a signal came. */
static int wait_once(int fd) {
  struct pollfd wanted = { fd, POLLIN, 0 };
  for (;;) {
    int ready = ppoll(&wanted, 1, NULL, &unblocked);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return 1;
    if (interrupts || redraw || ending) return 0;
  }
}

int editor_wait(int fd) {
  for (;;) {
    if (wait_once(fd)) return 1;
    if (editor_interrupted() || ending) return 0;
    redraw = 0; /* the next line is drawn anyway */
  }
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

static char *prompt(EditLine *el) {
  static char text[] = "vms> ";
  (void)el;
  return text;
}

/* The window has another size, or the process was stopped and the shell has changed the terminal meanwhile. */
static void draw_again(EditLine *el) {
  redraw = 0;
  el_set(el, EL_PREP_TERM, 1);
  el_resize(el);
  putchar('\r');
  el_set(el, EL_REFRESH);
}

/* One character from the terminal, or the end. */
static int read_character(EditLine *el, wchar_t *character) {
  editor *ed = NULL;
  char byte;
  el_get(el, EL_CLIENTDATA, &ed);
  for (;;) {
    if (!wait_once(STDIN_FILENO)) {
      if (redraw) draw_again(el);
      ed->interrupted = editor_interrupted();
      if (ed->interrupted || ending) return 0;
      continue;
    }
    ssize_t n = read(STDIN_FILENO, &byte, 1);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return 0;
    size_t len = mbrtowc(character, &byte, 1, &ed->half);
    if (len == 0) *character = CTRL_D; /* typed before the prompt was there: the terminal put a zero in its place */
    if (len == (size_t)-2) continue; /* more bytes follow */
    if (len != (size_t)-1) return 1;
    memset(&ed->half, 0, sizeof ed->half); /* no character in this locale: passed over */
  }
}

const char *editor_line(editor *ed) {
  int count = 0;
  ed->interrupted = 0;
  memset(&ed->half, 0, sizeof ed->half);
  el_set(ed->el, EL_PREP_TERM, 1); /* before the prompt shows, not behind it: what is typed then is for the editor, not for the terminal */
  const char *text = el_gets(ed->el, &count);
  ed->line.len = 0;
  if (ed->interrupted) {
    fputs("^C\n", stdout);
    el_reset(ed->el);
    return append(&ed->line, "") == VMS_OK ? ed->line.data : NULL;
  }
  if (text == NULL || count <= 0) {
    putchar('\n'); /* what comes next begins a line */
    return NULL;
  }
  while (count > 0 && (text[count - 1] == '\n' || text[count - 1] == '\r')) count--;
  return vms_buffer_append(&ed->line, text, (size_t)count) == VMS_OK ? ed->line.data : NULL;
}

/* --- completion -------------------------------------------------------------------------------------------------------- */

static size_t common_start(const char *const *words, size_t count) {
  size_t len = strlen(words[0]);
  for (size_t i = 1; i < count; i++) {
    size_t same = 0;
    while (same < len && words[i][same] == words[0][same]) same++;
    len = cli_cut(words[0], strlen(words[0]), same);
  }
  return len;
}

static void list(const char *const *words, size_t count) {
  struct winsize size = { .ws_col = 80 };
  size_t widest = 0, column = 0;
  (void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
  for (size_t i = 0; i < count && i < LISTED_MAX; i++) widest = strlen(words[i]) > widest ? strlen(words[i]) : widest;
  for (size_t i = 0; i < count && i < LISTED_MAX; i++) {
    if (column > 0 && column + widest + 2 > size.ws_col) column = 0;
    if (column == 0) putchar('\n');
    cli_print(stdout, words[i], strlen(words[i]), 0);
    printf("%*s", (int)(widest + 2 - strlen(words[i])), "");
    column += widest + 2;
  }
  if (count > LISTED_MAX) printf("\n%zu more", count - LISTED_MAX);
  putchar('\n');
}

/* What is inserted: nothing that a terminal would interpret, and nothing that splits the word. */
static int insert(EditLine *el, const char *text, size_t len, int whole) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  int done = vms_buffer_append(&bytes, text, len) == VMS_OK && (!whole || append(&bytes, " ") == VMS_OK) && el_insertstr(el, bytes.data) == 0;
  vms_buffer_free(&bytes);
  return done;
}

static unsigned char complete(EditLine *el, int key) {
  editor *ed = NULL;
  const LineInfo *info = el_line(el);
  vms_buffer line = VMS_BUFFER_INIT;
  const char *const *words = NULL;
  size_t count = 0;
  unsigned char result = CC_ERROR;
  (void)key;
  el_get(el, EL_CLIENTDATA, &ed);
  if (vms_buffer_append(&line, info->buffer, (size_t)(info->cursor - info->buffer)) != VMS_OK || append(&line, "") != VMS_OK) {
    vms_buffer_free(&line);
    return CC_ERROR;
  }
  size_t start = line.len;
  while (start > 0 && line.data[start - 1] != ' ' && line.data[start - 1] != '\t') start--;
  ed->options.complete(ed->options.context, line.data == NULL ? "" : line.data, start, &words, &count);
  if (count > 0) {
    size_t typed = line.len - start, len = common_start(words, count);
    int folder = len > 0 && words[0][len - 1] == '/'; /* goes on */
    if (len > typed || count == 1) result = insert(el, words[0] + typed, len - typed, count == 1 && !folder) ? CC_REFRESH : CC_ERROR;
    else {
      list(words, count);
      result = CC_REDISPLAY;
    }
  }
  vms_buffer_free(&line);
  return result;
}

/* --- history -------------------------------------------------------------------------------------------------------------- */

static void history_write(const editor *ed, const char *lines, size_t len, int flags) {
  int fd = open(ed->options.history, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
  if (fd < 0) return; /* a history that cannot be kept is no reason not to work */
  while (len > 0) {
    ssize_t n = write(fd, lines, len);
    if (n <= 0) break;
    lines += n;
    len -= (size_t)n;
  }
  close(fd);
}

/* Reads what was kept; where it has grown too long, its newest lines replace it. */
static void history_load(editor *ed) {
  vms_buffer text = VMS_BUFFER_INIT;
  HistEvent event;
  if (ed->options.history == NULL || vms_file_read(ed->options.history, INPUT_LEN_MAX, &text, NULL) != VMS_OK || text.len == 0) {
    vms_buffer_free(&text);
    return;
  }
  size_t first = text.len, lines = 0;
  while (first > 0 && lines <= LINES_KEPT) lines += text.data[--first] == '\n';
  if (first > 0) first++;
  for (char *at = text.data + first, *stop; (stop = strchr(at, '\n')) != NULL; at = stop + 1) {
    *stop = 0;
    if (*at != 0) history(ed->history, &event, H_ENTER, at);
    *stop = '\n';
  }
  if (text.len > HISTORY_LEN_MAX) history_write(ed, text.data + first, text.len - first, O_TRUNC);
  vms_buffer_free(&text);
}

/* As in shells: a line that begins with a blank is not kept, nor one that is there already. */
void editor_remember(editor *ed, const char *line) {
  vms_buffer kept = VMS_BUFFER_INIT;
  HistEvent event;
  if (line[0] == ' ' || line[0] == 0) return;
  if (history(ed->history, &event, H_FIRST) >= 0 && strncmp(event.str, line, strlen(line)) == 0 && strspn(event.str + strlen(line), "\n") == strlen(event.str + strlen(line)))
    return;
  history(ed->history, &event, H_ENTER, line);
  if (ed->options.history != NULL && append(&kept, line) == VMS_OK && append(&kept, "\n") == VMS_OK) history_write(ed, kept.data, kept.len, O_APPEND);
  vms_buffer_free(&kept);
}

/* --- the editor -------------------------------------------------------------------------------------------------------------- */

static void set_up(editor *ed) {
  const char *term = getenv("TERM");
  HistEvent event;
  history(ed->history, &event, H_SETSIZE, LINES_KEPT);
  el_set(ed->el, EL_CLIENTDATA, ed);
  el_set(ed->el, EL_PROMPT, prompt);
  el_set(ed->el, EL_EDITOR, "emacs");
  el_set(ed->el, EL_HIST, history, ed->history);
  el_set(ed->el, EL_ADDFN, "vms-complete", "completes a name", complete);
  el_set(ed->el, EL_BIND, "^I", "vms-complete", NULL);
  el_set(ed->el, EL_BIND, "^R", "em-inc-search-prev", NULL);
  el_set(ed->el, EL_BIND, "\033[3~", "ed-delete-next-char", NULL);
  el_source(ed->el, NULL); /* ~/.editrc, as with every program that uses libedit */
  el_set(ed->el, EL_GETCFN, read_character);
  if (term == NULL || term[0] == 0 || strcmp(term, "dumb") == 0) el_set(ed->el, EL_EDITMODE, 0);
}

editor *editor_open(const editor_options *options) {
  editor *ed = calloc(1, sizeof *ed);
  if (ed == NULL) return NULL;
  /* What is typed is UTF-8, also where no locale is set. */
  const char *locale = setlocale(LC_CTYPE, "");
  if (locale == NULL || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0) setlocale(LC_CTYPE, "C.UTF-8");
  ed->options = *options;
  unblocked = signals_begin();
  ed->history = history_init();
  ed->el = el_init("vms-call", stdin, stdout, stderr);
  if (ed->el == NULL || ed->history == NULL) {
    editor_close(ed);
    return NULL;
  }
  set_up(ed);
  history_load(ed);
  return ed;
}

void editor_close(editor *ed) {
  if (ed == NULL) return;
  if (ed->el != NULL) el_end(ed->el);
  if (ed->history != NULL) history_end(ed->history);
  vms_buffer_free(&ed->line);
  free(ed);
  if (!ending) return;
  signal(ending, SIG_DFL);
  sigprocmask(SIG_SETMASK, &unblocked, NULL);
  raise(ending);
}
