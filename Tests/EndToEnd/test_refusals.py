"""Every refusal states its reason in the challenge and in the body, and can be looked up."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from harness.people import Person
from harness.problems import (
    assert_insufficient_scope,
    assert_problem,
    assert_unauthorized,
    assert_violations,
    challenge,
)
from harness.program import ADMIN, USER, dragon_treasure, poll, tessera
from harness.tokens import EXPIRED, MALFORMED, REVOKED, UNKNOWN, mistyped, unknown_token, with_checksum
from harness.wire import exchange


def me(api, authorization):
    return api.get("/api/me", headers={"Authorization": authorization})


def raw(server, *fields, target="/api/me", method="GET", body=b""):
    """Sends one request over a socket, its fields as given bytes; returns the answer."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {server.authority}", "Connection: close", *fields, "", ""]
    data = "\r\n".join(lines).encode("latin-1") + body
    [answer] = exchange((server.host, server.port), data).answers()
    return answer


class TestCredentials:
    def test_nothing_sent_is_challenged_without_an_error_code(self, api):
        assert_unauthorized(api.get("/api/me"))

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR", "Bearer ", "Bearer  "])
    def test_the_scheme_is_read_in_any_case(self, api, ember, token_of, scheme):
        assert me(api, f"{scheme} {token_of(ember)}").status_code == 200

    @pytest.mark.parametrize("words", ["Basic dTpw", "Digest a=b", "Token abc", "Bearers abc"])
    def test_another_scheme_is_no_bearer_credential(self, api, words):
        assert_problem(me(api, words), 401)

    @pytest.mark.parametrize(
        "words",
        [
            *("Bearer", "Bearer ", "Bearer a b", "Bearer tcp_a,b", 'Bearer "tcp_a"', "Bearer tcp_a;b"),
            *(
                "Bearer ä",
                "Bearer =",
                "Bearer a=b",
                "Bearer tcp_",
                "Bearer tcp_short",
                f"Bearer {'a' * 8192}",
            ),
        ],
        ids=lambda words: words[:24],
    )
    def test_what_is_no_token_is_malformed(self, dragon, words):
        answer = raw(dragon, f"Authorization: {words}")
        assert answer.status in (400, 401)
        [field] = answer.values("www-authenticate")
        assert field.startswith("Bearer ")
        if answer.status == 401:
            assert f'error_description="{MALFORMED}"' in field
        else:
            assert 'error="invalid_request"' in field

    @pytest.mark.parametrize("byte", ["\x00", "\x01", "\x1f", "\x7f"])
    def test_a_control_byte_in_the_credential_is_refused(self, dragon, byte):
        assert raw(dragon, f"Authorization: Bearer tcp_{byte}a").status == 400

    def test_two_credentials_are_refused(self, dragon, ember, token_of):
        field = f"Authorization: Bearer {token_of(ember)}"
        answer = raw(dragon, field, field)
        assert answer.status == 400
        assert json.loads(answer.body)["status"] == 400

    def test_a_mistyped_token_is_malformed(self, api, ember, token_of):
        assert_unauthorized(me(api, f"Bearer {mistyped(token_of(ember))}"), MALFORMED)

    def test_a_token_altered_in_any_way_is_malformed(self, api, ember, token_of):
        token = token_of(ember)
        for altered in (token.upper(), token.swapcase(), token[:-1], token[1:], token + "0", token + "="):
            assert_unauthorized(me(api, f"Bearer {altered}"), MALFORMED)

    def test_a_token_nobody_issued_is_unknown(self, api):
        assert_unauthorized(me(api, f"Bearer {unknown_token()}"), UNKNOWN)

    @pytest.mark.parametrize("prefix", ["tco", "tcr", "tcs"])
    def test_another_kind_of_token_is_no_access_token_here(self, api, prefix):
        attributes = challenge(me(api, f"Bearer {unknown_token(prefix)}"))
        assert attributes["error"] == "invalid_token"

    def test_a_prefix_that_is_not_ours_is_no_token(self, api):
        attributes = challenge(me(api, f"Bearer {with_checksum('abc_' + 'x' * 58)}"))
        assert attributes["error"] == "invalid_token"

    def test_a_bad_token_is_refused_on_a_public_endpoint_too(self, api):
        answer = api.get("/api/treasures", headers={"Authorization": f"Bearer {unknown_token()}"})
        assert_unauthorized(answer, UNKNOWN)

    def test_a_token_in_the_query_is_ignored(self, api, ember, token_of):
        assert_unauthorized(api.get("/api/me", params={"access_token": token_of(ember)}))

    def test_a_bad_token_is_refused_before_the_body_is_read(self, dragon):
        """The body is announced and never sent: a server that waited for it would not answer."""
        answer = raw(
            dragon,
            f"Authorization: Bearer {unknown_token()}",
            "Content-Type: application/json",
            "Content-Length: 900000",
            target="/api/treasures",
            method="POST",
        )
        assert answer.status == 401


