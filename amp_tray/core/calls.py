"""Calls that their log tells whole: of all copies one counts, in whatever files they lie.

A resumed session, a fork or a sub-agent begins with copies of calls that other files have. A
copy keeps the time of what it copies, so the records of one hour are a family, and no more
than an hour of usage is resolved when a line arrives.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from amp_tray.core.events import UNKNOWN_MODEL, Drop, Evidence, Rule, Terms, UsageEvent
from amp_tray.core.money import Usd
from amp_tray.core.records import Call, Rung, ThreadRecord
from amp_tray.core.unite import standing

HOUR_MS = 60 * 60 * 1000

# Looking up a member of an enumeration costs as much as a call.
_MESSAGE, _USAGE = Evidence.MESSAGE, Rung.USAGE


class ResolvedCalls(NamedTuple):
    """The usage events of each record, oldest first, and what is not counted in them."""

    events: dict[str, tuple[UsageEvent, ...]]
    drops: tuple[Drop, ...]


class _Held(NamedTuple):
    """A copy of a call, and the record that has it."""

    call: Call
    record: ThreadRecord


def share_of(record: ThreadRecord) -> str:
    """Return the name that all records of one hour share, whichever session they are of."""
    return f"hour {(record.created or 0) // HOUR_MS}"


def resolve_calls(family: Mapping[str, ThreadRecord]) -> ResolvedCalls:
    """Give each call to the record that has the copy which stands; the order decides nothing."""
    copies: dict[str, list[_Held]] = defaultdict(list)
    for thread_id in sorted(family):
        record = family[thread_id]
        for call in record.calls:
            copies[call.call_id].append(_Held(call, record))
    events: dict[str, list[UsageEvent]] = {thread_id: [] for thread_id in family}
    drops: list[Drop] = []
    for held in copies.values():
        counted = held if len(held) == 1 else _counted(held)
        for call, record in counted:
            if call.cost or call.input or call.output or call.cache_creation or call.cache_read:
                events[record.thread_id].append(_event(call, record))
        if len(held) > 1:
            drops += (
                _drop(copy, counted[0])
                for copy in held
                if all(copy is not each for each in counted)
            )
    return ResolvedCalls(
        {
            thread_id: tuple(sorted(each, key=lambda event: event.at))
            for thread_id, each in events.items()
        },
        tuple(drops),
    )


def _counted(copies: Sequence[_Held]) -> list[_Held]:
    """Return the copies that count: one of each request, or of all that sub-agents replayed."""
    requests: dict[str | None, list[_Held]] = defaultdict(list)
    for copy in copies:
        requests[copy.call.request_id].append(copy)
    made = [_best(same) for same in requests.values() if not all(each.call.aside for each in same)]
    return made or [_best(copies)]


def _best(copies: Sequence[_Held]) -> _Held:
    """Return the copy that stands; of equal ones that of the first session by name."""
    highest = max(standing(copy.call) for copy in copies)
    return min(
        (copy for copy in copies if standing(copy.call) == highest),
        key=lambda copy: copy.record.thread_id,
    )


def _event(call: Call, record: ThreadRecord) -> UsageEvent:
    usual = not call.hour_creation and not call.speed
    # By place: names would take twice as long.
    return UsageEvent(
        record.main_thread_id or record.thread_id,
        record.thread_id,
        call.at,
        _USAGE,
        _MESSAGE,
        call.model or UNKNOWN_MODEL,
        call.input,
        call.output,
        call.cache_creation,
        call.cache_read,
        None,
        None if call.cost is None else Usd(call.cost),
        True,
        call.call_id,
        call.request_id,
        None,
        None if usual else Terms(call.hour_creation, call.speed),
    )


def _drop(copy: _Held, counted: _Held) -> Drop:
    call, record = copy
    owner = counted.record.main_thread_id or counted.record.thread_id
    return Drop(
        record.main_thread_id or record.thread_id,
        record.thread_id,
        Rule.COPY,
        "call",
        call.input + call.output + call.cache_creation + call.cache_read,
        f"a copy of a call that counts in the session {owner}",
    )
