"""The latency of honest requests during an attack."""

import math
import multiprocessing
import os
import selectors
import socket
import statistics
import subprocess
import time
from contextlib import contextmanager

import data

from harness import CONNECTIONS, DATA, HERE, LOAD_CORE, ROUNDS, Section, free_port, tessera

NAME = "attack"
REACH = 5
SUMMARY = f"p99 of honest requests during an attack over the quiet one; at most {REACH}, and none fails"
SLOW_SENDERS = 1_000
EMAIL = "honest@bench.example"
# The interval between honest requests, in seconds.
PACE = 0.002


def measure(seconds):
    database = DATA / "attack.db"
    for path in DATA.glob("attack.db*"):
        path.unlink()
    data.add_user(database, EMAIL)
    token = data.add_token(database, EMAIL)
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    port = free_port()
    pairs = []
    with tessera(database, port, ()):
        for _ in range(ROUNDS):
            calm = ask(port, token, seconds)
            with slow_senders(port), flood(port, seconds + 4):
                # The flood has begun.
                time.sleep(1)
                pairs.append((calm, ask(port, token, seconds)))
    ratio = statistics.median(attacked / calm for calm, attacked in pairs)
    row = [
        NAME,
        f"{statistics.median(calm for calm, _ in pairs):.0f}",
        f"{statistics.median(attacked for _, attacked in pairs):.0f}",
        f"{ratio:.1f}",
        f"≤ {REACH}",
        "0",
    ]
    return Section(["benchmark", "quiet p99 µs", "attacked p99 µs", "ratio", "reach", "failures"], [row], TEXT)


def ask(port, token, seconds):
    """The p99 in microseconds of one honest client at a steady pace; any failure ends the benchmark."""
    request = f"GET /api/me HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    times = []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        deadline = time.perf_counter() + seconds
        while (began := time.perf_counter()) < deadline:
            connection.sendall(request)
            answer = connection.recv(65_536)
            times.append(time.perf_counter() - began)
            if not answer.startswith(b"HTTP/1.1 200 "):
                raise SystemExit(f"bench: {NAME}: an honest request was answered {answer[:60]!r}")
            time.sleep(PACE)
    return sorted(times)[math.ceil(0.99 * len(times)) - 1] * 1e6


@contextmanager
def slow_senders(port):
    """Connections that send one byte of a header each second, and reconnect when the server closes them."""
    process = multiprocessing.get_context("fork").Process(target=send_slowly, args=(port,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def send_slowly(port):
    os.nice(10)
    head = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Slow: ".encode()
    selector = selectors.DefaultSelector()

    def connect():
        connection = socket.socket()
        # From another address than the honest client, so that the limit on connections does not affect that client.
        connection.bind(("127.0.0.2", 0))
        connection.connect(("127.0.0.1", port))
        connection.setblocking(False)
        connection.send(head)
        selector.register(connection, selectors.EVENT_READ)

    for _ in range(SLOW_SENDERS):
        connect()
    while True:
        ended = time.monotonic() + 1
        for key in list(selector.get_map().values()):
            try:
                key.fileobj.send(b"x")
            except OSError:
                selector.unregister(key.fileobj)
                key.fileobj.close()
                connect()
        for key, _ in selector.select(timeout=0):
            # An answer, which is a refusal, or the end of the connection.
            selector.unregister(key.fileobj)
            key.fileobj.close()
            connect()
        time.sleep(max(0, ended - time.monotonic()))


@contextmanager
def flood(port, seconds):
    """Sends garbage tokens as fast as they are answered, at a low priority so that the honest client can measure."""
    arguments = ["/api/me", f"127.0.0.1:{port}", str(data.flood("garbage"))]
    command = ["nice", "-n", "19", "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", HERE / "load.lua"]
    process = subprocess.Popen([*command, f"http://127.0.0.1:{port}", "--", *arguments], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


TEXT = f"""**attack**: `GET /api/me` by an honest client, one request every {PACE * 1000:.0f} ms on its own
connection, first alone and then while {SLOW_SENDERS:,} connections send one byte of a header each
second and {CONNECTIONS} connections send garbage tokens as fast as they are answered. The server has one core
and one event loop for all of it."""
