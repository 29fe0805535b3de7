"""Questions as asked: options become what core reports, or a refusal that helps."""

import json
from dataclasses import fields, replace
from datetime import UTC
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from jsonschema import Draft202012Validator

from amp_tray.core.choices import MODES, MOST_PERIODS, ORDERS, WEEKDAYS, Mode
from amp_tray.core.errors import UsageError
from amp_tray.core.report import KINDS
from amp_tray.core.report_options import ReportOptions
from amp_tray.live.queries import Queries, Zone
from amp_tray.live.query import ReportQuery
from amp_tray_rpc.messages import WeeklyReportParams
from amp_tray_rpc.methods.table import METHODS
from tests.support.scans import scanned
from tests.support.usage import NOW, snapshot, used

ROOT = Path(__file__).parents[2]
VALIDATOR = Draft202012Validator(
    json.loads((ROOT / "rpc/report.schema.json").read_text(encoding="utf-8"))
)
CASES = sorted(path.name for path in (ROOT / "tests/vectors/amp").iterdir())
QUERIES = Queries(clock=lambda: NOW, local_zone=lambda: Zone(ZoneInfo("Asia/Tokyo"), "Asia/Tokyo"))
EVENTS = [
    used("2026-01-20T12:00", 1, "T-a"),
    used("2026-02-12T12:00", 10, "T-b"),
    used("2026-02-13T14:00", 100, "T-c", "mystery"),
]
FULL: dict[str, Any] = {
    "since": "7d",
    "until": "today",
    "order": "desc",
    "timezone": "Europe/Berlin",
    "mode": "calculate",
    "project": "shop",
    "source": "amp",
    "model": "one",
    "no_cost": True,
}


def ask(kind: str, **options: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        QUERIES.report(snapshot(EVENTS), ReportQuery(kind, **options))
    )
    return document


def total(kind: str, **options: Any) -> int:
    tokens: int = ask(kind, **options)["totals"]["totalTokens"]
    return tokens


def test_each_option_reaches_the_report() -> None:
    assert total("daily") == 111
    assert total("daily", since="2026-02-13") == 100
    assert total("daily", since="yesterday", until="yesterday") == 100  # it is the 14th in Tokyo
    assert total("daily", since="today") == 0
    assert total("daily", until="2026-02-12") == 11
    assert total("monthly", last=1) == 110
    assert total("weekly", last=1, start_of_week="friday") == 100
    assert total("session", project="SHOP") == 11
    assert total("project", source="other") == 10
    assert total("blocks", model="Mys") == 100
    assert total("session", session_id="T-b") == 10
    assert [
        row["week"] for row in ask("weekly", start_of_week="sunday", order="desc")["weekly"]
    ] == [
        "2026-02-08",
        "2026-01-18",
    ]
    for mode in MODES:
        assert ask("daily", mode=mode)["meta"]["mode"] == mode
    assert ask("daily")["meta"]["timezone"] == ask("daily", timezone="local")["meta"]["timezone"]
    assert ask("daily", timezone="Asia/Kolkata")["meta"]["timezone"] == "Asia/Kolkata"
    assert "totalCost" not in ask("daily", no_cost=True)["totals"]
    assert "totalCost" in ask("daily")["totals"]


@pytest.mark.parametrize(
    ("kind", "options", "sentence", "accepted"),
    [
        ("yearly", {}, "no report 'yearly'", "daily, weekly, monthly, session, blocks, project"),
        ("daily", {"since": "someday"}, "since: 'someday'", "YYYY-MM-DD"),
        ("daily", {"until": "20260230"}, "until: '20260230'", "YYYYMMDD"),
        ("daily", {"since": "today", "until": "yesterday"}, "since 2026-02-14 is after", "swap"),
        ("daily", {"order": "up"}, "order: 'up' is no order", "accepted: asc, desc"),
        ("daily", {"timezone": "Mars/Base"}, "'Mars/Base'", "Europe/Berlin"),
        ("daily", {"mode": "credits"}, "mode: 'credits'", "accepted: auto, calculate, display"),
        ("weekly", {"start_of_week": "Sunday"}, "start of week: 'Sunday'", "accepted: monday, "),
        ("daily", {"last": 0}, "last: 0", "accepted: 1 to 10,000"),
        ("daily", {"last": -7}, "last: -7", "accepted: 1 to 10,000"),
        ("daily", {"last": 2, "since": "7d"}, "last 2 and since 2026-02-08", "leave one"),
        ("session", {"last": 2}, "last 2: the session report", "accepted by: daily, weekly,"),
        ("daily", {"project": " "}, "project: ' ' is no name", "name of a project"),
        ("daily", {"model": ""}, "model: '' is no name", "name of a model"),
        ("daily", {"source": "claude"}, "source: 'claude'", "accepted: amp, other"),
        ("daily", {"source": ""}, "source: ''", "accepted: amp, other"),
    ],
)
def test_a_refusal_names_the_value_and_what_is_accepted(
    kind: str, options: dict[str, Any], sentence: str, accepted: str
) -> None:
    with pytest.raises(UsageError) as refusal:
        ask(kind, **options)
    assert sentence in refusal.value.message
    assert accepted in refusal.value.hint
    assert "; " not in refusal.value.message  # the wire parts message and hint by it


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_report_is_as_the_schema_says_on_all_options(kind: str) -> None:
    for options in ({}, FULL, {**FULL, "no_cost": False}, {"project": "nothing"}):
        document = ask(kind, **options)
        VALIDATOR.validate(document)
        assert next(iter(document)) == KINDS[kind].key
    assert ask(kind, project="nothing")[KINDS[kind].key] == []


