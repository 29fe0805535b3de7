"""Lines of a session log to records: calls by session and hour, nothing priced.

Only lines that tell of usage are decoded. A call's parts can lie on both sides of a full hour:
the hour of the first is the hour of all, which is why the last calls are remembered from one
reading to the next.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from pathlib import PurePath

import msgspec

from amp_tray.core.calls import HOUR_MS, hour_id
from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.money import usd
from amp_tray.core.records import Call, ThreadRecord
from amp_tray.core.text import clean
from amp_tray.core.unite import by_time, unite_calls
from amp_tray.sources.claude_code import wire
from amp_tray.sources.claude_code.times import read_instant
from amp_tray.sources.reading import Passage

_MARK = b'"usage"'
_SUBAGENTS = "subagents"
_SYNTHETIC = "<synthetic>"
_COUNTED = (None, "assistant")
_SEPARATORS = re.compile(r"[/\\]")
_LIMIT = re.compile(r"limit reached\|(\d{9,13})\b")
_MILLISECONDS_FROM = 10**11  # a count of seconds so large is in the year 5138

_MOST_REMEMBERED = 16  # calls; so many do not stream in at once
_MOST_TOLD = 20  # lines that cannot be used, of one reading
_MAX_ID, _MAX_TEXT = 200, 1000
_decode_line = wire.LINE.decode
_whose = attrgetter("request_id", "session_id", "is_sidechain", "forked_from")
_UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)  # no UTF-8 is a ValueError


class _Memory(msgspec.Struct):
    """What is known of the lines so far: how many they are, and the hours of the last calls."""

    lines: int = 0
    hours: dict[str, int] = msgspec.field(default_factory=dict)

    def begin(self, call_id: str, at: int) -> int:
        """Return the hour of a call that is not known, which is the hour of all its parts."""
        hour = self.hours[call_id] = at // HOUR_MS
        if len(self.hours) > _MOST_REMEMBERED:
            del self.hours[next(iter(self.hours))]
        return hour


_MEMORIES = msgspec.json.Decoder(_Memory)


class _Hour:
    """What is read of a session's hour: its calls, each as its last line has it."""

    __slots__ = ("calls", "cwd")

    def __init__(self) -> None:
        self.calls: dict[tuple[str, str | None], Call] = {}
        self.cwd: str | None = None

    def add(self, call: Call) -> None:
        key = call[:2]
        held = self.calls.get(key)
        if held is None:  # as nearly always
            self.calls[key] = call
        else:
            (self.calls[key],) = unite_calls((held,), (call,))


class _Answer:
    """An answer of which line after line tells a part: only the last is looked at closely."""

    __slots__ = ("at", "began", "line", "message", "usage")
    line: wire.Line
    message: wire.Message
    usage: wire.Usage
    at: int

    def __init__(self, began: int) -> None:
        self.began = began

    def goes_on(self, line: wire.Line, message: wire.Message, at: int) -> bool:
        """Say whether a line that comes next tells of this answer, and stands for it."""
        name = message.id
        return (
            bool(name)
            and name == self.message.id
            and at > self.at
            and _whose(line) == _whose(self.line)
        )


def read_lines(blocks: Iterable[bytes], path: str, memory: str) -> Passage:
    """Read some whole lines of a log; never raises on data.

    Args:
        blocks: lines, some at a time; the last one may lack its newline.
        path: of the file; it names the session where a line does not.
        memory: what reading the lines before these returned, "" where these are the first.
    """
    reading = _Reading(path, _memory(memory))
    for lines in blocks:
        reading.read(lines)
    return reading.passage()


def _memory(text: str) -> _Memory:
    try:
        return _MEMORIES.decode(text) if text else _Memory()
    except ValueError:  # of another version
        return _Memory()


