"""The tray at work: follows the service, draws what it says, carries clicks to it.

In: an address (or a way to connect), a backend, a clock. Out: views shown by the backend and
calls to the service. The tray is a client like any editor: it reads no file and no ledger.

`run_tray` is the entry for the composition root. It returns after Quit; cancelled, it closes
its connection and its backend first.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never

from amp_tray.surfaces.tray.backends.base import TrayBackend
from amp_tray.surfaces.tray.follow import Connect, Follower, ServiceClient, connect_to
from amp_tray.surfaces.tray.menu import Action, Connection, TrayState
from amp_tray.surfaces.tray.summary import Crossing, Summary
from amp_tray.surfaces.tray.view import TrayView, build_view
from amp_tray_rpc.address import Address

Clock = Callable[[], datetime]
"""Returns the current instant, aware."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast things happen, in seconds.

    Attributes:
        redraw: least time between two drawings; updates in between become one.
        tick: time after which ages such as "3 min ago" are drawn again without an update.
        not_ready: time between two questions while the service does its first scan.
        back_off: waits between attempts to reach the service; the last one repeats.
    """

    redraw: float = 1.0
    tick: float = 30.0
    not_ready: float = 0.5
    back_off: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 10.0)


async def run_tray(
    address: Address,
    *,
    backend: TrayBackend,
    on_quit: Callable[[], None],
    clock: Clock,
    pace: Pace | None = None,
) -> None:
    """Run the tray until the user quits it.

    Args:
        address: where the service listens; it may come and go.
        backend: from `create_backend`, not yet started; this function closes it.
        on_quit: called once, on this event loop, when the user chooses Quit.
        clock: the current instant.
        pace: other waits than the usual ones.

    Raises:
        BackendUnavailableError: the backend cannot show anything here.
    """
    controller = Controller(
        connect_to(address), backend, on_quit=on_quit, clock=clock, pace=pace or Pace()
    )
    await controller.run()


class Controller:
    """What the tray knows and shows, over time."""

    def __init__(
        self,
        connect: Connect,
        backend: TrayBackend,
        *,
        on_quit: Callable[[], None],
        clock: Clock,
        pace: Pace,
    ) -> None:
        self._backend = backend
        self._on_quit = on_quit
        self._clock = clock
        self._pace = pace
        self._state = TrayState(Connection.CONNECTING)
        self._summary: Summary | None = None
        self._client: ServiceClient | None = None
        self._drawn: TrayView | None = None
        self._dirty = asyncio.Event()
        self._quit = asyncio.Event()
        self._clicks: set[asyncio.Task[None]] = set()
        self._follower = Follower(connect, self, not_ready=pace.not_ready, back_off=pace.back_off)

    async def run(self) -> None:
        """See `run_tray`."""
        tasks: list[asyncio.Task[None]] = []
        try:
            self._draw()
            await self._backend.start(self.act)
            tasks = [
                asyncio.create_task(self._follower.run(), name="tray-follow"),
                asyncio.create_task(self._keep_drawn(), name="tray-draw"),
            ]
            await self._quit.wait()
            self._on_quit()
        finally:
            for task in (*tasks, *self._clicks):
                task.cancel()
            await asyncio.gather(*tasks, *self._clicks, return_exceptions=True)
            await self._backend.close()

    def act(self, action: Action) -> None:
        """Do what a click asks for; returns at once, on the event loop."""
        match action:
            case Action.QUIT:
                self._quit.set()
            case Action.REFRESH:
                self._spawn(action, self._refresh())
            case Action.PAUSE:
                self._spawn(action, self._pause(paused=not self._state.paused))
            case _:
                assert_never(action)

    def on_connection(
        self, connection: Connection, client: ServiceClient | None, version: str
    ) -> None:
        """Take over how the tray stands with the service (called by the follower)."""
        self._client = client
        self._state = replace(
            self._state, connection=connection, version=version or self._state.version
        )
        self._dirty.set()

    def on_summary(self, summary: Summary) -> None:
        """Take over newer figures (called by the follower)."""
        self._summary = summary
        self._state = replace(self._state, paused=summary.paused)
        self._dirty.set()

    def on_crossing(self, crossing: Crossing) -> None:
        """Take over that a budget was crossed (called by the follower)."""
        _log.info("%s: %s in %s", crossing.name, crossing.level, crossing.period_key)

    async def _keep_drawn(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._pace.tick):
                    await self._dirty.wait()
            except TimeoutError:
                pass  # nothing new, but ages have grown
            self._draw()
            await asyncio.sleep(self._pace.redraw)

    def _draw(self) -> None:
        self._dirty.clear()
        # Fault boundary: a view that cannot be built or shown must not end the tray; the
        # next one is tried as if nothing had been.
        try:
            view = build_view(self._summary, self._state, self._clock())
            if view != self._drawn:
                self._backend.show(view)
                self._drawn = view
        except Exception:  # noqa: BLE001 - the tray outlives a bad view
            _log.exception("the tray could not be drawn")

    def _spawn(self, action: Action, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._guard(action, work), name=f"tray-{action}")
        self._clicks.add(task)
        task.add_done_callback(self._clicks.discard)

    async def _guard(self, action: Action, work: Coroutine[Any, Any, None]) -> None:
        # Fault boundary: one click may fail, the tray may not.
        try:
            await work
        except Exception as error:  # noqa: BLE001 - any failure of a click is only reported
            _log.warning("%s failed: %s", action, error)

    async def _refresh(self) -> None:
        if self._client is not None:
            await self._client.call("service.refresh")

    async def _pause(self, *, paused: bool) -> None:
        if self._client is None:
            return
        answer = await self._client.call("service.pause", {"paused": paused})
        # The answer is shown at once: a paused service may have no news to send.
        self._state = replace(self._state, paused=bool(answer["paused"]))
        self._dirty.set()
