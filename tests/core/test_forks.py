"""Rules R3 to R7 case by case, on small families of thread files."""

from time import perf_counter

import pytest

from amp_tray.core.family import FamilyUsage, resolve_family
from amp_tray.core.unite import unite
from tests.support.threads import CLAUDE, CREATED, GPT, Json, answer, asked, event, record, thread

SENT = 1_769_000_000_000
QUESTION = asked(SENT)


def named(name: str, *messages: Json, **members: object) -> Json:
    """Return a thread that begins with a question at index 0."""
    return thread(QUESTION, *messages, id=name, **members)


def fork(name: str, origin: str, point: int, *messages: Json, **members: object) -> Json:
    return named(name, *messages, originThreadID=origin, forkPointIndex=point, **members)


def told(message_id: object, output: int, **members: object) -> Json:
    """Return an answer that has an output alone, so that its total is its name."""
    return answer(message_id, 0, output, 0, 0, **members)


def use(name: object, *outputs: int, model: object = None, **debug: object) -> Json:
    """Return a tool's result with its model calls."""
    usages = [{"inputTokens": 0, "outputTokens": output, "model": model} for output in outputs]
    run = {"~debug": {"inferences": [{"usage": usage} for usage in usages], **debug}}
    block = {"type": "tool_result", "toolUseID": name, "run": run}
    return {"role": "user", "messageId": 9, "content": [block]}


def family(*documents: Json) -> FamilyUsage:
    return resolve_family({document["id"]: record(document) for document in documents})


def counted(*documents: Json) -> dict[str, list[int]]:
    """Return the tokens of each usage event, by session."""
    found: dict[str, list[int]] = {}
    for usage in family(*documents).threads.values():
        for one in usage.events:
            found.setdefault(one.session_id, []).append(one.total_tokens)
    return {session: sorted(tokens) for session, tokens in found.items()}


# Sub-threads, rule R3


def test_r3_a_sub_threads_sub_thread_counts_in_the_root() -> None:
    threads = [
        named("a", told(1, 1)),
        named("b", told(1, 2), mainThreadID="a"),
        named("c", told(1, 4), mainThreadID="b"),
    ]
    assert counted(*threads) == {"a": [1, 2, 4]}
    assert counted(*threads[1:]) == {"a": [2, 4]}
    assert counted(threads[0], threads[2]) == {"a": [1], "b": [4]}


SUB_AGENT = event("e", 0, 8, operationType="subagent", subagentThreadID="sub", credits=2)


def test_r3_a_sub_agents_event_counts_until_the_file_is_known() -> None:
    main = named("main", told(1, 1), events=[SUB_AGENT])
    sub = named("sub", told(1, 2), mainThreadID="main")
    assert counted(main) == {"main": [1, 8]}
    assert counted(main, sub) == {"main": [1, 2]}
    (drop,) = family(main, sub).drops
    assert (drop.rule, drop.thread_id, drop.tokens) == ("R3", "main", 8)


def test_r3_a_known_file_that_is_empty_drops_the_event_too() -> None:
    main = named("main", events=[SUB_AGENT])
    assert counted(main, named("sub", mainThreadID="main")) == {}


def test_r3_the_event_in_a_fork_is_dropped_as_well() -> None:
    main = named("main", told(1, 1), events=[SUB_AGENT])
    copy = fork("fork", "main", 1, told(1, 1), told(1, 16), events=[SUB_AGENT])
    sub = named("sub", told(1, 2), mainThreadID="main")
    assert counted(main, copy, sub) == {"main": [1, 2], "fork": [16]}
    assert counted(copy, sub) == {"main": [1, 2], "fork": [16]}


# Forks, rule R4

ORIGIN = named("o", told(1, 1), asked(SENT + 1), told(3, 2))
FORK = fork("f", "o", 1, told(1, 1), told(1, 16))


def test_r4_copies_count_for_the_origin_whether_its_file_is_there_or_not() -> None:
    assert counted(ORIGIN, FORK) == {"o": [1, 2], "f": [16]}
    assert counted(FORK) == {"o": [1], "f": [16]}


