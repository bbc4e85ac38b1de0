"""The token pages in a browser: rename, expiry, rotation, disabling, revoking all."""

import json
import re

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, Look, visitor
from harness.people import Person
from harness.problems import assert_unauthorized
from harness.program import ADMIN, USER, dragon_treasure, poll, tessera, tessera_server
from harness.tokens import EXPIRED, REVOKED

TOKEN = re.compile(r"tcp_[0-9A-Za-z]{64}")


@pytest.fixture(scope="module")
def dragon(tmp_path_factory):
    """A Dragon Treasure API for this file, because its tests revoke all tokens of a person."""
    with dragon_treasure(tmp_path_factory.mktemp("token-pages"), "--log-level", "error") as server:
        yield server


@pytest.fixture(params=LOOKS, ids=str)
def person(request, browser, dragon):
    with visitor(browser, dragon.url, request.param) as person:
        yield person


@pytest.fixture
def desktop(browser, dragon):
    with visitor(browser, dragon.url, Look(True, 1280, "light")) as person:
        yield person


def main(person):
    return person.page.get_by_role("main")


def notice(person):
    return person.page.get_by_role("status").first


def press(person, name):
    main(person).get_by_role("button", name=name, exact=True).click()


def follow(person, name):
    main(person).get_by_role("link", name=name, exact=True).click()


def me(server, token):
    with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
        return client.get("/api/me")


def shown_token(person):
    return person.page.locator("#new-token").inner_text().strip()


def register(server, name):
    """An account without tokens; returns its credentials."""
    account = {"email": f"{name}@example.com", "username": name, "password": "goblets dented by teeth"}
    with server.client() as client:
        answer = client.post("/api/users", json=account)
    assert answer.status_code == 201, answer.text
    return account["email"], account["password"]


def shows_use(person):
    person.page.reload()
    return "Never used" not in main(person).get_by_role("definition").all_inner_texts()


def test_a_token_is_changed_on_its_page(person, dragon):
    person.sign_in(*USER)
    token = person.create_token(f"Draft {person.look}", ["treasure:create"])
    person.open("/settings/tokens")
    follow(person, f"Draft {person.look}")
    expect(main(person)).to_contain_text("in 30 days")
    expect(main(person)).to_contain_text("Never used")
    person.inspect("token")

    follow(person, "Rename")
    field = person.page.get_by_label("Token name")
    field.fill("")
    press(person, "Rename token")
    expect(field).to_have_attribute("aria-invalid", "true")
    person.inspect("token-rename-error")
    field.fill(f"Final {person.look}")
    press(person, "Rename token")
    expect(notice(person)).to_contain_text("new name")
    expect(person.page.get_by_role("heading", level=1)).to_have_text(f"Final {person.look}")

    follow(person, "Change expiry")
    person.inspect("token-expiry")
    person.page.get_by_label("Expiration").select_option("90d")
    press(person, "Change expiry")
    expect(main(person)).to_contain_text("in 90 days")

    assert me(dragon, token).status_code == 200
    press(person, "Disable")
    expect(notice(person)).to_contain_text("disabled")
    assert_unauthorized(me(dragon, token), REVOKED)
    person.inspect("token-disabled")
    press(person, "Enable")
    assert me(dragon, token).status_code == 200

    follow(person, "Revoke")
    press(person, "Revoke token")
    expect(notice(person)).to_contain_text("revoked")
    follow(person, f"Final {person.look}")
    person.inspect("token-revoked")
    follow(person, "New token like this one")
    expect(person.page.get_by_label("Token name")).to_have_value(f"Final {person.look}")
    expect(person.page.get_by_role("checkbox", name="treasure:create")).to_be_checked()


