"""A program to be started at login."""

from collections.abc import Callable
from pathlib import Path

import pytest

MakeProgram = Callable[[Path], str]


@pytest.fixture
def make_program() -> MakeProgram:
    """Make a program in a folder that writes its words to the named pipe `said` there."""

    def make(folder: Path) -> str:
        folder.mkdir(parents=True, exist_ok=True)
        program = folder / "amp-tray"
        program.write_text('#!/bin/sh\nprintf "%s\\n" "$0" "$@" > "${0%/*}/said"\n', "utf-8")
        program.chmod(0o755)
        return str(program)

    return make
