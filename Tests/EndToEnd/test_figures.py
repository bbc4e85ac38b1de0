"""Start time, and memory of an idle process."""

import re
import socket
import statistics
import time
from pathlib import Path

from harness.program import tessera_server

STARTS = 7


def seconds_to_first_answer(directory):
    """The time from the start of the process to the first byte of an answer."""
    server = tessera_server(directory)
    request = f"GET /healthz HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n".encode()
    began = time.perf_counter()
    server.spawn()
    try:
        while time.perf_counter() - began < 10:
            try:
                with socket.create_connection((server.host, server.port), timeout=5) as connection:
                    connection.sendall(request)
                    assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
                    return time.perf_counter() - began
            except ConnectionRefusedError:
                time.sleep(0.0005)
        raise AssertionError(f"no answer: {server.log}")
    finally:
        server.stop()


def resident_megabytes(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE)[1]) / 1024


def test_the_first_answer_comes_within_50_milliseconds(tmp_path):
    """On an existing database, as on every start except the first; the median of several starts."""
    seconds_to_first_answer(tmp_path)
    times = [seconds_to_first_answer(tmp_path) for _ in range(STARTS)]
    assert statistics.median(times) <= 0.050, times


def test_the_first_answer_on_an_empty_directory_comes_within_200_milliseconds(tmp_path):
    """With all migrations, each committed durably: the first start."""
    times = [seconds_to_first_answer(tmp_path / str(number)) for number in range(STARTS)]
    assert statistics.median(times) <= 0.200, times


def test_idle_it_takes_20_megabytes_at_most(own_tessera):
    with own_tessera.client() as client:
        assert client.get("/healthz").status_code == 200
    assert resident_megabytes(own_tessera.process) <= 20
