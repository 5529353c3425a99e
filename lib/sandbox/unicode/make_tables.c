/* SPDX-License-Identifier: MIT */
/* Makes the tables of lib/sandbox/unicode.c out of the Unicode Character Database, on the machine that builds the library.
 *   make_tables DIR > unicode_tables.h
 * The same files give the same bytes. Whatever does not fit the layout ends the build instead of being cut.
 *
 * Sets are runs: a byte with two halves, then what did not fit into a half (15 there) as a number of seven bits a byte, the
 * lower ones first, 128 added to all but the last. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODES = 0x110000, SCRIPTS = 256, CLASSES = 1024, LIST_MAX = 32, DECOMPOSED_MAX = 18 };

static const char *folder;

static void die(const char *what, const char *about) {
  fprintf(stderr, "make_tables: %s: %s\n", what, about);
  exit(1);
}

static void *take(size_t count, size_t len) {
  void *memory = calloc(count, len);
  if (memory == NULL) die("no memory", folder);
  return memory;
}

/* --- the files ------------------------------------------------------------------------------- */

typedef struct reader {
  FILE *file;
  char line[1024], *field[16];
  int fields;
  uint32_t first, last; /* of the code points in the first field, if it holds some */
} reader;

static reader open_file(const char *name) {
  reader r = { 0 };
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  r.file = fopen(path, "r");
  if (r.file == NULL) die("cannot open", path);
  return r;
}

/* The next line that is more than a comment, cut at semicolons, spaces around the fields cut off. */
static int next_line(reader *r) {
  while (fgets(r->line, sizeof r->line, r->file) != NULL) {
    char *p = r->line, *end;
    p[strcspn(p, "#\r\n")] = 0;
    if (p[strspn(p, " \t")] == 0) continue;
    for (r->fields = 0; p != NULL && r->fields < 16; r->fields++) {
      char *next = strchr(p, ';');
      if (next != NULL) *next++ = 0;
      p += strspn(p, " \t");
      for (end = p + strlen(p); end > p && (end[-1] == ' ' || end[-1] == '\t'); end--) end[-1] = 0;
      r->field[r->fields] = p;
      p = next;
    }
    r->first = r->last = (uint32_t)strtoul(r->field[0], &end, 16);
    if (end[0] == '.' && end[1] == '.') r->last = (uint32_t)strtoul(end + 2, NULL, 16);
    if (r->last >= CODES) die("a code point too large", r->line);
    return 1;
  }
  fclose(r->file);
  return 0;
}

/* A list of code points; returns how many. */
static int read_codes(const char *text, uint32_t *codes, int max) {
  int count = 0;
  char *end;
  for (;;) {
    uint32_t c = (uint32_t)strtoul(text, &end, 16);
    if (end == text) return count;
    if (count == max) die("a list of code points too long", text);
    codes[count++] = c;
    text = end;
  }
}

/* --- output ---------------------------------------------------------------------------------- */

static uint8_t bytes[1 << 18];
static size_t bytes_len, total_len;

static void put(unsigned byte) {
  if (bytes_len == sizeof bytes) die("too much", "a table");
  bytes[bytes_len++] = (uint8_t)byte;
}

static void put_number(uint32_t n) {
  for (; n >= 128; n >>= 7) put((n & 127) | 128);
  put(n);
}

static void put_bytes(const char *name) {
  size_t column = 0;
  printf("static const uint8_t %s[%zu] = {", name, bytes_len);
  for (size_t i = 0; i < bytes_len; i++) {
    if (column == 0) printf("\n  ");
    column += (size_t)printf("%u,", bytes[i]);
    if (column > 120) column = 0;
  }
  printf("\n};\n");
  total_len += bytes_len;
  bytes_len = 0;
}

static void put_words(const char *name, const uint32_t *words, size_t count, size_t width) {
  size_t column = 0;
  printf("static const uint%zu_t %s[%zu] = {", width * 8, name, count);
  for (size_t i = 0; i < count; i++) {
    if (width == 2 && words[i] > 0xffff) die("a number too large", name);
    if (column == 0) printf("\n  ");
    column += (size_t)printf("0x%x,", (unsigned)words[i]);
    if (column > 120) column = 0;
  }
  printf("\n};\n");
  total_len += count * width;
}

/* --- properties ------------------------------------------------------------------------------ */

