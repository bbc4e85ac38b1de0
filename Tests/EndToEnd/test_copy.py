"""`tessera migrate copy`: an installation moves from SQLite to PostgreSQL, and its tokens stay valid."""

import json
import signal
import subprocess

import pytest

from harness.postgres import Postgres
from harness.program import TESSERA, clean_environment, poll, tessera, tessera_server

TOKENS = 60_000


@pytest.fixture
def postgres():
    with Postgres() as server:
        assert tessera("migrate", "up", database=server.url).returncode == 0
        yield server


@pytest.fixture
def source(tmp_path):
    """A database with a person and many tokens, and the file of these tokens."""
    database = tmp_path / "source.db"
    done = tessera("user", "add", "ada@example.com", database=database, stdin="a long enough password\n")
    assert done.returncode == 0, done.stderr
    tokens = tmp_path / "tokens"
    done = tessera("fixtures", "bulk", "--tokens", TOKENS, "--tokens-file", tokens, database=database)
    assert done.returncode == 0, done.stderr
    return database, tokens.read_text().split()


def copy_command(database, postgres):
    return ["migrate", "copy", "--from", f"sqlite:{database}", "--to", postgres.url]


def copied(postgres):
    return int(postgres.execute("SELECT count(*) FROM api_token", "tessera")[0])


def test_a_copy_that_was_killed_goes_on_and_every_token_works(tmp_path, source, postgres):
    database, tokens = source
    command = [str(TESSERA), *copy_command(database, postgres)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=clean_environment()) as running:
        poll("some tokens are copied", lambda: copied(postgres) > 0, seconds=20)
        running.send_signal(signal.SIGKILL)
    assert copied(postgres) < TOKENS
    done = tessera(*copy_command(database, postgres), "--json")
    assert done.returncode == 0, done.stderr
    rows = {table["table"]: table["rows"] for table in json.loads(done.stdout)}
    assert rows["api_token"] == TOKENS
    assert rows["account"] == 1_001
    with tessera_server(tmp_path / "node", database_url=postgres.url) as server, server.client() as client:
        for token in (tokens[0], tokens[TOKENS // 2], tokens[-1]):
            assert client.get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    # From now on, the copy is a separate installation.
    again = tessera(*copy_command(database, postgres))
    assert again.returncode == 1
    assert "holds an installation already" in again.stderr


def test_what_cannot_be_copied_is_said_in_a_line(tmp_path, populated, postgres):
    database = populated
    with Postgres() as empty:
        unmigrated = tessera(*copy_command(database, empty))
        assert unmigrated.returncode == 1
        assert "waits for migrations" in unmigrated.stderr
    missing = tessera(*copy_command(tmp_path / "missing.db", postgres))
    assert missing.returncode == 1
    wrong = tessera("migrate", "copy", "--from", postgres.url, "--to", f"sqlite:{database}")
    assert wrong.returncode == 2
    assert "--from must be a SQLite file" in wrong.stderr
