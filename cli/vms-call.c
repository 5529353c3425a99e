/* SPDX-License-Identifier: MIT */
/* vms-call: calls a method of a service, or many of them. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/common.h"
#include "vms/net.h"

#define INPUT_LEN_MAX ((size_t)16 << 20)
#define WINDOW 64u /* batch: requests under way */
#define PIECE_LEN 4194304u /* of a file that is printed whole */
#define VERSION_MAX 9007199254740991u /* 2^53-1 */
#define WHOLE_FILE "--raw with the encoding binary prints a file of any size"
#define TRIES 32u  /* to sign with a nonce above those of others who use the same key */

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

typedef struct arguments {
  const char *url, *method, *params, *key;
  char **args;
  int arg_count, raw, verify, anonymous, whoami;
  uint32_t timeout_ms;
  uint64_t at; /* 0: as of now */
  uint8_t seed[VMS_SEED_LEN];
} arguments;

static vms_slice slice_of(const char *text) { return (vms_slice){ text, strlen(text) }; }
static vms_slice view(const vms_buffer *buffer) { return (vms_slice){ buffer->data, buffer->len }; }
static int append(vms_buffer *buffer, const char *text) { return vms_buffer_append(buffer, text, strlen(text)); }

/* --- failures ------------------------------------------------------------------------------------------------ */

static const char *hint_for(int status) {
  switch (status) {
    case VMS_ERR_IO: return "is vms-host running there? it prints its URLs when it starts";
    case VMS_ERR_TIMEOUT: return "--timeout SECONDS waits longer";
    case VMS_ERR_CLOSED: return "the outcome is unknown; ask the service before you call again";
    case VMS_ERR_REMOTE: return "compare the URL with the one that vms-host printed";
    case VMS_ERR_SIGNATURE: return "without --verify the host's word is taken for it";
    case VMS_ERR_FOREIGN: return "do not go on unless you know why the service has a new ledger";
    case VMS_ERR_FORM: return "vms.info lists the methods that there are";
    case VMS_ERR_LIMIT: return "send less at once: a request has at most 2 MiB";
    case VMS_ERR_UNSUPPORTED: return "give the ws:// URL that vms-host printed";
    case VMS_ERR_ARGUMENT: return "vms-call ws://127.0.0.1:5555/ METHOD [ARG...]";
    default: return "";
  }
}

static int fail(const vms_error *error) {
  /* A host that has too much to prove says so without a proof. */
  int too_much = error->status == VMS_ERR_SIGNATURE && strstr(error->message, "RangeError") != NULL;
  const char *hint = too_much ? "ask for less; " WHOLE_FILE : hint_for(error->status);
  cli_error("vms-call", "%s", error->message);
  if (hint[0] != 0) cli_hint("%s", hint);
  /* Status 404 stands for error -32006: something answered. */
  if (error->status == VMS_ERR_REMOTE && error->position == 404) return CLI_FAILED;
  switch (error->status) {
    case VMS_ERR_ARGUMENT: case VMS_ERR_FORM: case VMS_ERR_UNSUPPORTED: return CLI_USAGE;
    case VMS_ERR_FOREIGN: return CLI_BROKEN_WORD;
    case VMS_ERR_LIMIT: return CLI_FAILED;
    default: return CLI_UNKNOWN;
  }
}

static int out_of_memory(void) {
  cli_error("vms-call", "out of memory");
  return CLI_UNKNOWN;
}

/* What a refusal is called that has no name of its own. */
static const char *name_of(int32_t code) {
  switch (code) {
    case VMS_CODE_PARSE: return "ParseError";
    case VMS_CODE_INVALID_REQUEST: return "InvalidRequest";
    case VMS_CODE_NO_METHOD: return "MethodNotFound";
    case VMS_CODE_PARAMS: return "InvalidParams";
    case VMS_CODE_ABORTED: return "Aborted";
    case VMS_CODE_SIGNATURE: return "BadSignature";
    case VMS_CODE_NONCE: return "BadNonce";
    case VMS_CODE_NOT_ALLOWED: return "NotAllowed";
    case VMS_CODE_BUSY: return "Busy";
    case VMS_CODE_SHUTDOWN: return "ShuttingDown";
    case VMS_CODE_NO_SERVICE: return "NoService";
    case VMS_CODE_STORAGE: return "StorageFailed";
    case VMS_CODE_SEEN: return "UnknownHead";
    case VMS_CODE_EXPIRED: return "Expired";
    default: return "Error";
  }
}

