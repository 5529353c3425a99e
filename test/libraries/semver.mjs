// SPDX-License-Identifier: MIT
import semver from 'semver';

export default async check => {
  check('valid', semver.valid('1.2.3'));
  check('invalid', semver.valid('a.b.c'));
  check('clean', semver.clean('  =v1.2.3   '));
  check('satisfies', semver.satisfies('1.2.3', '1.x || >=2.5.0 || 5.0.0 - 7.2.3'));
  check('gt and lt', [semver.gt('1.2.3', '9.8.7'), semver.lt('1.2.3', '9.8.7')]);
  check('least', semver.minVersion('>=1.0.0').version);
  check('coerce', [semver.valid(semver.coerce('v2')), semver.valid(semver.coerce('42.6.7.9.3-alpha'))]);
  check('parts of a prerelease', semver.prerelease('1.2.3-alpha.1'));
  for (const part of ['major', 'minor', 'patch', 'premajor', 'preminor', 'prepatch', 'prerelease'])
    check(`increment ${part}`, semver.inc('1.2.3-beta.4', part, 'beta'));
  check('sorted', semver.sort(['2.0.0', '1.0.0-rc.1', '1.0.0', '1.0.0-alpha.beta', '1.0.0-alpha.1', '1.0.0-beta.11', '1.0.0-beta.2', '10.0.0']));
  check('reversed', semver.rsort(['1.10.0', '1.9.0', '1.9.0+build']));
  for (const range of ['^1.2.3', '~1.2', '>1 <=2.3', '1.2.3 - 2.3', '*', '<0.0.0-0', '^0.0.1-beta', '>=1.2.3 || 2.x'])
    check(`range ${range}`, [semver.validRange(range), semver.maxSatisfying(['0.0.1', '1.2.3', '1.2.9', '1.9.0', '2.0.0', '2.3.9'], range)]);
  check('no range', semver.validRange('>>1'));
  check('difference', [semver.diff('1.2.3', '1.2.4-0'), semver.diff('1.2.3', '2.0.0'), semver.diff('1.0.0', '1.0.0')]);
  check('intersects', [semver.intersects('^1.2', '>1.5'), semver.intersects('<1', '>2')]);
  check('outside', [semver.gtr('2.0.0', '^1'), semver.ltr('0.1.0', '^1'), semver.outside('1.5.0', '^1', '>')]);
  check('simplified', semver.simplifyRange(['1.0.0', '1.0.1', '1.1.0', '2.0.0'], '1.0.0 || 1.0.1 || 1.1.0'));
  check('subset', [semver.subset('^1.2', '^1'), semver.subset('^1', '^1.2')]);
  check('compared with builds', semver.compareBuild('1.0.0+1', '1.0.0+2'));
  check('object', new semver.SemVer('1.2.3-rc.1+sha.5114f85'));
  check('text of a range', String(new semver.Range('^1.2 || ~3')));
  check.throws('bad version', () => new semver.SemVer('1.2'));
  check.throws('too long', () => new semver.SemVer('1'.repeat(300)));
  check.throws('bad range', () => new semver.Range('nope nope'));
  check.throws('bad comparator', () => new semver.Comparator('>>2'));
  await check.later('later', async () => semver.parse(await '7.8.9').compare('7.8.8'));
  await check.later('later bad', async () => semver.compare(await 'x', '1.0.0'));
};
