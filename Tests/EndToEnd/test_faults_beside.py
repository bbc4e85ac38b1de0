"""The command line beside a server on the same database."""

import time
from contextlib import closing

from harness.load import Connection, Load, assert_sound, manager
from harness.program import poll, tessera, tessera_server


def test_a_revocation_by_a_command_is_seen_within_a_second_every_time(tmp_path, times):
    """On a busy server with the token in its cache; measured from the end of the command."""
    seconds = []
    with tessera_server(tmp_path, "--log-level", "error") as server:
        token = manager(server)
        with (
            Load(server, token, threads=2, pause=0.005) as load,
            closing(Connection(server, token)) as asking,
        ):
            for _ in range(times(20, 200)):
                made = asking.create()
                assert asking.accepts(made["token"])
                done = tessera("token", "revoke", made["id"], database=server.database)
                assert done.returncode == 0, done.stderr
                began = time.perf_counter()
                poll("it is refused", lambda made=made: not asking.accepts(made["token"]), seconds=5)
                seconds.append(time.perf_counter() - began)
            ledger = load.stop()
            ledger.assert_holds(asking)
        assert_sound(server.database)
    print({"revocations": len(seconds), "worst": f"{max(seconds):.3f} s"})
    assert max(seconds) <= 1.0, max(seconds)