static int print_error(const arguments *args, const vms_rpc_reply *reply) {
  vms_buffer name = VMS_BUFFER_INIT;
  if (vms_rpc_reply_name(reply, &name) != VMS_OK || name.len == 0) append(&name, name_of(reply->code));
  cli_error("vms-call", "%s%s%.*s", name.data == NULL ? "Error" : name.data, reply->message.len == 0 ? "" : ": ",
            (int)reply->message.len, reply->message.data == NULL ? "" : reply->message.data);
  if (args->method != NULL && strcmp(args->method, "files.readFile") == 0 && name.data != NULL && strcmp(name.data, "RangeError") == 0)
    cli_hint(WHOLE_FILE);
  if (reply->code == VMS_CODE_NOT_ALLOWED && args->anonymous) cli_hint("without --anonymous the call is signed with your key");
  vms_buffer_free(&name);
  return CLI_FAILED;
}

/* --- parameters -------------------------------------------------------------------------------------------------- */

static int append_string(vms_buffer *json, vms_slice text, const char *what) {
  int status = vms_json_quote(text, json);
  if (status == VMS_ERR_FORM) return cli_usage("vms-call", "%s is not UTF-8 text", what);
  return status == VMS_OK ? CLI_FINE : out_of_memory();
}

static int append_file(vms_buffer *json, const char *path) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  int result;
  if (vms_file_read(path, INPUT_LEN_MAX, &bytes, &error) != VMS_OK) {
    cli_error("vms-call", "%s", error.message);
    cli_hint("@FILE stands for a file's content; '\"@...\"', a JSON string, for itself");
    result = CLI_USAGE;
  } else result = append_string(json, view(&bytes), path);
  vms_buffer_free(&bytes);
  return result;
}

/* Each ARG is JSON if it parses, else a string; @FILE is the file's content as a string. */
static int params_from_args(const arguments *args, vms_buffer *json) {
  int result = append(json, "[") == VMS_OK ? CLI_FINE : out_of_memory();
  for (int i = 0; i < args->arg_count && result == CLI_FINE; i++) {
    const char *arg = args->args[i];
    if (i > 0 && append(json, ",") != VMS_OK) return out_of_memory();
    int status = arg[0] == '@' ? VMS_ERR_FORM : vms_json_compact(slice_of(arg), json);
    if (status == VMS_ERR_NOMEM) return out_of_memory();
    if (status == VMS_ERR_FORM) result = arg[0] == '@' ? append_file(json, arg + 1) : append_string(json, slice_of(arg), arg);
  }
  if (result == CLI_FINE && append(json, "]") != VMS_OK) result = out_of_memory();
  return result;
}

static int params_from_option(const arguments *args, vms_buffer *json) {
  vms_buffer input = VMS_BUFFER_INIT;
  vms_error error = { 0, 0, 0, "" };
  vms_slice text = slice_of(args->params);
  int status = VMS_OK, result = CLI_FINE;
  if (strcmp(args->params, "-") == 0) {
    status = vms_file_read("/dev/stdin", INPUT_LEN_MAX, &input, &error);
    text = view(&input);
  }
  if (status != VMS_OK) result = cli_usage("vms-call", "%s", error.message);
  else if ((status = vms_json_compact(text, json)) == VMS_ERR_FORM) result = cli_usage("vms-call", "--params is no JSON text");
  else if (status != VMS_OK) result = out_of_memory();
  else if (json->data[0] != '[' && json->data[0] != '{') result = cli_usage("vms-call", "--params has to be a JSON array or object");
  vms_buffer_free(&input);
  return result;
}

