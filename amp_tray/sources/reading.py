"""What a log format makes of a file's bytes."""

from typing import NamedTuple

from amp_tray.core.diagnostics import Diagnostic
from amp_tray.core.records import ThreadRecord


class Reading(NamedTuple):
    """What one file's bytes say: a record, unless it is None, and what could not be used."""

    record: ThreadRecord | None
    diagnostics: tuple[Diagnostic, ...] = ()


class Passage(NamedTuple):
    """What some whole lines of a log say that grows line by line.

    Attributes:
        records: one a thread; of a thread that other lines told of, what these add.
        resets: (instant, when the limit that was reached then ends), epoch milliseconds.
        memory: what reading on has to know of the lines so far, a text of the source's own.
    """

    records: tuple[ThreadRecord, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    resets: tuple[tuple[int, int], ...] = ()
    memory: str = ""
