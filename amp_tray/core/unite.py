"""Rule R0: two readings of one thread become one record, and nothing once read is lost.

A fact that is still in the fresh reading replaces what was stored under its identity; one
that is gone stays as last read, because the money was spent. The same function unites what a
file held with what it holds, and the copies of a thread that lie in several roots (older
copy first).
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from amp_tray.core.records import Call, LedgerEvent, MessageUsage, ThreadRecord, ToolInference

_Fact = TypeVar("_Fact", LedgerEvent, ToolInference)
_Value = TypeVar("_Value", str, int)


def unite(stored: ThreadRecord, fresh: ThreadRecord) -> ThreadRecord:
    """Return the record of both readings; `fresh` decides where both speak.

    Idempotent: `unite(unite(a, b), b) == unite(a, b)`, and `unite(a, a) == a` for any record
    that `settle` has passed.
    """
    if stored == fresh:
        return fresh
    return fresh._replace(
        created=_first(fresh.created, stored.created),
        title=_first(fresh.title, stored.title),
        project=_first(fresh.project, stored.project),
        workspace=_first(fresh.workspace, stored.workspace),
        tag_model=_first(fresh.tag_model, stored.tag_model),
        last_model=_first(fresh.last_model, stored.last_model),
        main_thread_id=_first(fresh.main_thread_id, stored.main_thread_id),
        origin_thread_id=_first(fresh.origin_thread_id, stored.origin_thread_id),
        fork_point=_first(fresh.fork_point, stored.fork_point),
        messages=_unite_messages(stored, fresh),
        events=_unite_facts(stored.events, fresh.events, _event_key, _event_look),
        tools=_unite_facts(stored.tools, fresh.tools, _tool_key, _tool_look),
        calls=unite_calls(stored.calls, fresh.calls),
    )


def settle(record: ThreadRecord) -> ThreadRecord:
    """Return a single reading with each identity once: of repeated ones the last stands."""
    places = [message.position for message in record.messages]
    if (
        record.fork_point is None
        and not record.calls
        and places == sorted(places)
        and _are_distinct([message.message_id for message in record.messages])
        and _are_distinct([event.event_id for event in record.events])
        and _are_distinct([_tool_key(tool) for tool in record.tools])
    ):
        return record  # as nearly always
    return record._replace(
        messages=_by_position(_keyed_messages(record.messages, record.fork_point).values()),
        events=_unite_facts((), record.events, _event_key, _event_look),
        tools=_unite_facts((), record.tools, _tool_key, _tool_look),
        calls=unite_calls((), record.calls),
    )


def _are_distinct(keys: Sequence[Hashable | None]) -> bool:
    different = set(keys)
    return len(different) == len(keys) and None not in different


def unite_copies(copies: Sequence[ThreadRecord]) -> ThreadRecord:
    """Unite one thread's records from several files; the highest `v`, then mtime, decides.

    Args:
        copies: at least one; their order does not matter.
    """
    if len(copies) == 1:
        return copies[0]
    # The text settles ties, so that every order of copies unites alike; None has no order.
    ordered = sorted(copies, key=lambda copy: (copy.version, copy.mtime, repr(copy)))
    united = ordered[0]
    for copy in ordered[1:]:
        united = unite(united, copy)
    return united


def unite_calls(stored: Iterable[Call], fresh: Iterable[Call]) -> tuple[Call, ...]:
    """Return each call of two readings once, as its last copy has it; by time.

    Which copy that is says the copy alone, so in whatever order they are read one stands.
    """
    calls: dict[Hashable, Call] = {}
    for call in (*stored, *fresh):
        held = calls.setdefault(call[:2], call)
        if held is not call and standing(call) > standing(held):
            calls[call[:2]] = call
    return by_time(calls.values())


def by_time(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return calls, each there once, in the order of their instants and names."""
    return tuple(sorted(calls, key=_time_and_name))


def _time_and_name(call: Call) -> tuple[int, str, str]:
    return call[2], call[0], str(call[1])


def standing(call: Call) -> tuple[bool, bool, int, int, str]:
    """Return what decides which of a call's copies stands: the highest does.

    The call itself before what was copied from it, then the last of the copies that were
    written while the answer streamed in.
    """
    tokens = call.input + call.output + call.cache_creation + call.cache_read
    return (not call.aside, not call.copied, call.at, tokens, repr(call))


