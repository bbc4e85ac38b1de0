"""Look-ups at a standby never accept a token by an outdated state."""

import threading
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

import pytest

from harness.cluster import BOUND, Cluster, Watch
from harness.load import EMAIL, PASSWORD, Connection
from harness.metrics import documented, metrics
from harness.postgres import Postgres, Standby
from harness.program import poll, tessera, tessera_server


def run(postgres, *arguments, stdin=""):
    done = tessera(*arguments, database=postgres.url, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def primary():
    with Postgres() as primary:
        run(primary, "migrate", "up")
        run(primary, "user", "add", EMAIL, stdin=PASSWORD)
        yield primary


@pytest.fixture(scope="module")
def manager(primary):
    """A token that manages tokens."""
    scopes = ("--scope", "tokens:read", "--scope", "tokens:write")
    return run(primary, "token", "create", "--user", EMAIL, "--name", "m", *scopes)


def node(directory, primary, replica):
    """A node without a cache that looks up tokens at the replica."""
    arguments = ("--replica", replica.url, "--token-cache", "0")
    return tessera_server(directory, *arguments, database_url=primary.url)


def counted(server, outcome):
    """The number of look-ups with this outcome."""
    return metrics(server)["tessera_store_replica_lookups_total", outcome]


def is_used(server):
    return metrics(server)["tessera_store_replica_used",] == 1


def wait_until_used(*servers):
    for server in servers:
        poll("the replica is used", lambda server=server: is_used(server), seconds=20)


@dataclass
class Pair:
    """Two nodes with one standby, and a connection to each."""

    standby: Standby
    servers: list
    connections: list

    def wait_until_used(self):
        wait_until_used(*self.servers)

    def new_tokens(self, count):
        """Tokens that have reached the standby."""
        made = [self.connections[0].create() for _ in range(count)]
        self.wait_until_applied()
        return made

    def wait_until_applied(self):
        """Waits until the standby has every confirmed change and is used."""
        [position] = self.standby.primary.execute("SELECT pg_current_wal_flush_lsn()")
        question = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
        poll("everything is applied", lambda: self.standby.execute(question) == ["t"])
        self.wait_until_used()


@contextmanager
def pair_of_nodes(directory, primary, manager):
    with ExitStack() as stack:
        standby = stack.enter_context(Standby(primary=primary))
        servers = [
            stack.enter_context(node(directory / f"node-{number}", primary, standby)) for number in range(2)
        ]
        connections = [stack.enter_context(closing(Connection(server, manager))) for server in servers]
        wait_until_used(*servers)
        yield Pair(standby, servers, connections)


@pytest.fixture(scope="module")
def pair(tmp_path_factory, primary, manager):
    with pair_of_nodes(tmp_path_factory.mktemp("pair"), primary, manager) as pair:
        yield pair


def seconds_until_refused(connection, token):
    began = time.monotonic()
    poll("it is refused", lambda: not connection.accepts(token), seconds=BOUND)
    return time.monotonic() - began


def test_checks_are_answered_by_the_standby(pair):
    [token] = pair.new_tokens(1)
    for server, connection in zip(pair.servers, pair.connections, strict=True):
        before = counted(server, "answered")
        assert all(connection.accepts(token["token"]) for _ in range(50))
        assert counted(server, "answered") == before + 50
        assert f"tokens are checked at the replica postgres://127.0.0.1:{pair.standby.port}/" in server.log
        assert pair.standby.password not in server.log
    replica = documented()[2]
    assert replica <= {key[0] for key in metrics(pair.servers[0])}


def test_a_token_that_was_just_made_works_at_once(pair):
    pair.standby.pause()
    try:
        made = pair.connections[0].create()
        assert [connection.accepts(made["token"]) for connection in pair.connections] == [True] * 2
    finally:
        pair.standby.resume()
    assert sum(counted(server, "not_found") for server in pair.servers) > 0


def test_a_revoked_token_is_refused_while_the_standby_still_accepts_it(pair):
    one, two = pair.connections
    revoked, other = pair.new_tokens(2)
    pair.standby.pause()
    try:
        assert one.revoke(revoked["id"])
        assert not one.accepts(revoked["token"])
        took = seconds_until_refused(two, revoked["token"])
        print({"refused by the other node after": f"{took * 1000:.1f} ms"})
        # Valid tokens are looked up at the primary.
        assert [connection.accepts(other["token"]) for connection in pair.connections * 5] == [True] * 10
        assert not any(is_used(server) for server in pair.servers)
        [state] = pair.standby.execute(
            f"SELECT revoked_at IS NULL FROM api_token WHERE id = '{revoked['id']}'", "tessera"
        )
        assert state == "t"
    finally:
        pair.standby.resume()
    pair.wait_until_used()
    assert [connection.accepts(revoked["token"]) for connection in pair.connections] == [False] * 2


def test_a_standby_that_hangs_keeps_nobody_waiting_for_long(pair):
    [token] = pair.new_tokens(1)
    pair.standby.freeze()
    try:
        times = []
        for connection in pair.connections * 5:
            began = time.monotonic()
            assert connection.accepts(token["token"])
            times.append(time.monotonic() - began)
        print({"the slowest check took": f"{max(times):.2f} s"})
        assert max(times) < 1
        # Only the first request of each node has waited.
        assert sorted(times)[-3] < 0.2
        for server in pair.servers:
            poll("it is told", lambda server=server: "at the primary instead of the replica" in server.log)
    finally:
        pair.standby.thaw()
    pair.wait_until_used()


def test_nothing_confirmed_is_lost_and_nothing_revoked_accepted_while_the_standby_comes_and_goes(tmp_path):
    # One of the nodes has no cache, so it looks up every token.
    environments = {1: {"TESSERA_TOKEN_CACHE": "0"}}
    with Cluster(tmp_path, environments=environments, has_replica=True) as cluster:
        wait_until_used(*cluster.nodes)
        standby = cluster.standby
        # With more changes, the replica would lag constantly and hardly be used.
        with Watch(cluster, pause=0.02) as watch:
            for spoil, mend in (
                (standby.pause, standby.resume),
                (standby.freeze, standby.thaw),
                (standby.kill, standby.start),
            ):
                spoil()
                watch.goes_on(30)
                mend()
                before = [counted(node, "answered") for node in cluster.nodes]
                watch.goes_on(30)
                for node, count in zip(cluster.nodes, before, strict=True):
                    poll(
                        "it is asked again", lambda node=node, count=count: counted(node, "answered") > count
                    )
            print(watch.assert_holds() | {"answered": [counted(node, "answered") for node in cluster.nodes]})
        assert watch.unavailable == 0
        assert watch.latest < 0.5


def test_no_check_fails_when_the_standby_is_killed_and_comes_back(pair):
    [token] = pair.new_tokens(1)
    stopping = threading.Event()
    answers = []

    def check(server):
        with closing(Connection(server, token["token"])) as connection:
            while not stopping.is_set():
                answers.append(connection.accepts(token["token"]))

    threads = [threading.Thread(target=check, args=(server,)) for server in pair.servers]
    for thread in threads:
        thread.start()
    try:
        poll("there are checks", lambda: len(answers) > 100)
        pair.standby.kill()
        for server in pair.servers:
            poll("it is not used", lambda server=server: not is_used(server))
        pair.standby.start()
        pair.wait_until_used()
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    assert all(answers)


def assert_never_believed(primary, server, connection, revoked, other):
    """The primary decides, although the server named as the replica answers and its log is far ahead."""
    behind, before = counted(server, "behind"), counted(server, "answered")
    poll("it answers", lambda: connection.accepts(other["token"]) and counted(server, "behind") > behind)
    poll("it lacks nothing", lambda: metrics(server).get(("tessera_store_replica_behind_bytes",)) == 0)
    run(primary, "token", "revoke", revoked["id"])
    seconds_until_refused(connection, revoked["token"])
    assert [connection.accepts(revoked["token"]), connection.accepts(other["token"])] == [False, True]
    assert not is_used(server)
    assert counted(server, "answered") == before


def test_a_standby_that_has_gone_on_by_itself_is_never_believed(tmp_path, primary, manager):
    with pair_of_nodes(tmp_path, primary, manager) as pair:
        server, connection = pair.servers[0], pair.connections[0]
        first, second, third, other = pair.new_tokens(4)
        assert connection.accepts(first["token"])
        pair.standby.promote()
        poll("it is not used", lambda: connection.accepts(first["token"]) and not is_used(server))
        before = counted(server, "answered")
        assert connection.revoke(first["id"])
        assert not connection.accepts(first["token"])
        assert connection.accepts(other["token"])
        assert counted(server, "answered") == before
        # A standby again without a rebuild: it has the old mark, and its log looks longer.
        pair.standby.run_ahead()
        pair.standby.restart_as_standby()
        assert_never_believed(primary, server, connection, second, other)
        # The same at a node that has not connected to it before.
        with node(tmp_path / "new", primary, pair.standby) as new, closing(Connection(new, manager)) as asked:
            assert_never_believed(primary, new, asked, third, other)


def test_a_standby_of_another_database_is_never_believed(tmp_path, primary, manager):
    with Postgres() as foreign:
        run(foreign, "migrate", "up")
        foreign.run_ahead()
        foreign.restart_as_standby()
        with node(tmp_path, primary, foreign) as server, closing(Connection(server, manager)) as connection:
            made = [connection.create() for _ in range(2)]
            assert_never_believed(primary, server, connection, *made)


def test_a_standby_that_is_not_there_is_told_and_not_waited_for(tmp_path, primary, manager):
    gone = Standby(primary=primary)
    with node(tmp_path, primary, gone) as server, closing(Connection(server, manager)) as connection:
        poll("it is told", lambda: "tokens are checked at the primary instead of the replica" in server.log)
        assert connection.accepts(manager)
        assert counted(server, "answered") == 0
