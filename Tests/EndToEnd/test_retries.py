"""Requests and forms that are sent twice, to a server that is killed in between."""

import json
import re

import pytest

from harness.people import Person
from harness.program import tessera, tessera_server
from harness.wire import exchange

ADA = ("ada@example.com", "a long enough password")
ORDER = {"name": "script", "scopes": ["tokens:read"]}


def run(server, *arguments, stdin=""):
    done = tessera(*arguments, database=server.database, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def tokens(server):
    return json.loads(run(server, "token", "list", "--json"))


@pytest.fixture
def server(tmp_path):
    with tessera_server(tmp_path) as server:
        run(server, "user", "add", ADA[0], stdin=f"{ADA[1]}\n")
        yield server


@pytest.fixture
def token(server):
    arguments = ("--user", ADA[0], "--name", "n", "--scope", "tokens:read", "--scope", "tokens:write")
    return run(server, "token", "create", *arguments)


def create(server, token, key):
    with server.client() as client:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
        return client.post("/api/tokens", json=ORDER, headers=headers)


def test_a_key_holds_across_a_restart(server, token):
    first = create(server, token, '"k"')
    assert first.status_code == 201
    server.kill()
    server.start()
    second = create(server, token, '"k"')
    assert second.status_code == 201
    assert second.headers["location"] == first.headers["location"]
    assert "token" not in second.json()
    assert len(tokens(server)) == 2
    assert first.json()["token"].encode() not in server.database.read_bytes()
    assert "claims" in run(server, "status")


def test_a_form_holds_across_a_restart(server):
    ada = Person(server.url).sign_in(*ADA)
    form = ada.form_with("/settings/tokens/new", "name", "once")
    first = ada.submit("/settings/tokens/new", form, name="Laptop", expires="30d")
    [secret] = re.findall(r"tcp_[0-9A-Za-z]{64}", first.text)[:1]
    server.kill()
    server.start()
    again = ada.submit("/settings/tokens/new", form, name="Laptop", expires="30d")
    assert "This token was created already" in again.text
    assert secret not in again.text
    [token] = tokens(server)
    assert token["last_four"] in again.text
    assert f'/settings/tokens/{token["id"]}' in again.text


@pytest.mark.parametrize("length", ["", "Content-Length: 0\r\n"])
def test_a_rotation_needs_no_body(server, token, length):
    [entry] = tokens(server)
    request = (
        f"POST /api/tokens/{entry['id']}/rotate HTTP/1.1\r\nHost: {server.authority}\r\n"
        f"Authorization: Bearer {token}\r\n{length}Connection: close\r\n\r\n"
    )
    [answer] = exchange((server.host, server.port), request.encode()).answers()
    assert answer.status == 201, answer
    assert len(tokens(server)) == 2
