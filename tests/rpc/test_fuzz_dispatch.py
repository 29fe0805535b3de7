"""Any JSON, any bytes and any mutated request: a valid answer, or none where none is due."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amp_tray_rpc.admission import Admission
from amp_tray_rpc.dispatch import answer
from amp_tray_rpc.methods.context import Context
from tests.rpc.fakes import Connections, ScriptedBackend
from tests.rpc.fuzz import (
    MESSAGES,
    NEARLY_REQUESTS,
    REQUESTS,
    as_json,
    check_answer,
    fuzzed,
    mutated,
    no_hang,
)


def is_id(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= 1000
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


TEXTS = (REQUESTS | NEARLY_REQUESTS | st.lists(REQUESTS, max_size=3)).map(as_json)


@fuzzed(200)
@given(message=MESSAGES)
async def test_any_json_gets_valid_answers_or_none(context: Context, message: object) -> None:
    with no_hang():
        reply = await answer(as_json(message), context)
    if reply is not None:
        members = check_answer(reply)
        assert len(members) <= (len(message) or 1 if isinstance(message, list) else 1)


@fuzzed(200)
@given(request=REQUESTS)
async def test_a_request_gets_the_answer_with_its_id_and_a_notification_none(
    context: Context, request: dict[str, Any]
) -> None:
    with no_hang():
        reply = await answer(as_json(request), context)
    if "id" not in request and isinstance(request.get("params"), dict | list | None):
        assert reply is None
        return
    assert reply is not None
    (member,) = check_answer(reply)
    asked = request.get("id")
    assert member["id"] == (asked if is_id(asked) else None)


@fuzzed(150)
@given(body=MESSAGES.map(as_json) | mutated(TEXTS))
async def test_nothing_is_asked_before_the_token(backend: ScriptedBackend, body: bytes) -> None:
    context = Context(backend, Connections(), admission=Admission("unguessable"))
    with no_hang():
        reply = await answer(body, context)
    if reply is not None:
        assert all("error" in member for member in check_answer(reply))
    assert backend.asked == []
    assert not context.admission.granted


@fuzzed(300)
@given(body=mutated(TEXTS) | st.binary(max_size=300))
async def test_mutated_requests_get_valid_answers_or_none(context: Context, body: bytes) -> None:
    with no_hang():
        reply = await answer(body, context)
    if reply is not None:
        check_answer(reply)
