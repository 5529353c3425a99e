# SPDX-License-Identifier: MIT
"""JSON-RPC over HTTP POST (RFC 9110, 9112): one text in a body, its answer in the body of the answer; nothing can be smuggled past it."""
import socket, struct, time
from cases import case
from limits import TEN_SECONDS
from wire import check, equal, post, request, short, upgrade, wait_until

CALL = request("same", ["x"], 7)
ANSWER = {"jsonrpc": "2.0", "id": 7, "result": "x"}
BODY_MAX = 2 << 20


def chunked(body, sizes=(5,), end=b"0\r\n\r\n"):
    """A body in chunks, whose sizes take turns."""
    out, at, i = b"", 0, 0
    while at < len(body):
        piece = body[at:at + sizes[i % len(sizes)]]
        out, at, i = out + b"%x\r\n" % len(piece) + piece + b"\r\n", at + len(piece), i + 1
    return out + end


CHUNKS = [("Content-Length", None), ("Transfer-Encoding", "chunked")]


def refused(name, status, data, ends=True):
    wanted = status if isinstance(status, tuple) else (status,)

    @case(f"a POST {name} is answered with {' or '.join(map(str, wanted))}")
    def answered(bench):
        http = bench.http().send(data)
        answer = http.answer()
        check(answer.status in wanted, f"status: expected {wanted}, found {answer.status} {short(answer.body)}")
        if ends:
            http.stop_sending().expect_end()


# --- what is answered ----------------------------------------------------------------------------------------------------

@case("a POST of a call is answered with 200, JSON and its length")
def called(bench):
    answer = bench.http().post(CALL).answer()
    equal((answer.status, answer.json()), (200, ANSWER), "status and body")
    check((answer.header("content-type") or "").split(";")[0] == "application/json", f"Content-Type: {answer.header('content-type')}")


@case("the answer of a POST may not be kept by caches and not be taken for a page")
def not_cached(bench):
    answer = bench.http().post(CALL).answer()
    check("no-store" in (answer.header("cache-control") or ""), f"Cache-Control: {answer.header('cache-control')}")
    equal(answer.header("x-content-type-options"), "nosniff", "X-Content-Type-Options")


@case("a POST byte by byte is answered")
def dripped(bench):
    data = CALL.encode()
    equal(bench.http().drip(post(data) + data).answer().json(), ANSWER, "the answer")


@case("a POST cut at every place is answered")
def cut(bench):
    data = post(CALL.encode()) + CALL.encode()
    http = bench.http()
    for at in range(1, len(data), 5):
        http.send(data[:at])
        time.sleep(0.002)
        equal(http.send(data[at:]).answer().json(), ANSWER, f"the answer, cut at {at}")


@case("a POST of a batch is answered with an array")
def batch(bench):
    answers = bench.http().post(f"[{request('same', [1], 1)},{request('nothing', id=...)},{request('same', [2], 2)}]").answer().json()
    equal({each["id"]: each["result"] for each in answers}, {1: 1, 2: 2}, "results")


@case("a POST of a notification runs it, and is answered with 202 or 204 without a body")
def notification(bench):
    http = bench.http()
    answer = http.post(request("bump", ["posted"], ...)).answer()
    check(answer.status in (202, 204) and answer.body == b"", f"status {answer.status}, body {short(answer.body)}")
    equal(http.call("count", ["posted"])["result"], 1, "calls that ran")


@case("a POST of a batch of notifications is answered without a body")
def notifications(bench):
    answer = bench.http().post("[" + ",".join([request("bump", ["posts"], ...)] * 3) + "]").answer()
    check(answer.status in (202, 204) and answer.body == b"", f"status {answer.status}, body {short(answer.body)}")


