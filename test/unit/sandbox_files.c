/* SPDX-License-Identifier: MIT */
/* Goal: System.files turns calls into requests and replies into values, errors and aborts. Method: a fake host that
 * records the request and plays back one reply. */
#include "sandbox_support.h"
#include "test/support/storage.h"

typedef struct fake {
  bench b; /* first: the console's context, too */
  char method[32], params[256], data[64];
  size_t data_len;
  int has_data, status;
  uint32_t kind;
  const char *error_name, *body;
  size_t body_len;
  uint64_t work, work_max;
} fake;

static int fake_files(void *context, const vms_file_request *request, vms_file_reply *reply, vms_error *error) {
  fake *f = context;
  snprintf(f->method, sizeof f->method, "%.*s", (int)request->method.len, request->method.data);
  snprintf(f->params, sizeof f->params, "%.*s", (int)request->params.len, request->params.data);
  f->has_data = request->data.data != NULL;
  f->data_len = request->data.len;
  if (f->data_len > 0 && f->data_len <= sizeof f->data) memcpy(f->data, request->data.data, f->data_len);
  assert_int_equal(request->version, 0);
  f->work_max = request->work_max;
  reply->work = f->work;
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
  assert_string_equal(f.params, "[\"/a\xe2\x82\xac\\ud800\",{\"encoding\":\"utf8\"}]");
  assert_false(f.has_data);
  run_f(&f.b, "return System.files.writeFile('/t','text')", "[]");
  assert_string_equal(f.params, "[\"/t\",null]");
  assert_true(f.has_data);
  assert_int_equal(f.data_len, 4);
  assert_memory_equal(f.data, "text", 4);
  run_f(&f.b, "return System.files.writeFile('/t',new Uint8Array([1,0,255]).subarray(1),'binary')", "[]");
  assert_string_equal(f.params, "[\"/t\",null,{\"encoding\":\"binary\"}]");
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

/* What writeFile hands over for an expression: bytes as hex. */
static void expect_data(fake *f, const char *arguments, const char *hex) {
  char code[256], found[130] = "";
  snprintf(code, sizeof code, "return System.files.writeFile('/t',%s)", arguments);
  run_f(&f->b, code, "[]");
  expect_result(&f->b, "");
  assert_true(f->has_data);
  assert_string_equal(f->method, "writeFile");
  for (size_t i = 0; i < f->data_len; i++) snprintf(found + 2 * i, 3, "%02x", (unsigned char)f->data[i]);
  assert_string_equal(found, hex);
  assert_null(strstr(f->params, "ab")); /* nothing of the bytes stands there, in no form */
}

static void bytes_are_handed_over_as_they_are(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  expect_data(&f, "Buffer.from([1,0xab,0])", "01ab00");
  expect_data(&f, "Buffer.from('xabcx').slice(1,4)", "616263");
  expect_data(&f, "new Uint8Array([1,2,3,4]).subarray(1,3),'utf8'", "0203");
  expect_data(&f, "new Uint16Array([1,0xabcd]),'binary'", "0100cdab");
  expect_data(&f, "new Float64Array([1,-0]).subarray(1)", "0000000000000080");
  expect_data(&f, "new DataView(Uint8Array.of(1,2,3,4,5).buffer,1,3)", "020304");
  expect_data(&f, "Uint8Array.of(9,8).buffer,{encoding:'base64'}", "0908");
  expect_data(&f, "Buffer.alloc(0)", "");
  expect_data(&f, "''", "");
  expect_data(&f, "'\\u00e9\\ud83d\\ude00\\ud83d'", "c3a9f09f9880efbfbd");
  expect_data(&f, "'abCD','hex'", "abcd");
  expect_data(&f, "'YWI=','base64'", "6162");
  expect_data(&f, "{a:[1]},'json'", "7b2261223a5b315d7d");
  expect_data(&f, "'x',{encoding:'json'}", "227822");
  expect_data(&f, "'x',{encoding:null}", "78");
  expect_data(&f, "'x',null", "78");
  bench_free(&f.b);
}

/* The call's promise is rejected with this, and the host was not asked. */
static void expect_refusal(fake *f, const char *call, const char *text) {
  char code[320];
  f->method[0] = 0;
  snprintf(code, sizeof code, "return System.files.%s.then(function(){return 'no'},function(e){return e.name+': '+e.message+(typeof e.stack)})", call);
  run_f(&f->b, code, "[]");
  expect_result(&f->b, text);
  assert_string_equal(f->method, "");
}

static void arguments_that_are_wrong_are_named(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  expect_refusal(&f, "readFile()", "\"TypeError: path must be a stringstring\"");
  expect_refusal(&f, "stat(5)", "\"TypeError: path must be a stringstring\"");
  expect_refusal(&f, "mkdir(new String('/x'))", "\"TypeError: path must be a stringstring\"");
  expect_refusal(&f, "unlink(Symbol('x'))", "\"TypeError: path must be a stringstring\"");
  expect_refusal(&f, "readdir(5)", "\"TypeError: path must be a stringstring\"");
  expect_refusal(&f, "copy('/a')", "\"TypeError: dstPath must be a stringstring\"");
  expect_refusal(&f, "readFile('/x',5)", "\"TypeError: options must be an object or the name of an encodingstring\"");
  expect_refusal(&f, "readFile('/x',function(){})", "\"TypeError: options must be an object or the name of an encodingstring\"");
  expect_refusal(&f, "readFile('/x',{encoding:5})", "\"TypeError: options.encoding must be a stringstring\"");
  expect_refusal(&f, "rmdir('/x','recursive')", "\"TypeError: options must be an objectstring\"");
  expect_refusal(&f, "writeFile('/x')", "\"TypeError: data must be a string, Buffer, typed array, DataView or ArrayBufferstring\"");
  expect_refusal(&f, "writeFile('/x',{a:1})", "\"TypeError: data must be a string, Buffer, typed array, DataView or ArrayBufferstring\"");
  expect_refusal(&f, "writeFile('/x','t','binary')", "\"TypeError: data must be bytes, as the encoding is binarystring\"");
  expect_refusal(&f, "writeFile('/x','abc','hex')", "\"InvalidEncodingError: data is not hexstring\"");
  expect_refusal(&f, "writeFile('/x','*','base64')", "\"InvalidEncodingError: data is not base64string\"");
  expect_refusal(&f, "writeFile('/x',undefined,'json')", "\"TypeError: data has no JSON textstring\"");
  expect_refusal(&f, "readFile('/x',{get encoding(){throw new RangeError('mine')}})", "\"RangeError: mine" "string\"");
  bench_free(&f.b);
}

static void arguments_are_looked_at_once(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  run_f(&f.b, "var n=0,o={get encoding(){n++;return 'utf8'},toJSON:function(){n+=100}};Object.prototype.toJSON=function(){n+=1000};"
              "Array.prototype.toJSON=String.prototype.toJSON=Object.prototype.toJSON;"
              "return System.files.readFile('/x',o).then(function(){return System.files.writeFile('/x','y',o)}).then(function(){"
              "delete Object.prototype.toJSON;delete Array.prototype.toJSON;delete String.prototype.toJSON;return n})", "[]");
  expect_result(&f.b, "2");
  run_f(&f.b, "var n=0,o={get recursive(){n++;return 1},get stat(){n+=10;return 0}};return System.files.readdir('/x',o).then(function(){return n})", "[]");
  expect_result(&f.b, "11");
  assert_string_equal(f.params, "[\"/x\",{\"recursive\":true}]");
  run_f(&f.b, "return System.files.readdir()", "[]");
  assert_string_equal(f.params, "[null]");
  run_f(&f.b, "return System.files.rmdir('/x',{recursive:true,stat:true,other:new Proxy({},{})})", "[]");
  assert_string_equal(f.params, "[\"/x\",{\"recursive\":true}]");
  run_f(&f.b, "return System.files.stat('/x',{timeout:5},3)", "[]");
  assert_string_equal(f.params, "[\"/x\"]");
  bench_free(&f.b);
}

static void arguments_may_use_files_themselves(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  run_f(&f.b, "return System.files.writeFile('/x',{toJSON(){System.files.writeFile('/y','yy');return 5}},'json')", "[]");
  assert_string_equal(f.params, "[\"/x\",null,{\"encoding\":\"json\"}]");
  assert_int_equal(f.data_len, 1);
  assert_memory_equal(f.data, "5", 1);
  run_f(&f.b, "return System.files.rmdir('/x',{get recursive(){System.files.stat('/y');return true}})", "[]");
  assert_string_equal(f.params, "[\"/x\",{\"recursive\":true}]");
  run_f(&f.b, "return System.files.readFile('/x',{get encoding(){System.files.mkdir('/y');return 'hex'}})", "[]");
  assert_string_equal(f.params, "[\"/x\",{\"encoding\":\"hex\"}]");
  bench_free(&f.b);
}

/* The parameters that a call leads to. */
static void expect_params(fake *f, const char *call, const char *params) {
  char code[320];
  snprintf(code, sizeof code, "return System.files.%s", call);
  run_f(&f->b, code, "[]");
  expect_result(&f->b, "");
  assert_string_equal(f->params, params);
}

static void options_are_normalised(void **state) {
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  expect_params(&f, "getInfo()", "[]");
  expect_params(&f, "getInfo(null)", "[]");
  expect_params(&f, "getInfo({})", "[]");
  expect_params(&f, "getInfo({version:3,limit:1})", "[{\"version\":3}]");
  expect_params(&f, "stat('/x',{version:0})", "[\"/x\",{\"version\":0}]");
  expect_params(&f, "stat('/x',{version:-0})", "[\"/x\",{\"version\":0}]");
  expect_params(&f, "stat('/x',{version:null})", "[\"/x\"]");
  expect_params(&f, "stat('/x',[])", "[\"/x\"]");
  expect_params(&f, "readFile('/x','hex')", "[\"/x\",{\"encoding\":\"hex\"}]");
  expect_params(&f, "readFile('/x','nope')", "[\"/x\",{\"encoding\":\"nope\"}]"); /* the host says no */
  expect_params(&f, "readFile('/x',{version:9007199254740991,offset:1e3,length:4294967296,encoding:'hex',recursive:true})",
                "[\"/x\",{\"encoding\":\"hex\",\"length\":4294967296,\"offset\":1000,\"version\":9007199254740991}]");
  expect_params(&f, "readdir('/x',{version:1,stat:'yes',recursive:1,limit:0,after:'\\ud800\"'})",
                "[\"/x\",{\"after\":\"\\ud800\\\"\",\"limit\":0,\"recursive\":true,\"stat\":true,\"version\":1}]");
  expect_params(&f, "readdir(undefined,{stat:false,recursive:0,after:''})", "[null,{\"after\":\"\"}]");
  expect_params(&f, "history()", "[null]");
  expect_params(&f, "history('/x')", "[\"/x\"]");
  expect_params(&f, "history(null,{reverse:true})", "[null,{\"reverse\":true}]");
  expect_params(&f, "history({version:9,start:1,end:5,reverse:[],limit:2},5)",
                "[null,{\"end\":5,\"limit\":2,\"reverse\":true,\"start\":1,\"version\":9}]");
  expect_params(&f, "history({},{limit:2})", "[null]");
  expect_params(&f, "history('/x',{end:2})", "[\"/x\",{\"end\":2}]");
  expect_params(&f, "rmdir('/x',{version:1})", "[\"/x\"]");
  expect_params(&f, "mkdir('/x',{version:1})", "[\"/x\"]");
  expect_params(&f, "copy('/x','/y',{version:1})", "[\"/x\",\"/y\"]");
  expect_params(&f, "rename('/x','')", "[\"/x\",\"\"]");
  expect_params(&f, "writeFile('/x','y',{encoding:'utf8',version:1})", "[\"/x\",null,{\"encoding\":\"utf8\"}]");
  bench_free(&f.b);
}

static void options_that_are_wrong_are_named(void **state) {
  static const struct { const char *call, *name; } numbers[] = {
    { "stat('/x',{version:%s})", "version" }, { "getInfo({version:%s})", "version" },     { "readFile('/x',{offset:%s})", "offset" },
    { "readFile('/x',{length:%s})", "length" }, { "readdir('/x',{limit:%s})", "limit" },  { "history({start:%s})", "start" },
    { "history('/x',{end:%s})", "end" },
  };
  static const char *const values[] = { "-1", "1.5", "NaN", "Infinity", "9007199254740992", "'1'", "true", "{}", "[1]", "new Number(1)", "{valueOf(){return 1}}", "Symbol()" };
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    for (size_t n = i % 3; n < sizeof values / sizeof values[0]; n += i == 0 ? 1 : 3) {
      char call[128], text[128];
      const char *at = strstr(numbers[i].call, "%s");
      snprintf(call, sizeof call, "%.*s%s%s", (int)(at - numbers[i].call), numbers[i].call, values[n], at + 2);
      snprintf(text, sizeof text, "\"TypeError: options.%s must be a whole number from 0 to 2^53-1string\"", numbers[i].name);
      expect_refusal(&f, call, text);
    }
  expect_refusal(&f, "readdir('/x',{after:5})", "\"TypeError: options.after must be a stringstring\"");
  expect_refusal(&f, "readdir('/x',{after:Symbol('a')})", "\"TypeError: options.after must be a stringstring\"");
  expect_refusal(&f, "readdir({})", "\"TypeError: path must be a stringstring\"");
  expect_refusal(&f, "history(5)", "\"TypeError: path must be a stringstring\"");
  expect_refusal(&f, "history(function(){})", "\"TypeError: path must be a stringstring\"");
  expect_refusal(&f, "history('/x','y')", "\"TypeError: options must be an objectstring\"");
  expect_refusal(&f, "getInfo('x')", "\"TypeError: options must be an objectstring\"");
  expect_refusal(&f, "getInfo(function(){})", "\"TypeError: options must be an objectstring\"");
  bench_free(&f.b);
}

static void options_are_looked_at_once_in_the_order_of_their_names(void **state) {
  static const char watch[] = "var seen=[],o=new Proxy({},{get:function(t,k){seen.push(k)},has:function(){throw 1},ownKeys:function(){throw 2}});";
  static const struct { const char *call, *seen; } cases[] = {
    { "getInfo(o)", "[\"version\"]" }, { "stat('/x',o)", "[\"version\"]" }, { "mkdir('/x',o)", "[]" }, { "rmdir('/x',o)", "[\"recursive\"]" },
    { "readFile('/x',o)", "[\"encoding\",\"length\",\"offset\",\"version\"]" },
    { "readdir('/x',o)", "[\"after\",\"limit\",\"recursive\",\"stat\",\"version\"]" },
    { "history(o)", "[\"end\",\"limit\",\"reverse\",\"start\",\"version\"]" },
    { "writeFile('/x','y',o)", "[\"encoding\"]" }, { "copy('/x','/y',o)", "[]" },
  };
  fake f;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char code[400];
    snprintf(code, sizeof code, "%sreturn System.files.%s.then(function(){return seen})", watch, cases[i].call);
    run_f(&f.b, code, "[]");
    expect_result(&f.b, cases[i].seen);
  }
  bench_free(&f.b);
}

