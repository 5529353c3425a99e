/* SPDX-License-Identifier: MIT */
/* Values as text for people: close to Node's util.inspect with its default options. Runs no code of the script: getters are named,
 * proxies are looked through, prototypes and properties are read without asking anyone. What does not fit is cut.
 *
 * The text grows in one buffer. An object's entries are written one after the other; `marks` remembers where each begins. When all
 * are there, they are put on one line, or in columns, or on lines of their own: the result is written behind them and then
 * moved to where they began. */
#include "lib/sandbox/console.h"
#include "lib/sandbox/view.h"

#include <math.h>

#define TEXT_MAX ((size_t)256 << 10) /* bytes of one text; what is more is cut */
#define ITEMS_MAX 100u               /* of an array, a Map or a Set */
#define KEYS_MAX 1000u               /* of an object */
#define STRING_MAX 10000u            /* units of a string inside of an object */
#define LINE 80u                     /* columns */
#define COMPACT 3                    /* innermost levels that are put on one line */
#define DEPTH_MAX 32
#define CIRCLES_MAX 200              /* objects that hold themselves and get a number */
#define HOLES_MAX 1000u              /* indexes that are tried before an array's keys are listed */

typedef struct inspector {
  vms_sandbox *sandbox;
  duk_context *duk;
  vms_buffer *out, *marks;
  size_t indentation;
  int depth, current; /* how deep objects are shown; the depth of the one shown last */
  bool hidden, cut;
  void *seen[DEPTH_MAX + 2];
  int seen_count;
  void *circular[CIRCLES_MAX];
  int circular_count;
} inspector;

typedef struct shape {
  void *object;            /* what is shown */
  size_t base, brace, end; /* where the text in front of the brace begins, where the brace does, and where it ends */
  size_t first_mark;
  bool list, numbers;      /* an array; all its elements are numbers */
  char close;
} shape;

static void show(inspector *in, duk_idx_t idx, int depth);

/* --- text ---------------------------------------------------------------------------------------- */

static void need_room(inspector *in, size_t len) {
  if (vms__buf_reserve(in->out, len + 1) != VMS_OK) vms__leave_status(in->sandbox, VMS_ERR_NOMEM);
}

static void put(inspector *in, const char *text, size_t len) {
  vms__charge(&in->sandbox->meter, 1 + len / 16);
  if (in->cut) return;
  if (len > TEXT_MAX - VMS__MIN(in->out->len, TEXT_MAX)) {
    in->cut = true;
    return;
  }
  need_room(in, len);
  memcpy(in->out->data + in->out->len, text, len);
  in->out->len += len;
}

static void put_text(inspector *in, const char *text) { put(in, text, strlen(text)); }

