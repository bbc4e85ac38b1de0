"""The cost of a look-up among very many tokens and among few."""

import random
import statistics

import data

from harness import DATA, ROUNDS, Section, cpu_seconds, free_port, run_wrk, tessera

NAME = "growth"
REACH = 1.2
FEW, MANY = 1_000, 10_000_000
SUMMARY = f"an uncached check among {MANY:,} tokens over one among {FEW:,}; at most {REACH:.1f} by p50"
SAMPLE = 200_000


def measure(seconds):
    counts = (FEW, MANY)
    files = [(data.stored(count), sample(count)) for count in counts]
    for stored, _ in files:
        read_through(stored)
    ports = [free_port() for _ in counts]
    arguments = ("--token-cache", "0")
    with (
        tessera(files[0][0], ports[0], arguments) as first,
        tessera(files[1][0], ports[1], arguments) as second,
    ):
        servers = list(zip(ports, (first, second), (file[1] for file in files), strict=True))
        for server in servers:
            load(*server, NAME, seconds)
        rounds = [[load(*server, NAME, seconds) for server in servers] for _ in range(ROUNDS)]
    latency = [statistics.median(round[place][0] for round in rounds) for place in (0, 1)]
    cpu = [statistics.median(round[place][1] for round in rounds) for place in (0, 1)]
    ratio = statistics.median(round[1][0] / round[0][0] for round in rounds)
    row = [
        NAME,
        *(f"{value:.0f}" for value in latency),
        f"{ratio:.2f}",
        f"≤ {REACH:.1f}",
        *(f"{value:.2f}" for value in cpu),
    ]
    columns = [
        *("benchmark", f"p50 µs at {FEW:,}", f"p50 µs at {MANY:,}", "ratio", "reach"),
        *(f"CPU µs at {FEW:,}", f"CPU µs at {MANY:,}"),
    ]
    return Section(columns, [row], TEXT)


def read_through(path):
    """Loads the whole file into the page cache, as for a file in use, so that disks do not affect the comparison."""
    with path.open("rb", buffering=0) as file:
        while file.read(1 << 20):
            pass


def sample(count):
    """A file with some of the tokens, which the load generator holds in memory."""
    tokens = data.stored(count).with_suffix(".txt")
    path = DATA / f"{count}.sample.txt"
    if not path.exists() or path.stat().st_mtime < tokens.stat().st_mtime:
        write_sample(tokens, count, path)
    return path


def write_sample(tokens, count, path):
    """Writes at most about ``SAMPLE`` of the tokens, spread over all of them."""
    chance = random.Random(count)
    with tokens.open() as lines, path.open("w") as output:
        output.writelines(line for line in lines if chance.random() < SAMPLE / count)


def load(port, process_id, tokens, name, seconds):
    """The p50 of one client that waits for each answer, the server's CPU time for each (both in µs), and their number."""
    before = cpu_seconds(process_id)
    counted = run_wrk(port, name, seconds, "load.lua", ("/api/me", f"127.0.0.1:{port}", str(tokens)), connections=1)
    if counted["refused"]:
        raise SystemExit(f"bench: {name}: {counted['refused']} requests were refused")
    count = counted["requests"]
    return counted["p50"], (cpu_seconds(process_id) - before) / count * 1e6, count


TEXT = f"""**growth**: `GET /api/me` without the cache, by one client that waits for each answer, on a file of
{FEW:,} tokens and on one of {MANY:,} (drawn at random from {SAMPLE:,} spread over it), in turns. The system has both
files in memory."""
