"""Files' whole way at once: read, decoded, resolved and priced, as the ledger will have them.

What a digest says of usage is right for a thread that stands alone and is new to the ledger;
`storing` sees whether it is, and takes the facts alone where it is not. So a digest needs no
ledger, and can be made in another process.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from amp_tray.core.days import Gathering, Part
from amp_tray.core.diagnostics import Diagnostic
from amp_tray.core.family import relatives, resolve_alone
from amp_tray.core.rates import CardOf
from amp_tray.core.records import ThreadRecord
from amp_tray.core.resolve import Resolved
from amp_tray.core.rollup import PriceList, Rollup, recent_costs, roll_up_uses
from amp_tray.core.snapshot import SessionUsage
from amp_tray.ledger.arrivals import Alone
from amp_tray.ledger.facts import encode_facts
from amp_tray.ledger.files import FileState
from amp_tray.ledger.places import Place
from amp_tray.ledger.sessions import decode_rollups, encode_rollups
from amp_tray.live.files import Begun, FileReading, begin_log
from amp_tray.live.roots import Root

File: TypeAlias = tuple[Root, str]
"""A file by its root and its name below the root's folder."""


class AloneUsage(NamedTuple):
    """What a thread comes to that no other decides about.

    Attributes:
        number: of its rollups.
        rollups, recent: as its session has them, the rollups as text.
    """

    thread: Alone
    number: int
    rollups: str
    recent: tuple[tuple[int, int], ...]


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


DaysOf: TypeAlias = tuple[str, tuple[Part, ...]]
"""What threads that stand alone come to by day, and the name of their source."""


_TOGETHER_BYTES = 32 * 2**20  # of files that are decoded together
_MANY = 1024  # files whose sizes even out: to ask for all of them takes longer than it gains

_Read: TypeAlias = tuple[int, FileReading | None]
"""A file's number, and what was read; None where it vanished."""

_Priced: TypeAlias = tuple[AloneUsage, Sequence[Rollup]]


class Digester:
    """Makes the digests of some files, and adds up what their threads come to by day."""

    def __init__(
        self,
        files: Sequence[File],
        card_of: CardOf,
        *,
        since: int,
        max_bytes: int,
        days_in: ZoneInfo | None = None,
    ) -> None:
        """Read no file yet.

        Args:
            since: events from this instant on are kept one by one for the burn rate.
            days_in: whose days are added up, None for nobody's.
        """
        self._files = files
        roots = {root.root_id: root for root, _ in files}
        self._folders = {root_id: root.folder for root_id, root in roots.items()}  # looked for once
        self._prices = PriceList(card_of)
        self._since = since
        self._max_bytes = max_bytes
        self._days_in = days_in
        self._untold: dict[str, Gathering] = {}

    def digests(self, numbers: Iterable[int]) -> list[Digest]:
        """Return the digests of the files of some numbers."""
        return [digest for files in self._read(numbers) for digest in self._digested(files)]

    def _read(self, numbers: Iterable[int]) -> Iterator[list[_Read]]:
        """Yield the files of some numbers, no more together than memory is meant for."""
        # A step for all of them before the next one: what a step needs stays in the processor.
        begun: list[tuple[int, Begun | None]] = []
        held = 0
        for number in numbers:
            root, name = self._files[number]
            folder = self._folders[root.root_id]
            file = begin_log(root.source, folder, name, max_bytes=self._max_bytes)
            begun.append((number, file))
            held += 0 if file is None else file.size
            if held > _TOGETHER_BYTES:
                yield _finished(begun)
                held = 0
        yield _finished(begun)

    def _digested(self, files: Sequence[_Read]) -> Iterator[Digest]:
        records = {
            number: file.reading.record
            for number, file in files
            if file is not None and file.reading.record is not None
        }
        alone = [number for number, record in records.items() if not relatives(record)]
        usages: dict[int, AloneUsage] = {}
        all_priced = self._priced([records[number] for number in alone])
        for number, priced in zip(alone, all_priced, strict=True):
            if priced is not None:
                usages[number], rollups = priced
                self._add_up(self._files[number][0].source.name, rollups)
        for number, file in files:
            yield _digest(number, file, usages.get(number))

    def sizes(self) -> list[int]:
        """Return the files' sizes in bytes; 0 for one that vanished, and for each of very many."""
        if len(self._files) > _MANY:
            return [0] * len(self._files)
        return [_size_of(self._folders[root.root_id] / name) for root, name in self._files]

    def days(self) -> list[DaysOf]:
        """Return what threads come to that were not yet told of."""
        told = [(source, gathering.parts()) for source, gathering in self._untold.items()]
        self._untold = {}
        return told

    def _add_up(self, source: str, rollups: Sequence[Rollup]) -> None:
        if self._days_in is not None:
            if source not in self._untold:
                self._untold[source] = Gathering(self._days_in)
            self._untold[source].add(rollups)

    def _priced(self, records: Sequence[ThreadRecord]) -> Sequence[_Priced | None]:
        """Return what threads that stand alone come to; None for one that cannot be made out."""
        try:
            return self._priced_together(records)
        except Exception:  # noqa: BLE001 - fault boundary: resolved in the ledger, it says what is wrong
            if len(records) == 1:
                return [None]
            return [priced for record in records for priced in self._priced([record])]

    def _priced_together(self, records: Sequence[ThreadRecord]) -> list[_Priced]:
        resolved = [resolve_alone(record) for record in records]
        spans = [each.span() for each in resolved]
        rollups = [roll_up_uses(each.uses(), self._prices) for each in resolved]
        texts = [encode_rollups(each) for each in rollups]
        priced: list[_Priced] = []
        for record, thread, span, own, text in zip(
            records, resolved, spans, rollups, texts, strict=True
        ):
            alone = Alone(record.thread_id, record.title, record.project, *span)
            recent = self._recent(thread, alone.last_at)
            priced.append((AloneUsage(alone, len(own), text, recent), own))
        return priced

    def _recent(self, thread: Resolved, last_at: int | None) -> tuple[tuple[int, int], ...]:
        if last_at is None or last_at < self._since:
            return ()
        return recent_costs(thread.events, self._prices.card_of, self._since)


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


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # reading it will say so
        return 0


def _finished(begun: list[tuple[int, Begun | None]]) -> list[_Read]:
    files: list[_Read] = []
    begun.reverse()
    while begun:  # what was decoded goes at once, while the processor has it at hand
        number, file = begun.pop()
        files.append((number, None if file is None else file.finish()))
    return files


def _digest(number: int, file: FileReading | None, alone: AloneUsage | None) -> Digest:
    if file is None:
        return Digest(number, None)
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
