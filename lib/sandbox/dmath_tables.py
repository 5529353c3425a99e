#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints dmath_tables.h: python3 lib/sandbox/dmath_tables.py > lib/sandbox/dmath_tables.h

Integers alone: a number is a multiple of 2^-BITS, computed from its series with some hundred bits more than a table
holds; float() of a Fraction rounds to the nearest double. test/vectors/sandbox_math.c compares what is computed with
these tables with another library's results, so a wrong entry does not go unseen."""
from fractions import Fraction

BITS = 2200
ONE = 1 << BITS


def atan_inverse(n):
    """atan(1/n)"""
    term, total, k = ONE // n, 0, 0
    while term:
        total += (-term if k % 2 else term) // (2 * k + 1)
        term //= n * n
        k += 1
    return total


def exp(x):
    term, total, n = ONE, 0, 1
    while term:
        total += term
        term = term * x // ONE // n
        n += 1
    return total


def log(num, den=1):
    """log(num/den) near 1: 2 atanh((num-den)/(num+den))"""
    z = ONE * (num - den) // (num + den)
    zz, term, total, k = z * z // ONE, z, 0, 1
    while term and term != -1:
        total += term // k
        term = term * zz // ONE
        k += 2
    return 2 * total


def sin(x):
    term, total, n = x, 0, 1
    xx = x * x // ONE
    while term and term != -1:
        total += term
        term = -(term * xx // ONE) // ((n + 1) * (n + 2))
        n += 2
    return total


def atan(num, den):
    """atan(num/den) for 0 <= num/den <= 1, by atan(a) = atan(b) + atan((a-b)/(1+ab)) down from pi/4"""
    if num == den:
        return PI // 4
    z = ONE * num // den
    if 2 * num > den:
        z, base = ONE * (num - den) // (num + den), PI // 4
    else:
        base = 0
    zz, term, total, k = z * z // ONE, z, 0, 1
    while term and term != -1:
        total += (term if k % 4 == 1 else -term) // k
        term = term * zz // ONE
        k += 2
    return base + total


PI = 4 * (4 * atan_inverse(5) - atan_inverse(239))
LN2 = log(4, 3) + log(3, 2)
LN10 = 3 * LN2 + log(5, 4)


def double(x):
    return float(Fraction(x, ONE))


def hexed(d):
    """0x1.8p-1: as short as it can be"""
    text = d.hex()
    if "." in text:
        head, power = text.split("p")
        text = head.rstrip("0").rstrip(".") + "p" + power
    return text


def scaled(d):
    return int(Fraction(d) * ONE)


def pair(x):
    high = double(x)
    return "{ %s, %s }" % (hexed(high), hexed(double(x - scaled(high))))


def cut(x, bits):
    """the leading `bits` bits of x"""
    drop = x.bit_length() - bits
    return (x >> drop) << drop


def parts(x, bits):
    """x as two doubles of `bits` bits, products of which with small integers are exact, and a rest"""
    first = cut(x, bits)
    second = cut(x - first, bits)
    return "{ %s, %s, %s }" % (hexed(double(first)), hexed(double(second)), hexed(double(x - first - second)))


def table(kind, name, rows, comment, per_line=1):
    print("\n/* %s */" % comment)
    print("static const %s %s[%d] = {" % (kind, name, len(rows)))
    for i in range(0, len(rows), per_line):
        print("  " + ", ".join(rows[i:i + per_line]) + ",")
    print("};")


def big(name, x, comment):
    """0.mantissa * 2^exponent with 256 bits"""
    exponent = x.bit_length() - BITS
    mantissa = x >> (x.bit_length() - 256)
    limbs = ", ".join("0x%016xu" % (mantissa >> 64 * i & (1 << 64) - 1) for i in range(4))
    print("static const vms__big %s = { 1, %d, { %s } }; /* %s */" % (name, exponent, limbs, comment))


def inverse(n):
    """1/(n/128) in few bits, so that its product with a double is exact in two"""
    return Fraction(round(Fraction(128, n) * 1024), 1024)


print("/* SPDX-License-Identifier: MIT */")
print("/* Made by lib/sandbox/dmath_tables.py: tables and constants of dmath.c and dmath_big.c. A pair is a double and the")
print(" * double nearest to what it lacks. */")
print("#ifdef VMS__DMATH_FAST")
table("vms__dd", "exp2_table", [pair(exp(LN2 * j // 128)) for j in range(128)], "2^(j/128)")
table("double", "inverse_table", [hexed(float(inverse(j))) for j in range(90, 183)], "near 128/j for j = 90..182", 8)
table("vms__dd", "log_table", [pair(-log(inverse(j).numerator, inverse(j).denominator)) if j != 128 else "{ 0, 0 }" for j in range(90, 183)],
      "-log(inverse_table[i])")
table("vms__dd", "sin_table", [pair(sin(PI * j // 128)) if j else "{ 0, 0 }" for j in range(65)], "sin(j pi/128)")
table("vms__dd", "atan_table", [pair(atan(j, 64)) if j else "{ 0, 0 }" for j in range(65)], "atan(j/64)")
print()
print("static const double ln2_128_parts[3] = %s; /* log(2)/128 */" % parts(LN2 // 128, 34))
print("static const double ln2_parts[3] = %s; /* log(2) */" % parts(LN2, 40))
print("static const double inv_ln2_128 = %s; /* 128/log(2) */" % hexed(double(128 * ONE * ONE // LN2)))
for name, value, comment in (("dd_pi_128", PI // 128, "pi/128"), ("dd_pi_2", PI // 2, "pi/2"), ("dd_pi", PI, "pi"),
                             ("dd_ln2", LN2, "log(2)"), ("dd_inv_ln2", ONE * ONE // LN2, "1/log(2)"),
                             ("dd_inv_ln10", ONE * ONE // LN10, "1/log(10)")):
    print("static const vms__dd %s = %s; /* %s */" % (name, pair(value), comment))
for n in (3, 5, 6, 24):
    print("static const vms__dd dd_1_%d = %s;" % (n, pair(ONE // n)))
print("#else")
big("big_pi", PI, "pi")
big("big_ln2", LN2, "log(2)")
big("big_inv_ln2", ONE * ONE // LN2, "1/log(2)")
big("big_inv_ln10", ONE * ONE // LN10, "1/log(10)")
two_over_pi = 2 * ONE * ONE // PI
table("uint64_t", "two_over_pi", ["0x%016xu" % (two_over_pi >> (BITS - 64 * (i + 1)) & (1 << 64) - 1) for i in range(24)],
      "the first 1536 bits of 2/pi after the point", 4)
print("#endif")
