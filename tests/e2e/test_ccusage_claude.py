"""Claude Code's sessions: this program's figures beside those of the native ccusage.

For plain sessions they are equal, in every cost mode. Where they differ on purpose, a tiny
fixture shows that both really do what the table of deliberate differences says
(sources/claude_code/README.md).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from amp_tray.core.choices import MODES
from tests.support.claude_logs import OTHER, SESSION, SONNET, dense, put, said, usage, write_logs
from tests.support.peers import ROOT, Comparison
from tests.support.sandbox import Sandbox
from tests.support.threads import Json

pytestmark = pytest.mark.e2e

README = (ROOT / "amp_tray/sources/claude_code/README.md").read_text("utf-8")
KINDS = ("daily", "monthly", "session")
NOTHING = (0, 0, 0, 0)
ONE = (10, 20, 30, 40)  # what `said` makes
TWICE = (20, 40, 60, 80)
LOG, OTHER_LOG = f"-p/{SESSION}.jsonl", f"-p/{OTHER}.jsonl"
MIDNIGHT = ("2026-02-10T23:59:58.000Z", "2026-02-11T00:00:04.000Z")


@pytest.fixture(scope="module")
def corpus(peer: Path) -> Iterator[Comparison]:
    with Sandbox() as user:
        write_logs(user.home / ".claude")
        yield Comparison(user, peer, "claude")


@pytest.fixture
def both(user: Sandbox, peer: Path) -> Comparison:
    return Comparison(user, peer, "claude")


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kathmandu"])
@pytest.mark.parametrize("kind", KINDS)
def test_plain_sessions_count_the_same(corpus: Comparison, kind: str, zone: str) -> None:
    ours, theirs = corpus.figures(kind, zone)
    assert ours == theirs
    assert len(ours) - 1 >= {"daily": 35, "monthly": 2, "session": 120}[kind]
    assert min(ours["totals"].tokens) > 100_000


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_plain_sessions_cost_the_same(corpus: Comparison, kind: str, mode: str) -> None:
    ours, theirs = corpus.costs(kind, mode)
    assert ours == pytest.approx(theirs, rel=0, abs=1e-6)
    assert ours["totals"] > 10


class Case(NamedTuple):
    """A difference: logs by name, and the four token kinds by us and by the peer."""

    logs: dict[str, list[Json | bytes]]
    ours: tuple[int, ...]
    theirs: tuple[int, ...]


def one(*lines: Json | bytes) -> dict[str, list[Json | bytes]]:
    """Return the logs of a user with one session."""
    return {LOG: list(lines)}


CASES = {
    "A member that is null": Case(one(said(requestId=None)), ONE, NOTHING),
    "JSON with blanks": Case(
        one(dense(said()).replace(b'"usage":', b'"usage": ')), ONE, NOTHING
    ),
    "A last part with fewer tokens": Case(
        one(said("1", 1, 500, 0, 0), said("1", 1, 400, 0, 0, at="2026-02-10T10:00:05.000Z")),
        (1, 400, 0, 0),
        (1, 500, 0, 0),
    ),
    "An API error with tokens": Case(one(said(isApiErrorMessage=True)), NOTHING, ONE),
    "A copied line whose message has no id": Case(
        {
            name: [{**said(), "message": {"model": SONNET, "usage": usage(*ONE)}}]
            for name in (LOG, OTHER_LOG)
        },
        ONE,
        TWICE,
    ),
    "A time with no zone": Case(one(said(at="2026-02-10T10:00:00")), ONE, NOTHING),
    "A version that is no number": Case(one(said(version="next")), ONE, NOTHING),
}  # fmt: skip


@pytest.mark.parametrize("row", CASES)
def test_a_deliberate_difference_is_as_the_table_says(both: Comparison, row: str) -> None:
    case = CASES[row]
    for name, lines in case.logs.items():
        put(both.user.home / ".claude", name, *lines)
    ours, theirs = both.totals()
    assert (ours.tokens, theirs.tokens) == (case.ours, case.theirs)
    assert f"\n| {row} |" in README


class Rows(NamedTuple):
    """A difference of rows: logs by name, and the keys of the rows by us and by the peer."""

    kind: str
    logs: dict[str, list[Json | bytes]]
    ours: set[str]
    theirs: set[str]


ROWS = {
    "A sub-agent's log beside its session's": Rows(
        "session",
        {LOG: [said("1")], "-p/agent-1.jsonl": [said("2", isSidechain=True)]},
        {SESSION},
        {SESSION, "agent-1"},
    ),
    "A fork that says so": Rows(
        "session",
        {
            LOG: [said("1", forkedFrom={"sessionId": OTHER})],
            OTHER_LOG: [said("1", sessionId=OTHER)],
        },
        {OTHER},
        {SESSION},
    ),
    "An answer on both sides of midnight": Rows(
        "daily", {LOG: [said("1", at=at) for at in MIDNIGHT]}, {"2026-02-11"}, {"2026-02-10"}
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_rows_differ_as_the_table_says(both: Comparison, row: str) -> None:
    case = ROWS[row]
    for name, lines in case.logs.items():
        put(both.user.home / ".claude", name, *lines)
    ours, theirs = both.figures(case.kind)
    assert ours["totals"] == theirs["totals"]
    assert ours.keys() - {"totals"} == case.ours
    assert theirs.keys() - {"totals"} == case.theirs
    assert f"\n| {row} |" in README


def test_a_large_request_is_billed_whole_at_its_tier(both: Comparison) -> None:
    put(both.user.home / ".claude", LOG, said("1", 150_000, 1000, 0, 100_000))
    ours, theirs = both.costs("daily")
    assert ours["totals"] == pytest.approx(0.9 + 0.0225 + 0.06)
    assert theirs["totals"] == pytest.approx(0.45 + 0.015 + 0.03)
    assert "\n| A request of more than 200,000 tokens |" in README


def test_nothing_is_lost_by_a_deletion(both: Comparison) -> None:
    root = both.user.home / ".claude"
    put(root, OTHER_LOG, said("2", sessionId=OTHER))
    path = put(root, LOG, said("1"))
    assert both.totals()[0] == both.totals()[1]
    path.unlink()
    ours, theirs = both.totals()
    assert (ours.tokens, theirs.tokens) == (TWICE, ONE)
    assert "\n| A deleted log |" in README
