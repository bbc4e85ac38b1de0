"""The time from the start of the process to the first answer, and the memory of an idle process."""

import socket
import statistics
import time

import data

from harness import DATA, Section, free_port, resident_megabytes, spawned, tessera_command

NAME = "startup"
REACH_MILLISECONDS, REACH_MEGABYTES = 50, 20
SUMMARY = f"start to first answer, at most {REACH_MILLISECONDS} ms; resident while idle, at most {REACH_MEGABYTES} MB"
STARTS = 20


def measure(_):
    database = DATA / "startup.db"
    if not database.exists():
        data.add_user(database, "person@bench.example")
    times, sizes = zip(*(start(database) for _ in range(STARTS)), strict=True)
    row = [
        NAME,
        f"{statistics.median(times) * 1000:.1f}",
        f"{max(times) * 1000:.1f}",
        f"≤ {REACH_MILLISECONDS}",
        f"{statistics.median(sizes):.1f}",
        f"≤ {REACH_MEGABYTES}",
    ]
    columns = ["benchmark", "median ms", "slowest ms", "reach", "idle MB", "reach"]
    return Section(columns, [row], TEXT)


def start(database):
    """Seconds until the first byte of an answer, and the resident megabytes then."""
    port = free_port()
    request = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    began = time.perf_counter()
    with spawned(tessera_command(database, port, ())) as process:
        while time.perf_counter() - began < 20:
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                    connection.sendall(request)
                    if connection.recv(4096).startswith(b"HTTP/1.1 200 "):
                        return time.perf_counter() - began, resident_megabytes(process.pid)
            except ConnectionRefusedError:
                time.sleep(0.0005)
        raise SystemExit(f"bench: {NAME}: no answer")


TEXT = f"""**startup**: from starting the process, on a database that exists, to the first byte of the answer
to `GET /healthz`; {STARTS} starts. *Idle MB* is the resident memory at that point."""
