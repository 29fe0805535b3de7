"""The version stands in one place, and what repeats it says the same."""

import re
import runpy
import shutil
from pathlib import Path
from typing import Any

import pytest

from amp_tray import __version__

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "packaging/release/versions.py"


@pytest.fixture(scope="module")
def versions() -> dict[str, Any]:
    return runpy.run_path(str(SCRIPT))


@pytest.fixture
def copy(versions: dict[str, Any], tmp_path: Path) -> Path:
    """The files that state the version, in a tree of their own."""
    for name in ("ONE_PLACE", "EXTENSION", "EXTENSION_LOCK", "METAINFO", "MAN_PAGE"):
        path: Path = versions[name]
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, tmp_path / path)
    return tmp_path


def test_every_file_states_the_version_of_the_program(versions: dict[str, Any]) -> None:
    assert versions["the_version"](ROOT) == __version__
    assert versions["disagreements"](ROOT) == []
    assert len(versions["stated_versions"](ROOT)) == 5


@pytest.mark.parametrize("name", ["EXTENSION", "EXTENSION_LOCK", "METAINFO", "MAN_PAGE"])
def test_a_file_that_was_forgotten_is_named(
    versions: dict[str, Any], copy: Path, name: str
) -> None:
    path: Path = copy / versions[name]
    path.write_text(path.read_text("utf-8").replace(__version__, "9.8.7", 1), "utf-8")
    (problem,) = versions["disagreements"](copy)
    assert "9.8.7" in problem
    assert str(versions[name]) in problem


def test_a_new_version_reaches_every_file(versions: dict[str, Any], copy: Path) -> None:
    lock = (copy / versions["EXTENSION_LOCK"]).read_text("utf-8")
    versions["write_version"](copy, "7.6.5")
    assert versions["the_version"](copy) == "7.6.5"
    assert versions["disagreements"](copy) == []
    written = (copy / versions["EXTENSION_LOCK"]).read_text("utf-8")
    assert written.count('"7.6.5"') == lock.count('"7.6.5"') + 2  # no library's version changes


def test_the_changelog_has_what_is_being_prepared() -> None:
    changes = (ROOT / "packaging/CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.+)$", changes, re.MULTILINE)
    assert headings[0] == "Unreleased" or headings[0].startswith(__version__)
