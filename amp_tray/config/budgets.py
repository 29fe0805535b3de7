"""The user's budgets, as the environment says them (`config.toml` lies below it)."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from amp_tray.core.budgets import SPANS, UNITS, Budget, Budgets, Unit
from amp_tray.core.choices import WEEKDAYS
from amp_tray.core.errors import UsageError
from amp_tray.core.money import credits_of, usd


def budgets_of(env: Mapping[str, str]) -> Budgets:
    """Return the budgets that are set.

    Raises:
        UsageError: a limit that is no amount above 0, or a week that begins with no day.
    """
    found = []
    for span in SPANS:
        for unit in UNITS:
            variable = budget_variable(span, unit)
            text = env.get(variable, "").strip()
            if text:
                found.append(Budget(span, unit, _limit(variable, text, unit)))
    return Budgets(tuple(found), _start_of_week(env))


def budget_variable(span: str, unit: str) -> str:
    """Return the variable of a budget: `AMP_TRAY_BUDGET_DAILY_USD`."""
    return f"AMP_TRAY_BUDGET_{span}_{unit}".upper()


def _start_of_week(env: Mapping[str, str]) -> int:
    text = env.get("AMP_TRAY_START_OF_WEEK", "").strip().lower() or WEEKDAYS[0]
    if text not in WEEKDAYS:
        raise UsageError(
            f"AMP_TRAY_START_OF_WEEK is {text!r}", hint=f"accepted: {', '.join(WEEKDAYS)}"
        )
    return WEEKDAYS.index(text)


def _limit(variable: str, text: str, unit: Unit) -> int:
    limit: int | None = None
    try:
        amount = Decimal(text)
        if unit == "usd":
            limit = usd(amount)
        elif unit == "credits":
            limit = credits_of(amount)
        elif amount.is_finite() and amount == amount.to_integral_value():
            limit = int(amount)
    except InvalidOperation:
        limit = None
    if limit is None or limit <= 0:
        what = {"usd": "USD", "credits": "credits"}.get(unit, "whole tokens")
        raise UsageError(f"{variable} is {text!r}", hint=f"set it to {what} above 0, or unset it")
    return limit
