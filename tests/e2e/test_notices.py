"""A real tray tells of a budget that a growing thread crosses, and a button opens the thread."""

import asyncio
import os
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.dbus import TrayHost, private_bus
from tests.support.notifications import NotificationDaemon
from tests.support.samples import THREAD_ID, answer, now, thread
from tests.support.sandbox import SECONDS, Sandbox

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus")

TITLE = "Mend <b>R&D</b>\n\u202e"


@pytest.fixture
def bus(user: Sandbox) -> Iterator[str]:
    # Without a display, so that no daemon of this machine can be started by the bus.
    with private_bus(env={"PATH": user.env["PATH"]}) as address:
        user.env["DBUS_SESSION_BUS_ADDRESS"] = address
        user.configure("[budgets.daily]\ntokens = 61_100\n")
        yield address


@pytest.fixture
def opened(user: Sandbox) -> Iterator[int]:
    """A pipe that tells what page was opened: the system's opener is one of this test's."""
    folder = user.home / "bin"
    folder.mkdir()
    os.mkfifo(folder / "opened")
    opener = folder / "xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$1" > {folder}/opened\n')
    opener.chmod(0o755)
    user.env["PATH"] = f"{folder}:{user.env['PATH']}"
    pipe = os.open(folder / "opened", os.O_RDWR | os.O_NONBLOCK)
    yield pipe
    os.close(pipe)


def grow_to(user: Sandbox, answers: int) -> None:
    """Have the thread grow to so many answers of 6,110 tokens."""
    messages = (answer(now(), message_id=key) for key in range(answers))
    user.write(thread(*messages, title=TITLE))


def is_picture(uri: str) -> bool:
    return Path(uri.removeprefix("file://")).read_bytes().startswith(b"\x89PNG")


def has_come(pipe: int) -> bool:
    """Wait a moment for something to read."""
    return bool(select.select([pipe], [], [], 1.0)[0])


async def test_a_crossed_budget_is_told_once_a_level_and_its_buttons_work(
    user: Sandbox, bus: str, opened: int
) -> None:
    grow_to(user, 1)
    async with TrayHost(bus) as host, NotificationDaemon(bus) as daemon:
        with user.started("run"):
            item = await host.next_item()
            await item.menu_with("6.1k tokens")
            grow_to(user, 8)
            near = await daemon.next()
            assert (near.app, near.summary) == ("amp-tray", "Daily budget nearly used up")
            assert is_picture(near.icon)
            figures, dearest = near.body.splitlines()
            assert figures == "48.9k of 61.1k tokens used today"
            assert dearest.startswith("Most of it: Mend &lt;b&gt;R&amp;D&lt;/b&gt; — $0.09")
            assert list(near.actions.values()) == ["", "Open report", "Open thread"]

            for _ in range(20):  # the library may not have heard yet that it is shown
                daemon.press(near, "Open thread")
                if await asyncio.to_thread(has_come, opened):
                    break
            assert os.read(opened, 4096).decode() == f"https://ampcode.com/threads/{THREAD_ID}\n"

            grow_to(user, 9)
            await item.menu_with("55.0k tokens")
            grow_to(user, 10)
            over = await daemon.next()
            assert over.summary == "Daily budget used up"
            assert daemon.count == 0
    log = user.program.log_path.read_text("utf-8")
    assert "Traceback" not in log
    assert "R&" not in log


async def test_without_anybody_to_show_it_the_tray_goes_on_and_says_so_once(
    user: Sandbox, bus: str
) -> None:
    grow_to(user, 1)
    async with TrayHost(bus) as host:
        with user.started("run") as process:
            item = await host.next_item()
            await item.menu_with("6.1k tokens")
            grow_to(user, 10)
            menu = await item.menu_with("61.1k tokens")
            assert process.stderr is not None
            line = ""
            while "no notification could be shown" not in line:
                line = await asyncio.to_thread(process.stderr.readline)
                assert line, "nothing was said"
            await item.click(menu.find("Quit"))
            assert await asyncio.to_thread(process.wait, SECONDS) == 0
    assert user.program.log_path.read_text("utf-8").count("no notification could be shown") == 1
