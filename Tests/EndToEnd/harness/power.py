"""The contents of a disk after a power cut at some moment, derived from a trace of the system calls.

`kill -9` leaves the pages that the system has not written yet; a power cut does not. And after a sync that
failed, the system has given up pages that were written before, and says so only once. Both are replayed here:
what a sync did not confirm is lost, or there in part.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import connect

LINE = re.compile(r"^(\d+) +(.*)$")
UNFINISHED = re.compile(r"^(.*) <unfinished \.\.\.>$")
RESUMED = re.compile(r"^<\.\.\. \w+ resumed>(.*)$")
WRITE = re.compile(r'^pwrite64\(\d+<([^>]*)>, "([^"]*)"(?:\.\.\.)?, (\d+), (\d+)\) += (-?\d+)')
TRUNCATE = re.compile(r"^ftruncate\(\d+<([^>]*)>, (\d+)\) += (-?\d+)")
SYNC = re.compile(r"^(?:fdatasync|fsync)\(\d+<([^>]*)>\) += (-?\d+)")
ANSWER = re.compile(r'^sendto\(\d+<[^>]*>, "([^"]*)"')

# The calls to trace, and the length of each string: SQLite writes no more than that at once.
CALLS = "trace=pwrite64,ftruncate,fdatasync,fsync,sendto"
STRINGS = 131_072
# The largest unit that reaches the disk whole or not at all.
PAGE = 4096


def pages(position, data):
    """A write, split into pieces that may reach the disk independently."""
    while data:
        length = PAGE - position % PAGE
        yield position, data[:length]
        position, data = position + length, data[length:]


def unquote(text):
    return bytes.fromhex(text.replace("\\x", ""))


def name(text):
    return unquote(text).decode()


@dataclass
class File:
    """The durable contents of one file, and the writes since the last successful sync."""

    durable: bytearray
    waiting: list = field(default_factory=list)

    def sync(self, succeeded):
        if succeeded:
            for change in self.waiting:
                self.apply(self.durable, change)
        # The kernel drops pages that it could not write: the next sync does not report them.
        self.waiting = []

    @staticmethod
    def apply(content, change):
        position, data = change
        if data is None:
            del content[position:]
            content.extend(bytes(position - len(content)))
        else:
            content.extend(bytes(max(0, position - len(content))))
            content[position : position + len(data)] = data


class Disk:
    """The files of a database, beginning with a state that is on disk completely."""

    def __init__(self, database: Path):
        self.files = {}
        for path in (database, database.with_name(database.name + "-wal")):
            self.files[str(path)] = File(bytearray(path.read_bytes() if path.exists() else b""))
        self.database = str(database)

    def replay(self, trace):
        """Replays the trace. Yields the bytes of each answer of the server when it is sent."""
        pending = {}
        for line in trace.splitlines():
            thread, call = LINE.match(line).groups()
            if resumed := RESUMED.match(call):
                call = pending.pop(thread, "") + resumed[1]
            elif unfinished := UNFINISHED.match(call):
                call = unfinished[1]
                # An answer counts from the start of its call, all other calls from their end.
                if not call.startswith("sendto"):
                    pending[thread] = call
                    continue
            if call.startswith("sendto"):
                if answer := ANSWER.match(call):
                    yield unquote(answer[1])
            else:
                self.follow(call)

    def follow(self, call):
        if write := WRITE.match(call):
            path, text, length, offset, result = write.groups()
            path = name(path)
            if path in self.files and int(result) > 0:
                data = unquote(text)
                assert len(data) == int(length), "a write is longer than what was traced of it"
                self.files[path].waiting += pages(int(offset), data[: int(result)])
        elif truncate := TRUNCATE.match(call):
            path, length, result = truncate.groups()
            path = name(path)
            if path in self.files and result == "0":
                self.files[path].waiting.append((int(length), None))
        elif (sync := SYNC.match(call)) and (path := name(sync[1])) in self.files:
            self.files[path].sync(sync[2] == "0")

    def after_a_power_cut(self, directory: Path, choice=None):
        """The database after a power cut; `choice` selects unsynced writes that also reached the disk."""
        directory.mkdir(parents=True, exist_ok=True)
        for path, file in self.files.items():
            content = bytearray(file.durable)
            for change in file.waiting if choice else ():
                if choice.random() < 0.5:
                    File.apply(content, change)
            (directory / Path(path).name).write_bytes(content)
        shm = directory / (Path(self.database).name + "-shm")
        shm.unlink(missing_ok=True)
        return connect(directory / Path(self.database).name)
