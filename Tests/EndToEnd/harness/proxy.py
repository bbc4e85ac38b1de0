"""A proxy to PostgreSQL on which the notification connection can fail silently."""

import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

from harness.ports import free_port

# A NotificationResponse on the channel of the beats.
BEAT = re.compile(rb"A.{8}tessera_\w*\d+\0", re.DOTALL)


@dataclass
class Way:
    """One connection of a client, and the matching connection to the server."""

    client: socket.socket
    server: socket.socket
    hears: bool = False
    # Nothing passes any more, and neither side notices.
    is_silent: bool = False

    def close(self):
        for end in (self.client, self.server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@dataclass
class Proxy:
    """Forwards all data until told otherwise. Stops with the `with` block."""

    target: int
    port: int = field(default_factory=free_port)
    ways: list = field(default_factory=list, init=False)
    # The delay of the next beat, in seconds; nothing passes after that beat.
    delay: float | None = field(default=None, init=False)

    def __enter__(self):
        self.holds = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        # A thread that waits in `accept` is not woken by `close` alone.
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for way in self.ways:
            way.close()

    def silence(self):
        """Silences the notification connections, and returns their number. New connections work."""
        dying = [way for way in self.ways if way.hears and not way.is_silent]
        for way in dying:
            way.is_silent = True
        return len(dying)

    def hold_beat(self, seconds):
        """Delays the next beat, and returns when it has passed; nothing passes after it."""
        self.holds.clear()
        self.delay = seconds
        assert self.holds.wait(timeout=10), "no beat came"

    def accept(self):
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    client.close()
                    continue
                for end in (client, server):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                way = Way(client, server)
                self.ways.append(way)
                threading.Thread(target=self.ask, args=(way,), daemon=True).start()
                threading.Thread(target=self.answer, args=(way,), daemon=True).start()

    def ask(self, way):
        with suppress(OSError):
            while data := way.client.recv(65536):
                if b"LISTEN" in data:
                    way.hears = True
                if not way.is_silent:
                    way.server.sendall(data)
        # A silenced connection has no end for the server either.
        if not way.is_silent:
            way.close()

    def answer(self, way):
        with suppress(OSError):
            while data := way.server.recv(65536):
                if self.delay is not None and way.hears and not way.is_silent and BEAT.search(data):
                    delay, self.delay = self.delay, None
                    self.holds.set()
                    time.sleep(delay)
                    way.client.sendall(data)
                    way.is_silent = True
                elif not way.is_silent:
                    way.client.sendall(data)
        if not way.is_silent:
            way.close()
