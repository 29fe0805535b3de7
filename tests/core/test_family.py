"""Whole families: what happened is counted once, whatever files are left of it (R3, R4, R5)."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from amp_tray.core.events import Evidence
from amp_tray.core.family import FamilyUsage, resolve_family
from amp_tray.core.unite import unite
from tests.support.families import History, histories, outputs_of
from tests.support.threads import Json, record

EXAMPLES = 40


def usage_of(documents: dict[str, Json]) -> FamilyUsage:
    return resolve_family({name: record(document) for name, document in documents.items()})


def outputs(usage: FamilyUsage) -> Counter[int]:
    return outputs_of([event for thread in usage.threads.values() for event in thread.events])


@given(histories())
@settings(max_examples=3 * EXAMPLES)
def test_each_call_counts_once_whatever_files_are_left(history: History) -> None:
    assert outputs(usage_of(history.documents)) == history.expected()


@given(histories())
@settings(max_examples=EXAMPLES)
def test_a_message_belongs_to_the_thread_that_asked_for_it(history: History) -> None:
    for thread in usage_of(history.documents).threads.values():
        for event in thread.events:
            assert (event.thread_id, event.session_id) == (thread.thread_id, thread.session_id)
            owner = history.teller_of(event.output_tokens)
            if owner is not None:
                assert thread.thread_id == owner
                assert thread.session_id == history.session_of(owner)


@given(histories(), st.data())
@settings(max_examples=EXAMPLES)
def test_the_order_of_the_records_does_not_matter(history: History, data: st.DataObject) -> None:
    documents = history.documents
    order = data.draw(st.permutations(sorted(documents)))
    assert usage_of({name: documents[name] for name in order}) == usage_of(documents)


@given(histories(), st.data())
@settings(max_examples=EXAMPLES)
def test_a_file_that_appears_changes_no_count_of_what_was_counted(
    history: History, data: st.DataObject
) -> None:
    documents = history.documents
    for name in data.draw(st.permutations(sorted(history.whole))):
        before = counts(documents)
        documents[name] = history.whole[name].document(name)
        after = counts(documents)
        assert {output: after.get(output) for output in before} == before
    assert outputs(usage_of(documents)) == history.expected(history.whole)


def counts(documents: dict[str, Json]) -> dict[int, tuple[object, ...]]:
    """Return the four counts of each message, by its output."""
    return {
        event.output_tokens: event[6:10]
        for thread in usage_of(documents).threads.values()
        for event in thread.events
        if event.evidence in {Evidence.MESSAGE, Evidence.PAIR}
    }


@given(histories())
@settings(max_examples=EXAMPLES)
def test_what_is_not_counted_is_told_with_its_reason(history: History) -> None:
    usage = usage_of(history.documents)
    for drop in usage.drops:
        assert drop.thread_id in usage.threads
        assert drop.session_id == history.session_of(drop.thread_id)
        assert drop.rule in {"R3", "R4", "R5"}
        assert drop.why


@given(histories())
@settings(max_examples=EXAMPLES)
def test_uniting_a_fork_with_itself_changes_nothing(history: History) -> None:
    for name, document in history.documents.items():
        one = record(document)
        whole = record(history.whole[name].document(name))
        assert unite(one, one) == one
        once = unite(whole, one)
        assert unite(once, one) == once
        assert len(once.messages) == len(whole.messages)
