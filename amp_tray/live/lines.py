"""Reading a file that grows line by line: on from where it was read to, block by block.

However large the file is, a block of it is in memory, and what it told. A file that is no
longer the one that was read is read from its start.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from amp_tray.core.diagnostics import Diagnostic
from amp_tray.core.records import ThreadRecord
from amp_tray.core.unite import unite
from amp_tray.ledger.places import Place
from amp_tray.sources.reading import Passage

BLOCK_BYTES = 2**16
"""So much the memory allocator has at hand, and is still in the cache when it is searched."""
MAX_LINE_BYTES = 64 * 2**20
"""A longer line is skipped: no agent writes one, and it has to be held whole."""

_MARK_BYTES = 1024
_START = Place(0, "", "")

ReadOn = Callable[[Iterable[bytes], str, str], Passage]


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
    blocks = _Blocks(descriptor, place.offset, size)
    told = read_on(blocks, path, place.memory)
    records, resets = told.records, told.resets
    if blocks.unfinished:  # it may be whole already; nothing else of it is remembered
        last = read_on((blocks.unfinished,), path, told.memory)
        records, resets = _united((*records, *last.records)), resets + last.resets
    return Further(
        records,
        told.diagnostics,
        resets,
        Place(blocks.end, _mark(descriptor, blocks.end), told.memory),
        from_start=place is _START,
    )


def _united(records: Iterable[ThreadRecord]) -> tuple[ThreadRecord, ...]:
    threads: dict[str, ThreadRecord] = {}
    for record in records:
        held = threads.get(record.thread_id)
        threads[record.thread_id] = record if held is None else unite(held, record)
    return tuple(threads.values())


class _Blocks:
    """The whole lines of an open file, some at a time.

    Attributes:
        end: the offset after the lines that were given.
        unfinished: what is after the last of them when all were given, a line still being written.
    """

    def __init__(self, descriptor: int, start: int, size: int) -> None:
        self._descriptor, self._size = descriptor, size
        self.end = start
        self.unfinished = b""

    def __iter__(self) -> Iterator[bytes]:
        descriptor, size = self._descriptor, self._size
        offset, length = self.end, BLOCK_BYTES
        while offset < size:
            read = _read(descriptor, min(length, size - offset), offset)
            cut = read.rfind(b"\n") + 1
            if cut:
                offset = self.end = offset + cut
                length = BLOCK_BYTES
                yield read[:cut]
            elif offset + len(read) >= size or not read:
                self.unfinished = read
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
