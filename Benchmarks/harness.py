"""Parts of all measurements: servers on one core, load on another, and tables of the results."""

import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TESSERA = Path(os.environ.get("TESSERA_BINARY", ROOT / ".build/release/tessera"))
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
# Keeps the stored tokens between runs, because making them takes longer than measuring.
DATA = ROOT / ".build/bench"

SERVER_CORE, LOAD_CORE = "0", "1"
CONNECTIONS = 64
ROUNDS = 3


@dataclass(frozen=True)
class Run:
    """One run of load: the number of answers, and their cost for the server."""

    per_second: float
    cpu_microseconds: float
    p50: int
    p99: int


@dataclass(frozen=True)
class Section:
    """The result of one measurement: a table, and its explanation."""

    columns: list
    rows: list
    text: str

    @property
    def table(self):
        return markdown([self.columns, *self.rows])


# MARK: the servers


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def spawned(command):
    """Runs a server on its core until the block ends; yields the process."""
    process = subprocess.Popen(["taskset", "-c", SERVER_CORE, *map(str, command)])
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


@contextmanager
def serving(command, port):
    """The same; yields when the server answers."""
    with spawned(command) as process:
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
        # The master listens before its worker has started.
        while not (workers := Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text().split()):
            time.sleep(0.01)
        yield int(workers[0])


def database_url(database):
    """The URL of a database; a path means a SQLite file."""
    return str(database) if "://" in str(database) else f"sqlite:{database}"


def tessera_command(database, port, arguments, program=TESSERA):
    return [
        *(program, "serve", "--listen", f"127.0.0.1:{port}", "--database", database_url(database)),
        *("--loops", "1", "--log-level", "warning", "--tokens-per-user", "0", *arguments),
    ]


@contextmanager
def tessera(database, port, arguments, program=TESSERA):
    """`tessera serve` with one event loop. Yields its process id."""
    with serving(tessera_command(database, port, arguments, program), port) as process:
        yield process.pid


# MARK: the load


def cpu_seconds(process_id):
    """User and system time of all threads of a process."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(process_id):
    status = Path(f"/proc/{process_id}/status").read_text()
    return int(re.search(r"^VmRSS:\s+(\d+)", status, re.MULTILINE)[1]) / 1024


def run_wrk(port, name, seconds, script, arguments, connections=CONNECTIONS):
    """One run of load from its core; returns the counts of wrk."""
    done = subprocess.run(
        [
            *("taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"),
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


def get(port, path, token=None):
    """Status and body of one answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, body


def metric(port, name):
    """The value of one metric in `/metrics`."""
    _, body = get(port, "/metrics")
    return float(re.search(rf"^{name} (\S+)$", body.decode(), re.MULTILINE)[1])


def first_token(path):
    with path.open() as lines:
        return lines.readline().strip()


def median(runs):
    names = ("per_second", "cpu_microseconds", "p50", "p99")
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in names))


# MARK: tables


def markdown(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(row):
        names, *numbers = row
        padded = [names.ljust(widths[0])]
        padded += [number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True)]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "|".join("-" * (width + 1) + "-:"[column > 0] for column, width in enumerate(widths)) + "|"
    return "\n".join([line(rows[0]), rule, *map(line, rows[1:])])
