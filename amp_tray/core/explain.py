"""The explanation of one session: each usage event, where it came from, and what was dropped.

The figures are those of the session's row in the report, told event by event.
"""

from collections.abc import Mapping, Sequence

from amp_tray.core.card_document import card_document
from amp_tray.core.document import Document, counts, shown
from amp_tray.core.events import Drop, UsageEvent
from amp_tray.core.family import FamilyUsage
from amp_tray.core.modes import auto_cost, recorded_cost
from amp_tray.core.money import Usd, credits_decimal, usd_decimal
from amp_tray.core.periods import iso_instant
from amp_tray.core.rates import CardOf, cost_of
from amp_tray.core.records import Rung
from amp_tray.core.report import optional_instant
from amp_tray.core.rollup import Tally
from amp_tray.core.snapshot import PricingInfo, SessionUsage
from amp_tray.core.text import clean

TIME_FROM: Mapping[int, str] = {
    Rung.USAGE: "its own timestamp",
    Rung.MESSAGE: "the message's timestamp",
    Rung.BLOCK: "the message's blocks",
    Rung.TRACE: "the thread's trace",
    Rung.SENT: "the question before it",
    Rung.CREATED: "the thread's creation",
    Rung.MTIME: "the file's modification",
}
"""What each step of the time ladder is called."""


def build_explanation(
    session: SessionUsage,
    family: FamilyUsage,
    *,
    files: Mapping[str, Sequence[tuple[str, bool]]],
    card_of: CardOf,
    pricing: PricingInfo,
    now: int,
) -> Document:
    """Return the explanation document of one session.

    Args:
        family: the family that the session's threads belong to, resolved.
        files: by thread id, the paths of its files and whether they are still there.
        card_of: finds the rate card of a model at an instant, None when it has no price.
        now: the instant of the explanation, epoch milliseconds.
    """
    threads = {
        thread.thread_id: thread
        for thread in family.threads.values()
        if thread.session_id == session.session_id
    }
    events = sorted(
        (event for thread in threads.values() for event in thread.events),
        key=lambda event: (event.at, event.thread_id),
    )
    priced = [(event, auto_cost(event, _cost(event, card_of))) for event in events]
    tally = Tally()
    for event, cost in priced:
        tally.count(event, cost)
    return {
        "sessionId": session.session_id,
        "title": shown(session.title),
        "project": shown(session.project),
        "source": session.source,
        "threads": [
            {
                "threadId": thread_id,
                "title": shown(thread.title),
                "files": [
                    {"path": clean(path, 4096), "archived": not present}
                    for path, present in files.get(thread_id, ())
                ],
            }
            for thread_id, thread in sorted(threads.items())
        ],
        "events": [_event_row(event, cost) for event, cost in priced],
        "dropped": [_drop_row(drop) for drop in family.drops if drop.thread_id in threads],
        "rates": _rate_rows(events, card_of),
        "totals": counts(tally.totals),
        "meta": {
            "generatedAt": iso_instant(now),
            "pricing": {"origin": pricing.origin, "asOf": pricing.as_of},
            "firstEventAt": optional_instant(events[0].at if events else None),
        },
    }


def _cost(event: UsageEvent, card_of: CardOf) -> Usd | None:
    card = card_of(event.model, event.at)
    return None if card is None else cost_of(event, card)


def _event_row(event: UsageEvent, cost: Usd | None) -> Document:
    recorded = recorded_cost(event)
    return {
        "at": iso_instant(event.at),
        "timeFrom": TIME_FROM[event.rung],
        "evidence": event.evidence,
        "threadId": event.thread_id,
        "messageId": event.message_id,
        "eventId": event.event_id,
        "toolUseId": event.tool_use_id,
        "model": clean(event.model),
        "inputTokens": event.input_tokens,
        "outputTokens": event.output_tokens,
        "cacheCreationTokens": event.cache_creation_tokens,
        "cacheReadTokens": event.cache_read_tokens,
        "totalTokens": event.total_tokens,
        "credits": None if event.credits is None else credits_decimal(event.credits),
        "recordedCost": None if recorded is None else usd_decimal(recorded),
        "cost": None if cost is None else usd_decimal(cost),
    }


def _drop_row(drop: Drop) -> Document:
    return {
        "threadId": drop.thread_id,
        "rule": drop.rule,
        "what": drop.what,
        "tokens": drop.tokens,
        "why": clean(drop.why),
    }


def _rate_rows(events: Sequence[UsageEvent], card_of: CardOf) -> list[Document]:
    """Return each card that the events were priced by, and each model that has none."""
    used = {(event.model, card_of(event.model, event.at)): None for event in events}
    rows = sorted(used, key=lambda pair: (pair[0], pair[1].since if pair[1] else 0))
    return [
        {"model": clean(model), **({"card": None} if card is None else card_document(card))}
        for model, card in rows
    ]
