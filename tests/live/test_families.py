"""Families on disk: however files come and go, the ledger has what one pass over all gives."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amp_tray.core.events import UsageEvent
from amp_tray.core.family import RULES_VERSION, resolve_family
from amp_tray.core.snapshot import Snapshot
from amp_tray.core.unite import unite_copies
from amp_tray.ledger.store import Ledger, Scope
from amp_tray.live import resolving
from amp_tray.live.writer import Writer
from tests.support.families import History, histories, outputs_of
from tests.support.scans import (
    figures,
    open_writer,
    put,
    report,
    scanned,
    snapshot_of,
    total_tokens,
)
from tests.support.threads import Json, answer, asked, event, thread

EXAMPLES = 25


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _scope(ledger: Ledger, *roots: Path) -> Scope:
    scope, resolved = ledger.open_scope("amp", [str(root) for root in roots], RULES_VERSION)
    assert resolved
    return scope


def _stored(ledger: Ledger, *roots: Path) -> list[UsageEvent]:
    scope = _scope(ledger, *roots)
    return [event for _, events in ledger.session_events(scope) for event in events]


def _resolved_at_once(ledger: Ledger, *roots: Path) -> list[UsageEvent]:
    scope = _scope(ledger, *roots)
    threads = ledger.thread_ids(scope)
    usage = resolve_family({name: unite_copies(ledger.records(scope, name)) for name in threads})
    return [event for thread in usage.threads.values() for event in thread.events]


def _sorted(events: list[UsageEvent]) -> list[str]:
    """Return events as sorted text, with plain values as the ledger stores them."""
    plain = (
        event._replace(
            evidence=str(event.evidence), rung=int(event.rung), single=bool(event.single)
        )
        for event in events
    )
    return sorted(repr(tuple(event)) for event in plain)


def _outputs(snapshot: Snapshot) -> Counter[str]:
    rows = report(snapshot, "session")["sessions"]
    return Counter({row["sessionId"]: row["outputTokens"] for row in rows})


@given(histories(most=5), st.data())
@settings(max_examples=EXAMPLES)
def test_files_one_by_one_with_restarts_are_one_pass_over_all(
    history: History, data: st.DataObject
) -> None:
    with _folder() as folder, ExitStack() as writers:  # a draw may end the example
        root, path = folder / "amp", folder / "ledger.db"
        writer = writers.enter_context(closing(open_writer(path, root)))
        for name in data.draw(st.permutations(sorted(history.files))):
            document = history.documents[name]
            if data.draw(st.booleans()):  # it grows: first without what it ends with
                short = document | {"messages": document["messages"][:-1], "v": 0}
                writer.read([put(root, short, name)])
            put_path = put(root, document, name)
            if data.draw(st.booleans()):
                writer.read([put_path])
            else:
                writer.scan()
            if data.draw(st.booleans()):
                writer.close()
                writer = writers.enter_context(closing(open_writer(path, root)))
        one_by_one = snapshot_of(writer)
        writer.close()
        ledger = Ledger(path)
        assert _sorted(_stored(ledger, root)) == _sorted(_resolved_at_once(ledger, root))
        assert outputs_of(_stored(ledger, root)) == history.expected()
        ledger.close()
        at_once = scanned(None, root)
        assert figures(one_by_one) == figures(at_once)
        assert sum(_outputs(at_once).values()) == sum(history.expected().elements())


@given(histories(most=5), st.data())
@settings(max_examples=EXAMPLES)
def test_deleted_files_stay_counted_and_origins_that_come_back_change_nothing(
    history: History, data: st.DataObject
) -> None:
    with _folder() as folder:
        root, path = folder / "amp", folder / "ledger.db"
        paths = {name: put(root, document, name) for name, document in history.documents.items()}
        before = figures(scanned(path, root))
        for name in sorted(paths):
            if data.draw(st.booleans()):
                paths[name].unlink()
        assert figures(scanned(path, root)) == before
        for name, document in history.documents.items():
            put(root, document, name)
        assert figures(scanned(path, root)) == before


@given(histories(most=4), st.data())
@settings(max_examples=EXAMPLES)
def test_families_in_two_roots_count_once(history: History, data: st.DataObject) -> None:
    with _folder() as folder:
        one, two = folder / "one", folder / "two"
        for name, document in history.documents.items():
            where = data.draw(st.sampled_from([(one,), (two,), (one, two)]))
            for root in where:
                put(root, document, name)
        for roots in ((one, two), (two, one)):
            snapshot = scanned(None, *roots)
            assert sum(_outputs(snapshot).values()) == sum(history.expected().elements())


@given(histories(most=5))
@settings(max_examples=EXAMPLES)
def test_totals_are_the_sum_of_rows_and_of_events(history: History) -> None:
    with _folder() as folder:
        root = folder / "amp"
        ledger = Ledger(None)
        for name, document in history.documents.items():
            put(root, document, name)
        writer = open_writer(ledger, root)
        writer.scan()
        found, events = figures(snapshot_of(writer)), _stored(ledger, root)
        writer.close()
        for rows in (found["daily"], found["sessions"]):
            for member, total in found["totals"].items():
                assert sum(row[member] for row in rows.values()) == pytest.approx(total)
        assert found["totals"]["totalTokens"] == sum(event.total_tokens for event in events)
        by_session = Counter[str]()
        for usage in events:
            by_session[usage.session_id] += usage.total_tokens
        rows = {name: row["totalTokens"] for name, row in found["sessions"].items()}
        assert rows == dict(by_session)


SENT = 1_770_000_000_000


def _fork(origin: object, *messages: Json, name: str = "T-fork", **members: object) -> Json:
    return thread(
        asked(SENT),
        answer(1),
        *messages,
        id=name,
        originThreadID=origin,
        forkPointIndex=1,
        **members,
    )


def _counted(writer: Writer) -> dict[str, int]:
    rows = figures(snapshot_of(writer))["sessions"]
    return {name: row["totalTokens"] for name, row in rows.items()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "amp"


def test_r4_an_origin_that_appears_takes_over_its_copies(root: Path) -> None:
    writer = open_writer(None, root)
    writer.read([put(root, _fork("T-origin", answer(1, 1)), "T-fork")])
    assert _counted(writer) == {"T-origin": 100, "T-fork": 1}
    writer.read([put(root, thread(asked(SENT), answer(1), id="T-origin"), "T-origin")])
    assert _counted(writer) == {"T-origin": 100, "T-fork": 1}
    writer.close()


def test_r4_a_fork_that_names_another_origin_leaves_nothing_with_the_first(root: Path) -> None:
    writer = open_writer(None, root)
    writer.read([put(root, _fork("T-one"), "T-fork")])
    assert _counted(writer) == {"T-one": 100}
    writer.read([put(root, _fork("T-two", v=2), "T-fork")])
    assert _counted(writer) == {"T-two": 100}
    assert total_tokens(scanned(None, root)) == 100
    writer.close()


@pytest.mark.parametrize("origin", ["[x", "['message', 1]", "T-fork", ""])
def test_r4_an_origin_of_an_odd_name_is_a_thread_like_any(root: Path, origin: str) -> None:
    writer = open_writer(None, root)
    for output in (20, 21):
        writer.read([put(root, _fork(origin, answer(2, 0, output, 0, 0)), "T-fork")])
        assert sum(_counted(writer).values()) == 100 + output
    writer.read([put(root, thread(asked(SENT), answer(1), id=origin or "T-other"), "T-other")])
    if origin.startswith("["):
        assert _counted(writer) == {origin: 100, "T-fork": 21}
    writer.close()


def test_r3_a_sub_thread_that_appears_takes_the_place_of_its_event(root: Path) -> None:
    bill = event("e", 5, 6, operationType="subagent", subagentThreadID="T-sub", credits=1)
    writer = open_writer(None, root)
    writer.read([put(root, thread(events=[bill], id="T-main"), "T-main")])
    assert _counted(writer) == {"T-main": 11}
    path = put(root, thread(answer(1), id="T-sub", mainThreadID="T-main"), "T-sub")
    writer.read([path])
    assert _counted(writer) == {"T-main": 100}
    path.unlink()
    writer.scan()
    writer.read([put(root, thread(events=[bill], id="T-main", v=2), "T-main")])
    assert _counted(writer) == {"T-main": 100}
    writer.close()


def test_r3_a_main_thread_that_appears_moves_the_session(root: Path) -> None:
    writer = open_writer(None, root)
    writer.read([put(root, thread(answer(1), id="T-b", mainThreadID="T-a"), "T-b")])
    assert _counted(writer) == {"T-a": 100}
    writer.read([put(root, thread(answer(1, 1), id="T-a", mainThreadID="T-0"), "T-a")])
    assert _counted(writer) == {"T-0": 101}
    writer.close()


def test_a_session_tells_its_threads_and_when_each_was_used(root: Path) -> None:
    writer = open_writer(None, root)
    main = thread(asked(SENT), answer(1, 1), id="T-main", title="All of it")
    sub = thread(asked(SENT + 60_000), answer(1, 1), id="T-sub", mainThreadID="T-main")
    writer.read([put(root, main, "T-main"), put(root, sub, "T-sub")])
    writer.read([put(root, thread(id="T-idle", mainThreadID="T-main"), "T-idle")])
    writer.read([put(root, thread(answer(1), id="T-else"), "T-else")])
    (session,) = (
        session for name, session in snapshot_of(writer).sessions.items() if name == "T-main"
    )
    spans = {span.thread_id: span for span in writer.lookup.threads_of(session)}
    assert set(spans) >= {"T-main", "T-sub"}
    assert "T-else" not in spans
    assert spans["T-main"].title == "All of it"
    assert (session.first_at, session.last_at) == (
        spans["T-main"].first_at,
        spans["T-sub"].last_at,
    )
    writer.close()


def test_the_ledger_is_searched_once_for_all_forks_of_one_batch(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches: list[int] = []
    search = resolving._search

    def counted(ledger: Ledger, scope: Scope, searched: resolving.Searched) -> None:
        searches.append(len(searched))
        search(ledger, scope, searched)

    monkeypatch.setattr(resolving, "_search", counted)
    for number in range(30):
        document = _fork(f"T-gone-{number}", name=f"T-{number}")
        document["messages"][1] = answer(1, 1, number + 1)
        put(root, document, f"T-{number}")
    assert total_tokens(scanned(None, root)) == sum(number + 2 for number in range(30))
    assert searches == [30]


def test_a_ledger_that_is_copied_goes_on_where_it_was(root: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    put(root, _fork("T-gone"), "T-fork")
    assert total_tokens(scanned(one, root)) == 100
    shutil.copy(one, two)
    put(root, _fork("T-lost", name="T-other"), "T-other")
    snapshot = scanned(two, root)
    assert figures(snapshot)["sessions"].keys() == {"T-gone"}
    assert total_tokens(snapshot) == 100
