"""The fields that every page carries (OWASP ASVS 3.4, RFC 6265bis §4.1.3)."""

import pytest

from harness.people import Person
from harness.program import USER


def directives(policy):
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("path", ["/", "/login", "/settings/tokens", "/settings/tokens/new", "/nowhere"])
def test_a_page_forbids_what_it_does_not_need(dragon, ember, path):
    # A signed-in person is redirected from /login and gets no page there.
    person = Person(dragon.url) if path == "/login" else ember
    answer = person.get(path, headers={"Accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    [policy] = answer.headers.get_list("content-security-policy")
    rules = directives(policy)
    assert rules["frame-ancestors"] == ["'none'"]
    assert rules["base-uri"] == ["'none'"]
    assert rules.get("object-src", rules["default-src"]) == ["'none'"]
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin", "strict-origin")
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_a_page_with_a_secret_is_stored_nowhere(ember):
    form = ember.form_with("/settings/tokens/new", "name", "scopes", "expires")
    answer = ember.submit("/settings/tokens/new", form, name="not stored", expires="7d")
    assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/settings/tokens", "/settings/tokens/new"])
def test_a_page_about_a_person_is_stored_nowhere(ember, path):
    assert "no-store" in ember.get(path).headers["cache-control"]


def test_signing_out_ends_the_session_on_the_server(dragon):

    person = Person(dragon.url).sign_in(*USER)
    cookies = dict(person.cookies)
    form = person.form_with("/settings/tokens", "csrf")
    assert person.submit("/logout", form).status_code == 303
    person.cookies = cookies
    assert person.get("/api/me").status_code == 401


def test_signing_in_changes_the_session(dragon):

    person = Person(dragon.url)
    person.get("/login")
    before = dict(person.cookies)
    person.sign_in(*USER)
    kept = {name for name, value in before.items() if person.cookies.get(name) == value}
    session = set(person.cookies) - kept
    assert session, "no cookie changed at the sign-in"
