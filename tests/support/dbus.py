"""A private session bus and a tray host to test against, as any desktop would have them.

    with private_bus() as address:
        async with TrayHost(address) as host:
            item = await host.next_item()
            menu = await item.menu()
            await item.click(menu.find("Pause"))

Everything waits with a bound (`SECONDS`), nothing sleeps.
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

import pytest
from dbus_fast import Message, MessageType, PropertyAccess, RequestNameReply, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr
from dbus_fast.errors import DBusError
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal
from dbus_fast.unpack import unpack_variants

SECONDS = 10.0
WATCHER = "org.kde.StatusNotifierWatcher"
ITEM = "org.kde.StatusNotifierItem"
ITEM_PATH = "/StatusNotifierItem"
BUS = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"
MENU = "com.canonical.dbusmenu"

Names = Annotated[list[str], DBusSignature("as")]


@contextlib.contextmanager
def private_bus(socket: Path | None = None, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run a session bus of its own and give its address; without dbus-daemon, skip the test.

    `socket` is where it listens, for a bus that is to be replaced by another; `env` is for it
    and for the programs that it starts when somebody asks for them.
    """
    program = shutil.which("dbus-daemon")
    if program is None:
        reason = "dbus-daemon is not installed"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    command = [program, "--session", "--print-address", "--nofork", "--nopidfile"]
    if socket is not None:
        socket.unlink(missing_ok=True)
        command.append(f"--address=unix:path={socket}")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as daemon:
        try:
            assert daemon.stdout is not None
            address = daemon.stdout.readline().strip()
            assert address, "dbus-daemon did not start"
            yield address
        finally:
            daemon.terminate()
            daemon.wait(SECONDS)


@dataclass(frozen=True, slots=True)
class Item:
    """A menu item as a host reads it, variants unpacked."""

    number: int
    properties: dict[str, Any]
    children: tuple["Item", ...]

    @property
    def label(self) -> str:
        return str(self.properties.get("label", ""))

    def walk(self) -> Iterator["Item"]:
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, words: str) -> "Item":
        """Return the first item, this one included, whose label has the words in it."""
        for item in self.walk():
            if words in item.label:
                return item
        raise AssertionError(f"no item says {words!r}: {[item.label for item in self.walk()]}")


class RemoteItem:
    """A tray item and its menu, seen from the host's side of the bus."""

    def __init__(self, bus: MessageBus, name: str) -> None:
        self.name = name
        self.signals: asyncio.Queue[tuple[str, list[Any]]] = asyncio.Queue()
        self._bus = bus
        bus.add_message_handler(self._on_message)

    async def listen(self) -> None:
        """Have the bus deliver the item's signals."""
        rule = f"type='signal',sender='{self.name}'"
        await call(self._bus, (BUS, BUS_PATH, BUS), "AddMatch", "s", rule)

    async def get(self, name: str) -> Any:
        """Return a property of the item, variants unpacked."""
        target = (self.name, ITEM_PATH, f"{BUS}.Properties")
        reply = await call(self._bus, target, "Get", "ss", ITEM, name)
        return plain(reply[0])

    async def ask_item(self, member: str, signature: str = "", *body: Any) -> list[Any]:
        """Call a method of the item."""
        return await call(self._bus, (self.name, ITEM_PATH, ITEM), member, signature, *body)

    async def ask_menu(self, member: str, signature: str = "", *body: Any) -> list[Any]:
        """Call a method of the menu; the answer's values, variants unpacked."""
        path = await self.get("Menu")
        reply = await call(self._bus, (self.name, path, MENU), member, signature, *body)
        return [plain(value) for value in reply]

    async def layout(self, parent: int = 0, depth: int = -1, *names: str) -> tuple[int, Item]:
        """Return the revision and the menu below an item."""
        revision, root = await self.ask_menu("GetLayout", "iias", parent, depth, list(names))
        return revision, _item(root)

    async def menu(self) -> Item:
        """Return the whole menu."""
        return (await self.layout())[1]

    async def click(self, item: Item) -> None:
        """Click an item as a host does."""
        await self.send_event(item.number, "clicked")

    async def send_event(self, number: int, kind: str) -> None:
        """Tell of an event of an item as a host does."""
        await self.ask_menu("Event", "isvu", number, kind, Variant("i", 0), 0)

    async def next_signal(self, member: str) -> list[Any]:
        """Wait for the item's or menu's next signal of that name; others are passed over."""
        async with asyncio.timeout(SECONDS):
            while True:
                name, body = await self.signals.get()
                if name == member:
                    return body

    async def menu_with(self, words: str) -> Item:
        """Wait until the menu says something, and return it."""
        async with asyncio.timeout(SECONDS):
            while True:
                menu = await self.menu()
                if any(words in item.label for item in menu.walk()):
                    return menu
                await self.signals.get()

    def _on_message(self, message: Message) -> None:
        if message.message_type is MessageType.SIGNAL and (message.path in {ITEM_PATH, "/MenuBar"}):
            self.signals.put_nowait((message.member or "", plain(message.body)))