@case("errors of JSON-RPC come with a JSON-RPC answer")
def errors(bench):
    for sent, code, id in (("{", -32700, None), ("", -32700, None), ("\ufeff{}", -32700, None), ("{}", -32600, None), ("[]", -32600, None),
                           (request("none"), -32601, 1), (request("vms.head", [1, 2]), -32602, 1), (request("boom"), 1, 1), (request("spin"), 2, 1)):
        answer = bench.http(host=bench.hosts["aborts"]).post(sent).answer()
        check(answer.status in (200, 400), f"status {answer.status} for {sent}")
        equal((answer.json()["error"]["code"], answer.json()["id"]), (code, id), f"code and id for {sent}")


@case("a body that is no UTF-8 is a parse error, or refused")
def no_utf8(bench):
    for bad in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"):
        answer = bench.http().post(b'{"jsonrpc":"2.0","id":1,"method":"same","params":["' + bad + b'"]}').answer()
        check(answer.status == 400 or answer.json()["error"]["code"] == -32700, f"status {answer.status}: {short(answer.body)}")


@case("UTF-8 in a body arrives, and comes back")
def in_utf8(bench):
    equal(bench.http().call("same", ["naïve 😀"])["result"], "naïve 😀", "the text")


@case("a POST at an unknown path is answered with 404 and a JSON-RPC error")
def unknown_path(bench):
    answer = bench.http().post(CALL, path="/nowhere").answer()
    equal((answer.status, answer.json()["error"]["code"]), (404, -32006), "status and code")


@case("vms.call works by POST, with a receipt if it is asked for")
def signed(bench):
    from methods import Caller
    caller = Caller(bench, bench.http())
    answer = caller.call("same", ["posted"])
    equal(answer["result"], "posted", "the result")
    answer = caller.call("same", ["again"], receipt=True)
    equal(answer["receipt"]["seq"], answer["seq"], "seq of the receipt")


@case("who hangs up once a POST of notifications is answered has had them run")
def hung_up(bench):
    from methods import Caller
    callers, sent = [], []
    for _ in range(16):  # whose signatures are checked meanwhile
        callers.append(Caller(bench, bench.http()))
        sent.append(request("vms.call", callers[-1].sealed(callers[-1].text("bump", ["hung up"])), ...))
    for each, data in zip(callers, sent):
        each.connection.post(data)
    for each in callers:
        equal(each.connection.answer().status, 204, "status")
        each.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        each.connection.end()
    equal(bench.ws().call("count", ["hung up"]), len(callers), "calls that ran")


@case("vms.subscribe is not to be had by POST")
def no_subscribe(bench):
    answer = bench.http().post(request("vms.subscribe")).answer().json()
    check("error" in answer, f"the answer: {short(answer)}")


for kind in ("application/json", "application/json; charset=utf-8", "APPLICATION/JSON", "application/json-rpc", "text/plain", "application/x-www-form-urlencoded", None):
    @case(f"a POST with Content-Type {kind} is answered, or refused with 415")
    def content_type(bench, kind=kind):
        answer = bench.http().post(CALL, headers=[("Content-Type", kind)]).answer()
        check(answer.status == 415 or answer.json() == ANSWER, f"status {answer.status}: {short(answer.body)}")


# --- one connection ------------------------------------------------------------------------------------------------------

@case("a hundred POSTs on one connection are answered")
def keep_alive(bench):
    http = bench.http()
    for i in range(100):
        equal(http.call("vms.head", id=i)["id"], i, "id of the answer")


@case("POSTs that do not wait for each other are answered in their order")
def pipelined(bench):
    http = bench.http()
    http.send(b"".join(post(data) + data for data in (request("bump", ["pipelined"], i).encode() for i in range(100))))
    for i in range(100):
        equal(http.answer().json(), {"jsonrpc": "2.0", "id": i, "result": i + 1}, "an answer")


@case("a call and a reading method that do not wait for each other are answered in their order")
def pipelined_kinds(bench):
    http = bench.http()
    for i in range(20):
        data = request("same" if i % 2 == 0 else "vms.head", ["ledger"] if i % 2 else [i], i).encode()
        http.send(post(data) + data)
    for i in range(20):
        equal(http.answer().json()["id"], i, "id of an answer")


