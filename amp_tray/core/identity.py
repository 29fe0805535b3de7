"""What a fact is recognised by where it lies in another thread's file (R0, R4).

A fork copies messages as they were, so a copy has its origin's ids and index; its file may be
older or newer than the origin's, and an export may have given either other ids.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TypeAlias

from amp_tray.core.records import LedgerEvent, MessageUsage, ThreadRecord, ToolInference

Fact: TypeAlias = MessageUsage | ToolInference
"""What lies at an index of a thread's messages, and so is copied by a fork."""

Signature: TypeAlias = tuple[str | int | None, ...]
"""What makes a fact recognisable in whatever other thread it lies."""

Name: TypeAlias = Hashable


def place_of(fact: Fact) -> int:
    """Return the index of the message that is, or holds, a fact."""
    return fact.position if isinstance(fact, MessageUsage) else fact.message_position


def total_of(fact: Fact | LedgerEvent) -> int:
    """Return the tokens that a fact tells of, as its file spells them."""
    if isinstance(fact, LedgerEvent):
        return fact.input + fact.output
    return fact.input + fact.output + fact.cache_creation + fact.cache_read


def signatures_of(fact: Fact | LedgerEvent) -> list[Signature]:
    """Return what a fact is recognised by in another file; none when too little is known."""
    if isinstance(fact, LedgerEvent):
        vague = fact.event_id is None and fact.at is None
        return [] if vague else [("event", fact.event_id, *event_look(fact))]
    if isinstance(fact, ToolInference):
        return [] if fact.tool_use_id is None else [("tool", fact.tool_use_id, fact.ordinal)]
    time = fact.sent_at if fact.stamp is None else fact.stamp
    if time is None:
        return []
    look = _look(fact)
    return [("message", name, *look, time) for name in (fact.message_id, *fact.aliases)]


def event_look(event: LedgerEvent) -> Signature:
    """Return what two copies of an event agree on, whatever their messages are called."""
    return (event.at, event.model, event.operation, event.input, event.output, event.credits)


def links_of(fact: Fact | LedgerEvent) -> list[Signature]:
    """Return all that joins a fact to threads that decide how it counts: copies, and bills."""
    if isinstance(fact, MessageUsage) or fact.tool_use_id is None:
        return signatures_of(fact)
    return [*signatures_of(fact), ("use", fact.tool_use_id)]


def signatures(record: ThreadRecord) -> set[Signature]:
    """Return what all of a thread's facts are recognised by elsewhere."""
    facts: list[Fact | LedgerEvent] = [*record.messages, *record.tools, *record.events]
    return {name for fact in facts for name in links_of(fact)}


def names_of(owner: str, fact: Fact) -> list[Name]:
    """Return what a copy of an unknown owner is known by: its place, and its signatures."""
    if isinstance(fact, ToolInference):
        if fact.tool_use_id is None:
            return [(owner, fact.message_position, fact.ordinal)]
        return list(signatures_of(fact))
    # The same index and counts of one origin are one message, whatever an export calls it.
    places: list[Name] = [(owner, fact.position, _look(fact))]
    ids = (fact.message_id, *fact.aliases)
    return [*places, *((owner, fact.position, name) for name in ids), *signatures_of(fact)]


class Identities:
    """The facts of one thread, by all that they may be known by in the files of its forks."""

    def __init__(self, own: Iterable[Fact]) -> None:
        """Take what the thread's own file holds."""
        self._known: dict[Name, Fact] = {}
        self._equals: Counter[Name] = Counter()
        for fact in own:
            self.add("", fact)

    def add(self, holder: str, fact: Fact) -> Fact | None:
        """Add a fact, unless it is known; then return it as it is known.

        Args:
            holder: whose file it lies in. Of messages without an id each file counts its equals.
        """
        if isinstance(fact, ToolInference):
            use: Name = fact if fact.tool_use_id is None else (fact.tool_use_id, fact.ordinal)
            return None if self._known.setdefault(use, fact) is fact else self._known[use]
        named = fact.message_id is not None
        look = _look(fact)
        exact: list[Name] = [("id", name) for name in ids_of(fact)]
        if not named:
            equal = ("equal", look, fact.stamp)
            exact.append((*equal, self._equals[holder, equal]))
            self._equals[holder, equal] += 1
        # The first era had no ids, and an export renumbers: then place or time, and look, decide.
        vague: list[Name] = [("place", fact.position, look)]
        if fact.stamp is not None:
            vague.append(("moment", fact.stamp, look))
        others = [(name, True) for name in vague] + [(name, False) for name in vague if named]
        for name in (*exact, *others):
            if name in self._known:
                return self._known[name]
        self._known.update(dict.fromkeys((*exact, *((name, named) for name in vague)), fact))
        return None


def ids_of(message: MessageUsage) -> list[str]:
    """Return every id that a message was read under."""
    return [name for name in (message.message_id, *message.aliases) if name is not None]


def renamed(message: MessageUsage, names: Iterable[str]) -> MessageUsage:
    """Return a message that is known by further ids."""
    aliases = {*message.aliases, *names} - {message.message_id}
    return message._replace(aliases=tuple(sorted(aliases)))


def _look(fact: MessageUsage) -> Signature:
    return (fact.model, fact.input, fact.output, fact.cache_creation, fact.cache_read)
