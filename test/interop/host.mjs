// SPDX-License-Identifier: MIT
// npm follows a running host: hypercore its ledger, hyperdrive its files, as the manual says.
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { assert, cases, connect, core, downloadAll, equal, expectSound, folder, hex, later, npm, packages, root, store, until } from './harness.mjs';
import { host as hostOf, start } from './services.mjs';

const Hyperdrive = npm('hyperdrive');

// A host of the RSVP contract in a folder of its own.
async function host() {
  const ours = await hostOf(join(root, 'examples/rsvp.js'));
  const rsvp = (from, to) => ours.call(Array.from({ length: to - from }, (_, i) => ({ method: 'RSVP', params: [true, `call ${from + i}`] })));
  return { ...ours, rsvp };
}

// What npm has is what the host says that it signed.
async function expectHead(reader, head) {
  equal(reader.length, head.length, 'length');
  equal(hex(await reader.treeHash()), head.treeHash, 'tree hash');
  await expectSound(reader);
}

// A stream of bytes in the binary frames of a WebSocket, as RFC 6455 has them; ours are masked with zeros.
async function websocket(url, protocol) {
  const key = Buffer.alloc(16, 1).toString('base64'), { hostname, port, pathname } = new URL(url);
  const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': key, 'Sec-WebSocket-Protocol': protocol };
  const [answer, socket, rest] = await once(http.get({ hostname, port, path: pathname, headers }), 'upgrade');
  equal(answer.headers['sec-websocket-protocol'], protocol, 'subprotocol');
  let input = Buffer.alloc(0);
  const stream = new Duplex({
    read() {},
    write(bytes, _, done) {
      const long = bytes.length > 65535, head = Buffer.alloc(bytes.length < 126 ? 6 : long ? 14 : 8);
      head.writeUInt16BE(0x8280 | (long ? 127 : Math.min(bytes.length, 126)));
      if (long) head.writeUInt32BE(bytes.length, 6);
      else if (bytes.length > 125) head.writeUInt16BE(bytes.length, 2);
      socket.write(Buffer.concat([head, bytes]), done);
    },
    destroy(error, done) { socket.destroy(); done(error); },
  });
  const take = more => {
    input = Buffer.concat([input, more]);
    for (;;) {
      const short = input[1], start = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (input.length < start) return;
      const end = start + (short === 127 ? input.readUInt32BE(6) : short === 126 ? input.readUInt16BE(2) : short);
      if (input.length < end) return;
      if ((input[0] & 15) <= 2) stream.push(input.subarray(start, end)); // pings are for callers
      input = input.subarray(end);
    }
  };
  socket.on('data', take).on('close', () => stream.destroy()).on('error', () => stream.destroy());
  take(rest);
  later(() => socket.destroy());
  return stream;
}

async function readAll(drive) {
  const files = {};
  for await (const { key } of drive.list('/')) files[key] = String(await drive.get(key));
  return files;
}

// The programs in the text, each from its first import to where the example ends.
function examples(file, start, end) {
  return readFileSync(join(root, file), 'utf8').split(start).slice(1).map(part => part.split(end)[0]).filter(part => /^\s*import net /.test(part));
}

// Runs a program of the manual against this port with this key, until it has printed the text.
async function runExample(text, port, key, wanted) {
  const dir = folder();
  assert(text.includes('net.connect(4000)'), 'the example connects to another port');
  symlinkSync(join(packages, 'node_modules'), join(dir, 'node_modules'));
  writeFileSync(join(dir, 'example.mjs'), text.replace('net.connect(4000)', `net.connect(${port})`).replace('LEDGERKEY', `'${key}'`));
  const program = start(process.execPath, ['example.mjs', key], { cwd: dir });
  await until(() => wanted.every(line => program.out.includes(line)), () => `what the example prints: ${program.out}${program.said}`);
  program.child.kill();
  await program.ended;
}

const inRecord = i => `,\\"call ${i}\\"]`; // a record holds the request as a string

