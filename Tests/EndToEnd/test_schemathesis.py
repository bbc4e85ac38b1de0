"""`/openapi.json` matches the server: schemathesis sends valid and invalid requests to every operation."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.program import clean_environment
from harness.schemathesis_callers import CALLERS

HERE = Path(__file__).resolve().parent


def call_everything(site, caller, directory, *options):
    """Runs schemathesis with all of its checks; returns its figures and its findings."""
    report = directory / "report.json"
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run", f"{site}/openapi.json"),
            *("--checks", "all", "--no-color", "--generation-database", "none", "--continue-on-failure"),
            *("--report-json-path", report, *options),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=directory,
        env=clean_environment()
        | {
            "PYTHONPATH": str(HERE),
            "SCHEMATHESIS_HOOKS": "harness.schemathesis_callers",
            "SCHEMATHESIS_CALLER": caller,
            "SCHEMATHESIS_SITE": site,
        },
    )
    findings = "" if done.returncode == 0 else done.stdout + done.stderr
    return json.loads(report.read_text()), findings


@pytest.mark.parametrize("caller", CALLERS)
def test_api_is_as_described(own_dragon, tmp_path, times, caller):
    options = times(["--max-examples", "5", "--seed", "1"], ["--max-examples", "300"])
    report, findings = call_everything(own_dragon.url, caller, tmp_path, *options)
    assert not findings, findings
    assert report["operations"]["tested"] == report["operations"]["total"] > 10
    # With four callers, 20,000 requests in all with `--long`.
    assert report["test_cases"]["generated"] >= times(500, 5_000)
    assert own_dragon.log == ""
