"""What standard output can show: how wide it is, whether in colour, and in which characters."""

import os
import sys
from collections.abc import Mapping

DEFAULT_WIDTH = 120
"""Columns where nothing tells them: in a pipe, in a file."""

LEAST_WIDTH = 20
"""Columns that any figure has room in; a terminal with fewer breaks the lines by itself."""

_MOST_DIGITS = 5
_OFF = frozenset({"0", "false", "no", "off"})
_PLAIN: Mapping[str, str] = {
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╰╯", "+"),
    **dict.fromkeys("─━", "-"),
    **dict.fromkeys("│┃", "|"),
    **dict.fromkeys("█▉▊▋▌", "#"),
    **dict.fromkeys("▍▎▏", ":"),
    "•": "*",
    "…": "~",
    "░": ".",
    "·": "-",
}
"""What stands for our own signs where an encoding has no such; each is one column wide."""


def terminal_width(env: Mapping[str, str]) -> int:
    """Return COLUMNS, else the terminal's width, else the default; never less than the least."""
    columns = env.get("COLUMNS", "")
    if columns.isdecimal() and len(columns) <= _MOST_DIGITS and int(columns) > 0:
        return max(int(columns), LEAST_WIDTH)
    try:
        width = os.get_terminal_size(sys.stdout.fileno()).columns
    except (AttributeError, OSError, ValueError):  # closed, captured, or no terminal
        return DEFAULT_WIDTH
    return max(width, LEAST_WIDTH) if width else DEFAULT_WIDTH


def wants_colour(env: Mapping[str, str], *, asked: bool | None, to_file: bool = False) -> bool:
    """Say whether to write in colour: the option, NO_COLOR, FORCE_COLOR, then the terminal.

    Args:
        asked: what the option says, None where it is not given.
        to_file: the text goes to a file, which is no terminal.

    Source: no-color.org; FORCE_COLOR as the tools that brought it up read it.
    """
    if asked is not None:
        return asked
    if env.get("NO_COLOR"):
        return False
    if forced := env.get("FORCE_COLOR", "").strip().lower():
        return forced not in _OFF
    return not to_file and env.get("TERM") != "dumb" and _shows_colour()


def _shows_colour() -> bool:
    if sys.stdout is None or not sys.stdout.isatty():
        return False
    if os.name != "nt":
        return True
    from rich.console import detect_legacy_windows  # noqa: PLC0415 - rich is slow to load

    return not detect_legacy_windows()


def encoded(text: str, encoding: str) -> bytes:
    """Return a text in an encoding; what it lacks is told by signs that are as wide."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_spelled(char, encoding) for char in text).encode(encoding, "replace")


def _spelled(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        from rich.cells import cell_len  # noqa: PLC0415 - rich is slow to load

        return _PLAIN.get(char) or "?" * cell_len(char)
    return char
