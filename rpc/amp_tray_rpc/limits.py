"""How much one peer may ask of the service, as one value.

Every bound and deadline is a constructor value, so that a test can make it tiny and the
parts below the server never invent one of their own.
"""

from typing import NamedTuple


class Limits(NamedTuple):
    """Bounds on what a peer may send, hold and delay.

    Attributes:
        header_bytes: longest header block of a frame, terminator included.
        body_bytes: longest request body, or line. Answers are not bounded: they are as long
            as the reports are, to a peer that reads them.
        short_bytes: longest frame that many connections may read at once. Of longer ones the
            whole server reads one at a time, so that slow peers cannot fill the memory together.
        values: most commas, brackets and braces of one message, so about its most values.
        batch: most members of one batch.
        frame_seconds: how long a begun frame may stay unfinished.
        write_seconds: how long a peer may take nothing of what is written to it.
        close_seconds: how long closing the server waits for answers under way.
        requests_in_flight: most requests of one connection under way; then its reading pauses.
        connections: most connections at once; a further one takes the place of another.
        subscriptions: most subscribed connections at once.
        notify_seconds: least time between two notifications, so 0.2 is at most 5 a second.
        events: most events (`budget.crossed`) that wait for one subscriber.
    """

    header_bytes: int = 4 * 1024
    body_bytes: int = 4 * 1024 * 1024
    short_bytes: int = 8 * 1024
    values: int = 5_000
    batch: int = 100
    frame_seconds: float = 10.0
    write_seconds: float = 30.0
    close_seconds: float = 2.0
    requests_in_flight: int = 8
    connections: int = 64
    subscriptions: int = 32
    notify_seconds: float = 0.2
    events: int = 32


DEFAULT_LIMITS = Limits()
"""What the service runs with."""
