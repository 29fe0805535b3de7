"""What the tray's icon is to say, as a value.

An `IconLook` is all that a drawing depends on besides its size: equal looks, equal pictures.
"""

from dataclasses import dataclass
from enum import StrEnum

FILL_STEPS = 20
"""Parts of a daily budget that the icon tells apart."""


class IconState(StrEnum):
    """What the icon tells at a glance.

    `NEAR` and `OVER` are of any budget. `STALE`: the figures may be old. `ERROR`: the service
    answers, but nothing it has can be shown. `OFFLINE`: there is no service.
    """

    OK = "ok"
    NEAR = "near"
    OVER = "over"
    STALE = "stale"
    ERROR = "error"
    NO_DATA = "no-data"
    OFFLINE = "offline"


class Theme(StrEnum):
    """What the icon stands on.

    `ANY` is seen on dark and light panels, `TEMPLATE` is black alone, for systems that give
    it a colour themselves (macOS).
    """

    ANY = "any"
    DARK = "dark"
    LIGHT = "light"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class IconLook:
    """Everything that an icon's drawing depends on besides its size.

    Attributes:
        state: which icon.
        fill: today's share of the daily budget in twentieths, 0 to 20; None draws no gauge.
        theme: what the icon stands on.
    """

    state: IconState
    fill: int | None = None
    theme: Theme = Theme.ANY
