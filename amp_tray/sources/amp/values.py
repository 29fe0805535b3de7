"""Single values of a thread file, judged: what is no number is 0, what is no text is None."""

from datetime import UTC, datetime

from amp_tray.core.money import credits_of
from amp_tray.core.periods import millis
from amp_tray.core.text import clean

MAX_COUNT = 10**12
"""No model call has a million million tokens; more is damage, and would not fit a column sum."""

_MAX_CREDITS = 10**9
# Below this a product of two floats is right to a hundredth of a nanocredit.
_PLAIN_CREDITS, _NANO, _SURE = 10_000, 1e9, 0.25
_LAST_INSTANT = 253402300799999  # the end of year 9999
_MAX_TEXT = 1000


class Judge:
    """Reads counts and remembers how many could not be true."""

    def __init__(self) -> None:
        self.implausible = 0

    def count(self, value: object) -> int:
        """Return a token count; null, negative and what is no number count as 0."""
        if type(value) is int and 0 <= value <= MAX_COUNT:  # as nearly always, and often asked
            return value
        return self.optional_count(value) or 0

    def optional_count(self, value: object) -> int | None:
        """Return a token count, None where the file has no usable one."""
        if value is None:
            return None
        if type(value) is int and 0 <= value <= MAX_COUNT:
            return value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            return None
        if value > MAX_COUNT:
            self.implausible += 1
            return None
        return value

    def credits(self, value: object) -> int | None:
        """Return nanocredits; None for what is no number, and for negative or absurd amounts."""
        if value is None:
            return None
        if type(value) is float and 0 <= value < _PLAIN_CREDITS:
            nearest = round(units := value * _NANO)
            # What the file says, to the last digit, unless it lies between two nanocredits.
            if abs(units - nearest) < _SURE:
                return nearest
        if isinstance(value, int | float) and value > _MAX_CREDITS:
            self.implausible += 1
            return None
        amount = credits_of(value)
        return None if amount is None or amount < 0 else amount


def read_text(value: object) -> str | None:
    """Return an id or a name as text that can be stored; None when there is none.

    Numbers become their digits: ids are integers in files and strings in exports.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)[:_MAX_TEXT]
    if not isinstance(value, str) or not value:
        return None
    if value.isascii():
        return value[:_MAX_TEXT]
    # A lone surrogate can be read from an escape but never be written as UTF-8.
    return value[:_MAX_TEXT].encode("utf-8", errors="replace").decode("utf-8")


def read_id(value: object) -> str | None:
    """Return an id as text without anything hidden: ids are shown, compared and passed on."""
    if type(value) is int:
        return str(value)[:_MAX_TEXT]
    text = read_text(value)
    if text is None or (text.isascii() and text.isprintable()):
        return text
    return clean(text, _MAX_TEXT) or None


def read_position(value: object) -> int | None:
    """Return an index of a message, None when it is no usable one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    usable = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT
    return value if usable and isinstance(value, int) else None


def read_instant(value: object) -> int | None:
    """Return epoch milliseconds from a number of them or an ISO 8601 text.

    A text without a zone is UTC. None for what is no instant of the years 1970 to 9999.
    """
    if value is None:
        return None
    if type(value) is int:
        return value if 0 < value <= _LAST_INSTANT else None
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        value = millis(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return int(value) if 0 < value <= _LAST_INSTANT else None