def test_a_token_is_rotated_and_the_old_one_ended(person, dragon):
    person.sign_in(*USER)
    name = f"Rotated {person.look}"
    old = person.create_token(name, ["treasure:create"])
    assert me(dragon, old).status_code == 200
    person.open("/settings/tokens")
    follow(person, name)
    path = person.page.url
    poll("the use is shown", lambda: shows_use(person), seconds=20)
    expect(main(person)).to_contain_text("from 127.0.0.1")

    follow(person, "Rotate")
    expect(person.page.get_by_role("radio", name="24 hours")).to_be_checked()
    person.inspect("token-rotate")
    press(person, "Rotate token")
    new = shown_token(person)
    assert TOKEN.fullmatch(new)
    assert new != old
    expect(main(person)).to_contain_text("goes on until it ends in 1 day")
    person.inspect("token-rotated")
    assert me(dragon, new).json()["scopes"] == ["treasure:create"]
    assert me(dragon, old).status_code == 200

    person.open("/settings/tokens")
    rows = person.row(name)
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="Being replaced")).to_contain_text("in 1 day")
    person.page.goto(path)
    expect(main(person)).to_contain_text("This token is being replaced")
    expect(main(person).get_by_text(new[-4:])).to_have_count(1)
    poll("the new one is in use", lambda: shows_use(person), seconds=20)
    person.inspect("token-overlap")

    follow(person, "End now")
    person.inspect("token-end")
    press(person, "End old token")
    expect(notice(person)).to_contain_text("has ended")
    refused = assert_unauthorized(me(dragon, old), EXPIRED)
    assert me(dragon, new).status_code == 200
    poll("it can be looked up", lambda: person.open(f"/refusals/{refused['refusal']}").status == 200)
    person.inspect("refusal-replaced")
    follow(person, "See the newer token")
    expect(main(person)).to_contain_text("Replaces")
    person.page.goto(path + "/rotate")
    expect(person.page.get_by_role("alert")).to_contain_text("has expired")
    person.inspect("token-conflict")


def test_a_link_fills_in_the_form_and_makes_nothing(person, dragon):
    person.sign_in(*USER)
    before = len(tokens_of(dragon, USER))
    person.open(
        "/settings/tokens/new?name=CI&scopes=treasure:create,no:such&scopes=treasure:edit&expires=90d"
    )
    expect(person.page.get_by_label("Token name")).to_have_value("CI")
    expect(person.page.get_by_label("Expiration")).to_have_value("90d")
    expect(person.page.get_by_role("checkbox", checked=True)).to_have_count(2)
    expect(person.page.locator("#link-note")).to_contain_text("no:such")
    person.inspect("new-token-link")
    assert len(tokens_of(dragon, USER)) == before


def tokens_of(server, who):
    return json.loads(Person(server.url).sign_in(*who).get("/api/tokens").text)


def test_all_tokens_are_revoked(person, dragon):
    person.sign_in(*register(dragon, f"all-{person.look}"))
    tokens = [person.create_token(f"Program {number}", []) for number in (1, 2)]
    for token in tokens:
        assert me(dragon, token).status_code == 200
    person.open("/settings/tokens")
    follow(person, "Revoke all tokens")
    expect(main(person)).to_contain_text("2 tokens will stop working")
    expect(main(person)).to_contain_text("Program 1")
    person.inspect("revoke-all")
    press(person, "Revoke all tokens")
    expect(notice(person)).to_contain_text("All your tokens are revoked")
    for token in tokens:
        assert_unauthorized(me(dragon, token), REVOKED)
    expect(main(person).get_by_role("link", name="Revoke all tokens")).to_have_count(0)


def test_a_token_of_somebody_else_has_no_page(dragon, desktop):
    [token, *_] = tokens_of(dragon, USER)
    desktop.sign_in(*ADMIN)
    for page in ("", "/rename", "/expiry", "/rotate", "/end", "/revoke"):
        assert desktop.open(f"/settings/tokens/{token['id']}{page}").status == 404


@pytest.mark.parametrize("look", [Look(True, 1280, "light"), Look(False, 390, "dark")], ids=str)
def test_the_keyboard_alone_rotates_a_token_and_ends_the_old_one(dragon, browser, look):
    with visitor(browser, dragon.url, look) as person:
        page, keyboard = person.page, person.page.keyboard
        person.sign_in(*register(dragon, f"keys-{look}"))
        old = person.create_token("By keyboard", [])

        def go(role, name):
            person.tab_to(main(person).get_by_role(role, name=name, exact=True))
            keyboard.press("Enter")

        person.open("/settings/tokens")
        go("link", "By keyboard")
        go("link", "Rotate")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Rotate")
        person.tab_to(page.get_by_role("radio", name="24 hours"))
        keyboard.press("ArrowUp")
        expect(page.get_by_role("radio", name="1 hour")).to_be_checked()
        go("button", "Rotate token")
        expect(page.locator("#new-token")).to_have_text(TOKEN)
        go("link", "See it")
        go("link", "End now")
        go("button", "End old token")
        expect(notice(person)).to_contain_text("has ended")
        assert_unauthorized(me(dragon, old), EXPIRED)


