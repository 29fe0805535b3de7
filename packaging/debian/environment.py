"""Lay out the environment of the Debian package: `make deb`.

    python packaging/debian/environment.py build/debian dist/amp_tray-*.whl

Debian 12 has several of the libraries too old (pydantic, Pillow) or not at all (msgspec), so the
package brings those of `packaging/locked` along, in a virtual environment of Debian's own Python
below /usr/lib/amp-tray. That environment is laid out here, not made by running that Python, so
that any Linux with dpkg-deb builds it.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LOCKED = HERE.parent / "locked/program.txt"

SERIES = "3.11"
"""The Python of Debian 12."""

HOME = Path("usr/lib/amp-tray")
# What the loader of Debian 12 takes: its C library is 2.36.
PLATFORMS = {"amd64": "x86_64-manylinux_2_36", "arm64": "aarch64-manylinux_2_36"}
# Never built here: it would be for this machine's Python. The others are Python alone.
COMPILED = ("dbus-fast", "msgspec", "pillow", "pydantic-core", "rpds-py", "watchfiles")
# What came with a library and this program never uses: tests, stubs, commands, what was compiled;
# of Pillow what reads AVIF and WebP, sets type and converts colour profiles, with its libraries.
UNUSED = (
    *("bin", "**/tests", "**/*.pyi", "**/__pycache__", "**/.lock"),
    *(f"*.dist-info/{name}" for name in ("RECORD", "direct_url.json", "uv_cache.json")),
    *("PIL/_avif.*", "PIL/_imagingcms.*", "PIL/_imagingft.*", "PIL/_imagingtk.*", "PIL/_webp.*"),
    *(f"pillow.libs/lib{name}*" for name in ("avif", "brotli", "freetype", "harfbuzz", "lcms2")),
    *(f"pillow.libs/lib{name}*" for name in ("png16", "sharpyuv", "webp")),
)


def main() -> None:
    """Lay it out."""
    root, wheel = Path(sys.argv[1]), Path(sys.argv[2]).resolve()
    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    if architecture not in PLATFORMS:
        sys.exit(f"no package is made for {architecture}; for: {', '.join(PLATFORMS)}")
    environment = root / HOME
    install(wheel, environment / f"lib/python{SERIES}/site-packages", PLATFORMS[architecture])
    make_environment(environment)


def install(wheel: Path, packages: Path, platform: str) -> None:
    """Put the program and what it needs into a directory, from wheels alone."""
    uv = Path(sys.executable).with_name("uv")
    where = ("--target", packages, "--python-version", SERIES, "--python-platform", platform)
    how = ("--quiet", "--no-deps", "--no-build-isolation", "--link-mode", "copy")
    common = (uv, "pip", "install", "--python", sys.executable, *how, *where)
    ready = [word for name in COMPILED for word in ("--only-binary", name)]
    _run(*common, *ready, "--require-hashes", "--requirement", LOCKED)
    _run(*common, wheel)
    for pattern in UNUSED:
        for path in packages.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for library in packages.rglob("*.so*"):
        _run("strip", "--strip-unneeded", library)


def make_environment(environment: Path) -> None:
    """Lay out a virtual environment of Debian's Python, with its PyGObject in sight."""
    scripts = environment / "bin"
    scripts.mkdir()
    (scripts / "python3").symlink_to("../../../bin/python3")
    shutil.copyfile(HERE / "start.py", scripts / "amp-tray")
    (environment / "pyvenv.cfg").write_text(
        f"home = /usr/bin\ninclude-system-site-packages = true\nversion = {SERIES}\n",
        encoding="utf-8",
    )


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True)


if __name__ == "__main__":
    main()