def test_r4_a_fork_of_a_fork_counts_each_part_for_its_thread() -> None:
    second = fork("g", "f", 2, told(1, 1), told(1, 16), told(1, 32))
    assert counted(ORIGIN, FORK, second) == {"o": [1, 2], "f": [16], "g": [32]}
    assert counted(FORK, second) == {"o": [1], "f": [16], "g": [32]}
    # What the missing fork copied is found in the origin's file by what it says.
    assert counted(ORIGIN, second) == {"o": [1, 2], "f": [16], "g": [32]}


def test_r4_ids_that_restart_in_a_missing_fork_are_not_one_message() -> None:
    second = fork("g", "f", 2, told(1, 1), told(1, 16), told(1, 32))
    assert counted(second) == {"f": [1, 16], "g": [32]}


def test_r4_two_forks_of_a_missing_origin_count_its_messages_once() -> None:
    other = fork("h", "o", 1, told(1, 1), told(1, 64))
    assert counted(FORK, other) == {"o": [1], "f": [16], "h": [64]}


def test_r4_forks_that_name_different_missing_origins_count_once_by_content() -> None:
    other = fork("h", "p", 1, told(1, 1), told(1, 64))
    assert counted(FORK, other) == {"o": [1], "f": [16], "h": [64]}


def test_r4_what_an_edited_origin_lost_is_found_by_other_forks_in_its_first_fork() -> None:
    edited = named("o")
    other = fork("h", "p", 1, told(1, 1), told(1, 64))
    assert counted(edited, FORK, other) == {"o": [1], "f": [16], "h": [64]}


def test_r4_without_any_time_a_copy_is_known_by_its_place_alone() -> None:
    one = thread(told(1, 1), id="f", originThreadID="o", forkPointIndex=0)
    two = thread(told(1, 1), id="g", originThreadID="o", forkPointIndex=0)
    three = thread(told(1, 1), id="h", originThreadID="p", forkPointIndex=0)
    assert counted(one, two) == {"o": [1]}
    assert counted(one, two, three) == {"o": [1], "p": [1]}


@pytest.mark.parametrize("origin_there", [True, False])
def test_r4_an_export_that_renumbers_a_fork_adds_nothing(origin_there: bool) -> None:
    exported = fork("h", "o", 1, told("M-a", 1), told("M-b", 64))
    threads = [ORIGIN, FORK, exported] if origin_there else [FORK, exported]
    assert counted(*threads)["o"] == ([1, 2] if origin_there else [1])


def test_r4_a_copy_is_found_under_the_id_a_thread_had_before_an_export() -> None:
    exported = named("o", told("M-a", 1), asked(SENT + 1), told("M-b", 2))
    origin = unite(record(ORIGIN), record(exported))
    copy = record(fork("h", "gone", 1, told(1, 1)))
    (usage,) = [u for u in resolve_family({"o": origin, "h": copy}).threads.values() if u.events]
    assert [one.total_tokens for one in usage.events] == [1, 2]


def test_r4_messages_without_ids_are_known_by_look_and_number() -> None:
    edited = thread(told(None, 2), told(None, 2), id="o")
    copy = thread(
        told(None, 1), told(None, 2), told(None, 2), id="f", originThreadID="o", forkPointIndex=2
    )
    assert counted(edited, copy) == {"o": [1, 2, 2]}


def test_r4_of_several_copies_the_owners_file_wins_else_the_newest() -> None:
    early = fork("f", "o", 1, told(1, 3), v=1)
    late = fork("g", "o", 1, told(1, 5), v=2)
    assert counted(early, late) == {"o": [5]}
    assert counted(early, late, named("o", told(1, 4))) == {"o": [4]}


def test_r4_forks_in_a_circle_count_once() -> None:
    one = fork("a", "b", 1, told(1, 1), told(2, 2))
    two = fork("b", "a", 1, told(1, 1), told(2, 4))
    assert counted(one, two) == {"a": [1, 2], "b": [4]}


BILL = event("bill", 0, 1, toMessageId=1, credits=3)


