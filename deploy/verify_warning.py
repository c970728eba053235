#!/usr/bin/env python3
"""Check signed statements about warnings (/xac-minh/du-lieu/cb-….json) with nothing but Python's standard library.

    python3 verify_warning.py --key BASE64 cb-2026-00001.json …      # the agency's public key, got another way
    python3 verify_warning.py --keys khoa.json cb-2026-00001.json …  # as published at /xac-minh/khoa.json

Exit code 0: every signature fits. 1: one does not; it is named. 2: a file cannot be read.
A key that came from the same place as the statement proves only that both fit together: compare the key with
what the agency has printed or told you (docs/verify.md).
"""

import argparse
import base64
import binascii
import hashlib
import json
import sys
from pathlib import Path

FORMAT = "keng-warning-1"
# Edwards25519 (RFC 8032, 5.1): prime, order of the base point, constant of the curve.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


class Altered(Exception):
    """The statement is not what was signed."""


def add(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = add(found, point)
        point = add(point, point)
        number >>= 1
    return found


def same(one, two):
    return not ((one[0] * two[2] - two[0] * one[2]) % P or (one[1] * two[2] - two[1] * one[2]) % P)


def x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if not square:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def fits(public, message, signature):
    """Whether ``signature`` (64 bytes) of ``message`` was made with the private half of ``public`` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return same(times(s, BASE), add(r, times(h, a)))


def verify(statement, keys):
    """One line that tells what was checked. ``keys``: id → 32 bytes. Raises Altered when it does not fit."""
    try:
        signature = statement["signature"]
        unsigned = {name: value for name, value in statement.items() if name != "signature"}
        if statement["format"] != FORMAT:
            raise Altered(f"this is no statement of the format {FORMAT}")
        if signature["key"] not in keys:
            raise Altered(f"signed with the key {signature['key']}, which is not among the given ones")
        text = json.dumps(unsigned, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        value = base64.b64decode(signature["value"], validate=True)
        if not fits(keys[signature["key"]], f"{FORMAT}\n{text}".encode(), value):
            raise Altered("the signature does not fit: the statement was altered")
        return f"{statement['reference']} {statement['state']} “{statement['content']['title']}”"
    except (KeyError, TypeError, AttributeError, UnicodeEncodeError, binascii.Error) as error:
        raise Altered(f"the statement is incomplete ({type(error).__name__}: {error})") from None


def read_keys(options):
    given = [base64.b64decode(key, validate=True) for key in options.key]
    if options.keys:
        document = json.loads(options.keys.read_text("utf-8"))
        given += [base64.b64decode(key["public"], validate=True) for key in document["keys"]]
    return {hashlib.sha256(key).hexdigest()[:16]: key for key in given}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--key", action="append", default=[], help="a public key in Base64; may be repeated")
    parser.add_argument("--keys", type=Path, help="the published key document")
    options = parser.parse_args()
    if not options.key and not options.keys:
        parser.error("give --key or --keys")
    bad = False
    try:
        keys = read_keys(options)
        for file in options.files:
            try:
                print(f"OK: {file}: {verify(json.loads(file.read_text('utf-8')), keys)}")
            except Altered as found:
                bad = True
                print(f"ALTERED: {file}: {found}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"CANNOT READ: {error}")
        return 2
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
