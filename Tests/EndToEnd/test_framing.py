"""A request with faulty framing gets one refusal, and nothing after it is served, also behind nginx."""

import pytest

from harness.framing import ROWS, Row
from harness.nginx import Nginx
from harness.program import poll
from harness.wire import byte_by_byte, connect, exchange, split_at_every_byte

rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


class Site:
    """The server under test as the requests here need it."""

    def __init__(self, server, token):
        self.address = (server.host, server.port)
        self.host = server.authority
        self.token = token

    def bytes(self, row: Row):
        """The faulty request, followed by a request that must not be served."""
        return row.bytes(self.host, self.token) + self.get("/smug", "Connection: close")

    def get(self, target, *fields, method="GET"):
        return "\r\n".join([f"{method} {target} HTTP/1.1", f"Host: {self.host}", *fields, "", ""]).encode()

    def post(self, *fields, body=b"", authorized=True):
        fields = [f"Authorization: Bearer {self.token}", *fields] if authorized else fields
        return self.get("/api/treasures", "Content-Type: application/json", *fields, method="POST") + body


@pytest.fixture(scope="module")
def site(dragon, ember, token_of):
    return Site(dragon, token_of(ember, "treasure:create"))


@pytest.fixture(scope="module")
def nginx(dragon, tmp_path_factory):
    with Nginx(tmp_path_factory.mktemp("nginx"), (dragon.host, dragon.port)) as nginx:
        yield nginx


def assert_refused(row, exchange):
    """One answer, of a status the row allows, and the connection closed."""
    assert exchange.closed, f"the connection stayed open after {exchange.received[:200]!r}"
    answers = exchange.answers()
    assert answers, "closed without an answer"
    assert answers[0].status in row.statuses, answers[0]
    if row.closes or len(answers) == 1:
        assert len(answers) == 1, f"something behind the fault was served: {answers[1:]}"
        assert answers[0].value("connection") == "close"
    else:
        assert [answer.status for answer in answers[1:]] == [404]


@rows
def test_a_fault_sent_whole_is_refused(site, row):
    assert_refused(row, exchange(site.address, site.bytes(row)))


@rows
def test_a_fault_sent_byte_by_byte_is_refused(site, row):
    assert_refused(row, byte_by_byte(site.address, site.bytes(row)))


@rows
def test_a_fault_split_at_every_byte_is_refused(site, row):
    for position, exchanged in split_at_every_byte(site.address, site.bytes(row)):
        try:
            assert_refused(row, exchanged)
        except AssertionError as failure:
            raise AssertionError(f"split at byte {position}: {failure}") from failure


class TestBehindNginx:
    @rows
    def test_nothing_is_smuggled(self, nginx, site, row):
        """The server answers only the requests that nginx sent, and the next client gets its own answer."""
        exchange(nginx.address, site.bytes(row), patience=3)
        for _ in range(3):
            assert nginx.probe() == 200
        assert nginx.tap.answers() >= 3
        poll("as many answers as requests", lambda: nginx.tap.answers() <= nginx.attempts(), seconds=1)


