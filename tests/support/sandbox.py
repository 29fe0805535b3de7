"""A user of their own for one test: home, roots, ledger and socket in a temporary directory.

    with Sandbox() as user:
        user.write(thread)
        user.run("report", "daily", "--json")
        with user.serving() as service:
            ...

Programs run as real processes with an environment that knows nothing of the real user.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from amp_tray.app.application import Application
from amp_tray.surfaces.cli.ask import wait_until_ready
from amp_tray_rpc.address import UnixAddress
from amp_tray_rpc.client import Client

SECONDS = 20.0


class Sandbox:
    """A user with an empty home; a context that removes everything.

    Attributes:
        python: the interpreter that has the program installed; this one's unless another is set.
    """

    def __init__(self) -> None:
        self.python = sys.executable
        # Not pytest's tmp_path: a socket's path may have no more than 103 bytes.
        self._folder = tempfile.TemporaryDirectory(prefix="amp-tray-")
        self.home = Path(self._folder.name).resolve()
        self.env: dict[str, str] = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "AMP_TRAY_OFFLINE": "1",
            "XDG_RUNTIME_DIR": str(self.home / "run"),
        }
        (self.home / "run").mkdir(mode=0o700)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._folder.cleanup()

    @property
    def threads(self) -> Path:
        """The directory that Amp would write this user's threads to."""
        return self.home / ".local/share/amp/threads"

    @property
    def program(self) -> Application:
        """The program as this user's environment configures it, for use in this process."""
        return Application.configured(self.env, self.home)

    @property
    def socket(self) -> Path:
        """Where this user's service has its socket, unless it listens on TCP."""
        address = self.program.address
        assert isinstance(address, UnixAddress)
        return address.path

    def write(self, thread: Mapping[str, Any]) -> Path:
        """Write a thread as Amp does: whole, beside the target, then renamed over it."""
        return self.write_bytes(f"{thread['id']}.json", json.dumps(thread, indent=2).encode())

    def write_bytes(self, name: str, data: bytes) -> Path:
        """Write any file into the threads directory, by rename."""
        self.threads.mkdir(parents=True, exist_ok=True)
        target = self.threads / name
        half = self.threads / f"{name}.amptmp"
        half.write_bytes(data)
        return half.replace(target)

    def configure(self, text: str, name: str = "config.toml") -> Path:
        """Replace a file of this user's configuration as a whole, as an editor does."""
        path = self.program.configuration_directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.write_text(text, "utf-8")
        return half.replace(path)

    def run(
        self, *args: str, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one `amp-tray` command to its end."""
        return subprocess.run(
            [self.python, "-m", "amp_tray", *args],
            env={**self.env, **(env or {})},
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def report(self, *args: str) -> dict[str, Any]:
        """Run a report with --json; its document."""
        done = self.run("report", *args, "--json")
        assert done.returncode == 0, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    @contextlib.contextmanager
    def started(self, *args: str) -> Iterator["subprocess.Popen[str]"]:
        """Run an `amp-tray` command that stays; it is ended with the context."""
        process = subprocess.Popen(
            [self.python, "-m", "amp_tray", *args],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            end(process)

    @contextlib.contextmanager
    def serving(self) -> Iterator["subprocess.Popen[str]"]:
        """Run the service, ready to answer everything."""
        with self.started("serve") as process:
            wait_until_it_listens(process)
            with self.client() as client:
                wait_until_ready(client, lambda _done, _total: None)
            yield process

    def client(self) -> Client:
        """Return a connection to this user's service."""
        return Client.connect(self.program.address, timeout=SECONDS)


def wait_until_it_listens(process: "subprocess.Popen[str]") -> None:
    """Wait for the line that says so; what comes before it is the log."""
    assert process.stderr is not None
    while line := process.stderr.readline():
        if "listens" in line:
            return
    raise AssertionError(f"it ended with {process.wait(SECONDS)}")


def end(process: "subprocess.Popen[Any]") -> None:
    """End a process, by force if it does not end by itself."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=SECONDS)
    if process.poll() is None:
        process.kill()
        process.communicate()
