"""The user's own prices: `pricing.toml`, in USD per million tokens.

    [[price]]
    model = "moonshotai/kimi-k2-0905"
    from = 2026-01-01           # left out: always
    input = 0.60
    output = 2.50
    cache_read = 0.15           # also: cache_creation, cache_creation_1h
    tiers = [{ above = 200_000, input = 1.20, output = 5.00 }]

They stand above every list; a model's prices apply from their day (UTC) on. Zero is a price.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from amp_tray.core.errors import AmpTrayError
from amp_tray.core.money import usd
from amp_tray.core.periods import day_number
from amp_tray.core.rates import Prices, RateCard, Rates, Tier

PerMillion = Annotated[Decimal, Field(ge=0, le=1_000, description="USD per million tokens")]


class OverlayRates(BaseModel):
    """What a token of each kind costs; a cache rate left out is the input rate."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    input: PerMillion
    output: PerMillion
    cache_creation: PerMillion | None = None
    cache_creation_1h: PerMillion | None = None
    cache_read: PerMillion | None = None

    def rates(self) -> Rates:
        """Return the same in picodollars per token."""
        return Rates(
            _picodollars(self.input) or 0,
            _picodollars(self.output) or 0,
            _picodollars(self.cache_creation),
            _picodollars(self.cache_read),
            _picodollars(self.cache_creation_1h),
        )


class OverlayTier(OverlayRates):
    """Rates of a request whose input and cache together are above so many tokens."""

    above: Annotated[int, Field(gt=0, le=10**9)]


class OverlayPrice(OverlayRates):
    """One model's prices from a day on."""

    model: Annotated[str, Field(min_length=1, max_length=200)]
    since: date = Field(default=date(1970, 1, 1), alias="from")
    tiers: tuple[OverlayTier, ...] = ()


Overlay = Mapping[str, tuple[RateCard, ...]]
"""The user's cards by model as spelled, lower case; oldest first."""

_MOST_BYTES = 1024 * 1024
_TABLE = re.compile(r"^[ \t]*\[\[[ \t]*price[ \t]*\]\]", re.MULTILINE)


class BadOverlayError(AmpTrayError):
    """`pricing.toml` cannot be used; the message names the line and what is wrong."""

    title = "pricing.toml cannot be used"


def read_overlay(path: Path) -> Overlay:
    """Read the user's prices; without the file there are none.

    Raises:
        BadOverlayError: the file cannot be read, or something in it is no price.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadOverlayError(f"{path}: {error.strerror}", hint="make it readable") from error
    hint = f"mend {path}; `amp-tray pricing show MODEL` shows what is in force"
    try:
        text = _text(data)
        return _cards(tomllib.loads(text, parse_float=Decimal), text)
    except (ValueError, RecursionError) as error:  # also TOMLDecodeError and UnicodeDecodeError
        raise BadOverlayError(f"{path}: {_cause(error)}", hint=hint) from error


def _text(data: bytes) -> str:
    if len(data) > _MOST_BYTES:
        raise ValueError("it is larger than 1 MiB")
    return data.decode("utf-8-sig")


def _cause(error: Exception) -> str:
    match error:
        case UnicodeDecodeError():
            return "it is no UTF-8 text"
        case RecursionError():
            return "it is nested too deep"
        case _:
            return str(error)


def _cards(document: Mapping[str, Any], text: str) -> Overlay:
    lines = [text.count("\n", 0, match.start()) + 1 for match in _TABLE.finditer(text)]
    tables = document.get("price", [])
    unknown = [key for key in document if key != "price"]
    if unknown or not isinstance(tables, list):
        raise ValueError(f"{(unknown or ['price'])[0]!r}: prices stand in [[price]] tables")
    cards: dict[str, dict[int, RateCard]] = {}
    for index, table in enumerate(tables):
        line = lines[index] if len(lines) == len(tables) else None
        where = f"price {index + 1}" if line is None else f"line {line}"
        card = _card(table, where)
        if card.since in cards.setdefault(card.model, {}):
            raise ValueError(f"{where}: {card.model} has two prices from the same day")
        cards[card.model][card.since] = card
    return {
        model: tuple(card for _, card in sorted(by_day.items())) for model, by_day in cards.items()
    }


def _card(table: object, where: str) -> RateCard:
    try:
        price = OverlayPrice.model_validate(table)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        message = first["msg"][:1].lower() + first["msg"][1:]
        raise ValueError(f"{where}: {place}: {message}") from None
    tiers = sorted(price.tiers, key=lambda tier: tier.above)
    return RateCard(
        price.model.strip().lower(),
        "pricing.toml",
        max(0, day_number(price.since.isoformat())),
        None,
        Prices(price.rates(), tuple(Tier(tier.above, "", tier.rates()) for tier in tiers)),
        "overlay",
    )


def _picodollars(per_million: Decimal | None) -> int | None:
    return None if per_million is None else usd(per_million / 10**6)
