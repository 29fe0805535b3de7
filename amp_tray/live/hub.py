"""The snapshot hub: the newest snapshot by reference, and who wants to hear of the next."""

from collections.abc import Callable

from amp_tray.core.snapshot import Snapshot
from amp_tray.live.listeners import Listeners

Listener = Callable[[], None]


class SnapshotHub:
    """Holds the newest snapshot; publishing and subscribing belong to one thread."""

    def __init__(self) -> None:
        self._current: Snapshot | None = None
        self._listeners = Listeners[[]]("snapshot")

    @property
    def current(self) -> Snapshot | None:
        """Return the newest snapshot, None before the first; any thread may ask."""
        return self._current

    @property
    def revision(self) -> int:
        """Return the newest snapshot's revision, 0 before the first."""
        return 0 if self._current is None else self._current.revision

    def publish(self, snapshot: Snapshot) -> None:
        """Make a snapshot the newest and tell every listener."""
        self._current = snapshot
        self._listeners.tell()

    def confirm(self, snapshot: Snapshot) -> None:
        """Replace the newest snapshot by one of the same figures; nobody is told."""
        assert snapshot.revision == self.revision
        self._current = snapshot

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each publication; returns the function that ends it."""
        return self._listeners.add(listener)
