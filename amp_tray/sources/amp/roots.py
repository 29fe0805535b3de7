"""Where Amp's thread files lie.

Source: published Amp builds write `${XDG_DATA_HOME:-~/.local/share}/amp/threads` on every
system; `AMP_DATA_DIR` is the reporting tools' override, one directory or a comma list.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

THREADS = "threads"


def find_roots(env: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return Amp's data directories, existing or not; one real directory is one root.

    A root and its own `threads` are one too, by the spelling that comes first.
    """
    listed = [part.strip() for part in env.get("AMP_DATA_DIR", "").split(",") if part.strip()]
    if listed:
        return _distinct(_expand(part, home) for part in listed)
    data_home = env.get("XDG_DATA_HOME", "")
    base = Path(data_home) if Path(data_home).is_absolute() else home / ".local" / "share"
    return (base / "amp",)


def threads_folder(root: Path) -> Path:
    """Return the directory of a root's thread files: its `threads`, or the root itself."""
    inner = root / THREADS
    if root.name == THREADS and not inner.is_dir():
        return root
    return inner


def is_thread_file(name: str) -> bool:
    """Say whether a file name is a thread's; half-written `*.amptmp` files are not."""
    return name.startswith("T-") and name.endswith(".json")


def _expand(text: str, home: Path) -> Path:
    if text == "~" or text.startswith(("~/", "~\\")):
        return home / text[2:]
    return Path(text).absolute()


def _distinct(roots: Iterable[Path]) -> tuple[Path, ...]:
    distinct: dict[str, Path] = {}
    for root in roots:
        distinct.setdefault(os.path.realpath(threads_folder(root)), root)
    return tuple(distinct.values())