/* --- one call --------------------------------------------------------------------------------------------------------- */

/* files.*, vms.* and rpc.* are plain requests; a contract's methods have no dot. */
static int is_plain(const char *method) { return strchr(method, '.') != NULL; }

static int send_request(vms_client *client, const arguments *args, const char *method, vms_slice params, uint64_t *id, vms_error *error) {
  if (is_plain(method)) return vms_client_send(client, method, params, id, error);
  if (args->anonymous) return vms_client_call_send_unsigned(client, method, params, id, error);
  return vms_client_call_send(client, args->seed, method, params, id, error);
}

/* Files can be read as of a version. */
static int is_file(const char *method) { return strncmp(method, "files.", 6) == 0; }

/* An answer to a request that is answered already. */
static int stray(vms_error *error) {
  error->status = VMS_ERR_REMOTE;
  snprintf(error->message, sizeof error->message, "the host answers what nobody asked");
  return error->status;
}

/* Takes what the contract answered out of the answer to a call. */
static int unwrap(int plain, vms_rpc_reply *reply, vms_error *error) {
  int status = plain ? VMS_OK : vms_rpc_reply_unwrap(reply, NULL, error);
  if (status == VMS_ERR_FORM) error->status = status = VMS_ERR_REMOTE; /* the host's form, not the user's */
  return status;
}

/* 1 if a call was refused because somebody who signs with the same key was faster, or took the very same nonce for another
 * request: a request that ran is answered, not refused, so this one did not and will not run. Null means forgotten: nobody knows. */
static int may_sign_again(const vms_rpc_reply *reply) {
  vms_slice executed;
  return reply->code == VMS_CODE_NONCE && vms_json_member(view(&reply->data), "executed", &executed) == VMS_OK &&
         (executed.len == 4 || executed.len == 5) && memcmp(executed.data, "null", 4) != 0;
}

/* Lets the others go first: longer each time, and not all of us equally long. */
static void pause_before(unsigned tries) {
  struct timespec now;
  if (tries < 2) return;
  clock_gettime(CLOCK_MONOTONIC, &now);
  long most = 1000000L << (tries < 7 ? tries - 2 : 5); /* nanoseconds: 1 to 32 ms */
  nanosleep(&(struct timespec){ 0, (now.tv_nsec ^ getpid() * 7919L) % most }, NULL);
}

/* Appends the bytes of a file that was read as binary. */
static int take_bytes(const vms_rpc_reply *reply, vms_buffer *bytes, vms_error *error) {
  int status = vms_rpc_reply_bytes(reply, bytes);
  if (status != VMS_ERR_FORM) return status;
  error->status = VMS_ERR_REMOTE;
  snprintf(error->message, sizeof error->message, "the host does not answer with a file's bytes");
  return error->status;
}

static void print_bytes(const vms_buffer *bytes) {
  if (isatty(STDOUT_FILENO)) cli_print(stdout, bytes->len == 0 ? "" : bytes->data, bytes->len, 1);
  else if (bytes->len > 0) fwrite(bytes->data, 1, bytes->len, stdout);
}

static void print_result(const arguments *args, const vms_buffer *result) {
  vms_buffer text = VMS_BUFFER_INIT;
  int terminal = isatty(STDOUT_FILENO);
  vms_slice shown = view(result);
  if (args->raw && result->len > 0 && result->data[0] == '"' && vms_json_unquote(shown, &text) == VMS_OK) shown = view(&text);
  if (terminal) cli_print(stdout, shown.len == 0 ? "" : shown.data, shown.len, args->raw);
  else if (shown.len > 0) fwrite(shown.data, 1, shown.len, stdout);
  putchar('\n');
  vms_buffer_free(&text);
}

