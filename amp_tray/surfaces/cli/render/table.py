"""A report as a table: wide, compact where there is no room, never a cut number."""

from collections.abc import Iterator
from io import StringIO

from rich import box
from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.segment import Segments
from rich.text import Text

from amp_tray.surfaces.cli.render.columns import columns_of
from amp_tray.surfaces.cli.render.fitting import wrapped
from amp_tray.surfaces.cli.render.grid import grid
from amp_tray.surfaces.cli.render.layout import lay_out
from amp_tray.surfaces.cli.render.lines import View, lines_of
from amp_tray.surfaces.cli.render.notes import NO_USAGE, hidden_note, title_of, unpriced_note
from amp_tray.surfaces.cli.render.records import record_lines
from amp_tray.surfaces.cli.render.styles import NOTE_STYLE, STYLES


def table_text(view: View, *, width: int, colour: bool) -> str:
    """Return a report as a table.

    Args:
        width: of the terminal, 20 or more; no line is wider.
        colour: with the escape sequences of ANSI terminals.
    """
    return rendered(_parts(view, width), width=width, colour=colour)


def rendered(parts: Iterator[RenderableType], *, width: int, colour: bool) -> str:
    """Return what rich makes of some parts, one below the other."""
    console = Console(
        file=StringIO(),
        width=width,
        color_system="standard" if colour else None,
        force_terminal=colour,
        legacy_windows=False,
        highlight=False,
        _environ={},  # what the environment says has been decided on
    )
    with console.capture() as capture:
        for part in parts:
            console.print(part)
    return capture.get()


def title_box(view: View) -> RenderableType:
    """Return a report's title in a box."""
    title = Text(title_of(view), style="bold")
    return Panel(title, expand=False, padding=(0, 1), box=box.ROUNDED)


def note_text(note: str, width: int) -> Text:
    """Return what is said below a table, in lines that have room."""
    return Text("\n".join(wrapped(note, width)), style=NOTE_STYLE)


def _parts(view: View, width: int) -> Iterator[RenderableType]:
    yield title_box(view)
    if not view.rows:
        yield Text(NO_USAGE)
        return
    lines, columns = lines_of(view), columns_of(view.kind, cost=view.tells_cost)
    layout = lay_out(columns, lines, width, compact=view.compact)
    if layout is None:
        for role, text in record_lines(columns, lines, width):
            yield Text(text, style=STYLES[role])
    else:
        yield Segments(grid(layout, lines))
    if note := unpriced_note(view):
        yield note_text(note, width)
    if layout is None or len(layout.columns) < len(columns):
        yield note_text(hidden_note(width, compact=view.compact), width)
