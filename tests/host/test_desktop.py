"""Opening and copying on each system: which words are run, and what is refused."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from amp_tray.host.desktop import Desktop, DesktopError

PAGE = "https://ampcode.com/threads/T-0199aaaa-bbbb-7ccc-8ddd-00000000000a"
X11 = {"DISPLAY": ":7", "PATH": "/bin"}
WAYLAND = {"WAYLAND_DISPLAY": "wayland-0", **X11}


@dataclass
class System:
    """Programs that are there, what each ends with, and what was asked of them."""

    ends: Mapping[str, int | None] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()
    ran: list[object] = field(default_factory=list)

    def launch(
        self, words: Sequence[str] | str, given: bytes, _env: Mapping[str, str]
    ) -> int | None:
        self.ran.append((*words, given) if given and not isinstance(words, str) else words)
        name = words.split()[0] if isinstance(words, str) else words[0]
        if name in self.broken:
            raise OSError(13, "Permission denied")
        return self.ends[name]

    def find(self, name: str, *, path: str | None) -> str | None:
        return f"{path}/{name}" if name in self.ends else None

    def start_file(self, path: str) -> None:
        self.ran.append(("start", path))
        if "start" in self.broken:
            raise OSError(1155, "No application is associated")

    def own_clipboard(self, text: str, display: str) -> None:
        self.ran.append(("own", text, display))
        if "own" in self.broken:
            raise OSError(f"the display {display} cannot be used")

    def desktop(self, platform: str, env: Mapping[str, str] = X11) -> Desktop:
        return Desktop(env, platform, self.launch, self.find, self.start_file, self.own_clipboard)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "T 1, ü.json"
    path.write_text("{}")
    return path


@pytest.mark.parametrize(
    ("platform", "ends", "ran"),
    [
        ("linux", {"xdg-open": 0, "gio": 0}, [("xdg-open", PAGE)]),
        ("linux", {"xdg-open": None}, [("xdg-open", PAGE)]),
        ("linux", {"xdg-open": 3, "gio": 0}, [("xdg-open", PAGE), ("gio", "open", PAGE)]),
        ("linux", {"gio": 0}, [("gio", "open", PAGE)]),
        ("darwin", {"open": 0}, [("open", PAGE)]),
        ("win32", {}, [("start", PAGE)]),
    ],
)
def test_a_page_opens(platform: str, ends: Mapping[str, int | None], ran: list[object]) -> None:
    system = System(ends)
    system.desktop(platform).open_url(PAGE)
    assert system.ran == ran


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
@pytest.mark.parametrize(
    "url",
    [
        *("", "http://ampcode.com/", "file:///etc/passwd", "javascript:alert(1)", "-https://a/"),
        *("https://a.b/c d", "https://a.b/\n", "https://a.b/\u202e", "https:///x", "https://a.b"),
        *('https://a.b/"', "https://user@a.b/", "https://a.b/" + "x" * 2_001),
    ],
)
def test_what_is_no_page_is_not_opened(platform: str, url: str) -> None:
    system = System({"xdg-open": 0, "open": 0})
    if url == 'https://a.b/"':  # a quote is a sign like any other where no shell reads it
        system.desktop(platform).open_url(url)
        assert url in system.ran[0]  # type: ignore[operator] # a tuple of words
        return
    with pytest.raises(DesktopError, match="no address of a page"):
        system.desktop(platform).open_url(url)
    assert system.ran == []


@pytest.mark.parametrize(
    ("platform", "ends", "ran"),
    [
        ("linux", {"xdg-open": 0}, [("xdg-open", "FILE")]),
        ("darwin", {"open": 0}, [("open", "-t", "FILE")]),
        ("win32", {"notepad": None}, [("notepad", "FILE")]),
    ],
)
def test_a_text_is_edited(
    file: Path, platform: str, ends: Mapping[str, int | None], ran: list[tuple[str, ...]]
) -> None:
    system = System(ends)
    system.desktop(platform).edit_file(file)
    assert system.ran == [
        tuple(str(file) if word == "FILE" else word for word in words) for words in ran
    ]


def test_linux_asks_the_file_manager_to_show_a_file(file: Path) -> None:
    system = System({"dbus-send": 0})
    system.desktop("linux").show_file(file)
    (words,) = system.ran
    assert isinstance(words, tuple)
    method, items, identity = words[-3:]
    assert method == "org.freedesktop.FileManager1.ShowItems"
    # A comma would begin another item.
    assert items == f"array:string:file://{file.parent}/T%201%2C%20%C3%BC.json"
    assert identity == "string:"


@pytest.mark.parametrize("ends", [{"dbus-send": 1, "xdg-open": 0}, {"xdg-open": 0}])
def test_without_a_file_manager_on_the_bus_the_folder_opens(
    file: Path, ends: Mapping[str, int | None]
) -> None:
    system = System(ends)
    system.desktop("linux").show_file(file)
    assert system.ran[-1] == ("xdg-open", str(file.parent))


def test_finder_and_explorer_show_a_file(file: Path) -> None:
    system = System({"open": 0, "explorer": 1})
    system.desktop("darwin").show_file(file)
    system.desktop("win32").show_file(file)
    assert system.ran == [("open", "-R", str(file)), f'explorer /select,"{file}"']


@pytest.mark.parametrize("name", ["gone.json", "nul\0.json"])
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_file_that_is_gone_is_said_to_be(tmp_path: Path, platform: str, name: str) -> None:
    system = System({"xdg-open": 0, "open": 0, "explorer": 0, "dbus-send": 0, "notepad": 0})
    desktop = system.desktop(platform)
    does: list[Callable[[Path], None]] = [
        desktop.open_file,
        desktop.edit_file,
        desktop.show_file,
    ]
    for do in does:
        for path in (tmp_path / name, Path("relative.json")):
            with pytest.raises(DesktopError, match="not there any more"):
                do(path)
    assert system.ran == []


@pytest.mark.parametrize(
    ("platform", "env", "ends", "ran"),
    [
        ("linux", WAYLAND, {"wl-copy": 0, "xclip": 0}, [("wl-copy", b"T-1")]),
        ("linux", X11, {"wl-copy": 0, "xclip": 0}, [("xclip", "-selection", "clipboard", b"T-1")]),
        ("linux", X11, {"xsel": 0}, [("xsel", "--clipboard", "--input", b"T-1")]),
        ("linux", X11, {}, [("own", "T-1", ":7")]),
        (
            *("linux", WAYLAND, {"wl-copy": 1, "xclip": 1}),
            [
                ("wl-copy", b"T-1"),
                ("xclip", "-selection", "clipboard", b"T-1"),
                ("own", "T-1", ":7"),
            ],
        ),
        ("darwin", {}, {"pbcopy": 0}, [("pbcopy", b"T-1")]),
        ("win32", {}, {"clip": 0}, [("clip", b"T-1")]),
    ],
)
def test_text_is_copied(
    platform: str, env: Mapping[str, str], ends: Mapping[str, int | None], ran: list[object]
) -> None:
    system = System(ends)
    system.desktop(platform, env).copy_text("T-1")
    assert system.ran == ran


def test_windows_is_given_utf_16_for_other_than_ascii() -> None:
    system = System({"clip": 0})
    system.desktop("win32", {}).copy_text("ü")
    assert system.ran == [("clip", "ü".encode("utf-16"))]


@pytest.mark.parametrize(
    ("system", "platform", "env", "words"),
    [
        (System({"xdg-open": 4, "gio": 2}), "linux", X11, "xdg-open and gio failed"),
        (System(), "linux", X11, "cannot be found"),
        (System({"xdg-open": 0}, frozenset({"xdg-open"})), "linux", X11, "xdg-open and gio failed"),
        (System({"open": 1}), "darwin", {}, "open failed"),
        (System({}, frozenset({"start"})), "win32", {}, "No application is associated"),
    ],
)
def test_what_fails_is_told(
    system: System, platform: str, env: Mapping[str, str], words: str
) -> None:
    with pytest.raises(DesktopError, match=words):
        system.desktop(platform, env).open_url(PAGE)


def test_a_clipboard_that_cannot_be_had_is_told(file: Path) -> None:
    with pytest.raises(DesktopError, match="no program for the clipboard"):
        System().desktop("linux", {}).copy_text("T-1")
    with pytest.raises(DesktopError, match="the display :7 cannot be used"):
        System({}, frozenset({"own"})).desktop("linux", X11).copy_text("T-1")
    explorer = System({"explorer": 0}, frozenset({"explorer"}))
    with pytest.raises(DesktopError, match="Permission denied"):
        explorer.desktop("win32").show_file(file)
