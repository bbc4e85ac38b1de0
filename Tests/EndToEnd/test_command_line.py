"""The commands of `tessera`: output, exit status and error messages."""

import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess

import httpx
import pytest

from harness.people import Person
from harness.ports import free_port
from harness.problems import assert_unauthorized
from harness.program import ROOT, TESSERA, poll, tessera, tessera_server
from harness.tokens import REVOKED, mistyped, unknown_token

PASSWORD = "a long enough password\n"
ADA = "ada@example.com"
# A token from a pipe ends with a line end, so the vector with a line end does not apply here.
VECTORS = [
    vector
    for vector in json.loads((ROOT / "Documentation/token-format-vectors.json").read_text())["vectors"]
    if not vector["token"].endswith("\n")
]
TOKEN = re.compile(r"tcp_[0-9A-Za-z]{64}")


def run(database, *arguments, stdin=""):
    """Runs a command that must succeed; returns its output."""
    done = tessera(*arguments, database=database, stdin=stdin)
    assert done.returncode == 0, f"{arguments}: {done.returncode}: {done.stderr}"
    return done.stdout


def shown(database, *arguments, stdin=""):
    """The same as a JSON value."""
    return json.loads(run(database, *arguments, "--json", stdin=stdin))


def assert_fails(done, status=1, word=""):
    """One line on standard error with the reason, nothing on standard output, and no crash."""
    assert done.returncode == status, f"{done.returncode}: {done.stdout}{done.stderr}"
    assert done.stdout == ""
    if status == 1:
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert word.lower() in done.stderr.lower()
    assert "Fatal error" not in done.stderr


def new_token(database, *arguments):
    return run(database, "token", "create", "--user", ADA, "--name", "script", *arguments).strip()


class TestHelp:
    @pytest.mark.parametrize(
        "command",
        [
            *([], ["serve"], ["migrate"], ["user"], ["user", "add"], ["token"], ["token", "create"]),
            *(["scope"], ["scope", "add"], ["explain"], ["fixtures"], ["migrate", "status"]),
        ],
        ids=" ".join,
    )
    def test_help_is_everywhere(self, command):
        done = tessera(*command, "--help")
        assert done.returncode == 0
        assert "usage" in done.stdout.lower()
        assert done.stderr == ""

    def test_the_version_is_printed(self):
        done = tessera("--version")
        assert done.returncode == 0
        assert re.search(r"\d+\.\d+", done.stdout)

    @pytest.mark.parametrize(
        "command",
        [
            *(["nonsense"], ["user"], ["user", "nonsense"], ["user", "add"], ["token", "create"]),
            *(
                ["user", "list", "--nonsense"],
                ["explain"],
                ["serve", "--listen"],
                ["serve", "--listen", "no port"],
            ),
            *(["serve", "--listen", "127.0.0.1:99999"], ["token", "revoke"], ["user", "list", "surplus"]),
        ],
        ids=" ".join,
    )
    def test_wrong_usage_ends_with_2(self, command, database):
        assert_fails(tessera(*command, database=database), status=2)

    def test_a_database_of_an_unknown_kind_is_wrong_usage(self):
        assert_fails(tessera("user", "list", "--database", "mysql://here"), status=2)

    def test_the_environment_names_the_database(self, populated):
        environment = os.environ | {"TESSERA_DATABASE": f"sqlite:{populated}"}
        done = subprocess.run([TESSERA, "user", "list"], env=environment, capture_output=True, text=True)
        assert ADA in done.stdout


