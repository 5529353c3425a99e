/* SPDX-License-Identifier: MIT */
/* console: text for the host's log. What a script prints is charged and bounded alike whether anyone listens or not, and nothing
 * of it comes back to the script. Arguments are formatted as by Node's util.format, except that no code of the script runs. */
#include "lib/sandbox/console.h"

#include <math.h>

#define INDENT_MAX 64u /* columns of nested groups */
#define DEPTH 2
#define LINE_STEPS 16u /* what a line costs besides its text, whether anyone listens or not */

static const char *const levels[] = { "log", "info", "warn", "error", "debug" };
enum { LOG = 0, INFO, WARN, ERROR, DEBUG };

static bool is_text(duk_context *duk, duk_idx_t idx) { return duk_is_string(duk, idx) && !duk_is_symbol(duk, idx); }

static void put(vms_sandbox *sandbox, duk_context *duk, vms__line *line, const char *text) {
  vms__line_put(sandbox, duk, line, text, strlen(text));
}

static void put_string(vms_sandbox *sandbox, duk_context *duk, vms__line *line, duk_idx_t idx) {
  duk_size_t len = 0;
  const char *text = duk_get_lstring(duk, idx, &len);
  if (text != NULL) vms__line_put(sandbox, duk, line, text, len);
}

/* --- %d and the like ------------------------------------------------------------------------------- */

/* The longest start of the text that is a number for parseInt, or for parseFloat. */
static size_t number_length(const char *text, size_t len, bool whole) {
  size_t i = 0, digits = 0;
  if (i < len && (text[i] == '+' || text[i] == '-')) i++;
  if (whole && len - i > 2 && text[i] == '0' && (text[i + 1] | 32) == 'x') {
    for (i += 2; i < len && strchr("0123456789abcdefABCDEF", text[i]) != NULL && text[i] != 0; i++) digits++;
    return digits > 0 ? i : 0;
  }
  if (!whole && len - i >= 8 && memcmp(text + i, "Infinity", 8) == 0) return i + 8;
  for (; i < len && text[i] >= '0' && text[i] <= '9'; i++) digits++;
  if (whole) return digits > 0 ? i : 0;
  if (i < len && text[i] == '.')
    for (i++; i < len && text[i] >= '0' && text[i] <= '9'; i++) digits++;
  if (digits == 0) return 0;
  size_t end = i;
  if (i < len && (text[i] | 32) == 'e') {
    i++;
    if (i < len && (text[i] == '+' || text[i] == '-')) i++;
    if (i < len && text[i] >= '0' && text[i] <= '9') {
      while (i < len && text[i] >= '0' && text[i] <= '9') i++;
      end = i;
    }
  }
  return end;
}

/* Number(value), parseInt(value) or parseFloat(value); an object is not asked for its value. */
static double number_of(duk_context *duk, duk_idx_t idx, char how) {
  if (duk_is_object(duk, idx) || duk_is_symbol(duk, idx)) return NAN;
  duk_dup(duk, idx);
  if (how != 'd') {
    duk_to_string(duk, -1);
    duk_trim(duk, -1);
    duk_size_t len;
    const char *text = duk_get_lstring(duk, -1, &len);
    size_t part = number_length(text, len, how == 'i');
    bool negative_hex = part > 3 && (text[0] == '-' || text[0] == '+') && (text[2] | 32) == 'x';
    if (part == 0) duk_push_nan(duk);
    else duk_push_lstring(duk, text + (negative_hex ? 1 : 0), part - (negative_hex ? 1 : 0)); /* a part of ASCII */
    double sign = negative_hex && text[0] == '-' ? -1 : 1;
    duk_push_number(duk, sign * duk_to_number(duk, -1));
    duk_replace(duk, -3);
    duk_pop(duk);
  }
  double number = duk_to_number(duk, -1);
  duk_pop(duk);
  return number;
}

/* --- %j: data properties alone ----------------------------------------------------------------------- */

#define JSON_DEPTH_MAX 20

static bool put_json(vms_sandbox *sandbox, duk_context *duk, vms__line *line, duk_idx_t idx, void **seen, int depth);

static void put_json_string(vms_sandbox *sandbox, duk_context *duk, vms__line *line, duk_idx_t idx) {
  duk_dup(duk, idx);
  duk_json_encode(duk, -1); /* of a string: asks nobody */
  put_string(sandbox, duk, line, -1);
  duk_pop(duk);
}

