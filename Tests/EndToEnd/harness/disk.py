"""A small file system."""

import os
import subprocess
from contextlib import contextmanager


def as_root(*command):
    """Runs a command that only root may run; `script/setup` needs sudo for others, too."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    subprocess.run([*prefix, *map(str, command)], check=True, capture_output=True, text=True)


@contextmanager
def small_disk(directory, megabytes):
    """Mounts a file system of this size, in memory, until the block ends."""
    directory.mkdir(parents=True)
    owner = f"uid={os.geteuid()},gid={os.getegid()}"
    as_root("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,{owner}", "tmpfs", directory)
    try:
        yield directory
    finally:
        as_root("umount", directory)


def fill(directory):
    """Fills the remaining space; returns the file that occupies it."""
    path = directory / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    return path