class TestLifeOfAToken:
    def test_an_expired_token_is_refused_as_expired(self, api, ember, bearer):
        expiry = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
        created = api.post(
            "/api/tokens",
            headers=bearer(ember, "tokens:read", "tokens:write"),
            json={"name": "short", "scopes": [], "expires_at": expiry.isoformat().replace("+00:00", "Z")},
        )
        assert created.status_code == 201, created.text
        token = created.json()["token"]
        soon = me(api, f"Bearer {token}")
        if soon.status_code == 200:
            assert soon.headers["tessera-token-expires"].startswith(expiry.strftime("%Y-%m-%dT%H:%M:%S"))
        poll("expiry", lambda: me(api, f"Bearer {token}").status_code == 401)
        assert datetime.now(UTC) >= expiry
        assert_unauthorized(me(api, f"Bearer {token}"), EXPIRED)

    def test_a_token_far_from_its_expiry_warns_of_nothing(self, api, ember, bearer):
        answer = api.get("/api/me", headers=bearer(ember))
        assert "tessera-token-expires" not in answer.headers

    def test_a_revoked_token_is_refused_as_revoked_from_the_answer_on(self, api, ember, bearer):
        manager = bearer(ember, "tokens:read", "tokens:write")
        created = api.post(
            "/api/tokens", headers=manager, json={"name": "to revoke", "scopes": [], "expires_at": None}
        )
        assert created.status_code == 201, created.text
        token = created.json()["token"]
        assert me(api, f"Bearer {token}").status_code == 200
        assert api.delete(f"/api/tokens/{created.json()['id']}", headers=manager).status_code == 204
        assert_unauthorized(me(api, f"Bearer {token}"), REVOKED)

    def test_a_disabled_owner_has_no_working_token(self, own_dragon):
        token = Person(own_dragon.url).sign_in(*USER).create_token("mine")
        with own_dragon.client() as client:
            assert me(client, f"Bearer {token}").status_code == 200
            disabled = tessera("user", "disable", USER[0], database=own_dragon.database)
            assert disabled.returncode == 0, disabled.stderr
            poll(
                "the token is refused", lambda: me(client, f"Bearer {token}").status_code == 401, seconds=1.5
            )
            attributes = challenge(me(client, f"Bearer {token}"))
            assert attributes["error"] == "invalid_token"
            enabled = tessera("user", "enable", USER[0], database=own_dragon.database)
            assert enabled.returncode == 0, enabled.stderr
            poll("the token works", lambda: me(client, f"Bearer {token}").status_code == 200, seconds=1.5)


