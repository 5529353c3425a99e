#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cutter.py PORT_FILE SEED: a port of 127.0.0.1 (printed) that passes everything on to the one that PORT_FILE names, until it cuts the connection
short: after a random number of bytes, in the middle of whatever they are, with a reset or an end, on both sides or only later on the other."""
import random, socket, struct, sys, threading, time

FILE, chance = sys.argv[1], random.Random(int(sys.argv[2]))
lock = threading.Lock()


class Link:
    def __init__(self, client, host):
        with lock:
            self.left = int(chance.expovariate(1 / 150000)) + chance.choice((1, 300, 2000))
            self.resets, self.late = chance.random() < 0.5, chance.random() < 0.2
        self.ends, self.lock = (client, host), threading.Lock()

    def pass_on(self, source, sink):
        try:
            while data := source.recv(16384):
                with self.lock:
                    self.left -= len(data)
                    data = data[: self.left] if self.left < 0 else data
                if data:
                    sink.sendall(data)
                if self.left <= 0:
                    break
        except OSError:
            pass
        self.cut(sink)

    def cut(self, first):
        for end in sorted(self.ends, key=lambda each: each is not first):
            try:
                if self.resets:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
            if self.late:
                time.sleep(0.02)


def serve(client):
    try:
        host = socket.create_connection(("127.0.0.1", int(open(FILE).read())), timeout=60)
    except (OSError, ValueError):
        client.close()
        return
    host.settimeout(None)
    link = Link(client, host)
    threading.Thread(target=link.pass_on, args=(host, client), daemon=True).start()
    link.pass_on(client, host)


listener = socket.create_server(("127.0.0.1", 0), backlog=64)
print(listener.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
