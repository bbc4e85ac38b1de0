"""The notification connection of a node fails silently: the guaranteed bound still holds."""

import time
from contextlib import closing

import pytest

from harness.cluster import BOUND, Cluster, Watch
from harness.load import Connection
from harness.program import poll


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("cluster"), proxied=(1,)) as cluster:
        yield cluster


def acceptance_after(cluster, spoil):
    """The time for which the second node accepts a token after its revocation, with `spoil` just before."""
    with closing(Connection(cluster.nodes[0], cluster.token)) as one:
        with closing(Connection(cluster.nodes[1], cluster.token)) as two:
            made = one.create()
            # The second time from the cache.
            assert [two.accepts(made["token"]) for _ in range(2)] == [True, True]
            spoil()
            assert one.revoke(made["id"])
            confirmed = last = time.monotonic()

            def is_refused():
                nonlocal last
                began = time.monotonic()
                if not two.accepts(made["token"]):
                    return True
                last = began
                return False

            poll("it is refused", is_refused, seconds=10)
            return last - confirmed


def test_a_node_that_hears_nothing_and_is_not_told_refuses_within_the_bound(cluster, times):
    with Watch(cluster, seed=1) as watch:
        late = []
        for _ in range(times(1, 20)):
            cluster.recover()
            late.append(acceptance_after(cluster, lambda: cluster.proxies[1].silence()))
            watch.goes_on()
        print(watch.assert_holds() | {"accepted for": [f"{seconds:.2f} s" for seconds in late]})
    # The notification must not have arrived; otherwise the test shows nothing.
    assert 0.2 < max(late) < BOUND


def test_what_is_stuck_behind_the_last_beat_is_not_taken_for_heard(cluster, times):
    with Watch(cluster, seed=2) as watch:
        late = []
        for _ in range(times(1, 20)):
            cluster.recover()
            # The beat is late but within the limit, and is the last message to arrive.
            late.append(acceptance_after(cluster, lambda: cluster.proxies[1].hold_beat(1.6)))
            watch.goes_on()
        print(watch.assert_holds() | {"accepted for": [f"{seconds:.2f} s" for seconds in late]})
    assert 1.6 < max(late) < BOUND
