"""One session in detail: the same figures by model and by hour, under the zone's own names."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given

from amp_tray.core.events import UsageEvent
from amp_tray.core.family import ThreadSpan
from amp_tray.core.thread_detail import build_thread
from tests.support.usage import EVENTS, NOW, ZONES, added, figures, rows_of, snapshot, tokens, used


def thread(
    events: list[UsageEvent], zone: str = "UTC", *threads: ThreadSpan, session: str = "T-a"
) -> dict[str, Any]:
    document: dict[str, Any] = build_thread(
        snapshot(events).sessions[session],
        threads,
        link=None,
        file=None,
        revision=3,
        now=NOW,
        zone=ZoneInfo(zone),
        zone_name=zone,
    )
    return document


@given(EVENTS.filter(bool), ZONES)
def test_the_figures_are_those_of_the_reports_row(events: list[UsageEvent], zone: str) -> None:
    for row in rows_of(events, "session", zone):
        found = thread(events, zone, session=row["sessionId"])
        assert {name: found[name] for name in ("sessionId", "title", "project", "source")} == {
            name: row[name] for name in ("sessionId", "title", "project", "source")
        }
        assert figures(found) == figures(row) == added(found["hours"]) == added(found["models"])
        assert found["models"] == row["modelBreakdowns"]
        assert found["lastActivityAt"] == row["lastActivityAt"]


@given(EVENTS.filter(bool), ZONES)
def test_hours_are_those_of_the_zones_clock(events: list[UsageEvent], zone: str) -> None:
    session = events[0].session_id
    hours = [row["hour"] for row in thread(events, zone, session=session)["hours"]]
    begun = [datetime.fromisoformat(hour) for hour in hours]
    assert begun == sorted(begun)
    assert len(set(hours)) == len(hours)
    assert all(hour[14:19] == "00:00" for hour in hours)
    for event in events:
        if event.session_id == session:
            at = datetime.fromtimestamp(event.at / 1000, UTC).astimezone(ZoneInfo(zone))
            assert f"{at:%Y-%m-%dT%H}" in {hour[:13] for hour in hours}


def test_an_hour_that_comes_twice_is_told_twice() -> None:
    # Clocks in Berlin went back from 3 to 2 o'clock at 01:00 UTC.
    events = [used("2025-10-26T00:50", 1), used("2025-10-26T01:10", 10)]
    assert tokens(thread(events, "Europe/Berlin")["hours"], "hour") == {
        "2025-10-26T02:00:00+02:00": 1,
        "2025-10-26T02:00:00+01:00": 10,
    }


def test_an_hour_begins_where_the_zones_clock_says() -> None:
    events = [used("2026-02-12T12:10", 1), used("2026-02-12T12:20", 10)]
    assert tokens(thread(events, "Asia/Kathmandu")["hours"], "hour") == {
        "2026-02-12T17:00:00+05:45": 1,
        "2026-02-12T18:00:00+05:45": 10,
    }


def test_sub_threads_are_the_sessions_other_threads_made_harmless() -> None:
    found = thread(
        [used("2026-02-12T12:00")],
        "UTC",
        ThreadSpan("T-a", "The main thread", 0, 1),
        ThreadSpan("T-s", "A\x1b[31m part\u202e", 1_000, 2_000),
        ThreadSpan("T-t", None, None, None),
    )
    assert found["subThreads"] == [
        {
            "threadId": "T-s",
            "title": "A part",
            "firstActivityAt": "1970-01-01T00:00:01.000Z",
            "lastActivityAt": "1970-01-01T00:00:02.000Z",
        },
        {"threadId": "T-t", "title": None, "firstActivityAt": None, "lastActivityAt": None},
    ]
    assert (found["revision"], found["timezone"]) == (3, "UTC")
