"""Filters by hand: projects, models, sources, cost left out, and what cannot be asked."""

from dataclasses import replace
from datetime import UTC, date
from typing import Any

import pytest

from amp_tray.core.errors import UnknownSessionError, UsageError
from amp_tray.core.report import KINDS, build_report
from amp_tray.core.report_options import ReportOptions
from tests.support.usage import MONEY, NOW, build, members, rows_of, snapshot, used

TODAY = date(2026, 2, 13)


def test_a_project_goes_by_its_name_or_the_end_of_its_path_in_any_case() -> None:
    events = [used("2026-02-10", 10**index, f"T-{name}") for index, name in enumerate("abcd")]
    for project, counted in (
        ("shop", 11),
        ("SHOP", 11),
        ("shop/", 11),
        ("/home/me/shop", 1),
        ("me/shop", 0),
        ("sho", 0),
        ("Site", 1000),
        ("c:\\work\\site", 1000),
        ("work", 0),
        ("null", 0),
    ):
        for kind in KINDS:
            document = build(events, kind, project=project)
            assert document["totals"]["totalTokens"] == counted, (kind, project)


def test_a_model_shows_what_it_used_alone_and_a_session_keeps_its_own_activity() -> None:
    events = [
        used("2026-02-10T01:00", 1, "T-a", "Claude-Opus-4"),
        used("2026-02-11T01:00", 10, "T-a", "gpt-5"),
        used("2026-02-12T01:00", 100, "T-b", "gpt-5"),
    ]
    (row,) = rows_of(events, "session", model="opus")
    assert (row["sessionId"], row["totalTokens"], row["modelsUsed"]) == (
        *("T-a", 1),
        ["Claude-Opus-4"],
    )
    assert (row["firstActivity"], row["lastActivity"]) == ("2026-02-10", "2026-02-11")
    (row,) = rows_of(events, "project", model="OPUS", since=date(2026, 2, 10))
    assert (row["project"], row["sessions"], row["totalTokens"]) == ("/home/me/Shop", 1, 1)
    assert rows_of(events, "session", model="opus", session_id="T-b") == []
    assert rows_of(events, "daily", model="mistral") == []


def test_hidden_characters_keep_no_name_from_being_found() -> None:
    hidden = used("2026-02-10", 1, "T-a", "m-\u202eone\x1b[31m")
    assert build([hidden], "daily", model="m-one")["totals"]["totalTokens"] == 1
    plain = snapshot([hidden])
    sessions = {"T-a": replace(plain.sessions["T-a"], project="sh\u200bop")}
    chosen = ReportOptions(UTC, "UTC", project="shop")
    document = build_report(
        plain._replace(sessions=sessions), "project", chosen, now=NOW, stale=False
    )
    assert [row["project"] for row in document["projects"]] == ["shop"]


def test_a_source_is_one_that_is_read_and_the_only_one_that_the_report_names() -> None:
    events = [used("2026-02-10", 1, "T-a"), used("2026-02-10", 10, "T-b")]
    document = build(events, "daily", source="other")
    assert (document["totals"]["totalTokens"], document["meta"]["sources"]) == (10, ["other"])
    assert build(events, "daily")["meta"]["sources"] == ["amp", "other"]
    for kind in KINDS:
        with pytest.raises(UsageError, match="source: 'claude'") as refusal:
            build([], kind, source="claude")
        assert refusal.value.hint == "accepted: amp, other, all"


def test_a_session_that_is_there_is_not_unknown_for_being_filtered_out() -> None:
    events = [used("2026-02-10", 1, "T-a")]
    assert rows_of(events, "session", session_id="T-a", source="other") == []
    with pytest.raises(UnknownSessionError):
        rows_of(events, "session", session_id="T-z", source="amp")


def test_without_cost_the_order_is_still_by_cost() -> None:
    events = [used("2026-02-10", 5, "T-a", "m-one"), used("2026-02-10", 3, "T-b", "m-two")]
    rows = rows_of(events, "session", no_cost=True)
    assert [row["sessionId"] for row in rows] == ["T-b", "T-a"]
    assert not members(rows) & MONEY
    assert all("credits" in row for row in rows)


def test_unpriced_models_are_those_of_the_shown_rows() -> None:
    events = [used("2026-02-10", 1, "T-a", "m-one"), used("2026-02-11", 1, "T-a", "mystery")]
    assert build(events, "daily")["meta"]["unpricedModels"] == ["mystery"]
    assert build(events, "daily", model="m-one")["meta"]["unpricedModels"] == []
    assert build(events, "daily", until=date(2026, 2, 10))["meta"]["unpricedModels"] == []
    without = build(events, "daily", no_cost=True)
    assert without["meta"]["unpricedModels"] == ["mystery"]


@pytest.mark.parametrize(
    ("kind", "options", "sentence", "hint"),
    [
        ("session", {"last": 3}, "last 3: the session report", "daily, weekly, monthly, blocks"),
        ("project", {"last": 3}, "last 3: the project report", "daily, weekly, monthly, blocks"),
        ("daily", {"start_of_week": "sunday"}, "start of week sunday: the daily", "by: weekly"),
        ("blocks", {"session_id": "T-\x1b[31ma"}, "session id T-a: the blocks", "by: session"),
        ("daily", {"last": 0}, "last: 0", "1 to 10,000"),
        ("daily", {"last": 10_001}, "last: 10001", "1 to 10,000"),
        (
            "daily",
            {"last": 2, "since": TODAY},
            "last 2 and since 2026-02-13 exclude each other",
            "leave one",
        ),
        (
            "blocks",
            {"since": TODAY, "until": date(2026, 2, 12)},
            "since 2026-02-13 is after until 2026-02-12",
            "swap",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_value_and_what_is_accepted(
    kind: str, options: Any, sentence: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        build([], kind, **options)
    assert sentence in refusal.value.message
    assert hint in refusal.value.hint
