"""When a message was billed: the time ladder.

Its usage's timestamp, else the message's, else the latest time of its blocks, else the start
of the thread's trace of that inference, else the latest preceding user message's `sentAt`,
else the thread's creation, else the file's modification.
"""

from collections.abc import Iterable

from amp_tray.core.records import Rung
from amp_tray.sources.amp import wire
from amp_tray.sources.amp.values import read_id, read_instant

# Looking up a member of an enumeration costs as much as a call.
_, _MESSAGE, _BLOCK, _TRACE, _SENT, _CREATED, _MTIME = Rung


class MessageTimes:
    """The ladder for one thread."""

    def __init__(self, thread: wire.Thread, mtime: int) -> None:
        self._created = read_instant(thread.created)
        self._mtime = mtime
        self._traces = _trace_times(thread)

    def of(self, message: wire.Message, sent_at: int | None) -> tuple[int, Rung]:
        """Return when a message whose usage does not say was billed, and which rung says so.

        Args:
            sent_at: `sentAt` of the latest user message before it.
        """
        if message.timestamp is not None and (at := read_instant(message.timestamp)) is not None:
            return at, _MESSAGE
        if message.content and (at := _latest_block_time(message.content)) is not None:
            return at, _BLOCK
        if self._traces:
            at = self._traces.get(read_id(message.message_id) or "")
            if at is not None:
                return at, _TRACE
        if sent_at is not None:
            return sent_at, _SENT
        if self._created is not None:
            return self._created, _CREATED
        return self._mtime, _MTIME


def _latest_block_time(blocks: Iterable[wire.Block]) -> int | None:
    latest = None
    for block in blocks:
        if block.final_time is None and block.start_time is None:  # as of all but tools
            continue
        for value in (block.final_time, block.start_time):
            at = read_instant(value)
            if at is not None and (latest is None or at > latest):
                latest = at
    return latest


def _trace_times(thread: wire.Thread) -> dict[str, int]:
    times: dict[str, int] = {}
    traces = thread.meta.traces if thread.meta is not None else None
    for trace in traces or ():
        name = read_id(trace.context.message_id) if trace.context is not None else None
        at = read_instant(trace.start_time)
        if trace.name == "inference" and name is not None and at is not None:
            times.setdefault(name, at)
    return times
