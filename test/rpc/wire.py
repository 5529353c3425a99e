# SPDX-License-Identifier: MIT
"""A client made of a socket and this file: it can say what no proper client says, and sees every byte that comes back."""
import base64, hashlib, itertools, json, re, socket, struct, time

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
WAIT = 120.0  # seconds for what has to come: machines can be busy
MASK = b"\x37\xfa\x21\x3d"  # the one of RFC 6455, 5.7


class Failed(Exception):
    """What the other side did is not what the case says."""


def check(good, what):
    if not good:
        raise Failed(what)


def equal(found, expected, what):
    check(found == expected, f"{what}: expected {short(expected)}, found {short(found)}")


def wait_until(holds, what):
    end = time.monotonic() + WAIT
    while not holds():
        check(time.monotonic() < end, f"in vain: {what}")
        time.sleep(0.02)


def short(value):
    text = repr(value)
    return text if len(text) <= 300 else text[:200] + " … " + text[-80:]


def masked(payload, mask):
    if mask == b"\0\0\0\0" or not payload:
        return payload
    n = len(payload)
    pad = (mask * (n // 4 + 1))[:n]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(pad, "big")).to_bytes(n, "big")


def frame(opcode, payload=b"", fin=True, rsv=0, mask=MASK, form=None, declare=None):
    """One frame. form: 7, 16 or 64 bits of length, whether or not that is the shortest; declare: a length that is not the payload's;
    mask None: not masked."""
    n = len(payload) if declare is None else declare
    form = form or (7 if n < 126 else 16 if n < 65536 else 64)
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0 if mask is None else 0x80
    if form == 7:
        head += bytes([bit | n])
    elif form == 16:
        head += bytes([bit | 126]) + struct.pack(">H", n)
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", n)
    return head + (payload if mask is None else mask + masked(payload, mask))


def text(value, **how):
    return frame(TEXT, value.encode() if isinstance(value, str) else value, **how)


def close(code=None, reason=b"", **how):
    return frame(CLOSE, b"" if code is None else struct.pack(">H", code) + reason, **how)


def request(method, params=None, id=1, **more):
    """The text of a JSON-RPC request; id ... leaves it out."""
    made = {"jsonrpc": "2.0", "method": method}
    if params is not None:
        made["params"] = params
    if id is not ...:
        made["id"] = id
    return json.dumps({**made, **more})


def fragments(opcode, pieces, **how):
    """A message in as many frames as there are pieces."""
    last = len(pieces) - 1
    return b"".join(frame(opcode if i == 0 else 0, piece, fin=i == last, **how) for i, piece in enumerate(pieces))


class Socket:
    def __init__(self, address, wait=WAIT):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        self.sock.settimeout(wait)
        self.sock.connect(address)
        if family != socket.AF_UNIX:
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = b""
        self.ended = False

    def send(self, data):
        """Sends, as far as the other side still listens."""
        try:
            self.sock.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        except socket.timeout:
            raise Failed("the host takes no more bytes")
        return self

    def drip(self, data, pause=0.0):
        """Sends byte by byte, each in a segment of its own."""
        for i in range(len(data)):
            self.send(data[i:i + 1])
            if pause:
                time.sleep(pause)
        return self

    def more(self):
        """Waits for bytes; False at the end of the stream."""
        if self.ended:
            return False
        try:
            some = self.sock.recv(1 << 16)
        except socket.timeout:
            raise Failed(f"nothing came within {self.sock.gettimeout():g} s, after {short(self.bytes)}")
        except ConnectionResetError:
            some = b""
        self.bytes += some
        self.ended = not some
        return not self.ended

    def take(self, count):
        while len(self.bytes) < count:
            if not self.more():
                raise Failed(f"the connection ended, after {short(self.bytes)}")
        taken, self.bytes = self.bytes[:count], self.bytes[count:]
        return taken

    def rest(self):
        """Everything up to the end of the stream."""
        while self.more():
            pass
        taken, self.bytes = self.bytes, b""
        return taken

    def expect_end(self):
        found = self.rest()
        equal(found, b"", "bytes before the end of the connection")

    def expect_silence(self, seconds=0.3):
        """Nothing comes, and the connection stays."""
        self.sock.settimeout(seconds)
        try:
            came = self.sock.recv(1 << 16)
            raise Failed(f"expected silence, found {short(came)}" if came else "expected silence, the connection ended")
        except socket.timeout:
            equal(self.bytes, b"", "bytes that had come already")
        finally:
            self.sock.settimeout(WAIT)

    def stop_sending(self):
        self.sock.shutdown(socket.SHUT_WR)
        return self

    def end(self):
        self.sock.close()


# --- HTTP ------------------------------------------------------------------------------------------------------------

class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        found = [value for key, value in self.headers if key == name.lower()]
        check(len(found) < 2, f"header {name} comes {len(found)} times")
        return found[0] if found else None

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            raise Failed(f"the body is no JSON text: {short(self.body)}")


class Http(Socket):
    def head(self):
        while b"\r\n\r\n" not in self.bytes:
            if not self.more():
                raise Failed(f"the connection ended before the answer did, after {short(self.bytes)}")
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        lines = head.split(b"\r\n")
        first = re.fullmatch(rb"HTTP/1\.1 ([1-5]\d\d) [ -~]*", lines[0])
        check(first, f"no status line: {short(lines[0])}")
        headers = []
        for line in lines[1:]:
            pair = re.fullmatch(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ -~]*?)[ \t]*", line)
            check(pair, f"no header: {short(line)}")
            headers.append((pair[1].decode().lower(), pair[2].decode()))
        return Answer(int(first[1]), headers, b"")

    def answer(self, head_only=False):
        """The next answer, 1xx ones passed over. Its body has to come with a length, or be absent where it may be."""
        answer = self.head()
        while answer.status < 200 and answer.status != 101:
            answer = self.head()
        length = answer.header("content-length")
        if answer.status in (101, 204, 304) or head_only:
            return answer
        check(length is not None and re.fullmatch(r"0|[1-9]\d*", length), f"no length with status {answer.status}: {answer.headers}")
        answer.body = self.take(int(length))
        return answer

    def post(self, body, path="/", headers=(), method="POST", length=None):
        """Sends a request; the headers may replace those that it has by itself (a value None leaves one out)."""
        if isinstance(body, str):
            body = body.encode()
        self.send(post(body, path, headers, method, length) + body)
        return self

    def call(self, method, params=None, id=1, **how):
        answer = self.post(request(method, params, id), **how).answer()
        equal(answer.status, 200, "status")
        return answer.json()


def lines(first, headers):
    return b"".join(line.encode("latin-1") + b"\r\n" for line in [first] + [f"{name}: {value}" for name, value in headers if value is not None] + [""])


def replaced(basic, headers):
    """basic, with the headers of those names replaced and the others put behind; twice the same name comes twice."""
    names = {name.lower() for name, _ in headers}
    return [(name, value) for name, value in basic if name.lower() not in names] + list(headers)


def post(body=b"", path="/", headers=(), method="POST", length=None):
    """The head of a request with this body."""
    basic = [("Host", "localhost"), ("Content-Type", "application/json"), ("Content-Length", str(len(body) if length is None else length))]
    return lines(f"{method} {path} HTTP/1.1", replaced(basic, headers))


# --- WebSocket -------------------------------------------------------------------------------------------------------

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # the one of RFC 6455, 1.2


def accept_of(key):
    return base64.b64encode(hashlib.sha1(key.encode() + GUID).digest()).decode()


def upgrade(path="/", headers=(), method="GET", version="HTTP/1.1"):
    basic = [("Host", "localhost"), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", KEY)]
    return lines(f"{method} {path} {version}", replaced(basic, headers))


class WebSocket(Http):
    """An open connection. Whatever the host sends is checked: no mask, no reserved bit, the shortest length, whole control frames, UTF-8."""

    def __init__(self, address, path="/", headers=(), extra=b""):
        super().__init__(address)
        self.ids = itertools.count(1000)
        self.send(upgrade(path, headers) + extra)
        answer = self.answer()
        equal(answer.status, 101, "status of the upgrade")
        equal(answer.header("sec-websocket-accept"), accept_of(dict(headers).get("Sec-WebSocket-Key", KEY)), "Sec-WebSocket-Accept")
        equal((answer.header("upgrade") or "").lower(), "websocket", "Upgrade")
        equal((answer.header("connection") or "").lower(), "upgrade", "Connection")
        self.upgraded = answer

    def frame(self):
        head = self.take(2)
        opcode, n = head[0] & 15, head[1] & 127
        check(head[0] & 0x70 == 0, f"the host set a reserved bit: {head.hex()}")
        check(head[1] & 0x80 == 0, f"the host masked a frame: {head.hex()}")
        check(opcode in (0, TEXT, BINARY, CLOSE, PING, PONG), f"the host sent opcode {opcode}")
        if n == 126:
            n = struct.unpack(">H", self.take(2))[0]
            check(n >= 126, "the host sent a length longer than it has to be")
        elif n == 127:
            n = struct.unpack(">Q", self.take(8))[0]
            check(65536 <= n < 1 << 63, "the host sent a length longer than it has to be")
        check(opcode < 8 or (n < 126 and head[0] & 0x80), "the host sent a control frame too long or in pieces")
        return opcode, bool(head[0] & 0x80), self.take(n)

    def message(self):
        """The next message: (opcode, bytes). Control frames are messages too, but for pings: who was silent for long is asked whether it is there."""
        opcode, fin, payload = self.frame()
        while opcode == PING:
            self.send(frame(PONG, payload))
            opcode, fin, payload = self.frame()
        while not fin:
            more, fin, piece = self.frame()
            equal(more, 0, "opcode of a continuation")
            payload += piece
        if opcode == TEXT:
            try:
                payload.decode()
            except UnicodeDecodeError as error:
                raise Failed(f"the host sent text that is no UTF-8: {error}")
        return opcode, payload

    def json(self):
        opcode, payload = self.message()
        check(opcode == TEXT, f"expected a text message, found opcode {opcode} with {short(payload)}")
        return json.loads(payload)

    def say(self, value, **how):
        """Sends a text message."""
        return self.send(text(value, **how))

    def ask(self, value):
        """Sends a text, gives what it is answered with."""
        return self.say(value).json()

    def call(self, method, params=None):
        """Calls; gives the result."""
        id = next(self.ids)
        answer = self.ask(request(method, params, id))
        equal(answer.get("id"), id, "id of the answer")
        check("result" in answer, f"an error: {short(answer)}")
        return answer["result"]

    def expect_alive(self):
        """The connection does its work."""
        equal(self.call("vms.head").get("fork"), 0, "fork in the answer to vms.head")

    def expect_message(self, opcode, payload):
        found = self.message()
        equal(found, (opcode, payload), "the next message")

    def expect_close(self, code, reason=None):
        """The next thing is a close frame with this code (None: without one), and then, once it is answered, the end."""
        opcode, payload = self.message()
        check(opcode == CLOSE, f"expected a close frame with {code}, found opcode {opcode} with {short(payload)}")
        if code is None:
            equal(payload, b"", "payload of the close frame")
        else:
            check(len(payload) >= 2, f"a close frame without code, expected {code}")
            equal(struct.unpack(">H", payload[:2])[0], code, "close code")
            said = payload[2:].decode()  # throws what it throws: a reason is UTF-8
            if reason is not None:
                equal(said, reason, "reason")
        self.send(frame(CLOSE, payload))
        self.expect_end()
