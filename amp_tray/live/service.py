"""The service: first scan, watcher, single writer and published snapshots on one event loop.

File reading and the ledger live on one worker thread of their own, so the loop always answers.
Each task is named, owned here and ended by `stop`; one that fails is logged and started again.
"""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

from amp_tray.core.document import Document
from amp_tray.core.errors import AmpTrayError
from amp_tray.core.periods import day_of
from amp_tray.core.report import diagnostic_rows, optional_instant
from amp_tray.ledger.errors import LedgerError, ledger_errors
from amp_tray.live.hub import SnapshotHub
from amp_tray.live.queries import Queries
from amp_tray.live.watch import Changed, Watcher
from amp_tray.live.writer import Writer

log = logging.getLogger(__name__)

_T = TypeVar("_T")

RESCAN_SECONDS = 120.0
_TICK_SECONDS = 20.0
_RESTART_SECONDS = 1.0
_LONGEST_RESTART_SECONDS = 60.0
_UNEXPECTED = "reading failed unexpectedly; the log says where"


class Service:
    """Keeps the newest snapshot true until it is stopped.

    Attributes:
        hub: where snapshots are published.
        paused: whether the user asked to stop reading.
    """

    def __init__(
        self,
        open_writer: Callable[[], Writer],
        queries: Queries,
        mend_writer: Callable[[Writer, LedgerError], Writer] | None = None,
    ) -> None:
        """Prepare; nothing starts before `run`. Both callables are called on the worker thread.

        Args:
            open_writer: opens the ledger and loads it.
            mend_writer: closes a writer whose ledger failed and returns one to go on with.
        """
        self.hub = SnapshotHub()
        self.queries = queries
        self.paused = False
        self._open_writer = open_writer
        self._mend_writer = mend_writer
        self._mended = False
        self._mending = asyncio.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="amp-tray-writer")
        self._writer: Writer | None = None
        self._watcher: Watcher | None = None
        self._scanned_at: int | None = None
        self._progress = (0, 0)
        self._failure: str | None = None
        self._started_at = queries.clock()
        self._stop = asyncio.Event()
        self._publishing = asyncio.Lock()

    async def run(self) -> None:
        """Watch, scan, publish; returns after `stop`. Raises what opening the ledger raises.

        The first scan is the one that the watcher asks for once it watches.
        """
        self._writer = await self._on_worker(self._open_writer)
        self._watcher = Watcher(lambda: [root.folder for root in self._require().roots])
        tasks = [
            asyncio.create_task(self._keep(self._watch), name="amp-tray-watch"),
            asyncio.create_task(self._keep(self._tick), name="amp-tray-tick"),
        ]
        try:
            await self._stop.wait()
        finally:  # also when cancelled: the watcher's thread would keep the process for a minute
            self._watcher.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def stop(self) -> None:
        """Ask `run` to return; only the loop's own thread may call it."""
        self._stop.set()

    def close(self) -> None:
        """End the worker thread and the ledger; after `run` returned."""
        if self._writer is not None:
            self._worker.submit(self._writer.close).result()
        self._worker.shutdown()

    async def refresh(self) -> int:
        """Rescan now and return the newest revision."""
        await self._try_ledger_again()
        await self._scan()
        return self.hub.revision

    async def pause(self, paused: bool) -> None:
        """Stop reading files, or go on (which rescans)."""
        if paused == self.paused:
            return
        self.paused = paused
        if paused:
            await self._publish()
        else:
            await self._scan(force=True)

    def status(self) -> Document:
        """Return the service's health; it answers also before the first scan is done."""
        snapshot = self.hub.current
        now = self.queries.clock()
        roots = [] if self._writer is None else self._writer.roots
        return {
            "state": self._state(),
            "failure": self._failure,
            "uptimeSeconds": max(0, now - self._started_at) // 1000,
            "roots": [
                {
                    "source": root.source.name,
                    "path": str(root.path),
                    "folder": str(root.folder),
                    "exists": root.folder.is_dir(),
                }
                for root in roots
            ],
            "watchMode": "native" if self._watching() else "rescan only",
            "files": 0 if self._writer is None else self._writer.files,
            "progress": {"done": self._progress[0], "total": self._progress[1]},
            "sessions": 0 if snapshot is None else len(snapshot.sessions),
            "diagnostics": [] if snapshot is None else diagnostic_rows(snapshot),
            "pricing": None
            if snapshot is None
            else {"origin": snapshot.pricing.origin, "asOf": snapshot.pricing.as_of},
            "newestEventAt": None
            if snapshot is None
            else optional_instant(snapshot.newest_event_at),
            "scannedAt": optional_instant(self._scanned_at),
            "revision": self.hub.revision,
            "paused": self.paused,
        }

    def _state(self) -> str:
        if self._failure is not None:
            return "degraded"
        if self._writer is None:
            return "starting"
        if self.hub.current is None:
            return "scanning"
        return "ready" if self._watching() and not self._writer.temporary else "degraded"

    def _watching(self) -> bool:
        return self._watcher is not None and self._watcher.working

    def _require(self) -> Writer:
        if self._writer is None:
            raise RuntimeError("the ledger is not open yet")
        return self._writer

    async def _watch(self) -> None:
        assert self._watcher is not None
        async for changed in self._watcher.changes():
            if self.paused:
                continue
            if changed.rescan:
                await self._scan()
            else:
                await self._read(changed)

    async def _tick(self) -> None:
        """Turn the day, look after the watcher, and rescan now and then in case it missed one."""
        day = self._today()
        loop = asyncio.get_running_loop()
        rescan_at = loop.time() + RESCAN_SECONDS
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            if self._watcher is not None:
                self._watcher.check()
            if loop.time() >= rescan_at and not self.paused:
                rescan_at = loop.time() + RESCAN_SECONDS
                await self._try_ledger_again()
                await self._scan()
            if self._today() != day:
                day = self._today()
                await self._publish()

    def _today(self) -> object:
        return day_of(self.queries.clock(), self.queries.local_zone().info)

    async def _scan(self, *, force: bool = False) -> None:
        changed = await self._with_ledger(lambda writer: writer.scan(self._note_progress))
        self._scanned_at = self.queries.clock()
        self._failure = None
        mended, self._mended = self._mended, False
        if changed or force or mended or self.hub.current is None:
            await self._publish()
        else:
            # Readers of the newest snapshot see that it was confirmed; no figure changed.
            self.hub.confirm(
                replace(
                    self.hub.current,
                    scanned_at=self._scanned_at,
                    watching=self._watching(),
                )
            )

    async def _read(self, changed: Changed) -> None:
        read = await self._with_ledger(lambda writer: writer.read(changed.paths))
        if self._mended:
            await self._scan()  # another ledger knows of none of the files
        elif read:
            await self._publish()

    async def _publish(self) -> None:
        writer = self._require()
        async with self._publishing:  # two at once would take the same revision
            revision = self.hub.revision + 1
            snapshot = await self._on_worker(
                lambda: writer.snapshot(
                    revision,
                    scanned_at=self._scanned_at,
                    paused=self.paused,
                    watching=self._watching(),
                )
            )
            self.hub.publish(snapshot)

    def _note_progress(self, done: int, total: int) -> None:
        self._progress = (done, total)

    async def _with_ledger(self, work: Callable[[Writer], _T]) -> _T:
        """Have the writer do something; where its ledger fails, go on with a mended one."""
        writer = self._require()
        try:
            with ledger_errors(None):
                return await self._on_worker(lambda: work(writer))
        except LedgerError as error:
            await self._mend(writer, error)
        return await self._on_worker(lambda: work(self._require()))

    async def _mend(self, writer: Writer, error: LedgerError) -> None:
        async with self._mending:
            if self._writer is not writer:  # another task came across it first
                return
            if self._mend_writer is None:
                raise error
            log.warning("%s: %s", error.title, error.message)
            mend = self._mend_writer
            self._writer = await self._on_worker(lambda: mend(writer, error))
            self._mended = True

    async def _try_ledger_again(self) -> None:
        """Go back to the ledger itself once it can be written again."""
        writer = self._require()
        if not writer.temporary:
            return
        fresh = await self._on_worker(self._open_writer)
        if fresh.temporary:
            await self._on_worker(fresh.close)
            return
        self._writer, self._mended = fresh, True
        await self._on_worker(writer.close)

    async def _on_worker(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def _keep(self, task: Callable[[], Awaitable[None]]) -> None:
        pause = _RESTART_SECONDS
        while True:
            try:
                await task()
            except Exception as error:  # noqa: BLE001 - fault boundary: the service may not fail
                self._failure = error.message if isinstance(error, AmpTrayError) else _UNEXPECTED
                # Where it failed, but not the message: that may quote what a file says.
                where = "".join(traceback.format_tb(error.__traceback__))
                log.error(  # noqa: TRY400 - see above
                    "a task failed and starts again in %g s: %s\n%s",
                    pause,
                    type(error).__name__,
                    where,
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_RESTART_SECONDS)
