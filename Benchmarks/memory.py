"""The memory of a million cached tokens."""

import re
from pathlib import Path

import checks
import data

from harness import Section, free_port, tessera

NAME = "memory"
REACH = 250
SUMMARY = f"resident with 1,000,000 cached tokens; at most {REACH} MB"
# Long enough for the idle readers of the file to release their mapped memory.
CACHED_SECONDS = 15


def measure(_):
    [benchmark] = [one for one in checks.BENCHMARKS if one.warm]
    port = free_port()
    with tessera(data.stored(), port, benchmark.arguments) as process_id:
        checks.warm(port, benchmark)
        checks.wrk(port, benchmark, CACHED_SECONDS)
        status = Path(f"/proc/{process_id}/status").read_text()
    total, own, file = (
        int(re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)[1]) / 1024 for name in ("VmRSS", "RssAnon", "RssFile")
    )
    row = [NAME, f"{total:.0f}", f"≤ {REACH}", f"{own:.0f}", f"{file:.0f}"]
    return Section(["benchmark", "resident MB", "reach", "own MB", "of files MB"], [row], TEXT)


TEXT = f"""**memory**: the resident memory of the process after each of 1,000,000 tokens was looked up once,
and {CACHED_SECONDS} s of requests were then answered from the cache. *Own* is its heap; *of files* is the
program and the mapped part of the database."""
