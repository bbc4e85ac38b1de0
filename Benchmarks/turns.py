"""Two builds of Tessera on the same core, in turns: did a change make it slower?"""

import shutil
import statistics

import checks
import creation
import data

from harness import DATA, TESSERA, Section, free_port, tessera

CHECKS = {benchmark.name: benchmark for benchmark in checks.BENCHMARKS}
NAMES = [*CHECKS, creation.NAME]


def measure(older, names, rounds, seconds):
    """Each build has a copy of one database, which the older build has made."""
    directory = DATA / "turns"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    original = directory / "original.db"
    data.fill(original, data.STORED, older)
    data.add_user(original, creation.EMAIL, older)
    token = data.add_token(original, creation.EMAIL, "tokens:write", "tokens:read", program=older)
    rows = []
    for name in names:
        files = []
        for program in ("older", "newer"):
            files.append(directory / f"{program}.db")
            for path in directory.glob(f"{program}.db*"):
                path.unlink()
            shutil.copyfile(original, files[-1])
        rows.append(
            [name, *compare(name, (older, TESSERA), files, original.with_suffix(".txt"), token, rounds, seconds)]
        )
    shutil.rmtree(directory)
    columns = ["benchmark", "older CPU µs", "newer CPU µs", "ratio", "least", "most", "rounds"]
    return Section(columns, rows, TEXT)


def compare(name, programs, files, tokens, token, rounds, seconds):
    """The cells of one row: medians of both, and the older build's time over the newer one's, pair by pair."""
    benchmark = CHECKS.get(name)
    arguments = benchmark.arguments if benchmark else ()
    ports = free_port(), free_port()

    def run(place, process_id, length):
        if benchmark is None:
            return creation.run(ports[place], process_id, token, length)[1]
        return checks.run(ports[place], process_id, benchmark, length, benchmark.status >= 400, tokens)

    with (
        tessera(files[0], ports[0], arguments, programs[0]) as older,
        tessera(files[1], ports[1], arguments, programs[1]) as newer,
    ):
        ids = older, newer
        for place in (0, 1):
            if benchmark and benchmark.warm:
                checks.warm(ports[place], benchmark, tokens)
            run(place, ids[place], 1)
        pairs = []
        for number in range(rounds):
            # The second build finds a warmer machine, so each build is second equally often.
            order = (0, 1) if number % 2 == 0 else (1, 0)
            found = {place: run(place, ids[place], seconds).cpu_microseconds for place in order}
            pairs.append((found[0], found[1]))
    ratios = [before / after for before, after in pairs]
    older_time, newer_time = (statistics.median(times) for times in zip(*pairs, strict=True))
    return [
        f"{older_time:.2f}",
        f"{newer_time:.2f}",
        f"{statistics.median(ratios):.3f}",
        f"{min(ratios):.3f}",
        f"{max(ratios):.3f}",
        str(rounds),
    ]


TEXT = """**turns**: CPU time of a request to the older build divided by that of the newer one, both on the same core
in turns. Above 1, the newer build is cheaper."""
