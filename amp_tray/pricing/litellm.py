"""LiteLLM's price file: what it lists for text models, as exact prices.

Source: LiteLLM, `model_prices_and_context_window.json` (MIT): one object a model, USD per token
under `input_cost_per_token` and the like, tiers under the same names with
`_above_<N>k_tokens`, quicker service under names with `_priority`, or as a factor in
`provider_specific_entry.fast`; some providers give ranges in `tiered_pricing`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from amp_tray.core.errors import AmpTrayError
from amp_tray.core.money import usd
from amp_tray.core.rates import Prices, Rates, Tier

DEFAULT_URL = (
    "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"
)

MODES = frozenset({"chat", "responses", "completion"})

DEAREST = 1_000_000_000
"""Picodollars per token, or 1,000 USD per million: above it a rate is a mistaken unit."""

_MOST_NAME = 200
_FIELDS = (
    "input_cost_per_token",
    "output_cost_per_token",
    "cache_creation_input_token_cost",
    "cache_read_input_token_cost",
    "cache_creation_input_token_cost_above_1hr",
)
_TIER = re.compile(r"input_cost_per_token_above_(\d{1,5})k_tokens(_priority)?")


class NotAPriceListError(AmpTrayError):
    """The bytes are no price list."""

    title = "no price list"


class Offer(NamedTuple):
    """What a list says of one model today."""

    provider: str
    prices: Prices


class PriceList(NamedTuple):
    """A price file, read.

    Attributes:
        offers: by the list's own name, lower case.
        refused: names whose rates cannot be, and why, a few words.
    """

    offers: Mapping[str, Offer]
    refused: Mapping[str, str]


def read_price_list(data: bytes) -> PriceList:
    """Read the bytes of a price file.

    Raises:
        NotAPriceListError: they are no JSON object, or one that prices no text model.
    """
    try:
        entries = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotAPriceListError("the answer is no JSON text") from None
    if not isinstance(entries, dict):
        raise NotAPriceListError("the answer is no JSON object")
    offers: dict[str, Offer] = {}
    refused: dict[str, str] = {}
    # Names spelled in lower case come last and win where two differ in case alone.
    for spelled, entry in sorted(entries.items(), key=lambda item: item[0].islower()):
        name = spelled.lower()
        provider = _provider(name, entry)
        if provider is None:
            continue
        prices = _prices(entry)
        if prices is None:
            continue
        trouble = _trouble(prices)
        if trouble is None:
            offers[name] = Offer(provider, prices)
        else:
            refused[name] = trouble
    if not offers and not refused:
        raise NotAPriceListError("the answer lists no model with a price")
    return PriceList(offers, refused)


def _provider(name: str, entry: object) -> str | None:
    """Return whose list an entry stands on, None when it is no text model we can keep."""
    if not isinstance(entry, dict) or entry.get("mode") not in MODES:
        return None
    provider = entry.get("litellm_provider")
    if not isinstance(provider, str) or len(name) > _MOST_NAME:
        return None
    # Both end up in a line of text (`pricing.cards`).
    both = f"{name}{provider}"
    return provider if provider and both.isprintable() and "|" not in both else None


def _prices(entry: Mapping[str, Any]) -> Prices | None:
    """Return an entry's prices; None when it has none, or is listed as free."""
    ranges = sorted(_ranges(entry), key=lambda tier: tier.above)
    base = _rates(entry) or (ranges[0].rates if ranges else None)
    if base is None or not any(base):
        return None
    tiers = [tier for tier in ranges if tier.above] or [*_tiers(entry)]
    tiers += _fast(entry, base)
    tiers.sort(key=lambda tier: (tier.speed, tier.above))
    return Prices(base, tuple(tiers))


def _rates(entry: Mapping[str, Any], suffix: str = "") -> Rates | None:
    rates = [usd(entry.get(f"{field}{suffix}")) for field in _FIELDS]
    if rates[0] is None or rates[1] is None:
        return None
    return Rates(rates[0], rates[1], *rates[2:])


def _tiers(entry: Mapping[str, Any]) -> Iterator[Tier]:
    priority = _rates(entry, "_priority")
    if priority is not None:
        yield Tier(0, "priority", priority)
    for key in entry:
        match = _TIER.fullmatch(key)
        rates = match and _rates(entry, key.removeprefix("input_cost_per_token"))
        if match and rates:
            yield Tier(int(match[1]) * 1000, (match[2] or "").lstrip("_"), rates)


def _ranges(entry: Mapping[str, Any]) -> Iterator[Tier]:
    listed = entry.get("tiered_pricing")
    for part in listed if isinstance(listed, list) else ():
        match part:
            case {"range": [int() | float() as above, *_]} if 0 <= above < 10**9:
                rates = _rates(part)
                if rates is not None:
                    yield Tier(int(above), "", rates)


def _fast(entry: Mapping[str, Any], base: Rates) -> Iterator[Tier]:
    match entry.get("provider_specific_entry"):
        case {"fast": int() | float() as factor} if 0 < factor < 100:  # noqa: PLR2004 - sanity
            millionths = usd(factor) or 0
            scaled = [None if rate is None else rate * millionths // 10**12 for rate in base]
            yield Tier(0, "fast", Rates(scaled[0] or 0, scaled[1] or 0, *scaled[2:]))


def _trouble(prices: Prices) -> str | None:
    """Return why some prices cannot be, None when they can."""
    for rates in (prices.rates, *(tier.rates for tier in prices.tiers)):
        for rate in rates:
            if rate is not None and rate < 0:
                return "a rate below zero"
            if rate is not None and rate > DEAREST:
                return "a rate above 1,000 USD per million tokens"
    return None
