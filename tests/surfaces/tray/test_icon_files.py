"""The icon's files: the sources in step with the drawing, the rendered set complete."""

import re
import runpy
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import IcnsImagePlugin, IcoImagePlugin, Image, ImageChops

from amp_tray.surfaces.tray.icon import IconLook, draw_icon
from amp_tray.surfaces.tray.icon_layout import GRID, Box, lay_out
from amp_tray.surfaces.tray.icon_marks import sketch
from amp_tray.surfaces.tray.icon_palette import Rgb, tone

ROOT = Path(__file__).parents[3]
ICONS = ROOT / "icons"
RENDERED = ICONS / "rendered"
RENDERER = runpy.run_path(str(ROOT / "packaging/icons/render.py"))
FILES: dict[str, bytes] = dict(RENDERER["rendered"]())

SVG = "{http://www.w3.org/2000/svg}"
FINE = 4
"""The layout is compared at so many pixels a unit: nothing is rounded there."""


def svg_box(rect: ET.Element) -> Box:
    left, top, width, height, radius = (
        float(rect.get(name, "0")) for name in ("x", "y", "width", "height", "rx")
    )
    return scaled(Box(left, top, left + width, top + height, radius), FINE)


def scaled(box: Box, by: float) -> Box:
    return Box(box.left * by, box.top * by, box.right * by, box.bottom * by, box.radius * by)


def hexadecimal(colour: Rgb) -> str:
    return "#" + "".join(f"{level:02x}" for level in colour)


def assert_alike(one: Image.Image, other: Image.Image) -> None:
    """Same picture, but for what two versions of Pillow may round differently."""
    assert one.size == other.size
    difference = ImageChops.difference(
        *(image.convert("RGBA").convert("RGBa") for image in (one, other))
    )
    assert max(difference.tobytes()) <= 16


def test_the_apps_svg_has_the_same_shapes() -> None:
    root = ET.fromstring((ICONS / "amp-tray.svg").read_text("utf-8"))
    app: IconLook = RENDERER["APP"]
    drawn = sketch(app.state, app.fill, lay_out(GRID * FINE))
    assert root.get("viewBox") == f"0 0 {GRID} {GRID}"
    assert {svg_box(rect) for rect in root.iter(SVG + "rect")} == {
        *drawn.tile, *drawn.groove, *drawn.ink
    }  # fmt: skip


def test_the_apps_svg_has_the_same_colours() -> None:
    root = ET.fromstring((ICONS / "amp-tray.svg").read_text("utf-8"))
    colours = tone(RENDERER["APP"])
    stops = [stop.get("stop-color") for stop in root.iter(SVG + "stop")]
    assert stops == [hexadecimal(colours.top), hexadecimal(colours.bottom)]
    [group] = root.iter(SVG + "g")
    assert group.get("fill") == hexadecimal(colours.ink)


def test_the_symbolic_svg_has_the_same_shapes() -> None:
    root = ET.fromstring((ICONS / "amp-tray-symbolic.svg").read_text("utf-8"))
    assert root.get("viewBox") == "0 0 16 16"
    [path] = root.iter(SVG + "path")
    assert path.get("fill-rule") == "evenodd"
    tile, *holes = re.findall(r"M[^M]*z", path.get("d", ""))
    layout = lay_out(16)
    assert re.findall(r"a([\d.]+) ", tile) == [f"{layout.tile.radius:.2f}"] * 4
    found = [
        tuple(map(int, numbers))
        for hole in holes
        for numbers in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+z", hole)
    ]
    assert found == [
        (box.left, box.top, box.width, box.height) for box in (*layout.bars, layout.today)
    ]


def test_the_rendered_set_is_complete_and_nothing_else() -> None:
    there = {path.relative_to(RENDERED).as_posix() for path in RENDERED.rglob("*")
             if path.is_file()}  # fmt: skip
    assert there == set(FILES)
    sizes = {int(name.split("/")[1].split("x")[0]) for name in there
             if name.startswith("hicolor/") and name.endswith(".png")}  # fmt: skip
    assert sizes == {16, 22, 24, 32, 48, 64, 96, 128, 256, 512}


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".png")])
def test_a_rendered_picture_is_as_the_renderer_makes_it(name: str) -> None:
    with Image.open(RENDERED / name) as stored, Image.open(BytesIO(FILES[name])) as made:
        assert (stored.format, stored.mode) == ("PNG", "RGBA")
        assert_alike(stored, made)


@pytest.mark.parametrize("name", ["states", "extension"])
def test_a_picture_kept_elsewhere_is_as_the_renderer_makes_it(name: str) -> None:
    kept, made = RENDERER[name.upper()], RENDERER[name]()
    with Image.open(kept) as one, Image.open(BytesIO(made)) as other:
        assert_alike(one, other)


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".svg")])
def test_the_themes_svgs_are_the_sources(name: str) -> None:
    source = ICONS / Path(name).name
    assert (RENDERED / name).read_bytes() == source.read_bytes()


def test_windows_icon_holds_every_size() -> None:
    with Image.open(RENDERED / "amp-tray.ico") as stored:
        assert isinstance(stored, IcoImagePlugin.IcoImageFile)
        edges = (16, 20, 24, 32, 40, 48, 64, 128, 256)
        assert stored.info["sizes"] == {(edge, edge) for edge in edges}
        for edge in edges:
            assert_alike(stored.ico.getimage((edge, edge)), draw_icon(RENDERER["APP"], edge))


def test_macs_icon_holds_every_size_with_apples_margin() -> None:
    with Image.open(RENDERED / "amp-tray.icns") as stored:
        assert isinstance(stored, IcnsImagePlugin.IcnsImageFile)
        edges = {width * scale for width, _, scale in stored.info["sizes"]}
        assert edges == {32, 64, 128, 256, 512, 1024}
        largest = stored.convert("RGBA")
    assert largest.size == (1024, 1024)
    left, top, right, bottom = largest.getchannel("A").getbbox() or (0, 0, 0, 0)
    assert (left, top) == (1024 - right, 1024 - bottom)
    assert abs(right - left - 824) <= 4


def test_the_menu_bars_image_is_black_at_two_scales() -> None:
    for name, edge in (("amp-trayTemplate.png", 18), ("amp-trayTemplate@2x.png", 36)):
        with Image.open(RENDERED / "macos" / name) as stored:
            assert stored.size == (edge, edge)
            assert [stored.getchannel(band).getextrema() for band in "RGB"] == [(0, 0)] * 3
            assert stored.getchannel("A").getextrema() == (0, 255)


def test_the_set_is_small() -> None:
    assert sum(path.stat().st_size for path in RENDERED.rglob("*") if path.is_file()) < 150_000
