"""The tray at work, with a service and a desktop that do as they are told."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.controller import Controller, run_tray
from amp_tray.surfaces.tray.icon import IconState
from amp_tray_rpc.address import UnixAddress
from tests.surfaces.tray.desk import FAST, Desk, cents
from tests.surfaces.tray.fake_backend import FakeBackend
from tests.surfaces.tray.fake_errands import FakeErrands
from tests.surfaces.tray.fake_service import FakeService
from tests.surfaces.tray.summaries import NOW, summary


async def test_it_greets_subscribes_and_shows_the_summary(desk: Desk) -> None:
    desk.run()
    view = await desk.backend.says("Today: $12.34")
    assert view.icon.state is IconState.OK
    assert [method for method, _ in desk.service.calls[:3]] == [
        "session.hello",
        "usage.subscribe",
        "usage.summary",
    ]


async def test_updates_are_shown_and_older_ones_dropped(desk: Desk) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.service.notify(cents(20, revision=14))
    desk.service.notify(cents(19, revision=13))
    await desk.backend.says("Today: $20.00")
    desk.service.notify(cents(21, revision=15))
    await desk.backend.says("Today: $21.00")
    assert not any("$19.00" in view.label for view in desk.backend.views)


async def test_a_burst_of_updates_is_drawn_once(desk: Desk) -> None:
    desk.run(replace(FAST, redraw=0.05))
    await desk.backend.says("Today: $12.34")
    before = len(desk.backend.views)
    for revision in range(13, 113):
        desk.service.notify(cents(revision, revision))
    await desk.backend.says("Today: $112.00")
    assert len(desk.backend.views) - before <= 2


async def test_the_first_scan_is_waited_for(desk: Desk) -> None:
    desk.service.ready = False
    desk.run()
    await desk.backend.says("Reading threads…")
    await desk.service.called("usage.subscribe", times=3)
    desk.service.ready = True
    await desk.backend.says("Today: $12.34")


async def test_a_lost_service_is_shown_and_found_again(desk: Desk) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.service.end()
    view = await desk.backend.says("No connection to the service")
    assert view.icon.state is IconState.OFFLINE
    assert "$12.34" in view.label

    # The new service counts its revisions from the start.
    desk.service.summary = cents(1.5, revision=1)
    desk.service.running = True
    view = await desk.backend.says("Today: $1.50")
    assert view.icon.state is IconState.OK


async def test_a_service_that_never_was_is_said_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.service.running = False
    desk.run()
    await desk.backend.says("No connection to the service")
    async with asyncio.timeout(10):
        while desk.service.connections < 5:  # noqa: ASYNC110 - only gives the loop a turn
            await asyncio.sleep(0)
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(warnings) == 1


async def test_refresh_and_pause_call_the_service(desk: Desk) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.backend.click(Action(ActionKind.REFRESH))
    assert await desk.service.called("service.refresh") is None
    desk.backend.click(Action(ActionKind.PAUSE))
    assert await desk.service.called("service.pause") == {"paused": True}
    view = await desk.backend.says("Paused: new usage is not read")
    assert view.icon.state is IconState.STALE
    desk.backend.click(Action(ActionKind.PAUSE))
    assert await desk.service.called("service.pause", times=2) == {"paused": False}
    await desk.backend.shows(lambda view: view.icon.state is IconState.OK)


async def test_a_click_that_fails_is_said_and_the_next_one_works(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.service.refused.add("service.refresh")
    desk.backend.click(Action(ActionKind.REFRESH))
    await desk.backend.says("Refresh: Internal error")
    assert "refresh failed: Internal error" in caplog.text
    desk.backend.click(Action(ActionKind.PAUSE))
    view = await desk.backend.says("Paused: new usage is not read")
    assert "failure" not in {row.id for row in view.menu.rows()}


async def test_an_unreadable_update_is_left_out(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.service.notify({"revision": 13, "today": "rubbish"})
    desk.service.notify(cents(20, revision=14))
    await desk.backend.says("Today: $20.00")
    assert "an update was left out" in caplog.text


async def test_an_unreadable_first_summary_keeps_trying(desk: Desk) -> None:
    good, desk.service.summary = desk.service.summary, {"today": 1}
    desk.run()
    await desk.backend.says("The service's answer cannot be used")
    desk.service.summary = good
    await desk.backend.says("Today: $12.34")


async def test_a_desktop_that_fails_once_is_drawn_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.backend.broken = True
    desk.service.notify(cents(20, revision=13))
    async with asyncio.timeout(10):
        while "could not be drawn" not in caplog.text:  # noqa: ASYNC110 - only gives a turn
            await asyncio.sleep(0)
    desk.backend.broken = False
    desk.service.notify(cents(21, revision=14))
    await desk.backend.says("Today: $21.00")


async def test_ages_grow_without_updates() -> None:
    instants = iter([NOW, NOW])
    service, backend = FakeService(summary()), FakeBackend()
    later = NOW.replace(hour=13)
    controller = Controller(
        service.connect,
        backend,
        FakeErrands(),
        on_quit=lambda: None,
        clock=lambda: next(instants, later),
        pace=replace(FAST, tick=0.001),
    )
    task = asyncio.create_task(controller.run())
    await backend.says("Newest thread: 1 hour ago")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_quit_tells_the_program_and_ends(desk: Desk) -> None:
    desk.run()
    await desk.backend.says("Today: $12.34")
    desk.backend.click(Action(ActionKind.QUIT))
    assert desk.task is not None
    await asyncio.wait_for(desk.task, 10)
    assert desk.quits == ["quit"]
    assert desk.backend.closed


async def test_run_tray_is_offline_where_no_service_listens(tmp_path: Path) -> None:
    backend = FakeBackend()
    task = asyncio.create_task(
        run_tray(
            UnixAddress(tmp_path / "rpc.sock"),
            backend=backend,
            errands=FakeErrands(),
            on_quit=lambda: None,
            clock=lambda: NOW,
        )
    )
    await backend.says("No connection to the service")
    backend.click(Action(ActionKind.QUIT))
    await asyncio.wait_for(task, 10)
    assert backend.closed
