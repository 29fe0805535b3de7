"""A table drawn: rules, heads and cells as segments, one pass over any number of lines.

Its layout is settled before; rich's own table would settle it again, in seconds for thousands
of lines.
"""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich import box
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

from amp_tray.surfaces.cli.render.layout import Layout, cell_of
from amp_tray.surfaces.cli.render.lines import Line
from amp_tray.surfaces.cli.render.styles import HEAD_STYLE, STYLES

_BOX = box.SQUARE


def grid(layout: Layout, lines: Sequence[Line]) -> Iterator[Segment]:
    """Return a table; a rule parts its heads and its total from the rest."""
    rows = [width + 2 * layout.padding for width in layout.widths]
    yield from _rule(_BOX.get_top(rows))
    heads = [head.split("\n") for head in layout.heads]
    most = max(map(len, heads))
    # Heads stand at the bottom, next to their figures.
    yield from _row(layout, [[""] * (most - len(head)) + head for head in heads], HEAD_STYLE)
    yield from _rule(_BOX.get_row(rows, level="head"))
    for line in lines:
        if line.role == "total":
            yield from _rule(_BOX.get_row(rows, level="row"))
        cells = [
            cell_of(line, column).lines(width)
            for column, width in zip(layout.columns, layout.widths, strict=True)
        ]
        yield from _row(layout, cells, STYLES[line.role])
    yield from _rule(_BOX.get_bottom(rows))


def _rule(drawn: str) -> Iterator[Segment]:
    yield Segment(drawn)
    yield Segment.line()


def _row(layout: Layout, cells: Sequence[Sequence[str]], style: str) -> Iterator[Segment]:
    """Return the lines of a row, of which some cells may have fewer than others."""
    look = Style.parse(style) if style else None
    side, blanks = _BOX.mid_left, " " * layout.padding
    for texts in zip_longest(*cells, fillvalue=""):
        padded = [
            blanks + _aligned(text, width, right=column.right) + blanks
            for text, width, column in zip(texts, layout.widths, layout.columns, strict=True)
        ]
        if look is None:
            yield Segment(f"{side}{side.join(padded)}{side}")
        else:
            for text in padded:
                yield Segment(side)
                yield Segment(text, look)
            yield Segment(side)
        yield Segment.line()


def _aligned(text: str, width: int, *, right: bool) -> str:
    blanks = " " * (width - cell_len(text))
    return blanks + text if right else text + blanks
