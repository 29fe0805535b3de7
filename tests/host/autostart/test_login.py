"""Starting at login on Linux: one owner, whatever was there before."""

import stat
from pathlib import Path

import pytest

from amp_tray.core.errors import AmpTrayError, UsageError
from amp_tray.host.autostart.login import StartAtLogin, start_at_login
from tests.host.autostart.conftest import MakeProgram


class Home:
    """A user's home with a program in it."""

    def __init__(self, folder: Path, program: str) -> None:
        self.folder = folder
        self.program = program
        self.entry = folder / ".config/autostart/amp-tray.desktop"
        self.unit = folder / ".config/systemd/user/amp-tray.service"
        self.link = self.unit.parent / "default.target.wants/amp-tray.service"

    @property
    def login(self) -> StartAtLogin:
        return start_at_login({}, self.folder, "linux", [self.program])

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    @property
    def files(self) -> set[Path]:
        return {
            path
            for path in self.folder.rglob(".config/**/*")
            if path.is_symlink() or path.is_file()
        }


@pytest.fixture
def home(tmp_path: Path, make_program: MakeProgram, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PATH", "/nowhere")  # no systemctl of this machine's is asked
    return Home(tmp_path, make_program(tmp_path / "bin"))


def test_at_first_nothing_is_started_and_it_is_said_what_would_be(home: Home) -> None:
    found = home.login.status()
    assert (found.enabled, found.method, found.path, found.entries) == (False, None, None, ())
    assert found.command == (home.program, "run")
    assert found.exists
    assert home.login.disable() == found
    assert home.files == set()


def test_by_default_the_desktop_starts_tray_and_service(home: Home) -> None:
    found = home.login.enable()
    assert (found.enabled, found.method, found.path) == (True, "xdg", str(home.entry))
    assert found.command == (home.program, "run")
    assert found.exists
    assert home.files == {home.entry}
    assert stat.S_IMODE(home.entry.stat().st_mode) == 0o600
    assert home.login.status() == found
    assert not home.login.disable().enabled
    assert home.files == set()


def test_with_systemd_the_unit_serves_and_the_desktop_starts_the_tray(home: Home) -> None:
    found = home.login.enable("systemd")
    assert [(entry.place, entry.command) for entry in found.entries] == [
        (str(home.unit), (home.program, "serve")),
        (str(home.entry), (home.program, "run")),
    ]
    assert found.command == (home.program, "run")
    assert home.link.readlink() == home.unit
    assert home.files == {home.entry, home.unit, home.link}
    assert home.login.enable().method == "systemd"  # which is kept
    assert home.login.enable("xdg").method == "xdg"
    assert home.files == {home.entry}
    home.login.enable("systemd")
    home.login.disable()
    assert home.files == set()


@pytest.mark.parametrize("method", ["xdg", "systemd"])
def test_what_says_so_already_is_not_written_again(home: Home, method: str) -> None:
    first = home.login.enable(method)  # type: ignore[arg-type]  # as the command line has it
    stamps = {path: path.lstat().st_ino for path in home.files}
    assert home.login.enable() == first
    assert {path: path.lstat().st_ino for path in home.files} == stamps


def test_a_program_that_moved_is_started_from_its_new_place(
    home: Home, make_program: MakeProgram
) -> None:
    home.login.enable("systemd")
    Path(home.program).unlink()
    found = home.login.status()
    assert found.enabled
    assert not found.exists
    assert [entry.exists for entry in found.entries] == [False, False]
    home.program = make_program(home.folder / "elsewhere")
    found = home.login.enable()
    assert found.exists
    assert [entry.command[0] for entry in found.entries] == [home.program] * 2


@pytest.mark.parametrize(
    "edit",
    [
        ("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false"),
        ("Type=Application", "Hidden=true"),
        ("Type=Application", "Hidden = true"),
    ],
)
def test_what_the_desktops_settings_turned_off_is_off_until_it_is_enabled(
    home: Home, edit: tuple[str, str]
) -> None:
    home.login.enable()
    home.edit(home.entry, *edit)
    found = home.login.status()
    assert not found.enabled
    assert [entry.on for entry in found.entries] == [False]
    assert home.login.enable().enabled


def test_keys_of_other_groups_do_not_count(home: Home) -> None:
    home.login.enable()
    text = "\n# Hidden=true\n[Desktop Action x]\nHidden=true\nExec=/bin/false\n"
    home.entry.write_text(home.entry.read_text("utf-8") + text, "utf-8")
    assert home.login.status().command == (home.program, "run")


def test_a_unit_without_its_link_is_a_leftover(home: Home) -> None:
    home.login.enable("systemd")
    home.link.unlink()
    assert home.login.status().method == "xdg"
    home.login.enable()
    assert home.files == {home.entry}


def test_a_masked_unit_is_off_and_what_it_leads_to_is_left_alone(home: Home) -> None:
    home.login.enable("systemd")
    home.unit.unlink()
    home.unit.symlink_to("/dev/null")
    assert home.login.status().method == "xdg"
    assert home.login.enable("systemd").method == "systemd"
    assert not home.unit.is_symlink()
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_link_to_a_packages_unit_counts_and_is_removed(home: Home) -> None:
    unit = home.folder / "usr/lib/systemd/user/amp-tray.service"
    unit.parent.mkdir(parents=True)
    unit.write_text(f"[Service]\nExecStart={home.program} serve\n", "utf-8")
    home.link.parent.mkdir(parents=True)
    home.link.symlink_to(unit)
    found = home.login.status()
    assert (found.method, found.command) == ("systemd", (home.program, "serve"))
    home.login.disable()
    assert unit.exists()
    assert not home.link.is_symlink()


@pytest.mark.parametrize(
    "text", ["", "[Desktop Entry]\n", "Exec=/bin/true\n", "\x00\xff", "[[[=\n="]
)
def test_an_entry_that_cannot_be_read_starts_nothing(home: Home, text: str) -> None:
    home.entry.parent.mkdir(parents=True)
    home.entry.write_bytes(text.encode("latin-1"))
    found = home.login.status()
    assert (found.enabled, found.exists, found.command) == (True, False, ())
    assert home.login.enable().exists


def test_the_place_is_that_of_the_environment(home: Home, tmp_path: Path) -> None:
    env = {"XDG_CONFIG_HOME": str(tmp_path / "other")}
    login = start_at_login(env, home.folder, "linux", [home.program])
    assert login.enable().path == str(tmp_path / "other/autostart/amp-tray.desktop")
    relative = start_at_login({"XDG_CONFIG_HOME": "x"}, home.folder, "linux", [home.program])
    assert relative.enable().path == str(home.entry)


def test_what_cannot_be_is_explained(home: Home) -> None:
    with pytest.raises(UsageError, match="no launchd") as refused:
        home.login.enable("launchd")
    assert "systemd, xdg" in refused.value.hint
    broken = start_at_login({}, home.folder, "linux", ["/a\nb"])
    with pytest.raises(AmpTrayError, match="unprintable"):
        broken.enable()
    (home.folder / ".config").write_text("")
    with pytest.raises(AmpTrayError, match=r"\.config"):
        home.login.enable()
    assert not home.login.status().enabled
