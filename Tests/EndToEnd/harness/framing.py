"""The requests that must be refused, each with the statuses it may get.

The framing faults that well-known servers let through, and the near misses around them (RFC 9112, RFC 9110 §5).
`$HOST` is our own authority. `$TOKEN` may create treasures: with it the body is read, so that its faults are seen.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One bad request. `closes`: the end of the message is ambiguous, so nothing after it may be served."""

    name: str
    request: str
    statuses: tuple = (400,)
    closes: bool = True

    def bytes(self, host, token):
        return self.request.replace("$HOST", host).replace("$TOKEN", token).encode("latin-1")


def get(*fields, target="/healthz", line=None, host="Host: $HOST"):
    """A GET with the given fields, unchanged."""
    lines = [line or f"GET {target} HTTP/1.1", *([host] if host else []), *fields]
    return "\r\n".join(lines) + "\r\n\r\n"


def post(*fields, body="", version="HTTP/1.1"):
    """A POST with permission, so that the body is read."""
    lines = [
        f"POST /api/treasures {version}",
        "Host: $HOST",
        "Authorization: Bearer $TOKEN",
        "Content-Type: application/json",
        *fields,
    ]
    return "\r\n".join(lines) + "\r\n\r\n" + body


def chunked(body, *fields):
    return post("Transfer-Encoding: chunked", *fields, body=body)


CONTENT_LENGTH = [
    Row("two different lengths", post("Content-Length: 0", "Content-Length: 2", body="ab")),
    Row("two equal lengths", post("Content-Length: 2", "Content-Length: 2", body="{}")),
    Row("two lengths in one field", post("Content-Length: 2, 2", body="{}")),
    *(
        Row(f"length {length!r}", post(f"Content-Length:{length}", body="{}"))
        for length in (
            *(
                " +2",
                " 0x2",
                " -1",
                "",
                " ",
                " 2 2",
                " 2;",
                ' "2"',
                " 2.0",
                " 2e0",
                " ２".encode().decode("latin-1"),
            ),
            *(" 2,", " ,2", " 2\v", " 2\x00", " two"),
        )
    ),
    Row("a length past 64 bits", post("Content-Length: 18446744073709551618", body="{}"), (400, 413)),
    Row("a length of 100 digits", post(f"Content-Length: {'9' * 100}", body="{}"), (400, 413)),
    Row("length and chunked", post("Content-Length: 4", "Transfer-Encoding: chunked", body="0\r\n\r\n")),
    Row("chunked and length", post("Transfer-Encoding: chunked", "Content-Length: 4", body="0\r\n\r\n")),
    Row("white space before the colon of the length", post("Content-Length : 2", body="{}")),
    Row("a length too large to accept", post("Content-Length: 9999999999"), (413,)),
]

TRANSFER_ENCODING = [
    Row(
        "white space before the colon",
        post("Transfer-Encoding : chunked", "Content-Length: 5", body="0\r\n\r\n"),
    ),
    Row("two transfer encodings", chunked("0\r\n\r\n", "Transfer-Encoding: chunked"), (400, 501)),
    Row(
        "chunked, then identity in a field of its own",
        chunked("0\r\n\r\n", "Transfer-Encoding: identity"),
        (400, 501),
    ),
    Row("folded", post("Transfer-Encoding:\r\n chunked", body="0\r\n\r\n")),
    Row("in HTTP/1.0", post("Transfer-Encoding: chunked", body="0\r\n\r\n", version="HTTP/1.0"), (400, 501)),
    Row(
        "in HTTP/1.0 with a length",
        post("Transfer-Encoding: chunked", "Content-Length: 2", body="{}", version="HTTP/1.0"),
        (400, 501),
    ),
    *(
        Row(f"coding {coding!r}", post(f"Transfer-Encoding:{coding}", body="0\r\n\r\n"), (400, 501))
        for coding in (
            *(" xchunked", " chunked, identity", " gzip, chunked", " identity", " gzip", " chunked, chunked"),
            *(
                " \vchunked",
                " chunked\v",
                " chunked;q=1",
                " chunked,",
                " ,chunked",
                ' "chunked"',
                "",
                " chunke",
            ),
            *(" chunked\x00", " ch\tunked", " chunked gzip"),
        )
    ),
]

