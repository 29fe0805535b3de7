"""Rule R4: what each thread of a family owns, each fact once.

A fork's file begins with copies of its origin's messages; a sub-thread has a file of its own.
In: the records of a family, whatever is missing, in any order. Out: one record per owning
thread with its own facts alone, so that resolving a thread need not know that forks exist.

Source: the accounting rules of Amp's thread files, found by comparing what published Amp
builds write with what they bill.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple, TypeAlias

from amp_tray.core.lineage import Family, common_origin, owner_of
from amp_tray.core.records import MessageUsage, ThreadRecord, ToolInference

Fact: TypeAlias = MessageUsage | ToolInference

Signature: TypeAlias = tuple[str | int | None, ...]
"""What makes a fact recognisable in whatever other thread it lies."""


class Copy(NamedTuple):
    """A fact at or before a fork's fork point: some other thread's.

    Attributes:
        owner: the thread it belongs to, as far as the known origins tell.
        holder: the fork whose file has the copy.
    """

    owner: str
    holder: ThreadRecord
    fact: Fact


class Ownership(NamedTuple):
    """What a family's threads own.

    Attributes:
        records: by owning thread, its own facts and those that only its forks still hold. A
            thread whose file nobody has is there when a fork holds something of it.
        dropped: copies that count elsewhere.
        orphans: copies whose owner's file is not in the family; they may be found elsewhere.
    """

    records: dict[str, ThreadRecord]
    dropped: tuple[Copy, ...]
    orphans: tuple[Copy, ...]


def share_out(family: Family) -> Ownership:
    """Give every fact of a family to the thread that owns it, once."""
    owned = {thread_id: _own_facts(family, record) for thread_id, record in family.items()}
    homes = {
        signature
        for record in owned.values()
        for fact in facts_of(record)
        if (signature := signature_of(fact)) is not None
    }
    dropped: list[Copy] = []
    orphans: list[Copy] = []
    for copy in sorted(_copies(family), key=_age, reverse=True):
        if copy.owner not in family:
            orphans.append(copy)
        elif not _adopt(owned, copy.owner, copy.fact):
            dropped.append(copy)
    for group in _same_facts(orphans):
        newest = group[0]
        owner = min(copy.owner for copy in group)
        if any(signature_of(copy.fact) in homes for copy in group):
            dropped += group
            continue
        owned.setdefault(owner, unseen(owner, newest.holder))
        taken = _adopt(owned, owner, newest.fact)
        dropped += group[1:] if taken else group
    _share_out_events(family, owned)
    return Ownership(owned, tuple(dropped), tuple(orphans))


def position_of(fact: Fact) -> int:
    """Return the index of the message that is, or holds, a fact."""
    return fact.position if isinstance(fact, MessageUsage) else fact.message_position


def signature_of(fact: Fact) -> Signature | None:
    """Return what a fact is recognised by in another file; None when too little is known."""
    if isinstance(fact, ToolInference):
        return None if fact.tool_use_id is None else ("tool", fact.tool_use_id, fact.ordinal)
    time = fact.sent_at if fact.stamp is None else fact.stamp
    if time is None:
        return None
    return ("message", fact.message_id, fact.model, *_counts(fact), time)


def facts_of(record: ThreadRecord) -> list[Fact]:
    """Return the facts that a fork copies along: messages and tool inferences."""
    return [*record.messages, *record.tools]


def unseen(thread_id: str, holder: ThreadRecord) -> ThreadRecord:
    """Return an empty record for a thread whose file nobody has, as its fork describes it."""
    return ThreadRecord(
        thread_id=thread_id,
        version=0,
        created=holder.created,
        mtime=holder.mtime,
        project=holder.project,
        workspace=holder.workspace,
        tag_model=holder.tag_model,
        last_model=holder.last_model,
    )


def _own_facts(family: Family, record: ThreadRecord) -> ThreadRecord:
    if record.fork_point is None:
        return record
    return record._replace(
        fork_point=None,
        messages=tuple(fact for fact in record.messages if not _is_copy(family, record, fact)),
        tools=tuple(fact for fact in record.tools if not _is_copy(family, record, fact)),
    )


def _is_copy(family: Family, record: ThreadRecord, fact: Fact) -> bool:
    if record.fork_point is None or position_of(fact) > record.fork_point:
        return False
    return owner_of(family, record.thread_id, position_of(fact)) != record.thread_id


def _copies(family: Family) -> Iterator[Copy]:
    for record in family.values():
        if record.fork_point is None:
            continue
        for fact in facts_of(record):
            if _is_copy(family, record, fact):
                yield Copy(owner_of(family, record.thread_id, position_of(fact)), record, fact)


def _age(copy: Copy) -> tuple[object, ...]:
    """Return a total order that puts the newest holder last."""
    holder, fact = copy.holder, copy.fact
    kind = isinstance(fact, ToolInference)
    return (holder.version, holder.mtime, holder.thread_id, kind, position_of(fact), repr(fact))


def _adopt(owned: dict[str, ThreadRecord], owner: str, fact: Fact) -> bool:
    """Give a fact to its owner, unless its own file, or a newer copy, has it already."""
    record = owned[owner]
    if isinstance(fact, ToolInference):
        if any(_same_tool(fact, own) for own in record.tools):
            return False
        owned[owner] = record._replace(tools=(*record.tools, fact))
        return True
    if any(_same_message(fact, own) for own in record.messages):
        return False
    messages = sorted((*record.messages, fact), key=lambda message: message.position)
    owned[owner] = record._replace(messages=tuple(messages))
    return True


def _same_message(copy: MessageUsage, own: MessageUsage) -> bool:
    names = {copy.message_id, *copy.aliases} - {None}
    if names & {own.message_id, *own.aliases}:
        return True
    # The first era had no ids, and an export renumbers: then place or time, and look, decide.
    same_moment = copy.stamp is not None and copy.stamp == own.stamp
    same_look = (copy.model, *_counts(copy)) == (own.model, *_counts(own))
    return same_look and (same_moment or copy.position == own.position)


def _same_tool(copy: ToolInference, own: ToolInference) -> bool:
    if copy.tool_use_id is None:
        return copy == own
    return (copy.tool_use_id, copy.ordinal) == (own.tool_use_id, own.ordinal)


def _same_facts(orphans: Iterable[Copy]) -> list[list[Copy]]:
    """Group the copies of one fact, by place or by signature; each group newest first."""
    groups: dict[Hashable, list[Copy]] = {}
    for copy in orphans:
        joined = {id(groups[name]): groups[name] for name in _names(copy) if name in groups}
        merged = [item for group in joined.values() for item in group]
        merged = sorted([*merged, copy], key=_age, reverse=True)
        for item in merged:
            groups.update(dict.fromkeys(_names(item), merged))
    return list({id(group): group for group in groups.values()}.values())


def _names(copy: Copy) -> list[Hashable]:
    """Return what a copy of an unknown owner is known by: its place, and its signature."""
    fact = copy.fact
    name = fact.message_id if isinstance(fact, MessageUsage) else (fact.tool_use_id, fact.ordinal)
    place = (copy.owner, type(fact).__name__, position_of(fact), name)
    signature = signature_of(fact)
    return [place] if signature is None else [place, signature]


def _share_out_events(family: Family, owned: dict[str, ThreadRecord]) -> None:
    """Leave a ledger event that several forks carry to the thread they all come from."""
    holders: dict[str, list[str]] = defaultdict(list)
    for thread_id in sorted(family):
        for event in family[thread_id].events:
            if event.event_id is not None:
                holders[event.event_id].append(thread_id)
    for event_id, threads in holders.items():
        owner = common_origin(family, threads) if len(threads) > 1 else None
        if owner is None:
            continue
        newest = max(threads, key=lambda name: (family[name].version, family[name].mtime, name))
        source = family[owner if owner in threads else newest]
        kept = next(event for event in source.events if event.event_id == event_id)
        for thread_id in threads:
            record = owned[thread_id]
            rest = tuple(event for event in record.events if event.event_id != event_id)
            owned[thread_id] = record._replace(events=rest)
        record = owned.setdefault(owner, unseen(owner, source))
        owned[owner] = record._replace(events=(*record.events, kept))


def _counts(fact: Fact) -> tuple[int, int, int, int]:
    return (fact.input, fact.output, fact.cache_creation, fact.cache_read)


def total_of(fact: Fact) -> int:
    """Return the tokens that a fact tells of, as its file spells them."""
    return sum(_counts(fact))
