"""Three nodes on one PostgreSQL, a load on all of them, and the guarantees that hold through all failures."""

import http.client
import json
import random
import threading
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from harness.load import EMAIL, PASSWORD, Connection
from harness.postgres import Postgres, Standby
from harness.program import poll, tessera, tessera_server
from harness.proxy import Proxy

# The time for which a revoked token may still be accepted (Documentation/postgresql.md), in seconds.
BOUND = 3.0


@dataclass
class Cluster:
    """The database and its nodes; ends with the `with` block."""

    directory: object
    # Options of each node, by its number.
    environments: dict = field(default_factory=dict)
    settings: tuple = ()
    # The numbers of the nodes that reach the database over a proxy, for which see `proxies`.
    proxied: tuple = ()
    # `True` if the nodes look up tokens at a `standby`.
    has_replica: bool = False

    def __enter__(self):
        with ExitStack() as stack:
            self.postgres = stack.enter_context(Postgres(settings=self.settings))
            self.run("migrate", "up")
            self.run("user", "add", EMAIL, stdin=PASSWORD)
            scopes = ("--scope", "tokens:read", "--scope", "tokens:write")
            self.token = self.run("token", "create", "--user", EMAIL, "--name", "m", *scopes)
            self.proxies = {
                number: stack.enter_context(Proxy(self.postgres.port)) for number in self.proxied
            }
            replica = {}
            if self.has_replica:
                self.standby = stack.enter_context(Standby(primary=self.postgres))
                replica["TESSERA_REPLICA"] = self.standby.url
            self.nodes = [
                stack.enter_context(
                    tessera_server(
                        self.directory / f"node-{number}",
                        database_url=self.url(number),
                        environment=replica | self.environments.get(number, {}),
                    )
                )
                for number in range(3)
            ]
            for node in self.nodes:
                self.wait_until_heard(node)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self.stack.close()

    def url(self, number):
        """The URL by which a node reaches the database."""
        proxy = self.proxies.get(number)
        url = self.postgres.url
        return url.replace(f":{self.postgres.port}/", f":{proxy.port}/") if proxy else url

    def run(self, *arguments, stdin=""):
        done = tessera(*arguments, database=self.postgres.url, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def wait_until_heard(self, node, seconds=30):
        """Waits until a node uses its cache, because it receives notifications."""
        with node.client() as client:
            poll(
                "it hears the others",
                lambda: "tessera_token_cache_bypassed 0" in client.get("/metrics").text,
                seconds=seconds,
            )

    def recover(self):
        """Waits until every node answers and receives notifications again, without help."""
        for node in self.nodes:
            poll("it is ready", node.is_ready, seconds=30)
            self.wait_until_heard(node)


class Watch:
    """Threads that make, revoke and check tokens on every node, and record each confirmation and its time."""

    def __init__(self, cluster, seed=0, pause=0.002):
        self.cluster = cluster
        self.pause = pause
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        # id → token, for each confirmed creation.
        self.created = {}
        # Ids whose revocation was requested, and the times of confirmation.
        self.asked = set()
        self.revoked = {}
        # Answers that must never occur.
        self.wrong = []
        self.checks = self.unanswered = self.unavailable = 0
        # The longest time between a confirmed revocation and the start of a check that was still accepted.
        self.latest = 0.0
        jobs = [self.change] * 3 + [self.check] * 3
        self.threads = [
            threading.Thread(target=self.work, args=(job, number % 3, random.Random(seed * 100 + number)))
            for number, job in enumerate(jobs)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        poll("there are tokens", lambda: len(self.created) > 30 and len(self.revoked) > 10, seconds=30)
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def goes_on(self, count=50):
        """Returns when this many further changes have been confirmed."""
        before = len(self.created) + len(self.revoked)
        poll("changes go on", lambda: len(self.created) + len(self.revoked) > before + count, seconds=60)

    def work(self, job, node, choice):
        while not self.stopping.is_set():
            with closing(Connection(self.cluster.nodes[node], self.cluster.token)) as connection:
                try:
                    while not self.stopping.is_set():
                        job(connection, choice)
                        time.sleep(self.pause)
                except (OSError, http.client.HTTPException):
                    # The node or the connection is gone; the change may have taken effect or not.
                    with self.lock:
                        self.unanswered += 1
                    time.sleep(self.pause)

    def expect(self, status, expected, body):
        """`True` for the expected status; counts 503, an unknown outcome, and records others as wrong."""
        with self.lock:
            if status == 503:
                self.unavailable += 1
            elif status != expected:
                self.wrong.append(f"{status} instead of {expected}: {body[:200]}")
        return status == expected

    def change(self, connection, choice):
        with self.lock:
            alive = [id for id in self.created if id not in self.asked]
            id = choice.choice(alive) if len(alive) > 20 and choice.random() < 0.5 else None
            if id:
                self.asked.add(id)
        if id:
            status, _, body = connection.ask("DELETE", f"/api/tokens/{id}")
            if self.expect(status, 204, body):
                with self.lock:
                    self.revoked[id] = time.monotonic()
        else:
            value = {"name": "load", "scopes": [], "expires_at": None}
            status, _, body = connection.ask("POST", "/api/tokens", value)
            if self.expect(status, 201, body):
                made = json.loads(body)
                with self.lock:
                    self.created[made["id"]] = made["token"]

    def check(self, connection, choice):
        with self.lock:
            # Recently revoked tokens are checked nearly as often as valid ones.
            recent = list(self.revoked)[-20:]
            pool = recent if recent and choice.random() < 0.4 else list(self.created)
            id = choice.choice(pool) if pool else None
            if id is None:
                return
            token, since, wasAsked = self.created[id], self.revoked.get(id), id in self.asked
        began = time.monotonic()
        status, _, body = connection.ask("GET", "/api/me", token=token)
        with self.lock:
            self.checks += 1
            if status == 503:
                self.unavailable += 1
            elif status == 200:
                if since is not None:
                    self.latest = max(self.latest, began - since)
                    if began - since > BOUND:
                        self.wrong.append(f"accepted {began - since:.2f} s after its revocation was confirmed")
            elif status != 401:
                self.wrong.append(f"{status}: {body[:200]}")
            elif not wasAsked and id not in self.asked:
                self.wrong.append("an honest token was refused")

    def assert_holds(self):
        """Asserts every confirmed change on every node. Returns figures to print."""
        self.cluster.recover()
        self.goes_on(10)
        self.stop()
        assert not self.wrong, self.wrong[:5]
        alive = [id for id in self.created if id not in self.asked]
        assert alive and self.revoked
        for node in self.cluster.nodes:
            with closing(Connection(node, self.cluster.token)) as connection:
                lost = [id for id in alive if not connection.accepts(self.created[id])]
                assert not lost, f"{len(lost)} of {len(alive)} confirmed tokens do not exist"
                living = [id for id in self.revoked if connection.accepts(self.created[id])]
                assert not living, f"{len(living)} of {len(self.revoked)} revocations do not hold"
        return {
            "tokens": len(self.created),
            "revoked": len(self.revoked),
            "checks": self.checks,
            "503": self.unavailable,
            "unanswered": self.unanswered,
            "accepted at the latest after": f"{self.latest:.3f} s",
        }
