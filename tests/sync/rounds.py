"""Making rounds and looking at what came of them."""

import json
from typing import Any

from amp_tray.sync.child import Stop
from amp_tray.sync.rounds import Setup, sync_once
from amp_tray.sync.state import SyncState
from tests.support.threads import answer, thread

DAY_MS = 24 * 60 * 60 * 1000


def named(number: int, *messages: Any) -> dict[str, Any]:
    """Return a thread, as it is exported."""
    return thread(*(messages or (answer("M-1"),)), id=f"T-{number:04}")


def sync(setup: Setup, since: int | None = None) -> SyncState:
    """Make a round."""
    return sync_once(setup, stop=Stop(), since=since)


def files(setup: Setup) -> dict[str, dict[str, Any]]:
    """Return what is in the archive, by file name."""
    folder = setup.places.archive / "threads"
    return {path.name: json.loads(path.read_bytes()) for path in sorted(folder.iterdir())}
