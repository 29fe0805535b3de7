"""Answers and notifications as bytes: compact JSON, members in a fixed order.

The order `jsonrpc`, `id`, `result` is part of the contract: a client may cut the result out
of the answer by bytes, so a report is never parsed and written again on its way.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain

import msgspec

from amp_tray_rpc.backend import EncodedJson
from amp_tray_rpc.errors import RpcError


def encode_value(value: object) -> bytes:
    """Return `value` as compact JSON; Decimals become exact numbers.

    Raises:
        ValueError: a NaN or an infinity, which JSON cannot hold, or a lone surrogate.
        TypeError: something inside is no JSON value.
    """
    if isinstance(value, EncodedJson):
        return value.data
    text = _ENCODER.encode(value)
    # The encoder writes binary NaN as null and decimal NaN bare. Either leaves one of these
    # words behind, so that nearly every result is spared the walk.
    if b"null" in text or b"NaN" in text or b"Infinity" in text:
        _refuse_non_finite(value)
    return text


def result_answer(request_id: object, result: bytes) -> bytes:
    """Return the answer to `request_id` around an encoded result."""
    return b'{"jsonrpc":"2.0","id":%b,"result":%b}' % (_ENCODER.encode(request_id), result)


def error_answer(request_id: object, error: RpcError) -> bytes:
    """Return the answer that refuses; `request_id` is None where it could not be read."""
    body = {
        "code": error.code,
        "message": error.message,
        "data": {"kind": error.kind, "hint": error.hint},
    }
    return b'{"jsonrpc":"2.0","id":%b,"error":%b}' % (
        _ENCODER.encode(request_id),
        _ENCODER.encode(body),
    )


def batch_answer(answers: Iterable[bytes]) -> bytes:
    """Return the answers to a batch's members as one array."""
    # In one go: they may be megabytes, which a join in brackets would have twice.
    parts = chain.from_iterable((b",", answer) for answer in answers)
    next(parts, None)  # the comma before the first
    return b"".join(chain((b"[",), parts, (b"]",)))


def changed_notification(revision: int, summary: bytes) -> bytes:
    """Return the notification of a new revision around its encoded summary."""
    return b'{"jsonrpc":"2.0","method":"usage.changed","params":{"revision":%d,"summary":%b}}' % (
        revision,
        summary,
    )


def crossed_notification(params: bytes) -> bytes:
    """Return the notification that a budget was crossed around its encoded params."""
    return b'{"jsonrpc":"2.0","method":"budget.crossed","params":%b}' % params


def _plain(value: object) -> object:
    """Give the encoder the plain twin of a value it does not know."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError("not a JSON value")


_ENCODER = msgspec.json.Encoder(enc_hook=_plain, decimal_format="number")


def _refuse_non_finite(value: object) -> None:
    match value:
        case float() if not math.isfinite(value):
            raise ValueError("not a finite number")
        case Decimal() if not value.is_finite():
            raise ValueError("not a finite number")
        case str() | bytes():
            return
        case Mapping():
            for member in value.values():
                _refuse_non_finite(member)
        case Iterable():
            for member in value:
                _refuse_non_finite(member)
        case _:
            return
