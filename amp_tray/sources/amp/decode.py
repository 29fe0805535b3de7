"""A thread file's bytes to its `ThreadRecord`: values judged, times found, nothing priced.

Source: thread files of published Amp builds, 2025 to March 2026. Three eras share the format
and mix in one file; which members are there says how usage is told, never a version number.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from amp_tray.core.diagnostics import Code, Diagnostic
from amp_tray.core.records import (
    INFERENCE,
    LedgerEvent,
    MessageUsage,
    Rung,
    ThreadRecord,
    ToolInference,
)
from amp_tray.core.unite import settle
from amp_tray.sources.amp import wire
from amp_tray.sources.amp.parse import parse_thread
from amp_tray.sources.amp.times import MessageTimes
from amp_tray.sources.amp.values import Judge, read_id, read_instant, read_position, read_text
from amp_tray.sources.base import Reading

_MODEL_TAG = "model:"
_NO_TOKENS = wire.EventTokens()
_NO_MODELS = frozenset({"", "undefined", "null"})


def decode_thread(data: bytes, path: str, mtime: int) -> Reading:
    """Read one thread file; never raises on data.

    Args:
        data: the whole file.
        path: for diagnostics, and for the id of a thread that states none.
        mtime: the file's modification, epoch milliseconds; the last rung of the time ladder.
    """
    thread, diagnostics = parse_thread(data, path)
    if thread is None:
        return Reading(None, tuple(diagnostics))
    judge = Judge()
    record = settle(_record(thread, path, mtime, judge))
    if judge.implausible:
        sentence = f"{judge.implausible} counts are too large to be true and were taken as 0"
        diagnostics.append(Diagnostic(Code.IMPLAUSIBLE_COUNT, path, sentence))
    return Reading(record, tuple(diagnostics))


def _record(thread: wire.Thread, path: str, mtime: int, judge: Judge) -> ThreadRecord:
    initial = thread.env.initial if thread.env is not None else None
    tree = initial.trees[0] if initial is not None and initial.trees else wire.Tree()
    origin = read_id(thread.origin_thread_id)
    ledger = thread.usage_ledger
    return ThreadRecord(
        thread_id=read_id(thread.id) or read_id(PurePath(path).stem) or "T-unnamed",
        version=judge.count(thread.v),
        created=read_instant(thread.created),
        mtime=mtime,
        title=read_text(thread.title),
        project=_project(tree),
        workspace=read_text(tree.uri),
        tag_model=_tag_model(initial),
        last_model=_last_model(thread),
        main_thread_id=read_id(thread.main_thread_id),
        origin_thread_id=origin,
        fork_point=None if origin is None else read_position(thread.fork_point_index),
        messages=tuple(_messages(thread, mtime, judge)),
        events=tuple(
            _event(event, judge) for event in (ledger.events if ledger is not None else ()) or ()
        ),
        tools=tuple(_tools(thread, judge)),
    )


def _messages(thread: wire.Thread, mtime: int, judge: Judge) -> Iterator[MessageUsage]:
    times = MessageTimes(thread, mtime)
    for position, message in enumerate(thread.messages or ()):
        times.pass_message(message)
        usage = message.usage
        if usage is None or message.role == "user":
            continue
        at, rung = times.of(message)
        # By place, here and below: names would take as long as all the rest of it.
        yield MessageUsage(
            position,
            read_id(message.message_id),
            _model(usage.model),
            judge.count(usage.input_tokens),
            judge.count(usage.output_tokens),
            judge.count(usage.cache_creation_input_tokens),
            judge.count(usage.cache_read_input_tokens),
            judge.optional_count(usage.total_input_tokens),
            judge.credits(usage.credits),
            at,
            rung,
            times.sent_at,
            at if rung is Rung.USAGE else None,
        )


def _event(event: wire.Event, judge: Judge) -> LedgerEvent:
    tokens = event.tokens or _NO_TOKENS
    return LedgerEvent(
        read_id(event.id),
        read_instant(event.timestamp),
        _model(event.model),
        read_text(event.operation_type) or INFERENCE,
        judge.credits(event.credits),
        judge.count(tokens.input),
        judge.count(tokens.output),
        read_id(event.from_message_id),
        read_id(event.to_message_id),
        read_id(event.tool_use_id),
        read_id(event.subagent_thread_id),
    )


def _tools(thread: wire.Thread, judge: Judge) -> Iterator[ToolInference]:
    ordinals: Counter[str | int] = Counter()
    for position, message in enumerate(thread.messages or ()):
        for block in message.content or ():
            if block.run is None or (debug := block.run.debug) is None:
                continue
            tool_use_id = read_id(block.tool_use_id)
            use = position if tool_use_id is None else tool_use_id
            for inference in debug.inferences or ():
                usage = inference.usage or wire.Usage()
                ordinals[use] += 1
                yield ToolInference(
                    tool_use_id=tool_use_id,
                    ordinal=ordinals[use] - 1,
                    message_position=position,
                    model=_model(usage.model) or _model(inference.model),
                    input=judge.count(usage.input_tokens),
                    output=judge.count(usage.output_tokens),
                    cache_creation=judge.count(usage.cache_creation_input_tokens),
                    cache_read=judge.count(usage.cache_read_input_tokens),
                    total_input=judge.optional_count(usage.total_input_tokens),
                    at=read_instant(usage.timestamp) or read_instant(inference.timestamp),
                    thread_id=read_id(debug.thread_id),
                )


def _model(value: object) -> str | None:
    return _known_model(value) if isinstance(value, str) else _read_model(value)


@lru_cache(maxsize=256)  # a user has a handful, each named thousands of times
def _known_model(value: str) -> str | None:
    return _read_model(value)


def _read_model(value: object) -> str | None:
    name = read_text(value)
    return None if name is None or name.lower() in _NO_MODELS else name


def _tag_model(initial: wire.Initial | None) -> str | None:
    tags = (initial.tags if initial is not None else None) or ()
    models = {
        model
        for tag in tags
        if isinstance(tag, str) and tag.startswith(_MODEL_TAG)
        if (model := _model(tag.removeprefix(_MODEL_TAG))) is not None
    }
    return models.pop() if len(models) == 1 else None


def _last_model(thread: wire.Thread) -> str | None:
    last = thread.debug.last_inference_usage if thread.debug is not None else None
    return None if last is None else _model(last.model)


def _project(tree: wire.Tree) -> str | None:
    named = read_text(tree.display_name)
    if named is not None:
        return named
    uri = read_text(tree.uri)
    if uri is None:
        return None
    try:
        return PurePath(unquote(urlsplit(uri).path)).name or None
    except ValueError:
        return None
