// SPDX-License-Identifier: MIT
// Callers that we did not write: npm's ws and rpc-websockets, the original client of NodeVMS, Node's own fetch. They sign with Node's
// Ed25519, and judge receipts with npm's hypercore.
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { Hypercore, Verifier, assert, cases, crypto, equal, hex, later, npm, root, until } from './harness.mjs';
import { host as hostOf } from './services.mjs';

const WebSocket = npm('ws'), { Client } = npm('rpc-websockets');
// What the original client has for WebSocket is a binary module that no longer builds; it was made to be used as ws is.
npm.cache[npm.resolve('qaap-uws')] = { id: 'qaap-uws', exports: WebSocket, loaded: true };
const NodeVMS = npm('nodevms-client');
const c = npm('compact-encoding'), messages = npm('hypercore/lib/messages'), caps = npm('hypercore/lib/caps'), flat = npm('flat-tree');
const counter = join(root, 'examples/counter.js'), contract = join(root, 'test/rpc/contract.js');
const quiet = script => hostOf(script, ['--anonymous']);

// --- a client of ws ------------------------------------------------------------------------------------------------------

// told: what came without an id. ask(method, params) gives the whole answer, call(...) the result of a good one.
async function open(url, options = {}) {
  const socket = new WebSocket(url, options), waiting = new Map(), line = { socket, told: [], sent: 0 };
  later(() => socket.terminate());
  socket.on('message', (data, binary) => {
    assert(!binary, 'the host sent bytes');
    const answer = JSON.parse(data);
    if (answer.id === undefined) line.told.push(answer);
    else { waiting.get(answer.id)(answer); waiting.delete(answer.id); }
  });
  line.ask = (method, params) => new Promise(done => {
    waiting.set(++line.sent, done);
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: line.sent, method, params }));
  });
  line.call = async (method, params) => {
    const answer = await line.ask(method, params);
    assert(answer.error === undefined, `${method}: ${answer.error?.message}`);
    return answer.result;
  };
  line.closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  await once(socket, 'open');
  return line;
}

// --- signed calls --------------------------------------------------------------------------------------------------------

let nonce = Date.now() * 1000;
function caller(ledger) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519'), key = hex(Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url'));
  const seal = (head, method, params, more) => {
    const seen = { length: head.length, hash: head.treeHash };
    const request = JSON.stringify({ ledger: hex(ledger), nonce: ++nonce, until: Date.now() + 3600000, seen, method, params });
    return { request, caller: key, signature: hex(sign(null, Buffer.from(`vms-call-1\n${request}`), privateKey)), ...more };
  };
  return { key, seal };
}

// npm's hypercore says whose head this is and whether it was signed.
function checkHead(head, key) {
  const manifest = c.decode(messages.manifest, Buffer.from(head.manifest, 'hex'));
  equal(hex(Hypercore.key(manifest)), hex(key), 'the key of the manifest');
  const hash = Buffer.from(head.treeHash, 'hex'), batch = { length: head.length, fork: head.fork, manifestHash: key };
  batch.hash = () => hash;
  batch.signable = context => caps.treeSignable(context, hash, head.length, head.fork);
  assert(new Verifier(key, manifest).verify(batch, Buffer.from(head.signature, 'hex')), 'the signature of the head');
}

// The tree hash of a length, from what covers it: nodes and blocks from left to right.
function grown(nodes) {
  const roots = [];
  for (const node of nodes) {
    roots.push(node);
    for (let n = roots.length; n > 1 && flat.sibling(roots[n - 2].index) === roots[n - 1].index; n = roots.length) {
      const [left, right] = roots.splice(n - 2), index = flat.parent(left.index);
      roots.push({ index, size: left.size + right.size, hash: crypto.parent(left, right) });
    }
  }
  return hex(crypto.tree(roots));
}

