"""`tessera status` and `/metrics`: stored rows, queues, and the results of background jobs."""

import json
import re
import sqlite3
import subprocess

import pytest

from harness.metrics import documented, metrics
from harness.program import ROOT, TESSERA, clean_environment, poll, tessera, tessera_server

PAGE = (ROOT / "Documentation/operations.md").read_text()
# test_json_log.py runs the recipes of the log, and test_faults_replaced.py the rescue of a removed file.
RECIPES = [
    recipe
    for recipe in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    if "journalctl" not in recipe and "systemctl" not in recipe
]

JOBS = [
    *("write-uses", "write-refusals", "write-requests", "end-rotated-tokens", "prune-tokens"),
    *("prune-sessions", "prune-refusals", "prune-requests", "prune-audit", "prune-addresses", "prune-claims"),
    "take-stock",
]


def status(database):
    done = tessera("status", "--json", database=database)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rows(facts):
    return {entry["table"]: (entry["live"], entry["dead"]) for entry in facts["rows"]}


class TestWithoutAServer:
    def test_everything_is_counted(self, populated):
        made = tessera("token", "create", "--user", "ada@example.com", "--name", "one", database=populated)
        assert made.returncode == 0
        listed = json.loads(tessera("token", "list", "--json", database=populated).stdout)
        assert tessera("token", "revoke", listed[0]["id"], database=populated).returncode == 0
        facts = status(populated)
        assert rows(facts) == {
            "users": (1, 0),
            "sessions": (0, 0),
            "tokens": (0, 1),
            "refusals": (0, 0),
            "requests": (0, 0),
            "audit-events": (rows(facts)["audit-events"][0], 0),
            "claims": (0, 0),
        }
        assert rows(facts)["audit-events"][0] >= 3
        assert not any(entry["estimated"] for entry in facts["rows"])
        assert facts["size_bytes"] > 4096
        assert facts["jobs"] == []
        assert all(migration["applied"] for migration in facts["migrations"])

    def test_people_read_a_table(self, populated):
        done = tessera("status", database=populated)
        assert done.returncode == 0
        assert re.search(r"^Migrations +\d+ applied, none pending$", done.stdout, re.MULTILINE)
        assert re.search(r"^users +1 +0$", done.stdout, re.MULTILINE)
        assert re.search(r"^Size +\d+\.\d kB$", done.stdout, re.MULTILINE)
        assert "No server has used this database yet." in done.stdout

    def test_pending_migrations_are_named_and_left_alone(self, populated):
        assert tessera("migrate", "down", "--to", "3", "--yes", database=populated).returncode == 0
        for _ in range(2):
            facts = status(populated)
            assert "rows" not in facts
            assert [entry["applied"] for entry in facts["migrations"]][:4] == [True, True, True, False]
        assert "10 (token life)" in tessera("status", database=populated).stdout

    def test_a_file_that_is_not_there_is_not_made(self, database):
        done = tessera("status", database=database)
        assert done.returncode == 1
        assert "no such file" in done.stderr
        assert not database.exists()


class TestBesideAServer:
    def test_jobs_are_told_of(self, own_tessera):
        facts = poll(
            "the jobs are written down",
            lambda: (facts := status(own_tessera.database))["jobs"] and facts,
        )
        names = [entry["job"] for entry in facts["jobs"]]
        assert set(names) >= set(JOBS) - {"take-stock"}
        assert all(entry["failures"] == 0 and entry["complaint"] is None for entry in facts["jobs"])
        text = tessera("status", database=own_tessera.database).stdout
        assert re.search(r"^prune-tokens +\S+Z +\d+ ms +0 +- +ok$", text, re.MULTILINE)

    def test_what_was_left_is_handed_over_and_told_at_the_end(self, own_tessera):
        with own_tessera.client() as client:
            assert client.get("/api/me").status_code == 401
        assert own_tessera.stop() == 0
        facts = status(own_tessera.database)
        assert set(JOBS) - {"take-stock"} <= {entry["job"] for entry in facts["jobs"]}
        assert {entry["job"]: entry["waiting"] for entry in facts["jobs"]}["write-refusals"] == 0
        assert rows(facts)["refusals"][0] == 1

    def test_old_rows_go_away_by_themselves(self, tmp_path):
        keep = ("--keep-refusals", "0", "--keep-audit", "0", "--keep-dead-tokens", "0")
        with tessera_server(tmp_path / "tessera") as first, first.client() as client:
            client.get("/api/me")
        made = tessera(
            *("user", "add", "ada@example.com"), database=first.database, stdin="a long enough password\n"
        )
        assert made.returncode == 0, made.stderr
        assert rows(status(first.database))["refusals"] == (1, 0)
        with tessera_server(tmp_path / "tessera", *keep) as server:
            gone = poll(
                "they are deleted",
                lambda: (now := rows(status(server.database)))["refusals"] == (0, 0) and now,
            )
            poll("events too", lambda: rows(status(server.database))["audit-events"] == (0, 0))
        assert gone["users"] == (1, 0)

    @pytest.mark.parametrize(
        "option", ["--keep-refusals", "--keep-audit", "--keep-requests", "--keep-dead-tokens"]
    )
    def test_retention_is_a_duration(self, option, database):
        done = tessera("serve", option, "a week", database=database)
        assert done.returncode == 2
        assert "7d" in done.stderr


