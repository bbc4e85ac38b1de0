"""Requests beside nginx: one server after the other gets the same load."""

import statistics
from dataclasses import dataclass

import data

from harness import (
    CONNECTIONS,
    DATA,
    ROUNDS,
    Run,
    Section,
    cpu_seconds,
    first_token,
    free_port,
    get,
    median,
    metric,
    nginx,
    resident_megabytes,
    run_wrk,
    tessera,
)


@dataclass(frozen=True)
class Benchmark:
    """One kind of request to measure, and the CPU ratio to reach."""

    name: str
    what: str
    path: str
    reach: float | None
    tokens: str | None = None
    arguments: tuple = ()
    warm: bool = False
    status: int = 200

    @property
    def token_file(self):
        if self.tokens == "stored":
            return data.stored().with_suffix(".txt")
        return data.flood(self.tokens) if self.tokens else None


BENCHMARKS = [
    Benchmark("static", "`GET /healthz`", "/healthz", 1.0),
    Benchmark(
        "me-cached",
        "`GET /api/me`, a random token of 1,000,000 stored, all of them in the cache",
        "/api/me",
        0.90,
        tokens="stored",
        arguments=("--token-cache", str(2 * data.STORED)),
        warm=True,
    ),
    Benchmark(
        "me-uncached",
        "the same with a look-up in SQLite each time",
        "/api/me",
        0.55,
        tokens="stored",
        arguments=("--token-cache", "0"),
    ),
    Benchmark("garbage", "wrong checksums, refused", "/api/me", 0.90, tokens="garbage", status=401),
    Benchmark("unknown", "well-formed tokens that were never issued, refused", "/api/me", None, tokens="unknown", status=401),
]


@dataclass(frozen=True)
class Result:
    """The medians of both servers in one benchmark."""

    benchmark: Benchmark
    nginx: Run
    tessera: Run
    ratio: float
    megabytes: float


def measure(benchmark, seconds):
    """Runs both servers side by side, and sends the load to each in turn, several times."""
    ours, theirs = free_port(), free_port()
    with tessera(data.stored(), ours, benchmark.arguments) as our_id:
        with nginx(DATA, theirs, answer(ours, benchmark)) as their_id:
            if benchmark.warm:
                warm(ours, benchmark)
            for port in (ours, theirs):
                wrk(port, benchmark, 1)
            pairs = [
                (
                    run(theirs, their_id, benchmark, seconds, refused=False),
                    run(ours, our_id, benchmark, seconds, refused=benchmark.status >= 400),
                )
                for _ in range(ROUNDS)
            ]
        megabytes = resident_megabytes(our_id)
    ratio = statistics.median(pair[0].cpu_microseconds / pair[1].cpu_microseconds for pair in pairs)
    return Result(benchmark, median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs]), ratio, megabytes)


def run(port, process_id, benchmark, seconds, refused, stored=None):
    before = cpu_seconds(process_id)
    counted = wrk(port, benchmark, seconds, stored=stored)
    used = cpu_seconds(process_id) - before
    requests = counted["requests"]
    if counted["refused"] != (requests if refused else 0):
        raise SystemExit(f"bench: {benchmark.name}: {counted['refused']} of {requests} were refused")
    return Run(
        per_second=requests / counted["microseconds"] * 1e6,
        cpu_microseconds=used / requests * 1e6,
        p50=counted["p50"],
        p99=counted["p99"],
    )


def wrk(port, benchmark, seconds, first=None, stored=None):
    """One run of load. `stored` names a file of stored tokens other than the usual one."""
    file = stored if stored and benchmark.tokens == "stored" else benchmark.token_file
    tokens = [str(file)] if file else []
    turn = [] if first is None else [str(first)]
    arguments = (benchmark.path, f"127.0.0.1:{port}", *tokens, *turn)
    return run_wrk(port, benchmark.name, seconds, "load.lua", arguments)


def warm(port, benchmark, stored=None):
    """Sends every token at least once, and verifies that all of them are then in the cache."""
    sent = 0
    while sent < data.STORED:
        # Requests in progress at the end of a run are sent again.
        sent += wrk(port, benchmark, 15, first=max(0, sent - CONNECTIONS), stored=stored)["requests"]
    entries = metric(port, "tessera_token_cache_entries")
    if entries < data.STORED:
        raise SystemExit(f"bench: {benchmark.name}: only {entries:,.0f} of {data.STORED:,} tokens are in the cache")


def answer(port, benchmark):
    """The body of one answer, whose size nginx must match; checks the status."""
    token = first_token(benchmark.token_file) if benchmark.tokens else None
    status, body = get(port, benchmark.path, token)
    if status != benchmark.status:
        raise SystemExit(f"bench: {benchmark.name} is answered with {status}: {body[:200]!r}")
    return body


COLUMNS = [
    "benchmark",
    "nginx/s",
    "Tessera/s",
    "nginx CPU µs",
    "Tessera CPU µs",
    "ratio by rate",
    "ratio by CPU",
    "reach",
    "p50 µs",
    "p99 µs",
    "MB",
]


def section(results):
    return Section(COLUMNS, [cells(result) for result in results], TEXT.format(what=what(results)))


def cells(result):
    reach = result.benchmark.reach
    return [
        result.benchmark.name,
        f"{result.nginx.per_second:,.0f}",
        f"{result.tessera.per_second:,.0f}",
        f"{result.nginx.cpu_microseconds:.2f}",
        f"{result.tessera.cpu_microseconds:.2f}",
        f"{result.tessera.per_second / result.nginx.per_second:.2f}",
        f"{result.ratio:.2f}",
        "" if reach is None else f"≥ {reach:.2f}",
        f"{result.tessera.p50:,.0f}",
        f"{result.tessera.p99:,.0f}",
        f"{result.megabytes:.0f}",
    ]


def what(results):
    return "\n".join(f"- **{result.benchmark.name}**: {result.benchmark.what}" for result in results)


TEXT = f"""{{what}}

nginx is one worker that returns a body of the same size from memory, to the same requests. Each number is the median
of {ROUNDS} runs, with the two servers in turns; each run of Tessera is compared with the run of nginx just before it.

*Ratio by CPU* is nginx's CPU time for a request divided by Tessera's (user and system, all threads of the process): 1
is as cheap as nginx, and *reach* is the goal. *Ratio by rate* is Tessera's requests per second divided by nginx's; it
says less if the load generator is the limit. *MB* is the resident memory right after the runs."""
