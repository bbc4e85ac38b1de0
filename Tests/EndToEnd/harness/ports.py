"""Ports for tests in several processes at the same time, without conflicts."""

import itertools
import socket

# Below the system's range of ephemeral ports, so that a restarted server finds its port
# free; above 10080, the last one to which a browser refuses to go.
FIRST, LAST = 11_000, 32_000
SIZE = 500


class Block:
    """Ports reserved for this process: it holds a name in the abstract socket namespace until it ends."""

    def __init__(self):
        self.claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        for first in range(FIRST, LAST, SIZE):
            try:
                self.claim.bind(f"\0tessera-tests-{first}")
            except OSError:
                continue
            # In rotation: a port that was just used comes last.
            self.ports = itertools.cycle(range(first, first + SIZE))
            return
        raise AssertionError("no block of ports is free")


def free_port(family=socket.AF_INET):
    """A free port of the loopback interface."""
    global block
    block = block or Block()
    host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    for port in itertools.islice(block.ports, SIZE):
        with socket.socket(family) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise AssertionError("no port of the block is free")


block = None
