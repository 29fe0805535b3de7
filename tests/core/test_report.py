"""Reports are sums: rows add up to totals, and days and months are those of the calendar."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.errors import UnknownSessionError, UsageError
from amp_tray.core.events import UsageEvent
from amp_tray.core.money import Credits, Usd
from amp_tray.core.report import KINDS, ReportOptions, build_report
from amp_tray.core.snapshot import PricingInfo, Snapshot, session_usage
from amp_tray.core.summary import build_summary

ZONES = st.sampled_from(
    [
        *("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu"),
        *("Australia/Lord_Howe", "Pacific/Chatham", "Africa/Cairo", "Pacific/Kiritimati"),
    ]
)
NOW = 1_771_000_000_000
DAY = 86_400_000
RATES = {"m-one": 3, "m-two": 7}
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
        recorded_cost=st.none(),
        single=st.just(value=True),
        message_id=st.none(),
        event_id=st.none(),
    ),
    max_size=25,
)


def price(event: UsageEvent) -> Usd | None:
    rate = RATES.get(event.model)
    return None if rate is None else Usd(rate * event.total_tokens)


def snapshot(events: list[UsageEvent]) -> Snapshot:
    grouped: dict[str, list[UsageEvent]] = defaultdict(list)
    for event in events:
        grouped[event.session_id].append(event)
    sessions = {
        name: session_usage(
            group, price, session_id=name, source="amp", title=name, project=None, recent_since=0
        )
        for name, group in grouped.items()
    }
    return Snapshot(1, sessions, (), PricingInfo("bundled", "2026-01-01"), ("amp",), NOW)


def build(events: list[UsageEvent], kind: str, zone: str = "UTC", **options: Any) -> dict[str, Any]:
    chosen = ReportOptions(ZoneInfo(zone), zone, **options)
    return build_report(snapshot(events), kind, chosen, now=NOW, stale=False)


def figures(row: dict[str, Any]) -> list[Any]:
    return [row[name] for name in (*SUMS, "credits", "totalCost", "unpricedTokens")]


def added(rows: list[dict[str, Any]]) -> list[Any]:
    return [sum(column) for column in zip(*map(figures, rows), strict=True)] or [0] * 8


@given(EVENTS, ZONES, st.sampled_from(sorted(KINDS)), st.sampled_from(["asc", "desc"]))
def test_totals_are_the_sum_of_the_rows_and_rows_of_their_models(
    events: list[UsageEvent], zone: str, kind: str, order: Any
) -> None:
    document = build(events, kind, zone, order=order)
    rows = document[KINDS[kind].key]
    assert added(rows) == figures(document["totals"])
    for row in rows:
        assert added(row["modelBreakdowns"]) == figures(row)
        assert sorted(item["model"] for item in row["modelBreakdowns"]) == row["modelsUsed"]
        assert row["totalTokens"] == sum(row[name] for name in SUMS[:4])


@given(EVENTS, ZONES, st.sampled_from(["daily", "monthly"]))
def test_periods_equal_a_recount_event_by_event(
    events: list[UsageEvent], zone: str, kind: str
) -> None:
    expected: dict[str, list[Any]] = defaultdict(lambda: [0] * 8)
    for event in events:
        day = datetime.fromtimestamp(event.at / 1000, UTC).astimezone(ZoneInfo(zone)).date()
        key = str(day) if kind == "daily" else str(day)[:7]
        cost = price(event)
        counts = (
            *event[6:10],
            event.total_tokens,
            Decimal(event.credits or 0).scaleb(-9),
            Decimal(cost or 0).scaleb(-12),
            event.total_tokens if cost is None else 0,
        )
        expected[key] = [one + other for one, other in zip(expected[key], counts, strict=True)]
    document = build(events, kind, zone)
    name = "date" if kind == "daily" else "month"
    assert {row[name]: figures(row) for row in document[kind]} == dict(expected)
    assert [row[name] for row in document[kind]] == sorted(expected)


@given(EVENTS, ZONES)
def test_every_kind_has_the_same_totals(events: list[UsageEvent], zone: str) -> None:
    totals = [build(events, kind, zone)["totals"] for kind in KINDS]
    assert all(each == totals[0] for each in totals)


@given(EVENTS, ZONES, st.integers(-40, 40), st.integers(0, 20))
def test_since_and_until_are_days_both_inclusive(
    events: list[UsageEvent], zone: str, first: int, length: int
) -> None:
    since = date(2026, 2, 1) + timedelta(days=first)
    until = since + timedelta(days=length)
    rows = build(events, "daily", zone)["daily"]
    kept = [row for row in rows if str(since) <= row["date"] <= str(until)]
    assert build(events, "daily", zone, since=since, until=until)["daily"] == kept
    sessions = build(events, "session", zone)["sessions"]
    shown = [row for row in sessions if str(since) <= row["lastActivity"] <= str(until)]
    assert build(events, "session", zone, since=since, until=until)["sessions"] == shown


@given(EVENTS)
def test_sessions_come_by_cost_then_last_activity(events: list[UsageEvent]) -> None:
    rows = build(events, "session")["sessions"]
    last = {session.session_id: session.last_at for session in snapshot(events).sessions.values()}
    order = [(-row["totalCost"], -last[row["sessionId"]], row["sessionId"]) for row in rows]
    assert order == sorted(order)
    assert build(events, "session", order="asc")["sessions"] == rows[::-1]


@given(EVENTS, ZONES)
def test_the_summary_agrees_with_the_reports(events: list[UsageEvent], zone: str) -> None:
    held, info = snapshot(events), ZoneInfo(zone)
    now = max((event.at for event in events), default=NOW)
    summary = build_summary(held, now=now, zone=info, zone_name=zone, stale=False)
    daily = {row["date"]: row for row in build(events, "daily", zone)["daily"]}
    monthly = {row["month"]: row for row in build(events, "monthly", zone)["monthly"]}
    for period, rows in ((summary["today"], daily), (summary["month"], monthly)):
        if events:
            assert figures(period) == figures(rows[period["key"]])
            assert added(period["models"]) == added(period["projects"]) == figures(period)
            assert added(period["threads"]) == figures(period)
    assert summary["last7Days"][-1]["date"] == summary["today"]["key"]
    for day in summary["last7Days"]:
        assert day["totalCost"] == daily.get(day["date"], {"totalCost": 0})["totalCost"]


def event(session: str, at: int, tokens: int = 1) -> UsageEvent:
    return UsageEvent(session, session, at, 0, "message", "m-one", tokens, 0, 0, 0)


def test_the_burn_rate_is_of_the_last_hour() -> None:
    minute = 60_000
    ages = (0, 59 * minute, 60 * minute, -minute)
    held = snapshot([event("T-a", NOW - age, 10**12) for age in ages])
    summary = build_summary(held, now=NOW, zone=UTC, zone_name="UTC", stale=False)
    assert summary["burnRate"] == 6


def test_one_session_by_its_id_or_a_prefix_of_its_own() -> None:
    events = [event("T-ab", NOW), event("T-ac", NOW), event("T-a", NOW)]
    for name, found in (("T-ab", "T-ab"), ("T-a", "T-a"), ("T-ac", "T-ac")):
        (row,) = build(events, "session", session_id=name)["sessions"]
        assert row["sessionId"] == found
    for name in ("T-", "x", ""):
        with pytest.raises(UnknownSessionError):
            build(events, "session", session_id=name)


def test_no_data_is_the_same_document_with_nothing_in_it() -> None:
    for kind, shape in KINDS.items():
        document = build([], kind)
        assert document[shape.key] == []
        assert figures(document["totals"]) == [0] * 8
        assert document["meta"]["newestEventAt"] is None


def test_options_that_cannot_be_are_refused() -> None:
    with pytest.raises(UsageError, match="after until"):
        ReportOptions(UTC, "UTC", date(2026, 2, 2), date(2026, 2, 1))
    with pytest.raises(UsageError, match="yearly"):
        build([], "yearly")
