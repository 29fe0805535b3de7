"""Lay out what the Debian package has besides the program: documents, and what desktops look for.

    python packaging/debian/contents.py build/debian 1.2.3

Call it when the program is there: the licences are those of the libraries that came along.
"""

import gzip
import os
import shutil
import subprocess
import sys
from email.parser import HeaderParser
from email.utils import formatdate
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LINUX = ROOT / "packaging/linux"
DOCUMENTS = Path("usr/share/doc/amp-tray")
MAINTAINER = "The amp-tray authors <amp-tray@users.noreply.github.com>"
COMPLETIONS = {
    "bash": "usr/share/bash-completion/completions/amp-tray",
    "zsh": "usr/share/zsh/vendor-completions/_amp-tray",
    "fish": "usr/share/fish/vendor_completions.d/amp-tray.fish",
}
COPIES = {
    LINUX / "amp-tray.desktop": "usr/share/applications/amp-tray.desktop",
    LINUX / "amp-tray.service": "usr/lib/systemd/user/amp-tray.service",
    LINUX / "io.github.amp_tray.amp_tray.metainfo.xml": (
        "usr/share/metainfo/io.github.amp_tray.amp_tray.metainfo.xml"
    ),
    HERE / "lintian-overrides": "usr/share/lintian/overrides/amp-tray",
}
_WHERE = """\
The files named lie below /usr/lib/amp-tray/lib/python3.11/site-packages. On Debian systems the
texts of the GNU Lesser General Public License are /usr/share/common-licenses/LGPL-2.1 (which
python-xlib is under) and /usr/share/common-licenses/LGPL-3 (which pystray is under).
"""
# The link that keeps the command where an upgrade and a login entry expect it.
LINKS = {"usr/bin/amp-tray": "../lib/amp-tray/bin/amp-tray"}


def main() -> None:
    """Lay it out."""
    root, version = Path(sys.argv[1]), sys.argv[2]
    lay_out(root)
    (packages,) = (root / "usr/lib/amp-tray/lib").glob("python3.*/site-packages")
    write_documents(root / DOCUMENTS, packages, version)


def lay_out(root: Path) -> None:
    """Put everything but the program and its documents into the package's root."""
    for source, name in COPIES.items():
        shutil.copyfile(source, _made(root / name))
    for name, leads_to in LINKS.items():
        _made(root / name).symlink_to(leads_to)
    for source, place in icons():
        shutil.copyfile(source, _made(root / "usr/share/icons/hicolor" / place))
    page = (ROOT / "packaging/man/amp-tray.1").read_bytes()
    _made(root / "usr/share/man/man1/amp-tray.1.gz").write_bytes(_packed(page))
    for shell, name in COMPLETIONS.items():
        _made(root / name).write_text(completion(shell), encoding="utf-8")


def icons() -> list[tuple[Path, Path]]:
    """Return the icons for the desktop's default theme, each with its place there."""
    rendered = ROOT / "icons/rendered/hicolor"
    found = [path for path in sorted(rendered.rglob("*")) if path.is_file()]
    if found:
        return [(path, path.relative_to(rendered)) for path in found]
    return [(ROOT / "icons/amp-tray.svg", Path("scalable/apps/amp-tray.svg"))]


def completion(shell: str) -> str:
    """Return a shell's completion script, as the program prints it."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "rpc")])
    return subprocess.run(
        [sys.executable, "-m", "amp_tray", "completion", shell],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def write_documents(folder: Path, packages: Path, version: str) -> None:
    """Write what Debian wants to be told: the changelog and every licence."""
    folder.mkdir(parents=True)
    built_at = int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))
    entry = (
        f"amp-tray ({version}) bookworm; urgency=medium\n\n"
        "  * What changed for users is in CHANGELOG.md.gz beside this file.\n\n"
        f" -- {MAINTAINER}  {formatdate(built_at)}\n"
    )
    (folder / "changelog.gz").write_bytes(_packed(entry.encode()))
    changes = (ROOT / "packaging/CHANGELOG.md").read_bytes()
    (folder / "CHANGELOG.md.gz").write_bytes(_packed(changes))
    (folder / "copyright").write_text(copyright_of(packages), encoding="utf-8")


def copyright_of(packages: Path) -> str:
    """Return the licence of the program, and that each library names."""
    own = (ROOT / "LICENSE").read_text("utf-8")
    lines = ["amp-tray itself:", "", own, "", "The libraries below /usr/lib/amp-tray:", ""]
    for metadata in sorted(packages.glob("*.dist-info/METADATA")):
        fields = HeaderParser().parsestr(metadata.read_text("utf-8", "replace"))
        if fields["Name"] == "amp-tray":
            continue
        texts = [
            str(path.relative_to(packages))
            for path in sorted(metadata.parent.rglob("*"))
            if path.is_file() and path.name.upper().startswith(("LICEN", "COPYING", "NOTICE"))
        ]
        lines.append(f"{fields['Name']} {fields['Version']}: {_licence(fields.items())}")
        lines += [f"  {text}" for text in texts]
    return "\n".join([*lines, "", _WHERE]) + "\n"


def _licence(fields: list[tuple[str, str]]) -> str:
    named = {name: value for name, value in fields if value.strip()}
    classes = [
        value.rpartition(" :: ")[2]
        for name, value in fields
        if name == "Classifier" and value.startswith("License ::")
    ]
    stated = named.get("License-Expression") or ", ".join(classes) or named.get("License", "")
    return stated.splitlines()[0] if stated else "see its files"


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _packed(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


if __name__ == "__main__":
    main()
