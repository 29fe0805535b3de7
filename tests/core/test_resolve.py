"""Rules R1 and R2, the model ladder and an event's time."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.claims import claim_messages
from amp_tray.core.events import Evidence, use_of
from amp_tray.core.normalise import normalise, normalise_all
from amp_tray.core.records import LedgerEvent, MessageUsage, Rung, ThreadRecord
from amp_tray.core.resolve import resolve_thread
from amp_tray.core.tokens import TokenCounts
from tests.support.threads import (
    CLAUDE,
    CREATED,
    GPT,
    MTIME,
    answer,
    asked,
    event,
    resolved,
    thread,
)

DAY = "2026-02-10T10:00:00.000Z"
DAY_AT = 1_770_717_600_000


@pytest.mark.parametrize(
    ("model", "counts", "total", "expected"),
    [
        pytest.param(CLAUDE, (10, 1, 30, 40), 80, (10, 1, 30, 40), id="exclusive"),
        pytest.param(CLAUDE, (80, 1, 30, 40), 80, (40, 1, 0, 40), id="inclusive"),
        pytest.param(CLAUDE, (80, 1, 0, 0), 80, (80, 1, 0, 0), id="no cache: both dialects agree"),
        pytest.param(CLAUDE, (10, 1, 30, 40), 99, (10, 1, 30, 40), id="total fits neither"),
        pytest.param(CLAUDE, (10, 1, 30, 40), None, (10, 1, 30, 40), id="no total"),
        pytest.param(CLAUDE, (10, 1, 0, 40), 10, (0, 1, 0, 40), id="never below nothing"),
        pytest.param(GPT, (0, 1, 30, 40), 70, (30, 1, 0, 40), id="others' creation is input"),
        pytest.param(GPT, (70, 1, 30, 40), 70, (30, 1, 0, 40), id="others inclusive"),
        pytest.param(GPT, (5, 1, 30, 40), None, (35, 1, 0, 40), id="others without a total"),
        pytest.param("unknown", (0, 1, 30, 40), 70, (0, 1, 30, 40), id="unknown is left alone"),
    ],
)
def test_input_is_normalised_to_uncached_tokens(
    model: str,
    counts: tuple[int, int, int, int],
    total: int | None,
    expected: tuple[int, int, int, int],
) -> None:
    assert normalise(TokenCounts(*counts), total, model) == expected


CLAIMED = [("pair", 100)]
BOTH = [("event", 30), ("message", 100)]


@pytest.mark.parametrize(
    ("bill", "expected"),
    [
        pytest.param(event(toMessageId=1, model=CLAUDE), CLAIMED, id="names its message"),
        pytest.param(event(toMessageId=1), CLAIMED, id="states no model"),
        pytest.param(event(model=CLAUDE), CLAIMED, id="names none, equal counts"),
        pytest.param(event(), CLAIMED, id="names none, states no model"),
        pytest.param(event(operationType=None), CLAIMED, id="no operation is an inference"),
        pytest.param(event(toMessageId="1"), CLAIMED, id="the id as text"),
        pytest.param(event(toMessageId=1, model=GPT), BOTH, id="another model"),
        pytest.param(event(model=GPT), BOTH, id="names none, another model"),
        pytest.param(event(toMessageId=2), BOTH, id="names another message"),
        pytest.param(event("e", 10, 21), [("event", 31), ("message", 100)], id="another output"),
        pytest.param(event("e", 11, 20), [("event", 31), ("message", 100)], id="another input"),
        *(
            pytest.param(event(toMessageId=1, operationType=name), BOTH, id=f"{name} never claims")
            for name in ("oracle", "codebase-search", "title-generation", "course-correction")
        ),
    ],
)
def test_an_inference_event_claims_its_message_and_nothing_else_does(
    bill: dict[str, object], expected: list[tuple[str, int]]
) -> None:
    document = thread(answer(), events=[bill])
    assert sorted((e.evidence, e.total_tokens) for e in resolved(document)) == expected


def test_a_pair_has_the_messages_tokens_and_the_events_credits_and_time() -> None:
    bill = event(toMessageId=1, credits=1.5, timestamp=DAY)
    (pair,) = resolved(thread(answer(credits=9), events=[bill]))
    assert pair.at == DAY_AT
    assert pair.rung == Rung.USAGE
    assert pair.credits == 1_500_000_000
    assert (pair.input_tokens, pair.output_tokens) == (10, 20)
    assert (pair.cache_creation_tokens, pair.cache_read_tokens) == (30, 40)
    assert (pair.message_id, pair.event_id) == ("1", "e1")


def test_a_pair_is_normalised_by_the_events_model_first() -> None:
    message = answer(1, 10, 20, 30, 40)
    del message["usage"]["model"]
    (pair,) = resolved(thread(message, events=[event(toMessageId=1, model=GPT)]))
    assert (pair.model, pair.input_tokens, pair.cache_creation_tokens) == (GPT, 40, 0)


def test_of_equal_counts_each_event_takes_the_first_message_left() -> None:
    first, second = answer(1, 10, 20, 1, 0), answer(2, 10, 20, 2, 0)
    events = [event("a", timestamp="2026-02-01"), event("b", timestamp="2026-02-02")]
    found = resolved(thread(first, second, events=events))
    assert [(e.event_id, e.message_id) for e in found] == [("a", "1"), ("b", "2")]
    assert {e.evidence for e in found} == {Evidence.PAIR}


def test_events_that_name_their_message_choose_before_those_that_do_not() -> None:
    events = [event("free"), event("named", toMessageId=1)]
    found = resolved(thread(answer(1), answer(2), events=events))
    assert {e.event_id: e.message_id for e in found} == {"free": "2", "named": "1"}


def test_a_second_event_for_the_same_message_counts_by_itself() -> None:
    found = resolved(
        thread(answer(), events=[event("a", toMessageId=1), event("b", toMessageId=1)])
    )
    assert sorted(e.evidence for e in found) == [Evidence.EVENT, Evidence.PAIR]


def test_an_event_without_a_model_takes_the_first_message_of_any_model() -> None:
    other = answer(1)
    other["usage"]["model"] = GPT
    found = resolved(thread(other, answer(2), events=[event("a"), event("b", model=GPT)]))
    assert {e.message_id: e.event_id for e in found if e.message_id} == {"1": "a", "2": None}


def test_usage_without_tokens_and_credits_is_no_event() -> None:
    assert resolved(thread(answer(1, 0, 0, 0, 0), events=[event("e", 0, 0)])) == ()


def test_credits_without_tokens_count() -> None:
    (found,) = resolved(thread(events=[event("e", 0, 0, credits=0.25)]))
    assert (found.credits, found.total_tokens) == (250_000_000, 0)


@pytest.mark.parametrize("state", ["cancelled", "error", "streaming"])
def test_usage_that_came_to_nothing_was_paid_for(state: str) -> None:
    (found,) = resolved(thread(answer() | {"state": {"type": state}}))
    assert found.total_tokens == 100


@pytest.mark.parametrize(
    ("tags", "last", "expected"),
    [
        ([f"model:{GPT}"], "last", GPT),
        (["model:undefined", f"model:{GPT}"], "last", GPT),
        ([f"model:{GPT}", f"model:{GPT}"], "last", GPT),
        ([f"model:{GPT}", "model:other"], "last", "last"),
        (["model:undefined"], "last", "last"),
        (["model:"], "last", "last"),
        (["other", 7, None], "last", "last"),
        ([], None, "unknown"),
        (None, "undefined", "unknown"),
    ],
)
def test_the_model_ladder_of_messages_and_their_events(
    tags: object, last: object, expected: str
) -> None:
    message = answer()
    del message["usage"]["model"]
    document = thread(
        message,
        answer(2, 1, 2, 3, 4),
        events=[event(toMessageId=1), event("tool", 5, 5, operationType="oracle")],
        env={"initial": {"tags": tags}},
        **{"~debug": {"lastInferenceUsage": {"model": last, "inputTokens": 999}}},
    )
    found = {e.event_id or e.message_id: e.model for e in resolved(document)}
    assert found == {"e1": expected, "2": CLAUDE, "tool": "unknown"}


@pytest.mark.parametrize(
    ("members", "created", "expected"),
    [
        ({"timestamp": DAY, "toMessageId": 1}, CREATED, (DAY_AT, Rung.USAGE)),
        ({"toMessageId": 1}, CREATED, (1_769_000_000_000, Rung.SENT)),
        ({"toMessageId": 7}, CREATED, (CREATED, Rung.CREATED)),
        ({}, CREATED, (CREATED, Rung.CREATED)),
        ({"timestamp": "never"}, None, (MTIME, Rung.MTIME)),
    ],
)
def test_the_time_of_an_event(
    members: dict[str, object], created: int | None, expected: tuple[int, Rung]
) -> None:
    bill = event("e", 5, 6, **members)
    document = thread(asked(1_769_000_000_000), answer(), events=[bill], created=created)
    (found,) = [e for e in resolved(document) if e.event_id]
    assert (found.at, found.rung) == expected


MODELS = st.sampled_from([None, CLAUDE, GPT])
SMALL = st.integers(0, 2)
MESSAGES = st.lists(st.tuples(MODELS, SMALL, SMALL), max_size=8)
EVENTS = st.lists(
    st.tuples(MODELS, SMALL, SMALL, st.sampled_from([None, "0", "1", "5"]), st.booleans()),
    max_size=8,
)


def _record(messages: object, events: object) -> ThreadRecord:
    assert isinstance(messages, list)
    assert isinstance(events, list)
    return ThreadRecord(
        "T-1",
        1,
        CREATED,
        MTIME,
        messages=tuple(
            MessageUsage(n, str(n), model, one, two, 0, 0, None, None, CREATED, Rung.CREATED)
            for n, (model, one, two) in enumerate(messages)
        ),
        events=tuple(
            LedgerEvent(
                str(n), None, model, "inference" if bills else "oracle", 10**9, one, two, None, name
            )
            for n, (model, one, two, name, bills) in enumerate(events)
        ),
    )


@given(MESSAGES, EVENTS)
def test_each_message_is_claimed_once_and_by_an_event_that_fits(
    messages: list[object], events: list[object]
) -> None:
    record = _record(messages, events)
    claims = claim_messages(record)
    assert len(set(claims.values())) == len(claims)
    for position, claimed in claims.items():
        bill, message = record.events[position], record.messages[claimed]
        assert bill.operation == "inference"
        assert (bill.input, bill.output) == (message.input, message.output)
        assert bill.model is None or message.model in {None, bill.model}
        assert bill.to_message_id in {None, message.message_id}


@given(MESSAGES, EVENTS)
def test_claims_are_those_of_the_rule_read_literally(
    messages: list[object], events: list[object]
) -> None:
    record = _record(messages, events)
    assert claim_messages(record) == _literal_claims(record)


@given(MESSAGES, EVENTS)
def test_every_event_and_every_unclaimed_message_counts(
    messages: list[object], events: list[object]
) -> None:
    record = _record(messages, events)
    claims = claim_messages(record)
    left = [m for n, m in enumerate(record.messages) if n not in set(claims.values())]
    billed = [m for m in left if m.input + m.output]
    assert len(resolve_thread(record).events) == len(record.events) + len(billed)


@given(MESSAGES, EVENTS)
def test_uses_and_span_are_those_of_the_events(
    messages: list[object], events: list[object]
) -> None:
    usage = resolve_thread(_record(messages, events))
    instants = [event.at for event in usage.events]
    assert Counter(usage.uses()) == Counter(map(use_of, usage.events))
    assert usage.span() == (
        len(instants),
        min(instants, default=None),
        max(instants, default=None),
    )


COUNTS = st.integers(0, 3)
USAGES = st.lists(
    st.tuples(
        *(st.tuples(COUNTS, COUNTS, COUNTS, COUNTS), st.none() | st.integers(0, 6)),
        st.sampled_from([CLAUDE, GPT, "unknown"]),
    ),
    min_size=1,
)


@given(USAGES)
def test_usages_are_normalised_together_as_each_is_alone(
    usages: list[tuple[tuple[int, int, int, int], int | None, str]],
) -> None:
    counts, totals, models = zip(*usages, strict=True)
    together = normalise_all(tuple(zip(*counts, strict=True)), totals, models)
    assert list(zip(*together, strict=True)) == [normalise(*usage) for usage in usages]


def _literal_claims(record: ThreadRecord) -> dict[int, int]:
    claims: dict[int, int] = {}
    for naming in (True, False):
        for position, bill in enumerate(record.events):
            if bill.operation != "inference" or (bill.to_message_id is not None) is not naming:
                continue
            for candidate, message in enumerate(record.messages):
                fits = (bill.input, bill.output) == (message.input, message.output)
                fits &= None in {bill.model, message.model} or bill.model == message.model
                fits &= not naming or bill.to_message_id == message.message_id
                if fits and candidate not in claims.values():
                    claims[position] = candidate
                    break
    return claims


def test_a_long_thread_of_equal_counts_is_claimed_in_no_time() -> None:
    many = 20_000
    record = _record([(CLAUDE, 1, 1)] * many, [(CLAUDE, 1, 1, None, True)] * many)
    assert claim_messages(record) == {n: n for n in range(many)}
    other = _record([(CLAUDE, 1, 1)] * many, [(GPT, 1, 1, None, True)] * many)
    assert claim_messages(other) == {}
