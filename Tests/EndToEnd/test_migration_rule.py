"""The rule for creating and migrating a SQLite file, tested with every command."""

import json
import re
import sqlite3

import pytest

from harness.ports import free_port
from harness.program import ROOT, tessera, tessera_server
from harness.tokens import unknown_token

PASSWORD = "a long enough password\n"
ADA = "ada@example.com"
ID = "0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10"
SERVE = ["serve", "--listen", "127.0.0.1:PORT"]

# Exceptions are named where they apply.
READING = {
    "backup": ["backup", "FILE"],
    "explain": ["explain", ID],
    "explain --recent": ["explain", "--recent", "10"],
    "scope list": ["scope", "list"],
    "status": ["status"],
    "token inspect": ["token", "inspect"],
    "token list": ["token", "list"],
    "token requests": ["token", "requests", ID],
    "user list": ["user", "list"],
}
CHANGING = {
    "fixtures bulk": ["fixtures", "bulk", "--tokens", "1", "--tokens-file", "FILE"],
    "fixtures load": ["fixtures", "load"],
    "scope add": ["scope", "add", "hoard:count", "Count the hoard"],
    "scope remove": ["scope", "remove", "hoard:count"],
    "serve": SERVE,
    "token create": ["token", "create", "--user", ADA, "--name", "n"],
    "token disable": ["token", "disable", ID],
    "token enable": ["token", "enable", ID],
    "token expire": ["token", "expire", ID, "--expires", "30d"],
    "token prune": ["token", "prune"],
    "token rename": ["token", "rename", ID, "n"],
    "token revoke": ["token", "revoke", ID],
    "token revoke --all": ["token", "revoke", "--all", "--user", ADA],
    "token rotate": ["token", "rotate", ID],
    "user add": ["user", "add", "new@example.com"],
    "user disable": ["user", "disable", ADA],
    "user enable": ["user", "enable", ADA],
    "user password": ["user", "password", ADA],
    "user remove": ["user", "remove", ADA],
}
# Of these, `serve` would not end.
ENDING = {name: command for name, command in CHANGING.items() if name != "serve"}


def table(commands):
    return pytest.mark.parametrize("command", commands.values(), ids=commands.keys())


def run(command, database, tmp_path):
    words = [
        word.replace("PORT", str(free_port())).replace("FILE", str(tmp_path / "output")) for word in command
    ]
    stdin = unknown_token() if "inspect" in command else PASSWORD
    return tessera(*words, database=database, stdin=stdin, timeout=20)


def applied(database):
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT version FROM schema_migration WHERE set_name = 'tessera' ORDER BY 1")
        return [version for (version,) in rows]


EVERY_VERSION = sorted(
    int(path.name[1:5]) for path in (ROOT / "Sources/TesseraStores/SQLite/Migrations").glob("v*.up.sql")
)


def one_line(done):
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout == ""
    [line] = done.stderr.strip().splitlines()
    return line


def test_every_command_is_in_the_table():
    """A new command has to be classified here."""
    known = {name.partition(" --")[0] for name in (*READING, *CHANGING)}
    known |= {"migrate status", "migrate up", "migrate down", "migrate copy", "restore"}
    found = set()
    for group in names_in_help():
        below = names_in_help(group)
        found |= {f"{group} {name}" for name in below} if below else {group}
    assert found == known


def names_in_help(*path):
    text = tessera(*path, "--help").stdout
    _, heading, rest = text.partition("Commands:\n")
    lines = rest.split("\n\n")[0].splitlines() if heading else []
    # Continuation lines of summaries are indented further.
    return [line.split()[0] for line in lines if re.match(r"  \S", line)]


class TestWithoutAFile:
    @table(READING)
    def test_a_command_that_reads_makes_none_and_says_so(self, command, tmp_path):
        database = tmp_path / "missing.db"
        line = one_line(run(command, database, tmp_path))
        assert "no such file" in line
        assert str(database) in line
        assert not list(tmp_path.glob("missing.db*"))

    @table(ENDING)
    def test_a_command_that_changes_something_makes_it(self, command, tmp_path):
        database = tmp_path / "missing.db"
        run(command, database, tmp_path)
        assert applied(database)

    def test_the_status_of_migrations_makes_none(self, tmp_path):
        database = tmp_path / "missing.db"
        done = tessera("migrate", "status", "--json", database=database)
        assert done.returncode == 0
        assert not any(entry["applied"] for entry in json.loads(done.stdout))
        assert "no such file" in done.stderr
        assert not list(tmp_path.glob("missing.db*"))

    def test_nothing_is_taken_back(self, tmp_path):
        database = tmp_path / "missing.db"
        assert "no such file" in one_line(tessera("migrate", "down", database=database))
        assert not list(tmp_path.glob("missing.db*"))


