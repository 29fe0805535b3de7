"""Whose a ledger event is that lies in a fork's file: each event counts once (R0, R4).

Forks that carry their origin's ledger along repeat its events. An event goes where the fact
goes that it bills, else to the thread that all its holders come from.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from amp_tray.core.claims import claim_messages
from amp_tray.core.identity import Fact, Name, event_look, signatures_of
from amp_tray.core.lineage import Family, Line, common_origin, unseen
from amp_tray.core.records import LedgerEvent, MessageUsage, ThreadRecord, ToolInference

Landed: TypeAlias = dict[str, list[tuple[str, Fact]]]
"""By fork, the copies in its file, each with the thread it belongs to."""


class Moved(NamedTuple):
    """An event that a thread's file holds and that counts in another one."""

    owner: str
    holder: str
    event: LedgerEvent


def share_out_events(
    family: Family, lines: Mapping[str, Line], owned: dict[str, ThreadRecord], landed: Landed
) -> list[Moved]:
    """Leave each event to one thread, changing `owned`; return what is not counted in place."""
    keyed = {thread_id: _keyed(family[thread_id].events) for thread_id in sorted(family)}
    holders: dict[Name, list[str]] = defaultdict(list)
    for thread_id, events in keyed.items():
        for key in events:
            holders[key].append(thread_id)
    billed = {name: _billed(owned[name], keyed[name], landed[name]) for name in sorted(landed)}
    kept = {thread_id: dict(events) for thread_id, events in keyed.items()}
    moved: list[Moved] = []
    for key, names in holders.items():
        owners = {name: billed[name][key] for name in names if key in billed.get(name, ())}
        if len(names) == 1 and not owners:
            continue
        copies = {name: keyed[name][key] for name in names}
        for threads in _same_events(family, lines, copies, owners):
            chosen = [owners[name] for name in threads if name in owners]
            owner = min(chosen) if chosen else origin_of(family, lines, threads)
            newest = max(threads, key=lambda name: (family[name].version, family[name].mtime, name))
            owned.setdefault(owner, unseen(owner, family[newest]))
            kept.setdefault(owner, {}).setdefault(key, keyed[newest][key])
            others = (name for name in threads if name != owner)
            moved += [Moved(owner, name, kept[name].pop(key)) for name in others]
    for thread_id in {name for move in moved for name in move[:2]}:
        owned[thread_id] = owned[thread_id]._replace(events=tuple(kept[thread_id].values()))
    return moved


def billed_uses(family: Family, lines: Mapping[str, Line]) -> dict[str, str]:
    """Return the threads whose ledger bills a tool use, by the use; forks of unknown ones aside."""
    holders: dict[str, list[str]] = defaultdict(list)
    for thread_id in sorted(family):
        if lines[thread_id].root in family:
            for use in {event.tool_use_id for event in family[thread_id].events} - {None}:
                holders[str(use)].append(thread_id)
    return {use: origin_of(family, lines, threads) for use, threads in holders.items()}


def _keyed(events: Iterable[LedgerEvent]) -> dict[Name, LedgerEvent]:
    """Key each event of one file by its id, else by what it says and its number among equals."""
    equals: Counter[Name] = Counter()
    keyed: dict[Name, LedgerEvent] = {}
    for event in events:
        key: Name = event.event_id
        if event.event_id is None:
            look = event_look(event)
            key = (look, equals[look])
            equals[look] += 1
        keyed[key] = event
    return keyed


def _billed(
    own: ThreadRecord, events: Mapping[Name, LedgerEvent], copies: Sequence[tuple[str, Fact]]
) -> dict[Name, str]:
    """Return the owners of copied facts that a fork's events bill, by the event's key.

    An event that can be the bill of the fork's own message or tool use is that; a fork counts
    its messages from 0 again, so both may fit. Copied events come first, so the last choose first.
    """
    backwards = list(events.items())[::-1]
    claimed = claim_messages(own._replace(events=tuple(event for _, event in backwards)))
    left = [item for place, item in enumerate(backwards) if place not in claimed][::-1]
    messages = [(owner, fact) for owner, fact in copies if isinstance(fact, MessageUsage)]
    messages.sort(key=lambda item: item[1].position)
    copied = own._replace(
        messages=tuple(fact for _, fact in messages), events=tuple(event for _, event in left)
    )
    billed = {left[place][0]: messages[at][0] for place, at in claim_messages(copied).items()}
    uses = {fact.tool_use_id: owner for owner, fact in copies if isinstance(fact, ToolInference)}
    for use in (None, *(tool.tool_use_id for tool in own.tools)):
        uses.pop(use, None)
    for key, event in left:
        if event.tool_use_id in uses:
            billed.setdefault(key, uses[event.tool_use_id])
    return billed


def _same_events(
    family: Family,
    lines: Mapping[str, Line],
    events: Mapping[str, LedgerEvent],
    owners: Mapping[str, str],
) -> list[list[str]]:
    """Group the holders of one event's copies: a thread and its forks.

    What forks of an unknown thread hold is looked up in all threads, as their messages are.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    if not any(signatures_of(event) for event in events.values()):
        for name in events:  # too little is said to tell copies from equals
            groups[owners.get(name, name)].append(name)
        return list(groups.values())
    for name in events:
        groups[lines[name].root].append(name)
    lost = sorted(root for root in groups if root not in family)
    for root in lost:
        looks = {event_look(events[name]) for name in groups[root]}
        twins = [
            (other not in family, other)
            for other, names in groups.items()
            if other != root and looks & {event_look(events[name]) for name in names}
        ]
        if twins:
            groups[min(twins)[1]] += groups.pop(root)
    return list(groups.values())


def origin_of(family: Family, lines: Mapping[str, Line], threads: Sequence[str]) -> str:
    """Return the nearest thread that holders of one event come from, a known one if any is."""
    sound = [name for name in threads if lines[name].root in family]
    origin = common_origin(lines, sound or threads)
    return min(lines[name].root for name in threads) if origin is None else origin
