"""The programs under test, started once for a run, and their users."""

import json
import subprocess

import pytest
from playwright.sync_api import sync_playwright

from harness.browser import CHROMIUM
from harness.people import Person
from harness.program import ADMIN, USER, Server, dragon_treasure, tessera, tessera_server
from harness.turns import WORKERS, Files, is_alone, order, turn


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="faults, timing and the like as often as it takes")


def pytest_collection_modifyitems(config, items):
    items.sort(key=order)
    if config.getoption("--long"):
        for item in items:
            item.add_marker(pytest.mark.timeout(3600), append=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    with turn(is_alone(item)):
        return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    # Tests that repeat many times to measure a failure rate need a quiet machine.
    return 0 if config.getoption("--long") else WORKERS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Files(config, log)


@pytest.fixture(scope="session")
def times(request):
    """A repetition count: `times(short, long)` returns the second with `--long`."""
    return lambda short, long: long if request.config.getoption("--long") else short


@pytest.fixture(scope="session")
def dragon(tmp_path_factory) -> Server:
    """The Dragon Treasure API with development data, shared by tests that do not affect each other."""
    with dragon_treasure(tmp_path_factory.mktemp("dragon")) as server:
        yield server


@pytest.fixture
def own_dragon(tmp_path) -> Server:
    """A Dragon Treasure API for one test."""
    with dragon_treasure(tmp_path / "dragon") as server:
        yield server


@pytest.fixture(scope="session")
def api(dragon):
    """A client of the shared server that adds nothing to its requests."""
    with dragon.client() as client:
        yield client


@pytest.fixture(scope="session")
def ember(dragon):
    return Person(dragon.url).sign_in(*USER)


@pytest.fixture(scope="session")
def keeper(dragon):
    return Person(dragon.url).sign_in(*ADMIN)


@pytest.fixture(scope="session")
def token_of():
    """Makes one token per person and set of scopes, and remembers it."""
    made = {}

    def make(person, *scopes):
        key = (id(person), scopes)
        if key not in made:
            made[key] = person.create_token(f"for {' '.join(scopes) or 'nothing'}", scopes)
        return made[key]

    return make


@pytest.fixture(scope="session")
def bearer(token_of):
    """The request field with a token of this person with these scopes."""
    return lambda person, *scopes: {"Authorization": f"Bearer {token_of(person, *scopes)}"}


@pytest.fixture(scope="module")
def browser():
    """A browser for one file: while it exists, no other event loop can run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def database(tmp_path):
    """The path for a database of this test."""
    return tmp_path / "tessera.db"


@pytest.fixture
def populated(database):
    """A database with one user, created by the command line."""
    done = tessera("user", "add", "ada@example.com", database=database, stdin="a long enough password\n")
    assert done.returncode == 0, done.stderr
    return database


@pytest.fixture
def own_tessera(tmp_path):
    """`tessera serve` for one test."""
    with tessera_server(tmp_path / "tessera") as server:
        yield server


@pytest.fixture(scope="session")
def new_treasure(api, ember, bearer):
    """Creates a treasure of ember's and returns it."""

    def create(**changes):
        treasure = {"name": "A goblet", "description": "Dented by a dragon's tooth.", "is_published": True}
        answer = api.post("/api/treasures", json=treasure | changes, headers=bearer(ember, "treasure:create"))
        assert answer.status_code == 201, answer.text
        return json.loads(answer.text)

    return create


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """A self-signed certificate for this machine, and its key."""
    directory = tmp_path_factory.mktemp("certificate")
    certificate, key = directory / "certificate.pem", directory / "key.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key
