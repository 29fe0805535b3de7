"""The manual page says what the commands' own help says."""

import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "packaging/man/amp-tray.1"


def test_the_page_is_as_the_commands_make_it() -> None:
    made = runpy.run_path(str(ROOT / "packaging/dev/write_man_page.py"))["man_page"]()
    assert PAGE.read_text("utf-8") == made, "run `make schemas`"


def test_every_command_is_in_it() -> None:
    page = PAGE.read_text("utf-8").replace("\\-", "-")
    for command in ("report daily", "pricing show", "config set", "ledger export", "completion"):
        assert re.search(rf"^\.SS amp-tray {command}\b", page, re.MULTILINE), command


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_it_is_a_sound_page() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", PAGE], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert "EXIT STATUS" in re.sub(".\b", "", done.stdout)  # printed bold by striking twice
