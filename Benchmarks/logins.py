"""Sign-ins beside raw argon2id with the same parameters."""

import ctypes
import ctypes.util
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import data

from harness import DATA, ROUNDS, SERVER_CORE, Section, cpu_seconds, free_port, tessera

NAME = "logins"
REACH = 0.95
SUMMARY = f"`POST /login` beside raw argon2id; at least {REACH:.2f} of it by CPU"
# Each client uses a different account, because concurrent attempts at one account are delayed.
EMAILS = [f"person-{number}@bench.example" for number in range(4)]
# Many short turns rather than a few long ones: the speed of a hash depends on other users of the machine's memory.
PAIRS = 12
# The defaults of Tessera.
MEMORY, PASSES, LANES = 19_456, 2, 1


def measure(seconds):
    database = DATA / "logins.db"
    for path in DATA.glob("logins.db*"):
        path.unlink()
    people = [(email, data.add_user(database, email)) for email in EMAILS]
    port = free_port()
    pairs = []
    turn = max(1, round(seconds * ROUNDS / PAIRS))
    with tessera(database, port, ()) as process_id:
        for _ in range(PAIRS):
            pairs.append((raw(turn), log_in(port, process_id, people, turn)))
    ratio = statistics.median(hash / login for hash, (login, _) in pairs)
    row = [
        NAME,
        f"{statistics.median(hash for hash, _ in pairs) / 1000:.2f}",
        f"{statistics.median(login for _, (login, _) in pairs) / 1000:.2f}",
        f"{statistics.median(rate for _, (_, rate) in pairs):.1f}",
        f"{ratio:.3f}",
        f"≥ {REACH:.2f}",
    ]
    columns = ["benchmark", "argon2id CPU ms", "log-in CPU ms", "log-ins/s", "ratio by CPU", "reach"]
    return Section(columns, [row], TEXT)


def raw(seconds):
    """CPU microseconds of one hash, in a process of its own on the server's core."""
    done = subprocess.run(
        ["taskset", "-c", SERVER_CORE, sys.executable, Path(__file__), str(seconds)],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
    )
    return float(done.stdout)


def hash_for(seconds):
    library = ctypes.CDLL(ctypes.util.find_library("argon2") or "libargon2.so.1")
    output = ctypes.create_string_buffer(32)
    password, salt = b"p" * 30, os.urandom(16)
    count, deadline = 0, time.monotonic() + seconds
    began = time.process_time()
    while time.monotonic() < deadline:
        code = library.argon2id_hash_raw(
            PASSES, MEMORY, LANES, password, ctypes.c_size_t(30), salt, ctypes.c_size_t(16), output, ctypes.c_size_t(32)
        )
        if code:
            raise SystemExit(f"bench: argon2id failed with {code}")
        count += 1
    return (time.process_time() - began) / count * 1e6


def log_in(port, process_id, people, seconds):
    """CPU microseconds of one log-in, and log-ins per second."""
    counts = []
    deadline = time.monotonic() + seconds

    def client(email, password):
        count = 0
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/login")
        page = connection.getresponse()
        cookie = page.headers["Set-Cookie"].partition(";")[0]
        csrf = re.search(r'name="csrf" value="([^"]+)"', page.read().decode())[1]
        body = urlencode({"csrf": csrf, "email": email, "password": password})
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        while time.monotonic() < deadline:
            connection.request("POST", "/login", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 303:
                raise RuntimeError(f"a log-in is answered with {answer.status}")
            for field in answer.headers.get_all("Set-Cookie", []):
                # A browser that has signed in before has its own budget of attempts.
                if "tessera-device=" in field:
                    headers["Cookie"] = f"{cookie}; {field.partition(';')[0]}"
            count += 1
        counts.append(count)

    before, began = cpu_seconds(process_id), time.monotonic()
    threads = [threading.Thread(target=client, args=person) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(counts) < len(people):
        raise SystemExit(f"bench: {NAME}: a client has failed")
    used, passed = cpu_seconds(process_id) - before, time.monotonic() - began
    return used / sum(counts) * 1e6, sum(counts) / passed


TEXT = f"""**logins**: `POST /login` with the right password by {len(EMAILS)} clients, including all work of a
log-in (a durable session, an audit event), beside `argon2id_hash_raw` of libargon2 alone with the same
parameters (m={MEMORY}, t={PASSES}, p={LANES}), in {PAIRS} turns on the same core."""


if __name__ == "__main__":
    print(hash_for(float(sys.argv[1])))