@case("Connection: close is answered, and then the connection ends")
def connection_close(bench):
    for value in ("close", "Close", "keep-alive, close"):
        http = bench.http().post(CALL, headers=[("Connection", value)])
        answer = http.answer()
        equal(answer.json(), ANSWER, "the answer")
        equal((answer.header("connection") or "").lower(), "close", "Connection")
        http.expect_end()


@case("what is pipelined behind Connection: close does not run")
def behind_close(bench):
    name = "behind Connection: close"
    data = request("bump", [name])
    http = bench.http().post(CALL, headers=[("Connection", "close")]).post(data)
    equal(http.answer().json(), ANSWER, "the answer")
    http.expect_end()
    equal(bench.ws().call("count", [name]), None, "calls that ran")


@case("a connection may be upgraded after POSTs, or is told that it may not")
def upgraded_later(bench):
    http = bench.http()
    http.call("vms.head")
    check(http.send(upgrade()).answer().status in (101, 400), "the status")


@case("empty lines before a request are passed over")
def empty_lines(bench):
    equal(bench.http().send(b"\r\n\r\n").post(CALL).answer().json(), ANSWER, "the answer")


@case("who sends all and closes its half is answered, or sees the connection end")
def half_closed(bench):
    http = bench.http().post(CALL).stop_sending()
    if http.more():
        equal(http.answer().json(), ANSWER, "the answer")
    http.expect_end()


@case("a POST whose caller is gone runs all the same, and hurts nobody")
def gone(bench):
    name = "gone"
    for _ in range(5):
        bench.http().post(request("bump", [name])).end()
    ws = bench.ws()
    wait_until(lambda: ws.call("count", [name]) is not None, "one of them runs")
    check(ws.call("count", [name]) <= 5, "calls that ran")


# --- bodies --------------------------------------------------------------------------------------------------------------

for length in (BODY_MAX - 1, BODY_MAX):
    @case(f"a body of {length} bytes is answered")
    def fits(bench, length=length):
        equal(bench.http().post(CALL.encode() + b" " * (length - len(CALL))).answer().json(), ANSWER, "the answer")

for what, length in ((f"{BODY_MAX + 1}", BODY_MAX + 1), ("2^32", 1 << 32), ("2^63-1", (1 << 63) - 1), ("2^64-1", (1 << 64) - 1)):
    @case(f"a body that declares {what} bytes is answered with 413, before it comes")
    def too_long(bench, length=length):
        equal(bench.http().send(post(length=length)).answer().status, 413, "status")

refused("whose length is above 2^64", (400, 413), post(length=1 << 64))
refused("whose length is of a hundred digits", (400, 413), post(length="9" * 100))


@case("chunks that are together too long are answered with 413")
def chunks_too_long(bench):
    data = CALL.encode() + b" " * BODY_MAX
    equal(bench.http().send(post(headers=CHUNKS) + chunked(data, (100000,))).answer().status, 413, "status")


@case("a chunk that declares 2^63 bytes is answered with 400 or 413")
def huge_chunk(bench):
    for size in (b"8000000000000000", b"7fffffffffffffff", b"ffffffffffffffff", b"10000000000000000", b"7fffffff", b"200001"):
        status = bench.http().send(post(headers=CHUNKS) + size + b"\r\n").answer().status
        check(status in (400, 413), f"status {status} for {size}")


@case("a body in chunks of all sizes is answered")
def in_chunks(bench):
    data = CALL.encode() + b" " * 1000
    for sizes in ((1,), (2, 3), (100,), (5000,), (1, 50, 7)):
        http = bench.http()
        for _ in range(3):
            equal(http.send(post(headers=CHUNKS) + chunked(data, sizes)).answer().json(), ANSWER, f"the answer, sizes {sizes}")


