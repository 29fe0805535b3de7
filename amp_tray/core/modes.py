"""Cost modes: which of the costs that are known of a usage event a report shows.

A log may record a cost of its own, in USD or (Amp) in credits, and a catalogue prices tokens.
What a mode has no cost for is unpriced, never 0.
"""

from amp_tray.core.events import UsageEvent
from amp_tray.core.money import Usd

USD_PER_CREDIT = 10
"""Picodollars per nanocredit.

Source: Amp bills a credit as one cent; 1e-9 credit x 0.01 USD is 1e-11 USD.
"""


def auto_cost(event: UsageEvent, list_cost: Usd | None) -> Usd | None:
    """Return an event's cost in the mode `auto`.

    Args:
        list_cost: its list price, None when its model has none.
    """
    return list_cost if event.recorded_cost is None else event.recorded_cost


def recorded_cost(event: UsageEvent) -> Usd | None:
    """Return an event's cost in the mode `display`: as recorded, in USD before credits.

    Credits of 0 mean that none were recorded, not that the call was free.
    """
    if event.recorded_cost is not None:
        return event.recorded_cost
    return Usd(event.credits * USD_PER_CREDIT) if event.credits else None
