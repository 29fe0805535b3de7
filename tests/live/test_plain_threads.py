"""Threads that need none of the special rules: their figures are the sums of their parts."""

import json
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from amp_tray.core.family import RULES_VERSION, resolve_alone
from amp_tray.ledger.store import Ledger
from amp_tray.live.writer import Writer
from amp_tray.sources.amp.source import AMP
from tests.support.corpus import Size, make_corpus, write_corpus
from tests.support.scans import NOW, PRICES, figures, scanned
from tests.support.threads import Json

SIZE = Size(threads=40, turns=(1, 8), text=50)
KINDS = (
    "inputTokens",
    "outputTokens",
    "cacheCreationInputTokens",
    "cacheReadInputTokens",
)


def sums(thread: Json) -> list[float]:
    """Return a plain thread's counts and credits, added up as naively as can be."""
    said = [message["usage"] for message in thread["messages"] if "usage" in message]
    events = thread.get("usageLedger", {"events": []})["events"]
    titles = [event for event in events if "toMessageId" not in event]
    counts = [sum(usage[kind] for usage in said) for kind in KINDS]
    counts[0] += sum(event["tokens"]["input"] for event in titles)
    counts[1] += sum(event["tokens"]["output"] for event in titles)
    paid = sum(Decimal(str(event["credits"])) for event in events)
    return [*counts, sum(counts), float(paid)]


def test_each_threads_figures_are_the_sums_of_its_parts(tmp_path: Path) -> None:
    paths = write_corpus(tmp_path / "threads", SIZE)
    expected = {path.stem: sums(json.loads(path.read_text("utf-8"))) for path in paths}
    sessions = figures(scanned(None, tmp_path))["sessions"]
    assert {name: list(counts.values()) for name, counts in sessions.items()} == expected


def test_a_corpus_is_the_same_each_time_and_another_with_another_seed() -> None:
    assert list(make_corpus(SIZE)) == list(make_corpus(SIZE))
    assert list(make_corpus(SIZE)) != list(make_corpus(SIZE, seed=2))
    assert len({thread["id"] for thread in make_corpus(SIZE)}) == SIZE.threads


def test_events_are_made_of_the_facts_when_asked_for_and_are_the_same(tmp_path: Path) -> None:
    write_corpus(tmp_path / "threads", SIZE)
    ledger = Ledger(None)
    with closing(Writer(ledger, {AMP: (tmp_path,)}, PRICES, lambda: NOW)) as writer:
        writer.load()
        writer.scan()
        (root,) = writer.roots
        scope, _ = ledger.open_scope(AMP.name, [str(tmp_path)], RULES_VERSION)
        stored = dict(ledger.session_events(scope))
        resolved = {
            record.thread_id: list(resolve_alone(record).events)
            for record in ledger.every_record(scope)
        }
        assert stored == resolved
        # Read once more as if it had changed, they are written down, and still the same.
        writer.read(sorted((root.path / "threads").iterdir()))
        assert dict(ledger.session_events(scope)) == resolved
