"""Two agents' logs at once: each by itself, both together, and one turned off."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.claude_logs import PROJECT, SESSION, append, put, said
from tests.support.sandbox import SECONDS, Sandbox
from tests.support.threads import ID, answer, thread

AT = "2026-02-10T10:00:00.000Z"
LIMIT = [{"type": "text", "text": "Claude AI usage limit reached|1770728400"}]


@pytest.fixture
def two(user: Sandbox) -> Sandbox:
    """A user of both: 100 tokens by Amp, 200 by Claude Code."""
    user.write(thread(answer(timestamp=AT)))
    put(user.home / ".claude", f"{PROJECT}/{SESSION}.jsonl", said("1"), said("2", costUSD=0.25))
    return user


def tokens(document: dict[str, Any]) -> tuple[list[str], int]:
    return document["meta"]["sources"], document["totals"]["totalTokens"]


def test_all_is_the_default_and_each_can_be_asked_for(two: Sandbox) -> None:
    assert tokens(two.report("daily")) == (["amp", "claude"], 300)
    assert tokens(two.report("daily", "--source", "all")) == (["amp", "claude"], 300)
    assert tokens(two.report("daily", "--source", "amp")) == (["amp"], 100)
    assert tokens(two.report("daily", "--source", "claude")) == (["claude"], 200)
    refused = two.run("report", "--source", "codex")
    assert refused.returncode == 2
    assert "accepted: amp, claude, all" in refused.stderr


def test_a_source_without_usage_is_not_spoken_of(user: Sandbox) -> None:
    user.write(thread(answer(timestamp=AT)))
    assert tokens(user.report("daily")) == (["amp"], 100)
    assert tokens(user.report("daily", "--source", "claude")) == (["claude"], 0)
    assert "Amp Token Usage Report - Daily" in user.run("report").stdout


def test_rows_of_sessions_say_their_source(two: Sandbox) -> None:
    rows = two.report("session")["sessions"]
    assert {row["sessionId"]: row["source"] for row in rows} == {ID: "amp", SESSION: "claude"}
    shown = two.run("report", "session", env={"COLUMNS": "160"}).stdout
    assert " Token Usage Report - By Session" in shown
    assert "Amp Token" not in shown
    assert "8ddd-00000 claude" in shown
    alone = two.run("report", "session", "--source", "claude", env={"COLUMNS": "160"}).stdout
    assert "Claude Code Token Usage Report - By Session" in alone
    assert "shop" in alone
    assert "8ddd-00000 claude" not in alone


@pytest.mark.parametrize(("name", "left"), [("claude", 100), ("amp", 200)])
def test_a_setting_turns_a_source_off(two: Sandbox, name: str, left: int) -> None:
    two.configure(f"[sources.{name}]\nenabled = false\n")
    assert two.report("daily")["totals"]["totalTokens"] == left
    assert two.run("report", "--source", name).returncode == 2
    two.configure(f"[sources.{name}]\nenabled = true\n")
    assert two.report("daily")["totals"]["totalTokens"] == 300


def test_a_setting_names_other_roots(two: Sandbox) -> None:
    two.configure(f'[sources.claude]\nroots = ["{two.home}/elsewhere"]\n')
    assert two.report("daily", "--source", "claude")["totals"]["totalTokens"] == 0
    put(two.home / "elsewhere", f"{PROJECT}/other.jsonl", said("3"))
    assert two.report("daily", "--source", "claude")["totals"]["totalTokens"] == 100


def test_a_source_is_neither_on_nor_off(two: Sandbox) -> None:
    refused = two.run("report", env={"AMP_TRAY_SOURCE_CLAUDE": "perhaps"})
    assert refused.returncode == 2
    assert "AMP_TRAY_SOURCE_CLAUDE is 'perhaps'" in refused.stderr


def test_a_block_says_until_when_a_limit_holds(two: Sandbox) -> None:
    path = two.home / ".claude/projects" / PROJECT / f"{SESSION}.jsonl"
    append(path, said("3", isApiErrorMessage=True, message={"content": LIMIT}))
    (block,) = two.report("blocks")["blocks"]
    assert block["limitResetsAt"] == "2026-02-10T13:00:00.000Z"
    (other,) = two.report("blocks", "--source", "amp")["blocks"]
    assert "limitResetsAt" not in other
    shown = two.run("report", "blocks", "--timezone", "UTC", env={"COLUMNS": "160"}).stdout
    assert "5h limit until 13:00" in " ".join(shown.split())


def test_an_explanation_tells_the_calls_of_a_session(two: Sandbox) -> None:
    done = two.run("explain", SESSION, "--json")
    document = json.loads(done.stdout)
    assert [event["messageId"] for event in document["events"]] == ["msg_1", "msg_2"]
    assert document["totals"]["totalTokens"] == 200
    assert document["threads"][0]["files"][0]["path"].endswith(f"{SESSION}.jsonl")


@pytest.fixture
def served(two: Sandbox) -> Iterator[Sandbox]:
    with two.serving():
        yield two


def test_the_service_tells_each_part_and_sees_a_line_arrive(served: Sandbox) -> None:
    path = served.home / ".claude/projects" / PROJECT / f"{SESSION}.jsonl"
    with served.client() as client:
        summary = client.call("usage.summary")
        assert [part["source"] for part in summary["sources"]] == ["amp", "claude"]
        assert [part["month"]["totalTokens"] for part in summary["sources"]] == [0, 0]
        detail = client.call("usage.thread", {"sessionId": SESSION})
        assert (detail["source"], detail["totalTokens"], detail["subThreads"]) == (
            "claude",
            200,
            [],
        )
        client.call("usage.subscribe")
        append(path, said("4", at=summary["generatedAt"]))
        for notification in client.notifications(timeout=SECONDS):
            told = notification.params["summary"]
            if told["today"]["totalTokens"]:
                break
        parts = {part["source"]: part["today"]["totalTokens"] for part in told["sources"]}
        assert parts == {"amp": 0, "claude": 100}