@pytest.mark.parametrize("bill", [BILL, BILL | {"id": None}, BILL | {"toMessageId": None}])
def test_r4_an_event_copied_with_its_message_is_that_messages_bill(bill: Json) -> None:
    origin = named("o", told(1, 1), events=[bill])
    one = fork("f", "o", 1, told(1, 1), told(1, 16), events=[bill])
    two = fork("g", "p", 1, told(1, 1), told(1, 32), events=[bill])
    for threads in ([origin, one, two], [one, two], [origin, two]):
        assert counted(*threads)["o"] == [1]
        pairs = [e for u in family(*threads).threads.values() for e in u.events if e.credits]
        assert [(e.thread_id, e.credits, e.evidence) for e in pairs] == [("o", 3 * 10**9, "pair")]
    assert counted(one) == {"o": [1], "f": [16]}
    assert counted(two) == {"p": [1], "g": [32]}


@pytest.mark.parametrize("newest", ["file", "export"])
@pytest.mark.parametrize("origin", [[], [named("o", told("M-1", 1))]])
def test_r4_an_event_finds_the_message_that_another_fork_exports(
    newest: str, origin: list[Json]
) -> None:
    filed = fork("f", "o", 1, told(1, 1), events=[BILL], v=2 if newest == "file" else 1)
    exported = fork("g", "o", 1, told("M-1", 1), v=3 - filed["v"])
    assert counted(filed, exported, *origin) == {"o": [1]}


def test_r4_a_forks_own_message_has_its_event_where_a_copy_looks_the_same() -> None:
    own = event("own", 0, 1, toMessageId=1, credits=3)
    (usage,) = [
        u
        for u in family(fork("f", "o", 1, told(1, 1), told(1, 1), events=[own])).threads.values()
        if u.thread_id == "f"
    ]
    assert [(e.evidence, e.credits) for e in usage.events] == [("pair", 3 * 10**9)]


def test_r4_equal_ids_of_unrelated_threads_events_are_two_events() -> None:
    title = event("e1", 0, 8, operationType="title-generation")
    main = named("m", told(1, 1), events=[title])
    sub = named("s", told(1, 2), events=[title], mainThreadID="m")
    copy = fork("f", "m", 1, told(1, 1), events=[title])
    assert counted(main, sub, copy) == {"m": [1, 2, 8, 8]}


def test_r4_an_event_of_no_message_copied_by_forks_counts_once() -> None:
    title = event("t", 0, 8, operationType="title-generation", timestamp="2026-01-01")
    one = fork("f", "o", 1, told(1, 1), events=[title])
    two = fork("g", "p", 1, told(1, 1), events=[title])
    origin = named("o", told(1, 1), events=[title])
    assert counted(one, two) == {"o": [1, 8]}
    assert counted(origin, one, two) == {"o": [1, 8]}


# Tool inferences, rule R5


def events_of(*documents: Json) -> list[tuple[object, ...]]:
    usages = family(*documents).threads.values()
    return [(e.evidence, e.model, e.output_tokens, e.credits) for u in usages for e in u.events]


ORACLE = event("e", 5, 64, operationType="oracle", toolUseID="x", credits=2, timestamp=CREATED)


def test_r5_tool_inferences_alone_count() -> None:
    expected = [("tool", "unknown", 1, None), ("tool", "unknown", 2, None)]
    assert events_of(named("a", use("x", 1, 2))) == expected


def test_r5_with_an_event_they_replace_its_tokens_and_it_keeps_credits_and_time() -> None:
    document = named("a", use("x", 1, 2, model=GPT), events=[ORACLE])
    assert events_of(document) == [("tool", GPT, 1, 2 * 10**9), ("tool", GPT, 2, None)]
    (usage,) = family(document).threads.values()
    assert {one.at for one in usage.events} == {CREATED}


def test_r5_a_second_event_of_the_use_keeps_its_credits_alone() -> None:
    document = named("a", use("x", 1), events=[ORACLE, ORACLE | {"id": "f"}])
    assert [(output, amount) for _, _, output, amount in events_of(document)] == [
        (1, 2 * 10**9),
        (0, 2 * 10**9),
    ]


def test_r5_inferences_without_usage_leave_the_events_tokens() -> None:
    assert counted(named("a", use("x", 0), events=[ORACLE])) == {"a": [69]}


