/* SPDX-License-Identifier: MIT */
/* Goal: System.files turns calls into requests and replies into values, errors and aborts. Method: a fake host that
 * records the request and plays back one reply. */
#include "sandbox_support.h"

typedef struct fake {
  bench b; /* first: the console's context, too */
  char method[32], params[256], data[64];
  size_t data_len;
  int has_data, status;
  uint32_t kind;
  const char *error_name, *body;
  size_t body_len;
} fake;

static int fake_files(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  fake *f = context;
  snprintf(f->method, sizeof f->method, "%.*s", (int)request->method.len, request->method.data);
  snprintf(f->params, sizeof f->params, "%.*s", (int)request->params.len, request->params.data);
  f->has_data = request->data.data != NULL;
  f->data_len = request->data.len;
  if (f->data_len > 0 && f->data_len <= sizeof f->data) memcpy(f->data, request->data.data, f->data_len);
  assert_int_equal(request->version, 0);
  (void)error;
  if (f->status != VMS_OK) return f->status;
  reply->kind = f->kind;
  if (f->error_name != NULL) snprintf(reply->error_name, sizeof reply->error_name, "%s", f->error_name);
  return vms_buffer_append(&reply->body, f->body, f->body_len);
}

static void fake_init(fake *f, uint32_t kind, const char *body) {
  memset(f, 0, sizeof *f);
  bench_init(&f->b);
  f->b.host.context = f;
  f->b.host.files = fake_files;
  f->kind = kind;
  f->body = body;
  f->body_len = strlen(body);
}

static void requests_carry_the_arguments(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  run_f(&f.b, "return System.files.readFile('/a\\u20ac\\ud800',{encoding:'utf8'},undefined)", "[]");
  expect_result(&f.b, "");
  assert_string_equal(f.method, "readFile");
  assert_string_equal(f.params, "[\"/a\xe2\x82\xac\\ud800\",{\"encoding\":\"utf8\"},null]");
  assert_false(f.has_data);
  run_f(&f.b, "return System.files.writeFile('/t','text')", "[]");
  assert_string_equal(f.params, "[\"/t\",\"text\"]");
  assert_false(f.has_data);
  run_f(&f.b, "return System.files.writeFile('/t',new Uint8Array([1,0,255]).subarray(1),'binary')", "[]");
  assert_string_equal(f.params, "[\"/t\",null,\"binary\"]");
  assert_true(f.has_data);
  assert_int_equal(f.data_len, 2);
  assert_memory_equal(f.data, "\0\xff", 2);
  run_f(&f.b, "return System.files.writeFile('/t',new ArrayBuffer(0))", "[]");
  assert_true(f.has_data);
  assert_int_equal(f.data_len, 0);
  run_f(&f.b, "return Object.keys(System).concat(Object.getOwnPropertyNames(System.files))", "[]");
  expect_result(&f.b, "[\"caller\",\"files\",\"getInfo\",\"stat\",\"readFile\",\"readdir\",\"writeFile\",\"mkdir\",\"unlink\","
                      "\"rmdir\",\"copy\",\"rename\",\"history\"]");
  bench_free(&f.b);
}

static void replies_become_values_and_errors(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_TEXT, "t\xf0\x9f\x98\x80\xff");
  run_f(&f.b, "return System.files.readFile('/x').then(function(v){return [v,v.length]})", "[]");
  expect_result(&f.b, "[\"t\xf0\x9f\x98\x80\xef\xbf\xbd\",4]");
  bench_free(&f.b);
  fake_init(&f, VMS_FILE_BYTES, "\x01\xff");
  run_f(&f.b, "return System.files.readFile('/x').then(function(v){return [v instanceof Uint8Array,v.length,v[1]]})", "[]");
  expect_result(&f.b, "[true,2,255]");
  bench_free(&f.b);
  fake_init(&f, VMS_FILE_JSON, "{\"a\":[1,\"\xc3\xa9\"]}");
  run_f(&f.b, "return System.files.stat('/x')", "[]");
  expect_result(&f.b, "{\"a\":[1,\"\xc3\xa9\"]}");
  bench_free(&f.b);
  fake_init(&f, VMS_FILE_ERROR, "no such \xc3\xa9");
  f.error_name = "NotFoundError";
  run_f(&f.b, "return System.files.stat('/x')", "[]");
  expect_error(&f.b, "NotFoundError", "no such \xc3\xa9");
  run_f(&f.b, "return System.files.stat('/x').catch(function(e){return [e instanceof Error,e.name,e.message,Object.keys(e).length]})", "[]");
  expect_result(&f.b, "[true,\"NotFoundError\",\"no such \xc3\xa9\",0]");
  bench_free(&f.b);
}

static void the_limit_of_files_cannot_be_caught(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_ABORT, "");
  run_f(&f.b, "try{return System.files.writeFile('/x','y').catch(function(){return 1})}catch(e){return 2}finally{console.log('f')}", "[]");
  expect_abort(&f.b, "files");
  assert_string_equal(f.b.console, "");
  bench_free(&f.b);
}

static void a_failure_of_the_machinery_ends_the_call_with_its_status(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  f.status = VMS_ERR_IO;
  run_f(&f.b, "return System.files.stat('/x').catch(function(){return 1})", "[]");
  assert_int_equal(f.b.status, VMS_ERR_IO);
  bench_free(&f.b);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(requests_carry_the_arguments),
    cmocka_unit_test(replies_become_values_and_errors),
    cmocka_unit_test(the_limit_of_files_cannot_be_caught),
    cmocka_unit_test(a_failure_of_the_machinery_ends_the_call_with_its_status),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
