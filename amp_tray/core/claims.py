"""Rule R2: which ledger event is the bill of which message.

In: a thread's own facts (`family.share_out`). Amp's first eras billed in a ledger beside the
messages, so one call can stand in both.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from amp_tray.core.records import INFERENCE, ThreadRecord

_Look: TypeAlias = tuple[str | None, int, int]
"""What a bill and its message share: model, input and output."""

_Bill: TypeAlias = tuple[str, str | None, _Look]
"""What of an event decides which message it claims: operation, the name of the message, look."""


def claim_messages(record: ThreadRecord) -> dict[int, int]:
    """Rule R2: which inference event is the bill of which message, as positions of both.

    Events that name their message come first; then those that name none each take the first
    message left with equal raw input and output. A message is claimed once.
    """
    if not record.events:
        return {}
    _, _, models, operations, _, inputs, outputs, _, names, _, _ = zip(*record.events, strict=True)
    bills = list(zip(operations, names, zip(models, inputs, outputs, strict=True), strict=True))
    looks = [message[2:5] for message in record.messages]
    claims = _plain_claims(record, bills, looks)
    if claims is not None and len(claims) == operations.count(INFERENCE):
        return claims
    by_id = by_any_id(record)
    claims = {}
    claimed: set[int] = set()
    nameless: list[int] = []
    for position, (operation, name, bill) in enumerate(bills):
        if operation != INFERENCE:
            continue
        if name is None:
            nameless.append(position)
            continue
        for candidate in by_id.get(name, ()):
            if candidate not in claimed and _is_bill_of(bill, looks[candidate]):
                claims[position] = candidate
                claimed.add(candidate)
                break
    if nameless:
        claims |= _claim_by_counts(record, nameless, claimed)
    return claims


def _plain_claims(
    record: ThreadRecord, bills: Iterable[_Bill], looks: Sequence[_Look]
) -> dict[int, int] | None:
    """Return the claims of events that fit the one message they name, None where two claim one.

    In most threads these are all there are, and found so in half the time.
    """
    ids = [message.message_id for message in record.messages]
    places = dict(zip(ids, range(len(ids)), strict=True))
    if None in places or len(places) < len(ids) or any(each.aliases for each in record.messages):
        return None
    claims = {
        position: place
        for position, (operation, name, look) in enumerate(bills)
        if operation == INFERENCE
        if (place := places.get(name)) is not None and looks[place] == look
    }
    return claims if len({*claims.values()}) == len(claims) else None


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


def _is_bill_of(bill: _Look, message: _Look) -> bool:
    return bill == message or (bill[1:] == message[1:] and _agree(bill[0], message[0]))


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
