"""A renamed test keeps its exclusive use of the machine."""

from pathlib import Path

import pytest

from harness.turns import ALONE, LONG

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", [*ALONE, *LONG])
def test_whatever_is_named_is_there(name):
    if name.endswith(".py"):
        assert (HERE / name).is_file()
    else:
        assert [file for file in HERE.glob("test_*.py") if f"\ndef {name}(" in file.read_text()]