class TestUsers:
    def test_the_password_comes_from_standard_input(self, database):
        run(database, "user", "add", ADA, "--username", "ada", stdin=PASSWORD)
        assert ADA in run(database, "user", "list")

    def test_the_password_may_come_from_a_file(self, database, tmp_path):
        file = tmp_path / "password"
        file.write_text(PASSWORD)
        run(database, "user", "add", ADA, "--admin", "--password-file", file)
        [user] = shown(database, "user", "list")
        assert user["email"] == ADA

    @pytest.mark.parametrize("password", ["", "\n", "short\n", "fourteen chars\n"])
    def test_a_password_too_short_is_refused(self, database, password):
        assert_fails(tessera("user", "add", ADA, database=database, stdin=password), word="15")

    def test_a_password_that_is_not_utf8_is_refused(self, database):
        done = subprocess.run(
            [TESSERA, "user", "add", ADA, "--database", f"sqlite:{database}"],
            input=b"\xff" * 20 + b"\n",
            capture_output=True,
        )
        assert done.returncode == 1

    def test_the_same_email_twice_is_refused(self, populated):
        assert_fails(tessera("user", "add", ADA, database=populated, stdin=PASSWORD), word=ADA)

    @pytest.mark.parametrize("email", ["no address", "", "a@", "@b", "a@b@c", "a b@example.com"])
    def test_what_is_no_email_is_refused(self, database, email):
        done = tessera("user", "add", email, database=database, stdin=PASSWORD)
        assert done.returncode in (1, 2)
        assert done.stdout == ""

    @pytest.mark.parametrize("command", [["disable"], ["enable"], ["remove"], ["password"]], ids=" ".join)
    def test_a_user_nobody_knows_is_said(self, populated, command):
        done = tessera("user", *command, "nobody@example.com", database=populated, stdin=PASSWORD)
        assert_fails(done, word="nobody@example.com")

    @pytest.mark.parametrize(("policy", "kept"), [("keep", True), ("revoke", False)])
    def test_a_password_change_keeps_or_revokes_the_tokens(self, populated, policy, kept):
        token = new_token(populated)
        run(populated, "user", "password", ADA, "--tokens", policy, stdin="another long password\n")
        state = shown(populated, "token", "inspect", stdin=token)
        assert ("revoked" in json.dumps(state).lower()) is not kept

    def test_a_removed_user_is_gone(self, populated):
        run(populated, "user", "remove", ADA)
        assert shown(populated, "user", "list") == []

    def test_no_password_is_listed(self, populated):
        assert "argon2" not in json.dumps(shown(populated, "user", "list"))


class TestTokens:
    def test_the_token_is_printed_alone(self, populated):
        printed = run(populated, "token", "create", "--user", ADA, "--name", "script")
        assert TOKEN.fullmatch(printed.removesuffix("\n"))

    def test_it_is_listed_without_its_secret(self, populated):
        token = new_token(populated)
        text = run(populated, "token", "list")
        [listed] = shown(populated, "token", "list", "--user", ADA)
        assert listed["name"] == "script"
        assert token not in text + json.dumps(listed)
        assert token[-4:] in text

    @pytest.mark.parametrize("expires", ["30d", "never", "2099-12-31", "2099-12-31T23:59:59Z"])
    def test_it_expires_as_asked(self, populated, expires):
        new_token(populated, "--expires", expires)
        [listed] = shown(populated, "token", "list")
        expiry = listed["expires_at"]
        assert (expiry is None) is (expires == "never")
        if expires.startswith("2099"):
            assert expiry.startswith("2099-12-31") or expiry.startswith("2100-01-01")

    @pytest.mark.parametrize("expires", ["yesterday", "0d", "-1d", "30", "2001-01-01", "2099-02-30", ""])
    def test_an_expiry_that_is_none_is_refused(self, populated, expires):
        done = tessera(
            *("token", "create", "--user", ADA, "--name", "n", "--expires", expires), database=populated
        )
        assert done.returncode in (1, 2)
        assert done.stdout == ""
        assert shown(populated, "token", "list") == []

    @pytest.mark.parametrize("name", ["", " ", "x" * 10_000])
    def test_a_name_that_is_none_is_refused(self, populated, name):
        done = tessera("token", "create", "--user", ADA, "--name", name, database=populated)
        assert done.returncode in (1, 2)
        assert done.stdout == ""

    def test_a_scope_nobody_knows_is_refused(self, populated):
        done = tessera(
            *("token", "create", "--user", ADA, "--name", "n", "--scope", "no:such"), database=populated
        )
        assert_fails(done, word="no:such")

    def test_a_scope_that_was_added_is_granted(self, populated):
        run(populated, "scope", "add", "repo:read", "Read repositories")
        new_token(populated, "--scope", "repo:read")
        [listed] = shown(populated, "token", "list")
        assert listed["scopes"] == ["repo:read"]

    def test_a_user_nobody_knows_is_said(self, populated):
        done = tessera(
            *("token", "create", "--user", "nobody@example.com", "--name", "n"), database=populated
        )
        assert_fails(done, word="nobody@example.com")

    def test_one_is_revoked_and_says_so(self, populated):
        token = new_token(populated)
        [listed] = shown(populated, "token", "list")
        run(populated, "token", "revoke", listed["id"])
        assert "revoked" in run(populated, "token", "inspect", stdin=token).lower()

    @pytest.mark.parametrize("id", ["nothing", "00000000-0000-0000-0000-000000000000", "'; --"])
    def test_revoking_what_is_none_is_said(self, populated, id):
        done = tessera("token", "revoke", id, database=populated)
        assert done.returncode in (1, 2)
        assert done.stdout == ""

    def test_pruning_an_empty_house_is_fine(self, populated):
        run(populated, "token", "prune")


