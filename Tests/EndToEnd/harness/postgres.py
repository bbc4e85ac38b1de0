"""A separate real PostgreSQL for the duration of a test."""

import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from harness.ports import free_port
from harness.program import poll


def programs():
    """The directory of the newest version that Debian has installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    assert found, "PostgreSQL is not installed; run script/setup test"
    return found[-1].parent


@dataclass
class Postgres:
    """A server with one database, reached over TCP with a password. Stops with the `with` block."""

    password: str = "hoard-of-old-gold"
    port: int = field(default_factory=free_port)
    # Further settings of the server, as `name=value`.
    settings: tuple = ()
    directory: Path = field(default=None, init=False)
    process: subprocess.Popen = field(default=None, init=False)

    @property
    def url(self):
        return f"postgres://tessera:{self.password}@127.0.0.1:{self.port}/tessera"

    def __enter__(self):
        # Not below a directory of the tests: PostgreSQL runs as another user, who must be able to enter it.
        self.directory = Path(tempfile.mkdtemp(prefix="tessera-postgres-"))
        if os.geteuid() == 0:
            subprocess.run(["chown", "postgres", self.directory], check=True)
        self.make()
        return self

    def make(self):
        self.run(
            programs() / "initdb",
            *("--pgdata", self.directory / "data", "--username", "postgres", "--encoding", "UTF8"),
            *("--auth-local", "trust", "--auth-host", "scram-sha-256", "--no-sync"),
        )
        self.start()
        self.execute(f"CREATE ROLE tessera LOGIN PASSWORD '{self.password}'")
        self.execute("CREATE DATABASE tessera OWNER tessera")

    def __exit__(self, *_):
        self.signal(signal.SIGCONT)
        self.stop()
        subprocess.run(["rm", "-rf", self.directory], check=True)

    def start(self):
        self.process = subprocess.Popen(
            self.command(
                programs() / "postgres",
                *("-D", self.directory / "data", "-k", self.directory, "-p", self.port),
                *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
                *(part for setting in self.settings for part in ("-c", setting)),
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # An interrupt is for the tests, not for the server; the `with` block stops the server.
            start_new_session=True,
        )
        poll("PostgreSQL answers", self.answers)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=20)

    def kill(self):
        """Kills every process at once, like a crash of the machine."""
        self.signal(signal.SIGKILL)
        self.process.wait(timeout=20)

    def freeze(self):
        """Suspends every process, like a hanging machine."""
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def signal(self, number):
        first = self.process.pid
        with suppress(OSError):
            # The others are children of the first, each in a session of its own.
            children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
            for process in [first, *map(int, children)]:
                os.kill(process, number)

    def restart_as_standby(self):
        """Turns it into a read-only standby, which follows the same server as before, if that is possible."""
        self.stop()
        self.run("touch", self.directory / "data" / "standby.signal")
        self.start()

    def run_ahead(self):
        """Lets its log grow beyond the log of every other server of the tests."""
        for _ in range(12):
            self.execute("CREATE TABLE IF NOT EXISTS ahead (); DROP TABLE ahead; SELECT pg_switch_wal()")

    def answers(self):
        ready = [programs() / "pg_isready", "--quiet", "--host", self.directory, "--port", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    def execute(self, sql, database="postgres"):
        """Runs SQL as the superuser and returns the printed lines."""
        done = self.run(
            *(programs() / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"),
            *("--host", self.directory, "--port", self.port, "--username", "postgres", "--dbname", database),
            *("--command", sql),
        )
        return done.stdout.splitlines()

    def command(self, *arguments):
        # PostgreSQL refuses to run as root.
        prefix = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
        return [str(part) for part in (prefix if os.geteuid() == 0 else ()) + arguments]

    def run(self, *arguments):
        done = subprocess.run(
            self.command(*arguments), capture_output=True, text=True, check=False, cwd=self.directory
        )
        assert done.returncode == 0, done.stderr
        return done


@dataclass
class Standby(Postgres):
    """A standby of another server."""

    primary: Postgres = None

    def make(self):
        self.run(
            *(programs() / "pg_basebackup", "--pgdata", self.directory / "data", "--write-recovery-conf"),
            *("--checkpoint", "fast", "--no-sync", "--username", "postgres"),
            *("--host", self.primary.directory, "--port", self.primary.port),
        )
        self.start()

    def pause(self):
        """Continues to answer, but applies no more of the log that it receives."""
        self.execute("SELECT pg_wal_replay_pause()")
        poll("it is paused", lambda: self.execute("SELECT pg_get_wal_replay_pause_state()") == ["paused"])

    def resume(self):
        self.execute("SELECT pg_wal_replay_resume()")

    def promote(self):
        self.execute("SELECT pg_promote()")
