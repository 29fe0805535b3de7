"""The editor that the extension runs in: code-server as a user's own, and a window of it.

with Editor(entry, user, package) as editor, editor.window(driver) as window:
    window.do("until", r"\\$1\\.92")
"""

import contextlib
import json
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from tests.support.sandbox import Sandbox, end

SECONDS = 60.0
ID = "amp-tray.amp-tray"
QUIET = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.commandCenter.enabled": False,
    "extensions.ignoreRecommendations": True,
    "telemetry.telemetryLevel": "off",
}
"""What would stand between a test and the status bar."""


class Editor:
    """A server of editor windows; a context that ends it."""

    def __init__(self, entry: str, user: Sandbox, package: Path, *, trusted: bool = True) -> None:
        """Prepare it.

        Args:
            package: the extension's, which is installed first.
            trusted: False asks for trust in workspaces, and has none.
        """
        self._user = user
        self._trusted = trusted
        self._home = user.home / "editor"
        self._command = [
            *("node", entry, "--user-data-dir", str(self._home)),
            *("--extensions-dir", str(self._home / "extensions")),
        ]
        self._env = {
            **user.env,
            "XDG_CONFIG_HOME": str(self._home / "config"),
            "EXTENSIONS_GALLERY": json.dumps({"serviceUrl": ""}),  # it asks none
        }
        self._package = package
        self._running: subprocess.Popen[str] | None = None
        self.url = ""
        self.settings({})

    def __enter__(self) -> Self:
        installing = subprocess.run(
            [*self._command, "--install-extension", str(self._package)],
            env=self._env,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert installing.returncode == 0, installing.stdout + installing.stderr
        self._start()
        return self

    def __exit__(self, *_exception: object) -> None:
        assert self._running is not None
        end(self._running)

    def settings(self, given: Mapping[str, object]) -> None:
        """Write the user's settings, which windows take up when they open."""
        path = self._home / "User/settings.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**QUIET, **given}), "utf-8")

    def check_log(self) -> None:
        """See that the extension has connected, and that nothing it did was an error."""
        lines = [
            line
            for path in self._home.glob("logs/**/*.log")
            for line in path.read_text("utf-8", "replace").splitlines()
            if ID in str(path) or ID in line
        ]
        assert any("Connected to amp-tray" in line for line in lines)
        assert [line for line in lines if "[error]" in line] == []

    @contextlib.contextmanager
    def window(self, driver: list[str], workspace: Path, **payload: str) -> Iterator["Window"]:
        """Open a window on a folder or a workspace file, in a browser of its own.

        Args:
            payload: what a development window is told besides.
        """
        kind = "workspace" if workspace.suffix == ".code-workspace" else "folder"
        query = f"{kind}={quote(str(workspace))}"
        if payload:
            query += f"&payload={quote(json.dumps(list(payload.items())))}"
        process = subprocess.Popen(
            driver, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        try:
            window = Window(process)
            window.do("open", f"{self.url}/?{query}")
            yield window
        finally:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=SECONDS)  # no more lines: it closes its browser
            end(process)

    def remote(self, path: Path) -> str:
        """Return how a window names a file of this machine."""
        return f"vscode-remote://{self.url.removeprefix('http://')}{path}"

    def _start(self) -> None:
        trust = [] if not self._trusted else ["--disable-workspace-trust"]
        self._running = subprocess.Popen(
            [
                *self._command,
                *("--auth", "none", "--bind-addr", "127.0.0.1:0"),
                *("--disable-telemetry", "--disable-update-check", *trust),
            ],
            env=self._env,
            cwd=self._user.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._running.stdout is not None
        said = []
        for line in self._running.stdout:
            said.append(line)
            if "listening on http" in line:
                self.url = line.split("listening on ")[1].strip().rstrip("/")
                # Or it would stand still when the pipe is full.
                threading.Thread(target=self._running.stdout.read, daemon=True).start()
                return
        raise AssertionError("".join(said))


class Window:
    """A window in a browser, by what `window.mjs` can do."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def do(self, name: str, value: object = None) -> Any:
        """Do one thing, and return what it tells."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": name, "with": value}) + "\n")
        answer = self._process.stdout.readline()
        assert answer, f"the browser is gone at {name}"
        said = json.loads(answer)
        assert "error" not in said, f"{name} {value!r}: {said['error']}"
        return said["value"]
