"""System calls that fail or end the process: `strace` and its fault injection."""

import re
import signal
import subprocess
from collections import Counter
from pathlib import Path

# The calls by which a database reaches the disk. Only SQLite writes with pwrite64; logs and sockets do not.
WRITES = ("pwrite64", "ftruncate")
SYNCS = ("fdatasync", "fsync")


def fault(call, effect, when):
    """Makes the `when`-th call of a thread fail (`error=EIO`) or end the process (`signal=SIGKILL`)."""
    return f"inject={call}:{effect}:when={when}"


class Trace:
    """The output of `strace -f`."""

    def __init__(self, path):
        self.path = Path(path)

    @property
    def text(self):
        return self.path.read_text(errors="replace")

    def calls_per_thread(self):
        """The count of each call in the thread that made it most often, as fault injection counts."""
        most = Counter()
        counts = Counter(re.findall(r"^(\d+) +(\w+)\(", self.text, re.MULTILINE))
        for (_, call), count in counts.items():
            most[call] = max(most[call], count)
        return most

    @property
    def has_injected(self):
        return "(INJECTED)" in self.text or "+++ killed by SIGKILL +++" in self.text


class Attached(Trace):
    """`strace` on a running process during the `with` block; the process continues afterwards."""

    def __init__(self, process, path, *expressions, strings=0, only=None):
        super().__init__(path)
        self.command = [*by_strace(path, *expressions, strings=strings, only=only), "-p", str(process.pid)]
        # strace reports when it is attached.
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
            # strace waits for threads of a process that it has killed. Each line is already on disk.
            self.strace.kill()
            self.strace.wait()
        self.strace.stderr.close()


def by_strace(path, *expressions, strings=0, only=None):
    """The prefix of a command that runs it under `strace`."""
    prefix = ["strace", "-f", "-q", "-y", "-s", str(strings), *(["-xx"] if strings else []), "-o", str(path)]
    for expression in expressions:
        prefix += ["-e", expression]
    if only:
        # Faults are also limited to calls on this file.
        prefix += ["-P", str(only)]
    return prefix
