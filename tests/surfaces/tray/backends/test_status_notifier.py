"""The real backend on a real bus, read by a host as a panel would read it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from amp_tray.surfaces.tray.backends.base import BackendUnavailableError, Standing
from amp_tray.surfaces.tray.backends.status_notifier import StatusNotifierBackend
from amp_tray.surfaces.tray.controller import Controller
from amp_tray.surfaces.tray.icon import SIZES
from amp_tray.surfaces.tray.pace import Pace
from tests.support.dbus import SECONDS, TrayHost, private_bus
from tests.surfaces.tray.fake_errands import FakeErrands
from tests.surfaces.tray.fake_service import FakeService
from tests.surfaces.tray.summaries import NOW, period, summary, thread
from tests.surfaces.tray.views import view

FAST = Pace(redraw=0.0, tick=60.0, not_ready=0.01, back_off=(0.01,))


@pytest.fixture
async def service() -> FakeService:
    return FakeService(summary())


@pytest.fixture
async def tray(
    backend: StatusNotifierBackend, service: FakeService
) -> AsyncIterator[asyncio.Task[None]]:
    """The controller at work on the real backend."""
    controller = Controller(
        service.connect,
        backend,
        FakeErrands(),
        on_quit=lambda: None,
        clock=lambda: NOW,
        pace=FAST,
    )
    task = asyncio.create_task(controller.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS):
        while not is_so():  # noqa: ASYNC110 - gives the loop a turn, waits for no time
            await asyncio.sleep(0)


async def test_a_host_reads_figures_and_a_threads_submenu(
    bus_address: str, tray: asyncio.Task[None]
) -> None:
    async with TrayHost(bus_address) as host:
        item = await host.next_item()
        menu = await item.menu_with("Today: $12.34 · 3.2M tokens · 45.1 credits")

        assert menu.find("November").label == (
            "November: $210.02 · 61.4M tokens · 812.0 credits (projected $301.50)"
        )
        threads = menu.find("Threads today")
        assert threads.properties["children-display"] == "submenu"
        details = threads.find("Fix the login — $4.20").children
        assert [row.label for row in details] == [
            "Cost: $4.20 · 45.1 credits",
            "Total: 3.2M tokens",
            "Input: 200.0k tokens",
            "Output: 100.0k tokens",
            "Cache writes: 400.0k tokens",
            "Cache reads: 2.5M tokens",
            "Model: opus-4",
            "Project: shop",
            "Last activity: 3 min ago",
            "",  # a line; the id is none of Amp's, so there is no page to open
            "Copy id",
            "Show file",
        ]


async def test_the_item_describes_itself(bus_address: str, tray: asyncio.Task[None]) -> None:
    async with TrayHost(bus_address) as host:
        item = await host.next_item()
        await item.menu_with("Today: $12.34")

        assert item.name == "org.kde.StatusNotifierItem-4711-1"
        assert await item.get("Id") == "amp-tray"
        assert await item.get("Status") == "Active"
        assert await item.get("ItemIsMenu") is True
        assert await item.get("XAyatanaLabel") == "$12.34"
        assert (await item.get("ToolTip"))[2:] == [
            "amp-tray",
            "Today: $12.34 · 3.2M tokens · 45.1 credits — November: $210.02",
        ]
        pixmaps = await item.get("IconPixmap")
        assert [(width, height, len(data)) for width, height, data in pixmaps] == [
            (size, size, 4 * size * size) for size in SIZES
        ]


async def test_clicking_pause_reaches_the_service_and_checks_the_row(
    bus_address: str, tray: asyncio.Task[None], service: FakeService
) -> None:
    async with TrayHost(bus_address) as host:
        item = await host.next_item()
        menu = await item.menu_with("Today: $12.34")
        assert menu.find("Pause").properties["toggle-state"] == 0

        await item.click(menu.find("Pause"))

        assert await service.called("service.pause") == {"paused": True}
        paused = await item.menu_with("Paused: new usage is not read")
        (check,) = (row for row in paused.walk() if row.label == "Pause")
        assert check.properties["toggle-type"] == "checkmark"
        assert check.properties["toggle-state"] == 1
        choices = [row for row in paused.walk() if row.properties.get("toggle-type") == "radio"]
        assert [(row.label, row.properties["toggle-state"]) for row in choices] == [
            ("Cost", 1),
            ("Tokens", 0),
            ("Credits", 0),
        ]


async def test_new_figures_patch_the_labels_and_keep_the_layout(
    bus_address: str, tray: asyncio.Task[None], service: FakeService
) -> None:
    async with TrayHost(bus_address) as host:
        item = await host.next_item()
        await item.menu_with("Today: $12.34")
        revision, before = await item.layout()

        newer = period("2026-11-22", totalCost=13.5, credits=50, threads=[thread()])
        service.notify(summary(today=newer, revision=13))
        updated, removed = await item.next_signal("ItemsPropertiesUpdated")

        today = before.find("Today:")
        label = "Today: $13.50 · 3.2M tokens · 50.0 credits"
        assert updated == [[today.number, {"label": label}]]
        assert removed == []
        after_revision, after = await item.layout()
        assert after_revision == revision
        assert after.find("Today:").number == today.number
        assert await item.get("XAyatanaLabel") == "$13.50"


async def test_a_new_thread_raises_the_revision_and_announces_a_layout(
    bus_address: str, backend: StatusNotifierBackend
) -> None:
    backend.show(view())
    async with TrayHost(bus_address) as host:
        await backend.start(lambda _: None)
        item = await host.next_item()
        revision, _ = await item.layout()

        threads = [thread("T-2", "Another"), thread()]
        backend.show(view(today=period("2026-11-22", totalCost=12.34, threads=threads)))

        submenu = (await item.menu()).find("Threads today").number
        assert await item.next_signal("LayoutUpdated") == [revision + 1, submenu]
        assert (await item.layout())[0] == revision + 1


async def test_the_icon_comes_back_with_a_new_tray_host(
    bus_address: str, backend: StatusNotifierBackend
) -> None:
    backend.show(view())
    await backend.start(lambda _: None)
    await until(lambda: backend.standing.words == "waiting for a tray host")
    for _ in range(2):
        async with TrayHost(bus_address) as host:
            item = await host.next_item()
            assert (await item.menu()).find("Today:").label.startswith("Today: $12.34")
            await until(lambda: backend.standing.words == "shown")
        await until(lambda: backend.standing.words == "waiting for a tray host")


async def test_a_watcher_without_a_panel_is_told_apart(
    bus_address: str, backend: StatusNotifierBackend
) -> None:
    await backend.start(lambda _: None)
    async with TrayHost(bus_address, has_host=False) as host:
        await host.next_item()
        await until(lambda: backend.standing.words == "registered, waiting for a tray host")
        host.announce_host()
        await until(lambda: backend.standing.words == "shown")


async def test_a_panel_that_goes_from_its_watcher_is_noticed(
    bus_address: str, backend: StatusNotifierBackend
) -> None:
    await backend.start(lambda _: None)
    async with TrayHost(bus_address) as host:
        await until(lambda: backend.standing.shown)
        host.take_host_away()
        await until(lambda: backend.standing.words == "registered, waiting for a tray host")


async def test_a_host_that_refuses_is_asked_again(bus_address: str) -> None:
    told: list[Standing] = []
    backend = StatusNotifierBackend(bus_address, pid=4711, tell=told.append, ask_again=0.01)
    async with TrayHost(bus_address) as host:
        host.refuse_next_item()
        await backend.start(lambda _: None)
        await until(lambda: backend.standing.shown)
        await backend.close()
    assert [standing.shown for standing in told] == [False, True, False]
    assert "refused the icon: RegisterStatusNotifierItem: no room" in told[0].words


async def test_the_icon_comes_back_with_a_new_session_bus(tmp_path: Path) -> None:
    socket = tmp_path / "bus"
    with private_bus(socket):
        backend = StatusNotifierBackend(f"unix:path={socket}", pid=4711, reconnect=(0.01,))
        backend.show(view())
        await backend.start(lambda _: None)
    await until(lambda: backend.standing.words == "the session bus is gone")
    backend.show(view(diagnostics=3))
    with private_bus(socket) as address:
        async with TrayHost(address) as host:
            item = await host.next_item()
            label = (await item.menu()).find("could not be read").label
            assert label == "3 files could not be read"
            backend.show(view(diagnostics=4))
            await item.menu_with("4 files could not be read")
        await backend.close()


async def test_two_items_of_one_process_have_names_of_their_own(bus_address: str) -> None:
    backends = [StatusNotifierBackend(bus_address, pid=4711) for _ in range(2)]
    async with TrayHost(bus_address) as host:
        names = []
        for backend in backends:
            await backend.start(lambda _: None)
            names.append((await host.next_item()).name)
        assert names == [f"org.kde.StatusNotifierItem-4711-{number}" for number in (1, 2)]
        for backend in backends:
            await backend.close()


async def test_no_bus_at_the_address_is_said_so() -> None:
    backend = StatusNotifierBackend("unix:path=/nonexistent/bus", pid=1)
    with pytest.raises(BackendUnavailableError, match="/nonexistent/bus"):
        await backend.start(lambda _: None)
