/* SPDX-License-Identifier: MIT */
/* vms-host: serves contracts. Options, messages and exit statuses; the rest is vms/net.h. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "vms/net.h"

#define SCRIPT_LEN_MAX ((size_t)16 << 20)
#define MOUNTS_MAX 1000u
#define REPLICATE_MAX 16u
#define LISTEN_MAX 16u
#define ALLOWED_MAX 64u
#define MEMORY_LEAST (1u << 20) /* an empty VM takes about half of it */

enum { DIR, LISTEN, TLS_CERT, TLS_KEY, ALLOW_ORIGIN, ALLOW_HOST, REPLICATE, MOUNT, TITLE, ANONYMOUS, DEBUG_USERS, EPOCH_CALLS, MAX_STEPS, MAX_MEMORY, MAX_CALL_FILES, MAX_FILES, MAX_QUEUE, MAX_CONNECTIONS, MAX_OUTPUT, DURABILITY, JSON_LOG, QUIET, HELP, VERSION };

static const cli_option options[] = {
  [DIR] = { "--dir", "DIR", "data folder (default: the script's name without .js, or ./vms)" },
  [LISTEN] = { "--listen", "[ADDR:]PORT|unix:PATH", "where to listen (default 127.0.0.1:5555; port 0 picks one); may be repeated" },
  [TLS_CERT] = { "--tls-cert", "FILE", "speak TLS (wss://, https://) with this certificate and chain (PEM); SIGHUP reads it again" },
  [TLS_KEY] = { "--tls-key", "FILE", "its private key (PEM; default: in the same file)" },
  [ALLOW_ORIGIN] = { "--allow-origin", "ORIGIN", "let web pages of ORIGIN (https://example.org, or *) call; may be repeated" },
  [ALLOW_HOST] = { "--allow-host", "NAME", "answer to this name only (a proxy's, see Host:); may be repeated" },
  [REPLICATE] = { "--replicate", "[ADDR:]PORT", "let Hypercore peers follow all services over TCP; may be repeated" },
  [MOUNT] = { "--mount", "PATH=SCRIPT", "serve SCRIPT at PATH too; may be repeated" },
  [TITLE] = { "--title", "TEXT", "title of a newly deployed service" },
  [ANONYMOUS] = { "--anonymous", NULL, "a newly deployed service takes unsigned calls" },
  [DEBUG_USERS] = { "--debug-users", NULL, "... and callers debug:NAME from ?user=NAME; loopback only" },
  [EPOCH_CALLS] = { "--epoch-calls", "N", "calls until a fresh VM takes over (default 10000)" },
  [MAX_STEPS] = { "--max-steps", "N", "steps in one call (default 10000000)" },
  [MAX_MEMORY] = { "--max-memory", "BYTES", "memory of the script (default 67108864)" },
  [MAX_CALL_FILES] = { "--max-call-files", "BYTES", "of files that one call may change (default 16777216)" },
  [MAX_FILES] = { "--max-files", "BYTES", "in all files together (default 1073741824)" },
  [MAX_QUEUE] = { "--max-queue", "N", "calls that wait for the disk (default 1000)" },
  [MAX_CONNECTIONS] = { "--max-connections", "N", "connections at once (default 1000)" },
  [MAX_OUTPUT] = { "--max-output", "BYTES", "of answers that wait to be taken, in all (default 268435456)" },
  [DURABILITY] = { "--durability", "sync|os", "answer when the disk has it (default), or before" },
  [JSON_LOG] = { "--json-log", NULL, "log one JSON object per line" },
  [QUIET] = { "--quiet", NULL, "log warnings and errors only" },
  [HELP] = { "--help", NULL, "print this and exit" },
  [VERSION] = { "--version", NULL, "print the version and exit" },
  { NULL, NULL, NULL },
};

/* A script and where to serve it. */
typedef struct mounted {
  const char *path, *script;
  vms_buffer code;
} mounted;

typedef struct arguments {
  const char *dir, *listen[LISTEN_MAX], *replicate[REPLICATE_MAX];
  const char *origins[ALLOWED_MAX + 1], *hosts[ALLOWED_MAX + 1]; /* NULL at the end */
  size_t listen_count, replicate_count, origin_count, host_count;
  char *own_dir; /* if dir was made up here */
  mounted mounts[MOUNTS_MAX];
  size_t mount_count;
  int json_log, quiet;
  vms_host_options host;
} arguments;

/* --- the log -------------------------------------------------------------------------------------------- */

