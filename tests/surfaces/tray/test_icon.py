"""The icon's pixels: told apart at every size, seen on every panel, drawn once."""

from itertools import combinations, pairwise
from time import perf_counter

import pytest
from PIL import Image, ImageChops

from amp_tray.surfaces.tray import icon
from amp_tray.surfaces.tray.icon import (
    FILL_STEPS,
    SIZES,
    IconLook,
    IconState,
    Theme,
    argb_pixels,
    draw_icon,
)
from amp_tray.surfaces.tray.icon_layout import lay_out

Pixel = tuple[int, ...]

GAUGED = (IconState.OK, IconState.NEAR, IconState.OVER, IconState.STALE)
PANELS: dict[Theme, tuple[Pixel, ...]] = {
    Theme.ANY: ((0x22, 0x22, 0x22), (0xF5, 0xF5, 0xF5)),
    Theme.DARK: ((0x22, 0x22, 0x22),),
    Theme.LIGHT: ((0xF5, 0xF5, 0xF5),),
}
READABLE = 3.0
"""Source: WCAG 2.1, 1.4.11: graphical objects, 3:1."""


def pixel(image: Image.Image, x: float, y: float) -> Pixel:
    value = image.getpixel((int(x), int(y)))
    assert isinstance(value, tuple)
    return value


def luminance(colour: Pixel) -> float:
    shares = [level / 255 for level in colour[:3]]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Pixel, other: Pixel) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def inked(fill: int | None, state: IconState, size: int) -> int:
    """How much shines through the icon drawn in black alone, or is drawn on a hollow one."""
    alpha = draw_icon(IconLook(state, fill, Theme.TEMPLATE), size).getchannel("A")
    levels = sum(alpha.tobytes())
    return levels if state is IconState.STALE else -levels


@pytest.mark.parametrize("theme", Theme)
@pytest.mark.parametrize("size", [1, 2, 7, 15, 18, *SIZES, 96])
def test_every_state_is_drawn_at_every_size(theme: Theme, size: int) -> None:
    for state in IconState:
        image = draw_icon(IconLook(state, 7, theme), size)
        assert (image.mode, image.size) == ("RGBA", (size, size))
        assert max(image.getchannel("A").tobytes()) > 100 or size < 7


@pytest.mark.parametrize("size", SIZES)
def test_corners_are_transparent(size: int) -> None:
    for state in IconState:
        image = draw_icon(IconLook(state), size)
        end = size - 1
        corners = [pixel(image, x, y)[3] for x in (0, end) for y in (0, end)]
        assert max(corners) < 40


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("fill", [None, 9])
def test_states_are_told_apart_without_any_colour(size: int, fill: int | None) -> None:
    for one, other in combinations(IconState, 2):
        shapes = [
            draw_icon(IconLook(state, fill, Theme.TEMPLATE), size).getchannel("A")
            for state in (one, other)
        ]
        apart = ImageChops.difference(*shapes).point([0] * 128 + [255] * 128)
        assert apart.histogram()[255] >= size * size * 0.03, (one, other)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", PANELS)
def test_states_are_told_apart_in_grey(size: int, theme: Theme) -> None:
    for panel in PANELS[theme]:
        for one, other in combinations(IconState, 2):
            greys = []
            for state in (one, other):
                ground = Image.new("RGBA", (size, size), (*panel[:3], 255))
                ground.alpha_composite(draw_icon(IconLook(state, theme=theme), size))
                greys.append(ground.convert("L"))
            apart = ImageChops.difference(*greys).point([0] * 64 + [255] * 192)
            assert apart.histogram()[255] >= size * size * 0.03, (one, other, panel)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", PANELS)
