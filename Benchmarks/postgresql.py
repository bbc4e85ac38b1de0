"""Tessera on PostgreSQL: moving up from SQLite, checks with and without the cache, durable creation."""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import checks
import creation
import data

from harness import DATA, ROUNDS, TESSERA, Section, cpu_seconds, free_port, median, nginx, tessera

NAME = "postgresql"
COPY_REACH, CACHED_REACH, UNCACHED_REACH, CREATION_REACH = 120, 0.85, 15_000, 5_000
SUMMARY = (
    f"moving 1,000,000 tokens there (≤ {COPY_REACH} s), checks with the cache (≥ {CACHED_REACH:.2f} of nginx by CPU) and "
    f"without (≥ {UNCACHED_REACH:,} per second and core), durable creation (≥ {CREATION_REACH:,})"
)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL with one database and the default durability, on a socket in a directory of its own."""

    directory: Path
    process_id: int
    # The command that runs its programs.
    command: Callable

    @property
    def url(self):
        return self.url_of("tessera")

    def url_of(self, name):
        return f"postgres://postgres@/{name}?host={self.directory}"

    def new_database(self, name):
        """Makes a database with all migrations; returns its URL."""
        create = self.command("createdb", "--host", self.directory, "-U", "postgres", name)
        subprocess.run(create, check=True, cwd=self.directory)
        run("migrate", "up", "--database", self.url_of(name))
        return self.url_of(name)

    def sql(self, url, *statements):
        """Runs statements one by one; returns the answer of the last."""
        commands = [part for statement in statements for part in ("-c", statement)]
        psql = self.command("psql", "--no-psqlrc", "-qtA", "-v", "ON_ERROR_STOP=1", "-d", url, *commands)
        return subprocess.run(psql, check=True, cwd=self.directory, stdout=subprocess.PIPE, text=True).stdout.strip()

    def cpu_seconds(self):
        """The CPU time of all its processes; the first process counts those that have ended."""
        children = Path(f"/proc/{self.process_id}/task/{self.process_id}/children").read_text().split()
        fields = Path(f"/proc/{self.process_id}/stat").read_text().rpartition(")")[2].split()
        ended = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
        return ended + sum(cpu_seconds(process) for process in [self.process_id, *children])


@contextmanager
def running():
    """Runs a PostgreSQL until the block ends."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not found:
        raise SystemExit("bench: PostgreSQL is not installed; run script/setup bench")
    programs = found[-1].parent
    # PostgreSQL refuses to run as root, and its user must be able to enter its directory.
    prefix = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") if os.geteuid() == 0 else ()
    directory = Path(tempfile.mkdtemp(prefix="tessera-bench-"))
    if prefix:
        shutil.chown(directory, "postgres", "postgres")

    def command(program, *arguments):
        return [str(part) for part in (*prefix, programs / program, *arguments)]

    try:
        subprocess.run(
            command("initdb", "-D", directory / "data", "-U", "postgres", "-E", "UTF8", "--auth=trust"),
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=directory,
        )
        process = subprocess.Popen(
            command(
                "postgres", "-D", directory / "data", "-k", directory, "-c", "listen_addresses=",
                "-c", "shared_buffers=512MB", "-c", "max_wal_size=4GB",
            ),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        try:
            ready = command("pg_isready", "--quiet", "--host", directory)
            deadline = time.monotonic() + 30
            while subprocess.run(ready, check=False).returncode:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit("bench: PostgreSQL does not answer")
                time.sleep(0.05)
            server = Server(directory, process.pid, command)
            server.new_database("tessera")
            yield server
        finally:
            process.terminate()
            process.wait(timeout=60)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def run(*arguments):
    """One command of `tessera`."""
    subprocess.run([TESSERA, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def measure(seconds):
    source = DATA / "copied.db"
    for path in DATA.glob("copied.db*"):
        path.unlink()
    shutil.copyfile(data.stored(), source)
    with running() as server:
        began = time.monotonic()
        run("migrate", "copy", "--from", f"sqlite:{source}", "--to", server.url)
        rows = [["copy", f"{time.monotonic() - began:.0f} s", "", "", f"≤ {COPY_REACH} s"]]
        rows.append(cached(server, seconds))
        rows.append(uncached(server, seconds))
        rows.append(created(server, seconds))
    columns = ["benchmark", "found", "Tessera CPU µs", "PostgreSQL CPU µs", "reach"]
    return Section(columns, rows, TEXT)


def cached(server, seconds):
    benchmark = next(one for one in checks.BENCHMARKS if one.name == "me-cached")
    ours, theirs = free_port(), free_port()
    with (
        tessera(server.url, ours, benchmark.arguments) as our_id,
        nginx(DATA, theirs, checks.answer(ours, benchmark)) as their_id,
    ):
        checks.warm(ours, benchmark)
        pairs = [
            (
                checks.run(theirs, their_id, benchmark, seconds, refused=False),
                checks.run(ours, our_id, benchmark, seconds, refused=False),
            )
            for _ in range(ROUNDS)
        ]
    ratio = statistics.median(pair[0].cpu_microseconds / pair[1].cpu_microseconds for pair in pairs)
    cost = median([pair[1] for pair in pairs]).cpu_microseconds
    return ["me-cached", f"{ratio:.2f} of nginx by CPU", f"{cost:.2f}", "", f"≥ {CACHED_REACH:.2f}"]


def uncached(server, seconds):
    benchmark = next(one for one in checks.BENCHMARKS if one.name == "me-uncached")
    port = free_port()
    with tessera(server.url, port, benchmark.arguments) as process_id:
        checks.run(port, process_id, benchmark, 2, refused=False)
        runs, theirs = zip(
            *(
                with_database(server, seconds, lambda: checks.run(port, process_id, benchmark, seconds, refused=False))
                for _ in range(ROUNDS)
            ),
            strict=True,
        )
    return row("me-uncached", runs, theirs, UNCACHED_REACH)


def created(server, seconds):
    email = "creator@bench.example"
    data.add_user(server.url, email)
    token = data.add_token(server.url, email, "tokens:write", "tokens:read")
    port = free_port()
    with tessera(server.url, port, ()) as process_id:
        creation.run(port, process_id, token, 1)
        runs, theirs = zip(
            *(
                with_database(server, seconds, lambda: creation.run(port, process_id, token, seconds)[1])
                for _ in range(ROUNDS)
            ),
            strict=True,
        )
    return row("creation", runs, theirs, CREATION_REACH)


def with_database(server, seconds, load):
    """A run, and the database's CPU time for each request of it, in microseconds."""
    before = server.cpu_seconds()
    counted = load()
    return counted, (server.cpu_seconds() - before) / (counted.per_second * seconds) * 1e6


def row(name, runs, theirs, reach):
    middle = median(runs)
    return [
        name,
        f"{middle.per_second:,.0f}/s; {1e6 / middle.cpu_microseconds:,.0f}/s and core",
        f"{middle.cpu_microseconds:.2f}",
        f"{statistics.median(theirs):.2f}",
        f"≥ {reach:,}/s and core",
    ]


TEXT = """**postgresql**: one node and one PostgreSQL on the same two cores, over a UNIX socket, both durable. *copy* is
`tessera migrate copy` of 1,000,000 tokens, including the comparison at its end; the others are as on SQLite, among
these tokens. *Per second and core* is one second divided by the node's CPU time for each request. The CPU time of
PostgreSQL is separate, and both share the machine with the load."""
