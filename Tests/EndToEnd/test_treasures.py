"""The Dragon Treasure API, status by status."""

import re

import pytest

from harness.problems import (
    assert_insufficient_scope,
    assert_problem,
    assert_unauthorized,
    assert_violations,
)
from harness.program import dragon_treasure
from harness.tokens import UNKNOWN, unknown_token

MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
MEMBERS = {"id", "name", "description", "value", "cool_factor", "is_published", "plundered_at", "owner"}


@pytest.fixture(scope="session")
def ember_path(ember):
    return f"/api/users/{ember.get('/api/me').json()['id']}"


@pytest.fixture(scope="session")
def keeper_path(keeper):
    return f"/api/users/{keeper.get('/api/me').json()['id']}"


@pytest.fixture(scope="session")
def hidden_treasure(new_treasure):
    return new_treasure(name="A hidden crown", is_published=False)


@pytest.fixture(scope="session")
def keepers_treasure(api, keeper, bearer):
    treasure = {"name": "A keeper's chest", "description": "Locked.", "is_published": True}
    answer = api.post("/api/treasures", json=treasure, headers=bearer(keeper, "treasure:create"))
    assert answer.status_code == 201, answer.text
    return answer.json()


class TestReading:
    def test_anyone_reads_the_published_treasures(self, api):
        answer = api.get("/api/treasures")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/json")
        page = answer.json()
        assert page["page"] == 1
        assert page["pages"] == -(-page["total"] // 10)
        [items] = [value for value in page.values() if isinstance(value, list)]
        assert len(items) == 10
        for treasure in items:
            assert set(treasure) >= MEMBERS
            assert treasure["is_published"] is True
            assert "is_mine" not in treasure

    def test_the_pages_together_hold_each_treasure_once(self, api):
        first = treasures_of(api.get("/api/treasures"))
        pages = api.get("/api/treasures").json()["pages"]
        everything = [
            treasure["id"]
            for page in range(1, pages + 1)
            for treasure in treasures_of(api.get("/api/treasures", params={"page": page}))
        ]
        assert len(everything) == len(set(everything)) == api.get("/api/treasures").json()["total"]
        assert everything[:10] == [treasure["id"] for treasure in first]

    def test_a_link_leads_to_the_next_page_and_ends(self, api):
        links = links_of(api.get("/api/treasures"))
        assert "page=2" in links["next"]
        assert "prev" not in links
        last = links_of(api.get(links["last"]))
        assert "next" not in last
        assert "prev" in last

    @pytest.mark.parametrize("page", ["0", "-1", "+1", "two", "1.5", "99999999999999999999", ""])
    def test_a_page_that_is_none_is_refused(self, api, page):
        answer = api.get("/api/treasures", params={"page": page})
        assert answer.status_code in (400, 422)
        assert_problem(answer, answer.status_code)

    def test_a_page_past_the_end_is_empty_or_not_found(self, api):
        answer = api.get("/api/treasures", params={"page": "9999"})
        assert answer.status_code == 404 or treasures_of(answer) == []

    @pytest.mark.parametrize(
        ("filter", "holds"),
        [
            ({"name": "e"}, lambda treasure: "e" in treasure["name"].lower()),
            ({"description": "a"}, lambda treasure: "a" in treasure["description"].lower()),
            ({"value[gt]": "100"}, lambda treasure: treasure["value"] > 100),
            ({"value[gte]": "100"}, lambda treasure: treasure["value"] >= 100),
            ({"value[lt]": "1000"}, lambda treasure: treasure["value"] < 1000),
            ({"value[lte]": "1000"}, lambda treasure: treasure["value"] <= 1000),
            ({"value[gte]": "10", "value[lt]": "500"}, lambda treasure: 10 <= treasure["value"] < 500),
            ({"is_published": "true"}, lambda treasure: treasure["is_published"]),
        ],
        # Each worker has its own function objects; the test names must be the same.
        ids=lambda value: str(value) if isinstance(value, dict) else "holds",
    )
    def test_a_filter_keeps_what_matches(self, api, filter, holds):
        answer = api.get("/api/treasures", params=filter)
        assert answer.status_code == 200
        assert all(holds(treasure) for treasure in treasures_of(answer))

    def test_a_filter_by_owner_keeps_theirs(self, api, ember_path, new_treasure):
        new_treasure()
        found = treasures_of(api.get("/api/treasures", params={"owner": ember_path}))
        assert found
        assert {treasure["owner"] for treasure in found} == {ember_path}

    @pytest.mark.parametrize("name", ["%", "_", "' OR 1=1 --", '"', "\\", "é", "🐉"])
    def test_a_filter_is_text_and_no_pattern(self, api, name):
        answer = api.get("/api/treasures", params={"name": name})
        assert answer.status_code == 200
        assert all(name in treasure["name"] for treasure in treasures_of(answer))

    @pytest.mark.parametrize(
        ("filter", "value"),
        [
            *(("value[gt]", "many"), ("value[gt]", "+1"), ("value[lt]", ""), ("value[gte]", "1e3")),
            *(("is_published", "perhaps"), ("is_published", "True"), ("owner", "nobody"), ("vaule[gt]", "1")),
        ],
    )
    def test_a_filter_that_makes_no_sense_is_refused(self, api, filter, value):
        answer = api.get("/api/treasures", params={filter: value})
        assert answer.status_code in (400, 422)
        assert_problem(answer, answer.status_code)

    def test_one_treasure_is_read_by_its_id(self, api, new_treasure):
        treasure = new_treasure()
        answer = api.get(f"/api/treasures/{treasure['id']}")
        assert answer.status_code == 200
        assert answer.json()["name"] == treasure["name"]
        assert "is_mine" not in answer.json()

    def test_the_owner_sees_that_it_is_theirs(self, api, ember, bearer, new_treasure):
        answer = api.get(f"/api/treasures/{new_treasure()['id']}", headers=bearer(ember))
        assert answer.json()["is_mine"] is True

    @pytest.mark.parametrize(
        "id", ["0", "nothing", "00000000-0000-0000-0000-000000000000", "'", "%F0%9F%90%89"]
    )
    def test_a_treasure_that_is_none_is_not_found(self, api, id):
        assert_problem(api.get(f"/api/treasures/{id}"), 404)

    def test_an_unpublished_treasure_is_seen_by_owner_and_admin_alone(
        self, api, ember, keeper, bearer, hidden_treasure
    ):
        path = f"/api/treasures/{hidden_treasure['id']}"
        assert_problem(api.get(path), 404)
        assert api.get(path, headers=bearer(ember)).status_code == 200
        assert api.get(path, headers=bearer(keeper)).status_code == 200

    def test_the_treasures_of_one_user_are_listed(self, api, ember_path, hidden_treasure, new_treasure):
        new_treasure()
        answer = api.get(f"{ember_path}/treasures")
        assert answer.status_code == 200
        found = treasures_of(answer)
        assert found
        assert hidden_treasure["id"] not in {treasure["id"] for treasure in found}

    def test_a_bad_token_is_refused_even_here(self, api):
        answer = api.get("/api/treasures", headers={"Authorization": f"Bearer {unknown_token()}"})
        assert_unauthorized(answer, UNKNOWN)


@pytest.fixture(scope="session")
def create(api, ember, bearer):
    def create(**members):
        treasure = {"name": "A ring", "description": "Cursed, a little."} | members
        treasure = {name: value for name, value in treasure.items() if value is not ...}
        return api.post("/api/treasures", json=treasure, headers=bearer(ember, "treasure:create"))

    return create


class TestCreating:
    def test_a_token_with_the_scope_creates_one(self, create, ember_path):
        answer = create()
        assert answer.status_code == 201
        treasure = answer.json()
        assert set(treasure) >= MEMBERS
        assert treasure["value"] == 0
        assert treasure["cool_factor"] == 0
        assert treasure["is_published"] is False
        assert treasure["owner"] == ember_path
        assert treasure["is_mine"] is True
        assert answer.headers["location"].endswith(f"/api/treasures/{treasure['id']}")

    def test_a_session_may_do_all_its_user_may(self, ember):
        treasure = {"name": "By session", "description": "Without a token."}
        answer = ember.request("POST", "/api/treasures", json=treasure, headers=ember.csrf())
        assert answer.status_code == 201, answer.text

    def test_a_session_without_the_proof_of_its_page_is_forbidden(self, ember):
        treasure = {"name": "By session", "description": "From elsewhere."}
        assert_problem(ember.request("POST", "/api/treasures", json=treasure), 403)

    def test_anonymous_is_unauthorized(self, api):
        assert_unauthorized(api.post("/api/treasures", json={"name": "x"}))

    def test_the_scope_is_needed_before_the_body_is_looked_at(self, api, ember, bearer):
        headers = bearer(ember, "treasure:edit") | {"Content-Type": "application/json"}
        answer = api.post("/api/treasures", headers=headers, content=b"no json")
        assert_insufficient_scope(answer, "treasure:create")

    def test_invalid_json_is_a_bad_request(self, api, ember, bearer):
        headers = bearer(ember, "treasure:create") | {"Content-Type": "application/json"}
        assert_problem(api.post("/api/treasures", headers=headers, content=b'{"name"'), 400)

    @pytest.mark.parametrize(
        ("members", "path"),
        [
            ({"name": "x"}, "name"),
            ({"name": "x" * 51}, "name"),
            ({"name": ""}, "name"),
            ({"name": ...}, "name"),
            ({"name": None}, "name"),
            ({"name": 7}, "name"),
            ({"description": ""}, "description"),
            ({"description": "  \n\t "}, "description"),
            ({"description": ...}, "description"),
            ({"value": -1}, "value"),
            ({"value": 1.5}, "value"),
            ({"value": "7"}, "value"),
            ({"value": 10**30}, "value"),
            ({"cool_factor": 11}, "cool_factor"),
            ({"cool_factor": -1}, "cool_factor"),
            ({"is_published": "yes"}, "is_published"),
            ({"is_published": 1}, "is_published"),
            ({"plundered_at": "yesterday"}, "plundered_at"),
            ({"owner": "/api/users/nobody"}, "owner"),
            ({"owner": 7}, "owner"),
            ({"id": "mine"}, "id"),
            ({"surplus": 1}, "surplus"),
        ],
        ids=str,
    )
    def test_what_breaks_a_rule_is_named(self, create, members, path):
        assert_violations(create(**members), path)

    def test_every_violation_is_named_at_once(self, create):
        assert_violations(create(name="x", description=" ", value=-1), "name", "description", "value")

    @pytest.mark.parametrize(
        "members",
        [
            *({"name": "ab"}, {"name": "x" * 50}, {"name": "é" * 50}, {"value": 0}, {"value": 2**31}),
            *({"cool_factor": 0}, {"cool_factor": 10}, {"plundered_at": "2024-02-29T12:00:00Z"}),
            *({"plundered_at": None}, {"name": "<script>alert(1)</script>"}, {"name": 'a "quoted" name'}),
        ],
        ids=str,
    )
    def test_what_is_just_within_the_rules_is_kept(self, create, members):
        answer = create(**members)
        assert answer.status_code == 201, answer.text
        assert {name: answer.json()[name] for name in members} == members

    def test_the_owner_may_be_named_if_it_is_oneself(self, create, ember_path, keeper_path):
        assert create(owner=ember_path).status_code == 201
        assert_violations(create(owner=keeper_path), "owner")


@pytest.fixture(scope="session")
def patch(api):
    def patch(treasure, headers, **members):
        path = f"/api/treasures/{treasure['id']}"
        return api.patch(path, json=members, headers=headers | MERGE_PATCH)

    return patch


class TestEditing:
    def test_the_owner_edits_with_the_scope(self, api, patch, ember, bearer, new_treasure):
        treasure = new_treasure()
        answer = patch(treasure, bearer(ember, "treasure:edit"), value=42)
        assert answer.status_code == 200
        assert answer.json()["value"] == 42
        assert answer.json()["name"] == treasure["name"]
        assert api.get(f"/api/treasures/{treasure['id']}").json()["value"] == 42

    def test_the_admin_edits_what_is_not_theirs(self, patch, keeper, bearer, new_treasure):
        assert patch(new_treasure(), bearer(keeper, "treasure:edit"), value=7).status_code == 200

    def test_anonymous_is_unauthorized(self, patch, new_treasure):
        assert_unauthorized(patch(new_treasure(), {}, value=1))

    def test_the_scope_is_needed(self, patch, ember, bearer, new_treasure):
        answer = patch(new_treasure(), bearer(ember, "treasure:create"), value=1)
        assert_insufficient_scope(answer, "treasure:edit")

    def test_somebody_elses_is_forbidden(self, patch, ember, bearer, keepers_treasure):
        assert_problem(patch(keepers_treasure, bearer(ember, "treasure:edit"), value=1), 403)

    def test_somebody_elses_unpublished_one_is_not_found(self, api, patch, ember, keeper, bearer):
        treasure = {"name": "Not for ember", "description": "Hidden.", "is_published": False}
        hidden = api.post("/api/treasures", json=treasure, headers=bearer(keeper, "treasure:create")).json()
        assert_problem(patch(hidden, bearer(ember, "treasure:edit"), value=1), 404)

    def test_another_media_type_is_refused(self, api, ember, bearer, new_treasure):
        path = f"/api/treasures/{new_treasure()['id']}"
        answer = api.patch(path, json={"value": 1}, headers=bearer(ember, "treasure:edit"))
        assert_problem(answer, 415)

    def test_the_owner_cannot_be_changed_to_someone_else(
        self, patch, ember, bearer, new_treasure, keeper_path, ember_path
    ):
        assert_violations(patch(new_treasure(), bearer(ember, "treasure:edit"), owner=keeper_path), "owner")
        assert patch(new_treasure(), bearer(ember, "treasure:edit"), owner=ember_path).status_code == 200

    def test_what_breaks_a_rule_is_named_and_nothing_changes(self, api, patch, ember, bearer, new_treasure):
        treasure = new_treasure()
        assert_violations(patch(treasure, bearer(ember, "treasure:edit"), name="x", value=9), "name")
        assert api.get(f"/api/treasures/{treasure['id']}").json()["value"] == treasure["value"]

    def test_null_takes_a_nullable_member_away(self, patch, ember, bearer, new_treasure):
        treasure = new_treasure(plundered_at="2024-02-29T12:00:00Z")
        answer = patch(treasure, bearer(ember, "treasure:edit"), plundered_at=None)
        assert answer.status_code == 200
        assert answer.json()["plundered_at"] is None

    def test_one_that_is_none_is_not_found(self, patch, ember, bearer):
        assert_problem(patch({"id": "nothing"}, bearer(ember, "treasure:edit"), value=1), 404)


class TestDeleting:
    def test_the_admin_deletes(self, api, keeper, bearer, new_treasure):
        path = f"/api/treasures/{new_treasure()['id']}"
        answer = api.delete(path, headers=bearer(keeper, "treasure:edit"))
        assert answer.status_code == 204
        assert answer.content == b""
        assert_problem(api.get(path), 404)
        assert_problem(api.delete(path, headers=bearer(keeper, "treasure:edit")), 404)

    def test_the_owner_does_not(self, api, ember, bearer, new_treasure):
        path = f"/api/treasures/{new_treasure()['id']}"
        assert_problem(api.delete(path, headers=bearer(ember, "treasure:edit")), 403)
        assert api.get(path).status_code == 200

    def test_anonymous_is_unauthorized(self, api, new_treasure):
        assert_unauthorized(api.delete(f"/api/treasures/{new_treasure()['id']}"))


class TestUsers:
    def test_the_signed_in_read_them(self, api, ember, bearer, ember_path):
        listed = api.get("/api/users", headers=bearer(ember))
        assert listed.status_code == 200
        one = api.get(ember_path, headers=bearer(ember))
        assert one.status_code == 200
        for text in (listed.text, one.text):
            assert "password" not in text
            assert "argon2" not in text

    def test_anonymous_is_unauthorized(self, api, ember_path):
        assert_unauthorized(api.get("/api/users"))
        assert_unauthorized(api.get(ember_path))

    def test_one_that_is_none_is_not_found(self, api, ember, bearer):
        assert_problem(api.get("/api/users/nobody", headers=bearer(ember)), 404)

    def test_anyone_registers(self, api):
        user = {"email": "smaug@example.com", "username": "smaug", "password": "under the lonely mountain"}
        answer = api.post("/api/users", json=user)
        assert answer.status_code == 201, answer.text
        assert user["password"] not in answer.text
        assert answer.headers["location"].startswith("/api/users/")
        again = api.post("/api/users", json=user)
        assert again.status_code in (409, 422)
        assert_problem(again, again.status_code)

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"password": "short"}, "password"),
            ({"password": "fourteen chars"}, "password"),
            ({"email": "no address"}, "email"),
            ({"email": ""}, "email"),
            ({"username": ""}, "username"),
            ({"is_admin": True}, "is_admin"),
        ],
        ids=str,
    )
    def test_a_registration_that_breaks_a_rule_is_named(self, api, change, path):
        user = {"email": "new@example.com", "username": "newcomer", "password": "quite long enough for us"}
        assert_violations(api.post("/api/users", json=user | change), path)

    def test_one_edits_oneself_with_the_scope(self, api, keeper, bearer, keeper_path):
        headers = bearer(keeper, "user:edit") | MERGE_PATCH
        answer = api.patch(keeper_path, json={"username": "keeper"}, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["username"] == "keeper"

    def test_nobody_edits_another(self, api, ember, bearer, keeper_path):
        headers = bearer(ember, "user:edit") | MERGE_PATCH
        assert_problem(api.patch(keeper_path, json={"username": "thief"}, headers=headers), 403)

    def test_the_admin_edits_another(self, api, keeper, bearer, ember_path):
        headers = bearer(keeper, "user:edit") | MERGE_PATCH
        assert api.patch(ember_path, json={"username": "ember"}, headers=headers).status_code == 200

    def test_the_scope_is_needed(self, api, ember, bearer, ember_path):
        headers = bearer(ember, "treasure:edit") | MERGE_PATCH
        answer = api.patch(ember_path, json={"username": "embers"}, headers=headers)
        assert_insufficient_scope(answer, "user:edit")

    def test_another_media_type_is_refused(self, api, ember, bearer, ember_path):
        assert_problem(api.patch(ember_path, json={}, headers=bearer(ember, "user:edit")), 415)


class TestFixtures:
    def test_two_thirds_of_forty_treasures_are_published(self, tmp_path):
        with dragon_treasure(tmp_path) as server, server.client() as client:
            assert 20 <= client.get("/api/treasures").json()["total"] <= 34

    def test_the_address_and_a_working_token_are_printed(self, dragon, api):
        assert dragon.url in dragon.output
        assert "ember@example.com" in dragon.output
        assert "keeper@example.com" in dragon.output
        assert "curl" in dragon.output
        token = re.search(r"tcp_[0-9A-Za-z]{64}", dragon.output)[0]
        assert api.get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def treasures_of(answer):
    assert answer.status_code == 200, answer.text
    [items] = [value for value in answer.json().values() if isinstance(value, list)]
    return items


def links_of(answer):
    """The `Link` field as relation to target."""
    return {
        relation: target
        for target, relation in re.findall(r'<([^>]*)>\s*;\s*rel="([^"]+)"', answer.headers["link"])
    }
