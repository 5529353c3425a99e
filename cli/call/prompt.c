/* SPDX-License-Identifier: MIT */
/* The prompt: `vms-call URL` on a terminal. Whatever goes wrong is told, and the next line can be typed. */
#define _GNU_SOURCE
#include "editor.h"
#include "job.h"

#include <stdlib.h>
#include <sys/stat.h>

#define METHODS_MAX 1000u /* of the service, to complete */
#define NAME_LEN_MAX 100u
#define WORDS_MAX (METHODS_MAX + 32u)

static const char *const known[] = { "files.getInfo", "files.history", "files.readFile", "files.readdir", "files.stat", "rpc.discover",
                                     "vms.blocks",    "vms.head",      "vms.info",       "vms.proof",     "vms.subscribe", ".exit",      ".help",
                                     ".info" };
#define KNOWN_COUNT (sizeof known / sizeof known[0])

static const char help[] =
  "METHOD ARG ...       as on the command line: each ARG is JSON if it parses, else a string;\n"
  "                     'quotes' keep blanks together, @FILE is a file's content as a string\n"
  "method(arg, arg)     as in JavaScript\n"
  "files.readFile PATH  what the service wrote; files.readdir, files.stat, files.history\n"
  "vms.info             what the service tells about itself; vms.head\n"
  "vms.subscribe        records as they come, until Ctrl-C; vms.subscribe 0 begins with the first\n"
  ".info                the same, in short\n"
  ".exit                ends, as does Ctrl-D\n"
  "Tab completes names and paths, the arrow keys bring earlier lines back, Ctrl-C leaves a call that takes too long.\n"
  "A line that begins with a blank is not kept in the history.\n";

typedef struct prompt {
  const arguments *args;
  call_session session;
  call_answer answer;
  char *methods[METHODS_MAX];
  size_t method_count;
  char *paths[METHODS_MAX]; /* what was listed last */
  size_t path_count;
  const char *words[WORDS_MAX];
} prompt;

static void forget(char **names, size_t *count) {
  while (*count > 0) free(names[--*count]);
}

static void work(call_session *session, const arguments *args, const char *method, vms_slice params, call_answer *answer) {
  call_ask(session->client, args, method, params, answer);
}

/* 1 with an answer in p->answer; 0 if there is none, which was told unless it is not to be. */
static int run_job(prompt *p, call_work_fn *what, const char *method, vms_slice params, int quiet) {
  int ran = call_job_run(&p->session, what, p->args, method, params, editor_wait, &p->answer);
  if (ran == 1 && (p->answer.status == VMS_OK || p->answer.status == VMS_ERR_NOT_FOUND)) return 1;
  if (quiet) return 0;
  if (ran < 0) call_out_of_memory();
  else if (ran == 1) call_fail(&p->answer.error, p->answer.evidence.data);
  else {
    fputs("^C\n", stdout);
    if (!call_is_follow(method)) cli_hint(is_plain(method) ? "no longer waited for" : "no longer waited for; the call may run all the same");
  }
  return 0;
}

/* The same for a request: 1 with a result. */
static int ask(prompt *p, const char *method, vms_slice params, int quiet) {
  if (!run_job(p, work, method, params, quiet)) return 0;
  if (!quiet && p->session.client != NULL) call_print_warning(p->session.client);
  if (!quiet && p->answer.reply.code != 0) call_fail_reply(p->args, method, &p->answer.reply);
  return p->answer.reply.code == 0;
}

/* Until Ctrl-C. Nothing more is wanted of that connection then. */
static void follow(prompt *p, const char *method, vms_slice params) {
  if (call_follow_check(params) != CLI_FINE) return;
  for (int on = run_job(p, call_follow_begin, method, params, 0); on && (on = run_job(p, call_follow_next, method, params, 0)) != 0;) {
    if (p->answer.status == VMS_OK) call_show_line(view(&p->answer.reply.result));
    fflush(stdout);
  }
  call_disconnect(&p->session);
}

/* --- completion -------------------------------------------------------------------------------------------------------- */

/* Keeps a name that can be typed and shown as it is. */
static void keep_name(char **names, size_t *count, vms_slice json, const char *before, const char *after) {
  vms_buffer name = VMS_BUFFER_INIT;
  int good = append(&name, before) == VMS_OK && vms_json_unquote(json, &name) == VMS_OK && append(&name, after) == VMS_OK && name.len > 0 &&
             name.len <= NAME_LEN_MAX + strlen(before) && strlen(name.data) == name.len && cli_is_safe(name.data, name.len) &&
             strpbrk(name.data, " \t'\"\\(){}[]@") == NULL;
  if (good && (names[*count] = strdup(name.data)) != NULL) ++*count;
  vms_buffer_free(&name);
}

