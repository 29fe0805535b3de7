"""Blocks of five hours: where they begin and end, the gaps, the active one and what it comes to."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.events import UsageEvent
from amp_tray.core.periods import iso_instant
from tests.support.usage import EVENTS, MODE, NOW, ZONES, at, build, rows_of, used

HOUR = 3_600_000
BILLION = 10**9  # tokens of m-one, for 0.003 dollars


def spans(rows: list[dict[str, Any]]) -> list[tuple[str, str, int | str]]:
    """Return each row's start, end and tokens, or that it is a gap, with short times."""
    return [
        (
            row["startTime"][5:16],
            row["endTime"][5:16],
            "gap" if row["isGap"] else row["totalTokens"],
        )
        for row in rows
    ]


def test_a_block_begins_at_the_full_hour_of_its_first_usage_and_ends_five_hours_later() -> None:
    events = [
        used("2026-02-10T10:20", 1),
        used("2026-02-10T14:59:59.999", 10, "T-b"),  # of another session, in the same block
        used("2026-02-10T15:00", 100),  # at the end: the next block
        used("2026-02-10T19:59:59.999", 1000),
        used("2026-02-10T21:45", 10_000),
    ]
    assert spans(rows_of(events, "blocks")) == [
        ("02-10T10:00", "02-10T15:00", 11),
        ("02-10T15:00", "02-10T20:00", 1100),
        ("02-10T21:00", "02-11T02:00", 10_000),
    ]


def test_usage_on_the_full_hour_begins_a_block_of_its_own_hour() -> None:
    rows = rows_of([used("2026-02-10T10:00")], "blocks")
    assert spans(rows) == [("02-10T10:00", "02-10T15:00", 1)]
    rows = rows_of([used("2026-02-10T09:59:59.999")], "blocks")
    assert spans(rows) == [("02-10T09:00", "02-10T14:00", 1)]


def test_five_hours_without_usage_are_a_gap_if_time_lies_between_the_blocks() -> None:
    events = [
        used("2026-02-10T10:20", 1),
        used("2026-02-10T15:20", 10),  # five hours later, but the blocks touch
        used("2026-02-10T22:00", 100),
        used("2026-02-11T02:59", 1000),
        used("2026-02-11T07:58:59.999", 10_000),  # less than five hours later
        used("2026-02-11T13:00", 100_000),  # more, but the blocks touch again: 07 to 12 and 13
    ]
    rows = rows_of(events, "blocks")
    assert spans(rows) == [
        ("02-10T10:00", "02-10T15:00", 1),
        ("02-10T15:00", "02-10T20:00", 10),
        ("02-10T20:00", "02-10T22:00", "gap"),
        ("02-10T22:00", "02-11T03:00", 1100),
        ("02-11T07:00", "02-11T12:00", 10_000),
        ("02-11T12:00", "02-11T13:00", "gap"),
        ("02-11T13:00", "02-11T18:00", 100_000),
    ]
    (gap,) = (row for row in rows if row["startTime"].startswith("2026-02-10T20"))
    assert gap == {
        "startTime": "2026-02-10T20:00:00.000Z",
        "endTime": "2026-02-10T22:00:00.000Z",
        "isActive": False,
        "isGap": True,
        "burnRate": None,
        "projection": None,
        "inputTokens": 0,
        "outputTokens": 0,
        "cacheCreationTokens": 0,
        "cacheReadTokens": 0,
        "totalTokens": 0,
        "credits": 0,
        "totalCost": 0,
        "unpricedTokens": 0,
        "modelsUsed": [],
        "modelBreakdowns": [],
    }


@pytest.mark.parametrize(
    ("now", "active"),
    [
        ("2026-02-10T09:59:59.999", False),  # a clock behind the log's
        ("2026-02-10T10:00", True),
        ("2026-02-10T12:00", True),
        ("2026-02-10T14:59:59.999", True),
        ("2026-02-10T15:00", False),
        ("2026-02-11T12:00", False),
    ],
)
def test_the_active_block_is_the_one_that_the_present_lies_in(now: str, active: bool) -> None:
    (row,) = rows_of([used("2026-02-10T10:20")], "blocks", now=at(now))
    assert row["isActive"] is active
    assert (row["burnRate"] is not None) is (row["projection"] is not None) is active


