"""Measures Tessera beside nginx: the server on one core, the load on the other, the two in turns.

Two ratios come out of it: requests per second, and CPU time (user and system) of the server process for each.
The load generator is often the limit of the first, so the second is the one that counts.
"""

import argparse
import json
import os
import platform
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import string
import subprocess
import sys
import time
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TESSERA = Path(os.environ.get("TESSERA_BINARY", ROOT / ".build/release/tessera"))
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
# Where the stored tokens stay between runs; making them takes longer than measuring.
DATA = ROOT / ".build/bench"

SERVER_CORE, LOAD_CORE = "0", "1"
CONNECTIONS = 64
ROUNDS = 3
STORED = 1_000_000
FLOOD = 200_000
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


@dataclass(frozen=True)
class Benchmark:
    """One thing to measure, and the CPU ratio to reach."""

    name: str
    what: str
    path: str
    reach: float | None
    tokens: str | None = None
    arguments: tuple = ()
    warm: bool = False
    status: int = 200


BENCHMARKS = [
    Benchmark("static", "`GET /healthz`", "/healthz", 1.0),
    Benchmark(
        "me-cached",
        "`GET /api/me`, a random token of 1,000,000 stored, all of them in the cache",
        "/api/me",
        0.90,
        tokens="stored",
        arguments=("--token-cache", str(2 * STORED)),
        warm=True,
    ),
    Benchmark(
        "me-uncached",
        "the same with a look-up in SQLite each time",
        "/api/me",
        0.55,
        tokens="stored",
        arguments=("--token-cache", "0"),
    ),
    Benchmark("garbage", "wrong checksums, refused", "/api/me", 0.90, tokens="garbage", status=401),
    Benchmark("unknown", "well-formed tokens nobody issued, refused", "/api/me", None, tokens="unknown", status=401),
]


CREATION = "creation"
CREATION_REACH = 10_000


@dataclass(frozen=True)
class Run:
    """One run of load: how much was answered, and what it cost the server."""

    per_second: float
    cpu_microseconds: float
    p50: int
    p99: int


@dataclass(frozen=True)
class Result:
    """The medians of both servers in one benchmark."""

    benchmark: Benchmark
    nginx: Run
    tessera: Run
    megabytes: float

    @property
    def cpu_ratio(self):
        return self.nginx.cpu_microseconds / self.tessera.cpu_microseconds

    @property
    def rate_ratio(self):
        return self.tessera.per_second / self.nginx.per_second


# MARK: the servers


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(command, port):
    """Runs a server on its core until the block ends; yields the process."""
    process = subprocess.Popen(["taskset", "-c", SERVER_CORE, *map(str, command)])
    try:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"bench: {command[0]} does not answer") from None
                time.sleep(0.01)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def nginx(directory, port, body):
    """One worker that returns `body` from memory. Yields the worker's process id."""
    configuration = directory / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(f"""
        daemon off; worker_processes 1; {user} pid {directory}/nginx.pid;
        error_log {directory}/nginx-error.log;
        events {{ worker_connections 1024; }}
        http {{
            access_log off;
            keepalive_requests 1000000000;
            keepalive_timeout 1h;
            default_type application/json;
            client_body_temp_path {directory}/b; proxy_temp_path {directory}/p;
            fastcgi_temp_path {directory}/f; uwsgi_temp_path {directory}/u; scgi_temp_path {directory}/s;
            server {{
                listen 127.0.0.1:{port};
                location / {{ return 200 '{"x" * len(body)}'; }}
            }}
        }}
    """)
    with serving([NGINX, "-e", directory / "nginx-error.log", "-c", configuration], port) as master:
        # The master listens before its worker is there.
        while not (workers := Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()):
            time.sleep(0.01)
        yield int(workers[0])


@contextmanager
def tessera(database, port, arguments):
    """`tessera serve` with one event loop. Yields its process id."""
    command = [
        *(TESSERA, "serve", "--listen", f"127.0.0.1:{port}", "--database", f"sqlite:{database}"),
        *("--loops", "1", "--log-level", "warning", "--tokens-per-user", "0", *arguments),
    ]
    with serving(command, port) as process:
        yield process.pid


