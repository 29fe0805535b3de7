"""Pieces that every JSON document shares: names of counts, exact numbers, model rows.

A document is made of dicts, lists, strings, ints, bools, None and `Decimal`; whoever writes
it must write a Decimal as a number with all its digits.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from amp_tray.core.money import credits_decimal, usd_decimal
from amp_tray.core.text import clean
from amp_tray.core.tokens import Totals

Document = dict[str, Any]

_MONEY = frozenset({"totalCost", "unpricedTokens", "costPerHour"})
"""What a report without costs leaves out, wherever it stands."""


def counts(totals: Totals) -> Document:
    """Return the counts, credits and cost that rows, totals and breakdowns all carry."""
    return {
        "inputTokens": totals.input_tokens,
        "outputTokens": totals.output_tokens,
        "cacheCreationTokens": totals.cache_creation_tokens,
        "cacheReadTokens": totals.cache_read_tokens,
        "totalTokens": totals.total_tokens,
        "credits": credits_decimal(totals.credits),
        "totalCost": usd_decimal(totals.cost),
        "unpricedTokens": totals.unpriced_tokens,
    }


def model_rows(models: Iterable[tuple[str, Totals]]) -> list[Document]:
    """Return one row of counts per model, in the given order (`rollup.by_model` has one)."""
    return [{"model": clean(model), **counts(totals)} for model, totals in models]


def without_money(value: Any) -> Any:
    """Return a part of a document without what is told in money."""
    if isinstance(value, dict):
        return {key: without_money(member) for key, member in value.items() if key not in _MONEY}
    return [without_money(item) for item in value] if isinstance(value, list) else value


def shown(text: str | None) -> str | None:
    """Return user text as any client may show it: one harmless line, or null."""
    return None if text is None else clean(text)


def rounded(number: float, places: int) -> Decimal:
    """Return an estimate (a rate, a projection) as a decimal without float noise."""
    return Decimal(f"{number:.{places}f}").normalize() + 0
