# SPDX-License-Identifier: MIT
"""The closing handshake (RFC 6455, sections 5.5.1 and 7)."""
import struct
from cases import case
from frames import CALL
from wire import CLOSE, PING, TEXT, WAIT, close, equal, fragments, frame, request, text, wait_until


def echoed(name, data, code, reason=""):
    @case(f"a close frame with {name} is answered with its code")
    def answered(bench):
        ws = bench.ws().send(data)
        opcode, payload = ws.message()
        equal((opcode, payload[:2]), (CLOSE, b"" if code is None else struct.pack(">H", code)), "the answer")
        ws.expect_end()


def refused(name, data, code):
    @case(f"a close frame with {name} ends the connection with {code}")
    def answered(bench):
        bench.ws().send(data).expect_close(code)

    @case(f"a close frame with {name} ends the connection with {code}, byte by byte too")
    def dripped(bench):
        bench.ws().drip(data).expect_close(code)


@case("an empty close frame is answered with one, and the connection ends")
def empty(bench):
    ws = bench.ws().send(close())
    opcode, payload = ws.message()
    equal((opcode, payload in (b"", b"\x03\xe8")), (CLOSE, True), "the answer, empty or with 1000")
    ws.expect_end()


for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
    echoed(f"code {code}", close(code), code)
for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
    refused(f"code {code}, which must not be sent,", close(code), 1002)


refused("one byte", frame(CLOSE, b"\x03"), 1002)
echoed("a reason", close(1000, b"goodbye"), 1000)
echoed("a reason of 123 bytes", close(1000, b"x" * 123), 1000)
echoed("a reason in several scripts", close(1000, "grüße, κόσμε, さようなら, 👋".encode()), 1000)
echoed("a code that was registered after the RFC, and a reason", close(1013, "später".encode()), 1013)
refused("a reason of 124 bytes", close(1000, b"x" * 124), 1002)
for what, reason in (("no UTF-8", b"\xff"), ("an overlong slash", b"\xc0\xaf"), ("a surrogate", b"\xed\xa0\x80"),
                     ("half a character", b"abc\xe2\x82"), ("a character above U+10FFFF", b"\xf4\x90\x80\x80")):
    refused(f"a reason that is {what}", close(1000, reason), 1007)
    refused(f"a code that was registered after the RFC, and a reason that is {what},", close(1013, reason), 1007)


@case("a close frame byte by byte is answered with its code")
def dripped(bench):
    bench.ws().drip(close(4321, b"slowly")).expect_close(4321)


@case("a close frame in the middle of a fragmented message is answered, the message is not")
def in_fragments(bench):
    name = "closed in fragments"
    ws = bench.ws().send(fragments(TEXT, [request("bump", [name]).encode(), b""])[:-6] + close(1001))
    ws.expect_close(1001)
    equal(bench.ws().call("count", [name]), None, "calls that ran")


@case("a call behind a close frame does not run")
def call_behind(bench):
    name = "behind a close frame"
    bench.ws().send(close(1000) + text(request("bump", [name]))).expect_close(1000)
    equal(bench.ws().call("count", [name]), None, "calls that ran")


@case("a ping behind a close frame is not answered")
def ping_behind(bench):
    bench.ws().send(close(1000) + frame(PING, b"x")).expect_close(1000)


@case("a malformed frame behind a close frame changes nothing")
def malformed_behind(bench):
    bench.ws().send(close(1000) + frame(5, b"x", rsv=7, mask=None)).expect_close(1000)


@case("a second close frame is not answered")
def twice(bench):
    bench.ws().send(close(1000) + close(1001)).expect_close(1000)


@case("a call before a close frame in the same segment runs once and is answered before it")
def call_before(bench):
    name = "before a close frame"
    ws = bench.ws().send(text(request("bump", [name], id=8)) + close(1000))
    equal(ws.json().get("result"), 1, "the answer")
    ws.expect_close(1000)
    equal(bench.ws().call("count", [name]), 1, "calls that ran")


@case("a notification before a close frame runs")
def notification_before(bench):
    name = "told before a close frame"
    bench.ws().send(text(request("bump", [name], id=...)) + close(1000)).expect_close(1000)
    ws = bench.ws()
    wait_until(lambda: ws.call("count", [name]) is not None, "the notification runs")
    equal(ws.call("count", [name]), 1, "calls that ran")


@case("reading calls before a close frame are answered before it is")
def read_before(bench):
    ws = bench.ws().send(text(request("vms.head", id=7)) + close(1000))
    equal(ws.json().get("id"), 7, "id of the answer")
    ws.expect_close(1000)


@case("the host ends the connection after the closing handshake, without waiting for the client")
def host_ends(bench):
    ws = bench.ws().send(close(1000))
    ws.message()
    ws.expect_end()


@case("a host that shuts down says 1001 to everyone")
def shuts_down(bench):
    host = bench.own_host("--anonymous")
    sockets = [bench.ws(host=host) for _ in range(5)]
    for ws in sockets:
        ws.expect_alive()
    host.process.terminate()
    for ws in sockets:
        ws.expect_close(1001)
    equal(host.process.wait(WAIT), 0, "exit status of the host")


@case("a call that arrived before the host shuts down is answered")
def answered_before(bench):
    host = bench.own_host("--anonymous")
    ws = bench.ws(host=host).say(CALL)
    ws.more()
    host.process.terminate()
    equal(ws.json()["result"], "x", "the answer")
    ws.expect_close(1001)


@case("a connection that ends without a close frame leaves the host as it was")
def no_close(bench):
    for _ in range(20):
        bench.ws().stop_sending().rest()
    bench.ws().expect_alive()
