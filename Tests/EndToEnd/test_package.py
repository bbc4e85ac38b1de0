"""The Debian package: its contents, its life on a machine with systemd, and Documentation/installing.md."""

import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from harness.machine import Machine, blocks
from harness.program import ROOT, TESSERA, poll, tessera, tessera_server

PAGE = (ROOT / "Documentation/installing.md").read_text()
UNIT = (ROOT / "Packaging/debian/tessera.service").read_text()

ADA = "ada@example.com"
PASSWORD = "a long enough password"
COMMAND = "runuser -u tessera -- tessera"
CONFIG = "--config /etc/tessera/tessera.conf"
# The beginning of lines of systemd itself.
SYSTEMD = ("Starting", "Started", "Stopping", "Stopped", "tessera.service:")
LISTEN = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The package of the program under test."""
    into = tmp_path_factory.mktemp("package")
    return build("--binary", TESSERA, "--into", into)


def build(*arguments):
    done = subprocess.run(
        [str(part) for part in (ROOT / "script/package", *arguments)],
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
        # Strong compression would take longer than everything else.
        env=os.environ | {"DPKG_DEB_COMPRESSOR_LEVEL": "0"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    [path] = done.stdout.splitlines()
    return Path(path)


def field(package, name):
    return subprocess.check_output(["dpkg-deb", "--field", package, name], text=True).strip()


class TestContents:
    def test_it_says_what_it_is_and_needs(self, package):
        version = tessera("--version").stdout.split()[1]
        architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
        assert package.name == f"tessera_{version}_{architecture}.deb"
        assert field(package, "Version") == version
        assert field(package, "Architecture") == architecture
        assert 5_000 < int(field(package, "Installed-Size")) < 100_000
        depends = re.sub(r" \([^)]*\)", "", field(package, "Depends")).split(", ")
        needed = {"libc6", "libsqlite3-0", "libssl3", "libargon2-1", "libidn2-0", "passwd", "tzdata"}
        assert needed <= set(depends)
        # The program loads it only when it is used.
        assert "libpq5" not in depends
        assert "libpq5" in field(package, "Suggests")

    def test_files_belong_to_root_and_nobody_else_can_change_them(self, package):
        listed = subprocess.check_output(["dpkg-deb", "--contents", package], text=True)
        modes = {}
        for line in listed.splitlines():
            mode, owner, _, _, _, path = line.split(maxsplit=5)
            assert owner == "root/root"
            modes[path.removeprefix(".")] = mode
        assert modes["/usr/bin/tessera"] == "-rwxr-xr-x"
        # The file may contain the password of a database.
        assert modes.pop("/etc/tessera/tessera.conf") == "-rw-r-----"
        assert modes["/usr/lib/systemd/system/tessera.service"] == "-rw-r--r--"
        assert {"/usr/share/doc/tessera/copyright", "/usr/share/doc/tessera/installing.md"} <= set(modes)
        assert set(modes.values()) == {"drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x"}

    def test_an_edited_configuration_is_the_operators(self, package):
        info = subprocess.check_output(["dpkg-deb", "--info", package, "conffiles"], text=True)
        assert info == "/etc/tessera/tessera.conf\n"

    def test_the_same_program_gives_the_same_package(self, package, tmp_path):
        again = build("--binary", TESSERA, "--into", tmp_path)
        assert again.read_bytes() == package.read_bytes()

    @pytest.mark.parametrize("arguments", [["--binary"], ["--wrong"]])
    def test_wrong_usage_is_said(self, arguments):
        done = subprocess.run(
            [ROOT / "script/package", *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1


class TestServiceManager:
    """The notifications of the program, received on a socket in the role of systemd's."""

    @pytest.fixture(params=["path", "abstract"])
    def manager(self, request, tmp_path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
            inbox.settimeout(20)
            name = str(tmp_path / "notify")
            inbox.bind(f"\0{name}" if request.param == "abstract" else name)
            yield inbox, (f"@{name}" if request.param == "abstract" else name)

    def test_it_tells_when_it_listens_and_when_it_leaves(self, manager, tmp_path):
        inbox, name = manager
        server = tessera_server(tmp_path / "tessera", "--drain", "3s", environment={"NOTIFY_SOCKET": name})
        server.spawn()
        try:
            assert inbox.recv(4096) == b"READY=1"
            with server.client() as client:
                # At the first attempt.
                assert client.get("/readyz").status_code == 200
                server.process.send_signal(signal.SIGTERM)
                told = inbox.recv(4096).decode().splitlines()
                assert told[0] == "STOPPING=1"
                # Drain, requests in flight, writing.
                assert "EXTEND_TIMEOUT_USEC=43000000" in told
                poll("it leaves", lambda: client.get("/readyz").status_code == 503, seconds=2)
            assert server.process.wait(timeout=10) == 0
        finally:
            server.stop()

    @pytest.mark.parametrize(
        "name", ["", "relative", "/nowhere/notify", "@nobody", "/" + "x" * 200, "vsock:2:1"]
    )
    def test_a_manager_that_is_none_stops_nothing(self, name, tmp_path):
        with tessera_server(tmp_path / "tessera", environment={"NOTIFY_SOCKET": name}) as server:
            assert server.stop() == 0


@pytest.fixture(scope="module")
def machine(tmp_path_factory, package):
    with Machine(tmp_path_factory.mktemp("machine")) as machine:
        shutil.copy(package, machine.shared)
        yield machine


@pytest.fixture
def clean(machine):
    """A machine without the package."""
    machine.run("""
        systemctl stop nginx || true
        # Without waiting for jobs that are about to finish.
        systemctl stop --no-block tessera || true
        systemctl kill --signal=KILL tessera || true
        dpkg --purge tessera
        rm -rf /etc/systemd/system/tessera.service.d
        systemctl daemon-reload
        systemctl reset-failed
        if systemctl --quiet is-active postgresql; then
            runuser -u postgres -- dropdb --if-exists --force tessera
            runuser -u postgres -- dropuser --if-exists tessera
        fi
    """)
    return machine


@pytest.fixture
def installed(clean, package):
    install(clean, package)
    return clean


@pytest.fixture
def running(installed):
    """A machine with the package installed, one account, and the service running."""
    installed.run(f"{COMMAND} user add {ADA} --admin {CONFIG}", stdin=PASSWORD)
    installed.run("systemctl start tessera")
    return installed


def install(machine, package):
    """The output of dpkg and of the package's scripts."""
    done = machine.run(f"dpkg --install /mnt/{package.name}")
    return done.stderr


def successor(machine, package, version="99.0"):
    """The same package with a higher version."""
    name = f"tessera_{version}.deb"
    machine.run(f"""
        rm -rf /tmp/tree
        dpkg-deb --raw-extract /mnt/{package.name} /tmp/tree
        sed -i 's/^Version: .*/Version: {version}/' /tmp/tree/DEBIAN/control
        dpkg-deb -Zgzip --build /tmp/tree /mnt/{name}
    """)
    return machine.shared / name


def people(machine):
    return machine.ask(f"{COMMAND} user list {CONFIG}")


class TestInstalling:
    def test_it_starts_nothing_and_gives_the_service_a_user(self, installed):
        assert installed.ask("systemctl is-enabled tessera || true") == "disabled"
        assert installed.show("ActiveState")["ActiveState"] == "inactive"
        account = installed.ask("getent passwd tessera").split(":")
        assert account[5:] == ["/var/lib/tessera", "/usr/sbin/nologin"]
        assert int(account[2]) < 1000
        assert installed.ask("passwd --status tessera").split()[1] == "L"
        seen = installed.ask(
            "stat --format '%a %U:%G' /var/lib/tessera /etc/tessera/tessera.conf"
        ).splitlines()
        assert seen == ["700 tessera:tessera", "640 root:tessera"]
        # All files are unchanged.
        assert installed.ask("dpkg --verify tessera") == ""

    def test_the_program_is_found_with_its_libraries(self, installed, package):
        assert installed.ask("tessera --version") == f"tessera {field(package, 'Version')}"
        assert "not found" not in installed.ask("ldd /usr/bin/tessera")

    def test_it_says_only_what_matters(self, clean, package):
        assert install(clean, package) == ""

    def test_systemd_finds_nothing_wrong_with_the_unit(self, installed):
        done = installed.run("systemd-analyze verify tessera.service")
        assert "tessera" not in done.stdout + done.stderr
        # The exposure level: from 0, confined, to 10, unconfined.
        score = installed.run("systemd-analyze security --threshold=15 --no-pager tessera.service")
        assert re.search(r"Overall exposure level for tessera.service: [01]\.\d OK", score.stdout), (
            score.stdout
        )

    def test_every_setting_that_is_offered_is_one(self, installed):
        """Each commented-out line of the settings works when it is active."""
        installed.run(r"sed -i 's/^#\(TESSERA_\)/\1/' /etc/tessera/tessera.conf")
        installed.run("systemctl start tessera")


class TestRunning:
    def test_once_it_is_started_it_answers(self, installed):
        for _ in range(3):
            installed.run(f"systemctl restart tessera; curl --fail --silent --show-error {LISTEN}/readyz")
        assert installed.show("Type", "ActiveState", "NRestarts") == {
            "Type": "notify",
            "ActiveState": "active",
            "NRestarts": "0",
        }

    def test_it_is_confined(self, running):
        pid = running.show("MainPID")["MainPID"]
        status = dict(re.findall(r"^(\w+):\t(.*)$", running.ask(f"cat /proc/{pid}/status"), re.MULTILINE))
        uid = running.ask("id --user tessera")
        assert status["Uid"].split() == [uid] * 4
        assert status["NoNewPrivs"] == "1"
        assert status["Seccomp"] == "2"
        for capabilities in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            assert int(status[capabilities], 16) == 0
        assert status["Umask"] == "0077"
        mounts = running.ask(f"cat /proc/{pid}/mountinfo")
        assert re.search(r" / / ro\b", mounts), mounts
        assert re.search(r" /var/lib/tessera /var/lib/tessera rw\b", mounts), mounts
        files = running.ask("stat --format '%n %a %U' /var/lib/tessera/*").splitlines()
        assert "/var/lib/tessera/tessera.db 600 tessera" in files
        assert all(line.endswith(" 600 tessera") for line in files)

    def test_a_whole_life_of_a_token_works_in_there(self, running):
        """The system calls for passwords, random bytes, threads, files and sockets are permitted."""
        token = running.ask(f"{COMMAND} token create --user {ADA} --name script {CONFIG}")
        bearer = f"-H 'Authorization: Bearer {token}'"
        assert status(running, f"{LISTEN}/api/me", bearer) == "200"
        assert sign_in(running, LISTEN) == "303"
        identifier = running.ask(f"{COMMAND} token list --json {CONFIG} | jq --raw-output '.[0].id'")
        running.run(f"{COMMAND} token revoke {identifier} {CONFIG}")
        poll("it is refused", lambda: status(running, f"{LISTEN}/api/me", bearer) == "401", seconds=2)
        assert running.ask(f"curl --fail --silent {LISTEN}/metrics | grep --count ^process_") != "0"
        running.run("systemctl stop tessera")
        assert running.show("Result", "ExecMainStatus") == {"Result": "success", "ExecMainStatus": "0"}
        assert token not in running.journal()
        # The script prints nothing except its own messages.
        lines = [line for line in running.journal().splitlines() if not line.startswith(SYSTEMD)]
        assert all(re.match(r"\d{4}-\S+Z info|tessera \S+ listening on ", line) for line in lines), lines

    def test_stopping_takes_as_long_as_it_drains_whatever_the_unit_says(self, running):
        limit = "[Service]\nTimeoutStopSec=1s\nEnvironment=TESSERA_DRAIN=4s\n"
        running.write("/etc/systemd/system/tessera.service.d/test.conf", limit)
        running.run("systemctl daemon-reload; systemctl restart tessera")
        # Longer than the unit permits.
        running.run("systemctl stop --no-block tessera; sleep 2")
        shown = running.show("ActiveState", "StatusText")
        assert shown == {"ActiveState": "deactivating", "StatusText": "stopping within 44 seconds"}
        assert status(running, f"{LISTEN}/healthz") == "200"
        running.run("systemctl stop tessera")
        assert running.show("Result", "ExecMainStatus") == {"Result": "success", "ExecMainStatus": "0"}

    def test_one_that_dies_is_started_again(self, running):
        running.run("systemctl kill --signal=KILL tessera")
        poll(
            "it was started again",
            lambda: running.show("NRestarts", "ActiveState") == {"NRestarts": "1", "ActiveState": "active"},
            seconds=30,
        )
        running.run(f"curl --silent --fail {LISTEN}/readyz")

    def test_wrong_settings_are_said_once_and_not_tried_again(self, installed):
        installed.run("echo TESSERA_LISTN=1 >> /etc/tessera/tessera.conf")
        assert not installed.holds("systemctl start tessera")
        assert installed.show("Result", "NRestarts") == {"Result": "exit-code", "NRestarts": "0"}
        assert re.search("unknown name .TESSERA_LISTN.", installed.journal())

    def test_a_command_of_root_takes_the_database_from_nobody(self, running):
        """The files that SQLite creates beside the database belong to the owner of the database."""
        running.run("systemctl stop tessera")
        running.run(f"tessera token create --user {ADA} --name root {CONFIG}")
        running.run("systemctl start tessera")
        assert "root" not in running.ask("stat --format %U /var/lib/tessera/*")


class TestUpgrading:
    def test_a_running_service_is_restarted_with_its_data_and_settings(self, running, package):
        running.run("echo TESSERA_TOKEN_CACHE=1000 >> /etc/tessera/tessera.conf")
        token = running.ask(f"{COMMAND} token create --user {ADA} --name script {CONFIG}")
        before = running.show("MainPID")["MainPID"]
        assert install(running, successor(running, package)) == ""
        assert running.ask("dpkg-query --show --showformat '${Version}' tessera") == "99.0"
        assert running.show("ActiveState")["ActiveState"] == "active"
        assert running.show("MainPID")["MainPID"] != before
        running.run(f"curl --silent --fail -H 'Authorization: Bearer {token}' {LISTEN}/api/me")
        assert running.holds("grep TESSERA_TOKEN_CACHE=1000 /etc/tessera/tessera.conf")
        assert running.ask("stat --format '%a %U:%G' /etc/tessera/tessera.conf") == "640 root:tessera"

    @pytest.mark.parametrize("state", ["enable", "disable"])
    def test_one_that_was_stopped_stays_so(self, running, package, state):
        running.run(f"systemctl {state} tessera; systemctl stop tessera")
        install(running, successor(running, package))
        assert running.show("ActiveState")["ActiveState"] == "inactive"
        assert running.ask("systemctl is-enabled tessera || true") == f"{state}d"
        assert ADA in people(running)

    def test_a_service_is_not_taken_down_by_a_migration_that_is_pending(self, installed, package):
        """All nodes share the schema, and a server with a pending migration would not start."""
        follow(installed, "On PostgreSQL")
        before = installed.show("MainPID")["MainPID"]
        # As if the new version contained the newest migration.
        installed.run(f"{COMMAND} migrate down --yes {CONFIG}")
        said = install(installed, successor(installed, package))
        assert re.search("continues to serve: the database needs .tessera migrate up.", said)
        assert installed.show("MainPID")["MainPID"] == before
        installed.run(f"{COMMAND} migrate up {CONFIG}")
        assert install(installed, successor(installed, package, "99.1")) == ""
        assert installed.show("MainPID")["MainPID"] != before
        installed.run("systemctl stop postgresql")
        assert "the database does not answer" in install(installed, successor(installed, package, "99.2"))
        assert installed.show("ActiveState")["ActiveState"] == "active"
        installed.run("systemctl start postgresql")


class TestRemoving:
    def test_removing_keeps_what_is_stored(self, running, package):
        running.run("systemctl enable tessera; dpkg --remove tessera")
        assert not running.holds("pgrep --exact tessera")
        assert not running.holds("test -e /usr/bin/tessera")
        seen = running.ask("stat --format '%a %U' /var/lib/tessera /var/lib/tessera/tessera.db").splitlines()
        assert seen == ["700 tessera", "600 tessera"]
        install(running, package)
        assert ADA in people(running)

    def test_purging_takes_everything_away(self, running):
        running.run("systemctl enable tessera; dpkg --purge tessera")
        assert not running.holds("getent passwd tessera || getent group tessera")
        left = "find / -xdev -name '*tessera*' -not -path '/proc/*' -not -path '/mnt/*'"
        roots = "/etc /usr/bin /usr/lib/systemd /usr/share/doc /var/lib"
        assert running.ask(left.replace("/ -xdev", roots, 1)) == ""
        assert "tessera" not in running.ask("systemctl list-unit-files --no-legend")

    def test_it_can_be_purged_without_systemd_and_twice(self, installed):
        installed.run("dpkg --remove tessera; userdel tessera; dpkg --purge tessera; dpkg --purge tessera")


def status(machine, url, *options):
    """The status of an answer."""
    return machine.ask(
        f"curl --silent --output /dev/null --write-out '%{{http_code}}' {' '.join(options)} {url}"
    )


def sign_in(machine, url):
    """Signs in with the form, as a browser would; returns the status of the answer."""
    return machine.ask(f"""
        rm -f /tmp/cookies
        curl="curl --silent --show-error --cookie /tmp/cookies --cookie-jar /tmp/cookies"
        form=$($curl {url}/login)
        inputs=$(grep --only-matching '<input type="hidden"[^>]*>' <<<"$form")
        fields=$(sed -E 's/.*name="([^"]*)".*value="([^"]*)".*/--data-urlencode \\1=\\2/' <<<"$inputs")
        $curl $fields --data-urlencode email={ADA} --data-urlencode 'password={PASSWORD}' \\
            --header 'Origin: {url}' --output /tmp/answer --write-out '%{{http_code}}' {url}/login
    """)


def follow(machine, heading, stdin="", prelude=""):
    """Runs the recipes under a heading of the page."""
    recipes = [code for title, code in blocks(PAGE) if title == heading]
    assert recipes, heading
    for recipe in recipes:
        machine.run(prelude + recipe, stdin=stdin)


class TestDocumentation:
    """The page from top to bottom; each recipe is run unchanged."""

    def test_it_works(self, clean, package):
        machine = clean
        followed = ["Make the package"]
        [make] = [code for title, code in blocks(PAGE) if title == "Make the package"]
        assert make == "script/package\n"

        def step(heading, **options):
            followed.append(heading)
            follow(machine, heading, **options)

        machine.run(f"mkdir -p /srv/packages; cp /mnt/{package.name} /srv/packages")
        step("Install it", prelude="cd /srv/packages\n")
        step("Set the public address")
        step("Add the first operator", stdin=PASSWORD)
        assert ADA in people(machine)
        step("Start it")
        self.make_certificate(machine)
        [nginx] = [code for _, code in blocks(PAGE, "nginx")]
        machine.run("rm -f /etc/nginx/sites-enabled/*")
        machine.write("/etc/nginx/conf.d/tessera.conf", nginx)
        step("TLS at a proxy")
        assert sign_in(machine, "https://tokens.example.com") == "303"
        assert "__Host-" in machine.ask("cat /tmp/cookies")
        assert status(machine, "https://tokens.example.com/metrics") == "404"
        step("A proxy over a UNIX socket")
        assert machine.ask("stat --format=%a:%U:%G /run/tessera/tessera.sock") == "660:tessera:www-data"
        assert sign_in(machine, "https://tokens.example.com") == "303"
        machine.run("systemctl stop nginx")
        step("TLS without a proxy")
        assert sign_in(machine, "https://tokens.example.com") == "303"
        machine.run("rm -r /etc/systemd/system/tessera.service.d; systemctl daemon-reload")
        back = f"/TESSERA_TLS/d; s/^TESSERA_LISTEN=.*/TESSERA_LISTEN={LISTEN[7:]}/"
        machine.run(f"sed -i '{back}' /etc/tessera/tessera.conf")
        step("On PostgreSQL")
        machine.run(f"curl --fail {LISTEN}/readyz")
        assert ADA not in people(machine)
        newer = successor(machine, package)
        machine.run(f"rm /srv/packages/*; cp /mnt/{newer.name} /srv/packages/{newer.name}")
        step("Upgrade", prelude="cd /srv/packages\n")
        assert machine.ask("dpkg-query --show --showformat '${Version}' tessera") == "99.0"
        machine.run(f"curl --fail {LISTEN}/readyz")
        [remove, purge] = [code for title, code in blocks(PAGE) if title == "Remove"]
        # apt asks for a confirmation.
        machine.run(remove, stdin="y\n")
        assert machine.holds("test -e /var/lib/tessera/tessera.db")
        machine.run(purge, stdin="y\n")
        assert not machine.holds("test -e /var/lib/tessera")
        followed.append("Remove")
        assert {title for title, _ in blocks(PAGE)} == set(followed)

    @staticmethod
    def make_certificate(machine):
        machine.run("""
            openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=tokens.example.com \
                -addext subjectAltName=DNS:tokens.example.com \
                -keyout /etc/ssl/private/tokens.example.com.key -out /etc/ssl/tokens.example.com.pem
            chmod 600 /etc/ssl/private/tokens.example.com.key
            cp /etc/ssl/tokens.example.com.pem /usr/local/share/ca-certificates/tokens.crt
            update-ca-certificates
        """)
