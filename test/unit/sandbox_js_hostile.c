/* SPDX-License-Identifier: MIT */
/* Goal: no text, however large, deep or broken, brings the front end down or makes it slow.
 * Method: programs made of one piece repeated many times, on a native stack of 1 MiB; every prefix of a
 * program; every allocation made to fail once. */
#include "lib/sandbox/js.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <pthread.h>
#include <cmocka.h>

#include "lib/base/internal.h"

typedef struct piece { const char *head, *text; size_t count; const char *tail; int status; } piece;

static const piece pieces[] = {
  { "", "[", 10000000, "", VMS_ERR_SYNTAX },       { "", "(", 4000000, "", VMS_ERR_SYNTAX },
  { "", "{", 4000000, "", VMS_ERR_SYNTAX },        { "", "[[]", 1000000, "", VMS_ERR_SYNTAX },
  { "x=", "1+", 300000, "1;", VMS_OK },            { "", "if(a);else ", 300000, ";", VMS_ERR_SYNTAX },
  { "a", ".b", 1500000, "", VMS_ERR_SYNTAX },      { "a", "()", 1500000, "", VMS_ERR_SYNTAX },
  { "a", "?.b", 1000000, "", VMS_ERR_SYNTAX },     { "a", "``", 1000000, "", VMS_ERR_SYNTAX },
  { "", "!", 4000000, "", VMS_ERR_SYNTAX },        { "", "a=>", 1300000, "", VMS_ERR_SYNTAX },
  { "", "async(", 600000, "", VMS_ERR_SYNTAX },    { "", "a?", 2000000, "", VMS_ERR_SYNTAX },
  { "", "1**", 1300000, "", VMS_ERR_SYNTAX },      { "", "a=", 2000000, "", VMS_ERR_SYNTAX },
  { "", "a,", 300000, "a", VMS_OK },               { "", "new ", 1000000, "", VMS_ERR_SYNTAX },
  { "", "`${", 1000000, "", VMS_ERR_SYNTAX },      { "", "function f(){", 100000, "", VMS_ERR_SYNTAX },
  { "", "a&&", 300000, "a", VMS_OK },              { "", "a??", 300000, "a", VMS_OK },
  { "", "(a=", 100000, "", VMS_ERR_SYNTAX },       { "", "1||1&&1|1^1&1==1<1<<1+1*1**(", 100000, "", VMS_ERR_SYNTAX },
  { "", "({a:", 100000, "", VMS_ERR_SYNTAX },      { "", "[a=", 100000, "", VMS_ERR_SYNTAX },
  { "", "/[/]/;", 100000, "", VMS_OK },            { "", "\n", 4000000, "", VMS_OK },
  { "", "while(1)", 300000, ";", VMS_ERR_SYNTAX }, { "", "for(;;)", 300000, ";", VMS_ERR_SYNTAX },
  { "", "switch(1){case ", 100000, "", VMS_ERR_SYNTAX }, { "", "try{", 300000, "", VMS_ERR_SYNTAX },
  { "", "({get a(){", 100000, "", VMS_ERR_SYNTAX },  { "", "class A extends ", 100000, "", VMS_ERR_SYNTAX },
  { "", "\\u{", 100000, "", VMS_ERR_SYNTAX },      { "$", "$", 100, "", VMS_ERR_SYNTAX },
  { "", "a", 2000000, "", VMS_OK },                 { "", "await ", 100000, "", VMS_ERR_SYNTAX },
  { "async()=>{", "await ", 100000, "", VMS_ERR_SYNTAX }, { "`", "a\\u", 100000, "", VMS_ERR_SYNTAX },
  { "/*", "*", 4000000, "", VMS_ERR_SYNTAX },      { "\"", "\\", 4000001, "", VMS_ERR_SYNTAX },
};

static char *build(const piece *p, size_t *len) {
  size_t head = strlen(p->head), text = strlen(p->text), tail = strlen(p->tail), i;
  char *source = malloc(head + text * p->count + tail + 1);
  assert_non_null(source);
  memcpy(source, p->head, head + 1);
  for (i = 0; i < p->count; i++) memcpy(source + head + i * text, p->text, text);
  memcpy(source + head + p->count * text, p->tail, tail + 1);
  *len = head + p->count * text + tail;
  return source;
}

static void *lower_all(void *result) {
  size_t i;
  for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
    vms_buffer lowered = VMS_BUFFER_INIT, diagnostic = VMS_BUFFER_INIT;
    size_t len;
    char *source = build(&pieces[i], &len);
    int status = vms__js_lower((vms_slice){ source, len }, NULL, &lowered, &diagnostic, NULL);
    if (status != pieces[i].status) *(const piece **)result = &pieces[i];
    vms_buffer_free(&lowered);
    vms_buffer_free(&diagnostic);
    free(source);
  }
  return NULL;
}

