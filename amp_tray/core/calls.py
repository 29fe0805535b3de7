"""Calls that their log tells whole: of all copies one counts, in whatever files they lie.

A resumed session, a fork or a sub-agent begins with copies of calls that other files have. A
copy keeps the time of what it copies, so the records of one hour are a family, and no more
than an hour of usage is resolved when a line arrives.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from amp_tray.core.events import UNKNOWN_MODEL, Drop, Evidence, Rule, Terms, UsageEvent
from amp_tray.core.money import Usd
from amp_tray.core.records import Call, Rung, ThreadRecord
from amp_tray.core.unite import standing

HOUR_MS = 60 * 60 * 1000

# Looking up a member of an enumeration costs as much as a call.
_MESSAGE, _USAGE = Evidence.MESSAGE, Rung.USAGE
_at = attrgetter("at")


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


def hour_id(session_id: str, hour: int) -> str:
    """Return the id of the record that has a session's calls of one hour."""
    return f"{session_id}@{hour}"


def session_in(thread_id: str) -> str:
    """Return the session that an id is one hour of; any other id as it is."""
    session_id, mark, hour = thread_id.rpartition("@")
    return session_id if mark and hour.isdecimal() else thread_id


def resolve_calls(family: Mapping[str, ThreadRecord]) -> ResolvedCalls:
    """Give each call to the record that has the copy which stands; the order decides nothing."""
    times = Counter(call.call_id for record in family.values() for call in record.calls)
    copies: dict[str, list[_Held]] = defaultdict(list)
    events: dict[str, list[UsageEvent]] = {}
    for thread_id in sorted(family):
        record = family[thread_id]
        events[thread_id] = [
            _event(call, record)
            for call in record.calls
            if times[call.call_id] == 1 and _is_used(call)  # as nearly always
        ]
        for call in record.calls:
            if times[call.call_id] > 1:
                copies[call.call_id].append(_Held(call, record))
    drops: list[Drop] = []
    for held in copies.values():
        counted = _counted(held)
        for call, record in counted:
            if _is_used(call):
                events[record.thread_id].append(_event(call, record))
        drops += (
            _drop(copy, counted[0]) for copy in held if all(copy is not each for each in counted)
        )
    return ResolvedCalls(
        {thread_id: tuple(sorted(each, key=_at)) for thread_id, each in events.items()},
        tuple(drops),
    )


def _is_used(call: Call) -> bool:
    return bool(call.output or call.input or call.cache_read or call.cache_creation or call.cost)


def _counted(copies: Sequence[_Held]) -> list[_Held]:
    """Return the copies that count: one of each request, or of all that sub-agents replayed."""
    requests: dict[str | None, list[_Held]] = defaultdict(list)
    for copy in copies:
        requests[copy.call.request_id].append(copy)
    made = [_best(same) for same in requests.values() if not all(each.call.aside for each in same)]
    return made or [_best(copies)]


def _best(copies: Sequence[_Held]) -> _Held:
    """Return the copy that stands; of equal ones that of the first session by name."""
    if len(copies) == 1:
        return copies[0]
    standings = [standing(copy.call) for copy in copies]
    highest = max(standings)
    return min(
        (copy for copy, each in zip(copies, standings, strict=True) if each == highest),
        key=lambda copy: copy.record.thread_id,
    )


def _event(call: Call, record: ThreadRecord) -> UsageEvent:
    # By place, both: names would take twice as long.
    call_id, request_id, at, model, input_, output, created, read, hour, cost, speed, *_ = call
    return UsageEvent(
        record.main_thread_id or record.thread_id,
        record.thread_id,
        at,
        _USAGE,
        _MESSAGE,
        model or UNKNOWN_MODEL,
        input_,
        output,
        created,
        read,
        None,
        None if cost is None else Usd(cost),
        True,
        call_id,
        request_id,
        None,
        Terms(hour, speed) if hour or speed else None,
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
