"""Reports are sums: rows add up to totals, and days and months are those of the calendar."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.choices import Mode
from amp_tray.core.errors import UnknownSessionError, UsageError
from amp_tray.core.events import UsageEvent
from amp_tray.core.report import KINDS
from amp_tray.core.report_options import ReportOptions
from amp_tray.core.summary import build_summary
from tests.support.usage import (
    EVENTS,
    MODE,
    NOW,
    ZONES,
    added,
    at,
    build,
    figures,
    price,
    snapshot,
)


def cost_in(event: UsageEvent, mode: Mode) -> int | None:
    """What an event costs in a mode, said once more and in other words."""
    billed = event.credits * 10 if event.credits else None
    known = {
        "auto": (event.recorded_cost, price(event)),
        "calculate": (price(event),),
        "display": (event.recorded_cost, billed),
    }[mode]
    return next((cost for cost in known if cost is not None), None)


@given(EVENTS, ZONES, st.sampled_from(["daily", "monthly"]), MODE)
def test_periods_equal_a_recount_event_by_event(
    events: list[UsageEvent], zone: str, kind: str, mode: Mode
) -> None:
    expected: dict[str, list[Any]] = defaultdict(lambda: [0] * 8)
    for event in events:
        day = datetime.fromtimestamp(event.at / 1000, UTC).astimezone(ZoneInfo(zone)).date()
        key = str(day) if kind == "daily" else str(day)[:7]
        cost = cost_in(event, mode)
        counts = (
            *event[6:10],
            event.total_tokens,
            Decimal(event.credits or 0).scaleb(-9),
            Decimal(cost or 0).scaleb(-12),
            event.total_tokens if cost is None else 0,
        )
        expected[key] = [one + other for one, other in zip(expected[key], counts, strict=True)]
    document = build(events, kind, zone, mode=mode)
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


@given(EVENTS, MODE)
def test_sessions_come_by_cost_then_last_activity(events: list[UsageEvent], mode: Mode) -> None:
    rows = build(events, "session", mode=mode)["sessions"]
    last = {session.session_id: session.last_at for session in snapshot(events).sessions.values()}
    order = [(-row["totalCost"], -last[row["sessionId"]], row["sessionId"]) for row in rows]
    assert order == sorted(order)
    assert build(events, "session", order="asc", mode=mode)["sessions"] == rows[::-1]


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


@given(EVENTS, ZONES)
def test_recent_threads_are_the_rows_of_the_sessions_used_last(
    events: list[UsageEvent], zone: str
) -> None:
    held, info = snapshot(events), ZoneInfo(zone)
    rows = {row["sessionId"]: row for row in build(events, "session", zone)["sessions"]}
    last = {session.session_id: session.last_at for session in held.sessions.values()}
    newest = sorted(last, key=lambda name: (last[name], name), reverse=True)
    for _ in range(2):  # what is kept of them is the same
        summary = build_summary(held, now=NOW, zone=info, zone_name=zone, stale=False)
        assert summary["recentThreads"] == [rows[name] for name in newest]


def test_only_the_ten_used_last_are_recent() -> None:
    held = snapshot([event(f"T-{minute:02}", NOW + minute * 60_000) for minute in range(12)])
    summary = build_summary(held, now=NOW, zone=UTC, zone_name="UTC", stale=False)
    shown = [row["sessionId"] for row in summary["recentThreads"]]
    assert shown == [f"T-{minute:02}" for minute in range(11, 1, -1)]


def event(session: str, at: int, tokens: int = 1) -> UsageEvent:
    return UsageEvent(session, session, at, 0, "message", "m-one", tokens, 0, 0, 0)


def test_the_burn_rate_is_of_the_last_hour() -> None:
    minute = 60_000
    ages = (0, 59 * minute, 60 * minute, -minute)
    held = snapshot([event("T-a", NOW - age, 10**12) for age in ages])
    summary = build_summary(held, now=NOW, zone=UTC, zone_name="UTC", stale=False)
    assert summary["burnRate"] == 6


def test_the_projection_is_what_the_month_comes_to_at_its_pace_so_far() -> None:
    now = at("2026-02-15T00:00")  # half of the month is over
    usage = [("2026-01-31T23:00", 10**12), ("2026-02-01T00:00", 10**12), ("2026-02-14T23:00", 1)]
    held = snapshot([event("T-a", at(when), tokens) for when, tokens in usage])
    summary = build_summary(held, now=now, zone=UTC, zone_name="UTC", stale=False)
    assert summary["projection"] == 6  # twice the three dollars of this month
    berlin = ZoneInfo("Europe/Berlin")  # where the month began an hour before
    summary = build_summary(held, now=now, zone=berlin, zone_name="Berlin", stale=False)
    assert float(summary["projection"]) == pytest.approx(6 * 2 * 14 * 24 / (14 * 24 + 1), abs=0.01)


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
