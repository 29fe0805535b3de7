"""Rule R2: which ledger event is the bill of which message.

In: a thread's own facts (`family.share_out`). Amp's first eras billed in a ledger beside the
messages, so one call can stand in both.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from amp_tray.core.records import INFERENCE, LedgerEvent, MessageUsage, ThreadRecord


def claim_messages(
    record: ThreadRecord, by_id: Mapping[str, Sequence[int]] | None = None
) -> dict[int, int]:
    """Rule R2: which inference event is the bill of which message, as positions of both.

    Events that name their message come first; then those that name none each take the first
    message left with equal raw input and output. A message is claimed once.

    Args:
        by_id: what `by_any_id` says of the thread, where that is known.
    """
    if by_id is None:
        by_id = by_any_id(record)
    claims: dict[int, int] = {}
    claimed: set[int] = set()
    nameless: list[int] = []
    for position, event in enumerate(record.events):
        if event.operation != INFERENCE:
            continue
        name = event.to_message_id
        if name is None:
            nameless.append(position)
            continue
        for candidate in by_id.get(name, ()):
            if candidate not in claimed and _is_bill_of(event, record.messages[candidate]):
                claims[position] = candidate
                claimed.add(candidate)
                break
    if nameless:
        claims |= _claim_by_counts(record, nameless, claimed)
    return claims


def _claim_by_counts(
    record: ThreadRecord, bills: Iterable[int], claimed: AbstractSet[int]
) -> dict[int, int]:
    """Return the claims of events that name no message, on those that none has claimed."""
    claims: dict[int, int] = {}
    # A queue for each model: a long thread of equal counts must not be searched anew each time.
    unclaimed: dict[tuple[int, int], dict[str | None, deque[int]]] = defaultdict(dict)
    for position, message in enumerate(record.messages):
        if position not in claimed:
            queues = unclaimed[message.input, message.output]
            queues.setdefault(message.model, deque()).append(position)
    for position in bills:
        event = record.events[position]
        queues = unclaimed.get((event.input, event.output), {})
        fitting = [queue for model, queue in queues.items() if queue and _agree(event.model, model)]
        if fitting:
            claims[position] = min(fitting, key=lambda queue: queue[0]).popleft()
    return claims


def _is_bill_of(event: LedgerEvent, message: MessageUsage) -> bool:
    return (
        event.input == message.input
        and event.output == message.output
        and _agree(event.model, message.model)
    )


def _agree(one: str | None, other: str | None) -> bool:
    return one == other or one is None or other is None


def by_any_id(record: ThreadRecord) -> dict[str, list[int]]:
    """Return the positions of a thread's messages by every id they were read under."""
    by_id: dict[str, list[int]] = defaultdict(list)
    for position, message in enumerate(record.messages):
        if message.message_id is not None:
            by_id[message.message_id].append(position)
        for name in message.aliases:
            by_id[name].append(position)
    return by_id
