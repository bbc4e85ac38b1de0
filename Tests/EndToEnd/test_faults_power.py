"""Power cuts: at each answer, what was answered so far is on the disk, whatever becomes of the rest."""

import json
import random
from contextlib import closing
from sqlite3 import connect
from uuid import UUID

import pytest

from harness.load import Connection, Load, assert_sound, manager
from harness.power import CALLS, STRINGS, Disk
from harness.program import poll, tessera_server
from harness.strace import Attached

CREATED = b"HTTP/1.1 201 "
DELETED = b"HTTP/1.1 204 "


@pytest.fixture
def server(tmp_path):
    server = tessera_server(tmp_path / "tessera", "--log-level", "error").start()
    server.token = manager(server)
    yield server
    server.stop()


def ids(connection):
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    rows = connection.execute("SELECT id, revoked_at FROM api_token")
    return {str(UUID(bytes=id)): revoked is not None for id, revoked in rows}


def created(answer):
    return json.loads(answer.partition(b"\r\n\r\n")[2])["id"] if answer.startswith(CREATED) else None


@pytest.mark.parametrize("faults", ["none", "syncs", "writes"])
def test_what_was_answered_is_on_the_disk_when_it_is_answered(server, tmp_path, times, faults):
    """Under load from several threads, whose changes are committed together, and with failing calls."""
    inject = {
        "none": (),
        "syncs": ("inject=fdatasync:error=EIO:when=7+5",),
        "writes": ("inject=pwrite64:error=ENOSPC:when=5+6",),
    }[faults]
    disk = Disk(server.database)
    choice = random.Random(11)
    with (
        Attached(server.process, tmp_path / "trace", CALLS, *inject, strings=STRINGS) as trace,
        Load(server, server.token, threads=4) as load,
    ):
        goal = times(60, 1000)
        poll("enough changes", lambda: sum(len(one.created) for one in load.ledgers) >= goal, seconds=goal)
        load.stop()
    assert trace.has_injected == bool(inject)
    answered, cuts = set(), 0
    for number, answer in enumerate(disk.replay(trace.text)):
        if id := created(answer):
            answered.add(id)
        if number % 10 and not id:
            continue
        for partly in (None, choice):
            with closing(disk.after_a_power_cut(tmp_path / "found", partly)) as connection:
                assert answered <= set(ids(connection)), f"{number}: answered, and not on the disk"
            cuts += 1
    print({"faults": faults, "answered": len(answered), "power cuts": cuts})
    assert len(answered) >= 40


def test_a_revocation_is_on_the_disk_when_it_is_answered(server, tmp_path, times):
    with closing(Connection(server, server.token)) as connection:
        made = [connection.create()["id"] for _ in range(times(20, 300))]
        disk = Disk(server.database)
        with Attached(server.process, tmp_path / "trace", CALLS, strings=STRINGS) as trace:
            assert all(connection.revoke(id) for id in made)
    waiting = iter(made)
    answered = []
    for answer in disk.replay(trace.text):
        if answer.startswith(DELETED):
            answered.append(next(waiting))
            with closing(disk.after_a_power_cut(tmp_path / "found")) as found:
                state = ids(found)
            assert all(state[id] for id in answered)
    assert answered == made


class CarryingOver:
    """A server whose log is carried over into its file. The log never fails, so that it is what it seems."""

    def __init__(self, server, directory):
        self.server = server
        self.directory = directory
        self.disk = Disk(server.database)
        self.log = server.database.with_name("tessera.db-wal")
        self.answered = set()

    def create(self, count, *inject, until_written=False):
        """Makes tokens, until the file is written if wanted; returns the trace of its calls."""
        path = self.directory / "trace"
        path.unlink(missing_ok=True)
        traced = Attached(
            self.server.process, path, CALLS, *inject, strings=STRINGS, only=self.server.database
        )
        with traced, closing(Connection(self.server, self.server.token)) as connection:
            for _ in range(count):
                written = path.stat().st_size > 0
                self.answered.add(connection.create()["id"])
                # The thread that carries over has made this token since, so that it is done with the file.
                if until_written and written:
                    break
            else:
                assert not until_written, "the file was never written"
        return self.settle(traced.text)

    def settle(self, text):
        """Follows the trace, and looks what a power cut would leave."""
        for _ in self.disk.replay(text):
            pass
        self.disk.files[str(self.log)].durable = bytearray(
            self.log.read_bytes() if self.log.exists() else b""
        )
        with closing(self.disk.after_a_power_cut(self.directory / "found")) as found:
            assert self.answered <= set(ids(found)), "answered, and not on the disk"
        return text


def test_a_sync_of_the_file_itself_that_fails_loses_nothing(server, tmp_path):
    """The log is carried over in part, because somebody reads an old state; then the disk fails, once.

    SQLite has noted that part as done, and the system has given its pages up. Carrying over the rest, and
    beginning the log anew, would lose them.
    """
    server.stop()
    server.start()
    tokens = CarryingOver(server, tmp_path)
    with closing(connect(server.database, isolation_level=None)) as reader:
        tokens.create(400)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM user").fetchall()
        assert "fdatasync" not in tokens.create(1500, until_written=True), "it was carried over whole"
    failed = tokens.create(1500, "inject=fdatasync:error=EIO", until_written=True)
    assert "(INJECTED)" in failed
    tokens.create(500)
    with Attached(server.process, tmp_path / "end", CALLS, strings=STRINGS, only=server.database) as end:
        assert server.stop() == 0
    tokens.settle(end.text)
    server.start()
    with closing(Connection(server, server.token)) as connection:
        assert connection.create()
    assert_sound(server.database)
