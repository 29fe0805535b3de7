"""What a log format is to the rest of the program."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # types alone: who asks for the roots loads no record
    from amp_tray.core.diagnostics import Diagnostic
    from amp_tray.core.records import ThreadRecord


class Reading(NamedTuple):
    """What one file's bytes say: a record, unless it is None, and what could not be used."""

    record: "ThreadRecord | None"
    diagnostics: "tuple[Diagnostic, ...]" = ()


class Source(NamedTuple):
    """A log format: where its files lie and how their bytes are read.

    Attributes:
        name: what rows and options call it.
        label: what titles call it.
        find_roots: (environment, home) to the root directories, existing or not, each once.
        folder_of: a root to the directory whose files are read, with the directories below it
            (it may not exist yet).
        is_log: whether a file of that name may be a log of this format; `decode` looks into it.
        decode: (bytes, path, mtime in epoch milliseconds) to a reading; never raises on data.
        link_of: a thread's id to the web page that shows the thread, None where there is none.
    """

    name: str
    label: str
    find_roots: Callable[[Mapping[str, str], Path], tuple[Path, ...]]
    folder_of: Callable[[Path], Path]
    is_log: Callable[[str], bool]
    decode: Callable[[bytes, str, int], Reading]
    link_of: Callable[[str], str | None]
