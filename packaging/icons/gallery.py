"""Draw every state of the tray's icon on one page, to be looked at.

Out: `.make/icons.png`, or the path given. Pictures are the tray's own: at their true size
first, then with each pixel made larger.
"""

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from amp_tray.surfaces.tray.icon import SIZES, IconLook, IconState, Theme, draw_icon

ROOT = Path(__file__).parents[2]
PAGE = ROOT / ".make/icons.png"

FILLS: dict[IconState, tuple[int | None, ...]] = {
    IconState.OK: (None, 0, 1, 5, 10, 15),
    IconState.NEAR: (None, 16, 19),
    IconState.OVER: (None, 8, 20),
    IconState.STALE: (None, 9),
    IconState.ERROR: (None,),
    IconState.NO_DATA: (None,),
    IconState.OFFLINE: (None,),
}
LOOKS = [(state, fill) for state, fills in FILLS.items() for fill in fills]
GROUNDS = (
    ("any panel: dark", "#222222", Theme.ANY, False),
    ("any panel: light", "#f5f5f5", Theme.ANY, False),
    ("dark panel, known", "#222222", Theme.DARK, False),
    ("light panel, known", "#f5f5f5", Theme.LIGHT, False),
    ("template, menu bar", "#dcdce4", Theme.TEMPLATE, False),
    ("without colour: dark", "#222222", Theme.ANY, True),
    ("without colour: light", "#f5f5f5", Theme.ANY, True),
)
ENLARGED = ((16, 4), (22, 3), (32, 2))
COLUMN, LEFT, EDGE = 78, 84, 8


def page() -> Image.Image:
    """Return the whole page."""
    grounds = [_ground(*ground) for ground in GROUNDS]
    header = _header(grounds[0].width)
    picture = Image.new(
        "RGB", (header.width, header.height + sum(ground.height for ground in grounds))
    )
    top = 0
    for part in (header, *grounds):
        picture.paste(part, (0, top))
        top += part.height
    return picture


def _header(width: int) -> Image.Image:
    part = Image.new("RGB", (width, 40), "#ffffff")
    pen = ImageDraw.Draw(part)
    for place, (state, fill) in enumerate(LOOKS):
        share = "no budget" if fill is None else f"{fill * 5} %"
        pen.text((LEFT + place * COLUMN, 4), state, "#222222", font=ImageFont.load_default(13))
        if state in (IconState.OK, IconState.NEAR, IconState.OVER, IconState.STALE):
            pen.text((LEFT + place * COLUMN, 21), share, "#777777", font=ImageFont.load_default(11))
    return part


def _ground(name: str, colour: str, theme: Theme, grey: bool) -> Image.Image:
    rows = list(_rows())
    height = 24 + sum(tall + EDGE for _, tall in rows)
    part = Image.new("RGBA", (LEFT + len(LOOKS) * COLUMN, height), colour)
    for place, (state, fill) in enumerate(LOOKS):
        top = 22
        for cells, tall in rows:
            left = LEFT + place * COLUMN
            for size, zoom in cells:
                picture = draw_icon(IconLook(state, fill, theme), size)
                shown = picture.resize((size * zoom,) * 2, Image.Resampling.NEAREST)
                part.alpha_composite(shown, (left, top + (tall - size * zoom) // 2))
                left += size * zoom + 3
            top += tall + EDGE
    flat = part.convert("L").convert("RGB") if grey else part.convert("RGB")
    pen = ImageDraw.Draw(flat)
    pen.text((6, 3), name, "#888888", font=ImageFont.load_default(13))
    top = 22
    for cells, tall in rows:
        label = "true size" if cells[0][1] == 1 else f"{cells[0][0]} x {cells[0][1]}"
        pen.text((6, top + tall / 2 - 7), label, "#888888", font=ImageFont.load_default(11))
        top += tall + EDGE
    return flat


def _rows() -> Iterator[tuple[tuple[tuple[int, int], ...], int]]:
    """Yield the cells of each row, as sizes and zooms, and the row's height."""
    small, large = SIZES[:3], SIZES[3:]
    for sizes in (small, *((size,) for size in large)):
        yield tuple(product(sizes, (1,))), max(sizes)
    for size, zoom in ENLARGED:
        yield ((size, zoom),), size * zoom


def main() -> None:
    """Write the page."""
    path = Path(sys.argv[1]) if sys.argv[1:] else PAGE
    path.parent.mkdir(exist_ok=True)
    page().save(path, optimize=True)
    print(path)


if __name__ == "__main__":
    main()
