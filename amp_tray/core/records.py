"""What a thread file says, before any accounting: the facts that a source decodes.

A source turns bytes into one `ThreadRecord`; `resolve` turns records into usage events. The
values are tuples because a ledger holds hundreds of thousands of them and stores them as
compact arrays: append new fields at the end, with a default, and old ledgers stay readable.

Instants are epoch milliseconds in UTC, credits are nanocredits. None means that the file did
not say. Raw counts are cleaned (not a number, or negative: 0) but not yet normalised.

Source: the thread files that published Amp builds wrote from 2025 to March 2026.
"""

from enum import IntEnum
from typing import NamedTuple

INFERENCE = "inference"
"""The operation of a ledger event that bills a message."""


class Rung(IntEnum):
    """Which step of the time ladder an instant came from, best first."""

    USAGE = 0  # the usage's (or the ledger event's) own timestamp
    MESSAGE = 1  # the message's own timestamp
    BLOCK = 2  # the latest time of the message's content blocks
    TRACE = 3  # the thread's trace of that inference
    SENT = 4  # the latest preceding user message's sentAt
    CREATED = 5  # the thread's creation
    MTIME = 6  # the file's modification


class MessageUsage(NamedTuple):
    """The usage of one assistant message.

    Attributes:
        position: index in the thread's `messages`, from 0.
        message_id: the file's integer or string id, as text.
        total_input: `totalInputTokens`, which tells the two input dialects apart.
        at: when, by the best rung of the time ladder; `rung` says which.
        sent_at: `meta.sentAt` of the latest preceding user message.
        stamp: `usage.timestamp` alone, part of what makes two copies the same message.
        aliases: other ids the same message was read under (an export renumbers them).
    """

    position: int
    message_id: str | None
    model: str | None
    input: int
    output: int
    cache_creation: int
    cache_read: int
    total_input: int | None
    credits: int | None
    at: int
    rung: int
    sent_at: int | None = None
    stamp: int | None = None
    aliases: tuple[str, ...] = ()


class LedgerEvent(NamedTuple):
    """One entry of Amp's `usageLedger.events`; its tokens never include the cache."""

    event_id: str | None
    at: int | None
    model: str | None
    operation: str
    credits: int | None
    input: int
    output: int
    from_message_id: str | None = None
    to_message_id: str | None = None
    tool_use_id: str | None = None
    subagent_thread_id: str | None = None


class ToolInference(NamedTuple):
    """One model call that a tool made, as its result block recorded it.

    Attributes:
        ordinal: position among the inferences of the same `tool_use_id`, from 0.
        message_position: index of the message that holds the block.
        thread_id: set when a sub-thread file of its own has these inferences.
    """

    tool_use_id: str | None
    ordinal: int
    message_position: int
    model: str | None
    input: int
    output: int
    cache_creation: int
    cache_read: int
    total_input: int | None
    at: int | None
    thread_id: str | None = None


class Call(NamedTuple):
    """One model call that its log tells whole, the same in every copy of it.

    Attributes:
        call_id: the vendor's id of the answer, or the log's where the vendor's is not told.
        request_id: tells two calls of one `call_id` apart.
        at: when the answer, as far as this copy has it, was written.
        cache_creation: of both kinds; `hour_creation` is the part that is kept for an hour.
        cost: picodollars that the log itself gives.
        speed: empty, or the vendor's word for quicker service (`rates.Tier`).
        copied: the log says that it was copied from another session.
        aside: made beside the conversation, by a sub-agent; it may be the replay of another call.
    """

    call_id: str
    request_id: str | None
    at: int
    model: str | None
    input: int
    output: int
    cache_creation: int
    cache_read: int
    hour_creation: int = 0
    cost: int | None = None
    speed: str = ""
    copied: bool = False
    aside: bool = False


class ThreadRecord(NamedTuple):
    """Everything of one thread file that usage is counted from.

    Attributes:
        version: the thread's revision `v`; the higher of two copies is the newer.
        mtime: the file's modification time.
        project: display name of the workspace; `workspace` is its URI.
        tag_model: the thread's single valid `model:` tag.
        last_model: the model of `~debug.lastInferenceUsage`.
        main_thread_id: set when this thread is a sub-thread.
        origin_thread_id, fork_point: set when it is a fork; messages up to and including
            `fork_point` are copies.
        calls: of logs that tell calls whole, an hour of one session a record: `main_thread_id`
            is the session and `created` the hour's beginning (`core.calls`).
    """

    thread_id: str
    version: int
    created: int | None
    mtime: int
    title: str | None = None
    project: str | None = None
    workspace: str | None = None
    tag_model: str | None = None
    last_model: str | None = None
    main_thread_id: str | None = None
    origin_thread_id: str | None = None
    fork_point: int | None = None
    messages: tuple[MessageUsage, ...] = ()
    events: tuple[LedgerEvent, ...] = ()
    tools: tuple[ToolInference, ...] = ()
    calls: tuple[Call, ...] = ()
