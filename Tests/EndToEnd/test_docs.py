"""`/docs`: the API to read, to search and to try, on a desktop and on a phone."""

import json
import os
import subprocess

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, Look, visitor
from harness.people import Person
from harness.program import USER

DESK = Look(javascript=True, width=1280, scheme="light")


@pytest.fixture
def reader(browser, dragon):
    with visitor(browser, dragon.url, DESK) as somebody:
        somebody.open("/docs")
        yield somebody


def operation(page, id):
    return page.locator(f"details[data-operation={id}]")


def opened(page, id):
    """Opens an operation from the contents."""
    found = operation(page, id)
    if not found.evaluate("element => element.open"):
        found.locator("summary").click()
    return found


def run_in_a_shell(line, token):
    """The status and the body that a command line prints."""
    done = subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        check=True,
        timeout=15,
        env={"PATH": os.environ["PATH"], "TOKEN": token},
    )
    head, _, body = done.stdout.partition("\n\n" if "\r\n" not in done.stdout else "\r\n\r\n")
    return int(head.split()[1]), body


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_page_can_be_read_by_everybody(browser, dragon, look):
    with visitor(browser, dragon.url, look) as somebody:
        somebody.open("/")
        somebody.page.get_by_role("link", name="API reference").click()
        somebody.inspect("docs")
        expect(somebody.page.get_by_role("heading", name="Dragon Treasure", level=1)).to_be_visible()
        somebody.open("/docs#createTreasure")
        # A link to an operation opens it, with a script or without.
        shown = operation(somebody.page, "createTreasure")
        expect(shown.get_by_text("The body is too large.")).to_be_visible()
        expect(shown.get_by_text("curl -i -X POST")).to_be_visible()
        expect(shown.get_by_role("button", name="Send")).to_be_visible(visible=look.javascript)
        somebody.inspect("docs-operation")


def test_search_finds_by_every_word(reader):
    search = reader.page.get_by_label("Search operations")
    reader.page.keyboard.press("/")
    expect(search).to_be_focused()
    search.fill("treasure delete")
    expect(reader.page.get_by_role("status").filter(has_text="1 operation")).to_be_visible()
    expect(operation(reader.page, "deleteTreasure")).to_be_visible()
    expect(operation(reader.page, "createTreasure")).to_be_hidden()
    expect(reader.page.get_by_role("navigation").get_by_role("link")).to_have_count(1)
    search.fill("treasure:create")
    expect(operation(reader.page, "createTreasure")).to_be_visible()
    search.fill("unicorn")
    expect(reader.page.get_by_text("Nothing matches “unicorn”.")).to_be_visible()
    reader.inspect("docs-nothing-found")
    search.fill("")
    expect(operation(reader.page, "createTreasure")).to_be_visible()


def test_call_with_a_token_is_what_its_command_line_does(reader, ember, token_of):
    token = token_of(ember, "treasure:create")
    reader.page.get_by_label("Access token").fill(token)
    found = opened(reader.page, "createTreasure")
    body = {"name": "A dragon's ring", "description": 'It says "$TOKEN" \\ `id`.', "is_published": True}
    found.get_by_label("Body").fill(json.dumps(body, indent=2))
    found.get_by_role("button", name="Send").click()
    outcome = found.locator(".outcome")
    expect(outcome.get_by_text("201 Created")).to_be_visible()
    expect(outcome.get_by_text("/api/treasures/").first).to_be_visible()
    shown = json.loads(outcome.locator("pre").inner_text())
    reader.inspect("docs-call")

    line = found.get_by_role("group", name="Command line").inner_text()
    assert token not in line
    status, printed = run_in_a_shell(line, token)
    assert status == 201
    made = json.loads(printed)
    assert made | {"id": ""} == shown | {"id": ""}
    assert made["description"] == body["description"]
    assert made["id"] != shown["id"]


