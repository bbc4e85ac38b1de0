"""`kill -9` at any moment: confirmed changes hold, the database is sound, and a restart is ready at once."""

import random
import socket
import time
from contextlib import closing

from harness.load import Connection, Ledger, Load, assert_sound, manager
from harness.program import tessera_server


def seconds_until_ready(server):
    """The time from the start of the process to the first answer of `/readyz`."""
    request = f"GET /readyz HTTP/1.1\r\nHost: {server.authority}\r\nConnection: close\r\n\r\n".encode()
    began = time.perf_counter()
    server.spawn()
    while time.perf_counter() - began < 10:
        try:
            with socket.create_connection((server.host, server.port), timeout=5) as connection:
                connection.sendall(request)
                if connection.recv(4096).startswith(b"HTTP/1.1 200 "):
                    return time.perf_counter() - began
        except ConnectionError:
            time.sleep(0.001)
    raise AssertionError(f"not ready: {server.log}")


def test_what_was_answered_holds_after_kill_9_under_load(tmp_path, times):
    rounds = times(8, 100)
    choice = random.Random(9)
    server = tessera_server(tmp_path, "--log-level", "error").start()
    try:
        token = manager(server)
        whole, ready = Ledger(), []
        for number in range(rounds):
            with Load(server, token, seed=number) as load:
                time.sleep(choice.uniform(0.02, 0.5))
                server.kill()
                ledger = load.stop()
            ready.append(seconds_until_ready(server))
            with closing(Connection(server, token)) as connection:
                ledger.assert_holds(connection)
            whole.add(ledger)
            assert_sound(server.database)
        with closing(Connection(server, token)) as connection:
            whole.assert_holds(connection)
    finally:
        server.stop()
    figures = {
        "kills": rounds,
        "tokens": len(whole.created),
        "revocations": len(whole.revoked),
        "unanswered revocations": len(whole.doubtful - whole.revoked),
        "slowest start": f"{max(ready):.3f} s",
    }
    print(figures)
    assert len(whole.created) > rounds, "the load was no load"
    assert whole.revoked
    assert max(ready) <= 1.0, figures
