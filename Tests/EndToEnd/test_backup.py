"""`tessera backup` and `tessera restore`, and every recipe of Documentation/backup.md."""

import re
import stat
import subprocess
from contextlib import closing

import pytest

from harness.load import EMAIL, Connection, Load, assert_sound, manager
from harness.program import ROOT, TESSERA, clean_environment, poll, tessera, tessera_server

PAGE = (ROOT / "Documentation/backup.md").read_text()
RECIPES = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def run(*arguments, database):
    done = tessera(*arguments, database=database)
    assert done.returncode == 0, f"{arguments}: {done.stderr}"
    return done


def assert_refused(done, word):
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert word in done.stderr


def test_a_backup_under_load_holds_what_was_answered_before_it(tmp_path, times):
    copy = tmp_path / "copy"
    with tessera_server(tmp_path / "tessera", "--log-level", "error") as server:
        token = manager(server)
        with Load(server, token, threads=2) as before:
            poll("some tokens", lambda: all(len(ledger.revoked) > 5 for ledger in before.ledgers))
        answered = before.stop()
        with Load(server, token, threads=2, seed=1) as load:
            for _ in range(times(3, 30)):
                done = run("backup", "--force", copy, database=server.database)
                assert re.fullmatch(r"copied \d+(\.\d)? [kMG]?B to .*\n", done.stderr), done.stderr
            ledger = load.stop()
        assert not ledger.wrong, ledger.wrong
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["copy"]
    restored = tessera_server(tmp_path / "restored")
    restored.directory.mkdir()
    run("restore", copy, database=restored.database)
    assert_sound(restored.database)
    with restored, closing(Connection(restored, token)) as connection:
        answered.assert_holds(connection)


def test_a_database_in_use_is_not_replaced(tmp_path):
    copy = tmp_path / "copy"
    with tessera_server(tmp_path / "tessera") as server:
        token = manager(server)
        run("backup", copy, database=server.database)
        assert_refused(tessera("restore", copy, "--force", database=server.database), "in use")
        with closing(Connection(server, token)) as connection:
            assert connection.accepts(token)
    run("restore", copy, "--force", database=server.database)


def test_what_is_there_is_left_alone(populated, tmp_path):
    copy = tmp_path / "copy"
    run("backup", copy, database=populated)
    content = copy.read_bytes()
    assert_refused(tessera("backup", copy, database=populated), "--force")
    assert copy.read_bytes() == content
    assert_refused(tessera("restore", copy, database=populated), "--force")
    assert_refused(tessera("backup", populated, "--force", database=populated), "itself")


@pytest.mark.parametrize("where", ["nowhere/copy", "."])
def test_a_place_that_is_none_is_said(populated, tmp_path, where):
    assert_refused(tessera("backup", tmp_path / where, database=populated), str(tmp_path))


@pytest.mark.parametrize("content", [b"", b"a letter", bytes(9000)], ids=["empty", "short", "zeros"])
def test_what_is_no_backup_is_refused_and_changes_nothing(populated, tmp_path, content):
    before = populated.read_bytes()
    (tmp_path / "letter").write_bytes(content)
    assert_refused(tessera("restore", tmp_path / "letter", "--force", database=populated), "letter")
    assert populated.read_bytes() == before


def test_a_database_in_memory_is_no_file(tmp_path):
    done = tessera("backup", tmp_path / "copy", "--database", "sqlite::memory:")
    assert_refused(done, "not a file")


class TestRecipes:
    """Each shell block of the page, in a directory in place of `/`, with a server in place of the service."""

    @pytest.fixture
    def root(self, tmp_path):
        (tmp_path / "var/lib/tessera").mkdir(parents=True)
        (tmp_path / "var/backups/tessera").mkdir(parents=True)
        with tessera_server(tmp_path / "var/lib/tessera") as server:
            manager(server)
        self.database = server.database
        run("backup", tmp_path / "var/backups/tessera/nightly.backup", database=self.database)
        return tmp_path

    def follow(self, root, recipe):
        """Runs a recipe; returns its calls of systemctl."""
        script = recipe.replace("/var/", f"{root}/var/")
        prelude = f'systemctl() {{ echo "$*" >> "{root}/systemctl"; }}\n'
        environment = clean_environment()
        environment["PATH"] = f"{TESSERA.parent}:{environment['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", prelude + script],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        log = root / "systemctl"
        return log.read_text().splitlines() if log.exists() else []

    @pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.split("\n")[0][:40])
    def test_it_works(self, root, recipe):
        asked = self.follow(root, recipe)
        assert asked in ([], ["stop tessera", "start tessera"])
        assert EMAIL in run("user", "list", database=self.database).stdout

    def test_the_nightly_one_makes_a_backup_and_deletes_old_ones(self, root):
        backups = root / "var/backups/tessera"
        (backups / "old.backup").touch()
        subprocess.run(["touch", "-d", "20 days ago", backups / "old.backup"], check=True)
        [nightly] = [recipe for recipe in RECIPES if "-delete" in recipe]
        self.follow(root, nightly)
        made = [path for path in backups.iterdir() if path.name != "nightly.backup"]
        assert [bool(re.fullmatch(r"\d{4}-\d\d-\d\d\.backup", path.name)) for path in made] == [True]

    def test_revocations_are_carried_over(self, root):
        token = ("token", "create", "--user", EMAIL, "--name")
        run(*token, "kept", database=self.database)
        backup = root / "var/backups/tessera/nightly.backup"
        run("backup", backup, "--force", database=self.database)
        listed = run("token", "list", database=self.database).stdout
        [kept] = [line.split()[-1] for line in listed.splitlines() if line.startswith("kept")]
        run(*token, "young", database=self.database)
        for line in run("token", "list", database=self.database).stdout.splitlines():
            if line.startswith(("kept", "young")):
                run("token", "revoke", line.split()[-1], database=self.database)
        [recipe] = [recipe for recipe in RECIPES if "jq" in recipe]
        self.follow(root, recipe)
        after = run("token", "list", database=self.database).stdout
        assert re.search(rf"^kept .* revoked .*{kept}$", after, re.MULTILINE), after
        assert "young" not in after
