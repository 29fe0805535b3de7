"""Files' whole way at once: read, decoded, resolved and priced, as the ledger will have them.

What a digest says of usage is right for a thread that stands alone and is new to the ledger;
`storing` sees whether it is, and takes the facts alone where it is not. So a digest needs no
ledger, and can be made in another process.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import takewhile
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

import msgspec

from amp_tray.core.days import Part, parts_of
from amp_tray.core.diagnostics import Diagnostic
from amp_tray.core.family import relatives, resolve_alone
from amp_tray.core.rates import CardOf
from amp_tray.core.records import ThreadRecord
from amp_tray.core.resolve import Resolved
from amp_tray.core.rollup import PriceList, recent_costs, roll_up_uses
from amp_tray.core.snapshot import SessionUsage
from amp_tray.ledger.arrivals import Alone
from amp_tray.ledger.facts import encode_facts
from amp_tray.ledger.files import FileState
from amp_tray.ledger.places import Place
from amp_tray.ledger.sessions import decode_rollups, encode_rollups
from amp_tray.live.files import FileReading, begin_log
from amp_tray.live.helpers import helpers_for, spread
from amp_tray.live.roots import Root

File: TypeAlias = tuple[Root, str]
"""A file by its root and its name below the root's folder."""


class AloneUsage(NamedTuple):
    """What a thread comes to that no other decides about.

    Attributes:
        rollups, recent: as its session has them, the rollups as text.
        days: what it comes to by day, where that was asked for.
    """

    thread: Alone
    rollups: str
    recent: tuple[tuple[int, int], ...]
    days: tuple[Part, ...]


class FurtherFacts(NamedTuple):
    """What the lines of a file told, each record as (thread, JSON text)."""

    records: tuple[tuple[str, str], ...]
    resets: tuple[tuple[int, int], ...]
    place: Place


class Digest(NamedTuple):
    """One file read.

    Attributes:
        number: which of the files to be read it is.
        state: None where it vanished meanwhile.
        facts: the record as JSON text, None where the file has none.
        alone: None where the thread names others, or its usage could not be made out.
        further: of a file that is read line by line, in place of the two.
    """

    number: int
    state: FileState | None
    diagnostics: tuple[Diagnostic, ...] = ()
    facts: str | None = None
    alone: AloneUsage | None = None
    further: FurtherFacts | None = None


Digester = Callable[[Iterable[int]], list[Digest]]
"""Makes the digests of some of the files to be read."""

_CHUNK = 32  # files that are read, and stored in one transaction, together
_CHUNK_BYTES = 32 * 2**20
_LEAST_CHUNK, _LEFT = 4, 16
_WORTH_HELP, _BYTES_WORTH_HELP = 4 * _CHUNK, 2 * _CHUNK_BYTES

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Digest])


def digester(
    files: Sequence[File],
    card_of: CardOf,
    *,
    since: int,
    max_bytes: int,
    days_in: ZoneInfo | None = None,
) -> Digester:
    """Return what makes digests of some files.

    Args:
        since: events from this instant on are kept one by one for the burn rate.
        days_in: tell what threads come to by the days of this zone.
    """
    roots = {root.root_id: root for root, _ in files}
    folders = {root_id: root.folder for root_id, root in roots.items()}  # each looked for once
    pricing = _Pricing(PriceList(card_of), since, days_in)

    def begin(number: int) -> Callable[[], FileReading] | None:
        root, name = files[number]
        return begin_log(root.source, folders[root.root_id], name, max_bytes=max_bytes)

    def digest(numbers: Iterable[int]) -> list[Digest]:
        # A step for all of them before the next one: what a step needs stays in the processor.
        begun = [(number, begin(number)) for number in numbers]
        read = [(number, None if rest is None else rest()) for number, rest in begun]
        del begun  # it holds what was decoded
        return _digests(read, pricing)

    return digest


def digest_all(
    sizes: Sequence[int], digest: Digester, halted: Callable[[], bool]
) -> Generator[Sequence[Digest], None, None]:
    """Yield the digests of some files, some at a time, in no order.

    Large numbers are made in helper processes where there can be any.

    Args:
        sizes: of the files, in bytes.
        halted: asked again and again; when it says so, no more are made.
    """
    worth = len(sizes) >= _WORTH_HELP or sum(sizes) >= _BYTES_WORTH_HELP
    chunks = list(_chunks(sizes, dwindling=worth))
    waiting = set(range(len(chunks)))
    helpers = helpers_for(len(chunks)) if worth else 0
    if helpers:

        def work(number: int) -> bytes:
            return _ENCODER.encode(digest(chunks[number]))

        with closing(spread(len(chunks), work, helpers)) as results:
            for number, data in results:
                if halted():
                    return
                waiting.discard(number)
                yield _DECODER.decode(data)
    for number in sorted(waiting):
        yield digest(takewhile(lambda _: not halted(), chunks[number]))
        if halted():
            return


