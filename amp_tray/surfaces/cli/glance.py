"""The glance in a terminal: today and this month in two lines."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from amp_tray.core import figures
from amp_tray.core.text import clean

_OLD = timedelta(days=7)


def glance_lines(summary: Mapping[str, Any]) -> list[str]:
    """Return the lines for a `usage.summary` document: two of figures, one of the data's age.

    Between them stands the balance with the vendor, where it is known.
    """
    today, month, balance = summary["today"], summary["month"], summary.get("balance")
    known = [] if not balance else [f"{'Balance':<10} {clean(balance['text'])}"]
    return [
        f"{'Today':<10} {_figures(today)}",
        f"{figures.month_name(month['key']) or month['key']:<10} {_figures(month)}",
        *known,
        f"{'Newest':<10} {age(summary)}",
    ]


def age(summary: Mapping[str, Any]) -> str:
    """Return how old the newest usage of a `usage.summary` document is, in words."""
    if summary["newestEventAt"] is None:
        return "no usage found yet"
    newest, now = (datetime.fromisoformat(summary[key]) for key in ("newestEventAt", "generatedAt"))
    age = figures.ago(newest, now)
    return f"{age}; {figures.SERVER_THREADS}" if now - newest > _OLD else age


def _figures(period: Mapping[str, Any]) -> str:
    return figures.usage(
        Decimal(str(period["totalCost"])),
        period["unpricedTokens"],
        period["totalTokens"],
        Decimal(str(period["credits"])),
    )