class TestInspecting:
    def test_without_a_database_it_tells_kind_and_checksum(self, tmp_path):
        done = tessera("token", "inspect", "--offline", stdin=unknown_token() + "\n")
        assert done.returncode == 0, done.stderr
        assert "personal" in done.stdout.lower()
        assert not list(tmp_path.iterdir())

    def test_a_mistyped_token_fails(self):
        done = tessera("token", "inspect", "--offline", stdin=mistyped(unknown_token()))
        assert done.returncode == 1
        assert "checksum" in (done.stdout + done.stderr).lower()

    @pytest.mark.parametrize("text", ["", "\n", "nonsense", "tcp_", "tcp_" + "x" * 100_000, "a b"])
    def test_what_is_no_token_fails(self, text):
        done = tessera("token", "inspect", "--offline", stdin=text)
        assert done.returncode == 1
        assert "Fatal error" not in done.stderr

    @pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
    def test_it_agrees_with_the_vectors_of_the_format(self, vector):
        done = tessera("token", "inspect", "--offline", stdin=vector["token"])
        assert done.returncode == (0 if vector["valid"] else 1), done.stdout + done.stderr

    def test_with_the_database_it_tells_the_state(self, populated):
        assert "ada" in json.dumps(shown(populated, "token", "inspect", stdin=new_token(populated)))

    def test_a_token_nobody_issued_is_unknown(self, populated):
        done = tessera("token", "inspect", database=populated, stdin=unknown_token())
        assert "unknown" in (done.stdout + done.stderr).lower()

    def test_the_token_is_never_repeated(self, populated):
        token = new_token(populated)
        assert token not in run(populated, "token", "inspect", stdin=token)


class TestScopes:
    def test_one_is_added_listed_and_removed(self, database):
        run(database, "scope", "add", "repo:read", "Read repositories")
        scopes = shown(database, "scope", "list")
        assert {"repo:read"} <= {scope["name"] for scope in scopes}
        run(database, "scope", "remove", "repo:read")
        assert "repo:read" not in {scope["name"] for scope in shown(database, "scope", "list")}

    @pytest.mark.parametrize("name", ["", "a b", 'a"b', "a\\b", "ä", "a\tb"])
    def test_a_name_outside_the_grammar_is_refused(self, database, name):
        done = tessera("scope", "add", name, "description", database=database)
        assert done.returncode in (1, 2)
        assert done.stdout == ""


class TestMigrations:
    def test_status_names_each_and_whether_it_is_applied(self, database):
        assert run(database, "migrate", "status")
        assert shown(database, "migrate", "status")

    def test_up_twice_is_up_once(self, database):
        run(database, "migrate", "up")
        before = run(database, "migrate", "status")
        run(database, "migrate", "up")
        assert run(database, "migrate", "status") == before

    def test_down_takes_back_by_version(self, database):
        """Versions are not consecutive, so counting migrations differs from comparing versions."""
        run(database, "migrate", "up")
        versions = [entry["version"] for entry in shown(database, "migrate", "status")]

        def applied():
            return [entry["version"] for entry in shown(database, "migrate", "status") if entry["applied"]]

        run(database, "migrate", "down")
        assert applied() == versions[:-1]
        run(database, "migrate", "down", "--to", str(versions[-4]))
        assert applied() == versions[:-3]

    def test_down_takes_the_tables_away_and_up_brings_them_back(self, populated):
        run(populated, "migrate", "down", "--to", "0")
        with sqlite3.connect(populated) as connection:
            tables = {
                name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            }
        assert "api_token" not in tables
        run(populated, "migrate", "up")
        assert shown(populated, "user", "list") == []


