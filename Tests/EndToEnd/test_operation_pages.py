"""The operators' pages: the status of the store and of the jobs, and recent refusals."""

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, visitor
from harness.people import Person
from harness.program import ADMIN, USER, dragon_treasure, poll, tessera
from harness.tokens import unknown_token

PAGES = ["/admin/status", "/admin/refusals"]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with dragon_treasure(tmp_path_factory.mktemp("operation")) as server:
        yield server


@pytest.fixture(scope="module")
def refusal(server):
    """A stored refusal."""
    with server.client() as client:
        answer = client.get("/api/me", headers={"Authorization": f"Bearer {unknown_token()}"})
        identifier = answer.headers["tessera-refusal"]
    poll(
        "the refusal is written",
        lambda: tessera("explain", identifier, database=server.database).returncode == 0,
    )
    return identifier


@pytest.mark.parametrize("path", PAGES)
def test_it_does_not_exist_for_others(server, path):
    assert Person(server.url).sign_in(*USER).get(path).status_code == 404
    assert Person(server.url).sign_in(*ADMIN).get(path).status_code == 200
    assert Person(server.url).get(path).status_code == 303


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_pages_at_a_browser(server, refusal, browser, look):
    with visitor(browser, server.url, look) as keeper:
        keeper.sign_in(*ADMIN)
        main = keeper.page.get_by_role("main")
        keeper.open("/admin/status")
        poll(
            "the jobs have run",
            lambda: keeper.open("/admin/status") and main.get_by_text("take-stock").count(),
        )
        expect(main.get_by_role("heading", name="Rows")).to_be_visible()
        expect(main.get_by_role("listitem").filter(has_text="users")).to_contain_text("12 live, 0 dead")
        expect(main.get_by_text("Fine")).not_to_have_count(0)
        expect(main.get_by_text("Fails")).to_have_count(0)
        keeper.inspect("status")

        keeper.open("/admin/refusals")
        expect(main.get_by_text("401 unknown").first).to_be_visible()
        keeper.inspect("refusals")
        main.get_by_label("Cause").select_option("mistyped")
        main.get_by_role("button", name="Show").click()
        expect(main.get_by_text("Nothing was refused for this cause.")).to_be_visible()
        main.get_by_label("Cause").select_option("unknown")
        main.get_by_role("button", name="Show").click()
        link = main.locator(f'a[href="/refusals/{refusal}"]')
        keeper.tab_to(link)
        keeper.page.keyboard.press("Enter")
        expect(main.get_by_role("heading", level=1)).to_contain_text("unknown")