static void put_format(inspector *in, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put_format(inspector *in, const char *format, ...) {
  char text[128];
  va_list args;
  va_start(args, format);
  int len = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  vms__charge(&in->sandbox->meter, 1);
  put(in, text, (size_t)len);
}

/* The engine's text as UTF-8. */
static void put_cesu(inspector *in, const char *text, size_t len) {
  if (len > TEXT_MAX * 2) {
    len = TEXT_MAX * 2;
    in->cut = true; /* behind what is put now */
  }
  vms__charge(&in->sandbox->meter, 1 + len / 16);
  size_t room = TEXT_MAX - VMS__MIN(in->out->len, TEXT_MAX);
  need_room(in, VMS__MIN(room, len * 3));
  size_t made = vms__utf8_write(NULL, text, len, (uint8_t *)in->out->data + in->out->len, room);
  in->out->len += made;
  if (made + 4 > room) in->cut = true;
}

/* The string at idx, which is popped if it is on top. */
static void put_string(inspector *in, duk_idx_t idx) {
  duk_size_t len = 0;
  const char *text = duk_get_lstring(in->duk, idx, &len);
  if (text != NULL) put_cesu(in, text, len);
}

static void put_number(inspector *in, double number) {
  if (number == 0 && signbit(number)) {
    put_text(in, "-0");
    return;
  }
  duk_push_number(in->duk, number);
  duk_to_string(in->duk, -1);
  put_string(in, -1);
  duk_pop(in->duk);
}

/* Units of UTF-16, as Node reckons lengths. */
static size_t width_of(const inspector *in, size_t from, size_t to) {
  size_t width = 0;
  for (size_t i = from; i < to; i++) {
    uint8_t c = (uint8_t)in->out->data[i];
    width += (c & 0xc0) != 0x80;
    width += c >= 0xf0;
  }
  return width;
}

static bool has_line_break(const inspector *in, size_t from, size_t to) {
  return to > from && memchr(in->out->data + from, '\n', to - from) != NULL;
}

/* --- strings ------------------------------------------------------------------------------------- */

static bool contains(const char *text, size_t len, const char *wanted) {
  size_t count = strlen(wanted);
  for (size_t i = 0; i + count <= len; i++)
    if (memcmp(text + i, wanted, count) == 0) return true;
  return false;
}

/* One character, escaped where it has to be. */
static void put_character(inspector *in, const uint8_t **at, const uint8_t *end, char quote) {
  static const char letters[] = "btnvfr"; /* of 8 to 13; 11 has none in Node */
  const uint8_t *look = *at;
  uint32_t unit = vms__unit_next(&look, end);
  uint8_t bytes[4];
  int units;
  size_t len = vms__cesu_step(at, end, bytes, &units);
  if (unit == (uint8_t)quote || unit == '\\') put_format(in, "\\%c", (int)unit);
  else if (unit >= 8 && unit <= 13 && unit != 11) put_format(in, "\\%c", letters[unit - 8]);
  else if (unit < 32 || (unit > 126 && unit < 160)) put_format(in, "\\x%02X", (unsigned)unit);
  else if (unit >= 0xd800 && unit <= 0xdfff && units == 1) put_format(in, "\\u%x", (unsigned)unit);
  else put(in, (const char *)bytes, len);
}

static void put_quoted(inspector *in, const char *text, size_t len) {
  char quote = '\'';
  vms__charge(&in->sandbox->meter, len / 16);
  if (memchr(text, '\'', len) != NULL) {
    if (memchr(text, '"', len) == NULL) quote = '"';
    else if (memchr(text, '`', len) == NULL && !contains(text, len, "${")) quote = '`';
  }
  put(in, &quote, 1);
  for (const uint8_t *at = (const uint8_t *)text, *end = at + len; at < end && !in->cut;) put_character(in, &at, end, quote);
  put(in, &quote, 1);
}

static void put_spaces(inspector *in, size_t count) {
  for (size_t i = 0; i < count; i++) put(in, " ", 1);
}

/* A string of units that is long is broken behind its line ends. */
static void show_string(inspector *in, duk_idx_t idx) {
  duk_size_t len = 0;
  size_t units = duk_get_length(in->duk, idx), left = 0;
  const char *text = duk_get_lstring(in->duk, idx, &len), *end;
  if (units > STRING_MAX) {
    const uint8_t *at = (const uint8_t *)text, *stop = at + len;
    for (size_t i = 0; i < STRING_MAX; i++) (void)vms__unit_next(&at, stop);
    left = units - STRING_MAX;
    len = (size_t)((const char *)at - text);
    units = STRING_MAX;
  }
  bool split = units > 16 && units + in->indentation + 4 > LINE;
  while (split && !in->cut && (end = memchr(text, '\n', len)) != NULL && (size_t)(end + 1 - text) < len) {
    size_t part = (size_t)(end + 1 - text);
    put_quoted(in, text, part);
    put_text(in, " +\n");
    put_spaces(in, in->indentation + 2);
    text += part;
    len -= part;
  }
  put_quoted(in, text, len);
  if (left > 0) put_format(in, "... %zu more character%s", left, left > 1 ? "s" : "");
}

/* --- what an object is --------------------------------------------------------------------------- */

/* Pushes the own data property of the name; false, and nothing pushed, if there is none. The object may be no proxy. */
static bool own_data(inspector *in, void *object, const char *name) {
  duk_push_string(in->duk, name);
  bool is = vms__own_value(in->duk, object, duk_get_heapptr(in->duk, -1)) != 0;
  duk_remove(in->duk, is ? -2 : -1);
  return is;
}

/* The same for the object and its prototypes; a proxy among them is not asked. */
static bool find_data(inspector *in, void *object, const char *name) {
  void *target, *handler;
  duk_push_heapptr(in->duk, object);
  while (duk_is_object(in->duk, -1)) {
    void *here = duk_get_heapptr(in->duk, -1);
    vms__charge(&in->sandbox->meter, 1);
    if (vms__proxy_parts(here, &target, &handler)) break;
    if (own_data(in, here, name)) {
      duk_remove(in->duk, -2);
      return true;
    }
    duk_get_prototype(in->duk, -1);
    duk_remove(in->duk, -2);
  }
  duk_pop(in->duk);
  return false;
}

static bool is_text(inspector *in, duk_idx_t idx) {
  return duk_is_string(in->duk, idx) && !duk_is_symbol(in->duk, idx) && duk_get_length(in->duk, idx) > 0;
}

/* Whether the function at idx made, by its looks, the object. */
static bool made_by(inspector *in, void *object, duk_idx_t function) {
  if (!duk_is_function(in->duk, function) || vms__is_proxy(in->duk, function)) return false;
  if (!own_data(in, duk_get_heapptr(in->duk, function), "prototype")) return false;
  void *wanted = duk_get_heapptr(in->duk, -1);
  duk_pop(in->duk);
  bool found = false;
  duk_push_heapptr(in->duk, object);
  do {
    vms__charge(&in->sandbox->meter, 1);
    duk_get_prototype(in->duk, -1);
    duk_remove(in->duk, -2);
    found = wanted != NULL && duk_get_heapptr(in->duk, -1) == wanted;
  } while (!found && duk_is_object(in->duk, -1));
  duk_pop(in->duk);
  return found;
}

/* Pushes the name of the constructor; undefined: the object has no prototype; false: none is known. */
static void push_constructor_name(inspector *in, void *object) {
  void *target, *handler;
  duk_push_heapptr(in->duk, object);
  bool bare = true;
  for (int turn = 0; duk_is_object(in->duk, -1) && turn < 1000; turn++) {
    void *here = duk_get_heapptr(in->duk, -1);
    if (vms__proxy_parts(here, &target, &handler)) break;
    if (own_data(in, here, "constructor")) {
      if (made_by(in, object, -1) && own_data(in, duk_get_heapptr(in->duk, -1), "name")) {
        if (is_text(in, -1)) {
          duk_replace(in->duk, -3);
          duk_pop(in->duk);
          return;
        }
        duk_pop(in->duk);
      }
      duk_pop(in->duk);
    }
    duk_get_prototype(in->duk, -1);
    duk_remove(in->duk, -2);
    if (duk_is_object(in->duk, -1)) bare = false;
  }
  duk_pop(in->duk);
  if (bare) duk_push_undefined(in->duk);
  else duk_push_false(in->duk);
}

/* Writes "Name ", "Name(2) [tag] " or "[Kind(2): null prototype] ". [ ... name tag ] */
static void put_prefix(inspector *in, const char *kind, const char *size) {
  bool bare = !duk_is_string(in->duk, -2), tagged = is_text(in, -1);
  if (bare && duk_is_undefined(in->duk, -2)) {
    put_format(in, "[%s%s: null prototype] ", kind, size);
    tagged = tagged && strcmp(duk_get_string(in->duk, -1), kind) != 0;
  } else if (bare) {
    put_format(in, "%s%s <Complex prototype> ", kind, size);
  } else {
    put_string(in, -2);
    put_text(in, size);
    put_text(in, " ");
    tagged = tagged && !duk_strict_equals(in->duk, -1, -2);
  }
  if (!tagged) return;
  put_text(in, "[");
  put_string(in, -1);
  put_text(in, "] ");
}

/* Whether [ ... name tag ] say no more than that it is of this kind. */
static bool is_plain(inspector *in, const char *kind) {
  return duk_is_string(in->duk, -2) && strcmp(duk_get_string(in->duk, -2), kind) == 0 &&
         (!is_text(in, -1) || duk_strict_equals(in->duk, -1, -2));
}

/* Pushes the text of Symbol.toStringTag, or undefined. */
static void push_tag(inspector *in, void *object) {
  if (!find_data(in, object, DUK_WELLKNOWN_SYMBOL("Symbol.toStringTag"))) {
    duk_push_undefined(in->duk);
    return;
  }
  duk_push_heapptr(in->duk, object);
  duk_push_string(in->duk, DUK_WELLKNOWN_SYMBOL("Symbol.toStringTag"));
  bool shown = vms__own_enumerable(in->duk, -2, -1) == 1;
  duk_pop_2(in->duk);
  if (is_text(in, -1) && !shown) return;
  duk_pop(in->duk);
  duk_push_undefined(in->duk);
}

/* --- entries ------------------------------------------------------------------------------------- */

static void mark(inspector *in) {
  uint32_t at = (uint32_t)in->out->len;
  if (vms_buffer_append(in->marks, &at, sizeof at) != VMS_OK) vms__leave_status(in->sandbox, VMS_ERR_NOMEM);
}

static size_t mark_count(const inspector *in) { return in->marks->len / sizeof(uint32_t); }

static size_t mark_at(const inspector *in, size_t i) {
  uint32_t at = (uint32_t)in->out->len;
  if (i < mark_count(in)) memcpy(&at, in->marks->data + i * sizeof at, sizeof at);
  return at;
}

static bool is_name(const char *text, size_t len) {
  for (size_t i = 0; i < len; i++) {
    char c = text[i];
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (i > 0 && c >= '0' && c <= '9'))) return false;
  }
  return len > 0;
}

