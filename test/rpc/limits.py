# SPDX-License-Identifier: MIT
"""Sizes, counts and time: what is allowed works, what is above it ends as documented, and costs nobody else anything."""
import json, time
from cases import case
from wire import Failed, PING, TEXT, check, equal, fragments, frame, request, text, upgrade

MESSAGE = 2 << 20  # bytes in a message
CALL = request("vms.head", id=7).encode()
TEN_SECONDS = 5  # as the host counts them: its clock stands while it works, and the machine may stand still just then


def padded(length):
    return CALL + b" " * (length - len(CALL))


for length in (MESSAGE - 1, MESSAGE):
    @case(f"a message of {length} bytes is answered")
    def fits(bench, length=length):
        equal(bench.ws().send(text(padded(length))).json()["id"], 7, "id of the answer")

    @case(f"a message of {length} bytes in fragments is answered")
    def fits_in_fragments(bench, length=length):
        data = padded(length)
        ws = bench.ws().send(fragments(TEXT, [data[i:i + 100000] for i in range(0, length, 100000)]))
        equal(ws.json()["id"], 7, "id of the answer")

for length in (MESSAGE + 1, MESSAGE * 2):
    @case(f"a message of {length} bytes ends the connection with 1009")
    def too_long(bench, length=length):
        bench.ws().send(text(padded(length))).expect_close(1009)

    @case(f"a message of {length} bytes in fragments ends the connection with 1009")
    def too_long_in_fragments(bench, length=length):
        data = padded(length)
        bench.ws().send(fragments(TEXT, [data[i:i + 100000] for i in range(0, length, 100000)])).expect_close(1009)

for what, length in ((f"{MESSAGE + 1}", MESSAGE + 1), ("2^32-1", (1 << 32) - 1), ("2^32", 1 << 32), ("2^62", 1 << 62), ("2^63-1", (1 << 63) - 1)):
    @case(f"a message that declares {what} bytes ends the connection with 1009 before they come")
    def declared(bench, length=length):
        bench.ws().send(frame(TEXT, b"", form=64, declare=length)).expect_close(1009)

    @case(f"a last fragment that declares {what} bytes ends the connection with 1009 before they come")
    def declared_last(bench, length=length):
        bench.ws().send(text(b"[", fin=False) + frame(0, b"", form=64, declare=length)).expect_close(1009)


@case("fragments that together are one byte too long end the connection with 1009 before the last one's bytes come")
def one_too_much(bench):
    bench.ws().send(text(padded(MESSAGE), fin=False) + frame(0, b"", declare=1)).expect_close(1009)


@case("whoever drips a frame does not keep the others waiting")
def dripping(bench):
    slow, fast = bench.ws(), bench.ws()
    data = text(CALL)
    for i in range(0, len(data), 4):
        slow.send(data[i:i + 4])
        fast.expect_alive()
    equal(slow.json()["id"], 7, "id of the answer")


@case("whoever does not read answers does not keep the others waiting, and gets them all in the end")
def not_reading(bench):
    lazy, other = bench.ws(), bench.ws()
    for i in range(20):
        lazy.say(request("big", [500000], i))
    for _ in range(10):
        other.expect_alive()
    for i in range(20):
        answer = lazy.json()
        equal((answer["id"], len(answer.get("result", ""))), (i, 500000), "an answer")


@case("pings of one who does not read do not pile up without end")
def many_pings(bench):
    ws = bench.ws()
    ws.sock.settimeout(2)
    ping, sent = frame(PING, b"x" * 125) * 1000, 0
    try:
        while sent < 64 << 20:
            sent += ws.sock.send(ping)
    except TimeoutError:
        pass  # it stopped reading
    check(sent < 64 << 20, "the host takes pings without end")
    bench.ws().expect_alive()


@case("a batch of 1,000 requests is answered")
def batch(bench):
    answers = bench.ws().ask("[" + ",".join(request("vms.none", id=i) for i in range(1000)) + "]")
    equal(sorted(each["id"] for each in answers), list(range(1000)), "ids")


