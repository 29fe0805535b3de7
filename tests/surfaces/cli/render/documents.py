"""Report documents for tests: small ones by hand, and random ones of every kind."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from amp_tray.surfaces.cli.render.columns import KEYS
from amp_tray.surfaces.cli.render.lines import View

Json = dict[str, Any]

COUNTS = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens")
KINDS = tuple(KEYS)
_MONEY = frozenset({"totalCost", "unpricedTokens", "costPerHour"})


def usage(*counts: int, credit: str = "0", cost: str = "0", unpriced: int = 0) -> Json:
    """Return the counts of a row, from up to four: input, output, cache creation, read."""
    given = dict(zip(COUNTS, (*counts, 0, 0, 0, 0), strict=False))
    return {
        **given,
        "totalTokens": sum(given.values()),
        "credits": Decimal(credit),
        "totalCost": Decimal(cost),
        "unpricedTokens": unpriced,
    }


def row(head: Mapping[str, Any], **models: Json) -> Json:
    """Return a row: its head, then what its models add up to; `__` in their names is a dash."""
    parts = [{"model": name.replace("__", "-"), **used} for name, used in models.items()]
    return {
        **head,
        **_sum(parts),
        "modelsUsed": sorted(part["model"] for part in parts),
        "modelBreakdowns": parts,
    }


def session(session_id: str, title: str | None, **models: Json) -> Json:
    """Return a row of the session report."""
    head = {
        "sessionId": session_id,
        "title": title,
        "project": None,
        "firstActivity": "2026-11-18",
        "lastActivity": "2026-11-20",
        "lastActivityAt": "2026-11-20T10:00:00.000Z",
        "source": "amp",
    }
    return row(head, **models)


def block(start: str, end: str, /, *, gap: bool = False, **models: Json) -> Json:
    """Return a row of the blocks report, of a block that is over or of a gap."""
    head = {
        "startTime": f"{start}:00.000Z",
        "endTime": f"{end}:00.000Z",
        "isActive": False,
        "isGap": gap,
        "burnRate": None,
        "projection": None,
    }
    return row(head, **models)


def active(running: Json, *, tokens: int, cost: str, minutes: int) -> Json:
    """Return a block's row as that of the one that is active, with what it is projected to."""
    return {
        **running,
        "isActive": True,
        "burnRate": {"tokensPerMinute": Decimal("1234.56"), "costPerHour": Decimal("2.4")},
        "projection": {
            "totalTokens": tokens,
            "totalCost": Decimal(cost),
            "remainingMinutes": minutes,
        },
    }


def document(kind: str, *rows: Json, **meta: Any) -> Json:
    """Return the document of some rows."""
    totals = _sum(rows)
    said = {
        "timezone": "UTC",
        "mode": "auto",
        "sources": ["amp"],
        "unpricedModels": ["model-x"] if totals["unpricedTokens"] else [],
        "diagnostics": [],
    }
    return {KEYS[kind]: list(rows), "totals": totals, "meta": {**said, **meta}}


def without_cost(value: Any) -> Any:
    """Return a document as `noCost` leaves it."""
    if isinstance(value, dict):
        return {name: without_cost(member) for name, member in value.items() if name not in _MONEY}
    return [without_cost(item) for item in value] if isinstance(value, list) else value


def view(kind: str, *rows: Json, compact: bool = False, breakdown: bool = False) -> View:
    """Return a view of the document of some rows."""
    return View(kind, document(kind, *rows), compact=compact, breakdown=breakdown)


def _sum(parts: Any) -> Json:
    total = usage()
    for part in parts:
        for name in total:
            total[name] += part[name]
    return total


# No digits in names: what digits there are in the output are figures, or cut.
_LETTERS = st.sampled_from([*"abcdefghij LMNO-_/.éß", *"会議録한글", "🗒️", "👩‍💻", "e\u0301", "🇩🇪"])
NAMES = st.lists(_LETTERS, min_size=1, max_size=60).map("".join).map(str.strip).filter(bool)
_SIZES = st.integers(0, 12).flatmap(lambda digits: st.integers(0, 10**digits // 8))
_DAYS = st.dates(date(2000, 1, 1), date(2099, 1, 1))


@st.composite
def usages(draw: st.DrawFn) -> Json:
    """Draw the counts of a model, up to a trillion tokens and a hundred million dollars."""
    counts = [draw(_SIZES) for _ in COUNTS]
    return usage(
        *counts,
        credit=str(Decimal(draw(_SIZES)) / 1000),
        cost=str(Decimal(draw(_SIZES)) / 1000),
        unpriced=draw(st.sampled_from([0, 0, sum(counts)])),
    )


@st.composite
def rows(draw: st.DrawFn, kind: str) -> Json:
    """Draw a row of a report."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    models = {name.replace("-", "__"): draw(usages()) for name in names}
    day = draw(_DAYS)
    match kind:
        case "session":
            tail = draw(
                st.sampled_from(["T-aaaa-bbbb-ccccdddd", "T-x", "some-session-abc-def", ""])
            )
            found = session(tail, draw(st.none() | NAMES), **models)
            return {**found, "lastActivity": day.isoformat()}
        case "project":
            head = {"project": draw(st.none() | NAMES), "sessions": draw(st.integers(1, 9999))}
            return row(head, **models)
        case "blocks":
            return draw(_blocks(day, models))
        case _:
            key = {"daily": "date", "weekly": "week", "monthly": "month"}[kind]
            return row({key: f"{day:%Y-%m}" if kind == "monthly" else day.isoformat()}, **models)


@st.composite
def _blocks(draw: st.DrawFn, day: date, models: Mapping[str, Json]) -> Json:
    hours = draw(st.integers(5, 5000))
    end = f"{day + timedelta(days=hours // 24)}T{hours % 24:02}:15"
    if draw(st.booleans()):
        return block(f"{day}T00:00", end, gap=True)
    past = row(block(f"{day}T00:00", f"{day}T05:00"), **models)
    if draw(st.booleans()):
        return past
    tokens, cost = past["totalTokens"] + draw(_SIZES), past["totalCost"] + draw(_SIZES)
    return active(past, tokens=tokens, cost=str(cost), minutes=draw(st.integers(0, 299)))


@st.composite
def views(draw: st.DrawFn) -> View:
    """Draw a view of a random document of any kind."""
    kind = draw(st.sampled_from(KINDS))
    found = document(kind, *draw(st.lists(rows(kind), max_size=4)))
    if draw(st.booleans()):
        found = without_cost(found)
    return View(kind, found, compact=draw(st.booleans()), breakdown=draw(st.booleans()))
