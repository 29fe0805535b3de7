"""Calls as the ledger spells them: they come back as they were, and what cannot be is told."""

import pytest

from amp_tray.core.records import Call, ThreadRecord
from amp_tray.ledger.facts import decode_facts, encode_facts, implausible

CALL = Call("m1", "r1", 1_770_000_000_000, "model", 1, 2, 3, 4, 2, 5 * 10**12, "fast", aside=True)


def hour(call: Call) -> ThreadRecord:
    return ThreadRecord("s@491666", 0, 1_769_997_600_000, 0, main_thread_id="s", calls=(call,))


def test_calls_come_back_as_they_were() -> None:
    assert decode_facts(encode_facts(hour(CALL))) == hour(CALL)
    assert implausible(hour(CALL)) is None


def test_a_record_from_before_there_were_calls_has_none() -> None:
    old = encode_facts(hour(CALL)._replace(calls=()))
    assert old.endswith(",[]]")
    assert decode_facts(f"{old[:-4]}]") == hour(CALL)._replace(calls=())


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("input", -1),
        ("cache_read", 10**13),
        ("hour_creation", -1),
        ("cost", -1),
        ("cost", 10**19),
        ("at", -1),
        ("model", "\ud800"),
        ("call_id", "x" * 1_000_001),
    ],
)
def test_a_call_that_no_log_could_tell_is_told(member: str, value: object) -> None:
    assert str(implausible(hour(Call(**{**CALL._asdict(), member: value})))).startswith(member)
