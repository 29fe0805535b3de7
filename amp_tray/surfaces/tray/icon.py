"""The tray's icon, drawn for a look and a size.

In: an `IconLook` and an edge length in pixels. Out: a Pillow image, or the pixels in the byte
order a StatusNotifierItem host wants. Where things stand is `icon_layout`'s, which shapes
there are is `icon_marks`', their colours are `icon_palette`'s.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from amp_tray.surfaces.tray.icon_layout import Box, lay_out
from amp_tray.surfaces.tray.icon_look import FILL_STEPS, IconLook, IconState, Theme
from amp_tray.surfaces.tray.icon_marks import Shape, Sketch, Stroke, sketch
from amp_tray.surfaces.tray.icon_palette import tone

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw as Pen

__all__ = [
    "FILL_STEPS", "SIZES", "IconLook", "IconState", "Theme", "argb_pixels", "draw_icon"
]  # fmt: skip

SIZES = (16, 22, 24, 32, 48, 64)
"""Edge lengths, in pixels, that panels commonly ask for."""

CACHED = 64
"""Pictures kept: a few looks at all sizes. A tray shows few looks in a day."""

_GROOVE = 0.42
_FAINT = 0.55
_FINE_BELOW = 48


@lru_cache(maxsize=CACHED)
def draw_icon(look: IconLook, size: int) -> "Image":
    """Return the icon as an RGBA image of `size` by `size` pixels.

    The image is shared between callers: copy it before changing it.

    Raises:
        ValueError: `size` is not positive.
    """
    if size < 1:
        raise ValueError(f"an icon needs a positive size, not {size}")
    shapes = sketch(look.state, look.fill, lay_out(size))
    if shapes.hole or look.theme is Theme.TEMPLATE:
        return _one_coloured(shapes, look, size)
    return _painted(shapes, look, size)


@lru_cache(maxsize=CACHED)
def argb_pixels(look: IconLook, size: int) -> bytes:
    """Return the icon as `4 * size * size` bytes: alpha, red, green, blue, rows from the top.

    Source: StatusNotifierItem specification, IconPixmap: ARGB32 in network byte order.
    """
    from PIL import Image  # noqa: PLC0415 - only a shown tray pays for Pillow

    red, green, blue, alpha = draw_icon(look, size).split()
    return Image.merge("RGBA", (alpha, red, green, blue)).tobytes()


def _painted(shapes: Sketch, look: IconLook, size: int) -> "Image":
    """A tile with everything painted on it."""
    from PIL import Image  # noqa: PLC0415 - see argb_pixels

    colours = tone(look)
    shade = Image.linear_gradient("L").resize((size, size))
    picture = Image.new("RGB", (size, size), colours.top)
    picture.paste(colours.bottom, mask=shade)
    for colour, strength, coat, cut in (
        ((0, 0, 0), _GROOVE, shapes.groove, ()),
        (colours.ink, _FAINT, shapes.faint, shapes.gap),
        (colours.ink, 1, shapes.ink, ()),
    ):
        if coat:
            picture.paste(colour, mask=_weaker(_coverage(size, coat, cut), strength))
    picture.putalpha(_coverage(size, shapes.tile))
    return picture


def _one_coloured(shapes: Sketch, look: IconLook, size: int) -> "Image":
    """One colour, told apart by what shines through alone."""
    from PIL import Image, ImageChops  # noqa: PLC0415 - see argb_pixels

    alpha = _coverage(size, shapes.tile, shapes.hole)
    groove = _weaker(_coverage(size, shapes.groove), _GROOVE)
    faint = _weaker(_coverage(size, shapes.faint, shapes.gap), _FAINT)
    ink = _coverage(size, shapes.ink)
    for coat in (groove, faint, ink):
        # A hollow tile carries its marks, a solid one lets them through.
        alpha = (
            ImageChops.lighter(alpha, coat)
            if shapes.hole
            else ImageChops.multiply(alpha, ImageChops.invert(coat))
        )
    colours = tone(look)
    picture = Image.new("RGB", (size, size), colours.top)
    picture.putalpha(alpha)
    return picture


def _coverage(size: int, shapes: Iterable[Shape], cut: Iterable[Shape] = ()) -> "Image":
    """Return how much of each pixel the shapes cover, less those that are cut out."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - see argb_pixels

    scale = 8 if size < _FINE_BELOW else 4
    mask = Image.new("L", (size * scale, size * scale), 0)
    pen = ImageDraw.Draw(mask)
    for fill, group in ((255, shapes), (0, cut)):
        for shape in group:
            if isinstance(shape, Box):
                _draw_box(pen, shape, scale, fill)
            else:
                _draw_stroke(pen, shape, scale, fill)
    return mask.reduce(scale)


def _draw_box(pen: "Pen", box: Box, scale: int, fill: int) -> None:
    if box.width <= 0 or box.height <= 0:
        return
    corners = (box.left * scale, box.top * scale, box.right * scale - 1, box.bottom * scale - 1)
    radius = min(box.radius, box.width / 2, box.height / 2) * scale
    pen.rounded_rectangle(corners, radius, fill)


def _draw_stroke(pen: "Pen", stroke: Stroke, scale: int, fill: int) -> None:
    ends = [(x * scale, y * scale) for x, y in (stroke.start, stroke.end)]
    half = stroke.width * scale / 2
    pen.line(ends, fill, round(2 * half))
    for x, y in ends:
        pen.ellipse((x - half, y - half, x + half - 1, y + half - 1), fill)


def _weaker(mask: "Image", strength: float) -> "Image":
    return mask.point([round(level * strength) for level in range(256)])
