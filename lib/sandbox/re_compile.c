/* SPDX-License-Identifier: MIT */
/* The tree becomes instructions. What can begin a match, or follow a loop, is worked out here: the matcher looks at one
 * byte and often need not try, nor remember where to go back to. */
#include "lib/sandbox/re_internal.h"

/* Bytes that something can begin with; all of them if it can be nothing. */
typedef struct bytes {
  uint32_t bits[8];
} bytes;
static const bytes anything = { { UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX } };

/* --- memory and errors ---------------------------------------------------------------------- */

void re_fail(re_builder *b, uint32_t at, const char *message) {
  b->error->at = at;
  b->error->message = message;
  longjmp(b->escape, 1);
}

static uint32_t room(re_builder *b, int area, uint32_t **words, uint32_t *used, uint32_t *capacity, uint32_t more) {
  uint32_t at = *used, wanted;
  if (more > RE_WORDS_MAX - at) re_fail(b, b->at, "too large");
  if (more > *capacity - at) {
    wanted = VMS__MAX(at + more, *capacity * 2);
    *words = b->host->grow(b->host->context, area, (size_t)wanted * sizeof(uint32_t));
    *capacity = wanted;
  }
  memset(*words + at, 0, (size_t)more * sizeof(uint32_t));
  *used = at + more;
  return at;
}

uint32_t re_work_take(re_builder *b, uint32_t words) { return room(b, VMS__RE_WORK, &b->work, &b->work_used, &b->work_capacity, words); }
uint32_t re_program_take(re_builder *b, uint32_t words) {
  return room(b, VMS__RE_PROGRAM, &b->program, &b->program_used, &b->program_capacity, words);
}

static uint32_t emit(re_builder *b, uint32_t operation, uint32_t operands) {
  uint32_t at = re_program_take(b, 1 + operands);
  b->program[at] = operation;
  return at;
}

static uint32_t emit1(re_builder *b, uint32_t operation, uint32_t a) {
  uint32_t at = emit(b, operation, 1);
  b->program[at + 1] = a;
  return at;
}

static uint32_t emit2(re_builder *b, uint32_t operation, uint32_t first, uint32_t second) {
  uint32_t at = emit(b, operation, 2);
  b->program[at + 1] = first;
  b->program[at + 2] = second;
  return at;
}

static uint32_t register_new(re_builder *b) { return 2 * b->group_count + b->registers++; }

/* --- what can come first --------------------------------------------------------------------- */

static void add_byte(bytes *set, uint32_t byte) { set->bits[byte >> 5] |= 1u << (byte & 31); }
static void add_all(bytes *set) { memset(set->bits, 0xff, sizeof set->bits); }
static void add_bytes(bytes *set, const bytes *more) {
  for (uint32_t i = 0; i < 8; i++) set->bits[i] |= more->bits[i];
}

