"""Usage at random and by hand, and the reports of it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from amp_tray.core.choices import MODES
from amp_tray.core.events import Terms, UsageEvent
from amp_tray.core.money import Credits, Usd
from amp_tray.core.periods import millis
from amp_tray.core.rates import Prices, RateCard, Rates, cost_of
from amp_tray.core.report import KINDS, build_report
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.rollup import PriceList
from amp_tray.core.snapshot import PricingInfo, Snapshot, session_usage

ZONES = st.sampled_from(
    [
        *("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu"),
        *("Australia/Lord_Howe", "Pacific/Chatham", "Africa/Cairo", "Pacific/Kiritimati"),
    ]
)
NOW = 1_771_000_000_000
DAY = 86_400_000
RATES = {"m-one": 3, "m-two": 7}
PROJECTS = {"T-a": "/home/me/Shop", "T-b": "shop", "T-c": None, "T-d": "C:\\work\\site\\"}
SOURCES = {"T-b": "other"}
MONEY = {"totalCost", "unpricedTokens", "costPerHour"}
MODE = st.sampled_from(MODES)
SUMS = ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "totalTokens")
COUNT = st.integers(0, 10**6)

# Around the ends of a month, a year and two changes of the clock.
INSTANTS = st.sampled_from(
    [1_769_900_400_000, 1_767_222_000_000, 1_774_746_000_000, 1_761_440_400_000]
).flatmap(lambda start: st.integers(start - DAY, start + DAY))

EVENTS = st.lists(
    st.builds(
        UsageEvent,
        session_id=st.sampled_from(["T-a", "T-b", "T-c"]),
        thread_id=st.just("T-a"),
        at=INSTANTS,
        rung=st.just(0),
        evidence=st.just("message"),
        model=st.sampled_from([*RATES, "unpriced"]),
        input_tokens=COUNT,
        output_tokens=COUNT,
        cache_creation_tokens=COUNT,
        cache_read_tokens=COUNT,
        credits=st.none() | st.integers(0, 10**12).map(Credits),
        recorded_cost=st.none() | st.integers(0, 10**12).map(Usd),
        single=st.just(value=True),
        message_id=st.none(),
        event_id=st.none(),
        terms=st.none() | st.builds(Terms, st.integers(0, 1000), st.sampled_from(["", "fast"])),
    ),
    max_size=25,
)


def card_of(model: str, _at: int) -> RateCard | None:
    """Return a model's card: every token costs the same."""
    rate = RATES.get(model)
    return None if rate is None else flat_card(rate)


def flat_card(rate: int) -> RateCard:
    """Return a card by which every token costs so many picodollars."""
    return RateCard("m", "p", 0, None, Prices(Rates(rate, rate)))


def price(event: UsageEvent) -> Usd | None:
    """Return the list price of an event by those cards."""
    card = card_of(event.model, event.at)
    return None if card is None else cost_of(event, card)


def snapshot(events: Iterable[UsageEvent]) -> Snapshot:
    """Return a snapshot of two sources, whose sessions have the projects above or none."""
    grouped: dict[str, list[UsageEvent]] = defaultdict(list)
    for event in events:
        grouped[event.session_id].append(event)
    sessions = {
        name: session_usage(
            group,
            PriceList(card_of),
            session_id=name,
            source=SOURCES.get(name, "amp"),
            title=name,
            project=PROJECTS.get(name),
            recent_since=0,
        )
        for name, group in grouped.items()
    }
    pricing = PricingInfo("bundled", "2026-01-01")
    return Snapshot(1, sessions, (), pricing, ("amp", "other"), NOW)


def build(
    events: Iterable[UsageEvent], kind: str, zone: str = "UTC", now: int = NOW, **options: Any
) -> dict[str, Any]:
    """Return a report document; the options are those of `ReportOptions`."""
    chosen = ReportOptions(ZoneInfo(zone), zone, **options)
    return build_report(snapshot(events), kind, chosen, now=now, stale=False)


def rows_of(
    events: Iterable[UsageEvent], kind: str, zone: str = "UTC", now: int = NOW, **options: Any
) -> list[dict[str, Any]]:
    """Return a report's rows."""
    rows: list[dict[str, Any]] = build(events, kind, zone, now, **options)[KINDS[kind].key]
    return rows


def at(text: str) -> int:
    """Return the instant of a UTC time such as `2026-02-10T12:00`."""
    return millis(datetime.fromisoformat(text).replace(tzinfo=UTC))


def used(when: str, tokens: int = 1, session: str = "T-a", model: str = "m-one") -> UsageEvent:
    """Return usage of some input tokens at a UTC time."""
    return UsageEvent(session, session, at(when), 0, "message", model, tokens, 0, 0, 0)


def tokens(rows: Iterable[dict[str, Any]], key: str) -> dict[str, int]:
    """Return each row's name and its tokens."""
    return {row[key]: row["totalTokens"] for row in rows}


def members(value: Any) -> set[str]:
    """Return every name that a document uses anywhere."""
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    return set().union(*map(members, value)) if isinstance(value, list) else set()


def figures(row: dict[str, Any]) -> list[Any]:
    """Return all that a row counts."""
    return [row[name] for name in (*SUMS, "credits", "totalCost", "unpricedTokens")]


def added(rows: list[dict[str, Any]]) -> list[Any]:
    """Return what rows add up to."""
    return [sum(column) for column in zip(*map(figures, rows), strict=True)] or [0] * 8
