"""Everything the wire can answer instead of a result: codes, kinds and the one error type.

An error carries a fixed sentence, a machine-readable `kind` and a `hint` for the reader. It
never carries a traceback or another exception's text.

Source: JSON-RPC 2.0 specification, section 5.1 (codes from -32768 to -32000 are reserved;
-32099 to -32000 are the server's own).
"""

from enum import IntEnum


class Code(IntEnum):
    """Error codes: the standard ones, then amp-tray's own."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    NOT_READY = -32001
    UNKNOWN_SESSION = -32002
    NOT_AUTHENTICATED = -32003
    TOO_MANY_SUBSCRIPTIONS = -32004
    PRICES_NOT_REFRESHED = -32005


class RpcError(Exception):
    """A refusal that reaches the client as a JSON-RPC error object.

    Attributes:
        code: a `Code`, or another integer of the specification's ranges.
        message: what is refused, one short sentence without the client's data.
        kind: the reason in one stable word, for programs ("notReady").
        hint: what the caller can do, for people; may be empty.
    """

    def __init__(self, code: int, message: str, *, kind: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = int(code)
        self.message = message
        self.kind = kind
        self.hint = hint


def parse_error(hint: str = "send one JSON value, UTF-8, without NaN") -> RpcError:
    """Return the error for bytes that are not JSON."""
    return RpcError(Code.PARSE_ERROR, "Parse error", kind="parseError", hint=hint)


def framing_error(reason: str) -> RpcError:
    """Return the error for bytes that are no frame; the connection closes after it."""
    return RpcError(Code.PARSE_ERROR, "Parse error", kind="framing", hint=reason)


def invalid_request(hint: str) -> RpcError:
    """Return the error for JSON that is no JSON-RPC 2.0 request."""
    return RpcError(Code.INVALID_REQUEST, "Invalid request", kind="invalidRequest", hint=hint)


def method_not_found(hint: str) -> RpcError:
    """Return the error for a method that is not in the table."""
    return RpcError(Code.METHOD_NOT_FOUND, "Method not found", kind="methodNotFound", hint=hint)


def invalid_params(hint: str, *, kind: str = "invalidParams") -> RpcError:
    """Return the error for parameters that the method does not take, or not with that value."""
    return RpcError(Code.INVALID_PARAMS, "Invalid params", kind=kind, hint=hint)


def other_protocol(hint: str) -> RpcError:
    """Return the error for a client that was written for another major version."""
    return RpcError(Code.INVALID_PARAMS, "Other protocol", kind="protocol", hint=hint)


def internal_error() -> RpcError:
    """Return the error for a fault of the service itself; its log knows more."""
    return RpcError(
        Code.INTERNAL_ERROR,
        "Internal error",
        kind="internalError",
        hint="the service's log names the method",
    )


def not_ready() -> RpcError:
    """Return the error for a question that needs the first scan, while it still runs."""
    return RpcError(
        Code.NOT_READY,
        "Not ready",
        kind="notReady",
        hint="the first scan still runs; ask again, service.status shows how far it is",
    )


def unknown_session(hint: str = "report.session without sessionId lists them") -> RpcError:
    """Return the error for a session id, or prefix, that names no session or several."""
    return RpcError(Code.UNKNOWN_SESSION, "Unknown session", kind="unknownSession", hint=hint)


def not_authenticated() -> RpcError:
    """Return the error for a question before the token that opens the port."""
    return RpcError(
        Code.NOT_AUTHENTICATED,
        "Not authenticated",
        kind="notAuthenticated",
        hint="call session.authenticate first, with the token that rpc.json tells",
    )


def wrong_token() -> RpcError:
    """Return the error for a token that does not open the port; the connection closes after it."""
    return RpcError(
        Code.NOT_AUTHENTICATED,
        "Not authenticated",
        kind="wrongToken",
        hint="rpc.json tells the token; a service that starts writes a new one",
    )


def too_many_subscriptions() -> RpcError:
    """Return the error for one subscribed connection more than the service keeps."""
    return RpcError(
        Code.TOO_MANY_SUBSCRIPTIONS,
        "Too many subscriptions",
        kind="tooManySubscriptions",
        hint="close another subscribed client, or ask usage.summary now and then",
    )


def prices_not_refreshed(hint: str, *, kind: str = "refreshFailed") -> RpcError:
    """Return the error for prices that could not be asked for, or came to nothing."""
    return RpcError(Code.PRICES_NOT_REFRESHED, "Prices not refreshed", kind=kind, hint=hint)
