"""A stand-in for the desktop's notification daemon, on a bus of the test's own.

async with NotificationDaemon(address) as daemon:
    shown = await daemon.next()
    daemon.press(shown, "Open report")
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any

from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from tests.support.dbus import SECONDS, BusService, plain

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"

Names = Annotated[list[str], DBusSignature("as")]
Server = Annotated[tuple[str, str, str, str], DBusSignature("ssss")]
Closed = Annotated[tuple[int, int], DBusSignature("uu")]
Invoked = Annotated[tuple[int, str], DBusSignature("us")]


@dataclass(frozen=True, slots=True)
class Shown:
    """A notification as the daemon was told it; `actions` are labels by key."""

    number: int
    app: str
    icon: str
    summary: str
    body: str
    actions: dict[str, str]
    hints: dict[str, Any]


class NotificationDaemon(BusService):
    """Takes notifications, and presses their buttons as a user would."""

    def __init__(self, address: str) -> None:
        self._notifications = _Notifications()
        super().__init__(address, PATH, self._notifications)

    @property
    def count(self) -> int:
        """How many came that nobody has looked at."""
        return self._notifications.shown.qsize()

    async def next(self) -> Shown:
        """Wait for the next notification."""
        async with asyncio.timeout(SECONDS):
            return await self._notifications.shown.get()

    def press(self, shown: Shown, label: str) -> None:
        """Press one of its buttons; without a label, the notification itself."""
        (key,) = (key for key, words in shown.actions.items() if words == label)
        self._notifications.action_invoked(shown.number, key)
        self._notifications.notification_closed(shown.number, 2)


class _Notifications(ServiceInterface):
    def __init__(self) -> None:
        super().__init__(NAME)
        self.shown: asyncio.Queue[Shown] = asyncio.Queue()
        self._number = 0

    @dbus_method(name="Notify")
    def _notify(  # noqa: PLR0917 - the interface has as many
        self,
        app: DBusStr,
        _replaces: DBusUInt32,
        icon: DBusStr,
        summary: DBusStr,
        body: DBusStr,
        actions: Names,
        hints: DBusDict,
        _timeout: DBusInt32,
    ) -> DBusUInt32:
        self._number += 1
        labels = dict(zip(actions[::2], actions[1::2], strict=True))
        self.shown.put_nowait(Shown(self._number, app, icon, summary, body, labels, plain(hints)))
        return self._number

    @dbus_method(name="CloseNotification")
    def _close(self, number: DBusUInt32) -> None:
        self.notification_closed(number, 3)

    @dbus_method(name="GetCapabilities")
    def _capabilities(self) -> Names:
        return ["actions", "body", "body-markup"]

    @dbus_method(name="GetServerInformation")
    def _server(self) -> Server:
        return "stand-in", "tests", "1", "1.2"

    @dbus_signal(name="NotificationClosed")
    def notification_closed(self, number: int, reason: int) -> Closed:
        return number, reason

    @dbus_signal(name="ActionInvoked")
    def action_invoked(self, number: int, key: str) -> Invoked:
        return number, key