/* The binary properties of table 55, by their long names; the short ones are in PropertyAliases.txt. */
static const char *const binary[] = {
  "Any", "ASCII", "ASCII_Hex_Digit", "Alphabetic", "Bidi_Control", "Bidi_Mirrored", "Case_Ignorable", "Cased",
  "Changes_When_Casefolded", "Changes_When_Casemapped", "Changes_When_Lowercased", "Changes_When_NFKC_Casefolded",
  "Changes_When_Titlecased", "Changes_When_Uppercased", "Dash", "Default_Ignorable_Code_Point", "Deprecated", "Diacritic",
  "Emoji", "Emoji_Component", "Emoji_Modifier", "Emoji_Modifier_Base", "Emoji_Presentation", "Extended_Pictographic",
  "Extender", "Grapheme_Base", "Grapheme_Extend", "Hex_Digit", "IDS_Binary_Operator", "IDS_Trinary_Operator", "ID_Continue",
  "ID_Start", "Ideographic", "Join_Control", "Logical_Order_Exception", "Lowercase", "Math", "Noncharacter_Code_Point",
  "Pattern_Syntax", "Pattern_White_Space", "Quotation_Mark", "Radical", "Regional_Indicator", "Sentence_Terminal",
  "Soft_Dotted", "Terminal_Punctuation", "Unified_Ideograph", "Uppercase", "Variation_Selector", "White_Space",
  "XID_Continue", "XID_Start"
};
enum { BINARY = sizeof binary / sizeof binary[0] };
static uint8_t *has[BINARY]; /* of each code point */

static int binary_index(const char *name) {
  for (int i = 0; i < BINARY; i++)
    if (strcmp(binary[i], name) == 0) return i;
  return -1;
}

static const uint8_t *binary_of(const char *name) {
  int i = binary_index(name);
  if (i < 0) die("no such property", name);
  return has[i];
}

static void read_binary(const char *name) {
  for (reader r = open_file(name); next_line(&r);) {
    int i = binary_index(r.field[1]);
    if (i >= 0) memset(has[i] + r.first, 1, r.last - r.first + 1);
  }
}

static void put_name(const char *name, unsigned id) {
  put(id);
  put((unsigned)strlen(name));
  for (; *name != 0; name++) put((unsigned char)*name);
}

static void make_binary(void) {
  uint32_t offsets[BINARY + 1], seen;
  for (int i = 0; i < BINARY; i++) has[i] = take(CODES, 1);
  memset(has[0], 1, CODES);
  memset(has[1], 1, 128);
  read_binary("PropList.txt");
  read_binary("DerivedCoreProperties.txt");
  read_binary("DerivedNormalizationProps.txt");
  read_binary("extracted/DerivedBinaryProperties.txt");
  read_binary("emoji/emoji-data.txt");
  for (int i = 0; i < BINARY; i++) {
    uint32_t at = 0, c = 0;
    for (offsets[i] = (uint32_t)bytes_len; c < CODES;) {
      uint32_t first, gap, more;
      while (c < CODES && !has[i][c]) c++;
      if (c == CODES) break;
      for (first = c; c < CODES && has[i][c]; c++) {}
      gap = first - at;
      more = c - first - 1;
      put((gap < 15 ? gap : 15) << 4 | (more < 15 ? more : 15));
      if (gap >= 15) put_number(gap - 15);
      if (more >= 15) put_number(more - 15);
      at = c;
    }
    if (bytes_len == offsets[i]) die("nobody has the property", binary[i]);
  }
  offsets[BINARY] = (uint32_t)bytes_len;
  put_bytes("binary_runs");
  put_words("binary_at", offsets, BINARY + 1, 2);

  seen = 0;
  for (reader r = open_file("PropertyAliases.txt"); next_line(&r);) {
    int i = r.fields < 2 ? -1 : binary_index(r.field[1]);
    if (i < 0) continue;
    seen++;
    for (int k = 0; k < r.fields; k++)
      if (k == 1 || strcmp(r.field[k], r.field[1]) != 0) put_name(r.field[k], (unsigned)i);
  }
  if (seen != BINARY - 2) die("a property without a name", "PropertyAliases.txt");
  put_name("Any", 0);
  put_name("ASCII", 1);
  put_name("Assigned", 255);
  put_bytes("binary_names");
}