@case("chunks may have extensions, and trailers behind them")
def chunk_extensions(bench):
    data = CALL.encode()
    body = b"%X;name=value;x=\"y z\"\r\n" % len(data) + data + b"\r\n000;last\r\nX-Trailer: y\r\nContent-Length: 3\r\n\r\n"
    http = bench.http().send(post(headers=CHUNKS) + body)
    answer = http.answer()
    check(answer.status == 400 or answer.json() == ANSWER, f"status {answer.status}: {short(answer.body)}")
    if answer.status == 200:
        equal(http.call("vms.head")["id"], 1, "the next answer")


@case("chunks byte by byte are answered")
def chunks_dripped(bench):
    equal(bench.http().drip(post(headers=CHUNKS) + chunked(CALL.encode(), (7,))).answer().json(), ANSWER, "the answer")


for what, body in (("of no hex", b"xyz\r\n{}\r\n0\r\n\r\n"), ("that is negative", b"-1\r\n{}\r\n0\r\n\r\n"), ("with a 0x before it", b"0x2\r\n{}\r\n0\r\n\r\n"), ("that is empty", b"\r\n{}\r\n0\r\n\r\n"),
                   ("that is too small", b"1\r\n{}\r\n0\r\n\r\n"), ("with a plus", b"+2\r\n{}\r\n0\r\n\r\n"), ("behind a blank", b" 2\r\n{}\r\n0\r\n\r\n")):
    refused(f"with a size of chunk {what}", 400, post(headers=CHUNKS) + body)


@case("Expect: 100-continue is answered with 100, or with the answer at once")
def expect(bench):
    http = bench.http().send(post(CALL.encode(), headers=[("Expect", "100-continue")]))
    interim = http.head()
    equal(interim.status, 100, "status of the interim answer")
    equal(http.send(CALL.encode()).answer().json(), ANSWER, "the answer")


@case("Expect: 100-continue of a body too long is answered with 413 and no 100")
def expect_too_long(bench):
    equal(bench.http().send(post(length=BODY_MAX + 1, headers=[("Expect", "100-continue")])).head().status, 413, "status")


@case("a body that waits longer than ten seconds is dropped", slow=True)
def slow_body(bench):
    start = time.monotonic()
    bench.http().send(post(CALL.encode()) + CALL.encode()[:10]).rest()
    check(time.monotonic() - start > TEN_SECONDS, "ended too early")


@case("who sends a body that is refused to its end can read why")
def sent_in_vain(bench):
    for path, length, status in (("/nowhere", 900000, 404), ("/", BODY_MAX + 900000, 413)):
        for _ in range(5):
            answer = bench.http().send(post(length=length, path=path) + b" " * length).answer()
            equal(answer.status, status, f"status at {path}")


@case("a body that is cut off leaves nothing behind, and does not run")
def cut_off(bench):
    name = "cut off"
    data = request("bump", [name])
    for cut in range(0, len(data), 3):
        bench.http().send(post(data.encode()) + data.encode()[:cut]).end()
    equal(bench.ws().call("count", [name]), None, "calls that ran")


# --- other methods -------------------------------------------------------------------------------------------------------

for method in ("PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"):
    @case(f"{method} is answered with 405 and the methods that there are")
    def not_allowed(bench, method=method):
        answer = bench.http().post(CALL, method=method).answer()
        equal(answer.status, 405, "status")
        allowed = [each.strip() for each in (answer.header("allow") or "").split(",")]
        check("POST" in allowed and "GET" in allowed, f"Allow: {allowed}")


@case("HEAD is answered without a body")
def head(bench):
    http = bench.http().send(post(method="HEAD", headers=[("Content-Length", None)]))
    http.stop_sending()
    answer = http.answer(head_only=True)
    check(answer.status in (200, 404, 405, 426), f"status {answer.status}")
    equal(http.rest(), b"", "bytes behind the headers")


@case("OPTIONS lets no web page in")
def options(bench):
    answer = bench.http().send(post(method="OPTIONS", headers=[("Content-Length", None), ("Origin", "http://evil.example"), ("Access-Control-Request-Method", "POST")])).answer()
    check(answer.status in (204, 403, 405), f"status {answer.status}")
    equal(answer.header("access-control-allow-origin"), None, "Access-Control-Allow-Origin")