// A receipt holds by itself; gives its record.
function checkReceipt(receipt, ledger, sealed) {
  equal(receipt.ledger, hex(ledger), 'the ledger of the receipt');
  checkHead(receipt.head, ledger);
  const record = Buffer.from(receipt.record), seen = JSON.parse(sealed.request).seen;
  const leaf = { index: 2 * receipt.seq, size: record.length, hash: crypto.data(record) };
  const nodes = receipt.nodes.map(({ index, size, hash }) => ({ index, size, hash: Buffer.from(hash, 'hex') }));
  const all = [...nodes.filter(node => node.index !== leaf.index), leaf]; // the record speaks for itself
  all.sort((a, b) => flat.leftSpan(a.index) - flat.leftSpan(b.index));
  const ends = all.map(node => flat.rightSpan(node.index) / 2 + 1);
  all.forEach((node, i) => equal(flat.leftSpan(node.index) / 2, i === 0 ? 0 : ends[i - 1], 'where a node begins'));
  equal(ends.at(-1), receipt.head.length, 'how far the nodes reach');
  equal(grown(all), receipt.head.treeHash, 'the tree hash of the head');
  assert(ends.includes(seen.length), 'no node ends where the caller saw the head');
  equal(grown(all.slice(0, ends.indexOf(seen.length) + 1)), seen.hash, 'the tree hash that was seen');
  const found = JSON.parse(receipt.record);
  equal(found.caller, sealed.caller, 'the caller in the record');
  equal(found.request, sealed.request, 'the request in the record');
  equal(found.signature, sealed.signature, 'the signature in the record');
  return found;
}

const refusal = (url, options) => new Promise((done, fail) => {
  const socket = new WebSocket(url, options);
  later(() => socket.terminate());
  socket.on('unexpected-response', (_, answer) => { done(answer.statusCode); answer.resume(); });
  socket.on('open', () => done(101));
  socket.on('error', fail);
});

