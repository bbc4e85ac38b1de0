"""A real HAProxy in front of several nodes, as `Documentation/upgrading.md` describes it."""

import re
import subprocess
from pathlib import Path

import httpx

from harness.ports import free_port
from harness.program import ROOT, poll

PAGE = ROOT / "Documentation/upgrading.md"


def documented():
    """The configuration that the page gives."""
    [block] = re.findall(r"```haproxy\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return block


class HAProxy:
    """Spreads requests over the nodes that say they are ready; stops with the `with` block."""

    host = "127.0.0.1"

    def __init__(self, directory: Path, servers):
        """`servers` by name."""
        self.directory = directory
        self.servers = servers
        self.port = free_port()

    def configuration(self):
        text = documented().replace("bind :8080", f"bind 127.0.0.1:{self.port}")
        lines = [
            f"    server {name} 127.0.0.1:{server.port} check" for name, server in self.servers.items()
        ]
        text, count = re.subn(r"(    server \S+ \S+ check\n)+", "\n".join(lines) + "\n", text)
        assert count == 1, "the page names the servers in one block"
        # For the test alone: who has answered.
        return text + "    http-response set-header X-Node %s\n"

    def __enter__(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        file = self.directory / "haproxy.cfg"
        file.write_text(self.configuration())
        self.log = (self.directory / "haproxy.log").open("wb")
        self.process = subprocess.Popen(["/usr/sbin/haproxy", "-db", "-f", str(file)], stdout=self.log, stderr=self.log)
        for name in self.servers:
            self.wait_for(name)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.log.close()

    def wait_for(self, name):
        """Returns once requests are sent to this node."""
        with httpx.Client(base_url=f"http://{self.host}:{self.port}", trust_env=False) as client:
            poll(f"{name} is asked", lambda: self.node(client) == name, seconds=20)

    @staticmethod
    def node(client):
        try:
            return client.get("/healthz").headers.get("X-Node")
        except httpx.TransportError:
            return None
