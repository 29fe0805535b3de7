"""What reports look like: every kind in every form, compared with what is kept in `goldens/`.

After a change that is meant to be seen, renew them and look at the difference:

    RENEW_GOLDENS=1 .venv/bin/pytest tests/surfaces/cli/test_goldens.py
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from amp_tray.surfaces.cli.main import run_command_line
from amp_tray.surfaces.cli.report_options import HELP
from tests.support.sandbox import Sandbox

GOLDENS = Path(__file__).parent / "goldens"
WIDTHS = (200, 120, 99, 80, 60, 40)
ZONE = "Europe/Berlin"
OTHER_FORMS = {
    "daily-breakdown.txt": ("daily", "--breakdown"),
    "daily-no-cost.txt": ("daily", "--no-cost"),
    "session-breakdown.txt": ("session", "--breakdown"),
    "session-compact.txt": ("session", "--compact"),
    "session-display.txt": ("session", "--mode", "display"),
    "session-colour.txt": ("session", "--color"),
    "daily.csv": ("daily", "--format", "csv"),
    "session.csv": ("session", "--format", "csv"),
    "session-breakdown.csv": ("session", "--format", "csv", "--breakdown"),
    "blocks.csv": ("blocks", "--format", "csv"),
    "project.csv": ("project", "--format", "csv"),
    "session.md": ("session", "--format", "markdown"),
    "monthly-breakdown.md": ("monthly", "--format", "markdown", "--breakdown"),
    **{f"{kind}-chart.txt": (kind, "--chart") for kind in HELP},
    "session-chart-no-cost.txt": ("session", "--chart", "--no-cost"),
}
# What differs from one run to the next, or with the day of the catalogue.
_MASKED = re.compile(r'("generatedAt":|"pricing":)("[^"]*"|\{[^}]*\})')


@pytest.fixture(scope="module")
def known_user() -> Iterator[Sandbox]:
    """A user with the threads and the prices of the goldens."""
    with Sandbox() as user:
        shutil.copytree(GOLDENS / "threads", user.threads)
        configuration = user.home / ".config/amp-tray"
        configuration.mkdir(parents=True)
        shutil.copy(GOLDENS / "pricing.toml", configuration)
        yield user


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", HELP)
def test_tables(
    known_user: Sandbox, capfdbinary: pytest.CaptureFixture[bytes], kind: str, width: int
) -> None:
    known_user.env["COLUMNS"] = str(width)
    assert run_command_line(known_user.program, ["report", kind, "-z", ZONE]) == 0
    compare(f"tables/{kind}-{width}.txt", capfdbinary.readouterr().out)


@pytest.mark.parametrize("kind", HELP)
def test_documents(
    known_user: Sandbox, capfdbinary: pytest.CaptureFixture[bytes], kind: str
) -> None:
    assert run_command_line(known_user.program, ["report", kind, "-z", ZONE, "--json"]) == 0
    text = _MASKED.sub(r"\1null", capfdbinary.readouterr().out.decode())
    assert text.count('"generatedAt":null') == text.count('"pricing":null') == 1
    # A line a row, so that a difference can be read.
    compare(f"json/{kind}.json", re.sub(r'(?<=[\[,])(?=\{"|"totals|"meta)', "\n", text).encode())


@pytest.mark.parametrize("name", OTHER_FORMS)
def test_other_forms(
    known_user: Sandbox, capfdbinary: pytest.CaptureFixture[bytes], name: str
) -> None:
    known_user.env["COLUMNS"] = "110"
    assert run_command_line(known_user.program, ["report", *OTHER_FORMS[name], "-z", ZONE]) == 0
    compare(f"forms/{name}", capfdbinary.readouterr().out)


def compare(name: str, written: bytes) -> None:
    """Compare what a command wrote with its golden, or make it that."""
    path = GOLDENS / name
    if os.environ.get("RENEW_GOLDENS"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(written)
    assert written.decode() == path.read_bytes().decode()
