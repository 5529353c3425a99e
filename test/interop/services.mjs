// SPDX-License-Identifier: MIT
// Programs of ours that a case starts, and hosts of a contract.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, equal, folder, later, until } from './harness.mjs';

export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options }), peer = { child, out: '', said: '' };
  child.stdout.on('data', more => { peer.out += more; });
  child.stderr.on('data', more => { peer.said += more; });
  child.stdin.on('error', () => {});
  peer.ended = new Promise(done => child.on('close', done));
  later(() => { child.kill('SIGKILL'); return peer.ended; });
  return peer;
}

// A host of a contract in a folder of its own: call(lines) gives the answers, head(name) what it signed.
export async function host(script, options = []) {
  const dir = folder();
  const peer = start(join(build, 'vms-host'), ['--listen', '127.0.0.1:0', '--replicate', '0', '--dir', dir, ...options, script]);
  const port = () => /replicating on 127\.0\.0\.1:(\d+)/.exec(peer.said)?.[1];
  await until(() => peer.out.includes('\n') && port() !== undefined, () => `our host: ${peer.said}`);
  const [url, ledger, archive] = peer.out.trim().split(' ');
  const call = async (lines, exit = 0) => { // exit: what vms-call ends with, 1 where an answer is an error
    const caller = start(join(build, 'vms-call'), ['--key', join(dir, 'caller'), '--keep', join(dir, 'kept'), '--timeout', '300', url]);
    caller.child.stdin.end(lines.map(line => JSON.stringify(line) + '\n').join(''));
    equal(await caller.ended, exit, `vms-call: ${caller.said}`);
    return caller.out.trim().split('\n').map(line => JSON.parse(line));
  };
  const head = async name => { const [answer] = await call([{ method: 'vms.head', params: [name] }]); return answer.result ?? answer; };
  return { url, port: Number(port()), ledger: Buffer.from(ledger, 'hex'), archive: Buffer.from(archive, 'hex'), call, head, peer };
}
