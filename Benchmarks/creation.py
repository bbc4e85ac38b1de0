"""How many tokens are made durable each second."""

import shutil
import sqlite3

import data

from harness import (
    CONNECTIONS,
    DATA,
    ROUNDS,
    Run,
    Section,
    cpu_seconds,
    free_port,
    median,
    resident_megabytes,
    run_wrk,
    tessera,
)

NAME = "creation"
REACH = 10_000
SUMMARY = f"`POST /api/tokens`, durable; at least {REACH:,} per second and core"
EMAIL = "creator@bench.example"


def measure(seconds):
    """Concurrent clients make tokens in a copy of the large database; each one answered must stand in the file."""
    database = DATA / "creation.db"
    for path in DATA.glob("creation.db*"):
        path.unlink()
    shutil.copyfile(data.stored(), database)
    data.add_user(database, EMAIL)
    token = data.add_token(database, EMAIL, "tokens:write", "tokens:read")
    before = count_tokens(database)
    port = free_port()
    with tessera(database, port, ()) as process_id:
        # The first run only warms up.
        counts, runs = zip(*(run(port, process_id, token, length) for length in (1, *[seconds] * ROUNDS)), strict=True)
        megabytes = resident_megabytes(process_id)
    made, answered = count_tokens(database) - before, sum(counts)
    if made < answered:
        raise SystemExit(f"bench: {NAME}: {answered} were answered, but {made} are stored")
    middle = median(runs[1:])
    row = [
        NAME,
        f"{middle.per_second:,.0f}",
        f"{middle.cpu_microseconds:.2f}",
        f"{1e6 / middle.cpu_microseconds:,.0f}",
        f"≥ {REACH:,}",
        f"{middle.p50:,.0f}",
        f"{middle.p99:,.0f}",
        f"{megabytes:.0f}",
    ]
    columns = ["benchmark", "tokens/s", "CPU µs", "per second and core", "reach", "p50 µs", "p99 µs", "MB"]
    return Section(columns, [row], TEXT)


def run(port, process_id, token, seconds):
    before = cpu_seconds(process_id)
    counted = run_wrk(port, NAME, seconds, "create.lua", (f"127.0.0.1:{port}", token))
    used = cpu_seconds(process_id) - before
    if counted["refused"]:
        raise SystemExit(f"bench: {NAME}: {counted['refused']} requests were refused")
    requests = counted["requests"]
    per_second = requests / counted["microseconds"] * 1e6
    return requests, Run(per_second, used / requests * 1e6, counted["p50"], counted["p99"])


def count_tokens(database):
    connection = sqlite3.connect(database)
    try:
        return connection.execute("SELECT count(*) FROM api_token").fetchone()[0]
    finally:
        connection.close()


TEXT = f"""**creation**: `POST /api/tokens` by {CONNECTIONS} clients at once, into a file of 1,000,000 tokens.
Each answer means that the token is durable (`synchronous=FULL`); afterwards the file must hold all that were
answered. The server stays on its one core; *per second and core* is one second over its CPU time for each, as
if it never waited for the disk."""
