# SPDX-License-Identifier: MIT
"""JSON-RPC 2.0 to the letter: the examples of its specification, ids, batches, notifications, and JSON that is none (RFC 8259)."""
import json
from cases import case
from wire import check, equal, request, short, text

PARSE, INVALID, NO_METHOD, PARAMS = -32700, -32600, -32601, -32602


def code_of(answer):
    check(isinstance(answer, dict) and "error" in answer, f"expected an error, found {short(answer)}")
    check(isinstance(answer["error"].get("message"), str) and "result" not in answer, f"this is no error: {short(answer)}")
    equal(answer.get("jsonrpc"), "2.0", "jsonrpc")
    return answer["error"]["code"]


def simplified(answer):
    """An answer with the texts of its errors left out: the specification's are other ones."""
    if isinstance(answer, list):
        return sorted((simplified(each) for each in answer), key=lambda each: json.dumps(each, sort_keys=True))
    return {**answer, "error": code_of(answer)} if "error" in answer else answer


def example(name, sent, expected):
    """expected None: nothing comes back."""
    @case(f"the example of the specification: {name}")
    def answered(bench):
        ws = bench.ws().say(sent)
        if expected is None:
            ws.expect_silence(0.5)
            ws.expect_alive()
        else:
            equal(simplified(ws.json()), simplified(json.loads(expected)), "the answer")


# --- section 7 of the specification; the parameters of a contract's methods go by position, so those by name are refused ---------

example("positional parameters", '{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}', '{"jsonrpc": "2.0", "result": 19, "id": 1}')
example("positional parameters, the other way round", '{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}',
        '{"jsonrpc": "2.0", "result": -19, "id": 2}')
example("named parameters, which a contract does not have",
        '{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}',
        '{"jsonrpc": "2.0", "error": {"code": -32602, "message": ""}, "id": 3}')
example("a notification", '{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}', None)
example("a notification of a method that there is not", '{"jsonrpc": "2.0", "method": "foobar"}', None)
example("a method that there is not", '{"jsonrpc": "2.0", "method": "foobar", "id": "1"}',
        '{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}')
example("invalid JSON", '{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]',
        '{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}')
example("an invalid request", '{"jsonrpc": "2.0", "method": 1, "params": "bar"}',
        '{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}')
example("a batch of invalid JSON", '[{"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},{"jsonrpc": "2.0", "method"]',
        '{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}')
example("an empty batch", '[]', '{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}')
example("an invalid batch that is not empty", '[1]', '[{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}]')
example("an invalid batch", '[1,2,3]', json.dumps([{"jsonrpc": "2.0", "error": {"code": -32600, "message": ""}, "id": None}] * 3))
example("a batch of everything", """[
    {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
    {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
    {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
    {"foo": "boo"},
    {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
    {"jsonrpc": "2.0", "method": "get_data", "id": "9"} ]""", """[
    {"jsonrpc": "2.0", "result": 7, "id": "1"},
    {"jsonrpc": "2.0", "result": 19, "id": "2"},
    {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
    {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
    {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"} ]""")
example("a batch of notifications", """[ {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
    {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]} ]""", None)

# --- ids -----------------------------------------------------------------------------------------------------------------

for id in ('0', '-0', '-1', '1', '1.5', '-1.5e300', '1E2', '9007199254740993', '123456789012345678901234567890', '1e999', 'null', '""', '"a"', '"1"',
           '"\\u0041\\n\\"\\\\"', '"\\ud83d\\ude00"', '"😀"', '"' + "x" * 1000 + '"', '"\\u0000"', '"\\ud800"'):
    @case(f"the id {id if len(id) < 50 else id[:8] + '…'} comes back as the text that it was")
    def echoed(bench, id=id):
        for method in ("vms.head", "same", "vms.none"):
            ws = bench.ws().say('{"jsonrpc":"2.0","method":"%s","id":%s}' % (method, id))
            opcode, payload = ws.message()
            check(b'"id":%s,' % id.encode() in payload or b'"id":%s}' % id.encode() in payload, f"the answer: {short(payload)}")

for id in ('true', 'false', '{}', '[]', '[1]', '{"a":1}'):
    @case(f"the id {id} makes a request invalid")
    def bad_id(bench, id=id):
        answer = bench.ws().ask('{"jsonrpc":"2.0","method":"vms.head","id":%s}' % id)
        equal((code_of(answer), answer["id"]), (INVALID, None), "code and id")

# --- members -------------------------------------------------------------------------------------------------------------

