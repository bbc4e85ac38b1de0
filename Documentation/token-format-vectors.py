#!/usr/bin/env python3
"""Generates token-format-vectors.json from token-format.md, without code from Tessera.

Each vector is a string with its validity, its kind, and for an invalid string the first reason. `--check` writes
nothing, and fails if the file differs.
"""

import json
import random
import re
import string
import sys
import zlib
from hashlib import sha256
from pathlib import Path

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
KINDS = {"tcp": "personal", "tco": "oauth-access", "tcr": "oauth-refresh", "tcs": "client-secret", "tcg": "registration"}
FORM = re.compile(r"[a-z]{3}_[0-9A-Za-z]{64}", re.ASCII)


def checksum(payload):
    number, digits = zlib.crc32(payload.encode()), ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits


def token(prefix, rest):
    payload = f"{prefix}_{rest}"
    return payload + checksum(payload)


def judge(text):
    """What a reader of the specification says about a string."""
    if not FORM.fullmatch(text):
        return {"valid": False, "reason": "form"}
    if text[:3] not in KINDS:
        return {"valid": False, "reason": "prefix"}
    if checksum(text[:-6]) != text[-6:]:
        return {"valid": False, "reason": "checksum"}
    return {"valid": True, "kind": KINDS[text[:3]], "sha256": sha256(text.encode()).hexdigest()}


def vectors():
    chance = random.Random("token-format")
    drawn = ["".join(chance.choices(ALPHABET, k=58)) for _ in range(9)]
    good = token("tcp", drawn[0])
    padded = next(
        text
        for text in (token("tcp", f"{number:058d}") for number in range(1, 10_000))
        if text[-6:].startswith("0")
    )
    yield "a personal token", good
    yield "an OAuth access token", token("tco", drawn[1])
    yield "a refresh token", token("tcr", drawn[2])
    yield "a client secret", token("tcs", drawn[3])
    yield "a registration token", token("tcg", drawn[7])
    yield "the lowest digits throughout", token("tcp", "0" * 58)
    yield "the highest digits throughout", token("tcp", "z" * 58)
    yield "a checksum that is padded with 0 at the left", padded
    yield "one random character changed", good[:20] + ("A" if good[20] != "A" else "B") + good[21:]
    yield "two neighbours swapped", good[:10] + good[11] + good[10] + good[12:]
    yield "one character of the checksum changed", good[:-1] + ("0" if good[-1] != "0" else "1")
    yield "the checksum in the other order", good[:-6] + good[-6:][::-1]
    yield "the checksum without the prefix", good[:-6] + checksum(good[4:-6])
    yield "another kind with the same rest", "tco" + good[3:]
    yield "a prefix that is none of ours", token("abc", drawn[4])
    yield "a prefix that differs in one letter", token("tct", drawn[8])
    yield "a prefix in upper case", token("TCP", drawn[5])
    yield "a hyphen for the underscore", good.replace("_", "-")
    yield "one character short", good[:-1]
    yield "one character long", good + "0"
    yield "a character outside the alphabet", token("tcp", drawn[6][:-1] + "-")
    yield "a line end behind it", good + "\n"


def render():
    rows = [{"name": name, "token": text} | judge(text) for name, text in vectors()]
    return json.dumps({"specification": "token-format.md", "vectors": rows}, indent=2, ensure_ascii=True) + "\n"


def main():
    path = Path(__file__).with_suffix(".json")
    if "--check" in sys.argv[1:]:
        if path.read_text() != render():
            sys.exit(f"{path.name} differs from what this script makes")
    else:
        path.write_text(render())


if __name__ == "__main__":
    main()