class TestDatabases:
    @pytest.mark.parametrize("content", [b"no database" * 200, b"SQLite format 3\x00" + b"\xff" * 5000])
    @pytest.mark.parametrize("command", [["user", "list"], ["serve"]], ids=" ".join)
    def test_a_file_that_is_no_database_is_said_and_left_alone(self, database, content, command):
        database.write_bytes(content)
        assert_fails(tessera(*command, database=database, timeout=10), word=str(database))
        assert database.read_bytes() == content

    @pytest.mark.parametrize("command", [["user", "list"], ["serve"]], ids=" ".join)
    def test_a_newer_database_is_said_and_left_alone(self, populated, command):
        add_a_migration_from_the_future(populated)
        assert_fails(tessera(*command, database=populated, timeout=10), word="newer")

    def test_a_directory_that_does_not_exist_is_said(self, tmp_path):
        assert_fails(tessera("user", "list", database=tmp_path / "nowhere/tessera.db"))

    @pytest.mark.parametrize(
        "command", [["token", "create", "--user", ADA, "--name", "n"], ["serve"]], ids=" ".join
    )
    def test_a_read_only_file_is_said(self, populated, command):
        populated.chmod(0o400)
        populated.parent.chmod(0o500)
        done = tessera(*command, database=populated, timeout=10, prefix=with_ordinary_privileges())
        populated.parent.chmod(0o700)
        assert_fails(done, word="read")

    def test_a_database_is_for_its_owner_alone(self, populated):
        assert stat.S_IMODE(populated.stat().st_mode) & 0o077 == 0


class TestServing:
    def test_sigterm_ends_it_with_0(self, tmp_path):
        server = tessera_server(tmp_path).start()
        assert server.stop() == 0

    def test_sigint_ends_it_with_0(self, tmp_path):
        server = tessera_server(tmp_path).start()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(timeout=10) == 0

    def test_a_request_in_flight_is_finished(self, own_tessera):
        head = (
            f"POST /login HTTP/1.1\r\nHost: {own_tessera.authority}\r\nContent-Length: 3\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n"
        )
        with socket.create_connection((own_tessera.host, own_tessera.port), timeout=5) as connection:
            connection.sendall(head.encode())
            assert connection.recv(4096).startswith(b"HTTP/1.1 100 ")
            own_tessera.process.send_signal(signal.SIGTERM)
            connection.sendall(b"a=b")
            assert re.match(rb"HTTP/1.1 4\d\d ", connection.recv(4096))
        assert own_tessera.process.wait(timeout=10) == 0

    def test_an_idle_connection_does_not_hold_it_up(self, own_tessera):
        with socket.create_connection((own_tessera.host, own_tessera.port)):
            assert own_tessera.stop() == 0

    def test_a_port_in_use_is_said(self, own_tessera, tmp_path):
        done = tessera("serve", "--listen", own_tessera.authority, database=tmp_path / "other.db", timeout=10)
        assert_fails(done, word=str(own_tessera.port))

    def test_nothing_is_printed_on_standard_output_by_the_log(self, own_tessera):
        with own_tessera.client() as client:
            client.get("/healthz")
        own_tessera.stop()
        assert "GET" not in own_tessera.output

    def test_it_is_alive_ready_and_measured(self, own_tessera):
        with own_tessera.client() as client:
            assert client.get("/healthz").status_code == 200
            assert client.get("/readyz").status_code == 200
            metrics = client.get("/metrics")
            assert metrics.status_code == 200
            assert metrics.headers["content-type"].startswith("text/plain")
            assert re.search(r"^\w+(\{[^}]*\})? [0-9.e+-]+$", metrics.text, re.MULTILINE)