INVALIDS = {
    "that is a number": "1", "that is a string": '"vms.head"', "that is true": "true", "that is null": "null", "that is an empty object": "{}",
    "without jsonrpc": '{"method":"vms.head","id":1}', "of version 1.0": '{"jsonrpc":"1.0","method":"vms.head","id":1}',
    "of version 2": '{"jsonrpc":2,"method":"vms.head","id":1}', "of version 2.0 as a number": '{"jsonrpc":2.0,"method":"vms.head","id":1}',
    "of version 2.00": '{"jsonrpc":"2.00","method":"vms.head","id":1}', "with a version null": '{"jsonrpc":null,"method":"vms.head","id":1}',
    "without method": '{"jsonrpc":"2.0","id":1}', "with a method null": '{"jsonrpc":"2.0","method":null,"id":1}',
    "with a method in an array": '{"jsonrpc":"2.0","method":["vms.head"],"id":1}', "with a method true": '{"jsonrpc":"2.0","method":true,"id":1}',
    "with params that are a number": '{"jsonrpc":"2.0","method":"vms.head","params":1,"id":1}',
    "with params that are a string": '{"jsonrpc":"2.0","method":"vms.head","params":"x","id":1}',
    "with params true": '{"jsonrpc":"2.0","method":"vms.head","params":true,"id":1}',
    "that is an answer": '{"jsonrpc":"2.0","result":1,"id":1}', "that is an error": '{"jsonrpc":"2.0","error":{"code":1,"message":"x"},"id":1}',
    "whose member names are in capitals": '{"JSONRPC":"2.0","METHOD":"vms.head","ID":1}',
}
for what, sent in INVALIDS.items():
    @case(f"a request {what} is invalid")
    def invalid(bench, sent=sent):
        equal(code_of(bench.ws().ask(sent)), INVALID, "code")

    @case(f"a request {what} is invalid in a batch, and only it")
    def invalid_in_batch(bench, sent=sent):
        answers = bench.ws().ask(f'[{request("vms.head", id="good")},{sent}]')
        equal(sorted(code_of(each) if "error" in each else 0 for each in answers), [INVALID, 0], "codes")


@case("params null are none, as clients of NodeVMS send them")
def null_params(bench):
    equal(bench.ws().ask('{"jsonrpc":"2.0","method":"vms.head","params":null,"id":1}')["result"]["fork"], 0, "fork")


@case("an invalid request with a good id is answered with that id or null")
def invalid_id(bench):
    for sent in ('{"jsonrpc":"1.0","method":"vms.head","id":"mine"}', '{"jsonrpc":"2.0","id":"mine"}'):
        check(bench.ws().ask(sent)["id"] in ("mine", None), "the id")


@case("a method that is an empty string is a method that there is not")
def empty_method(bench):
    equal(code_of(bench.ws().ask(request(""))), NO_METHOD, "code")


@case("of members with the same name the last one counts")
def duplicates(bench):
    ws = bench.ws()
    equal(ws.ask('{"jsonrpc":"1.0","jsonrpc":"2.0","method":"boom","method":"same","params":[1],"params":[2],"id":3,"id":4}'),
          {"jsonrpc": "2.0", "id": 4, "result": 2}, "the answer")
    equal(code_of(ws.ask('{"jsonrpc":"2.0","method":"same","jsonrpc":"1.0","id":3}')), INVALID, "code")


@case("members that nobody knows are passed over")
def unknown_members(bench):
    equal(bench.ws().ask(request("same", [1], extra={"a": [1]}, result=5, error=None))["result"], 1, "the result")


@case("the order of members does not matter")
def order(bench):
    equal(bench.ws().ask('{"params":[[]],"id":"x","method":"same","jsonrpc":"2.0"}'), {"jsonrpc": "2.0", "id": "x", "result": []}, "the answer")


@case("a member's name and a method may be written with escapes")
def escapes(bench):
    equal(bench.ws().ask('{"jsonrpc":"2.0","method":"\\u0073ame","params":[5],"id":1}').get("result"), 5, "the result")


@case("a method with a name beyond ASCII can be called")
def beyond_ascii(bench):
    equal(bench.ws().call("naïve"), "ok", "the result")


for method in ("constructor", "__proto__", "toString", "hasOwnProperty", "init", "same\0", " same", "Same", "same ", "exports.same", "rpc.none", "vms.none", "files.none", ".", "x" * 10000):
    @case(f"there is no method {method[:20]!r}")
    def no_method(bench, method=method):
        equal(code_of(bench.ws().ask(request(method, []))), NO_METHOD, "code")


@case("an answer has exactly the members of the specification")
def members(bench):
    ws = bench.ws()
    equal(sorted(ws.ask(request("same", [1]))), ["id", "jsonrpc", "result"], "members of a result")
    error = ws.ask(request("vms.none"))
    equal(sorted(error), ["error", "id", "jsonrpc"], "members of an error")
    check(set(error["error"]) <= {"code", "message", "data"}, "members of the error's object")
    check(type(error["error"]["code"]) is int, "a code that is no whole number")


