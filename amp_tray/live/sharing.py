"""Digests shared out: made some files at a time, by helper processes where there can be any.

What comes back is put together again for transactions, each of which has its price.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import takewhile
from typing import NamedTuple

import msgspec

from amp_tray.live.digest import DaysOf, Digest, Digester
from amp_tray.live.helpers import helpers_for, spread


class Batch(NamedTuple):
    """Some files read.

    Attributes:
        days: of threads that stand alone, of this batch or of earlier ones: all digests of a
            scan and all days, not those of one batch, are about the same threads.
    """

    digests: list[Digest]
    days: list[DaysOf]


_CHUNK = 32  # files that are read, and stored in one transaction, together
_CHUNK_BYTES = 32 * 2**20
_LEAST_CHUNK, _LEFT = 4, 16
_WORTH_HELP, _BYTES_WORTH_HELP = 4 * _CHUNK, 2 * _CHUNK_BYTES

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Batch)


def digest_all(digester: Digester, halted: Callable[[], bool]) -> Generator[Batch, None, None]:
    """Yield the digests of a digester's files, some at a time, in no order, and their days.

    Large numbers are made in helper processes where there can be any. The days of one that
    was killed are missing.

    Args:
        halted: asked again and again; when it says so, no more are made.
    """
    sizes = digester.sizes()
    worth = len(sizes) >= _WORTH_HELP or sum(sizes) >= _BYTES_WORTH_HELP
    chunks = list(_chunks(sizes, dwindling=worth))
    waiting = set[int | None](range(len(chunks)))
    helpers = helpers_for(len(chunks)) if worth else 0
    if helpers:

        def work(number: int) -> bytes:
            return _ENCODER.encode(Batch(digester.digests(chunks[number]), []))

        def last() -> bytes:
            return _ENCODER.encode(Batch([], digester.days()))

        with closing(spread(len(chunks), work, helpers, last)) as results:
            for number, data in results:
                if halted():
                    return
                waiting.discard(number)
                yield _DECODER.decode(data)
    for number, chunk in enumerate(chunks):
        if number in waiting:
            digests = digester.digests(takewhile(lambda _: not halted(), chunk))
            yield Batch(digests, digester.days())
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


def together(batches: Iterable[Batch], total: int, most: int) -> Iterator[Batch]:
    """Yield batches as fewer and larger ones: each transaction has its price.

    Args:
        total: how many digests there will be; of the last ones fewer, since nothing else is
            done then.
        most: how many at a time, or a few more.
    """
    held = Batch([], [])
    for batch in batches:
        held.digests.extend(batch.digests)
        held.days.extend(batch.days)
        if len(held.digests) >= min(most, max(_CHUNK // 2, total // 4)):
            total -= len(held.digests)
            yield held
            held = Batch([], [])
    if held.digests or held.days:
        yield held
