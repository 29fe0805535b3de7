"""The tray at work: follows the service, draws what it says, carries clicks to it.

In: an address (or a way to connect), a backend, a clock, who runs errands. Out: views shown by
the backend, and calls to the service. The tray is a client like any editor: it reads no file and
no ledger.

`run_tray` is the entry for the composition root. It returns after Quit; cancelled, it closes
its connection and its backend first.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from amp_tray.core.errors import AmpTrayError
from amp_tray.live.pace import until_next
from amp_tray.surfaces.tray import text
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends.base import TrayBackend
from amp_tray.surfaces.tray.clicks import Change, carry_out, label_of
from amp_tray.surfaces.tray.errands import Errands, Notices
from amp_tray.surfaces.tray.follow import Connect, Follower, ServiceClient, connect_to
from amp_tray.surfaces.tray.order import in_kept_order
from amp_tray.surfaces.tray.pace import FAILURE_SHOWN, Pace
from amp_tray.surfaces.tray.state import Connection, TrayState
from amp_tray.surfaces.tray.summary import Crossing, Summary, read_troubles
from amp_tray.surfaces.tray.view import TrayView, build_view
from amp_tray_rpc.address import Address
from amp_tray_rpc.remote import RemoteError

Clock = Callable[[], datetime]
"""Returns the current instant, aware."""

_log = logging.getLogger(__name__)


async def run_tray(
    address: Address,
    *,
    backend: TrayBackend,
    errands: Errands,
    on_quit: Callable[[], None],
    clock: Clock,
    notices: Notices | None = None,
    pace: Pace | None = None,
) -> None:
    """Run the tray until the user quits it.

    Args:
        address: where the service listens; it may come and go.
        backend: from `create_backend`, not yet started; this function closes it.
        errands: what is done on this machine.
        on_quit: called once, on this event loop, when the user chooses Quit.
        clock: the current instant.
        notices: tells by notifications; this function starts and closes it.
        pace: other waits than the usual ones.

    Raises:
        BackendUnavailableError: the backend cannot show anything here.
    """
    controller = Controller(
        connect_to(address),
        backend,
        errands,
        on_quit=on_quit,
        clock=clock,
        notices=notices,
        pace=pace or Pace(),
    )
    await controller.run()


class Controller:
    """What the tray knows and shows, over time."""

    def __init__(
        self,
        connect: Connect,
        backend: TrayBackend,
        errands: Errands,
        *,
        on_quit: Callable[[], None],
        clock: Clock,
        notices: Notices | None = None,
        pace: Pace,
    ) -> None:
        self._backend = backend
        self._errands = errands
        self._on_quit = on_quit
        self._clock = clock
        self._notices = notices
        self._pace = pace
        self._state = TrayState(Connection.CONNECTING)
        self._failed_at: datetime | None = None
        self._complaint = ""
        self._summary: Summary | None = None
        self._client: ServiceClient | None = None
        self._drawn: TrayView | None = None
        self._sorts = True
        self._dirty = asyncio.Event()
        self._quit = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._follower = Follower(connect, self, not_ready=pace.not_ready, back_off=pace.back_off)

    async def run(self) -> None:
        """See `run_tray`."""
        try:
            first = self._spawn("first-settings", self._take_settings())
            await asyncio.wait({first}, timeout=self._pace.patience)
            self._draw()
            await self._backend.start(self.act)
            if self._notices is not None:
                self._notices.start(self.act)
            self._spawn("follow", self._follower.run())
            self._spawn("draw", self._keep_drawn())
            self._spawn("settings", self._follow_settings())
            await self._quit.wait()
            self._on_quit()
        finally:
            ending = tuple(self._tasks)
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)
            if self._notices is not None:
                await self._notices.close()
            await self._backend.close()

    def act(self, action: Action) -> None:
        """Do what a click asks for; returns at once, on the event loop."""
        match action.kind:
            case ActionKind.QUIT:
                self._quit.set()
            case ActionKind.MENU_CLOSED:
                self._sorts = True
                self._dirty.set()
            case _:
                self._spawn(action.kind, self._carry_out(action))

    def on_connection(self, connection: Connection, client: ServiceClient | None) -> None:
        """Take over how the tray stands with the service (called by the follower)."""
        self._client = client
        self._change(lambda now: replace(now, connection=connection))
        if client is not None:
            self._look_at_troubles()

    def on_summary(self, summary: Summary) -> None:
        """Take over newer figures (called by the follower)."""
        before, self._summary = self._summary, summary
        self._change(lambda now: replace(now, paused=summary.paused))
        if before is not None and before.diagnostics != summary.diagnostics:
            self._look_at_troubles()
        if self._notices is not None:
            self._notices.on_summary(summary)

    def on_crossing(self, crossing: Crossing) -> None:
        """Take over that a budget was crossed (called by the follower)."""
        _log.info("%s: %s in %s", crossing.name, crossing.level, crossing.period_key)
        if self._notices is not None:
            self._notices.on_crossing(crossing)

    def _change(self, change: Change) -> None:
        self._state = change(self._state)
        self._dirty.set()

    async def _keep_drawn(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._pace.tick):
                    await self._dirty.wait()
            except TimeoutError:
                # Nothing new, but ages have grown; and nobody waits for a row to stay in its
                # place among others that have not moved for so long.
                self._sorts = True
            self._draw()
            await asyncio.sleep(self._pace.redraw)

    def _draw(self) -> None:
        self._dirty.clear()
        # Fault boundary: a view that cannot be built or shown must not end the tray; the
        # next one is tried as if nothing had been.
        try:
            now = self._clock()
            if self._failed_at is not None and now - self._failed_at > FAILURE_SHOWN:
                self._failed_at, self._state = None, replace(self._state, failure="")
            view = build_view(self._summary, self._state, now)
            if self._drawn is not None and not self._sorts:
                view = replace(view, menu=in_kept_order(view.menu, self._drawn.menu))
            self._sorts = False
            if view != self._drawn:
                self._backend.show(view)
                self._drawn = view
        except Exception:  # noqa: BLE001 - the tray outlives a bad view
            _log.exception("the tray could not be drawn")

    async def _follow_settings(self) -> None:
        while True:
            await until_next(self._pace.settings)
            await self._take_settings()

    async def _take_settings(self) -> None:
        # Fault boundary: what the settings cannot tell stays as it is.
        try:
            login = await asyncio.to_thread(self._errands.login_start)
            if login != self._state.login:
                self._change(partial(replace, login=login))
            if self._errands.settings_changed():
                metric = await asyncio.to_thread(self._errands.metric)
                sync = await asyncio.to_thread(self._errands.sync_on)
                self._change(partial(replace, metric=metric, sync=sync))
            self._complaint = ""
        except Exception as error:  # noqa: BLE001 - see above
            if str(error) != self._complaint:  # they are looked at again and again
                _log.warning("the settings could not be read: %s", error)
            self._complaint = str(error)

    def _look_at_troubles(self) -> None:
        if self._client is not None:
            self._spawn("troubles", self._take_troubles(self._client))

    async def _take_troubles(self, client: ServiceClient) -> None:
        # Fault boundary: their number is shown all the same.
        try:
            troubles = read_troubles(await client.call("service.status"))
        except Exception as error:  # noqa: BLE001 - see above
            _log.warning("what could not be read is not told: %s", error)
        else:
            self._change(partial(replace, troubles=troubles))

    async def _carry_out(self, action: Action) -> None:
        self._failed_at, failure = None, ""
        # Fault boundary: one click may fail, the tray may not; it is said in the menu.
        try:
            self._change(await carry_out(action, self._state, self._client, self._errands))
        except (AmpTrayError, RemoteError) as error:
            failure = text.failed(label_of(action), str(error))
            _log.warning("%s failed: %s", action.kind, error)
        except Exception:  # noqa: BLE001 - see above
            failure = text.failed(label_of(action), text.WORDS.unexpected)
            _log.exception("%s failed", action.kind)
        if failure:
            self._failed_at = self._clock()
        self._change(partial(replace, failure=failure))

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=f"tray-{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
