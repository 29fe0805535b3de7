"""One message at a time: what the vectors cannot show. `test_fuzz_dispatch` sends any."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from amp_tray_rpc.backend import EncodedJson, Json
from amp_tray_rpc.dispatch import answer
from amp_tray_rpc.errors import RpcError
from amp_tray_rpc.limits import Limits
from amp_tray_rpc.messages import SessionReportParams
from amp_tray_rpc.methods.context import Context
from tests.rpc.fakes import Connections, ScriptedBackend

SECRET = "the user's own words"


def request(method: str, params: object = None, **more: object) -> bytes:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params, **more}
    return json.dumps(message).encode()


def returning(value: Any) -> Callable[[], Awaitable[Json]]:
    async def give() -> Json:
        return value  # type: ignore[no-any-return] # some of the values are no results at all

    return give


def raising(error: Exception) -> Callable[[], Awaitable[Json]]:
    async def fail() -> Json:
        raise error

    return fail


async def failure(body: bytes, context: Context) -> dict[str, Any]:
    reply = await answer(body, context)
    assert reply is not None
    error: dict[str, Any] = json.loads(reply)["error"]
    return error


async def test_encoded_results_pass_untouched(backend: ScriptedBackend, context: Context) -> None:
    odd = b'{ "b" :1.50,\n"a": "\xc3\xa4", "a":1e2 }'
    backend.instead = returning(EncodedJson(odd))
    reply = await answer(request("usage.summary"), context)
    assert reply == b'{"jsonrpc":"2.0","id":1,"result":' + odd + b"}"


async def test_decimals_are_exact_numbers(backend: ScriptedBackend, context: Context) -> None:
    result: Mapping[str, object] = MappingProxyType(
        {"cost": Decimal("0.100000000000000000001"), "parts": (Decimal("1.10"), 2), "none": None}
    )
    backend.instead = returning(result)
    reply = await answer(request("usage.summary"), context)
    assert reply == (
        b'{"jsonrpc":"2.0","id":1,"result":'
        b'{"cost":0.100000000000000000001,"parts":[1.10,2],"none":null}}'
    )


@pytest.mark.parametrize(
    "result",
    [
        {"cost": float("nan")},
        [{"cost": float("inf")}],
        {"cost": Decimal("NaN")},
        {"cost": [Decimal("-Infinity")]},
        {"title": "\ud800"},
        {"what": object()},
        object(),
    ],
)
async def test_what_json_cannot_hold_is_an_internal_error(
    backend: ScriptedBackend, context: Context, result: object
) -> None:
    backend.instead = returning(result)
    assert (await failure(request("usage.summary"), context))["code"] == -32603


async def test_words_that_look_like_nan_pass(backend: ScriptedBackend, context: Context) -> None:
    backend.instead = returning({"title": "NaN, null, Infinity", "cost": None})
    reply = await answer(request("usage.summary"), context)
    assert reply is not None
    assert json.loads(reply)["result"] == {"title": "NaN, null, Infinity", "cost": None}


@pytest.mark.parametrize(
    "error", [ValueError(SECRET), KeyError(SECRET), AssertionError(SECRET), RecursionError(SECRET)]
)
async def test_a_fault_says_nothing_of_itself(
    backend: ScriptedBackend,
    context: Context,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    backend.instead = raising(error)
    with caplog.at_level(logging.DEBUG):
        reply = await answer(request("usage.summary"), context)
    assert reply == (
        b'{"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"Internal error",'
        b'"data":{"kind":"internalError","hint":"the service\'s log names the method"}}}'
    )
    assert "usage.summary failed" in caplog.text
    assert SECRET not in caplog.text
    assert all(record.name == "amp_tray_rpc" for record in caplog.records)


async def test_a_refusal_of_the_program_reaches_the_client(
    backend: ScriptedBackend, context: Context
) -> None:
    backend.instead = raising(RpcError(-32099, "Full moon", kind="moon", hint="wait"))
    assert await failure(request("usage.summary"), context) == {
        "code": -32099,
        "message": "Full moon",
        "data": {"kind": "moon", "hint": "wait"},
    }


async def test_params_reach_the_program(backend: ScriptedBackend, context: Context) -> None:
    params = {"sessionId": "T-1", "order": "asc", "mode": "display"}
    await answer(request("report.session", params), context)
    asked = SessionReportParams(sessionId="T-1", order="asc", mode="display")
    assert backend.asked == [("session", asked)]


async def test_subscribing_reaches_the_connection(backend: ScriptedBackend) -> None:
    connection = Connections()
    context = Context(backend, connection)
    await answer(request("usage.subscribe"), context)
    assert connection.subscribed
    await answer(request("usage.unsubscribe"), context)
    assert not connection.subscribed


@pytest.mark.parametrize("name", ["context", "self", "request", "method", "a\x1b[31m", "x" * 500])
async def test_unknown_params_collide_with_nothing(context: Context, name: str) -> None:
    error = await failure(request("session.hello", {name: SECRET}), context)
    assert error["code"] == -32602
    assert error["data"]["kind"] == "unknownParams"
    hint = error["data"]["hint"]
    assert name[:1] in hint
    assert SECRET not in hint
    assert hint.isprintable()
    assert len(hint) < 120


async def test_many_unknown_params_make_a_short_hint(context: Context) -> None:
    params = {f"p{number}": number for number in range(1000)}
    hint = (await failure(request("session.hello", params), context))["data"]["hint"]
    assert hint.startswith('unknown parameters: "p0", "p1"')
    assert len(hint) < 120


async def test_a_batch_has_a_limit(backend: ScriptedBackend) -> None:
    context = Context(backend, Connections(), Limits(batch=100))
    member = request("session.hello")
    fits = await answer(b"[" + b",".join([member] * 100) + b"]", context)
    assert fits is not None
    assert len(json.loads(fits)) == 100
    error = await failure(b"[" + b",".join([member] * 101) + b"]", context)
    assert error["code"] == -32600
    assert "100" in error["data"]["hint"]


async def test_a_batch_member_of_a_batch_is_no_request(context: Context) -> None:
    reply = await answer(b"[[" + request("session.hello") + b"]]", context)
    assert reply is not None
    assert [member["error"]["code"] for member in json.loads(reply)] == [-32600]


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"\xef\xbb\xbf{}", b"[" * 4_999, b'{"a":1}x', b"Infinity"],
)
async def test_bytes_that_are_no_json_are_refused(context: Context, body: bytes) -> None:
    assert (await failure(body, context))["code"] == -32700
