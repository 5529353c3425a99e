/* SPDX-License-Identifier: MIT */
/* vms-call: calls a method of a service, or many of them, or whatever somebody types. */
#define _GNU_SOURCE
#include "cli/call/call.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { PARAMS, RAW, AT, VERIFY, KEY, ANONYMOUS, RECEIPT, NO_RECEIPT, COUNT, TIMEOUT, CA, KEEP, HEAD, FORGET, WHOAMI, HELP, VERSION };

static const cli_option options[] = {
  [PARAMS] = { "--params", "JSON|-", "parameters as JSON, or from stdin, instead of ARG" },
  [RAW] = { "--raw", NULL, "print a string bare, not as JSON; a file read as binary as its bytes" },
  [AT] = { "--at", "VERSION", "files.*: as of this version of the files" },
  [VERIFY] = { "--verify", NULL, "files.*: print only what the host proves" },
  [KEY] = { "--key", "FILE", "sign with the key in FILE, made on first use (default: your own)" },
  [ANONYMOUS] = { "--anonymous", NULL, "do not sign; the service has to allow it" },
  [RECEIPT] = { "--receipt", "FILE", "write the host's signed receipt of the call there, of many calls one a line" },
  [NO_RECEIPT] = { "--no-receipt", NULL, "ask for no receipts" },
  [COUNT] = { "--count", "N", "vms.subscribe: end after N records" },
  [TIMEOUT] = { "--timeout", "SECONDS", "to connect and for each answer (default 30)" },
  [CA] = { "--ca", "FILE", "wss://: trust the certificates in FILE instead of the system's" },
  [KEEP] = { "--keep", "DIR", "keep heads and receipts there (default: ~/.local/share/vms)" },
  [HEAD] = { "--head", NULL, "print the newest head kept of URL as LENGTH:HASH and exit" },
  [FORGET] = { "--forget", NULL, "forget which ledger URL stood for, so that another one is taken, and exit" },
  [WHOAMI] = { "--whoami", NULL, "print your public key and exit" },
  [HELP] = { "--help", NULL, "print this and exit" },
  [VERSION] = { "--version", NULL, "print the version and exit" },
  { NULL, NULL, NULL },
};

/* Without METHOD, what is typed is for the prompt, what comes from elsewhere is a line a call. */
static int wants_prompt(void) { return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO); }

static int check_receipt(const arguments *args) {
  if (strcmp(args->receipt, "-") == 0) return call_usage("--receipt needs a FILE: standard output is for results");
  if (args->receipt[0] == 0) return call_usage("--receipt needs a FILE");
  if (args->no_receipt || args->anonymous) return call_usage("--receipt and %s exclude each other", args->anonymous ? "--anonymous" : "--no-receipt");
  if (args->method != NULL && is_plain(args->method)) return call_usage("--receipt is for calls: %s only reads", args->method);
  return args->method == NULL && wants_prompt() ? call_usage("--receipt is for calls that are not typed") : -1;
}

/* What goes together, and what does not; an exit status, or -1 to go on. */
static int check(const arguments *args) {
  if (args->key != NULL && args->anonymous) return call_usage("--key and --anonymous exclude each other");
  if (args->whoami) return -1;
  if (args->url == NULL) return call_usage("no URL");
  if ((args->head || args->forget) && args->method != NULL) return call_usage("%s calls nothing: no METHOD", args->head ? "--head" : "--forget");
  if (args->ca != NULL && access(args->ca, R_OK) != 0) return call_usage("cannot read %s: %s", args->ca, strerror(errno));
  if (args->params != NULL && args->arg_count > 0) return call_usage("--params and ARG exclude each other");
  if (args->method == NULL && args->params != NULL) return call_usage("--params needs a METHOD");
  if ((args->at != 0 || args->verify) && !(args->method == NULL ? wants_prompt() : is_file(args->method)))
    return call_usage("%s is for a METHOD that reads files", args->at != 0 ? "--at" : "--verify");
  if (args->count != 0 && (args->method == NULL || !call_is_follow(args->method))) return call_usage("--count is for vms.subscribe");
  return args->receipt == NULL ? -1 : check_receipt(args);
}

