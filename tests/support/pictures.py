"""Pictures of a screen: parts of them, what differs, and whether an icon is to be seen."""

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageStat

Picture = Image.Image

_GREYISH = 60
_ALIKE = 30


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the screen, in pixels; `window` is the X window that it is, or 0."""

    left: int
    top: int
    right: int
    bottom: int
    window: int = 0

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def of(self, picture: Picture) -> Picture:
        """Return this part of a picture."""
        return picture.crop((self.left, self.top, self.right, self.bottom))


def difference(before: Picture, after: Picture) -> Box | None:
    """Return where two pictures differ, or None."""
    found = ImageChops.difference(before, after).convert("L").point(lambda v: 255 * (v > 8))
    box = found.getbbox()
    return None if box is None else Box(*box)


def shows(seen: Picture, wanted: Picture) -> bool:
    """Say whether a picture is there, at whatever size and on whatever grey background."""
    there, expected = _colourful(seen), _colourful(wanted.convert("RGBA"))
    if there is None or expected is None:
        return False
    backed = Image.alpha_composite(Image.new("RGBA", expected.size, "black"), expected)
    found = there.resize(expected.size).convert("RGB")
    apart = ImageStat.Stat(ImageChops.difference(found, backed.convert("RGB")))
    # The corners are the background's, and scaling softens edges.
    return max(apart.mean) < _ALIKE


def _colourful(picture: Picture) -> Picture | None:
    """Return the part of a picture that has colours other than greys."""
    red, green, blue = picture.convert("RGB").split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    box = ImageChops.subtract(most, least).point(lambda v: 255 * (v > _GREYISH)).getbbox()
    return None if box is None else picture.crop(box)
