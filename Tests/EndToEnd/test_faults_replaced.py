"""A database file that is removed, moved or replaced under a running server."""

import os
import re
import shutil
import subprocess
import time
from contextlib import closing

import pytest

from harness.load import Connection, assert_sound, manager
from harness.problems import assert_problem
from harness.program import ROOT, TESSERA, clean_environment, poll, tessera, tessera_server

PAGE = (ROOT / "Documentation/operations.md").read_text()


@pytest.fixture
def server(tmp_path):
    server = tessera_server(tmp_path / "server", "--log-level", "warning").start()
    server.token = manager(server)
    yield server
    server.stop()


def beside(server, suffix):
    return server.database.with_name(server.database.name + suffix)


def remove(server):
    server.database.unlink()


def move(server):
    server.database.rename(beside(server, ".away"))


def move_all(server):
    for suffix in ("", "-wal", "-shm"):
        beside(server, suffix).rename(beside(server, suffix + ".away"))


def remove_log(server):
    beside(server, "-wal").unlink()


def remove_index(server):
    beside(server, "-shm").unlink()


def replace(server):
    assert tessera("backup", beside(server, ".new"), database=server.database).returncode == 0
    os.replace(beside(server, ".new"), server.database)


def replace_by_another_disk_of_the_same_name(server):
    """A directory in the place of the old one, with another database."""
    away = server.directory.with_name("away")
    server.directory.rename(away)
    server.directory.mkdir()
    shutil.copyfile(away / "tessera.db", server.database)


def empty(server):
    os.truncate(server.database, 0)


WAYS = [
    *(remove, move, move_all, remove_log, remove_index, replace, replace_by_another_disk_of_the_same_name),
    empty,
]


@pytest.mark.parametrize("way", WAYS)
def test_no_change_is_answered_that_would_be_lost(server, way):
    with closing(Connection(server, server.token)) as connection:
        assert connection.create()
        way(server)
        # At once, long before the next periodic check.
        status, fields, _ = connection.ask(
            "POST", "/api/tokens", {"name": "n", "scopes": [], "expires_at": None}
        )
        assert status == 503
        assert int(fields["retry-after"]) >= 1


@pytest.mark.parametrize("way", WAYS)
def test_it_is_noticed_within_a_second(server, way):
    with closing(Connection(server, server.token)) as connection:
        made = connection.create()
        # The token is in the cache from now on.
        assert connection.accepts(made["token"])
        log = server.directory / "stderr"
        with log.open() as lines, server.client() as client:
            lines.seek(0, os.SEEK_END)
            way(server)
            began = time.monotonic()
            poll("it is not ready", lambda: client.get("/readyz").status_code == 503, seconds=5)
            assert time.monotonic() - began <= 1.0
            assert re.search(r" error .*tessera\.db.* was removed, moved or replaced", lines.read())
            # A revocation by a command would go to another file: the server accepts no token.
            for token in (made["token"], server.token):
                answer = client.get("/api/me", headers={"Authorization": f"Bearer {token}"})
                assert_problem(answer, 503)
                assert str(server.directory) not in answer.text
            assert client.get("/healthz").status_code == 200
        status, _, _ = connection.ask("DELETE", f"/api/tokens/{made['id']}")
        assert status == 503


def put_back(server, way):
    if way is move:
        beside(server, ".away").rename(server.database)
    elif way is move_all:
        for suffix in ("", "-wal", "-shm"):
            beside(server, suffix + ".away").rename(beside(server, suffix))
    else:
        shutil.rmtree(server.directory)
        server.directory.with_name("away").rename(server.directory)


@pytest.mark.parametrize("way", [move, move_all, replace_by_another_disk_of_the_same_name])
def test_after_the_files_are_put_back_a_new_start_finds_everything(server, way):
    with closing(Connection(server, server.token)) as connection:
        made = [connection.create() for _ in range(20)]
        way(server)
        with server.client() as client:
            poll("it is not ready", lambda: client.get("/readyz").status_code == 503, seconds=5)
    put_back(server, way)
    # The server does not recover by itself, because other processes may have changed the file meanwhile.
    with server.client() as client:
        assert client.get("/readyz").status_code == 503
    assert server.stop() == 0
    server.start()
    with closing(Connection(server, server.token)) as connection:
        assert all(connection.accepts(one["token"]) for one in made)
    assert_sound(server.database)


def test_the_end_of_the_server_leaves_the_log_of_another_database_alone(server):
    with closing(Connection(server, server.token)) as connection:
        assert connection.create()
    move_all(server)
    log = beside(server, "-wal")
    log.write_bytes(b"of another database")
    assert server.stop() == 0
    assert log.read_bytes() == b"of another database"


def test_what_was_removed_is_rescued_as_documented(server, tmp_path):
    with closing(Connection(server, server.token)) as connection:
        made = [connection.create() for _ in range(20)]
    remove(server)
    beside(server, "-wal").unlink()
    [recipe] = [one for one in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S) if "/proc/" in one]
    script = recipe.replace("/var/lib/tessera", str(server.directory)).replace(
        "/var/tmp/rescue", str(tmp_path / "r")
    )
    # The recipe asks for the process id, stops the process and starts another; the start is done below.
    systemctl = f"""systemctl() {{
        case $1 in show) echo {server.process.pid} ;; stop) kill {server.process.pid} ;; esac
    }}
    """
    environment = clean_environment()
    environment["PATH"] = f"{TESSERA.parent}:{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", systemctl + script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    server.stop()
    server.start()
    with closing(Connection(server, server.token)) as connection:
        assert all(connection.accepts(one["token"]) for one in made)
    assert_sound(server.database)
