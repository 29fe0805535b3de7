"""Real programs: their words stay words, their input arrives, and nobody waits for long."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amp_tray.host import launch
from amp_tray.host.desktop import Desktop, DesktopError

posix = pytest.mark.skipif(os.name != "posix", reason="the programs are shell scripts")
PAGE = "https://ampcode.com/threads/$(touch%20x);`touch`&'"


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_program_reads_what_it_is_given_and_tells_its_end(tmp_path: Path) -> None:
    target = tmp_path / "target"
    code = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read()); sys.exit(7)"
    words = (sys.executable, "-c", code, str(target))
    assert launch.launch(words, b"a\0b", os.environ) == 7
    assert target.read_bytes() == b"a\0b"


def test_one_that_goes_on_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(launch, "PATIENCE_SECONDS", 0.05)
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    code = "import sys; open(sys.argv[1]).read()"
    assert launch.launch((sys.executable, "-c", code, str(fifo)), b"", os.environ) is None
    fifo.open("w").close()  # which lets it end


@posix
def test_words_are_never_read_by_a_shell(tmp_path: Path) -> None:
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    told = tmp_path / "told"
    program(tmp_path, "xdg-open", f'printf "%s\\n" "$#" "$1" > {told}')
    Desktop(env, "linux").open_url(PAGE)
    assert told.read_text() == f"1\n{PAGE}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["told", "xdg-open"]


@posix
def test_a_clipboard_program_that_stays_does_not_hold_the_tray(tmp_path: Path) -> None:
    # As xclip does: the parent ends, a child keeps the text and all that it inherited.
    program(tmp_path, "xclip", f"cat > {tmp_path}/copied; (read _ < {tmp_path}/fifo) & exit 0")
    os.mkfifo(tmp_path / "fifo")
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DISPLAY": ":nowhere"}
    Desktop(env, "linux").copy_text("T-ü")
    assert (tmp_path / "copied").read_text(encoding="utf-8") == "T-ü"
    subprocess.run(["sh", "-c", "echo > fifo"], cwd=tmp_path, check=True, timeout=10)


@posix
def test_a_program_that_fails_is_told(tmp_path: Path) -> None:
    program(tmp_path, "xdg-open", "exit 4")
    program(tmp_path, "gio", "exit 2")
    with pytest.raises(DesktopError, match="xdg-open and gio failed"):
        Desktop({"PATH": str(tmp_path)}, "linux").open_url(PAGE)