class TestScopes:
    def test_a_missing_scope_is_named(self, api, ember, bearer):
        answer = api.post("/api/treasures", headers=bearer(ember), json={})
        assert_insufficient_scope(answer, "treasure:create")

    def test_a_missing_scope_is_told_before_the_body_is_looked_at(self, api, ember, bearer):
        headers = bearer(ember) | {"Content-Type": "application/json"}
        assert_insufficient_scope(
            api.post("/api/treasures", headers=headers, content=b"{{{"), "treasure:create"
        )

    def test_a_scope_that_does_not_exist_is_a_violation(self, api, ember, bearer):
        answer = api.post(
            "/api/tokens",
            headers=bearer(ember, "tokens:read", "tokens:write"),
            json={"name": "n", "scopes": ["no:such"], "expires_at": None},
        )
        assert_violations(answer)

    def test_a_token_creates_none_with_more_scopes_than_its_own(self, api, ember, bearer):
        answer = api.post(
            "/api/tokens",
            headers=bearer(ember, "tokens:read", "tokens:write"),
            json={"name": "n", "scopes": ["treasure:create"], "expires_at": None},
        )
        assert answer.status_code in (403, 422), answer.text
        assert_problem(answer, answer.status_code)

    def test_managing_tokens_needs_its_own_scope(self, api, ember, bearer):
        assert_insufficient_scope(
            api.get("/api/tokens", headers=bearer(ember, "treasure:create")), "tokens:read"
        )
        assert_insufficient_scope(
            api.post("/api/tokens", headers=bearer(ember, "tokens:read"), json={}), "tokens:write"
        )


