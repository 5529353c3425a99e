# SPDX-License-Identifier: MIT
"""Ed25519 (RFC 8032, 5.1) and the hashes and heads of Hypercore (doc/ledger-format.md), written from their descriptions."""
import hashlib, json, struct

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def plus(a, b):
    """Of two points (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(n, point):
    sum = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            sum = plus(sum, point)
        point, n = plus(point, point), n >> 1
    return sum


def x_of(y, odd):
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or (x == 0 and odd):
        return None
    return P - x if x & 1 != odd else x


Y = 4 * pow(5, -1, P) % P
X = x_of(Y, 0)
BASE = (X, Y, 1, X * Y % P)


def packed(point):
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def unpacked(data):
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (2**255 - 1)
    x = x_of(y, odd) if y < P else None
    return None if x is None else (x, y, 1, x * y % P)


def scalar(data):
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % ORDER


def secret(seed):
    digest = hashlib.sha512(seed).digest()
    return (int.from_bytes(digest[:32], "little") & (2**254 - 8)) | 2**254, digest[32:]


def public(seed):
    return packed(times(secret(seed)[0], BASE))


def sign(seed, text, key=None):
    a, prefix = secret(seed)
    key = key or packed(times(a, BASE))
    r = scalar(prefix + text)
    point = packed(times(r, BASE))
    return point + ((r + scalar(point + key + text) * a) % ORDER).to_bytes(32, "little")


def verify(key, text, signature):
    a, r, s = unpacked(key), unpacked(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER or len(signature) != 64:
        return False
    left, right = times(s, BASE), plus(r, times(scalar(signature[:32] + key + text), a))
    return packed(left) == packed(right)


# --- Hypercore -------------------------------------------------------------------------------------------------------------

def H(data):
    return hashlib.blake2b(data, digest_size=32).digest()


def u64(number):
    return struct.pack("<Q", number)


def namespace(name, id):
    return H(H(name) + bytes([id]))


TREE, MANIFEST, DEFAULT = (namespace(b"hypercore", id) for id in (0, 3, 4))


class Bad(Exception):
    """It proves nothing."""


def need(good, what):
    if not good:
        raise Bad(what)


def check_head(head, ledger):
    """A head is signed by this ledger's key."""
    manifest, envelope = bytes.fromhex(head["manifest"]), bytes.fromhex(head["signature"])
    need(H(MANIFEST + manifest).hex() == ledger, "the manifest is another ledger's")
    need(len(manifest) == 70 and manifest[:6] == bytes([1, 0, 0, 1, 1, 0]) and manifest[6:38] == DEFAULT, "another form of manifest")
    need(head["fork"] == 0 and len(envelope) == 68 and envelope[:2] == b"\1\0" and envelope[66:] == b"\0\0", "another form of head")
    signed = TREE + bytes.fromhex(ledger) + bytes.fromhex(head["treeHash"]) + u64(head["length"]) + u64(0)
    need(verify(manifest[38:], signed, envelope[2:66]), "the head's signature does not fit")


def span(index):
    """The blocks under a node of the flat tree: first and how many."""
    depth = 0
    while index >> depth & 1:
        depth += 1
    return (index >> (depth + 1)) << depth, 1 << depth


class Roots:
    """Grows a tree from left to right out of nodes; roots are (first, blocks, size, hash)."""

    def __init__(self):
        self.stack, self.length = [], 0

    def add(self, blocks, size, hash):
        need(self.length % blocks == 0, "a node that does not begin where it is put")
        self.stack.append((self.length, blocks, size, hash))
        self.length += blocks
        while len(self.stack) > 1 and self.stack[-1][1] == self.stack[-2][1] and self.stack[-2][0] % (2 * self.stack[-2][1]) == 0:
            right, left = self.stack.pop(), self.stack.pop()
            size = left[2] + right[2]
            self.stack.append((left[0], 2 * left[1], size, H(b"\1" + u64(size) + left[3] + right[3])))

    def hash(self):
        return H(b"\2" + b"".join(hash + u64(2 * first + blocks - 1) + u64(size) for first, blocks, size, hash in self.stack)).hex()


def walk(nodes, head, seq=None, record=None):
    """Builds the head's tree from nodes, of which one may stand for the record: the tree hash of every length at which one of them ends."""
    roots, hashes = Roots(), {}

    def add(blocks, size, hash):
        roots.add(blocks, size, hash)
        hashes[roots.length] = roots.hash()

    def leaf():
        if roots.length == seq:
            add(1, len(record), H(b"\0" + u64(len(record)) + record))

    leaf()
    for node in nodes:
        first, blocks = span(node["index"])
        if first == seq and blocks == 1:
            need((node["size"], node["hash"]) == (len(record), H(b"\0" + u64(len(record)) + record).hex()), "a node is not the record's")
            continue
        need(first == roots.length, f"node {node['index']} does not follow")
        need(seq is None or not first <= seq < first + blocks, "a node hides the record")
        add(blocks, node["size"], bytes.fromhex(node["hash"]))
        leaf()
    need(roots.length == head["length"], f"the nodes cover {roots.length} blocks of {head['length']}")
    need(hashes[roots.length] == head["treeHash"], "the nodes are not those of the head")
    return hashes


def check_receipt(receipt, ledger, seen=None):
    """The record stands at its place under a signed head, which extends the one that the caller saw. Gives the record, parsed."""
    need(receipt["ledger"] == ledger, "the receipt of another ledger")
    check_head(receipt["head"], ledger)
    hashes = walk(receipt["nodes"], receipt["head"], receipt["seq"], receipt["record"].encode())
    if seen is not None:
        need(hashes.get(seen["length"]) == seen["hash"], "the receipt's head does not extend the one that was seen")
    return json.loads(receipt["record"])
