"""A separate Debian on which tests install real packages and run services under a real systemd.

Its files are those of this machine, copy on write; processes, mounts, network and control groups are its own.
Nothing of what happens in it is left afterwards.
"""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from harness.program import poll

BOOT = Path(__file__).with_name("machine.sh")
ENTER = ("nsenter", "--pid", "--mount", "--uts", "--ipc", "--net", "--cgroup", "--root", "--wd")
ENVIRONMENT = (
    "env",
    "-i",
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL=C.UTF-8",
    "DEBIAN_FRONTEND=noninteractive",
)
BASH = ("bash", "-euo", "pipefail", "-c")


def as_root():
    """The prefix of a command that lets root run it."""
    if os.geteuid() == 0:
        return []
    allowed = subprocess.run(["sudo", "--non-interactive", "true"], capture_output=True, check=False)
    if allowed.returncode != 0:
        pytest.fail(
            "a package can be installed by root alone: run as root, or with sudo that asks for no password"
        )
    return ["sudo", "--non-interactive"]


class Machine:
    """Boots with the `with` block and disappears afterwards. It sees the directory `shared` as /mnt."""

    def __init__(self, directory: Path):
        self.shared = directory / "shared"
        self.mounts = directory / "mounts"
        self.errors = directory / "machine.log"

    def __enter__(self):
        self.shared.mkdir(parents=True)
        self.mounts.mkdir()
        self.prefix = as_root()
        private = ["unshare", "--mount", "--propagation", "private"]
        boot = [*private, "sh", BOOT, "boot", self.mounts, self.shared]
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [*self.prefix, *map(str, boot)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.pid = self.process.stdout.readline().strip()
        if not self.pid:
            self.process.stdin.close()
            reason = self.errors.read_text()
            pytest.fail(f"systemd cannot be run here (in a container, that needs --privileged): {reason}")
        poll("systemd is up", lambda: self.holds("systemctl is-system-running"), seconds=30)
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        assert self.process.wait(timeout=30) == 0, self.errors.read_text()
        self.process.stdout.close()

    def run(self, script, stdin="", check=True):
        """Runs a bash script as root."""
        done = subprocess.run(
            [*self.prefix, *ENTER, "--target", self.pid, *ENVIRONMENT, *BASH, script],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        if check:
            assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}{self.journal()}"
        return done

    def ask(self, script, stdin=""):
        """The output of a script, without the line end."""
        return self.run(script, stdin).stdout.strip()

    def holds(self, condition):
        return self.run(condition, check=False).returncode == 0

    def journal(self, unit="tessera"):
        return self.run(f"journalctl --quiet --no-pager --output cat --unit {unit}", check=False).stdout

    def show(self, *properties, unit="tessera"):
        """Properties of a unit, as systemd knows them."""
        text = self.ask(f"systemctl show {unit} " + " ".join(f"--property {name}" for name in properties))
        return dict(line.split("=", 1) for line in text.splitlines())

    def write(self, path, text, mode="0644"):
        self.run(f"install -D --mode={mode} /dev/stdin {shlex.quote(path)}", stdin=text)


def blocks(page, language="sh"):
    """The code blocks of a Markdown page, as (heading, code)."""
    found, heading = [], ""
    for match in re.finditer(
        rf"^#+ ([^\n]*)$|^ *```{language}\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL
    ):
        if match[1]:
            heading = match[1]
        else:
            found.append((heading, match[2]))
    return found
