"""The service: first scan, watcher, single writer and published snapshots on one event loop.

Files are read and the ledger is kept on the writer's own thread, so the loop always answers.
Each task is named, owned here and ended by `stop`; one that fails is logged and started again.
"""

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path

from amp_tray.core.document import Document
from amp_tray.core.family import ThreadSpan
from amp_tray.core.snapshot import SessionUsage
from amp_tray.host.clock import boot_seconds
from amp_tray.host.memory import give_back
from amp_tray.live.budget_watch import BudgetWatch
from amp_tray.live.files import newest
from amp_tray.live.health import Health
from amp_tray.live.hub import SnapshotHub
from amp_tray.live.prices import NotRefreshedError, PriceWatch
from amp_tray.live.queries import Queries
from amp_tray.live.settle import Settling, read_settled
from amp_tray.live.tasks import Task, Tasks
from amp_tray.live.timekeeper import Actions, Moment, keep_time
from amp_tray.live.watch import Watcher, WatchWish
from amp_tray.live.writer import Writer
from amp_tray.live.writer_thread import MendWriter, OpenWriter, WriterThread
from amp_tray.pricing.book import PriceBook


class Service:
    """Keeps the newest snapshot true until it is stopped.

    Attributes:
        hub: where snapshots are published.
        budgets: tells when one is crossed.
        paused: whether the user asked to stop reading.
    """

    def __init__(
        self,
        open_writer: OpenWriter,
        queries: Queries,
        mend_writer: MendWriter | None = None,
        prices: PriceWatch | None = None,
        *,
        watch: WatchWish = "auto",
        boot_clock: Callable[[], float] = boot_seconds,
    ) -> None:
        """Prepare; nothing starts before `run`.

        Args:
            open_writer: opens the ledger and loads it, on the writer's thread.
            mend_writer: replaces a writer whose ledger failed, on the writer's thread.
            prices: tells when prices changed; None where they never do.
            watch: how the directories are to be watched.
            boot_clock: seconds that go on while the system sleeps.
        """
        self.hub = SnapshotHub()
        self.queries = queries
        self.budgets = BudgetWatch(self.hub, lambda: self.queries)
        self.paused = False
        self._prices = prices
        self._boot_clock = boot_clock
        self._writing = WriterThread(open_writer, mend_writer)
        self._watcher = Watcher(self._folders, is_log=self._is_log, wish=watch)
        self._settling = Settling()
        self._scanned_at: int | None = None
        self._progress = (0, 0)
        self._tasks = Tasks()
        self._started_at = queries.clock()
        self._stop = asyncio.Event()
        self._publishing = asyncio.Lock()

    async def run(self) -> None:
        """Watch, scan, publish; returns after `stop`. Raises what opening the ledger raises.

        The first scan is the one that the watcher asks for once it watches.
        """
        await self._writing.open()
        self._tasks.add("watch", self._watch)
        self._tasks.add("read", self._read_changed)
        self._tasks.add("time", self._keep_time)
        if self._prices is not None:
            prices = self._prices
            self._tasks.add("prices", lambda: prices.run(self._reprice))
        self._tasks.start()
        try:
            await self._stop.wait()
        finally:  # also when cancelled: the watcher's thread would keep the process for a minute
            self._watcher.close()
            self._writing.require().halt()
            await self._tasks.end()

    def keep(self, name: str, task: Task) -> None:
        """Have `run` look after another task as after its own; it begins with the ledger open."""
        self._tasks.add(name, task)

    def stop(self) -> None:
        """Ask `run` to return; only the loop's own thread may call it."""
        self._stop.set()

    def close(self) -> None:
        """End the writer's thread and the ledger; after `run` returned."""
        self._writing.close()

    async def refresh(self) -> int:
        """Rescan now and return the newest revision."""
        await self._writing.try_ledger_again()
        await self._scan()
        return self.hub.revision

    async def threads_of(self, session: SessionUsage) -> list[ThreadSpan]:
        """Return the threads of a session, sub-threads included."""
        return await self._writing.do(lambda writer: writer.lookup.threads_of(session))

    async def file_of(self, session: SessionUsage) -> str | None:
        """Return the path of a session's newest log file that is there, None without one."""
        return await self._writing.do(lambda writer: newest(writer.lookup.files_of(session)))

    async def refresh_prices(self) -> None:
        """Ask for today's prices and have them in force; raises NotRefreshedError."""
        if self._prices is None:
            raise NotRefreshedError("no prices are asked for here")
        await self._prices.refresh(self._reprice)

    async def pause(self, paused: bool) -> None:
        """Stop reading files, or go on (which rescans)."""
        if paused == self.paused:
            return
        self.paused = paused
        if paused:
            await self._publish()
        else:
            await self._scan(force=True)

    def watch_as(self, wish: WatchWish) -> None:
        """Watch the directories in another way from now on."""
        self._watcher.watch_as(wish)

    async def reconfigure(self, change: Callable[[Writer], None]) -> None:
        """Change what the writer reads, on its own thread, and publish what follows from it."""
        await self._writing.do(change)
        self._watcher.check()
        await (self._publish() if self.paused else self._scan(force=True))

    async def publish_again(self) -> None:
        """Have everybody look again: something changed that is shown beside the usage."""
        if self.hub.current is not None:
            await self._publish()

    async def answers(self, seconds: float) -> bool:
        """Say whether the writer's thread answers in time, or at least gets on with a scan."""
        progress = self._progress
        try:
            async with asyncio.timeout(seconds):
                await self._writing.call(lambda: None)
        except TimeoutError:
            return self._progress != progress
        return True

    def status(self) -> Document:
        """Return the service's health; it answers also before the first scan is done."""
        health = Health(
            writer=self._writing.writer,
            snapshot=self.hub.current,
            failure=self._tasks.failure,
            watch_mode=self._watcher.mode,
            watch_reason=self._watcher.reason,
            progress=self._progress,
            prices={} if self._prices is None else self._prices.status(),
            scanned_at=self._scanned_at,
            uptime_ms=self.queries.clock() - self._started_at,
            paused=self.paused,
        )
        return health.document()

    def _watching(self) -> bool:
        return self._watcher.mode is not None

    def _folders(self) -> list[Path]:
        return [root.folder for root in self._writing.require().roots]

    def _is_log(self, name: str) -> bool:
        return any(root.source.is_log(name) for root in self._writing.require().roots)

    async def _watch(self) -> None:
        async with contextlib.aclosing(self._watcher.changes()) as changes:
            async for changed in changes:
                if self.paused:
                    continue
                if changed.rescan:
                    await self._scan()
                else:
                    self._settling.note(changed.paths)

    async def _read_changed(self) -> None:
        await read_settled(self._settling, self._read, lambda: self._writing.worked)

    async def _reprice(self, prices: PriceBook) -> None:
        await self._writing.do(lambda writer: writer.reprice(prices))
        if self.hub.current is not None:
            await self._publish()

    def _read_clocks(self) -> Moment:
        monotonic = asyncio.get_running_loop().time()
        zone = self.queries.local_zone()
        return Moment(self.queries.clock(), monotonic, self._boot_clock(), zone)

    async def _keep_time(self) -> None:
        await keep_time(self._read_clocks, self._act_in_time)

    async def _act_in_time(self, actions: Actions) -> None:
        self._watcher.check()
        if actions.rescan and not self.paused:
            await self._writing.try_ledger_again()
            await self._scan(force=actions.publish)
        elif actions.publish and self.hub.current is not None:
            await self._publish()

    async def _scan(self, *, force: bool = False) -> None:
        changed = await self._writing.do(lambda writer: writer.scan(self._note_progress))
        await self._writing.call(give_back)
        self._scanned_at = self.queries.clock()
        self._tasks.failure = None
        if self._writing.was_mended() or changed or force or self.hub.current is None:
            await self._publish()
        else:
            # Readers of the newest snapshot see that it was confirmed; no figure changed.
            self.hub.confirm(
                self.hub.current._replace(
                    scanned_at=self._scanned_at,
                    watching=self._watching(),
                )
            )

    async def _read(self, paths: frozenset[Path]) -> None:
        if self.paused:  # going on rescans
            return
        read = await self._writing.do(lambda writer: writer.read(paths))
        self._tasks.failure = None
        if self._writing.was_mended():
            await self._scan(force=True)  # another ledger knows of none of the files
        elif read:
            await self._publish()

    async def _publish(self) -> None:
        async with self._publishing:  # two at once would take the same revision
            revision = self.hub.revision + 1
            snapshot = await self._writing.do(
                lambda writer: writer.snapshot(
                    revision,
                    scanned_at=self._scanned_at,
                    paused=self.paused,
                    watching=self._watching(),
                )
            )
            self.hub.publish(snapshot)

    def _note_progress(self, done: int, total: int) -> None:
        self._progress = (done, total)
