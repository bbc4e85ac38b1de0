"""HTTP as bytes on a socket, for requests that a well-behaved client would never send."""

import contextlib
import socket
import time
from dataclasses import dataclass

PATIENCE = 8.0


@dataclass(frozen=True)
class Answer:
    """One response, read strictly: a malformed response fails here."""

    status: int
    fields: tuple
    body: bytes

    def values(self, name):
        return [value for field, value in self.fields if field == name.lower()]

    def value(self, name):
        values = self.values(name)
        assert len(values) <= 1, f"{name} more than once: {values}"
        return values[0] if values else None


def read_answers(data, methods=()):
    """All responses in `data`, in order, and the remaining bytes.

    `methods` are those of the requests, in order; past their end it is GET. An interim response (1xx) is in
    the list, and does not count as the answer to its request.
    """
    answers, methods = [], iter(methods)
    while data:
        head, separator, rest = data.partition(b"\r\n\r\n")
        if not separator:
            break
        status, fields = read_head(head)
        answer = Answer(status, fields, b"")
        if status >= 200:
            method = next(methods, "GET")
            if method == "HEAD" or status in (204, 304):
                body = b""
            elif answer.value("transfer-encoding") == "chunked":
                body, rest = read_chunks(rest)
            else:
                length = int(answer.value("content-length"))
                if len(rest) < length:
                    break
                body, rest = rest[:length], rest[length:]
            answer = Answer(status, fields, body)
        answers.append(answer)
        data = rest
    return answers, data


def read_head(head):
    """The status and the fields, names in lower case, of a response."""
    status_line, *lines = head.decode("latin-1").split("\r\n")
    version, status, _reason = status_line.split(" ", 2)
    assert version == "HTTP/1.1", status_line
    fields = []
    for line in lines:
        name, colon, value = line.partition(":")
        assert colon, f"not a field: {line!r}"
        fields.append((name.lower(), value.strip()))
    return int(status), tuple(fields)


def read_chunks(data):
    """A chunked body, and the bytes after it."""
    body = b""
    while True:
        size, _, data = data.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            trailer, _, data = data.partition(b"\r\n")
            assert trailer == b"", trailer
            return body, data
        body += data[:length]
        assert data[length : length + 2] == b"\r\n"
        data = data[length + 2 :]


@dataclass(frozen=True)
class Exchange:
    """The bytes received on one connection, and a flag that the server closed it."""

    received: bytes
    closed: bool

    def answers(self, methods=()):
        answers, left = read_answers(self.received, methods)
        assert left == b"", f"the server sent something that is not a response: {left[:200]!r}"
        return answers


def connect(address):
    """A connection on which every `send` is a separate packet."""
    connection = socket.create_connection(address, timeout=PATIENCE)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def send(connection, data):
    """Sends as much as the server accepts. A server that refuses early may close before the end."""
    with contextlib.suppress(ConnectionError):
        connection.sendall(data)


def receive(connection):
    """Reads until the server closes the connection or the time is over."""
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    except TimeoutError:
        return Exchange(received, closed=False)
    return Exchange(received, closed=True)


def exchange(address, *pieces, patience=PATIENCE):
    """Sends the pieces one after the other on one connection and reads until the server closes it."""
    with connect(address) as connection:
        connection.settimeout(patience)
        for piece in pieces:
            send(connection, piece)
        return receive(connection)


def byte_by_byte(address, data):
    """Sends every byte as a separate packet; very long requests, a few bytes at a time."""
    size = 1 + len(data) // 5000
    return exchange(address, *(data[index : index + size] for index in range(0, len(data), size)))


# Requests longer than this are cut at only about this many positions.
MOST_CUTS = 400
CONNECTIONS_AT_ONCE = 64


def split_at_every_byte(address, data):
    """Cuts the request in two at each position, on one connection each. Yields (position, exchange)."""
    cuts = range(1, len(data), 1 + len(data) // MOST_CUTS)
    for start in range(0, len(cuts), CONNECTIONS_AT_ONCE):
        batch = [(cut, connect(address)) for cut in cuts[start : start + CONNECTIONS_AT_ONCE]]
        for cut, connection in batch:
            send(connection, data[:cut])
        # Lets the server read the first part alone. If it does not, the cut tests less, but nothing fails.
        time.sleep(0.002)
        for cut, connection in batch:
            send(connection, data[cut:])
        for cut, connection in batch:
            with connection:
                yield cut, receive(connection)