static void put_symbol(inspector *in, duk_idx_t idx) {
  duk_dup(in->duk, idx);
  put_text(in, "Symbol(");
  if (vms__symbol_description(in->duk)) {
    put_string(in, -1);
    duk_pop(in->duk);
  }
  duk_pop(in->duk);
  put_text(in, ")");
}

static void put_key(inspector *in, duk_idx_t key, bool enumerable) {
  duk_size_t len = 0;
  const char *text = duk_get_lstring(in->duk, key, &len);
  if (duk_is_symbol(in->duk, key)) {
    put_text(in, "[");
    put_symbol(in, key);
    put_text(in, "]");
  } else if (strcmp(text, "__proto__") == 0) {
    put_text(in, "['__proto__']");
  } else if (!enumerable) {
    put_text(in, "[");
    put_string(in, key);
    put_text(in, "]");
  } else if (is_name(text, len)) {
    put(in, text, len);
  } else {
    put_quoted(in, text, len);
  }
}

/* Shows the property of the object at idx that the key on top names (popped); false if it is gone. An element has no name. */
static bool show_property(inspector *in, duk_idx_t object, int depth, bool named) {
  duk_context *duk = in->duk;
  duk_idx_t key = duk_get_top_index(duk);
  vms__get_own(duk, object, key);
  if (!duk_is_object(duk, -1)) {
    duk_set_top(duk, key);
    return false;
  }
  duk_get_prop_literal(duk, -1, "enumerable");
  bool enumerable = duk_get_boolean(duk, -1);
  duk_pop(duk);
  if (named) {
    put_key(in, key, enumerable);
    put_text(in, ": ");
  }
  if (duk_get_prop_literal(duk, key + 1, "value")) {
    in->indentation += 2;
    show(in, duk_get_top_index(duk), depth);
    in->indentation -= 2;
  } else {
    duk_get_prop_literal(duk, key + 1, "get");
    duk_get_prop_literal(duk, key + 1, "set");
    bool get = duk_is_function(duk, -2), set = duk_is_function(duk, -1);
    put_text(in, get && set ? "[Getter/Setter]" : get ? "[Getter]" : set ? "[Setter]" : "undefined");
  }
  duk_set_top(duk, key);
  return true;
}

static void put_more(inspector *in, double count) {
  mark(in);
  put_text(in, "... ");
  put_number(in, count);
  put_text(in, count > 1 ? " more items" : " more item");
}

static void put_holes(inspector *in, double count) {
  mark(in);
  put_text(in, "<");
  put_number(in, count);
  put_text(in, count > 1 ? " empty items>" : " empty item>");
}

/* The next index of an array that has an element, from this one on: `len` if there is none. [ ... keys ]: listed when needed. */
static double next_element(inspector *in, duk_idx_t array, double from, double len, duk_idx_t keys) {
  duk_context *duk = in->duk;
  for (double i = from; i < len && i < from + HOLES_MAX; i++) {
    vms__charge(&in->sandbox->meter, 8);
    duk_push_number(duk, i);
    duk_to_string(duk, -1);
    bool is = vms__own_enumerable(duk, array, -1) >= 0;
    duk_pop(duk);
    if (is) return i;
  }
  if (from + HOLES_MAX >= len) return len;
  if (!duk_is_object(duk, keys)) {
    duk_dup(duk, array);
    vms__ordinary_keys(duk);
    duk_replace(duk, keys);
  }
  duk_uarridx_t low = 0, high = (duk_uarridx_t)duk_get_length(duk, keys);
  while (low < high) { /* indexes come first, in order */
    duk_uarridx_t middle = low + (high - low) / 2;
    duk_get_prop_index(duk, keys, middle);
    double index = duk_is_symbol(duk, -1) ? NAN : duk_to_number(duk, -1);
    duk_pop(duk);
    vms__charge(&in->sandbox->meter, 1);
    if (index >= 0 && index < from) low = middle + 1;
    else high = middle;
  }
  double found = len;
  if (low < duk_get_length(duk, keys)) {
    duk_get_prop_index(duk, keys, low);
    double index = duk_is_symbol(duk, -1) ? NAN : duk_to_number(duk, -1);
    duk_pop(duk);
    if (index >= from && index < len) found = index;
  }
  return found;
}

