"""The time of a refusal does not reveal which tokens exist.

For people there is `SignInTimingTests`, in process: over HTTP, too many wrong passwords are refused.
"""

import gc
import random
import socket
import statistics
import time

import pytest

from harness.load import Connection, manager
from harness.program import tessera_server
from harness.tokens import ALPHABET, unknown_token, with_checksum


def near_miss(token, choice):
    """A stored token with one character of its random part changed, and the right checksum."""
    payload = token[:-6]
    place = choice.randrange(4, len(payload))
    other = choice.choice(ALPHABET.replace(payload[place], ""))
    return with_checksum(payload[:place] + other + payload[place + 1 :])


def welch(one, other):
    """Welch's t: how many standard errors the means lie apart."""
    error = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    return (statistics.fmean(one) - statistics.fmean(other)) / error**0.5


def told_apart(one, other):
    """The statistics of a patient attacker: t, and the gap between the medians relative to them."""
    middle = statistics.median(one)
    return welch(one, other), abs(middle - statistics.median(other)) / middle


class Stopwatch:
    """One connection that sends whole requests and reads whole answers."""

    def __init__(self, server):
        self.host = server.authority
        self.socket = socket.create_connection((server.host, server.port), timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def measure(self, token):
        request = (
            f"GET /api/me HTTP/1.1\r\nHost: {self.host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        began = time.perf_counter_ns()
        self.socket.sendall(request)
        answer = self.socket.recv(65536)
        taken = time.perf_counter_ns() - began
        assert answer.startswith(b"HTTP/1.1 401 ")
        assert answer.endswith(b"}")
        return taken / 1000


@pytest.fixture
def server(tmp_path):
    with tessera_server(tmp_path, "--log-level", "error") as server:
        server.token = manager(server)
        yield server


def test_a_near_miss_of_a_stored_token_takes_as_long_as_any_unknown_one(server, times):
    pairs = times(4_000, 50_000)
    choice = random.Random(3)
    connection = Connection(server, server.token)
    stored = [connection.create()["token"] for _ in range(200)]
    watch = Stopwatch(server)
    taken = {"near": [], "unknown": []}
    gc.disable()
    try:
        for number in range(pairs + 500):
            tokens = [("near", near_miss(choice.choice(stored), choice)), ("unknown", unknown_token())]
            choice.shuffle(tokens)
            for kind, token in tokens:
                microseconds = watch.measure(token)
                # The first requests warm up both sides.
                if number >= 500:
                    taken[kind].append(microseconds)
    finally:
        gc.enable()
    t, gap = told_apart(taken["near"], taken["unknown"])
    middle = statistics.median(taken["near"])
    print({"pairs": pairs, "t": round(t, 2), "median": f"{middle:.1f} µs", "gap": f"{gap:.2%}"})
    assert abs(t) < 4.5
    assert gap <= 0.02


def test_a_difference_would_be_seen():
    choice = random.Random(1)
    one = [choice.gauss(100, 20) for _ in range(4000)]
    other = [choice.gauss(103, 20) for _ in range(4000)]
    t, gap = told_apart(one, other)
    assert abs(t) > 4.5
    assert gap > 0.02
