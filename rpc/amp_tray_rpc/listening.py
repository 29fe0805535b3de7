"""What listening comes to, whatever the transport, and how it fails."""

import socket
from collections.abc import Callable
from dataclasses import dataclass

from amp_tray_rpc.address import Address


class AddressError(Exception):
    """The service cannot listen at the address.

    Attributes:
        message: what is wrong with it, one sentence.
        hint: what the user can do.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class AddressInUseError(AddressError):
    """Another service answers there."""


@dataclass(frozen=True, slots=True)
class Listening:
    """A listening socket and what its transport knows about it.

    Attributes:
        sock: bound, listening, non-blocking.
        address: where it is found, a TCP one with its port.
        token: what a peer has to show first; None where `admits` tells all.
        admits: tells whether an accepted connection is the user's own, as far as can be told.
        release: takes back what listening left outside this process; a second time is harmless.
    """

    sock: socket.socket
    address: Address
    token: str | None
    admits: Callable[[socket.socket], bool]
    release: Callable[[], None]
