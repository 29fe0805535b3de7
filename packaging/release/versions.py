"""Check that every file that states the version states the same one.

    python packaging/release/versions.py          # fails and names what differs
    python packaging/release/versions.py --set 1.2.3

The one place is `amp_tray/__init__.py`; what has to repeat it is compared with it here.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ONE_PLACE = Path("amp_tray/__init__.py")
EXTENSION = Path("rpc/clients/vscode/package.json")
EXTENSION_LOCK = Path("rpc/clients/vscode/package-lock.json")
METAINFO = Path("packaging/linux/io.github.amp_tray.amp_tray.metainfo.xml")
MAN_PAGE = Path("packaging/man/amp-tray.1")

_STATED = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_RELEASED = re.compile(r'<release version="([^"]+)"')
_TITLE = re.compile(r'^\.TH .*"amp-tray ([^"]+)"', re.MULTILINE)
_VERSION = re.compile(r"\d+\.\d+\.\d+")


def main() -> None:
    """Check, or set the version first."""
    parser = argparse.ArgumentParser(description="Check that the version is the same everywhere.")
    parser.add_argument("--set", metavar="VERSION", help="write it everywhere first")
    version = parser.parse_args().set
    if version is not None:
        if not _VERSION.fullmatch(version):
            sys.exit(f"{version!r} is no version such as 1.2.3")
        write_version(ROOT, version)
    problems = disagreements(ROOT)
    if problems:
        sys.exit("\n".join(problems))
    print(the_version(ROOT))


def the_version(root: Path) -> str:
    """Return the version as the one place has it."""
    return _found(_STATED, root / ONE_PLACE)


def stated_versions(root: Path) -> Mapping[str, str]:
    """Return what every file that repeats it says, by the file's name."""
    lock = json.loads((root / EXTENSION_LOCK).read_text("utf-8"))
    return {
        str(EXTENSION): json.loads((root / EXTENSION).read_text("utf-8"))["version"],
        str(EXTENSION_LOCK): lock["version"],
        f"{EXTENSION_LOCK} (packages)": lock["packages"][""]["version"],
        str(METAINFO): _found(_RELEASED, root / METAINFO),
        str(MAN_PAGE): _found(_TITLE, root / MAN_PAGE),
    }


def disagreements(root: Path) -> list[str]:
    """Return a line for every file that says another version than the one place."""
    version = the_version(root)
    return [
        f"{name} says {stated}, {ONE_PLACE} says {version}"
        for name, stated in stated_versions(root).items()
        if stated != version
    ]


def write_version(root: Path, version: str) -> None:
    """Write the version into every file but the manual page, which `make schemas` makes."""
    old = the_version(root)
    for path, before, after in (
        (ONE_PLACE, f'__version__ = "{old}"', f'__version__ = "{version}"'),
        (EXTENSION, f'"version": "{old}"', f'"version": "{version}"'),
        (EXTENSION_LOCK, f'"version": "{old}"', f'"version": "{version}"'),
        (METAINFO, f'<release version="{old}"', f'<release version="{version}"'),
        (MAN_PAGE, f'"amp-tray {old}"', f'"amp-tray {version}"'),
    ):
        text = (root / path).read_text("utf-8")
        # In the lock the first two are the extension's own; others are of what it is built with.
        times = 2 if path == EXTENSION_LOCK else 1
        (root / path).write_text(text.replace(before, after, times), encoding="utf-8")


def _found(pattern: re.Pattern[str], path: Path) -> str:
    found = pattern.search(path.read_text("utf-8"))
    if found is None:
        sys.exit(f"{path} states no version")
    return found[1]


if __name__ == "__main__":
    main()
