"""Rule R0: readings of one thread are united by identity, and nothing once read is lost."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.records import LedgerEvent, MessageUsage, Rung, ThreadRecord, ToolInference
from amp_tray.core.resolve import resolve_thread
from amp_tray.core.unite import settle, unite, unite_copies
from tests.support.threads import CLAUDE, GPT, answer, event, record, thread


def tokens(united: ThreadRecord) -> int:
    return sum(found.total_tokens for found in resolve_thread(united).events)


def test_a_streaming_message_grows_in_place() -> None:
    united = unite(record(thread(answer(1, 1, 1))), record(thread(answer(1, 1, 50))))
    assert [message.output for message in united.messages] == [50]


def test_a_message_that_is_gone_stays_as_last_read() -> None:
    united = unite(record(thread(answer(1, 1), answer(2, 7))), record(thread(answer(1, 1))))
    assert [message.input for message in united.messages] == [1, 7]


def test_an_event_that_is_gone_stays_as_last_read() -> None:
    stored = record(thread(events=[event("a", credits=1), event("b", credits=2)]))
    fresh = record(thread(events=[event("b", credits=3), event("c", credits=4)]))
    found = {e.event_id: e.credits for e in unite(stored, fresh).events}
    assert found == {"a": 10**9, "b": 3 * 10**9, "c": 4 * 10**9}


def test_what_the_fresh_reading_does_not_say_is_kept() -> None:
    stored = record(thread(title="A", env={"initial": {"trees": [{"displayName": "p"}]}}))
    fresh = record(thread(title=None, created=None))
    united = unite(stored, fresh)
    assert (united.title, united.project, united.created) == ("A", "p", stored.created)


def test_duplicate_ids_in_one_file_are_one_message_the_last() -> None:
    assert [m.input for m in record(thread(answer(1, 5), answer(1, 6))).messages] == [6]


def test_equal_messages_without_ids_are_counted_by_their_number() -> None:
    twice = thread(answer(None, 5), answer(None, 5))
    assert len(record(twice).messages) == 2
    assert unite(record(twice), record(twice)) == record(twice)
    thrice = record(thread(*[answer(None, 5)] * 3))
    assert len(unite(record(twice), thrice).messages) == 3


def test_events_without_ids_are_known_by_what_they_say() -> None:
    one = event(None, timestamp="2026-02-01", credits=1)
    twice = record(thread(events=[one, one]))
    assert len(twice.events) == 2
    assert unite(twice, record(thread(events=[one]))).events == twice.events
    other = event(None, timestamp="2026-02-01", credits=2)
    assert len(unite(twice, record(thread(events=[one, one, other]))).events) == 3


def test_an_event_without_id_is_the_same_when_an_export_renames_its_message() -> None:
    stored = record(thread(answer(1), events=[event(None, toMessageId=1)]))
    fresh = record(thread(answer("M-a"), events=[event(None, toMessageId="M-a")]))
    united = unite(stored, fresh)
    assert len(united.events) == 1
    assert tokens(united) == 100


@pytest.mark.parametrize("ledger", [None, [event(toMessageId=1)], [event()]])
@pytest.mark.parametrize("fresh_ledger", ["same", "gone"])
def test_an_export_that_renumbers_messages_adds_nothing(
    ledger: list[Any] | None, fresh_ledger: str
) -> None:
    stored = record(thread(answer(1), answer(3, 10, 20), events=ledger))
    renamed = thread(
        answer("M-a"),
        answer("M-b", 10, 20),
        events=ledger if fresh_ledger == "same" else None,
    )
    united = unite(stored, record(renamed))
    assert [message.message_id for message in united.messages] == ["M-a", "M-b"]
    assert [message.aliases for message in united.messages] == [("1",), ("3",)]
    assert tokens(united) == tokens(stored)
    back = unite(united, record(thread(answer(1), answer(3, 10, 20), events=ledger)))
    assert [message.message_id for message in back.messages] == ["1", "3"]
    assert tokens(back) == tokens(stored)


def test_an_old_name_is_claimed_through_the_new_one() -> None:
    stored = record(thread(answer(1, 10, 20, 1, 1), events=[event(toMessageId=1, credits=1)]))
    (found,) = resolve_thread(unite(stored, record(thread(answer("M-a", 10, 20, 1, 1))))).events
    assert (found.evidence, found.message_id, found.event_id) == ("pair", "M-a", "e1")


def test_a_message_of_other_counts_is_another_message() -> None:
    united = unite(record(thread(answer(1, 5))), record(thread(answer("M-a", 6))))
    assert sorted(message.input for message in united.messages) == [5, 6]


def test_a_message_of_another_model_is_another_message() -> None:
    other = answer("M-a")
    other["usage"]["model"] = GPT
    assert len(unite(record(thread(answer(1))), record(thread(other))).messages) == 2


def test_the_higher_version_decides_between_copies() -> None:
    old = record(thread(answer(1, 5), answer(2, 1), v=1), mtime=9)
    new = record(thread(answer(1, 6), v=2), mtime=1)
    for copies in ([old, new], [new, old]):
        assert [message.input for message in unite_copies(copies).messages] == [6, 1]


def test_of_equal_versions_the_newer_file_decides() -> None:
    old, new = record(thread(answer(1, 5)), mtime=1), record(thread(answer(1, 6)), mtime=2)
    assert [message.input for message in unite_copies([new, old]).messages] == [6]


def test_copies_equal_in_version_and_time_unite_in_any_order() -> None:
    copies = [
        record(thread(answer(1, 5), title=None)),
        record(thread(answer(1, 6), title="A")),
        record(thread(answer(1, 7, model=None), created=None)),
    ]
    united = {unite_copies(order) for order in itertools.permutations(copies)}
    assert len(united) == 1


NAMES = st.sampled_from([None, "1", "2", "M-a", "M-b"])
COUNT = st.integers(0, 1)
POSITIONS = st.integers(0, 5)
MESSAGE = st.builds(
    MessageUsage,
    position=POSITIONS,
    message_id=NAMES,
    model=st.sampled_from([None, CLAUDE]),
    input=COUNT,
    output=COUNT,
    cache_creation=st.just(0),
    cache_read=st.just(0),
    total_input=st.none(),
    credits=st.none(),
    at=st.just(1),
    rung=st.just(int(Rung.USAGE)),
    sent_at=st.none(),
    stamp=st.sampled_from([None, 1]),
    aliases=st.just(()),
)
EVENT = st.builds(
    LedgerEvent,
    event_id=NAMES,
    at=st.sampled_from([None, 1]),
    model=st.none(),
    operation=st.just("inference"),
    credits=st.sampled_from([None, 1]),
    input=COUNT,
    output=COUNT,
    from_message_id=st.none(),
    to_message_id=NAMES,
    tool_use_id=st.none(),
    subagent_thread_id=st.none(),
)
TOOL = st.builds(
    ToolInference,
    tool_use_id=st.sampled_from([None, "t"]),
    ordinal=COUNT,
    message_position=POSITIONS,
    model=st.none(),
    input=COUNT,
    output=COUNT,
    cache_creation=COUNT,
    cache_read=COUNT,
    total_input=st.none(),
    at=st.none(),
    thread_id=st.none(),
)


@st.composite
def records(draw: st.DrawFn) -> ThreadRecord:
    messages = draw(st.lists(MESSAGE, max_size=5))
    return settle(
        ThreadRecord(
            "T-1",
            draw(st.integers(0, 2)),
            draw(st.sampled_from([None, 5])),
            draw(st.integers(0, 1)),
            title=draw(st.sampled_from([None, "t"])),
            messages=tuple(m._replace(position=n) for n, m in enumerate(messages)),
            events=tuple(draw(st.lists(EVENT, max_size=4))),
            tools=tuple(draw(st.lists(TOOL, max_size=3))),
        )
    )


@given(records())
def test_settling_twice_is_settling_once(one: ThreadRecord) -> None:
    assert settle(one) == one


@given(records())
def test_uniting_with_itself_changes_nothing(one: ThreadRecord) -> None:
    assert unite(one, one) == one


@given(records(), records())
def test_uniting_again_changes_nothing(stored: ThreadRecord, fresh: ThreadRecord) -> None:
    once = unite(stored, fresh)
    assert unite(once, fresh) == once


@given(records(), records())
def test_everything_in_the_fresh_reading_is_in_the_united_one(
    stored: ThreadRecord, fresh: ThreadRecord
) -> None:
    united = unite(stored, fresh)
    bare = [message._replace(aliases=()) for message in united.messages]
    assert all(message in bare for message in fresh.messages)
    assert set(fresh.events) <= set(united.events)
    assert set(fresh.tools) <= set(united.tools)


@given(records(), records())
def test_every_identity_ever_read_stays_known(stored: ThreadRecord, fresh: ThreadRecord) -> None:
    united = unite(stored, fresh)
    names = {name for m in united.messages for name in (m.message_id, *m.aliases)}
    assert {m.message_id for m in (*stored.messages, *fresh.messages)} - {None} <= names
    assert {e.event_id for e in (*stored.events, *fresh.events)} <= {
        e.event_id for e in united.events
    }
    assert len(united.messages) >= max(len(stored.messages), len(fresh.messages))


@given(st.lists(records(), min_size=1, max_size=3))
def test_copies_unite_to_the_same_in_any_order(copies: list[ThreadRecord]) -> None:
    assert len({unite_copies(order) for order in itertools.permutations(copies)}) == 1