# MARK: the load


def cpu_seconds(process_id):
    """User and system time of all threads of a process."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(process_id):
    status = Path(f"/proc/{process_id}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)[1]) / 1024


def wrk(port, benchmark, seconds, order=()):
    """One run of load from its core; what wrk counted."""
    tokens = [str(DATA / f"{benchmark.tokens}.txt")] if benchmark.tokens else []
    arguments = (benchmark.path, f"127.0.0.1:{port}", *tokens, *order)
    return run_wrk(port, benchmark.name, seconds, "load.lua", arguments)


def run_wrk(port, name, seconds, script, arguments):
    done = subprocess.run(
        [
            *("taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"),
            *("-s", HERE / script, f"http://127.0.0.1:{port}", "--", *arguments),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=seconds + 60,
    )
    counted = json.loads(done.stdout.splitlines()[-1])
    if counted["failed"]:
        raise SystemExit(f"bench: {name}: {counted['failed']} requests failed on their way")
    return counted


def measure(port, process_id, benchmark, seconds, refused):
    before = cpu_seconds(process_id)
    counted = wrk(port, benchmark, seconds)
    used = cpu_seconds(process_id) - before
    requests = counted["requests"]
    if counted["refused"] != (requests if refused else 0):
        raise SystemExit(f"bench: {benchmark.name}: {counted['refused']} of {requests} were refused")
    return Run(
        per_second=requests / counted["microseconds"] * 1e6,
        cpu_microseconds=used / requests * 1e6,
        p50=counted["p50"],
        p99=counted["p99"],
    )


def answer(port, benchmark):
    """The body of one answer, which nginx is to match in size; checks the status."""
    headers = {}
    if benchmark.tokens:
        with (DATA / f"{benchmark.tokens}.txt").open() as lines:
            headers["Authorization"] = f"Bearer {lines.readline().strip()}"
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", benchmark.path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    if response.status != benchmark.status:
        raise SystemExit(f"bench: {benchmark.name} is answered with {response.status}: {body[:200]!r}")
    return body


def median(runs):
    return Run(
        *(
            statistics.median(getattr(run, name) for run in runs)
            for name in ("per_second", "cpu_microseconds", "p50", "p99")
        )
    )


def run(benchmark, seconds):
    """Both servers stand side by side; the load goes to one after the other, several times."""
    database = DATA / "tessera.db"
    ours, theirs = free_port(), free_port()
    with tessera(database, ours, benchmark.arguments) as our_id:
        body = answer(ours, benchmark)
        with nginx(DATA, theirs, body) as their_id:
            if benchmark.warm:
                warm(ours, benchmark)
            for port in (ours, theirs):
                wrk(port, benchmark, 1)
            pairs = [
                (
                    measure(theirs, their_id, benchmark, seconds, refused=False),
                    measure(ours, our_id, benchmark, seconds, refused=benchmark.status >= 400),
                )
                for _ in range(ROUNDS)
            ]
        megabytes = resident_megabytes(our_id)
    return Result(benchmark, median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs]), megabytes)


def warm(port, benchmark):
    """Sends every token at least once."""
    sent = 0
    while sent < STORED:
        sent += wrk(port, benchmark, 15, order=["all"])["requests"]


# MARK: creation


@dataclass(frozen=True)
class Creation:
    """What the durable creation of tokens reached."""

    run: Run
    megabytes: float

    @property
    def per_core_second(self):
        return 1e6 / self.run.cpu_microseconds


def create(seconds):
    """Concurrent clients make tokens in a copy of the large database; each one answered must stand in the file."""
    database = DATA / "creation.db"
    for path in DATA.glob("creation.db*"):
        path.unlink()
    shutil.copyfile(DATA / "tessera.db", database)
    token = creator(database)
    stored = count_tokens(database)
    port = free_port()
    runs = []
    answered = 0
    with tessera(database, port, ()) as process_id:
        for length in (1, *[seconds] * ROUNDS):
            before = cpu_seconds(process_id)
            counted = run_wrk(port, CREATION, length, "create.lua", (f"127.0.0.1:{port}", token))
            used = cpu_seconds(process_id) - before
            if counted["refused"]:
                raise SystemExit(f"bench: {CREATION}: {counted['refused']} requests were refused")
            requests = counted["requests"]
            answered += requests
            runs.append(
                Run(
                    per_second=requests / counted["microseconds"] * 1e6,
                    cpu_microseconds=used / requests * 1e6,
                    p50=counted["p50"],
                    p99=counted["p99"],
                )
            )
        megabytes = resident_megabytes(process_id)
    made = count_tokens(database) - stored
    if made < answered:
        raise SystemExit(f"bench: {CREATION}: {answered} were answered, but {made} are stored")
    # The first run only warms up.
    return Creation(median(runs[1:]), megabytes)


def creator(database):
    """A token that may make tokens."""
    workspace = ("--database", f"sqlite:{database}")
    email = "creator@bench.example"
    password = "".join(random.SystemRandom().choices(ALPHABET, k=30))
    subprocess.run(
        [TESSERA, "user", "add", email, *workspace],
        input=password + "\n",
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    scopes = ("--scope", "tokens:write", "--scope", "tokens:read")
    command = [TESSERA, "token", "create", "--user", email, "--name", "creator", *scopes, *workspace]
    return subprocess.run(command, text=True, check=True, stdout=subprocess.PIPE).stdout.strip()


def count_tokens(database):
    connection = sqlite3.connect(database)
    try:
        return connection.execute("SELECT count(*) FROM api_token").fetchone()[0]
    finally:
        connection.close()


# MARK: the tokens


def prepare(names):
    """Makes what the benchmarks need, unless it is there from a run before."""
    DATA.mkdir(parents=True, exist_ok=True)
    migrations = sorted((ROOT / "Sources/TesseraStores/SQLite/Migrations").glob("*.sql"))
    version = sha256(b"".join(path.read_bytes() for path in migrations)).hexdigest()
    stamp = DATA / "version"
    if names == {None}:
        return
    if not stamp.exists() or stamp.read_text() != version:
        for path in DATA.glob("tessera.db*"):
            path.unlink()
        command = [
            *(TESSERA, "fixtures", "bulk", "--tokens", STORED, "--tokens-file", DATA / "stored.txt"),
            *("--database", f"sqlite:{DATA / 'tessera.db'}"),
        ]
        print(f"bench: making {STORED:,} tokens", file=sys.stderr)
        subprocess.run([str(part) for part in command], check=True, stdout=sys.stderr)
        stamp.write_text(version)
    for name in names & {"garbage", "unknown"}:
        path = DATA / f"{name}.txt"
        if not path.exists():
            path.write_text("\n".join(flood(name)) + "\n")


def flood(name):
    """Tokens that are refused: for their checksum, or because nobody issued them."""
    chance = random.Random(name)
    for _ in range(FLOOD):
        payload = "tcp_" + "".join(chance.choices(ALPHABET, k=58))
        checksum = zlib.crc32(payload.encode())
        yield payload + base62(checksum ^ 1 if name == "garbage" else checksum)


def base62(number):
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return digits


# MARK: the report

COLUMNS = [
    "benchmark",
    "nginx/s",
    "Tessera/s",
    "nginx CPU µs",
    "Tessera CPU µs",
    "ratio by rate",
    "ratio by CPU",
    "reach",
    "p50 µs",
    "p99 µs",
    "MB",
]


def cells(result):
    reach = result.benchmark.reach
    return [
        result.benchmark.name,
        f"{result.nginx.per_second:,.0f}",
        f"{result.tessera.per_second:,.0f}",
        f"{result.nginx.cpu_microseconds:.2f}",
        f"{result.tessera.cpu_microseconds:.2f}",
        f"{result.rate_ratio:.2f}",
        f"{result.cpu_ratio:.2f}",
        "" if reach is None else f"≥ {reach:.2f}",
        f"{result.tessera.p50:,.0f}",
        f"{result.tessera.p99:,.0f}",
        f"{result.megabytes:.0f}",
    ]


def table(results):
    return markdown([COLUMNS, *(cells(result) for result in results)])


CREATION_COLUMNS = [
    "benchmark",
    "Tessera/s",
    "Tessera CPU µs",
    "per second and core",
    "reach",
    "p50 µs",
    "p99 µs",
    "MB",
]


def creation_table(creation):
    cells = [
        CREATION,
        f"{creation.run.per_second:,.0f}",
        f"{creation.run.cpu_microseconds:.2f}",
        f"{creation.per_core_second:,.0f}",
        f"≥ {CREATION_REACH:,}",
        f"{creation.run.p50:,.0f}",
        f"{creation.run.p99:,.0f}",
        f"{creation.megabytes:.0f}",
    ]
    return markdown([CREATION_COLUMNS, cells])


def markdown(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(row):
        names, *numbers = row
        padded = [names.ljust(widths[0])]
        padded += [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 1) + "-:"[column > 0] for column, width in enumerate(widths)) + "|"
    return "\n".join([line(rows[0]), rule, *map(line, rows[1:])])


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().splitlines()[0]


def machine():
    """What was measured on, as lines of a list."""
    processor = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = int(re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)[1])
    commit = first_line("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
    return [
        f"- {datetime.now(UTC):%Y-%m-%d}, commit {commit}",
        f"- {processor[1] if processor else platform.machine()}, {os.cpu_count()} cores, "
        f"{memory / 1024 / 1024:.0f} GB, Linux {platform.release().split('-')[0]}",
        f"- {first_line('swift', '--version')}",
        f"- {first_line(NGINX, '-v')}, {first_line('wrk', '-v').partition(' [')[0]}",
    ]


REPORT = """# Results

