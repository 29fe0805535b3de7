"""What `amp-tray watch` shows, drawn: the figures, the last threads, their ages.

In: documents of the service whose numbers are `int` or `Decimal`, the instant, the room there
is. Out: something rich can print, in no more lines than there are. Titles and names come
cleaned in the documents, and are shown as text, never read as rich's markup.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from amp_tray.core.figures import money, month_name, short_number, sparkline
from amp_tray.core.models import short_model
from amp_tray.surfaces.cli.watch_words import (
    Document,
    View,
    age_text,
    cost_of,
    counts,
    footer,
    instant,
    notices_of,
    whole,
)

_FOUR_TILES, _TWO_TILES = 76, 34
_TILES_FROM_HEIGHT = 18
_TILE_HEIGHT = 4
_PROJECT_FROM, _TOKENS_FROM, _MODELS_FROM = 64, 84, 110
_FRESH = timedelta(seconds=60)


class Size(NamedTuple):
    """The room there is; no height is as high as it gets."""

    width: int
    height: int | None = None


def draw(view: View, now: datetime, size: Size) -> RenderableType:
    """Return the view drawn for a terminal of some size."""
    if view.summary is None:
        return Group(_header(view, size), Text(), Text(view.trouble, style="yellow"))
    tiles = _tiles(view.summary, size)
    above = 1 + tiles.height + 3  # the header, the tiles, the week, a blank line, the head
    notices, shown = notices_of(view, now), view.threads
    if size.height is not None:
        notices = notices[: max(0, size.height - above - 1)]
        shown = shown[: max(0, size.height - above - 1 - len(notices))]
    table = _threads(shown, now, size.width)
    if not view.threads and not notices:
        notices = ["No threads yet"]
    used = above + len(shown) + len(notices) + 1
    return Group(
        _header(view, size),
        tiles.drawn,
        _week(view.summary),
        Text(),
        table,
        *[Text()] * ((size.height or used) - used),
        *(Text(line, style="yellow", **_ONE_LINE) for line in notices),
        Text(whole(footer(view, now), size.width), style="dim", **_ONE_LINE),
    )


_ONE_LINE: Mapping[str, Any] = {"no_wrap": True, "overflow": "ellipsis"}


class _Tiles(NamedTuple):
    drawn: RenderableType
    height: int


class _Tile(NamedTuple):
    label: str
    value: str
    said: Sequence[str]
    style: str = "bold"


def _header(view: View, size: Size) -> RenderableType:
    line = Table.grid(expand=True)
    line.width = size.width
    line.add_column(no_wrap=True, overflow="ellipsis")
    line.add_column(justify="right", no_wrap=True)
    zone = "" if view.summary is None else f"  {view.summary['timezone']}"
    line.add_row(Text.assemble(("amp-tray", "bold"), (zone, "dim")), _state(view))
    return line


def _state(view: View) -> Text:
    if view.trouble:
        return Text("○ waiting", style="yellow")
    summary = view.summary
    if summary is not None and summary["paused"]:
        return Text("‖ paused", style="yellow")
    if summary is not None and summary["stale"]:
        return Text("● stale", style="yellow")
    return Text("● live", style="green")


def _tiles(summary: Document, size: Size) -> _Tiles:
    today, month = summary["today"], summary["month"]
    name = month_name(month["key"]) or month["key"]
    burn = Decimal(summary["burnRate"])
    projection = summary["projection"]
    tiles = [
        _Tile("Today", cost_of(today), counts(today), "bold green"),
        _Tile(name, cost_of(month), counts(month)),
        _Tile("Burn rate", f"{money(burn)}/h", ["the last hour"], "bold" if burn else "dim"),
        _Tile(
            "Projection",
            "—" if projection is None else money(Decimal(projection)),
            [f"all of {name}"],
        ),
    ]
    low = size.height is not None and size.height < _TILES_FROM_HEIGHT
    if low or size.width < _TWO_TILES:
        return _Tiles(_as_lines(tiles, size), len(tiles))
    across = 4 if size.width >= _FOUR_TILES else 2
    return _Tiles(_as_panels(tiles, across, size), _TILE_HEIGHT * (len(tiles) // across))


def _as_panels(tiles: Sequence[_Tile], across: int, size: Size) -> RenderableType:
    grid = Table.grid(expand=True, padding=0)
    grid.width = size.width
    for _ in range(across):
        grid.add_column(ratio=1)
    room = size.width // across - 4
    panels = [
        Panel(
            Text.assemble(
                (tile.value, tile.style), "\n", (whole(tile.said, room), "dim"), **_ONE_LINE
            ),
            title=Text(tile.label, style="dim"),
            title_align="left",
            box=box.ROUNDED,
            border_style="bright_black",
            height=_TILE_HEIGHT,
            padding=(0, 1),
        )
        for tile in tiles
    ]
    for start in range(0, len(panels), across):
        grid.add_row(*panels[start : start + across])
    return grid


def _as_lines(tiles: Sequence[_Tile], size: Size) -> RenderableType:
    grid = Table.grid(expand=True, padding=(0, 2, 0, 0))
    grid.width = size.width
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(no_wrap=True, justify="right")
    grid.add_column(no_wrap=True, overflow="ellipsis", style="dim", ratio=1)
    taken = sum(
        max(map(len, column)) + 2 for column in zip(*(tile[:2] for tile in tiles), strict=True)
    )
    for tile in tiles:
        said = whole(tile.said, size.width - taken)
        grid.add_row(tile.label, Text(tile.value, style=tile.style), said)
    return grid


def _week(summary: Document) -> Text:
    values = [Decimal(day["totalCost"]) for day in summary["last7Days"]]
    total = money(sum(values, Decimal(0)))
    return Text.assemble(
        ("Last 7 days  ", "dim"), (sparkline(values), "cyan"), "  ", (total, "bold"), **_ONE_LINE
    )


def _threads(rows: Sequence[Document], now: datetime, width: int) -> RenderableType:
    table = Table(box=None, expand=True, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.width = width
    table.add_column("Age", justify="right", no_wrap=True, min_width=6)
    table.add_column("Cost", justify="right", no_wrap=True)
    table.add_column("Last threads", ratio=3, **_ONE_LINE)
    wide: tuple[tuple[str, int, Callable[[Document], str]], ...] = (
        ("Project", _PROJECT_FROM, lambda row: row["project"] or "—"),
        ("Tokens", _TOKENS_FROM, lambda row: short_number(row["totalTokens"])),
        ("Models", _MODELS_FROM, lambda row: ", ".join(map(short_model, row["modelsUsed"]))),
    )
    chosen = [column for column in wide if width >= column[1]]
    for head, _, _ in chosen:
        if head == "Tokens":
            table.add_column(head, justify="right", no_wrap=True)
        else:
            table.add_column(head, ratio=1, **_ONE_LINE)
    for row in rows:
        at = instant(row["lastActivityAt"])
        fresh = now - at < _FRESH
        table.add_row(
            Text(age_text(at, now), style="green" if fresh else "dim"),
            Text(cost_of(row), style="bold"),
            Text(row["title"] or "Untitled", style="bold" if fresh else ""),
            *(Text(show(row), style="dim") for _, _, show in chosen),
        )
    return table