static const char categories[30][3] = { "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
                                        "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn" };
static uint8_t category[CODES];

static unsigned category_index(const char *name) {
  for (unsigned i = 0; i < 30; i++)
    if (strcmp(categories[i], name) == 0) return i;
  die("no such category", name);
  return 0;
}

static void make_categories(void) {
  uint32_t masks[64], groups = 0;
  for (reader r = open_file("extracted/DerivedGeneralCategory.txt"); next_line(&r);)
    memset(category + r.first, (int)category_index(r.field[1]), r.last - r.first + 1);
  for (uint32_t c = 0, first; c < CODES;) {
    for (first = c; c < CODES && category[c] == category[first]; c++) {}
    put((c - first - 1 < 7 ? c - first - 1 : 7) << 5 | category[first]);
    if (c - first - 1 >= 7) put_number(c - first - 1 - 7);
  }
  put_bytes("category_runs");

  for (reader r = open_file("PropertyValueAliases.txt"); next_line(&r);) {
    if (strcmp(r.field[0], "gc") != 0) continue;
    if (groups == 64) die("too many values", "General_Category");
    masks[groups] = 0;
    for (unsigned i = 0; i < 30; i++)
      if (strcmp(r.field[1], "LC") == 0 ? i < 3 : strncmp(r.field[1], categories[i], strlen(r.field[1])) == 0)
        masks[groups] |= UINT32_C(1) << i;
    if (masks[groups] == 0) die("no such category", r.field[1]);
    for (int i = 1; i < r.fields; i++)
      if (i == 1 || strcmp(r.field[i], r.field[1]) != 0) put_name(r.field[i], groups);
    groups++;
  }
  put_bytes("category_names");
  put_words("category_masks", masks, groups, 4);
}

/* Scripts and script extensions together: a class is what a code point has of both. */
static char script_names[SCRIPTS][2][40];
static unsigned scripts;
static uint16_t class_of[CODES];
static struct { unsigned script, count, list[LIST_MAX]; uint32_t runs; } classes[CLASSES];
static unsigned class_count;

static unsigned script_index(const char *name) {
  for (unsigned i = 0; i < scripts; i++)
    if (strcmp(script_names[i][0], name) == 0 || strcmp(script_names[i][1], name) == 0) return i;
  die("no such script", name);
  return 0;
}

static unsigned class_index(unsigned script, unsigned count, const unsigned *list) {
  for (unsigned i = 0; i < class_count; i++)
    if (classes[i].script == script && classes[i].count == count && memcmp(classes[i].list, list, count * sizeof *list) == 0) return i;
  if (class_count == CLASSES) die("too many classes", "scripts");
  classes[class_count].script = script;
  classes[class_count].count = count;
  memcpy(classes[class_count].list, list, count * sizeof *list);
  return class_count++;
}

static int more_runs(const void *a, const void *b) {
  const unsigned *x = a, *y = b;
  if (classes[*x].runs != classes[*y].runs) return classes[*x].runs < classes[*y].runs ? 1 : -1;
  return *x < *y ? -1 : *x > *y;
}

