"""Limits of the system that watching runs into."""

from collections.abc import Mapping
from pathlib import Path

_INOTIFY = Path("/proc/sys/fs/inotify")
_NAMES = {"maxUserWatches": "max_user_watches", "maxUserInstances": "max_user_instances"}


def watch_limits(folder: Path = _INOTIFY) -> Mapping[str, int] | None:
    """Return how many directories and watchers one user may have; None where nothing says.

    Source: Linux, inotify(7).
    """
    try:
        return {name: int((folder / file).read_text("ascii")) for name, file in _NAMES.items()}
    except (OSError, ValueError):
        return None