class TestAnEmptyFile:
    @table(READING | {"migrate down": ["migrate", "down"]})
    def test_a_command_that_reads_leaves_it_empty(self, command, tmp_path):
        database = tmp_path / "empty.db"
        database.touch()
        line = one_line(run(command, database, tmp_path))
        assert "empty" in line
        assert "tessera migrate up" in line
        assert database.stat().st_size == 0
        assert list(tmp_path.glob("empty.db*")) == [database]

    def test_a_command_that_changes_something_makes_a_database_of_it(self, tmp_path):
        database = tmp_path / "empty.db"
        database.touch()
        assert tessera("user", "add", ADA, database=database, stdin=PASSWORD).returncode == 0
        assert applied(database)


@table(READING | CHANGING | {name: ["migrate", name] for name in ("status", "up", "down")})
def test_a_file_that_is_no_database_is_left_alone(command, tmp_path):
    database = tmp_path / "text.db"
    content = b"no database" * 2000
    database.write_bytes(content)
    assert str(database) in one_line(run(command, database, tmp_path))
    assert database.read_bytes() == content


class TestMigratedDown:
    @pytest.fixture
    def held(self, populated):
        assert tessera("migrate", "down", "--to", "61", "--yes", database=populated).returncode == 0
        assert applied(populated)[-1] == 61
        return populated

    # A backup copies the present state, and `status` shows it: see below.
    @table({name: words for name, words in (READING | CHANGING).items() if name not in ("backup", "status")})
    def test_no_command_migrates_up_again(self, command, held, tmp_path):
        line = one_line(run(command, held, tmp_path))
        assert "72 (claims)" in line
        assert "tessera migrate up" in line
        assert applied(held)[-1] == 61

    def test_status_and_backup_leave_it_as_it_is(self, held, tmp_path):
        shown = tessera("status", database=held)
        assert "72 (claims)" in shown.stdout
        assert "tessera migrate up" in shown.stdout
        assert tessera("backup", tmp_path / "copy", database=held).returncode == 0
        assert tessera("migrate", "status", database=held).returncode == 0
        assert applied(held)[-1] == 61
        # The copy keeps the reverted migrations reverted.
        assert "72 (claims)" in one_line(tessera("token", "list", database=tmp_path / "copy"))

    def test_migrate_up_migrates_up_again(self, held):
        assert "applied 72 claims" in tessera("migrate", "up", database=held).stderr
        assert ADA in tessera("user", "list", database=held).stdout

    def test_serve_migrates_up_again_when_told(self, held, tmp_path):
        server = tessera_server(tmp_path / "server", "--migrate", database_url=f"sqlite:{held}")
        with server:
            pass
        assert applied(held) == EVERY_VERSION
        with tessera_server(tmp_path / "server", database_url=f"sqlite:{held}"):
            pass

    def test_a_copy_to_postgresql_does_not_migrate_its_source(self, held, tmp_path):
        target = "postgres://nobody@127.0.0.1:1/none"
        done = tessera("migrate", "copy", "--from", f"sqlite:{held}", "--to", target)
        assert "tessera migrate up" in one_line(done)
        assert applied(held)[-1] == 61


def test_a_pending_migration_is_applied_by_commands_that_change_something_only(populated):
    """The database of an old version, not migrated down, as a new version finds it."""
    assert tessera("migrate", "down", "--to", "61", "--yes", database=populated).returncode == 0
    with sqlite3.connect(populated) as connection:
        connection.execute("DELETE FROM schema_hold")
    assert "72 (claims)" in one_line(tessera("user", "list", database=populated))
    assert applied(populated)[-1] == 61
    done = tessera("user", "add", "new@example.com", database=populated, stdin=PASSWORD)
    assert done.returncode == 0, done.stderr
    assert applied(populated) == EVERY_VERSION


