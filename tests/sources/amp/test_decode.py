"""A thread file's bytes to its record: odd values, torn files, the time ladder."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.diagnostics import Code
from amp_tray.core.records import Rung
from amp_tray.core.resolve import resolve_thread
from tests.support.threads import (
    CLAUDE,
    CREATED,
    ID,
    MTIME,
    PATH,
    Json,
    answer,
    asked,
    encode,
    event,
    reading,
    record,
    thread,
)

SENT = 1_769_000_000_000


def codes(document: object) -> list[Code]:
    return [item.code for item in reading(document).diagnostics]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((None, 20, None, None), (0, 20, 0, 0)),
        ((-10, 20, -1, 5), (0, 20, 0, 5)),
        (("10", 20, "x", 5), (0, 20, 0, 5)),
        ((10.0, 20, 1e2, 5), (10, 20, 100, 5)),
        ((True, 20, [], {}), (0, 20, 0, 0)),
        ((10**30, 20, 0, 0), (0, 20, 0, 0)),
    ],
)
def test_odd_counts_are_nothing_and_the_rest_stands(
    counts: tuple[object, ...], expected: tuple[int, ...]
) -> None:
    (message,) = record(thread(answer(1, *counts))).messages
    found = (message.input, message.output, message.cache_creation, message.cache_read)
    assert found == expected


def test_counts_too_large_to_be_true_are_told() -> None:
    document = thread(answer(1, 10**30, 20, credits=1e30), events=[event(credits=10**12)])
    assert codes(document) == [Code.IMPLAUSIBLE_COUNT]
    (diagnostic,) = reading(document).diagnostics
    assert diagnostic.message.startswith("3 counts")
    assert diagnostic.path == PATH


def test_missing_members_are_no_trouble() -> None:
    assert codes({"id": "T-1"}) == []
    assert codes({"messages": []}) == []
    bare = record({"messages": [{"role": "assistant", "usage": {"inputTokens": 3}}]})
    assert bare.thread_id == ID
    assert bare.messages[0].input == 3


def test_only_assistants_usage_counts() -> None:
    document = thread(asked(SENT) | {"usage": {"inputTokens": 9}}, answer(1), {"role": "assistant"})
    assert [message.position for message in record(document).messages] == [1]


def test_what_is_never_summed_is_never_read() -> None:
    document = thread(
        answer(1, creditsSinceLastUserMessage=99),
        **{"~debug": {"lastInferenceUsage": {"inputTokens": 999}}, "queuedMessages": [answer(2)]},
    )
    (found,) = resolve_thread(record(document)).events
    assert (found.total_tokens, found.credits) == (100, None)


def test_the_record_carries_what_later_rules_need() -> None:
    block = {
        "type": "tool_result",
        "toolUseID": "toolu_1",
        "run": {
            "~debug": {
                "threadID": "T-sub",
                "inferences": [{"usage": {"model": CLAUDE, "inputTokens": 4}}, {"usage": None}],
            }
        },
    }
    document = thread(
        answer(),
        asked() | {"content": [block]},
        events=[event(operationType="subagent", subagentThreadID="T-sub", toolUseID="toolu_1")],
        mainThreadID="T-main",
        originThreadID="T-origin",
        forkPointIndex=3,
    )
    found = record(document)
    assert (found.main_thread_id, found.origin_thread_id) == ("T-main", "T-origin")
    assert found.fork_point == 3
    (bill,) = found.events
    assert (bill.subagent_thread_id, bill.tool_use_id) == ("T-sub", "toolu_1")
    assert [(tool.tool_use_id, tool.ordinal, tool.input) for tool in found.tools] == [
        ("toolu_1", 0, 4),
        ("toolu_1", 1, 0),
    ]
    assert {(tool.thread_id, tool.message_position) for tool in found.tools} == {("T-sub", 1)}


@pytest.mark.parametrize(
    ("tree", "project"),
    [
        ({"displayName": "proj", "uri": "file:///x/y"}, "proj"),
        ({"uri": "file:///home/u/my%20proj"}, "my proj"),
        ({"uri": "file:///c%3A/Users/u/proj/"}, "proj"),
        ({"displayName": None, "uri": None}, None),
        ({"displayName": "", "uri": "file:///"}, None),
        ({"displayName": 7, "uri": "http://[bad"}, "7"),
        ({"uri": "http://[bad"}, None),
    ],
)
def test_the_project_is_the_workspaces_name(tree: object, project: str | None) -> None:
    assert record(thread(env={"initial": {"trees": [tree]}})).project == project


# Each case loses the rungs above it: the next one must answer.
def _ladder() -> Json:
    message = answer(1, timestamp="2026-02-10T10:00:00Z")
    message["timestamp"] = "2026-02-10T11:00:00Z"
    message["content"] = [
        {"startTime": 1_770_000_000_001, "finalTime": 1_770_000_000_003},
        {"startTime": 1_770_000_000_002},
        {"type": "text"},
    ]
    traces = [
        {"name": "other", "startTime": 1, "context": {"messageId": 1}},
        {"name": "inference", "startTime": "2026-02-10T12:00:00Z", "context": {"messageId": 2}},
        {"name": "inference", "startTime": "2026-02-10T13:00:00Z", "context": {"messageId": 1}},
    ]
    return thread(
        asked(SENT - 5), asked(SENT), asked(), message, asked(SENT + 5), meta={"traces": traces}
    )


LADDER: list[tuple[Rung, int, Callable[[Json], object]]] = [
    (Rung.USAGE, 1_770_717_600_000, lambda t: t["messages"][3]["usage"].pop("timestamp")),
    (Rung.MESSAGE, 1_770_721_200_000, lambda t: t["messages"][3].pop("timestamp")),
    (Rung.BLOCK, 1_770_000_000_003, lambda t: t["messages"][3].pop("content")),
    (Rung.TRACE, 1_770_728_400_000, lambda t: t.pop("meta")),
    (Rung.SENT, SENT, lambda t: [message.pop("meta", None) for message in t["messages"][:3]]),
    (Rung.CREATED, CREATED, lambda t: t.pop("created")),
    (Rung.MTIME, MTIME, lambda _: None),
]


@pytest.mark.parametrize("step", range(len(LADDER)), ids=[rung.name for rung, _, _ in LADDER])
def test_the_time_ladder_rung_by_rung(step: int) -> None:
    document = _ladder()
    for _, _, lose in LADDER[:step]:
        lose(document)
    (message,) = record(document).messages
    rung, at, _ = LADDER[step]
    assert (message.rung, message.at) == (rung, at)


@pytest.mark.parametrize("step", range(len(LADDER) - 1), ids=[r.name for r, _, _ in LADDER[:-1]])
def test_a_rung_that_is_no_instant_is_passed_over(step: int) -> None:
    document = json.loads(encode(_ladder()))
    for _, _, lose in LADDER[:step]:
        lose(document)
    spoilt: list[Callable[[Any], object]] = [
        lambda t: t["messages"][3]["usage"].update(timestamp="soon"),
        lambda t: t["messages"][3].update(timestamp=-1),
        lambda t: t["messages"][3].update(content=[{"startTime": None, "finalTime": "x"}]),
        lambda t: t.update(meta={"traces": [{"name": "inference", "context": {"messageId": 1}}]}),
        lambda t: [message.update(meta={"sentAt": 0}) for message in t["messages"][:3]],
        lambda t: t.update(created="no"),
    ]
    spoilt[step](document)
    (message,) = record(document).messages
    assert message.rung == LADDER[step + 1][0]


def test_the_stamp_is_the_usages_own_time_alone() -> None:
    document = _ladder()
    assert record(document).messages[0].stamp == 1_770_717_600_000
    del document["messages"][3]["usage"]["timestamp"]
    (message,) = record(document).messages
    assert (message.stamp, message.sent_at) == (None, SENT)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.TORN_FILE),
        (b"\x00" * 4096, Code.TORN_FILE),
        (encode(thread(answer()))[:-20], Code.TORN_FILE),
        (b"\xff\xfe{\x00}\x00", Code.TORN_FILE),
        (b"[]", Code.NOT_A_THREAD),
        (b"null", Code.NOT_A_THREAD),
        (b'"T"', Code.NOT_A_THREAD),
        (b"{}", Code.NOT_A_THREAD),
        (b'{"title": "x"}', Code.NOT_A_THREAD),
        (b"[" * 100_000, Code.NOT_A_THREAD),
        (b'{"id": "T", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", Code.NOT_A_THREAD),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_thread_gives_a_diagnostic_and_no_record(data: bytes, code: Code) -> None:
    read = reading(data)
    assert read.record is None
    assert [item.code for item in read.diagnostics] == [code]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert record(b"\xef\xbb\xbf" + encode(thread(answer()))) == record(thread(answer()))


def test_compact_and_indented_files_are_the_same() -> None:
    document = thread(answer(), events=[event()])
    assert record(json.dumps(document, separators=(",", ":")).encode()) == record(document)


def test_lone_surrogates_cost_nothing_but_themselves() -> None:
    document = thread(answer("M-\udfff"), title="a\ud800b", **{"\ud800": 1})
    document["messages"][0]["\udfff"] = 1
    found = record(document)
    assert (found.title, found.messages[0].message_id) == ("a?b", "M-?")
    assert codes(document) == []


def test_bytes_that_are_no_utf_8_cost_nothing_but_themselves() -> None:
    data = encode(thread(answer(), title="@")).replace(b"@", b"\xff")
    assert record(data).messages == record(thread(answer())).messages


def test_a_path_that_is_no_utf_8_still_names_the_thread() -> None:
    document = {"messages": [answer()]}
    assert record(document, path="/amp/threads/T-\udcff.json").thread_id == "T-?"


@pytest.mark.parametrize("bad", [None, 7, "text", [], [answer(9)]])
def test_one_bad_message_keeps_the_good_ones_and_their_places(bad: object) -> None:
    document = thread(answer(1), bad, answer(3), events=[event()])
    found = record(document)
    assert [(m.position, m.message_id) for m in found.messages] == [(0, "1"), (2, "3")]
    assert len(found.events) == 1
    assert codes(document) == [Code.BAD_RECORD]


@pytest.mark.parametrize(
    ("place", "spoil"),
    [
        ("messages[0].meta", lambda t: t["messages"][0].update(meta=7)),
        ("messages[0].content", lambda t: t["messages"][0].update(content="text")),
        ("messages[0].content[0]", lambda t: t["messages"][0].update(content=["text"])),
        ("messages[0].content[0].run", lambda t: t["messages"][0].update(content=[{"run": "x"}])),
        ("usageLedger.events[1]", lambda t: t["usageLedger"]["events"].append("x")),
        ("usageLedger.events[0].tokens", lambda t: t["usageLedger"]["events"][0].update(tokens=[])),
        ("usageLedger.events", lambda t: t["usageLedger"].update(events={})),
        ("usageLedger", lambda t: t.update(usageLedger=[])),
        ("env.initial.trees[0]", lambda t: t["env"]["initial"].update(trees=["x"])),
        ("env.initial.trees", lambda t: t["env"]["initial"].update(trees={})),
        ("meta", lambda t: t.update(meta="x")),
        ("meta.traces", lambda t: t.update(meta={"traces": 1})),
        ("~debug", lambda t: t.update({"~debug": []})),
    ],
)
def test_an_odd_member_is_named_and_costs_itself_alone(
    place: str, spoil: Callable[[Any], object]
) -> None:
    message = answer(1)
    del message["usage"]["model"]
    document = thread(
        message, events=[event(credits=1)], env={"initial": {"tags": [f"model:{CLAUDE}"]}}
    )
    spoil(document)
    read = reading(document)
    assert [(item.code, item.message) for item in read.diagnostics] == [
        (Code.BAD_RECORD, f"1 member could not be read: {place}")
    ]
    found = record(document)
    assert [m.input for m in found.messages] == [10]
    assert found.tag_model == CLAUDE


def test_usage_of_no_shape_is_told() -> None:
    document = thread({"role": "assistant", "usage": "much"}, answer(2))
    assert codes(document) == [Code.BAD_RECORD]
    assert [m.message_id for m in record(document).messages] == ["2"]


def test_a_diagnostic_never_quotes_the_file() -> None:
    document = thread({"secret": "hunter2", "usage": "hunter2"}, "hunter2", hunter2=[])
    assert "hunter2" not in repr(reading(document).diagnostics)


WHOLE = encode(
    _ladder()
    | {"usageLedger": {"events": [event(credits=1.5)]}, "env": {"initial": {"tags": ["model:x"]}}}
)


@given(st.integers(0, len(WHOLE)))
def test_truncated_bytes_never_raise(length: int) -> None:
    read = reading(WHOLE[:length])
    assert (read.record is None) == (length < len(WHOLE))
    assert read.record is not None or read.diagnostics


@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_mutated_bytes_never_raise(changes: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for position, value in changes:
        data[position] = value
    read = reading(bytes(data))
    assert read.record is not None or read.diagnostics
    if read.record is not None:
        resolve_thread(read.record)


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=4)
    | st.sampled_from(["assistant", "inference", "1", 1, CREATED]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "id",
                        "messages",
                        "usage",
                        "usageLedger",
                        "events",
                        "tokens",
                        "content",
                        "run",
                    ),
                    *("~debug", "inferences", "env", "initial", "trees", "tags", "meta", "traces"),
                    *(
                        "context",
                        "messageId",
                        "role",
                        "inputTokens",
                        "credits",
                        "timestamp",
                        "\ud800",
                    ),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "messages", "usageLedger", "env", "meta", "v"]), ANY_JSON
    )
)
def test_any_json_is_read_without_raising(document: dict[str, Any]) -> None:
    read = reading(document)
    assert read.record is not None or read.diagnostics
    if read.record is not None:
        resolve_thread(read.record)
