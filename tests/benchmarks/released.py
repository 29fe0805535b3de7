"""The program as people have it: the Debian package, unpacked, run by Debian's own Python.

The peers are measured as they are released, too. An interpreter that somebody compiled without
optimisations, as development machines have, takes a seventh more for the same.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".make/bench"
_PYTHON = Path("/usr/bin/python3.11")
"""Debian 12's, which the package depends on."""

_HOME = "usr/lib/amp-tray"
_PARTS = ("amp_tray", "rpc/amp_tray_rpc", "packaging/debian", "packaging/locked")


class Program(NamedTuple):
    """How the program is run, and what is run by that."""

    command: tuple[str, ...]
    name: str


@cache
def program() -> Program:
    """Return the program to be measured; the working tree's where `BENCH_TREE` is set.

    So too where the package cannot be made or run: on another system than Debian 12.
    """
    tools = shutil.which("dpkg-deb") and shutil.which("strip")
    if os.environ.get("BENCH_TREE") or not _PYTHON.exists() or not tools:
        version = ".".join(map(str, sys.version_info[:3]))
        return Program((str(ROOT / ".venv/bin/amp-tray"),), f"the working tree, Python {version}")
    folder = _unpacked() / _HOME / "bin"
    version = subprocess.check_output([_PYTHON, "--version"], text=True).strip()
    command = folder / "amp-tray"
    _, flags = command.read_text("utf-8").splitlines()[0].split()
    return Program((str(folder / "python3"), flags, str(command)), f"the Debian package, {version}")


def _unpacked() -> Path:
    """Return the directory with the package of this tree's code, made if it is not there."""
    target, stamp = KEPT / "released", KEPT / "released.stamp"
    code = _checksum()
    if stamp.is_file() and stamp.read_text("utf-8") == code:
        return target
    stamp.unlink(missing_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    sys.stdout.write("building the Debian package ...\n")
    sys.stdout.flush()
    dist = ROOT / "dist"
    for old in dist.glob("amp-tray_*.deb"):
        old.unlink()
    subprocess.run(["make", "-s", "-C", ROOT, "deb"], stdout=subprocess.DEVNULL, check=True)
    (package,) = dist.glob("amp-tray_*.deb")
    subprocess.run(["dpkg-deb", "-x", package, target], check=True)
    python = target / _HOME / "bin/python3"
    python.unlink()
    python.symlink_to(_PYTHON)
    # As the package does when it is installed.
    subprocess.run([_PYTHON, "-m", "compileall", "-q", target / _HOME / "lib"], check=True)
    stamp.write_text(code, "utf-8")
    return target


def _checksum() -> str:
    digest = sha256()
    for part in _PARTS:
        for path in sorted((ROOT / part).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
