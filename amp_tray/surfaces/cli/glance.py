"""The glance in a terminal: today and this month in two lines."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from amp_tray.core.figures import figures, month_name


def glance_lines(summary: Mapping[str, Any]) -> list[str]:
    """Return the lines for a `usage.summary` document."""
    today, month = summary["today"], summary["month"]
    lines = [
        f"{'Today':<10} {_figures(today)}",
        f"{month_name(month['key']) or month['key']:<10} {_figures(month)}",
    ]
    if summary["newestEventAt"] is None:
        lines.append("No usage found yet: no thread file in the watched directories.")
    return lines


def _figures(period: Mapping[str, Any]) -> str:
    recorded = Decimal(str(period["credits"]))
    return figures(
        Decimal(str(period["totalCost"])),
        period["unpricedTokens"],
        period["totalTokens"],
        recorded or None,
    )
