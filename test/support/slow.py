#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""slow.py HOST:PORT: a port of 127.0.0.1 (printed) that passes everything on, and takes what callers send slowly and in small segments: their
system has no room for all of it at once."""
import socket, sys, threading, time


def pass_on(source, sink, pause):
    try:
        while data := source.recv(16384):
            sink.sendall(data)
            time.sleep(pause)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 1400)
listener.bind(("127.0.0.1", 0))
listener.listen(16)
print(listener.getsockname()[1], flush=True)
where, port = sys.argv[1].rsplit(":", 1)
while True:
    client = listener.accept()[0]
    host = socket.create_connection((where, int(port)))
    threading.Thread(target=pass_on, args=(client, host, 0.002), daemon=True).start()
    threading.Thread(target=pass_on, args=(host, client, 0), daemon=True).start()
