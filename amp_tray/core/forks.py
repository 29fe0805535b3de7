"""Rule R4: what each thread of a family owns, each fact once.

A fork's file begins with copies of its origin's messages; a sub-thread has a file of its own.
In: the records of a family, whatever is missing, in any order. Out: one record per owning
thread with its own facts alone, so that resolving a thread need not know that forks exist.

Source: the accounting rules of Amp's thread files, found by comparing what published Amp
builds write with what they bill.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from amp_tray.core.bills import Landed, Moved, billed_uses, share_out_events
from amp_tray.core.identity import (
    Fact,
    Identities,
    Name,
    ids_of,
    names_of,
    place_of,
    renamed,
    signatures_of,
)
from amp_tray.core.lineage import Family, Line, unseen
from amp_tray.core.records import LedgerEvent, MessageUsage, ThreadRecord, ToolInference


class Copy(NamedTuple):
    """A fact that lies in the file of a thread and belongs to another one.

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
        dropped: copies that count elsewhere, in the thread that each names as its owner.
        moved: ledger events that count elsewhere.
        orphans: copies whose owner's file is not in the family; they may be found elsewhere.
        lost: (fork, event) of forks whose origin is not known; likewise.
    """

    records: dict[str, ThreadRecord]
    dropped: tuple[Copy, ...]
    moved: tuple[Moved, ...]
    orphans: tuple[Copy, ...]
    lost: tuple[tuple[str, LedgerEvent], ...]


def share_out(family: Family) -> Ownership:
    """Give every fact of a family to the thread that owns it, once."""
    if all(record.origin_thread_id is None for record in family.values()):
        return _without_forks(family)
    shares = _Shares(family)
    for copy in shares.copies:
        if copy.owner in family:
            shares.adopt(copy)
    orphans = [copy for copy in shares.copies if copy.owner not in family]
    homes = shares.homes() if orphans else {}
    uses = billed_uses(family, shares.lines) if orphans else {}
    for group in _same_facts(orphans):
        names = (name for copy in group for name in signatures_of(copy.fact))
        found = [homes[name] for name in names if name in homes]
        if found:
            owner, same = min(found, key=lambda home: (home[0], place_of(home[1])))
        else:
            owner, same = min(copy.owner for copy in group), group[0].fact
            if isinstance(same, ToolInference):
                owner = uses.get(same.tool_use_id or "", owner)
            shares.settle(group.pop(0), owner, None)  # the newest copy stands for all
        for copy in group:
            shares.settle(copy, owner, same)
    owned = shares.records()
    moved = share_out_events(family, shares.lines, owned, shares.landed)
    lost = (
        (thread_id, event)
        for thread_id, line in sorted(shares.lines.items())
        if line.root not in family
        for event in family[thread_id].events
    )
    return Ownership(owned, tuple(shares.dropped), tuple(moved), tuple(orphans), tuple(lost))


def _without_forks(family: Family) -> Ownership:
    """Return what `share_out` comes to where nothing was copied: most threads stand alone."""
    own = {
        name: record if record.fork_point is None else record._replace(fork_point=None)
        for name, record in family.items()
    }
    return Ownership(own, (), (), (), ())


class _Shares:
    """A family while its facts are given out.

    Attributes:
        lines: where each thread comes from.
        copies: what lies in forks and is another thread's; the newest file's first.
        dropped: copies that count elsewhere.
        landed: by fork, what its copies are and whose they turned out to be.
    """

    def __init__(self, family: Family) -> None:
        self.lines = {thread_id: Line(family, thread_id) for thread_id in family}
        self.copies: list[Copy] = []
        self.dropped: list[Copy] = []
        self.landed: Landed = defaultdict(list)
        self._owned: dict[str, ThreadRecord] = {}
        self._adopted: dict[str, list[Fact]] = defaultdict(list)
        self._landed_as: set[tuple[str, Fact, Fact]] = set()  # owner, as found, as counted
        self._aliases: dict[tuple[str, Fact], set[str]] = defaultdict(set)
        self._known: dict[str, Identities] = {}
        for thread_id in sorted(family, key=lambda name: _age(family[name]), reverse=True):
            self._owned[thread_id] = self._part(family[thread_id], self.lines[thread_id])

    def adopt(self, copy: Copy) -> None:
        """Give a copy to its owner, unless its own file, or a newer copy, has it already."""
        known = self._known.get(copy.owner)
        if known is None:
            own = self._owned[copy.owner]
            known = self._known[copy.owner] = Identities((*own.messages, *own.tools))
        same = known.add(copy.holder.thread_id, copy.fact)
        self.settle(copy, copy.owner, same)

    def settle(self, copy: Copy, owner: str, same: Fact | None) -> None:
        """Note where a copy counts, and as which fact of its owner; None is as itself."""
        self.landed[copy.holder.thread_id].append((owner, copy.fact))
        if same is None:
            self._owned.setdefault(owner, unseen(owner, copy.holder))
            self._adopted[owner].append(copy.fact)
            self._landed_as.add((owner, copy.fact, copy.fact))
            return
        self._landed_as.add((owner, copy.fact, same))
        self.dropped.append(copy._replace(owner=owner))
        if isinstance(copy.fact, MessageUsage) and copy.fact.message_id is not None:
            # An event names its message as the file does that the event lies in.
            self._aliases[owner, same].update(ids_of(copy.fact))

    def homes(self) -> dict[Name, tuple[str, Fact]]:
        """Return every fact that has an owner, with it, by what it is recognised by."""
        homes: dict[Name, tuple[str, Fact]] = {}
        for owner, fact, known in sorted(self._with_owner(), key=_by_owner_and_place):
            for name in signatures_of(fact):
                homes.setdefault(name, (owner, known))
        return homes

    def _with_owner(self) -> set[tuple[str, Fact, Fact]]:
        own = ((name, record) for name, record in self._owned.items())
        facts = {(name, fact, fact) for name, record in own for fact in facts_of(record)}
        return facts | self._landed_as

    def records(self) -> dict[str, ThreadRecord]:
        """Return each thread's record: its own facts and those it was given."""
        for owner in {*self._adopted, *(owner for owner, _ in self._aliases)}:
            own, adopted = self._owned[owner], self._adopted[owner]
            messages = [fact for fact in adopted if isinstance(fact, MessageUsage)]
            tools = [fact for fact in adopted if isinstance(fact, ToolInference)]
            ordered = sorted([*own.messages, *messages], key=lambda message: message.position)
            self._owned[owner] = own._replace(
                messages=tuple(self._named(owner, message) for message in ordered),
                tools=(*own.tools, *tools),
            )
        return self._owned

    def _named(self, owner: str, message: MessageUsage) -> MessageUsage:
        names = self._aliases.get((owner, message))
        return renamed(message, names) if names else message

    def _part(self, record: ThreadRecord, line: Line) -> ThreadRecord:
        """Return a record without the copies it holds, which are noted."""
        if record.fork_point is None:
            return record
        for fact in facts_of(record):
            owner = line.owner(place_of(fact))
            if owner != record.thread_id:
                self.copies.append(Copy(owner, record, fact))
        return record._replace(
            fork_point=None,
            messages=tuple(
                fact for fact in record.messages if line.owner(fact.position) == record.thread_id
            ),
            tools=tuple(
                fact for fact in record.tools if line.owner(place_of(fact)) == record.thread_id
            ),
        )


