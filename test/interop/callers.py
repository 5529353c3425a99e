# SPDX-License-Identifier: MIT
"""Callers that we did not write: Python's websockets (Debian's package) and curl. They sign with the Ed25519 of test/rpc/sign.py and judge
receipts with its hashes. Prints a line for each case and a sum, as the cases in JavaScript do. Debian's Python, /usr/bin/python3, has websockets.
   callers.py [WORD...]    BUILD names the build directory"""
import asyncio, json, os, re, shutil, subprocess, sys, tempfile, time, traceback

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "rpc"))
import sign
import websockets
from cases import Host, here, root
from methods import Caller
from wire import Failed, WAIT, check, equal, request, short

found = []
counter, contract = os.path.join(root, "examples", "counter.js"), os.path.join(here, "contract.js")


def case(name):
    return lambda function: found.append((name, function))


class World:
    """The hosts of a case, which end with it."""

    def __init__(self):
        self.hosts = []

    def host(self, script=contract, *options, **how):
        self.hosts.append(Host(script, "--quiet", "--anonymous", *options, **how))
        return self.hosts[-1]

    def end(self):
        return [host.stop() for host in self.hosts]


# --- websockets ------------------------------------------------------------------------------------------------------------

class Line:
    """A connection of websockets: answers by id, what comes without one aside."""

    def __init__(self, socket):
        self.socket, self.told, self.sent = socket, [], 0

    async def ask(self, method, params=None):
        self.sent += 1
        await self.socket.send(request(method, params, self.sent))
        while True:
            answer = json.loads(await asyncio.wait_for(self.socket.recv(), WAIT))
            if "id" in answer:
                return answer
            self.told.append(answer)

    async def call(self, method, params=None):
        answer = await self.ask(method, params)
        check("result" in answer, f"an error: {short(answer)}")
        return answer["result"]


def connected(host, **how):
    return websockets.connect(host.url, max_size=1 << 26, open_timeout=WAIT, close_timeout=WAIT, ping_timeout=None, **how)


@case("websockets makes signed calls, whose receipts hold")
async def signed(world):
    host = world.host(counter)
    caller = Caller(None, connection=object(), host=host)
    async with connected(host) as socket:
        line, head = Line(socket), None
        for i in range(1, 11):
            head = head if i % 3 == 0 else await line.call("vms.head")
            seen = {"length": head["length"], "hash": head["treeHash"]}
            text = caller.text("add", [1], seen=seen)
            answer = await line.call("vms.call", caller.sealed(text, receipt=True))
            record = sign.check_receipt(answer["receipt"], host.ledger, seen)
            equal((answer["result"], record["result"], record["request"], record["caller"]), (i, i, text, caller.key.hex()), "answer and record")


@case("websockets follows the ledger while others call")
async def follows(world):
    host = world.host(counter)
    async with connected(host) as follower, connected(host) as other:
        line, caller = Line(follower), Line(other)
        equal((await line.call("vms.subscribe", [0]))["from"], 0, "from")
        for i in range(30):
            await caller.call("add")
        length = (await caller.call("vms.head"))["length"]
        while len(line.told) < length:
            line.told.append(json.loads(await asyncio.wait_for(follower.recv(), WAIT)))
        equal([told["params"]["seq"] for told in line.told], list(range(length)), "numbers of records")
        equal(json.loads(line.told[-1]["params"]["record"])["result"], 30, "the last result")


@case("websockets with compression offered gets none, and large messages come through")
async def large(world):
    host = world.host()
    async with connected(host, compression="deflate") as socket:
        equal(socket.extensions, [], "extensions")
        line = Line(socket)
        for length in (125, 126, 65535, 65536, 170000):
            equal(await line.call("same", ["é" * length]), "é" * length, "the text")


