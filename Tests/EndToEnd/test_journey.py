"""A person makes a token on a page, uses it, revokes it, and reads the reason for the next refusal."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Error, expect

from harness.browser import LOOKS, Look, visitor
from harness.problems import assert_unauthorized
from harness.program import ADMIN, USER, poll
from harness.tokens import REVOKED


@pytest.fixture(params=LOOKS, ids=str)
def person(request, browser, dragon):
    with visitor(browser, dragon.url, request.param) as person:
        yield person


@pytest.fixture
def desktop(browser, dragon):
    with visitor(browser, dragon.url, Look(True, 1280, "light")) as person:
        yield person


def test_from_a_page_to_a_checked_request_and_back(person, api):
    name = f"Organizer {person.look}"

    person.open("/")
    person.inspect("welcome")
    person.open("/login")
    person.inspect("sign-in")
    person.sign_in(*USER)
    person.open("/")
    person.inspect("home")

    token = person.create_token(name, ["treasure:create"])
    person.inspect("token-created")
    assert re.fullmatch(r"tcp_[0-9A-Za-z]{64}", token)

    bearer = {"Authorization": f"Bearer {token}"}
    treasure = {"name": "A mosaic tile", "description": "Small, square, and worth more than it looks."}
    created = api.post("/api/treasures", json=treasure, headers=bearer)
    assert created.status_code == 201, created.text

    person.open("/settings/tokens")
    row = person.row(name)
    expect(row).to_have_count(1)
    expect(row).to_contain_text("treasure:create")
    expect(row).to_contain_text(token[-4:])
    assert token not in person.page.content()
    poll("its last use is shown", lambda: shows_use(person, row), seconds=20)
    person.inspect("tokens")

    row.get_by_role("link", name="Revoke").or_(row.get_by_role("button", name="Revoke")).click()
    expect(person.page.get_by_role("main")).to_contain_text(name)
    person.inspect("revoke")
    person.page.get_by_role("button", name="Revoke token").click()
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    person.inspect("tokens-after")

    refused = assert_unauthorized(api.post("/api/treasures", json=treasure, headers=bearer), REVOKED)

    poll("its owner can look it up", lambda: person.open(f"/refusals/{refused['refusal']}").status == 200)
    expect(person.page.get_by_role("main")).to_contain_text("revoked")
    person.inspect("refusal")

    person.sign_out()
    person.sign_in(*ADMIN)
    assert person.open(f"/refusals/{refused['refusal']}").status == 200
    expect(person.page.get_by_role("main")).to_contain_text("revoked")
    person.inspect("refusal-for-the-operator")


def shows_use(person, row):
    person.page.reload()
    return "Never used" not in row.inner_text()


def test_the_keyboard_alone_signs_in_and_creates_a_token(desktop):
    page = desktop.page
    desktop.open("/login")
    desktop.tab_to(page.get_by_label("Email"))
    page.keyboard.type(USER[0])
    desktop.tab_to(page.get_by_label("Password"))
    page.keyboard.type(USER[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()

    desktop.open("/settings/tokens/new")
    desktop.tab_to(page.get_by_label("Token name"))
    page.keyboard.type("By keyboard")
    desktop.tab_to(page.get_by_label("Expiration"))
    page.keyboard.press("ArrowUp")
    scope = page.get_by_role("checkbox", name="treasure:edit")
    desktop.tab_to(scope)
    page.keyboard.press("Space")
    expect(scope).to_be_checked()
    desktop.tab_to(page.get_by_role("button", name="Create token"))
    page.keyboard.press("Enter")
    expect(page.locator("#new-token")).to_have_text(re.compile(r"tcp_[0-9A-Za-z]{64}"))


def test_the_focus_can_be_seen(desktop):
    desktop.open("/login")
    button = desktop.page.get_by_role("button", name="Sign in")
    desktop.tab_to(button)
    outline = button.evaluate("element => getComputedStyle(element).outlineStyle")
    shadow = button.evaluate("element => getComputedStyle(element).boxShadow")
    assert (outline, shadow) != ("none", "none")


def test_the_skip_link_leads_to_the_content(desktop):
    desktop.open("/")
    desktop.page.keyboard.press("Tab")
    focused = desktop.page.locator(":focus")
    expect(focused).to_have_attribute("href", "#main")


def test_the_copy_button_copies_the_token(desktop):
    desktop.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desktop.sign_in(*USER)
    token = desktop.create_token("To copy", [])
    desktop.page.get_by_role("button", name="Copy token").click()
    expect(desktop.page.get_by_text("Copied").first).to_be_visible()
    assert desktop.page.evaluate("navigator.clipboard.readText()") == token


def test_a_new_token_is_shown_once(desktop):
    desktop.sign_in(*USER)
    token = desktop.create_token("Shown once", [])
    desktop.page.goto(desktop.site + "/settings/tokens")
    assert token not in desktop.page.content()
    # The page was the answer to a form and is not stored, so the browser has nothing to go back to.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        desktop.page.go_back()
    expect(desktop.page.get_by_text(token)).to_have_count(0)


def test_an_error_is_told_beside_its_field(person):
    person.sign_in(*USER)
    person.open("/settings/tokens/new")
    person.page.get_by_role("button", name="Create token").click()
    field = person.page.get_by_label("Token name")
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby").split()
    messages = [person.page.locator(f"#{id}").inner_text() for id in described]
    assert any(messages)
    person.inspect("new-token-error")


def test_a_wrong_password_is_told_without_saying_which_part_was_wrong(person):
    person.open("/login")
    person.page.get_by_label("Email").fill(USER[0])
    person.page.get_by_label("Password").fill("not the password at all")
    person.page.get_by_role("button", name="Sign in").click()
    expect(person.page.get_by_role("alert")).to_be_visible()
    expect(person.page.get_by_label("Email")).to_have_value(USER[0])
    expect(person.page.get_by_label("Password")).to_have_value("")
    person.inspect("sign-in-error")


def test_who_has_no_token_yet_is_told_what_they_are_for(person, api):
    email = f"{person.look}@example.com"
    password = "a long enough password"
    registered = {"email": email, "username": str(person.look), "password": password}
    answer = api.post("/api/users", json=registered)
    assert answer.status_code == 201, answer.text
    person.sign_in(email, password)
    person.open("/settings/tokens")
    person.inspect("no-tokens")
    expect(person.page.get_by_role("main").get_by_role("link", name="New token")).to_be_visible()


def test_a_page_that_does_not_exist_is_a_page(person):
    assert person.open("/nowhere").status == 404
    person.inspect("not-found")


def test_who_is_not_signed_in_is_asked_to_and_led_back(desktop):
    desktop.open("/settings/tokens")
    expect(desktop.page.get_by_role("button", name="Sign in")).to_be_visible()
    desktop.page.get_by_label("Email").fill(USER[0])
    desktop.page.get_by_label("Password").fill(USER[1])
    desktop.page.get_by_role("button", name="Sign in").click()
    expect(desktop.page).to_have_url(re.compile(r"/settings/tokens$"))


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_signing_in_leads_nowhere_else(desktop, next_page):
    desktop.open("/login?" + urlencode({"next": next_page}))
    desktop.page.get_by_label("Email").fill(USER[0])
    desktop.page.get_by_label("Password").fill(USER[1])
    desktop.page.get_by_role("button", name="Sign in").click()
    expect(desktop.page.get_by_role("button", name="Sign out")).to_be_attached()
    assert desktop.page.url.startswith(desktop.site + "/")
