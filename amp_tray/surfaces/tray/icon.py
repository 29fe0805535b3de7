"""The tray's icon, drawn for a state and a size.

In: an `IconState` and an edge length in pixels. Out: a Pillow image, or the pixels in the
byte order a StatusNotifierItem host wants. The drawing follows `icons/amp-tray.svg`, on the
same grid; at small sizes the bars are put on whole pixels, which no scaled picture can do.
The colours are of middling brightness so that light and dark panels both show them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

GRID = 24
"""Edge of the square that every length of the drawing refers to."""
TILE_RADIUS = 6
BAR_WIDTH = 4
BAR_GAP = 2
BAR_MARGIN = 4
BAR_BASE = 19
BAR_HEIGHTS = (5, 9.5, 14)
BAR_RADIUS = 1
SIZES = (16, 22, 24, 32, 48, 64)
"""Edge lengths, in pixels, that panels commonly ask for."""

_OVERSAMPLE = 8
_SNAP_BELOW = 48

Rgba = tuple[int, int, int, int]


class IconState(StrEnum):
    """What the icon tells at a glance."""

    OK = "ok"
    STALE = "stale"
    NO_DATA = "no-data"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class _Look:
    top: Rgba
    bottom: Rgba
    bars: Rgba
    heights: tuple[float, ...] = BAR_HEIGHTS
    base: float = BAR_BASE
    dot: Rgba | None = None


_WHITE = (255, 255, 255, 255)
_LOOKS = {
    IconState.OK: _Look((139, 109, 248, 255), (86, 66, 214, 255), _WHITE),
    IconState.STALE: _Look((139, 109, 248, 130), (86, 66, 214, 130), (255, 255, 255, 190)),
    IconState.NO_DATA: _Look(
        (139, 109, 248, 255),
        (86, 66, 214, 255),
        (255, 255, 255, 200),
        heights=(3, 3, 3),
        base=13.5,
    ),
    IconState.OFFLINE: _Look(
        (142, 145, 158, 255), (104, 107, 120, 255), (255, 255, 255, 220), dot=(235, 74, 74, 255)
    ),
}


@cache
def draw_icon(state: IconState, size: int) -> "Image":
    """Return the icon as an RGBA image of `size` by `size` pixels.

    The image is shared between callers: copy it before changing it.

    Raises:
        ValueError: `size` is not positive.
    """
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only a shown tray pays for Pillow

    if size < 1:
        raise ValueError(f"an icon needs a positive size, not {size}")
    look = _LOOKS[state]
    edge = size * _OVERSAMPLE
    unit = edge / GRID

    shape = Image.new("L", (edge, edge), 0)
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, edge - 1, edge - 1), TILE_RADIUS * unit, 255)
    gradient = Image.linear_gradient("L").resize((edge, edge))
    tile = Image.composite(
        Image.new("RGBA", (edge, edge), look.bottom),
        Image.new("RGBA", (edge, edge), look.top),
        gradient,
    )
    tile.putalpha(Image.composite(tile.getchannel("A"), Image.new("L", (edge, edge), 0), shape))

    bars = Image.new("RGBA", (edge, edge), (0, 0, 0, 0))
    pen = ImageDraw.Draw(bars)
    for box in _bars(size, look):
        left, top, right, bottom = (length * _OVERSAMPLE for length in box)
        radius = min(BAR_RADIUS * unit, (right - left) / 4, (bottom - top) / 4)
        pen.rounded_rectangle((left, top, right - 1, bottom - 1), radius, look.bars)
    tile.alpha_composite(bars)
    if look.dot is not None:
        _draw_dot(tile, look.dot)
    # Colours are averaged with their alpha, or the transparent corners would darken the rim.
    return tile.convert("RGBa").resize((size, size), Image.Resampling.BOX).convert("RGBA")


@cache
def argb_pixels(state: IconState, size: int) -> bytes:
    """Return the icon as `4 * size * size` bytes: alpha, red, green, blue, rows from the top.

    Source: StatusNotifierItem specification, IconPixmap: ARGB32 in network byte order.
    """
    from PIL import Image  # noqa: PLC0415 - see draw_icon

    red, green, blue, alpha = draw_icon(state, size).split()
    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()


def _bars(size: int, look: _Look) -> Iterator[tuple[float, float, float, float]]:
    scale = size / GRID
    width, gap, base = BAR_WIDTH * scale, BAR_GAP * scale, look.base * scale
    if size < _SNAP_BELOW:
        # Same parity as the size, so that the three bars can stand centred on whole pixels.
        width = max(1, round((width - size % 2) / 2) * 2 + size % 2)
        room = size - 2 * BAR_MARGIN * scale - len(look.heights) * width
        gap = max(round(room / 2), size // 11, 1)
        base = round(base)
    left = (size - len(look.heights) * width - (len(look.heights) - 1) * gap) / 2
    for height in look.heights:
        tall = height * scale
        if size < _SNAP_BELOW:
            tall = max(1, round(tall))
        yield left, base - tall, left + width, base
        left += width + gap


def _draw_dot(tile: "Image", colour: Rgba) -> None:
    from PIL import ImageDraw  # noqa: PLC0415 - see draw_icon

    unit = tile.width / GRID
    pen = ImageDraw.Draw(tile)
    # A transparent ring keeps the dot apart from the tile on any panel colour.
    for colour_of_disc, radius in (((0, 0, 0, 0), 5.75), (colour, 4.5)):
        centre = GRID - 4.5
        box = [(centre - radius) * unit] * 2 + [(centre + radius) * unit - 1] * 2
        pen.ellipse(box, fill=colour_of_disc)