def _chunks(sizes: Sequence[int], *, dwindling: bool) -> Iterator[range]:
    """Yield the files that are read together, where they dwindle fewer and fewer in the end.

    Then all helpers are done at nearly the same time.
    """
    start = held = 0
    for number, size in enumerate(sizes):
        most = _CHUNK
        if dwindling:
            most = min(most, max(_LEAST_CHUNK, (len(sizes) - start) // _LEFT))
        if number - start == most or (held and held + size > _CHUNK_BYTES):
            yield range(start, number)
            start, held = number, 0
        held += size
    if start < len(sizes):
        yield range(start, len(sizes))


def together(
    batches: Iterable[Sequence[Digest]], total: int, most: int
) -> Iterator[Sequence[Digest]]:
    """Yield digests many at a time: each transaction has its price.

    Args:
        total: how many there will be; of the last ones fewer, since nothing else is done then.
        most: how many at a time, or a few more.
    """
    held: list[Digest] = []
    for digests in batches:
        held += digests
        if len(held) >= min(most, max(_CHUNK // 2, total // 4)):
            total -= len(held)
            yield held
            held = []
    if held:
        yield held


def session_of(alone: AloneUsage, source: str) -> SessionUsage:
    """Return the session that a thread alone is; it has usage."""
    thread = alone.thread
    assert thread.first_at is not None, "it has usage"
    assert thread.last_at is not None, "it has usage"
    return SessionUsage(
        *(thread.thread_id, source, thread.title, thread.project),
        decode_rollups(alone.rollups),
        *(thread.first_at, thread.last_at, alone.recent),
    )


class _Pricing(NamedTuple):
    """What threads that stand alone are priced by."""

    prices: PriceList
    since: int
    days_in: ZoneInfo | None

    def each(self, records: Sequence[ThreadRecord]) -> Sequence[AloneUsage | None]:
        """Return what threads come to; None for one that could not be made out."""
        try:
            return self._together(records)
        except Exception:  # noqa: BLE001 - fault boundary: resolved in the ledger, it says what is wrong
            if len(records) == 1:
                return [None]
            return [usage for record in records for usage in self.each([record])]

    def _together(self, records: Sequence[ThreadRecord]) -> list[AloneUsage]:
        resolved = [resolve_alone(record) for record in records]
        spans = [each.span() for each in resolved]
        rollups = [roll_up_uses(each.uses(), self.prices) for each in resolved]
        texts = [encode_rollups(each) for each in rollups]
        zone = self.days_in
        days = [() if zone is None else parts_of(each, zone) for each in rollups]
        return [
            AloneUsage(
                Alone(record.thread_id, record.title, record.project, *span),
                text,
                self._recent(thread, span[2]),
                parts,
            )
            for record, thread, span, text, parts in zip(
                records, resolved, spans, texts, days, strict=True
            )
        ]

    def _recent(self, thread: Resolved, last_at: int | None) -> tuple[tuple[int, int], ...]:
        if last_at is None or last_at < self.since:
            return ()
        return recent_costs(thread.events, self.prices.card_of, self.since)


def _digests(files: Sequence[tuple[int, FileReading | None]], pricing: _Pricing) -> list[Digest]:
    alone = {
        number: file.reading.record
        for number, file in files
        if file is not None
        and file.reading.record is not None
        and not relatives(file.reading.record)
    }
    usages = dict(zip(alone, pricing.each(list(alone.values())), strict=True))
    return [
        Digest(number, None) if file is None else _digest(number, file, usages.get(number))
        for number, file in files
    ]


def _digest(number: int, file: FileReading, alone: AloneUsage | None) -> Digest:
    # The place is known by the number, and need not be any text that can be written.
    troubles = tuple(item._replace(path="") for item in file.reading.diagnostics)
    record = file.reading.record
    if file.further is not None:
        _, _, resets, place, _ = file.further
        texts = tuple((record.thread_id, encode_facts(record)) for record in file.further.records)
        return Digest(number, file.state, troubles, further=FurtherFacts(texts, resets, place))
    if record is None:
        return Digest(number, file.state, troubles)
    return Digest(number, file.state, troubles, encode_facts(record), alone)
