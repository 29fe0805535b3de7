"""What packages are built of is pinned, with checksums, and covers what the program needs."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKED = ROOT / "packaging/locked"
PIN = re.compile(r"^([a-z0-9-]+)==([^ ]+)", re.MULTILINE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needs(lines: list[str]) -> set[str]:
    """Return the names that requirements begin with."""
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines)
    return {normal(found[0]) for found in names if found is not None}


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((LOCKED / name).read_text("utf-8")))


def test_all_that_the_program_needs_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert needs(project["dependencies"]) <= set(pins("program.txt")), "run `make lock`"


def test_all_that_builds_packages_is_pinned() -> None:
    wanted = (LOCKED / "tools.in").read_text("utf-8").splitlines()
    assert needs(wanted) <= set(pins("tools.txt")), "run `make lock`"


def test_one_environment_can_have_both() -> None:
    program, tools = pins("program.txt"), pins("tools.txt")
    both = set(program) & set(tools)
    assert both
    assert {name: program[name] for name in both} == {name: tools[name] for name in both}


@pytest.mark.parametrize("name", ["program.txt", "tools.txt"])
def test_every_pin_has_checksums_and_no_address(name: str) -> None:
    text = (LOCKED / name).read_text("utf-8")
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(name))
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
