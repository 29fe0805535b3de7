"""Command lines survive being written for a desktop or for systemd, whatever a path is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.host.autostart.quoting import desktop_exec, desktop_words, unit_exec, unit_words

PATHS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1
).map(lambda name: f"/{name.strip()}x")


@given(PATHS)
def test_what_is_written_is_what_is_read(path: str) -> None:
    words = (path, "-m", "amp_tray", "run")
    assert desktop_words(desktop_exec(words)) == words
    assert unit_words(unit_exec(words)) == words


@given(st.text())
def test_any_line_can_be_read(line: str) -> None:
    assert isinstance(desktop_words(line), tuple)
    assert isinstance(unit_words(line), tuple)


@pytest.mark.parametrize(
    ("path", "desktop", "unit"),
    [
        ("/usr/bin/amp-tray", "/usr/bin/amp-tray", "/usr/bin/amp-tray"),
        ("/my apps/amp", '"/my apps/amp"', '"/my apps/amp"'),
        ("/a$b", '"/a\\\\$b"', '":/a$b"'),
        ("/a%b", '/usr/bin/env "/a%%b"', '"/a%%b"'),
        ('/a"b', '"/a\\\\"b"', '/usr/bin/env "/a\\"b"'),
        ("/a\\b", '"/a\\\\\\\\b"', '/usr/bin/env "/a\\\\b"'),
        ("/o'b", '"/o\'b"', '/usr/bin/env "/o\'b"'),
        ("/ü", '"/ü"', '"/ü"'),
    ],
)
def test_the_spelling_is_that_of_the_specifications(path: str, desktop: str, unit: str) -> None:
    assert desktop_exec([path, "run"]) == f"{desktop} run"
    assert unit_exec([path, "run"]) == f"{unit} run"


def test_field_codes_and_prefixes_of_an_edited_entry_are_left_out() -> None:
    assert desktop_words("amp-tray run %U --x=%%") == ("amp-tray", "run", "--x=%")
    assert unit_words("-@/usr/bin/amp-tray serve") == ("/usr/bin/amp-tray", "serve")
    assert unit_words(':"/my apps/amp" serve') == ("/my apps/amp", "serve")
