"""Calls that a log tells whole: of all copies one counts, whichever files they lie in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.calls import HOUR_MS, resolve_calls
from amp_tray.core.events import UNKNOWN_MODEL, Rule, Terms
from amp_tray.core.family import relatives, resolve_family
from amp_tray.core.records import Call, ThreadRecord
from amp_tray.core.unite import settle, unite, unite_calls, unite_copies

AT = 500_000 * HOUR_MS
CALL = Call("m1", "r1", AT, "model", 1, 2, 3, 4)


def hour(session: str, *calls: Call, project: str | None = None) -> ThreadRecord:
    return ThreadRecord(
        f"{session}@500000", 0, AT, 0, project=project, main_thread_id=session, calls=calls
    )


def counted(*records: ThreadRecord) -> dict[str, list[tuple[str | None, int]]]:
    """Return (id, output) of what counts in each session."""
    usage = resolve_family({record.thread_id: record for record in records})
    return {
        thread.session_id: [(event.message_id, event.output_tokens) for event in thread.events]
        for thread in usage.threads.values()
    }


def test_a_call_is_an_event_of_its_session() -> None:
    call = CALL._replace(cost=7, hour_creation=1, speed="fast")
    (thread,) = resolve_family({"s@500000": hour("s", call, project="p")}).threads.values()
    (event,) = thread.events
    assert (thread.session_id, thread.project) == ("s", "p")
    assert (event.session_id, event.at, event.counts) == ("s", AT, (1, 2, 3, 4))
    assert (event.recorded_cost, event.terms) == (7, Terms(1, "fast"))
    assert (event.message_id, event.event_id) == ("m1", "r1")


def test_one_on_the_usual_terms_says_nothing_of_them() -> None:
    (thread,) = resolve_family({"s@500000": hour("s", CALL._replace(model=None))}).threads.values()
    assert (thread.events[0].terms, thread.events[0].model) == (None, UNKNOWN_MODEL)


def test_a_call_without_tokens_is_none() -> None:
    assert counted(hour("s", Call("m1", None, AT, "model", 0, 0, 0, 0))) == {"s": []}


LATER = CALL._replace(at=AT + 5, output=9)
FORKED = LATER._replace(copied=True)
REPLAYED = CALL._replace(request_id="r2", aside=True, output=99)


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        ([CALL], [CALL], {"a": [("m1", 2)], "b": []}),
        ([CALL], [LATER], {"a": [], "b": [("m1", 9)]}),
        ([CALL], [FORKED], {"a": [("m1", 2)], "b": []}),
        ([FORKED], [CALL], {"a": [], "b": [("m1", 2)]}),
        ([REPLAYED], [CALL], {"a": [], "b": [("m1", 2)]}),
        ([CALL], [REPLAYED], {"a": [("m1", 2)], "b": []}),
        ([REPLAYED], [REPLAYED._replace(request_id="r3")], {"a": [], "b": [("m1", 99)]}),
        (
            [CALL],
            [CALL._replace(request_id="r2", output=5)],
            {"a": [("m1", 2)], "b": [("m1", 5)]},
        ),
    ],
)
def test_of_two_copies_one_counts(
    one: list[Call], other: list[Call], where: dict[str, list[tuple[str | None, int]]]
) -> None:
    records = (hour("a", *one), hour("b", *other))
    assert counted(*records) == counted(*reversed(records)) == where


def test_a_copy_says_where_it_counts() -> None:
    usage = resolve_family({r.thread_id: r for r in (hour("a", CALL), hour("b", CALL))})
    (drop,) = usage.drops
    assert (drop.rule, drop.session_id, drop.tokens) == (Rule.COPY, "b", 10)
    assert drop.why.endswith("session a")


def test_records_of_one_hour_belong_together_and_no_others() -> None:
    later = hour("a", CALL)._replace(created=AT + HOUR_MS)
    assert relatives(hour("a", CALL)) == relatives(hour("b", LATER))
    assert not relatives(hour("a", CALL)) & relatives(later)


CALLS = st.lists(
    st.builds(
        Call,
        call_id=st.sampled_from(["m1", "m2", "m3"]),
        request_id=st.sampled_from(["r1", "r2", None]),
        at=st.integers(AT, AT + 3),
        model=st.sampled_from(["model", None]),
        input=st.integers(0, 2),
        output=st.integers(0, 2),
        cache_creation=st.just(0),
        cache_read=st.just(0),
        copied=st.booleans(),
        aside=st.booleans(),
    ),
    max_size=8,
)


@given(CALLS, CALLS, CALLS)
def test_readings_unite_alike_in_every_order(
    one: list[Call], two: list[Call], three: list[Call]
) -> None:
    a, b, c = (hour("s", *unite_calls((), calls)) for calls in (one, two, three))
    assert unite(a, a) == a
    assert unite(a, b) == unite(b, a)
    assert unite(unite(a, b), b) == unite(a, b)
    assert unite(unite(a, b), c) == unite(a, unite(b, c))
    assert unite_copies([a, b, c]) == unite_copies([c, a, b])
    assert settle(hour("s", *one)) == a


@given(CALLS, CALLS)
def test_no_order_of_sessions_or_calls_decides_anything(one: list[Call], two: list[Call]) -> None:
    a, b = hour("a", *unite_calls((), one)), hour("b", *unite_calls((), two))
    forth = resolve_calls({a.thread_id: a, b.thread_id: b})
    back = resolve_calls({b.thread_id: b, a.thread_id: a})
    assert forth.events == back.events
    ids = {call[:2] for call in (*one, *two)}
    told = [event for events in forth.events.values() for event in events]
    assert len(told) <= len(ids)
    assert len({(event.message_id, event.event_id) for event in told}) == len(told)