@case("OPTIONS of a web page that is allowed says what it may do")
def preflight(bench):
    host = bench.own_host("--anonymous", "--allow-origin", "https://app.example")
    ask = [("Content-Length", None), ("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type")]
    answer = bench.http(host=host).send(post(method="OPTIONS", headers=ask)).answer()
    check(answer.status in (200, 204), f"status {answer.status}")
    equal(answer.header("access-control-allow-origin"), "https://app.example", "Access-Control-Allow-Origin")
    check("POST" in (answer.header("access-control-allow-methods") or ""), "Access-Control-Allow-Methods")
    check("content-type" in (answer.header("access-control-allow-headers") or "").lower(), "Access-Control-Allow-Headers")
    answer = bench.http(host=host).post(CALL, headers=[("Origin", "https://app.example")]).answer()
    equal((answer.status, answer.json(), answer.header("access-control-allow-origin")), (200, ANSWER, "https://app.example"), "the answer")
    check("Origin" in (answer.header("vary") or ""), "Vary")
    equal(bench.http(host=host).post(CALL, headers=[("Origin", "https://other.example")]).answer().status, 403, "status for another page")


for origin in ("http://evil.example", "null", "http://localhost:3000", "http://127.0.0.1"):
    @case(f"a POST of a web page of {origin} is refused with 403 and does not run")
    def web_page(bench, origin=origin):
        name = f"page {origin}"
        http = bench.http().post(request("bump", [name]), headers=[("Origin", origin), ("Content-Type", "text/plain")])
        answer = http.answer()
        equal((answer.status, answer.header("access-control-allow-origin")), (403, None), "status and allowance")
        equal(bench.ws().call("count", [name]), None, "calls that ran")

for host in ("evil.example", "evil.example:5555", "1.2.3.4"):
    @case(f"a POST to a host on loopback by the name {host} is refused and does not run")
    def rebound(bench, host=host):
        name = f"name {host}"
        answer = bench.http().post(request("bump", [name]), headers=[("Host", host)]).answer()
        check(answer.status in (400, 403, 421), f"status {answer.status}")
        equal(bench.ws().call("count", [name]), None, "calls that ran")


@case("GET says in one line what is spoken here")
def get(bench):
    answer = bench.http().send(post(method="GET", headers=[("Content-Length", None), ("Content-Type", None)])).answer()
    equal(answer.status, 426, "status")
    check(answer.body.count(b"\n") == 1 and answer.body.endswith(b"\n"), f"the body: {short(answer.body)}")

# --- smuggling -----------------------------------------------------------------------------------------------------------

