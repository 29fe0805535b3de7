"""A family of threads to usage events: what each owns (R4), in which session (R3), resolved.

The whole accounting of one log format in one pure function, whatever order the records come
in. Families are independent: resolving all threads at once gives the same events.
"""

from typing import NamedTuple

from amp_tray.core.events import Drop, Rule, UsageEvent
from amp_tray.core.forks import Copy, Signature, facts_of, share_out, signature_of, total_of
from amp_tray.core.lineage import Family, session_of
from amp_tray.core.records import ThreadRecord
from amp_tray.core.resolve import resolve_thread

RULES_VERSION = 2
"""Raise it when a rule changes: events that an older version resolved are then made anew."""


class ThreadUsage(NamedTuple):
    """One thread's part of a family: what is known of it and its usage events."""

    thread_id: str
    session_id: str
    title: str | None
    project: str | None
    events: tuple[UsageEvent, ...]


class FamilyUsage(NamedTuple):
    """A family resolved.

    Attributes:
        threads: by thread id; one whose file nobody has is there if a fork holds some of it.
        drops: what files hold and is not counted there.
        wanted: (thread, signature) of copies whose owner's file is not in the family. Any other
            thread that has a fact of that signature belongs to this family.
    """

    threads: dict[str, ThreadUsage]
    drops: tuple[Drop, ...]
    wanted: frozenset[tuple[str, Signature]]


def resolve_family(family: Family) -> FamilyUsage:
    """Resolve records that belong together."""
    owned = share_out(family)
    threads: dict[str, ThreadUsage] = {}
    drops = [_dropped(family, copy) for copy in owned.dropped]
    for thread_id, record in owned.records.items():
        session_id = session_of(family, thread_id)
        resolved = resolve_thread(record, session_id, family.keys() - {thread_id})
        drops += resolved.drops
        threads[thread_id] = ThreadUsage(
            thread_id, session_id, record.title, record.project, resolved.events
        )
    wanted = (
        (copy.holder.thread_id, signature)
        for copy in owned.orphans
        if (signature := signature_of(copy.fact)) is not None
    )
    return FamilyUsage(threads, tuple(drops), frozenset(wanted))


def relatives(record: ThreadRecord) -> set[str]:
    """Return the threads that a thread names, which its usage may depend on or decide."""
    named = {record.main_thread_id, record.origin_thread_id}
    named |= {event.subagent_thread_id for event in record.events}
    return {name for name in named if name is not None and name != record.thread_id}


def signatures(record: ThreadRecord) -> set[Signature]:
    """Return what a thread's messages and tool inferences are recognised by elsewhere."""
    found = (signature_of(fact) for fact in facts_of(record))
    return {signature for signature in found if signature is not None}


def _dropped(family: Family, copy: Copy) -> Drop:
    holder = copy.holder.thread_id
    why = f"a copy of what belongs to the thread {copy.owner}, which this one was forked from"
    what = type(copy.fact).__name__
    return Drop(session_of(family, holder), holder, Rule.FORK, what, total_of(copy.fact), why)
