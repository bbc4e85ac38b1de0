"""Two workers run the tests, one file each at a time. Tests that measure run alone."""

import fcntl
from contextlib import contextmanager
from pathlib import Path

from xdist.scheduler import LoadFileScheduling

WORKERS = 2

# The files and tests that run alone, with the reasons.
ALONE = {
    "test_idle_connections_cost_others_nothing": "a few milliseconds are compared",
    "test_figures.py": "start-up times in milliseconds, and memory",
    "test_a_server_that_hangs_keeps_nobody_waiting_for_long": "a bound with 0.2 seconds to spare",
    "test_timing.py": "differences of a microsecond are looked for",
}

# The files that take longest, or wait.
LONG = [
    "test_package.py",
    "test_token_pages.py",
    "test_journey.py",
    "test_faults_cluster.py",
    "test_faults_connections.py",
    "test_admin.py",
    "test_rolling.py",
    "test_explain.py",
    "test_accounts.py",
    "test_docs.py",
    "test_postgres.py",
]

# A test that waits to run alone goes before later tests.
GATE = Path(__file__).with_name("__init__.py")
ROOM = Path(__file__)


@contextmanager
def turn(alone):
    """Waits until the test may run; no other test runs during the block of a test that runs alone."""
    with ROOM.open() as room:
        with GATE.open() as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def is_alone(item):
    return item.path.name in ALONE or item.originalname in ALONE


def order(item):
    """Orders long files first, so that the workers end at about the same time, and exclusive tests last."""
    name = item.path.name
    return name in ALONE, LONG.index(name) if name in LONG else len(LONG)


class Files(LoadFileScheduling):
    """Assigns each file to one worker, and all files of exclusive tests to the same worker."""

    def __init__(self, config, log):
        # In the order of this plug-in.
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid):
        scope = super()._split_scope(nodeid)
        return "alone" if scope in ALONE else scope