def _unite_messages(stored: ThreadRecord, fresh: ThreadRecord) -> tuple[MessageUsage, ...]:
    fork_point = _first(fresh.fork_point, stored.fork_point)  # one may not have said it yet
    present = _keyed_messages(fresh.messages, fork_point)
    known = _keyed_messages(stored.messages, fork_point)
    present_by_id = _by_any_id(present)
    gone: list[MessageUsage] = []
    stored_of: dict[Hashable, MessageUsage] = {}
    for key, message in known.items():
        twin = key if key in present else _renamed_key(key, message, present_by_id)
        if twin is None:
            gone.append(message)
        else:
            stored_of[twin] = message
    # An export renumbers messages: a new one equal to a gone one, in order, is that one.
    arrived: dict[Hashable, deque[Hashable]] = defaultdict(deque)
    for key, message in present.items():
        if key not in stored_of:
            arrived[_signature(message, fork_point)].append(key)
    kept: list[MessageUsage] = []
    for message in gone:
        twins = arrived.get(_signature(message, fork_point))
        if twins:
            stored_of[twins.popleft()] = message
        else:
            kept.append(message)
    united = [
        _with_aliases(message, stored_of[key]) if key in stored_of else message
        for key, message in present.items()
    ]
    return _by_position([*united, *kept])


def _keyed_messages(
    messages: Iterable[MessageUsage], fork_point: int | None
) -> dict[Hashable, MessageUsage]:
    """Key each message by its identity; a copy made by a fork is known by its position."""
    equals: Counter[Hashable] = Counter()
    keyed: dict[Hashable, MessageUsage] = {}
    for message in messages:
        if _is_copied(message, fork_point):
            keyed["copy", message.position] = message
        elif message.message_id is not None:
            keyed["id", message.message_id] = message
        else:
            look = (message.model, *_counts(message), message.stamp)
            keyed["look", look, equals[look]] = message
            equals[look] += 1
    return keyed


def _by_any_id(keyed: dict[Hashable, MessageUsage]) -> dict[str, Hashable]:
    """Map every id of the messages that are known by one to their key; own ids win."""
    named = [(key, message) for key, message in keyed.items() if key == ("id", message.message_id)]
    keys: dict[str, Hashable] = {name: key for key, message in named for name in message.aliases}
    for key, message in named:
        keys[str(message.message_id)] = key
    return keys


def _renamed_key(
    key: Hashable, message: MessageUsage, present_by_id: dict[str, Hashable]
) -> Hashable | None:
    if key != ("id", message.message_id):
        return None
    names = (message.message_id, *message.aliases)
    return next((present_by_id[name] for name in names if name in present_by_id), None)


def _with_aliases(message: MessageUsage, stored: MessageUsage) -> MessageUsage:
    names = {*message.aliases, *stored.aliases, stored.message_id} - {message.message_id, None}
    aliases = tuple(sorted(name for name in names if name is not None))
    return message if aliases == message.aliases else message._replace(aliases=aliases)


def _signature(message: MessageUsage, fork_point: int | None) -> Hashable:
    return (_is_copied(message, fork_point), message.model, *_counts(message))


def _is_copied(message: MessageUsage, fork_point: int | None) -> bool:
    return fork_point is not None and message.position <= fork_point


def _counts(message: MessageUsage) -> tuple[int, int, int, int]:
    return (message.input, message.output, message.cache_creation, message.cache_read)


def _by_position(messages: Iterable[MessageUsage]) -> tuple[MessageUsage, ...]:
    return tuple(sorted(messages, key=lambda message: message.position))


def _event_key(event: LedgerEvent) -> Hashable | None:
    return event.event_id


def _event_look(event: LedgerEvent) -> Hashable:
    # Without the ids of its messages: an export renumbers them.
    return (event.at, event.model, event.operation, event.input, event.output, event.credits)


def _tool_key(tool: ToolInference) -> Hashable | None:
    return None if tool.tool_use_id is None else (tool.tool_use_id, tool.ordinal)


def _tool_look(tool: ToolInference) -> Hashable:
    return tool


def _unite_facts(
    stored: Iterable[_Fact],
    fresh: Iterable[_Fact],
    key_of: Callable[[_Fact], Hashable | None],
    look_of: Callable[[_Fact], Hashable],
) -> tuple[_Fact, ...]:
    """Fresh facts in their order (the last of a key stands), then stored ones that are gone.

    One without a key is known by its look and how many equal ones stand before it.
    """
    present = _keyed(fresh, key_of, look_of)
    for key, fact in _keyed(stored, key_of, look_of).items():
        present.setdefault(key, fact)
    return tuple(present.values())


def _keyed(
    facts: Iterable[_Fact],
    key_of: Callable[[_Fact], Hashable | None],
    look_of: Callable[[_Fact], Hashable],
) -> dict[Hashable, _Fact]:
    equals: Counter[Hashable] = Counter()
    keyed: dict[Hashable, _Fact] = {}
    for fact in facts:
        key = key_of(fact)
        if key is None:
            look = look_of(fact)
            key = ("look", look, equals[look])
            equals[look] += 1
        keyed[key] = fact
    return keyed


def _first(fresh: _Value | None, stored: _Value | None) -> _Value | None:
    return stored if fresh is None else fresh