def test_r5_inferences_of_a_sub_threads_file_do_not_count() -> None:
    document = named("a", use("x", 1, threadID="sub"))
    assert counted(document) == {}
    assert [drop.rule for drop in family(document).drops] == ["R5"]
    assert counted(named("a", use("x", 1, threadID="sub"), events=[ORACLE])) == {"a": [69]}


@pytest.mark.parametrize(
    ("model", "counts", "expected"),
    [
        (CLAUDE, (80, 1, 30, 40, 80), (40, 1, 0, 40)),
        (CLAUDE, (10, 1, 30, 40, 80), (10, 1, 30, 40)),
        (GPT, (0, 1, 30, 40, 70), (30, 1, 0, 40)),
        (None, (0, 1, 30, 40, 70), (0, 1, 30, 40)),
    ],
)
def test_r5_their_usages_are_normalised(
    model: str | None, counts: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    usage = dict(answer(1, *counts[:4], model=model)["usage"]) | {"totalInputTokens": counts[4]}
    run = {"~debug": {"inferences": [{"usage": usage}]}}
    said = {"role": "user", "content": [{"toolUseID": "x", "run": run}]}
    (found,) = family(named("a", said)).threads.values()
    assert [one[6:10] for one in found.events] == [expected]


@pytest.mark.parametrize("with_event", [True, False])
def test_r5_copied_tool_inferences_count_for_the_origin_once(with_event: bool) -> None:
    events = [ORACLE] if with_event else []
    origin = named("o", use("x", 1), events=events)
    one = fork("f", "o", 1, use("x", 1), told(1, 16), events=events)
    two = fork("g", "p", 1, use("x", 1), told(1, 32), events=events)
    assert counted(origin, one, two) == {"o": [1], "f": [16], "g": [32]}
    assert counted(one, two) == {"o": [1], "f": [16], "g": [32]}
    assert counted(one) == {"o": [1], "f": [16]}
    assert counted(origin, two) == {"o": [1], "g": [32]}


def test_r5_a_copy_of_a_missing_fork_counts_where_the_event_of_its_tool_use_is() -> None:
    edited = named("o", events=[ORACLE])
    second = fork("g", "f", 1, use("x", 1, 2), told(1, 32))
    assert counted(edited, second) == {"o": [1, 2], "g": [32]}
    assert counted(edited, second, fork("f", "o", 1, use("x", 1, 2))) == {"o": [1, 2], "g": [32]}


# Rules R6 and R7


def test_r6_running_sums_and_duplicates_and_queued_messages_are_never_counted() -> None:
    message = told(1, 1)
    message["usage"]["creditsSinceLastUserMessage"] = 99
    document = named(
        "a",
        message,
        queuedMessages=[{"queuedMessage": told(2, 512)}],
        **{"~debug": {"lastInferenceUsage": {"outputTokens": 512, "model": CLAUDE}}},
    )
    assert events_of(document) == [("message", CLAUDE, 1, None)]


@pytest.mark.parametrize("state", ["cancelled", "error", "streaming", "complete"])
def test_r7_what_came_to_nothing_counts_for_the_origin_too(state: str) -> None:
    copy = fork("f", "o", 1, told(1, 1) | {"state": {"type": state}})
    assert counted(copy) == {"o": [1]}


# What it costs


@pytest.mark.parametrize("origin_there", [True, False])
def test_many_forks_of_a_long_thread_are_resolved_in_reasonable_time(origin_there: bool) -> None:
    messages = [told(number, number + 1) for number in range(150)]
    events = [event(f"e{n}", 0, n + 1, toMessageId=n, timestamp=CREATED + n) for n in range(150)]
    documents = [
        fork(f"f{number}", "o", 150, *messages, told(1, 1000 + number), events=events)
        for number in range(60)
    ]
    records = {document["id"]: record(document) for document in documents}
    if origin_there:
        records["o"] = record(named("o", *messages, events=events))
    before = perf_counter()
    usage = resolve_family(records)
    assert perf_counter() - before < 5
    assert sum(one.output_tokens for one in usage.threads["o"].events) == sum(range(151))
    assert sum(len(one.events) for one in usage.threads.values()) == 150 + 60
