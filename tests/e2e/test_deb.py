"""The Debian package in a clean Debian 12: installed, used by a plain user, removed."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installed import needed
from tests.support.packages import SECONDS, CleanSystem, built, clean_system, make
from tests.support.samples import answer, now, thread

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def deb() -> Path:
    needed("dpkg-deb")
    make("deb")
    return built("amp-tray_{version}_*.deb")


@pytest.fixture(scope="module")
def system(deb: Path) -> Iterator[CleanSystem]:
    """A clean Debian 12 with the package in it, and a thread of ada's."""
    with clean_system() as system:
        (system.root / "root/amp-tray.deb").write_bytes(deb.read_bytes())
        system.admin(
            *("apt-get", "install", "--quiet", "--yes", "--no-install-recommends"),
            "/root/amp-tray.deb",
        )
        threads = system.home / ".local/share/amp/threads"
        threads.mkdir(parents=True)
        (threads / "T-1.json").write_text(json.dumps(thread(answer(now()))), "utf-8")
        system.own(system.home / ".local")
        yield system


def test_the_package_has_no_fault_that_debian_calls_an_error(deb: Path) -> None:
    done = subprocess.run(
        [needed("lintian"), "--allow-root", "--fail-on", "error", "--tag-display-limit", "0", deb],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "E:" not in done.stdout


def test_a_plain_user_of_a_clean_system_gets_a_report(system: CleanSystem) -> None:
    done = system.ada("amp-tray", "report", "daily", "--json", env={"AMP_TRAY_OFFLINE": "1"})
    assert done.stderr == ""
    assert json.loads(done.stdout)["totals"]["totalTokens"] == 6110


def test_what_other_packages_do_when_python_starts_is_not_done(system: CleanSystem) -> None:
    other = system.root / "usr/lib/python3/dist-packages/other.pth"
    other.write_text("import sys; sys.stderr.write('other')\n", "utf-8")
    try:
        python = system.ada("/usr/lib/amp-tray/bin/python3", "-c", "")
        done = system.ada("amp-tray", "report", "daily", "--json", env={"AMP_TRAY_OFFLINE": "1"})
    finally:
        other.unlink()
    assert python.stderr == "other"
    assert (done.returncode, done.stderr) == (0, "")


def test_every_library_that_came_along_loads_there(system: CleanSystem) -> None:
    packages = system.root / "usr/lib/amp-tray/lib/python3.11/site-packages"
    modules = sorted(
        ".".join([*path.relative_to(packages).parent.parts, path.name.partition(".")[0]])
        for path in packages.rglob("*.cpython-311-*.so")
    )
    assert {"PIL._imaging", "msgspec._core", "pydantic_core._pydantic_core"} <= set(modules)
    script = "import sys, importlib; [importlib.import_module(name) for name in sys.argv[1:]]"
    done = system.ada("/usr/lib/amp-tray/bin/python3", "-c", script, *modules)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_the_desktop_and_the_shell_look_for_is_there(system: CleanSystem) -> None:
    share = system.root / "usr/share"
    for name in (
        "applications/amp-tray.desktop",
        "bash-completion/completions/amp-tray",
        "fish/vendor_completions.d/amp-tray.fish",
        "man/man1/amp-tray.1.gz",
        "zsh/vendor-completions/_amp-tray",
    ):
        assert (share / name).is_file(), name
    assert list((share / "icons/hicolor").rglob("amp-tray.*"))
    # Compiled once for everybody: users cannot write there, and would compile at every start.
    program = system.root / "usr/lib/amp-tray/lib/python3.11/site-packages/amp_tray"
    assert list((program / "__pycache__").glob("__main__.*.pyc"))


def test_other_commands_start_this_very_installation(system: CleanSystem) -> None:
    env = {"AMP_TRAY_OFFLINE": "1", "XDG_RUNTIME_DIR": "/home/ada"}
    started = system.ada("amp-tray", "restart", env=env)
    assert started.returncode == 0, started.stderr
    try:
        status = json.loads(system.ada("amp-tray", "status", "--json", env=env).stdout)
        command = Path(f"/proc/{status['pid']}/cmdline").read_bytes().split(b"\0")
        assert command[0] == b"/usr/lib/amp-tray/bin/python3"
    finally:
        assert system.ada("amp-tray", "stop", env=env).returncode == 0


def test_the_entry_for_login_starts_this_installation(system: CleanSystem) -> None:
    env = {"AMP_TRAY_OFFLINE": "1", "XDG_RUNTIME_DIR": "/home/ada"}
    system.admin("apt-get", "install", "--quiet", "--yes", "--no-install-recommends", "dex")
    enabled = system.ada("amp-tray", "autostart", "enable", env=env)
    assert enabled.returncode == 0, enabled.stderr
    folder = system.home / ".config/autostart"
    assert "Exec=/usr/bin/amp-tray run\n" in (folder / "amp-tray.desktop").read_text("utf-8")
    # What it starts goes on, and must not hold this test's pipes.
    launch = "dex --autostart --search-paths $HOME/.config/autostart >/dev/null 2>&1"
    assert system.ada("sh", "-c", launch, env=env).returncode == 0
    give_up_at = time.monotonic() + SECONDS
    while system.ada("amp-tray", "status", env=env).returncode != 0:
        assert time.monotonic() < give_up_at
    assert system.ada("amp-tray", "stop", env=env).returncode == 0
    assert system.ada("amp-tray", "uninstall", "--yes", env=env).returncode == 0
    assert list(folder.iterdir()) == []


def test_removal_leaves_the_ledger_alone(system: CleanSystem) -> None:
    ledger = system.home / ".local/share/amp-tray/ledger.db"
    before = ledger.read_bytes()
    said = system.admin("dpkg", "--purge", "amp-tray")
    assert "not empty" not in said.stderr
    left = system.admin("find", "/usr", "/etc", "/var/lib", "-name", "*amp-tray*").stdout
    assert left.split() == []
    assert ledger.read_bytes() == before