/* Fills args; returns an exit status, or -1 to go on. */
static int parse(arguments *args, int argc, char **argv) {
  cli parser = cli_begin("vms-call", "[OPTION...] URL METHOD [ARG...]",
                         "Calls METHOD of the service at URL and prints its result as JSON. Each ARG is JSON if it\n"
                         "parses, else a string; @FILE is a file's content as a string. Options end at METHOD.\n"
                         "Without METHOD: a prompt on a terminal; elsewhere stdin holds one\n"
                         "{\"method\":...,\"params\":[...]} per line, and one outcome per line is printed.\n\n"
                         "  vms-call ws://127.0.0.1:5555/ RSVP true \"see you\"\n"
                         "  vms-call --raw ws://127.0.0.1:5555/ files.readFile /rsvps/bob.json\n"
                         "  vms-call --params '[1, 2]' wss://example.org/party add\n"
                         "  vms-call ws://127.0.0.1:5555/ vms.subscribe 0", options, argc, argv);
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
      case RECEIPT: args->receipt = parser.value; break;
      case NO_RECEIPT: args->no_receipt = 1; break;
      case COUNT:
        if (!cli_number(parser.value, 1, VERSION_MAX, &args->count)) return call_usage("--count needs a number of records, a whole number above 0");
        break;
      case CA: args->ca = parser.value; break;
      case KEEP: args->keep = parser.value; break;
      case HEAD: args->head = 1; break;
      case FORGET: args->forget = 1; break;
      case WHOAMI: args->whoami = 1; break;
      case HELP: cli_help(&parser); return CLI_FINE;
      default: cli_version(&parser); return CLI_FINE;
    }
  }
  args->args = argv + parser.at;
  args->arg_count = argc - parser.at;
  return check(args);
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

/* Asks for one call, for those of stdin, or for what somebody types. */
static int run(const arguments *args, vms_slice params) {
  call_session session = { NULL, NULL };
  vms_error error = { 0, 0, 0, "" };
  int result;
  call_check_keep(args);
  if (call_connect(&session, args, &error) != VMS_OK) result = call_fail(&error, call_evidence(session.client));
  else if (args->method != NULL) result = call_once(args, &session, params);
  else result = wants_prompt() ? call_prompt(args, &session) : call_many(args, session.client);
  call_disconnect(&session);
  return result;
}

/* What can be told without the host comes first. */
static int prepare_and_run(arguments *args) {
  vms_buffer params = VMS_BUFFER_INIT;
  int result = args->method == NULL ? CLI_FINE : call_params(args, &params);
  if (result == CLI_FINE && args->method != NULL && call_is_follow(args->method)) result = call_follow_check(view(&params));
  if (result == CLI_FINE && args->receipt != NULL) result = call_receipts_open(&args->receipts, args->receipt);
  if (result == CLI_FINE) result = run(args, view(&params));
  int kept = call_receipts_close(args->receipts);
  vms_buffer_free(&params);
  return result == CLI_FINE || result == CLI_FAILED ? (kept == CLI_FINE ? result : kept) : result;
}

int main(int argc, char **argv) {
  arguments args;
  memset(&args, 0, sizeof args);
  (void)signal(SIGXFSZ, SIG_IGN); /* a file that cannot grow is a full disk: the call goes on, and it is told */
  int result = parse(&args, argc, argv);
  if (result >= 0) return result;
  if (args.head) return call_head(&args);
  if (args.forget) return call_forget(&args);
  result = CLI_FINE;
  if (args.whoami || (!args.anonymous && (args.method == NULL || !is_plain(args.method)))) result = load_key(&args);
  if (result == CLI_FINE) result = args.whoami ? whoami(&args) : prepare_and_run(&args);
  memset(args.seed, 0, sizeof args.seed);
  return result;
}
