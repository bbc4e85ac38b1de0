"""A suspended server, or one beside a busy writer, refuses a revoked token within a second."""

import signal
import sqlite3
import time
from contextlib import closing

import pytest

from harness.load import Connection, manager
from harness.program import poll, tessera, tessera_server

CACHES = pytest.mark.parametrize("cache", ["1000", "0"])


def known_tokens(asking, count):
    """Tokens that the server has just accepted, twice."""
    made = [asking.create() for _ in range(count)]
    for _ in range(2):
        assert all(asking.accepts(token["token"]) for token in made)
    return made


def revoke_all(server, made):
    for token in made:
        done = tessera("token", "revoke", token["id"], database=server.database)
        assert done.returncode == 0, done.stderr


@CACHES
@pytest.mark.parametrize("pause", [1, 4])
def test_a_server_that_was_stopped_believes_nothing_of_what_it_remembers(tmp_path, cache, pause):
    with tessera_server(tmp_path, "--log-level", "error", "--token-cache", cache) as server:
        token = manager(server)
        with closing(Connection(server, token)) as managing:
            made = known_tokens(managing, 4)
            connections = [Connection(server, token) for _ in made]
            for connection in connections:
                assert connection.accepts(token)
            server.process.send_signal(signal.SIGSTOP)
            stopped = time.monotonic()
            revoke_all(server, made)
            revoked = time.monotonic()
            # Sent while the server is suspended, and so the first request that it answers.
            for connection, one in zip(connections, made, strict=True):
                connection.http.request("GET", "/api/me", headers={"Authorization": f"Bearer {one['token']}"})
            poll(
                "the pause is over and the second has passed",
                lambda: time.monotonic() - max(stopped + pause, revoked + 1) > 0,
            )
            server.process.send_signal(signal.SIGCONT)
            assert [connection.http.getresponse().status for connection in connections] == [401] * len(made)
            assert not any(managing.accepts(one["token"]) for one in made)
            assert managing.accepts(token)
            for connection in connections:
                connection.close()


@CACHES
def test_a_revocation_holds_beside_a_writer_that_never_pauses(tmp_path, cache):
    """The writer commits and begins its next transaction at once; it revokes tokens in between."""
    with tessera_server(tmp_path, "--log-level", "error", "--token-cache", cache) as server:
        token = manager(server)
        with closing(Connection(server, token)) as asking, closing(Connection(server, token)) as writing:
            made = known_tokens(asking, 1)[0]
            with closing(sqlite3.connect(server.database, isolation_level=None, timeout=10)) as other:
                other.execute("BEGIN IMMEDIATE")
                # This change waits for the lock, on the server's writer thread.
                writing.http.request(
                    "DELETE", "/api/tokens/" + made["id"], headers={"Authorization": f"Bearer {token}"}
                )
                other.execute("CREATE TABLE foreign_table (number)")
                other.execute("UPDATE api_token SET revoked_at = created_at WHERE name = 'load'")
                other.execute("COMMIT")
                other.execute("BEGIN IMMEDIATE")
                revoked = time.monotonic()
                poll("it is refused", lambda: not asking.accepts(made["token"]), seconds=5)
                refused = time.monotonic() - revoked
                other.execute("ROLLBACK")
            assert writing.http.getresponse().status == 204
            print(f"refused after {refused:.3f} s")
            assert refused <= 1.0, refused


@CACHES
def test_a_second_revocation_holds_from_its_answer(tmp_path, times, cache):
    with tessera_server(tmp_path, "--log-level", "error", "--token-cache", cache) as server:
        token = manager(server)
        with closing(Connection(server, token)) as asking:
            made = known_tokens(asking, times(6, 40))
            for number, one in enumerate(made):
                assert asking.accepts(one["token"])
                verb = "disable" if number % 2 else "revoke"
                done = tessera("token", verb, one["id"], database=server.database)
                assert done.returncode == 0, done.stderr
                if number % 2:
                    assert asking.ask("PATCH", f"/api/tokens/{one['id']}", {"disabled": True})[0] == 200
                else:
                    assert asking.revoke(one["id"])
                assert not asking.accepts(one["token"]), verb
