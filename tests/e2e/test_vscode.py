"""The extension in the real workbench and extension host, in a browser, beside a real service."""

import contextlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from amp_tray import __version__
from amp_tray.core import figures
from tests.e2e.vscode.editor import Editor, Window
from tests.support.editors import figure_cases
from tests.support.installed import ROOT, install
from tests.support.samples import THREAD_ID, answer, now, thread
from tests.support.sandbox import Sandbox, wait_until_it_listens

pytestmark = pytest.mark.e2e

EXTENSION = ROOT / "rpc/clients/vscode"
SECONDS = 180.0
HOSTILE = "[a](command:evil) <img src=x> $(flame) | https://evil.example"
RECENT = "Sessions of the last 30 days"
ANSWER = Decimal("0.0113")
"""USD of one answer of the samples."""


@pytest.fixture(scope="module")
def package() -> Path:
    return Path(
        install(
            "build_vsix.sh",
            "vsix",
            what="the extension's tools",
            needs=("node", "npm"),
            seconds=SECONDS,
        )
    )


@pytest.fixture(scope="module")
def entry() -> str:
    return install(
        "install_code_server.sh",
        "code-server",
        what="the editor",
        needs=("node", "npm", "c++", "make"),
        seconds=2 * SECONDS,
    )


@pytest.fixture(scope="module")
def driver() -> list[str]:
    """The words that run a window."""
    modules = install(
        "install_browser_driver.sh",
        "browser",
        what="the browser's driver",
        needs=("node", "npm", "chromium"),
    )
    browser = shutil.which("chromium")
    assert browser is not None
    return ["node", str(Path(__file__).parent / "vscode/window.mjs"), browser, modules]


class Scene:
    """A user with a window of the editor, and a service that comes and goes."""

    def __init__(self, user: Sandbox, editor: Editor, window: Window) -> None:
        self.user, self.editor, self.window = user, editor, window
        self._serving = contextlib.ExitStack()

    def serve(self) -> None:
        """Start the service."""
        self._serving.enter_context(self.user.serving())

    def stop(self) -> None:
        """End it."""
        self._serving.close()

    def spent(self, answers: int) -> str:
        """Return how the item words the cost of some answers."""
        return figures.money(answers * ANSWER).replace("$", r"\$")


@pytest.fixture(scope="module")
def scene(entry: str, driver: list[str], package: Path) -> Iterator[Scene]:
    with Sandbox() as user, Editor(entry, user, package) as editor:
        folder = user.home / "project"
        folder.mkdir()
        with editor.window(driver, folder) as window:
            scene = Scene(user, editor, window)
            try:
                yield scene
            finally:
                scene.stop()
        editor.check_log()