static void show_elements(inspector *in, duk_idx_t array, double len, int depth, shape *it) {
  duk_context *duk = in->duk;
  duk_idx_t top = duk_get_top(duk);
  double i = 0;
  duk_push_undefined(duk); /* keys */
  it->numbers = true;
  size_t shown = 0;
  for (; i < len && shown < ITEMS_MAX && !in->cut; shown++) {
    double next = next_element(in, array, i, len, top);
    if (next > i) {
      put_holes(in, next - i);
      it->numbers = false;
      i = next;
      continue;
    }
    mark(in);
    duk_push_number(duk, i);
    duk_to_string(duk, -1);
    size_t at = in->out->len;
    show_property(in, array, depth, false);
    char c = in->out->len > at ? in->out->data[at] : 0;
    it->numbers = it->numbers && ((c >= '0' && c <= '9') || c == '-' || c == 'N' || c == 'I'); /* NaN, Infinity */
    i++;
  }
  duk_set_top(duk, top);
  if (i >= len) return;
  put_more(in, len - i);
}

static void show_typed(inspector *in, const vms__view *view, shape *it) {
  uint32_t count = vms__view_count(view), shown = VMS__MIN(count, ITEMS_MAX);
  it->numbers = true;
  for (uint32_t i = 0; i < shown; i++) {
    mark(in);
    put_number(in, vms__load(view->data + ((size_t)i << view->shift), view->type));
  }
  if (count > shown) put_more(in, count - shown);
}

static void put_hex(inspector *in, const uint8_t *bytes, size_t count, size_t max) {
  for (size_t i = 0; i < VMS__MIN(count, max); i++) put_format(in, i == 0 ? "%02x" : " %02x", bytes[i]);
  if (count > max) put_format(in, " ... %zu more byte%s", count - max, count - max > 1 ? "s" : "");
}

/* [ state ] on top: the entries of a Map or Set. */
static void show_collection(inspector *in, int kind, uint32_t live, int depth) {
  duk_context *duk = in->duk;
  duk_idx_t state = duk_get_top_index(duk);
  uint32_t place = 0, shown = 0;
  in->indentation += 2;
  while (shown < ITEMS_MAX && !in->cut && vms__collection_next(duk, state, &place)) {
    mark(in);
    show(in, state + 1, depth);
    if (kind == VMS__IS_MAP) {
      put_text(in, " => ");
      show(in, state + 2, depth);
    }
    duk_set_top(duk, state + 1);
    shown++;
  }
  in->indentation -= 2;
  if (live > shown) put_more(in, live - shown);
}

/* --- layout -------------------------------------------------------------------------------------- */

static void raw(inspector *in, const char *text, size_t len) {
  need_room(in, len);
  memcpy(in->out->data + in->out->len, text, len);
  in->out->len += len;
}

static void raw_part(inspector *in, size_t from, size_t to) {
  need_room(in, to - from);
  memcpy(in->out->data + in->out->len, in->out->data + from, to - from);
  in->out->len += to - from;
}

static void raw_spaces(inspector *in, size_t count) {
  need_room(in, count);
  memset(in->out->data + in->out->len, ' ', count);
  in->out->len += count;
}

/* Puts short entries of a list in columns, as Node does: the lines become the entries. */
static void make_columns(inspector *in, const shape *it) {
  size_t count = mark_count(in) - it->first_mark, grouped = count - (count > ITEMS_MAX), total = 0, most = 0;
  size_t widths[ITEMS_MAX + KEYS_MAX + 2];
  if (grouped > sizeof widths / sizeof widths[0]) return;
  for (size_t i = 0; i < grouped; i++) {
    widths[i] = width_of(in, mark_at(in, it->first_mark + i), mark_at(in, it->first_mark + i + 1));
    total += widths[i] + 2;
    most = VMS__MAX(most, widths[i]);
  }
  size_t column = most + 2;
  if (column * 3 + in->indentation >= LINE || !((double)total / (double)column > 5 || most <= 6)) return;
  double bias = sqrt((double)column - (double)total / (double)count), biased = fmax((double)column - 3 - bias, 1);
  double columns = floor(sqrt(2.5 * biased * (double)grouped) / biased + 0.5);
  columns = fmin(fmin(columns, floor((double)(LINE - in->indentation) / (double)column)), fmin(COMPACT * 4, 15));
  if (!(columns > 1)) return;
  size_t across = (size_t)columns, ends[16], from = in->out->len, at = from, lines = 0;
  for (size_t i = 0; i < across; i++) {
    ends[i] = 0;
    for (size_t j = i; j < grouped; j += across) ends[i] = VMS__MAX(ends[i], widths[j]);
  }
  vms_buffer *marks = in->marks;
  size_t first = it->first_mark, last_mark = mark_count(in);
  for (size_t i = 0; i < grouped; i += across, lines++) {
    uint32_t start = (uint32_t)in->out->len;
    if (vms_buffer_append(marks, &start, sizeof start) != VMS_OK) vms__leave_status(in->sandbox, VMS_ERR_NOMEM);
    size_t stop = VMS__MIN(i + across, grouped);
    for (size_t j = i; j < stop; j++) {
      size_t begin = mark_at(in, first + j), end = j + 1 < count ? mark_at(in, first + j + 1) : from, padding = ends[j - i] - widths[j];
      if (it->numbers) raw_spaces(in, padding);
      raw_part(in, begin, end);
      if (j + 1 < stop) raw(in, ", ", 2);
      if (j + 1 < stop && !it->numbers) raw_spaces(in, padding);
    }
  }
  if (grouped < count) { /* that there are more */
    uint32_t start = (uint32_t)in->out->len;
    if (vms_buffer_append(marks, &start, sizeof start) != VMS_OK) vms__leave_status(in->sandbox, VMS_ERR_NOMEM);
    raw_part(in, mark_at(in, first + grouped), from);
    lines++;
  }
  /* The lines take the place of the entries. */
  size_t to = mark_at(in, first), moved = in->out->len - at;
  vms__charge(&in->sandbox->meter, moved / 16);
  for (size_t i = 0; i < lines; i++) {
    uint32_t start = (uint32_t)(mark_at(in, last_mark + i) - at + to);
    memcpy(marks->data + (first + i) * sizeof start, &start, sizeof start);
  }
  memmove(in->out->data + to, in->out->data + at, moved);
  in->out->len = to + moved;
  marks->len = (first + lines) * sizeof(uint32_t);
}

