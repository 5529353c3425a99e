/* SPDX-License-Identifier: MIT */
/* JSON for people on a terminal, for programs elsewhere. The text is some host's: valid JSON, and nothing more is known about it. */
#include "call.h"

#include <stdlib.h>
#include <unistd.h>

#define STRING_SHOWN 10000u /* bytes of one string that are shown on a terminal: nobody reads more, and somebody may have to scroll */

#define KEY "\033[1;34m"
#define STRING "\033[32m"
#define WORD "\033[33m" /* numbers, true, false, null */
#define PLAIN "\033[0m"

/* A text on its way to stdout. */
typedef struct show {
  const char *at, *end;
  int terminal, pretty, colours; /* pretty: over many lines */
  unsigned depth;
  size_t left_out; /* bytes of strings that were not shown */
} show;

int call_colours(void) {
  const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
  return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == 0) && term != NULL && term[0] != 0 && strcmp(term, "dumb") != 0;
}

static void skip_blanks(show *s) {
  while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r')) s->at++;
}

static void newline(const show *s) {
  if (s->pretty) printf("\n%*s", (int)s->depth * 2, "");
}

static void begin(const show *s, const char *colour) { if (s->colours) fputs(colour, stdout); }
static void end(const show *s) { if (s->colours) fputs(PLAIN, stdout); }

/* Bytes of what stands between the quotes that are shown: no character and no escape is cut in two. */
static size_t shown_of(const char *text, size_t len) {
  size_t at = 0, step;
  if (len <= STRING_SHOWN) return len;
  while (at < STRING_SHOWN) {
    step = text[at] != '\\' ? 1 : text[at + 1] == 'u' ? 6 : 2; /* a backslash is followed by a character, u by four */
    if (at + step > STRING_SHOWN) break;
    at += step;
  }
  return cli_cut(text, len, at);
}

static void show_string(show *s) {
  const char *start = ++s->at;
  while (s->at < s->end && *s->at != '"') s->at += *s->at == '\\' && s->end - s->at > 1 ? 2 : 1;
  size_t len = (size_t)(s->at - start), shown = s->terminal ? shown_of(start, len) : len;
  if (s->at < s->end) s->at++;
  show rest = *s;
  skip_blanks(&rest);
  begin(s, rest.at < rest.end && *rest.at == ':' ? KEY : STRING);
  putchar('"');
  if (s->terminal) cli_print(stdout, start, shown, 0);
  else fwrite(start, 1, shown, stdout);
  fputs(shown < len ? "...\"" : "\"", stdout);
  end(s);
  s->left_out += len - shown;
}

static void show_word(show *s) {
  const char *start = s->at;
  while (s->at < s->end && strchr(" \t\r\n,:[]{}\"", *s->at) == NULL) s->at++;
  if (s->at == start) s->at++; /* no JSON */
  begin(s, WORD);
  cli_print(stdout, start, (size_t)(s->at - start), 0);
  end(s);
}

static void show_open(show *s) {
  char open = *s->at++;
  putchar(open);
  skip_blanks(s);
  if (s->at < s->end && *s->at == (open == '{' ? '}' : ']')) {
    putchar(*s->at++);
    return;
  }
  s->depth++;
  newline(s);
}

static void show_close(show *s) {
  if (s->depth > 0) s->depth--;
  newline(s);
  putchar(*s->at++);
}

static void show_text(show *s) {
  for (skip_blanks(s); s->at < s->end; skip_blanks(s)) {
    switch (*s->at) {
      case '{': case '[': show_open(s); break;
      case '}': case ']': show_close(s); break;
      case '"': show_string(s); break;
      case ',': putchar(*s->at++); newline(s); break;
      case ':': fputs(s->pretty ? ": " : ":", stdout); s->at++; break;
      default: show_word(s);
    }
  }
  putchar('\n');
}

static void show_bare(vms_slice text, int terminal) {
  if (terminal) cli_print(stdout, text.data, text.len, 1);
  else fwrite(text.data, 1, text.len, stdout);
  putchar('\n');
}

void call_show(const arguments *args, vms_slice json) {
  vms_buffer text = VMS_BUFFER_INIT;
  int terminal = isatty(STDOUT_FILENO);
  show s = { .at = json.data, .end = json.data + json.len, .terminal = terminal, .pretty = terminal, .colours = call_colours() };
  if (args->raw && json.len > 0 && vms_json_unquote(json, &text) == VMS_OK) show_bare(text.data == NULL ? slice_of("") : view(&text), terminal);
  else show_text(&s);
  vms_buffer_free(&text);
  if (s.left_out == 0) return;
  fflush(stdout);
  cli_hint("%zu bytes of long strings are not shown; --raw, or a pipe, shows all", s.left_out);
}

void call_show_line(vms_slice json) {
  show s = { .at = json.data, .end = json.data + json.len, .terminal = isatty(STDOUT_FILENO), .colours = call_colours() };
  show_text(&s);
}

int call_flushed(void) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return 1;
  cli_error("vms-call", "cannot write to stdout");
  cli_hint("the calls may have run all the same; ask the service before you repeat them");
  return 0;
}