static void repeated_pieces_end_cleanly_on_a_small_stack(void **state) {
  const piece *bad = NULL;
  pthread_attr_t attributes;
  pthread_t thread;
  (void)state;
  assert_int_equal(pthread_attr_init(&attributes), 0);
  assert_int_equal(pthread_attr_setstacksize(&attributes, (size_t)1 << 20), 0);
  assert_int_equal(pthread_create(&thread, &attributes, lower_all, &bad), 0);
  assert_int_equal(pthread_join(thread, NULL), 0);
  pthread_attr_destroy(&attributes);
  if (bad != NULL) fail_msg("unexpected status for %zu times %s", bad->count, bad->text);
}

static const char program[] =
    "'use strict';\nconst { a, b: [c = 1, ...d], ...e } = x; let f = async (g, h = `t${a}u`) => { for (const i of await g) {\n"
    "try { await i?.j?.(k ?? l) } catch ({ m }) { n ||= /o/g } finally { } } };\nclass P { }\nexports.q = function* () { };\n"
    "switch (\"\\u{1F600}\\x41\") { case 1_0: { let s = () => s; break } default: do { continue } while (0) }\n// \xc3\xa4 \xe2\x82\xac\n";

static void every_prefix_and_every_broken_byte_ends_cleanly(void **state) {
  char text[sizeof program];
  size_t i, value;
  (void)state;
  for (i = 0; i <= sizeof program - 1; i++) {
    vms_buffer lowered = VMS_BUFFER_INIT;
    int status = vms__js_lower((vms_slice){ program, i }, NULL, &lowered, NULL, NULL);
    assert_true(status == VMS_OK || status == VMS_ERR_SYNTAX);
    vms_buffer_free(&lowered);
  }
  for (i = 0; i < sizeof program - 1; i++)
    for (value = 0; value < 256; value += 17) {
      vms_buffer lowered = VMS_BUFFER_INIT;
      int status;
      memcpy(text, program, sizeof text);
      text[i] = (char)value;
      status = vms__js_lower((vms_slice){ text, sizeof text - 1 }, NULL, &lowered, NULL, NULL);
      assert_true(status == VMS_OK || status == VMS_ERR_SYNTAX);
      vms_buffer_free(&lowered);
    }
}

static void nul_and_bad_utf8_are_placed(void **state) {
  vms_buffer lowered = VMS_BUFFER_INIT, diagnostic = VMS_BUFFER_INIT;
  (void)state;
  assert_int_equal(vms__js_lower((vms_slice){ "a\n \0", 4 }, NULL, &lowered, &diagnostic, NULL), VMS_ERR_SYNTAX);
  assert_memory_equal(diagnostic.data, "contract.js:2:2: SyntaxError: unexpected character U+0000", 57);
  vms__buf_clear(&diagnostic);
  assert_int_equal(vms__js_lower((vms_slice){ "a\nb \xff", 5 }, NULL, &lowered, &diagnostic, NULL), VMS_ERR_SYNTAX);
  assert_memory_equal(diagnostic.data, "contract.js:2:3: SyntaxError: the program is not valid UTF-8", 60);
  vms_buffer_free(&diagnostic);
  assert_int_equal(vms__js_lower((vms_slice){ NULL, 0 }, NULL, &lowered, NULL, NULL), VMS_OK);
  vms_buffer_free(&lowered);
}

/* Memory that runs out at the n-th request. */
typedef struct scarce { size_t left; size_t held; } scarce;

static void *scarce_resize(void *context, void *memory, size_t old_len, size_t new_len) {
  scarce *s = context;
  void *result;
  if (new_len == 0) {
    free(memory);
    s->held -= old_len;
    return NULL;
  }
  if (s->left == 0) return NULL;
  s->left--;
  result = realloc(memory, new_len);
  assert_non_null(result);
  s->held += new_len - old_len;
  return result;
}

static void every_allocation_failure_is_survived(void **state) {
  static const char source[] = "const f = async (a, b = 1) => { for (const c of a) await c; }; exports.f = f;";
  size_t n;
  int status = VMS_ERR_NOMEM;
  (void)state;
  for (n = 0; status == VMS_ERR_NOMEM; n++) {
    scarce memory = { n, 0 };
    vms_env env = { .size = sizeof env, .context = &memory, .resize = scarce_resize };
    vms_buffer lowered;
    assert_true(n < 1000);
    vms_buffer_init(&lowered, &env);
    status = vms__js_lower(vms__slice_of(source), &env, &lowered, NULL, NULL);
    assert_true(status == VMS_OK || status == VMS_ERR_NOMEM);
    assert_true(status == VMS_OK || lowered.len == 0);
    vms_buffer_free(&lowered);
    assert_int_equal(memory.held, 0);
  }
  assert_true(n > 2);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(repeated_pieces_end_cleanly_on_a_small_stack), cmocka_unit_test(every_prefix_and_every_broken_byte_ends_cleanly),
    cmocka_unit_test(nul_and_bad_utf8_are_placed), cmocka_unit_test(every_allocation_failure_is_survived),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
