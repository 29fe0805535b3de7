"""Families of threads with a known answer: a history first, then the files that are left of it.

Every billed call of the history has an output count of its own, a power of two, so that what is
lost and what is counted twice both show in the figures.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from amp_tray.core.events import UsageEvent
from tests.support.threads import CLAUDE, GPT, Json, asked, thread

START = 1_770_000_000_000
_HOUR = 3_600_000
_DAMAGE = st.sampled_from([0, 5, 5, None, -3, 10**15, "x"])
_MODELS = st.sampled_from([CLAUDE, GPT, None])
_MAX_CALLS = 36  # powers of two below the highest count that is believed


@dataclass(frozen=True, slots=True)
class Call:
    """One billed call: a message, a tool's inferences, a ledger event, or several of them.

    Attributes:
        outputs: what its message or inferences tell; empty when there are none.
        event_output: what its ledger event tells, None when it has none.
        sub_thread: the thread that a sub-agent's event stands for.
    """

    owner: str
    is_message: bool
    outputs: tuple[int, ...]
    event_output: int | None
    sub_thread: str | None = None


@dataclass(slots=True)
class File:
    """A thread's file: its messages and events, each with the number of the call it is of."""

    messages: list[tuple[Json, int | None]] = field(default_factory=list)
    events: list[tuple[Json, int]] = field(default_factory=list)
    members: Json = field(default_factory=dict)

    def document(self, thread_id: str) -> Json:
        """Return what lies on disk."""
        bills = [bill for bill, _ in self.events]
        messages = [message for message, _ in self.messages]
        return thread(*messages, events=bills or None, id=thread_id, **self.members)


@dataclass(frozen=True, slots=True)
class History:
    """What happened, and the files that are left of it.

    Attributes:
        calls: all that was billed, by number.
        files: of the threads whose file is there.
        whole: of all threads, as they were when nothing was lost.
    """

    calls: tuple[Call, ...]
    files: Mapping[str, File]
    whole: Mapping[str, File]

    @property
    def documents(self) -> dict[str, Json]:
        """Return the files that are there, by thread id."""
        return {name: file.document(name) for name, file in self.files.items()}

    def expected(self, files: Mapping[str, File] | None = None) -> Counter[int]:
        """Return the output counts of the usage events that must come out of some files."""
        files = self.files if files is None else files
        told = {number for file in files.values() for _, number in file.messages}
        billed = {number for file in files.values() for _, number in file.events}
        outputs: Counter[int] = Counter()
        for number, call in enumerate(self.calls):
            if call.sub_thread in files:
                continue
            if number in told and any(call.outputs):
                outputs.update(call.outputs)
            elif number in billed and call.event_output is not None:
                outputs[call.event_output] += 1
        del outputs[0]
        return outputs

    def teller_of(self, output: int) -> str | None:
        """Return the thread that asked for a message, by its output, if its file still has it."""
        for number, call in enumerate(self.calls):
            if call.is_message and output in call.outputs and call.owner in self.files:
                messages = self.files[call.owner].messages
                return call.owner if any(told == number for _, told in messages) else None
        return None

    def session_of(self, thread_id: str) -> str:
        """Return the root of a thread by the main threads that the files name."""
        seen = [thread_id]
        while seen[-1] in self.files:
            main = self.files[seen[-1]].members.get("mainThreadID")
            if main is None:
                break
            if main in seen:
                return str(min(seen[seen.index(main) :]))
            seen.append(main)
        return seen[-1]


def outputs_of(events: list[UsageEvent]) -> Counter[int]:
    """Return the output counts of usage events; those without output are credits alone."""
    found = Counter(event.output_tokens for event in events)
    del found[0]
    return found


@st.composite
def histories(draw: st.DrawFn, *, most: int = 6) -> History:
    """Draw a history of some threads, forks of forks and sub-threads among them, and its files."""
    names = [f"T-{number}" for number in range(draw(st.integers(1, most)))]
    present = [draw(st.sampled_from([True, True, True, False])) for _ in names]
    origins = [
        draw(st.sampled_from([None, *names[:number], *names[:number]]))
        for number in range(len(names))
    ]
    # What lies between two files can only be recognised by what it says itself, so it must.
    gap = any(
        origin is not None and not there for origin, there in zip(origins, present, strict=True)
    )
    exported = not gap and draw(st.integers(0, 3)) == 0
    calls: list[Call] = []
    whole: dict[str, File] = {}
    meter = _Meter()
    for name, origin in zip(names, origins, strict=True):
        source = None if origin is None else whole[origin]
        writer = _Writer(draw, name, calls, meter, others=[*names, "T-gone"], gap=gap)
        whole[name] = writer.write(origin, source, exported=exported and draw(st.booleans()))
    files = {
        name: _shortened(draw, whole[name], calls, together=exported or gap)
        for name, there in zip(names, present, strict=True)
        if there
    }
    return History(tuple(calls), files, whole)


def _shortened(draw: st.DrawFn, file: File, calls: list[Call], *, together: bool) -> File:
    """Return a file that may have lost the end of its own part, and some of its events."""
    copied = file.members.get("forkPointIndex", -1) + 1
    length = len(file.messages)
    if draw(st.integers(0, 2)) == 0:
        length = draw(st.integers(min(copied, length), length))
    messages = file.messages[:length]
    events = file.events
    if draw(st.integers(0, 3)) == 0:
        events = [event for event in events if draw(st.booleans())]
    if together:  # nothing joins a message to a bill that lies in a thread it cannot be traced to
        lost = {number for _, number in file.messages[length:] if number is not None}
        lost = {number for number in lost if calls[number].is_message}
        events = [event for event in events if event[1] not in lost]
    return File(messages, events, file.members)


