"""Incremental equals batch: however files arrive, the figures are those of one scan."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.scans import figures, open_writer, put, scanned, snapshot_of
from tests.support.threads import CLAUDE, GPT, Json, answer, asked, event, thread

DAYS = st.integers(1, 28).map(lambda day: f"2026-02-{day:02}T23:50:00Z")
COUNT = st.integers(0, 3)


@st.composite
def threads(draw: st.DrawFn, number: int) -> Json:
    """Draw a thread of several eras at once: bills with and without names, messages alone."""
    messages: list[Json] = [asked(1_770_000_000_000)]
    events: list[Json] = []
    for position in range(1, draw(st.integers(1, 5)) + 1):
        counts = draw(st.tuples(COUNT, COUNT, COUNT, COUNT))
        model = draw(st.sampled_from([CLAUDE, GPT, None]))
        stamp = draw(st.none() | DAYS)
        messages.append(answer(position, *counts, model=model, timestamp=stamp))
        if draw(st.booleans()):
            bill = draw(st.sampled_from(["inference", "oracle"]))
            target = draw(st.sampled_from([None, position]))
            events.append(
                event(
                    f"e{position}",
                    *counts[:2],
                    operationType=bill,
                    toMessageId=target,
                    timestamp=draw(DAYS),
                    credits=draw(st.sampled_from([None, 0.1, 1.5])),
                )
            )
    return thread(*messages, events=events, id=f"T-{number}", v=9)


CORPUS = st.integers(1, 4).flatmap(
    lambda size: st.tuples(*(threads(number) for number in range(size)))
)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _grown(document: Json, length: int) -> Json:
    """Return a thread as it was when it had fewer messages and events, the last still short."""
    messages: list[Any] = [dict(message) for message in document["messages"][: length + 1]]
    if "usage" in messages[-1]:
        messages[-1]["usage"] = messages[-1]["usage"] | {"outputTokens": 0}
    return document | {
        "v": length,
        "messages": messages,
        "usageLedger": {"events": document["usageLedger"]["events"][: max(0, length - 1)]},
    }


@given(CORPUS, st.data())
def test_files_one_by_one_in_any_order_are_one_scan(
    corpus: tuple[Json, ...], data: st.DataObject
) -> None:
    with _folder() as folder:
        root = folder / "amp"
        order = data.draw(st.permutations(range(len(corpus))))
        with closing(open_writer(None, root)) as writer:  # a draw may end the example
            for number in order:
                path = put(root, corpus[number], f"T-{number}")
                if data.draw(st.booleans()):
                    writer.read([path])
                else:
                    writer.scan()
            snapshot = snapshot_of(writer)
        batch = scanned(None, root)
        assert dict(snapshot.sessions) == dict(batch.sessions)
        assert figures(snapshot) == figures(batch)


@given(CORPUS, st.data())
def test_files_that_grow_are_one_scan_of_the_grown(
    corpus: tuple[Json, ...], data: st.DataObject
) -> None:
    with _folder() as folder:
        root = folder / "amp"
        writer = open_writer(None, root)
        for number, document in enumerate(corpus):
            for length in data.draw(st.lists(st.integers(0, 5), max_size=3).map(sorted)):
                writer.read([put(root, _grown(document, length), f"T-{number}")])
        for number, document in enumerate(corpus):
            put(root, document, f"T-{number}")
        writer.scan()
        grown = figures(snapshot_of(writer))
        writer.close()
        assert grown == figures(scanned(None, root))


@given(CORPUS)
def test_reading_again_changes_nothing(corpus: tuple[Json, ...]) -> None:
    with _folder() as folder:
        root, ledger = folder / "amp", folder / "ledger.db"
        paths = [put(root, document, f"T-{n}") for n, document in enumerate(corpus)]
        writer = open_writer(ledger, root)
        writer.scan()
        once = snapshot_of(writer)
        assert not writer.scan()
        assert not writer.read(paths)
        for number, document in enumerate(corpus):
            put(root, document, f"T-{number}")  # the same bytes in another file
        writer.scan()
        assert figures(snapshot_of(writer)) == figures(once)
        writer.close()
        assert figures(scanned(ledger, root)) == figures(once)


@given(CORPUS, st.data())
def test_copies_in_two_roots_count_once(corpus: tuple[Json, ...], data: st.DataObject) -> None:
    with _folder() as folder:
        one, two = folder / "one", folder / "two"
        for number, document in enumerate(corpus):
            put(one, document, f"T-{number}")
            put(two, _grown(document, data.draw(st.integers(0, 5))), f"T-{number}")
        assert figures(scanned(None, one, two)) == figures(scanned(None, one))
        assert figures(scanned(None, two, one)) == figures(scanned(None, one))