/* 1 if stdout took everything. */
static int flushed(void) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return 1;
  cli_error("vms-call", "cannot write to stdout");
  cli_hint("the calls may have run all the same; ask the service before you repeat them");
  return 0;
}

/* Reads files, as of `version` if it is not 0; with --verify what comes back is proved. */
static int ask_file(const arguments *args, vms_client *client, const char *method, vms_slice params, uint64_t version, vms_rpc_reply *reply,
                    vms_error *error) {
  return vms_client_file(client, method, params, version, args->verify ? VMS_CLIENT_VERIFY : 0, reply, NULL, error);
}

/* Sends a call and waits for its outcome. */
static int ask(const arguments *args, vms_client *client, vms_slice params, vms_rpc_reply *reply, vms_error *error) {
  uint64_t id = 0, got = 0;
  unsigned tries = 0;
  int status;
  if (args->at != 0 || args->verify) return ask_file(args, client, args->method, params, args->at, reply, error);
  do {
    pause_before(tries);
    status = send_request(client, args, args->method, params, &id, error);
    if (status == VMS_OK) status = vms_client_receive(client, &got, reply, error);
    if (status == VMS_OK && got != id && got != 0) status = stray(error);
  } while (status == VMS_OK && may_sign_again(reply) && ++tries < TRIES);
  return status == VMS_OK ? unwrap(is_plain(args->method), reply, error) : status;
}

/* --- a file's bytes ------------------------------------------------------------------------------------------------------ */

/* A file that is read as binary and to be printed as it is. */
typedef struct file {
  const arguments *args;
  vms_client *client;
  vms_slice path; /* JSON */
  uint64_t version, at;
  int part;       /* offset or length were given: there is one answer */
} file;

static int is_text(vms_slice json, const char *text) { return json.len == strlen(text) && memcmp(json.data, text, json.len) == 0; }

static int has_member(vms_slice object, const char *name) {
  vms_slice value;
  return vms_json_member(object, name, &value) == VMS_OK;
}

/* 1 if that is what the parameters ask for. */
static int find_file(file *wanted, vms_slice params) {
  vms_slice given, encoding, version;
  char number[24];
  if (!wanted->args->raw || strcmp(wanted->args->method, "files.readFile") != 0) return 0;
  if (vms_json_element(params, 0, &wanted->path) != VMS_OK || vms_json_element(params, 1, &given) != VMS_OK) return 0;
  wanted->version = wanted->args->at;
  if (given.data[0] != '{') return is_text(given, "\"binary\"");
  if (vms_json_member(given, "encoding", &encoding) != VMS_OK || !is_text(encoding, "\"binary\"") || has_member(given, "proof")) return 0;
  wanted->part = has_member(given, "offset") || has_member(given, "length");
  if (wanted->version != 0 || vms_json_member(given, "version", &version) != VMS_OK) return 1;
  snprintf(number, sizeof number, "%.*s", (int)version.len, version.data);
  if (!cli_number(number, 0, VERSION_MAX, &wanted->version)) wanted->part = 1; /* the host says what is wrong with it */
  return 1;
}

static int ask_piece(const file *from, vms_rpc_reply *reply, vms_error *error) {
  vms_buffer params = VMS_BUFFER_INIT;
  char rest[112];
  snprintf(rest, sizeof rest, ",{\"encoding\":\"binary\",\"offset\":%llu,\"length\":%u}]", (unsigned long long)from->at, PIECE_LEN);
  int status = append(&params, "[");
  if (status == VMS_OK) status = vms_buffer_append(&params, from->path.data, from->path.len);
  if (status == VMS_OK) status = append(&params, rest);
  if (status == VMS_OK) status = ask_file(from->args, from->client, from->args->method, view(&params), from->version, reply, error);
  vms_buffer_free(&params);
  return status;
}

