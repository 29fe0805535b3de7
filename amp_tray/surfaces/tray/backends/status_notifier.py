"""The tray on D-Bus: a StatusNotifierItem with its menu, on any host that comes along.

In: views. Out: one item on the session bus, registered with whoever owns
`org.kde.StatusNotifierWatcher`: registered again when that name gets a new owner, and on a
new connection when the bus was restarted. Without a watcher or a host it waits.
"""

import asyncio
import logging
from collections.abc import Sequence

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from amp_tray.surfaces.tray.backends import dbusmenu, status_notifier_item
from amp_tray.surfaces.tray.backends.base import (
    CLOSED,
    NOT_STARTED,
    SHOWN,
    ActionHandler,
    BackendUnavailableError,
    Standing,
    Tell,
)
from amp_tray.surfaces.tray.backends.bus import (
    BUS,
    Peer,
    has_owner,
    match_owner_changes,
    match_signal,
    own_first_free_name,
    watch_end,
)
from amp_tray.surfaces.tray.backends.dbusmenu import MenuInterface
from amp_tray.surfaces.tray.backends.menu_tree import MenuTree
from amp_tray.surfaces.tray.backends.status_notifier_item import ItemInterface
from amp_tray.surfaces.tray.icon_look import IconLook, IconState
from amp_tray.surfaces.tray.menu import MenuModel
from amp_tray.surfaces.tray.view import TrayView

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"

NO_BUS = Standing(False, "the session bus is gone")
NO_WATCHER = Standing(False, "waiting for a tray host")
NO_HOST = Standing(False, "registered, waiting for a tray host")

_CALL_SECONDS = 10.0
_ASK_AGAIN_SECONDS = 15.0
_RECONNECT_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)

_log = logging.getLogger(__name__)


class StatusNotifierBackend:
    """A `TrayBackend` for desktops with a D-Bus session bus.

    Attributes:
        standing: where the icon stands.
    """

    def __init__(
        self,
        bus_address: str,
        *,
        pid: int,
        tell: Tell = lambda _: None,
        reconnect: Sequence[float] = _RECONNECT_SECONDS,
        ask_again: float = _ASK_AGAIN_SECONDS,
    ) -> None:
        self.standing = NOT_STARTED
        self._tell = tell
        self._address = bus_address
        self._pid = pid
        self._reconnect = reconnect
        self._ask_again = ask_again
        self._view = TrayView(IconLook(IconState.NO_DATA), "", "", MenuModel())
        self._tree = MenuTree()
        self._bus: MessageBus | None = None
        self._bus_end: asyncio.Task[None] | None = None
        self._name = ""
        self._item: ItemInterface | None = None
        self._menu: MenuInterface | None = None
        self._on_action: ActionHandler | None = None
        self._watcher_changed = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, on_action: ActionHandler) -> None:
        """See `TrayBackend.start`; waits for the bus, not for a watcher or a host."""
        self._on_action = on_action
        try:
            await self._connect(on_action)
        # Fault boundary: the library raises several unrelated types for a bus that is not
        # there, refuses or answers rubbish; to the caller each means the same.
        except Exception as error:
            await self._disconnect()
            raise BackendUnavailableError(
                f"the D-Bus session bus at {self._address} cannot be used: {error}",
                hint="Start amp-tray from within a desktop session.",
            ) from error
        self._tasks = [
            asyncio.create_task(self._keep_registered(), name="tray-watcher"),
            asyncio.create_task(self._keep_connected(on_action), name="tray-bus"),
        ]

    def show(self, view: TrayView) -> None:
        """See `TrayBackend.show`."""
        if view == self._view:
            return
        self._view = view
        if self._item is None or self._menu is None:
            self._tree.update(view.menu)
            return
        self._item.show(view)
        self._menu.show(view.menu)

    async def close(self) -> None:
        """See `TrayBackend.close`."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._disconnect()
        self._stand(CLOSED)

    def _stand(self, standing: Standing) -> None:
        if standing != self.standing:
            _log.info("tray: %s", standing.words)
            self.standing = standing
            self._tell(standing)

    async def _connect(self, on_action: ActionHandler) -> None:
        async with asyncio.timeout(_CALL_SECONDS):
            self._bus = bus = MessageBus(bus_address=self._address)
            await bus.connect()
            self._bus_end = watch_end(bus)
            self._item = ItemInterface(self._view, on_action)
            self._menu = MenuInterface(self._tree, on_action)
            bus.export(status_notifier_item.PATH, self._item)
            bus.export(dbusmenu.PATH, self._menu)
            self._name = await own_first_free_name(
                bus, f"{status_notifier_item.INTERFACE}-{self._pid}"
            )
            # Listening before asking: a watcher that comes in between is not missed.
            bus.add_message_handler(self._on_message)
            await match_owner_changes(bus, WATCHER)
            for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
                await match_signal(bus, WATCHER, member)
        self._watcher_changed.set()

    async def _disconnect(self) -> None:
        bus, self._bus, self._item, self._menu = self._bus, None, None, None
        if bus is not None and bus.connected:
            bus.disconnect()
        await self._ended()

    async def _ended(self) -> None:
        if self._bus_end is not None:
            await asyncio.wait([self._bus_end])

    async def _keep_connected(self, on_action: ActionHandler) -> None:
        while True:
            await self._ended()
            self._stand(NO_BUS)
            await self._disconnect()
            await self._reconnected(on_action)

    async def _reconnected(self, on_action: ActionHandler) -> None:
        attempt = 0
        while True:
            delay = self._reconnect[min(attempt, len(self._reconnect) - 1)]
            await asyncio.sleep(delay)
            attempt += 1
            try:
                await self._connect(on_action)
            # Fault boundary, as in `start`: the bus may stay away for hours.
            except Exception as error:  # noqa: BLE001
                _log.debug("no session bus yet: %s", error)
                await self._disconnect()
            else:
                return

    async def _keep_registered(self) -> None:
        while True:
            await self._watcher_changed.wait()
            self._watcher_changed.clear()
            try:
                async with asyncio.timeout(_CALL_SECONDS):
                    standing = await self._register()
            # Fault boundary: a watcher that fails or hangs must not end the tray; it is asked
            # again, and so is the next one that takes the name.
            except Exception as error:  # noqa: BLE001
                standing = Standing(False, f"the tray host refused the icon: {error}")
                asyncio.get_running_loop().call_later(self._ask_again, self._watcher_changed.set)
            self._stand(standing)

    async def _register(self) -> Standing:
        bus = self._bus
        if bus is None:
            return NO_BUS
        if not await has_owner(bus, WATCHER):
            return NO_WATCHER
        watcher = Peer(bus, WATCHER, WATCHER_PATH)
        await watcher.call(WATCHER, "RegisterStatusNotifierItem", "s", self._name)
        host = await watcher.get_property(WATCHER, "IsStatusNotifierHostRegistered")
        return SHOWN if host else NO_HOST

    def _on_message(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        if message.member == "NameOwnerChanged" and message.sender == BUS:
            owner_changed = message.body[0] == WATCHER
        else:
            owner_changed = message.interface == WATCHER
        if owner_changed:
            self._watcher_changed.set()
