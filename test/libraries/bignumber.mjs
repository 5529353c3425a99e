// SPDX-License-Identifier: MIT
import BigNumber from 'bignumber.js';

export default async check => {
  const x = new BigNumber('123.4567'), y = BigNumber('123456.7e-3'), z = new BigNumber(x);
  check('equal', [x.isEqualTo(y), y.isEqualTo(z), x.eq('123.4567')]);
  check('sum', new BigNumber(0.1).plus(0.2).toString());
  check('chain', x.dividedBy(y).plus(z).times(9).times('1.23456780123456789e+9').integerValue().toString(10));
  check('long quotient', new BigNumber(1).dividedBy(3).toString());
  check('root', new BigNumber(2).sqrt().toFixed(20));
  check('power', new BigNumber(7).pow(77).toFixed());
  check('power modulo', new BigNumber(3).pow(1000, 1009).toString());
  check('modulo', [new BigNumber(1).mod(0.9).toString(), new BigNumber(-33).mod(100).toString(), new BigNumber('1e30').mod('7').toString()]);
  check('exponential', new BigNumber('45.6').toExponential(8));
  check('precision', new BigNumber('98765.4321').toPrecision(6));
  for (const mode of [0, 1, 2, 3, 4, 5, 6, 7, 8]) check(`rounding ${mode}`, ['2.5', '-2.5', '3.45'].map(text => new BigNumber(text).toFixed(1, mode) + ' ' + new BigNumber(text).dp(0, mode)));
  check('format', new BigNumber('1234567.891').toFormat(2));
  check('own format', new BigNumber('1234567.891').toFormat(1, { prefix: '=> ', decimalSeparator: ',', groupSeparator: '.', groupSize: 3, suffix: ' EUR' }));
  check('bases', [new BigNumber('ff.8', 16).toString(), new BigNumber(255).toString(2), new BigNumber('zz', 36).toNumber(), new BigNumber('1e9').toString(36)]);
  check('fraction', new BigNumber('3.14159265358').toFraction(100).map(String));
  check('parts', [x.c, x.e, x.s]);
  check('compare', [x.comparedTo(5), x.isGreaterThan(1000), new BigNumber(NaN).comparedTo(1)]);
  check('largest', BigNumber.max(4e9, '123', new BigNumber(5)).toString());
  check('sum of all', BigNumber.sum('1e-20', 1, '99999999999999999999').toFixed());
  check('json', JSON.stringify({ a: new BigNumber('177.7e+457'), b: [new BigNumber(-0)] }));
  check.throws('not a number', () => new BigNumber('blurgh'));
  check('specials', [new BigNumber(NaN).isNaN(), new BigNumber(1).div(0).toString(), new BigNumber('0x1F').toString()]);
  const Money = BigNumber.clone({ DECIMAL_PLACES: 2, ROUNDING_MODE: BigNumber.ROUND_HALF_EVEN });
  check('own constructor', [new Money(10).div(3).toString(), new Money(1).div(8).toString(), Money.config().DECIMAL_PLACES]);
  check('sorted', ['10', '9.5', '-1', '1e3'].map(text => new BigNumber(text)).sort((a, b) => a.comparedTo(b)).map(String));
  check.throws('places out of range', () => x.toFixed(-1));
  check.throws('bad base', () => new BigNumber(5, 65));
  check.throws('bad setting', () => BigNumber.config({ ROUNDING_MODE: 9 }));
  await check.later('interest', async () => {
    let sum = new BigNumber(1000);
    for await (const rate of ['1.05', '1.0725', '0.9']) sum = sum.times(rate);
    return sum.toFixed(4);
  });
};
