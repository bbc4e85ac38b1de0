"""A token exists in one response and nowhere else."""

import re
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from uuid import UUID

import pytest

from harness.people import Person
from harness.program import ADMIN, USER, dragon_treasure, poll, tessera
from harness.tokens import mistyped


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A server after the whole life of a few tokens: made, used, mistyped, refused, revoked, looked up."""
    with dragon_treasure(tmp_path_factory.mktemp("secrecy"), "--log-level", "debug") as server:
        yield Life(server)


class Life:
    """The events of the test, and every place where a token may have been left behind."""

    def __init__(self, server):
        self.server = server
        self.person = Person(server.url).sign_in(*USER)
        self.operator = Person(server.url).sign_in(*ADMIN)
        by_page = self.person.create_token("by page", ["treasure:create", "tokens:read", "tokens:write"])
        by_command = self.command("token", "create", "--user", USER[0], "--name", "by command").strip()
        bearer = {"Authorization": f"Bearer {by_page}"}
        with server.client(headers=bearer) as client:
            made = client.post(
                "/api/tokens", json={"name": "by API", "scopes": [], "expires_at": None}
            ).json()
            by_api = made["token"]
            rotated = client.post(f"/api/tokens/{made['id']}/rotate", json={"overlap": "0"})
            self.tokens = [by_page, by_command, by_api]
            if rotated.status_code == 201:
                self.tokens.append(rotated.json()["token"])
            client.post("/api/treasures", json={"name": "A cup", "description": "Of tin."})
            client.post("/api/treasures", content=b"{")
            client.get("/api/users")
            client.delete(f"/api/tokens/{made['id']}")
        self.refusals = []
        for token in (*self.tokens, *map(mistyped, self.tokens)):
            with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
                client.get("/api/treasures", params={"name": token})
                client.get(f"/api/treasures/{token}")
                self.refusals += client.delete("/api/treasures/x").headers.get_list("tessera-refusal")
            with server.client() as client:
                client.get("/api/me", params={"access_token": token})
                client.get(f"/{token}")
                client.get("/api/me", headers={"Authorization": f"Basic {token}", "Referer": f"/{token}"})
        self.command("token", "list")

    def command(self, *arguments):
        done = tessera(*arguments, database=self.server.database)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def secrets(self):
        """The whole tokens, their random parts, and pieces too long to be a coincidence."""
        for token in (*self.tokens, *map(mistyped, self.tokens)):
            yield from (token, token[4:62], token[4:24], token[40:62])

    def assert_absent(self, where, data):
        data = data if isinstance(data, bytes) else data.encode()
        for secret in self.secrets():
            assert secret.encode() not in data, f"a token is in {where}"


def files_of(server):
    return [path for path in Path(server.directory).rglob("*") if path.is_file()]


def test_the_tokens_were_really_used(lived):
    assert len(lived.tokens) >= 3
    assert lived.refusals


def test_no_token_is_in_the_database_or_beside_it(lived):
    files = [path for path in files_of(lived.server) if path.name.startswith("tessera.db")]
    assert files
    for path in files:
        lived.assert_absent(path.name, path.read_bytes())


def test_only_digests_are_at_rest(lived):
    """SHA-256 of the whole string, and at most its last four characters."""
    with closing(connect(lived.server.database)) as connection:
        rows = connection.execute("SELECT * FROM api_token").fetchall()
    values = [value for row in rows for value in row]
    assert any(isinstance(value, bytes) and len(value) == 32 for value in values)
    for token in lived.tokens:
        assert not any(isinstance(value, str) and len(value) > 4 and value in token for value in values)


@pytest.mark.parametrize("file", ["stdout", "stderr"])
def test_no_token_is_in_the_logs(lived, file):
    """Even a token put by mistake into a path or a query."""
    lived.assert_absent(file, (lived.server.directory / file).read_bytes())


def test_the_log_was_written(lived):
    assert lived.server.log


def test_no_token_is_in_the_metrics(lived):
    with lived.server.client() as client:
        lived.assert_absent("/metrics", client.get("/metrics").content)


def test_no_token_is_in_a_page(lived):
    for person in (lived.person, lived.operator):
        for path in ("/", "/settings/tokens", "/settings/tokens/new"):
            lived.assert_absent(path, person.get(path).content)


def test_no_token_is_in_a_refusal(lived):
    # Refusals are stored in batches; until then, only the server knows them.
    with closing(connect(lived.server.database)) as connection:
        for refusal in lived.refusals:
            poll("the refusal is written", lambda id=refusal: is_stored(connection, id))
    for refusal in lived.refusals:
        page = poll("the refusal's page", lambda id=refusal: answered(lived.operator.get(f"/refusals/{id}")))
        lived.assert_absent("a refusal's page", page.content)
        lived.assert_absent("tessera explain", lived.command("explain", refusal))
        lived.assert_absent("tessera explain --json", lived.command("explain", refusal, "--json"))


def test_no_token_is_on_a_command_line_or_in_an_environment(lived):
    for name in ("cmdline", "environ"):
        lived.assert_absent(name, Path(f"/proc/{lived.server.process.pid}/{name}").read_bytes())


def test_no_password_is_anywhere(lived):
    for path in files_of(lived.server):
        data = path.read_bytes()
        if path.name != "stdout":
            assert USER[1].encode() not in data, path.name
            assert ADMIN[1].encode() not in data, path.name


def test_no_session_is_at_rest(lived):
    for path in files_of(lived.server):
        data = path.read_bytes()
        for value in lived.person.cookies.values():
            assert len(value) < 16 or value.encode() not in data, path.name


def test_no_token_is_in_an_answer_to_its_misuse(lived):
    """Not even the caller's own input is echoed."""
    for token in lived.tokens:
        with lived.server.client(headers={"Authorization": f"Bearer {mistyped(token)}"}) as client:
            answer = client.get("/api/me")
        lived.assert_absent("a refusal", answer.content + str(answer.headers).encode())


def test_a_token_in_the_log_would_have_been_found(lived):
    """The search itself works: it finds a token that is present."""
    with pytest.raises(AssertionError):
        lived.assert_absent("a text", f"Authorization: Bearer {lived.tokens[0]}")
    assert re.fullmatch(r"tcp_[0-9A-Za-z]{64}", lived.tokens[0])


def is_stored(connection, refusal):
    row = connection.execute("SELECT 1 FROM refusal WHERE id = ?", (UUID(refusal).bytes,))
    return row.fetchone() is not None


def answered(answer):
    return answer if answer.status_code == 200 else None
