"""The tokens to store and to send, made once and kept between runs."""

import random
import string
import subprocess
import sys
import zlib
from hashlib import sha256

from harness import DATA, ROOT, TESSERA, database_url

STORED = 1_000_000
FLOOD = 200_000
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def stored(count=STORED):
    """The file of a database with this number of tokens; a file beside it, ending in `.txt`, contains the tokens."""
    DATA.mkdir(parents=True, exist_ok=True)
    migrations = sorted((ROOT / "Sources/TesseraStores/SQLite/Migrations").glob("*.sql"))
    version = sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()
    database = DATA / f"{count}.db"
    stamp = DATA / f"{count}.version"
    if stamp.exists() and stamp.read_text() == version:
        return database
    for path in DATA.glob(f"{count}.db*"):
        path.unlink()
    fill(database, count)
    stamp.write_text(version)
    return database


def fill(database, count, program=TESSERA):
    """Makes a database with this number of tokens, and the file of the tokens beside it."""
    command = [
        *(program, "fixtures", "bulk", "--tokens", count, "--tokens-file", database.with_suffix(".txt")),
        *("--database", f"sqlite:{database}"),
    ]
    print(f"bench: making {count:,} tokens", file=sys.stderr)
    subprocess.run([str(part) for part in command], check=True, stdout=sys.stderr)


def flood(name):
    """A file of tokens that are refused: `garbage` for their checksum, `unknown` because they were never issued."""
    DATA.mkdir(parents=True, exist_ok=True)
    path = DATA / f"{name}.txt"
    if not path.exists():
        path.write_text("\n".join(forged(name)) + "\n")
    return path


def forged(name):
    chance = random.Random(name)
    for _ in range(FLOOD):
        payload = "tcp_" + "".join(chance.choices(ALPHABET, k=58))
        checksum = zlib.crc32(payload.encode())
        yield payload + base62(checksum ^ 1 if name == "garbage" else checksum)


def base62(number):
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits


def add_user(database, email, program=TESSERA):
    """Adds a user; returns the password."""
    password = "".join(random.SystemRandom().choices(ALPHABET, k=30))
    subprocess.run(
        [program, "user", "add", email, "--database", database_url(database)],
        input=password + "\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return password


def add_token(database, email, *scopes, program=TESSERA):
    """Makes a token of this user."""
    command = [program, "token", "create", "--user", email, "--name", "bench"]
    command += ["--database", database_url(database)]
    command += [part for scope in scopes for part in ("--scope", scope)]
    return subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE).stdout.strip()
