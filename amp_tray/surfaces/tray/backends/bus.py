"""Small questions to a D-Bus peer and to the bus itself, each one message and its answer.

In: a connected bus. Out: plain values. Errors that peers answer become `PeerError`.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

from dbus_fast import Message, MessageType, NameFlag, RequestNameReply, Variant
from dbus_fast.aio import MessageBus

BUS = "org.freedesktop.DBus"
BUS_PATH = "/org/freedesktop/DBus"

_NAMES_TRIED = 100


class PeerError(Exception):
    """A peer answered with an error, or a name cannot be had."""


@dataclass(frozen=True, slots=True)
class Peer:
    """An object on the bus.

    Attributes:
        bus: the connection to ask through.
        name: the peer's bus name.
        path: the object's path.
    """

    bus: MessageBus
    name: str
    path: str

    async def call(self, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        """Call a method; return its first result, or None when it has none.

        Raises:
            PeerError: the peer answered with an error; the message is the peer's.
        """
        reply = await self.bus.call(
            Message(
                destination=self.name,
                path=self.path,
                interface=interface,
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        if reply.message_type is MessageType.ERROR:
            raise PeerError(f"{member}: {reply.body[0] if reply.body else reply.error_name}")
        return reply.body[0] if reply.body else None

    async def get_property(self, interface: str, name: str) -> Any:
        """Return a property's value without its variant.

        Raises:
            PeerError: as `call`.
        """
        value = await self.call(f"{BUS}.Properties", "Get", "ss", interface, name)
        return value.value if isinstance(value, Variant) else value


async def has_owner(bus: MessageBus, name: str) -> bool:
    """Return whether a bus name is owned now; asking starts no program."""
    return bool(await Peer(bus, BUS, BUS_PATH).call(BUS, "NameHasOwner", "s", name))


async def match_owner_changes(bus: MessageBus, name: str) -> None:
    """Have the bus send `NameOwnerChanged` for one name."""
    rule = f"sender='{BUS}',interface='{BUS}',member='NameOwnerChanged',arg0='{name}'"
    await _match(bus, rule)


async def match_signal(bus: MessageBus, interface: str, member: str) -> None:
    """Have the bus send one signal, whoever emits it."""
    await _match(bus, f"interface='{interface}',member='{member}'")


async def own_first_free_name(bus: MessageBus, prefix: str) -> str:
    """Take and return the first of `prefix-1`, `prefix-2`, … that nobody owns.

    Raises:
        PeerError: a hundred of them are taken.
    """
    for number in range(1, _NAMES_TRIED + 1):
        name = f"{prefix}-{number}"
        # Not queued for: waiting for another item's name would leave this one nameless.
        if await bus.request_name(name, NameFlag.DO_NOT_QUEUE) is RequestNameReply.PRIMARY_OWNER:
            return name
    raise PeerError(f"every name {prefix}-<n> is taken")


def watch_end(bus: MessageBus) -> asyncio.Task[None]:
    """Return a task that is done when the connection has ended, in whatever way.

    Wait for it with `asyncio.wait`: the library has one future for the end, and cancelling
    whoever awaits that directly would cancel it for everybody.
    """
    return asyncio.create_task(_end_of(bus), name="tray-bus-end")


async def _end_of(bus: MessageBus) -> None:
    # How it ended is told by exceptions of many types, and does not matter to the caller.
    with contextlib.suppress(Exception):
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]  # the library's gap


async def _match(bus: MessageBus, rule: str) -> None:
    await Peer(bus, BUS, BUS_PATH).call(BUS, "AddMatch", "s", f"type='signal',{rule}")