@case("a method that gives undefined is answered with null")
def undefined(bench):
    equal(bench.ws().ask(request("nothing")), {"jsonrpc": "2.0", "id": 1, "result": None}, "the answer")


@case("a contract that throws is answered with code 1, its name, its message and the record's number")
def throws(bench):
    error = bench.ws().ask(request("boom"))["error"]
    equal((error["code"], error["message"], error["data"]["name"], error["data"]["message"]), (1, 'say "no"', "TypeError", 'say "no"'), "the error")
    check(type(error["data"]["seq"]) is int, "no number of the record")


@case("a call that meets a limit is answered with code 2 and the limit's name")
def aborted(bench):
    error = bench.ws(host=bench.hosts["aborts"]).ask(request("spin"))["error"]
    equal((error["code"], error["data"]["name"]), (2, "steps"), "code and name")


# --- notifications -------------------------------------------------------------------------------------------------------

@case("a notification of a call runs it, once")
def notification_runs(bench):
    ws = bench.ws().say(request("bump", ["notified"], ...))
    equal(ws.call("count", ["notified"]), 1, "calls that ran")
    ws.expect_silence()


@case("a request with id null is answered")
def null_is_no_notification(bench):
    equal(bench.ws().ask(request("same", [1], None)), {"jsonrpc": "2.0", "id": None, "result": 1}, "the answer")


for what, sent in (("that throws", request("boom", id=...)), ("of a method that there is not", request("none", id=...)), ("with bad parameters", request("vms.head", {"x": 1}, ...)),
                   ("of a method that reads", request("vms.info", id=...)), ("of vms.call without parameters", request("vms.call", id=...)),
                   ("with named parameters", request("same", {"a": 1}, ...))):
    @case(f"a notification {what} is not answered")
    def not_answered(bench, sent=sent):
        ws = bench.ws().say(sent)
        ws.expect_silence(0.4)
        ws.expect_alive()


# --- batches -------------------------------------------------------------------------------------------------------------

@case("a batch of calls runs in its order, and its answers are in one message")
def batch(bench):
    answers = bench.ws().ask("[" + ",".join(request("bump", ["batch"], i) for i in range(50)) + "]")
    equal({each["id"]: each["result"] for each in answers}, {i: i + 1 for i in range(50)}, "results")


@case("a batch of one is answered with an array of one")
def batch_of_one(bench):
    equal(bench.ws().ask(f"[{request('same', [1])}]"), [{"jsonrpc": "2.0", "id": 1, "result": 1}], "the answer")


@case("a batch of a notification and a request is answered with an array of one")
def batch_mixed(bench):
    equal(bench.ws().ask(f"[{request('nothing', id=...)},{request('same', [1])}]"), [{"jsonrpc": "2.0", "id": 1, "result": 1}], "the answer")


@case("a batch inside a batch is invalid, and does not run")
def nested_batch(bench):
    ws = bench.ws()
    equal([code_of(each) for each in ws.ask(f"[[{request('bump', ['nested'])}]]")], [INVALID], "codes")
    equal(ws.call("count", ["nested"]), None, "calls that ran")


@case("ids that come twice in a batch are answered twice")
def same_ids(bench):
    answers = bench.ws().ask(f"[{request('same', [1], 5)},{request('same', [2], 5)}]")
    equal(sorted(each["result"] for each in answers), [1, 2], "results")


@case("a batch of a thousand notifications is not answered, and all of them run")
def many_notifications(bench):
    ws = bench.ws().say("[" + ",".join([request("bump", ["many"], ...)] * 1000) + "]")
    equal(ws.call("count", ["many"]), 1000, "calls that ran")


@case("a batch with blanks everywhere is answered")
def blanks(bench):
    equal(bench.ws().ask(' \t\r\n[ \n{ "jsonrpc" : "2.0" ,\r\n "method"\t: "same" , "params" : [ 1 ] , "id" : 1 } \n] \n'),
          [{"jsonrpc": "2.0", "id": 1, "result": 1}], "the answer")


@case("requests of one connection run in the order in which they came")
def in_order(bench):
    ws = bench.ws().send(b"".join(text(request("bump", ["ordered"], i)) for i in range(100)))
    equal({answer["id"]: answer["result"] for answer in (ws.json() for _ in range(100))}, {i: i + 1 for i in range(100)}, "results")


# --- JSON ----------------------------------------------------------------------------------------------------------------

