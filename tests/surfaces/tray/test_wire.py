"""The tray and the wire's real server: what one says, the other understands."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.controller import run_tray
from amp_tray.surfaces.tray.pace import Pace
from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.backend import Json
from amp_tray_rpc.messages import ReportParams
from amp_tray_rpc.server import Server
from tests.surfaces.tray.fake_backend import FakeBackend
from tests.surfaces.tray.fake_errands import FakeErrands
from tests.surfaces.tray.summaries import NOW, period, summary

FAST = Pace(redraw=0.0, not_ready=0.01, back_off=(0.01,))


class Program:
    """What is behind the wire, as far as a tray asks for it."""

    version = "9.8.7"

    def __init__(self) -> None:
        self.revision = 12
        self.ready = False
        self.document = summary()
        self.refreshed = asyncio.Event()
        self.cross: Callable[[Json], None] = lambda _params: None
        self._listeners: list[Callable[[], None]] = []

    def publish(self, **members: object) -> None:
        self.revision += 1
        self.document = {**self.document, **members, "revision": self.revision}
        for listener in self._listeners:
            listener()

    async def summary(self) -> Json:
        return self.document

    async def report(self, kind: str, params: ReportParams) -> Json:
        raise AssertionError("a tray asks for no report")

    async def thread(self, session_id: str) -> Json:
        return {"sessionId": session_id, "file": f"/home/me/{session_id}.json"}

    async def status(self) -> Json:
        torn = {"code": "torn-file", "path": "/home/me/T-2.json", "message": "it is cut short"}
        return {"state": "ready", "diagnostics": [torn]}

    async def refresh(self) -> Json:
        self.refreshed.set()
        return {"revision": self.revision}

    async def refresh_prices(self) -> Json:
        raise AssertionError("a tray asks for no prices")

    async def pause(self, paused: bool) -> Json:
        self.publish(paused=paused)
        return {"paused": paused}

    async def shutdown(self) -> Json:
        raise AssertionError("a tray stops no service")

    def subscribe(self, on_change: Callable[[], None]) -> Callable[[], None]:
        self._listeners.append(on_change)
        return lambda: self._listeners.remove(on_change)

    def subscribe_crossings(self, on_crossed: Callable[[Json], None]) -> Callable[[], None]:
        self.cross = on_crossed
        return lambda: None


async def test_the_tray_follows_a_real_service_through_its_life(tmp_path: Path) -> None:
    address = UnixAddress(tmp_path / "run" / "rpc.sock")
    program, backend, errands = Program(), FakeBackend(), FakeErrands()
    quits: list[str] = []
    tray = asyncio.create_task(
        run_tray(
            address,
            backend=backend,
            errands=errands,
            on_quit=lambda: quits.append("quit"),
            clock=lambda: NOW,
            pace=FAST,
        )
    )
    await backend.says("No connection to the service")

    server = Server(program)
    await server.start(address)
    await backend.says("Reading threads…")
    program.ready = True
    await backend.says("Today: $12.34")

    program.publish(today=period("2026-11-22", totalCost=20))
    await backend.says("Today: $20.00")
    backend.click(Action(ActionKind.PAUSE))
    await backend.says("Paused: new usage is not read")
    backend.click(Action(ActionKind.REFRESH))
    await asyncio.wait_for(program.refreshed.wait(), 10)

    backend.click(Action(ActionKind.SHOW_FILE, "T-1"))
    assert await errands.did("file") == Path("/home/me/T-1.json")
    program.publish(diagnostics=1)
    await backend.says("T-2.json: it is cut short")

    await server.close()
    await backend.says("No connection to the service")
    backend.click(Action(ActionKind.QUIT))
    await asyncio.wait_for(tray, 10)
    assert quits == ["quit"]