static void work_is_charged_and_bounded_by_the_steps_that_are_left(void **state) {
  fake f;
  uint64_t steps;
  (void)state;
  fake_init(&f, VMS_FILE_UNDEFINED, "");
  run_f(&f.b, "return System.files.stat('/x')", "[]");
  steps = f.b.outcome.steps;
  f.work = 1234;
  run_f(&f.b, "return System.files.stat('/x')", "[]");
  expect_result(&f.b, "");
  assert_int_equal(f.b.outcome.steps, steps + 123400);
  f.b.call.steps_max = 100000;
  assert_in_range(f.work_max, 90000, 100000); /* of ten million steps */
  f.work = f.work_max + 1;
  f.kind = VMS_FILE_ERROR; /* whatever the host says to that */
  f.error_name = "RangeError";
  run_f(&f.b, "return System.files.stat('/x').catch(function(){return 1})", "[]");
  expect_abort(&f.b, "steps");
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
  run_f(&f.b, "return System.files.readFile('/x').then(function(v){return [v instanceof Uint8Array,Buffer.isBuffer(v),v.length,v[1],v.buffer.byteLength]})", "[]");
  expect_result(&f.b, "[true,true,2,255,2]");
  run_f(&f.b, "delete globalThis.Buffer;Uint8Array.prototype.constructor=globalThis.Uint8Array=null;return System.files.readFile('/x').then(function(v){return v.toString('hex')})", "[]");
  expect_result(&f.b, "\"01ff\"");
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

/* The heap and the buffers beside it fail alike, one allocation after the other. */
static void every_allocation_may_fail(void **state) {
  static const char code[] =
      "exports.f=function(){var f=System.files;return f.writeFile('/x',{a:[1]},{encoding:'json'}).then(function(){"
      "return f.writeFile('/x','YWI=','base64')}).then(function(){return f.readdir('/x',{after:'a',limit:2,recursive:true})}).then(function(){"
      "return f.history({reverse:true,start:1})}).then(function(){return f.copy('/a','/b')})};";
  sim_memory memory;
  fake f;
  bool done = false;
  (void)state;
  sim_memory_init(&memory);
  for (uint64_t fail = 1; !done; fail++) {
    assert_true(fail < 3000);
    fake_init(&f, VMS_FILE_JSON, "[1,{\"a\":\"b\"}]");
    f.b.options.env = &memory.env;
    bench_started(&f.b, code);
    memory.calls = 0;
    memory.fail_at = fail;
    bench_call(&f.b, "f", "[]");
    memory.fail_at = 0;
    done = f.b.status == VMS_OK && f.b.outcome.kind == VMS_SANDBOX_RESULT;
    if (!done && f.b.status != VMS_ERR_NOMEM) assert_true(f.b.status == VMS_OK && f.b.outcome.kind == VMS_SANDBOX_ABORTED);
    bench_free(&f.b);
    assert_int_equal(memory.live, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(requests_carry_the_arguments),
    cmocka_unit_test(bytes_are_handed_over_as_they_are),
    cmocka_unit_test(arguments_that_are_wrong_are_named),
    cmocka_unit_test(arguments_are_looked_at_once),
    cmocka_unit_test(arguments_may_use_files_themselves),
    cmocka_unit_test(options_are_normalised),
    cmocka_unit_test(options_that_are_wrong_are_named),
    cmocka_unit_test(options_are_looked_at_once_in_the_order_of_their_names),
    cmocka_unit_test(work_is_charged_and_bounded_by_the_steps_that_are_left),
    cmocka_unit_test(replies_become_values_and_errors),
    cmocka_unit_test(the_limit_of_files_cannot_be_caught),
    cmocka_unit_test(a_failure_of_the_machinery_ends_the_call_with_its_status),
    cmocka_unit_test(every_allocation_may_fail),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
