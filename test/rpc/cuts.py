#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exactly once, from outside: callers count through a proxy that cuts their connections wherever it likes, in frames and between them,
before and after an answer, while the host is killed now and then and its index thrown away. At the end every call was answered with a
number of its own, the counter is their number, and the audit passes.
   CALLS=N  calls in all (300)   KILLS=N  times that the host is killed (3)   SEED=N   BUILD names the build directory"""
import asyncio, json, os, random, shutil, subprocess, sys, tempfile, threading, time

sys.dont_write_bytecode = True
import sign
from cases import Host, build, root
from methods import Caller
from wire import Failed, WAIT, WebSocket, request

CALLS, KILLS, SEED = (int(os.environ.get(name, otherwise)) for name, otherwise in (("CALLS", 300), ("KILLS", 3), ("SEED", 1)))
PROCESSES, OWN = 4, 2  # vms-call, and clients of our own that are made of sockets
OWN_CALLS = min(40, CALLS // 10)
PATIENCE = 600 + CALLS // 5  # seconds for everything: machines can be busy
LONG = (400, 1500, 5000, 15000, 60000)  # bytes that a connection lives, on the average


class Proxy(threading.Thread):
    """Listens on a port of its own and connects to where the host is just then; each connection lives for a random number of bytes, counted in
    each direction by itself."""

    def __init__(self, target, seed):
        super().__init__(daemon=True)
        self.target, self.random, self.ready = target, random.Random(seed), threading.Event()
        self.connections = self.cuts = 0

    def run(self):
        asyncio.run(self.main())

    async def main(self):
        server = await asyncio.start_server(self.accept, "127.0.0.1", 0)
        self.address = server.sockets[0].getsockname()
        self.ready.set()
        await server.serve_forever()

    async def accept(self, reader, writer):
        self.connections += 1
        try:
            up_reader, up_writer = await asyncio.open_connection(*self.target())
        except OSError:
            writer.transport.abort()
            return
        lives = 1 + int(self.random.expovariate(1 / self.random.choice(LONG)))
        # Asked for much and answered little, or the other way round; or nothing of the answers is let through.
        up, down = self.random.choice(((lives, 1 << 60), (1 << 60, lives), (lives, lives), (lives, 1 + lives // 4)))
        pumps = [asyncio.ensure_future(self.pump(reader, up_writer, up)), asyncio.ensure_future(self.pump(up_reader, writer, down))]
        await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        if self.random.random() < 0.3:  # the other direction goes on for a moment
            await asyncio.wait(pumps, timeout=self.random.random() / 50)
        for pump in pumps:
            pump.cancel()
        how = self.random.choice(("abort", "close"))
        for each in (writer, up_writer):
            each.transport.abort() if how == "abort" else each.close()

    async def pump(self, reader, writer, budget):
        """Lets bytes through until the budget is used up; the last ones up to the very byte."""
        try:
            while budget > 0 and (data := await reader.read(self.random.choice((1, 7, 100, 5000, 65536)) if budget < 100000 else 65536)):
                data = data[:budget]
                budget -= len(data)
                writer.write(data)
                await writer.drain()
            if budget <= 0:
                self.cuts += 1
        except OSError:
            pass


class Program(threading.Thread):
    """A vms-call that has its lines, with a key of its own."""

    def __init__(self, folder, number, url, calls):
        super().__init__()
        self.name_, self.calls = f"vms-call {number}", calls
        place = os.path.join(folder, f"caller-{number}")
        os.mkdir(place)
        self.command = [os.path.join(build, "vms-call"), "--key", os.path.join(place, "key"), "--timeout", str(PATIENCE), "--receipt", os.path.join(place, "receipts"), url]
        self.environment = {**os.environ, "HOME": place, "XDG_CONFIG_HOME": place, "XDG_DATA_HOME": place}
        self.receipts = os.path.join(place, "receipts")
        self.results, self.wrong = [], None

    def run(self):
        lines, end = '{"method":"add","params":[]}\n' * self.calls, time.monotonic() + PATIENCE
        while True:
            ran = subprocess.run(self.command, input=lines, env=self.environment, capture_output=True, text=True)
            if ran.returncode != 3 or ran.stdout or time.monotonic() > end:
                break  # who never was connected has sent nothing, and asks for the URL to be looked at
        outcomes = [json.loads(line) for line in ran.stdout.splitlines()]
        self.results = [each["result"] for each in outcomes if "result" in each]
        if ran.returncode != 0 or len(self.results) != self.calls:
            other = next((each for each in outcomes if "result" not in each), None)
            self.wrong = f"{self.name_} ends with {ran.returncode} and {len(self.results)} results of {self.calls}: {other} {ran.stderr[-500:]}"


class Own(threading.Thread):
    """A client that sends the same bytes again until it knows: one call at a time, or two. It keeps its last one back for an event."""

    def __init__(self, host, proxy, number, calls, event):
        super().__init__()
        self.host, self.proxy, self.calls, self.event = host, proxy, calls, event
        self.random, self.results, self.wrong = random.Random(SEED * 100 + number), [], None

    def attempt(self, caller, waiting):
        """Sends what waits, on a new connection; what is answered waits no more."""
        ws = WebSocket(self.proxy.address)
        try:
            caller.connection = ws
            while len(waiting) < 2 and self.calls > (not self.event.is_set()):
                waiting.append(caller.sealed(caller.text("add")))
                self.calls -= 1
            for i, sealed in enumerate(waiting):
                ws.say(request("vms.call", sealed, i))
            for _ in range(len(waiting)):
                answer = ws.json()
                if "result" in answer:
                    self.results.append(answer["result"]["result"])
                    waiting[answer["id"]] = None
                elif answer["error"]["code"] not in (-32004, -32005):
                    raise Failed(f"own client: {answer['error']}")
        finally:
            ws.end()
            waiting[:] = [each for each in waiting if each is not None]

    def run(self):
        caller, waiting, end = Caller(None, connection=object(), host=self.host, seed=self.random.randbytes(32)), [], time.monotonic() + PATIENCE
        while self.calls > 0 or waiting:
            if self.calls == 1 and not waiting:
                self.event.wait(PATIENCE)
            if time.monotonic() > end:
                self.wrong = f"own client: {len(waiting)} calls without an answer after {PATIENCE} s"
                return
            try:
                self.attempt(caller, waiting)
            except Failed as failed:
                if str(failed).startswith("own client"):
                    self.wrong = str(failed)
                    return
                time.sleep(0.02)
            except (OSError, KeyError, ValueError, AssertionError):
                time.sleep(0.02)


def kill_and_start(host, without_index):
    host.process.kill()
    host.process.wait()
    if without_index:
        for folder, _, _ in os.walk(os.path.join(host.dir, "data")):
            if os.path.basename(folder) == "index":
                shutil.rmtree(folder)
    host.start()


def main():
    numbers = random.Random(SEED)
    host = Host(os.path.join(root, "examples", "counter.js"), "--anonymous", "--quiet")
    folder = tempfile.mkdtemp(prefix="vms-cuts-")
    checks, killed = [], threading.Event()

    def holds(good, name, why=""):
        checks.append(good)
        print(f"{'ok' if good else 'not ok'} {len(checks)} - {name}" + ("" if good else f"\n# {why}"), flush=True)

    try:
        proxy = Proxy(lambda: host.address, SEED)
        proxy.start()
        proxy.ready.wait()
        share = (CALLS - OWN * OWN_CALLS) // PROCESSES
        total = share * PROCESSES + OWN * OWN_CALLS
        start = time.monotonic()
        url = "ws://127.0.0.1:%d/" % proxy.address[1]
        programs = [Program(folder, i, url, share) for i in range(PROCESSES)]
        callers = programs + [Own(host, proxy, i, OWN_CALLS, killed) for i in range(OWN)]
        for each in callers:
            each.start()

        def done():
            return not any(each.is_alive() for each in callers)

        def count():
            return WebSocket(host.address).call("get")

        kills = 0
        for i in range(KILLS):  # spread over the calls, not over time
            wanted = total * (i + numbers.random()) / KILLS * 0.9
            while not done() and count() < wanted:
                time.sleep(0.01)
            if not done():
                kill_and_start(host, without_index=i % 2 == 1)
                kills += 1
        killed.set()
        for each in callers:
            each.join(max(1, start + PATIENCE - time.monotonic()))
        took = time.monotonic() - start
        wrong = [each.wrong or "is still at it" for each in callers if each.wrong or each.is_alive()]
        holds(not wrong, "every call was answered, whatever was cut", "; ".join(wrong))
        results = sorted(result for each in callers for result in each.results)
        twice = sorted({each for each in results if results.count(each) > 1})[:5] if len(results) < 2000 else []
        holds(results == list(range(1, total + 1)), "every answer is a number of its own, and none is missing", f"{len(results)} results, {len(set(results))} different, twice: {twice}")
        counted = count()
        holds(counted == total, "the counter is the number of calls", f"{counted} instead of {total}")
        holds(proxy.cuts > total // 100 and kills > 0, "connections were cut and the host was killed", f"{proxy.cuts} cuts, {kills} kills")
        receipts = [line for each in programs if os.path.exists(each.receipts) for line in open(each.receipts)]
        bad = []
        for line in numbers.sample(receipts, min(20, len(receipts))):
            try:
                sign.check_receipt(json.loads(line), host.ledger)
            except (sign.Bad, KeyError, ValueError) as failure:
                bad.append(str(failure))
        holds(len(receipts) == share * PROCESSES and not bad, "each call of vms-call has its receipt, and those drawn hold", f"{len(receipts)} receipts; {bad[:3]}")
        status = host.process.poll()
        host.process.terminate()
        ended = host.process.wait(WAIT)
        holds(status is None and ended == 0, "the host ends in order", f"exit status {status}, {ended}\n# {host.said()[-500:]}")
        audit = subprocess.run([os.path.join(build, "vms-audit"), "--ledger", host.ledger, "--json", os.path.join(host.dir, "data")], capture_output=True, text=True)
        holds(audit.returncode == 0, "the audit passes", f"exit status {audit.returncode}: {audit.stdout[-500:]} {audit.stderr[-500:]}")
        print(f"# {total} calls, {proxy.connections} connections, {proxy.cuts} cut, {kills} kills, {took:.1f} s")
    except OSError as failure:
        holds(False, "the host stays", f"{failure}\n# {host.said()[-500:]}")
    finally:
        host.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{sum(checks)} passed, {len(checks) - sum(checks)} failed")
    return not all(checks)


sys.exit(main())
