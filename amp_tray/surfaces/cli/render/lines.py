"""A report document as lines of cells: its rows, their parts and the total, for any layout."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from amp_tray.core.figures import money
from amp_tray.core.models import short_model
from amp_tray.core.text import clean
from amp_tray.surfaces.cli.render.block_lines import block_name, block_state, pace_lines
from amp_tray.surfaces.cli.render.cells import Cell, Figure, Models, Name, Part
from amp_tray.surfaces.cli.render.columns import COST, KEYS, MODELS, NAME, STATE

Row = Mapping[str, Any]

Role = Literal["row", "active", "gap", "part", "total"]

_COUNTS = (
    *("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "totalTokens"),
    "sessions",
)
_SHORT_ID = 8
_SHORT_SEGMENTS = 2
_SHORT_SEGMENTS_ID = 10


@dataclass(frozen=True, slots=True)
class View:
    """A report as it is to be shown.

    Attributes:
        kind: daily, weekly, monthly, session, blocks or project.
        document: the report's document, its numbers exact.
        compact: show the narrow table at any width.
        breakdown: show each row's models in rows of their own.
    """

    kind: str
    document: Mapping[str, Any]
    compact: bool = False
    breakdown: bool = False

    @property
    def rows(self) -> Sequence[Row]:
        """The document's rows."""
        rows: Sequence[Row] = self.document[KEYS[self.kind]]
        return rows

    @property
    def totals(self) -> Row:
        """What the rows add up to."""
        totals: Row = self.document["totals"]
        return totals

    @property
    def tells_cost(self) -> bool:
        """Whether the document tells costs."""
        return COST in self.totals


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table.

    Attributes:
        cells: by their column's key; it need not have all.
        row: what of the document it shows; empty where it shows no usage.
    """

    role: Role
    cells: Mapping[str, Cell]
    row: Row = field(default_factory=dict)


def lines_of(view: View) -> list[Line]:
    """Return a document's lines in its order; the last is the total."""
    total: dict[str, Cell] = {NAME: Figure("Total"), **_figures(view.totals, view)}
    return [*_row_lines(view), Line("total", total, view.totals)]


def _row_lines(view: View) -> Iterator[Line]:
    for row in view.rows:
        if view.kind == "blocks":
            yield from _block_lines(row, view)
        else:
            name = _NAMES[view.kind](row)
            if view.kind == "session" and len(view.document["meta"]["sources"]) > 1:
                name = _session_name(row, f" {row['source']}")
            yield Line("row", {NAME: name, MODELS: models_of(row), **_figures(row, view)}, row)
        if view.breakdown:
            for part in row["modelBreakdowns"]:
                model = Part(short_model(part["model"]))
                yield Line("part", {NAME: model, **_figures(part, view)}, part)


def _block_lines(row: Row, view: View) -> Iterator[Line]:
    zone = view.document["meta"]["timezone"]
    head: dict[str, Cell] = {NAME: block_name(row, zone), STATE: block_state(row, zone)}
    if row["isGap"]:
        yield Line("gap", head, row)
        return
    role: Role = "active" if row["isActive"] else "row"
    yield Line(role, {**head, MODELS: models_of(row), **_figures(row, view)}, row)
    if row["isActive"]:
        yield from (Line("part", cells) for cells in pace_lines(row))


def models_of(row: Row) -> Models:
    """Return a row's models by their short names; two that shorten alike are told once."""
    return Models(tuple(dict.fromkeys(short_model(model) for model in row["modelsUsed"])))


def _figures(row: Row, view: View) -> dict[str, Cell]:
    cells: dict[str, Cell] = {key: Figure(f"{row[key]:,}") for key in _COUNTS if key in row}
    cells["credits"] = Figure(f"{Decimal(row['credits']):,.2f}")
    if view.tells_cost:
        cells[COST] = Figure(_cost(row, starred=bool(view.totals["unpricedTokens"])))
    if "lastActivity" in row:
        cells["lastActivity"] = Figure(row["lastActivity"])
    return cells


def _cost(row: Row, *, starred: bool) -> str:
    """Return a cost; where another has a star, one without leaves its room free."""
    cost = money(Decimal(row[COST]))
    if not starred:
        return cost
    return f"{cost} *" if row["unpricedTokens"] else f"{cost}  "


def _session_name(row: Row, agent: str = "") -> Name:
    named = row["title"] or row["project"] or "Untitled"
    return Name(named, f"{short_id(row['sessionId'])}{agent}")


def short_id(session_id: str) -> str:
    """Return the part of an id that tells a session from others.

    `T-…-00000000000a` → `0000000a`; of ids that are no Amp thread's the last two segments, ten
    characters: `project-20250621-session-abc123-def456` → `abc123-def`.
    """
    segments = clean(session_id).split("-")
    if segments[0] == "T":
        return segments[-1][-_SHORT_ID:]
    return "-".join(segments[-_SHORT_SEGMENTS:])[:_SHORT_SEGMENTS_ID]


_NAMES: Mapping[str, Callable[[Row], Cell]] = {
    "daily": lambda row: Figure(row["date"]),
    "weekly": lambda row: Figure(row["week"]),
    "monthly": lambda row: Figure(row["month"]),
    "session": _session_name,
    "project": lambda row: Name(row["project"] or "No project", ends=row["project"] is not None),
}
