"""A clock that jumps: expired tokens stay expired, and the program continues."""

import json
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from harness.faketime import FakeClock
from harness.load import Connection, manager, signed_in
from harness.problems import assert_unauthorized
from harness.program import poll, tessera_server
from harness.tokens import EXPIRED

HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def clock(tmp_path):
    return FakeClock(tmp_path)


@pytest.fixture
def server(tmp_path, clock):
    server = tessera_server(tmp_path / "tessera", environment=clock.environment)
    with server:
        server.token = manager(server)
        yield server


def token_for(server, seconds):
    """A token that expires this many seconds after the true time."""
    instant = datetime.now(UTC) + timedelta(seconds=seconds)
    value = {"name": "short", "scopes": [], "expires_at": instant.strftime("%Y-%m-%dT%H:%M:%SZ")}
    with closing(Connection(server, server.token)) as connection:
        status, _, body = connection.ask("POST", "/api/tokens", value)
    assert status == 201, body
    return json.loads(body)["token"]


def ask(server, token):
    with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
        return client.get("/api/me")


def metric(server, name):
    with server.client() as client:
        return int(re.search(rf"^{name} (\d+)$", client.get("/metrics").text, re.MULTILINE)[1])


def test_the_clock_under_test_is_the_one_we_set(server, clock):
    """The experiment itself works: the program sees the false clock."""
    token = token_for(server, HOUR)
    assert ask(server, token).status_code == 200
    clock.set(2 * HOUR)
    assert_unauthorized(ask(server, token), EXPIRED)


def test_what_was_refused_as_expired_stays_so_when_the_clock_goes_back(server, clock):
    token, later = token_for(server, HOUR), token_for(server, 3 * HOUR)
    assert ask(server, token).status_code == 200
    for jump in (2 * HOUR, 0, -30 * DAY, -3650 * DAY, HOUR + HOUR // 2):
        clock.set(jump)
        assert_unauthorized(ask(server, token), EXPIRED)
        assert ask(server, later).status_code == 200
    assert metric(server, "tessera_clock_lead_seconds") in range(HOUR // 2 - 5, HOUR // 2 + 5)


def test_what_nobody_asked_about_expires_all_the_same(server, clock):
    token = token_for(server, HOUR)
    clock.set(2 * HOUR)
    with server.client() as client:
        # Any request suffices for the server to see the time.
        assert client.get("/login").status_code == 200
        client.get("/api/me")
    clock.set(0)
    assert_unauthorized(ask(server, token), EXPIRED)


def test_time_goes_on_after_the_clock_was_set_back(server, clock):
    """At its ordinary pace, not only after the machine's clock has caught up."""
    token = token_for(server, 3)
    assert ask(server, token).status_code == 200
    clock.set(-DAY)
    poll("it expires", lambda: ask(server, token).status_code == 401, seconds=8)


def test_sessions_end_and_stay_ended(server, clock):
    person = signed_in(server)
    assert person.get("/settings/tokens").status_code == 200
    clock.set(60 * DAY)
    assert person.get("/settings/tokens").status_code == 303
    clock.set(0)
    assert person.get("/settings/tokens").status_code == 303


@pytest.mark.parametrize("jump", [-3650 * DAY, 3650 * DAY, 30000 * DAY])
def test_a_far_jump_ends_nothing(server, clock, jump):
    clock.set(jump)
    with server.client() as client:
        for path in ("/healthz", "/readyz", "/metrics", "/login"):
            assert client.get(path).status_code == 200, path
    assert server.stop() == 0


def test_a_start_with_a_clock_that_is_right_again_is_the_operators_word(server, clock):
    token = token_for(server, HOUR)
    clock.set(2 * HOUR)
    assert_unauthorized(ask(server, token), EXPIRED)
    clock.set(0)
    assert server.stop() == 0
    server.start()
    assert ask(server, token).status_code == 200
