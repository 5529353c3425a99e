// SPDX-License-Identifier: MIT
// Our side of the wire: test/tools/hypercore.c and drive.c, started and listened to.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, folder, later } from './harness.mjs';

function start(tool, args) {
  const child = spawn(join(build, 'test/tools', tool), args, { stdio: ['pipe', 'pipe', 'pipe'] }), lines = [], waiting = [];
  const peer = { child, said: '', exited: null };
  let text = '';
  const give = () => { while (waiting.length > 0 && (lines.length > 0 || peer.exited !== null)) waiting.shift()(lines.shift() ?? null); };
  child.stdout.on('data', more => {
    const parts = (text + more).split('\n');
    text = parts.pop();
    lines.push(...parts);
    give();
  });
  child.stderr.on('data', more => { peer.said += more; });
  child.stdin.on('error', () => {}); // it may be gone already
  peer.line = () => new Promise(done => { waiting.push(done); give(); }); // null: it ended
  peer.ended = new Promise(done => child.on('close', code => { peer.exited = code; give(); done(code); }));
  peer.stop = () => { child.stdin.end(); return peer.ended; };
  later(() => { child.kill('SIGKILL'); return peer.ended; });
  return peer;
}

const flags = options => Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));

// A server of ours: port, keys of its cores, append(n).
export async function serve(options) {
  const peer = start('hypercore', ['serve', ...flags(options)]), line = await peer.line();
  if (line === null) throw new Error(`our server did not start: ${peer.said}`);
  const [port, ...keys] = line.split(' ');
  return Object.assign(peer, { port: Number(port), keys: keys.map(key => Buffer.from(key, 'hex')), key: Buffer.from(keys[0], 'hex'), append: n => peer.child.stdin.write(`append ${n}\n`) });
}

// A client of ours for one key or several. next(): what it says when it has everything of a core.
export function download(key, ports, options = {}) {
  const keys = [key].flat().map(each => each.toString('hex')).join(',');
  const peer = start('hypercore', ['download', keys, ...[ports].flat().map(port => `127.0.0.1:${port}`), ...flags(options)]);
  const next = async () => {
    const line = await peer.line();
    if (line === null) throw new Error(`our client ended with ${peer.exited}: ${peer.said.trim()}`);
    return JSON.parse(line);
  };
  return Object.assign(peer, { next });
}

// Asks one line after the other; several may be under way, the answers come in order.
function asking(peer) {
  peer.ask = async line => {
    peer.child.stdin.write(line + '\n');
    const answer = await peer.line();
    if (answer === null) throw new Error(`our drive ended with ${peer.exited}: ${peer.said.trim()}`);
    return answer;
  };
  return peer;
}
const inHex = bytes => (bytes.length === 0 ? '.' : Buffer.from(bytes).toString('hex'));

// A drive of ours, served. What is written is seen by others after commit().
export async function serveDrive(options = {}) {
  const peer = asking(start('drive', ['serve', ...flags(options)])), line = await peer.line();
  if (line === null) throw new Error(`our drive did not start: ${peer.said}`);
  const [port, key, beeKey] = line.split(' ');
  const change = (time, method, params, data) => peer.ask(`call ${time} ${data === undefined ? '-' : inHex(data)} ${method} ${JSON.stringify(params)}`);
  return Object.assign(peer, {
    port: Number(port), key: Buffer.from(key, 'hex'), beeKey: Buffer.from(beeKey, 'hex'), change,
    put: (path, content, time = 1000) => change(time, 'writeFile', [path, null], content),
    beePut: (key, value) => peer.ask(`put ${inHex(key)} ${value === null ? '-' : inHex(value)}`), beeDel: key => peer.ask(`del ${inHex(key)}`),
    begin: () => peer.ask('begin'), end: () => peer.ask('end'), commit: () => peer.ask('commit'), state: () => peer.ask('state'),
  });
}

// A reader of ours for the drive with this key, at one port or several. Answers say how many blocks of both cores came for them.
export function readDrive(key, ports) {
  const peer = asking(start('drive', ['read', key.toString('hex'), ...[ports].flat().map(port => `127.0.0.1:${port}`)]));
  const ask = async line => JSON.parse(await peer.ask(line));
  const call = async (method, params, version = 0) => {
    const answer = await ask(`call ${version} ${method} ${JSON.stringify(params)}`), body = Buffer.from(answer.body, 'hex');
    if (answer.status !== 'VMS_OK') throw new Error(`${method} ${JSON.stringify(params)}: ${answer.status}, ${answer.message}`);
    const value = [() => undefined, () => JSON.parse(body), () => String(body), () => body, () => { throw new Error(`${answer.error}: ${body}`); }];
    return { ...answer, get value() { return value[answer.kind](); } };
  };
  const save = async (path, { version = 0, offset = 0, len = 2 ** 40 } = {}) => {
    const file = join(folder(), 'piece'), answer = await ask(`save ${version} ${inHex(path)} ${offset} ${len} ${file}`);
    if (answer.status !== 'VMS_OK') throw new Error(`${path}: ${answer.status}, ${answer.message}`);
    return { ...answer, bytes: readFileSync(file) };
  };
  const find = async (path, version = 0) => {
    const answer = await ask(`find ${version} ${inHex(path)}`);
    return { ...answer, target: String(Buffer.from(answer.target, 'hex')) };
  };
  return Object.assign(peer, { call, find, save, all: which => ask(`all ${which}`), length: n => ask(`length ${n}`) });
}
