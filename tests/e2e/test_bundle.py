"""The bundle on a system without Python: it reports, and shows the tray on a session bus."""

import asyncio
import json
import logging
import os
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from amp_tray import __version__
from amp_tray.surfaces.tray.icon import draw_icon
from amp_tray.surfaces.tray.icon_look import IconLook, IconState
from tests.support.dbus import TrayHost, private_bus
from tests.support.packages import DIST, SECONDS, CleanSystem, built, clean_system, make
from tests.support.panels import desktop
from tests.support.samples import answer, now, thread
from tests.support.sandbox import Sandbox, end

PROGRAM = "/opt/amp-tray/amp-tray"
MOST_BYTES = 100 * 1024 * 1024
MOST_SECONDS = 2.0
TRIES = 5

pytestmark = pytest.mark.e2e

log = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def bundle() -> Path:
    make("bundle")
    return DIST / "amp-tray"


@pytest.fixture(scope="module")
def system(bundle: Path) -> Iterator[CleanSystem]:
    """A minimal Debian with the bundle in it, no Python, and a thread of root's."""
    with clean_system() as system:
        shutil.copytree(bundle, system.root / "opt/amp-tray", symlinks=True)
        assert list((system.root / "usr/bin").glob("python*")) == []
        threads = system.root / "root/.local/share/amp/threads"
        threads.mkdir(parents=True)
        (threads / "T-1.json").write_text(json.dumps(thread(answer(now()))), "utf-8")
        yield system


def run(
    system: CleanSystem, *words: str, env: Mapping[str, str] | None = None
) -> "subprocess.Popen[str]":
    """Start the bundle in there, with an empty PATH and next to no environment."""
    chroot = shutil.which("chroot")
    assert chroot is not None
    return subprocess.Popen(
        [chroot, system.root, PROGRAM, *words],
        env={"HOME": "/root", "PATH": "", "AMP_TRAY_OFFLINE": "1", **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_reports_without_python(system: CleanSystem) -> None:
    said, complaints = run(system, "report", "daily", "--json").communicate(timeout=SECONDS)
    assert complaints == ""
    assert json.loads(said)["totals"]["totalTokens"] == 6110


def test_it_is_small_and_starts_soon(system: CleanSystem, bundle: Path) -> None:
    size = sum(path.lstat().st_size for path in bundle.rglob("*") if not path.is_dir())
    took = []
    for _ in range(TRIES):
        began = time.monotonic()
        said, _ = run(system, "--version").communicate(timeout=SECONDS)
        took.append(time.monotonic() - began)
        assert said == f"amp-tray, version {__version__}\n"
    assert size < MOST_BYTES
    assert min(took) < MOST_SECONDS
    log.info("%.0f MB, started in %.2f s", size / 1e6, min(took))


async def test_it_shows_the_tray_and_serves(system: CleanSystem) -> None:
    inside = Path("run/bus")
    with private_bus(system.root / inside):
        env = {"DBUS_SESSION_BUS_ADDRESS": f"unix:path=/{inside}", "XDG_RUNTIME_DIR": "/run"}
        async with TrayHost(f"unix:path={system.root / inside}") as host:
            process = run(system, "run", env=env)
            try:
                item = await host.next_item()
                menu = await item.menu_with("6.1k tokens")
                assert "$0.01" in menu.find("Today").label
                await item.click(menu.find("Quit"))
                assert await asyncio.to_thread(process.wait, SECONDS) == 0
            finally:
                end(process)


def test_its_icon_is_seen_in_a_panel_and_opens_its_menu(bundle: Path) -> None:
    with Sandbox() as user, desktop(user, "xfce4-panel") as screen:
        user.write(thread(answer(now())))
        empty = screen.picture()
        process = subprocess.Popen(
            [bundle / "amp-tray", "run"],
            env={**user.env, "PATH": ""},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            fine = draw_icon(IconLook(IconState.OK), 22)
            screen.click(screen.wait_for_picture(fine, since=empty))
            screen.wait_for_menus(1)
        finally:
            end(process)


def test_the_archive_is_of_the_same_folder(bundle: Path) -> None:
    with tarfile.open(built("amp-tray-{version}-linux-*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        owners = {(entry.uname, entry.uid) for entry in archive.getmembers()}
        (top,) = {name.partition("/")[0] for name in archive.getnames()}
    assert top == f"amp-tray-{__version__}-linux-{os.uname().machine}"
    assert owners == {("root", 0)}
    assert names - {""} == {str(path.relative_to(bundle)) for path in bundle.rglob("*")}
