"""Nodes are replaced one by one, across a migration, behind a real load balancer: no request is lost."""

import time
from contextlib import ExitStack, closing

import pytest

from harness.haproxy import HAProxy
from harness.load import EMAIL, PASSWORD, Connection, Load
from harness.postgres import Postgres
from harness.program import poll, tessera, tessera_server

# The migration of the next version adds a column and an index, and removes nothing.
EXPAND = """
ALTER TABLE api_token ADD COLUMN colour text;
CREATE INDEX api_token_colour ON api_token (colour);
INSERT INTO schema_migration (set_name, version, name, checksum, requires, applied_at)
VALUES ('tessera', 1000, 'colours', '\\x00', {known}, now());
"""
# The migration of the version after that removes a column that the previous version may still use.
CONTRACT = """
INSERT INTO schema_migration (set_name, version, name, checksum, requires, applied_at)
VALUES ('tessera', 1001, 'no colours', '\\x00', 1001, now());
"""


@pytest.fixture(scope="module")
def postgres():
    with Postgres() as server:
        yield server


@pytest.fixture
def database(postgres):
    """The URL of a separate, migrated database."""
    postgres.execute("DROP DATABASE IF EXISTS tessera WITH (FORCE)")
    postgres.execute("CREATE DATABASE tessera OWNER tessera")
    assert run(postgres, "migrate", "up").returncode == 0
    return postgres.url


def run(postgres, *arguments, stdin=""):
    done = tessera(*arguments, database=postgres.url, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done


def known_migration(postgres):
    [version] = postgres.execute("SELECT max(version) FROM schema_migration", "tessera")
    return int(version)


def manager(postgres):
    """A user and a token that manages tokens."""
    run(postgres, "user", "add", EMAIL, stdin=PASSWORD)
    scopes = ("--scope", "tokens:read", "--scope", "tokens:write")
    return run(postgres, "token", "create", "--user", EMAIL, "--name", "m", *scopes).stdout.strip()


class Witness(Load):
    """A load for which a request without an answer is also a failure."""

    def work(self, ledger, choice):
        with closing(Connection(self.server, self.token)) as connection:
            while not self.stopping.is_set():
                try:
                    self.step(connection, ledger, choice)
                except Exception as error:
                    ledger.wrong.append(repr(error))
                    connection.close()
                if self.pause:
                    time.sleep(self.pause)


def test_a_rolling_upgrade_across_a_migration_loses_no_request(tmp_path, postgres, database):
    token = manager(postgres)
    with ExitStack() as stack:
        nodes = {
            name: stack.enter_context(
                tessera_server(tmp_path / name, "--drain", "3s", database_url=database)
            )
            for name in ("node-1", "node-2", "node-3")
        }
        proxy = stack.enter_context(HAProxy(tmp_path / "proxy", nodes))
        load = stack.enter_context(Witness(proxy, token, threads=6, pause=0.005))
        postgres.execute(EXPAND.format(known=known_migration(postgres)), "tessera")
        for name, server in nodes.items():
            assert server.stop() == 0
            assert "draining for 3 seconds" in server.log
            server.start()
            proxy.wait_for(name)
        ledger = load.stop()
        for server in nodes.values():
            with closing(Connection(server, token)) as connection:
                ledger.assert_holds(connection)
    print({"tokens": len(ledger.created), "revoked": len(ledger.revoked), "checks": ledger.checks})
    assert ledger.checks > 500
    assert len(ledger.revoked) > 50
    shown = run(postgres, "migrate", "status").stdout
    assert "applied by a newer version" in shown
    refused = tessera("migrate", "down", "--to", "0", "--yes", database=database)
    assert refused.returncode == 1
    assert "Migration 1000 (colours) of tessera was made by a newer version, which alone" in refused.stderr


def test_a_node_does_not_work_with_what_it_is_too_old_for(tmp_path, postgres, database):
    with tessera_server(tmp_path / "node", database_url=database) as server, server.client() as client:
        postgres.execute(CONTRACT, "tessera")
        answer = client.get("/readyz")
        assert answer.status_code == 503
        refused = tessera("serve", database=database)
        assert refused.returncode == 1
        assert "made by a newer version: it has migration 1001 (no colours) of tessera" in refused.stderr
        assert "requires a version that knows migration 1001" in refused.stderr
        postgres.execute("DELETE FROM schema_migration WHERE version = 1001", "tessera")
        assert client.get("/readyz").status_code == 200


def test_a_node_that_drains_serves_on_and_sends_its_clients_away(tmp_path, postgres, database):
    token = manager(postgres)
    with tessera_server(tmp_path / "node", "--drain", "1m", database_url=database) as server:
        with closing(Connection(server, token)) as kept, server.client() as client:
            assert kept.ask("GET", "/api/me")[0] == 200
            server.process.terminate()
            poll("it is leaving", lambda: client.get("/readyz").status_code == 503)
            answer = client.get("/readyz")
            assert answer.json()["detail"] == "This node is about to stop."
            assert answer.headers["Retry-After"] == "1"
            # An open connection is served once more, and so is a new connection.
            for _ in range(2):
                status, fields, _ = kept.ask("GET", "/api/me")
                assert (status, fields["Connection"]) == (200, "close")
            assert kept.create()["token"]
            # A second SIGTERM ends the server at once.
            server.process.terminate()
            assert server.process.wait(timeout=5) == -15
