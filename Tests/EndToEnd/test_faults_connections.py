"""Idle and slow connections: they cost other clients nothing, and the server closes them in time."""

import asyncio
import resource
import select
import socket
import statistics
import time
from contextlib import ExitStack

import pytest

from harness.load import Connection, manager
from harness.program import poll, tessera_server
from harness.wire import PATIENCE, read_answers

# The limit of the server for one address; loopback has enough addresses.
PER_ADDRESS = 1000
HEADER_SECONDS = 10
BODY_SECONDS = 30
STALL_SECONDS = 30


@pytest.fixture
def server(tmp_path):
    with tessera_server(tmp_path / "tessera", "--log-level", "error") as server:
        server.token = manager(server)
        yield server


def connect_from(address, server):
    connection = socket.socket()
    connection.bind((address, 0))
    connection.connect((server.host, server.port))
    return connection


def closed_by_peer(connections):
    waiting = select.poll()
    for connection in connections:
        waiting.register(connection, select.POLLIN)
    return waiting.poll(0)


def milliseconds(server, count=300):
    """The p99 of checks, each on an open connection; all are answered."""
    connection = Connection(server, server.token)
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        assert connection.accepts(server.token)
        taken.append((time.perf_counter() - began) * 1000)
    connection.close()
    return statistics.quantiles(taken, n=100)[98]


def test_idle_connections_cost_others_nothing(server, times):
    count = times(1_000, 10_000)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard >= count + 500, f"the limit of open files is {hard}: raise it for this test"
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    quiet = milliseconds(server)
    with ExitStack() as stack:
        for number in range(count):
            connection = connect_from(f"127.0.1.{1 + number // PER_ADDRESS}", server)
            stack.enter_context(connection)
            if number % 2:
                # Half of them have sent a request before.
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        busy = milliseconds(server)
        with server.client() as client:
            assert f"tessera_connections_open {count}"[:-1] in client.get("/metrics").text
    print({"idle connections": count, "p99 alone": f"{quiet:.2f} ms", "p99": f"{busy:.2f} ms"})
    assert busy <= max(5 * quiet, 5), (quiet, busy)


def test_too_many_from_one_address_are_turned_away_and_others_are_not(server):
    with ExitStack() as stack:
        connections = [stack.enter_context(connect_from("127.0.2.1", server)) for _ in range(1100)]
        assert milliseconds(server, 20) < 1000
        # The event loops accept in parallel, so the refused connections need not be the last ones.
        ended = poll("76 are closed", lambda: len(closed := closed_by_peer(connections)) >= 76 and closed)
    assert len(ended) == 76


def test_half_closed_clients_get_their_answer(server):
    """A client that has shut down its sending side still receives the answer."""
    for _ in range(50):
        with connect_from("127.0.0.1", server) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            connection.settimeout(PATIENCE)
            received = b""
            while part := connection.recv(4096):
                received += part
            [answer], _ = read_answers(received)
            assert answer.status == 200


def test_half_a_request_and_an_end_is_closed_at_once(server):
    with connect_from("127.0.0.1", server) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(2)
        received = connection.recv(4096)
        assert not received.startswith(b"HTTP/1.1 200")


class Slow:
    """A client that sends an endless request byte by byte, until the server closes the connection."""

    def __init__(self, server, first, pace, more=b"a"):
        self.server, self.first, self.pace, self.more = server, first, pace, more

    async def seconds(self, limit):
        """The time until the server closed the connection."""
        reader, writer = await asyncio.open_connection(self.server.host, self.server.port)
        began = time.perf_counter()
        writer.write(self.first)
        try:
            while time.perf_counter() - began < limit:
                writer.write(self.more)
                await writer.drain()
                try:
                    async with asyncio.timeout(self.pace):
                        while await reader.read(4096):
                            pass
                    return time.perf_counter() - began
                except TimeoutError:
                    continue
        except ConnectionError:
            return time.perf_counter() - began
        finally:
            writer.close()
        raise AssertionError(f"still open after {limit} s")


async def seconds_without_reading(server, limit):
    """The time for which a client may request much and read nothing."""
    began = time.perf_counter()
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(connection, (server.host, server.port))
    request = b"GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with connection:
        while time.perf_counter() - began < limit:
            try:
                async with asyncio.timeout(0.5):
                    await loop.sock_sendall(connection, request * 50)
            except TimeoutError:
                continue
            except ConnectionError:
                return time.perf_counter() - began
    raise AssertionError(f"still open after {limit} s")


async def all_the_while(server, clients):
    """Runs slow clients in parallel, while other clients are served."""
    running = asyncio.gather(*clients)
    worst = 0
    while not running.done():
        worst = max(worst, await asyncio.to_thread(milliseconds, server, 20))
        await asyncio.sleep(0.2)
    return await running, worst


def test_slow_clients_are_dropped_when_their_time_is_over(server):
    """Steady sending does not help: the time limit is for the whole header and the whole body."""
    host = f"Host: {server.authority}\r\n".encode()
    header = b"GET /healthz HTTP/1.1\r\n" + host + b"X-Slow: "
    body = (
        b"POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + host
        + b"Content-Length: 5000\r\n\r\nemail="
    )
    clients = [Slow(server, header, 0.5).seconds(2 * HEADER_SECONDS) for _ in range(20)]
    clients += [Slow(server, body, 0.5).seconds(2 * BODY_SECONDS) for _ in range(20)]
    clients += [seconds_without_reading(server, 3 * STALL_SECONDS) for _ in range(5)]
    taken, worst = asyncio.run(all_the_while(server, clients))
    print({"header": max(taken[:20]), "body": max(taken[20:40]), "not reading": max(taken[40:])})
    assert all(HEADER_SECONDS - 1 < seconds < HEADER_SECONDS + 3 for seconds in taken[:20]), taken
    assert all(BODY_SECONDS - 1 < seconds < BODY_SECONDS + 3 for seconds in taken[20:40]), taken
    assert all(seconds < 2 * STALL_SECONDS for seconds in taken[40:]), taken
    assert worst < 1000, worst
