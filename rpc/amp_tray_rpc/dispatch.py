"""One message's bytes in, its answer's bytes out: JSON-RPC 2.0.

This is the one module that holds jsonrpcserver, and it holds it by the sleeve: we parse, check
requests, split batches, make the calls and write answers; the library finds each method in our
own table and binds what was asked to it. Left to itself it fails a batch for one bad member,
loses readable ids, answers a peer's responses, refuses `params: null`, and puts exceptions'
texts into its errors.

Source: JSON-RPC 2.0 specification, sections 4 to 6.
"""

import logging
import math
import warnings
from collections.abc import AsyncIterator, Callable
from inspect import signature
from typing import Any, NamedTuple

from amp_tray_rpc.encoding import batch_answer, encode_value, error_answer, result_answer
from amp_tray_rpc.errors import (
    Code,
    RpcError,
    internal_error,
    invalid_params,
    invalid_request,
    method_not_found,
    not_authenticated,
    not_ready,
)
from amp_tray_rpc.methods.context import Context, Method
from amp_tray_rpc.methods.table import METHODS
from amp_tray_rpc.params import parse_params
from amp_tray_rpc.parsing import parse_message

with warnings.catch_warnings():
    # On Python 3.11 and 3.12 it reads its schema in a way that is deprecated there.
    warnings.simplefilter("ignore", DeprecationWarning)
    from jsonrpcserver import Success, dispatch_to_serializable

_LOG = logging.getLogger("amp_tray_rpc")
_MEMBERS = frozenset({"jsonrpc", "id", "method", "params"})
_LONGEST_ID = 1000


async def answer(body: bytes, context: Context) -> bytes | None:
    """Return the answer to one message, or None where none is due.

    Never raises for anything a peer sends or a backend does; cancellation passes through.

    Args:
        body: one JSON value: a request, a notification, a response or a batch of them.
        context: the connection the message came over.
    """
    try:
        message = parse_message(body, context.limits.values)
    except RpcError as error:
        return error_answer(None, error)
    if not isinstance(message, list):
        return await _answer_one(message, context)
    if not message:
        return error_answer(None, invalid_request("a batch has at least one member"))
    if len(message) > context.limits.batch:
        hint = f"a batch has at most {context.limits.batch} members"
        return error_answer(None, invalid_request(hint))
    due = [text async for text in _answer_each(message, context) if text is not None]
    return batch_answer(due) if due else None


async def _answer_each(batch: list[object], context: Context) -> AsyncIterator[bytes | None]:
    # One after the other: a batch is answered in its own order, and others have turns between.
    for position, member in enumerate(batch):
        if position:
            await context.turns.next()
        yield await _answer_one(member, context)


async def _answer_one(message: object, context: Context) -> bytes | None:
    if not isinstance(message, dict):
        return error_answer(None, invalid_request("a request is an object"))
    if "method" not in message and ("result" in message or "error" in message):
        return None  # a response: nothing was asked of this peer
    fault = _fault_of(message)
    if fault is not None:
        request_id = message.get("id")
        readable = _is_id(request_id)
        return error_answer(request_id if readable else None, invalid_request(fault))
    if not (context.admission.granted or _before_admission(message["method"])):
        return error_answer(message["id"], not_authenticated()) if "id" in message else None
    return await _call_library(message, context)


async def _call_library(request: dict[str, Any], context: Context) -> bytes | None:
    if request.get("params", ()) is None:
        request = {name: value for name, value in request.items() if name != "params"}
    calls: list[_Call] = []
    response = dispatch_to_serializable(
        request,
        methods=_LIBRARY_METHODS,
        context=calls,
        deserializer=_unchanged,
        validator=_unchanged,
    )
    outcome = [await _outcome(call, context) for call in calls]
    match response, outcome:
        case {"id": request_id, "result": _}, [bytes() as result]:
            return result_answer(request_id, result)
        case {"id": request_id, "result": _}, [RpcError() as error]:
            return error_answer(request_id, error)
        case {"id": request_id, "error": error}, _:
            return error_answer(request_id, _own_error(error))
        case _:
            return None  # a notification


def _before_admission(name: str) -> bool:
    method = METHODS.get(name)
    return method is not None and method.before_admission


def _fault_of(message: dict[str, Any]) -> str | None:
    """Return what keeps an object from being a request, or None."""
    if message.get("jsonrpc") != "2.0":
        return 'a request has "jsonrpc": "2.0"'
    if not isinstance(message.get("method"), str):
        return 'a request has a "method", a string'
    if not _is_id(message.get("id")):
        return f"an id is a string, a number or null, of at most {_LONGEST_ID} characters"
    if not isinstance(message.get("params"), dict | list | None):
        return "params are an object"
    if not message.keys() <= _MEMBERS:
        return "a request has jsonrpc, id, method and params, nothing else"
    return None


def _is_id(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)  # 1e999 reads as infinity, which no answer can repeat
    if isinstance(value, str):
        return len(value) <= _LONGEST_ID  # it is sent back, and kept until then
    return value is None or (isinstance(value, int) and not isinstance(value, bool))


def _own_error(error: dict[str, Any]) -> RpcError:
    if error["code"] == Code.METHOD_NOT_FOUND:
        return method_not_found("rpc.discover lists the methods")
    return internal_error()  # the library's own fault, with a text that stays here


def _unchanged(value: Any) -> Any:
    return value


class _Call(NamedTuple):
    """What the library would call. We do, since that may take a while, and it waits badly."""

    method: Method
    positional: tuple[object, ...]
    named: dict[str, object]


def _noted(method: Method) -> Callable[..., Any]:
    """Return what the library calls for `method`: it notes the call and makes none."""

    # Its own argument is positional only, so that no parameter's name collides with it.
    def note(calls: list[_Call], /, *positional: object, **named: object) -> Any:
        calls.append(_Call(method, positional, named))
        return Success()

    # The library asks for the signature at every call; kept here, it need not be worked out.
    note.__signature__ = signature(note)  # type: ignore[attr-defined] # as `inspect` documents
    return note


async def _outcome(call: _Call, context: Context) -> bytes | RpcError:
    try:
        return await _run(call, context)
    except RpcError as error:
        return error
    except Exception as error:  # noqa: BLE001 - fault boundary: one request may fail
        _log_fault(call.method.name, error)
        return internal_error()


async def _run(call: _Call, context: Context) -> bytes:
    method = call.method
    if call.positional:
        raise invalid_params("params go by name, in an object")
    params = parse_params(method.params, call.named)
    if not (method.before_ready or context.backend.ready):
        raise not_ready()
    return encode_value(await method.handler(context, params))


def _log_fault(name: str, error: Exception) -> None:
    # Neither text nor traceback: both can quote what a request or a thread file held.
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "unknown"
    _LOG.error("%s failed: %s at %s", name, type(error).__name__, where)


_LIBRARY_METHODS = {name: _noted(method) for name, method in METHODS.items()}
