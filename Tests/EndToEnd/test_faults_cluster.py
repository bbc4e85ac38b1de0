"""Failures of three nodes on one PostgreSQL: confirmed changes hold, and revocations keep their bound."""

import json
import re
import signal
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from harness.cluster import BOUND, Cluster, Watch
from harness.faketime import FakeClock
from harness.load import EMAIL, PASSWORD, Connection
from harness.metrics import metrics
from harness.people import Person
from harness.postgres import programs
from harness.program import ROOT, TESSERA, clean_environment, poll, tessera

MINUTES = 5 * 60


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("cluster"), settings=("max_connections=28",)) as cluster:
        yield cluster


def test_a_node_that_is_killed_takes_nothing_with_it(cluster, times):
    with Watch(cluster, seed=1) as watch:
        for _ in range(times(2, 10)):
            cluster.nodes[1].kill()
            watch.goes_on()
            cluster.nodes[1].start()
            watch.goes_on()
        print(watch.assert_holds())


def test_a_database_that_is_killed_keeps_what_was_confirmed(cluster, times):
    with Watch(cluster, seed=2) as watch:
        for _ in range(times(2, 10)):
            cluster.postgres.kill()
            before = watch.unavailable
            poll("outcomes are unknown", lambda before=before: watch.unavailable > before + 20, seconds=20)
            cluster.postgres.start()
            watch.goes_on()
        print(watch.assert_holds())


def test_a_node_that_hears_nothing_any_more_believes_nothing_it_remembers(cluster, times):
    listens = "query ~ '^(SET|NOTIFY).*tessera'"
    count = f"SELECT count(*) FROM pg_stat_activity WHERE datname = 'tessera' AND {listens}"
    with Watch(cluster, seed=3) as watch:
        for _ in range(times(5, 50)):
            # Each node receives notifications over its own connection; the other connections continue.
            cluster.recover()
            # A new connection may still run an earlier statement.
            poll("each node listens", lambda: cluster.postgres.execute(count) == ["3"], seconds=20)
            ended = cluster.postgres.execute(terminate(listens))
            assert ended == ["t"] * 3
            watch.goes_on(30)
        figures = watch.assert_holds()
        print(figures)


def test_a_database_that_freezes_is_waited_for(cluster, times):
    with Watch(cluster, seed=4) as watch:
        for _ in range(times(1, 3)):
            cluster.postgres.freeze()
            began = time.monotonic()
            poll("outcomes are unknown", lambda: watch.unavailable > 20, seconds=20)
            poll("it is frozen for ten seconds", lambda began=began: time.monotonic() - began >= 10, seconds=20)
            cluster.postgres.thaw()
            watch.goes_on()
        print(watch.assert_holds())


def test_a_node_that_was_frozen_does_not_answer_from_what_it_remembers(cluster, times):
    [first, second, _] = cluster.nodes
    for _ in range(times(2, 20)):
        with closing(Connection(first, cluster.token)) as one, closing(Connection(second, cluster.token)) as two:
            made = one.create()
            # The second time from the cache.
            assert [two.accepts(made["token"]) for _ in range(2)] == [True, True]
            second.process.send_signal(signal.SIGSTOP)
            assert one.revoke(made["id"])
            confirmed = time.monotonic()
            # Sent while the node is frozen, and so the first request that it answers.
            two.http.request("GET", "/api/me", headers={"Authorization": f"Bearer {made['token']}"})
            poll("the bound has passed", lambda at=confirmed: time.monotonic() - at > BOUND + 0.2)
            second.process.send_signal(signal.SIGCONT)
            answer = two.http.getresponse()
            answer.read()
            assert answer.status in (401, 503)
            poll("it is refused", lambda two=two, made=made: not two.accepts(made["token"]))
    with Watch(cluster, seed=5) as watch:
        print(watch.assert_holds())


class Crowd:
    """Other clients of the database, which take every free connection until the block ends."""

    def __init__(self, postgres):
        self.postgres = postgres
        self.clients = []

    def __enter__(self):
        poll("the nodes have no connection", self.has_everything, seconds=60)
        return self

    def __exit__(self, *_):
        for client in self.clients:
            client.terminate()
            client.wait(timeout=10)
        # A sleeping server does not notice that its client has disconnected.
        poll("they are gone", lambda: self.ask(terminate("wait_event = 'PgSleep'")) == [], seconds=20)

    def has_everything(self):
        """Disconnects all other clients, and reports if that leaves the nodes without a connection."""
        self.clients = [client for client in self.clients if client.poll() is None]
        command = [programs() / "psql", "--no-psqlrc", "--quiet", "--command", "SELECT pg_sleep(120)"]
        while len(self.clients) < 40:
            command_of_one = [str(part) for part in (*command, self.postgres.url)]
            silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.clients.append(subprocess.Popen(command_of_one, **silent))
        return self.ask(terminate("application_name = 'tessera'")) == []

    def ask(self, sql):
        """The answer of the server; `None` while the crowd occupies even the connections of the superuser."""
        try:
            return self.postgres.execute(sql)
        except AssertionError:
            return None


def terminate(condition):
    return f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tessera' AND {condition}"


