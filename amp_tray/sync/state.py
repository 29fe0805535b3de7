"""What is remembered of fetching: the last round, the next, and what was exported.

Whoever holds the lock writes it; everybody may read it.
"""

from typing import NamedTuple

import msgspec

from amp_tray.sync.places import Places
from amp_tray.sync.stored import read_stored, write_stored

_MOST_TRIES = 3
_TRY_AGAIN_MS = 24 * 60 * 60 * 1000


class SyncState(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last round, and when the next is due. Instants are epoch milliseconds.

    Attributes:
        began_at, ended_at: of the last round, None before the first.
        good_at: when the last one ended that went well.
        error, hint: what ended the last one, None where nothing did.
        failures: how many failed, one after another.
        next_at: when the service makes the next one.
        program: the `amp` program that was run last.
        exported: how many threads the last one exported.
        failed: how many it could not export.
        refused: how many rows of the list it could not use.
        waiting: how many changed threads it left to the next.
        exports: how many threads there are in the archive, as far as is remembered.
        without_credits, without_tools: how many of those cannot tell something.
    """

    began_at: int | None = None
    ended_at: int | None = None
    good_at: int | None = None
    error: str | None = None
    hint: str | None = None
    failures: int = 0
    next_at: int | None = None
    program: str | None = None
    exported: int = 0
    failed: int = 0
    refused: int = 0
    waiting: int = 0
    exports: int = 0
    without_credits: int = 0
    without_tools: int = 0


class Exported(NamedTuple):
    """A thread that was asked for.

    Attributes:
        updated: of which change, as the list spelled it.
        tries: how often that failed; 0 where it is in the archive.
        lacks_credits, lacks_tools: what the export cannot tell.
        tried_at: when it last failed.
    """

    updated: str
    tries: int = 0
    lacks_credits: bool = False
    lacks_tools: bool = False
    tried_at: int = 0

    def is_given_up(self, now: int) -> bool:
        """Say whether it failed so often that it is left alone for a day."""
        return self.tries >= _MOST_TRIES and abs(now - self.tried_at) < _TRY_AGAIN_MS


class Lacks(NamedTuple):
    """Of the exports that are there: how many, and how many cannot tell something."""

    exports: int
    credits: int
    tools: int


Threads = dict[str, Exported]
"""What was asked for, by thread id."""


def read_state(places: Places) -> SyncState:
    """Return what is remembered of the rounds."""
    return read_stored(places.state, SyncState, SyncState())


def write_state(places: Places, state: SyncState) -> None:
    """Remember a round; raises OSError."""
    write_stored(places.state, state)


def read_threads(places: Places) -> Threads:
    """Return what is remembered of the threads."""
    return read_stored(places.threads, Threads, {})


def write_threads(places: Places, threads: Threads) -> None:
    """Remember the threads; raises OSError."""
    write_stored(places.threads, threads)


def lacks_of(threads: Threads) -> Lacks:
    """Return what the exports lack, all together."""
    there = [one for one in threads.values() if not one.tries]
    return Lacks(
        len(there),
        sum(one.lacks_credits for one in there),
        sum(one.lacks_tools for one in there),
    )
