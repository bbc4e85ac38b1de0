"""A real nginx in front of a server, and a tap between the two that counts what passes."""

import asyncio
import os
import re
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

from harness.ports import free_port
from harness.program import ROOT, poll
from harness.wire import exchange, read_answers

CONFIGURATION = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;
{user}
events {{ worker_connections 512; }}
http {{
    log_format attempts "$upstream_status";
    access_log {directory}/access.log attempts;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    large_client_header_buffers 4 256k;
    upstream app {{ server 127.0.0.1:{app}; keepalive 1; }}
    server {{
        listen 127.0.0.1:{port};
        merge_slashes off;
        location / {{
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host {authority};
            proxy_request_buffering off;
        }}
    }}
}}
"""


class Tap:
    """Relays connections to the server and keeps every byte the server sends back."""

    def __init__(self, address):
        self.address = address
        self.port = free_port()
        self.sent_back = []
        self.started = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)

    async def serve(self):
        self.loop, self.stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self.relay, "127.0.0.1", self.port)
        self.started.set()
        await self.stopping.wait()
        server.close()

    async def relay(self, reader, writer):
        upstream_reader, upstream_writer = await asyncio.open_connection(*self.address)
        record = bytearray()
        self.sent_back.append(record)
        await asyncio.gather(
            self.copy(reader, upstream_writer, bytearray()), self.copy(upstream_reader, writer, record)
        )

    @staticmethod
    async def copy(reader, writer, record):
        with suppress(ConnectionError):
            while part := await reader.read(65536):
                record += part
                writer.write(part)
                await writer.drain()
        writer.close()

    def answers(self):
        """The number of final responses that the server has sent."""
        return sum(
            len([answer for answer in read_answers(bytes(record))[0] if answer.status >= 200])
            for record in self.sent_back
        )

    def __enter__(self):
        self.thread.start()
        self.started.wait()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.stopping.set)
        self.thread.join()


class Nginx:
    """Debian's nginx as a proxy with keep-alive to a server; stops with the `with` block."""

    def __init__(self, directory: Path, app_address):
        self.directory = directory
        self.authority = "{}:{}".format(*app_address)
        self.tap = Tap(app_address)
        self.port = free_port()

    def __enter__(self):
        self.tap.__enter__()
        self.directory.mkdir(parents=True, exist_ok=True)
        user = "user root;" if os.geteuid() == 0 else ""
        configuration = self.directory / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(
                directory=self.directory,
                app=self.tap.port,
                authority=self.authority,
                port=self.port,
                user=user,
            )
        )
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-c", str(configuration)])
        poll("nginx answers", self.is_ready)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.tap.__exit__()

    @property
    def address(self):
        return ("127.0.0.1", self.port)

    def is_ready(self):
        return self.probe() is not None

    def probe(self):
        """The status of another client's request, on the same connection to the server."""
        with suppress(ConnectionError):
            request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            [answer] = exchange(self.address, request).answers()
            return answer.status
        return None

    def attempts(self):
        """The number of requests that nginx has sent to the server: one upstream status for each."""
        lines = (self.directory / "access.log").read_text().splitlines()
        statuses = [status for line in lines for status in line.replace(" : ", ", ").split(", ")]
        return len([status for status in statuses if status.isdigit()])


SURROUNDINGS = """
daemon off;
worker_processes 1;
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;
{user}
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    {server}
}}
"""


def documented_server(page, heading=""):
    """The `server` block under a heading of a documentation page."""
    text = (ROOT / "Documentation" / page).read_text()
    return re.findall(r"```nginx\n(.*?)```", text[text.index(heading) :], re.DOTALL)[0]


class DocumentedNginx:
    """nginx with the `server` block of a page, without its TLS; stops with the `with` block."""

    def __init__(self, directory: Path, server: str, app: str):
        """`app` is the address of the server: `http://127.0.0.1:8080` or `http://unix:/path`."""
        self.directory = directory
        self.port = free_port()
        self.server = re.sub(r"proxy_pass http://[^;/]+", lambda _: f"proxy_pass {app}", server)
        self.server = re.sub(r"    (ssl_certificate|listen \[::\]).*\n", "", self.server)
        self.server = self.server.replace("listen 443 ssl;", f"listen 127.0.0.1:{self.port};")
        self.server = self.server.replace("Host $host;", "Host $http_host;")

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        self.directory.mkdir(parents=True, exist_ok=True)
        configuration = self.directory / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        text = SURROUNDINGS.format(directory=self.directory, user=user, server=self.server)
        configuration.write_text(text)
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-e", "stderr", "-c", str(configuration)])
        poll("nginx listens", self.is_listening)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=10)

    def is_listening(self):
        with suppress(ConnectionError), socket.create_connection(("127.0.0.1", self.port)):
            return True
        return False
