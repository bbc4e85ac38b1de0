"""Opening an account, over HTTP and in a browser."""

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, visitor
from harness.people import Person
from harness.problems import assert_problem
from harness.program import USER, tessera_server

NEW = {"email": "cinder@example.com", "username": "Cinder", "password": "goblets dented by teeth"}


def register(person, **values):
    form = person.form_with("/register", "email", "username", "password")
    return person.submit("/register", form, **(NEW | values))


def test_it_is_off_unless_the_operator_wants_it(own_tessera):
    nobody = Person(own_tessera.url)
    page = nobody.get("/login")
    assert "/register" not in page.text
    assert nobody.get("/register").status_code == 404
    [form] = [form for form in nobody.forms("/login") if "password" in form.names]
    form.action = "/register"
    assert nobody.submit("/register", form, **NEW).status_code == 404


@pytest.mark.parametrize("environment", [False, True], ids=["option", "environment"])
def test_the_operator_turns_it_on(tmp_path, environment):
    arguments = [] if environment else ["--registration"]
    settings = {"TESSERA_REGISTRATION": "true"} if environment else {}
    with tessera_server(tmp_path / "tessera", *arguments, environment=settings) as server:
        cinder = Person(server.url)
        assert "/register?next=" in cinder.get("/login").text
        answer = register(cinder)
        assert (answer.status_code, answer.headers["location"]) == (303, "/settings/tokens")
        me = cinder.get("/api/me").json()
        assert (me["email"], me["username"]) == (NEW["email"], NEW["username"])
        Person(server.url).sign_in(NEW["email"], NEW["password"])
        # Registration cannot create an operator.
        assert register(Person(server.url), email="ash@example.com", is_operator="yes").status_code == 303
        assert NEW["password"] not in server.log


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"email": "cinder"}, "This is not an e-mail address."),
        ({"email": USER[0].upper()}, "There is an account with this e-mail address already."),
        ({"username": ""}, "Use 1 to 50 printable characters."),
        ({"username": "\u2003 "}, "Use 1 to 50 printable characters."),
        ({"username": "a\x1bb"}, "Use 1 to 50 printable characters."),
        ({"password": "fourteen chars"}, "Use at least 15 characters"),
        ({"password": "passwordpassword123"}, "tried first"),
    ],
)
def test_what_is_wrong_is_said_and_only_the_password_is_lost(dragon, values, message):
    person = Person(dragon.url)
    answer = register(person, **values)
    assert answer.status_code == 422
    assert message in answer.text
    assert "tessera-session" not in person.cookies
    for name in {"email", "username"} - values.keys():
        assert f'value="{NEW[name]}"' in answer.text
    assert (NEW | values)["password"] not in answer.text


def test_many_attempts_are_slowed_down(own_dragon):
    statuses = [register(Person(own_dragon.url), email=USER[0]).status_code for _ in range(101)]
    assert statuses == [422] * 100 + [429]
    answer = register(Person(own_dragon.url))
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 10
    # The page and programs share one budget.
    with own_dragon.client() as client:
        answer = client.post("/api/users", json=NEW)
        assert_problem(answer, 429)
        assert "retry-after" in answer.headers
    # A person with an account can still sign in.
    Person(own_dragon.url).sign_in(*USER)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_registering_at_a_browser(own_dragon, browser, look):
    with visitor(browser, own_dragon.url, look) as me:
        me.open("/settings/security")
        main = me.page.get_by_role("main")
        me.inspect("sign-in-with-registration")
        main.get_by_role("link", name="Create an account").click()
        me.inspect("register")
        main.get_by_label("Email").fill(USER[0])
        main.get_by_label("Username").fill("Cinder")
        main.get_by_label("Password").fill("too short")
        main.get_by_role("button", name="Create account").click()
        expect(main.locator(".field-errors")).to_contain_text("Use at least 15 characters")
        me.inspect("register-error")
        expect(main.get_by_label("Username")).to_have_value("Cinder")
        main.get_by_label("Password").fill(NEW["password"])
        main.get_by_role("button", name="Create account").click()
        expect(main.locator(".field-errors")).to_contain_text("There is an account with this e-mail address")
        main.get_by_label("Email").fill(NEW["email"])
        main.get_by_label("Password").fill(NEW["password"])
        main.get_by_role("button", name="Create account").click()
        expect(me.page.get_by_role("heading", name="Security", level=1)).to_be_visible()
        me.create_token("First", [])
        me.sign_out()


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[-1]], ids=str)
def test_registering_with_the_keyboard_alone(own_dragon, browser, look):
    with visitor(browser, own_dragon.url, look) as me:
        me.open("/register")
        main, keyboard = me.page.get_by_role("main"), me.page.keyboard
        expect(main.get_by_label("Email")).to_be_focused()
        keyboard.type(NEW["email"])
        keyboard.press("Tab")
        keyboard.type(NEW["username"])
        keyboard.press("Tab")
        keyboard.type(NEW["password"])
        keyboard.press("Enter")
        expect(me.page.get_by_role("heading", name="Access tokens", level=1)).to_be_visible()
