"""Writes and syncs that fail or end the process: a change that is not durable never gets a 2xx."""

import json
from contextlib import closing

import pytest

from harness.load import Connection, Ledger, assert_sound, manager
from harness.program import poll, tessera, tessera_server
from harness.strace import SYNCS, WRITES, Attached, Trace, by_strace, fault

CALLS = f"trace={','.join(WRITES + SYNCS)}"
ERRORS = {"pwrite64": ("ENOSPC", "EIO"), "ftruncate": ("EIO",), "fdatasync": ("EIO",), "fsync": ("EIO",)}


class Asker:
    """Requests one change after the other, and records the answers."""

    def __init__(self, server):
        self.server = server
        self.token = manager(server)
        self.ledger = Ledger()
        # Tokens whose rotation was requested; each can be rotated once.
        self.rotated = set()

    def create(self):
        with closing(Connection(self.server, self.token)) as connection:
            status, fields, body = connection.ask(
                "POST", "/api/tokens", {"name": "n", "scopes": [], "expires_at": None}
            )
        if status == 201:
            made = json.loads(body)
            self.ledger.created[made["id"]] = made["token"]
        return status, fields

    def revoke(self):
        id = next(iter(self.ledger.alive))
        self.ledger.doubtful.add(id)
        with closing(Connection(self.server, self.token)) as connection:
            status, fields, _ = connection.ask("DELETE", f"/api/tokens/{id}")
        if status == 204:
            self.ledger.revoked.add(id)
        return status, fields

    def rotate(self):
        """The old token is valid during the overlap, so it must be accepted even if the rotation failed."""
        id = next(id for id in self.ledger.alive if id not in self.rotated)
        self.rotated.add(id)
        with closing(Connection(self.server, self.token)) as connection:
            status, fields, body = connection.ask("POST", f"/api/tokens/{id}/rotate", {"overlap": "24h"})
        if status == 201:
            made = json.loads(body)
            assert made["replaces"] == id
            self.ledger.created[made["id"]] = made["token"]
        return status, fields

    def assert_holds(self):
        with closing(Connection(self.server, self.token)) as connection:
            self.ledger.assert_holds(connection)
        assert_sound(self.server.database)


