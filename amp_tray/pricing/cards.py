"""Rate cards as text: one line a model, in USD per million tokens, for files and for people.

    anthropic | 2025-05-28 3/15/3.75/0.3 | 2025-09-24..2026-10-27 3/15/3.75/0.3/6 >200000 6/22.5

A provider, then its cards, oldest first: the day from which a card was seen (and the first day
on which it was not), the rates of input / output / cache creation / cache read / cache creation
for an hour, and the tiers: `>N` for requests of more than N tokens, a word for a speed.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from amp_tray.core.catalogue import Listing
from amp_tray.core.money import usd_decimal
from amp_tray.core.periods import day_number, iso_day
from amp_tray.core.rates import Prices, RateCard, Rates, Tier

_SEPARATOR = " | "
_MILLION = 10**6


def card_line(provider: str, cards: Iterable[RateCard]) -> str:
    """Return the text of a listing's cards."""
    return _SEPARATOR.join((provider, *map(_card_text, cards)))


def parse_line(name: str, line: str, origin: str) -> Listing:
    """Read a listing's text.

    Raises:
        ValueError: it is no such text.
    """
    provider, *cards = line.split(_SEPARATOR)
    if not cards:
        raise ValueError("a listing without a card")
    return Listing(
        name, provider, tuple(_parse_card(name, provider, text, origin) for text in cards)
    )


def _card_text(card: RateCard) -> str:
    until = "" if card.until is None else f"..{iso_day(card.until)}"
    words = [f"{iso_day(card.since)}{until}", _rates_text(card.prices.rates)]
    above, speed = 0, ""
    for tier in card.prices.tiers:
        if tier.speed != speed:
            above, speed = 0, tier.speed
            words.append(speed)
        if tier.above != above:
            above = tier.above
            words.append(f">{above}")
        words.append(_rates_text(tier.rates))
    return " ".join(words)


def _rates_text(rates: Rates) -> str:
    shown = ["" if rate is None else f"{usd_decimal(rate * _MILLION):f}" for rate in rates]
    return "/".join(shown).rstrip("/")


def _parse_card(name: str, provider: str, text: str, origin: str) -> RateCard:
    period, base, *words = text.split(" ")
    since, _, until = period.partition("..")
    return RateCard(
        name,
        provider,
        day_number(since),
        day_number(until) if until else None,
        Prices(_parse_rates(base), tuple(_parse_tiers(words))),
        origin,
    )


def _parse_tiers(words: Iterable[str]) -> Iterator[Tier]:
    above, speed = 0, ""
    for word in words:
        if word.startswith(">"):
            above = int(word[1:])
        elif word.isalpha():
            above, speed = 0, word
        else:
            yield Tier(above, speed, _parse_rates(word))


def _parse_rates(text: str) -> Rates:
    try:
        rates = [int(Decimal(part) * _MILLION) if part else None for part in text.split("/")]
    except InvalidOperation:
        raise ValueError("a rate that is no number") from None
    match rates:
        case [int() as first, int() as second, *rest] if len(rates) <= len(Rates._fields):
            return Rates(first, second, *rest)
        case _:
            raise ValueError("rates without input or output")
