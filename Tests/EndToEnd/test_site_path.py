"""An issuer with a path, behind nginx, which removes the path or keeps it."""

import re
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from harness.browser import LOOKS, visitor
from harness.nginx import DocumentedNginx, documented_server
from harness.people import Person
from harness.ports import free_port
from harness.program import USER, dragon_treasure

KEPT = "location /auth/ {", "proxy_pass http://127.0.0.1:8080;"
STRIPPED = "location /auth/ {", "proxy_pass http://127.0.0.1:8080/;"


@contextmanager
def site(tmp_path, way):
    """The Dragon Treasure API below a path of a host that has other services."""
    location, target = way
    block = documented_server("installing.md")
    block = block.replace("location / {", location).replace("proxy_pass http://127.0.0.1:8080;", target)
    port = free_port()
    issuer = f"http://127.0.0.1:{port}/auth"
    arguments = ("--issuer", issuer, "--trusted-proxy", "127.0.0.1/32")
    with dragon_treasure(tmp_path / "dragon", *arguments) as server:
        proxy = DocumentedNginx(tmp_path / "nginx", block, server.url)
        proxy.server = proxy.server.replace(f"127.0.0.1:{proxy.port};", f"127.0.0.1:{port};")
        proxy.port = port
        with proxy:
            yield server, issuer


class Targets(HTMLParser):
    """Everything that a page leads to."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        sent = tag == "form" and named.get("method") == "post"
        self.found += [
            (value, not sent)
            for name, value in attributes
            if name in ("href", "action", "src", "formaction") and value
        ]


@pytest.mark.parametrize("way", [KEPT, STRIPPED], ids=["kept", "stripped"])
class TestBelowAPath:
    def test_everything_leads_below_it(self, tmp_path, way):
        with site(tmp_path, way) as (_, issuer):
            ember = Person(issuer)
            form = ember.form_with("/login", "email", "password")
            form.action = urljoin(issuer, form.action)
            answer = ember.submit("/login", form, email=USER[0], password=USER[1])
            assert answer.headers["location"] == "/auth/settings/tokens"
            origin = issuer.removesuffix("/auth")
            waiting, seen = [issuer + "/", issuer + "/settings/tokens"], set()
            while waiting and len(seen) < 150:
                address = waiting.pop()
                if address in seen:
                    continue
                seen.add(address)
                answer = ember.get(address)
                assert answer.status_code in (200, 303), f"{address}: {answer.status_code}"
                targets = [(answer.headers["location"], True)] if "location" in answer.headers else []
                if answer.headers.get("content-type", "").startswith("text/html"):
                    reader = Targets()
                    reader.feed(answer.text)
                    targets += reader.found
                for target, is_followed in targets:
                    whole = urljoin(address, target)
                    assert urlsplit(whole).path.startswith("/auth/"), f"{address} leads to {target}"
                    if is_followed and whole.startswith(origin):
                        waiting.append(whole.partition("#")[0])
            assert issuer + "/docs" in seen

    def test_the_api_of_an_embedder_leads_below_it(self, tmp_path, way):
        with site(tmp_path, way) as (server, issuer), httpx.Client(trust_env=False) as client:
            token = re.search(r"tcp_\w{64}", server.output)[0]
            made = client.post(
                f"{issuer}/api/treasures",
                headers={"Authorization": f"Bearer {token}"},
                json={"name": "A ring", "description": "Cursed, a little.", "is_published": True},
            )
            assert made.status_code == 201
            assert made.headers["location"].startswith("/auth/api/treasures/")
            assert client.get(urljoin(issuer, made.headers["location"])).status_code == 200
            listed = client.get(f"{issuer}/api/treasures")
            assert all(link["url"].startswith("/auth/api/treasures?") for link in listed.links.values())
            assert listed.links
            assert client.get(f"{issuer}/openapi.json").json()["servers"][0]["url"] == issuer
            assert client.get(f"{issuer}/nowhere").status_code == 404
            assert client.get(f"{issuer}/readyz").status_code == 200
            # The other services on that host are not part of the test.
            assert client.get(issuer.removesuffix("/auth") + "/login").status_code == 404

    def test_a_person_at_a_browser(self, tmp_path, way, browser):
        with site(tmp_path, way) as (_, issuer), visitor(browser, issuer, LOOKS[0]) as ember:
            ember.open("/settings/tokens")
            expect(ember.page).to_have_url(re.compile(r"/auth/login\?next="))
            ember.page.get_by_label("Email").fill(USER[0])
            ember.page.get_by_label("Password").fill(USER[1])
            ember.page.get_by_role("button", name="Sign in").click()
            expect(ember.page).to_have_url(issuer + "/settings/tokens")
            token = ember.create_token("Laptop", [])
            assert token.startswith("tcp_")
            expect(ember.page.get_by_text(f"{issuer}/api/me").first).to_be_attached()
            # The script of the API reference also sends requests below the path.
            ember.open("/docs")
            operation = ember.page.locator("details[data-operation=showMe]")
            operation.locator("summary").click()
            operation.get_by_role("button", name="Send").click()
            expect(operation.locator(".outcome")).to_contain_text("200")
            expect(operation.locator(".outcome")).to_contain_text(USER[0])
            ember.sign_out()
            expect(ember.page).to_have_url(re.compile(r"/auth/login\?done=signed-out"))
            assert ember.faults == []
