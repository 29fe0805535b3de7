"""A thread file's bytes to its `ThreadRecord`: values judged, times found, nothing priced.

Source: thread files of published Amp builds, 2025 to March 2026. Three eras share the format
and mix in one file; which members are there says how usage is told, never a version number.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from amp_tray.core.diagnostics import Diagnostic
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
from amp_tray.sources.amp.values import (
    digits_of,
    known_model,
    nanocredits,
    read_id,
    read_instant,
    read_model,
    read_position,
    read_text,
)
from amp_tray.sources.reading import Reading

_MODEL_TAG = "model:"
_NO_TOKENS = wire.EventTokens()
_NO_TREE = wire.Tree()
_NO_USAGE = wire.Usage()
_USAGE = Rung.USAGE  # kept, since looking it up costs as much as a call
_new = tuple.__new__  # in a third of the time of a call by name


def decode_thread(data: bytes, path: str, mtime: int) -> Reading:
    """Read one thread file; never raises on data.

    Args:
        data: the whole file.
        path: for diagnostics, and for the id of a thread that states none.
        mtime: the file's modification, epoch milliseconds; the last rung of the time ladder.
    """
    return begin_thread(data, path, mtime)()


def begin_thread(data: bytes, path: str, mtime: int) -> Callable[[], Reading]:
    """Take the first of two steps to what `decode_thread` returns, and return the second one.

    Many files are read faster step by step. The second one needs no bytes any more.
    """
    thread, diagnostics = parse_thread(data, path)
    return partial(_reading, thread, diagnostics, path, mtime)


def _reading(
    thread: wire.Thread | None, diagnostics: Iterable[Diagnostic], path: str, mtime: int
) -> Reading:
    record = None if thread is None else settle(_record(thread, path, mtime))
    return Reading(record, tuple(diagnostics))


def _record(thread: wire.Thread, path: str, mtime: int) -> ThreadRecord:
    initial = thread.env.initial if thread.env is not None else None
    tree = initial.trees[0] if initial is not None and initial.trees else _NO_TREE
    origin = read_id(thread.origin_thread_id)
    ledger = thread.usage_ledger
    messages = thread.messages or ()
    return ThreadRecord(
        thread_id=read_id(thread.id) or read_id(PurePath(path).stem) or "T-unnamed",
        version=thread.v or 0,
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
        messages=tuple(_messages(messages, MessageTimes(thread, mtime))),
        events=tuple(_events((ledger.events if ledger is not None else None) or ())),
        tools=tuple(_tools(messages)),
    )


def _messages(messages: Sequence[wire.Message], times: MessageTimes) -> Iterator[MessageUsage]:
    # What is as usual is looked at here, and not where it would be called for: a call costs more.
    sent_at: int | None = None
    for position, message in enumerate(messages):
        if message.role == "user":
            if message.meta is not None:
                sent_at = read_instant(message.meta.sent_at) or sent_at
            continue
        usage = message.usage
        if usage is None:
            continue
        name, model, amount = message.message_id, usage.model, usage.credits
        rung: Rung = _USAGE
        at = stamp = None if usage.timestamp is None else read_instant(usage.timestamp)
        if at is None:
            at, rung = times.of(message, sent_at)
        yield _new(
            MessageUsage,
            (
                position,
                digits_of(name) if type(name) is int else read_id(name),
                known_model(model) if type(model) is str else read_model(model),
                usage.input_tokens or 0,
                usage.output_tokens or 0,
                usage.cache_creation_input_tokens or 0,
                usage.cache_read_input_tokens or 0,
                usage.total_input_tokens,
                nanocredits(amount),
                at,
                rung,
                sent_at,
                stamp,
                (),
            ),
        )


def _events(events: Sequence[wire.Event]) -> Iterator[LedgerEvent]:
    for event in events:
        tokens, model, amount = event.tokens or _NO_TOKENS, event.model, event.credits
        origin, target = event.from_message_id, event.to_message_id
        use, thread = event.tool_use_id, event.subagent_thread_id
        operation = event.operation_type
        yield _new(
            LedgerEvent,
            (
                read_id(event.id),
                read_instant(event.timestamp),
                known_model(model) if type(model) is str else read_model(model),
                INFERENCE if operation == INFERENCE else read_text(operation) or INFERENCE,
                nanocredits(amount),
                tokens.input or 0,
                tokens.output or 0,
                digits_of(origin) if type(origin) is int else read_id(origin),
                digits_of(target) if type(target) is int else read_id(target),
                None if use is None else read_id(use),
                None if thread is None else read_id(thread),
            ),
        )


def _tools(messages: Sequence[wire.Message]) -> Iterator[ToolInference]:
    ordinals: Counter[str | int] = Counter()
    for position, message in enumerate(messages):
        for block in message.content or ():
            if block.run is None or (debug := block.run.debug) is None:
                continue
            tool_use_id = read_id(block.tool_use_id)
            use = position if tool_use_id is None else tool_use_id
            for inference in debug.inferences or ():
                usage = inference.usage or _NO_USAGE
                ordinals[use] += 1
                yield ToolInference(
                    tool_use_id=tool_use_id,
                    ordinal=ordinals[use] - 1,
                    message_position=position,
                    model=read_model(usage.model) or read_model(inference.model),
                    input=usage.input_tokens or 0,
                    output=usage.output_tokens or 0,
                    cache_creation=usage.cache_creation_input_tokens or 0,
                    cache_read=usage.cache_read_input_tokens or 0,
                    total_input=usage.total_input_tokens,
                    at=read_instant(usage.timestamp) or read_instant(inference.timestamp),
                    thread_id=read_id(debug.thread_id),
                )


def _tag_model(initial: wire.Initial | None) -> str | None:
    tags = (initial.tags if initial is not None else None) or ()
    models = {
        model
        for tag in tags
        if isinstance(tag, str) and tag.startswith(_MODEL_TAG)
        if (model := read_model(tag.removeprefix(_MODEL_TAG))) is not None
    }
    return models.pop() if len(models) == 1 else None


def _last_model(thread: wire.Thread) -> str | None:
    last = thread.debug.last_inference_usage if thread.debug is not None else None
    return None if last is None else read_model(last.model)


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
