#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A port of 127.0.0.1 (printed) behind which every connection is a stream over a WebSocket with the subprotocol hypercore to
ws://HOST:PORT/PATH: whatever replicates over TCP can be tried over WebSocket. Bytes go out in messages and fragments of all sizes."""
import os, re, socket, struct, sys, threading

HOST, PORT, PATH = re.fullmatch(r"ws://([^:/]+):(\d+)(/.*)", sys.argv[1]).groups()
REQUEST = (
    f"GET {PATH} HTTP/1.1\r\nHost: {HOST}:{PORT}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: hypercore\r\n\r\n"
)


def take(reader, n):
    data = reader.read(n)
    if len(data) < n:
        raise EOFError
    return data


def frame(first, payload):
    n, mask = len(payload), os.urandom(4)
    head = bytes([first, 0x80 | n]) if n < 126 else bytes([first, 0xFE]) + struct.pack(">H", n)
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


def outward(plain, web):
    more = False
    try:
        while data := plain.recv(1 + os.urandom(1)[0] * 200):
            last = os.urandom(1)[0] < 128
            web.sendall(frame((0x80 if last else 0) | (0 if more else 2), data))
            more = not last
        web.sendall(frame(0x88, struct.pack(">H", 1000)))
    except OSError:
        pass


def inward(reader, plain):
    try:
        while True:
            first, n = take(reader, 2)
            n = struct.unpack(">H", take(reader, 2))[0] if n == 126 else struct.unpack(">Q", take(reader, 8))[0] if n == 127 else n
            payload = take(reader, n)
            if first & 15 == 8:
                break
            if first & 15 in (0, 2):
                plain.sendall(payload)
    except (OSError, EOFError):
        pass
    plain.close()


def bridge(plain):
    web = socket.create_connection((HOST, int(PORT)))
    web.sendall(REQUEST.encode())
    reader, answer = web.makefile("rb"), b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += take(reader, 1)
    if not answer.startswith(b"HTTP/1.1 101") or b"\r\nSec-WebSocket-Protocol: hypercore\r\n" not in answer:
        sys.exit("no stream at " + sys.argv[1] + ": " + answer.decode())
    threading.Thread(target=outward, args=(plain, web), daemon=True).start()
    inward(reader, plain)


listener = socket.create_server(("127.0.0.1", 0), backlog=64)
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=bridge, args=(listener.accept()[0],), daemon=True).start()
