# SPDX-License-Identifier: MIT
"""The methods of doc/protocol.md as a foreign client uses them: by position and by name, signed, with receipts, following."""
import base64, itertools, json, os, time
import sign
from cases import case
from messages import NO_METHOD, PARAMS, code_of
from wire import Failed, check, equal, request, short


class Caller:
    """A key pair at one end of a connection, WebSocket or HTTP."""

    def __init__(self, bench, connection=None, host=None, seed=None):
        self.seed = seed or os.urandom(32)
        self.key = sign.public(self.seed)
        self.host = host or bench.host
        self.connection = connection or bench.ws(host=self.host)
        self.nonces = itertools.count(time.time_ns() // 1000)

    def ask(self, method, params=None):
        if hasattr(self.connection, "upgraded"):
            return self.connection.ask(request(method, params))
        return self.connection.post(request(method, params)).answer().json()

    def head(self):
        return self.ask("vms.head")["result"]

    def text(self, method, params=(), nonce=None, seen=None, until=None, ledger=None):
        if seen is None:
            head = self.head()
            seen = {"length": head["length"], "hash": head["treeHash"]}
        self.seen = seen
        made = {"ledger": ledger or self.host.ledger, "nonce": nonce or next(self.nonces), "until": until or int(time.time() * 1000) + 3600000,
                "seen": seen, "method": method, "params": list(params)}
        return json.dumps(made, separators=(",", ":"), ensure_ascii=False)

    def sealed(self, text, **more):
        return {"request": text, "caller": self.key.hex(), "signature": sign.sign(self.seed, b"vms-call-1\n" + text.encode(), self.key).hex(), **more}

    def send(self, text, **more):
        return self.ask("vms.call", self.sealed(text, **more))

    def call(self, method, params=(), **more):
        answer = self.send(self.text(method, params), **more)
        check("result" in answer, f"an error: {short(answer)}")
        return answer["result"]


# --- the signature by itself ---------------------------------------------------------------------------------------------

@case("this client's signatures are those of RFC 8032")
def vectors(bench):
    for seed, text, key, signature in (
            ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"),
            ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")):
        seed, text = bytes.fromhex(seed), bytes.fromhex(text)
        equal((sign.public(seed).hex(), sign.sign(seed, text).hex()), (key, signature), "key and signature")
        check(sign.verify(bytes.fromhex(key), text, bytes.fromhex(signature)) and not sign.verify(bytes.fromhex(key), text + b"x", bytes.fromhex(signature)), "verify")


# --- reading -------------------------------------------------------------------------------------------------------------

@case("vms.info names the ledger, its methods and a head that its key signed")
def info(bench):
    info = bench.ws().call("vms.info")
    equal((info["ledger"], info["archive"], info["anonymous"]), (bench.host.ledger, bench.host.archive, True), "keys and door")
    check({"subtract", "sum", "naïve"} <= set(info["methods"]) and "init" not in info["methods"], f"methods: {info['methods']}")
    sign.check_head(info["head"], bench.host.ledger)


@case("vms.head is signed, for every core, by position and by name")
def heads(bench):
    ws = bench.ws()
    sign.check_head(ws.call("vms.head"), bench.host.ledger)
    sign.check_head(ws.call("vms.head", ["ledger"]), bench.host.ledger)
    sign.check_head(ws.call("vms.head", {"core": "ledger"}), bench.host.ledger)
    sign.check_head(ws.call("vms.head", {"core": "archive"}), bench.host.archive)


for params in ([1], ["nothing"], [None, 1], {"core": 1}, {"cor": "ledger"}, {"core": "ledger", "x": 1}, ["ledger", "archive"], [["ledger"]]):
    @case(f"vms.head with {json.dumps(params)} is refused")
    def bad_head(bench, params=params):
        equal(code_of(bench.ws().ask(request("vms.head", params))), PARAMS, "code")

for params in ([], ["ledger"], ["ledger", 0], ["ledger", -1, 1], ["ledger", 0, 1.5], ["ledger", "0", 1], ["ledger", 1, 0], ["ledger", 0, 1 << 53], {"from": 0}, {"core": "x", "from": 0, "to": 1}):
    @case(f"vms.blocks with {json.dumps(params)} is refused")
    def bad_blocks(bench, params=params):
        equal(code_of(bench.ws().ask(request("vms.blocks", params))), PARAMS, "code")


@case("vms.blocks gives the blocks of the head, which they prove")
def blocks(bench):
    ws = bench.ws()
    ws.call("same", [1])
    page = ws.call("vms.blocks", {"core": "ledger", "from": 0, "to": 1 << 40})
    roots = sign.Roots()
    at, length, first = page, page["head"]["length"], page["head"]
    while True:
        for block in at["blocks"]:
            data = base64.b64decode(block, validate=True)
            if roots.length < length:
                roots.add(1, len(data), sign.H(b"\0" + sign.u64(len(data)) + data))
        if roots.length >= length:
            break
        at = ws.call("vms.blocks", {"core": "ledger", "from": at["to"], "to": length})
    sign.check_head(first, bench.host.ledger)
    equal(roots.hash(), first["treeHash"], "tree hash")


@case("rpc.discover is an OpenRPC document that names the methods")
def discover(bench):
    document = bench.ws().call("rpc.discover")
    check(document["openrpc"].startswith("1."), "openrpc")
    names = {method["name"] for method in document["methods"]}
    check({"vms.call", "vms.info", "vms.head", "vms.blocks", "vms.subscribe", "vms.proof", "sum"} <= names, f"names: {sorted(names)}")


@case("handshake is answered as NodeVMS did")
def old_handshake(bench):
    answer = bench.ws().call("handshake")
    check({"methods", "callLogUrl", "filesArchiveUrl"} <= set(answer), f"members: {sorted(answer)}")
    check("sum" in answer["methods"], "methods")


# --- signed calls --------------------------------------------------------------------------------------------------------

@case("a signed call by a client of its own is answered with the result and the record's number")
def signed(bench):
    caller = Caller(bench)
    first, second = caller.call("sum", [1, 2, 3]), caller.call("same", ["grüße 😀"])
    equal((first["result"], second["result"]), (6, "grüße 😀"), "results")
    check(second["seq"] > first["seq"], "numbers of the records")


@case("parameters of vms.call go by position too")
def by_position(bench):
    caller = Caller(bench)
    sealed = caller.sealed(caller.text("sum", [4, 5]))
    equal(caller.ask("vms.call", [sealed["request"], sealed["caller"], sealed["signature"]])["result"]["result"], 9, "the result")


@case("the same request is answered again, and does not run again")
def again(bench):
    caller = Caller(bench)
    text = caller.text("bump", ["again"])
    first = caller.send(text)["result"]
    for connection in (caller.connection, bench.ws(), bench.ws()):
        caller.connection = connection
        equal(caller.send(text)["result"], first, "the answer")
    equal(caller.connection.call("count", ["again"]), 1, "calls that ran")


@case("the same request many times at once runs once")
def at_once(bench):
    caller = Caller(bench)
    sealed = caller.sealed(caller.text("bump", ["at once"]))
    sockets = [bench.ws() for _ in range(10)]
    for ws in sockets:
        for i in range(3):
            ws.say(request("vms.call", sealed, i))
    results = {json.dumps(ws.json()["result"], sort_keys=True) for ws in sockets for _ in range(3)}
    equal(len(results), 1, f"different answers {results}")
    equal(sockets[0].call("count", ["at once"]), 1, "calls that ran")


@case("an error of the contract is answered again, word for word")
def again_error(bench):
    caller = Caller(bench)
    text = caller.text("boom")
    first = caller.send(text)["error"]
    equal((first["code"], first["data"]["name"]), (1, "TypeError"), "code and name")
    equal(caller.send(text)["error"], first, "the second answer")


def refused(name, code, make):
    @case(f"a signed call {name} is refused with {code}, and nothing runs")
    def answered(bench):
        caller = Caller(bench)
        error = make(caller)
        check("error" in error, f"it was answered: {short(error)}")
        equal(error["error"]["code"], code, f"code ({error['error']['message']})")
        check("seq" not in error["error"].get("data", {}), "a record's number")
        equal(caller.connection.call("count", ["spoiled"]), None, "calls that ran")


def spoiled(caller, change):
    sealed = caller.sealed(caller.text("bump", ["spoiled"]))
    return caller.ask("vms.call", {**sealed, **change(sealed)})


def flip(hex):
    return ("0" if hex[0] != "0" else "1") + hex[1:]


def used_nonce(caller):
    nonce = next(caller.nonces)
    caller.send(caller.text("same", [1], nonce=nonce))
    return caller.send(caller.text("same", [2], nonce=nonce))


def older_nonce(caller):
    nonce = next(caller.nonces)
    caller.send(caller.text("same", [1], nonce=nonce))
    return caller.send(caller.text("same", [1], nonce=nonce - 1))


refused("with a signature of another text", -32001, lambda caller: spoiled(caller, lambda s: {"request": s["request"].replace("bump", "same")}))
refused("with a spoiled signature", -32001, lambda caller: spoiled(caller, lambda s: {"signature": flip(s["signature"])}))
refused("with the key of another caller", -32001, lambda caller: spoiled(caller, lambda s: {"caller": sign.public(os.urandom(32)).hex()}))
refused("with a signature of zeros", -32001, lambda caller: spoiled(caller, lambda s: {"signature": "00" * 64}))
refused("with a key of small order", -32001, lambda caller: spoiled(caller, lambda s: {"caller": "01" + "00" * 31, "signature": "01" + "00" * 63}))
refused("with an S that is not reduced", -32001, lambda caller: spoiled(
    caller, lambda s: {"signature": s["signature"][:64] + (int.from_bytes(bytes.fromhex(s["signature"][64:]), "little") + sign.ORDER).to_bytes(32, "little").hex()}))
refused("with a signature in capitals", PARAMS, lambda caller: spoiled(caller, lambda s: {"signature": s["signature"].upper()[:-1] + "A"}))
refused("with a signature too short", PARAMS, lambda caller: spoiled(caller, lambda s: {"signature": s["signature"][:-2]}))
refused("with a key but no signature", PARAMS, lambda caller: spoiled(caller, lambda s: {"signature": None}))
refused("with a nonce that was used for another text", -32002, used_nonce)
refused("with a nonce below the last one", -32002, older_nonce)
refused("with a nonce more than a day ahead", -32002, lambda caller: caller.send(caller.text("same", nonce=time.time_ns() // 1000 + 25 * 3600 * 10**6)))
refused("that has expired", -32009, lambda caller: caller.send(caller.text("same", until=int(time.time() * 1000) - 60000)))
refused("for another ledger", -32001, lambda caller: caller.send(caller.text("same", ledger="ab" * 32)))
refused("that saw another history", -32008, lambda caller: caller.send(caller.text("same", seen={"length": 1, "hash": "ab" * 32})))
refused("that saw a head of the future", -32008, lambda caller: caller.send(caller.text("same", seen={"length": 1 << 40, "hash": "ab" * 32})))
refused("that saw no head at all", -32001, lambda caller: caller.send(caller.text("same", seen={"length": 0, "hash": "ab" * 32}).replace('"length":0', '"length":0')))
refused("of a method that there is not", NO_METHOD, lambda caller: caller.send(caller.text("nowhere")))
refused("of init", NO_METHOD, lambda caller: caller.send(caller.text("init")))
FORMS = {
    "with a blank in its text": lambda t: t.replace(":", ": ", 1), "with a line feed behind its text": lambda t: t + "\n", "with a byte order mark": lambda t: "\ufeff" + t,
    "with its members in another order": lambda t: json.dumps(dict(reversed(json.loads(t).items())), separators=(",", ":")),
    "with one more member": lambda t: t[:-1] + ',"x":1}', "with a member twice": lambda t: t.replace('"nonce"', '"nonce":1,"nonce"'),
    "without until": lambda t: json.dumps({k: v for k, v in json.loads(t).items() if k != "until"}, separators=(",", ":")),
    "with a nonce of 0": lambda t: json.dumps({**json.loads(t), "nonce": 0}, separators=(",", ":")),
    "with a negative nonce": lambda t: t.replace('"nonce":', '"nonce":-'), "with a fraction as nonce": lambda t: t.replace(',"until"', '.0,"until"'),
    "with an exponent in its nonce": lambda t: t.replace(',"until"', 'e0,"until"'), "with a leading zero in its nonce": lambda t: t.replace('"nonce":', '"nonce":0'),
    "with an escape in its method": lambda t: t.replace('"same"', '"\\u0073ame"'), "with named parameters": lambda t: t.replace('"params":[]', '"params":{}'),
    "with its ledger in capitals": lambda t: t.replace(json.loads(t)["ledger"], json.loads(t)["ledger"].upper()),
    "with a control character in its parameters": lambda t: t.replace("[]", '["\t"]'), "with no JSON as its text": lambda t: "hello", "with an empty text": lambda t: "",
    "with parameters 65 deep": lambda t: t.replace("[]", "[" * 65 + "]" * 65),
}
for what, change in FORMS.items():
    refused(what, -32001, lambda caller, change=change: caller.send(change(caller.text("same"))))


@case("a refused nonce is told the last one, and whether the request stands in the ledger")
def nonce_told(bench):
    caller = Caller(bench)
    nonce = next(caller.nonces)
    caller.send(caller.text("same", [1], nonce=nonce))
    used, older = caller.send(caller.text("same", [2], nonce=nonce))["error"]["data"], caller.send(caller.text("same", [2], nonce=nonce - 1))["error"]["data"]
    equal((used["last"], used["executed"], older["last"], older["executed"]), (nonce, True, nonce, False), "last and executed")


@case("who saw another history is shown the host's head")
def history_told(bench):
    caller = Caller(bench)
    data = caller.send(caller.text("same", seen={"length": 1, "hash": "ab" * 32}))["error"]["data"]
    sign.check_head(data["head"], bench.host.ledger)


@case("a host without --anonymous refuses unsigned calls with -32003, and takes signed ones")
def not_anonymous(bench):
    host = bench.hosts["signed"]
    ws = bench.ws(host=host)
    equal(code_of(ws.ask(request("same", [1]))), -32003, "code")
    equal(code_of(ws.ask(request("vms.call", {"request": '{"method":"same","params":[1]}'}))), -32003, "code of vms.call")
    equal(Caller(bench, host=host).call("same", [1])["result"], 1, "the signed call")


@case("an unsigned vms.call is answered with its record's number")
def unsigned(bench):
    answer = bench.ws().call("vms.call", {"request": '{"method":"sum","params":[1,2]}'})
    equal((answer["result"], type(answer["seq"])), (3, int), "the answer")


@case("a batch of signed calls is answered, each with its number")
def signed_batch(bench):
    caller = Caller(bench)
    seen = {"length": (head := caller.head())["length"], "hash": head["treeHash"]}
    batch = [json.loads(request("vms.call", caller.sealed(caller.text("bump", ["signed batch"], seen=seen)), i)) for i in range(20)]
    answers = caller.connection.ask(json.dumps(batch))
    equal({each["id"]: each["result"]["result"] for each in answers}, {i: i + 1 for i in range(20)}, "results")
    equal(len({each["result"]["seq"] for each in answers}), 20, "numbers of records")


@case("signed calls that do not wait for each other run in their order")
def in_order(bench):
    caller = Caller(bench)
    seen = {"length": (head := caller.head())["length"], "hash": head["treeHash"]}
    for i in range(60):
        caller.connection.say(request("vms.call", caller.sealed(caller.text("bump", ["in order"], seen=seen)), i))
    answers = {answer["id"]: answer for answer in (caller.connection.json() for _ in range(60))}
    equal([answers[i].get("result", answers[i]).get("result") for i in range(60)], list(range(1, 61)), "results")


@case("signed calls that do not wait for each other run in their order, bad ones in between not at all")
def pipelined(bench):
    caller = Caller(bench)
    seen = {"length": (head := caller.head())["length"], "hash": head["treeHash"]}
    sealed = [caller.sealed(caller.text("bump", ["pipelined signed"], seen=seen)) for i in range(40)]
    for i in range(0, 40, 4):
        sealed[i]["signature"] = flip(sealed[i]["signature"])
    for i, each in enumerate(sealed):
        caller.connection.say(request("vms.call", each, i))
    answers = {answer["id"]: answer for answer in (caller.connection.json() for _ in range(40))}
    good = [answers[i] for i in range(40) if i % 4]
    results = [each["result"]["result"] for each in good if "result" in each]
    equal(results, list(range(1, len(results) + 1)), "results of the good ones")
    # Who sent a bad signature may have one call waiting at a time.
    check({code_of(each) for each in good if "error" in each} <= {-32004} and results, "codes of the good ones")
    equal(caller.connection.call("count", ["pipelined signed"]), len(results), "calls that ran")
    check(-32001 in (codes := {code_of(answers[i]) for i in range(0, 40, 4)}) and codes <= {-32001, -32004}, f"codes of the bad ones: {codes}")


# --- receipts and proofs -------------------------------------------------------------------------------------------------

def receipt_of(caller, method, params=(), **how):
    """Calls, and judges the receipt by itself: the answer, and the record."""
    answer = caller.send(caller.text(method, params, **how), receipt=True)
    part = answer["result"] if "result" in answer else answer["error"]["data"]
    check("receipt" in part, f"no receipt: {short(answer)}")
    try:
        record = sign.check_receipt(part["receipt"], caller.host.ledger, caller.seen)
    except sign.Bad as bad:
        raise Failed(f"the receipt: {bad}")
    equal((part["receipt"]["seq"], record["caller"]), (part["seq"], caller.key.hex()), "seq and caller")
    check(sign.verify(caller.key, b"vms-call-1\n" + record["request"].encode(), bytes.fromhex(record["signature"])), "the record's signature")
    return answer, record


@case("a receipt holds under a signed head, and extends what its caller saw")
def receipts(bench):
    caller = Caller(bench)
    for i in range(5):
        answer, record = receipt_of(caller, "same", [i])
        equal((answer["result"]["result"], record["result"]), (i, i), "the result in the answer and in the record")


@case("errors and aborts have receipts too")
def receipts_of_errors(bench):
    caller = Caller(bench, host=bench.hosts["aborts"])
    answer, record = receipt_of(caller, "boom")
    equal((answer["error"]["code"], record["error"]["name"]), (1, "TypeError"), "code and name")
    answer, record = receipt_of(caller, "spin")
    equal((answer["error"]["code"], record["aborted"]), (2, "steps"), "code and limit")


@case("a receipt extends a head that was seen long ago")
def receipt_of_old(bench):
    caller = Caller(bench)
    old = caller.head()
    for i in range(20):
        caller.connection.say(request("same", [i], ...))
    caller.call("same", ["wait"])
    receipt_of(caller, "same", ["late"], seen={"length": old["length"], "hash": old["treeHash"]})
    receipt_of(caller, "same", ["later"], seen={"length": old["length"], "hash": old["treeHash"]})


@case("the receipt of a request that is sent again is one for the same record")
def receipt_again(bench):
    caller = Caller(bench)
    text = caller.text("same", ["x"])
    first = caller.send(text)["result"]
    check("receipt" not in first, "a receipt that nobody asked for")
    second = caller.send(text, receipt=True)["result"]
    equal((second["seq"], second["receipt"]["seq"]), (first["seq"], first["seq"]), "numbers of the record")
    sign.check_receipt(second["receipt"], caller.host.ledger, caller.seen)


@case("a spoiled receipt is one no more")
def receipt_spoiled(bench):
    caller = Caller(bench)
    for i in range(8):
        caller.connection.say(request("same", [i], ...))
    answer, _ = receipt_of(caller, "same", ["true"])
    good = answer["result"]["receipt"]
    node = good["nodes"][0]
    for change in ({"record": good["record"].replace("true", "trux")}, {"seq": good["seq"] - 1}, {"nodes": good["nodes"][1:]}, {"nodes": [{**node, "hash": flip(node["hash"])}] + good["nodes"][1:]},
                   {"nodes": [{**node, "size": node["size"] + 1}] + good["nodes"][1:]}, {"head": {**good["head"], "length": good["head"]["length"] + 1}},
                   {"head": {**good["head"], "treeHash": flip(good["head"]["treeHash"])}}, {"ledger": "ab" * 32}):
        try:
            sign.check_receipt({**good, **change}, caller.host.ledger)
        except sign.Bad:
            continue
        raise Failed(f"it still holds with {short(change)}")


for value in (False, None, 1, "yes", []):
    @case(f"vms.call with receipt {json.dumps(value)} gives none, or is refused")
    def no_receipt(bench, value=value):
        caller = Caller(bench)
        answer = caller.send(caller.text("same", [1]), receipt=value)
        check("receipt" not in answer.get("result", {}), "a receipt")
        check("result" in answer or code_of(answer) == PARAMS, f"the answer: {short(answer)}")


@case("vms.proof shows a record under the newest head, and that the head extends an older one")
def proof(bench):
    ws = bench.ws()
    old = ws.call("vms.head")
    for i in range(10):
        ws.call("same", [i])
    answer = ws.call("vms.proof", {"seq": 0, "from": old["length"]})
    sign.check_head(answer["head"], bench.host.ledger)
    hashes = sign.walk(answer["nodes"], {"length": answer["length"], "treeHash": answer["head"]["treeHash"]}, 0, answer["record"].encode())
    equal(hashes.get(old["length"]), old["treeHash"], "tree hash of the older head")
    equal(json.loads(answer["record"])["type"], "init", "type of record 0")


for params in ({"seq": 1 << 50}, {"from": 1 << 50}, {"length": 1 << 50}, {"seq": -1}, {"seq": "0"}, {"nothing": 1}, [1.5], {"seq": 2, "length": 1}, {"from": 3, "length": 2}):
    @case(f"vms.proof with {json.dumps(params)} is refused")
    def bad_proof(bench, params=params):
        equal(code_of(bench.ws().ask(request("vms.proof", params))), PARAMS, "code")


# --- following -----------------------------------------------------------------------------------------------------------

class Follower:
    """A connection that subscribes; what comes beside its answers are records, one after the other."""

    def __init__(self, bench, params=None, host=None):
        self.ws = bench.ws(host=host)
        self.told = []
        self.answer = self.ask(request("vms.subscribe", params))
        check("result" in self.answer, f"an error: {short(self.answer)}")
        self.next = self.answer["result"]["from"]

    def ask(self, text):
        self.ws.say(text)
        while "id" not in (answer := self.ws.json()):
            self.told.append(answer)
        return answer

    def record(self):
        told = self.told.pop(0) if self.told else self.ws.json()
        equal((told.get("jsonrpc"), told.get("method"), "id" in told), ("2.0", "vms.appended", False), "the notification")
        equal(told["params"]["seq"], self.next, "number of the record")
        self.next += 1
        return json.loads(told["params"]["record"])


@case("who subscribes is told of every record from then on, in order and once")
def follow(bench):
    follower, ws = Follower(bench), bench.ws()
    for i in range(30):
        ws.call("same", [f"follow {i}"])
    wanted = [f'{{"method":"same","params":["follow {i}"]}}' for i in range(30)]
    came = []
    while len(came) < 30:  # other cases make records too
        record = follower.record()
        if record.get("request") in wanted:
            came.append(record["request"])
    equal(came, wanted, "records")


@case("who subscribes from record 0 is told of everything that there was, and of what comes")
def follow_all(bench):
    host = bench.own_host("--anonymous")
    ws = bench.ws(host=host)
    for i in range(300):
        ws.say(request("same", ["x" * 1000 + str(i)], i))
    for i in range(300):
        ws.json()
    follower = Follower(bench, {"from": 0}, host=host)
    length = follower.answer["result"]["length"]
    equal(follower.record()["type"], "init", "type of record 0")
    while follower.next < length:
        follower.record()
    ws.call("same", ["new"])
    equal(follower.record()["result"], "new", "the record that comes after all")


@case("the blocks of the ledger are what a subscriber is told")
def follow_blocks(bench):
    host = bench.own_host("--anonymous")
    ws = bench.ws(host=host)
    for i in range(5):
        ws.call("same", [i])
    page = ws.call("vms.blocks", ["ledger", 0, 100])
    follower = Follower(bench, [0], host=host)
    for block in page["blocks"]:
        equal(follower.record(), json.loads(base64.b64decode(block)), "the record")


@case("a second subscription moves the first")
def follow_again(bench):
    follower = Follower(bench)
    answer = follower.ask(request("vms.subscribe", {"from": 1}, 2))
    equal((answer["id"], answer["result"]["from"]), (2, 1), "id and place")
    follower.told, follower.next = [told for told in follower.told if told["params"]["seq"] == 1][-1:], 1
    equal(follower.record()["type"], "start", "type of record 1")
    follower.record()


@case("calls on a connection that follows are answered as elsewhere")
def follow_and_call(bench):
    follower = Follower(bench)
    for i in range(20):
        answer = follower.ask(request("same", [i], i))
        equal((answer["id"], answer["result"]), (i, i), "the answer")


@case("a subscriber that does not read keeps nobody waiting, and is told everything once it does")
def follow_slowly(bench):
    host = bench.own_host("--anonymous")
    lazy, ws = Follower(bench, {"from": 0}, host=host), bench.ws(host=host)
    for i in range(40):
        ws.say(request("same", ["x" * 400000], i))
        equal(ws.json()["id"], i, "id of the answer")
    while lazy.next < 40:
        lazy.record()


for params in ({"from": -1}, {"from": "0"}, {"from": 1.5}, {"from": 1 << 53}, {"x": 1}, [0, 1]):
    @case(f"vms.subscribe with {json.dumps(params)} is refused")
    def bad_subscribe(bench, params=params):
        equal(code_of(bench.ws().ask(request("vms.subscribe", params))), PARAMS, "code")


@case("a notification of vms.subscribe is not answered")
def subscribe_notified(bench):
    ws = bench.ws().say(request("vms.subscribe", id=...))
    equal(ws.ask(request("rpc.discover"))["id"], 1, "id of the first thing that comes")
