# SPDX-License-Identifier: MIT
"""The list of cases, the hosts that they talk to, and the loop that runs them."""
import concurrent.futures, os, re, shutil, signal, subprocess, sys, tempfile, traceback
from wire import Failed, Http, WebSocket

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))
build = os.path.abspath(os.environ.get("BUILD", os.path.join(root, "build")))
found = []  # (name, function, slow), in the order of the files


def case(name, slow=False):
    """Makes a function that gets a Bench a case of this name; slow ones start first."""
    def add(function):
        found.append((name, function, slow))
        return function
    return add


class Host:
    """A vms-host in a folder of its own, that goes with it."""

    def __init__(self, script, *options, listen="127.0.0.1:0"):
        self.dir = tempfile.mkdtemp(prefix="vms-rpc-")
        self.log = open(os.path.join(self.dir, "log"), "w+")
        self.command = [os.path.join(build, "vms-host"), "--dir", os.path.join(self.dir, "data"), "--listen", listen, *options, script]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        match = re.match(r"(\S+) ([0-9a-f]{64}) ([0-9a-f]{64})\n", line)
        if match is None:
            self.log.seek(0)
            raise Failed(f"vms-host does not start: {line}{self.log.read()}")
        self.url, self.ledger, self.archive = match.groups()
        port = re.search(r":(\d+)/", self.url)
        self.address = ("127.0.0.1", int(port[1])) if port else None

    def said(self):
        with open(self.log.name) as log:
            return log.read()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = "it does not end"
        shutil.rmtree(self.dir, ignore_errors=True)
        return status


class Bench:
    """What a case works with: connections to the host, which end with it."""

    def __init__(self, hosts):
        self.hosts, self.host, self.open, self.after = hosts, hosts["plain"], [], []

    def keep(self, connection):
        self.open.append(connection)
        return connection

    def ws(self, path="/", headers=(), host=None, extra=b""):
        return self.keep(WebSocket((host or self.host).address, path, headers, extra))

    def http(self, host=None):
        return self.keep(Http((host or self.host).address))

    def own_host(self, *options, script=os.path.join(here, "contract.js")):
        """A host for this case alone."""
        host = Host(script, "--quiet", *options)
        self.after.append(host.stop)
        return host

    def end(self):
        for connection in self.open:
            connection.end()
        for each in self.after:
            each()


def run_one(hosts, function):
    bench = Bench(hosts)
    try:
        function(bench)
        return None
    except Failed as failed:
        where = [frame for frame in traceback.extract_tb(failed.__traceback__) if not frame.filename.endswith("wire.py")][-1]
        return f"{failed} ({os.path.basename(where.filename)}:{where.lineno})"
    except Exception:
        return traceback.format_exc().strip()
    finally:
        bench.end()


def run(hosts, words, at_once=12):
    """Runs the cases with one of the words in their names, or all. Prints a line for each, and the sum. 0 if all passed."""
    wanted = [each for each in found if not words or any(word in each[0] for word in words)]
    names = [name for name, _, _ in wanted]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise SystemExit(f"two cases have one name: {sorted(twice)}")
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        first = sorted(range(len(wanted)), key=lambda i: not wanted[i][2])
        jobs = {i: pool.submit(run_one, hosts, wanted[i][1]) for i in first}
        for i, (name, _, _) in enumerate(wanted):
            wrong = jobs[i].result()
            passed, failed = passed + (wrong is None), failed + (wrong is not None)
            print(f"{'ok' if wrong is None else 'not ok'} {i + 1} - {name}")
            if wrong is not None:
                print("".join(f"# {line}\n" for line in wrong.splitlines()), end="")
            sys.stdout.flush()
    return passed, failed
