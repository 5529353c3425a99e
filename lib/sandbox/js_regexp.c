/* SPDX-License-Identifier: MIT */
/* Regular expression literals: what is wrong with them is said when the program is read. The engine compiles them once more when
 * they are evaluated first. */
#include "lib/sandbox/js_ast.h"
#include "lib/sandbox/regexp.h"

#define AREA_MAX (16u << 20)     /* bytes of a program */
#define STEPS_MAX (50u << 20)    /* of all literals together: a second or two */

static void *grow(void *context, int area, size_t len) {
  js *p = context;
  vms_buffer *memory = &p->regexp[area];
  if (len > AREA_MAX) js_error(p, p->tok.start, "the regular expression is too large");
  if (len > memory->len || memory->data == NULL) {
    if (vms__buf_reserve(memory, len - memory->len) != VMS_OK) js_no_memory(p);
    memory->len = len;
  }
  return memory->data;
}

static void charge(void *context, uint64_t steps) {
  js *p = context;
  p->regexp_steps += steps;
  if (p->regexp_steps > STEPS_MAX) js_error(p, p->tok.start, "the regular expressions are too large");
}

/* `start` is where the body starts, behind the slash. */
void js_check_regexp(js *p, const js_atom *body, const js_atom *flags, uint32_t start) {
  const vms__re_host host = { p, grow, charge };
  vms__re_error error = { 0, NULL };
  uint32_t bits;
  size_t at;
  if (!vms__re_flags((vms_slice){ flags->text, flags->len }, &bits, &at))
    js_error(p, start + body->len + 1 + (uint32_t)at, "invalid regular expression flags");
  if (vms__re_compile(&host, (vms_slice){ body->text, body->len }, bits, &error) == 0)
    js_error(p, start + (uint32_t)error.at, "invalid regular expression: %s", error.message);
  for (int i = 0; i < 2; i++) vms__buf_clear(&p->regexp[i]);
}
