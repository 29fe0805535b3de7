"""Notifications by the real library, on a bus of the test's own."""

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from amp_tray.surfaces.tray.actions import Action, ActionKind
from amp_tray.surfaces.tray.desktop_notices import DesktopNotices, body_for
from amp_tray.surfaces.tray.notice_text import Button, Notice
from tests.support.dbus import SECONDS, private_bus
from tests.support.notifications import NotificationDaemon

OPEN = Action(ActionKind.OPEN_THREAD, "T-1")
REPORT = Action(ActionKind.OPEN_REPORT)
NOTICE = Notice(
    "Daily budget used up",
    "$20.00 of $20.00 used today\nMost of it: <b>R&D</b>",
    click=REPORT,
    buttons=(Button("Open report", REPORT), Button("Open thread", OPEN)),
)


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    # Without a display, so that no daemon of this machine can be started by the bus.
    with private_bus(env={"PATH": os.environ["PATH"]}) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


async def test_a_notice_is_shown_with_its_buttons_and_harmless_markup(address: str) -> None:
    notifier = DesktopNotices("linux")
    clicked: asyncio.Queue[tuple[Action, int]] = asyncio.Queue()
    async with NotificationDaemon(address) as daemon:
        for label, action in (("Open thread", OPEN), ("Open report", REPORT), ("", REPORT)):
            assert await notifier.tell(
                NOTICE, lambda action: clicked.put_nowait((action, threading.get_ident()))
            )
            shown = await daemon.next()
            assert (shown.app, shown.icon) == ("amp-tray", "amp-tray")
            assert shown.summary == "Daily budget used up"
            assert shown.body.endswith("\nMost of it: &lt;b&gt;R&amp;D&lt;/b&gt;")
            assert list(shown.actions.values()) == ["", "Open report", "Open thread"]
            daemon.press(shown, label)
            async with asyncio.timeout(SECONDS):
                assert await clicked.get() == (action, threading.get_ident())
        await notifier.close()
    assert clicked.empty()


async def test_it_has_the_picture_that_is_made_for_it(address: str, tmp_path: Path) -> None:
    def refuse() -> Path:
        raise OSError(28, "No space left on device")

    picture = tmp_path / "icon.png"
    for make, icon in ((lambda: picture, picture.as_uri()), (refuse, "amp-tray")):
        notifier = DesktopNotices("linux", icon=make)
        async with NotificationDaemon(address) as daemon:
            assert await notifier.tell(NOTICE, print)
            assert (await daemon.next()).icon == icon
            await notifier.close()


async def test_without_a_daemon_it_is_said_once_and_one_that_comes_is_found(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    notifier = DesktopNotices("linux")
    with caplog.at_level(logging.INFO):
        assert not await notifier.tell(NOTICE, print)
        assert not await notifier.tell(NOTICE, print)
    (record,) = caplog.records
    assert "no notification could be shown" in record.getMessage()
    for _ in range(2):  # and another one, when that one was replaced
        async with NotificationDaemon(address) as daemon:
            assert await notifier.tell(NOTICE, print)
            assert (await daemon.next()).summary == NOTICE.title
    await notifier.close()


async def test_without_a_bus_nothing_is_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    notifier = DesktopNotices("linux")
    assert not await notifier.tell(NOTICE, print)
    assert "FileNotFoundError" in caplog.text
    await notifier.close()


async def test_a_desktop_that_never_answers_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("bus") / "s"
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(path))
        silent.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}")
        notifier = DesktopNotices("linux", seconds=0.05)
        assert not await notifier.tell(NOTICE, print)
        await notifier.close()
    assert "TimeoutError" in caplog.text


async def test_what_a_notification_says_is_never_logged(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with NotificationDaemon(address):
            notifier = DesktopNotices("linux")
            assert await notifier.tell(NOTICE, print)
            await notifier.close()
    assert "R&" not in caplog.text


@pytest.mark.parametrize(
    ("platform", "body"), [("linux", "a&lt;b&amp;c"), ("darwin", "a<b&c"), ("win32", "a<b&c")]
)
def test_a_body_is_markup_on_linux_alone(platform: str, body: str) -> None:
    assert body_for("a<b&c", platform) == body