@pytest.mark.parametrize("case", CASES)
def test_reports_of_the_vectors_are_as_the_schema_says(tmp_path: Path, case: str) -> None:
    held = scanned(tmp_path / "ledger.db", ROOT / "tests/vectors/amp" / case)
    for kind, shape in KINDS.items():
        documents = [
            json.loads(QUERIES.report(held, ReportQuery(kind, mode=mode))) for mode in MODES
        ]
        assert len({document["totals"]["totalTokens"] for document in documents}) == 1
        for document in documents:
            VALIDATOR.validate(document)
            rows = document[shape.key]
            assert sum(row["totalTokens"] for row in rows) == document["totals"]["totalTokens"]


def test_the_wire_takes_what_a_query_has_and_what_core_accepts() -> None:
    for name, method in METHODS.items():
        group, _, kind = name.partition(".")
        if group != "report":
            continue
        params = set(method.params.model_fields)
        choosy = frozenset[str]().union(*(shape.takes for shape in KINDS.values()))
        assert params & choosy == KINDS[kind].takes
        assert params - choosy == set(ReportQuery._fields) - choosy - {"kind"}
    assert {name.removeprefix("report.") for name in METHODS if name.startswith("report.")} == set(
        KINDS
    )
    accepted = {
        name: {word for part in get_args(field.annotation) for word in get_args(part)}
        for name, field in WeeklyReportParams.model_fields.items()
    }
    assert accepted["order"] == set(ORDERS)
    assert accepted["mode"] == set(MODES) == set(get_args(Mode))
    assert accepted["start_of_week"] == set(WEEKDAYS)
    assert WeeklyReportParams(last=MOST_PERIODS).last == MOST_PERIODS
    with pytest.raises(ValueError, match="last"):
        WeeklyReportParams(last=MOST_PERIODS + 1)


def test_a_query_has_the_options_of_a_report_and_names_them_as_the_wire_does() -> None:
    options = {field.name for field in fields(ReportOptions)} - {"zone", "zone_name", "pack"}
    assert set(ReportQuery._fields) == options | {"kind", "timezone"}
    assert ReportQuery("daily").params == {}
    query = ReportQuery("weekly", **FULL, last=3, start_of_week="sunday", session_id="T-1")
    assert query.params == {
        "since": "7d",
        "until": "today",
        "order": "desc",
        "timezone": "Europe/Berlin",
        "sessionId": "T-1",
        "mode": "calculate",
        "last": 3,
        "project": "shop",
        "source": "amp",
        "model": "one",
        "startOfWeek": "sunday",
        "noCost": True,
    }


def test_local_time_is_the_systems() -> None:
    queries = Queries(clock=lambda: NOW, local_zone=lambda: Zone(UTC, "UTC"))
    document = json.loads(queries.report(snapshot(EVENTS), ReportQuery("daily", since="yesterday")))
    assert [row["date"] for row in document["daily"]] == ["2026-02-12", "2026-02-13"]


@pytest.mark.parametrize("no_cost", [False, True])
@pytest.mark.parametrize("mode", [None, "display"])
def test_rows_that_are_kept_are_those_that_would_be_made(
    mode: str | None, *, no_cost: bool
) -> None:
    held = snapshot(EVENTS)
    keeping = replace(QUERIES, keeps_rows=True)
    for zone in ("UTC", "Asia/Kathmandu", "UTC", "America/Los_Angeles"):
        query = ReportQuery("session", timezone=zone, mode=mode, no_cost=no_cost)
        expected = QUERIES.report(held, query)
        assert keeping.report(held, query) == expected
        assert keeping.report(held, query) == expected  # the kept ones
    assert all(len(session.rows) <= 2 for session in held.sessions.values())
    changed = next(iter(held.sessions.values()))
    assert replace(changed, title="new").rows == {}


def test_a_summary_follows_the_clock_whatever_is_kept_of_it() -> None:
    minute = 60_000
    held = snapshot([used("2026-02-13T14:00", 10**12, "T-a"), used("2026-02-13T14:30", 10**12)])
    spent_at = held.newest_event_at
    assert spent_at is not None
    now = spent_at
    keeping = Queries(lambda: now, lambda: Zone(UTC, "UTC"), keeps_rows=True)
    rates = {}
    for later in (0, 29, 30, 60, -30, 0):  # minutes; a clock may also be set back
        now = spent_at + later * minute
        summary = json.loads(keeping.summary(held))
        assert summary == json.loads(replace(keeping).summary(held))
        rates[later] = summary["burnRate"]
    assert rates == {0: 6, 29: 6, 30: 3, 60: 0, -30: 3}
