"""Where the parts of the icon stand, on whole pixels at every size.

In: an edge length in pixels. Out: a `Layout`. Proportions are those of `icons/amp-tray.svg`,
which is the layout at `GRID` pixels; at other sizes each length is rounded, because a scaled
picture has no sharp edges at the sizes of a panel.
"""

from dataclasses import dataclass

GRID = 24
"""Edge of the icon that the proportions are taken from."""

_TILE = 22
_RADIUS = 6 / _TILE
_CONTENT = 16 / _TILE
_BAR = 3 / _TILE
_GAP = 2 / _TILE
_EDGE = 4 / _TILE
_LINE = 2 / _TILE
_ROUNDED_FROM = 26  # below, rounding leaves nothing but grey corners
_HEIGHTS = (0.36, 0.64)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with round corners, in pixels; right and bottom lie just outside."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float = 0

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one icon.

    Attributes:
        tile: what everything stands on.
        bars: two thin bars, the lower one first: the days before.
        today: the thick bar to their right; with a daily budget, the groove of its gauge.
        area: all that bars and marks may cover.
        rounding: radius of the corners of bars and marks.
        line: width of a line, such as that of a hollow tile.
    """

    tile: Box
    bars: tuple[Box, Box]
    today: Box
    area: Box
    rounding: float
    line: float


def lay_out(size: int) -> Layout:
    """Return the layout for an edge of `size` pixels, which is 1 or more."""
    margin = size // GRID
    tile = size - 2 * margin
    bar = max(1, round(tile * _BAR))
    gap = max(1, round(tile * _GAP + 0.25))  # rather wide than narrow, or bars run together
    width = round(tile * _CONTENT)
    width += (tile - width) % 2  # centred on whole pixels
    height = max(1, tile - 2 * round(tile * _EDGE))
    left, top = margin + (tile - width) // 2, margin + (tile - height) // 2
    bottom, right = top + height, left + width
    rounding = tile / _TILE if tile >= _ROUNDED_FROM else 0
    short, tall = (max(1, round(height * share)) for share in _HEIGHTS)
    second = left + bar + gap
    return Layout(
        tile=Box(margin, margin, size - margin, size - margin, tile * _RADIUS),
        bars=(
            Box(left, bottom - short, left + bar, bottom, rounding),
            Box(second, bottom - tall, second + bar, bottom, rounding),
        ),
        today=Box(min(second + bar + gap, right - 1), top, right, bottom, rounding),
        area=Box(left, top, right, bottom),
        rounding=rounding,
        line=max(1, round(tile * _LINE)),
    )
