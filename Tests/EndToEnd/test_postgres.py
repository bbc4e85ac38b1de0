"""Several nodes on one PostgreSQL, with the real program and a real database server."""

import json
import re
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.metrics import documented, metrics
from harness.people import Person
from harness.postgres import Postgres
from harness.program import ADMIN, TESSERA, USER, clean_environment, dragon_treasure, poll, tessera, tessera_server

PASSWORD = "a long enough password\n"


@pytest.fixture
def postgres():
    with Postgres() as server:
        yield server


@pytest.fixture
def migrated(postgres):
    assert tessera("migrate", "up", database=postgres.url).returncode == 0
    return postgres


def node(tmp_path, postgres, name, *arguments):
    return tessera_server(tmp_path / name, *arguments, database_url=postgres.url)


def run(postgres, *arguments, stdin=""):
    done = tessera(*arguments, database=postgres.url, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def new_token(postgres, name="test", *options):
    """A token of ada's, and its identifier."""
    token = run(postgres, "token", "create", "--user", "ada@example.com", "--name", name, *options)
    tokens = json.loads(run(postgres, "token", "list", "--json"))
    return token, next(entry["id"] for entry in tokens if entry["name"] == name)


def status(client, token):
    return client.get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code


def seconds_until_503(client, token):
    """The time until a refusal."""
    began = time.perf_counter()
    assert status(client, token) == 503
    return time.perf_counter() - began


def is_heard(client):
    return "tessera_token_cache_bypassed 0" in client.get("/metrics").text


def test_the_schema_is_changed_only_when_somebody_says_so(tmp_path, postgres):
    refused = tessera("serve", database=postgres.url)
    assert refused.returncode == 1
    assert "waits for migrations: 1 (accounts)" in refused.stderr
    assert "tessera migrate up" in refused.stderr
    assert tessera("user", "list", database=postgres.url).returncode == 1
    with node(tmp_path, postgres, "one", "--migrate") as server, server.client() as client:
        assert client.get("/readyz").status_code == 200
    assert "pending" not in run(postgres, "migrate", "status")
    with node(tmp_path, postgres, "two"):
        pass


def test_a_token_that_is_revoked_by_a_command_is_refused_by_every_node(tmp_path, migrated):
    run(migrated, "user", "add", "ada@example.com", stdin=PASSWORD)
    with ExitStack() as stack:
        nodes = [stack.enter_context(node(tmp_path, migrated, f"node-{number}")) for number in range(3)]
        clients = [stack.enter_context(server.client()) for server in nodes]
        for client in clients:
            poll("it hears the others", lambda client=client: is_heard(client))
        token, identifier = new_token(migrated)
        # The second time from the cache.
        assert [status(client, token) for client in clients * 2] == [200] * 6
        run(migrated, "token", "revoke", identifier)
        began = time.perf_counter()
        for client in clients:
            poll("it is refused", lambda client=client: status(client, token) == 401, seconds=1)
        print({"refused by all after": f"{(time.perf_counter() - began) * 1000:.1f} ms"})
        # A token that is revoked at a node.
        token, identifier = new_token(migrated, "by itself", "--scope", "tokens:write")
        assert [status(client, token) for client in clients * 2] == [200] * 6
        answer = clients[0].delete(f"/api/tokens/{identifier}", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 204
        assert status(clients[0], token) == 401
        for client in clients:
            poll("it is refused", lambda client=client: status(client, token) == 401, seconds=1)


def test_a_server_that_restarts_is_used_again(tmp_path, migrated):
    run(migrated, "user", "add", "ada@example.com", stdin=PASSWORD)
    with node(tmp_path, migrated, "node") as server, server.client() as client:
        token, identifier = new_token(migrated)
        poll("it hears", lambda: is_heard(client))
        assert status(client, token) == 200
        migrated.stop()
        poll("it is not ready", lambda: client.get("/readyz").status_code == 503)
        # No node can be notified of a revocation now, so no node uses its cache.
        poll("the cache is not used", lambda: not is_heard(client))
        assert status(client, token) == 503
        migrated.start()
        poll("it is ready", lambda: client.get("/readyz").status_code == 200)
        poll("it accepts", lambda: status(client, token) == 200)
        run(migrated, "token", "revoke", identifier)
        poll("it is refused", lambda: status(client, token) == 401, seconds=3)


def test_a_server_that_hangs_keeps_nobody_waiting_for_long(tmp_path, migrated):
    run(migrated, "user", "add", "ada@example.com", stdin=PASSWORD)
    with node(tmp_path, migrated, "node") as server, server.client() as client:
        token, _ = new_token(migrated)
        poll("it hears", lambda: is_heard(client))
        assert [status(client, token) for _ in range(2)] == [200] * 2
        migrated.freeze()
        began = time.perf_counter()
        poll("the cache is not used", lambda: not is_heard(client))
        unheard = time.perf_counter() - began
        began = time.perf_counter()
        assert status(client, token) == 503
        first = time.perf_counter() - began
        poll("requests no longer wait", lambda: seconds_until_503(client, token) < 0.5, seconds=30)
        migrated.thaw()
        poll("it accepts", lambda: status(client, token) == 200, seconds=30)
        poll("it hears again", lambda: is_heard(client))
    print({"cache not used after": f"{unheard:.2f} s", "first 503 after": f"{first:.2f} s"})
    assert unheard < 3
    assert first < 6


def test_guesses_at_several_nodes_are_counted_together(tmp_path, migrated):
    run(migrated, "user", "add", "ada@example.com", stdin=PASSWORD)
    with ExitStack() as stack:
        nodes = [stack.enter_context(node(tmp_path, migrated, f"node-{number}")) for number in range(3)]
        people = [Person(server.url) for server in nodes]
        # Five attempts are free over all nodes together; each node alone would also permit five.
        guesses = [
            people[number % 3].try_to_sign_in("ada@example.com", f"wrong password {number}").status_code
            for number in range(6)
        ]
        assert guesses == [422] * 5 + [429]
        refused = people[1].try_to_sign_in("ada@example.com", PASSWORD.strip())
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "1"
        # Other people need not wait, and the stored counters contain no personal data.
        assert people[2].try_to_sign_in("bob@example.com", "wrong password").status_code == 422
    stored = migrated.execute("SELECT encode(key, 'escape') FROM throttle", "tessera")
    assert stored
    assert not [key for key in stored if "ada" in key or "127.0" in key]


def test_a_password_in_the_url_is_seen_by_nobody(tmp_path, migrated):
    with node(tmp_path, migrated, "node") as server:
        arguments = Path(f"/proc/{server.process.pid}/cmdline").read_bytes()
        assert b"postgres://tessera:" in arguments
        assert migrated.password.encode() not in arguments
        assert migrated.password not in server.log + server.output
    wrong = migrated.url.replace(migrated.password, "wrong-password")
    done = tessera("user", "list", database=wrong)
    assert done.returncode == 1
    assert "password authentication failed" in done.stderr
    assert "wrong-password" not in done.stderr


def test_a_backup_is_made_with_the_tools_of_the_server(migrated, tmp_path):
    done = tessera("backup", tmp_path / "copy", database=migrated.url)
    assert done.returncode == 1
    assert "pg_dump" in done.stderr


def test_a_killed_migration_is_soon_out_of_the_way(postgres):
    # Every statement that creates a table takes two minutes.
    postgres.execute(
        "CREATE FUNCTION slow() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(120); END'; "
        "CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION slow()",
        "tessera",
    )
    command = [str(TESSERA), "migrate", "up", "--database", postgres.url]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env=clean_environment(), **silent) as killed:
        waits = "SELECT 1 FROM pg_stat_activity WHERE datname = 'tessera' AND wait_event = 'PgSleep'"
        poll("its statement runs", lambda: postgres.execute(waits))
        killed.kill()
    postgres.execute("DROP EVENT TRIGGER slow", "tessera")
    began = time.monotonic()
    done = tessera("migrate", "up", database=postgres.url)
    took = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    print({"the next one was done after": f"{took:.1f} s"})
    assert took < 10
    assert postgres.execute(waits) == []


def test_a_node_tells_how_it_gets_on_with_the_database(tmp_path, migrated):
    run(migrated, "user", "add", "ada@example.com", stdin=PASSWORD)
    token, _ = new_token(migrated, "test", "--scope", "tokens:write")
    with node(tmp_path, migrated, "node") as server, server.client() as client:
        poll("it hears", lambda: is_heard(client))
        before = metrics(server)
        assert before["tessera_store_connections_limit",] == 4
        assert 1 <= before["tessera_store_connections_open",] <= 4
        assert 0 < before["tessera_store_notification_lag_seconds",] < 1.8
        # The same machine, and so the same clock.
        assert abs(before["tessera_database_clock_ahead_seconds",]) < 1
        assert before["tessera_store_requests_refused_total",] == 0
        lost = {before["tessera_store_reconnections_total", use] for use in ("requests", "notifications")}
        assert lost == {0}

        poll("stock is taken", lambda: ("tessera_rows", "live", "users") in metrics(server))
        # The server does not print its log.
        everywhere, here, _ = documented()
        assert {key[0] for key in metrics(server)} == (everywhere | here) - {"tessera_database_log_bytes"}

        before = metrics(server)
        form = {"name": "one", "scopes": [], "expires_at": None}
        answer = client.post("/api/tokens", json=form, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 201
        after = metrics(server)
        for kind in ("read", "change"):
            requests, groups = (
                after[f"tessera_store_{name}_total", kind] - before[f"tessera_store_{name}_total", kind]
                for name in ("requests", "groups")
            )
            assert requests >= groups > 0

        migrated.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tessera'"
        )
        poll(
            "it connects again",
            lambda: all(
                metrics(server)["tessera_store_reconnections_total", use] > 0
                for use in ("requests", "notifications")
            ),
        )


def test_the_example_keeps_its_tables_beside_ours(postgres, tmp_path):
    """`script/demo --database postgres://…`: the treasures of the example are in the same database."""
    with dragon_treasure(tmp_path, database_url=postgres.url) as server, server.client() as client:
        token = re.search(r"tcp_\w{64}", server.output)[0]
        bearer = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/treasures").json()["total"] == 27
        ring = {"name": "A RING of fire", "description": "Hot.", "value": 7, "is_published": True}
        made = client.post("/api/treasures", json=ring, headers=bearer)
        assert made.status_code == 201, made.text
        path = made.headers["location"]
        # ASCII letters match in either case, and the text is not a pattern.
        assert client.get("/api/treasures", params={"name": "ring OF"}).json()["total"] == 1
        assert client.get("/api/treasures", params={"name": "r%g"}).json()["total"] == 0
        change = {"plundered_at": "2026-01-31T12:00:00Z", "cool_factor": 9}
        merge_patch = {"Content-Type": "application/merge-patch+json"}
        changed = client.patch(path, json=change, headers=bearer | merge_patch)
        assert changed.json() == made.json() | change
        forgotten = client.patch(path, json={"plundered_at": None}, headers=bearer | merge_patch)
        assert forgotten.json() == made.json() | {"cool_factor": 9}
        keeper = Person(server.url).sign_in(*ADMIN)
        assert keeper.request("DELETE", path, headers=keeper.csrf()).status_code == 204
        assert client.get(path).status_code == 404
        before = client.get("/api/treasures").json()
    # A restart adds nothing, and loses nothing.
    with dragon_treasure(tmp_path, database_url=postgres.url) as server, server.client() as client:
        assert client.get("/api/treasures").json() == before
        owner = Person(server.url).sign_in(*USER).get("/api/me").json()["id"]
        own = client.get(f"/api/users/{owner}/treasures").json()["total"]
    query = f"SELECT count(*) FROM treasure WHERE owner = '{owner}' AND is_published"
    assert [str(own)] == postgres.execute(query, "tessera")
