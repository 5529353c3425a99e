// SPDX-License-Identifier: MIT
// A contract made of libraries: ballots are checked by a schema, kept as drafts and patches, counted exactly and chained by a hash.
import { z } from 'zod';
import { produceWithPatches, enablePatches } from 'immer';
import Decimal from 'decimal.js';
import { sha256 } from 'js-sha256';
import semver from 'semver';

enablePatches();
const Ballot = z.object({ motion: z.string().min(3), weight: z.string().regex(/^\d+(\.\d+)?$/), choice: z.enum(['yes', 'no']) });
const path = '/ballots.json';

const read = async () => JSON.parse(await System.files.readFile(path, 'utf8'));

export const init = async () => {
  await System.files.writeFile(path, JSON.stringify({ motions: {}, chain: sha256('start') }));
};

export const vote = async ballot => {
  const { motion, weight, choice } = Ballot.parse(ballot);
  const [next, patches] = produceWithPatches(await read(), state => {
    const counted = state.motions[motion] ??= { yes: '0', no: '0' };
    counted[choice] = new Decimal(counted[choice]).plus(weight).toString();
    state.chain = sha256(`${state.chain}${motion}${choice}${weight}`);
  });
  await System.files.writeFile(path, JSON.stringify(next));
  return patches;
};

export const result = async motion => {
  const { motions, chain } = await read(), { yes, no } = motions[motion] ?? { yes: 0, no: 0 }, all = Decimal.sum(yes, no);
  return { share: all.isZero() ? null : new Decimal(yes).div(all).toFixed(10), chain };
};

export const newest = versions => semver.maxSatisfying(versions, '^1.2');
