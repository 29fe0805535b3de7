"""A thread's usage events as the ledger keeps them: one JSON array a thread.

The thread and its session stand in the row already, so each event is an array of the fields
after those two. Old arrays stay readable when a field with a default is added at the end.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from amp_tray.core.events import Terms, UsageEvent

_OWN = 2  # the session and the thread, which the row has
_USUAL = slice(_OWN, -1)  # an event on the usual terms, which are not written
_FIELDS = len(UsageEvent._fields) - _OWN

_Stored = list[tuple[Any, ...]]
_DECODER = msgspec.json.Decoder(_Stored)


def encode_events(events: Iterable[UsageEvent]) -> str:
    """Return events of one thread as JSON text."""
    return msgspec.json.encode(
        [event[_USUAL] if event[-1] is None else event[_OWN:] for event in events]
    ).decode()


def decode_events(session_id: str, thread_id: str, text: str) -> list[UsageEvent]:
    """Return the events of a JSON text; raises ValueError when it holds none."""
    try:
        return [
            UsageEvent(session_id, thread_id, *event)
            if len(event) < _FIELDS
            else UsageEvent(session_id, thread_id, *(*event[:-1], Terms(*event[-1])))
            for event in _DECODER.decode(text)
        ]
    except TypeError as error:
        raise ValueError("an event has other fields") from error


def span_of_events(events: Sequence[UsageEvent]) -> tuple[int, int | None, int | None]:
    """Return how many events there are, and the first and last instant."""
    instants = [event.at for event in events]
    return len(instants), min(instants, default=None), max(instants, default=None)