/* Puts base, brace and entries together. */
static void lay_out(inspector *in, const shape *it, int depth) {
  size_t count = mark_count(in) - it->first_mark, start = it->base, entries_end;
  char reference[24] = "";
  for (int i = 0; i < in->circular_count; i++)
    if (in->circular[i] == it->object) snprintf(reference, sizeof reference, "<ref *%d>", i + 1);
  size_t entries = count;
  if (it->list && count > 6) {
    make_columns(in, it);
    count = mark_count(in) - it->first_mark;
  }
  size_t base_width = width_of(in, it->base, it->brace) + strlen(reference) + (*reference != 0 && it->brace > it->base);
  bool one_line = in->current - depth < COMPACT && entries == count && !has_line_break(in, it->base, it->brace);
  if (one_line) {
    size_t begin = count + in->indentation + width_of(in, it->brace, it->end) + base_width + 10;
    one_line = count + begin + count <= LINE && count + begin + width_of(in, it->end, in->out->len) <= LINE &&
               !has_line_break(in, it->end, in->out->len);
  }
  entries_end = in->out->len;
  if (*reference != 0) {
    raw(in, reference, strlen(reference));
    raw(in, " ", 1);
  }
  if (it->brace > it->base) {
    raw_part(in, it->base, it->brace);
    raw(in, " ", 1);
  }
  raw_part(in, it->brace, it->end);
  for (size_t i = 0; i < count; i++) {
    size_t from = mark_at(in, it->first_mark + i), to = i + 1 < count ? mark_at(in, it->first_mark + i + 1) : entries_end;
    if (i > 0) raw(in, ",", 1);
    raw(in, one_line ? " " : "\n", 1);
    if (!one_line) raw_spaces(in, in->indentation + 2);
    raw_part(in, from, to);
  }
  raw(in, one_line ? " " : "\n", 1);
  if (!one_line) raw_spaces(in, in->indentation);
  raw(in, &it->close, 1);
  vms__charge(&in->sandbox->meter, 1 + (in->out->len - start) / 16);
  memmove(in->out->data + start, in->out->data + entries_end, in->out->len - entries_end);
  in->out->len -= entries_end - start;
  in->marks->len = it->first_mark * sizeof(uint32_t);
}

/* --- kinds of objects ---------------------------------------------------------------------------- */

/* "[Function: name]" or "[class Name extends Other]". [ ... name tag ] */
static void put_function(inspector *in, void *object) {
  duk_context *duk = in->duk;
  vms_slice source = { NULL, 0 };
  duk_push_heapptr(duk, object);
  bool is_class = vms__function_source(in->sandbox, duk, -1, &source) && source.len > 6 && memcmp(source.data, "class", 5) == 0 &&
                  strchr(" {\n\t/", source.data[5]) != NULL;
  duk_pop(duk);
  bool named = own_data(in, object, "name"); /* [ ... constructor tag (name) ] */
  bool shown = named && is_text(in, -1);
  duk_idx_t constructor = duk_get_top(duk) - (named ? 3 : 2);
  const char *kind = "Function";
  if (is_class) {
    put_text(in, "[class ");
    if (shown) put_string(in, -1);
    else put_text(in, "(anonymous)");
    duk_push_heapptr(duk, object);
    duk_get_prototype(duk, -1);
    if (duk_is_function(duk, -1) && !vms__is_proxy(duk, -1) && own_data(in, duk_get_heapptr(duk, -1), "name")) {
      if (is_text(in, -1)) {
        put_text(in, " extends ");
        put_string(in, -1);
      }
      duk_pop(duk);
    }
    duk_pop_2(duk);
    put_text(in, "]");
  } else {
    static const char *const kinds[] = { "AsyncFunction", "GeneratorFunction", "AsyncGeneratorFunction" };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
      if (duk_is_string(duk, constructor) && strcmp(duk_get_string(duk, constructor), kinds[i]) == 0) kind = kinds[i];
    put_format(in, "[%s", kind);
    if (duk_is_undefined(duk, constructor)) put_text(in, " (null prototype)");
    put_text(in, shown ? ": " : " (anonymous)");
    if (shown) put_string(in, -1);
    put_text(in, "]");
    if (duk_is_string(duk, constructor) && strcmp(duk_get_string(duk, constructor), kind) != 0) {
      put_text(in, " ");
      put_string(in, constructor);
    }
  }
  if (is_text(in, constructor + 1) && !duk_strict_equals(duk, constructor, constructor + 1)) {
    put_text(in, " [");
    put_string(in, constructor + 1);
    put_text(in, "]");
  }
  if (named) duk_pop(duk);
}

static void put_date(inspector *in, double time) {
  if (time != time) {
    put_text(in, "Invalid Date");
    return;
  }
  double days = floor(time / 86400000), ms = time - days * 86400000;
  int64_t z = (int64_t)days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
  int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  int64_t mp = (5 * doy + 2) / 153, day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9, t = (int64_t)ms;
  int64_t year = yoe + era * 400 + (month <= 2);
  if (year >= 0 && year <= 9999) put_format(in, "%04d", (int)year);
  else put_format(in, "%c%06d", year < 0 ? '-' : '+', (int)(year < 0 ? -year : year));
  put_format(in, "-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)month, (int)day, (int)(t / 3600000), (int)(t / 60000 % 60), (int)(t / 1000 % 60),
             (int)(t % 1000));
}

