"""A family of threads to usage events: what each owns (R4), in which session (R3), resolved.

The whole accounting of one log format in one pure function, whatever order the records come
in. Families are independent: resolving all threads at once gives the same events.
"""

from collections.abc import Mapping
from typing import NamedTuple

from amp_tray.core.calls import resolve_calls, share_of
from amp_tray.core.events import Drop, Rule, UsageEvent
from amp_tray.core.forks import share_out
from amp_tray.core.identity import Fact, Signature, links_of, total_of
from amp_tray.core.lineage import Family, session_of
from amp_tray.core.records import LedgerEvent, MessageUsage, ThreadRecord, ToolInference
from amp_tray.core.resolve import Resolved, resolve_thread

RULES_VERSION = 4
"""Raise it when a rule changes: events that an older version resolved are then made anew."""


class ThreadUsage(NamedTuple):
    """One thread's part of a family: what is known of it and its usage events."""

    thread_id: str
    session_id: str
    title: str | None
    project: str | None
    events: tuple[UsageEvent, ...]


class ThreadSpan(NamedTuple):
    """A thread and when it was used.

    Attributes:
        first_at, last_at: instants of its first and last usage, None where it has none.
    """

    thread_id: str
    title: str | None
    first_at: int | None
    last_at: int | None


class FamilyUsage(NamedTuple):
    """A family resolved.

    Attributes:
        threads: by thread id; one whose file nobody has is there if a fork holds some of it.
        drops: what files hold and is not counted there.
        wanted: (thread, signature) of copies whose owner's file is not in the family, each
            signature once. Any other thread that has a fact of it belongs to this family.
    """

    threads: dict[str, ThreadUsage]
    drops: tuple[Drop, ...]
    wanted: frozenset[tuple[str, Signature]]


def resolve_family(family: Family) -> FamilyUsage:
    """Resolve records that belong together."""
    if any(record.calls for record in family.values()):
        return _of_calls(family)
    owned = share_out(family)
    threads: dict[str, ThreadUsage] = {}
    sessions = {name: session_of(family, name) for name in (*family, *owned.records)}
    drops = [
        _drop(sessions, copy.holder.thread_id, copy.fact, copy.owner) for copy in owned.dropped
    ]
    drops += [_drop(sessions, holder, event, owner) for owner, holder, event in owned.moved]
    for thread_id, record in owned.records.items():
        session_id = sessions[thread_id]
        resolved = resolve_thread(record, session_id, family.keys())
        drops += resolved.drops
        threads[thread_id] = ThreadUsage(
            thread_id, session_id, record.title, record.project, resolved.events
        )
    # One holder for each is enough: forks of one origin are a family by its name.
    wanted: dict[Signature, str] = {}
    facts: dict[Fact | LedgerEvent, str] = {}
    for copy in owned.orphans:
        facts.setdefault(copy.fact, copy.holder.thread_id)
    for holder, event in owned.lost:
        facts.setdefault(event, holder)
    for fact, holder in facts.items():
        for signature in links_of(fact):
            wanted.setdefault(signature, holder)
    searched = frozenset((holder, signature) for signature, holder in wanted.items())
    return FamilyUsage(threads, tuple(drops), searched)


def resolve_alone(record: ThreadRecord) -> Resolved:
    """Resolve a thread that has no `relatives`: a family of itself."""
    return resolve_thread(record, record.thread_id, {record.thread_id})


def relatives(record: ThreadRecord) -> set[str]:
    """Return the threads that a thread names, which its usage may depend on or decide."""
    if record.calls:
        return {share_of(record)}
    named = {record.main_thread_id, record.origin_thread_id}
    named |= {event.subagent_thread_id for event in record.events}
    return {name for name in named if name is not None and name != record.thread_id}


def _of_calls(family: Family) -> FamilyUsage:
    resolved = resolve_calls(family)
    threads = {
        thread_id: ThreadUsage(
            thread_id,
            family[thread_id].main_thread_id or thread_id,
            family[thread_id].title,
            family[thread_id].project,
            events,
        )
        for thread_id, events in resolved.events.items()
    }
    return FamilyUsage(threads, resolved.drops, frozenset())


_NAMES = {
    MessageUsage: "message",
    ToolInference: "tool inference",
    LedgerEvent: "ledger event",
}


def _drop(sessions: Mapping[str, str], holder: str, fact: Fact | LedgerEvent, owner: str) -> Drop:
    why = f"a copy of what belongs to the thread {owner}, which this one was forked from"
    return Drop(sessions[holder], holder, Rule.FORK, _NAMES[type(fact)], total_of(fact), why)
