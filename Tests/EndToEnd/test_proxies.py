"""Behind the documented proxies, the server knows the visitor's address, and a client cannot forge it."""

import re
import socket
from contextlib import contextmanager

import pytest

from harness.haproxy import ForwardingHAProxy, HAProxy
from harness.nginx import DocumentedNginx, documented_server
from harness.people import Person
from harness.ports import free_port
from harness.program import poll, tessera, tessera_server
from harness.tokens import unknown_token

EMAIL, PASSWORD = "ada@example.com", "an engine that weaves numbers"
# An address that a visitor claims, which is never trusted.
FORGED = "198.51.100.66"
CLAIMS = {
    "X-Forwarded-For": FORGED,
    "Forwarded": f"for={FORGED}",
    "X-Real-IP": FORGED,
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
}
APPENDED = ("X-Forwarded-For $remote_addr", "X-Forwarded-For $proxy_add_x_forwarded_for")


def add_user(server):
    done = tessera("user", "add", EMAIL, stdin=PASSWORD, database=server.database)
    assert done.returncode == 0, done.stderr


@contextmanager
def nginx(tmp_path, certificate, replaced=("", "")):
    block = documented_server("installing.md").replace(*replaced)
    with tessera_server(tmp_path / "t", "--trusted-proxy", "127.0.0.1/32") as server:
        with DocumentedNginx(tmp_path / "nginx", block, server.url) as proxy:
            yield server, proxy.url


@contextmanager
def nginx_that_appends(tmp_path, certificate):
    with nginx(tmp_path, certificate, APPENDED) as behind:
        yield behind


@contextmanager
def nginx_by_unix_socket(tmp_path, certificate):
    path = tmp_path / "t.sock"
    # With the environment variable, as in the package.
    settings = {"TESSERA_TRUSTED_PROXY": "10.0.0.0/8 unix"}
    with tessera_server(tmp_path / "t", listen=f"unix:{path}", environment=settings) as server:
        with DocumentedNginx(tmp_path / "nginx", documented_server("installing.md"), f"http://unix:{path}:") as proxy:
            yield server, proxy.url


@contextmanager
def haproxy(tmp_path, certificate):
    with tessera_server(tmp_path / "t", "--trusted-proxy", "127.0.0.1") as server:
        with HAProxy(tmp_path / "haproxy", {"node-1": server}) as proxy:
            yield server, f"http://127.0.0.1:{proxy.port}"


@contextmanager
def haproxy_that_passes_connections_on(tmp_path, certificate, option="send-proxy-v2", tls=True):
    file, key = certificate
    arguments = ["--trusted-proxy", ForwardingHAProxy.source, "--proxy-protocol"]
    arguments += ["--tls-certificate", file, "--tls-key", key] if tls else []
    with tessera_server(tmp_path / "t", *arguments, scheme="https" if tls else "http") as server:
        with ForwardingHAProxy(tmp_path / "haproxy", server, option) as proxy:
            yield server, f"{server.scheme}://127.0.0.1:{proxy.port}"


@contextmanager
def haproxy_with_version_1(tmp_path, certificate):
    with haproxy_that_passes_connections_on(tmp_path, certificate, "send-proxy", tls=False) as behind:
        yield behind


