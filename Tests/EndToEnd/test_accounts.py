"""A person's account pages, over HTTP and in a browser: sessions, password, security, activity."""

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, visitor
from harness.people import Person
from harness.program import USER

NEW_PASSWORD = "goblets dented by teeth"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def test_a_password_change_ends_what_was_chosen(own_dragon):
    here, there = Person(own_dragon.url).sign_in(*USER), Person(own_dragon.url).sign_in(*USER)
    token = here.create_token("to be stopped")
    form = here.form_with("/settings/password", "current_password", "new_password", "tokens")
    answer = here.submit(
        "/settings/password", form, current_password=USER[1], new_password=NEW_PASSWORD, tokens="revoke"
    )
    assert answer.status_code == 303
    with own_dragon.client() as client:
        assert client.get("/api/me", headers=bearer(token)).status_code == 401
    assert there.get("/api/me").status_code == 401
    assert here.get("/api/me").status_code == 200
    assert Person(own_dragon.url).try_to_sign_in(*USER).status_code == 422
    Person(own_dragon.url).sign_in(USER[0], NEW_PASSWORD)


def test_a_session_is_ended_from_another_browser(own_dragon):
    here, there = Person(own_dragon.url).sign_in(*USER), Person(own_dragon.url).sign_in(*USER)
    [ending] = [form for form in here.forms("/settings/sessions") if form.action.endswith("/end")]
    assert here.submit("/settings/sessions", ending).status_code == 303
    assert there.get("/api/me").status_code == 401
    assert here.get("/api/me").status_code == 200


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_account_pages_at_a_browser(own_dragon, browser, look):
    other = Person(own_dragon.url).sign_in(*USER)
    with visitor(browser, own_dragon.url, look) as me:
        me.sign_in(*USER)
        me.create_token("Backup script", [])
        main = me.page.get_by_role("main")

        me.open("/settings/security")
        me.inspect("security")
        me.open("/settings/sessions")
        expect(main.get_by_text("This browser")).to_be_visible()
        expect(main.get_by_role("heading", name="on Linux")).to_be_visible()
        me.inspect("sessions")
        main.get_by_role("link", name="Sign out everywhere else").click()
        me.inspect("sessions-others")
        main.get_by_role("button", name="Sign out everywhere else").click()
        expect(me.page.get_by_role("status").first).to_contain_text("signed out everywhere else")
        assert other.get("/api/me").status_code == 401

        me.open("/settings/password")
        expect(main.get_by_text("Backup script")).to_be_visible()
        me.inspect("password")
        main.get_by_label("Current password").fill("not this")
        main.get_by_label("New password").fill(NEW_PASSWORD)
        main.get_by_role("button", name="Change password").click()
        expect(main.locator(".field-errors")).to_contain_text("This is not your password.")
        me.inspect("password-error")
        main.get_by_label("Current password").fill(USER[1])
        main.get_by_label("New password").fill(NEW_PASSWORD)
        main.get_by_role("radio", name="Revoke all of them").check()
        main.get_by_role("button", name="Change password").click()
        expect(me.page.get_by_role("status").first).to_contain_text("Your password is changed.")

        me.open("/settings/activity")
        expect(main.get_by_text("You changed your password")).to_be_visible()
        expect(main.get_by_text("You revoked the token “Backup script”")).to_be_visible()
        me.inspect("activity")


@pytest.mark.parametrize("look", [LOOKS[0], LOOKS[-1]], ids=str)
def test_the_password_is_changed_with_the_keyboard_alone(own_dragon, browser, look):
    with visitor(browser, own_dragon.url, look) as me:
        me.sign_in(*USER)
        me.open("/settings/password")
        main, keyboard = me.page.get_by_role("main"), me.page.keyboard
        me.tab_to(main.get_by_label("Current password"))
        keyboard.type(USER[1])
        me.tab_to(main.get_by_label("New password"))
        keyboard.type(NEW_PASSWORD)
        me.tab_to(main.get_by_role("radio", name="Keep them"))
        keyboard.press("ArrowDown")
        expect(main.get_by_role("radio", name="Revoke all of them")).to_be_checked()
        me.tab_to(main.get_by_role("button", name="Change password"))
        keyboard.press("Enter")
        expect(me.page.get_by_role("status").first).to_contain_text("Your password is changed.")
