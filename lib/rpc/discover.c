/* SPDX-License-Identifier: MIT */
/* The answer to rpc.discover: a small OpenRPC document. */
#include "internal.h"

#include <cjson/cJSON.h>

static const struct {
  const char *name, *summary, *params; /* params: names, separated by blanks; a "?" behind optional ones */
  const char *options;                 /* members of the parameter "options" */
} own[] = {
  { "vms.info", "keys, title, engine, methods, limits and signed head", "", "" },
  { "vms.call", "runs a signed request", "request caller? signature? receipt?", "" },
  { "vms.head", "the newest signed head of a core", "core?", "" },
  { "vms.blocks", "a page of a core's blocks", "core from to", "" },
  { "vms.proof", "what proves a record, and that the ledger has grown from what it was", "seq? from? length?", "" },
  { "vms.subscribe", "sends each record from a number on as a notification vms.appended", "from?", "" },
  { "files.getInfo", "facts about the archive", "options?", "version" },
  { "files.stat", "facts about a file or folder", "path options?", "version proof" },
  { "files.readFile", "a file's content; a string as options is the encoding", "path options?", "encoding offset length version proof" },
  { "files.readdir", "names in a folder", "path? options?", "recursive stat after limit version proof" },
  { "files.history", "changes of files and the records that made them", "path? options?", "start end reverse limit version proof" },
  { "rpc.discover", "this document", "", "" },
  { "handshake", "what clients of the original NodeVMS ask first", "", "" },
};

static cJSON *add_method(cJSON *list, const char *name, const char *summary) {
  cJSON *method = cJSON_CreateObject(), *result;
  if (method == NULL || !cJSON_AddItemToArray(list, method)) {
    cJSON_Delete(method);
    return NULL;
  }
  result = cJSON_AddStringToObject(method, "name", name) != NULL && cJSON_AddStringToObject(method, "summary", summary) != NULL &&
                   cJSON_AddArrayToObject(method, "params") != NULL ? cJSON_AddObjectToObject(method, "result") : NULL;
  if (result == NULL || cJSON_AddStringToObject(result, "name", "result") == NULL || cJSON_AddObjectToObject(result, "schema") == NULL)
    return NULL;
  return method;
}

/* Copies the next of several names; returns what is behind it, NULL at the end. */
static const char *next_name(const char *names, char name[32]) {
  size_t len = strcspn(names, " ");
  if (len == 0) return NULL;
  assert(len < 32);
  memcpy(name, names, len);
  name[len] = 0;
  return names + len + strspn(names + len, " ");
}

/* Appends a parameter to a list; returns its schema. */
static cJSON *add_param(cJSON *list, const char *name, bool required) {
  cJSON *param = cJSON_CreateObject();
  if (param == NULL || !cJSON_AddItemToArray(list, param)) {
    cJSON_Delete(param);
    return NULL;
  }
  if (cJSON_AddStringToObject(param, "name", name) == NULL || cJSON_AddBoolToObject(param, "required", required) == NULL) return NULL;
  return cJSON_AddObjectToObject(param, "schema");
}

static bool add_options(cJSON *schema, const char *names) {
  cJSON *properties = cJSON_AddObjectToObject(schema, "properties");
  char name[32];
  while (properties != NULL && (names = next_name(names, name)) != NULL)
    if (cJSON_AddObjectToObject(properties, name) == NULL) return false;
  return properties != NULL;
}

static bool add_params(cJSON *method, const char *names, const char *options) {
  cJSON *list = cJSON_GetObjectItemCaseSensitive(method, "params");
  char name[32];
  while ((names = next_name(names, name)) != NULL) {
    char *mark = strchr(name, '?');
    if (mark != NULL) *mark = 0;
    cJSON *schema = add_param(list, name, mark == NULL);
    if (schema == NULL || (strcmp(name, "options") == 0 && !add_options(schema, options))) return false;
  }
  return true;
}

static bool add_contract_methods(cJSON *list, vms_slice methods) {
  const char *iterator = NULL;
  vms_slice name, value;
  while (vms__json_next(methods, &iterator, &name, &value)) {
    vms_buffer text = VMS_BUFFER_INIT;
    bool added = value.data[0] == '"' && vms__json_unescape((vms_slice){ value.data + 1, value.len - 2 }, &text) == VMS_OK &&
                 text.data != NULL && add_method(list, text.data, "a method of the contract") != NULL;
    vms_buffer_free(&text);
    if (!added) return false;
  }
  return true;
}

static bool fill(cJSON *document, vms_slice methods) {
  cJSON *info, *list;
  if (cJSON_AddStringToObject(document, "openrpc", "1.2.6") == NULL) return false;
  info = cJSON_AddObjectToObject(document, "info");
  if (info == NULL || cJSON_AddStringToObject(info, "title", "vms service") == NULL ||
      cJSON_AddStringToObject(info, "version", VMS_VERSION) == NULL) return false;
  list = cJSON_AddArrayToObject(document, "methods");
  if (list == NULL) return false;
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    cJSON *method = add_method(list, own[i].name, own[i].summary);
    if (method == NULL || !add_params(method, own[i].params, own[i].options)) return false;
  }
  return add_contract_methods(list, methods);
}

int vms__rpc_discover(vms_slice methods, vms_buffer *json) {
  cJSON *document = cJSON_CreateObject();
  char *text = document != NULL && fill(document, methods) ? cJSON_PrintUnformatted(document) : NULL;
  int status = text == NULL ? VMS_ERR_NOMEM : vms__buf_text(json, text);
  cJSON_free(text);
  cJSON_Delete(document);
  return status;
}