/* The source and flags, by getters that read nothing but the object. */
static void put_regexp(inspector *in, void *object) {
  static const char flags[] = "gimsuy";
  duk_context *duk = in->duk;
  vms__ref_push(in->sandbox, duk, VMS__REF_REGEXP_GETTERS);
  for (duk_uarridx_t i = 0; i < sizeof flags; i++) { /* the first is `source` */
    duk_get_prop_index(duk, -1, i);
    if (!duk_is_function(duk, -1)) {
      duk_pop(duk);
      continue;
    }
    duk_push_heapptr(duk, object);
    duk_call_method(duk, 0);
    if (i == 0) {
      put_text(in, "/");
      put_string(in, -1);
      put_text(in, "/");
    } else if (duk_is_boolean(duk, -1) && duk_get_boolean(duk, -1)) {
      put(in, flags + i - 1, 1);
    }
    duk_pop(duk);
  }
  duk_pop(duk);
}

/* Name, message and frames. [ ... name tag ] */
static void put_error(inspector *in, void *object) {
  duk_context *duk = in->duk;
  duk_idx_t constructor = duk_get_top(duk) - 2;
  size_t start = in->out->len, frames;
  if (own_data(in, object, "stack") && is_text(in, -1)) {
    put_string(in, -1);
    duk_pop(duk);
  } else {
    duk_set_top(duk, constructor + 2);
    bool named = find_data(in, object, "name"), texts = named && duk_is_string(duk, -1) && !duk_is_symbol(duk, -1);
    bool plain = !texts || strcmp(duk_get_string(duk, -1), "Error") == 0;
    if (plain && is_text(in, constructor)) { /* a class that gave its errors no name */
      put_string(in, constructor);
      if (!contains(duk_get_string(duk, constructor), duk_get_length(duk, constructor), "Error")) put_text(in, " [Error]");
    } else if (texts) put_string(in, -1);
    else put_text(in, "Error");
    duk_set_top(duk, constructor + 2);
    if (find_data(in, object, "message")) {
      if (is_text(in, -1)) {
        if (in->out->len > start) put_text(in, ": ");
        put_string(in, -1);
      }
      duk_pop(duk);
    }
  }
  frames = in->out->len;
  if (!in->cut) {
    duk_push_heapptr(duk, object);
    vms__trace_frames(in->sandbox, duk, NULL, in->out);
    duk_pop(duk);
  }
  if (in->out->len == frames && !has_line_break(in, start, frames)) { /* no stack */
    size_t len = frames - start;
    need_room(in, len + 2);
    memmove(in->out->data + start + 1, in->out->data + start, len);
    in->out->data[start] = '[';
    in->out->len++;
    put_text(in, "]");
    return;
  }
  if (in->indentation == 0) return;
  size_t end = in->out->len, breaks = 0;
  for (size_t i = start; i < end; i++) breaks += in->out->data[i] == '\n';
  size_t more = breaks * in->indentation;
  if (more > TEXT_MAX) { /* a stack of nothing but lines */
    in->cut = true;
    return;
  }
  vms__charge(&in->sandbox->meter, (end - start + more) / 16);
  need_room(in, more);
  for (size_t i = end, to = end + more; i > start;) { /* from behind */
    char c = in->out->data[--i];
    if (c == '\n') {
      to -= in->indentation;
      memset(in->out->data + to, ' ', in->indentation);
    }
    in->out->data[--to] = c;
  }
  in->out->len += more;
}

/* "[Number: 3]". [ ... name tag ] */
static void put_boxed(inspector *in, void *object, const char *kind) {
  put_format(in, "[%s", kind);
  if (!duk_is_string(in->duk, -2)) put_text(in, " (null prototype)");
  else if (strcmp(duk_get_string(in->duk, -2), kind) != 0) {
    put_text(in, " (");
    put_string(in, -2);
    put_text(in, ")");
  }
  put_text(in, ": ");
  if (own_data(in, object, "\x82" "Value")) {
    show(in, duk_get_top_index(in->duk), 0);
    duk_pop(in->duk);
  }
  put_text(in, "]");
}

/* Pushes the keys to show, as an array. */
static void push_keys(inspector *in, duk_idx_t object, bool named_only) {
  duk_dup(in->duk, object);
  if (named_only) {
    vms__named_keys(in->duk);
    duk_remove(in->duk, -2);
  } else {
    vms__ordinary_keys(in->duk);
  }
}

/* Whether an own property is shown. */
static bool is_shown(inspector *in, duk_idx_t object, duk_idx_t key, int class) {
  int enumerable = vms__own_enumerable(in->duk, object, key);
  const char *text = duk_get_string(in->duk, key);
  if (enumerable < 0 || (enumerable == 0 && !in->hidden)) return class == VMS__CLASS_ERROR && enumerable == 0 && (strcmp(text, "errors") == 0 || strcmp(text, "cause") == 0);
  if (class == VMS__CLASS_ERROR && !in->hidden && (strcmp(text, "name") == 0 || strcmp(text, "message") == 0 || strcmp(text, "stack") == 0)) return false;
  return true;
}

/* [ ... keys ]: drops the keys that are not shown; returns how many are left. */
static duk_uarridx_t filter_keys(inspector *in, duk_idx_t object, int class) {
  duk_context *duk = in->duk;
  duk_idx_t keys = duk_get_top_index(duk);
  duk_uarridx_t count = (duk_uarridx_t)duk_get_length(duk, keys), kept = 0;
  for (duk_uarridx_t i = 0; i < count; i++) {
    vms__charge(&in->sandbox->meter, 1);
    duk_get_prop_index(duk, keys, i);
    if (is_shown(in, object, keys + 1, class)) duk_put_prop_index(duk, keys, kept++);
    else duk_pop(duk);
  }
  duk_set_length(duk, keys, kept);
  return kept;
}

static const char *boxed_kind(int class) {
  return class == VMS__CLASS_NUMBER ? "Number" : class == VMS__CLASS_STRING ? "String" : class == VMS__CLASS_BOOLEAN ? "Boolean" :
         class == VMS__CLASS_SYMBOL ? "Symbol" : NULL;
}

