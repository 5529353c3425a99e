#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A second reader of receipts and evidence, written from doc/protocol.md and doc/ledger-format.md alone; it shares no code with libvms.

    receipts.py judge < TEXTS              one verdict a line: ok, "finding KIND", unproven or forged
    receipts.py change COUNT SEED < TEXTS  the same texts, changed at random, COUNT of them
"""
import hashlib
import json
import random
import re
import sys


class Forged(Exception):
    """The host did not sign this."""


def blake(*parts):
    return hashlib.blake2b(b''.join(parts), digest_size=32).digest()


def u64(number):
    return number.to_bytes(8, 'little')


# --- Ed25519, RFC 8032 ---------------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def point_of(data):
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def signed(key, message, signature):
    a, r, s = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], 'little')
    if a is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), 'little') % ORDER
    left, right = times(s, BASE), add(r, times(k, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- heads -----------------------------------------------------------------------------------------------------

def space(name, number):
    return blake(blake(name), bytes([number]))


START = bytes.fromhex('010000010100')


def hexes(text, length):
    if not isinstance(text, str) or not re.fullmatch('[0-9a-f]{%d}' % (2 * length), text):
        raise Forged('hex')
    return bytes.fromhex(text)


def head_check(head, ledger):
    if list(head) != ['length', 'fork', 'treeHash', 'signature', 'manifest']:
        raise Forged('head')
    tree, envelope, manifest = hexes(head['treeHash'], 32), hexes(head['signature'], 68), hexes(head['manifest'], 70)
    if manifest[:38] != START + space(b'hypercore', 4) or blake(space(b'hypercore', 3), manifest) != ledger:
        raise Forged('manifest')
    if envelope[:2] != b'\1\0' or envelope[66:] != b'\0\0':
        raise Forged('envelope')
    if not signed(manifest[38:], space(b'hypercore', 0) + ledger + tree + u64(head['length']) + u64(head['fork']), envelope[2:66]):
        raise Forged('signature')
    return tree


# --- the tree -----------------------------------------------------------------------------------------------------

def depth(index):
    return (index + 1 & -(index + 1)).bit_length() - 1


def tree_hash(roots):
    return blake(b'\2', *(root['hash'] + u64(root['index']) + u64(root['size']) for root in roots))


class Walk:
    """Pushes nodes; keeps the roots at the wanted cuts, and the node behind each."""

    def __init__(self, nodes, cuts, leaf=None):
        self.roots, self.blocks, self.cuts, met = [], 0, {}, leaf is None
        size = 0
        for node in nodes:
            if list(node) != ['index', 'size', 'hash']:
                raise Forged('node')
            node = dict(node, hash=hexes(node['hash'], 32), given=True)
            if node['index'] < 0 or node['size'] < 0 or node['index'] >= 2**53 or (node['index'] % 2 == 0 and node['size'] > 15 << 20):
                raise Forged('number')
            if leaf is not None and node['index'] == leaf['index']:
                if node['size'] != leaf['size'] or node['hash'] != leaf['hash']:
                    raise Forged('leaf')
                node['given'], met = False, True
            if self.blocks in cuts:
                self.cuts[self.blocks] = (list(self.roots), node)
            if node['index'] - 2**depth(node['index']) + 1 != 2 * self.blocks:
                raise Forged('order')
            size += node['size']
            if size >= 2**53:
                raise Forged('size')
            self.push(node)
        if self.blocks in cuts:
            self.cuts[self.blocks] = (list(self.roots), None)
        if not met or any(cut not in self.cuts for cut in cuts):
            raise Forged('cuts')

    def push(self, node):
        self.blocks += 2**depth(node['index'])
        self.roots.append(node)
        while len(self.roots) > 1 and depth(self.roots[-1]['index']) == depth(self.roots[-2]['index']):
            right, left = self.roots.pop(), self.roots.pop()
            both = left['size'] + right['size']
            self.roots.append({'index': (left['index'] + right['index']) // 2, 'size': both, 'given': False,
                               'hash': blake(b'\1', u64(both), left['hash'], right['hash'])})

    def judge(self, cut, wanted):
        """True: it fits. False: it differs whatever the sizes are. None: cannot tell."""
        roots, behind = self.cuts[cut]
        if tree_hash(roots) == wanted:
            return True
        if not roots or behind is None or not roots[-1]['given'] or not behind['given'] or depth(behind['index']) != depth(roots[-1]['index']):
            return False
        if (roots[-1]['index'] >> depth(roots[-1]['index']) + 1) % 2:
            return False
        shared = roots[-1]['size'] + behind['size']
        if shared > 1 << 24:
            return None
        return any(tree_hash(roots[:-1] + [dict(roots[-1], size=size)]) == wanted for size in range(shared + 1))


def under(walk, head):
    if head['fork'] != 0 or walk.blocks != head['length'] or tree_hash(walk.roots) != hexes(head['treeHash'], 32):
        raise Forged('not under the head')


# --- what there is to judge ---------------------------------------------------------------------------------------

def request_of(text):
    try:
        request = json.loads(text)
    except ValueError:
        return None
    return request if isinstance(request, dict) and list(request) == ['ledger', 'nonce', 'until', 'seen', 'method', 'params'] else None


def receipt_open(receipt):
    """Who signed what; returns the parsed record and how `seen` fits."""
    if list(receipt) != ['ledger', 'seq', 'record', 'nodes', 'head']:
        raise Forged('members')
    ledger, seq, text = hexes(receipt['ledger'], 32), receipt['seq'], receipt['record'].encode()
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    request = request_of(record['request']) if record and 'signature' in record else None
    leaf = {'index': 2 * seq, 'size': len(text), 'hash': blake(b'\0', u64(len(text)), text)}
    sees = request is not None and request['seen']['length'] <= seq
    walk = Walk(receipt['nodes'], [seq] + ([request['seen']['length']] if sees else []), leaf)
    head_check(receipt['head'], ledger)
    under(walk, receipt['head'])
    fits = walk.judge(request['seen']['length'], hexes(request['seen']['hash'], 32)) if sees else request is None
    return record, request, fits


def receipt_judge(receipt):
    record, request, fits = receipt_open(receipt)
    if record is None:
        return 'unproven'
    if record['type'] != 'call':
        return 'ok'
    is_key = record['caller'] is not None and not record['caller'].startswith('debug:')
    if is_key != ('signature' in record):
        return 'finding caller'
    if not is_key:
        return 'ok'
    text = b'vms-call-1\n' + record['request'].encode()
    if request is None or not signed(hexes(record['caller'], 32), text, hexes(record['signature'], 64)) or request['ledger'] != receipt['ledger']:
        return 'finding caller'
    if request['until'] < record['time'] or request['nonce'] > (record['time'] + 86400000) * 1000:
        return 'finding caller'
    return {True: 'ok', False: 'finding fork', None: 'unproven'}[fits]


def heads_judge(evidence):
    if list(evidence) != ['evidence', 'ledger', 'heads', 'nodes']:
        raise Forged('members')
    ledger, (shorter, longer) = hexes(evidence['ledger'], 32), evidence['heads']
    if not 0 < shorter['length'] <= longer['length']:
        raise Forged('order')
    walk = Walk(evidence['nodes'], [shorter['length']]) if evidence['nodes'] else None
    trees = [head_check(head, ledger) for head in (shorter, longer)]
    if shorter['fork'] or longer['fork']:
        return 'finding ledger'
    if shorter['length'] == longer['length']:
        return 'unproven' if trees[0] == trees[1] else 'finding fork'
    if walk is None:
        return 'unproven'
    under(walk, longer)
    return 'finding fork' if walk.judge(shorter['length'], trees[0]) is False else 'unproven'


def receipts_judge(evidence):
    if list(evidence) != ['evidence', 'receipts'] or len(evidence['receipts']) != 2:
        raise Forged('members')
    one, other = evidence['receipts']
    receipt_open(one)
    receipt_open(other)
    if one['ledger'] != other['ledger']:
        raise Forged('two ledgers')
    return 'finding receipt' if one['seq'] == other['seq'] and one['record'] != other['record'] else 'unproven'


def strict(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise Forged('twice')
    return dict(pairs)


def judge(text):
    try:
        value = json.loads(text, object_pairs_hook=strict, parse_float=lambda _: 1 / 0)
        if json.dumps(value, separators=(',', ':'), ensure_ascii=False) != text and ' ' in re.sub(r'"(\\.|[^"\\])*"', '', text):
            raise Forged('space')
        if value.get('evidence') == 'heads':
            return heads_judge(value)
        return receipts_judge(value) if value.get('evidence') == 'receipts' else receipt_judge(value)
    except (Forged, ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, OverflowError):
        return 'forged'


# --- changes ---------------------------------------------------------------------------------------------------------

def change(text, dice):
    nodes = list(re.finditer(r'\{"index":(\d+),"size":(\d+),"hash":"[0-9a-f]{64}"\}', text))
    kind = dice.randrange(6)
    if kind <= 2 and len(nodes) > 1:
        i = dice.randrange(len(nodes) - 1)
        a, b = nodes[i], nodes[i + 1]
        if kind == 0 and int(a[2]) > 0:  # bytes move from one size to the next
            moved = dice.randrange(1, int(a[2]) + 1)
            return (text[:a.start(2)] + str(int(a[2]) - moved) + text[a.end(2):b.start(2)] + str(int(b[2]) + moved) + text[b.end(2):])
        if kind == 1:
            return text[:a.start()] + b[0] + ',' + a[0] + text[b.end():]
        return text[:a.start()] + text[b.start():]
    at = dice.randrange(12, len(text))  # behind what tells its kind
    if kind == 3:
        digits = list(re.finditer(r'[0-9a-f]', text[12:]))
        at = 12 + dice.choice(digits).start()
        return text[:at] + dice.choice('0123456789abcdef') + text[at + 1:]
    if kind == 4:
        return text[:at] + text[at + 1:]
    return text[:at] + text[at] + text[at:]


def main():
    texts = [line.rstrip('\n') for line in sys.stdin]
    if sys.argv[1] == 'judge':
        for text in texts:
            print(judge(text))
    else:
        dice = random.Random(int(sys.argv[3]))
        for _ in range(int(sys.argv[2])):
            print(change(dice.choice(texts), dice))


main()