class TestAlongsideAServer:
    @pytest.fixture
    def server(self, tmp_path):
        with tessera_server(tmp_path / "tessera") as server:
            run(server.database, "user", "add", ADA, stdin=PASSWORD)
            yield server

    @pytest.fixture
    def ask(self, server):
        with server.client() as client:
            yield lambda token: client.get("/api/me", headers={"Authorization": f"Bearer {token}"})

    def test_a_token_made_by_a_command_works_at_once(self, server, ask):
        answer = ask(new_token(server.database))
        assert answer.status_code == 200
        assert answer.json()["email"] == ADA
        assert answer.json()["token"]["name"] == "script"

    def test_who_was_added_by_a_command_can_sign_in_at_once(self, server):
        for number in range(6):
            email = f"new{number}@example.com"
            # Makes the server check the database just before.
            assert Person(server.url).try_to_sign_in(email, PASSWORD.strip()).status_code == 422
            run(server.database, "user", "add", email, stdin=PASSWORD)
            Person(server.url).sign_in(email, PASSWORD.strip())

    def test_who_was_disabled_by_a_command_is_signed_out_at_once(self, server):
        person = Person(server.url).sign_in(ADA, PASSWORD.strip())
        assert person.get("/settings/tokens").status_code == 200
        run(server.database, "user", "disable", ADA)
        assert person.get("/settings/tokens").status_code == 303

    def test_a_revocation_by_a_command_is_seen_within_a_second(self, server, ask):
        token = new_token(server.database)
        assert ask(token).status_code == 200
        run(server.database, "token", "revoke", ask(token).json()["token"]["id"])
        poll("the revocation is seen", lambda: ask(token).status_code == 401, seconds=1)
        assert_unauthorized(ask(token), REVOKED)

    def test_a_refusal_is_explained_by_a_command(self, server, ask):
        refusal = ask(unknown_token()).json()["refusal"]
        done = poll(
            "the refusal is written",
            lambda: succeeded(tessera("explain", refusal, "--json", database=server.database)),
        )
        assert "unknown" in json.dumps(json.loads(done.stdout)).lower()

    def test_a_refusal_that_is_none_is_said(self, populated):
        assert_fails(tessera("explain", "nothing", database=populated), word="nothing")

    def test_a_last_use_is_written_at_the_latest_when_it_stops(self, server, ask):
        assert ask(new_token(server.database)).status_code == 200
        assert server.stop() == 0
        [listed] = shown(server.database, "token", "list")
        assert listed["last_used_at"] is not None
        assert listed["last_used_from"] == "127.0.0.1"


class TestFixtures:
    def test_the_same_seed_gives_the_same_people(self, tmp_path):
        first, second = tmp_path / "first.db", tmp_path / "second.db"
        for database in (first, second):
            run(database, "fixtures", "load", "--seed", "7")
        names = [[user["email"] for user in shown(database, "user", "list")] for database in (first, second)]
        assert names[0] == names[1]
        assert names[0]


def succeeded(done):
    return done if done.returncode == 0 else None


def tables_of(connection):
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def with_ordinary_privileges():
    """A command prefix that makes file permissions apply to root too."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def add_a_migration_from_the_future(database):
    """Records one more applied migration than the program knows, regardless of the columns' names."""
    with sqlite3.connect(database) as connection:
        [table] = [name for name in tables_of(connection) if "migration" in name]
        connection.row_factory = sqlite3.Row
        row = dict(connection.execute(f"SELECT * FROM {table} ORDER BY 1 DESC LIMIT 1").fetchone())
        numbered = next(name for name, value in row.items() if isinstance(value, int))
        row[numbered] = 9999
        # A migration that the program does not work with.
        row["requires"] = None
        marks = ", ".join("?" for _ in row)
        connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def test_the_port_is_free_again_after_it_stopped(tmp_path):
    server = tessera_server(tmp_path, port=free_port()).start()
    server.stop()
    again = tessera_server(tmp_path, port=server.port).start()
    assert again.stop() == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(again.url, trust_env=False)