@pytest.mark.parametrize("state", IconState)
def test_every_state_is_seen_on_its_panels(state: IconState, theme: Theme, size: int) -> None:
    image = draw_icon(IconLook(state, theme=theme), size)
    tile = lay_out(size).tile
    ends = [pixel(image, size // 2, y) for y in (tile.top, tile.bottom - 1)]
    for panel in PANELS[theme]:
        assert [end[3] for end in ends] == [255, 255]
        assert min(contrast(end, panel) for end in ends) >= READABLE
    if state is IconState.STALE:
        return  # one colour on the panel itself
    raw = image.tobytes()
    marks = [
        raw[at : at + 4]
        for at in range(0, len(raw), 4)
        if min(contrast(tuple(raw[at : at + 3]), end) for end in ends) >= READABLE
    ]
    assert sum(mark[3] == 255 for mark in marks) >= size * size * 0.03


@pytest.mark.parametrize("size", SIZES)
def test_the_gauges_mark_is_seen_in_its_groove(size: int) -> None:
    today = lay_out(size).today
    for state in (IconState.OK, IconState.NEAR, IconState.OVER):
        for theme in PANELS:
            image = draw_icon(IconLook(state, 10, theme), size)
            middle = (today.left + today.right) / 2
            filled, empty = (pixel(image, middle, y) for y in (today.bottom - 2, today.top + 2))
            # Dark writing in a dark groove: less apart, but told by both edges.
            assert contrast(filled, empty) >= (2.2 if filled[0] < 128 else READABLE)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", GAUGED)
def test_the_gauge_rises_with_the_share_and_is_full_only_at_the_end(
    state: IconState, size: int
) -> None:
    amounts = [inked(fill, state, size) for fill in range(FILL_STEPS + 1)]
    assert amounts == sorted(amounts)
    assert amounts[0] < amounts[1]
    assert amounts[-2] < amounts[-1]
    assert len(set(amounts)) == min(lay_out(size).today.height, FILL_STEPS) + 1


@pytest.mark.parametrize("size", SIZES)
def test_without_a_budget_todays_bar_stands_whole(size: int) -> None:
    for state in GAUGED:
        assert inked(None, state, size) == inked(FILL_STEPS, state, size)


@pytest.mark.parametrize("state", [IconState.ERROR, IconState.NO_DATA, IconState.OFFLINE])
def test_a_state_without_figures_has_no_gauge(state: IconState) -> None:
    plain, filled = (draw_icon(IconLook(state, fill), 24) for fill in (None, 5))
    assert plain.tobytes() == filled.tobytes()


@pytest.mark.parametrize("size", [size for size in SIZES if size < 32])
def test_small_bars_stand_on_whole_pixels(size: int) -> None:
    layout = lay_out(size)
    image = draw_icon(IconLook(IconState.OK), size)
    row = layout.area.bottom - 1
    white = [pixel(image, x, row) == (255, 255, 255, 255) for x in range(size)]
    columns = {x for box in (*layout.bars, layout.today) for x in range(size)
               if box.left <= x < box.right}  # fmt: skip
    assert {x for x in range(size) if white[x]} == columns
    gaps = [right.left - left.right for left, right in pairwise((*layout.bars, layout.today))]
    assert gaps[0] == gaps[1] >= 1
    assert layout.area.left == size - layout.area.right


def test_a_template_is_black_alone() -> None:
    for state in IconState:
        for fill in (None, 9):
            image = draw_icon(IconLook(state, fill, Theme.TEMPLATE), 36)
            assert [image.getchannel(band).getextrema() for band in "RGB"] == [(0, 0)] * 3


def test_stale_lets_the_panel_through() -> None:
    between = lay_out(24).bars[0]
    alphas = [pixel(draw_icon(IconLook(state), 24), between.left, between.top - 3)[3]
              for state in (IconState.OK, IconState.STALE)]  # fmt: skip
    assert alphas == [255, 0]


def test_pixels_are_alpha_first() -> None:
    look = IconLook(IconState.NEAR, 17)
    red, green, blue, alpha = (channel.tobytes() for channel in draw_icon(look, 22).split())
    pixels = argb_pixels(look, 22)
    assert len(pixels) == 4 * 22 * 22
    assert (pixels[0::4], pixels[1::4], pixels[2::4], pixels[3::4]) == (alpha, red, green, blue)


def test_a_look_is_drawn_once_and_few_are_kept() -> None:
    draw_icon.cache_clear()
    argb_pixels.cache_clear()
    for _ in range(3):
        argb_pixels(IconLook(IconState.OK, 3), 24)
    assert (draw_icon.cache_info().misses, argb_pixels.cache_info().misses) == (1, 1)
    for fill in range(FILL_STEPS + 1):
        for size in SIZES:
            argb_pixels(IconLook(IconState.OK, fill), size)
    for cached in (draw_icon, argb_pixels):
        assert cached.cache_info().currsize == icon.CACHED


def test_drawing_is_quick() -> None:
    draw_icon(IconLook(IconState.OK), 64)  # Pillow is loaded
    seconds = []
    for fill in range(FILL_STEPS + 1):
        draw_icon.cache_clear()
        began = perf_counter()
        draw_icon(IconLook(IconState.OVER, fill), 64)
        seconds.append(perf_counter() - began)
    assert sorted(seconds)[len(seconds) // 2] < 0.010


def test_a_size_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="positive size"):
        draw_icon(IconLook(IconState.OK), 0)