/* Fixes the version that all pieces come from: the newest one. */
static int fix_version(file *from, vms_rpc_reply *reply, vms_error *error) {
  static const char newest[] = "[\"/\",{\"reverse\":true,\"limit\":1}]";
  vms_slice change, version = { NULL, 0 };
  char number[24];
  int status = ask_file(from->args, from->client, "files.history", slice_of(newest), 0, reply, error);
  if (status != VMS_OK || reply->code != 0) return status;
  if (vms_json_element(view(&reply->result), 0, &change) == VMS_OK) (void)vms_json_member(change, "version", &version);
  snprintf(number, sizeof number, "%.*s", (int)version.len, version.data == NULL ? "" : version.data);
  if (cli_number(number, 1, VERSION_MAX, &from->version)) return VMS_OK;
  error->status = VMS_ERR_REMOTE;
  snprintf(error->message, sizeof error->message, "the host's files.history tells no version");
  return error->status;
}

/* Prints the file piece by piece. What does not fit into one piece is read as of one version, whatever changes meanwhile. */
static int print_file(file *from) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  int status, more;
  vms_rpc_reply_init(&reply, NULL);
  do {
    bytes.len = 0;
    status = ask_piece(from, &reply, &error);
    if (status == VMS_OK && reply.code == 0) status = take_bytes(&reply, &bytes, &error);
    more = status == VMS_OK && reply.code == 0 && bytes.len == PIECE_LEN;
    if (more && from->version == 0) {
      status = fix_version(from, &reply, &error);
      more = status == VMS_OK && reply.code == 0;
    } else if (status == VMS_OK && reply.code == 0) {
      print_bytes(&bytes);
      from->at += bytes.len;
    }
  } while (more && !ferror(stdout));
  int result = status != VMS_OK ? fail(&error) : reply.code != 0 ? print_error(from->args, &reply) : CLI_FINE;
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&bytes);
  return result;
}

/* --- one call ------------------------------------------------------------------------------------------------------------ */

static int ask_and_print(const arguments *args, vms_client *client, vms_slice params) {
  vms_buffer bytes = VMS_BUFFER_INIT;
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  file wanted = { .args = args, .client = client };
  int result = CLI_FINE, as_bytes = find_file(&wanted, params);
  if (as_bytes && !wanted.part) return print_file(&wanted);
  vms_rpc_reply_init(&reply, NULL);
  int status = ask(args, client, params, &reply, &error);
  if (status == VMS_OK && reply.code == 0 && as_bytes) status = take_bytes(&reply, &bytes, &error);
  if (status != VMS_OK) result = fail(&error);
  else if (reply.code != 0) result = print_error(args, &reply);
  else if (as_bytes) print_bytes(&bytes);
  else if (reply.result.len > 0) print_result(args, &reply.result);
  vms_rpc_reply_free(&reply);
  vms_buffer_free(&bytes);
  return result;
}

/* Whose proof it is, if the URL does not say it: the host may have made up the whole ledger. */
static void hint_unpinned(const arguments *args, vms_client *client) {
  uint8_t ledger[VMS_KEY_LEN];
  char hex[2 * VMS_KEY_LEN + 1];
  if (!args->verify || strchr(args->url, '#') != NULL || vms_client_ledger(client, ledger, NULL) != VMS_OK) return;
  for (size_t i = 0; i < sizeof ledger; i++) snprintf(hex + 2 * i, 3, "%02x", ledger[i]);
  cli_hint("the ledger key is what the host told; if you know that it is the right one, put #%s behind the URL", hex);
}

static int call_once(const arguments *args, vms_client *client) {
  vms_buffer params = VMS_BUFFER_INIT;
  int result = args->params != NULL ? params_from_option(args, &params) : params_from_args(args, &params);
  if (result == CLI_FINE && !is_plain(args->method) && params.data[0] != '[')
    result = cli_usage("vms-call", "the parameters of a contract's methods are an array");
  if (result == CLI_FINE) {
    result = ask_and_print(args, client, view(&params));
    if (result == CLI_FINE || result == CLI_FAILED) hint_unpinned(args, client);
  }
  if (!flushed() && result == CLI_FINE) result = CLI_UNKNOWN;
  vms_buffer_free(&params);
  return result;
}

