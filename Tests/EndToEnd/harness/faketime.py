"""A clock that is set while the program runs: libfaketime, on the wall clock only."""

from pathlib import Path

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)


class FakeClock:
    """The clock of a process that was started with `environment`. Its monotonic clock stays correct."""

    def __init__(self, directory):
        assert LIBRARY, "libfaketime is not installed; script/setup test installs it"
        directory.mkdir(parents=True, exist_ok=True)
        self.file = directory / "clock"
        self.set(0)
        self.environment = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds):
        """Sets the clock to this many seconds before or after the true time, in one step."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.replace(self.file)
