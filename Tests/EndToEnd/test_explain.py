"""The reason of a refusal: the page, the command and the log agree."""

import json
import re

import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, visitor
from harness.people import Person
from harness.program import ADMIN, USER, dragon_treasure, poll, tessera
from harness.tokens import unknown_token


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with dragon_treasure(tmp_path_factory.mktemp("explain")) as server:
        yield server


def explained(server, refusal):
    """The output of the command, once the server has stored the refusal."""

    def ask():
        done = tessera("explain", refusal, "--json", database=server.database)
        return done if done.returncode == 0 else None

    return json.loads(poll("the refusal is written", ask).stdout)


def listed(server, *arguments):
    done = tessera("explain", *arguments, "--json", database=server.database)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


CREDENTIALS = [
    ("nothing-sent", {}, ""),
    ("cookie-only", {"Cookie": "theme=dark"}, ""),
    ("token-in-query", {}, "?access_token=abc"),
    ("foreign-scheme", {"Authorization": "Basic dTpw"}, ""),
    ("foreign-scheme", {"Authorization": unknown_token()}, ""),
    ("malformed", {"Authorization": "Bearer tcp_short"}, ""),
    ("unknown", {"Authorization": f"Bearer {unknown_token()}"}, ""),
    ("session-ended", {"Cookie": f"tessera-session={'A' * 43}"}, ""),
    ("origin-not-allowed", {"Origin": "https://evil.example"}, ""),
]


class TestCauses:
    @pytest.mark.parametrize(("cause", "headers", "query"), CREDENTIALS)
    def test_what_was_sent_is_told_apart(self, server, cause, headers, query):
        with server.client() as client:
            answer = client.get(f"/api/me{query}", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer ")
        story = explained(server, answer.headers["tessera-refusal"])
        assert story["cause"] == cause
        assert story["title"]
        assert story["explanation"]
        assert story["advice"]

    def test_two_credentials_have_a_cause_of_their_own(self, server):
        with server.client() as client:
            twice = [("Authorization", "Bearer a"), ("Authorization", "Bearer b")]
            answer = client.get("/api/me", headers=twice)
        assert answer.status_code == 400
        assert explained(server, answer.headers["tessera-refusal"])["cause"] == "several-credentials"

    def test_a_preflight_of_a_foreign_origin_is_refused(self, server):
        with server.client() as client:
            answer = client.options(
                "/api/me",
                headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"},
            )
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
        story = explained(server, answer.headers["tessera-refusal"])
        assert (story["cause"], story["hint"]) == ("origin-not-allowed", "preflight")
        assert story["origin"] == "https://evil.example"


class TestRevocation:
    def test_who_revoked_it_and_when_is_told(self, server):
        token = Person(server.url).sign_in(*USER).create_token("to be revoked")
        [record] = [
            token
            for token in json.loads(tessera("token", "list", "--json", database=server.database).stdout)
            if token["name"] == "to be revoked"
        ]
        done = tessera("token", "revoke", record["id"], database=server.database)
        assert done.returncode == 0, done.stderr
        with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
            answer = poll(
                "the token is refused",
                lambda: answer if (answer := client.get("/api/me")).status_code == 401 else None,
            )
        story = explained(server, answer.headers["tessera-refusal"])
        assert story["cause"] == "revoked"
        assert story["revoked_by"] == "command-line"
        assert story["owner"] == USER[0]
        assert "“to be revoked” was revoked by an operator at the command line at 20" in story["explanation"]
        text = tessera("explain", story["id"], database=server.database).stdout
        assert re.search(r"Revoked by +an operator at the command line", text)
        assert token not in text
        assert [other["id"] for other in listed(server, "--token", record["id"])] == sorted(
            (other["id"] for other in listed(server, "--user", USER[0], "--cause", "revoked")), reverse=True
        )


class TestLists:
    def test_the_last_refusals_are_listed(self, server):
        with server.client() as client:
            ids = [client.get("/api/me").headers["tessera-refusal"] for _ in range(3)]
        explained(server, ids[-1])
        newest = [story["id"] for story in listed(server, "--recent", "2", "--cause", "nothing-sent")]
        assert newest == [ids[2], ids[1]]
        table = tessera("explain", "--recent", "3", database=server.database).stdout.splitlines()
        assert table[0].split() == ["WHEN", "CAUSE", "STATUS", "REQUEST", "FROM", "OWNER", "ID"]
        assert len(table) == 4

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10", "--recent", "1"],
            ["--cause", "nonsense"],
            ["--recent", "0"],
        ],
        ids=" ".join,
    )
    def test_wrong_usage_ends_with_2(self, arguments, populated):
        assert tessera("explain", *arguments, database=populated).returncode == 2

    def test_one_that_is_not_there_is_said_to_perhaps_come(self, populated):
        done = tessera("explain", "0193a5e0-7c1e-7a3b-9f52-3d1c5b8e4a10", database=populated)
        assert done.returncode == 1
        assert "within a second" in done.stderr

    def test_an_empty_list_says_so(self, populated):
        done = tessera("explain", "--recent", "5", database=populated)
        assert (done.returncode, done.stdout) == (0, "")
        assert "There are no refusals" in done.stderr


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_page_tells_its_owner(server, browser, look):
    ember = Person(server.url).sign_in(*USER)
    token = ember.create_token(f"narrow {look}")
    with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
        refusal = client.post("/api/treasures", json={}).headers["tessera-refusal"]
        nowhere = client.get("/api/me", headers={"Authorization": f"Bearer {unknown_token()}"})
    with visitor(browser, server.url, look) as person:
        person.sign_in(*USER)
        person.open(f"/refusals/{refusal}")
        expect(person.page.get_by_role("heading", level=1)).to_have_text("The token lacks a scope")
        expect(person.page.get_by_role("main")).to_contain_text("treasure:create")
        person.inspect("refusal")
        person.open(f"/refusals/{nowhere.headers['tessera-refusal']}")
        person.inspect("refusal-without-owner")
        person.open("/nowhere")
        expect(person.page.get_by_role("main").get_by_role("link")).to_have_count(1)
        person.inspect("error")
    with visitor(browser, server.url, look) as operator:
        operator.sign_in(*ADMIN)
        operator.open(f"/refusals/{nowhere.headers['tessera-refusal']}")
        expect(operator.page.get_by_role("heading", level=1)).to_have_text("The token is unknown")
        operator.inspect("refusal-for-operator")
