"""What launches desktop entries at login launches ours."""

import os
import select
import subprocess
from pathlib import Path

import pytest

from amp_tray.host.autostart.login import start_at_login
from tests.host.autostart.conftest import MakeProgram
from tests.support.installed import needed
from tests.support.launchers import SECONDS, generated_command

# GLib takes every path. dex 0.9 and the generator of systemd 252 do not know the specification's
# own escapes, so that paths with one of `"$\%` in them are not started by these two.
USUAL = ["bin", "my apps", "it's", "ü;"]
AWKWARD = [*USUAL, "$HOME", "100%", 'a"b', "`id`", "a\\b"]


class Login:
    """A home whose entry starts a program."""

    def __init__(self, folder: Path, program: str) -> None:
        self.program = program
        self.said = Path(program).with_name("said")
        os.mkfifo(self.said)
        found = start_at_login({}, folder, "linux", [program]).enable()
        assert found.path is not None
        self.entry = Path(found.path)
        self.env = {
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "XDG_CONFIG_DIRS": str(folder / "none"),
        }

    def launched_by(self, *command: str | Path) -> list[str]:
        """Run a launcher; what the program that it launched was told."""
        # Opened for both, so that the program need not wait for a reader, nor this for a writer.
        pipe = os.open(self.said, os.O_RDWR | os.O_NONBLOCK)
        try:
            subprocess.run(command, env=self.env, timeout=SECONDS, check=True)
            assert select.select([pipe], [], [], SECONDS)[0], "nothing was launched"
            return os.read(pipe, 65536).decode().splitlines()
        finally:
            os.close(pipe)


@pytest.fixture
def login(tmp_path: Path, make_program: MakeProgram, request: pytest.FixtureRequest) -> Login:
    return Login(tmp_path, make_program(tmp_path / str(request.param)))


@pytest.mark.parametrize("login", AWKWARD, indirect=True)
def test_the_entry_is_valid(login: Login) -> None:
    needed("desktop-file-validate")
    done = subprocess.run(
        ["desktop-file-validate", login.entry], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("login", AWKWARD, indirect=True)
def test_glib_launches_it(login: Login) -> None:
    needed("gio")
    assert login.launched_by("gio", "launch", login.entry) == [login.program, "run"]


@pytest.mark.parametrize("login", USUAL, indirect=True)
def test_dex_launches_it(login: Login) -> None:
    needed("dex")
    assert login.launched_by("dex", "-a") == [login.program, "run"]


@pytest.mark.parametrize("login", USUAL, indirect=True)
def test_the_unit_that_systemd_makes_of_it_launches_it(login: Login, tmp_path: Path) -> None:
    words = generated_command(login.env, tmp_path)
    assert words == (login.program, "run")
    assert login.launched_by(*words) == [login.program, "run"]
