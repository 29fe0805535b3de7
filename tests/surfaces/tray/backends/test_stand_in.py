"""One backend that stands in for another, with two that only write down what is done to them."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import pytest

from amp_tray.surfaces.tray.backends.base import (
    SHOWN,
    ActionHandler,
    BackendUnavailableError,
    Standing,
    Tell,
)
from amp_tray.surfaces.tray.backends.stand_in import WithStandIn
from amp_tray.surfaces.tray.icon_look import IconLook, IconState
from amp_tray.surfaces.tray.menu import MenuModel
from amp_tray.surfaces.tray.view import TrayView

WAITING = Standing(False, "waiting")
EMBEDDED = Standing(True, "embedded")
SECONDS = 10


class Fake:
    """A backend.

    Attributes:
        life: "started" and "closed", in order.
    """

    def __init__(self, tell: Tell, standing: Standing, *, broken: bool = False) -> None:
        self.tell = tell
        self.life: list[str] = []
        self.views: list[TrayView] = []
        self._standing = standing
        self._broken = broken

    async def start(self, _on_action: ActionHandler) -> None:
        self.life.append("started")
        if self._broken:
            raise BackendUnavailableError("no GTK")
        self.tell(self._standing)

    def show(self, view: TrayView) -> None:
        self.views.append(view)

    async def close(self) -> None:
        self.life.append("closed")


class Made:
    """The two, and what is told of them."""

    def __init__(self) -> None:
        self.firsts: list[Fake] = []
        self.seconds: list[Fake] = []
        self.told: list[Standing] = []
        self.wanted = threading.Event()
        self.asked = 0
        self.broken = False
        self.both = WithStandIn(
            self._first, self._second, is_wanted=self._is_wanted, tell=self.told.append, looks=(0,)
        )

    @property
    def first(self) -> Fake:
        return self.firsts[0]

    def _first(self, tell: Tell) -> Fake:
        self.firsts.append(Fake(tell, WAITING))
        return self.first

    def _second(self, tell: Tell) -> Fake:
        self.seconds.append(Fake(tell, EMBEDDED, broken=self.broken))
        return self.seconds[-1]

    def _is_wanted(self) -> bool:
        self.asked += 1
        return self.wanted.is_set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not is_so():  # noqa: ASYNC110 - gives the loop a turn, waits for no time
                await asyncio.sleep(0)


@pytest.fixture
async def made() -> AsyncIterator[Made]:
    made = Made()
    yield made
    await made.both.close()


def view(tooltip: str) -> TrayView:
    return TrayView(IconLook(IconState.OK), "", tooltip, MenuModel())


async def start(made: Made) -> None:
    await made.both.start(lambda _: None)


async def test_it_stands_in_once_the_desktop_has_use_for_it_until_the_first_is_shown(
    made: Made,
) -> None:
    made.both.show(view("a"))
    await start(made)
    await made.until(lambda: made.asked > 2)
    assert made.seconds == []
    made.wanted.set()
    await made.until(lambda: made.both.standing == EMBEDDED)
    made.both.show(view("b"))
    assert [shown.tooltip for shown in made.seconds[0].views] == ["a", "b"]
    made.first.tell(SHOWN)
    await made.until(lambda: made.seconds[0].life == ["started", "closed"])
    assert made.told == [WAITING, EMBEDDED, SHOWN]
    made.both.show(view("c"))
    assert [shown.tooltip for shown in made.first.views] == ["a", "b", "c"]
    assert len(made.seconds[0].views) == 2


async def test_it_stands_in_again_when_the_first_is_shown_no_more(made: Made) -> None:
    made.wanted.set()
    await start(made)
    await made.until(lambda: made.both.standing == EMBEDDED)
    made.first.tell(SHOWN)
    await made.until(lambda: made.seconds[0].life == ["started", "closed"])
    made.first.tell(WAITING)
    await made.until(lambda: len(made.seconds) == 2 and made.both.standing == EMBEDDED)


async def test_a_first_that_is_shown_leaves_the_desktop_unasked(made: Made) -> None:
    made.wanted.set()
    await start(made)
    made.first.tell(SHOWN)
    await made.both.close()
    assert made.asked == 0
    assert made.seconds == []


async def test_one_that_cannot_stand_in_is_tried_once(made: Made) -> None:
    made.broken = True
    made.wanted.set()
    await start(made)
    await made.until(lambda: [fake.life for fake in made.seconds] == [["started", "closed"]])
    made.first.tell(SHOWN)
    made.first.tell(WAITING)
    asked = made.asked
    for _ in range(20):
        await asyncio.sleep(0)
    assert made.asked == asked
    assert len(made.seconds) == 1


async def test_closing_closes_both(made: Made) -> None:
    made.wanted.set()
    await start(made)
    await made.until(lambda: made.both.standing == EMBEDDED)
    await made.both.close()
    assert made.first.life == ["started", "closed"]
    assert made.seconds[0].life == ["started", "closed"]
