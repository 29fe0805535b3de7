"""Watching the log directories, natively where that can be, else by looking now and then.

The system's own watching is not to be had where its limits are reached, and not to be trusted
on a network file system, whose other users it does not see. Then `polling` finds the changes,
and native watching is tried again once a minute.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from watchfiles import Change
from watchfiles._rust_notify import RustNotify

from amp_tray.core.text import clean
from amp_tray.host.filesystems import network_file_system
from amp_tray.live.changes import RESCAN, Changed
from amp_tray.live.native import NotWatchedError, begin, survey
from amp_tray.live.polling import Sighting, compare, look, next_pause
from amp_tray.live.targets import (
    Concerns,
    Identity,
    identities,
    watch_targets,
)

log = logging.getLogger(__name__)

_T = TypeVar("_T")

WatchMode: TypeAlias = Literal["native", "polling"]
WatchWish: TypeAlias = Literal["auto", "native", "poll"]

# The watcher wakes once per step, so the step is the idle cost; a change is told two steps
# after it. So: coarse steps while nothing happens, fine ones for a minute after a change.
IDLE_STEP_MS = 250
BUSY_STEP_MS = 25
DEBOUNCE_MS = 200
_BUSY_MS = 60_000
_RETRY_SECONDS = 60.0
_VANISHED_SECONDS = 0.1
_ASKED = "it was asked for"


class Watcher:
    """Watches the directories that `folders` names each time it is asked.

    Attributes:
        mode: how it watches; None while it does not.
        reason: why it polls; None while it need not.
    """

    def __init__(
        self,
        folders: Callable[[], Sequence[Path]],
        *,
        is_log: Callable[[str], bool] = lambda _name: True,
        wish: WatchWish = "auto",
        network: Callable[[Path], str | None] = network_file_system,
    ) -> None:
        """Prepare; nothing starts before `changes`.

        Args:
            folders: the log directories, existing or not.
            is_log: whether a file of that name may be a log.
            wish: `native` trusts network file systems too, `poll` never watches natively.
            network: returns the network file system that a place is on, None for none.
        """
        self.mode: WatchMode | None = None
        self.reason: str | None = None
        self._folders = folders
        self._is_log = is_log
        self._wish = wish
        self._network = network
        self._known: Mapping[Path, Identity] = {}
        self._restart = threading.Event()  # RustNotify looks at it at each step
        self._woken = asyncio.Event()
        self._stopped = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="amp-tray-watch")

    async def changes(self) -> AsyncGenerator[Changed, None]:
        """Yield what changes until `close`.

        Each time watching begins, at first, after the directories changed and after a
        failure, a rescan is yielded: by then nothing that changes goes unseen.
        """
        try:
            while not self._stopped:
                self._restart.clear()
                self._woken.clear()
                folders, refusal = await self._on_thread(self._plan)
                told = self._watch(folders) if refusal is None else self._poll(refusal)
                async with contextlib.aclosing(told):
                    async for changed in told:
                        yield changed
        finally:
            self.mode = None

    def watch_as(self, wish: WatchWish) -> None:
        """Watch in another way from now on."""
        if wish != self._wish:
            self._wish = wish
            self._begin_anew()

    def check(self) -> None:
        """Begin anew if the directories to watch are no longer those watched."""
        if self.mode != "native":  # a look sees it
            return
        folders = tuple(self._folders())
        wanted = {*folders, *watch_targets(folders)}
        if not wanted <= self._known.keys() or identities(self._known) != self._known:
            self._begin_anew()

    def close(self) -> None:
        """End `changes` and its thread, within one step."""
        self._stopped = True
        self._begin_anew()
        self._thread.shutdown(wait=False)

    def _begin_anew(self) -> None:
        self._restart.set()
        self._woken.set()

    def _plan(self) -> tuple[tuple[Path, ...], str | None]:
        folders = tuple(self._folders())
        return folders, self._refusal(folders)

    def _refusal(self, folders: Sequence[Path]) -> str | None:
        """Return why the directories are not to be watched natively, None if they are."""
        if self._wish == "poll":
            return _ASKED
        for folder in folders if self._wish == "auto" else ():
            kind = self._network(folder)
            if kind is not None:
                return f"{clean(str(folder))} is on a network file system ({kind})"
        return None

    async def _watch(self, folders: Sequence[Path]) -> AsyncGenerator[Changed, None]:
        """Yield changes that the system tells of until the directories themselves change."""
        there = await self._on_thread(lambda: survey(folders))
        try:
            notify = begin(there)
        except FileNotFoundError:  # a directory vanished meanwhile
            await self._woken_in(_VANISHED_SECONDS)
            return
        except NotWatchedError as error:
            async with contextlib.aclosing(self._poll(str(error))) as told:
                async for changed in told:
                    yield changed
            return
        with notify:
            self._known = there.known
            self._set_mode("native", None)
            if await self._on_thread(lambda: survey(folders)) != there:
                return  # one came before it could be seen to come
            yield RESCAN
            batches = self._batches(notify, Concerns(folders, there.below, self._is_log))
            async with contextlib.aclosing(batches):
                async for paths in batches:
                    yield Changed(paths)

    async def _batches(
        self, notify: RustNotify, concerns: Concerns
    ) -> AsyncGenerator[frozenset[Path], None]:
        """Yield changed log files until the directories themselves change."""
        step = BUSY_STEP_MS
        while not self._restart.is_set():
            batch = await self._on_thread(
                lambda: notify.watch(DEBOUNCE_MS, step, _BUSY_MS, self._restart)  # noqa: B023 - awaited here
            )
            if not isinstance(batch, set):
                step = IDLE_STEP_MS  # a minute without a change, or the end
                continue
            changes = {(Change(kind), path) for kind, path in batch}
            if any(concerns.directories_changed(kind, path) for kind, path in changes):
                return
            if any(concerns.may_be_locked(kind, path) for kind, path in changes):
                self.check()  # permissions, most often of a directory that is read as before
            paths = frozenset(Path(path) for _, path in changes if concerns.is_log(path))
            if paths:
                step = BUSY_STEP_MS
                yield paths

    async def _poll(self, reason: str) -> AsyncGenerator[Changed, None]:
        """Yield changes found by looking until native watching can be had."""
        loop = asyncio.get_running_loop()
        retry_at = loop.time() + _RETRY_SECONDS
        seen = await self._look()
        self._set_mode("polling", reason)
        yield RESCAN
        pause = next_pause(0.0, changed=True, took=0.0)
        while not await self._woken_in(pause):
            began = loop.time()
            found = await self._look()
            changed, seen = compare(seen, found), found
            pause = next_pause(pause, changed=changed is not None, took=loop.time() - began)
            if changed is not None:
                yield changed
            if loop.time() >= retry_at:
                retry_at = loop.time() + _RETRY_SECONDS
                if await self._on_thread(self._can_watch):
                    return

    async def _look(self) -> Sighting:
        return await self._on_thread(lambda: look(self._folders(), self._is_log))

    def _can_watch(self) -> bool:
        """Say whether native watching could begin now."""
        folders, refusal = self._plan()
        if refusal is not None:
            return False
        try:
            begin(survey(folders)).close()
        except (NotWatchedError, FileNotFoundError):
            return False
        return True

    def _set_mode(self, mode: WatchMode, reason: str | None) -> None:
        if reason is not None and reason != self.reason:
            level = logging.INFO if reason == _ASKED else logging.WARNING
            log.log(level, "files are looked at now and then: %s", reason)
        elif reason is None and self.reason is not None:
            log.info("files are watched natively again")
        self.mode, self.reason = mode, reason

    async def _woken_in(self, seconds: float) -> bool:
        """Wait; return whether to begin anew, or to end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        return self._woken.is_set()

    async def _on_thread(self, work: Callable[[], _T]) -> _T:
        # A slow disk must not hold up the loop.
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
