"""Token strings from outside: Documentation/token-format.md in a few lines."""

import secrets
import string
import zlib

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase

EXPIRED = "The access token expired"
REVOKED = "The access token was revoked"
MALFORMED = "The access token is malformed"
UNKNOWN = "The access token is unknown"


def base62(number, width):
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits


def with_checksum(payload):
    return payload + base62(zlib.crc32(payload.encode()), 6)


def unknown_token(prefix="tcp"):
    """A well-formed token that was never issued."""
    return with_checksum(prefix + "_" + "".join(secrets.choice(ALPHABET) for _ in range(58)))


def mistyped(token):
    """The same token with one character of its random part wrong."""
    wrong = "A" if token[20] != "A" else "B"
    return token[:20] + wrong + token[21:]
