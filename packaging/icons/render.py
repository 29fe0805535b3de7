"""Render the icons that packages install, by the drawing that the tray itself uses.

Out: the states in a row, for the README; the VS Code extension's icon; and `icons/rendered/`,
written anew as a whole:

    hicolor/            as it goes below /usr/share/icons (scalable and symbolic are the sources)
    amp-tray.ico        Windows
    amp-tray.icns       macOS
    macos/              the menu bar's template image: black, its transparency alone counts
"""

import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image

from amp_tray.surfaces.tray.icon import IconLook, IconState, Theme, draw_icon

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "icons"
RENDERED = SOURCES / "rendered"
STATES = ROOT / "packaging/screenshots/tray-icons.png"
EXTENSION = ROOT / "rpc/clients/vscode/icon.png"

APP = IconLook(IconState.OK, fill=15)
"""The program's own icon: a day with three quarters of its budget used."""
TEMPLATE = IconLook(IconState.OK, theme=Theme.TEMPLATE)

HICOLOR_SIZES = (16, 22, 24, 32, 48, 64, 96, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
ICNS_SIZES = (16, 32, 64, 128, 256, 512, 1024)
TEMPLATE_POINTS = 18

_MAC_SHARE = (824 / 1024) * (24 / 22)
"""Edge of our picture in a macOS icon, where the tile covers 824 of 1024 pixels.

Source: Apple's icon template for macOS 11 and later.
"""


def rendered() -> Iterator[tuple[str, bytes]]:
    """Yield each file's path below `icons/rendered` and what is in it."""
    for size in HICOLOR_SIZES:
        yield f"hicolor/{size}x{size}/apps/amp-tray.png", _png(draw_icon(APP, size))
    for folder, name in (("scalable", "amp-tray.svg"), ("symbolic", "amp-tray-symbolic.svg")):
        yield f"hicolor/{folder}/apps/{name}", (SOURCES / name).read_bytes()
    yield "amp-tray.ico", _collection("ICO", [draw_icon(APP, size) for size in ICO_SIZES])
    yield "amp-tray.icns", _collection("ICNS", [_mac_icon(size) for size in ICNS_SIZES])
    for scale, suffix in ((1, ""), (2, "@2x")):
        picture = draw_icon(TEMPLATE, TEMPLATE_POINTS * scale)
        yield f"macos/amp-trayTemplate{suffix}.png", _png(picture)


def states() -> bytes:
    """Return a picture of all states, on a dark panel and on a light one.

    In the order of `IconState`; those with a gauge show the share that goes with them.
    """
    edge, gap = 32, 16
    shares = {IconState.OK: 9, IconState.NEAR: 17, IconState.OVER: 20, IconState.STALE: 9}
    size = (gap + len(IconState) * (edge + gap), 2 * (edge + gap))
    picture = Image.new("RGBA", size, "#222222")
    picture.paste("#f5f5f5", (0, size[1] // 2, *size))
    for place, state in enumerate(IconState):
        icon = draw_icon(IconLook(state, shares.get(state)), edge)
        for top in (gap // 2, edge + gap + gap // 2):
            picture.alpha_composite(icon, (gap + place * (edge + gap), top))
    return _png(picture.convert("RGB"))


def extension() -> bytes:
    """Return the picture that extensions' shops show."""
    return _png(draw_icon(APP, 256))


def _mac_icon(size: int) -> Image.Image:
    inner = round(size * _MAC_SHARE)
    inner -= (size - inner) % 2  # centred on whole pixels
    picture = Image.new("RGBA", (size, size))
    picture.paste(draw_icon(APP, inner), ((size - inner) // 2,) * 2)
    return picture


def _png(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _collection(kind: str, pictures: list[Image.Image]) -> bytes:
    """One file of pictures that differ in size; the largest comes last."""
    out = BytesIO()
    *smaller, largest = pictures
    sizes = {"sizes": [picture.size for picture in pictures]} if kind == "ICO" else {}
    largest.save(out, kind, append_images=smaller, **sizes)
    return out.getvalue()


def main() -> None:
    """Write every file, and nothing else, below `icons/rendered`."""
    files = dict(rendered())
    shutil.rmtree(RENDERED, ignore_errors=True)
    for name, content in files.items():
        path = RENDERED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    STATES.write_bytes(states())
    EXTENSION.write_bytes(extension())
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes, in {RENDERED}")


if __name__ == "__main__":
    main()
