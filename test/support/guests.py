#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Foreign clients of a host, most of them rude: guests.py URL PID SCENARIO runs one; it asserts what the host answers and, each
time, that somebody else is served meanwhile. Raw sockets: nothing here shares code with libvms."""
import base64, json, os, socket, struct, sys, time
from urllib.parse import urlparse

URL, PID, SCENARIO = sys.argv[1], int(sys.argv[2]), sys.argv[3]
WAIT = 120  # seconds for what has to come: machines can be busy
PLACE = urlparse(URL)


def frame(opcode, payload, fin=True, mask=True, length=None, rsv=0):
    n = len(payload) if length is None else length
    head, bit = bytes([(0x80 if fin else 0) | rsv | opcode]), 0x80 if mask else 0
    head += bytes([bit | n]) if n < 126 else bytes([bit | 126]) + struct.pack(">H", n) if n < 65536 else bytes([bit | 127]) + struct.pack(">Q", n)
    if not mask:
        return head + payload
    key = os.urandom(4)
    stream = int.from_bytes((key * (len(payload) // 4 + 1))[:len(payload)], "big") if payload else 0
    return head + key + (int.from_bytes(payload, "big") ^ stream).to_bytes(len(payload), "big")


def request(id, method="vms.head", params=None):
    message = {"jsonrpc": "2.0", "id": id, "method": method}
    return message if params is None else {**message, "params": params}


class Guest:
    def __init__(self, upgrade=True, buffer=None):
        self.sock = socket.socket()
        if buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.sock.settimeout(WAIT)
        self.sock.connect((PLACE.hostname, PLACE.port))
        self.bytes = b""
        if upgrade:
            self.sock.sendall(self.hello())
            head = self.until(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101"), head

    @staticmethod
    def hello(more=b""):
        return (f"GET {PLACE.path} HTTP/1.1\r\nHost: {PLACE.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n").encode() + more + b"\r\n"

    def more(self):
        got = self.sock.recv(65536)
        if not got:
            raise EOFError
        self.bytes += got

    def take(self, n):
        while len(self.bytes) < n:
            self.more()
        taken, self.bytes = self.bytes[:n], self.bytes[n:]
        return taken

    def until(self, mark):
        while mark not in self.bytes:
            self.more()
        taken, self.bytes = self.bytes.split(mark, 1)
        return taken

    def rest(self):
        try:
            while True:
                self.more()
        except (EOFError, ConnectionResetError):
            return self.bytes

    def frame(self):
        opcode, n = self.take(2)
        assert n < 128, "a masked frame from the host"
        if n == 126:
            n = struct.unpack(">H", self.take(2))[0]
        elif n == 127:
            n = struct.unpack(">Q", self.take(8))[0]
        body = self.take(n)
        if opcode & 15 != 9:
            return opcode & 15, body
        self.sock.sendall(frame(10, body))  # who was silent for long is asked whether it is there
        return self.frame()

    def message(self):
        opcode, body = self.frame()
        assert opcode == 1, (opcode, body[:100])
        return json.loads(body)

    def send(self, value, **how):
        self.sock.sendall(frame(1, value if isinstance(value, bytes) else json.dumps(value).encode(), **how))

    def ask(self, id=1, **members):
        self.send({**request(id), **members})
        answer = self.message()
        assert answer["id"] == id, answer
        return answer

    def expect_close(self, code):
        opcode, body = self.frame()
        assert opcode == 8 and struct.unpack(">H", body[:2])[0] == code, (opcode, body)
        assert self.rest() == b""


def memory():
    with open(f"/proc/{PID}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:")) * 1024


def someone_else():
    assert "result" in Guest().ask()


def wait_until(holds, what):
    end = time.monotonic() + WAIT
    while not holds():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.02)


def byte_by_byte():
    guest = Guest(upgrade=False)
    guest.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in guest.hello() + frame(1, json.dumps(request(7)).encode()):
        guest.sock.sendall(bytes([byte]))
    assert guest.until(b"\r\n\r\n").startswith(b"HTTP/1.1 101")
    assert guest.message()["id"] == 7


def idle():
    guests = [Guest() for _ in range(200)] + [Guest(upgrade=False) for _ in range(100)]
    someone_else()
    assert all("result" in guest.ask() for guest in guests[:200])


def too_long():
    for length in (64 << 20, (2 << 20) + 1, 1 << 40, (1 << 63) - 1):
        guest = Guest()
        guest.sock.sendall(frame(1, b"x" * 1000, length=length))
        guest.expect_close(1009)
    guest = Guest()
    piece = b" " * (1 << 20)
    guest.sock.sendall(frame(1, piece, fin=False) + frame(0, piece, fin=False))
    guest.sock.sendall(frame(0, b"x"))
    guest.expect_close(1009)
    guest = Guest()  # and the longest that fits is read
    guest.send(b" " * ((2 << 20) - 200) + json.dumps(request(3)).encode())
    assert guest.message()["id"] == 3
    before = memory()  # it keeps on sending what it announced
    guest = Guest()
    try:
        guest.sock.sendall(frame(1, b"", length=64 << 20))
        for _ in range(64):
            guest.sock.sendall(piece)
    except OSError:
        pass
    assert memory() - before < 8 << 20


def malformed():
    bad = {
        "no mask": (frame(1, b"{}", mask=False), 1002),
        "a reserved bit": (frame(1, b"{}", rsv=0x40), 1002),
        "an opcode that is none": (frame(3, b"{}"), 1002),
        "a continuation of nothing": (frame(0, b"{}"), 1002),
        "a message in a message": (frame(1, b"{", fin=False) + frame(1, b"}"), 1002),
        "a long ping": (frame(9, b"x" * 126), 1002),
        "a ping in pieces": (frame(9, b"x", fin=False), 1002),
        "half a close code": (frame(8, b"\x03"), 1002),
        "a length of 2^63": (frame(1, b"x", length=1 << 63), 1002),
        "a length not in its shortest form": (b"\x81\xfe\x00\x01\0\0\0\0x", 1002),
        "binary": (frame(2, b"{}"), 1003),
        "not UTF-8": (frame(1, b'"\xff\xfe"'), 1007),
        "a surrogate": (frame(1, b'"\xed\xa0\x80"'), 1007),
        "UTF-8 cut off": (frame(1, b'"\xe2\x82'), 1007),
    }
    for name, (what, code) in bad.items():
        guest = Guest()
        guest.sock.sendall(what)
        try:
            guest.expect_close(code)
        except Exception as failure:
            raise AssertionError(name) from failure
    someone_else()


def fragments():
    guest = Guest()
    body = json.dumps({**request("é🎉"), "method": "vms.head"}, ensure_ascii=False).encode()
    for at in range(len(body)):
        last = at == len(body) - 1
        guest.sock.sendall(frame(0 if at else 1, body[at:at + 1], fin=last) + (b"" if last else frame(9, bytes([at % 256]))))
    pongs = [guest.frame() for _ in range(len(body) - 1)]
    assert all(opcode == 10 and pong == bytes([at % 256]) for at, (opcode, pong) in enumerate(pongs))
    assert guest.message()["id"] == "é🎉"


def batches():
    guest = Guest()
    guest.send([request(i) for i in range(1000)])
    assert [answer["id"] for answer in guest.message()] == list(range(1000))
    guest.send([request(i) for i in range(1001)])
    assert guest.message()["error"]["code"] == -32600
    guest.send([])
    assert guest.message()["error"]["code"] == -32600
    guest.send([1, "x", None, [], {}, request(5)])
    answers = guest.message()
    assert [answer.get("error", {}).get("code") for answer in answers] == [-32600] * 5 + [None] and answers[5]["id"] == 5
    guest.send([{"jsonrpc": "2.0", "method": "vms.head"}] * 3)  # notifications only: nothing comes
    assert "result" in guest.ask(9)
    for text in (b"", b"hello", b"{", b"[" * 100000, b'{"jsonrpc":"2.0","id":1,"method":"vms.head"}x', b'"\x00"', b"\xef\xbb\xbf{}"):
        guest.send(text)
        assert guest.message()["error"]["code"] == -32700, text[:20]
    for id in ("1e400", '"\\ud800"', "-0", "1.50", '"' + "x" * 100000 + '"'):
        guest.send(b'{"jsonrpc":"2.0","method":"vms.head","id":' + id.encode() + b"}")
        opcode, body = guest.frame()
        assert opcode == 1 and b'"id":' + id.encode() + b"," in body, body[:100]
    guest.send(b'{"jsonrpc":"2.0","method":"vms.head","id":{}}')
    assert guest.message()["error"]["code"] == -32600


def slow_reader():
    before = memory()
    guests = [Guest(buffer=4096) for _ in range(8)]
    batch = frame(1, json.dumps([request(i, "vms.info") for i in range(1000)]).encode())
    pings = frame(9, b"x" * 125) * 1000
    for number, guest in enumerate(guests):
        flood = pings if number % 2 else batch
        guest.sock.sendall(flood)  # the first one has all the time it needs
        guest.sock.settimeout(0.2)
        try:
            for _ in range(200):
                guest.sock.sendall(flood)
        except OSError:
            continue
        assert False, "the host takes everything and waits for nobody"
    someone_else()
    grown = memory() - before
    with open(f"/proc/{PID}/maps") as maps:  # a sanitizer keeps what is freed
        most = (1 << 30) if "libasan" in maps.read() else (160 << 20)
    assert grown < most, f"{grown >> 20} MiB for eight who do not read"
    print(f"{grown >> 20} MiB for eight who do not read")
    guests[0].sock.settimeout(WAIT)  # and who reads after all gets all
    assert [answer["id"] for answer in guests[0].message()] == list(range(1000))


def half_open():
    start = time.monotonic()
    guests = [Guest(upgrade=False) for _ in range(20)]
    for guest in guests[10:]:
        guest.sock.sendall(guest.hello()[:50])
    dripping = Guest(upgrade=False)
    dripping.sock.sendall(b"GET / HTTP/1.1\r\nX: ")
    dripping.sock.settimeout(0.3)
    someone_else()
    for _ in range(300):  # as long as it drips, and no longer: whatever it sends does not keep it
        try:
            dripping.sock.sendall(b"x")
            dripping.more()
        except TimeoutError:
            continue
        except (EOFError, ConnectionError):
            break
    else:
        raise AssertionError("it may drip for ever")
    for guest in [*guests, dripping]:
        assert guest.rest() == b""
    assert time.monotonic() - start > 5, "dropped before its ten seconds were over"  # the host's clock stands while it works


def garbage():
    texts = {
        b"\0" * 100: b"400", os.urandom(1000) + b"\r\n\r\n": b"400", b"SSH-2.0-x\r\n\r\n": b"400",
        b"GET / HTTP/1.0\r\n\r\n": b"400", b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n": b"400", b"GET  HTTP/1.1\r\nHost: localhost\r\n\r\n": b"400",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n": b"413",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n": b"400",
        b"DELETE / HTTP/1.1\r\nHost: localhost\r\n\r\n": b"405", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n": b"426",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"a" * 20000 + b"\r\n\r\n": b"431", b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 5000: b"431",
        b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\n": b"431", b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n": b"404",
        b"GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n": b"404", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03": b"400",
        Guest.hello(b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"): b"400",
    }
    for text, status in texts.items():
        guest = Guest(upgrade=False)
        try:
            guest.sock.sendall(text)
        except OSError:
            pass
        answer = guest.rest()
        assert answer.startswith(b"HTTP/1.1 " + status), (text[:40], answer[:60])
    someone_else()


def leaves():
    for _ in range(50):  # in the middle of everything, with a reset
        for part in (b"", Guest.hello()[:30], Guest.hello(), Guest.hello() + b"\x81", Guest.hello() + frame(1, json.dumps([request(1)] * 500).encode())):
            guest = Guest(upgrade=False)
            guest.sock.sendall(part)
            guest.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            guest.sock.close()
    someone_else()
    wait_until(lambda: len(os.listdir(f"/proc/{PID}/fd")) < 40, "connections that ended go")


globals()[SCENARIO]()
someone_else()
