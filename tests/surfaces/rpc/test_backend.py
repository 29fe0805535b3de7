"""Reports over the wire: the same documents as without a service, and refusals that help."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from amp_tray.core.report import KINDS
from amp_tray.live.query import ReportQuery
from amp_tray_rpc.client import Client, RemoteError
from tests.support.samples import THREAD_ID, answer, now, thread
from tests.support.sandbox import Sandbox

RPC = Path(__file__).parents[3] / "rpc"
VALIDATOR = Draft202012Validator(
    json.loads((RPC / "report.schema.json").read_text(encoding="utf-8"))
)
OPENRPC = json.loads((RPC / "openrpc.json").read_text(encoding="utf-8"))
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
        ("daily", {"source": "codex"}, "source: 'codex' is no source; accepted: amp"),
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


def result_of(client: Client, method: str, params: dict[str, Any]) -> Any:
    """Call a method; its result is as the OpenRPC document says."""
    result = client.call(method, params)
    (found,) = (row for row in OPENRPC["methods"] if row["name"] == method)
    components = {"components": OPENRPC["components"]}
    Draft7Validator({**found["result"]["schema"], **components}).validate(result)
    return result


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("session.hello", {"client": "test", "protocol": "1.0"}),
        ("session.authenticate", {"token": "any will do"}),
        ("usage.summary", {}),
        ("usage.thread", {"sessionId": "T-1"}),
        ("usage.subscribe", {}),
        ("usage.unsubscribe", {}),
        *((f"report.{kind}", {}) for kind in KINDS),
        ("service.status", {}),
        ("service.refresh", {}),
        ("service.pause", {"paused": False}),
        ("rpc.discover", {}),
    ],
)
def test_results_are_as_the_document_says(
    client: Client, method: str, params: dict[str, Any]
) -> None:
    assert result_of(client, method, params)


def test_a_thread_in_detail_is_the_session_of_the_report(client: Client) -> None:
    (row,) = client.call("report.session", {"sessionId": "T-2"})["sessions"]
    found = result_of(client, "usage.thread", {"sessionId": "T-2"})
    for name in ("sessionId", "title", "project", "source", "totalTokens", "totalCost", "credits"):
        assert found[name] == row[name]
    assert found["models"] == row["modelBreakdowns"]
    assert found["hours"][0]["hour"] == "2026-02-10T23:00:00+00:00"
    assert sum(hour["totalTokens"] for hour in found["hours"]) == row["totalTokens"]
    assert (found["url"], found["subThreads"]) == (None, [])
    assert found["revision"] == client.call("session.hello")["revision"]


def test_a_thread_has_its_page_and_its_sub_threads(user: Sandbox, client: Client) -> None:
    part = "T-0199aaaa-bbbb-7ccc-8ddd-00000000000b"
    user.write(thread(answer(DAY)))
    user.write(thread(answer(DAY), thread_id=part, title="A part", mainThreadID=THREAD_ID))
    client.call("service.refresh")
    found = result_of(client, "usage.thread", {"sessionId": THREAD_ID[:20]})
    assert found["url"] == f"https://ampcode.com/threads/{THREAD_ID}"
    at = "2026-02-10T23:30:00.000Z"
    assert found["subThreads"] == [
        {"threadId": part, "title": "A part", "firstActivityAt": at, "lastActivityAt": at}
    ]
    with pytest.raises(RemoteError) as refusal:
        client.call("usage.thread", {"sessionId": part})
    assert (refusal.value.code, refusal.value.kind) == (-32002, "unknownSession")


def test_a_thread_has_the_path_of_its_newest_file_that_is_left(
    user: Sandbox, client: Client
) -> None:
    older = user.write(thread(answer(DAY), thread_id="T-file"))
    os.utime(older, (1, 1))
    (user.threads / "deeper").mkdir()
    newer = user.write_bytes("deeper/T-file.json", older.read_bytes())
    client.call("service.refresh")
    assert client.call("usage.thread", {"sessionId": "T-file"})["file"] == str(newer)
    newer.unlink()
    assert client.call("usage.thread", {"sessionId": "T-file"})["file"] == str(older)
    older.unlink()
    assert client.call("usage.thread", {"sessionId": "T-file"})["file"] is None


def test_prices_are_not_asked_for_offline(client: Client) -> None:
    with pytest.raises(RemoteError) as refusal:
        client.call("pricing.refresh")
    assert (refusal.value.code, refusal.value.kind) == (-32005, "offline")
    assert "`offline` is set" in refusal.value.hint


def test_another_major_protocol_is_refused_and_told_whom_to_update(client: Client) -> None:
    with pytest.raises(RemoteError) as refusal:
        client.call("session.hello", {"protocol": "2.0"})
    assert (refusal.value.code, refusal.value.kind) == (-32602, "protocol")
    assert refusal.value.hint.endswith("update amp-tray")
