"""A fresh password before a sensitive action, over HTTP and in a browser."""

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, visitor
from harness.faketime import FakeClock
from harness.people import Person
from harness.program import tessera, tessera_server

ADA = ("ada@example.com", "a long enough password")
HOUR = 3600
ORDER = {"name": "late", "scopes": []}


@pytest.fixture
def clock(tmp_path):
    return FakeClock(tmp_path)


@pytest.fixture
def server(tmp_path, clock):
    with ada_at(tmp_path / "tessera", environment=clock.environment) as server:
        yield server


def ada_at(directory, *arguments, **options):
    """A server at which Ada has an account. It exists before the start, so the server need not detect it."""
    server = tessera_server(directory, *arguments, **options)
    directory.mkdir()
    added = tessera("user", "add", ADA[0], database=server.database, stdin=f"{ADA[1]}\n")
    assert added.returncode == 0, added.stderr
    return server


def confirm(person, page, password=ADA[1]):
    """Opens a page, is asked for the password, and enters one."""
    asked = person.get(page)
    assert asked.status_code == 303
    confirmation = asked.headers["location"]
    assert confirmation.startswith("/login/confirm?next=")
    form = person.form_with(confirmation, "password", "next")
    return person.submit(confirmation, form, password=password)


def test_an_old_log_in_gives_its_password_and_goes_on(server, clock):
    ada = Person(server.url).sign_in(*ADA)
    assert ada.get("/settings/tokens/new").status_code == 200
    stolen = Person(server.url, dict(ada.cookies))
    clock.set(2 * HOUR + 1)
    # Actions that are not sensitive still work.
    assert ada.get("/settings/tokens").status_code == 200
    assert confirm(ada, "/settings/tokens/new", "not this").status_code == 422
    answer = confirm(ada, "/settings/tokens/new")
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/tokens/new")
    ada.create_token("after all")
    # A copy of the earlier cookie is worthless.
    assert stolen.get("/api/me").status_code == 401


def test_a_form_sent_too_late_does_nothing_and_comes_back_filled_in(server, clock):
    ada = Person(server.url).sign_in(*ADA)
    form = ada.form_with("/settings/tokens/new", "name", "scopes", "expires")
    clock.set(2 * HOUR + 1)
    sent = {"name": "Laptop & more", "scopes": "tokens:read", "expires": "365d"}
    answer = ada.submit("/settings/tokens/new", form, **sent)
    assert answer.status_code == 303
    assert ada.get("/api/tokens").json() == []
    confirmation = answer.headers["location"]
    asked = ada.form_with(confirmation, "password", "next")
    back = ada.submit(confirmation, asked, password=ADA[1]).headers["location"]
    assert back.startswith("/settings/tokens/new?")
    again = ada.form_with(back, "name", "scopes", "expires")
    assert sent.items() <= dict(again.fields).items()


def test_a_step_cannot_be_skipped(server, clock):
    ada = Person(server.url).sign_in(*ADA)
    form = ada.form_with("/settings/tokens/new", "name", "scopes", "expires")
    others = ada.form_with("/settings/tokens", "csrf")
    others.action = "/settings/sessions/others"
    clock.set(2 * HOUR + 1)
    confirmation = "/login/confirm?next=/settings/tokens/new"
    # Opening the page, sending it without a password, or going straight on does not confirm anything.
    asked = ada.form_with(confirmation, "password", "next")
    assert ada.submit(confirmation, asked).status_code == 422
    for path in ("/settings/tokens/new", "/settings/sessions/others"):
        answer = ada.get(path)
        assert (answer.status_code, answer.headers["location"][:15]) == (303, "/login/confirm?")
        answer = ada.submit(path, form if path.endswith("new") else others, name="skipped")
        assert answer.headers["location"].startswith("/login/confirm?")
    # Neither does a form without its form token.
    assert ada.submit(confirmation, asked, without=["csrf"], password=ADA[1]).status_code == 403
    answer = ada.request("POST", "/api/tokens", json=ORDER, headers=ada.csrf())
    assert answer.status_code == 403
    assert "/login/confirm" in answer.json()["detail"]
    assert ada.get("/api/tokens").json() == []


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\r\nb", ""],
)
def test_it_never_leads_to_another_site(server, clock, elsewhere):
    ada = Person(server.url).sign_in(*ADA)
    clock.set(2 * HOUR + 1)
    form = ada.form_with("/login/confirm", "password", "next")
    answer = ada.submit("/login/confirm", form, password=ADA[1], next=elsewhere)
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings/tokens")


def test_wrong_passwords_are_slowed_down(server, clock):
    ada = Person(server.url).sign_in(*ADA)
    clock.set(2 * HOUR + 1)
    for _ in range(5):
        assert confirm(ada, "/settings/tokens/new", "not this").status_code == 422
    answer = confirm(ada, "/settings/tokens/new")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_the_operator_chooses_how_long_a_password_is_fresh(tmp_path):
    for wrong in ("0", "59s", "1", "-2h", "soon"):
        done = tessera("serve", "--fresh-password-after", wrong, database=tmp_path / "none.db")
        assert done.returncode == 2
        assert "--fresh-password-after" in done.stderr
    clock = FakeClock(tmp_path)
    arguments = ("--fresh-password-after", "15m")
    with ada_at(tmp_path / "tessera", *arguments, environment=clock.environment) as server:
        ada = Person(server.url).sign_in(*ADA)
        clock.set(14 * 60)
        assert ada.get("/settings/tokens/new").status_code == 200
        clock.set(15 * 60 + 1)
        assert ada.get("/settings/tokens/new").status_code == 303


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_confirming_at_a_browser(server, clock, browser, look):
    with visitor(browser, server.url, look) as me:
        me.sign_in(*ADA)
        main = me.page.get_by_role("main")
        clock.set(3 * HOUR)
        me.open("/settings/tokens")
        main.get_by_role("link", name="New token").first.click()
        expect(main.get_by_role("heading", name="Confirm it is you")).to_be_visible()
        me.inspect("confirm")
        main.get_by_label("Password").fill("not this")
        main.get_by_role("button", name="Confirm").click()
        expect(main.get_by_role("alert")).to_contain_text("This is not your password.")
        me.inspect("confirm-error")
        main.get_by_label("Password").fill(ADA[1])
        main.get_by_role("button", name="Confirm").click()
        main.get_by_label("Token name").fill("Laptop")
        clock.set(6 * HOUR)
        main.get_by_role("button", name="Create token").click()
        main.get_by_label("Password").fill(ADA[1])
        main.get_by_role("button", name="Confirm").click()
        expect(main.get_by_label("Token name")).to_have_value("Laptop")
        main.get_by_role("button", name="Create token").click()
        expect(me.page.locator("#new-token")).to_be_visible()
        me.open("/settings/activity")
        expect(main.get_by_text("You gave your password again").first).to_be_visible()


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[-1]], ids=str)
def test_confirming_with_the_keyboard_alone(server, clock, browser, look):
    with visitor(browser, server.url, look) as me:
        me.sign_in(*ADA)
        clock.set(3 * HOUR)
        me.open("/settings/tokens/new")
        main, keyboard = me.page.get_by_role("main"), me.page.keyboard
        # The field has the focus already.
        expect(main.get_by_label("Password")).to_be_focused()
        keyboard.type(ADA[1])
        keyboard.press("Enter")
        expect(main.get_by_role("heading", name="New token")).to_be_visible()