/* An object that is no proxy; false: it holds itself, or is too deep. */
static bool put_json_object(vms_sandbox *sandbox, duk_context *duk, vms__line *line, duk_idx_t idx, void **seen, int depth) {
  void *object = duk_get_heapptr(duk, idx);
  bool array = vms__class_of(object) == VMS__CLASS_ARRAY, first = true;
  duk_idx_t top = duk_get_top(duk);
  for (int i = 0; i < depth; i++)
    if (seen[i] == object) return false;
  if (depth == JSON_DEPTH_MAX) return false;
  seen[depth] = object;
  duk_dup(duk, idx);
  vms__ordinary_keys(duk);
  duk_uarridx_t count = (duk_uarridx_t)duk_get_length(duk, top);
  put(sandbox, duk, line, array ? "[" : "{");
  for (duk_uarridx_t i = 0; i < count && !line->cut; i++, duk_set_top(duk, top + 1)) {
    duk_get_prop_index(duk, top, i);
    if (!is_text(duk, -1) || vms__own_enumerable(duk, idx, top + 1) != 1) continue;
    vms__get_own(duk, idx, top + 1);
    if (!duk_is_object(duk, -1) || !duk_get_prop_literal(duk, -1, "value")) continue;
    bool shown = !duk_is_undefined(duk, -1) && !duk_is_symbol(duk, -1) && !duk_is_function(duk, -1);
    if (!shown && !array) continue;
    if (!first) put(sandbox, duk, line, ",");
    first = false;
    if (!array) {
      put_json_string(sandbox, duk, line, top + 1);
      put(sandbox, duk, line, ":");
    }
    if (!shown) put(sandbox, duk, line, "null");
    else if (!put_json(sandbox, duk, line, duk_get_top_index(duk), seen, depth + 1)) return false;
  }
  put(sandbox, duk, line, array ? "]" : "}");
  duk_set_top(duk, top);
  return true;
}

static bool put_json(vms_sandbox *sandbox, duk_context *duk, vms__line *line, duk_idx_t idx, void **seen, int depth) {
  vms__charge(&sandbox->meter, 1);
  duk_require_stack(duk, 16);
  if (is_text(duk, idx)) put_json_string(sandbox, duk, line, idx);
  else if (duk_is_number(duk, idx) && !isfinite(duk_get_number(duk, idx))) put(sandbox, duk, line, "null");
  else if (duk_is_object(duk, idx) && !duk_is_function(duk, idx) && !vms__is_proxy(duk, idx))
    return put_json_object(sandbox, duk, line, idx, seen, depth);
  else if (duk_is_object(duk, idx) || duk_is_symbol(duk, idx)) put(sandbox, duk, line, "undefined");
  else {
    duk_dup(duk, idx);
    duk_to_string(duk, -1);
    put_string(sandbox, duk, line, -1);
    duk_pop(duk);
  }
  return true;
}

static void put_as_json(vms_sandbox *sandbox, duk_context *duk, vms__line *line, duk_idx_t idx) {
  void *seen[JSON_DEPTH_MAX];
  size_t start = sandbox->console.len;
  duk_idx_t top = duk_get_top(duk);
  if (put_json(sandbox, duk, line, idx, seen, 0)) return;
  duk_set_top(duk, top);
  sandbox->console.len = start;
  put(sandbox, duk, line, "[Circular]");
}

/* --- util.format ----------------------------------------------------------------------------------- */

/* What stands for "%c" with the value at idx; false: c means nothing. */
static bool put_directive(vms_sandbox *sandbox, duk_context *duk, vms__line *line, char c, duk_idx_t idx) {
  switch (c) {
    case 's':
      if (is_text(duk, idx)) put_string(sandbox, duk, line, idx);
      else vms__inspect(sandbox, duk, idx, 0, false, line);
      return true;
    case 'd':
    case 'i':
    case 'f':
      duk_push_number(duk, number_of(duk, idx, c));
      vms__inspect(sandbox, duk, -1, 0, false, line);
      duk_pop(duk);
      return true;
    case 'j': put_as_json(sandbox, duk, line, idx); return true;
    case 'o': vms__inspect(sandbox, duk, idx, 4, true, line); return true;
    case 'O': vms__inspect(sandbox, duk, idx, DEPTH, false, line); return true;
    case 'c': return true;
    default: return false;
  }
}