@case("websockets sends fragments, pings, and closes in order")
async def fragments(world):
    host = world.host()
    socket = await connected(host)
    text = request("same", ["ü" * 3000])

    async def pieces():
        for i in range(0, len(text), 500):
            yield text[i:i + 500]
            await (await socket.ping())

    await socket.send(pieces())
    equal(json.loads(await socket.recv())["result"], "ü" * 3000, "the result")
    await socket.close(3456, "bye")
    equal((socket.close_code, socket.close_reason in ("", "bye")), (3456, True), "code and reason")


@case("fifty connections of websockets at once are all served")
async def many(world):
    host = world.host(counter)

    async def one():
        async with connected(host) as socket:
            line = Line(socket)
            return [await line.call("add") for _ in range(10)]

    results = sum(await asyncio.gather(*(one() for _ in range(50))), [])
    equal(sorted(results), list(range(1, 501)), "results")


@case("websockets is told 1001 by a host that goes, after its answers")
async def goes(world):
    host = world.host(counter)
    async with connected(host) as socket:
        for i in range(50):
            await socket.send(request("add", id=i))
        await socket.recv()
        host.process.terminate()
        answers = 1
        try:
            while True:
                answer = json.loads(await socket.recv())
                check("result" in answer or answer["error"]["code"] == -32005, f"the answer: {short(answer)}")
                answers += 1
        except websockets.ConnectionClosed:
            pass
        equal(socket.close_code, 1001, "code")
        equal(host.process.wait(WAIT), 0, "exit status")


@case("a web page in websockets is refused")
async def web_page(world):
    host = world.host()
    for how in ({"origin": "http://evil.example"}, {"origin": "null"}):
        try:
            async with connected(host, **how):
                raise Failed(f"{how} was let in")
        except websockets.InvalidHandshake as refused:
            equal(getattr(refused, "status_code", None), 403, "status")


@case("websockets is told why when it sends what is not taken")
async def told_why(world):
    host = world.host()
    for message, code in ((b"bytes", 1003), ("x" * ((2 << 20) + 1), 1009)):
        socket = await connected(host)
        try:
            await socket.send(message)
            await socket.recv()
        except websockets.ConnectionClosed:
            pass
        equal(socket.close_code, code, "code")


# --- curl ------------------------------------------------------------------------------------------------------------------

def curl(*arguments, stdin=None, status=0):
    run = subprocess.run(["curl", "-sS", "--noproxy", "*", "--max-time", "300", *arguments], input=stdin, capture_output=True)
    check(run.returncode == status, f"curl ends with {run.returncode}: {run.stderr.decode(errors='replace')}")
    return run.stdout


def http_of(host):
    return host.url.replace("ws", "http", 1)


def as_data(text):
    return ["-H", "Content-Type: application/json", "--data-binary", text]


@case("curl posts a call, a batch, a notification and rubbish")
def posts(world):
    host = world.host()
    url = http_of(host)
    equal(json.loads(curl(*as_data(request("sum", [1, 2, 3])), url)), {"jsonrpc": "2.0", "id": 1, "result": 6}, "the call")
    equal(len(json.loads(curl(*as_data(f"[{request('sum', [1])},{request('sum', [2], 2)}]"), url))), 2, "answers of the batch")
    equal(curl(*as_data(request("bump", ["curl"], ...)), url), b"", "the answer to a notification")
    equal(json.loads(curl(*as_data(request("count", ["curl"])), url))["result"], 1, "calls that ran")
    equal(json.loads(curl(*as_data("rubbish"), url))["error"]["code"], -32700, "code for rubbish")


@case("curl with its own defaults for a body, one in chunks, and one that it asks before")
def bodies(world):
    url = http_of(world.host())
    text = request("length", ["x" * 300000])
    for how in ([], ["-H", "Transfer-Encoding: chunked"], ["-H", "Expect: 100-continue"], ["--http1.1"], ["-H", "Connection: close"]):
        equal(json.loads(curl(*how, "-H", "Content-Type: application/json", "--data-binary", "@-", url, stdin=text.encode())).get("result"), 300000, f"the result with {how}")


