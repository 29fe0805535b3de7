"""The workflows of GitHub: whole, pinned, and of what the Makefile has."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PINNED = re.compile(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def jobs(path: Path) -> dict[str, Any]:
    document = yaml.safe_load(path.read_text("utf-8"))
    assert document["permissions"] == {"contents": "read"}
    found: dict[str, Any] = document["jobs"]
    return found


def test_there_are_two() -> None:
    assert [path.name for path in WORKFLOWS] == ["release.yml", "test.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_action_is_pinned_to_a_commit(path: Path) -> None:
    uses = re.findall(r"uses: (.+)$", path.read_text("utf-8"), re.MULTILINE)
    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_ends_by_itself_and_runs_what_is_there(path: Path) -> None:
    targets = set(
        re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    for name, job in jobs(path).items():
        assert job["timeout-minutes"] <= 90, name
        commands = "\n".join(step.get("run", "") for step in job["steps"])
        assert set(re.findall(r"^make ([a-z0-9]+)", commands, re.MULTILINE)) <= targets
        for script in re.findall(r"packaging/[\w./-]+\.(?:sh|py)", commands):
            assert (ROOT / script).is_file(), script


def test_every_supported_python_is_tried_on_every_system() -> None:
    matrix = jobs(ROOT / ".github/workflows/test.yml")["quick"]["strategy"]["matrix"]
    classifiers = re.findall(
        r'"Programming Language :: Python :: (3\.\d+)"',
        (ROOT / "pyproject.toml").read_text("utf-8"),
    )
    assert matrix["python"] == classifiers == ["3.11", "3.12", "3.13", "3.14"]
    assert [name.partition("-")[0] for name in matrix["system"]] == ["ubuntu", "macos", "windows"]


def test_only_the_draft_may_write() -> None:
    permitted = {
        (path.stem, name): job["permissions"]
        for path in WORKFLOWS
        for name, job in jobs(path).items()
        if "permissions" in job
    }
    assert permitted == {("release", "draft"): {"contents": "write"}}
