"""A `tessera restore` that fails or dies leaves either the whole old database or the whole restored one."""

import os
import re
import shutil
import signal
import subprocess
from contextlib import closing
from sqlite3 import connect

import pytest

from harness.load import Connection, manager
from harness.program import TESSERA, clean_environment, poll, tessera, tessera_server
from harness.strace import Trace, by_strace, fault

# All calls that change a file or its name.
CHANGING = (
    *("pwrite64", "ftruncate", "fsync", "fdatasync", "openat", "fchmod"),
    *("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat"),
)
CALLS = f"trace={','.join(CHANGING)}"
ERRORS = {"pwrite64": ("ENOSPC", "EIO"), "openat": ("EACCES",)}
MADE, REVOKED = 51, 25


class Installation:
    """A database whose server was killed, with many changes in its log, and an older backup."""

    def __init__(self, directory):
        with tessera_server(directory / "server", "--log-level", "error") as server:
            token = manager(server)
            self.backup = directory / "backup"
            done = tessera("backup", self.backup, database=server.database)
            assert done.returncode == 0, done.stderr
            with closing(Connection(server, token)) as connection:
                made = [connection.create()["id"] for _ in range(MADE - 1)]
                assert all(connection.revoke(id) for id in made[:REVOKED])
            server.kill()
        self.files = sorted(server.directory.glob("tessera.db*"))
        assert server.database.with_name("tessera.db-wal").stat().st_size > 100_000
        self.old, self.restored = (MADE, REVOKED), (1, 0)

    def put(self, directory):
        """Another copy of the database in its first state."""
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        for file in self.files:
            shutil.copyfile(file, directory / file.name)
        return directory / "tessera.db"

    def command(self, database):
        return ["restore", self.backup, "--force", "--database", f"sqlite:{database}"]

    def found(self, database):
        """The number of tokens, and the number of revoked ones."""
        with closing(connect(database)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return connection.execute("SELECT count(*), count(revoked_at) FROM api_token").fetchone()


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    return Installation(tmp_path_factory.mktemp("installation"))


def counted(installation, directory):
    database = installation.put(directory / "count")
    done = tessera(*installation.command(database), prefix=by_strace(directory / "calls", CALLS))
    assert done.returncode == 0, done.stderr
    assert installation.found(database) == installation.restored
    return Trace(directory / "calls").calls_per_thread()


def points(calls, times):
    """Each call; without `--long`, only the first and last writes and opens."""
    for call, count in sorted(calls.items()):
        numbers = range(1, count + 1)
        if call in ("pwrite64", "openat"):
            numbers = times(sorted({*numbers[:2], count // 2 + 1, *numbers[-12:]}), numbers)
        for number in numbers:
            yield call, number


def test_a_restore_that_dies_at_any_call_has_done_all_or_nothing(installation, tmp_path, times):
    outcomes = []
    for call, number in points(counted(installation, tmp_path), times):
        database = installation.put(tmp_path / "try")
        expression = fault(call, "signal=SIGKILL", number)
        done = tessera(
            *installation.command(database), prefix=by_strace(tmp_path / "trace", CALLS, expression)
        )
        assert Trace(tmp_path / "trace").has_injected or done.returncode == 0, expression
        outcome = installation.found(database)
        assert outcome in (installation.old, installation.restored), f"{expression}: {outcome}"
        outcomes.append(outcome)
    print({"kills": len(outcomes), "restored": outcomes.count(installation.restored)})
    assert {installation.old, installation.restored} == set(outcomes)


def test_a_restore_in_which_a_call_fails_says_so_and_has_done_all_or_nothing(installation, tmp_path, times):
    failures = 0
    for call, number in points(counted(installation, tmp_path), times):
        for error in ERRORS.get(call, ("EIO",)):
            database = installation.put(tmp_path / "try")
            expression = fault(call, f"error={error}", number)
            done = tessera(
                *installation.command(database), prefix=by_strace(tmp_path / "trace", CALLS, expression)
            )
            assert "Fatal error" not in done.stderr, expression
            outcome = installation.found(database)
            if done.returncode == 0:
                # The failure of this call does no harm, such as reading a setting of the system.
                assert call not in ("fsync", "rename"), expression
                assert outcome == installation.restored, f"{expression}: {outcome}"
                continue
            failures += 1
            assert done.returncode == 1 or call == "openat", f"{expression}: {done.stderr}"
            assert outcome in (installation.old, installation.restored), f"{expression}: {outcome}"
            if "is in its place" not in done.stderr:
                assert outcome == installation.old, f"{expression}: {done.stderr}"
    print({"failures": failures})


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize(
    ("call", "outcomes"), [("fsync", "old"), ("fdatasync", "old"), ("rename", "restored")]
)
def test_a_restore_that_is_interrupted_while_the_disk_is_slow_has_done_all_or_nothing(
    installation, tmp_path, call, outcomes, end
):
    database = installation.put(tmp_path / "try")
    log = tmp_path / "trace"
    prefix = by_strace(log, CALLS, f"inject={call}:delay_enter=700000:when=1")
    command = [str(part) for part in (*prefix, TESSERA, *installation.command(database))]
    begun = re.compile(rf"^(\d+) +{call}\(", re.MULTILINE)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=clean_environment()) as strace:
        thread = poll("it waits for the disk", lambda: log.exists() and begun.search(log.read_text()))
        os.kill(int(thread[1]), end)
    assert strace.returncode == -end
    assert installation.found(database) == getattr(installation, outcomes)


def test_the_restored_file_is_durable_before_it_has_its_name_and_the_name_before_the_end(
    installation, tmp_path
):
    database = installation.put(tmp_path / "try")
    done = tessera(*installation.command(database), prefix=by_strace(tmp_path / "trace", CALLS))
    assert done.returncode == 0, done.stderr
    steps = []
    for line in Trace(tmp_path / "trace").text.splitlines():
        if sync := re.search(r"\bf(?:data)?sync\(\d+<([^>]*)>\) += 0", line):
            path = sync[1]
            if path.endswith(".partial"):
                steps.append("copy")
            elif path == str(database.parent):
                steps.append("names")
            elif path == str(database):
                steps.append("old file")
        elif re.search(r"\brename\(", line):
            steps.append("replaced")
    replaced = steps.index("replaced")
    assert "copy" in steps[:replaced], steps
    assert "old file" in steps[:replaced], steps
    # The log of the old file is removed durably before the new file takes its place.
    assert steps[replaced - 1] == "names", steps
    assert steps[replaced + 1 :] == ["names"], steps


def test_a_database_whose_log_cannot_be_carried_over_is_left_alone(installation, tmp_path):
    """The old file refuses all writes; the restore must not lose any of its log."""
    database = installation.put(tmp_path / "try")
    expression = "inject=pwrite64:error=EIO"
    done = tessera(
        *installation.command(database),
        prefix=by_strace(tmp_path / "trace", CALLS, expression, only=database),
    )
    assert done.returncode == 1
    assert "log cannot be carried over" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert installation.found(database) == installation.old


def test_the_log_of_a_damaged_database_stays_until_the_restored_one_is_in_its_place(installation, tmp_path):
    database = installation.put(tmp_path / "try")
    log = database.with_name("tessera.db-wal")
    database.write_bytes(b"this is no database any more. " * 1000)
    # SQLite cannot use the log either, because the first page that it needs is not in it.
    log.write_bytes(log.read_bytes()[:32])
    content = log.read_bytes()
    # The first rename moves the log away, the second puts the restored file in its place.
    prefix = by_strace(tmp_path / "trace", CALLS, fault("rename", "error=EIO", 2))
    failed = tessera(*installation.command(database), prefix=prefix)
    assert failed.returncode == 1, failed.stderr
    assert log.read_bytes() == content
    done = tessera(*installation.command(database))
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in database.parent.iterdir()) == ["tessera.db"]
    assert installation.found(database) == installation.restored


def test_a_link_to_the_database_stays_one(installation, tmp_path):
    database = installation.put(tmp_path / "try")
    link = tmp_path / "link.db"
    link.symlink_to(database)
    done = tessera(*installation.command(link))
    assert done.returncode == 0, done.stderr
    assert link.is_symlink()
    assert installation.found(database) == installation.restored


def test_a_command_that_waits_for_a_restore_changes_nothing_of_either_database(installation, tmp_path):
    """It has already opened the old file, which no longer has a name when the lock is free."""
    database = installation.put(tmp_path / "try")
    log = tmp_path / "trace"
    prefix = by_strace(log, CALLS, "inject=rename:delay_enter=1500000:when=1")
    command = [str(part) for part in (*prefix, TESSERA, *installation.command(database))]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=clean_environment()) as strace:
        poll("it is about to replace the file", lambda: log.exists() and "rename(" in log.read_text())
        done = tessera("user", "add", "late@example.com", database=database, stdin="a long enough password\n")
    assert strace.returncode == 0
    assert done.returncode == 1
    assert "was replaced while it was being opened" in done.stderr
    assert installation.found(database) == installation.restored
    assert "late" not in tessera("user", "list", database=database).stdout
