"""The icon's colours, for each state and each ground it may stand on.

Every tile keeps a contrast of 3:1 to the panels it is made for, and what is written on it 3:1
to the tile. Violet, amber and red speak of money; grey says that the program is not at work.
"""

from dataclasses import dataclass

from amp_tray.surfaces.tray.icon_look import IconLook, IconState, Theme

Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Tone:
    """The colours of one icon: the tile's at its top and bottom, and what is written on it."""

    top: Rgb
    bottom: Rgb
    ink: Rgb = (255, 255, 255)


_BLACK = Tone((0, 0, 0), (0, 0, 0))
_DARK_INK = (43, 24, 0)

_HUES = {
    IconState.OK: "violet",
    IconState.NEAR: "amber",
    IconState.OVER: "red",
    IconState.STALE: "pale",
    IconState.ERROR: "grey",
    IconState.NO_DATA: "violet",
    IconState.OFFLINE: "grey",
}

_TONES = {
    ("violet", Theme.ANY): Tone((139, 109, 248), (108, 84, 234)),
    ("violet", Theme.DARK): Tone((150, 122, 250), (114, 88, 238)),
    ("violet", Theme.LIGHT): Tone((124, 92, 240), (86, 62, 212)),
    ("amber", Theme.ANY): Tone((208, 116, 0), (188, 98, 0)),
    ("amber", Theme.DARK): Tone((255, 190, 60), (245, 160, 20), _DARK_INK),
    ("amber", Theme.LIGHT): Tone((200, 120, 0), (172, 94, 0)),
    ("red", Theme.ANY): Tone((240, 84, 80), (206, 44, 44)),
    ("red", Theme.DARK): Tone((248, 96, 90), (222, 56, 54)),
    ("red", Theme.LIGHT): Tone((226, 62, 60), (190, 30, 34)),
    ("pale", Theme.ANY): Tone((136, 130, 164), (136, 130, 164)),
    ("pale", Theme.DARK): Tone((164, 158, 190), (164, 158, 190)),
    ("pale", Theme.LIGHT): Tone((120, 114, 148), (120, 114, 148)),
    ("grey", Theme.ANY): Tone((124, 130, 146), (104, 109, 125)),
    ("grey", Theme.DARK): Tone((132, 138, 154), (112, 118, 134)),
    ("grey", Theme.LIGHT): Tone((104, 110, 126), (82, 87, 102)),
}


def tone(look: IconLook) -> Tone:
    """Return the colours of a look."""
    if look.theme is Theme.TEMPLATE:
        return _BLACK
    return _TONES[_HUES[look.state], look.theme]