class _Meter:
    """Hands out output counts, each a power of two."""

    def __init__(self) -> None:
        self.used = 0

    def left(self, calls: int) -> bool:
        return self.used + calls <= _MAX_CALLS

    def next(self) -> int:
        self.used += 1
        return 1 << (self.used - 1)


class _Writer:
    """Writes one thread's file, drawing what happens in it."""

    def __init__(
        self,
        draw: st.DrawFn,
        name: str,
        calls: list[Call],
        meter: _Meter,
        *,
        others: list[str],
        gap: bool,
    ) -> None:
        self.draw = draw
        self.name = name
        self.calls = calls
        self.meter = meter
        self.others = others
        self.gap = gap
        self.file = File()
        self.era = draw(st.sampled_from(["0", "L", "T"]))
        self.next_id = 0

    def write(self, origin: str | None, source: File | None, *, exported: bool) -> File:
        draw = self.draw
        self.file.members = {
            "v": draw(st.integers(0, 9)),
            "created": draw(st.sampled_from([START, None])),
            "title": draw(st.sampled_from([None, "A title"])),
        }
        if draw(st.integers(0, 3)) == 0:
            self.file.members["mainThreadID"] = draw(st.sampled_from(self.others))
        if origin is not None and source is not None:
            self._copy(origin, source, exported=exported)
        sent_at = self._time() if self.gap or draw(st.booleans()) else None
        self._say(asked(sent_at, self._id()), None)
        for _ in range(draw(st.integers(0, 3))):
            if self.meter.left(3):
                draw(st.sampled_from([self._answer, self._answer, self._tool, self._bill]))()
        return self.file

    def _copy(self, origin: str, source: File, *, exported: bool) -> None:
        point = self.draw(st.integers(0, len(source.messages) - 1))
        self.file.members |= {"originThreadID": origin, "forkPointIndex": point}
        self.file.messages = source.messages[: point + 1]
        if exported:  # exports name messages anew, and have no ledger
            self.file.messages = [
                (message | {"messageId": f"M-{place}"}, number)
                for place, (message, number) in enumerate(self.file.messages)
            ]
        elif self.draw(st.booleans()):
            left = {number for _, number in source.messages[point + 1 :]}
            self.file.events = [event for event in source.events if event[1] not in left]

    def _answer(self) -> None:
        output, model = self.meter.next(), self.draw(_MODELS)
        uncached = self.draw(_DAMAGE)
        usage: Json = {"inputTokens": uncached, "outputTokens": output, "model": model}
        usage["cacheReadInputTokens"] = self.draw(_DAMAGE)
        usage["cacheCreationInputTokens"] = self.draw(_DAMAGE)
        if self.era == "T":
            usage["timestamp"] = self._time()
        name = self._id()
        number = len(self.calls)
        self._say({"role": "assistant", "messageId": name, "usage": usage}, number)
        has_event = self.era == "L" or self.draw(st.integers(0, 5)) == 0
        if has_event:
            target = name if self.draw(st.booleans()) else None
            stated = self.draw(st.sampled_from([model, None]))
            self._event("inference", uncached, output, model=stated, toMessageId=target)
        self.calls.append(Call(self.name, True, (output,), output if has_event else None))

    def _tool(self) -> None:
        number = len(self.calls)
        use = f"use-{number}"
        elsewhere = self.draw(st.integers(0, 3)) == 0
        idle = self.draw(st.integers(0, 3)) == 0
        has_event = self.draw(st.booleans())
        outputs = (
            [0] if idle else [self.meter.next(), self.meter.next()] if self.meter.left(4) else [0]
        )
        inferences = [{"usage": {"inputTokens": 0, "outputTokens": output}} for output in outputs]
        debug: Json = {"inferences": inferences}
        if elsewhere:
            debug["threadID"] = self.draw(st.sampled_from(self.others))
        block = {"type": "tool_result", "toolUseID": use, "run": {"~debug": debug}}
        self._say({"role": "user", "messageId": self._id(), "content": [block]}, number)
        billed = self.meter.next() if has_event else None
        if billed is not None:
            self._event(self.draw(st.sampled_from(["oracle", "subagent"])), 1, billed, use=use)
        counted = () if elsewhere else tuple(outputs)
        self.calls.append(Call(self.name, False, counted, billed))

    def _bill(self) -> None:
        output = self.meter.next()
        sub_thread = self.draw(st.sampled_from([None, *self.others]))
        operation = "title-generation" if sub_thread is None else "subagent"
        self._event(operation, 1, output, subagentThreadID=sub_thread)
        self.calls.append(Call(self.name, False, (), output, sub_thread))

    def _event(
        self, operation: str, uncached: object, output: int, use: object = None, **members: Any
    ) -> None:
        said: Json = {"tokens": {"input": uncached, "output": output}, "operationType": operation}
        said |= {"timestamp": self._time(), "credits": self.draw(st.sampled_from([None, 0, 1.5]))}
        said |= {"toolUseID": use, **members}
        if self.draw(st.booleans()):
            said["id"] = f"event-{len(self.calls)}"
        self.file.events.append((said, len(self.calls)))

    def _say(self, message: Json, number: int | None) -> None:
        self.file.messages.append((message, number))

    def _id(self) -> int | None:
        self.next_id += 1
        return None if self.era == "0" else self.next_id - 1

    def _time(self) -> int:
        return START + _HOUR * self.draw(st.integers(0, 200))