def npm(*args: str) -> None:
    done = subprocess.run(
        ["npm", *args], cwd=EXTENSION, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("package")
def test_the_sources_are_sound_and_their_own_tests_pass() -> None:
    npm("run", "check")
    npm("test")


@pytest.mark.usefixtures("package")
def test_figures_and_texts_are_worded_as_everywhere() -> None:
    npm("run", "build", "--", "--tests")
    cases = figure_cases()
    done = subprocess.run(
        ["node", EXTENSION / "out/words.js"],
        input=json.dumps([case[:2] for case in cases]),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=True,
    )
    assert json.loads(done.stdout) == [expected for *_, expected in cases]


def test_the_package_is_small_and_whole(package: Path) -> None:
    assert package.stat().st_size < 100_000
    with zipfile.ZipFile(package) as archive:
        names = {name.removeprefix("extension/").lower() for name in archive.namelist()}
        manifest = json.loads(archive.read("extension/package.json"))
        bundle = archive.read("extension/out/extension.js").decode()
    assert names == {
        *("[content_types].xml", "extension.vsixmanifest", "package.json", "out/extension.js"),
        *("icon.png", "readme.md", "changelog.md", "license.txt"),
    }
    assert manifest["version"] == __version__
    assert "sourceMappingURL" not in bundle
    assert bundle.startswith("/*! Holds vscode-jsonrpc")
    # It can speak to the service, and to nobody else.
    needed = {name.removeprefix("node:") for name in re.findall(r'require\("([^"]+)"\)', bundle)}
    assert {"vscode", "net"} <= needed
    assert needed.isdisjoint({"http", "https", "http2", "tls", "dgram", "dns"})


def test_the_lock_file_names_no_place() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_it_runs_in_the_extension_host(
    user: Sandbox, entry: str, driver: list[str], package: Path
) -> None:
    npm("run", "build", "--", "--tests")
    results = user.home / "results.json"
    user.env["AMP_TRAY_TEST_RESULTS"] = str(results)
    user.write(thread(answer(now())))
    for name in ("one", "two"):
        (user.home / name).mkdir()
    hostile = {
        "ampTray.show": "tokens",
        "ampTray.service.start": True,
        "ampTray.service.program": "/evil",
        "ampTray.socket": "/evil.sock",
    }
    workspace = user.home / "both.code-workspace"
    folders = [{"path": "one"}, {"path": "two"}]
    workspace.write_text(json.dumps({"folders": folders, "settings": hostile}), "utf-8")
    with user.serving(), Editor(entry, user, package, trusted=False) as editor:
        tests = {
            "extensionDevelopmentPath": editor.remote(EXTENSION),
            "extensionTestsPath": editor.remote(EXTENSION / "out/host/run"),
        }
        with editor.window(driver, workspace, **tests) as window:
            window.do("tests")
        editor.check_log()
    told = json.loads(results.read_text("utf-8"))
    assert {name: outcome for name, outcome in told.items() if outcome != "passed"} == {}
    assert len(told) > 5


def test_it_waits_for_the_service_and_follows_a_growing_thread(scene: Scene) -> None:
    assert scene.window.do("until", "debug-disconnect")["text"] == "amp-tray"
    scene.user.write(thread(answer(now())))
    scene.serve()
    scene.window.do("until", f"{scene.spent(1)}.*graph")
    scene.user.write(thread(*(answer(now(), message_id=each) for each in (1, 3))))
    seen = scene.window.do("until", f"{scene.spent(2)}.*graph")
    assert seen["kind"] is None
    assert seen["spoken"].startswith("amp-tray: Today: $0.02 · 12.2k tokens. ")


def test_the_tooltip_shows_a_hostile_title_as_text(scene: Scene) -> None:
    scene.user.write(thread(answer(now()), thread_id=f"{THREAD_ID[:-1]}b", title=HOSTILE))
    scene.window.do("until", scene.spent(3))
    tip = scene.window.do("hover")
    assert ["Today", "$0.03", "18.3k"] in [[text.strip() for text in row] for row in tip["cells"]]
    for part in ("Models today", "opus-4-5", "A thread", "Last 7 days", "Newest usage: just now"):
        assert part in tip["text"]
    assert HOSTILE[:45] in tip["text"]
    assert (tip["links"], tip["images"]) == ([], 0)
    scene.window.do("leave")


def test_a_click_leads_from_the_sessions_to_a_thread(scene: Scene) -> None:
    window = scene.window
    window.do("click")
    window.do("titled", RECENT)
    rows = window.do("rows")
    assert {row["heading"] for row in rows} == {"Today", ""}
    [hostile] = [row for row in rows if "evil" in row["label"]]
    assert hostile["label"].replace("\u2060", "").startswith(HOSTILE[:50])
    assert (hostile["signs"], hostile["description"]) == (0, "$0.01 · 6.1k tokens")
    window.do("choose", "A thread")
    window.do("titled", "A thread")
    told = {row["label"]: row["description"] for row in window.do("rows")}
    assert (told["Input"], told["Output"]) == ("20", "200")
    assert (told["Cache writes"], told["Cache reads"]) == ("2,000", "10,000")
    assert told["opus-4-5"] == "$0.02 · 12.2k tokens"
    window.do("choose", "Total")  # only tells: nothing happens
    window.do("back")
    window.do("titled", RECENT)
    window.do("choose", "Show All Sessions")
    window.do("titled", "Sessions")
    window.do("choose", "A thread")
    window.do("titled", "A thread")
    window.do("choose", "Copy Id")
    window.do("closed")
    assert window.do("clipboard") == THREAD_ID


def test_a_thread_is_opened_in_the_browser_and_by_its_file(scene: Scene) -> None:
    window = scene.window
    window.do("click")
    window.do("choose", "A thread")
    window.do("titled", "A thread")
    window.do("choose", "Open in Browser")
    assert f"https://ampcode.com/threads/{THREAD_ID}" in window.do("dialog")
    window.do("click")
    window.do("choose", "A thread")
    window.do("titled", "A thread")
    window.do("choose", "Show the Thread's File")
    window.do("tab", f"{THREAD_ID}.json")


def test_budgets_colour_the_item(scene: Scene) -> None:
    for limit, kind in (("0.04", "warning"), ("0.02", "error")):
        scene.user.configure(f"[budgets.daily]\nusd = {limit}\n")
        seen = scene.window.do("until", f"{kind}-kind")
        assert seen["kind"] == kind
    tip = scene.window.do("hover")
    assert "Day's budget: 170%, $0.03 of $0.02, used up" in tip["text"]
    scene.window.do("leave")
    scene.user.configure("")
    scene.window.do("until", r"^(?!.*-kind)")


def test_commands_of_the_palette(scene: Scene) -> None:
    window = scene.window
    names = window.do("command", "amp-tray: Pause")
    assert {"amp-tray: Pause", "amp-tray: Refresh"} <= set(names)
    window.do("until", "debug-pause")
    names = window.do("command", "amp-tray: Resume")
    assert {"amp-tray: Pause", "amp-tray: Start Service"}.isdisjoint(names)
    window.do("until", "codicon-graph")


def test_settings_choose_the_figure(scene: Scene) -> None:
    scene.window.do("command", "amp-tray: Open Settings")
    for value, figure in (("tokens", r"18\.3k tokens"), ("cost", scene.spent(3))):
        scene.window.do("setting", value)
        scene.window.do("until", figure)


def test_it_is_offline_without_the_service_and_back_with_it(scene: Scene) -> None:
    scene.stop()
    seen = scene.window.do("until", "debug-disconnect")
    assert seen["text"] == figures.money(3 * ANSWER)
    tip = scene.window.do("hover")
    assert "No connection to the service, trying again" in tip["text"]
    assert "Figures may be out of date: last read just now" in tip["text"]
    scene.window.do("leave")
    scene.window.do("command", "amp-tray: Show Sessions")
    assert "there is no connection to the service" in scene.window.do("message")
    scene.serve()
    scene.window.do("until", f"{scene.spent(3)}.*graph")


def test_it_finds_a_service_on_tcp(scene: Scene) -> None:
    scene.stop()
    scene.window.do("until", "debug-disconnect")
    with scene.user.started("serve", "--transport", "tcp") as service:
        wait_until_it_listens(service)
        scene.window.do("until", f"{scene.spent(3)}.*graph")
    scene.window.do("until", "debug-disconnect")


def test_it_starts_the_service_if_it_is_told_to(scene: Scene) -> None:
    program = scene.user.home / "start-amp-tray"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m amp_tray "$@"\n', "utf-8")
    program.chmod(0o755)
    scene.editor.settings({"ampTray.service.program": str(program), "ampTray.service.start": True})
    try:
        scene.window.do("reload")
        scene.window.do("until", f"{scene.spent(3)}.*graph")
    finally:
        stopped = scene.user.run("stop")
    assert stopped.returncode == 0
    scene.window.do("until", "debug-disconnect")  # and it stays stopped
