"""Programs that only some tests need, installed once for all runs in this checkout."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 120.0


def install(script: str, folder: str, *, what: str, needs: tuple[str, ...]) -> str:
    """Run an installer of `packaging/dev`; return what it says of where the program is.

    Where it cannot be, the test is skipped with the reason, and fails with CI set.

    Args:
        folder: where it installs, below `.make`.
        what: what is installed, as the reason calls it.
        needs: programs that must be there.
    """
    missing = [name for name in needs if shutil.which(name) is None]
    if missing:
        _give_up(f"{missing[0]} is not installed")
    done = subprocess.run(
        ["sh", ROOT / "packaging/dev" / script, ROOT / ".make" / folder],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode != 0:
        _give_up(f"{what} cannot be installed: {done.stderr.strip()}")
    return done.stdout.strip()


def _give_up(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
