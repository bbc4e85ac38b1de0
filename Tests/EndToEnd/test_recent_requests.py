"""The recent requests of a person's tokens: on the page, from the command, and deleted after their time."""

import json
import re

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, visitor
from harness.people import Person
from harness.program import USER, dragon_treasure, poll, tessera


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with dragon_treasure(tmp_path_factory.mktemp("requests")) as server:
        yield server


@pytest.fixture(scope="module")
def ember(server):
    return Person(server.url).sign_in(*USER)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def listed(server, token, count):
    """The requests that the command lists for a token, once it lists this many."""

    def ask():
        done = tessera("token", "requests", token, "--json", database=server.database)
        assert done.returncode == 0, done.stderr
        requests = json.loads(done.stdout)
        return requests if len(requests) >= count else None

    return poll("the requests are written", ask)


def use(server, token):
    """A request that is answered, one that fails, one that is refused; returns token, status and refusal."""
    with server.client() as client:
        me = client.get("/api/me?page=1", headers=bearer(token))
        assert me.status_code == 200
        broken = client.post("/api/treasures", content="{", headers=bearer(token))
        assert broken.status_code in (400, 415), broken.text
        refused = client.get("/api/tokens", headers=bearer(token))
        assert refused.status_code == 403
    return me.json()["token"]["id"], broken.status_code, refused.headers["tessera-refusal"]


def test_the_command_lists_outcomes(server, ember):
    token = ember.create_token("listed", ["treasure:create"])
    identifier, broken, refusal = use(server, token)
    requests = listed(server, identifier, 3)
    assert [(entry["method"], entry["path"], entry["status"]) for entry in requests] == [
        ("GET", "/api/tokens", 403),
        ("POST", "/api/treasures", broken),
        ("GET", "/api/me", 200),
    ]
    assert [entry["cause"] for entry in requests] == ["insufficient-scope", None, None]
    assert requests[0]["refusal"] == refusal
    assert {entry["address"] for entry in requests} == {"127.0.0.1"}
    assert token not in json.dumps(requests)
    table = tessera("token", "requests", identifier, "--limit", "1", database=server.database).stdout
    assert re.search(
        rf"403 +GET /api/tokens +127\.0\.0\.1 +insufficient-scope +{refusal}$", table, re.MULTILINE
    )
    assert "/api/me" not in table


def test_a_token_without_requests_is_said_to_have_none(server, ember):
    ember.create_token("never used")
    tokens = json.loads(tessera("token", "list", "--json", database=server.database).stdout)
    [identifier] = [entry["id"] for entry in tokens if entry["name"] == "never used"]
    done = tessera("token", "requests", identifier, database=server.database)
    assert (done.returncode, done.stdout) == (0, "")
    assert "no recent requests" in done.stderr


def test_a_token_that_does_not_exist_is_an_error(server):
    done = tessera("token", "requests", "0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10", database=server.database)
    assert done.returncode == 1
    assert "there is no token" in done.stderr


def test_nobody_sees_requests_of_others(server, ember):
    token = ember.create_token("private", ["treasure:create"])
    identifier, _, _ = use(server, token)
    listed(server, identifier, 3)
    stranger = Person(server.url).sign_in("keeper@example.com", "keeper-of-the-hoard")
    page = stranger.get(f"/settings/requests?token={identifier}").text
    assert "No requests lately" in page
    assert Person(server.url).get("/settings/requests").status_code == 303


def test_a_flood_is_kept_as_a_sample(own_dragon):
    ember = Person(own_dragon.url).sign_in(*USER)
    token = ember.create_token("busy")
    with own_dragon.client() as client:
        identifier = client.get("/api/me", headers=bearer(token)).json()["token"]["id"]
        assert "this is a sample" not in ember.get("/settings/requests").text
        poll(
            "the budget is used up",
            lambda: (
                [client.get("/api/me", headers=bearer(token)) for _ in range(50)]
                and "this is a sample" in ember.get("/settings/requests").text
            ),
        )
    kept = listed(own_dragon, identifier, 10)
    assert {entry["path"] for entry in kept} == {"/api/me"}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_page_at_a_browser(own_dragon, browser, look):
    with visitor(browser, own_dragon.url, look) as me:
        me.sign_in(*USER)
        main = me.page.get_by_role("main")
        me.open("/settings/requests")
        expect(main.get_by_role("heading", name="No requests lately")).to_be_visible()
        expect(main.get_by_text("curl -H")).to_be_visible()
        me.inspect("requests-empty")

        token = me.create_token("Backup script", ["treasure:create"])
        identifier, broken, refusal = use(own_dragon, token)
        me.create_token("Another", [])
        listed(own_dragon, identifier, 3)
        me.open("/settings/requests")
        expect(main.get_by_text("Answered 200")).to_be_visible()
        expect(main.get_by_text(f"Failed {broken}")).to_be_visible()
        expect(main.get_by_text("Refused 403")).to_be_visible()
        me.inspect("requests")

        main.get_by_label("Token").select_option(label="Another")
        main.get_by_role("button", name="Show").click()
        expect(main.get_by_role("heading", name="No requests lately")).to_be_visible()
        main.get_by_label("Token").select_option(label="Backup script")
        main.get_by_role("button", name="Show").click()
        me.tab_to(main.get_by_role("link", name="Why it was refused"))
        me.page.keyboard.press("Enter")
        expect(main.get_by_role("heading", level=1)).to_contain_text("scope")
        assert me.page.url.endswith(f"/refusals/{refusal}")
