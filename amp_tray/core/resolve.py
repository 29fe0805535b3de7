"""From what one thread owns to its usage events, each billed call once (R1, R2, R3, R5).

In: one record with the thread's own facts (`family.share_out`). Out: usage events, neither
priced nor grouped, and what was dropped. It cannot fail on data: whatever a record holds,
events come out.

Source: the accounting rules of Amp's thread files, found by comparing what published Amp
builds write with what they bill; the terms are in `records`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import NamedTuple

from amp_tray.core.claims import by_any_id, claim_messages
from amp_tray.core.events import UNKNOWN_MODEL, Drop, Evidence, Rule, UsageEvent
from amp_tray.core.normalise import Counts, counts_of, fallback_model
from amp_tray.core.records import LedgerEvent, MessageUsage, Rung, ThreadRecord, ToolInference
from amp_tray.core.tokens import TokenCounts

# A tool's event sums several model calls, so context tiers say nothing about it.
_SUMMED = frozenset({"oracle", "codebase-search", "subagent"})

_at = attrgetter("at")
# Looking up a member of an enumeration costs as much as a call.
_PAIR, _MESSAGE, _USAGE = Evidence.PAIR, Evidence.MESSAGE, Rung.USAGE


class Resolved(NamedTuple):
    """A thread's usage events, oldest first, and what it holds that is not counted."""

    events: tuple[UsageEvent, ...]
    drops: tuple[Drop, ...]


def resolve_thread(
    record: ThreadRecord, session_id: str | None = None, files: AbstractSet[str] = frozenset()
) -> Resolved:
    """Resolve one thread.

    Every ledger event counts, and every assistant usage that no inference event claims (R2);
    a claimed pair is one event with the message's tokens and the event's credits and time. A
    sub-agent's event is dropped where the sub-thread's own file is known (R3). A tool's
    inferences count by themselves, or in place of the tokens of its event (R5). Usage with
    neither tokens nor credits is no billed call and gives no event.

    Args:
        record: with the thread's own facts alone.
        session_id: the session it belongs to; None is the thread itself.
        files: ids of the threads whose files are known.
    """
    session = record.thread_id if session_id is None else session_id
    thread = _Thread(record, session, files)
    events = [*thread.from_ledger(), *thread.from_messages(), *thread.from_tools()]
    billed = [event for event in events if event.credits or event.total_tokens]
    billed.sort(key=_at)
    return Resolved(tuple(billed), tuple(thread.drops))


