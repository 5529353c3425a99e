# SPDX-License-Identifier: MIT
"""Frames (RFC 6455, section 5): what may come is understood however it is cut, what may not ends the connection with 1002 or 1003."""
import os
from cases import case
from wire import BINARY, CLOSE, PING, PONG, TEXT, close, equal, fragments, frame, request, text

CALL = request("same", ["x"], 7).encode()
ANSWER = {"jsonrpc": "2.0", "id": 7, "result": "x"}


def ends_with(name, code, *sent):
    """Two cases: sent as a whole, and byte by byte."""
    data = b"".join(sent)

    @case(f"{name} ends the connection with {code}")
    def whole(bench):
        bench.ws().send(data).expect_close(code)

    @case(f"{name} ends the connection with {code}, byte by byte too")
    def dripped(bench):
        bench.ws().drip(data).expect_close(code)


def answered(name, data):
    """Two cases: the call in these bytes is answered, whole and byte by byte."""
    @case(f"{name} is answered")
    def whole(bench):
        ws = bench.ws().send(data)
        equal(ws.json(), ANSWER, "the answer")
        ws.expect_alive()

    @case(f"{name} is answered, byte by byte too")
    def dripped(bench):
        ws = bench.ws().drip(data)
        equal(ws.json(), ANSWER, "the answer")
        ws.expect_alive()


# --- masks ---------------------------------------------------------------------------------------------------------------

ends_with("a text frame without mask", 1002, text(CALL, mask=None))
ends_with("an empty text frame without mask", 1002, text(b"", mask=None))
ends_with("a ping without mask", 1002, frame(PING, b"x", mask=None))
ends_with("a pong without mask", 1002, frame(PONG, b"x", mask=None))
ends_with("a close frame without mask", 1002, close(1000, mask=None))
ends_with("a continuation without mask", 1002, text(b"{", fin=False), frame(0, b"}", mask=None))
answered("a text frame with a mask of zeros", text(CALL, mask=b"\0\0\0\0"))
answered("a text frame with a mask of ones", text(CALL, mask=b"\xff\xff\xff\xff"))
answered("a message whose frames have masks of their own",
         text(CALL[:9], fin=False, mask=b"\1\2\3\4") + frame(0, CALL[9:], mask=b"\xf1\x20\x03\x80"))

# --- reserved bits and opcodes -------------------------------------------------------------------------------------------

for bits in range(1, 8):
    ends_with(f"a text frame with reserved bits {bits:03b}", 1002, text(CALL, rsv=bits))
for bits in (1, 2, 4):
    ends_with(f"a ping with reserved bits {bits:03b}", 1002, frame(PING, b"", rsv=bits))
    ends_with(f"a close frame with reserved bits {bits:03b}", 1002, close(1000, rsv=bits))
    ends_with(f"a continuation with reserved bits {bits:03b}", 1002, text(b"{", fin=False), frame(0, b"}", rsv=bits))
for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
    ends_with(f"opcode {opcode}", 1002, frame(opcode, b""))
    ends_with(f"opcode {opcode} with a payload", 1002, frame(opcode, b"payload"))
    ends_with(f"opcode {opcode} between the fragments of a message", 1002, text(b"{", fin=False), frame(opcode, b""))
for opcode in (3, 11):
    ends_with(f"opcode {opcode} without FIN", 1002, frame(opcode, b"", fin=False))
ends_with("a continuation of nothing", 1002, frame(0, b"x"))
ends_with("a continuation of nothing without FIN", 1002, frame(0, b"x", fin=False))
ends_with("a continuation behind a whole message", 1002, text(request("vms.none", id=...)), frame(0, b"x"))
ends_with("a text frame inside a fragmented message", 1002, text(b"{", fin=False), text(CALL))
ends_with("a binary frame inside a fragmented message", 1002, text(b"{", fin=False), frame(BINARY, b"x"))
ends_with("a second first fragment", 1002, text(b"{", fin=False), text(b"{", fin=False))
ends_with("a binary message", 1003, frame(BINARY, CALL))
ends_with("an empty binary message", 1003, frame(BINARY, b""))
ends_with("a binary message in fragments", 1003, fragments(BINARY, [b"a", b"b", b"c"]))

