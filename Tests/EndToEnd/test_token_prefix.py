"""The prefix of personal tokens: stored in the database, and changed without losing a token."""

import re

from harness.program import poll, tessera, tessera_server

ADA = "ada@example.com"
PASSWORD = "a long enough password\n"


def run(database, *arguments, stdin=""):
    done = tessera(*arguments, database=database, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def create(database, *arguments):
    return run(database, "token", "create", "--user", ADA, "--name", "script", *arguments)


def status(server, token):
    with server.client() as client:
        return client.get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_changed_prefix_refuses_no_token(tmp_path):
    with tessera_server(tmp_path) as server:
        run(server.database, "user", "add", ADA, stdin=PASSWORD)
        old = create(server.database)
        assert old.startswith("tcp_")
        assert status(server, old) == 200
    with tessera_server(tmp_path, "--token-prefix", "abc") as server:
        assert "new tokens begin with abc_ from now on" in server.log
        assert status(server, old) == 200
        # Commands use the correct prefix without an option.
        new = create(server.database)
        assert re.fullmatch("abc_[0-9A-Za-z]{64}", new)
        assert status(server, new) == 200
        for token in (old, new):
            assert "active" in run(server.database, "token", "inspect", stdin=token)
            assert "personal" in run(server.database, "token", "inspect", "--offline", stdin=token)
        assert f"…{old[-4:]}" in run(server.database, "token", "list")
        # The running server accepts a token from a command that was given another prefix.
        other = create(server.database, "--token-prefix", "xyz")
        assert other.startswith("xyz_")
        poll("the server hears of the prefix", lambda: status(server, other) == 200)
        assert create(server.database).startswith("abc_")
    with tessera_server(tmp_path) as server:
        for token in (old, new, other):
            assert status(server, token) == 200
        assert create(server.database).startswith("abc_")
