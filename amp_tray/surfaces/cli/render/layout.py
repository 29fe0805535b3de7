"""Which columns a table has room for, and how wide each is: digits stay, columns go.

Room is made in this order: heads break into words, names shorten, the blanks beside the rules
go, models break; only then columns, in the order in which they give way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from amp_tray.surfaces.cli.render.cells import NOTHING, Cell, Squeeze
from amp_tray.surfaces.cli.render.columns import Column
from amp_tray.surfaces.cli.render.lines import Line

WIDE_FROM = 100
"""Columns from which the wide table is shown."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's columns as there is room for them.

    Attributes:
        heads: a head may have several lines.
        widths: of the cells, without padding and rules.
        padding: blanks on either side of a cell.
    """

    columns: tuple[Column, ...]
    heads: tuple[str, ...]
    widths: tuple[int, ...]
    padding: int


@dataclass(frozen=True, slots=True)
class _Step:
    """A way of making room."""

    stacked: bool = False
    squeeze: Squeeze = Squeeze.NONE
    padding: int = 1


_STEPS = (
    _Step(),
    _Step(stacked=True),
    _Step(stacked=True, squeeze=Squeeze.NAMES),
    _Step(stacked=True, squeeze=Squeeze.NAMES, padding=0),
    _Step(stacked=True, squeeze=Squeeze.MODELS, padding=0),
)


def lay_out(
    columns: Sequence[Column], lines: Sequence[Line], width: int, *, compact: bool = False
) -> Layout | None:
    """Return the layout of a table; None where not even the columns that never go have room.

    Args:
        columns: all that there are.
        width: of the terminal.
        compact: leave out at any width what is left out below `WIDE_FROM`.
    """
    wide = width >= WIDE_FROM and not compact
    kept = [column for column in columns if wide or column.compact]
    while True:
        for step in _STEPS:
            layout = _layout(kept, lines, width, step)
            if layout is not None:
                return layout
        next_to_go = max(column.gives_way for column in kept)
        if next_to_go == 0:
            return None
        kept = [column for column in kept if column.gives_way < next_to_go]


def _layout(
    columns: Sequence[Column], lines: Sequence[Line], width: int, step: _Step
) -> Layout | None:
    heads = [column.head.replace(" ", "\n") if step.stacked else column.head for column in columns]
    widths, wanted = [], []
    for column, head in zip(columns, heads, strict=True):
        cells = [cell_of(line, column) for line in lines]
        head_width = max(map(cell_len, head.split("\n")))
        widths.append(max(head_width, *(cell.needs(step.squeeze) for cell in cells)))
        wanted.append(max(head_width, *(cell.wanted for cell in cells)))
    spare = width - 1 - sum(each + 2 * step.padding + 1 for each in widths)
    if spare < 0:
        return None
    # From the right: the models, few and short, have what they want before the names.
    for index in reversed(range(len(widths))):
        more = min(spare, wanted[index] - widths[index])
        widths[index] += more
        spare -= more
    return Layout(tuple(columns), tuple(heads), tuple(widths), step.padding)


def cell_of(line: Line, column: Column) -> Cell:
    """Return a line's cell in a column; many lines leave some empty."""
    return line.cells.get(column.key, NOTHING)