static bool is_buffer(inspector *in, void *object, int class) {
  void *proto = in->sandbox->refs[VMS__REF_BUFFER_PROTO];
  if (class != VMS__CLASS_UINT8ARRAY || proto == NULL) return false;
  duk_push_heapptr(in->duk, object);
  bool is = false;
  while (duk_is_object(in->duk, -1) && !is) {
    duk_get_prototype(in->duk, -1);
    duk_remove(in->duk, -2);
    is = duk_get_heapptr(in->duk, -1) == proto;
  }
  duk_pop(in->duk);
  return is;
}

/* Shows the object at idx, which is no proxy and not being shown already. */
static void show_object(inspector *in, duk_idx_t idx, int depth) {
  duk_context *duk = in->duk;
  duk_idx_t top = duk_get_top(duk);
  void *object = duk_get_heapptr(duk, idx);
  int class = vms__class_of(object), kind = VMS__IS_NONE;
  uint32_t live = 0;
  vms__view view = { NULL, 0, 0, 0, 0 };
  bool function = duk_is_function(duk, idx), promise = false;
  bool buffer = is_buffer(in, object, class), array = class == VMS__CLASS_ARRAY, is_typed = class >= VMS__CLASS_INT8ARRAY;
  const char *name = "Object", *box = boxed_kind(class);
  char size[32] = "";
  double len = 0;
  shape it = { object, in->out->len, 0, 0, mark_count(in), array || is_typed, false, '}' };

  if (is_typed || class == VMS__CLASS_ARRAYBUFFER || class == VMS__CLASS_DATAVIEW) vms__view_of(object, &view);
  push_keys(in, idx, array || is_typed || class == VMS__CLASS_STRING);
  duk_uarridx_t keys = filter_keys(in, idx, class);
  if (class == VMS__CLASS_OBJECT) {
    kind = vms__collection_look(duk, idx, &live); /* pushes its state */
    if (kind == VMS__IS_NONE) promise = vms__promise_record(in->sandbox, duk, idx);
  }
  if (kind == VMS__IS_NONE && !promise) duk_push_undefined(duk);
  push_constructor_name(in, object);
  push_tag(in, object); /* [ keys state name tag ] */

  /* What stands in front of the brace, and the brace. */
  if (buffer) {
    put_text(in, "<");
    if (duk_is_string(duk, -2)) put_string(in, -2);
    else put_text(in, "Buffer");
    put_text(in, " ");
    put_hex(in, view.data, view.length, 50);
    put_text(in, ">");
    duk_set_top(duk, top);
    return;
  }
  if (function) put_function(in, object);
  else if (class == VMS__CLASS_REGEXP) put_regexp(in, object);
  else if (class == VMS__CLASS_ERROR) put_error(in, object);
  else if (box != NULL) put_boxed(in, object, box);
  else if (class == VMS__CLASS_DATE && own_data(in, object, "\x82" "Value")) {
    put_date(in, duk_get_number(duk, -1));
    duk_pop(duk);
  }
  it.brace = in->out->len;
  bool based = it.brace > it.base;
  if (array) {
    len = (double)duk_get_length(duk, idx);
    if (!is_plain(in, "Array")) {
      snprintf(size, sizeof size, "(%.0f)", len);
      put_prefix(in, "Array", size);
    }
    put_text(in, "[");
    it.close = ']';
  } else if (is_typed) {
    snprintf(size, sizeof size, "(%u)", (unsigned)vms__view_count(&view));
    len = vms__view_count(&view);
    put_prefix(in, "TypedArray", size);
    put_text(in, "[");
    it.close = ']';
  } else if (based) {
    put_text(in, "{");
  } else if (class == VMS__CLASS_ARGUMENTS) {
    put_text(in, "[Arguments] {");
  } else {
    static const char *const collections[] = { "Object", "Map", "Set", "WeakMap", "WeakSet" };
    if (kind == VMS__IS_MAP || kind == VMS__IS_SET) snprintf(size, sizeof size, "(%u)", (unsigned)live);
    name = promise ? "Promise" : class == VMS__CLASS_ARRAYBUFFER ? "ArrayBuffer" : class == VMS__CLASS_DATAVIEW ? "DataView" : collections[kind];
    if (strcmp(name, "Object") != 0 || !is_plain(in, "Object")) put_prefix(in, name, size);
    put_text(in, "{");
  }
  it.end = in->out->len;
  bool more = promise || class == VMS__CLASS_ARRAYBUFFER || class == VMS__CLASS_DATAVIEW || kind == VMS__IS_WEAK_MAP || kind == VMS__IS_WEAK_SET;
  if (keys == 0 && len == 0 && live == 0 && !more && !(in->hidden && array)) { /* nothing in it */
    if (based) in->out->len = it.brace;
    else put(in, &it.close, 1);
    duk_set_top(duk, top);
    return;
  }
  if (depth > in->depth) {
    in->out->len = based && class == VMS__CLASS_REGEXP ? it.brace : it.base;
    if (!(based && class == VMS__CLASS_REGEXP)) {
      bool bare = duk_is_undefined(duk, -2); /* brackets enough */
      if (!bare) put_text(in, "[");
      size_t at = in->out->len;
      put_prefix(in, array ? "Array" : name, "");
      if (in->out->len > at && in->out->data[in->out->len - 1] == ' ') in->out->len--;
      if (!bare) put_text(in, "]");
    }
    duk_set_top(duk, top);
    return;
  }

  in->seen[in->seen_count++] = object;
  in->current = ++depth;
  if (array) show_elements(in, idx, len, depth, &it);
  else if (is_typed) show_typed(in, &view, &it);
  else if (kind == VMS__IS_MAP || kind == VMS__IS_SET) {
    duk_dup(duk, top + 1);
    show_collection(in, kind, live, depth);
    duk_pop(duk);
  } else if (kind != VMS__IS_NONE) {
    mark(in);
    put_text(in, "<items unknown>");
  } else if (promise) {
    duk_get_prop_index(duk, top + 1, VMS__PROMISE_STATE);
    int state = duk_get_int(duk, -1);
    duk_get_prop_index(duk, top + 1, VMS__PROMISE_VALUE);
    mark(in);
    in->indentation += 2;
    if (state == VMS__REJECTED) put_text(in, "<rejected> ");
    if (state == VMS__PENDING) put_text(in, "<pending>");
    else show(in, duk_get_top_index(duk), depth);
    in->indentation -= 2;
    duk_pop_2(duk);
  } else if (class == VMS__CLASS_ARRAYBUFFER) {
    mark(in);
    put_text(in, "[Uint8Contents]: <");
    put_hex(in, view.data, view.length, ITEMS_MAX);
    put_text(in, ">");
    mark(in);
    put_format(in, "byteLength: %u", (unsigned)view.length);
  } else if (class == VMS__CLASS_DATAVIEW) {
    mark(in);
    put_format(in, "byteLength: %u", (unsigned)view.length);
    mark(in);
    put_format(in, "byteOffset: %u", (unsigned)view.offset);
    mark(in);
    put_text(in, "buffer: ");
    vms__push_array_buffer(duk, idx);
    in->indentation += 2;
    show(in, duk_get_top_index(duk), depth);
    in->indentation -= 2;
    duk_pop(duk);
  }
  for (duk_uarridx_t i = 0; i < keys && !in->cut; i++) {
    if (i == KEYS_MAX) {
      put_more(in, keys - i);
      break;
    }
    duk_get_prop_index(duk, top, i);
    mark(in);
    show_property(in, idx, depth, true);
    it.numbers = false;
  }
  if (in->hidden && array && !in->cut) {
    mark(in);
    put_format(in, "[length]: %.0f", len);
    it.numbers = false;
  }
  in->seen_count--;
  if (!in->cut) lay_out(in, &it, depth);
  duk_set_top(duk, top);
}