/* Appends the values from first to the end of the stack. */
static void format(vms_sandbox *sandbox, duk_context *duk, vms__line *line, duk_idx_t first) {
  duk_idx_t end = duk_get_top(duk), next = first;
  bool joined = false;
  if (first < end && is_text(duk, first)) {
    duk_size_t len, last = 0;
    const char *text = duk_get_lstring(duk, first, &len);
    next = first + 1;
    vms__charge(&sandbox->meter, len / 32);
    for (size_t i = 0; end - first > 1 && i + 1 < len && !line->cut; i++) {
      if (text[i] != '%') continue;
      char c = text[i + 1];
      if (c == '%') {
        vms__line_put(sandbox, duk, line, text + last, i + 1 - last);
        last = i + 2;
      } else if (next < end && strchr("sdifjoOc", c) != NULL && c != 0) {
        vms__line_put(sandbox, duk, line, text + last, i - last);
        put_directive(sandbox, duk, line, c, next++);
        last = i + 2;
      }
      i++;
    }
    vms__line_put(sandbox, duk, line, text + last, len - last);
    joined = true;
  }
  for (; next < end; next++) {
    if (joined) put(sandbox, duk, line, " ");
    joined = true;
    if (is_text(duk, next)) put_string(sandbox, duk, line, next);
    else vms__inspect(sandbox, duk, next, DEPTH, false, line);
  }
}

/* --- the log --------------------------------------------------------------------------------------- */

static void emit_line(vms_sandbox *sandbox, int level, size_t indent, vms_slice text) {
  static const char spaces[INDENT_MAX + 1] = "                                                                ";
  vms__charge(&sandbox->meter, LINE_STEPS + (indent + text.len) / 16);
  if (sandbox->host.console == NULL) return;
  if (indent > 0) {
    vms__buf_clear(&sandbox->scratch);
    if (vms__buf_slice(&sandbox->scratch, (vms_slice){ spaces, indent }) != VMS_OK || vms__buf_slice(&sandbox->scratch, text) != VMS_OK)
      vms__leave_status(sandbox, VMS_ERR_NOMEM);
    text = vms__buf_view(&sandbox->scratch);
  }
  sandbox->host.console(sandbox->host.context, levels[level], text);
}

/* One call of the host's function a line, as it is promised. */
static void emit(vms_sandbox *sandbox, vms__line *line, int level, size_t indent) {
  vms__line_end(sandbox, line);
  vms_slice rest = sandbox->console.data == NULL ? VMS__TEXT("") : vms__buf_view(&sandbox->console);
  for (;;) {
    const char *end = rest.len == 0 ? NULL : memchr(rest.data, '\n', rest.len);
    size_t len = end == NULL ? rest.len : (size_t)(end - rest.data);
    emit_line(sandbox, level, indent, (vms_slice){ rest.data, len });
    if (end == NULL) return;
    rest = (vms_slice){ end + 1, rest.len - len - 1 };
  }
}

static void log_values(duk_context *duk, int level, duk_idx_t first, size_t indent) {
  vms_sandbox *sandbox = vms__of(duk);
  vms__line line;
  vms__line_begin(sandbox, &line);
  format(sandbox, duk, &line, first);
  emit(sandbox, &line, level, indent);
}

static duk_ret_t console_log(duk_context *duk) {
  log_values(duk, duk_get_current_magic(duk), 0, vms__of(duk)->console_indent);
  return 0;
}

static duk_ret_t print(duk_context *duk) {
  log_values(duk, LOG, 0, 0);
  return 0;
}

static duk_ret_t console_assert(duk_context *duk) { /* (condition, ...values) */
  vms_sandbox *sandbox = vms__of(duk);
  vms__line line;
  if (duk_get_top(duk) == 0) duk_push_false(duk);
  duk_dup(duk, 0);
  bool holds = duk_to_boolean(duk, -1) != 0;
  duk_pop(duk);
  if (holds) return 0;
  vms__line_begin(sandbox, &line);
  put(sandbox, duk, &line, "Assertion failed");
  if (duk_get_top(duk) > 1) {
    put(sandbox, duk, &line, ": ");
    format(sandbox, duk, &line, 1);
  }
  emit(sandbox, &line, WARN, sandbox->console_indent);
  return 0;
}

