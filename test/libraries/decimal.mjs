// SPDX-License-Identifier: MIT
import Decimal from 'decimal.js';

export default async check => {
  const big = Decimal.clone({ precision: 40 });
  check('sum', Decimal.add(0.1, 0.2).toString());
  check('hexadecimal', new Decimal('0xff.8').toString());
  check('binary', new Decimal(9.5).toBinary());
  check('octal and hexadecimal', [new Decimal(511).toOctal(), new Decimal(1e6).toHexadecimal()]);
  check('division', new big(1).div(7).toString());
  check('root', new big(2).sqrt().toString());
  check('cube root', new big(10).cbrt().toString());
  check('e', new big(1).exp().toString());
  check('logarithms', [new big(2).ln().toString(), new Decimal(1000).log().toString(), new Decimal(256).log(2).toString()]);
  check('power', [new Decimal(2).pow(0.5).toString(), new big('0.7').pow('-2').toString()]);
  for (const name of ['sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'atan', 'asinh']) check(name, new Decimal('0.75')[name]().toString());
  check('arcs', [new Decimal(0.5).asin(), new Decimal(0.5).acos(), new Decimal(1.5).acosh(), new Decimal(0.5).atanh(), Decimal.atan2(1, -1)].map(String));
  check('hypotenuse', Decimal.hypot(3, 4, 12).toString());
  for (let mode = 0; mode < 9; mode++) check(`rounding ${mode}`, ['1.25', '-1.25', '1.35'].map(text => new Decimal(text).toDecimalPlaces(1, mode).toString()));
  check('significant digits', new Decimal(123.456).toSD(4).toString());
  check('nearest', new Decimal(9.499).toNearest(0.5, Decimal.ROUND_UP).toString());
  check('integer division', [new Decimal(5).divToInt(3).toString(), new Decimal(-5).mod(3).toString()]);
  check('euclidean modulo', Decimal.clone({ modulo: Decimal.EUCLID }).mod(-5, 3).toString());
  check('fraction', new Decimal(Math.PI).toFraction(1000).map(String));
  check('notation', [new Decimal(1e21).toString(), new Decimal(1e21).toFixed(), new Decimal('1e-7').toExponential(3)]);
  check('specials', [new Decimal(NaN), new Decimal(-Infinity), new Decimal(-0)].map(value => [value.toString(), value.valueOf(), value.isFinite()]));
  check('places', [new Decimal('1.2300').dp(), new Decimal('1e5').sd(true), new Decimal(-7).abs().neg().s]);
  check('clamped', new Decimal(5.1).clamp(-10, 5).toString());
  check('json', JSON.stringify([new Decimal('1.0e-3'), { a: new Decimal(7) }]));
  check('extremes', [Decimal.max(1, '2.5', -3).toString(), Decimal.min(1, '2.5', -3).toString(), Decimal.sum(1, 2, '3.3').toString()]);
  check('number wins', new Decimal(3) * 2 + Number(new Decimal('0.5')));
  check.throws('bad text', () => new Decimal('1.2.3'));
  check.throws('bad precision', () => Decimal.set({ precision: 0 }));
  check.throws('bad setting', () => Decimal.set(null));
  await check.later('series', async () => {
    let sum = new big(0), term = new big(1);
    for (let i = 1; i < 30; i++) { sum = sum.plus(term); term = await Promise.resolve(term.div(i)); }
    return sum.toFixed(25);
  });
};