RECIPES = [
    nginx,
    nginx_that_appends,
    nginx_by_unix_socket,
    haproxy,
    haproxy_that_passes_connections_on,
    haproxy_with_version_1,
]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.__name__)
def test_the_address_of_the_visitor_is_known_everywhere(recipe, tmp_path, certificate):
    with recipe(tmp_path, certificate) as (server, url):
        add_user(server)

        def visitor(address):
            return Person(url, address=address, headers=CLAIMS)

        ada = visitor("127.0.0.2").sign_in(EMAIL, PASSWORD)
        assert "127.0.0.2" in ada.get("/settings/sessions").text
        token = ada.create_token("for a program")
        bearer = {"Authorization": f"Bearer {token}"}
        assert visitor("127.0.0.3").get("/api/me", headers=bearer).status_code == 200
        token_page = re.search(r'href="(/settings/tokens/[0-9a-z-]{20,})"', ada.get("/settings/tokens").text)[1]
        poll("the last use is written", lambda: "127.0.0.3" in ada.get(token_page).text)
        poll("the request is written", lambda: "127.0.0.3" in ada.get("/settings/requests").text)
        assert "127.0.0.2" in ada.get("/settings/activity").text

        refused = visitor("127.0.0.4").get("/api/me", headers={"Authorization": f"Bearer {unknown_token()}"})
        assert refused.status_code == 401
        story = poll("the refusal is written", lambda: explained(server, refused.headers["tessera-refusal"]))
        assert "127.0.0.4" in story

        # A stranger who guesses only delays their own attempts.
        stranger = visitor("127.0.0.5")
        answers = [stranger.try_to_sign_in(EMAIL, f"guess number {number}").status_code for number in range(7)]
        assert answers[0] == 422
        assert answers[-1] == 429
        assert visitor("127.0.0.6").try_to_sign_in(EMAIL, PASSWORD).status_code == 303

        for address in range(2, 7):
            assert f"127.0.0.{address} " in server.log
        pages = [ada.get(path).text for path in ("/settings/sessions", "/settings/activity", "/settings/requests")]
        assert FORGED not in server.log + story + "".join(pages)
        assert "evil.example" not in "".join(pages)


def explained(server, refusal):
    done = tessera("explain", refusal, "--json", database=server.database)
    return done.stdout if done.returncode == 0 else None


def test_one_network_has_one_budget_over_all_accounts(tmp_path, certificate):
    with nginx(tmp_path, certificate) as (server, url):
        add_user(server)
        stranger = Person(url, address="127.0.0.5")
        form = stranger.form_with("/login", "email", "password")
        answers = [
            stranger.submit("/login", form, email=f"nobody-{number}@example.com", password="x").status_code
            for number in range(60)
        ]
        assert 429 in answers
        assert Person(url, address="127.0.0.6").try_to_sign_in(EMAIL, PASSWORD).status_code == 303


def test_claims_that_hide_a_visitor_do_not_free_it(tmp_path):
    """A proxy that forwards the client's `Forwarded`: the fields disagree, and the server ignores both."""
    block = documented_server("installing.md").replace('proxy_set_header Forwarded "";', "")
    with tessera_server(tmp_path / "t", "--trusted-proxy", "127.0.0.1/32") as server:
        add_user(server)
        with DocumentedNginx(tmp_path / "nginx", block, server.url) as proxy:
            hidden = Person(proxy.url, address="127.0.0.5", headers={"Forwarded": f"for={FORGED}"})
            form = hidden.form_with("/login", "email", "password")
            answers = [
                hidden.submit("/login", form, email=f"nobody-{number}@example.com", password="x").status_code
                for number in range(60)
            ]
            assert 429 in answers
            assert Person(proxy.url, address="127.0.0.6").try_to_sign_in(EMAIL, PASSWORD).status_code == 303
            assert FORGED not in server.log


def test_without_a_trusted_proxy_nothing_is_believed(tmp_path):
    with tessera_server(tmp_path / "t") as server:
        add_user(server)
        person = Person(server.url, address="127.0.0.2", headers=CLAIMS).sign_in(EMAIL, PASSWORD)
        assert "127.0.0.2" in person.get("/settings/sessions").text
        assert FORGED not in server.log
        with socket.create_connection((server.host, server.port)) as connection:
            connection.sendall(b"PROXY TCP4 198.51.100.66 192.0.2.1 1 2\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.recv(12) == b"HTTP/1.1 400"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--trusted-proxy", "10.0.0.0/33"),
        ("--trusted-proxy", "localhost"),
        ("--trusted-proxy", ""),
        ("--proxy-protocol",),
    ],
    ids=" ".join,
)
def test_a_setting_that_cannot_be_meant_is_refused(tmp_path, arguments):
    done = tessera("serve", "--listen", f"127.0.0.1:{free_port()}", *arguments, database=tmp_path / "t.db")
    assert done.returncode == 2
    assert "--trusted-proxy" in done.stderr
