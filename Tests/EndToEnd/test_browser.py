"""The inspection detects pages that are not accessible."""

import pytest

from harness.browser import LOOKS, visitor


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ('<button tabindex="-1">No</button>', "does not get to"),
        ('<a href="#" style="outline: none">No</a>', "is not seen on"),
    ],
    ids=["reached", "seen"],
)
def test_what_the_keyboard_cannot_use_is_found(browser, content, fault):
    with visitor(browser, "", LOOKS[0]) as me:
        me.page.set_content(f'<a href="#">Yes</a>{content}')
        with pytest.raises(AssertionError, match=f"{fault} .*No</"):
            me.walk("a page")
