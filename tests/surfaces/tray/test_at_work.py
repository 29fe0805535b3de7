"""The tray over time: what its rows do, what it is told, and rows that keep their places."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn

import pytest

from amp_tray.core.choices import Metric
from amp_tray.core.errors import AmpTrayError
from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.controller import Controller
from amp_tray.surfaces.tray.menu import Row
from amp_tray.surfaces.tray.pace import FAILURE_SHOWN
from amp_tray.surfaces.tray.state import LoginStart
from amp_tray.surfaces.tray.summary import Crossing, Summary
from amp_tray.surfaces.tray.view import TrayView
from tests.surfaces.tray.desk import FAST, Desk, cents
from tests.surfaces.tray.fake_backend import FakeBackend
from tests.surfaces.tray.fake_errands import FakeErrands, refused
from tests.surfaces.tray.fake_service import FakeService
from tests.surfaces.tray.summaries import NOW, period, summary, thread


async def test_what_failed_is_shown_for_a_minute() -> None:
    now = [NOW]
    service, backend, errands = FakeService(summary()), FakeBackend(), FakeErrands()
    controller = Controller(
        service.connect,
        backend,
        errands,
        on_quit=lambda: None,
        clock=lambda: now[0],
        pace=replace(FAST, tick=0.001),
    )
    task = asyncio.create_task(controller.run())
    await backend.says("Today: $12.34")
    errands.refusal = refused("no program for the clipboard")
    backend.click(Action(ActionKind.COPY_ID, "T-1"))
    await backend.says("Copy id: no program for the clipboard")
    now[0] += FAILURE_SHOWN + timedelta(seconds=1)
    await backend.shows(lambda view: not any(row.id == "failure" for row in view.menu.rows()))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_fault_of_the_tray_itself_is_told_without_its_words(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.errands.refusal = ValueError("a secret")
    desk.backend.click(Action(ActionKind.OPEN_REPORT))
    view = await desk.backend.says("Open report: failed, the log says more")
    assert not any("secret" in row.label for row in view.menu.rows())
    assert "open-report failed" in caplog.text


async def test_a_chosen_figure_is_written_and_shown_at_once(desk: Desk) -> None:
    desk.run(replace(FAST, settings=60.0))
    await desk.backend.says("Today: $12.34")
    desk.backend.click(Action(ActionKind.SHOW_METRIC, "tokens"))
    view = await desk.backend.shows(lambda view: view.label == "3.2M tokens")
    assert view.tooltip.startswith("Today: 3.2M tokens")
    assert desk.errands.done == [("metric", "tokens")]


async def test_a_figure_chosen_in_the_settings_by_hand_is_shown(desk: Desk) -> None:
    desk.errands.shown = "credits"
    desk.run()
    await desk.backend.shows(lambda view: view.label == "45.1 credits")
    desk.errands.shown, desk.errands.edited = "tokens", True
    await desk.backend.shows(lambda view: view.label == "3.2M tokens")


async def test_start_at_login_is_turned_on_and_off_here_or_elsewhere(desk: Desk) -> None:
    def checked(view: TrayView) -> bool:
        return any(row.id == "start-at-login" and row.checked for row in view.menu.rows())

    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.backend.click(Action(ActionKind.START_AT_LOGIN))
    await desk.backend.shows(checked)
    desk.backend.click(Action(ActionKind.START_AT_LOGIN))
    await desk.backend.shows(lambda view: not checked(view))
    assert desk.errands.done == [("login", True), ("login", False)]
    desk.errands.login = LoginStart(on=True)
    await desk.backend.shows(checked)


async def test_the_first_view_knows_the_settings(desk: Desk) -> None:
    desk.errands.shown, desk.errands.login = "tokens", LoginStart(on=True)
    desk.run(replace(FAST, patience=10.0))
    await desk.backend.says("Today: $12.34")
    rows = {row.id: row for row in desk.backend.views[0].menu.rows()}
    assert rows["show"].label == "Show: Tokens"
    assert rows["start-at-login"].checked


async def test_settings_that_take_long_are_not_waited_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = threading.Event()

    def slowly() -> Metric:
        assert read.wait(10)
        return "tokens"

    monkeypatch.setattr(desk.errands, "metric", slowly)
    desk.run(replace(FAST, patience=0.001))
    await desk.backend.says("Today: $12.34")
    assert desk.backend.views[-1].label == "$12.34"
    read.set()
    await desk.backend.shows(lambda view: view.label == "3.2M tokens")


async def test_settings_that_cannot_be_read_leave_all_as_it_is_and_are_told_once(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def broken() -> NoReturn:
        asked.append(1)
        raise AmpTrayError("line 1: tray.metric: no")

    monkeypatch.setattr(desk.errands, "login_start", broken)
    desk.run()
    view = await desk.backend.says("Today: $12.34")
    assert view.label == "$12.34"
    async with asyncio.timeout(10):
        while len(asked) < 5:  # noqa: ASYNC110 - only gives the loop a turn
            await asyncio.sleep(0)
    assert caplog.text.count("could not be read: line 1: tray.metric") == 1


async def test_what_could_not_be_read_is_asked_for_when_its_number_changes(desk: Desk) -> None:
    desk.service.troubles = ["T-1.json"]
    desk.run()
    await desk.backend.says("Today: $12.34")
    await desk.service.called("service.status")
    desk.service.notify(summary(revision=13, diagnostics=1))
    await desk.backend.says("T-1.json: it is cut short")
    await desk.service.called("service.status", times=2)
    desk.service.notify(summary(revision=14, diagnostics=1))
    desk.service.troubles = ["T-1.json", "T-2.json"]
    desk.service.notify(summary(revision=15, diagnostics=2))
    await desk.backend.says("T-2.json: it is cut short")
    asked = [method for method, _ in desk.service.calls if method == "service.status"]
    assert len(asked) == 3


async def test_a_service_that_does_not_tell_them_leaves_their_number(desk: Desk) -> None:
    desk.service.refused.add("service.status")
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.service.notify(summary(revision=13, diagnostics=4))
    await desk.backend.says("4 files could not be read")


def by_cost(*costs: float) -> dict[str, Any]:
    """A day of threads A, B … that cost so much, the dearest first as the service has them."""
    threads = [
        thread(f"T-{name}", name, totalCost=cost) for name, cost in zip("ABC", costs, strict=False)
    ]
    threads.sort(key=lambda found: -found["totalCost"])
    return period("2026-11-22", totalCost=sum(costs), threads=threads)


def order(view: TrayView) -> str:
    (submenu,) = (row for row in view.menu.rows() if row.id == "threads")
    return " ".join(row.label for row in submenu.children if isinstance(row, Row))


async def test_threads_stay_in_their_places_while_their_costs_change(desk: Desk) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.service.notify(summary(today=by_cost(2, 1), revision=13))
    await desk.backend.shows(lambda view: order(view) == "A — $2.00 B — $1.00")
    desk.service.notify(summary(today=by_cost(2, 3), revision=14))
    await desk.backend.shows(lambda view: order(view) == "A — $2.00 B — $3.00")
    # Another thread, and nothing is where it was anyhow.
    desk.service.notify(summary(today=by_cost(2, 3, 2.5), revision=15))
    await desk.backend.shows(lambda view: order(view) == "B — $3.00 C — $2.50 A — $2.00")
    desk.service.notify(summary(today=by_cost(4, 3, 2.5), revision=16))
    await desk.backend.shows(lambda view: order(view) == "B — $3.00 C — $2.50 A — $4.00")
    # Nobody looks any more.
    desk.backend.click(Action(ActionKind.MENU_CLOSED))
    await desk.backend.shows(lambda view: order(view) == "A — $4.00 B — $3.00 C — $2.50")
    desk.service.notify(summary(today=by_cost(1, 3, 2.5), revision=17))
    await desk.backend.shows(lambda view: order(view) == "A — $1.00 B — $3.00 C — $2.50")


async def test_threads_find_their_places_when_all_is_quiet(desk: Desk) -> None:
    desk.run(replace(FAST, tick=0.05))
    await desk.backend.says("Today: $12.34")
    desk.service.notify(summary(today=by_cost(2, 1), revision=13))
    await desk.backend.shows(lambda view: order(view) == "A — $2.00 B — $1.00")
    desk.service.notify(summary(today=by_cost(2, 3), revision=14))
    await desk.backend.shows(lambda view: order(view) == "B — $3.00 A — $2.00")


class Told:
    """Notices that remember what they are given."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.act: Callable[[Action], None] = lambda _action: None

    def start(self, act: Callable[[Action], None]) -> None:
        self.act = act
        self.heard.append("start")

    def on_crossing(self, crossing: Crossing) -> None:
        self.heard.append(crossing.name)

    def on_summary(self, summary: Summary) -> None:
        self.heard.append(str(summary.revision))

    async def close(self) -> None:
        self.heard.append("close")


async def test_notices_hear_what_the_service_tells_and_act_as_the_menu_does(desk: Desk) -> None:
    told = Told()
    desk.run(notices=told)
    await desk.backend.says("Today: $12.34")
    desk.service.notify(cents(20, revision=13))
    crossing = {"name": "budgets.daily.usd", "level": "near", "period": "daily"}
    more = {"periodKey": "2026-11-22", "unit": "USD", "used": 4.1, "limit": 5}
    desk.service.tell("budget.crossed", {**crossing, **more})
    assert told.heard == ["start", "12", "13", "budgets.daily.usd"]
    told.act(Action(ActionKind.OPEN_REPORT))
    await desk.errands.did("report")
    told.act(Action(ActionKind.QUIT))
    assert desk.task is not None
    await asyncio.wait_for(desk.task, 10)
    assert told.heard[-1] == "close"
