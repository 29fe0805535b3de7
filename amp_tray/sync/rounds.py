"""One round: the list, the exports of what changed, the balance; bounded in every way.

It runs in a thread of the service, or in `amp-tray sync`; the lock sees to it that one process
does so at a time. Whatever ends it, what was exported by then is kept and remembered.
"""

import logging
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from amp_tray.config.sync import SyncOptions
from amp_tray.host.lock import InstanceLock
from amp_tray.sync.amp import Amp
from amp_tray.sync.archive import archived, check_export, remove_halves, write_export
from amp_tray.sync.balance import note_balance
from amp_tray.sync.child import Stop
from amp_tray.sync.errors import (
    BadAnswerError,
    BusyError,
    CallError,
    NotSignedInError,
    StoppedError,
    SyncError,
)
from amp_tray.sync.finding import child_environment, find_amp
from amp_tray.sync.listing import Listed, newest_first
from amp_tray.sync.places import Places
from amp_tray.sync.schedule import next_at
from amp_tray.sync.state import (
    Exported,
    SyncState,
    Threads,
    lacks_of,
    read_state,
    read_threads,
    write_state,
    write_threads,
)

log = logging.getLogger(__name__)

_ROUND_SECONDS = 15 * 60.0
_PAUSE_SECONDS = 0.5
_PAGE, _MOST_PAGES = 200, 50
_SAVE_EVERY = 25
_LOCK_TRIES, _LOCK_SECONDS = 5, 0.05
# So many exports that fail one after another are no single threads' fault.
_MOST_FAILURES = 5

Tell = Callable[[int, int], None]
"""Takes how many of the round's threads are done, of how many."""


class Setup(NamedTuple):
    """What a round works with.

    Attributes:
        places: where its files lie.
        options: what the user set.
        env, home: of the user; little of the environment is handed on.
        most_export_bytes: the largest file that is read later on.
        clock: the current instant, epoch milliseconds.
        pause_seconds: between two exports.
    """

    places: Places
    options: SyncOptions
    env: Mapping[str, str]
    home: Path
    most_export_bytes: int
    clock: Callable[[], int]
    pause_seconds: float = _PAUSE_SECONDS

    def amp(self, stop: Stop) -> Amp:
        """Return the user's `amp` program; raises NotInstalledError."""
        program = find_amp(self.env, self.home, self.options.program)
        return Amp(
            program,
            child_environment(self.env, self.home, program),
            self.home,
            self.options.call_seconds,
            self.most_export_bytes,
            stop,
        )


def sync_once(
    setup: Setup, *, stop: Stop, since: int | None = None, tell: Tell | None = None
) -> SyncState:
    """Make one round and return what became of it; what fails is in it, and is remembered.

    Args:
        since: threads that changed before this instant are left out.
        tell: called in this thread as the round gets on.

    Raises:
        BusyError: another process makes one.
        StoppedError: this program ends.
        OSError: the data directory cannot be written.
    """
    lock = InstanceLock(setup.places.lock)
    for _ in range(_LOCK_TRIES):
        if lock.acquire():
            break
        stop.pause(_LOCK_SECONDS)  # whoever only looks at the lock has it for a moment
    else:
        raise BusyError(f"another round goes on (process {lock.holder()})")
    try:
        return _remembered(setup, stop, since, tell or _nobody)
    finally:
        lock.release()


def _remembered(setup: Setup, stop: Stop, since: int | None, tell: Tell) -> SyncState:
    before, began_at = read_state(setup.places), setup.clock()
    round_ = _Round(setup, stop, since, tell)
    error: SyncError | None = None
    try:
        round_.run()
    except StoppedError:
        raise
    except SyncError as failed:
        error = failed
    except OSError as failed:
        error = SyncError(
            f"the archive cannot be written: {failed.strerror}",
            hint=f"look at the disk's space and at {setup.places.data_directory}",
        )
    if error is not None:
        log.warning("%s: %s", error.title, error.message)
    now, lacks = setup.clock(), lacks_of(read_threads(setup.places))
    failures = 0 if error is None else before.failures + 1
    state = SyncState(
        began_at=began_at,
        ended_at=now,
        good_at=now if error is None else before.good_at,
        error=None if error is None else error.message,
        hint=None if error is None else error.hint or None,
        failures=failures,
        next_at=next_at(
            now,
            failures=failures,
            interval_minutes=setup.options.interval_minutes,
            chance=random.random(),  # noqa: S311 - spreads load, guards nothing
        ),
        program=round_.program,
        exported=round_.exported,
        failed=round_.failed,
        refused=round_.refused,
        waiting=round_.waiting,
        exports=lacks.exports,
        without_credits=lacks.credits,
        without_tools=lacks.tools,
    )
    write_state(setup.places, state)
    return state


