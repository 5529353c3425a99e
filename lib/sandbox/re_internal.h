/* SPDX-License-Identifier: MIT */
/* What the files of the regular expression engine share: text, tree, program.
 *
 * A program is an array of words: a header, then sets of characters and names of groups in the order of the pattern, then the
 * table of names, then instructions. Every place in it is an index of words, so it may be copied and kept. */
#ifndef VMS_SANDBOX_RE_INTERNAL_H
#define VMS_SANDBOX_RE_INTERNAL_H

#include <setjmp.h>

#include "lib/sandbox/regexp.h"

#define RE_WORDS_MAX (1u << 24) /* of a program, of a tree: 64 MiB */
#define RE_DEPTH_MAX 100u       /* groups in groups: parser and compiler recurse, 1 KiB of stack each; natives have 256 */
#define RE_GROUPS_MAX 65535u
#define RE_INFINITE UINT32_MAX
#define RE_CHAR_MAX 0x10ffffu

/* --- text ---------------------------------------------------------------------------------- */

static inline bool re_is_high(uint32_t c) { return c >= 0xd800 && c <= 0xdbff; }
static inline bool re_is_low(uint32_t c) { return c >= 0xdc00 && c <= 0xdfff; }
static inline uint32_t re_join(uint32_t high, uint32_t low) { return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff); }

/* Bytes of the character that begins with this one. What is no text is cut into something; nothing is read past its end. */
static inline uint32_t re_lead_len(uint8_t lead) { return lead < 0xc0 ? 1u : lead < 0xe0 ? 2u : lead < 0xf0 ? 3u : 4u; }

static inline bool re_is_more(uint8_t byte) { return (byte & 0xc0) == 0x80; }