static void json_line(uint32_t level, const char *mount, const char *message, const char *hint) {
  static const char *const names[] = { "debug", "info", "warn", "error" };
  vms_buffer line = VMS_BUFFER_INIT;
  const vms_env *env = vms_env_system();
  if (vms_json_quote((vms_slice){ message, strlen(message) }, &line) != VMS_OK) {
    (void)vms_buffer_append(&line, "\"(not UTF-8)\"", 13);
  }
  fprintf(stderr, "{\"time\":%llu,\"level\":\"%s\",\"mount\":\"%s\",\"message\":%s", (unsigned long long)env->now_ms(env->context),
          names[level & 3], mount, line.data == NULL ? "\"\"" : line.data);
  line.len = 0;
  if (hint[0] != 0 && vms_json_quote((vms_slice){ hint, strlen(hint) }, &line) == VMS_OK) fprintf(stderr, ",\"hint\":%s", line.data);
  fputs("}\n", stderr);
  vms_buffer_free(&line);
}

static void on_log(void *context, uint32_t level, const char *mount, const char *message) {
  const arguments *args = context;
  if (level < (args->quiet ? VMS_LOG_WARN : VMS_LOG_INFO)) return;
  if (args->json_log) json_line(level, mount, message, "");
  else cli_error("vms-host", "%s%s%s", mount, mount[0] == 0 ? "" : ": ", message);
}

/* --- failures -------------------------------------------------------------------------------------------- */

static int exit_status(int status) {
  switch (status) {
    case VMS_OK: return CLI_FINE;
    case VMS_ERR_SYNTAX: case VMS_ERR_SCRIPT: case VMS_ERR_LIMIT: return CLI_FAILED;
    case VMS_ERR_ARGUMENT: return CLI_USAGE;
    default: return CLI_UNKNOWN;
  }
}

static const char *hint_for(int status) {
  switch (status) {
    case VMS_ERR_EXISTS: return "--listen with another port, or port 0 to have a free one picked";
    case VMS_ERR_LOCKED: return "one process serves a folder; stop the other one, or give --dir another folder";
    case VMS_ERR_FOREIGN: return "a deployed contract cannot change; serve this one from a new folder with --dir, or at another path with --mount";
    case VMS_ERR_CORRUPT: return "restore the folder from a copy; vms-audit DIR shows what is readable";
    case VMS_ERR_SYNTAX: case VMS_ERR_SCRIPT: return "nothing was deployed; correct the script and start again";
    case VMS_ERR_SIGNATURE: return "chmod 600 the file named above";
    case VMS_ERR_FULL: return "make room on the disk and start again";
    case VMS_ERR_IO: case VMS_ERR_NOT_FOUND: return "--dir names the folder; it has to be one that can be made and written to";
    case VMS_ERR_UNSUPPORTED: return "this service needs another version of vms-host";
    default: return "";
  }
}

static int fail(const arguments *args, const char *what, const vms_error *error, const char *hint) {
  char text[512];
  snprintf(text, sizeof text, "%s%s%s", what, what[0] == 0 ? "" : ": ", error->message);
  if (hint == NULL) hint = hint_for(error->status);
  if (args->json_log) json_line(VMS_LOG_ERROR, "", text, hint);
  else cli_error("vms-host", "%s", text);
  if (!args->json_log && hint[0] != 0) cli_hint("%s", hint);
  return exit_status(error->status);
}

/* --- arguments --------------------------------------------------------------------------------------------- */

static int add_mount(arguments *args, const char *path, const char *script) {
  vms_error error = { 0, 0, 0, "" };
  mounted *added = &args->mounts[args->mount_count];
  int status;
  if (args->mount_count == MOUNTS_MAX) return cli_usage("vms-host", "at most %u scripts", MOUNTS_MAX);
  for (size_t i = 0; i < args->mount_count; i++)
    if (strcmp(args->mounts[i].path, path) == 0) return cli_usage("vms-host", "%s is mounted twice", path);
  vms_buffer_init(&added->code, NULL);
  added->path = path;
  added->script = script;
  args->mount_count++;
  status = vms_file_read(script, SCRIPT_LEN_MAX, &added->code, &error);
  if (status == VMS_OK) return CLI_FINE;
  cli_error("vms-host", "%s", error.message);
  cli_hint("name a file that holds the contract's script");
  return CLI_USAGE;
}

/* PATH=SCRIPT; the paths are kept as they stand in argv, cut at the sign. */
static int parse_mount(arguments *args, char *value) {
  char *equals = strchr(value, '=');
  if (equals == NULL || value[0] != '/' || equals[1] == 0)
    return cli_usage("vms-host", "--mount needs PATH=SCRIPT with a PATH such as /bob/party");
  *equals = 0;
  return add_mount(args, value, equals + 1);
}