CHUNKS = [
    *(
        Row(f"chunk size {size!r}", chunked(f"{size}\r\n{{}}\r\n0\r\n\r\n"), (400, 413))
        for size in (
            *(
                "0x2",
                " 2",
                "+2",
                "-2",
                "2_",
                "2_0",
                "g",
                "",
                " ",
                "\t2",
                "2 ",
                "2 2",
                "2\t",
                "2\r",
                "2\x00",
                "2,",
            ),
            *("10000000000000002", "ffffffffffffffff", "fffffffffffffffff", "7fffffffffffffff"),
        )
    ),
    Row("bare LF after the size", chunked("2\n{}\r\n0\r\n\r\n")),
    Row("bare CR after the size", chunked("2\r{}\r\n0\r\n\r\n")),
    Row("bare LF after the data", chunked("2\r\n{}\n0\r\n\r\n")),
    Row("junk after the data", chunked("2\r\n{}XX\r\n0\r\n\r\n")),
    Row("data longer than its size", chunked("1\r\n{}\r\n0\r\n\r\n")),
    Row("data shorter than its size", chunked("3\r\n{}\r\n0\r\n\r\n")),
    Row("bare LF in the last chunk", chunked("2\r\n{}\r\n0\n\r\n")),
    Row("bare LF at the end", chunked("2\r\n{}\r\n0\r\n\n")),
    Row("bare LF inside an extension", chunked("2;a\nb\r\n{}\r\n0\r\n\r\n")),
    Row("bare CR inside an extension", chunked("2;a\rb\r\n{}\r\n0\r\n\r\n")),
    Row("an over-long extension", chunked(f"2;{'a' * 20000}\r\n{{}}\r\n0\r\n\r\n"), (400, 413)),
    Row("a trailer that is not a field", chunked("2\r\n{}\r\n0\r\nno colon\r\n\r\n")),
    Row("a trailer with white space before its colon", chunked("2\r\n{}\r\n0\r\nA : b\r\n\r\n")),
    Row("a trailer ended by a bare LF", chunked("2\r\n{}\r\n0\r\nA: b\n\r\n")),
    Row("a folded trailer", chunked("2\r\n{}\r\n0\r\nA: b\r\n c\r\n\r\n")),
    Row("endless trailers", chunked(f"2\r\n{{}}\r\n0\r\n{'A: b' * 30000}\r\n\r\n"), (400, 413, 431)),
]

HOST = [
    Row("two hosts", get("Host: $HOST")),
    Row("two different hosts", get("Host: evil.example")),
    Row("no host", get(host=None)),
    *(
        Row(f"host {host!r}", get(host=f"Host:{host}"))
        for host in (
            *("", " ", " a b", " $HOST, $HOST", " user@$HOST", " $HOST/", " http://$HOST", " a?b", " a#b"),
            *(" a\\b", " a\x00b", " a:80:80", " a:port", " [::1", " ::1", " [::g]", " \x80"),
        )
    ),
]

FIELDS = [
    Row("NUL in a value", get("A: b\x00c")),
    Row("bare CR in a value", get("A: b\rc")),
    Row("a control character in a value", get("A: b\x01c")),
    Row("DEL in a value", get("A: b\x7fc")),
    Row("folding", get("A: b\r\n c")),
    Row("folding by a tab", get("A: b\r\n\tc")),
    Row("leading space on the first field", get(host=" Host: $HOST")),
    Row("leading tab on the first field", get(host="\tHost: $HOST")),
    Row("an empty name", get(": b")),
    Row("a line without a colon", get("nothing")),
    Row("white space before the colon", get("A : b")),
    Row("a tab before the colon", get("A\t: b")),
    *(
        Row(f"name with {character!r}", get(f"A{character}B: c"))
        for character in '( )<>@,;\\"/[]?={}\x00\x7f\x80é'
    ),
    Row("bare LF as every line end", get().replace("\r\n", "\n")),
    Row("bare LF after the request line", get().replace("HTTP/1.1\r\n", "HTTP/1.1\n")),
    Row("bare LF after a field", get("A: b\nC: d")),
    Row("bare LF at the end", get().removesuffix("\r\n") + "\n"),
    Row("bare CR as every line end", get().replace("\r\n", "\r")),
    Row("CR CR LF", get("A: b\r")),
    Row("bare LF before the request", "\n" + get()),
    Row("a space before the request", " " + get()),
    Row("5,000 fields", get(*(f"A{number}: b" for number in range(5000))), (431,)),
    Row("a field of 100 KB", get(f"A: {'b' * 100_000}"), (431,)),
    Row("a name of 100 KB", get(f"{'A' * 100_000}: b"), (431,)),
]