@pytest.mark.parametrize(
    ("zone", "day", "end"),
    [
        ("Pacific/Kiritimati", "2098-07-01", "2098-07-01T10:00:00Z"),
        ("America/New_York", "2098-07-01", "2098-07-02T04:00:00Z"),
        ("UTC", "2098-07-01", "2098-07-02T00:00:00Z"),
    ],
)
def test_a_date_means_through_that_day_where_its_reader_is(browser, dragon, zone, day, end):
    with visitor(browser, dragon.url, LOOKS[0], zone) as person:
        person.sign_in(*register(dragon, f"through-{zone.replace('/', '-').lower()}"))
        person.open("/settings/tokens/new")
        today = person.page.evaluate(
            "new Intl.DateTimeFormat('en-CA', {year: 'numeric', month: '2-digit', day: '2-digit'})"
            ".format(new Date(document.getElementById('expires_on').dataset.now))"
        )
        field = person.page.get_by_label("Or until a date")
        expect(field).to_have_attribute("min", today)
        person.page.get_by_label("Token name").fill("Dated")
        field.fill(day)
        told = end.replace("T", ", ").removesuffix(":00Z") + " UTC"
        expect(person.page.locator("#expires-on-end")).to_contain_text(told)
        expect(main(person)).to_contain_text(f"({zone})")
        person.inspect("new-token-date")
        press(person, "Create token")
        assert me(dragon, shown_token(person)).json()["token"]["expires_at"] == end


def test_counts_lead_to_the_tokens_that_they_count(browser, dragon):
    account = register(dragon, "counter")
    api = Person(dragon.url).sign_in(*account)
    for number in range(27):
        api.create_token(f"Token {number}", expires=["7d", "90d", "never"][number % 3])
    with visitor(browser, dragon.url, LOOKS[0]) as person:
        person.sign_in(*account)
        for count, name in ((27, "27 active tokens"), (9, "9 of them expire soon.")):
            person.open("/")
            follow(person, name)
            rows = main(person).get_by_role("listitem").filter(has=person.page.get_by_role("heading", level=2))
            expect(main(person)).to_contain_text(f"{count} in all.")
            expect(rows).to_have_count(min(count, 20))
        person.open("/settings/security")
        expect(main(person)).to_contain_text("27 can be used.")


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """A server with a policy that one of its tokens outlives."""
    account = ("limited@example.com", "goblets dented by teeth")
    limits = {"TESSERA_TOKENS_PER_USER": "2", "TESSERA_LONGEST_TOKEN_LIFETIME": "45d"}
    directory = tmp_path_factory.mktemp("limited")
    server = tessera_server(directory, "--log-level", "error", environment=limits)
    for arguments in (
        ("user", "add", account[0]),
        ("token", "create", "--user", account[0], "--name", "Older than the policy", "--expires", "never"),
    ):
        done = tessera(*arguments, database=server.database, stdin=account[1] + "\n")
        assert done.returncode == 0, done.stderr
    with server:
        yield server, account


@pytest.mark.parametrize("look", LOOKS[:4], ids=str)
def test_a_policy_is_shown_where_one_chooses(limited, browser, look):
    server, account = limited
    with visitor(browser, server.url, look) as person:
        person.sign_in(*account)
        person.open("/settings/tokens")
        expect(person.row("Older than the policy")).to_contain_text("Outlives the policy")
        person.inspect("tokens-concerns")
        follow(person, "1 token outlives what the policy allows now")
        expect(main(person).get_by_role("heading", level=2)).to_have_text("Older than the policy")
        person.inspect("tokens-exceeding")

        person.open("/settings/tokens/new")
        choices = person.page.get_by_label("Expiration").locator("option").all_inner_texts()
        assert choices == ["7 days", "30 days", "45 days"]
        person.page.get_by_label("Token name").fill("Too long")
        person.page.get_by_label("Or until a date").fill("2099-01-01")
        press(person, "Create token")
        expect(person.page.locator("#expires_on-error")).to_contain_text("no later than")
        person.inspect("new-token-too-long")

        token = Person(server.url).sign_in(*account).create_token("The last one")
        person.open("/settings/tokens/new")
        expect(person.page.get_by_role("alert")).to_contain_text("as many as you may have")
        person.inspect("new-token-too-many")
        made = me(server, token).json()["token"]["id"]
        person.open(f"/settings/tokens/{made}/revoke")
        press(person, "Revoke token")
