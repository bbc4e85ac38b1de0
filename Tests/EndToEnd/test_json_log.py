"""`tessera serve --log-format json`: every line of a session is an object, and holds no secret."""

import json
import re
import signal
import subprocess
from datetime import UTC, datetime

import pytest

from harness.machine import blocks
from harness.people import Person
from harness.program import ROOT, poll, tessera, tessera_server
from harness.tokens import mistyped
from harness.wire import exchange

ADA = "ada@example.com"
PASSWORD = "a long enough password"
# The bytes after the slash.
HOSTILE = [
    b'a"b\\c',
    b"%0d%0a%22%7d%0a{%22level%22:%22forged%22}",
    b"%1b%5b2J%07%7f",
    b"%ff%fe%80",
    b"%00",
    b"\xff\xfe\x1b",
    b"%e0%80%af%ed%a0%80",
    b"<redacted>%3Cscript%3E",
    b"x" * 7000,
]
# Only requests that reach a handler; malformed requests are refused unread and have no line.
REQUESTS = {
    b"%22%7D,%7B%22level%22:%22forged%22%7D": "/%22%7D%2C%7B%22level%22%3A%22forged%22%7D",
    b"%C3%A9%E2%80%A8%C2%85%C2%9B2J": "/%C3%A9%E2%80%A8%C2%85%C2%9B2J",
    b"%F0%9F%94%91": "/%F0%9F%94%91",
}
AGENTS = [b'Mozilla" ,"level":"forged', b"\xff\xfe\x80", b"\t{}\t", b"agent-of-chaos"]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A server after many different events, stopped."""
    directory = tmp_path_factory.mktemp("json-log")
    settings = ("--log-format", "json", "--log-level", "debug", "--drain", "1s")
    made = tessera("user", "add", ADA, database=directory / "tessera.db", stdin=PASSWORD)
    assert made.returncode == 0, made.stderr
    with tessera_server(directory, *settings) as server:
        yield Session(server)


class Session:
    def __init__(self, server):
        person = Person(server.url).sign_in(ADA, PASSWORD)
        self.secrets = [PASSWORD, *person.cookies.values()]
        create = ("token", "create", "--user", ADA, "--name", "script")
        self.token = tessera(*create, database=server.database).stdout.strip()
        wrong = mistyped(self.token)
        for token in (self.token, wrong):
            self.secrets += [token, token[4:24], token[40:62]]
        address = (server.host, server.port)
        for path in [
            *HOSTILE,
            *REQUESTS,
            self.token.encode(),
            b"%0a" + wrong.encode(),
            b"?access_token=" + wrong.encode(),
        ]:
            for agent in AGENTS:
                head = b"GET /%s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n" % (
                    path,
                    server.authority.encode(),
                    agent,
                )
                field = b"Authorization: Bearer %s\r\nConnection: close\r\n\r\n" % wrong.encode()
                exchange(address, head + field)
        with server.client(headers={"Authorization": f"Bearer {self.token}"}) as client:
            self.accepted = client.get("/api/me")
            self.refused = client.get("/api/tokens")
            client.get("/api/me", headers={"Origin": 'https://evil.example"\\'})
        person.get("/settings/tokens")
        server.process.send_signal(signal.SIGTERM)
        poll("it has ended", lambda: server.process.poll() is not None)
        self.bytes = (server.directory / "stderr").read_bytes()
        self.lines = [strictly(line) for line in self.bytes.decode().splitlines()]

    def named(self, message):
        return [line for line in self.lines if line["message"] == message]


def strictly(line):
    """The object on a line; a duplicate member or a constant outside JSON is an error."""

    def once(pairs):
        assert len(dict(pairs)) == len(pairs), line
        return dict(pairs)

    read = json.loads(line, object_pairs_hook=once, parse_constant=pytest.fail)
    assert isinstance(read, dict), line
    return read


def test_every_line_is_an_object_with_time_level_and_message(session):
    assert session.bytes.endswith(b"\n")
    assert {line["path"] for line in session.named("request")} >= set(REQUESTS.values())
    for line in session.lines:
        assert list(line)[:3] == ["time", "level", "message"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", line["time"])
        assert abs((datetime.now(UTC) - datetime.fromisoformat(line["time"])).total_seconds()) < 600
        assert line["level"] in ("debug", "info", "warning", "error")


def test_no_byte_of_it_is_a_control_character(session):
    text = session.bytes.decode()
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", text)


def test_no_secret_and_no_user_agent_is_in_it(session):
    for secret in [*session.secrets, "forged\x22", "agent-of-chaos", "access_token"]:
        assert secret.encode() not in session.bytes
    assert "<redacted>" in session.bytes.decode()


def test_a_request_is_told_with_its_facts(session):
    identifier = session.accepted.headers["X-Request-Id"]
    [line] = [line for line in session.named("request") if line["request_id"] == identifier]
    assert list(line)[3:] == ["address", "method", "path", "status", "duration_us", "bytes", "request_id"]
    assert (line["address"], line["method"]) == ("127.0.0.1", "GET")
    assert line["bytes"] == len(session.accepted.content)
    assert (line["path"], line["status"]) == ("/api/me", 200)
    assert 0 < line["duration_us"] < 10_000_000


def test_a_refusal_is_told_with_its_facts(session):
    refusal = session.refused.headers["Tessera-Refusal"]
    [line] = [line for line in session.named("refused") if line["refusal"] == refusal]
    assert line["cause"] == "insufficient-scope"
    assert line["needed"] == ["tokens:read"]
    assert line["held"] == []
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/tokens", 403)


def test_its_life_is_told(session):
    messages = [line["message"] for line in session.lines]
    assert re.match(r"tessera \S+ listening on http://127.0.0.1:\d+ ", messages[0])
    assert "draining for 1 second: not ready any more, still serving" in messages


def test_the_format_can_be_set_elsewhere_and_text_is_the_default(tmp_path):
    settings = tmp_path / "tessera.conf"
    settings.write_text("TESSERA_LOG_FORMAT=json\n")
    with tessera_server(tmp_path / "json", "--config", settings) as server:
        assert server.stop() == 0
        assert all(strictly(line) for line in server.log.splitlines())
    with tessera_server(tmp_path / "text") as server:
        assert server.stop() == 0
        assert re.search(
            r"^\S+Z info 127.0.0.1 GET /readyz 200 \d+us \d+ [0-9a-f]{16}$", server.log, re.MULTILINE
        )


def test_another_format_is_refused(database):
    done = tessera("serve", "--log-format", "xml", database=database)
    assert done.returncode == 2
    assert "one of text, json" in done.stderr


def test_the_recipe_finds_slow_requests(session, tmp_path):
    page = (ROOT / "Documentation/operations.md").read_text()
    [recipe] = [code for title, code in blocks(page) if title == "The log"]
    log = tmp_path / "log"
    slow = json.dumps({"message": "request", "path": "/slow", "duration_us": 200_000})
    # A journal also contains lines of systemd.
    log.write_bytes(b"Started tessera.service.\n" + session.bytes + slow.encode() + b"\n")
    prelude = f'journalctl() {{ cat "{log}"; }}\n'
    found = subprocess.check_output(["bash", "-euo", "pipefail", "-c", prelude + recipe], text=True)
    assert '"/slow"' in found
    assert '"/readyz"' not in found