/* --- many calls --------------------------------------------------------------------------------------------------------- */

/* A line of input and its outcome. */
typedef struct slot {
  uint64_t id;       /* 0 if no answer is waited for */
  int plain, again;  /* again: to be signed anew and sent */
  unsigned tries;
  vms_buffer method, params, outcome;
} slot;

typedef struct batch {
  const arguments *args;
  vms_client *client;
  slot slots[WINDOW]; /* a ring: first..first+count are under way, in the order of the lines */
  size_t first, count;
  size_t sent, window; /* requests under way, and how many may be: fewer while others sign with the same key */
  vms_buffer input;
  size_t input_at;
  int ended, failed;
} batch;

/* Writes {"result":…}, {} or {"error":…}. */
static int write_outcome(vms_buffer *out, const vms_rpc_reply *reply) {
  char code[64];
  int status;
  out->len = 0;
  if (reply->code == 0 && reply->result.len == 0) return append(out, "{}");
  if (reply->code == 0) {
    status = append(out, "{\"result\":");
    if (status == VMS_OK) status = vms_buffer_append(out, reply->result.data, reply->result.len);
    return status == VMS_OK ? append(out, "}") : status;
  }
  snprintf(code, sizeof code, "{\"error\":{\"code\":%d,\"message\":", (int)reply->code);
  status = append(out, code);
  if (status == VMS_OK) status = vms_json_quote(view(&reply->message), out);
  if (status == VMS_OK && reply->data.len > 0) status = append(out, ",\"data\":");
  if (status == VMS_OK && reply->data.len > 0) status = vms_buffer_append(out, reply->data.data, reply->data.len);
  return status == VMS_OK ? append(out, "}}") : status;
}

static void print_finished(batch *run) {
  while (run->count > 0 && run->slots[run->first].id == 0 && !run->slots[run->first].again) {
    slot *done = &run->slots[run->first];
    fwrite(done->outcome.data, 1, done->outcome.len, stdout);
    putchar('\n');
    run->first = (run->first + 1) % WINDOW;
    run->count--;
  }
}

static int refuse_line(batch *run, slot *added, const char *message) {
  vms_rpc_reply reply;
  vms_rpc_reply_init(&reply, NULL);
  reply.code = VMS_CODE_INVALID_REQUEST;
  int status = append(&reply.message, message);
  if (status == VMS_OK) status = write_outcome(&added->outcome, &reply);
  vms_rpc_reply_free(&reply);
  run->failed = 1;
  return status == VMS_OK ? CLI_FINE : out_of_memory();
}

static int send_slot(batch *run, slot *each) {
  vms_error error = { 0, 0, 0, "" };
  int status;
  pause_before(each->tries);
  each->again = 0;
  status = send_request(run->client, run->args, each->method.data, view(&each->params), &each->id, &error);
  if (status == VMS_ERR_FORM) return refuse_line(run, each, error.message);
  if (status != VMS_OK) {
    each->again = 1; /* it has no outcome to print */
    return fail(&error);
  }
  run->sent++;
  return CLI_FINE;
}

static int send_line(batch *run, vms_slice line) {
  slot *added = &run->slots[(run->first + run->count++) % WINDOW];
  vms_slice value = { "[]", 2 }, name = { NULL, 0 };
  int found = vms_json_member(line, "method", &name);
  added->id = 0;
  added->again = 0;
  added->tries = 0;
  added->outcome.len = added->method.len = added->params.len = 0;
  if (found != VMS_OK || vms_json_unquote(name, &added->method) != VMS_OK || added->method.len == 0 || strlen(added->method.data) != added->method.len)
    return refuse_line(run, added, "a line has to be {\"method\":\"...\",\"params\":[...]}");
  added->plain = is_plain(added->method.data);
  (void)vms_json_member(line, "params", &value);
  if (vms_json_compact(value, &added->params) != VMS_OK || (added->params.data[0] != '[' && (added->params.data[0] != '{' || !added->plain)))
    return refuse_line(run, added, "params has to be an array");
  return send_slot(run, added);
}

