"""A person without a browser: keeps cookies, reads forms, fills them in by name."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx


@dataclass
class Form:
    """A form of a page, with the fields that it would send unchanged."""

    action: str = ""
    method: str = "get"
    fields: list = field(default_factory=list)
    names: set = field(default_factory=set)


VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())  # noqa: SIM905


class FormReader(HTMLParser):
    """Collects the forms of a page and the text of elements that carry an id."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.text_by_id = {}
        self.open_ids = []
        self.select = None

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag not in VOID:
            self.open_ids.append(named.get("id"))
        if tag == "form":
            self.forms.append(Form(named.get("action") or "", (named.get("method") or "get").lower()))
        if not self.forms or not (name := named.get("name") or self.select):
            return
        form, kind = self.forms[-1], named.get("type", "text")
        if tag in ("input", "textarea", "select", "button"):
            form.names.add(name)
        if tag == "input" and "value" in named:
            self.text_by_id.setdefault(named.get("id"), named["value"])
        if tag == "input" and (kind not in ("checkbox", "radio", "submit") or "checked" in named):
            form.fields.append((name, named.get("value") or ""))
        if tag == "select":
            self.select = name
        if tag == "option" and "selected" in named:
            form.fields.append((self.select, named.get("value") or ""))

    def handle_endtag(self, tag):
        if tag not in VOID and self.open_ids:
            self.open_ids.pop()
        if tag == "select":
            self.select = None

    def handle_data(self, text):
        for id in filter(None, self.open_ids):
            self.text_by_id[id] = self.text_by_id.get(id, "") + text


@dataclass
class Person:
    """A person with a browser, at the level of HTTP. Keeps all cookies, regardless of their attributes."""

    base_url: str
    cookies: dict = field(default_factory=dict)
    # The address it connects from, an address of this machine such as 127.0.0.2.
    address: str = ""
    # Sent with every request.
    headers: dict = field(default_factory=dict)

    def request(self, method, path, **options):
        headers = self.headers | dict(options.pop("headers", {}))
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        transport = httpx.HTTPTransport(local_address=self.address or None, verify=False)
        with httpx.Client(base_url=self.base_url, transport=transport, timeout=15) as client:
            answer = client.request(method, path, headers=headers, follow_redirects=False, **options)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        self.cookies = {name: value for name, value in self.cookies.items() if value}
        return answer

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def forms(self, path):
        page = self.get(path)
        assert page.status_code == 200, f"{path}: {page.status_code}"
        reader = FormReader()
        reader.feed(page.text)
        return reader.forms

    def form_with(self, path, *names):
        """The form of a page that has fields of these names."""
        for form in self.forms(path):
            if form.names >= set(names):
                return form
        raise AssertionError(f"{path} has no form with {names}")

    def submit(self, path, form, without=(), **values):
        """Sends a form with some fields changed. A list is a repeated field."""
        fields = [pair for pair in form.fields if pair[0] not in values and pair[0] not in without]
        for name, value in values.items():
            fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
        body = str(httpx.QueryParams(fields))
        return self.request(
            "POST",
            form.action or path,
            content=body,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    def csrf(self):
        """The request field with which a script of Tessera's pages proves its origin."""
        [value] = [
            value for name, value in self.form_with("/settings/tokens", "csrf").fields if name == "csrf"
        ]
        return {"X-CSRF-Token": value}

    def sign_in(self, email, password):
        answer = self.try_to_sign_in(email, password)
        assert answer.status_code == 303, f"sign in: {answer.status_code}"
        return self

    def try_to_sign_in(self, email, password):
        form = self.form_with("/login", "email", "password")
        return self.submit("/login", form, email=email, password=password)

    def try_to_create_token(self, **values):
        form = self.form_with("/settings/tokens/new", "name", "scopes", "expires")
        return self.submit("/settings/tokens/new", form, **values)

    def create_token(self, name, scopes=(), expires="30d"):
        """Makes a token on the page and returns the string that the page shows once."""
        answer = self.try_to_create_token(name=name, scopes=list(scopes), expires=expires)
        if answer.status_code == 303:
            answer = self.get(answer.headers["location"])
        reader = FormReader()
        reader.feed(answer.text)
        token = reader.text_by_id.get("new-token", "").strip()
        assert re.fullmatch(r"tcp_[0-9A-Za-z]{64}", token), f"{answer.status_code}: no new token in the page"
        return token
