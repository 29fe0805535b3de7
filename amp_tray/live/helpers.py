"""Helper processes that share a large piece of work: chunks go out by number, results come back.

They are forks: they begin in a millisecond with all that is loaded, and what they are given need
not be written down. A fork of a process with several threads may find a lock held for ever, so
only one with a single thread makes them; the service, which has several, reads by itself. A
helper that ends early costs nothing but its share: the caller does what is missing.
"""

import contextlib
import gc
import os
import selectors
import signal
import struct
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from typing import TypeAlias

Work = Callable[[int], bytes]
"""Does one chunk of the work, by its number, and returns the result as bytes."""

Last = Callable[[], bytes]
"""Returns what a helper has to say when there is nothing left to do."""

Result: TypeAlias = tuple[int | None, bytearray]
"""A chunk's number, and what became of it; None with what a helper says at its end."""

_HEAD = struct.Struct("<IQ")  # a chunk's number, and how many bytes follow
_NUMBER = struct.Struct("<I")
_LAST = 2**32 - 1  # in place of a number
_MOST_HELPERS = 4
_MOST_CHUNKS = 8192  # their numbers must fit into a pipe that nobody empties yet: 64 KiB
_PIPE_BYTES = 1 << 20  # a few results, so that a helper goes on while the caller is busy


def helpers_for(chunks: int) -> int:
    """Return how many helper processes are of use for so many chunks; 0 where none can be."""
    if sys.platform != "linux" or threading.active_count() != 1:
        return 0
    cores = min(len(os.sched_getaffinity(0)), _MOST_HELPERS)
    return cores if cores > 1 and 1 < chunks <= _MOST_CHUNKS else 0


def spread(
    chunks: int, work: Work, helpers: int, last: Last | None = None
) -> Generator[Result, None, None]:
    """Yield (chunk, its result) as helpers have done them, in no order; some may be missing.

    Whoever stops asking for more ends the helpers.

    Args:
        last: asked by each helper at its end, where there is one.
    """
    import fcntl  # noqa: PLC0415 - not on every system, and helpers are not either

    numbers, mouth = os.pipe()
    os.write(mouth, b"".join(map(_NUMBER.pack, range(chunks))))
    os.close(mouth)
    children: dict[int, int] = {}
    try:
        for _ in range(helpers):
            out, into = os.pipe()
            with contextlib.suppress(OSError):  # a user's pipes have a limit together
                fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
            try:
                child = os.fork()
            except OSError:  # no room for another process
                os.close(out)
                os.close(into)
                break
            if child == 0:
                _help(numbers, into, work, last)
            os.close(into)
            children[child] = out
        yield from _results(list(children.values()))
    finally:
        os.close(numbers)
        for child, out in children.items():
            os.close(out)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _results(pipes: list[int]) -> Iterator[Result]:
    with selectors.DefaultSelector() as ready:
        for pipe in pipes:
            ready.register(pipe, selectors.EVENT_READ)
        while ready.get_map():
            for key, _ in ready.select():
                head = _whole(key.fd, _HEAD.size)
                number, size = (0, 0) if head is None else _HEAD.unpack(head)
                result = None if head is None else _whole(key.fd, size)
                if result is None:
                    ready.unregister(key.fd)
                else:
                    yield None if number == _LAST else number, result


def _whole(pipe: int, size: int) -> bytearray | None:
    """Read so many bytes, which a helper is writing; None where it ended before."""
    data = bytearray(size)
    view, place = memoryview(data), 0
    while place < size:
        read = os.readv(pipe, [view[place:]])
        if not read:
            return None
        place += read
    return data


def _help(numbers: int, into: int, work: Work, last: Last | None) -> None:
    """Be a helper until nothing is left to do, or nobody wants it; never returns."""
    try:
        gc.disable()  # it lives for seconds, and makes next to nothing that refers to itself
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # Nothing of the parent's may stay open in here: its locks must end with it.
        low, high = sorted((numbers, into))
        os.closerange(3, low)
        os.closerange(low + 1, high)
        os.closerange(high + 1, os.sysconf("SC_OPEN_MAX"))
        while data := os.read(numbers, _NUMBER.size):
            (number,) = _NUMBER.unpack(data)
            _tell(into, number, work(number))
        if last is not None:
            _tell(into, _LAST, last())
    finally:
        # Not sys.exit: what the parent would do at its end is not the helper's to do.
        os._exit(0)


def _tell(into: int, number: int, result: bytes) -> None:
    with open(into, "wb", closefd=False) as file:
        file.write(_HEAD.pack(number, len(result)) + result)
