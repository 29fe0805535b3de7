"""The wheel in a fresh environment outside the tree, and the demo to its end."""

import json
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.support.packages import built, make
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def wheel() -> Path:
    make("wheel")
    return built("amp_tray-{version}-py3-none-any.whl")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts' directory of an environment with the wheel in it and nothing else of ours."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    scripts = folder / "bin"
    subprocess.run([scripts / "pip", "install", "--quiet", wheel], check=True)
    return scripts


def test_the_wheels_top_level_names_are_ours_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name.split("/")[0] for name in archive.namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {
        "amp_tray",
        "amp_tray_rpc",
    }


def test_the_wheel_has_all_that_the_reports_page_is_made_of(wheel: Path) -> None:
    folder = ROOT / "amp_tray/surfaces/cli/html"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for name in ("report.html", "report.css", "report.js"):
        assert str((folder / name).relative_to(ROOT)) in names


def test_the_sdist_has_all_that_the_wheel_is_made_of(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        wanted = {name for name in archive.namelist() if ".dist-info/" not in name}
    with tarfile.open(built("amp_tray-{version}.tar.gz")) as archive:
        there = {name.partition("/")[2].removeprefix("rpc/") for name in archive.getnames()}
    assert wanted <= there
    assert {"LICENSE", "README.md", "packaging/locked/program.txt"} <= there


def test_the_installed_program_reports_without_the_tree_or_the_systems_programs(
    installed: Path,
) -> None:
    with Sandbox() as user:
        user.write(thread(answer(now())))
        user.env["PATH"] = "/nowhere"  # none of the system's programs is needed
        done = subprocess.run(
            [installed / "amp-tray", "report", "session", "--json"],
            env=user.env,
            cwd=user.home,
            capture_output=True,
            check=True,
        )
        assert json.loads(done.stdout)["totals"]["totalTokens"] == 6110
        imported = subprocess.run(
            [installed / "python", "-c", "import rpc"],
            cwd=user.home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "No module named 'rpc'" in imported.stderr


def test_what_starts_at_login_survives_an_upgrade(installed: Path, wheel: Path) -> None:
    with Sandbox() as user:

        def autostart(task: str) -> dict[str, object]:
            command = [str(installed / "amp-tray"), "autostart", task, "--json"]
            done = subprocess.run(command, env=user.env, capture_output=True, check=True)
            document: dict[str, object] = json.loads(done.stdout)
            return document

        enabled = autostart("enable")
        assert enabled["command"] == [str(installed / "amp-tray"), "run"]
        upgrade = ("--quiet", "--force-reinstall", "--no-deps")
        subprocess.run([installed / "pip", "install", *upgrade, wheel], check=True)
        assert autostart("status") == enabled
        assert enabled["exists"] is True


def test_the_demo_runs_to_its_end_and_its_numbers_move() -> None:
    with Sandbox() as user:
        done = subprocess.run(
            [sys.executable, ROOT / "packaging/demo/demo.py", "--seconds", "8"],
            env=user.env,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    glances = [line for line in done.stdout.splitlines() if line.startswith("Today")]
    assert len(set(glances)) >= 2
    assert "its files are gone" in done.stdout
    assert "Traceback" not in done.stderr
