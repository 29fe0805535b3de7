"""A report as horizontal bars: what each row cost; where no cost is told, its tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rich.cells import cell_len
from rich.console import RenderableType
from rich.text import Text

from amp_tray.surfaces.cli.render.cells import Cell, Name, Squeeze
from amp_tray.surfaces.cli.render.columns import COST, NAME, STATE, TOTAL, columns_of
from amp_tray.surfaces.cli.render.fitting import fit
from amp_tray.surfaces.cli.render.lines import Line, Row, View, lines_of
from amp_tray.surfaces.cli.render.notes import NO_USAGE, unpriced_note
from amp_tray.surfaces.cli.render.styles import BAR_STYLES, HEAD_STYLE, NOTE_STYLE, STYLES
from amp_tray.surfaces.cli.render.table import note_text, rendered, title_box

_FULL, _PROJECTED = "█", "░"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_LEAST_BAR, _MOST_BAR = 6, 80
_MOST_LABEL = 44
_GAP = 2


@dataclass(frozen=True, slots=True)
class _Bar:
    """A line of the chart.

    Attributes:
        value: what is measured; None where there is nothing to measure.
        reach: what it is projected to come to, at least `value`.
    """

    line: Line
    figure: str
    value: Decimal | None
    reach: Decimal

    @property
    def label(self) -> Cell:
        """What the bar is of."""
        return self.line.cells[NAME]


@dataclass(frozen=True, slots=True)
class _Shape:
    """The widths of a chart: of labels, figures and the longest bar.

    A bar of no width is not shown; without `beside` labels stand above their bars.
    """

    label: int
    figure: int
    bar: int
    beside: bool = True


def chart_text(view: View, *, width: int, colour: bool) -> str:
    """Return a report as a bar chart.

    Args:
        width: of the terminal, 20 or more; no line is wider.
        colour: with the escape sequences of ANSI terminals.
    """
    return rendered(_parts(view, width), width=width, colour=colour)


def _parts(view: View, width: int) -> Iterator[RenderableType]:
    yield title_box(view)
    if not view.rows:
        yield Text(NO_USAGE)
        return
    bars = list(_bars(view))
    heads = {column.key: column.head for column in columns_of(view.kind, cost=view.tells_cost)}
    measure = heads[_measure(view)]
    shape = _shape(bars, measure, width)
    longest = max(bar.reach for bar in bars if bar.line.role != "total")
    if shape.beside:
        yield Text(f"{_padded(heads[NAME], shape.label)}{measure:>{shape.figure}}", HEAD_STYLE)
    for bar in bars:
        yield from _drawn(bar, shape, longest)
    if any(bar.reach > (bar.value or 0) for bar in bars):
        yield note_text(f"{_PROJECTED} projected to the block's end", width)
    if view.tells_cost and (note := unpriced_note(view)):
        yield note_text(note, width)


def _measure(view: View) -> str:
    return COST if view.tells_cost else TOTAL


def _bars(view: View) -> Iterator[_Bar]:
    """Yield a bar for each line of the table that shows usage, and one of nothing for a gap."""
    measure = _measure(view)
    for line in lines_of(view):
        if line.role == "gap":
            yield _Bar(line, line.cells[STATE].plain, None, Decimal(0))
        elif line.row:
            value = Decimal(line.row[measure])
            (figure,) = line.cells[measure].lines(0)
            yield _Bar(line, figure, value, max(value, _projected(line.row, measure)))


def _projected(row: Row, measure: str) -> Decimal:
    projection = row.get("projection")
    return Decimal(0) if projection is None else Decimal(projection[measure])


def _shape(bars: Sequence[_Bar], measure: str, width: int) -> _Shape:
    figure = max(cell_len(measure), *(cell_len(bar.figure) for bar in bars))
    needed = max(bar.label.needs(Squeeze.NONE) for bar in bars)
    wanted = min(max(bar.label.wanted for bar in bars), _MOST_LABEL)
    label = min(wanted, max(width // 2, needed))
    room = width - label - figure - 2 * _GAP
    if room >= _LEAST_BAR:
        return _Shape(label, figure, min(room, _MOST_BAR))
    room = width - figure - _GAP
    return _Shape(width, figure, room if room >= _LEAST_BAR else 0, beside=False)


def _drawn(bar: _Bar, shape: _Shape, longest: Decimal) -> Iterator[Text]:
    style = STYLES[bar.line.role]
    label = _one_line(bar.label, shape.label)
    line = Text()
    if shape.beside:
        line.append(_padded(label, shape.label), style)
    else:
        yield Text(label, style)
    line.append(" " * (shape.figure - cell_len(bar.figure)) + bar.figure, style)
    if bar.line.role in BAR_STYLES and bar.value is not None and shape.bar:
        drawn = _blocks(bar.value, longest, shape.bar)
        line.append(" " * _GAP + drawn, BAR_STYLES[bar.line.role])
        reach = int(bar.reach / longest * shape.bar) if longest else 0
        line.append(_PROJECTED * (reach - len(drawn)), NOTE_STYLE)
    line.rstrip()
    yield line


def _one_line(label: Cell, width: int) -> str:
    return label.line(width) if isinstance(label, Name) else fit(label.plain, width)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text) + _GAP)


def _blocks(value: Decimal, longest: Decimal, width: int) -> str:
    """Return a bar in eighths of a column; what is not nothing is seen, however small."""
    if not value:
        return ""
    eighths = max(1, round(value / longest * width * len(_EIGHTHS)))
    full, rest = divmod(eighths, len(_EIGHTHS))
    return (_FULL * full + _EIGHTHS[rest]).rstrip()
