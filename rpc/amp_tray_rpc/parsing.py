"""One message's bytes as JSON values, or the reason why not.

Four megabytes of `{},` are a hundred as Python objects, and long numbers and strings of escapes
take long to convert. So what is far beyond any request is refused before it is parsed, by counting
bytes: a count that takes strings for structure too, which no request comes near.
"""

from pydantic_core import from_json

from amp_tray_rpc.errors import invalid_request, parse_error

_COSTLY = b",[{\\"
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_MOST_DIGITS = 400
_TOO_LONG = b"0" * (_MOST_DIGITS + 1)
_PIECE = 64 * 1024


def parse_message(body: bytes, most_values: int) -> object:
    """Return the JSON value that `body` is; of a member that stands twice the last counts.

    Args:
        body: UTF-8 text.
        most_values: most commas, opening brackets, opening braces and escapes.

    Raises:
        RpcError: parse error: it is no JSON, holds NaN or a lone surrogate, or goes more than
            200 levels deep. Invalid request: it has more values, or a longer number, than any
            request.
    """
    values = 0
    for start in range(0, len(body), _PIECE):
        piece = body[start : start + _PIECE]
        values += len(piece) - len(piece.translate(None, _COSTLY))
        if values > most_values:
            raise invalid_request(f"a message has at most {most_values} values and escapes")
        # A number may lie across the end of a piece.
        if _TOO_LONG in body[start : start + _PIECE + _MOST_DIGITS].translate(_DIGITS):
            raise invalid_request(f"a number has at most {_MOST_DIGITS} digits")
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError:
        raise parse_error() from None
