"""Exact amounts: integers of a small unit, so that sums never depend on their order.

USD is counted in picodollars (1e-12 USD), fine enough for one token at any published rate
(the cheapest are near 1e-9 USD). Credits, Amp's own unit, are counted in nanocredits.
Binary floats come in only as what a JSON reader made of a decimal literal, and leave as
exact decimals.
"""

from decimal import Decimal, DecimalException
from typing import NewType

Usd = NewType("Usd", int)
"""USD in picodollars (1e-12 USD)."""

Credits = NewType("Credits", int)
"""Amp credits in nanocredits (1e-9 credit)."""

NO_USD = Usd(0)
NO_CREDITS = Credits(0)

_PICO = 12
_NANO = 9
# Far above any bill, far below what a 64-bit column can hold (9.2e18).
_LIMIT = 4 * 10**18


def usd(value: object) -> Usd | None:
    """Read a number of USD as picodollars; None when it is no finite number or out of range."""
    units = _units(value, _PICO)
    return None if units is None else Usd(units)


def credits_of(value: object) -> Credits | None:
    """Read a number of credits as nanocredits; None when it is no finite number."""
    units = _units(value, _NANO)
    return None if units is None else Credits(units)


def usd_decimal(amount: int) -> Decimal:
    """Return picodollars as USD with every digit and no trailing zeros."""
    return _decimal(amount, _PICO)


def credits_decimal(amount: int) -> Decimal:
    """Return nanocredits as credits with every digit and no trailing zeros."""
    return _decimal(amount, _NANO)


def _units(value: object, places: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        # repr of a float is the shortest decimal that reads back as it: what the file said.
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
        if not number.is_finite() or abs(number) > _LIMIT:
            return None
        units = int(number.scaleb(places).to_integral_value())
    except (DecimalException, ValueError):  # an exponent or a digit count beyond all reason
        return None
    return units if abs(units) <= _LIMIT else None


def _decimal(amount: int, places: int) -> Decimal:
    if amount == 0:
        return Decimal(0)
    sign, digits = ("-" if amount < 0 else ""), str(abs(amount)).rjust(places + 1, "0")
    whole, fraction = digits[:-places], digits[-places:].rstrip("0")
    return Decimal(f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}")