/* The encoded character (a surrogate is one) at p < end; *len receives how many bytes it has. */
static inline uint32_t re_unit(const uint8_t *p, const uint8_t *end, uint32_t *len) {
  uint32_t lead = *p, count = re_lead_len(*p);
  *len = 1;
  if (count == 1 || (size_t)(end - p) < count || !re_is_more(p[1])) return lead;
  if (count == 2) return *len = 2, (lead & 31u) << 6 | (p[1] & 63u);
  if (!re_is_more(p[2])) return lead;
  if (count == 3) return *len = 3, (lead & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
  if (!re_is_more(p[3])) return lead;
  *len = 4;
  return VMS__MIN((lead & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u), RE_CHAR_MAX);
}

/* The same, two surrogates being one character. */
static inline uint32_t re_point(const uint8_t *p, const uint8_t *end, uint32_t *len) {
  uint32_t c = re_unit(p, end, len), more, low;
  if (!re_is_high(c) || p + 3 >= end) return c;
  low = re_unit(p + 3, end, &more);
  if (!re_is_low(low)) return c;
  *len = 3 + more;
  return re_join(c, low);
}

/* CESU-8: 1 to 6 bytes. */
static inline uint32_t re_encode(uint8_t *out, uint32_t c) {
  if (c < 0x80) return out[0] = (uint8_t)c, 1;
  if (c < 0x800) return out[0] = (uint8_t)(0xc0 | c >> 6), out[1] = (uint8_t)(0x80 | (c & 63)), 2;
  if (c < 0x10000) return out[0] = (uint8_t)(0xe0 | c >> 12), out[1] = (uint8_t)(0x80 | (c >> 6 & 63)), out[2] = (uint8_t)(0x80 | (c & 63)), 3;
  c -= 0x10000;
  return re_encode(out, 0xd800 + (c >> 10)) + re_encode(out + 3, 0xdc00 + (c & 0x3ff));
}

/* --- program ------------------------------------------------------------------------------- */

enum {
  RE_P_LEN,       /* bytes of the program                                                 */
  RE_P_FLAGS,     /* VMS__RE_...                                                          */
  RE_P_GROUPS,    /* with group 0                                                         */
  RE_P_NAMES,     /* how many                                                             */
  RE_P_TABLE,     /* of names in their order: place of the record, see RE_N_...           */
  RE_P_CODE,      /* the first instruction                                                */
  RE_P_REGISTERS, /* behind the captures                                                  */
  RE_P_LEN_MIN,   /* no match has fewer bytes                                             */
  RE_P_PREFIX,    /* bytes that every match begins with, see RE_P_PREFIX_TEXT             */
  RE_P_ANCHORED,  /* 1: matches at the start of the text only                             */
  RE_P_SKIP,      /* 0, or a set: where a search failed, its run can be left out          */
  RE_P_FILTER,    /* 1: RE_P_FIRST holds the bytes that a match can begin with            */
  RE_P_FIRST,     /* 256 bits                                                             */
  RE_P_PREFIX_TEXT = RE_P_FIRST + 8,
  RE_HEADER = RE_P_PREFIX_TEXT + 4
};
#define RE_PREFIX_MAX 16u

/* A set: 256 bits for the bytes that begin only members, 256 for those that begin any, how many ranges, the ranges. */
enum { RE_S_ALL, RE_S_SOME = 8, RE_S_COUNT = 16, RE_S_RANGES };
/* A name: its group, where in the pattern, the record of the name before, its length in bytes, the bytes. */
enum { RE_N_GROUP, RE_N_AT, RE_N_NEXT, RE_N_LEN, RE_N_TEXT };

static inline bool re_bit(const uint32_t *bits, uint32_t i) { return (bits[i >> 5] >> (i & 31) & 1) != 0; }

/* Instructions. The low byte is what to do, the next one flags. */
enum {
  RE_MATCH,
  RE_BYTE,        /* byte                                                                 */
  RE_STRING,      /* len, bytes                                                           */
  RE_STRING_CASE, /* len, bytes, bits to set in the text's bytes first                    */
  RE_FOLD,        /* canonical character                                                  */
  RE_SET,         /* set                                                                  */
  RE_LOOP_SET,    /* set, min, max, 256 bits: what can follow                             */
  RE_SPLIT,       /* other: go on here; if that fails, there                              */
  RE_SPLIT_OTHER, /* other: go on there; if that fails, here                              */
  RE_SPLIT_FIRST, /* other, 256 bits that can begin here, 256 that can begin there        */
  RE_JUMP,        /* to                                                                   */
  RE_SAVE,        /* slot                                                                 */
  RE_RESET,       /* first slot, one behind the last                                      */
  RE_START, RE_END, RE_LINE_START, RE_LINE_END, RE_WORD_EDGE, RE_NO_WORD_EDGE,
  RE_BACK_REFERENCE, /* group                                                             */
  RE_LOOK,        /* register, behind it                                                  */
  RE_LOOK_DONE,   /* register, behind it                                                  */
  RE_NUMBER,      /* register, number: sets it                                            */
  RE_HERE,        /* register: sets it to the place in the text                           */
  RE_MOVED,       /* register: fails if the place in the text is still that               */
  RE_COUNT,       /* exit, counter, min, max                                              */
  RE_COUNTED,     /* counter: one more                                                    */
  RE_COUNTED_HERE, /* counter, min, register: the same; register as RE_HERE if min was reached before, else no place */
  RE_OPERATIONS
};
#define RE_BACK 0x100u   /* to the left                */
#define RE_LAZY 0x200u
#define RE_CASE 0x400u   /* ignores case               */
#define RE_NOT 0x800u    /* a look-around that must fail */
#define RE_ONLY 0x1000u  /* a loop that never gives back */

/* --- tree ---------------------------------------------------------------------------------- */

enum {
  RE_T_EMPTY,
  RE_T_CHAR,      /* a: character                                       */
  RE_T_SET,       /* a: set                                             */
  RE_T_SEQUENCE,  /* a: first of a list                                 */
  RE_T_CHOICE,    /* a: first of a list of alternatives                 */
  RE_T_GROUP,     /* a: inside, b: number, 0 if it captures nothing     */
  RE_T_LOOK,      /* a: inside, b: RE_BACK, RE_NOT                      */
  RE_T_REFERENCE, /* a: group; b: record of its name, c: next of these  */
  RE_T_ASSERTION, /* a: the instruction                                 */
  RE_T_REPEAT     /* a: inside, b: min, c: max, d: 1 if lazy, groups from `from` up to `to` are inside */
};

typedef struct re_node {
  uint32_t type, next, a, b, c, d, from, to;
  uint32_t len_min; /* bytes it takes at least */
  uint32_t empty;   /* 1: it always takes none */
} re_node;
#define RE_NODE_WORDS ((uint32_t)(sizeof(re_node) / 4))

#define RE_STRING_MAX 64u
typedef struct re_run {
  uint8_t text[RE_STRING_MAX], bits[RE_STRING_MAX];
  uint32_t len;
  bool bits_any;
} re_run;

typedef struct re_builder {
  const vms__re_host *host;
  vms__re_error *error;
  jmp_buf escape;
  const uint8_t *text;
  uint32_t len, at, flags;
  uint32_t *work, work_used, work_capacity;          /* tree and scratch; node 0 is none */
  uint32_t *program, program_used, program_capacity;
  /* parser */
  uint32_t pending;     /* the second half of a character in two halves, 0: none */
  uint32_t group_count; /* of the whole pattern, with group 0 */
  uint32_t group_next, depth;
  bool has_names, has_references;
  uint32_t last_name, name_count; /* a list of records in the program */
  uint32_t last_reference;        /* a list of nodes by c             */
  uint32_t digit, space, word, no_digit, no_space, no_word, dot; /* sets already made */
  /* compiler */
  re_run run;
  uint32_t registers;
  uint32_t looked; /* nodes looked at and not yet charged */
} re_builder;

_Noreturn void re_fail(re_builder *b, uint32_t at, const char *message);
uint32_t re_work_take(re_builder *b, uint32_t words);    /* zeroed; may move the work area */
uint32_t re_program_take(re_builder *b, uint32_t words); /* zeroed; may move the program   */
static inline re_node *re_at(re_builder *b, uint32_t node) { return (re_node *)(void *)(b->work + node); }

/* re_set.c: ranges are gathered on top of the work area, from `mark` on, and become a set in the program. */
void re_range(re_builder *b, uint32_t first, uint32_t last);
void re_ranges_class(re_builder *b, char letter);   /* d D s S w W */
void re_ranges_property(re_builder *b, vms_slice name, vms_slice value, bool negative, uint32_t at);
uint32_t re_set_make(re_builder *b, uint32_t mark, bool negative);
uint32_t re_set_shared(re_builder *b, char letter); /* those, and . */
uint32_t re_set_join(re_builder *b, uint32_t mark); /* of ranges that came from sets */
void re_ranges_set(re_builder *b, uint32_t set);
uint32_t re_canonical(const re_builder *b, uint32_t c);
bool re_is_fold(const re_builder *b, uint32_t c); /* whether canonical forms must be compared when it is matched */
/* Spans outside of which every character is its own canonical form, and no other's. */
extern const uint32_t vms__re_case_spans[][2];
extern const uint32_t vms__re_case_span_count;

/* re_parse.c */
uint32_t re_parse(re_builder *b); /* the tree */

#endif
