"""What all connections of one server have in common."""

from dataclasses import dataclass, field

from amp_tray_rpc.backend import Backend
from amp_tray_rpc.complaints import Complaints
from amp_tray_rpc.limits import Limits
from amp_tray_rpc.publisher import Publisher
from amp_tray_rpc.turns import Turns


@dataclass(frozen=True, slots=True)
class Shared:
    """One server's parts, as its connections use them.

    Attributes:
        backend: the program behind the wire.
        publisher: tells subscribers.
        limits: what a peer may ask.
        complaints: says what peers do wrong.
        turns: whose turn it is.
    """

    backend: Backend
    publisher: Publisher
    limits: Limits
    complaints: Complaints = field(default_factory=Complaints)
    turns: Turns = field(default_factory=Turns)
