"""The table of sessions: every column, sortable once the page's script runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from amp_tray.core.figures import money
from amp_tray.core.models import short_model
from amp_tray.surfaces.cli.html.markup import Markup, joined, tag

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Field:
    """A column: what it shows of a row and what it is sorted by.

    Attributes:
        key: the row's member.
        kind: how it is compared; the script begins with the highest number and the latest date.
        gives_way: `wide` columns are left out where the page is narrow, `tokens` where it is a
            phone's.
    """

    key: str
    head: str
    show: Callable[[Row], str]
    kind: Literal["number", "text", "date"] = "number"
    gives_way: Literal["", "wide", "tokens"] = ""


def session_table(rows: Sequence[Row], totals: Row) -> Markup:
    """Return the table of a session report's rows and totals."""
    fields = [field for field in _FIELDS if field.key in totals or field.kind != "number"]
    head = tag("tr", {}, *(_head(field, rows) for field in fields))
    body = [tag("tr", {}, *(_cell(field, row) for field in fields)) for row in rows]
    foot = tag("tr", {}, *(_total(field, totals) for field in fields))
    return tag(
        "table",
        {"id": "sessions", "aria-labelledby": "sessions-title"},
        tag("thead", {}, head),
        tag("tbody", {}, *body),
        tag("tfoot", {}, foot),
    )


def _head(field: _Field, rows: Sequence[Row]) -> Markup:
    return tag(
        "th",
        {
            "scope": "col",
            "class": _classes(field),
            "data-kind": field.kind,
            "aria-sort": _order_of(rows) if field.key == "totalCost" else None,
        },
        field.head,
    )


def _order_of(rows: Sequence[Row]) -> str | None:
    """Say how the report came ordered by cost, for the arrow in the head."""
    costs = [row["totalCost"] for row in rows]
    if costs == sorted(costs, reverse=True):
        return "descending"
    return "ascending" if costs == sorted(costs) else None


def _cell(field: _Field, row: Row) -> Markup:
    # Text is compared as it is shown, all else by its exact value.
    value = None if field.kind == "text" else str(row[field.key])
    attributes = {"class": _classes(field), "data-value": value}
    if field.key == "title":
        return tag("th", {**attributes, "scope": "row"}, field.show(row))
    return tag("td", attributes, field.show(row))


def _total(field: _Field, totals: Row) -> Markup:
    attributes = {"class": _classes(field)}
    if field.key == "title":
        return tag("th", {**attributes, "scope": "row"}, "Total")
    return tag("td", attributes, field.show(totals) if field.kind == "number" else "")


def _classes(field: _Field) -> str | None:
    number = "number" if field.kind == "number" else ""
    return f"{number} {field.gives_way}".strip() or None


def _session(row: Row) -> Markup:
    title = tag("span", {"class": "title"}, row["title"] or "Untitled")
    return joined(
        (title, tag("span", {"class": "id", "title": str(row["sessionId"])}, str(row["sessionId"])))
    )


def _models(row: Row) -> Markup:
    return joined(
        tag("span", {"class": "model", "title": model}, short_model(model))
        for model in row["modelsUsed"]
    )


def _count(key: str) -> Callable[[Row], str]:
    return lambda row: f"{row[key]:,}"


def _credits(row: Row) -> str:
    return f"{Decimal(row['credits']):,.2f}" if row["credits"] else "—"


def _cost(row: Row) -> Markup:
    cost = money(Decimal(row["totalCost"]))
    if not row["unpricedTokens"]:
        return joined((cost,))
    mark = tag("abbr", {"title": f"{row['unpricedTokens']:,} tokens have no known price"}, "*")
    return joined((cost, mark))


_FIELDS = (
    _Field("title", "Session", _session, "text"),
    _Field("project", "Project", lambda row: row["project"] or "—", "text", gives_way="wide"),
    _Field("modelsUsed", "Models", _models, "text", gives_way="wide"),
    _Field("inputTokens", "Input", _count("inputTokens"), gives_way="wide"),
    _Field("outputTokens", "Output", _count("outputTokens"), gives_way="wide"),
    _Field("cacheCreationTokens", "Cache create", _count("cacheCreationTokens"), gives_way="wide"),
    _Field("cacheReadTokens", "Cache read", _count("cacheReadTokens"), gives_way="wide"),
    _Field("totalTokens", "Tokens", _count("totalTokens"), gives_way="tokens"),
    _Field("credits", "Credits", _credits, gives_way="wide"),
    _Field("totalCost", "Cost", _cost),
    _Field("lastActivityAt", "Last activity", lambda row: row["lastActivity"], "date"),
)