static slot *find_slot(batch *run, uint64_t id) {
  for (size_t i = 0; i < run->count; i++) {
    slot *each = &run->slots[(run->first + i) % WINDOW];
    if (each->id == id) return each;
  }
  return NULL;
}

static int receive_one(batch *run) {
  vms_rpc_reply reply;
  vms_error error = { 0, 0, 0, "" };
  slot *answered = NULL;
  uint64_t id = 0;
  int result = CLI_FINE, status;
  vms_rpc_reply_init(&reply, NULL);
  status = vms_client_receive(run->client, &id, &reply, &error);
  if (status == VMS_OK && (id == 0 || (answered = find_slot(run, id)) == NULL)) status = stray(&error);
  if (status == VMS_OK) status = unwrap(answered->plain, &reply, &error);
  if (status == VMS_OK) {
    answered->id = 0;
    run->sent--;
    answered->again = may_sign_again(&reply) && ++answered->tries < TRIES;
  }
  if (status != VMS_OK) {
    result = fail(&error);
  } else if (answered->again) {
    run->window = run->window / 2 + 1; /* what is signed long before it arrives is likely to be too late */
  } else {
    if (run->window < WINDOW) run->window++;
    if (reply.code != 0) run->failed = 1;
    if (write_outcome(&answered->outcome, &reply) != VMS_OK) result = out_of_memory();
  }
  vms_rpc_reply_free(&reply);
  return result;
}

/* Finds a whole line in what was read; the last one needs no newline. */
static int next_line(batch *run, vms_slice *line) {
  const char *start = run->input.data + run->input_at;
  size_t left = run->input.len - run->input_at;
  const char *end = left == 0 ? NULL : memchr(start, '\n', left);
  if (end == NULL && (!run->ended || left == 0)) return 0;
  line->data = start;
  line->len = end == NULL ? left : (size_t)(end - start);
  run->input_at += line->len + (end == NULL ? 0 : 1);
  return 1;
}

static int read_input(batch *run) {
  char bytes[65536];
  ssize_t n = read(STDIN_FILENO, bytes, sizeof bytes);
  if (n < 0 && errno == EINTR) return CLI_FINE;
  if (n <= 0) {
    run->ended = 1;
    return CLI_FINE;
  }
  if (run->input_at > 0) {
    memmove(run->input.data, run->input.data + run->input_at, run->input.len - run->input_at);
    run->input.len -= run->input_at;
    run->input_at = 0;
  }
  if (run->input.len > INPUT_LEN_MAX) return cli_usage("vms-call", "a line of more than %zu bytes", INPUT_LEN_MAX);
  return vms_buffer_append(&run->input, bytes, (size_t)n) == VMS_OK ? CLI_FINE : out_of_memory();
}

static int input_is_ready(void) {
  struct pollfd wanted = { STDIN_FILENO, POLLIN, 0 };
  return poll(&wanted, 1, 0) > 0;
}

static slot *find_again(batch *run) {
  for (size_t i = 0; i < run->count; i++) {
    slot *each = &run->slots[(run->first + i) % WINDOW];
    if (each->again) return each;
  }
  return NULL;
}

/* Sends as long as there are lines and room; waits for answers when there are none, so that whoever writes the
 * lines may wait for an outcome before the next one. */
