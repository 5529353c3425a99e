# SPDX-License-Identifier: MIT
"""Text is UTF-8 (RFC 3629): what is not ends the connection with 1007, as soon as it can be known, wherever it stands."""
from cases import case
from wire import TEXT, equal, fragments, frame, text

HEAD, TAIL = b'{"jsonrpc":"2.0","id":7,"method":"codes","params":["', b'"]}'

BAD = {
    "a lone continuation byte 80": b"\x80",
    "a lone continuation byte BF": b"\xbf",
    "the byte FE": b"\xfe",
    "the byte FF": b"\xff",
    "the byte F5": b"\xf5\x80\x80\x80",
    "the byte F8 of a five-byte form": b"\xf8\x88\x80\x80\x80",
    "the byte FC of a six-byte form": b"\xfc\x84\x80\x80\x80\x80",
    "an overlong slash in two bytes": b"\xc0\xaf",
    "an overlong slash in three bytes": b"\xe0\x80\xaf",
    "an overlong slash in four bytes": b"\xf0\x80\x80\xaf",
    "an overlong U+0000": b"\xc0\x80",
    "an overlong U+007F": b"\xc1\xbf",
    "an overlong U+07FF": b"\xe0\x9f\xbf",
    "an overlong U+FFFF": b"\xf0\x8f\xbf\xbf",
    "the surrogate U+D800": b"\xed\xa0\x80",
    "the surrogate U+DBFF": b"\xed\xaf\xbf",
    "the surrogate U+DC00": b"\xed\xb0\x80",
    "the surrogate U+DFFF": b"\xed\xbf\xbf",
    "a pair of surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "U+110000": b"\xf4\x90\x80\x80",
    "two bytes of three": b"\xe2\x82a",
    "one byte of two": b"\xc3a",
    "three bytes of four": b"\xf0\x9f\x98a",
    "a character cut by another": b"\xe2\xe2\x82\xac",
}
GOOD = (0x20, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfdd0, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1f600, 0x10fffe, 0x10ffff)

for what, bad in BAD.items():
    @case(f"text with {what} ends the connection with 1007")
    def inside(bench, bad=bad):
        bench.ws().send(text(HEAD + bad + TAIL)).expect_close(1007)

    @case(f"text with {what} ends the connection with 1007, byte by byte too")
    def dripped(bench, bad=bad):
        bench.ws().drip(text(b"[" + bad + b"]")).expect_close(1007)

    @case(f"a message that begins with {what} ends the connection before it is whole")
    def at_once(bench, bad=bad):
        bench.ws().send(text(bad, declare=1000)).expect_close(1007)

    @case(f"text with {what} across fragments ends the connection before the last of them")
    def fragmented(bench, bad=bad):
        ws = bench.ws().send(text(b"[", fin=False))
        for i in range(len(bad)):
            ws.send(frame(0, bad[i:i + 1], fin=False))
        ws.send(frame(0, b"]", fin=False) if bad[-1] >= 0xc0 else b"")
        ws.expect_close(1007)

for what, cut in (("two", b"\xc3"), ("three", b"\xe2\x82"), ("four", b"\xf0\x9f\x98"), ("four, one byte of them,", b"\xf0")):
    @case(f"a message that ends inside a character of {what} bytes ends the connection with 1007")
    def cut_off(bench, cut=cut):
        bench.ws().send(text(b"[1]" + cut)).expect_close(1007)

    @case(f"a message whose last fragment ends inside a character of {what} bytes ends the connection with 1007")
    def cut_off_fragments(bench, cut=cut):
        bench.ws().send(fragments(TEXT, [b"[1]", cut])).expect_close(1007)

    @case(f"a message that ends inside a character of {what} bytes, with an empty last fragment, ends the connection with 1007")
    def cut_off_empty(bench, cut=cut):
        bench.ws().send(fragments(TEXT, [b"[1]" + cut, b""])).expect_close(1007)


@case("text that is no UTF-8 at any position ends the connection with 1007")
def anywhere(bench):
    whole = HEAD + b"x" + TAIL
    for at in range(len(whole) + 1):
        bench.ws().send(text(whole[:at] + b"\xff" + whole[at:])).expect_close(1007)


@case("a bad byte at any position of a frame that is still under way ends the connection at once")
def anywhere_at_once(bench):
    for at in (0, 1, 2, 3, 4, 5, 62, 124, 125, 126, 127, 128, 1000, 4095, 4096, 4097, 65535, 65536):
        bench.ws().send(text(b"x" * at + b"\xff", declare=1 << 20)).expect_close(1007)


for code in GOOD:
    @case(f"U+{code:04X} arrives as it is and comes back")
    def arrives(bench, code=code):
        data = HEAD + chr(code).encode() + TAIL
        equal(bench.ws().ask(data)["result"], [code], "the character")


@case("every byte of a text in four scripts may be a fragment of its own")
def all_fragments(bench):
    value = "aß€😀 κόσμε さようなら"
    data = HEAD + value.encode() + TAIL
    equal(bench.ws().send(fragments(TEXT, [data[i:i + 1] for i in range(len(data))])).json()["result"], [ord(c) for c in value], "the characters")


@case("every place at which a text in four scripts can be cut in two is one at which it may be")
def all_cuts(bench):
    value, ws = "aß€😀\U0010ffff", bench.ws()
    data = HEAD.replace(b"codes", b"vms.head") + value.encode() + TAIL
    for cut in range(len(data) + 1):
        equal(ws.send(fragments(TEXT, [data[:cut], data[cut:]])).json()["id"], 7, f"id of the answer, cut at {cut}")


@case("a ping inside a character that is cut by fragments is answered, and the character arrives")
def ping_inside(bench):
    data = HEAD + "€".encode() + TAIL
    at = len(HEAD) + 1
    ws = bench.ws().send(text(data[:at], fin=False) + frame(9, b"\xff") + frame(0, data[at:]))
    ws.expect_message(10, b"\xff")
    equal(ws.json()["result"], [0x20ac], "the character")


@case("what a contract returns comes back as UTF-8")
def returned(bench):
    equal(bench.ws().call("same", ["naïve 😀 \u2028\u0001"]), "naïve 😀 \u2028\u0001", "the text")
