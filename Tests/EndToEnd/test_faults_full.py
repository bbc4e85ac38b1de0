"""A full disk: reads continue, changes are refused, and the server recovers when there is space again."""

from contextlib import closing

import pytest

from harness.disk import fill, small_disk
from harness.load import EMAIL, PASSWORD, Connection, Ledger, assert_sound, manager, signed_in
from harness.problems import assert_problem
from harness.program import poll, tessera, tessera_server


@pytest.fixture
def disk(tmp_path):
    with small_disk(tmp_path / "disk", 24) as directory:
        yield directory


@pytest.fixture
def server(disk):
    """With everything on the small disk, including the program's log."""
    with tessera_server(disk) as server:
        yield server


def fill_up(connection, ledger, directory):
    """Makes tokens on a full disk until one is refused."""
    filler = fill(directory)
    for _ in range(2000):
        made = connection.create()
        if made is None:
            return filler
        ledger.created[made["id"]] = made["token"]
    raise AssertionError("the disk was never full")


def test_reads_go_on_and_changes_come_back(server, disk, times):
    ledger = Ledger()
    token = manager(server)
    person = signed_in(server)
    with closing(Connection(server, token)) as connection:
        for _ in range(times(3, 20)):
            for _ in range(10):
                made = connection.create()
                ledger.created[made["id"]] = made["token"]
            filler = fill_up(connection, ledger, disk)
            with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
                for _ in range(20):
                    answer = client.post("/api/tokens", json={"name": "n", "scopes": [], "expires_at": None})
                    assert_problem(answer, 503)
                    assert int(answer.headers["retry-after"]) >= 1
                assert_problem(client.delete(f"/api/tokens/{next(iter(ledger.alive))}"), 503)
                assert client.get("/api/tokens").status_code == 200
                assert client.get("/healthz").status_code == 200
                assert client.get("/readyz").status_code == 200
            assert person.get("/settings/tokens").status_code == 200
            # Tokens in the cache and others, and those that do not exist.
            ledger.assert_holds(connection)
            assert not connection.accepts(token[:-1] + ("A" if token[-1] != "A" else "B"))
            filler.unlink()
            made = poll("there is room again", connection.create, seconds=2)
            ledger.created[made["id"]] = made["token"]
            ledger.assert_holds(connection)
        assert server.process.poll() is None
        id = next(iter(ledger.alive))
        ledger.doubtful.add(id)
        assert connection.revoke(id)
        ledger.revoked.add(id)
    assert_sound(server.database)
    server.kill()
    server.start()
    with closing(Connection(server, token)) as connection:
        ledger.assert_holds(connection)


def test_a_command_on_a_full_disk_says_so_in_one_line(disk):
    database = disk / "tessera.db"
    done = tessera("user", "add", EMAIL, database=database, stdin=PASSWORD)
    assert done.returncode == 0
    filler = fill(disk)
    for command in (("backup", disk / "copy"), ("user", "add", "second@example.com")):
        failed = tessera(*command, database=database, stdin=PASSWORD)
        assert failed.returncode == 1, failed.stderr
        assert len(failed.stderr.strip().splitlines()) == 1, failed.stderr
        assert failed.stdout == ""
    assert sorted(path.name for path in disk.iterdir() if "copy" in path.name) == []
    filler.unlink()
    assert_sound(database)


def test_a_server_that_starts_on_a_full_disk_says_so(disk):
    fill(disk)
    failed = tessera(
        "serve", "--listen", "127.0.0.1:0", "--issuer", "http://localhost", database=disk / "t.db"
    )
    assert failed.returncode == 1
    assert len(failed.stderr.strip().splitlines()) == 1, failed.stderr
