"""A user of their own for measurements: links to a corpus, a ledger, a socket, all temporary."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from amp_tray.app.application import Application
from amp_tray.surfaces.cli.ask import wait_until_ready
from amp_tray_rpc.client import Client
from tests.benchmarks.corpora import encode
from tests.benchmarks.released import KEPT, program

SECONDS = 600.0


class User:
    """A user with threads; a context that removes everything but the corpus."""

    def __init__(self, threads: Path) -> None:
        # Beside the corpora, for files cannot be linked across file systems.
        self.home = Path(tempfile.mkdtemp(prefix="user-", dir=KEPT))
        # A socket's path may have no more than 103 bytes.
        self.run = Path(tempfile.mkdtemp(prefix="amp-tray-"))
        self.threads = self.home / ".local/share/amp/threads"
        self.threads.mkdir(parents=True)
        for path in threads.glob("*.json"):
            os.link(path, self.threads / path.name)
        self.env = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "AMP_TRAY_OFFLINE": "1",
            "XDG_RUNTIME_DIR": str(self.run),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.run, ignore_errors=True)

    @property
    def program(self) -> Application:
        """The program as this user's environment configures it, for use in this process."""
        return Application.configured(self.env, self.home)

    def forget(self) -> None:
        """Remove the ledger and whatever else the programs keep."""
        shutil.rmtree(self.program.data_directory, ignore_errors=True)

    def report(self) -> dict[str, Any]:
        """Run this program's report once; its document."""
        done = subprocess.run(
            [*program().command, "report", "--json"],
            env=self.env,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def write(self, thread: dict[str, Any], data: bytes | None = None) -> None:
        """Write a thread as Amp does: whole, beside the target, then renamed over it.

        Args:
            data: the file's bytes where they are encoded already.
        """
        target = self.threads / f"{thread['id']}.json"
        half = self.threads / f"{thread['id']}.json.amptmp"
        half.write_bytes(encode(thread) if data is None else data)
        half.replace(target)

    @contextlib.contextmanager
    def serving(self) -> Iterator["subprocess.Popen[bytes]"]:
        """Run the service, with everything read."""
        with (self.run / "log").open("wb") as log:
            process = subprocess.Popen(
                [*program().command, "serve"], env=self.env, stdout=log, stderr=log
            )
        try:
            while not Path(str(self.program.address)).exists():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.02)
                    raise RuntimeError((self.run / "log").read_text())
            with self.client() as client:
                wait_until_ready(client, lambda _done, _total: None)
            yield process
        finally:
            process.terminate()
            process.wait(SECONDS)

    def client(self) -> Client:
        """Return a connection to this user's service."""
        return Client.connect(self.program.address, timeout=SECONDS)