static void learn_methods(prompt *p) {
  vms_slice methods, each;
  forget(p->methods, &p->method_count);
  if (vms_json_member(view(&p->answer.reply.result), "methods", &methods) != VMS_OK) return;
  for (size_t i = 0; p->method_count < METHODS_MAX && vms_json_element(methods, i, &each) == VMS_OK && i < METHODS_MAX; i++)
    keep_name(p->methods, &p->method_count, each, "", "");
}

/* Lists the folder that a path begins with. */
static void learn_paths(prompt *p, const char *path) {
  static const char options[] = ",{\"stat\":true,\"limit\":500}]";
  const char *slash = strrchr(path, '/');
  vms_buffer folder = VMS_BUFFER_INIT, params = VMS_BUFFER_INIT;
  vms_slice each, name, stat, is_folder;
  forget(p->paths, &p->path_count);
  int ready = vms_buffer_append(&folder, path, (size_t)(slash + 1 - path)) == VMS_OK && append(&params, "[") == VMS_OK &&
              vms_json_quote(view(&folder), &params) == VMS_OK && append(&params, options) == VMS_OK;
  if (ready && ask(p, "files.readdir", view(&params), 1))
    for (size_t i = 0; i < 500 && vms_json_element(view(&p->answer.reply.result), i, &each) == VMS_OK; i++) {
      if (vms_json_member(each, "name", &name) != VMS_OK || vms_json_member(each, "stat", &stat) != VMS_OK) continue;
      int enter = vms_json_member(stat, "isDirectory", &is_folder) == VMS_OK && is_folder.len == 4;
      keep_name(p->paths, &p->path_count, name, folder.data, enter ? "/" : "");
    }
  vms_buffer_free(&folder);
  vms_buffer_free(&params);
}

static size_t match(const char **words, size_t count, const char *const *from, size_t from_count, const char *start) {
  for (size_t i = 0; i < from_count && count < WORDS_MAX; i++)
    if (strncmp(from[i], start, strlen(start)) == 0) words[count++] = from[i];
  return count;
}

static void complete(void *context, const char *line, size_t start, const char *const **words, size_t *count) {
  prompt *p = context;
  const char *word = line + start, *first = line + strspn(line, " \t");
  *words = p->words;
  *count = 0;
  if (first == word) {
    *count = match(p->words, 0, (const char *const *)p->methods, p->method_count, word);
    *count = match(p->words, *count, known, KNOWN_COUNT, word);
  } else if (is_file(first) && word[0] == '/' && strcspn(first, " \t") + strspn(first + strcspn(first, " \t"), " \t") == (size_t)(word - first)) {
    learn_paths(p, word);
    *count = match(p->words, 0, (const char *const *)p->paths, p->path_count, word);
  }
}

/* --- lines ---------------------------------------------------------------------------------------------------------------- */

static void print_text(const char *before, vms_slice info, const char *name) {
  vms_buffer text = VMS_BUFFER_INIT;
  vms_slice value;
  if (vms_json_member(info, name, &value) == VMS_OK && value.data[0] == '"' && vms_json_unquote(value, &text) == VMS_OK && text.len > 0) {
    fputs(before, stdout);
    cli_print(stdout, text.data, cli_cut(text.data, text.len, NAME_LEN_MAX), 0);
    putchar('\n');
  }
  vms_buffer_free(&text);
}

static void print_methods(const prompt *p) {
  size_t column = 9;
  fputs("methods:", stdout);
  for (size_t i = 0; i < p->method_count; i++) {
    if (column + strlen(p->methods[i]) > 78) column = 9, fputs("\n        ", stdout);
    column += (size_t)printf(" %s", p->methods[i]);
  }
  putchar('\n');
}

static int learn(prompt *p, int quiet) {
  int told = ask(p, "vms.info", slice_of("[]"), quiet);
  if (told) learn_methods(p);
  return told;
}