NO_JSON = {
    "nothing": "", "a blank": " ", "a byte order mark": "\ufeff" + request("vms.head"), "a lone brace": "{", "a lone bracket": "[", "a word": "hello",
    "something behind the text": request("vms.head") + "x", "a second text behind it": request("vms.head") * 2, "a comma behind it": request("vms.head") + ",",
    "a NUL behind it": request("vms.head") + "\0", "a NUL before it": "\0" + request("vms.head"),
    "a comma too many": '{"jsonrpc":"2.0","method":"vms.head","id":1,}', "a comma too many in an array": '[1,]', "a comma too few": '{"jsonrpc":"2.0" "method":"x"}',
    "single quotes": "{'jsonrpc':'2.0'}", "names without quotes": '{jsonrpc:"2.0"}', "a comment": '{"jsonrpc":"2.0"/**/}', "NaN": "[NaN]", "Infinity": "[-Infinity]",
    "a number with a plus": "[+1]", "a number with a leading zero": "[01]", "a number that ends with a dot": "[1.]", "a number that begins with a dot": "[.1]",
    "a number in hex": "[0x10]", "an exponent without digits": "[1e]", "a lone minus": "[-]", "True": "[True]", "a cut word": "[tru]", "undefined": "[undefined]",
    "a control character in a string": '["\n"]', "U+0001 in a string": '["\x01"]', "a tab in a string": '["\t"]', "an unknown escape": '["\\x41"]',
    "half an escape": '["\\u00"]', "an escape of no hex": '["\\u00g0"]', "a string without end": '["abc', "a backslash at the end": '["abc\\', "a no-break space": "\u00a0[1]",
    "a line separator": "\u2028[1]", "a form feed": "\f[1]", "brackets that do not match": "[{]}", "a name that is a number": '{1:2}', "a colon too many": '{"a"::1}',
    "a value without name": '{"a"}', "a closing bracket": "]",
}
for what, sent in NO_JSON.items():
    @case(f"a text with {what} is a parse error" if what not in ("nothing", "a blank", "a word", "a lone brace", "a lone bracket", "a closing bracket") else f"{what} as a text is a parse error")
    def no_json(bench, sent=sent):
        ws = bench.ws()
        answer = ws.ask(sent)
        equal((code_of(answer), answer["id"]), (PARSE, None), "code and id")
        ws.expect_alive()

VALUES = ('0', '-0', '1', '-1', '1.5', '1e3', '1E+3', '1e-3', '123456789', '9007199254740991', 'true', 'false', 'null', '""', '"a"', '[]', '{}', '[[],{}]',
          '{"a":{"b":[1,2,{"c":null}]}}', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u0000"', '"\\u2028"', '"\\ud83d\\ude00"', '"\\uD83D\\uDE00"', '{"__proto__":1}', '{"":0}')
for value in VALUES:
    @case(f"the value {value} arrives and comes back")
    def value_back(bench, value=value):
        equal(bench.ws().ask('{"jsonrpc":"2.0","method":"same","params":[%s],"id":1}' % value).get("result"), json.loads(value), "the value")

for what, sent, codes in (("a high one", "\\ud800", [0xd800]), ("a low one", "\\udc00", [0xdc00]), ("two in the wrong order", "\\udc00\\ud800", [0xdc00, 0xd800]),
                          ("a high one before a letter", "\\ud800a", [0xd800, 0x61]), ("two high ones", "\\ud83d\\ud83d\\ude00", [0xd83d, 0x1f600])):
    @case(f"lone surrogates in escapes ({what}) arrive as they are, and come back in escapes")
    def surrogates(bench, sent=sent, codes=codes):
        ws = bench.ws()
        equal(ws.ask('{"jsonrpc":"2.0","method":"codes","params":["%s"],"id":1}' % sent).get("result"), codes, "the characters")
        equal(ws.ask('{"jsonrpc":"2.0","method":"same","params":["%s"],"id":1}' % sent).get("result"), json.loads(f'"{sent}"'), "the text")


@case("U+0000 in a string does not end it")
def nul(bench):
    equal(bench.ws().call("codes", ["a\0b\0"]), [97, 0, 98, 0], "the characters")


@case("a method with U+0000 behind its name is another one")
def nul_in_method(bench):
    equal(code_of(bench.ws().ask('{"jsonrpc":"2.0","method":"same\\u0000","id":1}')), NO_METHOD, "code")


@case("a string of a megabyte arrives whole")
def megabyte(bench):
    equal(bench.ws().call("length", ["x" * 1000000]), 1000000, "the length")


@case("messages of an error hold no control character, whatever was sent")
def no_controls(bench):
    for method in ("\x1b[31m", "a\x00b", "\u009b31m", "x\ny"):
        message = bench.ws().ask(request(method, []))["error"]["message"]
        check(not any(ord(c) < 32 or 0x7f <= ord(c) < 0xa0 for c in message), f"the message: {short(message)}")
