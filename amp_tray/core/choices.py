"""The closed sets that options are chosen from: words, and nothing that is slow to load."""

from typing import Final, Literal, get_args

Mode = Literal["auto", "calculate", "display"]
"""A cost mode. `auto`: the USD that the log recorded, else the list price; never credits.
`calculate`: the list price. `display`: what the log recorded, in USD or in credits.
"""
MODES: Final[tuple[Mode, ...]] = get_args(Mode)

Order = Literal["asc", "desc"]
ORDERS: Final[tuple[Order, ...]] = get_args(Order)

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
"""In the order of `date.weekday()`."""

Metric = Literal["cost", "tokens", "credits"]
"""What the tray shows beside its icon."""
METRICS: Final[tuple[Metric, ...]] = get_args(Metric)

ALL_SOURCES: Final = "all"
"""What `source` is where usage of all log formats is asked for, as it is without it."""

MOST_PERIODS = 10_000
"""The greatest `last`: 27 years of days."""
