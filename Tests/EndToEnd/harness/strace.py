"""System calls that fail, or in which the process dies: `strace` and its injection."""

import re
import signal
import subprocess
from collections import Counter
from pathlib import Path

# How a database reaches the disk. SQLite writes with pwrite64 alone; logs and sockets do not.
WRITES = ("pwrite64", "ftruncate")
SYNCS = ("fdatasync", "fsync")


def fault(call, effect, when):
    """The `when`-th call of a thread fails (`error=EIO`), or ends the process (`signal=SIGKILL`)."""
    return f"inject={call}:{effect}:when={when}"


class Trace:
    """What `strace -f` has written."""

    def __init__(self, path):
        self.path = Path(path)

    @property
    def text(self):
        return self.path.read_text(errors="replace")

    def calls_per_thread(self):
        """How often each call was made by the thread that made it most often. Faults count so too."""
        most = Counter()
        counts = Counter(re.findall(r"^(\d+) +(\w+)\(", self.text, re.MULTILINE))
        for (_, call), count in counts.items():
            most[call] = max(most[call], count)
        return most

    @property
    def has_injected(self):
        return "(INJECTED)" in self.text or "+++ killed by SIGKILL +++" in self.text


class Attached(Trace):
    """`strace` on a running process while the `with` block lasts; the process goes on afterwards."""

    def __init__(self, process, path, *expressions, strings=0, only=None):
        super().__init__(path)
        self.command = [*by_strace(path, *expressions, strings=strings, only=only), "-p", str(process.pid)]
        # It says when it is attached.
        self.command.remove("-q")

    def __enter__(self):
        self.strace = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        line = self.strace.stderr.readline()
        assert "attached" in line, line
        return self

    def __exit__(self, *_):
        self.strace.send_signal(signal.SIGINT)
        try:
            self.strace.wait(timeout=1)
        except subprocess.TimeoutExpired:
            # It waits for threads of a process that it has killed. Each line is on the disk already.
            self.strace.kill()
            self.strace.wait()
        self.strace.stderr.close()


def by_strace(path, *expressions, strings=0, only=None):
    """What to put in front of a command to run it by `strace`."""
    prefix = ["strace", "-f", "-q", "-y", "-s", str(strings), *(["-xx"] if strings else []), "-o", str(path)]
    for expression in expressions:
        prefix += ["-e", expression]
    if only:
        # Faults, too, are for calls that concern this file.
        prefix += ["-P", str(only)]
    return prefix