static int call_many(const arguments *args, vms_client *client) {
  static batch run; /* too large for a stack; the process has one */
  slot *refused = NULL;
  vms_slice line;
  int result = CLI_FINE;
  run.window = WINDOW;
  run.args = args;
  run.client = client;
  for (;;) {
    print_finished(&run);
    if (result != CLI_FINE) break;
    int room = run.count < WINDOW && run.sent < run.window;
    if (run.sent < run.window && (refused = find_again(&run)) != NULL) {
      result = send_slot(&run, refused);
    } else if (room && next_line(&run, &line)) {
      size_t blank = 0;
      while (blank < line.len && strchr(" \t\r", line.data[blank]) != NULL) blank++;
      if (blank < line.len) result = send_line(&run, line);
    } else if (room && !run.ended && (run.count == 0 || input_is_ready())) {
      if (run.count == 0 && !flushed()) break;
      result = read_input(&run);
    } else if (run.sent > 0) {
      if (!input_is_ready() && !flushed()) break;
      result = receive_one(&run);
    } else {
      break;
    }
  }
  if (!flushed() && result == CLI_FINE) result = CLI_UNKNOWN;
  for (size_t i = 0; i < WINDOW; i++) {
    vms_buffer_free(&run.slots[i].method);
    vms_buffer_free(&run.slots[i].params);
    vms_buffer_free(&run.slots[i].outcome);
  }
  vms_buffer_free(&run.input);
  return result == CLI_FINE && run.failed ? CLI_FAILED : result;
}

/* --- arguments ----------------------------------------------------------------------------------------------------------------- */

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
        if (!cli_number(parser.value, 1, VERSION_MAX, &args->at)) return cli_usage("vms-call", "--at needs a version, a whole number above 0");
        break;
      case VERIFY: args->verify = 1; break;
      case KEY: args->key = parser.value; break;
      case ANONYMOUS: args->anonymous = 1; break;
      case TIMEOUT:
        if (!cli_timeout(parser.value, &args->timeout_ms)) return cli_usage("vms-call", "--timeout needs a number of seconds, 0.001 to 86400");
        break;
      case WHOAMI: args->whoami = 1; break;
      case HELP: cli_help(&parser); return CLI_FINE;
      default: cli_version(&parser); return CLI_FINE;
    }
  }
  args->args = argv + parser.at;
  args->arg_count = argc - parser.at;
  if (args->key != NULL && args->anonymous) return cli_usage("vms-call", "--key and --anonymous exclude each other");
  if (args->whoami) return -1;
  if (args->url == NULL) return cli_usage("vms-call", "no URL");
  if (args->params != NULL && args->arg_count > 0) return cli_usage("vms-call", "--params and ARG exclude each other");
  if (args->method == NULL && args->params != NULL) return cli_usage("vms-call", "--params needs a METHOD");
  if ((args->at != 0 || args->verify) && (args->method == NULL || !is_file(args->method)))
    return cli_usage("vms-call", "%s is for a METHOD that reads files", args->at != 0 ? "--at" : "--verify");
  if (args->method == NULL && isatty(STDIN_FILENO)) return cli_usage("vms-call", "no METHOD");
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
  return flushed() ? CLI_FINE : CLI_UNKNOWN;
}

int main(int argc, char **argv) {
  arguments args;
  vms_client *client = NULL;
  vms_client_options client_options = VMS_CLIENT_OPTIONS_INIT;
  vms_error error = { 0, 0, 0, "" };
  uint8_t ledger[VMS_KEY_LEN];
  int result;
  memset(&args, 0, sizeof args);
  result = parse(&args, argc, argv);
  if (result >= 0) return result;
  result = CLI_FINE;
  if (args.whoami || (!args.anonymous && (args.method == NULL || !is_plain(args.method)))) result = load_key(&args);
  if (result == CLI_FINE && args.whoami) return whoami(&args);
  client_options.timeout_ms = args.timeout_ms;
  if (result == CLI_FINE && vms_client_open(&client, args.url, &client_options, &error) != VMS_OK) result = fail(&error);
  /* Calls are signed for the right ledger only; what is not signed is not asked of a wrong one either. */
  if (result == CLI_FINE && strchr(args.url, '#') != NULL && vms_client_ledger(client, ledger, &error) != VMS_OK) result = fail(&error);
  if (result == CLI_FINE) result = args.method == NULL ? call_many(&args, client) : call_once(&args, client);
  vms_client_close(client);
  memset(args.seed, 0, sizeof args.seed);
  return result;
}
