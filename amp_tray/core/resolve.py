"""Rules R1 and R2: from what one thread's file says to its usage events, each call once.

In: one settled `ThreadRecord`. Out: usage events, neither priced nor grouped. It cannot fail
on data: whatever a record holds, events come out.

Source: the accounting rules of Amp's thread files, found by comparing what published Amp
builds write with what they bill; the terms are in `records`.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

from amp_tray.core.events import UNKNOWN_MODEL, Evidence, UsageEvent
from amp_tray.core.models import is_claude, is_known
from amp_tray.core.money import Credits
from amp_tray.core.records import LedgerEvent, MessageUsage, Rung, ThreadRecord
from amp_tray.core.tokens import TokenCounts

RULES_VERSION = 1
"""Raise it when a rule changes: events that an older version resolved are then made anew."""

INFERENCE = "inference"
# A tool's event sums several model calls, so context tiers say nothing about it.
_SUMMED = frozenset({"oracle", "codebase-search", "subagent"})


def resolve_thread(record: ThreadRecord) -> tuple[UsageEvent, ...]:
    """Return the usage events of one thread, oldest first.

    Every ledger event counts, and every assistant usage that no inference event claims (R2);
    a claimed pair is one event with the message's tokens and the event's credits and time.
    Usage with neither tokens nor credits is no billed call and gives no event.
    """
    by_id = _own_by_id(record)
    claims = _claim(record, by_id)
    claimed = set(claims.values())
    events = [
        _from_pair(record, event, record.messages[claims[position]])
        if position in claims
        else _from_event(record, event, by_id)
        for position, event in enumerate(record.events)
    ]
    events += [
        _from_message(record, message)
        for position, message in enumerate(record.messages)
        if position not in claimed
    ]
    billed = [event for event in events if event.total_tokens or event.credits]
    return tuple(sorted(billed, key=lambda event: event.at))


def normalise(
    counts: TokenCounts, total_input: int | None, model: str = UNKNOWN_MODEL
) -> TokenCounts:
    """Rule R1: tell the dialects of one usage apart and return input without cache.

    Args:
        counts: as the file spells them.
        total_input: `totalInputTokens`, None when absent.
        model: after the model ladder; models other than Claude report the uncached prompt
            as cache creation, which is plain input.
    """
    uncached, output, creation, read = counts
    inclusive = total_input is not None and uncached == total_input
    if inclusive and uncached + creation + read != total_input:
        uncached, creation = max(0, uncached - read), 0
    if is_known(model) and not is_claude(model):
        uncached, creation = uncached + creation, 0
    return TokenCounts(uncached, output, creation, read)


def claim_messages(record: ThreadRecord) -> dict[int, int]:
    """Rule R2: which inference event is the bill of which message, as positions of both.

    Events that name their message come first; then those that name none each take the first
    message left with equal raw input and output. A message is claimed once.
    """
    return _claim(record, _own_by_id(record))


def _claim(record: ThreadRecord, by_id: Mapping[str, Sequence[int]]) -> dict[int, int]:
    bills = [pair for pair in enumerate(record.events) if pair[1].operation == INFERENCE]
    claims: dict[int, int] = {}
    claimed: set[int] = set()
    for position, event in bills:
        for candidate in by_id.get(event.to_message_id or "", ()):
            if candidate not in claimed and _is_bill_of(event, record.messages[candidate]):
                claims[position] = candidate
                claimed.add(candidate)
                break
    # A queue for each model: a long thread of equal counts must not be searched anew each time.
    unclaimed: dict[tuple[int, int], dict[str | None, deque[int]]] = defaultdict(dict)
    for position, message in enumerate(record.messages):
        if position not in claimed and _is_own(record, message):
            queues = unclaimed[message.input, message.output]
            queues.setdefault(message.model, deque()).append(position)
    for position, event in bills:
        if event.to_message_id is not None:
            continue
        queues = unclaimed.get((event.input, event.output), {})
        fitting = [queue for model, queue in queues.items() if queue and _agree(event.model, model)]
        if fitting:
            claims[position] = min(fitting, key=lambda queue: queue[0]).popleft()
    return claims


def message_model(record: ThreadRecord, message: MessageUsage) -> str:
    """Return the message's model by the model ladder, `unknown` when nothing names one."""
    return message.model or record.tag_model or record.last_model or UNKNOWN_MODEL


def _is_own(record: ThreadRecord, message: MessageUsage) -> bool:
    return record.fork_point is None or message.position > record.fork_point


def _is_bill_of(event: LedgerEvent, message: MessageUsage) -> bool:
    same_counts = (event.input, event.output) == (message.input, message.output)
    return same_counts and _agree(event.model, message.model)


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _own_by_id(record: ThreadRecord) -> dict[str, list[int]]:
    """Return the positions of the thread's own messages by every id they were read under."""
    by_id: dict[str, list[int]] = defaultdict(list)
    for position, message in enumerate(record.messages):
        if not _is_own(record, message):
            continue
        for name in (message.message_id, *message.aliases):
            if name is not None:
                by_id[name].append(position)
    return by_id


def _from_pair(record: ThreadRecord, event: LedgerEvent, message: MessageUsage) -> UsageEvent:
    model = event.model or message_model(record, message)
    paired = _from_message(record, message._replace(model=model))
    return paired._replace(
        at=message.at if event.at is None else event.at,
        rung=message.rung if event.at is None else Rung.USAGE,
        evidence=Evidence.PAIR,
        credits=Credits(event.credits) if event.credits else paired.credits,  # 0: not recorded
        event_id=event.event_id,
    )


def _from_message(record: ThreadRecord, message: MessageUsage) -> UsageEvent:
    model = message_model(record, message)
    raw = TokenCounts(message.input, message.output, message.cache_creation, message.cache_read)
    return UsageEvent(
        record.thread_id,
        record.thread_id,
        message.at,
        message.rung,
        Evidence.MESSAGE,
        model,
        *normalise(raw, message.total_input, model),
        credits=None if message.credits is None else Credits(message.credits),
        message_id=message.message_id,
    )


def _from_event(
    record: ThreadRecord, event: LedgerEvent, by_id: Mapping[str, Sequence[int]]
) -> UsageEvent:
    at, rung = _event_time(record, event, by_id)
    return UsageEvent(
        record.thread_id,
        record.thread_id,
        at,
        rung,
        Evidence.EVENT,
        event.model or UNKNOWN_MODEL,
        *TokenCounts(event.input, event.output),
        credits=None if event.credits is None else Credits(event.credits),
        single=event.operation not in _SUMMED,
        event_id=event.event_id,
    )


def _event_time(
    record: ThreadRecord, event: LedgerEvent, by_id: Mapping[str, Sequence[int]]
) -> tuple[int, int]:
    if event.at is not None:
        return event.at, Rung.USAGE
    for position in by_id.get(event.to_message_id or "", ()):
        return record.messages[position].at, record.messages[position].rung
    if record.created is not None:
        return record.created, Rung.CREATED
    return record.mtime, Rung.MTIME
