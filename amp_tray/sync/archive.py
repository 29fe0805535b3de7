"""The program's own archive of exported threads, a root like any other.

Exports are checked before they come here, and come as Amp writes: beside the target, then
renamed over it.
"""

import contextlib
import os
from pathlib import Path
from typing import NamedTuple

import msgspec

from amp_tray.core.records import ThreadRecord
from amp_tray.host.files import write_atomically
from amp_tray.sources.amp.decode import decode_thread
from amp_tray.sources.amp.roots import THREADS
from amp_tray.sync.errors import BadAnswerError
from amp_tray.sync.listing import is_thread_id

_HALF = ".part"
_DIRECTORY_MODE = 0o700


class Lacking(NamedTuple):
    """What an export cannot tell, though the thread had it or may have had.

    Attributes:
        credits: it has answers, and no credits anywhere.
        tools: it has tools' results, and nothing of the model calls that tools made.
    """

    credits: bool
    tools: bool


class _Head(msgspec.Struct):
    id: str
    messages: list[msgspec.Raw]


def check_export(data: bytes, thread_id: str) -> Lacking:
    """Return what an export lacks.

    Raises:
        BadAnswerError: it is no JSON, cut short, another thread's, or no thread.
    """
    try:
        head = msgspec.json.decode(data, type=_Head)  # all of it is looked at, to its last brace
    except msgspec.ValidationError as error:
        raise BadAnswerError(f"the export of {thread_id} is no thread") from error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadAnswerError(f"the export of {thread_id} is no JSON, or was cut short") from error
    if head.id != thread_id:
        raise BadAnswerError(f"the export of {thread_id} is another thread")
    record = decode_thread(data, f"{thread_id}.json", 0).record
    if record is None:
        raise BadAnswerError(f"the export of {thread_id} is no thread")
    return Lacking(_lacks_credits(record), b'"tool_result"' in data and not record.tools)


def write_export(root: Path, thread_id: str, data: bytes) -> Path:
    """Put an export into the archive; whoever reads it sees all of it or none.

    Args:
        root: the archive; it is made.

    Raises:
        OSError: it cannot be written.
    """
    assert is_thread_id(thread_id), "checked where the list was read"
    folder = make_private(root) / THREADS
    make_private(folder)
    path = folder / f"{thread_id}.json"
    write_atomically(path, data, suffix=_HALF)  # by a name that nobody takes for a thread
    return path


def archived(root: Path) -> frozenset[str]:
    """Return the ids of the threads that are in the archive."""
    try:
        with os.scandir(root / THREADS) as entries:
            names = [entry.name for entry in entries]
    except OSError:  # not there yet
        return frozenset()
    return frozenset(name[: -len(".json")] for name in names if name.endswith(".json"))


def remove_halves(root: Path) -> None:
    """Remove what a killed round left half written; only who holds the lock may."""
    with contextlib.suppress(OSError):
        for half in (root / THREADS).glob(f".*{_HALF}"):
            half.unlink(missing_ok=True)


def make_private(directory: Path) -> Path:
    """Make a directory for this user alone, its parents too; one that is there is left as it is."""
    missing = [directory] if not directory.is_dir() else []
    missing += [parent for parent in directory.parents if missing and not parent.is_dir()]
    for path in reversed(missing):
        path.mkdir(mode=_DIRECTORY_MODE, exist_ok=True)
        path.chmod(_DIRECTORY_MODE)  # whatever the umask took
    return directory


def _lacks_credits(record: ThreadRecord) -> bool:
    amounts = [message.credits for message in record.messages]
    amounts += [event.credits for event in record.events]
    return bool(amounts) and not any(amounts)
