"""A report where no table has room: each row as a few lines of a name and a figure."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from amp_tray.surfaces.cli.render.columns import MODELS, NAME, Column
from amp_tray.surfaces.cli.render.fitting import fit
from amp_tray.surfaces.cli.render.layout import cell_of
from amp_tray.surfaces.cli.render.lines import Line, Role

_MOST_WIDTH = 40


def record_lines(
    columns: Sequence[Column], lines: Sequence[Line], width: int
) -> Iterator[tuple[Role, str]]:
    """Return the compact columns of each line below its name, no line wider than `width`."""
    room = min(width, _MOST_WIDTH)
    shown = [column for column in columns if column.compact and column.key not in {NAME, MODELS}]
    for line in lines:
        for text in line.cells[NAME].lines(room):
            yield line.role, text
        for column in shown:
            figure = cell_of(line, column).plain
            if figure:
                yield from ((line.role, text) for text in _entry(column.head, figure, room))


def _entry(head: str, figure: str, room: int) -> Iterator[str]:
    """Return a head and its figure in one line, or in two."""
    gap = room - 2 - cell_len(head) - cell_len(figure)
    if gap >= 1:
        yield f"  {head}{' ' * gap}{figure}"
    else:
        yield "  " + fit(head, max(room - 2, 1))
        yield " " * (room - cell_len(figure)) + figure