class TestWellFormed:
    def answers(self, site, *requests, methods=()):
        exchanged = exchange(site.address, b"".join(requests))
        assert exchanged.closed
        return exchanged.answers(methods)

    def test_pipelined_requests_are_answered_in_order(self, site):
        answers = self.answers(
            site,
            site.get("/healthz"),
            site.get("/nowhere"),
            site.get("/api/treasures"),
            site.get("/healthz", "Connection: close"),
        )
        assert [answer.status for answer in answers] == [200, 404, 200, 200]
        assert answers[0].value("connection") != "close"
        assert answers[3].value("connection") == "close"

    @pytest.mark.parametrize("bodies", [[b"{}"], [b"{", b"}"], [b"{", b" " * 5000, b"}"]], ids=len)
    def test_a_chunked_body_is_read_to_its_end(self, site, bodies):
        chunks = b"".join(f"{len(body):X}\r\n".encode() + body + b"\r\n" for body in bodies)
        answers = self.answers(
            site,
            site.post("Transfer-Encoding: chunked", body=chunks + b"0\r\n\r\n"),
            site.get("/healthz", "Connection: close"),
        )
        assert [answer.status for answer in answers] == [422, 200]

    @pytest.mark.parametrize("coding", ["chunked", "Chunked", "CHUNKED"])
    def test_the_coding_is_read_in_any_case(self, site, coding):
        answers = self.answers(
            site,
            site.post(f"Transfer-Encoding: {coding}", body=b"2\r\n{}\r\n0\r\n\r\n"),
            site.get("/healthz", "Connection: close"),
        )
        assert [answer.status for answer in answers] == [422, 200]

    @pytest.mark.parametrize("size", [b"2", b"02", b"2;name=value", b'2;name="quoted;value"', b"2;name"])
    def test_a_short_chunk_extension_is_ignored(self, site, size):
        answers = self.answers(
            site,
            site.post("Transfer-Encoding: chunked", body=size + b"\r\n{}\r\n0\r\n\r\n"),
            site.get("/healthz", "Connection: close"),
        )
        assert [answer.status for answer in answers] == [422, 200]

    def test_a_trailer_authenticates_nobody(self, site):
        trailer = f"Authorization: Bearer {site.token}\r\n".encode()
        answers = self.answers(
            site,
            site.post(
                "Transfer-Encoding: chunked",
                body=b"2\r\n{}\r\n0\r\n" + trailer + b"\r\n",
                authorized=False,
            ),
            site.get("/healthz", "Connection: close"),
        )
        assert answers[0].status == 401
        assert [answer.status for answer in answers[1:]] in ([], [200])

    def test_100_continue_is_sent_before_the_body_is_needed(self, site):
        answers = self.answers(
            site,
            site.post("Expect: 100-continue", "Content-Length: 2", "Connection: close"),
            b"{}",
        )
        assert [answer.status for answer in answers] in ([100, 422], [422])

    def test_100_continue_is_waited_for_and_comes(self, site):
        with connect(site.address) as connection:
            connection.sendall(site.post("Expect: 100-continue", "Content-Length: 2", "Connection: close"))
            assert connection.recv(1024).startswith(b"HTTP/1.1 100 ")
            connection.sendall(b"{}")
            assert connection.recv(1024).startswith(b"HTTP/1.1 422 ")

    def test_a_refused_request_gets_no_100_continue(self, site):
        with connect(site.address) as connection:
            connection.sendall(
                site.post("Expect: 100-continue", "Content-Length: 2", "Connection: close", authorized=False)
            )
            assert connection.recv(1024).startswith(b"HTTP/1.1 401 ")

    @pytest.mark.parametrize("path", ["/healthz", "/api/treasures", "/login", "/nowhere"])
    def test_head_is_get_without_the_body(self, site, path):
        [head] = self.answers(site, site.get(path, "Connection: close", method="HEAD"), methods=["HEAD"])
        [get] = self.answers(site, site.get(path, "Connection: close"))
        assert head.status == get.status
        assert head.body == b""
        differing = {"date", "set-cookie", "tessera-refusal", "request-id", "x-request-id"}
        assert {name for name, _ in head.fields} == {name for name, _ in get.fields}
        if get.status == 200 and not get.values("set-cookie"):
            assert [pair for pair in head.fields if pair[0] not in differing] == [
                pair for pair in get.fields if pair[0] not in differing
            ]

    def test_an_absolute_target_to_ourselves_is_served(self, site):
        [answer] = self.answers(site, site.get(f"http://{site.host}/healthz", "Connection: close"))
        assert answer.status == 200

    def test_http_1_0_closes_unless_asked(self, site):
        [answer] = self.answers(site, f"GET /healthz HTTP/1.0\r\nHost: {site.host}\r\n\r\n".encode())
        assert answer.status == 200

    def test_http_1_0_needs_no_host(self, site):
        [answer] = self.answers(site, b"GET /healthz HTTP/1.0\r\n\r\n")
        assert answer.status == 200

    @pytest.mark.parametrize("value", ["b", "\tb\t", "b c", "b\tc", "", "é", "b:c", "  b  "])
    def test_a_value_within_the_grammar_is_taken(self, site, value):
        request = f"GET /healthz HTTP/1.1\r\nHost: {site.host}\r\nA:{value}\r\nConnection: close\r\n\r\n"
        [answer] = self.answers(site, request.encode("latin-1"))
        assert answer.status == 200

    @pytest.mark.parametrize("name", ["host", "HOST", "hOsT"])
    def test_field_names_are_read_in_any_case(self, site, name):
        request = f"GET /healthz HTTP/1.1\r\n{name}: {site.host}\r\nconnection: CLOSE\r\n\r\n"
        [answer] = self.answers(site, request.encode())
        assert answer.status == 200

    def test_two_cookie_fields_are_joined(self, dragon, ember):
        session = [f"Cookie: {name}={value}" for name, value in ember.cookies.items()]
        request = ["GET /api/me HTTP/1.1", f"Host: {dragon.authority}", "Cookie: a=b", *session]
        data = "\r\n".join([*request, "Connection: close", "", ""]).encode()
        [answer] = exchange((dragon.host, dragon.port), data).answers()
        assert answer.status == 200

    def test_a_well_formed_post_split_at_every_byte_is_read(self, site):
        data = site.post("Content-Length: 2", body=b"{}") + site.get("/healthz", "Connection: close")
        for position, exchanged in split_at_every_byte(site.address, data):
            statuses = [answer.status for answer in exchanged.answers()]
            assert statuses == [422, 200], f"split at byte {position}"

    def test_a_well_formed_chunked_post_sent_byte_by_byte_is_read(self, site):
        body = b"1\r\n{\r\n1;a=b\r\n}\r\n0\r\nA: b\r\n\r\n"
        data = site.post("Transfer-Encoding: chunked", body=body) + site.get("/healthz", "Connection: close")
        assert [answer.status for answer in byte_by_byte(site.address, data).answers()] == [422, 200]

    def test_options_asks_about_the_whole_server(self, site):
        [answer] = self.answers(site, site.get("*", "Connection: close", method="OPTIONS"))
        assert answer.status == 204
        assert "OPTIONS" in ", ".join(answer.values("allow")).split(", ")