static int number(const char *name, const char *text, uint64_t low, uint64_t high, uint64_t *value) {
  if (cli_number(text, low, high, value)) return CLI_FINE;
  return cli_usage("vms-host", "%s needs a number from %llu to %llu", name, (unsigned long long)low, (unsigned long long)high);
}

static int parse_title(arguments *args, const char *text) {
  vms_buffer quoted = VMS_BUFFER_INIT;
  args->host.title = (vms_slice){ text, strlen(text) };
  int status = vms_json_quote(args->host.title, &quoted);
  vms_buffer_free(&quoted);
  return status == VMS_OK ? CLI_FINE : cli_usage("vms-host", "--title is not UTF-8 text");
}

static int add_text(const char *name, const char **list, size_t *count, size_t most, const char *text) {
  if (text[0] == 0) return cli_usage("vms-host", "%s needs a value", name);
  if (*count == most) return cli_usage("vms-host", "%s at most %zu times", name, most);
  list[(*count)++] = text;
  return CLI_FINE;
}

/* As a browser writes it: scheme and host, perhaps a port; or with the slash that its address bar has behind. */
static int add_origin(arguments *args, const char *text) {
  const char *host = strstr(text, "://"), *slash = host == NULL ? NULL : strchr(host + 3, '/');
  if (strcmp(text, "*") != 0 && strcmp(text, "null") != 0 && (host == NULL || host == text || host[3] == 0 || (slash != NULL && slash[1] != 0)))
    return cli_usage("vms-host", "--allow-origin needs what browsers send, such as https://example.org, without a path; or *");
  args->host.origins = args->origins;
  return add_text("--allow-origin", args->origins, &args->origin_count, ALLOWED_MAX, text);
}

static int add_host(arguments *args, const char *text) {
  if (strpbrk(text, "/@ ") != NULL) return cli_usage("vms-host", "--allow-host needs a name, such as example.org, without a port or path");
  if (text[0] != '[' && strchr(text, ':') != strrchr(text, ':')) return cli_usage("vms-host", "--allow-host needs an IPv6 address in brackets, such as [::1]");
  args->host.hosts = args->hosts;
  return add_text("--allow-host", args->hosts, &args->host_count, ALLOWED_MAX, text);
}

static int parse_option(arguments *args, cli *parser, int option) {
  const uint64_t most = (UINT64_C(1) << 53) - 1;
  uint64_t n = 0;
  int status = CLI_FINE;
  switch (option) {
    case DIR:
      if (parser->value[0] == 0) return cli_usage("vms-host", "--dir needs the name of a folder");
      args->dir = parser->value;
      break;
    case LISTEN: return add_text("--listen", args->listen, &args->listen_count, LISTEN_MAX, parser->value);
    case TLS_CERT: args->host.tls_cert = parser->value; break;
    case TLS_KEY: args->host.tls_key = parser->value; break;
    case ALLOW_ORIGIN: return add_origin(args, parser->value);
    case ALLOW_HOST: return add_host(args, parser->value);
    case REPLICATE: return add_text("--replicate", args->replicate, &args->replicate_count, REPLICATE_MAX, parser->value);
    case MOUNT: return parse_mount(args, (char *)(uintptr_t)parser->value);
    case TITLE: return parse_title(args, parser->value);
    case ANONYMOUS: args->host.flags |= VMS_HOST_ANONYMOUS; break;
    case DEBUG_USERS: args->host.flags |= VMS_HOST_DEBUG_USERS; break;
    case EPOCH_CALLS: return number("--epoch-calls", parser->value, 1, most, &args->host.epoch);
    case MAX_STEPS: return number("--max-steps", parser->value, 1, most, &args->host.limits.steps);
    case MAX_MEMORY: return number("--max-memory", parser->value, MEMORY_LEAST, most, &args->host.limits.memory);
    case MAX_CALL_FILES: return number("--max-call-files", parser->value, 1, most, &args->host.limits.files_call);
    case MAX_FILES: return number("--max-files", parser->value, 1, most, &args->host.limits.files_total);
    case MAX_QUEUE:
      status = number("--max-queue", parser->value, 1, 1000000, &n);
      args->host.max_queue = (uint32_t)n;
      break;
    case MAX_CONNECTIONS:
      status = number("--max-connections", parser->value, 1, 1000000, &n);
      args->host.connections = (uint32_t)n;
      break;
    case MAX_OUTPUT: return number("--max-output", parser->value, 1, most, &args->host.max_output);
    case DURABILITY:
      if (strcmp(parser->value, "os") == 0) args->host.flags |= VMS_HOST_NO_SYNC;
      else if (strcmp(parser->value, "sync") == 0) args->host.flags &= ~VMS_HOST_NO_SYNC;
      else return cli_usage("vms-host", "--durability is sync or os");
      break;
    case JSON_LOG: args->json_log = 1; break;
    case QUIET: args->quiet = 1; break;
    default: break;
  }
  return status;
}