/* Appends the value at idx. */
static void show(inspector *in, duk_idx_t idx, int depth) {
  duk_context *duk = in->duk;
  void *target, *handler;
  vms__charge(&in->sandbox->meter, 1);
  duk_require_stack(duk, 16);
  if (in->cut) return;
  switch (duk_get_type(duk, idx)) {
    case DUK_TYPE_UNDEFINED: put_text(in, "undefined"); return;
    case DUK_TYPE_NULL: put_text(in, "null"); return;
    case DUK_TYPE_BOOLEAN: put_text(in, duk_get_boolean(duk, idx) ? "true" : "false"); return;
    case DUK_TYPE_NUMBER: put_number(in, duk_get_number(duk, idx)); return;
    case DUK_TYPE_STRING:
      if (duk_is_symbol(duk, idx)) put_symbol(in, idx);
      else show_string(in, idx);
      return;
    case DUK_TYPE_OBJECT: break;
    default: put_text(in, "[internal]"); return;
  }
  duk_idx_t top = duk_get_top(duk);
  duk_dup(duk, idx);
  for (int turn = 0; vms__proxy_parts(duk_get_heapptr(duk, -1), &target, &handler); turn++) {
    if (target == NULL || handler == in->sandbox->refs[VMS__REF_REVOKED] || turn > 1000) {
      put_text(in, "<Revoked Proxy>");
      duk_set_top(duk, top);
      return;
    }
    duk_push_heapptr(duk, target);
    duk_replace(duk, -2);
    vms__charge(&in->sandbox->meter, 1);
  }
  void *object = duk_get_heapptr(duk, -1);
  for (int i = 0; i < in->seen_count; i++) {
    if (in->seen[i] != object) continue;
    int n = 0;
    while (n < in->circular_count && in->circular[n] != object) n++;
    if (n == in->circular_count && n < CIRCLES_MAX) in->circular[in->circular_count++] = object;
    if (n < CIRCLES_MAX) put_format(in, "[Circular *%d]", n + 1);
    else put_text(in, "[Circular]");
    duk_set_top(duk, top);
    return;
  }
  show_object(in, top, depth);
  duk_set_top(duk, top);
}

/* --- for console.c ------------------------------------------------------------------------------- */

void vms__inspect(vms_sandbox *sandbox, duk_context *duk, duk_idx_t idx, int depth, bool hidden, vms__line *line) {
  inspector in;
  memset(&in, 0, sizeof in);
  in.sandbox = sandbox;
  in.duk = duk;
  in.out = &sandbox->console;
  in.marks = &sandbox->console_marks;
  in.depth = VMS__MIN(depth, DEPTH_MAX);
  in.hidden = hidden;
  in.cut = line->cut;
  vms__buf_clear(in.marks);
  show(&in, duk_normalize_index(duk, idx), 0);
  line->cut = in.cut;
}

void vms__line_put(vms_sandbox *sandbox, duk_context *duk, vms__line *line, const char *cesu, size_t len) {
  inspector in;
  memset(&in, 0, sizeof in);
  in.sandbox = sandbox;
  in.duk = duk;
  in.out = &sandbox->console;
  in.cut = line->cut;
  if (!in.cut) put_cesu(&in, cesu, len);
  line->cut = in.cut;
}

void vms__line_begin(vms_sandbox *sandbox, vms__line *line) {
  vms__buf_clear(&sandbox->console);
  line->cut = false;
}

void vms__line_end(vms_sandbox *sandbox, vms__line *line) {
  vms_buffer *out = &sandbox->console;
  if (!line->cut) return;
  while (out->len > 0 && out->len > TEXT_MAX) out->len--;
  while (out->len > 0 && ((uint8_t)out->data[out->len - 1] & 0xc0) == 0x80) out->len--; /* not in the middle of a character */
  if (out->len > 0 && (uint8_t)out->data[out->len - 1] >= 0xc0) out->len--;
  if (vms__buf_text(out, "\xe2\x80\xa6 cut") != VMS_OK) vms__leave_status(sandbox, VMS_ERR_NOMEM);
}