def points(calls, times):
    """Each write and sync of an operation; without `--long`, all syncs and the first and last writes."""
    for call, count in sorted(calls.items()):
        numbers = range(1, count + 1)
        if call in WRITES:
            numbers = times(sorted({1, 2, count // 2 + 1, count}), numbers)
        for number in numbers:
            yield call, number


@pytest.fixture
def asker(tmp_path):
    server = tessera_server(tmp_path / "tessera", "--log-level", "error").start()
    asker = Asker(server)
    for _ in range(40):
        assert asker.create()[0] == 201
    yield asker
    server.stop()


def assert_mostly_met(met, missed):
    """The number of calls varies with the fill of the pages: an operation may need fewer than counted."""
    assert met >= 1, "no fault was met"
    assert missed <= max(2, met // 5), f"{met} faults were met, {missed} were not"


def counted(asker, operation, log):
    """The calls that one operation makes."""
    with Attached(asker.server.process, log, CALLS) as trace:
        assert operation()[0] < 300
    calls = trace.calls_per_thread()
    assert calls["fdatasync"] >= 1, calls
    assert calls["pwrite64"] >= 1, calls
    return calls


@pytest.mark.parametrize("name", ["create", "revoke", "rotate"])
def test_a_write_or_sync_that_fails_is_a_503_and_nothing_else(asker, tmp_path, times, name):
    operation = getattr(asker, name)
    done = missed = 0
    for call, number in points(counted(asker, operation, tmp_path / "count"), times):
        for error in ERRORS[call]:
            for _ in range(2 if name == "revoke" else 0):
                assert asker.create()[0] == 201
            expression = fault(call, f"error={error}", number)
            with Attached(asker.server.process, tmp_path / "trace", CALLS, expression) as trace:
                status, fields = operation()
            if not trace.has_injected:
                assert status < 300, f"{expression}: {status}"
                missed += 1
                continue
            assert status == 503, f"{expression}: {status}"
            assert int(fields["retry-after"]) >= 1
            done += 1
            # Without help, at the next change.
            assert operation()[0] < 300, f"after {expression}"
    assert_mostly_met(done, missed)
    asker.assert_holds()
    asker.server.kill()
    asker.server.start()
    asker.assert_holds()
    print({"operation": name, "faults": done})


@pytest.mark.parametrize("name", ["create", "revoke", "rotate"])
def test_a_process_that_dies_in_a_write_or_sync_has_lost_nothing(asker, tmp_path, times, name):
    operation = getattr(asker, name)
    done = missed = 0
    for call, number in points(counted(asker, operation, tmp_path / "count"), times):
        expression = fault(call, "signal=SIGKILL", number)
        with Attached(asker.server.process, tmp_path / "trace", CALLS, expression) as trace:
            try:
                status, _ = operation()
            except OSError:
                status = None
                # The client may see the end before strace has written it.
                poll(f"{expression} was met", lambda trace=trace: trace.has_injected)
        if not trace.has_injected:
            assert status in range(200, 300), f"{expression}: {status}"
            missed += 1
            continue
        assert status is None, f"{expression}: {status}"
        asker.server.process.wait()
        asker.server.start()
        asker.assert_holds()
        for _ in range(2):
            assert asker.create()[0] == 201
        done += 1
    assert_mostly_met(done, missed)
    print({"operation": name, "kills": done})


class TestMigrations:
    """From every older version, with a failure and a death at every write and sync."""

    def start_from(self, version, path):
        """A database in the state of that version."""
        assert tessera("migrate", "up", database=path).returncode == 0
        assert tessera("migrate", "down", "--to", str(version), database=path).returncode == 0

    def test_it_is_whole_or_not_done_and_the_next_one_goes_on(self, tmp_path, times):
        versions = self.versions(tmp_path / "latest.db")
        done = missed = 0
        for version in (None, *times(versions[-2:-1], (0, *versions[:-1]))):
            calls = self.calls(version, tmp_path)
            for call, number in points(calls, times):
                for effect in (*(f"error={error}" for error in ERRORS[call]), "signal=SIGKILL"):
                    path = tmp_path / f"{done + missed}.db"
                    is_met = self.fail_once(version, path, call, effect, number)
                    done += is_met
                    missed += not is_met
        assert_mostly_met(done, missed)
        print({"migrations": len(versions), "faults": done})

    def versions(self, path):
        return [step["version"] for step in self.status(path)]

    def status(self, path):
        done = tessera("migrate", "status", "--json", database=path)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def assert_migrated(self, path):
        assert all(step["applied"] for step in self.status(path))

    def calls(self, version, directory):
        path = directory / f"count-{version}.db"
        if version is not None:
            self.start_from(version, path)
        done = tessera("migrate", "up", database=path, prefix=by_strace(directory / "count", CALLS))
        assert done.returncode == 0, done.stderr
        return Trace(directory / "count").calls_per_thread()

    def fail_once(self, version, path, call, effect, number):
        if version is not None:
            self.start_from(version, path)
        log = path.with_suffix(".trace")
        prefix = by_strace(log, CALLS, fault(call, effect, number))
        failed = tessera("migrate", "up", database=path, prefix=prefix)
        is_met = Trace(log).has_injected
        if not is_met:
            assert failed.returncode == 0, f"{call} {number}: {failed.stderr}"
        assert "Fatal error" not in failed.stderr
        if failed.returncode == 0:
            # An optional step failed, such as the checkpoint at the end: all migrations are applied.
            self.assert_migrated(path)
        elif effect != "signal=SIGKILL":
            assert failed.returncode == 1
            assert failed.stderr.strip().splitlines()[-1].startswith("tessera: "), failed.stderr
        again = tessera("migrate", "up", database=path)
        assert again.returncode == 0, f"after {call} {number} {effect}: {again.stderr}"
        self.assert_migrated(path)
        assert_sound(path)
        for file in path.parent.glob(f"{path.stem}.*"):
            file.unlink()
        return is_met
