"""Single values of a thread file, judged: what is no number is 0, what is no text is None."""

from datetime import datetime
from functools import lru_cache

from amp_tray.core.money import credits_of
from amp_tray.core.periods import DAY_MS, FIRST_MOMENT, LAST_INSTANT, instant_of
from amp_tray.core.text import clean

MAX_COUNT = 10**12
"""No model call has a million million tokens; more is damage, and would not fit a column sum."""

MAX_CREDITS = 10**9
"""No model call costs ten million dollars."""

# Below this a product of two floats is right to a hundredth of a nanocredit.
_PLAIN_CREDITS, _NANO, _SURE = 10_000, 1e9, 0.25
_NO_MODELS = frozenset({"", "undefined", "null"})
_MAX_TEXT = 1000


class Judge:
    """Reads what is no count, or no amount, as it stands, and remembers what could not be true."""

    def __init__(self) -> None:
        self.implausible = 0

    def count(self, value: object) -> int | None:
        """Return a token count; None for null, the negative and what is no whole number."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            return None
        if value > MAX_COUNT:
            self.implausible += 1
            return None
        return value

    def credits(self, value: object) -> int | float | None:
        """Return an amount of credits; None for what is no number, negative or absurd."""
        if not isinstance(value, int | float) or isinstance(value, bool) or not value >= 0:
            return None
        if value > MAX_CREDITS:
            self.implausible += 1
            return None
        return value


def nanocredits(value: float | None) -> int | None:
    """Return an amount of credits, None or up to `MAX_CREDITS`, as nanocredits."""
    if value is None:
        return None
    if value < _PLAIN_CREDITS:
        nearest = round(units := value * _NANO)
        # What the file says, to the last digit, unless it lies between two nanocredits.
        if -_SURE < units - nearest < _SURE:
            return nearest
    return credits_of(value)


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
        return digits_of(value)
    if value is None:
        return None
    if type(value) is str and value.isascii() and value.isprintable():  # as nearly always
        return value[:_MAX_TEXT] or None
    text = read_text(value)
    if text is None or (text.isascii() and text.isprintable()):
        return text
    return clean(text, _MAX_TEXT) or None


@lru_cache(maxsize=1024)  # messages are counted from 0 in every thread
def digits_of(value: int) -> str:
    """Return a number as text: messages have numbers for ids."""
    return str(value)[:_MAX_TEXT]


def read_model(value: object) -> str | None:
    """Return a model's name; None where there is none, or one that says so."""
    return known_model(value) if type(value) is str else _model(value)


@lru_cache(maxsize=256)  # a user has a handful, each named thousands of times
def known_model(value: str) -> str | None:
    """Return what `read_model` makes of a text."""
    return _model(value)


def _model(value: object) -> str | None:
    name = read_text(value)
    return None if name is None or name.lower() in _NO_MODELS else name


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
    if type(value) is int:
        return value if 0 < value <= LAST_INSTANT else None
    if type(value) is str:
        try:
            since = datetime.fromisoformat(value) - FIRST_MOMENT
        except (ValueError, TypeError):  # it has blanks around it, or no zone
            return instant_of(value)
        # As `millis` does, which would be one call more for every message.
        at = since.days * DAY_MS + since.seconds * 1000 + since.microseconds // 1000
        return at if 0 < at <= LAST_INSTANT else None
    return int(value) if type(value) is float and 0 < value <= LAST_INSTANT else None
