"""Measures Tessera: the server on one core, the load on another.

Requests are measured beside nginx, in turns. The result is two ratios: requests per second, and CPU time (user and
system) of the server process for each request. The load generator often limits the first, so the second is decisive.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import attack
import checks
import cluster
import creation
import growth
import logins
import memory
import postgresql
import postgresql_growth
import startup
import turns

from harness import CONNECTIONS, HERE, NGINX, ROOT

OTHERS = [creation, logins, startup, memory, growth, attack, postgresql, postgresql_growth, cluster]


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).strip().splitlines()[0]


def machine():
    """The machine of the measurement, as lines of a list."""
    processor = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = int(re.search(r"^MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(), re.MULTILINE)[1])
    commit = first_line("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
    return [
        f"- {datetime.now(UTC):%Y-%m-%d}, commit {commit}",
        f"- {processor[1] if processor else platform.machine()}, {os.cpu_count()} cores, "
        f"{memory / 1024 / 1024:.0f} GB, Linux {platform.release().split('-')[0]}",
        f"- {first_line('swift', '--version')}",
        f"- {first_line(NGINX, '-v')}, {first_line('wrk', '-v').partition(' [')[0]}",
    ]


REPORT = """# Results

{machine}

The server runs on one core with one event loop, and the load on another core: for requests, wrk with one thread and
{connections} connections, {seconds} s a run.

{sections}

To repeat all benchmarks: `script/bench`; one of them: `script/bench NAME`; `script/bench --list` lists them.
"""


def report(sections, seconds):
    return REPORT.format(
        machine="\n".join(machine()),
        connections=CONNECTIONS,
        seconds=seconds,
        sections="\n\n".join(f"{section.table}\n\n{section.text}" for section in sections),
    )


def main():
    names = [benchmark.name for benchmark in checks.BENCHMARKS] + [module.NAME for module in OTHERS]
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(names))
    parser.add_argument("--list", action="store_true", help="say what there is, and what each has to reach")
    parser.add_argument("--seconds", type=int, default=5, help="length of a run (default 5)")
    parser.add_argument(
        "--beside", type=Path, metavar="BINARY", help=f"compare with an older build in turns: {', '.join(turns.NAMES)}"
    )
    parser.add_argument("--rounds", type=int, default=12, help="turns beside the older build (default 12)")
    options = parser.parse_args()
    if options.list:
        for benchmark in checks.BENCHMARKS:
            print(f"{benchmark.name:12} {benchmark.what}")
        for module in OTHERS:
            print(f"{module.NAME:12} {module.SUMMARY}")
        return
    unknown = set(options.names) - set(names)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if (os.cpu_count() or 1) < 2:
        raise SystemExit("bench: two cores are needed, one for the server and one for the load")
    if options.beside:
        shown(turns.measure(options.beside.resolve(), options.names or turns.NAMES, options.rounds, options.seconds))
        return
    sections = list(measure(options.names or names, options.seconds))
    if not options.names:
        (HERE / "results.md").write_text(report(sections, options.seconds))


def measure(names, seconds):
    """The sections of the chosen benchmarks, printed as they finish."""
    results = []
    for benchmark in checks.BENCHMARKS:
        if benchmark.name in names:
            print(f"bench: {benchmark.name}", file=sys.stderr)
            results.append(checks.measure(benchmark, seconds))
    if results:
        yield shown(checks.section(results))
    for module in OTHERS:
        if module.NAME in names:
            print(f"bench: {module.NAME}", file=sys.stderr)
            yield shown(module.measure(seconds))


def shown(section):
    print(section.table, end="\n\n", flush=True)
    return section


if __name__ == "__main__":
    main()
