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
from amp_tray.surfaces.tray.backends.base import ActionHandler, BackendUnavailableError
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
from amp_tray.surfaces.tray.icon import IconState
from amp_tray.surfaces.tray.menu import MenuModel
from amp_tray.surfaces.tray.view import TrayView

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_PATH = "/StatusNotifierWatcher"

_CALL_SECONDS = 10.0
_RECONNECT_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)

_log = logging.getLogger(__name__)


class StatusNotifierBackend:
    """A `TrayBackend` for desktops with a D-Bus session bus.

    Attributes:
        host_status: where the icon stands, in words, for logs and health reports.
    """

    def __init__(
        self, bus_address: str, *, pid: int, reconnect: Sequence[float] = _RECONNECT_SECONDS
    ) -> None:
        self.host_status = "not started"
        self._address = bus_address
        self._pid = pid
        self._reconnect = reconnect
        self._view = TrayView(IconState.NO_DATA, "", "", MenuModel())
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
        self.host_status = "closed"

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
            await match_signal(bus, WATCHER, "StatusNotifierHostRegistered")
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
            self.host_status = "the session bus is gone"
            _log.warning("lost the D-Bus session bus, trying again")
            await self._disconnect()
            await self._reconnected(on_action)
            _log.info("the D-Bus session bus is back")

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
                    status = await self._register()
            # Fault boundary: a watcher that fails or hangs must not end the tray; the next
            # one that takes the name is tried again.
            except Exception as error:  # noqa: BLE001
                status = f"the tray host refused the icon: {error}"
            if status != self.host_status:
                _log.info("tray: %s", status)
            self.host_status = status

    async def _register(self) -> str:
        bus = self._bus
        if bus is None:
            return "the session bus is gone"
        if not await has_owner(bus, WATCHER):
            return "waiting for a tray host"
        watcher = Peer(bus, WATCHER, WATCHER_PATH)
        await watcher.call(WATCHER, "RegisterStatusNotifierItem", "s", self._name)
        host = await watcher.get_property(WATCHER, "IsStatusNotifierHostRegistered")
        return "shown" if host else "registered, waiting for a tray host"

    def _on_message(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        if message.member == "NameOwnerChanged" and message.sender == BUS:
            owner_changed = message.body[0] == WATCHER
        else:
            owner_changed = message.interface == WATCHER
        if owner_changed:
            self._watcher_changed.set()
