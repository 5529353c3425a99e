/* SPDX-License-Identifier: MIT */
/* Writes the lowered text: pure ASCII, every statement on its source line. */
#include "lib/sandbox/js_ast.h"

#include <stdio.h>

void js_put_bytes(js *p, const char *text, size_t len) {
  if (len == 0) return;
  if (len > JS_OUTPUT_MAX - p->out.len) js_error(p, 0, "the program is too large");
  if (vms_buffer_append(&p->out, text, len) != VMS_OK) js_no_memory(p);
}

void js_put(js *p, const char *text) { js_put_bytes(p, text, strlen(text)); }

void js_put_uint(js *p, uint32_t number) {
  char text[16];
  (void)snprintf(text, sizeof text, "%u", (unsigned)number);
  js_put(p, text);
}

/* Ends lines until the output is as far as the source. */
void js_sync(js *p, uint32_t line) {
  for (; p->out_line < line; p->out_line++) js_put_bytes(p, "\n", 1);
}

/* The next code unit of an atom's text at *at; pairs are split into their two halves. */
static uint32_t next_unit(const js_atom *atom, uint32_t *at, uint32_t *pending) {
  const uint8_t *s = (const uint8_t *)atom->text + *at;
  uint32_t code;
  if (*pending != 0) { code = *pending; *pending = 0; return code; }
  if (s[0] < 0x80) { *at += 1; return s[0]; }
  if (s[0] < 0xe0) { *at += 2; return (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3fu); }
  if (s[0] < 0xf0) { *at += 3; return (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3fu); }
  *at += 4;
  code = ((uint32_t)(s[0] & 7) << 18 | (uint32_t)(s[1] & 0x3f) << 12 | (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3fu)) - 0x10000;
  *pending = 0xdc00 + (code & 0x3ff);
  return 0xd800 + (code >> 10);
}

void js_put_string(js *p, const js_atom *atom) {
  uint32_t at = 0, pending = 0;
  js_put(p, "\"");
  while (at < atom->len || pending != 0) {
    uint32_t start = at, unit;
    char text[16];
    while (pending == 0 && at < atom->len && atom->text[at] >= 0x20 && atom->text[at] < 0x7f && atom->text[at] != '"' && atom->text[at] != '\\') at++;
    js_put_bytes(p, atom->text + start, at - start);
    if (at >= atom->len && pending == 0) break;
    unit = next_unit(atom, &at, &pending);
    if (unit == '"' || unit == '\\') (void)snprintf(text, sizeof text, "\\%c", (int)unit);
    else (void)snprintf(text, sizeof text, "\\u%04x", (unsigned)unit);
    js_put(p, text);
  }
  js_put(p, "\"");
}

/* A name that no identifier of the author's can be equal to. */
const char *js_unique(js *p, const char *stem) { return js_format(p, "%s%s%u", p->prefix, stem, (unsigned)++p->serial); }

/* The name a variable has in the output. Blocks are dissolved into their function, so a name that is declared
 * in a block stays only if no other variable anywhere has it. */
const char *js_binding_out(js *p, js_binding *binding) {
  const js_atom *name = binding->name;
  int kind = binding->scope->kind;
  bool keep = true;
  if (binding->out != NULL) return binding->out;
  if (!js_text_is_name(name->text, name->len) || name->keyword == K_VMS) keep = false;
  else if (kind == SC_PROGRAM) keep = js_scope_find(p, binding->scope->parent, name) == NULL;
  else if (kind != SC_PARAMS && kind != SC_NAME) keep = name->declared == 1 && !name->global;
  if (keep) binding->out = name->text;
  else if (js_text_is_name(name->text, name->len) && name->len < 40) binding->out = js_format(p, "%s%s%u", name->text, p->prefix, (unsigned)++p->serial);
  else binding->out = js_unique(p, "v");
  if (binding->boxed) {
    if (binding->scope->box == NULL) {
      binding->scope->box = js_unique(p, "s");
    }
    binding->out = js_format(p, "%s.%s", binding->scope->box, binding->out);
  }
  return binding->out;
}
