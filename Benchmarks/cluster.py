"""The time for which other nodes accept a revoked token."""

import json
import statistics
import threading
import time
from contextlib import ExitStack
from http.client import HTTPConnection

import data
import postgresql

from harness import DATA, Section, free_port, get, run_wrk, tessera

NAME = "cluster"
NODES = 3
REVOCATIONS = 1_000
REACH = 50
SUMMARY = f"{REVOCATIONS:,} revocations on one of {NODES} nodes, until the others refuse; p99 at most {REACH} ms"
EMAIL = "person@bench.example"
LOAD_TOKENS = 10_000
# The load on each node: the number of clients, and their pause before each request.
CLIENTS, PAUSE = 16, 10


def measure(seconds):
    tokens = DATA / "cluster.txt"
    with postgresql.running() as server, ExitStack() as stack:
        postgresql.run(
            *("fixtures", "bulk", "--tokens", LOAD_TOKENS, "--tokens-file", tokens, "--database", server.url)
        )
        data.add_user(server.url, EMAIL)
        token = data.add_token(server.url, EMAIL, "tokens:write", "tokens:read")
        ports = [free_port() for _ in range(NODES)]
        for port in ports:
            stack.enter_context(tessera(server.url, port, ()))
        made = make_tokens(ports[0], token)
        stop, load = under_load(ports, tokens)
        try:
            delays = [revoke(ports, token, *one) for one in made]
        finally:
            stop.set()
            answered = [thread() for thread in load]
        for _, secret in made:
            for port in ports:
                if get(port, "/api/me", secret)[0] != 401:
                    raise SystemExit(f"bench: {NAME}: a revoked token was accepted in the end")
    after, whole = ([one[place] * 1e3 for one in delays] for place in (0, 1))
    row = [
        NAME,
        *(f"{value:.1f}" for value in (statistics.median(after), percentile(after, 99), max(after))),
        f"≤ {REACH}",
        f"{percentile(whole, 99):.1f}",
        f"{sum(answered):,.0f}",
    ]
    columns = ["benchmark", "p50 ms", "p99 ms", "worst ms", "reach", "p99 ms from the request", "load, requests/s"]
    return Section(columns, [row], TEXT)


def make_tokens(port, token):
    """Identifiers and strings of new tokens."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    body = json.dumps({"name": "benchmark", "scopes": ["tokens:read"], "expires_at": None})
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    made = []
    for _ in range(REVOCATIONS):
        connection.request("POST", "/api/tokens", body, headers)
        answer = connection.getresponse()
        created = json.loads(answer.read())
        if answer.status != 201:
            raise SystemExit(f"bench: {NAME}: a token is answered with {answer.status}")
        made.append((created["id"], created["token"]))
    connection.close()
    return made


def under_load(ports, tokens):
    """Sends requests to all nodes at a steady pace; the functions stop the load and return the number of answers."""
    stop = threading.Event()
    rates = {}

    def ask(port):
        counts, microseconds = 0, 0
        while not stop.is_set():
            counted = run_wrk(
                port, NAME, 2, "steady.lua", (f"127.0.0.1:{port}", str(tokens), str(PAUSE)), connections=CLIENTS
            )
            if counted["refused"]:
                raise SystemExit(f"bench: {NAME}: {counted['refused']} requests were refused")
            counts, microseconds = counts + counted["requests"], microseconds + counted["microseconds"]
        rates[port] = counts / microseconds * 1e6

    def ending(port, thread):
        def end():
            thread.join()
            if port not in rates:
                raise SystemExit(f"bench: {NAME}: the load has failed")
            return rates[port]

        return end

    threads = [(port, threading.Thread(target=ask, args=(port,))) for port in ports]
    for _, thread in threads:
        thread.start()
    return stop, [ending(port, thread) for port, thread in threads]


def revoke(ports, token, identifier, secret):
    """Seconds until the last of the other nodes refuses, from the answer to the revocation and from its request."""
    others = [HTTPConnection("127.0.0.1", port, timeout=10) for port in ports[1:]]
    if any(status(node, secret) != 200 for node in others):
        raise SystemExit(f"bench: {NAME}: a new token is not accepted")
    first = HTTPConnection("127.0.0.1", ports[0], timeout=10)
    first.connect()
    asked = time.monotonic()
    first.request("DELETE", f"/api/tokens/{identifier}", headers={"Authorization": f"Bearer {token}"})
    answer = first.getresponse()
    answer.read()
    answered = time.monotonic()
    if answer.status != 204:
        raise SystemExit(f"bench: {NAME}: a revocation is answered with {answer.status}")
    for node in others:
        while status(node, secret) != 401:
            if time.monotonic() - answered > 10:
                raise SystemExit(f"bench: {NAME}: a revoked token is accepted for more than 10 s")
    refused = time.monotonic()
    for connection in (first, *others):
        connection.close()
    return refused - answered, refused - asked


def status(connection, secret):
    connection.request("GET", "/api/me", headers={"Authorization": f"Bearer {secret}"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def percentile(values, percent):
    return statistics.quantiles(values, n=100)[percent - 1]


TEXT = f"""**cluster**: {NODES} nodes on one PostgreSQL, all on the same two cores, each under the load of {CLIENTS}
clients that pause {PAUSE} ms before each request. {REVOCATIONS:,} tokens, cached by all nodes, are revoked one by one on the
first node. The result is the time from the answer until the last of the other nodes has refused the token, including
the time of the request. At the end, every node refuses all of these tokens."""
