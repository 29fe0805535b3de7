"""One message's bytes in, its answer's bytes out: JSON-RPC 2.0.

This is the one module that holds jsonrpcserver, and it holds it by the sleeve: we parse, check
requests, split batches and write answers; the library looks the method up in our own table and
calls it. Left to itself it fails a batch for one bad member, loses readable ids, answers a
peer's responses, refuses `params: null`, and puts exceptions' texts into its errors.

Source: JSON-RPC 2.0 specification, sections 4 to 6.
"""

import logging
import math
import warnings
from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Any

from pydantic_core import from_json

from amp_tray_rpc.backend import EncodedJson
from amp_tray_rpc.encoding import batch_answer, encode_value, error_answer, result_answer
from amp_tray_rpc.errors import (
    Code,
    RpcError,
    internal_error,
    invalid_params,
    invalid_request,
    method_not_found,
    not_ready,
    parse_error,
)
from amp_tray_rpc.methods.context import Context, Method
from amp_tray_rpc.methods.table import METHODS
from amp_tray_rpc.params import parse_params

with warnings.catch_warnings():
    # On Python 3.11 and 3.12 it reads its schema in a way that is deprecated there.
    warnings.simplefilter("ignore", DeprecationWarning)
    from jsonrpcserver import Error, Success, async_dispatch_to_serializable

_LOG = logging.getLogger("amp_tray_rpc")
_MEMBERS = frozenset({"jsonrpc", "id", "method", "params"})


async def answer(body: bytes, context: Context) -> bytes | None:
    """Return the answer to one message, or None where none is due.

    Never raises for anything a peer sends or a backend does; cancellation passes through.

    Args:
        body: one JSON value: a request, a notification, a response or a batch of them.
        context: the connection the message came over.
    """
    try:
        message = from_json(body, allow_inf_nan=False)
    except ValueError:
        return error_answer(None, parse_error())
    if not isinstance(message, list):
        return await _answer_one(message, context)
    if not message:
        return error_answer(None, invalid_request("a batch has at least one member"))
    if len(message) > context.batch_limit:
        hint = f"a batch has at most {context.batch_limit} members"
        return error_answer(None, invalid_request(hint))
    # One after the other: a batch is answered in its own order and takes one turn at a time.
    answers = [await _answer_one(member, context) for member in message]
    due = [text for text in answers if text is not None]
    return batch_answer(due) if due else None


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
    return await _call_library(message, context)


async def _call_library(request: dict[str, Any], context: Context) -> bytes | None:
    if request.get("params", ()) is None:
        request = {name: value for name, value in request.items() if name != "params"}
    response = await async_dispatch_to_serializable(
        request,
        methods=_LIBRARY_METHODS,
        context=context,
        deserializer=_unchanged,
        validator=_unchanged,
    )
    if not isinstance(response, dict):
        return None  # a notification; a list comes for lists alone
    if "error" in response:
        return error_answer(response["id"], _own_error(response["error"]))
    return result_answer(response["id"], response["result"].data)


def _fault_of(message: dict[str, Any]) -> str | None:
    """Return what keeps an object from being a request, or None."""
    if message.get("jsonrpc") != "2.0":
        return 'a request has "jsonrpc": "2.0"'
    if not isinstance(message.get("method"), str):
        return 'a request has a "method", a string'
    if not _is_id(message.get("id")):
        return "an id is a string, a number or null"
    if not isinstance(message.get("params"), dict | list | None):
        return "params are an object"
    if not message.keys() <= _MEMBERS:
        return "a request has jsonrpc, id, method and params, nothing else"
    return None


def _is_id(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)  # 1e999 reads as infinity, which no answer can repeat
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))


def _own_error(error: dict[str, Any]) -> RpcError:
    match error:
        case {"data": RpcError() as own}:
            return own
        case {"code": Code.METHOD_NOT_FOUND}:
            return method_not_found("known methods: " + ", ".join(METHODS))
        case _:
            return internal_error()  # the library's own fault, with a text that stays here


def _unchanged(value: Any) -> Any:
    return value


def _guarded(method: Method) -> Callable[..., Awaitable[Any]]:
    """Return `method` as the library calls it: it raises nothing and returns bytes."""

    # The context is positional only, so that no parameter's name collides with it.
    async def call(context: Context, /, *positional: object, **named: object) -> Any:
        try:
            result = await _run(method, context, positional, named)
        except RpcError as error:
            return Error(error.code, error.message, error)
        except Exception as error:  # noqa: BLE001 - fault boundary: one request may fail
            _log_fault(method.name, error)
            fault = internal_error()
            return Error(fault.code, fault.message, fault)
        return Success(EncodedJson(result))

    # The library asks for the signature at every call; kept here, it need not be worked out.
    call.__signature__ = signature(call)  # type: ignore[attr-defined] # as `inspect` documents
    return call


async def _run(
    method: Method, context: Context, positional: tuple[object, ...], named: dict[str, object]
) -> bytes:
    if positional:
        raise invalid_params("params go by name, in an object")
    params = parse_params(method.params, named)
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


_LIBRARY_METHODS = {name: _guarded(method) for name, method in METHODS.items()}