class BusService:
    """An interface that others find under its own name on a bus, while the context lasts."""

    def __init__(self, address: str, path: str, interface: ServiceInterface) -> None:
        self._address = address
        self._path = path
        self._interface = interface
        self._bus: MessageBus | None = None

    async def __aenter__(self) -> Self:
        self._bus = await MessageBus(bus_address=self._address).connect()
        self._bus.export(self._path, self._interface)
        reply = await self._bus.request_name(self._interface.name)
        assert reply is RequestNameReply.PRIMARY_OWNER, f"{self._interface.name} has an owner"
        return self

    async def __aexit__(self, *_exception: object) -> None:
        assert self._bus is not None
        self._bus.disconnect()
        await self._bus.wait_for_disconnect()  # type: ignore[no-untyped-call]


class TrayHost(BusService):
    """A watcher and host of tray items, like a panel, on a bus of its own connection."""

    def __init__(self, address: str, *, has_host: bool = True) -> None:
        self.registered: asyncio.Queue[str] = asyncio.Queue()
        self._watcher = _Watcher(self.registered, has_host=has_host)
        super().__init__(address, "/StatusNotifierWatcher", self._watcher)

    async def next_item(self, *, listens: bool = True) -> RemoteItem:
        """Wait for the next item that registers; its signals are heard unless that is declined."""
        assert self._bus is not None
        async with asyncio.timeout(SECONDS):
            name = await self.registered.get()
        item = RemoteItem(self._bus, name)
        if listens:
            await item.listen()
        return item

    def announce_host(self) -> None:
        """Say that a host has come, as a panel does that starts after the watcher."""
        self._watcher.has_host = True
        self._watcher.host_registered()

    def take_host_away(self) -> None:
        """Say that the host has gone, as a watcher does that outlives the panel."""
        self._watcher.has_host = False
        self._watcher.host_unregistered()

    def refuse_next_item(self) -> None:
        """Answer the next registration with an error."""
        self._watcher.refuses = True


class _Watcher(ServiceInterface):
    def __init__(self, registered: asyncio.Queue[str], *, has_host: bool) -> None:
        super().__init__(WATCHER)
        self.has_host = has_host
        self.refuses = False
        self._registered = registered
        self._items: list[str] = []

    @dbus_method(name="RegisterStatusNotifierItem")
    def _register_item(self, name: DBusStr) -> None:
        refuses, self.refuses = self.refuses, False
        if refuses:
            raise DBusError("org.freedesktop.DBus.Error.Failed", "no room")
        self._items.append(name)
        self._registered.put_nowait(name)
        self.item_registered(name)

    @dbus_method(name="RegisterStatusNotifierHost")
    def _register_host(self, _name: DBusStr) -> None:
        self.has_host = True

    @dbus_property(access=PropertyAccess.READ, name="RegisteredStatusNotifierItems")
    def _registered_items(self) -> Names:
        return self._items

    @dbus_property(access=PropertyAccess.READ, name="IsStatusNotifierHostRegistered")
    def _host_is_registered(self) -> DBusBool:
        return self.has_host

    @dbus_property(access=PropertyAccess.READ, name="ProtocolVersion")
    def _protocol_version(self) -> DBusInt32:
        return 0

    @dbus_signal(name="StatusNotifierItemRegistered")
    def item_registered(self, name: str) -> DBusStr:
        return name

    @dbus_signal(name="StatusNotifierHostRegistered")
    def host_registered(self) -> None:
        """A host has come."""

    @dbus_signal(name="StatusNotifierHostUnregistered")
    def host_unregistered(self) -> None:
        """A host has gone."""


async def call(
    bus: MessageBus, target: tuple[str, str, str], member: str, signature: str, *body: Any
) -> list[Any]:
    """Call a method and return its results; an error answer fails the test with its text.

    `target` is a bus name, an object path and an interface.
    """
    destination, path, interface = target
    message = Message(
        destination=destination,
        path=path,
        interface=interface,
        member=member,
        signature=signature,
        body=list(body),
    )
    async with asyncio.timeout(SECONDS):
        reply = await bus.call(message)
    assert reply.message_type is not MessageType.ERROR, f"{member}: {reply.body}"
    return list(reply.body)


def plain(value: Any) -> Any:
    """Return a value without variants; structs as lists, which the library leaves open."""
    value = unpack_variants(value)
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


def _item(node: Any) -> Item:
    number, properties, children = node
    return Item(number, properties, tuple(_item(child) for child in children))
