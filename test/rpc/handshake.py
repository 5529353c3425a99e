# SPDX-License-Identifier: MIT
"""The upgrade (RFC 6455, section 4) and the HTTP/1.1 around it (RFC 9112): Host, Origin, header fields, limits."""
import base64
from cases import case
from wire import KEY, check, equal, request, short, text, upgrade

HEADER_MAX = 16 << 10


def upgrades(name, data=None, **how):
    @case(f"an upgrade {name} is agreed to")
    def agreed(bench):
        http = bench.http().send(data or upgrade(**how))
        answer = http.answer()
        equal(answer.status, 101, "status")
        return answer


def refused(name, status, data=None, **how):
    """Is answered with the status, and the connection ends."""
    wanted = status if isinstance(status, tuple) else (status,)

    @case(f"a request {name} is answered with {' or '.join(map(str, wanted))}")
    def answered(bench):
        http = bench.http().send(upgrade(**how) if data is None else data)
        answer = http.answer()
        check(answer.status in wanted, f"status: expected {wanted}, found {answer.status} {short(answer.body)}")
        check(answer.header("upgrade") is None or answer.status == 426, "an answer that is no 101 has a header Upgrade")


# --- the answer ----------------------------------------------------------------------------------------------------------

@case("the key of the RFC gets the answer of the RFC")
def sample(bench):
    equal(bench.ws().upgraded.header("sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "Sec-WebSocket-Accept")


@case("any other key gets its own answer")
def other_keys(bench):
    for byte in (0, 1, 0x55, 0xff):
        bench.ws(headers=[("Sec-WebSocket-Key", base64.b64encode(bytes([byte]) * 16).decode())]).expect_alive()


@case("no extension is agreed to, whatever is offered")
def extensions(bench):
    for offer in ("permessage-deflate", "permessage-deflate; client_max_window_bits", "x-webkit-deflate-frame, permessage-deflate", 'foo; bar="a,b"', ";;;"):
        ws = bench.ws(headers=[("Sec-WebSocket-Extensions", offer)])
        equal(ws.upgraded.header("sec-websocket-extensions"), None, f"Sec-WebSocket-Extensions for {offer}")
        ws.expect_alive()


@case("no subprotocol is agreed to that we do not speak, and the connection works")
def subprotocols(bench):
    for offer in ("chat", "chat, superchat", "jsonrpc", "Hypercore", "hypercore2, xhypercore"):
        ws = bench.ws(headers=[("Sec-WebSocket-Protocol", offer)])
        equal(ws.upgraded.header("sec-websocket-protocol"), None, f"Sec-WebSocket-Protocol for {offer}")
        ws.expect_alive()


@case("the subprotocol hypercore is agreed to, and text is refused there")
def hypercore(bench):
    for offer in ("hypercore", "chat, hypercore", "hypercore,chat"):
        ws = bench.ws(headers=[("Sec-WebSocket-Protocol", offer)])
        equal(ws.upgraded.header("sec-websocket-protocol"), "hypercore", "Sec-WebSocket-Protocol")
        ws.send(text("{}"))
        opcode, payload = 0, b""
        while opcode != 8:  # the host's own stream comes first
            opcode, payload = ws.message()
        equal(payload[:2], b"\x03\xeb", "close code")


@case("the answer to an upgrade has neither a body nor a length")
def no_body(bench):
    answer = bench.ws().upgraded
    equal((answer.header("content-length"), answer.header("transfer-encoding")), (None, None), "length and encoding")


# --- what is agreed to -----------------------------------------------------------------------------------------------------

upgrades("with Upgrade in capitals", headers=[("Upgrade", "WEBSOCKET")])
upgrades("with Upgrade: WebSocket", headers=[("Upgrade", "WebSocket")])
upgrades("with websocket in a list of protocols", headers=[("Upgrade", "h2c, websocket")])
upgrades("with Connection in lower case", headers=[("Connection", "upgrade")])
upgrades("with Connection: keep-alive, Upgrade", headers=[("Connection", "keep-alive, Upgrade")])
upgrades("with Connection: Upgrade,keep-alive", headers=[("Connection", "Upgrade,keep-alive")])
upgrades("with Connection in two headers", headers=[("Connection", "keep-alive"), ("Connection", "Upgrade")])
upgrades("with header names in lower case", upgrade().lower().replace(KEY.lower().encode(), KEY.encode()).replace(b"get / http", b"GET / HTTP"))
upgrades("with header names in capitals", upgrade().replace(b"Host", b"HOST").replace(b"Sec-WebSocket", b"SEC-WEBSOCKET").replace(b"Upgrade:", b"UPGRADE:"))
upgrades("without blanks behind the colons", upgrade().replace(b": ", b":"))
upgrades("with many blanks around values", upgrade().replace(b": ", b": \t  ").replace(b"\r\nUpgrade", b"  \t\r\nUpgrade"))
upgrades("with headers that nobody knows", headers=[("X-Anything", "at all"), ("Cookie", "a=b; c=d"), ("User-Agent", "x" * 500)])
upgrades("with two offers of extensions", headers=[("Sec-WebSocket-Extensions", "a"), ("Sec-WebSocket-Extensions", "b")])
upgrades("with two offers of subprotocols", headers=[("Sec-WebSocket-Protocol", "a"), ("Sec-WebSocket-Protocol", "b")])
upgrades("with a query", path="/?user=x&y=z")
upgrades("with Content-Length: 0", headers=[("Content-Length", "0")])
upgrades("with Host: localhost and the port", headers=[("Host", "localhost:5555")])
upgrades("with Host: 127.0.0.1", headers=[("Host", "127.0.0.1:5555")])
upgrades("with Host: [::1]", headers=[("Host", "[::1]:5555")])
upgrades("with Host: LOCALHOST", headers=[("Host", "LOCALHOST")])


@case("an upgrade byte by byte is agreed to")
def dripped(bench):
    equal(bench.http().drip(upgrade()).answer().status, 101, "status")


@case("an upgrade cut at every place is agreed to")
def cut(bench):
    data = upgrade()
    for at in range(1, len(data), 7):
        http = bench.http().send(data[:at])
        equal(http.send(data[at:]).answer().status, 101, f"status, cut at {at}")


@case("an upgrade with an absolute URL as its target is agreed to or refused, never misunderstood")
def absolute(bench):
    status = bench.http().send(upgrade(path="http://localhost/")).answer().status
    check(status in (101, 400), f"status {status}")


# --- what is refused -------------------------------------------------------------------------------------------------------

refused("without Upgrade", 426, headers=[("Upgrade", None)])
refused("with Upgrade: h2c", 426, headers=[("Upgrade", "h2c")])
refused("with Upgrade: websocket2", 426, headers=[("Upgrade", "websocket2")])
refused("without Connection", 400, headers=[("Connection", None)])
refused("with Connection: keep-alive", 400, headers=[("Connection", "keep-alive")])
refused("with Connection: Upgrades", 400, headers=[("Connection", "Upgrades")])
refused("without Sec-WebSocket-Key", 400, headers=[("Sec-WebSocket-Key", None)])
refused("with an empty Sec-WebSocket-Key", 400, headers=[("Sec-WebSocket-Key", "")])
refused("with two keys", 400, headers=[("Sec-WebSocket-Key", KEY), ("Sec-WebSocket-Key", KEY)])
for length in (1, 15, 17, 32):
    refused(f"with a key of {length} bytes", 400, headers=[("Sec-WebSocket-Key", base64.b64encode(b"k" * length).decode())])
refused("with a key that is no base64", 400, headers=[("Sec-WebSocket-Key", "!!!!!!!!!!!!!!!!!!!!!!!!")])
refused("with a key without its padding", 400, headers=[("Sec-WebSocket-Key", KEY[:-2])])
refused("with a key of URL-safe base64", 400, headers=[("Sec-WebSocket-Key", "__________________-_-w==")])
for version in ("0", "7", "8", "12", "14", "99", "13.0", "013", "x"):
    refused(f"with version {version} of WebSocket", (400, 426), headers=[("Sec-WebSocket-Version", version)])
refused("without a version of WebSocket", (400, 426), headers=[("Sec-WebSocket-Version", None)])
refused("with two versions of WebSocket", (400, 426), headers=[("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Version", "8")])
refused("without Host", 400, headers=[("Host", None)])
refused("with two Hosts", 400, headers=[("Host", "localhost"), ("Host", "localhost")])
refused("with two different Hosts", 400, headers=[("Host", "localhost"), ("Host", "example.com")])
refused("in HTTP/1.0", 400, version="HTTP/1.0")
refused("in HTTP/0.9", 400, data=b"GET /\r\n\r\n")
refused("in HTTP/2.0", (400, 505), version="HTTP/2.0")
refused("in lower-case http", 400, version="http/1.1")
refused("with a body", 400, headers=[("Content-Length", "5")])
refused("with a chunked body", 400, headers=[("Transfer-Encoding", "chunked")])
refused("of another path", 404, path="/nowhere")
refused("of a path above the root", (400, 404), path="/../")
refused("of a path with an escape", 404, path="/%2e%2e/")
refused("of no path", 400, path="")
refused("of a path that does not begin with a slash", 400, path="x")
refused("with a blank in its path", 400, path="/a b")
refused("with a control character in its path", 400, path="/\x01")
for method in ("PUT", "DELETE", "PATCH", "CONNECT", "TRACE"):
    refused(f"by {method}", (400, 405, 501), method=method)
refused("by a method that nobody knows", (400, 405, 501), method="BREW")
refused("by get in lower case", (400, 405, 501), method="get")
refused("with a blank before a colon", 400, data=upgrade().replace(b"Upgrade:", b"Upgrade :"))
refused("with a header without colon", 400, data=upgrade().replace(b"Upgrade: websocket", b"Upgrade"))
refused("with a NUL in a header", 400, headers=[("X", "a\0b")])
refused("with a NUL in a header's name", 400, headers=[("X\0Y", "a")])
refused("that is garbage", 400, data=b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100)
refused("that is TLS", 400, data=bytes.fromhex("16030100ba010000b60303") + b"\xab" * 170)
refused("that is a proxy's greeting", 400, data=b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n\r\n")
refused("of HTTP/2 with prior knowledge", (400, 405, 505), data=b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")


@case("a version that is not ours is told which one is")
def version_told(bench):
    answer = bench.http().send(upgrade(headers=[("Sec-WebSocket-Version", "8")])).answer()
    equal(answer.header("sec-websocket-version"), "13", "Sec-WebSocket-Version")


@case("an unknown path is answered with a JSON-RPC error")
def unknown_path(bench):
    answer = bench.http().send(upgrade(path="/nowhere")).answer()
    equal(answer.json()["error"]["code"], -32006, "code")
    equal(answer.json()["id"], None, "id")


@case("what is said about an unknown path has no control characters and no markup")
def shown_path(bench):
    for path in ("/%1b[31m", "/<script>", "/" + "x" * 5000):
        body = bench.http().send(upgrade(path=path)).answer().body
        check(b"\x1b" not in body and len(body) < 1000, f"the body: {short(body)}")


@case("headers of just under 16 KiB are taken")
def headers_fit(bench):
    fill = HEADER_MAX - len(upgrade(headers=[("X", "")])) - 1
    equal(bench.http().send(upgrade(headers=[("X", "y" * fill)])).answer().status, 101, "status")


@case("headers of more than 16 KiB are answered with 431")
def headers_too_long(bench):
    equal(bench.http().send(upgrade(headers=[("X", "y" * HEADER_MAX)])).answer().status, 431, "status")


@case("a request line without end is answered with 431 or 414")
def line_too_long(bench):
    status = bench.http().send(b"GET /" + b"x" * 2 * HEADER_MAX).answer().status
    check(status in (414, 431), f"status {status}")


@case("a header without end is answered with 431")
def header_without_end(bench):
    equal(bench.http().send(upgrade()[:-2] + b"X: " + b"y" * 2 * HEADER_MAX).answer().status, 431, "status")


@case("ten thousand empty headers are answered with 431")
def many_headers(bench):
    equal(bench.http().send(upgrade()[:-2] + b"A:\r\n" * 10000).answer().status, 431, "status")


@case("no frame is looked at behind a refused upgrade")
def behind_refused(bench):
    name = "behind a refused upgrade"
    http = bench.http().send(upgrade(headers=[("Sec-WebSocket-Key", "x")]) + text(request("bump", [name])))
    equal(http.answer().status, 400, "status")
    http.expect_end()
    equal(bench.ws().call("count", [name]), None, "calls that ran")


# --- Origin and Host -------------------------------------------------------------------------------------------------------

for origin in ("http://evil.example", "https://localhost", "http://localhost:1", "http://127.0.0.1:1", "null", "file://", "chrome-extension://abc", ""):
    refused(f"of a web page of {origin or 'an empty origin'}", 403, headers=[("Origin", origin)])
refused("of a web page of two origins", (400, 403), headers=[("Origin", "http://a.example"), ("Origin", "http://b.example")])
for host in ("evil.example", "evil.example:5555", "127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0.nip.io", "1.2.3.4"):
    refused(f"to a name that is not the loopback's: {host}", (400, 403, 421), headers=[("Host", host)])
for host in ("a b", "localhost/", "localhost:x", "localhost:99999999", "local\thost", "http://localhost", "user@localhost", "[::1", "loc\x7fal"):
    refused(f"with the malformed Host {host!r}", (400, 403, 421), headers=[("Host", host)])


@case("a web page that the host allows may talk to it, and no other")
def allowed(bench):
    host = bench.own_host("--anonymous", "--allow-origin", "https://app.example")
    bench.ws(host=host, headers=[("Origin", "https://app.example")]).expect_alive()
    for origin in ("https://app.example.evil.example", "http://app.example", "https://app.example:8443", "https://APP.example/", "null", "https://app.exampl"):
        equal(bench.http(host=host).send(upgrade(headers=[("Origin", origin)])).answer().status, 403, f"status for {origin}")


@case("a host that allows all web pages talks to all")
def all_allowed(bench):
    host = bench.own_host("--anonymous", "--allow-origin", "*")
    for origin in ("https://app.example", "null"):
        bench.ws(host=host, headers=[("Origin", origin)]).expect_alive()