class TestMetrics:
    def test_they_are_what_prometheus_reads(self, own_tessera):
        found = poll(
            "rows are counted",
            lambda: ("tessera_rows", "live", "users") in (now := metrics(own_tessera)) and now,
        )
        assert found["tessera_rows", "live", "users"] == 0
        assert found["tessera_rows_estimated", "tokens"] == 0
        assert found["tessera_database_bytes",] > 4096
        for queue in ("uses", "refusals", "requests", "passwords"):
            assert found["tessera_queue_length", queue] == 0
        for job in JOBS:
            assert found["tessera_job_runs_total", job] >= 1
            assert found["tessera_job_failures_total", job] == 0
            assert found["tessera_job_last_run_duration_seconds", job] >= 0
            assert found["tessera_job_last_run_timestamp_seconds", job] > 1.7e9
        assert 1e6 < found["process_resident_memory_bytes",] < 1e9
        assert found["process_start_time_seconds",] > 1.7e9
        assert found["process_cpu_seconds_total",] > 0

    def test_nothing_is_personal(self, own_tessera):
        assert (
            tessera(
                *("user", "add", "ada@example.com"),
                database=own_tessera.database,
                stdin="a long enough password\n",
            ).returncode
            == 0
        )
        made = tessera(
            "token", "create", "--user", "ada@example.com", "--name", "One", database=own_tessera.database
        )
        with own_tessera.client() as client:
            answer = client.get("/api/me", headers={"Authorization": f"Bearer {made.stdout.strip()}"})
            assert answer.status_code == 200
            text = client.get("/metrics").text
        for word in ("ada", "One", answer.json()["id"], answer.json()["token"]["id"], "127.0.0.1", "/api/me"):
            assert word not in text

    def test_a_store_that_fails_is_seen(self, own_tessera):
        """A write lock of another process is the simplest way to make a store that cannot be written."""
        other = sqlite3.connect(own_tessera.database, isolation_level=None)
        poll("stock is taken", lambda: ("tessera_rows", "live", "users") in metrics(own_tessera))
        other.execute("BEGIN IMMEDIATE")
        try:
            with own_tessera.client() as client:
                client.get("/api/me")
            waiting = lambda: metrics(own_tessera)["tessera_queue_length", "refusals"] > 0  # noqa: E731
            poll("the refusal waits", waiting)
            poll(
                "the job fails",
                lambda: metrics(own_tessera)["tessera_job_consecutive_failures", "write-refusals"] > 0,
                seconds=30,
            )
        finally:
            other.execute("ROLLBACK")
            other.close()
        poll(
            "the job works again",
            lambda: metrics(own_tessera)["tessera_job_consecutive_failures", "write-refusals"] == 0,
            seconds=30,
        )
        assert own_tessera.log.count("job write-refusals fails:") == 1
        assert own_tessera.log.count("job write-refusals works again") == 1


class TestDocumentation:
    @pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.split("\n")[0][:40])
    def test_recipe_works(self, own_tessera, recipe):
        poll("the jobs are written down", lambda: status(own_tessera.database)["jobs"])
        script = recipe.replace("/var/lib/tessera/tessera.db", str(own_tessera.database))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env=clean_environment() | {"PATH": f"{TESSERA.parent}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout

    def test_every_metric_is_told_of_and_no_other(self, own_tessera):
        named, *_ = documented()
        poll("stock is taken", lambda: ("tessera_rows", "live", "users") in metrics(own_tessera))
        assert named == {key[0] for key in metrics(own_tessera)}

    def test_every_job_is_told_of(self):
        told = PAGE.split("\n## ")[1]
        assert re.findall(r"^\| `([a-z][a-z-]+)` \|", told, re.MULTILINE) == JOBS
