"""How fast things happen in the tray."""

from dataclasses import dataclass
from datetime import timedelta

FAILURE_SHOWN = timedelta(minutes=1)
"""How long the menu tells that a click came to nothing."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast things happen, in seconds.

    Attributes:
        redraw: least time between two drawings; updates in between become one.
        tick: time after which ages such as "3 min ago" are drawn again without an update.
        patience: how long the first view waits for the settings.
        settings: the beat at which the settings are looked at.
        not_ready: time between two questions while the service does its first scan.
        back_off: waits between attempts to reach the service; the last one repeats.
    """

    redraw: float = 1.0
    tick: float = 30.0
    patience: float = 1.0
    settings: float = 2.0
    not_ready: float = 0.5
    back_off: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 10.0)
