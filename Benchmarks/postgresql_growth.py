"""The cost of look-ups and pruning for PostgreSQL among very many tokens and among few."""

import statistics
import sys
import tempfile
from pathlib import Path

import growth
import postgresql

from harness import ROUNDS, Section, free_port, tessera

NAME = "postgresql-growth"
FEW, MANY = 100_000, 10_000_000
PRUNED = 20_000
SUMMARY = f"the same on PostgreSQL, and pruning {PRUNED:,} tokens, among {MANY:,} and among {FEW:,}"


def measure(seconds):
    with postgresql.running() as server, tempfile.TemporaryDirectory(prefix="tessera-bench-") as directory:
        urls = [server.url, server.new_database("many")]
        files = [fill(url, count, Path(directory)) for url, count in zip(urls, (FEW, MANY), strict=True)]
        # Does the work that autovacuum would otherwise do during a measurement.
        for url in urls:
            server.sql(url, "VACUUM (ANALYZE)", "CHECKPOINT")
        found = look_ups(server, urls, files, seconds)
        pruned = [prune(server, url) for url in urls]
        size = int(server.sql(urls[1], "SELECT pg_database_size(current_database())"))
    latency, cost = ([statistics.median(one[place] for one in runs) for runs in found] for place in (0, 1))
    rows = [
        ["look-up, p50 µs", f"{latency[0]:.0f}", f"{latency[1]:.0f}", f"{latency[1] / latency[0]:.2f}"],
        ["look-up, PostgreSQL CPU µs", f"{cost[0]:.1f}", f"{cost[1]:.1f}", f"{cost[1] / cost[0]:.2f}"],
        ["token pruned, PostgreSQL CPU µs", f"{pruned[0]:.1f}", f"{pruned[1]:.1f}", f"{pruned[1] / pruned[0]:.2f}"],
    ]
    columns = [NAME, f"among {FEW:,}", f"among {MANY:,}", "ratio"]
    return Section(columns, rows, TEXT.format(gigabytes=size / 1e9))


def fill(url, count, directory):
    """Stores this number of tokens; returns the file of a sample of them."""
    print(f"bench: making {count:,} tokens in PostgreSQL", file=sys.stderr)
    tokens = directory / f"{count}.txt"
    postgresql.run("fixtures", "bulk", "--tokens", count, "--tokens-file", tokens, "--database", url)
    sample = directory / f"{count}.sample.txt"
    growth.write_sample(tokens, count, sample)
    tokens.unlink()
    return sample


def look_ups(server, urls, files, seconds):
    """The runs of each database, in turns: the p50 of one client, and the CPU time of PostgreSQL for each request, in µs."""
    ports = [free_port() for _ in urls]
    arguments = ("--token-cache", "0")
    with tessera(urls[0], ports[0], arguments) as first, tessera(urls[1], ports[1], arguments) as second:
        nodes = list(zip(ports, (first, second), files, strict=True))

        def run(node):
            before = server.cpu_seconds()
            latency, _, count = growth.load(*node, NAME, seconds)
            return latency, (server.cpu_seconds() - before) / count * 1e6

        for node in nodes:
            run(node)
        rounds = [[run(node) for node in nodes] for _ in range(ROUNDS)]
    return list(zip(*rounds, strict=True))


def prune(server, url):
    """The CPU time of PostgreSQL for each deletion of a token that has ended, in microseconds."""
    # Tokens that end together were also made together.
    server.sql(
        url,
        f"""UPDATE api_token SET expires_at = now() - interval '1 hour'
            WHERE id IN (SELECT id FROM api_token ORDER BY id LIMIT {PRUNED})""",
        "CHECKPOINT",
    )
    dead = "SELECT count(*) FROM api_token WHERE expires_at < now()"
    if int(server.sql(url, dead)) != PRUNED:
        raise SystemExit(f"bench: {NAME}: there are not {PRUNED:,} tokens to be pruned")
    before = server.cpu_seconds()
    postgresql.run("token", "prune", "--database", url)
    cost = (server.cpu_seconds() - before) / PRUNED * 1e6
    if int(server.sql(url, dead)):
        raise SystemExit(f"bench: {NAME}: some were not pruned")
    return cost


TEXT = f"""**postgresql-growth**: `GET /api/me` without the cache, by one client that waits for each answer, on a database
of {FEW:,} tokens and on one of {MANY:,} ({{gigabytes:.1f}} GB) of the same PostgreSQL (`shared_buffers` 512 MB; drawn at
random from {growth.SAMPLE:,} spread over it), in turns; then `tessera token prune` of the {PRUNED:,} oldest."""
