"""Power cuts: every confirmed change is on disk when its answer is sent."""

import json
import random
import re
import subprocess
from contextlib import closing, contextmanager
from sqlite3 import connect
from uuid import UUID

import pytest

from harness.load import Connection, Load, manager
from harness.power import CALLS, STRINGS, Disk
from harness.program import poll, tessera, tessera_server
from harness.strace import Attached, by_strace

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
    """Under load from several threads, whose changes commit together, and with failing calls."""
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
    """A server whose log is checkpointed into its file. Writes to the log never fail here."""

    def __init__(self, server, directory):
        self.server = server
        self.directory = directory
        self.disk = Disk(server.database)
        self.log = server.database.with_name("tessera.db-wal")
        self.answered = set()
        self.files = 0

    def create(self, count, *inject, until_written=False):
        """Makes tokens, optionally until a checkpoint writes the file; returns the trace of the calls."""
        path = self.directory / "trace"
        path.unlink(missing_ok=True)
        traced = Attached(
            self.server.process, path, CALLS, *inject, strings=STRINGS, only=self.server.database
        )
        with traced, closing(Connection(self.server, self.server.token)) as connection:
            for _ in range(count):
                written = path.stat().st_size > 0
                self.answered.add(connection.create()["id"])
                # The checkpointing thread has made this token since, so it has finished the checkpoint.
                if until_written and written:
                    break
            else:
                assert not until_written, "the file was never written"
        return self.settle(traced.text)

    def run(self, *arguments, inject=()):
        """Runs a command on the same database, and replays its writes to the file. Returns its trace."""
        path = self.directory / "command"
        if "bulk" in arguments:
            self.files += 1
            arguments = (*arguments, "--tokens-file", self.directory / f"tokens-{self.files}")
        prefix = by_strace(path, CALLS, *inject, strings=STRINGS, only=self.server.database)
        done = tessera(*arguments, database=self.server.database, prefix=prefix)
        assert done.returncode == 0, done.stderr
        return self.settle(path.read_text())

    def carry_over_in_part(self):
        """Runs a partial checkpoint beside a reader of an old snapshot: SQLite records it without a sync."""
        with closing(connect(self.server.database, isolation_level=None)) as reader:
            self.create(400)
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM user").fetchall()
            assert "fdatasync" not in self.create(1500, until_written=True), "it was carried over whole"

    def fail_to_sync(self):
        """Lets the sync of the database file fail once, after a partial checkpoint."""
        self.carry_over_in_part()
        assert "(INJECTED)" in self.create(1500, "inject=fdatasync:error=EIO", until_written=True)

    def assert_nothing_written(self, text):
        assert not re.search(r"pwrite64|ftruncate|fdatasync", text), "the file was written to"

    def assert_sound(self):
        """Stops the server and starts it again."""
        path = self.directory / "end"
        with Attached(self.server.process, path, CALLS, strings=STRINGS, only=self.server.database) as end:
            assert self.server.stop() == 0
        self.settle(end.text)
        self.server.start()
        with closing(Connection(self.server, self.server.token)) as connection:
            assert connection.create()
        with closing(connect(self.server.database)) as found:
            assert self.answered <= set(ids(found))

    def settle(self, text):
        """Replays the trace, and examines the state that a power cut would leave."""
        for _ in self.disk.replay(text):
            pass
        self.disk.files[str(self.log)].durable = bytearray(
            self.log.read_bytes() if self.log.exists() else b""
        )
        with closing(self.disk.after_a_power_cut(self.directory / "found")) as found:
            assert self.answered <= set(ids(found)), "answered, and not on the disk"
        return text


@pytest.fixture
def tokens(server, tmp_path):
    server.stop()
    server.start()
    return CarryingOver(server, tmp_path)


