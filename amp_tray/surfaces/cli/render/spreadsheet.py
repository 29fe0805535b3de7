"""A report as CSV: a line a row, under the names that the JSON document has for its members."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import StringIO
from typing import Any

from amp_tray.surfaces.cli.render.lines import Row, View

_SEPARATOR = ";"
_HEADS: Mapping[str, Sequence[str]] = {
    "daily": ("date",),
    "weekly": ("week",),
    "monthly": ("month",),
    "session": (
        *("sessionId", "title", "project", "firstActivity", "lastActivity", "lastActivityAt"),
        "source",
    ),
    "blocks": (
        *("startTime", "endTime", "isActive", "isGap", "burnRate.tokensPerMinute"),
        *("burnRate.costPerHour", "projection.totalTokens", "projection.totalCost"),
        "projection.remainingMinutes",
    ),
    "project": ("project", "sessions"),
}
_COUNTS = (
    *("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "totalTokens"),
    *("credits", "totalCost", "unpricedTokens"),
)
_MONEY = frozenset({"totalCost", "unpricedTokens", "burnRate.costPerHour", "projection.totalCost"})
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(view: View) -> str:
    """Return a report as CSV with a header; an empty report is the header alone.

    With a breakdown there is a line for each row and model, `model` in place of `modelsUsed`,
    whose counts add up to the row's. There is no total: a sum over a column gives it.

    Source: RFC 4180 (commas, quotes doubled, lines that end in CRLF).
    """
    heads = [head for head in _HEADS[view.kind] if view.tells_cost or head not in _MONEY]
    counts = [head for head in _COUNTS if view.tells_cost or head not in _MONEY]
    models = "model" if view.breakdown else "modelsUsed"
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([*heads, *counts, models])
    for row in view.rows:
        head = [_value(_member(row, name)) for name in heads]
        for usage in _usages(row, view):
            writer.writerow(
                [*head, *(_value(usage[name]) for name in counts), _value(usage[models])]
            )
    return file.getvalue()


def _usages(row: Row, view: View) -> Iterator[Row]:
    if view.breakdown and row["modelBreakdowns"]:
        yield from row["modelBreakdowns"]
    else:  # a gap has no models
        yield {**row, "model": None}


def _member(row: Row, path: str) -> Any:
    """Return a member, also of a member, which may be null."""
    value: Any = row
    for name in path.split("."):
        value = None if value is None else value[name]
    return value


def _value(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case str():
            return _harmless(value)
        case _:
            return _harmless(_SEPARATOR.join(value))


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Source: OWASP, "CSV Injection".
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