REQUEST_LINE = [
    *(
        Row(f"line {line!r}", get(line=line))
        for line in (
            *(
                "GET  /healthz HTTP/1.1",
                "GET /healthz  HTTP/1.1",
                "GET /heal thz HTTP/1.1",
                "GET /healthz HTTP/1.1 ",
            ),
            *(
                "GET\t/healthz HTTP/1.1",
                "GET /healthz\tHTTP/1.1",
                "GET /heal\x00thz HTTP/1.1",
                "GET /heal\x01 HTTP/1.1",
            ),
            *("GET /heal\x7f HTTP/1.1", "GET /heal\x80 HTTP/1.1", "GET /é HTTP/1.1", "GET healthz HTTP/1.1"),
            *(
                "GET  HTTP/1.1",
                "GET HTTP/1.1",
                "GET /a#b HTTP/1.1",
                "GET /a\\b HTTP/1.1",
                'GET /a"b HTTP/1.1',
            ),
            *("GET /a<b HTTP/1.1", "GET * HTTP/1.1", "G(T /healthz HTTP/1.1", "G\x00T /healthz HTTP/1.1"),
            *(
                " /healthz HTTP/1.1",
                "GE\tT /healthz HTTP/1.1",
                "GET:/healthz HTTP/1.1",
                "GÉT /healthz HTTP/1.1",
            ),
        )
    ),
    *(
        Row(f"version {version!r}", get(line=f"GET /healthz {version}"), (400, 505))
        for version in (
            *(
                "HTTP/2.0",
                "HTTP/0.9",
                "HTTP/3",
                "HTTP/1",
                "HTTP/1.",
                "HTTP/.1",
                "HTTP/1.10",
                "HTTP/01.1",
                "HTTP/1.1a",
            ),
            *(
                "http/1.1",
                "HTTPS/1.1",
                "HTTP/1,1",
                "HTTP /1.1",
                "HTTP/1 .1",
                "HTTP/+1.1",
                "XTTP/1.1",
                "HTTP/1.1\x00",
            ),
        )
    ),
    Row("HTTP/0.9 without a version", "GET /healthz\r\n\r\n"),
    Row("a target of 100 KB", get(target="/" + "a" * 100_000), (414, 431)),
    Row("a query of 100 KB", get(target="/healthz?" + "a" * 100_000), (414, 431)),
    Row("a method of 100 KB", get(line="A" * 100_000 + " /healthz HTTP/1.1"), (400, 414, 431, 501)),
    Row("TLS in plain text", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\x00" * 32),
    Row("HTTP/2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 501, 505)),
]

# The end of these requests is clear. They are refused for their content, and the connection may stay open.
TARGETS = [
    *(
        Row(f"path {path!r}", get(target=path), (400,), closes=False)
        for path in (
            *(
                "/a/%2e%2e/admin",
                "/a/../admin",
                "/a/%2E./admin",
                "/./healthz",
                "/%2e/healthz",
                "/healthz/..",
                "/..",
            ),
            *(
                "/a%00b",
                "/heal%zz",
                "/heal%",
                "/heal%2",
                "//healthz",
                "/a//b",
                "/a%2fb",
                "/a%2Fb",
                "/a%0d%0ab",
            ),
            *("/%ff", "/%c3%28", "/%c0%ae%c0%ae/admin", "/%ed%a0%80", "/a%7fb", "/a%01b"),
        )
    ),
    *(
        Row(f"query {query!r}", get(target=f"/api/treasures?name={query}"), (400,), closes=False)
        for query in ("a%00b", "a%zz", "a%", "a%2", "%ff", "%c3%28")
    ),
    Row("a foreign authority", get(target="http://evil/healthz"), (400, 421), closes=False),
    Row("a scheme that is not ours", get(target="ftp://$HOST/healthz"), (400, 421), closes=False),
    Row("user information in the target", get(target="http://a@$HOST/healthz"), (400, 421), closes=False),
    Row("CONNECT", get(line="CONNECT $HOST HTTP/1.1"), (400, 405, 501), closes=False),
    Row("a method in lower case", get(line="get /healthz HTTP/1.1"), (400, 405, 501), closes=False),
    Row("an unknown method", get(line="FOO /healthz HTTP/1.1"), (400, 405, 501), closes=False),
    Row("an expectation that is not ours", get("Expect: 200-maybe"), (417,), closes=False),
    Row(
        "two credentials",
        get("Authorization: Bearer $TOKEN", "Authorization: Bearer $TOKEN", target="/api/me"),
        (400,),
        closes=False,
    ),
]

GROUPS = {
    "content length": CONTENT_LENGTH,
    "transfer encoding": TRANSFER_ENCODING,
    "chunks": CHUNKS,
    "host": HOST,
    "fields": FIELDS,
    "request line": REQUEST_LINE,
    "targets": TARGETS,
}

ROWS = [
    Row(f"{group}: {row.name}", row.request, row.statuses, row.closes)
    for group, rows in GROUPS.items()
    for row in rows
]
