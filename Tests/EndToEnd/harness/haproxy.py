"""A real HAProxy, as `Documentation/upgrading.md` and `Documentation/proxies.md` describe it."""

import re
import subprocess
from pathlib import Path

import httpx

from harness.ports import free_port
from harness.program import ROOT, poll


def documented(page):
    """The configuration that a page gives."""
    text = (ROOT / "Documentation" / page).read_text()
    [block] = re.findall(r"```haproxy\n(.*?)```", text, re.DOTALL)
    return block


class HAProxy:
    """Distributes requests over the ready nodes; stops with the `with` block."""

    host = "127.0.0.1"

    def __init__(self, directory: Path, servers):
        """`servers` by name."""
        self.directory = directory
        self.servers = servers
        self.port = free_port()

    def configuration(self):
        text = documented("upgrading.md").replace("bind :8080", f"bind 127.0.0.1:{self.port}")
        lines = [
            f"    server {name} 127.0.0.1:{server.port} check" for name, server in self.servers.items()
        ]
        text, count = re.subn(r"(    server \S+ \S+ check\n)+", "\n".join(lines) + "\n", text)
        assert count == 1, "the page names the servers in one block"
        # For the test only: the node that answered.
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


class ForwardingHAProxy(HAProxy):
    """Forwards connections with the PROXY protocol, as in `Documentation/proxies.md`."""

    # The address it connects from, which the server trusts.
    source = "127.0.0.10"

    def __init__(self, directory: Path, server, option):
        super().__init__(directory, {})
        self.server = server
        self.option = option

    def configuration(self):
        text = documented("proxies.md").replace("bind :443", f"bind 127.0.0.1:{self.port}")
        assert "10.0.0.1:8443 send-proxy-v2 check" in text
        target = f"127.0.0.1:{self.server.port} {self.option} source {self.source}"
        return text.replace("10.0.0.1:8443 send-proxy-v2 check", target)

    def __enter__(self):
        super().__enter__()
        poll("connections are passed on", self.is_passing)
        return self

    def is_passing(self):
        url = f"{self.server.scheme}://{self.host}:{self.port}"
        try:
            with httpx.Client(base_url=url, verify=False, trust_env=False) as client:
                return client.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False