/* "examples/rsvp.js" gives "./rsvp". */
static char *dir_of(const char *script) {
  const char *slash = strrchr(script, '/'), *base = slash == NULL ? script : slash + 1;
  size_t len = strlen(base);
  char *dir = NULL;
  if (len > 3 && strcmp(base + len - 3, ".js") == 0) len -= 3;
  else if (asprintf(&dir, "./%s.vms", base) >= 0) return dir; /* never the script itself */
  return asprintf(&dir, "./%.*s", (int)len, base) >= 0 ? dir : NULL;
}

/* Fills args; returns an exit status, or -1 to go on. */
static int parse(arguments *args, int argc, char **argv) {
  cli parser = cli_begin("vms-host", "[OPTION...] [SCRIPT.js]",
                         "Serves SCRIPT.js at / and everything deployed earlier in its data folder.", options, argc, argv);
  const char *script = NULL;
  int option, status;
  while ((option = cli_next(&parser)) != CLI_END) {
    if (option == CLI_BAD) return CLI_USAGE;
    if (option == HELP || option == VERSION) {
      if (option == HELP) cli_help(&parser);
      else cli_version(&parser);
      return CLI_FINE;
    }
    if (option == CLI_OPERAND && script != NULL) return cli_usage("vms-host", "one SCRIPT only; --mount PATH=SCRIPT serves more");
    if (option == CLI_OPERAND) script = parser.value;
    else if ((status = parse_option(args, &parser, option)) != CLI_FINE) return status;
  }
  if (args->host.tls_key != NULL && args->host.tls_cert == NULL) return cli_usage("vms-host", "--tls-key needs --tls-cert FILE, with the certificate of that key");
  if (args->listen_count == 0) args->listen[args->listen_count++] = "127.0.0.1:5555";
  if (script != NULL && (status = add_mount(args, "/", script)) != CLI_FINE) return status;
  if (args->dir == NULL) args->dir = args->own_dir = script == NULL ? strdup("./vms") : dir_of(script);
  return args->dir == NULL ? CLI_UNKNOWN : -1;
}

/* --- serving ------------------------------------------------------------------------------------------------- */

static void print_diagnostic(const arguments *args, const char *script, const vms_buffer *diagnostic) {
  static const char name[] = "contract.js";
  size_t skip = 0;
  if (diagnostic->len == 0 || args->json_log) return;
  if (diagnostic->len > sizeof name && memcmp(diagnostic->data, name, sizeof name - 1) == 0) { /* the user knows it by its path */
    cli_print(stderr, script, strlen(script), 0);
    skip = sizeof name - 1;
  }
  cli_print(stderr, diagnostic->data + skip, diagnostic->len - skip, 1);
  if (diagnostic->data[diagnostic->len - 1] != '\n') fputc('\n', stderr);
}

static int add_services(arguments *args, vms_host *host) {
  vms_buffer diagnostic = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  int result = CLI_FINE;
  for (size_t i = 0; i < args->mount_count && result == CLI_FINE; i++) {
    mounted *each = &args->mounts[i];
    int status = vms_host_add(host, each->path, (vms_slice){ each->code.data, each->code.len }, &diagnostic, &error);
    if (status == VMS_OK) continue;
    print_diagnostic(args, each->script, &diagnostic);
    result = fail(args, each->script, &error, status == VMS_ERR_EXISTS ? "each --mount needs a path of its own; SCRIPT.js is at /"
                  : status == VMS_ERR_ARGUMENT ? "--mount PATH=SCRIPT: parts of letters, digits and -._~ behind slashes" : NULL);
    if (status == VMS_ERR_EXISTS) result = CLI_USAGE;
  }
  vms_buffer_free(&diagnostic);
  if (result == CLI_FINE && vms_host_add_rest(host, &error) != VMS_OK) result = fail(args, args->dir, &error, NULL);
  return result;
}