# --- lengths -------------------------------------------------------------------------------------------------------------

for length in (0, 1, 125):
    ends_with(f"a length of {length} in 16 bits", 1002, frame(TEXT, b"x" * length, form=16))
    ends_with(f"a length of {length} in 64 bits", 1002, frame(TEXT, b"x" * length, form=64))
for length in (126, 65535):
    @case(f"a length of {length} in 64 bits ends the connection with 1002")
    def long_form(bench, length=length):
        bench.ws().send(frame(TEXT, b"x" * length, form=64)).expect_close(1002)
for what, length in (("2^63", 1 << 63), ("2^64-1", (1 << 64) - 1), ("2^63+1", (1 << 63) + 1)):
    ends_with(f"a length of {what}, whose first bit must be 0,", 1002, frame(TEXT, b"", form=64, declare=length))
for length in (45, 125, 126, 127, 128, 255, 256, 257, 65535, 65536, 65537, 131072):
    @case(f"a message of {length} bytes is answered")
    def sized(bench, length=length):
        ws = bench.ws()
        data = request("same", ["x"], 7).encode()
        data += b" " * (length - len(data)) if length > len(data) else b""
        equal(ws.send(text(data)).json(), ANSWER, "the answer")
for length in (100, 125, 126, 127, 65533, 65534, 65536, 300000):
    @case(f"an answer of {length} bytes comes in the shortest form of length")
    def answer_of(bench, length=length):
        head = len('{"jsonrpc":"2.0","id":1000,"result":""}')
        equal(bench.ws().call("big", [length - head]), "x" * (length - head), "the answer")

# --- fragments -----------------------------------------------------------------------------------------------------------

answered("a message in two fragments", fragments(TEXT, [CALL[:10], CALL[10:]]))
answered("a message in as many fragments as it has bytes", fragments(TEXT, [CALL[i:i + 1] for i in range(len(CALL))]))
answered("a message whose first fragment is empty", fragments(TEXT, [b"", CALL]))
answered("a message whose last fragment is empty", fragments(TEXT, [CALL, b""]))
answered("a message with empty fragments all over", fragments(TEXT, [b"", b"", CALL[:5], b"", b"", CALL[5:], b"", b""]))


@case("a message in 10,000 empty fragments and one that is not is answered")
def many_empty(bench):
    ws = bench.ws().send(fragments(TEXT, [b""] * 10000 + [CALL]))
    equal(ws.json(), ANSWER, "the answer")


@case("a message of 100 KiB in fragments of all sizes is answered")
def all_sizes(bench):
    data, pieces, at, size = request("length", ["y" * 100000], 7).encode(), [], 0, 1
    while at < len(data):
        pieces.append(data[at:at + size])
        at, size = at + size, size * 3 % 10007
    equal(bench.ws().send(fragments(TEXT, pieces)).json(), {"jsonrpc": "2.0", "id": 7, "result": 100000}, "the answer")


@case("a message that waits for its last fragment is not answered")
def no_last(bench):
    bench.ws().send(text(CALL, fin=False)).expect_silence()


for count in (1, 3, 20):
    @case(f"{count} pings between the fragments of a message are answered, each at once, and then the message")
    def pings_between(bench, count=count):
        ws = bench.ws()
        for i in range(count):
            ws.send(frame(TEXT if i == 0 else 0, CALL[i:i + 1], fin=False) + frame(PING, b"%d" % i))
            ws.expect_message(PONG, b"%d" % i)
        ws.send(frame(0, CALL[count:]))
        equal(ws.json(), ANSWER, "the answer")


@case("a ping between fragments in the same segment is answered before the message")
def ping_in_segment(bench):
    ws = bench.ws().send(text(CALL[:9], fin=False) + frame(PING, b"p") + frame(0, CALL[9:]))
    ws.expect_message(PONG, b"p")
    equal(ws.json(), ANSWER, "the answer")


@case("pongs between the fragments of a message change nothing")
def pongs_between(bench):
    ws = bench.ws().send(text(CALL[:9], fin=False) + frame(PONG, b"p") + frame(0, CALL[9:12], fin=False) + frame(PONG) + frame(0, CALL[12:]))
    equal(ws.json(), ANSWER, "the answer")