{machine}

{table}

{what}

The server runs on one core with one event loop, the load (wrk, one thread, {connections} connections) on another.
nginx is one worker that returns a body of the same size from memory, to the same requests. Each number is the median
of {rounds} runs of {seconds} s, the two servers in turns.

*Ratio by CPU* is nginx's CPU time for a request over Tessera's (user and system, all threads of the process): 1 is as
cheap as nginx, and *reach* is what it should be at least. *Ratio by rate* is Tessera's requests per second over
nginx's; where the load generator is the limit, it says less. *MB* is the resident memory after the runs.

{creation}

**creation**: `POST /api/tokens` by {connections} clients at once, into a file of 1,000,000 tokens. Each answer means
that the token is durable (`synchronous=FULL`); afterwards the file must hold all that were answered. The server stays
on its one core; *per second and core* is one second over its CPU time for each, as if it never waited for the disk.

To repeat it: `script/bench`; one of them: `script/bench NAME`.
"""


def report(results, creation, seconds):
    return REPORT.format(
        creation=creation_table(creation),
        machine="\n".join(machine()),
        table=table(results),
        what="\n".join(f"- **{result.benchmark.name}**: {result.benchmark.what}" for result in results),
        connections=CONNECTIONS,
        rounds=ROUNDS,
        seconds=seconds,
    )


def main():
    names = [*(benchmark.name for benchmark in BENCHMARKS), CREATION]
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--list", action="store_true", help="say what there is, and what each has to reach")
    parser.add_argument("--seconds", type=int, default=5, help="length of a run (default 5)")
    options = parser.parse_args()
    if options.list:
        for benchmark in BENCHMARKS:
            print(f"{benchmark.name:12} {benchmark.what}")
        print(f"{CREATION:12} `POST /api/tokens`, durable; at least {CREATION_REACH:,} per second and core")
        return
    unknown = set(options.names) - set(names)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if (os.cpu_count() or 1) < 2:
        raise SystemExit("bench: two cores are needed, one for the server and one for the load")
    chosen = [benchmark for benchmark in BENCHMARKS if benchmark.name in (options.names or names)]
    creates = CREATION in (options.names or names)
    prepare({benchmark.tokens for benchmark in chosen} | ({"stored"} if creates else set()))
    results = []
    for benchmark in chosen:
        print(f"bench: {benchmark.name}", file=sys.stderr)
        results.append(run(benchmark, options.seconds))
    if results:
        print(table(results))
    if creates:
        print(f"bench: {CREATION}", file=sys.stderr)
        creation = create(options.seconds)
        print(creation_table(creation))
    if not options.names:
        (HERE / "results.md").write_text(report(results, creation, options.seconds))


if __name__ == "__main__":
    main()
