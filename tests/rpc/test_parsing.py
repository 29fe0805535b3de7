"""A message's bytes as values: what is refused before it is parsed, and what only looks like it."""

import tracemalloc

import pytest

from amp_tray_rpc.errors import RpcError
from amp_tray_rpc.parsing import parse_message

FOUR_MIB = 4 << 20


def refusal(body: bytes) -> RpcError:
    with pytest.raises(RpcError) as caught:
        parse_message(body, 5_000)
    return caught.value


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"{}," * (FOUR_MIB // 3) + b"{}]",
        b"[" + b"[]," * (FOUR_MIB // 3) + b"[]]",
        b"[" + b"1," * (FOUR_MIB // 2) + b"1]",
        b'{"params":{' + b",".join(b'"%d":0' % at for at in range(300_000)) + b"}}",
        b"[" * FOUR_MIB,
        b'{"a":' * 5_001,
        b'"%b"' % (b"\\u20ac" * 600_000),
    ],
    ids=["objects", "lists", "numbers", "members", "brackets", "levels", "escapes"],
)
def test_a_message_of_many_values_costs_no_memory(body: bytes) -> None:
    tracemalloc.start()
    try:
        error = refusal(body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.code == -32600
    assert error.hint == "a message has at most 5000 values and escapes"
    assert peak < 1 << 20


@pytest.mark.parametrize("number", [b"9" * 401, b"-" + b"1" * 5000, b"0." + b"3" * 401])
def test_a_long_number_is_not_converted(number: bytes) -> None:
    assert refusal(b"[%b]" % number).hint == "a number has at most 400 digits"


@pytest.mark.parametrize("before", [65_000, 65_534, 65_535, 65_536])
def test_a_long_number_is_found_wherever_it_lies(before: int) -> None:
    assert refusal(b" " * before + b"9" * 401).hint == "a number has at most 400 digits"
    assert parse_message(b" " * before + b"9" * 400, 5_000) == 10**400 - 1


def test_the_longest_number_and_the_most_values_pass() -> None:
    assert parse_message(b"[%b]" % (b"9" * 400), 1) == [10**400 - 1]
    assert parse_message(b"[" + b"1," * 4_999 + b"1]", 5_000) == [1] * 5_000


@pytest.mark.parametrize("levels", [202, 4_999])
def test_a_message_goes_two_hundred_levels_deep(levels: int) -> None:
    parse_message(b"[" * 200 + b"]" * 200, 5_000)
    assert refusal(b"[" * levels + b"]" * levels).code == -32700


@pytest.mark.parametrize(
    "text", [b"NaN", b"[Infinity]", b"[-Infinity]", b'"\\ud800"', b'"\\udc00\\ud800"', b'"\xff"']
)
def test_what_no_other_parser_reads_is_no_json(text: bytes) -> None:
    assert refusal(text).code == -32700


def test_of_a_member_that_stands_twice_the_last_counts() -> None:
    assert parse_message(b'{"a":1,"b":2,"a":3}', 5_000) == {"a": 3, "b": 2}
