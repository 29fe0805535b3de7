"""The system's own watching of directories, begun, and why it could not be."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from watchfiles._rust_notify import (  # the documented direct use: steps can change
    RustNotify,
    WatchfilesRustInternalError,
)

from amp_tray.core.text import clean
from amp_tray.live.targets import Identity, folders_below, identities, watch_targets

_LIMITS = {
    "OS file watch limit": "the system's limit of watched directories is reached",
    "(os error 24)": "the limit of watchers or of open files is reached",
    "(os error 28)": "the system's limit of watched directories is reached",
}


class NotWatchedError(Exception):
    """The system does not watch; the message says why."""


class Survey(NamedTuple):
    """What there is to watch.

    Attributes:
        below: the directories below log directories that are read.
        known: the directories whose change begins everything anew, as they are.
    """

    below: frozenset[Path]
    known: Mapping[Path, Identity]


def survey(folders: Sequence[Path]) -> Survey:
    """Return what there is to watch so that nothing of log directories goes unseen."""
    below = folders_below(folders)
    return Survey(below.read, identities({*folders, *watch_targets(folders), *below.locked}))


def begin(there: Survey) -> RustNotify:
    """Watch directories, but for those that are missing or cannot be listed.

    Raises:
        NotWatchedError: a limit is reached, or the system refuses.
        FileNotFoundError: a directory vanished meanwhile.
    """
    listable = (place for place, known in there.known.items() if isinstance(known, tuple))
    try:
        return _begin({*listable, *there.below})
    except FileNotFoundError:
        raise
    except (OSError, WatchfilesRustInternalError) as error:
        raise NotWatchedError(_sentence(error)) from error


def _begin(places: Iterable[Path]) -> RustNotify:
    # Told to pass over missing permissions (the last argument) watchfiles passes over every
    # error, reached limits too, and watches the directories before it alone.
    return RustNotify(sorted(map(str, places)), False, False, 0, False, False)


def _sentence(error: Exception) -> str:
    for sign, sentence in _LIMITS.items():
        if sign in str(error):
            return sentence
    return f"the system does not watch: {clean(str(error))}"
