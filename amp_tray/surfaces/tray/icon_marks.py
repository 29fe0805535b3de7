"""What is drawn on the icon's tile in each state.

In: a state, the daily budget's share, a `Layout`. Out: a `Sketch`, shapes without colours.
The states differ in shape, so that they are told apart without colour too: bars (all is
well), one exclamation mark (near a budget), two (over one), a hollow tile (old figures), a
cross (error), three dots (no data), bars struck through (offline).
"""

from dataclasses import dataclass, replace
from typing import assert_never

from amp_tray.surfaces.tray.icon_layout import Box, Layout
from amp_tray.surfaces.tray.icon_look import FILL_STEPS, IconState

_DOTS = 3
_ROUND_FROM = 6  # below, a disc is little more than its grey rim


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line with round ends, in pixels."""

    start: tuple[float, float]
    end: tuple[float, float]
    width: float


Shape = Box | Stroke


@dataclass(frozen=True, slots=True)
class Sketch:
    """The shapes of one icon; each group is one coat of paint.

    Attributes:
        tile: the ground.
        hole: what is cut out of the tile.
        groove: the whole length of the gauge.
        faint: parts that are there, but do not count.
        gap: what is cut out of the faint parts.
        ink: what is to be read, on top.
    """

    tile: tuple[Shape, ...]
    hole: tuple[Shape, ...] = ()
    groove: tuple[Shape, ...] = ()
    faint: tuple[Shape, ...] = ()
    gap: tuple[Shape, ...] = ()
    ink: tuple[Shape, ...] = ()


def sketch(state: IconState, fill: int | None, layout: Layout) -> Sketch:
    """Return the shapes for a state; `fill` is that of an `IconLook`."""
    marks: tuple[Shape, ...]
    match state:
        case IconState.OK | IconState.STALE:
            marks = layout.bars
        case IconState.NEAR:
            marks = _exclamation(_in_place_of_bars(layout))
        case IconState.OVER:
            first, second = (_exclamation(_raised(bar, layout)) for bar in layout.bars)
            marks = first + second
        case IconState.ERROR:
            return Sketch((layout.tile,), ink=_cross(layout))
        case IconState.NO_DATA:
            return Sketch((layout.tile,), ink=_dots(layout))
        case IconState.OFFLINE:
            slash, gap = _slash(layout)
            bars = (*layout.bars, layout.today)
            return Sketch((layout.tile,), faint=bars, gap=(gap,), ink=(slash,))
        case _:
            assert_never(state)
    hole = (_shrunk(layout.tile, layout.line),) if state is IconState.STALE else ()
    groove, today = _gauge(fill, layout.today)
    return Sketch((layout.tile,), hole=hole, groove=groove, ink=marks + today)


def _gauge(fill: int | None, today: Box) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    if fill is None or fill >= FILL_STEPS:
        return (), (today,)
    if fill <= 0:
        return (today,), ()
    # Neither rounded to nothing nor to the whole.
    height = min(max(1, round(today.height * fill / FILL_STEPS)), today.height - 1)
    return (today,), (replace(today, top=today.bottom - height),)


def _in_place_of_bars(layout: Layout) -> Box:
    left, right = layout.area.left, layout.bars[1].right
    width = layout.bars[0].width + 1
    left += (right - left - width) // 2
    return Box(left, layout.area.top, left + width, layout.area.bottom, layout.rounding)


def _raised(bar: Box, layout: Layout) -> Box:
    return replace(bar, top=layout.area.top)


def _exclamation(box: Box) -> tuple[Box, ...]:
    dot, gap = min(box.width, box.height // 3), max(1, round(box.height / 6))
    return (
        replace(box, bottom=box.bottom - dot - gap),
        replace(box, top=box.bottom - dot),
    )


def _shrunk(box: Box, by: float) -> Box:
    return Box(
        box.left + by, box.top + by, box.right - by, box.bottom - by, max(0, box.radius - by)
    )


def _to_middle(length: float) -> float:
    """Return a length that ends in the middle of a pixel, where slanting lines look sharp."""
    return int(length) + 0.5


def _cross(layout: Layout) -> tuple[Stroke, ...]:
    inner = _shrunk(layout.tile, _to_middle(layout.tile.width * 0.28))
    width = max(1.0, layout.tile.width * 0.15)
    return (
        Stroke((inner.left, inner.top), (inner.right, inner.bottom), width),
        Stroke((inner.left, inner.bottom), (inner.right, inner.top), width),
    )


def _dots(layout: Layout) -> tuple[Box, ...]:
    tile = layout.tile
    odd = tile.width % 2  # as the tile, so that the dots are centred on whole pixels
    width = max(1, 2 * round((tile.width / 6 - odd) / 2) + odd)
    gap = layout.bars[1].left - layout.bars[0].right
    left = (tile.left + tile.right - _DOTS * width - (_DOTS - 1) * gap) / 2
    top = (tile.top + tile.bottom - width) / 2
    radius = width / 2 if width >= _ROUND_FROM else layout.rounding
    starts = [left + place * (width + gap) for place in range(_DOTS)]
    return tuple(Box(start, top, start + width, top + width, radius) for start in starts)


def _slash(layout: Layout) -> tuple[Stroke, Stroke]:
    inner = _shrunk(layout.tile, _to_middle(layout.tile.width * 0.17))
    start, end = (inner.left, inner.top), (inner.right, inner.bottom)
    width = max(1.0, layout.tile.width * 0.12)
    return Stroke(start, end, width), Stroke(start, end, 2.6 * width)
