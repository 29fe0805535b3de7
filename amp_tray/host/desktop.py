"""Opening pages and files on the user's desktop, showing where a file lies, and copying text.

In: addresses, paths and text, which are checked. Out: a program of the desktop's, started by its
words. Nobody waits for it: one that still runs after a moment counts as a success. What programs
there are is asked each time, for desktops change.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from amp_tray.core.errors import AmpTrayError
from amp_tray.host.launch import launch

_PAGE = re.compile(r"https://[A-Za-z0-9.\-]+/[!-~]{0,2000}")
_OPENERS = (("xdg-open",), ("gio", "open"))
_COPIERS = (
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
)
# Source: the file manager interface of freedesktop.org, and dbus-send(1).
_SHOW_ITEMS = (
    *("dbus-send", "--session", "--print-reply", "--reply-timeout=2500"),
    *("--dest=org.freedesktop.FileManager1", "/org/freedesktop/FileManager1"),
    "org.freedesktop.FileManager1.ShowItems",
)

Launch = Callable[[Sequence[str] | str, bytes, Mapping[str, str]], int | None]
"""As `launch.launch`."""


class DesktopError(AmpTrayError):
    """The desktop could not do it; the message says what was tried."""

    title = "the desktop could not do it"


def _start_file(path: str) -> None:
    start: Callable[[str], None] = getattr(os, "startfile")  # noqa: B009 - Windows alone has it
    start(path)


def _own_clipboard(text: str, display: str) -> None:
    from amp_tray.host.x11_clipboard import own_clipboard  # noqa: PLC0415 - rarely needed

    own_clipboard(text, display)


@dataclass(frozen=True, slots=True)
class Desktop:
    """One user's desktop; every method raises DesktopError for what cannot be done.

    Attributes:
        env: where displays, the bus and programs are found.
        platform: as `sys.platform` has it.
        launch, find, start_file, own_clipboard: the system itself, but for tests.
    """

    env: Mapping[str, str]
    platform: str
    launch: Launch = launch
    find: Callable[..., str | None] = shutil.which
    start_file: Callable[[str], None] = _start_file
    own_clipboard: Callable[[str, str], None] = _own_clipboard

    def open_url(self, url: str) -> None:
        """Open a page of the web; none but `https`."""
        if not _PAGE.fullmatch(url):
            raise DesktopError("that is no address of a page")
        self._open(url)

    def open_file(self, path: Path) -> None:
        """Open a file with the program that its kind belongs to."""
        self._open(_checked(path))

    def edit_file(self, path: Path) -> None:
        """Open a text file in an editor."""
        name = _checked(path)
        match self.platform:
            case "darwin":
                self._one_of([("open", "-t", name)])
            case "win32":  # no program need be known there for files of that name
                self._one_of([("notepad", name)])
            case _:
                self._open(name)

    def show_file(self, path: Path) -> None:
        """Show a file in its folder."""
        name = _checked(path)
        match self.platform:
            case "darwin":
                self._one_of([("open", "-R", name)])
            case "win32":
                # Explorer reads quotes and commas in its own way, and always ends with 1.
                self._started(f'explorer /select,"{name}"')
            case _:
                uri = f"array:string:file://{quote(os.fsencode(name))}"
                if not self._worked((*_SHOW_ITEMS, uri, "string:")):
                    self._open(str(path.parent))

    def copy_text(self, text: str) -> None:
        """Put text on the clipboard."""
        data = text.encode("utf-8", "replace")
        match self.platform:
            case "darwin":
                self._one_of([("pbcopy",)], data)
            case "win32":
                # Source: clip.exe takes other than ASCII for UTF-16 that begins with its mark.
                self._one_of([("clip",)], data if text.isascii() else text.encode("utf-16"))
            case _:
                here = [words for name, words in _COPIERS if self.env.get(name)]
                if any(self._worked(words, data) for words in here):
                    return
                if not self.env.get("DISPLAY"):
                    raise DesktopError("no program for the clipboard", hint="install wl-clipboard")
                try:
                    self.own_clipboard(text, self.env["DISPLAY"])
                except OSError as error:
                    raise DesktopError(str(error), hint="install xclip") from error

    def _open(self, target: str) -> None:
        match self.platform:
            case "darwin":
                self._one_of([("open", target)])
            case "win32":
                try:
                    self.start_file(target)
                except OSError as error:
                    raise DesktopError(f"Windows could not open it: {error.strerror}") from error
            case _:
                self._one_of([(*words, target) for words in _OPENERS])

    def _one_of(self, programs: Iterable[tuple[str, ...]], given: bytes = b"") -> None:
        """Have a program do it, the first of them that can."""
        tried = []
        for words in programs:
            if self._worked(words, given):
                return
            tried.append(words[0])
        raise DesktopError(f"{' and '.join(tried)} failed, or cannot be found")

    def _worked(self, words: tuple[str, ...], given: bytes = b"") -> bool:
        if self.find(words[0], path=self.env.get("PATH")) is None:
            return False
        try:
            return self.launch(words, given, self.env) in {0, None}
        except OSError:
            return False

    def _started(self, words: str) -> None:
        try:
            self.launch(words, b"", self.env)
        except OSError as error:
            raise DesktopError(f"it could not be started: {error.strerror}") from error


def _checked(path: Path) -> str:
    # An absolute path begins with no dash, so no program takes it for an option.
    if not path.is_absolute() or "\0" in str(path) or not path.exists():
        raise DesktopError("the file is not there any more")
    return str(path)