def facts_of(record: ThreadRecord) -> list[Fact]:
    """Return the facts that a fork copies along: messages and tool inferences."""
    return [*record.messages, *record.tools]


def _by_owner_and_place(item: tuple[str, Fact, Fact]) -> tuple[str, int]:
    return item[0], place_of(item[2])


def _age(record: ThreadRecord) -> tuple[int, int, str]:
    return (record.version, record.mtime, record.thread_id)


def _same_facts(orphans: Sequence[Copy]) -> Iterable[list[Copy]]:
    """Group the copies of one fact, by place or by signature, in the order given."""
    group_of: dict[Name, int] = {}
    groups: dict[int, list[int]] = {}
    for number, copy in enumerate(orphans):
        same: Name = (copy.owner, copy.fact)  # most copies are equal to the letter
        if same in group_of:
            groups[group_of[same]].append(number)
            continue
        names = [same, *names_of(copy.owner, copy.fact)]
        first, *others = sorted({group_of[name] for name in names if name in group_of}) or [number]
        groups.setdefault(first, []).append(number)
        group_of.update(dict.fromkeys(names, first))
        for other in others:
            members = groups.pop(other)
            groups[first] += members
            for member in members:
                owner, fact = orphans[member].owner, orphans[member].fact
                group_of.update(dict.fromkeys([(owner, fact), *names_of(owner, fact)], first))
    return [[orphans[number] for number in sorted(group)] for group in groups.values()]
