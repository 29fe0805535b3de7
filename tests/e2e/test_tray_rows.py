"""What the rows of the tray do, by clicks that a panel sends: the whole program, a real bus."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.support.dbus import SECONDS, RemoteItem, TrayHost, private_bus
from tests.support.samples import THREAD_ID, answer, now, thread
from tests.support.sandbox import Sandbox
from tests.support.x11 import Reader
from tests.support.xvfb import display, needs_xvfb

pytestmark = pytest.mark.skipif(os.name == "nt", reason="trays of Linux")
TITLE = "Mend the login"


class Opener:
    """A desktop that opens nothing: it tells what it was asked to open, once for each read."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._told = folder / "told"
        os.mkfifo(self._told)
        program = folder / "xdg-open"
        program.write_text(f'#!/bin/sh\nprintf %s "$1" > {self._told}\n', "utf-8")
        program.chmod(0o755)

    async def next(self) -> str:
        """Wait until something is to be opened."""
        async with asyncio.timeout(SECONDS):
            return await asyncio.to_thread(self._told.read_text, "utf-8")


@pytest.fixture
def opener(user: Sandbox) -> Opener:
    opener = Opener(user.home / "bin")
    user.env["PATH"] = f"{user.home / 'bin'}:{user.env['PATH']}"
    return opener


@pytest.fixture
def bus(user: Sandbox) -> Iterator[str]:
    with private_bus() as address:
        user.env["DBUS_SESSION_BUS_ADDRESS"] = address
        yield address


async def click(item: RemoteItem, words: str) -> None:
    await item.click((await item.menu()).find(words))


async def label(item: RemoteItem, words: str) -> None:
    """Wait until the words stand beside the icon."""
    async with asyncio.timeout(SECONDS):
        while words not in await item.get("XAyatanaLabel"):
            await item.signals.get()


async def test_a_thread_opens_in_the_browser_and_its_file_in_its_folder(
    user: Sandbox, bus: str, opener: Opener
) -> None:
    file = user.write(thread(answer(now()), title=TITLE))
    async with TrayHost(bus) as host:
        with user.started("run"):
            item = await host.next_item()
            await item.menu_with(TITLE)
            await click(item, "Open in browser")
            assert await opener.next() == f"https://ampcode.com/threads/{THREAD_ID}"
            # Nobody on this bus is a file manager.
            await click(item, "Show file")
            assert await opener.next() == str(file.parent)
            await click(item, "Open report")
            page = await opener.next()
            assert TITLE in await asyncio.to_thread(Path(page).read_text, "utf-8")
            await click(item, "Settings…")
            assert await opener.next() == str(user.program.config_path)

            file.unlink()
            await click(item, "Show file")
            await item.menu_with("Show file: the thread's file is not there any more")


@pytest.mark.parametrize("apart", [False, True], ids=["one process", "two processes"])
async def test_the_figure_beside_the_icon_is_chosen_in_the_menu_and_in_the_settings(
    user: Sandbox, bus: str, apart: bool
) -> None:
    user.write(thread(answer(now()), title=TITLE))
    path = user.configure("# mine\n[tray]\n# of the icon\n")
    async with TrayHost(bus) as host:
        with user.serving() if apart else nullcontext(), user.started("run"):
            item = await host.next_item()
            await label(item, "$0.01")
            await click(item, "Tokens")
            await label(item, "6.1k tokens")
            text = '# mine\n[tray]\n# of the icon\nmetric = "tokens"\n'
            assert path.read_text("utf-8") == text

            user.configure(text.replace("tokens", "credits"))
            await label(item, "0.0 credits")
            user.configure('[tray]\nmetric = "gold"\n')
            await click(item, "Tokens")
            await item.menu_with("Settings…: ")


@needs_xvfb
async def test_an_id_is_copied_without_any_program_for_that(user: Sandbox, bus: str) -> None:
    user.write(thread(answer(now()), title=TITLE))
    with display() as name:
        user.env["DISPLAY"] = name
        async with TrayHost(bus) as host:
            with user.started("run"):
                item = await host.next_item()
                await item.menu_with(TITLE)
                await click(item, "Copy id")
                reader = Reader(name)
                try:
                    assert await asyncio.to_thread(reader.copied) == THREAD_ID.encode()
                finally:
                    reader.close()