@case("a batch of 1,001 requests is one error")
def batch_too_long(bench):
    answer = bench.ws().ask("[" + ",".join(request("vms.none", id=i) for i in range(1001)) + "]")
    equal((answer["id"], answer["error"]["code"]), (None, -32600), "id and code")


@case("a batch of 1,001 calls runs none of them")
def batch_runs_nothing(bench):
    name, ws = "a batch too long", bench.ws()
    ws.ask("[" + ",".join(request("bump", [name], i) for i in range(1001)) + "]")
    equal(ws.call("count", [name]), None, "calls that ran")


@case("a batch with a long answer is answered as a whole, and what of it was refused did not run")
def batch_answer(bench):
    name, ws = "a batch with a long answer", bench.ws()
    batch = [json.loads(request("big", [1000000], i)) for i in range(6)] + [json.loads(request("bump", [name], i)) for i in range(6, 9)]
    answers = ws.ask(json.dumps(batch))
    equal([each["id"] for each in answers], list(range(9)), "ids")
    check({each["error"]["code"] for each in answers if "error" in each} <= {-32004}, "codes")
    equal(ws.call("count", [name]), sum("result" in each for each in answers[6:]) or None, "calls that ran")


@case("of a batch of readings whose answers get too long the rest is refused with -32004")
def batch_of_readings(bench):
    host = bench.own_host("--anonymous")
    ws = bench.ws(host=host)
    for i in range(4):
        ws.call("length", ["x" * 900000])
    answers = ws.ask("[" + ",".join(request("vms.blocks", ["ledger", 0, 100], i) for i in range(20)) + "]")
    equal([each["id"] for each in answers], list(range(20)), "ids")
    good = ["result" in each for each in answers]
    check(good[0] and not good[-1] and {each["error"]["code"] for each in answers if "error" in each} == {-32004}, f"answered: {good}")


for depth, good in ((10, True), (63, True), (64, True), (65, False)):
    @case(f"parameters nested {depth} deep {'arrive' if good else 'are refused'}")
    def nested(bench, depth=depth, good=good):
        value = json.loads("[" * (depth - 1) + "]" * (depth - 1))  # and the array of parameters around it
        answer = bench.ws().ask(request("same", [value]))
        if good:
            equal(answer.get("result"), value, "the value")
        else:
            equal(answer["error"]["code"], -32602, "code")


@case("a text nested a million deep is a parse error")
def deep(bench):
    for opening in ("[", '{"a":', '{"jsonrpc":"2.0","id":1,"method":"same","params":' + "["):
        ws = bench.ws()
        equal(ws.ask(opening * 1 + "[" * 1000000)["error"]["code"], -32700, "code")
        equal(ws.ask(opening * 1 + "[" * 1000000 + "]" * 1000000)["error"]["code"], -32700, "code")
        ws.expect_alive()


@case("an upgrade that takes longer than ten seconds is dropped", slow=True)
def slow_headers(bench):
    start, http = time.monotonic(), bench.http()
    data = upgrade(headers=[("X", "y" * 2000)])
    http.sock.settimeout(0.05)
    for i in range(len(data)):  # a hundred seconds long, and more: it has to end before
        http.send(data[i:i + 1])
        try:
            if not http.more():
                break
        except Failed:
            continue
    equal((http.ended, http.bytes), (True, b""), "whether it ended, and what was answered")
    check(time.monotonic() - start > TEN_SECONDS, "dropped too early")


@case("a connection that says nothing is dropped after ten seconds", slow=True)
def silent(bench):
    start = time.monotonic()
    bench.http().expect_end()
    check(time.monotonic() - start > TEN_SECONDS, "dropped too early")


@case("an open connection may be silent for longer than an upgrade may take", slow=True)
def idle(bench):
    ws = bench.ws()
    time.sleep(12)
    ws.expect_alive()


@case("two hundred connections at once are all served")
def many(bench):
    sockets = [bench.ws() for _ in range(200)]
    for ws in sockets:
        ws.say(CALL)
    for ws in sockets:
        equal(ws.json()["id"], 7, "id of the answer")