static bool is_ascii_letter(uint32_t c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static bool ignores_case(const re_builder *b) { return (b->flags & VMS__RE_IGNORE_CASE) != 0; }

static void add_char(const re_builder *b, bytes *set, uint32_t c) {
  uint8_t encoded[6];
  uint32_t i;
  if (re_is_fold(b, c)) {
    for (i = 0x80; i < 256; i++) add_byte(set, i);
    if ((b->flags & VMS__RE_UNICODE) != 0)
      for (i = 0; i < 4; i++) add_byte(set, (uint8_t)"kKsS"[i]);
    return;
  }
  (void)re_encode(encoded, c);
  add_byte(set, encoded[0]);
  if (ignores_case(b) && is_ascii_letter(c)) add_byte(set, c ^ 32);
}

/* What a node may do besides beginning with one of some bytes. */
#define EMPTY 1u  /* take nothing, so that what follows it can begin as well */
#define AT_END 2u /* match where no byte is left                             */

/* Adds the bytes that can stand where the node matches. */
static unsigned first_of(re_builder *b, uint32_t node, bytes *set) {
  const re_node *n = re_at(b, node);
  uint32_t i, child;
  unsigned result = 0;
  if (++b->looked >= 1024) {
    b->host->charge(b->host->context, b->looked);
    b->looked = 0;
  }
  switch (n->type) {
    case RE_T_CHAR: add_char(b, set, n->a); return 0;
    case RE_T_SET:
      for (i = 0; i < 8; i++) set->bits[i] |= b->program[n->a + RE_S_SOME + i];
      return 0;
    case RE_T_SEQUENCE:
      for (child = n->a; child != 0; child = re_at(b, child)->next)
        if (result = first_of(b, child, set), (result & EMPTY) == 0) return result;
      return EMPTY | AT_END;
    case RE_T_CHOICE:
      for (child = n->a; child != 0; child = re_at(b, child)->next) result |= first_of(b, child, set);
      return result;
    case RE_T_GROUP: return first_of(b, n->a, set);
    case RE_T_REPEAT:
      if (n->c == 0) return EMPTY | AT_END;
      result = first_of(b, n->a, set);
      return n->b == 0 ? EMPTY | AT_END : result;
    case RE_T_REFERENCE: add_all(set); return EMPTY | AT_END;
    case RE_T_LOOK: /* what follows begins there as well, but that only makes it less */
      return n->b == 0 ? first_of(b, n->a, set) : EMPTY | AT_END;
    case RE_T_ASSERTION:
      if (n->a == RE_END) return AT_END;
      if (n->a != RE_LINE_END) return EMPTY | AT_END;
      for (i = 0; i < 3; i++) add_byte(set, (uint8_t)"\n\r\xe2"[i]);
      return AT_END;
    default: return EMPTY | AT_END;
  }
}

/* What can come where the rest of a list, then `follow`, is matched. */
static bytes first_of_rest(re_builder *b, uint32_t node, const bytes *follow) {
  bytes set = { { 0 } };
  uint32_t count;
  for (count = 0; node != 0 && count < 16; node = re_at(b, node)->next, count++)
    if ((first_of(b, node, &set) & EMPTY) == 0) return set;
  if (node != 0) add_all(&set); /* not looked at further: a row of optional things would cost its square */
  else add_bytes(&set, follow);
  return set;
}

static bool overlap(const uint32_t *a, const uint32_t *b) {
  uint32_t common = 0;
  for (uint32_t i = 0; i < 8; i++) common |= a[i] & b[i];
  return common != 0;
}

/* --- instructions ---------------------------------------------------------------------------- */

static void node_code(re_builder *b, uint32_t node, const bytes *follow, uint32_t back);

/* A run of characters becomes strings of at most 64 bytes, each of which costs one step. It is never in use across a recursion. */
static void run_flush(re_builder *b, uint32_t back) {
  re_run *r = &b->run;
  uint32_t words = (r->len + 3) / 4, at;
  if (r->len == 1 && !r->bits_any && back == 0) {
    (void)emit1(b, RE_BYTE, r->text[0]);
  } else if (r->len > 0) {
    at = emit1(b, (r->bits_any ? RE_STRING_CASE : RE_STRING) | back, r->len);
    (void)re_program_take(b, r->bits_any ? 2 * words : words);
    memcpy(b->program + at + 2, r->text, r->len);
    if (r->bits_any) memcpy(b->program + at + 2 + words, r->bits, r->len);
  }
  r->len = 0;
  r->bits_any = false;
}

static void run_add(re_builder *b, uint32_t c, uint32_t back) {
  re_run *r = &b->run;
  uint8_t encoded[6], bits[6] = { 0 };
  uint32_t len = re_encode(encoded, c);
  if (r->len + len > RE_STRING_MAX) run_flush(b, back);
  if (ignores_case(b) && is_ascii_letter(c)) {
    encoded[0] |= 32;
    bits[0] = 32;
    r->bits_any = true;
  }
  if (back == 0) {
    memcpy(r->text + r->len, encoded, len);
    memcpy(r->bits + r->len, bits, len);
  } else { /* characters come from right to left */
    memmove(r->text + len, r->text, r->len);
    memmove(r->bits + len, r->bits, r->len);
    memcpy(r->text, encoded, len);
    memcpy(r->bits, bits, len);
  }
  r->len += len;
}

static void char_code(re_builder *b, uint32_t c, uint32_t back) {
  if (re_is_fold(b, c)) {
    run_flush(b, back);
    (void)emit1(b, RE_FOLD | back, re_canonical(b, c));
  } else {
    run_add(b, c, back);
  }
}

static void list_code(re_builder *b, uint32_t first, const bytes *follow, uint32_t back) {
  uint32_t node, next, previous = 0;
  bytes rest;
  if (back != 0) { /* right to left: the list is turned around, and is not needed again */
    for (node = first; node != 0; node = next) {
      next = re_at(b, node)->next;
      re_at(b, node)->next = previous;
      previous = node;
    }
    first = previous;
  }
  for (node = first; node != 0; node = re_at(b, node)->next) {
    if (re_at(b, node)->type == RE_T_CHAR) {
      char_code(b, re_at(b, node)->a, back);
      continue;
    }
    run_flush(b, back);
    rest = back != 0 ? anything : first_of_rest(b, re_at(b, node)->next, follow);
    node_code(b, node, &rest, back);
  }
  run_flush(b, back);
}

static void choice_code(re_builder *b, uint32_t first, const bytes *follow, uint32_t back) {
  uint32_t node, split = 0, jumps = 0, next;
  for (node = first; node != 0; node = next) {
    next = re_at(b, node)->next;
    if (next != 0) {
      bytes here = { { 0 } };
      if (back != 0 || first_of(b, node, &here) != 0) {
        split = emit1(b, RE_SPLIT, 0);
      } else {
        bytes there = { { 0 } };
        uint32_t other, seen = 0;
        for (other = next; other != 0 && seen < 8; other = re_at(b, other)->next, seen++)
          if ((first_of(b, other, &there) & EMPTY) != 0) add_bytes(&there, follow);
        if (other != 0) add_all(&there);
        split = emit(b, RE_SPLIT_FIRST, 17);
        memcpy(b->program + split + 2, here.bits, sizeof here.bits);
        memcpy(b->program + split + 10, there.bits, sizeof there.bits);
      }
    }
    node_code(b, node, follow, back);
    if (next != 0) {
      jumps = emit1(b, RE_JUMP, jumps); /* chained until it is known where the end is */
      b->program[split + 1] = b->program_used;
    }
  }
  while (jumps != 0) {
    next = b->program[jumps + 1];
    b->program[jumps + 1] = b->program_used;
    jumps = next;
  }
}

static void look_code(re_builder *b, const re_node *look) {
  uint32_t inside = look->a, flags = look->b, at = emit2(b, RE_LOOK | flags, register_new(b), 0), done;
  node_code(b, inside, &anything, flags & RE_BACK);
  done = emit2(b, RE_LOOK_DONE | flags, b->program[at + 1], b->program_used + 3);
  b->program[at + 2] = b->program[done + 2];
}

/* A loop over one set is one instruction. If nothing that can follow begins like a member, no shorter run need be tried. */
static void set_loop_code(re_builder *b, uint32_t set, const re_node *repeat, const bytes *follow, uint32_t back) {
  uint32_t min = repeat->b, max = repeat->c, flags = back | (repeat->d ? RE_LAZY : 0), at;
  if (back == 0 && !overlap(b->program + set + RE_S_SOME, follow->bits)) flags = RE_ONLY;
  at = emit(b, RE_LOOP_SET | flags, 11);
  b->program[at + 1] = set;
  b->program[at + 2] = min;
  b->program[at + 3] = max;
  memcpy(b->program + at + 4, follow->bits, sizeof follow->bits);
}

/* The choice between one more iteration, which comes next, and the exit, which the caller fills in. */
static uint32_t loop_split(re_builder *b, const bytes *here, const bytes *there, bool filtered, bool lazy) {
  uint32_t at;
  if (!filtered || (lazy && overlap(here->bits, there->bits))) return emit1(b, lazy ? RE_SPLIT_OTHER : RE_SPLIT, 0);
  at = emit(b, RE_SPLIT_FIRST, 17);
  memcpy(b->program + at + 2, here->bits, sizeof here->bits);
  memcpy(b->program + at + 10, there->bits, sizeof there->bits);
  return at;
}

static void repeat_code(re_builder *b, uint32_t node, const bytes *follow, uint32_t back) {
  re_node n = *re_at(b, node);
  bytes here = { { 0 } }, inside;
  bool may_be_empty = re_at(b, n.a)->len_min == 0, filtered;
  uint32_t counter = 0, place = 0, loop, split, skip = 0;
  if (n.c == 0 || (n.empty && n.b == 0)) return; /* what takes nothing is never taken beyond the minimum */
  if (n.empty || (n.b == 1 && n.c == 1)) {
    node_code(b, n.a, follow, back);
    return;
  }
  if (re_at(b, n.a)->type == RE_T_SET) {
    set_loop_code(b, re_at(b, n.a)->a, &n, follow, back);
    return;
  }
  filtered = back == 0 && first_of(b, n.a, &here) == 0;
  inside = here;
  add_bytes(&inside, follow);
  if (back != 0) inside = anything;
  if (may_be_empty) place = register_new(b);
  if (n.c == 1) {
    split = loop_split(b, &here, follow, filtered, n.d != 0);
    if (may_be_empty) (void)emit1(b, RE_HERE, place);
    node_code(b, n.a, follow, back);
    if (may_be_empty) (void)emit1(b, RE_MOVED, place);
    b->program[split + 1] = b->program_used;
    return;
  }
  if (n.b <= 1 && n.c == RE_INFINITE) {
    if (n.b == 1) {
      if (may_be_empty) (void)emit2(b, RE_NUMBER, place, VMS__RE_UNSET);
      skip = emit1(b, RE_JUMP, 0);
    }
    loop = b->program_used;
    split = loop_split(b, &here, follow, filtered, n.d != 0);
    if (may_be_empty) (void)emit1(b, RE_HERE, place);
    if (n.to > n.from) (void)emit2(b, RE_RESET, 2 * n.from, 2 * n.to);
    if (skip != 0) b->program[skip + 1] = b->program_used;
  } else {
    counter = register_new(b);
    (void)emit2(b, RE_NUMBER, counter, 0);
    loop = b->program_used;
    split = emit(b, RE_COUNT | (n.d != 0 ? RE_LAZY : 0), 4);
    b->program[split + 2] = counter;
    b->program[split + 3] = n.b;
    b->program[split + 4] = n.c;
    if (may_be_empty) {
      uint32_t at = emit(b, RE_COUNTED_HERE, 3);
      b->program[at + 1] = counter;
      b->program[at + 2] = n.b;
      b->program[at + 3] = place;
    } else {
      (void)emit1(b, RE_COUNTED, counter);
    }
    if (n.to > n.from) (void)emit2(b, RE_RESET, 2 * n.from, 2 * n.to);
  }
  node_code(b, n.a, &inside, back);
  if (may_be_empty) (void)emit1(b, RE_MOVED, place);
  (void)emit1(b, RE_JUMP, loop);
  b->program[split + 1] = b->program_used;
}

static void node_code(re_builder *b, uint32_t node, const bytes *follow, uint32_t back) {
  re_node n = *re_at(b, node);
  bool unicode = (b->flags & VMS__RE_UNICODE) != 0;
  b->host->charge(b->host->context, 1);
  switch (n.type) {
    case RE_T_EMPTY: break;
    case RE_T_CHAR: {
          char_code(b, n.a, back);
      run_flush(b, back);
      break;
    }
    case RE_T_SET: (void)emit1(b, RE_SET | back, n.a); break;
    case RE_T_SEQUENCE: list_code(b, n.a, follow, back); break;
    case RE_T_CHOICE: choice_code(b, n.a, follow, back); break;
    case RE_T_GROUP:
      (void)emit1(b, RE_SAVE, 2 * n.b + (back != 0));
      node_code(b, n.a, follow, back);
      (void)emit1(b, RE_SAVE, 2 * n.b + (back == 0));
      break;
    case RE_T_LOOK: look_code(b, &n); break;
    case RE_T_REFERENCE: (void)emit1(b, RE_BACK_REFERENCE | back | (ignores_case(b) ? RE_CASE : 0), n.a); break;
    case RE_T_ASSERTION: (void)emit(b, n.a | (unicode && ignores_case(b) ? RE_CASE : 0), 0); break;
    default: repeat_code(b, node, follow, back);
  }
  if (b->looked > 0) b->host->charge(b->host->context, b->looked);
  b->looked = 0;
}

/* --- where a match can be ---------------------------------------------------------------------- */

static bool anchored(re_builder *b, uint32_t node) {
  const re_node *n = re_at(b, node);
  uint32_t child;
  switch (n->type) {
    case RE_T_ASSERTION: return n->a == RE_START;
    case RE_T_SEQUENCE: case RE_T_GROUP: return anchored(b, n->a);
    case RE_T_CHOICE:
      for (child = n->a; child != 0; child = re_at(b, child)->next)
        if (!anchored(b, child)) return false;
      return true;
    default: return false;
  }
}

/* Appends the bytes that every match begins with; true if the node is nothing but them. */
static bool prefix(re_builder *b, uint32_t node) {
  const re_node *n = re_at(b, node);
  uint32_t child, len;
  uint8_t encoded[6];
  switch (n->type) {
    case RE_T_CHAR:
      if (ignores_case(b) && (is_ascii_letter(n->a) || re_is_fold(b, n->a))) return false;
      len = re_encode(encoded, n->a);
      if (b->program[RE_P_PREFIX] + len > RE_PREFIX_MAX) return false;
      memcpy((uint8_t *)(b->program + RE_P_PREFIX_TEXT) + b->program[RE_P_PREFIX], encoded, len);
      b->program[RE_P_PREFIX] += len;
      return true;
    case RE_T_SEQUENCE:
      for (child = n->a; child != 0; child = re_at(b, child)->next)
        if (!prefix(b, child)) return false;
      return true;
    case RE_T_GROUP: return prefix(b, n->a);
    case RE_T_REPEAT:
      if (n->b > 0) (void)prefix(b, n->a);
      return false;
    case RE_T_EMPTY: return true;
    default: return false;
  }
}

static void search_code(re_builder *b, uint32_t tree) {
  bytes first = { { 0 } };
  b->program[RE_P_LEN_MIN] = re_at(b, tree)->len_min;
  b->program[RE_P_ANCHORED] = anchored(b, tree);
  (void)prefix(b, tree);
  if (first_of(b, tree, &first) != 0) return;
  b->program[RE_P_FILTER] = 1;
  first.bits[4] = first.bits[5] = 0; /* no character begins there */
  memcpy(b->program + RE_P_FIRST, first.bits, sizeof first.bits);
}

/* --- from outside ------------------------------------------------------------------------------ */

bool vms__re_flags(vms_slice text, uint32_t *flags, size_t *at) {
  static const char letters[] = "gimsuy";
  const char *letter;
  *flags = 0;
  for (*at = 0; *at < text.len; ++*at) {
    letter = text.data[*at] != 0 ? strchr(letters, text.data[*at]) : NULL;
    if (letter == NULL || (*flags >> (letter - letters) & 1) != 0) return false;
    *flags |= 1u << (letter - letters);
  }
  return true;
}

/* A search that failed where a run of a set begins, with which every match begins, fails inside of that run as well: the rest
 * was tried at all its places. Unless the rest looks at what was captured. */
static uint32_t skip_set(const re_builder *b) {
  uint32_t pc = b->program[RE_P_CODE];
  while (b->program[pc] == RE_SAVE) pc += 2;
  return !b->has_references && (b->program[pc] & 0xff) == RE_LOOP_SET && b->program[pc + 3] == RE_INFINITE ? b->program[pc + 1] : 0;
}

size_t vms__re_compile(const vms__re_host *host, vms_slice pattern, uint32_t flags, vms__re_error *error) {
  re_builder b = { 0 };
  uint32_t tree, i;
  b.host = host;
  b.error = error;
  b.text = (const uint8_t *)pattern.data;
  b.flags = flags & (VMS__RE_IGNORE_CASE | VMS__RE_MULTILINE | VMS__RE_DOT_ALL | VMS__RE_UNICODE);
  if (setjmp(b.escape) != 0) return 0;
  if (pattern.len > RE_WORDS_MAX) re_fail(&b, 0, "too large");
  b.len = (uint32_t)pattern.len;
  host->charge(host->context, 1 + b.len);
  (void)re_program_take(&b, RE_HEADER);
  (void)re_work_take(&b, 1);
  tree = re_parse(&b);
  search_code(&b, tree);
  b.program[RE_P_CODE] = b.program_used;
  node_code(&b, tree, &anything, 0);
  (void)emit(&b, RE_MATCH, 0);
  b.program[RE_P_SKIP] = skip_set(&b);
  b.program[RE_P_LEN] = b.program_used * (uint32_t)sizeof(uint32_t);
  b.program[RE_P_FLAGS] = b.flags;
  b.program[RE_P_REGISTERS] = b.registers;
  for (i = 0; i < b.name_count; i++) b.program[b.program[b.program[RE_P_TABLE] + i] + RE_N_NEXT] = 0;
  return b.program[RE_P_LEN];
}

uint32_t vms__re_groups(const void *program) { return ((const uint32_t *)program)[RE_P_GROUPS]; }

bool vms__re_name(const void *program, uint32_t i, vms_slice *name, uint32_t *group) {
  const uint32_t *p = program, *record;
  if (i >= p[RE_P_NAMES]) return false;
  record = p + p[p[RE_P_TABLE] + i];
  *name = (vms_slice){ (const char *)(record + RE_N_TEXT), record[RE_N_LEN] };
  *group = record[RE_N_GROUP];
  return true;
}
