"""The icon's pixels, and its twin in the icons folder."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from amp_tray.surfaces.tray import icon
from amp_tray.surfaces.tray.icon import SIZES, IconState, argb_pixels, draw_icon

SVG = Path(__file__).parents[3] / "icons" / "amp-tray.svg"


@pytest.mark.parametrize("state", IconState)
@pytest.mark.parametrize("size", [1, 15, *SIZES, 96])
def test_every_state_is_drawn_at_every_size(state: IconState, size: int) -> None:
    image = draw_icon(state, size)
    assert (image.mode, image.size) == ("RGBA", (size, size))
    assert max(image.getchannel("A").tobytes()) > 100


@pytest.mark.parametrize("size", SIZES)
def test_states_look_different(size: int) -> None:
    for one, other in combinations(IconState, 2):
        assert draw_icon(one, size).tobytes() != draw_icon(other, size).tobytes(), (one, other)


@pytest.mark.parametrize("size", [size for size in SIZES if size < 48])
def test_small_bars_stand_symmetric_on_whole_pixels(size: int) -> None:
    # The row just above the bars' base crosses all three: white or tile, nothing in between.
    row = round(icon.BAR_BASE * size / icon.GRID) - 2
    greens = [draw_icon(IconState.OK, size).getpixel((x, row)) for x in range(size)]
    white = [pixel == (255, 255, 255, 255) for pixel in greens]
    assert white == white[::-1]
    runs = re.findall("1+", "".join("1" if is_white else "0" for is_white in white))
    assert len(runs) == 3
    assert len(set(runs)) == 1


def test_stale_is_dimmed() -> None:
    centre = (2, 12)
    bright, dim = (draw_icon(state, 24).getpixel(centre) for state in ("ok", "stale"))
    assert isinstance(bright, tuple)
    assert isinstance(dim, tuple)
    assert dim[3] < bright[3] == 255


def test_pixels_are_alpha_first() -> None:
    image = draw_icon(IconState.OK, 22)
    red, green, blue, alpha = (channel.tobytes() for channel in image.split())
    pixels = argb_pixels(IconState.OK, 22)
    assert len(pixels) == 4 * 22 * 22
    assert (pixels[0::4], pixels[1::4], pixels[2::4], pixels[3::4]) == (alpha, red, green, blue)


def test_an_icon_is_drawn_once_per_state_and_size() -> None:
    assert draw_icon(IconState.OK, 24) is draw_icon(IconState.OK, 24)


def test_a_size_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="positive size"):
        draw_icon(IconState.OK, 0)


def test_the_svg_has_the_same_geometry() -> None:
    root = ET.fromstring(SVG.read_text("utf-8"))
    boxes = [
        tuple(float(rect.get(name, "0")) for name in ("x", "y", "width", "height", "rx"))
        for rect in root.iter("{http://www.w3.org/2000/svg}rect")
    ]
    assert root.get("viewBox") == f"0 0 {icon.GRID} {icon.GRID}"
    step = icon.BAR_WIDTH + icon.BAR_GAP
    bars = [
        (icon.BAR_MARGIN + step * place, icon.BAR_BASE - height, icon.BAR_WIDTH, height,
         icon.BAR_RADIUS)
        for place, height in enumerate(icon.BAR_HEIGHTS)
    ]  # fmt: skip
    assert boxes == [(0, 0, icon.GRID, icon.GRID, icon.TILE_RADIUS), *bars]