static duk_ret_t console_trace(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  vms__line line;
  bool any = duk_get_top(duk) > 0;
  vms__line_begin(sandbox, &line);
  put(sandbox, duk, &line, any ? "Trace: " : "Trace");
  format(sandbox, duk, &line, 0);
  duk_push_error_object(duk, DUK_ERR_ERROR, "trace");
  if (!line.cut) vms__trace_frames(sandbox, duk, NULL, &sandbox->console);
  emit(sandbox, &line, ERROR, sandbox->console_indent);
  return 0;
}

/* A data property of the options. */
static bool option(duk_context *duk, duk_idx_t options, const char *name) {
  if (!duk_is_object(duk, options) || vms__is_proxy(duk, options)) return false;
  duk_push_string(duk, name);
  bool is = vms__own_value(duk, duk_get_heapptr(duk, options), duk_get_heapptr(duk, -1)) != 0;
  duk_remove(duk, is ? -2 : -1);
  return is;
}

static duk_ret_t console_dir(duk_context *duk) { /* (value, {depth, showHidden}) */
  vms_sandbox *sandbox = vms__of(duk);
  vms__line line;
  int depth = DEPTH;
  bool hidden = false;
  if (option(duk, 1, "depth")) {
    if (duk_is_null(duk, -1) || (duk_is_number(duk, -1) && duk_get_number(duk, -1) >= 1000)) depth = 1000;
    else if (duk_is_number(duk, -1)) depth = duk_get_int(duk, -1);
    duk_pop(duk);
  }
  if (option(duk, 1, "showHidden")) {
    hidden = duk_is_boolean(duk, -1) && duk_get_boolean(duk, -1);
    duk_pop(duk);
  }
  vms__line_begin(sandbox, &line);
  vms__inspect(sandbox, duk, 0, depth, hidden, &line);
  emit(sandbox, &line, LOG, sandbox->console_indent);
  return 0;
}

/* magic 0: group, 1: groupEnd */
static duk_ret_t console_group(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  if (duk_get_current_magic(duk) == 1) {
    sandbox->console_indent -= VMS__MIN(sandbox->console_indent, 2u);
    return 0;
  }
  if (duk_get_top(duk) > 0) log_values(duk, LOG, 0, sandbox->console_indent);
  sandbox->console_indent = VMS__MIN(sandbox->console_indent + 2, INDENT_MAX);
  return 0;
}

/* --- counts and timers ------------------------------------------------------------------------------- */

enum { COUNT = 0, COUNT_RESET, TIME, TIME_LOG, TIME_END };

/* The label at 0, as text in its place. */
static void label_take(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  vms__line line;
  if (duk_get_top(duk) == 0) duk_push_undefined(duk);
  if (duk_is_undefined(duk, 0)) duk_push_literal(duk, "default");
  else if (is_text(duk, 0)) duk_dup(duk, 0);
  else {
    vms__line_begin(sandbox, &line);
    vms__inspect(sandbox, duk, 0, 0, false, &line);
    vms__line_end(sandbox, &line);
    vms__push_utf8(sandbox, duk, vms__buf_view(&sandbox->console));
  }
  duk_replace(duk, 0);
}

/* Says something about the label. */
static void say(duk_context *duk, int level, const char *before, const char *after, duk_idx_t rest) {
  vms_sandbox *sandbox = vms__of(duk);
  vms__line line;
  vms__line_begin(sandbox, &line);
  put(sandbox, duk, &line, before);
  put_string(sandbox, duk, &line, 0);
  put(sandbox, duk, &line, after);
  if (rest < duk_get_top(duk)) {
    put(sandbox, duk, &line, " ");
    format(sandbox, duk, &line, rest);
  }
  emit(sandbox, &line, level, sandbox->console_indent);
}

static void say_time(duk_context *duk, double ms) {
  char text[40];
  ms = fmax(ms, 0); /* the clock of a later call may be behind */
  if (ms < 1000) snprintf(text, sizeof text, ": %ums", (unsigned)ms);
  else snprintf(text, sizeof text, ": %llu.%03us", (unsigned long long)(ms / 1000), (unsigned)fmod(ms, 1000));
  say(duk, LOG, "", text, 1);
}