def test_parameters_go_into_the_address(reader):
    reader.page.get_by_label("Nobody").check()
    found = opened(reader.page, "listTreasures")
    found.get_by_label("name", exact=True).fill("a & b/ü")
    found.get_by_label("value[gte]").fill("0")
    found.get_by_label("is_published").select_option("true")
    found.get_by_role("button", name="Send").click()
    expect(found.locator(".outcome").get_by_text("200 OK")).to_be_visible()
    line = found.get_by_role("group", name="Command line").inner_text()
    assert "?name=a%20%26%20b%2F%C3%BC&value%5Bgte%5D=0&is_published=true'" in line
    status, printed = run_in_a_shell(line, "")
    assert status == 200
    assert json.loads(printed) == json.loads(found.locator(".outcome pre").inner_text())


def test_refusal_leads_to_its_reason(reader, ember, token_of):
    reader.page.get_by_label("Access token").fill(token_of(ember))
    found = opened(reader.page, "listTokens")
    found.get_by_role("button", name="Send").click()
    expect(found.get_by_text("403 Forbidden")).to_be_visible()
    expect(found.get_by_text("insufficient_scope").first).to_be_visible()
    link = found.locator(".outcome").get_by_role("link")
    assert link.get_attribute("href") == f"/refusals/{link.inner_text()}"


@pytest.mark.parametrize("typed", ["", "tcp_ with spaces"])
def test_missing_token_is_said_beside_its_field(reader, typed):
    reader.page.get_by_label("Access token").fill(typed)
    found = opened(reader.page, "showMe")
    found.get_by_role("button", name="Send").click()
    expect(reader.page.get_by_label("Access token")).to_be_focused()
    expect(reader.page.locator("#docs-token-error")).not_to_be_empty()
    expect(found.locator(".outcome")).to_be_hidden()


def test_token_is_kept_nowhere(reader, ember, token_of):
    token = token_of(ember, "treasure:create")
    sent = []
    reader.page.on("request", lambda request: sent.append(request.url))
    reader.page.get_by_label("Access token").fill(token)
    found = opened(reader.page, "showMe")
    found.get_by_role("button", name="Send").click()
    expect(found.get_by_text("200 OK")).to_be_visible()
    assert not any(token in url for url in [*sent, reader.page.url])
    storage = "() => JSON.stringify([localStorage, sessionStorage, document.cookie])"
    assert token not in reader.page.evaluate(storage)
    reader.open("/")
    reader.page.go_back()
    expect(reader.page.get_by_label("Access token")).to_have_value("")


def test_person_who_has_signed_in_calls_by_their_session(browser, dragon):
    with visitor(browser, dragon.url, DESK) as somebody:
        somebody.sign_in(*USER)
        somebody.open("/docs")
        expect(somebody.page.get_by_label("Me, by my session")).to_be_checked()
        somebody.inspect("docs-signed-in")
        found = opened(somebody.page, "createToken")
        found.get_by_role("button", name="Send").click()
        expect(found.get_by_text("201 Created")).to_be_visible()
        # A call without credentials sends no session.
        somebody.page.get_by_label("Nobody").check()
        found.get_by_role("button", name="Send").click()
        expect(found.get_by_text("401 Unauthorized")).to_be_visible()


def test_page_can_be_used_by_keyboard(reader):
    summary = operation(reader.page, "showLiveness").locator("summary")
    summary.focus()
    reader.page.keyboard.press("Enter")
    send = operation(reader.page, "showLiveness").get_by_role("button", name="Send")
    reader.page.keyboard.press("Tab")
    expect(send).to_be_focused()
    reader.page.keyboard.press("Enter")
    expect(operation(reader.page, "showLiveness").get_by_text("200 OK")).to_be_visible()


def test_command_line_of_the_server_is_that_of_the_script(reader, dragon):
    """The command that is shown without a script is the command that the script copies."""
    page = Person(dragon.url).get("/docs").text
    reader.page.get_by_label("Access token").fill("")
    for line in reader.page.locator("code[id$=-curl]").all():
        id, text = line.get_attribute("id"), line.text_content()
        without = page.split(f'id="{id}">')[1].split("</code>")[0]
        entities = {"&quot;": '"', "&#39;": "'", "&lt;": "<", "&gt;": ">", "&amp;": "&"}
        for entity, letter in entities.items():
            without = without.replace(entity, letter)
        assert without == text