INNER = post(request("bump", ["smuggled"]).encode()) + request("bump", ["smuggled"]).encode()
data = CALL.encode()
ATTEMPTS = {
    "with two lengths": post(data, headers=[("Content-Length", str(len(data))), ("Content-Length", str(len(data) + len(INNER)))]),
    "with two equal lengths in two headers": post(data, headers=[("Content-Length", str(len(data))), ("Content-Length", str(len(data)))]),
    "with a list of lengths": post(length=f"{len(data)}, {len(data)}"),
    "with a list of two lengths": post(length=f"{len(data)}, {len(data) + 5}"),
    "with a length and chunks": post(data, headers=[("Content-Length", str(len(data))), ("Transfer-Encoding", "chunked")]),
    "with chunks and a length": post(data, headers=[("Transfer-Encoding", "chunked"), ("Content-Length", str(len(data)))]),
    "with Transfer-Encoding: identity and a length": post(data, headers=[("Transfer-Encoding", "identity")]),
    "with Transfer-Encoding: gzip": post(headers=[("Content-Length", None), ("Transfer-Encoding", "gzip")]),
    "with Transfer-Encoding: gzip, chunked": post(headers=[("Content-Length", None), ("Transfer-Encoding", "gzip, chunked")]),
    "with Transfer-Encoding: chunked, gzip": post(headers=[("Content-Length", None), ("Transfer-Encoding", "chunked, gzip")]),
    "with Transfer-Encoding: chunked twice": post(headers=[("Content-Length", None), ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "chunked")]),
    "with Transfer-Encoding: chunked, chunked": post(headers=[("Content-Length", None), ("Transfer-Encoding", "chunked, chunked")]),
    "with Transfer-Encoding: xchunked": post(headers=[("Content-Length", None), ("Transfer-Encoding", "xchunked")]),
    "with Transfer-Encoding: chunked in quotes": post(headers=[("Content-Length", None), ("Transfer-Encoding", '"chunked"')]),
    "with a blank before the colon of Transfer-Encoding": post(data).replace(b"\r\n\r\n", b"\r\nTransfer-Encoding : chunked\r\n\r\n"),
    "with a vertical tab before chunked": post(headers=[("Content-Length", None), ("Transfer-Encoding", "\x0bchunked")]),
    "with a folded header": post(data).replace(b"Content-Type: application/json", b"Content-Type:\r\n application/json"),
    "with a folded Transfer-Encoding": post(data).replace(b"\r\n\r\n", b"\r\nTransfer-Encoding:\r\n chunked\r\n\r\n"),
    "with a length that is negative": post(length="-1"), "with a length with a plus": post(length="+5"), "with a length in hex": post(length="0x10"),
    "with a length that is empty": post(length=""), "with a length and letters": post(length="5abc"), "with a length with a blank inside": post(length="1 0"),
    "with an underscore in the length": post(length="1_0"), "with a fraction as length": post(length="5.0"),
    "with a bare carriage return in a header": post(data, headers=[("X", "a\rb")]),
    "with a header's name in two words": post(data).replace(b"Content-Type", b"Content Type"),
    "with an empty header name": post(data).replace(b"Content-Type:", b":"),
    "with a NUL in a header": post(data, headers=[("X", "a\0b")]),
    "with two Hosts": post(data, headers=[("Host", "localhost"), ("Host", "localhost")]),
    "without Host": post(data, headers=[("Host", None)]),
    "in HTTP/1.0 with chunks": post(headers=CHUNKS).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "in HTTP/1.2345": post(data).replace(b"HTTP/1.1", b"HTTP/1.2345"),
    "with a blank before the first header": post(data).replace(b"\r\nHost", b"\r\n Host"),
}
for what, head_bytes in ATTEMPTS.items():
    @case(f"a POST {what} is refused, and nothing is smuggled behind it")
    def smuggled(bench, head_bytes=head_bytes):
        http = bench.http().send(head_bytes + chunked(data, (1000,)) + INNER)
        answer = http.answer()
        check(answer.status in (400, 411, 413, 415, 501, 505), f"status {answer.status}: {short(answer.body)}")
        http.stop_sending().expect_end()
        check(bench.ws().call("count", ["smuggled"]) is None, "the call that was smuggled ran")


@case("a POST without a length is answered with 411 or 400, or as one without body")
def no_length(bench):
    answer = bench.http().send(post(headers=[("Content-Length", None)])).answer()
    check(answer.status in (400, 411) or answer.json()["error"]["code"] == -32700, f"status {answer.status}")


@case("a length with zeros before it is understood, or refused")
def zeros(bench):
    answer = bench.http().post(CALL, length="000" + str(len(CALL))).answer()
    check(answer.status == 400 or answer.json() == ANSWER, f"status {answer.status}")


@case("lines that end with a lone line feed are understood, or refused")
def line_feeds(bench):
    answer = bench.http().send(post(data).replace(b"\r\n", b"\n") + data).answer()
    check(answer.status == 400 or answer.json() == ANSWER, f"status {answer.status}")


@case("an Upgrade with a body of a POST is a POST, or refused")
def upgrade_post(bench):
    answer = bench.http().post(CALL, headers=[("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]).answer()
    check(answer.status in (400, 405) or answer.json() == ANSWER, f"status {answer.status}")