class TestBodies:
    @pytest.fixture
    def post(self, api, ember, bearer):
        def post(content, media_type="application/json", path="/api/treasures"):
            headers = bearer(ember, "treasure:create") | {"Content-Type": media_type}
            return api.post(path, headers=headers, content=content)

        return post

    @pytest.mark.parametrize(
        "body",
        [
            *(b"", b"{", b"not json", b"{'a':1}", b'{"a":NaN}', b'{"a":01}', b'{"a":+1}', b'{"a":1}x'),
            *(b'{"name":"a",}', b'{"name":"a","name":"b"}', b'{"name":"a","n\\u0061me":"b"}'),
            *(b'{"a":"\x01"}', b'{"a":"\xff"}', b'{"a":"\\ud800"}', b"// comment\n{}"),
            *(b"\xef\xbb\xbf{}", '{"name":1}'.encode("utf-16")),
            *(b"[" * 33 + b"]" * 33, b"[" * 10_000 + b"]" * 10_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
        ],
        ids=lambda body: repr(body[:24]),
    )
    def test_what_is_not_strict_json_is_refused(self, post, body):
        assert_problem(post(body), 400)

    @pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"', b"{}"])
    def test_json_of_another_shape_is_no_server_error(self, post, body):
        answer = post(body)
        assert answer.status_code in (400, 422)
        assert_problem(answer, answer.status_code)

    @pytest.mark.parametrize(
        "media_type",
        ["text/plain", "application/x-www-form-urlencoded", "application/xml", "json", "application/jsonx"],
    )
    def test_another_media_type_is_refused(self, post, media_type):
        assert_problem(post(b"{}", media_type), 415)

    def test_a_body_without_media_type_is_refused(self, api, ember, bearer):
        request = api.build_request(
            "POST", "/api/treasures", headers=bearer(ember, "treasure:create"), content=b"{}"
        )
        assert "content-type" not in request.headers
        assert_problem(api.send(request), 415)

    def test_a_media_type_may_have_parameters_and_any_case(self, post):
        assert_violations(post(b"{}", "Application/JSON; charset=utf-8"), "name")

    def test_a_body_too_large_is_refused(self, dragon, ember, token_of):
        body = b'{"name":"' + b"a" * 20_000_000 + b'"}'
        answer = raw(
            dragon,
            f"Authorization: Bearer {token_of(ember, 'treasure:create')}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            target="/api/treasures",
            method="POST",
            body=body,
        )
        assert answer.status == 413
        assert json.loads(answer.body)["status"] == 413

    def test_an_unknown_member_is_a_violation(self, post):
        body = {"name": "A ring", "description": "Gold.", "colour": "gold"}
        assert_violations(post(json.dumps(body).encode()), "colour")

    @pytest.mark.parametrize(
        ("name", "status"),
        [
            *(("", 422), ("   ", 422), ("x" * 10_000, 422), ("<script>alert(1)</script>", 201)),
            *(("é" * 20, 201), ("\U0001f409", 201)),
        ],
        ids=lambda value: str(value)[:12],
    )
    def test_a_token_name_is_short_text_and_never_markup(self, api, ember, bearer, name, status):
        manager = bearer(ember, "tokens:read", "tokens:write")
        answer = api.post(
            "/api/tokens", headers=manager, json={"name": name, "scopes": [], "expires_at": None}
        )
        assert answer.status_code == status, answer.text
        if status == 422:
            assert_violations(answer, "name")
        else:
            assert answer.json()["name"] == name
            page = ember.get("/settings/tokens").text
            assert "<script>alert(1)</script>" not in page
            assert api.delete(f"/api/tokens/{answer.json()['id']}", headers=manager).status_code == 204


class TestForms:
    def test_a_name_that_is_not_utf8_is_refused(self, ember):
        form = ember.form_with("/settings/tokens/new", "name", "scopes", "expires")
        hidden = str(httpx.QueryParams([pair for pair in form.fields if pair[0] not in ("name", "expires")]))
        answer = ember.request(
            "POST",
            form.action or "/settings/tokens/new",
            content=f"{hidden}&name=%ff%fe&expires=30d",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code in (400, 422)

    @pytest.mark.parametrize("name", ["", " ", "x" * 10_000])
    def test_a_bad_name_is_told_beside_the_field(self, ember, name):
        answer = ember.try_to_create_token(name=name, scopes=[], expires="30d")
        assert answer.status_code == 422
        assert "aria-invalid" in answer.text
        assert "new-token" not in answer.text

    @pytest.mark.parametrize(
        "markup", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'\"&<>"]
    )
    def test_markup_comes_back_as_text(self, ember, markup):
        answer = ember.try_to_create_token(name=markup * 200, scopes=[markup], expires=markup)
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text

    @pytest.mark.parametrize("scopes", [["no:such"], ["treasure:create", "no:such"], ["a b"]])
    def test_a_scope_that_does_not_exist_is_refused(self, ember, scopes):
        answer = ember.try_to_create_token(name="n", scopes=scopes, expires="30d")
        assert answer.status_code == 422

    @pytest.mark.parametrize("expires", ["yesterday", "2001-01-01", "31", "30x", "-1d", "", "99999999d"])
    def test_an_expiry_that_is_none_is_refused(self, ember, expires):
        answer = ember.try_to_create_token(name="n", scopes=[], expires=expires)
        assert answer.status_code == 422

    def test_a_form_without_its_csrf_token_does_nothing(self, ember):
        form = ember.form_with("/settings/tokens/new", "csrf", "name", "scopes", "expires")
        answer = ember.submit("/settings/tokens/new", form, without=["csrf"], name="forged", expires="30d")
        assert answer.status_code == 403
        assert "forged" not in ember.get("/settings/tokens").text

    def test_a_form_with_a_wrong_csrf_token_does_nothing(self, ember):
        form = ember.form_with("/settings/tokens/new", "csrf", "name", "scopes", "expires")
        answer = ember.submit("/settings/tokens/new", form, csrf="wrong", name="forged", expires="30d")
        assert answer.status_code == 403
        assert "forged" not in ember.get("/settings/tokens").text

    def test_the_csrf_token_of_another_session_does_nothing(self, dragon, ember, keeper):
        theirs = keeper.form_with("/settings/tokens/new", "name", "scopes", "expires")
        answer = ember.submit("/settings/tokens/new", theirs, name="forged", expires="30d")
        assert answer.status_code == 403

    def test_signing_in_is_covered_by_csrf_too(self, dragon):
        answer = Person(dragon.url).request("POST", "/login", data={"email": USER[0], "password": USER[1]})
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        "headers",
        [{}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": ""}, {"Origin": "http://127.0.0.1"}],
        ids=str,
    )
    def test_a_session_cookie_alone_changes_nothing_over_the_api(self, ember, headers):
        wanted = {"name": "forged", "scopes": [], "expires_at": None}
        assert_problem(ember.request("POST", "/api/tokens", json=wanted, headers=headers), 403)
        assert "forged" not in ember.get("/settings/tokens").text

    @pytest.mark.parametrize(
        "headers",
        [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
        ids=str,
    )
    def test_another_site_changes_nothing_even_with_the_right_proof(self, ember, headers):
        wanted = {"name": "forged", "scopes": [], "expires_at": None}
        answer = ember.request("POST", "/api/tokens", json=wanted, headers=ember.csrf() | headers)
        assert_problem(answer, 403)
        assert "forged" not in ember.get("/settings/tokens").text

    def test_unknown_user_and_wrong_password_get_the_same_answer(self, dragon):
        wrong = Person(dragon.url).try_to_sign_in(USER[0], "not the password at all")
        unknown = Person(dragon.url).try_to_sign_in("nobody@example.com", "not the password at all")
        assert wrong.status_code == unknown.status_code
        assert 400 <= wrong.status_code < 500
        assert wrong.text.count("<") == unknown.text.count("<")

    def test_a_session_cookie_is_for_this_site_alone(self, dragon):
        person = Person(dragon.url)
        cookies = person.try_to_sign_in(*USER).headers.get_list("set-cookie")
        [session] = [cookie for cookie in cookies if cookie.partition("=")[0].endswith("tessera-session")]
        attributes = {part.strip().lower() for part in session.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= attributes
        assert not any(attribute.startswith("domain") for attribute in attributes)


class TestRouting:
    def test_an_unknown_path_is_not_found(self, api):
        assert_problem(api.get("/api/nowhere"), 404)

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("DELETE", "/api/me", {"GET", "HEAD"}),
            ("PUT", "/api/treasures", {"GET", "HEAD", "POST"}),
            ("POST", "/healthz", {"GET", "HEAD"}),
        ],
    )
    def test_an_unknown_method_names_the_known_ones(self, api, method, path, allowed):
        answer = api.request(method, path)
        assert_problem(answer, 405)
        assert allowed <= {name.strip() for name in answer.headers["allow"].split(",")}

    def test_a_person_gets_a_page_and_not_json(self, api):
        answer = api.get("/nowhere", headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")


class TestCORS:
    def test_a_preflight_allows_the_authorization_field(self, tmp_path):
        origin = "https://app.example"
        with dragon_treasure(tmp_path, "--allow-origin", origin) as server, server.client() as client:
            answer = client.options(
                "/api/treasures",
                headers={
                    "Origin": origin,
                    "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "authorization,content-type",
                },
            )
            assert answer.status_code in (200, 204)
            assert answer.headers["access-control-allow-origin"] == origin
            allowed = answer.headers["access-control-allow-headers"].lower()
            assert "authorization" in allowed
            assert "content-type" in allowed
            assert "POST" in answer.headers["access-control-allow-methods"]
            assert "origin" in answer.headers["vary"].lower()
            seen = client.get("/api/me", headers={"Origin": origin})
            assert seen.status_code == 401
            assert seen.headers["access-control-allow-origin"] == origin

    def test_a_stranger_is_allowed_nothing(self, api):
        answer = api.options(
            "/api/treasures",
            headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
        )
        assert "access-control-allow-origin" not in answer.headers


class TestUnavailable:
    def test_a_change_that_cannot_be_made_durable_is_refused_and_never_happens(self, own_dragon):
        token = Person(own_dragon.url).sign_in(*USER).create_token("mine", ["tokens:read", "tokens:write"])
        wanted = {"name": "while locked", "scopes": [], "expires_at": None}
        with own_dragon.client(headers={"Authorization": f"Bearer {token}"}, timeout=40) as client:
            with closing(sqlite3.connect(own_dragon.database, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                answer = client.post("/api/tokens", json=wanted)
                assert client.get("/api/me").status_code == 200
                other.execute("ROLLBACK")
            assert_problem(answer, 503)
            assert int(answer.headers["retry-after"]) >= 0
            poll("it works again", lambda: client.post("/api/tokens", json=wanted).status_code == 201)
            names = [listed["name"] for listed in client.get("/api/tokens").json()]
            assert names.count("while locked") == 1


class TestLookingItUp:
    def test_its_owner_reads_why(self, api, ember, token_of):
        problem = assert_unauthorized(me(api, f"Bearer {mistyped(token_of(ember))}"), MALFORMED)
        assert problem["refusal"]

    def test_an_operator_reads_why(self, api, keeper):
        problem = assert_unauthorized(me(api, f"Bearer {unknown_token()}"), UNKNOWN)
        page = poll("the refusal's page", lambda: found(keeper.get(f"/refusals/{problem['refusal']}")))
        assert "unknown" in page.text.lower()

    def test_the_owner_reads_why_their_token_was_refused(self, api, ember, bearer):
        manager = bearer(ember, "tokens:read", "tokens:write")
        created = api.post(
            "/api/tokens", headers=manager, json={"name": "soon gone", "scopes": [], "expires_at": None}
        ).json()
        assert api.delete(f"/api/tokens/{created['id']}", headers=manager).status_code == 204
        problem = assert_unauthorized(me(api, f"Bearer {created['token']}"), REVOKED)
        page = poll("the refusal's page", lambda: found(ember.get(f"/refusals/{problem['refusal']}")))
        assert "revoked" in page.text.lower()

    def test_a_stranger_reads_nothing(self, api, dragon, ember):
        problem = assert_unauthorized(me(api, f"Bearer {unknown_token()}"), UNKNOWN)
        assert ember.get(f"/refusals/{problem['refusal']}").status_code == 404
        anonymous = Person(dragon.url).get(f"/refusals/{problem['refusal']}")
        assert anonymous.status_code in (303, 401, 404)

    def test_the_command_line_explains_it(self, api, dragon):
        problem = assert_unauthorized(me(api, f"Bearer {unknown_token()}"), UNKNOWN)
        explained = poll(
            "the refusal is written",
            lambda: succeeded(tessera("explain", problem["refusal"], database=dragon.database)),
        )
        assert "unknown" in explained.stdout.lower()

    def test_an_unknown_refusal_is_not_found(self, keeper):
        assert keeper.get("/refusals/nothing").status_code == 404


def found(answer):
    return answer if answer.status_code == 200 else None


def succeeded(done):
    return done if done.returncode == 0 else None


def test_no_refusal_tells_of_the_inside(api, ember, bearer):
    """No path of this machine, SQL, version or stack trace in any error body."""
    answers = [
        api.get("/api/me"),
        api.get("/api/nowhere"),
        api.get("/api/treasures/not-an-id"),
        api.get("/api/treasures", params={"page": "-1"}),
        api.post("/api/treasures", headers=bearer(ember, "treasure:create"), content=b"{"),
    ]
    for answer in answers:
        assert 400 <= answer.status_code < 500
        text = answer.text.lower()
        for word in ("select ", "sqlite", "swift", "/sources/", ".swift", "0x", "fatal"):
            assert word not in text
        assert "server" not in answer.headers or not any(map(str.isdigit, answer.headers["server"]))


def test_the_admin_has_a_session_too(keeper):
    assert keeper.get("/api/me").json()["email"] == ADMIN[0]
