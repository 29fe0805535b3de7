"""Rule R2: which ledger event is the bill of which message.

In: a thread's own facts (`family.share_out`). Amp's first eras billed in a ledger beside the
messages, so one call can stand in both.
"""

from collections import defaultdict, deque

from amp_tray.core.records import INFERENCE, LedgerEvent, MessageUsage, ThreadRecord


def claim_messages(record: ThreadRecord) -> dict[int, int]:
    """Rule R2: which inference event is the bill of which message, as positions of both.

    Events that name their message come first; then those that name none each take the first
    message left with equal raw input and output. A message is claimed once.
    """
    by_id = by_any_id(record)
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
        if position not in claimed:
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


def _is_bill_of(event: LedgerEvent, message: MessageUsage) -> bool:
    same_counts = (event.input, event.output) == (message.input, message.output)
    return same_counts and _agree(event.model, message.model)


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def by_any_id(record: ThreadRecord) -> dict[str, list[int]]:
    """Return the positions of a thread's messages by every id they were read under."""
    by_id: dict[str, list[int]] = defaultdict(list)
    for position, message in enumerate(record.messages):
        for name in (message.message_id, *message.aliases):
            if name is not None:
                by_id[name].append(position)
    return by_id