static void info(prompt *p) {
  vms_slice head, length;
  if (!learn(p, 0)) return;
  vms_slice text = view(&p->answer.reply.result);
  print_text("title:   ", text, "title");
  print_text("ledger:  ", text, "ledger");
  print_text("archive: ", text, "archive");
  print_text("engine:  ", text, "engine");
  if (vms_json_member(text, "head", &head) == VMS_OK && vms_json_member(head, "length", &length) == VMS_OK && length.len <= 20)
    printf("records: %.*s\n", (int)length.len, length.data);
  print_methods(p);
}

/* 1 to go on. */
static int command(prompt *p, const char *text) {
  size_t len = strcspn(text, " \t;()");
  if (len == 5 && strncmp(text, ".exit", len) == 0) return 0;
  if (len == 5 && strncmp(text, ".quit", len) == 0) return 0;
  if (len == 5 && strncmp(text, ".help", len) == 0) fputs(help, stdout);
  else if (len == 5 && strncmp(text, ".info", len) == 0) info(p);
  else {
    call_error(0, "no command %.*s", (int)(len < NAME_LEN_MAX ? len : NAME_LEN_MAX), text);
    cli_hint(".help lists what there is");
  }
  return 1;
}

static int is_method(const prompt *p, const char *name) {
  for (size_t i = 0; i < p->method_count; i++) if (strcmp(p->methods[i], name) == 0) return 1;
  return 0;
}

/* What people type who want something else than a call. */
static int is_command_without_dot(const prompt *p, const char *name) {
  static const char *const names[] = { "exit", "quit", "help", "info", "?" };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(name, names[i]) == 0 && !is_method(p, name)) return 1;
  return 0;
}

static void run(prompt *p, const char *method, vms_slice params) {
  if (is_command_without_dot(p, method)) {
    call_error(0, "the service has no method %s", method);
    cli_hint(".help lists what there is, .exit ends");
  } else if (call_is_follow(method)) {
    follow(p, method, params);
  } else if (ask(p, method, params, 0)) {
    if (p->answer.reply.result.len > 0) call_show(p->args, view(&p->answer.reply.result));
    else printf(call_colours() ? "\033[2mundefined\033[0m\n" : "undefined\n");
  }
}

static int line(prompt *p, const char *text) {
  vms_buffer method = VMS_BUFFER_INIT, params = VMS_BUFFER_INIT;
  text += strspn(text, " \t");
  if (*text == 0) return 1;
  if (*text == '.') return command(p, text);
  if (call_read_line(text, &method, &params) == CLI_FINE) run(p, method.data, view(&params));
  vms_buffer_free(&method);
  vms_buffer_free(&params);
  return 1;
}

/* The file with the history: in the folder of what is kept, ${XDG_DATA_HOME:-~/.local/share}/vms, which is made. NULL: none. */
static const char *history_path(const arguments *args, vms_buffer *path) {
  const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  int named;
  if (args->keep != NULL) named = append(path, args->keep) == VMS_OK;
  else if (data != NULL && data[0] == '/') named = append(path, data) == VMS_OK && append(path, "/vms") == VMS_OK;
  else named = home != NULL && home[0] != 0 && append(path, home) == VMS_OK && append(path, "/.local/share/vms") == VMS_OK;
  if (!named || append(path, "/history") != VMS_OK) return NULL;
  for (char *slash = path->data; (slash = strchr(slash + 1, '/')) != NULL;) {
    *slash = 0;
    (void)mkdir(path->data, 0700); /* that it is not there shows itself when it is used */
    *slash = '/';
  }
  return path->data;
}

static void read_lines(prompt *p, editor *ed) {
  const char *text;
  if (learn(p, 0)) {
    print_text("", view(&p->answer.reply.result), "title");
    print_methods(p);
  }
  puts(".help tells more, Ctrl-D ends");
  while ((text = editor_line(ed)) != NULL) {
    editor_remember(ed, text);
    if (!line(p, text)) break;
    fflush(stdout);
  }
}

int call_prompt(const arguments *args, call_session *session) {
  static prompt p; /* too large for a stack; the process has one */
  vms_buffer path = VMS_BUFFER_INIT;
  int result = CLI_FINE;
  p.args = args;
  p.session = *session;
  call_answer_init(&p.answer);
  call_at_prompt();
  editor *ed = editor_open(&(editor_options){ history_path(args, &path), complete, &p });
  if (ed != NULL) read_lines(&p, ed);
  else result = call_out_of_memory();
  forget(p.methods, &p.method_count);
  forget(p.paths, &p.path_count);
  call_answer_free(&p.answer);
  *session = p.session;
  editor_close(ed);
  vms_buffer_free(&path);
  return result;
}
