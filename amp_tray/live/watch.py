"""Watching the log directories, whether they exist yet or not.

Each directory is watched together with its parent, so that its end or replacement is seen, and
with the directories below it that are read; of one that does not exist the nearest existing
ancestor is watched, step by step down as it appears. Nothing is watched recursively: a home
directory may hold a million files.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change
from watchfiles._rust_notify import (  # the documented direct use: steps can change
    RustNotify,
    WatchfilesRustInternalError,
)

from amp_tray.live.folders import reaches, walk

log = logging.getLogger(__name__)

# The watcher wakes once per step, so the step is the idle cost; a change is told two steps
# after it. So: coarse steps while nothing happens, fine ones for a minute after a change.
IDLE_STEP_MS = 250
BUSY_STEP_MS = 50
DEBOUNCE_MS = 200
_BUSY_MS = 60_000
_RETRY_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Changed:
    """What happened: log files that may have changed, or (`rescan`) the directories did."""

    paths: frozenset[Path]
    rescan: bool = False


class Watcher:
    """Watches the directories that `folders` names each time it is asked.

    Attributes:
        working: False while the system refuses to watch.
    """

    def __init__(self, folders: Callable[[], Sequence[Path]]) -> None:
        self._folders = folders
        self._targets: frozenset[Path] = frozenset()
        self._restart = threading.Event()
        self._stopped = False
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="amp-tray-watch")
        self.working = True

    async def changes(self) -> AsyncIterator[Changed]:
        """Yield what changes until `close`.

        Each time watching begins, at first, after the directories changed and after a
        failure, a rescan is yielded: by then nothing that changes goes unseen.
        """
        while not self._stopped:
            folders = tuple(self._folders())
            self._targets = watch_targets(folders)
            self._restart.clear()
            below = await self._find_below(folders)
            targets = sorted(map(str, self._targets | below))
            try:
                notify = RustNotify(targets, False, False, 0, False, True)
            # Limits reached (an error of watchfiles' own), or a directory vanished meanwhile.
            except (OSError, WatchfilesRustInternalError) as error:
                self.working = False
                log.warning("watching failed: %s", error)
                yield Changed(frozenset(), rescan=True)
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            with notify:
                self.working = True
                if await self._find_below(folders) != below:
                    continue  # one came before it could be seen to come
                yield Changed(frozenset(), rescan=True)
                async for paths in self._batches(notify, _Concerns(folders, below)):
                    yield Changed(paths)

    async def _batches(
        self, notify: RustNotify, concerns: "_Concerns"
    ) -> AsyncIterator[frozenset[Path]]:
        """Yield changed log files until the directories themselves change."""
        loop = asyncio.get_running_loop()
        step = BUSY_STEP_MS
        while not self._restart.is_set():
            batch = await loop.run_in_executor(
                self._thread, notify.watch, DEBOUNCE_MS, step, _BUSY_MS, self._restart
            )
            if not isinstance(batch, set):
                step = IDLE_STEP_MS  # a minute without a change, or the end
                continue
            changes = {(Change(kind), path) for kind, path in batch}
            if any(concerns.directories_changed(kind, path) for kind, path in changes):
                return
            paths = frozenset(Path(path) for _, path in changes if concerns.is_log(path))
            if paths:
                step = BUSY_STEP_MS
                yield paths

    async def _find_below(self, folders: Sequence[Path]) -> frozenset[Path]:
        # A slow disk must not hold up the loop.
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, folders_below, folders)

    def check(self) -> None:
        """Begin anew if the directories to watch are no longer those watched."""
        if watch_targets(tuple(self._folders())) != self._targets:
            self._restart.set()

    def close(self) -> None:
        """End `changes` and its thread, within one step."""
        self._stopped = True
        self._restart.set()
        self._thread.shutdown(wait=False)


def watch_targets(folders: Iterable[Path]) -> frozenset[Path]:
    """Return the existing directories to watch, so that nothing of `folders` goes unseen."""
    targets: set[Path] = set()
    for folder in folders:
        line = [path for path in _line_of(folder) if path.is_dir()]
        targets.update(line[:2] if line and line[0] == folder else line[:1])
    return frozenset(targets)


def folders_below(folders: Iterable[Path]) -> frozenset[Path]:
    """Return the directories below log directories whose files are read too."""
    return frozenset(
        folder / listed.prefix for folder in folders for listed in walk(folder) if listed.prefix
    )


class _Concerns:
    """Tells log files and the directories that lead to them from everything else."""

    def __init__(self, folders: Sequence[Path], below: Iterable[Path]) -> None:
        self._folders = folders
        self._watched = {str(folder) for folder in (*folders, *below)}
        self._lines = {str(path) for folder in folders for path in _line_of(folder)}
        self._lines |= self._watched

    def directories_changed(self, kind: Change, path: str) -> bool:
        """Say whether one came or went that is read, or leads to one that is."""
        if kind is Change.modified:
            return False
        return path in self._lines or (kind is Change.added and self._is_new_folder(path))

    def is_log(self, path: str) -> bool:
        return str(Path(path).parent) in self._watched

    def _is_new_folder(self, path: str) -> bool:
        new = Path(path)
        if not any(reaches(folder, new) for folder in self._folders):
            return False
        return new.is_dir() and not new.is_symlink()


def _line_of(folder: Path) -> tuple[Path, ...]:
    return (folder, *folder.parents)