@contextmanager
def another_process(database):
    """A process of another program that has the file open and runs the given statements."""
    shell = subprocess.Popen(
        ["sqlite3", "-batch", str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def ask(statement):
        shell.stdin.write(f"{statement};\nSELECT 'done';\n")
        shell.stdin.flush()
        lines = []
        while (line := shell.stdout.readline()) != "done\n":
            assert line, "the process has ended"
            lines.append(line.strip())
        return lines

    ask("SELECT count(*) FROM user")
    try:
        yield shell, ask
    finally:
        shell.stdin.close()
        shell.wait()
        shell.stdout.close()


def test_a_sync_of_the_file_itself_that_fails_loses_nothing(tokens):
    """A partial checkpoint, because a process reads an old snapshot; then the disk fails once.

    SQLite has noted that part as done, and the system has given its pages up. Carrying over the rest, and
    beginning the log anew, would lose them.
    """
    tokens.fail_to_sync()
    assert "could not make the database file durable" in poll("a line in the log", lambda: tokens.server.log)
    size = tokens.log.stat().st_size
    # This process never checkpoints again, neither with a long log nor when it ends.
    tokens.assert_nothing_written(tokens.create(2500))
    assert tokens.log.stat().st_size > size
    tokens.assert_sound()


COMMANDS = [
    ("status",),
    ("user", "list"),
    ("token", "list"),
    ("token", "prune"),
    ("migrate", "status"),
    ("migrate", "up"),
    ("fixtures", "bulk", "--tokens", "30000"),
]


def test_commands_leave_the_log_alone_on_which_a_server_relies(tokens):
    tokens.fail_to_sync()
    for command in COMMANDS:
        size = tokens.log.stat().st_size
        tokens.assert_nothing_written(tokens.run(*command))
        assert tokens.log.stat().st_size >= size, command
    tokens.create(100)
    tokens.assert_sound()


@pytest.mark.parametrize("mode", ["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
def test_no_other_program_can_empty_a_log_after_a_sync_that_failed(tokens, mode):
    tokens.fail_to_sync()
    size = tokens.log.stat().st_size
    with another_process(tokens.server.database) as (shell, ask):
        path = tokens.directory / "shell"
        with Attached(shell, path, CALLS, strings=STRINGS, only=tokens.server.database) as trace:
            ask("PRAGMA busy_timeout = 0")
            ask(f"PRAGMA wal_checkpoint({mode})")
        tokens.settle(trace.text)
        tokens.create(50)
    assert tokens.log.stat().st_size >= size
    tokens.assert_sound()


def test_the_process_that_is_left_behind_carries_over_all_of_the_log(tokens):
    """The server whose sync failed ends while another process has the file open, the last to close it."""
    tokens.fail_to_sync()
    with another_process(tokens.server.database) as (shell, ask):
        with Attached(
            tokens.server.process,
            tokens.directory / "end",
            CALLS,
            strings=STRINGS,
            only=tokens.server.database,
        ) as end:
            assert tokens.server.stop() == 0
        tokens.settle(end.text)
        ask("SELECT count(*) FROM user")
        path = tokens.directory / "shell"
        with Attached(shell, path, CALLS, strings=STRINGS, only=tokens.server.database) as trace:
            shell.stdin.write(".quit\n")
            shell.stdin.flush()
            shell.wait()
    assert not tokens.log.exists()
    tokens.settle(trace.text)
    tokens.server.start()
    tokens.assert_sound()


def test_a_disk_that_fails_under_a_command_beside_a_server_loses_nothing(tokens):
    """After a partial checkpoint without a sync, a command must not be the first to see the failure."""
    tokens.carry_over_in_part()
    for command in COMMANDS:
        failing = ("inject=fdatasync:error=EIO", "inject=fsync:error=EIO")
        tokens.assert_nothing_written(tokens.run(*command, inject=failing))
    tokens.create(1500, until_written=True)
    tokens.assert_sound()


@pytest.mark.parametrize("command", [("user", "list"), ("fixtures", "bulk", "--tokens", "60000")])
def test_a_disk_that_fails_under_a_command_that_is_alone_loses_nothing(tokens, command):
    """The command checkpoints the log, since no other process does; if that fails, the log stays."""
    tokens.create(50)
    tokens.server.kill()
    text = tokens.run(*command, inject=("inject=fdatasync:error=EIO",))
    assert "(INJECTED)" in text
    assert tokens.log.exists()
    tokens.run("user", "list")
    assert not tokens.log.exists()
    tokens.server.start()
    tokens.assert_sound()


def test_a_long_command_carries_the_log_over_while_it_is_alone(tokens):
    tokens.server.stop()
    text = tokens.run("fixtures", "bulk", "--tokens", "120000")
    assert text.count("fdatasync") >= 3
    assert not tokens.log.exists()
    tokens.server.start()
    tokens.assert_sound()