await cases({
  'npm follows the ledger of a host, call by call': async () => {
    const ours = await host(), reader = await core(ours.ledger), first = await ours.rsvp(0, 3);
    equal(first.length, 3, 'answers');
    connect(reader, ours.port);
    await downloadAll(reader, (await ours.head('ledger')).length);
    await expectHead(reader, await ours.head('ledger'));
    reader.download({ start: 0, end: -1 });
    await ours.rsvp(3, 100);
    const head = await ours.head('ledger');
    await until(() => reader.contiguousLength === head.length, 'the new records');
    await expectHead(reader, head);
    const records = [];
    for (let i = 0; i < reader.length; i++) records.push(String(await reader.get(i)));
    for (let i = 0; i < 100; i++) equal(records.filter(record => record.includes(inRecord(i))).length, 1, `records of call ${i}`);
  },

  'npm lists and reads the files of a host, and sees a new one': async () => {
    const ours = await host(), shelf = await store();
    await ours.rsvp(0, 1);
    const drive = new Hyperdrive(shelf, ours.archive);
    later(() => drive.close());
    await drive.ready();
    connect(shelf, ours.port);
    await drive.core.update({ wait: true });
    const before = await readAll(drive), [path] = Object.keys(before).filter(name => name.startsWith('/rsvps/'));
    assert(path !== undefined, `no answer among ${Object.keys(before)}`);
    equal(JSON.parse(before[path]).reason, 'call 0', 'the reason in the file');
    await ours.rsvp(1, 2);
    await until(async () => { await drive.core.update({ wait: false }); return JSON.parse(String(await drive.get(path))).reason === 'call 1'; }, 'the new file');
    await expectHead(drive.core, await ours.head('archive'));
  },

  'npm has a host\'s three cores on one stream while it is busy': async () => {
    const ours = await host(), shelf = await store(), drive = new Hyperdrive(shelf, ours.archive);
    later(() => drive.close());
    await ours.rsvp(0, 1);
    await drive.ready();
    const ledger = shelf.get({ key: ours.ledger });
    await ledger.ready();
    const link = connect(shelf, ours.port);
    await drive.core.update({ wait: true });
    const blobs = (await drive.getBlobs()).core, names = { ledger, archive: drive.core, blobs };
    for (const reader of Object.values(names)) reader.download({ start: 0, end: -1 });
    await ours.rsvp(1, 300);
    for (const [name, reader] of Object.entries(names)) {
      const head = await ours.head(name);
      await until(() => reader.contiguousLength === head.length, `all of ${name}`);
      await expectHead(reader, head);
    }
    assert(!link.socket.destroyed, 'the connection broke');
  },

  'npm follows a service at its own URL, through a WebSocket': async () => {
    const ours = await host(), reader = await core(ours.ledger), stream = reader.replicate(true), socket = await websocket(ours.url, 'hypercore');
    stream.on('error', () => {});
    stream.pipe(socket).pipe(stream);
    reader.download({ start: 0, end: -1 });
    await ours.rsvp(0, 100);
    const head = await ours.head('ledger');
    await until(() => reader.contiguousLength === head.length, 'all records');
    await expectHead(reader, head);
  },

  'the programs of the manual print the ledger and the files': async () => {
    const ours = await host(), texts = examples('doc/man/vms-host.1', '.Bd -literal -offset indent\n', '.Ed');
    equal(texts.length, 2, 'programs in the manual');
    await ours.rsvp(0, 2);
    await runExample(texts[0], ours.port, hex(ours.ledger), [inRecord(0), inRecord(1)]);
    await runExample(texts[1], ours.port, hex(ours.archive), ['/rsvps/', 'call 1']);
  },

  'the program of the README prints the ledger': async () => {
    const ours = await host(), [text] = readFileSync(join(root, 'README.md'), 'utf8').split('\n\n').filter(part => /^ {4}import net /.test(part));
    await ours.rsvp(0, 2);
    await runExample(text, ours.port, hex(ours.ledger), [inRecord(0), inRecord(1)]);
  },
});
