"""By which words this installation is started again tomorrow."""

from pathlib import Path

import pytest

from amp_tray.host.install import lasting_command


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    folder = tmp_path / "venv" / "bin"
    folder.mkdir(parents=True)
    for name in ("python3", "amp-tray"):
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)
    return folder


def test_the_script_that_was_started_is_started_again(venv: Path) -> None:
    script = str(venv / "amp-tray")
    assert lasting_command(script, str(venv / "python3"), platform="linux") == (script,)


def test_a_link_is_kept_as_one_since_upgrades_replace_what_it_leads_to(
    venv: Path, tmp_path: Path
) -> None:
    link = tmp_path / "bin" / "amp-tray"
    link.parent.mkdir()
    link.symlink_to(venv / "amp-tray")
    assert lasting_command(str(link), str(venv / "python3"), platform="linux") == (str(link),)


@pytest.mark.parametrize("argv0", ["bin/amp-tray", "./bin/amp-tray", "../venv/bin/amp-tray"])
def test_a_relative_path_is_made_absolute(
    venv: Path, monkeypatch: pytest.MonkeyPatch, argv0: str
) -> None:
    monkeypatch.chdir(venv.parent)
    (command,) = lasting_command(argv0, "/usr/bin/python3", platform="linux")
    assert command == str(venv / "amp-tray")


def test_a_module_is_started_by_the_script_beside_its_python(venv: Path) -> None:
    module = "/lib/python3/site-packages/amp_tray/__main__.py"
    python = str(venv / "python3")
    assert lasting_command(module, python, platform="linux") == (str(venv / "amp-tray"),)
    (venv / "amp-tray").chmod(0o644)
    assert lasting_command(module, python, platform="linux") == (python, "-m", "amp_tray")
    (venv / "amp-tray").unlink()
    assert lasting_command(module, python, platform="linux") == (python, "-m", "amp_tray")


def test_a_bundle_is_its_own_program(tmp_path: Path) -> None:
    program = str(tmp_path / "amp-tray")
    assert lasting_command("amp-tray", program, frozen=True, platform="linux") == (program,)


def test_windows_opens_no_console(venv: Path) -> None:
    script, python = str(venv / "amp-tray"), str(venv / "python3")
    assert lasting_command(script, python, platform="win32") == (python, "-m", "amp_tray")
    (venv / "pythonw.exe").write_text("")
    command = lasting_command(script, python, platform="win32")
    assert command == (str(venv / "pythonw.exe"), "-m", "amp_tray")
