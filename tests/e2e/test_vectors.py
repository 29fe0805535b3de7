"""The vectors through the command line and through RPC: the numbers that must come out."""

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.support.sandbox import Sandbox

VECTORS = Path(__file__).parents[1] / "vectors/amp"
CASES = sorted(path.name for path in VECTORS.iterdir())
DELIVERIES = [
    (name, order)
    for name in CASES
    for order in permutations(sorted(path.name for path in (VECTORS / name / "threads").iterdir()))
]
COUNTS = (
    *("inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens", "totalTokens"),
    "credits",
)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest, user: Sandbox) -> tuple[Sandbox, Any]:
    folder = VECTORS / str(request.param)
    user.env["AMP_DATA_DIR"] = str(folder)
    return user, json.loads((folder / "expected.json").read_text("utf-8"))


def test_vectors_through_the_command_line(case: tuple[Sandbox, Any]) -> None:
    user, expected = case
    assert _figures(user.report("daily"), user.report("session")) == expected


def test_vectors_through_rpc(case: tuple[Sandbox, Any]) -> None:
    user, expected = case
    with user.serving(), user.client() as client:
        daily = client.call("report.daily", {"timezone": "UTC"})
        session = client.call("report.session")
    assert _figures(daily, session) == expected


@pytest.mark.parametrize(("name", "order"), DELIVERIES)
def test_vectors_delivered_one_file_at_a_time_to_a_running_service(
    user: Sandbox, name: str, order: tuple[str, ...]
) -> None:
    folder = VECTORS / name
    with user.serving(), user.client() as client:
        for file in order:
            user.write_bytes(file, (folder / "threads" / file).read_bytes())
            client.call("service.refresh")
        daily = client.call("report.daily", {"timezone": "UTC"})
        session = client.call("report.session")
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    assert _figures(daily, session) == expected


def _figures(daily: Any, session: Any) -> dict[str, Any]:
    assert daily["totals"] == session["totals"]
    return {
        "daily": {row["date"]: _counts(row) for row in daily["daily"]},
        "sessions": {row["sessionId"]: _counts(row) for row in session["sessions"]},
        "totals": _counts(daily["totals"]),
    }


def _counts(row: Any) -> dict[str, Any]:
    return {name: row[name] for name in COUNTS}
