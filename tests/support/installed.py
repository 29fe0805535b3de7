"""Programs that only some tests need, installed once for all runs in this checkout."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 120.0


def install(
    script: str, folder: str, *, what: str, needs: tuple[str, ...], seconds: float = SECONDS
) -> str:
    """Run an installer of `packaging/dev`; return what it says of where the program is.

    Where it cannot be, the test is skipped with the reason, and fails with CI set.

    Args:
        folder: where it installs, below `.make`.
        what: what is installed, as the reason calls it.
        needs: programs that must be there.
        seconds: how long it may take.
    """
    for name in needs:
        needed(name)
    done = subprocess.run(
        ["sh", ROOT / "packaging/dev" / script, ROOT / ".make" / folder],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    if done.returncode != 0:
        give_up(f"{what} cannot be installed: {done.stderr.strip()}")
    return done.stdout.strip()


def needed(program: str) -> str:
    """Return a program's path; where there is none, the test is skipped, and fails with CI set."""
    path = shutil.which(program)
    if path is None:
        give_up(f"{program} is not installed")
    return path


def give_up(reason: str) -> NoReturn:
    """Skip the test with the reason; with CI set it fails."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