def test_the_active_block_says_its_rate_and_what_it_comes_to() -> None:
    events = [used("2026-02-10T10:20", BILLION // 2), used("2026-02-10T10:50", BILLION // 2)]
    (row,) = rows_of(events, "blocks", now=at("2026-02-10T11:00"))
    # 40 minutes since the first usage, 240 to the end: seven times what there is.
    assert row["burnRate"] == {"tokensPerMinute": 25_000_000, "costPerHour": Decimal("0.0045")}
    assert row["projection"] == {
        "totalTokens": 7 * BILLION,
        "totalCost": Decimal("0.021"),
        "remainingMinutes": 240,
    }
    (row,) = rows_of(events, "blocks", now=at("2026-02-10T11:00"), no_cost=True)
    assert row["burnRate"] == {"tokensPerMinute": 25_000_000}
    assert row["projection"] == {"totalTokens": 7 * BILLION, "remainingMinutes": 240}


def test_a_rate_is_of_a_minute_at_least() -> None:
    events = [used("2026-02-10T10:20", BILLION)]
    for now in ("10:19", "10:20", "10:20:01", "10:21"):  # the log's clock may be ahead
        (row,) = rows_of(events, "blocks", now=at(f"2026-02-10T{now}"))
        assert row["burnRate"] == {"tokensPerMinute": BILLION, "costPerHour": Decimal("0.18")}
    assert row["projection"]["totalTokens"] == 280 * BILLION
    (row,) = rows_of(events, "blocks", now=at("2026-02-10T14:59:59.999"))
    assert row["projection"]["remainingMinutes"] == 0


def test_a_rate_has_two_digits_and_no_noise() -> None:
    (row,) = rows_of([used("2026-02-10T10:20", 1000)], "blocks", now=at("2026-02-10T10:50"))
    assert str(row["burnRate"]["tokensPerMinute"]) == "33.33"
    (row,) = rows_of([used("2026-02-10T10:20", 1000)], "blocks", now=at("2026-02-10T10:21"))
    assert str(row["burnRate"]["tokensPerMinute"]) == "1000"


def test_filters_show_a_part_of_the_blocks_that_all_usage_makes() -> None:
    events = [
        used("2026-02-10T10:20", 1, "T-a", "m-two"),
        used("2026-02-10T14:20", BILLION, "T-b", "m-one"),
        used("2026-02-10T16:00", 100, "T-a", "m-two"),
        used("2026-02-11T16:00", 1000, "T-c", "m-two"),
    ]
    now = at("2026-02-10T14:30")
    (row,) = rows_of(events, "blocks", model="one", now=now)
    assert spans([row]) == [("02-10T10:00", "02-10T15:00", BILLION)]
    assert row["burnRate"]["tokensPerMinute"] == BILLION // 250  # since the block's first usage
    assert row["modelsUsed"] == ["m-one"]
    assert spans(rows_of(events, "blocks", model="two")) == [
        ("02-10T10:00", "02-10T15:00", 1),
        ("02-10T16:00", "02-10T21:00", 100),
        ("02-10T21:00", "02-11T16:00", "gap"),
        ("02-11T16:00", "02-11T21:00", 1000),
    ]
    assert spans(rows_of(events, "blocks", source="other")) == spans([row])
    assert rows_of(events, "blocks", project="none") == []


def test_since_and_until_go_by_the_day_that_a_block_begins_on_in_the_zone() -> None:
    events = [
        used("2026-02-09T18:00", 1),  # 23:45 in Kathmandu
        used("2026-02-09T23:30", 10),  # 04:45 on the tenth
        used("2026-02-10T17:59", 100),  # its block begins at 22:45, it lies at 23:44
        used("2026-02-11T03:00", 1000),
    ]
    tenth = date(2026, 2, 10)
    rows = rows_of(events, "blocks", "Asia/Kathmandu", since=tenth, until=tenth)
    assert spans(rows) == [
        ("02-09T23:00", "02-10T04:00", 10),
        ("02-10T04:00", "02-10T17:00", "gap"),
        ("02-10T17:00", "02-10T22:00", 100),
    ]


def test_the_last_blocks_are_the_newest_with_usage() -> None:
    events = [used(f"2026-02-{day}T10:00", 10**index) for index, day in enumerate((10, 11, 13))]
    for last, counted, count in ((1, 100, 1), (2, 110, 3), (3, 111, 5), (9, 111, 5)):
        document = build(events, "blocks", last=last)
        assert document["totals"]["totalTokens"] == counted
        assert len(document["blocks"]) == count  # with the gaps between them
    rows = rows_of(events, "blocks", last=2, until=date(2026, 2, 12), order="desc")
    assert [row["startTime"][8:10] for row in rows if not row["isGap"]] == ["11", "10"]


def reference(events: list[UsageEvent]) -> list[tuple[int, int, int]]:
    """Return start, last usage and tokens of each block, event by event."""
    blocks: list[tuple[int, int, int]] = []
    for event in sorted(events, key=lambda event: event.at):
        if blocks and event.at < blocks[-1][0] + 5 * HOUR:
            start, _, tokens = blocks[-1]
            blocks[-1] = (start, event.at, tokens + event.total_tokens)
        else:
            blocks.append((event.at - event.at % HOUR, event.at, event.total_tokens))
    return blocks


@given(EVENTS, ZONES, MODE, st.integers(-10 * HOUR, 10 * HOUR))
def test_blocks_equal_a_recount_event_by_event(
    events: list[UsageEvent], zone: str, mode: Any, later: int
) -> None:
    now = max((event.at for event in events), default=NOW) + later
    rows = rows_of(events, "blocks", zone, now, mode=mode)
    blocks = reference(events)
    full = [row for row in rows if not row["isGap"]]
    assert [(row["startTime"], row["endTime"], row["totalTokens"]) for row in full] == [
        (iso_instant(start), iso_instant(start + 5 * HOUR), tokens) for start, _, tokens in blocks
    ]
    for row, (start, last, _) in zip(full, blocks, strict=True):
        assert row["isActive"] is (start <= now < start + 5 * HOUR and now - last < 5 * HOUR)
    borders = [border for row in rows for border in (row["startTime"], row["endTime"])]
    assert borders == sorted(borders)
    for before, row, after in zip(rows, rows[1:], rows[2:], strict=False):
        if row["isGap"]:
            assert (before["endTime"], after["startTime"]) == (row["startTime"], row["endTime"])
    gaps = [
        (iso_instant(start + 5 * HOUR), iso_instant(following))
        for (start, last, _), (following, *_) in pairwise(blocks)
        if following > start + 5 * HOUR
        and min(event.at for event in events if event.at >= following) - last >= 5 * HOUR
    ]
    assert [(row["startTime"], row["endTime"]) for row in rows if row["isGap"]] == gaps
