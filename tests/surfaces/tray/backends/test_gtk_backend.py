"""GTK's thread beside the event loop, with an icon that is a queue."""

import asyncio
import queue
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.backends.base import BackendUnavailableError, Standing
from amp_tray.surfaces.tray.backends.gtk_backend import GtkBackend
from amp_tray.surfaces.tray.icon_look import IconLook, IconState
from amp_tray.surfaces.tray.menu import MenuModel
from amp_tray.surfaces.tray.view import TrayView

SECONDS = 10


class Icon:
    """pystray's icon and GLib's loop in one.

    Attributes:
        drawn: the tooltips that were drawn, with the thread in which that was.
    """

    def __init__(self, work: "queue.Queue[Callable[[], object] | None]") -> None:
        self.work = work
        self.drawn: list[tuple[str, threading.Thread]] = []
        self.visible = False
        self.broken = False
        self.embedded = False
        self.on_embedded: Callable[[], None] = lambda: None
        self.act: Callable[[Action], None] = lambda _: None

    def run(self, setup: Callable[[Any], None]) -> None:
        threading.Thread(target=setup, args=(self,)).start()
        while (work := self.work.get(timeout=SECONDS)) is not None:
            work()

    def stop(self) -> None:
        self.work.put(None)

    def draw(self, view: TrayView) -> None:
        if self.broken:
            raise OSError("no such picture")
        self.drawn.append((view.tooltip, threading.current_thread()))

    def when_embedded(self, callback: Callable[[], None]) -> None:
        self.on_embedded = callback

    def is_embedded(self) -> bool:
        return self.embedded


class Made:
    """A backend on such an icon."""

    def __init__(self, module: str = "gtk") -> None:
        work: queue.Queue[Callable[[], object] | None] = queue.Queue()
        self.icon = Icon(work)
        self.told: list[Standing] = []
        self.changed = asyncio.Event()
        self.backend = GtkBackend(
            module,
            tell=self._tell,
            make_icon=self._make,
            load_glib=lambda: SimpleNamespace(idle_add=work.put),
        )

    def _make(self, _module: str, _view: TrayView, act: Callable[[Action], None]) -> Icon:
        self.icon.act = act
        return self.icon

    def _tell(self, standing: Standing) -> None:
        self.told.append(standing)
        self.changed.set()

    async def in_gtk(self, call: Callable[[], object] = lambda: None) -> None:
        """Have something done in GTK's thread, after all that was asked before."""
        done = threading.Event()
        self.icon.work.put(call)
        self.icon.work.put(done.set)
        assert await asyncio.to_thread(done.wait, SECONDS)

    async def words(self, words: str) -> None:
        """Wait until the standing has the words."""
        async with asyncio.timeout(SECONDS):
            while not (self.told and words in self.told[-1].words):
                self.changed.clear()
                await self.changed.wait()


def view(tooltip: str) -> TrayView:
    return TrayView(IconLook(IconState.OK), "", tooltip, MenuModel())


async def test_views_are_drawn_in_gtks_thread_and_clicks_come_back_to_the_loop() -> None:
    made = Made()
    clicked: asyncio.Queue[tuple[Action, threading.Thread]] = asyncio.Queue()
    made.backend.show(view("before"))
    await made.backend.start(
        lambda action: clicked.put_nowait((action, threading.current_thread()))
    )
    made.backend.show(view("after"))
    await made.in_gtk(lambda: made.icon.act(Action(ActionKind.QUIT)))
    async with asyncio.timeout(SECONDS):
        assert await clicked.get() == (Action(ActionKind.QUIT), threading.main_thread())
    assert made.icon.visible
    assert made.icon.drawn[-1][0] == "after"
    assert {thread.name for _, thread in made.icon.drawn} == {"tray-gtk"}
    await made.backend.close()
    await made.backend.close()
    assert "tray-gtk" not in {thread.name for thread in threading.enumerate()}
    assert made.told[-1].words == "closed"


async def test_whether_a_tray_took_the_icon_in_is_told() -> None:
    made = Made()
    await made.backend.start(lambda _: None)
    await made.words("waiting for a tray of the old kind")
    made.icon.embedded = True
    await made.in_gtk(made.icon.on_embedded)
    await made.words("shown by a tray of the old kind")
    assert made.backend.standing.shown
    await made.backend.close()


async def test_appindicator_finds_its_tray_by_itself() -> None:
    made = Made("appindicator")
    await made.backend.start(lambda _: None)
    await made.words("AppIndicator")
    await made.backend.close()


async def test_a_view_that_cannot_be_drawn_is_passed_over() -> None:
    made = Made()
    await made.backend.start(lambda _: None)
    made.icon.broken = True
    made.backend.show(view("bad"))
    await made.in_gtk()
    made.icon.broken = False
    made.backend.show(view("good"))
    await made.in_gtk()
    assert made.icon.drawn[-1][0] == "good"
    await made.backend.close()


async def test_without_gtk_the_reason_reaches_the_caller() -> None:
    def load() -> Any:
        raise ImportError("No module named 'gi'")

    backend = GtkBackend("gtk", load_glib=load)
    with pytest.raises(BackendUnavailableError, match="No module named 'gi'"):
        await backend.start(lambda _: None)
    await backend.close()


async def test_one_that_was_never_started_can_be_closed() -> None:
    await GtkBackend("gtk").close()


async def test_a_start_that_is_cancelled_ends_gtks_thread_with_the_closing() -> None:
    made = Made()
    start = asyncio.create_task(made.backend.start(lambda _: None))
    await asyncio.sleep(0)  # its turn
    start.cancel()
    await asyncio.gather(start, return_exceptions=True)
    await made.backend.close()
    assert "tray-gtk" not in {thread.name for thread in threading.enumerate()}
