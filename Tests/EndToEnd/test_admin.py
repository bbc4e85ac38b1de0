"""The operators' pages and actions, over HTTP and in a browser."""

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, visitor
from harness.people import Person
from harness.program import ADMIN, USER, poll, tessera

ACTIONS = ("disable", "enable", "end-sessions", "revoke-tokens")


def id_of(server, person):
    return person.get("/api/me").json()["id"]


def act(keeper, path, action):
    """Confirms an operator's action on an account."""
    [form] = [form for form in keeper.forms(f"{path}/{action}") if form.action == f"{path}/{action}"]
    return keeper.submit(f"{path}/{action}", form)


def test_an_operator_ends_what_somebody_does(own_dragon):
    keeper, ember = Person(own_dragon.url).sign_in(*ADMIN), Person(own_dragon.url).sign_in(*USER)
    path = f"/admin/users/{id_of(own_dragon, ember)}"
    token = {"Authorization": f"Bearer {ember.create_token('Backup')}"}
    nobody = Person(own_dragon.url)

    assert act(keeper, path, "end-sessions").headers["location"] == f"{path}?done=end-sessions"
    assert ember.get("/api/me").status_code == 401
    assert nobody.get("/api/me", headers=token).status_code == 200

    assert act(keeper, path, "disable").status_code == 303
    assert nobody.get("/api/me", headers=token).status_code == 401
    assert Person(own_dragon.url).try_to_sign_in(*USER).status_code == 422
    assert act(keeper, path, "enable").status_code == 303
    assert nobody.get("/api/me", headers=token).status_code == 200
    Person(own_dragon.url).sign_in(*USER)

    assert act(keeper, path, "revoke-tokens").status_code == 303
    assert nobody.get("/api/me", headers=token).status_code == 401
    activity = keeper.get("/admin/activity").text
    for sentence in (
        "disabled ember@example.com",
        "revoked the token “Backup” of ember@example.com",
    ):
        assert sentence in activity
    assert "127.0.0.1" in activity


def test_nobody_else_finds_any_of_it(dragon, ember, keeper):
    path = f"/admin/users/{id_of(dragon, keeper)}"
    paths = ["/admin", "/admin/users", "/admin/activity", path, *(f"{path}/{action}" for action in ACTIONS)]
    form = ember.form_with("/settings/tokens", "csrf")
    for one in paths:
        assert ember.get(one).status_code == 404
        assert Person(dragon.url).get(one).headers["location"].startswith("/login?next=%2Fadmin")
    for action in ACTIONS:
        form.action = f"{path}/{action}"
        assert ember.submit(form.action, form).status_code == 404
    assert "/admin/" not in ember.get("/settings/tokens").text


def test_people_are_found(dragon, keeper):
    everybody = keeper.get("/admin/users").text
    assert ADMIN[0] in everybody
    assert USER[0] in everybody
    found = keeper.get("/admin/users", params={"q": "EMBER@"}).text
    assert USER[0] in found
    assert f">{ADMIN[0]}</bdi></a>" not in found
    for text in ("<script>alert(1)</script>", "%", "' OR 1=1 --", "\u202e"):
        page = keeper.get("/admin/users", params={"q": text})
        assert page.status_code == 200
        assert "Nobody found" in page.text
        assert "<script>alert" not in page.text


def test_an_operator_who_is_one_no_more_is_let_in_no_more(own_dragon):
    keeper = Person(own_dragon.url).sign_in(*ADMIN)
    assert keeper.get("/admin/users").status_code == 200
    done = tessera("user", "disable", ADMIN[0], database=own_dragon.database)
    assert done.returncode == 0, done.stderr
    poll("the server has noticed", lambda: keeper.get("/admin/users").status_code == 303)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_operation_at_a_browser(own_dragon, browser, look):
    ember = Person(own_dragon.url).sign_in(*USER)
    ember.create_token("Backup script", ["treasure:create"])
    with visitor(browser, own_dragon.url, look) as me:
        me.sign_in(*ADMIN)
        main = me.page.get_by_role("main")
        me.open("/admin/users")
        me.inspect("users")
        main.get_by_label("Email or username").fill("nobody like this")
        main.get_by_role("button", name="Search").click()
        expect(main.get_by_role("heading", name="Nobody found")).to_be_visible()
        me.inspect("users-none")
        main.get_by_label("Email or username").fill("ember")
        main.get_by_role("button", name="Search").click()
        main.get_by_role("link", name=USER[0]).click()
        expect(main.get_by_role("heading", name=USER[0], level=1)).to_be_visible()
        me.inspect("user")
        for action, notice in (
            ("End all sessions", "All their sessions have ended."),
            ("Revoke all tokens", "All their tokens are revoked."),
            ("Disable account", "The account is disabled."),
            ("Enable account", "The account is enabled."),
        ):
            main.get_by_role("link", name=action).click()
            expect(main.get_by_role("heading", name=f"{action}?")).to_be_visible()
            me.inspect(f"user-{action.split()[0].lower()}")
            main.get_by_role("button", name=action).click()
            expect(me.page.get_by_role("status").first).to_contain_text(notice)
            if action == "Disable account":
                me.inspect("user-disabled")
        assert ember.get("/api/me").status_code == 401
        me.open("/admin/activity")
        expect(main.get_by_text(f"{ADMIN[0]} disabled {USER[0]}").first).to_be_visible()
        me.inspect("everybodys-activity")


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[-1]], ids=str)
def test_an_account_is_disabled_with_the_keyboard_alone(own_dragon, browser, look):
    with visitor(browser, own_dragon.url, look) as me:
        me.sign_in(*ADMIN)
        me.open("/admin/users")
        main, keyboard = me.page.get_by_role("main"), me.page.keyboard
        me.tab_to(main.get_by_label("Email or username"))
        keyboard.type("ember")
        keyboard.press("Enter")
        expect(main.get_by_role("link", name=ADMIN[0])).to_have_count(0)
        me.tab_to(main.get_by_role("link", name=USER[0]))
        keyboard.press("Enter")
        expect(main.get_by_role("heading", name=USER[0], level=1)).to_be_visible()
        me.tab_to(main.get_by_role("link", name="Disable account"))
        keyboard.press("Enter")
        expect(main.get_by_role("heading", name="Disable account?")).to_be_visible()
        me.tab_to(main.get_by_role("button", name="Disable account"))
        keyboard.press("Enter")
        expect(me.page.get_by_role("status").first).to_contain_text("The account is disabled.")
