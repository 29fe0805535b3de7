"""Make the Debian package of a root that is laid out: `make deb`.

python packaging/debian/package.py build/debian 1.2.3 dist
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BUILT_AT = int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))


def main() -> None:
    """Make the package and print its path."""
    root, version, target = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    architecture = _said("dpkg", "--print-architecture")
    seal(root)
    write_control(root, version, architecture)
    built = target / f"amp-tray_{version}_{architecture}.deb"
    _said("dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, built)
    print(built)


def seal(root: Path) -> None:
    """Give every file the mode and time that it has in every build."""
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_symlink():
            continue
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
        os.utime(path, (BUILT_AT, BUILT_AT))


def write_control(root: Path, version: str, architecture: str) -> None:
    """Write what dpkg wants to know; call it when all files are there."""
    control = root / "DEBIAN"
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    size = sum(-(-path.stat().st_size // 1024) for path in files)
    text = (HERE / "control.in").read_text("utf-8")
    for name, value in (("VERSION", version), ("ARCHITECTURE", architecture), ("SIZE", str(size))):
        text = text.replace(f"@{name}@", value)
    control.mkdir()
    (control / "control").write_text(text, encoding="utf-8")
    sums = _said("md5sum", *(path.relative_to(root) for path in files), folder=root)
    (control / "md5sums").write_text(f"{sums}\n", encoding="utf-8")
    for script in ("postinst", "prerm"):
        shutil.copyfile(HERE / script, control / script)
        (control / script).chmod(0o755)


def _said(*words: str | Path, folder: Path | None = None) -> str:
    return subprocess.check_output(words, text=True, cwd=folder).strip()


if __name__ == "__main__":
    main()
