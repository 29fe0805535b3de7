"""Amp as a source: the one value that the registry lists."""

import os
import re
from typing import TYPE_CHECKING

from amp_tray.sources.amp.roots import (
    THREAD_PREFIX,
    find_roots,
    is_thread_file,
    may_be_thread,
    threads_folder,
)
from amp_tray.sources.base import Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from amp_tray.sources.reading import Reading

_ID = r"T-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def _decode(data: bytes, path: str, mtime: int) -> "Callable[[], Reading]":
    # Who only asks where the files lie need not wait for the decoder's import.
    from amp_tray.sources.amp.decode import begin_thread  # noqa: PLC0415

    read = begin_thread(data, path, mtime)
    name = os.path.basename(path)  # noqa: PTH119 - for every file, and a path object takes longer
    return read if is_thread_file(name) else lambda: _export_of(read())


def _export_of(reading: "Reading") -> "Reading":
    """Return what a file says whose name does not make it a thread: its id has to.

    Whoever keeps other JSON beside the threads need not be told of it. What is no whole JSON is
    told under any name, for it may well be an export that was cut short.
    """
    from amp_tray.core.diagnostics import Code  # noqa: PLC0415

    if reading.record is not None and reading.record.thread_id.startswith(THREAD_PREFIX):
        return reading
    torn = [item for item in reading.diagnostics if item.code is Code.TORN_FILE]
    return reading._replace(record=None, diagnostics=tuple(torn))


def _link_of(thread_id: str) -> str | None:
    """Return Amp's page of a thread; only an id that Amp may have given names one.

    Source: the Amp manual, which calls threads by https://ampcode.com/threads/T-….
    """
    return f"https://ampcode.com/threads/{thread_id}" if re.fullmatch(_ID, thread_id) else None


AMP = Source(
    name="amp",
    label="Amp",
    find_roots=find_roots,
    folder_of=threads_folder,
    is_log=may_be_thread,
    decode=_decode,
    link_of=_link_of,
)