static void make_scripts(void) {
  static unsigned order[CLASSES], rank[CLASSES], used[SCRIPTS];
  uint32_t places[CLASSES];
  unsigned unknown;
  for (reader r = open_file("PropertyValueAliases.txt"); next_line(&r);) {
    if (strcmp(r.field[0], "sc") != 0) continue;
    if (scripts == SCRIPTS || strlen(r.field[1]) > 39 || strlen(r.field[2]) > 39) die("too many scripts", r.field[1]);
    strcpy(script_names[scripts][0], r.field[1]);
    strcpy(script_names[scripts][1], r.field[2]);
    scripts++;
  }
  unknown = script_index("Zzzz");
  (void)class_index(unknown, 1, &unknown); /* class 0: what no file names */
  for (reader r = open_file("Scripts.txt"); next_line(&r);) {
    unsigned script = script_index(r.field[1]), class = class_index(script, 1, &script);
    for (uint32_t c = r.first; c <= r.last; c++) class_of[c] = (uint16_t)class;
  }
  for (reader r = open_file("ScriptExtensions.txt"); next_line(&r);) {
    unsigned list[LIST_MAX], count = 0;
    for (char *name = strtok(r.field[1], " "); name != NULL; name = strtok(NULL, " ")) {
      if (count == LIST_MAX) die("too many scripts for one character", r.line);
      list[count++] = script_index(name);
    }
    for (uint32_t c = r.first; c <= r.last; c++) class_of[c] = (uint16_t)class_index(classes[class_of[c]].script, count, list);
  }
  for (uint32_t c = 0; c < CODES; c++) {
    used[classes[class_of[c]].script] = 1;
    if (c == 0 || class_of[c] != class_of[c - 1]) classes[class_of[c]].runs++;
  }
  for (reader r = open_file("PropertyValueAliases.txt"); next_line(&r);)
    for (int i = 1; i < r.fields && strcmp(r.field[0], "sc") == 0; i++) /* no names for Katakana_Or_Hiragana, which nobody has */
      if (used[script_index(r.field[1])] && (i == 1 || strcmp(r.field[i], r.field[1]) != 0))
        put_name(r.field[i], script_index(r.field[1]));
  put_bytes("script_names");
  for (unsigned i = 0; i < class_count; i++) order[i] = i;
  qsort(order, class_count, sizeof order[0], more_runs);
  for (unsigned i = 0; i < class_count; i++) rank[order[i]] = i;
  for (uint32_t c = 0, first; c < CODES;) {
    for (first = c; c < CODES && class_of[c] == class_of[first]; c++) {}
    put_number(rank[class_of[first]]);
    put_number(c - first - 1);
  }
  put_bytes("script_runs");
  for (unsigned i = 0; i < class_count; i++) { /* script, how many extensions, those */
    places[i] = (uint32_t)bytes_len;
    put(classes[order[i]].script);
    put(classes[order[i]].count);
    for (unsigned k = 0; k < classes[order[i]].count; k++) put(classes[order[i]].list[k]);
  }
  put_bytes("script_classes");
  put_words("script_class_at", places, class_count, 2);
}

/* Where the four properties that are asked of single characters change: code point times 16, and what it has from there on. */
static void make_text(void) {
  static uint32_t words[CODES];
  const uint8_t *start = binary_of("ID_Start"), *more = binary_of("ID_Continue"), *cased = binary_of("Cased"),
                *ignorable = binary_of("Case_Ignorable");
  size_t count = 0;
  uint32_t before = 0;
  for (uint32_t c = 0; c < CODES; c++) {
    uint32_t now = (uint32_t)(start[c] | more[c] << 1 | cased[c] << 2 | ignorable[c] << 3);
    if (c == 0 || now != before) words[count++] = c << 4 | now;
    before = now;
  }
  put_words("text_runs", words, count, 4);
}

/* --- letters --------------------------------------------------------------------------------- */

static uint32_t upper[CODES], lower[CODES], folded[CODES];

/* Runs of code points, each or every second one, that are equally far from what they become:
 * first | every second << 21 | count - 1 << 22, and the distance. */
static void put_mapping(const char *name, const uint32_t *to) {
  static uint32_t words[CODES];
  size_t count = 0;
  for (uint32_t c = 0; c < CODES;) {
    uint32_t step = 1, more = 0, distance = to[c] - c;
    if (distance == 0) { c++; continue; }
    if (to[c + 1] - (c + 1) != distance && to[c + 1] == c + 1 && to[c + 2] - (c + 2) == distance) step = 2;
    while (to[c + (more + 1) * step] - (c + (more + 1) * step) == distance &&
           (step == 1 || to[c + more * step + 1] == c + more * step + 1)) more++;
    if (more >= 1024) die("a run too long", name);
    words[count++] = c | (step - 1) << 21 | more << 22;
    words[count++] = distance;
    c += more * step + 1;
  }
  put_words(name, words, count, 4);
}

