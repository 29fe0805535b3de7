"""Reports over the wire: the same documents as without a service, and refusals that help."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from amp_tray.core.report import KINDS
from amp_tray.live.query import ReportQuery
from amp_tray_rpc.client import Client, RemoteError
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

SCHEMA = Path(__file__).parents[3] / "rpc/report.schema.json"
VALIDATOR = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
DAY = datetime(2026, 2, 10, 23, 30, tzinfo=UTC)
QUERIES = [
    *(ReportQuery(kind, timezone="UTC") for kind in KINDS),
    ReportQuery("weekly", timezone="Europe/Berlin", start_of_week="sunday", last=10_000),
    ReportQuery("blocks", timezone="UTC", last=1, no_cost=True, order="desc"),
    ReportQuery("project", timezone="UTC", model="OPUS", project="shop", source="amp"),
    ReportQuery("session", timezone="UTC", mode="display", session_id="T-2", until="today"),
]


@pytest.fixture(scope="module")
def user() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        shop = {"initial": {"trees": [{"displayName": "shop"}]}}
        sandbox.write(thread(answer(DAY), thread_id="T-1", title="A\u202ethread"))
        sandbox.write(
            thread(
                answer(DAY, message_id=1),
                answer(now(), message_id=3, model="model-x"),
                *({"role": "user", "messageId": 4},),
                thread_id="T-2",
                env=shop,
            )
        )
        sandbox.write_bytes("T-torn.json", b'{"id":')
        yield sandbox


@pytest.fixture(scope="module")
def client(user: Sandbox) -> Iterator[Client]:
    with user.serving(), user.client() as client:
        yield client


def alone(user: Sandbox, query: ReportQuery) -> Any:
    queries, snapshot = user.program.read_now(lambda _done, _total: None)
    return json.loads(queries.report(snapshot, query))


def timeless(document: Any) -> Any:
    """Return a document without what changes from instant to instant."""
    meta = {**document["meta"], "generatedAt": None, "stale": None}
    key = next(iter(document))
    rows = [{**row, "burnRate": None, "projection": None} for row in document[key]]
    return {**document, key: rows if key == "blocks" else document[key], "meta": meta}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: " ".join(map(str, query.params)))
def test_a_report_is_the_same_with_and_without_the_service_and_as_the_schema_says(
    user: Sandbox, client: Client, query: ReportQuery
) -> None:
    document = client.call(f"report.{query.kind}", query.params)
    VALIDATOR.validate(document)
    assert timeless(document) == timeless(alone(user, query))
    assert document[KINDS[query.kind].key]
    assert [item["code"] for item in document["meta"]["diagnostics"]] == ["torn-file"]


def test_the_block_of_the_present_is_active(client: Client) -> None:
    rows = client.call("report.blocks")["blocks"]
    assert [(row["isActive"], row["isGap"]) for row in rows] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    assert set(rows[2]["burnRate"]) == {"tokensPerMinute", "costPerHour"}
    assert set(rows[2]["projection"]) == {"totalTokens", "totalCost", "remainingMinutes"}


@pytest.mark.parametrize(
    ("kind", "params", "hint"),
    [
        ("daily", {"source": "claude"}, "source: 'claude' is no source; accepted: amp"),
        ("daily", {"project": ""}, "project: '' is no name; accepted: the name of a project"),
        ("daily", {"since": "2026-02-02", "until": "2026-02-01"}, "since 2026-02-02 is after"),
        ("daily", {"since": "7d", "last": 2}, "last 2 and since "),
        ("session", {"last": 2}, 'unknown parameters: "last"'),
        ("weekly", {"startOfWeek": 1}, "startOfWeek takes a weekday"),
    ],
)
def test_what_cannot_be_asked_is_an_invalid_param(
    client: Client, kind: str, params: dict[str, Any], hint: str
) -> None:
    with pytest.raises(RemoteError) as refusal:
        client.call(f"report.{kind}", params)
    assert refusal.value.code == -32602
    assert refusal.value.hint.startswith(hint)