# --- control frames ------------------------------------------------------------------------------------------------------

for length in (0, 1, 2, 8, 124, 125):
    @case(f"a ping of {length} bytes gives a pong of the same")
    def ping(bench, length=length):
        payload = os.urandom(length)
        bench.ws().send(frame(PING, payload)).expect_message(PONG, payload)

    @case(f"a pong of {length} bytes that nobody asked for is passed over")
    def pong(bench, length=length):
        ws = bench.ws().send(frame(PONG, os.urandom(length)))
        ws.expect_alive()


@case("a ping of bytes that are no UTF-8 gives a pong of the same")
def ping_no_text(bench):
    bench.ws().send(frame(PING, b"\xff\xfe\x00\x80")).expect_message(PONG, b"\xff\xfe\x00\x80")


@case("a ping byte by byte gives one pong")
def ping_dripped(bench):
    ws = bench.ws().drip(frame(PING, b"slow"))
    ws.expect_message(PONG, b"slow")
    ws.expect_silence()


@case("a hundred pings in one segment give a hundred pongs in their order")
def pings(bench):
    ws = bench.ws().send(b"".join(frame(PING, b"%d" % i) for i in range(100)))
    for i in range(100):
        ws.expect_message(PONG, b"%d" % i)


for opcode, name in ((PING, "ping"), (PONG, "pong"), (CLOSE, "close frame")):
    payload = b"\x03\xe8" if opcode == CLOSE else b""
    ends_with(f"a {name} without FIN", 1002, frame(opcode, payload, fin=False))
    ends_with(f"a {name} of 126 bytes", 1002, frame(opcode, payload + b"x" * (126 - len(payload))))
    ends_with(f"a {name} that declares 65,536 bytes", 1002, frame(opcode, payload, declare=65536))
    ends_with(f"a {name} whose length is in 16 bits", 1002, frame(opcode, payload, form=16))
    ends_with(f"a {name} in two fragments inside a message", 1002, text(b"{", fin=False), frame(opcode, payload, fin=False), frame(0, b""))

# --- segments ------------------------------------------------------------------------------------------------------------

answered("a call", text(CALL))


@case("two hundred calls in one segment are answered, in their order")
def one_segment(bench):
    ws = bench.ws().send(b"".join(text(request("same", [i], i)) for i in range(200)))
    for i in range(200):
        equal(ws.json(), {"jsonrpc": "2.0", "id": i, "result": i}, "an answer")


@case("frames right behind the upgrade request are answered")
def behind_the_upgrade(bench):
    ws = bench.ws(extra=text(CALL) + frame(PING, b"early"))
    equal(sorted([ws.message() for _ in range(2)], key=lambda m: m[0])[1], (PONG, b"early"), "the pong")


@case("two calls cut in the middle of the second one's header are answered")
def cut_in_a_header(bench):
    ws, data = bench.ws(), text(CALL) + text(CALL + b" " * 200)
    ws.send(data[:len(text(CALL)) + 3])
    equal(ws.json(), ANSWER, "the first answer")
    ws.send(data[len(text(CALL)) + 3:])
    equal(ws.json(), ANSWER, "the second answer")


@case("what is sent before a malformed frame in the same segment is answered first")
def before_malformed(bench):
    ws = bench.ws().send(text(request("vms.head", id=7)) + frame(5))
    equal(ws.json().get("id"), 7, "id of the answer")
    ws.expect_close(1002)


@case("nothing behind a malformed frame is looked at")
def behind_malformed(bench):
    name = "behind a malformed frame"
    bench.ws().send(frame(5) + text(request("bump", [name]))).expect_close(1002)
    equal(bench.ws().call("count", [name]), None, "calls that ran")


@case("a connection that ends in the middle of a frame leaves the host as it was")
def broken_off(bench):
    for cut in range(1, len(text(CALL))):
        bench.ws().send(text(CALL)[:cut]).end()
    bench.ws().expect_alive()


@case("a connection that is cut in the middle of a call's answer leaves the host as it was")
def not_read(bench):
    for _ in range(5):
        bench.ws().send(text(request("big", [100000]))).end()
    bench.ws().expect_alive()
