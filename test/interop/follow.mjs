// SPDX-License-Identifier: MIT
// npm follows a running host over WebSocket, several services at once, across a kill and silence, and a copy that is served onwards.
import { execFile, spawn } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { assert, build, cases, connect, core, downloadAll, equal, expectSound, folder, later, npm, root, sleep, store, until } from './harness.mjs';

const Hyperdrive = npm('hyperdrive');

// --- a host and its callers --------------------------------------------------------------------------------------------

function environment(home) { return { ...process.env, XDG_CONFIG_HOME: join(home, 'config'), XDG_DATA_HOME: join(home, 'data'), NO_COLOR: '1' }; }

// Starts vms-host; services: [{ url, key, drive }], port: for peers. options: dir, and what else stands on its command line.
async function host({ dir = join(folder(), 'data'), args = [] } = {}) {
  const child = spawn(join(build, 'vms-host'), ['--listen', '127.0.0.1:0', '--replicate', '0', '--dir', dir, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const made = { child, dir, out: '', said: '', services: [] };
  child.stdout.on('data', more => { made.out += more; });
  child.stderr.on('data', more => { made.said += more; });
  made.ended = new Promise(done => child.on('close', done));
  made.kill = signal => { child.kill(signal); return made.ended; };
  later(() => made.kill('SIGKILL'));
  await until(() => made.out.endsWith('\n') || child.exitCode !== null, `the host, which said ${made.said}`);
  await until(() => /replicating on [^\n]*:\d+\n/.test(made.said), 'the port for peers');
  made.port = Number(/replicating on [^\n]*:(\d+)\n/.exec(made.said)[1]);
  made.services = made.out.trim().split('\n').map(line => line.split(' ')).map(([url, key, drive]) => ({ url, key, drive }));
  return made;
}

const home = folder; // of a caller: its key lies there
async function callWithin(seconds, where, url, ...args) {
  const { stdout } = await promisify(execFile)(join(build, 'vms-call'), ['--timeout', String(seconds), url, ...args], { env: environment(where) });
  return stdout === '' ? undefined : JSON.parse(stdout);
}
const call = (...all) => callWithin(300, ...all);

const RSVP = join(root, 'examples/rsvp.js'), COUNTER = join(root, 'examples/counter.js');

// --- the subprotocol, as a stream --------------------------------------------------------------------------------------

function masked(payload) {
  const head = payload.length < 126 ? [0x82, 0x80 | payload.length] : [0x82, 0xfe, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), payload]); // a mask of zeros is one too
}

async function webStream(url) {
  const { hostname, port, pathname } = new URL(url);
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol': 'hypercore' };
  const asked = request({ hostname, port, path: pathname, headers }), [answer, socket, first] = await new Promise((done, fail) => {
    asked.on('upgrade', (...all) => done(all));
    asked.on('response', response => fail(new Error(`HTTP status ${response.statusCode}`)));
    asked.on('error', fail);
    asked.end();
  });
  equal(answer.headers['sec-websocket-protocol'], 'hypercore', 'the subprotocol');
  let bytes = Buffer.alloc(0);
  const stream = new Duplex({
    read() {},
    write(data, _, done) {
      for (let at = 0; at < data.length; at += 65535) socket.write(masked(data.subarray(at, at + 65535)));
      done();
    },
    destroy(error, done) { socket.destroy(); done(error); },
  });
  const take = more => {
    bytes = Buffer.concat([bytes, more]);
    for (;;) {
      const small = bytes[1], at = small === 127 ? 10 : small === 126 ? 4 : 2;
      if (bytes.length < at) return;
      const length = small === 127 ? Number(bytes.readBigUInt64BE(2)) : small === 126 ? bytes.readUInt16BE(2) : small;
      if (bytes.length < at + length) return;
      if ((bytes[0] & 15) === 2) stream.push(bytes.subarray(at, at + length));
      bytes = bytes.subarray(at + length);
    }
  };
  take(first);
  socket.on('data', take);
  socket.on('close', () => stream.destroy());
  later(() => socket.destroy());
  return stream;
}

async function connectWeb(what, url) {
  const web = await webStream(url), stream = what.replicate(true);
  const link = { error: null };
  stream.on('error', error => { link.error = error; web.destroy(); });
  web.on('error', () => stream.destroy());
  web.pipe(stream).pipe(web);
  return link;
}

// --- what npm sees -----------------------------------------------------------------------------------------------------------

async function expectLedger(reader, url, where) {
  const { length, treeHash } = await call(where, url, 'vms.head');
  await downloadAll(reader, length);
  equal(Buffer.from(await reader.treeHash(length)).toString('hex'), treeHash, 'tree hash');
  await expectSound(reader);
  const record = JSON.parse(await reader.get(length - 1));
  equal(record.type, 'call', 'the last record');
  return record;
}

async function expectFile(drive, path, text) {
  await until(async () => String(await drive.get(path)) === text, `${text} in ${path}`);
}