static void make_letters(void) {
  uint32_t special[2][1024], to[3];
  size_t count[2] = { 0, 0 };
  for (uint32_t c = 0; c < CODES; c++) upper[c] = lower[c] = folded[c] = c;
  for (reader r = open_file("UnicodeData.txt"); next_line(&r);) {
    if (r.fields < 15) die("a line too short", r.line);
    if (r.field[12][0] != 0) upper[r.first] = (uint32_t)strtoul(r.field[12], NULL, 16);
    if (r.field[13][0] != 0) lower[r.first] = (uint32_t)strtoul(r.field[13], NULL, 16);
  }
  for (reader r = open_file("SpecialCasing.txt"); next_line(&r);) {
    if (r.field[4][0] != 0) continue; /* depends on language or neighbours */
    for (int i = 0; i < 2; i++) { /* lower, upper: code point, then three */
      int len = read_codes(r.field[i == 0 ? 1 : 3], to, 3);
      if (len == 1) {
        (i == 0 ? lower : upper)[r.first] = to[0];
        continue;
      }
      if (len == 0 || count[i] + 4 > 1024) die("no place for it", "SpecialCasing.txt");
      special[i][count[i]++] = r.first;
      for (int k = 0; k < 3; k++) special[i][count[i]++] = k < len ? to[k] : 0;
      (i == 0 ? lower : upper)[r.first] = r.first;
    }
  }
  for (reader r = open_file("CaseFolding.txt"); next_line(&r);)
    if (r.field[1][0] == 'C' || r.field[1][0] == 'S') folded[r.first] = (uint32_t)strtoul(r.field[2], NULL, 16);
  put_mapping("upper_runs", upper);
  put_mapping("lower_runs", lower);
  put_mapping("fold_runs", folded);
  for (int i = 0; i < 2; i++) { /* sorted by code point */
    for (size_t a = 4; a < count[i]; a += 4)
      for (size_t b = a; b > 0 && special[i][b] < special[i][b - 4]; b -= 4)
        for (size_t k = 0; k < 4; k++) {
          uint32_t t = special[i][b + k];
          special[i][b + k] = special[i][b - 4 + k];
          special[i][b - 4 + k] = t;
        }
    put_words(i == 0 ? "lower_special" : "upper_special", special[i], count[i], 2);
  }
}

/* --- normal forms ---------------------------------------------------------------------------- */

static struct { uint8_t len, units, compatible; uint16_t at; uint32_t to[DECOMPOSED_MAX]; } *decomposed;
static uint8_t combining[CODES];
static uint16_t units[1 << 15];
static size_t units_len;

static int wide(uint32_t c) { return c > 0xffff; }

/* The place of the units among all, added if they are not there. */
static uint16_t place_units(const uint16_t *text, size_t len) {
  size_t at, overlap;
  for (at = 0; at + len <= units_len; at++)
    if (memcmp(units + at, text, len * sizeof *text) == 0) return (uint16_t)at;
  for (overlap = len - 1; overlap > 0; overlap--)
    if (overlap <= units_len && memcmp(units + units_len - overlap, text, overlap * sizeof *text) == 0) break;
  if (units_len + len > sizeof units / sizeof units[0]) die("too much", "decompositions");
  memcpy(units + units_len - (len == 0 ? 0 : overlap), text, len * sizeof *text);
  units_len += len - overlap;
  return (uint16_t)(units_len - len);
}

typedef struct pair { uint32_t second, first, composed; } pair;

static int pair_order(const void *a, const void *b) {
  const pair *x = a, *y = b;
  if (x->second != y->second) return x->second < y->second ? -1 : 1;
  return x->first < y->first ? -1 : x->first > y->first;
}

static void make_decompositions(void) {
  static uint32_t runs[4096], refs[8192], words[8192];
  size_t run_count = 0, ref_count = 0, count;
  for (int len = DECOMPOSED_MAX; len > 0; len--) /* the long ones first: the short ones lie in them */
    for (uint32_t c = 0; c < CODES; c++) {
      uint16_t text[1 + 2 * DECOMPOSED_MAX];
      size_t text_len = 0;
      if (decomposed[c].len != len) continue;
      for (int i = 0; i < len; i++) {
        uint32_t to = decomposed[c].to[i];
        if (wide(to)) text[text_len++] = (uint16_t)(0xd800 + ((to - 0x10000) >> 10));
        text[text_len++] = (uint16_t)(wide(to) ? 0xdc00 + (to & 0x3ff) : to);
      }
      if (text_len > 6) {
        memmove(text + 1, text, text_len * sizeof text[0]);
        text[0] = (uint16_t)text_len++;
      }
      decomposed[c].at = place_units(text, text_len);
      decomposed[c].units = (uint8_t)text_len;
    }
  /* Runs of code points that have one: first | compatible << 21, index of the first reference. A reference is a place among
   * the units times 8 and how many of them there are; 7: the
   * first one tells. */
  for (uint32_t c = 0; c < CODES; c++) {
    unsigned len = decomposed[c].len;
    if (len == 0) continue;
    if (c == 0 || decomposed[c - 1].len == 0 || decomposed[c - 1].compatible != decomposed[c].compatible) {
      if (run_count + 2 > 4096) die("too many runs", "decompositions");
      runs[run_count++] = c | (uint32_t)decomposed[c].compatible << 21;
      runs[run_count++] = (uint32_t)ref_count;
    }
    if (ref_count == 8192 || decomposed[c].at >= 8192) die("does not fit", "decompositions");
    refs[ref_count++] = (uint32_t)decomposed[c].at << 3 | (decomposed[c].units > 6 ? 7 : decomposed[c].units);
  }
  runs[run_count++] = CODES;
  runs[run_count++] = (uint32_t)ref_count;
  put_words("decomposition_runs", runs, run_count, 4);
  put_words("decomposition_refs", refs, ref_count, 2);
  for (count = 0; count < units_len; count++) words[count] = units[count];
  put_words("decomposition_units", words, units_len, 2);
}

