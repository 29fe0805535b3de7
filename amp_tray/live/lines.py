"""Reading a file that grows line by line: on from where it was read to, block by block.

However large the file is, a block of it is in memory, and what it told. A file that is no
longer the one that was read is read from its start.
"""

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from amp_tray.core.diagnostics import Diagnostic
from amp_tray.core.records import ThreadRecord
from amp_tray.core.unite import unite
from amp_tray.ledger.places import Place
from amp_tray.sources.base import Passage

BLOCK_BYTES = 2**20
MAX_LINE_BYTES = 64 * 2**20
"""A longer line is skipped: no agent writes one, and it has to be held whole."""

_MARK_BYTES = 1024
_START = Place(0, "", "")

ReadOn = Callable[[bytes, str, str], Passage]


class Further(NamedTuple):
    """What lines told that were not read before.

    Attributes:
        records: one a thread.
        resets: when limits were reached and end, epoch milliseconds.
        place: where the next reading begins.
        from_start: whether it is the whole file that was read.
    """

    records: tuple[ThreadRecord, ...]
    diagnostics: tuple[Diagnostic, ...]
    resets: tuple[tuple[int, int], ...]
    place: Place
    from_start: bool


def read_further(
    read_on: ReadOn, descriptor: int, size: int, path: str, known: Place | None
) -> Further:
    """Read what lines an open file has after those that were read.

    Args:
        read_on: the source's.
        size: the file's, in bytes; what is written meanwhile is for the next reading.
        known: how far this file was read before; it need not be true any more.

    Raises:
        OSError: the file cannot be read.
    """
    place = _START
    if known is not None and known.offset <= size:
        place = known if _mark(descriptor, known.offset) == known.mark else _START
    gathered = _Gathered()
    offset, memory = place.offset, place.memory
    for lines, end, whole in _blocks(descriptor, place.offset, size):
        passage = read_on(lines, path, memory)
        gathered.add(passage, told=whole)
        if whole:  # of a line that is still being written nothing is remembered
            offset, memory = end, passage.memory
    return Further(
        tuple(gathered.records.values()),
        tuple(gathered.diagnostics),
        tuple(gathered.resets),
        Place(offset, _mark(descriptor, offset), memory),
        from_start=place is _START,
    )


class _Gathered:
    """What several passages told."""

    def __init__(self) -> None:
        self.records: dict[str, ThreadRecord] = {}
        self.diagnostics: list[Diagnostic] = []
        self.resets: list[tuple[int, int]] = []

    def add(self, passage: Passage, *, told: bool) -> None:
        for record in passage.records:
            held = self.records.get(record.thread_id)
            self.records[record.thread_id] = record if held is None else unite(held, record)
        self.diagnostics += passage.diagnostics if told else ()
        self.resets += passage.resets


def _blocks(descriptor: int, start: int, size: int) -> Iterator[tuple[bytes, int, bool]]:
    """Yield (lines, the offset after them, whether the last is whole) up to the file's size."""
    offset, length = start, BLOCK_BYTES
    while offset < size:
        read = _read(descriptor, min(length, size - offset), offset)
        cut = read.rfind(b"\n") + 1
        if cut:
            yield read if cut == len(read) else read[:cut], offset + cut, True
            offset, length = offset + cut, BLOCK_BYTES
        elif offset + len(read) >= size or not read:
            if read:  # it is still being written
                yield read, size, False
            return
        elif length < MAX_LINE_BYTES:
            length *= 2  # a line longer than a block is read again, as a whole
        else:
            offset = _end_of_line(descriptor, offset + len(read), size)


def _end_of_line(descriptor: int, offset: int, size: int) -> int:
    """Return the offset after the line that an offset lies in, or the file's size."""
    while offset < size and (read := _read(descriptor, min(BLOCK_BYTES, size - offset), offset)):
        found = read.find(b"\n")
        if found >= 0:
            return offset + found + 1
        offset += len(read)
    return size


def _mark(descriptor: int, offset: int) -> str:
    """Return what tells whether the bytes before an offset are those that they were."""
    from hashlib import blake2b  # noqa: PLC0415 - slow to load, and a report may read no line

    length = min(_MARK_BYTES, offset)
    seen = _read(descriptor, length, 0) + _read(descriptor, length, offset - length)
    return blake2b(seen, digest_size=16).hexdigest()


def _read(descriptor: int, length: int, offset: int) -> bytes:
    os.lseek(descriptor, offset, os.SEEK_SET)  # not every system has `pread`
    return os.read(descriptor, length)
