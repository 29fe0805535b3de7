"""Figures as people read them: money, short counts, ages' plurals; the same on every surface."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

SERVER_THREADS = "Amp keeps new threads on its servers since April 2026"
"""Said where the newest usage is old: the likeliest reason.

Source: published Amp builds; those of April 2026 and later write no thread files.
"""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_THOUSAND = 1_000
_UNITS = ((_THOUSAND, "k"), (1_000_000, "M"), (1_000_000_000, "B"), (1_000_000_000_000, "T"))
_TENTH = Decimal("0.1")
_CENT = Decimal("0.01")
_BARS = "▁▂▃▄▅▆▇█"


def money(usd: Decimal) -> str:
    """Return an amount as `$1,234.56`; an amount that would round away as `<$0.01`."""
    if 0 < usd < _CENT:
        return "<$0.01"
    return f"${usd.quantize(_CENT, ROUND_HALF_UP):,}"


def short_number(count: int) -> str:
    """Return a count as `77`, `45.1k`, `3.2M`, `1.0B`."""
    if count < _THOUSAND:
        return str(count)
    for size, letter in _UNITS:
        scaled = (Decimal(count) / size).quantize(_TENTH, ROUND_HALF_UP)
        # Decided after rounding: 999,960 is 1.0M, not 1000.0k.
        if scaled < _THOUSAND:
            return f"{scaled}{letter}"
    return f"{Decimal(count) / _UNITS[-1][0]:,.0f}{_UNITS[-1][1]}"


def plural(count: int, one: str, many: str) -> str:
    """Return `1 file`, `2 files`, `45.1k files`."""
    return f"{short_number(count)} {one if count == 1 else many}"


def tokens(count: int) -> str:
    """Return a token count with its unit."""
    return plural(count, "token", "tokens")


def credits_text(amount: Decimal) -> str:
    """Return an amount of Amp's credits with its unit, to one decimal."""
    if 0 < amount < _TENTH:
        return "<0.1 credits"
    return f"{amount.quantize(_TENTH, ROUND_HALF_UP):,} credits"


def cost(usd: Decimal, unpriced_tokens: int) -> str:
    """Return a cost; tokens without a known price are named, so that they never look free."""
    if not unpriced_tokens:
        return money(usd)
    noun = "token" if unpriced_tokens == 1 else "tokens"
    return f"{money(usd)} + {short_number(unpriced_tokens)} unpriced {noun}"


def short_cost(usd: Decimal, unpriced_tokens: int) -> str:
    """Return a cost where there is little room: `$1.20*` is without tokens of unknown price."""
    return money(usd) + ("*" if unpriced_tokens else "")


def sparkline(values: Sequence[Decimal]) -> str:
    """Return one bar a value; only a value of zero gets the lowest bar."""
    top = max(values, default=Decimal(0))
    steps = len(_BARS) - 1
    return "".join(
        _BARS[max(1, int((value / top * steps).to_integral_value()))] if value > 0 else _BARS[0]
        for value in values
    )


def usage(usd: Decimal, unpriced: int, total_tokens: int, amp_credits: Decimal) -> str:
    """Return `$12.34 · 3.2M tokens · 45.1 credits`; no credits recorded is not 0 credits."""
    parts = [cost(usd, unpriced), tokens(total_tokens)]
    if amp_credits:
        parts.append(credits_text(amp_credits))
    return " · ".join(parts)


def month_name(key: str) -> str | None:
    """Return the month's English name for a key `YYYY-MM`, None for any other text."""
    year, _, month = key.partition("-")
    if year.isdecimal() and month.isdecimal() and 1 <= int(month) <= len(_MONTHS):
        return _MONTHS[int(month) - 1]
    return None


def ago(then: datetime, now: datetime) -> str:
    """Return the age of an instant; one in the future counts as now."""
    age = now - then
    if age < timedelta(minutes=1):
        return "just now"
    if age < timedelta(hours=1):
        return f"{age // timedelta(minutes=1)} min ago"
    if age < timedelta(days=1):
        return f"{plural(age // timedelta(hours=1), 'hour', 'hours')} ago"
    return f"{plural(age.days, 'day', 'days')} ago"
