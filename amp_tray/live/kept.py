"""Parts of answers that are kept as long as the snapshot they were made of."""

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple, TypeVar

from amp_tray.core.snapshot import Snapshot

_Part = TypeVar("_Part")

_MOST = 8  # every zone and day might be asked for


class _Held(NamedTuple):
    snapshot: Snapshot | None
    parts: dict[tuple[Hashable, ...], object]


class Kept:
    """What was made of the newest snapshot that was asked about; any thread may ask."""

    def __init__(self) -> None:
        self._held = _Held(None, {})

    def part(self, snapshot: Snapshot, key: Iterable[Hashable], make: Callable[[], _Part]) -> _Part:
        """Return the part of that key, made now if it is not kept.

        Args:
            key: all that it depends on beside the snapshot; begins with what it is.
        """
        # Taken by one reference: another thread may put that of another snapshot in its place.
        held = self._held
        if held.snapshot is not snapshot or len(held.parts) >= _MOST:
            self._held = held = _Held(snapshot, {})
        name = tuple(key)
        if name not in held.parts:
            held.parts[name] = make()
        return held.parts[name]  # type: ignore[return-value] # a key names one kind of part
