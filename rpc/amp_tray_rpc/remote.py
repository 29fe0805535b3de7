"""What both clients share: requests as bytes, and what came back told apart.

Standard library only. An answer's result is cut out by bytes: the contract fixes the order
of its members, so nobody has to parse a report only to print it.
"""

import json
import re
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple

from amp_tray_rpc.framing import Framing, encode
from amp_tray_rpc.limits import Limits

ANSWER_LIMITS = Limits(body_bytes=1 << 30)
"""Answers are as long as the reports are; this only stops nonsense."""

_MOST_KEPT = 64

_RESULT = re.compile(rb'\{"jsonrpc":"2\.0","id":([0-9]{1,18}),"result":')


class ServiceUnavailableError(Exception):
    """There is no service to talk to, or no longer.

    Attributes:
        message: what happened, one sentence.
        hint: what to do about it.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class CallTimeoutError(ServiceUnavailableError):
    """The service did not answer in time; the connection can still be used."""


class RemoteError(Exception):
    """The service refused.

    Attributes:
        code: JSON-RPC's or the service's own number (`errors.Code`).
        message: what is refused.
        kind: the reason in one stable word; empty if the service gave none.
        hint: what can be done; may be empty.
    """

    def __init__(self, code: int, message: str, *, kind: str = "", hint: str = "") -> None:
        super().__init__(f"{message}: {hint}" if hint else message)
        self.code = code
        self.message = message
        self.kind = kind
        self.hint = hint


class Notification(NamedTuple):
    """What the service says unasked."""

    method: str
    params: dict[str, Any]


class Result(NamedTuple):
    """An answer's result, as JSON text."""

    request_id: int
    text: bytes


class Refusal(NamedTuple):
    """An answer that is an error; `request_id` is None if the service could not read it."""

    request_id: int | None
    error: RemoteError


def keep(kept: deque[Notification], notification: Notification) -> None:
    """Put a notification behind those that nobody has read yet.

    Of too many the oldest revision gives way, since a newer one says more; then the oldest event.
    """
    kept.append(notification)
    if len(kept) > _MOST_KEPT:
        revisions = (place for place, one in enumerate(kept) if one.method == "usage.changed")
        del kept[next(revisions, 0)]


def encode_request(request_id: int, method: str, params: Mapping[str, object] | None) -> bytes:
    """Return a request as a frame.

    Raises:
        ValueError: a parameter is NaN or infinite.
        TypeError: a parameter is no JSON value.
    """
    request: dict[str, object] = {"jsonrpc": "2.0", "id": request_id, "method": method}
    if params:
        request["params"] = params
    text = json.dumps(request, separators=(",", ":"), allow_nan=False)
    return encode(Framing.HEADER, text.encode())


def read_message(body: bytes) -> Result | Refusal | Notification:
    """Tell what the service sent.

    Raises:
        ServiceUnavailableError: it is none of the three, so no service of ours.
    """
    match = _RESULT.match(body)
    if match is not None and body.endswith(b"}"):
        return Result(int(match[1]), body[match.end() : -1])
    try:
        message = json.loads(body)
    except ValueError:
        message = None
    match message:
        case {"method": str(method), "params": dict(params)}:
            return Notification(method, params)
        case {"id": int() | None as request_id, "error": dict(error)}:
            return Refusal(request_id, _remote_error(error))
        case _:
            raise ServiceUnavailableError("what answers is no amp-tray service")


def _remote_error(error: dict[str, Any]) -> RemoteError:
    data = error.get("data")
    said = data if isinstance(data, dict) else {}
    code = error.get("code")
    return RemoteError(
        code if isinstance(code, int) else 0,
        str(error.get("message", "")),
        kind=str(said.get("kind", "")),
        hint=str(said.get("hint", "")),
    )