static const char *listen_hint(const arguments *args, const char *address, int status) {
  int local = strncmp(address, "unix:", 5) == 0;
  if (status == VMS_ERR_SIGNATURE) return "--tls-cert FILE is the certificate and those above it, --tls-key FILE its key, both PEM; certbot calls them fullchain.pem and privkey.pem";
  if (status == VMS_ERR_EXISTS) return local ? "--listen unix:PATH with another path; a socket that nobody listens at is taken over" : NULL;
  if (local) return "--listen unix:PATH makes the socket: its folder has to be there and yours to write to, its path at most 107 bytes long";
  if ((args->host.flags & VMS_HOST_DEBUG_USERS) != 0) return "--listen with a loopback address, such as 127.0.0.1:5555, or no --debug-users";
  return "--listen takes an address of this machine: 127.0.0.1:5555 is the default, 0.0.0.0:5555 all of them";
}

static int listen_everywhere(const arguments *args, vms_host *host) {
  vms_error error = { 0, 0, 0, "" };
  for (size_t i = 0; i < args->listen_count; i++)
    if (vms_host_listen(host, args->listen[i], &error) != VMS_OK) {
      int result = fail(args, "", &error, listen_hint(args, args->listen[i], error.status));
      return error.status == VMS_ERR_SIGNATURE ? CLI_USAGE : result;
    }
  for (size_t i = 0; i < args->replicate_count; i++)
    if (vms_host_replicate(host, args->replicate[i], &error) != VMS_OK)
      return fail(args, "--replicate", &error, error.status == VMS_ERR_EXISTS
                  ? "--replicate with another port, or port 0 to have a free one picked; it cannot share that of --listen"
                  : "--replicate takes an address of this machine: 4000 is port 4000 of 127.0.0.1, 0.0.0.0:4000 that of all addresses");
  return CLI_FINE;
}

static int serve(arguments *args, vms_host *host) {
  vms_error error = { 0, 0, 0, "" };
  int result = listen_everywhere(args, host);
  if (result == CLI_FINE) result = add_services(args, host);
  if (result != CLI_FINE) return result;
  if (vms_host_count(host) == 0) {
    error.status = VMS_ERR_NOT_FOUND;
    snprintf(error.message, sizeof error.message, "nothing is left to serve");
    return fail(args, args->dir, &error, "the copies in this folder were passed over, see above; vms-audit --store URL finishes one");
  }
  for (size_t i = 0; i < vms_host_count(host); i++) {
    vms_host_entry entry = vms_host_at(host, i);
    printf("%s %s %s\n", entry.url, entry.ledger, entry.archive);
  }
  if (fflush(stdout) != 0 || ferror(stdout)) {
    cli_error("vms-host", "cannot write to stdout");
    cli_hint("the lines with the keys go there; > /dev/null drops them");
    return CLI_UNKNOWN;
  }
  return vms_host_run(host, &error) == VMS_OK ? CLI_FINE : fail(args, "the last commit failed", &error, NULL);
}

/* Without a script there has to be something to serve. */
static int check_folder(const arguments *args) {
  vms_folder *folder = NULL;
  vms_error error = { 0, 0, 0, "" };
  int status = vms_folder_open(&folder, args->dir, VMS_FOLDER_READ_ONLY, &error);
  size_t count = status == VMS_OK ? vms_folder_count(folder) : 0;
  vms_folder_close(folder);
  if (status == VMS_ERR_NOT_FOUND || (status == VMS_OK && count == 0))
    return cli_usage("vms-host", "nothing to serve: no SCRIPT is named and %s holds no services", args->dir);
  return status == VMS_OK ? CLI_FINE : fail(args, "", &error, NULL);
}

int main(int argc, char **argv) {
  static arguments args; /* too large for a stack; the process has one */
  vms_host *host = NULL;
  vms_error error = { 0, 0, 0, "" };
  vms_host_options defaults = VMS_HOST_OPTIONS_INIT;
  int result;
  args.host = defaults;
  args.host.flags = VMS_HOST_SIGNALS;
  args.host.log_context = &args;
  args.host.log = on_log;
  result = parse(&args, argc, argv);
  if (result < 0) result = args.mount_count == 0 ? check_folder(&args) : CLI_FINE;
  else goto done;
  if (result == CLI_FINE && vms_host_new(&host, args.dir, &args.host, &error) != VMS_OK) result = fail(&args, "", &error, NULL);
  if (result == CLI_FINE) result = serve(&args, host);
done:
  vms_host_free(host);
  for (size_t i = 0; i < args.mount_count; i++) vms_buffer_free(&args.mounts[i].code);
  free(args.own_dir);
  return result;
}
