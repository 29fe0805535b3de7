"""The words of the live view: what is known at one moment, told in lines of text.

In: documents of the service whose numbers are `int` or `Decimal`. Out: text without style.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from amp_tray.core.figures import SERVER_THREADS, credits_text, plural, short_cost, tokens

Document = Mapping[str, Any]

_OLD = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class View:
    """What is known at one moment.

    Attributes:
        summary: the newest `usage.summary`, None before the first.
        threads: rows of a session report, the latest activity first.
        trouble: why the figures move no longer; empty while the service answers.
    """

    summary: Document | None = None
    threads: Sequence[Document] = ()
    trouble: str = ""


def age_text(then: datetime, now: datetime) -> str:
    """Return an age as a narrow column has it: `now`, `42 s`, `3 min`, `5 h`, `12 d`."""
    age = max(now - then, timedelta(0))
    seconds = age // timedelta(seconds=1)
    if seconds < 1:
        return "now"
    for unit, size, most in (("s", 1, 60), ("min", 60, 60), ("h", 3600, 24)):
        if seconds < size * most:
            return f"{seconds // size} {unit}"
    return f"{age.days:,} d"


def instant(text: str) -> datetime:
    """Return an instant of a document."""
    return datetime.fromisoformat(text).astimezone(UTC)


def notices_of(view: View, now: datetime) -> list[str]:
    """Return what must be known before a figure is believed, most urgent first."""
    summary = view.summary
    assert summary is not None
    lines = [view.trouble] if view.trouble else []
    if summary["paused"]:
        lines.append("Paused: new usage is not read")
    elif summary["stale"]:
        lines.append("The figures may be behind the thread files")
    if summary["unpricedModels"]:
        count = sum(item["tokens"] for item in summary["unpricedModels"])
        models = ", ".join(item["model"] for item in summary["unpricedModels"])
        lines.append(f"* without {tokens(count)} that have no known price: {models}")
    if summary["diagnostics"]:
        troubles = plural(summary["diagnostics"], "file or record", "files or records")
        lines.append(f"{troubles} could not be used; `amp-tray doctor` lists them")
    newest = summary["newestEventAt"]
    if newest is not None and now - instant(newest) > _OLD:
        lines.append(SERVER_THREADS)
    return lines


def footer(view: View, now: datetime) -> list[str]:
    """Return how old the newest usage is, and the figures."""
    summary = view.summary
    assert summary is not None
    newest = summary["newestEventAt"]
    usage = "none yet" if newest is None else _since(instant(newest), now)
    made = _since(instant(summary["generatedAt"]), now)
    return [f"Newest usage {usage}", f"figures of {made}"]


def _since(then: datetime, now: datetime) -> str:
    return "now" if now - then < timedelta(seconds=1) else f"{age_text(then, now)} ago"


def cost_of(period: Document) -> str:
    """Return the cost of a period or a row, short."""
    return short_cost(Decimal(period["totalCost"]), period["unpricedTokens"])


def counts(period: Document) -> list[str]:
    """Return a period's tokens, and its credits where any were recorded."""
    amount = Decimal(period["credits"])
    said = [tokens(period["totalTokens"])]
    return [*said, credits_text(amount)] if amount else said


def whole(parts: Sequence[str], room: int) -> str:
    """Return as many parts as have room, the first in any case: figures are left out, not cut."""
    text = parts[0]
    for part in parts[1:]:
        longer = f"{text} · {part}"
        if len(longer) > room:
            break
        text = longer
    return text
