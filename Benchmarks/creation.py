"""The number of durable tokens made each second."""

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
    nginx,
    resident_megabytes,
    run_wrk,
    tessera,
)

NAME = "creation"
REACH = 10_000
SUMMARY = f"`POST /api/tokens`, durable; at least {REACH:,} per second and core"
EMAIL = "creator@bench.example"
# About the size of the answer that shows a new token.
ANSWER = 600


def measure(seconds):
    """Concurrent clients make tokens in a copy of the large database. The file must contain every confirmed token."""
    database = DATA / "creation.db"
    for path in DATA.glob("creation.db*"):
        path.unlink()
    shutil.copyfile(data.stored(), database)
    data.add_user(database, EMAIL)
    token = data.add_token(database, EMAIL, "tokens:write", "tokens:read")
    before = count_tokens(database)
    ours, theirs = free_port(), free_port()
    answered, pairs = 0, []
    with tessera(database, ours, ()) as our_id, nginx(DATA, theirs, b"x" * ANSWER) as their_id:
        # The first run only warms up.
        for length in (1, *[seconds] * ROUNDS):
            _, beside = run(theirs, their_id, token, length)
            count, creating = run(ours, our_id, token, length)
            answered += count
            pairs.append((beside, creating))
        megabytes = resident_megabytes(our_id)
    made = count_tokens(database) - before
    if made < answered:
        raise SystemExit(f"bench: {NAME}: {answered} were answered, but {made} are stored")
    beside, middle = (median(runs) for runs in zip(*pairs[1:], strict=True))
    row = [
        NAME,
        f"{middle.per_second:,.0f}",
        f"{beside.cpu_microseconds:.2f}",
        f"{middle.cpu_microseconds:.2f}",
        f"{1e6 / middle.cpu_microseconds:,.0f}",
        f"≥ {REACH:,}",
        f"{middle.p50:,.0f}",
        f"{middle.p99:,.0f}",
        f"{megabytes:.0f}",
    ]
    columns = [
        *("benchmark", "tokens/s", "nginx CPU µs", "Tessera CPU µs", "per second and core", "reach"),
        *("p50 µs", "p99 µs", "MB"),
    ]
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
Each answer means that the token is durable (`synchronous=FULL`); afterwards, the file must contain all confirmed
tokens. The server stays on its one core. *Per second and core* is one second divided by its CPU time for each token, as
if it never waited for the disk. *nginx CPU µs* is the CPU time of nginx for the same request, measured between the runs
with an answer from memory: it shows how fast the machine was."""
