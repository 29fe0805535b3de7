"""What stands in a cell: figures, which are never cut, and names, which fit what room there is.

Widths are terminal columns: a CJK character or an emoji takes two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from rich.cells import cell_len

from amp_tray.surfaces.cli.render.fitting import broken, fit, fit_end, wrapped


class Squeeze(IntEnum):
    """How hard room is sought; each step shortens what the one before left whole."""

    NONE = 0
    NAMES = 1
    MODELS = 2


_MOST_NAME = 60
_COMFORTABLE_NAME = 24
_LEAST_NAME = 8
_LEAST_TITLE = 12
_MOST_MODEL = 40
_COMFORTABLE_MODEL = 18
_LEAST_MODEL = 8
_BULLET, _BRANCH = "• ", "└─ "


class Cell(Protocol):
    """A cell's text at any width."""

    @property
    def wanted(self) -> int:
        """The columns above which more are of no use."""

    @property
    def plain(self) -> str:
        """The whole text in one line."""

    def needs(self, squeeze: Squeeze) -> int:
        """Return the fewest columns that it is to be shown in."""

    def lines(self, width: int) -> list[str]:
        """Return the text in lines of at most `width` columns: what it needs, or more."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Digits, or a few fixed words: shown whole or not at all."""

    text: str

    @property
    def wanted(self) -> int:
        """Its own width."""
        return cell_len(self.text)

    @property
    def plain(self) -> str:
        """The text without the blanks that align it."""
        return self.text.strip()

    def needs(self, squeeze: Squeeze) -> int:  # noqa: ARG002 - the same however hard
        """Return its own width."""
        return cell_len(self.text)

    def lines(self, width: int) -> list[str]:  # noqa: ARG002 - the same at any width
        """Return the one line."""
        return [self.text]


@dataclass(frozen=True, slots=True)
class Words:
    """A few words, each of them whole, one below the other where it must be: a date and a time."""

    text: str

    @property
    def wanted(self) -> int:
        """The width of one line."""
        return cell_len(self.text)

    @property
    def plain(self) -> str:
        """The words in one line."""
        return self.text

    def needs(self, squeeze: Squeeze) -> int:
        """Return the width of one line, or of the longest word."""
        if squeeze < Squeeze.NAMES:
            return self.wanted
        return max(map(cell_len, self.text.split()), default=0)

    def lines(self, width: int) -> list[str]:
        """Return as many words a line as have room."""
        return wrapped(self.text, width)


@dataclass(frozen=True, slots=True)
class Name:
    """A title or a project, and the short id by which it is told from its like.

    Attributes:
        ends: the end tells most, as that of a path: the beginning gives way.
    """

    title: str
    tail: str = ""
    ends: bool = False

    @property
    def wanted(self) -> int:
        """A long title in one line, if not the longest."""
        return max(min(cell_len(self.plain), _MOST_NAME), self.needs(Squeeze.MODELS))

    @property
    def plain(self) -> str:
        """The title with the id in brackets."""
        return f"{self.title} ({self.tail})" if self.tail else self.title

    def needs(self, squeeze: Squeeze) -> int:
        """Return the width of a few words, or of the id and a little of the title."""
        if squeeze < Squeeze.NAMES:
            return min(self.wanted, _COMFORTABLE_NAME)
        return max(cell_len(self.tail), min(_LEAST_NAME, cell_len(self.title)), 2)

    def lines(self, width: int) -> list[str]:
        """Return one line; two, title and id, where they have no room side by side."""
        if not self.tail or self._beside(width) >= min(_LEAST_TITLE, cell_len(self.title)):
            return [self.line(width)]
        bracketed = f"({self.tail})"
        below = bracketed if cell_len(bracketed) <= width else self.tail
        return [fit(self.title, width), fit(below, width)]

    def line(self, width: int) -> str:
        """Return one line of at most `width` columns: the title gives way to the id."""
        if not self.tail:
            return (fit_end if self.ends else fit)(self.title, width)
        room = self._beside(width)
        if room < min(2, cell_len(self.title)):
            return fit(self.tail, width)
        return f"{fit(self.title, room)} ({self.tail})"

    def _beside(self, width: int) -> int:
        return width - cell_len(self.tail) - len(" ()")


@dataclass(frozen=True, slots=True)
class Models:
    """The models of a row, one below the other, longer names over several lines."""

    names: Sequence[str]

    @property
    def wanted(self) -> int:
        """A bullet and the longest name, within reason."""
        return _led_width(_BULLET, self.names, _MOST_MODEL)

    @property
    def plain(self) -> str:
        """The names with commas."""
        return ", ".join(self.names)

    def needs(self, squeeze: Squeeze) -> int:
        """Return the width of a bullet and a name, or of the first words of one."""
        most = _COMFORTABLE_MODEL if squeeze < Squeeze.MODELS else _LEAST_MODEL
        return _led_width(_BULLET, self.names, most)

    def lines(self, width: int) -> list[str]:
        """Return a line or more a name."""
        return [line for name in self.names for line in _led(_BULLET, name, width)]


@dataclass(frozen=True, slots=True)
class Part:
    """The name of a row that is a part of the one above it: a model, a projection."""

    name: str

    @property
    def wanted(self) -> int:
        """The branch and the name, within reason."""
        return _led_width(_BRANCH, [self.name], _MOST_MODEL)

    @property
    def plain(self) -> str:
        """The name behind its branch."""
        return _BRANCH + self.name

    def needs(self, squeeze: Squeeze) -> int:
        """Return the width of a branch and a name, or of the first words of one."""
        most = _COMFORTABLE_MODEL if squeeze < Squeeze.MODELS else _LEAST_MODEL - 1
        return _led_width(_BRANCH, [self.name], most)

    def lines(self, width: int) -> list[str]:
        """Return the branch and the name, over several lines where it must be."""
        return _led(_BRANCH, self.name, width)


NOTHING = Figure("")


def _led_width(lead: str, names: Sequence[str], most: int) -> int:
    longest = max((cell_len(name) for name in names), default=0)
    return len(lead) + max(2, min(longest, most)) if names else 0


def _led(lead: str, name: str, width: int) -> list[str]:
    """Return a name behind a bullet or a branch, further lines below the name's beginning."""
    first, *others = broken(name, max(width - len(lead), 2))
    return [lead + first, *(" " * len(lead) + line for line in others)]
