/* SPDX-License-Identifier: MIT */
/* vms-call: calls a method of a service, or many of them, or whatever somebody types. */
#include "cli/call/call.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARAMS, RAW, AT, VERIFY, KEY, ANONYMOUS, TIMEOUT, WHOAMI, HELP, VERSION };

static const cli_option options[] = {
  [PARAMS] = { "--params", "JSON|-", "parameters as JSON, or from stdin, instead of ARG" },
  [RAW] = { "--raw", NULL, "print a string bare, not as JSON; a file read as binary as its bytes" },
  [AT] = { "--at", "VERSION", "files.*: as of this version of the files" },
  [VERIFY] = { "--verify", NULL, "files.*: print only what the host proves" },
  [KEY] = { "--key", "FILE", "sign with the key in FILE, made on first use (default: your own)" },
  [ANONYMOUS] = { "--anonymous", NULL, "do not sign; the service has to allow it" },
  [TIMEOUT] = { "--timeout", "SECONDS", "to connect and for each answer (default 30)" },
  [WHOAMI] = { "--whoami", NULL, "print your public key and exit" },
  [HELP] = { "--help", NULL, "print this and exit" },
  [VERSION] = { "--version", NULL, "print the version and exit" },
  { NULL, NULL, NULL },
};

/* Without METHOD, what is typed is for the prompt, what comes from elsewhere is a line a call. */
static int wants_prompt(void) { return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO); }

/* Fills args; returns an exit status, or -1 to go on. */
static int parse(arguments *args, int argc, char **argv) {
  cli parser = cli_begin("vms-call", "[OPTION...] URL METHOD [ARG...]",
                         "Calls METHOD of the service at URL and prints its result as JSON. Each ARG is JSON if it\n"
                         "parses, else a string; @FILE is a file's content as a string. Options end at METHOD.\n"
                         "Without METHOD, stdin holds one {\"method\":...,\"params\":[...]} per line.", options, argc, argv);
  int option;
  while (args->method == NULL && (option = cli_next(&parser)) != CLI_END) {
    switch (option) {
      case CLI_BAD: return CLI_USAGE;
      case CLI_OPERAND:
        if (args->url == NULL) args->url = parser.value;
        else args->method = parser.value;
        break;
      case PARAMS: args->params = parser.value; break;
      case RAW: args->raw = 1; break;
      case AT:
        if (!cli_number(parser.value, 1, VERSION_MAX, &args->at)) return call_usage("--at needs a version, a whole number above 0");
        break;
      case VERIFY: args->verify = 1; break;
      case KEY: args->key = parser.value; break;
      case ANONYMOUS: args->anonymous = 1; break;
      case TIMEOUT:
        if (!cli_timeout(parser.value, &args->timeout_ms)) return call_usage("--timeout needs a number of seconds, 0.001 to 86400");
        break;
      case WHOAMI: args->whoami = 1; break;
      case HELP: cli_help(&parser); return CLI_FINE;
      default: cli_version(&parser); return CLI_FINE;
    }
  }
  args->args = argv + parser.at;
  args->arg_count = argc - parser.at;
  if (args->key != NULL && args->anonymous) return call_usage("--key and --anonymous exclude each other");
  if (args->whoami) return -1;
  if (args->url == NULL) return call_usage("no URL");
  if (args->params != NULL && args->arg_count > 0) return call_usage("--params and ARG exclude each other");
  if (args->method == NULL && args->params != NULL) return call_usage("--params needs a METHOD");
  if ((args->at != 0 || args->verify) && !(args->method == NULL ? wants_prompt() : is_file(args->method)))
    return call_usage("%s is for a METHOD that reads files", args->at != 0 ? "--at" : "--verify");
  return -1;
}

static int load_key(arguments *args) {
  vms_error error = { 0, 0, 0, "" };
  int status = vms_key_load(args->key, args->seed, &error);
  if (status == VMS_OK) return CLI_FINE;
  cli_error("vms-call", "%s", error.message);
  if (status == VMS_ERR_SIGNATURE) cli_hint("chmod 600 the file, so that nobody else can sign as you");
  else if (status != VMS_ERR_FORM) cli_hint("--key FILE names a key of yours, which is made if it is not there");
  else cli_hint("a key file holds a seed: 64 lower-case hex digits and a newline");
  return CLI_USAGE;
}

static int whoami(const arguments *args) {
  uint8_t key[VMS_KEY_LEN];
  vms_key_public(args->seed, key);
  for (size_t i = 0; i < sizeof key; i++) printf("%02x", key[i]);
  putchar('\n');
  return call_flushed() ? CLI_FINE : CLI_UNKNOWN;
}

/* The file with the prompt's history: ${XDG_DATA_HOME:-~/.local/share}/vms/history, in a folder that is made; NULL: none. */
static const char *history_path(vms_buffer *path) {
  const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
  int known = data != NULL && data[0] == '/' ? append(path, data) == VMS_OK
              : home != NULL && home[0] != 0 && append(path, home) == VMS_OK && append(path, "/.local/share") == VMS_OK;
  if (!known || append(path, "/vms/history") != VMS_OK) return NULL;
  for (char *slash = path->data + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
    *slash = 0;
    (void)mkdir(path->data, 0700); /* that it is not there shows itself when it is used */
    *slash = '/';
  }
  return path->data;
}

static int prompt(const arguments *args, vms_client **client) {
  vms_buffer path = VMS_BUFFER_INIT;
  int result = call_prompt(args, client, history_path(&path));
  vms_buffer_free(&path);
  return result;
}

static int run(const arguments *args) {
  vms_client *client = NULL;
  vms_buffer params = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  int result = args->method == NULL ? CLI_FINE : call_params(args, &params);
  if (result == CLI_FINE && call_connect(&client, args, &error) != VMS_OK) result = call_fail(&error);
  else if (result == CLI_FINE && args->method != NULL) result = call_once(args, client, view(&params));
  else if (result == CLI_FINE) result = wants_prompt() ? prompt(args, &client) : call_many(args, client);
  vms_client_close(client);
  vms_buffer_free(&params);
  return result;
}

int main(int argc, char **argv) {
  arguments args;
  memset(&args, 0, sizeof args);
  int result = parse(&args, argc, argv);
  if (result >= 0) return result;
  result = CLI_FINE;
  if (args.whoami || (!args.anonymous && (args.method == NULL || !is_plain(args.method)))) result = load_key(&args);
  if (result == CLI_FINE) result = args.whoami ? whoami(&args) : run(&args);
  memset(args.seed, 0, sizeof args.seed);
  return result;
}