class _Round:
    """A round as it goes on: what it has done so far."""

    def __init__(self, setup: Setup, stop: Stop, since: int | None, tell: Tell) -> None:
        self._setup, self._stop, self._since, self._tell = setup, stop, since, tell
        self._threads: Threads = {}
        self._give_up_at = time.monotonic() + _ROUND_SECONDS
        self.program: str | None = None
        self.exported = self.failed = self.refused = self.waiting = 0

    def run(self) -> None:
        """Make the round; raises SyncError for what ends it."""
        places = self._setup.places
        amp = self._setup.amp(self._stop)
        self.program = str(amp.program)
        remove_halves(places.archive)
        self._threads = read_threads(places)
        there = archived(places.archive)
        try:
            changed = newest_first(
                one for one in self._listed(amp, there) if self._is_due(one, there)
            )
            most = self._setup.options.max_threads
            self.waiting = len(changed)
            self._export_all(amp, changed[:most])
        finally:
            write_threads(places, self._threads)
        note_balance(places, amp, self._setup.clock)

    def _listed(self, amp: Amp, there: Iterable[str]) -> Iterator[Listed]:
        """Yield the list, page after page until one has nothing new."""
        listing = amp.threads()
        self.refused = listing.refused
        found = {one.thread_id: one for one in listing.threads}
        last = listing.threads
        for _ in range(_MOST_PAGES):
            if not last or not self._is_due(last[-1], there) or self._is_over():
                break
            page = amp.more_threads(len(found), _PAGE)
            last = () if page is None else page.threads
            if page is None or all(one.thread_id in found for one in last):
                break
            self.refused += page.refused
            found = {one.thread_id: one for one in last} | found
        return iter(found.values())

    def _is_over(self) -> bool:
        return time.monotonic() > self._give_up_at

    def _is_due(self, one: Listed, there: Iterable[str]) -> bool:
        """Say whether a thread is to be exported."""
        if self._since is not None and one.updated_at is not None and one.updated_at < self._since:
            return False
        known = self._threads.get(one.thread_id)
        if known is None or known.updated != one.updated:
            return True
        if known.tries:
            return not known.is_given_up(self._setup.clock())
        return one.thread_id not in there

    def _export_all(self, amp: Amp, changed: list[Listed]) -> None:
        in_a_row = 0
        for done, one in enumerate(changed):
            if self._is_over():
                break
            if done:
                self._stop.pause(self._setup.pause_seconds)
            self._tell(done, len(changed))
            try:
                data = amp.export(one.thread_id)
                lacking = check_export(data, one.thread_id)
            except (NotSignedInError, CallError, BadAnswerError) as error:
                # One that may not be seen says the same as a user who signed out.
                if in_a_row and isinstance(error, NotSignedInError):
                    raise
                self._note_failure(one, error)
                in_a_row += 1
                if in_a_row == _MOST_FAILURES:
                    raise
            else:
                write_export(self._setup.places.archive, one.thread_id, data)
                self._threads[one.thread_id] = Exported(one.updated, 0, *lacking)
                self.exported += 1
                in_a_row = 0
            self.waiting -= 1
            if (done + 1) % _SAVE_EVERY == 0:
                write_threads(self._setup.places, self._threads)
        self._tell(len(changed), len(changed))

    def _note_failure(self, one: Listed, error: SyncError) -> None:
        """Remember that a thread could not be had: it vanished, or its export is no good."""
        log.info("a thread was not exported: %s", error.message)
        known = self._threads.get(one.thread_id)
        tries = known.tries if known is not None and known.updated == one.updated else 0
        now = self._setup.clock()
        self._threads[one.thread_id] = Exported(one.updated, tries + 1, tried_at=now)
        self.failed += 1


def _nobody(_done: int, _total: int) -> None:
    """Tell nobody."""
