#!/usr/bin/env python3
"""Writes decimals.txt: cases for test_decimal, computed with Python's Decimal.

Each line is: operation, operands, result; an error stands as !syntax, !overflow, !underflow or
!precision.  The same seed gives the same file: ./make_decimals.py > decimals.txt
"""

import random
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

EXACT = Context(prec=600, Emax=MAX_EMAX, Emin=MIN_EMIN)
FIXED = """0 -0 +0 00 0.0 1 -1 +3 007 1.10 .5 -.5 5. 1E+3 1e3 1e-3 1e125 9.99e125 1e126 -1e126 1e-130 1e-131
-1e-130 -1e-131 0e125 0e126 0.0e126 0.0e127 0e-130 0e-131 1e2147483648 1e-2147483648
1e9223372036854775807 1e9223372036854775808 1e-9223372036854775808 1e-9223372036854775809
12345678901234567890123456789012345678 123456789012345678901234567890123456789
99999999999999999999999999999999999999 100000000000000000000000000000000000000
1000000000000000000000000000000000000001 0.00000000000000000000000000000000000000000001
123456789012345678901234567890.12345678 123456789012345678901234567890.123456789
NaN Infinity -Infinity 0x10 1e 1e+ e5 . + - -. 1.2.3 1_000 ١ 1,5 --1 +-1 1e1.5""".split()


def plain(d):
    """The number as the service writes it."""
    text = format(d.normalize(EXACT), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if d == 0 else text


def check(d):
    """The number's text, or the error that storing it is."""
    if d == 0:
        return "0"
    d = d.normalize(EXACT)
    if d.adjusted() > 125:
        return "!overflow"
    if d.adjusted() < -130:
        return "!underflow"
    if len(d.as_tuple().digits) > 38:
        return "!precision"
    return plain(d)


def is_number(text):
    body = text[1:] if text[:1] in "+-" else text
    mantissa, mark, exponent = body.replace("E", "e").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = whole + fraction
    if not digits or not (digits.isascii() and digits.isdigit()):
        return False
    if mark:
        exponent = exponent[1:] if exponent[:1] in "+-" else exponent
        return exponent.isascii() and exponent.isdigit()
    return True


def parse(text):
    if not is_number(text):
        return "!syntax"
    mantissa, _, exponent = text.lower().partition("e")
    power = int(exponent or 0)
    if not -(2**63) <= power < 2**63:
        return "!syntax"
    fraction = len(mantissa.partition(".")[2])
    if not mantissa.strip("+-0."):  # a zero is judged by its written exponent
        return "!overflow" if power - fraction > 125 else "!underflow" if power - fraction < -130 else "0"
    if abs(power) > 10**6:
        return "!overflow" if power > 0 else "!underflow"
    return check(Decimal(text))


def random_number(r):
    digits = "".join(r.choice("0123456789") for _ in range(r.choice([1, 1, 2, 3, 5, 9, 18, 19, 20, 37, 38, 39])))
    if r.random() < 0.3:
        digits += "0" * r.randrange(20)
    if r.random() < 0.5:
        at = r.randrange(len(digits) + 1)
        digits = digits[:at] + "." + digits[at:]
    power = r.choice(["", "", "", f"e{r.randrange(-140, 140)}", f"E+{r.randrange(40)}", f"e-{r.randrange(40)}"])
    return r.choice(["", "", "-", "+"]) + digits + power


def main():
    r = random.Random(20261123)
    texts = FIXED + [random_number(r) for _ in range(500)]
    for text in texts:
        print("parse", text, parse(text))
    good = [t for t in texts if not parse(t).startswith("!")]
    with localcontext(EXACT):
        for _ in range(800):
            a, b = r.choice(good), r.choice(good)
            if r.random() < 0.5:  # near each other, so that many sums are exact
                b = f"{r.choice(['', '-'])}{r.randrange(10**r.randrange(1, 39))}e{Decimal(a).adjusted() - r.randrange(39)}"
                if parse(b).startswith("!"):
                    continue
            print("add", a, b, check(Decimal(a) + Decimal(b)))
            print("sub", a, b, check(Decimal(a) - Decimal(b)))
            print("cmp", a, b, int(Decimal(a).compare(Decimal(b))))


if __name__ == "__main__":
    main()
