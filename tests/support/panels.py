"""A desktop of its own for a test: an X screen, a session bus and one of the panels people use.

    with desktop(user, "xfce4-panel") as screen:
        empty = screen.picture()
        with user.started("run"):
            icon = screen.wait_for_picture(draw_icon(look, 22), since=empty)
            screen.click(icon)
            (menu,) = screen.wait_for_menus(1)

Nothing sleeps: every wait is for an event of the X server (a window that comes or goes,
anything that is drawn), with a bound. What is seen is real: pixels of the screen, clicks and
keys as from a mouse and a keyboard.
"""

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from PIL import ImageGrab
from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadWindow
from Xlib.ext import damage, xtest

from tests.support.dbus import private_bus
from tests.support.installed import ROOT, needed
from tests.support.panel_files import COMMANDS, write_panel_files
from tests.support.pictures import Box, Picture, difference, shows
from tests.support.sandbox import Sandbox

SECONDS = 20.0
SIZE = (1200, 560)
BACKGROUND = 0x3B5568
ARTEFACTS = ROOT / ".make/artefacts/panels"
_MARGIN = 24
_COLOURS = 200

T = TypeVar("T")


class Screen:
    """The screen, with the eyes and hands of who sits before it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._display: Any = Display(name)
        self._root = self._display.screen().root
        self._root.change_attributes(
            event_mask=X.SubstructureNotifyMask, background_pixel=BACKGROUND
        )
        self._root.clear_area()
        self._display.damage_query_version()
        self._damage = self._root.damage_create(damage.DamageReportNonEmpty)
        self._display.sync()

    def close(self) -> None:
        self._display.close()

    def picture(self) -> Picture:
        """Return what is on the screen."""
        return ImageGrab.grab(xdisplay=self.name).convert("RGB")

    def keep(self, name: str, *, around: Sequence[Box] = ()) -> Path:
        """Keep a picture among the artefacts: of the screen, or down to some boxes; its path."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        path = ARTEFACTS / f"{name}.png"
        picture = self.picture()
        if around:
            right, bottom = max(box.right for box in around), max(box.bottom for box in around)
            picture = picture.crop((0, 0, right + _MARGIN, bottom + _MARGIN))
        picture.quantize(_COLOURS).save(path, optimize=True)
        return path

    def wait_until(self, look: Callable[[], T | None], what: str) -> T:
        """Look again whenever something happens on the screen, until there is a result."""
        give_up_at = time.monotonic() + SECONDS
        while True:
            self._take_events()
            found = look()
            if found is not None:
                return found
            left = give_up_at - time.monotonic()
            assert left > 0, f"not on the screen in time: {what}; see {self.keep('late')}"
            if not self._display.pending_events():
                select.select([self._display.fileno()], [], [], left)

    def wait_for_picture(self, wanted: Picture, *, since: Picture) -> Box:
        """Wait until something new on the screen is a picture; where it is."""

        def look() -> Box | None:
            now = self.picture()
            new = difference(since, now)
            return new if new is not None and shows(new.of(now), wanted) else None

        return self.wait_until(look, "the picture")

    def wait_for_no_picture(self, wanted: Picture, box: Box) -> None:
        """Wait until a part of the screen is not a picture any more."""
        self.wait_until(lambda: None if shows(box.of(self.picture()), wanted) else True, "its end")

    def menus(self) -> list[Box]:
        """Return the menus that are open, by their windows, the lowest first."""
        return [box for window in self._root.query_tree().children for box in self._menu(window)]

    def wait_for_menus(self, count: int) -> list[Box]:
        """Wait until at least so many menus are open and drawn."""

        def look() -> list[Box] | None:
            found = self.menus()
            picture = self.picture()
            drawn = all(len(set(box.of(picture).tobytes())) > 1 for box in found)
            return found if len(found) >= count and drawn else None

        return self.wait_until(look, f"{count} menus")

    def wait_for_no_menu(self) -> None:
        """Wait until no menu is open."""
        self.wait_until(lambda: None if self.menus() else True, "no menu")

    def click(self, box: Box, button: int = 1) -> None:
        """Click into the left end of a box, where a panel shows an icon."""
        across = min(box.width, box.height) // 2
        self._fake(X.MotionNotify, x=box.left + across, y=box.top + box.height // 2)
        self._fake(X.ButtonPress, button)
        self._fake(X.ButtonRelease, button)

    def press(self, *names: str) -> None:
        """Press and release keys, named as X does."""
        for name in names:
            code = self._display.keysym_to_keycode(XK.string_to_keysym(name))
            self._fake(X.KeyPress, code)
            self._fake(X.KeyRelease, code)

    def _fake(self, kind: int, detail: int = 0, **place: int) -> None:
        xtest.fake_input(self._display, kind, detail, **place)
        self._display.sync()

    def _take_events(self) -> None:
        while self._display.pending_events():
            self._display.next_event()
        # The next drawing is told again only when this one has been taken note of.
        self._display.damage_subtract(self._damage)
        self._display.sync()

    def _menu(self, window: Any) -> Iterator[Box]:
        with contextlib.suppress(BadWindow):
            kind = window.get_full_property(
                self._display.intern_atom("_NET_WM_WINDOW_TYPE"), X.AnyPropertyType
            )
            names = [self._display.get_atom_name(atom) for atom in (kind.value if kind else ())]
            if any(name.endswith("MENU") for name in names) and (
                window.get_attributes().map_state == X.IsViewable
            ):
                size = window.get_geometry()
                right, bottom = size.x + size.width, size.y + size.height
                yield Box(size.x, size.y, right, bottom, window.id)


@contextlib.contextmanager
def desktop(user: Sandbox, panel: str) -> Iterator[Screen]:
    """Give a user a screen with a panel; see `bare_desktop` and `running_panel`."""
    with bare_desktop(user) as screen, running_panel(user, screen, panel):
        yield screen


@contextlib.contextmanager
def bare_desktop(user: Sandbox) -> Iterator[Screen]:
    """Give a user a screen and a session bus: `DISPLAY` and `DBUS_SESSION_BUS_ADDRESS`."""
    write_panel_files(user.home / ".config")
    user.env |= {"NO_AT_BRIDGE": "1", "QT_QPA_PLATFORM": "xcb", "GTK_THEME": "Adwaita"}
    with x_server() as name:
        user.env["DISPLAY"] = name
        with private_bus(env=user.env) as address:
            user.env["DBUS_SESSION_BUS_ADDRESS"] = address
            with contextlib.closing(Screen(name)) as screen:
                yield screen


@contextlib.contextmanager
def running_panel(user: Sandbox, screen: Screen, panel: str) -> Iterator[None]:
    """Run a panel, seen on the screen; where it is not installed, skip the test."""
    bare = screen.picture()
    with _process([needed(panel), *COMMANDS[panel][1:]], user.env, user.home / "panel.log"):
        screen.wait_until(lambda: difference(bare, screen.picture()), "the panel")
        yield


@contextlib.contextmanager
def x_server() -> Iterator[str]:
    """Run an X server without a monitor; its display's name."""
    program = needed("Xvfb")
    reader, writer = os.pipe()
    size = f"{SIZE[0]}x{SIZE[1]}x24"
    command = [program, "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp"]
    with subprocess.Popen(
        command, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            os.close(writer)
            with os.fdopen(reader) as pipe:
                assert select.select([pipe], [], [], SECONDS)[0], "Xvfb did not start"
                number = pipe.readline().strip()
            assert number, "Xvfb ended"
            yield f":{number}"
        finally:
            server.terminate()
            server.wait(SECONDS)


@contextlib.contextmanager
def _process(command: list[str], env: dict[str, str], log: Path) -> Iterator[None]:
    with (
        log.open("wb") as output,
        subprocess.Popen(command, env=env, stdout=output, stderr=output) as process,
    ):
        try:
            yield
        finally:
            process.terminate()
            process.wait(SECONDS)