class _Thread:
    """One thread while it is resolved: its claims, its tool uses, and what it drops."""

    def __init__(self, record: ThreadRecord, session_id: str, files: AbstractSet[str]) -> None:
        self.record = record
        self.session_id = session_id
        self.files = files
        self.drops: list[Drop] = []
        self.by_id = by_any_id(record) if record.events else {}
        self.claims = claim_messages(record, self.by_id)
        self.model = fallback_model(record)
        self.tools = self._tools_by_use()

    def from_ledger(self) -> Iterator[UsageEvent]:
        """Yield what the usage ledger tells, its inference events with the messages they claim."""
        told: set[str] = set()
        for position, event in enumerate(self.record.events):
            use = event.tool_use_id
            if position in self.claims:
                yield self._pair(event, self.record.messages[self.claims[position]])
            elif event.subagent_thread_id in self.files:
                why = f"the sub-thread {event.subagent_thread_id} has a file of its own"
                self._drop(Rule.SUB_THREAD, "ledger event", event.input + event.output, why)
            elif use is None or not _tells(self.tools.get(use, ())):
                yield self._event(event)
            elif use in told:
                # A second event of the tool use: its inferences stand with the first one.
                yield self._event(event._replace(input=0, output=0))
            else:
                told.add(use)
                yield from self._event_by_tools(event, self.tools[use])

    def from_messages(self) -> Iterator[UsageEvent]:
        """Yield the assistant usages that no event claims."""
        claimed = set(self.claims.values())
        for position, message in enumerate(self.record.messages):
            if position not in claimed:
                yield self._message(message)

    def from_tools(self) -> Iterator[UsageEvent]:
        """Yield the tools' inferences that no ledger event tells of."""
        if not self.tools:
            return
        billed = {
            event.tool_use_id
            for position, event in enumerate(self.record.events)
            if position not in self.claims
        } - {None}
        for use, inferences in self.tools.items():
            if use not in billed:
                for inference in inferences:
                    at, rung = self._or_created(inference.at)
                    yield self._inference(inference, inference.model)._replace(at=at, rung=rung)

    def _tools_by_use(self) -> Mapping[str | None, Sequence[ToolInference]]:
        tools: dict[str | None, list[ToolInference]] = defaultdict(list)
        for inference in self.record.tools:
            if inference.thread_id is None:
                tools[inference.tool_use_id].append(inference)
                continue
            why = f"the sub-thread {inference.thread_id} counts its own calls"
            self._drop(Rule.TOOL, "tool inference", sum(_counts(inference)), why)
        return tools

    def _pair(self, event: LedgerEvent, message: MessageUsage) -> UsageEvent:
        model = event.model or message.model or self.model
        amount = event.credits or message.credits  # an event's 0 is: not recorded
        # By place, here and below: names would take twice as long.
        return UsageEvent(
            self.session_id,
            self.record.thread_id,
            message.at if event.at is None else event.at,
            message.rung if event.at is None else _USAGE,
            _PAIR,
            model,
            *counts_of(message, model),
            amount,
            None,
            True,
            message.message_id,
            event.event_id,
        )

    def _message(self, message: MessageUsage) -> UsageEvent:
        model = message.model or self.model
        return UsageEvent(
            self.session_id,
            self.record.thread_id,
            message.at,
            message.rung,
            _MESSAGE,
            model,
            *counts_of(message, model),
            message.credits,
            None,
            True,
            message.message_id,
        )

    def _event(self, event: LedgerEvent) -> UsageEvent:
        at, rung = self._event_time(event)
        counts = TokenCounts(event.input, event.output)
        model = event.model or UNKNOWN_MODEL
        return self._usage(at, rung, Evidence.EVENT, model, counts)._replace(
            credits=event.credits,
            single=event.operation not in _SUMMED,
            event_id=event.event_id,
            tool_use_id=event.tool_use_id,
        )

    def _event_by_tools(
        self, event: LedgerEvent, inferences: Sequence[ToolInference]
    ) -> Iterator[UsageEvent]:
        """Yield an event's inferences in its place: its time, and its credits once."""
        billed = self._event(event)
        amount = billed.credits
        for inference in inferences:
            yield self._inference(inference, inference.model or event.model)._replace(
                at=billed.at, rung=billed.rung, event_id=event.event_id, credits=amount
            )
            amount = None

    def _inference(self, inference: ToolInference, named: str | None) -> UsageEvent:
        model = named or UNKNOWN_MODEL
        counts = counts_of(inference, model)
        return self._usage(0, Rung.USAGE, Evidence.TOOL, model, counts)._replace(
            tool_use_id=inference.tool_use_id
        )

    def _usage(
        self, at: int, rung: int, evidence: Evidence, model: str, counts: Counts
    ) -> UsageEvent:
        return UsageEvent(
            self.session_id, self.record.thread_id, at, rung, evidence, model, *counts
        )

    def _event_time(self, event: LedgerEvent) -> tuple[int, int]:
        if event.at is None:
            for position in self.by_id.get(event.to_message_id or "", ()):
                return self.record.messages[position].at, self.record.messages[position].rung
        return self._or_created(event.at)

    def _or_created(self, at: int | None) -> tuple[int, int]:
        if at is not None:
            return at, Rung.USAGE
        if self.record.created is not None:
            return self.record.created, Rung.CREATED
        return self.record.mtime, Rung.MTIME

    def _drop(self, rule: Rule, what: str, tokens: int, why: str) -> None:
        self.drops.append(Drop(self.session_id, self.record.thread_id, rule, what, tokens, why))


def _tells(inferences: Sequence[ToolInference]) -> bool:
    """Say whether a tool recorded any usage: only then it can stand for its event's."""
    return any(sum(_counts(inference)) for inference in inferences)


def _counts(inference: ToolInference) -> TokenCounts:
    return TokenCounts(
        inference.input, inference.output, inference.cache_creation, inference.cache_read
    )