static void make_compositions(const uint8_t *excluded) {
  static pair pairs[4096];
  static uint32_t seconds[1024], small[8192], large[1024];
  size_t count = 0, second_count = 0, small_count = 0, large_count = 0;
  for (uint32_t c = 0; c < CODES; c++)
    if (decomposed[c].len > 0 && !decomposed[c].compatible && !excluded[c]) {
      pair p = { decomposed[c].to[1], decomposed[c].to[0], c };
      if (p.second == 0 || count == 4096) die("not a pair", "compositions");
      pairs[count++] = p;
    }
  qsort(pairs, count, sizeof pairs[0], pair_order);
  for (size_t i = 0; i < count; i++) {
    pair p = pairs[i];
    if (wide(p.first) || wide(p.second) || wide(p.composed)) {
      large[large_count++] = p.second;
      large[large_count++] = p.first;
      large[large_count++] = p.composed;
      continue;
    }
    if (second_count == 0 || seconds[second_count - 2] != p.second) {
      seconds[second_count++] = p.second;
      seconds[second_count++] = (uint32_t)small_count / 2;
    }
    small[small_count++] = p.first;
    small[small_count++] = p.composed;
  }
  seconds[second_count++] = 0xffff;
  seconds[second_count++] = (uint32_t)small_count / 2;
  put_words("composition_seconds", seconds, second_count, 2);
  put_words("composition_firsts", small, small_count, 2);
  put_words("composition_large", large, large_count, 4);
}

static void make_normal_forms(void) {
  static uint32_t words[4096];
  uint8_t *excluded = take(CODES, 1);
  size_t count = 0;
  decomposed = take(CODES, sizeof *decomposed);
  for (reader r = open_file("UnicodeData.txt"); next_line(&r);) {
    const char *text = r.field[5];
    combining[r.first] = (uint8_t)strtoul(r.field[3], NULL, 10);
    if (*text == '<') {
      decomposed[r.first].compatible = 1;
      text = strchr(text, '>') + 1;
    }
    decomposed[r.first].len = (uint8_t)read_codes(text, decomposed[r.first].to, DECOMPOSED_MAX);
  }
  for (reader r = open_file("DerivedNormalizationProps.txt"); next_line(&r);)
    if (strcmp(r.field[1], "Full_Composition_Exclusion") == 0) memset(excluded + r.first, 1, r.last - r.first + 1);
  make_decompositions();
  make_compositions(excluded);
  for (uint32_t c = 1; c < CODES; c++) /* code point << 8 | class, where it changes */
    if (combining[c] != combining[c - 1]) {
      if (count == 4096) die("too many runs", "combining classes");
      words[count++] = c << 8 | combining[c];
    }
  put_words("combining_runs", words, count, 4);
}

int main(int argc, char **argv) {
  if (argc != 2) die("usage", "make_tables DIR");
  folder = argv[1];
  printf("/* Made by lib/sandbox/unicode/make_tables.c out of the Unicode Character Database 15.0.0; do not edit. */\n");
  make_binary();
  make_categories();
  make_scripts();
  make_text();
  make_letters();
  make_normal_forms();
  printf("/* %zu bytes */\n", total_len);
  return fflush(stdout) != 0 || ferror(stdout);
}
