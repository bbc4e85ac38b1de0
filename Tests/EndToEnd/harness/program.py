"""The programs of this project, run as processes."""

import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from harness.ports import free_port

ROOT = Path(__file__).resolve().parents[3]
TESSERA = Path(os.environ.get("TESSERA_BINARY", ROOT / ".build/release/tessera"))
DRAGON_TREASURE = Path(
    os.environ.get("DRAGON_TREASURE_BINARY", ROOT / "Examples/DragonTreasure/.build/release/dragon-treasure")
)

ADMIN = ("keeper@example.com", "keeper-of-the-hoard")
USER = ("ember@example.com", "a-hoard-of-old-gold")


def poll(what, ask, seconds=10.0):
    """Repeats a question until the answer is true, and returns the answer; fails after the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.005)


def database_url(database):
    """The URL of a database; a path means a SQLite file."""
    return str(database) if "://" in str(database) else f"sqlite:{database}"


def clean_environment():
    """The present environment, without settings that would affect the programs under test."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TESSERA_")}


def tessera(*arguments, stdin="", database=None, timeout=60, prefix=()):
    """Runs one command of `tessera` to its end; `prefix` is a program to run it by.

    `database` is the path of a file, or a whole URL.
    """
    command = [*prefix, TESSERA, *arguments]
    if database is not None:
        command += ["--database", database_url(database)]
    return subprocess.run(
        [str(part) for part in command],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
        env=clean_environment(),
    )


@dataclass
class Server:
    """A serving program with its own directory, database and logs. Stops with the `with` block."""

    binary: Path
    directory: Path
    arguments: tuple = ()
    host: str = "127.0.0.1"
    listen: str = ""
    scheme: str = "http"
    port: int = 0
    # A URL; by default, a separate SQLite file.
    database_url: str = ""
    # Further environment variables.
    environment: dict = field(default_factory=dict)
    # -1 for the value of the tests.
    umask: int = -1
    process: subprocess.Popen = field(default=None, init=False)

    @property
    def database(self):
        return self.directory / "tessera.db"

    @property
    def authority(self):
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def url(self):
        return f"{self.scheme}://{self.authority}"

    @property
    def output(self):
        return (self.directory / "stdout").read_text(errors="replace")

    @property
    def log(self):
        return (self.directory / "stderr").read_text(errors="replace")

    def spawn(self):
        """Starts the process without waiting for it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = self.port or free_port(socket.AF_INET6 if ":" in self.host else socket.AF_INET)
        command = [
            *(self.binary, "serve", *self.arguments),
            *("--listen", self.listen or self.authority),
            *("--database", self.database_url or database_url(self.database)),
        ]
        with (self.directory / "stdout").open("ab") as out, (self.directory / "stderr").open("ab") as errors:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                env=clean_environment() | self.environment,
                cwd=self.directory,
                umask=self.umask,
            )
        return self

    def start(self):
        """Starts the process and returns when it is ready."""
        self.spawn()
        poll("the server is ready", self.is_ready, seconds=20)
        return self

    def is_ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}: {self.log}")
        with suppress(httpx.TransportError), self.client() as client:
            return client.get("/readyz").status_code == 200
        return False

    def client(self, **options):
        options.setdefault("verify", False)
        options.setdefault("timeout", 10)
        if self.listen.startswith("unix:"):
            options.setdefault("transport", httpx.HTTPTransport(uds=self.listen.removeprefix("unix:")))
        return httpx.Client(base_url=self.url, trust_env=False, **options)

    def kill(self):
        """Kills the process."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """Stops the process as an operator would, and returns its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()


def dragon_treasure(directory, *arguments, **options):
    """The Dragon Treasure API with its development data."""
    return Server(DRAGON_TREASURE, Path(directory), ("--fixtures", *arguments), **options)


def tessera_server(directory, *arguments, **options):
    """`tessera serve` without the limit on tokens, for tests that make many."""
    options["environment"] = {"TESSERA_TOKENS_PER_USER": "0"} | options.get("environment", {})
    return Server(TESSERA, Path(directory), arguments, **options)
