"""What lines of a session log say, one kind at a time; it never raises on any bytes."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amp_tray.core.diagnostics import Code
from amp_tray.core.periods import millis
from amp_tray.core.records import Call, ThreadRecord
from amp_tray.core.unite import unite
from amp_tray.sources.claude_code.decode import read_lines
from amp_tray.sources.reading import Passage
from tests.support.claude_logs import AT, OTHER, SESSION, SONNET, dense, encode, said, usage
from tests.support.threads import Json

PATH = "/home/me/.claude/projects/-home-me-shop/file-session.jsonl"
INSTANT = millis(datetime.fromisoformat(AT))
PLAIN = Call("msg_1", "req_1", INSTANT, SONNET, 10, 20, 30, 40)


def read(*lines: Json | bytes, path: str = PATH, memory: str = "") -> Passage:
    return read_lines((encode(lines),), path, memory)


def calls(*lines: Json | bytes, path: str = PATH) -> list[Call]:
    passage = read(*lines, path=path)
    assert not passage.diagnostics
    return [call for record in passage.records for call in record.calls]


def test_an_answer_is_a_call_of_its_session_and_hour() -> None:
    (record,) = read(said()).records
    assert record.main_thread_id == SESSION
    assert (record.created, record.project) == (INSTANT - INSTANT % 3_600_000, "shop")
    assert record.calls == (PLAIN,)


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        (said(costUSD=0.1234567), {"cost": 123_456_700_000}),
        (said(costUSD=-1), {}),
        (said(costUSD=None), {}),
        (said(isSidechain=True), {"aside": True}),
        (said(forkedFrom={"sessionId": "x"}), {"copied": True}),
        (said(requestId=None), {"request_id": None}),
        (said(model=None), {"model": None}),
        (said(message={"id": None}), {"call_id": f"uuid-1-{AT}"}),
        (said(at="2026-02-10T12:00:00+02:00"), {}),
        (said(at="2026-02-10T10:00:00"), {}),
        (said(usage={"speed": "fast"}), {"speed": "fast"}),
        (said(usage={"speed": "standard", "service_tier": "standard"}), {}),
        (said(usage={"service_tier": "priority"}), {"speed": "priority"}),
        (said(usage={"speed": ["fast"], "service_tier": 7}), {}),
        (
            said(usage={"cache_creation": {"ephemeral_5m_input_tokens": 10,
                                           "ephemeral_1h_input_tokens": 20}}),
            {"hour_creation": 20},
        ),
        (said(usage={"cache_creation": {"ephemeral_1h_input_tokens": 50}}),
         {"cache_creation": 50, "hour_creation": 50}),
        (said(usage={"cache_creation": {}}), {}),
        (said(usage={"output_tokens": None}), {"output": 0}),
    ],
)  # fmt: skip
def test_a_member_says_what_it_says(line: Json, changed: dict[str, Any]) -> None:
    assert calls(line) == [PLAIN._replace(**changed)]


def test_the_last_part_of_an_answer_stands() -> None:
    parts = (said("1", 10, 1), said("1", 10, 500, at="2026-02-10T10:00:07Z"))
    (call,) = calls(*parts)
    assert (call.output, call.at) == (500, INSTANT + 7000)


def test_the_parts_of_an_answer_share_the_first_one_s_hour() -> None:
    first, last = said("1", at="2026-02-10T10:59:59Z"), said("1", at="2026-02-10T11:00:09Z")
    together = read(first, last)
    one = read(first)
    two = read(last, memory=one.memory)
    assert [record.thread_id for record in together.records] == [one.records[0].thread_id]
    assert [record.thread_id for record in two.records] == [one.records[0].thread_id]
    assert together.memory == two.memory


@st.composite
def parts(draw: st.DrawFn) -> Json:
    """Draw a line of one of few answers: some have several, in any order, beside others."""
    members: tuple[Json, ...] = (
        {"forkedFrom": {"sessionId": OTHER}},
        {"requestId": "req"},
        {"requestId": None},
        {"message": {"id": None}},
        {"message": {"id": ""}},
    )
    line: Json = said(
        draw(st.sampled_from("12")),
        *(1, draw(st.integers(0, 2))),
        at=f"2026-02-10T1{draw(st.integers(0, 1))}:00:00.00{draw(st.integers(0, 2))}Z",
        sessionId=draw(st.sampled_from([SESSION, OTHER, None])),
        cwd=draw(st.sampled_from(["/x/shop", "/x/site", None])),
        isSidechain=draw(st.sampled_from([False, False, True, None])),
        **draw(st.sampled_from(({}, {}, {}, *members))),
    )
    return line


@given(st.lists(parts(), min_size=1, max_size=8), st.data())
def test_lines_read_together_say_what_each_says_alone(
    lines: list[Json], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)))))
    blocks = [
        encode(lines[start:end]) for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True)
    ]
    together = read_lines(blocks, PATH, "")
    records: dict[str, ThreadRecord] = {}
    memory = ""
    for line in lines:
        passage = read(line, memory=memory)
        memory = passage.memory
        for record in passage.records:
            held = records.setdefault(record.thread_id, record)
            records[record.thread_id] = unite(held, record)
    assert {record.thread_id: record for record in together.records} == records
    assert together.memory == memory


@pytest.mark.parametrize(
    "line",
    [
        said(isApiErrorMessage=True),
        said(model="<synthetic>"),
        said(type="user"),
        {"type": "user", "message": {"role": "user"}, "toolUseResult": {"usage": usage(1)}},
        {"type": "user", "message": '"usage"', "usage": 1},
        {"type": "summary", "summary": '"usage"'},
    ],
)  # fmt: skip
def test_what_is_no_billed_call_is_passed_over(line: Json) -> None:
    assert calls(line) == []


def test_a_sub_agent_s_line_repeated_in_its_session_is_the_same_call() -> None:
    inner = {key: value for key, value in said().items() if key not in ("sessionId", "cwd")}
    outer = {"type": "progress", "sessionId": SESSION, "cwd": "/x/shop", "data": {"message": inner}}
    assert calls(outer) == [PLAIN._replace(aside=True)]
    assert read(outer).records[0].main_thread_id == SESSION


@pytest.mark.parametrize(
    ("path", "session"),
    [
        (PATH, "file-session"),
        ("/p/-shop/the-session/subagents/agent-1.jsonl", "the-session"),
    ],
)
def test_a_line_that_names_no_session_is_its_file_s(path: str, session: str) -> None:
    (record,) = read(said(sessionId=None), path=path).records
    assert record.main_thread_id == session


@pytest.mark.parametrize(
    ("cwd", "project"), [("C:\\work\\site\\", "site"), ("/", "/"), (None, None)]
)
def test_a_project_is_the_last_segment_of_its_directory(cwd: str, project: str | None) -> None:
    assert read(said(cwd=cwd)).records[0].project == project


def test_the_end_of_a_limit_that_was_reached_is_kept() -> None:
    text = [{"type": "text", "text": "Claude AI usage limit reached|1770728400"}]
    line = said(isApiErrorMessage=True, message={"content": text})
    assert read(line).resets == ((INSTANT, 1_770_728_400_000),)
    assert read(said(message={"content": text})).resets == ()  # somebody quotes it


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"assistant","message":{"usage":{"input',
        dense(said(usage={"input_tokens": -1})),
        dense(said(usage={"input_tokens": "10"})),
        dense(said(usage={"input_tokens": 10**15})),
        dense(said(at="yesterday")),
        dense(said(at=None)),  # type: ignore[arg-type] # as a file may have it
        b'\xff{"usage"',
    ],
)
def test_a_line_that_cannot_be_used_is_told_by_its_number(line: bytes) -> None:
    passage = read(said("0"), line, said("1"))
    assert [call.call_id for record in passage.records for call in record.calls] == [
        "msg_0",
        "msg_1",
    ]
    (trouble,) = passage.diagnostics
    assert trouble.code is Code.BAD_RECORD
    assert trouble.message == "line 2 tells of usage and cannot be read"
    later = read(line, memory=passage.memory)
    assert later.diagnostics[0].message.startswith("line 4 ")


def test_usage_is_found_wherever_in_a_line_it_stands() -> None:
    line = said()
    message = line.pop("message")
    counts = message.pop("usage")
    turned = {"message": {"usage": counts, **message}, **dict(reversed(line.items()))}
    blank = json.dumps(turned, indent=1).replace("\n", " ").encode()
    quoted = said("2", message={"content": [{"type": "text", "text": 'a\n"usage": {}\\'}]})
    assert calls(turned) == calls(blank) == [PLAIN]
    assert calls(b"", b"{}", quoted, b"", blank) == [
        PLAIN,
        PLAIN._replace(call_id="msg_2", request_id="req_2"),
    ]
    (record,) = read_lines((dense(line | {"message": message}), blank), PATH, "").records
    assert record.calls == (PLAIN,)


def test_no_more_than_some_bad_lines_are_told() -> None:
    assert len(read(*[b'{"usage"'] * 100).diagnostics) == 20


@given(st.data())
def test_mutated_bytes_never_raise(data: st.DataObject) -> None:
    text = bytearray(encode([said(costUSD=1.5), said("2", usage={"cache_creation": {}})]))
    for _ in range(data.draw(st.integers(1, 6))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    passage = read_lines((bytes(text),), PATH, data.draw(st.sampled_from(["", "{}", "7", "{"])))
    assert len(passage.records) + len(passage.diagnostics) <= 4
