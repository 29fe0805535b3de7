"""The members of a thread file that are read; the decoder skips all others unbuilt.

Counts and credits are checked here, while they are decoded; where one is odd, `parse` judges it
alone. Other scalars are `Any`: each can be absent, null or of another type, and `decode` reads
them with care.

Source: thread files of published Amp builds, 2025 to March 2026.
"""

from typing import Annotated, Any, TypeAlias

import msgspec

from amp_tray.sources.amp.values import MAX_COUNT, MAX_CREDITS

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=MAX_COUNT)] | None
Credits: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=MAX_CREDITS)] | None


class _Wire(msgspec.Struct, rename="camel", gc=False):
    pass


class Usage(_Wire):
    """`messages[].usage` and `inferences[].usage`."""

    model: Any = None
    input_tokens: Count = None
    output_tokens: Count = None
    cache_creation_input_tokens: Count = None
    cache_read_input_tokens: Count = None
    total_input_tokens: Count = None
    credits: Credits = None
    timestamp: Any = None


class Inference(_Wire):
    """One of a tool's model calls."""

    usage: Usage | None = None
    model: Any = None
    timestamp: Any = None


class RunDebug(_Wire):
    """`content[].run["~debug"]`."""

    inferences: list[Inference] | None = None
    thread_id: Any = msgspec.field(name="threadID", default=None)


class Run(_Wire):
    """`content[].run` of a tool result."""

    debug: RunDebug | None = msgspec.field(name="~debug", default=None)


class Block(_Wire):
    """One block of a message's content."""

    tool_use_id: Any = msgspec.field(name="toolUseID", default=None)
    start_time: Any = None
    final_time: Any = None
    run: Run | None = None


class MessageMeta(_Wire):
    """`messages[].meta`."""

    sent_at: Any = None


class Message(_Wire):
    """One of `messages`."""

    role: Any = None
    message_id: Any = None
    timestamp: Any = None
    usage: Usage | None = None
    meta: MessageMeta | None = None
    content: list[Block] | None = None


class EventTokens(_Wire):
    """`usageLedger.events[].tokens`."""

    input: Count = None
    output: Count = None


class Event(_Wire):
    """One of `usageLedger.events`."""

    id: Any = None
    timestamp: Any = None
    model: Any = None
    credits: Credits = None
    tokens: EventTokens | None = None
    operation_type: Any = None
    from_message_id: Any = None
    to_message_id: Any = None
    tool_use_id: Any = msgspec.field(name="toolUseID", default=None)
    subagent_thread_id: Any = msgspec.field(name="subagentThreadID", default=None)


class UsageLedger(_Wire):
    """`usageLedger`."""

    events: list[Event] | None = None


class Tree(_Wire):
    """One of `env.initial.trees`: a workspace."""

    display_name: Any = None
    uri: Any = None


class Initial(_Wire):
    """`env.initial`."""

    trees: list[Tree] | None = None
    tags: list[Any] | None = None


class Env(_Wire):
    """`env`."""

    initial: Initial | None = None


class TraceContext(_Wire):
    """`meta.traces[].context`."""

    message_id: Any = None


class Trace(_Wire):
    """One of `meta.traces`."""

    name: Any = None
    start_time: Any = None
    context: TraceContext | None = None


class ThreadMeta(_Wire):
    """`meta` of the thread."""

    traces: list[Trace] | None = None


class LastInference(_Wire):
    """`~debug.lastInferenceUsage`: only its model is read, its counts are a duplicate."""

    model: Any = None


class ThreadDebug(_Wire):
    """`~debug` of the thread."""

    last_inference_usage: LastInference | None = None


class Thread(_Wire):
    """A whole thread file."""

    v: Count = None
    id: Any = None
    created: Any = None
    title: Any = None
    messages: list[Message] | None = None
    usage_ledger: UsageLedger | None = None
    env: Env | None = None
    meta: ThreadMeta | None = None
    debug: ThreadDebug | None = msgspec.field(name="~debug", default=None)
    main_thread_id: Any = msgspec.field(name="mainThreadID", default=None)
    origin_thread_id: Any = msgspec.field(name="originThreadID", default=None)
    fork_point_index: Any = None
