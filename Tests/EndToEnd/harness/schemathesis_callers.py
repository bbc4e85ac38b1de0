"""The callers of schemathesis, which loads this module and asks it for the credentials of each call."""

import itertools
import os
import unicodedata
import uuid

import schemathesis

from harness.people import Person
from harness.program import ADMIN, USER

# The caller.


class Nobody:
    """Sends no credentials."""

    scopes = ()

    def __init__(self, site):
        pass

    def fields(self):
        return {}


class InSession:
    """A user on a page: a cookie and the form token."""

    def __init__(self, site):
        person = Person(site).sign_in(*USER)
        self.scopes = person.get("/api/me").json()["scopes"]
        self.proof = person.csrf()
        self.cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())

    def fields(self):
        return {"Cookie": self.cookies} | self.proof


class WithToken:
    """A program with a token of a person.

    A caller who may end tokens ends their own as well. So the token is looked at before it is sent, and
    another takes its place when an earlier call has ended it. The session that makes them is not in reach of
    the API and stays.
    """

    account = USER
    scopes = ()

    def __init__(self, site):
        self.site = site
        self.person = Person(site).sign_in(*self.account)
        self.proof = self.person.csrf()
        self.sent = {}

    def fields(self):
        if not self.sent or Person(self.site).get("/api/me", headers=self.sent).status_code != 200:
            self.sent = {"Authorization": f"Bearer {self.new_token()}"}
        return self.sent

    def new_token(self):
        order = {"name": "for schemathesis", "scopes": list(self.scopes)}
        made = self.person.request("POST", "/api/tokens", json=order, headers=self.proof)
        if made.status_code == 409:
            # The person has reached the limit on tokens.
            for token in self.person.get("/api/tokens").json():
                self.person.request("DELETE", f"/api/tokens/{token['id']}", headers=self.proof)
            made = self.person.request("POST", "/api/tokens", json=order, headers=self.proof)
        assert made.status_code == 201, made.text
        return made.json()["token"]


class WithFullToken(WithToken):
    """A program that may do everything."""

    account = ADMIN

    def __init__(self, site):
        super().__init__(site)
        self.scopes = self.person.get("/api/me").json()["scopes"]


CALLERS = {
    "nobody": Nobody,
    "session": InSession,
    "token-without-scopes": WithToken,
    "token-with-all-scopes": WithFullToken,
}

# Rules that no schema can express, because they depend on the clock, on stored data or on all of Unicode.
# A request that breaks such a rule must be refused with 422; valid requests are adjusted to keep it.

INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
strangers = itertools.count(1)


def printable(text):
    return "".join("x" if unicodedata.category(letter) in INVISIBLE else letter for letter in text)


def believable(name, value, scopes):
    """A member of a body, adjusted to the rules behind the schema."""
    match name, value:
        case "expires_at", str():
            return "2196" + value[4:]
        case "email", str():
            return f"stranger-{next(strangers)}@example.org"
        case "password", str():
            return "nobody guesses this " + printable(value)[:40]
        case "scopes", list():
            return [scope for scope in value if scope in scopes]
        case (("name" | "username"), str()):
            return printable(value)
        case "metadata", dict():
            return {printable(key): text and printable(text) for key, text in value.items()}
    return value


def believable_body(body, scopes):
    # The owner of a treasure can be repeated but not changed.
    return {name: believable(name, value, scopes) for name, value in body.items() if name != "owner"}


if caller := os.environ.get("SCHEMATHESIS_CALLER"):
    acting = CALLERS[caller](os.environ["SCHEMATHESIS_SITE"])

    @schemathesis.hook
    def before_call(context, case, kwargs):
        is_meant_well = case.meta and case.meta.generation.mode == schemathesis.GenerationMode.POSITIVE
        if is_meant_well and isinstance(case.body, dict):
            case.body = believable_body(case.body, acting.scopes)
            # A key that was used for another request is refused, which no schema can express.
            if "Idempotency-Key" in case.headers:
                case.headers["Idempotency-Key"] = f'"{uuid.uuid4()}"'

    if caller != "nobody":

        @schemathesis.auth(refresh_interval=None)
        class Credentials:
            def get(self, case, context):
                return acting.fields()

            def set(self, case, fields, context):
                case.headers.update(fields)
