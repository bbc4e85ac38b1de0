"""SIGTERM under load: earlier requests are answered completely; afterwards the port is closed."""

import http.client
import random
import signal
import socket
import threading
import time
from contextlib import closing

import pytest

from harness.load import Connection, Ledger, Load, manager
from harness.program import tessera_server


class Asking:
    """Threads that send requests without pause, and record the time and the outcome of each."""

    def __init__(self, server, token, threads=8):
        self.server = server
        self.token = token
        self.records = []
        self.threads = [threading.Thread(target=self.work) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def work(self):
        with closing(Connection(self.server, self.token)) as connection:
            while True:
                record = [None, None]
                try:
                    connection.http.putrequest("GET", "/api/me")
                    connection.http.putheader("Authorization", connection.authorization)
                    connection.http.endheaders()
                    record[0] = time.perf_counter()
                    self.records.append(record)
                    answer = connection.http.getresponse()
                    answer.read()
                    record[1] = answer.status
                except (OSError, http.client.HTTPException):
                    return

    def join(self):
        for thread in self.threads:
            thread.join()
        return self.records


def test_no_request_that_was_sent_before_is_lost(tmp_path, times):
    choice = random.Random(4)
    asked = 0
    server = tessera_server(tmp_path, "--log-level", "error").start()
    token = manager(server)
    for _ in range(times(6, 60)):
        asking = Asking(server, token)
        time.sleep(choice.uniform(0.05, 0.2))
        ended = time.perf_counter()
        assert server.stop() == 0
        records = asking.join()
        lost = [record for record in records if record[0] < ended and record[1] != 200]
        asked += len(records)
        assert not lost, f"{len(lost)} of {len(records)}"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((server.host, server.port), timeout=1)
        server.start()
    server.stop()
    print({"requests": asked})
    assert asked > 500


def test_changes_that_were_answered_before_it_ended_hold(tmp_path, times):
    whole = Ledger()
    server = tessera_server(tmp_path, "--log-level", "error").start()
    token = manager(server)
    for seed in range(times(3, 30)):
        with Load(server, token, seed=seed) as load:
            time.sleep(0.1)
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(timeout=10) == 0
            whole.add(load.stop())
        server.start()
    with closing(Connection(server, token)) as connection:
        whole.assert_holds(connection)
    server.stop()
    assert whole.created
    assert whole.revoked
