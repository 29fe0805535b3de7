"""What a method's handler is given, and what a row of the method table is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from amp_tray_rpc.admission import Admission
from amp_tray_rpc.backend import Backend, Json
from amp_tray_rpc.limits import DEFAULT_LIMITS, Limits
from amp_tray_rpc.messages import Params
from amp_tray_rpc.turns import Turns


class Subscriber(Protocol):
    """The connection a request came over, as far as a handler may touch it."""

    def subscribe(self) -> None:
        """Tell this connection of changes from now on; again is no different from once.

        Raises:
            RpcError: the service keeps no further subscription.
        """

    def unsubscribe(self) -> None:
        """Tell it no more."""


@dataclass(frozen=True, slots=True)
class Context:
    """One connection's view of the service.

    Attributes:
        backend: the program behind the wire.
        subscriber: the connection.
        limits: what one message may hold.
        turns: whose turn it is among all connections.
        admission: whether the connection's peer may ask.
    """

    backend: Backend
    subscriber: Subscriber
    limits: Limits = DEFAULT_LIMITS
    admission: Admission = field(default_factory=Admission)
    turns: Turns = field(default_factory=Turns)


Handler = Callable[[Context, Any], Awaitable[Json]]
"""Takes the context and the row's own params model."""


@dataclass(frozen=True, slots=True)
class Method:
    """A row of the method table.

    Attributes:
        name: as it stands on the wire.
        params: the model its parameters are checked against.
        handler: what answers; it gets an instance of `params`.
        summary: what it is for, one line.
        before_ready: whether it answers while the first scan runs.
        before_admission: whether it answers a peer that has shown no token yet.
    """

    name: str
    params: type[Params]
    handler: Handler
    summary: str
    before_ready: bool = False
    before_admission: bool = False
