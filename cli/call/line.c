/* SPDX-License-Identifier: MIT */
/* A line that somebody typed, read as a call: METHOD ARG… as in a shell, or method(arg, arg) as in JavaScript. */
#include "call.h"

static int is_blank(char c) { return c == ' ' || c == '\t'; }
static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (c & 0x80) != 0; }
static int is_digit(char c) { return c >= '0' && c <= '9'; }
static const char *behind_blanks(const char *at) {
  while (is_blank(*at)) at++;
  return at;
}

static int put(vms_buffer *out, const char *bytes, size_t len) {
  return vms_buffer_append(out, bytes, len) == VMS_OK ? CLI_FINE : call_out_of_memory();
}

/* --- METHOD ARG… ------------------------------------------------------------------------------------------------- */

/* Takes an object or array as it stands, quotes and blanks included: nobody wants to quote it twice. */
static int take_json(const char **line, vms_buffer *word) {
  const char *at = *line;
  size_t depth = 0;
  int in_string = 0;
  do {
    if (in_string) {
      if (*at == '\\' && at[1] != 0) at++;
      else if (*at == '"') in_string = 0;
    } else if (*at == '"') in_string = 1;
    else if (*at == '{' || *at == '[') depth++;
    else if (*at == '}' || *at == ']') depth--;
    at++;
  } while (depth > 0 && *at != 0);
  if (depth > 0) return call_usage("%s is missing", **line == '{' ? "}" : "]");
  const char *start = *line;
  *line = at;
  return put(word, start, (size_t)(at - start));
}

static int take_quoted(const char **line, vms_buffer *word) {
  char quote = *(*line)++;
  for (; **line != 0; (*line)++) {
    if (**line == quote) {
      (*line)++;
      return CLI_FINE;
    }
    if (quote == '"' && **line == '\\' && ((*line)[1] == '"' || (*line)[1] == '\\')) (*line)++;
    if (put(word, *line, 1) != CLI_FINE) return CLI_UNKNOWN;
  }
  return call_usage("a closing %c is missing", quote);
}

/* Quotes as in a shell; nothing else means anything. */
static int take_word(const char **line, vms_buffer *word) {
  int result = **line == '{' || **line == '[' ? take_json(line, word) : CLI_FINE;
  while (result == CLI_FINE && **line != 0 && !is_blank(**line)) {
    if (**line == '\'' || **line == '"') {
      result = take_quoted(line, word);
      continue;
    }
    if (**line == '\\' && (*line)[1] != 0) (*line)++;
    result = put(word, (*line)++, 1);
  }
  return result;
}

static int read_words(const char *at, vms_buffer *params) {
  vms_buffer word = VMS_BUFFER_INIT;
  int result = put(params, "[", 1);
  for (int count = 0; result == CLI_FINE && *at != 0; count++) {
    word.len = 0;
    result = put(&word, "", 0); /* also '' is a word */
    if (result == CLI_FINE) result = take_word(&at, &word);
    if (result == CLI_FINE && count > 0) result = put(params, ",", 1);
    if (result == CLI_FINE) result = call_append_arg(params, word.len == 0 ? "" : word.data);
    at = behind_blanks(at);
  }
  vms_buffer_free(&word);
  return result == CLI_FINE ? put(params, "]", 1) : result;
}

/* --- method(arg, arg) ----------------------------------------------------------------------------------------------- */

/* A string of JavaScript as one of JSON: other quotes, and escapes that JSON does not have. */
static int take_string(const char **text, const char *end, vms_buffer *json) {
  char quote = *(*text)++, code[8];
  int result = put(json, "\"", 1);
  while (result == CLI_FINE && *text < end && **text != quote) {
    const char *at = (*text)++;
    if (*at == '"') result = put(json, "\\\"", 2);
    else if (*at != '\\' || *text == end) result = put(json, at, 1);
    else if (strchr("\"\\/bfnrtu", *(*text)++) != NULL) result = put(json, at, 2);
    else if (at[1] == 'x' && end - *text >= 2) {
      snprintf(code, sizeof code, "\\u00%.2s", *text);
      *text += 2;
      result = put(json, code, 6);
    } else if (at[1] == '0' || at[1] == 'v') result = put(json, at[1] == '0' ? "\\u0000" : "\\u000b", 6);
    else result = put(json, at + 1, 1);
  }
  if (result != CLI_FINE) return result;
  if (*text == end) return call_usage("a closing %c is missing", quote);
  (*text)++;
  return put(json, "\"", 1);
}

/* true, false, null and undefined are values; in front of a colon a name is a string. */
static int take_name(const char **text, const char *end, vms_buffer *json) {
  const char *start = *text;
  while (*text < end && (is_letter(**text) || is_digit(**text))) (*text)++;
  size_t len = (size_t)(*text - start);
  const char *next = behind_blanks(*text);
  if (next < end && *next == ':') {
    int result = put(json, "\"", 1);
    if (result == CLI_FINE) result = put(json, start, len);
    return result == CLI_FINE ? put(json, "\"", 1) : result;
  }
  if (len == 9 && memcmp(start, "undefined", 9) == 0) return put(json, "null", 4);
  if ((len == 4 && (memcmp(start, "true", 4) == 0 || memcmp(start, "null", 4) == 0)) || (len == 5 && memcmp(start, "false", 5) == 0))
    return put(json, start, len);
  return call_usage("%.*s is no value; a string needs quotes", (int)len, start);
}

static int read_values(const char *at, const char *end, vms_buffer *params) {
  vms_buffer json = VMS_BUFFER_INIT;
  int result = put(&json, "[", 1);
  while (result == CLI_FINE && at < end) {
    if (*at == '"' || *at == '\'' || *at == '`') result = take_string(&at, end, &json);
    else if (is_letter(*at)) result = take_name(&at, end, &json);
    else if (is_digit(*at)) { /* with its exponent, which is no name */
      const char *start = at;
      while (at < end && (is_digit(*at) || is_letter(*at) || *at == '.' || ((*at == '-' || *at == '+') && (at[-1] == 'e' || at[-1] == 'E')))) at++;
      result = put(&json, start, (size_t)(at - start));
    } else {
      const char *next = behind_blanks(at + 1);
      if (*at != ',' || (next < end && *next != ']' && *next != '}')) result = put(&json, at, 1); /* JavaScript allows a last comma */
      at++;
    }
  }
  if (result == CLI_FINE) result = put(&json, "]", 1);
  int status = result == CLI_FINE ? vms_json_compact(view(&json), params) : VMS_OK;
  vms_buffer_free(&json);
  if (status == VMS_ERR_NOMEM) return call_out_of_memory();
  return status == VMS_OK ? result : call_usage("what stands between the parentheses is no list of values");
}

int call_read_line(const char *line, vms_buffer *method, vms_buffer *params) {
  const char *start = behind_blanks(line), *at = start, *end = start + strlen(start);
  while (is_letter(*at) || is_digit(*at) || *at == '.') at++;
  if (*at == '(' && at > start) {
    while (is_blank(end[-1]) || end[-1] == ';') end--;
    if (end[-1] != ')') return call_usage("a closing ) is missing");
    int result = put(method, start, (size_t)(at - start));
    return result == CLI_FINE ? read_values(at + 1, end - 1, params) : result;
  }
  int result = take_word(&start, method);
  if (result == CLI_FINE && method->len == 0) result = call_usage("a line begins with a method's name");
  return result == CLI_FINE ? read_words(behind_blanks(start), params) : result;
}
