"""Every kind, mode and filter at random: totals are the rows' sum, rows their usage's."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.choices import WEEKDAYS
from amp_tray.core.events import UsageEvent
from amp_tray.core.report import KINDS
from tests.support.usage import (
    EVENTS,
    MODE,
    MONEY,
    PROJECTS,
    SUMS,
    ZONES,
    added,
    build,
    figures,
    members,
    rows_of,
    snapshot,
)

SPELLINGS = {
    "/home/me/Shop": {"/home/me/Shop", "shop", "SHOP"},
    "shop": {"shop", "SHOP"},
    None: set(),
}
CALENDAR = {"daily": "date", "weekly": "week", "monthly": "month"}

DAYS = st.dates(date(2025, 10, 1), date(2026, 4, 30))
FILTERS = st.fixed_dictionaries(
    {"mode": MODE, "order": st.sampled_from([None, "asc", "desc"])},
    optional={
        "project": st.sampled_from(["shop", "SHOP", "/home/me/Shop", "site", "none"]),
        "source": st.sampled_from(["amp", "other"]),
        "model": st.sampled_from(["m-", "ONE", "unpriced", "x"]),
    },
)
SPANS = st.one_of(
    st.tuples(DAYS, DAYS).map(sorted).map(lambda pair: {"since": pair[0], "until": pair[1]}),
    st.sampled_from(["since", "until"]).flatmap(lambda name: st.fixed_dictionaries({name: DAYS})),
    st.fixed_dictionaries({}, optional={"last": st.integers(1, 40)}),
)


@given(EVENTS, ZONES, st.sampled_from(sorted(KINDS)), FILTERS, SPANS)
def test_totals_are_exactly_the_sum_of_the_rows_whatever_is_asked(
    events: list[UsageEvent], zone: str, kind: str, filters: Any, span: Any
) -> None:
    if "last" not in KINDS[kind].takes:
        span = {name: value for name, value in span.items() if name != "last"}
    document = build(events, kind, zone, **filters, **span)
    rows = document[KINDS[kind].key]
    assert added(rows) == figures(document["totals"])
    for row in rows:
        assert added(row["modelBreakdowns"]) == figures(row)
        assert sorted(item["model"] for item in row["modelBreakdowns"]) == row["modelsUsed"]
        assert row["totalTokens"] == sum(row[name] for name in SUMS[:4])
        assert row["modelsUsed"] or row.get("isGap")
    free = build(events, kind, zone, **filters, **span, no_cost=True)
    assert not members(free) & MONEY
    assert free["totals"] == {
        name: value for name, value in document["totals"].items() if name not in MONEY
    }
    assert free["meta"] == document["meta"]
    assert len(free[KINDS[kind].key]) == len(rows)


@given(EVENTS, ZONES, st.sampled_from(sorted(KINDS)), FILTERS)
def test_a_filtered_report_counts_what_a_report_of_the_filtered_usage_counts(
    events: list[UsageEvent], zone: str, kind: str, filters: Any
) -> None:
    def passes(event: UsageEvent) -> bool:
        session = snapshot([event]).sessions[event.session_id]
        return (
            ("project" not in filters or filters["project"] in SPELLINGS[session.project])
            and filters.get("source", session.source) == session.source
            and filters.get("model", "").casefold() in event.model
        )

    document = build(events, kind, zone, **filters)
    alone = build(filter(passes, events), kind, zone, mode=filters["mode"])
    assert document["totals"] == alone["totals"]
    if kind in CALENDAR or kind == "project":
        key = CALENDAR.get(kind, "project")
        shown = {row[key]: row for row in document[KINDS[kind].key]}
        assert shown == {row[key]: row for row in alone[KINDS[kind].key]}


@given(EVENTS, ZONES, st.sampled_from(WEEKDAYS), MODE)
def test_weeks_are_their_seven_days(
    events: list[UsageEvent], zone: str, start: Any, mode: Any
) -> None:
    weeks = rows_of(events, "weekly", zone, start_of_week=start, mode=mode)
    expected: dict[str, list[Any]] = defaultdict(lambda: [0] * 8)
    for row in rows_of(events, "daily", zone, mode=mode):
        first = date.fromisoformat(row["date"])
        while first.weekday() != WEEKDAYS.index(start):
            first -= timedelta(days=1)
        sums = expected[first.isoformat()]
        expected[first.isoformat()] = [a + b for a, b in zip(sums, figures(row), strict=True)]
    assert {row["week"]: figures(row) for row in weeks} == dict(expected)
    assert [row["week"] for row in weeks] == sorted(expected)


@given(EVENTS, ZONES, MODE)
def test_projects_come_by_cost_and_count_their_sessions(
    events: list[UsageEvent], zone: str, mode: Any
) -> None:
    rows = rows_of(events, "project", zone, mode=mode)
    order = [(-row["totalCost"], row["project"] is not None, row["project"] or "") for row in rows]
    assert order == sorted(order)
    assert rows_of(events, "project", zone, mode=mode, order="asc") == rows[::-1]
    names = {PROJECTS[event.session_id] for event in events}
    assert {row["project"]: row["sessions"] for row in rows} == dict.fromkeys(names, 1)
