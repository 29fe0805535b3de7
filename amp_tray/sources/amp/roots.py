"""Where Amp's thread files lie.

Source: published Amp builds write `${XDG_DATA_HOME:-~/.local/share}/amp/threads` on every
system; `AMP_DATA_DIR` is the reporting tools' override, one directory or a comma list.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

THREADS = "threads"
THREAD_PREFIX = "T-"
"""What a thread's id begins with, and so its file's name."""


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
    """Return the directory of a root's thread files: its `threads`, or the root itself.

    It is the root itself where that is a `threads`, or has thread files and no `threads`.
    """
    inner = root / THREADS
    if inner.is_dir():
        return inner
    return root if root.name == THREADS or _holds_threads(root) else inner


def may_be_thread(name: str) -> bool:
    """Say whether a file of this name is looked into; exports have any name.

    Hidden files are not, nor half-written ones: `*.amptmp`, and what others call `*.part` or
    `*.tmp`.
    """
    return name.endswith(".json") and not name.startswith(".")


def is_thread_file(name: str) -> bool:
    """Say whether a file that may be a thread has a name that Amp itself gives to none else."""
    return name.startswith(THREAD_PREFIX)


def _holds_threads(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(
                may_be_thread(entry.name) and is_thread_file(entry.name) for entry in entries
            )
    except OSError:  # listing the root will say so
        return False


def _expand(text: str, home: Path) -> Path:
    if text == "~" or text.startswith(("~/", "~\\")):
        return home / text[1:].lstrip("/\\")
    # A shell expands `~user` only where a word begins, which is not after a comma.
    return Path(os.path.expanduser(text) if text.startswith("~") else text).absolute()  # noqa: PTH111 - pathlib raises for a user that is not there


def _distinct(roots: Iterable[Path]) -> tuple[Path, ...]:
    distinct: dict[str, Path] = {}
    for root in roots:
        distinct.setdefault(os.path.realpath(threads_folder(root)), root)
    return tuple(distinct.values())