async function followOverWeb() {
  const where = home(), running = await host({ args: [RSVP] }), [service] = running.services;
  await call(where, service.url, 'RSVP', 'true', 'first');
  const reader = await core(service.key), files = await store(), drive = new Hyperdrive(files, service.drive);
  await drive.ready();
  const links = [await connectWeb(reader, service.url), await connectWeb(files, service.url)];
  const first = await expectLedger(reader, service.url, where), path = `/rsvps/${first.caller}.json`;
  await expectFile(drive, path, JSON.stringify({ who: first.caller, isAttending: true, reason: 'first' }));
  for (let i = 0; i < 5; i++) {
    await call(where, service.url, 'RSVP', 'false', `call ${i} ${'x'.repeat(i * 30000)}`);
    const record = await expectLedger(reader, service.url, where);
    equal(JSON.parse(record.request).params[1].length, `call ${i} `.length + i * 30000, 'what was said');
    await expectFile(drive, path, JSON.stringify({ who: first.caller, isAttending: false, reason: `call ${i} ${'x'.repeat(i * 30000)}` }));
  }
  const names = [];
  for await (const entry of drive.list('/')) names.push(entry.key);
  equal(names.join(' '), `/rsvps ${path}`, 'the files');
  for (const link of links) equal(link.error, null, 'error');
  equal(await running.kill('SIGTERM'), 0, 'the host ended with');
  assert(!running.said.includes('dropped'), running.said);
}

await cases({
  'npm follows ledger and files of a host over WebSocket': followOverWeb,

  'npm follows two services on one connection': async () => {
    const where = home(), running = await host({ args: ['--mount', `/other=${COUNTER}`, RSVP] }), files = await store();
    const link = connect(files, running.port);
    for (const { url, key, drive: driveKey } of running.services) {
      await call(where, url, url.endsWith('other') ? 'add' : 'RSVP');
      const reader = files.get({ key: Buffer.from(key, 'hex') }), drive = new Hyperdrive(files.session(), driveKey);
      await reader.ready();
      await drive.ready();
      await expectLedger(reader, url, where);
      await until(async () => { await drive.update({ wait: false }); return drive.version > 1; }, 'the files');
    }
    equal(link.error, null, 'error');
  },

  'npm goes on when a host was killed and is back': async () => {
    const where = home(), first = await host({ args: [RSVP] }), [{ url, key }] = first.services, reader = await core(key);
    let link = connect(reader, first.port);
    for (let i = 0; i < 20; i++) await call(where, url, 'RSVP', 'true', `${i}`);
    await expectLedger(reader, url, where);
    const calls = callWithin(2, where, url, 'RSVP', 'true', 'while it dies').catch(() => {}); // which may have to wait in vain
    await first.kill('SIGKILL');
    await link.closed;
    await calls;
    const again = await host({ dir: first.dir, args: [RSVP] });
    link = connect(reader, again.port);
    await call(where, again.services[0].url, 'RSVP', 'true', 'once more');
    equal(JSON.parse((await expectLedger(reader, again.services[0].url, where)).request).params[1], 'once more', 'the last call');
    equal(link.error, null, 'error');
  },

  'npm stays connected to a host that is silent': async () => {
    const where = home(), running = await host({ args: [RSVP] }), [{ url, key }] = running.services, reader = await core(key);
    let link;
    await call(where, url, 'RSVP', 'true', 'first');
    for (let tries = 0; tries < 6 && link?.error !== null; tries++) { // once without a pause of the machine
      link = connect(reader, running.port);
      await expectLedger(reader, url, where);
      link.stream.noiseStream.setTimeout(6500); // about what peers of a swarm have
      await sleep(8500);
      link.stream.noiseStream.setTimeout(0);
    }
    await call(where, url, 'RSVP', 'true', 'second');
    await expectLedger(reader, url, where);
    equal(link.error, null, 'error');
  },

  'npm follows a copy that is served onwards': async () => {
    const where = home(), original = await host({ args: [RSVP] }), [{ url, key, drive: driveKey }] = original.services;
    await call(where, url, 'RSVP', 'true', 'first');
    equal(await original.kill('SIGTERM'), 0, 'the host ended with');
    const dir = join(folder(), 'copy');
    cpSync(original.dir, dir, { recursive: true });
    rmSync(join(dir, 'lock'), { force: true });
    for (const name of readdirSync(join(dir, 'services'))) rmSync(join(dir, 'services', name, 'secret'));
    const mirror = await host({ dir }), reader = await core(key), files = await store(), drive = new Hyperdrive(files, driveKey);
    await drive.ready();
    connect(reader, mirror.port);
    await connectWeb(files, mirror.services[0].url);
    const { caller } = await expectLedger(reader, mirror.services[0].url, where);
    await expectFile(drive, `/rsvps/${caller}.json`, JSON.stringify({ who: caller, isAttending: true, reason: 'first' }));
  },
});
