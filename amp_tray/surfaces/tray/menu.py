"""The menu as a pure value: which rows there are, what they say and what they do.

Row ids are stable from one model to the next, so that a backend can tell a changed label from
a changed shape. Rendering and escaping for a platform are left to backends, wording to `text`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from amp_tray.surfaces.tray.actions import Action

OLD_USAGE = timedelta(days=7)
"""Age of the newest usage from which the menu tells where new threads may be."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        id: stable and unique within the model.
        label: plain text, one line, not escaped for any platform.
        action: what a click does, or None for a row that only tells something.
        checked: the state of a check row, or None for a row without a check.
        enabled: False shows the row greyed out.
        children: the submenu; empty for a plain row.
        radio: the check is one of a group, of which one is on.
    """

    id: str
    label: str
    action: Action | None = None
    checked: bool | None = None
    enabled: bool = True
    children: tuple["Entry", ...] = ()
    radio: bool = False


@dataclass(frozen=True, slots=True)
class Separator:
    """A line between groups of rows; `id` as in `Row`."""

    id: str


Entry = Row | Separator


@dataclass(frozen=True, slots=True)
class MenuModel:
    """The whole menu, first row on top."""

    entries: tuple[Entry, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Yield every row, submenus included, each before its children."""
        stack = list(reversed(self.entries))
        while stack:
            entry = stack.pop()
            if isinstance(entry, Row):
                yield entry
                stack.extend(reversed(entry.children))
