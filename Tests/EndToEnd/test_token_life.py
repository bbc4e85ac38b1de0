"""The changes to a token between its creation and its end, through the API and the command line."""

import json

import pytest

from harness.load import EMAIL, manager
from harness.problems import assert_problem, assert_unauthorized, assert_violations
from harness.program import poll, tessera, tessera_server
from harness.tokens import EXPIRED, REVOKED


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with tessera_server(tmp_path_factory.mktemp("life"), "--log-level", "error") as server:
        yield server


@pytest.fixture(scope="module")
def bearer(server):
    return {"Authorization": f"Bearer {manager(server)}"}


@pytest.fixture(scope="module")
def client(server, bearer):
    with server.client(headers=bearer) as client:
        yield client


@pytest.fixture
def token(client):
    """A new token as the API returned it."""
    answer = client.post("/api/tokens", json={"name": "script", "scopes": ["tokens:read"]})
    assert answer.status_code == 201, answer.text
    return answer.json()


def me(server, token):
    with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
        return client.get("/api/me")


def command(server, *arguments):
    done = tessera(*arguments, database=server.database)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_rotated_token_lives_on_for_the_overlap(server, client, token):
    answer = client.post(f"/api/tokens/{token['id']}/rotate", json={"overlap": "1h"})
    assert answer.status_code == 201, answer.text
    new = answer.json()
    assert new["replaces"] == token["id"]
    assert new["token"] != token["token"]
    assert me(server, token["token"]).status_code == 200
    assert me(server, new["token"]).json()["scopes"] == ["tokens:read"]
    assert me(server, token["token"]).headers["tessera-token-expires"] == new["old_expires_at"]
    assert "tessera-token-expires" not in me(server, new["token"]).headers
    assert_problem(client.post(f"/api/tokens/{token['id']}/rotate", json={}), 409)


def test_an_overlap_of_nothing_ends_the_old_one_at_once(server, client, token):
    assert me(server, token["token"]).status_code == 200
    answer = client.post(f"/api/tokens/{token['id']}/rotate", json={"overlap": "0"})
    assert answer.status_code == 201
    assert_unauthorized(me(server, token["token"]), EXPIRED)
    assert me(server, answer.json()["token"]).status_code == 200


def test_a_change_holds_with_its_answer(server, client, token):
    path = f"/api/tokens/{token['id']}"
    patch = {"Content-Type": "application/merge-patch+json"}
    assert me(server, token["token"]).status_code == 200
    change = {"name": "office", "disabled": True, "metadata": {"team": "blue"}}
    answer = client.patch(path, content=json.dumps(change), headers=patch)
    assert answer.json()["state"] == "disabled"
    assert_unauthorized(me(server, token["token"]), REVOKED)
    assert client.patch(path, json={"disabled": False}).json()["name"] == "office"
    answer = me(server, token["token"]).json()["token"]
    assert (answer["name"], answer["metadata"]) == ("office", {"team": "blue"})
    assert_violations(client.patch(path, json={"colour": "blue"}), "colour")
    assert_problem(client.delete("/api/tokens"), 405)


def test_commands_change_what_a_running_server_accepts(server, token):
    id = token["id"]
    assert me(server, token["token"]).status_code == 200
    command(server, "token", "disable", id)
    poll("it is refused", lambda: me(server, token["token"]).status_code == 401, seconds=1.5)
    command(server, "token", "enable", id)
    poll("it is accepted", lambda: me(server, token["token"]).status_code == 200, seconds=1.5)
    command(server, "token", "rename", id, "called otherwise")
    poll(
        "it has its new name",
        lambda: me(server, token["token"]).json()["token"]["name"] == "called otherwise",
    )
    command(server, "token", "expire", id, "--expires", "never")
    new = command(server, "token", "rotate", id, "--overlap", "0")
    poll("the old one is refused", lambda: me(server, token["token"]).status_code == 401, seconds=1.5)
    answer = me(server, new).json()["token"]
    assert (answer["name"], answer["expires_at"]) == ("called otherwise", None)
    [listed] = [one for one in json.loads(command(server, "token", "list", "--json")) if one["id"] == id]
    assert listed["replaced_by"] == answer["id"]
    assert listed["state"] == "expired"
    done = tessera("token", "rotate", id, database=server.database)
    assert (done.returncode, done.stdout) == (1, "")
    assert "has expired" in done.stderr


def test_all_tokens_of_a_person_are_revoked_by_a_command(tmp_path):
    with tessera_server(tmp_path, "--log-level", "error") as server:
        token = manager(server)
        assert me(server, token).status_code == 200
        for wrong in (["--all"], ["--user", EMAIL], []):
            assert tessera("token", "revoke", *wrong, database=server.database).returncode == 2
        command(server, "token", "revoke", "--all", "--user", EMAIL)
        poll("it is refused", lambda: me(server, token).status_code == 401, seconds=1.5)


def test_the_policy_limits_new_tokens_and_leaves_the_old_ones(tmp_path):
    limits = {"TESSERA_TOKENS_PER_USER": "3", "TESSERA_LONGEST_TOKEN_LIFETIME": "20d"}
    with tessera_server(tmp_path, "--log-level", "error", environment=limits) as server:
        # Made by a command without the policy, with a lifetime of 30 days.
        headers = {"Authorization": f"Bearer {manager(server)}"}
        with server.client(headers=headers) as client:
            [old] = client.get("/api/tokens").json()
            assert old["exceeds_policy"] is True
            order = {"name": "a", "scopes": []}
            assert_violations(client.post("/api/tokens", json=order), "expires_at")
            renamed = client.patch(f"/api/tokens/{old['id']}", json={"name": "still here"})
            assert renamed.status_code == 200
            assert_violations(
                client.patch(f"/api/tokens/{old['id']}", json={"expires_at": None}), "expires_at"
            )
            rotated = client.post(f"/api/tokens/{old['id']}/rotate", json={}).json()
            assert rotated["exceeds_policy"] is False
            order["expires_at"] = rotated["expires_at"]
            assert client.post("/api/tokens", json=order).status_code == 201
            assert_problem(client.post("/api/tokens", json=order), 409)
        exceeding = command(
            server, "token", "list", "--exceeding-policy", "--longest-token-lifetime", "10d", "--json"
        )
        assert [token["exceeds_policy"] for token in json.loads(exceeding)] == [True, True]