class _Reading:
    """One passage while it is read."""

    def __init__(self, path: str, memory: _Memory) -> None:
        self._path = path
        self._memory = memory
        self._session = _session_of(PurePath(path))
        self._answer: _Answer | None = None
        self._hours: dict[tuple[str, int], _Hour] = {}
        self._troubles: list[Diagnostic] = []
        self._resets: list[tuple[int, int]] = []

    def read(self, lines: bytes) -> None:
        """Read some whole lines."""
        start, size = 0, len(lines)
        while start < size:
            end = lines.find(b"\n", start)
            if end < 0:
                end = size
            self._memory.lines += 1
            # From its end: there usage stands, and Python is twice as fast backwards.
            if lines.rfind(_MARK, start, end) >= 0 and not self._take(lines[start:end]):
                self._tell()
            start = end + 1

    def _take(self, text: bytes) -> bool:
        """Read one line; return whether it could be read, or told of no usage."""
        try:
            line = _decode_line(text)
        except _UNREADABLE as error:
            return not _may_count(text, error)
        message = line.message
        if message is None and line.data is not None and line.data.message is not None:
            line = _repeated(line, line.data.message)
            message = line.message
        if message is None or message.usage is None or line.type not in _COUNTED:
            return True
        if line.is_api_error_message or message.model == _SYNTHETIC:
            self._notice(text)
            return True
        at = read_instant(line.timestamp)
        if at is None:
            return False
        answer = self._answer
        if answer is None or not answer.goes_on(line, message, at):
            self._settle()
            answer = self._answer = _Answer(at)
        elif not line.cwd:
            line.cwd = answer.line.cwd
        answer.line, answer.message, answer.usage, answer.at = line, message, message.usage, at
        return True

    def _settle(self) -> None:
        """Count the answer whose parts were told last."""
        answer = self._answer
        if answer is None:
            return
        line = answer.line
        call = _call(line, answer.message, answer.usage, answer.at)
        hour = self._memory.hours.get(call.call_id)
        if hour is None:
            hour = self._memory.begin(call.call_id, answer.began)
        key = (_name(line.session_id) if line.session_id else self._session, hour)
        group = self._hours.get(key)
        if group is None:
            group = self._hours[key] = _Hour()
        group.add(call)
        group.cwd = line.cwd or group.cwd

    def _tell(self) -> None:
        """Note that the line read last cannot be used."""
        if len(self._troubles) < _MOST_TOLD:
            message = f"line {self._memory.lines:,} tells of usage and cannot be read"
            self._troubles.append(Diagnostic(Code.BAD_RECORD, self._path, message))

    def passage(self) -> Passage:
        """Return what was read."""
        self._settle()
        return Passage(
            tuple(self._record(*key, hour) for key, hour in self._hours.items()),
            tuple(self._troubles),
            tuple(self._resets),
            msgspec.json.encode(self._memory).decode(),
        )

    def _record(self, session: str, hour: int, told: _Hour) -> ThreadRecord:
        return ThreadRecord(
            thread_id=hour_id(session, hour),
            version=0,
            created=hour * HOUR_MS,
            mtime=0,  # the same however often the file is read
            project=_project_of(told.cwd),
            main_thread_id=session,
            calls=by_time(told.calls.values()),
        )

    def _notice(self, text: bytes) -> None:
        """Keep when a limit ends that the program says is reached."""
        try:
            notice = wire.NOTICE.decode(text)
        except _UNREADABLE:
            return
        at, said = read_instant(notice.timestamp), _LIMIT.search(notice.text)
        if at is not None and said is not None:
            until = int(said[1])
            self._resets.append((at, until if until >= _MILLISECONDS_FROM else until * 1000))


def _repeated(line: wire.Line, inner: wire.Line) -> wire.Line:
    """Return a sub-agent's line that a line of its session repeats."""
    inner.session_id = inner.session_id or line.session_id
    inner.cwd = inner.cwd or line.cwd
    inner.is_sidechain = True
    return inner


def _call(line: wire.Line, message: wire.Message, usage: wire.Usage, at: int) -> Call:
    inputs, outputs = usage.input_tokens or 0, usage.output_tokens or 0
    created, read = usage.cache_creation_input_tokens or 0, usage.cache_read_input_tokens or 0
    hour, kept = 0, usage.cache_creation
    if kept is not None:
        hour = kept.ephemeral_1h_input_tokens or 0
        created = hour + (kept.ephemeral_5m_input_tokens or 0) or created
    model = None if message.model is None else _model(message.model)
    name = message.id or line.uuid or f"{at} {model} {inputs} {outputs} {created} {read}"
    speed = "fast" if usage.speed == "fast" else ""
    if not speed and usage.service_tier == "priority":
        speed = "priority"
    # By place: names would take twice as long.
    return Call(
        _id(name),
        _id(line.request_id) if line.request_id else None,
        at,
        model,
        inputs,
        outputs,
        created,
        read,
        hour,
        None if line.cost is None or line.cost < 0 else usd(line.cost),
        speed,
        line.forked_from is not None,
        bool(line.is_sidechain),
    )


def _may_count(text: bytes, error: Exception) -> bool:
    """Say whether a line that cannot be read as expected may be one of an answer."""
    if not isinstance(error, msgspec.ValidationError):
        return True  # no JSON: what it was nobody knows
    try:
        return wire.KIND.decode(text).type in _COUNTED
    except _UNREADABLE:
        return True


def _id(text: str) -> str:
    """Return an id without anything hidden: ids are shown, compared and passed on."""
    plain = len(text) <= _MAX_ID and text.isascii() and text.isprintable()
    return text if plain else clean(text, _MAX_ID)


def _session_of(path: PurePath) -> str:
    """Return the session whose log a file is, by its place.

    Source: `<project>/<session>.jsonl`; sub-agents' are `<session>/subagents/<agent>.jsonl`.
    """
    if path.parent.name == _SUBAGENTS:
        return _id(path.parent.parent.name)
    return _id(path.stem) or "unnamed"


@lru_cache(maxsize=256)  # a user has a handful, each named thousands of times
def _model(value: str) -> str | None:
    return _storable(value)


@lru_cache(maxsize=256)
def _name(session: str) -> str:
    return _id(session) or "unnamed"


@lru_cache(maxsize=256)
def _project_of(cwd: str | None) -> str | None:
    """Return the last segment of a directory, on whatever system it lies."""
    return _storable(_SEPARATORS.split(cwd.rstrip("/\\"))[-1] or cwd) if cwd else None


def _storable(value: str) -> str | None:
    """Return a text that can be stored: a lone surrogate can be read and never be written."""
    return value[:_MAX_TEXT].encode("utf-8", errors="replace").decode("utf-8") or None