static duk_ret_t console_count(duk_context *duk) {
  vms_sandbox *sandbox = vms__of(duk);
  int what = duk_get_current_magic(duk);
  char text[40];
  label_take(duk);
  if (what < TIME || what == TIME_END) duk_set_top(duk, 1);
  if (sandbox->refs[VMS__REF_COUNTS] == NULL) {
    duk_push_bare_object(duk);
    vms__ref_set(sandbox, duk, VMS__REF_COUNTS);
  }
  duk_idx_t counts = duk_get_top(duk);
  vms__ref_push(sandbox, duk, VMS__REF_COUNTS);
  duk_push_string(duk, what < TIME ? "count " : "time ");
  duk_dup(duk, 0);
  duk_concat(duk, 2);
  duk_dup_top(duk);
  bool known = duk_get_prop(duk, counts) != 0; /* [ counts key value ] */
  double value = known ? duk_get_number(duk, -1) : 0;
  duk_pop(duk);
  if (what == COUNT || (what == TIME && !known)) {
    duk_push_number(duk, what == COUNT ? value + 1 : sandbox->meter.now_ms);
    duk_put_prop(duk, counts);
  } else if (known && (what == COUNT_RESET || what == TIME_END)) {
    duk_del_prop(duk, counts);
  }
  duk_set_top(duk, counts);
  if (what == COUNT) {
    snprintf(text, sizeof text, ": %.0f", value + 1);
    say(duk, LOG, "", text, 1);
  } else if (what == TIME ? known : !known) {
    duk_set_top(duk, 1);
    say(duk, WARN, what == COUNT_RESET ? "Count for '" : "Label '", what == TIME ? "' already exists" : "' does not exist", 1);
  } else if (what == TIME_LOG || what == TIME_END) {
    say_time(duk, sandbox->meter.now_ms - value);
  }
  return 0;
}

/* --- the object -------------------------------------------------------------------------------------- */

void vms__console_print(duk_context *duk) {
  duk_push_global_object(duk);
  vms__define_function(duk, -1, "print", print, DUK_VARARGS, 0);
  duk_pop(duk);
}

/* The getters of a regular expression's parts, as they are before any script runs. */
static void keep_regexp_getters(vms_sandbox *sandbox, duk_context *duk) {
  static const char *const names[] = { "source", "global", "ignoreCase", "multiline", "dotAll", "unicode", "sticky" };
  duk_push_array(duk);
  duk_get_global_literal(duk, "RegExp");
  duk_get_prop_literal(duk, -1, "prototype");
  for (duk_uarridx_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    duk_push_string(duk, names[i]);
    duk_get_prop_desc(duk, -2, 0); /* [ list RegExp prototype descriptor ] */
    if (duk_is_object(duk, -1)) duk_get_prop_literal(duk, -1, "get");
    else duk_push_undefined(duk);
    duk_put_prop_index(duk, -5, i);
    duk_pop(duk);
  }
  duk_pop_2(duk);
  vms__ref_set(sandbox, duk, VMS__REF_REGEXP_GETTERS);
}

void vms__console_open(vms_sandbox *sandbox, duk_context *duk) {
  static const vms__method methods[] = {
    { "log", console_log, DUK_VARARGS, 0, LOG },       { "warn", console_log, DUK_VARARGS, 0, WARN },
    { "dir", console_dir, 2, 0, 0 },                   { "time", console_count, DUK_VARARGS, 0, TIME },
    { "timeEnd", console_count, DUK_VARARGS, 0, TIME_END }, { "timeLog", console_count, DUK_VARARGS, 0, TIME_LOG },
    { "trace", console_trace, DUK_VARARGS, 0, 0 },     { "assert", console_assert, DUK_VARARGS, 0, 0 },
    { "count", console_count, DUK_VARARGS, 0, COUNT }, { "countReset", console_count, DUK_VARARGS, 0, COUNT_RESET },
    { "group", console_group, DUK_VARARGS, 0, 0 },     { "groupEnd", console_group, 0, 0, 1 },
    { "debug", console_log, DUK_VARARGS, 0, DEBUG },   { "info", console_log, DUK_VARARGS, 0, INFO },
    { "error", console_log, DUK_VARARGS, 0, ERROR },
  };
  static const char *const same[][2] = { { "dirxml", "log" }, { "table", "log" }, { "groupCollapsed", "group" } };
  duk_push_object(duk);
  vms__define_methods(duk, -1, methods, sizeof methods / sizeof methods[0]);
  for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
    duk_get_prop_string(duk, -1, same[i][1]);
    vms__define(duk, -2, same[i][0]);
  }
  vms__ref_set(sandbox, duk, VMS__REF_CONSOLE);
  keep_regexp_getters(sandbox, duk);
}
