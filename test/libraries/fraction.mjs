// SPDX-License-Identifier: MIT
import Fraction from 'fraction.js';

export default async check => {
  const f = new Fraction('9.4(31)');
  check('repeating', [f.n, f.d, f.toString(), f.toFraction(true), f.toLatex()]);
  check('inputs', [new Fraction(5, 8), new Fraction([2, 6]), new Fraction({ n: 7, d: 9 }), new Fraction('3 1/2'), new Fraction('1:4'), new Fraction(0.1), new Fraction("123.'456'"), new Fraction(-0.75), new Fraction()].map(value => value.toFraction()));
  check('sum', f.add('1/3').toFraction());
  check('difference', f.sub([1, 7]).toFraction());
  check('product', f.mul(0.125).toFraction());
  check('quotient', f.div('2/3').toFraction());
  check('modulo', [new Fraction('13/3').mod('7/8').toFraction(), new Fraction('3/4').mod().toString()]);
  check('power', [new Fraction('2/3').pow(5).toFraction(), new Fraction('4/9').pow(0.5).toFraction(), new Fraction(2).pow(-2).toString()]);
  check('no rational power', new Fraction(2).pow(0.5));
  check('rounded', [f.ceil(), f.floor(), f.round(2), f.ceil(1)].map(value => value.toString()));
  check('compared', [f.compare(9), f.equals('9.4(31)'), new Fraction(1, 3).compare('0.(3)')]);
  check('simplified', [new Fraction(0.3333).simplify(0.01).toFraction(), new Fraction(Math.PI).simplify(1e-3).toFraction()]);
  check('divisible', [new Fraction(10).divisible(5), new Fraction('1/3').divisible('1/6'), new Fraction(1).divisible(2)]);
  check('inverse', [f.inverse().toFraction(), f.neg().abs().equals(f)]);
  check('continued', new Fraction('415/93').toContinued());
  check('common', [new Fraction(5, 8).gcd('3/7').toFraction(), new Fraction(5, 8).lcm('3/7').toFraction()]);
  check('decimal', ['1/7', '1/13', '22/7', '1/6', '1/97'].map(text => new Fraction(text).toString()));
  check('cut decimal', new Fraction('1/97').toString(10));
  check('number', [f.valueOf(), f + 1, `${new Fraction('1/2')}`]);
  check('json', JSON.stringify(new Fraction('5/10')));
  check('harmonic', Array.from({ length: 20 }, (_, i) => new Fraction(1, i + 1)).reduce((a, b) => a.add(b)).toFraction());
  const throwing = (name, action) => check.throws(name, () => { try { return action(); } catch (error) { throw new Error(error.message || error.name || String(error)); } });
  throwing('division by zero', () => new Fraction(1, 0));
  throwing('divided by zero', () => f.div(0));
  throwing('bad text', () => new Fraction('1/2/3x'));
  throwing('not integers', () => new Fraction(1.5, 2));
  await check.later('later', async () => { let sum = new Fraction(0); for (const part of ['1/2', '1/3', '1/6']) sum = sum.add(await part); return sum.toFraction(); });
};
