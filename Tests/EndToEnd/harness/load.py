"""A bounded mixed load on `/api/tokens` that records the answers, and so the guarantees to verify."""

import http.client
import json
import random
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from sqlite3 import connect

from harness.people import Person
from harness.program import tessera

EMAIL = "load@example.com"
PASSWORD = "a long enough password\n"


class Connection:
    """One connection with keep-alive, to be used by one thread."""

    def __init__(self, server, token, timeout=10):
        self.http = http.client.HTTPConnection(server.host, server.port, timeout=timeout)
        self.authorization = f"Bearer {token}"

    def ask(self, method, path, value=None, token=None):
        """Status, fields and body of an answer. Raises if the answer is missing or incomplete."""
        headers = {"Authorization": f"Bearer {token}" if token else self.authorization}
        body = None
        if value is not None:
            body = json.dumps(value)
            headers["Content-Type"] = "application/json"
        self.http.request(method, path, body, headers)
        answer = self.http.getresponse()
        return answer.status, answer.headers, answer.read()

    def create(self, name="load"):
        """A new token as the API returned it, or `None` if it was refused."""
        token = {"name": name, "scopes": [], "expires_at": None}
        status, _, body = self.ask("POST", "/api/tokens", token)
        return json.loads(body) if status == 201 else None

    def revoke(self, id):
        return self.ask("DELETE", f"/api/tokens/{id}")[0] == 204

    def accepts(self, token):
        """`True` if a token is accepted, `False` if it is refused; other answers are errors."""
        status, _, body = self.ask("GET", "/api/me", token=token)
        assert status in (200, 401), f"{status}: {body[:200]}"
        return status == 200

    def close(self):
        self.http.close()


def signed_in(server):
    """The user of the load, signed in. A server sees an account made by a command half a second later."""
    server.stop()
    server.start()
    return Person(server.url).sign_in(EMAIL, PASSWORD.strip())


def manager(server):
    """A token that manages tokens, for a user created by the command line."""
    done = tessera("user", "add", EMAIL, database=server.database, stdin=PASSWORD)
    assert done.returncode == 0, done.stderr
    scopes = ("--scope", "tokens:read", "--scope", "tokens:write")
    done = tessera("token", "create", "--user", EMAIL, "--name", "m", *scopes, database=server.database)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@dataclass
class Ledger:
    """A record of the answers. A request without an answer may have taken effect or not."""

    # id → token, for each confirmed creation.
    created: dict = field(default_factory=dict)
    # Ids whose revocation was confirmed, and ids whose revocation was requested.
    revoked: set = field(default_factory=set)
    doubtful: set = field(default_factory=set)
    # Wrong answers.
    wrong: list = field(default_factory=list)
    checks: int = 0

    @property
    def alive(self):
        return {id: token for id, token in self.created.items() if id not in self.revoked | self.doubtful}

    @property
    def ended(self):
        return {id: token for id, token in self.created.items() if id in self.revoked}

    def add(self, other):
        self.created |= other.created
        self.revoked |= other.revoked
        self.doubtful |= other.doubtful
        self.wrong += other.wrong
        self.checks += other.checks

    def assert_holds(self, connection):
        """Asserts every confirmed change, over a connection to a running server."""
        assert not self.wrong, self.wrong[:5]
        lost = [id for id, token in self.alive.items() if not connection.accepts(token)]
        assert not lost, f"{len(lost)} of {len(self.alive)} answered tokens do not exist: {lost[:5]}"
        living = [id for id, token in self.ended.items() if connection.accepts(token)]
        assert not living, f"{len(living)} of {len(self.ended)} revocations do not hold: {living[:5]}"


class Load:
    """Threads that create, check and revoke tokens until stopped, each on its own connection."""

    def __init__(self, server, token, threads=4, seed=0, pause=0.0):
        self.server = server
        self.token = token
        self.pause = pause
        self.stopping = threading.Event()
        self.ledgers = [Ledger() for _ in range(threads)]
        self.threads = [
            threading.Thread(target=self.work, args=(ledger, random.Random(seed * 1000 + number)))
            for number, ledger in enumerate(self.ledgers)
        ]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        """Stops the threads and returns their record."""
        self.stopping.set()
        ledger = Ledger()
        for thread, own in zip(self.threads, self.ledgers, strict=True):
            thread.join()
            ledger.add(own)
        return ledger

    def work(self, ledger, choice):
        with closing(Connection(self.server, self.token)) as connection:
            while not self.stopping.is_set():
                try:
                    self.step(connection, ledger, choice)
                except (OSError, http.client.HTTPException):
                    # No answer: the server is gone, and the test that ended it starts another load.
                    return
                if self.pause:
                    time.sleep(self.pause)

    def step(self, connection, ledger, choice):
        """Sends one request. A thread knows the state of its own tokens: no other thread changes them."""
        what = choice.random()
        if what < 0.4 or not ledger.created:
            made = connection.create()
            if made is None:
                ledger.wrong.append("a creation was refused")
            else:
                ledger.created[made["id"]] = made["token"]
        elif what < 0.6 and ledger.alive:
            id = choice.choice(list(ledger.alive))
            ledger.doubtful.add(id)
            if connection.revoke(id):
                ledger.revoked.add(id)
            else:
                ledger.wrong.append(f"the revocation of {id} was refused")
        else:
            id, token = choice.choice(list(ledger.created.items()))
            ledger.checks += 1
            if connection.accepts(token) == (id in ledger.revoked):
                ledger.wrong.append(f"{id} was {'accepted' if id in ledger.revoked else 'refused'}")


def assert_sound(database):
    """SQLite finds no damage, and every change has its audit event."""
    with closing(connect(database, timeout=10)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        halves = connection.execute(
            """
            SELECT hex(id) FROM api_token WHERE id NOT IN
                (SELECT token_id FROM audit_event WHERE action = 'token.issued')
                AND coalesce(replaces, x'') NOT IN
                (SELECT token_id FROM audit_event WHERE action = 'token.rotated')
            UNION ALL
            SELECT hex(id) FROM api_token WHERE revoked_at IS NOT NULL AND id NOT IN
                (SELECT token_id FROM audit_event WHERE action = 'token.revoked')
            """
        ).fetchall()
        assert not halves, f"changes without their event: {halves[:5]}"
