"""This process's memory: how much it holds, and when it is looked through for garbage."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
