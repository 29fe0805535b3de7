"""This process's memory: how much it holds, what it gives back, when garbage is looked for."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USUAL = gc.get_threshold()


def resident_bytes() -> int | None:
    """Return this process's resident memory now, None where the system does not tell cheaply."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    import resource  # noqa: PLC0415 - not there on Windows

    return pages * resource.getpagesize()


def give_back() -> None:
    """Give free memory back to the system, where the C library would keep it.

    Answers and files of all sizes leave holes behind, which glibc keeps for as long as the
    process lives; after hours of clients that is a third of what a service holds.
    """
    if not sys.platform.startswith("linux"):
        return
    import ctypes  # noqa: PLC0415 - for processes that stay

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not every C library has it
    if trim is not None:
        trim(0)


def collect_rarely() -> None:
    """Have cyclic garbage looked for a seventieth as often: a start makes values, not garbage.

    The modules of a short command load in a twelfth less time so.
    """
    gc.set_threshold(50_000)


def collect_as_usual() -> None:
    """Undo `collect_rarely` in a process that stays; what it has by now is never looked through."""
    gc.freeze()
    gc.set_threshold(*_USUAL)


@contextmanager
def uncollected() -> Iterator[None]:
    """Have no cyclic garbage looked for, by a process that ends soon.

    Hundreds of thousands of values are made at once, none of them garbage: looking through them
    again and again takes as long as making them. What was made inside is never looked through.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.enable()
