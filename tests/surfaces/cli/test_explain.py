"""The explanation of a session adds up to its row, and says what was not counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

VECTORS = Path(__file__).parents[2] / "vectors/amp"
CASES = sorted(path.name for path in VECTORS.iterdir())


def explained(user: Sandbox, session: str) -> dict[str, Any]:
    done = user.run("explain", session, "--json")
    assert done.returncode == 0, done.stderr
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.mark.parametrize("case", CASES)
def test_events_add_up_to_the_reports_row(user: Sandbox, case: str) -> None:
    user.env["AMP_DATA_DIR"] = str(VECTORS / case)
    for row in user.report("session")["sessions"]:
        document = explained(user, row["sessionId"])
        for name, total in document["totals"].items():
            assert total == row[name]
        for name in ("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens"):
            assert sum(event[name] for event in document["events"]) == row[name]
        recorded = sum(event["credits"] or 0 for event in document["events"])
        assert recorded == pytest.approx(row["credits"])
        cost = sum(event["cost"] or 0 for event in document["events"])
        assert cost == pytest.approx(row["totalCost"])


def test_a_forks_copies_are_named_as_dropped_with_the_rule(user: Sandbox) -> None:
    user.env["AMP_DATA_DIR"] = str(VECTORS / "fork_with_origin")
    fork = explained(user, "T-0199aaaa-bbbb-7ccc-8ddd-000000000041")
    (drop,) = fork["dropped"]
    assert (drop["rule"], drop["what"], drop["tokens"]) == ("R4", "message", 6110)
    assert "000000000004" in drop["why"]
    assert explained(user, "T-0199aaaa-bbbb-7ccc-8ddd-000000000004")["dropped"] == []


def test_each_event_says_what_it_was_counted_from_and_how_its_time_is_known(
    user: Sandbox,
) -> None:
    user.env["AMP_DATA_DIR"] = str(VECTORS / "ledger_tool_events")
    document = explained(user, "T-")
    told = [(event["evidence"], event["messageId"]) for event in document["events"]]
    assert told == [("pair", "1"), ("event", None), ("event", None), ("pair", "3")]
    assert {event["timeFrom"] for event in document["events"]} == {"its own timestamp"}
    (opus,) = (rate for rate in document["rates"] if rate["model"].startswith("claude-opus"))
    assert (opus["card"], opus["inputPerMillion"]) == ("claude-opus-4-5-20251101", 5)


def test_a_vanished_file_is_explained_as_archived_and_a_running_service_is_left_alone(
    user: Sandbox,
) -> None:
    path = user.write(thread(answer(now(), model="model-x"), title="\x1b[31mred"))
    with user.serving():
        path.unlink()
        document = explained(user, "T-")
        shown = user.run("explain", "T-")
        assert user.run("status").returncode == 0
    (told,) = document["threads"]
    assert told["files"] == [{"path": str(path), "archived": True}]
    assert document["events"][0]["cost"] is None
    assert "* without 6,110 tokens that have no known price" in shown.stdout
    assert "model-x: no known price" in shown.stdout
    assert "\x1b" not in shown.stdout


def test_an_unknown_session_is_a_failure_with_a_hint(user: Sandbox) -> None:
    done = user.run("explain", "T-none")
    assert done.returncode == 1
    assert "no session begins with 'T-none'" in done.stderr
    assert "Traceback" not in done.stderr
