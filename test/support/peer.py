#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A peer that does not keep to the protocol: listens on a free port of 127.0.0.1, prints it, and treats a connection to /N as
the N-th of its manners says. `peer.py manners` lists them: first those that break the handshake, then those that break what
comes after a good one."""
import base64, hashlib, json, os, re, socket, struct, sys, threading, time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def frame(opcode, payload, fin=True, length=None, mask=False, rsv=0):
    n = len(payload) if length is None else length
    head = bytes([(0x80 if fin else 0) | rsv | opcode])
    bit = 0x80 if mask else 0
    if n < 126:
        head += bytes([bit | n])
    elif n < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", n)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", n)
    return head + (b"\0\0\0\0" if mask else b"") + payload


def text(value):
    return frame(1, value if isinstance(value, bytes) else json.dumps(value).encode())


class Reader:
    def __init__(self, sock):
        self.sock, self.bytes = sock, b""

    def take(self, n):
        while len(self.bytes) < n:
            more = self.sock.recv(65536)
            if not more:
                raise EOFError
            self.bytes += more
        taken, self.bytes = self.bytes[:n], self.bytes[n:]
        return taken

    def headers(self):
        while b"\r\n\r\n" not in self.bytes:
            more = self.sock.recv(65536)
            if not more:
                raise EOFError
            self.bytes += more
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        return head

    def message(self):
        while True:
            opcode, n = self.take(2)
            n &= 127
            if n == 126:
                n = struct.unpack(">H", self.take(2))[0]
            elif n == 127:
                n = struct.unpack(">Q", self.take(8))[0]
            mask = self.take(4)
            body = bytes(b ^ mask[i % 4] for i, b in enumerate(self.take(n)))
            if opcode & 15 == 8:
                raise EOFError
            if opcode & 15 == 1:
                return json.loads(body)


def accept_of(head):
    key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head).group(1)
    return base64.b64encode(hashlib.sha1(key + GUID).digest())


def upgrade(accept):
    return b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n"


LONG = 600  # seconds, longer than anybody waits who has no patience of its own


def forever(sock, chunk, pause=0.0):
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        sock.sendall(chunk)
        time.sleep(pause)


def reply(request, **members):
    return text({"jsonrpc": "2.0", "id": request["id"], **members})


BEFORE = {
    "hangs up": lambda s, r: None,
    "is silent": lambda s, r: time.sleep(LONG),
    "speaks garbage": lambda s, r: (r.headers(), s.sendall(os.urandom(4096))),
    "speaks SSH": lambda s, r: s.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "takes another key": lambda s, r: (r.headers(), s.sendall(upgrade(base64.b64encode(b"x" * 20))), time.sleep(1)),
    "stops in its headers": lambda s, r: (r.headers(), s.sendall(upgrade(b"")[:40])),
    "has no end of headers": lambda s, r: (r.headers(), s.sendall(b"HTTP/1.1 101 X\r\n"), forever(s, b"A: b\r\n" * 100)),
    "drips its headers": lambda s, r: (r.headers(), s.sendall(b"HTTP/1.1 101 X\r\nA: "), forever(s, b"a", 0.05)),
    "answers 200": lambda s, r: (r.headers(), s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")),
    "answers 500": lambda s, r: (r.headers(), s.sendall(b"HTTP/1.1 500 \x1b[31mred\r\nContent-Length: 0\r\n\r\n")),
    "sends elsewhere": lambda s, r: (r.headers(), s.sendall(b"HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:9/\r\n\r\n")),
    "negotiates an extension": lambda s, r: s.sendall(
        upgrade(accept_of(r.headers()))[:-2] + b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
}

AFTER = {
    "hangs up": lambda s, r, q: None,
    "never answers": lambda s, r, q: time.sleep(LONG),
    "hangs up in a frame": lambda s, r, q: s.sendall(frame(1, b'{"jsonrpc"', length=100)),
    "hangs up in a header": lambda s, r, q: s.sendall(b"\x81\x7f\0\0"),
    "sends garbage": lambda s, r, q: s.sendall(os.urandom(4096)),
    "announces 2^62 bytes": lambda s, r, q: (s.sendall(frame(1, b"{", length=1 << 62)), forever(s, b" " * 65536)),
    "announces 2^64-1 bytes": lambda s, r, q: (s.sendall(frame(1, b"{", length=(1 << 64) - 1)), time.sleep(1)),
    "announces 3 GiB": lambda s, r, q: (s.sendall(frame(1, b"{", length=3 << 30)), time.sleep(1)),
    "sends fragments without end": lambda s, r, q: (s.sendall(frame(1, b"{", fin=False)), forever(s, frame(0, b" " * 65536, fin=False))),
    "sends empty fragments without end": lambda s, r, q: (s.sendall(frame(1, b"", fin=False)), forever(s, frame(0, b"", fin=False) * 1000)),
    "pings without end": lambda s, r, q: forever(s, frame(9, b"x" * 100) * 100),
    "drips an answer": lambda s, r, q: (s.sendall(frame(1, b"{", length=1000)), forever(s, b" ", 0.05)),
    "answers another id": lambda s, r, q: (s.sendall(text({"jsonrpc": "2.0", "id": 4711, "result": {"seq": 2, "result": 1}})), time.sleep(1)),
    "answers another id without end": lambda s, r, q: forever(s, text({"jsonrpc": "2.0", "id": 4711, "result": 1}), 0.01),
    "answers no id": lambda s, r, q: (s.sendall(text({"jsonrpc": "2.0", "id": None, "result": {"seq": 2, "result": 1}})), time.sleep(1)),
    "answers an id of text": lambda s, r, q: (s.sendall(text({"jsonrpc": "2.0", "id": "1", "result": {"seq": 2, "result": 1}})), time.sleep(1)),
    "sends no JSON": lambda s, r, q: s.sendall(text(b"hello")),
    "sends half a JSON text": lambda s, r, q: s.sendall(text(b'{"jsonrpc":"2.0","id":1,"result":')),
    "sends control characters": lambda s, r, q: s.sendall(text(b'{"jsonrpc":"2.0","id":1,"result":"\x1b[31m"}')),
    "sends text that is not UTF-8": lambda s, r, q: s.sendall(text(b'{"jsonrpc":"2.0","id":1,"result":"\xff\xfe"}')),
    "sends JSON too deep": lambda s, r, q: s.sendall(text(b'{"jsonrpc":"2.0","id":1,"result":' + b"[" * 100000)),
    "sends an empty message": lambda s, r, q: s.sendall(text(b"")),
    "sends binary frames": lambda s, r, q: (s.sendall(frame(2, b'{"jsonrpc":"2.0","id":1,"result":1}')), time.sleep(1)),
    "sends unknown opcodes": lambda s, r, q: (s.sendall(frame(5, b"x")), time.sleep(1)),
    "sends reserved bits": lambda s, r, q: (s.sendall(frame(1, b"{}", rsv=0x70)), time.sleep(1)),
    "masks its frames": lambda s, r, q: (s.sendall(frame(1, b"{}", mask=True)), time.sleep(1)),
    "says goodbye": lambda s, r, q: (s.sendall(frame(8, struct.pack(">H", 1001) + b"\x1b[31mbye")), time.sleep(1)),
    "says half a goodbye": lambda s, r, q: (s.sendall(frame(8, b"\x03")), time.sleep(1)),
    "answers an array": lambda s, r, q: s.sendall(text([1, 2, 3])),
    "answers version 1": lambda s, r, q: s.sendall(text({"id": q["id"], "result": 1})),
    "answers nothing": lambda s, r, q: s.sendall(reply(q)),
    "answers an error without code": lambda s, r, q: s.sendall(reply(q, error={"message": "x"})),
    "answers an error of text": lambda s, r, q: s.sendall(reply(q, error="no")),
    "answers an error of code 0": lambda s, r, q: s.sendall(reply(q, error={"code": 0, "message": "x"})),
    "answers a number": lambda s, r, q: s.sendall(reply(q, result=7)),
    "answers an empty object": lambda s, r, q: s.sendall(reply(q, result={})),
    "answers a seq of text": lambda s, r, q: s.sendall(reply(q, result={"seq": "2", "result": 1})),
}


MANNERS = list(BEFORE.items()) + list(AFTER.items())


def serve(sock):
    reader = Reader(sock)
    try:
        while b" HTTP/" not in reader.bytes:
            reader.bytes += sock.recv(65536)
        number = int(reader.bytes.split(b"/", 2)[1].split(b" ")[0])
        if number < len(BEFORE):
            MANNERS[number][1](sock, reader)
        else:
            sock.sendall(upgrade(accept_of(reader.headers())))
            MANNERS[number][1](sock, reader, reader.message())
    except (OSError, EOFError):
        pass
    finally:
        sock.close()


if len(sys.argv) > 1:
    for number, (name, _) in enumerate(MANNERS):
        print(number, "shake" if number < len(BEFORE) else "later", name)
    sys.exit()
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