await cases({
  'ws makes signed calls, and npm\'s hypercore says that their receipts hold': async () => {
    const ours = await quiet(counter), line = await open(ours.url), { seal } = caller(ours.ledger);
    const early = await line.call('vms.head');
    for (let i = 1; i <= 20; i++) {
      const head = i % 3 === 0 ? early : await line.call('vms.head'), sealed = seal(head, 'add', [1], { receipt: true });
      const answer = await line.call('vms.call', sealed);
      equal(answer.result, i, 'the counter');
      equal(answer.receipt.seq, answer.seq, 'the number of the record');
      equal(checkReceipt(answer.receipt, ours.ledger, sealed).result, i, 'the result in the record');
    }
  },

  'ws gets a receipt for an error, too': async () => {
    const ours = await quiet(contract), line = await open(ours.url), { seal } = caller(ours.ledger);
    const sealed = seal(await line.call('vms.head'), 'boom', [], { receipt: true }), { error } = await line.ask('vms.call', sealed);
    equal(error.code, 1, 'code');
    equal(checkReceipt(error.data.receipt, ours.ledger, sealed).error.name, 'TypeError', 'the error in the record');
  },

  'ws sends one request again and again, on connections of all ages: it runs once': async () => {
    const ours = await quiet(counter), line = await open(ours.url), { seal } = caller(ours.ledger);
    const sealed = seal(await line.call('vms.head'), 'add', [1]), first = await line.call('vms.call', sealed);
    for (let i = 0; i < 5; i++) {
      const again = await (await open(ours.url)).call('vms.call', sealed);
      equal(JSON.stringify(again), JSON.stringify(first), 'the answer');
    }
    equal(await line.call('get'), 1, 'the counter');
  },

  'ws follows the ledger while others call': async () => {
    const ours = await quiet(counter), line = await open(ours.url), other = await open(ours.url);
    const { from } = await line.call('vms.subscribe', { from: 0 });
    equal(from, 0, 'from');
    for (let i = 0; i < 50; i++) await other.call('add', []);
    const { length } = await other.call('vms.head');
    await until(() => line.told.length >= length, () => `${length} records, ${line.told.length} came`);
    line.told.forEach(({ method, params }, i) => { equal(method, 'vms.appended', 'method'); equal(params.seq, i, 'seq'); });
    equal(JSON.parse(line.told[0].params.record).type, 'init', 'type of record 0');
    equal(JSON.parse(line.told.at(-1).params.record).result, 50, 'the last result');
  },

  'forty connections of ws at once count to a thousand': async () => {
    const ours = await quiet(counter), lines = await Promise.all(Array.from({ length: 40 }, () => open(ours.url)));
    const head = await lines[0].call('vms.head');
    const answers = await Promise.all(lines.flatMap(line => {
      const { seal } = caller(ours.ledger);
      return Array.from({ length: 25 }, () => line.call('vms.call', seal(head, 'add', [])));
    }));
    equal(new Set(answers.map(answer => answer.result)).size, 1000, 'different results');
    equal(await lines[0].call('get'), 1000, 'the counter');
  },

  'ws offers compression, gets none, and large messages come through': async () => {
    const ours = await quiet(contract), line = await open(ours.url, { perMessageDeflate: true });
    equal(line.socket.extensions, '', 'extensions');
    for (const length of [125, 126, 65535, 65536, 1000000]) {
      const text = '€'.repeat(length / 4), back = await line.call('same', [text]);
      assert(back === text, `a text of ${length} bytes came back as another`);
    }
    equal((await line.call('big', [1000000])).length, 1000000, 'the length of an answer');
  },

  'ws sends a message in fragments, with pings in between': async () => {
    const ours = await quiet(contract), line = await open(ours.url), pongs = [];
    line.socket.on('pong', data => pongs.push(String(data)));
    const text = JSON.stringify({ jsonrpc: '2.0', id: 'f', method: 'same', params: ['ü'.repeat(5000)] }), came = once(line.socket, 'message');
    line.socket.removeAllListeners('message');
    const answer = new Promise(done => line.socket.on('message', done));
    const bytes = Buffer.from(text);
    for (let i = 0; i < bytes.length; i += 999) {
      line.socket.send(bytes.subarray(i, i + 999), { binary: false, fin: i + 999 >= bytes.length });
      line.socket.ping(String(i));
    }
    equal(JSON.parse(await answer).result, 'ü'.repeat(5000), 'what came back');
    await until(() => pongs.length === Math.ceil(bytes.length / 999), () => `pongs, ${pongs.length} came`);
    void came.catch(() => {});
  },

  'ws closes with a code, and the host answers with it': async () => {
    const ours = await quiet(contract);
    for (const code of [1000, 3000, 4999]) {
      const line = await open(ours.url);
      line.socket.close(code, 'bye');
      equal((await line.closed).code, code, 'code');
    }
  },

  'ws is told why when it does what the host does not take': async () => {
    const ours = await quiet(contract), send = async (data, options) => {
      let code = 1006; // who is still sending when the host does not listen any more has not heard why
      for (let tries = 0; tries < 6 && code === 1006; tries++) {
        const line = await open(ours.url);
        line.socket.on('error', () => {});
        line.socket.send(data, options);
        code = (await line.closed).code;
      }
      return code;
    };
    equal(await send(Buffer.alloc(10), { binary: true }), 1003, 'bytes');
    equal(await send(Buffer.from([0x22, 0xff, 0x22]), { binary: false }), 1007, 'text that is no UTF-8');
    equal(await send('x'.repeat((2 << 20) + 1)), 1009, 'a message too long');
  },

  'ws sees a host go that was told to: answers first, then 1001': async () => {
    const ours = await quiet(counter), lines = await Promise.all(Array.from({ length: 10 }, () => open(ours.url)));
    const { seal } = caller(ours.ledger), head = await lines[0].call('vms.head');
    const answers = [], calls = Array.from({ length: 100 }, () => lines[0].ask('vms.call', seal(head, 'add', [])));
    for (const call of calls) call.then(answer => answers.push(answer));
    await Promise.race(calls);
    ours.peer.child.kill('SIGTERM');
    equal((await Promise.all(lines.map(line => line.closed))).map(({ code }) => code).join(), Array(10).fill(1001).join(), 'codes');
    assert(answers.some(answer => answer.result !== undefined), 'no call was answered');
    assert(answers.every(answer => answer.result !== undefined || answer.error.code === -32005), 'an answer that is none of a host that goes');
    equal(await ours.peer.ended, 0, 'exit status');
  },

  'a web page in ws is refused, whatever its origin': async () => {
    const ours = await quiet(counter);
    for (const origin of ['http://evil.example', 'null', ours.url.replace('ws', 'http').slice(0, -1)]) equal(await refusal(ours.url, { origin }), 403, `status for ${origin}`);
    equal(await refusal(ours.url, { headers: { Host: 'evil.example' } }) >= 400, true, 'a name that is not the loopback\'s is refused');
    equal(await refusal(ours.url, {}), 101, 'status without origin');
  },

  'rpc-websockets calls, notifies and is told of errors': async () => {
    const ours = await quiet(contract), client = new Client(ours.url, { reconnect: false });
    later(() => client.close());
    await new Promise((done, fail) => { client.on('open', done); client.on('error', fail); });
    equal(await client.call('subtract', [42, 23]), 19, 'subtract');
    equal(await client.call('sum', [1, 2, 3]), 6, 'sum');
    await client.notify('bump', ['notified']);
    equal(await client.call('count', ['notified']), 1, 'calls by notification');
    equal((await client.call('vms.info')).ledger, hex(ours.ledger), 'vms.info');
    equal((await client.call('vms.head', { core: 'archive' })).fork, 0, 'vms.head with named parameters');
    const { seal } = caller(ours.ledger), sealed = seal(await client.call('vms.head'), 'same', ['signed'], { receipt: true });
    equal(checkReceipt((await client.call('vms.call', sealed)).receipt, ours.ledger, sealed).result, 'signed', 'the result in the record');
    const boom = await client.call('boom').catch(error => error), none = await client.call('nowhere').catch(error => error);
    equal(boom.code, 1, 'code of a throw');
    equal(boom.message, 'say "no"', 'message of a throw');
    equal(none.code, -32601, 'code of no method');
  },

  'the original client of NodeVMS works': async () => {
    const ours = await quiet(contract), client = new NodeVMS();
    later(() => client.close());
    await client.connect(ours.url);
    equal(await client.subtract(42, 23), 19, 'subtract');
    equal((await client.echo('a', null, { b: [1] })).length, 3, 'parameters');
    equal(await client.nothing(), null, 'undefined');
    assert(client.init === undefined, 'init can be called');
    const error = await client.boom().catch(failed => failed);
    equal(error.message, 'say "no"', 'message of an error');
    const { callLogUrl, filesArchiveUrl } = client.backendInfo;
    assert(callLogUrl.includes(hex(ours.ledger)) && filesArchiveUrl.includes(hex(ours.archive)), 'keys in the handshake');
  },

  'the original client of NodeVMS calls as somebody, where the host allows it': async () => {
    const ours = await hostOf(join(root, 'examples/rsvp.js'), ['--anonymous', '--debug-users']), client = new NodeVMS();
    later(() => client.close());
    await client.connect(ours.url, { user: 'bob' });
    await client.RSVP(true, 'see you');
    const line = await open(ours.url), names = await line.call('files.readdir', ['/rsvps']);
    assert(names.some(name => name.includes('bob')), `files: ${names}`);
  },

  'fetch posts calls, in a batch too, on connections that it keeps': async () => {
    const ours = await quiet(contract), url = ours.url.replace('ws', 'http'), { seal } = caller(ours.ledger);
    const post = async body => (await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })).json();
    const text = (method, params, id = 1) => ({ jsonrpc: '2.0', method, params, id });
    for (let i = 0; i < 30; i++) equal((await post(text('same', [i]))).result, i, 'the result');
    equal((await post([text('sum', [1, 2], 'a'), text('sum', [3, 4], 'b')])).map(({ id, result }) => `${id}${result}`).sort().join(), 'a3,b7', 'the batch');
    const sealed = seal((await post(text('vms.head'))).result, 'same', ['posted'], { receipt: true }), { result } = await post(text('vms.call', sealed));
    equal(checkReceipt(result.receipt, ours.ledger, sealed).result, 'posted', 'the result in the record');
  },

  'Node streams a body in chunks, and reuses its connection': async () => {
    const ours = await quiet(contract), agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    later(() => agent.destroy());
    for (let i = 0; i < 10; i++) {
      const request = http.request(ours.url.replace('ws', 'http'), { method: 'POST', agent }), text = JSON.stringify({ jsonrpc: '2.0', method: 'length', params: ['x'.repeat(100000)], id: i });
      for (let at = 0; at < text.length; at += 30000) request.write(text.slice(at, at + 30000)); // without a length
      request.end();
      const [answer] = await once(request, 'response'), parts = [];
      for await (const part of answer) parts.push(part);
      equal(JSON.parse(Buffer.concat(parts)).result, 100000, 'the result');
      equal(request.reusedSocket, i > 0, 'whether the connection was kept');
    }
  },

  'fetch with the origin of a web page is refused': async () => {
    const ours = await quiet(counter), url = ours.url.replace('ws', 'http'), body = JSON.stringify({ jsonrpc: '2.0', method: 'add', id: 1 });
    const [answer] = await once(http.request(url, { method: 'POST', headers: { Origin: 'http://evil.example', 'Content-Type': 'text/plain' } }).end(body), 'response');
    equal(answer.statusCode, 403, 'status');
    answer.resume();
    equal(await (await open(ours.url)).call('get'), 0, 'the counter');
  },
});
