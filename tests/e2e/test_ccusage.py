"""This program's figures beside those of the native ccusage, on the same files.

For plain threads they are equal. Where they differ on purpose, a tiny fixture shows that both
really do what the table of deliberate differences says (sources/amp/README.md).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.corpus import PLAIN, write_corpus
from tests.support.peers import KEYS, ROOT, Comparison
from tests.support.sandbox import Sandbox
from tests.support.threads import CLAUDE, GPT, ID, Json, answer, encode, event, thread, usage

pytestmark = pytest.mark.e2e

README = (ROOT / "amp_tray/sources/amp/README.md").read_text("utf-8")
AT = "2026-01-08T10:00:00.000Z"
OTHER = "T-0199aaaa-bbbb-7ccc-8ddd-000000000002"
NOTHING = (0, 0, 0, 0)
ONE = (10, 20, 30, 40)  # what `answer` makes
TWICE = (20, 40, 60, 80)


@pytest.fixture(scope="module")
def corpus(peer: Path) -> Iterator[Comparison]:
    with Sandbox() as user:
        write_corpus(user.threads)
        yield Comparison(user, peer)


@pytest.fixture
def both(user: Sandbox, peer: Path) -> Comparison:
    return Comparison(user, peer)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Kathmandu"])
@pytest.mark.parametrize("kind", KEYS)
def test_plain_threads_count_the_same(corpus: Comparison, kind: str, zone: str) -> None:
    ours, theirs = corpus.figures(kind, zone)
    assert ours == theirs
    rows = len(ours) - 1
    assert (
        rows == PLAIN.threads if kind == "session" else rows >= {"daily": 100, "monthly": 6}[kind]
    )
    assert min(*ours["totals"].tokens, ours["totals"].credits) > 1000


@pytest.mark.parametrize("kind", KEYS)
def test_plain_threads_cost_the_same(corpus: Comparison, kind: str) -> None:
    ours, theirs = corpus.costs(kind)
    assert ours == pytest.approx(theirs, rel=0, abs=1e-6)
    assert min(ours.values()) > 0


class Case(NamedTuple):
    """A difference: files by name, and the four token kinds by us and by the peer."""

    files: dict[str, Json]
    ours: tuple[int, ...]
    theirs: tuple[int, ...]


def told(message_id: object = 1, *counts: object, **members: object) -> Json:
    """Return an answer that says when."""
    return answer(message_id, *counts, **{"timestamp": AT, **members})


def billed(event_id: object = "e1", *counts: object, **members: object) -> Json:
    """Return a ledger event of an instant, a model and credits."""
    return event(event_id, *counts, **{"timestamp": AT, "model": CLAUDE, "credits": 1.5, **members})


def one(*messages: Json, **members: object) -> dict[str, Json]:
    """Return the files of a user with one thread."""
    return {ID: thread(*messages, **members)}


TOOL_RUN = {"~debug": {"inferences": [{"usage": usage(5, 6, 7, 8, model=CLAUDE, timestamp=AT)}]}}
TOOL = {
    "role": "user",
    "messageId": 2,
    "content": [{"type": "tool_result", "toolUseID": "t1", "run": TOOL_RUN}],
}
PAIR = (billed(toMessageId=1),)

CASES = {
    "An empty ledger beside message usage": Case(one(told(), events=[]), ONE, NOTHING),
    "A ledger and later messages that it does not name": Case(
        one(answer(), told(3), events=PAIR), TWICE, ONE
    ),
    "A message with no timestamp": Case(one(answer(), told(3)), TWICE, ONE),
    "A timestamp with no zone, or a number": Case(
        one(told(timestamp="2026-01-08T10:00:00")), ONE, NOTHING
    ),
    "A message with no model": Case(one(told(model=None), told(3)), TWICE, ONE),
    "A ledger event with no timestamp or no model": Case(
        one(answer(), answer(3), events=[billed(timestamp=None, toMessageId=1),
                                         billed("e2", model=None, toMessageId=3)]), TWICE, NOTHING
    ),
    "A ledger event that names no message": Case(
        one(answer(), events=[billed()]), ONE, (10, 20, 0, 0)
    ),
    "A tool's ledger event": Case(
        one(answer(), events=[*PAIR, billed("e2", 7, 8, operationType="oracle",
                                            fromMessageId=1, toMessageId=1)]),
        (17, 28, 30, 40),
        (17, 28, 60, 80),
    ),
    "A ledger event listed twice": Case(one(answer(), events=PAIR * 2), ONE, TWICE),
    "Fork": Case(
        {
            ID: thread(told(), told(3)),
            OTHER: thread(told(), told(3, 1, 2, 3, 4), id=OTHER,
                          originThreadID=ID, forkPointIndex=0),
        },
        (21, 42, 63, 84),
        (31, 62, 93, 124),
    ),
    "Sub-thread": Case(
        {
            ID: thread(answer(), events=[*PAIR, billed("e2", 9, 9, operationType="subagent",
                                                       subagentThreadID=OTHER)]),
            OTHER: thread(answer(1, 9, 9, 0, 0), events=[billed("e3", 9, 9, toMessageId=1)],
                          id=OTHER, mainThreadID=ID),
        },
        (19, 29, 30, 40),
        (28, 38, 30, 40),
    ),
    "Tool inferences of the era with timestamps": Case(one(told(), TOOL), (15, 26, 37, 48), ONE),
    "A model that is not Claude": Case(
        one(told(1, 0, 100, 1000, 9000, model=GPT)), (1000, 100, 0, 9000), (0, 100, 1000, 9000)
    ),
    "Input that includes the cache": Case(
        one(told(1, 1000, 100, 300, 600, totalInputTokens=1000)),
        (400, 100, 0, 600),
        (1000, 100, 300, 600),
    ),
    "One thread in two files": Case({"T-1": thread(told()), "T-2": thread(told())}, ONE, TWICE),
    "A thread with no id": Case({"T-1": {"messages": [told()]}}, ONE, NOTHING),
}  # fmt: skip


@pytest.mark.parametrize("row", CASES)
def test_a_deliberate_difference_is_as_the_table_says(both: Comparison, row: str) -> None:
    case = CASES[row]
    for name, document in case.files.items():
        both.user.write_bytes(f"{name}.json", encode(document))
    ours, theirs = both.totals()
    assert (ours.tokens, theirs.tokens) == (case.ours, case.theirs)
    assert f"\n| {row} |" in README


def test_credits_without_tokens_count_here_alone(both: Comparison) -> None:
    paid = {"id": "e1", "timestamp": AT, "model": CLAUDE, "credits": 2.5}
    both.user.write(thread(events=[paid]))
    ours, theirs = both.totals()
    assert (ours.credits, theirs.credits) == (2.5, 0)
    assert "\n| Credits without tokens |" in README


@pytest.mark.parametrize(
    ("roots", "counts"),
    [
        ("{home}/a,{home}/b", (ONE, TWICE)),
        ("{home}/a,{home}/link", (ONE, TWICE)),
        ("{home}/a/threads", (ONE, NOTHING)),
        ("~/a", (ONE, NOTHING)),
    ],
)
def test_roots_that_differ(
    both: Comparison, roots: str, counts: tuple[tuple[int, ...], tuple[int, ...]]
) -> None:
    home = both.user.home
    for name in ("a", "b"):
        (home / name / "threads").mkdir(parents=True)
        (home / name / "threads" / f"{ID}.json").write_bytes(encode(thread(told())))
    (home / "link").symlink_to(home / "a")
    both.user.env["AMP_DATA_DIR"] = roots.format(home=home)
    ours, theirs = both.totals()
    assert (ours.tokens, theirs.tokens) == counts


def test_a_byte_order_mark_costs_no_thread_here(both: Comparison) -> None:
    both.user.write_bytes(f"{ID}.json", b"\xef\xbb\xbf" + encode(thread(told())))
    ours, theirs = both.totals()
    assert (ours.tokens, theirs.tokens) == (ONE, NOTHING)


def test_a_bad_file_is_told_here_and_nothing_is_lost_by_a_deletion(both: Comparison) -> None:
    both.user.write_bytes("T-bad.json", b'{"id":')
    path = both.user.write(thread(told()))
    assert both.totals()[0] == both.totals()[1]
    assert [item["code"] for item in both.user.report("daily")["meta"]["diagnostics"]] == [
        "torn-file"
    ]
    path.unlink()
    ours, theirs = both.totals()
    assert (ours.tokens, theirs.tokens) == (ONE, NOTHING)
