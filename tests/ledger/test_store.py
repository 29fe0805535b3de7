"""The ledger keeps what it is given, by the root it came from."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.events import Terms, UsageEvent
from amp_tray.core.family import ThreadUsage
from amp_tray.core.records import ThreadRecord
from amp_tray.core.resolve import resolve_thread
from amp_tray.ledger.errors import LedgerError
from amp_tray.ledger.files import FileState
from amp_tray.ledger.store import Ledger, Scope, ThreadInfo
from amp_tray.ledger.usage import decode_events, encode_events
from tests.support.threads import ID, answer, event, record, thread

STATE = FileState(10, 20, "30")


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with closing(Ledger(None)) as store:
        yield store


@pytest.fixture
def scope(ledger: Ledger) -> Scope:
    return ledger.open_scope("amp", ["/a"], 1)[0]


def full_record() -> ThreadRecord:
    block = {"toolUseID": "t", "run": {"~debug": {"inferences": [{"usage": {"inputTokens": 1}}]}}}
    return record(
        thread(
            answer() | {"content": [block]},
            answer(None, timestamp="2026-02-01"),
            events=[event(credits=0.1), event(None)],
            title="Grüße \x00 👨‍👩‍👧",
        )
    )


def test_a_record_comes_back_as_it_was(ledger: Ledger, scope: Scope) -> None:
    stored = full_record()
    stored = stored._replace(messages=(stored.messages[0]._replace(aliases=("M-a",)),))
    file_id = ledger.files.put(scope.root_ids[0], "T-1.json", STATE, [])
    ledger.put_record(file_id, stored)
    assert ledger.record_of(file_id, ID) == stored
    assert ledger.records(scope, ID) == [stored]
    assert ledger.thread_ids(scope) == [ID]
    assert ledger.record_of(file_id, "T-other") is None


def test_events_come_back_as_they_were(ledger: Ledger, scope: Scope) -> None:
    events = resolve_thread(full_record()).events
    thread_usage = ThreadUsage(ID, ID, "title", None, events)
    span = (min(event.at for event in events), max(event.at for event in events))
    assert ledger.replace_family(scope, [ID], [thread_usage]) == {ID: span}
    assert ledger.replace_family(scope, [ID], [thread_usage]) == {}  # it is as it was
    assert list(ledger.session_events(scope)) == [(ID, list(events))]
    assert list(ledger.session_events(scope, ID)) == [(ID, list(events))]
    assert list(ledger.session_events(scope, "T-other")) == []
    assert ledger.session(scope, ID) == ThreadInfo(ID, ID, "title", None)
    assert ledger.session(scope, "T-other") is None


def test_a_transaction_that_fails_leaves_nothing_behind(ledger: Ledger, scope: Scope) -> None:
    def fail() -> None:
        with ledger.transaction():
            ledger.files.put(scope.root_ids[0], "T-1.json", STATE, [])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert ledger.files.of_root(scope.root_ids[0]) == {}
    with ledger.transaction():
        ledger.files.put(scope.root_ids[0], "T-2.json", STATE, [])
    assert list(ledger.files.of_root(scope.root_ids[0])) == ["T-2.json"]


def test_a_part_that_fails_undoes_itself_alone(ledger: Ledger, scope: Scope) -> None:
    (root_id,) = scope.root_ids

    def fail() -> None:
        with ledger.part():
            ledger.files.put(root_id, "T-2.json", STATE, [])
            raise RuntimeError

    with ledger.transaction():
        ledger.files.put(root_id, "T-1.json", STATE, [])
        with pytest.raises(RuntimeError):
            fail()
        with ledger.part():
            ledger.files.put(root_id, "T-3.json", STATE, [])
    assert sorted(ledger.files.of_root(root_id)) == ["T-1.json", "T-3.json"]


def test_a_failure_of_the_database_is_told_as_the_ledgers(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="disk"), ledger.transaction():
        raise sqlite3.OperationalError("database or disk is full")
    with pytest.raises(LedgerError), ledger.transaction(), ledger.part():
        raise sqlite3.OperationalError("database or disk is full")
    with ledger.transaction():
        pass


def test_a_scope_is_its_roots_in_any_order(ledger: Ledger) -> None:
    first, resolved = ledger.open_scope("amp", ["/a", "/b", "/a"], 1)
    assert not resolved
    assert ledger.open_scope("amp", ["/b", "/a"], 1) == (first, False)
    ledger.note_resolved(first, 1)
    assert ledger.open_scope("amp", ["/b", "/a"], 1) == (first, True)
    assert ledger.open_scope("amp", ["/a"], 1)[0].scope_id != first.scope_id
    assert ledger.open_scope("other", ["/b", "/a"], 1)[0].scope_id != first.scope_id


def test_another_version_of_the_rules_drops_events_and_keeps_facts(
    ledger: Ledger, scope: Scope
) -> None:
    file_id = ledger.files.put(scope.root_ids[0], "T-1.json", STATE, [])
    ledger.put_record(file_id, full_record())
    events = resolve_thread(full_record()).events
    ledger.replace_family(scope, [ID], [ThreadUsage(ID, ID, None, None, events)])
    assert ledger.open_scope("amp", ["/a"], 2) == (scope, False)
    assert list(ledger.session_events(scope)) == []
    assert ledger.thread_ids(scope) == [ID]
    ledger.note_resolved(scope, 2)
    assert ledger.open_scope("amp", ["/a"], 2) == (scope, True)


def test_only_scopes_that_share_a_root_are_outdated(ledger: Ledger) -> None:
    both = ledger.open_scope("amp", ["/a", "/b"], 1)[0]
    ledger.note_resolved(both, 1)
    for roots in (["/a"], ["/b"], ["/c"]):
        ledger.note_resolved(ledger.open_scope("amp", roots, 1)[0], 1)
    ledger.outdate_others(both)
    resolved = {
        "".join(roots): ledger.open_scope("amp", roots, 1)[1]
        for roots in (["/a", "/b"], ["/a"], ["/b"], ["/c"])
    }
    assert resolved == {"/a/b": True, "/a": False, "/b": False, "/c": True}


def test_a_file_that_vanished_keeps_its_record_and_loses_its_diagnostics(
    ledger: Ledger, scope: Scope
) -> None:
    (root_id,) = scope.root_ids
    trouble = Diagnostic(Code.BAD_RECORD, "ignored", "1 member could not be read")
    file_id = ledger.files.put(root_id, "T-1.json", STATE, [trouble])
    ledger.put_record(file_id, full_record())
    assert ledger.files.diagnostics(root_id) == [trouble._replace(path="T-1.json")]
    ledger.files.mark_gone([file_id])
    assert ledger.files.diagnostics(root_id) == []
    assert ledger.records(scope, ID) == [full_record()]
    known = ledger.files.one(scope.root_ids[0], "T-1.json")
    assert known is not None
    assert (known.present, known.state) == (False, STATE)
    assert ledger.files.put(scope.root_ids[0], "T-1.json", STATE, []) == file_id
    again = ledger.files.one(scope.root_ids[0], "T-1.json")
    assert again is not None
    assert again.present


def test_names_that_are_no_utf_8_are_kept_apart(ledger: Ledger) -> None:
    (root_id,) = ledger.open_scope("amp", ["/\udcff"], 1)[0].root_ids
    for name in ("T-\udcff.json", "T-\udcfe.json"):
        ledger.files.put(root_id, name, STATE, [])
        assert ledger.files.one(root_id, name) is not None
    assert len(ledger.files.of_root(root_id)) == 2
    assert ledger.files.one(root_id, "T-?.json") is None


def test_the_terms_of_a_call_come_back_and_usual_ones_take_no_room() -> None:
    plain = UsageEvent(ID, ID, 1, 0, "message", "m", 1, 2, 3, 4, message_id="m1")
    quick = plain._replace(terms=Terms(3, "fast"))
    text = encode_events([plain, quick])
    assert decode_events(ID, ID, text) == [plain, quick]
    assert text.count("fast") == 1
    assert encode_events([plain]).endswith(',"m1",null,null]]')


def test_events_are_read_as_they_were_written_in_the_same_transaction_and_after(
    ledger: Ledger, scope: Scope
) -> None:
    old = UsageEvent(ID, ID, 1, 0, "message", "m", 1, 2, 3, 4, terms=Terms(3))
    new = old._replace(output_tokens=9)
    with ledger.transaction():
        for event_ in (old, new):
            ledger.replace_family(scope, [ID], [ThreadUsage(ID, ID, None, None, (event_,))])
            assert list(ledger.session_events(scope, ID)) == [(ID, [event_])]
        with suppress(RuntimeError), ledger.part():
            ledger.replace_family(scope, [ID], [ThreadUsage(ID, ID, None, None, (old,))])
            raise RuntimeError
        assert list(ledger.session_events(scope, ID)) == [(ID, [new])]
    assert list(ledger.session_events(scope, ID)) == [(ID, [new])]
