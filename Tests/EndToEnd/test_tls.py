"""Connections other than plain TCP over IPv4: TLS, a UNIX socket, IPv6."""

import contextlib
import os
import socket
import ssl
import stat
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from harness.ports import free_port
from harness.program import tessera, tessera_server
from harness.wire import read_answers


@pytest.fixture(scope="module")
def secured(certificate, tmp_path_factory):
    file, key = certificate
    arguments = ("--tls-certificate", file, "--tls-key", key)
    with tessera_server(tmp_path_factory.mktemp("tls"), *arguments, scheme="https") as server:
        yield server


class TestTLS:
    @pytest.fixture
    def trust(self, certificate):
        return ssl.create_default_context(cafile=certificate[0])

    def test_a_client_that_trusts_the_certificate_is_answered(self, secured, trust):
        with secured.client(verify=trust) as client:
            assert client.get("/healthz").status_code == 200

    def test_curl_is_answered(self, secured, certificate):
        command = ["curl", "--silent", "--fail", "--cacert", certificate[0], f"{secured.url}/healthz"]
        assert subprocess.run(command, capture_output=True, timeout=10).returncode == 0

    @pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
    def test_today_s_versions_are_spoken(self, secured, trust, version):
        trust.minimum_version = trust.maximum_version = version
        with secured.client(verify=trust) as client:
            assert client.get("/healthz").status_code == 200

    def test_yesterday_s_are_not(self, secured):
        command = ["openssl", "s_client", "-connect", secured.authority, "-tls1_1"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10)
        assert done.returncode != 0

    def test_http_1_1_is_negotiated(self, secured, trust):
        trust.set_alpn_protocols(["h2", "http/1.1"])
        with connect_tls(secured, trust) as connection:
            assert connection.selected_alpn_protocol() in ("http/1.1", None)

    def test_pipelined_requests_in_one_record_are_answered(self, secured, trust):
        request = f"GET /healthz HTTP/1.1\r\nHost: {secured.authority}\r\n".encode()
        with connect_tls(secured, trust) as connection:
            connection.sendall((request + b"\r\n") * 3 + request + b"Connection: close\r\n\r\n")
            received = b""
            while part := connection.recv(65536):
                received += part
        answers, left = read_answers(received)
        assert left == b""
        assert [answer.status for answer in answers] == [200] * 4

    def test_plain_http_gets_no_http_answer_and_the_connection_ends(self, secured):
        received = b""
        with socket.create_connection((secured.host, secured.port), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            # A TLS alert or nothing, then the end. A reset is an end too: the request was left unread.
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(4096):
                    received += part
        assert b"HTTP/" not in received

    def test_a_handshake_that_never_ends_holds_up_nobody(self, secured, trust):
        with socket.create_connection((secured.host, secured.port), timeout=5) as stalled:
            stalled.sendall(b"\x16\x03\x01")
            with secured.client(verify=trust) as client:
                assert client.get("/healthz").status_code == 200

    def test_the_session_cookie_is_for_tls_alone(self, secured, trust):
        with secured.client(verify=trust) as client:
            cookies = client.get("/login").headers.get_list("set-cookie")
        for cookie in cookies:
            assert cookie.startswith("__Host-")
            assert "secure" in {part.strip().lower() for part in cookie.split(";")}

    def test_the_browser_is_told_to_stay_with_tls(self, secured, trust):
        with secured.client(verify=trust) as client:
            assert "max-age=" in client.get("/login").headers["strict-transport-security"]

    def test_a_key_that_does_not_belong_is_said(self, certificate, tmp_path):
        other = tmp_path / "other.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ED25519", "-out", other], check=True)
        assert_does_not_start(tmp_path, "--tls-certificate", certificate[0], "--tls-key", other)

    def test_a_certificate_that_is_not_there_is_said(self, certificate, tmp_path):
        assert_does_not_start(tmp_path, "--tls-certificate", tmp_path / "none", "--tls-key", certificate[1])

    def test_a_certificate_without_its_key_is_wrong_usage(self, certificate, tmp_path):
        done = start(tmp_path, "--tls-certificate", certificate[0])
        assert done.returncode == 2


class TestUnixSocket:
    @pytest.fixture
    def path(self, tmp_path):
        return tmp_path / "tessera.sock"

    @pytest.fixture
    def server(self, path, tmp_path):
        with tessera_server(tmp_path, listen=f"unix:{path}") as server:
            yield server

    def test_it_answers(self, server):
        with server.client() as client:
            assert client.get("/healthz").status_code == 200

    @pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
    def test_it_is_for_its_owner_and_group_whatever_the_mask(self, path, tmp_path, mask):
        with tessera_server(tmp_path, listen=f"unix:{path}", umask=mask):
            assert stat.S_ISSOCK(path.stat().st_mode)
            assert stat.S_IMODE(path.stat().st_mode) == 0o660
            assert stat.S_IMODE((tmp_path / "tessera.db").stat().st_mode) == 0o600

    def test_a_proxy_of_another_user_gets_in_by_the_group_of_the_directory(self, tmp_path):
        as_root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        with TemporaryDirectory() as directory:
            # Owned by the server's user and the group daemon, the only group shared with the other user.
            subprocess.run([*as_root, "chgrp", "daemon", directory], check=True)
            subprocess.run([*as_root, "chmod", "2750", directory], check=True)
            path = Path(directory) / "socket"
            with tessera_server(tmp_path, listen=f"unix:{path}", umask=0o077):
                curl = ["curl", "--silent", "--fail", "--unix-socket", path, "http://localhost/healthz"]
                for group, expected in ((1, 0), (2, 7)):
                    as_other = [*as_root, "setpriv", "--reuid=2", f"--regid={group}", "--clear-groups", "--"]
                    done = subprocess.run([*as_other, *curl], capture_output=True, check=False)
                    assert done.returncode == expected, done.stderr

    def test_it_is_gone_afterwards(self, server, path):
        assert server.stop() == 0
        assert not path.exists()

    def test_one_left_behind_by_a_crash_is_replaced(self, server, path, tmp_path):
        server.process.kill()
        server.process.wait()
        with tessera_server(tmp_path, listen=f"unix:{path}") as again, again.client() as client:
            assert client.get("/healthz").status_code == 200

    def test_a_file_that_is_no_socket_is_left_alone(self, path, tmp_path):
        path.write_text("precious")
        done = tessera("serve", "--listen", f"unix:{path}", database=tmp_path / "t.db", timeout=10)
        assert done.returncode == 1
        assert path.read_text() == "precious"


class TestIPv6:
    def test_it_answers(self, tmp_path):
        with tessera_server(tmp_path, host="::1") as server, server.client() as client:
            assert client.get("/healthz").status_code == 200

    def test_an_ipv4_client_is_not_let_in_by_the_loopback_of_ipv6(self, tmp_path):
        with tessera_server(tmp_path, host="::1") as server, pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", server.port), timeout=2)


def connect_tls(server, context):
    plain = socket.create_connection((server.host, server.port), timeout=5)
    return context.wrap_socket(plain, server_hostname="localhost")


def start(directory, *arguments):
    """Starts a server that must exit at once."""
    listen = f"127.0.0.1:{free_port()}"
    return tessera("serve", "--listen", listen, *arguments, database=directory / "tessera.db", timeout=10)


def assert_does_not_start(directory, *arguments):
    done = start(directory, *arguments)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
