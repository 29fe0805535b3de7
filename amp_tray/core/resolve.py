"""From what one thread owns to its usage events, each billed call once (R1, R2, R3, R5).

In: one record with the thread's own facts (`family.share_out`). Out: usage events, neither
priced nor grouped, and what was dropped. It cannot fail on data: whatever a record holds,
events come out.

Source: the accounting rules of Amp's thread files, found by comparing what published Amp
builds write with what they bill; the terms are in `records`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import chain, compress, repeat
from operator import attrgetter
from typing import Any, NamedTuple

from amp_tray.core.claims import by_any_id, claim_messages
from amp_tray.core.events import UNKNOWN_MODEL, Drop, Evidence, Rule, UsageEvent, Use, use_of
from amp_tray.core.normalise import Counts, counts_of, fallback_model, normalise_all
from amp_tray.core.records import LedgerEvent, MessageUsage, Rung, ThreadRecord, ToolInference
from amp_tray.core.tokens import TokenCounts

# A tool's event sums several model calls, so context tiers say nothing about it.
_SUMMED = frozenset({"oracle", "codebase-search", "subagent"})

_NONE: Iterable[Any] = repeat(None)
_COUNTED = slice(4, 9)  # of calls: the four counts and the credits

_at = attrgetter("at")
# Looking up a member of an enumeration costs as much as a call.
_PAIR, _MESSAGE, _USAGE = Evidence.PAIR, Evidence.MESSAGE, Rung.USAGE


class Calls(NamedTuple):
    """Calls that a thread's messages tell of, a column for each of a usage event's members.

    Nearly all usage is such, and columns are made and summed several times faster than events.
    A column that repeats one value has no end; the others are of one length.
    """

    at: Sequence[int]
    rung: Iterable[int]
    evidence: Iterable[str]
    model: Sequence[str]
    input_tokens: Sequence[int]
    output_tokens: Sequence[int]
    cache_creation_tokens: Sequence[int]
    cache_read_tokens: Sequence[int]
    credits: Sequence[int | None]
    message_id: Sequence[str | None]
    event_id: Iterable[str | None]

    def billed(self) -> "Calls":
        """Return those that have tokens or credits: no other was billed."""
        if all(self.output_tokens):  # as nearly always
            return self
        kept = list(map(any, zip(*self[_COUNTED], strict=True)))
        return Calls._make(tuple(compress(column, kept)) for column in self)

    def uses(self) -> Iterator[Use]:
        """Yield what their rollups are made of."""
        return zip(self.at, self.model, *self[_COUNTED], _NONE, repeat(True), _NONE)

    def events(self, session_id: str, thread_id: str) -> Iterator[UsageEvent]:
        """Yield them as usage events."""
        names, (*known, message_ids, event_ids) = (repeat(session_id), repeat(thread_id)), self
        rows = zip(*names, *known, _NONE, repeat(True), message_ids, event_ids, _NONE, _NONE)
        return map(UsageEvent._make, rows)


class Resolved(NamedTuple):
    """A thread's usage, and what it holds that is not counted.

    Attributes:
        calls: of its messages.
        others: usage that no message tells of.
    """

    session_id: str
    thread_id: str
    calls: tuple[Calls, ...]
    others: tuple[UsageEvent, ...]
    drops: tuple[Drop, ...]

    @property
    def events(self) -> tuple[UsageEvent, ...]:
        """Return its usage events, oldest first."""
        names = (self.session_id, self.thread_id)
        made = chain.from_iterable(calls.events(*names) for calls in self.calls)
        return tuple(sorted((*made, *self.others), key=_at))

    def uses(self) -> Iterator[Use]:
        """Yield what its rollups are made of, in no order."""
        yield from chain.from_iterable(calls.uses() for calls in self.calls)
        yield from map(use_of, self.others)

    def span(self) -> tuple[int, int | None, int | None]:
        """Return how many usage events there are, and the first and last instant."""
        columns = [calls.at for calls in self.calls if calls.at]
        if self.others:
            columns.append([event.at for event in self.others])
        if not columns:
            return 0, None, None
        return sum(map(len, columns)), min(map(min, columns)), max(map(max, columns))


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
    calls = tuple(thread.from_messages())
    others = tuple(
        event
        for event in (*thread.from_ledger(), *thread.from_tools())
        if event.credits or event.total_tokens
    )
    return Resolved(session, record.thread_id, calls, others, tuple(thread.drops))


class _Thread:
    """One thread while it is resolved: its claims, its tool uses, and what it drops."""

    def __init__(self, record: ThreadRecord, session_id: str, files: AbstractSet[str]) -> None:
        self.record = record
        self.session_id = session_id
        self.files = files
        self.drops: list[Drop] = []
        self.claims = claim_messages(record)
        self.unclaimed = [
            event for place, event in enumerate(record.events) if place not in self.claims
        ]
        self.model = fallback_model(record)
        self.tools = self._tools_by_use()

    @cached_property
    def by_id(self) -> Mapping[str, Sequence[int]]:
        """The positions of the messages by every id."""
        return by_any_id(self.record)

    def from_messages(self) -> Iterator[Calls]:
        """Yield the messages that an event claims, each with that event, and the others."""
        messages = self.record.messages
        if self.claims:
            claimed = list(self.claims.values())
            bills = map(self.record.events.__getitem__, self.claims)
            yield self._calls(map(messages.__getitem__, claimed), bills)
            left = {*range(len(messages))}.difference(claimed)
            messages = tuple(map(messages.__getitem__, sorted(left)))
        if messages:
            yield self._calls(messages)

    def _calls(self, messages: Iterable[MessageUsage], bills: Iterable[LedgerEvent] = ()) -> Calls:
        """Return messages as calls, where they have bills with what those know better."""
        _, ids, models, *counts, totals, amounts, ats, rungs, _, _, _ = _columns(messages)
        evidence, event_ids = _MESSAGE, _NONE
        if bills:
            evidence = _PAIR
            event_ids, billed_at, billed_models, _, billed, *_ = _columns(bills)
            models = _filled(billed_models, models)
            amounts = _filled(billed, amounts)  # an event's 0 is: not recorded
            if None in billed_at:
                times = zip(billed_at, ats, rungs, strict=True)
                told = [(own, rung) if at is None else (at, _USAGE) for at, own, rung in times]
                ats, rungs = _columns(told)
            else:
                ats, rungs = billed_at, repeat(_USAGE)
        models = _filled(models, repeat(self.model))
        inputs, outputs, creations, reads = normalise_all(counts, totals, models)
        return Calls(
            *(ats, rungs, repeat(evidence), models, inputs, outputs, creations, reads),
            *(amounts, ids, event_ids),
        ).billed()

    def from_ledger(self) -> Iterator[UsageEvent]:
        """Yield what the usage ledger tells that claims no message."""
        told: set[str] = set()
        for event in self.unclaimed:
            use = event.tool_use_id
            if event.subagent_thread_id in self.files:
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

    def from_tools(self) -> Iterator[UsageEvent]:
        """Yield the tools' inferences that no ledger event tells of."""
        if not self.tools:
            return
        billed = {event.tool_use_id for event in self.unclaimed} - {None}
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


def _columns(rows: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    return zip(*rows, strict=True)


def _filled(column: Sequence[Any], others: Iterable[Any]) -> Sequence[Any]:
    """Return a column with others' values where it has none."""
    return column if all(column) else [*map(_either, column, others)]


def _either(one: Any, other: Any) -> Any:
    return one or other


def _tells(inferences: Sequence[ToolInference]) -> bool:
    """Say whether a tool recorded any usage: only then it can stand for its event's."""
    return any(sum(_counts(inference)) for inference in inferences)


def _counts(inference: ToolInference) -> TokenCounts:
    return TokenCounts(
        inference.input, inference.output, inference.cache_creation, inference.cache_read
    )
