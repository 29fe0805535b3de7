"""The whole program on a private session bus, seen by a stand-in for the panel."""

import asyncio
import json
import signal
import time
from collections.abc import Iterator

import pytest

from tests.support.dbus import TrayHost, private_bus
from tests.support.samples import answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox


@pytest.fixture
def bus(user: Sandbox) -> Iterator[str]:
    with private_bus() as address:
        user.env["DBUS_SESSION_BUS_ADDRESS"] = address
        yield address


async def test_the_tray_shows_the_figures_and_follows_a_growing_file(
    user: Sandbox, bus: str
) -> None:
    user.write(thread(answer(now()), title="Mend the _login_ test"))
    async with TrayHost(bus) as host:
        with user.started("run") as process:
            item = await host.next_item()
            menu = await item.menu_with("6.1k tokens")
            assert "$0.01" in menu.find("Today").label
            assert "6.1k" in menu.find(f"{now():%B}").label
            assert menu.find("Mend the __login__ test").children
            revision, _ = await item.layout()

            user.write(
                thread(answer(now()), answer(now(), message_id=3), title="Mend the _login_ test")
            )
            began = time.monotonic()
            grown = await item.menu_with("12.2k tokens")
            assert time.monotonic() - began < 2.5  # the file's second, and the tray's own
            assert "$0.02" in grown.find("Today").label
            assert (await item.layout())[0] == revision  # labels changed in place

            await item.click(grown.find("Pause"))
            paused = await item.menu_with("Paused")
            (check,) = (row for row in paused.walk() if row.label == "Pause")
            assert check.properties["toggle-state"] == 1
            await item.click(paused.find("Quit"))
            assert await asyncio.to_thread(process.wait, SECONDS) == 0
    assert not user.socket.exists()  # it hosted the service


async def test_quitting_the_tray_leaves_a_service_that_it_does_not_host(
    user: Sandbox, bus: str
) -> None:
    user.write(thread(answer(now())))
    async with TrayHost(bus) as host:
        with user.serving(), user.started("run") as tray:
            item = await host.next_item()
            menu = await item.menu_with("6.1k tokens")
            second = await asyncio.to_thread(user.run, "run")
            assert second.returncode == 0
            assert f"already runs (pid {tray.pid})" in second.stderr
            await item.click(menu.find("Quit"))
            assert await asyncio.to_thread(tray.wait, SECONDS) == 0
            assert user.run("status").returncode == 0


async def test_stopping_the_service_ends_the_tray_that_hosts_it(user: Sandbox, bus: str) -> None:
    async with TrayHost(bus) as host:
        with user.started("run") as process:
            item = await host.next_item()
            await item.menu_with("No usage found yet")
            assert (await asyncio.to_thread(user.run, "stop")).returncode == 0
            assert await asyncio.to_thread(process.wait, SECONDS) == 0


async def test_status_and_doctor_tell_how_a_tray_of_another_process_stands(
    user: Sandbox, bus: str
) -> None:
    user.write(thread(answer(now())))
    with user.serving(), user.started("run") as tray:
        assert tray.stderr is not None
        await asyncio.to_thread(tray.stderr.readline)
        async with TrayHost(bus) as host:
            item = await host.next_item()
            await item.menu_with("6.1k tokens")
            said = await tray_line_with(user, "status", " shown ")
            assert f"runs (pid {tray.pid}), shown (just now); status-notifier: " in said
            doctor = json.loads((await asyncio.to_thread(user.run, "doctor", "--json")).stdout)
            assert doctor["tray"]["shown"] is True
            assert doctor["tray"]["standing"] == "shown"
        said = await tray_line_with(user, "status", "waiting")
        assert "waiting for a tray host" in said
        async with TrayHost(bus) as another:
            item = await another.next_item()
            await item.menu_with("6.1k tokens")
    said = await tray_line_with(user, "doctor", "does not run")
    assert "status-notifier: a D-Bus session bus is there" in said


async def tray_line_with(user: Sandbox, command: str, words: str) -> str:
    """Return what a command says of the tray, once it says that."""
    async with asyncio.timeout(SECONDS):
        while True:
            done = await asyncio.to_thread(user.run, command)
            (line,) = (line for line in done.stdout.splitlines() if line.startswith("Tray "))
            if words in line:
                return line


async def test_the_settings_choose_the_backend(user: Sandbox, bus: str) -> None:
    user.configure('[tray]\nbackend = "none"\n')
    user.write(thread(answer(now())))
    with user.started("run") as process:
        assert process.stderr is not None
        async with asyncio.timeout(SECONDS):
            while "No tray: " not in (said := await asyncio.to_thread(process.stderr.readline)):
                assert said, "it ended"
        assert "the settings ask for no tray" in said
        status = await asyncio.to_thread(user.run, "status")  # the service goes on
        assert status.stdout.startswith("Service    ready")


async def test_ctrl_c_takes_the_icon_away_and_cleans_up(user: Sandbox, bus: str) -> None:
    async with TrayHost(bus) as host:
        with user.started("run") as process:
            await host.next_item()
            process.send_signal(signal.SIGINT)
            assert await asyncio.to_thread(process.wait, SECONDS) == 0
    assert not user.socket.exists()
    assert not (user.program.data_directory / "tray.json").exists()


async def test_a_tray_started_before_the_panel_appears_when_the_panel_does(
    user: Sandbox, bus: str
) -> None:
    user.write(thread(answer(now())))
    with user.started("run") as process:
        assert process.stderr is not None
        await asyncio.to_thread(process.stderr.readline)  # it runs, and nobody shows it
        async with TrayHost(bus) as host:
            item = await host.next_item()
            await item.menu_with("6.1k tokens")
