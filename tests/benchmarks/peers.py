"""The programs that this one is compared with, from npm, and how each is asked for a report."""

import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.released import KEPT, ROOT, program

_PACKAGES = ("@ccusage/ccusage-linux-x64@20.0.24", "@tokscale/cli-linux-x64-gnu@4.17.0")


class Peers(NamedTuple):
    """The commands that report a user's threads as JSON."""

    ours: tuple[str, ...]
    ccusage: tuple[str, ...]
    tokscale: tuple[str, ...]


def install() -> Peers:
    """Install the peers, once for all runs, and return the commands.

    Both are the native programs themselves: their launchers would add Node's start.
    """
    folder = KEPT / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    script = ROOT / "packaging/dev/install_peers.sh"
    subprocess.run(["sh", script, folder, *_PACKAGES], stdout=subprocess.DEVNULL, check=True)
    return Peers(
        (*program().command, "report", "--json"),
        (
            _binary(folder, "@ccusage/ccusage-linux-x64", "ccusage"),
            *("amp", "session", "--json", "--offline"),
        ),
        (
            _binary(folder, "@tokscale/cli-linux-x64-gnu", "tokscale"),
            *("models", "--json", "--client", "amp", "--group-by", "session,model", "--no-spinner"),
        ),
    )


def _binary(folder: Path, package: str, name: str) -> str:
    path = folder / "node_modules" / package / "bin" / name
    path.chmod(0o755)  # their launchers do that when first used
    return str(path)
