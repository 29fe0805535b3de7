"""How wide, in colour or not, in which characters."""

import contextlib
import fcntl
import os
import pty
import struct
import termios
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from amp_tray.surfaces.cli.terminal import encoded, terminal_width, wants_colour


@contextlib.contextmanager
def stdout(columns: int | None = None) -> Iterator[None]:
    """Make standard output a terminal with so many columns; with none, a file."""
    with contextlib.ExitStack() as stack:
        if columns is None:
            file = stack.enter_context(Path(os.devnull).open("w"))
        else:
            ours, theirs = pty.openpty()
            stack.callback(os.close, ours)
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            file = stack.enter_context(os.fdopen(theirs, "w"))
        stack.enter_context(contextlib.redirect_stdout(file))
        yield


@pytest.mark.parametrize(
    ("columns", "width"),
    [
        ("132", 132),
        ("", 77),
        ("x", 77),
        ("0", 77),
        ("-5", 77),
        ("²", 77),
        ("9" * 5000, 77),
        ("5", 20),
    ],
)
def test_the_width_is_columns_else_the_terminals(columns: str, width: int) -> None:
    with stdout(77):
        assert terminal_width({"COLUMNS": columns}) == width


def test_what_does_not_know_its_width_has_the_default() -> None:
    with stdout(0):
        assert terminal_width({}) == 120
    with stdout():
        assert terminal_width({}) == 120
    with contextlib.redirect_stdout(None):
        assert terminal_width({}) == 120


@pytest.mark.parametrize(
    ("asked", "env", "expected"),
    [
        (None, {}, True),
        (None, {"TERM": "dumb"}, False),
        (None, {"NO_COLOR": "1"}, False),
        (None, {"NO_COLOR": ""}, True),  # no-color.org: only when it is not empty
        (None, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (None, {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        (None, {"FORCE_COLOR": "0"}, False),
        (True, {"NO_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_follows_option_then_environment_then_terminal(
    asked: bool | None, env: Mapping[str, str], expected: bool
) -> None:
    with stdout(80):
        assert wants_colour(env, asked=asked) is expected


def test_a_file_or_a_pipe_gets_colour_only_when_it_is_asked_for() -> None:
    with stdout(80):
        assert not wants_colour({}, asked=None, to_file=True)
        assert wants_colour({"FORCE_COLOR": "3"}, asked=None, to_file=True)
        assert wants_colour({}, asked=True, to_file=True)
    with stdout():
        assert not wants_colour({}, asked=None)
    with contextlib.redirect_stdout(None):
        assert not wants_colour({}, asked=None)


def test_what_an_encoding_lacks_is_told_by_signs_as_wide() -> None:
    text = "│ • 会議 é … │"
    assert encoded(text, "utf-8").decode() == text
    assert encoded(text, "ascii") == b"| * ???? ? ~ |"
    assert encoded(text, "latin-1").decode("latin-1") == "| * ???? é ~ |"