@case("curl posts three calls on one connection")
def one_connection(world):
    url = http_of(world.host())
    calls = [["-w", "%{num_connects}\n", *as_data(request("same", [i])), url] for i in range(3)]
    out = curl(*calls[0], "--next", *calls[1], "--next", *calls[2]).decode()
    equal(re.findall(r'"result":(\d)}\s*(\d)\n', out), [("0", "1"), ("1", "0"), ("2", "0")], "results and connections made")


@case("curl gets 404 for a path where nothing is, 426 for a plain GET")
def statuses(world):
    url = http_of(world.host())
    code = ["-o", "/dev/null", "-w", "%{http_code}"]
    equal(curl(*code, *as_data(request("vms.head")), url + "nowhere"), b"404", "status of an unknown path")
    equal(curl(*code, url), b"426", "status of GET")
    equal(curl(*code, "-X", "PUT", *as_data("{}"), url), b"405", "status of PUT")
    equal(curl(*code, "-H", "Origin: http://evil.example", *as_data(request("vms.head")), url), b"403", "status of a web page")
    equal(curl(*code, "-H", "Host: evil.example", *as_data(request("vms.head")), url)[:1], b"4", "status of another name")


@case("curl makes a signed call, whose receipt holds")
def signed_by_curl(world):
    host = world.host(counter)
    caller, url = Caller(None, connection=object(), host=host), http_of(host)
    head = json.loads(curl(*as_data(request("vms.head")), url))["result"]
    seen = {"length": head["length"], "hash": head["treeHash"]}
    answer = json.loads(curl(*as_data(request("vms.call", caller.sealed(caller.text("add", [5], seen=seen), receipt=True))), url))["result"]
    equal((answer["result"], sign.check_receipt(answer["receipt"], host.ledger, seen)["result"]), (5, 5), "the result, and that in the record")


def certificate(folder):
    """An authority and a certificate of it for localhost and 127.0.0.1."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-keyout", "host.key", "-out", "host.csr")
    with open(os.path.join(folder, "names"), "w") as names:
        names.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "host.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "host.pem")


@case("curl posts over https to a host whose authority it is told, and to no other")
def https(world):
    folder = tempfile.mkdtemp(prefix="vms-curl-")
    try:
        certificate(folder)
        path = lambda name: os.path.join(folder, name)
        host = world.host(contract, "--tls-cert", path("host.pem"), "--tls-key", path("host.key"))
        check(host.url.startswith("wss://"), f"the URL: {host.url}")
        url = http_of(host)
        for name in (url, url.replace("127.0.0.1", "localhost")):
            equal(json.loads(curl("--cacert", path("ca.pem"), *as_data(request("same", ["tls"])), name))["result"], "tls", "the result")
        curl(*as_data(request("same")), url, status=60)  # it is not trusted
    finally:
        shutil.rmtree(folder)


@case("curl posts to a Unix socket")
def unix(world):
    folder = tempfile.mkdtemp(prefix="vms-curl-")
    try:
        path = os.path.join(folder, "socket")
        world.host(contract, listen=f"unix:{path}")
        equal(json.loads(curl("--unix-socket", path, *as_data(request("same", ["unix"])), "http://localhost/"))["result"], "unix", "the result")
    finally:
        shutil.rmtree(folder)


def main():
    passed = failed = 0
    for name, function in found:
        if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
            continue
        world, start = World(), time.monotonic()
        try:
            done = function(world)
            if done is not None:
                asyncio.run(asyncio.wait_for(done, 10 * WAIT))
            wrong = None
        except Exception as failure:
            wrong = traceback.format_exc() if os.environ.get("V") else f"{type(failure).__name__}: {failure}"
        statuses = world.end()
        if wrong is None and any(status not in (0,) for status in statuses):
            wrong = f"exit status of the hosts: {statuses}"
        passed, failed = passed + (wrong is None), failed + (wrong is not None)
        print(f"passed: {name} ({int((time.monotonic() - start) * 1000)} ms)" if wrong is None else f"FAILED: {name}: {wrong}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
