"""The address that a server uses in its links, and the errors of a database that cannot be opened."""

import httpx
import pytest

from harness.people import Person
from harness.ports import free_port
from harness.program import tessera, tessera_server

EMAIL, PASSWORD = "ada@example.com", "an engine that weaves numbers"


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]"])
def test_every_address_is_no_address_to_go_to(tmp_path, host):
    port = free_port()
    server = tessera_server(tmp_path / "t", listen=f"{host}:{port}", port=port)
    with server:
        assert tessera("user", "add", EMAIL, stdin=PASSWORD, database=server.database).returncode == 0
        ada = Person(server.url).sign_in(EMAIL, PASSWORD)
        form = ada.form_with("/settings/tokens/new", "name", "scopes", "expires")
        created = ada.submit("/settings/tokens/new", form, name="Laptop", expires="30d")
        place = f"http://{'[::1]' if host == '[::]' else '127.0.0.1'}:{port}"
        assert f"{place}/api/me" in created.text
        # A forged host changes no address.
        forged = {"Host": f"evil.example:{port}", "X-Forwarded-Host": "evil.example"}
        document = httpx.get(f"{server.url}/openapi.json", headers=forged, trust_env=False)
        assert document.json()["servers"][0]["url"] == place
        pages = created.text + ada.get("/docs", headers=forged).text + document.text
        assert f"{host}:{port}" not in pages
        assert "evil.example" not in pages
        assert f"Links and metadata contain {place}" in server.log
        assert "--issuer" in server.log


def test_a_database_that_cannot_be_opened_is_explained(tmp_path):
    (tmp_path / "folder").mkdir()
    done = tessera("user", "list", database=tmp_path / "folder")
    assert done.returncode == 1
    assert f"{tmp_path / 'folder'} is a directory; a database is a file." in done.stderr
    done = tessera("user", "list", database=tmp_path / "nowhere" / "t.db")
    assert done.returncode == 1
    assert f"the directory {tmp_path / 'nowhere'} does not exist" in done.stderr