def test_a_database_without_a_free_connection_is_waited_for(cluster):
    with Watch(cluster, seed=6) as watch:
        with Crowd(cluster.postgres):
            before = watch.unavailable
            poll("outcomes are unknown", lambda: watch.unavailable > before + 20, seconds=20)
            refused = tessera("user", "list", database=cluster.postgres.url)
            assert refused.returncode == 1
            assert "too many clients" in refused.stderr or "remaining connection slots" in refused.stderr
        watch.goes_on()
        print(watch.assert_holds())


def migrating(cluster):
    return subprocess.Popen(
        [str(TESSERA), "migrate", "up", "--database", cluster.postgres.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=clean_environment(),
    )


def applied(cluster):
    return [step["version"] for step in json.loads(cluster.run("migrate", "status", "--json")) if step["applied"]]


def newest_table():
    """The version of the newest migration that creates a table, and the name of the table."""
    directory = ROOT / "Sources/TesseraStores/PostgreSQL/Migrations"
    for script in sorted(directory.glob("pg*.up.sql"), reverse=True):
        if made := re.search(r"^CREATE TABLE (\w+)", script.read_text(), re.MULTILINE):
            return int(script.name[2:6]), made[1]
    raise AssertionError("no migration makes a table")


def test_a_migration_that_is_interrupted_or_started_twice_is_done_once(cluster, times):
    version, table = newest_table()
    with Watch(cluster, seed=7) as watch:
        watch.goes_on()
        everything = applied(cluster)
        before = [step for step in everything if step < version]
        for _ in range(times(1, 5)):
            cluster.run("migrate", "down", "--to", str(before[-1]), "--yes")
            # Another client is just creating the same table.
            making = f"BEGIN; CREATE TABLE {table} (n int); SELECT pg_sleep(120)"
            blocker = subprocess.Popen(
                [programs() / "psql", "--no-psqlrc", "--quiet", cluster.postgres.url, "--command", making],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            waits = "SELECT 1 FROM pg_stat_activity WHERE {} LIMIT 1"
            sleeping = waits.format("wait_event = 'PgSleep'")
            poll("it is in the way", lambda query=sleeping: cluster.postgres.execute(query))
            killed = migrating(cluster)
            waiting = waits.format("wait_event_type = 'Lock'")
            poll("it is half-way", lambda query=waiting: cluster.postgres.execute(query))
            killed.kill()
            killed.communicate()
            blocker.terminate()
            blocker.wait(timeout=10)
            cluster.postgres.execute(terminate("wait_event = 'PgSleep'"))
            assert applied(cluster) == before
            several = [migrating(cluster) for _ in range(3)]
            said = "".join(process.communicate(timeout=60)[1] for process in several)
            assert [process.returncode for process in several] == [0, 0, 0]
            assert applied(cluster) == everything
            assert {said.count(f"applied {step} ") for step in everything[len(before) :]} == {1}
        print(watch.assert_holds())


def test_a_clock_that_is_wrong_on_one_node_changes_nothing_that_was_confirmed(tmp_path):
    clocks = {1: FakeClock(tmp_path / "ahead"), 2: FakeClock(tmp_path / "behind")}
    clocks[1].set(MINUTES)
    clocks[2].set(-MINUTES)
    environments = {number: clock.environment for number, clock in clocks.items()}
    with Cluster(tmp_path, environments=environments) as cluster:
        with Watch(cluster, seed=8) as watch:
            watch.goes_on(200)
            figures = watch.assert_holds()
        # The node whose clock is wrong reports it to operators.
        for node, lead in zip(cluster.nodes, (0, -MINUTES, MINUTES), strict=True):
            assert abs(metrics(node)["tessera_database_clock_ahead_seconds",] - lead) < 2
        # The report comes with the job `take-stock`. It does not run with libfaketime set back, because its timer
        # does not fire.
        [right, ahead, _] = cluster.nodes
        poll("it is told", lambda: ahead.log.count("the clock of the database is 300 s behind") == 1, seconds=40)
        assert "the clock of the database" not in right.log
        # A token that expires in two minutes has expired on a node whose clock is five minutes ahead.
        instant = datetime.now(UTC) + timedelta(minutes=2)
        value = {"name": "short", "scopes": [], "expires_at": instant.strftime("%Y-%m-%dT%H:%M:%SZ")}
        with closing(Connection(cluster.nodes[0], cluster.token)) as connection:
            status, _, body = connection.ask("POST", "/api/tokens", value)
            assert status == 201, body
        verdicts = []
        for node in cluster.nodes:
            with closing(Connection(node, cluster.token)) as connection:
                verdicts.append(connection.accepts(json.loads(body)["token"]))
        assert verdicts == [True, False, True]
        # A session with a fresh password, begun at any node, is valid at all nodes, and so is its end.
        for first in cluster.nodes:
            person = Person(first.url).sign_in(EMAIL, PASSWORD.strip())
            elsewhere = [Person(node.url, dict(person.cookies)) for node in cluster.nodes]
            assert [one.get("/settings/tokens").status_code for one in elsewhere] == [200] * 3
            assert [one.create_token("by hand")[:4] for one in elsewhere] == ["tcp_"] * 3
            form = person.form_with("/settings/tokens", "csrf")
            assert person.submit("/logout", form).status_code == 303
            assert [one.get("/settings/tokens").status_code for one in elsewhere] == [303] * 3
        # Work that one node does for all uses the clock of the database.
        leases = cluster.postgres.execute(
            "SELECT count(*) FROM job_lease WHERE ends_at > now() + interval '4 minutes'", "tessera"
        )
        assert leases == ["0"]
        print(figures)
