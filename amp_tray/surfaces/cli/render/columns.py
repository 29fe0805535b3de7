"""The columns of each report's table, and in which order they give way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

NAME: Final = "name"
STATE: Final = "state"
MODELS: Final = "models"
COST: Final = "totalCost"
TOTAL: Final = "totalTokens"

TITLES: Mapping[str, str] = {
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
    "session": "By Session",
    "blocks": "5-Hour Blocks",
    "project": "By Project",
}
"""The reports and what their titles call them."""

KEYS: Mapping[str, str] = {**{kind: kind for kind in TITLES}, "session": "sessions"} | {
    "project": "projects"
}
"""What a document calls its rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        key: which of a line's cells it shows; figures go by their names in the document.
        compact: it is also in the compact table.
        gives_way: the higher, the earlier it goes when there is no room; 0 never goes.
    """

    key: str
    head: str
    right: bool = True
    compact: bool = True
    gives_way: int = 0


_FIRST: Mapping[str, Column] = {
    "daily": Column(NAME, "Date", right=False),
    "weekly": Column(NAME, "Week", right=False),
    "monthly": Column(NAME, "Month", right=False),
    "session": Column(NAME, "Session", right=False),
    "blocks": Column(NAME, "Block Start", right=False),
    "project": Column(NAME, "Project", right=False),
}
_STATE = Column(STATE, "Duration", right=False, gives_way=3)
_SESSIONS = Column("sessions", "Sessions", compact=False, gives_way=7)
_LAST_ACTIVITY = Column("lastActivity", "Last Activity", right=False, gives_way=6)
_COUNTS = (
    Column(MODELS, "Models", right=False, gives_way=5),
    Column("inputTokens", "Input", gives_way=2),
    Column("outputTokens", "Output", gives_way=1),
    Column("cacheCreationTokens", "Cache Create", compact=False, gives_way=9),
    Column("cacheReadTokens", "Cache Read", compact=False, gives_way=9),
    Column(TOTAL, "Total Tokens", compact=False, gives_way=8),
    Column("credits", "Credits", gives_way=4),
)
_COST = Column(COST, "Cost (USD)")
_BLOCK_CHANGES: Mapping[str, Column] = {
    # Of a block's tokens the sum matters most: its burn rate and projection are of it.
    column.key: column
    for column in (
        Column("inputTokens", "Input", compact=False, gives_way=7),
        Column("outputTokens", "Output", compact=False, gives_way=7),
        Column(TOTAL, "Total Tokens", gives_way=1),
    )
}


def columns_of(kind: str, *, cost: bool) -> tuple[Column, ...]:
    """Return all columns of a report, from the left.

    Args:
        cost: whether the document tells costs.
    """
    before = {"blocks": (_STATE,), "project": (_SESSIONS,)}.get(kind, ())
    after = (_LAST_ACTIVITY,) if kind == "session" else ()
    counts: tuple[Column, ...] = _COUNTS
    if kind == "blocks":
        counts = tuple(_BLOCK_CHANGES.get(column.key, column) for column in counts)
    if cost:
        return (_FIRST[kind], *before, *counts, _COST, *after)
    # Without a cost the sum of the tokens is what stays to the last.
    shown = (replace(each, compact=True, gives_way=0) if each.key == TOTAL else each
             for each in counts)  # fmt: skip
    return (_FIRST[kind], *before, *shown, *after)
