"""Rule R2: which ledger event is the bill of which message.

In: a thread's own facts (`family.share_out`). Amp's first eras billed in a ledger beside the
messages, so one call can stand in both.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from amp_tray.core.records import INFERENCE, ThreadRecord

_Look: TypeAlias = tuple[str | None, int, int]
"""What a bill and its message share: model, input and output."""


def claim_messages(record: ThreadRecord) -> dict[int, int]:
    """Rule R2: which inference event is the bill of which message, as positions of both.

    Events that name their message come first; then those that name none each take the first
    message left with equal raw input and output. A message is claimed once.
    """
    if not record.events:
        return {}
    plain = _plain_claims(record)
    if plain is not None:
        return plain
    bills = [
        (event.operation, event.to_message_id, (event.model, event.input, event.output))
        for event in record.events
    ]
    looks = [message[2:5] for message in record.messages]
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


def _plain_claims(record: ThreadRecord) -> dict[int, int] | None:
    """Return the claims where each bill fits the one message it names, None where one does not.

    So it is in most threads, and found out in half the time.
    """
    if not record.messages:
        return None
    _, _, models, operations, _, inputs, outputs, _, names, _, _ = zip(*record.events, strict=True)
    _, ids, own_models, own_inputs, own_outputs, *_, aliases = zip(*record.messages, strict=True)
    places = dict(zip(ids, range(len(ids)), strict=True))
    if None in places or len(places) < len(ids) or any(aliases):
        return None
    claims: dict[int, int] = {}
    for position, (operation, place) in enumerate(
        zip(operations, map(places.get, names), strict=True)
    ):
        if operation == INFERENCE:
            if (
                place is None
                or inputs[position] != own_inputs[place]
                or outputs[position] != own_outputs[place]
                or models[position] != own_models[place]
            ):
                return None
            claims[position] = place
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
