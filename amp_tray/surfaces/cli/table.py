"""Report documents as tables: wide, compact where there is no room, never a cut number."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from amp_tray.core.figures import money
from amp_tray.core.models import short_model

Row = Mapping[str, Any]

WIDE_FROM = 100
"""Columns from which the wide table is shown."""

_DEFAULT_WIDTH = 120
_TITLES = {"daily": "Daily", "monthly": "Monthly", "session": "By Session"}
_KEYS = {"daily": "daily", "monthly": "monthly", "session": "sessions"}
_TITLE_WIDTH = 28
_SHORT_ID = 8
_LEAST_NAME = 12


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: what it shows of a row, and when it gives way.

    Attributes:
        gives_way: the higher, the earlier it goes when there is no room; 0 never goes.
        flexible: it may wrap, and takes the room that the others leave.
    """

    head: str
    show: Callable[[Row], str]
    justify: Literal["left", "right"] = "right"
    compact: bool = True
    gives_way: int = 0
    flexible: bool = False


def print_report(
    kind: str, document: Mapping[str, Any], *, env: Mapping[str, str], compact: bool
) -> None:
    """Print a report document as a table on stdout."""
    console = Console(width=terminal_width(env), highlight=False, soft_wrap=False)
    rows: Sequence[Row] = document[_KEYS[kind]]
    title = f"Amp Token Usage Report - {_TITLES[kind]}"
    console.print(Panel(Text(title), expand=False, padding=(0, 1), box=box.ROUNDED))
    if not rows:
        console.print("No usage found.")
        return
    wide = console.width >= WIDE_FROM and not compact
    chosen = [column for column in _columns(kind) if wide or column.compact]
    every = [*rows, document["totals"]]
    shown = chosen if _needed(chosen, every) <= console.width else _stacked(chosen)
    shown = _fitting(shown, every, console.width)
    console.print(_table(shown, rows, document["totals"]))
    for line in _notes(document, hidden=not wide or len(shown) < len(chosen)):
        console.print(Text(line, style="dim"))


def _columns(kind: str) -> tuple[_Column, ...]:
    first = {
        "daily": _Column("Date", lambda row: row["date"], "left"),
        "monthly": _Column("Month", lambda row: row["month"], "left"),
        "session": _Column("Session", _session_name, "left", flexible=True),
    }[kind]
    counts = (
        _Column("Models", _models, "left", gives_way=4),
        _Column("Input", _count("inputTokens"), gives_way=2),
        _Column("Output", _count("outputTokens"), gives_way=1),
        _Column("Cache Create", _count("cacheCreationTokens"), compact=False, gives_way=6),
        _Column("Cache Read", _count("cacheReadTokens"), compact=False, gives_way=6),
        _Column("Total Tokens", _count("totalTokens"), compact=False, gives_way=5),
        _Column("Credits", _credits, gives_way=3),
        _Column("Cost (USD)", _cost),
    )
    if kind != "session":
        return (first, *counts)
    return (
        first,
        *counts,
        _Column("Last Activity", lambda row: row["lastActivity"], "left", gives_way=5),
    )


def _stacked(columns: Sequence[_Column]) -> list[_Column]:
    """Return the columns with their heads' words one below the other."""
    return [replace(column, head=column.head.replace(" ", "\n")) for column in columns]


def _fitting(columns: Sequence[_Column], rows: Sequence[Row], width: int) -> list[_Column]:
    """Return the columns that have room: those that give way go, digits stay."""
    kept = list(columns)
    while _needed(kept, rows) > width:
        first_to_go = max(kept, key=lambda column: column.gives_way)
        if first_to_go.gives_way == 0:
            break
        kept.remove(first_to_go)
    return kept


def _needed(columns: Sequence[_Column], rows: Sequence[Row]) -> int:
    return 1 + sum(3 + _least_width(column, rows) for column in columns)


def _least_width(column: _Column, rows: Sequence[Row]) -> int:
    if column.flexible:
        return _LEAST_NAME
    cells = [column.head, *(_cell(column, row) for row in rows)]
    return max(cell_len(line) for cell in cells for line in cell.split("\n"))


def _table(columns: Sequence[_Column], rows: Sequence[Row], totals: Row) -> Table:
    table = Table(box=box.SQUARE, header_style="cyan")
    for column in columns:
        table.add_column(
            column.head,
            justify=column.justify,
            no_wrap=not column.flexible,
            min_width=_least_width(column, [*rows, totals]),
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(Text(_cell(column, row)) for column in columns))
    table.add_section()
    total = [Text("Total"), *(Text(_cell(column, totals)) for column in columns[1:])]
    table.add_row(*total, style="bold yellow")
    return table


def _cell(column: _Column, row: Row) -> str:
    try:
        return column.show(row)
    except KeyError:  # the total has neither name nor models nor last activity
        return ""


def _session_name(row: Row) -> str:
    short = str(row["sessionId"]).rsplit("-", 1)[-1][-_SHORT_ID:]
    title = row["title"] or "Untitled"
    if len(title) > _TITLE_WIDTH:
        title = title[: _TITLE_WIDTH - 1].rstrip() + "…"
    return f"{title} ({short})"


def _models(row: Row) -> str:
    return "\n".join(f"• {short_model(model)}" for model in row["modelsUsed"])


def _count(key: str) -> Callable[[Row], str]:
    return lambda row: f"{row[key]:,}"


def _credits(row: Row) -> str:
    return f"{Decimal(row['credits']):,.2f}"


def _cost(row: Row) -> str:
    cost = money(Decimal(row["totalCost"]))
    return f"{cost} *" if row["unpricedTokens"] else cost


def _notes(document: Mapping[str, Any], *, hidden: bool) -> list[str]:
    notes = []
    if document["totals"]["unpricedTokens"]:
        models = ", ".join(document["meta"]["unpricedModels"])
        tokens = document["totals"]["unpricedTokens"]
        notes.append(f"* without {tokens:,} tokens that have no known price: {models}")
    if hidden:
        notes.append(f"Columns are hidden; a terminal of {WIDE_FROM} columns or --json shows all.")
    return notes


def terminal_width(env: Mapping[str, str]) -> int | None:
    """Return COLUMNS, else None on a terminal (which rich asks), else the default width."""
    columns = env.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    return None if sys.stdout.isatty() else _DEFAULT_WIDTH
